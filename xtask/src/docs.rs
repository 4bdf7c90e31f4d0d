//! `cargo xtask docs`: writes the documents that are made from the program. The tests that compare
//! them write them, when asked to.

use crate::failure::Outcome;
use crate::place::{Place, cargo};
use crate::program::Program;

pub(crate) fn write(place: &Place) -> Outcome<()> {
    Program::new(cargo())
        .args(["test", "--package", "sooner-tests", "--test", "main", "docs::"])
        .within(&place.root)
        .env("SOONER_WRITE_DOCS", "1")
        .stream()
}
