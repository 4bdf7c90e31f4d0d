//! `cargo xtask ci --cold`: the same checks where nothing is cached.
//!
//! A warm cache hides a set-up step that is missing. What stays is the toolchain, and packages of
//! the system that were installed before: those can only be tried on a new machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::failure::{Failure, Outcome};
use crate::place::{Place, cargo_home, home};
use crate::program::Program;
use crate::steps::shown;
use crate::tree;

/// Clones, empties every cache, runs the checks there, and says how long all of it took.
pub(crate) fn cold(place: &Place) -> Outcome<()> {
    let folder = env::temp_dir().join(format!("sooner-cold-{}", std::process::id()));
    tree::remove(&folder)?;
    fs::create_dir_all(&folder).map_err(Failure::at(&folder))?;
    warn_of_uncommitted(&place.root)?;

    let clone = folder.join("clone");
    Program::new("git")
        .args(["clone", "--quiet", "--no-hardlinks"])
        .arg(&place.root)
        .arg(&clone)
        .stream()?;
    let cargo = folder.join("cargo");
    copy_settings(&cargo_home()?, &cargo)?;

    let started = Instant::now();
    // The path's cargo, not the one of this run: a newcomer's has no toolchain chosen either.
    let outcome = Program::new("cargo")
        .args(["xtask", "ci"])
        .within(&clone)
        .env("CARGO_HOME", &cargo)
        .env("RUSTUP_HOME", rustup_home()?)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("npm_config_cache", folder.join("npm"))
        .without_env("CARGO_TARGET_DIR")
        .without_env("CARGO_MANIFEST_DIR")
        .without_env("CARGO")
        .without_env("RUSTUP_TOOLCHAIN")
        .without_env("LD_LIBRARY_PATH")
        .stream();
    eprintln!("\ncold, everything: {}", shown(started.elapsed()));
    match outcome {
        Ok(()) => tree::remove(&folder),
        Err(failure) => {
            Err(Failure::new(format!("{failure}; what it left is in {}", folder.display())))
        }
    }
}

fn warn_of_uncommitted(root: &Path) -> Outcome<()> {
    let changed =
        Program::new("git").args(["status", "--porcelain"]).within(root).output()?.lines().count();
    if changed > 0 {
        eprintln!("xtask: {changed} files are not committed; the clone has only what is");
    }
    Ok(())
}

/// Settings of cargo, such as a mirror of the registry, belong to the machine.
fn copy_settings(from: &Path, to: &Path) -> Outcome<()> {
    fs::create_dir_all(to).map_err(Failure::at(to))?;
    for name in ["config", "config.toml"] {
        let path = from.join(name);
        if path.exists() {
            fs::copy(&path, to.join(name)).map_err(Failure::at(&path))?;
        }
    }
    Ok(())
}

fn rustup_home() -> Outcome<PathBuf> {
    match env::var_os("RUSTUP_HOME") {
        Some(home) => Ok(PathBuf::from(home)),
        None => Ok(home()?.join(".rustup")),
    }
}
