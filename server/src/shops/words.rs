//! The words of people that a command carries, cleaned: names, questions, answers. They go to the
//! side rows, never into an event.

use sooner_shared::command::{NAME_MAX_CHARS, TEXT_MAX_CHARS};
use sooner_shared::{Command, Problem, ProblemCode};

use crate::text::{self, BadText};

/// What a command says, in the order in which its events take it up; a refusal when it is no text.
pub(super) fn said(command: &Command) -> Result<Vec<Option<String>>, Problem> {
    match command {
        Command::Join(join) | Command::AddWalkIn(join) => std::iter::once(&join.name)
            .chain(join.companions.iter().map(|companion| &companion.name))
            .map(|name| name_of(name.as_deref()))
            .collect(),
        Command::Book(booking) => Ok(vec![name_of(booking.name.as_deref())?]),
        Command::Ask { text, .. } | Command::Answer { text, .. } => {
            let text = text::tidy(text, TEXT_MAX_CHARS).map_err(|_| ProblemCode::BadText)?;
            Ok(vec![Some(text)])
        }
        Command::AcceptPrice { command, .. } | Command::TakeRemedy { command, .. } => said(command),
        _ => Ok(Vec::new()),
    }
}

fn name_of(name: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(name) = name else { return Ok(None) };
    match text::tidy(name, NAME_MAX_CHARS) {
        Ok(name) => Ok(Some(name)),
        Err(BadText::Empty) => Ok(None),
        Err(BadText::TooLong | BadText::Unprintable) => Err(ProblemCode::BadName.into()),
    }
}
