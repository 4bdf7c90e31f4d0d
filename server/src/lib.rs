//! The shell around the engine: everything that does I/O.
//!
//! `shops` holds one task for each shop, the only writer of its log; `store` makes that log
//! durable; `live` and `http` know a shop only by its handle.

pub mod access;
pub mod app;
pub mod backtest;
pub mod clock;
pub mod demo;
pub mod driver;
pub mod http;
pub mod lifecycle;
pub mod limits;
pub mod links;
pub mod live;
pub mod peer;
pub mod reach;
pub mod replay;
pub mod report;
pub mod sample;
pub mod setup;
pub mod shops;
pub mod store;
pub mod text;
pub mod tls;
