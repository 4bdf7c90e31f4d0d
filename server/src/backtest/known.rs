//! Made-up queues whose best possible promise is known: the shop that its owner would set up.

use std::fmt;

use sooner_engine::calendar::{Hours, Span, Week};
use sooner_engine::{Service, ShopConfig, Staff};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{ServiceId, StaffId, Timestamp};
use sooner_sim::known::{FIRST_DAY_MS, Foresight, Loss, OVERTIME_MIN, PlannedBreak, Run, Scenario};
use sooner_sim::moment::{Arrival, Happened};

use super::{DAY_MS, Queue};
use crate::replay::record::ReadError;
use crate::report::kind::LEAD_GOAL_MS;

/// The set-up of a made-up queue, as much as its owner knows of it.
#[must_use]
pub fn set_up(scenario: &Scenario, keep_permille: u16, paths: u16) -> ShopConfig {
    let service = |place: usize| ServiceId(place as u16 + 1);
    let services = scenario.services.iter().enumerate().map(|(place, known)| {
        let nominal_ms = (known.nominal_min * MINUTE_MS as f64) as i64;
        Service::new(service(place), &known.name, nominal_ms)
    });
    let staff = scenario.staff.iter().enumerate().map(|(place, person)| {
        let skills: Vec<_> = person.skills.iter().map(|&s| service(usize::from(s))).collect();
        let id = StaffId(place as u16 + 1);
        Staff {
            breaks: every_day(&person.breaks),
            ..Staff::new(id, &format!("chair {id}"), &skills)
        }
    });
    let opening = |day: usize| {
        scenario.hours[day]
            .iter()
            .map(|open| Span { from: open.from_min, to: open.to_min })
            .collect()
    };
    ShopConfig {
        keep_permille,
        paths,
        step_ms: 1,
        turnaround_ms: 0,
        overrun_ms: i64::from(OVERTIME_MIN) * MINUTE_MS,
        hours: Hours { weekly: week(opening), ..Hours::default() },
        services: services.collect(),
        staff: staff.collect(),
        ..ShopConfig::new(&scenario.name, "UTC", scenario.seed)
    }
}

fn every_day(breaks: &[PlannedBreak]) -> Week {
    week(|_| breaks.iter().map(|b| Span { from: b.at_min, to: b.at_min + b.length_min }).collect())
}

fn week(day: impl Fn(usize) -> Vec<Span>) -> Week {
    Week {
        mon: day(0),
        tue: day(1),
        wed: day(2),
        thu: day(3),
        fri: day(4),
        sat: day(5),
        sun: day(6),
    }
}

/// A made-up queue that is lived through, and what is best to promise in it.
pub struct MadeUp {
    run: Run,
    keep: f64,
    paths: u32,
}

impl MadeUp {
    /// Begins one.
    #[must_use]
    pub fn new(scenario: &Scenario, keep: f64) -> Self {
        Self { run: Run::new(scenario), keep, paths: ORACLE_PATHS }
    }

    /// Looks, by the true distributions, at every promise as long before its minute as bad news are to
    /// be told.
    pub fn watch(&mut self) {
        self.run.watch(LEAD_GOAL_MS, self.paths);
    }

    /// What came of that.
    #[must_use]
    pub fn foreseeable(&self) -> Foreseeable {
        Foreseeable::of(self.run.foresights())
    }
}

/// How much bad news could be told in time, at best: by who knows the true distributions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Foreseeable {
    /// Promises that broke.
    pub broke: usize,
    /// Of them, those that can be told when a third of what is told is told for nothing.
    pub told: usize,
}

impl Foreseeable {
    /// Tells those most in danger, as many as may be.
    fn of(seen: &[Foresight]) -> Self {
        let mut chances: Vec<(f64, bool)> =
            seen.iter().filter_map(|one| Some((one.chance?, one.broke))).collect();
        chances.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let broke = seen.iter().filter(|one| one.broke).count();
        let (mut right, mut most) = (0, 0);
        for (told, &(_, broke)) in chances.iter().enumerate() {
            right += usize::from(broke);
            let is_fair = 3 * right >= 2 * (told + 1);
            if is_fair {
                most = right;
            }
        }
        Self { broke, told: most }
    }
}

impl fmt::Display for Foreseeable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { broke, told } = *self;
        let share = 100.0 * told as f64 / broke.max(1) as f64;
        writeln!(
            f,
            "  by the true distributions, {share:.1} % of {broke} that broke can be told {} min ahead, \
             a third of the news being false",
            LEAD_GOAL_MS / MINUTE_MS
        )
    }
}

/// Futures the best promise is taken from.
const ORACLE_PATHS: u32 = 1_000;

impl Queue for MadeUp {
    fn next(&mut self) -> Option<Result<Happened, ReadError>> {
        self.run.next().map(Ok)
    }

    fn oracle_min(&self, at_ms: i64, arrival: &Arrival) -> Option<f64> {
        self.run.oracle_quantile_min(arrival, at_ms, self.keep, self.paths)
    }

    fn told(&mut self, _visit: u64, by_ms: i64) {
        self.run.told(by_ms);
    }

    fn slower_from(&self) -> Option<i64> {
        let slowdown = self.run.scenario().slowdown?;
        Some(FIRST_DAY_MS.div_euclid(DAY_MS) + i64::from(slowdown.from_day))
    }

    fn has_oracle(&self) -> bool {
        true
    }
}

/// When people leave in the middle of a day, as times.
#[must_use]
pub fn losses(scenario: &Scenario) -> Vec<Timestamp> {
    let at = |loss: &Loss| i64::from(loss.day) * DAY_MS + i64::from(loss.at_min) * MINUTE_MS;
    scenario.losses.iter().map(|loss| Timestamp(FIRST_DAY_MS + at(loss))).collect()
}
