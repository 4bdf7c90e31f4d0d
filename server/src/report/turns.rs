//! Who counts when: a report goes through a whole log, so that of each shop one is made at a time,
//! and few at once. Others wait a while, and are then told that it is busy.

use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use sooner_shared::{Problem, ProblemCode, ShopId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Reports of all shops that are made at once.
const AT_ONCE: usize = 2;
/// How long somebody waits for their turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Turns; cheap to clone.
#[derive(Debug, Clone)]
pub struct Turns {
    all: Arc<Semaphore>,
    shops: Arc<DashMap<ShopId, Arc<Semaphore>>>,
}

/// A turn, for as long as it is held.
#[derive(Debug)]
pub struct Turn {
    _of_shop: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl Default for Turns {
    fn default() -> Self {
        Self { all: Arc::new(Semaphore::new(AT_ONCE)), shops: Arc::default() }
    }
}

impl Turns {
    /// Waits for a turn of a shop that there is.
    pub async fn take(&self, shop: &ShopId) -> Result<Turn, Problem> {
        let own = self.shops.entry(shop.clone()).or_insert_with(|| Arc::new(Semaphore::new(1)));
        let (own, all) = (Arc::clone(own.value()), Arc::clone(&self.all));
        let both = async {
            let of_shop = own.acquire_owned().await.ok()?;
            Some(Turn { _of_shop: of_shop, _of_all: all.acquire_owned().await.ok()? })
        };
        timeout(PATIENCE, both).await.ok().flatten().ok_or_else(|| ProblemCode::Busy.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_shop_has_one_turn_at_a_time_and_who_waits_too_long_is_told() {
        let turns = Turns::default();
        let [one, two, three] = ["one", "two", "three"].map(|name| name.parse().expect("a name"));
        let first = turns.take(&one).await.expect("nobody is before");
        let busy = turns.take(&one).await.expect_err("one at a time");
        assert_eq!(busy.code, ProblemCode::Busy);
        let second = turns.take(&two).await.expect("another shop");
        assert!(turns.take(&three).await.is_err(), "two at once");
        drop(second);
        turns.take(&three).await.expect("there is room");
        drop(first);
        turns.take(&one).await.expect("it is over");
    }
}
