//! The figures of one kind of promise.

use std::fmt;

use chrono_tz::Tz;
use serde::Serialize;
use sooner_engine::calendar::local_day;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, PromiseKind};

use super::interval::{ByDay, Share};
use super::story::{Move, Story, Told};
use super::tally::{Outcomes, Tally, mean_min, median_min};
use super::{percent, rounded};

/// So many promises kept or broken before anything is said of the padding.
const WARNING_FROM: u32 = 100;

/// Bad news should come at least so long before the promised minute, in milliseconds.
pub(crate) const LEAD_GOAL_MS: i64 = 15 * MINUTE_MS;

/// The figures of one kind of promise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KindReport {
    /// What was promised.
    pub kind: PromiseKind,
    /// The share that was to be kept, 0 to 1: the mean of what was asked for at each first promise
    /// that was kept or broken.
    pub asked: Option<f64>,
    /// The first promise of each visit: the one that counts.
    pub first: Promises,
    /// The newest promise of each of these visits.
    pub last: Promises,
    /// Later times that the shop told.
    pub later: Later,
    /// Earlier times that the shop told.
    pub earlier: Earlier,
    /// Whether padding is too large or too small.
    pub warning: Option<Warning>,
}

/// How one promise of each visit ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Promises {
    /// How many ended how.
    #[serde(flatten)]
    pub outcomes: Outcomes,
    /// The share kept.
    pub share: Share,
    /// Mean minutes from what came about to the promised minute; late ones count as less than
    /// nothing, and broken ones that never came about not at all.
    pub padding_min: Option<f64>,
    /// Mean minutes by which the kept ones were early.
    pub early_min: Option<f64>,
    /// Mean minutes by which the broken ones were late.
    pub late_min: Option<f64>,
}

/// Visits that the shop told a later time than before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Later {
    /// How many.
    pub visits: u32,
    /// Their share of all that were promised something, 0 to 1.
    pub share: Option<f64>,
    /// First promises that broke, of visits that had been told a later time before the minute.
    pub broken_told: u32,
    /// Their share of the first promises that broke, 0 to 1.
    pub broken_told_share: Option<f64>,
    /// Median minutes from being told for the first time to the minute that was then promised;
    /// less than nothing when it had passed.
    pub lead_median_min: Option<f64>,
    /// The share of visits told at least 15 minutes ahead, 0 to 1.
    pub lead_15_share: Option<f64>,
    /// Visits told a later time before the minute that was promised first, for which it then came
    /// about by that minute all the same.
    pub false_alarms: u32,
}

/// Visits that the shop told an earlier time than before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Earlier {
    /// How many.
    pub visits: u32,
    /// How often; a visit may be told several times.
    pub times: u32,
    /// Mean minutes by which one such time was earlier.
    pub mean_min: Option<f64>,
    /// Their median.
    pub median_min: Option<f64>,
}

/// What the share kept says of the padding.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Warning {
    /// Which way it is wrong.
    pub padding: Padding,
    /// The share kept.
    pub kept: f64,
    /// Its interval.
    pub interval: (f64, f64),
    /// The share that was asked for.
    pub asked: f64,
}

/// Which way padding is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Padding {
    /// More is kept than was asked for: times could be earlier.
    TooLarge,
    /// Less is.
    TooSmall,
}

impl KindReport {
    /// `stories` are those whose first promise of the kind counts; nothing without any.
    pub(super) fn new(kind: PromiseKind, stories: &[&Story], zone: Tz) -> Option<Self> {
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
        let first = Promises::of(&firsts, zone);
        Some(Self {
            kind,
            asked,
            warning: asked.and_then(|asked| Warning::of(&first.share, asked)),
            first,
            last: Promises::of(&lasts, zone),
            later: Later::of(kind, &firsts),
            earlier: Earlier::of(kind, &firsts),
        })
    }
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

impl Promises {
    fn of(told: &[(&Story, &Told)], zone: Tz) -> Self {
        let mut tally = Tally::default();
        let mut by_day = ByDay::default();
        for (story, told) in told {
            tally.add(story, told);
            count_in(&mut by_day, told, zone);
        }
        Self {
            outcomes: tally.outcomes,
            share: by_day.share(),
            padding_min: tally.padding_min(),
            early_min: tally.early_min(),
            late_min: tally.late_min(),
        }
    }
}

impl Later {
    fn of(kind: PromiseKind, firsts: &[(&Story, &Told)]) -> Self {
        let (mut visits, mut broken, mut broken_told, mut false_alarms) = (0, 0, 0, 0);
        let mut leads_ms = Vec::new();
        for (story, first) in firsts {
            let later: Vec<_> =
                story.moves(kind).into_iter().filter(|step| step.ms() > 0).collect();
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
        let in_good_time = leads_ms.iter().filter(|&&ms| ms >= LEAD_GOAL_MS).count() as u32;
        Self {
            visits,
            share: part(visits, firsts.len() as u32),
            broken_told,
            broken_told_share: part(broken_told, broken),
            lead_15_share: part(in_good_time, visits),
            lead_median_min: median_min(leads_ms),
            false_alarms,
        }
    }
}

impl Earlier {
    fn of(kind: PromiseKind, firsts: &[(&Story, &Told)]) -> Self {
        let mut visits = 0;
        let mut by_ms = Vec::new();
        for (story, _) in firsts {
            let before = by_ms.len();
            by_ms.extend(story.moves(kind).iter().map(Move::ms).filter(|&ms| ms < 0).map(|ms| -ms));
            visits += u32::from(by_ms.len() > before);
        }
        Self {
            visits,
            times: by_ms.len() as u32,
            mean_min: mean_min(by_ms.iter().copied()),
            median_min: median_min(by_ms),
        }
    }
}

impl Warning {
    fn of(share: &Share, asked: f64) -> Option<Self> {
        let (kept, interval) = (share.share?, share.interval?);
        let padding = if interval.0 > asked {
            Padding::TooLarge
        } else if interval.1 < asked {
            Padding::TooSmall
        } else {
            return None;
        };
        (share.count >= WARNING_FROM).then_some(Self { padding, kept, interval, asked })
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.padding {
            Padding::TooLarge => "padding could be smaller",
            Padding::TooSmall => "padding is too small",
        };
        let (low, high) = self.interval;
        write!(
            f,
            "{what}: {} kept ({} to {}) where {} was asked",
            percent(self.kept),
            percent(low),
            percent(high),
            percent(self.asked)
        )
    }
}

/// A part of a whole.
fn part(count: u32, of: u32) -> Option<f64> {
    (of > 0).then(|| rounded(f64::from(count) / f64::from(of), 1e4))
}
