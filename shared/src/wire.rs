//! Messages on the socket at `/api/live`: JSON text, one message a frame.
//!
//! The client says [`ClientMessage::Hello`] first; the server answers with a snapshot, or with the
//! one delta that is missing, or with neither when nothing is, and then with a beat. From then on every frame carries
//! `epoch` (a new one whenever the server has to count again) and `rev`: a delta fits only on the
//! revision before it, whoever has another one closes and says hello anew.

use serde::{Deserialize, Serialize};

use crate::view::{Followed, View, ViewDiff};
use crate::{Command, CommandId, Problem, ProblemCode, Receipt, ShopId, StaffId, Timestamp};

/// The largest message either side takes from a client, in bytes.
pub const CLIENT_MESSAGE_MAX_BYTES: usize = 16 * 1024;

/// How often the server sends a [`Beat`], in milliseconds of real time.
pub const BEAT_EVERY_MS: u64 = 15_000;

/// Without any message for this long a screen no longer calls itself live, in milliseconds.
pub const STALE_AFTER_MS: u64 = 35_000;

/// What a socket wants to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Audience {
    /// The wall; open to everybody.
    Lobby {
        /// Which shop.
        shop: ShopId,
    },
    /// The desk; for a paired tablet, the owner, or a program's key.
    Desk {
        /// Which shop.
        shop: ShopId,
        /// A program's key; browsers have cookies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
    },
    /// One person's phone.
    Visit {
        /// The private link.
        link: String,
    },
}

/// Where a returning client stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// The server's count it belongs to.
    pub epoch: u64,
    /// The last revision the client has.
    pub rev: u64,
}

/// From a screen to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientMessage {
    /// The first message on every socket, within five seconds.
    Hello {
        /// What to show.
        audience: Audience,
        /// Where the client stopped, if it was here before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume: Option<Position>,
    },
    /// A tap.
    Command {
        /// The same for every retry of the tap.
        id: CommandId,
        /// What to do.
        command: Command,
        /// Who taps, of those who are signed in at this device.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<StaffId>,
        /// When it was tapped, by the shop's clock as the screen follows it, if it could not be sent
        /// at once. Starting and finishing count as done then: at most twelve hours ago, never in the
        /// future, and never before the visit's last change. Without it, now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tapped_at: Option<Timestamp>,
    },
}

/// What every view is stamped with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The count `rev` belongs to.
    pub epoch: u64,
    /// Grows by one with each change of this audience's view.
    pub rev: u64,
    /// The shop's last event that is in the view.
    pub seq: u64,
    /// The server's time.
    pub at: Timestamp,
}

/// A whole view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "SnapshotFields<V>")]
pub struct Snapshot<V = View> {
    /// Position and time.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// What to show.
    pub view: V,
}

/// As it is read: fields in fields cost phones more than they are worth.
#[derive(Deserialize)]
struct SnapshotFields<V> {
    epoch: u64,
    rev: u64,
    seq: u64,
    at: Timestamp,
    view: V,
}

impl<V> From<SnapshotFields<V>> for Snapshot<V> {
    fn from(SnapshotFields { epoch, rev, seq, at, view }: SnapshotFields<V>) -> Self {
        Self { stamp: Stamp { epoch, rev, seq, at }, view }
    }
}

/// A change of a view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "DeltaFields<D>")]
pub struct Delta<D = ViewDiff> {
    /// Position and time after the change.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// What changes.
    pub diff: D,
}

#[derive(Deserialize)]
struct DeltaFields<D> {
    epoch: u64,
    rev: u64,
    seq: u64,
    at: Timestamp,
    diff: D,
}

impl<D> From<DeltaFields<D>> for Delta<D> {
    fn from(DeltaFields { epoch, rev, seq, at, diff }: DeltaFields<D>) -> Self {
        Self { stamp: Stamp { epoch, rev, seq, at }, diff }
    }
}

/// "I am still here", every 15 seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beat {
    /// The server's time.
    pub at: Timestamp,
    /// How fast the shop's clock runs: 1 is real time, 0 a clock that is stepped.
    pub rate: f64,
    /// The server's count.
    pub epoch: u64,
    /// The newest revision of this audience's view.
    pub rev: u64,
    /// The server's build; a screen of another build reloads when it is idle.
    pub build: String,
}

/// From the server to a screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    rename_all = "snake_case",
    bound(
        serialize = "V: Serialize, V::Diff: Serialize",
        deserialize = "V: Deserialize<'de>, V::Diff: Deserialize<'de>"
    )
)]
pub enum ServerMessage<V: Followed = View> {
    /// A whole view.
    Snapshot(Snapshot<V>),
    /// A change of it.
    Delta(Delta<V::Diff>),
    /// A sign of life.
    Beat(Beat),
    /// The command was carried out and is durable.
    Accepted {
        /// Which command.
        id: CommandId,
        /// What came of it.
        receipt: Receipt,
    },
    /// The command was refused, or (without an id) the message could not be read.
    Refused {
        /// Which command.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<CommandId>,
        /// Why.
        problem: Problem,
    },
}

macro_rules! close_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $reason:literal;)*) => {
        /// Why the server closes a socket. 4000 to 4499: come back, with back-off; 4500 to 4999:
        /// coming back without a change will not help.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum CloseCode {
            $($(#[$doc])* $name,)*
        }

        impl CloseCode {
            /// All codes, in the order they are documented.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The number in the close frame.
            #[must_use]
            pub const fn number(self) -> u16 {
                match self { $(Self::$name => $code),* }
            }

            /// The reason in the close frame; also the label in logs.
            #[must_use]
            pub const fn reason(self) -> &'static str {
                match self { $(Self::$name => $reason),* }
            }
        }
    };
}

close_codes! {
    /// The server restarts; it will be back in seconds.
    ShuttingDown = 4000, "shutting_down";
    /// No hello within five seconds.
    HelloTimeout = 4001, "hello_timeout";
    /// Nothing was heard from the client for 45 seconds.
    Silent = 4002, "silent";
    /// The client did not read for 20 seconds.
    TooSlow = 4003, "too_slow";
    /// The shop's task is being rebuilt, or was set aside.
    ShopUnavailable = 4004, "shop_unavailable";
    /// Who may see this has changed: say hello anew.
    AccessChanged = 4005, "access_changed";
    /// Too many sockets or wrong links from one address.
    TooFast = 4006, "too_fast";
    /// Not a message of this protocol.
    MalformedMessage = 4500, "malformed_message";
    /// Larger than 16 KiB.
    MessageTooLarge = 4501, "message_too_large";
    /// No such shop.
    UnknownShop = 4502, "unknown_shop";
    /// No such visit, or its page has been cleared away.
    UnknownVisit = 4503, "unknown_visit";
    /// Not paired, not signed in, or a key that does not reach that far.
    NotAllowed = 4504, "not_allowed";
}

/// Whether a client that was closed with this number should come back by itself. Numbers outside
/// our range (a proxy's 1006, for one) are troubles of the way, so yes.
#[must_use]
pub const fn may_return(close_number: u16) -> bool {
    !(close_number >= 4500 && close_number <= 4999)
}

/// What to tell people whose socket was closed for good.
#[must_use]
pub fn problem_of(close_number: u16) -> ProblemCode {
    match CloseCode::ALL.iter().find(|code| code.number() == close_number) {
        Some(CloseCode::UnknownShop) => ProblemCode::UnknownShop,
        Some(CloseCode::UnknownVisit) => ProblemCode::UnknownVisit,
        Some(CloseCode::NotAllowed) => ProblemCode::NotAllowed,
        Some(CloseCode::MessageTooLarge) => ProblemCode::MessageTooLarge,
        _ => ProblemCode::MalformedMessage,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_codes_say_by_their_number_whether_to_come_back() {
        for code in CloseCode::ALL {
            let stays_away = matches!(
                code,
                CloseCode::MalformedMessage
                    | CloseCode::MessageTooLarge
                    | CloseCode::UnknownShop
                    | CloseCode::UnknownVisit
                    | CloseCode::NotAllowed
            );
            assert_eq!(may_return(code.number()), !stays_away, "{code:?}");
        }
        assert!(may_return(1006));
    }

    #[test]
    fn hello_reads_as_documented() {
        let hello: ClientMessage =
            serde_json::from_str(r#"{"hello":{"audience":{"lobby":{"shop":"salon"}}}}"#)
                .expect("reads");
        assert!(matches!(hello, ClientMessage::Hello { resume: None, .. }));
        for bad in ["", "{}", r#"{"hello":{}}"#, r#"{"hello":{"audience":{"lobby":{"shop":"A"}}}}"#]
        {
            assert!(serde_json::from_str::<ClientMessage>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_snapshot_survives_the_way() {
        let text = r#"{"snapshot":{"epoch":1,"rev":2,"seq":3,"at":4,"view":{"lobby":{"head":{"name":"S","zone":"UTC","services":[],"staff":[],"quotes":[],"quoted_at":0,"doors":{"open":{"until":null}},"kept_week":null},"cards":{"1":{"label":"A","stage":"waiting","by":null,"staff":null,"requested":null,"kind":"start","checked_in":true,"call_no":0}},"order":[1]}}}}"#;
        let message: ServerMessage = serde_json::from_str(text).expect("reads");
        assert_eq!(serde_json::to_string(&message).expect("writes"), text);
    }
}
