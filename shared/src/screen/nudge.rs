//! A question about a tap that was perhaps forgotten: one at a time, seldom, and nobody has to answer.

use crate::time::MINUTE_MS;
use crate::view::{Board, DeskCard, Stage};
use crate::{Timestamp, VisitId};

/// A next question comes no sooner after one, in milliseconds of shop time.
pub const EVERY_MS: i64 = 10 * MINUTE_MS;

/// About whom something is asked, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Nudge {
    asked: Option<(VisitId, Timestamp)>,
}

impl Nudge {
    /// What is asked at `now`: the same as before while it is open, else the next one once
    /// [`EVERY_MS`] have passed.
    #[must_use]
    pub fn next(self, board: &Board<DeskCard>, now: Timestamp) -> Self {
        if self.asked.is_some_and(|(_, at)| now - at < EVERY_MS) {
            return self;
        }
        let mut open: Vec<_> = board.cards.iter().filter(|(_, card)| is_open(card)).collect();
        // Who was asked about last comes last; else the one that is over longest.
        let last = self.asked.map(|(visit, _)| visit);
        open.sort_by_key(|(id, card)| (Some(**id) == last, card.started_at, **id));
        match open.first() {
            Some((id, _)) => Self { asked: Some((**id, now)) },
            None => self,
        }
    }

    /// About whom, while it is a question.
    #[must_use]
    pub fn about(self, board: &Board<DeskCard>) -> Option<VisitId> {
        let (visit, _) = self.asked?;
        board.cards.get(&visit).is_some_and(is_open).then_some(visit)
    }
}

fn is_open(card: &DeskCard) -> bool {
    card.stage == Stage::Serving && card.overdue
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples;

    fn board(overdue: &[bool]) -> Board<DeskCard> {
        let card = |&overdue| DeskCard { overdue, ..samples::desk_card(Stage::Serving) };
        samples::board(samples::head(), overdue.iter().map(card).collect())
    }

    #[test]
    fn one_is_asked_at_a_time_and_the_next_ten_minutes_later() {
        let both = board(&[true, true]);
        let first = Nudge::default().next(&both, Timestamp(0));
        assert_eq!(first.about(&both), Some(VisitId(1)));
        let later = first.next(&both, Timestamp(EVERY_MS - 1));
        assert_eq!(later, first, "unanswered is fine");
        assert_eq!(first.next(&both, Timestamp(EVERY_MS)).about(&both), Some(VisitId(2)));
    }

    #[test]
    fn an_answer_is_followed_by_nothing_for_ten_minutes() {
        let (both, other) = (board(&[true, true]), board(&[false, true]));
        let asked = Nudge::default().next(&both, Timestamp(0)).next(&other, Timestamp(60_000));
        assert_eq!(asked.about(&other), None);
        assert_eq!(asked.next(&other, Timestamp(EVERY_MS)).about(&other), Some(VisitId(2)));
    }

    #[test]
    fn nothing_is_asked_while_nothing_takes_long() {
        let calm = board(&[false, false]);
        assert_eq!(Nudge::default().next(&calm, Timestamp(0)), Nudge::default());
    }
}
