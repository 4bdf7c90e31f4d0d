//! First answers to commands, for their retries: a day of them, bounded.

use std::collections::{BTreeMap, VecDeque};

use sooner_shared::{CommandId, Problem, Receipt, Timestamp};

use super::Answer;
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
    Refused(Problem),
}

impl Answers {
    /// Takes up what the store kept.
    pub(super) fn load(rows: Vec<AnswerRow>) -> Self {
        let mut answers = Self::default();
        for row in rows {
            if let Ok(stored) = serde_json::from_str(&row.body) {
                let answer = match stored {
                    Stored::Accepted(receipt) => Ok(receipt),
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
        Ok(receipt) => Stored::Accepted(receipt.clone()),
        Err(problem) => Stored::Refused(problem.clone()),
    };
    let body = serde_json::to_string(&stored).expect("answers have string keys and no floats");
    AnswerRow { id, at, body }
}

#[cfg(test)]
mod tests {
    use sooner_shared::ProblemCode;

    use super::*;

    fn id(n: i64) -> CommandId {
        CommandId::new(&format!("command-{n}")).expect("an id")
    }

    #[test]
    fn a_stored_answer_reads_back_as_it_was_given() {
        let receipt = Receipt { seq: 3, visit: None, by: Some(Timestamp(5)), link: None };
        for answer in [Ok(receipt), Err(Problem::new(ProblemCode::NobodyWaiting))] {
            let answers = Answers::load(vec![row(id(1), Timestamp(0), &answer)]);
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
