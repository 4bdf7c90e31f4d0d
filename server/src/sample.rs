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
    let service =
        |id, name: &str, minutes| Service::new(ServiceId(id), name, minutes * MINUTE_MS);
    let staff = |id, services: &[u16]| {
        let services: Vec<_> = services.iter().copied().map(ServiceId).collect();
        Staff::new(StaffId(id), &format!("chair {id}"), &services)
    };
    NewShop {
        id: "salon".parse().expect("a plain word"),
        config: ShopConfig {
            services: vec![
                service(1, "Haircut", 30),
                service(2, "Colour", 75),
                service(3, "Beard trim", 15),
            ],
            staff: vec![staff(1, &[1, 2, 3]), staff(2, &[1, 3]), staff(3, &[1, 2])],
            ..ShopConfig::new("Corner Salon", zone, u64::from_le_bytes(random()))
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
