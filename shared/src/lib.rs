//! What server and browser say to each other: ids, commands, views with their differences,
//! messages, problems and the texts people read.
//!
//! Deliberately absent: I/O, clocks and domain rules. The crate builds for wasm.

pub mod access;
pub mod chart;
pub mod command;
pub mod contact;
pub mod id;
pub mod look;
pub mod own_page;
pub mod price;
pub mod problem;
pub mod report;
pub mod screen;
pub mod set_up;
pub mod time;
pub mod view;
pub mod wire;
pub mod words;

pub use access::Maker;
pub use command::{Command, CommandId, Receipt, Shown};
pub use id::{ServiceId, ShopId, StaffId, VisitId};
pub use problem::{Problem, ProblemCode};
pub use time::Timestamp;
