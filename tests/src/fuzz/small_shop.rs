//! A shop with somebody in every place of it, and forecasts of few futures: it decides quickly.

use std::sync::OnceLock;

use sooner_engine::view::{self, People};
use sooner_engine::{Event, Forecast, Recorded, Shop, decide};
use sooner_shared::command::{Booking, Choice};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::View;
use sooner_shared::wire::{
    Audience, Beat, ClientMessage, Delta, Position, ServerMessage, Snapshot, Stamp,
};
use sooner_shared::{Command, Maker, Problem, ProblemCode, Receipt, StaffId, Timestamp, VisitId};

use crate::salon::{ANNA, BEN, CUT, NAILS, NINE, id, named, salon, wish};

/// Futures of a forecast: enough to run all of its code.
const FUTURES: u16 = 4;

/// When commands are decided.
pub(super) const NOW: Timestamp = Timestamp(NINE.0 + 10 * MINUTE_MS);

/// The shop at [`NOW`], with two served, one called back and some in line.
pub(super) fn shop() -> &'static Shop {
    static SHOP: OnceLock<Shop> = OnceLock::new();
    SHOP.get_or_init(|| {
        let config = sooner_engine::ShopConfig { paths: FUTURES, ..salon().config };
        let mut shop = Shop::new(config.clone());
        record(&mut shop, vec![Event::Configured(Box::new(config))], NINE);
        for (command, minutes) in [
            (Command::GoOnDuty { staff: ANNA }, 0),
            (Command::GoOnDuty { staff: BEN }, 0),
            (Command::Join(named(CUT, "Eve Adams")), 1),
            (Command::Join(wish(CUT)), 1),
            (Command::Join(named(CUT, "Zoe")), 2),
            (Command::Join(wish(NAILS)), 2),
            (Command::CallNext { staff: ANNA, after: None }, 3),
            (Command::Start { visit: VisitId(1), staff: ANNA }, 4),
            (Command::CallNext { staff: BEN, after: None }, 5),
        ] {
            let now = NINE + minutes * MINUTE_MS;
            let events = decide(&shop, &command, now).expect("the small shop's day is sound");
            record(&mut shop, events, now);
        }
        shop
    })
}

/// Adds events to a shop as one tap.
pub(super) fn record(shop: &mut Shop, events: Vec<Event>, at: Timestamp) {
    let tap = shop.seq + 1;
    for event in events {
        let seq = shop.seq + 1;
        shop.apply(&Recorded { seq, at, tap, by: Maker::Operator, event });
    }
}

struct Nobody;

impl People for Nobody {
    fn label(&self, _: VisitId) -> Option<&str> {
        Some("Eve A.")
    }

    fn contact(&self, _: VisitId) -> Option<&str> {
        Some("eve@example.com")
    }

    fn kept_until(&self, _: VisitId) -> Option<Timestamp> {
        Some(NOW + 60 * MINUTE_MS)
    }

    fn visit_name(&self, _: VisitId) -> Option<&str> {
        Some("Eve Adams")
    }
    fn staff_name(&self, _: StaffId) -> Option<&str> {
        None
    }
    fn question(&self, _: VisitId) -> Option<&str> {
        Some("May I bring a dog?")
    }
    fn answer(&self, _: VisitId) -> Option<&str> {
        None
    }
    fn link(&self, visit: VisitId) -> String {
        format!("salon.{visit}.AAAAAAAAAAAAAAAAAAAAAA")
    }
}

/// What the three kinds of screens are shown of it.
fn views(shop: &Shop, now: Timestamp) -> Vec<View> {
    let forecast = Forecast::run(shop, now);
    let phone = view::visit(shop, "salon", &forecast, &Nobody, VisitId(3), now);
    let mut views = vec![
        View::Lobby(view::lobby(shop, &forecast, &Nobody, now)),
        View::Desk(view::desk(shop, &forecast, &Nobody, now)),
    ];
    views.extend(phone.map(|phone| View::Visit(Box::new(phone))));
    views
}

/// What the server says on a socket, a line a message: a whole view, a change of it, a beat and
/// answers.
pub(super) fn server_messages() -> Vec<Vec<u8>> {
    let mut later = shop().clone();
    let after = NOW + MINUTE_MS;
    let join = Command::Join(named(CUT, "Ann"));
    record(&mut later, decide(shop(), &join, after).expect("the line is open"), after);
    let stamp = |rev, at| Stamp { epoch: 7, rev, seq: 20 + rev, at };
    let tap = id("tap-0000001");
    let receipt = Receipt { seq: 21, visit: Some(VisitId(5)), by: Some(after), link: None };
    views(shop(), NOW)
        .into_iter()
        .zip(views(&later, after))
        .map(|(before, after_it)| {
            let diff = before.diff(&after_it);
            let mut messages =
                vec![ServerMessage::Snapshot(Snapshot { stamp: stamp(1, NOW), view: before })];
            messages.extend(
                diff.map(|diff| ServerMessage::Delta(Delta { stamp: stamp(2, after), diff })),
            );
            messages.push(ServerMessage::Beat(Beat {
                at: after,
                rate: 1.0,
                epoch: 7,
                rev: 2,
                build: "a".to_owned(),
            }));
            messages.push(ServerMessage::Accepted { id: tap.clone(), receipt: receipt.clone() });
            let problem = Problem::new(ProblemCode::TooFast);
            messages.push(ServerMessage::Refused { id: None, problem });
            lines(&messages)
        })
        .collect()
}

/// What screens say on a socket.
pub(super) fn client_messages() -> Vec<Vec<u8>> {
    let visit = VisitId(3);
    let commands = [
        Command::AddWalkIn(named(CUT, "Ann")),
        Command::Book(Booking {
            service: CUT,
            more: vec![],
            requested: Some(BEN),
            at: NOW + 60 * MINUTE_MS,
            name: Some("Ann".to_owned()),
            contact: Some("+36 1 555 0199".to_owned()),
        }),
        Command::CallNext { staff: ANNA, after: Some(VisitId(1)) },
        Command::Start { visit: VisitId(2), staff: BEN },
        Command::Finish { visit: VisitId(1) },
        Command::Leave { visit },
        Command::RunLate { visit, ms: 10 * MINUTE_MS },
        Command::ChangeServices { visit, services: vec![CUT, NAILS] },
        Command::HandOver { visit: VisitId(1), to: BEN },
        Command::PromiseNews { visit, by: NOW + 30 * MINUTE_MS },
        Command::TakeBreak { staff: BEN, ms: 15 * MINUTE_MS },
        Command::ExpectStaff { staff: StaffId(3), at: NOW + 30 * MINUTE_MS },
        Command::LeaveEarly { staff: ANNA, at: NOW + 60 * MINUTE_MS },
        Command::MoveBefore { visit: VisitId(4), before: Some(visit) },
        Command::Choose { visit, choice: Choice::At(NOW + 90 * MINUTE_MS) },
        Command::AcceptPrice {
            command: Box::new(Command::LetGoFirst { visit: VisitId(4) }),
            staff: ANNA,
            moves: vec![visit],
        },
        Command::Undo { visit: VisitId(1) },
        Command::CloseLine,
    ];
    let taps = commands.map(|command| ClientMessage::Command {
        id: id("tap-0000001"),
        command,
        by: Some(ANNA),
    });
    let hello = ClientMessage::Hello {
        audience: Audience::Visit { link: Nobody.link(visit) },
        resume: Some(Position { epoch: 7, rev: 2 }),
    };
    taps.into_iter().chain([hello]).map(|message| lines(&[message])).collect()
}

fn lines<T: serde::Serialize>(messages: &[T]) -> Vec<u8> {
    let write = |message| serde_json::to_string(message).expect("messages can be written");
    messages.iter().map(write).collect::<Vec<_>>().join("\n").into_bytes()
}
