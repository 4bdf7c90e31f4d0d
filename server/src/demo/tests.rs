//! Some days in each sample shop.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use sooner_shared::command::Join;
use sooner_shared::view::{Stage, View};
use sooner_shared::wire::Snapshot;
use sooner_shared::{Command, CommandId, ServiceId};

use super::*;
use crate::store::read_events;

fn options(kind: Kind, data: Option<&Path>) -> Options {
    // Few futures: these tests are about nobody being lost, not about promises being kept.
    Options { paths: Some(32), data: data.map(Path::to_owned), ..Options::new(kind, 2) }
}

async fn nobody_is_lost(kind: Kind) {
    // The salon is closed on Mondays.
    let days = if kind == Kind::Salon { 3 } else { 2 };
    let folder = tempfile::tempdir().expect("a folder");
    let lived = live_through(&options(kind, Some(folder.path())), days, 0).await.expect("lives");
    let Lived { report, counts } = &lived;
    assert_eq!(counts.unexpected, [], "{kind:?}");
    let Ends { done, left, no_show, still_there } = report.ends;
    assert_eq!(report.visits, done + left + no_show + still_there, "{report}");
    assert!(report.visits >= counts.joined + counts.booked, "{report}");
    assert!(done * 2 > report.visits, "{report}");
    for kept in &report.promises {
        let ended = kept.kept_count + kept.broken + kept.left_before + kept.void + kept.released;
        assert_eq!(kept.first, ended + kept.open, "{report}");
        assert!(kept.made >= kept.first, "{report}");
    }

    let again = live_through(&options(kind, None), days, 0).await.expect("lives");
    assert_eq!(again, lived);
    assert_eq!(again.report.to_string(), report.to_string());

    // The shop is there, with its events, for whoever wants to look.
    let events = read_events(folder.path(), None).await.expect("reads");
    assert!(events.len() > 100);
    let error = live_through(&options(kind, Some(folder.path())), 1, 0).await;
    assert!(matches!(error, Err(DemoError::HasShop(_))), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_salon_nobody_is_lost_and_the_same_seed_is_the_same_again() {
    nobody_is_lost(Kind::Salon).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_repair_shop_nobody_is_lost_and_the_same_seed_is_the_same_again() {
    nobody_is_lost(Kind::Repair).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_clinic_nobody_is_lost_and_the_same_seed_is_the_same_again() {
    nobody_is_lost(Kind::Clinic).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_warm_up_leaves_the_first_promises_out() {
    let all = live_through(&options(Kind::Salon, None), 3, 0).await.expect("lives").report;
    let late = live_through(&options(Kind::Salon, None), 3, 2).await.expect("lives").report;
    assert_eq!(late.visits, all.visits);
    assert!(late.promises[0].made < all.promises[0].made, "{late}");
    let nothing = live_through(&options(Kind::Salon, None), 1, 1).await.expect("lives").report;
    assert_eq!(nothing.promises, []);
}

/// Whether the server answers to who asks for this name.
async fn answers_as(server: SocketAddr, name: &str) -> bool {
    let mut stream = TcpStream::connect(server).await.expect("the server is there");
    let request = format!("GET /livez HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    answer.starts_with("HTTP/1.1 200")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_that_is_watched_is_busy_at_once_and_its_screens_know_how_fast_it_runs() {
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let look = async |shops: &Registry, address: SocketAddr| {
        let shop = shops.get(&"salon".parse().expect("a name")).expect("the shop");
        let wall = crate::shops::Audience::Lobby;
        let frame = shop.watch(wall).await.expect("a wall").borrow().clone();
        assert!(frame.stamp.seq > 20, "something has happened");
        let mut lobby = Screen::connect(address, Audience::Lobby { shop: shop.id().clone() })
            .await
            .expect("connects");
        assert!(answers_as(address, "wait.example").await, "its public address is its own");
        assert!(!answers_as(address, "evil.example").await);
        lobby.take_arrived().expect("is well");
        lobby.lobby().expect("a wall").head.staff.iter().filter(|one| one.on_duty).count()
    };
    let stop = tokio::time::sleep(std::time::Duration::from_secs(1)); // tidy: what is watched takes its time
    let reach = Reach::new(Some("https://wait.example/")).expect("an address");
    let watched = show(&options(Kind::Salon, None), listen, reach, 120.0, look, stop).await;
    assert!(watched.expect("is shown") > 0, "somebody is on duty");
}

/// Joins as somebody real does, at the counter of the salon, and waits until they sit.
async fn is_served(shop: &ShopHandle) {
    let id = |text: &str| CommandId::new(text).expect("a plain word");
    let by = Maker::Customer;
    let joined = shop.command(id("join-0001"), Command::Join(Join::new(ServiceId(1))), by).await;
    let visit = joined.expect("joins").visit.expect("a visit");
    shop.command(id("here-0001"), Command::CheckIn { visit }, by).await.expect("is here");
    let mut frames = shop.watch(crate::shops::Audience::Desk).await.expect("a desk");
    loop {
        let board = frames.borrow_and_update().clone();
        let seen: Snapshot = serde_json::from_slice(&board.body()).expect("a snapshot");
        let View::Desk(desk) = seen.view else { panic!("not a desk") };
        if desk.cards.get(&visit).is_some_and(|card| card.stage == Stage::Serving) {
            return;
        }
        frames.changed().await.expect("the shop is there");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_tries_a_demo_with_their_own_phone_is_served() {
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let (tell, hear) = tokio::sync::oneshot::channel();
    let look = async |shops: &Registry, _: SocketAddr| {
        let shop = shops.get(&"salon".parse().expect("a name")).expect("the shop");
        assert!(tell.send(shop).is_ok(), "somebody waits for it");
    };
    let stop = async {
        let shop = hear.await.expect("the demo has begun");
        let patience = std::time::Duration::from_mins(1);
        let served = tokio::time::timeout(patience, is_served(&shop)).await;
        served.expect("somebody takes them");
    };
    let options = options(Kind::Salon, None);
    let shown = show(&options, listen, Reach::default(), 600.0, look, stop).await;
    shown.expect("is shown");
}
