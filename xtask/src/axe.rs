//! axe-core, which looks over every page for what keeps people out. It is one script of npm's, read by
//! the tests and put into pages there; nothing of it is part of Sooner.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cache::Cache;
use crate::debian;
use crate::failure::{Failure, Outcome};
use crate::place::{Place, on_path};
use crate::program::Program;
use crate::steps::note;

/// One version, so that what counts as a violation does not change from one day to the next.
const VERSION: &str = "4.14.1";
/// What npm compares the download with.
const SHA512: &str = "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==";

/// Where a person may say which script to use, and where the tests read it.
pub(crate) const VARIABLE: &str = "SOONER_AXE";

/// The script, fetched once.
pub(crate) fn script(place: &Place) -> Outcome<PathBuf> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        return Ok(PathBuf::from(named));
    }
    let lock = place.cache.lock()?;
    let tool = place.cache.tool("axe-core", VERSION);
    if !tool.exists() && on_path("npm").is_none() && debian::is_here() {
        debian::install(&place.cache, &["npm"])?;
    }
    Cache::install(&tool, |unfinished| {
        note(&format!("fetching axe-core {VERSION} from npm"));
        write(&unfinished.join("package.json"), &package())?;
        write(&unfinished.join("package-lock.json"), &package_lock())?;
        // `ci`, unlike `install`, refuses what differs from the lock file.
        Program::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
            .within(unfinished)
            .quiet(&place.cache.log("npm-axe"))
    })
    .map_err(|failure| {
        Failure::new(format!(
            "axe-core {VERSION} could not be had: {failure}\n\
             The tests of pages need it. Install node with npm, or name a copy of axe.min.js in \
             {VARIABLE}."
        ))
    })?;
    drop(lock);
    Ok(tool.join("node_modules/axe-core/axe.min.js"))
}

fn package() -> String {
    format!(r#"{{ "name": "sooner-tests", "dependencies": {{ "axe-core": "{VERSION}" }} }}"#)
}

/// A lock file with the one package, whose sum npm checks.
fn package_lock() -> String {
    format!(
        r#"{{
  "name": "sooner-tests",
  "lockfileVersion": 3,
  "packages": {{
    "": {{ "name": "sooner-tests", "dependencies": {{ "axe-core": "{VERSION}" }} }},
    "node_modules/axe-core": {{
      "version": "{VERSION}",
      "resolved": "https://registry.npmjs.org/axe-core/-/axe-core-{VERSION}.tgz",
      "integrity": "{SHA512}"
    }}
  }}
}}
"#
    )
}

fn write(path: &Path, text: &str) -> Outcome<()> {
    fs::write(path, text).map_err(Failure::at(path))
}
