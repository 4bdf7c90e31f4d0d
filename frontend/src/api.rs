//! Requests over HTTP: joining, and what a tap would cost. Everything else goes over the socket.

use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sooner_shared::command::JoinRequest;
use sooner_shared::price::{PreviewRequest, Price};
use sooner_shared::{Command, Problem, Receipt, ShopId};
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

/// What a command would cost others; the desk's key opens it.
pub(crate) async fn preview(shop: &ShopId, key: &str, command: &Command) -> Result<Price, Failure> {
    let request = PreviewRequest { command: command.clone() };
    ask(&format!("/api/shops/{shop}/previews"), &request, Some(key)).await
}

/// Erases what is kept of the words of a visit's person.
pub(crate) async fn erase(link: &str) -> Result<(), Failure> {
    let sent = fetch("DELETE", &visit_data(link), None, None).await;
    let (is_ok, answer) = sent.map_err(|_| Failure::Unanswered)?;
    if is_ok { Ok(()) } else { Err(refused(&answer)) }
}

/// The file with everything that is kept of a visit.
pub(crate) fn visit_data(link: &str) -> String {
    format!("/api/visits/{link}/data")
}

/// The picture of the address at which to join.
pub(crate) fn join_qr(shop: &ShopId) -> String {
    format!("/api/shops/{shop}/qr.svg")
}

/// The picture of a visit's private address.
pub(crate) fn visit_qr(link: &str) -> String {
    format!("/api/visits/{link}/qr.svg")
}

async fn post<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, Failure> {
    ask(path, body, None).await
}

async fn ask<T: DeserializeOwned>(
    path: &str,
    body: &impl Serialize,
    key: Option<&str>,
) -> Result<T, Failure> {
    let text = serde_json::to_string(body).map_err(|_| Failure::Unanswered)?;
    let sent = fetch("POST", path, Some(&text), key).await;
    let (is_ok, answer) = sent.map_err(|_| Failure::Unanswered)?;
    if is_ok {
        serde_json::from_str(&answer).map_err(|_| Failure::Unanswered)
    } else {
        Err(refused(&answer))
    }
}

/// What an answer that says no says.
fn refused(answer: &str) -> Failure {
    serde_json::from_str(answer).map_or(Failure::Unanswered, Failure::Refused)
}

async fn fetch(
    method: &str,
    path: &str,
    body: Option<&str>,
    key: Option<&str>,
) -> Result<(bool, String), JsValue> {
    let headers = Headers::new()?;
    if let Some(key) = key {
        headers.set("authorization", &format!("Bearer {key}"))?;
    }
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
