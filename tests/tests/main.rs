//! Stories, told to the server from outside. One binary, because linking the server is what
//! takes the time.

mod acme;
mod api;
mod bad_day;
mod browser;
mod browser_day;
mod docs;
mod kill;
mod live;
mod reach;
mod set_up;
mod store;
mod whole_shop;
