//! What a screen thinks, without the screen: following a view over a socket that comes and goes,
//! keeping taps until they are answered, and choosing what of a view is shown where.
//!
//! Here so that it is tested without a browser. Deliberately absent: sockets, clocks, elements and
//! texts. Instants of the device come in as `local_ms`, milliseconds since the epoch by its own
//! clock; they are compared with each other only, never with the shop's time.

pub mod ahead;
pub mod announce;
pub mod backoff;
pub mod desk;
pub mod desk_actions;
pub mod doors;
pub mod follower;
pub mod lobby;
pub mod nudge;
pub mod outbox;
pub mod phone;
pub mod quote;
pub mod reorder;
#[cfg(test)]
pub(crate) mod samples;
pub mod tags;
pub mod why;
pub mod zone_time;

pub use follower::{Follower, Heard, State};
pub use outbox::{Outbox, Pending};
