//! Names that say nothing about what is inside.

use super::Finding;

const EMPTY_WORDS: [&str; 8] =
    ["common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"];

/// Checks the names of a file and of the folders it lies in.
pub(super) fn check(path: &str) -> Option<Finding> {
    let empty = path.split('/').find(|part| {
        let stem = part.split('.').next().unwrap_or_default();
        stem.split(['_', '-']).any(|word| EMPTY_WORDS.contains(&word.to_lowercase().as_str()))
    })?;
    Some(Finding {
        path: path.to_owned(),
        line: 0,
        what: format!("{empty} says nothing of what is inside; name it after that"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_meaning_are_found_in_files_and_folders() {
        for path in [
            "server/src/utils.rs",
            "tests/common/mod.rs",
            "server/src/shop_manager.rs",
            "frontend/styles/helpers.css",
        ] {
            assert!(check(path).is_some(), "{path}");
        }
        assert!(check("server/src/shops/registry.rs").is_none());
        assert!(check("server/src/commonplace.rs").is_none());
    }
}
