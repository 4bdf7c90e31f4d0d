//! Where the certificate of `sooner serve` comes from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use sooner_server::reach::{Origin, Reach};
use sooner_server::tls::{Acme, CertifiedName, Files, LETS_ENCRYPT, Shown, Tls};
use tokio_util::sync::CancellationToken;

/// TLS, by a certificate in files or by one from a directory. With neither, plain text.
#[derive(Debug, Args)]
#[command(next_help_heading = "Https")]
pub(super) struct Https {
    /// A certificate in PEM, with those it hangs on. It is read again when it changes, and at
    /// SIGHUP.
    #[arg(long, value_name = "FILE", requires = "tls_key", conflicts_with = "acme_domain")]
    tls_cert: Option<PathBuf>,
    /// Its private key in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Gets a certificate for this name, and the next ones in time, and agrees to the directory's
    /// terms. Its port 443 must lead here. Several names share one certificate.
    #[arg(long, value_name = "NAME", value_parser = name)]
    acme_domain: Vec<String>,
    /// Where the directory may write to.
    #[arg(long, value_name = "MAIL", requires = "acme_domain")]
    acme_contact: Option<String>,
    /// The folder for account, certificate and key; else `acme` in the folder for the log.
    #[arg(long, value_name = "DIR", requires = "acme_domain")]
    acme_cache: Option<PathBuf>,
    /// Another directory than Let's Encrypt's, such as its staging or an authority of your own.
    #[arg(long, value_name = "URL", requires = "acme_domain", value_parser = directory)]
    acme_directory: Option<String>,
}

/// TLS, and who sees to its certificate.
pub(super) struct Certificate {
    pub(super) tls: Tls,
    pub(super) keeper: Keeper,
}

/// Who sees to a certificate.
pub(super) enum Keeper {
    Files(Files),
    Directory(Box<Acme>, Arc<Shown>),
}

impl Https {
    /// The names that a directory is asked for.
    pub(super) fn names(&self) -> &[String] {
        &self.acme_domain
    }

    /// Reads what is in files now; a directory is asked later. `None` is plain text.
    pub(super) fn certificate(self, data: &Path) -> anyhow::Result<Option<Certificate>> {
        if let (Some(certificate), Some(key)) = (self.tls_cert, self.tls_key) {
            let files = Files::open(certificate, key)?;
            let tls = Tls::new(files.shown());
            return Ok(Some(Certificate { tls, keeper: Keeper::Files(files) }));
        }
        if self.acme_domain.is_empty() {
            return Ok(None);
        }
        let folder = self.acme_cache.unwrap_or_else(|| data.join("acme"));
        let directory = self.acme_directory.as_deref().unwrap_or(LETS_ENCRYPT);
        let acme = Acme::new(self.acme_domain, directory, &folder).with_contact(self.acme_contact);
        let shown = Arc::new(Shown::default());
        let tls = Tls::new(Arc::clone(&shown));
        Ok(Some(Certificate { tls, keeper: Keeper::Directory(Box::new(acme), shown) }))
    }
}

impl Certificate {
    /// Whether people are answered under a name that it is for; if not, that name. A certificate from
    /// a directory is for the names that were given.
    pub(super) fn unreachable(&self, reach: &Reach) -> Option<String> {
        let Keeper::Files(files) = &self.keeper else { return None };
        let names = files.shown().names();
        let is_known = |name: &CertifiedName| match name {
            CertifiedName::Address(_) => true,
            // One name of many: it cannot be said which, but a public address may be one of them.
            CertifiedName::Name(name) => match name.strip_prefix("*.") {
                Some(end) => reach.public_url().is_some_and(|url| url.contains(end)),
                None => reach.knows_host(name),
            },
        };
        if names.iter().any(is_known) {
            return None;
        }
        names.into_iter().find_map(|name| match name {
            CertifiedName::Name(name) => Some(name),
            CertifiedName::Address(_) => None,
        })
    }
}

impl Keeper {
    /// Begins to keep it fresh, until `stop`.
    pub(super) fn begin(self, stop: CancellationToken) -> anyhow::Result<()> {
        match self {
            Self::Files(files) => tokio::spawn(files.watch(stop)?),
            Self::Directory(acme, shown) => tokio::spawn(acme.keep(shown, stop)),
        };
        Ok(())
    }
}

/// A name that a directory can be asked for.
fn name(text: &str) -> Result<String, String> {
    if text.contains('*') {
        return Err("wildcards need access to the name server, which this way has not".into());
    }
    let is_name = text.contains('.') && !text.contains(':') && !text.ends_with('.');
    let is_address = text.parse::<std::net::IpAddr>().is_ok();
    if !is_name || is_address || Origin::at(text, true).is_none() {
        return Err("a public name such as wait.example (in ASCII: xn--…)".into());
    }
    Ok(text.to_ascii_lowercase())
}

fn directory(text: &str) -> Result<String, String> {
    match Origin::of_url(text) {
        Ok(origin) if origin.is_https() => Ok(text.to_owned()),
        _ => Err("an address that begins with https://".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use clap::{Parser, error::ErrorKind};

    #[derive(Debug, Parser)]
    struct Program {
        #[command(flatten)]
        https: Https,
    }

    fn asked(arguments: &str) -> Result<Https, clap::Error> {
        let words = ["sooner"].into_iter().chain(arguments.split_whitespace());
        Program::try_parse_from(words).map(|program| program.https)
    }

    #[test]
    fn options_that_make_no_sense_together_are_refused_by_name() {
        for (arguments, kind, named) in [
            ("--tls-cert a.pem", ErrorKind::MissingRequiredArgument, "--tls-key"),
            ("--tls-key a.pem", ErrorKind::MissingRequiredArgument, "--tls-cert"),
            (
                "--tls-cert a.pem --tls-key b.pem --acme-domain wait.example",
                ErrorKind::ArgumentConflict,
                "--acme-domain",
            ),
            ("--acme-contact a@b.example", ErrorKind::MissingRequiredArgument, "--acme-domain"),
            ("--acme-cache here", ErrorKind::MissingRequiredArgument, "--acme-domain"),
            (
                "--acme-directory https://acme.example/",
                ErrorKind::MissingRequiredArgument,
                "--acme-domain",
            ),
            (
                "--acme-domain wait.example --acme-directory http://acme.example/",
                ErrorKind::ValueValidation,
                "--acme-directory",
            ),
        ] {
            let error = asked(arguments).expect_err(arguments);
            assert_eq!(error.kind(), kind, "{arguments}");
            assert!(error.to_string().contains(named), "{error}");
        }
        for name in ["*.wait.example", "localhost", "192.0.2.1", "wait.example:443", "a b.c", "á.b"]
        {
            let words = ["sooner", "--acme-domain", name];
            let error = Program::try_parse_from(words).expect_err(name);
            assert_eq!(error.kind(), ErrorKind::ValueValidation, "{name}");
        }
        let https = asked("--acme-domain Wait.Example --acme-domain salon.example").expect("fine");
        assert_eq!(https.names(), ["wait.example", "salon.example"]);
    }

    #[test]
    fn without_any_of_it_there_is_no_tls() {
        let certificate = asked("").expect("fine").certificate(Path::new("data"));
        assert!(certificate.expect("nothing is read").is_none());
    }
}
