//! What is known of people: who sees it, how long it is kept, how they get it and get rid of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use hyper::{Method, header};
use serde_json::Value;
use sooner_engine::config::NamesOnWall;
use sooner_engine::{Event, ShopConfig};
use sooner_server::setup::{Imported, SetUp, import};
use sooner_server::shops::{Configured, NewShop};
use sooner_server::store::{Batch, Kept, PersonKey, PersonRow, Store};
use sooner_shared::access::Deed;
use sooner_shared::command::{Booking, Companion, Join, VisitRequest};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::Stage;
use sooner_shared::{Command, Maker, ProblemCode, Receipt, Timestamp, VisitId};
use sooner_tests::app::{Joined, TestApp};
use sooner_tests::http::{self, Answer};
use sooner_tests::patience::in_time;
use sooner_tests::salon::{ANNA, BEN, COLOUR, CUT, NINE, fresh_id, named, request, salon, wish};

const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Everything that Kata says and is told, with a part of each that nothing else contains.
const KATA: [&str; 4] = ["Kata Xantus", "+36 1 555 0199", "Zitrone allergic?", "Quite safe."];

/// The salon, set up a little differently.
fn salon_with(change: impl FnOnce(&mut ShopConfig)) -> NewShop {
    let mut new = salon();
    change(&mut new.config);
    new
}

/// Kata joins with all that can be said, and is answered.
async fn kata(app: &TestApp) -> Joined {
    let [name, contact, question, answer] = KATA.map(str::to_owned);
    let joined = app.join(Join { contact: Some(contact), ..named(CUT, &name) }).await;
    let ask = VisitRequest { text: Some(question), ..VisitRequest::new(fresh_id()) };
    let path = format!("/api/visits/{}/ask", joined.link());
    app.post(&path, &ask).await.accepted::<Receipt>();
    let visit = joined.visit();
    app.shop(Command::Answer { visit, text: answer }).await.expect("is answered");
    app.settled().await;
    joined
}

/// What lies in the store's folder, byte for byte.
fn bytes(folder: &Path) -> Vec<u8> {
    let files = fs::read_dir(folder).expect("the folder is there");
    let read = |file: fs::DirEntry| fs::read(file.path()).expect("is read");
    files.flat_map(|file| read(file.expect("is listed"))).collect()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Asserts of each of Kata's words whether it lies in the store's folder.
fn assert_kept(app: &TestApp, is_kept: bool) {
    let bytes = bytes(app.folder());
    for words in KATA {
        assert_eq!(contains(&bytes, words), is_kept, "{words}");
    }
}

fn data_of(joined: &Joined) -> String {
    format!("/api/visits/{}/data", joined.link())
}

async fn held(app: &TestApp, joined: &Joined) -> Value {
    app.get(&data_of(joined)).await.accepted()
}

async fn erase(app: &TestApp, path: &str) -> Answer {
    app.send(Method::DELETE, path, "").await
}

/// Asks with the desk's key.
async fn with_key(app: &TestApp, method: Method, path: &str, key: &str, body: &str) -> Answer {
    let headers = [(header::AUTHORIZATION, &*format!("Bearer {key}"))];
    let answer = http::send_with(app.address, method, path, &headers, body.to_owned());
    in_time("an answer", answer).await.expect("the server is there")
}

/// Sets for how many days the words of people are kept.
async fn keep_for(app: &TestApp, days: u16) {
    let (path, key) = ("/api/shops/salon/set-up", &app.desk_key);
    let file = with_key(app, Method::GET, path, key, "").await.text();
    let now = file.lines().find(|line| line.starts_with("erase_after_days")).expect("is there");
    let file = file.replacen(now, &format!("erase_after_days = {days}"), 1);
    assert!(with_key(app, Method::PUT, path, key, &file).await.accepted::<Configured>().changed);
}

#[tokio::test]
async fn where_people_are_called_by_code_nobody_else_is_shown_a_name() {
    let app = TestApp::open_with(salon_with(|c| c.names_on_wall = NamesOnWall::Code)).await;
    for staff in [ANNA, BEN] {
        app.on_duty(staff).await;
    }
    let kata = kata(&app).await;
    let companion = Companion { service: CUT, name: Some("Quentin Wolf".into()) };
    let other = Join { companions: vec![companion], ..named(CUT, "Yvonne Zilahy") };
    let other = app.join(other).await;
    app.shop(Command::Call { visit: kata.visit(), staff: ANNA }).await.expect("is called");
    app.settled().await;
    let names =
        ["Kata", "Xantus", "555", "Zitrone", "Quite", "Yvonne", "Zilahy", "Quentin", "Wolf"];

    let wall = app.get("/api/shops/salon/snapshot").await.text();
    for name in names {
        assert!(!wall.contains(name), "{name} is on the wall: {wall}");
    }
    assert!(wall.contains("\"A01\"") && wall.contains("\"Anna\""), "codes, and who serves: {wall}");
    let phone = app.get(&format!("/api/visits/{}", other.link())).await.text();
    for name in names.iter().filter(|name| !matches!(**name, "Yvonne" | "Zilahy")) {
        assert!(!phone.contains(name), "{name} is on another phone: {phone}");
    }
    // They know themselves by name, and on the wall by their code; the desk knows everybody.
    let own = app.phone(kata.link()).await;
    assert_eq!((own.name.as_str(), own.on_wall.as_deref()), (KATA[0], Some("A01")));
    let desk = app.open_screen(app.desk()).await;
    let cards = &desk.desk().cards;
    assert_eq!(cards[&kata.visit()].name, KATA[0]);
    assert_eq!(cards[&kata.visit()].label, "A01", "as on the wall");
    assert!(cards.values().any(|card| card.name == "Quentin Wolf"));
}

#[tokio::test]
async fn two_of_one_name_are_told_apart_on_the_wall_also_when_one_has_gone() {
    let app = TestApp::open().await;
    let first = app.join(named(CUT, "Anna Kis")).await;
    let second = app.join(named(CUT, "Anna Kovács")).await;
    let third = app.join(named(CUT, "Anna Kovács")).await;
    let wall = app.wall().await;
    let label = |joined: &Joined| wall.cards[&joined.visit()].label.clone();
    assert_eq!([&first, &second, &third].map(label), ["Anna K.", "Anna Ko.", "Anna Kov."]);
    assert_eq!(app.phone(first.link()).await.on_wall, None, "as everybody expects");
    assert_eq!(app.phone(second.link()).await.on_wall.as_deref(), Some("Anna Ko."));
    app.phone_asks(first.link(), "leave").await.accepted::<Receipt>();
    assert_eq!(app.wall().await.cards[&second.visit()].label, "Anna Ko.");
    let app = app.restart().await;
    assert_eq!(app.wall().await.cards[&second.visit()].label, "Anna Ko.", "and later");
}

#[tokio::test]
async fn a_contact_is_for_the_shop_and_its_owner_alone() {
    let app = TestApp::open().await;
    let kata = kata(&app).await;
    let other = app.join(named(CUT, "Peter")).await;
    let contact = KATA[1];
    let desk = app.open_screen(app.desk()).await;
    assert_eq!(desk.desk().cards[&kata.visit()].contact.as_deref(), Some(contact));
    assert_eq!(desk.desk().cards[&other.visit()].contact, None);
    let phone = app.phone(kata.link()).await;
    assert_eq!(phone.contact.as_deref(), Some(contact));
    assert_eq!(phone.kept_until, Some(NINE + 30 * DAY_MS));
    for elsewhere in ["/api/shops/salon/snapshot", &format!("/api/visits/{}", other.link())] {
        let text = app.get(elsewhere).await.text();
        assert!(!text.contains(contact), "{text}");
    }
    for recorded in app.log().await {
        let text = serde_json::to_string(&recorded).expect("JSON");
        assert!(KATA.iter().all(|words| !text.contains(words)), "{text}");
    }
    // Staff add people with theirs; an appointment has one, too.
    let walk_in = Join { contact: Some("b@example.com".into()), ..named(COLOUR, "Bea") };
    let bea = app.shop(Command::AddWalkIn(walk_in)).await.expect("is added").visit;
    let at = NINE + 2 * DAY_MS;
    let contact = Some("06 20 123 4567".to_owned());
    let booking = Booking { service: CUT, more: vec![], requested: None, at, name: None, contact };
    let booked = app.shop(Command::Book(booking)).await.expect("is booked");
    let desk = app.open_screen(app.desk()).await;
    let contact = |visit: Option<VisitId>| desk.desk().cards[&visit.expect("one")].contact.clone();
    assert_eq!(contact(bea).as_deref(), Some("b@example.com"));
    assert_eq!(contact(booked.visit).as_deref(), Some("06 20 123 4567"));
    let phone = app.phone(&booked.link.expect("a link")).await;
    assert_eq!(phone.kept_until, Some(at + 30 * DAY_MS), "counted from when they come");
    let app = app.restart().await;
    assert_eq!(app.phone(kata.link()).await.contact.as_deref(), Some(KATA[1]));
}

#[tokio::test]
async fn what_reaches_nobody_is_refused_and_nothing_is_recorded() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    let long = format!("{}@example.com", "a".repeat(80));
    for contact in ["1234", "kata", "a@b", "ka\u{202e}ta@example.com", "12345\u{7}", &long] {
        let join = Join { contact: Some(contact.to_owned()), ..named(CUT, "Kata") };
        let problem = app.post_join(&request(join)).await.problem();
        assert_eq!(problem.code, ProblemCode::BadContact, "{contact}");
        assert_eq!(problem.detail, None, "it is not said again");
    }
    assert_eq!(app.seq().await, seq);
    let joined = app.join(Join { contact: Some("  ".to_owned()), ..wish(CUT) }).await;
    let phone = app.phone(joined.link()).await;
    assert_eq!((phone.contact, phone.kept_until), (None, None), "nothing was said");
}

#[tokio::test]
async fn who_asks_for_it_is_erased_at_once_and_goes_on_under_their_code() {
    let app = TestApp::open().await;
    let kata = kata(&app).await;
    let peter = app.join(named(CUT, "Peter Nagy")).await;
    assert_kept(&app, true);
    let before = app.log().await;
    let erased = erase(&app, &data_of(&kata)).await;
    assert_eq!((erased.status, erased.text().as_str()), (204, ""));
    assert_kept(&app, false);
    assert!(contains(&bytes(app.folder()), "Peter Nagy"), "nobody else");
    assert_eq!(app.log().await, before, "the log stays as it was");

    let phone = app.phone(kata.link()).await;
    assert_eq!((phone.name.as_str(), phone.stage), ("A01", Stage::Waiting));
    assert_eq!((phone.contact, phone.question, phone.answer), (None, None, None));
    assert_eq!((phone.kept_until, phone.by), (None, Some(kata.by())));
    assert_eq!(app.wall().await.cards[&kata.visit()].label, "A01");
    let desk = app.open_screen(app.desk()).await;
    assert_eq!(desk.desk().cards[&kata.visit()].name, "A01");

    assert_eq!(erase(&app, &data_of(&kata)).await.status, 204, "once more");
    assert_eq!(app.log().await, before);
    // The owner reads that it was done, once, and not what it was.
    let deeds = app.access().view(None, String::new()).await.expect("a view").deeds;
    let erased = deeds.iter().filter(|d| d.deed == Deed::Erased(kata.visit()));
    assert!(erased.map(|d| d.by).eq([Maker::Customer]), "{deeds:?}");
    let app = app.restart().await;
    assert_kept(&app, false);
    assert_eq!(app.phone(kata.link()).await.name, "A01");
    assert_eq!(app.phone(peter.link()).await.name, "Peter Nagy");
}

#[tokio::test]
async fn also_who_was_there_long_ago_is_erased() {
    let app = TestApp::open().await;
    let kata = kata(&app).await;
    app.phone_asks(kata.link(), "leave").await.accepted::<Receipt>();
    app.advance_to(NINE + DAY_MS).await;
    // Visits are forgotten when something happens.
    app.join(wish(CUT)).await;
    let page = app.get(&format!("/api/visits/{}", kata.link())).await;
    assert_eq!(page.code(), ProblemCode::UnknownVisit, "their page is gone");
    assert_kept(&app, true);
    assert_eq!(held(&app, &kata).await["name"]["text"], KATA[0]);
    assert_eq!(erase(&app, &data_of(&kata)).await.status, 204);
    assert_kept(&app, false);
}

#[tokio::test]
async fn the_desk_can_erase_and_nobody_else() {
    let app = TestApp::open().await;
    let kata = kata(&app).await;
    let path = |visit: u64| format!("/api/shops/salon/visits/{visit}/data");
    let own = path(u64::from(kata.visit().0));
    assert_eq!(erase(&app, &own).await.code(), ProblemCode::NotPaired);
    let wrong = with_key(&app, Method::DELETE, &own, "wrong", "").await;
    assert_eq!(wrong.code(), ProblemCode::NotAllowed);
    let forged = data_of(&kata).replacen(".1.", ".2.", 1);
    for method in [Method::GET, Method::DELETE] {
        let answer = app.send(method, &forged, "").await;
        assert_eq!(answer.code(), ProblemCode::UnknownVisit);
    }
    assert_eq!(app.get(&own).await.code(), ProblemCode::MethodNotAllowed);
    assert_kept(&app, true);

    let key = app.desk_key.clone();
    for unknown in [0, 2, u64::from(u32::MAX)] {
        let answer = with_key(&app, Method::DELETE, &path(unknown), &key, "").await;
        assert_eq!(answer.code(), ProblemCode::UnknownVisit, "{unknown}");
    }
    let answer = with_key(&app, Method::DELETE, &path(u64::MAX), &key, "").await;
    assert_eq!(answer.code(), ProblemCode::NotFound);
    for _ in 0..2 {
        assert_eq!(with_key(&app, Method::DELETE, &own, &key, "").await.status, 204);
    }
    assert_kept(&app, false);
}

#[tokio::test]
async fn words_are_erased_after_the_days_of_the_shop_and_fewer_days_count_for_what_is_there() {
    let app = TestApp::open().await;
    let kata = kata(&app).await;
    let until = |days: i64| Some(NINE + days * DAY_MS);
    keep_for(&app, 60).await;
    assert_eq!(app.phone(kata.link()).await.kept_until, until(30), "what was told holds");
    let later = app.join(named(CUT, "Later Lara")).await;
    assert_eq!(app.phone(later.link()).await.kept_until, until(60));
    keep_for(&app, 5).await;
    for joined in [&kata, &later] {
        assert_eq!(app.phone(joined.link()).await.kept_until, until(5));
    }
    let app = app.restart().await;
    assert_eq!(app.phone(later.link()).await.kept_until, until(5));
    app.advance_to(NINE + 4 * DAY_MS).await;
    assert_kept(&app, true);
    // Less than has passed already: it goes at once.
    keep_for(&app, 3).await;
    assert_kept(&app, false);
    assert!(!contains(&bytes(app.folder()), "Later Lara"));
}

#[tokio::test]
async fn fewer_days_count_also_when_they_come_by_a_file_while_no_server_runs() {
    let app = TestApp::open().await;
    kata(&app).await;
    let folder = app.close().await;
    let store = in_time("the folder is free", async {
        loop {
            match Store::open(folder.path()).await {
                Ok(store) => return store,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    })
    .await;
    let new = salon_with(|config| config.erase_after_ms = 2 * DAY_MS);
    let name = |id| new.staff_names.iter().find(|(staff, _)| *staff == id).map(|(_, n)| &**n);
    let set_up = SetUp::of(new.id.clone(), new.config.clone(), name);
    let imported = import(&store, set_up, NINE + DAY_MS).await.expect("is taken in");
    assert!(matches!(imported, Imported::Changed { .. }), "{imported:?}");
    let words = store.words_of(&new.id, VisitId(1)).await.expect("reads");
    assert_eq!(words.len(), 4);
    assert!(words.values().all(|kept| kept.erase_at == Some(NINE + 2 * DAY_MS)), "{words:?}");
}

#[tokio::test]
async fn no_page_of_the_file_holds_what_was_erased_however_often_it_was_rearranged() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(folder.path()).await.expect("opens");
    let id = salon().id;
    let event = Event::Configured(Box::new(salon().config));
    let begin = sooner_engine::Recorded { seq: 1, at: NINE, tap: 0, by: Maker::Operator, event };
    let new = Batch { created: Some([7; 32]), events: vec![begin], ..Batch::new(id.clone(), 0) };
    store.append(new).await.expect("is made");
    let write = async |rows: Vec<PersonRow>, purge_at: Option<Timestamp>| {
        let batch = Batch { people: rows, purge_at, ..Batch::new(id.clone(), 1) };
        store.append(batch).await.expect("is written");
    };
    let keys = |n: u32| PersonKey::of(VisitId(n));
    for n in 1..=400 {
        let words = |at: usize| format!("WORDS{n:04}{}", "x".repeat(at * 17 + n as usize % 13));
        let row = |(at, key)| PersonRow { key, kept: Kept::for_a_while(words(at), NINE, DAY_MS) };
        write(keys(n).into_iter().enumerate().map(row).collect(), None).await;
    }
    assert!(contains(&bytes(folder.path()), "WORDS0001"));
    let gone = |n| keys(n).map(|key| PersonRow { key, kept: Kept::erased(NINE) }).to_vec();
    for n in (1..=400).filter(|n| n % 3 != 0) {
        write(gone(n), Some(NINE)).await;
    }
    let left = bytes(folder.path());
    for n in 1..=400 {
        assert_eq!(contains(&left, &format!("WORDS{n:04}")), n % 3 == 0, "{n}");
    }
    write((1..=400).flat_map(gone).collect(), Some(NINE)).await;
    assert!(!contains(&bytes(folder.path()), "WORDS"));
}

/// Every number that stands under `visit` anywhere below.
fn visits(value: &Value, found: &mut BTreeSet<u64>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| match key.as_str() {
            "visit" | "before" | "first" | "after" => found.extend(value.as_u64()),
            _ => visits(value, found),
        }),
        Value::Array(items) => items.iter().for_each(|item| visits(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn a_person_gets_all_that_is_held_on_them_once_and_nothing_of_others() {
    let app = TestApp::open().await;
    let before = app.join(named(CUT, "Bernát Before")).await;
    let kata = kata(&app).await;
    let companion = Companion { service: CUT, name: Some("Cili Companion".into()) };
    app.join(Join { companions: vec![companion], ..named(CUT, "Lali Lead") }).await;
    let me = kata.visit();
    let command = Command::MoveBefore { visit: me, before: Some(before.visit()) };
    let moves = vec![before.visit(), me];
    let priced = Command::AcceptPrice { command: Box::new(command), staff: ANNA, moves };
    app.shop(priced).await.expect("goes first");
    app.shop(Command::Undo { visit: me }).await.expect("was a moment ago");
    let services = vec![CUT, COLOUR];
    app.shop(Command::ChangeServices { visit: me, services }).await.expect("wants more");
    app.advance_minutes(2).await;
    app.shop(Command::Start { visit: me, staff: ANNA }).await.expect("starts");
    app.advance_minutes(2).await;

    let answer = app.get(&data_of(&kata)).await;
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(
        answer.headers[header::CONTENT_DISPOSITION],
        "attachment; filename=\"salon-A02.json\""
    );
    let text = answer.text();
    for words in KATA {
        assert_eq!(text.matches(words).count(), 1, "{words} in {text}");
    }
    for other in ["Before", "Companion", "Lali", "A01", "A03", kata.link()] {
        assert!(!text.contains(other), "{other} in {text}");
    }
    let data: Value = answer.accepted();
    for (field, words) in ["name", "contact", "question", "answer"].into_iter().zip(KATA) {
        assert_eq!(data[field]["text"], words);
        assert_eq!(data[field]["erase_at"], (NINE + 30 * DAY_MS).0);
    }
    assert_eq!((&data["visit"], &data["code"]), (&Value::from(2), &Value::from("A02")));
    assert_eq!(data["services"], serde_json::json!(["Cut", "Colour"]));
    let promises = data["promises"].as_array().expect("a list");
    assert_eq!(promises[0]["by"], kata.by().0);
    let outcomes: Vec<_> = promises.iter().map(|p| p["outcome"].as_str()).collect();
    assert_eq!(outcomes.first(), Some(&Some("released")), "{promises:?}");
    assert_eq!(outcomes.last(), Some(&Some("kept")), "{promises:?}");

    // Every event of the log that concerns them, once, at its time.
    let told: Vec<_> = data["events"].as_array().expect("a list").iter().collect();
    let concerns = |event: &Event| match event {
        Event::Undone { .. } => true,
        event => event.visit() == Some(me),
    };
    let log = app.log().await;
    let expected: Vec<_> =
        log.iter().filter(|r| concerns(&r.event)).map(|r| (r.seq, r.at.0)).collect();
    let listed = told.iter().map(|e| (e["seq"].as_u64(), e["at"].as_i64()));
    let expected_too = expected.iter().map(|&(seq, at)| (Some(seq), Some(at)));
    assert!(listed.eq(expected_too), "{told:?}\n{expected:?}");
    for kind in ["joined", "asked", "price_accepted", "reordered", "undone", "promised", "started"]
    {
        let with_kind = told.iter().filter(|e| e["event"].get(kind).is_some());
        assert!(with_kind.count() >= 1, "{kind} in {text}");
    }
    let mut numbers = BTreeSet::new();
    for event in &told {
        visits(&event["event"], &mut numbers);
    }
    assert_eq!(numbers, BTreeSet::from([2]), "{text}");

    // Once the words are erased, the rest is as before.
    erase(&app, &data_of(&kata)).await;
    let after = held(&app, &kata).await;
    for field in ["name", "contact", "question", "answer"] {
        assert_eq!(after[field], Value::Null);
    }
    assert!(after["note"].as_str().expect("it says so").contains("erased"));
    assert_ne!(after["note"], data["note"]);
    assert_eq!((&after["events"], &after["promises"]), (&data["events"], &data["promises"]));
}

/// The addresses of other hosts in a text of ours, with what follows them.
fn elsewhere(text: &str) -> Vec<&str> {
    const BEGINNINGS: [&str; 9] =
        ["http://", "https://", "ws://", "wss://", "ftp://", "\"//", "'//", "(//", "=//"];
    // Comments ask for nothing.
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut found: Vec<_> = lines
        .flat_map(|line| {
            let at = |beginning| line.match_indices(beginning).map(|(at, _)| at);
            BEGINNINGS.into_iter().flat_map(at).map(|at| &line[at..])
        })
        .collect();
    // Names of formats, which nobody fetches.
    found.retain(|part| !part.starts_with("http://www.w3.org/"));
    found
}

#[test]
fn an_address_of_another_host_is_found_where_it_stands() {
    for bad in [
        "<script src=\"//cdn.example/x.js\">",
        "@import url(https://fonts.example/a.css)",
        "fetch('http://example.org')",
        "new WebSocket(\"wss://example.org\")",
        "background: url(//example.org/a.png)",
    ] {
        assert_eq!(elsewhere(bad).len(), 1, "{bad}");
    }
    assert_eq!(
        elsewhere("xmlns=\"http://www.w3.org/2000/svg\" src=\"/main.css\" // a note"),
        [""; 0]
    );
}

#[tokio::test]
async fn no_page_asks_anybody_else_for_anything() {
    let app = TestApp::open().await;
    let joined = app.join(wish(CUT)).await;
    let mut assets = BTreeSet::new();
    let pages = ["/salon", "/salon/join", "/salon/desk", &format!("/v/{}", joined.link())];
    for page in pages {
        let answer = app.get(page).await;
        assert_eq!(answer.status, 200, "the pages are built: {}", answer.text());
        let text = answer.text();
        assert_eq!(elsewhere(&text), [""; 0], "{page}");
        // What begins at the root is an asset, or a page; not everything has quotation marks.
        let is_path = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        let quoted = text
            .split(['"', '\'', '=', ' ', '>'])
            .filter(|part| part.starts_with('/') && *part != "/");
        // Where a form goes to is no page.
        let is_form = |part: &str| part.starts_with("/v/") && !part.ends_with(".webmanifest");
        let quoted = quoted.filter(|part| part.chars().all(is_path) && !is_form(part));
        assets.extend(quoted.map(str::to_owned));
    }
    let is = |asset: &str, kind: &str| {
        Path::new(asset).extension().is_some_and(|found| found.eq_ignore_ascii_case(kind))
    };
    for kind in ["css", "js", "wasm"] {
        assert!(assets.iter().any(|asset| is(asset, kind)), "{kind} among {assets:?}");
    }
    for asset in assets {
        let answer = app.get(&asset).await;
        assert_eq!(answer.status, 200, "{asset}");
        if !is(&asset, "wasm") {
            assert_eq!(elsewhere(&answer.text()), [""; 0], "{asset}");
        }
    }
}
