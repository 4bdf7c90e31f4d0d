//! The set-up of a shop as one TOML file, and what a change would cost its people.

use axum::Json;
use axum::extract::Request;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sooner_shared::price::{PreviewRequest, Price};
use sooner_shared::{Problem, ProblemCode};

use super::asker::AtShop;
use super::body::{self, Body};
use super::problem::Refusal;
use crate::setup::{FILE_MAX_BYTES, SetUp};
use crate::shops::Configured;

/// `GET /api/shops/{shop}/set-up`: the file, with the names of the shop's people.
pub(super) async fn show(at: AtShop) -> Result<Response, Refusal> {
    at.who.may_set_up()?;
    let set_up = at.shop.set_up().await?;
    let headers =
        [(header::CONTENT_TYPE, "text/toml; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, set_up.to_toml()).into_response())
}

/// `PUT /api/shops/{shop}/set-up`: the shop becomes what the file says, or nothing is changed and
/// `detail` has a line for each fault.
pub(super) async fn change(at: AtShop, request: Request) -> Result<Json<Configured>, Refusal> {
    // Who asks comes first: nobody else's file is even read.
    at.who.may_set_up()?;
    let by = at.who.maker(None)?;
    let shop = &at.shop;
    let file = body::read(request, FILE_MAX_BYTES).await?;
    let set_up = SetUp::read_of(shop.id(), &file)
        .map_err(|faults| Problem::new(ProblemCode::BadSetUp).with_detail(faults.to_string()))?;
    let staff: Vec<_> = set_up.staff_names().iter().map(|(id, _)| *id).collect();
    let configured = shop.configure(set_up, by).await?;
    shop.access().keep_pins_of(&staff, by).await?;
    Ok(Json(configured))
}

/// `POST /api/shops/{shop}/previews`: whose promises a command would move. Nothing is changed.
pub(super) async fn preview(
    at: AtShop,
    Body(request): Body<PreviewRequest>,
) -> Result<Json<Price>, Refusal> {
    at.desk()?;
    Ok(Json(at.shop.preview(request.command).await?))
}
