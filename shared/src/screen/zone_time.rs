//! Reading of clock and calendar in the shop's zone, whatever zone the device is in.
//!
//! A reading is the milliseconds that would have passed since the epoch if the zone were UTC: the
//! form in which a field for date and time can be counted with. Deliberately absent: zones. Who
//! calls knows how far a zone is from UTC at an instant; in a browser that is `Intl`.

use crate::Timestamp;
use crate::time::MINUTE_MS;

/// One day of a calendar in milliseconds.
pub const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// How clock and calendar read at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reading(pub i64);

impl Reading {
    /// Year, month and day (from 1), hour and minute.
    #[must_use]
    pub const fn new(year: i64, month: i64, day: i64, hour: i64, minute: i64) -> Self {
        // Days since the epoch after "days_from_civil" of Howard Hinnant, "chrono-Compatible
        // Low-Level Date Algorithms".
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year - era * 400;
        let month_from_march = (month + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        Self(days * DAY_MS + (hour * 60 + minute) * MINUTE_MS)
    }

    /// Reads what a field for date and time holds: "2026-11-24T14:30".
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T')?;
        let mut date = date.splitn(3, '-').map(str::parse::<i64>);
        let mut time = time.splitn(3, ':').map(str::parse::<i64>);
        let mut next = || date.next()?.ok();
        let (year, month, day) = (next()?, next()?, next()?);
        let mut next = || time.next()?.ok();
        let (hour, minute) = (next()?, next()?);
        let fits = (1970..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute);
        fits.then(|| Self::new(year, month, day, hour, minute))
    }

    /// Year, month and day, both from 1.
    #[must_use]
    pub const fn date(self) -> (i64, i64, i64) {
        // "civil_from_days", as above.
        let days = self.day() + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days - era * 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = (month_from_march + 2) % 12 + 1;
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month, day)
    }

    /// Which day it is, counted from the epoch.
    #[must_use]
    pub const fn day(self) -> i64 {
        self.0.div_euclid(DAY_MS)
    }

    /// How many minutes after midnight by the clock.
    #[must_use]
    pub const fn minute(self) -> i64 {
        self.0.rem_euclid(DAY_MS) / MINUTE_MS
    }

    /// The clock time of this day that is so many minutes after midnight by the clock.
    #[must_use]
    pub const fn at_minute(self, minute: i64) -> Self {
        Self(self.day() * DAY_MS + minute * MINUTE_MS)
    }

    /// The same clock time so many days later.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0 + days * DAY_MS)
    }

    /// The instant at which clock and calendar read so. `offset_ms` is how far the zone is ahead of
    /// UTC at an instant. A reading that the clocks skip in spring is taken as an hour later, one
    /// that comes twice in autumn as either.
    #[must_use]
    pub fn instant(self, offset_ms: impl Fn(Timestamp) -> i64) -> Timestamp {
        let guess = Timestamp(self.0 - offset_ms(Timestamp(self.0)));
        Timestamp(self.0 - offset_ms(guess))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 60 * MINUTE_MS;

    #[test]
    fn a_field_is_read_as_the_calendar_says() {
        assert_eq!(Reading::read("1970-01-01T00:00"), Some(Reading(0)));
        assert_eq!(Reading::read("2026-11-24T14:30"), Some(Reading(1_795_530_600_000)));
        assert_eq!(Reading::read("2024-02-29T00:00").map(Reading::day), Some(19_782));
        assert_eq!(Reading::read("2026-11-24T14:30:15"), Reading::read("2026-11-24T14:30"));
        for bad in ["", "2026-11-24", "2026-13-01T00:00", "2026-11-24T24:00", "xT1:2"] {
            assert_eq!(Reading::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_date_is_read_back_from_every_day_of_four_hundred_years() {
        let mut day = Reading::new(1900, 1, 1, 0, 0);
        for _ in 0..146_097 {
            let (year, month, of_month) = day.date();
            assert_eq!(Reading::new(year, month, of_month, 0, 0), day);
            day = day.plus_days(1);
        }
        assert_eq!(day.date(), (2300, 1, 1));
    }

    #[test]
    fn a_reading_is_found_on_both_sides_of_a_change_of_clocks() {
        // Europe/Budapest, 25 October 2026: from two hours ahead to one at 01:00 UTC.
        let change = Reading::new(2026, 10, 25, 1, 0).0;
        let offset = |at: Timestamp| if at.0 < change { 2 * HOUR_MS } else { HOUR_MS };
        let before = Reading::new(2026, 10, 25, 1, 30);
        assert_eq!(before.instant(offset), Timestamp(before.0 - 2 * HOUR_MS));
        let after = Reading::new(2026, 10, 25, 12, 0);
        assert_eq!(after.instant(offset), Timestamp(after.0 - HOUR_MS));
    }

    #[test]
    fn a_clock_time_of_another_day_keeps_its_hour() {
        let noon = Reading::new(2026, 11, 24, 17, 20).plus_days(2).at_minute(12 * 60);
        assert_eq!(noon, Reading::new(2026, 11, 26, 12, 0));
        assert_eq!(noon.minute(), 12 * 60);
    }
}
