//! The texts people read, in every language, for browser, plain pages, speech and mail alike.
//!
//! A text is named by [`Text`] and lies in `locales/{language}.json`; what stands in braces there
//! is filled in by [`Words::say`], clock times and days by [`Voice`]. Adding a language is adding a
//! file and naming it in `language`.
//! A shop may have people addressed informally: then the texts of a file's `informal` part stand in
//! the place of those of the same name.
//! Deliberately absent: clocks and zones. Whoever has them gives how they read.

#[cfg(test)]
mod address;
#[cfg(test)]
mod agreed;
mod language;
mod locale;
mod number;
mod phrase;
pub mod promise;
mod pseudo;
#[cfg(test)]
mod said;
mod text;
mod voice;
#[cfg(test)]
mod wording;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use language::{Direction, Language};
pub use locale::Locale;
pub use phrase::PluralRule;
pub use text::Text;
pub use voice::{ClockParts, Voice};

use crate::ProblemCode;
use phrase::{Phrase, fill};

/// One language file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    direction: Direction,
    plurals: PluralRule,
    calendar: Calendar,
    /// What stands before the digits after the point.
    decimal: char,
    texts: BTreeMap<String, Phrase>,
    problems: BTreeMap<String, Phrase>,
    #[serde(default)]
    informal: Informal,
}

/// What is said otherwise to who is addressed informally.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Informal {
    texts: BTreeMap<String, Phrase>,
    problems: BTreeMap<String, Phrase>,
}

/// How people are addressed, where a language has two forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Formality {
    /// usted, вы, Ön
    #[default]
    Formal,
    /// tú, ты, te
    Informal,
}

impl Formality {
    /// As a shop's setting has it.
    #[must_use]
    pub const fn of(is_informal: bool) -> Self {
        if is_informal { Self::Informal } else { Self::Formal }
    }
}

/// What [`Words`] is read from.
#[derive(Serialize)]
struct Excerpt<'a> {
    direction: Direction,
    plurals: PluralRule,
    calendar: &'a Calendar,
    decimal: char,
    texts: BTreeMap<&'a str, &'a Phrase>,
    problems: &'a BTreeMap<String, Phrase>,
}

/// What days and months are called.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Calendar {
    /// From Monday on, as they stand before a clock time.
    weekdays: Vec<String>,
    months: Vec<String>,
    /// With `{day}` and `{month}`.
    date: String,
}

impl Words {
    /// The texts of a language, in its formal form.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        language.words(Formality::Formal)
    }

    /// The texts of a language in a form.
    #[must_use]
    pub fn addressing(language: Language, formality: Formality) -> &'static Self {
        language.words(formality)
    }

    /// The same file with the texts of a form in their places.
    fn in_form(mut self, formality: Formality) -> Self {
        if formality == Formality::Informal {
            self.texts.append(&mut self.informal.texts);
            self.problems.append(&mut self.informal.problems);
        }
        self
    }

    /// Some of the texts and all problems, as a file of their own: what a page comes with whose
    /// program has none.
    #[must_use]
    pub fn excerpt(&self, texts: &[Text]) -> String {
        let some = texts.iter().map(|text| text.key());
        let texts = some.filter_map(|key| Some((key, self.texts.get(key)?))).collect();
        let excerpt = Excerpt {
            direction: self.direction,
            plurals: self.plurals,
            calendar: &self.calendar,
            decimal: self.decimal,
            texts,
            problems: &self.problems,
        };
        serde_json::to_string(&excerpt).expect("texts have string keys")
    }

    /// Reads an excerpt.
    #[must_use]
    pub fn from_excerpt(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Which way it is written.
    #[must_use]
    pub const fn direction(&self) -> Direction {
        self.direction
    }

    /// A text without a number in it; `with` gives each placeholder its value.
    #[must_use]
    pub fn say(&self, text: Text, with: &[(&str, &str)]) -> String {
        self.texts
            .get(text.key())
            .map_or_else(|| text.key().to_owned(), |phrase| self.fill(phrase.any_form(), with))
    }

    /// A text in the form the number asks for; the number itself is the placeholder `n`.
    #[must_use]
    pub fn count(&self, text: Text, n: u32, with: &[(&str, &str)]) -> String {
        let number = n.to_string();
        let mut values = vec![("n", number.as_str())];
        values.extend_from_slice(with);
        self.texts.get(text.key()).map_or_else(
            || text.key().to_owned(),
            |phrase| self.fill(phrase.form(self.plurals.category(n)), &values),
        )
    }

    /// What to tell people when the server says no. `until` is the clock time up to which a place
    /// is kept, for the one problem that speaks of it.
    #[must_use]
    pub fn problem(&self, code: ProblemCode, until: &str) -> String {
        self.problems.get(code.as_str()).map_or_else(
            || code.title().to_owned(),
            |p| self.fill(p.any_form(), &[("until", until)]),
        )
    }

    fn fill(&self, template: &str, with: &[(&str, &str)]) -> String {
        fill(template, with, self.direction)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use phrase::placeholders;

    fn all() -> impl Iterator<Item = (Language, &'static Words)> {
        Language::ALL.iter().map(|l| (*l, Words::of(*l)))
    }

    #[test]
    fn every_language_has_exactly_the_texts_there_are() {
        let expected: BTreeSet<_> = Text::ALL.iter().map(|t| t.key()).collect();
        assert_eq!(expected.len(), Text::ALL.len(), "a key is used twice");
        for (language, words) in all() {
            let found: BTreeSet<_> = words.texts.keys().map(String::as_str).collect();
            let missing: Vec<_> = expected.difference(&found).collect();
            let unknown: Vec<_> = found.difference(&expected).collect();
            assert!(
                missing.is_empty() && unknown.is_empty(),
                "{language}: missing {missing:?}, unknown {unknown:?}"
            );
        }
    }

    #[test]
    fn every_text_has_exactly_its_placeholders_in_every_language() {
        for (language, words) in all() {
            for text in Text::ALL {
                let phrase = &words.texts[text.key()];
                let expected: BTreeSet<_> = text.placeholders().iter().copied().collect();
                let used: BTreeSet<_> = phrase.forms().flat_map(placeholders).collect();
                assert_eq!(used, expected, "{language}: {}", text.key());
            }
        }
    }

    #[test]
    fn an_excerpt_says_what_the_whole_says() {
        for (language, words) in all() {
            let some = [Text::PromiseAbove, Text::Ahead];
            let excerpt = Words::from_excerpt(&words.excerpt(&some)).expect("reads back");
            let name = [("name", "Anna")];
            assert_eq!(excerpt.say(some[0], &name), words.say(some[0], &name), "{language}");
            for n in [1, 2, 5, 21] {
                assert_eq!(excerpt.count(some[1], n, &[]), words.count(some[1], n, &[]));
            }
            for code in ProblemCode::ALL {
                assert_eq!(excerpt.problem(*code, "14:35"), words.problem(*code, "14:35"));
            }
            assert_eq!(excerpt.texts.len(), some.len());
        }
    }

    #[test]
    fn every_language_names_all_days_and_months() {
        for (language, words) in all() {
            let Calendar { weekdays, months, date } = &words.calendar;
            assert_eq!((weekdays.len(), months.len()), (7, 12), "{language}");
            let used: BTreeSet<_> = placeholders(date).into_iter().collect();
            assert_eq!(used, BTreeSet::from(["day", "month"]), "{language}");
        }
    }

    #[test]
    fn a_counted_text_has_exactly_the_forms_of_its_language() {
        for (language, words) in all() {
            let forms: BTreeSet<_> = words.plurals.categories().iter().copied().collect();
            for (key, phrase) in words.texts.iter().chain(&words.problems) {
                if let Phrase::Counted(found) = phrase {
                    let found: BTreeSet<_> = found.keys().copied().collect();
                    assert_eq!(found, forms, "{language}: {key}");
                }
            }
        }
        for text in Text::ALL {
            let counted: BTreeSet<_> =
                all().map(|(_, w)| matches!(w.texts[text.key()], Phrase::Counted(_))).collect();
            assert_eq!(counted.len(), 1, "{}: counted in some languages only", text.key());
        }
    }

    #[test]
    fn every_problem_has_a_text_in_every_language() {
        let expected: BTreeSet<_> = ProblemCode::ALL.iter().map(|c| c.as_str()).collect();
        for (language, words) in all() {
            let found: BTreeSet<_> = words.problems.keys().map(String::as_str).collect();
            assert_eq!(found, expected, "{language}");
            for (code, phrase) in &words.problems {
                let used: Vec<_> = phrase.forms().flat_map(placeholders).collect();
                let has_time = ProblemCode::ALL.iter().any(|c| c.as_str() == code && c.has_time());
                let expected: &[&str] = if has_time { &["until"] } else { &[] };
                assert_eq!(used, expected, "{language}: {code}");
            }
        }
    }

    #[test]
    fn every_file_in_locales_is_a_language() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/locales");
        let files: BTreeSet<_> = std::fs::read_dir(folder)
            .expect("the folder is there")
            .map(|entry| entry.expect("reads").file_name().to_string_lossy().into_owned())
            .collect();
        let expected: BTreeSet<_> =
            Language::ALL.iter().map(|l| format!("{}.json", l.tag())).collect();
        assert_eq!(files, expected);
    }

    #[test]
    fn who_is_before_somebody_is_counted_as_each_language_does() {
        let said = |language, text, n| Words::of(language).count(text, n, &[("person", "Maria")]);
        let forms = |language, text| [1, 2, 5, 21].map(|n| said(language, text, n));
        assert_eq!(
            forms(Language::Ru, Text::WhyAhead),
            ["впереди 1 человек", "впереди 2 человека", "впереди 5 человек", "впереди 21 человек"]
        );
        assert_eq!(
            forms(Language::Es, Text::WhyAhead)[..2],
            ["1 persona por delante", "2 personas por delante"]
        );
        assert_eq!(said(Language::Hu, Text::WhyAhead, 2), "2 fő van előtte");
        assert_eq!(said(Language::En, Text::WhyAhead, 2), "2 ahead");
        let with = [
            (Language::En, "2 before you with Maria"),
            (Language::Es, "2 antes que usted con Maria"),
            (Language::Ru, "Перед вами 2 человека, мастер: Maria"),
            (Language::Hu, "2 fő van Ön előtt, kérésre: Maria"),
        ];
        for (language, expected) in with {
            assert_eq!(said(language, Text::AheadWith, 2), expected);
        }
    }

    #[test]
    fn numbers_choose_the_form() {
        let ru = Words::of(Language::Ru);
        let said: Vec<_> = [1, 2, 5, 11, 21].map(|n| ru.count(Text::Ahead, n, &[])).into();
        assert!(said[0].contains('1') && said[3].contains("11"));
        assert_ne!(said[0].replace('1', ""), said[1].replace('2', ""));
        assert_eq!(said[0].replace('1', ""), said[4].replace("21", ""));
        assert_eq!(said[2].replace('5', ""), said[3].replace("11", ""));
    }
}
