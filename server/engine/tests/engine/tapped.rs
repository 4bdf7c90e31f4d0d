//! Taps that were made while the link was down, and arrive later: both times are known, and what
//! counts is when they were made.

use sooner_engine::decide::TAPPED_AGO_MAX_MS;
use sooner_engine::shop::DayScore;
use sooner_engine::{Event, Recorded, Rejection};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, Stage};
use sooner_shared::{Command, Maker, StaffId, Timestamp, VisitId};

use crate::support::{ANNA, BEN, CUT, Driver, nine};

fn start(visit: VisitId, staff: StaffId) -> Command {
    Command::Start { visit, staff }
}

impl Driver {
    #[track_caller]
    fn does_tapped(&mut self, command: &Command, minute: i64) -> Vec<Event> {
        self.send_tapped(command, Some(nine(minute))).expect("is carried out")
    }

    fn score_of_today(&self) -> DayScore {
        self.shop.scores.values().next_back().copied().unwrap_or_default()
    }
}

/// Anna and Ben, and somebody who was told 9:05.
fn salon() -> (Driver, VisitId) {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let tom = salon.joins(CUT);
    assert_eq!(salon.by(tom), nine(5));
    (salon, tom)
}

#[test]
fn a_start_tapped_in_time_that_arrives_after_the_minute_is_kept() {
    let (mut salon, tom) = salon();
    salon.at(9);
    assert_eq!(salon.outcome(tom), Some(Outcome::Broken));
    assert_eq!(salon.score_of_today(), DayScore { kept: 0, broken: 1 });
    let events = salon.does_tapped(&start(tom, ANNA), 4);
    let started = Event::Started { visit: tom, staff: ANNA, tapped_at: Some(nine(4)) };
    assert_eq!(events[0], started);
    assert_eq!(salon.shop.visits[&tom].started_at, Some(nine(4)));
    assert_eq!(salon.log.last().map(|r| r.at), Some(nine(9)), "the log has both times");
    assert_eq!(salon.outcome(tom), Some(Outcome::Kept), "people are shown it at once");
    assert_eq!(salon.shop.visits[&tom].recovery(), None, "there is nothing to make good");
    salon.let_it_stand();
    assert_eq!(salon.score_of_today(), DayScore { kept: 1, broken: 0 });
    assert_eq!(salon.shop.scored, 1);
}

#[test]
fn a_start_tapped_too_late_stays_broken() {
    let (mut salon, tom) = salon();
    salon.at(9);
    salon.does_tapped(&start(tom, ANNA), 6);
    salon.let_it_stand();
    assert_eq!(salon.outcome(tom), Some(Outcome::Broken));
    assert_eq!(salon.score_of_today(), DayScore { kept: 0, broken: 1 });
}

#[test]
fn what_a_late_tap_mended_is_broken_again_when_it_is_taken_back() {
    let (mut salon, tom) = salon();
    salon.at(9);
    salon.does_tapped(&start(tom, ANNA), 4);
    salon.does(&Command::Undo { visit: tom });
    salon.let_it_stand();
    assert_eq!(salon.stage(tom), Stage::Waiting);
    assert_eq!(salon.shop.visits[&tom].promises[0].outcome, Some(Outcome::Broken));
    assert_eq!(salon.score_of_today(), DayScore { kept: 0, broken: 1 });
}

#[test]
fn what_is_learned_is_how_long_it_took_and_not_how_long_the_tap_was_under_way() {
    let lessons = |salon: &Driver| {
        let state = serde_json::to_value(&salon.shop).expect("a shop can be written");
        state["lessons"][0]["ms"].as_i64()
    };
    let (mut salon, tom) = salon();
    salon.at(40);
    salon.does_tapped(&start(tom, ANNA), 2);
    salon.does_tapped(&Command::Finish { visit: tom }, 31);
    assert_eq!(lessons(&salon), Some(29 * MINUTE_MS));
    assert_eq!(salon.shop.visits[&tom].ended_at, Some(nine(31)));
    assert_eq!(salon.outcome(tom), Some(Outcome::Kept));
}

#[test]
fn a_tap_counts_neither_before_what_happened_to_the_visit_nor_in_the_future() {
    let tapped = |salon: &Driver| salon.log.last().and_then(|r| r.event.tapped_at());
    let (mut salon, tom) = salon();
    salon.at(3).call(tom, ANNA);
    salon.at(5);
    salon.does_tapped(&start(tom, ANNA), 1);
    let started = salon.log.iter().find_map(|r| match r.event {
        Event::Started { tapped_at, .. } => Some(tapped_at),
        _ => None,
    });
    assert_eq!(started, Some(Some(nine(3))), "not before the call");
    salon.at(20);
    salon.does_tapped(&Command::Finish { visit: tom }, 25);
    assert_eq!(tapped(&salon), None, "a clock that is ahead says nothing");
}

#[test]
fn a_chair_is_not_taken_before_it_was_free() {
    let (mut salon, tom) = salon();
    salon.start(tom, ANNA);
    let zoe = salon.joins(CUT);
    salon.at(20).finish(tom);
    salon.at(25);
    salon.does_tapped(&start(zoe, ANNA), 10);
    assert_eq!(salon.shop.visits[&zoe].started_at, Some(nine(20)));
}

#[test]
fn a_tap_is_under_way_for_half_a_day_at_most() {
    let (mut salon, tom) = salon();
    salon.start(tom, ANNA);
    salon.set(13 * 60);
    salon.send_tapped(&Command::Finish { visit: tom }, Some(nine(1))).expect("is carried out");
    let finished = salon.log.iter().rev().find_map(|r| r.event.tapped_at());
    assert_eq!(finished, Some(nine(13 * 60) - TAPPED_AGO_MAX_MS));
}

#[test]
fn what_is_no_start_and_no_finish_happens_when_it_arrives() {
    let (mut salon, tom) = salon();
    salon.at(4);
    let called = Command::Call { visit: tom, staff: ANNA };
    assert!(salon.does_tapped(&called, 1).iter().all(|event| event.tapped_at().is_none()));
    assert_eq!(salon.shop.visits[&tom].called_at, Some(nine(4)));
    let undone = salon.send_tapped(&Command::Finish { visit: tom }, Some(nine(4)));
    assert_eq!(undone, Err(Rejection::NotStarted));
}

#[test]
fn old_logs_read_and_write_as_they_did() {
    for text in [
        r#"{"seq":7,"at":5,"tap":7,"event":{"started":{"visit":3,"staff":1}}}"#,
        r#"{"seq":8,"at":6,"tap":8,"event":{"finished":{"visit":3}}}"#,
    ] {
        let read: Recorded = serde_json::from_str(text).expect("reads");
        assert_eq!(read.happened_at(), read.at);
        let event = serde_json::to_string(&read.event).expect("writes");
        assert!(text.contains(&event), "the checksum of {text} is over {event}");
    }
    let late = Recorded {
        seq: 9,
        at: Timestamp(9),
        tap: 9,
        by: Maker::Unknown,
        event: Event::Finished { visit: VisitId(3), tapped_at: Some(Timestamp(4)) },
    };
    assert_eq!(late.happened_at(), Timestamp(4));
}
