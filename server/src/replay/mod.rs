//! Replays a recorded day against the real server, and scores its promises.
//!
//! The server runs as always, on a free port, with a clock that is stepped; people join and leave
//! over HTTP, staff tap over a socket, and another socket follows what the wall shows. Earlier
//! days only teach how long services take. Deliberately absent: the server's state. The driver
//! reaches past the public interface only to learn when the shop is at rest.
//!
//! The forecast's seed is fixed and command ids come from line numbers, so the same input gives
//! the same log and the same scorecard.

mod day;
mod driver;
mod line_starts;
mod plan;
pub mod record;
mod scorecard;
#[cfg(test)]
mod tests;
mod told;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use sooner_engine::{Service, ShopConfig, Staff};
use sooner_shared::access::Scope;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::wire::Audience;
use sooner_shared::{Maker, Problem, ServiceId, ShopId, StaffId};
use thiserror::Error;
use tokio::net::TcpListener;

pub use day::{NoDay, Source};
pub use scorecard::{Promises, Scorecard, ServiceKnown, Share};

use crate::app::App;
use crate::clock::{Clock, Stepped};
use crate::driver::{Http, HttpError, Pace, Screen, ScreenError, Speed};
use crate::lifecycle;
use crate::limits::Limits;
use crate::shops::{self, NewShop, Registry, RegistryError, ShopHandle};
use crate::store::{Store, StoreError};
use day::Day;
use driver::{Driver, Played};
use plan::Plan;
use record::Row;
use told::Told;

/// The short name of the shop a replay makes.
const SHOP: &str = "replay";

/// The root of all draws: fixed, so that runs can be compared.
const SEED: u64 = 1;

/// How a day is replayed.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Which local day, counted from 0 at the earliest arrival.
    pub day: u32,
    /// The zone whose days these are.
    pub zone: Tz,
    /// How fast.
    pub speed: Speed,
    /// Where the log is to lie; a temporary folder when there is none.
    pub data: Option<PathBuf>,
    /// The share of promises to keep, in thousandths.
    pub keep_permille: u16,
    /// What promises are rounded up to, in minutes; 0 is a second.
    pub round_min: u8,
    /// Minutes that services are said to take, by name.
    pub nominal: BTreeMap<String, f64>,
}

/// What a replay gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The day's figures.
    pub scorecard: Scorecard,
    /// How the machine did.
    pub run: Run,
}

/// Figures of real time, different at every run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// The longest real time from sending a command to the wall's view that shows it.
    pub oldest_view: Duration,
    /// Commands sent and moves of the clock.
    pub steps: u64,
    /// How long they took.
    pub took: Duration,
}

/// Why a replay could not be made, or ended.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// There is nothing to play.
    #[error(transparent)]
    NoDay(#[from] NoDay),
    /// The folder is in use.
    #[error("there is a shop in {0} already; a replay needs a new folder")]
    HasShop(PathBuf),
    /// No folder, or no port.
    #[error("no folder or no port to be had")]
    Io(#[from] io::Error),
    /// The log could not be opened or read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The shop could not be made.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A request got no answer.
    #[error("a request was not answered")]
    Http(#[from] HttpError),
    /// A screen failed.
    #[error("a screen failed")]
    Screen(#[from] ScreenError),
    /// The shop is not there any more.
    #[error("the shop does not answer: {}", .0.title)]
    Shop(Box<Problem>),
    /// The server did not do what somebody did on that day.
    #[error("{who}: the server refused to {what}: {}", .problem.title)]
    Refused {
        /// Who.
        who: Who,
        /// What they asked for.
        what: &'static str,
        /// The answer.
        problem: Box<Problem>,
    },
    /// A screen does not show what it should.
    #[error("line {line}: this is not so on the screens: {what}")]
    Wall {
        /// The row's line in the file.
        line: u64,
        /// What should be so.
        what: &'static str,
    },
    /// Deltas have made of the view something else than the server has.
    #[error("the wall's view differs from the server's")]
    Differs,
    /// Screens and log tell different stories.
    #[error("screens and log disagree on visit {visit}: {screens}, {log}")]
    Disagree {
        /// On whom.
        visit: u32,
        /// What was on the screens.
        screens: String,
        /// What is in the log.
        log: String,
    },
}

impl ReplayError {
    fn shop(problem: Problem) -> Self {
        Self::Shop(problem.into())
    }
}

/// Whom a refusal hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The row on this line of the file.
    Line(u64),
    /// One of those who serve, by name in the order of the alphabet.
    Staff(StaffId),
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Staff(id) => write!(f, "server number {id}"),
        }
    }
}

/// Replays a day of `rows`.
pub async fn run(rows: &[Row], options: &Options) -> Result<Report, ReplayError> {
    let day = Day::take(rows, options.day, options.zone, &options.nominal)?;
    let plan = Plan::new(&day.rows);
    let temporary;
    let folder: &Path = if let Some(folder) = &options.data {
        folder
    } else {
        temporary = tempfile::tempdir()?;
        temporary.path()
    };
    let store = Store::open(folder).await?;
    let clock = Stepped::new(day.begins);
    let shops = Registry::open(store.clone(), Clock::Stepped(clock.clone())).await?;
    if !shops.ids().is_empty() {
        return Err(ReplayError::HasShop(folder.to_owned()));
    }
    let services: BTreeMap<String, ServiceId> =
        day.services.keys().cloned().zip((1..).map(ServiceId)).collect();
    let shop = shops.create(set_up(&day, &plan, &services, options)).await?;

    let mut app = App::new(shops, Clock::Stepped(clock.clone()));
    app.limits = Limits::NONE;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let serving = tokio::spawn(lifecycle::serve(listener, app.clone()));
    let began = Instant::now();
    let playing = async {
        let key = shop.access().make_key("Replay", vec![Scope::Desk], Maker::Operator).await;
        let key = Some(key.map_err(ReplayError::shop)?.key);
        let lobby = Audience::Lobby { shop: shop.id().clone() };
        let desk = Audience::Desk { shop: shop.id().clone(), key };
        let frames = watch(&shop).await?;
        let driver = Driver {
            day: &day,
            plan: &plan,
            zone: options.zone,
            services: &services,
            clock,
            pace: Pace::new(options.speed),
            frames,
            http: Http::new(address),
            lobby: Screen::connect(address, lobby).await?,
            desk: Screen::connect(address, desk).await?,
            shop: shop.clone(),
        };
        driver.play().await
    };
    let played = playing.await;
    let took = began.elapsed();
    app.stop.cancel();
    // It panics only with a bug, and what was played stands without it.
    let _ = serving.await;
    let Played { told, quotes_changed, oldest_view, steps } = played?;

    let log = store.load(shop.id()).await?.map(|loaded| loaded.log).unwrap_or_default();
    compare(&told, &Told::from_log(&log))?;
    let scorecard = Scorecard::new(&day, &plan, options, &told, quotes_changed, log.len());
    Ok(Report { scorecard, run: Run { oldest_view, steps, took } })
}

async fn watch(shop: &ShopHandle) -> Result<shops::Frames, ReplayError> {
    shop.watch(shops::Audience::Lobby).await.map_err(ReplayError::shop)
}

/// The shop as that day's record lets us know it.
fn set_up(
    day: &Day,
    plan: &Plan,
    services: &BTreeMap<String, ServiceId>,
    options: &Options,
) -> NewShop {
    let mut names: Vec<(StaffId, String)> =
        plan.staff.iter().map(|(name, &id)| (id, name.clone())).collect();
    names.extend(plan.spares.iter().zip(1..).map(|(&id, n)| (id, format!("Spare {n}"))));
    if names.is_empty() {
        // Nobody served that day; still a shop has somebody.
        names.push((StaffId(1), "Spare 1".to_owned()));
    }
    let step_ms = match options.round_min {
        0 => 1_000,
        minutes => i64::from(minutes) * MINUTE_MS,
    };
    let config = ShopConfig {
        step_ms,
        keep_permille: options.keep_permille,
        turnaround_ms: 0,
        services: day
            .services
            .iter()
            .map(|(name, known)| Service {
                taught: known.taught,
                ..Service::new(services[name], name, known.nominal_ms)
            })
            .collect(),
        staff: names
            .iter()
            .map(|&(id, _)| {
                let all: Vec<_> = services.values().copied().collect();
                Staff::new(id, &format!("chair {id}"), &all)
            })
            .collect(),
        ..ShopConfig::new("Replay", options.zone.name(), SEED)
    };
    let id: ShopId = SHOP.parse().expect("a plain word");
    NewShop { id, config, staff_names: names }
}

/// What people saw must be what the log says.
fn compare(screens: &[Told], log: &[Told]) -> Result<(), ReplayError> {
    let nothing = || "nothing".to_owned();
    let text = |told: Option<&Told>| told.map_or_else(nothing, |told| format!("{told:?}"));
    let most = screens.len().max(log.len());
    match (0..most).find(|&i| screens.get(i) != log.get(i)) {
        None => Ok(()),
        Some(i) => Err(ReplayError::Disagree {
            visit: screens.get(i).or(log.get(i)).map_or(0, |told| told.visit.0),
            screens: text(screens.get(i)),
            log: text(log.get(i)),
        }),
    }
}
