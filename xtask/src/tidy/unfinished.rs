//! Work that was put off: it belongs in an issue, not in the code.

use super::{Finding, Source};

const WORDS: [&str; 4] = ["todo!", "unimplemented!", "dbg!", "#[ignore"];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, line) in source.judged() {
        for word in WORDS.iter().filter(|word| line.has(word)) {
            found.push(source.finding(number, format!("{word} is unfinished work")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_code_and_ignored_tests_are_found() {
        for text in ["todo!()", "unimplemented!(\"x\")", "#[ignore]", "#[ignore = \"x\"]"] {
            assert_eq!(check(&Source::new("a.rs", text)).len(), 1, "{text}");
        }
        for text in ["// todo! later", "let todos = \"todo!\";", "let ignore = [1];"] {
            assert!(check(&Source::new("a.rs", text)).is_empty(), "{text}");
        }
    }
}
