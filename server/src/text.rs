//! Texts that people type and others read: names of persons, shops, services and places.

/// A text that cannot be shown: empty, too long, or with characters that nobody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadText {
    /// Nothing but spaces.
    Empty,
    /// Longer than it may be.
    TooLong,
    /// A control character, or a mark that turns or hides what stands beside it.
    Unprintable,
}

/// Marks that one letter may carry: more of them reach into the lines above and below.
const MARKS_MAX: usize = 4;

/// The text with its spaces tidied: none at the ends, single ones inside.
pub fn tidy(text: &str, max_chars: usize) -> Result<String, BadText> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().all(|c| c == ' ' || is_mark(c)) {
        return Err(BadText::Empty);
    }
    if text.chars().count() > max_chars {
        return Err(BadText::TooLong);
    }
    if text.chars().any(|c| c.is_control() || is_invisible(c)) || is_piled_up(&text) {
        return Err(BadText::Unprintable);
    }
    Ok(text)
}

fn is_piled_up(text: &str) -> bool {
    let mut marks = 0;
    text.chars().any(|c| {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        marks > MARKS_MAX
    })
}

/// Shows nothing by itself: accents, joiners, variations.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{200c}' | '\u{200d}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}')
}

/// Marks that turn or hide the text around them on the wall, and letters that are blank. Joiners (U+200C, U+200D) stay: some
/// languages cannot be written without them.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
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
        for unseen in [
            "Ka\u{7}",
            "\u{202e}ataK",
            "Ka\u{200b}ta",
            "Ka\u{2066}ta\u{2069}",
            "\u{61c}Kata",
            "\u{3164}",
            "Kata\u{e0041}",
            "K\u{300}\u{301}\u{302}\u{303}\u{304}",
        ] {
            assert_eq!(tidy(unseen, 9), Err(BadText::Unprintable), "{unseen:?}");
        }
        for blank in ["\u{200d}", " \u{301} ", "\u{2028}"] {
            assert_eq!(tidy(blank, 9), Err(BadText::Empty), "{blank:?}");
        }
        // Right-to-left letters, joiners between letters and a pair of accents are how people write.
        for name in ["שרה לוי", "میه\u{200c}نا", "Nguye\u{302}\u{303}n", "👩\u{200d}🦰"]
        {
            assert_eq!(tidy(name, 9), Ok(name.to_owned()));
        }
    }
}
