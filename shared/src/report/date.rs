//! Days and weeks of a calendar, without a zone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::screen::zone_time::{DAY_MS, Reading};

/// A day, counted from 1 January 1970; written `2026-06-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub i64);

/// A week from Monday to Sunday, numbered as ISO 8601 does; written `2026-W23`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    year: i64,
    week: i64,
}

/// The text is no day, or no week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchDay;

impl fmt::Display for NoSuchDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no such day; write it as 2026-06-01, a week as 2026-W23")
    }
}

impl std::error::Error for NoSuchDay {}

impl Date {
    /// The day of year, month and day, both from 1, where there is one from 1970 to 9999.
    #[must_use]
    pub fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        let date = Self(Reading::new(year, month, day, 0, 0).day());
        (date.parts() == (year, month, day)).then_some(date)
    }

    /// Year, month and day, both from 1.
    #[must_use]
    pub const fn parts(self) -> (i64, i64, i64) {
        self.reading().date()
    }

    /// Its midnight, as a reading of the calendar.
    #[must_use]
    pub const fn reading(self) -> Reading {
        Reading(self.0 * DAY_MS)
    }

    /// Its noon in UTC: an instant by which it can be named.
    #[must_use]
    pub const fn noon(self) -> Timestamp {
        Timestamp(self.0 * DAY_MS + DAY_MS / 2)
    }

    /// From Monday, 0, to Sunday, 6.
    #[must_use]
    pub const fn weekday(self) -> u8 {
        // The epoch was a Thursday.
        (self.0 + 3).rem_euclid(7) as u8
    }

    /// The day so many days later.
    #[must_use]
    pub const fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// The Monday of its week.
    #[must_use]
    pub const fn monday(self) -> Self {
        self.plus(-(self.weekday() as i64))
    }

    /// Its week.
    #[must_use]
    pub const fn week(self) -> Week {
        // A week belongs to the year of its Thursday.
        let thursday = self.monday().plus(3);
        let (year, _, _) = thursday.parts();
        let first = Reading::new(year, 1, 1, 0, 0).day();
        Week { year, week: (thursday.0 - first) / 7 + 1 }
    }
}

impl Week {
    /// Its Monday.
    #[must_use]
    pub const fn monday(self) -> Date {
        // The fourth of January is always in the first week.
        Date(Reading::new(self.year, 1, 4, 0, 0).day()).monday().plus((self.week - 1) * 7)
    }

    /// Its Sunday.
    #[must_use]
    pub const fn sunday(self) -> Date {
        self.monday().plus(6)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.week)
    }
}

/// A number of exactly so many digits.
fn number(text: &str, digits: usize) -> Result<i64, NoSuchDay> {
    let is_number = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    if is_number { text.parse().map_err(|_| NoSuchDay) } else { Err(NoSuchDay) }
}

impl FromStr for Date {
    type Err = NoSuchDay;

    fn from_str(text: &str) -> Result<Self, NoSuchDay> {
        let mut parts = text.splitn(3, '-');
        let mut next = |digits| number(parts.next().unwrap_or_default(), digits);
        let (year, month, day) = (next(4)?, next(2)?, next(2)?);
        Self::new(year, month, day).ok_or(NoSuchDay)
    }
}

impl FromStr for Week {
    type Err = NoSuchDay;

    fn from_str(text: &str) -> Result<Self, NoSuchDay> {
        let (year, week) = text.split_once("-W").ok_or(NoSuchDay)?;
        let found = Self { year: number(year, 4)?, week: number(week, 2)? };
        // Not every year has a 53rd week, and none has a 0th.
        let is_one = (1970..=9999).contains(&found.year) && found.monday().week() == found;
        is_one.then_some(found).ok_or(NoSuchDay)
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Week {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Week {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn days_are_read_and_written_or_refused() {
        for text in ["1970-01-01", "2026-06-01", "2028-02-29", "9999-12-31"] {
            assert_eq!(date(text).to_string(), text);
        }
        for bad in [
            "",
            "yesterday",
            "2026-02-30",
            "01.06.2026",
            "2026-06-01T10:00",
            "2026-6-1",
            "0001-01-01",
        ] {
            assert_eq!(bad.parse::<Date>(), Err(NoSuchDay), "{bad}");
        }
    }

    #[test]
    fn weeks_are_numbered_as_the_standard_says() {
        for (day, week, weekday) in [
            ("2026-03-02", "2026-W10", 0),
            ("2026-01-01", "2026-W01", 3),
            ("2025-12-29", "2026-W01", 0),
            ("2027-01-03", "2026-W53", 6),
            ("2021-01-03", "2020-W53", 6),
            ("2024-12-30", "2025-W01", 0),
        ] {
            let found = date(day);
            assert_eq!((found.week().to_string().as_str(), found.weekday()), (week, weekday));
            let read: Week = week.parse().expect("a week");
            assert_eq!(read, found.week());
            assert_eq!(read.monday(), found.monday());
        }
        for bad in ["2026-W00", "2026-W54", "2025-W53", "2026W10", "2026-W1", "26-W10"] {
            assert_eq!(bad.parse::<Week>(), Err(NoSuchDay), "{bad}");
        }
    }
}
