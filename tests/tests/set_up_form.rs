//! A shop's set-up as a page changes it: JSON, each fault at its field, and nobody's change lost.

use std::net::SocketAddr;

use hyper::{Method, header};
use sooner_engine::Event;
use sooner_server::sample;
use sooner_server::setup::FILE_MAX_BYTES;
use sooner_server::shops::Configured;
use sooner_shared::ProblemCode;
use sooner_shared::set_up::{SetUpForm, StaffForm};
use sooner_tests::app::TestApp;
use sooner_tests::fuzz::big_shop;
use sooner_tests::http::{self, Answer};
use sooner_tests::patience::in_time;
use sooner_tests::program::Program;
use sooner_tests::salon::{NAILS, SALON, wish};

const SET_UP: &str = "/api/shops/salon/set-up";

async fn ask(app: &TestApp, method: Method, body: String) -> Answer {
    ask_at(app.address, &app.desk_key, SET_UP, method, body).await
}

async fn ask_at(server: SocketAddr, key: &str, path: &str, method: Method, body: String) -> Answer {
    let key = format!("Bearer {key}");
    let headers = [
        (header::AUTHORIZATION, key.as_str()),
        (header::ACCEPT, "application/json"),
        (header::CONTENT_TYPE, "application/json"),
    ];
    let answer = http::send_with(server, method, path, &headers, body);
    in_time("an answer", answer).await.expect("the server is there")
}

async fn form(app: &TestApp) -> SetUpForm {
    ask(app, Method::GET, String::new()).await.accepted()
}

async fn put(app: &TestApp, form: &SetUpForm) -> Answer {
    ask(app, Method::PUT, serde_json::to_string(form).expect("JSON")).await
}

#[tokio::test]
async fn a_form_that_is_sent_back_as_it_was_given_changes_nothing() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    let given = form(&app).await;
    assert!(!given.fresh);
    assert_eq!(
        given.staff.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(),
        ["Anna", "Ben", "Cleo"]
    );
    let answer: Configured = put(&app, &given).await.accepted();
    assert_eq!(answer, Configured { seq, changed: false });
}

#[tokio::test]
async fn the_biggest_shop_there_can_be_is_taken_from_its_file_and_from_its_form() {
    let app = TestApp::open().await;
    let big = big_shop().replace("shop = \"big\"", "shop = \"salon\"");
    assert!(big.len() * 6 < FILE_MAX_BYTES * 5, "there is room above its {} bytes", big.len());
    let key = format!("Bearer {}", app.desk_key);
    let as_file = [(header::AUTHORIZATION, key.as_str())];
    let sent = http::send_with(app.address, Method::PUT, SET_UP, &as_file, big).await;
    let made: Configured = sent.expect("the server is there").accepted();
    assert!(made.changed);
    let given = form(&app).await;
    assert_eq!((given.services.len(), given.staff.len()), (64, 64));
    let answer: Configured = put(&app, &given).await.accepted();
    assert_eq!(answer, Configured { seq: made.seq, changed: false });
}

#[tokio::test]
async fn a_change_is_recorded_and_one_from_an_older_form_is_refused() {
    let app = TestApp::open().await;
    let first = form(&app).await;
    let mut changed = first.clone();
    "Corner & Co".clone_into(&mut changed.name);
    changed.rules.keep_percent = 90.0;
    changed.forms = "informal".to_owned();
    changed.languages = vec!["hu".to_owned(), "en".to_owned()];
    assert!(put(&app, &changed).await.accepted::<Configured>().changed);
    let head = app.wall().await.head;
    assert_eq!((head.name.as_str(), head.informal, head.languages.len()), ("Corner & Co", true, 2));

    // Somebody else had the page open since before.
    let mut late = first.clone();
    late.staff.push(StaffForm { id: 4, name: "Dora".into(), ..late.staff[0].clone() });
    let seq = app.seq().await;
    assert_eq!(put(&app, &late).await.code(), ProblemCode::SetUpChanged);
    assert_eq!(app.seq().await, seq);
    let now = form(&app).await;
    assert_ne!(now.version, first.version);
    late.version = now.version;
    assert!(put(&app, &late).await.accepted::<Configured>().changed, "having read it anew");
}

#[tokio::test]
async fn each_fault_is_told_at_its_field_and_nothing_is_changed() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    let mut spoilt = form(&app).await;
    spoilt.name = String::new();
    spoilt.services[1].minutes = Some(-5.0);
    spoilt.staff[2].does = vec![77];
    let problem = put(&app, &spoilt).await.problem();
    assert_eq!(problem.code, ProblemCode::BadSetUp);
    let faults = problem.faults.expect("each at its field");
    let told: Vec<_> = faults.0.iter().map(|f| (f.field.as_str(), f.code.as_str())).collect();
    assert_eq!(
        told,
        [
            ("name", "bad_text"),
            ("services.1.minutes", "out_of_range"),
            ("staff.2.does", "unknown_service"),
        ]
    );
    for body in ["", "{}", "[]", "{\"name\":1}"] {
        let answer = ask(&app, Method::PUT, body.to_owned()).await;
        assert_eq!(answer.code(), ProblemCode::MalformedMessage, "{body}");
    }
    assert_eq!(app.seq().await, seq);
}

#[tokio::test]
async fn what_somebody_waits_for_is_told_as_a_fault_of_that_part() {
    let app = TestApp::open().await;
    app.join_without_time(wish(NAILS)).await;
    let mut changed = form(&app).await;
    changed.staff[2].does.retain(|id| *id != NAILS.0);
    let problem = put(&app, &changed).await.problem();
    let faults = problem.faults.expect("which part");
    assert_eq!((faults.0[0].field.as_str(), faults.0[0].code.as_str()), ("staff", "needed"));
    changed.services.retain(|service| service.id != NAILS.0);
    let faults = put(&app, &changed).await.problem().faults.expect("which part");
    assert_eq!((faults.0[0].field.as_str(), faults.0[0].code.as_str()), ("services", "needed"));
}

#[tokio::test]
async fn a_new_shop_is_fresh_until_it_was_set_up_once() {
    let mut new = sample::fresh("Europe/Budapest");
    new.id = SALON.parse().expect("a name");
    let app = TestApp::open_with(new).await;
    let mut given = form(&app).await;
    assert!(given.fresh);
    given.name = "Kata".to_owned();
    assert!(put(&app, &given).await.accepted::<Configured>().changed);
    assert!(!form(&app).await.fresh);
    let app = app.restart().await;
    assert!(!form(&app).await.fresh);
    let set_up = app.count(|event| matches!(event, Event::Configured(_))).await;
    assert_eq!(set_up, 2, "as it was made, and as it was set up");
}

#[tokio::test]
async fn a_server_that_has_no_shop_yet_begins_one_for_its_owner_to_set_up() {
    let folder = tempfile::tempdir().expect("there is room for a temporary folder");
    let program = Program::serve_fresh(folder.path()).await;
    assert!(program.desk_link.contains("/shop/desk"), "{}", program.desk_link);
    let path = "/api/shops/shop/set-up";
    let (server, key) = (program.address, program.desk_key.as_str());
    let mut given: SetUpForm =
        ask_at(server, key, path, Method::GET, String::new()).await.accepted();
    assert!(given.fresh);
    "Kata".clone_into(&mut given.name);
    let body = serde_json::to_string(&given).expect("JSON");
    let answer = ask_at(server, key, path, Method::PUT, body).await;
    assert!(answer.accepted::<Configured>().changed);
    program.kill();
    let program = Program::serve_fresh(folder.path()).await;
    let (server, key) = (program.address, program.desk_key.as_str());
    let kept: SetUpForm = ask_at(server, key, path, Method::GET, String::new()).await.accepted();
    assert_eq!((kept.name.as_str(), kept.fresh), ("Kata", false), "no other one is begun");
}
