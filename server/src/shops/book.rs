//! Names, contacts and links, filled into views and into no event.

use std::collections::BTreeMap;
use std::sync::Arc;

use sooner_engine::Shop;
use sooner_engine::config::NamesOnWall;
use sooner_engine::labels::Labels;
use sooner_engine::view::People;
use sooner_shared::{StaffId, Timestamp, VisitId};

use crate::links::Secrets;
use crate::store::{Kept, PersonKey, PersonRow};

/// The words of the people of one shop.
#[derive(Debug)]
pub(super) struct Book {
    words: BTreeMap<PersonKey, Kept>,
    secrets: Arc<Secrets>,
    labels: Labels,
    /// What the labels were made of; `None` when words have changed since.
    labelled: Option<Labelled>,
}

/// Labels are the same while these are, and the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Labelled {
    next_visit: VisitId,
    visits: usize,
    names_on_wall: NamesOnWall,
}

impl Book {
    pub(super) fn new(words: BTreeMap<PersonKey, Kept>, secrets: Arc<Secrets>) -> Self {
        Self { words, secrets, labels: Labels::default(), labelled: None }
    }

    /// All of it.
    pub(super) const fn words(&self) -> &BTreeMap<PersonKey, Kept> {
        &self.words
    }

    /// What links are made with.
    pub(super) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Takes in what was written; what is due is gone.
    pub(super) fn take(&mut self, rows: Vec<PersonRow>, now: Timestamp) {
        for PersonRow { key, kept } in rows {
            if kept.is_due(now) {
                self.words.remove(&key);
            } else {
                self.words.insert(key, kept);
            }
            self.labelled = None;
        }
    }

    /// The words of a visit, to be kept as if they were said then: who comes on another day has a name
    /// until that day.
    pub(super) fn kept_since(
        &self,
        visit: VisitId,
        since: Timestamp,
        keep_ms: i64,
    ) -> impl Iterator<Item = PersonRow> {
        PersonKey::of(visit).into_iter().filter_map(move |key| {
            let text = self.words.get(&key)?.text.clone();
            Some(PersonRow { key, kept: Kept::for_a_while(text, since, keep_ms) })
        })
    }

    /// Begins anew with what the store has.
    pub(super) fn replace(&mut self, words: BTreeMap<PersonKey, Kept>) {
        self.words = words;
        self.labelled = None;
    }

    /// Keeps nothing longer than this after it was said, in milliseconds.
    pub(super) fn shorten(&mut self, keep_ms: i64) {
        self.words.values_mut().for_each(|kept| kept.shorten(keep_ms));
    }

    /// Forgets what is due, and words of visits that no view can show any more.
    pub(super) fn forget(&mut self, shop: &Shop, now: Timestamp) {
        let is_shown =
            |key: &PersonKey| key.visit().is_none_or(|visit| shop.visits.contains_key(&visit));
        self.words.retain(|key, kept| is_shown(key) && !kept.is_due(now));
        self.labelled = None;
    }

    /// When the last words of somebody in line are erased.
    pub(super) fn last_erased_at(&self) -> Option<Timestamp> {
        self.words.values().filter_map(|kept| kept.erase_at).max()
    }

    /// Makes the labels for the shop as it is now, where they may be others.
    pub(super) fn label(&mut self, shop: &Shop) {
        let now = Some(Labelled {
            next_visit: shop.next_visit,
            visits: shop.visits.len(),
            names_on_wall: shop.config.names_on_wall,
        });
        if self.labelled != now {
            self.labels = Labels::of(shop, |visit| self.visit_name(visit));
            self.labelled = now;
        }
    }

    fn text(&self, key: PersonKey) -> Option<&str> {
        self.words.get(&key).map(|kept| kept.text.as_str())
    }
}

impl People for Book {
    fn visit_name(&self, visit: VisitId) -> Option<&str> {
        self.text(PersonKey::Visit(visit))
    }

    fn label(&self, visit: VisitId) -> Option<&str> {
        self.labels.get(visit)
    }

    fn contact(&self, visit: VisitId) -> Option<&str> {
        self.text(PersonKey::Contact(visit))
    }

    fn kept_until(&self, visit: VisitId) -> Option<Timestamp> {
        PersonKey::of(visit).iter().filter_map(|key| self.words.get(key)?.erase_at).max()
    }

    fn staff_name(&self, staff: StaffId) -> Option<&str> {
        self.text(PersonKey::Staff(staff))
    }

    fn question(&self, visit: VisitId) -> Option<&str> {
        self.text(PersonKey::Question(visit))
    }

    fn answer(&self, visit: VisitId) -> Option<&str> {
        self.text(PersonKey::Answer(visit))
    }

    fn link(&self, visit: VisitId) -> String {
        self.secrets.link(visit)
    }
}
