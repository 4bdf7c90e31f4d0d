//! What people ask the shop to do, and what they are answered.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ServiceId, StaffId, Timestamp, VisitId};

/// Longest name a person may give, in characters.
pub const NAME_MAX_CHARS: usize = 40;

/// How long a shown time is honoured, in milliseconds.
pub const QUOTE_HOLDS_MS: i64 = 3 * 60_000;

/// Names one attempt to do something. A retry carries the same id and gets the first answer, so
/// that a command whose answer was lost is not carried out twice. 8 to 64 characters of
/// `A-Z a-z 0-9 - _`, chosen at random by the sender.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CommandId(String);

impl CommandId {
    /// Takes a text as an id, if it has the form of one.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = (8..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        fits.then(|| Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for CommandId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).ok_or_else(|| {
            serde::de::Error::custom("a command id has 8 to 64 letters, digits, - or _")
        })
    }
}

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A time that was on a screen when somebody said yes to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The time shown: "by 14:35".
    pub by: Timestamp,
    /// When it was computed; it is honoured for [`QUOTE_HOLDS_MS`] from here.
    pub at: Timestamp,
}

/// Most services of one visit, and most people of one group.
pub const TOGETHER_MAX: usize = 8;

/// Longest question to the shop and longest answer, in characters.
pub const TEXT_MAX_CHARS: usize = 200;

/// What a person joins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// What they come for.
    pub service: ServiceId,
    /// What else they come for, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<ServiceId>,
    /// Who comes with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<Companion>,
    /// Whether a group wants one time for all; otherwise it is served one after another.
    #[serde(default, skip_serializing_if = "is_false")]
    pub together: bool,
    /// Whether they join from elsewhere, not from the code on the wall or at the desk.
    #[serde(default, skip_serializing_if = "is_false")]
    pub remote: bool,
    /// Whether it is the owner's, who only tries what joining is like: it is taken back by itself before
    /// its minute is over, and counts nowhere. Nobody else may say so.
    #[serde(default, skip_serializing_if = "is_false")]
    pub trial: bool,
    /// Whom they ask for; `None` is whoever is free first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<StaffId>,
    /// How they want to be called. Kept apart from the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How the shop reaches them, if they like: a phone number or a mail address. Kept apart from the
    /// log, and read by nobody but the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The time they were shown; without one they take whatever is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Shown>,
}

impl Join {
    /// One person who wants one thing from whoever is free first.
    #[must_use]
    pub const fn new(service: ServiceId) -> Self {
        Self {
            service,
            more: Vec::new(),
            companions: Vec::new(),
            together: false,
            remote: false,
            trial: false,
            requested: None,
            name: None,
            contact: None,
            shown: None,
        }
    }

    /// Everything the person comes for.
    pub fn services(&self) -> impl Iterator<Item = ServiceId> {
        std::iter::once(self.service).chain(self.more.iter().copied())
    }
}

/// Somebody who comes with the person who joins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Companion {
    /// What they come for.
    pub service: ServiceId,
    /// How they want to be called. Kept apart from the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// An appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Booking {
    /// What they come for.
    pub service: ServiceId,
    /// What else, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<ServiceId>,
    /// With whom; `None` is whoever has time then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<StaffId>,
    /// When they come. The promise is to start within one step of the shop's rounding after it.
    pub at: Timestamp,
    /// How they want to be called. Kept apart from the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How the shop reaches them, if they like: a phone number or a mail address. Kept apart from the
    /// log, and read by nobody but the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// What a delay concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everybody.
    Shop,
    /// Everybody who comes for one service, until the end of the day.
    Service(ServiceId),
    /// Everybody who waits for one person.
    Staff(StaffId),
}

/// Why something takes longer; said neutrally, never at somebody's expense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelayReason {
    /// The work in progress takes longer.
    Work,
    /// A late start.
    LateStart,
    /// A machine, the power, the network.
    Equipment,
    /// Something that was ordered is not there yet.
    Supply,
    /// Anything else.
    Other,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// The body of `POST /api/shops/{shop}/visits`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinRequest {
    /// The same for every retry.
    pub id: CommandId,
    /// What the person joins with.
    pub join: Join,
}

/// The answer to `POST /api/shops/{shop}/quotes`, whose body is a [`Join`]: what somebody who
/// joined so would be told. Nobody is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    /// The time; `None` when none can be promised.
    pub by: Option<Timestamp>,
    /// When it was computed; it holds for three minutes from here.
    pub at: Timestamp,
}

/// The body of `POST /api/visits/{link}/…`: what a person does about their own visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitRequest {
    /// The same for every retry.
    pub id: CommandId,
    /// For `running-late`: how many milliseconds from now they need; for `tell-before`: how many before
    /// their time they want to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ms: Option<i64>,
    /// For `ask`: the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// For `acknowledge`: the number of the promise that was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no: Option<u16>,
    /// For `choose`: what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
}

impl VisitRequest {
    /// A request with nothing to add.
    #[must_use]
    pub const fn new(id: CommandId) -> Self {
        Self { id, ms: None, text: None, no: None, choice: None }
    }
}

/// Everything the shop can be asked to do, in the imperative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Somebody joins by themselves, from the code on the wall or from elsewhere.
    Join(Join),
    /// Staff add somebody who stands at the desk.
    AddWalkIn(Join),
    /// Somebody is given an appointment.
    Book(Booking),
    /// Who has an appointment says that they are coming.
    Confirm {
        /// Who.
        visit: VisitId,
    },
    /// Staff give somebody the right to go first. Promises given before stay ahead of it.
    LetGoFirst {
        /// Who.
        visit: VisitId,
    },
    /// Finishes who is in the chair, if anybody, and calls the next one by the shop's rule.
    CallNext {
        /// Whose chair.
        staff: StaffId,
        /// Who the tapper saw in or on the way to that chair. If it is somebody else by now, two
        /// people tapped at once and the second tap is refused rather than skipping a person.
        after: Option<VisitId>,
    },
    /// Calls one person out of order, or once more.
    Call {
        /// Who.
        visit: VisitId,
        /// To whose chair.
        staff: StaffId,
    },
    /// The work begins: they sit in the chair, their device is on the bench, they are on the phone.
    Start {
        /// Who.
        visit: VisitId,
        /// In whose chair.
        staff: StaffId,
    },
    /// The work that is being done is over; who is ready has collected what is theirs.
    Finish {
        /// Who.
        visit: VisitId,
    },
    /// The service still goes on, however long it has taken: nobody forgot to tap.
    StillServing {
        /// Who.
        visit: VisitId,
    },
    /// Puts somebody who was called and is not there back in their place.
    ReturnToLine {
        /// Who.
        visit: VisitId,
    },
    /// Gives up on somebody who was called and did not come.
    MarkNoShow {
        /// Who.
        visit: VisitId,
    },
    /// Somebody goes away before the service.
    Leave {
        /// Who.
        visit: VisitId,
    },
    /// Who has just left by their own tap stays after all, and is where they were with what they
    /// were told. Within half a minute, and while nothing else has touched it.
    ComeBack {
        /// Who.
        visit: VisitId,
    },
    /// Somebody is in the shop.
    CheckIn {
        /// Who.
        visit: VisitId,
    },
    /// Somebody lets one other go first.
    LetPass {
        /// Who.
        visit: VisitId,
    },
    /// Somebody needs longer to come.
    RunLate {
        /// Who.
        visit: VisitId,
        /// How long from now, in milliseconds.
        ms: i64,
    },
    /// Nobody calls this person until they are taken up again; their place stays.
    Hold {
        /// Who.
        visit: VisitId,
    },
    /// Ends a hold.
    Resume {
        /// Who.
        visit: VisitId,
    },
    /// Changes what somebody comes for; they keep their place.
    ChangeServices {
        /// Who.
        visit: VisitId,
        /// For what instead, in order.
        services: Vec<ServiceId>,
    },
    /// One more service for somebody who is being served.
    AddOn {
        /// Who.
        visit: VisitId,
        /// What.
        service: ServiceId,
    },
    /// Offers a visit to a colleague. It stays where it is until they accept.
    HandOver {
        /// Who.
        visit: VisitId,
        /// To whom.
        to: StaffId,
    },
    /// The colleague takes it.
    AcceptHandOver {
        /// Who.
        visit: VisitId,
    },
    /// The colleague does not; it stays with the first person.
    DeclineHandOver {
        /// Who.
        visit: VisitId,
    },
    /// Somebody asks the shop something.
    Ask {
        /// Who.
        visit: VisitId,
        /// What. Kept apart from the log.
        text: String,
    },
    /// The shop answers.
    Answer {
        /// Whom.
        visit: VisitId,
        /// What. Kept apart from the log.
        text: String,
    },
    /// What was waited for is there: the part, the end of a treatment's time.
    Continue {
        /// Whose.
        visit: VisitId,
    },
    /// The customer says yes to what was found and what it will cost.
    Approve {
        /// Who.
        visit: VisitId,
    },
    /// When the part that is waited for should come.
    ExpectPart {
        /// Whose.
        visit: VisitId,
        /// When it will likely be there.
        likely_at: Timestamp,
        /// By when it will be there nineteen times in twenty.
        latest_at: Timestamp,
    },
    /// Sets by when the customer should say yes.
    AskApproval {
        /// Whose.
        visit: VisitId,
        /// By when.
        by: Timestamp,
    },
    /// The shop will say something new by then, whatever it is.
    PromiseNews {
        /// To whom.
        visit: VisitId,
        /// By when.
        by: Timestamp,
    },
    /// The person was told what there is to tell.
    GiveNews {
        /// To whom.
        visit: VisitId,
        /// By when they hear more, if they do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_by: Option<Timestamp>,
    },
    /// Takes back the last tap on this visit, with everything that tap did, within a minute.
    Undo {
        /// Whose.
        visit: VisitId,
    },
    /// Something takes longer, and everybody's times should know.
    ReportDelay {
        /// What it concerns.
        scope: Scope,
        /// How much longer, in milliseconds.
        ms: i64,
        /// Why.
        reason: DelayReason,
    },
    /// It does not any more.
    EndDelay {
        /// What it concerned.
        scope: Scope,
    },
    /// A person of the shop begins to serve.
    GoOnDuty {
        /// Who.
        staff: StaffId,
    },
    /// A person of the shop takes nobody new; whom they are serving they finish.
    GoOffDuty {
        /// Who.
        staff: StaffId,
    },
    /// A person of the shop takes a break.
    TakeBreak {
        /// Who.
        staff: StaffId,
        /// For how long, in milliseconds.
        ms: i64,
    },
    /// They are back.
    EndBreak {
        /// Who.
        staff: StaffId,
    },
    /// Somebody who is not on duty will be there at another time than planned.
    ExpectStaff {
        /// Who.
        staff: StaffId,
        /// When.
        at: Timestamp,
    },
    /// Somebody will go home at another time than planned.
    LeaveEarly {
        /// Who.
        staff: StaffId,
        /// When.
        at: Timestamp,
    },
    /// Nobody new is taken today.
    CloseLine,
    /// Somebody new is.
    OpenLine,
    /// Changes with whom somebody in line is served; `None` is whoever is free first.
    AskFor {
        /// Who.
        visit: VisitId,
        /// With whom.
        staff: Option<StaffId>,
    },
    /// Another person keeps their time for an appointment that is for no person by name.
    KeepFor {
        /// Whose appointment.
        visit: VisitId,
        /// Who keeps the time.
        staff: StaffId,
    },
    /// Puts somebody in line right before another, or at the end of the line.
    MoveBefore {
        /// Who.
        visit: VisitId,
        /// Before whom; `None` is the end.
        before: Option<VisitId>,
    },
    /// A person of the shop says yes to another time for their next break.
    MoveBreak {
        /// Who.
        staff: StaffId,
        /// When it should begin.
        at: Timestamp,
    },
    /// Does something although it moves times that were promised to others: whoever decided so has
    /// seen whose. Refused with `price_changed` where it moves those of still others by now.
    AcceptPrice {
        /// What is done.
        command: Box<Self>,
        /// Who decided.
        staff: StaffId,
        /// Whose times it was seen to move.
        moves: Vec<VisitId>,
    },
    /// Does something that the board proposed to keep promises in danger.
    TakeRemedy {
        /// What is done.
        command: Box<Self>,
        /// Whose promises it should keep.
        saves: Vec<VisitId>,
    },
    /// Staff have told somebody their later time, or do so now.
    Tell {
        /// Whom.
        visit: VisitId,
    },
    /// The person's phone has shown them a promise.
    Acknowledge {
        /// Who.
        visit: VisitId,
        /// The number of the promise among those of the visit.
        no: u16,
    },
    /// The person says what they want instead of a time that could not be kept.
    Choose {
        /// Who.
        visit: VisitId,
        /// What.
        choice: Choice,
    },
    /// Who was invited to come earlier says whether they do.
    AnswerInvitation {
        /// Who.
        visit: VisitId,
        /// Whether they come earlier.
        comes: bool,
    },
    /// The person wants their page to say that it is time so long before their time. It is said there
    /// and nowhere else, while it is open.
    TellBefore {
        /// Who.
        visit: VisitId,
        /// How long before, in milliseconds; from a minute to an hour.
        ms: i64,
    },
    /// The person says at the end whether the start was when it was tapped. It is asked once, of who was
    /// promised a start, has been served, and whose promise counts as kept by the tap itself.
    ConfirmStart {
        /// Who.
        visit: VisitId,
        /// Whether it was; else it was later.
        right: bool,
    },
    /// The person says at the end how the wait was; another answer takes the place of the one before.
    RateWait {
        /// Who.
        visit: VisitId,
        /// How.
        felt: Felt,
    },
    /// Staff made good that a promise was broken.
    MakeGood {
        /// To whom.
        visit: VisitId,
        /// With which of the shop's make-goods, counted from 0; `None` is a word alone.
        with: Option<u8>,
    },
}

/// What somebody may want who is told that a promise cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Choice {
    /// Keep their place and the new time.
    Stay,
    /// Go to a colleague.
    With(StaffId),
    /// Come on another day, with an appointment.
    At(Timestamp),
}

/// How somebody found their wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Felt {
    /// Good.
    Good,
    /// Neither good nor bad.
    Fair,
    /// Not good.
    NotGood,
}

impl Felt {
    /// All answers, the best first.
    pub const ALL: [Self; 3] = [Self::Good, Self::Fair, Self::NotGood];
}

impl Command {
    /// The one visit this command is about, where it names one.
    #[must_use]
    pub const fn visit(&self) -> Option<VisitId> {
        match *self {
            Self::Confirm { visit }
            | Self::LetGoFirst { visit }
            | Self::Call { visit, .. }
            | Self::Start { visit, .. }
            | Self::Finish { visit }
            | Self::StillServing { visit }
            | Self::ReturnToLine { visit }
            | Self::MarkNoShow { visit }
            | Self::Leave { visit }
            | Self::ComeBack { visit }
            | Self::CheckIn { visit }
            | Self::LetPass { visit }
            | Self::RunLate { visit, .. }
            | Self::Hold { visit }
            | Self::Resume { visit }
            | Self::ChangeServices { visit, .. }
            | Self::AddOn { visit, .. }
            | Self::HandOver { visit, .. }
            | Self::AcceptHandOver { visit }
            | Self::DeclineHandOver { visit }
            | Self::Ask { visit, .. }
            | Self::Answer { visit, .. }
            | Self::Continue { visit }
            | Self::Approve { visit }
            | Self::ExpectPart { visit, .. }
            | Self::AskApproval { visit, .. }
            | Self::PromiseNews { visit, .. }
            | Self::GiveNews { visit, .. }
            | Self::AskFor { visit, .. }
            | Self::KeepFor { visit, .. }
            | Self::MoveBefore { visit, .. }
            | Self::Tell { visit }
            | Self::Acknowledge { visit, .. }
            | Self::Choose { visit, .. }
            | Self::AnswerInvitation { visit, .. }
            | Self::TellBefore { visit, .. }
            | Self::ConfirmStart { visit, .. }
            | Self::RateWait { visit, .. }
            | Self::MakeGood { visit, .. }
            | Self::Undo { visit } => Some(visit),
            Self::AcceptPrice { ref command, .. } | Self::TakeRemedy { ref command, .. } => {
                (**command).visit()
            }
            Self::Join(_)
            | Self::AddWalkIn(_)
            | Self::Book(_)
            | Self::CallNext { .. }
            | Self::ReportDelay { .. }
            | Self::EndDelay { .. }
            | Self::GoOnDuty { .. }
            | Self::GoOffDuty { .. }
            | Self::TakeBreak { .. }
            | Self::EndBreak { .. }
            | Self::ExpectStaff { .. }
            | Self::LeaveEarly { .. }
            | Self::MoveBreak { .. }
            | Self::CloseLine
            | Self::OpenLine => None,
        }
    }

    /// Whether nobody but the person whose visit it is may do this, not even the desk in their place.
    #[must_use]
    pub const fn is_customers_alone(&self) -> bool {
        matches!(self, Self::ComeBack { .. } | Self::ConfirmStart { .. } | Self::RateWait { .. })
    }

    /// Whether the person whose visit it is may do this by themselves, on their phone.
    #[must_use]
    pub const fn is_customers(&self) -> bool {
        matches!(
            self,
            Self::Leave { .. }
                | Self::ComeBack { .. }
                | Self::CheckIn { .. }
                | Self::LetPass { .. }
                | Self::RunLate { .. }
                | Self::Confirm { .. }
                | Self::Ask { .. }
                | Self::Approve { .. }
                | Self::Acknowledge { .. }
                | Self::Choose { .. }
                | Self::AnswerInvitation { .. }
                | Self::TellBefore { .. }
                | Self::ConfirmStart { .. }
                | Self::RateWait { .. }
        )
    }
}

/// The answer to a command that was carried out, given when its events are durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The shop's last event after the command; a view stamped with this `seq` or more shows it.
    pub seq: u64,
    /// Who joined or was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitId>,
    /// The time promised to who joined. `None` when nobody is on duty who could keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Timestamp>,
    /// The private link of who joined, to be put after `/v/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_id_is_short_and_plain() {
        assert!(CommandId::new("tap-0001").is_some());
        for bad in ["", "short", "with space", "ünicode-id", &"x".repeat(65)] {
            assert!(CommandId::new(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn commands_read_as_they_are_documented() {
        let json = serde_json::to_string(&Command::Start { visit: VisitId(3), staff: StaffId(1) });
        assert_eq!(json.expect("serialises"), r#"{"start":{"visit":3,"staff":1}}"#);
    }
}
