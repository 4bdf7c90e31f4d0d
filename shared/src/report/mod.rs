//! The owner's figures: how promises ended, by how much they were beaten, how early bad news came,
//! what broke and what was made good. Made by the server from a shop's log alone, drawn by the
//! report page.
//!
//! `GET /api/shops/{shop}/report?from=2026-06-01&to=2026-06-30` answers with a [`Report`]. Promises
//! are those made on these local days, both included; the first of each kind and visit counts.
//! Shares are 0 to 1, durations minutes, and what cannot be said is null. Nobody who waited is in
//! it by name.

mod broken;
mod date;
mod kinds;
mod letter;
mod pictures;
mod places;
mod voices;
mod what_if;

use serde::{Deserialize, Serialize};

pub use broken::{Amends, Broken, BrokenOne, Good, Paid, Reason, ReasonCount, Worst};
pub use date::{Date, NoSuchDay, Week};
pub use kinds::{Earlier, KindReport, Later, Outcomes, Padding, Promises, Share, Warning};
pub use letter::{Advice, Letter};
pub use pictures::{Bar, Dot, LastMinute, Per, Pictures, Slice};
pub use places::{Cell, Cells, Starts};
pub use voices::Voices;
pub use what_if::{Side, WhatIf};

/// Below so many promises a share says little of what it is about, and much of single people.
pub const CELL_FROM: u32 = 30;

/// The figures of a shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The shop's short name.
    pub shop: String,
    /// The name over its door.
    pub name: String,
    /// The time zone whose days and hours these are.
    pub zone: String,
    /// The first local day on which promises were counted.
    pub from: Date,
    /// The last one.
    pub to: Date,
    /// Visits whose first promise of any kind was made then.
    pub visits: u32,
    /// The share that the shop wants to keep now, 0 to 1.
    pub goal: f64,
    /// The first promise of each visit, whatever its kind: the one that counts.
    pub headline: Promises,
    /// Each kind of promise that was made; none when nothing was promised then.
    pub kinds: Vec<KindReport>,
    /// Where starts were kept; nothing when none was promised.
    pub starts: Option<Starts>,
    /// What can be drawn of them.
    pub pictures: Pictures,
    /// First promises that broke, and why.
    pub broken: Broken,
    /// What was done on these days about promises in danger and broken ones.
    pub amends: Amends,
    /// What customers said at the end.
    #[serde(default)]
    pub voices: Voices,
}
