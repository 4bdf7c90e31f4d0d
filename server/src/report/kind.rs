//! The figures of one kind of promise.

use chrono_tz::Tz;
use sooner_engine::calendar::local_day;
use sooner_shared::report::{Earlier, KindReport, Later, Padding, Promises, Share, Warning};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, PromiseKind};

use super::interval::ByDay;
use super::rounded;
use super::story::{Move, Story, Told};
use super::tally::{Tally, mean_min, median_min};

/// So many promises kept or broken before anything is said of the padding.
const WARNING_FROM: u32 = 100;

/// Bad news should come at least so long before the promised minute, in milliseconds.
pub(crate) const LEAD_GOAL_MS: i64 = 15 * MINUTE_MS;

/// The figures of a kind. `stories` are those whose first promise of it counts; nothing without any.
pub(super) fn of_kind(kind: PromiseKind, stories: &[&Story], zone: Tz) -> Option<KindReport> {
    let firsts: Vec<_> =
        stories.iter().filter_map(|&story| Some((story, story.first(kind)?))).collect();
    let lasts: Vec<_> =
        stories.iter().filter_map(|&story| Some((story, story.last(kind)?))).collect();
    if firsts.is_empty() {
        return None;
    }
    let asked: Vec<_> = firsts
        .iter()
        .filter(|(_, told)| is_scored(told))
        .map(|(_, told)| f64::from(told.grounds.keep_permille))
        .collect();
    let asked = (!asked.is_empty())
        .then(|| rounded(asked.iter().sum::<f64>() / asked.len() as f64 / 1e3, 1e4));
    let first = promises(&firsts, zone);
    Some(KindReport {
        kind,
        asked,
        warning: asked.and_then(|asked| warning(&first.share, asked)),
        first,
        last: promises(&lasts, zone),
        later: later(kind, &firsts),
        earlier: earlier(kind, &firsts),
    })
}

/// Whether it was kept or broken.
pub(super) fn is_scored(told: &Told) -> bool {
    matches!(told.outcome, Some(Outcome::Kept | Outcome::Broken))
}

/// The local day whose fate a promise shares: the one it was promised for, also where it was made
/// the week before.
pub(super) fn count_in(by_day: &mut ByDay, told: &Told, zone: Tz) {
    if is_scored(told) {
        by_day.add(local_day(zone, told.by), told.outcome == Some(Outcome::Kept));
    }
}

/// How one promise of each of these visits ended.
pub(super) fn promises(told: &[(&Story, &Told)], zone: Tz) -> Promises {
    let mut tally = Tally::default();
    let mut by_day = ByDay::default();
    for (story, told) in told {
        tally.add(story, told);
        count_in(&mut by_day, told, zone);
    }
    Promises {
        outcomes: tally.outcomes,
        share: by_day.share(),
        padding_min: tally.padding_min(),
        early_min: tally.early_min(),
        early_median_min: tally.early_median_min(),
        late_min: tally.late_min(),
    }
}

fn later(kind: PromiseKind, firsts: &[(&Story, &Told)]) -> Later {
    let (mut visits, mut broken, mut broken_told, mut false_alarms) = (0, 0, 0, 0);
    let mut leads_ms = Vec::new();
    for (story, first) in firsts {
        let later: Vec<_> = story.moves(kind).into_iter().filter(|step| step.ms() > 0).collect();
        // Later than an earlier time told in between is not later than the first.
        let in_time = |step: &Move<'_>| step.to.at <= first.by && step.to.by > first.by;
        let told_in_time = later.iter().any(in_time);
        if let Some(step) = later.first() {
            visits += 1;
            leads_ms.push(step.from.by - step.to.at);
        }
        if first.outcome == Some(Outcome::Broken) {
            broken += 1;
            broken_told += u32::from(told_in_time);
        }
        let came_about = story.met_at(first).is_some_and(|at| at <= first.by);
        false_alarms += u32::from(told_in_time && came_about);
    }
    let ahead = |goal_ms| leads_ms.iter().filter(|&&ms| ms >= goal_ms).count() as u32;
    let (lead_15, lead_60) = (ahead(LEAD_GOAL_MS), ahead(60 * MINUTE_MS));
    Later {
        visits,
        share: part(visits, firsts.len() as u32),
        broken_told,
        broken_told_share: part(broken_told, broken),
        lead_15,
        lead_15_share: part(lead_15, visits),
        lead_60,
        lead_60_share: part(lead_60, visits),
        lead_median_min: median_min(leads_ms),
        false_alarms,
    }
}

fn earlier(kind: PromiseKind, firsts: &[(&Story, &Told)]) -> Earlier {
    let mut visits = 0;
    let mut by_ms = Vec::new();
    for (story, _) in firsts {
        let before = by_ms.len();
        by_ms.extend(story.moves(kind).iter().map(Move::ms).filter(|&ms| ms < 0).map(|ms| -ms));
        visits += u32::from(by_ms.len() > before);
    }
    Earlier {
        visits,
        times: by_ms.len() as u32,
        mean_min: mean_min(by_ms.iter().copied()),
        median_min: median_min(by_ms),
    }
}

fn warning(share: &Share, asked: f64) -> Option<Warning> {
    let (kept, interval) = (share.share?, share.interval?);
    let padding = if interval.0 > asked {
        Padding::TooLarge
    } else if interval.1 < asked {
        Padding::TooSmall
    } else {
        return None;
    };
    (share.count >= WARNING_FROM).then_some(Warning { padding, kept, interval, asked })
}

/// A part of a whole.
fn part(count: u32, of: u32) -> Option<f64> {
    (of > 0).then(|| rounded(f64::from(count) / f64::from(of), 1e4))
}
