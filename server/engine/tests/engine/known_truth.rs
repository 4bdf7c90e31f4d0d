//! Whether the share that a shop asks for is the share that it keeps, where the truth is known:
//! shops whose durations come from the very prior that the forecast assumes.
//!
//! The truth has its own random numbers and its own sampling, independent of the engine's.

use sooner_engine::Event;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Timestamp, VisitId};

use crate::support::{ANNA, BEN, CUT, Driver, NINE, promises};

/// xorshift64* (Vigna 2016), which shares nothing with the engine's hash.
struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 12;
        (bits as f64 + 0.5) / (1u64 << 52) as f64
    }

    /// Box and Muller (1958).
    fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(self.uniform()));
        radius * libm::cos(std::f64::consts::TAU * self.uniform())
    }

    fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }

    /// Gamma of whole shape: a sum of exponentials.
    fn gamma(&mut self, shape: u32) -> f64 {
        (0..shape).map(|_| self.exponential()).sum()
    }
}

/// How long one shop's cuts really take: drawn once, unknown to the forecast.
struct Truth {
    mu: f64,
    sigma: f64,
}

impl Truth {
    /// The prior of PROMISE.md: coefficient of variation 0.5 around the nominal minutes, worth
    /// four observations.
    fn draw(dice: &mut Dice, nominal_ms: i64) -> Self {
        let expected_variance = libm::log(1.25);
        let variance = expected_variance * 3.0 / dice.gamma(4);
        let sigma = libm::sqrt(variance);
        let centre = libm::log(nominal_ms as f64) - expected_variance / 2.0;
        Self { mu: centre + dice.normal() * sigma / 2.0, sigma }
    }

    fn duration_ms(&self, dice: &mut Dice) -> i64 {
        libm::exp(self.mu + self.sigma * dice.normal()) as i64
    }
}

/// A day of a shop with two chairs: people come at random, are called by the rule, and each
/// promise is compared with the start.
struct Day {
    salon: Driver,
    truth: Truth,
    dice: Dice,
    /// When each chair's service ends.
    ends: [Option<(Timestamp, VisitId)>; 2],
}

const CHAIRS: [sooner_shared::StaffId; 2] = [ANNA, BEN];

impl Day {
    fn begin(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..8 {
            dice.uniform();
        }
        let mut salon = Driver::open_with(|config| {
            config.seed = seed;
            config.paths = 200;
            // A strict test: no rounding up, no turn-around in which a call counts as a start.
            config.step_ms = 1;
            config.turnaround_ms = 0;
        });
        salon.on_duty(&CHAIRS);
        Self { truth: Truth::draw(&mut dice, 30 * MINUTE_MS), salon, dice, ends: [None; 2] }
    }

    fn run(mut self, joins: u32) -> Driver {
        // Busy, not hopeless, whatever the truth is.
        let mean_ms = libm::exp(self.truth.mu + self.truth.sigma * self.truth.sigma / 2.0);
        let gap_ms = mean_ms / 2.0 / 0.9;
        let mut arrival = NINE;
        for _ in 0..joins {
            arrival = arrival + (self.dice.exponential() * gap_ms) as i64;
            self.serve_until(arrival);
            self.salon.clock = arrival;
            self.salon.joins(CUT);
            self.fill_chairs();
        }
        self.serve_until(Timestamp(i64::MAX));
        self.salon
    }

    fn serve_until(&mut self, until: Timestamp) {
        while let Some((at, chair)) = self.next_end().filter(|&(at, _)| at <= until) {
            self.salon.clock = at;
            if let Some((_, visit)) = self.ends[chair].take() {
                self.salon.finish(visit);
            }
            self.fill_chairs();
        }
    }

    fn next_end(&self) -> Option<(Timestamp, usize)> {
        let ends = self.ends.iter().enumerate();
        ends.filter_map(|(chair, end)| Some(((*end)?.0, chair))).min()
    }

    fn fill_chairs(&mut self) {
        for (chair, staff) in CHAIRS.into_iter().enumerate() {
            if self.ends[chair].is_none()
                && self.salon.shop.next_for(staff, self.salon.now()).is_some()
            {
                let visit = self.salon.next(staff).expect("somebody waits");
                self.salon.start(visit, staff);
                let duration_ms = self.truth.duration_ms(&mut self.dice);
                self.ends[chair] = Some((self.salon.now() + duration_ms, visit));
            }
        }
    }
}

/// Of those who had to wait: how many started by their minute, of how many.
fn kept(salon: &Driver) -> (u32, u32) {
    let start_of = |who: VisitId| {
        salon.log.iter().find_map(|recorded| match recorded.event {
            Event::Started { visit, .. } if visit == who => Some(recorded.at),
            _ => None,
        })
    };
    promises(&salon.log)
        .into_iter()
        .filter_map(|(visit, by, grounds)| {
            let start = start_of(visit)?;
            // The minute that nobody's promise undercuts would flatter the share.
            (by == grounds.quantile_at).then_some(u32::from(start <= by))
        })
        .fold((0, 0), |(kept, of), one| (kept + one, of + 1))
}

#[test]
fn a_shop_keeps_the_share_it_asks_for() {
    let (mut all_kept, mut all) = (0, 0);
    for seed in 1..=100 {
        let salon = Day::begin(seed).run(60);
        assert!(salon.shop.visits.values().all(|v| v.stage.is_over()), "everybody was served");
        let (kept, of) = kept(&salon);
        all_kept += kept;
        all += of;
    }
    let share = f64::from(all_kept) / f64::from(all);
    println!("{all_kept} of {all} promises kept: {share:.3}");
    assert!(all > 3_000);
    assert!((0.92..=0.99).contains(&share), "{share:.3}");
}
