//! A shop as its owner set it up.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sooner_shared::look::Accent;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{PromiseKind, WaitsFor};
use sooner_shared::words::Language;
use sooner_shared::{ServiceId, StaffId};
use thiserror::Error;

use crate::calendar::{Hours, Week};
use crate::visit::VisitStep;

/// Most services a shop may have.
pub const SERVICES_MAX: usize = 64;
/// Most people who may serve in a shop.
pub const STAFF_MAX: usize = 64;
/// Most steps of one service.
pub const STEPS_MAX: usize = 12;
/// Most ways to make good a broken promise that a shop may have.
pub const MAKE_GOODS_MAX: usize = 3;
/// Longest of them, in characters.
pub const MAKE_GOOD_MAX_CHARS: usize = 40;
/// Most visits that may be under way at once.
pub const LINE_MAX: usize = 500;

const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// The longest a step may take: a part from far away.
const STEP_LONGEST_MS: i64 = 60 * DAY_MS;
/// The longest that the words of people may be kept: a year.
const KEPT_LONGEST_MS: i64 = 365 * DAY_MS;

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
    /// When the doors are open; without any hours, always.
    #[serde(default, skip_serializing_if = "Hours::is_empty")]
    pub hours: Hours,
    /// When one may join from elsewhere.
    #[serde(default)]
    pub remote: Remote,
    /// So long after closing the last ones who were taken may be finished, in milliseconds.
    #[serde(default)]
    pub overrun_ms: i64,
    /// Who has not been seen so long after their shift began is out of the forecast, in
    /// milliseconds.
    #[serde(default = "unseen_ms")]
    pub unseen_ms: i64,
    /// With what a broken promise is made good, in the shop's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub make_goods: Vec<String>,
    /// How people in line are called where others read it.
    #[serde(default)]
    pub names_on_wall: NamesOnWall,
    /// How long names, contacts, questions and answers are kept, in milliseconds.
    #[serde(default = "erase_after_ms")]
    pub erase_after_ms: i64,
    /// When no message should reach anybody; without any, they may at all hours.
    #[serde(default, skip_serializing_if = "Week::is_empty")]
    pub quiet_hours: Week,
    /// Whether people are addressed as among friends, where a language has such a form.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub informal: bool,
    /// The languages of the shop, each once, in the order they are offered; the first is that of its
    /// screens and letters. None said: all there are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// The colour of the shop's pages.
    #[serde(default, skip_serializing_if = "Accent::is_usual")]
    pub accent: Accent,
    /// Nobody has set the shop up yet: it is as it was made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fresh: bool,
    /// What is offered.
    pub services: Vec<Service>,
    /// Who serves.
    pub staff: Vec<Staff>,
}

const fn unseen_ms() -> i64 {
    10 * MINUTE_MS
}

const fn erase_after_ms() -> i64 {
    30 * DAY_MS
}

/// How people in line are called where others read it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamesOnWall {
    /// By first name and initial, if they gave a name.
    #[default]
    Initial,
    /// By code, as in a clinic: no name of theirs is shown to anybody but them and the desk, and the
    /// wall says neither their times nor whom they asked for.
    Code,
}

/// When one may join from elsewhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remote {
    /// From the opening on.
    #[default]
    WithDoors,
    /// Also before.
    Always,
    /// Only who is in the shop joins.
    Never,
}

/// Something people come for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// Its name, in the shop's words.
    pub name: String,
    /// How long the owner says it takes, in milliseconds; with `steps`, not asked for.
    pub nominal_ms: i64,
    /// What is promised to who comes for it.
    #[serde(default)]
    pub promise: PromiseKind,
    /// Its steps; without any, it is done in one, in the chair.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Whether who starts is told by when they are done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub done_by: bool,
    /// What is known of its durations from before this log began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taught: Option<Taught>,
}

/// A part of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its name, in the shop's words.
    pub name: String,
    /// Who or what it takes.
    pub kind: StepKind,
    /// How long the owner says it takes, in milliseconds.
    pub nominal_ms: i64,
    /// Who does it, if not everybody who does the service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<StaffId>,
}

/// Who or what a step takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// A person serves the customer, who is there.
    Chair,
    /// A person works, and the customer need not be there. Rests while the shop is closed.
    Bench,
    /// Nobody works: a treatment takes its time.
    Time,
    /// Nobody works before the customer says yes.
    Approval,
    /// Nobody works before a part has come.
    Part,
}

impl StepKind {
    /// What is waited for; `None` for work.
    #[must_use]
    pub const fn waits_for(self) -> Option<WaitsFor> {
        match self {
            Self::Chair | Self::Bench => None,
            Self::Time => Some(WaitsFor::Time),
            Self::Approval => Some(WaitsFor::Approval),
            Self::Part => Some(WaitsFor::Part),
        }
    }
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
    /// When they work; without any, whenever the shop is open.
    #[serde(default, skip_serializing_if = "Hours::is_empty")]
    pub shifts: Hours,
    /// Their planned breaks.
    #[serde(default, skip_serializing_if = "Week::is_empty")]
    pub breaks: Week,
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
    /// A service or a step that cannot be.
    #[error("service {service}: {what}")]
    BadService {
        /// Which.
        service: ServiceId,
        /// What is wrong.
        what: &'static str,
    },
    /// A step names a person who does not do the service.
    #[error("service {service} has a step done by {staff}, who does not do that service")]
    UnknownStaff {
        /// Who.
        staff: StaffId,
        /// Which.
        service: ServiceId,
    },
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
    /// A shop with the usual settings: promises to five minutes, of which 95 % are kept; always
    /// open.
    #[must_use]
    pub fn new(name: &str, zone: &str, seed: u64) -> Self {
        Self {
            name: name.to_owned(),
            zone: zone.to_owned(),
            seed,
            step_ms: 5 * MINUTE_MS,
            keep_permille: 950,
            hold_ms: 5 * MINUTE_MS,
            turnaround_ms: MINUTE_MS,
            paths: 1_000,
            hours: Hours::default(),
            remote: Remote::default(),
            overrun_ms: 0,
            unseen_ms: unseen_ms(),
            make_goods: Vec::new(),
            names_on_wall: NamesOnWall::default(),
            erase_after_ms: erase_after_ms(),
            quiet_hours: Week::default(),
            informal: false,
            languages: Vec::new(),
            accent: Accent::default(),
            fresh: false,
            services: Vec::new(),
            staff: Vec::new(),
        }
    }

    /// The time zone; UTC should [`ShopConfig::check`] never have run.
    #[must_use]
    pub fn tz(&self) -> Tz {
        self.zone.parse().unwrap_or(Tz::UTC)
    }

    /// After how many days the words of people are erased: the last of them may be a part of one.
    #[must_use]
    pub const fn kept_days(&self) -> u16 {
        ((self.erase_after_ms + DAY_MS - 1) / DAY_MS) as u16
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

    /// Whether a person does a step.
    #[must_use]
    pub fn does(&self, person: &Staff, step: &VisitStep) -> bool {
        person.services.contains(&step.service)
            && self
                .service(step.service)
                .and_then(|s| s.steps.get(usize::from(step.index)))
                .is_none_or(|s| s.by.is_empty() || s.by.contains(&person.id))
    }

    /// A person's place among those who serve, by which claims know them.
    #[must_use]
    pub fn position(&self, id: StaffId) -> Option<usize> {
        self.staff.iter().position(|p| p.id == id)
    }

    /// Says what is wrong, if anything.
    pub fn check(&self) -> Result<(), ConfigFault> {
        if self.zone.parse::<Tz>().is_err() {
            return Err(ConfigFault::UnknownZone(self.zone.clone()));
        }
        for (ok, field, range) in [
            ((1..=HOUR_MS).contains(&self.step_ms), "step_ms", "1 ms to an hour"),
            ((500..=999).contains(&self.keep_permille), "keep_permille", "500 to 999"),
            ((0..=DAY_MS).contains(&self.hold_ms), "hold_ms", "0 to a day"),
            ((0..=HOUR_MS).contains(&self.turnaround_ms), "turnaround_ms", "0 to an hour"),
            ((32..=10_000).contains(&self.paths), "paths", "32 to 10,000"),
            ((0..=12 * HOUR_MS).contains(&self.overrun_ms), "overrun_ms", "0 to 12 hours"),
            ((0..=12 * HOUR_MS).contains(&self.unseen_ms), "unseen_ms", "0 to 12 hours"),
            (
                (DAY_MS..=KEPT_LONGEST_MS).contains(&self.erase_after_ms),
                "erase_after_ms",
                "1 to 365 days",
            ),
            ((1..=SERVICES_MAX).contains(&self.services.len()), "services", "1 to 64"),
            ((1..=STAFF_MAX).contains(&self.staff.len()), "staff", "1 to 64"),
            (
                self.make_goods.len() <= MAKE_GOODS_MAX
                    && self.make_goods.iter().all(|text| {
                        (1..=MAKE_GOOD_MAX_CHARS).contains(&text.trim().chars().count())
                    }),
                "make_goods",
                "3 at most, of 1 to 40 characters",
            ),
            (
                self.languages.iter().collect::<BTreeSet<_>>().len() == self.languages.len(),
                "languages",
                "each language once",
            ),
            (
                self.services.iter().all(|s| (1_000..=DAY_MS).contains(&s.nominal_ms)),
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
            service.check()?;
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
        for service in &self.services {
            for &staff in service.steps.iter().flat_map(|step| &step.by) {
                if self.person(staff).is_none_or(|p| !p.services.contains(&service.id)) {
                    return Err(ConfigFault::UnknownStaff { staff, service: service.id });
                }
            }
        }
        Ok(())
    }
}

impl Staff {
    /// Somebody who does these services whenever the shop is open.
    #[must_use]
    pub fn new(id: StaffId, place: &str, services: &[ServiceId]) -> Self {
        Self {
            id,
            place: place.to_owned(),
            services: services.iter().copied().collect(),
            shifts: Hours::default(),
            breaks: Week::default(),
        }
    }
}

impl Service {
    /// A service done in the chair in one step.
    #[must_use]
    pub fn new(id: ServiceId, name: &str, nominal_ms: i64) -> Self {
        Self {
            id,
            name: name.to_owned(),
            nominal_ms,
            promise: PromiseKind::Start,
            steps: Vec::new(),
            done_by: false,
            taught: None,
        }
    }

    /// Its steps, also when it is done in one.
    #[must_use]
    pub fn plan(&self) -> Vec<Step> {
        if self.steps.is_empty() {
            let kind =
                if self.promise == PromiseKind::Start { StepKind::Chair } else { StepKind::Bench };
            return vec![Step {
                name: self.name.clone(),
                kind,
                nominal_ms: self.nominal_ms,
                by: Vec::new(),
            }];
        }
        self.steps.clone()
    }

    fn check(&self) -> Result<(), ConfigFault> {
        let fault = |what| Err(ConfigFault::BadService { service: self.id, what });
        if self.steps.len() > STEPS_MAX {
            return fault("has more than 12 steps");
        }
        if !self.steps.iter().all(|s| (1_000..=STEP_LONGEST_MS).contains(&s.nominal_ms)) {
            return fault("a step takes a second to 60 days");
        }
        let steps = self.plan();
        let has = |kind| steps.iter().any(|step| step.kind == kind);
        let first = &steps[0];
        match self.promise {
            PromiseKind::Done => fault("promises start, ready, call_back or news"),
            _ if first.kind.waits_for().is_some() => fault("begins with work, not with waiting"),
            PromiseKind::Start if first.kind != StepKind::Chair => {
                fault("promises a start, so its first step is in the chair")
            }
            PromiseKind::CallBack if steps.len() != 1 || first.kind != StepKind::Bench => {
                fault("is a call-back, so it has one step, which is a bench step")
            }
            PromiseKind::Start if has(StepKind::Part) || has(StepKind::Approval) => {
                fault("waits for a part or an approval, so it promises ready or news")
            }
            _ => Ok(()),
        }
    }
}
