//! `cargo xtask tidy`: the rules of the house that no compiler checks.
//!
//! Each rule is a function from text to findings, with a test that shows it find something. They
//! also run as a test of this crate, so that `cargo test` keeps them true.

mod code;
mod direction;
mod limits;
mod lints;
mod names;
mod unfinished;
mod waiting;

use std::fmt;
use std::fs;

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::tree;
use code::Line;

/// A file of Rust, taken apart into code and comments.
struct Source {
    /// Below the checkout, with `/`.
    path: String,
    lines: Vec<Line>,
}

/// A broken rule and where it is broken.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    /// Counted from 1; 0 when it is about the file as a whole.
    line: usize,
    what: String,
}

/// Checks the checkout against all rules.
pub(crate) fn check(place: &Place) -> Outcome<()> {
    let findings = findings(place)?;
    if findings.is_empty() {
        return Ok(());
    }
    let text: Vec<String> = findings.iter().map(Finding::to_string).collect();
    Err(Failure::new(format!("the rules of the house are broken:\n{}", text.join("\n"))))
}

fn findings(place: &Place) -> Outcome<Vec<Finding>> {
    let mut found = Vec::new();
    for file in tree::files(&place.root)? {
        let path = tree::relative(&place.root, &file);
        // Built pages and a shop's data are not ours to name.
        if path.starts_with("dist/") || path.starts_with("data/") {
            continue;
        }
        let is_rust = file.extension().is_some_and(|end| end == "rs");
        let is_manifest = path.ends_with("Cargo.toml");
        found.extend(names::check(&path));
        if !is_rust && !is_manifest {
            continue;
        }
        let text = fs::read_to_string(&file).map_err(Failure::at(&file))?;
        if is_manifest {
            found.extend(direction::check_manifest(&path, &text));
            found.extend(lints::check(&path, &text));
        } else {
            let source = Source::new(&path, &text);
            found.extend(direction::check_code(&source));
            found.extend(limits::check(&source));
            found.extend(unfinished::check(&source));
            found.extend(waiting::check(&source));
        }
    }
    Ok(found)
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), lines: code::lines(text) }
    }

    /// Numbered lines that no `// tidy: reason` excuses.
    fn judged(&self) -> impl Iterator<Item = (usize, &Line)> {
        (1..).zip(&self.lines).filter(|(_, line)| !line.is_excused())
    }

    fn finding(&self, line: usize, what: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_tidy() {
        let place = Place::find().expect("tests run in a checkout");
        check(&place).expect("tidy");
    }

    #[test]
    fn a_line_with_a_reason_is_excused_and_one_without_is_not() {
        let text = "sleep(); // tidy: the peer has no signal to wait for\nsleep(); // tidy:\n";
        let source = Source::new("tests/a.rs", text);
        let judged: Vec<usize> = source.judged().map(|(number, _)| number).collect();
        assert_eq!(judged, [2]);
    }
}
