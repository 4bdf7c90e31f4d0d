//! Hours, shifts and breaks, out of a file.

use chrono::{NaiveDate, Weekday};
use sooner_engine::calendar::{Hours, Span, Week};
use toml::Spanned;
use toml::de::DeValue;

use super::fault::{FaultCode, Finder};
use super::table::{Fields, list, wrong_type};

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
                    let message = format!("{:?} is no date like 2026-12-24", day.value);
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

fn spans(finder: &mut Finder<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Vec<Span> {
    let mut spans = Vec::new();
    for item in list(finder, key, value) {
        let Some(text) = item.get_ref().as_str() else {
            wrong_type(finder, key, item, "a list of texts like \"09:00-18:00\"");
            continue;
        };
        match text.parse::<Span>() {
            Ok(span) => spans.push(span),
            Err(bad) => {
                finder.fault(item.span().start, FaultCode::BadSpan, format!("{text:?}: {bad}"));
            }
        }
    }
    spans
}
