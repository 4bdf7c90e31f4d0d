//! Another place in line: one earlier, one later, or where a card was let go. Who came together is
//! moved together, so that a place is one of the whole group.

use super::desk::Sections;
use crate::view::{Board, DeskCard};
use crate::{Command, VisitId};

/// The line, with those who came together as one, each by who stands first.
fn parties(board: &Board<DeskCard>) -> Vec<(VisitId, Option<VisitId>)> {
    let mut parties: Vec<(VisitId, Option<VisitId>)> = Vec::new();
    for id in Sections::of(board).line {
        let group = board.cards.get(&id).and_then(|card| card.group);
        if group.is_none() || parties.iter().all(|(_, other)| *other != group) {
            parties.push((id, group));
        }
    }
    parties
}

fn place(
    board: &Board<DeskCard>,
    parties: &[(VisitId, Option<VisitId>)],
    visit: VisitId,
) -> Option<usize> {
    let group = board.cards.get(&visit).and_then(|card| card.group);
    parties.iter().position(|&(id, other)| id == visit || group.is_some() && other == group)
}

/// One place earlier; `None` for who is first, or not in line.
#[must_use]
pub fn earlier(board: &Board<DeskCard>, visit: VisitId) -> Option<Command> {
    let parties = parties(board);
    let at = place(board, &parties, visit)?.checked_sub(1)?;
    Some(Command::MoveBefore { visit, before: Some(parties[at].0) })
}

/// One place later; `None` for who is last, or not in line.
#[must_use]
pub fn later(board: &Board<DeskCard>, visit: VisitId) -> Option<Command> {
    let parties = parties(board);
    let at = place(board, &parties, visit)?;
    parties.get(at + 1)?;
    Some(Command::MoveBefore { visit, before: parties.get(at + 2).map(|(id, _)| *id) })
}

/// Where a card was let go: right before another, or at the end. `None` when that is where it stands.
#[must_use]
pub fn dropped(
    board: &Board<DeskCard>,
    visit: VisitId,
    before: Option<VisitId>,
) -> Option<Command> {
    let parties = parties(board);
    let from = place(board, &parties, visit)?;
    let to = match before {
        Some(other) => place(board, &parties, other)?,
        None => parties.len(),
    };
    if to == from || to == from + 1 {
        return None;
    }
    Some(Command::MoveBefore { visit, before: parties.get(to).map(|(id, _)| *id) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples;
    use crate::view::Stage;

    /// Four in line, of whom the second and third came together.
    fn board() -> Board<DeskCard> {
        let card = |group: Option<u32>| DeskCard {
            group: group.map(VisitId),
            ..samples::desk_card(Stage::Waiting)
        };
        samples::board(samples::head(), vec![card(None), card(Some(2)), card(Some(2)), card(None)])
    }

    fn moved(visit: u32, before: Option<u32>) -> Command {
        Command::MoveBefore { visit: VisitId(visit), before: before.map(VisitId) }
    }

    #[test]
    fn one_place_is_one_party() {
        let board = board();
        assert_eq!(earlier(&board, VisitId(1)), None);
        assert_eq!(earlier(&board, VisitId(4)), Some(moved(4, Some(2))), "past the whole group");
        assert_eq!(earlier(&board, VisitId(3)), Some(moved(3, Some(1))), "the group goes together");
        assert_eq!(later(&board, VisitId(1)), Some(moved(1, Some(4))));
        assert_eq!(later(&board, VisitId(2)), Some(moved(2, None)));
        assert_eq!(later(&board, VisitId(4)), None);
        assert_eq!(later(&board, VisitId(9)), None);
    }

    #[test]
    fn a_card_that_is_let_go_where_it_was_stays() {
        let board = board();
        assert_eq!(dropped(&board, VisitId(4), Some(VisitId(1))), Some(moved(4, Some(1))));
        assert_eq!(dropped(&board, VisitId(1), Some(VisitId(3))), None, "right before the group");
        assert_eq!(dropped(&board, VisitId(4), Some(VisitId(3))), Some(moved(4, Some(2))));
        assert_eq!(dropped(&board, VisitId(1), None), Some(moved(1, None)));
        for stays in [Some(VisitId(4)), None] {
            assert_eq!(dropped(&board, VisitId(4), stays), None, "{stays:?}");
        }
        assert_eq!(dropped(&board, VisitId(2), Some(VisitId(3))), None, "its own group");
    }
}
