//! What is held on a person: told to them, and erased when they, or the shop, ask for it.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sooner_shared::VisitId;

use super::part::Part;
use super::problem::Refusal;
use super::set_up::desk;
use crate::app::App;

/// `GET /api/visits/{link}/data`: everything that is held on the visit, as one JSON file.
pub(super) async fn show(State(app): State<App>, Part(link): Part) -> Result<Response, Refusal> {
    let (shop, link) = app.visit(&link)?;
    let data = shop.personal(link.visit).await?;
    // It is read by people, too.
    let text = serde_json::to_string_pretty(&data).expect("what is held has string keys");
    let file = format!("attachment; filename=\"{}-{}.json\"", data.shop, data.code);
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, &file),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, text).into_response())
}

/// `DELETE /api/visits/{link}/data`: name, contact, question and answer are erased, and gone for good
/// when this is answered. The visit goes on.
pub(super) async fn erase(State(app): State<App>, Part(link): Part) -> Result<StatusCode, Refusal> {
    let (shop, link) = app.visit(&link)?;
    shop.erase(link.visit).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/shops/{shop}/visits/{visit}/data`: the same, by who has a key of the desk.
pub(super) async fn erase_at_desk(
    State(app): State<App>,
    Part((shop, visit)): Part<(String, u32)>,
    headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
    desk(&app, &shop, &headers)?.erase(VisitId(visit)).await?;
    Ok(StatusCode::NO_CONTENT)
}
