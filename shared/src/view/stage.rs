//! Where a visit is, what it was promised, and how that ended.

use serde::{Deserialize, Serialize};

/// Where a visit is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Has an appointment later.
    Booked,
    /// In line.
    Waiting,
    /// Asked to come to a chair.
    Called,
    /// In the chair; or their device is on the bench; or they are on the phone.
    Serving,
    /// Nobody can go on before something has come: a part, a yes, the end of a treatment's time.
    Pending,
    /// Set aside by staff; the place stays.
    OnHold,
    /// To be collected.
    Ready,
    /// Served.
    Done,
    /// Went away before the service.
    Left,
    /// Was called and did not come.
    NoShow,
}

impl Stage {
    /// Whether nothing more will happen to the visit.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Left | Self::NoShow)
    }
}

/// What a promise is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum PromiseKind {
    /// "In the chair by".
    #[default]
    Start,
    /// "Ready by".
    Ready,
    /// "We call you by".
    CallBack,
    /// "Next news by".
    News,
    /// "Done by", told when the service starts.
    Done,
}

impl PromiseKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Start, Self::Ready, Self::CallBack, Self::News, Self::Done];

    /// As it is written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Ready => "ready",
            Self::CallBack => "call_back",
            Self::News => "news",
            Self::Done => "done",
        }
    }
}

/// What a visit that is [`Stage::Pending`] waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// A treatment takes its time.
    Time,
    /// The customer's yes.
    Approval,
    /// A part.
    Part,
}

/// How a promise ended; the table of outcomes is in ARCHITECTURE.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Started, or called to a free chair, by the promised minute.
    Kept,
    /// The minute passed first.
    Broken,
    /// Left before the minute, unprompted: no score.
    LeftBefore,
    /// Did not come, or left, after a call made in time; or taken back within its minute: no score.
    Void,
    /// The person's own wish took its place: let one pass, running late, something else: no score.
    Released,
}
