//! What each screen is shown, and how one state of a screen becomes the next.
//!
//! A [`Board`] is a head, a keyed map of cards and an order list. [`View::diff`] and
//! [`View::apply`] stand side by side because they are one promise: `apply(diff(a, b))` turns `a`
//! into `b`, in the server, in tests and in the browser.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::command::{DelayReason, Scope};
use crate::{ServiceId, StaffId, Timestamp, VisitId};

/// Where a visit is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Has an appointment later.
    Booked,
    /// In line.
    Waiting,
    /// Asked to come to a chair.
    Called,
    /// In the chair; or their device is on the bench; or they are on the phone.
    Serving,
    /// Nobody can go on before something has come: a part, a yes, the end of a treatment's time.
    Pending,
    /// Set aside by staff; the place stays.
    OnHold,
    /// To be collected.
    Ready,
    /// Served.
    Done,
    /// Went away before the service.
    Left,
    /// Was called and did not come.
    NoShow,
}

impl Stage {
    /// Whether nothing more will happen to the visit.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Left | Self::NoShow)
    }
}

/// What a promise is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum PromiseKind {
    /// "In the chair by".
    #[default]
    Start,
    /// "Ready by".
    Ready,
    /// "We call you by".
    CallBack,
    /// "Next news by".
    News,
    /// "Done by", told when the service starts.
    Done,
}

impl PromiseKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Start, Self::Ready, Self::CallBack, Self::News, Self::Done];

    /// As it is written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Ready => "ready",
            Self::CallBack => "call_back",
            Self::News => "news",
            Self::Done => "done",
        }
    }
}

/// What a visit that is [`Stage::Pending`] waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// A treatment takes its time.
    Time,
    /// The customer's yes.
    Approval,
    /// A part.
    Part,
}

/// How a promise ended; the table of outcomes is in ARCHITECTURE.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Started, or called to a free chair, by the promised minute.
    Kept,
    /// The minute passed first.
    Broken,
    /// Left before the minute, unprompted: no score.
    LeftBefore,
    /// Did not come, or left, after a call made in time; or taken back within its minute: no score.
    Void,
    /// The person's own wish took its place: let one pass, running late, something else: no score.
    Released,
}

/// A service, as screens name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceInfo {
    /// Its id.
    pub id: ServiceId,
    /// Its name, in the shop's words.
    pub name: String,
    /// What is promised to who comes for it.
    #[serde(default)]
    pub promise: PromiseKind,
    /// How long the owner says it takes.
    #[serde(default)]
    pub minutes: u16,
}

/// What a person who serves does at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// Tapped in today, and there.
    On,
    /// On a break.
    Break {
        /// Until when.
        until: Timestamp,
    },
    /// Not there.
    Off {
        /// When they should come next, as far as anybody knows.
        expected_at: Option<Timestamp>,
    },
}

/// A person who serves, as screens name them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffInfo {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// Where they serve: "chair 2".
    pub place: String,
    /// Whether they tapped in today.
    pub on_duty: bool,
    /// Where they are.
    pub duty: Duty,
    /// Their shift began some time ago and nobody has seen them: they are in no forecast. Only the
    /// desk says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unseen: bool,
    /// What they do.
    pub services: Vec<ServiceId>,
}

/// What somebody who joins now would be promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// For which service.
    pub service: ServiceId,
    /// With whom; `None` is whoever is free first.
    pub staff: Option<StaffId>,
    /// The time. `None`: nobody on duty can keep one.
    pub by: Option<Timestamp>,
    /// Without a time: when somebody who does it should be there next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// How many more of these will likely be taken before closing, when it is few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<u8>,
}

/// Whether the shop takes people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doors {
    /// Yes; hours are not known, or end at the time given.
    Open {
        /// Closing time.
        until: Option<Timestamp>,
    },
    /// Open, but nobody new is taken today.
    Full {
        /// Closing time.
        until: Option<Timestamp>,
        /// The next opening.
        opens_at: Option<Timestamp>,
    },
    /// No.
    Closed {
        /// The next opening, if there is one within three weeks.
        opens_at: Option<Timestamp>,
    },
}

/// Something takes longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelayView {
    /// What it concerns.
    pub scope: Scope,
    /// Why.
    pub reason: DelayReason,
    /// How much longer, in milliseconds.
    pub ms: i64,
    /// Since when.
    pub since: Timestamp,
}

/// Promises of this week that were kept, of those that were kept or broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptShare {
    /// Kept.
    pub kept: u32,
    /// Kept or broken.
    pub of: u32,
}

/// What is shown of the shop itself, on every board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopHead {
    /// The name over the door.
    pub name: String,
    /// The shop's time zone (IANA), in which all clock times are read.
    pub zone: String,
    /// What it offers.
    pub services: Vec<ServiceInfo>,
    /// Who works here.
    pub staff: Vec<StaffInfo>,
    /// What a newcomer gets, per service and person.
    pub quotes: Vec<Quote>,
    /// When the quotes were computed.
    pub quoted_at: Timestamp,
    /// Whether the shop takes people.
    pub doors: Doors,
    /// While nobody is on duty: when somebody should be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staffed_at: Option<Timestamp>,
    /// Nobody has tapped for long although people are served: what is shown was last true then, and
    /// no new time is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent_since: Option<Timestamp>,
    /// What takes longer. Only the desk says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delays: Vec<DelayView>,
    /// This week's share, from 30 promises on.
    pub kept_week: Option<KeptShare>,
}

impl ShopHead {
    /// The time a newcomer gets, or `None` when none can be promised.
    #[must_use]
    pub fn quote(&self, service: ServiceId, staff: Option<StaffId>) -> Option<Timestamp> {
        self.quoted(service, staff)?.by
    }

    /// All that is known of what a newcomer gets.
    #[must_use]
    pub fn quoted(&self, service: ServiceId, staff: Option<StaffId>) -> Option<&Quote> {
        self.quotes.iter().find(|q| q.service == service && q.staff == staff)
    }

    /// What is promised to who comes for a service.
    #[must_use]
    pub fn promises(&self, service: ServiceId) -> PromiseKind {
        self.service(service).map(|s| s.promise).unwrap_or_default()
    }

    /// Whether anybody is on duty.
    #[must_use]
    pub fn is_staffed(&self) -> bool {
        self.staff.iter().any(|s| s.on_duty)
    }

    /// A person by id.
    #[must_use]
    pub fn person(&self, id: StaffId) -> Option<&StaffInfo> {
        self.staff.iter().find(|s| s.id == id)
    }

    /// A service by id.
    #[must_use]
    pub fn service(&self, id: ServiceId) -> Option<&ServiceInfo> {
        self.services.iter().find(|s| s.id == id)
    }
}

/// A visit as the lobby sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LobbyCard {
    /// First name and initial, or the code.
    pub label: String,
    /// Waiting, called or serving.
    pub stage: Stage,
    /// The promised time; `None` while none could be promised, and once the minute has passed.
    pub by: Option<Timestamp>,
    /// Whose chair they are called to or sit in.
    pub staff: Option<StaffId>,
    /// Whom they asked for.
    pub requested: Option<StaffId>,
    /// What the time is for.
    #[serde(default)]
    pub kind: PromiseKind,
    /// When their appointment is: why they may go before others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked_at: Option<Timestamp>,
    /// Whether they are in the shop; who is not is never called aloud.
    pub checked_in: bool,
    /// Grows with every call in the shop: a larger number than the screen has seen is a chime.
    pub call_no: u32,
}

/// A visit as the desk sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not exclude each other")]
pub struct DeskCard {
    /// How they want to be called, or the code.
    pub name: String,
    /// As on the wall.
    pub label: String,
    /// What they come for.
    pub service: ServiceId,
    /// What else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<ServiceId>,
    /// What is next or being done, where a service has several steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Whom they asked for.
    pub requested: Option<StaffId>,
    /// Where they are.
    pub stage: Stage,
    /// Whose chair they are called to or sit in.
    pub staff: Option<StaffId>,
    /// What they wait for, if not for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<WaitsFor>,
    /// When that should be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_at: Option<Timestamp>,
    /// Who else belongs to them: the first of the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<VisitId>,
    /// When their appointment is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked_at: Option<Timestamp>,
    /// They have said that they will come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirmed: bool,
    /// Whether they have the right to go first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub goes_first: bool,
    /// Until when they said they need to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_until: Option<Timestamp>,
    /// To whom they are being handed over, until that person accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_to: Option<StaffId>,
    /// Whose task it is to see to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<StaffId>,
    /// The service takes so long that the tap at its end was perhaps forgotten.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overdue: bool,
    /// What they ask, until it is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Until when the last tap on them can be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo_until: Option<Timestamp>,
    /// What the time is for.
    #[serde(default)]
    pub kind: PromiseKind,
    /// The promised time.
    pub by: Option<Timestamp>,
    /// The time of the next news, if it was promised beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub news_by: Option<Timestamp>,
    /// "Done by", told when the service started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_by: Option<Timestamp>,
    /// The time they will likely start at, to the minute. Only the desk sees it.
    pub likely_at: Option<Timestamp>,
    /// The chance, in per cent, that the promise breaks.
    pub risk_pct: Option<u8>,
    /// How the promise ended, if it did.
    pub outcome: Option<Outcome>,
    /// Whether they are in the shop.
    pub checked_in: bool,
    /// Called and not there: the next one goes first, then they are called again.
    pub missing: bool,
    /// When they joined.
    pub joined_at: Timestamp,
    /// When they were last called.
    pub called_at: Option<Timestamp>,
    /// When the service began.
    pub started_at: Option<Timestamp>,
    /// Their private link, for the QR code of the say-card.
    pub link: String,
}

/// One visit, as the person themselves sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitView {
    /// Which visit.
    pub visit: VisitId,
    /// The shop's short name, for links.
    pub shop: String,
    /// The name over the door.
    pub shop_name: String,
    /// The shop's time zone (IANA).
    pub zone: String,
    /// How they want to be called, or the code.
    pub name: String,
    /// The service's name.
    pub service: String,
    /// Whom they asked for.
    pub requested: Option<String>,
    /// Where they are.
    pub stage: Stage,
    /// What is next or being done, where a service has several steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// What they wait for, if not for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<WaitsFor>,
    /// With [`WaitsFor::Approval`]: by when they should say yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_at: Option<Timestamp>,
    /// When their appointment is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked_at: Option<Timestamp>,
    /// They have said that they will come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirmed: bool,
    /// What they asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// What they were answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// What the time is for.
    #[serde(default)]
    pub kind: PromiseKind,
    /// The promised time.
    pub by: Option<Timestamp>,
    /// The time of the next news, if it was promised beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub news_by: Option<Timestamp>,
    /// "Done by", told when the service started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_by: Option<Timestamp>,
    /// While no time could be promised: when somebody who can should be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_from: Option<Timestamp>,
    /// How many are called before them, while that number is known.
    pub ahead: Option<u32>,
    /// Who serves or calls them.
    pub staff: Option<String>,
    /// Where: "chair 2".
    pub place: Option<String>,
    /// Whether anybody is on duty.
    pub staffed: bool,
    /// Whether the shop takes people.
    pub doors: Doors,
    /// Whether they have said "I'm here".
    pub checked_in: bool,
    /// When they joined.
    pub joined_at: Timestamp,
    /// When they were last called.
    pub called_at: Option<Timestamp>,
    /// When the service began.
    pub started_at: Option<Timestamp>,
    /// When the visit was over.
    pub ended_at: Option<Timestamp>,
    /// How the promise ended, if it did.
    pub outcome: Option<Outcome>,
}

/// A head, cards by visit, and the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board<C> {
    /// The shop.
    pub head: ShopHead,
    /// The visits.
    pub cards: BTreeMap<VisitId, C>,
    /// Every key of `cards`, once: at the desk in the order of the line, on the wall in the order in
    /// which people will likely start.
    pub order: Vec<VisitId>,
}

/// What turns one [`Board`] into the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardDiff<C> {
    /// The new head.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub head: Option<ShopHead>,
    /// New and changed cards.
    #[serde(default = "BTreeMap::new", skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<VisitId, C>,
    /// Cards that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<VisitId>,
    /// The new order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Vec<VisitId>>,
}

const fn none<T>() -> Option<T> {
    None
}

impl<C: Clone + PartialEq> Board<C> {
    /// What turns `self` into `next`; `None` when they are equal.
    #[must_use]
    pub fn diff(&self, next: &Self) -> Option<BoardDiff<C>> {
        let diff = BoardDiff {
            head: (self.head != next.head).then(|| next.head.clone()),
            set: next
                .cards
                .iter()
                .filter(|(id, card)| self.cards.get(id) != Some(card))
                .map(|(id, card)| (*id, card.clone()))
                .collect(),
            gone: self.cards.keys().filter(|id| !next.cards.contains_key(id)).copied().collect(),
            order: (self.order != next.order).then(|| next.order.clone()),
        };
        let unchanged = diff.head.is_none()
            && diff.set.is_empty()
            && diff.gone.is_empty()
            && diff.order.is_none();
        (!unchanged).then_some(diff)
    }

    /// Carries out a difference made by [`Board::diff`].
    pub fn apply(&mut self, diff: BoardDiff<C>) {
        if let Some(head) = diff.head {
            self.head = head;
        }
        for id in diff.gone {
            self.cards.remove(&id);
        }
        self.cards.extend(diff.set);
        if let Some(order) = diff.order {
            self.order = order;
        }
    }
}

/// What one audience is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// The screen on the wall, and whoever thinks of joining.
    Lobby(Board<LobbyCard>),
    /// The people who work there.
    Desk(Board<DeskCard>),
    /// One person's phone.
    Visit(Box<VisitView>),
}

/// What turns one [`View`] into the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewDiff {
    /// For the lobby.
    Lobby(BoardDiff<LobbyCard>),
    /// For the desk.
    Desk(BoardDiff<DeskCard>),
    /// A phone's slice is so small that it is sent whole.
    Visit(Box<VisitView>),
}

/// A difference was applied to a view of another audience. The receiver asks for a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudienceMismatch;

impl View {
    /// What turns `self` into `next`; `None` when they are equal or of different audiences.
    #[must_use]
    pub fn diff(&self, next: &Self) -> Option<ViewDiff> {
        match (self, next) {
            (Self::Lobby(a), Self::Lobby(b)) => a.diff(b).map(ViewDiff::Lobby),
            (Self::Desk(a), Self::Desk(b)) => a.diff(b).map(ViewDiff::Desk),
            (Self::Visit(a), Self::Visit(b)) => (a != b).then(|| ViewDiff::Visit(b.clone())),
            _ => None,
        }
    }

    /// Carries out a difference made by [`View::diff`].
    pub fn apply(&mut self, diff: ViewDiff) -> Result<(), AudienceMismatch> {
        match (self, diff) {
            (Self::Lobby(board), ViewDiff::Lobby(diff)) => board.apply(diff),
            (Self::Desk(board), ViewDiff::Desk(diff)) => board.apply(diff),
            (Self::Visit(view), ViewDiff::Visit(next)) => *view = next,
            _ => return Err(AudienceMismatch),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::screen::samples;

    fn head() -> impl Strategy<Value = ShopHead> {
        (0u32..3, proptest::option::of(0i64..3)).prop_map(|(of, by)| ShopHead {
            quotes: vec![samples::quote(1, by)],
            kept_week: Some(KeptShare { kept: 0, of }),
            ..samples::head()
        })
    }

    fn card() -> impl Strategy<Value = LobbyCard> {
        (0u32..3, any::<bool>()).prop_map(|(call_no, checked_in)| LobbyCard {
            checked_in,
            call_no,
            ..samples::lobby_card(Stage::Waiting)
        })
    }

    fn board() -> impl Strategy<Value = View> {
        (
            head(),
            proptest::collection::btree_map((1u32..9).prop_map(VisitId), card(), 0..6),
            any::<bool>(),
        )
            .prop_map(|(head, cards, reversed)| {
                let mut order: Vec<_> = cards.keys().copied().collect();
                if reversed {
                    order.reverse();
                }
                View::Lobby(Board { head, cards, order })
            })
    }

    proptest! {
        #[test]
        fn applying_the_difference_of_two_boards_gives_the_second(mut a in board(), b in board()) {
            match a.diff(&b) {
                None => prop_assert_eq!(&a, &b),
                Some(diff) => {
                    // Through JSON, as it travels.
                    let text = serde_json::to_string(&diff).expect("serialises");
                    let diff: ViewDiff = serde_json::from_str(&text).expect("reads back");
                    prop_assert_eq!(a.apply(diff), Ok(()));
                    prop_assert_eq!(&a, &b);
                }
            }
        }
    }

    #[test]
    fn a_difference_for_another_audience_is_refused() {
        let head = samples::head();
        let mut lobby =
            View::Lobby(Board { head: head.clone(), cards: BTreeMap::new(), order: vec![] });
        let diff = ViewDiff::Desk(BoardDiff {
            head: Some(head),
            set: BTreeMap::new(),
            gone: vec![],
            order: None,
        });
        assert_eq!(lobby.apply(diff), Err(AudienceMismatch));
    }
}
