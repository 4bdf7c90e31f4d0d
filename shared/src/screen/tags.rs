//! The few words beside a name that say why it stands where it stands.

use crate::view::{Board, DeskCard, LobbyCard, Stage, WaitsFor};
use crate::{StaffId, Timestamp, VisitId};

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// Has an appointment.
    Booked {
        /// When.
        at: Timestamp,
        /// They have said that they will come.
        confirmed: bool,
    },
    /// Asked for a person.
    With(StaffId),
    /// Has the right to go first.
    GoesFirst,
    /// Set aside.
    OnHold,
    /// Will be there by then.
    ComesBy(Timestamp),
    /// Belongs to others, of whom this is the first by name.
    Group(String),
    /// Waits for something else than a person.
    WaitsFor {
        /// What.
        what: WaitsFor,
        /// When it should be there.
        expected_at: Option<Timestamp>,
    },
    /// Asked whether they come earlier.
    Invited(Timestamp),
    /// Offered to a colleague.
    HandedTo(StaffId),
    /// Seen to by a person, where no chair says so.
    Owner(StaffId),
    /// Next news by then.
    NewsBy(Timestamp),
    /// Done by then.
    DoneBy(Timestamp),
    /// Asks something.
    Asks(String),
}

impl Tag {
    /// For tests of the page and for styles.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Booked { .. } => "booked",
            Self::With(_) => "with",
            Self::GoesFirst => "goes-first",
            Self::OnHold => "on-hold",
            Self::ComesBy(_) => "comes-by",
            Self::Group(_) => "group",
            Self::WaitsFor { .. } => "waits-for",
            Self::Invited(_) => "invited",
            Self::HandedTo(_) => "handed-to",
            Self::Owner(_) => "owner",
            Self::NewsBy(_) => "news-by",
            Self::DoneBy(_) => "done-by",
            Self::Asks(_) => "asks",
        }
    }
}

/// What the desk says beside a name.
#[must_use]
pub fn of_desk(board: &Board<DeskCard>, visit: VisitId) -> Vec<Tag> {
    let Some(card) = board.cards.get(&visit) else {
        return vec![];
    };
    let in_chair = matches!(card.stage, Stage::Called | Stage::Serving);
    let mut tags = Vec::new();
    tags.extend(card.booked_at.map(|at| Tag::Booked { at, confirmed: card.confirmed }));
    tags.extend(card.goes_first.then_some(Tag::GoesFirst));
    tags.extend(card.requested.filter(|_| !in_chair).map(Tag::With));
    tags.extend((card.stage == Stage::OnHold).then_some(Tag::OnHold));
    tags.extend(card.late_until.map(Tag::ComesBy));
    tags.extend(card.group.and_then(|first| group(board, visit, first)));
    tags.extend(card.waits_for.map(|what| Tag::WaitsFor { what, expected_at: card.expected_at }));
    tags.extend(card.invited.map(Tag::Invited));
    tags.extend(card.handed_to.map(Tag::HandedTo));
    let owner = card.owner.filter(|who| !in_chair && card.requested != Some(*who));
    tags.extend(owner.map(Tag::Owner));
    tags.extend(card.news_by.map(Tag::NewsBy));
    tags.extend(card.done_by.map(Tag::DoneBy));
    tags.extend(card.question.clone().map(Tag::Asks));
    tags
}

/// A group that has shrunk to one person is none any more.
fn group(board: &Board<DeskCard>, visit: VisitId, first: VisitId) -> Option<Tag> {
    let others = board.cards.iter().any(|(id, card)| *id != visit && card.group == Some(first));
    let name = board.cards.get(&first).map_or_else(|| first.code(), |card| card.name.clone());
    (others || first != visit).then_some(Tag::Group(name))
}

/// What the wall says beside a name: only why somebody may go before others.
#[must_use]
pub fn of_lobby(card: &LobbyCard) -> Vec<Tag> {
    let booked = card.booked_at.map(|at| Tag::Booked { at, confirmed: false });
    let first = card.goes_first.then_some(Tag::GoesFirst);
    booked.into_iter().chain(first).chain(card.requested.map(Tag::With)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples;

    fn names(tags: &[Tag]) -> Vec<&'static str> {
        tags.iter().map(Tag::as_str).collect()
    }

    #[test]
    fn somebody_plain_has_no_tags() {
        let board = samples::board(samples::head(), vec![samples::desk_card(Stage::Waiting)]);
        assert_eq!(of_desk(&board, VisitId(1)), []);
        assert_eq!(of_desk(&board, VisitId(9)), []);
        assert_eq!(of_lobby(&samples::lobby_card(Stage::Waiting)), []);
    }

    #[test]
    fn whoever_asked_for_somebody_is_not_said_to_be_seen_to_by_the_same_person_again() {
        let card = DeskCard {
            requested: Some(StaffId(1)),
            owner: Some(StaffId(1)),
            booked_at: Some(Timestamp(5)),
            ..samples::desk_card(Stage::Waiting)
        };
        let board = samples::board(samples::head(), vec![card]);
        assert_eq!(names(&of_desk(&board, VisitId(1))), ["booked", "with"]);
    }

    #[test]
    fn a_group_is_named_after_its_first() {
        let first = DeskCard { group: Some(VisitId(1)), ..samples::desk_card(Stage::Waiting) };
        let second = DeskCard { name: "Ben".into(), ..first.clone() };
        let board = samples::board(samples::head(), vec![first.clone(), second]);
        assert_eq!(of_desk(&board, VisitId(2)), [Tag::Group("Anna".into())]);
        assert_eq!(of_desk(&board, VisitId(1)), [Tag::Group("Anna".into())]);
        let alone = samples::board(samples::head(), vec![first]);
        assert_eq!(of_desk(&alone, VisitId(1)), []);
    }

    #[test]
    fn the_wall_says_why_and_nothing_else() {
        let card = LobbyCard {
            booked_at: Some(Timestamp(5)),
            requested: Some(StaffId(2)),
            ..samples::lobby_card(Stage::Waiting)
        };
        assert_eq!(names(&of_lobby(&card)), ["booked", "with"]);
        let card = LobbyCard { goes_first: true, ..samples::lobby_card(Stage::Waiting) };
        assert_eq!(names(&of_lobby(&card)), ["goes-first"]);
    }
}
