//! The pages: one document and its assets, made by Trunk into `dist/`. A release carries them; a
//! development build reads them from disk at each request.

use std::borrow::Cow;
use std::thread::JoinHandle;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use sha2::{Digest, Sha256};
use sooner_shared::ProblemCode;
use sooner_shared::look::Accent;

use super::compress;
use super::problem::Refusal;
use crate::app::App;

const DOCUMENT: &str = "index.html";
const PHONE_DOCUMENT: &str = "phone.html";

/// Everything that is no route: assets by their name, and the document for the addresses of
/// pages: `/{shop}`, `/{shop}/desk`, `/{shop}/join`. A phone's page has a route of its own.
pub(super) async fn serve(State(app): State<App>, request: Request) -> Response {
    let (method, uri) = (request.method(), request.uri());
    if *method != Method::GET && *method != Method::HEAD {
        return Refusal::from(ProblemCode::MethodNotAllowed).into_response();
    }
    let path = uri.path().trim_matches('/');
    if path.is_empty() {
        return front_door(&app);
    }
    if path != DOCUMENT
        && path != PHONE_DOCUMENT
        && let Some(data) = file(path)
    {
        return asset(request.headers(), path, data).await;
    }
    let known = match path.split('/').collect::<Vec<_>>()[..] {
        [shop]
        | [shop, "desk" | "join" | "owner" | "pair" | "reach" | "report" | "set-up"]
        | [shop, "print", "poster" | "door" | "table"] => app.shop(shop),
        _ => return Refusal::from(ProblemCode::NotFound).into_response(),
    };
    // The document of an unknown address says so in the reader's language.
    let (status, accent) = known.map_or_else(
        |problem| {
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::NOT_FOUND);
            (status, Accent::default())
        },
        |shop| (StatusCode::OK, shop.accent()),
    );
    document(status, accent, &app, request.headers())
}

/// Names the pages as they are now: their documents name every asset by its hash.
pub(crate) fn build() -> String {
    let mut digest = Sha256::new();
    for document in [DOCUMENT, PHONE_DOCUMENT] {
        digest.update(file(document).unwrap_or_default());
    }
    let hash = digest.finalize();
    data_encoding::HEXLOWER.encode(&hash[..8])
}

/// `/`: the one shop there is.
fn front_door(app: &App) -> Response {
    match &app.shops.ids()[..] {
        [shop] => Redirect::temporary(&format!("/{shop}")).into_response(),
        _ => Refusal::from(ProblemCode::NotFound).into_response(),
    }
}

/// The phone's page, with places to fill in.
pub(super) fn phone_document() -> Option<String> {
    file(PHONE_DOCUMENT).map(|data| String::from_utf8_lossy(&data).into_owned())
}

/// What is said while there are no pages.
pub(super) fn not_built() -> Response {
    let missing = "The pages are not built. Run: cargo xtask web";
    (StatusCode::SERVICE_UNAVAILABLE, missing).into_response()
}

fn document(status: StatusCode, accent: Accent, app: &App, headers: &HeaderMap) -> Response {
    let Some(data) = file(DOCUMENT) else { return not_built() };
    let policy = policy(&data, &app.frame_ancestors, headers);
    let mut response = compress::text(headers, coloured(&data, accent));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    document_headers(headers, &app.frame_ancestors, &policy);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// A document in a shop's colour, from its first paint on.
fn coloured(document: &[u8], accent: Accent) -> Vec<u8> {
    let text = String::from_utf8_lossy(document);
    text.replacen("<html", &format!("<html data-accent=\"{}\"", accent.name()), 1).into_bytes()
}

/// What goes with every document.
pub(super) fn document_headers(headers: &mut HeaderMap, frame_ancestors: &[String], policy: &str) {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, html);
    if frame_ancestors.is_empty() {
        // For browsers that do not know the policy's `frame-ancestors`.
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Begins to compress the pages as well as can be, so that the first who asks does not wait for it.
/// Whoever wants to know when it is done joins the thread.
#[must_use]
pub fn compress_ahead() -> JoinHandle<()> {
    let files = names().into_iter().filter(|name| content_type(name) != OCTETS);
    let files = files.filter_map(|name| {
        let data = Bytes::from(file(&name)?.into_owned());
        Some((name, data))
    });
    compress::ahead(files.collect())
}

/// What the document may load, run and be part of. Its one inline script starts the program and is
/// named by its hash.
pub(super) fn policy(document: &[u8], frame_ancestors: &[String], headers: &HeaderMap) -> String {
    let text = String::from_utf8_lossy(document);
    let hash = |part: &str| {
        let hash = data_encoding::BASE64.encode(&Sha256::digest(part));
        format!(" 'sha256-{hash}'")
    };
    let scripts: String = inline_scripts(&text).map(hash).collect();
    let styles: String = inline(&text, "style").map(|(_, style)| hash(style)).collect();
    // Browsers of before 2022 do not take sockets to be part of 'self'.
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .filter(|host| host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b)));
    let sockets = host.map(|host| format!(" ws://{host} wss://{host}")).unwrap_or_default();
    let frames = match frame_ancestors {
        [] => "'none'".to_owned(),
        some => some.join(" "),
    };
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'{styles}; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'{sockets}; \
         manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
         object-src 'none'; frame-ancestors {frames}"
    )
}

/// The contents of script elements that do not only name a file.
fn inline_scripts(document: &str) -> impl Iterator<Item = &str> {
    inline(document, "script")
        .filter_map(|(attributes, script)| (!attributes.contains("src=")).then_some(script))
}

/// The attributes and contents of all elements of a name.
fn inline<'a>(document: &'a str, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let end = format!("</{name}>");
    document
        .split(&format!("<{name}"))
        .skip(1)
        .filter_map(move |rest| {
            let (attributes, rest) = rest.split_once('>')?;
            let (contents, _) = rest.split_once(&end)?;
            Some((attributes, contents))
        })
        .collect::<Vec<_>>()
        .into_iter()
}

/// Assets carry a hash in their name, so they never change.
async fn asset(asked: &HeaderMap, path: &str, data: Cow<'static, [u8]>) -> Response {
    let mut response = compress::file(asked, path, Bytes::from(data.into_owned())).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    let for_ever = HeaderValue::from_static("public, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, for_ever);
    response
}

/// A file below `dist/`, as this build was made with.
#[cfg(not(debug_assertions))]
fn file(path: &str) -> Option<Cow<'static, [u8]>> {
    Dist::get(path).map(|file| file.data)
}

/// The names of all files.
#[cfg(not(debug_assertions))]
fn names() -> Vec<String> {
    Dist::iter().map(|name| name.to_string()).collect()
}

/// The names of all files.
#[cfg(debug_assertions)]
fn names() -> Vec<String> {
    let entries = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist").read_dir();
    let names = entries.into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.filter_map(|name| name.into_string().ok()).collect()
}

#[cfg(not(debug_assertions))]
#[derive(rust_embed::RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

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

/// What is no asset: documents have a type of their own.
const OCTETS: &str = "application/octet-stream";

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "webmanifest" => "application/json",
        _ => OCTETS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scripts_that_stand_in_the_document_are_let_in_by_their_hash() {
        let document = "<head><script type=\"module\">start()</script>\
                        <script src=\"/a.js\"></script></head>";
        assert_eq!(inline_scripts(document).collect::<Vec<_>>(), ["start()"]);
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("wait.example:8443"));
        let policy = super::policy(document.as_bytes(), &[], &headers);
        // echo -n 'start()' | openssl dgst -sha256 -binary | base64
        let script = "script-src 'self' 'wasm-unsafe-eval' \
                      'sha256-DIm7WJS6ZKDYe5qFLPy+h4JFI9Bol5QmYC57mt3Fb00=';";
        assert!(policy.contains(script), "{policy}");
        assert!(policy.contains("connect-src 'self' ws://wait.example:8443 wss://wait"));
        assert!(policy.ends_with("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        headers.insert(header::HOST, HeaderValue::from_static("a; script-src *"));
        let policy = super::policy(b"", &["https://shop.example".into()], &headers);
        assert!(policy.contains("connect-src 'self';"), "{policy}");
        assert!(policy.ends_with("frame-ancestors https://shop.example"));
    }
}
