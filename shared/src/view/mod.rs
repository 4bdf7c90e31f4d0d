//! What each screen is shown, and how one state of a screen becomes the next.
//!
//! A [`Board`] is a head, a keyed map of cards and an order list. [`View::diff`] and
//! [`View::apply`] stand side by side because they are one promise: `apply(diff(a, b))` turns `a`
//! into `b`, in the server, in tests and in the browser.

mod card;
mod shop;
mod stage;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use card::{Choices, Colleague, DeskCard, LobbyCard, NextBreak, Range, VisitView, Why};
pub use shop::{
    CareView, DelayView, Doors, Duty, KeptShare, Quote, ServiceInfo, ShopHead, StaffInfo,
};
pub use stage::{Outcome, PromiseKind, Stage, WaitsFor};

use crate::VisitId;

/// A head, cards by visit, and the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board<C> {
    /// The shop.
    pub head: ShopHead,
    /// The visits.
    pub cards: BTreeMap<VisitId, C>,
    /// Every key of `cards`, once: at the desk in the order of the line, on the wall in the order in
    /// which people will likely start.
    pub order: Vec<VisitId>,
}

/// What turns one [`Board`] into the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardDiff<C> {
    /// The new head.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub head: Option<ShopHead>,
    /// New and changed cards.
    #[serde(default = "BTreeMap::new", skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<VisitId, C>,
    /// Cards that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<VisitId>,
    /// The new order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Vec<VisitId>>,
}

const fn none<T>() -> Option<T> {
    None
}

impl<C: Clone + PartialEq> Board<C> {
    /// What turns `self` into `next`; `None` when they are equal.
    #[must_use]
    pub fn diff(&self, next: &Self) -> Option<BoardDiff<C>> {
        let diff = BoardDiff {
            head: (self.head != next.head).then(|| next.head.clone()),
            set: next
                .cards
                .iter()
                .filter(|(id, card)| self.cards.get(id) != Some(card))
                .map(|(id, card)| (*id, card.clone()))
                .collect(),
            gone: self.cards.keys().filter(|id| !next.cards.contains_key(id)).copied().collect(),
            order: (self.order != next.order).then(|| next.order.clone()),
        };
        let unchanged = diff.head.is_none()
            && diff.set.is_empty()
            && diff.gone.is_empty()
            && diff.order.is_none();
        (!unchanged).then_some(diff)
    }

    /// Carries out a difference made by [`Board::diff`].
    pub fn apply(&mut self, diff: BoardDiff<C>) {
        if let Some(head) = diff.head {
            self.head = head;
        }
        for id in diff.gone {
            self.cards.remove(&id);
        }
        self.cards.extend(diff.set);
        if let Some(order) = diff.order {
            self.order = order;
        }
    }
}

/// What one audience is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// The screen on the wall, and whoever thinks of joining.
    Lobby(Board<LobbyCard>),
    /// The people who work there.
    Desk(Board<DeskCard>),
    /// One person's phone.
    Visit(Box<VisitView>),
}

/// What turns one [`View`] into the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewDiff {
    /// For the lobby.
    Lobby(BoardDiff<LobbyCard>),
    /// For the desk.
    Desk(BoardDiff<DeskCard>),
    /// A phone's slice is so small that it is sent whole.
    Visit(Box<VisitView>),
}

/// A difference was applied to a view of another audience. The receiver asks for a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudienceMismatch;

/// Something that is followed by its differences.
pub trait Followed {
    /// What turns one into the next.
    type Diff;

    /// Carries out a difference.
    fn apply(&mut self, diff: Self::Diff) -> Result<(), AudienceMismatch>;
}

impl Followed for View {
    type Diff = ViewDiff;

    fn apply(&mut self, diff: ViewDiff) -> Result<(), AudienceMismatch> {
        Self::apply(self, diff)
    }
}

/// What a phone alone is shown: a [`View`] or [`ViewDiff`] of which nothing else needs to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnView {
    /// One person's phone.
    Visit(Box<VisitView>),
}

impl Followed for OwnView {
    type Diff = Self;

    fn apply(&mut self, next: Self) -> Result<(), AudienceMismatch> {
        *self = next;
        Ok(())
    }
}

impl View {
    /// What turns `self` into `next`; `None` when they are equal or of different audiences.
    #[must_use]
    pub fn diff(&self, next: &Self) -> Option<ViewDiff> {
        match (self, next) {
            (Self::Lobby(a), Self::Lobby(b)) => a.diff(b).map(ViewDiff::Lobby),
            (Self::Desk(a), Self::Desk(b)) => a.diff(b).map(ViewDiff::Desk),
            (Self::Visit(a), Self::Visit(b)) => (a != b).then(|| ViewDiff::Visit(b.clone())),
            _ => None,
        }
    }

    /// Carries out a difference made by [`View::diff`].
    pub fn apply(&mut self, diff: ViewDiff) -> Result<(), AudienceMismatch> {
        match (self, diff) {
            (Self::Lobby(board), ViewDiff::Lobby(diff)) => board.apply(diff),
            (Self::Desk(board), ViewDiff::Desk(diff)) => board.apply(diff),
            (Self::Visit(view), ViewDiff::Visit(next)) => *view = next,
            _ => return Err(AudienceMismatch),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::screen::samples;

    fn head() -> impl Strategy<Value = ShopHead> {
        (0u32..3, proptest::option::of(0i64..3)).prop_map(|(of, by)| ShopHead {
            quotes: vec![samples::quote(1, by)],
            kept_week: Some(KeptShare { kept: 0, of }),
            ..samples::head()
        })
    }

    fn card() -> impl Strategy<Value = LobbyCard> {
        (0u32..3, any::<bool>()).prop_map(|(call_no, checked_in)| LobbyCard {
            checked_in,
            call_no,
            ..samples::lobby_card(Stage::Waiting)
        })
    }

    fn board() -> impl Strategy<Value = View> {
        (
            head(),
            proptest::collection::btree_map((1u32..9).prop_map(VisitId), card(), 0..6),
            any::<bool>(),
        )
            .prop_map(|(head, cards, reversed)| {
                let mut order: Vec<_> = cards.keys().copied().collect();
                if reversed {
                    order.reverse();
                }
                View::Lobby(Board { head, cards, order })
            })
    }

    proptest! {
        #[test]
        fn applying_the_difference_of_two_boards_gives_the_second(mut a in board(), b in board()) {
            match a.diff(&b) {
                None => prop_assert_eq!(&a, &b),
                Some(diff) => {
                    // Through JSON, as it travels.
                    let text = serde_json::to_string(&diff).expect("serialises");
                    let diff: ViewDiff = serde_json::from_str(&text).expect("reads back");
                    prop_assert_eq!(a.apply(diff), Ok(()));
                    prop_assert_eq!(&a, &b);
                }
            }
        }
    }

    #[test]
    fn a_difference_for_another_audience_is_refused() {
        let head = samples::head();
        let mut lobby =
            View::Lobby(Board { head: head.clone(), cards: BTreeMap::new(), order: vec![] });
        let diff = ViewDiff::Desk(BoardDiff {
            head: Some(head),
            set: BTreeMap::new(),
            gone: vec![],
            order: None,
        });
        assert_eq!(lobby.apply(diff), Err(AudienceMismatch));
    }
}
