//! The oracle tells the true distribution, and no promise is better.

use super::*;
use crate::chance::Chance;
use crate::truth::Form;

/// By day, how many waited and how many of them waited no longer than each of the times that `tell`
/// has for them, shortest first; who is told none is not counted.
fn kept(
    scenario: &Scenario,
    mut tell: impl FnMut(&mut Run, &Arrival, i64) -> Vec<f64>,
) -> BTreeMap<u32, (f64, Vec<f64>)> {
    let mut run = Run::new(scenario);
    let mut told: BTreeMap<u64, (i64, Vec<f64>)> = BTreeMap::new();
    let mut days: BTreeMap<u32, (f64, Vec<f64>)> = BTreeMap::new();
    while let Some(Happened { at_ms, what }) = run.next() {
        match what {
            Moment::Arrived(arrival) => {
                let times = tell(&mut run, &arrival, at_ms);
                if !times.is_empty() {
                    told.insert(arrival.visit, (at_ms, times));
                }
            }
            Moment::Started { visit, .. } => {
                let Some((came_ms, times)) = told.remove(&visit) else { continue };
                let waited = (at_ms - came_ms) as f64 / 60_000.0;
                // Whom nobody has to wait for is told so, and is not scored.
                assert_eq!(at_ms == came_ms, times[times.len() - 1] <= 0.0);
                if at_ms > came_ms {
                    let none = || (0.0, vec![0.0; times.len()]);
                    let (scored, kept) = days.entry(day(at_ms)).or_insert_with(none);
                    *scored += 1.0;
                    for (kept, time) in kept.iter_mut().zip(&times) {
                        *kept += f64::from(u8::from(waited <= *time));
                    }
                }
            }
            _ => {}
        }
    }
    days
}

/// By how much more are kept than should be, and the error of that. Days are independent of each other;
/// those who wait on the same one are not.
fn off(days: &BTreeMap<u32, (f64, Vec<f64>)>, place: usize, level: f64) -> (f64, f64) {
    let scored: f64 = days.values().map(|(scored, _)| scored).sum();
    let apart = || days.values().map(|(scored, kept)| kept[place] - level * scored);
    (apart().sum::<f64>() / scored, apart().map(|apart| apart * apart).sum::<f64>().sqrt() / scored)
}

#[test]
fn each_quantile_of_the_oracle_is_kept_as_often_as_it_says() {
    let levels = [0.1, 0.5, 0.8, 0.95];
    for scenario in [
        Scenario::first_come(900, 21),
        Scenario::everything(900, 22),
        Scenario::slowdown(900, 23, 450),
    ] {
        // With 199 futures, every rank is a whole number.
        let days = kept(&scenario, |run, arrival, at_ms| {
            let waits = run.oracle_waits_min(arrival, at_ms, 199);
            if waits.is_empty() {
                return Vec::new();
            }
            let rank = |level: &f64| (level * (waits.len() + 1) as f64).ceil() as usize;
            let at = |level| waits[rank(level).clamp(1, waits.len()) - 1];
            levels.iter().map(at).collect()
        });
        for (place, level) in levels.iter().enumerate() {
            let (off, error) = off(&days, place, *level);
            assert!(off.abs() < 3.0 * error, "{} {level}: {off} ± {error}", scenario.name);
            assert!(error < 0.01);
        }
    }
}

#[test]
fn the_oracle_loses_less_than_somewhat_shorter_or_longer_promises() {
    for scenario in [Scenario::first_come(400, 31), Scenario::everything(400, 32)] {
        let scales = [0.9, 1.0, 1.1];
        let mut ledgers = scales.map(|_| Ledger::new(0.95));
        let mut run = Run::new(&scenario);
        while let Some(Happened { at_ms, what }) = run.next() {
            match what {
                Moment::Arrived(arrival) => {
                    let told = run.oracle_quantile_min(&arrival, at_ms, 0.95, 400);
                    run.told(at_ms + (told.unwrap_or(0.0) * 60_000.0) as i64);
                    for (ledger, scale) in ledgers.iter_mut().zip(scales) {
                        if let Some(told) = told {
                            ledger.promised(arrival.visit, at_ms, told * scale);
                        }
                    }
                }
                Moment::Started { visit, .. } => {
                    for ledger in &mut ledgers {
                        ledger.started(visit, at_ms);
                    }
                }
                Moment::Left { visit } => {
                    for ledger in &mut ledgers {
                        ledger.left(visit);
                    }
                }
                _ => {}
            }
        }
        let [short, best, long] = ledgers.map(|ledger| ledger.score());
        assert!(best.pinball_min < short.pinball_min, "{}: {best:?} {short:?}", scenario.name);
        assert!(best.pinball_min < long.pinball_min, "{}: {best:?} {long:?}", scenario.name);
        assert!(short.kept < best.kept && best.kept < long.kept);
        assert_eq!(short.scored, long.scored);
    }
}

#[test]
fn the_oracle_knows_nothing_of_what_is_hidden() {
    for scenario in [Scenario::everything(6, 41), Scenario::half_gone(6, 42)] {
        let mut run = Run::new(&scenario);
        let mut asked = 0;
        while let Some(Happened { at_ms, what }) = run.next() {
            if let Moment::Arrived(arrival) = what {
                let mut other = run.clone();
                other.change_fate();
                let waits = run.oracle_waits_min(&arrival, at_ms, 100);
                assert_eq!(waits, other.oracle_waits_min(&arrival, at_ms, 100));
                asked += u32::from(waits.last().is_some_and(|wait| *wait > 0.0));
            }
        }
        assert!(asked > 20, "{asked}");
    }
}

#[test]
fn the_oracle_sees_nobody_served_after_those_in_line_go_home() {
    let scenario = Scenario::half_gone(30, 81);
    let mut run = Run::new(&scenario);
    let mut doubtful = 0;
    while let Some(Happened { at_ms, what }) = run.next() {
        let Moment::Arrived(arrival) = what else { continue };
        let waits = run.oracle_waits_min(&arrival, at_ms, 100);
        let closes = scenario.hours[day(at_ms) as usize % 7].expect("open").to_min;
        let home = f64::from(closes + OVERTIME_MIN);
        assert!(waits.iter().all(|wait| minute(at_ms) + wait < home));
        doubtful += u32::from(waits.len() < 100);
    }
    assert!(doubtful > 10, "{doubtful}");
}

#[test]
fn who_is_told_the_best_time_is_protected_by_it_just_as_the_oracle_counts_on() {
    let scenario = Scenario::everything(900, 22);
    let (mut protected_min, mut alone_min) = (0.0, 0.0);
    let days = kept(&scenario, |run, arrival, at_ms| {
        let best = run.oracle_quantile_min(arrival, at_ms, 0.95, 199);
        let Some(best) = best else { return Vec::new() };
        protected_min += best;
        let alone = run.oracle_waits_min(arrival, at_ms, 199);
        alone_min += alone[(alone.len() * 19 / 20).min(alone.len() - 1)];
        run.told(at_ms + (best * 60_000.0) as i64);
        vec![best]
    });
    let (off, error) = off(&days, 0, 0.95);
    assert!(off.abs() < 3.0 * error && error < 0.01, "{off} ± {error}");
    assert!(protected_min < 0.97 * alone_min, "{protected_min} of {alone_min}");
}

/// One person and one service whose duration has no memory: the wait behind others is the sum of as
/// many durations, which has an Erlang distribution (Erlang 1909).
#[test]
fn without_memory_the_oracle_is_erlangs_distribution() {
    let mut scenario = Scenario::first_come(40, 51);
    scenario.services.truncate(1);
    scenario.services[0].share = 1.0;
    scenario.services[0].form = Form::Weibull { shape: 1.0 };
    scenario.staff.truncate(1);
    scenario.staff[0].paces = vec![1.0];
    scenario.demand = [[4.5; 24]; 7];
    let mut run = Run::new(&scenario);
    let (mut there, mut began_ms, mut asked) = (0_u32, 0, 0);
    while let Some(Happened { at_ms, what }) = run.next() {
        match what {
            Moment::Arrived(arrival) => {
                // A table has an end, and with it a memory of what has lasted longest.
                let fresh = at_ms - began_ms < 48 * 60_000;
                if (1..=4).contains(&there) && fresh && minute(at_ms) < 13.0 * 60.0 {
                    let form = Form::Gamma { shape: there.into() };
                    let erlang = Law::new(form, 12.0 * f64::from(there));
                    let told = run.oracle_quantile_min(&arrival, at_ms, 0.9, 4_000);
                    let share = erlang.share_below(told.expect("all are served"));
                    // Its standard error is the root of 0.9 · 0.1 / 4,000.
                    assert!((share - 0.9).abs() < 4.0 * 0.0048, "{there}: {told:?} is at {share}");
                    asked += 1;
                }
                there += 1;
            }
            Moment::Started { .. } => began_ms = at_ms,
            Moment::Ended { .. } | Moment::Left { .. } => there -= 1,
            _ => {}
        }
    }
    assert!(asked > 100, "{asked}");
}

#[test]
fn who_can_be_served_at_once_waits_for_nothing_and_who_cannot_be_served_is_told_nothing() {
    let scenario = Scenario::everything(1, 61);
    let mut run = Run::new(&scenario);
    let first = run.by_ref().find_map(|happened| match happened.what {
        Moment::Arrived(arrival) => Some((arrival, happened.at_ms)),
        _ => None,
    });
    let (arrival, at_ms) = first.expect("somebody comes");
    assert_eq!(run.oracle_quantile_min(&arrival, at_ms, 0.95, 100), Some(0.0));
    // The third person does not do the last service.
    let impossible = Arrival { service: 3, requested: Some(2), ..arrival };
    assert_eq!(run.oracle_quantile_min(&impossible, at_ms, 0.95, 100), None);
    assert_eq!(Run::new(&scenario).oracle_quantile_min(&arrival, at_ms, 0.95, 100), None);
}

#[test]
fn a_right_makes_the_wait_shorter_and_a_request_makes_it_longer() {
    let scenario = Scenario::everything(30, 71);
    let mut run = Run::new(&scenario);
    let mut chance = Chance::new(71, "whom", &[]);
    let (mut right, mut usual, mut asked, mut count) = (0.0, 0.0, 0.0, 0);
    while let Some(Happened { at_ms, what }) = run.next() {
        let Moment::Arrived(arrival) = what else { continue };
        let mean = |priority, requested| {
            let arrival = Arrival { service: 0, priority, requested, ..arrival };
            let waits = run.oracle_waits_min(&arrival, at_ms, 100);
            waits.iter().sum::<f64>() / waits.len() as f64
        };
        let whom = Some([0, 1, 2, 4][chance.below(4)]);
        let (first, second, third) = (mean(1, None), mean(0, None), mean(0, whom));
        if first + second + third > 0.0 {
            (right, usual, asked) = (right + first, usual + second, asked + third);
            count += 1;
        }
    }
    assert!(count > 100);
    assert!(right < usual && usual < asked, "{right} {usual} {asked}");
}
