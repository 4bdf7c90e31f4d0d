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
}

const fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number strictly between 0 and 1.
#[must_use]
pub fn uniform(seed: u64, subject: u64, purpose: Purpose, path: u32) -> f64 {
    to_unit(mix(mix(mix(mix(seed) ^ subject) ^ purpose as u64) ^ u64::from(path)))
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
