//! A certificate and its key in two files, which may be replaced while the server runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error as TlsError, InconsistentKeys};
use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{Shown, Validity, provider};

/// How often the files are looked at, besides each time somebody says so with SIGHUP.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// What is wrong with the files.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FileFault {
    /// It cannot be read.
    #[error("{}: {error}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        error: String,
    },
    /// It is not as PEM is.
    #[error("{}: no PEM file: {error}", .file.display())]
    NotPem {
        /// The file.
        file: PathBuf,
        /// What is wrong in it.
        error: String,
    },
    /// It holds no certificate.
    #[error("{}: no certificate inside (`-----BEGIN CERTIFICATE-----`)", .0.display())]
    NoCertificate(PathBuf),
    /// Its first certificate cannot be read.
    #[error("{}: the first certificate inside is damaged", .0.display())]
    BadCertificate(PathBuf),
    /// It holds no private key.
    #[error("{}: no private key inside (`-----BEGIN PRIVATE KEY-----`)", .0.display())]
    NoKey(PathBuf),
    /// Its key is encrypted, and nobody is there to type the password.
    #[error("{}: the private key inside is encrypted; the server needs it in the open", .0.display())]
    EncryptedKey(PathBuf),
    /// Its key is of no kind that TLS is spoken with.
    #[error("{}: the private key inside cannot be used (RSA, P-256, P-384 and Ed25519 can)", .0.display())]
    BadKey(PathBuf),
    /// The key is another certificate's.
    #[error("{}: this key does not belong to the first certificate in {}", .key.display(), .certificate.display())]
    KeyDoesNotFit {
        /// The file with the certificate.
        certificate: PathBuf,
        /// The file with the key.
        key: PathBuf,
    },
}

/// What looking at the files came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reload {
    /// They are as they were.
    Same,
    /// New connections get the new certificate.
    New,
    /// They are others and cannot be used: the old certificate stays.
    Kept(FileFault),
}

/// The two files, and what was last seen in them.
#[derive(Debug)]
pub struct Files {
    certificate: PathBuf,
    key: PathBuf,
    shown: Arc<Shown>,
    seen: Result<[u8; 32], FileFault>,
}

impl Files {
    /// Reads them, and shows what is in them.
    pub fn open(certificate: PathBuf, key: PathBuf) -> Result<Self, FileFault> {
        let shown = Arc::default();
        let mut files = Self { certificate, key, shown, seen: Ok([0; 32]) };
        match files.reload() {
            Reload::Kept(fault) => Err(fault),
            Reload::New | Reload::Same => Ok(files),
        }
    }

    /// Where what is in them is shown.
    #[must_use]
    pub fn shown(&self) -> Arc<Shown> {
        Arc::clone(&self.shown)
    }

    /// Looks whether they are others now. Whoever renews them writes one after the other: between
    /// the two they do not fit, and the next look finds them whole.
    pub fn reload(&mut self) -> Reload {
        let contents = read(&self.certificate).and_then(|c| Ok((c, read(&self.key)?)));
        let seen = contents.as_ref().map_err(Clone::clone).map(|(certificate, key)| {
            // Each by its own hash, so that where one ends and the other begins counts.
            let both = [Sha256::digest(certificate), Sha256::digest(key)].concat();
            Sha256::digest(both).into()
        });
        if seen == self.seen {
            return Reload::Same;
        }
        self.seen = seen;
        let certified = contents.and_then(|(certificate, key)| {
            certified((&self.certificate, &certificate), (&self.key, &key))
        });
        match certified {
            Ok(certified) => {
                if let Some(validity) = certified.cert.first().and_then(|c| Validity::of(c))
                    && validity.is_over(SystemTime::now())
                {
                    let file = self.certificate.display();
                    tracing::warn!(%file, "the certificate's time is over");
                }
                self.shown.show(Arc::new(certified));
                Reload::New
            }
            Err(fault) => Reload::Kept(fault),
        }
    }

    /// Looks every 30 s, and when the process gets SIGHUP, until `stop`. From the call on, and not
    /// only from the first poll, SIGHUP does not end the process.
    pub fn watch(
        mut self,
        stop: CancellationToken,
    ) -> std::io::Result<impl Future<Output = ()> + Send> {
        let mut told = signal(SignalKind::hangup())?;
        Ok(async move {
            let mut look = tokio::time::interval(LOOK_EVERY);
            loop {
                tokio::select! {
                    _ = look.tick() => {}
                    _ = told.recv() => {}
                    () = stop.cancelled() => return,
                }
                let looking = tokio::task::spawn_blocking(move || (self.reload(), self));
                let Ok((found, files)) = looking.await else {
                    tracing::error!("new certificates go unseen until a restart");
                    return;
                };
                self = files;
                match found {
                    Reload::Same => {}
                    Reload::New => tracing::info!("new connections get the new certificate"),
                    Reload::Kept(fault) => {
                        tracing::warn!(%fault, "the new certificate is no use, the old one stays");
                    }
                }
            }
        })
    }
}

fn read(file: &Path) -> Result<Vec<u8>, FileFault> {
    std::fs::read(file)
        .map_err(|error| FileFault::Unreadable { file: file.to_owned(), error: error.to_string() })
}

/// Puts a certificate, with those it hangs on, and its key together. Each comes with the file that
/// it is from.
pub(super) fn certified(
    (certificate_file, certificate): (&Path, &[u8]),
    (key_file, key): (&Path, &[u8]),
) -> Result<CertifiedKey, FileFault> {
    let not_pem = |file: &Path, error: &pem::Error| FileFault::NotPem {
        file: file.to_owned(),
        error: error.to_string(),
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(certificate)
        .collect::<Result<_, _>>()
        .map_err(|error| not_pem(certificate_file, &error))?;
    if chain.is_empty() {
        return Err(FileFault::NoCertificate(certificate_file.to_owned()));
    }
    let secret = PrivateKeyDer::from_pem_slice(key).map_err(|error| match error {
        pem::Error::NoItemsFound if contains(key, b"BEGIN ENCRYPTED PRIVATE KEY") => {
            FileFault::EncryptedKey(key_file.to_owned())
        }
        pem::Error::NoItemsFound => FileFault::NoKey(key_file.to_owned()),
        error => not_pem(key_file, &error),
    })?;
    let secret = provider()
        .key_provider
        .load_private_key(secret)
        .map_err(|_| FileFault::BadKey(key_file.to_owned()))?;
    let certified = CertifiedKey::new(chain, secret);
    match certified.keys_match() {
        Ok(()) | Err(TlsError::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(certified),
        Err(TlsError::InconsistentKeys(_)) => Err(FileFault::KeyDoesNotFit {
            certificate: certificate_file.to_owned(),
            key: key_file.to_owned(),
        }),
        Err(_) => Err(FileFault::BadCertificate(certificate_file.to_owned())),
    }
}

fn contains(text: &[u8], words: &[u8]) -> bool {
    text.windows(words.len()).any(|window| window == words)
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::fs;

    use rcgen::{CertifiedKey as Made, KeyPair, generate_simple_self_signed};
    use tempfile::TempDir;

    fn made() -> Made<KeyPair> {
        generate_simple_self_signed(["wait.example".to_owned()]).expect("can be made")
    }

    fn written(made: &Made<KeyPair>, folder: &TempDir) -> (PathBuf, PathBuf) {
        let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        fs::write(&certificate, made.cert.pem()).expect("is written");
        fs::write(&key, made.signing_key.serialize_pem()).expect("is written");
        (certificate, key)
    }

    fn first(shown: &Shown) -> Vec<u8> {
        let current = shown.current.read().expect("not poisoned");
        current.as_ref().expect("one is shown").cert[0].to_vec()
    }

    #[test]
    fn a_new_certificate_replaces_the_old_one_and_a_broken_one_does_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let (old, new) = (made(), made());
        let (certificate, key) = written(&old, &folder);
        let mut files = Files::open(certificate.clone(), key.clone()).expect("sound");
        let shown = files.shown();
        assert_eq!(first(&shown), old.cert.der().to_vec());
        assert_eq!(files.reload(), Reload::Same);
        // Half of a renewal.
        fs::write(&certificate, new.cert.pem()).expect("is written");
        let fault = FileFault::KeyDoesNotFit { certificate: certificate.clone(), key: key.clone() };
        assert_eq!(files.reload(), Reload::Kept(fault));
        assert_eq!(files.reload(), Reload::Same, "it is told once");
        assert_eq!(first(&shown), old.cert.der().to_vec());
        fs::write(&key, new.signing_key.serialize_pem()).expect("is written");
        assert_eq!(files.reload(), Reload::New);
        assert_eq!(first(&shown), new.cert.der().to_vec());
        fs::remove_file(&key).expect("was there");
        let gone = files.reload();
        assert!(matches!(&gone, Reload::Kept(FileFault::Unreadable { file, .. }) if *file == key));
        assert_eq!(files.reload(), Reload::Same, "it is told once");
        assert_eq!(first(&shown), new.cert.der().to_vec());
        fs::write(&key, new.signing_key.serialize_pem()).expect("is written");
        assert_eq!(files.reload(), Reload::New);
    }

    #[test]
    fn what_is_wrong_is_said_with_the_file_that_it_is_in() {
        let folder = tempfile::tempdir().expect("a folder");
        let (certificate, key) = written(&made(), &folder);
        let fault = |certificate: &Path, key: &Path| {
            Files::open(certificate.to_owned(), key.to_owned()).expect_err("broken")
        };
        let missing = folder.path().join("missing.pem");
        let unreadable = fault(&missing, &key);
        assert!(matches!(&unreadable, FileFault::Unreadable { file, .. } if *file == missing));
        assert!(unreadable.to_string().contains("missing.pem: No such file"), "{unreadable}");
        assert_eq!(fault(&key, &key), FileFault::NoCertificate(key.clone()));
        assert_eq!(fault(&certificate, &certificate), FileFault::NoKey(certificate.clone()));

        let broken = folder.path().join("broken.pem");
        for (text, expected) in [
            ("", FileFault::NoKey(broken.clone())),
            (
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
                FileFault::EncryptedKey(broken.clone()),
            ),
            (
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                FileFault::BadKey(broken.clone()),
            ),
        ] {
            fs::write(&broken, text).expect("is written");
            assert_eq!(fault(&certificate, &broken), expected);
        }
        fs::write(&broken, "-----BEGIN CERTIFICATE-----\nAAAA\n").expect("is written");
        assert!(matches!(fault(&broken, &key), FileFault::NotPem { file, .. } if file == broken));
        fs::write(&broken, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
            .expect("is written");
        assert_eq!(fault(&broken, &key), FileFault::BadCertificate(broken));
    }
}
