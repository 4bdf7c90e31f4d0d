//! The time on the screen and the time that is promised: a quote is honoured, improved, or
//! replaced before anything is recorded.

use sooner_engine::{Rejection, Taught, forecast};
use sooner_shared::command::{Join, Shown};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Command, Timestamp};

use crate::support::{ANNA, BEN, CUT, Driver, NINE, join, nine};

fn join_seeing(shown: Shown) -> Join {
    Join { shown: Some(shown), ..join(CUT, None) }
}

#[test]
fn who_joins_gets_the_time_on_the_screen() {
    for ahead in 0..6 {
        // With few paths, one share is hardly more than the next.
        let mut salon = Driver::open_with(|config| config.paths = 1_000);
        salon.on_duty(&[ANNA, BEN]);
        for _ in 0..ahead {
            salon.joins(CUT);
        }
        let shown = salon.shown(CUT, None).expect("somebody is on duty");
        let tom = salon.joins_with(join_seeing(shown));
        assert_eq!(salon.by(tom), shown.by, "{ahead} ahead");
    }
}

#[test]
fn who_says_yes_at_once_to_a_free_chair_gets_an_earlier_time() {
    let mut salon = Driver::staffed(&[ANNA]);
    salon.set(2);
    let shown = salon.shown(CUT, None).expect("Anna is on duty");
    assert_eq!(shown.by, nine(10), "9:06, for who thinks three minutes about it");
    let tom = salon.joins_with(join_seeing(shown));
    assert_eq!(salon.by(tom), nine(5));
}

/// Checks that whatever was on the screen in some second of the step that begins now, and is said
/// yes to so many seconds later, is promised or improved, when nothing else happens.
fn time_alone_refuses_nobody(what: &str, mut salon: Driver, later: &[i64]) {
    let begin = salon.now();
    for second in 0..salon.shop.config.step_ms / 1_000 {
        salon.clock = begin + second * 1_000;
        let shown = salon.shown(CUT, None).expect("Anna is on duty");
        for later in later {
            salon.clock = shown.at + later * 1_000;
            let told = salon.told(join_seeing(shown));
            assert!(
                matches!(told, Ok(Some(by)) if salon.now() + MINUTE_MS <= by && by <= shown.by),
                "{what}: {shown:?}, {later} s later: {told:?}"
            );
        }
    }
}

#[test]
fn an_idle_shop_refuses_nobody_who_thinks_for_three_minutes() {
    let later: Vec<_> = (0..=180).collect();
    for turnaround_ms in [0, 30_000, MINUTE_MS, 4 * MINUTE_MS] {
        for step_ms in [1_000, MINUTE_MS, 5 * MINUTE_MS] {
            let mut salon = Driver::open_with(|config| {
                config.turnaround_ms = turnaround_ms;
                config.step_ms = step_ms;
                config.paths = 32;
            });
            salon.on_duty(&[ANNA]);
            let what = format!("turn-around {turnaround_ms} ms, step {step_ms} ms");
            time_alone_refuses_nobody(&what, salon, &later);
        }
    }
}

#[test]
fn a_short_line_refuses_nobody_who_thinks_for_three_minutes() {
    let later = [0, 60, 120, 150, 180];
    // A shop whose cuts take about as long as the owner says, and one where each takes half an
    // hour to a few minutes, so that hardly anything is between two shares.
    let variance = 0.01;
    let mean_ln = libm::log(30.0 * MINUTE_MS as f64);
    let regular = Taught { count: 600, mean_ln, ss_ln: 600.0 * variance };
    for taught in [None, Some(regular)] {
        for turnaround_ms in [0, MINUTE_MS] {
            for ahead in 1..=4 {
                let line = || {
                    let mut salon = Driver::open_with(|config| {
                        config.turnaround_ms = turnaround_ms;
                        config.services[0].taught = taught;
                    });
                    salon.on_duty(&[ANNA]);
                    for _ in 0..ahead {
                        salon.joins(CUT);
                    }
                    salon
                };
                let what = format!("{ahead} ahead, {turnaround_ms} ms, {taught:?}");
                time_alone_refuses_nobody(&format!("{what}, waiting"), line(), &later);
                let mut called = line();
                called.next(ANNA);
                time_alone_refuses_nobody(&format!("{what}, called"), called, &later);
                let mut begun = line();
                let first = begun.next(ANNA).expect("somebody waits");
                begun.start(first, ANNA);
                time_alone_refuses_nobody(&format!("{what}, begun"), begun, &later);
            }
        }
    }
}

/// Somebody waits for Anna, and a time is on a screen that is no longer what a newcomer is told:
/// with the shop's share of 95 % it takes longer. With 93 % it holds for one more second.
fn a_time_that_slips() -> (Driver, Shown, Rejection) {
    let mut salon = Driver::staffed(&[ANNA]);
    salon.joins(CUT);
    let mut with = Driver { shop: salon.shop.clone(), log: Vec::new(), clock: salon.clock };
    let next = with.joins(CUT);
    let estimate = forecast::estimate(&with.shop, &[next], salon.now());
    let wait_ms = estimate.expect("Anna is on duty").wait_ms(930);
    let step_ms = salon.shop.config.step_ms;
    let by = (salon.now() + wait_ms + step_ms).round_up(step_ms);
    salon.clock = by - wait_ms - 1_000;
    salon.timer();
    let later = salon.told(join(CUT, None)).expect("Anna is on duty");
    assert!(later > Some(by));
    let shown = Shown { by, at: salon.now() - MINUTE_MS };
    (salon, shown, Rejection::QuoteChanged { by: later })
}

#[test]
fn a_shown_time_is_honoured_while_it_can_be_kept() {
    let (mut salon, shown, changed) = a_time_that_slips();
    let now = salon.now();
    for (later_ms, told) in
        [(0, Ok(Some(shown.by))), (1_000, Ok(Some(shown.by))), (1_001, Err(changed))]
    {
        salon.clock = now + later_ms;
        assert_eq!(salon.told(join_seeing(shown)), told, "{later_ms}");
    }
    salon.clock = now;
    let tom = salon.joins_with(join_seeing(shown));
    assert_eq!(salon.by(tom), shown.by);
}

#[test]
fn a_shown_time_is_honoured_for_three_minutes_only() {
    let (salon, shown, changed) = a_time_that_slips();
    for (age_ms, honoured) in [
        (0, true),
        (3 * MINUTE_MS, true),
        (3 * MINUTE_MS + 1, false),
        // A time of the future was never on a screen.
        (-1, false),
    ] {
        let old = Shown { at: salon.now() - age_ms, ..shown };
        let told = salon.told(join_seeing(old));
        assert_eq!(told, if honoured { Ok(Some(shown.by)) } else { Err(changed) }, "{age_ms}");
    }
}

#[test]
fn a_time_that_no_screen_shows_is_not_promised() {
    let (mut salon, shown, changed) = a_time_that_slips();
    for odd_ms in [-1, 1, MINUTE_MS] {
        let made_up = Shown { by: shown.by + odd_ms, ..shown };
        assert_eq!(salon.refuses(&Command::Join(join_seeing(made_up))), changed, "{odd_ms}");
    }
}

#[test]
fn a_time_less_than_a_minute_away_is_not_promised_whatever_was_shown() {
    let mut salon = Driver::open_with(|config| config.turnaround_ms = 0);
    salon.on_duty(&[ANNA]);
    salon.set(4);
    let shown = Shown { by: nine(5), at: nine(3) };
    assert_eq!(salon.told(join_seeing(shown)), Ok(Some(nine(5))));
    let changed = Rejection::QuoteChanged { by: Some(nine(10)) };
    for later_ms in [1, 30_000, MINUTE_MS] {
        salon.clock = nine(4) + later_ms;
        let tap = Command::Join(join_seeing(shown));
        assert_eq!(salon.refuses(&tap), changed, "{later_ms}");
    }
}

#[test]
fn an_earlier_time_than_shown_is_given_when_it_holds() {
    let mut salon = Driver::staffed(&[ANNA]);
    let eva = salon.joins(CUT);
    let shown = salon.shown(CUT, None).expect("Anna is on duty");
    salon.leaves(eva);
    let tom = salon.joins_with(join_seeing(shown));
    assert_eq!(salon.by(tom), nine(5));
    assert!(shown.by > nine(5));
}

#[test]
fn after_somebody_else_joined_the_new_time_is_shown_first() {
    let mut salon = Driver::staffed(&[ANNA]);
    let shown = salon.shown(CUT, None).expect("Anna is on duty");
    salon.joins(CUT);
    let tap = Command::Join(join_seeing(shown));
    let Rejection::QuoteChanged { by: Some(new) } = salon.refuses(&tap) else {
        panic!("the first joiner took the time");
    };
    assert!(new > shown.by);

    let again = Shown { by: new, at: salon.now() };
    let tom = salon.joins_with(join_seeing(again));
    assert_eq!(salon.by(tom), new, "the new time is what is promised then");
}

#[test]
fn when_everybody_has_gone_off_duty_there_is_no_new_time() {
    let mut salon = Driver::staffed(&[ANNA]);
    let shown = salon.shown(CUT, None).expect("Anna is on duty");
    salon.off_duty(ANNA);
    assert_eq!(salon.shown(CUT, None), None);
    assert_eq!(
        salon.refuses(&Command::Join(join_seeing(shown))),
        Rejection::QuoteChanged { by: None }
    );
    let tom = salon.joins(CUT);
    assert_eq!(salon.promise(tom), None);
}

#[test]
fn no_time_is_ever_less_than_a_minute_away() {
    for second in 0..600 {
        let mut salon = Driver::open_with(|config| config.turnaround_ms = 0);
        salon.on_duty(&[ANNA]);
        salon.clock = NINE + second * 1_000;
        let tom = salon.joins(CUT);
        let by = salon.by(tom);
        assert!(by >= salon.now() + MINUTE_MS && by <= salon.now() + 6 * MINUTE_MS);
        assert_eq!(by, Timestamp(by.0).round_up(5 * MINUTE_MS));
    }
}
