//! The shops of the gallery, and what is said there in no language: names of people and things.

use sooner_engine::calendar::{Hours, Week};
use sooner_server::sample::{self, Kind};
use sooner_server::shops::NewShop;
use sooner_shared::command::Join;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Command, ServiceId, StaffId, Timestamp, VisitId};

use crate::app::{Joined, TestApp};
use crate::salon::{NINE, SALON, named};

/// Tuesday, 3 March 2026, 9:00 in Budapest: the samples are open.
pub(super) const TUESDAY: Timestamp = Timestamp(NINE.0 + 24 * 60 * MINUTE_MS);

pub(super) const HAIRCUT: ServiceId = ServiceId(1);
pub(super) const COLOUR: ServiceId = ServiceId(2);
pub(super) const BEARD: ServiceId = ServiceId(3);
pub(super) const MARIA: StaffId = StaffId(1);
pub(super) const BEN: StaffId = StaffId(2);
pub(super) const DAVE: StaffId = StaffId(3);

/// Services of the repair shop.
pub(super) const SCREEN_REPAIR: ServiceId = ServiceId(1);
pub(super) const BOARD_REPAIR: ServiceId = ServiceId(2);
pub(super) const BATTERY: ServiceId = ServiceId(3);
pub(super) const CALL_BACK: ServiceId = ServiceId(4);
pub(super) const DIAGNOSIS: ServiceId = ServiceId(5);

/// What shops and people are called, and what they wrote: the same in every language.
pub const WORDS: &[&str] = &[
    // Of the shop with a past.
    "Anna",
    "Ben",
    "Cleo",
    "Cut",
    "Nails",
    "Corner Salon",
    "Fix & Go",
    "Fix &amp; Go",
    "Sooner",
    "Haircut",
    "Colour",
    "Apply",
    "Take effect",
    "Finish",
    "Beard trim",
    "Cut and beard",
    "Screen repair",
    "Board repair",
    "Check in",
    "Diagnose",
    "Your approval",
    "Part",
    "Repair",
    "Test",
    "Battery swap while you wait",
    "Ask about a repair",
    "Diagnosis",
    "Maria",
    "Ben",
    "Dave",
    "Nora",
    "Tom",
    "Vera",
    "chair",
    "counter",
    "bench",
    "A coffee on us",
    "10 % off today",
    "A free fringe trim",
    "A free screen protector",
    "10 % off the repair",
    "Kata Kovács",
    "Kata K.",
    "Peter Nagy",
    "Peter N.",
    "Olga Nowak",
    "Olga N.",
    "Eszter Szabó",
    "Eszter S.",
    "Zoe Quintus",
    "Zoe Q.",
    "Maximilian-Alexander Hohenberg",
    "Maximilian-Alexander H.",
    "Bartholomew Featherstonehaugh",
    "Bartholomew F.",
    "Li",
    "Zoé Tóth",
    "Zoé T.",
    "Guest",
    "Is there parking?",
    "Behind the house.",
    "Front desk",
    "Tablet",
    "Booking system",
];

/// A shop from its sample, forecast by few futures, in the salon's place.
pub(super) fn sample_shop(kind: Kind) -> NewShop {
    let mut new = sample::new_shop(kind, "Europe/Budapest");
    new.config.paths = 64;
    // The same futures every time, so that a state that depends on them comes about.
    new.config.seed = 42;
    NewShop { id: SALON.parse().expect("a plain word"), ..new }
}

/// The sample salon, always open.
pub(super) fn open_salon() -> NewShop {
    always_open(sample_shop(Kind::Salon))
}

/// The sample repair shop, always open.
pub(super) fn open_repair() -> NewShop {
    always_open(sample_shop(Kind::Repair))
}

fn always_open(mut new: NewShop) -> NewShop {
    new.config.hours = Hours::default();
    for person in &mut new.config.staff {
        person.shifts = Hours::default();
        person.breaks = Week::default();
    }
    new
}

/// A shop on Tuesday at nine with these on duty.
pub(super) async fn staffed(new: NewShop, people: &[StaffId]) -> TestApp {
    let app = TestApp::open_with(new).await;
    app.jump_to(TUESDAY).await;
    for staff in people {
        app.on_duty(*staff).await;
    }
    app.settled().await;
    app
}

/// The open salon with Maria and Ben.
pub(super) async fn salon() -> TestApp {
    staffed(open_salon(), &[MARIA, BEN]).await
}

/// The open repair shop with all three.
pub(super) async fn repair() -> TestApp {
    staffed(open_repair(), &[StaffId(1), StaffId(2), StaffId(3)]).await
}

/// Does something in the shop, past all interfaces.
pub(super) async fn does(app: &TestApp, command: Command) {
    let shown = format!("{command:?}");
    app.shop(command).await.unwrap_or_else(|problem| panic!("{shown}: {problem:?}"));
    app.settled().await;
}

pub(super) fn with(service: ServiceId, staff: StaffId, name: &str) -> Join {
    Join { requested: Some(staff), ..named(service, name) }
}

/// Somebody is in a person's chair.
pub(super) async fn seated(
    app: &TestApp,
    staff: StaffId,
    service: ServiceId,
    name: &str,
) -> Joined {
    let joined = app.join(with(service, staff, name)).await;
    does(app, Command::Start { visit: joined.visit(), staff }).await;
    joined
}

/// The salon in the middle of a morning: all three serve, six wait, one of them is called to Ben.
pub(super) async fn busy() -> (TestApp, Vec<Joined>) {
    let app = staffed(open_salon(), &[MARIA, BEN, DAVE]).await;
    seated(&app, MARIA, COLOUR, "Eszter Szabó").await;
    let li = seated(&app, BEN, HAIRCUT, "Li").await;
    seated(&app, DAVE, COLOUR, "Olga Nowak").await;
    app.advance_minutes(12).await;
    let mut waiting = Vec::new();
    for join in [
        named(HAIRCUT, "Maximilian-Alexander Hohenberg"),
        named(BEARD, "Kata Kovács"),
        with(HAIRCUT, MARIA, "Peter Nagy"),
        Join::new(COLOUR),
        named(HAIRCUT, "Zoe Quintus"),
        named(BEARD, "Bartholomew Featherstonehaugh"),
    ] {
        waiting.push(app.join(join).await);
        app.advance_minutes(2).await;
    }
    does(&app, Command::CallNext { staff: BEN, after: Some(li.visit()) }).await;
    (app, waiting)
}

/// Serves so many one after the other, each at once.
pub(super) async fn serve(app: &TestApp, count: usize) {
    for _ in 0..count {
        let visit = seated(app, MARIA, BEARD, "Guest").await.visit();
        app.advance_minutes(1).await;
        does(app, Command::Finish { visit }).await;
    }
}

/// A minute at a time, until something is so.
pub(super) async fn minutes_until(
    app: &TestApp,
    what: &str,
    visit: VisitId,
    link: &str,
    is_so: impl Fn(&sooner_shared::view::VisitView) -> bool,
) {
    for _ in 0..240 {
        if is_so(&app.phone(link).await) {
            return;
        }
        app.advance_minutes(1).await;
    }
    panic!("{what} did not come to {visit}");
}
