//! What is shown of the shop itself: its services, its people, its doors, what a newcomer gets.

use serde::{Deserialize, Serialize};

use super::PromiseKind;
use crate::command::{DelayReason, Scope};
use crate::look::Accent;
use crate::price::{Remedy, Saved, Task};
use crate::words::Language;
use crate::{ServiceId, StaffId, Timestamp, VisitId};

/// A service, as screens name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceInfo {
    /// Its id.
    pub id: ServiceId,
    /// Its name, in the shop's words.
    pub name: String,
    /// What is promised to who comes for it.
    #[serde(default)]
    pub promise: PromiseKind,
    /// How long the owner says it takes.
    #[serde(default)]
    pub minutes: u16,
}

/// What a person who serves does at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// Tapped in today, and there.
    On,
    /// On a break.
    Break {
        /// Until when.
        until: Timestamp,
    },
    /// Not there.
    Off {
        /// When they should come next, as far as anybody knows.
        expected_at: Option<Timestamp>,
    },
}

/// A person who serves, as screens name them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffInfo {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// Where they serve: "chair 2".
    pub place: String,
    /// Whether they tapped in today.
    pub on_duty: bool,
    /// Where they are.
    pub duty: Duty,
    /// Their shift began some time ago and nobody has seen them: they are in no forecast. Only the
    /// desk says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unseen: bool,
    /// What they do.
    pub services: Vec<ServiceId>,
}

/// What somebody who joins now would be promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// For which service.
    pub service: ServiceId,
    /// With whom; `None` is whoever is free first.
    pub staff: Option<StaffId>,
    /// The time. `None`: nobody on duty can keep one.
    pub by: Option<Timestamp>,
    /// Without a time: when somebody who does it should be there next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// How many more of these will likely be taken before closing, when it is few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<u8>,
}

/// Whether the shop takes people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doors {
    /// Yes; hours are not known, or end at the time given.
    Open {
        /// Closing time.
        until: Option<Timestamp>,
    },
    /// Open, but nobody new is taken today.
    Full {
        /// Closing time.
        until: Option<Timestamp>,
        /// The next opening.
        opens_at: Option<Timestamp>,
    },
    /// No.
    Closed {
        /// The next opening, if there is one within three weeks.
        opens_at: Option<Timestamp>,
    },
}

/// Something takes longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelayView {
    /// What it concerns.
    pub scope: Scope,
    /// Why.
    pub reason: DelayReason,
    /// How much longer, in milliseconds.
    pub ms: i64,
    /// Since when.
    pub since: Timestamp,
}

/// Promises of this week that were kept, of those that were kept or broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptShare {
    /// Kept.
    pub kept: u32,
    /// Kept or broken.
    pub of: u32,
}

/// What is shown of the shop itself, on every board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopHead {
    /// The name over the door.
    pub name: String,
    /// The shop's time zone (IANA), in which all clock times are read.
    pub zone: String,
    /// What it offers.
    pub services: Vec<ServiceInfo>,
    /// Who works here.
    pub staff: Vec<StaffInfo>,
    /// What a newcomer gets, per service and person.
    pub quotes: Vec<Quote>,
    /// When the quotes were computed.
    pub quoted_at: Timestamp,
    /// Whether the shop takes people.
    pub doors: Doors,
    /// While nobody is on duty: when somebody should be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staffed_at: Option<Timestamp>,
    /// Nobody has tapped for long although people are served: what is shown was last true then, and
    /// no new time is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent_since: Option<Timestamp>,
    /// What takes longer. Only the desk says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delays: Vec<DelayView>,
    /// This week's share, from 30 promises on.
    pub kept_week: Option<KeptShare>,
    /// After how many days what people say of themselves is erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_days: Option<u16>,
    /// Whether people are addressed as among friends, where a language has such a form.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub informal: bool,
    /// The shop's languages, in the order they are offered, its own first. None: all there are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// People are called by their codes: the wall shows codes and rooms, and nobody's name, time or
    /// wishes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_code: bool,
    /// The shop's colour.
    #[serde(default, skip_serializing_if = "Accent::is_usual")]
    pub accent: Accent,
    /// Whether who is elsewhere may join while the doors are closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub joins_before: bool,
    /// What promises in danger need. Only the desk says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care: Option<Box<CareView>>,
}

/// What promises in danger need, and what is to be done for others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CareView {
    /// Whose promises are at risk, those most in danger first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at_risk: Vec<VisitId>,
    /// What would keep some of them, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remedies: Vec<Remedy>,
    /// What somebody should do, what is most urgent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
    /// What came of the remedies of today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved: Option<Saved>,
    /// With what a broken promise is made good, in the shop's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub make_goods: Vec<String>,
}

impl ShopHead {
    /// The time a newcomer gets, or `None` when none can be promised.
    #[must_use]
    pub fn quote(&self, service: ServiceId, staff: Option<StaffId>) -> Option<Timestamp> {
        self.quoted(service, staff)?.by
    }

    /// All that is known of what a newcomer gets.
    #[must_use]
    pub fn quoted(&self, service: ServiceId, staff: Option<StaffId>) -> Option<&Quote> {
        self.quotes.iter().find(|q| q.service == service && q.staff == staff)
    }

    /// What is promised to who comes for a service.
    #[must_use]
    pub fn promises(&self, service: ServiceId) -> PromiseKind {
        self.service(service).map(|s| s.promise).unwrap_or_default()
    }

    /// Whether anybody is on duty.
    #[must_use]
    pub fn is_staffed(&self) -> bool {
        self.staff.iter().any(|s| s.on_duty)
    }

    /// A person by id.
    #[must_use]
    pub fn person(&self, id: StaffId) -> Option<&StaffInfo> {
        self.staff.iter().find(|s| s.id == id)
    }

    /// A service by id.
    #[must_use]
    pub fn service(&self, id: ServiceId) -> Option<&ServiceInfo> {
        self.services.iter().find(|s| s.id == id)
    }
}
