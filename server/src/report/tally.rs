//! How promises ended, counted, and by how much they were beaten or missed.

pub(crate) use sooner_shared::report::Outcomes;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::Outcome;

use super::rounded;
use super::story::{Story, Told};

/// Outcomes, and the promised times less those at which things came about.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) outcomes: Outcomes,
    kept_ms: Vec<i64>,
    broken_ms: Vec<i64>,
}

impl Tally {
    pub(crate) fn add(&mut self, story: &Story, told: &Told) {
        let Outcomes { made, kept, broken, left_before, void, released, open } = &mut self.outcomes;
        *made += 1;
        *match told.outcome {
            Some(Outcome::Kept) => kept,
            Some(Outcome::Broken) => broken,
            Some(Outcome::LeftBefore) => left_before,
            Some(Outcome::Void) => void,
            Some(Outcome::Released) => released,
            None => open,
        } += 1;
        // A promise that broke and was never made good has no padding.
        let padding_ms = story.met_at(told).map(|met_at| told.by - met_at);
        match told.outcome {
            Some(Outcome::Kept) => self.kept_ms.extend(padding_ms),
            Some(Outcome::Broken) => self.broken_ms.extend(padding_ms),
            _ => {}
        }
    }

    /// Mean minutes by which promises were beaten; late ones count as less than nothing.
    pub(crate) fn padding_min(&self) -> Option<f64> {
        mean_min(self.kept_ms.iter().chain(&self.broken_ms).copied())
    }

    /// Mean minutes by which kept ones were beaten.
    pub(super) fn early_min(&self) -> Option<f64> {
        mean_min(self.kept_ms.iter().copied())
    }

    /// Their median.
    pub(super) fn early_median_min(&self) -> Option<f64> {
        median_min(self.kept_ms.clone())
    }

    /// Mean minutes by which broken ones were missed.
    pub(super) fn late_min(&self) -> Option<f64> {
        mean_min(self.broken_ms.iter().map(|ms| -ms))
    }
}

/// The mean, in minutes.
pub(super) fn mean_min(ms: impl Iterator<Item = i64>) -> Option<f64> {
    let (sum, count) = ms.fold((0, 0), |(sum, count), one| (sum + one, count + 1));
    (count > 0).then(|| rounded(sum as f64 / f64::from(count) / MINUTE_MS as f64, 100.0))
}

/// The median, in minutes; of an even number, the middle of the two.
pub(super) fn median_min(mut ms: Vec<i64>) -> Option<f64> {
    ms.sort_unstable();
    let upper = *ms.get(ms.len() / 2)?;
    let lower = ms[(ms.len() - 1) / 2];
    Some(rounded((lower + upper) as f64 / 2.0 / MINUTE_MS as f64, 100.0))
}
