//! What the desk shows of each chair and of each person waiting.

use crate::view::{Board, DeskCard, Duty, Outcome, StaffInfo, Stage};
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

/// The visits that are at no chair, by where they stand on the left side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sections {
    /// In line, in the order of the line.
    pub line: Vec<VisitId>,
    /// Appointments, by their time.
    pub booked: Vec<VisitId>,
    /// Set aside.
    pub on_hold: Vec<VisitId>,
    /// Those that wait for a part, a yes or a treatment's time, what is expected soonest first.
    pub pending: Vec<VisitId>,
    /// To be collected.
    pub ready: Vec<VisitId>,
}

impl Sections {
    /// Sorts the visits of a board.
    #[must_use]
    pub fn of(board: &Board<DeskCard>) -> Self {
        let in_stage = |stage| -> Vec<VisitId> {
            let is_there = |id: &VisitId| board.cards.get(id).is_some_and(|c| c.stage == stage);
            board.order.iter().copied().filter(is_there).collect()
        };
        let mut booked = in_stage(Stage::Booked);
        booked.sort_by_key(|id| board.cards.get(id).and_then(|c| c.booked_at));
        let mut pending = in_stage(Stage::Pending);
        pending.sort_by_key(|id| {
            let at = board.cards.get(id).and_then(|c| c.expected_at);
            (at.is_none(), at)
        });
        Self {
            line: in_stage(Stage::Waiting),
            booked,
            on_hold: in_stage(Stage::OnHold),
            pending,
            ready: in_stage(Stage::Ready),
        }
    }
}

/// The visits that colleagues have offered to a person.
#[must_use]
pub fn offered_to(board: &Board<DeskCard>, staff: StaffId) -> Vec<VisitId> {
    let is_offered = |id: &VisitId| {
        board.cards.get(id).is_some_and(|c| c.handed_to == Some(staff) && !c.stage.is_over())
    };
    board.order.iter().copied().filter(is_offered).collect()
}

/// To whom a visit can be handed: everybody on duty who does what it is for, but not who has it.
#[must_use]
pub fn hand_over_to(board: &Board<DeskCard>, visit: VisitId) -> Vec<StaffId> {
    let Some(card) = board.cards.get(&visit) else {
        return vec![];
    };
    let has_it = card.staff.or(card.owner).or(card.requested);
    let can = |s: &&StaffInfo| s.on_duty && s.services.contains(&card.service);
    let staff = board.head.staff.iter().filter(can).map(|s| s.id);
    staff.filter(|id| has_it != Some(*id) && card.handed_to != Some(*id)).collect()
}

/// Whether somebody can be called to this person now: tapped in, and not on a break.
#[must_use]
pub fn is_serving(person: &StaffInfo) -> bool {
    person.on_duty && !matches!(person.duty, Duty::Break { .. })
}

/// The chairs a waiting person could be called to now: on duty and not on a break, offering the service, free. Whom
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
        .filter(|s| is_serving(s) && s.services.contains(&card.service))
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
        assert_eq!(Sections::of(&board).line, [VisitId(2)]);
    }

    #[test]
    fn whom_they_asked_for_is_the_only_choice_when_free() {
        let board = board(vec![card(Stage::Waiting, None, Some(2))]);
        assert_eq!(free_chairs(&board, VisitId(1)), [StaffId(2)]);
    }

    #[test]
    fn nobody_is_called_to_who_is_on_a_break() {
        let mut board = board(vec![card(Stage::Waiting, None, None)]);
        board.head.staff[0].duty = Duty::Break { until: Timestamp(1) };
        assert_eq!(free_chairs(&board, VisitId(1)), [StaffId(2)]);
    }

    #[test]
    fn who_is_at_no_chair_stands_in_one_section() {
        let later =
            |at| DeskCard { booked_at: Some(Timestamp(at)), ..card(Stage::Booked, None, None) };
        let part = |at: Option<i64>| DeskCard {
            expected_at: at.map(Timestamp),
            ..card(Stage::Pending, None, None)
        };
        let board = board(vec![
            later(9),
            card(Stage::Waiting, None, None),
            part(None),
            card(Stage::OnHold, None, None),
            later(3),
            card(Stage::Ready, None, None),
            card(Stage::Serving, Some(1), None),
            part(Some(4)),
        ]);
        let ids = |ids: &[u32]| ids.iter().copied().map(VisitId).collect::<Vec<_>>();
        let expected = Sections {
            line: ids(&[2]),
            booked: ids(&[5, 1]),
            on_hold: ids(&[4]),
            pending: ids(&[8, 3]),
            ready: ids(&[6]),
        };
        assert_eq!(Sections::of(&board), expected);
    }

    #[test]
    fn a_visit_is_handed_to_a_colleague_who_can_and_has_it_not() {
        let mut board = board(vec![card(Stage::Serving, Some(1), None)]);
        assert_eq!(hand_over_to(&board, VisitId(1)), [StaffId(2)]);
        board.cards.get_mut(&VisitId(1)).expect("is there").handed_to = Some(StaffId(2));
        assert_eq!(hand_over_to(&board, VisitId(1)), []);
        assert_eq!(offered_to(&board, StaffId(2)), [VisitId(1)]);
        assert_eq!(offered_to(&board, StaffId(1)), []);
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
