//! The queues keep to their rules.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::moment::{Arrival, Happened, Moment};

mod best;
mod foreseen;

const DAY_MS: i64 = 86_400_000;

fn all(days: u32) -> Vec<Scenario> {
    vec![
        Scenario::first_come(days, 11),
        Scenario::everything(days, 12),
        Scenario::slowdown(days, 13, days / 2),
        Scenario::first_day(14),
        Scenario::half_gone(days, 15),
    ]
}

fn day(at_ms: i64) -> u32 {
    ((at_ms - FIRST_DAY_MS) / DAY_MS) as u32
}

fn minute(at_ms: i64) -> f64 {
    ((at_ms - FIRST_DAY_MS) % DAY_MS) as f64 / 60_000.0
}

/// The order of what happens at the same time.
fn order(what: Moment) -> u8 {
    match what {
        Moment::CameOnDuty { .. } => 0,
        Moment::Ended { .. } | Moment::EndedBreak { .. } => 1,
        Moment::Left { .. } => 2,
        Moment::WentOffDuty { .. } | Moment::TookBreak { .. } => 3,
        Moment::Started { .. } => 4,
        Moment::Arrived(_) => 5,
    }
}

/// What somebody who serves is doing, by what was told.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Now {
    Off,
    Free,
    With(u64),
    /// Goes home after this one.
    Last(u64),
    Break {
        since_ms: i64,
        until_ms: i64,
    },
}

/// A service that was given.
struct Given {
    arrival: Arrival,
    server: u16,
    began_ms: i64,
    ended_ms: i64,
    waited: bool,
}

/// Follows what is told, and complains of whatever should not be.
struct Watch<'a> {
    scenario: &'a Scenario,
    now: Vec<Now>,
    line: Vec<Arrival>,
    begun: BTreeMap<u64, Given>,
    given: Vec<Given>,
    left: Vec<(u64, i64)>,
    came: u64,
    /// Visits that were in line at some time.
    waited: BTreeSet<u64>,
    breaks: Vec<(u16, i64, i64)>,
    last_arrival: Option<Happened>,
    /// Since when each has been doing what they do.
    since_ms: Vec<i64>,
    now_ms: i64,
}

impl<'a> Watch<'a> {
    fn over(scenario: &'a Scenario) -> Self {
        let mut watch = Self {
            scenario,
            now: vec![Now::Off; scenario.staff.len()],
            line: Vec::new(),
            begun: BTreeMap::new(),
            given: Vec::new(),
            left: Vec::new(),
            came: 0,
            waited: BTreeSet::new(),
            breaks: Vec::new(),
            last_arrival: None,
            since_ms: vec![0; scenario.staff.len()],
            now_ms: 0,
        };
        let mut before = (i64::MIN, 0);
        for happened in Run::new(scenario) {
            // Who comes is last at their time, but for their own start.
            let own = watch.last_arrival.is_some_and(|last| last.at_ms == happened.at_ms);
            let now = (happened.at_ms, if own { 6 } else { order(happened.what) });
            assert!(before <= now || before.1 >= 5 && before.0 <= now.0, "{happened:?}");
            before = now;
            watch.see(happened);
        }
        watch
    }

    fn able(&self, arrival: &Arrival, server: u16) -> bool {
        arrival.requested.is_none_or(|asked| asked == server)
            && self.scenario.staff[usize::from(server)].skills.contains(&arrival.service)
    }

    fn longest_idle(&self, arrival: &Arrival) -> Option<u16> {
        (0..self.now.len() as u16)
            .filter(|server| self.now[usize::from(*server)] == Now::Free)
            .filter(|server| self.able(arrival, *server))
            .min_by_key(|server| self.since_ms[usize::from(*server)])
    }

    fn see(&mut self, Happened { at_ms, what }: Happened) {
        self.nobody_waits_for_an_idle_person(what);
        self.now_ms = at_ms;
        match what {
            Moment::CameOnDuty { server } => self.change(server, Now::Off, Now::Free),
            Moment::WentOffDuty { server } => match self.now[usize::from(server)] {
                Now::With(visit) => self.change(server, Now::With(visit), Now::Last(visit)),
                now => {
                    assert_eq!(now, Now::Free, "{server}");
                    self.change(server, now, Now::Off);
                }
            },
            Moment::TookBreak { server, until_ms } => {
                self.change(server, Now::Free, Now::Break { since_ms: at_ms, until_ms });
            }
            Moment::EndedBreak { server } => {
                let Now::Break { since_ms, .. } = self.now[usize::from(server)] else {
                    panic!("{server} was in no break")
                };
                self.breaks.push((server, since_ms, at_ms));
                self.change(server, self.now[usize::from(server)], Now::Free);
            }
            Moment::Arrived(arrival) => {
                assert_eq!(arrival.visit, self.came);
                self.came += 1;
                self.line.push(arrival);
                self.last_arrival = Some(Happened { at_ms, what });
            }
            Moment::Started { visit, server } => {
                let server = server.expect("it is known who serves");
                let place = self.line.iter().position(|who| who.visit == visit);
                let arrival = self.line.remove(place.expect("who starts was in line"));
                assert!(self.able(&arrival, server), "{server} cannot serve {arrival:?}");
                let ahead = |other: &Arrival| {
                    (-other.priority, other.visit) < (-arrival.priority, visit)
                        && self.able(other, server)
                };
                assert!(!self.line.iter().any(ahead), "{arrival:?} was taken too early");
                let waited = self.waited.contains(&visit);
                if !waited {
                    assert_eq!(self.longest_idle(&arrival), Some(server), "{arrival:?}");
                }
                self.change(server, Now::Free, Now::With(visit));
                let given = Given { arrival, server, began_ms: at_ms, ended_ms: at_ms, waited };
                self.begun.insert(visit, given);
            }
            Moment::Ended { visit } => {
                let mut given = self.begun.remove(&visit).expect("what ends was begun");
                given.ended_ms = at_ms;
                let is_last = self.now[usize::from(given.server)] == Now::Last(visit);
                let (from, to) = if is_last {
                    (Now::Last(visit), Now::Off)
                } else {
                    (Now::With(visit), Now::Free)
                };
                self.change(given.server, from, to);
                self.given.push(given);
            }
            Moment::Left { visit } => {
                let place = self.line.iter().position(|who| who.visit == visit);
                self.line.remove(place.expect("who leaves was in line"));
                self.left.push((visit, at_ms));
            }
        }
    }

    fn change(&mut self, server: u16, from: Now, to: Now) {
        let now = &mut self.now[usize::from(server)];
        assert_eq!(*now, from, "{server}");
        *now = to;
        self.since_ms[usize::from(server)] = self.now_ms;
    }

    /// Whoever arrived last is either taken next, or nobody able was idle.
    fn nobody_waits_for_an_idle_person(&mut self, next: Moment) {
        let Some(Happened { what: Moment::Arrived(arrival), .. }) = self.last_arrival.take() else {
            return;
        };
        if matches!(next, Moment::Started { visit, .. } if visit == arrival.visit) {
            return;
        }
        self.waited.insert(arrival.visit);
        assert_eq!(self.longest_idle(&arrival), None, "{arrival:?} waits");
    }
}

#[test]
fn whoever_comes_is_served_or_leaves_and_everybody_is_gone_in_the_end() {
    for scenario in all(60) {
        // That all keep to the rule of who is next, serve only what they can, and not while they
        // are in a break or off duty, is seen to by the watch itself.
        let watch = Watch::over(&scenario);
        assert!(watch.came > 20, "{}", scenario.name);
        assert_eq!(watch.came as usize, watch.given.len() + watch.left.len());
        assert!(watch.line.is_empty() && watch.begun.is_empty());
        assert!(watch.now.iter().all(|now| *now == Now::Off));
        let waited = watch.given.iter().filter(|given| given.waited).count();
        assert!(waited * 5 > watch.given.len(), "{}: {waited} waited", scenario.name);
    }
}

#[test]
fn the_first_to_come_is_the_first_to_be_served() {
    let scenario = Scenario::first_come(60, 3);
    let mut last = None;
    for happened in Run::new(&scenario) {
        if let Moment::Started { visit, .. } = happened.what {
            assert!(last < Some(visit));
            last = Some(visit);
        }
    }
}

#[test]
fn a_right_goes_first_and_a_requested_person_is_waited_for() {
    let scenario = Scenario::everything(120, 3);
    let watch = Watch::over(&scenario);
    let share = |filter: &dyn Fn(&Given) -> bool| {
        watch.given.iter().filter(|given| filter(given)).count() as f64 / watch.given.len() as f64
    };
    assert!((share(&|given| given.arrival.priority > 0) - 0.08).abs() < 0.015);
    assert!((share(&|given| given.arrival.requested.is_some()) - 0.25).abs() < 0.025);
    let passed = |given: &&Given| {
        watch.given.iter().any(|other| {
            other.arrival.visit < given.arrival.visit
                && other.began_ms > given.began_ms
                && other.arrival.priority < given.arrival.priority
                && other.server == given.server
        })
    };
    let first = watch.given.iter().filter(|given| given.arrival.priority > 0);
    let count = first.filter(passed).count();
    assert!(count > 20, "{count}");
}

#[test]
fn a_right_breaks_no_time_that_somebody_before_was_told_and_goes_first_otherwise() {
    let scenario = Scenario::everything(120, 3);
    let rules = rules::Rules::new(&scenario);
    let mut run = Run::new(&scenario);
    // Who waits, with what they were told in milliseconds since the epoch.
    let mut waiting: BTreeMap<u64, (Arrival, i64)> = BTreeMap::new();
    let (mut went_first, mut held_back) = (0, 0);
    while let Some(Happened { at_ms, what }) = run.next() {
        match what {
            Moment::Arrived(arrival) => {
                // Tight enough to be in the way now and then.
                let by_ms = at_ms + 1_500_000;
                run.told(by_ms);
                waiting.insert(arrival.visit, (arrival, by_ms));
            }
            Moment::Left { visit } => {
                waiting.remove(&visit);
            }
            Moment::Started { visit, server: Some(server) } => {
                let Some((taken, _)) = waiting.remove(&visit) else { continue };
                let could = |one: &Arrival| rules.waiting(one).able >> server & 1 == 1;
                let breaks = |first: &Arrival| {
                    let done_ms = at_ms as f64 + rules.planned_ms(first.service);
                    let before =
                        waiting.values().filter(|(v, _)| v.visit < first.visit && could(v));
                    before.clone().any(|&(_, by)| at_ms <= by && (by as f64) < done_ms)
                };
                let passes = waiting.values().any(|(v, _)| v.visit < visit && could(v));
                if taken.priority > 0 && passes {
                    assert!(!breaks(&taken), "{taken:?} at {at_ms}");
                    went_first += 1;
                }
                let entitled = waiting.values().map(|(v, _)| v);
                let entitled = entitled.filter(|v| v.priority > 0 && could(v) && v.visit > visit);
                held_back += usize::from(taken.priority == 0 && entitled.count() > 0);
            }
            _ => {}
        }
    }
    assert!(went_first > 20 && held_back > 20, "{went_first}, {held_back}");
}

#[test]
fn nobody_comes_outside_of_hours_and_nobody_is_kept_long_after_closing() {
    for scenario in all(60) {
        let open = |at_ms: i64| scenario.hours[day(at_ms) as usize % 7].expect("closed");
        for Happened { at_ms, what } in Run::new(&scenario) {
            let (from, to) = (f64::from(open(at_ms).from_min), f64::from(open(at_ms).to_min));
            match what {
                Moment::CameOnDuty { .. } => assert!((minute(at_ms) - from).abs() < 1e-9),
                Moment::Arrived(_) => {
                    assert!((from..=to - f64::from(LAST_CALL_MIN)).contains(&minute(at_ms)));
                }
                Moment::Started { .. } => assert!(minute(at_ms) < to + f64::from(OVERTIME_MIN)),
                Moment::Left { .. } => assert!(minute(at_ms) <= to + f64::from(OVERTIME_MIN)),
                Moment::TookBreak { .. } => assert!(minute(at_ms) < to),
                _ => {}
            }
        }
    }
}

#[test]
fn everybody_has_a_break_as_soon_as_they_are_free_for_it() {
    let scenario = Scenario::everything(60, 4);
    let watch = Watch::over(&scenario);
    let days = (0..60).filter(|day| scenario.hours[day % 7].is_some()).count();
    // On Saturdays somebody may be at the same work from before their break until closing.
    assert!((days * 5 - watch.breaks.len()) < 5, "{} of {days}", watch.breaks.len());
    for (server, since_ms, ended_ms) in &watch.breaks {
        let planned = scenario.staff[usize::from(*server)].breaks[0];
        let late = minute(*since_ms) - f64::from(planned.at_min);
        assert!(late >= 0.0);
        if late > 0.0 {
            // Whoever is late for it was at work at its time, until now.
            let due_ms = since_ms - (late * 60_000.0).round() as i64;
            let busy = |given: &&Given| {
                given.server == *server && given.began_ms < due_ms && given.ended_ms == *since_ms
            };
            assert!(watch.given.iter().any(|given| busy(&given)), "{server} at {since_ms}");
        }
        let really = (ended_ms - since_ms) as f64 / 60_000.0 - f64::from(planned.length_min);
        assert!((BREAKS_DIFFER_MIN.0..=BREAKS_DIFFER_MIN.1).contains(&really));
    }
}

#[test]
fn some_of_those_who_wait_are_gone_when_they_are_called() {
    let scenario = Scenario::everything(240, 5);
    let watch = Watch::over(&scenario);
    let called = watch.left.iter().filter(|(_, at_ms)| {
        let open = scenario.hours[day(*at_ms) as usize % 7].expect("open");
        minute(*at_ms) < f64::from(open.to_min + OVERTIME_MIN)
    });
    let gone = called.count() as f64;
    let there = watch.given.iter().filter(|given| given.waited).count() as f64;
    assert!((gone / (gone + there) - 0.05).abs() < 0.01, "{gone} {there}");
}

#[test]
fn as_many_come_as_are_expected() {
    let scenario = Scenario::first_come(700, 6);
    let mut came = [0_u32; 7];
    for happened in Run::new(&scenario) {
        if let Moment::Arrived(_) = happened.what {
            came[day(happened.at_ms) as usize % 7] += 1;
        }
    }
    for (weekday, count) in came.into_iter().enumerate() {
        let expected = scenario.expected_on(weekday) * 100.0;
        let apart = f64::from(count) - expected;
        assert!(apart.abs() <= 3.5 * expected.sqrt(), "{weekday}: {count} for {expected}");
    }
}

/// Mean and its standard error.
fn mean(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let spread = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    (mean, (spread / count).sqrt())
}

#[test]
fn services_take_as_long_as_they_should_with_each_person() {
    for scenario in [Scenario::first_come(200, 7), Scenario::everything(200, 7)] {
        let watch = Watch::over(&scenario);
        for (service, offered) in scenario.services.iter().enumerate() {
            for (server, person) in scenario.staff.iter().enumerate() {
                let of = |given: &&Given| {
                    usize::from(given.arrival.service) == service
                        && usize::from(given.server) == server
                };
                let took: Vec<f64> = watch
                    .given
                    .iter()
                    .filter(of)
                    .map(|given| (given.ended_ms - given.began_ms) as f64 / 60_000.0)
                    .collect();
                assert_eq!(!took.is_empty(), person.skills.contains(&(service as u16)));
                if !took.is_empty() {
                    let (found, error) = mean(&took);
                    let expected = offered.mean_min * person.paces[service];
                    assert!((found - expected).abs() < 3.5 * error, "{found} for {expected}");
                }
            }
        }
    }
}

#[test]
fn everything_takes_longer_from_the_morning_of_the_slowdown_on() {
    let scenario = Scenario::slowdown(400, 8, 200);
    let watch = Watch::over(&scenario);
    let relative = |after: bool| {
        let took: Vec<f64> = watch
            .given
            .iter()
            .filter(|given| (day(given.began_ms) >= 200) == after)
            .map(|given| {
                let service = usize::from(given.arrival.service);
                let pace = scenario.staff[usize::from(given.server)].paces[service];
                let expected = scenario.services[service].mean_min * pace;
                (given.ended_ms - given.began_ms) as f64 / 60_000.0 / expected
            })
            .collect();
        mean(&took)
    };
    let ((before, error), (after, later_error)) = (relative(false), relative(true));
    assert!((before - 1.0).abs() < 3.5 * error, "{before}");
    assert!((after - 1.35).abs() < 3.5 * later_error, "{after}");
}

#[test]
fn half_of_the_staff_is_gone_after_noon_of_a_bad_day() {
    let scenario = Scenario::half_gone(60, 9);
    let watch = Watch::over(&scenario);
    let noon = 12.0 * 60.0;
    let afternoon = |on: u32| -> BTreeSet<u16> {
        let late = |given: &&Given| day(given.began_ms) == on && minute(given.began_ms) > noon;
        watch.given.iter().filter(late).map(|given| given.server).collect()
    };
    assert_eq!(scenario.losses.len(), 15);
    for loss in &scenario.losses {
        assert_eq!(loss.day % 4, 3);
        let there = afternoon(loss.day);
        assert!(loss.staff.iter().all(|gone| !there.contains(gone)), "{there:?}");
        // Sundays are closed.
        assert_eq!(there.len(), if loss.day % 7 == 6 { 0 } else { 3 });
    }
    assert_eq!(afternoon(0).len(), 6);
}

#[test]
fn the_same_seed_tells_the_same_and_another_does_not() {
    let told = |seed| Run::new(&Scenario::everything(10, seed)).collect::<Vec<_>>();
    assert_eq!(told(1), told(1));
    assert_ne!(told(1), told(2));
}

#[test]
fn an_owner_misjudges_the_services_of_a_new_shop_by_up_to_15_percent() {
    let off: Vec<f64> = (0..200)
        .flat_map(|seed| Scenario::first_day(seed).services)
        .map(|service| service.nominal_min / service.mean_min)
        .collect();
    assert!(off.iter().all(|off| (0.85..=1.15).contains(off)));
    assert!((mean(&off).0 - 1.0).abs() < 0.02);
    assert!(off.iter().any(|off| *off < 0.88) && off.iter().any(|off| *off > 1.12));
}
