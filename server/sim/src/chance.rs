//! Chance, from a seed: a SplitMix64 generator (Steele, Lea and Flood 2014) and the distributions
//! people are drawn from.
//!
//! Everybody draws from a stream of their own, named by what it is for, so that one person's
//! decision changes nobody else's luck and two runs differ only where the board differed. The
//! `rand` crates have no such streams, and promise no values across versions. Deliberately absent:
//! the log-normal distribution, which is what the forecast believes in.

/// A stream of draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chance(u64);

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Chance {
    /// The stream of a seed for one purpose, and for the thing numbered so.
    #[must_use]
    pub fn new(seed: u64, purpose: &str, numbers: &[u64]) -> Self {
        let mut state = mix(seed.wrapping_add(GOLDEN));
        for word in purpose.bytes().map(u64::from).chain(numbers.iter().copied()) {
            state = mix(state.wrapping_add(word).wrapping_add(GOLDEN));
        }
        Self(state)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// Evenly from 0 up to 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something of this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Evenly between two numbers.
    pub fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    /// Evenly between two numbers of milliseconds.
    pub fn ms(&mut self, from: i64, to: i64) -> i64 {
        self.between(from as f64, to as f64) as i64
    }

    /// One of so many, evenly; 0 of none.
    pub fn below(&mut self, count: usize) -> usize {
        ((self.unit() * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// A place in a list of weights, by their size; the first one when all are nothing.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return place;
            }
        }
        0
    }

    /// From the normal distribution around 0 with deviation 1 (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }

    /// From the exponential distribution with this mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(1.0 - self.unit())
    }

    /// From the gamma distribution with this shape, at least 1, and mean (Marsaglia and Tsang 2000).
    pub fn gamma(&mut self, shape: f64, mean: f64) -> f64 {
        let size = shape.max(1.0) - 1.0 / 3.0;
        let width = 1.0 / libm::sqrt(9.0 * size);
        loop {
            let normal = self.normal();
            let root = 1.0 + width * normal;
            if root <= 0.0 {
                continue;
            }
            let cube = root * root * root;
            let bound = 0.5 * normal * normal + size * (1.0 - cube + libm::log(cube));
            if libm::log(1.0 - self.unit()) < bound {
                return size * cube * mean / shape.max(1.0);
            }
        }
    }

    /// From the Weibull distribution with this shape and mean.
    pub fn weibull(&mut self, shape: f64, mean: f64) -> f64 {
        let scale = mean / libm::tgamma(1.0 + 1.0 / shape);
        scale * libm::pow(-libm::log(1.0 - self.unit()), 1.0 / shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_of(mut draw: impl FnMut(&mut Chance) -> f64) -> f64 {
        let mut chance = Chance::new(7, "test", &[]);
        (0..40_000).map(|_| draw(&mut chance)).sum::<f64>() / 40_000.0
    }

    #[test]
    fn each_distribution_has_the_mean_asked_for() {
        assert!((mean_of(Chance::unit) - 0.5).abs() < 0.01);
        assert!(mean_of(Chance::normal).abs() < 0.02);
        assert!((mean_of(|c| c.exponential(3.0)) - 3.0).abs() < 0.06);
        assert!((mean_of(|c| c.gamma(5.0, 30.0)) - 30.0).abs() < 0.3);
        assert!((mean_of(|c| c.gamma(1.0, 30.0)) - 30.0).abs() < 0.6);
        assert!((mean_of(|c| c.weibull(1.6, 20.0)) - 20.0).abs() < 0.3);
        assert!((mean_of(|c| c.weighted(&[1.0, 0.0, 3.0]) as f64) - 1.5).abs() < 0.03);
    }

    #[test]
    fn a_stream_is_the_same_again_and_another_one_is_not() {
        let draws = |purpose: &str, numbers: &[u64]| {
            let mut chance = Chance::new(1, purpose, numbers);
            [(); 4].map(|()| chance.next())
        };
        assert_eq!(draws("guest", &[3]), draws("guest", &[3]));
        assert_ne!(draws("guest", &[3]), draws("guest", &[4]));
        assert_ne!(draws("guest", &[3]), draws("staff", &[3]));
    }
}
