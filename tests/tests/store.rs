//! The log on disk: reopened, damaged behind the store's back, written by two at once.

use std::fs;
use std::path::Path;

use sooner_engine::{Event, Recorded, Shop};
use sooner_server::clock::{Clock, Stepped};
use sooner_server::shops::{NewShop, Registry, RegistryError};
use sooner_server::store::{
    AppendError, Batch, Kept, PersonKey, PersonRow, Store, StoreError, read_events,
};
use sooner_shared::command::Join;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Command, Maker, ProblemCode, Receipt, ServiceId, ShopId, Timestamp, VisitId};
use sooner_tests::app::TestApp;
use sooner_tests::patience::in_time;
use sooner_tests::salon::{ANNA, BEN, COLOUR, CUT, NINE, named, request, salon, shop_named, wish};
use sql::{Connection, Row};
use sqlx as sql; // tidy: these tests look at the file behind the store's back
use tempfile::TempDir;

/// A second connection to the store's file.
struct Behind(sql::SqliteConnection);

impl Behind {
    async fn open(folder: &Path) -> Self {
        let file = folder.join("sooner.db");
        let address = format!("sqlite://{}", file.display());
        Self(sql::SqliteConnection::connect(&address).await.expect("the file is there"))
    }

    async fn run(&mut self, statement: &'static str) {
        sql::raw_sql(statement).execute(&mut self.0).await.expect("a good statement");
    }

    /// All of a text column, in one string.
    async fn text(&mut self, query: &'static str) -> String {
        let rows = sql::query(query).fetch_all(&mut self.0).await.expect("a good query");
        rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join("\n")
    }

    async fn number(&mut self, query: &'static str) -> i64 {
        sql::query(query).fetch_one(&mut self.0).await.expect("a good query").get(0)
    }

    /// Moves everything into the main file, so that its bytes are all there is.
    async fn fold(&mut self) {
        in_time("the log is folded into one file", async {
            while self.number("PRAGMA wal_checkpoint(TRUNCATE)").await != 0 {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("there is room for a temporary folder")
}

fn shop(name: &str) -> ShopId {
    name.parse().expect("a shop name")
}

/// The batch that makes a shop.
fn beginning(new: NewShop) -> Batch {
    let event = Event::Configured(Box::new(new.config));
    Batch {
        created: Some([7; 32]),
        events: vec![Recorded { seq: 1, at: NINE, tap: 1, by: Maker::Owner, event }],
        ..Batch::new(new.id, 0)
    }
}

/// The batch in which one person joins, with the next number after `after`.
fn joining(shop: ShopId, after: u64) -> Batch {
    let event = Event::Joined {
        visit: VisitId(after as u32),
        service: ServiceId(1),
        more: Vec::new(),
        requested: None,
        by_staff: false,
        group: None,
    };
    let at = NINE + after as i64;
    Batch {
        events: vec![Recorded { seq: after + 1, at, tap: after + 1, by: Maker::Customer, event }],
        ..Batch::new(shop, after)
    }
}

/// A store with the salon and nine people who joined: ten events.
async fn ten_events(folder: &Path) -> (Store, ShopId) {
    let store = Store::open(folder).await.expect("opens");
    let id = salon().id;
    store.append(beginning(salon())).await.expect("is made");
    for after in 1..10 {
        store.append(joining(id.clone(), after)).await.expect("is appended");
    }
    (store, id)
}

fn damaged_at(loaded: Result<impl std::fmt::Debug, StoreError>) -> u64 {
    match loaded {
        Err(StoreError::Damaged { seq, .. }) => seq,
        other => panic!("the damage was not seen: {other:?}"),
    }
}

#[tokio::test]
async fn a_log_that_is_opened_again_is_the_same_and_gives_the_same_shop() {
    let app = TestApp::open().await;
    let kata = app.join(named(CUT, "Kata Kovács")).await;
    let joined = app.join(named(COLOUR, "Peter")).await;
    app.shop(Command::Start { visit: kata.visit(), staff: BEN }).await.expect("starts");
    app.advance_minutes(25).await;
    app.shop(Command::Finish { visit: kata.visit() }).await.expect("finishes");
    app.shop(Command::CallNext { staff: ANNA, after: None }).await.expect("is called");
    app.advance_minutes(1).await;
    let (log, wall) = (app.log().await, app.wall().await);
    let phones = (app.phone(kata.link()).await, app.phone(joined.link()).await);
    let state = Shop::replay(&log).expect("the log begins with the set-up");

    let app = app.restart().await;
    app.settled().await;
    assert_eq!(app.log().await, log);
    assert_eq!(Shop::replay(&app.log().await), Some(state));
    assert_eq!(app.wall().await, wall, "names, promises, quotes: all as before");
    assert_eq!((app.phone(kata.link()).await, app.phone(joined.link()).await), phones);
}

#[tokio::test]
async fn numbers_have_no_gaps_and_times_never_run_backwards() {
    let app = TestApp::open().await;
    app.join(wish(CUT)).await;
    // Somebody sets the machine's clock back by two hours.
    app.jump_to(NINE - 120 * MINUTE_MS).await;
    app.join(wish(CUT)).await;
    app.advance_minutes(10).await;
    app.join(wish(CUT)).await;
    let log = app.log().await;
    assert!(log.iter().map(|r| r.seq).eq(1..=log.len() as u64));
    assert!(log.is_sorted_by_key(|r| r.at));
}

#[tokio::test]
async fn a_changed_event_is_found_where_it_is() {
    for (change, expected) in [
        ("UPDATE event SET body = replace(body, '1', '2') WHERE seq = 4", 4),
        ("UPDATE event SET body = body || ' ' WHERE seq = 5", 5),
        ("UPDATE event SET at = at + 1 WHERE seq = 6", 6),
        ("UPDATE event SET chain = zeroblob(32) WHERE seq = 7", 7),
        ("UPDATE event SET chain = x'00' WHERE seq = 2", 2),
        ("UPDATE event SET body = 'nonsense' WHERE seq = 10", 10),
        ("DELETE FROM event WHERE seq = 3", 3),
        ("DELETE FROM event WHERE seq = 1", 1),
        // Two events change places; their checksums with them, or without.
        (
            "UPDATE event SET seq = -1 WHERE seq = 4; UPDATE event SET seq = 4 WHERE seq = 5;
             UPDATE event SET seq = 5 WHERE seq = -1",
            4,
        ),
        (
            "UPDATE event SET body = (SELECT body FROM event o WHERE o.seq = 17 - event.seq)
             WHERE seq IN (8, 9)",
            8,
        ),
        (
            "INSERT INTO event (shop, seq, at, body, chain)
             SELECT shop, 11, at, body, chain FROM event WHERE seq = 10",
            11,
        ),
    ] {
        let folder = folder();
        let (store, id) = ten_events(folder.path()).await;
        assert_eq!(store.load(&id).await.expect("sound").expect("is there").log.len(), 10);
        Behind::open(folder.path()).await.run(change).await;
        assert_eq!(damaged_at(store.load(&id).await), expected, "{change}");
        assert_eq!(damaged_at(read_events(folder.path(), None).await), expected, "{change}");
        drop(store);
        let store = in_time("the folder is free", reopened(folder.path())).await;
        let Some(store) = store else { continue };
        let clock = Clock::Stepped(Stepped::new(NINE));
        let opened = Registry::open(store, clock).await;
        let Err(RegistryError::Store(error)) = opened else { panic!("{change}: {opened:?}") };
        assert_eq!(damaged_at(Err::<(), _>(error)), expected, "{change}");
    }
}

/// The store, once its last user has let go; `None` when it sees the damage at once.
async fn reopened(folder: &Path) -> Option<Store> {
    loop {
        match Store::open(folder).await {
            Ok(store) => return Some(store),
            Err(StoreError::InUse(_)) => tokio::task::yield_now().await,
            Err(StoreError::Damaged { .. }) => return None,
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[tokio::test]
async fn one_flipped_bit_in_the_file_is_found() {
    let folder = folder();
    let (store, id) = ten_events(folder.path()).await;
    let mut behind = Behind::open(folder.path()).await;
    drop(store);
    behind.fold().await;
    behind.0.close().await.expect("closes");
    let file = folder.path().join("sooner.db");
    let mut bytes = fs::read(&file).expect("is read");
    let event = br#"{"joined":{"visit":6,"#;
    let at = bytes.windows(event.len()).position(|w| w == event).expect("it is in the file");
    bytes[at + event.len() - 2] ^= 1; // visit 7
    fs::write(&file, bytes).expect("is written");

    let store = in_time("the folder is free", reopened(folder.path())).await.expect("opens");
    assert_eq!(damaged_at(store.load(&id).await), 7);
}

#[tokio::test]
async fn a_damaged_shop_does_not_hide_in_another_ones_log() {
    let folder = folder();
    let (store, id) = ten_events(folder.path()).await;
    store.append(beginning(shop_named("other"))).await.expect("is made");
    // The same event under another shop's name has another checksum.
    Behind::open(folder.path())
        .await
        .run(
            "INSERT INTO event (shop, seq, at, body, chain)
             SELECT 'other', 2, at, body, chain FROM event WHERE shop = 'salon' AND seq = 2",
        )
        .await;
    assert_eq!(damaged_at(store.load(&shop("other")).await), 2);
    assert!(store.load(&id).await.expect("the salon's is sound").is_some());
}

#[tokio::test]
async fn a_batch_that_does_not_follow_is_refused_alone() {
    let folder = folder();
    let (store, id) = ten_events(folder.path()).await;
    store.append(beginning(shop_named("other"))).await.expect("is made");
    let other = shop("other");
    let mut gap = joining(id.clone(), 10);
    gap.events[0].seq = 12;
    let named = Batch {
        people: vec![PersonRow {
            key: PersonKey::Visit(VisitId(10)),
            kept: Kept::for_good("Not Recorded".to_owned()),
        }],
        ..joining(id.clone(), 9)
    };
    // On one thread, all wait in the committer's mailbox before it looks: one transaction.
    let results = tokio::join!(
        store.append(named),
        store.append(gap),
        store.append(joining(id.clone(), 10)),
        store.append(joining(id.clone(), 10)),
        store.append(joining(other.clone(), 1)),
        store.append(beginning(salon())),
        store.append(joining(shop("nowhere"), 0)),
        store.append(joining(id.clone(), 11)),
    );
    let is_conflict = |result: Result<(), AppendError>| match result {
        Ok(()) => false,
        Err(AppendError::Conflict) => true,
        Err(error) => panic!("{error}"),
    };
    let conflicts = [
        is_conflict(results.0),
        is_conflict(results.1),
        is_conflict(results.2),
        is_conflict(results.3),
        is_conflict(results.4),
        is_conflict(results.5),
        is_conflict(results.6),
        is_conflict(results.7),
    ];
    assert_eq!(conflicts, [true, true, false, true, false, true, true, false]);
    let salon = store.load(&id).await.expect("sound").expect("is there");
    assert_eq!(salon.log.len(), 12);
    assert!(salon.people.is_empty(), "nothing of a refused batch is kept");
    assert_eq!(store.load(&other).await.expect("sound").expect("is there").log.len(), 2);
    assert!(store.load(&shop("nowhere")).await.expect("sound").is_none());
}

#[tokio::test]
async fn two_servers_cannot_use_one_folder() {
    let folder = folder();
    let (store, _) = ten_events(folder.path()).await;
    let second = Store::open(folder.path()).await;
    assert!(matches!(&second, Err(StoreError::InUse(_))), "{second:?}");
    let handle = store.clone();
    drop(store);
    let second = Store::open(folder.path()).await;
    assert!(matches!(&second, Err(StoreError::InUse(_))), "a handle lives: {second:?}");
    assert_eq!(read_events(folder.path(), None).await.expect("reading is free").len(), 10);
    drop(handle);
    let store = in_time("the folder is free", reopened(folder.path())).await.expect("opens");
    assert_eq!(store.shops().await.expect("reads"), [salon().id]);
}

#[tokio::test]
async fn taps_of_many_shops_cost_one_transaction() {
    const SHOPS: u64 = 100;
    let folder = folder();
    let store = Store::open(folder.path()).await.expect("opens");
    let name = |n: u64| format!("shop-{n}");
    for n in 0..SHOPS {
        store.append(beginning(shop_named(&name(n)))).await.expect("is made");
    }
    let mut behind = Behind::open(folder.path()).await;
    behind.fold().await;
    for after in 1..=3 {
        let before = transactions(folder.path());
        let appends = (0..SHOPS).map(|n| store.append(joining(shop(&name(n)), after)));
        // All are to wait in the committer's mailbox before it looks, so none gives way to it.
        let appends = tokio::task::unconstrained(futures_util::future::join_all(appends));
        for result in appends.await {
            result.expect("is appended");
        }
        assert_eq!(transactions(folder.path()) - before, 1);
    }
    for n in 0..SHOPS {
        let loaded = store.load(&shop(&name(n))).await.expect("sound").expect("is there");
        assert_eq!(loaded.log.len(), 4, "shop {n}");
    }
    assert_eq!(read_events(folder.path(), None).await.expect("sound").len(), 400);
    let one = read_events(folder.path(), Some(&shop("shop-7"))).await.expect("sound");
    assert_eq!(one.len(), 4);
}

/// How many transactions the write-ahead log holds: frames that carry the size of the database
/// end one (<https://www.sqlite.org/fileformat2.html#walformat>).
fn transactions(folder: &Path) -> usize {
    let wal = fs::read(folder.join("sooner.db-wal")).expect("is read");
    let Some((header, frames)) = wal.split_at_checked(32) else { return 0 };
    let page_bytes = u32::from_be_bytes([header[8], header[9], header[10], header[11]]) as usize;
    frames
        .chunks_exact(24 + page_bytes)
        // Frames of an earlier round of the file carry another salt.
        .take_while(|frame| frame[8..16] == header[16..24])
        .filter(|frame| frame[4..8] != [0; 4])
        .count()
}

#[tokio::test]
async fn sqlite_is_new_enough_and_its_log_is_written_ahead() {
    let folder = folder();
    let (_store, _) = ten_events(folder.path()).await;
    let mut behind = Behind::open(folder.path()).await;
    let version = behind.text("SELECT sqlite_version()").await;
    let numbers: Vec<u32> = version.split('.').filter_map(|n| n.parse().ok()).collect();
    assert!(numbers.as_slice() >= &[3, 51, 3], "SQLite {version}");
    assert_eq!(behind.text("PRAGMA journal_mode").await, "wal");
    assert_eq!(behind.text("PRAGMA integrity_check").await, "ok");
}

#[tokio::test]
async fn a_file_of_a_later_version_is_left_alone() {
    let folder = folder();
    let (store, _) = ten_events(folder.path()).await;
    drop(store);
    Behind::open(folder.path()).await.run("PRAGMA user_version = 999").await;
    let error = loop {
        match Store::open(folder.path()).await {
            Err(StoreError::InUse(_)) => tokio::task::yield_now().await,
            Err(error) => break error,
            Ok(_) => panic!("opened what it cannot know"),
        }
    };
    assert!(matches!(error, StoreError::SchemaTooNew { found: 999, .. }), "{error:?}");
}

#[tokio::test]
async fn a_folder_without_a_log_is_told_as_such() {
    let folder = folder();
    let read = read_events(folder.path(), None).await;
    assert!(matches!(&read, Err(StoreError::NoLog(_))), "{read:?}");
    let file = folder.path().join("a file");
    fs::write(&file, "").expect("is written");
    let opened = Store::open(&file).await;
    assert!(matches!(&opened, Err(StoreError::Folder { .. })), "{opened:?}");
}

#[tokio::test]
async fn no_name_of_a_person_is_in_the_log() {
    let app = TestApp::open().await;
    let names = ["Kata Kovács", "Zsófia Ábrahám", "Xaver Quintus"];
    for name in names {
        let contact = Some("owner@mailbox.example".to_owned());
        app.join(Join { contact, ..named(CUT, name) }).await;
    }
    app.shop(Command::AddWalkIn(named(COLOUR, "Wolfgang Wladimir"))).await.expect("is added");
    app.shop(Command::CallNext { staff: ANNA, after: None }).await.expect("is called");
    let mut behind = Behind::open(app.folder()).await;
    let log = behind.text("SELECT body FROM event").await;
    let answers = behind.text("SELECT body FROM answer").await;
    let people = behind.text("SELECT name FROM person").await;
    assert!(log.contains("joined") && answers.contains("accepted"));
    for part in [
        "Kata", "Kov", "Zs", "brah", "Xaver", "Quintus", "Wolf", "Wlad", "Anna", "Ben", "Cleo",
        "mailbox",
    ] {
        assert!(!log.contains(part), "{part} is in the log");
        assert!(!answers.contains(part), "{part} is in an answer");
        assert!(people.contains(part), "{part} is nowhere");
    }
}

#[tokio::test]
async fn a_write_that_fails_is_told_and_leaves_nothing_behind_and_the_next_one_succeeds() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    let mut behind = Behind::open(app.folder()).await;
    // As with a full disk, SQLite takes the whole transaction back by itself.
    behind
        .run(
            "CREATE TRIGGER full BEFORE INSERT ON event
             BEGIN SELECT RAISE(ROLLBACK, 'no room'); END",
        )
        .await;
    let request = request(named(CUT, "Kata"));
    for _ in 0..2 {
        assert_eq!(app.post_join(&request).await.code(), ProblemCode::StoreUnavailable);
        assert_eq!(app.seq().await, seq);
    }
    assert!(app.wall().await.cards.is_empty());
    assert_eq!(app.get("/readyz").await.code(), ProblemCode::StoreUnavailable);
    behind.run("DROP TRIGGER full").await;
    // It finds out by itself that there is room again.
    app.advance_minutes(1).await;
    assert_eq!(app.get("/readyz").await.text(), "ok");
    let receipt: Receipt = app.post_join(&request).await.accepted();
    assert_eq!(receipt.seq, seq + 2);
    assert_eq!(app.log().await.len() as u64, seq + 2);
}

#[tokio::test]
async fn names_are_erased_after_their_time_and_the_log_stays() {
    let app = TestApp::open().await;
    let joined = app.join(named(CUT, "Kata Kovács")).await;
    app.shop(Command::Start { visit: joined.visit(), staff: ANNA }).await.expect("starts");
    app.advance_minutes(30).await;
    app.shop(Command::Finish { visit: joined.visit() }).await.expect("finishes");
    for staff in [ANNA, BEN] {
        app.shop(Command::GoOffDuty { staff }).await.expect("goes home");
    }
    let before = app.log().await;
    // Nobody taps anything any more.
    app.jump_to(NINE + 31 * 24 * 60 * MINUTE_MS).await;
    app.settled().await;
    let mut behind = Behind::open(app.folder()).await;
    let people = behind.text("SELECT name FROM person ORDER BY name").await;
    assert_eq!(people, "Anna\nBen\nCleo", "who works there stays");
    assert_eq!(app.log().await[..before.len()], before[..]);
    behind.fold().await;
    let bytes = fs::read(app.folder().join("sooner.db")).expect("is read");
    let name = "Kata Kov".as_bytes();
    assert!(!bytes.windows(name.len()).any(|w| w == name), "not a trace in the file");
}

#[tokio::test]
async fn keys_are_stored_hashed_and_survive_the_server() {
    let app = TestApp::open().await;
    let key = app.desk_key.clone();
    let app = app.restart().await;
    assert!(app.opens_desk(&key).await);
    let mut behind = Behind::open(app.folder()).await;
    behind.fold().await;
    let bytes = fs::read(app.folder().join("sooner.db")).expect("is read");
    assert!(!bytes.windows(key.len()).any(|w| w == key.as_bytes()), "not a trace in the file");
}

#[tokio::test]
async fn what_is_already_there_is_not_made_twice() {
    let folder = folder();
    let store = Store::open(folder.path()).await.expect("opens");
    let clock = Clock::Stepped(Stepped::new(Timestamp(0)));
    let shops = Registry::open(store, clock).await.expect("opens");
    shops.create(salon()).await.expect("is made");
    let again = shops.create(salon()).await;
    assert!(matches!(&again, Err(RegistryError::Append(AppendError::Conflict))), "{again:?}");
    assert_eq!(read_events(folder.path(), None).await.expect("sound").len(), 1);
}

/// A log of schema 1 as the program of that time wrote it, made into a file again.
async fn old_log(folder: &TempDir) {
    let address = format!("sqlite://{}?mode=rwc", folder.path().join("sooner.db").display());
    let connection = sql::SqliteConnection::connect(&address).await;
    let mut old = Behind(connection.expect("the file can be made"));
    old.run("PRAGMA foreign_keys = OFF").await;
    old.run(include_str!("../fixtures/log-1.sql")).await;
    old.0.close().await.expect("closes");
}

#[tokio::test]
async fn a_log_of_the_first_schema_is_read_and_goes_on() {
    let folder = folder();
    old_log(&folder).await;
    let app = TestApp::open_folder(folder).await;
    let log = app.log().await;
    assert_eq!(log[..11].iter().filter(|r| r.tap == 0).count(), 11, "nothing of it had a number");
    let shop = Shop::replay(&log).expect("the log begins with the set-up");
    assert_eq!(shop.next_visit, VisitId(4));
    let promised = shop.visits.values().filter_map(|v| v.promise()).count();
    assert_eq!(promised, 3, "as they were told then");
    let wall = app.wall().await;
    let labels: Vec<_> = wall.cards.values().map(|card| card.label.as_str()).collect();
    assert_eq!(labels, ["Anna Ko.", "Anna Kov."], "one has left, who was Anna K.");
    let keys = app.access().view(None, String::new()).await.expect("a view").keys;
    let labels: Vec<_> = keys.iter().map(|key| key.label.as_str()).collect();
    assert_eq!(labels, ["Desk link", "Tests"], "a desk's key goes on as a program's");
    let joined = app.join(named(CUT, "Peter")).await;
    app.shop(Command::Undo { visit: joined.visit() }).await.expect("new taps can be taken back");
}
