//! The past with another share to keep.
//!
//! With each promise that was forecast the log keeps what was seen then, the simulation's quantiles
//! at 50, 80, 90, 95 and 99 % among it. Between them ln(wait + 15 s) is taken to be straight in the
//! quantile of the normal distribution. A time that was told is moved by the distance of the two
//! quantiles, times what the forecast stood at to what the simulation alone said (learning moved
//! it), and rounded up as the shop rounds. At the share that was asked for nothing is moved.
//!
//! Left out on purpose: living through the days again with another forecast. Other times would let
//! other people come and go, of whom no log knows anything.

use sooner_engine::forecast::seen::{FEATURES, OFFSET_MIN, ln_wait, wait_of_ln};
use sooner_shared::report::{Side, WhatIf};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::PromiseKind;

use super::kind::is_scored;
use super::story::{Story, Told};
use super::{Past, rounded};

/// The shares of the quantiles that are kept, in thousandths, with the quantile of the normal
/// distribution at each.
const KNOWN: [(u16, f64); 5] =
    [(500, 0.0), (800, 0.841_621), (900, 1.281_552), (950, 1.644_854), (990, 2.326_348)];
/// Where they stand among the features.
const FIRST_QUANTILE: usize = 1;

/// Shares that can be asked about, in thousandths.
pub(crate) const KEEPS: std::ops::RangeInclusive<u16> = 500..=990;
/// Those that are shown beside.
const OTHERS: [u16; 7] = [700, 800, 850, 900, 950, 970, 990];
/// Learning moves the simulation by no more than this factor: where the wait began with a closed
/// shop, the proportion means nothing.
const FACTOR: std::ops::RangeInclusive<f64> = 0.25..=4.0;

/// A time that was told, and what was known then.
#[derive(Debug, Clone, Copy)]
struct Known<'a> {
    told: &'a Told,
    /// When it came about; never for some that broke.
    met_ms: Option<i64>,
    /// ln of the simulated quantiles.
    quantiles: [f64; 5],
}

pub(super) fn what_if(past: &Past<'_>, keep_permille: u16) -> WhatIf {
    let kind = PromiseKind::Start;
    let scored: Vec<(&Story, &Told)> = past
        .stories
        .values()
        .filter_map(|story| Some((story, story.first(kind)?)))
        .filter(|(_, told)| past.has(Some(told)) && is_scored(told))
        .collect();
    let known: Vec<_> = scored.iter().filter_map(|(story, told)| Known::of(story, told)).collect();
    let step_ms = past.config.step_ms;
    let asked = known.iter().map(|one| f64::from(one.told.grounds.keep_permille));
    let asked =
        (!known.is_empty()).then(|| rounded(asked.sum::<f64>() / known.len() as f64 / 1e3, 1e4));
    let side = |keep: Option<u16>| {
        let moved = |one: &Known<'_>| keep.map_or(0, |keep| one.shift_ms(keep, step_ms));
        let all: Vec<_> = known.iter().map(|one| (*one, moved(one))).collect();
        let keep = keep.map(|keep| f64::from(keep) / 1e3).or(asked).unwrap_or_default();
        sum(keep, &all)
    };
    let last = past.report_days();
    WhatIf {
        from: last.0,
        to: last.1,
        promises: known.len() as u32,
        left_out: (scored.len() - known.len()) as u32,
        asked,
        happened: side(None),
        would: side(Some(keep_permille)),
        others: OTHERS.into_iter().map(|keep| side(Some(keep))).collect(),
    }
}

/// What comes of times that are moved by so much.
fn sum(keep: f64, all: &[(Known<'_>, i64)]) -> Side {
    let mean_min = |ms: i64| {
        (!all.is_empty()).then(|| rounded(ms as f64 / all.len() as f64 / MINUTE_MS as f64, 10.0))
    };
    let is_kept = |(one, shift): &&(Known<'_>, i64)| {
        one.met_ms.is_some_and(|met_ms| met_ms <= one.told.by.0 + shift)
    };
    let kept = all.iter().filter(is_kept).count() as u32;
    let waits = all.iter().map(|(one, shift)| one.told.by - one.told.at + shift).sum();
    Side {
        keep,
        kept,
        share: (!all.is_empty()).then(|| rounded(f64::from(kept) / all.len() as f64, 1e4)),
        wait_min: mean_min(waits),
        earlier_min: mean_min(-all.iter().map(|(_, shift)| shift).sum::<i64>()),
    }
}

impl<'a> Known<'a> {
    fn of(story: &Story, told: &'a Told) -> Option<Self> {
        let quantiles = told.quantiles?;
        Some(Self { told, met_ms: story.met_at(told).map(|at| at.0), quantiles })
    }

    /// By how much the time would have been later, in milliseconds; earlier is less than nothing.
    fn shift_ms(&self, keep: u16, step_ms: i64) -> i64 {
        let grounds = self.told.grounds;
        let [own, other] = [grounds.keep_permille, keep].map(|share| self.ln_at(share));
        let told_ms = (grounds.quantile_at - self.told.at).max(0) as f64;
        let offset_ms = OFFSET_MIN * MINUTE_MS as f64;
        let (own_ms, other_ms) = (wait_of_ln(own), wait_of_ln(other));
        let factor = (told_ms + offset_ms) / (own_ms + offset_ms);
        let factor = factor.clamp(*FACTOR.start(), *FACTOR.end());
        let before = grounds.quantile_at;
        let after = (before + ((other_ms - own_ms) * factor) as i64).max(self.told.at);
        after.round_up(step_ms.max(1)) - before.round_up(step_ms.max(1))
    }

    /// ln of the simulated quantile at a share.
    fn ln_at(&self, permille: u16) -> f64 {
        let z = |no: usize| KNOWN[no].1;
        let place = KNOWN.iter().rposition(|(share, _)| *share <= permille).unwrap_or(0);
        let place = place.min(KNOWN.len() - 2);
        let (low, high) = (self.quantiles[place], self.quantiles[place + 1]);
        let part = (normal_quantile(permille) - z(place)) / (z(place + 1) - z(place));
        low + (high - low) * part.clamp(0.0, 1.0)
    }
}

/// What the simulation said at [`KNOWN`] shares; nothing where a log of before holds other features,
/// or no quantile was finite.
pub(super) fn quantiles(features: &[i32]) -> Option<[f64; 5]> {
    if features.len() != FEATURES {
        return None;
    }
    let mut found = [0.0; 5];
    for (slot, feature) in found.iter_mut().zip(&features[FIRST_QUANTILE..]) {
        *slot = f64::from(*feature) / 1_000.0;
    }
    let longest = ln_wait(f64::MAX) - 0.01;
    found.iter().all(|ln| *ln < longest).then_some(found)
}

/// The quantile of the normal distribution at 0.5 to 0.99, by the rational approximation of
/// Abramowitz and Stegun (1964), 26.2.23, which is right to 0.000 45.
fn normal_quantile(permille: u16) -> f64 {
    if let Some((_, z)) = KNOWN.iter().find(|(share, _)| *share == permille) {
        return *z;
    }
    let tail = (1.0 - f64::from(permille) / 1e3).clamp(1e-6, 0.5);
    let t = (-2.0 * tail.ln()).sqrt();
    let above = 2.515_517 + 0.802_853 * t + 0.010_328 * t * t;
    let below = 1.0 + 1.432_788 * t + 0.189_269 * t * t + 0.001_308 * t * t * t;
    t - above / below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_of_the_normal_distribution_agrees_with_the_tables() {
        for (permille, z) in
            [(500, 0.0), (700, 0.5244), (850, 1.0364), (970, 1.8808), (990, 2.3263)]
        {
            assert!((normal_quantile(permille) - z).abs() < 5e-4, "{permille}");
        }
    }

    #[test]
    fn features_of_an_older_log_say_nothing() {
        assert_eq!(quantiles(&[1; 3]), None);
        let mut features = vec![0; FEATURES];
        features[..6].copy_from_slice(&[2_500, 2_000, 3_000, 3_200, 3_400, 3_600]);
        assert_eq!(quantiles(&features), Some([2.0, 3.0, 3.2, 3.4, 3.6]));
        features[5] = (ln_wait(f64::MAX) * 1_000.0) as i32;
        assert_eq!(quantiles(&features), None, "no end was seen");
    }
}
