//! Problems as HTTP responses (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sooner_shared::{Problem, ProblemCode};

use crate::clock::Clock;

/// A problem on its way out.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) Problem);

impl<T: Into<Problem>> From<T> for Refusal {
    fn from(problem: T) -> Self {
        Self(problem.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // Where no time is told, limits are by the minute.
        let retry_after = self
            .0
            .until
            .map_or(60, |at| u64::try_from((at - Clock::Real.now()) / 1_000 + 1).unwrap_or(1));
        let mut response = (status, axum::Json(self.0)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(header::RETRY_AFTER, retry_after.into());
        }
        response
    }
}

/// An address that exists, asked in a way it does not take.
pub(super) async fn method_not_allowed() -> Refusal {
    ProblemCode::MethodNotAllowed.into()
}
