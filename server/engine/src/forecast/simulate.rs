//! One future after the other: who starts when, if everybody follows `policy`.
//!
//! In each path every service gets a duration; the person who is free first calls the next one by
//! `policy::next`, until nobody is left in line. A newcomer is a shadow at the end of the line:
//! they start where somebody has nobody else to call, and take nothing from the others.

use std::collections::BTreeMap;

use sooner_shared::view::Stage;
use sooner_shared::{ServiceId, StaffId, Timestamp, VisitId};

use super::draw::{Purpose, uniform};
use super::durations::{LogNormal, Posterior};
use crate::policy::{self, Claim};
use crate::{Shop, Staff, Visit};

/// The wait of who is never served.
pub(super) const NEVER: i64 = i64::MAX;

/// Somebody who might join.
#[derive(Debug, Clone, Copy)]
pub(super) struct Newcomer {
    /// For what.
    pub(super) service: ServiceId,
    /// With whom.
    pub(super) requested: Option<StaffId>,
}

/// The waits of each person, one for each path, in milliseconds from now.
#[derive(Debug)]
pub(super) struct Starts {
    pub(super) visits: BTreeMap<VisitId, Vec<i64>>,
    pub(super) newcomers: Vec<Vec<i64>>,
}

/// What keeps a person who serves from calling the next one.
enum Busy<'a> {
    No,
    /// A service that has taken so long already.
    Serving(&'a Visit, i64),
    /// Somebody is on the way to the chair.
    Called(&'a Visit),
}

struct Person<'a> {
    staff: &'a Staff,
    busy: Busy<'a>,
}

/// Simulates `shop.config.paths` futures from `now`.
pub(super) fn run(shop: &Shop, now: Timestamp, newcomers: &[Newcomer]) -> Starts {
    let people = people_on_duty(shop, now);
    let waiting: Vec<&Visit> = shop.waiting().collect();
    let called: Vec<&Visit> = people
        .iter()
        .filter_map(|p| if let Busy::Called(visit) = p.busy { Some(visit) } else { None })
        .collect();
    let paths = usize::from(shop.config.paths);
    let mut starts = Starts {
        visits: waiting.iter().chain(&called).map(|v| (v.id, Vec::with_capacity(paths))).collect(),
        newcomers: vec![Vec::with_capacity(paths); newcomers.len()],
    };
    let posteriors: BTreeMap<ServiceId, Posterior> = shop
        .config
        .services
        .iter()
        .map(|s| {
            let learned = shop.learned.get(&s.id).copied().unwrap_or_default();
            (s.id, learned.posterior(s.nominal_ms))
        })
        .collect();
    let mut path = Path::new(shop, &people, &waiting, newcomers, &posteriors);
    for number in 0..u32::from(shop.config.paths) {
        path.simulate(number);
        for (visit, &wait) in waiting.iter().zip(&path.waits) {
            starts.visits.entry(visit.id).or_default().push(wait);
        }
        for visit in &called {
            starts.visits.entry(visit.id).or_default().push(shop.config.turnaround_ms);
        }
        for (waits, &wait) in starts.newcomers.iter_mut().zip(&path.newcomer_waits) {
            waits.push(wait);
        }
    }
    starts
}

fn people_on_duty(shop: &Shop, now: Timestamp) -> Vec<Person<'_>> {
    let mut people = Vec::new();
    for staff in &shop.config.staff {
        let Some(chair) = shop.chairs.get(&staff.id).filter(|c| c.on_duty) else {
            continue;
        };
        let busy = match chair.visit.and_then(|id| shop.visits.get(&id)) {
            Some(visit) if visit.stage == Stage::Serving => {
                Busy::Serving(visit, now - visit.started_at.unwrap_or(now))
            }
            Some(visit) => Busy::Called(visit),
            None => Busy::No,
        };
        people.push(Person { staff, busy });
    }
    people
}

/// The scratch space of one path, used again for the next.
struct Path<'a> {
    seed: u64,
    turnaround_ms: i64,
    people: &'a [Person<'a>],
    waiting: &'a [&'a Visit],
    newcomers: &'a [Newcomer],
    posteriors: &'a BTreeMap<ServiceId, Posterior>,
    /// When each person is free; `NEVER` once they have nobody left to call.
    free_at: Vec<i64>,
    /// Who is still in line, with their position in `waiting`.
    line: Vec<(usize, Claim)>,
    waits: Vec<i64>,
    newcomer_waits: Vec<i64>,
}

impl<'a> Path<'a> {
    fn new(
        shop: &Shop,
        people: &'a [Person<'a>],
        waiting: &'a [&'a Visit],
        newcomers: &'a [Newcomer],
        posteriors: &'a BTreeMap<ServiceId, Posterior>,
    ) -> Self {
        Self {
            seed: shop.config.seed,
            turnaround_ms: shop.config.turnaround_ms,
            people,
            waiting,
            newcomers,
            posteriors,
            free_at: vec![0; people.len()],
            line: Vec::with_capacity(waiting.len()),
            waits: vec![NEVER; waiting.len()],
            newcomer_waits: vec![NEVER; newcomers.len()],
        }
    }

    fn simulate(&mut self, path: u32) {
        let durations: BTreeMap<ServiceId, LogNormal> = self
            .posteriors
            .iter()
            .map(|(&id, posterior)| {
                let u = |purpose| uniform(self.seed, u64::from(id.0), purpose, path);
                (id, posterior.draw(u(Purpose::Spread), u(Purpose::Centre)))
            })
            .collect();
        let seed = self.seed;
        let remaining_ms = |visit: &Visit, elapsed_ms: i64| {
            let u = uniform(seed, u64::from(visit.id.0), Purpose::Duration, path);
            durations.get(&visit.service).map_or(0, |d| d.remaining_ms(elapsed_ms, u))
        };

        self.waits.fill(NEVER);
        self.newcomer_waits.fill(NEVER);
        self.line.clear();
        self.line.extend(self.waiting.iter().enumerate().map(|(i, v)| (i, v.claim())));
        for (free_at, person) in self.free_at.iter_mut().zip(self.people) {
            *free_at = match person.busy {
                Busy::No => 0,
                Busy::Serving(visit, elapsed_ms) => remaining_ms(visit, elapsed_ms),
                Busy::Called(visit) => self.turnaround_ms + remaining_ms(visit, 0),
            };
        }
        while let Some((who, at)) = first_free(&self.free_at) {
            let staff = self.people[who].staff;
            let next = policy::next(staff, self.line.iter().map(|(_, claim)| claim));
            if let Some(position) = next {
                let (visit, _) = self.line.remove(position);
                for (_, claim) in &mut self.line {
                    claim.missing = false;
                }
                let start = at + self.turnaround_ms;
                self.waits[visit] = start;
                self.free_at[who] = start + remaining_ms(self.waiting[visit], 0);
            } else {
                self.welcome_newcomers(staff, at);
                self.free_at[who] = NEVER;
            }
        }
    }

    /// Nobody in line is left for `staff`: from here on every newcomer they can take would start.
    fn welcome_newcomers(&mut self, staff: &Staff, at: i64) {
        for (wait, newcomer) in self.newcomer_waits.iter_mut().zip(self.newcomers) {
            let claim =
                Claim { service: newcomer.service, requested: newcomer.requested, missing: false };
            if policy::can_take(staff, &claim) {
                *wait = (*wait).min(at + self.turnaround_ms);
            }
        }
    }
}

fn first_free(free_at: &[i64]) -> Option<(usize, i64)> {
    let (who, &at) = free_at.iter().enumerate().min_by_key(|&(_, &at)| at)?;
    (at != NEVER).then_some((who, at))
}
