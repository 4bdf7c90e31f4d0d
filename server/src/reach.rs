//! How people reach this server: under which names, from which pages, through which proxies.
//!
//! What a request says of itself (`Host`, `Origin`, `X-Forwarded-For`) is believed only as far as is
//! said here. `Forwarded` (RFC 7239) and `X-Forwarded-Host` are not read at all: one way to be told
//! is enough to get wrong.

mod origin;

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use hyper::HeaderMap;
use hyper::header::HeaderName;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::peer::Peer;
use origin::Host;
pub use origin::{BadUrl, Origin};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Names that no public name server gives out, so that nobody can have them point here: they are
/// the owner's own (RFC 6762, RFC 8375, and the names ICANN keeps free).
const PRIVATE_ENDS: [&str; 4] = [".local", ".lan", ".home.arpa", ".internal"];

/// Who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// Their address, as far as it can be known.
    pub address: IpAddr,
    /// Whether they came by TLS, to us or to the proxy.
    pub is_https: bool,
}

/// Where people reach the server.
#[derive(Debug, Clone)]
struct Public {
    origin: Origin,
    /// As it was written, to put a page after.
    url: Arc<str>,
}

/// What is believed of a request; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    proxies: Arc<[IpNet]>,
    public: Option<Public>,
    names: Arc<[String]>,
    has_tls: bool,
}

impl Reach {
    /// A server that people reach at `public_url`, or else wherever it listens.
    pub fn new(public_url: Option<&str>) -> Result<Self, BadUrl> {
        let read = |url: &str| {
            let origin = Origin::of_url(url)?;
            Ok(Public { origin, url: url.trim_end_matches('/').into() })
        };
        Ok(Self { public: public_url.map(read).transpose()?, ..Self::default() })
    }

    /// The same behind these proxies, whose word is believed. [`network`] reads them.
    #[must_use]
    pub fn behind(self, proxies: Vec<IpNet>) -> Self {
        Self { proxies: proxies.into(), ..self }
    }

    /// The same under further names of its own.
    #[must_use]
    pub fn named(self, names: &[String]) -> Self {
        Self { names: names.iter().map(|name| name.to_ascii_lowercase()).collect(), ..self }
    }

    /// The same with TLS of its own.
    #[must_use]
    pub fn with_tls(self) -> Self {
        Self { has_tls: true, ..self }
    }

    /// Where people reach it (`https://wait.example`), for links and codes; `None` is whatever
    /// address a request came to.
    #[must_use]
    pub fn public_url(&self) -> Option<&str> {
        self.public.as_ref().map(|public| &*public.url)
    }

    /// Whether people come by `https`: the public address says so, or this server speaks TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public.as_ref().map_or(self.has_tls, |public| public.origin.is_https())
    }

    /// Whether `host` is the public address's, and people come to that by `https`.
    #[must_use]
    pub fn is_public_https(&self, host: &str) -> bool {
        let public = self.public.as_ref().filter(|public| public.origin.is_https());
        public.is_some_and(|public| Origin::at(host, true).as_ref() == Some(&public.origin))
    }

    /// Whether an address is a proxy's whose word is believed.
    #[must_use]
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.proxies.iter().any(|network| network.contains(&address))
    }

    /// Who is behind a peer. Each proxy adds to the right of `X-Forwarded-For` whom it heard, so
    /// the list is read from there, as long as proxies of ours speak: what stands left of the
    /// first stranger, the stranger has made up. Of `X-Forwarded-Proto` the last word counts, which
    /// is the nearest proxy's.
    #[must_use]
    pub fn client(&self, peer: &Peer, headers: &HeaderMap) -> Client {
        let mut address = peer.address.to_canonical();
        if !self.trusts(address) {
            return Client { address, is_https: peer.is_tls };
        }
        let values = headers.get_all(FORWARDED_FOR).into_iter().rev();
        let entries = values.flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
        for named in entries.map_while(address_of) {
            address = named;
            if !self.trusts(address) {
                break;
            }
        }
        let last = headers.get_all(FORWARDED_PROTO).into_iter().next_back();
        let word = last.and_then(|value| value.to_str().ok()?.rsplit(',').next()).map(str::trim);
        let is_https = match word {
            Some(word) if word.eq_ignore_ascii_case("https") => true,
            Some(word) if word.eq_ignore_ascii_case("http") => false,
            _ => peer.is_tls,
        };
        Client { address, is_https }
    }

    /// Whether a `Host` is a name of this server. A page of elsewhere whose name was made to point
    /// here (DNS rebinding) would come with its own name, which no answer should be given to.
    #[must_use]
    pub fn knows_host(&self, host: &str) -> bool {
        match origin::authority(host) {
            Some((Host::Address(_), _)) => true,
            Some((Host::Name(name), _)) => self.knows_name(name.strip_suffix('.').unwrap_or(&name)),
            None => false,
        }
    }

    fn knows_name(&self, name: &str) -> bool {
        !name.contains('.')
            || PRIVATE_ENDS.iter().any(|end| name.ends_with(end))
            || self.names.iter().any(|own| own == name)
            || self.public.as_ref().is_some_and(|public| public.origin.is_at(name))
    }

    /// Whether a page from `origin` may speak to us: one of the public address, or of the address
    /// that its request came to, when that is ours.
    #[must_use]
    pub fn allows_origin(&self, origin: &str, host: &str, is_https: bool) -> bool {
        let Some(origin) = Origin::parse(origin) else { return false };
        self.public.as_ref().is_some_and(|public| public.origin == origin)
            || (self.knows_host(host) && Origin::at(host, is_https) == Some(origin))
    }
}

/// Reads a network of proxies: `10.0.0.0/8`, or one address.
pub fn network(text: &str) -> Result<IpNet, String> {
    let written = match text.parse::<IpAddr>() {
        Ok(address) => IpNet::from(address),
        Err(_) => text.parse().map_err(|_| "neither an address nor one with /bits".to_owned())?,
    };
    // Peers are looked up by their plain addresses.
    let plain = |mapped: Ipv6Net| {
        let bits = mapped.prefix_len().checked_sub(96)?;
        Ipv4Net::new(mapped.addr().to_ipv4_mapped()?, bits).ok()
    };
    let network = match written {
        IpNet::V6(mapped) => plain(mapped).map_or(written, IpNet::V4),
        IpNet::V4(_) => written,
    };
    if network.prefix_len() == 0 {
        return Err("everybody would be believed: name the proxy's own network".into());
    }
    Ok(network)
}

/// An entry of `X-Forwarded-For`: an address, with or without port and brackets.
fn address_of(entry: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(entry).ok()?.trim();
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    let address = text
        .parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .or_else(|| bare().map(IpAddr::V6))?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests;
