//! Who is quick, and whether everything takes longer of late: the parts of a duration that do not
//! belong to the service.
//!
//! A person's pace is the mean of their log residuals, shrunk by n/(n + 15). The shop's speed is an
//! exponentially weighted mean of the log residuals of all work, with a half-life of 80 services: a
//! slowdown over night is half believed a day later.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sooner_shared::StaffId;

/// What one service counts for the speed: 1 - 2^(-1/80).
const SPEED_WEIGHT: f64 = 0.008_626_8;
/// Services with nothing unusual that everybody's pace begins with.
const PACE_WORTH: f64 = 15.0;
/// Services of a person remembered; older ones fade.
const PACE_WINDOW: f64 = 300.0;
/// One odd service says no more than this, in log space.
const MOST: f64 = 1.5;

/// Pace of each person and the speed of the shop, in log space: 0 is as usual, more is slower.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Paces {
    speed: f64,
    people: BTreeMap<StaffId, Pace>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Pace {
    count: f64,
    mean: f64,
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
        self.people
            .get(&staff)
            .map_or(0.0, |pace| pace.mean * pace.count / (pace.count + PACE_WORTH))
    }

    /// Takes in by how much somebody's service took longer than the step's centre.
    pub fn learn(&mut self, staff: StaffId, longer: f64) {
        let longer = longer.clamp(-MOST, MOST);
        let without_speed = longer - self.speed;
        self.speed += SPEED_WEIGHT * (without_speed - self.of(staff));
        let pace = self.people.entry(staff).or_default();
        pace.count = (pace.count + 1.0).min(PACE_WINDOW);
        pace.mean += (without_speed - pace.mean) / pace.count;
    }

    /// Forgets who is not there any more.
    pub fn retain(&mut self, is_there: impl Fn(StaffId) -> bool) {
        self.people.retain(|&id, _| is_there(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slowdown_of_everybody_is_half_believed_after_eighty_services() {
        let mut paces = Paces::default();
        for i in 0..80 {
            paces.learn(StaffId(i % 4), 0.3);
        }
        // What the four seem to have become slower by is not the shop's.
        let believed = paces.speed() + paces.of(StaffId(1));
        assert!((0.1..0.31).contains(&believed), "{believed}");
    }

    #[test]
    fn a_slow_person_is_not_a_slow_shop() {
        let mut paces = Paces::default();
        for i in 0..400 {
            paces.learn(StaffId(i % 2), if i % 2 == 0 { 0.2 } else { -0.2 });
        }
        assert!(paces.speed().abs() < 0.02, "{}", paces.speed());
        assert!(paces.of(StaffId(0)) > 0.15 && paces.of(StaffId(1)) < -0.15);
    }

    #[test]
    fn one_odd_service_says_little() {
        let mut paces = Paces::default();
        paces.learn(StaffId(1), 20.0);
        assert!(paces.speed() < 0.02 && paces.of(StaffId(1)) < 0.1);
    }
}
