//! A small directory (RFC 8555), which gives out certificates of a test's own authority.
//!
//! It looks for the answer to its challenge as a real one does, and signs the request that it gets.
//! Left out: it does not check who signed a message, and asks for no pauses.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use data_encoding::BASE64URL_NOPAD;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderName, LOCATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rcgen::date_time_ymd;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use crate::tls::{Authority, challenge, provider, shown_by};

const NONCE: HeaderName = HeaderName::from_static("replay-nonce");
/// What holds the answer to a challenge (RFC 8737, 3), and its value's head: 32 bytes follow.
const ANSWER: &str = "1.3.6.1.5.5.7.1.31";
const ANSWER_HEAD: [u8; 2] = [0x04, 0x20];

/// A running directory; cheap to clone.
#[derive(Debug, Clone)]
pub struct Directory {
    /// Its address.
    pub url: String,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    authority: Arc<Authority>,
    base: String,
    /// Where all names lead.
    names_lead_to: SocketAddr,
    refuses: Option<&'static str>,
    gives_old: bool,
    nonces: BTreeSet<String>,
    made: u64,
    accounts: usize,
    thumbprint: String,
    orders: Vec<Vec<String>>,
    /// For each name of the last order: not looked for yet, or what was found.
    seen: Vec<Option<Result<(), String>>>,
    certificate: Option<String>,
}

impl Directory {
    /// Starts one for which all names lead to a server.
    pub async fn open(authority: Arc<Authority>, names_lead_to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let port = listener.local_addr().expect("it listens").port();
        let base = format!("https://localhost:{port}");
        let acceptor = acceptor(&authority);
        let state = Arc::new(Mutex::new(State {
            authority,
            base: base.clone(),
            names_lead_to,
            refuses: None,
            gives_old: false,
            nonces: BTreeSet::new(),
            made: 0,
            accounts: 0,
            thumbprint: String::new(),
            orders: Vec::new(),
            seen: Vec::new(),
            certificate: None,
        }));
        let directory = Self { url: format!("{base}/directory"), state };
        let serving = directory.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().talk(acceptor.clone(), stream));
            }
        });
        directory
    }

    /// How many accounts were made.
    #[must_use]
    pub fn accounts(&self) -> usize {
        self.state().accounts
    }

    /// The names of each order.
    #[must_use]
    pub fn orders(&self) -> Vec<Vec<String>> {
        self.state().orders.clone()
    }

    /// From now on all names lead there.
    pub fn lead_names_to(&self, server: SocketAddr) {
        self.state().names_lead_to = server;
    }

    /// From now on orders are refused with a problem of this kind, or not.
    pub fn refuse(&self, kind: Option<&'static str>) {
        self.state().refuses = kind;
    }

    /// From now on what it gives is out of date.
    pub fn give_old(&self) {
        self.state().gives_old = true;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panicked")
    }

    async fn talk(self, acceptor: TlsAcceptor, stream: TcpStream) {
        let Ok(stream) = acceptor.accept(stream).await else { return };
        let answering = service_fn(move |request| {
            let directory = self.clone();
            async move { Ok::<_, hyper::Error>(directory.answer(request).await) }
        });
        // How it ends is the other side's to notice.
        let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answering).await;
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path().to_owned();
        let body = request.into_body().collect().await.expect("a whole request").to_bytes();
        let message = Message::read(&body);
        if let Some(message) = &message {
            let nonce = message.protected["nonce"].as_str().expect("a nonce");
            if !self.state().nonces.remove(nonce) {
                return self.problem(StatusCode::BAD_REQUEST, "badNonce");
            }
            assert_eq!(message.protected["url"], format!("{}{path}", self.state().base));
        }
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (&parts[..], message) {
            (["directory"], None) => {
                let base = self.state().base.clone();
                let at = |path: &str| format!("{base}/{path}");
                let index = json!({
                    "newNonce": at("nonce"), "newAccount": at("account"), "newOrder": at("order")
                });
                self.json(StatusCode::OK, None, &index)
            }
            (["nonce"], None) => self.json(StatusCode::OK, None, &Value::Null),
            (["account"], Some(message)) => {
                {
                    let mut state = self.state();
                    state.accounts += 1;
                    state.thumbprint = thumbprint(&message.protected["jwk"]);
                }
                self.json(StatusCode::CREATED, Some("account/1"), &json!({"status": "valid"}))
            }
            (["order"], Some(message)) => self.order(&message.payload),
            (["order", _], Some(_)) => {
                let order = self.state().order();
                self.json(StatusCode::OK, None, &order)
            }
            (["name", at], Some(_)) => self.name(at.parse().expect("a number")),
            (["challenge", at], Some(_)) => {
                let at: usize = at.parse().expect("a number");
                // It says that it goes to look; what it found stands under the name.
                let challenge = self.state().challenge(at);
                let found = self.look(at).await;
                self.state().seen[at] = Some(found);
                self.json(StatusCode::OK, None, &challenge)
            }
            (["finalize"], Some(message)) => self.finalize(&message.payload),
            (["certificate"], Some(_)) => {
                let pem = self.state().certificate.clone().expect("was signed");
                self.respond(StatusCode::OK, None, pem)
            }
            (path, _) => panic!("nobody should ask for {path:?}"),
        }
    }

    fn order(&self, payload: &Value) -> Response<Full<Bytes>> {
        let refuses = self.state().refuses;
        if let Some(kind) = refuses {
            return self.problem(StatusCode::FORBIDDEN, kind);
        }
        let order = {
            let mut state = self.state();
            let identifiers = payload["identifiers"].as_array().expect("names");
            let names: Vec<String> = identifiers
                .iter()
                .map(|identifier| identifier["value"].as_str().expect("a name").to_owned())
                .collect();
            state.seen = vec![None; names.len()];
            state.orders.push(names);
            state.certificate = None;
            state.order()
        };
        self.json(StatusCode::CREATED, Some("order/1"), &order)
    }

    fn name(&self, at: usize) -> Response<Full<Bytes>> {
        let name = {
            let state = self.state();
            json!({
                "identifier": {"type": "dns", "value": state.names()[at]},
                "status": state.status(at),
                "challenges": [state.challenge(at)],
            })
        };
        self.json(StatusCode::OK, None, &name)
    }

    /// Looks whether a name is its asker's, as RFC 8737 has it.
    async fn look(&self, at: usize) -> Result<(), String> {
        let (server, name, expected) = {
            let state = self.state();
            let text = format!("{}.{}", token(at), state.thumbprint);
            (state.names_lead_to, state.names()[at].clone(), Sha256::digest(text))
        };
        let connection = challenge(server, &name).await.map_err(|error| error.to_string())?;
        if connection.get_ref().1.alpn_protocol() != Some(b"acme-tls/1") {
            return Err("another protocol was spoken".into());
        }
        let certificate = shown_by(&connection);
        let (_, certificate) =
            X509Certificate::from_der(&certificate).map_err(|error| error.to_string())?;
        let names = certificate.subject_alternative_name().expect("can be read").expect("names");
        assert_eq!(names.value.general_names, [GeneralName::DNSName(&name)]);
        let mut extensions = certificate.extensions().iter();
        let answer = extensions.find(|extension| extension.oid.to_id_string() == ANSWER);
        let answer = answer.ok_or("no answer")?;
        assert!(answer.critical, "nobody may take it for a real one");
        if answer.value == [&ANSWER_HEAD[..], &expected[..]].concat() {
            Ok(())
        } else {
            Err("a wrong answer".into())
        }
    }

    fn finalize(&self, payload: &Value) -> Response<Full<Bytes>> {
        let processing = {
            let mut state = self.state();
            let request = payload["csr"].as_str().expect("a request");
            let request = BASE64URL_NOPAD.decode(request.as_bytes()).expect("base64url");
            let names = state.names().to_vec();
            let gives_old = state.gives_old;
            let pem = state.authority.sign(request, |params| {
                let asked: Vec<String> = params
                    .subject_alt_names
                    .iter()
                    .map(|name| match name {
                        rcgen::SanType::DnsName(name) => name.to_string(),
                        other => panic!("{other:?} was asked for"),
                    })
                    .collect();
                assert_eq!(asked, names);
                if gives_old {
                    params.not_after = date_time_ymd(2020, 1, 1);
                }
            });
            // It takes its time: who asks next finds it done.
            let mut order = state.order();
            order["status"] = "processing".into();
            state.certificate = Some(pem);
            order
        };
        self.json(StatusCode::OK, None, &processing)
    }

    fn problem(&self, status: StatusCode, kind: &str) -> Response<Full<Bytes>> {
        let problem = json!({
            "type": format!("urn:ietf:params:acme:error:{kind}"), "detail": "not here"
        });
        self.json(status, None, &problem)
    }

    fn json(
        &self,
        status: StatusCode,
        location: Option<&str>,
        body: &Value,
    ) -> Response<Full<Bytes>> {
        self.respond(status, location, body.to_string())
    }

    fn respond(
        &self,
        status: StatusCode,
        location: Option<&str>,
        body: String,
    ) -> Response<Full<Bytes>> {
        let mut state = self.state();
        state.made += 1;
        let nonce = format!("nonce-{}", state.made);
        state.nonces.insert(nonce.clone());
        let mut response = Response::builder()
            .status(status)
            .header(CONTENT_TYPE, "application/json")
            .header(NONCE, nonce);
        if let Some(location) = location {
            response = response.header(LOCATION, format!("{}/{location}", state.base));
        }
        response.body(Full::from(body)).expect("can be written")
    }
}

impl State {
    fn names(&self) -> &[String] {
        self.orders.last().expect("there is an order")
    }

    fn status(&self, at: usize) -> &'static str {
        match self.seen[at] {
            None => "pending",
            Some(Ok(())) => "valid",
            Some(Err(_)) => "invalid",
        }
    }

    fn challenge(&self, at: usize) -> Value {
        let mut challenge = json!({
            "type": "tls-alpn-01",
            "url": format!("{}/challenge/{at}", self.base),
            "token": token(at),
            "status": self.status(at),
        });
        if let Some(Some(Err(detail))) = self.seen.get(at) {
            challenge["error"] = json!({
                "type": "urn:ietf:params:acme:error:connection", "detail": detail
            });
        }
        challenge
    }

    fn order(&self) -> Value {
        let status = if self.certificate.is_some() {
            "valid"
        } else if self.seen.iter().any(|seen| matches!(seen, Some(Err(_)))) {
            "invalid"
        } else if self.seen.iter().all(|seen| matches!(seen, Some(Ok(())))) {
            "ready"
        } else {
            "pending"
        };
        let names: Vec<Value> =
            self.names().iter().map(|name| json!({"type": "dns", "value": name})).collect();
        let authorizations: Vec<String> =
            (0..names.len()).map(|at| format!("{}/name/{at}", self.base)).collect();
        let mut order = json!({
            "status": status,
            "identifiers": names,
            "authorizations": authorizations,
            "finalize": format!("{}/finalize", self.base),
        });
        if self.certificate.is_some() {
            order["certificate"] = format!("{}/certificate", self.base).into();
        }
        order
    }
}

/// A signed message (RFC 7515), taken apart.
struct Message {
    protected: Value,
    payload: Value,
}

impl Message {
    fn read(body: &[u8]) -> Option<Self> {
        let message: Value = serde_json::from_slice(body).ok()?;
        let part = |name: &str| {
            let text = message[name].as_str()?;
            let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
            Some(serde_json::from_slice(&bytes).unwrap_or(Value::Null))
        };
        Some(Self { protected: part("protected")?, payload: part("payload")? })
    }
}

/// What a key is known by (RFC 7638).
fn thumbprint(key: &Value) -> String {
    let [curve, kind, x, y] = ["crv", "kty", "x", "y"].map(|name| &key[name]);
    let text = format!(r#"{{"crv":{curve},"kty":{kind},"x":{x},"y":{y}}}"#);
    BASE64URL_NOPAD.encode(&Sha256::digest(text))
}

fn token(at: usize) -> String {
    format!("token-of-name-{at}")
}

fn acceptor(authority: &Authority) -> TlsAcceptor {
    let own = authority.issue(&["localhost"]);
    let certificate = CertificateDer::from_pem_slice(own.certificate.as_bytes()).expect("PEM");
    let key = PrivateKeyDer::from_pem_slice(own.key.as_bytes()).expect("PEM");
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("ring has what they need")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("the key fits");
    TlsAcceptor::from(Arc::new(config))
}
