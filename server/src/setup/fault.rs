//! What is wrong with a shop's file, and where.

use std::fmt;

use thiserror::Error;

/// More faults than this are not told at once.
pub(super) const FAULTS_MAX: usize = 50;

/// After so many faults it is not looked any more what a word was probably meant to be.
const SUGGESTED_MAX: usize = 10;

/// So much of a word of the file is repeated in a fault, in characters.
const REPEATED_MAX: usize = 60;

macro_rules! fault_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        /// Every way a file can be wrong. The code is stable, the sentence beside it is not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum FaultCode {
            $($(#[$doc])* $name,)*
        }

        impl FaultCode {
            /// The stable code.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }
        }
    };
}

fault_codes! {
    /// No TOML.
    Syntax = "syntax";
    /// Larger than [`super::FILE_MAX_BYTES`].
    TooLarge = "too_large";
    /// A key that means nothing there.
    UnknownKey = "unknown_key";
    /// Something that must be said is not.
    Missing = "missing";
    /// A text where a number belongs, and the like.
    WrongType = "wrong_type";
    /// A number outside what makes sense.
    OutOfRange = "out_of_range";
    /// None of the words that may stand there.
    UnknownChoice = "unknown_choice";
    /// Not a zone of the IANA database.
    UnknownZone = "unknown_zone";
    /// No short name of a shop.
    BadShopName = "bad_shop_name";
    /// A short name that the server's own addresses begin with.
    ReservedName = "reserved_name";
    /// The file of another shop.
    OtherShop = "other_shop";
    /// A text that is empty, too long, or has characters nobody sees.
    BadText = "bad_text";
    /// Not written like 09:00-18:00.
    BadSpan = "bad_span";
    /// Not a date written like 2026-12-24.
    BadDate = "bad_date";
    /// A section of hours that has none.
    NoHours = "no_hours";
    /// The same thing said again.
    Twice = "twice";
    /// No service of that name or number, or several.
    UnknownService = "unknown_service";
    /// Nobody of that name or number, or several; or somebody who does not do it.
    UnknownStaff = "unknown_staff";
    /// A service whose parts do not fit together.
    BadService = "bad_service";
    /// More services, people or steps than a shop may have.
    TooMany = "too_many";
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{line}:{column}: {message} ({})", .code.as_str())]
pub struct Fault {
    /// Its line, from 1.
    pub line: usize,
    /// Its column, from 1, in characters.
    pub column: usize,
    /// What kind of fault.
    pub code: FaultCode,
    /// A sentence for the owner, in English.
    pub message: String,
}

/// All faults of a file, in its order; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// One fault.
    pub(super) fn one(fault: Fault) -> Self {
        Self(vec![fault])
    }

    /// The faults.
    #[must_use]
    pub fn as_slice(&self) -> &[Fault] {
        &self.0
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, fault) in self.0.iter().enumerate() {
            let gap = if n == 0 { "" } else { "\n" };
            write!(f, "{gap}{fault}")?;
        }
        Ok(())
    }
}

/// Takes down faults of a text as they are found.
#[derive(Debug)]
pub(super) struct Finder<'t> {
    text: &'t str,
    /// The byte each begins at, what kind it is and its sentence; not all, but the first ones.
    found: Vec<(usize, FaultCode, String)>,
    /// How many there were in all.
    count: usize,
}

impl<'t> Finder<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, found: Vec::new(), count: 0 }
    }

    /// Takes down a fault that begins at a byte of the text.
    pub(super) fn fault(&mut self, at: usize, code: FaultCode, message: impl Into<String>) {
        self.count += 1;
        self.found.push((at, code, message.into()));
        // A file of thousands of faults is not kept in sentences.
        if self.found.len() >= 8 * FAULTS_MAX {
            self.keep_first();
        }
    }

    /// How many were found.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// The candidate a word was probably meant to be, while there are few faults.
    pub(super) fn nearest<'c>(
        &self,
        word: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<&'c str> {
        (self.count < SUGGESTED_MAX).then(|| nearest(word, candidates)).flatten()
    }

    fn keep_first(&mut self) {
        self.found.sort_by_key(|(at, ..)| *at);
        self.found.truncate(FAULTS_MAX);
    }

    /// What was found, in the order of the file.
    pub(super) fn finish(mut self) -> Result<(), Faults> {
        if self.found.is_empty() {
            return Ok(());
        }
        self.keep_first();
        // Lines are counted for those alone that are told: each takes a walk through the text.
        let told = self.found.into_iter().map(|(at, code, message)| {
            let (line, column) = position(self.text, at);
            Fault { line, column, code, message }
        });
        Err(Faults(told.collect()))
    }
}

/// Line and column of a byte, both from 1; the column in characters.
pub(super) fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// A word of the file in quotation marks, without its end where it is too long for a sentence.
pub(super) fn repeated(word: &str) -> String {
    match word.char_indices().nth(REPEATED_MAX) {
        Some((end, _)) => format!("{:?}…", &word[..end]),
        None => format!("{word:?}"),
    }
}

/// The candidate a word was probably meant to be: one or two letters off.
fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let chars = word.chars().count();
    let allowed = if chars < 5 { 1 } else { 2 };
    candidates
        .into_iter()
        // What is much longer or shorter is not compared letter by letter: a file's words may be
        // as long as the file. Another case may have a few more letters, hence not just `allowed`.
        .filter(|candidate| chars.abs_diff(candidate.chars().count()) <= 2 * allowed)
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be changed, added or left out; case does not count.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_and_columns_in_characters() {
        let text = "a\nbé = 1\r\nc";
        for (at, expected) in [(0, (1, 1)), (2, (2, 1)), (5, (2, 3)), (11, (3, 1)), (99, (3, 2))] {
            assert_eq!(position(text, at), expected, "{at}");
        }
    }

    #[test]
    fn of_thousands_of_faults_the_first_are_told_with_their_lines() {
        let text = "x\n".repeat(5_000);
        let mut finder = Finder::new(&text);
        for line in (0..5_000).rev() {
            finder.fault(2 * line, FaultCode::Syntax, "wrong");
        }
        assert_eq!(finder.count(), 5_000);
        let faults = finder.finish().expect_err("there are some");
        let lines: Vec<_> = faults.as_slice().iter().map(|fault| fault.line).collect();
        assert_eq!(lines, (1..=FAULTS_MAX).collect::<Vec<_>>());
    }

    #[test]
    fn a_slip_of_the_finger_is_understood_and_another_word_is_not() {
        let words = ["minutes", "hours", "days"];
        assert_eq!(nearest("minuts", words), Some("minutes"));
        assert_eq!(nearest("Hours", words), Some("hours"));
        assert_eq!(nearest("dyas", words), None, "two letters of four");
        assert_eq!(nearest("length", words), None);
        assert_eq!(nearest(&"minutes".repeat(30_000), words), None);
    }
}
