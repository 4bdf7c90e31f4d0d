//! What can be drawn.

use serde::{Deserialize, Serialize};

use super::Date;
use crate::view::{Outcome, PromiseKind};

/// Series and points for pictures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pictures {
    /// Whether a slice is a day or a week.
    pub per: Per,
    /// The share kept over time, of the first promise of each visit, in order. Days on which nothing
    /// was kept or broken are left out.
    pub over_time: Vec<Slice>,
    /// Of which kind dots and bars are: the one that was promised most often.
    pub kind: PromiseKind,
    /// Promised against actual, at most 2,000, in order of being promised.
    pub dots: Vec<Dot>,
    /// Of how many promises they are a sample.
    pub dots_of: u32,
    /// How many minutes promises were early or late, in classes of five minutes.
    pub early_late: Vec<Bar>,
    /// Whether start taps are bunched in the last minute.
    pub last_minute: LastMinute,
}

/// How long a slice of time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// A day.
    Day,
    /// A week, from Monday on.
    Week,
}

/// A day or a week.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// Its first day.
    pub from: Date,
    /// Promises kept or broken.
    pub count: u32,
    /// Of them, kept.
    pub kept: u32,
    /// The 95 % interval, 0 to 1. Of a day, as if its promises were independent, which is too
    /// narrow; of a week, over its days.
    pub interval: (f64, f64),
}

/// One promise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Dot {
    /// Minutes from being told to the promised minute.
    pub promised_min: f64,
    /// Minutes from being told to what came about.
    pub actual_min: f64,
    /// Kept or broken. Called in time and come later is kept.
    pub outcome: Outcome,
}

/// Promises that were early or late by some minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// From so many minutes early on; late is less than nothing. Open at the late end.
    pub from_min: Option<i32>,
    /// Up to, without, so many minutes early. Open at the early end.
    pub to_min: Option<i32>,
    /// How many.
    pub count: u32,
}

/// Starts in the last minute before the promised one. Taps are checked: many there and few before
/// look as if the button was pressed for the clock's sake.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastMinute {
    /// Starts in the last 60 seconds.
    pub count: u32,
    /// Starts in the five minutes before these.
    pub before: u32,
    /// Whether that is far more than the minutes before let expect.
    pub is_bunched: bool,
}
