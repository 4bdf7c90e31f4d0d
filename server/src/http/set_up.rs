//! The set-up of a shop as one TOML file, or as JSON with the same words, and what a change would
//! cost its people.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use chrono_tz::TZ_VARIANTS;
use sooner_shared::price::{PreviewRequest, Price};
use sooner_shared::set_up::SetUpForm;
use sooner_shared::{Problem, ProblemCode};

use super::asker::AtShop;
use super::body::{self, Body};
use super::problem::Refusal;
use crate::setup::{FILE_MAX_BYTES, SetUp};
use crate::shops::Configured;

/// Largest form of a page, in bytes: JSON says the same with more signs than a file.
const FORM_MAX_BYTES: usize = 2 * FILE_MAX_BYTES;

/// `GET /api/shops/{shop}/set-up`: the file, with the names of the shop's people; who accepts
/// `application/json` gets a [`SetUpForm`].
pub(super) async fn show(at: AtShop, headers: HeaderMap) -> Result<Response, Refusal> {
    at.who.may_set_up()?;
    let set_up = at.shop.set_up().await?;
    let fresh = [(header::CACHE_CONTROL, "no-store"), (header::VARY, "accept")];
    if is_json(&headers, header::ACCEPT) {
        return Ok((fresh, Json(set_up.to_form())).into_response());
    }
    let kind = [(header::CONTENT_TYPE, "text/toml; charset=utf-8")];
    Ok((fresh, kind, set_up.to_toml()).into_response())
}

/// `PUT /api/shops/{shop}/set-up`: the shop becomes what the file says, or nothing is changed and
/// `detail` has a line for each fault. As `application/json` it is a [`SetUpForm`]: `faults` has what is
/// wrong with which field, and a form that was made from another version is refused
/// (`set_up_changed`).
pub(super) async fn change(at: AtShop, request: Request) -> Result<Json<Configured>, Refusal> {
    // Who asks comes first: nobody else's file is even read.
    at.who.may_set_up()?;
    let by = at.who.maker(None)?;
    let shop = &at.shop;
    let is_form = is_json(request.headers(), header::CONTENT_TYPE);
    let max_bytes = if is_form { FORM_MAX_BYTES } else { FILE_MAX_BYTES };
    let file = body::read(request, max_bytes).await?;
    let bad = |detail: String| Problem::new(ProblemCode::BadSetUp).with_detail(detail);
    let set_up = if is_form {
        let form: SetUpForm = serde_json::from_slice(&file).map_err(|error| {
            Problem::new(ProblemCode::MalformedMessage).with_detail(error.to_string())
        })?;
        SetUp::read_form(shop.id(), &form).map_err(|faults| {
            let lines = faults.0.iter().map(|f| format!("{}: {}", f.field, f.message));
            bad(lines.collect::<Vec<_>>().join("\n")).with_faults(faults)
        })?
    } else {
        SetUp::read_of(shop.id(), &file).map_err(|faults| bad(faults.to_string()))?
    };
    let staff: Vec<_> = set_up.staff_names().iter().map(|(id, _)| *id).collect();
    let configured = shop.configure(set_up, by).await?;
    shop.access().keep_pins_of(&staff, by).await?;
    Ok(Json(configured))
}

/// `GET /api/shops/{shop}/set-up/zones`: the names of all time zones that a shop may be in, in the order
/// of their letters.
pub(super) async fn zones(at: AtShop) -> Result<Response, Refusal> {
    at.who.may_set_up()?;
    let mut names: Vec<_> = TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
    names.sort_unstable();
    // They change with the program alone.
    let for_a_day = [(header::CACHE_CONTROL, "private, max-age=86400")];
    Ok((for_a_day, Json(names)).into_response())
}

/// Whether a header names JSON.
fn is_json(headers: &HeaderMap, name: header::HeaderName) -> bool {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.is_some_and(|value| value.contains("application/json"))
}

/// `POST /api/shops/{shop}/previews`: whose promises a command would move. Nothing is changed.
pub(super) async fn preview(
    at: AtShop,
    Body(request): Body<PreviewRequest>,
) -> Result<Json<Price>, Refusal> {
    at.desk()?;
    Ok(Json(at.shop.preview(request.command).await?))
}
