//! "What if we had promised 90 %?"

use serde::{Deserialize, Serialize};

use super::Date;

/// The past with another share to keep: `GET /api/shops/{shop}/what-if?keep=0.90&from=…&to=…`.
///
/// Each time that was told is moved by what the forecast knew when it was told: by the distance of
/// its quantiles at the two shares, in the proportion in which the time told stood to them. What
/// really happened stays as it was, so that it assumes that people and staff had done the same at
/// the same times. Only starts that the board forecast itself and that were kept or broken take
/// part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WhatIf {
    /// The first local day on which promises were counted.
    pub from: Date,
    /// The last one.
    pub to: Date,
    /// Promises that take part.
    pub promises: u32,
    /// Promises that were kept or broken and do not: times named by staff, and those of logs
    /// before forecasts were recorded.
    pub left_out: u32,
    /// The share that was asked for when they were made, 0 to 1: the mean.
    pub asked: Option<f64>,
    /// What happened.
    pub happened: Side,
    /// With the share that was asked about.
    pub would: Side,
    /// With others, from low to high.
    pub others: Vec<Side>,
}

/// One share, and what would have come of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// The share to keep, 0 to 1; of what happened, the mean.
    pub keep: f64,
    /// Promises kept.
    pub kept: u32,
    /// Their share, 0 to 1.
    pub share: Option<f64>,
    /// Mean minutes from being told to the promised minute.
    pub wait_min: Option<f64>,
    /// Mean minutes by which times would have been earlier than those told; later is less than
    /// nothing.
    pub earlier_min: Option<f64>,
}
