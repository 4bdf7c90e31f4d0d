//! When a shop's messages wait until morning.

use sooner_shared::Timestamp;

use crate::ShopConfig;
use crate::calendar::Hours;

/// Whether no message of the shop should reach anybody now.
#[must_use]
pub fn is_quiet(config: &ShopConfig, at: Timestamp) -> bool {
    let hours = Hours { weekly: config.quiet_hours.clone(), ..Hours::default() };
    hours.windows_for(config.tz(), at, 0).iter().any(|window| window.contains(at))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Weekday};

    use super::*;
    use crate::calendar::Week;

    fn at(text: &str) -> Timestamp {
        Timestamp(DateTime::parse_from_rfc3339(text).expect("an instant").timestamp_millis())
    }

    fn quiet(days: &[Weekday], spans: &[&str]) -> ShopConfig {
        let spans: Vec<_> = spans.iter().map(|text| text.parse().expect("a span")).collect();
        ShopConfig {
            quiet_hours: Week::on(days, &spans),
            ..ShopConfig::new("Salon", "Europe/Budapest", 1)
        }
    }

    const DAILY: [Weekday; 7] = [
        Weekday::Mon,
        Weekday::Tue,
        Weekday::Wed,
        Weekday::Thu,
        Weekday::Fri,
        Weekday::Sat,
        Weekday::Sun,
    ];

    fn check(config: &ShopConfig, expected: &[(&str, bool)]) {
        for (text, expected) in expected {
            assert_eq!(is_quiet(config, at(text)), *expected, "{text}");
        }
    }

    #[test]
    fn a_shop_without_quiet_hours_is_never_quiet() {
        check(&quiet(&[], &[]), &[("2026-03-02T03:00:00+01:00", false)]);
    }

    #[test]
    fn the_night_is_quiet_from_its_first_minute_up_to_its_last() {
        let night = quiet(&DAILY, &["00:00-08:00", "21:00-24:00"]);
        check(
            &night,
            &[
                ("2026-03-02T20:59:59.999+01:00", false),
                ("2026-03-02T21:00:00+01:00", true),
                ("2026-03-03T00:00:00+01:00", true),
                ("2026-03-03T07:59:59.999+01:00", true),
                ("2026-03-03T08:00:00+01:00", false),
            ],
        );
        // Friday's evening lasts into Saturday, and no other day has one.
        let friday = quiet(&[Weekday::Fri], &["22:00-26:00"]);
        check(
            &friday,
            &[
                ("2026-03-06T23:00:00+01:00", true),
                ("2026-03-07T01:59:00+01:00", true),
                ("2026-03-07T02:00:00+01:00", false),
                ("2026-03-07T23:00:00+01:00", false),
            ],
        );
    }

    #[test]
    fn a_night_with_a_clock_change_is_quiet_by_the_clock_on_the_wall() {
        let night = quiet(&DAILY, &["00:00-08:00", "21:00-24:00"]);
        check(
            &night,
            &[
                // The night to 29 March is an hour shorter.
                ("2026-03-29T01:59:00+01:00", true),
                ("2026-03-29T03:00:00+02:00", true),
                ("2026-03-29T07:59:00+02:00", true),
                ("2026-03-29T08:00:00+02:00", false),
                // The one to 25 October is an hour longer.
                ("2026-10-25T02:30:00+02:00", true),
                ("2026-10-25T02:30:00+01:00", true),
                ("2026-10-25T07:59:00+01:00", true),
                ("2026-10-25T08:00:00+01:00", false),
            ],
        );
        // What the clocks skip is no time of its own; what they repeat is quiet both times.
        let early = quiet(&DAILY, &["02:00-03:00"]);
        check(
            &early,
            &[
                ("2026-03-29T01:59:59+01:00", false),
                ("2026-03-29T03:00:00+02:00", false),
                ("2026-10-25T02:00:00+02:00", true),
                ("2026-10-25T02:59:00+01:00", true),
                ("2026-10-25T03:00:00+01:00", false),
            ],
        );
    }
}
