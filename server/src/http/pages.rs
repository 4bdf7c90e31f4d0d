//! The pages: one document and its assets, made by Trunk into `dist/`. A release carries them; a
//! development build reads them from disk at each request.

use std::borrow::Cow;

use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use sha2::{Digest, Sha256};
use sooner_shared::ProblemCode;

use super::problem::Refusal;
use crate::app::App;

const DOCUMENT: &str = "index.html";

/// Everything that is no route: assets by their name, and the document for the addresses of
/// pages: `/{shop}`, `/{shop}/desk`, `/{shop}/join`, `/v/{link}`.
pub(super) async fn serve(State(app): State<App>, method: Method, uri: Uri) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return Refusal::from(ProblemCode::MethodNotAllowed).into_response();
    }
    let path = uri.path().trim_matches('/');
    if path.is_empty() {
        return front_door(&app);
    }
    if path != DOCUMENT
        && let Some(data) = file(path)
    {
        return asset(path, data);
    }
    let known = match path.split('/').collect::<Vec<_>>()[..] {
        ["v", link] => app.visit(link).map(|_| ()),
        [shop] | [shop, "desk" | "join"] => app.shop(shop).map(|_| ()),
        _ => return Refusal::from(ProblemCode::NotFound).into_response(),
    };
    // The document of an unknown address says so in the reader's language.
    document(if known.is_ok() { StatusCode::OK } else { StatusCode::NOT_FOUND })
}

/// Names the pages as they are now: their document names every asset by its hash.
pub(crate) fn build() -> String {
    let document = file(DOCUMENT).unwrap_or_default();
    let hash = Sha256::digest(&document);
    data_encoding::HEXLOWER.encode(&hash[..8])
}

/// `/`: the one shop there is.
fn front_door(app: &App) -> Response {
    match &app.shops.ids()[..] {
        [shop] => Redirect::temporary(&format!("/{shop}")).into_response(),
        _ => Refusal::from(ProblemCode::NotFound).into_response(),
    }
}

fn document(status: StatusCode) -> Response {
    let Some(data) = file(DOCUMENT) else {
        let missing = "The pages are not built. Run: cargo xtask web";
        return (StatusCode::SERVICE_UNAVAILABLE, missing).into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (status, headers, data.into_owned()).into_response()
}

/// Assets carry a hash in their name, so they never change.
fn asset(path: &str, data: Cow<'static, [u8]>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type(path)),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, data.into_owned()).into_response()
}

/// A file below `dist/`, as this build was made with.
#[cfg(not(debug_assertions))]
fn file(path: &str) -> Option<Cow<'static, [u8]>> {
    #[derive(rust_embed::RustEmbed)]
    #[folder = "../dist"]
    #[allow_missing = true]
    struct Dist;

    Dist::get(path).map(|file| file.data)
}

/// A file below `dist/`, as it is now. Not by `rust_embed`, which in development finds nothing in
/// a folder that was not there yet when the server was compiled.
#[cfg(debug_assertions)]
fn file(path: &str) -> Option<Cow<'static, [u8]>> {
    use std::path::{Component, Path};

    let path = Path::new(path);
    let stays_below = path.components().all(|part| matches!(part, Component::Normal(_)));
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.join("dist");
    stays_below.then(|| std::fs::read(dist.join(path)).ok().map(Cow::Owned)).flatten()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "webmanifest" => "application/json",
        _ => "application/octet-stream",
    }
}
