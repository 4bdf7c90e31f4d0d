//! Tests wait for a condition, never for a time: a sleep is too long on a fast machine and too
//! short on a busy one.

use super::{Finding, Source};

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let tests_from = if is_test_file(&source.path) {
        1
    } else {
        match tests_start(source) {
            Some(number) => number,
            None => return Vec::new(),
        }
    };
    source
        .judged()
        .filter(|(number, line)| *number >= tests_from && line.has("sleep"))
        .map(|(number, _)| source.finding(number, "tests wait on conditions and never sleep"))
        .collect()
}

fn is_test_file(path: &str) -> bool {
    path.split('/').any(|part| part == "tests" || part == "tests.rs")
}

/// The line from which on the file is tests: they stand last.
fn tests_start(source: &Source) -> Option<usize> {
    source
        .lines
        .iter()
        .position(|line| line.code.contains("#[cfg(test)]"))
        .filter(|start| {
            let after = &source.lines[*start..];
            after.iter().take(3).any(|line| line.code.trim_start().starts_with("mod "))
        })
        .map(|start| start + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleeping_tests_are_found() {
        for text in [
            "std::thread::sleep(WAIT);",
            "tokio::time::sleep(WAIT).await;",
            "use tokio::time::{sleep, timeout};",
        ] {
            assert_eq!(check(&Source::new("tests/src/a.rs", text)).len(), 1, "{text}");
            let unit = format!("fn f() {{}}\n\n#[cfg(test)]\nmod tests {{\n    {text}\n}}\n");
            assert_eq!(check(&Source::new("server/src/a.rs", &unit)).len(), 1, "{text}");
            assert!(check(&Source::new("server/src/a.rs", text)).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_sleep_with_a_reason_passes() {
        let text = "sleep(WAIT).await; // tidy: paused time\n";
        assert!(check(&Source::new("tests/src/a.rs", text)).is_empty());
    }
}
