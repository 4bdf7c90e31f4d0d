//! First promises that broke: why, and what was done about it.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::view::PromiseKind;

/// First promises that broke.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Broken {
    /// How many.
    pub count: u32,
    /// Of them, made good.
    pub made_good: u32,
    /// Of them, neither made good nor left to the owner yet.
    pub waiting: u32,
    /// Of them, left to the owner.
    pub left_to_owner: u32,
    /// By what the log says of why, the most frequent first.
    pub reasons: Vec<ReasonCount>,
    /// Of one weekday and two hours in which most were due.
    pub worst: Option<Worst>,
    /// The newest, at most 100.
    pub newest: Vec<BrokenOne>,
}

/// How many broke for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonCount {
    /// The reason.
    pub reason: Reason,
    /// How many.
    pub count: u32,
}

/// Two hours of a weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worst {
    /// From Monday, 0, to Sunday, 6.
    pub weekday: u8,
    /// The hour with which it begins; an even one.
    pub from_hour: u8,
    /// Promises that broke then.
    pub count: u32,
}

/// A promise that broke.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BrokenOne {
    /// Whose, by the code of the visit.
    pub code: String,
    /// What was promised.
    pub kind: PromiseKind,
    /// The minute that was promised.
    pub by: Timestamp,
    /// For which service; of several, the first.
    pub service: Option<String>,
    /// Minutes until it came about all the same; nothing when it never did.
    pub late_min: Option<f64>,
    /// Minutes from being told a later time to the promised minute; nothing when nobody was told
    /// before it.
    pub told_ahead_min: Option<f64>,
    /// What the log says of why.
    pub reason: Reason,
    /// How it was made good.
    pub good: Good,
}

/// Why a promise broke, as far as the log says. Of several the first of this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Somebody decided to let another one go first at the price of this promise.
    WentFirst,
    /// Whom they had asked for had gone.
    PersonGone,
    /// Reported: the work in progress took longer.
    Work,
    /// Reported: a late start.
    LateStart,
    /// Reported: a machine, the power, the network.
    Equipment,
    /// Reported: something that was ordered was not there yet.
    Supply,
    /// Reported: anything else.
    Other,
    /// Somebody who serves went off duty between the promise and its minute.
    FewerOnDuty,
    /// A service took so long that the board asked whether it was still going on.
    RanLong,
    /// The log does not say.
    Unknown,
}

/// How a broken promise was made good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Good {
    /// It was, with one of the shop's ways where one was chosen.
    Made(Option<String>),
    /// The day ended before it was; the owner sees to it.
    LeftToOwner,
    /// Not yet.
    NotYet,
}

/// What was done about promises in danger, and about broken ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amends {
    /// Changes that were made to keep promises.
    pub remedies: u32,
    /// Promises they were for that were kept or broken since.
    pub saved_of: u32,
    /// Of these, kept.
    pub saved: u32,
    /// Changes that were made although they moved promised times of others.
    pub prices_accepted: u32,
    /// Visits whose times were moved so.
    pub moved_visits: u32,
    /// Of their first promises, broken.
    pub moved_broken: u32,
    /// The newest of these changes, at most 50.
    pub paid: Vec<Paid>,
    /// Later times that somebody said in person.
    pub told_in_person: u32,
    /// Broken promises that were made good.
    pub made_good: u32,
    /// Those that nobody had made good by the end of the day: whose, by their codes.
    pub left_to_owner: Vec<String>,
}

/// A change that somebody made although it moved promised times of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    /// When.
    pub at: Timestamp,
    /// For whom, by the code of the visit, where it was for one.
    pub code: Option<String>,
    /// Whether they were given the right to go first.
    pub is_right: bool,
    /// Who paid, by the codes of the visits.
    pub moved: Vec<String>,
    /// How many of their first promises broke.
    pub broken: u32,
}
