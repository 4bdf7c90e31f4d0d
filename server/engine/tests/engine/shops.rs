//! Shops with more to them than the salon: hours and shifts, a repair shop with steps, call-backs.

use sooner_engine::calendar::{Hours, Week};
use sooner_engine::config::Step;
use sooner_engine::config::StepKind::{self, Approval, Bench, Chair, Part};
use sooner_engine::{Service, ShopConfig, Staff};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::PromiseKind;
use sooner_shared::{ServiceId, StaffId};

use chrono::Weekday::{Fri, Mon, Sat, Thu, Tue, Wed};

/// Takes things in and calls people back.
pub(crate) const IDA: StaffId = StaffId(1);
/// Repairs.
pub(crate) const OTTO: StaffId = StaffId(2);

/// Check in with Ida, repair on the bench; ready by.
pub(crate) const SCREEN: ServiceId = ServiceId(1);
/// Check in, an approval, a part, the repair; ready by.
pub(crate) const BOARD: ServiceId = ServiceId(2);
/// We call you by.
pub(crate) const CALL: ServiceId = ServiceId(3);
/// Next news by.
pub(crate) const DIAGNOSIS: ServiceId = ServiceId(4);

/// Spans of a day.
fn spans(texts: &[&str]) -> Vec<sooner_engine::calendar::Span> {
    texts.iter().map(|text| text.parse().expect("a span")).collect()
}

/// The same spans from Monday to Saturday.
pub(crate) fn weekdays(texts: &[&str]) -> Hours {
    let weekly = Week::on(&[Mon, Tue, Wed, Thu, Fri, Sat], &spans(texts));
    Hours { weekly, ..Hours::default() }
}

/// The same breaks from Monday to Saturday.
pub(crate) fn breaks(texts: &[&str]) -> Week {
    weekdays(texts).weekly
}

/// A step of a service.
pub(crate) fn step(name: &str, kind: StepKind, minutes: i64, by: &[StaffId]) -> Step {
    Step { name: name.into(), kind, nominal_ms: minutes * MINUTE_MS, by: by.to_vec() }
}

/// Open from nine to six, with Ida at the counter and Otto at the bench.
pub(crate) fn repair() -> ShopConfig {
    let service = |id, name: &str, promise, steps: Vec<Step>| Service {
        promise,
        nominal_ms: steps.iter().map(|s| s.nominal_ms).sum::<i64>().min(24 * 60 * MINUTE_MS),
        steps,
        ..Service::new(id, name, MINUTE_MS)
    };
    ShopConfig {
        paths: 64,
        hours: weekdays(&["09:00-18:00"]),
        services: vec![
            service(
                SCREEN,
                "Screen",
                PromiseKind::Ready,
                vec![step("Check in", Chair, 5, &[IDA]), step("Repair", Bench, 60, &[OTTO])],
            ),
            service(
                BOARD,
                "Board",
                PromiseKind::Ready,
                vec![
                    step("Check in", Chair, 5, &[IDA]),
                    step("Say yes", Approval, 120, &[]),
                    step("Part", Part, 2 * 24 * 60, &[]),
                    step("Repair", Bench, 90, &[OTTO]),
                ],
            ),
            service(CALL, "Call", PromiseKind::CallBack, vec![step("Call", Bench, 10, &[])]),
            service(
                DIAGNOSIS,
                "Diagnosis",
                PromiseKind::News,
                vec![step("Check in", Chair, 5, &[IDA]), step("Look", Bench, 30, &[OTTO])],
            ),
        ],
        staff: vec![
            Staff::new(IDA, "counter", &[SCREEN, BOARD, CALL, DIAGNOSIS]),
            Staff::new(OTTO, "bench", &[SCREEN, BOARD, CALL, DIAGNOSIS]),
        ],
        ..ShopConfig::new("Fix & Go", "Europe/Budapest", 7)
    }
}
