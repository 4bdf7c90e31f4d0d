//! Who is quick, and whether everything takes longer of late: the parts of a duration that do not
//! belong to the service.
//!
//! A person's pace is the mean of their log residuals, shrunk by n/(n + 15). Beside it stands by how
//! much they differ from that in one service, likewise shrunk, by n/(n + 40): who is quick is not
//! equally quick at everything, but nearly.
//!
//! The shop's speed is a level that may change from one day to the next: mostly a little, and now
//! and then a lot (a new machine, half the staff ill, another way of working). Over a day the
//! residuals of all work, as shares of the mean and weighted by how little such work varies, add up
//! to a normal likelihood for the change d since the morning:
//!
//! * as usual: d is normal with a small spread;
//! * a jump, with a small chance: d is normal with a large one.
//!
//! The speed is the posterior mean over both (Harrison and Stevens 1976, multi-process models). What
//! chance makes of it is bounded: under no change the odds of a jump are a martingale, so that they
//! become even on no more than one day in thirteen (Ville 1939).
//!
//! A path of the forecast draws the change from the posterior: what is promised counts on a jump that
//! is possible, long before it is likely.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sooner_shared::{ServiceId, StaffId};

use super::durations::Longer;
use super::normal::upper_quantile;

/// The spread of an ordinary change from one day to the next, in log space.
const USUAL: f64 = 0.025;
/// The spread of a jump, in log space.
const LARGE: f64 = 0.25;
/// The chance of a jump on a day.
const JUMP: f64 = 0.07;
/// One service says no more than that many standard deviations.
const FAR: f64 = 3.0;
/// Nothing varies less than this share of its mean.
const VARIES_LEAST: f64 = 0.1;
/// Services with nothing unusual that everybody's pace begins with.
const PACE_WORTH: f64 = 15.0;
/// And their pace in one service.
const OWN_WORTH: f64 = 40.0;
/// Services of a person remembered; older ones fade.
const PACE_WINDOW: f64 = 300.0;
/// One odd service says no more than this of its person, in log space.
const MOST: f64 = 1.5;

/// Pace of each person and the speed of the shop, in log space: 0 is as usual, more is slower.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Paces {
    speed: f64,
    /// The speed in the morning.
    base: f64,
    day: i32,
    /// Of the day's services: their weights, and their residuals against the morning's speed.
    weight: f64,
    sum: f64,
    /// How likely it is that the day began with a jump.
    likely: f64,
    people: BTreeMap<StaffId, Pace>,
    /// By how much each differs from their pace in one service.
    #[serde(with = "crate::pairs")]
    own: BTreeMap<(StaffId, ServiceId), Pace>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Pace {
    count: f64,
    mean: f64,
}

impl Pace {
    fn shrunk(self, worth: f64) -> f64 {
        self.mean * self.count / (self.count + worth)
    }

    fn learn(&mut self, ln: f64) {
        self.count = (self.count + 1.0).min(PACE_WINDOW);
        self.mean += (ln - self.mean) / self.count;
    }
}

impl Paces {
    /// The shop's speed.
    #[must_use]
    pub const fn speed(&self) -> f64 {
        self.speed
    }

    /// A person's pace.
    #[must_use]
    pub fn of(&self, staff: StaffId) -> f64 {
        self.people.get(&staff).map_or(0.0, |pace| pace.shrunk(PACE_WORTH))
    }

    /// A person's pace in one service.
    #[must_use]
    pub fn at(&self, staff: StaffId, service: ServiceId) -> f64 {
        let own = self.own.get(&(staff, service)).map_or(0.0, |pace| pace.shrunk(OWN_WORTH));
        self.of(staff) + own
    }

    /// Takes in by how much somebody's service took longer, on a local day.
    pub fn learn(&mut self, staff: StaffId, service: ServiceId, longer: Longer, day: i32) {
        if day != self.day {
            (self.day, self.base) = (day, self.speed);
            (self.weight, self.sum) = (0.0, 0.0);
        }
        let varies = longer.variation.max(VARIES_LEAST);
        let since_morning = libm::exp(self.speed - self.base);
        let residual = ((1.0 + longer.share) * since_morning - 1.0).min(FAR * varies);
        let weight = 1.0 / (varies * varies);
        self.weight += weight;
        self.sum += weight * residual;
        let (usual, usual_odds) = self.change(USUAL);
        let (jump, jump_odds) = self.change(LARGE);
        self.likely = JUMP / (JUMP + (1.0 - JUMP) * libm::exp(usual_odds - jump_odds));
        let longer_ln = longer.ln.clamp(-MOST, MOST) - self.speed;
        self.speed = self.base + usual + self.likely * (jump - usual);
        let differs = longer_ln - self.of(staff);
        self.people.entry(staff).or_default().learn(longer_ln);
        self.own.entry((staff, service)).or_default().learn(differs);
    }

    /// What the change may be on a day, beside the speed that is believed.
    #[must_use]
    pub fn change_on(&self, day: i32) -> Change {
        let is_today = day == self.day;
        let part = |spread: f64| {
            let variance = spread * spread;
            if is_today {
                let (mean, _) = self.change(spread);
                let left = variance / (1.0 + variance * self.weight);
                (self.base + mean - self.speed, libm::sqrt(left))
            } else {
                (0.0, spread)
            }
        };
        let jump = if is_today { self.likely } else { JUMP };
        Change { jump, parts: [part(USUAL), part(LARGE)] }
    }

    /// The change since the morning that is likely when changes have this spread, and the log
    /// likelihood of the day's residuals then, but for what is the same for every spread.
    fn change(&self, spread: f64) -> (f64, f64) {
        let variance = spread * spread;
        let grown = 1.0 + variance * self.weight;
        let mean = variance * self.sum / grown;
        (mean, 0.5 * (self.sum * mean - libm::log(grown)))
    }

    /// Forgets who is not there any more.
    pub fn retain(&mut self, is_there: impl Fn(StaffId) -> bool) {
        self.people.retain(|&id, _| is_there(id));
        self.own.retain(|&(id, _), _| is_there(id));
    }
}

/// By how much everything may be slower than is believed: as usual, or by a jump.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The chance of a jump.
    jump: f64,
    /// Mean and spread of an ordinary change and of a jump, in log space.
    parts: [(f64, f64); 2],
}

impl Change {
    /// The factor by which everything takes longer on a path, from two uniform numbers.
    #[must_use]
    pub fn draw(&self, which: f64, how_much: f64) -> f64 {
        let (mean, spread) = self.parts[usize::from(which < self.jump)];
        libm::exp(mean - spread * upper_quantile(how_much))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::draw::{Purpose, uniform};
    use crate::forecast::normal::upper_quantile;

    /// So much longer than an ordinary one of a log-normal kind.
    fn learn(paces: &mut Paces, staff: u16, ln: f64, day: i32) {
        let staff = StaffId(staff);
        let usual = paces.speed() + paces.of(staff) + 0.08;
        let share = libm::exp(ln - usual) - 1.0;
        paces.learn(staff, ServiceId(1), Longer { ln, share, variation: 0.42 }, day);
    }

    fn noise(i: u32) -> f64 {
        -0.4 * upper_quantile(uniform(3, 1, Purpose::Duration, i))
    }

    #[test]
    fn a_sudden_slowdown_is_found_within_a_day_and_chance_is_not() {
        let mut paces = Paces::default();
        for i in 0..2_000 {
            learn(&mut paces, (i % 4) as u16, noise(i), (i / 50).cast_signed());
            assert!(paces.speed().abs() < 0.12, "{i}: {}", paces.speed());
        }
        for i in 2_000..2_050 {
            learn(&mut paces, (i % 4) as u16, 0.3 + noise(i), 40);
        }
        assert!((0.2..0.42).contains(&paces.speed()), "{}", paces.speed());
    }

    #[test]
    fn a_jump_is_counted_on_before_it_is_believed() {
        let mut paces = Paces::default();
        for i in 0..1_000 {
            learn(&mut paces, (i % 4) as u16, noise(i), (i / 50).cast_signed());
        }
        let slower = |paces: &Paces, day| {
            let change = paces.change_on(day);
            let draws = (0..4_000).map(|i| {
                let [which, how_much] =
                    [Purpose::Jump, Purpose::Change].map(|p| uniform(7, 0, p, i));
                change.draw(which, how_much) * libm::exp(paces.speed())
            });
            draws.filter(|&factor| factor > 1.2).count() as f64 / 4_000.0
        };
        let evening = slower(&paces, 19);
        let morning = slower(&paces, 20);
        assert!(evening < 0.05 && (0.01..0.05).contains(&morning), "{evening}, {morning}");
        // Nine services that take half as long again.
        for _ in 0..9 {
            learn(&mut paces, 1, 0.4, 20);
        }
        let doubted = slower(&paces, 20);
        assert!(paces.speed() < 0.15 && doubted > 0.15, "{}, {doubted}", paces.speed());
    }

    #[test]
    fn a_slow_person_is_not_a_slow_shop() {
        let mut paces = Paces::default();
        for i in 0..400_u16 {
            learn(&mut paces, i % 2, if i % 2 == 0 { 0.28 } else { -0.12 }, i32::from(i / 40));
        }
        assert!(paces.speed().abs() < 0.1, "{}", paces.speed());
        assert!(paces.of(StaffId(0)) - paces.of(StaffId(1)) > 0.3);
    }

    #[test]
    fn who_is_quick_at_one_thing_is_not_taken_for_quick_at_another() {
        let mut paces = Paces::default();
        for i in 0..400_u16 {
            let service = ServiceId(i % 2);
            let ln = if i % 2 == 0 { 0.2 } else { -0.2 };
            let share = libm::exp(ln - paces.at(StaffId(1), service)) - 1.0;
            let longer = Longer { ln, share, variation: 0.4 };
            paces.learn(StaffId(1), service, longer, i32::from(i / 40));
        }
        let [slow, quick] = [0, 1].map(|service| paces.at(StaffId(1), ServiceId(service)));
        assert!(slow > 0.1 && quick < -0.1, "{slow}, {quick}");
        assert!(paces.of(StaffId(1)).abs() < 0.05);
        assert_eq!(paces.at(StaffId(2), ServiceId(0)).to_bits(), 0.0_f64.to_bits());
        paces.retain(|id| id != StaffId(1));
        assert!(paces.own.is_empty());
    }

    #[test]
    fn one_odd_service_says_little() {
        let mut paces = Paces::default();
        learn(&mut paces, 1, 20.0, 1);
        assert!(paces.speed() < 0.1 && paces.of(StaffId(1)) < 0.1, "{paces:?}");
    }
}
