//! Reading `Cargo.lock` and `Cargo.toml` as far as the commands need it.
//!
//! Both are written in the plain form that cargo and rustfmt's neighbours give them, one key a
//! line; this is no TOML parser.

use std::collections::{BTreeMap, BTreeSet};

/// The packages of a lock file.
pub(crate) struct Lockfile {
    packages: Vec<Package>,
}

struct Package {
    name: String,
    version: String,
    /// The whole entry, so that a changed checksum or source is a change.
    entry: String,
    /// As written: `name`, or `name version` where there are several.
    dependencies: Vec<String>,
}

impl Lockfile {
    pub(crate) fn read(text: &str) -> Self {
        let packages = text.split("[[package]]").skip(1).filter_map(package).collect();
        Self { packages }
    }

    /// The version of a package, when there is exactly one of that name.
    pub(crate) fn version(&self, name: &str) -> Option<&str> {
        let mut found = self.packages.iter().filter(|package| package.name == name);
        let first = found.next()?;
        found.next().is_none().then_some(first.version.as_str())
    }

    /// The entries of packages and of all they depend on, in a fixed order. The pages are made from
    /// these: a new version of a crate that only the server uses does not rebuild them.
    pub(crate) fn closure<'a>(&'a self, roots: &[&'a str]) -> BTreeMap<&'a str, Vec<&'a str>> {
        let mut seen = BTreeSet::new();
        let mut waiting = roots.to_vec();
        while let Some(wanted) = waiting.pop() {
            let (name, version) = match wanted.split_once(' ') {
                Some((name, rest)) => (name, rest.split(' ').next()),
                None => (wanted, None),
            };
            for (index, package) in self.packages.iter().enumerate() {
                let matches = package.name == name
                    && version.is_none_or(|version| package.version == version);
                if matches && seen.insert(index) {
                    waiting.extend(package.dependencies.iter().map(String::as_str));
                }
            }
        }
        let mut entries: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for index in seen {
            let package = &self.packages[index];
            entries.entry(&package.name).or_default().push(&package.entry);
        }
        entries
    }
}

/// The lines of `[name]`, trimmed, without comments and empty ones.
pub(crate) fn section<'a>(manifest: &'a str, name: &str) -> Vec<&'a str> {
    let header = format!("[{name}]");
    manifest
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != header)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

/// The names of all sections, in order.
pub(crate) fn sections(manifest: &str) -> Vec<&str> {
    manifest
        .lines()
        .map(str::trim)
        .filter_map(|line| line.strip_prefix('[')?.strip_suffix(']'))
        .collect()
}

/// The key of a line `key = …` or `key.workspace = true`.
pub(crate) fn key(line: &str) -> Option<&str> {
    let (left, _) = line.split_once('=')?;
    let name = left.trim().split('.').next()?.trim_matches('"');
    (!name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_'))
        .then_some(name)
}

fn package(entry: &str) -> Option<Package> {
    let value = |key: &str| {
        entry.lines().find_map(|line| {
            let rest = line.strip_prefix(key)?.trim_start().strip_prefix('=')?;
            Some(rest.trim().trim_matches('"').to_owned())
        })
    };
    let dependencies = entry
        .lines()
        .skip_while(|line| !line.starts_with("dependencies = ["))
        .skip(1)
        .take_while(|line| !line.starts_with(']'))
        .map(|line| line.trim().trim_end_matches(',').trim_matches('"'))
        .map(str::to_owned)
        .collect();
    Some(Package {
        name: value("name")?,
        version: value("version")?,
        entry: entry.to_owned(),
        dependencies,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "pages"
version = "0.1.0"
dependencies = [
 "twice 1.0.0",
 "bindgen",
]

[[package]]
name = "bindgen"
version = "0.2.130"
source = "registry"
checksum = "abc"

[[package]]
name = "twice"
version = "1.0.0"

[[package]]
name = "twice"
version = "2.0.0"

[[package]]
name = "server"
version = "0.1.0"
dependencies = [
 "twice 2.0.0",
]
"#;

    #[test]
    fn a_version_is_found_when_it_is_the_only_one() {
        let lock = Lockfile::read(LOCK);
        assert_eq!(lock.version("bindgen"), Some("0.2.130"));
        assert_eq!(lock.version("twice"), None);
        assert_eq!(lock.version("absent"), None);
    }

    #[test]
    fn the_closure_holds_what_a_package_needs_and_no_more() {
        let lock = Lockfile::read(LOCK);
        let closure = lock.closure(&["pages"]);
        assert_eq!(closure.keys().copied().collect::<Vec<_>>(), ["bindgen", "pages", "twice"]);
        assert_eq!(closure["twice"].len(), 1);
        assert!(closure["twice"][0].contains("1.0.0"));
        assert!(closure["bindgen"][0].contains("abc"));
    }

    #[test]
    fn sections_and_keys_of_a_manifest_are_read() {
        let manifest = "[a]\nx = 1\n\n# no\ny.workspace = true\n[b.c]\nz = [\n \"q\",\n]\n";
        assert_eq!(sections(manifest), ["a", "b.c"]);
        assert_eq!(section(manifest, "a"), ["x = 1", "y.workspace = true"]);
        let keys: Vec<_> = section(manifest, "b.c").into_iter().filter_map(key).collect();
        assert_eq!(keys, ["z"]);
        assert_eq!(key("y.workspace = true"), Some("y"));
        assert_eq!(key("\"q\","), None);
    }
}
