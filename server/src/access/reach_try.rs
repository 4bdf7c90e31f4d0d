//! Whether a phone off the Wi-Fi reaches the shop: the last try, in memory.

use std::net::IpAddr;

use sooner_shared::access::ReachTried;
use sooner_shared::{Problem, ProblemCode, Timestamp};

use super::secret::{self, Hash};

/// How long a try stands, in milliseconds.
const STANDS_MS: i64 = 10 * 60_000;

/// The last try.
#[derive(Debug)]
pub(super) struct LastTry {
    secret: Hash,
    until: Timestamp,
    /// From where the owner asked.
    owner: IpAddr,
    came: ReachTried,
}

impl LastTry {
    /// Begins one; gives its secret.
    pub(super) fn begin(owner: IpAddr, now: Timestamp) -> (String, Self) {
        let (secret, hash) = secret::token();
        let until = now + STANDS_MS;
        (secret, Self { secret: hash, until, owner, came: ReachTried::Nobody })
    }

    /// A phone came. It is inside when it came from where the owner is, from a network of the
    /// shop's own, or by an address that only a local network has.
    pub(super) fn came(
        &mut self,
        secret: &str,
        from: IpAddr,
        is_own: bool,
        now: Timestamp,
    ) -> Result<(), Problem> {
        if self.secret != Hash::of(secret) || now >= self.until {
            return Err(ProblemCode::UnknownCode.into());
        }
        let is_inside = is_own || from == self.owner || is_local(from);
        if !is_inside {
            self.came = ReachTried::Outside;
        } else if self.came == ReachTried::Nobody {
            self.came = ReachTried::Inside;
        }
        Ok(())
    }

    /// Whether one came.
    pub(super) fn state(&self) -> ReachTried {
        self.came
    }
}

fn is_local(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            // 100.64/10 is what mobile networks hide phones behind: outside, for a shop.
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified()
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_counts_as_outside_only_when_it_really_came_from_there() {
        let owner = IpAddr::from([203, 0, 113, 7]);
        let now = Timestamp(0);
        let came = |from: &str, is_own| {
            let (secret, mut last) = LastTry::begin(owner, now);
            last.came(&secret, from.parse().expect("an address"), is_own, now).expect("stands");
            last.state()
        };
        for inside in ["203.0.113.7", "192.168.1.9", "10.0.0.1", "127.0.0.1", "fd00::1", "fe80::1"]
        {
            assert_eq!(came(inside, false), ReachTried::Inside, "{inside}");
        }
        assert_eq!(came("198.51.100.3", true), ReachTried::Inside, "a network of the shop's own");
        for outside in ["198.51.100.3", "2001:db8::1"] {
            assert_eq!(came(outside, false), ReachTried::Outside, "{outside}");
        }
        let (secret, mut last) = LastTry::begin(owner, now);
        let phone = IpAddr::from([198, 51, 100, 3]);
        assert!(last.came("guessed", phone, false, now).is_err());
        assert!(last.came(&secret, phone, false, now + STANDS_MS).is_err());
        assert_eq!(last.state(), ReachTried::Nobody);
    }
}
