//! Any shop that the engine takes comes back from its file as it went in.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use sooner_engine::calendar::{Hours, Span, Week};
use sooner_engine::config::{NamesOnWall, Remote, Step, StepKind};
use sooner_engine::{Service, ShopConfig, Staff};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::PromiseKind;
use sooner_shared::words::Language;
use sooner_shared::{ServiceId, StaffId};

use super::SetUp;
use crate::text;

const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// What people write, with what a file could stumble over.
fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9äőЖ'\"\\\\#=\\[\\]{},. ]{1,20}"
        .prop_filter_map("nothing but spaces", |text| text::tidy(&text, 40).ok())
}

fn span() -> impl Strategy<Value = Span> {
    (0..24 * 60_u16, 1..=360_u16).prop_map(|(from, long)| Span { from, to: from + long })
}

fn week() -> impl Strategy<Value = Week> {
    vec(vec(span(), 0..3), 7).prop_map(|mut days| {
        let mut day = || days.pop().unwrap_or_default();
        Week { mon: day(), tue: day(), wed: day(), thu: day(), fri: day(), sat: day(), sun: day() }
    })
}

fn hours() -> impl Strategy<Value = Hours> {
    let date = (0..4_000_u64)
        .prop_map(|days| NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date") + Days::new(days));
    let hours = (week(), btree_map(date, vec(span(), 0..3), 0..4))
        .prop_map(|(weekly, exceptions)| Hours { weekly, exceptions });
    prop_oneof![Just(Hours::default()), hours]
}

/// None, the same every day, or whatever.
fn quiet_hours() -> impl Strategy<Value = Week> {
    let minute = || 0..=24 * 60_u16;
    let night = (minute(), minute()).prop_filter_map("they end as they begin", |(from, to)| {
        super::hours::daily(from, to).filter(|week| !week.is_empty())
    });
    prop_oneof![Just(Week::default()), night, week()]
}

/// Mostly full minutes, as people write them, and sometimes any number.
fn takes() -> impl Strategy<Value = i64> {
    prop_oneof![3 => (1..=24 * 60_i64).prop_map(|m| m * MINUTE_MS), 1 => 1_000..=DAY_MS]
}

fn step(kinds: &'static [StepKind]) -> impl Strategy<Value = Step> {
    (name(), proptest::sample::select(kinds), takes()).prop_map(|(name, kind, nominal_ms)| Step {
        name,
        kind,
        nominal_ms,
        by: Vec::new(),
    })
}

/// Steps that fit the promise; none for a call-back, which is done in one.
fn promised() -> impl Strategy<Value = (PromiseKind, Vec<Step>)> {
    use StepKind::{Approval, Bench, Chair, Part, Time};
    let first = || vec(step(&[Chair]), 0..=1);
    let with = |promise, rest| {
        (first(), vec(step(rest), 0..4)).prop_map(move |(mut steps, rest)| {
            if !steps.is_empty() {
                steps.extend(rest);
            }
            (promise, steps)
        })
    };
    prop_oneof![
        with(PromiseKind::Start, &[Chair, Bench, Time]),
        with(PromiseKind::Ready, &[Chair, Bench, Time, Approval, Part]),
        with(PromiseKind::News, &[Chair, Bench, Time, Approval, Part]),
        Just((PromiseKind::CallBack, Vec::new())),
    ]
}

fn services() -> impl Strategy<Value = Vec<Service>> {
    let service = (name(), promised(), takes(), any::<bool>()).prop_map(
        |(name, (promise, steps), nominal_ms, done_by)| Service {
            id: ServiceId(0),
            name,
            nominal_ms,
            promise,
            steps,
            done_by,
            taught: None,
        },
    );
    btree_map(1..=u16::MAX, service, 1..5).prop_map(|services| {
        let numbered = |(id, service)| Service { id: ServiceId(id), ..service };
        services.into_iter().map(numbered).collect()
    })
}

fn people() -> impl Strategy<Value = BTreeMap<u16, (String, Staff, Vec<bool>)>> {
    let person = (name(), name(), hours(), week(), vec(any::<bool>(), 5)).prop_map(|person| {
        let (name, place, shifts, breaks, does) = person;
        let services = BTreeSet::new();
        (name, Staff { id: StaffId(0), place, services, shifts, breaks }, does)
    });
    btree_map(1..=u16::MAX, person, 1..4)
}

prop_compose! {
    fn shop()(
        name in name(),
        zone in proptest::sample::select(&["UTC", "Europe/Budapest", "America/New_York"][..]),
        seed in any::<u64>(),
        (keep_permille, paths) in (500..=999_u16, 32..=10_000_u16),
        (step_ms, turnaround_ms) in (1..=60 * MINUTE_MS, 0..=60 * MINUTE_MS),
        (hold_ms, overrun_ms, unseen_ms) in (0..=DAY_MS, 0..=DAY_MS / 2, 0..=DAY_MS / 2),
        remote in proptest::sample::select(&[Remote::WithDoors, Remote::Always, Remote::Never][..]),
        hours in hours(),
        mut services in services(),
        people in people(),
        make_goods in proptest::collection::vec(name(), 0..=3),
        names_on_wall in proptest::sample::select(&[NamesOnWall::Initial, NamesOnWall::Code][..]),
        erase_after_ms in DAY_MS..=365 * DAY_MS,
        quiet_hours in quiet_hours(),
        informal in any::<bool>(),
        accent in proptest::sample::select(&sooner_shared::look::Accent::ALL[..]),
        languages in Just(Language::ALL.to_vec()).prop_shuffle(),
        spoken in 0..=Language::ALL.len(),
    ) -> (ShopConfig, Vec<(StaffId, String)>) {
        let mut names = Vec::new();
        let mut staff = Vec::new();
        for (id, (name, mut person, does)) in people {
            person.id = StaffId(id);
            names.push((person.id, name));
            for (service, _) in services.iter_mut().zip(does).filter(|(_, does)| *does) {
                person.services.insert(service.id);
                // Whoever has an odd number does every other step of it.
                let steps = service.steps.iter_mut().skip(1).step_by(2);
                steps.filter(|_| id % 2 == 1).for_each(|step| step.by.push(person.id));
            }
            staff.push(person);
        }
        let config = ShopConfig {
            name, zone: zone.to_owned(), seed, step_ms, keep_permille, hold_ms, turnaround_ms,
            paths, hours, remote, overrun_ms, unseen_ms, make_goods, names_on_wall, erase_after_ms,
            quiet_hours, informal, languages: languages[..spoken].to_vec(),
            accent,
            fresh: false, services, staff,
        };
        (config, names)
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back_to_the_last_millisecond((config, names) in shop()) {
        prop_assert_eq!(config.check(), Ok(()));
        let id = "shop".parse().expect("a shop name");
        let name_of = |staff| {
            names.iter().find(|(id, _)| *id == staff).map(|(_, name)| name.as_str())
        };
        let text = SetUp::of(id, config.clone(), name_of).to_toml();
        let read = SetUp::read(text.as_bytes()).map_err(|faults| {
            TestCaseError::fail(format!("{faults}\n{text}"))
        })?;
        prop_assert_eq!(read.changing(&config), config);
        prop_assert_eq!(read.staff_names(), names);
        prop_assert_eq!(read.to_toml(), text);
    }
}
