//! Staff who are not there when their shift begins: when they will come, if at all.
//!
//! The time from the planned beginning to the tap that says "on duty" is a life time: some come by the
//! minute, for the others a hazard is estimated in bins of five minutes (Kaplan and Meier 1958), with who
//! never came as exposure without an end. Every shop begins with the worth of a few shifts of which
//! nearly all began in time; the longer somebody has been missing, the less they are hoped for.

use serde::{Deserialize, Serialize};
use sooner_shared::time::MINUTE_MS;

use super::hazard::lasts_ms;

/// Who comes within so long comes in time, in milliseconds.
const IN_TIME_MS: i64 = MINUTE_MS;
/// How long a bin is, in milliseconds.
const BIN_MS: i64 = 5 * MINUTE_MS;
/// Bins; who has not come after them is not expected.
const BINS: usize = 24;
/// Shifts that every shop begins with, and how many of them began in time.
const WORTH: f64 = 10.0;
const IN_TIME: f64 = 9.0;
/// Of those who are late, so much is known from the beginning in each bin, in shifts.
const BIN_WORTH: f64 = 0.5;
/// After so many milliseconds on average they come in the first bin; in later ones it is longer.
const COMES_MS: f64 = 20.0 * MINUTE_MS as f64;
/// After so many bins it is twice as long.
const FADES: f64 = 3.0;
/// Shifts remembered; older ones fade.
const SHIFTS_MOST: f64 = 200.0;

/// When people come to their shifts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Punctuality {
    shifts: f64,
    in_time: f64,
    /// For how long, in each bin, somebody was waited for, in milliseconds, and how often they came.
    awaited_ms: [f64; BINS],
    came: [f64; BINS],
}

impl Punctuality {
    /// Somebody came so long after their shift began.
    pub fn came(&mut self, late_ms: i64) {
        self.begins();
        if late_ms <= IN_TIME_MS {
            self.in_time += 1.0;
            return;
        }
        self.waited(late_ms);
        if let Some(came) = self.came.get_mut((late_ms / BIN_MS) as usize) {
            *came += 1.0;
        }
    }

    /// Somebody did not come to a shift of so many milliseconds.
    pub fn stayed_away(&mut self, shift_ms: i64) {
        self.begins();
        self.waited(shift_ms);
    }

    fn begins(&mut self) {
        self.shifts += 1.0;
        if self.shifts > SHIFTS_MOST {
            let kept = 1.0 - 1.0 / SHIFTS_MOST;
            self.shifts *= kept;
            self.in_time *= kept;
            for value in self.awaited_ms.iter_mut().chain(&mut self.came) {
                *value *= kept;
            }
        }
    }

    fn waited(&mut self, ms: i64) {
        for (bin, awaited) in self.awaited_ms.iter_mut().enumerate() {
            let from = BIN_MS * bin as i64;
            *awaited += (ms - from).clamp(0, BIN_MS) as f64;
        }
    }

    /// How late somebody comes who has been missing for so long (less than nothing: before their
    /// shift), at the uniform number `u`, in milliseconds; [`i64::MAX`] who does not.
    #[must_use]
    pub fn draw_ms(&self, missing_ms: i64, u: f64) -> i64 {
        let mut late = u;
        if missing_ms <= IN_TIME_MS {
            let in_time = (self.in_time + IN_TIME) / (self.shifts + WORTH);
            if u < in_time {
                return missing_ms.max(0);
            }
            late = (u - in_time) / (1.0 - in_time);
        }
        let bins = (0..BINS).map(|bin| {
            let worth_ms = COMES_MS * (1.0 + bin as f64 / FADES) * BIN_WORTH;
            let rate = (self.came[bin] + BIN_WORTH) / (self.awaited_ms[bin] + worth_ms);
            (BIN_MS * (bin as i64 + 1), rate)
        });
        lasts_ms(missing_ms.max(0), 1.0 - late, bins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::draw::{Purpose, uniform};

    /// The share of draws that come within so many minutes.
    fn within(punctuality: &Punctuality, missing_min: i64, minutes: i64) -> f64 {
        let draws = (0..4_000).map(|i| {
            punctuality.draw_ms(missing_min * MINUTE_MS, uniform(1, 1, Purpose::Shift, i))
        });
        draws.filter(|&ms| ms <= minutes * MINUTE_MS).count() as f64 / 4_000.0
    }

    #[test]
    fn a_new_shop_counts_on_its_people_and_hopes_less_the_longer_they_are_missing() {
        let new = Punctuality::default();
        assert!((within(&new, -60, 0) - 0.9).abs() < 0.02);
        let hopes: Vec<f64> = [2, 10, 30, 60].iter().map(|&m| within(&new, m, m + 20)).collect();
        assert!(hopes.is_sorted_by(|a, b| a > b), "{hopes:?}");
        assert!(hopes[0] > 0.45 && hopes[3] < 0.2, "{hopes:?}");
        assert!((0..50).all(|i| new.draw_ms(0, f64::from(i) / 50.0) >= 0));
        assert_eq!(new.draw_ms(3 * 60 * MINUTE_MS, 0.5), i64::MAX, "nobody comes after two hours");
    }

    #[test]
    fn where_people_come_half_an_hour_late_they_are_expected_then() {
        let mut shop = Punctuality::default();
        for shift in 0..200 {
            shop.came(if shift % 4 == 0 { 31 * MINUTE_MS } else { -2 * MINUTE_MS });
        }
        assert!((within(&shop, -10, 1) - 0.75).abs() < 0.03);
        assert!(within(&shop, 5, 28) < 0.15, "not before");
        assert!(within(&shop, 5, 36) > 0.8, "but then");
    }

    #[test]
    fn where_who_is_missing_stays_away_nobody_is_hoped_for() {
        let mut shop = Punctuality::default();
        for shift in 0..100 {
            if shift % 10 == 0 { shop.stayed_away(8 * 60 * MINUTE_MS) } else { shop.came(0) }
        }
        assert!(within(&shop, 10, 60) < 0.35);
    }
}
