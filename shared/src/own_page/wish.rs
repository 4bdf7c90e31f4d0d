//! What a person does about their own visit, as an address and one field: the form of a page
//! without scripts and the script itself read the same.

use crate::command::Choice;
use crate::time::MINUTE_MS;
use crate::{Command, Problem, ProblemCode, StaffId, Timestamp, VisitId};

/// The end of the address, and the field that goes with it.
#[must_use]
pub(super) fn address(command: &Command) -> Option<(&'static str, Option<Field>)> {
    let field = |name, value: String| Some((name, value));
    Some(match command {
        Command::Leave { .. } => ("leave", None),
        Command::ComeBack { .. } => ("come-back", None),
        Command::CheckIn { .. } => ("check-in", None),
        Command::LetPass { .. } => ("let-pass", None),
        Command::RunLate { ms, .. } => {
            ("running-late", field("minutes", (ms / MINUTE_MS).to_string()))
        }
        Command::Confirm { .. } => ("confirm", None),
        Command::Approve { .. } => ("approve", None),
        Command::Choose { choice, .. } => ("choose", field("choice", choice_text(*choice))),
        Command::AnswerInvitation { comes: true, .. } => ("come-earlier", None),
        Command::AnswerInvitation { comes: false, .. } => ("keep-time", None),
        _ => return None,
    })
}

/// A field's name and value.
pub(super) type Field = (&'static str, String);

/// Reads what a form of the page says, and a question.
pub fn read(
    wish: &str,
    field: impl Fn(&str) -> Option<String>,
    visit: VisitId,
) -> Result<Command, Problem> {
    let bad = |name: &str| {
        Problem::new(ProblemCode::MalformedMessage).with_detail(format!("{name} cannot be read"))
    };
    Ok(match wish {
        "leave" => Command::Leave { visit },
        "come-back" => Command::ComeBack { visit },
        "check-in" => Command::CheckIn { visit },
        "let-pass" => Command::LetPass { visit },
        "running-late" => {
            let minutes = field("minutes").and_then(|text| text.parse::<i32>().ok());
            let ms = i64::from(minutes.ok_or_else(|| bad("minutes"))?) * MINUTE_MS;
            Command::RunLate { visit, ms }
        }
        "confirm" => Command::Confirm { visit },
        "approve" => Command::Approve { visit },
        "ask" => Command::Ask { visit, text: field("text").ok_or_else(|| bad("text"))? },
        "choose" => {
            let choice = field("choice").and_then(|text| choice(&text));
            Command::Choose { visit, choice: choice.ok_or_else(|| bad("choice"))? }
        }
        "come-earlier" => Command::AnswerInvitation { visit, comes: true },
        "keep-time" => Command::AnswerInvitation { visit, comes: false },
        _ => return Err(ProblemCode::NotFound.into()),
    })
}

fn choice_text(choice: Choice) -> String {
    match choice {
        Choice::Stay => "stay".to_owned(),
        Choice::With(staff) => format!("with-{staff}"),
        Choice::At(at) => format!("at-{}", at.0),
    }
}

fn choice(text: &str) -> Option<Choice> {
    match text.split_once('-') {
        None => (text == "stay").then_some(Choice::Stay),
        Some(("with", staff)) => Some(Choice::With(StaffId(staff.parse().ok()?))),
        Some(("at", at)) => Some(Choice::At(Timestamp(at.parse().ok()?))),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_says_is_what_was_meant() {
        let visit = VisitId(7);
        for command in [
            Command::Leave { visit },
            Command::ComeBack { visit },
            Command::CheckIn { visit },
            Command::LetPass { visit },
            Command::RunLate { visit, ms: 10 * MINUTE_MS },
            Command::Confirm { visit },
            Command::Approve { visit },
            Command::Choose { visit, choice: Choice::Stay },
            Command::Choose { visit, choice: Choice::With(StaffId(3)) },
            Command::Choose { visit, choice: Choice::At(Timestamp(1_795_530_600_000)) },
            Command::AnswerInvitation { visit, comes: true },
            Command::AnswerInvitation { visit, comes: false },
        ] {
            let (wish, field) = address(&command).expect("has an address");
            let lookup =
                |name: &str| field.as_ref().filter(|(n, _)| *n == name).map(|(_, v)| v.clone());
            assert_eq!(read(wish, lookup, visit).ok(), Some(command));
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let visit = VisitId(7);
        for (wish, value) in [
            ("running-late", None),
            ("running-late", Some("soon")),
            ("running-late", Some("99999999999999999999")),
            ("choose", Some("with-")),
            ("choose", Some("leave")),
            ("choose", Some("with-x")),
            ("ask", None),
            ("fly", None),
        ] {
            let read = read(wish, |_| value.map(str::to_owned), visit);
            assert!(read.is_err(), "{wish} {value:?}");
        }
    }
}
