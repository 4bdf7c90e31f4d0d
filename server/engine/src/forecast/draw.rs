//! Random numbers tied to visits, not to events: a counter-based hash of (shop seed, subject,
//! purpose, path). The same visit draws the same at every forecast, in a preview and for real, so
//! that a promise that may only become earlier cannot pick lucky draws.
//!
//! The mixing function is the finaliser of SplitMix64 (Steele, Lea, Flood 2014), applied once for
//! each word.

/// What a draw is for; draws of different purposes are independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// How long a visit's service takes.
    Duration = 1,
    /// The spread of a service's durations, unknown while few were seen.
    Spread = 2,
    /// The centre of a service's durations, unknown while few were seen.
    Centre = 3,
    /// For how long somebody waits before they go away.
    Patience = 4,
    /// Whether somebody comes when they are called.
    Coming = 5,
    /// When somebody comes who will have a right to go first.
    Later = 6,
    /// How much longer than said a break lasts.
    Break = 7,
    /// When somebody comes whose shift has begun.
    Shift = 8,
    /// Whether everything takes longer today, or less, than it did.
    Jump = 9,
    /// By how much.
    Change = 10,
}

const fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number strictly between 0 and 1.
#[must_use]
pub const fn uniform(seed: u64, subject: u64, purpose: Purpose, path: u32) -> f64 {
    to_unit(mix(mix(mix(mix(seed) ^ subject) ^ purpose as u64) ^ path as u64))
}

/// The draws of one subject for one purpose, on all paths: a Latin hypercube (McKay, Beckman,
/// Conover 1979). The unit interval is cut into as many parts as there are paths, nearly, and each is
/// drawn from once, in an order of the subject's own, so that a sum over subjects varies less from
/// one set of paths to the next than it would with independent draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    root: u64,
    mask: u32,
    shift: u32,
}

impl Draws {
    /// Those of a subject, on so many paths.
    #[must_use]
    pub const fn of(seed: u64, subject: u64, purpose: Purpose, paths: u16) -> Self {
        let root = mix(mix(mix(seed) ^ subject) ^ purpose as u64);
        // A power of two of which the paths are at least seven eighths, or the one below.
        let bits = (paths as u32 * 8 / 7 + 1).ilog2();
        Self { root, mask: (1 << bits) - 1, shift: bits.div_ceil(2) }
    }

    /// The one on a path, strictly between 0 and 1.
    #[inline]
    #[must_use]
    pub const fn on(self, path: u32) -> f64 {
        let Self { root, mask, shift } = self;
        let (first, second) = ((root >> 32) as u32 | 1, (root >> 11) as u32 | 1);
        // Odd factors, sums and shifted differences permute the parts; further paths begin anew.
        let again = (path & !mask).wrapping_mul(second);
        let mut at = (path ^ again ^ again >> 16) & mask;
        at = at.wrapping_mul(first).wrapping_add(root as u32) & mask;
        at ^= at >> shift;
        at = at.wrapping_mul(second) & mask;
        at ^= at >> shift;
        at = at.wrapping_mul(first) & mask;
        at ^= at >> shift;
        (at as f64 + to_unit(mix(root ^ path as u64))) / (mask as f64 + 1.0)
    }
}

/// 52 bits, moved half a step off zero; with 53 the half step would be rounded away, and the
/// largest number would be 1.
const fn to_unit(hash: u64) -> f64 {
    ((hash >> 12) as f64 + 0.5) / (1u64 << 52) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_even_and_independent_enough() {
        let n = 20_000u32;
        let (mut sum, mut squares, mut product) = (0.0, 0.0, 0.0);
        for path in 0..n {
            let a = uniform(7, 1, Purpose::Duration, path) - 0.5;
            let b = uniform(7, 2, Purpose::Duration, path) - 0.5;
            sum += a;
            squares += a * a;
            product += a * b;
        }
        let n = f64::from(n);
        assert!((sum / n).abs() < 0.01);
        assert!((squares / n - 1.0 / 12.0).abs() < 0.003);
        assert!((product / n).abs() < 0.003);
    }

    #[test]
    fn each_part_is_drawn_from_once_in_an_order_of_the_subjects_own() {
        for paths in [1, 2, 3, 16, 64, 250, 256, 1_000] {
            let parts = |subject| {
                let draws = Draws::of(7, subject, Purpose::Duration, paths);
                let count = draws.mask + 1;
                let part = move |path| (draws.on(path) * f64::from(count)) as u32;
                (0..count).map(part).collect::<Vec<_>>()
            };
            let one = parts(1);
            let mut sorted = one.clone();
            sorted.sort_unstable();
            assert!(sorted.into_iter().eq(0..one.len() as u32), "{paths}");
            if paths < 250 {
                continue;
            }
            // Orders of different subjects have nothing to do with each other.
            let count = one.len() as f64;
            let mean = (count - 1.0) / 2.0;
            for subject in 2..200 {
                let product: f64 = one
                    .iter()
                    .zip(parts(subject))
                    .map(|(&a, b)| (f64::from(a) - mean) * (f64::from(b) - mean))
                    .sum();
                let correlation = product / (count * mean * mean / 3.0);
                assert!(
                    correlation.abs() < 5.0 / count.sqrt(),
                    "{paths}, {subject}: {correlation}"
                );
            }
        }
    }

    #[test]
    fn no_draw_is_zero_or_one() {
        assert!(to_unit(0) > 0.0);
        assert!(to_unit(u64::MAX) < 1.0);
    }

    #[test]
    fn a_draw_does_not_depend_on_when_it_is_made() {
        assert_eq!(
            uniform(1, 2, Purpose::Spread, 3).to_bits(),
            uniform(1, 2, Purpose::Spread, 3).to_bits()
        );
        let others = [
            uniform(2, 2, Purpose::Spread, 3),
            uniform(1, 3, Purpose::Spread, 3),
            uniform(1, 2, Purpose::Centre, 3),
            uniform(1, 2, Purpose::Spread, 4),
        ];
        assert!(others.iter().all(|&u| u.to_bits() != uniform(1, 2, Purpose::Spread, 3).to_bits()));
    }
}
