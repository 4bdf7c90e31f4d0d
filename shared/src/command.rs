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

/// What a person joins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// What they come for.
    pub service: ServiceId,
    /// Whom they ask for; `None` is whoever is free first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<StaffId>,
    /// How they want to be called. Kept apart from the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The time they were shown; without one they take whatever is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Shown>,
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

/// The body of `POST /api/visits/{link}/leave` and `…/check-in`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitRequest {
    /// The same for every retry.
    pub id: CommandId,
}

/// Everything the shop can be asked to do, in the imperative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Somebody joins by themselves, from the code on the wall.
    Join(Join),
    /// Staff add somebody who stands at the desk.
    AddWalkIn(Join),
    /// Finishes who is in the chair, if anybody, and calls the next one by the shop's rule.
    CallNext {
        /// Whose chair.
        staff: StaffId,
        /// Who the tapper saw in or on the way to that chair. If it is somebody else by now, two
        /// people tapped at once and the second tap is refused rather than skipping a person.
        after: Option<VisitId>,
    },
    /// Calls one person out of order.
    Call {
        /// Who.
        visit: VisitId,
        /// To whose chair.
        staff: StaffId,
    },
    /// The service begins.
    Start {
        /// Who.
        visit: VisitId,
        /// In whose chair.
        staff: StaffId,
    },
    /// The service is over.
    Finish {
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
    /// Somebody waiting goes away.
    Leave {
        /// Who.
        visit: VisitId,
    },
    /// Somebody waiting is in the shop.
    CheckIn {
        /// Who.
        visit: VisitId,
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
}

impl Command {
    /// The one visit this command is about, where it names one.
    #[must_use]
    pub const fn visit(&self) -> Option<VisitId> {
        match *self {
            Self::Call { visit, .. }
            | Self::Start { visit, .. }
            | Self::Finish { visit }
            | Self::ReturnToLine { visit }
            | Self::MarkNoShow { visit }
            | Self::Leave { visit }
            | Self::CheckIn { visit } => Some(visit),
            Self::Join(_)
            | Self::AddWalkIn(_)
            | Self::CallNext { .. }
            | Self::GoOnDuty { .. }
            | Self::GoOffDuty { .. } => None,
        }
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
