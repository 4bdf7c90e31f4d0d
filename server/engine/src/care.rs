//! What is done for a promise in danger, and when one is broken: later times that staff have a
//! little while to prevent, who has read or heard them, invitations to come earlier, and what is
//! made good.

use serde::Serialize;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, Stage};
use sooner_shared::{StaffId, Timestamp, VisitId};

use crate::promise::Promise;
use crate::{Event, Shop, Visit};

/// Staff have so long to prevent that a later time is told, in milliseconds.
pub const PROPOSED_MS: i64 = 90_000;

/// A later time that no phone has shown after so long is a task for somebody, in milliseconds.
pub const UNREAD_MS: i64 = 60_000;

/// Who is called so soon after the promised minute is not told that it was missed, in milliseconds.
pub const NEARLY_MS: i64 = 2 * MINUTE_MS;

/// So long before a call-back or news are due, somebody is reminded, in milliseconds.
pub const REMINDED_MS: i64 = 15 * MINUTE_MS;

/// Remedies whose effect is remembered.
const REMEDIES_KEPT: usize = 20;

/// A later time that will be told unless somebody prevents it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The time.
    pub by: Timestamp,
    /// Since when it has been proposed.
    pub at: Timestamp,
    /// It is not sent: somebody has to say it.
    pub in_person: bool,
}

/// An earlier time that somebody may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Invitation {
    /// The time.
    pub by: Timestamp,
    /// When they were invited.
    pub at: Timestamp,
}

/// What was done for the promises of a visit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Care {
    /// The newest promise that was found to be in danger, by its number.
    pub at_risk: Option<u16>,
    /// The later time that is proposed.
    pub proposed: Option<Proposal>,
    /// The newest promise that their phone has shown.
    pub read: Option<u16>,
    /// The newest promise that they were told in person.
    pub told: Option<u16>,
    /// They have said what they want instead of the first time.
    pub chose: bool,
    /// Nobody who can will serve them today: whom they asked for, or nobody in particular.
    pub without: Option<Option<StaffId>>,
    /// The invitation that is open.
    pub invited: Option<Invitation>,
    /// How often they were invited.
    pub invitations: u8,
    /// They rather keep their time.
    pub declined: bool,
    /// It was made good that a promise was broken.
    pub made_good: bool,
    /// The owner sees to it.
    pub left_to_owner: bool,
}

/// Something that was done to keep promises, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TakenRemedy {
    /// When.
    pub at: Timestamp,
    /// The number of its tap.
    pub tap: u64,
    /// Whose promises it should keep, and how each ended.
    pub saves: Vec<(VisitId, u16, Option<Outcome>)>,
}

/// Something that is owed to somebody to whom a promise was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovery {
    /// The time that was not kept.
    pub missed: Timestamp,
    /// They were called so soon after it that a word of thanks is enough.
    pub nearly: bool,
}

impl Visit {
    /// The first promise of the main kind that was broken by its minute, and not only by changed
    /// plans.
    fn missed(&self) -> Option<&Promise> {
        let of_kind = |p: &&Promise| p.kind == self.kind;
        self.promises.iter().filter(of_kind).find(|p| p.shown_outcome() == Some(Outcome::Broken))
    }

    /// The time that was not kept, once an apology is due for it.
    #[must_use]
    pub fn apology_for(&self) -> Option<Timestamp> {
        let missed = self.missed()?;
        let came_at = self.called_at.or(self.started_at);
        let nearly = came_at.is_some_and(|at| at <= missed.by + NEARLY_MS && at > missed.by);
        (!nearly).then_some(missed.by)
    }

    /// What is still to be made good.
    #[must_use]
    pub fn recovery(&self) -> Option<Recovery> {
        let missed = self.missed().filter(|_| !self.care.made_good && !self.care.left_to_owner)?;
        Some(Recovery { missed: missed.by, nearly: self.apology_for().is_none() })
    }

    /// Whether the minute has passed and no time after it was told. If that one is missed too, the
    /// next is for a person to say.
    #[must_use]
    pub(crate) fn needs_next_time(&self) -> bool {
        let Some(missed) = self.missed() else { return false };
        // Who was told an earlier time that was missed has the one before it to look to.
        let has_time = self.live().any(|p| p.kind == self.kind);
        let told_after =
            |p: &Promise| p.kind == self.kind && p.no != missed.no && p.made_at >= missed.by;
        let waits = self.stage == Stage::Waiting && self.started_at.is_none();
        waits && !has_time && !self.promises.iter().any(told_after)
    }

    /// The time that the shop has moved later, while the later one is to come.
    #[must_use]
    pub fn instead_of(&self) -> Option<Timestamp> {
        let told = self.promise().filter(|p| p.is_live())?;
        // An appointment on another day is not the same thing later.
        let is_same = |p: &&Promise| self.appointment.is_none_or(|a| a.given_at <= p.made_at);
        let postponed = self.promises.iter().filter(|p| p.kind == told.kind && p.postponed);
        postponed.filter(is_same).map(|p| p.by).filter(|&by| by < told.by).max()
    }

    /// The later time itself.
    #[must_use]
    pub fn later_promise(&self) -> Option<&Promise> {
        self.instead_of().and_then(|_| self.promise())
    }

    /// Whether somebody has to tell them their later time: no phone has shown it.
    #[must_use]
    pub fn is_to_be_told(&self, now: Timestamp) -> bool {
        let Some(later) = self.later_promise() else { return false };
        let knows = |no: Option<u16>| no.is_some_and(|no| no >= later.no);
        let had_time = self.care.read.is_none() || now >= later.made_at + UNREAD_MS;
        let waits = matches!(self.stage, Stage::Waiting | Stage::Booked | Stage::OnHold);
        waits && had_time && !knows(self.care.read) && !knows(self.care.told)
    }

    /// Whether they may say what they want instead of a time that could not be kept.
    #[must_use]
    pub fn may_choose(&self) -> bool {
        let waits = self.stage == Stage::Waiting && self.started_at.is_none();
        let is_later = self.later_promise().is_some() && !self.care.chose;
        waits && self.needs_customer() && (is_later || self.care.without.is_some())
    }

    /// Whom they asked for, while that person is not on duty.
    #[must_use]
    pub fn is_without_whom(&self, shop: &Shop) -> Option<StaffId> {
        self.requested.filter(|&staff| !shop.is_on_duty(staff))
    }

    /// The invitation that can be answered.
    #[must_use]
    pub fn invitation(&self, now: Timestamp) -> Option<Invitation> {
        let told = self.promise().filter(|p| p.is_live())?.by;
        let invited = self.care.invited.filter(|i| i.by < told && now < i.by - NEARLY_MS)?;
        (self.stage == Stage::Waiting && !self.checked_in).then_some(invited)
    }

    pub(crate) fn take_care(&mut self, event: &Event, at: Timestamp) {
        let care = &mut self.care;
        match *event {
            Event::AtRisk { no, .. } => care.at_risk = Some(no),
            Event::LaterProposed { by, in_person, .. } => {
                care.proposed = Some(Proposal { by, at, in_person });
            }
            Event::ProposalDropped { .. } => {
                care.proposed = None;
                care.without = None;
            }
            Event::ToldInPerson { no, .. } => care.told = care.told.max(Some(no)),
            Event::ReadOnPhone { no, .. } => care.read = care.read.max(Some(no)),
            Event::Chose { .. } => care.chose = true,
            Event::LeftWithout { staff, .. } => care.without = Some(staff),
            Event::Invited { by, .. } => {
                care.invited = Some(Invitation { by, at });
                care.invitations = care.invitations.saturating_add(1);
            }
            Event::InvitationDeclined { .. } => {
                care.invited = None;
                care.declined = true;
            }
            Event::MadeGood { .. } => care.made_good = true,
            Event::LeftToOwner { .. } => care.left_to_owner = true,
            _ => {}
        }
    }

    /// A new time was told: what was proposed before it is settled.
    pub(crate) fn is_told_anew(&mut self, is_later: bool) {
        self.care.proposed = None;
        self.care.invited = None;
        self.care.without = None;
        if is_later {
            self.care.chose = false;
        }
    }
}

impl Shop {
    pub(crate) fn note_remedy(&mut self, saves: &[(VisitId, u16)], tap: u64, at: Timestamp) {
        let saves = saves.iter().map(|&(visit, no)| (visit, no, None)).collect();
        self.remedies.push(TakenRemedy { at, tap, saves });
        let over = self.remedies.len().saturating_sub(REMEDIES_KEPT);
        self.remedies.drain(..over);
    }

    /// What a remedy should save has ended.
    pub(crate) fn check_remedies(&mut self, visit: VisitId, no: u16, outcome: Outcome) {
        for save in self.remedies.iter_mut().flat_map(|r| &mut r.saves) {
            if (save.0, save.1) == (visit, no) {
                save.2 = Some(outcome);
            }
        }
    }
}
