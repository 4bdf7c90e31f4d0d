//! How well a replayed day's promises did.

use std::fmt;

use serde::Serialize;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, Stage};

use super::Options;
use super::day::{Day, Source};
use super::plan::Plan;
use super::told::Told;

/// The figures of one replayed day. The same input gives the same figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scorecard {
    /// The day's number, from 0.
    pub day: u32,
    /// Its date.
    pub date: String,
    /// The time zone the day was cut in.
    pub zone: String,
    /// The share of promises that was to be kept.
    pub keep: f64,
    /// What promises are rounded up to, in minutes; 0 is a second.
    pub round_min: u8,
    /// People who served, without spare chairs.
    pub staff: usize,
    /// What was known of each service before.
    pub services: Vec<ServiceKnown>,
    /// People who came.
    pub visits: usize,
    /// Those who were served.
    pub served: usize,
    /// Those who went away before.
    pub left: usize,
    /// First promises, and how they ended.
    pub promises: Promises,
    /// Everybody whose first promise was kept or broken.
    pub all: Share,
    /// Of those the ones who were served, and not at once (start > arrival).
    pub waited: Share,
    /// Rows that needed a spare chair: without a name, or of somebody who was busy.
    pub spare_rows: usize,
    /// Times shown that no longer held when somebody said yes.
    pub quotes_changed: usize,
    /// Events in the log.
    pub events: usize,
}

/// What was known of a service before the day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServiceKnown {
    /// Its name.
    #[serde(rename = "type")]
    pub name: String,
    /// How many minutes it is said to take.
    pub nominal_min: f64,
    /// Who says so.
    pub nominal_from: Source,
    /// Services of earlier days that taught.
    pub taught: u32,
}

/// First promises by how they ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Promises {
    /// How many were made.
    pub made: usize,
    /// Of these, made after joining, when somebody came on duty.
    pub late: usize,
    /// Visits that got none.
    pub none: usize,
    /// Started by the minute.
    pub kept: usize,
    /// The minute passed first.
    pub broken: usize,
    /// Left before the minute: no score.
    pub left_before: usize,
    /// Did not come to a call made in time: no score.
    pub void: usize,
}

/// A share of promises kept, and by how much.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// Kept.
    pub kept: usize,
    /// Broken.
    pub broken: usize,
    /// Kept, of kept and broken.
    pub share: Option<f64>,
    /// Mean minutes from start to promise, of the kept.
    pub early_min: Option<f64>,
    /// Mean minutes from promise to start, of the broken who were served.
    pub late_min: Option<f64>,
    /// Mean minutes from start to promise, of all who were served: what the promises cost.
    pub padding_min: Option<f64>,
}

impl Scorecard {
    pub(super) fn new(
        day: &Day,
        plan: &Plan,
        options: &Options,
        told: &[Told],
        quotes_changed: usize,
        events: usize,
    ) -> Self {
        let count = |is: &dyn Fn(&Told) -> bool| told.iter().filter(|told| is(told)).count();
        let ended = |outcome| count(&|told| told.outcome == Some(outcome));
        Self {
            day: day.number,
            date: day.date.to_string(),
            zone: options.zone.name().to_owned(),
            keep: f64::from(options.keep_permille) / 1_000.0,
            round_min: options.round_min,
            staff: plan.staff.len(),
            services: day
                .services
                .iter()
                .map(|(name, known)| ServiceKnown {
                    name: name.clone(),
                    nominal_min: rounded(known.nominal_ms as f64 / MINUTE_MS as f64, 100.0),
                    nominal_from: known.source,
                    taught: known.seen,
                })
                .collect(),
            visits: told.len(),
            served: count(&|told| told.stage == Stage::Done),
            left: count(&|told| told.stage == Stage::Left),
            promises: Promises {
                made: count(&|told| told.by.is_some()),
                late: count(&|told| told.is_late),
                none: count(&|told| told.by.is_none()),
                kept: ended(Outcome::Kept),
                broken: ended(Outcome::Broken),
                left_before: ended(Outcome::LeftBefore),
                void: ended(Outcome::Void),
            },
            all: Share::of(told.iter()),
            waited: Share::of(
                told.iter().filter(|t| t.started_at.is_some_and(|at| at > t.joined_at)),
            ),
            spare_rows: plan.spare_rows,
            quotes_changed,
            events,
        }
    }
}

impl Share {
    fn of<'a>(told: impl Iterator<Item = &'a Told>) -> Self {
        let (mut kept, mut broken) = (0, 0);
        let [mut early, mut late, mut padding] = [Mean::default(); 3];
        for one in told {
            let is_kept = match one.outcome {
                Some(Outcome::Kept) => true,
                Some(Outcome::Broken) => false,
                _ => continue,
            };
            *(if is_kept { &mut kept } else { &mut broken }) += 1;
            if let Some((by, started_at)) = one.by.zip(one.started_at) {
                padding.add(by - started_at);
                if is_kept {
                    early.add(by - started_at);
                } else {
                    late.add(started_at - by);
                }
            }
        }
        let scored = kept + broken;
        Self {
            kept,
            broken,
            share: (scored > 0).then(|| rounded(kept as f64 / scored as f64, 10_000.0)),
            early_min: early.minutes(),
            late_min: late.minutes(),
            padding_min: padding.minutes(),
        }
    }
}

/// Sums whole milliseconds, so that no order matters.
#[derive(Clone, Copy, Default)]
struct Mean {
    count: i64,
    sum_ms: i64,
}

impl Mean {
    fn add(&mut self, ms: i64) {
        self.count += 1;
        self.sum_ms += ms;
    }

    fn minutes(self) -> Option<f64> {
        let mean_ms = || self.sum_ms as f64 / self.count as f64;
        (self.count > 0).then(|| rounded(mean_ms() / MINUTE_MS as f64, 100.0))
    }
}

fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}

impl fmt::Display for Scorecard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounding = match self.round_min {
            0 => "a second".to_owned(),
            n => format!("{n} min"),
        };
        writeln!(
            f,
            "Day {}, {} ({}): {} people on duty, {} % to be kept, rounded up to {rounding}.",
            self.day,
            self.date,
            self.zone,
            self.staff,
            rounded(self.keep * 100.0, 10.0),
        )?;
        for service in &self.services {
            let source = match service.nominal_from {
                Source::Given => "as given",
                Source::SameService => "its mean before",
                Source::AllServices => "the mean of all before",
                Source::Assumed => "assumed",
            };
            let name = if service.name.is_empty() { "(no type)" } else { &service.name };
            let minutes = service.nominal_min;
            writeln!(f, "  {name}: {minutes:.2} min ({source}), {} seen before", service.taught)?;
        }
        let Promises { made, late, none, kept, broken, left_before, void } = self.promises;
        writeln!(f)?;
        for (what, number, more) in [
            ("visits", self.visits, format!("{} served, {} left", self.served, self.left)),
            ("promises made", made, format!("{late} of them after joining; {none} got none")),
            ("  kept", kept, String::new()),
            ("  broken", broken, String::new()),
            ("  left before", left_before, "no score".to_owned()),
            ("  void", void, "no score".to_owned()),
            ("spare chairs", self.spare_rows, "services without a name, or of who was busy".into()),
            ("quotes changed", self.quotes_changed, "under somebody about to join".into()),
            ("events", self.events, String::new()),
        ] {
            writeln!(f, "{}", format!("{what:<16}{number:>8}   {more}").trim_end())?;
        }
        writeln!(f)?;
        writeln!(f, "{:<28}{:>14}{:>17}", "", "all", "start > arrival")?;
        let percent = |share: Option<f64>| {
            share.map_or_else(|| "–".to_owned(), |share| format!("{:.2} %", share * 100.0))
        };
        let minutes =
            |m: Option<f64>| m.map_or_else(|| "–".to_owned(), |minutes| format!("{minutes:.2}"));
        let (all, waited) = (&self.all, &self.waited);
        let of = |s: &Share| format!("{} of {}", s.kept, s.kept + s.broken);
        for (what, all, waited) in [
            ("kept", of(all), of(waited)),
            ("share kept", percent(all.share), percent(waited.share)),
            ("kept: minutes early, mean", minutes(all.early_min), minutes(waited.early_min)),
            ("broken: minutes late, mean", minutes(all.late_min), minutes(waited.late_min)),
            ("padding in minutes, mean", minutes(all.padding_min), minutes(waited.padding_min)),
        ] {
            writeln!(f, "{what:<28}{all:>14}{waited:>17}")?;
        }
        Ok(())
    }
}
