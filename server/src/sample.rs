//! The shop somebody sees who tries Sooner for the first time: a small salon at work.

use sooner_engine::{Service, ShopConfig, Staff};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Command, CommandId, ServiceId, StaffId};

use crate::links::random;
use crate::shops::{NewShop, Registry, RegistryError, ShopHandle};

/// The salon's set-up.
///
/// # Panics
/// Never: its name is a good one.
#[must_use]
pub fn salon(zone: &str) -> NewShop {
    let service = |id, name: &str, minutes| Service {
        id: ServiceId(id),
        name: name.to_owned(),
        nominal_ms: minutes * MINUTE_MS,
        taught: None,
    };
    let staff = |id, services: &[u16]| Staff {
        id: StaffId(id),
        place: format!("chair {id}"),
        services: services.iter().copied().map(ServiceId).collect(),
    };
    NewShop {
        id: "salon".parse().expect("a plain word"),
        config: ShopConfig {
            name: "Corner Salon".to_owned(),
            zone: zone.to_owned(),
            seed: u64::from_le_bytes(random()),
            step_ms: 5 * MINUTE_MS,
            keep_permille: 950,
            hold_ms: 5 * MINUTE_MS,
            turnaround_ms: MINUTE_MS,
            paths: 1_000,
            services: vec![
                service(1, "Haircut", 30),
                service(2, "Colour", 75),
                service(3, "Beard trim", 15),
            ],
            staff: vec![staff(1, &[1, 2, 3]), staff(2, &[1, 3]), staff(3, &[1, 2])],
        },
        staff_names: [(1, "Maria"), (2, "Ben"), (3, "Dave")]
            .map(|(id, name)| (StaffId(id), name.to_owned()))
            .to_vec(),
    }
}

/// Makes the salon, with two people on duty: on duty is who tapped in, and somebody who tries the
/// board should see it give a time.
pub async fn make(shops: &Registry, zone: &str) -> Result<ShopHandle, RegistryError> {
    let shop = shops.create(salon(zone)).await?;
    for staff in [StaffId(1), StaffId(2)] {
        let id = CommandId::new(&format!("sample-on-duty-{staff}"));
        if let Some(id) = id
            && let Err(problem) = shop.command(id, Command::GoOnDuty { staff }).await
        {
            tracing::warn!(code = problem.code.as_str(), "the sample shop has nobody on duty");
        }
    }
    Ok(shop)
}
