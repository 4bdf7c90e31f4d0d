//! Where a page comes from: scheme, host and port, as browsers write them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use thiserror::Error;

/// An origin (RFC 6454): pages of one may speak to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    is_https: bool,
    host: Host,
    port: u16,
}

/// The host of an address. A name is in lower case and keeps a dot at its end: browsers take
/// `wait.example.` for another host than `wait.example`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Host {
    /// An address.
    Address(IpAddr),
    /// A name.
    Name(String),
}

/// An address that people cannot be sent to.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no address like https://wait.example (names in ASCII: xn--…)")]
pub struct BadUrl(String);

impl Origin {
    /// Reads what a browser sends as `Origin`. `null`, and whatever has more or less than scheme,
    /// host and port, is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        Self::at(authority, is_https(scheme)?)
    }

    /// The origin of an address with a path.
    pub fn of_url(url: &str) -> Result<Self, BadUrl> {
        let origin = || {
            let (scheme, rest) = url.split_once("://")?;
            Self::at(rest.split(['/', '?', '#']).next()?, is_https(scheme)?)
        };
        origin().ok_or_else(|| BadUrl(url.to_owned()))
    }

    /// The origin that a request came to which named this `Host`.
    #[must_use]
    pub fn at(host: &str, is_https: bool) -> Option<Self> {
        let (host, port) = authority(host)?;
        Some(Self { is_https, host, port: port.unwrap_or(if is_https { 443 } else { 80 }) })
    }

    /// Whether it is of TLS.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether its host has this name, written in lower case and without a dot at the end.
    pub(super) fn is_at(&self, name: &str) -> bool {
        matches!(&self.host, Host::Name(own) if own.strip_suffix('.').unwrap_or(own) == name)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = if self.is_https { ("https", 443) } else { ("http", 80) };
        write!(f, "{scheme}://")?;
        match &self.host {
            Host::Address(IpAddr::V6(address)) => write!(f, "[{address}]")?,
            Host::Address(IpAddr::V4(address)) => write!(f, "{address}")?,
            Host::Name(name) => f.write_str(name)?,
        }
        if self.port == usual { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

fn is_https(scheme: &str) -> Option<bool> {
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Some(true),
        "http" => Some(false),
        _ => None,
    }
}

/// Reads a host with or without a port. Userinfo, paths and anything else that stands in no name
/// make it none.
pub(super) fn authority(text: &str) -> Option<(Host, Option<u16>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (address, after) = rest.split_once(']')?;
        let host = Host::Address(address.parse::<Ipv6Addr>().ok()?.into());
        return match after {
            "" => Some((host, None)),
            _ => Some((host, Some(port(after.strip_prefix(':')?)?))),
        };
    }
    let (host, port) = match text.split_once(':') {
        Some((host, digits)) => (host, Some(port(digits)?)),
        None => (text, None),
    };
    let host = match host.parse::<Ipv4Addr>() {
        Ok(address) => Host::Address(address.into()),
        Err(_) if is_name(host) => Host::Name(host.to_ascii_lowercase()),
        Err(_) => return None,
    };
    Some((host, port))
}

fn port(digits: &str) -> Option<u16> {
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|port| is_number && *port > 0)
}

fn is_name(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !label.is_empty() && label.len() <= 63 && label.bytes().all(is_usual)
    };
    text.len() <= 254 && text.strip_suffix('.').unwrap_or(text).split('.').all(is_label)
}
