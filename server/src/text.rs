//! Texts that people type and others read: names of persons, shops, services and places.

/// A text that cannot be shown: empty, too long, or with characters that nobody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadText {
    /// Nothing but spaces.
    Empty,
    /// Longer than it may be.
    TooLong,
    /// A control character, or a mark that turns or hides what stands beside it.
    Unprintable,
}

/// The text with its spaces tidied: none at the ends, single ones inside.
pub(crate) fn tidy(text: &str, max_chars: usize) -> Result<String, BadText> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(BadText::Empty);
    }
    if text.chars().count() > max_chars {
        return Err(BadText::TooLong);
    }
    if text.chars().any(|c| c.is_control() || is_invisible(c)) {
        return Err(BadText::Unprintable);
    }
    Ok(text)
}

/// Marks that turn or hide the text around them on the wall. Joiners (U+200C, U+200D) stay: some
/// languages cannot be written without them.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_are_tidied_and_what_nobody_sees_is_refused() {
        assert_eq!(tidy("  Kata \t Nagy\n", 9), Ok("Kata Nagy".to_owned()));
        assert_eq!(tidy(" \t", 9), Err(BadText::Empty));
        assert_eq!(tidy("áááá", 3), Err(BadText::TooLong));
        assert_eq!(tidy("áááá", 4), Ok("áááá".to_owned()));
        for unseen in ["Ka\u{7}", "\u{202e}ataK", "Ka\u{200b}ta"] {
            assert_eq!(tidy(unseen, 9), Err(BadText::Unprintable), "{unseen:?}");
        }
    }
}
