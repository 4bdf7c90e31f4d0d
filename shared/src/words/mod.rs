//! The texts people read, in every language, for browser, plain pages, speech and mail alike.
//!
//! A text is named by [`Text`] and lies in `locales/{language}.json`; what stands in braces there
//! is filled in by [`Words::say`], clock times and days by [`Voice`]. Adding a language is adding a
//! file and naming it in `language`.
//! Deliberately absent: clocks and zones. Whoever has them gives how they read.

mod language;
mod locale;
mod number;
mod phrase;
pub mod promise;
mod text;
mod voice;

use std::collections::BTreeMap;

use serde::Deserialize;

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
    name: String,
    direction: Direction,
    plurals: PluralRule,
    calendar: Calendar,
    /// What stands before the digits after the point.
    decimal: char,
    texts: BTreeMap<String, Phrase>,
    problems: BTreeMap<String, Phrase>,
}

/// What days and months are called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Calendar {
    /// From Monday on, as they stand before a clock time.
    weekdays: Vec<String>,
    months: Vec<String>,
    /// With `{day}` and `{month}`.
    date: String,
}

impl Words {
    /// The texts of a language.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        language.words()
    }

    /// What the language calls itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
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

    fn every_form(words: &Words) -> impl Iterator<Item = (&str, &str)> {
        words
            .texts
            .iter()
            .chain(&words.problems)
            .flat_map(|(key, phrase)| phrase.forms().map(move |form| (key.as_str(), form)))
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
    fn no_text_is_vague_excuses_itself_or_speaks_of_rules() {
        let forbidden = [
            "about",
            "approx",
            "roughly",
            "estimate",
            "policy",
            "policies",
            "unfortunately",
            "regret",
            "inconvenience",
            "traffic",
            "urgent",
            "priority",
            "0 min",
            "asap",
            "late ",
            "aproximad",
            "alrededor",
            "lamentablemente",
            "desgraciad",
            "política",
            "molestia",
            "urgente",
            "prioridad",
            "примерно",
            "приблизительно",
            "около",
            "к сожалению",
            "правил",
            "срочн",
            "приоритет",
            "неудобств",
            "körülbelül",
            "kb.",
            "nagyjából",
            "szabályzat",
            "kellemetlenség",
            "sürgős",
            "elsőbbség",
        ];
        for (language, words) in all() {
            for (key, form) in every_form(words) {
                let lower = form.to_lowercase();
                for word in forbidden {
                    assert!(!lower.contains(word), "{language}: {key} says “{word}”: {form}");
                }
            }
        }
    }

    #[test]
    fn people_are_addressed_formally() {
        let familiar: &[(Language, &[&str])] = &[
            (Language::Es, &["tú", "tu", "te", "ti", "tus", "puedes", "tienes"]),
            (Language::Ru, &["ты", "тебя", "тебе", "твой", "твоё", "твоя"]),
            (Language::Hu, &["te", "neked", "téged", "tied", "gyere", "várj"]),
        ];
        for (language, words) in familiar {
            for (key, form) in every_form(Words::of(*language)) {
                let lower = form.to_lowercase();
                let found = lower.split(|c: char| !c.is_alphabetic()).find(|w| words.contains(w));
                assert_eq!(found, None, "{language}: {key}: {form}");
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
