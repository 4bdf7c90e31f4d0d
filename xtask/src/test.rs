//! `cargo xtask test`: everything the tests need, then the tests.

use crate::axe;
use crate::browser::Browser;
use crate::failure::Outcome;
use crate::place::{Place, cargo};
use crate::program::Program;
use crate::steps::Steps;
use crate::web::{self, Quality};

/// How many steps [`test()`] announces.
pub(crate) const STEPS: usize = web::STEPS + 4;

/// Runs `cargo test` with the given arguments over all packages but the pages.
pub(crate) fn test(
    place: &Place,
    pages: Quality,
    arguments: &[String],
    steps: &mut Steps,
) -> Outcome<()> {
    let browser =
        steps.step("browser", "some tests use the pages as people do", || Browser::find(place))?;
    let axe = steps.step("axe-core", "looks over the pages for what keeps people out", || {
        axe::script(place)
    })?;
    web::build(place, pages, steps)?;
    // With all targets, because then cargo chooses the same features as for the tests and builds
    // the server's dependencies once.
    steps.step("server", "some tests start, kill and restart it", || {
        Program::new(cargo()).args(["build", "--all-targets"]).within(&place.root).stream()
    })?;
    steps.step("tests", "of all packages but the pages", || {
        let program = Program::new(cargo())
            .arg("test")
            .args(arguments)
            .within(&place.root)
            .env(axe::VARIABLE, &axe)
            .env("SOONER_BIN", place.server());
        browser.equip(program).stream()
    })
}
