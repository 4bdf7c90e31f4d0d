//! When each person in line will start, as a distribution: a forward simulation of the shop from
//! its present state, through the same `policy` that calls people.
//!
//! Derived from the state and never stored; only promises made from it are. Deliberately absent:
//! later arrivals, patience and breaks.

pub mod draw;
pub mod durations;
pub mod normal;
mod simulate;

use std::collections::BTreeMap;

use sooner_shared::command::QUOTE_HOLDS_MS;
use sooner_shared::view::Quote;
use sooner_shared::{ServiceId, StaffId, Timestamp, VisitId};

use crate::Shop;
use crate::decide::held_permille;
use simulate::Newcomer;

/// No promise is shorter than this, in milliseconds: nobody is told "now".
pub const LEAD_MIN_MS: i64 = 60_000;

/// The simulated waits of one person, sorted, in milliseconds from the time of the forecast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    waits_ms: Vec<i64>,
}

impl Estimate {
    /// Takes the waits of all paths; `None` when some path never serves the person.
    fn new(mut waits_ms: Vec<i64>) -> Option<Self> {
        if waits_ms.is_empty() || waits_ms.contains(&simulate::NEVER) {
            return None;
        }
        waits_ms.sort_unstable();
        Some(Self { waits_ms })
    }

    /// The quantile at `permille` thousandths, in milliseconds: the order statistic that a further
    /// path would not exceed with at least that chance, which takes `n + 1` and not `n`.
    #[must_use]
    pub fn wait_ms(&self, permille: u16) -> i64 {
        let n = self.waits_ms.len();
        let rank = ((n + 1) * usize::from(permille)).div_ceil(1_000).clamp(1, n);
        self.waits_ms[rank - 1]
    }

    /// The share of paths, in thousandths, whose wait exceeds `limit_ms`.
    #[must_use]
    pub fn exceeds_permille(&self, limit_ms: i64) -> u16 {
        let n = self.waits_ms.len();
        let within = self.waits_ms.partition_point(|&w| w <= limit_ms);
        ((n - within) * 1_000 / n) as u16
    }

    /// The time to promise: the quantile at the shop's share, rounded up to its step.
    #[must_use]
    pub fn promise_by(&self, shop: &Shop, now: Timestamp) -> Timestamp {
        self.no_earlier_than(LEAD_MIN_MS, shop, now)
    }

    /// The time to show somebody who has not said yes yet. They may take [`QUOTE_HOLDS_MS`] over it,
    /// and by then all that has not begun, a free chair too, is so much later than it is now: what
    /// is shown would still be held then. Who says yes at once may be promised an earlier time.
    #[must_use]
    pub fn quote_by(&self, shop: &Shop, now: Timestamp) -> Timestamp {
        let held_ms = self.wait_ms(held_permille(shop)).max(LEAD_MIN_MS);
        self.no_earlier_than(QUOTE_HOLDS_MS + held_ms, shop, now)
    }

    fn no_earlier_than(&self, least_ms: i64, shop: &Shop, now: Timestamp) -> Timestamp {
        let wait_ms = self.wait_ms(shop.config.keep_permille).max(least_ms);
        (now + wait_ms).round_up(shop.config.step_ms)
    }
}

/// What the shop expects at one time, from one state.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The time it looks ahead from.
    pub at: Timestamp,
    /// The last event it knows.
    pub seq: u64,
    /// Those waiting or called who can be served by somebody on duty.
    pub visits: BTreeMap<VisitId, Estimate>,
    /// What newcomers are shown; who joins at once is promised that time or an earlier one.
    pub quotes: Vec<Quote>,
}

impl Forecast {
    /// Looks ahead from `now` for everybody in line and for every kind of newcomer.
    #[must_use]
    pub fn run(shop: &Shop, now: Timestamp) -> Self {
        let newcomers: Vec<Newcomer> = shop
            .config
            .services
            .iter()
            .flat_map(|service| {
                let able = shop.config.staff.iter().filter(|p| p.services.contains(&service.id));
                std::iter::once(None)
                    .chain(able.map(|p| Some(p.id)))
                    .map(|staff| Newcomer { service: service.id, requested: staff })
            })
            .collect();
        let starts = simulate::run(shop, now, &newcomers);
        Self {
            at: now,
            seq: shop.seq,
            visits: starts
                .visits
                .into_iter()
                .filter_map(|(id, waits)| Some((id, Estimate::new(waits)?)))
                .collect(),
            quotes: newcomers
                .iter()
                .zip(starts.newcomers)
                .map(|(newcomer, waits)| Quote {
                    service: newcomer.service,
                    staff: newcomer.requested,
                    by: Estimate::new(waits).map(|e| e.quote_by(shop, now)),
                })
                .collect(),
        }
    }
}

/// The wait of one person who joins now; `None` when nobody on duty can serve them.
#[must_use]
pub fn newcomer(
    shop: &Shop,
    service: ServiceId,
    requested: Option<StaffId>,
    now: Timestamp,
) -> Option<Estimate> {
    let starts = simulate::run(shop, now, &[Newcomer { service, requested }]);
    starts.newcomers.into_iter().next().and_then(Estimate::new)
}
