//! What customers said at the end.

use serde::{Deserialize, Serialize};

/// What customers said at the end of visits whose first promise was made on these days. Who says nothing
/// is counted nowhere: these are voices, not shares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voices {
    /// Kept starts whose customer was asked whether it was when it was tapped: those that were kept by
    /// that tap, and not by a call made in time.
    pub starts_asked: u32,
    /// Of them: it was.
    pub starts_right: u32,
    /// Of them: it was later. Their promises stay as they were scored.
    pub starts_later: u32,
    /// The wait was good.
    pub good: u32,
    /// It was neither good nor bad.
    pub fair: u32,
    /// It was not good.
    pub not_good: u32,
}
