//! Real people among the simulated ones: who joins a demo by their own phone is served like all the
//! others. What they want, say and tap is their own.

use sooner_shared::view::{DeskCard, Stage};

use super::guest::{GuestId, Place};
use super::{Desk, World};

impl World {
    /// From now on whoever is on the desk and not of this world is taken for somebody real.
    pub fn welcome_strangers(&mut self) {
        self.strangers.get_or_insert_default();
    }

    pub(super) fn is_stranger(&self, id: GuestId) -> bool {
        self.strangers.as_ref().is_some_and(|strangers| strangers.contains(&id))
    }

    /// Has a place in the world for everybody who has just come into it. Not while an answer is
    /// waited for: that one may be about somebody of this world whose visit is not known yet.
    pub(super) fn greet(&mut self, desk: &Desk) {
        if self.strangers.is_none() {
            return;
        }
        for (&visit, card) in &desk.cards {
            if !self.visits.contains_key(&visit) && self.companion(visit, card).is_none() {
                let id = self.of_card(visit, card, card.joined_at, Place::Elsewhere);
                self.strangers.get_or_insert_default().insert(id);
            }
        }
    }

    /// Where somebody real is shows in what they have said of it.
    pub(super) fn follow_stranger(&mut self, id: GuestId, card: &DeskCard) {
        if !self.is_stranger(id) || !card.checked_in {
            return;
        }
        if let Some(guest) = self.guests.get_mut(&id).filter(|g| g.place == Place::Elsewhere) {
            guest.place = Place::Here;
            if card.stage == Stage::Called {
                // As if they had been called just now.
                guest.seen.called_at = None;
            }
        }
    }
}
