//! What people say on their page that changes nobody's place: how early they want to be told, and at
//! the end whether the start was when it was tapped and how the wait was.

use sooner_engine::{Event, Rejection};
use sooner_shared::Command;
use sooner_shared::command::Felt;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, Stage};

use crate::support::{ANNA, CUT, Driver, REPAIR, whole_shop};

fn right(visit: sooner_shared::VisitId) -> Command {
    Command::ConfirmStart { visit, right: true }
}

fn later(visit: sooner_shared::VisitId) -> Command {
    Command::ConfirmStart { visit, right: false }
}

#[test]
fn a_start_is_asked_about_once_at_the_end_and_scores_nothing_anew() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    assert_eq!(salon.refuses(&right(visit)), Rejection::NotNow);
    salon.start(visit, ANNA);
    assert_eq!(salon.refuses(&right(visit)), Rejection::NotNow, "not while they sit there");
    salon.at(20).finish(visit);
    salon.does(&later(visit));
    assert_eq!(salon.shop.visits[&visit].start_right, Some(false));
    assert_eq!(salon.refuses(&right(visit)), Rejection::NotNow);
    salon.let_it_stand();
    assert_eq!(salon.outcome(visit), Some(Outcome::Kept), "a promise is never edited");
    let scores = salon.log.iter().filter(|r| matches!(r.event, Event::Scored { .. })).count();
    assert_eq!(scores, 1);
}

#[test]
fn nobody_is_asked_whose_promise_no_tap_has_kept() {
    // Broken.
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    salon.clock = salon.by(visit) + 1;
    salon.start(visit, ANNA);
    salon.finish(visit);
    assert_eq!(salon.outcome(visit), Some(Outcome::Broken));
    assert_eq!(salon.refuses(&right(visit)), Rejection::NotNow);

    // Kept by a call to a free chair: they came later themselves.
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    salon.call(visit, ANNA);
    salon.clock = salon.by(visit) + 60_000;
    salon.start(visit, ANNA);
    salon.finish(visit);
    assert_eq!(salon.outcome(visit), Some(Outcome::Kept));
    assert_eq!(salon.refuses(&right(visit)), Rejection::NotNow);

    // Promised for the end of the work.
    let mut shop = Driver::open_with(whole_shop);
    shop.on_duty(&[ANNA]);
    let visit = shop.joins(REPAIR);
    assert_eq!(shop.refuses(&right(visit)), Rejection::NotNow);
}

#[test]
fn how_the_wait_was_can_be_said_again_and_the_last_word_counts() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    let rate = |felt| Command::RateWait { visit, felt };
    assert_eq!(salon.refuses(&rate(Felt::Good)), Rejection::NotNow);
    salon.start(visit, ANNA);
    salon.finish(visit);
    salon.does(&rate(Felt::NotGood));
    assert_eq!(salon.does(&rate(Felt::NotGood)), [], "said already");
    salon.does(&rate(Felt::Good));
    assert_eq!(salon.shop.visits[&visit].felt, Some(Felt::Good));
}

#[test]
fn what_is_said_at_the_end_keeps_no_tap_of_the_desk_from_being_taken_back() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    salon.start(visit, ANNA);
    salon.at(20).finish(visit);
    salon.does(&later(visit));
    salon.does(&Command::RateWait { visit, felt: Felt::Good });
    // It was the wrong card: they sit there still, and are asked again when they have been served.
    salon.does(&Command::Undo { visit });
    assert_eq!(salon.stage(visit), Stage::Serving);
    let seen = &salon.shop.visits[&visit];
    assert_eq!((seen.start_right, seen.felt), (None, None));
    salon.finish(visit);
    salon.does(&right(visit));
}

#[test]
fn what_is_said_at_the_end_stays_said_when_something_else_is_taken_back() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    salon.clock = salon.by(visit) + 60_000;
    salon.timer();
    salon.start(visit, ANNA);
    salon.finish(visit);
    salon.let_it_stand();
    salon.does(&Command::MakeGood { visit, with: None });
    salon.does(&Command::RateWait { visit, felt: Felt::NotGood });
    salon.does(&Command::Undo { visit });
    assert!(salon.shop.visits[&visit].recovery().is_some(), "it is owed again");
    assert_eq!(salon.shop.visits[&visit].felt, Some(Felt::NotGood));
}

#[test]
fn who_wants_to_be_told_before_is_told_before_the_time_that_holds() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    let other = salon.joins(CUT);
    let minutes = |minutes| minutes * MINUTE_MS;
    let before = |ms| Command::TellBefore { visit: other, ms };
    assert_eq!(salon.refuses(&before(0)), Rejection::BadTime);
    assert_eq!(salon.refuses(&before(minutes(61))), Rejection::BadTime);
    salon.does(&before(minutes(10)));
    assert_eq!(salon.does(&before(minutes(10))), [], "said already");
    let tell_at = |salon: &Driver| salon.shop.visits[&other].tell_at();
    assert_eq!(tell_at(&salon), Some(salon.by(other) + -minutes(10)));
    // A wish of theirs brings another time; taking that back does not take back the wish to be told.
    let by = salon.by(other);
    salon.does(&Command::RunLate { visit: other, ms: minutes(90) });
    assert_eq!(tell_at(&salon), Some(salon.by(other) + -minutes(10)));
    salon.does(&before(minutes(20)));
    salon.does(&Command::Undo { visit: other });
    assert_eq!(tell_at(&salon), Some(by + -minutes(20)));
    // Who is called is not told beside.
    salon.start(visit, ANNA);
    salon.at(20).finish(visit);
    salon.call(other, ANNA);
    assert_eq!(tell_at(&salon), None);
    assert_eq!(salon.refuses(&before(minutes(5))), Rejection::NotNow);
}
