//! All shops of this server, and the watch over their tasks.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use dashmap::DashMap;
use futures_util::FutureExt;
use sooner_engine::config::ConfigFault;
use sooner_engine::{Event, Recorded, ShopConfig};
use sooner_shared::{Maker, ShopId, StaffId, Timestamp};
use thiserror::Error;
use tokio::sync::{Semaphore, mpsc};

use super::staff::staff_rows;
use super::task::{Surroundings, Task};
use super::{Known, MAILBOX, Message, ShopHandle};
use crate::access::Keeper;
use crate::clock::Clock;
use crate::links::{Secrets, random};
use crate::store::{AppendError, Batch, Store, StoreError};

/// A shop to be made.
#[derive(Debug, Clone)]
pub struct NewShop {
    /// Its short name.
    pub id: ShopId,
    /// Its set-up.
    pub config: ShopConfig,
    /// The names of its people.
    pub staff_names: Vec<(StaffId, String)>,
}

impl NewShop {
    /// What is written to make it.
    #[must_use]
    pub(crate) fn batch(self, now: Timestamp) -> Batch {
        let people = staff_rows(&BTreeMap::new(), &self.staff_names, now);
        let event = Event::Configured(Box::new(self.config));
        Batch {
            created: Some(random()),
            events: vec![Recorded { seq: 1, at: now, tap: 0, by: Maker::Operator, event }],
            people,
            ..Batch::new(self.id, 0)
        }
    }
}

/// Why a shop could not be made or opened.
#[derive(Debug, Error)]
pub enum RegistryError {
    /// The set-up makes no sense.
    #[error("the set-up of the shop is not valid")]
    Config(#[from] ConfigFault),
    /// The store could not be read.
    #[error("the store cannot be read")]
    Store(#[from] StoreError),
    /// The store could not be written, or has a shop of that name.
    #[error("the shop cannot be recorded")]
    Append(#[from] AppendError),
}

/// Every shop of this server; cheap to clone.
#[derive(Debug, Clone)]
pub struct Registry {
    shops: Arc<DashMap<ShopId, ShopHandle>>,
    around: Surroundings,
}

impl Registry {
    /// Opens every shop in the store and starts its task.
    pub async fn open(store: Store, clock: Clock) -> Result<Self, RegistryError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let compute = Arc::new(Semaphore::new((cores - 1).max(1)));
        let around = Surroundings { store, clock, compute };
        let registry = Self { shops: Arc::default(), around };
        for id in registry.around.store.shops().await? {
            registry.start(id).await?;
        }
        Ok(registry)
    }

    /// Puts a shop in place that a test plays.
    #[cfg(test)]
    pub(crate) fn insert(&self, shop: ShopHandle) {
        self.shops.insert(shop.id.clone(), shop);
    }

    /// Finds a shop.
    #[must_use]
    pub fn get(&self, id: &ShopId) -> Option<ShopHandle> {
        self.shops.get(id).map(|shop| shop.clone())
    }

    /// The names of all shops, in order.
    #[must_use]
    pub fn ids(&self) -> Vec<ShopId> {
        let mut ids: Vec<_> = self.shops.iter().map(|shop| shop.key().clone()).collect();
        ids.sort_unstable();
        ids
    }

    /// The whole log of a shop, checked link by link.
    pub async fn log(&self, id: &ShopId) -> Result<Vec<Recorded>, StoreError> {
        self.around.store.log(id).await
    }

    /// Makes a shop.
    pub async fn create(&self, new: NewShop) -> Result<ShopHandle, RegistryError> {
        new.config.check()?;
        let id = new.id.clone();
        self.around.store.append(new.batch(self.around.clock.now())).await?;
        self.start(id).await
    }

    async fn start(&self, id: ShopId) -> Result<ShopHandle, RegistryError> {
        let loaded = self
            .around
            .store
            .load(&id)
            .await?
            .ok_or_else(|| StoreError::Damaged { shop: id.clone(), seq: 0 })?;
        let store = self.around.store.clone();
        let access = Keeper::open(id.clone(), loaded.access.as_deref(), Some(store), Clock::Real)?;
        let secrets = Secrets::new(id.clone(), loaded.secret).following(access.changes());
        let secrets = Arc::new(secrets);
        let known = Arc::new(Known::default());
        let task = Task::new(
            id.clone(),
            loaded,
            Arc::clone(&secrets),
            Arc::clone(&known),
            self.around.clone(),
        )?;
        let (mailbox, received) = mpsc::channel(MAILBOX);
        let handle =
            ShopHandle { id: id.clone(), mailbox, secrets, access: Arc::new(access), known };
        self.shops.insert(id, handle.clone());
        tokio::spawn(supervise(
            task,
            handle.id.clone(),
            Arc::clone(&handle.secrets),
            Arc::clone(&handle.known),
            self.around.clone(),
            received,
        ));
        Ok(handle)
    }
}

/// Runs a shop's task. One that panics is rebuilt once from the log; after a second panic the shop
/// is set aside: its mailbox closes, and everybody is answered `shop_unavailable`.
async fn supervise(
    mut task: Task,
    id: ShopId,
    secrets: Arc<Secrets>,
    known: Arc<Known>,
    around: Surroundings,
    mut mailbox: mpsc::Receiver<Message>,
) {
    for attempt in 1.. {
        if AssertUnwindSafe(task.run(&mut mailbox)).catch_unwind().await.is_ok() {
            return;
        }
        if attempt == 2 {
            tracing::error!(shop = %id, "the shop's task panicked again; the shop is set aside");
            return;
        }
        tracing::error!(shop = %id, "the shop's task panicked; it is rebuilt from the log");
        let rebuilt = match around.store.load(&id).await {
            Ok(Some(loaded)) => {
                let (secrets, known) = (Arc::clone(&secrets), Arc::clone(&known));
                Task::new(id.clone(), loaded, secrets, known, around.clone()).ok()
            }
            Ok(None) => None,
            Err(error) => {
                tracing::error!(shop = %id, %error, "the log cannot be read");
                None
            }
        };
        let Some(rebuilt) = rebuilt else { return };
        task = rebuilt;
    }
}

#[cfg(test)]
mod tests {
    use sooner_shared::command::Join;
    use sooner_shared::{Command, CommandId, ProblemCode, ServiceId};

    use super::*;
    use crate::clock::Stepped;
    use crate::sample;
    use crate::shops::Audience;

    fn id(n: u32) -> CommandId {
        CommandId::new(&format!("command-{n}")).expect("an id")
    }

    /// Makes the shop's task panic, and waits until it has.
    async fn panic(shop: &ShopHandle) {
        shop.mailbox.send(Message::Panic).await.expect("the task listens");
        while shop.mailbox.capacity() < MAILBOX {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_shop_that_panics_is_rebuilt_once_and_then_set_aside() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).await.expect("opens");
        let clock = Clock::Stepped(Stepped::new(Timestamp(0)));
        let shops = Registry::open(store, clock).await.expect("opens");
        let shop = shops.create(sample::salon("UTC")).await.expect("is made");
        let on_duty = |staff| Command::GoOnDuty { staff: StaffId(staff) };
        let receipt = shop.command(id(1), on_duty(1), Maker::Operator).await.expect("accepted");

        panic(&shop).await;
        // Rebuilt from the log: the retry finds its first answer, new commands go on from there.
        assert_eq!(shop.command(id(1), on_duty(1), Maker::Operator).await, Ok(receipt.clone()));
        let next = shop.command(id(2), on_duty(2), Maker::Operator).await.expect("accepted");
        assert_eq!(next.seq, receipt.seq + 1);

        panic(&shop).await;
        let answer = shop
            .command(id(3), on_duty(3), Maker::Operator)
            .await
            .expect_err("the shop is set aside");
        assert_eq!(answer.code, ProblemCode::ShopUnavailable);
        shop.mailbox.closed().await;
        let answer = shop
            .command(id(4), on_duty(3), Maker::Operator)
            .await
            .expect_err("the shop is set aside");
        assert_eq!(answer.code, ProblemCode::ShopUnavailable);
    }

    #[tokio::test]
    async fn a_phone_that_comes_back_never_takes_an_old_revision_for_the_present_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).await.expect("opens");
        let clock = Clock::Stepped(Stepped::new(Timestamp(0)));
        let shops = Registry::open(store, clock).await.expect("opens");
        let shop = shops.create(sample::salon("UTC")).await.expect("is made");
        let join = || Command::AddWalkIn(Join::new(ServiceId(1)));
        let visit = shop
            .command(id(1), join(), Maker::Operator)
            .await
            .expect("joins")
            .visit
            .expect("a visit");
        let phone = Audience::Visit(visit);
        let rev = |frames: &crate::shops::Frames| frames.borrow().stamp.rev;
        let mut last = 0;
        for n in 2..5 {
            let frames = shop.watch(phone).await.expect("watches");
            assert!(rev(&frames) > last, "revision {} came again", rev(&frames));
            last = rev(&frames);
            drop(frames);
            // Something is published while nobody looks at the phone: its channel is forgotten.
            shop.command(id(n), join(), Maker::Operator).await.expect("joins");
        }
    }

    #[tokio::test]
    async fn a_shop_whose_set_up_makes_no_sense_is_not_made() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).await.expect("opens");
        let clock = Clock::Stepped(Stepped::new(Timestamp(0)));
        let shops = Registry::open(store.clone(), clock).await.expect("opens");
        assert!(matches!(
            shops.create(sample::salon("Nowhere/Land")).await,
            Err(RegistryError::Config(ConfigFault::UnknownZone(_)))
        ));
        assert!(store.shops().await.expect("reads").is_empty());
        shops.create(sample::salon("UTC")).await.expect("is made");
        assert!(matches!(
            shops.create(sample::salon("UTC")).await,
            Err(RegistryError::Append(AppendError::Conflict))
        ));
    }
}
