//! Who comes, when and for what: an inhomogeneous Poisson process over the opening hours, with a
//! wave in the late morning, at noon and after work, as heavy as the people at work can bear.

use std::collections::BTreeMap;

use sooner_engine::ShopConfig;
use sooner_engine::calendar::Window;
use sooner_engine::config::{Remote, StepKind};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::PromiseKind;
use sooner_shared::{ServiceId, StaffId, Timestamp};

use crate::Habits;
use crate::chance::Chance;
use crate::hours::{self, Plan, QUARTER_MS};
use crate::truth::{Task, Truth};

const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
const HOUR_MS: f64 = 60.0 * MINUTE_MS as f64;

/// Going to the chair, a word, a tap: what each piece of work takes beside the work.
const BETWEEN_MS: f64 = 1.5 * MINUTE_MS as f64;

/// Waves: their minute of the day, and how wide they are.
const WAVES: [(f64, f64); 3] = [(10.5 * 60.0, 45.0), (12.5 * 60.0, 40.0), (16.8 * 60.0, 50.0)];

/// Nobody sets out in the last part of the day.
const LAST_MS: i64 = 30 * MINUTE_MS;

/// What somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// When: at the door, or when they decide to join from elsewhere; of an appointment its time.
    pub at: Timestamp,
    /// For what, in order; at least one.
    pub services: Vec<ServiceId>,
    /// With whom.
    pub requested: Option<StaffId>,
    /// What each who comes with them wants.
    pub companions: Vec<ServiceId>,
    /// How they come.
    pub way: Entry,
}

/// How somebody comes to be in the shop's book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// By the code on the wall.
    Wall,
    /// Added by staff.
    Desk,
    /// From elsewhere.
    Remote,
    /// By an appointment, made at this time.
    Booked(Timestamp),
}

/// How much is wanted of a shop.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    habits: Habits,
    kinds: Vec<Kind>,
    /// How many people an hour fill all of the staff.
    per_hour: f64,
    staff: usize,
    /// Whether nobody joins from elsewhere.
    all_here: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Kind {
    service: ServiceId,
    promise: PromiseKind,
    weight: f64,
    /// Whether it is all done at one go in a chair.
    plain: bool,
    by: Vec<StaffId>,
}

impl Demand {
    /// What the people of a shop can bear.
    #[must_use]
    pub fn new(config: &ShopConfig, truth: &Truth, habits: &Habits) -> Self {
        let mut kinds = Vec::new();
        let mut works = Vec::new();
        for service in &config.services {
            let able =
                |id: &StaffId| config.person(*id).is_some_and(|p| p.services.contains(&service.id));
            let all: Vec<_> = config.staff.iter().map(|p| p.id).filter(able).collect();
            let mut total_ms = 0.0;
            let steps = service.plan();
            let mut parts = Vec::new();
            for (step, plan) in steps.iter().enumerate() {
                if plan.kind.waits_for().is_some() {
                    continue;
                }
                let by = if plan.by.is_empty() { all.clone() } else { plan.by.clone() };
                let ms = truth.mean_ms(Task { service: service.id, step }) + BETWEEN_MS;
                total_ms += ms;
                parts.push((by, ms));
            }
            // Whom they ask for is whom they come to first.
            let first = parts.first().map(|(by, _)| by.clone()).unwrap_or_default();
            if parts.iter().any(|(by, _)| by.is_empty()) {
                continue; // nobody does it
            }
            // What is quickly done is wanted more often.
            let fewer = match service.promise {
                PromiseKind::Start | PromiseKind::Ready | PromiseKind::Done => 1.0,
                PromiseKind::CallBack => 0.25,
                PromiseKind::News => 0.4,
            };
            let weight = fewer * libm::pow(30.0 * MINUTE_MS as f64 / total_ms, 0.7);
            works.extend(parts.into_iter().map(|(by, ms)| (by, ms * weight)));
            kinds.push(Kind {
                service: service.id,
                promise: service.promise,
                weight,
                plain: steps.len() == 1 && steps[0].kind == StepKind::Chair,
                by: first,
            });
        }
        let weights: f64 = kinds.iter().map(|kind| kind.weight).sum();
        let fullest_ms = fullest(&works) / weights.max(f64::MIN_POSITIVE);
        let extra = 1.0 + habits.groups * 1.3 + habits.more;
        let per_hour = HOUR_MS / fullest_ms.max(1.0) / extra;
        Self {
            habits: habits.clone(),
            kinds,
            per_hour,
            staff: config.staff.len(),
            all_here: config.remote == Remote::Never,
        }
    }

    /// Everybody who comes without an appointment in a window of open hours.
    #[must_use]
    pub fn walk_ins(&self, plan: &Plan, open: Window, seed: u64) -> Vec<Errand> {
        let mut chance = Chance::new(seed, "walk-ins", &[open.from.0.cast_unsigned()]);
        let share = 1.0 - self.habits.booked * self.bookable();
        let mut errands = Vec::new();
        for at in self.arrivals(plan, open, share, &mut chance) {
            let mut errand = self.errand(at, None, &mut chance);
            let kind = self.kinds.iter().find(|kind| kind.service == errand.services[0]);
            let promise = kind.map(|kind| kind.promise).unwrap_or_default();
            errand.way = match promise {
                _ if self.all_here => Entry::Desk,
                PromiseKind::CallBack if chance.happens(0.9) => Entry::Remote,
                PromiseKind::Ready | PromiseKind::News if chance.happens(0.7) => Entry::Desk,
                _ if chance.happens(self.habits.at_desk) => Entry::Desk,
                PromiseKind::Start if chance.happens(self.habits.remote) => Entry::Remote,
                _ => Entry::Wall,
            };
            errands.push(errand);
        }
        errands
    }

    /// Everybody with an appointment in a window of open hours. They asked for it at `from` at the
    /// earliest.
    #[must_use]
    pub fn appointments(
        &self,
        plan: &Plan,
        open: Window,
        from: Timestamp,
        seed: u64,
    ) -> Vec<Errand> {
        let mut chance = Chance::new(seed, "appointments", &[open.from.0.cast_unsigned()]);
        let share = self.habits.booked * self.bookable();
        let mut errands = Vec::new();
        for at in self.arrivals(plan, open, share, &mut chance) {
            let at = at.round_up(QUARTER_MS);
            let mut errand = self.errand(at, Some(PromiseKind::Start), &mut chance);
            if errand.requested.is_none() && chance.happens(0.5) {
                errand.requested = self.someone(errand.services[0], &mut chance);
            }
            errand.companions.clear();
            let days = chance.weighted(&[0.15, 0.25, 0.15, 0.12, 0.1, 0.08, 0.05, 0.1]);
            let mut asks_at = at - days as i64 * DAY_MS - chance.ms(1, 4) * 60 * MINUTE_MS;
            if asks_at < from {
                // Whoever would have asked before asks some time from then on.
                asks_at = from + (chance.unit() * (at - from - DAY_MS / 24) as f64) as i64;
            }
            // Somebody has to pick up the phone.
            let asked_at = plan.when_open(asks_at.max(from)) + chance.ms(MINUTE_MS, 40 * MINUTE_MS);
            if asked_at + 45 * MINUTE_MS < at {
                errand.way = Entry::Booked(asked_at);
                errands.push(errand);
            }
        }
        errands
    }

    /// Of all who come, so many may come by appointment.
    fn bookable(&self) -> f64 {
        let weight = |kind: &Kind| kind.weight;
        let all: f64 = self.kinds.iter().map(weight).sum();
        let starts = self.kinds.iter().filter(|kind| kind.promise == PromiseKind::Start);
        starts.map(weight).sum::<f64>() / all.max(f64::MIN_POSITIVE)
    }

    /// How many people an hour come at `at`, when so many are at work.
    #[must_use]
    pub fn per_hour(&self, minute: f64, at_work: usize) -> f64 {
        let wave: f64 = WAVES
            .iter()
            .map(|(middle, width)| {
                let z = (minute - middle) / width;
                libm::exp(-0.5 * z * z)
            })
            .sum();
        let wave = 1.0 + self.habits.waves * (1.8 * wave - 1.0);
        self.per_hour * self.habits.load * wave * at_work as f64 / self.staff.max(1) as f64
    }

    /// Thinned from a process that is always as quick as this one ever is (Lewis and Shedler 1979).
    fn arrivals(
        &self,
        plan: &Plan,
        open: Window,
        share: f64,
        chance: &mut Chance,
    ) -> Vec<Timestamp> {
        let shifts = plan.shifts(open);
        let most = self.per_hour * self.habits.load * (1.0 + self.habits.waves);
        let mut all = Vec::new();
        let mut at = open.from;
        if share * most <= 0.0 {
            return all;
        }
        loop {
            at = at + chance.exponential(HOUR_MS / (most * share)) as i64;
            if at >= open.to - LAST_MS {
                return all;
            }
            let now = self.per_hour(plan.minute(at), hours::at_work(&shifts, at));
            if chance.happens(now / most) {
                all.push(at);
            }
        }
    }

    pub(crate) fn errand(
        &self,
        at: Timestamp,
        only: Option<PromiseKind>,
        chance: &mut Chance,
    ) -> Errand {
        let fits = |kind: &Kind| only.is_none_or(|only| kind.promise == only);
        let weights: Vec<_> =
            self.kinds.iter().map(|kind| if fits(kind) { kind.weight } else { 0.0 }).collect();
        let kind = &self.kinds[chance.weighted(&weights)];
        let service = kind.service;
        let mut services = vec![service];
        let mut companions = Vec::new();
        let mut requested = None;
        if kind.promise == PromiseKind::Start {
            let others: Vec<_> =
                self.kinds.iter().filter(|k| k.plain && k.service != service).collect();
            if chance.happens(self.habits.groups) {
                let count = 1 + chance.weighted(&[0.7, 0.3]);
                companions = vec![service; if kind.plain { count } else { 0 }];
            } else if kind.plain && chance.happens(self.habits.more) && !others.is_empty() {
                services.push(others[chance.below(others.len())].service);
            } else if chance.happens(self.habits.requests) {
                requested = self.someone(service, chance);
            }
        }
        Errand { at, services, requested, companions, way: Entry::Wall }
    }

    fn someone(&self, service: ServiceId, chance: &mut Chance) -> Option<StaffId> {
        let able = &self.kinds.iter().find(|kind| kind.service == service)?.by;
        able.get(chance.below(able.len())).copied()
    }
}

/// The time that falls to who has most to do when the work is shared as evenly as skills allow.
fn fullest(works: &[(Vec<StaffId>, f64)]) -> f64 {
    let mut shares: Vec<BTreeMap<StaffId, f64>> = works
        .iter()
        .map(|(by, ms)| by.iter().map(|&id| (id, ms / by.len() as f64)).collect())
        .collect();
    let load = |shares: &[BTreeMap<StaffId, f64>]| {
        let mut load: BTreeMap<StaffId, f64> = BTreeMap::new();
        for (&id, &ms) in shares.iter().flatten() {
            *load.entry(id).or_default() += ms;
        }
        load
    };
    for _ in 0..200 {
        for at in 0..shares.len() {
            let load = load(&shares);
            let full = |id: &StaffId| load.get(id).copied().unwrap_or_default();
            let most = shares[at].iter().filter(|(_, ms)| **ms > 0.0).map(|(id, _)| *id);
            let most = most.max_by(|a, b| full(a).total_cmp(&full(b)));
            let least = shares[at].keys().copied().min_by(|a, b| full(a).total_cmp(&full(b)));
            if let (Some(most), Some(least)) = (most, least) {
                let moved = (0.5 * (full(&most) - full(&least))).clamp(0.0, shares[at][&most]);
                *shares[at].entry(most).or_default() -= moved;
                *shares[at].entry(least).or_default() += moved;
            }
        }
    }
    load(&shares).values().copied().fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shop;

    /// Monday, 1 June 2026, six in the morning.
    const FROM: Timestamp = Timestamp(1_780_279_200_000);

    fn demand(habits: &Habits) -> (Demand, Plan) {
        let config = shop::salon();
        let truth = Truth::new(&config, habits, 1);
        (Demand::new(&config, &truth, habits), Plan::new(&config))
    }

    #[test]
    fn work_is_shared_as_evenly_as_skills_allow() {
        let [a, b] = [StaffId(1), StaffId(2)];
        assert!((fullest(&[(vec![a, b], 10.0), (vec![a], 4.0)]) - 7.0).abs() < 0.01);
        assert!((fullest(&[(vec![a, b], 2.0), (vec![a], 4.0)]) - 4.0).abs() < 0.01);
    }

    #[test]
    fn people_come_in_waves_and_only_while_somebody_works() {
        let (demand, plan) = demand(&Habits::default());
        let mut by_hour = [0_u32; 24];
        for seed in 0..300 {
            let open = plan.open(FROM)[0];
            for errand in demand.walk_ins(&plan, open, seed) {
                assert!(open.contains(errand.at + LAST_MS - 1));
                by_hour[(plan.minute(errand.at) / 60.0) as usize] += 1;
            }
        }
        assert!(by_hour[..9].iter().chain(&by_hour[18..]).all(|&count| count == 0));
        assert!(by_hour[10] > by_hour[9] && by_hour[16] > by_hour[14], "{by_hour:?}");
        let days = f64::from(by_hour.iter().sum::<u32>()) / 300.0;
        assert!((15.0..60.0).contains(&days), "{days} a day");
    }

    #[test]
    fn appointments_are_made_before_they_are_due_while_the_shop_is_open() {
        let habits = Habits { booked: 1.0, ..Habits::default() };
        let (demand, plan) = demand(&habits);
        for open in plan.open(FROM).into_iter().take(5) {
            for errand in demand.appointments(&plan, open, FROM, 3) {
                let Entry::Booked(asked_at) = errand.way else { panic!("{errand:?}") };
                assert!(asked_at >= FROM && asked_at < errand.at);
                assert_eq!(errand.at.0 % QUARTER_MS, 0);
            }
        }
    }
}
