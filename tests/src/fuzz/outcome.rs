//! What became of an input, as a number: inputs of one number went one way through the program, as
//! far as that can be seen from outside.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Takes in, bit by bit, what became of an input.
#[derive(Debug, Default)]
pub(super) struct Outcome(DefaultHasher);

impl Outcome {
    /// Something that became of it.
    pub(super) fn add(&mut self, what: impl Hash) {
        what.hash(&mut self.0);
    }

    /// How far JSON was read, roughly, and what was wrong there.
    pub(super) fn refused(&mut self, error: &serde_json::Error) {
        let text = error.to_string();
        // What follows is the input's own words, or a place.
        let kind = text.split(['`', '"']).next().unwrap_or_default();
        let kind = kind.split(" at line").next().unwrap_or_default();
        self.add(kind);
        self.add(error.column().checked_ilog2());
    }

    /// The number. The same in every run of one build, which is as long as it is needed.
    pub(super) fn number(&self) -> u64 {
        self.0.finish()
    }
}
