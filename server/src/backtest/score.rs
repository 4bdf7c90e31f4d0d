//! How well quotes did: shares kept, padding, pinball loss, worst slices, intervals.
//!
//! Only sums per day and per slice are held. Intervals come from a bootstrap of whole days (Efron and
//! Tibshirani 1993, blocks as Künsch 1989), since the promises of one day are kept or broken together.

use std::collections::BTreeMap;

use serde::Serialize;
use sooner_sim::chance::Chance;

/// A slice counts as the worst only with so many in it.
pub const SLICE_FROM: u64 = 200;

const DAY_MS: i64 = 86_400_000;
const SLOT_MS: i64 = 2 * 3_600_000;
/// More in line are one slice.
const AHEAD_MOST: usize = 6;

/// A wait that is scored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waited {
    /// When they came, in milliseconds since the epoch.
    pub came_ms: i64,
    /// The day, counted from the first one.
    pub day: i64,
    /// How many waited before them.
    pub ahead: usize,
    /// What they came for.
    pub service: u16,
    /// How long they waited, in minutes.
    pub wait_min: f64,
}

/// Sums over some promises.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sums {
    /// How many.
    pub count: u64,
    /// How many were kept.
    pub kept: u64,
    /// Of promised less waited, in minutes.
    pub padding: f64,
    /// Of the pinball loss, in minutes.
    pub pinball: f64,
}

impl Sums {
    fn add(&mut self, promised_min: f64, wait_min: f64, keep: f64) {
        self.count += 1;
        // A promise is an instant of whole milliseconds.
        self.kept += u64::from(wait_min <= promised_min + 1e-9);
        let early = promised_min - wait_min;
        self.padding += early;
        self.pinball += (-keep * early).max((1.0 - keep) * early);
    }

    /// Takes in the promises of another.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.kept += other.kept;
        self.padding += other.padding;
        self.pinball += other.pinball;
    }

    /// The share kept.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.kept as f64 / self.count.max(1) as f64
    }

    /// The share kept, and the means of padding and loss.
    #[must_use]
    pub fn figures(&self) -> [f64; 3] {
        let count = self.count.max(1) as f64;
        [self.share(), self.padding / count, self.pinball / count]
    }
}

/// A part of the promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slice {
    /// Two hours of the day.
    Slot(i64),
    /// So many in line.
    Ahead(usize),
    /// A week, counted from the first day.
    Week(i64),
    /// What they came for.
    Type(u16),
}

/// The quotes of one column.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// By day.
    pub days: BTreeMap<i64, Sums>,
    /// By slice.
    pub slices: BTreeMap<Slice, Sums>,
}

impl Column {
    /// Takes in a promise.
    pub fn add(&mut self, waited: &Waited, promised_min: f64, keep: f64) {
        let slices = [
            Slice::Slot(waited.came_ms.rem_euclid(DAY_MS) / SLOT_MS),
            Slice::Ahead(waited.ahead.min(AHEAD_MOST)),
            Slice::Week(waited.day.div_euclid(7)),
            Slice::Type(waited.service),
        ];
        self.days.entry(waited.day).or_default().add(promised_min, waited.wait_min, keep);
        for slice in slices {
            self.slices.entry(slice).or_default().add(promised_min, waited.wait_min, keep);
        }
    }

    fn total(&self) -> Sums {
        let mut total = Sums::default();
        for day in self.days.values() {
            total.merge(day);
        }
        total
    }

    fn worst(&self, is_of: impl Fn(&Slice) -> bool) -> Option<f64> {
        let counted = self.slices.iter().filter(|(slice, s)| is_of(slice) && s.count >= SLICE_FROM);
        counted.map(|(_, sums)| sums.share()).min_by(f64::total_cmp)
    }

    /// The figures of the column, with intervals from so many resamples of its days.
    #[must_use]
    pub fn figures(&self, name: &str, bootstrap: u32) -> Figures {
        let [kept, padding_min, pinball_min] = self.total().figures();
        let intervals = self.intervals(bootstrap);
        Figures {
            name: name.to_owned(),
            kept: rounded(kept),
            padding_min: rounded(padding_min),
            pinball_min: rounded(pinball_min),
            worst_slot: self.worst(|s| matches!(s, Slice::Slot(_))).map(rounded),
            worst_ahead: self.worst(|s| matches!(s, Slice::Ahead(_))).map(rounded),
            worst_week: self.worst(|s| matches!(s, Slice::Week(_))).map(rounded),
            worst_type: self.worst(|s| matches!(s, Slice::Type(_))).map(rounded),
            kept_interval: intervals.map(|i| i[0]),
            padding_interval: intervals.map(|i| i[1]),
            pinball_interval: intervals.map(|i| i[2]),
            of_oracle: None,
        }
    }

    fn intervals(&self, resamples: u32) -> Option<[[f64; 2]; 3]> {
        let days: Vec<_> = self.days.values().collect();
        if resamples == 0 || days.is_empty() {
            return None;
        }
        let mut drawn: [Vec<f64>; 3] = Default::default();
        for resample in 0..resamples {
            let mut chance = Chance::new(1, "bootstrap", &[u64::from(resample)]);
            let mut sums = Sums::default();
            for _ in 0..days.len() {
                sums.merge(days[chance.below(days.len())]);
            }
            for (values, value) in drawn.iter_mut().zip(sums.figures()) {
                values.push(value);
            }
        }
        Some(drawn.map(|mut values| {
            values.sort_unstable_by(f64::total_cmp);
            let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
            [rounded(at(0.025)), rounded(at(0.975))]
        }))
    }
}

/// To four places.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

/// What is printed of one column. Times are in minutes; slices with fewer than 200 promises are not
/// among the worst.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// The method.
    pub name: String,
    /// The share of promises kept.
    pub kept: f64,
    /// The mean of promised less waited.
    pub padding_min: f64,
    /// The mean pinball loss at the share to keep.
    pub pinball_min: f64,
    /// The lowest share kept in two hours of the day (UTC).
    pub worst_slot: Option<f64>,
    /// The lowest share kept with so many in line.
    pub worst_ahead: Option<f64>,
    /// The lowest share kept in a week.
    pub worst_week: Option<f64>,
    /// The lowest share kept of those who came for one thing.
    pub worst_type: Option<f64>,
    /// 95 % intervals, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_interval: Option<[f64; 2]>,
    /// Of the padding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub padding_interval: Option<[f64; 2]>,
    /// Of the pinball loss.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinball_interval: Option<[f64; 2]>,
    /// The pinball loss in units of the best possible one, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_oracle: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waited(day: i64, ahead: usize, wait_min: f64) -> Waited {
        Waited { came_ms: day * DAY_MS + 9 * 3_600_000, day, ahead, service: 0, wait_min }
    }

    #[test]
    fn promises_are_scored_as_by_hand() {
        let mut column = Column::default();
        for (wait, promised) in [(10.0, 20.0), (20.0, 20.0), (30.0, 20.0), (0.5, 1.0)] {
            column.add(&waited(0, 1, wait), promised, 0.95);
        }
        let figures = column.figures("x", 0);
        assert!((figures.kept - 0.75).abs() < 1e-9);
        assert!((figures.padding_min - 0.125).abs() < 1e-9);
        // 0.05 × 10 + 0 + 0.95 × 10 + 0.05 × 0.5, over four.
        assert!((figures.pinball_min - 2.506_3).abs() < 1e-4, "{}", figures.pinball_min);
        assert_eq!(figures.worst_slot, None, "four are too few");
    }

    #[test]
    fn the_worst_slice_is_among_those_with_enough() {
        let mut column = Column::default();
        for i in 0..400 {
            let ahead = usize::from(i % 2 == 0);
            let wait = if ahead == 1 && i % 20 == 0 { 9.0 } else { 1.0 };
            column.add(&waited(i / 40, ahead, wait), 5.0, 0.95);
        }
        column.add(&waited(0, 3, 9.0), 5.0, 0.95);
        let figures = column.figures("x", 0);
        assert_eq!(figures.worst_ahead, Some(0.9));
    }

    #[test]
    fn intervals_hold_what_they_are_of_and_are_wider_when_days_differ() {
        let figures = |by_day: bool| {
            let mut column = Column::default();
            for i in 0..1_000 {
                let day = i / 25;
                let bad = if by_day { day % 10 == 0 } else { i % 10 == 0 };
                column.add(&waited(day, 0, if bad { 9.0 } else { 1.0 }), 5.0, 0.95);
            }
            column.figures("x", 300)
        };
        let (even, clumped) = (figures(false), figures(true));
        let width = |f: &Figures| f.kept_interval.map(|[low, high]| high - low).unwrap_or_default();
        for f in [&even, &clumped] {
            let [low, high] = f.kept_interval.expect("asked for");
            assert!(low <= f.kept && f.kept <= high);
        }
        assert!(width(&clumped) > 3.0 * width(&even));
    }
}
