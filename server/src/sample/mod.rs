//! Shops to try Sooner with: a salon, a repair shop and a clinic, each from a file that an owner
//! could have written.

use sooner_engine::calendar::{Hours, Week};
use sooner_engine::{Service, ShopConfig, Staff};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Command, CommandId, Maker, ServiceId, StaffId};

use crate::links::random;
use crate::setup::SetUp;
use crate::shops::{NewShop, Registry, RegistryError, ShopHandle};

/// A kind of place where people wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Corner Salon: hair, with times to start.
    Salon,
    /// Fix & Go: phones, with times to be ready.
    Repair,
    /// Riverside Clinic: appointments and call-backs.
    Clinic,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Salon, Self::Repair, Self::Clinic];

    /// What it is called on the command line, and in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Salon => "salon",
            Self::Repair => "repair",
            Self::Clinic => "clinic",
        }
    }

    /// Its file, as `sooner shop import` takes it.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Salon => include_str!("salon.toml"),
            Self::Repair => include_str!("repair.toml"),
            Self::Clinic => include_str!("clinic.toml"),
        }
    }
}

/// A sample with the hours, shifts and breaks of its file, in another time zone.
///
/// # Panics
/// Never: the files are read by a test.
#[must_use]
pub fn new_shop(kind: Kind, zone: &str) -> NewShop {
    let set_up = SetUp::read(kind.file().as_bytes()).expect("the samples have no fault");
    let mut new = set_up.into_new_shop();
    zone.clone_into(&mut new.config.zone);
    new
}

/// The salon, open at any hour of any day: who tries the board for the first time, or tests it,
/// does so whenever they like, and must not find it closed or its people at lunch.
#[must_use]
pub fn salon(zone: &str) -> NewShop {
    let mut new = new_shop(Kind::Salon, zone);
    new.config.hours = Hours::default();
    for person in &mut new.config.staff {
        person.shifts = Hours::default();
        person.breaks = Week::default();
    }
    new
}

/// A shop that nobody has set up yet: its owner names it and says what it is. Its short name stays.
#[must_use]
pub fn fresh(zone: &str) -> NewShop {
    let service = Service::new(ServiceId(1), "Service", 30 * MINUTE_MS);
    let person = Staff::new(StaffId(1), "1", &[service.id]);
    NewShop {
        id: "shop".parse().expect("a plain word"),
        config: ShopConfig {
            fresh: true,
            services: vec![service],
            staff: vec![person],
            ..ShopConfig::new("Shop", zone, u64::from_le_bytes(random()))
        },
        staff_names: vec![(StaffId(1), "1".to_owned())],
    }
}

/// Makes the salon that is always open, with two people on duty: on duty is who tapped in, and
/// somebody who tries the board should see it give a time.
pub async fn make(shops: &Registry, zone: &str) -> Result<ShopHandle, RegistryError> {
    let shop = shops.create(salon(zone)).await?;
    for staff in [StaffId(1), StaffId(2)] {
        let id = CommandId::new(&format!("sample-on-duty-{staff}"));
        if let Some(id) = id
            && let Err(problem) =
                shop.command(id, Command::GoOnDuty { staff }, Maker::Operator).await
        {
            tracing::warn!(code = problem.code.as_str(), "the sample shop has nobody on duty");
        }
    }
    Ok(shop)
}

#[cfg(test)]
mod tests {
    use sooner_engine::config::StepKind;
    use sooner_shared::view::PromiseKind;

    use super::*;

    #[test]
    fn every_sample_is_a_shop_as_it_would_be_exported() {
        for kind in Kind::ALL {
            let set_up = SetUp::read(kind.file().as_bytes()).unwrap_or_else(|f| panic!("{f}"));
            assert_eq!(set_up.to_toml(), kind.file(), "{kind:?}");
            let new = new_shop(kind, "Asia/Tokyo");
            assert_eq!(new.config.check(), Ok(()));
            assert_eq!(new.config.zone, "Asia/Tokyo");
            assert_eq!(new.staff_names.len(), new.config.staff.len());
            assert!(!new.config.hours.is_empty());
        }
    }

    #[test]
    fn the_samples_show_every_kind_of_promise_and_step() {
        let shops = Kind::ALL.map(|kind| new_shop(kind, "UTC").config);
        let services = || shops.iter().flat_map(|shop| &shop.services);
        for promise in
            [PromiseKind::Start, PromiseKind::Ready, PromiseKind::CallBack, PromiseKind::News]
        {
            assert!(services().any(|service| service.promise == promise), "{promise:?}");
        }
        for kind in
            [StepKind::Chair, StepKind::Bench, StepKind::Time, StepKind::Approval, StepKind::Part]
        {
            let mut steps = services().flat_map(|service| &service.steps);
            assert!(steps.any(|step| step.kind == kind), "{kind:?}");
        }
    }

    #[test]
    fn a_shop_that_nobody_has_set_up_says_so_until_somebody_has() {
        let new = fresh("Europe/Madrid");
        assert_eq!(new.config.check(), Ok(()));
        assert_ne!(new.config.seed, fresh("UTC").config.seed);
        let set_up = SetUp::of(new.id.clone(), new.config.clone(), |_| Some("1"));
        assert!(set_up.to_form().fresh);
        let next = SetUp::read_form(&new.id, &set_up.to_form()).expect("no fault");
        assert!(!next.changing(&new.config).fresh);
    }

    #[test]
    fn the_salon_to_try_is_always_open_and_has_a_seed_of_its_own() {
        let config = salon("UTC").config;
        assert!(config.hours.is_empty());
        assert!(config.staff.iter().all(|p| p.shifts.is_empty() && p.breaks.is_empty()));
        assert_ne!(config.seed, salon("UTC").config.seed);
    }
}
