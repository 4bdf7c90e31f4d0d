//! Private links of visits.
//!
//! A visit's link is `shop.visit.mac`: the mac is HMAC-SHA-256 over visit and generation under the
//! shop's secret, cut to 128 bits. It is not stored, and cannot be guessed. A link that was seen by
//! somebody else is replaced by raising the generation: the old one opens nothing any more.

use std::str::FromStr;
use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use sooner_shared::{ShopId, VisitId};
use tokio::sync::watch;

use crate::access::Access;

const MAC_BYTES: usize = 16;

/// Random bytes from the system.
///
/// # Panics
/// When the system has no randomness to give: no secret could be made then.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// What a shop's links are made and checked with.
#[derive(Debug)]
pub struct Secrets {
    shop: ShopId,
    secret: [u8; 32],
    /// Which links were replaced, as it changes.
    access: Option<watch::Receiver<Arc<Access>>>,
}

impl Secrets {
    /// The secrets of `shop`.
    #[must_use]
    pub const fn new(shop: ShopId, secret: [u8; 32]) -> Self {
        Self { shop, secret, access: None }
    }

    /// The same, with the generations of links as they are kept there.
    #[must_use]
    pub fn following(self, access: watch::Receiver<Arc<Access>>) -> Self {
        Self { access: Some(access), ..self }
    }

    fn mac(&self, visit: VisitId) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.secret)
            .expect("HMAC takes keys of any length");
        mac.update(b"visit");
        mac.update(&visit.0.to_le_bytes());
        let generation = self.access.as_ref().map_or(0, |a| a.borrow().generation(visit));
        mac.update(&generation.to_le_bytes());
        mac
    }

    /// The private link of a visit, to be put after `/v/`.
    #[must_use]
    pub fn link(&self, visit: VisitId) -> String {
        let mac = self.mac(visit).finalize().into_bytes();
        format!("{}.{visit}.{}", self.shop, BASE64URL_NOPAD.encode(&mac[..MAC_BYTES]))
    }

    /// Whether a link was made here. Takes the same time for all macs.
    #[must_use]
    pub fn opens(&self, link: &VisitLink) -> bool {
        link.shop == self.shop && self.mac(link.visit).verify_truncated_left(&link.mac).is_ok()
    }
}

/// A private link, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitLink {
    /// The shop it claims to belong to.
    pub shop: ShopId,
    /// The visit it claims to open.
    pub visit: VisitId,
    mac: [u8; MAC_BYTES],
}

/// The text has not the form of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotALink;

impl FromStr for VisitLink {
    type Err = NotALink;

    fn from_str(text: &str) -> Result<Self, NotALink> {
        let mut parts = text.split('.');
        let (Some(shop), Some(visit), Some(mac), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotALink);
        };
        let mac = BASE64URL_NOPAD.decode(mac.as_bytes()).map_err(|_| NotALink)?;
        Ok(Self {
            shop: shop.parse().map_err(|_| NotALink)?,
            visit: VisitId(visit.parse().map_err(|_| NotALink)?),
            mac: mac.try_into().map_err(|_| NotALink)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(secret: u8) -> Secrets {
        let shop = "salon".parse().expect("a shop name");
        Secrets::new(shop, [secret; 32])
    }

    #[test]
    fn a_link_opens_its_own_visit_only() {
        let link: VisitLink = secrets(1).link(VisitId(7)).parse().expect("a link");
        assert!(secrets(1).opens(&link));
        assert!(!secrets(2).opens(&link));
        assert!(!secrets(1).opens(&VisitLink { visit: VisitId(8), ..link.clone() }));
        let elsewhere = VisitLink { shop: "other".parse().expect("a shop name"), ..link };
        assert!(!secrets(1).opens(&elsewhere));
    }

    #[test]
    fn what_is_no_link_is_refused() {
        let good = secrets(1).link(VisitId(7));
        for bad in ["", "salon", "salon.7", "salon.7.", "salon.7.AAAA", "api.7.AAAA", &good[1..]] {
            let opens = bad.parse::<VisitLink>().is_ok_and(|link| secrets(1).opens(&link));
            assert!(!opens, "{bad}");
        }
        assert!(format!("{good}.x").parse::<VisitLink>().is_err());
    }
}
