//! One visit, to the person whose it is.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use sooner_shared::command::VisitRequest;
use sooner_shared::{Command, Receipt};

use super::body::Body;
use super::part::Part;
use super::problem::Refusal;
use super::{qr, shops};
use crate::app::App;
use crate::shops::Audience;

/// `GET /api/visits/{link}`: what the phone shows.
pub(super) async fn show(State(app): State<App>, Part(link): Part) -> Result<Response, Refusal> {
    let (shop, link) = app.visit(&link)?;
    shops::frame(&shop, Audience::Visit(link.visit)).await
}

/// `POST /api/visits/{link}/leave`: they go away.
pub(super) async fn leave(
    State(app): State<App>,
    Part(link): Part,
    Body(request): Body<VisitRequest>,
) -> Result<Json<Receipt>, Refusal> {
    let (shop, link) = app.visit(&link)?;
    Ok(Json(shop.command(request.id, Command::Leave { visit: link.visit }).await?))
}

/// `POST /api/visits/{link}/check-in`: they are in the shop.
pub(super) async fn check_in(
    State(app): State<App>,
    Part(link): Part,
    Body(request): Body<VisitRequest>,
) -> Result<Json<Receipt>, Refusal> {
    let (shop, link) = app.visit(&link)?;
    Ok(Json(shop.command(request.id, Command::CheckIn { visit: link.visit }).await?))
}

/// `GET /api/visits/{link}/qr.svg`: the private link, for somebody else's camera.
pub(super) async fn qr(
    State(app): State<App>,
    Part(text): Part,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    app.visit(&text)?;
    Ok(qr::svg(&format!("{}/v/{text}", qr::origin(&app, &headers))))
}
