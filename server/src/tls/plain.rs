//! What a request in plain text is answered that comes to a port with TLS: where to go. A browser
//! whose user typed `wait.example:8443` sends one.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CACHE_CONTROL, CONNECTION, HOST, HeaderValue, LOCATION, RETRY_AFTER};
use hyper::{HeaderMap, Request, Response, StatusCode};

use crate::reach::Origin;

/// The answer, after which the connection is closed: the next one is to be of TLS.
pub(crate) fn answer<B>(request: &Request<B>, has_certificate: bool) -> Response<Full<Bytes>> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let secure = origin(request.headers())
        .and_then(|origin| HeaderValue::try_from(format!("{origin}{path}")).ok());
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
            "This port speaks TLS, and the request names no host.\n",
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

/// The same host and port, with `https`.
fn origin(headers: &HeaderMap) -> Option<Origin> {
    Origin::at(headers.get(HOST)?.to_str().ok()?, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(host: Option<&str>, path: &str, has_certificate: bool) -> Response<Full<Bytes>> {
        let request = Request::builder().uri(path);
        let request = host.into_iter().fold(request, |request, host| request.header(HOST, host));
        answer(&request.body(()).expect("a request"), has_certificate)
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
    fn nobody_is_sent_to_tls_before_there_is_a_certificate() {
        let response = asked(Some("wait.example"), "/", false);
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers().get(LOCATION), None);
    }
}
