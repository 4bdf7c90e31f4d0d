//! What the board sees when it tells a time, as numbers: the features of the regression and the
//! cells of the tables. They go into the promise's event, so that what was learned can be learned
//! again from the log.

use serde::{Deserialize, Serialize};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::Stage;
use sooner_shared::{ServiceId, Timestamp, VisitId};

use super::Estimate;
use crate::calendar::{local_day, local_minute};
use crate::policy::{Able, NEVER};
use crate::{Shop, Visit};

/// Services that are told apart by the regression.
const SERVICES: usize = 16;

/// How many features there are. Promises in older logs saw others, fewer: nothing but the number tells
/// them apart, so a change of the features must change it.
pub const FEATURES: usize = 62;

/// Added to waits before the logarithm is taken, in minutes.
pub const OFFSET_MIN: f64 = 0.25;

/// No wait counts as more, in minutes.
const LONGEST_MIN: f64 = 60.0 * 24.0 * 60.0;

/// ln of a wait, in minutes, moved off zero.
#[must_use]
pub fn ln_wait(wait_ms: f64) -> f64 {
    libm::log((wait_ms / MINUTE_MS as f64).clamp(0.0, LONGEST_MIN) + OFFSET_MIN)
}

/// The wait of a logarithm, in milliseconds.
#[must_use]
pub fn wait_of_ln(ln: f64) -> f64 {
    (libm::exp(ln.min(12.0)) - OFFSET_MIN).max(0.0) * MINUTE_MS as f64
}

/// What the board saw, and what each expert said then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The features, in thousandths, so that a log gives back exactly what was learned from.
    pub features: Vec<i32>,
    /// Where it stands in the tables.
    pub cells: Cells,
    /// ln of each expert's quote (see [`ln_wait`]), in ten-thousandths; `None` of who had none.
    pub experts: Vec<Option<i32>>,
}

/// Where a newcomer stands in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells {
    /// How many are ahead whom somebody who can take them can take too.
    pub ahead: u16,
    /// What for.
    pub service: ServiceId,
    /// The hour of the shop's day.
    pub hour: u8,
}

/// What is the same for everybody who might come now.
#[derive(Debug)]
pub struct Scene<'a> {
    shop: &'a Shop,
    now: Timestamp,
    waiting: Vec<Waiting>,
    shared: Vec<f64>,
}

/// Somebody in line, as far as it matters to who comes after.
#[derive(Debug)]
struct Waiting {
    place: (Timestamp, VisitId),
    able: Able,
    service: Option<ServiceId>,
    mean_ms: f64,
}

fn count(n: usize) -> f64 {
    libm::log1p(n as f64)
}

impl<'a> Scene<'a> {
    /// Looks at a shop.
    #[must_use]
    pub fn new(shop: &'a Shop, now: Timestamp) -> Self {
        let pulse = &shop.pulse;
        let waiting = shop.waiting();
        let mut elapsed: Vec<f64> = Vec::new();
        let mut rest: Vec<f64> = Vec::new();
        for chair in shop.chairs.values() {
            let visit = chair.visit.and_then(|id| shop.visits.get(&id));
            let Some(visit) = visit.filter(|v| v.stage == Stage::Serving) else { continue };
            let Some((since, step)) = visit.since.zip(visit.step()) else { continue };
            let served_ms = (now - since).max(0) as f64;
            elapsed.push(served_ms);
            rest.push((shop.posterior(step).mean_ms() as f64 - served_ms).max(0.0));
        }
        let busy = elapsed.len();
        let idle = pulse.idle_ms(now);
        let idle_for = |place: usize| idle.get(place).map_or(60 * MINUTE_MS, |&ms| ms) as f64;
        let are_back = |ms: i64| idle.iter().map(|&i| pulse.gap_ends_within(i, ms)).sum::<f64>();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
        let most = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
        let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
        let oldest_ms = waiting.first().map_or(0, |v| now - v.joined_at);
        let all_waiting_ms: i64 = waiting.iter().map(|v| now - v.joined_at).sum();
        let hour = f64::from(local_minute(shop.config.tz(), now)) / 60.0;
        let turn = |period: f64, at: f64| {
            let angle = std::f64::consts::TAU * at / period;
            [libm::sin(angle), libm::cos(angle)]
        };
        let quarter = 15 * MINUTE_MS;
        let hour_ms = 60 * MINUTE_MS;
        let waits = |n| ln_wait(pulse.mean_wait_ms(n).unwrap_or(0.0));
        let took = |n| ln_wait(pulse.mean_took_ms(n).unwrap_or(0.0));
        let mut shared = vec![
            count(busy),
            waits(1),
            waits(5),
            waits(20),
            waits(100),
            ln_wait(oldest_ms as f64),
            ln_wait(all_waiting_ms as f64),
            count(pulse.starts(now, quarter)),
            count(pulse.starts(now, hour_ms)),
            count(pulse.arrivals(now, quarter)),
            count(pulse.arrivals(now, hour_ms)),
            count(pulse.losses(now, quarter)),
            count(pulse.losses(now, hour_ms)),
            ln_wait(mean(&elapsed)),
            ln_wait(most(&elapsed)),
            ln_wait(if busy == 0 { 0.0 } else { least(&rest) }),
            ln_wait(pulse.since_start_ms(now).unwrap_or(hour_ms).min(hour_ms) as f64),
            ln_wait(pulse.since_end_ms(now).unwrap_or(hour_ms).min(hour_ms) as f64),
            took(5),
            took(20),
            took(100),
            ln_wait(idle_for(0)),
            ln_wait(idle_for(1)),
            ln_wait(pulse.mean_gap_ms().unwrap_or(0.0)),
            libm::log1p(are_back(MINUTE_MS)),
            libm::log1p(are_back(3 * MINUTE_MS)),
        ];
        shared.extend(turn(24.0, hour));
        shared.extend(turn(7.0, f64::from(local_day(shop.config.tz(), now))));
        let waiting = waiting.into_iter().map(|visit| Waiting {
            place: visit.place(),
            able: shop.able_now(visit),
            service: visit.services.first().copied(),
            mean_ms: super::mean_ms(shop, visit) as f64,
        });
        Self { shop, now, waiting: waiting.collect(), shared }
    }

    /// The shop it looks at.
    #[must_use]
    pub const fn shop(&self) -> &'a Shop {
        self.shop
    }

    /// The time it looks.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// What is seen of somebody who is in line or would be, whose wait was simulated. `quotes` are
    /// not asked yet.
    #[must_use]
    pub fn of(&self, visit: &Visit, simulated: &Estimate) -> (Vec<i32>, Cells) {
        let Self { shop, now, .. } = *self;
        let able = shop.able_now(visit);
        let (mut all, mut same, mut eligible, mut work_ms) = (0, 0, 0, 0.0);
        for other in self.waiting.iter().take_while(|other| other.place < visit.place()) {
            all += 1;
            same += usize::from(other.service == visit.services.first().copied());
            if other.able & able != 0 {
                eligible += 1;
                work_ms += other.mean_ms;
            }
        }
        let mut able_on_duty = 0;
        let mut free = 0;
        for (position, person) in shop.config.staff.iter().enumerate() {
            let Some(chair) = shop.chairs.get(&person.id) else { continue };
            if able >> position & 1 == 1 && chair.on_duty {
                able_on_duty += 1;
                free += usize::from(chair.visit.is_none() && chair.break_until.is_none());
            }
        }
        let work_ms = work_ms / f64::from(able_on_duty.max(1));
        let quantile = |permille| {
            let wait_ms = simulated.simulated_ms(permille);
            ln_wait(if wait_ms == NEVER { f64::MAX } else { wait_ms as f64 })
        };
        let mut features = vec![
            ln_wait(simulated.mean_ms()),
            quantile(500),
            quantile(800),
            quantile(900),
            quantile(950),
            quantile(990),
            count(all),
            count(same),
            count(eligible),
            count(able_on_duty as usize),
            count(free),
            ln_wait(work_ms),
            f64::from(u8::from(visit.right_at.is_some() || visit.appointment.is_some())),
            f64::from(u8::from(visit.requested.is_some())),
        ];
        features.extend_from_slice(&self.shared);
        let service = visit.services.first().copied().unwrap_or(ServiceId(0));
        let own = shop.pulse.mean_wait_of_ms(service).or(shop.pulse.mean_wait_ms(20));
        features.push(ln_wait(own.unwrap_or(0.0)));
        features.push(ln_wait(super::mean_ms(shop, visit) as f64));
        let place = shop.config.services.iter().position(|s| s.id == service);
        features.extend((0..SERVICES).map(|s| f64::from(u8::from(place == Some(s)))));
        let cells = Cells {
            ahead: eligible.min(usize::from(u16::MAX)) as u16,
            service,
            hour: (local_minute(shop.config.tz(), now) / 60) as u8,
        };
        (features.into_iter().map(|x| (x * 1_000.0) as i32).collect(), cells)
    }
}
