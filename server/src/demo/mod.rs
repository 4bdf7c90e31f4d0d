//! A shop with simulated people in it, lived in through the public interface of the real server:
//! live, to be watched, or headless with a stepped clock, to measure promises.
//!
//! People join over HTTP and act on their phones; staff tap over one socket at the desk, and all
//! see what the desk shows. Figures come from the log alone, as `sooner events` prints it. The
//! people are in `sooner-sim`, which knows nothing of the forecast.

mod care;
mod life;
mod score;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveTime, TimeZone};
use sooner_engine::calendar::Window;
use sooner_shared::access::Scope;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::wire::Audience;
use sooner_shared::{Maker, Problem, Timestamp};
use sooner_sim::{Counts, Habits, World, hours};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::clock::{Clock, Stepped};
use crate::driver::{Http, HttpError, Progress, Screen, ScreenError};
use crate::lifecycle;
use crate::limits::Limits;
use crate::reach::Reach;
use crate::sample::{self, Kind};
use crate::shops::{self, NewShop, Registry, RegistryError, ShopHandle};
use crate::store::{Store, StoreError};
use life::Life;

pub use care::Care;
pub use score::{Ends, Kept, Report};

/// Headless days begin on this one, a Monday, so that runs can be compared.
const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 6, 1).expect("there is such a day");

const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Who watches does not watch the first minutes of a day.
const LIVELY_MS: i64 = 60 * MINUTE_MS;

/// Nor a night: so long before the next thing happens it goes on.
const WAKES_MS: i64 = 5 * MINUTE_MS;

/// A pause longer than this is skipped while the shop is closed.
const DULL_MS: i64 = 20 * MINUTE_MS;

/// The steps of a clock that is watched.
const TICK: std::time::Duration = std::time::Duration::from_millis(100);

/// What is lived.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The shop.
    pub kind: Kind,
    /// Its time zone (IANA name).
    pub zone: String,
    /// The root of all chance, of the people and of the forecast.
    pub seed: u64,
    /// How many futures a forecast draws, if not as many as the shop's set-up says.
    pub paths: Option<u16>,
    /// The share of promises to keep, in thousandths, if not the set-up's.
    pub keep_permille: Option<u16>,
    /// What people do.
    pub habits: Habits,
    /// Where the log is to lie; a temporary folder when there is none.
    pub data: Option<PathBuf>,
}

impl Options {
    /// A sample shop with people as they are.
    #[must_use]
    pub fn new(kind: Kind, seed: u64) -> Self {
        Self {
            kind,
            zone: "Europe/Budapest".to_owned(),
            seed,
            paths: None,
            keep_permille: None,
            habits: Habits::default(),
            data: None,
        }
    }

    fn set_up(&self) -> NewShop {
        let mut new = sample::new_shop(self.kind, &self.zone);
        new.config.seed = self.seed;
        new.config.paths = self.paths.unwrap_or(new.config.paths);
        new.config.keep_permille = self.keep_permille.unwrap_or(new.config.keep_permille);
        new
    }
}

/// Why a demo could not be made, or ended.
#[derive(Debug, Error)]
pub enum DemoError {
    /// The folder is in use.
    #[error("there is a shop in {0} already; a demo needs a new folder")]
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
    /// The shop never opens.
    #[error("the shop is closed for three weeks and more")]
    NeverOpen,
    /// The desk's screen shows no desk.
    #[error("the desk shows nothing")]
    NoDesk,
}

impl DemoError {
    fn shop(problem: Problem) -> Self {
        Self::Shop(problem.into())
    }
}

/// What headless days give.
#[derive(Debug, Clone, PartialEq)]
pub struct Lived {
    /// The figures, from the log.
    pub report: Report,
    /// What the simulated people met with.
    pub counts: Counts,
}

/// Lives so many calendar days as fast as the machine. Promises of the first `warm_up` days are not
/// counted.
pub async fn live_through(options: &Options, days: u32, warm_up: u32) -> Result<Lived, DemoError> {
    let new = options.set_up();
    let begins = midnight(&new, FIRST_DAY);
    let folder = Folder::of(options)?;
    let stage =
        Stage::build(folder.path(), new, options, begins, "127.0.0.1:0", Reach::default()).await?;
    let Stage { app, mut life, serving, store, .. } = stage;
    let ends = begins + i64::from(days) * DAY_MS;
    let mut progress = Progress::new(days as usize);
    let lived = async {
        while let Some(at) = life.next_at().filter(|&at| at < ends) {
            progress.show(((at - begins) / DAY_MS) as usize, || {
                format!("day {}", (at - begins) / DAY_MS + 1)
            });
            life.go_to(at).await?;
        }
        life.rest_until(ends).await
    };
    let lived = lived.await;
    drop(progress);
    app.stop.cancel();
    // It panics only with a bug, and what was lived stands without it.
    let _ = serving.await;
    lived?;
    let counts = life.counts().clone();
    let log = store.load(life.shop().id()).await?.map(|loaded| loaded.log).unwrap_or_default();
    let counted_from = begins + i64::from(warm_up) * DAY_MS;
    let report = Report::new(&log, options, days, warm_up, counted_from);
    Ok(Lived { report, counts })
}

/// Shows a shop at work at `speed` shop seconds a second until `stop`. `ready` is given the shops
/// and the address as soon as something is to be seen.
pub async fn show<R>(
    options: &Options,
    listen: SocketAddr,
    reach: Reach,
    speed: f64,
    ready: impl AsyncFnOnce(&Registry, SocketAddr) -> R,
    stop: impl Future<Output = ()>,
) -> Result<R, DemoError> {
    let new = options.set_up();
    let plan = hours::Plan::new(&new.config);
    let open = liveliest(&plan, Clock::Real.now()).ok_or(DemoError::NeverOpen)?;
    let folder = Folder::of(options)?;
    let begins = open.from - 2 * 60 * MINUTE_MS;
    let stage = Stage::build(folder.path(), new, options, begins, listen, reach).await?;
    let Stage { app, mut life, serving, address, clock, .. } = stage;
    let lively_at = open.from + LIVELY_MS.min((open.to - open.from) / 4);
    while let Some(at) = life.next_at().filter(|&at| at < lively_at) {
        life.go_to(at).await?;
    }
    life.rest_until(lively_at).await?;
    life.welcome_strangers();
    let answer = ready(&app.shops, address).await;
    clock.set_rate(speed);
    let shown = tokio::select! {
        shown = run_at(&mut life, speed, lively_at) => shown,
        () = stop => Ok(()),
    };
    app.stop.cancel();
    let _ = serving.await;
    shown.map(|()| answer)
}

/// Lets the shop's time run, and skips what nobody wants to watch.
async fn run_at(life: &mut Life, speed: f64, from: Timestamp) -> Result<(), DemoError> {
    let mut began = tokio::time::Instant::now();
    let mut shop_began = from;
    loop {
        let passed_ms = began.elapsed().as_secs_f64() * 1_000.0 * speed;
        let now = shop_began + passed_ms as i64;
        while let Some(at) = life.next_at().filter(|&at| at <= now) {
            life.go_to(at).await?;
        }
        life.rest_until(now).await?;
        let wakes = life.next_at().map_or(now, |at| at - WAKES_MS);
        if life.is_closed(now) && wakes > now + DULL_MS {
            life.rest_until(wakes).await?;
            began = tokio::time::Instant::now();
            shop_began = wakes;
        }
        tokio::time::sleep(TICK).await; // tidy: whoever watches watches in real time
    }
}

/// The opening of the next days at which most people work.
fn liveliest(plan: &hours::Plan, now: Timestamp) -> Option<Window> {
    let windows = plan.open(now);
    // The first of its day: an afternoon would be without its morning.
    let firsts = windows.windows(2).filter(|w| plan.day(w[0].from) != plan.day(w[1].from));
    let soon = firsts.map(|w| &w[1]).filter(|open| open.from < now + 8 * DAY_MS);
    let at_work = |open: &&Window| hours::at_work(&plan.shifts(**open), open.from + 2 * LIVELY_MS);
    // Of equals `max_by_key` gives the last one.
    let mut soon: Vec<_> = soon.collect();
    soon.reverse();
    soon.into_iter().max_by_key(at_work).copied()
}

/// The first instant of a day in a shop's zone.
fn midnight(new: &NewShop, date: NaiveDate) -> Timestamp {
    let local = date.and_time(NaiveTime::MIN);
    let at = new.config.tz().from_local_datetime(&local).earliest();
    at.map_or(Timestamp(local.and_utc().timestamp_millis()), |at| Timestamp(at.timestamp_millis()))
}

/// Where the log lies; a folder of its own is thrown away.
enum Folder {
    Given(PathBuf),
    Own(tempfile::TempDir),
}

impl Folder {
    fn of(options: &Options) -> io::Result<Self> {
        match &options.data {
            Some(folder) => Ok(Self::Given(folder.clone())),
            None => tempfile::tempdir().map(Self::Own),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Given(folder) => folder,
            Self::Own(folder) => folder.path(),
        }
    }
}

/// A running server with a shop, and the people in it.
struct Stage {
    app: App,
    life: Box<Life>,
    store: Store,
    clock: Stepped,
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Stage {
    async fn build(
        folder: &Path,
        new: NewShop,
        options: &Options,
        begins: Timestamp,
        listen: impl tokio::net::ToSocketAddrs,
        reach: Reach,
    ) -> Result<Self, DemoError> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let store = Store::open(folder).await?;
        let clock = Stepped::new(begins);
        let shops = Registry::open(store.clone(), Clock::Stepped(clock.clone())).await?;
        if !shops.ids().is_empty() {
            return Err(DemoError::HasShop(folder.to_owned()));
        }
        let world = World::new(&new.config, options.habits.clone(), options.seed, begins);
        let shop = shops.create(new).await?;
        let mut app = App::new(shops, Clock::Stepped(clock.clone()));
        app.limits = Limits::NONE;
        app.reach = reach;
        let serving = tokio::spawn(lifecycle::serve(listener, app.clone()));
        let life = Box::new(connect(&shop, world, &clock, address, begins).await?);
        Ok(Self { app, life, store, clock, address, serving })
    }
}

async fn connect(
    shop: &ShopHandle,
    world: World,
    clock: &Stepped,
    address: SocketAddr,
    begins: Timestamp,
) -> Result<Life, DemoError> {
    let key = shop.access().make_key("Demo", vec![Scope::Desk], Maker::Operator).await;
    let key = Some(key.map_err(DemoError::shop)?.key);
    let frames = shop.watch(shops::Audience::Desk).await.map_err(DemoError::shop)?;
    // A server on all interfaces is reached on this one too.
    let near = SocketAddr::new([127, 0, 0, 1].into(), address.port());
    let near = if address.ip().is_unspecified() { near } else { address };
    let desk = Screen::connect(near, Audience::Desk { shop: shop.id().clone(), key }).await?;
    Ok(Life::new(world, clock.clone(), shop.clone(), frames, Http::new(near), desk, begins))
}
