//! What somebody of the shop should do now, beside calling the next one: a later time to say,
//! something to make good, people to ring, news to give, visits nobody has taken yet.

use sooner_shared::price::{Saved, TaskKind};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{PromiseKind, Stage};
use sooner_shared::{Timestamp, VisitId};

use crate::care::{PROPOSED_MS, REMINDED_MS, Recovery};
use crate::{Shop, Visit};

/// A remedy counts for so long, in milliseconds.
const TODAY_MS: i64 = 12 * 60 * MINUTE_MS;

/// All tasks, what is most urgent first.
#[must_use]
pub fn tasks(shop: &Shop, now: Timestamp) -> Vec<(VisitId, TaskKind)> {
    let mut all: Vec<_> = shop
        .visits
        .values()
        .flat_map(|v| of_visit(v, now).into_iter().map(|task| (urgency(&task), v.id, task)))
        .collect();
    all.sort_by_key(|&(urgency, visit, _)| (urgency, visit));
    all.into_iter().map(|(_, visit, task)| (visit, task)).collect()
}

/// Bad news first, then amends, then what is due.
const fn urgency(task: &TaskKind) -> (u8, i64) {
    match *task {
        TaskKind::Tell { by } => (0, by.0),
        TaskKind::Goes { at, .. } => (1, at.0),
        TaskKind::Recover { missed } => (2, missed.0),
        TaskKind::Away { .. } => (3, 0),
        TaskKind::Ring { by, .. } | TaskKind::News { by } => (4, by.0),
        TaskKind::Accept { .. } => (5, 0),
        TaskKind::Thank => (6, 0),
    }
}

fn of_visit(v: &Visit, now: Timestamp) -> Vec<TaskKind> {
    let mut tasks = Vec::new();
    match v.recovery() {
        // Who went away is not there to be made good to.
        Some(_) if matches!(v.stage, Stage::Left | Stage::NoShow) => {}
        Some(Recovery { nearly: true, .. }) => tasks.push(TaskKind::Thank),
        Some(Recovery { missed, .. }) => tasks.push(TaskKind::Recover { missed }),
        None => {}
    }
    if v.stage.is_over() {
        return tasks;
    }
    if let Some(proposed) = v.care.proposed.filter(|_| v.stage == Stage::Waiting) {
        tasks.push(if proposed.in_person {
            TaskKind::Tell { by: proposed.by }
        } else {
            TaskKind::Goes { by: proposed.by, at: proposed.at + PROPOSED_MS }
        });
    } else if v.is_to_be_told(now)
        && let Some(later) = v.later_promise()
    {
        tasks.push(TaskKind::Tell { by: later.by });
    }
    if let Some(staff) = v.care.without.filter(|_| v.stage == Stage::Waiting) {
        tasks.push(TaskKind::Away { staff });
    }
    if let Some(to) = v.handed_to {
        tasks.push(TaskKind::Accept { to });
    }
    let due = v.live().filter(|p| p.by <= now + REMINDED_MS);
    for promise in due {
        match promise.kind {
            PromiseKind::CallBack if v.stage == Stage::Waiting => {
                tasks.push(TaskKind::Ring { by: promise.by, owner: v.owner });
            }
            PromiseKind::News => tasks.push(TaskKind::News { by: promise.by }),
            _ => {}
        }
    }
    // A call-back that is nobody's needs somebody at once.
    if v.is_call_back()
        && v.owner.is_none()
        && v.stage == Stage::Waiting
        && !tasks.iter().any(|t| matches!(t, TaskKind::Ring { .. }))
        && let Some(promise) = v.promise()
    {
        tasks.push(TaskKind::Ring { by: promise.by, owner: None });
    }
    tasks
}

/// What came of the remedies of the last hours; `None` before any of them has shown its effect.
#[must_use]
pub fn saved(shop: &Shop, now: Timestamp) -> Option<Saved> {
    use sooner_shared::view::Outcome;
    let today = shop.remedies.iter().filter(|r| now - r.at <= TODAY_MS);
    let outcomes = today.flat_map(|r| &r.saves).filter_map(|&(_, _, outcome)| outcome);
    let saved = outcomes.fold(Saved::default(), |saved, outcome| match outcome {
        Outcome::Kept => Saved { of: saved.of + 1, kept: saved.kept + 1 },
        Outcome::Broken => Saved { of: saved.of + 1, ..saved },
        _ => saved,
    });
    (saved.of > 0).then_some(saved)
}
