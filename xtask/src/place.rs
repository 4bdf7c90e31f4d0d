//! Where things are: the checkout, cargo's target folder, the cache.

use std::env;
use std::path::{Path, PathBuf};

use crate::cache::Cache;
use crate::failure::{Failure, Outcome};
use crate::program::Program;

/// The folders that the commands work in.
pub(crate) struct Place {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// Cargo's target folder for the server and its tests.
    pub(crate) target: PathBuf,
    /// Tools, pages already built, logs: outside of the checkout, shared by all clones.
    pub(crate) cache: Cache,
}

impl Place {
    pub(crate) fn find() -> Outcome<Self> {
        // `cargo run` says at run time where the package lies; the path known at compile time may
        // be another clone's when both share a target folder.
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package
            .parent()
            .ok_or_else(|| Failure::new("xtask does not lie in a checkout"))?
            .to_path_buf();
        let metadata = Program::new(cargo())
            .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
            .within(&root)
            .output()?;
        let target = target_directory(&metadata)
            .ok_or_else(|| Failure::new("cargo metadata names no target folder"))?;
        Ok(Self { root, target, cache: Cache::find()? })
    }

    /// Where the pages go; the server reads them from here in development.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The server as `cargo build` leaves it.
    pub(crate) fn server(&self) -> PathBuf {
        self.target.join("debug").join(format!("sooner{}", env::consts::EXE_SUFFIX))
    }
}

/// The cargo that runs this command, so that `cargo +name xtask` stays with its toolchain.
pub(crate) fn cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// Cargo's home: `CARGO_HOME`, else `~/.cargo`.
pub(crate) fn cargo_home() -> Outcome<PathBuf> {
    if let Some(home) = env::var_os("CARGO_HOME") {
        return Ok(PathBuf::from(home));
    }
    Ok(home()?.join(".cargo"))
}

/// The home of the person who runs this.
pub(crate) fn home() -> Outcome<PathBuf> {
    env::home_dir()
        .filter(|home| !home.as_os_str().is_empty())
        .ok_or_else(|| Failure::new("HOME is not set"))
}

/// The first executable of that name on PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .find(|candidate| is_executable(candidate))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// Reads the one field needed out of `cargo metadata`, without a JSON parser: the key occurs once,
/// and the only escape in a path is the backslash.
fn target_directory(metadata: &str) -> Option<PathBuf> {
    let (_, rest) = metadata.split_once("\"target_directory\":\"")?;
    let (path, _) = rest.split_once('"')?;
    Some(PathBuf::from(path.replace("\\\\", "\\")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_folder_is_read_from_metadata() {
        let metadata = r#"{"packages":[],"target_directory":"/a b/target","version":1}"#;
        assert_eq!(target_directory(metadata), Some(PathBuf::from("/a b/target")));
        assert_eq!(target_directory("{}"), None);
    }

    #[test]
    fn a_program_that_does_not_exist_is_not_on_the_path() {
        assert_eq!(on_path("no-program-has-this-name"), None);
    }
}
