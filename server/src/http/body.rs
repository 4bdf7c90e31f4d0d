//! Bodies, bounded, with problems for answers; most are JSON.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use sooner_shared::wire::CLIENT_MESSAGE_MAX_BYTES;
use sooner_shared::{Problem, ProblemCode};

use tokio::time::timeout;

use super::problem::Refusal;

/// A body must be there by then: a connection is not held for ever.
const BODY_WITHIN: Duration = Duration::from_secs(5);

/// A request's body, read as `T`.
pub(super) struct Body<T>(pub(super) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let bytes = read(request, CLIENT_MESSAGE_MAX_BYTES).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            Problem::new(ProblemCode::MalformedMessage).with_detail(error.to_string()).into()
        })
    }
}

/// A request's body, whole, of at most so many bytes.
pub(super) async fn read(request: Request, max_bytes: usize) -> Result<Bytes, Refusal> {
    let body = Limited::new(request.into_body(), max_bytes).collect();
    let Ok(body) = timeout(BODY_WITHIN, body).await else {
        return Err(ProblemCode::MalformedMessage.into());
    };
    match body {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(ProblemCode::MessageTooLarge.into()),
        Err(_) => Err(ProblemCode::MalformedMessage.into()),
    }
}
