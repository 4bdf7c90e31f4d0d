//! The pages: one document and its assets, made by Trunk into `dist/`. A release carries them; a
//! development build reads them from disk at each request.

use std::borrow::Cow;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use sha2::{Digest, Sha256};
use sooner_shared::ProblemCode;

use super::problem::Refusal;
use crate::app::App;
use crate::reach::Client;

const DOCUMENT: &str = "index.html";

/// Everything that is no route: assets by their name, and the document for the addresses of
/// pages: `/{shop}`, `/{shop}/desk`, `/{shop}/join`, `/v/{link}`.
pub(super) async fn serve(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    request: Request,
) -> Response {
    let (method, uri) = (request.method(), request.uri());
    if *method != Method::GET && *method != Method::HEAD {
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
        ["v", link] => app.visit(link, &client).map(|_| ()),
        [shop] | [shop, "desk" | "join" | "owner" | "pair" | "reach" | "report"] => {
            app.shop(shop).map(|_| ())
        }
        _ => return Refusal::from(ProblemCode::NotFound).into_response(),
    };
    // The document of an unknown address says so in the reader's language.
    let status = known.map_or_else(
        |problem| StatusCode::from_u16(problem.status).unwrap_or(StatusCode::NOT_FOUND),
        |()| StatusCode::OK,
    );
    document(status, &app, request.headers())
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

fn document(status: StatusCode, app: &App, headers: &HeaderMap) -> Response {
    let Some(data) = file(DOCUMENT) else {
        let missing = "The pages are not built. Run: cargo xtask web";
        return (StatusCode::SERVICE_UNAVAILABLE, missing).into_response();
    };
    let policy = policy(&data, &app.frame_ancestors, headers);
    let mut response = (status, data.into_owned()).into_response();
    let headers = response.headers_mut();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, html);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if app.frame_ancestors.is_empty() {
        // For browsers that do not know the policy's `frame-ancestors`.
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// What the document may load, run and be part of. Its one inline script starts the program and is
/// named by its hash.
fn policy(document: &[u8], frame_ancestors: &[String], headers: &HeaderMap) -> String {
    let text = String::from_utf8_lossy(document);
    let hashes = inline_scripts(&text).map(|script| {
        let hash = data_encoding::BASE64.encode(&Sha256::digest(script));
        format!(" 'sha256-{hash}'")
    });
    let scripts: String = hashes.collect();
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
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'{sockets}; \
         manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
         object-src 'none'; frame-ancestors {frames}"
    )
}

/// The contents of script elements that do not only name a file.
fn inline_scripts(document: &str) -> impl Iterator<Item = &str> {
    document.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(script)
    })
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
