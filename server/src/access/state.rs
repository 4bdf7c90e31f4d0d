//! Who may do what in one shop, as data: changed by the methods here, and by nothing else. No I/O,
//! no clock, no secret: only hashes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sooner_shared::access::{DeviceId, DeviceKind, KeyId, Scope};
use sooner_shared::{Problem, ProblemCode, StaffId, Timestamp, VisitId};

use super::secret::Hash;

/// Paired screens at most.
const DEVICES_MAX: usize = 100;
/// Browsers at which the owner has signed in, at most: the newest stay.
const OWNERS_DEVICES_MAX: usize = 20;
/// Keys at most.
const KEYS_MAX: usize = 50;
/// Replaced links that are remembered: of twice as many visits as a shop can have under way.
const LINKS_MAX: usize = 1_000;
/// How long the owner is signed in, in milliseconds.
const LOGIN_MS: i64 = 12 * 3_600_000;
/// How long a PIN is good for: a long shift, in milliseconds.
const SHIFT_MS: i64 = 14 * 3_600_000;
/// How old a last-seen may be in the store, in milliseconds.
const SEEN_EVERY_MS: i64 = 10 * 60_000;

/// All of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Access {
    pub(super) owner: Option<Owner>,
    pub(super) devices: Vec<Device>,
    pub(super) keys: Vec<Key>,
    /// Hashes of PINs.
    pub(super) pins: BTreeMap<StaffId, String>,
    /// Generations of links that were replaced.
    links: BTreeMap<VisitId, u32>,
    logins: Vec<Login>,
    shifts: Vec<Shift>,
    last_device: u32,
    last_key: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Owner {
    /// Of the password.
    pub(super) password: String,
    /// Of the printed code.
    pub(super) recovery: Hash,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Device {
    pub(super) id: DeviceId,
    pub(super) kind: DeviceKind,
    pub(super) label: String,
    hash: Hash,
    pub(super) made_at: Timestamp,
    pub(super) seen_at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Key {
    pub(super) id: KeyId,
    pub(super) label: String,
    pub(super) scopes: Vec<Scope>,
    hash: Hash,
    pub(super) made_at: Timestamp,
    #[serde(default)]
    pub(super) seen_at: Option<Timestamp>,
}

/// The owner, signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Login {
    hash: Hash,
    device: DeviceId,
    ends_at: Timestamp,
}

/// People signed in at a tablet.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Shift {
    hash: Hash,
    device: DeviceId,
    /// Who, and until when.
    people: Vec<(StaffId, Timestamp)>,
}

/// What a request brings: tokens out of cookies and headers, as they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// Of a known browser.
    pub device: Option<String>,
    /// Of the owner who is signed in.
    pub login: Option<String>,
    /// Of the people who are signed in at a tablet.
    pub shift: Option<String>,
    /// Of a program.
    pub key: Option<String>,
}

/// Whom these tokens name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Who {
    /// The browser, if the shop knows it.
    pub device: Option<(DeviceId, DeviceKind)>,
    /// Whether the owner is signed in.
    pub is_owner: bool,
    /// Who is signed in at this tablet, the last one last.
    pub people: Vec<StaffId>,
    /// Whether a tablet of this shop asks for PINs.
    pub asks_pins: bool,
    /// The program and what its key opens.
    pub program: Option<(KeyId, Vec<Scope>)>,
    /// Whether a key was shown that nobody has.
    pub has_wrong_key: bool,
}

impl Access {
    /// Reads what was stored.
    pub(super) fn read(body: &str) -> Result<Self, serde_json::Error> {
        let mut access: Self = serde_json::from_str(body)?;
        let last = access.keys.iter().map(|k| k.id.0).max().unwrap_or(0);
        access.last_key = access.last_key.max(last);
        Ok(access)
    }

    /// Whom these tokens name now.
    pub(super) fn who(&self, credentials: &Credentials, now: Timestamp) -> Who {
        let device = self.device_of(credentials);
        let login = credentials.login.as_deref().map(Hash::of);
        // A login counts at the browser it was made at.
        let is_owner = self.logins.iter().any(|l| {
            Some(l.hash) == login && l.ends_at > now && device.is_some_and(|d| d.id == l.device)
        });
        let people = self.shift_of(credentials, device.map(|d| d.id));
        let hash = credentials.key.as_deref().map(Hash::of);
        let key = self.keys.iter().find(|k| Some(k.hash) == hash);
        Who {
            device: device.map(|d| (d.id, d.kind)),
            is_owner,
            people: people
                .map(|s| s.people.iter().filter(|p| p.1 > now).map(|p| p.0).collect())
                .unwrap_or_default(),
            asks_pins: !self.pins.is_empty(),
            program: key.map(|k| (k.id, k.scopes.clone())),
            has_wrong_key: credentials.key.is_some() && key.is_none(),
        }
    }

    fn device_of(&self, credentials: &Credentials) -> Option<&Device> {
        let hash = Hash::of(credentials.device.as_deref()?);
        self.devices.iter().find(|d| d.hash == hash)
    }

    fn shift_of(&self, credentials: &Credentials, device: Option<DeviceId>) -> Option<&Shift> {
        let hash = Hash::of(credentials.shift.as_deref()?);
        self.shifts.iter().find(|s| s.hash == hash && Some(s.device) == device)
    }

    /// Whether it is worth writing down that a device or a program has spoken.
    pub(super) fn is_news_of(&self, who: &Who, now: Timestamp) -> bool {
        let is_old = |seen_at: Timestamp| now - seen_at >= SEEN_EVERY_MS;
        let device = |id| self.devices.iter().find(|d| d.id == id);
        let key = |id| self.keys.iter().find(|k| k.id == id);
        who.device.and_then(|(id, _)| device(id)).is_some_and(|d| is_old(d.seen_at))
            || who
                .program
                .as_ref()
                .and_then(|(id, _)| key(*id))
                .is_some_and(|k| k.seen_at.is_none_or(is_old))
    }

    /// A device or a program has spoken.
    pub(super) fn seen(&mut self, who: &Who, now: Timestamp) {
        let device = who.device.map(|(id, _)| id);
        for device in self.devices.iter_mut().filter(|d| Some(d.id) == device) {
            device.seen_at = now;
        }
        let key = who.program.as_ref().map(|(id, _)| *id);
        for key in self.keys.iter_mut().filter(|k| Some(k.id) == key) {
            key.seen_at = Some(now);
        }
    }

    /// Takes in a device.
    pub(super) fn add_device(
        &mut self,
        kind: DeviceKind,
        label: String,
        hash: Hash,
        now: Timestamp,
    ) -> Result<DeviceId, Problem> {
        let is_owners = |d: &Device| d.kind == DeviceKind::Owner;
        let owners = self.devices.iter().filter(|d| is_owners(d)).count();
        if kind == DeviceKind::Owner && owners >= OWNERS_DEVICES_MAX {
            let oldest = self.devices.iter().filter(|d| is_owners(d)).min_by_key(|d| d.seen_at);
            if let Some(oldest) = oldest.map(|d| d.id) {
                self.forget_device(oldest);
            }
        } else if kind != DeviceKind::Owner && self.devices.len() - owners >= DEVICES_MAX {
            return Err(ProblemCode::TooMany.into());
        }
        self.last_device += 1;
        let id = DeviceId(self.last_device);
        self.devices.push(Device { id, kind, label, hash, made_at: now, seen_at: now });
        Ok(id)
    }

    /// A device opens nothing any more, and nobody is signed in at it.
    pub(super) fn revoke_device(&mut self, id: DeviceId) -> Result<(), Problem> {
        if self.devices.iter().all(|d| d.id != id) {
            return Err(ProblemCode::UnknownDevice.into());
        }
        self.forget_device(id);
        Ok(())
    }

    fn forget_device(&mut self, id: DeviceId) {
        self.devices.retain(|d| d.id != id);
        self.logins.retain(|l| l.device != id);
        self.shifts.retain(|s| s.device != id);
    }

    /// Takes in a key.
    pub(super) fn add_key(
        &mut self,
        label: String,
        mut scopes: Vec<Scope>,
        hash: Hash,
        now: Timestamp,
    ) -> Result<KeyId, Problem> {
        if self.keys.len() >= KEYS_MAX {
            return Err(ProblemCode::TooMany.into());
        }
        scopes.sort_unstable();
        scopes.dedup();
        self.last_key += 1;
        let id = KeyId(self.last_key);
        self.keys.push(Key { id, label, scopes, hash, made_at: now, seen_at: None });
        Ok(id)
    }

    /// A key opens nothing any more.
    pub(super) fn revoke_key(&mut self, id: KeyId) -> Result<(), Problem> {
        let before = self.keys.len();
        self.keys.retain(|k| k.id != id);
        if self.keys.len() < before { Ok(()) } else { Err(ProblemCode::UnknownDevice.into()) }
    }

    /// The owner is signed in at a device, by a token that is new.
    pub(super) fn log_in(&mut self, hash: Hash, device: DeviceId, now: Timestamp) {
        self.logins.retain(|l| l.ends_at > now && l.device != device);
        self.logins.push(Login { hash, device, ends_at: now + LOGIN_MS });
    }

    /// The owner is no longer signed in at a device.
    pub(super) fn log_out(&mut self, device: DeviceId) {
        self.logins.retain(|l| l.device != device);
    }

    /// The owner has another password: whoever is signed in as owner is not any more.
    pub(super) fn set_password(&mut self, password: String, recovery: Hash) {
        self.owner = Some(Owner { password, recovery });
        self.logins.clear();
    }

    /// There is no owner any more, and nobody signed in as one.
    pub(super) fn forget_owner(&mut self) {
        self.owner = None;
        self.logins.clear();
    }

    /// A person is signed in at a tablet, beside who is already, by a token that is new.
    pub(super) fn begin_shift(
        &mut self,
        hash: Hash,
        device: DeviceId,
        staff: StaffId,
        now: Timestamp,
    ) {
        let mut people = self
            .shifts
            .iter()
            .find(|s| s.device == device)
            .map(|s| s.people.clone())
            .unwrap_or_default();
        people.retain(|p| p.0 != staff && p.1 > now);
        people.push((staff, now + SHIFT_MS));
        self.shifts.retain(|s| s.device != device);
        self.shifts.push(Shift { hash, device, people });
    }

    /// Nobody is signed in at a tablet any more.
    pub(super) fn lock(&mut self, device: DeviceId) {
        self.shifts.retain(|s| s.device != device);
    }

    /// How often the link of a visit was replaced.
    #[must_use]
    pub fn generation(&self, visit: VisitId) -> u32 {
        self.links.get(&visit).copied().unwrap_or(0)
    }

    /// The link of a visit is another one. Of visits long over nothing needs to be remembered: no
    /// link opens them.
    pub(super) fn replace_link(&mut self, visit: VisitId) {
        *self.links.entry(visit).or_default() += 1;
        while self.links.len() > LINKS_MAX {
            self.links.pop_first();
        }
    }

    /// A person has a PIN, or none. With another one they sign in anew.
    pub(super) fn set_pin(&mut self, staff: StaffId, hash: Option<String>) {
        match hash {
            Some(hash) => drop(self.pins.insert(staff, hash)),
            None => drop(self.pins.remove(&staff)),
        }
        for shift in &mut self.shifts {
            shift.people.retain(|p| p.0 != staff);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(0);

    fn credentials(device: &str) -> Credentials {
        Credentials { device: Some(device.to_owned()), ..Credentials::default() }
    }

    fn with_tablet() -> (Access, DeviceId) {
        let mut access = Access::default();
        let hash = Hash::of("tablet");
        let id = access.add_device(DeviceKind::Tablet, "Desk".into(), hash, NOW).expect("room");
        (access, id)
    }

    #[test]
    fn a_login_counts_only_at_the_device_it_was_made_at_and_only_for_a_time() {
        let (mut access, tablet) = with_tablet();
        access.add_device(DeviceKind::Display, "TV".into(), Hash::of("tv"), NOW).expect("room");
        access.log_in(Hash::of("login"), tablet, NOW);
        let with = |device| Credentials { login: Some("login".into()), ..credentials(device) };
        assert!(access.who(&with("tablet"), NOW).is_owner);
        assert!(!access.who(&with("tv"), NOW).is_owner, "a token that was carried away");
        assert!(!access.who(&with("tablet"), NOW + LOGIN_MS).is_owner);
        access.log_out(tablet);
        assert!(!access.who(&with("tablet"), NOW).is_owner);
    }

    #[test]
    fn each_sign_in_has_a_new_token_and_keeps_who_was_there() {
        let (mut access, tablet) = with_tablet();
        let with = |shift: &str| Credentials { shift: Some(shift.into()), ..credentials("tablet") };
        access.begin_shift(Hash::of("one"), tablet, StaffId(1), NOW);
        access.begin_shift(Hash::of("two"), tablet, StaffId(2), NOW + 1);
        assert!(access.who(&with("one"), NOW + 1).people.is_empty());
        assert_eq!(access.who(&with("two"), NOW + 1).people, [StaffId(1), StaffId(2)]);
        assert_eq!(access.who(&with("two"), NOW + SHIFT_MS).people, [StaffId(2)]);
        access.set_pin(StaffId(2), Some("another".into()));
        assert_eq!(access.who(&with("two"), NOW + 1).people, [StaffId(1)]);
        access.lock(tablet);
        assert!(access.who(&with("two"), NOW + 1).people.is_empty());
    }

    #[test]
    fn a_device_that_is_revoked_takes_everybody_with_it() {
        let (mut access, tablet) = with_tablet();
        access.log_in(Hash::of("login"), tablet, NOW);
        access.begin_shift(Hash::of("shift"), tablet, StaffId(1), NOW);
        access.revoke_device(tablet).expect("is known");
        let all = Credentials {
            login: Some("login".into()),
            shift: Some("shift".into()),
            ..credentials("tablet")
        };
        assert_eq!(access.who(&all, NOW), Who::default());
        assert!(access.revoke_device(tablet).is_err());
    }

    #[test]
    fn another_password_signs_the_owner_out_everywhere() {
        let (mut access, tablet) = with_tablet();
        access.log_in(Hash::of("login"), tablet, NOW);
        access.set_password("hash".into(), Hash::of("recovery"));
        let all = Credentials { login: Some("login".into()), ..credentials("tablet") };
        assert!(!access.who(&all, NOW).is_owner);
    }

    #[test]
    fn screens_and_keys_have_a_bound_and_the_owners_browsers_make_room() {
        let mut access = Access::default();
        for n in 0..DEVICES_MAX {
            let hash = Hash::of(&n.to_string());
            access.add_device(DeviceKind::Kiosk, "Kiosk".into(), hash, NOW).expect("room");
        }
        let hash = Hash::of("more");
        let full = access.add_device(DeviceKind::Kiosk, "Kiosk".into(), hash, NOW);
        assert_eq!(full.expect_err("no room").code, ProblemCode::TooMany);
        for n in 0..30 {
            let at = NOW + n;
            let hash = Hash::of(&format!("owner {n}"));
            access.add_device(DeviceKind::Owner, "Phone".into(), hash, at).expect("makes room");
        }
        assert_eq!(access.devices.len(), DEVICES_MAX + OWNERS_DEVICES_MAX);
        let who = |n: u32| access.who(&credentials(&format!("owner {n}")), NOW).device;
        assert!(who(9).is_none() && who(10).is_some(), "the oldest are forgotten");
        for n in 0..KEYS_MAX {
            let hash = Hash::of(&n.to_string());
            access.add_key("Key".into(), vec![Scope::Join], hash, NOW).expect("room");
        }
        assert!(access.add_key("Key".into(), vec![], hash, NOW).is_err());
    }

    #[test]
    fn what_is_stored_holds_no_token_and_reads_back() {
        let (mut access, tablet) = with_tablet();
        access.log_in(Hash::of("login"), tablet, NOW);
        access.add_key("Till".into(), vec![Scope::Join], Hash::of("key"), NOW).expect("room");
        let stored = serde_json::to_string(&access).expect("json");
        for token in ["\"login\"", "\"key\"", "\"tablet\":"] {
            assert!(!stored.contains(token) || token == "\"tablet\":", "{token} in {stored}");
        }
        let read = Access::read(&stored).expect("reads");
        let all = Credentials { login: Some("login".into()), ..credentials("tablet") };
        assert!(read.who(&all, NOW).is_owner);
    }

    #[test]
    fn keys_from_before_there_were_roles_go_on() {
        let hash = String::from(Hash::of("an old key"));
        let old = format!(
            r#"{{"keys":[{{"id":7,"label":"Desk link","scopes":["join","desk","set_up"],
                "hash":"{hash}","made_at":5}}]}}"#
        );
        let mut access = Access::read(&old).expect("reads");
        let key = Credentials { key: Some("an old key".into()), ..Credentials::default() };
        let who = access.who(&key, NOW);
        assert_eq!(who.program, Some((KeyId(7), vec![Scope::Join, Scope::Desk, Scope::SetUp])));
        let next = access.add_key("New".into(), vec![], Hash::of("new"), NOW).expect("room");
        assert_eq!(next, KeyId(8));
    }
}
