//! What a person does about their own visit, as an address and one field: the form of a page
//! without scripts, the script itself and the programs of others are read the same.

use crate::command::{Choice, Felt, VisitRequest};
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
        Command::TellBefore { ms, .. } => {
            ("tell-before", field("minutes", (ms / MINUTE_MS).to_string()))
        }
        Command::Confirm { .. } => ("confirm", None),
        Command::Approve { .. } => ("approve", None),
        Command::Choose { choice, .. } => ("choose", field("choice", choice_text(*choice))),
        Command::AnswerInvitation { comes: true, .. } => ("come-earlier", None),
        Command::AnswerInvitation { comes: false, .. } => ("keep-time", None),
        Command::ConfirmStart { right: true, .. } => ("start-right", None),
        Command::ConfirmStart { right: false, .. } => ("start-later", None),
        Command::RateWait { felt: Felt::Good, .. } => ("wait-good", None),
        Command::RateWait { felt: Felt::Fair, .. } => ("wait-fair", None),
        Command::RateWait { felt: Felt::NotGood, .. } => ("wait-not-good", None),
        _ => return None,
    })
}

/// A field's name and value.
pub(super) type Field = (&'static str, String);

/// What goes with a wish, where something does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// For `running-late`: how many milliseconds from now they need; for `tell-before`: how many before
    /// their time they want to be told.
    pub ms: Option<i64>,
    /// For `ask`: the question.
    pub text: Option<String>,
    /// For `acknowledge`: the number of the promise that was shown.
    pub no: Option<u16>,
    /// For `choose`: what.
    pub choice: Option<Choice>,
}

impl Said {
    /// What the fields of a form say.
    pub fn of_form(field: impl Fn(&str) -> Option<String>) -> Self {
        let minutes = field("minutes").and_then(|text| text.parse::<i32>().ok());
        Self {
            ms: minutes.map(|minutes| i64::from(minutes) * MINUTE_MS),
            text: field("text"),
            no: None,
            choice: field("choice").and_then(|text| choice(&text)),
        }
    }
}

impl From<VisitRequest> for Said {
    fn from(VisitRequest { id: _, ms, text, no, choice }: VisitRequest) -> Self {
        Self { ms, text, no, choice }
    }
}

/// What the wish at the end of an address asks for, by a form or by a program.
pub fn command(wish: &str, said: Said, visit: VisitId) -> Result<Command, Problem> {
    let missing = |what: &str| {
        Problem::new(ProblemCode::MalformedMessage)
            .with_detail(format!("{what} is missing or cannot be read"))
    };
    Ok(match wish {
        "leave" => Command::Leave { visit },
        "come-back" => Command::ComeBack { visit },
        "check-in" => Command::CheckIn { visit },
        "let-pass" => Command::LetPass { visit },
        "running-late" => Command::RunLate { visit, ms: said.ms.ok_or_else(|| missing("ms"))? },
        "tell-before" => Command::TellBefore { visit, ms: said.ms.ok_or_else(|| missing("ms"))? },
        "confirm" => Command::Confirm { visit },
        "approve" => Command::Approve { visit },
        "ask" => Command::Ask { visit, text: said.text.ok_or_else(|| missing("text"))? },
        "acknowledge" => Command::Acknowledge { visit, no: said.no.ok_or_else(|| missing("no"))? },
        "choose" => {
            Command::Choose { visit, choice: said.choice.ok_or_else(|| missing("choice"))? }
        }
        "come-earlier" => Command::AnswerInvitation { visit, comes: true },
        "keep-time" => Command::AnswerInvitation { visit, comes: false },
        "start-right" => Command::ConfirmStart { visit, right: true },
        "start-later" => Command::ConfirmStart { visit, right: false },
        "wait-good" => Command::RateWait { visit, felt: Felt::Good },
        "wait-fair" => Command::RateWait { visit, felt: Felt::Fair },
        "wait-not-good" => Command::RateWait { visit, felt: Felt::NotGood },
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
            Command::TellBefore { visit, ms: 20 * MINUTE_MS },
            Command::Confirm { visit },
            Command::Approve { visit },
            Command::Choose { visit, choice: Choice::Stay },
            Command::Choose { visit, choice: Choice::With(StaffId(3)) },
            Command::Choose { visit, choice: Choice::At(Timestamp(1_795_530_600_000)) },
            Command::AnswerInvitation { visit, comes: true },
            Command::AnswerInvitation { visit, comes: false },
            Command::ConfirmStart { visit, right: true },
            Command::ConfirmStart { visit, right: false },
            Command::RateWait { visit, felt: Felt::Good },
            Command::RateWait { visit, felt: Felt::Fair },
            Command::RateWait { visit, felt: Felt::NotGood },
        ] {
            let (wish, field) = address(&command).expect("has an address");
            let lookup =
                |name: &str| field.as_ref().filter(|(n, _)| *n == name).map(|(_, v)| v.clone());
            assert_eq!(super::command(wish, Said::of_form(lookup), visit).ok(), Some(command));
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let visit = VisitId(7);
        for (wish, value) in [
            ("tell-before", None),
            ("running-late", None),
            ("running-late", Some("soon")),
            ("running-late", Some("99999999999999999999")),
            ("choose", Some("with-")),
            ("choose", Some("leave")),
            ("choose", Some("with-x")),
            ("ask", None),
            ("fly", None),
        ] {
            let said = Said::of_form(|_| value.map(str::to_owned));
            assert!(command(wish, said, visit).is_err(), "{wish} {value:?}");
        }
    }
}
