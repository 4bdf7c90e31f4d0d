//! The words of people that a command carries, cleaned: names, contacts, questions, answers. They go
//! to the side rows, never into an event.

use sooner_shared::command::{NAME_MAX_CHARS, TEXT_MAX_CHARS};
use sooner_shared::contact::{CONTACT_MAX_CHARS, Reach};
use sooner_shared::{Command, Problem, ProblemCode};

use crate::text::{self, BadText};

/// What a command says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// Names, or one question or answer, in the order in which the command's events take them up.
    pub(super) texts: Vec<Option<String>>,
    /// How the shop reaches the first of those who come.
    pub(super) contact: Option<String>,
}

/// What a command says; a refusal when it is no text.
pub(super) fn said(command: &Command) -> Result<Said, Problem> {
    match command {
        Command::Join(join) | Command::AddWalkIn(join) => Ok(Said {
            texts: std::iter::once(&join.name)
                .chain(join.companions.iter().map(|companion| &companion.name))
                .map(|name| name_of(name.as_deref()))
                .collect::<Result<_, _>>()?,
            contact: contact_of(join.contact.as_deref())?,
        }),
        Command::Book(booking) => Ok(Said {
            texts: vec![name_of(booking.name.as_deref())?],
            contact: contact_of(booking.contact.as_deref())?,
        }),
        Command::Ask { text, .. } | Command::Answer { text, .. } => {
            let text = text::tidy(text, TEXT_MAX_CHARS).map_err(|_| ProblemCode::BadText)?;
            Ok(Said { texts: vec![Some(text)], contact: None })
        }
        Command::AcceptPrice { command, .. } | Command::TakeRemedy { command, .. } => said(command),
        _ => Ok(Said::default()),
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

fn contact_of(contact: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(contact) = contact else { return Ok(None) };
    match text::tidy(contact, CONTACT_MAX_CHARS) {
        Ok(contact) if Reach::of(&contact).is_some() => Ok(Some(contact)),
        Err(BadText::Empty) => Ok(None),
        _ => Err(ProblemCode::BadContact.into()),
    }
}

#[cfg(test)]
mod tests {
    use sooner_shared::command::{Companion, Join};
    use sooner_shared::{ServiceId, VisitId};

    use super::*;

    fn join(name: &str, contact: &str) -> Command {
        let companion = |name: &str| Companion { service: ServiceId(1), name: Some(name.into()) };
        Command::Join(Join {
            name: Some(name.into()),
            contact: Some(contact.into()),
            companions: vec![companion(" "), companion(name)],
            ..Join::new(ServiceId(1))
        })
    }

    #[test]
    fn what_is_said_is_tidied_and_what_is_empty_was_not_said() {
        let kata = || Some("Kata Nagy".to_owned());
        assert_eq!(
            said(&join(" Kata  Nagy ", " kata@example.com ")),
            Ok(Said {
                texts: vec![kata(), None, kata()],
                contact: Some("kata@example.com".to_owned())
            })
        );
        let nothing = said(&join("", "  ")).expect("nothing is no fault");
        assert_eq!(nothing, Said { texts: vec![None, None, None], contact: None });
    }

    #[test]
    fn no_control_or_turning_mark_gets_into_any_word_of_people() {
        let code = |command: &Command| said(command).map_err(|problem| problem.code);
        for mark in ['\u{0}', '\u{1b}', '\u{202e}', '\u{2067}', '\u{61c}', '\u{200f}', '\u{feff}'] {
            let (name, text) = (format!("Ka{mark}ta"), format!("How{mark} long?"));
            assert_eq!(code(&join(&name, "")), Err(ProblemCode::BadName), "{mark:?}");
            for contact in [format!("123{mark}456"), format!("ka{mark}ta@example.com")] {
                assert_eq!(code(&join("", &contact)), Err(ProblemCode::BadContact), "{mark:?}");
            }
            let visit = VisitId(1);
            let ask = Command::Ask { visit, text: text.clone() };
            assert_eq!(code(&ask), Err(ProblemCode::BadText), "{mark:?}");
            assert_eq!(
                code(&Command::Answer { visit, text }),
                Err(ProblemCode::BadText),
                "{mark:?}"
            );
        }
        assert_eq!(code(&join("Kata", "at the café")), Err(ProblemCode::BadContact));
    }
}
