//! Why a time is what it is, as the few facts a screen words in this order.

use crate::view::{Board, DeskCard, Range, VisitView};
use crate::{StaffId, Timestamp, VisitId};

/// A fact for staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// So many go before them; perhaps nobody.
    Ahead(u32),
    /// Nobody is on duty who can take them.
    Nobody,
    /// So many are on duty who can take them.
    OnDuty(u8),
    /// Whose chair is likely free first.
    Chair(StaffId),
    /// How long it likely takes.
    Takes(Range),
    /// Somebody who can take them has a break then.
    BreakAt(Timestamp),
    /// Somebody who can take them is on a break until then.
    BreakUntil(Timestamp),
    /// Everything takes longer than usual.
    Slower,
}

impl Fact {
    /// For tests of the page and for styles.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ahead(_) => "ahead",
            Self::Nobody => "nobody",
            Self::OnDuty(_) => "on-duty",
            Self::Chair(_) => "chair",
            Self::Takes(_) => "takes",
            Self::BreakAt(_) => "break-at",
            Self::BreakUntil(_) => "break-until",
            Self::Slower => "slower",
        }
    }
}

/// What the desk says of somebody in line; nothing of anybody else.
#[must_use]
pub fn of_desk(board: &Board<DeskCard>, visit: VisitId) -> Vec<Fact> {
    let Some((card, why)) = board.cards.get(&visit).and_then(|card| Some((card, card.why?))) else {
        return vec![];
    };
    let mut facts = vec![Fact::Ahead(why.ahead)];
    match why.on_duty {
        0 => facts.push(Fact::Nobody),
        // Whom they asked for is the only one.
        1 if card.requested.is_some() => {}
        n => facts.push(Fact::OnDuty(n)),
    }
    let first = why.first_done.and_then(|first| board.cards.get(&first)?.staff);
    facts.extend(first.map(Fact::Chair));
    facts.extend(why.takes.map(Fact::Takes));
    facts.extend(
        why.next_break.map(|b| if b.is_on { Fact::BreakUntil(b.at) } else { Fact::BreakAt(b.at) }),
    );
    facts.extend(why.slower.then_some(Fact::Slower));
    facts
}

/// What a phone says under "Why this time?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own<'a> {
    /// So many before them.
    Ahead(u32),
    /// So many before them with whom they asked for.
    AheadWith(u32, &'a str),
    /// Whom they asked for, while no number can be told.
    With(&'a str),
}

/// What the customer is told of their own time; `None` where there is nothing to tell.
#[must_use]
pub fn of_phone(visit: &VisitView) -> Option<Own<'_>> {
    visit.by?;
    match (visit.ahead.filter(|&n| n > 0), visit.requested.as_deref()) {
        (Some(n), Some(person)) => Some(Own::AheadWith(n, person)),
        (Some(n), None) => Some(Own::Ahead(n)),
        (None, Some(person)) => Some(Own::With(person)),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples;
    use crate::view::{NextBreak, Stage, Why};

    fn why() -> Why {
        Why {
            ahead: 2,
            first_done: Some(VisitId(1)),
            takes: Some(Range { low_min: 45, high_min: 70 }),
            next_break: Some(NextBreak { staff: StaffId(1), at: Timestamp(9), is_on: false }),
            on_duty: 1,
            slower: true,
        }
    }

    fn board(why: Option<Why>, requested: Option<u16>) -> Board<DeskCard> {
        let served = DeskCard { staff: Some(StaffId(1)), ..samples::desk_card(Stage::Serving) };
        let waits = DeskCard {
            why,
            requested: requested.map(StaffId),
            ..samples::desk_card(Stage::Waiting)
        };
        samples::board(samples::head(), vec![served, waits])
    }

    #[test]
    fn staff_are_told_what_stands_before_somebody_in_the_order_of_its_weight() {
        let expected = [
            Fact::Ahead(2),
            Fact::Chair(StaffId(1)),
            Fact::Takes(Range { low_min: 45, high_min: 70 }),
            Fact::BreakAt(Timestamp(9)),
            Fact::Slower,
        ];
        assert_eq!(of_desk(&board(Some(why()), Some(1)), VisitId(2)), expected);
        assert_eq!(of_desk(&board(None, None), VisitId(2)), []);
        assert_eq!(of_desk(&board(None, None), VisitId(7)), []);
    }

    #[test]
    fn how_many_are_on_duty_is_said_where_it_is_not_clear() {
        let said = |on_duty, requested| {
            let board = board(Some(Why { on_duty, ..why() }), requested);
            of_desk(&board, VisitId(2))[1]
        };
        assert_eq!(said(3, None), Fact::OnDuty(3));
        assert_eq!(said(1, None), Fact::OnDuty(1));
        assert_eq!(said(1, Some(1)), Fact::Chair(StaffId(1)));
        assert_eq!(said(0, Some(1)), Fact::Nobody);
    }

    #[test]
    fn a_chair_whose_card_is_gone_and_a_break_that_goes_on_are_said_right() {
        let mut board = board(
            Some(Why {
                next_break: why().next_break.map(|b| NextBreak { is_on: true, ..b }),
                ..why()
            }),
            None,
        );
        board.cards.remove(&VisitId(1));
        let names: Vec<_> = of_desk(&board, VisitId(2)).into_iter().map(Fact::as_str).collect();
        assert_eq!(names, ["ahead", "on-duty", "takes", "break-until", "slower"]);
    }

    #[test]
    fn a_phone_tells_a_number_only_with_a_time_and_while_there_is_one() {
        let view = |ahead, requested: Option<&str>| VisitView {
            ahead,
            requested: requested.map(str::to_owned),
            by: Some(Timestamp(1)),
            ..samples::visit()
        };
        assert_eq!(of_phone(&view(Some(2), Some("Maria"))), Some(Own::AheadWith(2, "Maria")));
        assert_eq!(of_phone(&view(Some(2), None)), Some(Own::Ahead(2)));
        assert_eq!(of_phone(&view(None, Some("Maria"))), Some(Own::With("Maria")));
        assert_eq!(of_phone(&view(Some(0), Some("Maria"))), Some(Own::With("Maria")));
        assert_eq!(of_phone(&view(Some(0), None)), None);
        assert_eq!(of_phone(&VisitView { by: None, ..view(Some(2), None) }), None);
    }

    #[test]
    fn what_says_nothing_takes_no_room_on_the_way() {
        let plain = Why {
            ahead: 0,
            first_done: None,
            takes: None,
            next_break: None,
            on_duty: 2,
            slower: false,
        };
        let text = serde_json::to_string(&plain).expect("serialises");
        assert_eq!(text, r#"{"on_duty":2}"#);
        assert_eq!(serde_json::from_str::<Why>(&text).expect("reads back"), plain);
        let card = serde_json::to_string(&samples::desk_card(Stage::Waiting)).expect("serialises");
        assert!(!card.contains("why"), "{card}");
        // All there is to say of one person.
        let full = serde_json::to_string(&why()).expect("serialises");
        assert!(full.len() < 160, "{} bytes: {full}", full.len());
        assert_eq!(serde_json::from_str::<Why>(&full).expect("reads back"), why());
    }
}
