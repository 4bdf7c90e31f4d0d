//! How promises end, told through commands; and how ends become the share on the wall.

use sooner_engine::Event;
use sooner_engine::shop::DayScore;
use sooner_shared::VisitId;
use sooner_shared::view::Outcome::{self, Broken, Kept, LeftBefore, Void};

use crate::support::{ANNA, BEN, CUT, Driver, join, nine};

/// One row of the outcome table: what happens to who was told 9:05, and the score.
type Row = (&'static str, fn(&mut Driver, VisitId), Option<Outcome>);

const TABLE: &[Row] = &[
    ("nothing has happened yet", |_, _| {}, None),
    ("started on the very minute", |salon, tom| salon.at(5).start(tom, ANNA), Some(Kept)),
    (
        "started early, in another chair than the one they were called to",
        |salon, tom| {
            salon.call(tom, ANNA);
            salon.at(4).start(tom, BEN);
        },
        Some(Kept),
    ),
    (
        "called by the minute, came later",
        |salon, tom| {
            salon.at(5).call(tom, ANNA);
            salon.at(12).start(tom, ANNA);
        },
        Some(Kept),
    ),
    (
        "called by the minute, called again after it, came then",
        |salon, tom| {
            salon.at(4).call(tom, ANNA);
            salon.at(8).call(tom, BEN);
            salon.at(12).start(tom, BEN);
        },
        Some(Kept),
    ),
    (
        "called by the minute, back in line after it, came then",
        |salon, tom| {
            salon.at(5).call(tom, ANNA);
            salon.at(6).back_to_line(tom);
            salon.at(30).start(tom, ANNA);
        },
        Some(Kept),
    ),
    (
        "called by the minute, and it has passed",
        |salon, tom| {
            salon.at(5).call(tom, ANNA);
            salon.at(30);
        },
        None,
    ),
    (
        "the minute passes",
        |salon, _| {
            salon.at(6);
        },
        Some(Broken),
    ),
    (
        "the minute passes before they are called and started",
        |salon, tom| {
            salon.at(6).call(tom, ANNA);
            salon.at(7).start(tom, ANNA);
        },
        Some(Broken),
    ),
    (
        "called early, not there, and not called again in time",
        |salon, tom| {
            salon.at(1).call(tom, ANNA);
            salon.at(3).back_to_line(tom);
            salon.at(6);
        },
        Some(Broken),
    ),
    (
        "the chair they were called to goes off duty before the minute",
        |salon, tom| {
            salon.at(1).call(tom, ANNA);
            salon.at(3).off_duty(ANNA);
            salon.at(6);
        },
        Some(Broken),
    ),
    (
        "the chair they were called to goes off duty after the minute",
        |salon, tom| {
            salon.call(tom, ANNA);
            salon.at(7).off_duty(ANNA);
            salon.at(8);
        },
        Some(Broken),
    ),
    (
        "the minute passes while the shop sleeps, and then they leave",
        |salon, tom| salon.at(24 * 60).leaves(tom),
        Some(Broken),
    ),
    ("left before the minute", |salon, tom| salon.at(5).leaves(tom), Some(LeftBefore)),
    (
        "left before the minute though called",
        |salon, tom| {
            salon.call(tom, ANNA);
            salon.at(3).leaves(tom);
        },
        Some(LeftBefore),
    ),
    (
        "left after the minute with a call standing",
        |salon, tom| {
            salon.call(tom, ANNA);
            salon.at(9).leaves(tom);
        },
        Some(Void),
    ),
    (
        "no-show after a call made in time",
        |salon, tom| {
            salon.call(tom, ANNA);
            salon.at(10).no_show(tom);
        },
        Some(Void),
    ),
    (
        "no-show after a call made too late",
        |salon, tom| {
            salon.at(6).call(tom, ANNA);
            salon.at(30).no_show(tom);
        },
        Some(Broken),
    ),
];

#[test]
fn every_promise_ends_as_the_table_says() {
    for (what, happens, expected) in TABLE {
        let mut salon = Driver::staffed(&[ANNA, BEN]);
        let tom = salon.joins(CUT);
        assert_eq!(salon.by(tom), nine(5));
        happens(&mut salon, tom);
        assert_eq!(salon.outcome(tom), *expected, "{what}");

        salon.let_it_stand();
        assert_eq!(salon.outcome(tom), *expected, "{what}");
        let scores = salon.log.iter().filter(|r| matches!(r.event, Event::Scored { .. })).count();
        assert_eq!(scores, usize::from(expected.is_some()), "{what}");
    }
}

#[test]
fn a_broken_promise_is_broken_then_and_there() {
    let mut salon = Driver::staffed(&[ANNA]);
    let tom = salon.joins(CUT);
    assert_eq!(
        sooner_engine::next_deadline(&salon.shop),
        Some(nine(5) + 1),
        "a start on the minute still keeps it"
    );
    salon.set(5);
    assert_eq!(salon.timer(), []);
    salon.clock = nine(5) + 1;
    let broken = Event::Scored { visit: tom, no: 0, outcome: Broken };
    assert_eq!(salon.timer(), [broken]);
    assert_eq!(salon.timer(), [], "and only once");
    let next = sooner_engine::next_deadline(&salon.shop);
    assert!(next.is_none_or(|at| at > nine(45)), "only a silent desk is left: {next:?}");
}

#[test]
fn deadlines_hold_when_the_clock_leaps_and_when_it_goes_back() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visits: Vec<_> = (0..5).map(|_| salon.joins(CUT)).collect();
    let in_order_of_their_minutes: Vec<_> =
        visits.iter().map(|&visit| Event::Scored { visit, no: 0, outcome: Broken }).collect();

    salon.set(24 * 60);
    let mut events = salon.timer();
    events.retain(|event| *event != Event::FellSilent);
    assert_eq!(events, in_order_of_their_minutes);

    salon.set(-24 * 60);
    assert_eq!(salon.timer(), []);
    salon.on_duty(&[BEN]);
    let late = salon.joins(CUT);
    assert!(salon.by(late) > nine(24 * 60), "the log does not run backwards");
    assert!(salon.log.is_sorted_by_key(|recorded| recorded.at));
}

/// One person joins, and is started at once.
fn keep_one(salon: &mut Driver) {
    let visit = salon.joins(CUT);
    salon.start(visit, ANNA);
    salon.finish(visit);
    salon.let_it_stand();
}

#[test]
fn the_share_is_shown_from_thirty_promises_on_and_then_always() {
    let mut salon = Driver::staffed(&[ANNA]);
    for _ in 0..28 {
        keep_one(&mut salon);
    }
    salon.joins(CUT);
    salon.set(90);
    salon.timer();
    assert_eq!(salon.shop.kept_week(salon.now()), None, "29 say little");
    keep_one(&mut salon);
    assert_eq!(salon.shop.kept_week(salon.now()), Some((29, 30)));

    let days = |n: i64| 90 + n * 24 * 60;
    salon.set(days(6));
    assert_eq!(salon.shop.kept_week(salon.now()), Some((29, 30)));
    salon.set(days(7));
    assert_eq!(salon.shop.kept_week(salon.now()), None, "an empty week");
    salon.on_duty(&[BEN]);
    keep_one(&mut salon);
    assert_eq!(salon.shop.kept_week(salon.now()), Some((1, 1)));
}

#[test]
fn who_leaves_before_their_minute_counts_neither_way() {
    let mut salon = Driver::staffed(&[ANNA]);
    for _ in 0..40 {
        let visit = salon.joins(CUT);
        salon.leaves(visit);
    }
    assert_eq!(salon.shop.scored, 0);
    assert_eq!(salon.shop.kept_week(salon.now()), None);
}

#[test]
fn a_day_of_scores_ends_at_local_midnight() {
    // 23:59 and 0:00 in Budapest, which is 22:59 and 23:00 UTC.
    let mut salon = Driver::staffed(&[ANNA]);
    for minutes in [15 * 60 - 1, 15 * 60, 15 * 60 + 1] {
        salon.set(minutes);
        keep_one(&mut salon);
    }
    let days: Vec<_> = salon.shop.scores.values().copied().collect();
    let kept = |kept| DayScore { kept, broken: 0 };
    assert_eq!(days, [kept(1), kept(2)]);
}

#[test]
fn a_visit_without_a_promise_has_no_score() {
    let mut salon = Driver::open();
    let visit = salon.joins_with(join(CUT, Some(BEN)));
    salon.on_duty(&[ANNA]);
    salon.at(90).start(visit, ANNA);
    salon.finish(visit);
    assert_eq!(salon.outcome(visit), None);
    assert_eq!(salon.shop.scored, 0);
}
