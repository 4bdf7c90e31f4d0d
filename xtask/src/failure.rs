//! What went wrong, in words for the person at the terminal.
//!
//! Nothing here is handled by kind: a failed set-up step ends the command, so a sentence that says
//! what failed and what to do is all there is.

use std::fmt;
use std::path::Path;

/// A sentence for the terminal.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// What every step returns.
pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A failed file operation, with the path that the system's own message leaves out.
    pub(crate) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self(format!("{}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
