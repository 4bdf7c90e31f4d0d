//! Inputs that nobody sends by mistake, to everything that reads what others wrote.
//!
//! The inputs are mutations of the corpus in `corpus/`, of messages made by the program itself, and of
//! earlier inputs that went a new way. Which one it is follows from target, seed and the run's
//! number, so that a run that failed is repeated by its number ([`Block`]). This is *not* guided by
//! coverage: a new way is what is seen from outside, such as another answer or another fault. What a
//! guided fuzzer needs (a nightly compiler, an instrumented build) is left out on purpose.

mod big_shop;
mod block;
mod chance;
mod mutate;
mod outcome;
mod records;
mod small_shop;
mod targets;

use std::fs;
use std::path::PathBuf;

pub use big_shop::big_shop;
use sooner_server::setup::FILE_MAX_BYTES;

pub use block::{BLOCK_RUNS, Block};

/// Something that reads what others wrote.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, and its folder's below `corpus/`.
    pub name: &'static str,
    /// How many of a hundred runs it gets: what is slow gets fewer.
    pub share: u64,
    /// Reads an input, and panics when what came of it is not sound. Gives a number for what became
    /// of it.
    pub run: fn(&[u8]) -> u64,
    /// Does more with what was read than the program does, and panics likewise. Its time and memory are
    /// nobody's.
    pub check: fn(&[u8]),
    /// No input is longer, in bytes.
    pub max_bytes: usize,
    /// What its protocol is made of.
    words: &'static [&'static str],
    /// Inputs made by the program, besides the corpus.
    made: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const TARGETS: [Target; 6] = [
    Target {
        name: "socket",
        share: 20,
        run: targets::socket,
        check: |_| (),
        max_bytes: 16 * 1024,
        words: &mutate::JSON_WORDS,
        made: small_shop::client_messages,
    },
    Target {
        name: "http",
        share: 20,
        run: targets::http,
        check: |_| (),
        max_bytes: 16 * 1024,
        words: &mutate::JSON_WORDS,
        made: targets::forms,
    },
    Target {
        name: "links",
        share: 36,
        run: targets::links,
        check: |_| (),
        max_bytes: 16 * 1024,
        words: &mutate::LINK_WORDS,
        made: targets::good_links,
    },
    Target {
        name: "setup",
        share: 4,
        run: targets::set_up,
        check: targets::set_up_comes_back,
        max_bytes: FILE_MAX_BYTES,
        words: &mutate::TOML_WORDS,
        made: targets::samples,
    },
    Target {
        name: "browser",
        share: 10,
        run: targets::browser,
        check: |_| (),
        max_bytes: 64 * 1024,
        words: &mutate::JSON_WORDS,
        made: small_shop::server_messages,
    },
    Target {
        name: "records",
        share: 10,
        run: records::records,
        check: |_| (),
        max_bytes: 16 * 1024,
        words: &mutate::RECORD_WORDS,
        made: small_shop::events,
    },
];

/// A target with its seeds, read once.
#[derive(Debug)]
pub struct Inputs {
    target: Target,
    seeds: Vec<Vec<u8>>,
}

impl Inputs {
    /// Reads the corpus.
    ///
    /// # Panics
    /// When the corpus is not there.
    #[must_use]
    pub fn of(target: Target) -> Self {
        let mut seeds: Vec<_> = corpus(target).into_iter().map(|(_, bytes)| bytes).collect();
        seeds.extend((target.made)());
        assert!(!seeds.is_empty(), "{} has nothing to begin with", target.name);
        Self { target, seeds }
    }

    /// What is mutated.
    #[must_use]
    pub fn seeds(&self) -> &[Vec<u8>] {
        &self.seeds
    }
}

/// The corpus files of a target with their names, in the order of these.
///
/// # Panics
/// When the folder cannot be read.
#[must_use]
pub fn corpus(target: Target) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
    let entries = fs::read_dir(&folder).expect("every target has a corpus");
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("the corpus can be listed").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, fs::read(&path).expect("the corpus can be read"))
        })
        .collect();
    files.sort();
    files
}
