//! A test that no text lies in the files that nobody says.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::Text;

/// Every Rust file below a folder.
fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// The names of texts that a source says: `Text::Name`, or `Name` where it is brought in by
/// `use …Text::{Name}`. What stands in tests does not count.
fn said_in(source: &str) -> BTreeSet<String> {
    let source = source.split("#[cfg(test)]\nmod tests").next().unwrap_or(source);
    let name =
        |rest: &str| -> String { rest.chars().take_while(|c| c.is_alphanumeric()).collect() };
    source
        .split("Text::")
        .skip(1)
        .flat_map(|rest| match rest.strip_prefix('{').and_then(|list| list.split_once('}')) {
            Some((list, _)) => list.split(',').map(|one| name(one.trim())).collect(),
            None => vec![name(rest)],
        })
        .collect()
}

#[test]
fn every_text_is_said_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let mut files = Vec::new();
    for folder in ["frontend/phone/src", "frontend/src", "server/src", "shared/src"] {
        sources(&root.join(folder), &mut files);
    }
    let own = ["text.rs", "agreed.rs", "address.rs", "said.rs"]
        .map(|file| root.join("shared/src/words").join(file));
    let said: BTreeSet<String> = files
        .iter()
        .filter(|file| !own.contains(file))
        .flat_map(|file| said_in(&fs::read_to_string(file).expect("reads")))
        .collect();
    assert!(said.len() > 100, "the sources are there");
    let unused: Vec<_> = Text::ALL
        .iter()
        .filter(|text| !said.contains(&format!("{text:?}")))
        .map(|text| text.key())
        .collect();
    assert!(unused.is_empty(), "nobody says {unused:?}: take them out of text.rs and the files");
}

#[test]
fn names_of_texts_are_found_however_they_are_brought_in() {
    let source =
        "use words::Text::{Back, Done};\nsay(Text::Undo)\n#[cfg(test)]\nmod tests { Text::Set }";
    let expected = ["Back", "Done", "Undo"].map(str::to_owned).into();
    assert_eq!(said_in(source), expected);
}
