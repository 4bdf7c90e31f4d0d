//! The HTTP interface and the pages.

mod access;
mod asker;
mod body;
mod compress;
mod data;
mod guard;
mod health;
mod language;
mod pages;
mod part;
mod phone;
mod problem;
mod qr;
mod report;
mod set_up;
mod shops;
mod tv;
mod visits;

use axum::Router;
use axum::middleware;
use axum::routing::{delete, get, post, put};

use crate::app::App;
use crate::live;

pub use asker::credentials;
pub(crate) use pages::build as build_of_pages;
pub use pages::compress_ahead;
pub(crate) use problem::Refusal;
pub use qr::terminal as qr_for_terminal;
pub use tv::alone as tv_router;

/// Every address of the server.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/api/live", get(live::upgrade))
        .route("/api/shops/{shop}/snapshot", get(shops::snapshot))
        .route("/api/shops/{shop}/visits", post(shops::join))
        .route("/api/shops/{shop}/visits/{visit}/link", post(shops::replace_link))
        .route("/api/shops/{shop}/quotes", post(shops::quote))
        .route("/api/shops/{shop}/previews", post(set_up::preview))
        .route("/api/shops/{shop}/qr.svg", get(shops::qr))
        .route("/api/shops/{shop}/set-up", get(set_up::show).put(set_up::change))
        .route("/api/shops/{shop}/set-up/zones", get(set_up::zones))
        .route("/api/shops/{shop}/report", get(report::show))
        .route("/api/shops/{shop}/report.csv", get(report::table))
        .route("/api/shops/{shop}/letter", get(report::letter))
        .route("/api/shops/{shop}/what-if", get(report::what_if))
        .route("/api/shops/{shop}/me", get(access::me))
        .route("/api/shops/{shop}/owner", post(access::make_owner))
        .route("/api/shops/{shop}/login", post(access::log_in))
        .route("/api/shops/{shop}/logout", post(access::log_out))
        .route("/api/shops/{shop}/password", post(access::set_password))
        .route("/api/shops/{shop}/pairings", post(access::begin_pairing))
        .route("/api/shops/{shop}/pairings/claim", post(access::claim_pairing))
        .route("/api/shops/{shop}/pairings/confirm", post(access::confirm_pairing))
        .route("/api/shops/{shop}/access", get(access::show))
        .route("/api/shops/{shop}/devices/{id}", delete(access::revoke_device))
        .route("/api/shops/{shop}/keys", post(access::make_key))
        .route("/api/shops/{shop}/keys/{id}", delete(access::revoke_key))
        .route("/api/shops/{shop}/pins/{staff}", put(access::set_pin))
        .route("/api/shops/{shop}/shift", post(access::begin_shift).delete(access::end_shift))
        .route("/api/shops/{shop}/reach", get(access::reach).post(access::begin_reach))
        .route("/api/shops/{shop}/reach/{secret}", post(access::came))
        .route("/api/shops/{shop}/reach/{secret}/qr.svg", get(access::reach_qr))
        .route("/api/visits/{link}", get(visits::show))
        .route("/api/visits/{link}/{wish}", post(visits::act))
        .route("/api/visits/{link}/qr.svg", get(visits::qr))
        .route("/api/visits/{link}/data", get(data::show).delete(data::erase))
        .route("/api/shops/{shop}/visits/{visit}/data", delete(data::erase_at_desk))
        .route("/v/{link}", get(phone::show))
        .route("/v/{link}/app.webmanifest", get(phone::manifest))
        .route("/v/{link}/{wish}", post(phone::act))
        .route("/sw.js", get(phone::worker))
        .route("/icon.svg", get(phone::icon))
        .merge(tv::routes())
        .method_not_allowed_fallback(problem::method_not_allowed)
        .fallback(pages::serve)
        .layer(middleware::from_fn_with_state(app.clone(), guard::guard))
        .with_state(app)
}
