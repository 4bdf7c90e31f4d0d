//! A scenario made ready for counting: laws, tables and times in milliseconds.

use super::law::Law;
use super::scenario::{BREAKS_DIFFER_MIN, LAST_CALL_MIN, OVERTIME_MIN, Scenario};
use crate::chance::Chance;
use crate::moment::Arrival;

pub(super) const MINUTE: f64 = 60_000.0;

/// The share of services that take no longer than is planned for them.
const PLANNED: f64 = 0.9;

/// What is the same on all days.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    /// By service, in milliseconds.
    laws: Vec<Law>,
    /// By service and desk, in this order.
    paces: Vec<f64>,
    desks: usize,
    /// By service: the desks that do it, as bits.
    able: Vec<u64>,
    /// By service: how long nine in ten take at most, at the pace of nobody in particular.
    planned_ms: Vec<f64>,
    shares: Vec<f64>,
    /// By desk.
    breaks: Vec<Vec<Rest>>,
    pub(super) absent: f64,
    pub(super) rights: f64,
    requested: f64,
}

/// A planned break.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest {
    pub(super) at_ms: f64,
    pub(super) length_ms: f64,
}

/// One day.
#[derive(Debug, Clone)]
pub(super) struct Today {
    pub(super) opens_ms: f64,
    pub(super) closes_ms: f64,
    /// When who is still in line goes home.
    pub(super) home_ms: f64,
    /// How much longer everything takes.
    pub(super) slower: f64,
    /// How many come, over time without gaps.
    flow: Vec<Flow>,
}

#[derive(Debug, Clone, Copy)]
struct Flow {
    to_ms: f64,
    per_ms: f64,
}

/// Somebody in line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Waiting {
    pub(super) visit: u64,
    /// Who may serve them, as bits.
    pub(super) able: u64,
    pub(super) service: u16,
    /// With a right to go first.
    pub(super) first: bool,
    /// The time of the day they were told when they came; long ago for who was told none.
    pub(super) told_ms: f64,
}

impl Rules {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let services = &scenario.services;
        let staff = &scenario.staff;
        let does = |service: usize, desk: usize| {
            staff[desk].skills.iter().any(|skill| usize::from(*skill) == service)
        };
        let able = |service| {
            (0..staff.len())
                .filter(|desk| does(service, *desk))
                .fold(0, |bits, desk| bits | 1 << desk)
        };
        let rest = |planned: &super::PlannedBreak| Rest {
            at_ms: f64::from(planned.at_min) * MINUTE,
            length_ms: f64::from(planned.length_min) * MINUTE,
        };
        Self {
            laws: services.iter().map(|s| Law::new(s.form, s.mean_min * MINUTE)).collect(),
            paces: (0..services.len())
                .flat_map(|service| staff.iter().map(move |person| person.paces[service]))
                .collect(),
            desks: staff.len(),
            able: (0..services.len()).map(able).collect(),
            planned_ms: services
                .iter()
                .map(|s| Law::new(s.form, s.mean_min * MINUTE).at(PLANNED))
                .collect(),
            shares: services.iter().map(|service| service.share).collect(),
            breaks: staff.iter().map(|person| person.breaks.iter().map(rest).collect()).collect(),
            absent: scenario.absent,
            rights: scenario.rights,
            requested: scenario.requested,
        }
    }

    pub(super) fn law(&self, service: u16) -> &Law {
        &self.laws[usize::from(service)]
    }

    pub(super) fn pace(&self, service: u16, desk: usize) -> f64 {
        self.paces[usize::from(service) * self.desks + desk]
    }

    /// How long to plan for a service of this kind, in milliseconds.
    pub(super) fn planned_ms(&self, service: u16) -> f64 {
        self.planned_ms[usize::from(service)]
    }

    /// The break after so many have begun.
    pub(super) fn rest(&self, desk: usize, begun: u8) -> Option<Rest> {
        self.breaks[desk].get(usize::from(begun)).copied()
    }

    /// How they stand in line.
    pub(super) fn waiting(&self, arrival: &Arrival) -> Waiting {
        let asked = arrival.requested.map_or(u64::MAX, |desk| 1 << desk);
        Waiting {
            visit: arrival.visit,
            able: self.able[usize::from(arrival.service)] & asked,
            service: arrival.service,
            first: arrival.priority > 0,
            told_ms: f64::NEG_INFINITY,
        }
    }

    /// Somebody who comes while these are on duty: nobody when none of them could serve them. Who
    /// would ask for somebody who is not there asks for nobody.
    pub(super) fn customer(
        &self,
        chance: &mut Chance,
        visit: u64,
        on_duty: u64,
    ) -> Option<Arrival> {
        let service = chance.weighted(&self.shares);
        let priority = i32::from(chance.happens(self.rights));
        let able = self.able[service];
        let asks = chance.happens(self.requested);
        let place = chance.below(able.count_ones() as usize);
        let asked = (0..self.desks as u16).filter(|desk| able >> desk & 1 == 1).nth(place);
        let requested = asked.filter(|desk| asks && on_duty >> desk & 1 == 1);
        let arrival = Arrival { visit, service: service as u16, priority, requested };
        (able & on_duty != 0).then_some(arrival)
    }
}

impl Today {
    /// `None` on a day on which nobody works.
    pub(super) fn new(scenario: &Scenario, day: u32) -> Option<Self> {
        let weekday = day as usize % 7;
        let open = scenario.hours[weekday]?;
        let opens_ms = f64::from(open.from_min) * MINUTE;
        let closes_ms = f64::from(open.to_min) * MINUTE;
        let last_ms = closes_ms - f64::from(LAST_CALL_MIN) * MINUTE;
        let mut flow = vec![Flow { to_ms: opens_ms, per_ms: 0.0 }];
        for (hour, count) in scenario.demand[weekday].iter().enumerate() {
            let to_ms = ((hour + 1) as f64 * 60.0 * MINUTE).min(last_ms);
            if flow.last().is_some_and(|before| before.to_ms < to_ms) {
                flow.push(Flow { to_ms, per_ms: count / 60.0 / MINUTE });
            }
        }
        let slower =
            scenario.slowdown.filter(|slow| day >= slow.from_day).map_or(1.0, |s| s.factor);
        let home_ms = closes_ms + f64::from(OVERTIME_MIN) * MINUTE;
        Some(Self { opens_ms, closes_ms, home_ms, slower, flow })
    }

    /// How many come on average.
    pub(super) fn expected(&self) -> f64 {
        let mut from_ms = 0.0;
        let mut sum = 0.0;
        for flow in &self.flow {
            sum += (flow.to_ms - from_ms) * flow.per_ms;
            from_ms = flow.to_ms;
        }
        sum
    }

    /// When the next one comes: a Poisson process in the time that its rates make of the clock's
    /// (Çinlar 1975). Infinite when nobody does any more.
    pub(super) fn next_coming(&self, chance: &mut Chance, after_ms: f64) -> f64 {
        let mut from_ms = after_ms;
        let mut left = chance.exponential(1.0);
        for flow in &self.flow {
            if flow.to_ms <= from_ms {
                continue;
            }
            let here = (flow.to_ms - from_ms) * flow.per_ms;
            if left < here {
                return from_ms + left / flow.per_ms;
            }
            left -= here;
            from_ms = flow.to_ms;
        }
        f64::INFINITY
    }
}

/// The least and the most that a break of this length lasts, in milliseconds.
pub(super) fn break_bounds(length_ms: f64) -> (f64, f64) {
    (length_ms + BREAKS_DIFFER_MIN.0 * MINUTE, length_ms + BREAKS_DIFFER_MIN.1 * MINUTE)
}
