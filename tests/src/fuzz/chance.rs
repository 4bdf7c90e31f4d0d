//! Numbers that look random and follow from a counter.

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), begun anew for every run.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) const fn new(seed: u64, run: u64) -> Self {
        // Both through the mixer, or neighbouring runs would share their numbers.
        Self(mixed(mixed(seed).wrapping_add(run)))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// One of so many; 0 when there is none.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    pub(super) fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

const fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
