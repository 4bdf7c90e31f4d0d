//! Local days. Opening hours and shifts will live here too.

use chrono::{DateTime, Datelike};
use chrono_tz::Tz;
use sooner_shared::Timestamp;

/// The number of the local calendar day (days since 1 January of year 1) an instant falls on.
/// An instant outside chrono's range (some 262,000 years away) counts as day 0.
#[must_use]
pub fn local_day(zone: Tz, at: Timestamp) -> i32 {
    DateTime::from_timestamp_millis(at.0)
        .map_or(0, |utc| utc.with_timezone(&zone).num_days_from_ce())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_local_midnight_also_when_the_clocks_change() {
        let zone = Tz::Europe__Budapest;
        // 2026-03-29 01:00 UTC is the change to summer time; that day has 23 hours.
        let midnight = Timestamp(1_774_738_800_000); // 2026-03-28 23:00 UTC, 29 March local
        let next = midnight + 23 * 3_600_000;
        assert_eq!(local_day(zone, midnight), local_day(zone, midnight - 1) + 1);
        assert_eq!(local_day(zone, next - 1), local_day(zone, midnight));
        assert_eq!(local_day(zone, next), local_day(zone, midnight) + 1);
    }
}
