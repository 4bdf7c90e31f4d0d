//! The owner's figures: how promises ended, by how much they were beaten, how early bad news came,
//! and whether padding fits what was asked for. Computed from a shop's log alone.
//!
//! [`Report`] is what the report page draws and `--json` prints; its parts are described where
//! they are shared with the page. Every share of promises kept comes with its interval (see
//! `interval`).

mod amends;
mod broken;
mod cells;
mod csv;
mod interval;
pub(crate) mod kind;
mod pictures;
pub(crate) mod story;
mod table;
pub(crate) mod tally;
#[cfg(test)]
mod tests;
mod turns;
mod voices;
mod what_if;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use chrono_tz::Tz;
use sooner_engine::calendar::local_day;
use sooner_engine::{Event, Recorded, ShopConfig};
use sooner_shared::report::{Date, Letter, Week, WhatIf};
use sooner_shared::view::PromiseKind;
use sooner_shared::words::{Formality, Language, Words};
use sooner_shared::{ShopId, StaffId, Timestamp, VisitId};
use thiserror::Error;

use crate::store::{self, StoreError};
use story::{Story, Told};

pub use sooner_shared::report::Report;
pub use table::Table;
pub use turns::Turns;
pub(crate) use what_if::KEEPS;

/// The names of who serves.
pub type Names = BTreeMap<StaffId, String>;

/// 1 January 1970, counted as the engine counts days.
const EPOCH_DAY: i64 = 719_163;

/// Local days, both ends included; open where nothing is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub from: Option<Date>,
    /// The last.
    pub to: Option<Date>,
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
        from: Date,
        /// The last.
        to: Date,
    },
    /// The shop has promised nothing yet.
    #[error("the shop {0} has promised nothing yet")]
    NoPromises(ShopId),
    /// Nothing was promised on these days.
    #[error("nothing was promised on these days; the log has promises from {from} to {to}")]
    NoneThen {
        /// The local day of the log's first promise.
        from: Date,
        /// Of its last.
        to: Date,
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
    /// Those of a week.
    #[must_use]
    pub const fn of_week(week: Week) -> Self {
        Self { from: Some(week.monday()), to: Some(week.sunday()) }
    }

    fn check(self) -> Result<(), ReportError> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from > to => Err(ReportError::NoDays { from, to }),
            _ => Ok(()),
        }
    }

    fn has(self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

/// Reads the log of a shop in `folder`, which a server may be using, and makes its figures.
pub async fn read(folder: &Path, shop: &ShopId, days: Days) -> Result<Report, ReportError> {
    days.check()?;
    let log = read_log(folder, shop).await?;
    let names = store::read_staff_names(folder, shop).await?;
    figures(shop, &log, &names, days)
}

/// Makes the figures of a log in which something was promised on these days.
fn figures(
    shop: &ShopId,
    log: &[Recorded],
    names: &Names,
    days: Days,
) -> Result<Report, ReportError> {
    let past = Past::new(shop, log, days)?;
    let report = past.report(Some(names));
    match (report.kinds.is_empty(), past.span) {
        (false, _) => Ok(report),
        (true, Some((from, to))) => Err(ReportError::NoneThen { from, to }),
        (true, None) => Err(ReportError::NoPromises(shop.clone())),
    }
}

/// The letter of a week; without one, of the last week before that of the log's last event. In the
/// shop's language, unless another one is asked for.
pub async fn read_letter(
    folder: &Path,
    shop: &ShopId,
    week: Option<Week>,
    language: Option<Language>,
) -> Result<String, ReportError> {
    let log = read_log(folder, shop).await?;
    let past = Past::new(shop, &log, Days::default())?;
    let last_at = log.last().map_or(Timestamp(0), |recorded| recorded.at);
    let letter = past.letter(week.unwrap_or_else(|| past.week_before(last_at)));
    let language = language.or_else(|| past.language()).unwrap_or(Language::En);
    Ok(letter.text(past.words(language)))
}

async fn read_log(folder: &Path, shop: &ShopId) -> Result<Vec<Recorded>, ReportError> {
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
    Ok(log)
}

/// A shop's log, told, and the days that are asked about.
pub struct Past<'a> {
    shop: &'a ShopId,
    log: &'a [Recorded],
    config: &'a ShopConfig,
    zone: Tz,
    stories: Rc<BTreeMap<VisitId, Story>>,
    /// The local days of its first and its last promise.
    span: Option<(Date, Date)>,
    days: Days,
}

impl<'a> Past<'a> {
    /// Goes through a log.
    pub fn new(shop: &'a ShopId, log: &'a [Recorded], days: Days) -> Result<Self, ReportError> {
        days.check()?;
        let config = log.iter().rev().find_map(|recorded| match &recorded.event {
            Event::Configured(config) => Some(&**config),
            _ => None,
        });
        let config = config.ok_or_else(|| ReportError::NoSetUp(shop.clone()))?;
        let zone = config.tz();
        let stories = Rc::new(story::tell(log));
        let told = || stories.values().flat_map(|story| &story.told).map(|told| told.at);
        let span = told().min().zip(told().max());
        let span = span.map(|(first, last)| (day_of(zone, first), day_of(zone, last)));
        Ok(Self { shop, log, config, zone, stories, span, days })
    }

    /// Whose it is.
    #[must_use]
    pub const fn shop(&self) -> &ShopId {
        self.shop
    }

    /// The language of the shop, where its set-up says which.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        self.config.languages.first().copied()
    }

    /// The texts of a language, as the shop addresses people.
    #[must_use]
    pub fn words(&self, language: Language) -> &'static Words {
        Words::addressing(language, Formality::of(self.config.informal))
    }

    /// The last week that was over at an instant. A clock that was set back is held at the last
    /// event.
    #[must_use]
    pub fn week_before(&self, now: Timestamp) -> Week {
        let now = self.log.last().map_or(now, |last| now.max(last.at));
        day_of(self.zone, now).plus(-7).week()
    }

    /// The figures. Without `names` nobody who serves is told apart; those who have none there are
    /// called by their place.
    #[must_use]
    pub fn report(&self, names: Option<&Names>) -> Report {
        let zone = self.zone;
        let of_kind = |kind| -> Vec<&Story> {
            let counts = |story: &&Story| self.has(story.first(kind));
            self.stories.values().filter(counts).collect()
        };
        let kinds: Vec<_> = PromiseKind::ALL
            .into_iter()
            .filter_map(|kind| kind::of_kind(kind, &of_kind(kind), zone))
            .collect();
        let headline: Vec<_> =
            self.firsts().into_iter().map(|(_, story, told)| (story, told)).collect();
        let starts = of_kind(PromiseKind::Start);
        let starts = (!starts.is_empty()).then(|| cells::starts(&starts, self.config, names, zone));
        let has_any =
            |story: &&Story| PromiseKind::ALL.into_iter().any(|kind| self.has(story.first(kind)));
        let (from, to) = self.report_days();
        Report {
            shop: self.shop.to_string(),
            name: self.config.name.clone(),
            zone: self.config.zone.clone(),
            from,
            to,
            visits: self.stories.values().filter(has_any).count() as u32,
            goal: f64::from(self.config.keep_permille) / 1e3,
            pictures: pictures::pictures(&headline, &kinds, of_kind, zone),
            broken: broken::broken(self),
            voices: voices::voices(self.stories.values().filter(has_any)),
            amends: amends::amends(&self.events(), |visit| self.stories.get(&visit)),
            headline: kind::promises(&headline, zone),
            kinds,
            starts,
        }
    }

    /// The letter of a week, whatever days are asked about.
    #[must_use]
    pub fn letter(&self, week: Week) -> Letter {
        let of_week =
            Past { days: Days::of_week(week), stories: Rc::clone(&self.stories), ..*self };
        Letter::of(&of_week.report(None), week)
    }

    /// One line for each promise, as `GET …/report.csv` gives it; see [`Past::report`] for `names`.
    #[must_use]
    pub fn csv(&self, names: Option<&Names>) -> Vec<u8> {
        csv::csv(self, names)
    }

    /// The past with another share to keep, in thousandths from 500 to 990.
    #[must_use]
    pub fn what_if(&self, keep_permille: u16) -> WhatIf {
        what_if::what_if(self, keep_permille)
    }

    /// Whether a promise was made on the days that are asked about.
    fn has(&self, told: Option<&Told>) -> bool {
        told.is_some_and(|told| self.days.has(day_of(self.zone, told.at)))
    }

    /// The days that are asked about; where nothing is said, those of the log's promises.
    #[must_use]
    pub fn report_days(&self) -> (Date, Date) {
        let last = self.log.last().map_or(Date(0), |recorded| day_of(self.zone, recorded.at));
        let (first, last) = self.span.unwrap_or((last, last));
        (self.days.from.unwrap_or(first), self.days.to.unwrap_or(last))
    }

    /// The first promise of each visit, whatever its kind, in order of being told.
    fn firsts(&self) -> Vec<(VisitId, &Story, &Told)> {
        let first = |(visit, story): (&VisitId, _)| told_of(*visit, story).next();
        self.in_order(self.stories.iter().filter_map(first).collect())
    }

    /// All promises, in order of being told.
    fn all_told(&self) -> Vec<(VisitId, &Story, &Told)> {
        self.in_order(
            self.stories.iter().flat_map(|(visit, story)| told_of(*visit, story)).collect(),
        )
    }

    fn in_order<'s>(
        &self,
        mut all: Vec<(VisitId, &'s Story, &'s Told)>,
    ) -> Vec<(VisitId, &'s Story, &'s Told)> {
        all.retain(|(.., told)| self.has(Some(told)));
        all.sort_by_key(|(.., told)| told.at);
        all
    }

    /// What happened and was not taken back.
    fn standing(&self) -> impl Iterator<Item = &'a Recorded> {
        let taken_back = self.log.iter().filter_map(|recorded| match recorded.event {
            Event::Undone { tap } => Some(tap),
            _ => None,
        });
        let taken_back: BTreeSet<_> = taken_back.collect();
        self.log.iter().filter(move |recorded| !taken_back.contains(&recorded.tap))
    }

    /// The same on the days that are asked about.
    fn events(&self) -> Vec<&'a Recorded> {
        let counts = |recorded: &&Recorded| self.days.has(day_of(self.zone, recorded.at));
        self.standing().filter(counts).collect()
    }
}

fn told_of(
    visit: VisitId,
    story: &Story,
) -> impl Iterator<Item = (VisitId, &Story, &Told)> + use<'_> {
    story.told.iter().map(move |told| (visit, story, told))
}

/// The local day of an instant.
fn day_of(zone: Tz, at: Timestamp) -> Date {
    Date(i64::from(local_day(zone, at)) - EPOCH_DAY)
}

/// Steady digits: the same figure prints the same.
pub(crate) fn rounded(value: f64, per_unit: f64) -> f64 {
    let rounded = (value * per_unit).round() / per_unit;
    // Nothing is not less than nothing.
    if rounded == 0.0 { 0.0 } else { rounded }
}
