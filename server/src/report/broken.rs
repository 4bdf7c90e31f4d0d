//! First promises that broke: why, as far as the log says, and how they were made good.

use std::collections::{BTreeMap, BTreeSet};

use sooner_engine::calendar::local_minute;
use sooner_engine::{Event, Recorded};
use sooner_shared::command::{DelayReason, Scope};
use sooner_shared::report::{Broken, BrokenOne, Good, Reason, ReasonCount, Worst};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::Outcome;
use sooner_shared::{Timestamp, VisitId};

use super::story::{Story, Told};
use super::{Past, day_of, rounded};

/// So many are listed.
const LISTED_MAX: usize = 100;

/// What can be a reason, in order of time.
#[derive(Debug, Default)]
pub(super) struct Causes {
    delays: Vec<(Timestamp, Scope, Reason)>,
    gone: Vec<Timestamp>,
    ran_long: Vec<Timestamp>,
    /// Whose times were moved for others.
    paid: BTreeSet<VisitId>,
    good: BTreeMap<VisitId, Good>,
}

impl Causes {
    pub(super) fn of(past: &Past<'_>) -> Self {
        let mut causes = Self::default();
        for Recorded { at, event, .. } in past.standing() {
            match event {
                Event::Delayed { scope, reason, .. } => {
                    causes.delays.push((*at, *scope, reason_of(*reason)));
                }
                // Somebody comes at another time than planned.
                Event::StaffExpected { staff, .. } => {
                    causes.delays.push((*at, Scope::Staff(*staff), Reason::LateStart));
                }
                Event::WentOffDuty { .. } => causes.gone.push(*at),
                Event::Overran { .. } => causes.ran_long.push(*at),
                Event::PriceAccepted { moves, .. } => causes.paid.extend(moves),
                Event::MadeGood { visit, with } => {
                    let what = with.and_then(|no| past.config.make_goods.get(usize::from(no)));
                    causes.good.insert(*visit, Good::Made(what.cloned()));
                }
                Event::LeftToOwner { visit } => {
                    causes.good.entry(*visit).or_insert(Good::LeftToOwner);
                }
                _ => {}
            }
        }
        causes
    }

    /// Why a promise broke. What was known when it was made is in it already.
    pub(super) fn reason(&self, visit: VisitId, story: &Story, told: &Told) -> Reason {
        let until = story.met_at(told).map_or(told.by, |met_at| met_at.max(told.by));
        let after = |all: &[Timestamp], until| {
            let next = all.get(all.partition_point(|at| *at <= told.at));
            next.is_some_and(|at| *at <= until)
        };
        let concerns = |scope: Scope| match scope {
            Scope::Shop => true,
            Scope::Service(service) => told.service == Some(service),
            Scope::Staff(staff) => story.started_by().is_none_or(|by| by == staff),
        };
        let delays = self.delays.iter().skip(self.delays.partition_point(|d| d.0 <= told.at));
        let delay = delays
            .take_while(|(at, ..)| *at <= until)
            .find(|(_, scope, _)| concerns(*scope))
            .map(|(.., reason)| *reason);
        if self.paid.contains(&visit) {
            Reason::WentFirst
        } else if story.without_at.is_some_and(|at| told.at < at && at <= until) {
            Reason::PersonGone
        } else if let Some(delay) = delay {
            delay
        } else if after(&self.gone, told.by) {
            Reason::FewerOnDuty
        } else if after(&self.ran_long, until) {
            Reason::RanLong
        } else {
            Reason::Unknown
        }
    }
}

const fn reason_of(reason: DelayReason) -> Reason {
    match reason {
        DelayReason::Work => Reason::Work,
        DelayReason::LateStart => Reason::LateStart,
        DelayReason::Equipment => Reason::Equipment,
        DelayReason::Supply => Reason::Supply,
        DelayReason::Other => Reason::Other,
    }
}

/// Those of the first promises of all visits that broke.
pub(super) fn broken(past: &Past<'_>) -> Broken {
    let causes = Causes::of(past);
    let mut found = Broken::default();
    let mut reasons: BTreeMap<Reason, u32> = BTreeMap::new();
    let mut hours: BTreeMap<(u8, u8), u32> = BTreeMap::new();
    for (visit, story, told) in past.firsts() {
        if told.outcome != Some(Outcome::Broken) {
            continue;
        }
        let one = one(past, &causes, (visit, story, told));
        found.count += 1;
        match one.good {
            Good::Made(_) => found.made_good += 1,
            Good::LeftToOwner => found.left_to_owner += 1,
            Good::NotYet => found.waiting += 1,
        }
        *reasons.entry(one.reason).or_default() += 1;
        let hour = (local_minute(past.zone, told.by) / 60) as u8;
        *hours.entry((day_of(past.zone, told.by).weekday(), hour / 2 * 2)).or_default() += 1;
        found.newest.push(one);
    }
    found.newest.reverse();
    found.newest.truncate(LISTED_MAX);
    found.reasons =
        reasons.into_iter().map(|(reason, count)| ReasonCount { reason, count }).collect();
    // Of equals the first of the list stays first.
    found.reasons.sort_by_key(|one| std::cmp::Reverse(one.count));
    let worst = hours.into_iter().rev().max_by_key(|(_, count)| *count);
    found.worst = worst.map(|((weekday, from_hour), count)| Worst { weekday, from_hour, count });
    found
}

fn one(
    past: &Past<'_>,
    causes: &Causes,
    (visit, story, told): (VisitId, &Story, &Told),
) -> BrokenOne {
    let minutes = |ms: i64| rounded(ms as f64 / MINUTE_MS as f64, 10.0);
    let moves = story.moves(told.kind);
    let later = moves.iter().find(|step| step.to.at <= told.by && step.to.by > told.by);
    let service = told.service.and_then(|service| past.config.service(service));
    BrokenOne {
        code: visit.code(),
        kind: told.kind,
        by: told.by,
        service: service.map(|service| service.name.clone()),
        late_min: story.met_at(told).map(|met_at| minutes(met_at - told.by)),
        told_ahead_min: later.map(|step| minutes(told.by - step.to.at)),
        reason: causes.reason(visit, story, told),
        good: causes.good.get(&visit).cloned().unwrap_or(Good::NotYet),
    }
}
