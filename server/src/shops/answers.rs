//! First answers to commands, for their retries: a day of them, bounded.

use std::collections::{BTreeMap, VecDeque};

use sooner_shared::{CommandId, Problem, Receipt, Timestamp};

use super::Answer;
use crate::links::Secrets;
use crate::store::{ANSWERS_KEPT_MS, AnswerRow};

/// Answers kept at most; over it the oldest go first.
const ANSWERS_MAX: usize = 100_000;

/// Answers by command id.
#[derive(Debug, Default)]
pub(super) struct Answers {
    by_id: BTreeMap<CommandId, Answer>,
    by_age: VecDeque<(Timestamp, CommandId)>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stored {
    Accepted(Receipt),
    /// Without its link, which is made again: private links are stored nowhere.
    Joined(Receipt),
    Refused(Problem),
}

impl Answers {
    /// Takes up what the store kept.
    pub(super) fn load(rows: Vec<AnswerRow>, secrets: &Secrets) -> Self {
        let mut answers = Self::default();
        for row in rows {
            if let Ok(stored) = serde_json::from_str(&row.body) {
                let answer = match stored {
                    Stored::Accepted(receipt) => Ok(receipt),
                    Stored::Joined(receipt) => {
                        let link = receipt.visit.map(|visit| secrets.link(visit));
                        Ok(Receipt { link, ..receipt })
                    }
                    Stored::Refused(problem) => Err(problem),
                };
                answers.insert(row.id, row.at, answer);
            }
        }
        answers
    }

    /// The first answer to this command, if it is a retry.
    pub(super) fn get(&self, id: &CommandId) -> Option<&Answer> {
        self.by_id.get(id)
    }

    /// Remembers an answer, and forgets those past their day.
    pub(super) fn insert(&mut self, id: CommandId, at: Timestamp, answer: Answer) {
        self.by_age.push_back((at, id.clone()));
        self.by_id.insert(id, answer);
        while let Some((oldest, id)) = self.by_age.front() {
            if at - *oldest <= ANSWERS_KEPT_MS && self.by_age.len() <= ANSWERS_MAX {
                break;
            }
            self.by_id.remove(id);
            self.by_age.pop_front();
        }
    }
}

/// An answer as it is stored.
pub(super) fn row(id: CommandId, at: Timestamp, answer: &Answer) -> AnswerRow {
    let stored = match answer {
        Ok(receipt) if receipt.link.is_some() => {
            Stored::Joined(Receipt { link: None, ..receipt.clone() })
        }
        Ok(receipt) => Stored::Accepted(receipt.clone()),
        Err(problem) => Stored::Refused(problem.clone()),
    };
    let body = serde_json::to_string(&stored).expect("answers have string keys and no floats");
    AnswerRow { id, at, body }
}

#[cfg(test)]
mod tests {
    use sooner_shared::{ProblemCode, VisitId};

    use super::*;

    fn id(n: i64) -> CommandId {
        CommandId::new(&format!("command-{n}")).expect("an id")
    }

    #[test]
    fn a_stored_answer_reads_back_as_it_was_given() {
        let secrets = Secrets::new("salon".parse().expect("a name"), [1; 32]);
        let visit = VisitId(7);
        let called = Receipt { seq: 3, visit: Some(visit), by: None, link: None };
        let link = secrets.link(visit);
        let joined = Receipt { by: Some(Timestamp(5)), link: Some(link.clone()), ..called.clone() };
        let refused = Problem::new(ProblemCode::NobodyWaiting);
        for answer in [Ok(called), Ok(joined), Err(refused)] {
            let stored = row(id(1), Timestamp(0), &answer);
            assert!(!stored.body.contains(&link), "private links are stored nowhere");
            let answers = Answers::load(vec![stored], &secrets);
            assert_eq!(answers.get(&id(1)), Some(&answer));
        }
    }

    #[test]
    fn answers_are_forgotten_after_a_day() {
        let mut answers = Answers::default();
        let answer = || Err(Problem::new(ProblemCode::NobodyWaiting));
        answers.insert(id(1), Timestamp(0), answer());
        answers.insert(id(2), Timestamp(ANSWERS_KEPT_MS), answer());
        assert!(answers.get(&id(1)).is_some());
        answers.insert(id(3), Timestamp(ANSWERS_KEPT_MS + 1), answer());
        assert!(answers.get(&id(1)).is_none());
        assert!(answers.get(&id(2)).is_some());
    }
}
