//! What could happen to whoever comes now, by the true distributions and by what a board can know.
//!
//! Each path goes on from the present by the rule of [`Floor`](super::floor::Floor): what is under
//! way ends by its law given how long it has lasted, breaks likewise, and everybody ahead draws
//! their duration and whether they are there when called. Later customers are drawn too where they
//! can make a difference: when some have a right to go first and the newcomer has none. Otherwise a
//! free person takes a later one only when nobody earlier whom they could serve is in line, and so
//! takes nothing away from anybody earlier. Those in line are protected by what they were told, and
//! who comes now by what they would be.
//!
//! Not known to it, as to any board: how long what is under way will really last, who will come, and
//! a loss of staff that has not happened yet. A slowdown is known from its first morning on.

use super::floor::{Desk, Doing, Draw, Floor, Luck, NEWCOMER};
use super::rules::{Rules, Today, Waiting, break_bounds};
use crate::chance::Chance;

/// What a path draws, afresh each time.
struct Fresh<'a> {
    chance: &'a mut Chance,
    /// Of whom it is asked when they are taken: they are there when called.
    asked: u64,
}

impl Luck for Fresh<'_> {
    fn unit(&mut self, of: Draw) -> f64 {
        match of {
            Draw::Absent { visit } if visit == self.asked => 1.0,
            _ => self.chance.unit(),
        }
    }
}

/// Numbers those who come later.
const LATER: u64 = NEWCOMER + 1;

/// The waits of who comes now, in milliseconds, one for each path in which they are served; not in
/// order. Who would be served at once waits for nothing on each.
pub(super) fn waits(
    floor: &Floor,
    newcomer: Waiting,
    rules: &Rules,
    today: &Today,
    paths: u32,
    chance: &mut Chance,
) -> Vec<f64> {
    if floor.idle_for(newcomer).is_some() {
        return vec![0.0; paths as usize];
    }
    let mut floor = floor.clone();
    let place = floor.place_for(newcomer);
    floor.line.insert(place, newcomer);
    waits_of(&floor, newcomer.visit, rules, today, paths, chance)
}

/// The same of somebody in line.
pub(super) fn waits_of(
    floor: &Floor,
    visit: u64,
    rules: &Rules,
    today: &Today,
    paths: u32,
    chance: &mut Chance,
) -> Vec<f64> {
    let now_ms = floor.now_ms;
    let ends: Vec<End> =
        (0..floor.desks.len()).map(|desk| End::of(floor, desk, rules, today)).collect();
    let Some(asked) = floor.line.iter().find(|who| who.visit == visit) else { return Vec::new() };
    let outranked = rules.rights > 0.0 && !asked.first;
    let on_duty = floor.on_duty();

    let mut path = floor.clone();
    let mut waits = Vec::with_capacity(paths as usize);
    for _ in 0..paths {
        path.now_ms = now_ms;
        path.line.clone_from(&floor.line);
        for ((desk, start), end) in path.desks.iter_mut().zip(&floor.desks).zip(&ends) {
            *desk = Desk { until_ms: end.draw(chance, rules), ..*start };
        }
        let mut fresh = Fresh { chance, asked: visit };
        let start = follow(&mut path, rules, today, &mut fresh, outranked.then_some(on_duty));
        waits.extend(start.map(|at_ms| at_ms - now_ms));
    }
    waits
}

/// Goes on until who is asked for is taken, and says when; not if they have to go home. Others come if
/// it is said who is there for them.
fn follow(
    path: &mut Floor,
    rules: &Rules,
    today: &Today,
    fresh: &mut Fresh<'_>,
    others: Option<u64>,
) -> Option<f64> {
    let mut next_ms = f64::INFINITY;
    if others.is_some() {
        next_ms = today.next_coming(fresh.chance, path.now_ms);
    }
    loop {
        let (desk, free_ms) = path.soonest();
        path.now_ms = free_ms.min(next_ms);
        if path.now_ms >= today.home_ms {
            return None;
        }
        if next_ms < free_ms {
            let customer = rules.customer(fresh.chance, LATER, others.unwrap_or_default());
            if let Some(arrival) = customer {
                path.come(rules.waiting(&arrival), rules, today, fresh);
            }
            next_ms = today.next_coming(fresh.chance, next_ms);
        } else if path.go_on(desk, rules, today, fresh) == Some(fresh.asked) {
            return Some(path.now_ms);
        }
    }
}

/// When a desk is free, as far as it can be known.
enum End {
    /// At this time.
    At(f64),
    /// Evenly between these times.
    Between(f64, f64),
    /// A service that has taken as long as this share of its like would, at most.
    Service { service: u16, done: f64, pace: f64, since_ms: f64, now_ms: f64 },
}

impl End {
    fn of(floor: &Floor, number: usize, rules: &Rules, today: &Today) -> Self {
        let now_ms = floor.now_ms;
        let desk = floor.desks[number];
        let since_ms = desk.since_ms;
        match desk.doing {
            Doing::Off => Self::At(f64::INFINITY),
            // What the desk itself has is not asked for: it may hold what is not foreseen.
            Doing::Idle => {
                let rest = rules.rest(number, desk.breaks);
                Self::At(rest.map_or(f64::INFINITY, |rest| rest.at_ms))
            }
            Doing::Resting { length_ms } => {
                let (least, most) = break_bounds(length_ms);
                Self::Between((since_ms + least).max(now_ms), (since_ms + most).max(now_ms))
            }
            Doing::Serving { service, .. } => {
                let pace = rules.pace(service, number) * today.slower;
                let done = rules.law(service).share_below((now_ms - since_ms) / pace);
                Self::Service { service, done, pace, since_ms, now_ms }
            }
        }
    }

    fn draw(&self, chance: &mut Chance, rules: &Rules) -> f64 {
        match *self {
            Self::At(at_ms) => at_ms,
            Self::Between(from_ms, to_ms) => chance.between(from_ms, to_ms),
            Self::Service { service, done, pace, since_ms, now_ms } => {
                let share = done + (1.0 - done) * chance.unit();
                (since_ms + rules.law(service).at(share) * pace).max(now_ms)
            }
        }
    }
}
