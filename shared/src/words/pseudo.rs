//! English made foreign, by which a page shows whether it can be translated and mirrored: every text
//! stands in brackets, so that one that was never translated stands out; is about two fifths longer,
//! as translations are; and runs from right to left, letter by letter. Names and times in it do not.

use std::collections::BTreeMap;

use super::phrase::{Phrase, Piece, pieces};
use super::{Calendar, Direction, Informal, Words};

/// A tag that BCP 47 leaves to private use, by which other programs too name such a language.
pub(super) const TAG: &str = "qps";

/// What it calls itself.
pub(super) const NAME: &str = "⟦Éénglíísh⟧";

/// What stands around every text.
const BRACKETS: [char; 2] = ['⟦', '⟧'];

/// Letters that follow run from right to left, whatever they are.
const RIGHT_TO_LEFT: char = '\u{202e}';
/// The end of that.
const AS_BEFORE: char = '\u{202c}';
/// Keeps what runs so apart from a time beside it, or both together would be turned around again.
const APART: char = '\u{200f}';

/// The foreign words of a language's.
pub(super) fn words(of: &Words) -> Words {
    let all = |texts: &BTreeMap<String, Phrase>| {
        texts.iter().map(|(key, phrase)| (key.clone(), phrase.map(foreign))).collect()
    };
    let calendar = &of.calendar;
    Words {
        direction: Direction::Rtl,
        plurals: of.plurals,
        decimal: of.decimal,
        calendar: Calendar {
            weekdays: calendar.weekdays.iter().map(|day| foreign(day)).collect(),
            months: calendar.months.iter().map(|month| foreign(month)).collect(),
            date: calendar.date.clone(),
        },
        texts: all(&of.texts),
        problems: all(&of.problems),
        informal: Informal::default(),
    }
}

fn foreign(template: &str) -> String {
    let mut out = String::from(BRACKETS[0]);
    for piece in pieces(template) {
        match piece {
            Piece::Text(text) => {
                out.extend([APART, RIGHT_TO_LEFT]);
                out.extend(text.chars().flat_map(longer));
                out.extend([AS_BEFORE, APART]);
            }
            Piece::Placeholder(name) => out.extend(["{", name, "}"]),
        }
    }
    out.push(BRACKETS[1]);
    out
}

/// Vowels with accents and twice, which makes English about two fifths longer.
fn longer(letter: char) -> impl Iterator<Item = char> {
    let accented = match letter {
        'a' => 'á',
        'e' => 'é',
        'i' => 'î',
        'o' => 'ö',
        'u' => 'û',
        'A' => 'Å',
        'E' => 'É',
        'I' => 'Î',
        'O' => 'Ø',
        'U' => 'Û',
        other => other,
    };
    let times = if accented == letter { 1 } else { 2 };
    std::iter::repeat_n(accented, times)
}

#[cfg(test)]
mod tests {
    use super::super::{Language, Text};
    use super::*;

    #[test]
    fn a_foreign_text_keeps_its_placeholders_and_stands_in_brackets() {
        assert_eq!(foreign("by {at}"), "⟦\u{200f}\u{202e}by \u{202c}\u{200f}{at}⟧");
        let words = Words::of(Language::Pseudo);
        assert_eq!(words.direction(), Direction::Rtl);
        assert!(words.say(Text::Undo, &[]).contains("ÛÛndöö"));
    }

    #[test]
    fn foreign_texts_are_longer_as_translations_are() {
        let count = |language| -> usize {
            let words = Words::of(language);
            Text::ALL.iter().map(|text| letters(&words.say(*text, &[]))).sum()
        };
        let (english, foreign) = (count(Language::En), count(Language::Pseudo));
        let percent = foreign * 100 / english;
        assert!((125..=160).contains(&percent), "{percent} %");
    }

    fn letters(text: &str) -> usize {
        text.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace()).count()
    }
}
