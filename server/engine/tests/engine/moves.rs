//! Times that the shop moves by itself: earlier as an invitation, later as the truth in time.

use sooner_engine::forecast::moves::moves;
use sooner_engine::view;
use sooner_engine::{Event, Rejection};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::Outcome;
use sooner_shared::{Command, Timestamp, VisitId};

use crate::support::{ANNA, CUT, Driver, Names, nine};

/// Looks ahead, and records what should be told anew.
fn look(salon: &mut Driver) -> Vec<(VisitId, Timestamp)> {
    let estimates = salon.forecast().visits;
    let events = moves(&salon.shop, &estimates, salon.now());
    let told = events
        .iter()
        .filter_map(|event| match *event {
            Event::Promised { visit, by, .. } => Some((visit, by)),
            _ => None,
        })
        .collect();
    salon.record(events, 0);
    told
}

/// Tom is in Anna's chair, Eva waits for her in the shop.
fn eva_waits() -> (Driver, VisitId, VisitId) {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.start(tom, ANNA);
    salon.does(&Command::CheckIn { visit: eva });
    (salon, tom, eva)
}

/// Tom takes longer and longer, until Eva is told so.
fn until_told_later(salon: &mut Driver, eva: VisitId) {
    for minutes in 0..240 {
        salon.at(minutes);
        look(salon);
        if salon.shop.visits[&eva].promises[0].postponed {
            return;
        }
    }
    panic!("Eva was told nothing");
}

#[test]
fn a_time_is_moved_earlier_when_it_is_nearly_sure_and_the_first_place_stays_safe() {
    let (mut salon, tom, eva) = eva_waits();
    let first = salon.by(eva);
    assert_eq!(look(&mut salon), [], "nothing has changed");
    salon.at(10).finish(tom);
    let told = look(&mut salon);
    assert_eq!(told.len(), 1);
    let (visit, by) = told[0];
    assert!(visit == eva && by + 5 * MINUTE_MS <= first, "{by:?} instead of {first:?}");
    assert_eq!(look(&mut salon), [], "and not again at once");
    let phone = view::visit(&salon.shop, "salon", &salon.forecast(), &Names, eva, salon.now())
        .expect("her page");
    assert_eq!((phone.by, phone.safe_until, phone.instead_of), (Some(by), Some(first), None));

    // Called for the earlier time and not there: her place is kept until the one told first.
    salon.next(ANNA);
    salon.clock = by + MINUTE_MS;
    let no_show = Command::MarkNoShow { visit: eva };
    let hold_ms = salon.shop.config.hold_ms;
    assert_eq!(salon.refuses(&no_show), Rejection::PlaceIsSafe { until: first + hold_ms });
}

#[test]
fn a_time_that_will_likely_be_missed_is_moved_later_once() {
    let (mut salon, _, eva) = eva_waits();
    let first = salon.by(eva);
    // Tom takes longer and longer.
    let mut later = Vec::new();
    let mut minutes = 0;
    while nine(minutes) < first + 60 * MINUTE_MS {
        salon.at(minutes);
        later.extend(look(&mut salon).into_iter().filter(|&(_, by)| by > first));
        minutes += 1;
    }
    assert_eq!(later.len(), 1, "a second later time is for a person to say: {later:?}");
    let promise = salon.shop.visits[&eva].promises[0];
    assert!(promise.postponed && promise.outcome == Some(Outcome::Broken));
    let told = salon.shop.visits[&eva].promises[1];
    assert!(told.made_at < first, "before the minute");
}

#[test]
fn a_later_time_is_on_the_phone_at_once_and_on_the_wall_a_minute_after() {
    let (mut salon, _, eva) = eva_waits();
    let first = salon.by(eva);
    until_told_later(&mut salon, eva);
    let on_the_wall = |salon: &Driver| {
        let board = view::lobby(&salon.shop, &salon.forecast(), &Names, salon.now());
        board.cards[&eva].by
    };
    let now = salon.now();
    let phone =
        view::visit(&salon.shop, "salon", &salon.forecast(), &Names, eva, now).expect("her page");
    assert!(phone.by > Some(first) && phone.instead_of == Some(first));
    assert_eq!(on_the_wall(&salon), Some(first));
    salon.clock = now + MINUTE_MS;
    assert_eq!(on_the_wall(&salon), phone.by);
}

#[test]
fn who_leaves_after_a_later_time_was_told_was_let_down() {
    let (mut salon, _, eva) = eva_waits();
    until_told_later(&mut salon, eva);
    salon.does(&Command::Leave { visit: eva });
    salon.let_it_stand();
    let visit = &salon.shop.visits[&eva];
    assert_eq!(visit.promises[0].outcome, Some(Outcome::Broken));
    assert_eq!(visit.promises[1].outcome, Some(Outcome::LeftBefore));
}

#[test]
fn nothing_is_moved_for_who_is_called_or_served_or_while_the_desk_is_silent() {
    let (mut salon, tom, eva) = eva_waits();
    salon.at(10).finish(tom);
    let mut called = Driver { shop: salon.shop.clone(), log: Vec::new(), clock: salon.clock };
    called.next(ANNA);
    assert_eq!(look(&mut called), []);
    called.start(eva, ANNA);
    assert_eq!(look(&mut called), []);
    salon.at(200);
    assert!(salon.shop.silent_since.is_some());
    assert_eq!(look(&mut salon), []);
}
