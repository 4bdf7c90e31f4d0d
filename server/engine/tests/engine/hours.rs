//! Opening hours, shifts and breaks: who is taken when, and what the forecast makes of it.

use sooner_engine::config::Remote;
use sooner_engine::{Event, Rejection};
use sooner_shared::Command;
use sooner_shared::command::Join;
use sooner_shared::time::MINUTE_MS;

use crate::shops::{breaks, weekdays};
use crate::support::{ANNA, BEN, COLOUR, CUT, Driver, join, nine};

fn by_day(salon: &mut Driver) {
    salon.on_duty(&[ANNA, BEN]);
}

#[test]
fn a_closed_shop_says_when_it_opens() {
    let mut salon = Driver::open_with(|config| config.hours = weekdays(&["10:00-18:00"]));
    let until = Some(nine(60));
    assert_eq!(salon.refuses(&Command::Join(Join::new(CUT))), Rejection::Closed { until });
    let remote = Join { remote: true, ..Join::new(CUT) };
    assert_eq!(salon.refuses(&Command::Join(remote.clone())), Rejection::NotOpenYet { until });
    // Staff take whom they like.
    salon.does(&Command::AddWalkIn(Join::new(CUT)));
    salon.at(60);
    salon.does(&Command::Join(remote));
}

#[test]
fn who_is_still_there_after_closing_gets_no_strangers() {
    let mut salon = Driver::open_with(|config| {
        config.hours = weekdays(&["09:00-11:00"]);
        config.remote = Remote::Always;
    });
    by_day(&mut salon);
    salon.at(3 * 60);
    let until = Some(nine(24 * 60));
    let remote = Join { remote: true, ..Join::new(CUT) };
    assert_eq!(salon.refuses(&Command::Join(remote)), Rejection::NotOpenYet { until });
    salon.does(&Command::AddWalkIn(Join::new(CUT)));
}

#[test]
fn before_closing_nobody_is_taken_who_could_not_be_served() {
    let mut salon = Driver::open_with(|config| config.hours = weekdays(&["09:00-11:00"]));
    by_day(&mut salon);
    let mut taken = 0;
    let full = loop {
        match salon.send(&Command::Join(Join::new(CUT))) {
            Ok(_) => taken += 1,
            Err(rejection) => break rejection,
        }
    };
    assert_eq!(full, Rejection::FullToday { until: Some(nine(24 * 60)) });
    assert!((3..8).contains(&taken), "{taken} of half an hour each, two chairs, two hours");
    let quote = salon.forecast().quotes[0];
    assert_eq!((quote.by, quote.from), (None, Some(nine(24 * 60))));
    salon.does(&Command::AddWalkIn(Join::new(CUT)));
}

#[test]
fn how_many_more_are_taken_is_said_when_it_is_few() {
    let mut salon = Driver::open_with(|config| config.hours = weekdays(&["09:00-13:00"]));
    by_day(&mut salon);
    assert_eq!(salon.forecast().quotes[0].more, None, "there is room for many");
    let mut few = Vec::new();
    while salon.forecast().quotes[0].by.is_some() {
        few.extend(salon.forecast().quotes[0].more);
        salon.does(&Command::AddWalkIn(Join::new(CUT)));
    }
    assert!(few.len() >= 2, "{few:?}");
    assert!(few.is_sorted_by(|a, b| a >= b) && few.iter().all(|n| (1..=5).contains(n)), "{few:?}");
}

#[test]
fn the_day_ends_and_nobody_is_on_duty_or_in_line_the_next_morning() {
    let mut salon = Driver::open_with(|config| config.hours = weekdays(&["09:00-18:00"]));
    by_day(&mut salon);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.start(tom, ANNA);
    salon.does(&Command::CloseLine);
    salon.at(23 * 60);
    assert!(!salon.shop.is_staffed());
    assert_eq!(salon.shop.line_closed, None);
    assert!(salon.log.iter().any(|r| r.event == Event::Lapsed { visit: tom }));
    assert!(salon.log.iter().any(|r| r.event == Event::Lapsed { visit: eva }));
    salon.at(24 * 60);
    assert!(salon.shop.learned[&CUT][0].count == 0, "nobody knows how long Tom's cut took");
}

#[test]
fn a_break_delays_who_waits_and_a_tap_ends_it() {
    let mut salon = Driver::staffed(&[ANNA]);
    let soon = salon.told(Join::new(CUT)).expect("joins").expect("a time");
    salon.does(&Command::TakeBreak { staff: ANNA, ms: 30 * MINUTE_MS });
    let later = salon.told(Join::new(CUT)).expect("joins").expect("a time");
    assert!(later >= soon + 25 * MINUTE_MS);
    assert_eq!(
        salon.refuses(&Command::TakeBreak { staff: ANNA, ms: MINUTE_MS }),
        Rejection::OnBreak
    );
    let tom = salon.joins(CUT);
    assert_eq!(salon.next(ANNA), Some(tom));
    assert_eq!(salon.refuses(&Command::EndBreak { staff: ANNA }), Rejection::NotOnBreak);
}

#[test]
fn a_planned_break_is_in_the_forecast_until_it_is_taken() {
    let by = |with_break: bool| {
        let mut salon = Driver::open_with(|config| {
            config.hours = weekdays(&["09:00-18:00"]);
            if with_break {
                config.staff[0].breaks = breaks(&["09:20-09:50"]);
            }
        });
        salon.on_duty(&[ANNA]);
        let tom = salon.joins(CUT);
        salon.start(tom, ANNA);
        let eva = salon.joins_with(join(CUT, Some(ANNA)));
        salon.by(eva)
    };
    assert!(by(true) >= by(false) + 20 * MINUTE_MS);
}

#[test]
fn who_leaves_early_is_not_counted_on() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.start(tom, ANNA);
    salon.start(eva, BEN);
    let both = salon.told(Join::new(CUT)).expect("joins").expect("a time");
    let open = Command::LeaveEarly { staff: BEN, at: nine(10) };
    salon.does(&open);
    // Without a plan there is no window to shorten; with one there is.
    let mut shop = Driver::open_with(|config| config.hours = weekdays(&["09:00-18:00"]));
    by_day(&mut shop);
    let (tom, eva) = (shop.joins(CUT), shop.joins(CUT));
    shop.start(tom, ANNA);
    shop.start(eva, BEN);
    shop.does(&open);
    let alone = shop.told(Join::new(CUT)).expect("joins").expect("a time");
    assert!(alone > both);
}

#[test]
fn a_shop_that_closes_over_noon_has_not_ended_its_day() {
    let mut salon = Driver::open_with(|config| {
        config.hours = weekdays(&["09:00-12:00", "13:00-18:00"]);
    });
    by_day(&mut salon);
    let tom = salon.joins(CUT);
    salon.start(tom, ANNA);
    salon.at(170).finish(tom);
    salon.at(6 * 60);
    assert!(salon.shop.is_staffed(), "three in the afternoon");
    salon.at(12 * 60);
    assert!(!salon.shop.is_staffed(), "nine in the evening");
}

#[test]
fn a_shop_that_never_closes_has_no_end_of_the_day_and_no_deadline_that_stays() {
    let mut salon = Driver::open_with(|config| {
        config.hours = weekdays(&["00:00-24:00"]);
        config.hours.weekly.sun = config.hours.weekly.mon.clone();
    });
    by_day(&mut salon);
    for days in [1, 8, 9, 30] {
        // The driver itself asserts that no deadline stays behind.
        salon.at(days * 24 * 60);
        assert!(salon.shop.is_staffed());
    }
}

#[test]
fn what_was_said_of_one_day_says_nothing_of_the_next() {
    let mut salon = Driver::open_with(|config| config.hours = weekdays(&["09:00-18:00"]));
    salon.on_duty(&[ANNA]);
    salon.does(&Command::ExpectStaff { staff: BEN, at: nine(120) });
    salon.at(24 * 60 - 30);
    let there = sooner_engine::roster::presences(&salon.shop, salon.now(), 1);
    let ben = there.iter().find(|p| p.position == 1).expect("comes by plan");
    assert_eq!(ben.windows[0].from, nine(24 * 60));
}

#[test]
fn who_said_that_they_would_be_gone_by_now_takes_nobody_new() {
    let mut salon = Driver::open_with(|config| config.hours = weekdays(&["09:00-18:00"]));
    salon.on_duty(&[ANNA]);
    salon.does(&Command::LeaveEarly { staff: ANNA, at: nine(30) });
    salon.at(31);
    let there = sooner_engine::roster::presences(&salon.shop, salon.now(), 0);
    assert!(there.iter().all(|p| p.position != 0 || p.windows.is_empty()));
}

#[test]
fn an_appointment_is_not_given_in_a_planned_break() {
    let mut salon = Driver::open_with(|config| {
        config.hours = weekdays(&["09:00-18:00"]);
        config.staff[0].breaks = breaks(&["12:00-13:00"]);
    });
    salon.on_duty(&[ANNA]);
    let book = |minutes| {
        let at = nine(minutes);
        Command::Book(sooner_shared::command::Booking {
            service: CUT,
            more: vec![],
            requested: Some(ANNA),
            at,
            name: None,
            contact: None,
        })
    };
    assert_eq!(salon.refuses(&book(200)), Rejection::NotFree, "twenty past twelve");
    salon.does(&book(250));
}

/// How likely it is, in thousandths, that somebody who waits while Anna is at work waits for more than
/// twenty minutes more, at twenty past nine of a day on which Ben is missing, in a shop whose mornings were so.
fn waits_on(ben_comes: Option<i64>) -> u16 {
    let mut salon = Driver::open_with(|config| config.hours = weekdays(&["09:00-18:00"]));
    for day in 0..15 {
        let minute = |minute: i64| day * 24 * 60 + minute;
        salon.at(minute(0)).on_duty(&[ANNA]);
        // A day off now and then, so that it is seen who stays away.
        if let Some(late) = ben_comes.or((day % 5 == 0).then_some(0)) {
            salon.at(minute(late)).on_duty(&[BEN]);
            salon.at(minute(9 * 60)).off_duty(BEN);
        }
        salon.at(minute(9 * 60)).off_duty(ANNA);
    }
    salon.at(15 * 24 * 60).on_duty(&[ANNA]);
    let first = salon.joins(COLOUR);
    salon.call(first, ANNA);
    salon.start(first, ANNA);
    let waits = salon.joins(CUT);
    salon.at(15 * 24 * 60 + 20);
    salon.forecast().visits[&waits].exceeds_permille(20 * MINUTE_MS)
}

#[test]
fn who_is_missing_is_hoped_for_as_far_as_people_of_this_shop_came_late() {
    let (late, away) = (waits_on(Some(30)), waits_on(None));
    assert!(
        late + 300 < away,
        "{late} of 1,000 where Ben comes at half past, {away} where he does not"
    );
}
