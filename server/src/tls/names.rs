//! For whom a certificate is.

use std::net::IpAddr;

use yasna::{ASN1Result, BERReader, Tag, parse_der};

use super::validity::parts;

/// A name or an address in a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertifiedName {
    /// A name, in lower case; it may begin with `*.`.
    Name(String),
    /// An address.
    Address(IpAddr),
}

/// The extension with the names, as DER (2.5.29.17).
const ALTERNATIVE_NAMES: [u8; 5] = [0x06, 0x03, 0x55, 0x1d, 0x11];
/// The sign before a name, and before an address (RFC 5280, 4.2.1.6).
const NAME: u8 = 0x82;
const ADDRESS: u8 = 0x87;

/// The names and addresses that a certificate in DER is for; none when it cannot be read.
pub(super) fn names_of(certificate: &[u8]) -> Vec<CertifiedName> {
    let names = || -> ASN1Result<Vec<CertifiedName>> {
        let mut names = Vec::new();
        let signed = parts(certificate)?.into_iter().next().unwrap_or_default();
        let extensions = parts(&signed)?.into_iter().find(|part| part.first() == Some(&0xa3));
        let extensions = extensions.unwrap_or_default();
        let extensions = parse_der(&extensions, |reader| reader.read_tagged(Tag::context(3), der))?;
        for extension in parts(&extensions)? {
            let extension = parts(&extension)?;
            if extension.first().is_none_or(|kind| *kind != ALTERNATIVE_NAMES) {
                continue;
            }
            let value = extension.last().map(Vec::as_slice).unwrap_or_default();
            let value = parse_der(value, bytes)?;
            names.extend(parts(&value)?.iter().filter_map(|name| name_of(name)));
        }
        Ok(names)
    };
    names().unwrap_or_default()
}

fn der(reader: BERReader<'_, '_>) -> ASN1Result<Vec<u8>> {
    reader.read_der()
}

fn bytes(reader: BERReader<'_, '_>) -> ASN1Result<Vec<u8>> {
    reader.read_bytes()
}

fn name_of(name: &[u8]) -> Option<CertifiedName> {
    let (&kind, rest) = name.split_first()?;
    // A length below 128 is one byte; names have at most 253, which may take two.
    let text = match rest.split_first()? {
        (0x81, rest) => rest.get(1..)?,
        (_, rest) => rest,
    };
    match kind {
        NAME => {
            let name = str::from_utf8(text).ok()?;
            Some(CertifiedName::Name(name.to_ascii_lowercase()))
        }
        ADDRESS => {
            let v4 = <[u8; 4]>::try_from(text).map(IpAddr::from);
            let address = v4.or_else(|_| <[u8; 16]>::try_from(text).map(IpAddr::from)).ok()?;
            Some(CertifiedName::Address(address))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use rcgen::{CertificateParams, KeyPair};

    #[test]
    fn the_names_of_a_certificate_are_read_from_it() {
        let key = KeyPair::generate().expect("a key");
        let long =
            format!("{}.example", ["x".repeat(60), "y".repeat(60), "z".repeat(60)].join("."));
        let names = ["Wait.example", "*.salon.example", "192.0.2.1", "2001:db8::1", &long];
        let names = names.map(str::to_owned).to_vec();
        let params = CertificateParams::new(names).expect("names");
        let certificate = params.self_signed(&key).expect("signed");
        let read = names_of(certificate.der());
        let name = |text: &str| CertifiedName::Name(text.to_owned());
        let address = |text: &str| CertifiedName::Address(text.parse().expect("an address"));
        let expected = [
            name("wait.example"),
            name("*.salon.example"),
            address("192.0.2.1"),
            address("2001:db8::1"),
            name(&long),
        ];
        assert_eq!(read, expected);
        let nobodys = CertificateParams::new([]).expect("no names").self_signed(&key);
        assert_eq!(names_of(nobodys.expect("signed").der()), []);
        for end in 0..certificate.der().len() {
            assert_eq!(names_of(&certificate.der()[..end]), [], "half of it is none");
        }
    }
}
