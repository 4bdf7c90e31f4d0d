use std::fmt;
use std::sync::OnceLock;

use serde::de::{Deserializer, Error, Unexpected};
use serde::{Deserialize, Serialize, Serializer};

use super::{Formality, Words, pseudo};

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From left to right.
    Ltr,
    /// From right to left.
    Rtl,
}

impl Direction {
    /// As HTML's `dir` wants it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

macro_rules! languages {
    ($($(#[$doc:meta])* $name:ident = $tag:literal, $own_name:literal;)*) => {
        /// A language there is a file of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Language {
            $($(#[$doc])* $name,)*
            /// English that looks foreign, is longer, and is written from right to left: offered to
            /// nobody, and there for whoever checks that a page can be translated and mirrored.
            Pseudo,
        }

        impl Language {
            /// All that are offered, in this order.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The tag of BCP 47.
            #[must_use]
            pub const fn tag(self) -> &'static str {
                match self {
                    $(Self::$name => $tag,)*
                    Self::Pseudo => pseudo::TAG,
                }
            }

            /// What it calls itself.
            #[must_use]
            pub const fn own_name(self) -> &'static str {
                match self {
                    $(Self::$name => $own_name,)*
                    Self::Pseudo => pseudo::NAME,
                }
            }

            /// The texts, read on first use.
            pub(super) fn words(self, formality: Formality) -> &'static Words {
                match self {
                    $(Self::$name => {
                        static WORDS: [OnceLock<Words>; 2] = [const { OnceLock::new() }; 2];
                        WORDS[usize::from(formality == Formality::Informal)].get_or_init(|| {
                            let file = include_str!(concat!("../../locales/", $tag, ".json"));
                            let words: Words =
                                serde_json::from_str(file).expect("a test reads every language file");
                            words.in_form(formality)
                        })
                    })*
                    Self::Pseudo => {
                        static WORDS: OnceLock<Words> = OnceLock::new();
                        WORDS.get_or_init(|| pseudo::words(Self::En.words(Formality::Formal)))
                    }
                }
            }
        }
    };
}

languages! {
    /// English.
    En = "en", "English";
    /// Spanish.
    Es = "es", "Español";
    /// Russian.
    Ru = "ru", "Русский";
    /// Hungarian.
    Hu = "hu", "Magyar";
}

impl Language {
    /// The language of a tag such as `es-MX`, by its first part.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag);
        if primary.eq_ignore_ascii_case(pseudo::TAG) {
            return Some(Self::Pseudo);
        }
        Self::ALL.iter().copied().find(|l| l.tag().eq_ignore_ascii_case(primary))
    }

    /// What can be chosen from where a shop has these languages and somebody reads `mine`: the shop's,
    /// or all there are where it names none, and what they read all the same.
    #[must_use]
    pub fn offered(shops: &[Self], mine: Self) -> Vec<Self> {
        let mut offered = if shops.is_empty() { Self::ALL } else { shops }.to_vec();
        if !offered.contains(&mine) && Self::ALL.contains(&mine) {
            offered.push(mine);
        }
        offered
    }

    /// The first of the wanted tags there is a file of, with the tag that asked for it.
    pub fn choose<'a>(wanted: impl IntoIterator<Item = &'a str>) -> Option<(Self, &'a str)> {
        wanted.into_iter().find_map(|tag| Some((Self::from_tag(tag)?, tag)))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// By its tag.
impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.tag())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tag = String::deserialize(deserializer)?;
        let known = Self::ALL.iter().copied().find(|language| language.tag() == tag);
        known.ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&tag), &"a known language"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_offers_its_own_languages_and_what_somebody_reads_all_the_same() {
        use Language::{En, Es, Hu, Pseudo, Ru};
        assert_eq!(Language::offered(&[], Es), [En, Es, Ru, Hu]);
        assert_eq!(Language::offered(&[Hu, En], En), [Hu, En]);
        assert_eq!(Language::offered(&[Hu, En], Ru), [Hu, En, Ru]);
        assert_eq!(Language::offered(&[Hu], Pseudo), [Hu], "the language of checks is nobody's");
    }

    #[test]
    fn the_first_known_language_is_chosen() {
        assert_eq!(Language::choose(["fr-CA", "es-MX", "en"]), Some((Language::Es, "es-MX")));
        assert_eq!(Language::choose(["HU"]), Some((Language::Hu, "HU")));
        assert_eq!(Language::choose(["fr"]), None);
    }

    #[test]
    fn the_language_of_checks_is_had_by_its_tag_and_offered_to_nobody() {
        assert_eq!(Language::from_tag("qps"), Some(Language::Pseudo));
        assert!(!Language::ALL.contains(&Language::Pseudo));
    }

    #[test]
    fn a_language_is_written_by_its_tag_and_no_other_word_reads_as_one() {
        for language in Language::ALL {
            let text = serde_json::to_string(language).expect("JSON");
            assert_eq!(text, format!("{:?}", language.tag()));
            assert_eq!(serde_json::from_str::<Language>(&text).ok(), Some(*language));
        }
        assert!(serde_json::from_str::<Language>("\"en-US\"").is_err());
    }
}
