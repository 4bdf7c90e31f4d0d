//! The figures of one kind of promise.

use serde::{Deserialize, Serialize};

use crate::view::PromiseKind;

/// A share of promises kept, of those kept or broken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Promises kept or broken.
    pub count: u32,
    /// Of them, kept.
    pub kept: u32,
    /// The local days they were promised for.
    pub days: u32,
    /// The share, 0 to 1; nothing without promises.
    pub share: Option<f64>,
    /// The 95 % interval, 0 to 1; nothing with fewer than two days, since nobody can say then how
    /// much days differ.
    pub interval: Option<(f64, f64)>,
}

/// Promises, by how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcomes {
    /// All of them.
    pub made: u32,
    /// Kept.
    pub kept: u32,
    /// Broken.
    pub broken: u32,
    /// Left before their minute, unprompted.
    pub left_before: u32,
    /// Without a score: after a call made in time, or taken back.
    pub void: u32,
    /// Given up for the person's own wish.
    pub released: u32,
    /// Not ended yet.
    pub open: u32,
}

/// The figures of one kind of promise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
    /// Their median.
    pub early_median_min: Option<f64>,
    /// Mean minutes by which the broken ones were late.
    pub late_min: Option<f64>,
}

/// Visits that the shop told a later time than before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
    /// Visits told at least 15 minutes ahead.
    pub lead_15: u32,
    /// Their share, 0 to 1.
    pub lead_15_share: Option<f64>,
    /// Visits told at least 60 minutes ahead.
    pub lead_60: u32,
    /// Their share, 0 to 1.
    pub lead_60_share: Option<f64>,
    /// Visits told a later time before the minute that was promised first, for which it then came
    /// about by that minute all the same.
    pub false_alarms: u32,
}

/// Visits that the shop told an earlier time than before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Padding {
    /// More is kept than was asked for: times could be earlier.
    TooLarge,
    /// Less is.
    TooSmall,
}
