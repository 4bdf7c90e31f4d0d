//! What happened in a world, counted.

use std::collections::BTreeMap;

use sooner_shared::command::Command;
use sooner_shared::{Problem, ProblemCode, Timestamp};

use super::refusal;

/// Refusals that are kept to be looked at.
const KEPT: usize = 20;

/// Why somebody went away without joining.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Because {
    /// The shop was closed, or full for today.
    Closed,
    /// The time was later than they could bear.
    TooLate,
    /// Nobody could give a time.
    NoTime,
    /// Nobody had time for an appointment when they could.
    NoAppointment,
    /// Nobody was at the desk to be asked.
    NobodyThere,
}

/// A refusal nobody foresaw.
#[derive(Debug, Clone, PartialEq)]
pub struct Unexpected {
    /// When.
    pub at: Timestamp,
    /// What was asked for.
    pub command: Command,
    /// The answer.
    pub problem: Problem,
}

/// What happened so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counts {
    /// Came, or thought of it, and did not join.
    pub turned_away: BTreeMap<Because, u32>,
    /// Joined or were added, companions not counted.
    pub joined: u32,
    /// Got an appointment.
    pub booked: u32,
    /// Had an appointment and never came.
    pub no_shows: u32,
    /// Staff came twenty minutes late or more.
    pub late_starts: u32,
    /// Of those, announced.
    pub announced: u32,
    /// Staff did not come at all.
    pub sick: u32,
    /// Remedies taken.
    pub remedies: u32,
    /// Breaks taken.
    pub breaks: u32,
    /// Pieces of work done in a chair or on a bench.
    pub works: u32,
    /// Of those, overrun.
    pub overran: u32,
    /// Taps at the end of work that were forgotten.
    pub forgotten: u32,
    /// Parts that came.
    pub parts: u32,
    /// Refusals by code.
    pub refusals: BTreeMap<ProblemCode, u32>,
    /// The first refusals nobody foresaw.
    pub unexpected: Vec<Unexpected>,
}

impl Counts {
    pub(super) fn refused(&mut self, at: Timestamp, command: &Command, problem: &Problem) {
        *self.refusals.entry(problem.code).or_default() += 1;
        if !refusal::is_foreseen(command, problem.code) && self.unexpected.len() < KEPT {
            self.unexpected.push(Unexpected {
                at,
                command: command.clone(),
                problem: problem.clone(),
            });
        }
    }
}
