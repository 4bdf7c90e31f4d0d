//! How a promise ends.
//!
//! | how it ends | outcome |
//! |---|---|
//! | started by the promised minute | kept |
//! | called to a free chair by then, started later because the person came later | kept |
//! | the minute passes first | broken, then and there |
//! | left before the minute, unprompted | left before |
//! | no-show, or left, after the minute with a call made in time | void |
//!
//! The promised minute is an instant: a start at 14:35:00.000 keeps "by 14:35", one a millisecond
//! later does not. Later announced times, releases and undo come with the commands that cause
//! them.

use serde::{Deserialize, Serialize};
use sooner_shared::Timestamp;
use sooner_shared::view::Outcome;

/// What somebody was told, and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The time told.
    pub by: Timestamp,
    /// When it was told.
    pub made_at: Timestamp,
    /// How it ended; never changes once set.
    pub outcome: Option<Outcome>,
    /// A call made in time still stood when the minute passed, so that the minute did not break
    /// the promise.
    pub secured: bool,
}

/// What a visit's end, or the passing of its minute, does to its promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The service began.
    Started,
    /// The person went away.
    Left,
    /// The person was called and did not come.
    NoShow,
    /// Only time passed.
    TimePassed,
}

impl Promise {
    /// A fresh promise.
    #[must_use]
    pub const fn new(by: Timestamp, made_at: Timestamp) -> Self {
        Self { by, made_at, outcome: None, secured: false }
    }

    /// Whether a call that stands since `called_at` keeps the minute from breaking the promise.
    #[must_use]
    pub fn is_safe(&self, called_at: Option<Timestamp>) -> bool {
        self.secured || called_at.is_some_and(|at| at <= self.by)
    }

    /// The score of `ending` at `now`; `None` when the promise is still open, or was scored
    /// before.
    #[must_use]
    pub fn score(
        &self,
        ending: Ending,
        called_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Outcome> {
        if self.outcome.is_some() {
            return None;
        }
        let in_time = now <= self.by;
        let safe = self.is_safe(called_at);
        match ending {
            Ending::Left if in_time => Some(Outcome::LeftBefore),
            Ending::TimePassed if in_time || safe => None,
            Ending::Started if in_time || safe => Some(Outcome::Kept),
            Ending::NoShow | Ending::Left if in_time || safe => Some(Outcome::Void),
            _ => Some(Outcome::Broken),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promises_are_scored_by_the_table() {
        let by = Timestamp(1_000);
        let promise = Promise::new(by, Timestamp(0));
        let secured = Promise { secured: true, ..promise };
        let scored = Promise { outcome: Some(Outcome::Broken), ..promise };
        let early = Some(Timestamp(900));
        let late = Some(Timestamp(1_100));
        for (what, promise, ending, called_at, now, expected) in [
            ("on the minute", promise, Ending::Started, None, 1_000, Some(Outcome::Kept)),
            ("a moment late", promise, Ending::Started, None, 1_001, Some(Outcome::Broken)),
            ("came later", promise, Ending::Started, early, 1_500, Some(Outcome::Kept)),
            ("called late", promise, Ending::Started, late, 1_500, Some(Outcome::Broken)),
            ("came back later", secured, Ending::Started, late, 1_500, Some(Outcome::Kept)),
            ("minute passes", promise, Ending::TimePassed, None, 1_001, Some(Outcome::Broken)),
            ("minute not passed", promise, Ending::TimePassed, None, 1_000, None),
            ("a call stands", promise, Ending::TimePassed, early, 2_000, None),
            ("left early", promise, Ending::Left, None, 500, Some(Outcome::LeftBefore)),
            ("left when called", promise, Ending::Left, early, 1_500, Some(Outcome::Void)),
            ("left after the minute", promise, Ending::Left, None, 1_500, Some(Outcome::Broken)),
            ("no-show", promise, Ending::NoShow, early, 1_500, Some(Outcome::Void)),
            ("no-show, called late", promise, Ending::NoShow, late, 1_500, Some(Outcome::Broken)),
            ("scored once", scored, Ending::Started, None, 500, None),
        ] {
            assert_eq!(promise.score(ending, called_at, Timestamp(now)), expected, "{what}");
        }
    }
}
