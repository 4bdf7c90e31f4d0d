//! When a time that was told is moved.
//!
//! * **Earlier**, as an invitation, when the 99 % quantile of what is left to wait is at least one
//!   step before the time told: then that quantile is told. Whoever comes at the time they were told
//!   first still finds their place. Telling the running quantile at the share to keep instead would
//!   let down those who were lucky once.
//! * **Later**, a renegotiation, when it is more likely than not that the time told will be missed:
//!   then the quantile at the share to keep, from now. By Doob's inequality for the martingale
//!   P(break | what is known), which starts at 1 - share, no more than (1 - share)/0.5 of all people
//!   see a later time where first promises are calibrated. Once; a second one is for a person to say.
//!
//! The draws of the simulation are tied to visits, so that looking again is not drawing again. What
//! was told first stays a promise, and is scored.

use std::collections::BTreeMap;

use sooner_shared::view::{PromiseKind, Stage};
use sooner_shared::{Timestamp, VisitId};

use super::Estimate;
use crate::decide::grounds;
use crate::{Event, Shop, Visit};

/// The share, in thousandths, at which an earlier time is sure enough.
const SURE_PERMILLE: u16 = 990;

/// From this chance of a break on, in thousandths, a later time is told.
const LIKELY_BROKEN_PERMILLE: u16 = 500;

/// Nobody is told another time for something that is so near, in milliseconds: they come.
const NEAR_MS: i64 = 2 * 60_000;

/// Nobody is told earlier times more often than this; the rest of what a visit may be told is for
/// bad news and for their own wishes.
const TOLD_MOST: usize = 25;

/// The times that should be told anew, from estimates that know the shop's last event.
#[must_use]
pub fn moves(shop: &Shop, estimates: &BTreeMap<VisitId, Estimate>, now: Timestamp) -> Vec<Event> {
    if shop.silent_since.is_some() {
        return Vec::new(); // nobody knows how things stand
    }
    let waits = |v: &&Visit| v.stage == Stage::Waiting && v.is_owed() && v.started_at.is_none();
    let told = shop.visits.values().filter(waits).filter(|v| v.group.is_none());
    told.filter_map(|visit| moved(shop, estimates.get(&visit.id)?, visit, now)).collect()
}

fn moved(shop: &Shop, estimate: &Estimate, visit: &Visit, now: Timestamp) -> Option<Event> {
    let newest = visit.promise()?;
    // An earlier time that was missed leaves the one told before it to be kept.
    let mut to_keep = visit.live().filter(|p| p.kind == visit.kind && p.by > now);
    let told = if newest.is_live() && newest.by > now { newest } else { to_keep.next()? };
    let step_ms = shop.config.step_ms;
    let sure = estimate.at_share(SURE_PERMILLE, shop, now);
    // What takes days is not brought forward by minutes.
    let worth_ms = step_ms.max((told.by - now) / 20);
    let may = visit.promises.len() < TOLD_MOST && told == newest && told.by > now + NEAR_MS;
    let earlier = sure.filter(|&at| may && at + worth_ms <= told.by);
    let by = if let Some(sure) = earlier {
        sure
    } else {
        // Who could only just be called in time is called, or was let down: there is nothing to plan.
        let is_close = told.by - now <= shop.config.turnaround_ms;
        let likely = estimate.exceeds_permille(told.by - now) >= LIKELY_BROKEN_PERMILLE;
        let breaks = likely && !is_close;
        let by = estimate.promise_by(shop, now);
        (breaks && by > told.by && !visit.was_told_later(visit.kind)).then_some(by)?
    };
    Some(Event::Promised {
        visit: visit.id,
        kind: visit.kind,
        no: visit.promises.len() as u16,
        by,
        grounds: grounds(shop, visit, estimate, now),
        seen: None,
    })
}

impl Visit {
    /// Whether the shop has moved a time of this kind later.
    #[must_use]
    pub fn was_told_later(&self, kind: PromiseKind) -> bool {
        self.promises.iter().any(|p| p.kind == kind && p.postponed)
    }
}
