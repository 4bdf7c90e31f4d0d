//! Which rows a replay plays, and what the days before them teach.
//!
//! Days are local calendar days of the shop's zone, counted from the day of the earliest arrival.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use serde::Serialize;
use sooner_engine::Taught;
use sooner_engine::calendar::local_day;
use sooner_engine::forecast::durations::Learned;
use sooner_shared::Timestamp;
use sooner_shared::time::MINUTE_MS;
use thiserror::Error;

use super::record::{Fate, Row};

/// What a service takes about which nothing is known.
const ASSUMED_MS: f64 = 10.0 * MINUTE_MS as f64;

/// One recorded day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Day {
    /// Its number, from 0.
    pub(super) number: u32,
    /// Its date.
    pub(super) date: NaiveDate,
    /// Its first instant.
    pub(super) begins: Timestamp,
    /// The rows that arrive on it, in the order of arrival.
    pub(super) rows: Vec<Row>,
    /// What was or is asked for until it ends, by name.
    pub(super) services: BTreeMap<String, Known>,
}

/// What is known of a service before the day begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    /// How long it is said to take.
    pub(super) nominal_ms: i64,
    /// Who says so.
    pub(super) source: Source,
    /// Services that ended before the day.
    pub(super) seen: u32,
    /// What those taught; `None` when there were none.
    pub(super) taught: Option<Taught>,
}

/// Where nominal minutes come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The option `--nominal`.
    Given,
    /// The mean of this service on earlier days.
    SameService,
    /// The mean of all services on earlier days.
    AllServices,
    /// Nothing is known.
    Assumed,
}

/// Why a day cannot be played.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoDay {
    /// Nobody came on it.
    #[error("nobody arrives on day {number}; the days with arrivals are {there_are}")]
    NoRows {
        /// The day asked for.
        number: u32,
        /// The days there are, as text.
        there_are: String,
    },
    /// Nominal minutes for a service nobody asks for.
    #[error("--nominal names {name:?}; up to that day people come for {there_are}")]
    UnknownService {
        /// The service named.
        name: String,
        /// The services there are, as text.
        there_are: String,
    },
}

impl Day {
    /// Takes day `number` out of a record. `nominal` are the minutes of services the caller
    /// knows.
    pub(super) fn take(
        rows: &[Row],
        number: u32,
        zone: Tz,
        nominal: &BTreeMap<String, f64>,
    ) -> Result<Self, NoDay> {
        let first = rows.iter().map(|row| local_day(zone, row.arrival)).min().unwrap_or_default();
        let day_of = |row: &Row| (local_day(zone, row.arrival) - first).cast_unsigned();
        let mut today: Vec<_> = rows.iter().filter(|row| day_of(row) == number).cloned().collect();
        if today.is_empty() {
            let days = rows.iter().map(day_of).collect();
            return Err(NoDay::NoRows { number, there_are: ranges(&days) });
        }
        today.sort_by_key(|row| row.arrival); // stable: at equal times the file's order

        let date =
            NaiveDate::from_num_days_from_ce_opt(first + number.cast_signed()).unwrap_or_default();
        let begins = first_instant(zone, date);
        let mut services: BTreeMap<String, Before> = BTreeMap::new();
        for row in rows.iter().filter(|row| day_of(row) <= number) {
            services.entry(row.service.clone()).or_default();
        }
        if let Some(name) = nominal.keys().find(|name| !services.contains_key(*name)) {
            let there_are = services.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            return Err(NoDay::UnknownService { name: name.clone(), there_are });
        }
        let all = Before::learn(rows, begins, &mut services);
        let services = services
            .into_iter()
            .map(|(name, before)| {
                let known = before.known(&all, nominal.get(&name).copied());
                (name, known)
            })
            .collect();
        Ok(Self { number, date, begins, rows: today, services })
    }
}

/// The services of one kind that ended before the day.
#[derive(Debug, Default)]
struct Before {
    learned: Learned,
    seen: u32,
    total_ms: f64,
}

impl Before {
    /// Lets every service that ended before `until` teach, in the order of their ends, as they
    /// would have taught the shop itself. Returns what all of them together were.
    fn learn(rows: &[Row], until: Timestamp, services: &mut BTreeMap<String, Self>) -> Self {
        let mut ended: Vec<_> = rows
            .iter()
            .filter_map(|row| match row.fate {
                Fate::Served { start, end, .. } if end < until => Some((end, start, &row.service)),
                _ => None,
            })
            .collect();
        ended.sort_by_key(|&(end, ..)| end);
        let mut all = Self::default();
        for (end, start, name) in ended {
            all.add(end - start);
            if let Some(service) = services.get_mut(name) {
                service.add(end - start);
            }
        }
        all
    }

    fn add(&mut self, duration_ms: i64) {
        // The engine's own rule says what is a tap by mistake; such a one counts nowhere.
        if self.learned.learn(duration_ms, ASSUMED_MS as i64, 0.0, 0.0).is_some() {
            self.seen += 1;
            self.total_ms += duration_ms as f64;
        }
    }

    fn mean_ms(&self) -> Option<f64> {
        (self.seen > 0).then(|| self.total_ms / f64::from(self.seen))
    }

    fn known(&self, all: &Self, given_minutes: Option<f64>) -> Known {
        let (nominal_ms, source) = given_minutes
            .map(|minutes| (minutes * MINUTE_MS as f64, Source::Given))
            .or_else(|| Some((self.mean_ms()?, Source::SameService)))
            .or_else(|| Some((all.mean_ms()?, Source::AllServices)))
            .unwrap_or((ASSUMED_MS, Source::Assumed));
        let Learned { count, mean_ln, ss_ln, .. } = self.learned;
        Known {
            nominal_ms: nominal_ms.round() as i64,
            source,
            seen: self.seen,
            taught: (count > 0).then_some(Taught { count, mean_ln, ss_ln }),
        }
    }
}

/// The first instant of a local day: midnight, or what the clocks jump to when there is none.
fn first_instant(zone: Tz, date: NaiveDate) -> Timestamp {
    let midnight = date.and_time(NaiveTime::MIN);
    (0..24 * 4)
        .find_map(|quarters| {
            let local = midnight + Duration::minutes(15 * quarters);
            zone.from_local_datetime(&local).earliest()
        })
        .map_or_else(
            || Timestamp(midnight.and_utc().timestamp_millis()),
            |at| Timestamp(at.timestamp_millis()),
        )
}

/// Numbers as text: "0–5, 7".
fn ranges(numbers: &BTreeSet<u32>) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &n in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == n => *last = n,
            _ => ranges.push((n, n)),
        }
    }
    let texts: Vec<_> = ranges
        .into_iter()
        .map(|(first, last)| match last - first {
            0 => first.to_string(),
            1 => format!("{first}, {last}"),
            _ => format!("{first}–{last}"),
        })
        .collect();
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn served(service: &str, arrival: i64, start: i64, end: i64) -> Row {
        Row {
            line: 2,
            arrival: Timestamp(arrival),
            queue: String::new(),
            service: service.to_owned(),
            priority: 0,
            fate: Fate::Served { server: None, start: Timestamp(start), end: Timestamp(end) },
        }
    }

    fn at(arrival: i64) -> Row {
        served("cut", arrival, arrival, arrival + 600_000)
    }

    fn take(rows: &[Row], number: u32, zone: Tz) -> Result<Day, NoDay> {
        Day::take(rows, number, zone, &BTreeMap::new())
    }

    #[test]
    fn a_day_has_23_hours_when_the_clocks_go_forward() {
        let zone = Tz::Europe__Budapest;
        let sunday = 1_774_738_800_000; // 2026-03-28 23:00 UTC: 29 March in Budapest
        let monday = sunday + 23 * HOUR;
        let rows = [sunday - HOUR, sunday, monday - 1, monday].map(at);
        let counts = [0, 1, 2].map(|n| take(&rows, n, zone).expect("a day").rows.len());
        assert_eq!(counts, [1, 2, 1]);
        assert_eq!(take(&rows, 1, zone).expect("a day").begins, Timestamp(sunday));
        assert_eq!(take(&rows, 2, zone).expect("a day").begins, Timestamp(monday));
        // In UTC the first two instants are on one day.
        assert_eq!(take(&rows, 0, Tz::UTC).expect("a day").rows.len(), 2);
    }

    #[test]
    fn a_day_without_midnight_begins_at_one() {
        // In Beirut the clocks went from 00:00 to 01:00 on 27 March 2022, 22:00 UTC the day before.
        let jump = 1_648_332_000_000;
        let rows = [jump - 1, jump].map(at);
        let day = take(&rows, 1, Tz::Asia__Beirut).expect("a day");
        assert_eq!((day.begins, day.rows.len()), (Timestamp(jump), 1));
        assert_eq!(day.date.to_string(), "2022-03-27");
    }

    #[test]
    fn a_day_nobody_comes_on_is_refused_with_those_there_are() {
        let rows = [0, 1, 2, 4, 6, 7].map(|day| at(day * 24 * HOUR));
        for number in [3, 8] {
            assert_eq!(
                take(&rows, number, Tz::UTC).expect_err("no such day").to_string(),
                format!("nobody arrives on day {number}; the days with arrivals are 0–2, 4, 6, 7")
            );
        }
    }

    #[test]
    fn only_services_that_ended_before_the_day_teach() {
        let day = 24 * HOUR;
        let rows = [
            served("cut", 0, 0, 20 * MINUTE_MS),
            served("cut", 0, 0, 40 * MINUTE_MS),
            served("cut", 0, 0, 4_999), // a tap by mistake
            served("colour", 0, 0, 90 * MINUTE_MS),
            served("cut", 0, day - 1, day), // ends on the day itself
            served("cut", day, day, day + 5 * MINUTE_MS),
            served("trim", day, day, day + MINUTE_MS), // never seen before
            served("beard", 2 * day, 2 * day, 2 * day), // not before the day after
        ];
        let given = BTreeMap::from([("colour".to_owned(), 75.0)]);
        let taken = Day::take(&rows, 1, Tz::UTC, &given).expect("a day");
        assert_eq!(taken.rows.len(), 2);
        let known: Vec<_> = taken
            .services
            .iter()
            .map(|(name, k)| (name.as_str(), k.nominal_ms / MINUTE_MS, k.source, k.seen))
            .collect();
        assert_eq!(
            known,
            [
                ("colour", 75, Source::Given, 1),
                ("cut", 30, Source::SameService, 2),
                ("trim", 50, Source::AllServices, 0),
            ]
        );
        let taught = taken.services["cut"].taught.expect("taught");
        let (a, b) = (1_200_000_f64.ln(), 2_400_000_f64.ln());
        assert_eq!(taught.count, 2);
        assert!((taught.mean_ln - f64::midpoint(a, b)).abs() < 1e-12);
        assert!((taught.ss_ln - (b - a) * (b - a) / 2.0).abs() < 1e-12);
        assert_eq!(taken.services["trim"].taught, None);

        let first = take(&rows, 0, Tz::UTC).expect("a day");
        let cut = &first.services["cut"];
        assert_eq!((cut.nominal_ms, cut.source), (10 * MINUTE_MS, Source::Assumed));
    }

    #[test]
    fn nominal_minutes_for_a_service_nobody_asks_for_are_refused() {
        let given = BTreeMap::from([("perm".to_owned(), 75.0)]);
        assert_eq!(
            Day::take(&[at(0)], 0, Tz::UTC, &given).expect_err("refused").to_string(),
            r#"--nominal names "perm"; up to that day people come for cut"#
        );
    }
}
