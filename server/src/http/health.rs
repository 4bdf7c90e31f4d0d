//! Whether the server lives, and whether it can be used.

use axum::extract::State;
use sooner_shared::ProblemCode;

use super::problem::Refusal;
use crate::app::App;

/// `GET /livez`: the process answers.
pub(super) async fn live() -> &'static str {
    "ok"
}

/// `GET /readyz`: every shop's task answers and can write, and the server is not going down.
pub(super) async fn ready(State(app): State<App>) -> Result<&'static str, Refusal> {
    if app.stop.is_cancelled() {
        return Err(ProblemCode::ShuttingDown.into());
    }
    for id in app.shops.ids() {
        let shop = app.shops.get(&id).ok_or(ProblemCode::ShopUnavailable)?;
        shop.watch(crate::shops::Audience::Lobby).await?;
        if !shop.can_write() {
            return Err(ProblemCode::StoreUnavailable.into());
        }
    }
    Ok("ok")
}
