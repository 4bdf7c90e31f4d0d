//! From where the shop's own screens speak: its network, as seen from here. Kept in memory; a server
//! that starts learns it again with the first screen.

use std::collections::BTreeMap;
use std::net::IpAddr;

use sooner_shared::Timestamp;

/// Addresses that are remembered, and for how long, in milliseconds.
const ADDRESSES_MAX: usize = 32;
const KEPT_MS: i64 = 24 * 3_600_000;

/// Those addresses.
#[derive(Debug, Default)]
pub(super) struct OwnNetwork(BTreeMap<IpAddr, Timestamp>);

impl OwnNetwork {
    /// A paired screen spoke from there.
    pub(super) fn note(&mut self, address: IpAddr, now: Timestamp) {
        self.0.insert(address, now);
        if self.0.len() > ADDRESSES_MAX
            && let Some(oldest) = self.0.iter().min_by_key(|(_, at)| **at).map(|(a, _)| *a)
        {
            self.0.remove(&oldest);
        }
    }

    /// Whether one did of late.
    pub(super) fn has(&self, address: IpAddr, now: Timestamp) -> bool {
        self.0.get(&address).is_some_and(|at| now - *at < KEPT_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_the_shops_own_for_a_day_after_its_screens_spoke() {
        let mut own = OwnNetwork::default();
        let address = |last| IpAddr::from([192, 0, 2, last]);
        own.note(address(1), Timestamp(0));
        assert!(own.has(address(1), Timestamp(KEPT_MS - 1)));
        assert!(!own.has(address(1), Timestamp(KEPT_MS)));
        assert!(!own.has(address(2), Timestamp(0)));
        for last in 2..=200 {
            own.note(address(last), Timestamp(1));
        }
        assert_eq!(own.0.len(), ADDRESSES_MAX);
        assert!(!own.has(address(1), Timestamp(1)), "the oldest is forgotten");
    }
}
