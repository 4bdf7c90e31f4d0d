//! How long services take: log-normal around the owner's nominal minutes, moved by what was seen.
//!
//! ln(duration) is normal with unknown mean and variance under a normal-inverse-gamma prior: the
//! conjugate update is in Murphy, "Conjugate Bayesian analysis of the Gaussian distribution"
//! (2007), section 6. Each path draws a mean and a variance from the posterior, so that a new
//! shop's ignorance widens its promises.

use serde::{Deserialize, Serialize};

use super::normal::{upper_quantile, upper_tail};
use crate::config::Taught;

/// Coefficient of variation assumed around the nominal duration.
const PRIOR_CV: f64 = 0.5;
/// Observations the nominal duration is worth, for the mean and for the variance.
const PRIOR_K: f64 = 4.0;
const PRIOR_A: f64 = 4.0;
/// Observations remembered; older ones fade.
const WINDOW: u32 = 600;
/// Shorter services are taps by mistake and teach nothing, in milliseconds.
const TEACHES_FROM_MS: i64 = 5_000;
/// No draw exceeds the median of its path by more than this factor: an unbounded tail ruins the
/// forecast of a short line.
const CAP_FACTOR: f64 = 6.0;

/// Running count, mean and summed squared deviations of ln(milliseconds) (Welford 1962).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// How many, at most 600.
    pub count: u32,
    /// Mean.
    pub mean_ln: f64,
    /// Summed squared deviations.
    pub ss_ln: f64,
}

impl Learned {
    /// Starts from what was seen elsewhere.
    #[must_use]
    pub fn from_taught(taught: Option<Taught>) -> Self {
        let Some(taught) = taught else {
            return Self::default();
        };
        let count = taught.count.min(WINDOW);
        let fade = f64::from(count) / f64::from(taught.count.max(1));
        Self { count, mean_ln: taught.mean_ln, ss_ln: taught.ss_ln * fade }
    }

    /// Takes in one service.
    pub fn learn(&mut self, duration_ms: i64) {
        if duration_ms < TEACHES_FROM_MS {
            return;
        }
        if self.count == WINDOW {
            self.count -= 1;
            self.ss_ln *= f64::from(WINDOW - 1) / f64::from(WINDOW);
        }
        self.count += 1;
        let x = libm::log(duration_ms as f64);
        let delta = x - self.mean_ln;
        self.mean_ln += delta / f64::from(self.count);
        self.ss_ln += delta * (x - self.mean_ln);
    }

    /// What is believed of the service's durations: nominal minutes first, observations more and
    /// more.
    #[must_use]
    pub fn posterior(&self, nominal_ms: i64) -> Posterior {
        let prior_variance = libm::log(1.0 + PRIOR_CV * PRIOR_CV);
        let prior_mean = libm::log(nominal_ms as f64) - prior_variance / 2.0;
        let n = f64::from(self.count);
        let k = PRIOR_K + n;
        let off = self.mean_ln - prior_mean;
        Posterior {
            mean: if self.count == 0 { prior_mean } else { prior_mean + off * n / k },
            k,
            a: PRIOR_A + n / 2.0,
            b: prior_variance * (PRIOR_A - 1.0)
                + if self.count == 0 {
                    0.0
                } else {
                    self.ss_ln / 2.0 + PRIOR_K * n * off * off / (2.0 * k)
                },
        }
    }
}

/// The standard normal quantile at nine in ten.
const NINE_IN_TEN: f64 = 1.281_551_565_544_6;

/// A normal-inverse-gamma distribution over the mean and variance of ln(milliseconds).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Posterior {
    mean: f64,
    k: f64,
    a: f64,
    b: f64,
}

impl Posterior {
    /// How long to plan for: nine in ten are shorter, by the mean and variance believed most.
    #[must_use]
    pub fn planned_ms(&self) -> i64 {
        libm::exp(self.mean + NINE_IN_TEN * libm::sqrt(self.b / self.a)) as i64
    }

    /// How long it takes on average, by the mean and variance believed most.
    #[must_use]
    pub fn mean_ms(&self) -> i64 {
        libm::exp(self.mean + self.b / self.a / 2.0) as i64
    }

    /// So long that nearly nothing lasts longer, in milliseconds.
    #[must_use]
    pub fn limit_ms(&self) -> i64 {
        libm::exp(self.mean + 3.0 * libm::sqrt(self.b / self.a)) as i64
    }

    /// The durations of one path, from two uniform numbers. The gamma quantile is that of Wilson
    /// and Hilferty (1931), within 1 % for the shapes that occur here (4 and more).
    #[must_use]
    pub fn draw(&self, spread: f64, centre: f64) -> LogNormal {
        let shrink = 1.0 / (9.0 * self.a);
        let root = 1.0 - shrink + upper_quantile(spread) * libm::sqrt(shrink);
        let gamma = self.a * root * root * root;
        let sigma = libm::sqrt(self.b / gamma.max(self.a * 1e-3));
        LogNormal::new(self.mean + upper_quantile(centre) * sigma / libm::sqrt(self.k), sigma)
    }
}

/// Durations whose logarithm is normal, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogNormal {
    mu: f64,
    sigma: f64,
    /// e^mu, in milliseconds.
    median: f64,
}

impl LogNormal {
    fn new(mu: f64, sigma: f64) -> Self {
        Self { mu, sigma, median: libm::exp(mu) }
    }

    /// How long a service takes beyond the `elapsed_ms` it has taken already: the conditional
    /// distribution at the uniform number `u`.
    #[must_use]
    pub fn remaining_ms(&self, elapsed_ms: i64, u: f64) -> i64 {
        let cap = self.median * CAP_FACTOR;
        if elapsed_ms <= 0 {
            return libm::exp(self.mu + self.sigma * upper_quantile(u)).min(cap) as i64;
        }
        let elapsed = elapsed_ms as f64;
        let survived = upper_tail((libm::log(elapsed) - self.mu) / self.sigma);
        let total = libm::exp(self.mu + self.sigma * upper_quantile(u * survived));
        // Past the cap something is unusual, and what remains is bounded by one median.
        let most = cap.max(elapsed + self.median);
        (total.min(most) - elapsed).max(0.0) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::draw::{Purpose, uniform};

    const MINUTE: i64 = 60_000;

    fn mean_minutes(posterior: &Posterior, elapsed_ms: i64) -> f64 {
        let n = 20_000u32;
        let total: i64 = (0..n)
            .map(|path| {
                let u = |subject, purpose| uniform(3, subject, purpose, path);
                posterior
                    .draw(u(1, Purpose::Spread), u(1, Purpose::Centre))
                    .remaining_ms(elapsed_ms, u(2, Purpose::Duration))
            })
            .sum();
        total as f64 / f64::from(n) / MINUTE as f64
    }

    #[test]
    fn a_new_service_takes_its_nominal_minutes_on_average() {
        let mean = mean_minutes(&Learned::default().posterior(30 * MINUTE), 0);
        assert!((27.0..36.0).contains(&mean), "{mean}");
    }

    #[test]
    fn observations_win_over_the_nominal_minutes() {
        let mut learned = Learned::default();
        for i in 0..200 {
            learned.learn((18 + i % 5) * MINUTE);
        }
        let mean = mean_minutes(&learned.posterior(60 * MINUTE), 0);
        assert!((19.0..22.5).contains(&mean), "{mean}");
    }

    #[test]
    fn the_longer_a_service_has_taken_the_less_remains_at_first() {
        let posterior = Learned::default().posterior(30 * MINUTE);
        let at = |minutes| mean_minutes(&posterior, minutes * MINUTE);
        assert!(at(10) < at(0));
        // An overrun remains finite and is never "any moment now".
        let overrun = at(600);
        assert!((1.0..120.0).contains(&overrun), "{overrun}");
    }

    #[test]
    fn old_observations_fade() {
        let mut learned = Learned::default();
        for _ in 0..2_000 {
            learned.learn(10 * MINUTE);
        }
        for _ in 0..2_000 {
            learned.learn(20 * MINUTE);
        }
        assert_eq!(learned.count, WINDOW);
        let mean = mean_minutes(&learned.posterior(10 * MINUTE), 0);
        assert!((18.0..22.0).contains(&mean), "{mean}");
    }

    #[test]
    fn a_tap_by_mistake_teaches_nothing() {
        let mut learned = Learned::default();
        learned.learn(0);
        learned.learn(4_999);
        assert_eq!(learned, Learned::default());
    }
}
