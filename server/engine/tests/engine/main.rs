//! The engine through its public door: commands and time in, events and views out.
//!
//! `support` treats the engine as the server does; `model` and `ledger` say again, independently
//! and in few words, what must be true; everything else are sentences about them.

mod care;
mod deadlines;
mod ending;
mod explain;
mod forecast;
mod hours;
mod known_truth;
mod labels;
mod learning;
mod ledger;
mod model;
mod moves;
mod properties;
mod quotes;
mod refusals;
mod rules;
mod scores;
mod set_up;
mod shops;
mod skills;
mod stories;
mod support;
mod taking_back;
mod tapped;
mod views;
mod whole_shop;
