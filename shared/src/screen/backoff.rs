//! How long to wait before the next attempt to connect.

/// The first ceiling, in milliseconds.
pub const FIRST_MS: u32 = 500;

/// The highest ceiling, in milliseconds.
pub const MOST_MS: u32 = 15_000;

/// The wait before attempt number `attempt` (0 is the first after a loss): exponential with full
/// jitter, so that a thousand screens do not come back in the same moment. `chance` is a random
/// number from 0 up to 1.
#[must_use]
pub fn wait_ms(attempt: u32, chance: f64) -> u32 {
    let ceiling = FIRST_MS.saturating_mul(1 << attempt.min(10)).min(MOST_MS);
    (f64::from(ceiling) * chance.clamp(0.0, 1.0)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_doubles_up_to_fifteen_seconds() {
        let ceilings: Vec<_> = (0..7).map(|attempt| wait_ms(attempt, 1.0)).collect();
        assert_eq!(ceilings, [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
        assert_eq!(wait_ms(u32::MAX, 1.0), MOST_MS);
    }

    #[test]
    fn the_wait_is_spread_over_the_whole_range() {
        assert_eq!(wait_ms(3, 0.0), 0);
        assert_eq!(wait_ms(3, 0.5), 2_000);
    }
}
