//! Codes for cameras.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use qrcode::QrCode;
use qrcode::render::{svg, unicode};

use crate::app::App;

/// Where the asker reached us: the set address, else the one the request came to.
pub(super) fn origin(app: &App, headers: &HeaderMap, is_https: bool) -> String {
    if let Some(url) = app.reach.public_url() {
        return url.to_owned();
    }
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or("localhost");
    let scheme = if is_https { "https" } else { "http" };
    format!("{scheme}://{host}")
}

/// A code as a picture.
pub(super) fn svg(text: &str) -> Response {
    let Ok(code) = QrCode::new(text) else {
        return StatusCode::URI_TOO_LONG.into_response();
    };
    let picture = code.render::<svg::Color<'_>>().min_dimensions(260, 260).build();
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-cache")];
    (headers, picture).into_response()
}

/// A code as text; `None` when the text is too long for one.
#[must_use]
pub fn terminal(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    Some(code.render::<unicode::Dense1x2>().quiet_zone(true).build())
}
