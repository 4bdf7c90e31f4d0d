//! Every way in which the shop says no, and that a no changes nothing.

use chrono::Weekday;
use sooner_engine::Rejection;
use sooner_engine::calendar::Week;
use sooner_engine::config::{LINE_MAX, Remote};
use sooner_shared::command::{Booking, Companion, DelayReason, Join, Scope, Shown, TOGETHER_MAX};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Command, Problem, ServiceId, StaffId, Timestamp, VisitId};

use crate::support::{
    ANNA, BEN, CALL, CLEO, COLOUR, CUT, Driver, NAILS, REPAIR, join, nine, whole_shop,
};

const NOBODY: VisitId = VisitId(99);
const STRANGER: StaffId = StaffId(99);

/// One row for each way of saying no: its code, which never changes; what to do to a shop with Anna
/// on duty at nine; and the commands it then refuses. The `match` makes a new variant without a row
/// an error of the compiler.
macro_rules! refusals {
    ($($name:ident: $pattern:pat, $code:literal => |$shop:ident| $story:block)*) => {
        const fn _every_rejection_has_a_row(rejection: Rejection) {
            match rejection { $($pattern => {})* }
        }

        $(
            #[test]
            fn $name() {
                let mut salon = Driver::open_with(whole_shop);
                salon.on_duty(&[ANNA]);
                let commands: Vec<Command> = {
                    let $shop = &mut salon;
                    $story
                };
                for command in commands {
                    let rejection = salon.refuses(&command);
                    assert!(matches!(rejection, $pattern), "{command:?}: {rejection:?}");
                    assert_eq!(rejection.code().as_str(), $code);
                    assert_eq!(Problem::from(rejection).code, rejection.code());
                }
            }
        )*
    };
}

refusals! {
    who_was_never_here_is_unknown: Rejection::UnknownVisit, "unknown_visit" => |salon| {
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

    what_is_not_offered_cannot_be_joined: Rejection::UnknownService, "unknown_service" => |_salon| {
        vec![
            Command::Join(join(ServiceId(9), None)),
            Command::AddWalkIn(join(ServiceId(0), Some(ANNA))),
        ]
    }

    nobody_serves_who_does_not_work_here: Rejection::UnknownStaff, "unknown_staff" => |salon| {
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

    who_is_not_on_duty_calls_and_starts_nobody: Rejection::NotOnDuty, "not_on_duty" => |salon| {
        let visit = salon.joins(CUT);
        vec![
            Command::CallNext { staff: BEN, after: None },
            Command::Call { visit, staff: BEN },
            Command::Start { visit, staff: BEN },
            Command::GoOffDuty { staff: BEN },
        ]
    }

    who_is_on_duty_does_not_go_on_duty: Rejection::AlreadyOnDuty, "already_on_duty" => |_salon| {
        vec![Command::GoOnDuty { staff: ANNA }]
    }

    nobody_does_what_they_have_not_learned: Rejection::CannotServe, "cannot_serve" => |salon| {
        salon.on_duty(&[CLEO]);
        let visit = salon.joins(CUT);
        vec![
            Command::Join(join(NAILS, Some(ANNA))),
            Command::AddWalkIn(join(CUT, Some(CLEO))),
            Command::Call { visit, staff: CLEO },
            Command::Start { visit, staff: CLEO },
        ]
    }

    one_chair_serves_one_person: Rejection::AlreadyServing, "already_serving" => |salon| {
        let served = salon.joins(CUT);
        salon.start(served, ANNA);
        let visit = salon.joins(CUT);
        vec![
            Command::Start { visit, staff: ANNA },
            Command::Call { visit, staff: ANNA },
        ]
    }

    what_has_begun_cannot_begin_or_be_given_up: Rejection::AlreadyStarted, "already_started" => |salon| {
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

    what_has_not_begun_cannot_end: Rejection::NotStarted, "not_started" => |salon| {
        let called = salon.joins(CUT);
        salon.next(ANNA);
        let waiting = salon.joins(CUT);
        vec![
            Command::Finish { visit: called },
            Command::Finish { visit: waiting },
        ]
    }

    who_was_not_called_is_in_line_and_no_no_show: Rejection::NotCalled, "not_called" => |salon| {
        let visit = salon.joins(CUT);
        vec![
            Command::ReturnToLine { visit },
            Command::MarkNoShow { visit },
        ]
    }

    one_checks_in_once: Rejection::AlreadyCheckedIn, "already_checked_in" => |salon| {
        let by_phone = salon.joins(CUT);
        salon.does(&Command::CheckIn { visit: by_phone });
        let at_the_desk = salon.shop.next_visit;
        salon.does(&Command::AddWalkIn(join(CUT, None)));
        vec![
            Command::CheckIn { visit: by_phone },
            Command::CheckIn { visit: at_the_desk },
        ]
    }

    what_is_over_stays_over: Rejection::VisitOver, "visit_over" => |salon| {
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

    there_is_no_next_where_nobody_waits: Rejection::NobodyWaiting, "nobody_waiting" => |salon| {
        // Whom Anna cannot serve, and who waits for Ben, do not wait for Anna.
        salon.joins(NAILS);
        salon.joins_with(join(CUT, Some(BEN)));
        vec![Command::CallNext { staff: ANNA, after: None }]
    }

    the_second_of_two_taps_is_refused: Rejection::ChairChanged, "chair_changed" => |salon| {
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

    a_place_is_kept_after_a_call: Rejection::PlaceIsSafe { .. }, "place_is_safe" => |salon| {
        let visit = salon.joins(CUT);
        salon.next(ANNA);
        vec![Command::MarkNoShow { visit }]
    }

    what_costs_others_more_than_was_seen_is_not_done: Rejection::PriceChanged, "price_changed" => |salon| {
        salon.on_duty(&[BEN]);
        let waiting = [(); 2].map(|()| salon.joins_with(join(CUT, Some(BEN))));
        let leaves = Box::new(Command::GoOffDuty { staff: BEN });
        let accept = |moves| Command::AcceptPrice { command: leaves.clone(), staff: ANNA, moves };
        vec![accept(Vec::new()), accept(vec![waiting[0]]), accept(vec![NOBODY, waiting[1]])]
    }

    a_time_that_no_longer_holds_is_not_promised: Rejection::QuoteChanged { .. }, "quote_changed" => |salon| {
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

    the_line_has_an_end: Rejection::ShopFull, "shop_full" => |salon| {
        salon.off_duty(ANNA);
        for _ in 0..LINE_MAX {
            salon.joins(CUT);
        }
        vec![
            Command::Join(join(CUT, None)),
            Command::AddWalkIn(join(COLOUR, Some(ANNA))),
        ]
    }

    the_doors_are_shut: Rejection::Closed { .. }, "closed" => |salon| {
        *salon = with_hours();
        salon.at(11 * 60);
        vec![
            Command::Join(join(CUT, None)),
            Command::Join(join(CALL, None)),
        ]
    }

    from_elsewhere_one_joins_when_the_doors_open: Rejection::NotOpenYet { .. }, "not_open_yet" =>
    |salon| {
        *salon = with_hours();
        salon.at(23 * 60);
        vec![remote(CUT)]
    }

    before_closing_the_day_is_full: Rejection::FullToday { .. }, "full_today" => |salon| {
        *salon = with_hours();
        salon.on_duty(&[ANNA]);
        salon.at(9 * 60 - 20);
        vec![Command::Join(join(CUT, None)), remote(COLOUR)]
    }

    who_is_not_there_does_not_join: Rejection::RemoteOff, "remote_off" => |salon| {
        *salon = Driver::open_with(|config| config.remote = Remote::Never);
        vec![remote(CUT)]
    }

    nobody_is_nine_people_or_wants_nine_things: Rejection::TooMany, "too_many" => |salon| {
        let visit = salon.joins(CUT);
        let served = salon.joins_with(Join { more: vec![CUT; TOGETHER_MAX - 1], ..join(CUT, None) });
        salon.start(served, ANNA);
        let companion = Companion { service: CUT, name: None };
        vec![
            Command::Join(Join { more: vec![CUT; TOGETHER_MAX], ..join(CUT, None) }),
            Command::AddWalkIn(Join { companions: vec![companion; TOGETHER_MAX], ..join(CUT, None) }),
            Command::Book(Booking { more: vec![CUT; TOGETHER_MAX], ..booking(60) }),
            Command::ChangeServices { visit, services: vec![CUT; TOGETHER_MAX + 1] },
            Command::ChangeServices { visit, services: Vec::new() },
            Command::AddOn { visit: served, service: CUT },
        ]
    }

    nobody_is_in_two_places_at_once: Rejection::NotFree, "not_free" => |salon| {
        salon.does(&Command::Book(booking(60)));
        vec![
            Command::Book(booking(60)),
            Command::Book(booking(75)),
            // Ben, who could, is not on duty and has no shift.
            Command::Book(Booking { requested: Some(BEN), ..booking(180) }),
        ]
    }

    only_an_appointment_is_confirmed: Rejection::NoAppointment, "no_appointment" => |salon| {
        let visit = salon.joins(CUT);
        vec![Command::Confirm { visit }]
    }

    nobody_goes_first_twice: Rejection::AlreadyFirst, "already_first" => |salon| {
        let visit = salon.joins(CUT);
        salon.does(&Command::LetGoFirst { visit });
        let booked = salon.shop.next_visit;
        salon.does(&Command::Book(booking(120)));
        vec![Command::LetGoFirst { visit }, Command::LetGoFirst { visit: booked }]
    }

    who_was_not_set_aside_is_not_taken_up: Rejection::NotOnHold, "not_on_hold" => |salon| {
        let visit = salon.joins(CUT);
        vec![Command::Resume { visit }]
    }

    who_waits_for_a_person_waits_for_nothing_else: Rejection::NotPending, "not_pending" => |salon| {
        let visit = salon.joins(REPAIR);
        let (likely_at, latest_at) = (nine(60), nine(120));
        vec![
            Command::Continue { visit },
            Command::Approve { visit },
            Command::ExpectPart { visit, likely_at, latest_at },
            Command::AskApproval { visit, by: nine(60) },
        ]
    }

    a_yes_is_no_part_and_a_part_no_yes: Rejection::WaitsForOther, "waits_for_other" => |salon| {
        let (visit, colour) = (unapproved(salon), salon.joins(COLOUR));
        let part = unapproved(salon);
        salon.does(&Command::Approve { visit: part });
        salon.start(colour, ANNA);
        salon.finish(colour);
        let (likely_at, latest_at) = (nine(60), nine(120));
        vec![
            Command::Continue { visit },
            Command::ExpectPart { visit, likely_at, latest_at },
            Command::Approve { visit: part },
            Command::AskApproval { visit: part, by: nine(60) },
            Command::Approve { visit: colour },
            Command::ExpectPart { visit: colour, likely_at, latest_at },
        ]
    }

    who_is_not_in_line_is_not_called_from_it: Rejection::NotWaiting, "not_waiting" => |salon| {
        let visit = salon.joins(CUT);
        salon.does(&Command::Hold { visit });
        let called = salon.joins(CUT);
        salon.call(called, ANNA);
        let booked = salon.shop.next_visit;
        salon.does(&Command::Book(booking(180)));
        vec![
            Command::Call { visit, staff: ANNA },
            Command::Start { visit, staff: ANNA },
            Command::LetPass { visit },
            Command::RunLate { visit, ms: MINUTE_MS },
            Command::Hold { visit },
            Command::LetGoFirst { visit },
            Command::LetGoFirst { visit: called },
            Command::LetPass { visit: booked },
            Command::Hold { visit: booked },
        ]
    }

    there_is_a_time_for_everything: Rejection::NotNow, "not_now" => |salon| {
        let (called, served) = (salon.joins(CUT), salon.joins(CUT));
        salon.on_duty(&[BEN]);
        salon.start(served, BEN);
        salon.call(called, ANNA);
        vec![
            Command::ChangeServices { visit: called, services: vec![COLOUR] },
            // A repair is not done while one sits there.
            Command::AddOn { visit: served, service: REPAIR },
            Command::GiveNews { visit: called, next_by: None },
            Command::Book(Booking { service: REPAIR, ..booking(60) }),
        ]
    }

    nobody_takes_what_was_not_offered: Rejection::NotHandedOver, "not_handed_over" => |salon| {
        let visit = salon.joins(CUT);
        vec![Command::AcceptHandOver { visit }, Command::DeclineHandOver { visit }]
    }

    nobody_is_handed_to_who_has_them: Rejection::AlreadyTheirs, "already_theirs" => |salon| {
        let (served, asked_for) = (salon.joins(CUT), salon.joins_with(join(CUT, Some(BEN))));
        salon.start(served, ANNA);
        vec![
            Command::HandOver { visit: served, to: ANNA },
            Command::HandOver { visit: asked_for, to: BEN },
        ]
    }

    nothing_is_answered_that_nobody_asked: Rejection::NothingAsked, "nothing_asked" => |salon| {
        let visit = salon.joins(CUT);
        vec![Command::Answer { visit, text: "Yes.".to_owned() }]
    }

    what_stands_is_not_taken_back: Rejection::NothingToUndo, "nothing_to_undo" => |salon| {
        let long_ago = salon.joins(CUT);
        salon.let_it_stand();
        let (served, called) = (salon.joins(CUT), salon.joins(CUT));
        salon.start(served, ANNA);
        salon.finish(served);
        salon.call(called, ANNA);
        vec![
            Command::Undo { visit: long_ago },
            // There is somebody else on the way to that chair.
            Command::Undo { visit: served },
        ]
    }

    who_takes_no_break_does_not_end_one: Rejection::NotOnBreak, "not_on_break" => |_salon| {
        vec![Command::EndBreak { staff: ANNA }, Command::EndBreak { staff: BEN }]
    }

    one_break_at_a_time: Rejection::OnBreak, "on_break" => |salon| {
        salon.does(&Command::TakeBreak { staff: ANNA, ms: 10 * MINUTE_MS });
        vec![Command::TakeBreak { staff: ANNA, ms: 10 * MINUTE_MS }]
    }

    a_delay_nobody_knows_does_not_end: Rejection::NoDelay, "no_delay" => |salon| {
        let delay = |scope, ms| Command::ReportDelay { scope, ms, reason: DelayReason::Work };
        salon.does(&delay(Scope::Staff(ANNA), 5 * MINUTE_MS));
        salon.does(&delay(Scope::Shop, 5 * MINUTE_MS));
        // What held up everybody is over by itself.
        salon.at(6);
        vec![
            Command::EndDelay { scope: Scope::Shop },
            Command::EndDelay { scope: Scope::Staff(BEN) },
            Command::EndDelay { scope: Scope::Service(CUT) },
        ]
    }

    nobody_joins_a_closed_line: Rejection::LineClosed, "line_closed" => |salon| {
        salon.does(&Command::CloseLine);
        vec![Command::Join(join(CUT, None)), remote(CUT), Command::CloseLine]
    }

    an_open_line_is_not_opened: Rejection::LineOpen, "line_open" => |_salon| {
        vec![Command::OpenLine]
    }

    the_next_news_have_one_time: Rejection::NewsPromised, "news_promised" => |salon| {
        let visit = salon.joins(CUT);
        salon.does(&Command::PromiseNews { visit, by: nine(60) });
        vec![Command::PromiseNews { visit, by: nine(90) }]
    }

    a_time_must_make_sense: Rejection::BadTime, "bad_time" => |salon| {
        let visit = salon.joins(CUT);
        let (approval, part) = (unapproved(salon), unapproved(salon));
        salon.does(&Command::Approve { visit: part });
        salon.off_duty(CLEO);
        let (never, now) = (Timestamp(i64::MAX), salon.now());
        let delay =
            |ms| Command::ReportDelay { scope: Scope::Shop, ms, reason: DelayReason::Other };
        let late = |ms| Command::RunLate { visit, ms };
        let part = |likely_at, latest_at| Command::ExpectPart { visit: part, likely_at, latest_at };
        vec![
            Command::Book(Booking { at: now + -1, ..booking(0) }),
            Command::Book(Booking { at: never, ..booking(0) }),
            late(0),
            late(i64::MAX),
            late(i64::MIN),
            delay(0),
            delay(i64::MAX),
            delay(i64::MIN),
            part(now + -1, now),
            part(nine(60), nine(59)),
            part(now, never),
            Command::AskApproval { visit: approval, by: now },
            Command::AskApproval { visit: approval, by: never },
            Command::PromiseNews { visit, by: now },
            Command::PromiseNews { visit, by: never },
            Command::TakeBreak { staff: ANNA, ms: 0 },
            Command::TakeBreak { staff: ANNA, ms: i64::MAX },
            Command::ExpectStaff { staff: CLEO, at: now },
            Command::ExpectStaff { staff: CLEO, at: never },
            Command::LeaveEarly { staff: ANNA, at: now },
            Command::LeaveEarly { staff: ANNA, at: never },
        ]
    }
}

/// An appointment for a cut so many minutes after nine.
fn booking(minutes: i64) -> Booking {
    Booking {
        service: CUT,
        more: Vec::new(),
        requested: None,
        at: nine(minutes),
        name: None,
        contact: None,
    }
}

/// Somebody joins from elsewhere.
fn remote(service: ServiceId) -> Command {
    Command::Join(Join { remote: true, ..join(service, None) })
}

/// The whole shop, from nine to six.
fn with_hours() -> Driver {
    Driver::open_with(|config| {
        whole_shop(config);
        config.hours.weekly = Week::on(&[Weekday::Mon], &["09:00-18:00".parse().expect("a span")]);
    })
}

/// A repair that waits for a yes.
fn unapproved(salon: &mut Driver) -> VisitId {
    for staff in [BEN, CLEO] {
        if !salon.shop.chairs[&staff].on_duty {
            salon.on_duty(&[staff]);
        }
    }
    let visit = salon.joins(REPAIR);
    for staff in [BEN, CLEO] {
        salon.start(visit, staff);
        salon.finish(visit);
    }
    visit
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
