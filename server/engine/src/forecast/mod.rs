//! When what is promised will come about for each person, as a distribution: a forward simulation
//! of the shop from its present state, through the same `policy` and `roster` that the shop works
//! by.
//!
//! Derived from the state and never stored; only promises made from it are. Deliberately absent: those
//! who come later, but for those who go first, and no-shows.

pub mod clock;
pub mod draw;
pub mod durations;
pub mod explain;
mod hazard;
mod jobs;
pub mod learner;
pub(crate) mod missed;
pub mod moves;
pub mod normal;
mod outline;
pub mod paces;
mod people;
pub mod pulse;
pub mod punctuality;
pub mod regression;
pub mod rolling;
pub mod seen;
mod simulate;
pub mod tracker;

use std::collections::BTreeMap;

use sooner_shared::command::QUOTE_HOLDS_MS;
use sooner_shared::price::Remedy;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{PromiseKind, Quote};
use sooner_shared::{Timestamp, VisitId};

use crate::config::Service;
use crate::decide::{held_permille, owner_for};
use crate::policy::NEVER;
use crate::promise::Promise;
use crate::{Shop, Visit, roster};
pub(crate) use jobs::looks_until;
use learner::Learner;
use seen::{Scene, Seen, ln_wait, wait_of_ln};
use simulate::{Guests, Newcomer, Outcomes, Simulation};

/// No promise is shorter than this, in milliseconds: nobody is told "now".
pub const LEAD_MIN_MS: i64 = 60_000;

/// From so far ahead on a promise is rounded up to [`FAR_STEP_MS`], in milliseconds.
const FAR_MS: i64 = 12 * 60 * MINUTE_MS;

/// Nobody plans their next day to five minutes, in milliseconds.
const FAR_STEP_MS: i64 = 30 * MINUTE_MS;

/// So many futures, at most, for what a newcomer is shown of something that takes days: it is shown
/// to the half hour, and joining draws all.
const LONG_PATHS: u16 = 250;

/// So often, at most, it is asked what follows from the time that would be told.
const ROUNDS: u32 = 4;

/// That few more before closing are worth saying.
const FEW: u16 = 5;

/// How long one person will wait, in milliseconds from the time of the forecast: the simulated
/// waits, moved by what was learned of how far simulations are off.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Sorted.
    waits_ms: Vec<i64>,
    /// How they are moved.
    moved: Moved,
    /// What was seen, when all experts were asked.
    seen: Option<Box<Seen>>,
}

/// How simulated waits are moved, on the log scale (see [`seen::ln_wait`]).
#[derive(Debug, Clone, Copy, PartialEq)]
enum Moved {
    /// Not at all.
    Not,
    /// Those above the median are stretched away from it: the simulation has the middle right, and
    /// not how far things may go wrong.
    Stretched { median: f64, by: f64 },
    /// All of them, where what is told lies below what the simulation takes for the middle.
    Shifted(f64),
}

impl Moved {
    /// So that `from` becomes `to`.
    fn new(median: f64, from: f64, to: f64) -> Self {
        if (to - from).abs() < 1e-9 {
            Self::Not
        } else if to > median && from > median {
            Self::Stretched { median, by: (to - median) / (from - median) }
        } else {
            Self::Shifted(to - from)
        }
    }

    fn apply(self, ln: f64) -> f64 {
        match self {
            Self::Not => ln,
            Self::Stretched { median, by } => {
                median + (ln - median).max(0.0) * by + (ln - median).min(0.0)
            }
            Self::Shifted(shift) => ln + shift,
        }
    }
}

impl Estimate {
    /// Takes the waits of all paths; `None` when what is waited for does not come in so many of them
    /// that no time can be told.
    fn new(mut waits_ms: Vec<i64>, keep_permille: u16) -> Option<Self> {
        waits_ms.sort_unstable();
        let estimate = Self { waits_ms, moved: Moved::Not, seen: None };
        let comes = !estimate.waits_ms.is_empty() && estimate.wait_ms(keep_permille) != NEVER;
        comes.then_some(estimate)
    }

    /// The quantile at `permille` thousandths, in milliseconds.
    #[must_use]
    pub fn wait_ms(&self, permille: u16) -> i64 {
        self.moved_ms(self.simulated_ms(permille))
    }

    /// The quantile of the simulation alone: between the order statistics around the rank
    /// `(n + 1)` times the share, so that a further path would exceed it with the rest of it.
    #[must_use]
    pub fn simulated_ms(&self, permille: u16) -> i64 {
        let n = self.waits_ms.len();
        let thousandths = ((n + 1) * usize::from(permille)).max(1_000);
        let rank = (thousandths / 1_000).clamp(1, n);
        let (below, above) = (self.waits_ms[rank - 1], self.waits_ms[rank.min(n - 1)]);
        let part = (thousandths % 1_000) as i64;
        if part == 0 || below == above || rank == n {
            return below;
        }
        if above == NEVER { NEVER } else { below + (above - below) * part / 1_000 }
    }

    /// The mean of the simulation, in milliseconds.
    #[must_use]
    pub fn mean_ms(&self) -> f64 {
        let come = self.waits_ms.iter().filter(|&&wait| wait != NEVER);
        let (sum, n) = come.fold((0.0, 0), |(sum, n), &wait| (sum + wait as f64, n + 1));
        sum / f64::from(n.max(1))
    }

    fn moved_ms(&self, wait_ms: i64) -> i64 {
        if self.moved == Moved::Not || wait_ms == NEVER {
            return wait_ms;
        }
        wait_of_ln(self.moved.apply(ln_wait(wait_ms as f64))) as i64
    }

    /// Asks all experts what to tell a person who comes now.
    #[must_use]
    pub fn for_newcomer(mut self, scene: &Scene<'_>, visit: &Visit, kind: PromiseKind) -> Self {
        let (shop, now) = (scene.shop(), scene.now());
        self.moved = Moved::Not;
        let simulated_ms = self.simulated_ms(shop.config.keep_permille);
        if simulated_ms == NEVER {
            return self;
        }
        let on_clock = clock::waited_ms(&shop.config, kind, now, now + simulated_ms);
        let (features, cells) = scene.of(visit, &self);
        let fresh = Learner::default();
        let learner = shop.learner(kind).unwrap_or(&fresh);
        let seen = learner.ask(features, cells, on_clock as f64, shop.share());
        let off = learner.off(&seen);
        if off != 0.0 {
            let told_ms = wait_of_ln(ln_wait(on_clock as f64) + off) as i64;
            let told_ms = clock::after(&shop.config, kind, now, told_ms) - now;
            self.move_to(simulated_ms, ln_wait(told_ms as f64));
        }
        self.seen = Some(Box::new(seen));
        self
    }

    /// Moves the simulation of who is in line already by what it is off on the whole. Who has an
    /// appointment is served at its time, of which waits in line say nothing.
    #[must_use]
    fn for_who_waits(mut self, shop: &Shop, visit: &Visit) -> Self {
        let off = off(shop, visit);
        let simulated_ms = self.simulated_ms(shop.config.keep_permille);
        let varies = simulated_ms > self.simulated_ms(500);
        if off != 0.0 && varies && simulated_ms != NEVER {
            self.move_to(simulated_ms, ln_wait(simulated_ms as f64) + off);
        }
        self
    }

    fn move_to(&mut self, simulated_ms: i64, to: f64) {
        let median = ln_wait(self.simulated_ms(500) as f64);
        self.moved = Moved::new(median, ln_wait(simulated_ms as f64), to);
    }

    /// What was seen, if all experts were asked.
    #[must_use]
    pub fn seen(&self) -> Option<&Seen> {
        self.seen.as_deref()
    }

    /// The share of paths, in thousandths, whose wait exceeds `limit_ms`.
    #[must_use]
    pub fn exceeds_permille(&self, limit_ms: i64) -> u16 {
        self.beyond_permille(|wait| self.moved_ms(wait) <= limit_ms)
    }

    fn beyond_permille(&self, is_within: impl Fn(i64) -> bool) -> u16 {
        let n = self.waits_ms.len();
        let within = self.waits_ms.partition_point(|&wait| is_within(wait));
        ((n - within) * 1_000 / n) as u16
    }

    /// The chance, in thousandths, that somebody in line has not been called by the time they were told:
    /// by the simulation as it is. By how much its far quantiles are off says nothing of how likely it is
    /// that something near is missed.
    #[must_use]
    pub fn missed_permille(&self, shop: &Shop, told: &Promise, now: Timestamp) -> u16 {
        let limit_ms = told.limit_ms(shop, now);
        self.beyond_permille(|wait| wait <= limit_ms)
    }

    /// The time to promise: the quantile at the shop's share, rounded up to its step.
    #[must_use]
    pub fn promise_by(&self, shop: &Shop, now: Timestamp) -> Timestamp {
        self.no_earlier_than(LEAD_MIN_MS, shop, now)
    }

    /// The time to show somebody who has not said yes yet. They may take [`QUOTE_HOLDS_MS`] over it,
    /// and by then all that has not begun, a free chair too, is so much later than it is now: what
    /// is shown would still be held then. Who says yes at once may be promised an earlier time.
    #[must_use]
    pub fn quote_by(&self, shop: &Shop, now: Timestamp) -> Timestamp {
        let held_ms = self.wait_ms(held_permille(shop)).max(LEAD_MIN_MS);
        self.no_earlier_than(QUOTE_HOLDS_MS + held_ms, shop, now)
    }

    /// The quantile at another share, rounded up to the shop's step; `None` where it does not come in
    /// so many futures.
    #[must_use]
    pub fn at_share(&self, permille: u16, shop: &Shop, now: Timestamp) -> Option<Timestamp> {
        let wait_ms = self.wait_ms(permille);
        (wait_ms != NEVER).then(|| rounded(wait_ms.max(LEAD_MIN_MS), shop, now))
    }

    fn no_earlier_than(&self, least_ms: i64, shop: &Shop, now: Timestamp) -> Timestamp {
        rounded(self.wait_ms(shop.config.keep_permille).max(least_ms), shop, now)
    }
}

fn rounded(wait_ms: i64, shop: &Shop, now: Timestamp) -> Timestamp {
    let far = if wait_ms >= FAR_MS { FAR_STEP_MS } else { 0 };
    (now + wait_ms).round_up(shop.config.step_ms.max(far))
}

/// By how much simulations are off for somebody in line, on the log scale.
fn off(shop: &Shop, visit: &Visit) -> f64 {
    let learner = shop.learner(visit.kind).filter(|_| visit.appointment.is_none());
    learner.map_or(0.0, |learner| learner.simulation_off(shop.share()))
}

/// What the shop expects at one time, from one state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Forecast {
    /// The time it looks ahead from.
    pub at: Timestamp,
    /// The last event it knows.
    pub seq: u64,
    /// Of those to whom something is owed, where a time can be told.
    pub visits: BTreeMap<VisitId, Estimate>,
    /// What newcomers are shown; who joins at once is promised that time or an earlier one.
    pub quotes: Vec<Quote>,
    /// What would keep promises in danger; looked for beside ([`crate::remedy`]).
    pub remedies: Vec<Remedy>,
}

/// When what is owed will have come about, for everybody to whom something is.
#[must_use]
pub fn visits(shop: &Shop, now: Timestamp) -> BTreeMap<VisitId, Estimate> {
    let outcomes = Simulation::new(shop, now, shop.config.paths).run(&[], &[]);
    of_visits(shop, outcomes.visits)
}

fn of_visits(shop: &Shop, visits: Vec<(VisitId, Vec<i64>)>) -> BTreeMap<VisitId, Estimate> {
    let estimate = |(id, waits)| {
        let visit = shop.visits.get(&id)?;
        let simulated = Estimate::new(waits, shop.config.keep_permille)?;
        Some((id, simulated.for_who_waits(shop, visit)))
    };
    visits.into_iter().filter_map(estimate).collect()
}

impl Forecast {
    /// Looks ahead from `now` for everybody and for every kind of newcomer.
    #[must_use]
    pub fn run(shop: &Shop, now: Timestamp) -> Self {
        let keep = shop.config.keep_permille;
        let asked = asked(shop, now);
        let mut simulation = Simulation::new(shop, now, shop.config.paths);
        let keeps_time = simulation.keeps_time();
        let newcomers: Vec<_> = asked.iter().map(|v| newcomer(shop, v, keeps_time)).collect();
        let mut kinds = newcomers.clone();
        kinds.sort_unstable();
        kinds.dedup();
        let guests: Vec<_> = asked
            .iter()
            .map(|visit| Guests { able: shop.able_now(visit), mean_ms: mean_ms(shop, visit) })
            .collect();
        let outcomes = simulation.run(&kinds, &guests);
        let welcomes: BTreeMap<_, _> = kinds
            .into_iter()
            .zip(outcomes.newcomers.into_iter().map(|waits| Estimate::new(waits, keep)))
            .collect();
        let scene = Scene::new(shop, now);
        let mut quotes: Vec<_> = asked
            .iter()
            .zip(newcomers.iter().zip(outcomes.room))
            .map(|(visit, (newcomer, room))| {
                let estimate = welcomes.get(newcomer).cloned().flatten();
                let estimate = estimate.map(|e| e.for_newcomer(&scene, visit, visit.kind));
                start_quote(shop, visit, estimate.as_ref(), room, now)
            })
            .collect();
        let is_long = |s: &&Service| s.promise != PromiseKind::Start;
        quotes
            .extend(shop.config.services.iter().filter(is_long).map(|s| long_quote(shop, s, now)));
        Self {
            at: now,
            seq: shop.seq,
            visits: of_visits(shop, outcomes.visits),
            quotes,
            remedies: Vec::new(),
        }
    }
}

/// A visit for every service that promises a start, with whoever is free first and with each who
/// does it.
fn asked(shop: &Shop, now: Timestamp) -> Vec<Visit> {
    let config = &shop.config;
    let starts = config.services.iter().filter(|s| s.promise == PromiseKind::Start);
    starts
        .flat_map(|service| {
            let able = config.staff.iter().filter(|p| p.services.contains(&service.id));
            let staff = std::iter::once(None).chain(able.map(|p| Some(p.id)));
            staff.map(|staff| Visit::new(shop.next_visit, &[service.id], staff, now, config))
        })
        .collect()
}

/// How long somebody takes matters only where time is kept for others.
fn newcomer(shop: &Shop, visit: &Visit, keeps_time: bool) -> Newcomer {
    let planned_ms = if keeps_time { shop.planned_ms(visit, 0) } else { 0 };
    Newcomer { able: shop.able_now(visit), planned_ms }
}

/// How long all steps of a visit take on average, in milliseconds.
#[must_use]
pub fn mean_ms(shop: &Shop, visit: &Visit) -> i64 {
    visit.steps.iter().map(|step| shop.posterior(step).mean_ms()).sum()
}

fn start_quote(
    shop: &Shop,
    visit: &Visit,
    estimate: Option<&Estimate>,
    mut room: Vec<u16>,
    now: Timestamp,
) -> Quote {
    let estimate = estimate.filter(|_| can_promise(shop, visit));
    let fits = estimate.is_some_and(|e| fits_today(shop, visit, e, now));
    let by = estimate.filter(|_| fits).map(|e| e.quote_by(shop, now));
    room.sort_unstable_by_key(|&n| std::cmp::Reverse(n));
    // As many as can be taken in that share of the futures.
    let share = usize::from(shop.config.keep_permille);
    let more = room.get((room.len() * share / 1_000).min(room.len().saturating_sub(1)));
    Quote {
        service: visit.services[0],
        staff: visit.requested,
        by,
        from: if by.is_none() { there_from(shop, visit, now) } else { None },
        more: more
            .filter(|&&n| n <= FEW && by.is_some() && !roster::opens_again_today(&shop.config, now))
            .map(|&n| n.max(1) as u8),
    }
}

/// What is not done while one waits is simulated as if somebody had come for it.
fn long_quote(shop: &Shop, service: &Service, now: Timestamp) -> Quote {
    let mut visit = Visit::new(shop.next_visit, &[service.id], None, now, &shop.config);
    visit.owner = owner_for(shop, &visit);
    let id = visit.id;
    let by = can_promise(shop, &visit).then(|| {
        let mut with = shop.clone();
        with.visits.insert(id, visit.clone());
        estimate_from(&with, &[id], shop.config.paths.min(LONG_PATHS), now)
    });
    let by = by.flatten().filter(|e| is_in_time(shop, visit.kind, e, now));
    let by = by.map(|e| e.quote_by(shop, now));
    Quote {
        service: service.id,
        staff: None,
        by,
        from: if by.is_none() { there_from(shop, &visit, now) } else { None },
        more: None,
    }
}

/// When somebody who can take a visit should be there next, of those who are not.
#[must_use]
pub fn there_from(shop: &Shop, visit: &Visit, now: Timestamp) -> Option<Timestamp> {
    let able = shop.able_now(visit);
    roster::presences(shop, now, crate::calendar::HORIZON_DAYS)
        .into_iter()
        .filter(|presence| able >> presence.position & 1 == 1)
        .filter_map(|presence| presence.windows.iter().map(|w| w.from).find(|&from| from > now))
        .min()
}

/// Whether a time may be told at all: somebody is on duty who does it, and the desk is not silent.
#[must_use]
pub fn can_promise(shop: &Shop, visit: &Visit) -> bool {
    if shop.silent_since.is_some() {
        return false;
    }
    let mut on_duty =
        shop.config.staff.iter().enumerate().filter(|(_, person)| shop.is_on_duty(person.id));
    match visit.kind {
        PromiseKind::Start | PromiseKind::CallBack => {
            let able = shop.able_now(visit);
            on_duty.any(|(position, _)| able >> position & 1 == 1)
        }
        _ => on_duty.any(|(_, person)| visit.services.iter().any(|s| person.services.contains(s))),
    }
}

/// Whether a start can be told: nobody is told today that they will be served tomorrow.
#[must_use]
pub fn is_in_time(shop: &Shop, kind: PromiseKind, estimate: &Estimate, now: Timestamp) -> bool {
    kind != PromiseKind::Start
        || roster::day_ends_at(&shop.config, now)
            .is_none_or(|end| now + estimate.wait_ms(shop.config.keep_permille) < end)
}

/// Whether a newcomer would be served by closing time.
#[must_use]
pub fn fits_today(shop: &Shop, visit: &Visit, estimate: &Estimate, now: Timestamp) -> bool {
    let Some(closes) = roster::closes_at(&shop.config, now) else {
        return true;
    };
    let start = now + estimate.wait_ms(shop.config.keep_permille);
    start + mean_ms(shop, visit) <= closes + shop.config.overrun_ms
}

/// When what is owed to all of these visits will have come about; `None` when no time can be told.
#[must_use]
pub fn estimate(shop: &Shop, visits: &[VisitId], now: Timestamp) -> Option<Estimate> {
    estimate_from(shop, visits, shop.config.paths, now)
}

fn estimate_from(shop: &Shop, visits: &[VisitId], paths: u16, now: Timestamp) -> Option<Estimate> {
    let keep = shop.config.keep_permille;
    let visit = shop.visits.get(visits.first()?)?;
    let mut simulation = Simulation::new(shop, now, paths);
    simulation.watch(visits);
    let mut estimate = Estimate::new(latest_of(visits, simulation.run(&[], &[]))?, keep)?;
    // Who is told that is protected by it from those who come later and go first, and waits for less;
    // told that, they are protected from sooner on.
    let is_new = visit.kind == PromiseKind::Start && visit.promises.is_empty();
    for _ in 0..if is_new { ROUNDS } else { 0 } {
        let by = estimate.promise_by(shop, now);
        if !simulation.tell(visit.id, by) {
            break;
        }
        let waits = latest_of(visits, simulation.run(&[], &[]))?;
        estimate = Estimate::new(waits, keep).unwrap_or(estimate);
        if estimate.promise_by(shop, now) + (by - now) / 20 > by {
            break;
        }
    }
    Some(match visits {
        [_] => estimate.for_newcomer(&Scene::new(shop, now), visit, visit.kind),
        // What the last of a group waits for is not what was learned.
        _ => estimate.for_who_waits(shop, visit),
    })
}

/// On each path, when what is owed to the last of these came about; `None` where nothing is owed.
fn latest_of(visits: &[VisitId], outcomes: Outcomes) -> Option<Vec<i64>> {
    let asked = outcomes.visits.into_iter().filter(|(id, _)| visits.contains(id));
    let later = |a: Vec<i64>, b: Vec<i64>| a.into_iter().zip(b).map(|(a, b)| a.max(b)).collect();
    asked.map(|(_, waits)| waits).reduce(later)
}

/// When a visit that is being served will be done.
#[must_use]
pub fn estimate_done(shop: &Shop, visit: VisitId, now: Timestamp) -> Option<Estimate> {
    let mut simulation = Simulation::new(shop, now, shop.config.paths);
    simulation.watch(&[visit]);
    simulation.aim(visit, PromiseKind::Done);
    let outcomes = simulation.run(&[], &[]);
    let (_, waits) = outcomes.visits.into_iter().find(|&(id, _)| id == visit)?;
    let estimate = Estimate::new(waits, shop.config.keep_permille)?;
    let visit = shop.visits.get(&visit)?;
    Some(estimate.for_newcomer(&Scene::new(shop, now), visit, PromiseKind::Done))
}
