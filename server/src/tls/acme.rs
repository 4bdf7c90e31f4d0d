//! A certificate from a directory (RFC 8555), such as Let's Encrypt, and the next ones in time.
//!
//! That a name is ours is shown on the port that people come to (tls-alpn-01, RFC 8737): no second
//! port, no files, no access to the name server. Wildcards cannot be had so.

mod cache;
mod requests;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use instant_acme::{
    Account, AuthorizationStatus, ChallengeType, Identifier, LetsEncrypt, NewAccount, NewOrder,
    OrderStatus, Problem, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, DistinguishedName, KeyPair};
use rustls::RootCertStore;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::sign::CertifiedKey;
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use super::files::certified;
use super::{FileFault, Shown, Validity, provider};
use cache::Cache;
use requests::Requests;

/// The directory of Let's Encrypt.
pub const LETS_ENCRYPT: &str = LetsEncrypt::Production.url();

/// How long a directory may take for each of its two decisions.
const DECIDED_WITHIN: Duration = Duration::from_mins(3);
/// The first pause after a failure, and the longest. A directory counts failures (Let's Encrypt: five
/// an hour for each name), and who has set something right restarts the server anyway.
const PAUSE: Duration = Duration::from_mins(5);
const PAUSE_MAX: Duration = Duration::from_hours(6);
/// The clock of the wall is looked at so often: it may be set, and the machine may have slept.
const LOOK_EVERY: Duration = Duration::from_hours(1);

/// Why there is no certificate.
#[derive(Debug, Error)]
pub enum AcmeError {
    /// The directory said no, or nothing.
    #[error("{directory}: {error}")]
    Directory {
        /// Its address.
        directory: String,
        /// What it said.
        error: instant_acme::Error,
    },
    /// The directory could not see that a name is ours.
    #[error("{name}: the directory did not find this server there on port 443: {detail}")]
    NotSeen {
        /// The name.
        name: String,
        /// What it said.
        detail: String,
    },
    /// The directory does not look at port 443.
    #[error("{0}: the directory offers no tls-alpn-01")]
    NoChallenge(String),
    /// What it gave cannot be used.
    #[error("what the directory gave cannot be used: {0}")]
    Useless(#[from] FileFault),
    /// A key or a request could not be made.
    #[error("a key or a request could not be made: {0}")]
    Making(#[from] rcgen::Error),
    /// What was got cannot be kept.
    #[error("{file}: {error}")]
    Cache {
        /// The file or folder.
        file: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// There is nobody to trust.
    #[error("this machine has no list of authorities (ca-certificates) to know the directory by")]
    NoRoots,
}

/// By which authorities a directory is known.
#[derive(Debug, Clone)]
pub enum Trust {
    /// Those of the machine; `SSL_CERT_FILE` names others.
    Machine,
    /// These.
    These(Arc<RootCertStore>),
}

/// Who gets certificates from a directory, and keeps them.
#[derive(Debug)]
pub struct Acme {
    names: Vec<String>,
    contact: Option<String>,
    directory: String,
    cache: Cache,
    trust: Trust,
    patience: RetryPolicy,
}

impl Acme {
    /// Certificates for these names (at least one), kept in this folder. Who asks for one agrees to
    /// the directory's terms.
    #[must_use]
    pub fn new(names: Vec<String>, directory: &str, folder: &Path) -> Self {
        let cache = Cache::new(folder, directory, &names);
        let directory = directory.to_owned();
        let patience = RetryPolicy::new().timeout(DECIDED_WITHIN);
        Self { names, contact: None, directory, cache, trust: Trust::Machine, patience }
    }

    /// The same with an address to which the directory may write.
    #[must_use]
    pub fn with_contact(self, contact: Option<String>) -> Self {
        Self { contact, ..self }
    }

    /// The same with other authorities.
    #[must_use]
    pub fn trusting(self, trust: Trust) -> Self {
        Self { trust, ..self }
    }

    /// The same with another first pause before the directory is asked what it has decided.
    #[must_use]
    pub fn asking_after(self, pause: Duration) -> Self {
        Self { patience: self.patience.initial_delay(pause), ..self }
    }

    /// Shows the certificate that was kept, if there is one whose time is not over.
    pub fn show_kept(&self, shown: &Shown) -> Option<Validity> {
        let kept = self.cache.certificate()?;
        let file = self.cache.certificate_file();
        match certified((&file, &kept), (&file, &kept)) {
            Ok(certified) => {
                let validity = validity_of(&certified)?;
                if validity.is_over(SystemTime::now()) {
                    return None;
                }
                shown.show(Arc::new(certified));
                Some(validity)
            }
            Err(fault) => {
                tracing::warn!(%fault, "the certificate that was kept cannot be used");
                None
            }
        }
    }

    /// Gets a certificate, keeps it and shows it.
    pub async fn obtain(&self, shown: &Shown) -> Result<Validity, AcmeError> {
        let got = self.order(shown).await;
        shown.forget_challenges();
        let (chain, key) = got?;
        let file = self.cache.certificate_file();
        let certified = certified((&file, chain.as_bytes()), (&file, key.as_bytes()))?;
        let validity = validity_of(&certified).ok_or(FileFault::BadCertificate(file))?;
        // One that cannot be kept is shown all the same, and got anew when the server restarts.
        shown.show(Arc::new(certified));
        self.cache.keep_certificate(&format!("{key}{chain}"))?;
        Ok(validity)
    }

    /// Sees to it that there is always a certificate, until `stop`. Whatever goes wrong is logged,
    /// and the old one stays.
    pub async fn keep(self, shown: Arc<Shown>, stop: CancellationToken) {
        let keeping = async {
            let mut due = self.show_kept(&shown).map(|validity| validity.renewed_at());
            let mut pause = PAUSE;
            loop {
                let left = due.and_then(|due| due.duration_since(SystemTime::now()).ok());
                let wait = match left {
                    Some(left) if !left.is_zero() => left.min(LOOK_EVERY),
                    _ => match self.obtain(&shown).await {
                        Ok(validity) => {
                            tracing::info!(names = ?self.names, "there is a new certificate");
                            due = Some(validity.renewed_at());
                            pause = PAUSE;
                            LOOK_EVERY
                        }
                        Err(error) => {
                            let (again_s, has_old) = (pause.as_secs(), shown.is_ready());
                            tracing::warn!(%error, again_s, has_old, "no new certificate");
                            let wait = pause;
                            pause = (pause * 2).min(PAUSE_MAX);
                            wait
                        }
                    },
                };
                tokio::time::sleep(wait).await;
            }
        };
        tokio::select! {
            () = keeping => {}
            () = stop.cancelled() => {}
        }
    }

    /// The chain and its key, both in PEM.
    async fn order(&self, shown: &Shown) -> Result<(String, String), AcmeError> {
        let account = self.account().await?;
        let names: Vec<_> = self.names.iter().cloned().map(Identifier::Dns).collect();
        let mut order = account.new_order(&NewOrder::new(&names)).await.map_err(|error| {
            if is_of(&error, "accountDoesNotExist") {
                // A directory that was set up anew; the next attempt introduces itself.
                self.cache.forget_account();
            }
            self.refused(error)
        })?;
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization.map_err(|error| self.refused(error))?;
            let name = authorization.identifier().to_string();
            if authorization.status == AuthorizationStatus::Valid {
                continue;
            }
            let Some(mut challenge) = authorization.challenge(ChallengeType::TlsAlpn01) else {
                return Err(AcmeError::NoChallenge(name));
            };
            let digest = challenge.key_authorization().digest();
            shown.answer(&name, Arc::new(answer(&name, digest.as_ref())?));
            challenge.set_ready().await.map_err(|error| self.refused(error))?;
        }
        let ready = order.poll_ready(&self.patience).await;
        if !matches!(ready, Ok(OrderStatus::Ready)) {
            // What the order says is less than what its names say.
            let mut authorizations = order.authorizations();
            while let Some(Ok(mut authorization)) = authorizations.next().await {
                let name = authorization.identifier().to_string();
                let Ok(state) = authorization.refresh().await else { continue };
                let mut problems = state.challenges.iter().filter_map(|c| c.error.as_ref());
                if let Some(problem) = problems.next() {
                    return Err(AcmeError::NotSeen { name, detail: problem.to_string() });
                }
            }
            let unclear = instant_acme::Error::Str("the order is invalid, and nothing says why");
            return Err(self.refused(ready.err().unwrap_or(unclear)));
        }
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(self.names.clone())?;
        params.distinguished_name = DistinguishedName::new();
        let request = params.serialize_request(&key)?;
        order.finalize_csr(request.der()).await.map_err(|error| self.refused(error))?;
        let chain = order.poll_certificate(&self.patience).await;
        Ok((chain.map_err(|error| self.refused(error))?, key.serialize_pem()))
    }

    async fn account(&self) -> Result<Account, AcmeError> {
        let builder = || -> Result<_, AcmeError> {
            Ok(Account::builder_with_http(Box::new(Requests::new(&self.trust)?)))
        };
        if let Some(kept) = self.cache.account() {
            let account = builder()?.from_credentials(kept).await;
            return account.map_err(|error| self.refused(error));
        }
        let contact = self.contact.as_ref().map(|mail| {
            if mail.starts_with("mailto:") { mail.clone() } else { format!("mailto:{mail}") }
        });
        let contact: Vec<&str> = contact.iter().map(String::as_str).collect();
        let new = NewAccount {
            contact: &contact,
            terms_of_service_agreed: true,
            only_return_existing: false,
        };
        let created = builder()?.create(&new, self.directory.clone(), None).await;
        let (account, credentials) = created.map_err(|error| self.refused(error))?;
        self.cache.keep_account(&credentials)?;
        Ok(account)
    }

    fn refused(&self, error: instant_acme::Error) -> AcmeError {
        AcmeError::Directory { directory: self.directory.clone(), error }
    }
}

fn is_of(error: &instant_acme::Error, kind: &str) -> bool {
    match error {
        instant_acme::Error::Api(Problem { r#type: Some(of), .. }) => of.ends_with(kind),
        _ => false,
    }
}

fn validity_of(certified: &CertifiedKey) -> Option<Validity> {
    certified.cert.first().and_then(|certificate| Validity::of(certificate))
}

/// The certificate that answers a challenge: nobody signs it, and it holds the digest of what only
/// the owner of the account can know (RFC 8737, 3).
fn answer(name: &str, digest: &[u8]) -> Result<CertifiedKey, AcmeError> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new([name.to_owned()])?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let certificate = params.self_signed(&key)?;
    let secret = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let secret = provider().key_provider.load_private_key(secret);
    let secret = secret.expect("ring reads the keys it makes");
    // That the two fit is not checked: webpki reads no certificate with this extension, which is
    // critical so that nobody takes it for a real one.
    Ok(CertifiedKey::new(vec![certificate.der().clone()], secret))
}
