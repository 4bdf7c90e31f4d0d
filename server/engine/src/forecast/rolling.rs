//! Rolling conformal calibration: the quantile of how much longer than a quote waits really were,
//! over the last outcomes.
//!
//! Split conformal prediction (Vovk; Romano, Patterson, Candès 2019 for quantiles) with
//! ln(W + c) - ln(Q + c) as the score, over a window that moves on, so that it follows a shop that
//! changes. With the waits themselves as scores it is the quantile of recent waits.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// From so many on it says something.
const SAYS_FROM: usize = 60;

/// The last scores, in the order they came and sorted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rolling {
    window: usize,
    scores: VecDeque<f32>,
    sorted: Vec<f32>,
}

impl Rolling {
    /// Remembers so many scores.
    #[must_use]
    pub const fn of(window: usize) -> Self {
        Self { window, scores: VecDeque::new(), sorted: Vec::new() }
    }

    /// Takes in a score.
    pub fn learn(&mut self, score: f64) {
        let score = score as f32;
        if self.scores.len() == self.window
            && let Some(oldest) = self.scores.pop_front()
        {
            let place = self.sorted.partition_point(|&s| s < oldest);
            self.sorted.remove(place);
        }
        self.scores.push_back(score);
        let place = self.sorted.partition_point(|&s| s < score);
        self.sorted.insert(place, score);
    }

    /// The score that a share of outcomes stays within; `None` while there are too few.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let n = self.sorted.len();
        if n < SAYS_FROM {
            return None;
        }
        let rank = libm::ceil((n + 1) as f64 * share) as usize;
        Some(f64::from(self.sorted[rank.clamp(1, n) - 1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_is_of_the_newest_scores_only() {
        let mut rolling = Rolling::of(1_000);
        for i in 0..59 {
            rolling.learn(f64::from(i));
        }
        assert_eq!(rolling.quantile(0.95), None, "too few");
        for i in 0..3_000 {
            rolling.learn(f64::from(i % 100));
        }
        assert_eq!(rolling.scores.len(), 1_000);
        assert_eq!(rolling.quantile(0.95), Some(95.0));
        for _ in 0..1_000 {
            rolling.learn(3.0);
        }
        assert_eq!(rolling.quantile(0.5), Some(3.0));
    }
}
