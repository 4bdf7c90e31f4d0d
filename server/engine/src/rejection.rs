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
    /// The line is at its bound.
    #[error("the line is full")]
    ShopFull,
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
            Self::ShopFull => ProblemCode::ShopFull,
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let mut problem = Self::new(rejection.code());
        match rejection {
            Rejection::PlaceIsSafe { until } => problem.until = Some(until),
            Rejection::QuoteChanged { by } => problem.by = by,
            _ => {}
        }
        problem
    }
}
