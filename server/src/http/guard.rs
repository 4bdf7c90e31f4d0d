//! What is looked at before any route, and said with every answer.
//!
//! A request that changes something, and a socket, must come from a page of ours, or from no page
//! at all; a name that is not ours gets no answer. Answers tell browsers what a page may do: load
//! and call nothing but us, run no script that is not ours, and stand in no frame.

use std::net::IpAddr;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sooner_shared::{Problem, ProblemCode};

use super::problem::Refusal;
use crate::app::App;
use crate::peer::{Peer, limit_key};
use crate::reach::Client;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const CROSS_ORIGIN_OPENER_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// What no page of ours uses. The screen's wake lock, full screen and sound stay.
const NOT_USED: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
);

/// Refuses what comes from elsewhere; completes what goes out.
pub(super) async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let client = client(&app, request.extensions().get(), request.headers());
    // Whoever asks later who it is finds it there.
    request.extensions_mut().insert(client);
    let refusal = check(&app, &request, client.is_https).err();
    let is_api = request.uri().path().starts_with("/api/");
    // The address itself may hold a private link: only the route is written down.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let mut response = match refusal {
        Some(problem) => Refusal(problem).into_response(),
        None => next.run(request).await,
    };
    if matches!(response.status().as_u16(), 401 | 403 | 421 | 429) {
        let route = route.as_ref().map_or("a page", MatchedPath::as_str);
        let status = response.status().as_u16();
        tracing::info!(%method, route, status, address = %client.address, "not let in");
    }
    complete(response.headers_mut(), is_api, client.is_https);
    response
}

/// The other end of the connection, and of proxies before it.
fn client(app: &App, peer: Option<&Peer>, headers: &HeaderMap) -> Client {
    // Every connection of ours says who it is with; a test's request without one is nobody's.
    let nobody = Peer::new(IpAddr::from([0, 0, 0, 0]), false);
    let client = app.reach.client(peer.unwrap_or(&nobody), headers);
    let host = text(headers, &header::HOST).unwrap_or_default();
    Client {
        address: limit_key(client.address),
        // A proxy that does not say how it was asked is asked as the public address says.
        is_https: client.is_https || app.reach.is_public_https(host),
    }
}

fn check(app: &App, request: &Request, is_https: bool) -> Result<(), Problem> {
    let headers = request.headers();
    let host = match request.uri().authority() {
        Some(authority) => authority.as_str(),
        None => text(headers, &header::HOST).unwrap_or_default(),
    };
    if !app.reach.knows_host(host) {
        return Err(ProblemCode::UnknownHost.into());
    }
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe && !headers.contains_key(header::UPGRADE) {
        return Ok(());
    }
    let allowed = match headers.get(header::ORIGIN) {
        Some(_) if headers.get_all(header::ORIGIN).iter().count() > 1 => false,
        Some(origin) => {
            origin.to_str().is_ok_and(|origin| app.reach.allows_origin(origin, host, is_https))
        }
        // Browsers that leave it out say at least whether the page is ours; programs say nothing.
        None => headers.get(SEC_FETCH_SITE).is_none_or(|site| site == "same-origin"),
    };
    if allowed { Ok(()) } else { Err(ProblemCode::CrossSite.into()) }
}

fn complete(headers: &mut HeaderMap, is_api: bool, is_https: bool) {
    let mut say = |name: HeaderName, value: HeaderValue| {
        headers.entry(name).or_insert(value);
    };
    say(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    say(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    say(CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin"));
    say(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    say(PERMISSIONS_POLICY, NOT_USED);
    if is_https {
        // Two years, as the browsers' lists ask for; not for neighbouring names, which are not ours.
        let value = HeaderValue::from_static("max-age=63072000");
        say(header::STRICT_TRANSPORT_SECURITY, value);
    }
    if is_api {
        say(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // Opened by itself, an answer is no page: a picture in it loads and runs nothing.
        let nothing = "default-src 'none'; frame-ancestors 'none'; sandbox";
        say(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(nothing));
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
