//! A file taken into a store that no server works on, and brought out of any.

use sooner_engine::config::ConfigFault;
use sooner_engine::set_up::may_become;
use sooner_engine::{Event, Recorded, Shop, on_deadline};
use sooner_shared::{Maker, ShopId, Timestamp};
use thiserror::Error;

use super::refusal::sentence;
use super::{SetUp, shortened};
use crate::shops::staff_rows;
use crate::store::{AppendError, Batch, PersonKey, Store, StoreError};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// There is a shop more.
    Made,
    /// The shop is another, since this event.
    Changed {
        /// Its number.
        seq: u64,
    },
    /// The shop was like that already.
    Same,
}

/// Why a file was not taken in. Nothing was recorded.
#[derive(Debug, Error)]
pub enum ImportError {
    /// It makes no sense.
    #[error("the set-up is not valid")]
    Config(#[from] ConfigFault),
    /// People are there who need what would be gone: what, in a sentence.
    #[error("{0}")]
    Refused(String),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store cannot be written.
    #[error("the shop cannot be recorded")]
    Append(#[from] AppendError),
}

/// Makes the shop of a file, or changes it.
pub async fn import(store: &Store, set_up: SetUp, now: Timestamp) -> Result<Imported, ImportError> {
    let Some(loaded) = store.load(&set_up.shop).await? else {
        let new = set_up.into_new_shop();
        new.config.check()?;
        store.append(new.batch(now)).await?;
        return Ok(Imported::Made);
    };
    let Some(mut shop) = Shop::replay(&loaded.log) else {
        return Err(StoreError::Damaged { shop: set_up.shop, seq: 1 }.into());
    };
    let next = set_up.changing(&shop.config);
    next.check()?;
    let people = staff_rows(&loaded.people, &set_up.staff_names, now);
    let is_same = next == *shop.config;
    if is_same && people.is_empty() {
        return Ok(Imported::Same);
    }
    // The log never runs backwards, and what time brought about comes before the change.
    let now = now.max(shop.last_at);
    let after = shop.seq;
    let mut events = Vec::new();
    let mut record = |shop: &mut Shop, event| {
        let recorded = Recorded { seq: shop.seq + 1, at: now, tap: 0, by: Maker::Operator, event };
        shop.apply(&recorded);
        events.push(recorded);
    };
    for event in on_deadline(&shop, now) {
        record(&mut shop, event);
    }
    may_become(&shop, &next).map_err(|refusal| {
        let name =
            |staff| loaded.people.get(&PersonKey::Staff(staff)).map(|kept| kept.text.as_str());
        ImportError::Refused(sentence(refusal, &shop.config, name))
    })?;
    let keep_ms = shortened(&shop.config, &next);
    if !is_same {
        record(&mut shop, Event::Configured(Box::new(next)));
    }
    let purge_at = Some(now);
    let batch = Batch { events, people, keep_ms, purge_at, ..Batch::new(set_up.shop, after) };
    store.append(batch).await?;
    Ok(Imported::Changed { seq: shop.seq })
}

/// The shop as its file would say it; `None` when there is no such shop.
pub async fn export(store: &Store, shop: ShopId) -> Result<Option<SetUp>, StoreError> {
    let Some(loaded) = store.load(&shop).await? else {
        return Ok(None);
    };
    let Some(present) = Shop::replay(&loaded.log) else {
        return Err(StoreError::Damaged { shop, seq: 1 });
    };
    let name = |staff| loaded.people.get(&PersonKey::Staff(staff)).map(|kept| kept.text.as_str());
    Ok(Some(SetUp::of(shop, (*present.config).clone(), name)))
}
