//! What a change costs others, before it is made: whose promise it would move, and to when.
//!
//! The shop is simulated as it is and as the change would make it, with the same random numbers, so
//! that the difference is what the change does. A promise is moved when it will likely be missed,
//! which is when a later time is proposed ([`crate::forecast::moves`]): what is
//! previewed is what would happen.

use std::collections::BTreeMap;

use sooner_shared::price::{Moved, Price};
use sooner_shared::{Command, Timestamp, VisitId};

use crate::decide::shop_after;
use crate::forecast::moves::{LIKELY_BROKEN_PERMILLE, awaits, likely_breaks, to_keep};
use crate::forecast::{self, Estimate};
use crate::remedy::chances;
use crate::{Rejection, Shop};

/// The earliest place that costs nothing is looked for in so many futures: several places are tried.
const COARSE_PATHS: u16 = 64;

/// So that a coarse look is not too hopeful, it asks for less than what moves a time, in thousandths.
const SPARED_PERMILLE: u16 = 450;

/// What a command would cost others at `now`. Nothing is changed.
pub fn preview(shop: &Shop, command: &Command, now: Timestamp) -> Result<Price, Rejection> {
    let after = shop_after(shop, command, now)?;
    let estimates = forecast::visits(shop, now);
    let moves = moved(shop, &estimates, &after, now);
    let free_before = match *command {
        _ if moves.is_empty() => None,
        Command::LetGoFirst { visit } | Command::MoveBefore { visit, .. } => {
            free_place(shop, visit, now)
        }
        _ => None,
    };
    let told = after.visits.keys().rev().find(|id| !shop.visits.contains_key(id));
    let by = told.and_then(|id| after.visits.get(id)?.promise()).map(|p| p.by);
    Ok(Price { by, moves, free_before })
}

/// Whose promise is kept in one shop and not in the other, in the order of the times told.
fn moved(
    before: &Shop,
    estimates: &BTreeMap<VisitId, Estimate>,
    after: &Shop,
    now: Timestamp,
) -> Vec<Moved> {
    let later = forecast::visits(after, now);
    let mut moves: Vec<_> = before
        .visits
        .values()
        .filter(|v| awaits(v))
        .filter_map(|visit| {
            let told = to_keep(visit, now)?;
            let still = after.visits.get(&visit.id).filter(|v| awaits(v))?;
            // What is told anew by the change itself is no surprise to anybody.
            to_keep(still, now).filter(|p| p.no == told.no)?;
            let was = estimates.get(&visit.id).is_some_and(|e| likely_breaks(e, told, now));
            let then = later.get(&visit.id);
            let breaks = then.is_none_or(|e| likely_breaks(e, told, now));
            (breaks && !was).then(|| Moved {
                visit: visit.id,
                by: told.by,
                then: then.map(|e| e.promise_by(after, now)),
            })
        })
        .collect();
    moves.sort_unstable_by_key(|moved| (moved.by, moved.visit));
    moves
}

/// Before whom somebody can be put at the earliest without moving a time of anybody. Further back
/// moves no more than further ahead, so that halving finds it.
fn free_place(shop: &Shop, visit: VisitId, now: Timestamp) -> Option<VisitId> {
    let line: Vec<_> = shop.waiting().iter().map(|v| v.id).take_while(|&id| id != visit).collect();
    let coarse = shop.in_futures(COARSE_PATHS);
    let look = |shop: &Shop| chances(shop, &forecast::visits(shop, now), now);
    let was = look(&coarse);
    let is_free = |place: usize| {
        let command = Command::MoveBefore { visit, before: Some(line[place]) };
        let Ok(after) = shop_after(&coarse, &command, now) else { return false };
        let then = look(&after);
        was.iter().all(|(id, &was)| {
            was >= LIKELY_BROKEN_PERMILLE || then.get(id).is_none_or(|&then| then < SPARED_PERMILLE)
        })
    };
    let (mut low, mut high) = (0, line.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        if is_free(middle) { high = middle } else { low = middle + 1 }
    }
    line.get(low).copied()
}
