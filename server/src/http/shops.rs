//! A shop, to the outside: what the wall shows, and joining.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sooner_shared::command::{Join, JoinRequest, Quoted};
use sooner_shared::{Command, Receipt};

use super::body::Body;
use super::part::Part;
use super::problem::Refusal;
use super::qr;
use crate::app::App;
use crate::shops::{Audience, ShopHandle};

/// `GET /api/shops/{shop}/snapshot`: what the wall shows.
pub(super) async fn snapshot(
    State(app): State<App>,
    Part(shop): Part,
) -> Result<Response, Refusal> {
    frame(&app.shop(&shop)?, Audience::Lobby).await
}

/// `POST /api/shops/{shop}/visits`: somebody joins.
pub(super) async fn join(
    State(app): State<App>,
    Part(shop): Part,
    Body(request): Body<JoinRequest>,
) -> Result<(StatusCode, Json<Receipt>), Refusal> {
    let receipt = app.shop(&shop)?.command(request.id, Command::Join(request.join)).await?;
    Ok((StatusCode::CREATED, Json(receipt)))
}

/// `POST /api/shops/{shop}/quotes`: what somebody who joined so would be told. Nobody is added.
pub(super) async fn quote(
    State(app): State<App>,
    Part(shop): Part,
    Body(join): Body<Join>,
) -> Result<Json<Quoted>, Refusal> {
    Ok(Json(app.shop(&shop)?.quote(join).await?))
}

/// `GET /api/shops/{shop}/qr.svg`: the code on the wall, which opens the join page.
pub(super) async fn qr(
    State(app): State<App>,
    Part(shop): Part,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let shop = app.shop(&shop)?;
    Ok(qr::svg(&format!("{}/{}/join?here", qr::origin(&app, &headers), shop.id())))
}

/// The newest frame of an audience, whole.
pub(super) async fn frame(shop: &ShopHandle, audience: Audience) -> Result<Response, Refusal> {
    let frames = shop.watch(audience).await?;
    let body = frames.borrow().body();
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, body).into_response())
}
