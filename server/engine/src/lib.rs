//! The pure core of Sooner: what a shop is, what may happen in it, who is next, what is promised
//! and how each promise ends.
//!
//! Everything here is a function of events and of the time it is given. Deliberately absent:
//! clocks, randomness, files, tasks, names of people, and float functions that differ by platform.

mod apply;
pub mod calendar;
pub mod care;
pub mod config;
pub mod decide;
pub mod event;
pub mod forecast;
pub mod labels;
mod learning;
pub mod line;
mod pairs;
pub mod policy;
pub mod price;
pub mod promise;
pub mod quiet;
pub mod rejection;
pub mod remedy;
pub mod roster;
pub mod set_up;
pub mod shop;
pub mod tasks;
pub mod undo;
pub mod view;
pub mod visit;

pub use config::{Service, ShopConfig, Staff, Step, StepKind, Taught};
pub use decide::{decide, decide_tapped, next_deadline, on_deadline};
pub use event::{Event, Recorded};
pub use forecast::Forecast;
pub use rejection::Rejection;
pub use shop::Shop;
pub use visit::Visit;
