//! Runs in blocks. An input that went a new way is mutated further in the rest of its block; the
//! next block begins with the seeds alone. So a run depends on the runs of its block before it, and
//! on nothing else: to repeat one, its block is run again, which takes seconds.

use std::collections::BTreeSet;

use super::chance::Chance;
use super::mutate::{self, Stock};
use super::{Inputs, Target};

/// Runs of a block.
pub const BLOCK_RUNS: u64 = 1 << 18;

/// Inputs kept in one block, at most.
const KEPT_MAX: usize = 2_000;

/// A block, from its first run on.
#[derive(Debug)]
pub struct Block<'i> {
    inputs: &'i Inputs,
    seed: u64,
    run: u64,
    ways: BTreeSet<u64>,
    kept: Vec<Vec<u8>>,
}

impl<'i> Block<'i> {
    /// The block in which a run lies, before its first run.
    #[must_use]
    pub const fn of(inputs: &'i Inputs, seed: u64, run: u64) -> Self {
        let run = run - run % BLOCK_RUNS;
        Self { inputs, seed, run, ways: BTreeSet::new(), kept: Vec::new() }
    }

    /// The number of the next run.
    #[must_use]
    pub const fn run(&self) -> u64 {
        self.run
    }

    /// The input of the next run.
    #[must_use]
    pub fn input(&self) -> Vec<u8> {
        let Target { words, max_bytes, .. } = self.inputs.target;
        let stock = Stock { seeds: &self.inputs.seeds, kept: &self.kept };
        mutate::mutated(&mut Chance::new(self.seed, self.run), stock, words, max_bytes)
    }

    /// What became of it; nothing when it panicked.
    pub fn ran(&mut self, input: Vec<u8>, way: Option<u64>) {
        self.run += 1;
        if let Some(way) = way
            && self.kept.len() < KEPT_MAX
            && self.ways.insert(way)
        {
            self.kept.push(input);
        }
    }

    /// What was kept so far.
    #[must_use]
    pub fn kept(&self) -> &[Vec<u8>] {
        &self.kept
    }
}
