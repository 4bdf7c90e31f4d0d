//! The checksum chain of a log: each link is SHA-256 over the link before it and the event, so
//! that a changed, lost or swapped event shows.

use sha2::{Digest, Sha256};
use sooner_shared::{Maker, ShopId, Timestamp};

/// The checksum after some event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chain([u8; 32]);

impl Chain {
    /// The checksum before the first event of a shop.
    pub(super) fn start(shop: &ShopId) -> Self {
        Self(Sha256::digest(format!("sooner log of {shop}")).into())
    }

    /// A link read from the file; `None` when it is no checksum.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The checksum after one more event.
    pub(super) fn next(self, seq: u64, at: Timestamp, tap: u64, by: Maker, body: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(seq.to_le_bytes());
        hash.update(at.0.to_le_bytes());
        // Logs from before there were taps have none.
        if tap != 0 {
            hash.update(tap.to_le_bytes());
        }
        // Nor do logs from before there were makers; no text of an event begins like this.
        if by != Maker::Unknown {
            hash.update(format!("by {by}\n"));
        }
        hash.update(body);
        Self(hash.finalize().into())
    }

    /// Whether this is the stored link.
    pub(super) fn matches(self, stored: &[u8]) -> bool {
        self.0 == stored
    }

    /// As hexadecimal digits.
    pub(super) fn hex(self) -> String {
        data_encoding::HEXLOWER.encode(&self.0)
    }
}
