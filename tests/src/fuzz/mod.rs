//! Inputs that nobody sends by mistake, to everything that reads what others wrote.
//!
//! The inputs are mutations of the corpus in `corpus/` and of messages made by the program itself.
//! Which one it is follows from target, seed and the run's number alone, so that a run that failed
//! is repeated by its number. This is *not* guided by coverage: no run learns from another one.
//! What a guided fuzzer needs (a nightly compiler, an instrumented build) is left out on purpose.

mod chance;
mod mutate;
mod small_shop;
mod targets;

use std::fs;
use std::path::PathBuf;

use chance::Chance;

/// Something that reads what others wrote.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, and its folder's below `corpus/`.
    pub name: &'static str,
    /// How many of a hundred runs it gets: what is slow gets fewer.
    pub share: u64,
    /// Reads an input, and panics when what came of it is not sound.
    pub run: fn(&[u8]),
    /// No input is longer, in bytes.
    pub max_bytes: usize,
    /// A run may take so much memory at once, in bytes.
    pub most_memory: usize,
    /// What its protocol is made of.
    words: &'static [&'static str],
    /// Inputs made by the program, besides the corpus.
    made: fn() -> Vec<Vec<u8>>,
}

/// What a run may take at once, in bytes.
const MEBIBYTE: usize = 1024 * 1024;

/// All of them.
pub const TARGETS: [Target; 5] = [
    Target {
        name: "socket",
        share: 22,
        run: targets::socket,
        max_bytes: 16 * 1024,
        most_memory: MEBIBYTE,
        words: &mutate::JSON_WORDS,
        made: small_shop::client_messages,
    },
    Target {
        name: "http",
        share: 22,
        run: targets::http,
        max_bytes: 16 * 1024,
        most_memory: MEBIBYTE,
        words: &mutate::JSON_WORDS,
        made: Vec::new,
    },
    Target {
        name: "links",
        share: 40,
        run: targets::links,
        max_bytes: 16 * 1024,
        most_memory: MEBIBYTE,
        words: &mutate::LINK_WORDS,
        made: targets::good_links,
    },
    Target {
        name: "setup",
        share: 4,
        run: targets::set_up,
        max_bytes: 16 * 1024,
        // The parser of TOML takes some 100 bytes for each byte of `a.a.a.`; only the owner sends
        // one.
        most_memory: 4 * MEBIBYTE,
        words: &mutate::TOML_WORDS,
        made: targets::samples,
    },
    Target {
        name: "browser",
        share: 12,
        run: targets::browser,
        max_bytes: 64 * 1024,
        most_memory: MEBIBYTE,
        words: &mutate::JSON_WORDS,
        made: small_shop::server_messages,
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

    /// The input of a run; the same for the same numbers.
    #[must_use]
    pub fn input(&self, seed: u64, run: u64) -> Vec<u8> {
        let mut chance = Chance::new(seed, run);
        mutate::mutated(&mut chance, &self.seeds, self.target.words, self.target.max_bytes)
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
