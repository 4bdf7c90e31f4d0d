//! A compiler for the browser's side: three ways to a standard library for wasm32.
//!
//! 1. The active toolchain has the target.
//! 2. rustup can add it.
//! 3. Debian has a newer rustc together with the library's source (its browsers need both), and
//!    cargo builds the library along with the pages.
//!
//! The last one is for machines that reach package registries but not rustup's server.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cache::Cache;
use crate::debian;
use crate::failure::{Failure, Outcome};
use crate::lockfile;
use crate::place::{Place, cargo, on_path};
use crate::program::Program;
use crate::steps::note;

/// What browsers run.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Enough for 20 MB over a slow line; a refusal comes within seconds.
const RUSTUP_LIMIT: Duration = Duration::from_mins(2);

const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];

/// A cargo and rustc that make wasm32, and what must be set for them.
pub(crate) struct Compiler {
    cargo: PathBuf,
    /// Put before PATH, because trunk looks for cargo there.
    pub(crate) folders: Vec<PathBuf>,
    environment: Vec<(&'static str, OsString)>,
    unset: &'static [&'static str],
    /// Which compiler it is, exactly.
    pub(crate) version: String,
    /// Where the standard library's source lies when it is built too; its path is kept out of the
    /// pages.
    pub(crate) library_source: Option<PathBuf>,
}

impl Compiler {
    /// Finds a compiler by the three ways, or says what to install.
    pub(crate) fn find(place: &Place) -> Outcome<Self> {
        if has_target() {
            note(&format!("way 1: the active toolchain has {TARGET}"));
            return Self::active();
        }
        if rustup_adds_target(&place.cache)? {
            note(&format!("way 2: rustup has added {TARGET}"));
            return Self::active();
        }
        let wanted = wanted_version(&place.root)?;
        if debian_version(wanted).is_none() && debian::is_here() {
            debian::install(&place.cache, &DEBIAN_PACKAGES)?;
        }
        let Some(version) = debian_version(wanted) else {
            return Err(Failure::new(missing(wanted)));
        };
        let first = version.lines().next().unwrap_or_default();
        note(&format!("way 3: Debian's {first}, which builds the standard library too"));
        Self::debian(place, version)
    }

    /// Its cargo, ready for arguments.
    pub(crate) fn cargo(&self) -> Program {
        self.equip(Program::new(&self.cargo))
    }

    /// Makes another program, which runs cargo itself, use this compiler.
    pub(crate) fn equip(&self, program: Program) -> Program {
        let program = self.unset.iter().fold(program, |program, name| program.without_env(name));
        self.environment.iter().fold(program, |program, (name, value)| program.env(name, value))
    }

    fn active() -> Outcome<Self> {
        Ok(Self {
            cargo: cargo(),
            folders: Vec::new(),
            environment: Vec::new(),
            unset: &[],
            version: Program::new("rustc").arg("-vV").output()?,
            library_source: None,
        })
    }

    fn debian(place: &Place, version: String) -> Outcome<Self> {
        let environment = vec![
            ("RUSTC", OsString::from(DEBIAN_RUSTC)),
            // Building the standard library is unstable; this lets a stable cargo do it.
            ("RUSTC_BOOTSTRAP", OsString::from("1")),
            ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort".into()),
            ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker(place)?.into_os_string()),
        ];
        Ok(Self {
            cargo: PathBuf::from(DEBIAN_CARGO),
            folders: vec![PathBuf::from("/usr/bin")],
            environment,
            // What rustup's cargo sets for this program is wrong for another compiler.
            unset: &["RUSTUP_TOOLCHAIN", "CARGO", "LD_LIBRARY_PATH"],
            version,
            library_source: library_source(),
        })
    }
}

/// Whether the active toolchain has the target's standard library.
fn has_target() -> bool {
    let printed =
        Program::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    let Ok(folder) = printed else { return false };
    fs::read_dir(folder.trim()).is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
    })
}

/// Tries rustup, at most once a day when it fails.
fn rustup_adds_target(cache: &Cache) -> Outcome<bool> {
    const NAME: &str = "rustup-target-add";
    if on_path("rustup").is_none() {
        note("no rustup here to add the target");
        return Ok(false);
    }
    if let Some(file) = cache.failed_lately(NAME) {
        note(&format!(
            "rustup could not add the target within the last day; to try again, delete {}",
            file.display()
        ));
        return Ok(false);
    }
    note(&format!("trying: rustup target add {TARGET}"));
    let added = Program::new("rustup")
        .args(["target", "add", TARGET])
        .limit(RUSTUP_LIMIT)
        .quiet(&cache.log(NAME));
    match added {
        Ok(()) => Ok(has_target()),
        Err(failure) => {
            let text = failure.to_string();
            note(&format!("rustup could not: {}", text.lines().next().unwrap_or_default()));
            cache.remember_failure(NAME, &text)?;
            Ok(false)
        }
    }
}

/// The compiler from Debian's packages, when it is whole and new enough: what `rustc -vV` says.
fn debian_version(wanted: (u32, u32)) -> Option<String> {
    let whole = Path::new(DEBIAN_CARGO).exists() && library_source()?.join("Cargo.lock").exists();
    let version =
        Program::new(DEBIAN_RUSTC).without_env("LD_LIBRARY_PATH").arg("-vV").output().ok()?;
    (whole && minor(version.strip_prefix("rustc ")?)? >= wanted).then_some(version)
}

fn library_source() -> Option<PathBuf> {
    let sysroot = Program::new(DEBIAN_RUSTC)
        .without_env("LD_LIBRARY_PATH")
        .args(["--print", "sysroot"])
        .output()
        .ok()?;
    Some(Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library"))
}

/// Debian's compiler comes without a linker for wasm; rustup's toolchains carry one.
fn linker(place: &Place) -> Outcome<PathBuf> {
    let sysroot = Program::new("rustc").args(["--print", "sysroot"]).output()?;
    let host = Program::new("rustc").arg("-vV").output()?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let carried = Path::new(sysroot.trim()).join("lib/rustlib").join(host).join("bin/rust-lld");
    if carried.exists() {
        return Ok(carried);
    }
    if on_path("wasm-ld").is_none() {
        debian::install(&place.cache, &["lld"])?;
    }
    on_path("wasm-ld").ok_or_else(|| Failure::new("no linker for wasm: install lld"))
}

/// The oldest compiler that the workspace says it needs.
fn wanted_version(root: &Path) -> Outcome<(u32, u32)> {
    let path = root.join("Cargo.toml");
    let manifest = fs::read_to_string(&path).map_err(Failure::at(&path))?;
    lockfile::section(&manifest, "workspace.package")
        .into_iter()
        .find_map(|line| minor(line.strip_prefix("rust-version = \"")?))
        .ok_or_else(|| Failure::new("Cargo.toml names no rust-version"))
}

/// Major and minor number at the start of a text.
fn minor(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn missing((major, minor): (u32, u32)) -> String {
    format!(
        "no compiler here can build the pages, which need a standard library for {TARGET}.\n\
         Install one of these, then run the command again:\n  \
         - with a connection to rustup's server:  rustup target add {TARGET}\n  \
         - on Debian or Ubuntu, Rust {major}.{minor} or newer:  apt-get install {}",
        DEBIAN_PACKAGES.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(minor("1.96.0 (ac68faa20 2026-05-25)"), Some((1, 96)));
        assert!(minor("1.100.0") > minor("1.96.0"));
        assert_eq!(minor("1.94\""), Some((1, 94)));
        assert_eq!(minor("nightly"), None);
    }

    #[test]
    fn what_is_missing_is_said_with_the_commands_that_help() {
        let text = missing((1, 94));
        assert!(text.contains("rustup target add wasm32-unknown-unknown"));
        assert!(text.contains("apt-get install rustc-web cargo-web rust-web-src"));
    }
}
