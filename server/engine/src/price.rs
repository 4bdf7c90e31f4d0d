//! What a change costs others, before it is made: whose promise it would move, and to when.
//!
//! The shop is simulated as it is and as the change would make it, with the same random numbers, so
//! that the difference is what the change does. A promise is moved when it will likely be missed,
//! which is when a later time is proposed ([`crate::forecast::moves`]): what is
//! previewed is what would happen.

use std::cell::LazyCell;

use sooner_shared::price::{Moved, Price};
use sooner_shared::{Command, Timestamp, VisitId};

use crate::decide::shop_after;
use crate::forecast::missed::{Limits, likely_missed, surely_missed};
use crate::forecast::moves::{LIKELY_BROKEN_PERMILLE, awaits, to_keep};
use crate::{Rejection, Shop};

/// The earliest place that costs nothing is looked for in so many futures: several places are tried.
const COARSE_PATHS: u16 = 64;

/// So that a coarse look is not too hopeful, it asks for less than what moves a time, in thousandths.
const SPARED_PERMILLE: u16 = 450;

/// What a command would cost others at `now`. Nothing is changed.
pub fn preview(shop: &Shop, command: &Command, now: Timestamp) -> Result<Price, Rejection> {
    let after = shop_after(shop, command, now)?;
    let moves = moved(shop, &after, &[], now);
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

/// Whether a change moves nobody's time but theirs.
pub(crate) fn moves_only(
    before: &Shop,
    after: &Shop,
    accepted: &[VisitId],
    now: Timestamp,
) -> bool {
    moved(before, after, accepted, now).is_empty()
}

/// Whose promise is kept in one shop and not in the other, but for some, in the order of the times
/// told.
fn moved(before: &Shop, after: &Shop, except: &[VisitId], now: Timestamp) -> Vec<Moved> {
    let told: Limits = before
        .visits
        .values()
        .filter(|v| awaits(v) && !except.contains(&v.id))
        .filter_map(|visit| {
            let told = to_keep(visit, now)?;
            let still = after.visits.get(&visit.id).filter(|v| awaits(v))?;
            // What is told anew by the change itself is no surprise to anybody.
            to_keep(still, now).filter(|p| p.no == told.no)?;
            Some((visit.id, *told))
        })
        .collect();
    let mut missed = likely_missed(after, &told, LIKELY_BROKEN_PERMILLE, now);
    // Only of those it matters whether they would be let down anyhow.
    let in_question = told.iter().filter(|(id, _)| missed.contains_key(id));
    let in_question = in_question.map(|(&id, &told)| (id, told)).collect();
    let was = surely_missed(before, &in_question, LIKELY_BROKEN_PERMILLE, now);
    missed.retain(|id, _| !was.contains(id));
    let mut moves: Vec<_> = missed
        .into_iter()
        .map(|(visit, then)| Moved {
            visit,
            by: told[&visit].by,
            then: then.map(|e| e.promise_by(after, now)),
        })
        .collect();
    moves.sort_unstable_by_key(|moved| (moved.by, moved.visit));
    moves
}

/// The promises that can still be kept, of those who stand in line.
fn limits(shop: &Shop, now: Timestamp) -> Limits {
    let waiting = shop.visits.values().filter(|v| awaits(v));
    waiting.filter_map(|v| Some((v.id, *to_keep(v, now)?))).collect()
}

/// Before whom somebody can be put at the earliest without moving a time of anybody. Further back
/// moves no more than further ahead, so that halving finds it.
fn free_place(shop: &Shop, visit: VisitId, now: Timestamp) -> Option<VisitId> {
    let line: Vec<_> = shop.waiting().iter().map(|v| v.id).take_while(|&id| id != visit).collect();
    let mut coarse = shop.in_futures(COARSE_PATHS);
    // Each place is tried in a copy, in which those need not be who have gone.
    coarse.visits.retain(|_, v| !v.stage.is_over());
    let told = limits(&coarse, now);
    // Who would be let down anyhow, or of whom no time can be told, is asked for once.
    let was = LazyCell::new(|| likely_missed(&coarse, &told, LIKELY_BROKEN_PERMILLE, now));
    let is_free = |place: usize| {
        let command = Command::MoveBefore { visit, before: Some(line[place]) };
        let Ok(after) = shop_after(&coarse, &command, now) else { return false };
        let then = likely_missed(&after, &limits(&after, now), SPARED_PERMILLE, now);
        then.iter().all(|(id, then)| {
            // Who is merely not looked at yet is no matter.
            let matters = then.is_some() || after.visits[id].care.without.is_some();
            !matters || !told.contains_key(id) || was.contains_key(id)
        })
    };
    let (mut low, mut high) = (0, line.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        if is_free(middle) { high = middle } else { low = middle + 1 }
    }
    line.get(low).copied()
}
