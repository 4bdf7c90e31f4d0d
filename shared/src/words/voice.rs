//! Texts with the clock times in them: one language, in one shop's zone, on one day. Browser and
//! server speak with the same voice, so that a page made by either says the same.

use super::{Language, Locale, Text, Words, fill};
use crate::screen::zone_time::Reading;
use crate::time::MINUTE_MS;
use crate::{Problem, ProblemCode, Timestamp};

/// Weekdays are clear for so many days before and after today.
const WEEKDAYS_REACH: i64 = 6;

/// A clock time cut so that the figure can be large and "AM" small.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClockParts {
    /// What stands before the figure.
    pub before: String,
    /// "14:35"
    pub figure: String,
    /// What stands after it.
    pub after: String,
}

impl ClockParts {
    /// In one piece.
    #[must_use]
    pub fn whole(self) -> String {
        self.before + &self.figure + &self.after
    }
}

/// Who speaks. `zone` says how clock and calendar read in the shop's zone at an instant.
#[derive(Clone, Copy)]
pub struct Voice<'a> {
    /// The texts.
    pub words: &'static Words,
    /// The language, and how it is written.
    pub locale: Locale,
    /// How clock and calendar read at an instant.
    pub zone: &'a dyn Fn(Timestamp) -> Reading,
    /// The present day in that zone, counted from the epoch: times of other days say which one.
    pub today: Option<i64>,
}

impl Voice<'_> {
    /// A text.
    #[must_use]
    pub fn say(&self, text: Text) -> String {
        self.words.say(text, &[])
    }

    /// A text with something filled in.
    #[must_use]
    pub fn say_with(&self, text: Text, with: &[(&str, &str)]) -> String {
        self.words.say(text, with)
    }

    /// A text with a clock time in it, as `{at}`.
    #[must_use]
    pub fn say_at(&self, text: Text, at: Timestamp) -> String {
        self.words.say(text, &[("at", &self.clock(at))])
    }

    /// The same for a time that stands by itself, after a colon.
    #[must_use]
    pub fn say_bare(&self, text: Text, at: Timestamp) -> String {
        self.words.say(text, &[("at", &self.clock_parts(at, Text::DayTimeBare).whole())])
    }

    /// A text with a number in it.
    #[must_use]
    pub fn count(&self, text: Text, n: u32) -> String {
        self.words.count(text, n, &[])
    }

    /// The same with something more filled in.
    #[must_use]
    pub fn count_with(&self, text: Text, n: u32, with: &[(&str, &str)]) -> String {
        self.words.count(text, n, with)
    }

    /// What to tell people of a refusal.
    #[must_use]
    pub fn problem(&self, problem: &Problem) -> String {
        // Whoever comes back at that minute must not be too early.
        let shown = problem.until.map(|at| match problem.code {
            ProblemCode::TooManyTries => at + MINUTE_MS,
            _ => at,
        });
        let until = shown.map(|at| self.clock(at)).unwrap_or_default();
        let text = self.words.problem(problem.code, &until);
        let opens_at = problem.until.filter(|_| {
            use ProblemCode::{Closed, FullToday, NotOpenYet};
            matches!(problem.code, Closed | NotOpenYet | FullToday)
        });
        match opens_at {
            Some(at) => format!("{text} {}", self.say_bare(Text::OpensAt, at)),
            None => text,
        }
    }

    /// A clock time, whole, with its day when that is not today.
    #[must_use]
    pub fn clock(&self, at: Timestamp) -> String {
        self.clock_parts(at, Text::DayTime).whole()
    }

    /// A clock time without its day.
    #[must_use]
    pub fn time_only(&self, at: Timestamp) -> String {
        self.parts((self.zone)(at)).whole()
    }

    /// A clock time, in parts. Another day than today stands before or after the figure, as
    /// `pattern` says: [`Text::DayTime`] in a sentence, [`Text::DayTimeBare`] after a colon.
    #[must_use]
    pub fn clock_parts(&self, at: Timestamp, pattern: Text) -> ClockParts {
        let reading = (self.zone)(at);
        let parts = self.parts(reading);
        let away = self.today.map_or(0, |today| reading.day() - today);
        if away == 0 {
            return parts;
        }
        let day = self.day_name(reading, away);
        let with_day = self.words.say(pattern, &[("day", &day), ("time", "\n")]);
        let (before, after) = with_day.split_once('\n').unwrap_or((&with_day, ""));
        ClockParts {
            before: format!("{before}{}", parts.before),
            figure: parts.figure,
            after: parts.after + after,
        }
    }

    /// How to name the day of an instant on a button: "Today", "Tomorrow", "Tue", "24 Nov".
    #[must_use]
    pub fn day(&self, at: Timestamp) -> String {
        let reading = (self.zone)(at);
        match self.today.map_or(0, |today| reading.day() - today) {
            0 => self.say(Text::Today),
            1 => self.say(Text::Tomorrow),
            away => self.day_name(reading, away),
        }
    }

    /// The day of the month, with the month: "24 Nov".
    #[must_use]
    pub fn date(&self, reading: Reading) -> String {
        let (_, month, day) = reading.date();
        let calendar = &self.words.calendar;
        let month = calendar.months.get(month as usize - 1).map_or("", String::as_str);
        let pattern = if self.locale.month_first { "{month} {day}" } else { &calendar.date };
        fill(pattern, &[("day", &day.to_string()), ("month", month)], self.words.direction)
    }

    /// The day of the week, of days counted from the epoch.
    #[must_use]
    pub fn weekday(&self, day: i64) -> String {
        // The epoch was a Thursday.
        let from_monday = (day + 3).rem_euclid(7) as usize;
        self.words.calendar.weekdays.get(from_monday).cloned().unwrap_or_default()
    }

    /// The weekday of a day so many days from today, or its date where a week has passed.
    fn day_name(&self, reading: Reading, away: i64) -> String {
        if (-WEEKDAYS_REACH..=WEEKDAYS_REACH).contains(&away) {
            self.weekday(reading.day())
        } else {
            self.date(reading)
        }
    }

    fn parts(&self, reading: Reading) -> ClockParts {
        let (hour, minute) = (reading.minute() / 60, reading.minute() % 60);
        if !self.locale.twelve_hours {
            let figure = format!("{hour:02}:{minute:02}");
            return ClockParts { figure, ..ClockParts::default() };
        }
        let figure = format!("{}:{minute:02}", (hour + 11) % 12 + 1);
        // A narrow space at which no line ends.
        let after = if hour < 12 { "\u{202f}AM" } else { "\u{202f}PM" };
        ClockParts { before: String::new(), figure, after: after.to_owned() }
    }

    /// The language.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.locale.language
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::zone_time::DAY_MS;

    const UTC: &dyn Fn(Timestamp) -> Reading = &|at| Reading(at.0 - at.0.rem_euclid(MINUTE_MS));

    fn voice(tag: &str, today: i64) -> Voice<'static> {
        let locale = Locale::from_tag(tag).expect("a language");
        Voice { words: Words::of(locale.language), locale, zone: UTC, today: Some(today) }
    }

    fn at(hour: i64, minute: i64) -> Timestamp {
        Timestamp(Reading::new(2026, 11, 24, hour, minute).0)
    }

    #[test]
    fn clock_times_are_written_as_each_language_does() {
        let today = Reading(at(0, 0).0).day();
        for (tag, expected) in [
            ("en", "09:05"),
            ("en-US", "9:05\u{202f}AM"),
            ("es-MX", "09:05"),
            ("ru", "09:05"),
            ("hu", "09:05"),
        ] {
            assert_eq!(voice(tag, today).clock(at(9, 5)), expected, "{tag}");
        }
        let us = voice("en-US", today);
        assert_eq!(us.clock(at(0, 30)), "12:30\u{202f}AM");
        assert_eq!(us.clock(at(12, 0)), "12:00\u{202f}PM");
        assert_eq!(us.clock(at(23, 59)), "11:59\u{202f}PM");
    }

    #[test]
    fn another_day_is_named_by_its_weekday_and_after_a_week_by_its_date() {
        let today = Reading(at(0, 0).0).day();
        let in_days = |days: i64| at(17, 0) + days * DAY_MS;
        let said = |tag: &str, days| voice(tag, today).say_at(Text::By, in_days(days));
        assert_eq!(said("en", 0), "by 17:00");
        assert_eq!(said("en", 1), "by Wed 17:00");
        assert_eq!(said("en", 9), "by 3 Dec 17:00");
        assert_eq!(said("en-US", 9), "by Dec 3 5:00\u{202f}PM");
        assert!(said("es", 1).contains("miércoles"), "{}", said("es", 1));
        assert!(said("ru", 9).contains("3 дек."), "{}", said("ru", 9));
        assert!(said("hu", 9).contains("dec. 3."), "{}", said("hu", 9));
        let hu = voice("hu", today);
        assert_eq!(hu.day(in_days(0)), hu.say(Text::Today));
        assert_eq!(hu.day(in_days(1)), hu.say(Text::Tomorrow));
        assert_eq!(hu.day(in_days(2)), "csütörtök");
    }

    #[test]
    fn who_must_wait_for_another_try_is_not_told_a_minute_too_early() {
        let mut problem = Problem::from(ProblemCode::TooManyTries);
        problem.until = Some(at(9, 5));
        let said = voice("en", Reading(at(0, 0).0).day()).problem(&problem);
        assert!(said.contains("09:06"), "{said}");
    }
}
