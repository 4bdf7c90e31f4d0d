//! Why this time: the facts the desk is given, and what of them a phone is.

use sooner_engine::forecast::explain::{Explanation, ahead, may_rise};
use sooner_engine::view;
use sooner_shared::command::Booking;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{NextBreak, Range, View, Why};
use sooner_shared::{Command, ServiceId, StaffId, VisitId};

use crate::shops::{breaks, weekdays};
use crate::support::{ANNA, BEN, CLEO, COLOUR, CUT, Driver, NAILS, Names, join, nine, whole_shop};

#[track_caller]
fn why(salon: &Driver, visit: VisitId) -> Why {
    let shop = &salon.shop;
    Explanation::new(shop, salon.now()).why(&shop.visits[&visit]).expect("is in line")
}

fn told_ahead(salon: &Driver, visit: VisitId) -> Option<u32> {
    view::visit(&salon.shop, "salon", &salon.forecast(), &Names, visit, salon.now())
        .and_then(|phone| phone.ahead)
}

/// Somebody comes, is served by a person for so many minutes, and goes.
fn serves(salon: &mut Driver, staff: StaffId, service: ServiceId, minutes: i64) {
    let visit = salon.joins_with(join(service, Some(staff)));
    salon.start(visit, staff);
    salon.clock = salon.clock + minutes * MINUTE_MS;
    salon.finish(visit);
    salon.let_it_stand();
}

fn books(salon: &mut Driver, minutes: i64, requested: Option<StaffId>) -> VisitId {
    let visit = salon.shop.next_visit;
    let at = nine(minutes);
    salon.does(&Command::Book(Booking {
        service: CUT,
        more: vec![],
        requested,
        at,
        name: None,
        contact: None,
    }));
    visit
}

#[test]
fn the_desk_is_told_who_goes_before_and_whose_chair_is_free_first() {
    let mut salon = Driver::staffed(&[ANNA, BEN, CLEO]);
    let with_anna = salon.joins(CUT);
    salon.start(with_anna, ANNA);
    salon.at(20);
    let with_ben = salon.joins(CUT);
    salon.start(with_ben, BEN);
    let (first, nails, second) = (salon.joins(CUT), salon.joins(NAILS), salon.joins(CUT));
    let for_ben = salon.joins_with(join(CUT, Some(BEN)));
    let facts = |visit| {
        let why = why(&salon, visit);
        (why.ahead, why.first_done, why.on_duty)
    };
    // Anna has cut for twenty minutes already.
    assert_eq!(facts(first), (0, Some(with_anna), 2));
    assert_eq!(facts(second), (1, Some(with_anna), 2));
    assert_eq!(facts(for_ben), (2, Some(with_ben), 1));
    assert_eq!(facts(nails), (0, None, 1), "Cleo is free");
    assert_eq!(Explanation::new(&salon.shop, salon.now()).why(&salon.shop.visits[&with_ben]), None);
}

#[test]
fn an_overrun_does_not_make_a_chair_free_at_once() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let long = salon.joins(CUT);
    salon.start(long, ANNA);
    salon.at(118);
    let nearly = salon.joins(CUT);
    salon.start(nearly, BEN);
    salon.at(140);
    let waits = salon.joins(CUT);
    assert_eq!(why(&salon, waits).first_done, Some(nearly), "of the other nobody knows");
}

#[test]
fn a_range_moves_with_what_was_learned() {
    let mut salon = Driver::staffed(&[ANNA]);
    let before = salon.joins(CUT);
    let Some(Range { low_min, high_min }) = why(&salon, before).takes else { panic!("a range") };
    assert!(low_min < 30 && 30 < high_min, "{low_min} to {high_min}");
    salon.leaves(before);
    for minutes in [49, 50, 51].into_iter().cycle().take(40) {
        serves(&mut salon, ANNA, CUT, minutes);
    }
    let after = salon.joins(CUT);
    let Some(learned) = why(&salon, after).takes else { panic!("a range") };
    assert!(learned.low_min > low_min && learned.high_min >= 50, "{learned:?}");
    assert!(learned.high_min - learned.low_min < high_min - low_min, "{learned:?}");
    assert!(learned.low_min % 5 == 0 && learned.high_min % 5 == 0, "{learned:?}");
    // Of two in one sitting, more than of one, and less than twice as wide.
    let both =
        salon.joins_with(sooner_shared::command::Join { more: vec![COLOUR], ..join(CUT, None) });
    let Some(both) = why(&salon, both).takes else { panic!("a range") };
    assert!(both.low_min > learned.low_min + 20 && both.high_min > learned.high_min, "{both:?}");
}

#[test]
fn what_is_short_is_told_to_the_minute() {
    let mut salon = Driver::open_with(|config| config.services[2].nominal_ms = 4 * MINUTE_MS);
    salon.on_duty(&[CLEO]);
    let visit = salon.joins(NAILS);
    let Some(Range { low_min, high_min }) = why(&salon, visit).takes else { panic!("a range") };
    assert!((1..4).contains(&low_min) && (5..12).contains(&high_min), "{low_min} to {high_min}");
}

#[test]
fn things_are_slower_once_more_than_a_tenth_is_added() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    for _ in 0..30 {
        serves(&mut salon, ANNA, CUT, 30);
        serves(&mut salon, BEN, CUT, 31);
    }
    let visit = salon.joins(CUT);
    let usual = why(&salon, visit);
    assert!(!usual.slower, "{}", salon.shop.paces.speed());
    salon.leaves(visit);
    salon.let_it_stand();
    for _ in 0..14 {
        serves(&mut salon, ANNA, CUT, 45);
        serves(&mut salon, BEN, CUT, 45);
    }
    let visit = salon.joins(CUT);
    let slow = why(&salon, visit);
    assert!(slow.slower, "{}", salon.shop.paces.speed());
    assert!(slow.takes.map(|r| r.high_min) > usual.takes.map(|r| r.high_min));
}

#[test]
fn the_next_break_is_that_of_those_who_can_and_before_the_time_told() {
    let mut salon = Driver::open_with(|config| {
        config.hours = weekdays(&["09:00-18:00"]);
        config.staff[0].breaks = breaks(&["09:20-09:50", "13:00-13:30"]);
        config.staff[2].breaks = breaks(&["09:05-09:15"]);
    });
    salon.on_duty(&[ANNA, CLEO]);
    let soon = salon.joins_with(join(CUT, Some(ANNA)));
    let later = salon.joins_with(join(CUT, Some(ANNA)));
    assert!(salon.by(soon) < nine(20) && salon.by(later) > nine(20));
    let planned = NextBreak { staff: ANNA, at: nine(20), is_on: false };
    assert_eq!(why(&salon, soon).next_break, None, "is after their time");
    assert_eq!(why(&salon, later).next_break, Some(planned));

    salon.does(&Command::TakeBreak { staff: ANNA, ms: 30 * MINUTE_MS });
    let present = NextBreak { staff: ANNA, at: nine(30), is_on: true };
    for minutes in [1, 2] {
        salon.at(minutes);
        assert_eq!(why(&salon, soon).next_break, Some(present), "stands still");
    }
    assert_eq!(why(&salon, later).first_done, None);
}

#[test]
fn nobody_on_duty_is_a_fact_too() {
    let mut salon = Driver::staffed(&[BEN]);
    let visit = salon.joins(NAILS);
    let facts = why(&salon, visit);
    assert_eq!((facts.on_duty, facts.first_done, facts.next_break), (0, None, None));
}

#[test]
fn a_phone_has_no_number_while_an_appointment_lies_before_it() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let booked = books(&mut salon, 45, Some(ANNA));
    salon.joins_with(join(CUT, Some(ANNA)));
    let before = salon.joins_with(join(CUT, Some(BEN)));
    let after = salon.joins_with(join(CUT, Some(ANNA)));
    assert!(salon.by(after) > nine(45) && salon.by(before) < nine(45));
    assert_eq!(told_ahead(&salon, before), Some(0), "Ben has none");
    assert_eq!(told_ahead(&salon, after), None);
    assert_eq!(why(&salon, after).ahead, 2, "staff see the appointment too");
    salon.does(&Command::CheckIn { visit: booked });
    assert_eq!(told_ahead(&salon, after), Some(2), "now they can be seen");
    assert_eq!(told_ahead(&salon, booked), None, "before their time others may come");
}

#[test]
fn who_has_a_right_to_go_first_is_counted_before_and_expected_where_they_came() {
    let mut salon = Driver::staffed(&[ANNA]);
    let waits = salon.joins(CUT);
    let first = salon.joins(CUT);
    assert_eq!(told_ahead(&salon, waits), Some(0));
    salon.does(&Command::LetGoFirst { visit: first });
    assert_eq!(told_ahead(&salon, waits), Some(1));
    salon.leaves(waits);
    salon.leaves(first);
    // Every second one goes first.
    salon.some_go_first(40, 2, 2 * MINUTE_MS);
    let visit = salon.joins(CUT);
    assert!(salon.shop.pulse.later_rights(salon.now()).is_some());
    assert_eq!(told_ahead(&salon, visit), None);
    salon.on_duty(&[CLEO]);
    let nails = salon.joins(NAILS);
    assert_eq!(told_ahead(&salon, nails), Some(0), "nobody goes first there");
}

#[test]
fn a_phone_has_no_number_while_somebody_will_come_back_before_it() {
    let mut salon = Driver::open_with(whole_shop);
    salon.on_duty(&[ANNA]);
    let colour = salon.joins(COLOUR);
    salon.start(colour, ANNA);
    let cut = salon.joins(CUT);
    assert_eq!(told_ahead(&salon, cut), None, "there is the rinse");
    salon.finish(colour);
    assert_eq!(told_ahead(&salon, cut), None, "while it takes its time too");
    salon.leaves(colour);
    assert_eq!(told_ahead(&salon, cut), Some(0));
    let held = salon.joins(CUT);
    let last = salon.joins(CUT);
    salon.does(&Command::Hold { visit: held });
    assert_eq!(told_ahead(&salon, last), None, "is taken up again");
    assert_eq!(told_ahead(&salon, cut), Some(0), "was there before");
    salon.does(&Command::LetPass { visit: cut });
    assert_eq!(told_ahead(&salon, cut), None, "their own wish");
}

#[test]
fn the_number_on_a_phone_is_that_of_the_desk_or_none_and_never_rises_as_people_come() {
    let mut salon = Driver::staffed(&[ANNA, BEN, CLEO]);
    let mut last = std::collections::BTreeMap::<VisitId, u32>::new();
    for index in 0..60_usize {
        let service = [CUT, COLOUR, NAILS, CUT][index % 4];
        let requested = [None, Some(ANNA), None, None, Some(CLEO)][index % 5];
        let able = requested.filter(|&s| {
            salon.shop.config.person(s).is_some_and(|p| p.services.contains(&service))
        });
        salon.joins_with(join(service, able));
        salon.clock = salon.clock + 7 * MINUTE_MS;
        salon.timer();
        if index % 2 == 1 {
            let staff = [ANNA, BEN, CLEO][index / 2 % 3];
            if let Some(served) = salon.shop.chairs[&staff].visit {
                salon.finish(served);
            }
            if let Some(called) = salon.next(staff) {
                salon.start(called, staff);
            }
        }
        for visit in salon.shop.waiting() {
            let number = ahead(&salon.shop, visit, salon.now());
            assert_eq!(why(&salon, visit.id).ahead, number, "one source");
            let shown = told_ahead(&salon, visit.id);
            let expected = (!may_rise(&salon.shop, visit, salon.now())).then_some(number);
            assert_eq!(shown, expected);
            let Some(shown) = shown else { continue };
            let before = last.insert(visit.id, shown);
            assert!(before.is_none_or(|before| shown <= before), "{}: {before:?}", visit.id);
        }
    }
    assert!(last.len() > 40, "{}", last.len());
}

#[test]
fn a_phone_holds_nothing_of_others() {
    let mut salon = Driver::open_with(|config| {
        config.hours = weekdays(&["09:00-18:00"]);
        config.staff[0].breaks = breaks(&["10:00-10:30"]);
        config.services[1].name = "Balayage".into();
    });
    salon.on_duty(&[ANNA, BEN]);
    let other = salon.joins_with(join(COLOUR, Some(ANNA)));
    salon.start(other, ANNA);
    salon.joins_with(join(COLOUR, Some(ANNA)));
    let mine = salon.joins_with(join(CUT, Some(ANNA)));
    salon.does(&Command::TakeBreak { staff: BEN, ms: 20 * MINUTE_MS });
    let facts = why(&salon, mine);
    assert!(facts.first_done.is_some() && facts.next_break.is_some(), "{facts:?}");

    let phone = view::visit(&salon.shop, "salon", &salon.forecast(), &Names, mine, salon.now())
        .expect("is there");
    assert_eq!((phone.ahead, phone.requested.as_deref()), (Some(1), Some("Anna")));
    let text = serde_json::to_string(&phone).expect("serialises").to_lowercase();
    let nothing = ["why", "break", "slow", "takes", "on_duty", "first", "late", "balayage"];
    for word in nothing {
        assert!(!text.contains(word), "“{word}” in {text}");
    }
    let at = |t: i64| nine(t).0.to_string();
    assert!(!text.contains(&at(60)) && !text.contains(&at(20)), "no break's time: {text}");
    let wall = view::lobby(&salon.shop, &salon.forecast(), &Names, salon.now());
    let wall = serde_json::to_string(&wall).expect("serialises");
    assert!(!wall.contains("first_done") && !wall.contains("slower"), "{wall}");
}

#[test]
fn a_desk_follows_the_facts_by_differences() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let mut shown = salon.views(&salon.forecast()).swap_remove(1);
    for index in 0..12 {
        salon.joins(CUT);
        if index % 3 == 2 {
            salon.next(ANNA);
        }
        if index == 5 {
            salon.does(&Command::TakeBreak { staff: BEN, ms: 20 * MINUTE_MS });
        }
        salon.clock = salon.clock + MINUTE_MS;
        let next = salon.views(&salon.forecast()).swap_remove(1);
        let diff = shown.diff(&next).expect("somebody came");
        let text = serde_json::to_string(&diff).expect("serialises");
        shown.apply(serde_json::from_str(&text).expect("reads back")).expect("is of the desk");
        assert_eq!(shown, next);
    }
    let View::Desk(board) = shown else { panic!("the desk") };
    assert!(board.cards.values().any(|card| card.why.is_some_and(|w| w.next_break.is_some())));
}
