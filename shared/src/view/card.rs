//! What is shown of one visit: on the wall, at the desk, on the person's own phone.

use serde::{Deserialize, Serialize};

use super::{Doors, Outcome, PromiseKind, Stage, WaitsFor};
use crate::command::Felt;
use crate::words::Language;
use crate::{ServiceId, StaffId, Timestamp, VisitId};

/// A visit as the lobby sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LobbyCard {
    /// First name and initial, or the code; never two alike.
    pub label: String,
    /// Waiting, called or serving.
    pub stage: Stage,
    /// The promised time; `None` while none could be promised, and once the minute has passed.
    pub by: Option<Timestamp>,
    /// Whose chair they are called to or sit in.
    pub staff: Option<StaffId>,
    /// Whom they asked for.
    pub requested: Option<StaffId>,
    /// What the time is for.
    #[serde(default)]
    pub kind: PromiseKind,
    /// When their appointment is: why they may go before others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked_at: Option<Timestamp>,
    /// Whether staff gave them the right to go first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub goes_first: bool,
    /// Whether they are in the shop; who is not is never called aloud.
    pub checked_in: bool,
    /// Grows with every call in the shop: a larger number than the screen has seen is a chime.
    pub call_no: u32,
}

/// A visit as the desk sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not exclude each other")]
pub struct DeskCard {
    /// How they want to be called, or the code.
    pub name: String,
    /// As on the wall.
    pub label: String,
    /// What they come for.
    pub service: ServiceId,
    /// What else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<ServiceId>,
    /// What is next or being done, where a service has several steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Whom they asked for.
    pub requested: Option<StaffId>,
    /// Where they are.
    pub stage: Stage,
    /// Whose chair they are called to or sit in.
    pub staff: Option<StaffId>,
    /// What they wait for, if not for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<WaitsFor>,
    /// When that should be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_at: Option<Timestamp>,
    /// Who else belongs to them: the first of the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<VisitId>,
    /// When their appointment is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked_at: Option<Timestamp>,
    /// They have said that they will come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirmed: bool,
    /// Whether they have the right to go first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub goes_first: bool,
    /// Until when they said they need to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_until: Option<Timestamp>,
    /// To whom they are being handed over, until that person accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_to: Option<StaffId>,
    /// Whose task it is to see to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<StaffId>,
    /// The service takes so long that the tap at its end was perhaps forgotten.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overdue: bool,
    /// What they ask, until it is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// How the shop reaches them, if they said: [`Reach::of`](crate::contact::Reach::of) says by what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Until when the last tap on them can be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo_until: Option<Timestamp>,
    /// What the time is for.
    #[serde(default)]
    pub kind: PromiseKind,
    /// The promised time.
    pub by: Option<Timestamp>,
    /// The number of that promise among those of the visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise_no: Option<u16>,
    /// They were asked whether they come by this earlier time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited: Option<Timestamp>,
    /// The time of the next news, if it was promised beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub news_by: Option<Timestamp>,
    /// "Done by", told when the service started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_by: Option<Timestamp>,
    /// The time they will likely start at, to the minute. Only the desk sees it.
    pub likely_at: Option<Timestamp>,
    /// The chance, in per cent, that the promise breaks.
    pub risk_pct: Option<u8>,
    /// How the promise ended, if it did.
    pub outcome: Option<Outcome>,
    /// Whether they are in the shop.
    pub checked_in: bool,
    /// Called and not there: the next one goes first, then they are called again.
    pub missing: bool,
    /// When they joined.
    pub joined_at: Timestamp,
    /// When they were last called.
    pub called_at: Option<Timestamp>,
    /// When the service began.
    pub started_at: Option<Timestamp>,
    /// Why their time is what it is, while they are in line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// Their private link, for the QR code of the say-card.
    pub link: String,
}

/// Why somebody in line is told their time, as staff may know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// How many in line go before them, of those whom somebody who can take them can take too.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ahead: u32,
    /// While nobody who can take them is free: who is being served by one of those, and is likely
    /// done first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_done: Option<VisitId>,
    /// How long it likely takes once it has begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes: Option<Range>,
    /// The next break of somebody who can take them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_break: Option<NextBreak>,
    /// How many are on duty who can take them.
    #[serde(default)]
    pub on_duty: u8,
    /// Whether everything takes longer than usual of late.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub slower: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// Eight in ten take no less and no more, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// No less.
    pub low_min: u16,
    /// No more.
    pub high_min: u16,
}

/// A break, planned or present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextBreak {
    /// Whose.
    pub staff: StaffId,
    /// When it should begin; while it is on, when it should end.
    pub at: Timestamp,
    /// Whether it is on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_on: bool,
}

/// One visit, as the person themselves sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not exclude each other")]
pub struct VisitView {
    /// Which visit.
    pub visit: VisitId,
    /// The shop's short name, for links.
    pub shop: String,
    /// The name over the door.
    pub shop_name: String,
    /// The shop's time zone (IANA).
    pub zone: String,
    /// Whether the shop addresses people as among friends, where a language has such a form.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub informal: bool,
    /// The shop's languages, in the order they are offered, its own first. None: all there are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// How they want to be called, or the code.
    pub name: String,
    /// How they stand on the wall, where that is not their first name and initial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_wall: Option<String>,
    /// How the shop reaches them, if they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// When the last of their name, contact, question and answer is erased; `None` when nothing of
    /// it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_until: Option<Timestamp>,
    /// The service's name.
    pub service: String,
    /// Whom they asked for.
    pub requested: Option<String>,
    /// Where they are.
    pub stage: Stage,
    /// What is next or being done, where a service has several steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// What they wait for, if not for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<WaitsFor>,
    /// With [`WaitsFor::Approval`]: by when they should say yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_at: Option<Timestamp>,
    /// When their appointment is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked_at: Option<Timestamp>,
    /// They have said that they will come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirmed: bool,
    /// What they asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// What they were answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// What the time is for.
    #[serde(default)]
    pub kind: PromiseKind,
    /// The promised time.
    pub by: Option<Timestamp>,
    /// Until when their place is kept, where that is later than the time told: an earlier time is an
    /// invitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safe_until: Option<Timestamp>,
    /// The time told before, which the shop cannot keep and has moved later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<Timestamp>,
    /// The time of the next news, if it was promised beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub news_by: Option<Timestamp>,
    /// "Done by", told when the service started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_by: Option<Timestamp>,
    /// While no time could be promised: when somebody who can should be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_from: Option<Timestamp>,
    /// How many are called before them, while that number cannot rise.
    pub ahead: Option<u32>,
    /// Who serves or calls them.
    pub staff: Option<String>,
    /// Where: "chair 2".
    pub place: Option<String>,
    /// Whether anybody is on duty.
    pub staffed: bool,
    /// Whether the shop takes people.
    pub doors: Doors,
    /// Whether they have said "I'm here".
    pub checked_in: bool,
    /// When they joined.
    pub joined_at: Timestamp,
    /// When they were last called.
    pub called_at: Option<Timestamp>,
    /// When the service began.
    pub started_at: Option<Timestamp>,
    /// When the visit was over.
    pub ended_at: Option<Timestamp>,
    /// They have left, and can take it back until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stays_until: Option<Timestamp>,
    /// So many minutes before their time they want to be told that it is time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tell_before_min: Option<u8>,
    /// When that is, while they are in line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tell_at: Option<Timestamp>,
    /// They are asked whether the start was when it was tapped.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_start: bool,
    /// What they said to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_right: Option<bool>,
    /// How they found the wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub felt: Option<Felt>,
    /// How the first promise ended, if it did: the one that counts.
    pub outcome: Option<Outcome>,
    /// The number of that promise among those of the visit: what the phone acknowledges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise_no: Option<u16>,
    /// The promised time that was not kept, for which an apology is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<Timestamp>,
    /// They may come by this earlier time, if they like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited: Option<Timestamp>,
    /// What they may want instead of a time that could not be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choices: Option<Choices>,
}

/// What somebody may want instead of a time that could not be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// Nobody who can will serve them today.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_today: bool,
    /// Whom they asked for, where it is because that person has gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<String>,
    /// Who could take them earlier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colleagues: Vec<Colleague>,
    /// When they could come on another day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Timestamp>,
}

/// Who could take somebody earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// By when.
    pub by: Timestamp,
}
