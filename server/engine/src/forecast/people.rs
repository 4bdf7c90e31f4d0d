//! Those who serve, as the simulation sees them: when they are there, and when each looks for work.

use sooner_shared::command::Scope;
use sooner_shared::{StaffId, Timestamp};

use super::jobs::Jobs;
use crate::Shop;
use crate::calendar::Window;
use crate::policy::NEVER;
use crate::roster::Presence;

/// Somebody who serves, for the length of all paths.
pub(super) struct Person {
    pub(super) windows: Vec<Window>,
    /// They should have come to their first window then, or should come, and it ends then.
    pub(super) awaited: Option<Window>,
    /// They stay until then for those who wait in the shop.
    pub(super) stays_until: i64,
    pub(super) breaks: Vec<(i64, i64)>,
    /// What a delay adds to the present work, in milliseconds.
    pub(super) extra_ms: i64,
    /// How much longer than usual they take, for each model of the jobs.
    pub(super) paces: Vec<f64>,
}

impl Person {
    pub(super) fn nowhere(shop: &Shop, jobs: &Jobs, staff: StaffId) -> Self {
        let delay = shop.delays.iter().find(|d| d.scope == Scope::Staff(staff));
        Self {
            windows: Vec::new(),
            awaited: None,
            stays_until: i64::MIN,
            breaks: Vec::new(),
            extra_ms: delay.map_or(0, |d| d.ms),
            paces: jobs.paces(shop, staff),
        }
    }

    /// As the roster has it.
    pub(super) fn follow(&mut self, presence: Presence, now: Timestamp) {
        let Presence { mut windows, awaited, stays_until, breaks, .. } = presence;
        if let Some(Window { from, to }) = awaited
            && windows.first().is_none_or(|w| w.from >= to)
        {
            // Others do not count on them any more; they may come all the same.
            windows.insert(0, Window { from: from.max(now), to });
        }
        self.awaited = awaited;
        self.windows = windows;
        self.stays_until = stays_until.0;
        self.breaks = breaks.into_iter().map(|(at, ms)| (at.0, ms)).collect();
    }

    /// The first moment from `at` on at which they are there.
    #[inline]
    pub(super) fn there_from(&self, at: i64) -> i64 {
        self.windows.iter().find(|w| w.to.0 > at).map_or(NEVER, |w| w.from.0.max(at))
    }

    /// When work of a length is done that rests while they are away.
    pub(super) fn done_at(&self, begin: i64, mut work_ms: i64) -> i64 {
        if self.windows.is_empty() {
            return begin + work_ms; // they stay until this is done
        }
        for window in self.windows.iter().filter(|w| w.to.0 > begin) {
            let from = window.from.0.max(begin);
            let there_ms = window.to.0.saturating_sub(from);
            if work_ms <= there_ms {
                return from + work_ms;
            }
            work_ms -= there_ms;
        }
        NEVER
    }
}

/// When each person looks for work next: instant and position in one number, so that the first one
/// is the least. Of two at one instant the lower position is first.
pub(super) struct Queue(Vec<i64>);

/// Positions take so many bits: 64 people serve at most.
const POSITION_BITS: u32 = 6;

impl Queue {
    pub(super) fn new(people: usize) -> Self {
        Self(vec![NEVER; people])
    }

    const fn key(person: usize, at: i64) -> i64 {
        if at == NEVER { NEVER } else { at << POSITION_BITS | person as i64 }
    }

    pub(super) fn fill(&mut self, at: &[i64]) {
        for (person, (slot, &at)) in self.0.iter_mut().zip(at).enumerate() {
            *slot = Self::key(person, at);
        }
    }

    #[inline]
    pub(super) fn set(&mut self, person: usize, at: i64) {
        self.0[person] = Self::key(person, at);
    }

    #[inline]
    pub(super) fn set_if_sooner(&mut self, person: usize, at: i64) {
        self.0[person] = self.0[person].min(Self::key(person, at));
    }

    #[inline]
    pub(super) fn first(&self) -> Option<(usize, i64)> {
        // Four at a time, which do not wait for each other.
        let mut least = [NEVER; 4];
        let fours = self.0.chunks_exact(4);
        let rest = fours.remainder().iter().fold(NEVER, |least, &key| least.min(key));
        for four in fours {
            for (least, &key) in least.iter_mut().zip(four) {
                *least = (*least).min(key);
            }
        }
        let key = least[0].min(least[1]).min(least[2].min(least[3])).min(rest);
        let person = (key & ((1 << POSITION_BITS) - 1)) as usize;
        (key != NEVER).then_some((person, key >> POSITION_BITS))
    }
}
