//! A shop, to the outside: what the wall shows, and joining.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sooner_shared::access::{NewLink, Scope};
use sooner_shared::command::{Join, JoinRequest, Quoted};
use sooner_shared::{Command, Problem, ProblemCode, Receipt, VisitId};

use super::asker::AtShop;
use super::body::Body;
use super::part::Part;
use super::problem::Refusal;
use super::qr;
use crate::app::App;
use crate::limits::What;
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
    at: AtShop,
    Body(request): Body<JoinRequest>,
) -> Result<(StatusCode, Json<Receipt>), Refusal> {
    may_join(&at)?;
    if request.join.trial {
        at.who.may_set_up()?;
    }
    at.count(&app, What::Join)?;
    let by = at.who.maker_of_joining();
    let receipt = at.shop.command(request.id, Command::Join(request.join), by).await?;
    Ok((StatusCode::CREATED, Json(receipt)))
}

/// `POST /api/shops/{shop}/visits/{visit}/link`: the desk replaces a link that somebody else saw.
pub(super) async fn replace_link(
    at: AtShop,
    Part((_, visit)): Part<(String, u32)>,
) -> Result<Json<NewLink>, Refusal> {
    at.desk()?;
    let by = at.who.maker(None)?;
    Ok(Json(NewLink { link: at.shop.replace_link(VisitId(visit), by).await? }))
}

/// `POST /api/shops/{shop}/quotes`: what somebody who joined so would be told. Nobody is added.
pub(super) async fn quote(
    State(app): State<App>,
    at: AtShop,
    Body(join): Body<Join>,
) -> Result<Json<Quoted>, Refusal> {
    may_join(&at)?;
    at.count(&app, What::Quote)?;
    Ok(Json(at.shop.quote(join).await?))
}

/// Joining is open to everybody, but a program that shows a key must have one for it.
fn may_join(at: &AtShop) -> Result<(), Problem> {
    match &at.who.program {
        Some((_, scopes)) if !scopes.contains(&Scope::Join) => Err(ProblemCode::NotAllowed.into()),
        None if at.who.has_wrong_key => Err(ProblemCode::NotAllowed.into()),
        _ => Ok(()),
    }
}

/// `GET /api/shops/{shop}/qr.svg`: the code on the wall, which opens the join page.
pub(super) async fn qr(
    State(app): State<App>,
    at: AtShop,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let origin = qr::origin(&app, &headers, at.client.is_https);
    Ok(qr::svg(&format!("{origin}/{}/join?here", at.shop.id())))
}

/// The newest frame of an audience, whole.
pub(super) async fn frame(shop: &ShopHandle, audience: Audience) -> Result<Response, Refusal> {
    let frames = shop.watch(audience).await?;
    let body = frames.borrow().body();
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, body).into_response())
}
