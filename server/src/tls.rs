//! TLS: which certificate is shown, and how a connection begins.
//!
//! The certificate comes from files ([`Files`]) or from a directory ([`Acme`]) and may be replaced at
//! any time: connections that are open go on with the old one. No HTTP/2: the screens hold one
//! socket each, and that wants none.

mod acme;
mod files;
mod names;
pub(crate) mod plain;
mod validity;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

pub use acme::{Acme, AcmeError, LETS_ENCRYPT, Trust};
pub use files::{FileFault, Files, Reload};
pub use names::CertifiedName;
pub use validity::Validity;

const HTTP: &[u8] = b"http/1.1";
/// By which a directory asks whether a name is ours (RFC 8737).
const CHALLENGE: &[u8] = b"acme-tls/1";
/// The first byte of a TLS connection: a record of the handshake (RFC 8446, 5.1).
const HANDSHAKE: u8 = 0x16;

/// The certificate that is shown at present, and answers to challenges.
#[derive(Debug, Default)]
pub struct Shown {
    current: RwLock<Option<Arc<CertifiedKey>>>,
    challenges: RwLock<BTreeMap<String, Arc<CertifiedKey>>>,
}

impl Shown {
    /// Shows this one to connections from now on.
    pub fn show(&self, certificate: Arc<CertifiedKey>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(certificate);
    }

    /// For whom the one is that is shown; nobody where there is none.
    #[must_use]
    pub fn names(&self) -> Vec<CertifiedName> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let certificate = current.as_ref().and_then(|certified| certified.cert.first());
        certificate.map(|certificate| names::names_of(certificate)).unwrap_or_default()
    }

    /// Whether there is one.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.current.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Answers challenges for a name with this one.
    pub fn answer(&self, name: &str, certificate: Arc<CertifiedKey>) {
        let mut challenges = self.challenges.write().unwrap_or_else(PoisonError::into_inner);
        challenges.insert(name.to_ascii_lowercase(), certificate);
    }

    /// Answers no challenge any more.
    pub fn forget_challenges(&self) {
        self.challenges.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        // A directory asks for a challenge and for nothing else (RFC 8737, 3); who would take HTTP too
        // is no directory, and is shown what everybody is shown.
        let is_challenge = hello
            .alpn()
            .is_some_and(|mut asked| asked.next() == Some(CHALLENGE) && asked.next().is_none());
        if is_challenge {
            let challenges = self.challenges.read().unwrap_or_else(PoisonError::into_inner);
            return challenges.get(hello.server_name()?).cloned();
        }
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What takes connections; cheap to clone.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    shown: Arc<Shown>,
}

/// How a connection began.
#[derive(Debug)]
pub(crate) enum Greeting {
    /// With TLS.
    Tls(Box<TlsStream<TcpStream>>),
    /// With what is likely a request in plain text; nothing of it was taken.
    Plain(TcpStream),
    /// And has ended: nothing follows.
    Over,
}

impl Tls {
    /// Shows what is shown there.
    #[must_use]
    pub fn new(shown: Arc<Shown>) -> Self {
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .expect("ring has all that TLS 1.2 and 1.3 need")
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&shown) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![HTTP.to_vec(), CHALLENGE.to_vec()];
        Self { acceptor: TlsAcceptor::from(Arc::new(config)), shown }
    }

    /// Whether there is a certificate to show.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.shown.is_ready()
    }

    /// Looks at how a connection begins, and shakes hands. It takes as long as the peer likes:
    /// who calls it sets a bound.
    pub(crate) async fn greet(&self, stream: TcpStream) -> std::io::Result<Greeting> {
        let mut first = [0];
        if stream.peek(&mut first).await? == 0 {
            return Ok(Greeting::Over);
        }
        match first[0] {
            HANDSHAKE => {}
            letter if letter.is_ascii_alphabetic() => return Ok(Greeting::Plain(stream)),
            _ => return Ok(Greeting::Over),
        }
        let mut stream = self.acceptor.accept(stream).await?;
        if stream.get_ref().1.alpn_protocol() == Some(CHALLENGE) {
            // The certificate was the answer.
            stream.shutdown().await?;
            return Ok(Greeting::Over);
        }
        Ok(Greeting::Tls(Box::new(stream)))
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("shown", &self.shown).finish_non_exhaustive()
    }
}

/// The cryptography, named and not taken from the process: a test or a library could set another.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}
