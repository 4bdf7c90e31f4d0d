//! Certificates that nobody else believes, and who calls a server with them.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, IsCa, Issuer, KeyPair,
};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{
    CertificateDer, CertificateSigningRequestDer, PrivateKeyDer, ServerName, UnixTime,
};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::patience::in_time;

/// An authority of a test's own.
#[derive(Debug)]
pub struct Authority {
    certificate: rcgen::Certificate,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// In PEM.
    pub certificate: String,
    /// In PEM.
    pub key: String,
    /// The certificate in DER, as a peer sees it.
    pub der: Vec<u8>,
}

impl Issued {
    /// As a server shows it.
    #[must_use]
    pub fn certified(&self) -> CertifiedKey {
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).expect("a key in PEM");
        let key = provider().key_provider.load_private_key(key).expect("ring made it");
        CertifiedKey::new(vec![CertificateDer::from(self.der.clone())], key)
    }
}

impl Authority {
    /// A new one.
    #[must_use]
    pub fn new() -> Self {
        let key = KeyPair::generate().expect("a key can be made");
        let mut params = CertificateParams::new([]).expect("no names are fine");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).expect("can be signed");
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// A certificate for these names or addresses.
    #[must_use]
    pub fn issue(&self, names: &[&str]) -> Issued {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let key = KeyPair::generate().expect("a key can be made");
        let params = CertificateParams::new(names).expect("names");
        let certificate = params.signed_by(&key, &self.issuer).expect("can be signed");
        Issued {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
            der: certificate.der().to_vec(),
        }
    }

    /// Signs what was asked for, after a look at it.
    #[must_use]
    pub fn sign(&self, request: Vec<u8>, look: impl FnOnce(&mut CertificateParams)) -> String {
        let request = CertificateSigningRequestDer::from(request);
        let mut request = CertificateSigningRequestParams::from_der(&request).expect("a request");
        look(&mut request.params);
        request.signed_by(&self.issuer).expect("can be signed").pem()
    }

    /// Who believes it alone.
    #[must_use]
    pub fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.der().clone()).expect("an authority");
        roots
    }

    /// Calls a server under a name, and believes this authority alone.
    pub async fn call(&self, server: SocketAddr, name: &str) -> std::io::Result<Connection> {
        let config = builder().with_root_certificates(self.roots()).with_no_client_auth();
        call(server, name, config).await
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

/// A connection over TLS.
pub type Connection = TlsStream<TcpStream>;

/// Calls a server as a directory does that looks for the answer to a challenge: nothing is
/// believed, and all is looked at.
pub async fn challenge(server: SocketAddr, name: &str) -> std::io::Result<Connection> {
    offering(server, name, &["acme-tls/1"]).await
}

/// Calls a server with these protocols to choose from, and believes whatever it shows.
pub async fn offering(
    server: SocketAddr,
    name: &str,
    protocols: &[&str],
) -> std::io::Result<Connection> {
    let config = builder().dangerous().with_custom_certificate_verifier(Arc::new(Credulous));
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
    call(server, name, config).await
}

/// The certificate that a peer showed.
#[must_use]
pub fn shown_by(connection: &Connection) -> Vec<u8> {
    let certificates = connection.get_ref().1.peer_certificates().expect("the hands were shaken");
    certificates[0].to_vec()
}

async fn call(
    server: SocketAddr,
    name: &str,
    config: ClientConfig,
) -> std::io::Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    in_time("TLS", async {
        let stream = TcpStream::connect(server).await?;
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    })
    .await
}

/// The cryptography of both sides.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn builder() -> rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier> {
    let builder = ClientConfig::builder_with_provider(provider());
    builder.with_safe_default_protocol_versions().expect("ring has what they need")
}

/// Believes everything: an answer to a challenge is signed by nobody, and by an extension that no
/// certificate for people may have.
#[derive(Debug)]
struct Credulous;

impl ServerCertVerifier for Credulous {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}
