//! What time alone brings about happens once, whatever the clock does: forward, backward, an
//! hour's suspend, and both days a year on which the clocks are changed.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Offset, TimeZone, Weekday};
use chrono_tz::Tz;
use sooner_engine::calendar::Week;
use sooner_engine::roster::DAY_ENDS_AFTER_MS;
use sooner_engine::{Event, next_deadline};
use sooner_shared::command::Booking;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, Stage};
use sooner_shared::{Command, Timestamp, VisitId};

use crate::support::{
    ANNA, BEN, CLEO, COLOUR, CUT, DIAGNOSIS, Driver, NAILS, NINE, REPAIR, join, nine, whole_shop,
};

const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

const DAYS: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// How the timer goes off.
#[derive(Debug, Clone, Copy)]
enum Wakes {
    /// At each deadline, as it should.
    AtDeadlines,
    /// So often, whatever there is to do.
    Every(i64),
    /// Once, when everything is long over.
    Once,
}

impl Wakes {
    /// Lets time pass until `end`.
    fn until(self, end: Timestamp, salon: &mut Driver) {
        while salon.clock < end {
            let next = match self {
                Self::AtDeadlines => next_deadline(&salon.shop).unwrap_or(end),
                Self::Every(ms) => salon.clock + ms,
                Self::Once => end,
            };
            salon.clock = next.min(end);
            salon.timer();
        }
    }
}

/// The whole shop in a zone, open every day, at the minute the doors open on a day.
fn open_on(zone: Tz, date: NaiveDate, span: &str) -> Driver {
    let mut salon = Driver::open_with(|config| {
        whole_shop(config);
        config.paths = 32;
        config.zone = zone.name().into();
        config.hours.weekly = Week::on(&DAYS, &[span.parse().expect("a span")]);
    });
    let from: u32 = span[..2].parse().expect("an hour");
    salon.clock = local(zone, date, from);
    salon.timer();
    salon
}

/// The instant of a full hour that the clocks neither skip nor repeat.
fn local(zone: Tz, date: NaiveDate, hour: u32) -> Timestamp {
    let date = date + Days::new(u64::from(hour / 24));
    let clock = date.and_hms_opt(hour % 24, 0, 0).expect("a clock time");
    let at = zone.from_local_datetime(&clock).single().expect("comes once");
    Timestamp(at.timestamp_millis())
}

/// A bit of everything: one is served and forgotten, one is developing, one is looked at, one has
/// an appointment, one was called, others wait.
fn fill(salon: &mut Driver) {
    salon.on_duty(&[ANNA, BEN, CLEO]);
    let colour = salon.joins(COLOUR);
    salon.start(colour, CLEO);
    salon.finish(colour);
    let cut = salon.joins(CUT);
    salon.start(cut, ANNA);
    let called = salon.joins(CUT);
    salon.call(called, BEN);
    for service in [NAILS, REPAIR, DIAGNOSIS, CUT] {
        salon.joins(service);
    }
    let at = (salon.now() + 2 * HOUR_MS).round_up(5 * MINUTE_MS);
    let booking =
        Booking { service: CUT, more: Vec::new(), requested: None, at, name: None, contact: None };
    salon.does(&Command::Book(booking));
}

/// What time alone brought about: each thing once.
fn happened(salon: &Driver) -> BTreeSet<String> {
    let mut happened = BTreeSet::new();
    for recorded in salon.log.iter().filter(|r| r.tap == 0).skip(1) {
        let what = format!("{:?}", recorded.event);
        assert!(happened.insert(what.clone()), "{what} happened twice");
    }
    happened
}

/// The times everybody was told, as the shop has them.
fn times(salon: &Driver) -> Vec<(VisitId, u16, Timestamp)> {
    let visits = salon.shop.visits.values();
    visits.flat_map(|v| v.promises.iter().map(|p| (v.id, p.no, p.by))).collect()
}

/// The days of a year on which the clocks are changed: forward, and back.
fn changes(zone: Tz) -> Vec<(NaiveDate, bool)> {
    let offset = |at: Timestamp| {
        let utc = DateTime::from_timestamp_millis(at.0).expect("a year like ours").naive_utc();
        zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
    };
    let quarters = (0..365 * 96).map(|n| NINE + n * 15 * MINUTE_MS);
    quarters
        .filter(|&at| offset(at) != offset(at + -1))
        .map(|at| {
            let before = DateTime::from_timestamp_millis(at.0 - 1).expect("a year like ours");
            let is_forward = offset(at) > offset(at + -1);
            (before.with_timezone(&zone).date_naive(), is_forward)
        })
        .collect()
}

#[test]
fn what_is_due_happens_once_however_often_the_timer_goes_off() {
    let day = |wakes: Wakes| {
        let mut salon = open_on(Tz::Europe__Budapest, nine_is_on(), "09:00-18:00");
        fill(&mut salon);
        wakes.until(nine(33 * 60), &mut salon);
        salon.let_it_stand();
        happened(&salon)
    };
    let expected = day(Wakes::AtDeadlines);
    for kind in ["CameDue", "Continued", "Overran", "Scored", "Lapsed", "WentOffDuty", "FellSilent"]
    {
        assert!(expected.iter().any(|what| what.starts_with(kind)), "{kind}: {expected:?}");
    }
    for wakes in [Wakes::Every(MINUTE_MS), Wakes::Every(47 * MINUTE_MS), Wakes::Once] {
        assert_eq!(day(wakes), expected, "{wakes:?}");
    }
}

fn nine_is_on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).expect("a date")
}

#[test]
fn a_clock_that_is_set_back_repeats_nothing_and_moves_no_promise() {
    for back_ms in [1, HOUR_MS, DAY_MS] {
        let mut salon = Driver::open_with(whole_shop);
        fill(&mut salon);
        salon.at(45);
        let (told, length) = (times(&salon), salon.log.len());
        salon.clock = salon.clock + -back_ms;
        assert_eq!(salon.timer(), [], "nothing is due twice");
        assert_eq!(salon.log.len(), length);
        // The desk goes on working, at the time that it was.
        let visit = salon.joins(NAILS);
        assert_eq!(salon.shop.visits[&visit].joined_at, nine(45));
        assert!(salon.by(visit) > nine(45));
        salon.at(46);
        assert!(told.iter().all(|time| times(&salon).contains(time)));
        Wakes::Every(7 * MINUTE_MS).until(nine(300), &mut salon);
        happened(&salon);
        assert!(salon.log.is_sorted_by_key(|recorded| recorded.at));
    }
}

#[test]
fn a_clock_that_leaps_ahead_and_back_breaks_each_promise_once() {
    for leap_ms in [HOUR_MS, DAY_MS, 30 * DAY_MS] {
        let mut salon = Driver::open_with(whole_shop);
        fill(&mut salon);
        let told = times(&salon);
        salon.clock = NINE + leap_ms;
        salon.timer();
        salon.clock = NINE;
        assert_eq!(salon.timer(), []);
        Wakes::Every(HOUR_MS).until(NINE + leap_ms + DAY_MS, &mut salon);
        happened(&salon);
        for (visit, no, by) in told {
            let promise = salon.shop.visits[&visit].promises[usize::from(no)];
            assert_eq!(promise.by, by, "no promise moves");
            let is_called = salon.stage(visit) == Stage::Called;
            assert!(promise.outcome.is_some() || is_called, "{visit}: {promise:?}");
        }
    }
}

#[test]
fn after_an_hours_suspend_what_passed_has_passed_and_what_stands_stands() {
    let mut salon = Driver::open_with(whole_shop);
    salon.on_duty(&[ANNA, BEN]);
    let colour = salon.joins(COLOUR);
    salon.start(colour, ANNA);
    salon.finish(colour);
    let (called, waits) = (salon.joins(CUT), salon.joins(CUT));
    salon.call(called, BEN);
    let far = salon.joins(COLOUR);
    let (told, by) = (times(&salon), salon.by(waits));
    assert!(by < nine(60) && salon.by(far) > nine(60), "one minute passes in the suspend");
    let events = salon.at(60).log.clone();
    assert_eq!(times(&salon), told, "no promise moves");
    assert_eq!(salon.outcome(waits), Some(Outcome::Broken));
    assert_eq!(salon.outcome(called), None, "was called in time");
    assert_eq!(salon.outcome(far), None);
    assert_eq!(salon.stage(colour), Stage::Waiting, "has developed");
    assert!(events.iter().all(|recorded| recorded.at == NINE || recorded.at == nine(60)));
    let learned = salon.shop.learned(COLOUR, 1);
    salon.at(62);
    assert_eq!(salon.shop.learned(COLOUR, 1), learned, "a timer teaches nothing");
}

#[test]
fn the_day_ends_once_and_the_next_one_begins_with_nobody_there() {
    let mut salon = open_on(Tz::Europe__Budapest, nine_is_on(), "09:00-18:00");
    fill(&mut salon);
    let (repair, cut) = (VisitId(5), VisitId(7));
    let ends = nine(9 * 60) + DAY_ENDS_AFTER_MS;
    Wakes::AtDeadlines.until(ends + -1, &mut salon);
    assert!(salon.shop.is_staffed(), "the last ones are being finished");
    Wakes::AtDeadlines.until(ends, &mut salon);
    assert!(!salon.shop.is_staffed());
    assert_eq!(salon.stage(cut), Stage::Left);
    assert_eq!(salon.stage(repair), Stage::Waiting, "lies there until tomorrow");
    let length = salon.log.len();
    Wakes::Every(HOUR_MS).until(nine(24 * 60), &mut salon);
    let later = salon.log[length..].iter().map(|r| &r.event);
    assert!(later.into_iter().all(|event| matches!(event, Event::Scored { .. })));
    // Who comes early the next day is there for the whole of it.
    salon.on_duty(&[ANNA]);
    Wakes::Every(HOUR_MS).until(nine(33 * 60), &mut salon);
    assert!(salon.shop.chairs[&ANNA].on_duty);
}

#[test]
fn what_lapsed_with_the_day_does_not_go_on_after_a_night_asleep() {
    let mut salon = open_on(Tz::Europe__Budapest, nine_is_on(), "09:00-18:00");
    salon.on_duty(&[CLEO]);
    let colour = salon.joins(COLOUR);
    // Develops until a quarter past eight in the evening; the day is over at eight.
    salon.at(10 * 60 + 20).start(colour, CLEO);
    salon.at(10 * 60 + 45).finish(colour);
    assert_eq!(salon.stage(colour), Stage::Pending);
    let length = salon.log.len();
    salon.at(11 * 60 + 30);
    assert!(matches!(
        salon.log[length..].last().map(|r| &r.event),
        Some(Event::WentOffDuty { .. })
    ));
    assert_eq!(salon.stage(colour), Stage::Left);
    assert!(salon.log[length..].iter().all(|r| !matches!(r.event, Event::Continued { .. })));
}

#[test]
fn what_ended_a_moment_before_a_long_suspend_is_scored_all_the_same() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    salon.start(visit, ANNA);
    salon.finish(visit);
    let other = salon.joins(CUT);
    salon.leaves(other);
    let events = salon.at(24 * 60).log.iter().map(|r| r.event.clone()).collect::<Vec<_>>();
    let scored = |visit, outcome| events.contains(&Event::Scored { visit, no: 0, outcome });
    assert!(scored(visit, Outcome::Kept));
    assert!(scored(other, Outcome::LeftBefore));
}

#[test]
fn days_on_which_the_clocks_are_changed_end_when_the_doors_say_so() {
    for zone in [
        Tz::Europe__Budapest,
        Tz::America__New_York,
        Tz::Australia__Lord_Howe, // by half an hour
        Tz::America__Santiago,    // at midnight
        Tz::Africa__Cairo,        // at midnight too
    ] {
        let changes = changes(zone);
        assert!(changes.iter().any(|&(_, forward)| forward), "{zone}");
        assert!(changes.iter().any(|&(_, forward)| !forward), "{zone}");
        for (date, _) in changes {
            day_with_a_change(zone, date, "09:00-18:00", 18);
            // The night in which it happens, and the one before, whichever it is.
            for evening in [date, date - Days::new(1)] {
                day_with_a_change(zone, evening, "20:00-29:00", 29);
            }
        }
    }
}

fn day_with_a_change(zone: Tz, date: NaiveDate, span: &str, closes: u32) {
    let mut all: Option<BTreeSet<String>> = None;
    for wakes in [Wakes::AtDeadlines, Wakes::Every(13 * MINUTE_MS), Wakes::Once] {
        let mut salon = open_on(zone, date, span);
        fill(&mut salon);
        salon.joins_with(join(CUT, Some(ANNA)));
        let told = times(&salon);
        let ends = local(zone, date, closes) + DAY_ENDS_AFTER_MS;
        if !matches!(wakes, Wakes::Once) {
            wakes.until(ends + -1, &mut salon);
            assert!(salon.shop.is_staffed(), "{zone} {date} {span}: too early");
            assert!(times(&salon).iter().all(|time| told.contains(time)), "a promise moved");
        }
        wakes.until(ends, &mut salon);
        assert!(!salon.shop.is_staffed(), "{zone} {date} {span}: too late");
        wakes.until(ends + 12 * HOUR_MS, &mut salon);
        let happened = happened(&salon);
        assert_eq!(all.get_or_insert_with(|| happened.clone()), &happened, "{zone} {date} {span}");
    }
}
