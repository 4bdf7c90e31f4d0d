//! A shop's set-up as a file: through the interface, and by the program while no server runs.

use std::fs;
use std::path::Path;

use hyper::{Method, header};
use sooner_engine::Event;
use sooner_server::sample::Kind;
use sooner_server::setup::FILE_MAX_BYTES;
use sooner_server::shops::Configured;
use sooner_server::store;
use sooner_shared::command::Join;
use sooner_shared::view::View;
use sooner_shared::{Command, ProblemCode, Receipt};
use sooner_tests::app::TestApp;
use sooner_tests::http::{self, Answer};
use sooner_tests::patience::in_time;
use sooner_tests::program;
use sooner_tests::salon::{ANNA, BEN, CLEO, COLOUR, CUT, NAILS, wish};

const SET_UP: &str = "/api/shops/salon/set-up";

/// Asks with what stands in `Authorization`.
async fn ask(app: &TestApp, method: Method, authorization: &str, file: &str) -> Answer {
    let headers = [(header::AUTHORIZATION, authorization)];
    let answer = http::send_with(app.address, method, SET_UP, &headers, file.to_owned());
    in_time("an answer", answer).await.expect("the server is there")
}

async fn file(app: &TestApp) -> String {
    let answer = ask(app, Method::GET, &format!("Bearer {}", app.desk_key), "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.headers[header::CONTENT_TYPE], "text/toml; charset=utf-8");
    answer.text()
}

async fn put(app: &TestApp, file: &str) -> Answer {
    ask(app, Method::PUT, &format!("Bearer {}", app.desk_key), file).await
}

/// The file with one piece of it replaced.
fn with(file: &str, piece: &str, by: &str) -> String {
    assert!(file.contains(piece), "{piece:?} is not in {file}");
    file.replacen(piece, by, 1)
}

/// The file without one of its sections, from its head to the next blank line.
fn without(file: &str, section: &str) -> String {
    let start = file.find(section).unwrap_or_else(|| panic!("{section:?} is not in {file}"));
    let end = file[start..].find("\n\n").map_or(file.len(), |end| start + end + 2);
    format!("{}{}", &file[..start], &file[end..])
}

#[tokio::test]
async fn a_shop_that_is_brought_back_as_it_was_given_stays_as_it_is() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    let given = file(&app).await;
    for name in ["Corner Salon", "Anna", "Ben", "Cleo", "Nails"] {
        assert!(given.contains(&format!("name = \"{name}\"")), "{name} is in {given}");
    }
    let answer: Configured = put(&app, &given).await.accepted();
    assert_eq!(answer, Configured { seq, changed: false });
    assert_eq!(app.seq().await, seq);
}

#[tokio::test]
async fn a_change_is_recorded_once_and_reaches_the_screens_that_are_open() {
    let app = TestApp::open().await;
    let mut wall = app.open_screen(app.lobby()).await;
    let given = file(&app).await;
    let changed = with(&given, "name = \"Corner Salon\"", "name = \"Corner & Co\"");
    let changed = with(&changed, "name = \"Ben\"", "name = \"Benny\"");
    let answer: Configured = put(&app, &changed).await.accepted();
    assert!(answer.changed);
    let shows_names = |view: &View| {
        let View::Lobby(board) = view else { return false };
        let person = board.head.person(BEN).map(|person| person.name.as_str());
        board.head.name == "Corner & Co" && person == Some("Benny")
    };
    wall.until("the wall shows the new names", shows_names).await;
    assert_eq!(app.count(|e| matches!(e, Event::Configured(_))).await, 2);
    let again: Configured = put(&app, &changed).await.accepted();
    assert!(!again.changed, "the same once more");
    let app = app.restart().await;
    assert_eq!(file(&app).await, changed, "after a restart too");
}

#[tokio::test]
async fn the_seed_stays_and_names_are_in_no_event() {
    let app = TestApp::open().await;
    let given = file(&app).await;
    let changed = with(&given, "name = \"Ben\"", "name = \"Benedikt\"");
    let changed = with(&changed, "hold_minutes = 5", "hold_minutes = 7.5");
    put(&app, &changed).await.accepted::<Configured>();
    let log = app.log().await;
    let seeds: Vec<_> = log
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::Configured(config) => Some((config.seed, config.paths, config.hold_ms)),
            _ => None,
        })
        .collect();
    assert_eq!(seeds, [(42, 64, 300_000), (42, 64, 450_000)]);
    for recorded in log {
        let text = serde_json::to_string(&recorded).expect("JSON");
        for name in ["Anna", "Ben", "Cleo"] {
            assert!(!text.contains(name), "{name} is in {text}");
        }
    }
}

#[tokio::test]
async fn only_the_owner_or_a_key_for_it_reads_or_changes_the_set_up() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    let key = &app.desk_key;
    for wrong in ["", "Bearer", "Bearer x", &format!("Basic {key}"), key, &format!("Bearer {key}x")]
    {
        for method in [Method::GET, Method::PUT] {
            // A body that makes no sense is not even looked at.
            let answer = ask(&app, method, wrong, "[").await;
            let is_key = wrong.starts_with("Bearer ");
            let code = if is_key { ProblemCode::NotAllowed } else { ProblemCode::SignInNeeded };
            assert_eq!(answer.code(), code, "{wrong}");
        }
    }
    assert_eq!(app.get(SET_UP).await.code(), ProblemCode::SignInNeeded);
    assert_eq!(app.get("/api/shops/other/set-up").await.code(), ProblemCode::UnknownShop);
    assert_eq!(app.seq().await, seq);
}

#[tokio::test]
async fn every_fault_of_a_file_is_told_with_its_line_and_nothing_is_changed() {
    let app = TestApp::open().await;
    let given = file(&app).await;
    let seq = app.seq().await;
    let faulty = with(&given, "minutes = 30", "minuts = 30");
    let faulty = with(&faulty, "shop = \"salon\"", "shop = \"api\"");
    let line = |file: &str, piece: &str| {
        let before = file.find(piece).expect("it is there");
        file[..before].matches('\n').count() + 1
    };
    let problem = put(&app, &faulty).await.problem();
    assert_eq!(problem.code, ProblemCode::BadSetUp);
    let detail = problem.detail.expect("it says what is wrong");
    let lines: Vec<_> = detail.lines().collect();
    assert_eq!(lines.len(), 3, "{detail}");
    assert!(lines[0].starts_with(&format!("{}:8: \"api\"", line(&faulty, "shop = "))), "{detail}");
    assert!(lines[0].ends_with("(reserved_name)"), "{detail}");
    assert!(lines[1].ends_with("(missing)"), "{detail}");
    assert!(lines[2].starts_with(&format!("{}:1: ", line(&faulty, "minuts"))), "{detail}");
    let other = put(&app, &with(&given, "shop = \"salon\"", "shop = \"other\"")).await.problem();
    assert!(other.detail.expect("why").ends_with("(other_shop)"));
    let large = put(&app, &"#".repeat(FILE_MAX_BYTES + 1)).await;
    assert_eq!(large.code(), ProblemCode::MessageTooLarge);
    assert_eq!(app.seq().await, seq);
    assert_eq!(file(&app).await, given);
}

#[tokio::test]
async fn what_people_wait_for_cannot_go_before_they_have() {
    let app = TestApp::open().await;
    let given = file(&app).await;
    let joined = app.join(Join { requested: Some(CLEO), ..wish(NAILS) }).await;
    let nobody_does_nails = with(&given, "does = [\"Colour\", \"Nails\"]", "does = [\"Colour\"]");
    let no_nails = without(&nobody_does_nails, "[[service]]\nid = 3");
    let no_cleo = without(&given, "[[staff]]\nid = 3");
    for (file, why) in [
        (&nobody_does_nails, "nobody would do \"Nails\" any more, and visit 1 is for it"),
        (&no_nails, "\"Nails\" cannot go before visit 1 is over"),
        (&no_cleo, "Cleo cannot go before visit 1 is over"),
    ] {
        let problem = put(&app, file).await.problem();
        assert_eq!(problem.code, ProblemCode::BadSetUp);
        let detail = problem.detail.expect("why");
        assert!(detail.starts_with(why), "{detail}");
    }
    let no_ben = without(&given, "[[staff]]\nid = 2");
    let detail = put(&app, &no_ben).await.problem().detail.expect("why");
    assert!(detail.starts_with("Ben is on duty"), "{detail}");

    app.phone_asks(joined.link(), "leave").await.accepted::<Receipt>();
    app.shop(Command::GoOffDuty { staff: BEN }).await.expect("he is on duty");
    let smaller = without(&without(&no_nails, "[[staff]]\nid = 3"), "[[staff]]\nid = 2");
    assert!(put(&app, &smaller).await.accepted::<Configured>().changed);
    let head = app.wall().await.head;
    assert_eq!(head.staff.iter().map(|person| person.id).collect::<Vec<_>>(), [ANNA]);
    assert_eq!(head.services.iter().map(|s| s.id).collect::<Vec<_>>(), [CUT, COLOUR]);
    assert!(!file(&app).await.contains("Cleo"), "who is gone has no name here any more");
    assert!(put(&app, &given).await.accepted::<Configured>().changed, "and may come back");
}

/// Runs `sooner shop` and answers with whether it went well, and all it said.
async fn shop(arguments: &[&str]) -> (bool, String) {
    let output = program::run(&[&["shop"], arguments].concat()).await;
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).expect("text"))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of plain characters")
}

#[tokio::test]
async fn the_program_makes_changes_and_writes_shops_while_no_server_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let (data, path) = (text(&data), folder.path().join("clinic.toml"));
    fs::write(&path, Kind::Clinic.file()).expect("is written");
    let import = ["import", text(&path), "--data", data];

    let (well, said) = shop(&import).await;
    assert!(well && said.starts_with("Made the shop clinic."), "{said}");
    let (well, said) = shop(&import).await;
    assert!(well && said.contains("like that already"), "{said}");
    fs::write(&path, with(Kind::Clinic.file(), "\"Judit\"", "\"Judith\"")).expect("is written");
    let (well, said) = shop(&import).await;
    assert!(well && said.starts_with("Changed the shop clinic"), "{said}");
    let (well, said) = shop(&["export", "clinic", "--data", data]).await;
    assert!(well);
    assert_eq!(said, fs::read_to_string(&path).expect("it is there"));

    let faulty = with(Kind::Clinic.file(), "zone = \"Europe", "zone = \"Evrope");
    fs::write(&path, &faulty).expect("is written");
    let (well, said) = shop(&import).await;
    let line = faulty.lines().position(|line| line.starts_with("zone")).expect("there") + 1;
    let told = format!("{}:{line}:8: ", path.display());
    assert!(!well && said.starts_with(&told), "{said}");
    let log = store::read_events(Path::new(data), None).await.expect("the log is sound");
    assert_eq!(log.len(), 1, "a new name is in no event");

    let (well, said) = shop(&["export", "other", "--data", data]).await;
    assert!(!well && said.contains("there is no shop other"), "{said}");
    let (well, said) = shop(&["export", "api", "--data", data]).await;
    assert!(!well && said.contains("reserved"), "{said}");
}

#[tokio::test]
async fn the_program_leaves_a_folder_alone_in_which_a_server_works() {
    let app = TestApp::open().await;
    let path = app.folder().join("salon.toml");
    fs::write(&path, Kind::Salon.file()).expect("is written");
    let data = text(app.folder());
    for arguments in [["import", text(&path), "--data", data], ["export", "salon", "--data", data]]
    {
        let (well, said) = shop(&arguments).await;
        assert!(!well && said.contains("/api/shops/salon/set-up"), "{said}");
    }
}
