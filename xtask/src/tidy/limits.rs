//! How long a file may grow before it should become two.

use super::{Finding, Source};

/// About 500 lines are the aim; well over it, someone must cut.
const LINES: usize = 800;

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let lines = source.lines.len();
    if lines <= LINES {
        return Vec::new();
    }
    vec![source.finding(0, format!("{lines} lines; cut it into files of about 500"))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_far_too_long_is_found() {
        assert_eq!(check(&Source::new("a.rs", &"x\n".repeat(LINES + 1))).len(), 1);
        assert!(check(&Source::new("a.rs", &"x\n".repeat(LINES))).is_empty());
    }
}
