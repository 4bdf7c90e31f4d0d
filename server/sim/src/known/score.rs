//! How good promises were.

use std::collections::BTreeMap;

/// What was promised and what became of it, while it happens.
///
/// Scored is whoever waited and was served: a wait that begins with the arrival, and who left, are
/// not. Promises are counted as they are told, unrounded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    open: BTreeMap<u64, (i64, f64)>,
    scored: u32,
    kept: u32,
    padding: f64,
    pinball: f64,
    alpha: f64,
}

/// How good promises were on average.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// How many were scored.
    pub scored: u32,
    /// The share of waits that were not longer than promised.
    pub kept: f64,
    /// By how much the promise was longer than the wait, in minutes; broken ones count negative.
    pub padding_min: f64,
    /// The pinball loss max(α (W − P), (1 − α) (P − W)) of Koenker and Bassett (1978), in minutes.
    pub pinball_min: f64,
}

impl Ledger {
    /// Of promises that are to be kept with this probability.
    #[must_use]
    pub fn new(alpha: f64) -> Self {
        Self { alpha, ..Self::default() }
    }

    /// Who arrives now, in milliseconds since the epoch, is promised a wait of so many minutes.
    pub fn promised(&mut self, visit: u64, at_ms: i64, minutes: f64) {
        self.open.insert(visit, (at_ms, minutes));
    }

    /// Their service begins. When they are scored, says by how many minutes the promise was longer
    /// than the wait; negative when it was broken.
    pub fn started(&mut self, visit: u64, at_ms: i64) -> Option<f64> {
        let (came_ms, promised) = self.open.remove(&visit)?;
        if at_ms <= came_ms {
            return None;
        }
        let spare = promised - (at_ms - came_ms) as f64 / 60_000.0;
        self.scored += 1;
        self.kept += u32::from(spare >= 0.0);
        self.padding += spare;
        self.pinball += (-self.alpha * spare).max((1.0 - self.alpha) * spare);
        Some(spare)
    }

    /// They left.
    pub fn left(&mut self, visit: u64) {
        self.open.remove(&visit);
    }

    /// The averages so far; not numbers while nobody was scored.
    #[must_use]
    pub fn score(&self) -> Score {
        let count = f64::from(self.scored);
        Score {
            scored: self.scored,
            kept: f64::from(self.kept) / count,
            padding_min: self.padding / count,
            pinball_min: self.pinball / count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_waited_and_was_served_is_scored() {
        let mut ledger = Ledger::new(0.95);
        for visit in 0..4 {
            ledger.promised(visit, 1_000, 10.0);
        }
        assert_eq!(ledger.started(0, 1_000), None);
        ledger.left(1);
        assert_eq!(ledger.started(1, 70_000), None);
        assert_eq!(ledger.started(2, 1_000 + 6 * 60_000), Some(4.0));
        assert_eq!(ledger.started(3, 1_000 + 12 * 60_000), Some(-2.0));
        assert_eq!(ledger.started(9, 70_000), None);
        let score = ledger.score();
        assert_eq!((score.scored, score.kept), (2, 0.5));
        assert!((score.padding_min - 1.0).abs() < 1e-9);
        // 0.05 of four minutes and 0.95 of two.
        assert!((score.pinball_min - f64::midpoint(0.2, 1.9)).abs() < 1e-9);
    }
}
