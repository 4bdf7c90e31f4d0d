//! What was got from a directory, in a folder: the account, and certificates with their keys.
//!
//! Each directory has a folder of its own, so that a trial with another one (staging) neither shows
//! its certificates to people nor loses the account.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use instant_acme::AccountCredentials;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::AcmeError;

#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    certificate: PathBuf,
}

impl Cache {
    pub(super) fn new(folder: &Path, directory: &str, names: &[String]) -> Self {
        let folder = folder.join(short(directory));
        let mut sorted = names.to_vec();
        sorted.sort_unstable();
        let first = sorted.first().map_or("", String::as_str);
        let certificate = folder.join(format!("{first}-{}.pem", short(&sorted.join(" "))));
        Self { folder, certificate }
    }

    pub(super) fn certificate_file(&self) -> PathBuf {
        self.certificate.clone()
    }

    /// The certificate and its key, in PEM.
    pub(super) fn certificate(&self) -> Option<Vec<u8>> {
        read(&self.certificate)
    }

    pub(super) fn keep_certificate(&self, pem: &str) -> Result<(), AcmeError> {
        self.keep(&self.certificate, pem.as_bytes())
    }

    pub(super) fn account(&self) -> Option<AccountCredentials> {
        let file = self.account_file();
        serde_json::from_slice(&read(&file)?)
            .inspect_err(|error| {
                tracing::warn!(file = %file.display(), %error, "the account cannot be read");
            })
            .ok()
    }

    pub(super) fn keep_account(&self, account: &AccountCredentials) -> Result<(), AcmeError> {
        let json = serde_json::to_vec(account).map_err(std::io::Error::from);
        let file = self.account_file();
        self.keep(&file, &json.map_err(|error| fault(&file, error))?)
    }

    pub(super) fn forget_account(&self) {
        // One that is not there is forgotten.
        let _ = fs::remove_file(self.account_file());
    }

    fn account_file(&self) -> PathBuf {
        self.folder.join("account.json")
    }

    /// Puts a whole file in the place of the one before. A temporary file is its owner's alone from
    /// its first byte on, and stays so under its new name.
    fn keep(&self, file: &Path, bytes: &[u8]) -> Result<(), AcmeError> {
        let written = || {
            fs::create_dir_all(&self.folder)?;
            let mut temporary = NamedTempFile::new_in(&self.folder)?;
            temporary.write_all(bytes)?;
            temporary.as_file().sync_all()?;
            temporary.persist(file).map_err(|error| error.error)?;
            Ok(())
        };
        written().map_err(|error| fault(file, error))
    }
}

fn read(file: &Path) -> Option<Vec<u8>> {
    fs::read(file)
        .inspect_err(|error| {
            if error.kind() != ErrorKind::NotFound {
                tracing::warn!(file = %file.display(), %error, "cannot be read");
            }
        })
        .ok()
}

fn fault(file: &Path, error: std::io::Error) -> AcmeError {
    AcmeError::Cache { file: file.display().to_string(), error }
}

fn short(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text)[..6])
}
