use std::pin::Pin;
use std::task::{Context, Poll};

use futures_channel::mpsc;
use sooner_shared::wire::{Delta, Snapshot};
use sooner_shared::{ProblemCode, Timestamp};

use super::*;
use crate::clock::{Clock, Stepped};
use crate::shops::Registry;
use crate::shops::fake::{DESK_KEY, EPOCH, FakeShop};
use crate::store::Store;

/// The server's end of a socket that is two channels.
struct Pipe {
    from_peer: mpsc::Receiver<Result<Message, axum::Error>>,
    to_peer: mpsc::Sender<Message>,
}

impl Stream for Pipe {
    type Item = Result<Message, axum::Error>;
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.from_peer.poll_next_unpin(cx)
    }
}

impl Sink<Message> for Pipe {
    type Error = axum::Error;
    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), axum::Error>> {
        self.to_peer.poll_ready_unpin(cx).map_err(axum::Error::new)
    }
    fn start_send(mut self: Pin<&mut Self>, item: Message) -> Result<(), axum::Error> {
        self.to_peer.start_send_unpin(item).map_err(axum::Error::new)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), axum::Error>> {
        self.to_peer.poll_flush_unpin(cx).map_err(axum::Error::new)
    }
    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), axum::Error>> {
        self.to_peer.poll_close_unpin(cx).map_err(axum::Error::new)
    }
}

/// The test's end.
struct Peer {
    to_server: mpsc::Sender<Result<Message, axum::Error>>,
    from_server: mpsc::Receiver<Message>,
}

impl Peer {
    async fn say(&mut self, text: impl Into<String>) {
        let message = Message::Text(text.into().into());
        self.to_server.send(Ok(message)).await.expect("the session listens");
    }

    async fn tap(&mut self, n: usize) {
        self.say(format!(
            r#"{{"command":{{"id":"command-{n}","command":{{"check_in":{{"visit":7}}}}}}}}"#
        ))
        .await;
    }

    /// The next message of the protocol; pings are passed over.
    async fn hear(&mut self) -> ServerMessage {
        loop {
            match self.from_server.next().await.expect("the session goes on") {
                Message::Text(text) => {
                    return serde_json::from_str(&text).expect("a message of the protocol");
                }
                Message::Ping(_) => {}
                other => panic!("unexpected {other:?}"),
            }
        }
    }

    /// What the session is closed with, whatever comes before.
    async fn closed_with(&mut self) -> Option<u16> {
        while let Some(message) = self.from_server.next().await {
            if let Message::Close(frame) = message {
                return frame.map(|f| f.code);
            }
        }
        None
    }
}

struct Fixture {
    app: App,
    shop: FakeShop,
    _folder: tempfile::TempDir,
}

impl Fixture {
    /// Opens the store in real time, then stops time: from there on only the session's own timers
    /// move it.
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).await.expect("opens");
        let clock = Clock::Stepped(Stepped::new(Timestamp(0)));
        let shops = Registry::open(store, clock.clone()).await.expect("opens");
        let shop = FakeShop::start("salon");
        shops.insert(shop.handle.clone());
        tokio::time::pause();
        Self { app: App::new(shops, clock), shop, _folder: folder }
    }

    fn connect(&self) -> Peer {
        let (to_server, from_peer) = mpsc::channel(64);
        let (to_peer, from_server) = mpsc::channel(0);
        let address = std::net::IpAddr::from([192, 0, 2, 1]);
        let client = crate::reach::Client { address, is_https: false };
        let visitor = Visitor { client, headers: axum::http::HeaderMap::new() };
        tokio::spawn(run(Pipe { from_peer, to_peer }, self.app.clone(), visitor));
        Peer { to_server, from_server }
    }

    async fn lobby(&self) -> Peer {
        let mut peer = self.connect();
        peer.say(r#"{"hello":{"audience":{"lobby":{"shop":"salon"}}}}"#).await;
        assert!(matches!(peer.hear().await, ServerMessage::Snapshot(_)));
        assert!(matches!(peer.hear().await, ServerMessage::Beat(_)));
        peer
    }

    async fn phone(&self) -> Peer {
        let mut peer = self.connect();
        let link = self.shop.link(7);
        peer.say(format!(r#"{{"hello":{{"audience":{{"visit":{{"link":"{link}"}}}}}}}}"#)).await;
        assert!(matches!(peer.hear().await, ServerMessage::Snapshot(_)));
        assert!(matches!(peer.hear().await, ServerMessage::Beat(_)));
        peer
    }
}

fn mark_of(message: &ServerMessage) -> (&'static str, u64) {
    match message {
        ServerMessage::Snapshot(Snapshot { stamp, .. }) => ("snapshot", stamp.rev),
        ServerMessage::Delta(Delta { stamp, .. }) => ("delta", stamp.rev),
        ServerMessage::Beat(beat) => ("beat", beat.rev),
        ServerMessage::Accepted { .. } => ("accepted", 0),
        ServerMessage::Refused { .. } => ("refused", 0),
    }
}

#[tokio::test]
async fn a_peer_that_says_nothing_is_closed_after_five_seconds() {
    let fixture = Fixture::new().await;
    let started = Instant::now();
    let mut peer = fixture.connect();
    assert_eq!(peer.closed_with().await, Some(CloseCode::HelloTimeout.number()));
    assert_eq!(started.elapsed().as_secs(), 5);
}

#[tokio::test]
async fn what_is_no_hello_is_refused_with_its_reason_and_closed() {
    let fixture = Fixture::new().await;
    for bad in [
        "",
        "[]",
        r#"{"hello":{}}"#,
        r#"{"command":{"id":"command-1","command":{"finish":{"visit":1}}}}"#,
    ] {
        let mut peer = fixture.connect();
        peer.say(bad).await;
        let ServerMessage::Refused { id: None, problem } = peer.hear().await else {
            panic!("{bad} was taken");
        };
        assert_eq!(problem.code, ProblemCode::MalformedMessage);
        assert_eq!(peer.closed_with().await, Some(CloseCode::MalformedMessage.number()));
    }
}

#[tokio::test]
async fn a_stranger_is_told_by_the_close_code_not_to_come_back() {
    let fixture = Fixture::new().await;
    for (audience, code) in [
        (r#"{"lobby":{"shop":"elsewhere"}}"#, CloseCode::UnknownShop),
        (r#"{"desk":{"shop":"salon","key":"guessed"}}"#, CloseCode::NotAllowed),
        (r#"{"visit":{"link":"salon.7.AAAAAAAAAAAAAAAAAAAAAA"}}"#, CloseCode::UnknownVisit),
    ] {
        let mut peer = fixture.connect();
        peer.say(format!(r#"{{"hello":{{"audience":{audience}}}}}"#)).await;
        assert_eq!(peer.closed_with().await, Some(code.number()), "{audience}");
    }
}

#[tokio::test]
async fn a_follower_gets_the_snapshot_and_then_each_delta() {
    let fixture = Fixture::new().await;
    let mut peer = fixture.lobby().await;
    for rev in 2..5 {
        fixture.shop.show(rev);
        assert_eq!(mark_of(&peer.hear().await), ("delta", rev as u64));
    }
}

#[tokio::test]
async fn who_comes_back_gets_only_what_is_missing() {
    let fixture = Fixture::new().await;
    fixture.shop.show(1);
    fixture.shop.show(2); // revision 3
    for (epoch, rev, expected) in [
        (EPOCH, 3, ("beat", 3)),
        (EPOCH, 2, ("delta", 3)),
        (EPOCH, 1, ("snapshot", 3)),
        (EPOCH, 9, ("snapshot", 3)),
        (EPOCH + 1, 3, ("snapshot", 3)),
    ] {
        let mut peer = fixture.connect();
        peer.say(format!(
            r#"{{"hello":{{"audience":{{"lobby":{{"shop":"salon"}}}},"resume":{{"epoch":{epoch},"rev":{rev}}}}}}}"#
        ))
        .await;
        assert_eq!(mark_of(&peer.hear().await), expected, "from {epoch}/{rev}");
    }
}

#[tokio::test]
async fn a_slow_reader_gets_the_newest_state_not_every_state() {
    let fixture = Fixture::new().await;
    let mut peer = fixture.lobby().await;
    for mark in 1..=50 {
        fixture.shop.show(mark);
        tokio::task::yield_now().await;
    }
    let mut heard = vec![mark_of(&peer.hear().await)];
    while heard.last() != Some(&("snapshot", 51)) {
        heard.push(mark_of(&peer.hear().await));
        assert!(heard.len() < 5, "stale frames were queued: {heard:?}");
    }
}

#[tokio::test]
async fn a_peer_that_never_reads_is_dropped() {
    let fixture = Fixture::new().await;
    let mut peer = fixture.lobby().await;
    let started = Instant::now();
    // Nothing is read from here on; the first beats fill what little is buffered.
    let pong = || Ok(Message::Pong(axum::body::Bytes::new()));
    while peer.to_server.send(pong()).await.is_ok() {
        tokio::time::advance(Duration::from_secs(5)).await;
    }
    assert!(started.elapsed() >= WRITE_WITHIN);
    assert!(started.elapsed() <= Duration::from_mins(2));
}

#[tokio::test]
async fn beats_come_every_fifteen_seconds_and_silence_ends_the_session() {
    let fixture = Fixture::new().await;
    let started = Instant::now();
    let mut peer = fixture.lobby().await;
    assert_eq!(mark_of(&peer.hear().await), ("beat", 1));
    assert_eq!(started.elapsed().as_secs(), 15);
    assert_eq!(mark_of(&peer.hear().await), ("beat", 1));
    assert_eq!(peer.closed_with().await, Some(CloseCode::Silent.number()));
    assert_eq!(started.elapsed().as_secs(), 45);
}

#[tokio::test]
async fn a_shop_that_cannot_write_is_not_vouched_for() {
    let fixture = Fixture::new().await;
    let mut peer = fixture.lobby().await;
    fixture.shop.set_can_write(false);
    for _ in 0..3 {
        assert!(matches!(peer.from_server.next().await, Some(Message::Ping(_))), "no beat");
        let pong = Message::Pong(axum::body::Bytes::new());
        peer.to_server.send(Ok(pong)).await.expect("the session listens");
    }
    fixture.shop.set_can_write(true);
    assert_eq!(mark_of(&peer.hear().await), ("beat", 1));
}

#[tokio::test]
async fn a_pong_keeps_the_session() {
    let fixture = Fixture::new().await;
    let mut peer = fixture.lobby().await;
    for _ in 0..20 {
        assert_eq!(mark_of(&peer.hear().await), ("beat", 1));
        let pong = Message::Pong(axum::body::Bytes::new());
        peer.to_server.send(Ok(pong)).await.expect("the session listens");
    }
}

#[tokio::test]
async fn more_than_a_person_taps_is_refused_until_time_has_passed() {
    let mut fixture = Fixture::new().await;
    let mut peer = fixture.phone().await;
    let mut answers = Vec::new();
    for n in 0..60 {
        peer.tap(n).await;
        answers.push(mark_of(&peer.hear().await).0);
    }
    assert_eq!(answers.iter().filter(|a| **a == "accepted").count(), 40);
    tokio::time::advance(Duration::from_secs(1)).await;
    peer.tap(60).await;
    assert_eq!(mark_of(&peer.hear().await).0, "accepted");
    let mut reached = 0;
    while fixture.shop.commands.try_recv().is_ok() {
        reached += 1;
    }
    assert_eq!(reached, 41);
}

#[tokio::test]
async fn each_audience_may_do_only_its_own() {
    let mut fixture = Fixture::new().await;
    let desk = format!(r#"{{"desk":{{"shop":"salon","key":"{DESK_KEY}"}}}}"#);
    let phone = format!(r#"{{"visit":{{"link":"{}"}}}}"#, fixture.shop.link(7));
    let lobby = r#"{"lobby":{"shop":"salon"}}"#.to_owned();
    for (audience, command, allowed) in [
        (&desk, r#"{"finish":{"visit":7}}"#, true),
        (&desk, r#"{"join":{"service":1}}"#, false),
        (&lobby, r#"{"leave":{"visit":7}}"#, false),
        (&lobby, r#"{"join":{"service":1}}"#, false),
        (&phone, r#"{"leave":{"visit":7}}"#, true),
        (&phone, r#"{"check_in":{"visit":7}}"#, true),
        (&phone, r#"{"leave":{"visit":8}}"#, false),
        (&phone, r#"{"come_back":{"visit":7}}"#, true),
        (&phone, r#"{"rate_wait":{"visit":7,"felt":"good"}}"#, true),
        (&phone, r#"{"rate_wait":{"visit":8,"felt":"good"}}"#, false),
        (&desk, r#"{"come_back":{"visit":7}}"#, false),
        (&desk, r#"{"rate_wait":{"visit":7,"felt":"good"}}"#, false),
        (&desk, r#"{"confirm_start":{"visit":7,"right":true}}"#, false),
        (&phone, r#"{"start":{"visit":7,"staff":1}}"#, false),
    ] {
        let mut peer = fixture.connect();
        peer.say(format!(r#"{{"hello":{{"audience":{audience}}}}}"#)).await;
        assert_eq!(mark_of(&peer.hear().await).0, "snapshot");
        assert_eq!(mark_of(&peer.hear().await).0, "beat");
        peer.say(format!(r#"{{"command":{{"id":"command-1","command":{command}}}}}"#)).await;
        let was_allowed = match peer.hear().await {
            ServerMessage::Accepted { .. } => true,
            ServerMessage::Refused { problem, .. } => {
                assert_eq!(problem.code, ProblemCode::NotAllowed);
                false
            }
            other => panic!("unexpected {other:?}"),
        };
        assert_eq!(was_allowed, allowed, "{audience} {command}");
        assert_eq!(fixture.shop.commands.try_recv().is_ok(), allowed);
    }
}

#[tokio::test]
async fn a_server_that_goes_down_says_so() {
    let fixture = Fixture::new().await;
    let mut peer = fixture.lobby().await;
    fixture.app.stop.cancel();
    assert_eq!(peer.closed_with().await, Some(CloseCode::ShuttingDown.number()));
}
