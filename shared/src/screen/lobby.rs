//! Who stands where on the wall.

use crate::VisitId;
use crate::view::{Board, LobbyCard, Stage};

/// Most calls shown at a time.
pub const MOST_NOW: usize = 3;

/// Most rows of those who come next.
pub const MOST_NEXT: usize = 4;

/// The visits of each part of the wall.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rows {
    /// Called, the latest call first, with its number: a call that is repeated is a new row.
    pub now: Vec<(VisitId, u32)>,
    /// In the chairs.
    pub serving: Vec<VisitId>,
    /// To be collected.
    pub ready: Vec<VisitId>,
    /// The next few, in the order of the line.
    pub next: Vec<VisitId>,
    /// How many more wait.
    pub more: usize,
}

impl Rows {
    /// Chooses what fits on the wall. Calls beyond [`MOST_NOW`] come first among the next.
    #[must_use]
    pub fn of(board: &Board<LobbyCard>) -> Self {
        let in_stage = |stage| {
            board
                .order
                .iter()
                .copied()
                .filter_map(move |id| board.cards.get(&id).map(|card| (id, card)))
                .filter(move |(_, card)| card.stage == stage)
        };
        let mut called: Vec<_> =
            in_stage(Stage::Called).map(|(id, card)| (id, card.call_no)).collect();
        called.sort_by_key(|(_, call_no)| std::cmp::Reverse(*call_no));
        let older = called.split_off(called.len().min(MOST_NOW));
        let mut next: Vec<_> = older
            .into_iter()
            .map(|(id, _)| id)
            .chain(in_stage(Stage::Waiting).map(|(id, _)| id))
            .collect();
        let more = next.len().saturating_sub(MOST_NEXT);
        next.truncate(MOST_NEXT);
        let serving = in_stage(Stage::Serving).map(|(id, _)| id).collect();
        let ready = in_stage(Stage::Ready).map(|(id, _)| id).collect();
        Self { now: called, serving, ready, next, more }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples;

    fn board(stages: &[(Stage, u32)]) -> Board<LobbyCard> {
        let cards = (1..).map(VisitId).zip(stages).map(|(id, (stage, call_no))| {
            let card =
                LobbyCard { label: id.code(), call_no: *call_no, ..samples::lobby_card(*stage) };
            (id, card)
        });
        let cards: std::collections::BTreeMap<_, _> = cards.collect();
        Board { head: samples::head(), order: cards.keys().copied().collect(), cards }
    }

    #[test]
    fn the_latest_call_stands_first_and_the_rest_are_counted() {
        use Stage::{Booked, Called, OnHold, Pending, Ready, Serving, Waiting};
        let rows = Rows::of(&board(&[
            (Serving, 1),
            (Called, 2),
            (Called, 3),
            (Waiting, 0),
            (Waiting, 0),
            (Waiting, 0),
            (Waiting, 0),
            (Waiting, 0),
            (Booked, 0),
            (OnHold, 0),
            (Pending, 0),
            (Ready, 0),
        ]));
        assert_eq!(rows.now, [(VisitId(3), 3), (VisitId(2), 2)]);
        assert_eq!(rows.serving, [VisitId(1)]);
        assert_eq!(rows.next, [4, 5, 6, 7].map(VisitId));
        assert_eq!(rows.more, 1);
        assert_eq!(rows.ready, [VisitId(12)]);
    }

    #[test]
    fn nobody_called_is_lost_when_there_are_more_calls_than_places() {
        let rows = Rows::of(&board(&[(Stage::Called, 1); 5]));
        assert_eq!(rows.now.len(), MOST_NOW);
        assert_eq!(rows.now.len() + rows.next.len() + rows.more, 5);
    }
}
