//! `sooner replay`: a recorded day, played against the real server.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, bail};
use chrono_tz::Tz;
use clap::Args;
use sooner_server::driver::Speed;
use sooner_server::lifecycle;
use sooner_server::replay::{self, Options, Run, record};

/// Plays a recorded day through the server's public interface and scores its promises.
///
/// The file is CSV, plain or gzip, with the columns queue, arrival, start, end, leave, server,
/// type, priority, outcome (served or abandoned) and queued, in any order; times are seconds since
/// 1970. Earlier days only teach how long services take. The scorecard goes to standard output and
/// is the same for the same input; figures of real time go to standard error.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// The record.
    file: PathBuf,
    /// Which local calendar day, counted from 0 at the earliest arrival.
    #[arg(long, default_value_t = 0)]
    day: u32,
    /// The time zone that makes the days (IANA name).
    #[arg(long, default_value = "UTC")]
    tz: Tz,
    /// Seconds of the shop in one real second, or "max".
    #[arg(long, default_value = "max", value_parser = speed)]
    speed: Speed,
    /// Prints the scorecard as one JSON object.
    #[arg(long)]
    json: bool,
    /// Keeps the log in this folder, which must have no shop yet; otherwise it is thrown away.
    #[arg(long)]
    data: Option<PathBuf>,
    /// The share of promises to keep, 0.5 to 0.999.
    #[arg(long, default_value = "0.95", value_parser = permille)]
    keep: u16,
    /// How long a service is said to take, in minutes; without it, what it took before that day.
    #[arg(long, value_name = "TYPE=MINUTES", value_parser = nominal)]
    nominal: Vec<(String, f64)>,
    /// What promises are rounded up to, in minutes; 0 is a second.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(0..=60))]
    round_min: u8,
}

impl Replay {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let rows = record::read(&self.file)?;
        let nominal: BTreeMap<_, _> = self.nominal.into_iter().collect();
        let options = Options {
            day: self.day,
            zone: self.tz,
            speed: self.speed,
            data: self.data,
            keep_permille: self.keep,
            round_min: self.round_min,
            nominal,
        };
        let report = tokio::select! {
            report = replay::run(&rows, &options) => {
                report.with_context(|| format!("replaying {}", self.file.display()))?
            }
            stopped = lifecycle::asked_to_stop() => {
                stopped?;
                bail!("stopped before the end of the day");
            }
        };
        if self.json {
            println!("{}", serde_json::to_string(&report.scorecard)?);
        } else {
            print!("{}", report.scorecard);
        }
        let Run { oldest_view, steps, took } = report.run;
        eprintln!(
            "Largest real age of a pushed view: {:.1} ms. {steps} steps in {:.1} s, {:.0} a second.",
            oldest_view.as_secs_f64() * 1e3,
            took.as_secs_f64(),
            steps as f64 / took.as_secs_f64(),
        );
        Ok(())
    }
}

fn speed(text: &str) -> Result<Speed, String> {
    match text.parse() {
        _ if text == "max" => Ok(Speed::Max),
        Ok(times) if (0.001..=1e9).contains(&times) => Ok(Speed::Times(times)),
        _ => Err("a number of shop seconds in one real second, or max".to_owned()),
    }
}

pub(super) fn permille(text: &str) -> Result<u16, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.5..=0.999).contains(&share) => Ok((share * 1_000.0).round() as u16),
        _ => Err("a share from 0.5 to 0.999".to_owned()),
    }
}

fn nominal(text: &str) -> Result<(String, f64), String> {
    let parts = text.rsplit_once('=').and_then(|(name, minutes)| {
        let minutes: f64 = minutes.parse().ok()?;
        (1.0 / 60.0..=24.0 * 60.0).contains(&minutes).then(|| (name.to_owned(), minutes))
    });
    parts.ok_or_else(|| "TYPE=MINUTES, with a second to a day".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_or_refused() {
        assert_eq!(speed("max"), Ok(Speed::Max));
        assert_eq!(speed("60"), Ok(Speed::Times(60.0)));
        for bad in ["", "0", "-1", "nan", "inf", "fast"] {
            assert!(speed(bad).is_err(), "{bad}");
        }
        assert_eq!(permille("0.95"), Ok(950));
        for bad in ["", "95", "0.4", "1", "nan"] {
            assert!(permille(bad).is_err(), "{bad}");
        }
        assert_eq!(nominal("a=b=7.5"), Ok(("a=b".to_owned(), 7.5)));
        for bad in ["", "cut", "cut=", "cut=0", "cut=x", "cut=1441"] {
            assert!(nominal(bad).is_err(), "{bad}");
        }
    }
}
