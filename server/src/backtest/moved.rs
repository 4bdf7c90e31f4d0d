//! How well times that are moved do: who sees a later one, how late, and what becomes of the last.

use std::fmt;

use sooner_engine::Visit;
use sooner_shared::Timestamp;
use sooner_shared::time::MINUTE_MS;

use crate::report::kind::LEAD_GOAL_MS;

/// First promises that broke.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Broken {
    /// How many.
    pub count: u64,
    /// Of those the ones with a later time told before.
    pub told: u64,
    /// Of those the ones told at least 15 minutes ahead.
    pub in_time: u64,
}

impl Broken {
    fn add(&mut self, lead_ms: Option<i64>) {
        self.count += 1;
        self.told += u64::from(lead_ms.is_some());
        self.in_time += u64::from(lead_ms.is_some_and(|ms| ms >= LEAD_GOAL_MS));
    }
}

/// Counts over those who were served and had to wait.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// How many.
    pub waited: u64,
    /// Who saw a later time, and of them who started by the first one all the same.
    pub later: (u64, u64),
    /// Who saw an earlier time.
    pub earlier: u64,
    /// First and last promises kept.
    pub kept: (u64, u64),
    /// By how much first and last ones were beaten, in all, in milliseconds.
    pub padding_ms: (i64, i64),
    /// First promises that broke.
    pub broken: Broken,
    /// When people left in the middle of a day, in order, where that is known.
    pub losses: Vec<Timestamp>,
    /// First promises that stood then, and broke.
    pub broken_by_loss: Broken,
}

impl Moved {
    /// Takes in a visit that starts now.
    pub fn add(&mut self, visit: &Visit, at: Timestamp) {
        let (Some(first), Some(last)) = (visit.promises.first(), visit.promises.last()) else {
            return;
        };
        if at <= first.made_at {
            return;
        }
        let moved = |is: fn(Timestamp, Timestamp) -> bool| {
            visit.promises.windows(2).find(|pair| is(pair[0].by, pair[1].by)).map(|p| p[1].made_at)
        };
        let later_at = moved(|before, after| after > before);
        let broke = at > first.by;
        self.waited += 1;
        self.later.0 += u64::from(later_at.is_some());
        self.later.1 += u64::from(later_at.is_some() && !broke);
        self.earlier += u64::from(moved(|before, after| after < before).is_some());
        self.kept.0 += u64::from(!broke);
        self.kept.1 += u64::from(at <= last.by);
        self.padding_ms.0 += first.by - at;
        self.padding_ms.1 += last.by - at;
        if broke {
            let lead_ms = later_at.map(|told_at| first.by - told_at).filter(|&ms| ms >= 0);
            self.broken.add(lead_ms);
            if self.losses.iter().any(|loss| (first.made_at..=first.by).contains(loss)) {
                self.broken_by_loss.add(lead_ms);
            }
        }
    }
}

fn share(part: u64, of: u64) -> f64 {
    100.0 * part as f64 / of.max(1) as f64
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { waited, later, earlier, kept, padding_ms, broken, .. } = *self;
        let minutes = |ms: i64| ms as f64 / waited.max(1) as f64 / MINUTE_MS as f64;
        writeln!(f, "\nTimes that are moved, of {waited} who waited:")?;
        writeln!(f, "  saw a later time      {:5.1} %", share(later.0, waited))?;
        writeln!(f, "    and needed none     {:5.1} % of them", share(later.1, later.0))?;
        writeln!(f, "  saw an earlier time   {:5.1} %", share(earlier, waited))?;
        let (first, last) = (minutes(padding_ms.0), minutes(padding_ms.1));
        writeln!(
            f,
            "  first promise kept    {:5.2} %, padding {first:.2} min",
            share(kept.0, waited)
        )?;
        writeln!(
            f,
            "  last promise kept     {:5.2} %, padding {last:.2} min",
            share(kept.1, waited)
        )?;
        writeln!(
            f,
            "  of {} that broke       {:5.1} % were told before, {:.1} % of these 15 min ahead",
            broken.count,
            share(broken.told, broken.count),
            share(broken.in_time, broken.told)
        )?;
        if self.losses.is_empty() {
            return Ok(());
        }
        let Broken { count, told, in_time } = self.broken_by_loss;
        let (told, in_time) = (share(told, count), share(in_time, told));
        writeln!(
            f,
            "  of {count} that stood when people left in the middle of the day, and broke, {told:.1} % were \
             told before, {in_time:.1} % of these 15 min ahead",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_told_later_than_the_time_itself_was_not_told_before() {
        let mut broken = Broken::default();
        for lead_ms in [None, Some(0), Some(LEAD_GOAL_MS - 1), Some(LEAD_GOAL_MS)] {
            broken.add(lead_ms);
        }
        assert_eq!(broken, Broken { count: 4, told: 3, in_time: 1 });
    }
}
