//! The parts of an address that name something.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use sooner_shared::ProblemCode;

use super::problem::Refusal;

/// A name out of the address, or several. What is no text, once decoded, names nothing.
pub(super) struct Part<T = String>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Part<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(text)) => Ok(Self(text)),
            Err(_) => Err(ProblemCode::NotFound.into()),
        }
    }
}
