//! Requests over HTTP: joining, what a tap would cost, being let in. Everything else goes over the
//! socket.

use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sooner_shared::access::NewLink;
use sooner_shared::command::JoinRequest;
use sooner_shared::price::{PreviewRequest, Price};
use sooner_shared::{Command, CommandId, Problem, Receipt, ShopId, VisitId};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

/// Why there is no answer to use.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Failure {
    /// The server said no.
    Refused(Box<Problem>),
    /// The server was not reached, or what came back was not its answer. Whether the request was
    /// carried out is not known: send it again with the same id.
    Unanswered,
}

/// Joins a shop's line.
pub(crate) async fn join(shop: &ShopId, request: &JoinRequest) -> Result<Receipt, Failure> {
    post(&format!("/api/shops/{shop}/visits"), request).await
}

/// What a command would cost others; for a desk.
pub(crate) async fn preview(shop: &ShopId, command: &Command) -> Result<Price, Failure> {
    let request = PreviewRequest { command: command.clone() };
    post(&format!("/api/shops/{shop}/previews"), &request).await
}

/// Says that the person of a visit is there.
pub(crate) async fn check_in(link: &str, id: CommandId) -> Result<Receipt, Failure> {
    post(&format!("/api/visits/{link}/check-in"), &serde_json::json!({ "id": id })).await
}

/// Another private link for a visit; the one before opens nothing any more.
pub(crate) async fn replace_link(shop: &ShopId, visit: VisitId) -> Result<NewLink, Failure> {
    post(&format!("/api/shops/{shop}/visits/{visit}/link"), &()).await
}

/// Erases what the person of a visit has said of themselves.
pub(crate) async fn erase_words(shop: &ShopId, visit: VisitId) -> Result<(), Failure> {
    delete(shop, &format!("visits/{visit}/data")).await
}

/// The picture of the address at which to join.
pub(crate) fn join_qr(shop: &ShopId) -> String {
    format!("/api/shops/{shop}/qr.svg")
}

/// The picture of a visit's private address.
pub(crate) fn visit_qr(link: &str) -> String {
    format!("/api/visits/{link}/qr.svg")
}

/// Something of a shop, as `GET` gives it.
pub(crate) async fn get<T: DeserializeOwned>(shop: &ShopId, what: &str) -> Result<T, Failure> {
    ask("GET", &format!("/api/shops/{shop}/{what}"), None).await
}

/// Sends something to a shop.
pub(crate) async fn send<T: DeserializeOwned>(
    shop: &ShopId,
    what: &str,
    body: &impl Serialize,
) -> Result<T, Failure> {
    post(&format!("/api/shops/{shop}/{what}"), body).await
}

/// Puts something in the place of what a shop has.
pub(crate) async fn put<T: DeserializeOwned>(
    shop: &ShopId,
    what: &str,
    body: &impl Serialize,
) -> Result<T, Failure> {
    let text = serde_json::to_string(body).map_err(|_| Failure::Unanswered)?;
    ask("PUT", &format!("/api/shops/{shop}/{what}"), Some(&text)).await
}

/// Takes something away from a shop.
pub(crate) async fn delete(shop: &ShopId, what: &str) -> Result<(), Failure> {
    ask("DELETE", &format!("/api/shops/{shop}/{what}"), None).await
}

async fn post<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, Failure> {
    let text = serde_json::to_string(body).map_err(|_| Failure::Unanswered)?;
    ask("POST", path, Some(&text)).await
}

async fn ask<T: DeserializeOwned>(
    method: &str,
    path: &str,
    body: Option<&str>,
) -> Result<T, Failure> {
    let (is_ok, answer) = fetch(method, path, body).await.map_err(|_| Failure::Unanswered)?;
    if is_ok {
        // What has nothing to say says nothing.
        let answer = if answer.is_empty() { "null" } else { &answer };
        serde_json::from_str(answer).map_err(|_| Failure::Unanswered)
    } else {
        Err(refused(&answer))
    }
}

/// What an answer that says no says.
fn refused(answer: &str) -> Failure {
    serde_json::from_str(answer).map_or(Failure::Unanswered, Failure::Refused)
}

async fn fetch(method: &str, path: &str, body: Option<&str>) -> Result<(bool, String), JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", "application/json")?;
    let init = RequestInit::new();
    init.set_method(method);
    if let Some(body) = body {
        headers.set("content-type", "application/json")?;
        init.set_body(&JsValue::from_str(body));
    }
    init.set_headers(&headers);
    let response = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await?;
    let response: Response = response.unchecked_into();
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), text.as_string().unwrap_or_default()))
}
