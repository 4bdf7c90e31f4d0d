//! The commands that build, run and check Sooner: `cargo xtask help` lists them.
//!
//! Two of them matter to a newcomer: `cargo xtask run` and `cargo xtask test` do all their own
//! set-up, on a fresh machine too. What they fetch goes to a cache outside of the checkout, keyed
//! by version, so that a second clone does not fetch or build it again.
//!
//! There are no dependencies here on purpose: this crate is compiled before anything else.

mod axe;
mod browser;
mod cache;
mod ci;
mod cold;
mod debian;
mod docs;
mod failure;
mod fingerprint;
mod lockfile;
mod long;
mod phone_speed;
mod place;
mod program;
mod run;
mod screenshots;
mod steps;
mod test;
mod tidy;
mod tools;
mod tree;
mod wasm;
mod web;

use std::process::ExitCode;

use failure::{Failure, Outcome};
use place::Place;
use steps::Steps;
use web::Quality;

const USAGE: &str = "\
cargo xtask COMMAND

  run [-- ARGS]   set up, build pages and server, start a sample shop and print its links
                  (ARGS go to `sooner serve`: --data DIR, --listen ADDR)
  test [ARGS]     set up, browser included, and run the tests
                  (ARGS go to `cargo test`, for instance the start of a test's name)
  web [--quick]   build only the pages, into dist/; --quick does not optimise them: seconds instead
                  of minutes, for looking at a change (`cargo xtask test --quick` takes them too)
  screenshots [--quick] [PAGE]
                  a picture of every page in every state, or of one page's, in the light, in the dark
                  and from right to left, with a sheet of all: target/screenshots/gallery/index.html
  phone-speed     how soon a slow phone shows its promise, is alive and answers a tap, and what it loads
  docs            write the generated documents anew
  long [fuzz|links|all] [--runs N]
                  the whole of what the tests take a share of: 100,000,000 runs of the fuzz targets,
                  1,000,000 guesses of links; for hours, and no part of ci
  tidy            check the rules of the house: directions, names, no sleeping in tests
  ci [--cold]     everything a change must pass; --cold does it in a new clone with empty caches
  help            this text
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match command(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn command(arguments: &[String]) -> Outcome<()> {
    let (name, rest) = match arguments.split_first() {
        Some((name, rest)) => (name.as_str(), rest),
        None => ("help", arguments),
    };
    match (name, rest) {
        ("help" | "--help" | "-h", _) => {
            print!("{USAGE}");
            Ok(())
        }
        ("run", rest) => run::run(&Place::find()?, without_separator(rest)),
        ("test", [quick, rest @ ..]) if quick == "--quick" => test(Quality::Quick, rest),
        ("test", rest) => test(Quality::Small, rest),
        ("web", []) => web(Quality::Small),
        ("web", [quick]) if quick == "--quick" => web(Quality::Quick),
        ("screenshots", rest) => screenshots::screenshots(&Place::find()?, rest),
        ("phone-speed", []) => phone_speed::phone_speed(&Place::find()?),
        ("docs", []) => docs::write(&Place::find()?),
        ("long", rest) => long::long(&Place::find()?, rest),
        ("tidy", []) => tidy::check(&Place::find()?),
        ("ci", []) => ci::ci(&Place::find()?),
        ("ci", [cold]) if cold == "--cold" => cold::cold(&Place::find()?),
        _ => Err(Failure::new(format!("no such command: {}\n\n{USAGE}", arguments.join(" ")))),
    }
}

fn web(quality: Quality) -> Outcome<()> {
    web::build(&Place::find()?, quality, &mut Steps::new(web::STEPS)).map(|_| ())
}

fn test(pages: Quality, arguments: &[String]) -> Outcome<()> {
    test::test(&Place::find()?, pages, arguments, &mut Steps::new(test::STEPS))
}

/// `cargo xtask run -- --listen …` and `cargo xtask run --listen …` mean the same.
fn without_separator(arguments: &[String]) -> &[String] {
    match arguments.split_first() {
        Some((first, rest)) if first == "--" => rest,
        _ => arguments,
    }
}
