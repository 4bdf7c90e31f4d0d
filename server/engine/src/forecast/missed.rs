//! Whose time will likely be missed: all that the price of a change asks of the futures. Most
//! people's times are not in question, and of those no distribution is made.

use std::collections::{BTreeMap, BTreeSet};

use sooner_shared::{Timestamp, VisitId};

use super::Estimate;
use super::simulate::{Outcomes, Simulation};
use crate::Shop;
use crate::policy::NEVER;
use crate::promise::Promise;

/// What people were told.
pub(crate) type Limits = BTreeMap<VisitId, Promise>;

/// Of these people those who miss what they were told with a chance of at least `permille`; without an
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
    for (id, waits) in watching(shop, limits, now).run(&[], &[]).visits {
        let (Some(visit), Some(told)) = (shop.visits.get(&id), limits.get(&id)) else {
            continue;
        };
        let is_kept = is_kept(&waits, told.limit_ms(shop, now), permille);
        // No distribution is made of those whose time is not in question.
        if is_kept && !waits.contains(&NEVER) {
            missed.remove(&id);
            continue;
        }
        match Estimate::new(waits, shop.config.keep_permille) {
            Some(_) if is_kept => drop(missed.remove(&id)),
            estimate => drop(missed.insert(id, estimate.map(|e| e.for_who_waits(shop, visit)))),
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
    let limit_ms = |id| limits.get(&id).map(|told| told.limit_ms(shop, now));
    // On the paths that are not run yet it might always be missed.
    let is_enough = |outcomes: &Outcomes| {
        outcomes.visits.iter().all(|&(id, ref waits)| {
            let within = limit_ms(id).map_or(paths, |limit_ms| within(waits, limit_ms));
            is_below(paths - within, paths, permille)
        })
    };
    let outcomes = watching(shop, limits, now).run_until(&[], &[], is_enough);
    if is_enough(&outcomes) {
        return BTreeSet::new();
    }
    let is_missed = |(id, waits): (VisitId, Vec<i64>)| {
        let is_kept = is_kept(&waits, limit_ms(id)?, permille);
        (!is_kept && Estimate::new(waits, shop.config.keep_permille).is_some()).then_some(id)
    };
    outcomes.visits.into_iter().filter_map(is_missed).collect()
}

fn watching<'a>(shop: &'a Shop, limits: &Limits, now: Timestamp) -> Simulation<'a> {
    let mut simulation = Simulation::new(shop, now, shop.config.paths);
    simulation.watch(&limits.keys().copied().collect::<Vec<_>>());
    simulation
}

fn is_kept(waits: &[i64], limit_ms: i64, permille: u16) -> bool {
    is_below(waits.len() - within(waits, limit_ms), waits.len(), permille)
}

fn within(waits: &[i64], limit_ms: i64) -> usize {
    waits.iter().filter(|&&wait| wait <= limit_ms).count()
}

const fn is_below(exceed: usize, paths: usize, permille: u16) -> bool {
    exceed * 1_000 / paths < permille as usize
}
