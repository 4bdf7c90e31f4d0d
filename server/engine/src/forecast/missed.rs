//! Whose time will likely be missed: all that the price of a change asks of the futures. Most
//! people's times are not in question, and of those no distribution is made.

use std::collections::{BTreeMap, BTreeSet};

use sooner_shared::{Timestamp, VisitId};

use super::simulate::{Outcomes, Simulation};
use super::{Estimate, off};
use crate::policy::NEVER;
use crate::{Shop, Visit};

/// Times that people were told, in milliseconds from now.
pub(crate) type Limits = BTreeMap<VisitId, i64>;

/// A wait that is moved nowhere may come out of its logarithm so much longer, in milliseconds.
const ROUNDING_MS: i64 = 2;

/// Of these people those whose limit is exceeded with a chance of at least `permille`; without an
/// estimate where no time can be told to them at all.
pub(crate) fn likely_missed(
    shop: &Shop,
    limits: &Limits,
    permille: u16,
    now: Timestamp,
) -> BTreeMap<VisitId, Option<Estimate>> {
    if limits.is_empty() {
        return BTreeMap::new();
    }
    let mut missed: BTreeMap<_, _> = limits.keys().map(|&id| (id, None)).collect();
    let outcomes = watching(shop, limits, now).run(&[], &[]);
    for (id, waits) in outcomes.visits {
        let (Some(visit), Some(&limit_ms)) = (shop.visits.get(&id), limits.get(&id)) else {
            continue;
        };
        if surely_kept(shop, visit, &waits, limit_ms, permille) {
            missed.remove(&id);
            continue;
        }
        let estimate = Estimate::new(waits, shop.config.keep_permille);
        match estimate.map(|estimate| estimate.for_who_waits(shop, visit)) {
            Some(e) if e.exceeds_permille(limit_ms) < permille => drop(missed.remove(&id)),
            estimate => drop(missed.insert(id, estimate)),
        }
    }
    missed
}

/// The same of those only of whom a time can be told; no more futures are looked at than it takes to
/// know that there are none.
pub(crate) fn surely_missed(
    shop: &Shop,
    limits: &Limits,
    permille: u16,
    now: Timestamp,
) -> BTreeSet<VisitId> {
    if limits.is_empty() {
        return BTreeSet::new();
    }
    let paths = usize::from(shop.config.paths);
    let is_kept = |&(id, ref waits): &(VisitId, Vec<i64>)| {
        let (Some(visit), Some(&limit_ms)) = (shop.visits.get(&id), limits.get(&id)) else {
            return true;
        };
        let within = within(waits, limit_ms);
        is_below(paths - within, paths, permille) && is_told(shop, visit, paths, permille)
    };
    let is_enough = |outcomes: &Outcomes| outcomes.visits.iter().all(is_kept);
    let outcomes = watching(shop, limits, now).run_until(&[], &[], is_enough);
    if is_enough(&outcomes) {
        return BTreeSet::new();
    }
    let is_missed = |(id, waits)| {
        let (visit, &limit_ms) = (shop.visits.get(&id)?, limits.get(&id)?);
        let estimate = Estimate::new(waits, shop.config.keep_permille)?.for_who_waits(shop, visit);
        (estimate.exceeds_permille(limit_ms) >= permille).then_some(id)
    };
    outcomes.visits.into_iter().filter_map(is_missed).collect()
}

fn watching<'a>(shop: &'a Shop, limits: &Limits, now: Timestamp) -> Simulation<'a> {
    let mut simulation = Simulation::new(shop, now, shop.config.paths);
    simulation.watch(&limits.keys().copied().collect::<Vec<_>>());
    simulation
}

/// Whether that is clear without sorting: everybody is served on all paths, on so many early enough
/// that the limit is not exceeded too often.
fn surely_kept(shop: &Shop, visit: &Visit, waits: &[i64], limit_ms: i64, permille: u16) -> bool {
    let paths = waits.len();
    is_below(paths - within(waits, limit_ms), paths, permille)
        && !waits.contains(&NEVER)
        && is_told(shop, visit, paths, permille)
}

/// On how many paths they are served before the limit, and not only just.
fn within(waits: &[i64], limit_ms: i64) -> usize {
    waits.iter().filter(|&&wait| wait <= limit_ms - ROUNDING_MS).count()
}

const fn is_below(exceed: usize, paths: usize, permille: u16) -> bool {
    exceed * 1_000 / paths < permille as usize
}

/// Whether waits as they are simulated say for sure that fewer than this share of those that are
/// told exceed a limit: where no wait is told longer than it is simulated, or only those above the
/// median, and more than half may exceed it.
fn is_told(shop: &Shop, visit: &Visit, paths: usize, permille: u16) -> bool {
    let allowed = paths * usize::from(permille) / 1_000;
    off(shop, visit) <= 0.0 || (paths - allowed) < paths.div_ceil(2)
}
