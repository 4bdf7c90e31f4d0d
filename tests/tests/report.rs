//! The owner's figures over the real interface: who may have them, and what is in them.

use std::time::Instant;

use hyper::Method;
use hyper::header;
use sooner_shared::access::{DeviceKind, MadeKey, NewKey, Scope};
use sooner_shared::report::{Letter, Report, WhatIf};
use sooner_shared::{Maker, ProblemCode};
use sooner_tests::app::TestApp;
use sooner_tests::http::{self, Answer};
use sooner_tests::past::past;
use sooner_tests::patience::{in_time, tell};
use sooner_tests::visitor::Visitor;

/// Everything that is the owner's.
const ALL: [&str; 4] = ["report", "report.csv", "letter", "what-if?keep=0.9"];

async fn with_key(app: &TestApp, key: &str, what: &str) -> Answer {
    let bearer = format!("Bearer {key}");
    let headers = [(header::AUTHORIZATION, bearer.as_str())];
    let path = format!("/api/shops/salon/{what}");
    let answer = http::send_with(app.address, Method::GET, &path, &headers, Vec::new());
    in_time("an answer", answer).await.expect("the server is there")
}

async fn key(app: &TestApp, scopes: &[Scope]) -> String {
    let made = app.access().make_key("Figures", scopes.to_vec(), Maker::Operator).await;
    made.expect("a key can be made").key
}

#[tokio::test]
async fn the_report_is_the_owners_and_of_keys_that_were_made_for_it() {
    let app = TestApp::open().await;
    let (mut owner, _) = Visitor::owner(&app).await;
    let mut refused = 0;
    let mut screens = vec![Visitor::new(app.address)];
    for kind in [DeviceKind::Tablet, DeviceKind::Kiosk, DeviceKind::Display] {
        screens.push(Visitor::paired(&app, &mut owner, kind).await);
    }
    for what in ALL {
        assert_eq!(owner.get(what).await.status, 200, "{what}");
        for screen in &mut screens {
            let answer = screen.get(what).await;
            assert_eq!((answer.status, answer.code()), (401, ProblemCode::SignInNeeded), "{what}");
            refused += 1;
        }
        for scopes in [&[][..], &[Scope::Join], &[Scope::Desk], &[Scope::SetUp]] {
            let answer = with_key(&app, &key(&app, scopes).await, what).await;
            assert_eq!(answer.code(), ProblemCode::NotAllowed, "{what} {scopes:?}");
            refused += 1;
        }
        let answer = with_key(&app, "sooner_salon_9_guessed", what).await;
        assert_eq!(answer.code(), ProblemCode::NotAllowed, "{what}");
        assert_eq!(with_key(&app, &key(&app, &[Scope::Report]).await, what).await.status, 200);
        let other = owner.send(Method::GET, &format!("/api/shops/bakery/{what}"), &()).await;
        assert_eq!(other.code(), ProblemCode::UnknownShop);
    }
    // A key of one scope reaches nothing else.
    let asked = NewKey { label: "Figures".to_owned(), scopes: vec![Scope::Report] };
    let made: MadeKey = owner.post("keys", &asked).await.accepted();
    assert_eq!(with_key(&app, &made.key, "set-up").await.code(), ProblemCode::NotAllowed);
    tell(&format!("report: {} addresses, {refused} askers refused", ALL.len()));
}

#[tokio::test]
async fn who_serves_is_told_apart_for_the_owner_in_person_alone() {
    let app = TestApp::open_folder(past(6, 6).await).await;
    let (mut owner, _) = Visitor::owner(&app).await;
    let began = Instant::now();
    let own: Report = owner.get("report").await.accepted();
    let took = began.elapsed().as_millis();
    let events = app.seq().await;
    tell(&format!("report: {} visits in {events} events: {took} ms, unoptimised", own.visits));
    let starts = own.starts.as_ref().expect("starts were promised");
    let by_person = starts.by_person.as_ref().expect("the owner asks");
    assert!(by_person.cells.len() + by_person.left_out as usize > 1, "{by_person:?}");
    for cell in starts.by_service.cells.iter().chain(&by_person.cells) {
        assert!(cell.share.count >= 30, "{cell:?}");
    }
    let key = key(&app, &[Scope::Report]).await;
    let answer = with_key(&app, &key, "report").await;
    let text = answer.text();
    let others: Report = answer.accepted();
    assert!(others.starts.is_some_and(|starts| starts.by_person.is_none()));
    assert_eq!(others.headline, own.headline);
    let mine = owner.get("report.csv").await;
    let theirs = with_key(&app, &key, "report.csv").await.text();
    for cell in &by_person.cells {
        assert!(!text.contains(&cell.label) && !theirs.contains(&cell.label), "{}", cell.label);
        assert!(mine.text().contains(&cell.label));
    }
    let kind = mine.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    assert_eq!(kind, Some("text/csv; charset=utf-8"));
    // One line for each promise, and one of titles.
    let made: u32 = own.kinds.iter().map(|kind| kind.first.outcomes.made).sum();
    assert!(mine.text().lines().count() as u32 > made);
}

#[tokio::test]
async fn days_weeks_and_shares_are_read_or_refused() {
    let app = TestApp::open_folder(past(3, 5).await).await;
    let (mut owner, _) = Visitor::owner(&app).await;
    for bad in [
        "report?from=2026-02-30",
        "report?from=tomorrow",
        "report?from=2026-06-05&to=2026-06-01",
        "report.csv?to=%00",
        "letter?week=2026-W54",
        "what-if",
        "what-if?keep=1",
        "what-if?keep=0.2",
        "what-if?keep=NaN",
        "what-if?keep=0.9&from=x",
    ] {
        assert_eq!(owner.get(bad).await.code(), ProblemCode::MalformedMessage, "{bad}");
    }
    let week: Report = owner.get("report?from=2026-03-09&to=2026-03-15").await.accepted();
    let letter: Letter = owner.get("letter?week=2026-W11&as=json").await.accepted();
    assert_eq!((letter.kept, letter.of), (week.headline.share.kept, week.headline.share.count));
    assert!(letter.of > 150 && letter.broken > 3, "{letter:?}");
    let text = owner.get("letter?week=2026-W11&lang=hu").await.text();
    assert!(text.contains("2026-W11\n\nBetartott ígéretek: "), "{text}");
    assert_eq!(text.lines().count(), 7, "a title, a gap, five lines: {text}");
    // The log ends on the third week's last evening.
    let text = owner.get("letter").await.text();
    assert!(text.contains(", 2026-W11\n\n"), "the last one that is over: {text}");

    let own: WhatIf = owner.get("what-if?keep=0.95").await.accepted();
    assert_eq!(own.would, own.happened, "the shop's own share is what happened");
    let less: WhatIf = owner.get("what-if?keep=0.80").await.accepted();
    assert!(less.would.kept <= own.would.kept && less.would.earlier_min > Some(0.0), "{less:?}");
    for pair in less.others.windows(2) {
        assert!(pair[0].kept <= pair[1].kept && pair[0].earlier_min >= pair[1].earlier_min);
    }
    let none: Report = owner.get("report?from=2027-01-01").await.accepted();
    assert_eq!((none.visits, none.kinds.len()), (0, 0));
}
