use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::Direction;

/// A text, or one for each form a number can ask for.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Phrase {
    Plain(String),
    Counted(BTreeMap<Category, String>),
}

/// By hand: what serde makes of "untagged" is ten times as large, and phones load it.
impl<'de> Deserialize<'de> for Phrase {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrForms;

        impl<'de> Visitor<'de> for TextOrForms {
            type Value = Phrase;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a text or one for each form")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Phrase, E> {
                Ok(Phrase::Plain(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Phrase, A::Error> {
                let mut forms = BTreeMap::new();
                while let Some((category, text)) = map.next_entry()? {
                    forms.insert(category, text);
                }
                Ok(Phrase::Counted(forms))
            }
        }

        deserializer.deserialize_any(TextOrForms)
    }
}

impl Phrase {
    /// The form for a number; a plain text has only one.
    pub(super) fn form(&self, category: Category) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Counted(forms) => {
                forms.get(&category).map_or_else(|| self.any_form(), String::as_str)
            }
        }
    }

    /// The last form, which is the most general one.
    pub(super) fn any_form(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Counted(forms) => forms.values().next_back().map_or("", String::as_str),
        }
    }

    /// The same with each of its forms made into another.
    pub(super) fn map(&self, change: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Plain(text) => Self::Plain(change(text)),
            Self::Counted(forms) => Self::Counted(
                forms.iter().map(|(category, text)| (*category, change(text))).collect(),
            ),
        }
    }

    #[cfg(test)]
    pub(super) fn forms(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::Plain(text) => Box::new(std::iter::once(text.as_str())),
            Self::Counted(forms) => Box::new(forms.values().map(String::as_str)),
        }
    }
}

/// The plural categories of CLDR that whole numbers need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Category {
    One,
    Few,
    Many,
    Other,
}

/// How a language counts whole numbers, after CLDR's cardinal rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PluralRule {
    /// 1, and all others: English, Spanish (below a million), Hungarian.
    OneOther,
    /// 1, 21, 31 …; 2 to 4, 22 to 24 …; all others: Russian.
    EastSlavic,
}

impl PluralRule {
    pub(super) const fn category(self, n: u32) -> Category {
        match self {
            Self::OneOther if n == 1 => Category::One,
            Self::OneOther => Category::Other,
            Self::EastSlavic => match (n % 10, n % 100) {
                (_, 11..=14) => Category::Many,
                (1, _) => Category::One,
                (2..=4, _) => Category::Few,
                _ => Category::Many,
            },
        }
    }

    #[cfg(test)]
    pub(super) const fn categories(self) -> &'static [Category] {
        match self {
            Self::OneOther => &[Category::One, Category::Other],
            Self::EastSlavic => &[Category::One, Category::Few, Category::Many],
        }
    }
}

/// Puts values in the place of `{…}`, in one pass, so that a value is never read as a template. One
/// that is written the other way than the text is set apart, or it would draw times beside it into
/// its own order.
pub(super) fn fill(template: &str, with: &[(&str, &str)], direction: Direction) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    for piece in pieces(template) {
        match piece {
            // "Thank you, Anna K." has its full stop already.
            Piece::Text(text) => out.push_str(if ends_in_stop(&out) && !text.starts_with("..") {
                text.strip_prefix('.').unwrap_or(text)
            } else {
                text
            }),
            Piece::Placeholder(name) => {
                let value = with.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v);
                if value.chars().any(|c| runs_against(c, direction)) {
                    out.extend([FIRST_STRONG_ISOLATE, value, POP_ISOLATE]);
                } else {
                    out.push_str(value);
                }
            }
        }
    }
    out
}

fn ends_in_stop(said: &str) -> bool {
    said.trim_end_matches(POP_ISOLATE).ends_with('.')
}

/// What follows is set by its own first letter, apart from what stands around it.
const FIRST_STRONG_ISOLATE: &str = "\u{2068}";
/// The end of that.
const POP_ISOLATE: &str = "\u{2069}";

/// Whether a letter is written the other way.
fn runs_against(c: char, direction: Direction) -> bool {
    let is_rtl = matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    match direction {
        Direction::Ltr => is_rtl,
        Direction::Rtl => c.is_alphabetic() && !is_rtl,
    }
}

#[cfg(test)]
pub(super) fn placeholders(template: &str) -> Vec<&str> {
    pieces(template)
        .filter_map(|p| match p {
            Piece::Placeholder(name) => Some(name),
            Piece::Text(_) => None,
        })
        .collect()
}

pub(super) enum Piece<'a> {
    Text(&'a str),
    Placeholder(&'a str),
}

pub(super) fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = rest.strip_prefix('{').and_then(|r| r.split_once('}')) {
            rest = after;
            return Some(Piece::Placeholder(name));
        }
        // Not a placeholder, so whatever stands first is text, an unclosed brace too.
        let end =
            rest.char_indices().skip(1).find(|(_, c)| *c == '{').map_or(rest.len(), |(at, _)| at);
        let (text, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Text(text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_never_read_as_a_template() {
        let fill = |template, with: &[_]| fill(template, with, Direction::Ltr);
        assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "2")]), "{b} and 2");
        assert_eq!(fill("élő {a}", &[("a", "ő")]), "élő ő");
        assert_eq!(fill("{unclosed", &[]), "{unclosed");
    }

    #[test]
    fn a_name_that_ends_in_a_full_stop_ends_the_sentence() {
        let fill = |template, name| fill(template, &[("name", name)], Direction::Ltr);
        assert_eq!(fill("Thank you, {name}.", "Paul U."), "Thank you, Paul U.");
        assert_eq!(fill("Thank you, {name}.", "Paul"), "Thank you, Paul.");
        assert_eq!(fill("{name}: chair 1.", "Paul U."), "Paul U.: chair 1.");
    }

    #[test]
    fn a_name_that_is_written_the_other_way_does_not_turn_the_time_beside_it() {
        let said =
            |name, direction| fill("{name}: {at}", &[("name", name), ("at", "14:35")], direction);
        for name in ["שרה", "محمد", "Sara שרה"] {
            assert_eq!(said(name, Direction::Ltr), format!("\u{2068}{name}\u{2069}: 14:35"));
        }
        assert_eq!(said("Zoé", Direction::Ltr), "Zoé: 14:35");
        assert_eq!(said("Zoé", Direction::Rtl), "\u{2068}Zoé\u{2069}: 14:35");
        assert_eq!(said("שרה", Direction::Rtl), "שרה: 14:35");
    }

    #[test]
    fn numbers_fall_into_the_categories_of_cldr() {
        let ru = |n| PluralRule::EastSlavic.category(n);
        for n in [1, 21, 101] {
            assert_eq!(ru(n), Category::One, "{n}");
        }
        for n in [2, 4, 22, 104] {
            assert_eq!(ru(n), Category::Few, "{n}");
        }
        for n in [0, 5, 11, 12, 14, 20, 111] {
            assert_eq!(ru(n), Category::Many, "{n}");
        }
        assert_eq!(PluralRule::OneOther.category(1), Category::One);
        assert_eq!(PluralRule::OneOther.category(0), Category::Other);
    }
}
