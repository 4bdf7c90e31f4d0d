//! What the forecast says of a known state, and what must not move it.

use sooner_engine::config::STAFF_MAX;
use sooner_engine::promise::Promise;
use sooner_engine::{Forecast, Shop, Staff, Taught, forecast};
use sooner_shared::command::QUOTE_HOLDS_MS;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{StaffId, VisitId};

use crate::support::{ANNA, BEN, CLEO, COLOUR, CUT, Driver, NAILS, join, nine};

/// Wide enough to see a quantile move.
const SHARES: [u16; 5] = [50, 250, 500, 950, 999];

fn estimate(forecast: &Forecast, visit: VisitId) -> Vec<i64> {
    let estimate = &forecast.visits[&visit];
    SHARES.iter().map(|&share| estimate.wait_ms(share)).collect()
}

#[test]
fn an_idle_shop_promises_one_step_ahead() {
    for turnaround_ms in [0, MINUTE_MS - 1, MINUTE_MS, 5 * MINUTE_MS] {
        let mut salon = Driver::open_with(|config| config.turnaround_ms = turnaround_ms);
        salon.on_duty(&[ANNA]);
        let step_ms = salon.shop.config.step_ms;
        // Never sooner than the turn-around or a minute, never more than a step later than that;
        // a time on a screen has to last three minutes more.
        let soonest_ms = turnaround_ms.max(MINUTE_MS);
        for second in 0..300 {
            salon.clock = nine(0) + second * 1_000;
            let now = salon.now();
            let by = (now + soonest_ms).round_up(step_ms);
            assert_eq!(salon.told(join(CUT, None)), Ok(Some(by)));
            let shown = salon.shown(CUT, None).expect("Anna is on duty");
            assert_eq!(shown.by, (now + soonest_ms + 3 * MINUTE_MS).round_up(step_ms));
        }
    }
}

#[test]
fn a_longer_line_never_gives_an_earlier_time() {
    let mut salon = Driver::staffed(&[ANNA, BEN, CLEO]);
    let busy = salon.joins(CUT);
    salon.start(busy, BEN);
    salon.set(7);
    let wanted = [CUT, COLOUR, NAILS];
    let requests = [None, Some(ANNA), None, Some(CLEO), None];
    let mut last = salon.forecast();
    for n in 0..60 {
        let (service, requested) = (wanted[n % 3], requests[n % 5]);
        let able = requested.is_none_or(|id| {
            let person = salon.shop.config.person(id);
            person.is_some_and(|person| person.services.contains(&service))
        });
        salon.joins_with(join(service, requested.filter(|_| able)));
        let next = salon.forecast();
        for (before, after) in last.quotes.iter().zip(&next.quotes) {
            assert_eq!((before.service, before.staff), (after.service, after.staff));
            assert!(after.by >= before.by, "{n}: {before:?} then {after:?}");
        }
        last = next;
    }
}

#[test]
fn who_joins_at_the_end_moves_nobody_before_them() {
    let mut salon = Driver::staffed(&[ANNA, BEN, CLEO]);
    for n in 0..30 {
        let before = salon.forecast();
        salon.joins([CUT, COLOUR, CUT, NAILS][n % 4]);
        let after = salon.forecast();
        for (visit, estimate) in &before.visits {
            assert_eq!(Some(estimate), after.visits.get(visit), "visit {visit}");
        }
    }
}

#[test]
fn who_is_told_a_time_counts_on_being_protected_by_it_from_who_comes_later_and_goes_first() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    // Every fourth one goes first.
    salon.some_go_first(32, 4, 3 * MINUTE_MS);
    for staff in [ANNA, BEN] {
        let busy = salon.joins(CUT);
        salon.start(busy, staff);
    }
    let visit = salon.joins(CUT);
    let now = salon.now();
    let limit_ms = salon.by(visit) - now;
    let missed = |shop: &Shop| forecast::visits(shop, now)[&visit].exceeds_permille(limit_ms);
    // A little more than that, since one more has come and more rights are expected.
    assert!(missed(&salon.shop) <= 60, "{}", missed(&salon.shop));
    // Had they been told nothing, so many more would be served before them.
    let mut alone = salon.shop.clone();
    alone.visits.get_mut(&visit).expect("joined").promises.clear();
    assert!(missed(&alone) >= 150, "{}", missed(&alone));
}

#[test]
fn a_time_is_missed_when_nobody_has_called_by_then() {
    for turnaround_ms in [0, 2 * MINUTE_MS, 8 * MINUTE_MS] {
        let mut salon = Driver::open_with(|config| config.turnaround_ms = turnaround_ms);
        salon.on_duty(&[ANNA]);
        let busy = salon.joins(CUT);
        salon.start(busy, ANNA);
        let visit = salon.joins(CUT);
        let (now, forecast) = (salon.now(), salon.forecast());
        let estimate = &forecast.visits[&visit];
        let promise = *salon.shop.visits[&visit].promise().expect("was told a time");
        for share in SHARES {
            // Called then, they begin when that share of them has.
            let by = now + (estimate.simulated_ms(share) - turnaround_ms);
            let missed = estimate.missed_permille(&salon.shop, &Promise { by, ..promise }, now);
            let off = missed.abs_diff(1_000 - share);
            assert!(off <= 2_000 / salon.shop.config.paths, "{missed}, not {}", 1_000 - share);
        }
    }
}

#[test]
fn the_same_state_has_the_same_forecast() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    for _ in 0..10 {
        salon.joins(CUT);
    }
    let first = salon.forecast();
    assert_eq!(first, salon.forecast());
    // Events that concern nobody's time move nobody's time.
    salon.does(&sooner_shared::Command::CheckIn { visit: VisitId(4) });
    assert_eq!(first.visits, salon.forecast().visits);
}

#[test]
fn what_is_shown_before_joining_is_what_is_promised_or_later() {
    let (mut same, mut later) = (0, 0);
    for second in (0..300).step_by(30) {
        let mut salon = Driver::staffed(&[ANNA, BEN, CLEO]);
        salon.clock = nine(0) + second * 1_000;
        let step_ms = salon.shop.config.step_ms;
        for n in 0..20 {
            let service = [CUT, COLOUR, NAILS][n % 3];
            let now = salon.now();
            let shown = salon.shown(service, None).expect("all are on duty");
            let visit = salon.joins(service);
            let by = salon.by(visit);
            let own = salon.forecast().visits[&visit].clone();
            assert_eq!(own.promise_by(&salon.shop, now), by);
            assert_eq!(own.quote_by(&salon.shop, now), shown.by);

            let (wait_ms, held_ms) = (own.wait_ms(950), own.wait_ms(930));
            assert_eq!(by, (now + wait_ms.max(MINUTE_MS)).round_up(step_ms));
            let lasting_ms = wait_ms.max(QUOTE_HOLDS_MS + held_ms.max(MINUTE_MS));
            assert_eq!(shown.by, (now + lasting_ms).round_up(step_ms));
            assert!(by <= shown.by);
            *(if by == shown.by { &mut same } else { &mut later }) += 1;
        }
    }
    assert!(same > 100 && later > 10, "{same} {later}");
}

#[test]
fn a_service_that_overruns_moves_the_likely_time_and_no_promise() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.start(tom, ANNA);
    let told = salon.by(eva);
    let mut last = nine(0);
    for minutes in [0, 45, 60, 90, 120] {
        salon.set(minutes);
        let likely = salon.now() + salon.forecast().visits[&eva].wait_ms(500);
        assert!(likely > last, "after {minutes} minutes");
        assert!(likely > salon.now(), "never any moment now");
        last = likely;
        assert_eq!(salon.by(eva), told);
    }
}

#[test]
fn nobody_is_told_a_time_that_nobody_on_duty_can_keep() {
    let mut salon = Driver::staffed(&[BEN]);
    let for_anna = salon.joins_with(join(CUT, Some(ANNA)));
    let colour = salon.joins(COLOUR);
    let cut = salon.joins(CUT);
    let known: Vec<_> = salon.forecast().visits.into_keys().collect();
    assert_eq!(known, [cut]);
    for visit in [for_anna, colour] {
        assert_eq!(salon.promise(visit), None);
    }
    assert!(salon.shown(CUT, None).is_some());
    assert!(salon.shown(CUT, Some(ANNA)).is_none());
    assert!(salon.shown(NAILS, None).is_none());
}

#[test]
fn every_kind_of_newcomer_has_a_quote() {
    let salon = Driver::staffed(&[ANNA, BEN, CLEO]);
    let quotes: Vec<_> =
        salon.forecast().quotes.iter().map(|quote| (quote.service, quote.staff)).collect();
    assert_eq!(
        quotes,
        [
            (CUT, None),
            (CUT, Some(ANNA)),
            (CUT, Some(BEN)),
            (COLOUR, None),
            (COLOUR, Some(ANNA)),
            (COLOUR, Some(CLEO)),
            (NAILS, None),
            (NAILS, Some(CLEO)),
        ]
    );
}

#[test]
fn more_people_on_duty_never_mean_a_later_time_for_one_service() {
    let mut salon = Driver::staffed(&[ANNA]);
    for _ in 0..12 {
        salon.joins(CUT);
    }
    let alone = salon.shown(CUT, None).expect("Anna is on duty");
    salon.on_duty(&[BEN]);
    let together = salon.shown(CUT, None).expect("both are on duty");
    assert!(together.by < alone.by);
}

#[test]
fn quantiles_grow_with_the_share_and_risk_is_their_inverse() {
    let mut salon = Driver::staffed(&[ANNA]);
    for _ in 0..5 {
        salon.joins(CUT);
    }
    let n = salon.shop.config.paths;
    for estimate in salon.forecast().visits.values() {
        assert!((0..=1_000).map(|share| estimate.wait_ms(share)).is_sorted());
        for share in 0..=1_000 {
            // Of so many paths and one more, that one is as likely to be in any place; what lies
            // between two places is between them.
            let rank = (u32::from(n + 1) * u32::from(share) / 1_000).clamp(1, u32::from(n)) as u16;
            let beyond = |paths: u16| (u32::from(paths) * 1_000 / u32::from(n)) as u16;
            let wait_ms = estimate.wait_ms(share);
            assert!(estimate.exceeds_permille(wait_ms) <= beyond(n - rank), "{share}");
            assert!(estimate.exceeds_permille(wait_ms - 1) >= beyond(n - rank), "{share}");
        }
    }
}

#[test]
fn who_says_that_they_are_here_is_expected_first_again() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    let before = salon.forecast().visits;
    salon.next(ANNA);
    salon.back_to_line(tom);
    assert_ne!(salon.forecast().visits, before);
    salon.does(&sooner_shared::Command::CheckIn { visit: tom });
    let after = salon.forecast().visits;
    assert_eq!(after, before);
    assert!(after[&tom].wait_ms(950) < after[&eva].wait_ms(50));
}

#[test]
fn who_was_not_there_is_expected_after_one_other() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva, kim) = (salon.joins(CUT), salon.joins(CUT), salon.joins(CUT));
    salon.next(ANNA);
    salon.back_to_line(tom);
    let forecast = salon.forecast();
    let [tom, eva, kim] = [tom, eva, kim].map(|visit| estimate(&forecast, visit));
    assert!(eva < tom && tom < kim, "{eva:?} {tom:?} {kim:?}");
}

/// How much longer than the median wait the promised wait is, for the last of a long line.
fn padding_of_a_long_line(taught: Option<Taught>) -> f64 {
    let mut salon = Driver::open_with(|config| {
        config.paths = 1_000;
        config.services[0].taught = taught;
    });
    salon.on_duty(&[ANNA]);
    let last = (0..20).map(|_| salon.joins(CUT)).last();
    let forecast = salon.forecast();
    let estimate = last.and_then(|visit| forecast.visits.get(&visit));
    estimate.map_or(0.0, |e| e.wait_ms(950) as f64 / e.wait_ms(500) as f64)
}

#[test]
fn what_a_new_shop_does_not_know_widens_its_promises_until_it_has_learned() {
    let (mean_ln, variance) = (libm::log(30.0 * MINUTE_MS as f64), 0.2);
    let taught = Taught { count: 600, mean_ln, ss_ln: 600.0 * variance };
    let (new, experienced) = (padding_of_a_long_line(None), padding_of_a_long_line(Some(taught)));
    assert!((1.35..1.75).contains(&new), "{new}");
    assert!((1.1..1.25).contains(&experienced), "{experienced}");
}

/// The size of P15 in PERFORMANCE.md, with so many paths; prints how long one forecast takes.
fn forecast_a_full_house(paths: u16) {
    const PEOPLE: u16 = 20;
    const WAITING: usize = 200;
    assert!(usize::from(PEOPLE) <= STAFF_MAX);
    let mut salon = Driver::open_with(|config| {
        config.paths = 32;
        config.staff = (1..=PEOPLE)
            .map(|id| {
                let all = [CUT, COLOUR, NAILS];
                let services = if id % 4 == 0 { &all[..] } else { &all[..2] };
                Staff::new(StaffId(id), "", services)
            })
            .collect();
    });
    for id in 1..=PEOPLE {
        salon.on_duty(&[StaffId(id)]);
        let visit = salon.joins(CUT);
        salon.start(visit, StaffId(id));
    }
    for n in 0..WAITING {
        let requested = (n % 10 == 0).then_some(StaffId(n as u16 % PEOPLE + 1));
        let service = if n % 3 == 0 { COLOUR } else { CUT };
        salon.joins_with(join(service, requested));
    }
    let mut config = (*salon.shop.config).clone();
    config.paths = paths;
    salon.shop.config = config.into();
    salon.clock = salon.clock + 9 * MINUTE_MS;

    #[expect(clippy::disallowed_methods, reason = "this measures, it decides nothing")]
    let clock = std::time::Instant::now();
    let forecast = salon.forecast();
    let took = clock.elapsed();
    assert_eq!(forecast.visits.len(), WAITING);
    let services = u128::from(paths) * WAITING as u128;
    println!(
        "{WAITING} waiting, {PEOPLE} people, {paths} paths: {took:?}, {} ns a service",
        took.as_nanos() / services
    );
}

#[test]
fn a_full_house_can_be_forecast() {
    forecast_a_full_house(100);
}

#[test]
#[ignore = "a measurement: cargo test --release -- --ignored --nocapture full_size"] // tidy: a measurement, run by hand
fn a_full_house_is_forecast_at_full_size() {
    for _ in 0..5 {
        forecast_a_full_house(1_000);
    }
}
