//! From when until when a certificate is valid.

use std::time::{Duration, SystemTime};

use yasna::tags::{TAG_GENERALIZEDTIME, TAG_UTCTIME};
use yasna::{ASN1Error, ASN1ErrorKind, ASN1Result, parse_der};

/// From when until when a certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// From then on.
    pub from: SystemTime,
    /// Not any more after that.
    pub until: SystemTime,
}

impl Validity {
    /// Reads it from a certificate in DER (RFC 5280, 4.1). `None` for what is none.
    #[must_use]
    pub fn of(certificate: &[u8]) -> Option<Self> {
        let signed = parts(certificate).ok()?.into_iter().next()?;
        let signed = parts(&signed).ok()?;
        // Serial number, algorithm and issuer come before it, and in all but the oldest a version.
        let has_version = signed.first()?.first() == Some(&0xa0);
        let times = parts(signed.get(3 + usize::from(has_version))?).ok()?;
        let [from, until] = &times[..] else { return None };
        Some(Self { from: time(from).ok()?, until: time(until).ok()? })
    }

    /// When it is time for the next one: with a third of its life left, as Let's Encrypt advises.
    #[must_use]
    pub fn renewed_at(&self) -> SystemTime {
        let life = self.until.duration_since(self.from).unwrap_or_default();
        self.from + life * 2 / 3
    }

    /// Whether its time is over.
    #[must_use]
    pub fn is_over(&self, now: SystemTime) -> bool {
        now > self.until
    }
}

pub(super) fn parts(sequence: &[u8]) -> ASN1Result<Vec<Vec<u8>>> {
    parse_der(sequence, |reader| {
        let mut parts = Vec::new();
        reader.read_sequence_of(|reader| {
            parts.push(reader.read_der()?);
            Ok(())
        })?;
        Ok(parts)
    })
}

fn time(der: &[u8]) -> ASN1Result<SystemTime> {
    let seconds = parse_der(der, |reader| match reader.lookahead_tag()? {
        TAG_UTCTIME => Ok(reader.read_utctime()?.datetime().unix_timestamp()),
        TAG_GENERALIZEDTIME => Ok(reader.read_generalized_time()?.datetime().unix_timestamp()),
        _ => Err(ASN1Error::new(ASN1ErrorKind::Invalid)),
    })?;
    let seconds = u64::try_from(seconds).map_err(|_| ASN1Error::new(ASN1ErrorKind::Invalid))?;
    Ok(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    #[test]
    fn the_time_of_a_certificate_is_read_from_it() {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(["wait.example".to_owned()]).expect("a name");
        for (until, days) in [((2026, 4, 1), 90), ((2055, 1, 1), 10_592)] {
            params.not_before = date_time_ymd(2026, 1, 1);
            params.not_after = date_time_ymd(until.0, until.1, until.2);
            let certificate = params.self_signed(&key).expect("signed");
            let validity = Validity::of(certificate.der()).expect("a certificate");
            let day = Duration::from_hours(24);
            assert_eq!(validity.until, validity.from + day * days);
            assert_eq!(validity.renewed_at(), validity.from + day * days * 2 / 3);
            assert!(!validity.is_over(validity.until));
            assert!(validity.is_over(validity.until + Duration::from_secs(1)));
            assert_eq!(Validity::of(&certificate.der()[1..]), None);
        }
        assert_eq!(Validity::of(b""), None);
        assert_eq!(Validity::of(&[0x30, 0x00]), None);
    }
}
