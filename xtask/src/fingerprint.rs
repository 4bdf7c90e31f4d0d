//! A fingerprint of what pages are made from, to know when they need not be built again.
//!
//! FNV-1a with 128 bits: it guards against building too rarely, not against an adversary.

use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::tree;

/// Constants of FNV-1a 128, from the definition by Fowler, Noll and Vo.
const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// Gathers bytes; each part is closed by its length, so that parts cannot run into each other.
pub(crate) struct Fingerprint(u128);

impl Fingerprint {
    pub(crate) fn new() -> Self {
        Self(OFFSET)
    }

    pub(crate) fn add(&mut self, part: &[u8]) {
        self.bytes(part);
        self.bytes(&(part.len() as u64).to_le_bytes());
    }

    /// Adds names and contents of all files below a folder of the checkout, or of the one file.
    pub(crate) fn add_files(&mut self, root: &Path, name: &str) -> Outcome<()> {
        let path = root.join(name);
        let files = if path.is_dir() { tree::files(&path)? } else { vec![path] };
        for file in files {
            self.add(tree::relative(root, &file).as_bytes());
            self.add(&std::fs::read(&file).map_err(Failure::at(&file))?);
        }
        Ok(())
    }

    pub(crate) fn text(&self) -> String {
        format!("{:032x}", self.0)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(PRIME);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parts: &[&str]) -> String {
        let mut fingerprint = Fingerprint::new();
        for part in parts {
            fingerprint.add(part.as_bytes());
        }
        fingerprint.text()
    }

    #[test]
    fn the_bytes_are_hashed_as_published() {
        // Test vectors of FNV-1a 128 for "" and "a".
        assert_eq!(Fingerprint::new().text(), "6c62272e07bb014262b821756295c58d");
        let mut fingerprint = Fingerprint::new();
        fingerprint.bytes(b"a");
        assert_eq!(fingerprint.text(), "d228cb696f1a8caf78912b704e4a8964");
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["a", "b"]), of(&["b", "a"]));
        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
    }

    #[test]
    fn a_renamed_file_changes_the_fingerprint() {
        let folder = std::env::temp_dir().join(format!("xtask-print-{}", std::process::id()));
        tree::remove(&folder).expect("can be removed");
        std::fs::create_dir_all(folder.join("part")).expect("can be made");
        std::fs::write(folder.join("part/a"), "text").expect("can be written");
        let print = || {
            let mut fingerprint = Fingerprint::new();
            fingerprint.add_files(&folder, "part").expect("readable");
            fingerprint.text()
        };
        let before = print();
        assert_eq!(before, print());
        std::fs::rename(folder.join("part/a"), folder.join("part/b")).expect("renamed");
        assert_ne!(before, print());
        tree::remove(&folder).expect("can be removed");
    }
}
