//! The hidden truth: how long work really takes.
//!
//! Owners misjudge their services, people are quick or slow, days differ, the afternoon is slower
//! than the morning, and now and then a thing takes twice as long. The forms are gamma, Weibull and
//! a mixture of easy and hard cases: none is the log-normal that the forecast fits.

use std::collections::BTreeMap;

use sooner_engine::ShopConfig;
use sooner_engine::config::StepKind;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{ServiceId, StaffId};

use crate::Habits;
use crate::chance::Chance;

/// Nothing is done in less.
const SHORTEST_MS: f64 = 20_000.0;

/// By how much an overrun is longer, on average.
const OVERRUN_MEAN: f64 = 2.0;

/// How durations of a step spread around their mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    /// Most work in a chair.
    Gamma {
        /// Larger is narrower: the variation is one over its root.
        shape: f64,
    },
    /// Talks, and small work.
    Weibull {
        /// Larger is narrower.
        shape: f64,
    },
    /// Work on a bench: most are easy, some are hard, few lie between.
    EasyOrHard {
        /// So many are easy.
        easy: f64,
        /// What an easy one takes of the mean.
        quick: f64,
    },
    /// A treatment's time by the clock.
    Timer,
}

/// A step of a service: its place in [`sooner_engine::Service::plan`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Task {
    /// Of which service.
    pub service: ServiceId,
    /// Which step, from 0.
    pub step: usize,
}

/// How long something took, and whether it was one of the bad ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    /// Milliseconds.
    pub ms: i64,
    /// Whether it overran.
    pub overran: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Work {
    mean_ms: f64,
    form: Form,
}

/// What nobody in the shop knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    seed: u64,
    works: BTreeMap<Task, Work>,
    paces: BTreeMap<StaffId, f64>,
    overruns: f64,
    fatigue: f64,
    days: f64,
}

impl Truth {
    /// Draws the truth of a shop.
    #[must_use]
    pub fn new(config: &ShopConfig, habits: &Habits, seed: u64) -> Self {
        let mut works = BTreeMap::new();
        for service in &config.services {
            let number = u64::from(service.id.0);
            let mut chance = Chance::new(seed, "service", &[number]);
            let bias = (1.0 + habits.misjudged * chance.normal()).clamp(0.7, 1.4);
            for (step, plan) in service.plan().iter().enumerate() {
                let (bias, form) = match plan.kind {
                    StepKind::Chair if plan.nominal_ms <= 20 * MINUTE_MS => {
                        (bias, Form::Weibull { shape: 1.8 })
                    }
                    StepKind::Chair => (bias, Form::Gamma { shape: 7.0 }),
                    StepKind::Bench if plan.nominal_ms <= 15 * MINUTE_MS => {
                        (bias, Form::Weibull { shape: 1.5 })
                    }
                    StepKind::Bench => (bias, Form::EasyOrHard { easy: 0.7, quick: 0.6 }),
                    StepKind::Time => (1.0, Form::Timer),
                    StepKind::Approval => (1.0, Form::Weibull { shape: 1.1 }),
                    StepKind::Part => (1.0, Form::Gamma { shape: 3.0 }),
                };
                let mean_ms = plan.nominal_ms as f64 * bias;
                works.insert(Task { service: service.id, step }, Work { mean_ms, form });
            }
        }
        let pace = |id: StaffId| {
            let normal = Chance::new(seed, "speed", &[u64::from(id.0)]).normal();
            (1.0 + habits.speeds * normal).clamp(0.75, 1.35)
        };
        Self {
            seed,
            works,
            paces: config.staff.iter().map(|person| (person.id, pace(person.id))).collect(),
            overruns: habits.overruns,
            fatigue: habits.fatigue,
            days: habits.days,
        }
    }

    /// What a task takes on average, whoever does it, in milliseconds, overruns included.
    #[must_use]
    pub fn mean_ms(&self, task: Task) -> f64 {
        self.works.get(&task).map_or(10.0 * MINUTE_MS as f64, |work| work.mean_ms)
    }

    /// How its durations spread.
    #[must_use]
    pub fn form(&self, task: Task) -> Form {
        self.works.get(&task).map_or(Form::Timer, |work| work.form)
    }

    /// How much longer than others this person takes; 1 is as long.
    #[must_use]
    pub fn pace(&self, staff: StaffId) -> f64 {
        self.paces.get(&staff).copied().unwrap_or(1.0)
    }

    /// How much longer everything takes on this day.
    #[must_use]
    pub fn day(&self, day: i32) -> f64 {
        let normal = Chance::new(self.seed, "day", &[i64::from(day).cast_unsigned()]).normal();
        (1.0 + self.days * normal).clamp(0.8, 1.25)
    }

    /// How long work takes that this person begins so many milliseconds into their shift.
    #[must_use]
    pub fn work(
        &self,
        chance: &mut Chance,
        task: Task,
        staff: StaffId,
        day: i32,
        into_ms: i64,
    ) -> Duration {
        let tired =
            1.0 + self.fatigue * (into_ms as f64 / (480.0 * MINUTE_MS as f64)).clamp(0.0, 1.5);
        let overran = chance.happens(self.overruns);
        let longer = if overran { chance.between(1.5, 2.5) } else { 1.0 };
        let usual = self.mean_ms(task) / (1.0 + self.overruns * (OVERRUN_MEAN - 1.0));
        let drawn = self.form(task).draw(chance, usual);
        let ms = drawn * longer * tired * self.pace(staff) * self.day(day);
        Duration { ms: ms.max(SHORTEST_MS) as i64, overran }
    }

    /// How long something is waited for: a treatment, a yes, a part.
    #[must_use]
    pub fn wait_ms(&self, chance: &mut Chance, task: Task) -> i64 {
        self.form(task).draw(chance, self.mean_ms(task)).max(SHORTEST_MS) as i64
    }
}

impl Form {
    /// One duration with this mean.
    pub fn draw(self, chance: &mut Chance, mean: f64) -> f64 {
        match self {
            Self::Gamma { shape } => chance.gamma(shape, mean),
            Self::Weibull { shape } => chance.weibull(shape, mean),
            Self::EasyOrHard { easy, quick } => {
                // The hard ones take what is left of the mean.
                let slow = (1.0 - easy * quick) / (1.0 - easy);
                let factor = if chance.happens(easy) { quick } else { slow };
                chance.gamma(16.0, mean * factor)
            }
            Self::Timer => mean * chance.between(0.97, 1.03),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shop;

    fn draws(form: Form, mean: f64) -> Vec<f64> {
        let mut chance = Chance::new(3, "form", &[]);
        (0..20_000).map(|_| form.draw(&mut chance, mean)).collect()
    }

    const FORMS: [Form; 3] = [
        Form::Gamma { shape: 7.0 },
        Form::Weibull { shape: 1.8 },
        Form::EasyOrHard { easy: 0.7, quick: 0.6 },
    ];

    #[test]
    fn durations_have_the_mean_they_should() {
        for form in FORMS {
            let all = draws(form, 30.0);
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            assert!((mean - 30.0).abs() < 0.4, "{form:?}: {mean}");
        }
    }

    #[test]
    fn the_logarithms_of_durations_are_not_normal() {
        for form in FORMS {
            let logs: Vec<f64> = draws(form, 30.0).into_iter().map(libm::log).collect();
            let count = logs.len() as f64;
            let mean = logs.iter().sum::<f64>() / count;
            let moment = |power: u32| {
                logs.iter().map(|x| (0..power).fold(1.0, |m, _| m * (x - mean))).sum::<f64>()
                    / count
            };
            let skew = moment(3) / libm::pow(moment(2), 1.5);
            // A normal sample of this size has a skewness within 0.06 of nothing.
            assert!(skew.abs() > 0.2, "{form:?}: {skew}");
        }
    }

    #[test]
    fn work_takes_its_mean_with_overruns_and_longer_for_who_is_slow_or_tired() {
        let config = shop::salon();
        let habits = Habits { overruns: 0.1, fatigue: 0.2, speeds: 0.2, ..Habits::none() };
        let truth = Truth::new(&config, &habits, 5);
        let task = Task { service: ServiceId(1), step: 0 };
        let mean = |staff: u16, into_ms: i64| {
            let mut chance = Chance::new(9, "work", &[]);
            let mut overran = 0;
            let mut sum = 0;
            for _ in 0..20_000 {
                let took = truth.work(&mut chance, task, StaffId(staff), 1, into_ms);
                sum += took.ms;
                overran += u32::from(took.overran);
            }
            assert!((1_850..2_150).contains(&overran), "{overran}");
            sum as f64 / 20_000.0
        };
        let expected = truth.mean_ms(task) * truth.pace(StaffId(1));
        assert!((mean(1, 0) / expected - 1.0).abs() < 0.02);
        assert!((mean(1, 480 * MINUTE_MS) / mean(1, 0) - 1.2).abs() < 0.01);
        let ratio = truth.pace(StaffId(2)) / truth.pace(StaffId(1));
        assert!((mean(2, 0) / mean(1, 0) - ratio).abs() < 0.01);
        assert!((ratio - 1.0).abs() > 1e-3);
    }
}
