//! Promises in danger: what a change costs, what would keep them, the truth in time, and amends.

use sooner_engine::price::preview;
use sooner_engine::remedy::{at_risk, remedies};
use sooner_engine::tasks::{saved, tasks};
use sooner_engine::{Event, Rejection, view};
use sooner_shared::command::{Choice, DelayReason, Join, Scope};
use sooner_shared::price::{Asks, Price, Saved, TaskKind};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, Stage, VisitView};
use sooner_shared::{Command, StaffId, Timestamp, VisitId};

use crate::shops::{CALL, IDA, weekdays};
use crate::support::{ANNA, BEN, CLEO, CUT, Driver, Names, join};

/// Li is in Ben's chair, and these wait for Ben.
fn wait_for_ben(waiting: usize) -> (Driver, VisitId, Vec<VisitId>) {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let li = salon.joins_with(join(CUT, Some(BEN)));
    salon.start(li, BEN);
    let olga = salon.joins_with(join(CUT, Some(ANNA)));
    salon.start(olga, ANNA);
    let all = (0..waiting).map(|_| salon.joins_with(join(CUT, Some(BEN)))).collect();
    (salon, li, all)
}

fn ben_needs(salon: &mut Driver, minutes: i64) {
    let (scope, reason) = (Scope::Staff(BEN), DelayReason::Work);
    salon.does(&Command::ReportDelay { scope, ms: minutes * MINUTE_MS, reason });
}

fn tasks_of(salon: &Driver, visit: VisitId) -> Vec<TaskKind> {
    let all = tasks(&salon.shop, salon.now()).into_iter();
    all.filter(|&(v, _)| v == visit).map(|(_, task)| task).collect()
}

fn phone(salon: &Driver, visit: VisitId) -> VisitView {
    view::visit(&salon.shop, "salon", &salon.forecast(), &Names, visit, salon.now())
        .expect("has a page")
}

fn on_the_wall(salon: &Driver, visit: VisitId) -> Option<Timestamp> {
    view::lobby(&salon.shop, &salon.forecast(), &Names, salon.now()).cards[&visit].by
}

/// A minute at a time, with what follows from it, until it is so.
fn until(salon: &mut Driver, what: &str, is_so: impl Fn(&Driver) -> bool) {
    for _ in 0..240 {
        if is_so(salon) {
            return;
        }
        salon.clock = salon.clock + MINUTE_MS;
        salon.timer();
        salon.promise_late();
        salon.move_times();
    }
    panic!("{what}");
}

// The price of a change.

#[test]
fn rule_6_a_change_says_whose_promise_it_moves_and_changes_nothing() {
    let (salon, _, waiting) = wait_for_ben(2);
    let before = salon.shop.clone();
    let price = preview(&salon.shop, &Command::GoOffDuty { staff: BEN }, salon.now());
    let moves = price.expect("may be asked").moves;
    assert_eq!(moves.iter().map(|m| m.visit).collect::<Vec<_>>(), waiting);
    assert!(moves.iter().all(|m| m.then.is_none()), "nobody else does it for them");
    assert_eq!(salon.shop, before);
    let walk_in = Command::AddWalkIn(join(CUT, Some(ANNA)));
    let price = preview(&salon.shop, &walk_in, salon.now()).expect("may be asked");
    assert!(price.moves.is_empty() && price.by.is_some(), "who comes last moves nobody");
}

#[test]
fn rule_6_what_costs_too_much_says_the_earliest_place_that_costs_nothing() {
    let mut salon = Driver::staffed(&[BEN]);
    let first = salon.joins(CUT);
    let others: Vec<_> = (0..4).map(|_| salon.joins(CUT)).collect();
    let last = others[3];
    salon.next(BEN);
    salon.start(first, BEN);
    let command = Command::MoveBefore { visit: last, before: Some(others[0]) };
    // Time goes by, until the one in front has none to spare.
    let price = (20..90).find_map(|minutes| {
        salon.at(minutes);
        let price = preview(&salon.shop, &command, salon.now()).expect("may be asked");
        (!price.moves.is_empty()).then_some(price)
    });
    let price = price.expect("in the end it costs somebody their time");
    assert_eq!(price.moves[0].visit, others[0]);
    let place = price.free_before.expect("there is a place that costs nothing");
    assert!(others[1..].contains(&place), "further back than {}", others[0]);
    let free = Command::MoveBefore { visit: last, before: Some(place) };
    let price = preview(&salon.shop, &free, salon.now()).expect("may be asked");
    assert_eq!(price, Price::default(), "before {place}");
}

#[test]
fn rule_6_who_accepts_a_price_is_in_the_log_with_whose_times() {
    let (mut salon, _, waiting) = wait_for_ben(2);
    let command = Box::new(Command::GoOffDuty { staff: BEN });
    let accept = Command::AcceptPrice { command, staff: ANNA, moves: waiting.clone() };
    let events = salon.does(&accept);
    assert!(events.contains(&Event::WentOffDuty { staff: BEN }));
    let paid = Event::PriceAccepted { visit: None, staff: ANNA, moves: waiting };
    assert_eq!(events.last(), Some(&paid));
    let inner = Box::new(Command::CloseLine);
    let nested = Command::AcceptPrice { command: inner, staff: ANNA, moves: vec![] };
    let outer = Command::TakeRemedy { command: Box::new(nested), saves: vec![VisitId(3)] };
    assert_eq!(salon.refuses(&outer), Rejection::NotNow, "one thing at a time");
}

#[test]
fn rule_6_a_price_that_has_risen_meanwhile_is_not_accepted_unseen() {
    let (mut salon, _, waiting) = wait_for_ben(2);
    let go = || Box::new(Command::GoOffDuty { staff: BEN });
    let accept = |moves: &[VisitId]| Command::AcceptPrice {
        command: go(),
        staff: ANNA,
        moves: moves.to_vec(),
    };
    // Seen before the second one came.
    assert_eq!(salon.refuses(&accept(&waiting[..1])), Rejection::PriceChanged);
    let asked = preview(&salon.shop, &accept(&waiting[..1]), salon.now());
    assert_eq!(asked, Err(Rejection::PriceChanged), "a price of what would be refused");
    // Who has gone meanwhile makes it no dearer.
    salon.does(&Command::Leave { visit: waiting[1] });
    let events = salon.does(&accept(&waiting));
    assert!(events.contains(&Event::WentOffDuty { staff: BEN }));
}

#[test]
fn a_place_in_line_is_exchanged_and_taken_back() {
    let mut salon = Driver::staffed(&[BEN]);
    let [a, b, c] = [(); 3].map(|()| salon.joins(CUT));
    let line = |salon: &Driver| salon.shop.waiting().iter().map(|v| v.id).collect::<Vec<_>>();
    salon.does(&Command::MoveBefore { visit: c, before: Some(a) });
    assert_eq!(line(&salon), [c, a, b]);
    assert_eq!(
        salon.refuses(&Command::MoveBefore { visit: c, before: Some(a) }),
        Rejection::NotNow,
        "they stand there"
    );
    salon.does(&Command::Undo { visit: c });
    assert_eq!(line(&salon), [a, b, c]);
    salon.does(&Command::MoveBefore { visit: a, before: None });
    assert_eq!(line(&salon), [b, c, a]);
    let d = salon.joins(CUT);
    assert_eq!(line(&salon), [b, c, a, d], "who comes later stands behind all of them");
}

// At risk, and what keeps promises.

#[test]
fn rule_7_what_is_in_danger_comes_with_what_keeps_it_and_one_tap_takes_it() {
    let (mut salon, _, waiting) = wait_for_ben(1);
    let tom = waiting[0];
    assert_eq!(at_risk(&salon.shop, &salon.forecast().visits, salon.now()), []);
    ben_needs(&mut salon, 45);
    let estimates = salon.forecast().visits;
    assert_eq!(at_risk(&salon.shop, &estimates, salon.now()), [tom]);
    let found = remedies(&salon.shop, &estimates, salon.now());
    let best = found.first().expect("Anna can");
    assert_eq!(best.command, Command::AskFor { visit: tom, staff: Some(ANNA) });
    assert_eq!(
        (&*best.keeps, &*best.moves, best.asks),
        (&[tom][..], &[][..], Some(Asks::Visit(tom)))
    );

    let before = salon.by(tom);
    let command = Box::new(best.command.clone());
    salon.does(&Command::TakeRemedy { command, saves: best.keeps.clone() });
    assert!(salon.by(tom) <= before, "never later");
    let estimates = salon.forecast().visits;
    assert_eq!(at_risk(&salon.shop, &estimates, salon.now()), [], "as it was tried");

    // Whether it helped is seen afterwards.
    assert_eq!(saved(&salon.shop, salon.now()), None);
    let olga = VisitId(2);
    salon.at(28).finish(olga);
    assert_eq!(salon.next(ANNA), Some(tom));
    salon.start(tom, ANNA);
    salon.let_it_stand();
    assert_eq!(saved(&salon.shop, salon.now()), Some(Saved { of: 1, kept: 1 }));
}

#[test]
fn rule_7_a_break_is_moved_and_never_given_up() {
    let mut salon = Driver::open_with(|config| {
        config.hours = weekdays(&["08:00-18:00"]);
        config.staff[1].breaks = weekdays(&["09:40-10:10"]).weekly;
    });
    salon.on_duty(&[BEN]);
    let at = salon.now() + 75 * MINUTE_MS;
    let breaks = |salon: &Driver| {
        let all = sooner_engine::roster::presences(&salon.shop, salon.now(), 1);
        all.into_iter().find(|p| p.position == 1).map(|p| p.breaks).expect("is there")
    };
    let planned = breaks(&salon);
    salon.does(&Command::MoveBreak { staff: BEN, at });
    assert_eq!(breaks(&salon)[0], (at, planned[0].1));
    assert_eq!(breaks(&salon)[1..], planned[1..], "tomorrow's is as planned");
    salon.does(&Command::TakeBreak { staff: BEN, ms: planned[0].1 });
    salon.does(&Command::EndBreak { staff: BEN });
    assert_eq!(breaks(&salon), planned[1..], "it was taken");
}

#[test]
fn an_appointment_for_nobody_by_name_is_kept_by_somebody_else() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let at = salon.now() + 50 * MINUTE_MS;
    let booking = sooner_shared::command::Booking {
        service: CUT,
        more: Vec::new(),
        requested: None,
        at,
        name: None,
        contact: None,
    };
    salon.does(&Command::Book(booking));
    let visit = VisitId(1);
    let held = |salon: &Driver| salon.shop.visits[&visit].appointment.map(|a| a.held);
    let (was, other) = match held(&salon) {
        Some(ANNA) => (ANNA, BEN),
        _ => (BEN, ANNA),
    };
    assert_eq!(salon.refuses(&Command::KeepFor { visit, staff: was }), Rejection::AlreadyTheirs);
    salon.does(&Command::KeepFor { visit, staff: other });
    assert_eq!(held(&salon), Some(other));
    assert_eq!(salon.shop.visits[&visit].requested, None, "whoever is free may take them");
    assert_eq!(salon.refuses(&Command::KeepFor { visit, staff: CLEO }), Rejection::NotOnDuty);
}

// The truth in time.

/// Ben is late, and Tom hears of it.
fn told_later() -> (Driver, VisitId, Timestamp) {
    let (mut salon, _, waiting) = wait_for_ben(1);
    let tom = waiting[0];
    salon.does(&Command::Acknowledge { visit: tom, no: 0 });
    let first = salon.by(tom);
    salon.at(5);
    ben_needs(&mut salon, 60);
    salon.move_times();
    (salon, tom, first)
}

#[test]
fn rule_4_staff_have_ninety_seconds_before_a_later_time_goes_out() {
    let (mut salon, tom, first) = told_later();
    let proposed = salon.shop.visits[&tom].care.proposed.expect("is proposed");
    assert!(proposed.by > first && !proposed.in_person);
    assert_eq!(salon.by(tom), first, "nobody was told yet");
    let goes = TaskKind::Goes { by: proposed.by, at: proposed.at + 90_000 };
    assert_eq!(tasks_of(&salon, tom), [goes]);
    salon.clock = salon.clock + 89_000;
    assert_eq!(salon.move_times(), []);
    salon.clock = salon.clock + 1_000;
    salon.move_times();
    let later = salon.by(tom);
    assert!(later > first && salon.shop.visits[&tom].promises[0].postponed);

    // The person first, the wall a minute after.
    let page = phone(&salon, tom);
    assert_eq!((page.by, page.instead_of), (Some(later), Some(first)));
    assert_eq!(on_the_wall(&salon, tom), Some(first));
    salon.clock = salon.clock + MINUTE_MS;
    assert_eq!(on_the_wall(&salon, tom), Some(later));
}

#[test]
fn rule_4_a_remedy_taken_in_time_spares_the_bad_news() {
    let (mut salon, tom, first) = told_later();
    let command = Box::new(Command::AskFor { visit: tom, staff: Some(ANNA) });
    salon.does(&Command::TakeRemedy { command, saves: vec![tom] });
    salon.clock = salon.clock + 91_000;
    salon.move_times();
    assert_eq!(salon.shop.visits[&tom].care.proposed, None);
    assert!(salon.by(tom) <= first && !salon.shop.visits[&tom].promises[0].postponed);
}

#[test]
fn rule_4_a_later_time_comes_with_choices_and_silence_keeps_the_place() {
    let (mut salon, tom, _) = told_later();
    salon.clock = salon.clock + 90_000;
    salon.move_times();
    let choices = phone(&salon, tom).choices.expect("may choose");
    assert!(choices.without.is_none());
    assert!(choices.colleagues.iter().any(|c| c.staff == ANNA), "{choices:?}");
    let stays = salon.shop.clone();
    salon.does(&Command::Choose { visit: tom, choice: Choice::Stay });
    assert_eq!(phone(&salon, tom).choices, None);
    assert_eq!(salon.shop.visits[&tom].place(), stays.visits[&tom].place());

    // Or to Anna, who is quicker.
    let mut salon = Driver { shop: stays, log: Vec::new(), clock: salon.clock };
    let later = salon.by(tom);
    salon.does(&Command::Choose { visit: tom, choice: Choice::With(ANNA) });
    assert_eq!(salon.shop.visits[&tom].requested, Some(ANNA));
    assert!(salon.by(tom) < later);
    let again = Command::Choose { visit: tom, choice: Choice::Stay };
    assert_eq!(salon.refuses(&again), Rejection::NotNow);
}

#[test]
fn rule_4_who_takes_another_day_was_let_down_and_has_an_appointment() {
    let (mut salon, tom, _) = told_later();
    salon.clock = salon.clock + 90_000;
    salon.move_times();
    let at = Timestamp((salon.now() + 26 * 60 * MINUTE_MS).0).round_up(5 * MINUTE_MS);
    salon.does(&Command::Choose { visit: tom, choice: Choice::At(at) });
    let visit = &salon.shop.visits[&tom];
    assert_eq!((visit.stage, visit.appointment.map(|a| a.from)), (Stage::Booked, Some(at)));
    assert_eq!(salon.by(tom), at + 5 * MINUTE_MS);
    salon.let_it_stand();
    assert_eq!(salon.shop.visits[&tom].promises[0].outcome, Some(Outcome::Broken));
    assert_eq!(phone(&salon, tom).instead_of, None, "another day is not the same thing later");
}

#[test]
fn rule_8_who_has_no_phone_that_shows_it_is_told_by_a_person() {
    let (mut salon, _, waiting) = wait_for_ben(1);
    let tom = waiting[0];
    salon.at(5);
    ben_needs(&mut salon, 60);
    salon.move_times();
    salon.clock = salon.clock + 90_000;
    salon.move_times();
    let later = salon.by(tom);
    assert_eq!(tasks_of(&salon, tom), [TaskKind::Tell { by: later }], "no page was ever open");
    salon.does(&Command::Tell { visit: tom });
    assert_eq!(tasks_of(&salon, tom), []);

    // Whose page was open has a minute to read it.
    let (mut salon, tom, _) = told_later();
    salon.clock = salon.clock + 90_000;
    salon.move_times();
    assert_eq!(tasks_of(&salon, tom), []);
    salon.clock = salon.clock + MINUTE_MS;
    assert!(matches!(tasks_of(&salon, tom)[..], [TaskKind::Tell { .. }]));
    salon.does(&Command::Acknowledge { visit: tom, no: 1 });
    assert_eq!(tasks_of(&salon, tom), []);
    assert_eq!(salon.refuses(&Command::Acknowledge { visit: tom, no: 9 }), Rejection::NotNow);
}

#[test]
fn rule_4_a_second_later_time_is_said_by_a_person_and_never_sent() {
    let (mut salon, tom, _) = told_later();
    salon.clock = salon.clock + 90_000;
    salon.move_times();
    let later = salon.by(tom);
    ben_needs(&mut salon, 90);
    for _ in 0..10 {
        salon.clock = salon.clock + MINUTE_MS;
        salon.timer();
        salon.move_times();
    }
    assert_eq!(salon.by(tom), later, "nothing was sent");
    let proposed = salon.shop.visits[&tom].care.proposed.expect("is proposed");
    assert!(proposed.in_person);
    assert_eq!(tasks_of(&salon, tom), [TaskKind::Tell { by: proposed.by }]);
    salon.does(&Command::Tell { visit: tom });
    assert_eq!(salon.by(tom), proposed.by, "what was said is what is promised");
    assert_eq!(tasks_of(&salon, tom), []);
}

#[test]
fn a_silent_phone_chooses_nothing_before_anything_went_wrong() {
    let (mut salon, _, waiting) = wait_for_ben(1);
    let stay = Command::Choose { visit: waiting[0], choice: Choice::Stay };
    assert_eq!(salon.refuses(&stay), Rejection::NotNow);
    assert_eq!(salon.refuses(&Command::Tell { visit: waiting[0] }), Rejection::NotNow);
}

// Invitations.

/// Kim waits elsewhere, and is invited.
fn invited() -> (Driver, VisitId, Timestamp) {
    let mut salon = Driver::staffed(&[ANNA]);
    let (tom, kim) = (salon.joins(CUT), salon.joins(CUT));
    salon.start(tom, ANNA);
    let first = salon.by(kim);
    salon.at(8).finish(tom);
    salon.move_times();
    (salon, kim, first)
}

#[test]
fn who_is_elsewhere_is_invited_to_come_earlier_and_keeps_their_time_unless_they_say_yes() {
    let (mut salon, kim, first) = invited();
    let earlier = phone(&salon, kim).invited.expect("is invited");
    assert!(earlier < first && salon.by(kim) == first, "nothing has changed");
    assert_eq!(salon.move_times(), [], "and is not asked again at once");
    let mut silent = Driver { shop: salon.shop.clone(), log: Vec::new(), clock: salon.clock };
    salon.does(&Command::AnswerInvitation { visit: kim, comes: true });
    assert_eq!(salon.by(kim), earlier);
    assert_eq!(phone(&salon, kim).safe_until, Some(first), "their first place stays safe");

    silent.does(&Command::AnswerInvitation { visit: kim, comes: false });
    assert_eq!((silent.by(kim), phone(&silent, kim).invited), (first, None));
    silent.clock = silent.clock + 5 * MINUTE_MS;
    assert_eq!(silent.move_times(), [], "who said no is not asked again");
    let again = Command::AnswerInvitation { visit: kim, comes: true };
    assert_eq!(silent.refuses(&again), Rejection::NotNow);
}

// When the minute passes.

#[test]
fn rule_10_the_minute_passes_an_apology_with_the_next_step_and_amends_until_done() {
    let (mut salon, _, waiting) = wait_for_ben(1);
    salon.shop.config = {
        let mut config = (*salon.shop.config).clone();
        config.make_goods = vec!["A coffee on us".into()];
        config.into()
    };
    let tom = waiting[0];
    let first = salon.by(tom);
    until(&mut salon, "the minute passes", |salon| salon.now() > first);
    let page = phone(&salon, tom);
    assert_eq!(page.missed, Some(first));
    assert!(page.by > Some(first), "the next step, with a time");
    assert_eq!(on_the_wall(&salon, tom), None, "next, without a time");
    let recover = TaskKind::Recover { missed: first };
    assert!(tasks_of(&salon, tom).contains(&recover));
    let no_such = Command::MakeGood { visit: tom, with: Some(1) };
    assert_eq!(salon.refuses(&no_such), Rejection::NotNow);
    salon.does(&Command::MakeGood { visit: tom, with: Some(0) });
    assert!(!tasks_of(&salon, tom).contains(&recover));
    assert_eq!(phone(&salon, tom).missed, Some(first), "the apology stays");
    let again = Command::MakeGood { visit: tom, with: None };
    assert_eq!(salon.refuses(&again), Rejection::NotNow);
}

#[test]
fn rule_10_who_is_called_within_two_minutes_is_thanked_and_reads_no_apology() {
    let (mut salon, li, waiting) = wait_for_ben(1);
    let tom = waiting[0];
    let first = salon.by(tom);
    until(&mut salon, "the minute passes", |salon| salon.now() > first);
    salon.clock = first + 90_000;
    salon.finish(li);
    assert_eq!(salon.next(BEN), Some(tom));
    assert_eq!(phone(&salon, tom).missed, None);
    assert!(tasks_of(&salon, tom).contains(&TaskKind::Thank));
    salon.does(&Command::MakeGood { visit: tom, with: None });
    assert!(!tasks_of(&salon, tom).contains(&TaskKind::Thank));
}

#[test]
fn rule_10_what_nobody_made_good_by_the_end_of_the_day_is_the_owners() {
    let mut salon = Driver::open_with(|config| config.hours = weekdays(&["08:00-18:00"]));
    salon.on_duty(&[BEN]);
    let (li, tom) = (salon.joins(CUT), salon.joins(CUT));
    salon.start(li, BEN);
    let first = salon.by(tom);
    until(&mut salon, "the minute passes", |salon| salon.now() > first);
    assert!(salon.shop.visits[&tom].recovery().is_some());
    salon.at(13 * 60).timer();
    let is_left = |e: &Event| *e == Event::LeftToOwner { visit: tom };
    assert_eq!(salon.log.iter().filter(|r| is_left(&r.event)).count(), 1);
    assert!(salon.shop.visits.get(&tom).is_none_or(|v| v.recovery().is_none()));
}

// Who has gone, call-backs, hand-overs, news.

#[test]
fn rule_8_whose_person_has_gone_is_told_at_once_with_what_works_instead() {
    let (mut salon, li, waiting) = wait_for_ben(1);
    let tom = waiting[0];
    salon.at(10).finish(li);
    salon.off_duty(BEN);
    let events = salon.move_times();
    assert!(events.contains(&Event::LeftWithout { visit: tom, staff: Some(BEN) }), "{events:?}");
    assert_eq!(salon.move_times(), [], "said once");
    let choices = phone(&salon, tom).choices.expect("may choose");
    assert!(choices.without.is_some());
    assert!(choices.colleagues.iter().any(|c| c.staff == ANNA));
    assert!(tasks_of(&salon, tom).contains(&TaskKind::Away { staff: Some(BEN) }));
    salon.does(&Command::Choose { visit: tom, choice: Choice::With(ANNA) });
    assert!(!tasks_of(&salon, tom).contains(&TaskKind::Away { staff: Some(BEN) }));
}

#[test]
fn rule_11_a_call_back_is_reminded_of_a_quarter_of_an_hour_before_and_has_an_owner() {
    let mut shop = Driver::open_with(|config| *config = crate::shops::repair());
    shop.on_duty(&[IDA]);
    let (scope, reason) = (Scope::Shop, DelayReason::Equipment);
    shop.does(&Command::ReportDelay { scope, ms: 60 * MINUTE_MS, reason });
    let kim = shop.joins_with(Join::new(CALL));
    let by = shop.by(kim);
    shop.clock = by - 16 * MINUTE_MS;
    assert_eq!(tasks_of(&shop, kim), []);
    shop.clock = by - 15 * MINUTE_MS;
    assert_eq!(tasks_of(&shop, kim), [TaskKind::Ring { by, owner: Some(IDA) }]);
}

#[test]
fn rule_11_what_was_offered_to_who_goes_home_stays_where_it_was() {
    let (mut salon, li, _) = wait_for_ben(0);
    salon.does(&Command::HandOver { visit: li, to: ANNA });
    assert_eq!(tasks_of(&salon, li), [TaskKind::Accept { to: ANNA }]);
    let olga = VisitId(2);
    salon.at(20).finish(olga);
    salon.off_duty(ANNA);
    assert_eq!(tasks_of(&salon, li), []);
    let staff: Option<StaffId> = salon.shop.visits[&li].staff;
    assert_eq!((staff, salon.shop.visits[&li].handed_to), (Some(BEN), None));
}
