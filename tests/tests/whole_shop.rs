//! The whole shop through its interface: what phones may wish for, groups, appointments, steps,
//! questions, quotes, taking back.

use sooner_server::shops::NewShop;
use sooner_shared::command::{Booking, Companion, Join, JoinRequest, Quoted, VisitRequest};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, PromiseKind, Stage, WaitsFor};
use sooner_shared::{Command, ProblemCode};
use sooner_tests::app::TestApp;
use sooner_tests::salon::{
    ANNA, BEN, CLEO, COLOUR, CUT, NAILS, NINE, fresh_id, named, salon, wish,
};
use sooner_tests::screen::Screen;

/// A phone's wish with something to add.
async fn wishes(app: &TestApp, link: &str, what: &str, request: VisitRequest) -> u16 {
    app.post(&format!("/api/visits/{link}/{what}"), &request).await.status
}

#[tokio::test]
async fn a_phone_asks_and_is_answered_and_the_words_are_in_no_event() {
    let app = TestApp::open().await;
    let kata = app.join(named(CUT, "Kata")).await;
    let mut desk = Screen::open(app.address, app.desk()).await;
    let text = Some("Is there  parking?".to_owned());
    let ask = VisitRequest { text, ..VisitRequest::new(fresh_id()) };
    assert_eq!(wishes(&app, kata.link(), "ask", ask).await, 200);
    desk.until("the question", |view| {
        sooner_tests::screen::as_desk(view).is_some_and(|board| {
            board.cards[&kata.visit()].question.as_deref() == Some("Is there parking?")
        })
    })
    .await;
    let text = "Behind the house.".to_owned();
    desk.tap(Command::Answer { visit: kata.visit(), text }).await.expect("answers");
    assert_eq!(app.phone(kata.link()).await.answer.as_deref(), Some("Behind the house."));
    assert_eq!(app.wall().await.cards.len(), 1);

    let log = serde_json::to_string(&app.log().await).expect("JSON");
    assert!(!log.contains("parking") && !log.contains("house") && !log.contains("Kata"));
    let nothing = Command::Answer { visit: kata.visit(), text: "?".into() };
    let refused = desk.tap(nothing).await.expect_err("nothing is open");
    assert_eq!(refused.code, ProblemCode::NothingAsked);
    let app = app.restart().await;
    assert_eq!(app.phone(kata.link()).await.question.as_deref(), Some("Is there parking?"));
}

#[tokio::test]
async fn a_phone_may_wish_what_is_its_own_and_nothing_else() {
    let app = TestApp::open().await;
    let tom = app.join(wish(CUT)).await;
    let eva = app.join(wish(CUT)).await;
    assert_eq!(wishes(&app, tom.link(), "let-pass", VisitRequest::new(fresh_id())).await, 200);
    let late = VisitRequest { ms: Some(20 * MINUTE_MS), ..VisitRequest::new(fresh_id()) };
    assert_eq!(wishes(&app, eva.link(), "running-late", late).await, 200);
    for (what, status) in [
        ("running-late", 400),
        ("ask", 400),
        ("confirm", 409),
        ("approve", 409),
        ("finish", 404),
        ("hold", 404),
    ] {
        let request = VisitRequest::new(fresh_id());
        assert_eq!(wishes(&app, tom.link(), what, request).await, status, "{what}");
    }
    let mut phone = Screen::open(
        app.address,
        sooner_shared::wire::Audience::Visit { link: tom.link().to_owned() },
    )
    .await;
    for command in [
        Command::Hold { visit: tom.visit() },
        Command::LetGoFirst { visit: tom.visit() },
        Command::LetPass { visit: eva.visit() },
        Command::Undo { visit: tom.visit() },
    ] {
        let refused = phone.tap(command.clone()).await.expect_err("is not theirs");
        assert_eq!(refused.code, ProblemCode::NotAllowed, "{command:?}");
    }
    let late = Command::RunLate { visit: tom.visit(), ms: 10 * MINUTE_MS };
    phone.tap(late).await.expect("their own");
}

#[tokio::test]
async fn own_wishes_release_a_time_and_the_phone_shows_the_new_one() {
    let app = TestApp::open().await;
    let tom = app.join(wish(CUT)).await;
    let before = app.phone(tom.link()).await.by.expect("a time");
    let late = VisitRequest { ms: Some(30 * MINUTE_MS), ..VisitRequest::new(fresh_id()) };
    assert_eq!(wishes(&app, tom.link(), "running-late", late).await, 200);
    let after = app.phone(tom.link()).await.by.expect("a time");
    assert!(after >= before + 25 * MINUTE_MS);
}

#[tokio::test]
async fn a_group_comes_with_one_link_and_its_names() {
    let app = TestApp::open().await;
    let with = |name: &str| Companion { service: CUT, name: Some(name.to_owned()) };
    let group =
        Join {
            companions: vec![with("Ben Kovács")], together: true, ..named(CUT, "Anna Kovács")
        };
    let quoted: Quoted = app.post("/api/shops/salon/quotes", &group).await.accepted();
    let joined = app.join(group).await;
    assert!(joined.by() <= quoted.by.expect("somebody is on duty"));
    let wall = app.wall().await;
    let shown: Vec<_> = wall.cards.values().map(|c| (c.label.as_str(), c.by)).collect();
    let by = Some(joined.by());
    assert_eq!(shown, [("Anna K.", by), ("Ben K.", by)]);
}

#[tokio::test]
async fn a_quote_adds_nobody_and_says_no_like_joining_does() {
    let app = TestApp::open().await;
    let before = app.log().await.len();
    let quoted: Quoted = app.post("/api/shops/salon/quotes", &wish(CUT)).await.accepted();
    assert_eq!(quoted.at, app.now());
    assert!(quoted.by.is_some());
    let wrong = Join { requested: Some(CLEO), ..wish(CUT) };
    let problem = app.post("/api/shops/salon/quotes", &wrong).await.problem();
    assert_eq!(problem.code, ProblemCode::CannotServe);
    assert_eq!(app.log().await.len(), before);
}

#[tokio::test]
async fn an_appointment_is_given_at_the_desk_and_confirmed_on_the_phone() {
    let app = TestApp::open().await;
    let mut desk = Screen::open(app.address, app.desk()).await;
    let at = NINE + 120 * MINUTE_MS;
    let name = Some("Zoé Tóth".to_owned());
    let booking =
        Booking { service: CUT, more: vec![], requested: Some(BEN), at, name, contact: None };
    let receipt = desk.tap(Command::Book(booking.clone())).await.expect("Ben is free");
    assert_eq!(receipt.by, Some(at + 5 * MINUTE_MS));
    let link = receipt.link.expect("a link");
    let clash = desk.tap(Command::Book(booking)).await.expect_err("Ben has one chair");
    assert_eq!(clash.code, ProblemCode::NotFree);
    assert_eq!(wishes(&app, &link, "confirm", VisitRequest::new(fresh_id())).await, 200);
    let phone = app.phone(&link).await;
    assert_eq!((phone.stage, phone.booked_at, phone.confirmed), (Stage::Booked, Some(at), true));
    assert!(app.wall().await.cards.is_empty(), "not yet");
    app.advance_minutes(61).await;
    let wall = app.wall().await;
    let card = wall.cards.values().next().expect("an hour before it is in line");
    assert_eq!((card.label.as_str(), card.booked_at), ("Zoé T.", Some(at)));
}

#[tokio::test]
async fn a_repair_goes_through_its_steps_and_the_phone_follows() {
    let shop = sooner_server::sample::new_shop(sooner_server::sample::Kind::Repair, "UTC");
    let mut config = shop.config.clone();
    config.hours = sooner_engine::calendar::Hours::default();
    for person in &mut config.staff {
        person.shifts = sooner_engine::calendar::Hours::default();
        person.breaks = sooner_engine::calendar::Week::default();
    }
    let app = TestApp::open_with(NewShop { id: salon().id, config, ..shop }).await;
    let config = sooner_engine::Shop::replay(&app.log().await).expect("a log").config;
    let board = config
        .services
        .iter()
        .find(|s| s.steps.iter().any(|step| step.kind == sooner_engine::StepKind::Part))
        .expect("the sample waits for parts");
    for person in &config.staff {
        app.shop(Command::GoOnDuty { staff: person.id }).await.expect("comes");
    }
    let joined = app.join(Join::new(board.id)).await;
    let visit = joined.visit();
    let phone = app.phone(joined.link()).await;
    assert_eq!(phone.kind, PromiseKind::Ready);
    assert!(phone.by.is_some());
    let mut seen = Vec::new();
    for _ in 0..20 {
        app.advance_minutes(2).await;
        let phone = app.phone(joined.link()).await;
        seen.push((phone.stage, phone.waits_for));
        match (phone.stage, phone.waits_for) {
            (Stage::Waiting, _) => {
                let shop = sooner_engine::Shop::replay(&app.log().await).expect("a log");
                let step = *shop.visits[&visit].step().expect("a step");
                let does = |p: &&sooner_engine::Staff| config.does(p, &step);
                let staff = config.staff.iter().find(does).expect("somebody does it").id;
                app.shop(Command::Start { visit, staff }).await.expect("starts");
            }
            (Stage::Serving | Stage::Ready, _) => {
                app.shop(Command::Finish { visit }).await.expect("finishes");
            }
            (_, Some(WaitsFor::Approval)) => {
                let request = VisitRequest::new(fresh_id());
                assert_eq!(wishes(&app, joined.link(), "approve", request).await, 200);
            }
            (Stage::Pending, _) => {
                app.shop(Command::Continue { visit }).await.expect("goes on");
            }
            _ => break,
        }
    }
    for stage in [Stage::Pending, Stage::Ready, Stage::Done] {
        assert!(seen.iter().any(|(s, _)| *s == stage), "{stage:?} in {seen:?}");
    }
    assert_eq!(app.phone(joined.link()).await.outcome, Some(Outcome::Kept));
}

#[tokio::test]
async fn a_tap_is_taken_back_on_every_screen() {
    let app = TestApp::open().await;
    let tom = app.join(wish(CUT)).await;
    let mut desk = Screen::open(app.address, app.desk()).await;
    desk.tap(Command::Start { visit: tom.visit(), staff: BEN }).await.expect("starts");
    assert_eq!(app.phone(tom.link()).await.stage, Stage::Serving);
    desk.until("it can be taken back", |view| {
        sooner_tests::screen::as_desk(view)
            .is_some_and(|board| board.cards[&tom.visit()].undo_until.is_some())
    })
    .await;
    desk.tap(Command::Undo { visit: tom.visit() }).await.expect("within a minute");
    assert_eq!(app.phone(tom.link()).await.stage, Stage::Waiting);
    app.advance_minutes(2).await;
    let late = desk.tap(Command::Undo { visit: tom.visit() }).await.expect_err("too late");
    assert_eq!(late.code, ProblemCode::NothingToUndo);
    let kept = app.count(|e| matches!(e, sooner_engine::Event::Scored { .. })).await;
    assert_eq!(kept, 0, "nothing was scored");
}

#[tokio::test]
async fn who_joins_from_elsewhere_is_told_by_the_code_on_the_wall() {
    let app = TestApp::open().await;
    let request = JoinRequest { id: fresh_id(), join: Join { remote: true, ..wish(NAILS) } };
    // Without hours the doors are always open, also to those elsewhere.
    assert_eq!(app.post_join(&request).await.status, 201);
    app.shop(Command::CloseLine).await.expect("closes");
    let problem = app.post_join(&JoinRequest { id: fresh_id(), join: wish(COLOUR) }).await;
    assert_eq!(problem.problem().code, ProblemCode::LineClosed);
    app.shop(Command::AddWalkIn(wish(COLOUR))).await.expect("staff take whom they like");
    assert!(app.shop(Command::GoOffDuty { staff: ANNA }).await.is_ok());
}
