//! JSON bodies, bounded, with problems for answers.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use sooner_shared::wire::CLIENT_MESSAGE_MAX_BYTES;
use sooner_shared::{Problem, ProblemCode};

use super::problem::Refusal;

/// A request's body, read as `T`.
pub(super) struct Body<T>(pub(super) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let bytes = read(request).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            Problem::new(ProblemCode::MalformedMessage).with_detail(error.to_string()).into()
        })
    }
}

async fn read(request: Request) -> Result<Bytes, Refusal> {
    match Limited::new(request.into_body(), CLIENT_MESSAGE_MAX_BYTES).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(ProblemCode::MessageTooLarge.into()),
        Err(_) => Err(ProblemCode::MalformedMessage.into()),
    }
}
