//! What is given the inputs, and what must hold of whatever comes of them.

use std::mem::discriminant;
use std::net::IpAddr;

use hyper::HeaderMap;
use hyper::header::{self, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sooner_engine::price::preview;
use sooner_engine::{decide, next_deadline, on_deadline};
use sooner_server::http::credentials;
use sooner_server::links::{Secrets, VisitLink};
use sooner_server::peer::Peer;
use sooner_server::reach::{Reach, network};
use sooner_server::sample::Kind;
use sooner_server::setup::{FILE_MAX_BYTES, SetUp};
use sooner_server::text;
use sooner_shared::access::{
    Claim, Confirm, FirstRun, NewKey, NewPassword, NewPin, PairingRequest, PinIn, SignIn,
};
use sooner_shared::command::{Join, JoinRequest, NAME_MAX_CHARS, VisitRequest};
use sooner_shared::price::PreviewRequest;
use sooner_shared::screen::{Follower, desk, desk_actions, doors, lobby, phone, tags, why};
use sooner_shared::set_up::SetUpForm;
use sooner_shared::view::View;
use sooner_shared::wire::{Audience, ClientMessage, ServerMessage};
use sooner_shared::{Command, CommandId, Maker, ShopId, Timestamp, VisitId};

use super::big_shop;
use super::outcome::Outcome;
use super::small_shop::{NOW, record, shops, views};

/// What a device's clock shows, in milliseconds.
const LOCAL_MS: i64 = NOW.0;

/// What is read is written and read again as the same.
pub(super) fn json<T>(input: &[u8]) -> Result<T, serde_json::Error>
where
    T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug,
{
    let read: T = serde_json::from_slice(input)?;
    let written = serde_json::to_vec(&read).expect("what was read can be written");
    let again = serde_json::from_slice::<T>(&written).expect("what was written can be read");
    assert_eq!(read, again);
    Ok(read)
}

/// A message of a screen. A command is decided; what it does is done to a shop, forecast and shown,
/// and so is what time brings about next.
pub(super) fn socket(input: &[u8]) -> u64 {
    let mut outcome = Outcome::default();
    match json(input) {
        Ok(ClientMessage::Command { command, .. }) => carry_out(&command, &mut outcome),
        Ok(ClientMessage::Hello { audience, .. }) => outcome.add(discriminant(&audience)),
        Err(error) => outcome.refused(&error),
    }
    outcome.number()
}

fn carry_out(command: &Command, outcome: &mut Outcome) {
    outcome.add(discriminant(command));
    for shop in shops() {
        let events = match decide(shop, command, NOW) {
            Ok(events) => events,
            Err(rejection) => {
                outcome.add(discriminant(&rejection));
                continue;
            }
        };
        for event in &events {
            outcome.add(discriminant(event));
        }
        let price = preview(shop, command, NOW).expect("what is decided has a price");
        outcome.add(price.moves.len());
        let mut after = shop.clone();
        record(&mut after, events, NOW);
        drop(views(&after, NOW));
        if let Some(at) = next_deadline(&after).map(|at| at.max(NOW)) {
            let due = on_deadline(&after, at);
            record(&mut after, due, at);
        }
    }
}

/// A body as each of those that are read, and seven lines as the headers that are believed.
pub(super) fn http(input: &[u8]) -> u64 {
    fn read<T>(input: &[u8], outcome: &mut Outcome)
    where
        T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug,
    {
        match json::<T>(input) {
            Ok(_) => outcome.add("read"),
            // All of them stumble over what is no JSON; how far they came is the same then.
            Err(error) if error.is_data() => outcome.refused(&error),
            Err(error) => outcome.add(error.classify() as u8),
        }
    }
    let mut outcome = Outcome::default();
    for body in [
        read::<JoinRequest>,
        read::<Join>,
        read::<VisitRequest>,
        read::<PreviewRequest>,
        read::<FirstRun>,
        read::<SignIn>,
        read::<NewPassword>,
        read::<PairingRequest>,
        read::<Claim>,
        read::<Confirm>,
        read::<PinIn>,
        read::<NewPin>,
        read::<NewKey>,
    ] {
        body(input, &mut outcome);
    }
    form(input, &mut outcome);
    headers(input, &mut outcome);
    outcome.number()
}

/// A set-up as a page sends it; what makes sense comes back as it was sent.
fn form(input: &[u8], outcome: &mut Outcome) {
    let Ok(form) = json::<SetUpForm>(input) else {
        return;
    };
    let shop: ShopId = "salon".parse().expect("a plain word");
    match SetUp::read_form(&shop, &form) {
        Ok(read) => {
            let again = SetUp::read_form(&shop, &read.to_form()).expect("what was read is sound");
            assert_eq!(again.to_toml(), read.to_toml());
            outcome.add((read.services(), read.staff_names().len()));
        }
        Err(faults) => {
            assert!(!faults.0.is_empty());
            for fault in &faults.0 {
                outcome.add(&fault.code);
            }
        }
    }
}

/// The samples as a page sends them.
pub(super) fn forms() -> Vec<Vec<u8>> {
    let form = |kind: Kind| {
        let set_up = SetUp::read(kind.file().as_bytes()).expect("the samples have no fault");
        serde_json::to_vec(&set_up.to_form()).expect("a form is JSON")
    };
    Kind::ALL.map(form).to_vec()
}

fn headers(input: &[u8], outcome: &mut Outcome) {
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
    let client = reach.client(&proxy, &map);
    outcome.add((reach.trusts(client.address), client.is_https));
    let unproxied = reach.client(&stranger, &map);
    assert_eq!((unproxied.address, unproxied.is_https), (stranger.address, true));
    let (host, origin) = (String::from_utf8_lossy(line()), String::from_utf8_lossy(line()));
    outcome.add((reach.is_public_https(&host), reach.knows_host(&host)));
    outcome.add((network(&host).is_ok(), Reach::new(Some(&origin)).is_ok()));
    let allowed = reach.allows_origin(&origin, &host, false);
    let is_public = origin.to_ascii_lowercase().contains("wait.example");
    assert!(!allowed || is_public || reach.knows_host(&host), "{origin} may not speak to {host}");
    outcome.add(allowed);
    for name in [header::COOKIE, header::AUTHORIZATION] {
        if let Ok(value) = HeaderValue::from_bytes(line()) {
            map.append(name, value);
        }
    }
    let shop = "salon".parse().expect("a name");
    for is_https in [false, true] {
        let brought = credentials(&map, &shop, is_https);
        let is_there = |token: Option<String>| token.map(|token| token.is_empty());
        outcome.add([brought.device, brought.login, brought.shift, brought.key].map(is_there));
    }
}

fn secrets() -> Secrets {
    Secrets::new("salon".parse().expect("a name"), [7; 32])
}

/// Links that open.
pub(super) fn good_links() -> Vec<Vec<u8>> {
    [1, 7, u32::MAX].map(|visit| secrets().link(VisitId(visit)).into_bytes()).to_vec()
}

/// A text as a link, a shop's name, a command's id, a maker and a person's name. Whatever opens
/// is, taken apart, a link that was made.
pub(super) fn links(input: &[u8]) -> u64 {
    let mut outcome = Outcome::default();
    let Ok(text) = std::str::from_utf8(input) else {
        return outcome.number();
    };
    let link = text.parse::<VisitLink>();
    outcome.add(link.is_ok());
    if let Ok(link) = link
        && secrets().opens(&link)
    {
        // A number may be written as `+7` or `07`: that is still the same visit.
        let made: VisitLink = secrets().link(link.visit).parse().expect("our own link");
        assert_eq!(link, made);
        outcome.add("opens");
    }
    let shop = text.parse::<ShopId>();
    outcome.add(shop.as_ref().err().map(discriminant));
    if let Ok(shop) = shop {
        assert_eq!(shop.as_str(), text);
    }
    let id = CommandId::new(text);
    outcome.add(id.is_some());
    if let Some(id) = id {
        assert_eq!(id.as_str(), text);
    }
    let maker = text.parse::<Maker>();
    outcome.add(maker.ok());
    if let Ok(maker) = maker {
        assert_eq!(maker.to_string().parse(), Ok(maker));
    }
    let name = text::tidy(text, NAME_MAX_CHARS);
    outcome.add(name.as_ref().err().map(discriminant));
    if let Ok(name) = name {
        assert!(name.chars().count() <= NAME_MAX_CHARS, "{name:?}");
        assert_eq!(text::tidy(&name, NAME_MAX_CHARS), Ok(name));
    }
    outcome.number()
}

/// The files of the samples, without what is there for people alone.
pub(super) fn samples() -> Vec<Vec<u8>> {
    let bare = |file: &str| {
        let is_said = |line: &&str| !line.is_empty() && !line.starts_with('#');
        file.lines().filter(is_said).collect::<Vec<_>>().join("\n").into_bytes()
    };
    // The biggest one takes a hundred times as long as these, so it is one of many.
    let mut files = vec![Kind::ALL.map(|kind| bare(kind.file())); 10].concat();
    files.push(big_shop().into_bytes());
    files
}

/// A set-up, read and written.
pub(super) fn set_up(input: &[u8]) -> u64 {
    let mut outcome = Outcome::default();
    match SetUp::read(input) {
        Ok(read) => {
            assert!(read.to_toml().len() <= FILE_MAX_BYTES);
            outcome.add((read.services(), read.staff_names().len()));
            read.into_new_shop().config.check().expect("a set-up that was read is sound");
        }
        Err(faults) => {
            assert!(!faults.to_string().is_empty());
            for fault in faults.as_slice() {
                outcome.add(fault.code.as_str());
            }
        }
    }
    outcome.number()
}

/// A set-up that was read is written and read again as the same, as a file and as a page's form.
pub(super) fn set_up_comes_back(input: &[u8]) {
    let Ok(read) = SetUp::read(input) else {
        return;
    };
    let written = read.to_toml();
    let again = SetUp::read(written.as_bytes()).expect("what was written can be read");
    assert_eq!(read, again);
    assert_eq!(written, again.to_toml());
    let form = SetUp::read_form(read.shop(), &read.to_form()).expect("it is sound");
    assert_eq!(written, form.to_toml());
}

/// Lines as messages of the server, to a screen that shows whatever they leave it with.
pub(super) fn browser(input: &[u8]) -> u64 {
    let mut outcome = Outcome::default();
    let mut follower = Follower::default();
    follower.connecting(LOCAL_MS);
    follower.opened(Audience::Visit { link: String::new() }, LOCAL_MS);
    for (local_ms, line) in (LOCAL_MS..).step_by(999).zip(input.split(|byte| *byte == b'\n')) {
        let message = match json::<ServerMessage>(line) {
            Ok(message) => message,
            Err(error) => {
                outcome.refused(&error);
                continue;
            }
        };
        outcome.add(discriminant(&message));
        outcome.add(discriminant(&follower.take(message, local_ms)));
        outcome.add(follower.state(local_ms).as_str());
        outcome.add(follower.is_to_be_given_up(local_ms));
        let now = follower.shop_now(local_ms + 86_400_000);
        if let Some(view) = follower.view() {
            show(view, now);
        }
    }
    follower.closed(1006);
    follower.opened(Audience::Visit { link: String::new() }, LOCAL_MS);
    outcome.number()
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
