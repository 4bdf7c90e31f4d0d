//! Who serves whom, who waits, and who is taken next: the one rule by which both what happens and
//! what could happen go on.

use super::rules::{Rules, Today, Waiting, break_bounds};
use crate::moment::Moment;

/// The people at a moment of a day.
#[derive(Debug, Clone)]
pub(super) struct Floor {
    pub(super) now_ms: f64,
    pub(super) desks: Vec<Desk>,
    /// In the order in which they are taken: first those with a right to it.
    pub(super) line: Vec<Waiting>,
}

/// Somebody who serves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Desk {
    pub(super) doing: Doing,
    pub(super) since_ms: f64,
    /// When they will be free, or have to look up from being idle. Nobody can know it.
    pub(super) until_ms: f64,
    /// How many breaks of this day have begun.
    pub(super) breaks: u8,
    /// Takes nobody new: goes home when what they are at is over.
    pub(super) leaves: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Doing {
    Off,
    Idle,
    Serving { service: u16, visit: u64 },
    Resting { length_ms: f64 },
}

/// What is left to chance.
#[derive(Debug, Clone, Copy)]
pub(super) enum Draw {
    /// How long a service takes.
    Took { visit: u64 },
    /// Whether somebody is gone when called.
    Absent { visit: u64 },
    /// How long a break lasts.
    Break { desk: usize, number: u8 },
}

/// How things turn out.
pub(super) trait Luck {
    /// Evenly from 0 up to 1.
    fn unit(&mut self, of: Draw) -> f64;

    /// Lengths as they are recorded.
    fn recorded(&self, ms: f64) -> f64 {
        ms
    }

    /// Takes note of it.
    fn tell(&mut self, _at_ms: f64, _what: Moment) {}
}

/// Numbers somebody who has not come: of whom it is asked what could happen to them.
pub(super) const NEWCOMER: u64 = u64::MAX - 1;

impl Floor {
    pub(super) fn empty(desks: usize) -> Self {
        let off = Desk {
            doing: Doing::Off,
            since_ms: 0.0,
            until_ms: f64::INFINITY,
            breaks: 0,
            leaves: false,
        };
        Self { now_ms: 0.0, desks: vec![off; desks], line: Vec::new() }
    }

    /// Who is there for the rest of the day, as bits.
    pub(super) fn on_duty(&self) -> u64 {
        let there = |desk: &Desk| u64::from(desk.doing != Doing::Off && !desk.leaves);
        self.desks.iter().enumerate().fold(0, |bits, (place, desk)| bits | there(desk) << place)
    }

    /// The desk that is free first, and when.
    pub(super) fn soonest(&self) -> (usize, f64) {
        let mut first = (0, f64::INFINITY);
        for (place, desk) in self.desks.iter().enumerate() {
            if desk.until_ms < first.1 {
                first = (place, desk.until_ms);
            }
        }
        first
    }

    /// The idle desk that serves them at once.
    pub(super) fn idle_for(&self, who: Waiting) -> Option<usize> {
        let mut longest: Option<usize> = None;
        for (place, desk) in self.desks.iter().enumerate() {
            let able = desk.doing == Doing::Idle && who.able >> place & 1 == 1;
            if able && longest.is_none_or(|other| desk.since_ms < self.desks[other].since_ms) {
                longest = Some(place);
            }
        }
        longest
    }

    /// Where they stand in line.
    pub(super) fn place_for(&self, who: Waiting) -> usize {
        if who.first { self.line.partition_point(|other| other.first) } else { self.line.len() }
    }

    /// Somebody comes: they are served at once, or stand in line.
    pub(super) fn come(
        &mut self,
        who: Waiting,
        rules: &Rules,
        today: &Today,
        luck: &mut impl Luck,
    ) {
        match self.idle_for(who) {
            Some(desk) => self.start(desk, who, rules, today, luck),
            None => self.line.insert(self.place_for(who), who),
        }
    }

    /// What this desk was at is over.
    pub(super) fn end(&mut self, desk: usize, luck: &mut impl Luck) {
        let server = desk as u16;
        match self.desks[desk].doing {
            Doing::Serving { visit, .. } => luck.tell(self.now_ms, Moment::Ended { visit }),
            Doing::Resting { .. } => luck.tell(self.now_ms, Moment::EndedBreak { server }),
            Doing::Off | Doing::Idle => {}
        }
    }

    /// This desk goes on: home, into a break, with the next one (who is returned), or idle.
    pub(super) fn go_on(
        &mut self,
        desk: usize,
        rules: &Rules,
        today: &Today,
        luck: &mut impl Luck,
    ) -> Option<u64> {
        let now_ms = self.now_ms;
        let server = desk as u16;
        if self.desks[desk].leaves {
            self.go_off(desk, luck);
            return None;
        }
        let begun = self.desks[desk].breaks;
        let rest = rules.rest(desk, begun);
        if let Some(rest) = rest
            && rest.at_ms <= now_ms
            && now_ms < today.closes_ms
        {
            let (least, most) = break_bounds(rest.length_ms);
            let unit = luck.unit(Draw::Break { desk, number: begun });
            let lasts = luck.recorded(least + (most - least) * unit);
            self.desks[desk] = Desk {
                doing: Doing::Resting { length_ms: rest.length_ms },
                since_ms: now_ms,
                until_ms: now_ms + lasts,
                breaks: begun + 1,
                leaves: false,
            };
            // The one who tells knows the date: here, "until" is a time of the day.
            let until_ms = (now_ms + rest.length_ms) as i64;
            luck.tell(now_ms, Moment::TookBreak { server, until_ms });
            return None;
        }
        while let Some(place) = self.next_for(desk, rules, today) {
            let who = self.line.remove(place);
            let visit = who.visit;
            if rules.absent > 0.0 && luck.unit(Draw::Absent { visit }) < rules.absent {
                luck.tell(now_ms, Moment::Left { visit });
                continue;
            }
            self.start(desk, who, rules, today, luck);
            return Some(visit);
        }
        if now_ms >= today.closes_ms {
            self.go_off(desk, luck);
        } else {
            let until_ms = rest.map_or(f64::INFINITY, |rest| rest.at_ms);
            let (doing, since_ms) = (Doing::Idle, now_ms);
            self.desks[desk] = Desk { doing, since_ms, until_ms, breaks: begun, leaves: false };
        }
        None
    }

    /// The place in line of whom this desk takes next: the first with a right to it, unless that would
    /// break a time told to somebody who came before them, and could be taken instead; else first
    /// come, first served.
    fn next_for(&self, desk: usize, rules: &Rules, today: &Today) -> Option<usize> {
        let could =
            || self.line.iter().enumerate().filter(move |(_, who)| who.able >> desk & 1 == 1);
        let breaks = |first: &Waiting| {
            let done_ms = self.now_ms + rules.planned_ms(first.service) * today.slower;
            could().any(|(_, who)| {
                who.visit < first.visit && self.now_ms <= who.told_ms && who.told_ms < done_ms
            })
        };
        let entitled = could().find(|(_, who)| who.first && !breaks(who));
        entitled.or_else(|| could().min_by_key(|(_, who)| who.visit)).map(|(place, _)| place)
    }

    /// This desk is gone for the day, which is told unless it was when they said that they leave.
    pub(super) fn go_off(&mut self, desk: usize, luck: &mut impl Luck) {
        let was = self.desks[desk];
        let (doing, since_ms, until_ms) = (Doing::Off, self.now_ms, f64::INFINITY);
        self.desks[desk] = Desk { doing, since_ms, until_ms, leaves: false, ..was };
        if !was.leaves {
            luck.tell(self.now_ms, Moment::WentOffDuty { server: desk as u16 });
        }
    }

    /// This desk says that it leaves: it takes nobody new, and finishes what it is at.
    pub(super) fn leave(&mut self, desk: usize, luck: &mut impl Luck) {
        match self.desks[desk].doing {
            Doing::Off => return,
            Doing::Serving { .. } => {
                self.desks[desk].leaves = true;
                luck.tell(self.now_ms, Moment::WentOffDuty { server: desk as u16 });
            }
            Doing::Idle | Doing::Resting { .. } => self.go_off(desk, luck),
        }
        self.give_up(luck);
    }

    /// Everybody in line whom nobody there can serve leaves.
    fn give_up(&mut self, luck: &mut impl Luck) {
        let there = self.on_duty();
        for who in self.line.extract_if(.., |who| who.able & there == 0) {
            luck.tell(self.now_ms, Moment::Left { visit: who.visit });
        }
    }

    fn start(
        &mut self,
        desk: usize,
        who: Waiting,
        rules: &Rules,
        today: &Today,
        luck: &mut impl Luck,
    ) {
        let Waiting { visit, service, .. } = who;
        let share = luck.unit(Draw::Took { visit });
        let pace = rules.pace(service, desk) * today.slower;
        let took = luck.recorded(rules.law(service).at(share) * pace);
        let was = &mut self.desks[desk];
        was.doing = Doing::Serving { service, visit };
        was.since_ms = self.now_ms;
        was.until_ms = self.now_ms + took;
        luck.tell(self.now_ms, Moment::Started { visit, server: Some(desk as u16) });
    }
}
