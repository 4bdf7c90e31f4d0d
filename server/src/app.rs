//! What every route and socket has at hand.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use sooner_shared::{Problem, ProblemCode, ShopId};

use crate::clock::Clock;
use crate::http;
use crate::limits::{Asker, Limits, Tally, What};
use crate::links::VisitLink;
use crate::reach::{Client, Reach};
use crate::report::Turns;
use crate::shops::{Registry, ShopHandle};

/// How many connections the server holds at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// From everywhere.
    pub connections: usize,
    /// From one address, or one /64 of IPv6: a shop's whole network behind its router, and far less
    /// than all.
    pub connections_per_address: usize,
    /// How long what is to be written may wait for a reader.
    pub read_within: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 20_000,
            connections_per_address: 1_000,
            read_within: Duration::from_secs(20),
        }
    }
}

/// The running server; cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    /// Its shops.
    pub shops: Registry,
    /// Their clock.
    pub clock: Clock,
    /// What is believed of requests: names, proxies, pages.
    pub reach: Reach,
    /// Sites that may show our pages inside of theirs; none unless somebody says so.
    pub frame_ancestors: Vec<String>,
    /// The pages this server gives; a screen with others reloads when it is idle.
    pub build: String,
    /// What anybody may ask for.
    pub limits: Limits,
    /// What they have asked for.
    pub tally: Tally,
    /// Who makes a report now.
    pub turns: Turns,
    /// How many connections it holds.
    pub bounds: Bounds,
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
            reach: Reach::default(),
            frame_ancestors: Vec::new(),
            build: http::build_of_pages(),
            limits: Limits::default(),
            tally: Tally::default(),
            turns: Turns::default(),
            bounds: Bounds::default(),
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
    /// same answer, and counts: who has tried too many gets no answer at all for a while, since
    /// that one link opens is an answer too.
    pub fn visit(&self, link: &str, client: &Client) -> Result<(ShopHandle, VisitLink), Problem> {
        let read = link.parse::<VisitLink>().ok();
        let shop = read.as_ref().and_then(|link| self.shops.get(&link.shop));
        let asker = match &shop {
            Some(shop) => shop.access().asker(client.address),
            None => Asker::Address(client.address),
        };
        self.tally.check(&self.limits, What::WrongLink, &asker)?;
        if let (Some(link), Some(shop)) = (read, shop)
            && shop.secrets().opens(&link)
        {
            return Ok((shop, link));
        }
        self.tally.count(&self.limits, What::WrongLink, asker)?;
        Err(ProblemCode::UnknownVisit.into())
    }
}
