//! The pulse of a shop: what happened in it of late, as far as it says how long the next one waits.
//!
//! Predictors of this kind: the last waits (Ibrahim and Whitt 2009, LES and its like), counts of
//! the last quarter of an hour and the last hour (queue mining: Senderovich et al. 2014). For how
//! long people wait before they go away is an estimated hazard (Kaplan and Meier 1958, with bins):
//! who is still there has not gone.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{ServiceId, StaffId, Timestamp};

use super::hazard::lasts_ms;
use super::punctuality::Punctuality;

/// Waits remembered.
const WAITS: usize = 100;
/// Of one service.
const OWN_WAITS: usize = 5;
/// Services whose length is remembered.
const SERVICES: usize = 100;
/// Events of one kind remembered, at most.
const EVENTS: usize = 1_500;
/// Gaps between two services of somebody remembered.
const GAPS: usize = 100;
/// The newest of them, whose mean says how long they are at present.
const GAPS_OF_LATE: usize = 20;
/// Who has had nothing to do for longer was not on the way to the next, in milliseconds.
const GAP_MOST_MS: i64 = 30 * MINUTE_MS;
/// Beside the gaps that were seen, so many never end.
const GAP_NEVER: f64 = 0.3;
/// Nothing older is remembered, in milliseconds.
const REMEMBERED_MS: i64 = 60 * MINUTE_MS;
/// Services of those who had a right to go first, remembered.
const RIGHTS: usize = 12;
/// What one arrival counts for the share of those with a right to go first.
const RIGHT_WEIGHT: f64 = 0.01;

/// What happened of late.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Pulse {
    /// Waits that ended with a start, newest last, in milliseconds.
    waits_ms: VecDeque<i64>,
    /// The newest of them for each service.
    waits_of: BTreeMap<ServiceId, VecDeque<i64>>,
    /// How long the newest services took, and when the last one ended.
    took_ms: VecDeque<i64>,
    ended_at: Option<Timestamp>,
    /// When each person's last service ended who is not at another.
    idle_since: BTreeMap<StaffId, Timestamp>,
    /// How long people took from the end of one service to the next of who had waited, newest last.
    gaps_ms: VecDeque<i64>,
    arrivals: VecDeque<Timestamp>,
    starts: VecDeque<Timestamp>,
    losses: VecDeque<Timestamp>,
    /// What those came for who were given a right to go first, newest last.
    rights: VecDeque<ServiceId>,
    rights_share: f64,
    /// For how long people wait before they go away.
    pub patience: Patience,
    /// By how much breaks last longer than was said.
    pub breaks: Lateness,
    /// When people come to their shifts.
    pub shifts: Punctuality,
}

fn note(times: &mut VecDeque<Timestamp>, at: Timestamp) {
    // In order, also where a tap was under way for a while.
    let at = times.back().map_or(at, |&last| at.max(last));
    while times.front().is_some_and(|&first| at - first > REMEMBERED_MS) {
        times.pop_front();
    }
    if times.len() == EVENTS {
        times.pop_front();
    }
    times.push_back(at);
}

fn since(times: &VecDeque<Timestamp>, now: Timestamp, ms: i64) -> usize {
    times.len() - times.partition_point(|&at| now - at > ms)
}

fn mean_of_last(values: &VecDeque<i64>, n: usize) -> Option<f64> {
    let n = n.min(values.len());
    let sum: i64 = values.iter().rev().take(n).sum();
    (n > 0).then(|| sum as f64 / n as f64)
}

impl Pulse {
    /// Somebody came.
    pub fn arrived(&mut self, at: Timestamp) {
        note(&mut self.arrivals, at);
        self.rights_share -= RIGHT_WEIGHT * self.rights_share;
    }

    /// Somebody who had come was given a right to go first.
    pub fn let_first(&mut self, service: ServiceId) {
        self.rights_share += RIGHT_WEIGHT;
        if self.rights.len() == RIGHTS {
            self.rights.pop_front();
        }
        self.rights.push_back(service);
    }

    /// Somebody's service began after a wait; `waited` is false for who was taken at once.
    pub fn started(&mut self, at: Timestamp, service: ServiceId, wait_ms: i64, waited: bool) {
        note(&mut self.starts, at);
        self.patience.stayed(wait_ms);
        if waited {
            if self.waits_ms.len() == WAITS {
                self.waits_ms.pop_front();
            }
            self.waits_ms.push_back(wait_ms);
            let own = self.waits_of.entry(service).or_default();
            if own.len() == OWN_WAITS {
                own.pop_front();
            }
            own.push_back(wait_ms);
        }
    }

    /// Somebody begins to serve; `waited` is false for who was taken at once, whom nobody was late for.
    pub fn began(&mut self, at: Timestamp, staff: StaffId, waited: bool) {
        let idle_ms = self.idle_since.remove(&staff).map(|since| at - since);
        // A tap that was under way for a while may be about a time before another one's.
        let gap_ms = idle_ms.filter(|&ms| waited && (0..GAP_MOST_MS).contains(&ms));
        if let Some(gap_ms) = gap_ms {
            if self.gaps_ms.len() == GAPS {
                self.gaps_ms.pop_front();
            }
            self.gaps_ms.push_back(gap_ms);
        }
    }

    /// For how long those have had nothing to do who may be on the way to the next, the shortest
    /// first, in milliseconds.
    #[must_use]
    pub fn idle_ms(&self, now: Timestamp) -> Vec<i64> {
        let mut idle: Vec<i64> = self.idle_since.values().map(|&since| now - since).collect();
        idle.retain(|&ms| ms < GAP_MOST_MS);
        idle.sort_unstable();
        idle
    }

    /// How long the last gaps took on average from the end of a service to the next one, while somebody
    /// waited, in milliseconds; `None` before there was one.
    #[must_use]
    pub fn mean_gap_ms(&self) -> Option<f64> {
        mean_of_last(&self.gaps_ms, GAPS_OF_LATE)
    }

    /// The share of gaps of at least this length that end within so many milliseconds more.
    #[must_use]
    pub fn gap_ends_within(&self, idle_ms: i64, ms: i64) -> f64 {
        let longer = |than: i64| self.gaps_ms.iter().filter(|&&gap| gap > than).count() as f64;
        1.0 - (longer(idle_ms + ms) + GAP_NEVER) / (longer(idle_ms) + GAP_NEVER)
    }

    /// Somebody's service ended that took so long.
    pub fn ended(&mut self, at: Timestamp, staff: Option<StaffId>, took_ms: i64) {
        self.ended_at = self.ended_at.max(Some(at));
        if let Some(staff) = staff {
            self.idle_since.retain(|_, &mut since| at - since < GAP_MOST_MS);
            self.idle_since.insert(staff, at);
        }
        if self.took_ms.len() == SERVICES {
            self.took_ms.pop_front();
        }
        self.took_ms.push_back(took_ms);
    }

    /// The mean of the last few waits for a service, in milliseconds; `None` before there was one.
    #[must_use]
    pub fn mean_wait_of_ms(&self, service: ServiceId) -> Option<f64> {
        self.waits_of.get(&service).map(|own| own.iter().sum::<i64>() as f64 / own.len() as f64)
    }

    /// How long the last `n` services took on average, in milliseconds; `None` before there was one.
    #[must_use]
    pub fn mean_took_ms(&self, n: usize) -> Option<f64> {
        mean_of_last(&self.took_ms, n)
    }

    /// How long ago a service last ended, in milliseconds.
    #[must_use]
    pub fn since_end_ms(&self, now: Timestamp) -> Option<i64> {
        self.ended_at.map(|at| now - at)
    }

    /// Somebody went away after a wait.
    pub fn lost(&mut self, at: Timestamp, wait_ms: i64) {
        note(&mut self.losses, at);
        self.patience.went(wait_ms);
    }

    /// The mean of the last `n` waits, in milliseconds; `None` before there was one.
    #[must_use]
    pub fn mean_wait_ms(&self, n: usize) -> Option<f64> {
        mean_of_last(&self.waits_ms, n)
    }

    /// How many came in the last so many milliseconds, an hour at most.
    #[must_use]
    pub fn arrivals(&self, now: Timestamp, ms: i64) -> usize {
        since(&self.arrivals, now, ms)
    }

    /// How many services began.
    #[must_use]
    pub fn starts(&self, now: Timestamp, ms: i64) -> usize {
        since(&self.starts, now, ms)
    }

    /// How many went away.
    #[must_use]
    pub fn losses(&self, now: Timestamp, ms: i64) -> usize {
        since(&self.losses, now, ms)
    }

    /// How long ago a service last began, in milliseconds.
    #[must_use]
    pub fn since_start_ms(&self, now: Timestamp) -> Option<i64> {
        self.starts.back().map(|&at| now - at)
    }

    /// What those come for who will have a right to go first, and after how many milliseconds on
    /// average the next one comes; `None` where that is rare.
    #[must_use]
    pub fn later_rights(&self, now: Timestamp) -> Option<(impl Iterator<Item = ServiceId>, f64)> {
        let came = self.arrivals(now, REMEMBERED_MS) as f64 * self.rights_share;
        (came > 0.2).then(|| (self.rights.iter().copied(), REMEMBERED_MS as f64 / came))
    }
}

/// Breaks that are as long as was said, which every shop begins with.
const BREAKS_WORTH: f64 = 4.0;
/// The spread those have, in milliseconds.
const BREAKS_SPREAD_MS: f64 = 3.0 * MINUTE_MS as f64;
/// Breaks remembered; older ones fade.
const BREAKS_MOST: f64 = 200.0;

/// By how much something takes longer than was said: count, mean and summed squared deviations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Lateness {
    count: f64,
    mean_ms: f64,
    squares: f64,
}

impl Lateness {
    /// Takes in one.
    pub fn learn(&mut self, late_ms: i64) {
        let late = (late_ms as f64).clamp(-15.0 * MINUTE_MS as f64, 30.0 * MINUTE_MS as f64);
        if self.count >= BREAKS_MOST {
            self.count *= 1.0 - 1.0 / BREAKS_MOST;
            self.squares *= 1.0 - 1.0 / BREAKS_MOST;
        }
        self.count += 1.0;
        let off = late - self.mean_ms;
        self.mean_ms += off / self.count;
        self.squares += off * (late - self.mean_ms);
    }

    /// How much later than said, with a standard normal number, in milliseconds.
    #[must_use]
    pub fn draw_ms(&self, z: f64) -> i64 {
        let worth = self.count + BREAKS_WORTH;
        let mean = self.mean_ms * self.count / worth;
        let variance = (self.squares + BREAKS_WORTH * BREAKS_SPREAD_MS * BREAKS_SPREAD_MS) / worth;
        (mean + z * libm::sqrt(variance)) as i64
    }
}

/// The shortest bin, in milliseconds; each further one is twice as long as all before.
const FIRST_BIN_MS: i64 = 15_000;
const BINS: usize = 13;
/// People who went away remembered; older ones fade.
const GONE_MAX: f64 = 2_000.0;
/// Below so many who went away nobody is expected to.
const GONE_MIN: f64 = 5.0;

/// For how long people wait before they go away: a hazard for each bin of time waited.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Patience {
    waited_ms: [f64; BINS],
    gone: [f64; BINS],
}

/// Where a bin ends, in milliseconds.
const fn bin_end(bin: usize) -> i64 {
    if bin + 1 == BINS { i64::MAX } else { FIRST_BIN_MS << bin }
}

impl Patience {
    fn stayed(&mut self, wait_ms: i64) {
        let mut begin = 0;
        for (bin, waited) in self.waited_ms.iter_mut().enumerate() {
            if wait_ms <= begin {
                return;
            }
            *waited += (wait_ms.min(bin_end(bin)) - begin) as f64;
            begin = bin_end(bin);
        }
    }

    fn went(&mut self, wait_ms: i64) {
        self.stayed(wait_ms);
        let bin = (0..BINS).find(|&bin| wait_ms < bin_end(bin)).unwrap_or(BINS - 1);
        self.gone[bin] += 1.0;
        if self.gone.iter().sum::<f64>() > GONE_MAX {
            for value in self.gone.iter_mut().chain(&mut self.waited_ms) {
                *value *= 0.5;
            }
        }
    }

    /// Whether anybody is expected to go away.
    #[must_use]
    pub fn ends(&self) -> bool {
        self.gone.iter().sum::<f64>() >= GONE_MIN
    }

    /// For how long, in all, somebody waits who has waited for so long, at the uniform number `u`,
    /// in milliseconds; [`i64::MAX`] for who never goes away.
    #[must_use]
    pub fn draw_ms(&self, waited_ms: i64, u: f64) -> i64 {
        let bins = (0..BINS).map(|bin| {
            // A bin in which nearly nobody was seen says little.
            let waited_ms = self.waited_ms[bin] + 30.0 * MINUTE_MS as f64;
            (bin_end(bin), self.gone[bin] / waited_ms)
        });
        lasts_ms(waited_ms.max(0), u, bins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::draw::{Purpose, uniform};

    #[test]
    fn only_the_last_hour_is_counted() {
        let mut pulse = Pulse::default();
        for minute in 0..120 {
            pulse.arrived(Timestamp(minute * MINUTE_MS));
        }
        let now = Timestamp(120 * MINUTE_MS);
        assert_eq!(pulse.arrivals(now, 15 * MINUTE_MS), 15);
        assert_eq!(pulse.arrivals(now, 60 * MINUTE_MS), 60);
        assert_eq!(pulse.arrivals(now + 200 * MINUTE_MS, 60 * MINUTE_MS), 0);
    }

    #[test]
    fn who_has_been_idle_for_longer_than_most_gaps_is_not_expected_soon() {
        let mut pulse = Pulse::default();
        let mut now = Timestamp(0);
        assert_eq!(pulse.mean_gap_ms(), None);
        for i in 0..200 {
            pulse.ended(now, Some(StaffId(1)), MINUTE_MS);
            now = now + (if i % 10 == 0 { 20 } else { 1 }) * MINUTE_MS;
            pulse.began(now, StaffId(1), i % 2 == 0 || i % 10 == 1);
        }
        assert_eq!((pulse.gaps_ms.len(), pulse.idle_ms(now).len()), (GAPS, 0));
        let mean_min = pulse.mean_gap_ms().expect("some") / MINUTE_MS as f64;
        assert!((3.0..5.5).contains(&mean_min), "{mean_min}");
        assert!(pulse.gap_ends_within(0, MINUTE_MS) > 0.8);
        assert!(pulse.gap_ends_within(2 * MINUTE_MS, MINUTE_MS) < 0.1);
        assert!(pulse.gap_ends_within(60 * MINUTE_MS, MINUTE_MS).abs() < 1e-9);
        pulse.ended(now, Some(StaffId(2)), MINUTE_MS);
        pulse.ended(now + MINUTE_MS, Some(StaffId(1)), MINUTE_MS);
        assert_eq!(pulse.idle_ms(now + 2 * MINUTE_MS), [MINUTE_MS, 2 * MINUTE_MS]);
        assert!(pulse.idle_ms(now + 60 * MINUTE_MS).is_empty(), "gone home");
    }

    #[test]
    fn patience_is_that_of_those_who_went_and_of_those_who_stayed() {
        // Everybody would go after 10 minutes on average; half are served after 5.
        let mut patience = Patience::default();
        for i in 0..4_000 {
            let mean_ms = 10.0 * MINUTE_MS as f64;
            let goes = (-libm::log(uniform(1, 1, Purpose::Patience, i)) * mean_ms) as i64;
            let served = if i % 2 == 0 { 5 * MINUTE_MS } else { 60 * MINUTE_MS };
            if goes < served { patience.went(goes) } else { patience.stayed(served) }
        }
        let draws = (0..4_000).map(|i| patience.draw_ms(0, uniform(2, 2, Purpose::Patience, i)));
        let mean = draws.map(|ms| ms.min(120 * MINUTE_MS) as f64).sum::<f64>() / 4_000.0;
        let minutes = mean / MINUTE_MS as f64;
        assert!((9.0..11.5).contains(&minutes), "{minutes}");
        assert!(patience.draw_ms(30 * MINUTE_MS, 0.5) > 30 * MINUTE_MS);
    }

    #[test]
    fn nobody_is_expected_to_go_where_nobody_went() {
        let mut patience = Patience::default();
        patience.stayed(MINUTE_MS);
        assert!(!patience.ends());
        assert_eq!(patience.draw_ms(0, 0.01), i64::MAX);
    }

    #[test]
    fn rights_are_expected_where_they_were_given() {
        let mut pulse = Pulse::default();
        assert!(pulse.later_rights(Timestamp(0)).is_none());
        for minute in 0..300 {
            pulse.arrived(Timestamp(minute * MINUTE_MS));
            if minute % 10 == 0 {
                pulse.let_first(ServiceId(2));
            }
        }
        let (services, gap_ms) = pulse.later_rights(Timestamp(300 * MINUTE_MS)).expect("some");
        assert!(services.eq([ServiceId(2); RIGHTS]));
        assert!((8.0..13.0).contains(&(gap_ms / MINUTE_MS as f64)), "{gap_ms}");
    }
}
