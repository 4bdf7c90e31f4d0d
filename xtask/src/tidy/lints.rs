//! That every package has the workspace's lints, and that these forbid `unsafe`: a package without
//! them would go unseen, since whoever leaves them out is told nothing.

use super::Finding;
use crate::lockfile;

/// What a manifest must say of lints.
pub(super) fn check(path: &str, manifest: &str) -> Vec<Finding> {
    let has = |section: &str, line: &str| {
        let lines = lockfile::section(manifest, section);
        lines.into_iter().any(|l| l.split('#').next().unwrap_or_default().trim() == line)
    };
    let sections = lockfile::sections(manifest);
    let mut found = Vec::new();
    let mut finding = |what: &str| {
        found.push(Finding { path: path.to_owned(), line: 0, what: what.to_owned() });
    };
    if sections.contains(&"workspace") && !has("workspace.lints.rust", "unsafe_code = \"forbid\"") {
        finding("the workspace must forbid unsafe_code");
    }
    if sections.contains(&"package") && !has("lints", "workspace = true") {
        finding("the package lacks [lints] workspace = true");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whats(manifest: &str) -> Vec<String> {
        check("Cargo.toml", manifest).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn a_package_without_the_lints_of_the_workspace_is_found() {
        let lacks = ["the package lacks [lints] workspace = true"];
        assert_eq!(whats("[package]\nname = \"a\"\n"), lacks);
        assert_eq!(whats("[package]\n[lints]\nworkspace = false\n"), lacks);
        assert_eq!(whats("[package]\n[lints]\n# workspace = true\n"), lacks);
        assert_eq!(whats("[package]\n[dependencies]\nworkspace = true\n"), lacks);
        assert!(whats("[package]\n[lints]\nworkspace = true # all of them\n").is_empty());
    }

    #[test]
    fn a_workspace_that_lets_unsafe_code_in_is_found() {
        let lets = ["the workspace must forbid unsafe_code"];
        assert_eq!(whats("[workspace]\n"), lets);
        assert_eq!(whats("[workspace]\n[workspace.lints.rust]\nunsafe_code = \"warn\"\n"), lets);
        let forbids = "[workspace]\n[workspace.lints.rust]\nunsafe_code = \"forbid\"\n";
        assert!(whats(forbids).is_empty());
    }
}
