//! The words of people that a command carries, cleaned: names, questions, answers. They go to the
//! side rows, never into an event.

use sooner_shared::command::{NAME_MAX_CHARS, TEXT_MAX_CHARS};
use sooner_shared::{Command, Problem, ProblemCode};

/// What a command says, in the order in which its events take it up; a refusal when it is no text.
pub(super) fn said(command: &Command) -> Result<Vec<Option<String>>, Problem> {
    match command {
        Command::Join(join) | Command::AddWalkIn(join) => std::iter::once(&join.name)
            .chain(join.companions.iter().map(|companion| &companion.name))
            .map(|name| name_of(name.as_deref()))
            .collect(),
        Command::Book(booking) => Ok(vec![name_of(booking.name.as_deref())?]),
        Command::Ask { text, .. } | Command::Answer { text, .. } => {
            match cleaned(text, TEXT_MAX_CHARS) {
                Some(text) if !text.is_empty() => Ok(vec![Some(text)]),
                _ => Err(ProblemCode::BadText.into()),
            }
        }
        _ => Ok(Vec::new()),
    }
}

fn name_of(name: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(name) = name else { return Ok(None) };
    let name = cleaned(name, NAME_MAX_CHARS).ok_or(ProblemCode::BadName)?;
    Ok(Some(name).filter(|name| !name.is_empty()))
}

/// A text with single spaces; `None` when it is too long or has characters that are no letters.
fn cleaned(text: &str, max_chars: usize) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let printable = !text.chars().any(|c| c.is_control() || is_invisible(c));
    (printable && text.chars().count() <= max_chars).then_some(text)
}

/// Marks that turn or hide the text around them on the wall. Joiners (U+200C, U+200D) stay: some
/// languages cannot be written without them.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
