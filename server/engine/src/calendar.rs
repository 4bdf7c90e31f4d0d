//! When the shop is open and when its people are there: weekly hours with exceptions, shifts,
//! planned breaks, time zones and days with a clock change. The one place where a clock time
//! becomes an instant; dispatching and forecasting both ask here.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, MappedLocalTime, NaiveDate, TimeZone, Timelike, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sooner_shared::Timestamp;
use sooner_shared::time::MINUTE_MS;

/// Nothing is planned further ahead than this, in days.
pub const HORIZON_DAYS: u64 = 21;

/// The latest end of a span, in minutes after midnight: six in the morning of the next day.
const SPAN_END_MAX: u16 = 30 * 60;

/// A part of a local day, in minutes after its midnight; written "09:00-18:00". The end may lie
/// after midnight: "18:00-26:00".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First minute.
    pub from: u16,
    /// First minute after it.
    pub to: u16,
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

/// A text that is no span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a span of a day is written like 09:00-18:00, ending after it begins and by 30:00")]
pub struct BadSpan;

impl FromStr for Span {
    type Err = BadSpan;

    fn from_str(text: &str) -> Result<Self, BadSpan> {
        fn minute(text: &str) -> Option<u16> {
            let (hours, minutes) = text.trim().split_once(':')?;
            let is_number = |t: &str| t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit());
            if !is_number(hours) || !is_number(minutes) {
                return None;
            }
            let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
            (minutes < 60).then_some(hours * 60 + minutes)
        }
        let (from, to) = text.split_once('-').ok_or(BadSpan)?;
        let (from, to) = (minute(from).ok_or(BadSpan)?, minute(to).ok_or(BadSpan)?);
        (from < to && from < 24 * 60 && to <= SPAN_END_MAX)
            .then_some(Self { from, to })
            .ok_or(BadSpan)
    }
}

impl Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Spans of each weekday.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Week {
    /// Monday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mon: Vec<Span>,
    /// Tuesday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tue: Vec<Span>,
    /// Wednesday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wed: Vec<Span>,
    /// Thursday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub thu: Vec<Span>,
    /// Friday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fri: Vec<Span>,
    /// Saturday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sat: Vec<Span>,
    /// Sunday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sun: Vec<Span>,
}

impl Week {
    /// The same spans on the days named.
    #[must_use]
    pub fn on(days: &[Weekday], spans: &[Span]) -> Self {
        let mut week = Self::default();
        for &day in days {
            *week.day_mut(day) = spans.to_vec();
        }
        week
    }

    /// Whether no day has any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.mon, &self.tue, &self.wed, &self.thu, &self.fri, &self.sat, &self.sun]
            .iter()
            .all(|day| day.is_empty())
    }

    /// The spans of a weekday.
    #[must_use]
    pub fn day(&self, day: Weekday) -> &[Span] {
        match day {
            Weekday::Mon => &self.mon,
            Weekday::Tue => &self.tue,
            Weekday::Wed => &self.wed,
            Weekday::Thu => &self.thu,
            Weekday::Fri => &self.fri,
            Weekday::Sat => &self.sat,
            Weekday::Sun => &self.sun,
        }
    }

    fn day_mut(&mut self, day: Weekday) -> &mut Vec<Span> {
        match day {
            Weekday::Mon => &mut self.mon,
            Weekday::Tue => &mut self.tue,
            Weekday::Wed => &mut self.wed,
            Weekday::Thu => &mut self.thu,
            Weekday::Fri => &mut self.fri,
            Weekday::Sat => &mut self.sat,
            Weekday::Sun => &mut self.sun,
        }
    }
}

/// Weekly spans, and the days on which they are others. Without any, there is no rule: always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hours {
    /// The usual week.
    #[serde(skip_serializing_if = "Week::is_empty")]
    pub weekly: Week,
    /// Days that differ; an empty list is a day off.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub exceptions: BTreeMap<NaiveDate, Vec<Span>>,
}

impl Hours {
    /// Whether there is no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weekly.is_empty() && self.exceptions.is_empty()
    }

    /// The spans of one date.
    #[must_use]
    pub fn on(&self, date: NaiveDate) -> &[Span] {
        self.exceptions.get(&date).map_or_else(|| self.weekly.day(date.weekday()), Vec::as_slice)
    }

    /// The windows from `from` on, for [`HORIZON_DAYS`], in order, those that touch joined. The
    /// first may have begun before `from`.
    #[must_use]
    pub fn windows(&self, zone: Tz, from: Timestamp) -> Vec<Window> {
        self.windows_for(zone, from, HORIZON_DAYS)
    }

    /// The same for fewer days after today.
    #[must_use]
    pub fn windows_for(&self, zone: Tz, from: Timestamp, days: u64) -> Vec<Window> {
        let mut windows: Vec<Window> = Vec::new();
        let Some(today) = local_date(zone, from) else {
            return windows;
        };
        // Yesterday's may last beyond midnight.
        let first = today.checked_sub_days(Days::new(1)).unwrap_or(today);
        for ahead in 0..=days + 1 {
            let Some(date) = first.checked_add_days(Days::new(ahead)) else {
                break;
            };
            let mut spans = self.on(date).to_vec();
            spans.sort_unstable();
            for span in spans {
                let window = Window {
                    from: instant(zone, date, span.from, Edge::Begin),
                    to: instant(zone, date, span.to, Edge::End),
                };
                if window.to <= from || window.to <= window.from {
                    continue;
                }
                match windows.last_mut() {
                    Some(last) if last.to >= window.from => last.to = last.to.max(window.to),
                    _ => windows.push(window),
                }
            }
        }
        windows
    }
}

/// From an instant up to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// Its first millisecond.
    pub from: Timestamp,
    /// The first one after it.
    pub to: Timestamp,
}

impl Window {
    /// Whether an instant lies in it.
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        (self.from..self.to).contains(&at)
    }
}

/// What lies in a window of both lists, which are in order.
#[must_use]
pub fn both(a: &[Window], b: &[Window]) -> Vec<Window> {
    let mut out = Vec::new();
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        let window = Window { from: x.from.max(y.from), to: x.to.min(y.to) };
        if window.from < window.to {
            out.push(window);
        }
        if x.to <= y.to {
            i += 1;
        } else {
            j += 1;
        }
    }
    out
}

/// The local date of an instant.
#[must_use]
pub fn local_date(zone: Tz, at: Timestamp) -> Option<NaiveDate> {
    Some(DateTime::from_timestamp_millis(at.0)?.with_timezone(&zone).date_naive())
}

/// The number of the local calendar day (days since 1 January of year 1) an instant falls on.
/// An instant outside chrono's range (some 262,000 years away) counts as day 0.
#[must_use]
pub fn local_day(zone: Tz, at: Timestamp) -> i32 {
    local_date(zone, at).map_or(0, |date| date.num_days_from_ce())
}

/// The minute of the local day an instant falls on, from 0; 0 outside chrono's range.
#[must_use]
pub fn local_minute(zone: Tz, at: Timestamp) -> u16 {
    let utc = DateTime::from_timestamp_millis(at.0);
    utc.map_or(0, |utc| {
        let local = utc.with_timezone(&zone);
        (local.hour() * 60 + local.minute()) as u16
    })
}

/// Which edge of a span a clock time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Begin,
    End,
}

/// The instant of a clock time. What the clocks skip counts as the moment they do; what they
/// repeat counts as its first time for a beginning and as its second for an end, so that a day with
/// a clock change loses nothing of its hours.
fn instant(zone: Tz, date: NaiveDate, minute: u16, edge: Edge) -> Timestamp {
    let date = date.checked_add_days(Days::new(u64::from(minute / (24 * 60)))).unwrap_or(date);
    let minute = u32::from(minute % (24 * 60));
    let local = date.and_hms_opt(minute / 60, minute % 60, 0).unwrap_or_default();
    let mut probe = local;
    // A gap is at most a day long (the date line), and begins and ends on a quarter of an hour.
    for _ in 0..=96 {
        match zone.from_local_datetime(&probe) {
            MappedLocalTime::Single(at) => return gap_start(at.timestamp_millis(), probe, local),
            MappedLocalTime::Ambiguous(first, second) => {
                let at = if edge == Edge::Begin { first } else { second };
                return gap_start(at.timestamp_millis(), probe, local);
            }
            MappedLocalTime::None => probe += chrono::TimeDelta::minutes(15),
        }
    }
    Timestamp(local.and_utc().timestamp_millis())
}

/// The first clock time after a gap was found in quarters of an hour from `local`; the clocks were
/// changed at the last full quarter of an hour at or before it.
fn gap_start(
    found_ms: i64,
    probe: chrono::NaiveDateTime,
    local: chrono::NaiveDateTime,
) -> Timestamp {
    if probe == local {
        Timestamp(found_ms)
    } else {
        Timestamp(found_ms - found_ms.rem_euclid(15 * MINUTE_MS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 60 * MINUTE_MS;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn at(text: &str) -> Timestamp {
        Timestamp(DateTime::parse_from_rfc3339(text).expect("an instant").timestamp_millis())
    }

    fn spans(texts: &[&str]) -> Vec<Span> {
        texts.iter().map(|text| text.parse().expect("a span")).collect()
    }

    fn daily(texts: &[&str]) -> Hours {
        let days = [
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
            Weekday::Sat,
            Weekday::Sun,
        ];
        Hours { weekly: Week::on(&days, &spans(texts)), exceptions: BTreeMap::new() }
    }

    #[test]
    fn a_day_begins_at_local_midnight_also_when_the_clocks_change() {
        let zone = Tz::Europe__Budapest;
        // 2026-03-29 01:00 UTC is the change to summer time; that day has 23 hours.
        let midnight = Timestamp(1_774_738_800_000); // 2026-03-28 23:00 UTC, 29 March local
        let next = midnight + 23 * HOUR_MS;
        assert_eq!(local_day(zone, midnight), local_day(zone, midnight - 1) + 1);
        assert_eq!(local_day(zone, next - 1), local_day(zone, midnight));
        assert_eq!(local_day(zone, next), local_day(zone, midnight) + 1);
    }

    #[test]
    fn a_span_is_read_as_it_is_written_and_nothing_else_is() {
        for good in ["09:00-18:00", "00:00-24:00", "18:00-26:30", "23:59-30:00"] {
            assert_eq!(good.parse::<Span>().expect(good).to_string(), good);
        }
        for bad in [
            "",
            "9-18",
            "09:00",
            "18:00-09:00",
            "09:00-09:00",
            "24:00-25:00",
            "09:60-10:00",
            "09:00-31:00",
            "9:00-18:00",
            "09:00–18:00",
            "aa:bb-cc:dd",
        ] {
            assert_eq!(bad.parse::<Span>(), Err(BadSpan), "{bad}");
        }
    }

    #[test]
    fn nine_to_six_is_nine_to_six_on_both_sides_of_a_clock_change() {
        let zone = Tz::Europe__Budapest;
        let hours = daily(&["09:00-18:00"]);
        let windows = hours.windows(zone, at("2026-03-28T07:00:00Z"));
        assert_eq!(windows[0].from, at("2026-03-28T09:00:00+01:00"));
        assert_eq!(windows[1].from, at("2026-03-29T09:00:00+02:00"));
        assert_eq!(windows[1].from - windows[0].from, 23 * HOUR_MS);
        let autumn = hours.windows(zone, at("2026-10-24T06:00:00Z"));
        assert_eq!(autumn[1].from - autumn[0].from, 25 * HOUR_MS);
        assert!(windows.iter().chain(&autumn).all(|w| w.to - w.from == 9 * HOUR_MS));
    }

    #[test]
    fn a_night_with_a_clock_change_has_an_hour_more_or_less() {
        let zone = Tz::Europe__Budapest;
        let night = daily(&["22:00-28:00"]);
        let spring = night.windows(zone, at("2026-03-28T21:30:00+01:00"));
        assert_eq!(spring[0].to - spring[0].from, 5 * HOUR_MS);
        let autumn = night.windows(zone, at("2026-10-24T21:30:00+02:00"));
        assert_eq!(autumn[0].to - autumn[0].from, 7 * HOUR_MS);
    }

    #[test]
    fn what_the_clocks_skip_begins_when_they_do_and_what_they_repeat_loses_nothing() {
        let zone = Tz::Europe__Budapest;
        let skipped = daily(&["02:30-05:00"]).windows(zone, at("2026-03-29T00:30:00+01:00"));
        assert_eq!(skipped[0].from, at("2026-03-29T03:00:00+02:00"));
        let repeated = daily(&["02:30-02:45"]).windows(zone, at("2026-10-25T00:30:00+02:00"));
        assert_eq!(repeated[0].from, at("2026-10-25T02:30:00+02:00"));
        assert_eq!(repeated[0].to, at("2026-10-25T02:45:00+01:00"));
        // Half an hour's change, on an island.
        let howe =
            daily(&["02:15-05:00"]).windows(Tz::Australia__Lord_Howe, at("2026-10-03T14:00:00Z"));
        assert_eq!(howe[0].from, at("2026-10-04T02:30:00+11:00"));
    }

    #[test]
    fn what_touches_at_midnight_is_one_window() {
        let hours = daily(&["00:00-24:00"]);
        let windows = hours.windows(Tz::America__New_York, at("2026-06-01T12:00:00Z"));
        assert_eq!(windows.len(), 1);
        assert!(windows[0].contains(at("2026-06-10T03:59:59Z")));
    }

    #[test]
    fn after_midnight_yesterdays_evening_still_lasts() {
        let hours = daily(&["18:00-26:00"]);
        let windows = hours.windows(Tz::UTC, at("2026-06-02T01:00:00Z"));
        assert_eq!(windows[0].from, at("2026-06-01T18:00:00Z"));
        assert_eq!(windows[0].to, at("2026-06-02T02:00:00Z"));
    }

    #[test]
    fn an_exception_takes_the_place_of_the_weeks_hours() {
        let mut hours = daily(&["09:00-18:00"]);
        hours.exceptions.insert(date("2026-12-24"), spans(&["09:00-12:00"]));
        hours.exceptions.insert(date("2026-12-25"), Vec::new());
        let windows = hours.windows(Tz::UTC, at("2026-12-24T08:00:00Z"));
        assert_eq!(windows[0].to, at("2026-12-24T12:00:00Z"));
        assert_eq!(windows[1].from, at("2026-12-26T09:00:00Z"));
    }

    #[test]
    fn two_rules_hold_where_both_do() {
        let w = |from, to| Window { from: Timestamp(from), to: Timestamp(to) };
        let shop = [w(0, 10), w(20, 30)];
        let shift = [w(5, 8), w(9, 22), w(28, 40)];
        assert_eq!(both(&shop, &shift), [w(5, 8), w(9, 10), w(20, 22), w(28, 30)]);
        assert_eq!(both(&shop, &[]), []);
    }
}
