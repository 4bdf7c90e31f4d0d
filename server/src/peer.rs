//! Who is at the other end of a connection.

use std::net::IpAddr;

/// The other end of the connection that a request came over, in the request's extensions. It may be
/// a proxy: [`Reach::client`](crate::reach::Reach::client) says who is behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Its address; an IPv4 address in the clothes of IPv6 is undressed.
    pub address: IpAddr,
    /// Whether it speaks TLS to this server.
    pub is_tls: bool,
}

impl Peer {
    /// Somebody at this address.
    #[must_use]
    pub fn new(address: IpAddr, is_tls: bool) -> Self {
        Self { address: address.to_canonical(), is_tls }
    }
}

/// What is counted as one asker. Whoever has one address of IPv6 has its whole /64 and could use
/// another one for each request.
#[must_use]
pub fn limit_key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_a_whole_network_of_ipv6_is_one_asker() {
        let key = |text: &str| limit_key(text.parse().expect("an address"));
        assert_eq!(key("2001:db8:0:7::1"), key("2001:db8:0:7:ffff:1:2:3"));
        assert_ne!(key("2001:db8:0:7::1"), key("2001:db8:0:8::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }
}
