//! Hours, shifts and breaks, out of a file.

use std::cmp::Ordering;

use chrono::{NaiveDate, Weekday};
use sooner_engine::calendar::{Hours, Span, Week};

use super::document::Value;
use super::fault::{FaultCode, Finder, repeated};
use super::table::{Fields, Placed, list, wrong_type};

/// The days of a week, as a file names them.
pub(super) const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

/// Minutes from one midnight to the next on a clock.
const DAY_MINUTES: u16 = 24 * 60;

/// The section `key`, with its days and exceptions; no rule when it is not there.
pub(super) fn hours(
    finder: &mut Finder<'_>,
    parent: &mut Fields<'_>,
    key: &'static str,
    without: &str,
) -> Hours {
    let Some(mut fields) = parent.table(finder, key, key) else {
        return Hours::default();
    };
    let (at, faults) = (fields.at, finder.count());
    let weekly = week(finder, &mut fields);
    let mut hours = Hours { weekly, ..Hours::default() };
    if let Some(exceptions) = fields.table(finder, "exceptions", "exceptions") {
        for (day, value) in exceptions.entries() {
            let spans = spans(finder, day.value, value);
            match day.value.parse::<NaiveDate>() {
                // Dates in another form, such as 2026-1-2, would be written back differently.
                Ok(date) if date.to_string() == day.value => {
                    hours.exceptions.insert(date, spans);
                }
                _ => {
                    let message = format!("{} is no date like 2026-12-24", repeated(day.value));
                    finder.fault(day.at, FaultCode::BadDate, message);
                }
            }
        }
    }
    fields.finish(finder);
    // No rule at all would mean "always", which is not what a list of closed days says.
    if hours.is_empty() && finder.count() == faults {
        let message = format!("{key} has no hours on any day; {without}");
        finder.fault(at, FaultCode::NoHours, message);
    }
    hours
}

/// The section `key`, with days only; empty when it is not there.
pub(super) fn breaks(finder: &mut Finder<'_>, parent: &mut Fields<'_>, key: &'static str) -> Week {
    let Some(mut fields) = parent.table(finder, key, key) else {
        return Week::default();
    };
    let week = week(finder, &mut fields);
    fields.finish(finder);
    week
}

/// The section `quiet_hours`: the same from one clock time to another every day, or days as in
/// hours; empty when it is not there.
pub(super) fn quiet(finder: &mut Finder<'_>, parent: &mut Fields<'_>) -> Week {
    let Some(mut fields) = parent.table(finder, "quiet_hours", "quiet_hours") else {
        return Week::default();
    };
    let (at, faults) = (fields.at, finder.count());
    let from = clock_time(finder, &mut fields, "from");
    let to = clock_time(finder, &mut fields, "to");
    let mut week = week(finder, &mut fields);
    match (from, to) {
        (None, None) => {}
        (Some(from), Some(to)) => match daily(from.value, to.value) {
            Some(_) if !week.is_empty() => {
                let message = "say the quiet hours once: from and to, or days";
                finder.fault(from.at, FaultCode::Twice, message);
            }
            Some(every_day) => week = every_day,
            None => {
                let message = "from and to are the same; say when the quiet hours end";
                finder.fault(to.at, FaultCode::BadSpan, message);
            }
        },
        _ if finder.count() == faults => {
            let message = "quiet_hours needs both, for example: from = \"21:00\", to = \"08:00\"";
            finder.fault(at, FaultCode::Missing, message);
        }
        _ => {}
    }
    fields.finish(finder);
    if week.is_empty() && finder.count() == faults {
        let message = "quiet_hours has none; leave it out where messages may come at all hours";
        finder.fault(at, FaultCode::NoHours, message);
    }
    week
}

/// The same quiet hours every day, over midnight where they end before they begin; `None` when they
/// end as they begin.
pub(super) fn daily(from: u16, to: u16) -> Option<Week> {
    let spans = match from.cmp(&to) {
        Ordering::Less => vec![Span { from, to }],
        Ordering::Equal => return None,
        Ordering::Greater => {
            let night = [Span { from: 0, to }, Span { from, to: DAY_MINUTES }];
            night.into_iter().filter(|span| span.from < span.to).collect()
        }
    };
    Some(Week::on(&DAYS.map(|(_, day)| day), &spans))
}

/// From when to when every day is quiet, where all are alike and can be written so.
pub(super) fn from_and_to(week: &Week) -> Option<(u16, u16)> {
    let ([Span { from, to }] | [Span { from: 0, to }, Span { from, to: DAY_MINUTES }]) =
        *week.day(Weekday::Mon)
    else {
        return None;
    };
    (daily(from, to).as_ref() == Some(week)).then_some((from, to))
}

/// A clock time as a file writes it.
pub(super) fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The minute of a clock time, from 00:00 to 24:00, if it is there.
fn clock_time(
    finder: &mut Finder<'_>,
    fields: &mut Fields<'_>,
    key: &'static str,
) -> Option<Placed<u16>> {
    let word = fields.word(finder, key, None)?;
    // "00:00-21:00" is a span where "21:00" is a clock time; "00:00" begins one.
    let end = format!("00:00-{}", word.value).parse::<Span>().map(|span| span.to);
    let minute = if word.value == "00:00" { Some(0) } else { end.ok() };
    let minute = minute.filter(|minute| *minute <= DAY_MINUTES && clock(*minute) == word.value);
    if minute.is_none() {
        let message = format!("{} is no clock time like \"21:00\"", repeated(word.value));
        finder.fault(word.at, FaultCode::BadSpan, message);
    }
    Some(Placed { at: word.at, value: minute? })
}

fn week(finder: &mut Finder<'_>, fields: &mut Fields<'_>) -> Week {
    let mut week = Week::default();
    let days = [
        &mut week.mon,
        &mut week.tue,
        &mut week.wed,
        &mut week.thu,
        &mut week.fri,
        &mut week.sat,
        &mut week.sun,
    ];
    for ((key, _), day) in DAYS.into_iter().zip(days) {
        if let Some(value) = fields.get(key) {
            *day = spans(finder, key, value);
        }
    }
    week
}

fn spans(finder: &mut Finder<'_>, key: &str, value: Value<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    for item in list(finder, key, value) {
        let Some(text) = item.as_str() else {
            wrong_type(finder, key, item, "a list of texts like \"09:00-18:00\"");
            continue;
        };
        match text.parse::<Span>() {
            Ok(span) => spans.push(span),
            Err(bad) => {
                finder.fault(item.at(), FaultCode::BadSpan, format!("{}: {bad}", repeated(text)));
            }
        }
    }
    spans
}
