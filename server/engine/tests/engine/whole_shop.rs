//! What a shop handles beyond one chair and one service: groups, several services, steps,
//! call-backs, wishes, delays, taking back, forgotten taps.

use sooner_engine::{Event, Rejection, Step, StepKind};
use sooner_shared::command::{Companion, DelayReason, Join, Scope};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, PromiseKind, Stage, WaitsFor};
use sooner_shared::{Command, VisitId};

use crate::shops::{BOARD, CALL, DIAGNOSIS, IDA, OTTO, SCREEN, repair, step, weekdays};
use crate::support::{ANNA, BEN, CLEO, COLOUR, CUT, Driver, NAILS, join, nine};

fn workshop() -> Driver {
    let mut shop = Driver::open_with(|config| *config = repair());
    shop.on_duty(&[IDA, OTTO]);
    shop
}

// Several services, several people.

#[test]
fn several_services_are_one_sitting_with_who_does_them_all() {
    let mut salon = Driver::staffed(&[ANNA]);
    let both = salon.joins_with(Join { more: vec![COLOUR], ..Join::new(CUT) });
    let next = salon.joins(CUT);
    assert!(salon.by(next) > nine(90), "a cut and a colour come first");
    salon.start(both, ANNA);
    salon.at(80).finish(both);
    assert_eq!(salon.stage(both), Stage::Done);
}

#[test]
fn a_second_service_by_somebody_else_keeps_the_place_in_line() {
    let mut salon = Driver::staffed(&[BEN, CLEO]);
    let both = salon.joins_with(Join { more: vec![NAILS], ..Join::new(CUT) });
    let nails = salon.joins(NAILS);
    salon.start(both, BEN);
    assert_eq!(salon.next(CLEO), Some(nails));
    salon.start(nails, CLEO);
    let another = salon.joins(NAILS);
    salon.at(30).finish(both);
    assert_eq!(salon.stage(both), Stage::Waiting);
    assert_eq!(salon.next(CLEO), Some(both), "before {another}, who joined later");
}

#[test]
fn a_group_together_has_one_time_and_one_after_another_each_their_own() {
    let group = |together| Join {
        companions: vec![Companion { service: CUT, name: None }],
        together,
        ..Join::new(CUT)
    };
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    salon.joins_with(group(true));
    assert_eq!(salon.by(VisitId(1)), salon.by(VisitId(2)));

    let mut salon = Driver::staffed(&[ANNA, BEN]);
    salon.joins_with(group(false));
    assert!(salon.by(VisitId(2)) > salon.by(VisitId(1)) + 20 * MINUTE_MS);
    assert_eq!(salon.next(ANNA), Some(VisitId(1)));
    let ben = Command::CallNext { staff: BEN, after: None };
    assert_eq!(salon.refuses(&ben), Rejection::NobodyWaiting, "one after another");
    salon.start(VisitId(1), ANNA);
    assert_eq!(salon.next(ANNA), Some(VisitId(2)));
}

#[test]
fn an_add_on_lengthens_the_sitting() {
    let mut salon = Driver::staffed(&[ANNA]);
    let tom = salon.joins(CUT);
    salon.start(tom, ANNA);
    let before = salon.told(Join::new(CUT)).expect("joins").expect("a time");
    salon.does(&Command::AddOn { visit: tom, service: COLOUR });
    let after = salon.told(Join::new(CUT)).expect("joins").expect("a time");
    assert!(after > before + 40 * MINUTE_MS);
    salon.at(85).finish(tom);
    assert_eq!(salon.stage(tom), Stage::Done);
}

// Steps over several days.

#[test]
fn a_repair_is_promised_ready_and_goes_from_hand_to_hand() {
    let mut shop = workshop();
    let phone = shop.joins(SCREEN);
    let ready = shop.promise(phone).expect("a time");
    assert_eq!(ready.kind, PromiseKind::Ready);
    assert!(ready.by > nine(60) && ready.by < nine(180));
    assert_eq!(shop.next(IDA), Some(phone), "who brings it is called");
    shop.start(phone, IDA);
    shop.at(5).finish(phone);
    assert_eq!(shop.stage(phone), Stage::Waiting);
    let tap = Command::CallNext { staff: OTTO, after: None };
    assert_eq!(
        shop.does(&tap),
        [Event::Started { visit: phone, staff: OTTO, tapped_at: None }],
        "nobody to call"
    );
    shop.at(50).finish(phone);
    assert_eq!(shop.stage(phone), Stage::Ready);
    assert_eq!(shop.outcome(phone), Some(Outcome::Kept), "when it is ready, not when fetched");
    shop.at(55).finish(phone);
    assert_eq!(shop.stage(phone), Stage::Done);
}

#[test]
fn work_on_the_bench_rests_overnight() {
    let mut shop = workshop();
    shop.at(8 * 60 + 30);
    let phone = shop.joins(SCREEN);
    let by = shop.by(phone);
    assert!(by > nine(24 * 60), "half an hour before closing: tomorrow");
    assert!(by < nine(24 * 60 + 4 * 60));
}

#[test]
fn what_is_waited_for_is_said_and_its_coming_moves_the_forecast() {
    let mut shop = workshop();
    let board = shop.joins(BOARD);
    shop.start(board, IDA);
    shop.at(5).finish(board);
    assert_eq!(shop.shop.visits[&board].waits_for(), Some(WaitsFor::Approval));
    assert_eq!(shop.refuses(&Command::Continue { visit: board }), Rejection::WaitsForOther);
    shop.does(&Command::AskApproval { visit: board, by: nine(180) });
    shop.at(60).does(&Command::Approve { visit: board });
    assert_eq!(shop.shop.visits[&board].waits_for(), Some(WaitsFor::Part));
    let likely = |shop: &Driver| shop.now() + shop.forecast().visits[&board].wait_ms(500);
    let days = |n: i64| nine(n * 24 * 60);
    shop.does(&Command::ExpectPart { visit: board, likely_at: days(1), latest_at: days(2) });
    let soon = likely(&shop);
    shop.does(&Command::ExpectPart { visit: board, likely_at: days(3), latest_at: days(4) });
    assert!(likely(&shop) > soon + 24 * 60 * MINUTE_MS);
    shop.does(&Command::Continue { visit: board });
    assert!(likely(&shop) < soon);
    assert_eq!(shop.next(OTTO), None);
    assert_eq!(shop.stage(board), Stage::Serving);
}

/// Twenty minutes in the chair, half an hour in which nobody works, twenty minutes more.
fn colour_in_steps() -> Vec<Step> {
    let (chair, time) = (StepKind::Chair, StepKind::Time);
    vec![step("Apply", chair, 20, &[]), step("Wait", time, 30, &[]), step("Wash", chair, 20, &[])]
}

#[test]
fn a_treatment_goes_on_by_itself_when_its_time_is_over() {
    let mut salon = Driver::open_with(|config| {
        config.services[1].steps = colour_in_steps();
    });
    salon.on_duty(&[ANNA, CLEO]);
    let (eva, tom) = (salon.joins(COLOUR), salon.joins(CUT));
    salon.start(eva, ANNA);
    salon.at(20);
    assert_eq!(salon.next(ANNA), Some(tom), "Anna is free while it takes effect");
    assert_eq!(salon.stage(eva), Stage::Pending);
    salon.start(tom, ANNA);
    salon.at(50);
    assert_eq!(salon.stage(eva), Stage::Waiting);
    let cleo = Command::CallNext { staff: CLEO, after: None };
    assert_eq!(salon.refuses(&cleo), Rejection::NobodyWaiting, "who began goes on");
    assert_eq!(salon.next(ANNA), Some(eva));
}

#[test]
fn a_call_back_has_an_owner_and_is_kept_when_people_spoke() {
    let mut shop = workshop();
    let kim = shop.joins(CALL);
    let owner = shop.shop.visits[&kim].owner.expect("somebody's task");
    assert_eq!(shop.promise(kim).map(|p| p.kind), Some(PromiseKind::CallBack));
    let other = if owner == IDA { OTTO } else { IDA };
    assert_eq!(
        shop.refuses(&Command::CallNext { staff: other, after: None }),
        Rejection::NobodyWaiting
    );
    shop.off_duty(owner);
    assert_eq!(shop.shop.visits[&kim].owner, Some(other), "handed on at the end of a shift");
    shop.off_duty(other);
    assert_eq!(shop.shop.visits[&kim].owner, None, "nobody is there");
    shop.on_duty(&[IDA]);
    assert_eq!(shop.shop.visits[&kim].owner, Some(IDA));
    assert_eq!(shop.next(IDA), Some(kim));
    shop.at(2).start(kim, IDA);
    assert_eq!(shop.outcome(kim), Some(Outcome::Kept));
    shop.at(9).finish(kim);
    assert_eq!(shop.stage(kim), Stage::Done);
}

#[test]
fn news_are_a_promise_kept_by_telling() {
    let mut shop = workshop();
    let phone = shop.joins(DIAGNOSIS);
    assert_eq!(shop.promise(phone).map(|p| p.kind), Some(PromiseKind::News));
    shop.start(phone, IDA);
    shop.at(5).finish(phone);
    shop.next(OTTO);
    shop.at(25).does(&Command::GiveNews { visit: phone, next_by: Some(nine(300)) });
    let told = &shop.shop.visits[&phone].promises;
    assert_eq!(told[0].shown_outcome(), Some(Outcome::Kept));
    assert_eq!((told[1].kind, told[1].by), (PromiseKind::News, nine(300)));
    let again = Command::PromiseNews { visit: phone, by: nine(200) };
    assert_eq!(shop.refuses(&again), Rejection::NewsPromised);
    shop.at(301);
    assert_eq!(shop.shop.visits[&phone].promises[1].outcome, Some(Outcome::Broken));
}

#[test]
fn done_by_is_told_when_the_chair_starts() {
    let mut salon = Driver::open_with(|config| config.services[0].done_by = true);
    salon.on_duty(&[ANNA]);
    let tom = salon.joins(CUT);
    salon.start(tom, ANNA);
    let done = *salon.shop.visits[&tom].promise_of(PromiseKind::Done).expect("told");
    assert!(done.by > nine(30) && done.by < nine(120));
    salon.at(25).finish(tom);
    salon.let_it_stand();
    let done = salon.shop.visits[&tom].promise_of(PromiseKind::Done).expect("told");
    assert_eq!(done.outcome, Some(Outcome::Kept));
}

// Wishes.

#[test]
fn own_wishes_release_the_time_and_a_new_one_is_told() {
    let wishes: [fn(VisitId) -> Command; 3] = [
        |visit| Command::LetPass { visit },
        |visit| Command::RunLate { visit, ms: 20 * MINUTE_MS },
        |visit| Command::ChangeServices { visit, services: vec![COLOUR] },
    ];
    for wish in wishes {
        let mut salon = Driver::staffed(&[ANNA]);
        let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
        let command = wish(tom);
        salon.does(&command);
        let told = &salon.shop.visits[&tom].promises;
        assert_eq!(told.len(), 2, "{command:?}");
        assert_eq!(told[0].shown_outcome(), Some(Outcome::Released), "{command:?}");
        assert!(told[1].is_live());
        if !matches!(command, Command::ChangeServices { .. }) {
            assert_eq!(salon.next(ANNA), Some(eva), "{command:?}");
            salon.start(eva, ANNA);
            salon.at(30);
        }
        assert_eq!(salon.next(ANNA), Some(tom), "the place is kept: {command:?}");
    }
}

#[test]
fn who_is_on_hold_is_not_called_and_keeps_their_place() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.does(&Command::Hold { visit: tom });
    assert_eq!(salon.next(ANNA), Some(eva));
    salon.start(eva, ANNA);
    let kim = salon.joins(CUT);
    salon.does(&Command::Resume { visit: tom });
    assert_eq!(salon.next(ANNA), Some(tom), "before {kim}");
}

#[test]
fn a_requested_person_who_is_away_leaves_the_others_and_a_time_to_come() {
    let mut salon = Driver::open_with(|config| {
        config.hours = weekdays(&["09:00-18:00"]);
        config.staff[1].shifts = weekdays(&["13:00-18:00"]);
    });
    salon.on_duty(&[ANNA]);
    let quotes = salon.forecast().quotes;
    let of = |staff| *quotes.iter().find(|q| q.service == CUT && q.staff == staff).expect("asked");
    assert_eq!((of(Some(BEN)).by, of(Some(BEN)).from), (None, Some(nine(240))));
    assert!(of(Some(ANNA)).by.is_some() && of(None).by.is_some());
    let for_ben = salon.joins_with(join(CUT, Some(BEN)));
    assert_eq!(salon.promise(for_ben), None, "nothing is promised in Ben's name");
}

// Delays and forgotten taps.

#[test]
fn a_delay_is_in_the_forecast_at_once() {
    for scope in [Scope::Staff(ANNA), Scope::Service(CUT), Scope::Shop] {
        let mut salon = Driver::staffed(&[ANNA, CLEO]);
        let tom = salon.joins(CUT);
        salon.start(tom, ANNA);
        let eva = salon.joins(CUT);
        let likely = |salon: &Driver| salon.forecast().visits[&eva].wait_ms(500);
        let before = likely(&salon);
        let told = salon.by(eva);
        let ms = 15 * MINUTE_MS;
        salon.does(&Command::ReportDelay { scope, ms, reason: DelayReason::Work });
        assert!((likely(&salon) - before - ms).abs() < MINUTE_MS, "{scope:?}");
        assert_eq!(salon.by(eva), told, "no promise moves by itself");
        salon.does(&Command::EndDelay { scope });
        assert_eq!(likely(&salon), before, "{scope:?}");
        assert_eq!(salon.refuses(&Command::EndDelay { scope }), Rejection::NoDelay);
    }
}

#[test]
fn a_forgotten_finish_is_noticed_and_teaches_nothing() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let tom = salon.joins(CUT);
    salon.start(tom, ANNA);
    salon.at(240);
    assert!(salon.shop.visits[&tom].overran, "still with Tom?");
    salon.finish(tom);
    salon.let_it_stand();
    salon.on_duty(&[CLEO]);
    assert_eq!(salon.shop.learned[&CUT][0].count, 0);

    let eva = salon.joins(CUT);
    salon.start(eva, BEN);
    salon.at(480);
    assert!(salon.shop.visits[&eva].overran);
    salon.does(&Command::StillServing { visit: eva });
    assert!(!salon.shop.visits[&eva].overran);
    salon.finish(eva);
    salon.let_it_stand();
    salon.off_duty(CLEO);
    assert_eq!(salon.shop.learned[&CUT][0].count, 1, "it really took that long");
}

// Taking back.

#[test]
fn a_tap_is_taken_back_with_everything_it_did() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.start(tom, ANNA);
    salon.at(20);
    let before = (salon.shop.visits.clone(), salon.shop.chairs.clone());
    assert_eq!(salon.next(ANNA), Some(eva), "finishes Tom and calls Eva");
    salon.clock = nine(20) + 30_000;
    salon.does(&Command::Undo { visit: eva });
    assert_eq!((salon.shop.visits.clone(), salon.shop.chairs.clone()), before);
    salon.at(22).on_duty(&[BEN]);
    assert_eq!(salon.shop.learned[&CUT][0].count, 0, "nothing is learned");
    assert_eq!(salon.refuses(&Command::Undo { visit: eva }), Rejection::NothingToUndo);
}

#[test]
fn what_was_taken_back_within_its_minute_is_void() {
    let mut salon = Driver::staffed(&[ANNA]);
    let tom = salon.joins(CUT);
    salon.does(&Command::Undo { visit: tom });
    assert_eq!(salon.stage(tom), Stage::Left);
    assert_eq!(salon.outcome(tom), Some(Outcome::Void));

    let eva = salon.joins(CUT);
    salon.start(eva, ANNA);
    salon.clock = salon.by(eva) + 1;
    salon.timer();
    assert_eq!(salon.outcome(eva), Some(Outcome::Kept), "the start stands so far");
    let too_late = salon.refuses(&Command::Undo { visit: eva });
    assert_eq!(too_late, Rejection::NothingToUndo, "more than a minute");
}

#[test]
fn a_minute_that_passes_while_a_start_is_taken_back_breaks_the_promise() {
    let mut salon = Driver::staffed(&[ANNA]);
    let tom = salon.joins(CUT);
    salon.clock = salon.by(tom) - 10_000;
    salon.start(tom, ANNA);
    salon.clock = salon.by(tom) + 10_000;
    salon.does(&Command::Undo { visit: tom });
    salon.timer();
    assert_eq!(salon.stage(tom), Stage::Waiting);
    assert_eq!(salon.outcome(tom), Some(Outcome::Broken));
}

#[test]
fn what_came_after_must_be_taken_back_first() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, eva) = (salon.joins(CUT), salon.joins(CUT));
    salon.let_it_stand();
    salon.next(ANNA);
    salon.start(tom, ANNA);
    salon.next(ANNA);
    assert_eq!(salon.stage(eva), Stage::Called);
    for expected in [Stage::Serving, Stage::Called, Stage::Waiting] {
        salon.does(&Command::Undo { visit: tom });
        assert_eq!(salon.stage(tom), expected);
    }
    assert_eq!(salon.refuses(&Command::Undo { visit: tom }), Rejection::NothingToUndo);
}

#[test]
fn the_bench_waits_for_who_was_promised_a_start() {
    let mut shop = Driver::open_with(|config| {
        *config = repair();
        config.hours = sooner_engine::calendar::Hours::default();
        let quick = sooner_engine::Service::new(CUT_AT_REPAIR, "Battery", 15 * MINUTE_MS);
        config.services.push(quick);
        config.staff[1].services.insert(CUT_AT_REPAIR);
    });
    shop.on_duty(&[IDA, OTTO]);
    let phone = shop.joins(SCREEN);
    shop.start(phone, IDA);
    let kim = shop.joins(CUT_AT_REPAIR);
    assert!(shop.by(kim) < nine(30), "told that Otto is free: {:?}", shop.by(kim));
    shop.at(1).finish(phone);
    assert_eq!(shop.next(OTTO), Some(kim), "the phone's hour on the bench can wait");
    shop.start(kim, OTTO);
    shop.at(15).next(OTTO);
    assert_eq!(shop.stage(phone), Stage::Serving);
}

/// Done while one waits, at the repair shop.
const CUT_AT_REPAIR: sooner_shared::ServiceId = sooner_shared::ServiceId(9);

#[test]
fn who_began_stays_to_go_on_though_their_shift_is_over() {
    let mut salon = Driver::open_with(|config| {
        config.hours = weekdays(&["09:00-18:00"]);
        config.staff[0].shifts = weekdays(&["09:00-10:00"]);
        config.services[1].steps = colour_in_steps();
        config.services[1].done_by = true;
    });
    salon.on_duty(&[ANNA, CLEO]);
    let eva = salon.joins(COLOUR);
    salon.start(eva, ANNA);
    let done = salon.shop.visits[&eva].promise_of(PromiseKind::Done).expect("told").by;
    assert!(done > nine(70) && done < nine(180), "today: {done:?}");
}
