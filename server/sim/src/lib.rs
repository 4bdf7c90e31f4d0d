//! People and staff of a made-up shop: who comes, how long things really take, and what everybody
//! does who sees the board.
//!
//! A [`World`] is a function of a seed, of a shop's set-up and of what it is shown. It knows a shop
//! only as a program does: by the desk's view, the answers to commands, and its refusals. What is
//! deliberately absent: the engine's policy and forecast (only the set-up and the calendar are
//! used), so that a promise is never scored against its own assumptions; and clocks, files and
//! sockets, which the driver has.

pub mod chance;
pub mod demand;
pub mod habits;
pub mod hours;
pub mod known;
pub mod moment;
#[cfg(test)]
pub(crate) mod shop;
pub mod truth;
pub mod world;

pub use habits::{BadDay, Habits};
pub use world::{Act, Because, Counts, Way, World};
