//! `cargo xtask ci`: everything a change must pass.
//!
//! The advisory database of cargo-deny is left out: it is not on a package registry, so it cannot
//! be had everywhere this must run.

use std::fs;

use crate::failure::{Failure, Outcome};
use crate::place::{Place, cargo};
use crate::program::Program;
use crate::steps::{Steps, Taken, note, shown};
use crate::test;
use crate::tidy;
use crate::tools;
use crate::web::Quality;

/// The commands of which the README says that they do everything.
const PROMISED: [&str; 2] = ["cargo xtask run", "cargo xtask test"];

type Check = fn(&Place, &Steps) -> Outcome<()>;

const CHECKS: [(&str, &str, Check); 9] = [
    ("format", "one form for all code", format),
    ("lints", "clippy, no warnings", lints),
    ("lints of the pages", "clippy, no warnings", lints_of_pages),
    ("documentation", "links that lead somewhere", documentation),
    ("dependencies", "licences, sources, banned crates", dependencies),
    ("spelling", "in code and texts", spelling),
    ("tidy", "the rules of the house", |place, _| tidy::check(place)),
    ("readme", "it names the commands checked here", readme),
    ("tests", "the README's own command", tests),
];

/// Runs all checks, also after one has failed, and sums up.
pub(crate) fn ci(place: &Place) -> Outcome<()> {
    let mut steps = Steps::new(CHECKS.len());
    for (what, why, check) in CHECKS {
        let started = steps.begin(what, why);
        let outcome = check(place, &steps);
        if let Err(failure) = &outcome {
            note(&failure.to_string());
        }
        steps.end(what, started, outcome.is_ok());
    }
    eprintln!("\n{}", summary(steps.taken()));
    match steps.taken().iter().filter(|step| !step.passed).count() {
        0 => Ok(()),
        failed => Err(Failure::new(format!("{failed} of the checks failed"))),
    }
}

fn format(place: &Place, _: &Steps) -> Outcome<()> {
    Program::new(cargo()).args(["fmt", "--all", "--check"]).within(&place.root).stream()
}

fn lints(place: &Place, _: &Steps) -> Outcome<()> {
    Program::new(cargo())
        .args(["clippy", "--all-targets", "--", "-D", "warnings"])
        .within(&place.root)
        .stream()
}

/// For this machine rather than for wasm, whose library may be only with another compiler; in a
/// target folder of its own, since leptos is built for the host only here.
fn lints_of_pages(place: &Place, _: &Steps) -> Outcome<()> {
    Program::new(cargo())
        .args(["clippy", "--package", "sooner-frontend", "--package", "sooner-phone"])
        .args(["--package", "sooner-link", "--all-targets", "--", "-D", "warnings"])
        .within(&place.root)
        .env("CARGO_TARGET_DIR", place.cache.path("target-clippy"))
        .stream()
}

fn documentation(place: &Place, _: &Steps) -> Outcome<()> {
    Program::new(cargo())
        .args(["doc", "--no-deps"])
        .within(&place.root)
        .env("RUSTDOCFLAGS", "-D warnings")
        .stream()
}

fn dependencies(place: &Place, _: &Steps) -> Outcome<()> {
    let lock = place.cache.lock()?;
    let tool = tools::cargo_deny(place)?;
    drop(lock);
    Program::new(tool)
        .args(["--log-level", "error", "--locked", "check"])
        .args(["--hide-inclusion-graph", "bans", "licenses", "sources"])
        .within(&place.root)
        .stream()
}

fn spelling(place: &Place, _: &Steps) -> Outcome<()> {
    let lock = place.cache.lock()?;
    let tool = tools::typos(place)?;
    drop(lock);
    Program::new(tool).within(&place.root).stream()
}

fn readme(place: &Place, _: &Steps) -> Outcome<()> {
    let path = place.root.join("README.md");
    let text = fs::read_to_string(&path).map_err(Failure::at(&path))?;
    match missing_command(&text) {
        None => Ok(()),
        Some(command) => Err(Failure::new(format!("README.md lacks `{command}`"))),
    }
}

fn tests(place: &Place, steps: &Steps) -> Outcome<()> {
    test::test(place, Quality::Small, &[], &mut steps.within(test::STEPS))
}

/// The first promised command that is not a line of its own.
fn missing_command(readme: &str) -> Option<&'static str> {
    PROMISED.into_iter().find(|command| !readme.lines().any(|line| is_command(line, command)))
}

/// Whether a line is the command, perhaps with a remark behind it.
fn is_command(line: &str, command: &str) -> bool {
    line.trim()
        .strip_prefix(command)
        .is_some_and(|rest| rest.is_empty() || rest.trim_start().starts_with('#'))
}

fn summary(taken: &[Taken]) -> String {
    let width = taken.iter().map(|step| step.what.len()).max().unwrap_or(0);
    let mut lines: Vec<String> = taken
        .iter()
        .map(|step| {
            let word = if step.passed { "ok" } else { "FAILED" };
            format!("{:width$}  {word:6}  {}", step.what, shown(step.time))
        })
        .collect();
    let all = taken.iter().map(|step| step.time).sum();
    lines.push(format!("{:width$}          {}", "all", shown(all)));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_readme_that_lacks_a_command_is_found() {
        let good = "```sh\ncargo xtask run    # the board\ncargo xtask test\n```\n";
        assert_eq!(missing_command(good), None);
        assert_eq!(
            missing_command("cargo xtask run\ncargo xtask testing\n"),
            Some("cargo xtask test")
        );
        assert_eq!(missing_command("say cargo xtask run\n"), Some("cargo xtask run"));
    }

    #[test]
    fn the_summary_shows_what_failed_and_the_time_of_all() {
        let step = |what: &str, passed| Taken {
            what: what.to_owned(),
            time: Duration::from_secs(40),
            passed,
        };
        let text = summary(&[step("format", true), step("lints", false)]);
        assert_eq!(
            text,
            "format  ok      40.0 s\nlints   FAILED  40.0 s\nall             1 min 20 s"
        );
    }
}
