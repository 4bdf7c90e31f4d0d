//! What people in and around a shop are wont to do, as rates and durations.
//!
//! Shares are from 0 to 1 and times in milliseconds. A shop without habits ([`Habits::none`]) is
//! punctual and tidy; tests add one habit to it at a time.

use sooner_shared::time::MINUTE_MS;

/// The habits of a shop's people.
#[derive(Debug, Clone, PartialEq)]
pub struct Habits {
    /// How much of the working time is asked for, over the whole day; waves go above it.
    pub load: f64,
    /// How much busier than the average the waves are.
    pub waves: f64,
    /// Of those who may have an appointment, so many do.
    pub booked: f64,
    /// Of the rest, so many are added by staff at the desk.
    pub at_desk: f64,
    /// And so many join from elsewhere.
    pub remote: f64,
    /// Come with somebody.
    pub groups: f64,
    /// Ask for a person.
    pub requests: f64,
    /// Come for a second thing.
    pub more: f64,
    /// The mean of the longest wait that people say yes to.
    pub tolerance_ms: i64,
    /// With an appointment, and never come.
    pub no_shows: f64,
    /// With an appointment, and call it off some hours before.
    pub cancels: f64,
    /// With an appointment, and say the day before that they are coming.
    pub confirms: f64,
    /// With an appointment, and come much too late.
    pub late_guests: f64,
    /// Of those who are late, so many say so.
    pub says_late: f64,
    /// Give up after having said yes, when it takes longer than they can bear.
    pub gives_up: f64,
    /// Of those who give up, so many just go, without a tap.
    pub goes_silently: f64,
    /// Let one other go first.
    pub lets_pass: f64,
    /// Are not next to the chair when they are called, but some minutes away.
    pub strolls: f64,
    /// Staff come much too late.
    pub late_starts: f64,
    /// Of those, so many have it announced.
    pub says_late_start: f64,
    /// Do not come at all today.
    pub sick: f64,
    /// Services that take far longer than they should.
    pub overruns: f64,
    /// Of those, so many are reported while others wait.
    pub reports_delay: f64,
    /// The tap at the end is forgotten, while somebody waits.
    pub forgets_busy: f64,
    /// The tap at the end is forgotten, while nobody does.
    pub forgets_quiet: f64,
    /// A service more while being served.
    pub add_ons: f64,
    /// How much slower people are after eight hours.
    pub fatigue: f64,
    /// How different two people's speeds are (a deviation).
    pub speeds: f64,
    /// How different two days are (a deviation).
    pub days: f64,
    /// How wrong the owner is about how long a service takes (a deviation).
    pub misjudged: f64,
    /// Say no to what was found.
    pub says_no: f64,
    /// News are given late.
    pub late_news: f64,
    /// Staff do what the desk says of promises in danger.
    pub helps: bool,
    /// What goes wrong every day, if anything.
    pub bad_day: Option<BadDay>,
}

/// What goes wrong on a bad day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadDay {
    /// One person comes half an hour late, and nobody knows.
    Late,
    /// One person goes home at noon.
    Gone,
    /// Three services take more than twice as long as they should.
    Overruns,
    /// Many come at once in the afternoon.
    Wave,
}

impl BadDay {
    /// All of them, with the words that name them.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Late, "late"),
        (Self::Gone, "gone"),
        (Self::Overruns, "overruns"),
        (Self::Wave, "wave"),
    ];
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            load: 0.82,
            waves: 0.25,
            booked: 0.3,
            at_desk: 0.35,
            remote: 0.15,
            groups: 0.05,
            requests: 0.15,
            more: 0.08,
            tolerance_ms: 90 * MINUTE_MS,
            no_shows: 0.05,
            cancels: 0.03,
            confirms: 0.5,
            late_guests: 0.15,
            says_late: 0.5,
            gives_up: 0.04,
            goes_silently: 0.3,
            lets_pass: 0.02,
            strolls: 0.12,
            late_starts: 0.06,
            says_late_start: 0.5,
            sick: 0.01,
            overruns: 0.06,
            reports_delay: 0.15,
            forgets_busy: 0.02,
            forgets_quiet: 0.12,
            add_ons: 0.03,
            fatigue: 0.08,
            speeds: 0.1,
            days: 0.06,
            misjudged: 0.1,
            says_no: 0.05,
            late_news: 0.05,
            helps: false,
            bad_day: None,
        }
    }
}

impl Habits {
    /// Nobody does anything unforeseen.
    #[must_use]
    pub fn none() -> Self {
        Self {
            booked: 0.0,
            at_desk: 0.0,
            remote: 0.0,
            groups: 0.0,
            requests: 0.0,
            more: 0.0,
            no_shows: 0.0,
            cancels: 0.0,
            confirms: 0.0,
            late_guests: 0.0,
            says_late: 0.0,
            gives_up: 0.0,
            goes_silently: 0.0,
            lets_pass: 0.0,
            strolls: 0.0,
            late_starts: 0.0,
            says_late_start: 0.0,
            sick: 0.0,
            overruns: 0.0,
            reports_delay: 0.0,
            forgets_busy: 0.0,
            forgets_quiet: 0.0,
            add_ons: 0.0,
            fatigue: 0.0,
            speeds: 0.0,
            days: 0.0,
            misjudged: 0.0,
            says_no: 0.0,
            late_news: 0.0,
            ..Self::default()
        }
    }
}
