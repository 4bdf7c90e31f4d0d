//! The owner's figures: how promises ended, by how much they were beaten, how early bad news came,
//! and whether padding fits what was asked for. Computed from a shop's log alone.
//!
//! Promises are those made on the local days asked about; the first of each kind and visit counts.
//! Every share of promises kept comes with its interval (see [`Share`]). [`Report`] is what
//! `--json` prints: shares are 0 to 1, durations minutes, and what cannot be said is null.

mod amends;
mod cells;
mod interval;
pub(crate) mod kind;
pub(crate) mod story;
mod table;
pub(crate) mod tally;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serialize;
use sooner_engine::calendar::local_date;
use sooner_engine::{Event, Recorded};
use sooner_shared::view::PromiseKind;
use sooner_shared::{ShopId, StaffId};
use thiserror::Error;

use crate::store::{self, StoreError};
use story::Story;

pub use amends::Amends;
pub use cells::{Cell, Cells, Starts};
pub use interval::Share;
pub use kind::{Earlier, KindReport, Later, Padding, Promises, Warning};
pub use tally::Outcomes;

/// The figures of a shop.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The shop's short name.
    pub shop: String,
    /// The name over its door.
    pub name: String,
    /// The time zone whose days and hours these are.
    pub zone: String,
    /// The first local day on which promises were counted, as `2026-06-01`.
    pub from: NaiveDate,
    /// The last one.
    pub to: NaiveDate,
    /// Visits whose first promise of any kind was made then.
    pub visits: u32,
    /// Each kind of promise that was made.
    pub kinds: Vec<KindReport>,
    /// Where starts were kept; nothing when none was promised.
    pub starts: Option<Starts>,
    /// What was done on these days about promises in danger and broken ones.
    pub amends: Amends,
}

/// Local days, both ends included; open where nothing is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub from: Option<NaiveDate>,
    /// The last.
    pub to: Option<NaiveDate>,
}

/// Why there are no figures.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The folder has no such shop.
    #[error("there is no shop {shop} in {}{}", .folder.display(), others(.there))]
    UnknownShop {
        /// The one asked for.
        shop: ShopId,
        /// Where.
        folder: PathBuf,
        /// Those that are there.
        there: Vec<ShopId>,
    },
    /// The log does not begin with a set-up, so that nothing in it can be read.
    #[error("the log of shop {0} does not begin with its set-up")]
    NoSetUp(ShopId),
    /// The last day is before the first.
    #[error("no day lies from {from} to {to}: the first is after the last")]
    NoDays {
        /// The first day asked for.
        from: NaiveDate,
        /// The last.
        to: NaiveDate,
    },
    /// The shop has promised nothing yet.
    #[error("the shop {0} has promised nothing yet")]
    NoPromises(ShopId),
    /// Nothing was promised on these days.
    #[error("nothing was promised on these days; the log has promises from {from} to {to}")]
    NoneThen {
        /// The local day of the log's first promise.
        from: NaiveDate,
        /// Of its last.
        to: NaiveDate,
    },
    /// The log cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn others(there: &[ShopId]) -> String {
    let names: Vec<_> = there.iter().map(ToString::to_string).collect();
    if names.is_empty() { String::new() } else { format!("; there is {}", names.join(", ")) }
}

impl Days {
    fn check(self) -> Result<(), ReportError> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from > to => Err(ReportError::NoDays { from, to }),
            _ => Ok(()),
        }
    }

    fn has(self, date: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

/// Reads the log of a shop in `folder`, which a server may be using, and makes its figures.
pub async fn read(folder: &Path, shop: &ShopId, days: Days) -> Result<Report, ReportError> {
    days.check()?;
    let log: Vec<_> = store::read_events(folder, Some(shop))
        .await?
        .into_iter()
        .map(|logged| logged.recorded)
        .collect();
    if log.is_empty() {
        let (shop, folder) = (shop.clone(), folder.to_owned());
        let there = store::read_shops(&folder).await?;
        return Err(ReportError::UnknownShop { shop, folder, there });
    }
    Report::new(shop, &log, &store::read_staff_names(folder, shop).await?, days)
}

impl Report {
    /// Makes the figures of a log. `names` are those of who serves; without one, their place.
    pub fn new(
        shop: &ShopId,
        log: &[Recorded],
        names: &BTreeMap<StaffId, String>,
        days: Days,
    ) -> Result<Self, ReportError> {
        days.check()?;
        let config = log.iter().rev().find_map(|recorded| match &recorded.event {
            Event::Configured(config) => Some(config),
            _ => None,
        });
        let config = config.ok_or_else(|| ReportError::NoSetUp(shop.clone()))?;
        let zone = config.tz();
        let stories = story::tell(log);
        let dates = || {
            let told = stories.values().flat_map(|story| &story.told);
            told.filter_map(|told| local_date(zone, told.at))
        };
        let (Some(first), Some(last)) = (dates().min(), dates().max()) else {
            return Err(ReportError::NoPromises(shop.clone()));
        };
        let counts = |story: &Story, kind| {
            let date = story.first(kind).and_then(|told| local_date(zone, told.at));
            date.is_some_and(|date| days.has(date))
        };
        let of_kind = |kind| -> Vec<&Story> {
            stories.values().filter(|story| counts(story, kind)).collect()
        };
        let kinds: Vec<_> = PromiseKind::ALL
            .into_iter()
            .filter_map(|kind| KindReport::new(kind, &of_kind(kind), zone))
            .collect();
        if kinds.is_empty() {
            return Err(ReportError::NoneThen { from: first, to: last });
        }
        let has_any = |story: &&Story| PromiseKind::ALL.into_iter().any(|kind| counts(story, kind));
        let starts = of_kind(PromiseKind::Start);
        let then =
            |recorded: &&Recorded| local_date(zone, recorded.at).is_some_and(|date| days.has(date));
        Ok(Self {
            amends: Amends::of(log.iter().filter(then), |visit| stories.get(&visit)),
            shop: shop.to_string(),
            name: config.name.clone(),
            zone: config.zone.clone(),
            from: days.from.unwrap_or(first),
            to: days.to.unwrap_or(last),
            visits: stories.values().filter(has_any).count() as u32,
            kinds,
            starts: (!starts.is_empty()).then(|| Starts::new(&starts, config, names, zone)),
        })
    }
}

/// Steady digits: the same figure prints the same.
pub(crate) fn rounded(value: f64, per_unit: f64) -> f64 {
    let rounded = (value * per_unit).round() / per_unit;
    // Nothing is not less than nothing.
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// A share as people read it.
fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
