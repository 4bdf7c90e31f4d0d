//! What the wall says aloud, and when: each call twice at most, one after the other, and only who is
//! there to hear it. Making the sounds is the device's business, and so is telling when they end.

use crate::VisitId;
use crate::view::{Board, LobbyCard, Stage};

/// A call is said once more when nobody has come so long after it was said, in milliseconds.
pub const AGAIN_AFTER_MS: i64 = 20_000;

/// A call is said so often at most.
pub const MOST_SAYINGS: u8 = 2;

/// Speech of which no end was heard by then has ended: some voices never say that they do.
pub const ENDS_WITHIN_MS: i64 = 15_000;

/// Somebody who is to come to a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Who.
    pub visit: VisitId,
    /// Which call of the shop; one that is repeated has another number.
    pub call_no: u32,
    /// As on the wall: where people are called by code, that.
    pub label: String,
    /// Where to: "chair 2".
    pub place: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said {
    call: (VisitId, u32),
    times: u8,
    /// `None` while it is being said.
    ended_ms: Option<i64>,
    began_ms: i64,
}

/// Keeps what was said. Instants are the device's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Announcer {
    /// Calls up to this one are not said: they were made before anybody could hear it.
    past: Option<u32>,
    said: Vec<Said>,
    /// Since when something is being said.
    saying_since: Option<i64>,
}

impl Announcer {
    /// The board was seen while nothing can be heard: what is called there is not said later, when
    /// it would be news no longer.
    pub fn pass(&mut self, board: &Board<LobbyCard>) {
        let latest = board.cards.values().map(|card| card.call_no).max();
        self.past = self.past.max(latest).or(Some(0));
    }

    /// What to begin to say now, if anything. Whoever begins to say it tells by
    /// [`Announcer::ended`] when that is over; until then there is nothing else to say.
    pub fn next(&mut self, board: &Board<LobbyCard>, local_ms: i64) -> Option<Call> {
        let Some(past) = self.past else {
            self.pass(board);
            return None;
        };
        let calls = calls(board);
        self.said.retain(|said| calls.iter().any(|c| (c.visit, c.call_no) == said.call));
        if self.is_saying(local_ms) {
            return None;
        }
        let new = |call: &&Call| call.call_no > past && self.of(call).is_none();
        let again = |call: &&Call| {
            self.of(call).is_some_and(|said| {
                let since = said.ended_ms.unwrap_or(said.began_ms + ENDS_WITHIN_MS);
                // A clock that was set back by much counts as time gone by.
                said.times < MOST_SAYINGS && !(-1_000..AGAIN_AFTER_MS).contains(&(local_ms - since))
            })
        };
        let call = calls.iter().find(new).or_else(|| calls.iter().find(again))?.clone();
        self.begin((call.visit, call.call_no), local_ms);
        Some(call)
    }

    /// Something else than a call is being said.
    pub fn busy(&mut self, local_ms: i64) {
        self.saying_since = Some(local_ms);
    }

    /// What was begun is over.
    pub fn ended(&mut self, local_ms: i64) {
        self.saying_since = None;
        for said in &mut self.said {
            said.ended_ms.get_or_insert(local_ms);
        }
    }

    /// Whether something is being said.
    #[must_use]
    pub fn is_saying(&self, local_ms: i64) -> bool {
        // A clock that was set back must not keep the wall silent.
        self.saying_since.is_some_and(|since| (0..ENDS_WITHIN_MS).contains(&(local_ms - since)))
    }

    fn of(&self, call: &Call) -> Option<&Said> {
        self.said.iter().find(|said| said.call == (call.visit, call.call_no))
    }

    fn begin(&mut self, call: (VisitId, u32), local_ms: i64) {
        // One whose end was never heard is over.
        self.ended(local_ms);
        self.saying_since = Some(local_ms);
        match self.said.iter_mut().find(|said| said.call == call) {
            Some(said) => {
                said.times += 1;
                (said.began_ms, said.ended_ms) = (local_ms, None);
            }
            None => {
                self.said.push(Said { call, times: 1, ended_ms: None, began_ms: local_ms });
            }
        }
    }
}

/// Who is to be called aloud: those who are called and have checked in, the first call first.
#[must_use]
pub fn calls(board: &Board<LobbyCard>) -> Vec<Call> {
    let mut calls: Vec<_> = board
        .cards
        .iter()
        .filter(|(_, card)| card.stage == Stage::Called && card.checked_in)
        .filter_map(|(visit, card)| {
            let place = board.head.person(card.staff?)?.place.clone();
            let label = card.label.clone();
            Some(Call { visit: *visit, call_no: card.call_no, label, place })
        })
        .collect();
    calls.sort_by_key(|call| call.call_no);
    calls
}

/// A label as a voice reads it well: without the stop after the initial, at which it would pause,
/// with the letter of a code apart from its number, and without the signs by which some voices are
/// told how to speak (SSML).
#[must_use]
pub fn spoken(label: &str) -> String {
    let plain = label.replace(['<', '>', '&'], " ");
    let words = plain.split_whitespace().map(|word| {
        let word = word.trim_end_matches('.');
        match word.split_at_checked(1) {
            Some((letter, number))
                if letter.bytes().all(|b| b.is_ascii_uppercase())
                    && !number.is_empty()
                    && number.bytes().all(|b| b.is_ascii_digit()) =>
            {
                format!("{letter} {number}")
            }
            _ if word == "·" => ",".to_owned(),
            _ => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ").replace(" ,", ",")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::StaffId;
    use crate::screen::samples;

    /// People who are called to chair 1: visit, number of the call, whether they are there.
    fn board(called: &[(u32, u32, bool)]) -> Board<LobbyCard> {
        let cards = called.iter().map(|(visit, call_no, checked_in)| {
            let card = LobbyCard {
                label: format!("P{visit}"),
                staff: Some(StaffId(1)),
                call_no: *call_no,
                checked_in: *checked_in,
                ..samples::lobby_card(Stage::Called)
            };
            (VisitId(*visit), card)
        });
        let cards: BTreeMap<_, _> = cards.collect();
        let mut head = samples::head();
        head.staff = vec![samples::person(1, true, &[1])];
        Board { head, order: cards.keys().copied().collect(), cards }
    }

    /// An announcer that was switched on before anybody was called.
    fn listening() -> Announcer {
        let mut announcer = Announcer::default();
        assert_eq!(announcer.next(&board(&[]), 0), None);
        announcer
    }

    fn said(announcer: &mut Announcer, board: &Board<LobbyCard>, at: i64) -> Option<u32> {
        announcer.next(board, at).map(|call| call.visit.0)
    }

    #[test]
    fn a_call_is_said_twice_at_most_the_second_time_when_nobody_has_come() {
        let (mut announcer, called) = (listening(), board(&[(1, 1, true)]));
        let mut sayings = Vec::new();
        for second in 0..600 {
            let at = second * 1_000;
            if sayings.last() == Some(&(second - 3)) {
                announcer.ended(at);
            }
            if said(&mut announcer, &called, at).is_some() {
                sayings.push(second);
            }
        }
        assert_eq!(sayings, [0, 23]);
        // Called again, it is a new call.
        let again = board(&[(1, 2, true)]);
        assert_eq!(said(&mut announcer, &again, 700_000), Some(1));
    }

    #[test]
    fn calls_are_said_one_after_the_other_in_their_order() {
        let (mut announcer, called) =
            (listening(), board(&[(1, 3, true), (2, 1, true), (3, 2, true)]));
        assert_eq!(said(&mut announcer, &called, 0), Some(2));
        for at in [0, 500, 4_000] {
            assert_eq!(said(&mut announcer, &called, at), None, "the first one is being said");
        }
        announcer.ended(4_000);
        assert_eq!(said(&mut announcer, &called, 4_000), Some(3));
        announcer.ended(8_000);
        assert_eq!(said(&mut announcer, &called, 8_000), Some(1));
        announcer.ended(12_000);
        assert_eq!(said(&mut announcer, &called, 12_000), None);
    }

    #[test]
    fn a_call_waits_until_what_else_is_said_is_over() {
        let (mut announcer, called) = (listening(), board(&[(1, 1, true)]));
        announcer.busy(0);
        assert_eq!(said(&mut announcer, &called, 1_000), None);
        announcer.ended(2_000);
        assert_eq!(said(&mut announcer, &called, 2_000), Some(1));
        assert_eq!(said(&mut announcer, &board(&[]), 2_500), None);
        let other = board(&[(2, 2, true)]);
        assert_eq!(said(&mut announcer, &other, 3_000), None, "who sat down is said to the end");
    }

    #[test]
    fn who_is_not_there_is_not_called_aloud_until_they_are() {
        let mut announcer = listening();
        for at in [0, 30_000, 60_000] {
            assert_eq!(said(&mut announcer, &board(&[(1, 1, false)]), at), None);
        }
        assert_eq!(said(&mut announcer, &board(&[(1, 1, true)]), 61_000), Some(1));
    }

    #[test]
    fn who_sits_already_when_their_turn_to_be_said_comes_is_not_said() {
        let mut announcer = listening();
        assert_eq!(said(&mut announcer, &board(&[(1, 1, true), (2, 2, true)]), 0), Some(1));
        announcer.ended(4_000);
        assert_eq!(said(&mut announcer, &board(&[(1, 1, true)]), 4_000), None);
    }

    #[test]
    fn what_was_called_while_nothing_could_be_heard_is_not_said_later() {
        let mut announcer = Announcer::default();
        assert_eq!(said(&mut announcer, &board(&[(1, 4, true)]), 0), None, "before it was on");
        announcer.pass(&board(&[(1, 4, true), (2, 5, true)]));
        let later = board(&[(1, 4, true), (2, 5, true), (3, 6, true)]);
        assert_eq!(said(&mut announcer, &later, 1_000), Some(3));
    }

    #[test]
    fn speech_that_never_ends_keeps_nobody_else_from_being_called() {
        let (mut announcer, called) = (listening(), board(&[(1, 1, true), (2, 2, true)]));
        assert_eq!(said(&mut announcer, &called, 0), Some(1));
        assert_eq!(said(&mut announcer, &called, ENDS_WITHIN_MS - 1), None);
        assert_eq!(said(&mut announcer, &called, ENDS_WITHIN_MS), Some(2));
        announcer.ended(ENDS_WITHIN_MS + 3_000);
        let mut sayings = 0;
        for second in 20..600 {
            if said(&mut announcer, &called, second * 1_000).is_some() {
                sayings += 1;
            }
        }
        assert_eq!(sayings, 2, "each of them once more");
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_keep_the_wall_silent() {
        let (mut announcer, called) = (listening(), board(&[(1, 1, true), (2, 2, true)]));
        assert_eq!(said(&mut announcer, &called, 1_000_000), Some(1));
        assert_eq!(said(&mut announcer, &called, 5_000), Some(2));
    }

    #[test]
    fn a_label_is_written_so_that_a_voice_reads_it_well() {
        for (label, expected) in [
            ("Anna K.", "Anna K"),
            ("A12", "A 12"),
            ("Anna K. · A12", "Anna K, A 12"),
            ("Ana Ñ.", "Ana Ñ"),
            ("Ágnes", "Ágnes"),
        ] {
            assert_eq!(spoken(label), expected);
        }
    }
}
