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
    let (is_ok, answer) = fetch(path, &text, key).await.map_err(|_| Failure::Unanswered)?;
    if is_ok {
        serde_json::from_str(&answer).map_err(|_| Failure::Unanswered)
    } else {
        let problem = serde_json::from_str(&answer).map_err(|_| Failure::Unanswered)?;
        Err(Failure::Refused(Box::new(problem)))
    }
}

async fn fetch(path: &str, body: &str, key: Option<&str>) -> Result<(bool, String), JsValue> {
    let headers = Headers::new()?;
    if let Some(key) = key {
        headers.set("authorization", &format!("Bearer {key}"))?;
    }
    headers.set("content-type", "application/json")?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&JsValue::from_str(body));
    let response = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await?;
    let response: Response = response.unchecked_into();
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), text.as_string().unwrap_or_default()))
}
