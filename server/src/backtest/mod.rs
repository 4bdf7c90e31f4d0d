//! How well promises would have done: a recorded queue, or a made-up one whose best possible promise
//! is known, is lived through once by all methods.
//!
//! No method sees what comes later: each is asked when somebody comes, and told what happens as it
//! happens. A wait is scored for who was served and had to wait, from the end of the warm-up on;
//! those who went away shape the queue and are never scored.

pub mod baselines;
pub mod known;
pub mod method;
pub mod moved;
pub mod plot;
pub mod score;
pub mod sooner;
pub mod stream;
pub mod stretch;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use sooner_shared::Timestamp;
use sooner_shared::time::MINUTE_MS;
use sooner_sim::moment::{Arrival, Happened, Moment};

use crate::replay::record::ReadError;
use method::Method;
use plot::Plot;
use score::{Column, Figures, Waited};
use stretch::{AFTER_DAYS, Stretch};

const DAY_MS: i64 = 86_400_000;

/// A queue that is lived through.
pub trait Queue {
    /// What happens next.
    fn next(&mut self) -> Option<Result<Happened, ReadError>>;

    /// The best possible quote for who has just come, in minutes, where it is known.
    fn oracle_min(&self, _at_ms: i64, _arrival: &Arrival) -> Option<f64> {
        None
    }

    /// Whether the best possible quote is known.
    fn has_oracle(&self) -> bool {
        false
    }

    /// From which day on everything takes longer, counted from the epoch, where that is known.
    fn slower_from(&self) -> Option<i64> {
        None
    }

    /// Who has just come was told this instant.
    fn told(&mut self, _visit: u64, _by_ms: i64) {}
}

impl Queue for stream::Stream<'_> {
    fn next(&mut self) -> Option<Result<Happened, ReadError>> {
        Iterator::next(self)
    }
}

/// How a backtest is scored.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The share of promises to keep.
    pub keep: f64,
    /// Days at the beginning that are not scored.
    pub warmup_days: i64,
    /// What promises are rounded up to, in minutes; 0 for not at all.
    pub round_min: u8,
    /// The columns to show; all when empty.
    pub columns: Vec<String>,
    /// How many resamples intervals are made from; 0 for none.
    pub bootstrap: u32,
}

/// What comes of a backtest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// How many promises were scored.
    pub scored: u64,
    /// The methods, the product's own first.
    pub methods: Vec<Figures>,
    /// The figures of the days after everything began to take longer, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_slowdown: Option<Stretch>,
}

/// What comes of it beside the figures.
pub struct Outcome {
    /// The figures.
    pub report: Report,
    /// What can be drawn, of the first column.
    pub plot: Plot,
    /// How many came.
    pub rows: u64,
}

/// A quote that waits for what comes of it.
struct Pending {
    came_ms: i64,
    day: i64,
    ahead: usize,
    service: u16,
    promised_min: Vec<f64>,
}

/// Lives through a queue; `progress` is told how many have come, and the time.
pub fn run(
    queue: &mut impl Queue,
    methods: &mut [Box<dyn Method>],
    options: &Options,
    mut progress: impl FnMut(u64, Timestamp),
) -> Result<Outcome, ReadError> {
    let mut names: Vec<String> = methods.iter().flat_map(|m| m.columns()).collect();
    let widths: Vec<usize> = methods.iter().map(|m| m.columns().len()).collect();
    if queue.has_oracle() {
        names.push(ORACLE.to_owned());
    }
    let mut columns = vec![Column::default(); names.len()];
    let mut plot = Plot::new(options.keep);
    let mut pending: BTreeMap<u64, Pending> = BTreeMap::new();
    let (mut waiting, mut rows, mut scored) = (0, 0, 0);
    let mut first_day = None;
    let mut quotes = vec![None; names.len()];
    while let Some(happened) = queue.next() {
        let happened = happened?;
        let at_ms = happened.at_ms;
        match happened.what {
            Moment::Arrived(arrival) => {
                let today = at_ms.div_euclid(DAY_MS);
                let day = today - *first_day.get_or_insert(today);
                quotes.fill(None);
                let mut rest = quotes.as_mut_slice();
                for (method, &width) in methods.iter_mut().zip(&widths) {
                    let (own, others) = rest.split_at_mut(width);
                    method.quote(at_ms, &arrival, own);
                    method.told(promised_at(at_ms, own[0], options.round_min));
                    rest = others;
                }
                if let [oracle] = rest {
                    *oracle = queue.oracle_min(at_ms, &arrival);
                }
                let first = quotes.first().copied().flatten();
                queue.told(arrival.visit, promised_at(at_ms, first, options.round_min));
                let promised = quotes
                    .iter()
                    .map(|&quote| minutes(promised_at(at_ms, quote, options.round_min) - at_ms));
                let pends = Pending {
                    came_ms: at_ms,
                    day,
                    ahead: waiting,
                    service: arrival.service,
                    promised_min: promised.collect(),
                };
                pending.insert(arrival.visit, pends);
                waiting += 1;
                rows += 1;
                progress(rows, Timestamp(at_ms));
            }
            Moment::Started { visit, .. } => {
                if let Some(pends) = pending.remove(&visit) {
                    waiting -= 1;
                    if at_ms > pends.came_ms && pends.day >= options.warmup_days {
                        scored += 1;
                        let waited = pends.waited(at_ms);
                        for (column, &promised) in columns.iter_mut().zip(&pends.promised_min) {
                            column.add(&waited, promised, options.keep);
                        }
                        if let Some(&promised) = pends.promised_min.first() {
                            plot.add(promised, waited.wait_min);
                        }
                    }
                }
            }
            Moment::Left { visit } => waiting -= usize::from(pending.remove(&visit).is_some()),
            _ => {}
        }
        for method in &mut *methods {
            method.happen(&happened);
        }
    }
    plot.slices = columns.first().map(|column| column.slices.clone()).unwrap_or_default();
    let mut report = report(&names, &columns, options, scored);
    if let Some((from, first)) = queue.slower_from().zip(first_day) {
        let shown = report.methods.iter().filter_map(|m| {
            let place = names.iter().position(|name| *name == m.name)?;
            Some((m.name.as_str(), &columns[place]))
        });
        report.after_slowdown = Some(Stretch::new(shown, from - first..from - first + AFTER_DAYS));
    }
    Ok(Outcome { report, plot, rows })
}

/// The name of the best possible quote.
pub const ORACLE: &str = "oracle";

impl Pending {
    fn waited(&self, started_ms: i64) -> Waited {
        Waited {
            came_ms: self.came_ms,
            day: self.day,
            ahead: self.ahead,
            service: self.service,
            wait_min: minutes(started_ms - self.came_ms),
        }
    }
}

fn minutes(ms: i64) -> f64 {
    ms as f64 / MINUTE_MS as f64
}

/// A promise is an instant of whole milliseconds, never in the past, and rounded up.
fn promised_at(at_ms: i64, quote_min: Option<f64>, round_min: u8) -> i64 {
    let quote_ms = quote_min.unwrap_or(0.0).clamp(0.0, 1e7) * MINUTE_MS as f64;
    let by = Timestamp(at_ms + quote_ms.round() as i64);
    if round_min == 0 { by.0 } else { by.round_up(i64::from(round_min) * MINUTE_MS).0 }
}

fn report(names: &[String], columns: &[Column], options: &Options, scored: u64) -> Report {
    let mut methods: Vec<Figures> = names
        .iter()
        .zip(columns)
        .map(|(name, column)| column.figures(name, options.bootstrap))
        .collect();
    keep_better_conformal(&mut methods);
    let oracle = methods.iter().find(|m| m.name == ORACLE).map(|m| m.pinball_min);
    for method in &mut methods {
        let ratio = oracle.filter(|&oracle| oracle > 0.0).map(|oracle| method.pinball_min / oracle);
        method.of_oracle = ratio.map(|ratio| (ratio * 10_000.0).round() / 10_000.0);
    }
    if !options.columns.is_empty() {
        methods.retain(|m| options.columns.contains(&m.name));
    }
    Report { scored, methods, after_slowdown: None }
}

/// Of the two ways to calibrate a baseline the better one is shown.
fn keep_better_conformal(methods: &mut Vec<Figures>) {
    const RATIO: &str = ", ratio";
    let ratios: Vec<Figures> =
        methods.iter().filter(|m| m.name.ends_with(RATIO)).cloned().collect();
    methods.retain(|m| !m.name.ends_with(RATIO));
    for ratio in ratios {
        let name = ratio.name.trim_end_matches(RATIO).to_owned();
        if let Some(shown) = methods.iter_mut().find(|m| m.name == name)
            && ratio.pinball_min < shown.pinball_min
        {
            *shown = Figures { name, ..ratio };
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_intervals = self.methods.iter().any(|m| m.kept_interval.is_some());
        let has_oracle = self.methods.iter().any(|m| m.of_oracle.is_some());
        writeln!(f, "{} promises scored; padding and pinball loss in minutes.\n", self.scored)?;
        write!(f, "{:<50}{:>7}{:>10}{:>10}", "method", "kept", "padding", "pinball")?;
        write!(f, "{:>8}{:>8}{:>8}{:>8}", "slot", "ahead", "week", "type")?;
        writeln!(f, "{}", if has_oracle { "  ÷ oracle" } else { "" })?;
        for m in &self.methods {
            let worst = |share: Option<f64>| share.map_or("–".to_owned(), |s| format!("{s:.3}"));
            write!(f, "{:<50}{:>7.4}{:>10.3}", m.name, m.kept, m.padding_min)?;
            write!(f, "{:>10.4}{:>8}", m.pinball_min, worst(m.worst_slot))?;
            write!(f, "{:>8}{:>8}", worst(m.worst_ahead), worst(m.worst_week))?;
            write!(f, "{:>8}", worst(m.worst_type))?;
            if let Some(ratio) = m.of_oracle {
                write!(f, "{ratio:>10.4}")?;
            }
            writeln!(f)?;
            if has_intervals
                && let (Some(k), Some(p), Some(l)) =
                    (m.kept_interval, m.padding_interval, m.pinball_interval)
            {
                writeln!(
                    f,
                    "    95 % of resampled days: kept {:.4}–{:.4}, padding {:.3}–{:.3}, pinball {:.4}–{:.4}",
                    k[0], k[1], p[0], p[1], l[0], l[1]
                )?;
            }
        }
        self.after_slowdown.iter().try_for_each(|stretch| stretch.fmt(f))
    }
}
