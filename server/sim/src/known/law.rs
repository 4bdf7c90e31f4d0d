//! How long a service takes, as a distribution that is known to the last digit.

use crate::truth::Form;

const CELLS: usize = 2_048;

/// The density is summed up over so many steps.
const STEPS: u32 = 40_000;

/// Nothing takes longer than so many means.
const LONGEST: f64 = 8.0;

/// A distribution of durations: its quantile function, straight between equally likely knots.
///
/// The forms of [`Form`] are followed to within a thousandth of their mass; what is drawn and what
/// is known are both exactly this table, so no error of approximation lies between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Law {
    knots: Vec<f64>,
}

impl Law {
    /// Of this form with this mean, in whatever unit the mean is.
    #[must_use]
    pub fn new(form: Form, mean: f64) -> Self {
        let width = LONGEST / f64::from(STEPS);
        let masses: Vec<f64> =
            (0..STEPS).map(|step| density(form, (f64::from(step) + 0.5) * width)).collect();
        let total: f64 = masses.iter().sum();
        let mut knots = Vec::with_capacity(CELLS + 1);
        let mut below = 0.0;
        for (step, mass) in masses.iter().enumerate() {
            let above = below + mass / total;
            while knots.len() <= CELLS && level(knots.len()) <= above {
                let part = (level(knots.len()) - below) * total / mass;
                knots.push((step as f64 + part) * width);
            }
            below = above;
        }
        while knots.len() <= CELLS {
            knots.push(LONGEST);
        }
        let law = Self { knots };
        let scale = mean / law.mean();
        Self { knots: law.knots.iter().map(|knot| knot * scale).collect() }
    }

    /// The duration below which this share lies, from 0 to 1.
    #[must_use]
    pub fn at(&self, share: f64) -> f64 {
        let place = share * CELLS as f64;
        let cell = (place as usize).min(CELLS - 1);
        let (from, to) = (self.knots[cell], self.knots[cell + 1]);
        from + (to - from) * (place - cell as f64)
    }

    /// The share that lies below this duration.
    #[must_use]
    pub fn share_below(&self, duration: f64) -> f64 {
        let above = self.knots.partition_point(|knot| *knot <= duration);
        if above == 0 {
            return 0.0;
        }
        if above > CELLS {
            return 1.0;
        }
        let (from, to) = (self.knots[above - 1], self.knots[above]);
        ((above - 1) as f64 + (duration - from) / (to - from)) / CELLS as f64
    }

    /// The mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        let ends = f64::midpoint(self.knots[0], self.knots[CELLS]);
        (ends + self.knots[1..CELLS].iter().sum::<f64>()) / CELLS as f64
    }
}

/// The share below a knot. The outermost two are drawn in, for a table has ends.
fn level(knot: usize) -> f64 {
    (knot as f64).clamp(0.1, CELLS as f64 - 0.1) / CELLS as f64
}

/// The density at a multiple of the mean, up to a factor that depends on the form alone.
fn density(form: Form, x: f64) -> f64 {
    match form {
        Form::Gamma { shape } => gamma(shape.max(1.0), x),
        Form::Weibull { shape } => {
            let scaled = x * libm::tgamma(1.0 + 1.0 / shape);
            libm::pow(scaled, shape - 1.0) * libm::exp(-libm::pow(scaled, shape))
        }
        Form::EasyOrHard { easy, quick } => {
            let slow = (1.0 - easy * quick) / (1.0 - easy);
            easy * gamma(16.0, x / quick) / quick + (1.0 - easy) * gamma(16.0, x / slow) / slow
        }
        Form::Timer => f64::from(u8::from((x - 1.0).abs() < 0.03)),
    }
}

/// The gamma density with mean 1, up to a factor that depends on the shape alone.
fn gamma(shape: f64, x: f64) -> f64 {
    libm::exp((shape - 1.0) * libm::log(x) - shape * (x - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    const FORMS: [Form; 4] = [
        Form::Gamma { shape: 6.0 },
        Form::Weibull { shape: 1.6 },
        Form::EasyOrHard { easy: 0.7, quick: 0.6 },
        Form::Timer,
    ];

    #[test]
    fn a_law_is_the_distribution_of_its_form() {
        for form in FORMS {
            let law = Law::new(form, 30.0);
            let mut chance = Chance::new(4, "law", &[]);
            let mut draws: Vec<f64> = (0..20_000).map(|_| form.draw(&mut chance, 30.0)).collect();
            draws.sort_by(f64::total_cmp);
            let apart = draws
                .iter()
                .enumerate()
                .map(|(place, draw)| (law.share_below(*draw) - place as f64 / 20_000.0).abs())
                .fold(0.0, f64::max);
            // Kolmogorov and Smirnov: 1.63 over the root of the number in 99 of 100 samples.
            assert!(apart < 1.63 / libm::sqrt(20_000.0), "{form:?}: {apart}");
        }
    }

    #[test]
    fn a_law_has_its_mean_and_can_be_read_both_ways() {
        for form in FORMS {
            let law = Law::new(form, 30.0);
            assert!((law.mean() - 30.0).abs() < 1e-9);
            for share in [0.0, 0.001, 0.3, 0.5, 0.77, 0.999, 1.0] {
                assert!((law.share_below(law.at(share)) - share).abs() < 1e-9, "{form:?}: {share}");
            }
            assert!(law.share_below(0.0) <= 0.0 && law.share_below(1e9) >= 1.0);
        }
    }

    #[test]
    fn the_logarithms_of_a_law_are_not_normal() {
        for form in &FORMS[..3] {
            let law = Law::new(*form, 30.0);
            let logs: Vec<f64> =
                (0..9_999).map(|n| libm::log(law.at((f64::from(n) + 0.5) / 9_999.0))).collect();
            let mean = logs.iter().sum::<f64>() / logs.len() as f64;
            let moment = |power: i32| logs.iter().map(|log| (log - mean).powi(power)).sum::<f64>();
            let skew = moment(3) / 9_999.0 / libm::pow(moment(2) / 9_999.0, 1.5);
            assert!(skew.abs() > 0.2, "{form:?}: {skew}");
        }
    }
}
