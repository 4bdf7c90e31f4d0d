//! The twelve rules of the promise, as far as the engine has a part in them. Rule 7 (remedies), the
//! renegotiation of rule 4 and the make-goods of rule 10 come with keeping promises.

use sooner_engine::{Event, Rejection};
use sooner_shared::command::{Booking, Join};
use sooner_shared::view::{Duty, Outcome, Stage, View};
use sooner_shared::{Command, StaffId, VisitId};

use crate::shops::weekdays;
use crate::support::{ANNA, BEN, CLEO, COLOUR, CUT, Driver, NAILS, join, nine, promises};

fn booking(minutes: i64, requested: Option<StaffId>) -> Booking {
    Booking {
        service: CUT,
        more: Vec::new(),
        requested,
        at: nine(minutes),
        name: None,
        contact: None,
    }
}

fn books(salon: &mut Driver, minutes: i64, requested: Option<StaffId>) -> VisitId {
    let visit = salon.shop.next_visit;
    salon.does(&Command::Book(booking(minutes, requested)));
    visit
}

#[test]
fn rule_1_everyone_who_joins_is_told_one_time() {
    let mut salon = Driver::staffed(&[ANNA, BEN, CLEO]);
    for service in [CUT, COLOUR, NAILS, CUT, COLOUR] {
        salon.joins(service);
    }
    books(&mut salon, 300, None);
    let told: Vec<_> = promises(&salon.log).iter().map(|(visit, ..)| visit.0).collect();
    assert_eq!(told, [1, 2, 3, 4, 5, 6], "once each");
}

#[test]
fn rule_3_a_promise_is_a_record_with_its_grounds_and_is_scored_once() {
    let mut salon = Driver::staffed(&[ANNA]);
    let tom = salon.joins(CUT);
    salon.start(tom, ANNA);
    assert_eq!(salon.shop.scored, 0, "not before the tap can no longer be taken back");
    salon.let_it_stand();
    let scores: Vec<_> =
        salon.log.iter().filter(|r| matches!(r.event, Event::Scored { .. })).collect();
    assert_eq!(scores.len(), 1);
    assert_eq!(scores[0].event, Event::Scored { visit: tom, no: 0, outcome: Outcome::Kept });
}

#[test]
fn rule_4_no_shown_time_moves_later_by_itself() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.start(tom, ANNA);
    let told = salon.by(eva);
    for minutes in [30, 60, 90, 120] {
        salon.at(minutes);
        salon.promise_late();
        let first = salon.shop.visits[&eva].promises[0];
        assert_eq!(first.by, told);
        let others = salon.shop.visits[&eva].promises.len() - 1;
        assert!(nine(minutes) > told || others == 0, "another time makes amends, and no more");
    }
}

#[test]
fn rule_5_a_call_never_costs_the_place_before_the_promised_minute() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    assert_eq!(salon.next(ANNA), Some(tom));
    let no_show = Command::MarkNoShow { visit: tom };
    assert!(matches!(salon.refuses(&no_show), Rejection::PlaceIsSafe { .. }));
    assert_eq!(salon.next(ANNA), Some(eva), "the next one goes first");
    salon.start(eva, ANNA);
    assert_eq!(salon.next(ANNA), Some(tom), "and Tom is called again");
}

#[test]
fn rule_6_who_has_a_right_goes_first_but_not_over_a_promise_given_before_it() {
    let mut salon = Driver::staffed(&[ANNA]);
    // Eva's time leaves room for Kim, Tom's does not.
    let tom = salon.joins(CUT);
    let (eva, kim) = (salon.joins(CUT), salon.joins(CUT));
    assert!(salon.by(tom) < nine(30) && salon.by(eva) > nine(60));
    salon.at(1).does(&Command::LetGoFirst { visit: kim });
    assert_eq!(salon.next(ANNA), Some(tom), "promised before the right");
    salon.start(tom, ANNA);
    salon.at(2);
    assert_eq!(salon.next(ANNA), Some(kim), "Eva's time is kept all the same");
    salon.start(kim, ANNA);
    assert_eq!(salon.refuses(&Command::LetGoFirst { visit: kim }), Rejection::AlreadyStarted);
    salon.does(&Command::LetGoFirst { visit: eva });
    assert_eq!(
        salon.refuses(&Command::LetGoFirst { visit: eva }),
        Rejection::AlreadyFirst,
        "one right, not a ladder"
    );
}

#[test]
fn rule_6_the_wall_says_why_somebody_goes_first() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let booked = books(&mut salon, 50, None);
    let with_ben = salon.joins_with(join(CUT, Some(BEN)));
    let first = salon.joins(CUT);
    salon.does(&Command::LetGoFirst { visit: first });
    let views = salon.views(&salon.forecast());
    let Some(View::Lobby(wall)) = views.first() else { panic!("the wall comes first") };
    assert_eq!(wall.cards[&booked].booked_at, Some(nine(50)));
    assert_eq!(wall.cards[&with_ben].requested, Some(BEN));
    assert!(wall.cards[&first].goes_first);
}

#[test]
fn rule_8_on_duty_is_who_tapped_in_and_who_is_unseen_is_counted_on_no_more() {
    let mut salon = Driver::open_with(|config| config.hours = weekdays(&["09:00-18:00"]));
    salon.at(1).on_duty(&[ANNA]);
    // Ben may still come; Anna alone makes a time worth telling.
    let soon = salon.told(join(CUT, None)).expect("open").expect("Anna is on duty");
    let in_half_an_hour = nine(31);
    assert!(soon < in_half_an_hour);
    let desk = |salon: &Driver| {
        let views = salon.views(&salon.forecast());
        let Some(View::Desk(desk)) = views.into_iter().nth(1) else { panic!("then the desk") };
        desk.head
    };
    assert!(!desk(&salon).person(BEN).expect("works here").unseen);
    salon.at(11);
    let ben = desk(&salon).person(BEN).cloned().expect("works here");
    assert!(ben.unseen && !ben.on_duty);
    assert_eq!(ben.duty, Duty::Off { expected_at: Some(nine(24 * 60)) }, "tomorrow, by plan");
    // Who says when is counted on again.
    salon.does(&Command::ExpectStaff { staff: BEN, at: nine(30) });
    let ben = desk(&salon).person(BEN).cloned().expect("works here");
    assert_eq!((ben.unseen, ben.duty), (false, Duty::Off { expected_at: Some(nine(30)) }));
}

#[test]
fn rule_8_nobody_on_duty_means_no_time_and_when_there_will_be_one() {
    let mut salon = Driver::open_with(|config| {
        config.hours = weekdays(&["09:00-18:00"]);
        for person in &mut config.staff {
            person.shifts = weekdays(&["14:00-18:00"]);
        }
    });
    let forecast = salon.forecast();
    assert!(forecast.quotes.iter().all(|q| q.by.is_none() && q.from == Some(nine(300))));
    let tom = salon.joins(CUT);
    assert_eq!(salon.promise(tom), None);
    let views = salon.views(&forecast);
    let Some(View::Lobby(wall)) = views.first() else { panic!("the wall comes first") };
    assert_eq!(wall.head.staffed_at, Some(nine(300)));
    let Some(View::Visit(phone)) = views.last() else { panic!("phones come last") };
    assert_eq!(phone.time_from, Some(nine(300)));
}

#[test]
fn rule_8_a_silent_desk_is_said_and_promises_nothing_new() {
    let mut salon = Driver::staffed(&[ANNA]);
    let tom = salon.joins(CUT);
    salon.start(tom, ANNA);
    salon.at(200);
    assert_eq!(salon.shop.silent_since, Some(nine(0)));
    assert!(salon.forecast().quotes.iter().all(|q| q.by.is_none()));
    let eva = salon.joins(CUT);
    assert_eq!(salon.promise(eva), None);
    salon.next(ANNA);
    assert_eq!(salon.shop.silent_since, None, "somebody tapped");
    assert_eq!(salon.promise_late().len(), 1, "and Eva has her time");
}

#[test]
fn rule_9_an_appointment_is_a_promise_and_its_time_is_kept_free() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let booked = books(&mut salon, 60, Some(ANNA));
    assert_eq!(salon.stage(booked), Stage::Booked);
    assert_eq!(salon.by(booked), nine(65), "in the chair within five minutes");
    let (tom, eva) = (salon.joins(CUT), salon.joins(COLOUR));
    salon.at(10);
    assert_eq!(salon.stage(booked), Stage::Waiting, "an hour before, it is in line");
    assert_eq!(salon.next(ANNA), Some(tom), "half an hour fits before it");
    salon.start(tom, ANNA);
    salon.at(35);
    assert_eq!(salon.next(ANNA), None, "an hour's colour does not");
    assert_eq!(
        salon.refuses(&Command::CallNext { staff: ANNA, after: None }),
        Rejection::NobodyWaiting
    );
    salon.at(60);
    assert_eq!(salon.next(ANNA), Some(booked), "at its time");
    assert_eq!(salon.stage(eva), Stage::Waiting);
}

#[test]
fn rule_9_the_late_get_a_new_time_and_are_not_punished() {
    let mut salon = Driver::staffed(&[ANNA]);
    let booked = books(&mut salon, 30, Some(ANNA));
    salon.does(&Command::Confirm { visit: booked });
    let tom = salon.joins_with(Join::new(CUT));
    salon.at(30);
    assert_eq!(salon.next(ANNA), Some(booked));
    salon.at(36).next(ANNA);
    assert_eq!(salon.stage(tom), Stage::Called, "the chair is used meanwhile");
    salon.start(tom, ANNA);
    salon.at(40).does(&Command::CheckIn { visit: booked });
    let told = &salon.shop.visits[&booked].promises;
    assert_eq!(told[0].shown_outcome(), Some(Outcome::Released));
    assert!(told[1].is_live() && told[1].by > nine(40));
}

#[test]
fn rule_9_two_appointments_do_not_share_a_person() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    books(&mut salon, 120, Some(ANNA));
    let clash = Command::Book(booking(130, Some(ANNA)));
    assert_eq!(salon.refuses(&clash), Rejection::NotFree);
    let second = books(&mut salon, 130, None);
    assert_eq!(salon.shop.visits[&second].appointment.map(|a| a.held), Some(BEN));
    let third = Command::Book(booking(130, None));
    assert_eq!(salon.refuses(&third), Rejection::NotFree);
}

#[test]
fn rule_10_a_broken_promise_is_broken_then_and_there() {
    let mut salon = Driver::staffed(&[ANNA]);
    let tom = salon.joins(CUT);
    salon.clock = salon.by(tom) + 1;
    salon.timer();
    assert_eq!(salon.outcome(tom), Some(Outcome::Broken));
    salon.start(tom, ANNA);
    salon.let_it_stand();
    assert_eq!(salon.outcome(tom), Some(Outcome::Broken), "whatever happens after");
}

#[test]
fn rule_11_a_visit_handed_over_stays_until_the_other_accepts() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let tom = salon.joins(CUT);
    salon.start(tom, ANNA);
    salon.does(&Command::HandOver { visit: tom, to: BEN });
    assert_eq!(salon.shop.chairs[&ANNA].visit, Some(tom));
    salon.does(&Command::DeclineHandOver { visit: tom });
    assert_eq!(salon.refuses(&Command::AcceptHandOver { visit: tom }), Rejection::NotHandedOver);
    salon.does(&Command::HandOver { visit: tom, to: BEN });
    salon.does(&Command::AcceptHandOver { visit: tom });
    assert_eq!(salon.shop.chairs[&ANNA].visit, None);
    assert_eq!(salon.shop.chairs[&BEN].visit, Some(tom));
    assert_eq!(salon.stage(tom), Stage::Serving);
}

#[test]
fn rule_12_no_name_and_no_word_of_a_person_is_in_an_event() {
    let mut salon = Driver::staffed(&[ANNA]);
    let lead = Join { name: Some("Ágnes Horváth".into()), ..Join::new(CUT) };
    let visit = salon.joins_with(lead);
    salon.does(&Command::Ask { visit, text: "Is there coffee?".into() });
    salon.does(&Command::Answer { visit, text: "There is.".into() });
    let log = serde_json::to_string(&salon.log).expect("events can be written");
    for word in ["Ágnes", "coffee", "There is"] {
        assert!(!log.contains(word), "{word}");
    }
}

#[test]
fn rule_5_who_was_back_before_their_minute_must_be_served_by_it() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.next(ANNA);
    assert_eq!(salon.next(ANNA), Some(eva));
    salon.start(eva, ANNA);
    salon.at(2).does(&Command::CheckIn { visit: tom });
    salon.at(20);
    assert_eq!(salon.outcome(tom), Some(Outcome::Broken), "the chair was given away");
}

#[test]
fn rule_8_what_a_phone_wishes_for_does_not_wake_a_silent_desk() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.start(tom, ANNA);
    salon.at(200);
    assert!(salon.shop.silent_since.is_some());
    salon.does(&Command::LetPass { visit: eva });
    salon.does(&Command::Ask { visit: eva, text: "Still there?".into() });
    salon.joins(CUT);
    assert!(salon.shop.silent_since.is_some());
    salon.does(&Command::Answer { visit: eva, text: "Yes.".into() });
    assert_eq!(salon.shop.silent_since, None);
}

#[test]
fn rule_8_a_break_that_nobody_ended_does_not_hide_a_silent_desk() {
    let mut salon = Driver::staffed(&[ANNA]);
    salon.joins(CUT);
    salon.does(&Command::TakeBreak { staff: ANNA, ms: 15 * 60_000 });
    salon.at(50);
    assert_eq!(salon.shop.silent_since, None, "there is nothing to tap during a break");
    salon.at(300);
    assert!(salon.shop.silent_since.is_some());
}

#[test]
fn rule_9_who_comes_later_to_an_appointment_has_a_new_time_at_once() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = books(&mut salon, 24 * 60, Some(ANNA));
    salon.does(&Command::RunLate { visit, ms: 20 * 60_000 });
    let told = &salon.shop.visits[&visit].promises;
    assert_eq!(told[0].shown_outcome(), Some(Outcome::Released));
    assert_eq!((told[1].by, told[1].is_live()), (nine(24 * 60 + 25), true));
}
