//! Linear quantile regression on the log scale: ln(wait + c) at the share to keep, as a linear
//! function of what the board saw.
//!
//! Koenker and Bassett (1978), with the pinball loss smoothed by convolution so that Newton's
//! method applies (Fernandes, Guerre, Horta 2021; He, Pan, Tan, Zhou 2023), here with the logistic
//! kernel, in steps of falling bandwidth, and a ridge on the standardised coefficients. Quantiles
//! pass through monotone functions unchanged, so that fitting the logarithm fits the wait.
//!
//! The last bandwidth is a fifth of the spread of the residuals, wider than the theory of independent
//! rows has it: it holds the slopes steady, which is worth more than it costs, since the next weeks
//! are not drawn from the same distribution as the last. It also lifts the whole quantile above the
//! share asked for; three quarters of that are taken back, since fits keep less of what is to come
//! than of what they were fitted to. The rolling calibration beside it says what is left.

use serde::{Deserialize, Serialize};

/// Ridge on each standardised coefficient, in rows: few rows are held to their mean.
const RIDGE: f64 = 100.0;
/// Bandwidths of the smoothing on the way, in units of the spread of the outcome.
const BANDWIDTHS: [f64; 3] = [0.6, 0.25, 0.12];
/// The last one, in units of the spread of the residuals.
const LAST_BANDWIDTH: f64 = 0.2;
/// How far the intercept goes back to where the share asked for is that of the rows.
const GOES_BACK: f64 = 0.75;
/// Newton steps at each bandwidth, at most.
const STEPS: usize = 8;
/// A step that improves the loss by less than this share of it is the last.
const ENOUGH: f64 = 1e-5;
/// A row whose loss bends less than this share of the most is left out of the second derivative.
const BENDS: f64 = 4e-3;
/// Standardised features are cut off here: a line goes on for ever, the world does not.
const FAR: f64 = 3.0;

/// A fitted quantile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Regression {
    intercept: f64,
    /// For each feature: its mean, one over its spread, its coefficient.
    terms: Vec<(f64, f64, f64)>,
}

/// One outcome to learn from.
pub struct Row<'a> {
    /// What was seen.
    pub features: &'a [f32],
    /// What came.
    pub outcome: f64,
    /// What it counts.
    pub weight: f64,
}

impl Regression {
    /// How many features it knows.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.terms.len()
    }

    /// The quantile for these features.
    #[must_use]
    pub fn at(&self, features: &[f32]) -> f64 {
        let terms = self.terms.iter().zip(features);
        self.intercept
            + terms
                .map(|(&(mean, scale, slope), &x)| {
                    slope * ((f64::from(x) - mean) * scale).clamp(-FAR, FAR)
                })
                .sum::<f64>()
    }

    /// Fits the quantile at `share`, the sooner if one that was fitted `before` is near. `None` when
    /// the rows cannot tell.
    #[must_use]
    pub fn fit(rows: &[Row<'_>], share: f64, before: Option<&Self>) -> Option<Self> {
        let width = rows.first()?.features.len();
        let design = Design::new(rows, width)?;
        let before = before.filter(|before| before.terms.len() == width);
        let beta = design.solve(share, before.map(|before| design.standardised(before)))?;
        let terms = design.scales.iter().zip(&beta[1..]).map(|(&(m, s), &b)| (m, s, b)).collect();
        let fitted = Self { intercept: beta[0], terms };
        let sound =
            fitted.terms.iter().all(|t| t.0.is_finite() && t.1.is_finite() && t.2.is_finite());
        (sound && fitted.intercept.is_finite()).then_some(fitted)
    }
}

/// The standardised rows.
struct Design {
    scales: Vec<(f64, f64)>,
    /// Row by row, a 1 first.
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Vec<f64>,
    weight: f64,
    width: usize,
    /// The spread of the outcome.
    spread: f64,
}

impl Design {
    fn new(rows: &[Row<'_>], features: usize) -> Option<Self> {
        let weight: f64 = rows.iter().map(|row| row.weight).sum();
        let mean_of = |of: &dyn Fn(&Row<'_>) -> f64| {
            rows.iter().map(|row| row.weight * of(row)).sum::<f64>() / weight
        };
        let moments = |of: &dyn Fn(&Row<'_>) -> f64| {
            let mean = mean_of(of);
            let variance = mean_of(&|row| (of(row) - mean) * (of(row) - mean));
            (mean, libm::sqrt(variance))
        };
        let scales: Vec<_> = (0..features)
            .map(|f| {
                let (mean, spread) = moments(&|row| f64::from(row.features[f]));
                // What never changes says nothing.
                (mean, if spread > 1e-6 { 1.0 / spread } else { 0.0 })
            })
            .collect();
        let (_, spread) = moments(&|row| row.outcome);
        if !(spread.is_finite() && weight > 0.0) {
            return None;
        }
        let width = features + 1;
        let mut x = Vec::with_capacity(rows.len() * width);
        for row in rows {
            x.push(1.0);
            x.extend(row.features.iter().zip(&scales).map(|(&value, &(mean, scale))| {
                ((f64::from(value) - mean) * scale).clamp(-FAR, FAR)
            }));
        }
        Some(Self {
            scales,
            x,
            y: rows.iter().map(|row| row.outcome).collect(),
            weights: rows.iter().map(|row| row.weight).collect(),
            weight,
            width,
            spread: spread.max(1e-3),
        })
    }

    /// The coefficients of an older fit, on the scales of these rows.
    fn standardised(&self, before: &Regression) -> Vec<f64> {
        let mut beta = vec![before.intercept; self.width];
        for (index, (&(mean, scale), term)) in self.scales.iter().zip(&before.terms).enumerate() {
            let (was_mean, was_scale, slope) = *term;
            let slope = slope * was_scale;
            beta[index + 1] = if scale > 0.0 { slope / scale } else { 0.0 };
            beta[0] += slope * (mean - was_mean);
        }
        beta
    }

    fn solve(&self, share: f64, before: Option<Vec<f64>>) -> Option<Vec<f64>> {
        let is_near = |beta: &Vec<f64>| self.spread_around(beta) < self.spread;
        let mut beta = if let Some(beta) = before.filter(is_near) {
            beta
        } else {
            let mut beta = vec![0.0; self.width];
            beta[0] = self.quantile(&self.y, share);
            for bandwidth in BANDWIDTHS {
                beta = self.descend(beta, share, bandwidth * self.spread)?;
            }
            beta
        };
        let h = (LAST_BANDWIDTH * self.spread_around(&beta)).max(1e-3);
        beta = self.descend(beta, share, h)?;
        let residuals: Vec<_> = (0..self.y.len()).map(|row| self.residual(row, &beta)).collect();
        beta[0] += GOES_BACK * self.quantile(&residuals, share);
        Some(beta)
    }

    /// Newton's method at one bandwidth.
    fn descend(&self, mut beta: Vec<f64>, share: f64, h: f64) -> Option<Vec<f64>> {
        let mut loss = self.loss(&beta, share, h);
        for _ in 0..STEPS {
            let (gradient, mut hessian) = self.slopes(&beta, share, h);
            let step = solve(&mut hessian, &gradient, self.width)?;
            let Some((next, better)) = self.search(&beta, &step, loss, share, h) else { break };
            let gain = loss - better;
            (beta, loss) = (next, better);
            if gain < ENOUGH * loss.abs() {
                break;
            }
        }
        Some(beta)
    }

    /// The weighted quantile of one value a row.
    fn quantile(&self, values: &[f64], share: f64) -> f64 {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
        let mut below = 0.0;
        let reaches = order.iter().find(|&&row| {
            below += self.weights[row];
            below >= share * self.weight
        });
        reaches.or(order.last()).map_or(0.0, |&row| values[row])
    }

    /// The standard deviation of the residuals.
    fn spread_around(&self, beta: &[f64]) -> f64 {
        let (mut sum, mut squares) = (0.0, 0.0);
        for row in 0..self.y.len() {
            let r = self.residual(row, beta);
            sum += self.weights[row] * r;
            squares += self.weights[row] * r * r;
        }
        let mean = sum / self.weight;
        libm::sqrt((squares / self.weight - mean * mean).max(0.0))
    }

    /// Halves the step until it improves.
    fn search(
        &self,
        beta: &[f64],
        step: &[f64],
        loss: f64,
        share: f64,
        h: f64,
    ) -> Option<(Vec<f64>, f64)> {
        let mut length = 1.0;
        for _ in 0..12 {
            let next: Vec<_> = beta.iter().zip(step).map(|(b, s)| b - length * s).collect();
            let better = self.loss(&next, share, h);
            if better < loss {
                return Some((next, better));
            }
            length *= 0.5;
        }
        None
    }

    fn residual(&self, row: usize, beta: &[f64]) -> f64 {
        let x = &self.x[row * self.width..(row + 1) * self.width];
        self.y[row] - x.iter().zip(beta).map(|(x, b)| x * b).sum::<f64>()
    }

    /// The smoothed pinball loss: share·r + h·ln(1 + e^(-r/h)).
    fn loss(&self, beta: &[f64], share: f64, h: f64) -> f64 {
        let rows: f64 = (0..self.y.len())
            .map(|row| {
                let r = self.residual(row, beta);
                let t = -r / h;
                let soft = if t > 30.0 { t } else { libm::log1p(libm::exp(t)) };
                self.weights[row] * (share * r + h * soft)
            })
            .sum();
        let ridge: f64 = beta[1..].iter().map(|b| b * b).sum();
        rows + 0.5 * RIDGE * ridge
    }

    fn slopes(&self, beta: &[f64], share: f64, h: f64) -> (Vec<f64>, Vec<f64>) {
        let width = self.width;
        let mut gradient = vec![0.0; width];
        let mut hessian = vec![0.0; width * width];
        for row in 0..self.y.len() {
            let r = self.residual(row, beta);
            let below = 1.0 / (1.0 + libm::exp((r / h).clamp(-40.0, 40.0)));
            let slope = self.weights[row] * (below - share);
            let bends = below * (1.0 - below);
            let bend = self.weights[row] * bends / h;
            let x = &self.x[row * width..(row + 1) * width];
            for (g, x) in gradient.iter_mut().zip(x) {
                *g += slope * x;
            }
            // Far from the quantile a row bends nothing.
            if bends > BENDS {
                for (i, &xi) in x.iter().enumerate() {
                    let tilted = bend * xi;
                    for (slot, &xj) in hessian[i * width..=i * width + i].iter_mut().zip(x) {
                        *slot += tilted * xj;
                    }
                }
            }
        }
        for i in 0..width {
            if i > 0 {
                gradient[i] += RIDGE * beta[i];
                hessian[i * width + i] += RIDGE;
            }
            hessian[i * width + i] += 1e-9 * self.weight;
        }
        (gradient, hessian)
    }
}

/// Solves a symmetric positive system given by its lower half (Cholesky), which it overwrites.
fn solve(a: &mut [f64], b: &[f64], n: usize) -> Option<Vec<f64>> {
    for i in 0..n {
        for j in 0..=i {
            let mut sum = a[i * n + j];
            for k in 0..j {
                sum -= a[i * n + k] * a[j * n + k];
            }
            if i == j {
                if sum <= 0.0 || !sum.is_finite() {
                    return None;
                }
                a[i * n + i] = libm::sqrt(sum);
            } else {
                a[i * n + j] = sum / a[j * n + j];
            }
        }
    }
    let mut x = b.to_vec();
    for i in 0..n {
        for k in 0..i {
            x[i] -= a[i * n + k] * x[k];
        }
        x[i] /= a[i * n + i];
    }
    for i in (0..n).rev() {
        for k in i + 1..n {
            x[i] -= a[k * n + i] * x[k];
        }
        x[i] /= a[i * n + i];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::draw::{Purpose, uniform};
    use crate::forecast::normal::upper_quantile;

    fn made_up(n: u32) -> (Vec<[f32; 3]>, Vec<f64>) {
        let u = |subject, i| uniform(5, subject, Purpose::Duration, i);
        let features: Vec<[f32; 3]> =
            (0..n).map(|i| [u(1, i) as f32, (u(2, i) * 10.0) as f32, 7.0]).collect();
        // The spread grows with the first feature; the third says nothing.
        let outcomes = features
            .iter()
            .zip(0..)
            .map(|(x, i)| {
                let noise = -upper_quantile(u(3, i));
                f64::from(x[1]) * 0.5 + (0.2 + f64::from(x[0])) * noise
            })
            .collect();
        (features, outcomes)
    }

    fn rows<'a>(features: &'a [[f32; 3]], outcomes: &[f64]) -> Vec<Row<'a>> {
        let pairs = features.iter().zip(outcomes);
        pairs.map(|(x, &outcome)| Row { features: x, outcome, weight: 1.0 }).collect()
    }

    #[test]
    fn the_quantile_is_found_where_it_is_known() {
        let (features, outcomes) = made_up(4_000);
        let fitted =
            Regression::fit(&rows(&features, &outcomes), 0.95, None).expect("it can be fitted");
        // Held steady, it is nearest where most rows are.
        for (x, near) in [([0.1, 2.0, 7.0], 0.8), ([0.5, 5.0, 7.0], 0.35), ([0.9, 8.0, 7.0], 0.8)] {
            let truth = f64::from(x[1]) * 0.5 + (0.2 + f64::from(x[0])) * 1.645;
            assert!((fitted.at(&x) - truth).abs() < near, "{} instead of {truth}", fitted.at(&x));
        }
        let below = features.iter().zip(&outcomes).filter(|&(x, &y)| y <= fitted.at(x)).count();
        assert!((3_780..=3_900).contains(&below), "{below}");
        // One that is fitted anew from there stays there.
        let again = Regression::fit(&rows(&features, &outcomes), 0.95, Some(&fitted));
        let again = again.expect("it can be fitted");
        assert!((again.at(&features[7]) - fitted.at(&features[7])).abs() < 0.02);
    }

    #[test]
    fn identical_rows_and_single_rows_give_a_number_or_nothing() {
        let features = vec![[1.0, 2.0, 3.0]; 50];
        let outcomes = vec![4.0; 50];
        let fitted = Regression::fit(&rows(&features, &outcomes), 0.95, None).expect("a number");
        assert!((fitted.at(&features[0]) - 4.0).abs() < 0.1);
        assert_eq!(Regression::fit(&[], 0.95, None), None);
    }
}
