//! Business answers: why the shop does not do what it was asked to.

use sooner_shared::{Problem, ProblemCode, Timestamp};
use thiserror::Error;

/// A closed list of refusals, each a fact about the shop. None of them changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Rejection {
    /// No such visit, or one that was over long ago.
    #[error("no such visit")]
    UnknownVisit,
    /// The shop does not offer that service.
    #[error("no such service")]
    UnknownService,
    /// Nobody of that id works here.
    #[error("no such person")]
    UnknownStaff,
    /// That person is not on duty.
    #[error("not on duty")]
    NotOnDuty,
    /// That person is on duty already.
    #[error("on duty already")]
    AlreadyOnDuty,
    /// That person does not do that service.
    #[error("does not offer that service")]
    CannotServe,
    /// Somebody is being served in that chair.
    #[error("somebody is being served in this chair")]
    AlreadyServing,
    /// The visit's service has begun.
    #[error("the service has begun")]
    AlreadyStarted,
    /// The visit's service has not begun.
    #[error("the service has not begun")]
    NotStarted,
    /// The visit was not called.
    #[error("not called")]
    NotCalled,
    /// The person has checked in already.
    #[error("checked in already")]
    AlreadyCheckedIn,
    /// The visit is over.
    #[error("the visit is over")]
    VisitOver,
    /// Nobody waits whom that person could call.
    #[error("nobody is waiting")]
    NobodyWaiting,
    /// Another tap on that chair came first.
    #[error("somebody else changed this chair")]
    ChairChanged,
    /// The place is kept until then.
    #[error("the place is kept")]
    PlaceIsSafe {
        /// Until when.
        until: Timestamp,
    },
    /// The shown time no longer holds.
    #[error("the shown time no longer holds")]
    QuoteChanged {
        /// The new one, if one can be promised.
        by: Option<Timestamp>,
    },
    /// Times of others would be moved too, beyond those that were accepted.
    #[error("would move more times than were accepted")]
    PriceChanged,
    /// The line is at its bound.
    #[error("the line is full")]
    ShopFull,
    /// The shop is closed.
    #[error("the shop is closed")]
    Closed {
        /// The next opening, if one is known.
        until: Option<Timestamp>,
    },
    /// Joining from elsewhere opens with the doors.
    #[error("joining from elsewhere opens with the doors")]
    NotOpenYet {
        /// The next opening, if one is known.
        until: Option<Timestamp>,
    },
    /// Nobody new can be taken before closing.
    #[error("nobody new can be taken before closing")]
    FullToday {
        /// The next opening, if one is known.
        until: Option<Timestamp>,
    },
    /// Only who is in the shop joins.
    #[error("only who is in the shop joins")]
    RemoteOff,
    /// Too many services in a visit, or people in a group.
    #[error("too many at once")]
    TooMany,
    /// Nobody is free for an appointment then.
    #[error("nobody is free then")]
    NotFree,
    /// Only an appointment can be confirmed.
    #[error("no appointment")]
    NoAppointment,
    /// They have the right to go first already.
    #[error("has the right to go first already")]
    AlreadyFirst,
    /// The visit is not on hold.
    #[error("not on hold")]
    NotOnHold,
    /// The visit waits for nothing.
    #[error("waits for nothing")]
    NotPending,
    /// The visit waits for something else.
    #[error("waits for something else")]
    WaitsForOther,
    /// The visit is not in line.
    #[error("not in line")]
    NotWaiting,
    /// It cannot be done at this point of the visit.
    #[error("not at this point of the visit")]
    NotNow,
    /// Nobody has offered the visit to a colleague.
    #[error("not being handed over")]
    NotHandedOver,
    /// The visit is with that person already.
    #[error("with that person already")]
    AlreadyTheirs,
    /// There is no question to answer.
    #[error("nothing was asked")]
    NothingAsked,
    /// The last tap was too long ago, or something came after it.
    #[error("nothing that can be taken back")]
    NothingToUndo,
    /// That person is not on a break.
    #[error("not on a break")]
    NotOnBreak,
    /// That person is on a break.
    #[error("on a break")]
    OnBreak,
    /// No such delay was reported.
    #[error("no such delay")]
    NoDelay,
    /// Nobody new is taken.
    #[error("nobody new is taken")]
    LineClosed,
    /// The line is open.
    #[error("the line is open")]
    LineOpen,
    /// The next news has a time already.
    #[error("news have a time already")]
    NewsPromised,
    /// The time is past, too far away, or too long.
    #[error("a time that makes no sense")]
    BadTime,
}

impl Rejection {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> ProblemCode {
        match self {
            Self::UnknownVisit => ProblemCode::UnknownVisit,
            Self::UnknownService => ProblemCode::UnknownService,
            Self::UnknownStaff => ProblemCode::UnknownStaff,
            Self::NotOnDuty => ProblemCode::NotOnDuty,
            Self::AlreadyOnDuty => ProblemCode::AlreadyOnDuty,
            Self::CannotServe => ProblemCode::CannotServe,
            Self::AlreadyServing => ProblemCode::AlreadyServing,
            Self::AlreadyStarted => ProblemCode::AlreadyStarted,
            Self::NotStarted => ProblemCode::NotStarted,
            Self::NotCalled => ProblemCode::NotCalled,
            Self::AlreadyCheckedIn => ProblemCode::AlreadyCheckedIn,
            Self::VisitOver => ProblemCode::VisitOver,
            Self::NobodyWaiting => ProblemCode::NobodyWaiting,
            Self::ChairChanged => ProblemCode::ChairChanged,
            Self::PlaceIsSafe { .. } => ProblemCode::PlaceIsSafe,
            Self::QuoteChanged { .. } => ProblemCode::QuoteChanged,
            Self::PriceChanged => ProblemCode::PriceChanged,
            Self::ShopFull => ProblemCode::ShopFull,
            Self::Closed { .. } => ProblemCode::Closed,
            Self::NotOpenYet { .. } => ProblemCode::NotOpenYet,
            Self::FullToday { .. } => ProblemCode::FullToday,
            Self::RemoteOff => ProblemCode::RemoteOff,
            Self::TooMany => ProblemCode::TooMany,
            Self::NotFree => ProblemCode::NotFree,
            Self::NoAppointment => ProblemCode::NoAppointment,
            Self::AlreadyFirst => ProblemCode::AlreadyFirst,
            Self::NotOnHold => ProblemCode::NotOnHold,
            Self::NotPending => ProblemCode::NotPending,
            Self::WaitsForOther => ProblemCode::WaitsForOther,
            Self::NotWaiting => ProblemCode::NotWaiting,
            Self::NotNow => ProblemCode::NotNow,
            Self::NotHandedOver => ProblemCode::NotHandedOver,
            Self::AlreadyTheirs => ProblemCode::AlreadyTheirs,
            Self::NothingAsked => ProblemCode::NothingAsked,
            Self::NothingToUndo => ProblemCode::NothingToUndo,
            Self::NotOnBreak => ProblemCode::NotOnBreak,
            Self::OnBreak => ProblemCode::OnBreak,
            Self::NoDelay => ProblemCode::NoDelay,
            Self::LineClosed => ProblemCode::LineClosed,
            Self::LineOpen => ProblemCode::LineOpen,
            Self::NewsPromised => ProblemCode::NewsPromised,
            Self::BadTime => ProblemCode::BadTime,
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let mut problem = Self::new(rejection.code());
        match rejection {
            Rejection::PlaceIsSafe { until } => problem.until = Some(until),
            Rejection::QuoteChanged { by } => problem.by = by,
            Rejection::Closed { until }
            | Rejection::NotOpenYet { until }
            | Rejection::FullToday { until } => problem.until = until,
            _ => {}
        }
        problem
    }
}
