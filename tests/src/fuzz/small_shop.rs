//! Shops with somebody in every place of them, and forecasts of few futures: they decide quickly.

use std::sync::OnceLock;

use sooner_engine::view::{self, People};
use sooner_engine::{Event, Forecast, Recorded, Shop, ShopConfig, decide, on_deadline};
use sooner_server::sample::{Kind, new_shop};
use sooner_shared::command::{Booking, Choice, DelayReason, Scope};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::View;
use sooner_shared::wire::{
    Audience, Beat, ClientMessage, Delta, Position, ServerMessage, Snapshot, Stamp,
};
use sooner_shared::{
    Command, Maker, Problem, ProblemCode, Receipt, ServiceId, StaffId, Timestamp, VisitId,
};

use crate::salon::{ANNA, BEN, CLEO, CUT, NAILS, NINE, id, named, salon, wish};

/// Futures of a forecast: enough to run all of its code.
const FUTURES: u16 = 4;

/// When commands are decided.
pub(super) const NOW: Timestamp = Timestamp(NINE.0 + 10 * MINUTE_MS);

/// A shop of chairs, and one of benches, approvals and calls back.
pub(super) fn shops() -> [&'static Shop; 2] {
    [shop(), repair()]
}

/// The salon at [`NOW`]: one is served, one called, and some are in line.
fn shop() -> &'static Shop {
    static SHOP: OnceLock<Shop> = OnceLock::new();
    SHOP.get_or_init(|| {
        lived(
            salon().config,
            vec![
                (Command::GoOnDuty { staff: ANNA }, 0),
                (Command::GoOnDuty { staff: BEN }, 0),
                (Command::Join(named(CUT, "Eve Adams")), 1),
                (Command::Join(wish(CUT)), 1),
                (Command::Join(named(CUT, "Zoe")), 2),
                (Command::Join(wish(NAILS)), 2),
                (Command::CallNext { staff: ANNA, after: None }, 3),
                (Command::Start { visit: VisitId(1), staff: ANNA }, 4),
                (Command::CallNext { staff: BEN, after: None }, 5),
            ],
        )
    })
}

/// The workshop at [`NOW`]: something lies on the bench, something waits for an approval, and
/// somebody is to be rung.
fn repair() -> &'static Shop {
    static SHOP: OnceLock<Shop> = OnceLock::new();
    SHOP.get_or_init(|| {
        let [nora, tom, vera] = [1, 2, 3].map(StaffId);
        let [screen, board, rung] = [1, 2, 4].map(ServiceId);
        let on_duty = [nora, tom, vera].map(|staff| (Command::GoOnDuty { staff }, 0));
        let brought = |visit: u32, service, from| {
            let visit = VisitId(visit);
            [
                (Command::AddWalkIn(wish(service)), from),
                (Command::CallNext { staff: nora, after: None }, from),
                (Command::Start { visit, staff: nora }, from),
                (Command::Finish { visit }, from + 1),
            ]
        };
        let day =
            on_duty.into_iter().chain(brought(1, board, 0)).chain(brought(2, screen, 2)).chain([
                (Command::Start { visit: VisitId(1), staff: vera }, 4),
                (Command::Finish { visit: VisitId(1) }, 6),
                (Command::Start { visit: VisitId(2), staff: tom }, 6),
                (Command::Join(named(rung, "Ines")), 7),
                (Command::Ask { visit: VisitId(2), text: "How long?".to_owned() }, 8),
            ]);
        lived(new_shop(Kind::Repair, "Europe/Budapest").config, day.collect())
    })
}

/// A shop after some commands, each at so many minutes past nine.
fn lived(config: ShopConfig, commands: Vec<(Command, i64)>) -> Shop {
    let config = ShopConfig { paths: FUTURES, ..config };
    let mut shop = Shop::new(config.clone());
    record(&mut shop, vec![Event::Configured(Box::new(config))], NINE);
    for (command, minutes) in commands {
        let now = NINE + minutes * MINUTE_MS;
        let due = on_deadline(&shop, now);
        record(&mut shop, due, now);
        let decided = decide(&shop, &command, now);
        let events = decided.unwrap_or_else(|rejection| panic!("{command:?}: {rejection}"));
        record(&mut shop, events, now);
    }
    let due = on_deadline(&shop, NOW);
    record(&mut shop, due, NOW);
    shop
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
pub(super) fn views(shop: &Shop, now: Timestamp) -> Vec<View> {
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

/// What the store keeps of both shops: their set-ups, and an event of each command that is in
/// [`client_messages`] and that they take.
pub(super) fn events() -> Vec<Vec<u8>> {
    let mut events = Vec::new();
    for shop in shops() {
        events.push(Event::Configured(Box::new(ShopConfig::clone(&shop.config))));
        events.extend(commands().iter().flat_map(|c| decide(shop, c, NOW).unwrap_or_default()));
    }
    let write = |event| serde_json::to_vec(event).expect("events can be written");
    events.iter().map(write).collect()
}

/// What screens say on a socket.
pub(super) fn client_messages() -> Vec<Vec<u8>> {
    let taps = commands().map(|command| ClientMessage::Command {
        id: id("tap-0000001"),
        command,
        by: Some(ANNA),
        tapped_at: Some(NOW - 60_000),
    });
    let hello = ClientMessage::Hello {
        audience: Audience::Visit { link: Nobody.link(VisitId(3)) },
        resume: Some(Position { epoch: 7, rev: 2 }),
    };
    taps.into_iter().chain([hello]).map(|message| lines(&[message])).collect()
}

fn commands() -> [Command; 31] {
    let visit = VisitId(3);
    [
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
        Command::GoOnDuty { staff: CLEO },
        Command::GoOffDuty { staff: ANNA },
        Command::Hold { visit },
        Command::Call { visit, staff: BEN },
        Command::AddOn { visit: VisitId(1), service: NAILS },
        Command::AskFor { visit, staff: Some(BEN) },
        Command::ReportDelay { scope: Scope::Shop, ms: 600_000, reason: DelayReason::Work },
        Command::Approve { visit: VisitId(1) },
        Command::AskApproval { visit: VisitId(1), by: NOW + 30 * MINUTE_MS },
        Command::ExpectPart {
            visit: VisitId(1),
            likely_at: NOW + 60 * MINUTE_MS,
            latest_at: NOW + 90 * MINUTE_MS,
        },
        Command::Answer { visit: VisitId(2), text: "Not long.".to_owned() },
        Command::TakeRemedy {
            command: Box::new(Command::CallNext { staff: BEN, after: None }),
            saves: vec![visit],
        },
        Command::MakeGood { visit, with: Some(0) },
    ]
}

fn lines<T: serde::Serialize>(messages: &[T]) -> Vec<u8> {
    let write = |message| serde_json::to_string(message).expect("messages can be written");
    messages.iter().map(write).collect::<Vec<_>>().join("\n").into_bytes()
}
