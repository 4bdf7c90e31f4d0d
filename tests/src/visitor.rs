//! A browser without a screen: it keeps cookies, and says where its page came from.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use hyper::Method;
use hyper::header::{self, HeaderName};
use serde::Serialize;
use sooner_shared::access::{
    Claim, Claimed, Confirm, DeviceKind, FirstRun, Me, Pairing, PairingRequest, Recovery,
};

use crate::app::TestApp;
use crate::http::{self, Answer};
use crate::patience::in_time;
use crate::screen::Socket;
use crate::tls::Authority;

/// The password of every owner in the stories.
pub const PASSWORD: &str = "Zwiebel-7-Fisch";

/// One browser.
#[derive(Debug, Clone)]
pub struct Visitor {
    server: SocketAddr,
    /// Whom it believes, and under which name it knows the server, where it speaks TLS.
    secure: Option<(Arc<Authority>, &'static str)>,
    /// What it was given to keep.
    pub cookies: BTreeMap<String, String>,
}

impl Visitor {
    /// One that was never here.
    #[must_use]
    pub const fn new(server: SocketAddr) -> Self {
        Self { server, secure: None, cookies: BTreeMap::new() }
    }

    /// One that was never here, and speaks TLS to a server that it knows under a name.
    #[must_use]
    pub const fn over_tls(
        server: SocketAddr,
        name: &'static str,
        authority: Arc<Authority>,
    ) -> Self {
        Self { server, secure: Some((authority, name)), cookies: BTreeMap::new() }
    }

    /// Where its pages come from.
    fn origin(&self) -> String {
        match &self.secure {
            Some((_, name)) => format!("https://{name}"),
            None => format!("http://{}", self.server),
        }
    }

    /// What it sends in `Cookie`.
    #[must_use]
    pub fn cookie(&self) -> String {
        let all: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        all.join("; ")
    }

    /// A request as a page of ours sends it.
    pub async fn send(&mut self, method: Method, path: &str, body: &impl Serialize) -> Answer {
        let origin = self.origin();
        self.send_as(method, path, body, &[(header::ORIGIN, &origin)]).await
    }

    /// The same with certain headers.
    pub async fn send_as(
        &mut self,
        method: Method,
        path: &str,
        body: &impl Serialize,
        headers: &[(HeaderName, &str)],
    ) -> Answer {
        let cookie = self.cookie();
        let mut all = vec![(header::CONTENT_TYPE, "application/json")];
        if !cookie.is_empty() {
            all.push((header::COOKIE, cookie.as_str()));
        }
        all.extend_from_slice(headers);
        let body = serde_json::to_vec(body).expect("what the stories send is JSON");
        let body = if method == Method::GET { Vec::new() } else { body };
        let answer = match &self.secure {
            None => {
                in_time("an answer", http::send_with(self.server, method, path, &all, body)).await
            }
            Some((authority, name)) => {
                let connection = authority.call(self.server, name).await.expect("it is believed");
                let answer = http::send_over(connection, name, method, path, &all, body);
                in_time("an answer", answer).await
            }
        };
        let answer = answer.expect("the server is there");
        self.keep(&answer);
        answer
    }

    fn keep(&mut self, answer: &Answer) {
        for set in answer.headers.get_all(header::SET_COOKIE) {
            let text = set.to_str().expect("cookies are text");
            let (cookie, attributes) = text.split_once(';').expect("cookies have attributes");
            let (name, value) = cookie.split_once('=').expect("a name and a value");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// `POST` to the salon.
    pub async fn post(&mut self, what: &str, body: &impl Serialize) -> Answer {
        self.send(Method::POST, &format!("/api/shops/salon/{what}"), body).await
    }

    /// `GET` from the salon.
    pub async fn get(&mut self, what: &str) -> Answer {
        self.send(Method::GET, &format!("/api/shops/salon/{what}"), &()).await
    }

    /// What the server says it is.
    pub async fn me(&mut self) -> Me {
        self.get("me").await.accepted()
    }

    /// Makes it the owner's browser, of a salon that has no owner yet.
    pub async fn begin_as_owner(&mut self, app: &TestApp) -> Answer {
        let code = app.access().first_run_code();
        self.post("owner", &FirstRun { code, password: PASSWORD.to_owned() }).await
    }

    /// The owner of the salon, who has just begun.
    pub async fn owner(app: &TestApp) -> (Self, Recovery) {
        let mut owner = Self::new(app.address);
        let recovery = owner.begin_as_owner(app).await.accepted();
        (owner, recovery)
    }

    /// A screen that the owner confirms.
    pub async fn paired(app: &TestApp, owner: &mut Self, kind: DeviceKind) -> Self {
        let mut screen = Self::new(app.address);
        let asked: Pairing = screen.post("pairings", &PairingRequest { kind }).await.accepted();
        let claim = Claim { secret: asked.secret };
        let before: Claimed = screen.post("pairings/claim", &claim).await.accepted();
        assert_eq!(before.kind, None, "nobody has confirmed it");
        let label = format!("{kind:?}");
        let confirmed =
            owner.post("pairings/confirm", &Confirm { code: asked.code, kind, label }).await;
        assert_eq!(confirmed.status, 204, "{}", confirmed.text());
        let after: Claimed = screen.post("pairings/claim", &claim).await.accepted();
        assert_eq!(after.kind, Some(kind));
        screen
    }

    /// Its socket, with its cookies.
    pub async fn socket(&self) -> Socket {
        let cookie = self.cookie();
        let origin = format!("http://{}", self.server);
        let headers = [(header::COOKIE, cookie.as_str()), (header::ORIGIN, origin.as_str())];
        let socket = Socket::connect_with(self.server, &headers).await;
        socket.expect("the server takes the socket")
    }
}
