//! Taking back a tap: what it touched is kept as it was before, for a minute.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sooner_shared::{StaffId, Timestamp, VisitId};

use crate::Visit;
use crate::promise::UNDO_MS;
use crate::shop::{Chair, Delay};

/// One tap, and what it touched as it was before.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Tap {
    /// When.
    pub at: Timestamp,
    /// Whom it was about. Others it may only have put back in their place.
    pub about: BTreeSet<VisitId>,
    /// Visits as they were; `None` for who was not there yet.
    pub visits: BTreeMap<VisitId, Option<Visit>>,
    /// Chairs as they were.
    pub chairs: BTreeMap<StaffId, Chair>,
    /// Delays that it ended.
    pub delays: Vec<Delay>,
    /// Who went away by it, of their own accord.
    pub left_by_self: Option<VisitId>,
    /// Promises it made.
    pub promised: Vec<(VisitId, u16)>,
    /// Time alone has changed since what it touched: it can no longer be taken back.
    pub overtaken: bool,
}

/// The taps of the last minute, by their number.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Taps(BTreeMap<u64, Tap>);

impl Taps {
    /// The tap of a number, made anew when it is its first event.
    pub(crate) fn at(&mut self, number: u64, at: Timestamp) -> &mut Tap {
        self.0.entry(number).or_insert_with(|| Tap { at, ..Tap::default() })
    }

    /// Forgets what can no longer be taken back. A trial that was due while nobody was there to see
    /// to it still is.
    pub(crate) fn forget(&mut self, now: Timestamp, is_trial: impl Fn(VisitId) -> bool) {
        self.0.retain(|_, tap| now - tap.at < UNDO_MS || tap.about.iter().any(|&v| is_trial(v)));
    }

    /// Time alone changes a visit or a chair: what was tapped before stays.
    pub(crate) fn overtake(&mut self, visit: Option<VisitId>, staff: Option<StaffId>) {
        for tap in self.0.values_mut() {
            tap.overtaken |= visit.is_some_and(|v| tap.visits.contains_key(&v))
                || staff.is_some_and(|s| tap.chairs.contains_key(&s));
        }
    }

    pub(crate) fn take(&mut self, number: u64) -> Option<Tap> {
        self.0.remove(&number)
    }

    /// A tap by its number.
    #[must_use]
    pub fn get(&self, number: u64) -> Option<&Tap> {
        self.0.get(&number)
    }

    /// The last tap about a visit, if it can still be taken back at `now`: nothing it touched was
    /// touched after it.
    #[must_use]
    pub fn last_on(&self, visit: VisitId, now: Timestamp) -> Option<(u64, &Tap)> {
        let (&number, tap) = self.0.iter().rev().find(|(_, t)| t.about.contains(&visit))?;
        let touched_later = self.0.range(number + 1..).any(|(_, later)| {
            tap.visits.keys().any(|v| later.visits.contains_key(v))
                || tap.chairs.keys().any(|s| later.chairs.contains_key(s))
        });
        let stands = touched_later || tap.overtaken || now - tap.at >= UNDO_MS;
        (!stands).then_some((number, tap))
    }
}
