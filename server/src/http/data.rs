//! What is held on a person: told to them, and erased when they, or the shop, ask for it.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sooner_shared::access::Deed;
use sooner_shared::{Maker, Problem, VisitId};

use super::asker::{AtShop, AtVisit};
use super::part::Part;
use super::problem::Refusal;
use crate::app::App;
use crate::shops::ShopHandle;

/// `GET /api/visits/{link}/data`: everything that is held on the visit, as one JSON file.
pub(super) async fn show(State(app): State<App>, at: AtVisit) -> Result<Response, Refusal> {
    at.count(&app)?;
    let visit = at.link.visit;
    let data = at.shop.personal(visit).await?;
    at.shop.access().note(Maker::Customer, Deed::Exported(visit)).await?;
    // It is read by people, too.
    let text = serde_json::to_string_pretty(&data).expect("what is held has string keys");
    let file = format!("attachment; filename=\"{}-{}.json\"", data.shop, data.code);
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, &file),
    ];
    Ok((headers, text).into_response())
}

/// `DELETE /api/visits/{link}/data`: name, contact, question and answer are erased, and gone for good
/// when this is answered. The visit goes on.
pub(super) async fn erase(State(app): State<App>, at: AtVisit) -> Result<StatusCode, Refusal> {
    at.count(&app)?;
    Ok(forget(&at.shop, at.link.visit, Maker::Customer).await?)
}

/// `DELETE /api/shops/{shop}/visits/{visit}/data`: the same, by the desk.
pub(super) async fn erase_at_desk(
    at: AtShop,
    Part((_, visit)): Part<(String, u32)>,
) -> Result<StatusCode, Refusal> {
    at.desk()?;
    let by = at.who.maker(None)?;
    Ok(forget(&at.shop, VisitId(visit), by).await?)
}

/// Erases what a person has said of themselves.
pub(super) async fn forget(
    shop: &ShopHandle,
    visit: VisitId,
    by: Maker,
) -> Result<StatusCode, Problem> {
    if shop.erase(visit).await? {
        shop.access().note(by, Deed::Erased(visit)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
