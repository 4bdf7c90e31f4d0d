//! Shops for tests.

use std::collections::BTreeMap;

use chrono::Weekday;
use sooner_engine::calendar::{Hours, Week};
use sooner_engine::config::{Step, StepKind};
use sooner_engine::{Service, ShopConfig, Staff};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::PromiseKind;
use sooner_shared::{ServiceId, StaffId};

const ALL: [Weekday; 6] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat];

fn week(span: &str) -> Week {
    Week::on(&ALL, &[span.parse().expect("a span")])
}

fn service(id: u16, name: &str, minutes: i64, promise: PromiseKind, steps: Vec<Step>) -> Service {
    Service {
        id: ServiceId(id),
        name: name.to_owned(),
        nominal_ms: minutes * MINUTE_MS,
        promise,
        steps,
        done_by: false,
        taught: None,
    }
}

fn step(name: &str, kind: StepKind, minutes: i64, by: &[u16]) -> Step {
    Step {
        name: name.to_owned(),
        kind,
        nominal_ms: minutes * MINUTE_MS,
        by: by.iter().copied().map(StaffId).collect(),
    }
}

fn person(id: u16, services: &[u16], lunch: &str) -> Staff {
    Staff {
        id: StaffId(id),
        place: format!("chair {id}"),
        services: services.iter().copied().map(ServiceId).collect(),
        shifts: Hours::default(),
        breaks: week(lunch),
    }
}

fn config(name: &str, services: Vec<Service>, staff: Vec<Staff>) -> ShopConfig {
    ShopConfig {
        hold_ms: 10 * MINUTE_MS,
        paths: 100,
        hours: Hours { weekly: week("09:00-18:00"), exceptions: BTreeMap::new() },
        overrun_ms: 30 * MINUTE_MS,
        services,
        staff,
        ..ShopConfig::new(name, "Europe/Budapest", 1)
    }
}

/// A cut, a colour in three steps, a beard trim, and call-backs.
pub(crate) fn salon() -> ShopConfig {
    let colour = vec![
        step("apply", StepKind::Chair, 30, &[]),
        step("wait", StepKind::Time, 30, &[]),
        step("rinse", StepKind::Chair, 20, &[]),
    ];
    config(
        "Salon",
        vec![
            service(1, "Cut", 30, PromiseKind::Start, vec![]),
            service(2, "Colour", 80, PromiseKind::Start, colour),
            service(3, "Beard", 15, PromiseKind::Start, vec![]),
            service(4, "Call back", 5, PromiseKind::CallBack, vec![]),
        ],
        vec![
            person(1, &[1, 2, 3, 4], "12:00-12:30"),
            person(2, &[1, 3], "12:30-13:00"),
            person(3, &[1, 2, 4], "13:00-13:30"),
        ],
    )
}

/// A repair with everything that can be waited for.
pub(crate) fn repair() -> ShopConfig {
    let long = vec![
        step("check in", StepKind::Chair, 8, &[1]),
        step("diagnose", StepKind::Bench, 25, &[2, 3]),
        step("approval", StepKind::Approval, 180, &[]),
        step("part", StepKind::Part, 24 * 60, &[]),
        step("repair", StepKind::Bench, 40, &[2, 3]),
    ];
    config(
        "Repair",
        vec![
            service(1, "Repair", 75, PromiseKind::Ready, long),
            service(2, "Screen", 45, PromiseKind::Ready, vec![]),
            service(3, "Advice", 10, PromiseKind::Start, vec![]),
        ],
        vec![
            person(1, &[1, 3], "12:00-12:30"),
            person(2, &[1, 2], "12:30-13:00"),
            person(3, &[1, 2], "13:00-13:30"),
        ],
    )
}
