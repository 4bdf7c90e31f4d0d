//! The tracker: moves all quotes by a factor until the share kept is the share asked for, as far as
//! there is evidence that it is not.
//!
//! The factor follows quantile tracking on the log scale (Gibbs and Candès 2021, at a small constant
//! rate): each promise moves it by the rate times (missed - allowed). Alone it would follow chance:
//! bad days come in clumps, and on a queue whose quotes are right already it cost 2 % of the loss. So
//! it counts only as far as the shop's record speaks against the quotes without it: with z the sum
//! of (missed - allowed) in units of its standard error, clustered by day and with older days fading,
//! the factor is shrunk by 1 - 4/z² (positive-part James-Stein), and is 1 while |z| < 2.

use serde::{Deserialize, Serialize};

/// By how much one promise moves the factor, as ln.
const RATE: f64 = 0.003;
/// It goes no further, as ln.
const MOST: f64 = 0.7;
/// z² below which there is no evidence.
const CHANCE: f64 = 4.0;
/// Evidence is worth half after so many days: 2^(-1/30).
const FADE: f64 = 0.977_16;

/// Where the tracker stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Tracker {
    ln_factor: f64,
    day: i32,
    /// Of the present day, and of those before.
    today: f64,
    sum: f64,
    squares: f64,
}

impl Tracker {
    /// The factor as ln.
    #[must_use]
    pub fn ln_factor(&self) -> f64 {
        let sum = self.sum + self.today;
        let squares = self.squares + self.today * self.today;
        if CHANCE * squares >= sum * sum {
            return 0.0;
        }
        self.ln_factor * (1.0 - CHANCE * squares / (sum * sum))
    }

    /// Takes in whether a promise was kept, as soon as that is known.
    pub fn score(&mut self, kept: bool, share: f64) {
        let off = if kept { share - 1.0 } else { share };
        self.ln_factor = (self.ln_factor + RATE * off).clamp(-MOST, MOST);
    }

    /// Takes in whether a quote would have been kept without the tracker, on a day.
    pub fn weigh(&mut self, kept: bool, share: f64, day: i32) {
        if day != self.day {
            let fade =
                if day > self.day { libm::pow(FADE, f64::from(day - self.day)) } else { 1.0 };
            self.sum = (self.sum + self.today) * fade;
            self.squares = (self.squares + self.today * self.today) * fade;
            self.today = 0.0;
            self.day = day;
        }
        self.today += if kept { share - 1.0 } else { share };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::draw::{Purpose, uniform};

    /// Lives through days on each of which quotes are all missed with the same chance, which differs
    /// from day to day around `missed`.
    fn after(missed: f64, spread: f64) -> Tracker {
        let mut tracker = Tracker::default();
        for day in 0..200 {
            let tilt = spread * (uniform(1, 1, Purpose::Spread, day) - 0.5);
            for i in 0..30 {
                let kept = uniform(1, 2, Purpose::Duration, day * 30 + i) > missed + tilt;
                tracker.score(kept, 0.95);
                tracker.weigh(kept, 0.95, day.cast_signed());
            }
        }
        tracker
    }

    #[test]
    fn quotes_that_are_right_are_left_alone_though_days_differ() {
        assert!(after(0.05, 0.1).ln_factor().abs() < 0.02);
    }

    #[test]
    fn quotes_that_are_missed_too_often_become_longer_and_others_shorter() {
        assert!(after(0.15, 0.1).ln_factor() > 0.3);
        assert!(after(0.005, 0.01).ln_factor() < -0.2);
    }

    #[test]
    fn without_evidence_nothing_is_moved() {
        let mut tracker = Tracker::default();
        assert!(tracker.ln_factor().abs() < 1e-12);
        // Missed, and nobody knows yet by how much.
        tracker.score(false, 0.95);
        assert!(tracker.ln_factor().abs() < 1e-12);
    }
}
