//! Taking back a tap: everything it did, nothing else, and nothing that came of it.

use sooner_engine::decide::{STAYS_MS, stays_until};
use sooner_engine::{Event, Rejection, next_deadline};
use sooner_shared::Command;
use sooner_shared::command::{Booking, DelayReason, Scope};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, Stage};

use crate::support::{ANNA, BEN, COLOUR, CUT, Driver, NAILS, NINE, join, whole_shop};

#[test]
fn who_went_home_by_mistake_is_there_again_with_whom_they_had_called() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    salon.call(visit, ANNA);
    let before = (salon.shop.visits[&visit].clone(), salon.shop.chairs[&ANNA]);
    salon.off_duty(ANNA);
    assert_eq!(salon.stage(visit), Stage::Waiting);
    salon.does(&Command::Undo { visit });
    assert_eq!((salon.shop.visits[&visit].clone(), salon.shop.chairs[&ANNA]), before);
}

#[test]
fn a_break_taken_by_mistake_was_none() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    salon.call(visit, ANNA);
    let before = salon.shop.chairs[&ANNA];
    salon.does(&Command::TakeBreak { staff: ANNA, ms: 10 * MINUTE_MS });
    salon.does(&Command::Undo { visit });
    assert_eq!(salon.shop.chairs[&ANNA], before);
}

#[test]
fn a_call_that_ended_a_break_is_taken_back_with_the_break() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    salon.does(&Command::TakeBreak { staff: ANNA, ms: 10 * MINUTE_MS });
    let before = salon.shop.chairs[&ANNA];
    assert_eq!(salon.next(ANNA), Some(visit));
    salon.does(&Command::Undo { visit });
    assert_eq!(salon.shop.chairs[&ANNA], before);
}

#[test]
fn a_delay_that_a_finish_ended_goes_on_when_the_finish_is_taken_back() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    salon.start(visit, ANNA);
    let (scope, ms) = (Scope::Staff(ANNA), 10 * MINUTE_MS);
    salon.does(&Command::ReportDelay { scope, ms, reason: DelayReason::Work });
    let before = salon.shop.delays.clone();
    salon.finish(visit);
    assert_eq!(salon.shop.delays, []);
    salon.does(&Command::Undo { visit });
    assert_eq!(salon.shop.delays, before);
}

#[test]
fn undo_on_one_card_does_not_take_back_what_was_done_to_another() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let (polite, next) = (salon.joins(CUT), salon.joins(CUT));
    salon.does(&Command::LetPass { visit: polite });
    salon.start(next, ANNA);
    // By the start the polite one is in their old place: they cannot take that back.
    salon.refuses(&Command::Undo { visit: polite });
    assert_eq!(salon.stage(next), Stage::Serving);
    salon.does(&Command::Undo { visit: next });
    assert!(salon.shop.visits[&polite].lets_pass, "nobody has gone first yet");
    salon.does(&Command::Undo { visit: polite });
    assert!(!salon.shop.visits[&polite].lets_pass);
}

#[test]
fn what_time_has_changed_since_is_not_overwritten() {
    let mut salon = Driver::open_with(whole_shop);
    salon.on_duty(&[ANNA]);
    let visit = salon.joins(COLOUR);
    salon.start(visit, ANNA);
    salon.finish(visit);
    assert_eq!(salon.stage(visit), Stage::Pending);
    let due = next_deadline(&salon.at(2).shop).expect("has developed then");
    salon.clock = due + -1_000;
    salon.does(&Command::Ask { visit, text: "How long?".to_owned() });
    salon.clock = due;
    salon.timer();
    assert_eq!(salon.stage(visit), Stage::Waiting, "has developed");
    salon.refuses(&Command::Undo { visit });
    let continued = |r: &&sooner_engine::Recorded| matches!(r.event, Event::Continued { .. });
    assert_eq!(salon.log.iter().filter(continued).count(), 1);
}

#[test]
fn a_wish_taken_back_brings_back_the_time_and_nothing_stands_beside_it() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    let (told, by) = (salon.promise(visit), salon.by(visit));
    salon.does(&Command::RunLate { visit, ms: 60 * MINUTE_MS });
    assert!(salon.by(visit) > by);
    salon.does(&Command::Undo { visit });
    assert_eq!(salon.promise(visit), told, "the old time is shown again");
    assert_eq!(salon.shop.visits[&visit].live().count(), 1);
    // And it is the old time that is kept.
    salon.start(visit, ANNA);
    assert_eq!(salon.outcome(visit), Some(Outcome::Kept));
}

#[test]
fn a_time_told_meanwhile_in_the_place_of_the_old_one_is_void() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    let told = salon.promise(visit);
    salon.off_duty(ANNA);
    salon.does(&Command::LetPass { visit });
    salon.on_duty(&[ANNA]);
    salon.promise_late();
    assert_eq!(salon.shop.visits[&visit].promises.len(), 2);
    salon.does(&Command::Undo { visit });
    assert_eq!(salon.promise(visit), told);
    assert_eq!(salon.shop.visits[&visit].live().count(), 1);
}

#[test]
fn who_joined_by_mistake_and_was_told_a_time_later_was_never_there() {
    let mut salon = Driver::open();
    let visit = salon.joins(CUT);
    salon.on_duty(&[ANNA]);
    salon.promise_late();
    assert!(salon.promise(visit).is_some());
    salon.does(&Command::Undo { visit });
    assert_eq!(salon.outcome(visit), Some(Outcome::Void));
    salon.let_it_stand();
    assert_eq!(salon.outcome(visit), Some(Outcome::Void));
}

#[test]
fn a_time_that_was_taken_back_is_told_anew() {
    let mut salon = Driver::open_with(whole_shop);
    salon.on_duty(&[ANNA]);
    let visit = salon.joins(COLOUR);
    salon.start(visit, ANNA);
    salon.does(&Command::Undo { visit });
    salon.start(visit, ANNA);
    assert_eq!(salon.shop.visits[&visit].live().count(), 1, "done by");

    // Asked for Ben, who is not there; handed to Anna, who is; and not after all.
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins_with(join(CUT, Some(BEN)));
    salon.does(&Command::HandOver { visit, to: ANNA });
    salon.does(&Command::AcceptHandOver { visit });
    assert!(salon.promise(visit).is_some());
    salon.does(&Command::Undo { visit });
    salon.on_duty(&[BEN]);
    salon.promise_late();
    assert_eq!(salon.shop.visits[&visit].live().count(), 1);
}

#[test]
fn who_left_by_themselves_stays_after_all_with_the_time_they_had() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    salon.call(visit, ANNA);
    let before = (salon.shop.visits[&visit].clone(), salon.shop.chairs[&ANNA]);
    salon.refuses(&Command::ComeBack { visit });
    salon.leaves(visit);
    let now = salon.now();
    assert_eq!(stays_until(&salon.shop, visit, now), Some(now + STAYS_MS));
    salon.clock = now + STAYS_MS + -1;
    let heard_at = salon.shop.heard_at;
    salon.does(&Command::ComeBack { visit });
    assert_eq!((salon.shop.visits[&visit].clone(), salon.shop.chairs[&ANNA]), before);
    assert_eq!(salon.shop.heard_at, heard_at, "nobody of the shop has tapped");
    // Once is once, and the promise is scored as if nothing had been.
    assert_eq!(salon.refuses(&Command::ComeBack { visit }), Rejection::NothingToUndo);
    salon.start(visit, ANNA);
    salon.let_it_stand();
    let scores = salon.log.iter().filter(|r| matches!(r.event, Event::Scored { .. })).count();
    assert_eq!((scores, salon.outcome(visit)), (1, Some(Outcome::Kept)));
}

#[test]
fn who_left_stays_left_after_half_a_minute_and_when_somebody_else_has_the_chair() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (visit, next) = (salon.joins(CUT), salon.joins(CUT));
    let back = Command::ComeBack { visit };
    salon.call(visit, ANNA);
    salon.leaves(visit);
    assert_eq!(salon.next(ANNA), Some(next));
    assert_eq!(stays_until(&salon.shop, visit, salon.now()), None);
    assert_eq!(salon.refuses(&back), Rejection::NothingToUndo);

    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    salon.leaves(visit);
    salon.clock = salon.clock + STAYS_MS;
    assert_eq!(stays_until(&salon.shop, visit, salon.now()), None);
    assert_eq!(salon.refuses(&back), Rejection::NothingToUndo);
}

#[test]
fn only_who_left_by_their_own_tap_comes_back_by_their_own() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (visit, gone) = (salon.joins(CUT), salon.joins(CUT));
    let tap = salon.shop.seq + 1;
    salon.record(vec![Event::Left { visit }], tap);
    assert_eq!(stays_until(&salon.shop, visit, salon.now()), None);
    assert_eq!(salon.refuses(&Command::ComeBack { visit }), Rejection::NothingToUndo);
    salon.does(&Command::Undo { visit });
    // Nor is it a way to take back what the desk has tapped.
    salon.start(gone, ANNA);
    salon.finish(gone);
    assert_eq!(salon.refuses(&Command::ComeBack { visit: gone }), Rejection::NothingToUndo);
}

#[test]
fn an_appointment_comes_back_only_while_nobody_else_has_its_time() {
    let mut salon = Driver::staffed(&[ANNA]);
    let at = NINE + 120 * MINUTE_MS;
    let book = |requested| {
        let (name, contact, more) = (None, None, Vec::new());
        Command::Book(Booking { service: CUT, more, requested, at, name, contact })
    };
    let visit = salon.shop.next_visit;
    salon.does(&book(Some(ANNA)));
    let before = salon.shop.visits[&visit].clone();
    salon.leaves(visit);
    salon.does(&Command::ComeBack { visit });
    assert_eq!(salon.shop.visits[&visit], before);
    salon.leaves(visit);
    let other = salon.shop.next_visit;
    salon.does(&book(Some(ANNA)));
    assert_eq!(stays_until(&salon.shop, visit, salon.now()), None);
    assert_eq!(salon.refuses(&Command::ComeBack { visit }), Rejection::NothingToUndo);
    salon.leaves(other);
    salon.does(&Command::ComeBack { visit });
    assert_eq!(salon.stage(visit), Stage::Booked);
}

#[test]
fn nobody_who_is_not_touched_is_changed() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let (first, other) = (salon.joins(CUT), salon.joins(CUT));
    salon.start(first, ANNA);
    salon.start(other, BEN);
    salon.finish(first);
    let before = salon.shop.visits[&other].clone();
    let late = salon.joins(NAILS);
    salon.does(&Command::Undo { visit: first });
    assert_eq!(salon.stage(first), Stage::Serving);
    assert_eq!(salon.stage(late), Stage::Waiting);
    assert_eq!(salon.shop.visits[&other], before);
}

/// Somebody tries joining, three minutes after the beginning.
fn tries(salon: &mut Driver) -> sooner_shared::VisitId {
    salon.at(3).joins_with(sooner_shared::command::Join { trial: true, ..join(CUT, None) })
}

#[test]
fn a_trial_is_gone_within_its_minute_and_counts_nowhere() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = tries(&mut salon);
    assert!(salon.promise(visit).is_some(), "it is told a time like anybody");
    let due = next_deadline(&salon.shop).expect("it does not stay");
    assert!(due < salon.now() + MINUTE_MS, "{due:?}");
    assert!(due > salon.now() + MINUTE_MS / 2, "there is time to look at it");
    salon.set(4);
    let events = salon.timer();
    assert!(salon.stage(visit).is_over());
    let is_void = |event: &Event| match event {
        Event::Scored { outcome, .. } => *outcome == Outcome::Void,
        event => matches!(event, Event::Undone { .. }),
    };
    assert!(events.iter().all(is_void) && events.len() >= 2, "{events:?}");
    assert_eq!(salon.timer(), [], "once");
    let next = salon.joins(CUT);
    salon.call(next, ANNA);
}

#[test]
fn a_trial_is_gone_with_what_was_done_with_it_since() {
    let mut salon = Driver::staffed(&[ANNA]);
    let before = salon.shop.chairs[&ANNA];
    let visit = tries(&mut salon);
    salon.does(&Command::CheckIn { visit });
    salon.call(visit, ANNA);
    salon.at(4);
    assert!(salon.stage(visit).is_over());
    assert_eq!(salon.shop.chairs[&ANNA].visit, before.visit);
}

#[test]
fn a_trial_whose_minute_passed_while_no_server_ran_breaks_no_promise() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = tries(&mut salon);
    salon.set(180);
    let events = salon.timer();
    assert!(salon.stage(visit).is_over(), "{events:?}");
    let broken = |event: &&Event| matches!(event, Event::Scored { outcome: Outcome::Broken, .. });
    assert_eq!(events.iter().find(broken), None);
}

#[test]
fn staff_let_nobody_in_for_a_trial() {
    let mut salon = Driver::staffed(&[ANNA]);
    let trial = sooner_shared::command::Join { trial: true, ..join(CUT, None) };
    salon.does(&Command::AddWalkIn(trial));
    salon.at(4);
    let stage = salon.shop.visits.values().next().map(|visit| visit.stage);
    assert_eq!(stage, Some(Stage::Waiting), "who stands there stays");
}
