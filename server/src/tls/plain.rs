//! What a request in plain text is answered that comes to a port with TLS: where to go. A browser
//! whose user typed `wait.example:8443` sends one.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HOST, HeaderValue, LOCATION, RETRY_AFTER,
};
use hyper::http::uri::PathAndQuery;
use hyper::{Method, Request, Response, StatusCode};
use sooner_shared::{Problem, ProblemCode};

use crate::reach::{Origin, Reach};

/// The answer, after which the connection is closed: the next one is to be of TLS.
pub(crate) fn answer<B>(
    request: &Request<B>,
    has_certificate: bool,
    reach: &Reach,
) -> Response<Full<Bytes>> {
    let host = host(request);
    if let Some(host) = host
        && Origin::at(host, true).is_some()
        && !reach.knows_host(host)
    {
        return unknown_host();
    }
    let secure = host
        .and_then(|host| Origin::at(host, true))
        .and_then(|origin| HeaderValue::try_from(format!("{origin}{}", page(request)?)).ok());
    let (status, text, header) = match secure {
        _ if !has_certificate => (
            StatusCode::SERVICE_UNAVAILABLE,
            "There is no certificate yet; the server's log says why.\n",
            Some((RETRY_AFTER, HeaderValue::from_static("60"))),
        ),
        Some(secure) => (
            StatusCode::PERMANENT_REDIRECT,
            "This port speaks TLS: the address begins with https.\n",
            Some((LOCATION, secure)),
        ),
        None => (
            StatusCode::BAD_REQUEST,
            "This port speaks TLS, and the request names no page of a host.\n",
            None,
        ),
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.extend(header);
    response
}

/// The host and port that are asked, as on any other port.
fn host<B>(request: &Request<B>) -> Option<&str> {
    match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => request.headers().get(HOST)?.to_str().ok(),
    }
}

/// The page that is asked for. `OPTIONS *` and `CONNECT` ask for none.
fn page<B>(request: &Request<B>) -> Option<&str> {
    let page = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
    (request.method() != Method::CONNECT && page.starts_with('/')).then_some(page)
}

/// What is answered to a name that is not ours on every port.
fn unknown_host() -> Response<Full<Bytes>> {
    let problem = Problem::new(ProblemCode::UnknownHost);
    let text = serde_json::to_vec(&problem).expect("problems have string keys, finite numbers");
    let mut response = Response::new(Full::from(text));
    *response.status_mut() =
        StatusCode::from_u16(problem.status).unwrap_or(StatusCode::MISDIRECTED_REQUEST);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(host: Option<&str>, path: &str, has_certificate: bool) -> Response<Full<Bytes>> {
        let request = Request::builder().uri(path);
        let request = host.into_iter().fold(request, |request, host| request.header(HOST, host));
        let reach = Reach::default().named(&["wait.example".to_owned()]);
        answer(&request.body(()).expect("a request"), has_certificate, &reach)
    }

    #[test]
    fn who_forgot_the_s_is_told_the_same_address_with_it() {
        for (host, path, secure) in [
            ("wait.example", "/salon/join?here", "https://wait.example/salon/join?here"),
            ("wait.example:443", "/", "https://wait.example/"),
            ("192.168.1.5:8443", "/salon", "https://192.168.1.5:8443/salon"),
            ("[::1]:8443", "/", "https://[::1]:8443/"),
        ] {
            let response = asked(Some(host), path, true);
            assert_eq!(response.status(), StatusCode::PERMANENT_REDIRECT);
            assert_eq!(response.headers()[LOCATION], secure);
            assert_eq!(response.headers()[CONNECTION], "close");
        }
        for host in [None, Some(""), Some("a b"), Some("user@wait.example"), Some("evil.com/")] {
            let response = asked(host, "/", true);
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{host:?}");
            assert_eq!(response.headers().get(LOCATION), None);
        }
    }

    #[test]
    fn nobody_is_sent_to_a_name_that_is_not_ours_or_to_what_is_no_page() {
        for (host, path) in [
            ("evil.example", "/salon"),
            ("evil.example:443", "/"),
            ("wait.example", "http://evil.example/salon"),
        ] {
            let response = asked(Some(host), path, true);
            assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "{host} {path}");
            assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
            assert_eq!(response.headers().get(LOCATION), None);
        }
        let response = asked(Some("wait.example"), "*", true);
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert_eq!(response.headers().get(LOCATION), None);
        let response = asked(Some("evil.example"), "http://wait.example/salon?a", true);
        assert_eq!(response.headers()[LOCATION], "https://wait.example/salon?a");
    }

    #[test]
    fn nobody_is_sent_to_tls_before_there_is_a_certificate() {
        let response = asked(Some("wait.example"), "/", false);
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers().get(LOCATION), None);
    }
}
