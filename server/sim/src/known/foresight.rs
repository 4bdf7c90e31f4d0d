//! What could be known, some time ahead, of promises that are not kept: how likely each was to break by
//! the true distributions, so long before its minute. Nobody can do better who tells bad news by then.

use super::floor::Floor;
use super::oracle;
use super::rules::{Rules, Today};
use crate::chance::Chance;

/// A promise of somebody who was served, looked at from so far ahead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Foresight {
    /// The chance that it breaks, when it was looked at; `None` for who came later than that.
    pub chance: Option<f64>,
    /// Whether it broke.
    pub broke: bool,
}

/// Looks at promises some time before their minute.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    ahead_ms: f64,
    paths: u32,
    told: Vec<Told>,
    pub(super) seen: Vec<Foresight>,
}

#[derive(Debug, Clone)]
struct Told {
    visit: u64,
    by_ms: f64,
    chance: Option<f64>,
}

impl Watch {
    pub(super) const fn new(ahead_ms: f64, paths: u32) -> Self {
        Self { ahead_ms, paths, told: Vec::new(), seen: Vec::new() }
    }

    /// Somebody was told a time of the day.
    pub(super) fn told(&mut self, visit: u64, by_ms: f64) {
        if by_ms.is_finite() {
            self.told.push(Told { visit, by_ms, chance: None });
        }
    }

    /// Looks at those whose minute is so far ahead before `next_ms`, until when nothing happens.
    pub(super) fn look(
        &mut self,
        floor: &Floor,
        next_ms: f64,
        rules: &Rules,
        today: &Today,
        seed: u64,
    ) {
        for told in self.told.iter_mut().filter(|told| told.chance.is_none()) {
            let at_ms = told.by_ms - self.ahead_ms;
            let is_in_line = floor.line.iter().any(|who| who.visit == told.visit);
            if !is_in_line || !(floor.now_ms..next_ms).contains(&at_ms) {
                continue;
            }
            let floor = Floor { now_ms: at_ms, ..floor.clone() };
            let mut chance = Chance::new(seed, "foresight", &[told.visit]);
            let waits = oracle::waits_of(&floor, told.visit, rules, today, self.paths, &mut chance);
            // Who goes home unserved is not scored.
            let late = waits.iter().filter(|&&wait| wait > self.ahead_ms).count();
            told.chance = (!waits.is_empty()).then(|| late as f64 / waits.len() as f64);
        }
    }

    /// Somebody was taken.
    pub(super) fn started(&mut self, visit: u64, at_ms: f64) {
        if let Some(place) = self.told.iter().position(|told| told.visit == visit) {
            let Told { by_ms, chance, .. } = self.told.swap_remove(place);
            self.seen.push(Foresight { chance, broke: at_ms > by_ms });
        }
    }

    /// Who has not been taken by the end of a day has gone home.
    pub(super) fn day_ends(&mut self) {
        self.told.clear();
    }
}
