//! A share and how sure it is, when what happens on one day happens to many: a slow morning breaks
//! several promises at once, so that a hundred promises of two days say less than a hundred of
//! twenty.
//!
//! The share is a ratio of sums over local days, and its variance that of the ratio estimator with
//! the day as the cluster (Cochran, Sampling Techniques, 3rd ed., 1977, chapters 6 and 9A), times
//! g / (g − 1) for g days. Its relation to the variance of independent promises is the design
//! effect (Kish, Survey Sampling, 1965). The interval is Wilson's (1927) for the number of promises
//! divided by that effect, with Student's t for g − 1 days; Dean and Pagano (J. Surv. Stat.
//! Methodol. 3, 2015, 484-503) compare such intervals. Unlike share ± t · error it stays in 0…1,
//! contains the share, and is not a point when everything was kept.

use std::collections::BTreeMap;

use sooner_shared::report::Share;

/// The normal quantile of a two-sided 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// Counts by local day, of which a share is made.
#[derive(Debug, Clone, Default)]
pub(super) struct ByDay(BTreeMap<i32, Day>);

#[derive(Debug, Clone, Copy, Default)]
struct Day {
    kept: u32,
    count: u32,
}

impl ByDay {
    pub(super) fn add(&mut self, day: i32, is_kept: bool) {
        let day = self.0.entry(day).or_default();
        day.count += 1;
        day.kept += u32::from(is_kept);
    }

    pub(super) fn share(&self) -> Share {
        let days = self.0.len() as u32;
        let count: u32 = self.0.values().map(|day| day.count).sum();
        let kept: u32 = self.0.values().map(|day| day.kept).sum();
        if count == 0 {
            return Share::default();
        }
        let share = f64::from(kept) / f64::from(count);
        let interval = (days > 1).then(|| {
            let effective = f64::from(count) / self.design_effect(share, count);
            let (low, high) = wilson(share, effective, student(days - 1));
            (super::rounded(low, 1e4), super::rounded(high, 1e4))
        });
        Share { count, kept, days, share: Some(super::rounded(share, 1e4)), interval }
    }

    /// How many times larger the variance is than if promises were independent. Never below 1: that
    /// few days differ less than chance has them differ is chance itself.
    fn design_effect(&self, share: f64, count: u32) -> f64 {
        let independent = share * (1.0 - share) / f64::from(count);
        if independent <= 0.0 {
            return 1.0;
        }
        let squares: f64 = self
            .0
            .values()
            .map(|day| (f64::from(day.kept) - share * f64::from(day.count)).powi(2))
            .sum();
        let days = self.0.len() as f64;
        let clustered = days / (days - 1.0) * squares / f64::from(count).powi(2);
        (clustered / independent).max(1.0)
    }
}

/// The interval of so many promises that are taken to be independent: those of a single day.
pub(super) fn of_one_day(kept: u32, count: u32) -> (f64, f64) {
    let count = f64::from(count.max(1));
    let (low, high) = wilson(f64::from(kept) / count, count, Z);
    (super::rounded(low, 1e4), super::rounded(high, 1e4))
}

/// Wilson's interval for `share` of `count`, which need not be whole.
fn wilson(share: f64, count: f64, quantile: f64) -> (f64, f64) {
    let square = quantile * quantile / count;
    let middle = (share + square / 2.0) / (1.0 + square);
    let half = quantile / (1.0 + square)
        * (share * (1.0 - share) / count + square / (4.0 * count)).max(0.0).sqrt();
    // Sums of floats may miss the ends, and the share that lies on one of them, by a hair.
    ((middle - half).clamp(0.0, share), (middle + half).clamp(share, 1.0))
}

/// Student's two-sided 95 % quantile: the first few from tables, the others by the expansion of
/// Abramowitz and Stegun (1964), 26.7.5, which is right to 0.001 there.
fn student(degrees: u32) -> f64 {
    const FIRST: [f64; 6] = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447];
    if let Some(&quantile) = FIRST.get(degrees.saturating_sub(1) as usize) {
        return quantile;
    }
    let n = f64::from(degrees);
    let g1 = (Z.powi(3) + Z) / 4.0;
    let g2 = (5.0 * Z.powi(5) + 16.0 * Z.powi(3) + 3.0 * Z) / 96.0;
    let g3 = (3.0 * Z.powi(7) + 19.0 * Z.powi(5) + 17.0 * Z.powi(3) - 15.0 * Z) / 384.0;
    Z + g1 / n + g2 / n.powi(2) + g3 / n.powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(days: &[(u32, u32)]) -> Share {
        let mut by_day = ByDay::default();
        for (day, &(kept, count)) in days.iter().enumerate() {
            for no in 0..count {
                by_day.add(day as i32, no < kept);
            }
        }
        by_day.share()
    }

    #[test]
    fn student_quantiles_agree_with_the_tables() {
        for (degrees, expected) in
            [(1, 12.706), (4, 2.776), (7, 2.365), (10, 2.228), (30, 2.042), (120, 1.980)]
        {
            assert!(
                (student(degrees) - expected).abs() < 1.5e-3,
                "{degrees}: {}",
                student(degrees)
            );
        }
    }

    #[test]
    fn every_interval_contains_its_share_and_stays_between_nothing_and_all() {
        for days in [1_u32, 2, 3, 10] {
            for count in [1_u32, 7, 50] {
                for kept in 0..=count {
                    let days: Vec<_> =
                        (0..=days).map(|day| (kept.saturating_sub(day), count)).collect();
                    let made = share(&days);
                    let (low, high) = made.interval.expect("two days and more");
                    let share = made.share.expect("promises");
                    assert!(0.0 <= low && low <= share && share <= high && high <= 1.0, "{made:?}");
                }
            }
        }
    }

    #[test]
    fn days_that_differ_make_the_interval_wider_than_days_that_agree() {
        let agree = share(&[(9, 10); 10]);
        let mut differ = [(10, 10); 10];
        differ[0].0 = 0;
        let differ = share(&differ);
        assert_eq!((agree.share, differ.share), (Some(0.9), Some(0.9)));
        let width = |share: Share| share.interval.map(|(low, high)| high - low).expect("has one");
        assert!(width(differ) > 2.0 * width(agree), "{agree:?} {differ:?}");
        // Wilson's for 90 of 100 with Student's 2.262 for 9 days; checked by hand.
        assert_eq!(agree.interval, Some((0.8115, 0.9495)));
    }

    #[test]
    fn a_single_day_is_as_sure_as_its_promises_are_independent() {
        // Wilson (1927): 9 of 10.
        assert_eq!(of_one_day(9, 10), (0.5958, 0.9821));
        assert!(of_one_day(0, 0).0 <= 0.0);
        let (low, high) = of_one_day(30, 30);
        assert!(low > 0.88 && (high - 1.0).abs() < 1e-9);
    }

    #[test]
    fn one_day_has_a_share_without_an_interval_and_no_day_has_neither() {
        let one = share(&[(9, 10)]);
        assert_eq!((one.share, one.interval, one.days), (Some(0.9), None, 1));
        assert_eq!(share(&[]), Share::default());
    }
}
