//! What every page has below its screen: the socket to the shop, the device, and the calendar of the
//! shop's zone. No framework is in it, so that a program can do without one.

mod link;

pub mod clock;
pub mod device;

pub use link::{Happening, Link, News, Shown};
