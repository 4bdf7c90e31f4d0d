//! What a made-up queue is, as plain data: what its owner would say of it, and what nobody there
//! knows.

use crate::truth::Form;

/// The first day of every scenario: Monday, 6 January 2025, 00:00 UTC, in milliseconds since the
/// epoch. Local time is UTC.
pub const FIRST_DAY_MS: i64 = 1_736_121_600_000;

/// Nobody comes in the last so many minutes before closing.
pub const LAST_CALL_MIN: u16 = 30;

/// Who is still in line so many minutes after closing goes home.
pub const OVERTIME_MIN: u16 = 60;

/// A break really lasts so much longer than was announced, at least and at most, in minutes;
/// evenly between.
pub const BREAKS_DIFFER_MIN: (f64, f64) = (-3.0, 6.0);

/// A made-up queue.
///
/// Whoever is free and on duty takes, of those they can serve, the first with a right to go first,
/// unless planning nine in ten of their service would break a time that somebody was told who came
/// before them and could be taken instead; else first come, first served. Who comes when an able person is idle is
/// taken at once, by whoever has been idle longest. A planned break begins when its person is free,
/// at its time or after it. At closing everybody goes who is free and can serve nobody in line.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// What everything is drawn from.
    pub seed: u64,
    /// How many days it lasts, from [`FIRST_DAY_MS`] on.
    pub days: u32,
    /// What people come for; numbered by place, as in [`Moment`](crate::moment::Moment).
    pub services: Vec<Service>,
    /// Who serves, at most 64; numbered by place.
    pub staff: Vec<Person>,
    /// When it is open, Monday first.
    pub hours: [Option<Open>; 7],
    /// How many come in an hour, by weekday (Monday first) and hour of the day.
    pub demand: [[f64; 24]; 7],
    /// The share of those who come that ask for one person and wait for them.
    pub requested: f64,
    /// The share that has a right to go first.
    pub rights: f64,
    /// The share of those who have to wait that are gone when they are called.
    pub absent: f64,
    /// From when on everything takes longer.
    pub slowdown: Option<Slowdown>,
    /// Who leaves in the middle of a day.
    pub losses: Vec<Loss>,
}

/// What people come for.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// What it is called.
    pub name: String,
    /// How long it takes by the owner's word, in minutes.
    pub nominal_min: f64,
    /// How long it really takes on average over the staff who do it, in minutes.
    pub mean_min: f64,
    /// How its durations spread.
    pub form: Form,
    /// The share of those who come for it.
    pub share: f64,
}

/// Somebody who serves.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// What they are called.
    pub name: String,
    /// Which services they do.
    pub skills: Vec<u16>,
    /// How much longer than the mean they take, by service.
    pub paces: Vec<f64>,
    /// Their planned breaks, the same on all days, in order.
    pub breaks: Vec<PlannedBreak>,
}

/// When a break is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedBreak {
    /// From when on it may begin, in minutes after midnight.
    pub at_min: u16,
    /// How long it is announced to last, in minutes.
    pub length_min: u16,
}

/// When a day opens and closes, in minutes after midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// From then on.
    pub from_min: u16,
    /// Until then.
    pub to_min: u16,
}

/// From one morning on, everything takes longer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slowdown {
    /// From which day on, counted from 0.
    pub from_day: u32,
    /// By how much.
    pub factor: f64,
}

/// Some leave in the middle of a day and are back on the next one: they say so, take nobody new, and
/// finish what they are at. Who waits for one of them leaves too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// On which day, counted from 0.
    pub day: u32,
    /// When, in minutes after midnight.
    pub at_min: u16,
    /// Who.
    pub staff: Vec<u16>,
}
