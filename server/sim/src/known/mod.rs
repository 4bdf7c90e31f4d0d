//! Known truth: made-up queues of which the distribution of every wait can be computed, so that the
//! distance of a forecast to the best possible one is known.
//!
//! A [`Scenario`] is plain data. A [`Run`] tells what happens in it, one thing after the other, and
//! can be asked in between for the wait of whoever has just come: not for the one they will have,
//! but for its distribution given what a board can know. That is what the best promise is made from.
//! Deliberately absent: the engine, whose policy is not looked at (the rule by which customers are
//! taken is written anew here, in `floor`), and people who react to what they are told.
//!
//! All that is drawn is a function of the scenario's seed. Within a day, times are milliseconds
//! after midnight.

mod floor;
mod foresight;
mod law;
mod oracle;
mod rules;
mod run;
mod samples;
mod scenario;
mod score;
#[cfg(test)]
mod tests;

pub use foresight::Foresight;
pub use law::Law;
pub use run::Run;
pub use scenario::{
    BREAKS_DIFFER_MIN, FIRST_DAY_MS, LAST_CALL_MIN, Loss, OVERTIME_MIN, Open, Person, PlannedBreak,
    Scenario, Service, Slowdown,
};
pub use score::{Ledger, Score};
