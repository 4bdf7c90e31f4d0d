//! What every route and socket has at hand.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use sooner_shared::{Problem, ProblemCode, ShopId};

use crate::clock::Clock;
use crate::http;
use crate::links::VisitLink;
use crate::reach::Reach;
use crate::shops::{Registry, ShopHandle};

/// How much one socket may ask for, on the real clock: more than a person taps is no person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Commands it may send at once.
    pub burst: f64,
    /// How many more each second.
    pub per_second: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { burst: 40.0, per_second: 20.0 }
    }
}

/// How many connections the server holds at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// From everywhere.
    pub connections: usize,
    /// From one address, or one /64 of IPv6: a shop's whole network behind its router, and far less
    /// than all.
    pub connections_per_address: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { connections: 20_000, connections_per_address: 1_000 }
    }
}

/// The running server; cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    /// Its shops.
    pub shops: Registry,
    /// Their clock.
    pub clock: Clock,
    /// Where people reach it (`https://wait.example`), for links and codes; otherwise whatever
    /// address the request came to.
    pub public_url: Option<String>,
    /// The pages this server gives; a screen with others reloads when it is idle.
    pub build: String,
    /// What each socket may ask for.
    pub limits: Limits,
    /// How many connections it holds.
    pub bounds: Bounds,
    /// What it believes of a request: names, pages, proxies.
    pub reach: Reach,
    /// Cancelled when the server goes down.
    pub stop: CancellationToken,
    /// Connections and sockets that are waited for then.
    pub tracker: TaskTracker,
}

impl App {
    /// A server over these shops.
    #[must_use]
    pub fn new(shops: Registry, clock: Clock) -> Self {
        Self {
            shops,
            clock,
            public_url: None,
            build: http::build_of_pages(),
            limits: Limits::default(),
            bounds: Bounds::default(),
            reach: Reach::default(),
            stop: CancellationToken::new(),
            tracker: TaskTracker::new(),
        }
    }

    /// Finds a shop by the name in an address.
    pub fn shop(&self, name: &str) -> Result<ShopHandle, Problem> {
        let id: ShopId = name.parse().map_err(|_| ProblemCode::UnknownShop)?;
        self.shops.get(&id).ok_or_else(|| ProblemCode::UnknownShop.into())
    }

    /// Opens a private link. What is no link, belongs to no shop or was not made here gets the
    /// same answer.
    pub fn visit(&self, link: &str) -> Result<(ShopHandle, VisitLink), Problem> {
        let link: VisitLink = link.parse().map_err(|_| ProblemCode::UnknownVisit)?;
        let shop = self.shops.get(&link.shop).ok_or(ProblemCode::UnknownVisit)?;
        if !shop.secrets().opens(&link) {
            return Err(ProblemCode::UnknownVisit.into());
        }
        Ok((shop, link))
    }
}
