//! What others show: simple predictors of a wait, each as it is and with rolling conformal
//! calibration.
//!
//! Sources: Ibrahim and Whitt 2009 (LES, HOL, QL); Senderovich et al. 2014 (snapshots and tables);
//! the average service over the people there is what most products show. All learn only from those
//! who had to wait, when their service begins.

use std::collections::{BTreeMap, VecDeque};

use sooner_engine::forecast::rolling::Rolling;
use sooner_shared::time::MINUTE_MS;
use sooner_sim::moment::{Arrival, Happened, Moment};

use super::method::Method;

/// The names of the predictors.
const NAMES: [&str; 10] = [
    "mean wait so far",
    "LES",
    "HOL",
    "mean of last 20",
    "average service × (ahead+1) / servers",
    "QL by throughput",
    "rolling quantile",
    "table ahead",
    "table type × ahead",
    "table hour",
];

const HOUR_MS: i64 = 60 * MINUTE_MS;
/// More ahead are one cell.
const AHEAD_MOST: usize = 30;
/// Outcomes a cell remembers, and the rolling quantile.
const CELL: usize = 300;
const WINDOW: usize = 1_000;
/// Added to waits before ratios are taken, in minutes.
const OFFSET_MIN: f64 = 0.25;

/// All of them, over one state of the queue.
pub struct Baselines {
    keep: f64,
    /// Who waits: when they came and for what.
    waiting: BTreeMap<u64, (i64, u16)>,
    serving: BTreeMap<u64, (i64, Option<u16>)>,
    /// When each who serves was last seen doing so.
    seen: BTreeMap<u16, i64>,
    starts: VecDeque<i64>,
    /// Count and sum in minutes of waits and of services.
    waits: (f64, f64),
    services: (f64, f64),
    last: VecDeque<f64>,
    all: Rolling,
    ahead: BTreeMap<usize, Rolling>,
    typed: BTreeMap<(u16, usize), Rolling>,
    hours: BTreeMap<i64, Rolling>,
    /// How much longer than each predictor waits were, in minutes and as a factor.
    longer: Vec<[Rolling; 2]>,
    asked: Vec<Option<f64>>,
    quotes: BTreeMap<u64, (Vec<Option<f64>>, usize)>,
}

impl Baselines {
    /// For this share to keep.
    #[must_use]
    pub fn new(keep: f64) -> Self {
        Self {
            keep,
            waiting: BTreeMap::new(),
            serving: BTreeMap::new(),
            seen: BTreeMap::new(),
            starts: VecDeque::new(),
            waits: (0.0, 0.0),
            services: (0.0, 0.0),
            last: VecDeque::new(),
            all: Rolling::of(WINDOW),
            ahead: BTreeMap::new(),
            typed: BTreeMap::new(),
            hours: BTreeMap::new(),
            longer: NAMES.iter().map(|_| [Rolling::of(WINDOW), Rolling::of(WINDOW)]).collect(),
            asked: Vec::new(),
            quotes: BTreeMap::new(),
        }
    }

    fn predict(&self, at_ms: i64, arrival: &Arrival) -> [Option<f64>; NAMES.len()] {
        let ahead = self.waiting.len();
        let next = (ahead + 1) as f64;
        let mean = |(count, sum): (f64, f64)| (count > 0.0).then(|| sum / count);
        let servers = self.seen.values().filter(|&&seen| at_ms - seen <= HOUR_MS).count();
        let unnamed = self.serving.values().filter(|(_, server)| server.is_none()).count();
        let servers = (servers + unnamed).max(1) as f64;
        let starts = self.starts.len();
        let last20 = self.last.iter().rev().take(20);
        let cell = ahead.min(AHEAD_MOST);
        let in_cell = |table: Option<&Rolling>| {
            table.and_then(|t| t.quantile(self.keep)).or_else(|| self.all.quantile(self.keep))
        };
        [
            mean(self.waits),
            self.last.back().copied(),
            Some(self.waiting.values().next().map_or(0.0, |&(came, _)| minutes(at_ms - came))),
            (!self.last.is_empty())
                .then(|| last20.clone().sum::<f64>() / last20.clone().count() as f64),
            mean(self.services).map(|service| service * next / servers),
            (starts > 0).then(|| 60.0 * next / starts as f64),
            self.all.quantile(self.keep),
            in_cell(self.ahead.get(&cell)),
            in_cell(self.typed.get(&(arrival.service, cell))),
            in_cell(self.hours.get(&hour(at_ms))),
        ]
    }

    fn learn(&mut self, came_ms: i64, service: u16, ahead: usize, wait: f64) {
        self.waits = (self.waits.0 + 1.0, self.waits.1 + wait);
        if self.last.len() == 20 {
            self.last.pop_front();
        }
        self.last.push_back(wait);
        self.all.learn(wait);
        let cell = ahead.min(AHEAD_MOST);
        let table = || Rolling::of(CELL);
        self.ahead.entry(cell).or_insert_with(table).learn(wait);
        self.typed.entry((service, cell)).or_insert_with(table).learn(wait);
        self.hours.entry(hour(came_ms)).or_insert_with(table).learn(wait);
    }
}

fn minutes(ms: i64) -> f64 {
    ms as f64 / MINUTE_MS as f64
}

fn hour(at_ms: i64) -> i64 {
    at_ms.div_euclid(HOUR_MS).rem_euclid(24)
}

impl Method for Baselines {
    fn columns(&self) -> Vec<String> {
        let kinds = ["", " + conformal", " + conformal, ratio"];
        NAMES.iter().flat_map(|name| kinds.map(|kind| format!("{name}{kind}"))).collect()
    }

    fn quote(&mut self, at_ms: i64, arrival: &Arrival, quotes_min: &mut [Option<f64>]) {
        while self.starts.front().is_some_and(|&start| at_ms - start > HOUR_MS) {
            self.starts.pop_front();
        }
        let quotes = self.predict(at_ms, arrival);
        for ((slots, quote), [more, factor]) in
            quotes_min.chunks_exact_mut(3).zip(quotes).zip(&self.longer)
        {
            slots[0] = quote;
            slots[1] = quote.zip(more.quantile(self.keep)).map(|(q, more)| (q + more).max(0.0));
            slots[2] = quote
                .zip(factor.quantile(self.keep))
                .map(|(q, factor)| ((q + OFFSET_MIN) * factor - OFFSET_MIN).max(0.0));
        }
        self.asked = quotes.to_vec();
    }

    fn happen(&mut self, happened: &Happened) {
        let at_ms = happened.at_ms;
        match happened.what {
            Moment::Arrived(arrival) => {
                let asked = std::mem::take(&mut self.asked);
                self.quotes.insert(arrival.visit, (asked, self.waiting.len()));
                self.waiting.insert(arrival.visit, (at_ms, arrival.service));
            }
            Moment::Started { visit, server } => {
                self.starts.push_back(at_ms);
                self.serving.insert(visit, (at_ms, server));
                if let Some(server) = server {
                    self.seen.insert(server, at_ms);
                }
                let came = self.waiting.remove(&visit);
                let asked = self.quotes.remove(&visit);
                let Some(((came_ms, service), (said, ahead))) = came.zip(asked) else { return };
                if at_ms == came_ms {
                    return;
                }
                let wait = minutes(at_ms - came_ms);
                for (quote, [more, factor]) in said.iter().zip(&mut self.longer) {
                    if let Some(quote) = *quote {
                        more.learn(wait - quote);
                        factor.learn((wait + OFFSET_MIN) / (quote + OFFSET_MIN));
                    }
                }
                self.learn(came_ms, service, ahead, wait);
            }
            Moment::Ended { visit } => {
                let Some((start_ms, server)) = self.serving.remove(&visit) else { return };
                self.services =
                    (self.services.0 + 1.0, self.services.1 + minutes(at_ms - start_ms));
                if let Some(server) = server {
                    self.seen.insert(server, at_ms);
                }
            }
            Moment::Left { visit } => {
                self.waiting.remove(&visit);
                self.quotes.remove(&visit);
            }
            Moment::WentOffDuty { server } => {
                self.seen.remove(&server);
            }
            Moment::CameOnDuty { .. } | Moment::TookBreak { .. } | Moment::EndedBreak { .. } => {}
        }
    }
}
