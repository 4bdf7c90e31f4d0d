//! Taking back a tap: what it touched is kept as it was before, for a minute.

use std::collections::BTreeMap;

use serde::Serialize;
use sooner_shared::{StaffId, Timestamp, VisitId};

use crate::Visit;
use crate::promise::UNDO_MS;

/// One tap, and what it touched as it was before.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Tap {
    /// When.
    pub at: Timestamp,
    /// Visits as they were; `None` for who was not there yet.
    pub visits: BTreeMap<VisitId, Option<Visit>>,
    /// Who was in or on the way to a chair.
    pub seats: BTreeMap<StaffId, Option<VisitId>>,
    /// Promises it made.
    pub promised: Vec<(VisitId, u16)>,
}

/// The taps of the last minute, by their number.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Taps(BTreeMap<u64, Tap>);

impl Taps {
    /// The tap of a number, made anew when it is its first event.
    pub(crate) fn at(&mut self, number: u64, at: Timestamp) -> &mut Tap {
        self.0.entry(number).or_insert_with(|| Tap { at, ..Tap::default() })
    }

    /// Forgets what can no longer be taken back.
    pub(crate) fn forget(&mut self, now: Timestamp) {
        self.0.retain(|_, tap| now - tap.at < UNDO_MS);
    }

    pub(crate) fn take(&mut self, number: u64) -> Option<Tap> {
        self.0.remove(&number)
    }

    /// A tap by its number.
    #[must_use]
    pub fn get(&self, number: u64) -> Option<&Tap> {
        self.0.get(&number)
    }

    /// The last tap on a visit that can still be taken back at `now`: nothing it touched was
    /// touched after it.
    #[must_use]
    pub fn last_on(&self, visit: VisitId, now: Timestamp) -> Option<(u64, &Tap)> {
        let (&number, tap) = self.0.iter().rev().find(|(_, t)| t.visits.contains_key(&visit))?;
        let touched_later = self.0.range(number + 1..).any(|(_, later)| {
            tap.visits.keys().any(|v| later.visits.contains_key(v))
                || tap.seats.keys().any(|s| later.seats.contains_key(s))
        });
        (!touched_later && now - tap.at < UNDO_MS).then_some((number, tap))
    }
}
