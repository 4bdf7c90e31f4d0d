//! Who stands where on the wall.

use crate::view::{Board, LobbyCard, Stage};
use crate::{Timestamp, VisitId};

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
    /// Whether there is nobody to show.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.now.is_empty()
            && self.serving.is_empty()
            && self.ready.is_empty()
            && self.next.is_empty()
    }

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

/// So long the wall says beside a time that it is an earlier one, in milliseconds.
pub const EARLIER_FOR_MS: u32 = 10_000;

/// Whether a time has become an earlier one: the only change of a time that the wall shows. A later
/// one the person knows already, and nobody else needs to see it happen.
#[must_use]
pub fn is_earlier(before: Option<Timestamp>, after: Option<Timestamp>) -> bool {
    matches!((before, after), (Some(before), Some(after)) if after < before)
}

/// How a label is set so that all of it can be read: the wider it is, the smaller; from "longer" on
/// in two lines. Nothing is cut off: half a name calls nobody.
#[must_use]
pub fn fit(label: &str) -> &'static str {
    match label.chars().map(tenths).sum::<u32>() {
        0..=82 => "short",
        83..=118 => "long",
        119..=145 => "wide",
        146..=220 => "longer",
        _ => "longest",
    }
}

/// How wide a letter is, in tenths of a usual one.
const fn tenths(c: char) -> u32 {
    match c {
        // Marks stand on the letter before them.
        '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' => 0,
        'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' | '·' | ' ' => 5,
        'f' | 'r' | 't' | '-' => 7,
        'm' | 'w' | 'M' | 'W' => 15,
        'A'..='Z' => 12,
        // Scripts whose letters fill a square, and pictures.
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f000}'..='\u{1faff}' => 17,
        _ => 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples;

    #[test]
    fn only_a_time_that_becomes_an_earlier_one_is_said_to() {
        let at = |ms| Some(Timestamp(ms));
        assert!(is_earlier(at(10), at(5)));
        for (before, after) in [(at(5), at(10)), (at(5), at(5)), (None, at(5)), (at(5), None)] {
            assert!(!is_earlier(before, after));
        }
    }

    #[test]
    fn the_wider_a_name_is_the_smaller_it_is_set() {
        for (label, expected) in [
            ("Li", "short"),
            ("Anna K.", "short"),
            ("A12", "short"),
            ("Eszter S.", "short"),
            ("Alexandrina", "long"),
            ("Kunigunde W.", "long"),
            ("Wilhelmina W.", "long"),
            ("Anna K. · A12", "long"),
            ("Maximilian-Alexander H.", "longer"),
            ("Bartholomew F.", "wide"),
            ("山田太郎", "short"),
            ("Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww", "longest"),
        ] {
            assert_eq!(fit(label), expected, "{label}");
        }
        assert_eq!(fit("Jose\u{301}"), fit("José"));
    }

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
