//! What is for who has a key of a shop's desk: its set-up as one TOML file, and what a change would
//! cost.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use sooner_shared::price::{PreviewRequest, Price};
use sooner_shared::{Problem, ProblemCode};

use super::body::{self, Body};
use super::part::Part;
use super::problem::Refusal;
use crate::app::App;
use crate::setup::{FILE_MAX_BYTES, SetUp};
use crate::shops::{Configured, ShopHandle};

/// `GET /api/shops/{shop}/set-up`: the file, with the names of the shop's people.
pub(super) async fn show(
    State(app): State<App>,
    Part(shop): Part,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let set_up = desk(&app, &shop, &headers)?.set_up().await?;
    let headers =
        [(header::CONTENT_TYPE, "text/toml; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, set_up.to_toml()).into_response())
}

/// `PUT /api/shops/{shop}/set-up`: the shop becomes what the file says, or nothing is changed and
/// `detail` has a line for each fault.
pub(super) async fn change(
    State(app): State<App>,
    Part(shop): Part,
    headers: HeaderMap,
    request: Request,
) -> Result<Json<Configured>, Refusal> {
    // The key first: nobody else's file is even read.
    let shop = desk(&app, &shop, &headers)?;
    let file = body::read(request, FILE_MAX_BYTES).await?;
    let set_up = SetUp::read_of(shop.id(), &file)
        .map_err(|faults| Problem::new(ProblemCode::BadSetUp).with_detail(faults.to_string()))?;
    Ok(Json(shop.configure(set_up).await?))
}

/// `POST /api/shops/{shop}/previews`: whose promises a command would move. Nothing is changed.
pub(super) async fn preview(
    State(app): State<App>,
    Part(shop): Part,
    headers: HeaderMap,
    Body(request): Body<PreviewRequest>,
) -> Result<Json<Price>, Refusal> {
    Ok(Json(desk(&app, &shop, &headers)?.preview(request.command).await?))
}

/// The shop, to who has a key of its desk: `Authorization: Bearer KEY`.
pub(super) fn desk(app: &App, shop: &str, headers: &HeaderMap) -> Result<ShopHandle, Problem> {
    let shop = app.shop(shop)?;
    let key = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, key)| key.trim());
    if key.is_some_and(|key| shop.secrets().is_desk_key(key)) {
        Ok(shop)
    } else {
        Err(ProblemCode::NotAllowed.into())
    }
}
