//! The shop of the stories: three people, three services, and a forecast of few paths.

use std::sync::atomic::{AtomicU64, Ordering};

use sooner_engine::{Service, ShopConfig, Staff};
use sooner_server::shops::NewShop;
use sooner_shared::command::{Join, JoinRequest};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{CommandId, ServiceId, StaffId, Timestamp};

/// The shop's short name.
pub const SALON: &str = "salon";

/// 30 minutes.
pub const CUT: ServiceId = ServiceId(1);
/// 60 minutes.
pub const COLOUR: ServiceId = ServiceId(2);
/// 20 minutes.
pub const NAILS: ServiceId = ServiceId(3);

/// Cuts and colours.
pub const ANNA: StaffId = StaffId(1);
/// Cuts.
pub const BEN: StaffId = StaffId(2);
/// Colours and does nails.
pub const CLEO: StaffId = StaffId(3);

/// Monday, 2 March 2026, 9:00 in Budapest.
pub const NINE: Timestamp = Timestamp(1_772_438_400_000);

/// The set-up of the salon.
#[must_use]
pub fn salon() -> NewShop {
    shop_named(SALON)
}

/// The same shop under another short name.
#[must_use]
pub fn shop_named(id: &str) -> NewShop {
    let service = |id, name: &str, minutes| Service::new(id, name, minutes * MINUTE_MS);
    let staff = |id, services: &[ServiceId]| Staff::new(id, &format!("chair {id}"), services);
    NewShop {
        id: id.parse().expect("a plain word"),
        config: ShopConfig {
            paths: 64,
            services: vec![
                service(CUT, "Cut", 30),
                service(COLOUR, "Colour", 60),
                service(NAILS, "Nails", 20),
            ],
            staff: vec![
                staff(ANNA, &[CUT, COLOUR]),
                staff(BEN, &[CUT]),
                staff(CLEO, &[COLOUR, NAILS]),
            ],
            ..ShopConfig::new("Corner Salon", "Europe/Budapest", 42)
        },
        staff_names: [(ANNA, "Anna"), (BEN, "Ben"), (CLEO, "Cleo")]
            .map(|(id, name)| (id, name.to_owned()))
            .to_vec(),
    }
}

/// An id that no other command of this test run has.
#[must_use]
pub fn fresh_id() -> CommandId {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed);
    id(&format!("story-{number:06}"))
}

/// A command id that the story names itself.
#[must_use]
pub fn id(text: &str) -> CommandId {
    CommandId::new(text).expect("8 to 64 plain characters")
}

/// Somebody who wants a service of whoever is free first, and takes any time.
#[must_use]
pub fn wish(service: ServiceId) -> Join {
    Join::new(service)
}

/// The same, with a name.
#[must_use]
pub fn named(service: ServiceId, name: &str) -> Join {
    Join { name: Some(name.to_owned()), ..wish(service) }
}

/// A request to join that is sent for the first time.
#[must_use]
pub fn request(join: Join) -> JoinRequest {
    JoinRequest { id: fresh_id(), join }
}
