//! Every way in which the shop says no, and that a no changes nothing.

use sooner_engine::Rejection;
use sooner_engine::config::LINE_MAX;
use sooner_shared::command::{Join, Shown};
use sooner_shared::{Command, Problem, ServiceId, StaffId, Timestamp, VisitId};

use crate::support::{ANNA, BEN, CLEO, COLOUR, CUT, Driver, NAILS, join, nine};

const NOBODY: VisitId = VisitId(99);
const STRANGER: StaffId = StaffId(99);

/// One row for each way of saying no: what to do to a shop with Anna on duty at nine, and the
/// commands it then refuses. The `match` makes a new variant without a row an error of the
/// compiler.
macro_rules! refusals {
    ($($name:ident: $pattern:pat => |$shop:ident| $story:block)*) => {
        const fn _every_rejection_has_a_row(rejection: Rejection) {
            match rejection { $($pattern => {})* }
        }

        $(
            #[test]
            fn $name() {
                let mut salon = Driver::staffed(&[ANNA]);
                let commands: Vec<Command> = {
                    let $shop = &mut salon;
                    $story
                };
                for command in commands {
                    let rejection = salon.refuses(&command);
                    assert!(matches!(rejection, $pattern), "{command:?}: {rejection:?}");
                    assert_eq!(Problem::from(rejection).code, rejection.code());
                }
            }
        )*
    };
}

refusals! {
    who_was_never_here_is_unknown: Rejection::UnknownVisit => |salon| {
        let forgotten = salon.joins(CUT);
        salon.leaves(forgotten);
        // Over for more than four hours when the next event comes.
        salon.at(241).joins(CUT);
        vec![
            Command::Call { visit: NOBODY, staff: ANNA },
            Command::Start { visit: NOBODY, staff: ANNA },
            Command::Finish { visit: NOBODY },
            Command::ReturnToLine { visit: NOBODY },
            Command::MarkNoShow { visit: NOBODY },
            Command::Leave { visit: NOBODY },
            Command::CheckIn { visit: VisitId(0) },
            Command::Leave { visit: forgotten },
        ]
    }

    what_is_not_offered_cannot_be_joined: Rejection::UnknownService => |_salon| {
        vec![
            Command::Join(join(ServiceId(9), None)),
            Command::AddWalkIn(join(ServiceId(0), Some(ANNA))),
        ]
    }

    nobody_serves_who_does_not_work_here: Rejection::UnknownStaff => |salon| {
        let visit = salon.joins(CUT);
        vec![
            Command::Join(join(CUT, Some(STRANGER))),
            Command::CallNext { staff: STRANGER, after: None },
            Command::Call { visit, staff: STRANGER },
            Command::Start { visit, staff: STRANGER },
            Command::GoOnDuty { staff: STRANGER },
            Command::GoOffDuty { staff: STRANGER },
        ]
    }

    who_is_not_on_duty_calls_and_starts_nobody: Rejection::NotOnDuty => |salon| {
        let visit = salon.joins(CUT);
        vec![
            Command::CallNext { staff: BEN, after: None },
            Command::Call { visit, staff: BEN },
            Command::Start { visit, staff: BEN },
            Command::GoOffDuty { staff: BEN },
        ]
    }

    who_is_on_duty_does_not_go_on_duty: Rejection::AlreadyOnDuty => |_salon| {
        vec![Command::GoOnDuty { staff: ANNA }]
    }

    nobody_does_what_they_have_not_learned: Rejection::CannotServe => |salon| {
        salon.on_duty(&[CLEO]);
        let visit = salon.joins(CUT);
        vec![
            Command::Join(join(NAILS, Some(ANNA))),
            Command::AddWalkIn(join(CUT, Some(CLEO))),
            Command::Call { visit, staff: CLEO },
            Command::Start { visit, staff: CLEO },
        ]
    }

    one_chair_serves_one_person: Rejection::AlreadyServing => |salon| {
        let served = salon.joins(CUT);
        salon.start(served, ANNA);
        let visit = salon.joins(CUT);
        vec![
            Command::Start { visit, staff: ANNA },
            Command::Call { visit, staff: ANNA },
        ]
    }

    what_has_begun_cannot_begin_or_be_given_up: Rejection::AlreadyStarted => |salon| {
        let visit = salon.joins(CUT);
        salon.start(visit, ANNA);
        salon.on_duty(&[BEN]);
        vec![
            Command::Start { visit, staff: ANNA },
            Command::Start { visit, staff: BEN },
            Command::Call { visit, staff: BEN },
            Command::ReturnToLine { visit },
            Command::MarkNoShow { visit },
            Command::Leave { visit },
            Command::CheckIn { visit },
        ]
    }

    what_has_not_begun_cannot_end: Rejection::NotStarted => |salon| {
        let called = salon.joins(CUT);
        salon.next(ANNA);
        let waiting = salon.joins(CUT);
        vec![
            Command::Finish { visit: called },
            Command::Finish { visit: waiting },
        ]
    }

    who_was_not_called_is_in_line_and_no_no_show: Rejection::NotCalled => |salon| {
        let visit = salon.joins(CUT);
        vec![
            Command::ReturnToLine { visit },
            Command::MarkNoShow { visit },
        ]
    }

    one_checks_in_once: Rejection::AlreadyCheckedIn => |salon| {
        let by_phone = salon.joins(CUT);
        salon.does(&Command::CheckIn { visit: by_phone });
        let at_the_desk = salon.shop.next_visit;
        salon.does(&Command::AddWalkIn(join(CUT, None)));
        vec![
            Command::CheckIn { visit: by_phone },
            Command::CheckIn { visit: at_the_desk },
        ]
    }

    what_is_over_stays_over: Rejection::VisitOver => |salon| {
        let (done, gone, absent) = (salon.joins(CUT), salon.joins(CUT), salon.joins(CUT));
        salon.start(done, ANNA);
        salon.finish(done);
        salon.leaves(gone);
        salon.call(absent, ANNA);
        salon.at(180).no_show(absent);
        [done, gone, absent]
            .into_iter()
            .flat_map(|visit| {
                [
                    Command::Call { visit, staff: ANNA },
                    Command::Start { visit, staff: ANNA },
                    Command::Finish { visit },
                    Command::ReturnToLine { visit },
                    Command::MarkNoShow { visit },
                    Command::Leave { visit },
                    Command::CheckIn { visit },
                ]
            })
            .collect()
    }

    there_is_no_next_where_nobody_waits: Rejection::NobodyWaiting => |salon| {
        // Whom Anna cannot serve, and who waits for Ben, do not wait for Anna.
        salon.joins(NAILS);
        salon.joins_with(join(CUT, Some(BEN)));
        vec![Command::CallNext { staff: ANNA, after: None }]
    }

    the_second_of_two_taps_is_refused: Rejection::ChairChanged => |salon| {
        let first = salon.joins(CUT);
        salon.joins(CUT);
        salon.next(ANNA);
        salon.start(first, ANNA);
        salon.next(ANNA);
        vec![
            Command::CallNext { staff: ANNA, after: None },
            Command::CallNext { staff: ANNA, after: Some(first) },
            Command::CallNext { staff: ANNA, after: Some(NOBODY) },
        ]
    }

    a_place_is_kept_after_a_call: Rejection::PlaceIsSafe { .. } => |salon| {
        let visit = salon.joins(CUT);
        salon.next(ANNA);
        vec![Command::MarkNoShow { visit }]
    }

    a_time_that_no_longer_holds_is_not_promised: Rejection::QuoteChanged { .. } => |salon| {
        let offer = |by, at| {
            let shown = Some(Shown { by, at });
            Command::Join(Join { shown, ..join(CUT, None) })
        };
        let now = salon.now();
        vec![
            offer(now, now),
            offer(nine(-5), nine(-10)),
            // Not even numbers that no clock shows do harm.
            offer(now, Timestamp(i64::MIN)),
            offer(Timestamp(i64::MIN), Timestamp(i64::MAX)),
        ]
    }

    the_line_has_an_end: Rejection::ShopFull => |salon| {
        salon.off_duty(ANNA);
        for _ in 0..LINE_MAX {
            salon.joins(CUT);
        }
        vec![
            Command::Join(join(CUT, None)),
            Command::AddWalkIn(join(COLOUR, Some(ANNA))),
        ]
    }
}

#[test]
fn a_refusal_says_what_would_help() {
    let mut salon = Driver::staffed(&[ANNA]);
    let visit = salon.joins(CUT);
    salon.next(ANNA);
    let rejection = salon.refuses(&Command::MarkNoShow { visit });
    let until = salon.by(visit) + salon.shop.config.hold_ms;
    assert_eq!(rejection, Rejection::PlaceIsSafe { until });
    assert_eq!(Problem::from(rejection).until, Some(until));

    let by = Some(nine(15));
    assert_eq!(Problem::from(Rejection::QuoteChanged { by }).by, by);
}
