//! The HTTP interface and the pages.

mod body;
mod data;
mod health;
mod pages;
mod part;
mod problem;
mod qr;
mod set_up;
mod shops;
mod visits;

use axum::Router;
use axum::routing::{delete, get, post};

use crate::app::App;
use crate::live;

pub(crate) use pages::build as build_of_pages;
pub(crate) use problem::Refusal;
pub use qr::terminal as qr_for_terminal;

/// Every address of the server.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/api/live", get(live::upgrade))
        .route("/api/shops/{shop}/snapshot", get(shops::snapshot))
        .route("/api/shops/{shop}/visits", post(shops::join))
        .route("/api/shops/{shop}/quotes", post(shops::quote))
        .route("/api/shops/{shop}/previews", post(set_up::preview))
        .route("/api/shops/{shop}/qr.svg", get(shops::qr))
        .route("/api/shops/{shop}/set-up", get(set_up::show).put(set_up::change))
        .route("/api/visits/{link}", get(visits::show))
        .route("/api/visits/{link}/{wish}", post(visits::act))
        .route("/api/visits/{link}/qr.svg", get(visits::qr))
        .route("/api/visits/{link}/data", get(data::show).delete(data::erase))
        .route("/api/shops/{shop}/visits/{visit}/data", delete(data::erase_at_desk))
        .method_not_allowed_fallback(problem::method_not_allowed)
        .fallback(pages::serve)
        .with_state(app)
}
