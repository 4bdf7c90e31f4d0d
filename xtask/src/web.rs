//! The pages: from `frontend/` to `dist/`, built only when something they are made from changed.
//!
//! A build takes minutes, so its result is kept by fingerprint in the cache: a new clone or a CI
//! run with the same sources copies it. `dist/` is touched only by a finished build.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::fingerprint::Fingerprint;
use crate::lockfile::{self, Lockfile};
use crate::place::{Place, cargo_home};
use crate::program::{Program, path_with};
use crate::steps::{Steps, note};
use crate::tools;
use crate::tree;
use crate::wasm::{Compiler, TARGET};

/// How many steps [`build`] announces.
pub(crate) const STEPS: usize = 6;

/// How many built pages the cache keeps.
const KEPT_BUILDS: usize = 6;

/// Holds the fingerprint of what `dist/` was built from.
const STAMP: &str = ".stamp";

/// What the pages are made of.
const PACKAGES: [&str; 2] = ["sooner-frontend", "sooner-phone"];

/// What trunk builds: one program each. Trunk names whatever it makes as the first.
const DOCUMENTS: [&str; 2] = ["index.html", "phone.html"];

/// How much is done for whoever loads the pages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quality {
    /// As small as can be: minutes.
    Small,
    /// Not optimised at all, for who changes them and looks again: seconds. Never kept.
    Quick,
}

/// Builds the pages when needed and returns where they are.
pub(crate) fn build(place: &Place, quality: Quality, steps: &mut Steps) -> Outcome<PathBuf> {
    if quality == Quality::Quick {
        return build_quickly(place, steps);
    }
    let _lock = place.cache.lock()?;
    let compiler = steps.step("compiler", "the browser runs wasm32", || Compiler::find(place))?;
    let fingerprint = fingerprint(place, &compiler)?;
    let dist = place.dist();
    if fs::read_to_string(dist.join(STAMP)).is_ok_and(|stamp| stamp == fingerprint) {
        note("dist/ is up to date: no need for the tools and the build of the pages");
        steps.skip(STEPS - 1);
        return Ok(dist);
    }
    let kept = place.cache.path("pages").join(&fingerprint);
    if kept.exists() {
        note("these very pages were built before: copied from the cache");
        steps.skip(STEPS - 1);
        hand_over(&kept, &dist, &fingerprint)?;
        return Ok(dist);
    }

    let version = bindgen_version(place)?;
    let trunk = steps
        .step(&format!("trunk {}", tools::TRUNK), "it bundles the pages", || tools::trunk(place))?;
    let bindgen =
        steps.step(&format!("wasm-bindgen {version}"), "it joins wasm and JavaScript", || {
            tools::wasm_bindgen(place, &version)
        })?;
    let wasm_opt =
        steps.step("wasm-opt", "it halves what a phone must load", || tools::wasm_opt(place))?;
    steps.step("crates", "trunk is not to fetch anything by itself", || fetch(place, &compiler))?;
    // Taken before the build, so that a source edited during it is not taken for built; and taken
    // again, since the download of wasm-opt may just have failed: then the name says so.
    let fingerprint = self::fingerprint(place, &compiler)?;
    let kept = place.cache.path("pages").join(&fingerprint);
    steps.step("pages", "frontend/ becomes dist/, a few minutes", || {
        let mut folders = vec![trunk, bindgen];
        folders.extend(wasm_opt.clone());
        folders.extend(compiler.folders.iter().cloned());
        let built = place.cache.path("pages-unfinished");
        // Outside of the checkout, and its own: another compiler must not disturb the server's.
        let target = place.cache.path("target-web");
        run_trunk(place, &compiler, &folders, wasm_opt.is_some(), &target, &[], &built)?;
        fs::create_dir_all(place.cache.path("pages")).map_err(Failure::at(&kept))?;
        tree::remove(&kept)?;
        fs::rename(&built, &kept).map_err(Failure::at(&kept))?;
        forget_oldest(&place.cache.path("pages"))?;
        hand_over(&kept, &dist, &fingerprint)
    })?;
    Ok(dist)
}

/// The same with the compiler told to hurry, in a target folder of this checkout.
fn build_quickly(place: &Place, steps: &mut Steps) -> Outcome<PathBuf> {
    const HURRY: Settings = &[
        ("CARGO_PROFILE_WEB_OPT_LEVEL", "0"),
        ("CARGO_PROFILE_WEB_LTO", "off"),
        ("CARGO_PROFILE_WEB_CODEGEN_UNITS", "256"),
        ("CARGO_PROFILE_WEB_INCREMENTAL", "true"),
    ];
    let dist = place.dist();
    let compiler = Compiler::find(place)?;
    let fingerprint = format!("quick {}", fingerprint(place, &compiler)?);
    if fs::read_to_string(dist.join(STAMP)).is_ok_and(|stamp| stamp == fingerprint) {
        steps.skip(STEPS);
        return Ok(dist);
    }
    let version = bindgen_version(place)?;
    let (trunk, bindgen) = {
        let _lock = place.cache.lock()?;
        (tools::trunk(place)?, tools::wasm_bindgen(place, &version)?)
    };
    fetch(place, &compiler)?;
    steps.skip(STEPS - 1);
    steps.step("pages", "quickly: large and slow, to look at only", || {
        let mut folders = vec![trunk, bindgen];
        folders.extend(compiler.folders.iter().cloned());
        let (target, built) = (place.target.join("web-quick"), place.target.join("pages-quick"));
        run_trunk(place, &compiler, &folders, false, &target, HURRY, &built)?;
        hand_over(&built, &dist, &fingerprint)
    })?;
    Ok(dist)
}

/// Everything that decides what the pages become.
fn fingerprint(place: &Place, compiler: &Compiler) -> Outcome<String> {
    let mut print = Fingerprint::new();
    for name in ["frontend", "shared", "Trunk.toml"] {
        print.add_files(&place.root, name)?;
    }
    let lock = read(&place.root.join("Cargo.lock"))?;
    let lock = Lockfile::read(&lock);
    let closure = lock.closure(&PACKAGES);
    for entry in closure.values().flatten() {
        print.add(entry.as_bytes());
    }
    let manifest = read(&place.root.join("Cargo.toml"))?;
    for line in settings(&manifest, |name| closure.contains_key(name)) {
        print.add(line.as_bytes());
    }
    print.add(compiler.version.as_bytes());
    print.add(tools::TRUNK.as_bytes());
    if tools::may_have_wasm_opt(place) {
        print.add(tools::BINARYEN.as_bytes());
    }
    Ok(print.text())
}

/// What the workspace's manifest says about the pages: their profile, the edition, and the
/// dependencies that `is_used` names. Lints and other packages do not rebuild the pages.
fn settings(manifest: &str, is_used: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut lines = Vec::new();
    for name in ["workspace.package", "profile.release", "profile.web"] {
        lines.extend(lockfile::section(manifest, name));
    }
    lines.extend(
        lockfile::section(manifest, "workspace.dependencies")
            .into_iter()
            .filter(|line| lockfile::key(line).is_none_or(&is_used)),
    );
    lines
}

fn bindgen_version(place: &Place) -> Outcome<String> {
    let lock = read(&place.root.join("Cargo.lock"))?;
    Lockfile::read(&lock)
        .version("wasm-bindgen")
        .map(str::to_owned)
        .ok_or_else(|| Failure::new("Cargo.lock names no single version of wasm-bindgen"))
}

/// Fetches all crates with the cargo that will build. Twice: trunk reads the metadata of all
/// systems, and only with a target named does cargo fetch what the standard library needs.
fn fetch(place: &Place, compiler: &Compiler) -> Outcome<()> {
    for target in [&[][..], &["--target", TARGET]] {
        compiler
            .cargo()
            .args(["fetch", "--quiet", "--locked"])
            .args(target)
            .within(&place.root)
            .stream()?;
    }
    Ok(())
}

/// What the compiler is told beside the profile.
type Settings = &'static [(&'static str, &'static str)];

#[expect(clippy::too_many_arguments, reason = "one call of a program with many settings")]
fn trunk(
    place: &Place,
    compiler: &Compiler,
    folders: &[PathBuf],
    optimise: bool,
    target: &Path,
    settings: Settings,
    document: &str,
    built: &Path,
) -> Outcome<()> {
    let program = Program::new(folders[0].join("trunk"))
        .args(["build", "--offline", "--skip-version-check", "--dist"])
        .arg(built)
        .arg(place.root.join("frontend").join(document));
    // Without --release trunk leaves wasm-opt out; the profile is named in the document and stays.
    let program = if optimise { program.arg("--release") } else { program };
    let program = settings.iter().fold(program, |program, (name, value)| program.env(name, value));
    compiler
        .equip(program)
        .within(&place.root)
        .env("PATH", path_with(folders)?)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_ENCODED_RUSTFLAGS", without_paths(compiler, target)?)
        .env("TRUNK_TOOLS_WASM_OPT", tools::wasm_opt_version())
        // A failed build is told by the compiler's messages, not by trunk's stack.
        .without_env("RUST_BACKTRACE")
        .stream()?;
    if !built.join(DOCUMENTS[0]).exists() {
        return Err(Failure::new(format!("trunk made nothing of {document}")));
    }
    Ok(())
}

fn run_trunk(
    place: &Place,
    compiler: &Compiler,
    folders: &[PathBuf],
    optimise: bool,
    target: &Path,
    settings: Settings,
    built: &Path,
) -> Outcome<()> {
    tree::remove(built)?;
    trunk(place, compiler, folders, optimise, target, settings, DOCUMENTS[0], built)?;
    // One program a document: the phone's is small because nothing else is in it.
    for document in &DOCUMENTS[1..] {
        let apart = built.with_extension("apart");
        tree::remove(&apart)?;
        trunk(place, compiler, folders, optimise, target, settings, document, &apart)?;
        let first = apart.join(DOCUMENTS[0]);
        fs::rename(&first, apart.join(document)).map_err(Failure::at(&first))?;
        tree::copy(&apart, built)?;
        tree::remove(&apart)?;
    }
    Ok(())
}

/// Flags that keep the paths of this machine out of the panic messages in the pages: they belong
/// to nobody else, and the same sources shall become the same bytes elsewhere. The checkout's own
/// path is not among them: cargo names workspace files below it, and flags that differ between
/// clones would make each clone build all crates anew.
fn without_paths(compiler: &Compiler, target: &Path) -> Outcome<OsString> {
    let sources = cargo_home()?.join("registry/src");
    let mut renamed = vec![(target.to_path_buf(), "target")];
    // One folder a registry, named after its address; there by now, `fetch` unpacks.
    for entry in fs::read_dir(&sources).map_err(Failure::at(&sources))? {
        renamed.push((entry.map_err(Failure::at(&sources))?.path(), "crates"));
    }
    let library = compiler.library_source.iter().cloned();
    renamed.extend(library.map(|path| (path, "library")));
    renamed.sort();
    let mut flags = OsString::new();
    for (path, name) in renamed {
        if !flags.is_empty() {
            flags.push("\u{1f}");
        }
        flags.push("--remap-path-prefix=");
        flags.push(path);
        flags.push("=");
        flags.push(name);
    }
    Ok(flags)
}

/// Makes `dist/` a copy of kept pages. The stamp goes first and comes last, so that an interrupted
/// copy is done again.
fn hand_over(kept: &Path, dist: &Path, fingerprint: &str) -> Outcome<()> {
    let stamp = dist.join(STAMP);
    if stamp.exists() {
        fs::remove_file(&stamp).map_err(Failure::at(&stamp))?;
    }
    tree::remove(dist)?;
    tree::copy(kept, dist)?;
    fs::write(&stamp, fingerprint).map_err(Failure::at(&stamp))
}

/// Keeps the cache from growing with every change.
fn forget_oldest(pages: &Path) -> Outcome<()> {
    let mut builds = Vec::new();
    for entry in fs::read_dir(pages).map_err(Failure::at(pages))? {
        let path = entry.map_err(Failure::at(pages))?.path();
        let made = path.metadata().and_then(|meta| meta.modified());
        builds.push((made.map_err(Failure::at(&path))?, path));
    }
    builds.sort();
    let surplus = builds.len().saturating_sub(KEPT_BUILDS);
    builds.iter().take(surplus).try_for_each(|(_, path)| tree::remove(path))
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(Failure::at(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"
[workspace.package]
edition = "2024"

[workspace.dependencies]
serde = { version = "1", features = ["derive"] }
axum = "0.8"

[workspace.lints.rust]
unsafe_code = "forbid"

[profile.dev]
debug = 0

[profile.web]
opt-level = "z"
"#;

    #[test]
    fn only_settings_that_concern_the_pages_are_read() {
        let lines = settings(MANIFEST, |name| name == "serde");
        assert_eq!(
            lines,
            [
                "edition = \"2024\"",
                "opt-level = \"z\"",
                "serde = { version = \"1\", features = [\"derive\"] }",
            ]
        );
    }

    #[test]
    fn the_oldest_builds_are_forgotten_and_a_copy_replaces_all_of_dist() {
        let folder = std::env::temp_dir().join(format!("xtask-pages-{}", std::process::id()));
        tree::remove(&folder).expect("can be removed");
        let pages = folder.join("pages");
        for number in 0..KEPT_BUILDS + 2 {
            fs::create_dir_all(pages.join(format!("{number}"))).expect("can be made");
            fs::write(pages.join(format!("{number}/index.html")), "page").expect("written");
        }
        forget_oldest(&pages).expect("can be forgotten");
        assert_eq!(fs::read_dir(&pages).expect("there").count(), KEPT_BUILDS);

        let dist = folder.join("dist");
        fs::create_dir_all(&dist).expect("can be made");
        fs::write(dist.join("old.wasm"), "old").expect("can be written");
        let newest = pages.join(format!("{}", KEPT_BUILDS + 1));
        hand_over(&newest, &dist, "print").expect("can be copied");
        assert!(!dist.join("old.wasm").exists());
        assert!(dist.join("index.html").exists());
        assert_eq!(read(&dist.join(STAMP)).expect("there"), "print");
        tree::remove(&folder).expect("can be removed");
    }
}
