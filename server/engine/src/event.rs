//! What is persisted: facts, in the past tense. No name of a person is in any of them.

use serde::{Deserialize, Serialize};
use sooner_shared::view::Outcome;
use sooner_shared::{ServiceId, StaffId, Timestamp, VisitId};

use crate::ShopConfig;

/// An event in its place in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its number in the shop, from 1, without gaps.
    pub seq: u64,
    /// When it was recorded; never earlier than the event before it.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// Everything that can happen in a shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The owner set the shop up, or changed it.
    Configured(Box<ShopConfig>),
    /// Somebody is in line now.
    Joined {
        /// Who.
        visit: VisitId,
        /// For what.
        service: ServiceId,
        /// With whom, if not with whoever is free first.
        requested: Option<StaffId>,
        /// Whether staff added them at the desk.
        by_staff: bool,
    },
    /// Somebody was told a time. Never edited.
    Promised {
        /// Who.
        visit: VisitId,
        /// The time told.
        by: Timestamp,
        /// On what grounds.
        grounds: Grounds,
    },
    /// Somebody was asked to come to a chair.
    Called {
        /// Who.
        visit: VisitId,
        /// To whose.
        staff: StaffId,
    },
    /// Somebody who was called is in line again, in their old place.
    ReturnedToLine {
        /// Who.
        visit: VisitId,
        /// Whether they were called and not there, so that the next one goes first.
        missing: bool,
    },
    /// A service began.
    Started {
        /// Who.
        visit: VisitId,
        /// In whose chair.
        staff: StaffId,
    },
    /// A service ended.
    Finished {
        /// Who.
        visit: VisitId,
    },
    /// Somebody was called and did not come.
    MarkedNoShow {
        /// Who.
        visit: VisitId,
    },
    /// Somebody went away before the service.
    Left {
        /// Who.
        visit: VisitId,
    },
    /// Somebody in line is in the shop.
    CheckedIn {
        /// Who.
        visit: VisitId,
    },
    /// A person of the shop began to serve.
    WentOnDuty {
        /// Who.
        staff: StaffId,
    },
    /// A person of the shop takes nobody new.
    WentOffDuty {
        /// Who.
        staff: StaffId,
    },
    /// A promise ended.
    Scored {
        /// Whose.
        visit: VisitId,
        /// How.
        outcome: Outcome,
    },
}

/// Why a time was told: what the board knew then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grounds {
    /// The share of promises the shop wanted to keep, in thousandths.
    pub keep_permille: u16,
    /// How many were in line before them.
    pub ahead: u32,
    /// How many people were on duty.
    pub on_duty: u32,
    /// The median forecast of the start.
    pub likely_at: Timestamp,
    /// The forecast's quantile at the share to keep, before rounding up.
    pub quantile_at: Timestamp,
}
