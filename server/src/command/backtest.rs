//! `sooner backtest`: how well promises would have done on a recorded or made-up queue.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use sooner_server::backtest::baselines::Baselines;
use sooner_server::backtest::known::{self, MadeUp};
use sooner_server::backtest::method::Method;
use sooner_server::backtest::sooner::Sooner;
use sooner_server::backtest::stream::Stream;
use sooner_server::backtest::{self, ORACLE, Options, Outcome};
use sooner_server::driver::Progress;
use sooner_server::replay::record::Rows;
use sooner_shared::time::MINUTE_MS;
use sooner_sim::known::Scenario;

use super::replay::permille;

/// Scores promises against what really happened.
///
/// The file is CSV, plain or gzip, with the columns queue, arrival, start, end, leave, server,
/// type, priority, outcome (served or abandoned) and queued, in any order, its rows in the order of
/// arrival; times are seconds since 1970 or RFC 3339. Each method is asked when somebody comes, and
/// learns only from what has happened. Scored is who was served and had to wait. The table goes to
/// standard output and is the same for the same input; how fast it went goes to standard error.
#[derive(Debug, Args)]
pub(super) struct Backtest {
    /// The record.
    #[arg(required_unless_present = "made_up", conflicts_with = "made_up")]
    file: Option<PathBuf>,
    /// A made-up queue whose best possible promise is known, instead of a record.
    #[arg(long)]
    made_up: Option<Kind>,
    /// Days of a made-up queue.
    #[arg(long, default_value_t = 240)]
    days: u32,
    /// What a made-up queue is drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The share of promises to keep, 0.5 to 0.999.
    #[arg(long, default_value = "0.95", value_parser = permille)]
    keep: u16,
    /// Days at the beginning that are not scored; 14 of a record, 30 of a made-up queue.
    #[arg(long)]
    warmup_days: Option<i64>,
    /// What promises are rounded up to, in minutes; 0 for not at all.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(0..=60))]
    round_min: u8,
    /// Moves times as the shop does while people wait, and says what becomes of that; slower.
    #[arg(long, conflicts_with = "json")]
    moves: bool,
    /// Only these methods, by the names in the table, with commas between.
    #[arg(long, value_delimiter = ',')]
    methods: Vec<String>,
    /// Futures that the product's own forecast draws.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u16).range(16..=10_000))]
    paths: u16,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
    /// Intervals from so many resamples of the days.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    bootstrap: u32,
    /// Draws calibration, and promised against real waits, into this SVG file.
    #[arg(long)]
    plot: Option<PathBuf>,
}

/// A made-up queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Three people, first come, first served.
    FirstCome,
    /// Skills, requested people, a right to go first, breaks, no-shows, closing time.
    Everything,
    /// As first come; half way everything takes 35 % longer from one morning on.
    Slowdown,
    /// The first day of a new shop.
    FirstDay,
    /// Half of the people leave at noon on every fourth day.
    HalfGone,
}

impl Backtest {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let keep = f64::from(self.keep) / 1_000.0;
        let options = Options {
            keep,
            warmup_days: self.warmup_days.unwrap_or(match self.made_up {
                None => 14,
                Some(Kind::FirstDay) => 0,
                Some(_) => 30,
            }),
            round_min: self.round_min,
            columns: self.methods.clone(),
            bootstrap: self.bootstrap,
        };
        let began = Instant::now();
        let moved;
        let mut foreseeable = None;
        let mut progress = Progress::new(self.total());
        let mut show = |rows: u64, at: sooner_shared::Timestamp| {
            progress.show(rows as usize, || date(at));
        };
        let outcome = if let Some(kind) = self.made_up {
            let scenario = kind.scenario(self.days, self.seed);
            let mut config = known::set_up(&scenario, self.keep, self.paths);
            if self.round_min > 0 {
                config.step_ms = i64::from(self.round_min) * MINUTE_MS;
            }
            let mut own = Sooner::with(config);
            moved = self.moves.then(|| own.follow());
            if let Some(moved) = &moved {
                moved.borrow_mut().losses = known::losses(&scenario);
            }
            let mut methods = self.chosen(own, true)?;
            let mut queue = MadeUp::new(&scenario, keep);
            if self.moves {
                queue.watch();
            }
            let outcome = backtest::run(&mut queue, &mut methods, &options, &mut show)?;
            foreseeable = self.moves.then(|| queue.foreseeable());
            outcome
        } else {
            let file = self.file.as_ref().context("no file")?;
            let mut own = Sooner::new(self.keep, self.paths);
            moved = self.moves.then(|| own.follow());
            let mut methods = self.chosen(own, false)?;
            let mut stream = Stream::new(Rows::open(file)?);
            let outcome = backtest::run(&mut stream, &mut methods, &options, &mut show)?;
            if outcome.rows == 0 {
                bail!("{} is empty: there is no row in it", file.display());
            }
            outcome
        };
        drop(progress);
        self.print(&outcome, began)?;
        if let Some(moved) = moved {
            print!("{}", moved.borrow());
        }
        if let Some(foreseeable) = foreseeable {
            print!("{foreseeable}");
        }
        Ok(())
    }

    /// How many will come, where somebody looks at a bar.
    fn total(&self) -> usize {
        if !std::io::stderr().is_terminal() {
            return 0;
        }
        if let Some(kind) = self.made_up {
            let scenario = kind.scenario(self.days, self.seed);
            let week: f64 = (0..7).map(|day| scenario.expected_on(day)).sum();
            return (week / 7.0 * f64::from(scenario.days)) as usize;
        }
        // What is wrong with the file is said when it is read again.
        self.file.as_ref().and_then(|file| Rows::open(file).ok()).map_or(0, Iterator::count)
    }

    /// The methods that have a column to show.
    fn chosen(&self, own: Sooner, has_oracle: bool) -> anyhow::Result<Vec<Box<dyn Method>>> {
        let keep = f64::from(self.keep) / 1_000.0;
        let all: [Box<dyn Method>; 2] = [Box::new(own), Box::new(Baselines::new(keep))];
        let columns: Vec<_> = all.iter().map(|method| method.columns()).collect();
        let oracle = has_oracle.then(|| ORACLE.to_owned());
        let shown = |name: &&String| !name.ends_with(", ratio");
        let names: Vec<_> = columns.iter().flatten().filter(shown).chain(&oracle).collect();
        if let Some(unknown) = self.methods.iter().find(|name| !names.contains(name)) {
            let there_are = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>();
            bail!("there is no method {unknown:?}; there are {}", there_are.join(", "));
        }
        let is_wanted = |columns: &Vec<String>| {
            self.methods.is_empty() || columns.iter().any(|name| self.methods.contains(name))
        };
        Ok(all.into_iter().zip(columns).filter(|(_, c)| is_wanted(c)).map(|(m, _)| m).collect())
    }

    fn print(&self, outcome: &Outcome, began: Instant) -> anyhow::Result<()> {
        if self.json {
            println!("{}", serde_json::to_string(&outcome.report)?);
        } else {
            print!("{}", outcome.report);
        }
        if let Some(path) = &self.plot {
            let of = self.file.as_ref().map_or_else(
                || self.made_up.map_or_else(String::new, |kind| format!("{kind:?}")),
                |file| file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            );
            let percent = f64::from(self.keep) / 10.0;
            let svg = outcome.plot.svg(&format!("{of}: promises to be kept at {percent} %"));
            std::fs::write(path, svg).with_context(|| format!("writing {}", path.display()))?;
        }
        let seconds = began.elapsed().as_secs_f64();
        let rows = outcome.rows;
        eprintln!("{rows} rows in {seconds:.1} s, {:.0} a second.", rows as f64 / seconds);
        Ok(())
    }
}

impl Kind {
    fn scenario(self, days: u32, seed: u64) -> Scenario {
        match self {
            Self::FirstCome => Scenario::first_come(days, seed),
            Self::Everything => Scenario::everything(days, seed),
            Self::Slowdown => Scenario::slowdown(days, seed, days / 2),
            Self::FirstDay => Scenario::first_day(seed),
            Self::HalfGone => Scenario::half_gone(days, seed),
        }
    }
}

fn date(at: sooner_shared::Timestamp) -> String {
    chrono::DateTime::from_timestamp_millis(at.0)
        .map_or_else(String::new, |at| at.format("%Y-%m-%d").to_string())
}
