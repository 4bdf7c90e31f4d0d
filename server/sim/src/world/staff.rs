//! Who works in the shop: when they come, what they are at, what they look for next.

use std::collections::{BTreeSet, VecDeque};

use sooner_engine::calendar::Window;
use sooner_engine::config::StepKind;
use sooner_engine::{Service, Staff};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{DeskCard, PromiseKind, Stage, WaitsFor};
use sooner_shared::{Command, ServiceId, StaffId, Timestamp, VisitId};

use super::desk::Chore;
use super::{Act, Desk, Way, World};
use crate::chance::Chance;
use crate::hours::Shift;
use crate::truth::Task;

/// Who saw nobody to call looks again after so long.
const LOOKS_AGAIN_MS: i64 = 150_000;

/// After closing, people who wait are still taken for so long.
const STAYS_MS: i64 = 45 * MINUTE_MS;

/// Whom somebody began with they finish, when it does not take longer than this.
const ENDS_MS: i64 = 120 * MINUTE_MS;

/// A break that could not be taken for so long is not taken any more.
const BREAK_LAPSES_MS: i64 = 60 * MINUTE_MS;

/// What somebody is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// Not in the shop.
    Away,
    /// Nothing at hand.
    Free,
    /// Somebody was called and is on their way.
    Awaiting { visit: VisitId, since: Timestamp, returns: bool },
    /// At work, really until then.
    With { visit: VisitId, ends_at: Timestamp, looked: bool },
    /// The work is over and the tap was forgotten.
    Forgot { visit: VisitId, until: Timestamp },
    /// On a break.
    Break { until: Timestamp },
}

/// A shift, and when its person really comes; `None` when they do not.
#[derive(Debug)]
pub(super) struct Stint {
    pub(super) window: Window,
    pub(super) comes_at: Option<Timestamp>,
    pub(super) breaks: VecDeque<Window>,
}

/// One who serves.
#[derive(Debug)]
pub(super) struct Colleague {
    pub(super) id: StaffId,
    pub(super) chance: Chance,
    pub(super) doing: Doing,
    pub(super) stamp: u32,
    pub(super) stints: VecDeque<Stint>,
    services: BTreeSet<ServiceId>,
    /// Nobody was there to be called: does not look again before.
    pub(super) looks_at: Timestamp,
    /// Since when they have been on duty.
    pub(super) since: Timestamp,
    /// Told everybody that their work takes longer.
    pub(super) reported: bool,
}

impl Colleague {
    pub(super) fn new(person: &Staff, seed: u64) -> Self {
        Self {
            id: person.id,
            chance: Chance::new(seed, "staff", &[u64::from(person.id.0)]),
            doing: Doing::Away,
            stamp: 0,
            stints: VecDeque::new(),
            services: person.services.clone(),
            looks_at: Timestamp(0),
            since: Timestamp(0),
            reported: false,
        }
    }

    /// Whether they are in the shop, on a break or not.
    pub(super) const fn is_at_work(&self) -> bool {
        !matches!(self.doing, Doing::Away)
    }

    /// Whether their shift is over.
    pub(super) fn may_go(&self, now: Timestamp) -> bool {
        self.stints.front().is_none_or(|stint| now >= stint.window.to)
    }

    /// The break that is due, and for how long: who goes late comes back in time, if they can.
    pub(super) fn break_due(&self, now: Timestamp) -> Option<i64> {
        let next = self.stints.front()?.breaks.front()?;
        let whole_ms = next.to - next.from;
        let shortest_ms = whole_ms * 2 / 3;
        (next.from <= now).then(|| (next.to - now).clamp(shortest_ms, whole_ms))
    }

    pub(super) fn sees_nobody(&mut self, now: Timestamp) {
        self.looks_at = now + LOOKS_AGAIN_MS;
    }

    fn forgets_missed_breaks(&mut self, now: Timestamp) {
        if let Some(stint) = self.stints.front_mut() {
            while stint.breaks.front().is_some_and(|next| next.from + BREAK_LAPSES_MS <= now) {
                stint.breaks.pop_front();
            }
        }
    }
}

impl World {
    /// A colleague's shifts of a day: whether and when they will come.
    pub(super) fn begin_shifts(&mut self, id: StaffId, shifts: Vec<Shift>, now: Timestamp) {
        let Some(mut me) = self.staff.remove(&id) else { return };
        for shift in shifts {
            let begins = shift.window.from;
            // Drawn from the day, so that a busy morning changes nobody's afternoon.
            let numbers = [u64::from(id.0), begins.0.cast_unsigned()];
            let mut chance = Chance::new(self.seed, "shift", &numbers);
            let is_sick = chance.happens(self.habits.sick);
            let is_late = chance.happens(self.habits.late_starts);
            let says_so = chance.happens(self.habits.says_late_start);
            let punctual = (-2.0 + 3.0 * chance.normal()).clamp(-8.0, 6.0) * MINUTE_MS as f64;
            let late_ms =
                if is_late { chance.ms(20 * MINUTE_MS, 45 * MINUTE_MS) } else { punctual as i64 };
            if is_sick {
                self.counts.sick += 1;
            } else if is_late {
                self.counts.late_starts += 1;
                if says_so {
                    self.counts.announced += 1;
                    let told_at = begins - chance.ms(0, 15 * MINUTE_MS);
                    self.chore(told_at.max(now), Chore::Late(id, begins + late_ms));
                }
            }
            let mut early = |window: Window| {
                let ms = chance.ms(0, 5 * MINUTE_MS);
                Window { from: window.from - ms, to: window.to - ms }
            };
            me.stints.push_back(Stint {
                window: shift.window,
                comes_at: (!is_sick).then(|| (begins + late_ms).max(now)),
                breaks: shift.breaks.into_iter().map(&mut early).collect(),
            });
        }
        if me.doing == Doing::Away {
            self.rouse(&mut me, now);
        }
        self.staff.insert(id, me);
    }

    /// Somebody new waits: whoever has nothing at hand looks up.
    pub(super) fn somebody_waits(&mut self, now: Timestamp) {
        let ids: Vec<_> = self.staff.keys().copied().collect();
        for id in ids {
            let Some(mut me) = self.staff.remove(&id) else { continue };
            match me.doing {
                Doing::Free => {
                    me.looks_at = now;
                    let at = now + me.chance.ms(3_000, 25_000);
                    self.rouse(&mut me, at);
                }
                Doing::Forgot { visit, until } => {
                    // They see that somebody waits, in time.
                    let at = now + me.chance.ms(20_000, 4 * MINUTE_MS);
                    me.looks_at = now;
                    me.doing = Doing::Forgot { visit, until: until.min(at) };
                    self.rouse(&mut me, until.min(at));
                }
                _ => {}
            }
            self.staff.insert(id, me);
        }
    }

    pub(super) fn poll(
        &mut self,
        id: StaffId,
        stamp: u32,
        now: Timestamp,
        desk: &Desk,
    ) -> Option<Act> {
        if self.staff.get(&id)?.stamp != stamp {
            return None;
        }
        let mut me = self.staff.remove(&id)?;
        let command = self.next_thing(&mut me, now, desk);
        self.staff.insert(id, me);
        command.map(|command| Act { way: Way::Desk, command })
    }

    fn next_thing(&mut self, me: &mut Colleague, now: Timestamp, desk: &Desk) -> Option<Command> {
        let staff = me.id;
        match me.doing {
            Doing::Away => self.comes(me, now),
            Doing::Break { until } if now < until => {
                self.rouse(me, until);
                None
            }
            Doing::Break { .. } => Some(Command::EndBreak { staff }),
            Doing::Awaiting { visit, since, returns } => {
                self.awaits(me, visit, since, returns, now, desk)
            }
            Doing::With { ends_at, .. } if now < ends_at => {
                self.rouse(me, ends_at);
                None
            }
            Doing::With { visit, looked, .. } => self.ends_work(me, visit, looked, now, desk),
            Doing::Forgot { until, .. } if now < until && !me.may_go(now) => {
                self.rouse(me, until);
                None
            }
            Doing::Forgot { visit, .. } => self.ends_work(me, visit, true, now, desk),
            Doing::Free => self.looks_around(me, now, desk),
        }
    }

    /// Comes to work, if it is time.
    fn comes(&mut self, me: &mut Colleague, now: Timestamp) -> Option<Command> {
        loop {
            let stint = me.stints.front()?;
            match stint.comes_at {
                Some(at) if at < stint.window.to => {
                    if now >= at {
                        return Some(Command::GoOnDuty { staff: me.id });
                    }
                    self.rouse(me, at);
                    return None;
                }
                _ => me.stints.pop_front(),
            };
        }
    }

    fn looks_around(&mut self, me: &mut Colleague, now: Timestamp, desk: &Desk) -> Option<Command> {
        let staff = me.id;
        if me.may_go(now) && !self.stays_on(me, now, desk) {
            return Some(Command::GoOffDuty { staff });
        }
        if me.may_go(now) && self.plan.open_at(now).is_some() {
            // Nobody new, only whom they began with.
            self.rouse(me, now + MINUTE_MS);
            let visit = self.has_begun(me, desk).filter(|(_, stage)| *stage == Stage::Waiting);
            return visit.map(|(visit, _)| Command::Call { visit, staff });
        }
        me.forgets_missed_breaks(now);
        if let Some(ms) = me.break_due(now) {
            return Some(Command::TakeBreak { staff, ms });
        }
        if now >= me.looks_at {
            if self.sees_somebody(me, now, desk) {
                return Some(Command::CallNext { staff, after: None });
            }
        } else if let Some(visit) = self.owes_a_call(me, desk) {
            // Nobody stands in line for them: time to ring back.
            return Some(Command::Start { visit, staff });
        }
        let stint = me.stints.front();
        let turns = stint.into_iter().flat_map(|stint| {
            let pause = stint.breaks.front().map(|next| next.from);
            pause.into_iter().chain([stint.window.to])
        });
        let again = if now < me.looks_at { me.looks_at } else { now + 5 * MINUTE_MS };
        let at = turns.chain([again]).filter(|&at| at > now).min().unwrap_or(again);
        self.rouse(me, at);
        None
    }

    /// Whether they stay after their shift: because somebody waits in a shop that has closed, or
    /// because they have begun with somebody.
    pub(super) fn stays_on(&self, me: &Colleague, now: Timestamp, desk: &Desk) -> bool {
        let Some(stint) = me.stints.front() else { return false };
        let over_ms = now - stint.window.to;
        over_ms < STAYS_MS && self.plan.open_at(now).is_none() && self.sees_guest(me, desk)
            || over_ms < ENDS_MS && self.has_begun(me, desk).is_some()
    }

    /// Somebody whom they began with, who is not done and not in another's chair.
    fn has_begun(&self, me: &Colleague, desk: &Desk) -> Option<(VisitId, Stage)> {
        desk.cards.iter().find_map(|(visit, card)| {
            let guest = self.visits.get(visit).and_then(|id| self.guests.get(id));
            let rests = card.stage == Stage::Waiting
                || card.stage == Stage::Pending && card.waits_for == Some(WaitsFor::Time);
            let is_theirs = guest.is_some_and(|guest| {
                guest.keeper == Some(me.id) && guest.task().is_some_and(|(t, _)| self.does(me, t))
            });
            let is_open = rests && card.kind == PromiseKind::Start && is_theirs;
            is_open.then_some((*visit, card.stage))
        })
    }

    /// Whether somebody waits whom they could take.
    pub(super) fn sees_somebody(&self, me: &Colleague, now: Timestamp, desk: &Desk) -> bool {
        desk.cards.iter().any(|(&visit, card)| {
            card.stage == Stage::Waiting && is_due(card, now) && self.may_take(me, visit, card)
        })
    }

    /// The same, in the flesh.
    fn sees_guest(&self, me: &Colleague, desk: &Desk) -> bool {
        desk.cards.iter().any(|(&visit, card)| {
            let guest = self.visits.get(&visit).and_then(|id| self.guests.get(id));
            let is_here = guest.is_some_and(|guest| guest.place == super::guest::Place::Here);
            card.stage == Stage::Waiting
                && is_here
                && card.kind == PromiseKind::Start
                && self.may_take(me, visit, card)
        })
    }

    /// Whether somebody is theirs to take, by what they can and by whom was asked for.
    fn may_take(&self, me: &Colleague, visit: VisitId, card: &DeskCard) -> bool {
        let guest = self.visits.get(&visit).and_then(|id| self.guests.get(id));
        let Some((task, kind)) = guest.and_then(super::guest::Guest::task) else { return false };
        let keeper = guest.and_then(|guest| guest.keeper);
        let can = |id: &StaffId| {
            *id == me.id || self.staff.get(id).is_some_and(|other| self.does(other, task))
        };
        let keeps =
            |id: &StaffId| *id == me.id || self.staff.get(id).is_some_and(Colleague::is_at_work);
        let wanted = match (card.kind, kind) {
            (PromiseKind::CallBack, _) => card.owner,
            (_, StepKind::Chair) => keeper.filter(keeps).filter(can).or(card.requested.filter(can)),
            _ => None,
        };
        wanted.is_none_or(|id| id == me.id) && self.does(me, task)
    }

    /// Whether somebody can do a step.
    pub(super) fn does(&self, me: &Colleague, task: Task) -> bool {
        let plan = self.config.service(task.service).map(Service::plan);
        let step = plan.as_ref().and_then(|plan| plan.get(task.step));
        me.services.contains(&task.service)
            && step.is_none_or(|step| step.by.is_empty() || step.by.contains(&me.id))
    }

    /// A call-back that is theirs to make.
    fn owes_a_call(&self, me: &Colleague, desk: &Desk) -> Option<VisitId> {
        desk.cards.iter().find_map(|(&visit, card)| {
            let is_due = card.stage == Stage::Waiting && card.kind == PromiseKind::CallBack;
            (is_due && self.may_take(me, visit, card)).then_some(visit)
        })
    }
}

/// Whether it is time to call somebody: who has an appointment and is not there yet is not called
/// before it, and who said that they come later is not called before then.
fn is_due(card: &DeskCard, now: Timestamp) -> bool {
    let is_early = card.booked_at.is_some_and(|at| at > now) && !card.checked_in;
    !is_early && card.late_until.is_none_or(|until| until <= now)
}
