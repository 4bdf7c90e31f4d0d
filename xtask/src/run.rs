//! `cargo xtask run`: from a bare checkout to a running board.

use crate::failure::{Failure, Outcome};
use crate::place::{Place, cargo};
use crate::program::Program;
use crate::steps::{Steps, note};
use crate::web::{self, Quality};

/// Builds everything and becomes the server. The server itself prints the links.
pub(crate) fn run(place: &Place, arguments: &[String]) -> Outcome<()> {
    let mut steps = Steps::new(web::STEPS + 2);
    web::build(place, Quality::Small, &mut steps)?;
    steps.step("server", "compiled for this machine", || {
        Program::new(cargo())
            .args(["build", "--package", "sooner-server", "--bin", "sooner"])
            .within(&place.root)
            .stream()
    })?;
    steps.begin("start", "a sample shop; Ctrl-C ends it");
    let server = Program::new(place.server())
        .args(["serve", "--sample", "--desk-link"])
        .args(arguments)
        .within(&place.root);
    note(server.shown());
    become_server(server)
}

/// Replaces this process, so that signals reach the server and its exit code is ours.
#[cfg(unix)]
fn become_server(server: Program) -> Outcome<()> {
    use std::os::unix::process::CommandExt;
    let shown = server.shown().to_owned();
    let error = server.into_command().exec();
    Err(Failure::new(format!("`{shown}` could not be run: {error}")))
}

#[cfg(not(unix))]
fn become_server(server: Program) -> Outcome<()> {
    let shown = server.shown().to_owned();
    match server.into_command().status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("`{shown}` ended: {status}"))),
        Err(error) => Err(Failure::new(format!("`{shown}` could not be run: {error}"))),
    }
}
