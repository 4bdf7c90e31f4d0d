//! What the shop has learned of how long waits really are: several experts, which of them to
//! believe, and how far all of them are off.
//!
//! * The **experts** are the simulation, the regression ([`super::regression`]), each of the two with
//!   rolling conformal calibration ([`super::rolling`]), and tables of recent waits. Who has nothing
//!   to say yet sleeps.
//! * They are **pooled**: the mean of ln(quote) under weights that fall exponentially with the
//!   pinball loss (Cesa-Bianchi and Lugosi 2006, with the fixed share of Herbster and Warmuth 1998, so
//!   that who was bad for long can come back; sleeping experts as Freund et al. 1997). A pool of
//!   logarithms survives one expert that is far off.
//! * A slow **tracker** ([`super::tracker`]) moves all quotes by a factor where the record shows that
//!   the share kept is not the share asked for.
//!
//! Learning is a fold over events: it takes in what a promise saw and how long the wait was, and
//! simulates nothing. Only the regression is fitted elsewhere, and comes back as an event. A log that an
//! older version wrote holds other features: they teach beliefs, calibration and tables, and the
//! regression nothing, which begins anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::regression::{Regression, Row};
use super::rolling::Rolling;
use super::seen::{Cells, FEATURES, Seen, ln_wait, wait_of_ln};
use super::tracker::Tracker;

/// The experts, in the order of [`Seen::experts`].
pub const EXPERTS: [&str; 8] = [
    "simulation",
    "regression",
    "simulation, calibrated",
    "regression, calibrated",
    "table: ahead",
    "table: service and ahead",
    "table: hour",
    "last waits",
];

/// What the experts are believed at first, as ln of a weight.
const BELIEFS: [f64; 8] = [0.0, -1.5, -2.0, -2.0, -4.0, -4.0, -5.0, -5.0];

/// How fast belief moves with the loss, in units of the pool's own mean loss.
const RATE: f64 = 0.02;
/// The share of belief that is spread evenly at each outcome.
const FIXED_SHARE: f64 = 0.000_2;
/// What one outcome counts for the mean loss.
const LOSS_WEIGHT: f64 = 0.01;
/// Outcomes a cell of a table remembers.
const CELL: usize = 200;
/// More ahead are one cell.
const AHEAD_MOST: u16 = 30;
/// Outcomes the regression is fitted to, at most.
const ROWS: usize = 12_000;
/// It is fitted from so many on.
const FIT_FROM: usize = 300;
/// And again when the outcomes since the last time are more than this share of those known then.
const FIT_AGAIN: f64 = 0.05;
/// A row counts half when so many have come since.
const HALF_ROWS: f64 = 3_000.0;
/// Outcomes in one piece of the memory, which is shared between states of the shop.
const PIECE: usize = 128;

fn ten_thousandths(ln: f64) -> i32 {
    libm::round(ln * 10_000.0) as i32
}

fn ln_of(quote: i32) -> f64 {
    f64::from(quote) / 10_000.0
}

/// What came of one promise, for the regression.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Outcome {
    features: Vec<f32>,
    ln_wait: f32,
}

/// What a shop has learned of the waits for one kind of promise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learner {
    /// Outcomes ever.
    count: u64,
    beliefs: Vec<f64>,
    mean_loss: f64,
    tracker: Tracker,
    simulation: Rolling,
    regression: Rolling,
    #[serde(with = "crate::pairs")]
    tables: BTreeMap<Cell, Arc<Rolling>>,
    last: Rolling,
    pieces: Vec<Arc<Vec<Outcome>>>,
    fitted: Option<Arc<Regression>>,
    /// Outcomes known when it was fitted.
    fitted_at: u64,
}

/// A cell of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Cell {
    Ahead(u16),
    Service(u16, u16),
    Hour(u8),
}

impl Cells {
    fn all(self) -> [Cell; 3] {
        let ahead = self.ahead.min(AHEAD_MOST);
        [Cell::Ahead(ahead), Cell::Service(self.service.0, ahead), Cell::Hour(self.hour)]
    }
}

impl Default for Learner {
    fn default() -> Self {
        Self {
            count: 0,
            beliefs: BELIEFS.to_vec(),
            mean_loss: 0.0,
            tracker: Tracker::default(),
            simulation: Rolling::of(1_000),
            regression: Rolling::of(1_000),
            tables: BTreeMap::new(),
            last: Rolling::of(1_000),
            pieces: Vec::new(),
            fitted: None,
            fitted_at: 0,
        }
    }
}

impl Learner {
    /// Asks all experts about somebody whose wait the simulation puts at `simulated_ms` at the share
    /// to keep.
    #[must_use]
    pub fn ask(&self, features: Vec<i32>, cells: Cells, simulated_ms: f64, share: f64) -> Seen {
        let simulated = ln_wait(simulated_ms);
        let fitted = self.fitted.as_ref().map(|fitted| fitted.at(&thousandths(&features)));
        let ln = |rolling: &Rolling| rolling.quantile(share);
        let [ahead, service, hour] = cells.all().map(|cell| self.tables.get(&cell));
        let experts = [
            Some(simulated),
            fitted,
            ln(&self.simulation).map(|off| simulated + off),
            fitted.zip(ln(&self.regression)).map(|(fitted, off)| fitted + off),
            ahead.and_then(|cell| ln(cell)),
            service.and_then(|cell| ln(cell)),
            hour.and_then(|cell| ln(cell)),
            ln(&self.last),
        ];
        let experts = experts.map(|quote| quote.filter(|ln| ln.is_finite()).map(ten_thousandths));
        Seen { features, cells, experts: experts.to_vec() }
    }

    /// By how much the wait to promise differs from the simulated one, as ln of a factor: what the
    /// experts say together, moved by the tracker. Nothing where only the simulation has spoken.
    #[must_use]
    pub fn off(&self, seen: &Seen) -> f64 {
        let simulated = seen.experts.first().copied().flatten().map_or(0.0, ln_of);
        self.pooled(seen) - simulated + self.tracker.ln_factor()
    }

    /// By how much the simulation of somebody who has waited already is off, as ln of a factor.
    #[must_use]
    pub fn simulation_off(&self, share: f64) -> f64 {
        self.simulation.quantile(share).map_or(0.0, |off| off.clamp(-1.0, 1.0))
    }

    /// The wait to promise without the tracker, in milliseconds.
    #[must_use]
    pub fn untracked_ms(&self, seen: &Seen) -> f64 {
        wait_of_ln(self.pooled(seen))
    }

    fn pooled(&self, seen: &Seen) -> f64 {
        let most = self.most(seen);
        let (mut sum, mut weight) = (0.0, 0.0);
        for (belief, quote) in self.beliefs.iter().zip(&seen.experts) {
            if let Some(quote) = *quote {
                let w = libm::exp(belief - most);
                sum += w * ln_of(quote);
                weight += w;
            }
        }
        if weight > 0.0 { sum / weight } else { 0.0 }
    }

    fn most(&self, seen: &Seen) -> f64 {
        let awake = self.beliefs.iter().zip(&seen.experts).filter(|(_, quote)| quote.is_some());
        awake.map(|(&belief, _)| belief).fold(f64::NEG_INFINITY, f64::max)
    }

    /// Takes in how long somebody waited, of whom this was seen when they were told a time. `kept`
    /// says whether they would have started by what would have been told without the tracker.
    pub fn learn(&mut self, seen: &Seen, wait_ms: f64, share: f64, kept: bool, day: i32) {
        let waited = ln_wait(wait_ms);
        self.tracker.weigh(kept, share, day);
        self.believe(seen, waited, share);
        if let Some(simulated) = seen.experts.first().copied().flatten() {
            self.simulation.learn(waited - ln_of(simulated));
        }
        if let Some(fitted) = seen.experts.get(1).copied().flatten() {
            self.regression.learn(waited - ln_of(fitted));
        }
        for cell in seen.cells.all() {
            let table = self.tables.entry(cell).or_insert_with(|| Arc::new(Rolling::of(CELL)));
            Arc::make_mut(table).learn(waited);
        }
        self.last.learn(waited);
        if seen.features.len() == FEATURES {
            self.remember(Outcome {
                features: thousandths(&seen.features),
                ln_wait: waited as f32,
            });
        }
        self.count += 1;
    }

    fn believe(&mut self, seen: &Seen, waited: f64, share: f64) {
        let wait = libm::exp(waited);
        let loss = |ln: f64| {
            let off = wait - libm::exp(ln);
            (share * off).max((share - 1.0) * off)
        };
        let pooled = loss(self.pooled(seen));
        let weight = LOSS_WEIGHT.max(1.0 / (self.count + 1) as f64);
        self.mean_loss += weight * (pooled - self.mean_loss);
        let scale = RATE / self.mean_loss.max(1e-6);
        let most = self.most(seen);
        let awake: Vec<usize> = (0..self.beliefs.len())
            .filter(|&e| seen.experts.get(e).is_some_and(Option::is_some))
            .collect();
        let mut weights: Vec<f64> =
            awake.iter().map(|&e| libm::exp(self.beliefs[e] - most)).collect();
        let before: f64 = weights.iter().sum();
        for (weight, &expert) in weights.iter_mut().zip(&awake) {
            let own = seen.experts[expert].map_or(pooled, |quote| loss(ln_of(quote)));
            // One outcome far out says no more than ten.
            *weight *= libm::exp(-(scale * (own - pooled)).clamp(-0.5, 0.5));
        }
        // Who sleeps keeps what they are believed beside the others.
        let after: f64 = weights.iter().sum();
        let even = before / awake.len().max(1) as f64;
        for (weight, &expert) in weights.iter().zip(&awake) {
            let w = weight / after * before * (1.0 - FIXED_SHARE) + even * FIXED_SHARE;
            self.beliefs[expert] = libm::log(w) + most;
        }
    }

    /// Takes in whether a promise was kept, as soon as that is known.
    pub fn score(&mut self, kept: bool, share: f64) {
        self.tracker.score(kept, share);
    }

    fn remember(&mut self, outcome: Outcome) {
        match self.pieces.last_mut().filter(|piece| piece.len() < PIECE) {
            Some(piece) => Arc::make_mut(piece).push(outcome),
            None => self.pieces.push(Arc::new(vec![outcome])),
        }
        if self.pieces.len() * PIECE > ROWS + PIECE {
            self.pieces.remove(0);
        }
    }

    /// Whether the regression should be fitted anew.
    #[must_use]
    pub fn is_fit_due(&self) -> bool {
        let news = (self.count - self.fitted_at) as f64;
        let again = (FIT_AGAIN * self.fitted_at.min(ROWS as u64) as f64).max(50.0);
        let rows: usize = self.pieces.iter().map(|piece| piece.len()).sum();
        rows >= FIT_FROM && (self.fitted.is_none() || news >= again)
    }

    /// Fits it, with the number of outcomes it knows. Slow: not for the writer.
    #[must_use]
    pub fn fit(&self, share: f64) -> Option<(Regression, u64)> {
        let outcomes = self.pieces.iter().flat_map(|piece| piece.iter());
        let fade = libm::exp(-std::f64::consts::LN_2 / HALF_ROWS);
        let mut rows: Vec<_> = outcomes
            .map(|outcome| Row {
                features: &outcome.features,
                outcome: f64::from(outcome.ln_wait),
                weight: 1.0,
            })
            .collect();
        let mut weight = 1.0;
        for row in rows.iter_mut().rev() {
            row.weight = weight;
            weight *= fade;
        }
        let fitted = Regression::fit(&rows, share, self.fitted.as_deref());
        fitted.map(|fitted| (fitted, self.count))
    }

    /// Takes what was fitted when so many outcomes were known, unless to other features than there
    /// are now.
    pub fn take(&mut self, fitted: Regression, known: u64) {
        if fitted.width() == FEATURES {
            self.fitted = Some(Arc::new(fitted));
            self.fitted_at = known;
        }
    }

    /// What each expert is believed, in all 1 for those who are awake.
    #[must_use]
    pub fn weights(&self, seen: &Seen) -> Vec<f64> {
        let most = self.most(seen);
        let weight = |(belief, quote): (&f64, &Option<i32>)| {
            if quote.is_some() { libm::exp(belief - most) } else { 0.0 }
        };
        let weights: Vec<f64> = self.beliefs.iter().zip(&seen.experts).map(weight).collect();
        let sum: f64 = weights.iter().sum();
        weights.into_iter().map(|w| w / sum.max(f64::MIN_POSITIVE)).collect()
    }

    /// The factor by which the tracker moves all quotes.
    #[must_use]
    pub fn tracked(&self) -> f64 {
        libm::exp(self.tracker.ln_factor())
    }
}

fn thousandths(features: &[i32]) -> Vec<f32> {
    features.iter().map(|&x| x as f32 / 1_000.0).collect()
}

#[cfg(test)]
mod tests {
    use sooner_shared::ServiceId;

    use super::*;

    fn seen(number: i32, features: usize, fitted: Option<f64>) -> Seen {
        // One that says something, and one that says nothing.
        let mut values = vec![0; features];
        values[0] = number % 10 * 100;
        let cells = Cells { ahead: 1, service: ServiceId(1), hour: 9 };
        let mut experts = vec![None; EXPERTS.len()];
        experts[0] = Some(10_000);
        experts[1] = fitted.map(ten_thousandths);
        Seen { features: values, cells, experts }
    }

    fn learn(learner: &mut Learner, seen: &Seen) {
        let wait_ms = wait_of_ln(f64::from(seen.features[0]) / 1_000.0);
        learner.learn(seen, wait_ms, 0.95, true, 1);
    }

    #[test]
    fn what_an_older_version_saw_teaches_all_but_the_regression() {
        const OLD: usize = FEATURES - 3;
        let cells = seen(0, FEATURES, None).cells;
        let asked = |learner: &Learner| learner.ask(vec![0; FEATURES], cells, 60_000.0, 0.95);
        let mut learner = Learner::default();
        for number in 0..400 {
            learn(&mut learner, &seen(number, OLD, Some(0.5)));
        }
        assert!(!learner.is_fit_due() && learner.fit(0.95).is_none());
        let features = vec![vec![0.5_f32; OLD]; 400];
        let rows: Vec<_> =
            features.iter().map(|x| Row { features: x, outcome: 1.0, weight: 1.0 }).collect();
        learner.take(Regression::fit(&rows, 0.95, None).expect("a fit"), 400);
        let said = asked(&learner).experts;
        assert!(said[1].is_none() && said[2].is_some() && said[4].is_some(), "{said:?}");

        // From 300 with the present features on it is fitted again, to them alone.
        for number in 0..300 {
            assert!(!learner.is_fit_due(), "{number}");
            learn(&mut learner, &seen(number, FEATURES, None));
        }
        learn(&mut learner, &seen(0, OLD, Some(0.5)));
        assert!(learner.is_fit_due());
        let (fitted, known) = learner.fit(0.95).expect("a fit");
        assert_eq!((fitted.width(), known), (FEATURES, 701));
        learner.take(fitted, known);
        assert!(asked(&learner).experts[1].is_some() && !learner.is_fit_due());
    }
}
