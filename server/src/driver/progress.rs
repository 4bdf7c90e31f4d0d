//! A bar for who waits.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

const WIDTH: usize = 30;
const EVERY: Duration = Duration::from_millis(100);

/// A bar on standard error, if that is a terminal.
pub struct Progress {
    total: usize,
    drawn_at: Option<Instant>,
    is_shown: bool,
}

impl Progress {
    /// Of so many steps.
    #[must_use]
    pub fn new(total: usize) -> Self {
        Self { total, drawn_at: None, is_shown: std::io::stderr().is_terminal() }
    }

    /// Shows that `done` of the total are done, at the shop's time `clock`.
    pub fn show(&mut self, done: usize, clock: impl FnOnce() -> String) {
        if !self.is_shown || self.drawn_at.is_some_and(|at| at.elapsed() < EVERY) {
            return;
        }
        self.drawn_at = Some(Instant::now());
        let bar = bar(done, self.total);
        let mut stderr = std::io::stderr().lock();
        // A bar that cannot be drawn is no reason to stop.
        let _ = write!(stderr, "\r\x1b[K{}  {bar}  {done} of {}", clock(), self.total);
        let _ = stderr.flush();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn_at.is_some() {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }
}

fn bar(done: usize, total: usize) -> String {
    let full = (done.min(total) * WIDTH).checked_div(total).unwrap_or(WIDTH);
    format!("[{}{}]", "#".repeat(full), ".".repeat(WIDTH - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_goes_from_empty_to_full() {
        assert_eq!(bar(0, 10), format!("[{}]", ".".repeat(WIDTH)));
        assert_eq!(bar(5, 10), format!("[{}{}]", "#".repeat(15), ".".repeat(15)));
        for (done, total) in [(10, 10), (11, 10), (0, 0)] {
            assert_eq!(bar(done, total), format!("[{}]", "#".repeat(WIDTH)));
        }
    }
}
