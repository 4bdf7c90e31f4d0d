//! How a promise ends.
//!
//! | how it ends | outcome |
//! |---|---|
//! | started (ready, spoken to, news given) by the promised minute | kept |
//! | called to a free chair by then, started later because the person came later | kept |
//! | the minute passes first | broken, then and there |
//! | left before the minute, unprompted | left before |
//! | no-show, or left, after the minute with a call made in time | void |
//! | left, or changed plans, after a later time was told | broken |
//! | own wish: let one pass, running late, something else | released; a new promise is made |
//! | taken back within its minute, joined by mistake | void |
//!
//! The promised minute is an instant: a start at 14:35:00.000 keeps "by 14:35", one a millisecond
//! later does not. What a tap brings about is recorded a minute later, when the tap can no longer
//! be taken back; what the passing of the minute brings about, at once.

use serde::{Deserialize, Serialize};
use sooner_shared::Timestamp;
use sooner_shared::view::{Outcome, PromiseKind};

use crate::Shop;

/// For so long a tap can be taken back, in milliseconds; scoring and learning wait as long.
pub const UNDO_MS: i64 = 60_000;

/// What somebody was told, and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Its number among those of the visit, from 0.
    pub no: u16,
    /// What the time is for.
    pub kind: PromiseKind,
    /// The time told.
    pub by: Timestamp,
    /// When it was told.
    pub made_at: Timestamp,
    /// How it ended; never changes once set, unless a tap arrives that was made before the minute that
    /// broke it.
    pub outcome: Option<Outcome>,
    /// How it will have ended, and when that is certain.
    pub due: Option<(Outcome, Timestamp)>,
    /// A later time was told while this one was to come.
    #[serde(default)]
    pub postponed: bool,
    /// A call made in time still stood when the minute passed, so that the minute did not break
    /// the promise.
    pub secured: bool,
    /// Its minute has broken it.
    #[serde(default)]
    pub missed: bool,
}

/// When something happened, and when the shop knew of it: a tap may have been under way for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// When it happened.
    pub at: Timestamp,
    /// When it was recorded; never before it happened.
    pub known_at: Timestamp,
}

impl From<Timestamp> for Moment {
    /// What is known at once.
    fn from(at: Timestamp) -> Self {
        Self { at, known_at: at }
    }
}

/// What a visit's end, or the passing of its minute, does to its promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// What was promised came about: the service began, it is ready, they spoke, news were given.
    Met,
    /// The person went away.
    Left,
    /// The person was called and did not come.
    NoShow,
    /// The person wished for something else.
    OwnWish,
    /// Only time passed.
    TimePassed,
}

impl Promise {
    /// A fresh promise.
    #[must_use]
    pub const fn new(no: u16, kind: PromiseKind, by: Timestamp, made_at: Timestamp) -> Self {
        Self {
            no,
            kind,
            by,
            made_at,
            outcome: None,
            due: None,
            postponed: false,
            secured: false,
            missed: false,
        }
    }

    /// Whether it has not ended, not even for the time being.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.outcome.is_none() && self.due.is_none()
    }

    /// How it ended, as people are shown it: at once.
    #[must_use]
    pub fn shown_outcome(&self) -> Option<Outcome> {
        self.due.map(|(outcome, _)| outcome).or(self.outcome)
    }

    /// Whether a call that stands since `called_at` keeps the minute from breaking the promise.
    #[must_use]
    pub fn is_safe(&self, called_at: Option<Timestamp>) -> bool {
        let is_for_a_call = matches!(self.kind, PromiseKind::Start | PromiseKind::CallBack);
        is_for_a_call && (self.secured || called_at.is_some_and(|at| at <= self.by))
    }

    /// For how long somebody in line may still wait for it, in milliseconds: who is called to a chair by the
    /// minute begins a turn-around later.
    #[must_use]
    pub fn limit_ms(&self, shop: &Shop, now: Timestamp) -> i64 {
        let is_chair = self.kind == PromiseKind::Start;
        self.by - now + if is_chair { shop.config.turnaround_ms } else { 0 }
    }

    /// The score of `ending` at `now`; `None` when the promise is still open, or ended before.
    #[must_use]
    pub fn score(
        &self,
        ending: Ending,
        called_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Outcome> {
        if !self.is_live() {
            return None;
        }
        let in_time = now <= self.by;
        let safe = self.is_safe(called_at);
        match ending {
            Ending::Left | Ending::OwnWish if self.postponed => Some(Outcome::Broken),
            Ending::Left if in_time => Some(Outcome::LeftBefore),
            Ending::TimePassed if in_time || safe => None,
            Ending::Met if in_time || safe => Some(Outcome::Kept),
            Ending::NoShow | Ending::Left if in_time || safe => Some(Outcome::Void),
            Ending::OwnWish if in_time || safe => Some(Outcome::Released),
            _ => Some(Outcome::Broken),
        }
    }

    /// Ends it for the time being: certain when the tap can no longer be taken back. Who was served in
    /// time by a tap that arrived after the minute was served in time.
    pub fn end(&mut self, ending: Ending, called_at: Option<Timestamp>, when: Moment) {
        let is_mended = self.missed && self.due.is_none() && ending == Ending::Met;
        let outcome = if is_mended && when.at <= self.by {
            Some(Outcome::Kept)
        } else {
            self.score(ending, called_at, when.at)
        };
        if let Some(outcome) = outcome {
            self.due = Some((outcome, when.known_at + UNDO_MS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_made_in_time_mends_only_what_the_minute_broke() {
        let by = Timestamp(1_000);
        let broken = Promise {
            outcome: Some(Outcome::Broken),
            ..Promise::new(0, PromiseKind::Start, by, Timestamp(0))
        };
        let missed = Promise { missed: true, ..broken };
        let known_at = Timestamp(9_000);
        for (what, promise, ending, at, expected) in [
            ("tapped on the minute", missed, Ending::Met, 1_000, Outcome::Kept),
            ("tapped after it", missed, Ending::Met, 1_001, Outcome::Broken),
            ("left before it", missed, Ending::Left, 500, Outcome::Broken),
            ("broken by changed plans", broken, Ending::Met, 500, Outcome::Broken),
        ] {
            let mut promise = promise;
            promise.end(ending, None, Moment { at: Timestamp(at), known_at });
            assert_eq!(promise.shown_outcome(), Some(expected), "{what}");
        }
    }

    #[test]
    fn promises_are_scored_by_the_table() {
        let by = Timestamp(1_000);
        let promise = Promise::new(0, PromiseKind::Start, by, Timestamp(0));
        let postponed = Promise { postponed: true, ..promise };
        let secured = Promise { secured: true, ..promise };
        let scored = Promise { outcome: Some(Outcome::Broken), ..promise };
        let ending = Promise { due: Some((Outcome::Kept, Timestamp(60_500))), ..promise };
        let ready = Promise { kind: PromiseKind::Ready, ..promise };
        let early = Some(Timestamp(900));
        let late = Some(Timestamp(1_100));
        for (what, promise, end, called_at, now, expected) in [
            ("on the minute", promise, Ending::Met, None, 1_000, Some(Outcome::Kept)),
            ("a moment late", promise, Ending::Met, None, 1_001, Some(Outcome::Broken)),
            ("came later", promise, Ending::Met, early, 1_500, Some(Outcome::Kept)),
            ("called late", promise, Ending::Met, late, 1_500, Some(Outcome::Broken)),
            ("came back later", secured, Ending::Met, late, 1_500, Some(Outcome::Kept)),
            ("ready late", ready, Ending::Met, early, 1_500, Some(Outcome::Broken)),
            ("minute passes", promise, Ending::TimePassed, None, 1_001, Some(Outcome::Broken)),
            ("minute not passed", promise, Ending::TimePassed, None, 1_000, None),
            ("a call stands", promise, Ending::TimePassed, early, 2_000, None),
            ("left early", promise, Ending::Left, None, 500, Some(Outcome::LeftBefore)),
            ("left when called", promise, Ending::Left, early, 1_500, Some(Outcome::Void)),
            ("left after the minute", promise, Ending::Left, None, 1_500, Some(Outcome::Broken)),
            ("left when told later", postponed, Ending::Left, None, 500, Some(Outcome::Broken)),
            (
                "new plans when told later",
                postponed,
                Ending::OwnWish,
                None,
                1,
                Some(Outcome::Broken),
            ),
            ("started all the same", postponed, Ending::Met, None, 900, Some(Outcome::Kept)),
            ("no-show", promise, Ending::NoShow, early, 1_500, Some(Outcome::Void)),
            ("no-show, called late", promise, Ending::NoShow, late, 1_500, Some(Outcome::Broken)),
            ("own wish", promise, Ending::OwnWish, None, 500, Some(Outcome::Released)),
            ("own wish, too late", promise, Ending::OwnWish, None, 1_001, Some(Outcome::Broken)),
            ("scored once", scored, Ending::Met, None, 500, None),
            ("ended once", ending, Ending::TimePassed, None, 5_000, None),
        ] {
            assert_eq!(promise.score(end, called_at, Timestamp(now)), expected, "{what}");
        }
    }
}
