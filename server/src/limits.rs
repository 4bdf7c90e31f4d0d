//! How much anybody may ask for, on the real clock.
//!
//! So many in any minute, by who asks: an address, a paired kiosk, a program's key. In the shop's
//! own Wi-Fi everybody may come from one address, so that an address from which a paired screen
//! speaks may ask for more.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sooner_shared::access::{DeviceId, KeyId};
use sooner_shared::{Problem, ProblemCode, ShopId, VisitId};
use tokio::time::Instant;

/// In which so many are allowed.
const WINDOW: Duration = Duration::from_mins(1);
/// Who is remembered at once. Who has more addresses than these is held by no limit of addresses.
const ASKERS_MAX: usize = 50_000;
/// How much more the shop's own network may ask for than one address.
const OWN_NETWORK: u32 = 12;
/// How much more a paired kiosk may, and a program.
const KIOSK: u32 = 6;
const PROGRAM: u32 = 60;

/// How much may be asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Commands one socket may send at once: more than a person taps is no person.
    pub burst: f64,
    /// How many more each second.
    pub per_second: f64,
    /// Joins in a minute from one address.
    pub joins: u32,
    /// Questions for a time in a minute from one address.
    pub quotes: u32,
    /// Passwords, PINs, codes and pairings in a minute from one address.
    pub sign_ins: u32,
    /// Links that open nothing in a minute from one address.
    pub wrong_links: u32,
    /// Wishes over HTTP in a minute for one visit.
    pub wishes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            burst: 40.0,
            per_second: 20.0,
            joins: 10,
            quotes: 60,
            sign_ins: 30,
            wrong_links: 30,
            wishes: 30,
        }
    }
}

impl Limits {
    /// For a driver, which is no person and asks as fast as it can.
    pub const NONE: Self = Self {
        burst: f64::INFINITY,
        per_second: f64::INFINITY,
        joins: u32::MAX,
        quotes: u32::MAX,
        sign_ins: u32::MAX,
        wrong_links: u32::MAX,
        wishes: u32::MAX,
    };
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// To join.
    Join,
    /// A time, without joining.
    Quote,
    /// To be let in.
    SignIn,
    /// A page of a visit, by a link that opens none.
    WrongLink,
    /// Something for a visit.
    Wish,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Asker {
    /// An address, by itself.
    Address(IpAddr),
    /// An address from which a paired screen of the shop speaks too.
    OwnNetwork(IpAddr),
    /// A paired kiosk.
    Kiosk(ShopId, DeviceId),
    /// A program.
    Program(ShopId, KeyId),
    /// The person whose visit it is.
    Visit(ShopId, VisitId),
}

impl Asker {
    /// How many times what an address may.
    const fn times(&self) -> u32 {
        match self {
            Self::Address(_) | Self::Visit(..) => 1,
            Self::OwnNetwork(_) => OWN_NETWORK,
            Self::Kiosk(..) => KIOSK,
            Self::Program(..) => PROGRAM,
        }
    }
}

/// When who asked for what; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Tally(Arc<Mutex<Times>>);

type Times = HashMap<(What, Asker), VecDeque<Instant>>;

impl Tally {
    /// Counts one more, or refuses it.
    pub fn count(&self, limits: &Limits, what: What, asker: Asker) -> Result<(), Problem> {
        let most = limits.of(what).saturating_mul(asker.times());
        if most == u32::MAX {
            return Ok(());
        }
        let now = Instant::now();
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= ASKERS_MAX {
            counted.retain(|_, times| times.back().is_some_and(|at| now - *at < WINDOW));
            if counted.len() >= ASKERS_MAX {
                tracing::warn!("more addresses ask than are remembered");
                counted.clear();
            }
        }
        let times = counted.entry((what, asker)).or_default();
        forget(times, now);
        if times.len() >= most as usize {
            return Err(ProblemCode::TooFast.into());
        }
        times.push_back(now);
        Ok(())
    }

    /// Whether one more would be refused; counts nothing.
    pub fn check(&self, limits: &Limits, what: What, asker: &Asker) -> Result<(), Problem> {
        let most = limits.of(what).saturating_mul(asker.times());
        let now = Instant::now();
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(times) = counted.get_mut(&(what, asker.clone())) else { return Ok(()) };
        forget(times, now);
        if times.len() >= most as usize { Err(ProblemCode::TooFast.into()) } else { Ok(()) }
    }
}

impl Limits {
    const fn of(&self, what: What) -> u32 {
        match what {
            What::Join => self.joins,
            What::Quote => self.quotes,
            What::SignIn => self.sign_ins,
            What::WrongLink => self.wrong_links,
            What::Wish => self.wishes,
        }
    }
}

fn forget(times: &mut VecDeque<Instant>, now: Instant) {
    while times.front().is_some_and(|at| now - *at >= WINDOW) {
        times.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> Asker {
        Asker::Address(IpAddr::from([192, 0, 2, last]))
    }

    fn accepted(tally: &Tally, asker: &Asker, of: usize) -> usize {
        let limits = Limits::default();
        (0..of).filter(|_| tally.count(&limits, What::Join, asker.clone()).is_ok()).count()
    }

    #[tokio::test(start_paused = true)]
    async fn of_a_thousand_joins_a_minute_ten_are_taken_and_others_are_not_held_up() {
        let tally = Tally::default();
        let mut taken = 0;
        for _ in 0..1_000 {
            taken += accepted(&tally, &address(1), 1);
            tokio::time::advance(Duration::from_millis(59)).await;
        }
        assert_eq!(taken, 10);
        assert_eq!(accepted(&tally, &address(2), 20), 10);
        tokio::time::advance(WINDOW).await;
        assert_eq!(accepted(&tally, &address(1), 20), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn the_shops_own_network_its_kiosks_and_programs_have_their_own_limits() {
        let tally = Tally::default();
        let shop: ShopId = "salon".parse().expect("a name");
        let ip = IpAddr::from([192, 0, 2, 1]);
        assert_eq!(accepted(&tally, &Asker::Address(ip), 2_000), 10);
        assert_eq!(accepted(&tally, &Asker::OwnNetwork(ip), 2_000), 120);
        assert_eq!(accepted(&tally, &Asker::Kiosk(shop.clone(), DeviceId(1)), 2_000), 60);
        assert_eq!(accepted(&tally, &Asker::Program(shop, KeyId(1)), 2_000), 600);
    }

    #[tokio::test(start_paused = true)]
    async fn to_look_is_not_to_ask() {
        let tally = Tally::default();
        let limits = Limits { wrong_links: 1, ..Limits::default() };
        for _ in 0..10 {
            assert!(tally.check(&limits, What::WrongLink, &address(1)).is_ok());
        }
        assert!(tally.count(&limits, What::WrongLink, address(1)).is_ok());
        assert!(tally.check(&limits, What::WrongLink, &address(1)).is_err());
        assert!(tally.check(&limits, What::Join, &address(1)).is_ok(), "of its own");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_remembered_has_a_bound() {
        let tally = Tally::default();
        let limits = Limits::default();
        for n in 0..ASKERS_MAX + 10 {
            let ip = IpAddr::from((n as u32).to_be_bytes());
            assert!(tally.count(&limits, What::Join, Asker::Address(ip)).is_ok());
        }
        assert!(tally.0.lock().expect("not poisoned").len() <= ASKERS_MAX);
    }
}
