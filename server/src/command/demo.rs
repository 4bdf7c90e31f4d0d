//! `sooner demo`: a shop at work, with simulated people.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;
use sooner_server::demo::{self, Lived, Options};
use sooner_server::lifecycle;
use sooner_server::reach::Reach;
use sooner_server::sample::Kind;
use sooner_sim::{BadDay, Because, Counts, Habits};

use super::links::{Wanted, print_links, reachable};

/// Shows a shop at work, with simulated people, or measures its promises.
///
/// Without --days the shop runs until Ctrl-C, in a folder that is thrown away, from some time after
/// opening on. With --days it is lived through as fast as the machine can; the figures on standard
/// output are the same for the same options.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Which sample: salon, repair or clinic.
    #[arg(long, default_value = "salon", value_parser = kind)]
    shop: Kind,
    /// Seconds of the shop in one real second.
    #[arg(long, default_value = "20", value_parser = speed, conflicts_with = "days")]
    speed: f64,
    /// Where to listen. `0.0.0.0:8080` lets phones in the network in; port 0 is a free one.
    #[arg(long, default_value = "127.0.0.1:0", conflicts_with = "days")]
    listen: SocketAddr,
    /// The port to listen on instead.
    #[arg(long, conflicts_with = "days")]
    port: Option<u16>,
    /// Where people reach the server, when that is not where it listens: `https://wait.example`.
    #[arg(long, conflicts_with = "days")]
    public_url: Option<String>,
    /// Lives through so many calendar days, a Monday first, and prints how promises ended.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    days: Option<u32>,
    /// Leaves promises of the first so many days out of the figures.
    #[arg(long, default_value_t = 0, requires = "days")]
    warmup_days: u32,
    /// The root of all chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Prints the figures as one JSON object.
    #[arg(long, requires = "days")]
    json: bool,
    /// How many futures a forecast draws, if not as many as the shop has it: fewer is faster.
    #[arg(long, value_parser = clap::value_parser!(u16).range(32..=10_000))]
    paths: Option<u16>,
    /// Keeps the log in this folder, which must have no shop yet.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Makes every day a bad one: late, gone, overruns or wave.
    #[arg(long, value_parser = bad_day)]
    bad_day: Option<BadDay>,
    /// Staff do what the desk says of promises in danger.
    #[arg(long)]
    remedies: bool,
    /// The time zone of the shop (IANA name).
    #[arg(long, default_value = "Europe/Budapest")]
    zone: String,
}

impl Demo {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let habits = Habits { bad_day: self.bad_day, helps: self.remedies, ..Habits::default() };
        let options = Options {
            habits,
            zone: self.zone.clone(),
            paths: self.paths,
            data: self.data.clone(),
            ..Options::new(self.shop, self.seed)
        };
        match self.days {
            Some(days) => self.measure(&options, days).await,
            None => self.show(&options).await,
        }
    }

    async fn show(self, options: &Options) -> anyhow::Result<()> {
        let mut listen = self.listen;
        listen.set_port(self.port.unwrap_or(listen.port()));
        let reach = Reach::new(self.public_url.as_deref()).context("--public-url")?;
        let base = reach.public_url().map(str::to_owned);
        let speed = self.speed;
        let ready = async move |shops: &_, address| {
            let base = base.unwrap_or_else(|| reachable(address, false));
            println!("\n  A day at {speed} times its speed, with people who do not exist.");
            print_links(shops, &base, Wanted { desk_link: true, ..Wanted::default() }).await
        };
        let stop = async {
            // Who cannot be asked to stop goes on until killed.
            if lifecycle::asked_to_stop().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        demo::show(options, listen, reach, speed, ready, stop).await??;
        println!("Going down.");
        Ok(())
    }

    async fn measure(self, options: &Options, days: u32) -> anyhow::Result<()> {
        let began = Instant::now();
        let Lived { report, counts } = tokio::select! {
            lived = demo::live_through(options, days, self.warmup_days) => lived?,
            stopped = lifecycle::asked_to_stop() => {
                stopped?;
                bail!("stopped before the last day");
            }
        };
        if self.json {
            println!("{}", serde_json::to_string(&report)?);
            eprint!("{report}");
        } else {
            print!("{report}");
        }
        print_counts(&counts);
        eprintln!("{days} days in {:.1} s.", began.elapsed().as_secs_f64());
        Ok(())
    }
}

/// What the figures do not say: who was turned away, and what was refused.
fn print_counts(counts: &Counts) {
    let away: Vec<_> = counts
        .turned_away
        .iter()
        .map(|(because, count)| {
            let because = match because {
                Because::Closed => "closed or full",
                Because::TooLate => "too long a wait",
                Because::NoTime => "no time given",
                Because::NoAppointment => "no appointment free",
                Because::NobodyThere => "nobody at the desk",
            };
            format!("{because} {count}")
        })
        .collect();
    eprintln!(
        "\nTurned away: {}.",
        if away.is_empty() { "nobody".into() } else { away.join(", ") }
    );
    let refused: Vec<_> =
        counts.refusals.iter().map(|(code, n)| format!("{} {n}", code.as_str())).collect();
    eprintln!(
        "Refused: {}.",
        if refused.is_empty() { "nothing".into() } else { refused.join(", ") }
    );
    for one in &counts.unexpected {
        eprintln!("Not foreseen: {:?} at {}: {}", one.command, one.at.0, one.problem.code.as_str());
    }
}

fn kind(text: &str) -> Result<Kind, String> {
    Kind::ALL
        .into_iter()
        .find(|kind| kind.name() == text)
        .ok_or_else(|| "salon, repair or clinic".to_owned())
}

fn bad_day(text: &str) -> Result<BadDay, String> {
    let known = BadDay::ALL.into_iter().find(|(_, name)| *name == text);
    known.map(|(day, _)| day).ok_or_else(|| "late, gone, overruns or wave".to_owned())
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(times) if (0.1..=1_000.0).contains(&times) => Ok(times),
        _ => Err("a number of shop seconds in one real second, 0.1 to 1000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_or_refused() {
        assert_eq!(kind("repair"), Ok(Kind::Repair));
        assert!(kind("bakery").is_err());
        assert_eq!(bad_day("gone"), Ok(BadDay::Gone));
        assert!(bad_day("good").is_err());
        assert_eq!(speed("60"), Ok(60.0));
        for bad in ["", "0", "-1", "nan", "inf", "1e9"] {
            assert!(speed(bad).is_err(), "{bad}");
        }
    }
}
