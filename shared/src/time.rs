//! Instants on the wire and in the engine.

use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// One minute in milliseconds.
pub const MINUTE_MS: i64 = 60_000;

/// An instant: milliseconds since the Unix epoch, UTC. How it reads on a wall is a matter of the
/// shop's time zone and of the reader's language, never of this type. Sums and differences end at
/// the ends of time instead of overflowing: an instant may come from anybody.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The first multiple of `step_ms` at or after this instant. Offsets of time zones are
    /// multiples of 15 minutes today, so steps up to that land on round clock times everywhere.
    #[must_use]
    pub const fn round_up(self, step_ms: i64) -> Self {
        let rest = self.0.rem_euclid(step_ms);
        if rest == 0 { self } else { Self(self.0.saturating_add(step_ms - rest)) }
    }

    /// The same without its seconds, so that what is written from it changes once a minute.
    #[must_use]
    pub const fn whole_minute(self) -> Self {
        Self(self.0.saturating_sub(self.0.rem_euclid(MINUTE_MS)))
    }
}

impl Add<i64> for Timestamp {
    type Output = Self;
    fn add(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

impl Sub<i64> for Timestamp {
    type Output = Self;
    fn sub(self, ms: i64) -> Self {
        Self(self.0.saturating_sub(ms))
    }
}

impl Sub for Timestamp {
    type Output = i64;
    /// Milliseconds from `earlier` to `self`.
    fn sub(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_end_at_the_ends_of_time() {
        let (first, last) = (Timestamp(i64::MIN), Timestamp(i64::MAX));
        assert_eq!((last + 1, first - 1), (last, first));
        assert_eq!((last - first, first - last), (i64::MAX, i64::MIN));
        assert_eq!(last.round_up(300_000), last);
    }

    #[test]
    fn rounding_up_never_moves_an_instant_earlier() {
        for (given, expected) in [(0, 0), (1, 300_000), (300_000, 300_000), (-1, 0)] {
            assert_eq!(Timestamp(given).round_up(300_000), Timestamp(expected));
        }
    }
}
