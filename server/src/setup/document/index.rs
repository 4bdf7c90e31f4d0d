//! Which key of which table is where: so that a key is found in the same time in a table of
//! thousands, while a file is taken apart.

use std::hash::{BuildHasher, RandomState};

use super::NONE;

/// Numbers of records, by the hash of their table and key.
#[derive(Debug)]
pub(super) struct Index {
    /// Half of them at least stay empty. Their number is a power of two.
    slots: Vec<u32>,
    hasher: RandomState,
}

impl Index {
    /// For so many records.
    pub(super) fn new(capacity: usize) -> Self {
        let slots = vec![NONE; (2 * capacity).next_power_of_two()];
        Self { slots, hasher: RandomState::new() }
    }

    /// The record of a key, or the slot for it.
    pub(super) fn find(
        &self,
        table: u32,
        key: &str,
        is_it: impl Fn(u32) -> bool,
    ) -> Result<u32, usize> {
        let last = self.slots.len() - 1;
        let mut slot = self.hasher.hash_one((table, key)) as usize & last;
        loop {
            match self.slots[slot] {
                NONE => return Err(slot),
                node if is_it(node) => return Ok(node),
                _ => slot = (slot + 1) & last,
            }
        }
    }

    /// Fills a slot that was found empty.
    pub(super) fn fill(&mut self, slot: usize, node: u32) {
        self.slots[slot] = node;
    }
}
