//! The board as it will be when the taps that wait for the link have been taken: what staff go on
//! from. What is shown so is marked; the shop has the last word, and its next board replaces this.

use super::desk::Chair;
use super::outbox::Pending;
use crate::Command;
use crate::view::{Board, DeskCard, Stage};

/// Carries starts and finishes into a board, in the order they were tapped.
pub fn take_in(board: &mut Board<DeskCard>, taps: &[Pending]) {
    for tap in taps {
        match tap.command {
            Command::Start { visit, staff } => {
                let others = Chair::of(board, staff);
                if others.serving.is_some() {
                    continue;
                }
                if let Some(other) = others.called.filter(|other| *other != visit)
                    && let Some(card) = board.cards.get_mut(&other)
                {
                    card.stage = Stage::Waiting;
                    card.staff = None;
                }
                if let Some(card) = board.cards.get_mut(&visit) {
                    card.stage = Stage::Serving;
                    card.staff = Some(staff);
                    card.started_at = tap.tapped_at;
                    card.missing = false;
                    card.undo_until = None;
                }
            }
            Command::Finish { visit } => {
                if let Some(card) = board.cards.get_mut(&visit)
                    && matches!(card.stage, Stage::Serving | Stage::Ready)
                {
                    card.stage = Stage::Done;
                    card.undo_until = None;
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::desk::{Sections, free_chairs};
    use crate::screen::samples;
    use crate::view::ShopHead;
    use crate::{CommandId, StaffId, Timestamp, VisitId};

    fn board() -> Board<DeskCard> {
        let staff = vec![samples::person(1, true, &[1]), samples::person(2, true, &[1])];
        let card = |stage, staff: Option<u16>| DeskCard {
            staff: staff.map(StaffId),
            ..samples::desk_card(stage)
        };
        let cards = vec![
            card(Stage::Serving, Some(1)),
            card(Stage::Called, Some(2)),
            card(Stage::Waiting, None),
        ];
        samples::board(ShopHead { staff, ..samples::head() }, cards)
    }

    fn tap(command: Command) -> Pending {
        Pending {
            id: CommandId::new("tap-0001").expect("an id"),
            command,
            by: None,
            tapped_local_ms: 5,
            tapped_at: Some(Timestamp(9)),
            kept: true,
        }
    }

    const FINISH: Command = Command::Finish { visit: VisitId(1) };

    #[test]
    fn a_finish_frees_the_chair_for_a_start() {
        let mut board = board();
        take_in(&mut board, &[tap(FINISH)]);
        assert_eq!(free_chairs(&board, VisitId(3)), [StaffId(1)]);
        let start = Command::Start { visit: VisitId(3), staff: StaffId(1) };
        take_in(&mut board, &[tap(start), tap(Command::Finish { visit: VisitId(3) })]);
        assert_eq!(Chair::of(&board, StaffId(1)), Chair::default());
        assert_eq!(board.cards[&VisitId(3)].started_at, Some(Timestamp(9)));
        assert!(Sections::of(&board).line.is_empty());
    }

    #[test]
    fn who_was_called_goes_back_in_line_for_another() {
        let mut board = board();
        take_in(&mut board, &[tap(Command::Start { visit: VisitId(3), staff: StaffId(2) })]);
        assert_eq!(Chair::of(&board, StaffId(2)).serving, Some(VisitId(3)));
        assert_eq!(Sections::of(&board).line, [VisitId(2)]);
    }

    #[test]
    fn nobody_is_put_where_somebody_sits_and_other_taps_change_nothing() {
        let mut board = board();
        let before = board.clone();
        let start = Command::Start { visit: VisitId(3), staff: StaffId(1) };
        let unknown = Command::Finish { visit: VisitId(99) };
        take_in(&mut board, &[tap(start), tap(unknown), tap(Command::CloseLine)]);
        assert_eq!(board, before);
    }
}
