//! What is not asked of every page, each with its reason: the one place where that is said.

use super::Shown;

/// Something that is looked for on all pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Nobody scrolls sideways who enlarges it four times, or has it on a phone.
    Narrow,
    /// It can be had in another language.
    Language,
}

/// Pages, states of them (none: all), what is not asked of them, and why.
const EXCEPTIONS: [(&str, &[&str], Check, &str); 4] = [
    ("lobby", &[], Check::Narrow, "hangs on a wall and is read from afar: nobody enlarges it"),
    ("tv", &[], Check::Narrow, "hangs on a wall and is read from afar: nobody enlarges it"),
    (
        "phone",
        &["no connection", "no such visit"],
        Check::Language,
        "speaks what the server gave it, while the server is not there",
    ),
    (
        "tv",
        &["no connection"],
        Check::Language,
        "keeps its last board in its last language, while the server is not there",
    ),
];

/// Why something is not asked of a page, if so.
#[must_use]
pub fn reason(check: Check, shown: Shown<'_>) -> Option<&'static str> {
    let applies = |states: &[&str]| states.is_empty() || states.contains(&shown.state);
    EXCEPTIONS
        .iter()
        .find(|(page, states, of, _)| *page == shown.page && *of == check && applies(states))
        .map(|(.., why)| *why)
}
