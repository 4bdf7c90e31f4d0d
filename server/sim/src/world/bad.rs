//! Days on which something goes wrong, the same in each life with the same seed, whatever is done
//! about it.

use sooner_engine::calendar::Window;
use sooner_shared::time::MINUTE_MS;

use super::World;
use crate::chance::Chance;
use crate::demand::{Entry, Errand};
use crate::habits::BadDay;

/// So late is who comes late, in milliseconds.
const LATE_MS: i64 = 30 * MINUTE_MS;

/// So many come in a wave.
const WAVE: usize = 8;

/// They come within so long, in milliseconds.
const WAVE_MS: i64 = 20 * MINUTE_MS;

/// So many services of a day take far too long.
const OVERRUNS: u32 = 3;

/// So many times as long, in thousandths.
const OVERRUN_PERMILLE: i64 = 2_300;

impl World {
    fn on_day(&self, what: &str, open: Window) -> Chance {
        Chance::new(self.seed, what, &[open.from.0.cast_unsigned()])
    }

    /// What goes wrong with people on a day that begins.
    pub(super) fn goes_wrong(&mut self, open: Window) {
        let mut chance = self.on_day("bad day", open);
        let works = |world: &Self| {
            let mut ids: Vec<_> = world.staff.iter().collect();
            ids.retain(|(_, one)| {
                one.stints.iter().any(|s| open.contains(s.window.from) && s.comes_at.is_some())
            });
            ids.into_iter().map(|(&id, _)| id).collect::<Vec<_>>()
        };
        self.bad_works = 0;
        match self.habits.bad_day {
            Some(BadDay::Late) => {
                let ids = works(self);
                let Some(&id) = ids.get(chance.below(ids.len().max(1))) else { return };
                let Some(mut me) = self.staff.remove(&id) else { return };
                if let Some(stint) = me.stints.iter_mut().find(|s| open.contains(s.window.from)) {
                    stint.comes_at = Some(stint.window.from + LATE_MS);
                }
                self.staff.insert(id, me);
            }
            Some(BadDay::Gone) => {
                let ids = works(self);
                let Some(&id) = ids.get(chance.below(ids.len().max(1))) else { return };
                let noon = open.from + (open.to - open.from) / 3;
                if let Some(me) = self.staff.get_mut(&id)
                    && let Some(stint) = me.stints.iter_mut().find(|s| open.contains(s.window.from))
                {
                    stint.window.to = stint.window.to.min(noon);
                }
            }
            Some(BadDay::Overruns) => self.bad_works = OVERRUNS,
            Some(BadDay::Wave) | None => {}
        }
    }

    /// Those who come all at once.
    pub(super) fn bad_wave(&self, open: Window) -> Vec<Errand> {
        if self.habits.bad_day != Some(BadDay::Wave) {
            return Vec::new();
        }
        let mut chance = self.on_day("wave", open);
        let from = open.from + (open.to - open.from) / 2;
        (0..WAVE)
            .map(|_| {
                let at = from + chance.ms(0, WAVE_MS);
                let mut errand = self.demand.errand(at, None, &mut chance);
                errand.way = Entry::Wall;
                errand.companions.clear();
                errand
            })
            .collect()
    }

    /// How long work takes on such a day that would take `ms` otherwise.
    pub(super) fn on_a_bad_day(&mut self, ms: i64, chance: f64) -> i64 {
        if self.bad_works == 0 || chance > 0.25 {
            return ms;
        }
        self.bad_works -= 1;
        ms * OVERRUN_PERMILLE / 1_000
    }
}
