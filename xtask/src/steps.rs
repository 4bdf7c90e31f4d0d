//! Progress: numbered steps that say what is done and why, and how long each took.

use std::time::{Duration, Instant};

use crate::failure::Outcome;

/// Numbers the steps of one command.
pub(crate) struct Steps {
    prefix: String,
    total: usize,
    number: usize,
    taken: Vec<Taken>,
}

/// One finished step.
pub(crate) struct Taken {
    pub(crate) what: String,
    pub(crate) time: Duration,
    pub(crate) passed: bool,
}

impl Steps {
    pub(crate) fn new(total: usize) -> Self {
        Self { prefix: String::new(), total, number: 0, taken: Vec::new() }
    }

    /// Steps of a step: numbered `7.1`, `7.2` under step 7.
    pub(crate) fn within(&self, total: usize) -> Self {
        Self { prefix: format!("{}{}.", self.prefix, self.number), ..Self::new(total) }
    }

    /// Starts a step's line. Steps that hold further steps call this and [`Steps::end`] themselves.
    pub(crate) fn begin(&mut self, what: &str, why: &str) -> Instant {
        self.number += 1;
        eprintln!("[{}{}/{}] {what}: {why}", self.prefix, self.number, self.total);
        Instant::now()
    }

    /// Ends a step's line and remembers its time.
    pub(crate) fn end(&mut self, what: &str, started: Instant, passed: bool) {
        let time = started.elapsed();
        let word = if passed { "done in" } else { "FAILED after" };
        note(&format!("{word} {}", shown(time)));
        self.taken.push(Taken { what: what.to_owned(), time, passed });
    }

    pub(crate) fn step<T>(
        &mut self,
        what: &str,
        why: &str,
        work: impl FnOnce() -> Outcome<T>,
    ) -> Outcome<T> {
        let started = self.begin(what, why);
        let outcome = work();
        self.end(what, started, outcome.is_ok());
        outcome
    }

    /// Numbers past steps that turn out not to be needed.
    pub(crate) fn skip(&mut self, count: usize) {
        self.number += count;
    }

    pub(crate) fn taken(&self) -> &[Taken] {
        &self.taken
    }
}

/// A line under the present step.
pub(crate) fn note(text: &str) {
    for line in text.lines() {
        eprintln!("      {line}");
    }
}

/// A time as people read it: `0.4 s`, `1 min 40 s`.
pub(crate) fn shown(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 60.0 {
        return format!("{seconds:.1} s");
    }
    let whole = time.as_secs();
    format!("{} min {} s", whole / 60, whole % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_as_people_read_them() {
        assert_eq!(shown(Duration::from_millis(440)), "0.4 s");
        assert_eq!(shown(Duration::from_secs(100)), "1 min 40 s");
    }

    #[test]
    fn inner_steps_carry_the_number_of_the_outer_one() {
        let mut outer = Steps::new(3);
        outer.skip(1);
        outer.begin("outer", "a test");
        assert_eq!(outer.within(2).prefix, "2.");
    }
}
