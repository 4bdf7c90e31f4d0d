//! Stories, told to the server from outside. One binary, because linking the server is what
//! takes the time.

mod access;
mod acme;
mod api;
mod bad_day;
mod browser;
mod browser_access;
mod browser_axe;
mod browser_day;
mod browser_desk;
mod browser_ease;
mod browser_kiosk;
mod browser_lobby;
mod browser_mirror;
mod browser_phone;
mod browser_report;
mod browser_set_up;
mod browser_set_up_later;
mod browser_tv;
mod browser_words;
mod docs;
mod fuzz;
mod kill;
mod live;
mod looks;
mod payloads;
mod privacy;
mod reach;
mod report;
mod set_up;
mod set_up_form;
mod store;
mod whole_shop;
