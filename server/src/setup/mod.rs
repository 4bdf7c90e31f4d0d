//! A shop's set-up as one TOML file: what an owner writes, keeps and sends.
//!
//! Here are its reading (with the line of every fault) and its writing (with a comment for every
//! section), and taking a file into a store that no server works on. Durations are in minutes,
//! hours or days, shares in per cent.
//!
//! Services and people have a number that never changes: visits, promises and what was learned hang
//! on it, so it must be in the file; what is renamed keeps it. Where one of them is referred to,
//! its name is as good as its number, which the file needs only where two have the same name.
//!
//! Deliberately not in the file: the seed of the shop's forecasts, how many futures they draw, and
//! what was taught from elsewhere. A shop that is changed keeps them.

mod document;
mod fault;
mod form;
mod hours;
mod nesting;
mod people;
#[cfg(test)]
mod properties;
mod read;
mod refusal;
mod services;
mod size;
mod stored;
mod table;
#[cfg(test)]
mod tests;
mod write;

use sooner_engine::ShopConfig;
use sooner_shared::{ShopId, StaffId};

pub use fault::{Fault, FaultCode, Faults};
pub(crate) use refusal::{faults as refusal_faults, sentence as refusal_sentence};
pub use stored::{ImportError, Imported, export, import};

use crate::links::random;
use crate::shops::NewShop;

/// Largest file that is read.
pub const FILE_MAX_BYTES: usize = 192 * 1024;

/// Longest name of a shop, a service, a step or a place, in characters.
pub const TEXT_MAX_CHARS: usize = 60;

/// Futures of a forecast, for a shop that is new.
const PATHS: u16 = 1_000;

/// For how long the words of people are kept from now on, in milliseconds, where a shop that becomes
/// another keeps them for a shorter time: that holds for what was said before, too.
pub(crate) fn shortened(before: &ShopConfig, after: &ShopConfig) -> Option<i64> {
    (after.erase_after_ms < before.erase_after_ms).then_some(after.erase_after_ms)
}

/// A shop as its file says it.
#[derive(Debug, Clone, PartialEq)]
pub struct SetUp {
    shop: ShopId,
    /// With what is not in the file as it was, or empty.
    config: ShopConfig,
    staff_names: Vec<(StaffId, String)>,
    /// The version of the shop that it is to take the place of, where that matters.
    instead_of: Option<String>,
}

impl SetUp {
    /// Reads a file.
    pub fn read(file: &[u8]) -> Result<Self, Faults> {
        read::read(file, None)
    }

    /// Reads a file that must be this shop's.
    pub fn read_of(shop: &ShopId, file: &[u8]) -> Result<Self, Faults> {
        read::read(file, Some(shop))
    }

    /// A shop as it stands. Who has no name any more is called by their place.
    #[must_use]
    pub fn of<'n>(
        shop: ShopId,
        config: ShopConfig,
        name: impl Fn(StaffId) -> Option<&'n str>,
    ) -> Self {
        let staff_names = config
            .staff
            .iter()
            .map(|person| (person.id, name(person.id).unwrap_or(&person.place).to_owned()))
            .collect();
        Self { shop, config, staff_names, instead_of: None }
    }

    /// Writes the file.
    #[must_use]
    pub fn to_toml(&self) -> String {
        write::write(self)
    }

    /// Which version of the shop it was made from, if it says so.
    #[must_use]
    pub fn instead_of(&self) -> Option<&str> {
        self.instead_of.as_deref()
    }

    /// Which shop it is.
    #[must_use]
    pub const fn shop(&self) -> &ShopId {
        &self.shop
    }

    /// How many services it has.
    #[must_use]
    pub const fn services(&self) -> usize {
        self.config.services.len()
    }

    /// What stands over the door.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.config.name
    }

    /// The time zone it lives in.
    #[must_use]
    pub fn zone(&self) -> &str {
        &self.config.zone
    }

    /// The names of its people, which are kept apart from the log.
    #[must_use]
    pub fn staff_names(&self) -> &[(StaffId, String)] {
        &self.staff_names
    }

    /// A shop that is to be made.
    #[must_use]
    pub fn into_new_shop(self) -> NewShop {
        let seed = u64::from_le_bytes(random());
        let config = ShopConfig { seed, paths: PATHS, ..self.config };
        NewShop { id: self.shop, config, staff_names: self.staff_names }
    }

    /// What a shop becomes by it: what the file does not say stays as it is.
    #[must_use]
    pub fn changing(&self, present: &ShopConfig) -> ShopConfig {
        let mut next = self.config.clone();
        (next.seed, next.paths) = (present.seed, present.paths);
        for service in &mut next.services {
            service.taught = present.service(service.id).and_then(|before| before.taught);
        }
        next
    }
}
