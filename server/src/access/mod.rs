//! Who may do what in a shop, and the one writer of it.
//!
//! What is kept is a document of hashes ([`Access`]); reading it takes no lock. A change is made on
//! a copy, written, and only then true; whoever follows ([`Keeper::changes`]) looks again at what
//! they allow. Wrong tries and screens that wait to be paired are held in memory.
//!
//! Logins, PINs and codes run on the real clock, whatever clock the shop has.

mod own_network;
mod owner;
mod pairing;
mod password;
mod reach_try;
mod secret;
mod state;
mod tries;
mod who;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sooner_shared::access::{
    AccessView, Deed, DeedInfo, DeviceId, DeviceInfo, DeviceKind, KeyId, KeyInfo, LABEL_MAX_CHARS,
    MadeKey, Pairing, ReachTried, Scope,
};
use sooner_shared::{Maker, Problem, ProblemCode, ShopId, StaffId, VisitId};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::limits::Asker;
use crate::store::{AccessRow, Batch, Store, StoreError};
use crate::text;
use own_network::OwnNetwork;
use pairing::{Confirmed, Pairings};
use reach_try::LastTry;
use secret::Hash;
use tries::{Account, Tries};

pub use state::{Access, Credentials, Who};

/// Deeds that the owner is shown.
const DEEDS_SHOWN: u32 = 50;

/// What a browser is to keep after signing in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The browser itself, when it is new to the shop.
    pub device: Option<String>,
    /// The owner, signed in.
    pub login: String,
}

/// Who may do what in one shop.
#[derive(Debug)]
pub struct Keeper {
    shop: ShopId,
    /// Absent only where a test plays the shop.
    store: Option<Store>,
    clock: Clock,
    state: watch::Sender<Arc<Access>>,
    writing: tokio::sync::Mutex<()>,
    tries: Mutex<Tries>,
    pairings: Mutex<Pairings>,
    own_network: Mutex<OwnNetwork>,
    last_try: Mutex<Option<LastTry>>,
    /// Makes the owner, while there is none.
    first_run: Mutex<Option<Hash>>,
}

impl Keeper {
    /// Takes up what was stored of a shop.
    pub fn open(
        shop: ShopId,
        body: Option<&str>,
        store: Option<Store>,
        clock: Clock,
    ) -> Result<Self, StoreError> {
        let access = match body {
            Some(body) => Access::read(body)
                .map_err(|_| StoreError::Damaged { shop: shop.clone(), seq: 0 })?,
            None => Access::default(),
        };
        Ok(Self {
            shop,
            store,
            clock,
            state: watch::Sender::new(Arc::new(access)),
            writing: tokio::sync::Mutex::default(),
            tries: Mutex::default(),
            pairings: Mutex::default(),
            own_network: Mutex::default(),
            last_try: Mutex::default(),
            first_run: Mutex::default(),
        })
    }

    /// Whom these tokens name now.
    #[must_use]
    pub fn look(&self, credentials: &Credentials) -> Who {
        self.state().who(credentials, self.clock.now())
    }

    /// The same, and notes that they were used, and from where.
    pub async fn who(&self, credentials: &Credentials, address: IpAddr) -> Who {
        let now = self.clock.now();
        let state = self.state();
        let who = state.who(credentials, now);
        if who.device.is_some_and(|(_, kind)| kind != DeviceKind::Owner) {
            lock(&self.own_network).note(address, now);
        }
        if state.is_news_of(&who, now) {
            // When it was seen is for the owner's list; that it cannot be written stops nobody.
            let _ = self
                .rewrite(|access| {
                    access.seen(&who, now);
                    Ok(((), vec![]))
                })
                .await;
        }
        who
    }

    /// As whom an address is counted: the shop's own network asks for more than a stranger.
    pub fn asker(&self, address: IpAddr) -> Asker {
        if lock(&self.own_network).has(address, self.clock.now()) {
            Asker::OwnNetwork(address)
        } else {
            Asker::Address(address)
        }
    }

    /// Follows every change: what was allowed may not be any more.
    pub fn changes(&self) -> watch::Receiver<Arc<Access>> {
        self.state.subscribe()
    }

    /// Whether the shop has its owner.
    #[must_use]
    pub fn has_owner(&self) -> bool {
        self.state().owner.is_some()
    }

    /// Whether any tablet was ever paired.
    #[must_use]
    pub fn has_tablet(&self) -> bool {
        self.state().devices.iter().any(|d| d.kind == DeviceKind::Tablet)
    }

    /// Who has a PIN.
    #[must_use]
    pub fn has_pin(&self, staff: StaffId) -> bool {
        self.state().pins.contains_key(&staff)
    }

    /// What a known browser is called.
    #[must_use]
    pub fn label(&self, device: DeviceId) -> String {
        let state = self.state();
        state.devices.iter().find(|d| d.id == device).map(|d| d.label.clone()).unwrap_or_default()
    }

    /// A screen asks to be paired.
    pub fn begin_pairing(&self, kind: DeviceKind) -> Result<Pairing, Problem> {
        if kind == DeviceKind::Owner {
            return Err(ProblemCode::NotAllowed.into());
        }
        Ok(lock(&self.pairings).begin(kind, self.clock.now()))
    }

    /// A secret with which one browser becomes the desk, for who runs the program.
    pub fn desk_pairing(&self) -> String {
        let label = "Desk".to_owned();
        let confirmed = Confirmed { kind: DeviceKind::Tablet, label, by: Maker::Operator };
        lock(&self.pairings).begin_confirmed(confirmed)
    }

    /// The owner confirms the code of a screen.
    pub fn confirm_pairing(
        &self,
        code: &str,
        kind: DeviceKind,
        label: &str,
        by: Maker,
    ) -> Result<(), Problem> {
        let label = tidy(label)?;
        let confirmed = Confirmed { kind, label, by };
        lock(&self.pairings).confirm(code, confirmed, self.clock.now())
    }

    /// A screen asks whether it was confirmed: the token it is known by from now on.
    pub async fn claim_pairing(
        &self,
        secret: &str,
    ) -> Result<Option<(DeviceKind, String)>, Problem> {
        let claimed = lock(&self.pairings).claim(secret, self.clock.now())?;
        let Some(Confirmed { kind, label, by }) = claimed else { return Ok(None) };
        let (token, hash) = secret::token();
        self.change(by, |access| {
            let id = access.add_device(kind, label, hash, self.clock.now())?;
            Ok(((), Deed::Paired(id)))
        })
        .await?;
        Ok(Some((kind, token)))
    }

    /// A screen is no longer known.
    pub async fn revoke_device(&self, id: DeviceId, by: Maker) -> Result<(), Problem> {
        self.change(by, |access| Ok((access.revoke_device(id)?, Deed::Unpaired(id)))).await
    }

    /// Somebody signs in at a tablet: the token for who is signed in there from now on.
    pub async fn begin_shift(
        &self,
        device: DeviceId,
        staff: StaffId,
        pin: &str,
    ) -> Result<String, Problem> {
        let state = self.state();
        let stored = state.pins.get(&staff).map(String::as_str);
        self.try_secret(Account::Pin(device, staff), pin, stored).await?;
        let (token, hash) = secret::token();
        self.change(Maker::Staff { staff, device }, |access| {
            access.begin_shift(hash, device, staff, self.clock.now());
            Ok(((), Deed::ShiftBegun(staff)))
        })
        .await?;
        Ok(token)
    }

    /// Nobody is signed in at a tablet any more.
    pub async fn lock_tablet(&self, device: DeviceId, by: Maker) -> Result<(), Problem> {
        self.change(by, |access| {
            access.lock(device);
            Ok(((), Deed::Locked(device)))
        })
        .await
    }

    /// Gives a person a PIN, or takes it away.
    pub async fn set_pin(
        &self,
        staff: StaffId,
        pin: Option<&str>,
        by: Maker,
    ) -> Result<(), Problem> {
        let (hash, deed) = match pin {
            Some(pin) => {
                password::check_pin(pin)?;
                (Some(password::hash(pin).await), Deed::PinSet(staff))
            }
            None => (None, Deed::PinCleared(staff)),
        };
        self.change(by, |access| {
            access.set_pin(staff, hash);
            Ok(((), deed))
        })
        .await
    }

    /// Who does not work here any more has no PIN.
    pub async fn keep_pins_of(&self, staff: &[StaffId], by: Maker) -> Result<(), Problem> {
        let gone: Vec<_> =
            self.state().pins.keys().filter(|id| !staff.contains(id)).copied().collect();
        for staff in gone {
            self.set_pin(staff, None, by).await?;
        }
        Ok(())
    }

    /// Makes a key for a program. It is told here and never again.
    pub async fn make_key(
        &self,
        label: &str,
        scopes: Vec<Scope>,
        by: Maker,
    ) -> Result<MadeKey, Problem> {
        let label = tidy(label)?;
        let (key, hash) = secret::token();
        let id = self
            .change(by, |access| {
                let id = access.add_key(label, scopes, hash, self.clock.now())?;
                Ok((id, Deed::KeyMade(id)))
            })
            .await?;
        Ok(MadeKey { id, key })
    }

    /// A key opens nothing any more.
    pub async fn revoke_key(&self, id: KeyId, by: Maker) -> Result<(), Problem> {
        self.change(by, |access| Ok((access.revoke_key(id)?, Deed::KeyRevoked(id)))).await
    }

    /// The link of a visit is another one from now on.
    pub async fn replace_link(&self, visit: VisitId, by: Maker) -> Result<(), Problem> {
        self.change(by, |access| {
            access.replace_link(visit);
            Ok(((), Deed::LinkReplaced(visit)))
        })
        .await
    }

    /// Somebody is to try whether a phone reaches the shop: gives the secret that names the try.
    pub fn begin_reach_try(&self, owner: IpAddr) -> String {
        let (secret, new) = LastTry::begin(owner, self.clock.now());
        *lock(&self.last_try) = Some(new);
        secret
    }

    /// A phone came.
    pub fn phone_came(&self, secret: &str, from: IpAddr) -> Result<(), Problem> {
        let now = self.clock.now();
        let is_own = lock(&self.own_network).has(from, now);
        match &mut *lock(&self.last_try) {
            Some(last) => last.came(secret, from, is_own, now),
            None => Err(ProblemCode::UnknownCode.into()),
        }
    }

    /// Whether one came.
    pub fn reach_tried(&self) -> ReachTried {
        lock(&self.last_try).as_ref().map_or(ReachTried::Nobody, LastTry::state)
    }

    /// Writes down that something was done.
    pub async fn note(&self, by: Maker, deed: Deed) -> Result<(), Problem> {
        let deeds = vec![DeedInfo { at: self.clock.now(), by, deed }];
        self.write(AccessRow { body: None, deeds }).await
    }

    /// What the owner sees of all this.
    pub async fn view(
        &self,
        here: Option<DeviceId>,
        address: String,
    ) -> Result<AccessView, Problem> {
        let state = self.state();
        let deeds = match &self.store {
            Some(store) => {
                store.deeds(&self.shop, DEEDS_SHOWN).await.map_err(|e| unavailable(&e))?
            }
            None => Vec::new(),
        };
        let device = |d: &state::Device| DeviceInfo {
            id: d.id,
            kind: d.kind,
            label: d.label.clone(),
            made_at: d.made_at,
            seen_at: d.seen_at,
            is_this: Some(d.id) == here,
        };
        let key = |k: &state::Key| KeyInfo {
            id: k.id,
            label: k.label.clone(),
            scopes: k.scopes.clone(),
            made_at: k.made_at,
            seen_at: k.seen_at,
        };
        Ok(AccessView {
            devices: state.devices.iter().map(device).collect(),
            keys: state.keys.iter().map(key).collect(),
            deeds,
            address,
        })
    }

    fn state(&self) -> Arc<Access> {
        Arc::clone(&self.state.borrow())
    }

    /// Changes what is kept, and writes down what was done by it.
    async fn change<T>(
        &self,
        by: Maker,
        change: impl FnOnce(&mut Access) -> Result<(T, Deed), Problem>,
    ) -> Result<T, Problem> {
        let at = self.clock.now();
        self.rewrite(|access| {
            let (made, deed) = change(access)?;
            Ok((made, vec![DeedInfo { at, by, deed }]))
        })
        .await
    }

    /// Rewrites what is kept: on a copy, which is written before it is true.
    async fn rewrite<T>(
        &self,
        change: impl FnOnce(&mut Access) -> Result<(T, Vec<DeedInfo>), Problem>,
    ) -> Result<T, Problem> {
        let _one_at_a_time = self.writing.lock().await;
        let mut access = Access::clone(&self.state());
        let (made, deeds) = change(&mut access)?;
        let body = serde_json::to_string(&access).expect("hashes and numbers are JSON");
        self.write(AccessRow { body: Some(body), deeds }).await?;
        self.state.send_replace(Arc::new(access));
        Ok(made)
    }

    async fn write(&self, row: AccessRow) -> Result<(), Problem> {
        let Some(store) = &self.store else { return Ok(()) };
        let batch = Batch { access: Some(row), ..Batch::new(self.shop.clone(), 0) };
        store.append(batch).await.map_err(|error| {
            tracing::error!(shop = %self.shop, %error, "who may do what could not be written");
            ProblemCode::StoreUnavailable.into()
        })
    }
}

fn tidy(label: &str) -> Result<String, Problem> {
    text::tidy(label, LABEL_MAX_CHARS).map_err(|_| ProblemCode::BadName.into())
}

fn unavailable(error: &StoreError) -> Problem {
    tracing::error!(%error, "what was done about access cannot be read");
    ProblemCode::StoreUnavailable.into()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
