//! A day at the salon, one sentence at a time: calling, starting, coming and going.

use sooner_engine::shop::OVER_MAX;
use sooner_engine::{Event, Rejection, Shop};
use sooner_shared::view::Stage::{Called, Done, Serving, Waiting};
use sooner_shared::{Command, VisitId};

use crate::support::{ANNA, BEN, CLEO, COLOUR, CUT, Driver, NAILS, join, nine, promises};

#[test]
fn next_finishes_who_is_served_and_calls_who_is_first() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    assert_eq!(salon.next(ANNA), Some(tom));
    salon.start(tom, ANNA);
    salon.set(25);
    assert_eq!(salon.next(ANNA), Some(eva));
    assert_eq!((salon.stage(tom), salon.stage(eva)), (Done, Called));
    assert_eq!(salon.shop.visits[&tom].ended_at, Some(nine(25)), "finished by the same tap");
}

#[test]
fn next_finishes_also_when_nobody_is_left() {
    let mut salon = Driver::staffed(&[ANNA]);
    let tom = salon.joins(CUT);
    salon.start(tom, ANNA);
    assert_eq!(salon.next(ANNA), None);
    assert_eq!(salon.stage(tom), Done);
    assert_eq!(salon.shop.chairs[&ANNA].visit, None);
}

#[test]
fn two_taps_at_once_get_two_people() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    for (staff, called) in [(ANNA, tom), (BEN, eva)] {
        let tap = Command::CallNext { staff, after: None };
        salon.does(&tap);
        assert_eq!(salon.shop.chairs[&staff].visit, Some(called));
        assert_eq!(salon.refuses(&tap), Rejection::ChairChanged, "a double tap");
    }
}

#[test]
fn who_is_called_and_not_there_lets_one_go_first_and_is_called_again() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva, kim) = (salon.joins(CUT), salon.joins(CUT), salon.joins(CUT));
    assert_eq!(salon.next(ANNA), Some(tom));
    assert_eq!(salon.next(ANNA), Some(eva), "Tom was not there");
    assert_eq!(salon.stage(tom), Waiting, "and kept his place");
    salon.start(eva, ANNA);
    assert_eq!(salon.next(ANNA), Some(tom), "before Kim");
    assert_eq!(salon.stage(kim), Waiting);
}

#[test]
fn who_was_not_there_and_says_that_they_are_here_is_first_in_line_again() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    let here = Command::CheckIn { visit: tom };
    salon.does(&here);
    salon.next(ANNA);
    salon.back_to_line(tom);
    assert!(salon.shop.visits[&tom].missing);
    assert!(!salon.shop.visits[&tom].checked_in, "who is not there is not in the shop");
    assert_eq!(salon.shop.next_for(ANNA, salon.now()), Some(eva));

    assert_eq!(salon.does(&here), [Event::CheckedIn { visit: tom }]);
    assert!(!salon.shop.visits[&tom].missing);
    assert!(salon.shop.visits[&tom].checked_in);
    assert_eq!(salon.refuses(&here), Rejection::AlreadyCheckedIn, "once each time");
    assert_eq!(salon.next(ANNA), Some(tom), "before Eva");
}

#[test]
fn every_way_back_to_line_of_who_was_not_there_says_that_they_are_not_here() {
    let ways: [fn(&mut Driver, VisitId, VisitId); 4] = [
        |salon, tom, _| salon.back_to_line(tom),
        |salon, _, eva| assert_eq!(salon.next(ANNA), Some(eva)),
        |salon, _, eva| salon.call(eva, ANNA),
        |salon, _, eva| salon.start(eva, ANNA),
    ];
    for back in ways {
        let mut salon = Driver::staffed(&[ANNA]);
        let tom = salon.shop.next_visit;
        salon.does(&Command::AddWalkIn(join(CUT, None)));
        let eva = salon.joins(CUT);
        assert!(salon.shop.visits[&tom].checked_in, "at the desk");
        salon.next(ANNA);
        assert!(salon.shop.visits[&tom].checked_in, "until they do not come");
        back(&mut salon, tom, eva);
        assert_eq!(salon.stage(tom), Waiting);
        assert!(!salon.shop.visits[&tom].checked_in);
    }
}

#[test]
fn whom_a_chair_sends_back_is_still_here() {
    let mut salon = Driver::staffed(&[ANNA]);
    let tom = salon.joins(CUT);
    salon.does(&Command::CheckIn { visit: tom });
    salon.next(ANNA);
    salon.off_duty(ANNA);
    let tom = &salon.shop.visits[&tom];
    assert!(tom.checked_in && !tom.missing);
}

#[test]
fn whoever_goes_first_without_being_called_is_the_one_who_goes_first() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva, kim) = (salon.joins(CUT), salon.joins(CUT), salon.joins(CUT));
    salon.next(ANNA);
    salon.start(eva, ANNA);
    assert_eq!(salon.stage(tom), Waiting, "Tom was not there");
    assert_eq!(salon.next(ANNA), Some(tom), "one has gone first: Eva");
    assert_eq!(salon.stage(kim), Waiting);
}

#[test]
fn who_was_already_on_the_way_to_another_chair_has_not_gone_first() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let (tom, eva, kim) = (salon.joins(CUT), salon.joins(CUT), salon.joins(CUT));
    assert_eq!((salon.next(ANNA), salon.next(BEN)), (Some(tom), Some(eva)));
    salon.back_to_line(tom);
    salon.start(eva, BEN);
    assert_eq!(salon.next(ANNA), Some(kim));
}

#[test]
fn who_is_alone_in_line_is_called_again_at_once() {
    let mut salon = Driver::staffed(&[ANNA]);
    let tom = salon.joins(CUT);
    salon.next(ANNA);
    assert_eq!(salon.next(ANNA), Some(tom));
    assert_eq!(salon.shop.visits[&tom].call_no, 2, "a chime for each call");
}

#[test]
fn starting_somebody_else_sends_who_was_called_back_to_line() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.next(ANNA);
    salon.start(eva, ANNA);
    assert_eq!((salon.stage(tom), salon.stage(eva)), (Waiting, Serving));
    assert_eq!(salon.shop.chairs[&ANNA].visit, Some(eva));
}

#[test]
fn a_call_to_another_chair_frees_the_first() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.next(ANNA);
    salon.call(tom, BEN);
    assert_eq!(salon.shop.chairs[&ANNA].visit, None);
    assert_eq!(salon.next(ANNA), Some(eva));
}

#[test]
fn a_requested_person_is_waited_for() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let for_ben = salon.joins_with(join(CUT, Some(BEN)));
    let for_anyone = salon.joins(CUT);
    assert_eq!(salon.next(ANNA), Some(for_anyone));
    assert_eq!(salon.next(BEN), Some(for_ben));
}

#[test]
fn who_asked_for_one_person_may_be_taken_by_another_when_staff_say_so() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let for_ben = salon.joins_with(join(CUT, Some(BEN)));
    salon.call(for_ben, ANNA);
    salon.start(for_ben, ANNA);
    assert_eq!(salon.shop.chairs[&ANNA].visit, Some(for_ben));
}

#[test]
fn people_are_called_in_line_order_past_those_who_need_somebody_else() {
    let mut salon = Driver::staffed(&[ANNA, BEN, CLEO]);
    let (nails, colour, cut) = (salon.joins(NAILS), salon.joins(COLOUR), salon.joins(CUT));
    assert_eq!(salon.next(BEN), Some(cut));
    assert_eq!(salon.next(ANNA), Some(colour));
    assert_eq!(salon.next(CLEO), Some(nails));
}

#[test]
fn a_place_is_kept_until_the_hold_after_the_promised_minute() {
    let mut salon = Driver::staffed(&[ANNA]);
    let tom = salon.joins(CUT);
    salon.at(1).next(ANNA);
    let no_show = Command::MarkNoShow { visit: tom };
    // Promised 9:05, held for five minutes from there.
    for minutes in [1, 5, 9] {
        salon.set(minutes);
        assert_eq!(salon.refuses(&no_show), Rejection::PlaceIsSafe { until: nine(10) });
    }
    salon.at(10).does(&no_show);
}

#[test]
fn a_place_is_kept_until_the_hold_after_a_call_made_late() {
    let mut salon = Driver::staffed(&[ANNA]);
    let tom = salon.joins(CUT);
    salon.at(20).next(ANNA);
    let no_show = Command::MarkNoShow { visit: tom };
    salon.set(24);
    assert_eq!(salon.refuses(&no_show), Rejection::PlaceIsSafe { until: nine(25) });
    salon.at(25).does(&no_show);
    assert_eq!(salon.shop.chairs[&ANNA].visit, None);
}

#[test]
fn who_goes_off_duty_returns_the_one_they_called() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.next(ANNA);
    salon.off_duty(ANNA);
    assert_eq!(salon.stage(tom), Waiting);
    assert_eq!(salon.next(BEN), Some(tom), "before Eva: it was not Tom who was missing");
    assert_eq!(salon.stage(eva), Waiting);
}

#[test]
fn who_goes_off_duty_finishes_whom_they_serve() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.start(tom, ANNA);
    salon.off_duty(ANNA);
    assert_eq!(salon.stage(tom), Serving);
    let next = Command::CallNext { staff: ANNA, after: Some(tom) };
    assert_eq!(salon.refuses(&next), Rejection::NotOnDuty);
    salon.finish(tom);
    assert_eq!((salon.stage(tom), salon.stage(eva)), (Done, Waiting));
}

#[test]
fn while_nobody_is_on_duty_no_time_is_promised_and_later_once() {
    let mut salon = Driver::open();
    let (tom, eva) = (salon.joins(CUT), salon.joins(NAILS));
    assert_eq!((salon.promise(tom), salon.promise(eva)), (None, None));
    assert_eq!(salon.promise_late(), []);

    salon.at(10).on_duty(&[ANNA]);
    let promised: Vec<VisitId> = salon
        .promise_late()
        .iter()
        .filter_map(|event| match event {
            Event::Promised { visit, .. } => Some(*visit),
            _ => None,
        })
        .collect();
    assert_eq!(promised, [tom], "Anna does no nails");
    assert_eq!(salon.by(tom), nine(15));
    assert_eq!(salon.promise_late(), [], "and only once");

    salon.at(11).on_duty(&[CLEO]);
    assert_eq!(salon.promise_late().len(), 1);
    assert_eq!(salon.by(eva), nine(15));
    assert_eq!(salon.promise_late(), []);
}

#[test]
fn a_promise_says_on_what_grounds_it_was_made() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    for _ in 0..3 {
        salon.joins(CUT);
    }
    let grounds: Vec<_> = promises(&salon.log)
        .into_iter()
        .map(|(_, by, grounds)| {
            assert!(grounds.likely_at <= grounds.quantile_at && grounds.quantile_at <= by);
            (grounds.ahead, grounds.on_duty, grounds.keep_permille)
        })
        .collect();
    assert_eq!(grounds, [(0, 2, 950), (1, 2, 950), (2, 2, 950)]);
}

#[test]
fn a_visit_that_is_over_is_remembered_for_four_hours() {
    let mut salon = Driver::staffed(&[ANNA]);
    let tom = salon.joins(CUT);
    salon.leaves(tom);
    salon.at(240).joins(CUT);
    assert!(salon.shop.visits.contains_key(&tom));
    salon.at(241).joins(CUT);
    assert!(!salon.shop.visits.contains_key(&tom));
}

fn over(salon: &Driver) -> Vec<VisitId> {
    salon.shop.visits.values().filter(|v| v.stage.is_over()).map(|v| v.id).collect()
}

#[test]
fn no_more_than_a_thousand_visits_that_are_over_are_remembered() {
    const FLOOD: usize = 1_500;
    assert_eq!(OVER_MAX, 1_000);
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let (served, called, waiting) = (salon.joins(CUT), salon.joins(CUT), salon.joins(NAILS));
    salon.start(served, ANNA);
    salon.call(called, BEN);
    salon.let_it_stand();
    let under_way = [served, called, waiting].map(|id| salon.shop.visits[&id].clone());
    let chairs = salon.shop.chairs.clone();

    let mut gone = Vec::new();
    for _ in 0..FLOOD {
        let visit = salon.joins(COLOUR);
        salon.leaves(visit);
        gone.push(visit);
        if gone.len().is_multiple_of(250) {
            salon.let_it_stand();
            assert_eq!(over(&salon), gone[gone.len().saturating_sub(OVER_MAX)..]);
            assert_eq!(salon.shop.visits.len(), gone.len().min(OVER_MAX) + under_way.len());
        }
    }
    for visit in under_way {
        assert_eq!(salon.shop.visits[&visit.id], visit);
    }
    assert_eq!(salon.shop.chairs, chairs);
    assert_eq!(salon.refuses(&Command::Leave { visit: gone[0] }), Rejection::UnknownVisit);
    assert_eq!(salon.refuses(&Command::Leave { visit: gone[FLOOD - 1] }), Rejection::VisitOver);

    // Who was over first is forgotten first, also when somebody joined before them.
    salon.start(called, BEN);
    salon.finish(called);
    salon.let_it_stand();
    assert_eq!(salon.shop.chairs[&BEN].visit, None);
    let last: Vec<_> = [called].iter().chain(&gone[FLOOD - OVER_MAX + 1..]).copied().collect();
    assert_eq!(over(&salon), last);
    assert_eq!(Shop::replay(&salon.log).as_ref(), Some(&salon.shop));
}
