use std::fmt;
use std::sync::OnceLock;

use serde::de::{Deserializer, Error, Unexpected};
use serde::{Deserialize, Serialize, Serializer};

use super::Words;

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
        }

        impl Language {
            /// All of them, in the order they are offered.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The tag of BCP 47.
            #[must_use]
            pub const fn tag(self) -> &'static str {
                match self { $(Self::$name => $tag),* }
            }

            /// What it calls itself.
            #[must_use]
            pub const fn own_name(self) -> &'static str {
                match self { $(Self::$name => $own_name),* }
            }

            /// The texts, read on first use.
            pub(super) fn words(self) -> &'static Words {
                match self {
                    $(Self::$name => {
                        static WORDS: OnceLock<Words> = OnceLock::new();
                        WORDS.get_or_init(|| {
                            serde_json::from_str(include_str!(concat!("../../locales/", $tag, ".json")))
                                .expect("a test reads every language file")
                        })
                    })*
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
        Self::ALL.iter().copied().find(|l| l.tag().eq_ignore_ascii_case(primary))
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
    fn the_first_known_language_is_chosen() {
        assert_eq!(Language::choose(["fr-CA", "es-MX", "en"]), Some((Language::Es, "es-MX")));
        assert_eq!(Language::choose(["HU"]), Some((Language::Hu, "HU")));
        assert_eq!(Language::choose(["fr"]), None);
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
