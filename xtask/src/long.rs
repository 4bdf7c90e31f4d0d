//! `cargo xtask long`: the whole of what the tests take a share of. It takes hours, and is for before
//! a release and after a change to what reads others' words.

use crate::failure::{Failure, Outcome};
use crate::place::{Place, cargo};
use crate::program::Program;

/// Of all fuzz targets together.
const FUZZ_RUNS: u64 = 100_000_000;

/// Of links of visits.
const GUESSES: u64 = 1_000_000;

/// What to run, and how much of it.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    fuzz: bool,
    links: bool,
    runs: Option<u64>,
}

/// Runs the long tests.
pub(crate) fn long(place: &Place, arguments: &[String]) -> Outcome<()> {
    let wanted = wanted(arguments)?;
    if wanted.fuzz {
        let runs = wanted.runs.unwrap_or(FUZZ_RUNS).to_string();
        run(place, "sooner-fuzz", &["--runs", &runs])?;
    }
    if wanted.links {
        run(place, "sooner-guesses", &[&wanted.runs.unwrap_or(GUESSES).to_string()])?;
    }
    Ok(())
}

/// The profile is a release's, in which numbers that overflow panic.
fn run(place: &Place, program: &str, arguments: &[&str]) -> Outcome<()> {
    Program::new(cargo())
        .args(["run", "--package", "sooner-tests", "--profile", "long", "--bin", program, "--"])
        .args(arguments)
        .within(&place.root)
        .stream()
}

fn wanted(arguments: &[String]) -> Outcome<Wanted> {
    let mut wanted = Wanted { fuzz: true, links: true, runs: None };
    let mut rest = arguments.iter().map(String::as_str);
    while let Some(word) = rest.next() {
        match word {
            "all" => (wanted.fuzz, wanted.links) = (true, true),
            "fuzz" => wanted.links = false,
            "links" => wanted.fuzz = false,
            "--runs" => {
                let number = rest.next().and_then(|text| text.replace('_', "").parse().ok());
                wanted.runs = Some(number.ok_or_else(|| Failure::new("--runs wants a number"))?);
            }
            _ => {
                return Err(Failure::new(format!(
                    "long knows no {word}: all, fuzz, links, --runs N"
                )));
            }
        }
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Outcome<Wanted> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        wanted(&words)
    }

    #[test]
    fn all_is_run_unless_one_is_named() {
        let is = |line, fuzz, links, runs| {
            assert_eq!(read(line).expect("is read"), Wanted { fuzz, links, runs }, "{line}");
        };
        is("", true, true, None);
        is("all", true, true, None);
        is("fuzz", true, false, None);
        is("links --runs 3_000", false, true, Some(3_000));
        for bad in ["fuss", "--runs", "--runs many"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
