//! The time on the screen and the time that is promised: a quote is honoured, improved, or
//! replaced before anything is recorded.

use sooner_engine::{Rejection, decide};
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
        let mut salon = Driver::staffed(&[ANNA, BEN]);
        for _ in 0..ahead {
            salon.joins(CUT);
        }
        let shown = salon.shown(CUT, None).expect("somebody is on duty");
        let tom = salon.joins_with(join_seeing(shown));
        assert_eq!(salon.by(tom), shown.by, "{ahead} ahead");
    }
}

/// An idle shop where a time shown a moment ago is no longer what the forecast says, but would
/// still be kept: 9:05 was shown at 9:03:59, and half a minute later nobody is promised less than
/// a minute.
fn five_past_nine_was_shown() -> (Driver, Shown) {
    let mut salon = Driver::open_with(|config| config.turnaround_ms = 0);
    salon.on_duty(&[ANNA]);
    salon.clock = nine(4) - 1_000;
    let shown = salon.shown(CUT, None).expect("Anna is on duty");
    assert_eq!(shown.by, nine(5));
    salon.clock = nine(4) + 30_000;
    (salon, shown)
}

#[test]
fn a_shown_time_is_honoured_while_it_can_be_kept() {
    let (mut salon, shown) = five_past_nine_was_shown();
    assert_eq!(salon.shown(CUT, None).map(|s| s.by), Some(nine(10)));
    let tom = salon.joins_with(join_seeing(shown));
    assert_eq!(salon.by(tom), nine(5));
}

#[test]
fn a_shown_time_is_honoured_for_three_minutes_only() {
    let (salon, shown) = five_past_nine_was_shown();
    for (age_ms, honoured) in [
        (0, true),
        (3 * MINUTE_MS, true),
        (3 * MINUTE_MS + 1, false),
        // A time of the future was never on a screen.
        (-1, false),
    ] {
        let old = Shown { at: salon.now() - age_ms, ..shown };
        let command = Command::Join(join_seeing(old));
        let refusal = decide(&salon.shop, &command, salon.now()).err();
        let new = Rejection::QuoteChanged { by: Some(nine(10)) };
        assert_eq!(refusal, (!honoured).then_some(new), "{age_ms}");
    }
}

#[test]
fn a_time_that_no_screen_shows_is_not_promised() {
    let (mut salon, shown) = five_past_nine_was_shown();
    let made_up = Shown { by: shown.by - 1, ..shown };
    assert_eq!(
        salon.refuses(&Command::Join(join_seeing(made_up))),
        Rejection::QuoteChanged { by: Some(nine(10)) }
    );
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
