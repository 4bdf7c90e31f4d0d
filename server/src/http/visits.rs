//! One visit, to the person whose it is.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use sooner_shared::command::VisitRequest;
use sooner_shared::own_page;
use sooner_shared::{Maker, Receipt};

use super::asker::AtVisit;
use super::body::Body;
use super::part::Part;
use super::problem::Refusal;
use super::{qr, shops};
use crate::app::App;
use crate::shops::Audience;

/// `GET /api/visits/{link}`: what the phone shows.
pub(super) async fn show(at: AtVisit) -> Result<Response, Refusal> {
    shops::frame(&at.shop, Audience::Visit(at.link.visit)).await
}

/// `POST /api/visits/{link}/{wish}`: what a person does about their own visit: `leave`, `come-back`,
/// `check-in`, `let-pass`, `running-late` and `tell-before` (with `ms`), `confirm`, `approve`, `ask`
/// (with `text`), `acknowledge` (with `no`), `choose` (with `choice`), `come-earlier`, `keep-time`;
/// and at the end `start-right` or `start-later`, `wait-good`, `wait-fair` or `wait-not-good`.
pub(super) async fn act(
    State(app): State<App>,
    at: AtVisit,
    Part((_, wish)): Part<(String, String)>,
    Body(request): Body<VisitRequest>,
) -> Result<Json<Receipt>, Refusal> {
    at.count(&app)?;
    let id = request.id.clone();
    let command = own_page::wish(&wish, request.into(), at.link.visit)?;
    Ok(Json(at.shop.command(id, command, Maker::Customer).await?))
}

/// `GET /api/visits/{link}/qr.svg`: the private link, for somebody else's camera.
pub(super) async fn qr(
    State(app): State<App>,
    at: AtVisit,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let origin = qr::origin(&app, &headers, at.client.is_https);
    Ok(qr::svg(&format!("{origin}/v/{}", at.text)))
}
