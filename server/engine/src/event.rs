//! What is persisted: facts, in the past tense. No name of a person is in any of them.
//!
//! Logs are kept for ever, so that every field that was added later has a default: what it was
//! before there was a choice.

use serde::{Deserialize, Serialize};
use sooner_shared::command::{Choice, DelayReason, Felt, Scope};
use sooner_shared::view::{Outcome, PromiseKind};
use sooner_shared::{Maker, ServiceId, StaffId, Timestamp, VisitId};

use crate::ShopConfig;
use crate::forecast::regression::Regression;
use crate::forecast::seen::Seen;

/// An event in its place in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its number in the shop, from 1, without gaps.
    pub seq: u64,
    /// When it was recorded; never earlier than the event before it.
    pub at: Timestamp,
    /// The number of the first event of the tap that brought it about; 0 when time alone did. What
    /// one tap did is taken back together.
    #[serde(default)]
    pub tap: u64,
    /// Who made it happen. The engine looks only whether it was the customer: what they do says
    /// nothing of the desk, and who has left by themselves may come back.
    #[serde(default)]
    pub by: Maker,
    /// What happened.
    pub event: Event,
}

impl Recorded {
    /// When it happened: when it was tapped, which may be earlier than when it was recorded.
    #[must_use]
    pub const fn happened_at(&self) -> Timestamp {
        match self.event.tapped_at() {
            Some(at) => at,
            None => self.at,
        }
    }
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
        /// For what else, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        more: Vec<ServiceId>,
        /// With whom, if not with whoever is free first.
        requested: Option<StaffId>,
        /// Whether staff added them at the desk.
        by_staff: bool,
        /// With whom they came.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<Seat>,
    },
    /// Somebody has an appointment.
    Booked {
        /// Who.
        visit: VisitId,
        /// For what.
        service: ServiceId,
        /// For what else, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        more: Vec<ServiceId>,
        /// With whom, if it must be them.
        requested: Option<StaffId>,
        /// Whose time is kept for it.
        held: StaffId,
        /// When.
        from: Timestamp,
    },
    /// Somebody said that they will come to their appointment.
    Confirmed {
        /// Who.
        visit: VisitId,
    },
    /// The time of an appointment is near: it is in line now.
    CameDue {
        /// Whose.
        visit: VisitId,
    },
    /// Somebody was given the right to go first.
    LetFirst {
        /// Who.
        visit: VisitId,
    },
    /// Somebody was told a time. Never edited.
    Promised {
        /// Who.
        visit: VisitId,
        /// What the time is for.
        #[serde(default)]
        kind: PromiseKind,
        /// The number of this promise among those of the visit, from 0.
        #[serde(default)]
        no: u16,
        /// The time told.
        by: Timestamp,
        /// On what grounds.
        grounds: Grounds,
        /// What was seen then; `None` for a time that staff named or that was agreed on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<Box<Seen>>,
    },
    /// A regression was fitted to what came of promises.
    ModelLearned {
        /// Of which kind.
        kind: PromiseKind,
        /// To how many outcomes ever.
        known: u64,
        /// What was fitted.
        fitted: Box<Regression>,
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
    /// Work began.
    Started {
        /// Who.
        visit: VisitId,
        /// In whose chair.
        staff: StaffId,
        /// When it was tapped, where the tap was under way for a while; else when it is recorded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tapped_at: Option<Timestamp>,
    },
    /// The work that was being done ended, or what was ready was collected.
    Finished {
        /// Who.
        visit: VisitId,
        /// When it was tapped, where the tap was under way for a while; else when it is recorded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tapped_at: Option<Timestamp>,
    },
    /// The work takes so long that the tap at its end was perhaps forgotten.
    Overran {
        /// Who.
        visit: VisitId,
    },
    /// It was not.
    StillServed {
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
    /// The day was over, and nobody had said how the visit ended.
    Lapsed {
        /// Who.
        visit: VisitId,
    },
    /// Who has just joined is the owner, who only tries it: it is taken back by itself.
    Tried {
        /// Whose visit.
        visit: VisitId,
    },
    /// Somebody in line is in the shop.
    CheckedIn {
        /// Who.
        visit: VisitId,
    },
    /// Somebody lets one other go first.
    Passed {
        /// Who.
        visit: VisitId,
    },
    /// Somebody comes later.
    SaidLate {
        /// Who.
        visit: VisitId,
        /// Not before then.
        until: Timestamp,
    },
    /// Somebody is set aside.
    Held {
        /// Who.
        visit: VisitId,
    },
    /// Somebody who was set aside is where they were.
    Resumed {
        /// Who.
        visit: VisitId,
    },
    /// Somebody wants something else.
    ServicesChanged {
        /// Who.
        visit: VisitId,
        /// What, in order.
        services: Vec<ServiceId>,
    },
    /// Somebody who is being served wants one thing more.
    AddedOn {
        /// Who.
        visit: VisitId,
        /// What.
        service: ServiceId,
    },
    /// A visit was offered to a colleague.
    HandedOver {
        /// Which.
        visit: VisitId,
        /// To whom.
        to: StaffId,
    },
    /// The colleague took it.
    HandOverAccepted {
        /// Which.
        visit: VisitId,
    },
    /// The colleague did not.
    HandOverDeclined {
        /// Which.
        visit: VisitId,
    },
    /// A call-back has another owner.
    OwnerChanged {
        /// Which.
        visit: VisitId,
        /// Who; `None` while nobody who could is on duty.
        owner: Option<StaffId>,
    },
    /// Somebody asked something.
    Asked {
        /// Who.
        visit: VisitId,
    },
    /// They were answered.
    Answered {
        /// Who.
        visit: VisitId,
    },
    /// What was waited for is there.
    Continued {
        /// Whose.
        visit: VisitId,
    },
    /// A part should come.
    PartExpected {
        /// Whose.
        visit: VisitId,
        /// When, likely.
        likely_at: Timestamp,
        /// When at the latest, nineteen times in twenty.
        latest_at: Timestamp,
    },
    /// The customer was asked to say yes.
    ApprovalAsked {
        /// Who.
        visit: VisitId,
        /// By when.
        by: Timestamp,
    },
    /// Somebody was told what there is to tell.
    NewsGiven {
        /// Who.
        visit: VisitId,
    },
    /// A promise ended. Scored a second time, and kept, is one that was broken by its minute when a
    /// tap arrives that was made in time; the last score counts.
    Scored {
        /// Whose.
        visit: VisitId,
        /// The number of the promise among those of the visit.
        #[serde(default)]
        no: u16,
        /// How.
        outcome: Outcome,
    },
    /// What one tap did was taken back.
    Undone {
        /// Its number.
        tap: u64,
    },
    /// Something takes longer.
    Delayed {
        /// What it concerns.
        scope: Scope,
        /// How much, in milliseconds.
        ms: i64,
        /// Why.
        reason: DelayReason,
    },
    /// It does not any more.
    DelayEnded {
        /// What it concerned.
        scope: Scope,
    },
    /// Nobody has tapped for long although there was something to tap.
    FellSilent,
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
    /// A person of the shop takes a break.
    TookBreak {
        /// Who.
        staff: StaffId,
        /// Until when.
        until: Timestamp,
    },
    /// They are back.
    BreakEnded {
        /// Who.
        staff: StaffId,
    },
    /// Somebody will be there at another time than planned.
    StaffExpected {
        /// Who.
        staff: StaffId,
        /// When.
        from: Timestamp,
    },
    /// Somebody will go home at another time than planned.
    StaffLeaves {
        /// Who.
        staff: StaffId,
        /// When.
        until: Timestamp,
    },
    /// Somebody in line is served by somebody else.
    RequestChanged {
        /// Who.
        visit: VisitId,
        /// By whom; `None` is whoever is free first.
        staff: Option<StaffId>,
    },
    /// Another person keeps their time for an appointment.
    KeptFor {
        /// Whose.
        visit: VisitId,
        /// Who keeps it.
        staff: StaffId,
    },
    /// Somebody in line has another place.
    Reordered {
        /// Who.
        visit: VisitId,
        /// Right before whom; `None` is the end of the line.
        before: Option<VisitId>,
    },
    /// Somebody takes their next break at another time.
    BreakMoved {
        /// Who.
        staff: StaffId,
        /// When.
        from: Timestamp,
    },
    /// Somebody decided to move times that were promised to others.
    PriceAccepted {
        /// For whom, where it was for one.
        visit: Option<VisitId>,
        /// Who decided.
        staff: StaffId,
        /// Whose times.
        moves: Vec<VisitId>,
    },
    /// Something was done to keep promises in danger.
    RemedyTaken {
        /// The visit it is about, where it is one.
        visit: Option<VisitId>,
        /// Which promises it should keep: whose, and their numbers.
        saves: Vec<(VisitId, u16)>,
    },
    /// A promise is in danger. Recorded once for each.
    AtRisk {
        /// Whose.
        visit: VisitId,
        /// The number of the promise among those of the visit.
        no: u16,
        /// The chance that it breaks, in thousandths.
        permille: u16,
    },
    /// A promise will likely break: staff have a little time before a later time is told.
    LaterProposed {
        /// Whose.
        visit: VisitId,
        /// The time that would be told.
        by: Timestamp,
        /// Whether somebody has to say it in person.
        in_person: bool,
    },
    /// It will likely be kept after all.
    ProposalDropped {
        /// Whose.
        visit: VisitId,
    },
    /// Somebody was told a promise in person.
    ToldInPerson {
        /// Who.
        visit: VisitId,
        /// The number of the promise among those of the visit.
        no: u16,
    },
    /// A promise was shown on the person's own phone.
    ReadOnPhone {
        /// Whose.
        visit: VisitId,
        /// The number of the promise among those of the visit.
        no: u16,
    },
    /// Nobody who can will serve somebody today: their page says so, and asks what they want instead.
    LeftWithout {
        /// Who.
        visit: VisitId,
        /// Whom they asked for and who has gone; `None` when it is nobody in particular.
        staff: Option<StaffId>,
    },
    /// Somebody who was told a later time said what they want.
    Chose {
        /// Who.
        visit: VisitId,
        /// What.
        choice: Choice,
    },
    /// Instead of waiting, somebody has an appointment.
    Rebooked {
        /// Who.
        visit: VisitId,
        /// Whose time is kept for it.
        held: StaffId,
        /// When.
        from: Timestamp,
    },
    /// Somebody who is elsewhere may come earlier, if they like.
    Invited {
        /// Who.
        visit: VisitId,
        /// The time they would be promised.
        by: Timestamp,
    },
    /// They rather keep their time.
    InvitationDeclined {
        /// Who.
        visit: VisitId,
    },
    /// Somebody wants to be told so long before their time. It is taken back with no tap.
    NoticeWished {
        /// Who.
        visit: VisitId,
        /// How long before, in milliseconds.
        ms: i64,
    },
    /// At the end, somebody said whether their start was when it was tapped. No promise is scored anew
    /// by it. Nobody's tap is taken back with it or because of it.
    StartConfirmed {
        /// Who.
        visit: VisitId,
        /// Whether it was; else it was later.
        right: bool,
    },
    /// At the end, somebody said how the wait was; the last answer counts.
    WaitRated {
        /// Who.
        visit: VisitId,
        /// How.
        felt: Felt,
    },
    /// It was made good that a promise was broken.
    MadeGood {
        /// To whom.
        visit: VisitId,
        /// With which of the shop's make-goods.
        with: Option<u8>,
    },
    /// The day ended before it was; the owner sees to it.
    LeftToOwner {
        /// To whom it is owed.
        visit: VisitId,
    },
    /// Nobody new is taken today.
    LineClosed,
    /// Somebody new is.
    LineOpened,
}

impl Event {
    /// The visit it is about.
    #[must_use]
    pub const fn visit(&self) -> Option<VisitId> {
        match *self {
            Self::Joined { visit, .. }
            | Self::Booked { visit, .. }
            | Self::Confirmed { visit }
            | Self::CameDue { visit }
            | Self::LetFirst { visit }
            | Self::Promised { visit, .. }
            | Self::Called { visit, .. }
            | Self::ReturnedToLine { visit, .. }
            | Self::Started { visit, .. }
            | Self::Finished { visit, .. }
            | Self::Overran { visit }
            | Self::StillServed { visit }
            | Self::MarkedNoShow { visit }
            | Self::Left { visit }
            | Self::Lapsed { visit }
            | Self::Tried { visit }
            | Self::CheckedIn { visit }
            | Self::Passed { visit }
            | Self::SaidLate { visit, .. }
            | Self::Held { visit }
            | Self::Resumed { visit }
            | Self::ServicesChanged { visit, .. }
            | Self::AddedOn { visit, .. }
            | Self::HandedOver { visit, .. }
            | Self::HandOverAccepted { visit }
            | Self::HandOverDeclined { visit }
            | Self::OwnerChanged { visit, .. }
            | Self::Asked { visit }
            | Self::Answered { visit }
            | Self::Continued { visit }
            | Self::PartExpected { visit, .. }
            | Self::ApprovalAsked { visit, .. }
            | Self::NewsGiven { visit }
            | Self::RequestChanged { visit, .. }
            | Self::KeptFor { visit, .. }
            | Self::Reordered { visit, .. }
            | Self::AtRisk { visit, .. }
            | Self::LaterProposed { visit, .. }
            | Self::ProposalDropped { visit }
            | Self::ToldInPerson { visit, .. }
            | Self::ReadOnPhone { visit, .. }
            | Self::LeftWithout { visit, .. }
            | Self::Chose { visit, .. }
            | Self::Rebooked { visit, .. }
            | Self::Invited { visit, .. }
            | Self::InvitationDeclined { visit }
            | Self::NoticeWished { visit, .. }
            | Self::StartConfirmed { visit, .. }
            | Self::WaitRated { visit, .. }
            | Self::MadeGood { visit, .. }
            | Self::LeftToOwner { visit }
            | Self::Scored { visit, .. } => Some(visit),
            Self::PriceAccepted { visit, .. } | Self::RemedyTaken { visit, .. } => visit,
            Self::Configured(_)
            | Self::ModelLearned { .. }
            | Self::Undone { .. }
            | Self::Delayed { .. }
            | Self::DelayEnded { .. }
            | Self::FellSilent
            | Self::WentOnDuty { .. }
            | Self::WentOffDuty { .. }
            | Self::TookBreak { .. }
            | Self::BreakEnded { .. }
            | Self::StaffExpected { .. }
            | Self::StaffLeaves { .. }
            | Self::BreakMoved { .. }
            | Self::LineClosed
            | Self::LineOpened => None,
        }
    }

    /// When it was tapped, if that was earlier than it was recorded.
    #[must_use]
    pub const fn tapped_at(&self) -> Option<Timestamp> {
        match *self {
            Self::Started { tapped_at, .. } | Self::Finished { tapped_at, .. } => tapped_at,
            _ => None,
        }
    }

    /// The person of the shop whose being there it is about.
    #[must_use]
    pub const fn staff(&self) -> Option<StaffId> {
        match *self {
            Self::WentOnDuty { staff }
            | Self::WentOffDuty { staff }
            | Self::TookBreak { staff, .. }
            | Self::BreakEnded { staff }
            | Self::StaffExpected { staff, .. }
            | Self::StaffLeaves { staff, .. }
            | Self::BreakMoved { staff, .. } => Some(staff),
            _ => None,
        }
    }
}

/// Somebody's place in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The first of the group.
    pub first: VisitId,
    /// Who is served before them, when the group is served one after another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<VisitId>,
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
    /// The median forecast; the time itself where staff named it.
    pub likely_at: Timestamp,
    /// The forecast's quantile at the share to keep, before rounding up.
    pub quantile_at: Timestamp,
}
