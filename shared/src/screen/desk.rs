//! What the desk shows of each chair and of each person waiting.

use crate::view::{Board, DeskCard, Outcome, Stage};
use crate::{StaffId, VisitId};

/// From this chance on, in per cent, a promise is called tight.
pub const TIGHT_PCT: u8 = 20;

/// From this chance on, in per cent, a promise is called at risk.
pub const HIGH_PCT: u8 = 50;

/// How a promise stands, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Risk {
    /// Likely kept.
    Safe,
    /// From [`TIGHT_PCT`] on.
    Tight,
    /// From [`HIGH_PCT`] on.
    High,
    /// The minute has passed.
    Passed,
}

impl Risk {
    /// How the promise on a card stands; `None` without a promise or a forecast.
    #[must_use]
    pub fn of(card: &DeskCard) -> Option<Self> {
        if card.outcome == Some(Outcome::Broken) {
            return Some(Self::Passed);
        }
        card.by?;
        card.risk_pct.map(|pct| match pct {
            HIGH_PCT.. => Self::High,
            TIGHT_PCT.. => Self::Tight,
            _ => Self::Safe,
        })
    }
}

/// Who is in a chair and who is on the way to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Chair {
    /// In the chair.
    pub serving: Option<VisitId>,
    /// On the way.
    pub called: Option<VisitId>,
}

impl Chair {
    /// The chair of a person.
    #[must_use]
    pub fn of(board: &Board<DeskCard>, staff: StaffId) -> Self {
        let find = |stage| {
            board.order.iter().copied().find(|id| {
                board.cards.get(id).is_some_and(|c| c.stage == stage && c.staff == Some(staff))
            })
        };
        Self { serving: find(Stage::Serving), called: find(Stage::Called) }
    }

    /// Whom the person who taps "next" sees there.
    #[must_use]
    pub fn seen(self) -> Option<VisitId> {
        self.called.or(self.serving)
    }
}

/// The visits that wait, in the order of the line.
#[must_use]
pub fn waiting(board: &Board<DeskCard>) -> Vec<VisitId> {
    let waits = |id: &VisitId| board.cards.get(id).is_some_and(|c| c.stage == Stage::Waiting);
    board.order.iter().copied().filter(waits).collect()
}

/// The chairs a waiting person could be called to now: on duty, offering the service, free. Whom
/// they asked for stands alone, if that chair is free.
#[must_use]
pub fn free_chairs(board: &Board<DeskCard>, visit: VisitId) -> Vec<StaffId> {
    let Some(card) = board.cards.get(&visit) else {
        return vec![];
    };
    let mut free: Vec<_> = board
        .head
        .staff
        .iter()
        .filter(|s| s.on_duty && s.services.contains(&card.service))
        .filter(|s| Chair::of(board, s.id) == Chair::default())
        .map(|s| s.id)
        .collect();
    if let Some(wanted) = card.requested.filter(|wanted| free.contains(wanted)) {
        free.retain(|id| *id == wanted);
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::screen::samples;
    use crate::view::ShopHead;

    fn card(stage: Stage, staff: Option<u16>, requested: Option<u16>) -> DeskCard {
        DeskCard {
            staff: staff.map(StaffId),
            requested: requested.map(StaffId),
            by: Some(Timestamp(0)),
            ..samples::desk_card(stage)
        }
    }

    fn board(cards: Vec<DeskCard>) -> Board<DeskCard> {
        let staff = vec![
            samples::person(1, true, &[1, 2]),
            samples::person(2, true, &[1]),
            samples::person(3, true, &[2]),
            samples::person(4, false, &[1]),
        ];
        samples::board(ShopHead { staff, ..samples::head() }, cards)
    }

    #[test]
    fn a_call_goes_to_a_free_chair_that_offers_the_service() {
        let board = board(vec![card(Stage::Waiting, None, None)]);
        assert_eq!(free_chairs(&board, VisitId(1)), [StaffId(1), StaffId(2)]);
    }

    #[test]
    fn a_chair_somebody_was_called_to_is_not_free() {
        let board =
            board(vec![card(Stage::Called, Some(1), None), card(Stage::Waiting, None, None)]);
        assert_eq!(free_chairs(&board, VisitId(2)), [StaffId(2)]);
        assert_eq!(Chair::of(&board, StaffId(1)).seen(), Some(VisitId(1)));
        assert_eq!(waiting(&board), [VisitId(2)]);
    }

    #[test]
    fn whom_they_asked_for_is_the_only_choice_when_free() {
        let board = board(vec![card(Stage::Waiting, None, Some(2))]);
        assert_eq!(free_chairs(&board, VisitId(1)), [StaffId(2)]);
    }

    #[test]
    fn risk_is_a_word_only_where_there_is_a_promise() {
        let mut one = card(Stage::Waiting, None, None);
        assert_eq!(Risk::of(&one), None);
        one.risk_pct = Some(20);
        assert_eq!(Risk::of(&one), Some(Risk::Tight));
        one.risk_pct = Some(50);
        assert_eq!(Risk::of(&one), Some(Risk::High));
        one.outcome = Some(Outcome::Broken);
        assert_eq!(Risk::of(&one), Some(Risk::Passed));
    }
}
