//! A shop as its owner set it up.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sooner_shared::{ServiceId, StaffId};
use thiserror::Error;

/// Most services a shop may have.
pub const SERVICES_MAX: usize = 64;
/// Most people who may serve in a shop.
pub const STAFF_MAX: usize = 64;
/// Most visits that may be under way at once.
pub const LINE_MAX: usize = 500;

/// What a shop is, without the names of its people, which are kept apart from the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShopConfig {
    /// The name over the door.
    pub name: String,
    /// The time zone (IANA name).
    pub zone: String,
    /// Root of all draws of this shop's forecasts.
    pub seed: u64,
    /// Promises are rounded up to a multiple of this, in milliseconds.
    pub step_ms: i64,
    /// The share of promises to keep, in thousandths.
    pub keep_permille: u16,
    /// How long a called person's place is kept after the promised minute, in milliseconds.
    pub hold_ms: i64,
    /// From one person out of the chair to the next one in it, in milliseconds.
    pub turnaround_ms: i64,
    /// How many futures a forecast draws.
    pub paths: u16,
    /// What is offered.
    pub services: Vec<Service>,
    /// Who serves.
    pub staff: Vec<Staff>,
}

/// Something people come for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// Its name, in the shop's words.
    pub name: String,
    /// How long the owner says it takes, in milliseconds.
    pub nominal_ms: i64,
    /// What is known of its durations from before this log began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taught: Option<Taught>,
}

/// Durations seen elsewhere: count, mean and sum of squared deviations of ln(milliseconds).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Taught {
    /// How many.
    pub count: u32,
    /// Their mean in log space.
    pub mean_ln: f64,
    /// Their summed squared deviations in log space.
    pub ss_ln: f64,
}

impl Taught {
    /// Whether the numbers can be of durations. No NaN passes: JSON could not bring it back, and
    /// the log could not be read again.
    fn is_sound(self) -> bool {
        (0.0..=25.0).contains(&self.mean_ln) && (0.0..=1e12).contains(&self.ss_ln)
    }
}

/// A person who serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Their id.
    pub id: StaffId,
    /// Where they serve: "chair 2".
    pub place: String,
    /// What they do.
    pub services: BTreeSet<ServiceId>,
}

/// What is wrong with a shop's set-up.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigFault {
    /// Not a zone of the IANA database.
    #[error("unknown time zone {0:?}")]
    UnknownZone(String),
    /// A number outside what makes sense.
    #[error("{field} must be {range}")]
    OutOfRange {
        /// Which field.
        field: &'static str,
        /// What it may be.
        range: &'static str,
    },
    /// Two things with one id.
    #[error("{0} appears twice")]
    Twice(String),
    /// A person does a service the shop does not have.
    #[error("staff {staff} names service {service}, which does not exist")]
    UnknownService {
        /// Who.
        staff: StaffId,
        /// Which.
        service: ServiceId,
    },
}

impl ShopConfig {
    /// The time zone; UTC should [`ShopConfig::check`] never have run.
    #[must_use]
    pub fn tz(&self) -> Tz {
        self.zone.parse().unwrap_or(Tz::UTC)
    }

    /// Finds a service.
    #[must_use]
    pub fn service(&self, id: ServiceId) -> Option<&Service> {
        self.services.iter().find(|s| s.id == id)
    }

    /// Finds a person.
    #[must_use]
    pub fn person(&self, id: StaffId) -> Option<&Staff> {
        self.staff.iter().find(|s| s.id == id)
    }

    /// Says what is wrong, if anything.
    pub fn check(&self) -> Result<(), ConfigFault> {
        if self.zone.parse::<Tz>().is_err() {
            return Err(ConfigFault::UnknownZone(self.zone.clone()));
        }
        let minute = 60_000;
        let day = 24 * 60 * minute;
        for (ok, field, range) in [
            ((1..=60 * minute).contains(&self.step_ms), "step_ms", "1 ms to an hour"),
            ((500..=999).contains(&self.keep_permille), "keep_permille", "500 to 999"),
            ((0..=day).contains(&self.hold_ms), "hold_ms", "0 to a day"),
            ((0..=60 * minute).contains(&self.turnaround_ms), "turnaround_ms", "0 to an hour"),
            ((32..=10_000).contains(&self.paths), "paths", "32 to 10,000"),
            ((1..=SERVICES_MAX).contains(&self.services.len()), "services", "1 to 64"),
            ((1..=STAFF_MAX).contains(&self.staff.len()), "staff", "1 to 64"),
            (
                self.services.iter().all(|s| (1_000..=day).contains(&s.nominal_ms)),
                "nominal_ms",
                "a second to a day",
            ),
            (
                self.services.iter().filter_map(|s| s.taught).all(Taught::is_sound),
                "taught",
                "a mean up to e^25 ms (years) and deviations from 0 to 1e12",
            ),
        ] {
            if !ok {
                return Err(ConfigFault::OutOfRange { field, range });
            }
        }
        let mut services = BTreeSet::new();
        for service in &self.services {
            if !services.insert(service.id) {
                return Err(ConfigFault::Twice(format!("service {}", service.id)));
            }
        }
        let mut people = BTreeSet::new();
        for person in &self.staff {
            if !people.insert(person.id) {
                return Err(ConfigFault::Twice(format!("staff {}", person.id)));
            }
            if let Some(&service) = person.services.difference(&services).next() {
                return Err(ConfigFault::UnknownService { staff: person.id, service });
            }
        }
        Ok(())
    }
}
