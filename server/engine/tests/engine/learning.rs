//! What a shop learns of waits: from events alone, and the same again from its log.

use sooner_engine::forecast::learner::{EXPERTS, Learner};
use sooner_engine::{Event, Shop};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::PromiseKind;
use sooner_shared::{Timestamp, VisitId};

use crate::support::{ANNA, CUT, Driver, NINE};

/// A chair that is always busy: each cut takes 20 to 40 minutes, and one to three wait. Whatever is
/// due to be fitted is.
fn a_busy_chair(cuts: i64) -> Driver {
    let mut salon = Driver::open_with(|config| {
        config.paths = 32;
        config.turnaround_ms = 0;
    });
    salon.on_duty(&[ANNA]);
    let mut line = std::collections::VecDeque::from([salon.joins(CUT), salon.joins(CUT)]);
    for cut in 0..cuts {
        let visit = line.pop_front().expect("somebody waits");
        salon.start(visit, ANNA);
        salon.clock = salon.clock + 5 * MINUTE_MS;
        for _ in 0..1 + (cut % 3) - (cut % 3 / 2) * 2 {
            line.push_back(salon.joins(CUT));
        }
        if line.is_empty() {
            line.push_back(salon.joins(CUT));
        }
        salon.clock = salon.clock + (15 + cut * 7 % 20) * MINUTE_MS;
        salon.finish(visit);
        for kind in salon.shop.fits_due() {
            let event = salon.shop.fit(kind).expect("it can be fitted");
            salon.record(vec![event], 0);
        }
    }
    salon
}

#[test]
fn a_shop_that_has_seen_enough_asks_a_regression_which_was_recorded() {
    let mut salon = a_busy_chair(330);
    let fits = |salon: &Driver| {
        salon.log.iter().filter(|r| matches!(r.event, Event::ModelLearned { .. })).count()
    };
    assert!(fits(&salon) >= 1);
    let tom = salon.joins(CUT);
    let seen = salon.log.iter().rev().find_map(|recorded| match &recorded.event {
        Event::Promised { visit, seen, .. } if *visit == tom => seen.clone(),
        _ => None,
    });
    let seen = seen.expect("what was seen is in the event");
    assert_eq!(seen.experts.len(), EXPERTS.len());
    let asked: Vec<_> =
        EXPERTS.iter().zip(&seen.experts).filter(|(_, q)| q.is_some()).map(|(e, _)| *e).collect();
    for expert in ["simulation", "regression", "simulation, calibrated", "last waits"] {
        assert!(asked.contains(&expert), "{expert} is asleep: {asked:?}");
    }
}

#[test]
fn the_log_gives_back_what_was_learned_and_so_does_a_snapshot() {
    let salon = a_busy_chair(320);
    assert_eq!(Shop::replay(&salon.log).as_ref(), Some(&salon.shop));
    let learner = salon.shop.learner(PromiseKind::Start).expect("it has learned");
    let text = serde_json::to_string(learner).expect("it can be written");
    let read: Learner = serde_json::from_str(&text).expect("it can be read");
    assert_eq!(&read, learner);
    // And as an event: to the last bit.
    let fitted = salon.log.iter().find(|r| matches!(r.event, Event::ModelLearned { .. }));
    let fitted = fitted.expect("one was fitted");
    let text = serde_json::to_string(fitted).expect("it can be written");
    assert_eq!(&serde_json::from_str::<sooner_engine::Recorded>(&text).expect("reads"), fitted);
}

#[test]
fn a_start_that_is_taken_back_teaches_nothing() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.start(tom, ANNA);
    salon.at(20).finish(tom);
    salon.next(ANNA);
    salon.start(eva, ANNA);
    let before = salon.shop.learner(PromiseKind::Start).cloned();
    salon.does(&sooner_shared::Command::Undo { visit: eva });
    salon.at(25);
    assert_eq!(salon.shop.learner(PromiseKind::Start).cloned(), before);
    salon.start(eva, ANNA);
    salon.let_it_stand();
    salon.joins(CUT);
    assert_ne!(salon.shop.learner(PromiseKind::Start).cloned(), before, "now it does");
}

#[test]
fn who_is_taken_at_once_teaches_nothing_of_waits() {
    let mut salon = Driver::staffed(&[ANNA]);
    for visit in 0..5 {
        salon.clock = NINE + visit * 60 * MINUTE_MS;
        let who = salon.joins(CUT);
        salon.start(who, ANNA);
        salon.clock = salon.clock + 30 * MINUTE_MS;
        salon.finish(who);
    }
    assert_eq!(salon.shop.learner(PromiseKind::Start), None);
}

#[test]
fn a_shop_of_which_everything_is_odd_still_tells_times_that_are_times() {
    let mut salon = Driver::open_with(|config| config.paths = 32);
    salon.on_duty(&[ANNA]);
    for round in 0..80_i64 {
        let visit = salon.joins(CUT);
        salon.start(visit, ANNA);
        // Nothing at all, or ten hours.
        let ms = if round % 2 == 0 { 0 } else { 600 * MINUTE_MS };
        salon.clock = salon.clock + ms;
        salon.finish(visit);
        let next = salon.joins(CUT);
        let now = salon.now();
        if let Some(promise) = salon.promise(next) {
            let far = now + 400 * 24 * 60 * MINUTE_MS;
            assert!(promise.by > now && promise.by < far, "{promise:?} at {now:?}");
        }
        salon.does(&sooner_shared::Command::Leave { visit: next });
    }
    assert!(salon.shop.visits.values().all(|v| v.id < VisitId(1_000)));
    assert!(salon.shop.last_at < Timestamp(i64::MAX / 2));
}
