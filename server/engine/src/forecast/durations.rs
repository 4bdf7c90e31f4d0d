//! How long services take: around the owner's nominal minutes, moved by what was seen.
//!
//! ln(duration) of a step = centre + the person's pace + the shop's speed + a residual.
//!
//! * The centre and the spread have a normal-inverse-gamma prior around the nominal minutes; the
//!   conjugate update is in Murphy, "Conjugate Bayesian analysis of the Gaussian distribution"
//!   (2007), section 6. Each path draws both from the posterior, so that a new shop's ignorance
//!   widens its promises.
//! * From 30 observations on the spread is that of the residuals themselves (real
//!   services are not log-normal), pulled towards the normal while they are few, with its tails; the
//!   centre is still drawn.
//! * [`super::paces`] has who is quick, and whether everything is slower of late.

use std::collections::VecDeque;

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
/// Residuals remembered.
const RESIDUALS: usize = 300;
/// From so many residuals on their own distribution is used.
const PLUG_IN_FROM: usize = 30;
/// Residuals that the normal is worth beside those seen.
const NORMAL_WORTH: f64 = 40.0;
/// Shorter services are taps by mistake and teach nothing, in milliseconds.
const TEACHES_FROM_MS: i64 = 5_000;
/// No draw exceeds the median of its path by more than this factor: an unbounded tail ruins the
/// forecast of a short line.
const CAP_FACTOR: f64 = 6.0;

/// What the services of one step have taught: running count, mean and summed squared deviations of
/// ln(milliseconds) (Welford 1962), and the newest residuals.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// How many, at most 600.
    pub count: u32,
    /// Mean, at the pace of nobody in particular.
    pub mean_ln: f64,
    /// Summed squared deviations.
    pub ss_ln: f64,
    /// What was left of ln(milliseconds) when pace and speed were taken off, newest last.
    usual: VecDeque<f32>,
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
        Self { count, mean_ln: taught.mean_ln, ss_ln: taught.ss_ln * fade, usual: VecDeque::new() }
    }

    /// Takes in one service of somebody whose pace, and with the shop's speed then, is known in log
    /// space. Returns by how much it was longer than that; `None` where it teaches nothing.
    pub fn learn(
        &mut self,
        duration_ms: i64,
        nominal_ms: i64,
        pace: f64,
        speed: f64,
    ) -> Option<Longer> {
        if duration_ms < TEACHES_FROM_MS {
            return None;
        }
        let centre = self.posterior(nominal_ms).mean;
        let (mean_ms, variation) = self.usual(nominal_ms);
        let ln = libm::log(duration_ms as f64);
        if self.usual.len() == RESIDUALS {
            self.usual.pop_front();
        }
        self.usual.push_back((ln - pace - speed) as f32);
        if self.count == WINDOW {
            self.count -= 1;
            self.ss_ln *= f64::from(WINDOW - 1) / f64::from(WINDOW);
        }
        self.count += 1;
        let x = ln - pace - speed;
        let delta = x - self.mean_ln;
        self.mean_ln += delta / f64::from(self.count);
        self.ss_ln += delta * (x - self.mean_ln);
        let expected_ms = mean_ms * libm::exp(pace + speed);
        Some(Longer { ln: ln - centre, share: duration_ms as f64 / expected_ms - 1.0, variation })
    }

    /// What is believed of the step's durations: nominal minutes first, observations more and more.
    #[must_use]
    pub fn posterior(&self, nominal_ms: i64) -> Posterior {
        let prior_variance = libm::log(1.0 + PRIOR_CV * PRIOR_CV);
        let prior_mean = libm::log(nominal_ms.max(1) as f64) - prior_variance / 2.0;
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

    /// The mean, in milliseconds, and the coefficient of variation at nobody's pace in particular
    /// and as fast as usual.
    fn usual(&self, nominal_ms: i64) -> (f64, f64) {
        if self.usual.len() < PLUG_IN_FROM {
            let Posterior { mean, a, b, .. } = self.posterior(nominal_ms);
            let variance = b / a;
            return (libm::exp(mean + variance / 2.0), libm::sqrt(libm::expm1(variance)));
        }
        let n = self.usual.len() as f64;
        let (sum, squares) = self.usual.iter().fold((0.0, 0.0), |(sum, squares), &ln| {
            let ms = libm::exp(f64::from(ln));
            (sum + ms, squares + ms * ms)
        });
        let mean = sum / n;
        (mean, libm::sqrt((squares / n / (mean * mean) - 1.0).max(0.0)))
    }

    /// What a simulation draws from.
    #[must_use]
    pub fn model(&self, nominal_ms: i64, speed: f64) -> Model {
        let posterior = self.posterior(nominal_ms).at_speed(speed);
        let is_known = self.usual.len() >= PLUG_IN_FROM;
        let mean_ms = posterior.mean_ms();
        Model { posterior, mean_ms, knots: is_known.then(|| self.knots(&posterior)) }
    }

    /// The quantiles of the durations at even steps of probability, in milliseconds.
    fn knots(&self, posterior: &Posterior) -> Box<Knots> {
        let n = self.usual.len() as f64;
        let mean = self.usual.iter().map(|&x| f64::from(x)).sum::<f64>() / n;
        let mut sorted: Vec<f64> = self.usual.iter().map(|&x| f64::from(x) - mean).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let variance = sorted.iter().map(|r| r * r).sum::<f64>() / n;
        let sigma = libm::sqrt(variance);
        let trust = n / (n + NORMAL_WORTH);
        let mut knots = [0.0; KNOTS + 1];
        for (index, knot) in knots.iter_mut().enumerate() {
            let u = (index as f64 / KNOTS as f64).clamp(KNOT_END, 1.0 - KNOT_END);
            let z = -upper_quantile(u);
            let seen = quantile_of(&sorted, u, z, sigma);
            let residual = trust * seen + (1.0 - trust) * sigma * z;
            *knot = libm::exp(posterior.mean + residual.min(MAX_RESIDUAL)) as f32;
        }
        Box::new(knots)
    }
}

/// By how much a service took longer than others of its kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Longer {
    /// Than the centre, in log space.
    pub ln: f64,
    /// Than the mean of this person at this time, as a share of it.
    pub share: f64,
    /// The coefficient of variation of such services.
    pub variation: f64,
}

/// How finely a distribution is told.
const KNOTS: usize = 256;
/// The probability at which the outermost knots stand.
const KNOT_END: f64 = 0.000_8;
/// ln([`CAP_FACTOR`]).
const MAX_RESIDUAL: f64 = 1.791_759_469_228_055;

type Knots = [f32; KNOTS + 1];

/// The quantile of sorted values at `u`, whose normal score is `z`; beyond the outermost ones the
/// normal with this sigma goes on.
fn quantile_of(sorted: &[f64], u: f64, z: f64, sigma: f64) -> f64 {
    let n = sorted.len() as f64;
    let at = u * n - 0.5;
    let last = sorted.len() - 1;
    let end = 0.5 / n;
    if at <= 0.0 {
        sorted[0] + sigma * (z + upper_quantile(end))
    } else if at >= last as f64 {
        sorted[last] + sigma * (z - upper_quantile(end))
    } else {
        let below = at as usize;
        let part = at - below as f64;
        sorted[below] * (1.0 - part) + sorted[below + 1] * part
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
    /// The same when everything takes longer by a factor, given in log space.
    #[must_use]
    pub const fn at_speed(self, speed: f64) -> Self {
        Self { mean: self.mean + speed, ..self }
    }

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
}

/// What is believed of the durations of a step, ready to be drawn from.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    posterior: Posterior,
    mean_ms: i64,
    /// `None` while there are too few residuals.
    knots: Option<Box<Knots>>,
}

/// The centre and spread of a model on one path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnPath {
    /// By how much everything is longer than the model's centre, where residuals say how durations
    /// are spread; otherwise the median, e^mu, in milliseconds.
    factor: f64,
    sigma: f64,
    mu: f64,
}

impl Model {
    /// How long it takes on average, in milliseconds.
    #[must_use]
    pub const fn mean_ms(&self) -> i64 {
        self.mean_ms
    }

    /// The quantile at the share `u`, by the mean and variance believed most, in milliseconds.
    #[must_use]
    pub fn quantile_ms(&self, u: f64) -> f64 {
        let Posterior { mean, a, b, .. } = self.posterior;
        let normal = || libm::exp(mean - libm::sqrt(b / a) * upper_quantile(u));
        self.knots.as_ref().map_or_else(normal, |knots| at(knots, u))
    }

    /// The centre and spread on one path, from two uniform numbers. The gamma quantile is that of
    /// Wilson and Hilferty (1931), within 1 % for the shapes that occur here (4 and more).
    #[must_use]
    pub fn on_path(&self, spread: f64, centre: f64) -> OnPath {
        let Posterior { mean, k, a, b } = self.posterior;
        let shrink = 1.0 / (9.0 * a);
        let root = 1.0 - shrink + upper_quantile(spread) * libm::sqrt(shrink);
        let gamma = a * root * root * root;
        let sigma = libm::sqrt(b / gamma.max(a * 1e-3));
        let off = upper_quantile(centre) * sigma / libm::sqrt(k);
        let mu = mean + off;
        OnPath { factor: libm::exp(if self.knots.is_some() { off } else { mu }), sigma, mu }
    }

    /// How long a service takes at the uniform number `u`, in milliseconds.
    #[inline]
    #[must_use]
    pub fn draw_ms(&self, path: &OnPath, u: f64) -> f64 {
        if let Some(knots) = &self.knots {
            path.factor * at(knots, u)
        } else {
            let cap = path.factor * CAP_FACTOR;
            libm::exp(path.mu - path.sigma * upper_quantile(u)).min(cap)
        }
    }

    /// How long a service takes beyond the `elapsed_ms` it has taken already: the conditional
    /// distribution at the uniform number `u`, in milliseconds.
    #[must_use]
    pub fn remaining_ms(&self, path: &OnPath, elapsed_ms: f64, u: f64) -> f64 {
        if elapsed_ms <= 0.0 {
            return self.draw_ms(path, u);
        }
        if let Some(knots) = &self.knots {
            let elapsed = elapsed_ms / path.factor;
            let passed = share_below(knots, elapsed);
            // Beyond, too few were seen to say how the distribution goes on.
            if passed < KNOWN_TO {
                let total = at(knots, passed + (1.0 - passed) * u);
                return path.factor * (total - elapsed).max(0.0);
            }
        }
        let survived = upper_tail((libm::log(elapsed_ms) - path.mu) / path.sigma);
        let total = libm::exp(path.mu + path.sigma * upper_quantile((1.0 - u) * survived));
        // Past the cap something is unusual, and what remains is bounded by one median.
        let median = libm::exp(path.mu);
        let most = (median * CAP_FACTOR).max(elapsed_ms + median);
        (total.min(most) - elapsed_ms).max(0.0)
    }
}

/// As far as residuals tell how long something goes on that has not ended.
const KNOWN_TO: f64 = 0.98;

#[inline]
fn at(knots: &Knots, u: f64) -> f64 {
    let place = u * KNOTS as f64;
    let below = (place as usize).min(KNOTS - 1);
    let part = (place - below as f64) as f32;
    f64::from(knots[below] + part * (knots[below + 1] - knots[below]))
}

fn share_below(knots: &Knots, ms: f64) -> f64 {
    let ms = ms as f32;
    let above = knots.partition_point(|&knot| knot <= ms);
    if above == 0 {
        return 0.0;
    }
    if above > KNOTS {
        return 1.0;
    }
    let (low, high) = (knots[above - 1], knots[above]);
    let part = if high > low { (ms - low) / (high - low) } else { 0.0 };
    (above as f64 - 1.0 + f64::from(part)) / KNOTS as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::draw::{Purpose, uniform};

    const MINUTE: i64 = 60_000;

    fn mean_minutes(model: &Model, elapsed_ms: i64) -> f64 {
        let n = 20_000u32;
        let total: f64 = (0..n)
            .map(|path| {
                let u = |subject, purpose| uniform(3, subject, purpose, path);
                let on_path = model.on_path(u(1, Purpose::Spread), u(1, Purpose::Centre));
                model.remaining_ms(&on_path, elapsed_ms as f64, u(2, Purpose::Duration))
            })
            .sum();
        total / f64::from(n) / MINUTE as f64
    }

    fn learn(learned: &mut Learned, minutes: f64) {
        learned.learn((minutes * MINUTE as f64) as i64, 30 * MINUTE, 0.0, 0.0);
    }

    #[test]
    fn a_new_service_takes_its_nominal_minutes_on_average() {
        let mean = mean_minutes(&Learned::default().model(30 * MINUTE, 0.0), 0);
        assert!((27.0..36.0).contains(&mean), "{mean}");
    }

    #[test]
    fn observations_win_over_the_nominal_minutes() {
        let mut learned = Learned::default();
        for i in 0..200 {
            learned.learn((18 + i % 5) * MINUTE, 60 * MINUTE, 0.0, 0.0);
        }
        let mean = mean_minutes(&learned.model(60 * MINUTE, 0.0), 0);
        assert!((19.0..22.5).contains(&mean), "{mean}");
    }

    #[test]
    fn the_longer_a_service_has_taken_the_less_remains_at_first() {
        let model = Learned::default().model(30 * MINUTE, 0.0);
        let at = |minutes| mean_minutes(&model, minutes * MINUTE);
        assert!(at(10) < at(0));
        // An overrun remains finite and is never "any moment now".
        let overrun = at(600);
        assert!((1.0..120.0).contains(&overrun), "{overrun}");
    }

    #[test]
    fn old_observations_fade() {
        let mut learned = Learned::default();
        for _ in 0..2_000 {
            learn(&mut learned, 10.0);
        }
        for _ in 0..2_000 {
            learn(&mut learned, 20.0);
        }
        assert_eq!(learned.count, WINDOW);
        let mean = mean_minutes(&learned.model(10 * MINUTE, 0.0), 0);
        assert!((18.0..22.0).contains(&mean), "{mean}");
    }

    #[test]
    fn a_tap_by_mistake_teaches_nothing() {
        let mut learned = Learned::default();
        assert_eq!(learned.learn(0, MINUTE, 0.0, 0.0), None);
        assert_eq!(learned.learn(4_999, MINUTE, 0.0, 0.0), None);
        assert_eq!(learned, Learned::default());
    }

    #[test]
    fn what_was_seen_is_drawn_when_it_is_not_log_normal() {
        // Easy ones of 10 minutes and hard ones of 40, nothing between.
        let mut learned = Learned::default();
        for i in 0..300 {
            learn(&mut learned, if i % 3 == 0 { 40.0 } else { 10.0 } + f64::from(i % 7) * 0.1);
        }
        let model = learned.model(30 * MINUTE, 0.0);
        let on_path = model.on_path(0.5, 0.5);
        let draws = (0..1_000).map(|i| model.draw_ms(&on_path, (f64::from(i) + 0.5) / 1_000.0));
        let between = draws.filter(|ms| (15.0..30.0).contains(&(ms / MINUTE as f64))).count();
        assert!(between < 60, "{between} of 1,000 in the gap");
        // Who has taken 15 minutes is one of the hard ones.
        let rest = mean_minutes(&model, 15 * MINUTE);
        assert!((20.0..28.0).contains(&rest), "{rest}");
    }

    #[test]
    fn a_part_of_a_distribution_is_found_again() {
        let mut learned = Learned::default();
        for i in 0..200 {
            learn(&mut learned, 20.0 + f64::from(i % 40));
        }
        let knots = learned.model(30 * MINUTE, 0.0).knots.expect("enough were seen");
        for percent in 1..98 {
            let u = f64::from(percent) / 100.0;
            assert!((share_below(&knots, at(&knots, u)) - u).abs() < 1e-3, "{u}");
        }
    }
}
