//! What a change would cost, and what would keep promises in danger.

use serde::{Deserialize, Serialize};

use crate::{Command, StaffId, Timestamp, VisitId};

/// What a change costs others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Price {
    /// The time that would be told to whom the change adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Timestamp>,
    /// Whose promises it would move.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<Moved>,
    /// Before whom the same person can be put, at the earliest, without moving any; `None` where
    /// there is no such place, or where it costs nothing anyhow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_before: Option<VisitId>,
}

/// A promise that a change would move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Whose.
    pub visit: VisitId,
    /// The time told.
    pub by: Timestamp,
    /// The time that would be told instead; `None` when none could be.
    pub then: Option<Timestamp>,
}

/// The body of `POST /api/shops/{shop}/previews`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewRequest {
    /// What is thought of.
    pub command: Command,
}

/// Something that would keep promises in danger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// What would be done.
    pub command: Command,
    /// Whose promises it would keep.
    pub keeps: Vec<VisitId>,
    /// Whose it would put in danger.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<VisitId>,
    /// Who has to say yes to it first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<Asks>,
}

/// Who has to say yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// A person who serves.
    Staff(StaffId),
    /// Somebody in line.
    Visit(VisitId),
}

/// Something somebody of the shop should do for a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// For whom.
    pub visit: VisitId,
    /// How they want to be called, or the code.
    pub name: String,
    /// What.
    pub what: TaskKind,
}

/// What should be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// A later time will be told to them by itself, unless somebody prevents it.
    Goes {
        /// The time.
        by: Timestamp,
        /// When it goes out.
        at: Timestamp,
    },
    /// A later time is to be said to them.
    Tell {
        /// The time.
        by: Timestamp,
    },
    /// A promise was broken, and is made good.
    Recover {
        /// The time that was not kept.
        missed: Timestamp,
    },
    /// They waited a moment longer than promised: a word of thanks.
    Thank,
    /// They are to be rung.
    Ring {
        /// By when.
        by: Timestamp,
        /// Whose task it is.
        owner: Option<StaffId>,
    },
    /// They are to hear something new.
    News {
        /// By when.
        by: Timestamp,
    },
    /// A colleague has not taken them yet.
    Accept {
        /// Who.
        to: StaffId,
    },
    /// Nobody who can will serve them today.
    Away {
        /// Whom they asked for, where that is why.
        staff: Option<StaffId>,
    },
}

impl TaskKind {
    /// For tests of the page and for styles.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Goes { .. } => "goes",
            Self::Tell { .. } => "tell",
            Self::Recover { .. } => "recover",
            Self::Thank => "thank",
            Self::Ring { .. } => "ring",
            Self::News { .. } => "news",
            Self::Accept { .. } => "accept",
            Self::Away { .. } => "away",
        }
    }
}

/// What came of the remedies of a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Promises that remedies should keep and that have ended.
    pub of: u32,
    /// Of these, kept.
    pub kept: u32,
}
