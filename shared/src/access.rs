//! Who may do what: roles, paired devices, keys of programs, and who made a change.
//!
//! The owner signs in with a password. A screen of the shop is *paired*: it shows a short code, the
//! owner confirms it. Staff sign in at a paired tablet with a PIN, once a shift. A customer has the
//! link of their visit, a program a key with scopes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::number_id;
use crate::{StaffId, Timestamp, VisitId};

/// Digits of a PIN, at least and at most.
pub const PIN_DIGITS: std::ops::RangeInclusive<usize> = 4..=8;
/// Characters of a password, at least and at most.
pub const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 10..=128;
/// Characters of a device's or a key's label.
pub const LABEL_MAX_CHARS: usize = 40;
/// Characters of the code that a screen shows to be paired.
pub const CODE_CHARS: usize = 6;

number_id!(
    /// A browser that the shop knows: paired, or one at which the owner has signed in.
    DeviceId(u32)
);
number_id!(
    /// A key of a program.
    KeyId(u32)
);

/// What a known browser is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// The desk: everything that staff do.
    Tablet,
    /// The wall: shows, and does nothing.
    Display,
    /// Where people join: joins, with limits of its own.
    Kiosk,
    /// One at which the owner has signed in. It opens nothing by itself; others' wrong passwords do
    /// not lock it out.
    Owner,
}

/// What a program's key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Joining, with limits of its own.
    Join,
    /// What the desk sees and does.
    Desk,
    /// The set-up.
    SetUp,
    /// The figures of how promises were kept, without what concerns single people who serve.
    Report,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Join, Self::Desk, Self::SetUp, Self::Report];

    /// As programs write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Desk => "desk",
            Self::SetUp => "set_up",
            Self::Report => "report",
        }
    }
}

/// Who made a change. No name: people are numbers, and devices are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Maker {
    /// Recorded before makers were.
    #[default]
    Unknown,
    /// Nobody: time alone.
    Time,
    /// Who runs the program, at its command line.
    Operator,
    /// The owner.
    Owner,
    /// Somebody who serves, signed in at a device.
    Staff {
        /// Who.
        staff: StaffId,
        /// Where.
        device: DeviceId,
    },
    /// Somebody at a device at which nobody signs in.
    Device(DeviceId),
    /// A program.
    Program(KeyId),
    /// Somebody who joined, or has the link of their visit.
    Customer,
}

impl fmt::Display for Maker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => Ok(()),
            Self::Time => f.write_str("time"),
            Self::Operator => f.write_str("operator"),
            Self::Owner => f.write_str("owner"),
            Self::Staff { staff, device } => write!(f, "staff {staff} at {device}"),
            Self::Device(device) => write!(f, "device {device}"),
            Self::Program(key) => write!(f, "program {key}"),
            Self::Customer => f.write_str("customer"),
        }
    }
}

/// The text names no maker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAMaker;

impl fmt::Display for NotAMaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a maker")
    }
}

impl FromStr for Maker {
    type Err = NotAMaker;

    fn from_str(text: &str) -> Result<Self, NotAMaker> {
        // One more than any maker has: a long text is not taken apart.
        let words: Vec<_> = text.splitn(5, ' ').collect();
        let number = |text: &str| text.parse::<u32>().map_err(|_| NotAMaker);
        Ok(match words[..] {
            [""] => Self::Unknown,
            ["time"] => Self::Time,
            ["operator"] => Self::Operator,
            ["owner"] => Self::Owner,
            ["customer"] => Self::Customer,
            ["device", id] => Self::Device(DeviceId(number(id)?)),
            ["program", id] => Self::Program(KeyId(number(id)?)),
            ["staff", staff, "at", device] => Self::Staff {
                staff: StaffId(staff.parse().map_err(|_| NotAMaker)?),
                device: DeviceId(number(device)?),
            },
            _ => return Err(NotAMaker),
        })
    }
}

impl Serialize for Maker {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Maker {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What this browser is to the shop: `GET /api/shops/{shop}/me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The shop's name.
    pub shop_name: String,
    /// Its time zone.
    pub zone: String,
    /// Whether the shop has an owner yet.
    pub has_owner: bool,
    /// Whether the owner is signed in here.
    pub is_owner: bool,
    /// Whether this browser may be a desk as it is.
    pub may_desk: bool,
    /// What it was paired as.
    pub device: Option<MyDevice>,
    /// Who serves here; at a tablet, and for the owner.
    pub people: Vec<Person>,
}

impl Me {
    /// Whether somebody has to sign in before this tablet is a desk.
    #[must_use]
    pub fn needs_pin(&self) -> bool {
        let is_tablet = self.device.as_ref().is_some_and(|d| d.kind == DeviceKind::Tablet);
        is_tablet && !self.may_desk
    }

    /// Who is signed in at this tablet.
    pub fn signed_in(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|p| p.signed_in)
    }
}

/// The browser, as it was paired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyDevice {
    /// Which.
    pub id: DeviceId,
    /// As what.
    pub kind: DeviceKind,
    /// What the owner calls it.
    pub label: String,
}

/// Somebody who serves, as who signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// Whether they have a PIN.
    pub has_pin: bool,
    /// Whether they are signed in at this device.
    pub signed_in: bool,
}

/// The first run: `POST /api/shops/{shop}/owner`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstRun {
    /// What the program printed when it started.
    pub code: String,
    /// The owner's password.
    pub password: String,
}

/// What is shown once, to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// Makes a new password, once.
    pub recovery_code: String,
}

/// Signing in: `POST /api/shops/{shop}/login`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The owner's password.
    pub password: String,
}

/// A new password for a recovery code, or for the one before: `POST /api/shops/{shop}/password`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum NewPassword {
    /// With the code that was printed.
    Recover {
        /// The code.
        recovery_code: String,
        /// The new password.
        password: String,
    },
    /// With the one before.
    Change {
        /// The one before.
        before: String,
        /// The new one.
        password: String,
    },
}

/// A screen asks to be paired: `POST /api/shops/{shop}/pairings`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairingRequest {
    /// As what.
    pub kind: DeviceKind,
}

/// What the screen is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairing {
    /// To be shown; the owner types it in.
    pub code: String,
    /// To be kept; it fetches what the owner confirmed.
    pub secret: String,
}

/// The screen asks whether it is paired: `POST /api/shops/{shop}/pairings/claim`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// What it was given.
    pub secret: String,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// What it is paired as; absent while the owner has not confirmed it.
    pub kind: Option<DeviceKind>,
}

/// The owner confirms a code: `POST /api/shops/{shop}/pairings/confirm`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The code on the screen.
    pub code: String,
    /// What it is to be: what it asked for, or nothing is confirmed.
    pub kind: DeviceKind,
    /// What to call it.
    pub label: String,
}

/// A person signs in at a paired tablet: `POST /api/shops/{shop}/shift`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinIn {
    /// Who.
    pub staff: StaffId,
    /// Their PIN.
    pub pin: String,
}

/// A PIN is set or taken away: `PUT /api/shops/{shop}/pins/{staff}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPin {
    /// The digits; none takes it away.
    pub pin: Option<String>,
}

/// A key is wanted: `POST /api/shops/{shop}/keys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What for.
    pub label: String,
    /// What it opens.
    pub scopes: Vec<Scope>,
}

/// The key, shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeKey {
    /// Its number.
    pub id: KeyId,
    /// The key.
    pub key: String,
}

/// Somebody is to try whether a phone reaches the shop: `POST /api/shops/{shop}/reach`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachTry {
    /// Names the try.
    pub secret: String,
    /// What the phone opens.
    pub address: String,
}

/// Whether a phone came: `GET /api/shops/{shop}/reach`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReachTried {
    /// Not yet.
    Nobody,
    /// One did, from the shop's own network.
    Inside,
    /// One did, from elsewhere.
    Outside,
}

/// What the owner sees: `GET /api/shops/{shop}/access`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessView {
    /// Paired screens and the owner's own.
    pub devices: Vec<DeviceInfo>,
    /// Keys of programs.
    pub keys: Vec<KeyInfo>,
    /// What was done, newest first.
    pub deeds: Vec<DeedInfo>,
    /// Where people reach the shop.
    pub address: String,
}

/// A known browser, to the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// Which.
    pub id: DeviceId,
    /// As what.
    pub kind: DeviceKind,
    /// What the owner calls it.
    pub label: String,
    /// Since when.
    pub made_at: Timestamp,
    /// When it last spoke.
    pub seen_at: Timestamp,
    /// Whether it is the one the owner looks with.
    pub is_this: bool,
}

/// A program's key, to the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyInfo {
    /// Which.
    pub id: KeyId,
    /// What for.
    pub label: String,
    /// What it opens.
    pub scopes: Vec<Scope>,
    /// Since when.
    pub made_at: Timestamp,
    /// When it was last used.
    pub seen_at: Option<Timestamp>,
}

/// Something that was done about access, or about what is kept of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// The shop got its owner.
    OwnerMade,
    /// The owner has another password.
    PasswordChanged,
    /// The owner has another password, by the recovery code.
    Recovered,
    /// Whoever runs the program took the owner's password away.
    OwnerReset,
    /// The owner signed in.
    SignedIn,
    /// The owner signed out.
    SignedOut,
    /// Wrong passwords or PINs were tried too often.
    LockedOut,
    /// A screen was paired.
    Paired(DeviceId),
    /// A screen is no longer known.
    Unpaired(DeviceId),
    /// A key was made.
    KeyMade(KeyId),
    /// A key opens nothing any more.
    KeyRevoked(KeyId),
    /// A person has a PIN.
    PinSet(StaffId),
    /// A person has none.
    PinCleared(StaffId),
    /// A person signed in at a tablet.
    ShiftBegun(StaffId),
    /// A tablet was locked.
    Locked(DeviceId),
    /// The private link of a visit was replaced.
    LinkReplaced(VisitId),
    /// What was kept of a person was given out.
    Exported(VisitId),
    /// What was kept of a person was erased.
    Erased(VisitId),
}

/// A new private link: `POST /api/shops/{shop}/visits/{visit}/link`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLink {
    /// The link, to be put after `/v/`.
    pub link: String,
}

/// A deed with its time and who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeedInfo {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Maker,
    /// What.
    pub deed: Deed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_maker_reads_as_it_was_written() {
        let staff = Maker::Staff { staff: StaffId(3), device: DeviceId(2) };
        let all = [
            (Maker::Unknown, ""),
            (Maker::Time, "time"),
            (Maker::Operator, "operator"),
            (Maker::Owner, "owner"),
            (staff, "staff 3 at 2"),
            (Maker::Device(DeviceId(4)), "device 4"),
            (Maker::Program(KeyId(5)), "program 5"),
            (Maker::Customer, "customer"),
        ];
        for (maker, text) in all {
            assert_eq!(maker.to_string(), text);
            assert_eq!(text.parse(), Ok(maker));
        }
        for bad in ["nobody", "staff 3", "staff x at 2", "device", "device -1", "owner 2"] {
            assert_eq!(bad.parse::<Maker>(), Err(NotAMaker), "{bad}");
        }
    }
}
