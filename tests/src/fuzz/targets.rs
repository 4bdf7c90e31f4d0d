//! What is given the inputs, and what must hold of whatever comes of them.

use std::net::IpAddr;

use hyper::HeaderMap;
use hyper::header::HeaderValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sooner_engine::decide;
use sooner_server::links::{Secrets, VisitLink};
use sooner_server::peer::Peer;
use sooner_server::reach::{Reach, network};
use sooner_server::sample::Kind;
use sooner_server::setup::SetUp;
use sooner_shared::access::{
    Claim, Confirm, FirstRun, NewKey, NewPassword, NewPin, PairingRequest, PinIn, SignIn,
};
use sooner_shared::command::{Join, JoinRequest, VisitRequest};
use sooner_shared::screen::{Follower, desk, desk_actions, doors, lobby, phone, tags, why};
use sooner_shared::view::View;
use sooner_shared::wire::{Audience, ClientMessage, ServerMessage};
use sooner_shared::{CommandId, Maker, ShopId, Timestamp, VisitId};

use super::small_shop::{NOW, record, shop};

/// What a device's clock shows, in milliseconds.
const LOCAL_MS: i64 = NOW.0;

/// What is read is written and read again as the same.
fn json<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(input: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(input).ok()?;
    let written = serde_json::to_vec(&read).expect("what was read can be written");
    let again = serde_json::from_slice::<T>(&written).expect("what was written can be read");
    assert_eq!(read, again);
    Some(read)
}

/// A message of a screen; a command is decided, and what it does is done to a shop.
pub(super) fn socket(input: &[u8]) {
    let Some(ClientMessage::Command { command, .. }) = json(input) else { return };
    if let Ok(events) = decide(shop(), &command, NOW) {
        record(&mut shop().clone(), events, NOW);
    }
}

/// A body as each of those that are read, and three lines as the headers that are believed.
pub(super) fn http(input: &[u8]) {
    json::<JoinRequest>(input);
    json::<Join>(input);
    json::<VisitRequest>(input);
    json::<FirstRun>(input);
    json::<SignIn>(input);
    json::<NewPassword>(input);
    json::<PairingRequest>(input);
    json::<Claim>(input);
    json::<Confirm>(input);
    json::<PinIn>(input);
    json::<NewPin>(input);
    json::<NewKey>(input);
    headers(input);
}

fn headers(input: &[u8]) {
    let public = Reach::new(Some("https://wait.example")).expect("an address");
    let reach = public.behind(vec![network("10.0.0.0/8").expect("a network")]);
    let proxy = Peer::new(IpAddr::from([10, 0, 0, 1]), false);
    let stranger = Peer::new(IpAddr::from([192, 0, 2, 1]), true);
    let mut lines = input.split(|byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let mut map = HeaderMap::new();
    for name in ["x-forwarded-for", "x-forwarded-for", "x-forwarded-proto"] {
        // What is no header's value never comes so far.
        if let Ok(value) = HeaderValue::from_bytes(line()) {
            map.append(name, value);
        }
    }
    let _ = reach.client(&proxy, &map);
    let unproxied = reach.client(&stranger, &map);
    assert_eq!((unproxied.address, unproxied.is_https), (stranger.address, true));
    let (host, origin) = (String::from_utf8_lossy(line()), String::from_utf8_lossy(line()));
    let _ = reach.is_public_https(&host);
    let _ = network(&host);
    let _ = Reach::new(Some(&origin));
    let allowed = reach.allows_origin(&origin, &host, false);
    let is_public = origin.to_ascii_lowercase().contains("wait.example");
    assert!(!allowed || is_public || reach.knows_host(&host), "{origin} may not speak to {host}");
}

fn secrets() -> Secrets {
    Secrets::new("salon".parse().expect("a name"), [7; 32])
}

/// Links that open.
pub(super) fn good_links() -> Vec<Vec<u8>> {
    [1, 7, u32::MAX].map(|visit| secrets().link(VisitId(visit)).into_bytes()).to_vec()
}

/// A text as a link, a shop's name, a command's id and a maker. Whatever opens
/// is, taken apart, a link that was made.
pub(super) fn links(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(link) = text.parse::<VisitLink>()
        && secrets().opens(&link)
    {
        // A number may be written as `+7` or `07`: that is still the same visit.
        let made: VisitLink = secrets().link(link.visit).parse().expect("our own link");
        assert_eq!(link, made);
    }
    if let Ok(shop) = text.parse::<ShopId>() {
        assert_eq!(shop.as_str(), text);
    }
    if let Some(id) = CommandId::new(text) {
        assert_eq!(id.as_str(), text);
    }
    if let Ok(maker) = text.parse::<Maker>() {
        assert_eq!(maker.to_string().parse(), Ok(maker));
    }
}

/// The files of the samples.
pub(super) fn samples() -> Vec<Vec<u8>> {
    Kind::ALL.map(|kind| kind.file().as_bytes().to_vec()).to_vec()
}

/// A set-up; what is read is written and read again as the same, and is a shop that can be made.
pub(super) fn set_up(input: &[u8]) {
    match SetUp::read(input) {
        Ok(read) => {
            let written = read.to_toml();
            let again = SetUp::read(written.as_bytes()).expect("what was written can be read");
            assert_eq!(read, again);
            assert_eq!(written, again.to_toml());
            read.into_new_shop().config.check().expect("a set-up that was read is sound");
        }
        Err(faults) => assert!(!faults.to_string().is_empty()),
    }
}

/// Lines as messages of the server, to a screen that shows whatever they leave it with.
pub(super) fn browser(input: &[u8]) {
    let mut follower = Follower::default();
    follower.connecting(LOCAL_MS);
    follower.opened(Audience::Visit { link: String::new() }, LOCAL_MS);
    for (local_ms, line) in (LOCAL_MS..).step_by(999).zip(input.split(|byte| *byte == b'\n')) {
        let Ok(message) = serde_json::from_slice::<ServerMessage>(line) else { continue };
        follower.take(message, local_ms);
        let _ = (follower.state(local_ms), follower.is_to_be_given_up(local_ms));
        let now = follower.shop_now(local_ms + 86_400_000);
        if let Some(view) = follower.view() {
            show(view, now);
        }
    }
    follower.closed(1006);
    follower.opened(Audience::Visit { link: String::new() }, LOCAL_MS);
}

/// What a screen thinks of a view.
fn show(view: &View, now: Option<Timestamp>) {
    match view {
        View::Lobby(board) => {
            let _ = (lobby::Rows::of(board), doors::takes_people(&board.head));
            board.cards.values().for_each(|card| drop(tags::of_lobby(card)));
        }
        View::Desk(board) => {
            for (visit, card) in &board.cards {
                let _ = desk_actions::actions(card, now);
                let _ = (tags::of_desk(board, *visit), why::of_desk(board, *visit));
                let _ = desk::hand_over_to(board, *visit);
                let _ = desk::free_chairs(board, *visit);
            }
            for person in &board.head.staff {
                let _ = desk::offered_to(board, person.id);
            }
        }
        View::Visit(visit) => {
            let _ = (phone::offers(visit, now), phone::called_earlier_min(visit));
            let _ = why::of_phone(visit);
        }
    }
}
