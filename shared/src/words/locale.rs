//! A language together with how its clock and calendar are written in a region.

use super::Language;

/// What a tag such as `es-MX` says of how to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locale {
    /// The language.
    pub language: Language,
    /// "2:35 PM" rather than "14:35". Never in Spanish, which would have to say "la 1:35" but "las
    /// 2:35".
    pub twelve_hours: bool,
    /// "Nov 24" rather than "24 Nov".
    pub month_first: bool,
}

/// Where English has twelve hours, after the Unicode CLDR.
const TWELVE_HOURS: [&str; 14] =
    ["US", "CA", "AU", "NZ", "IN", "PK", "BD", "LK", "PH", "SG", "MY", "HK", "NG", "JM"];

const MONTH_FIRST: [&str; 2] = ["US", "PH"];

impl Locale {
    /// The usual one of a language: a bare "en" is the English of everybody, which has 24 hours.
    #[must_use]
    pub const fn of(language: Language) -> Self {
        Self { language, twelve_hours: false, month_first: false }
    }

    /// What a tag asks for, where there is a file of its language.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = Language::from_tag(tag)?;
        let region = tag.split(['-', '_']).skip(1).find(|part| part.len() == 2).unwrap_or_default();
        let is_in = |list: &[&str]| {
            language == Language::En && list.iter().any(|r| r.eq_ignore_ascii_case(region))
        };
        Some(Self {
            language,
            twelve_hours: is_in(&TWELVE_HOURS),
            month_first: is_in(&MONTH_FIRST),
        })
    }

    /// A tag that [`Locale::from_tag`] reads back.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self { twelve_hours: true, month_first: true, .. } => "en-US",
            Self { twelve_hours: true, .. } => "en-AU",
            Self { language, .. } => language.tag(),
        }
    }

    /// The first of the wanted tags there is a file of.
    pub fn choose<'a>(wanted: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        wanted.into_iter().find_map(Self::from_tag)
    }

    /// What a browser asks for by `Accept-Language`, its most wanted first. Malformed parts are
    /// passed over.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let mut wanted: Vec<(&str, f32)> = header
            .split(',')
            .filter_map(|part| {
                let mut fields = part.split(';').map(str::trim);
                let tag = fields.next()?;
                let weight = fields.find_map(|f| f.strip_prefix("q=")).map(str::parse);
                Some((tag, weight.unwrap_or(Ok(1.0)).ok()?))
            })
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        wanted.sort_by(|a, b| b.1.total_cmp(&a.1));
        Self::choose(wanted.into_iter().map(|(tag, _)| tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_decides_how_many_hours_a_clock_has() {
        let hours = |tag| Locale::from_tag(tag).map(|l| l.twelve_hours);
        for tag in ["en-US", "en-au", "en-Latn-CA"] {
            assert_eq!(hours(tag), Some(true), "{tag}");
        }
        for tag in ["en", "en-GB", "en-001", "es-MX", "ru-RU", "hu"] {
            assert_eq!(hours(tag), Some(false), "{tag}");
        }
        assert_eq!(hours("fr-US"), None);
    }

    #[test]
    fn a_tag_reads_back() {
        for tag in ["en-US", "en-PH", "en-AU", "en", "en-GB", "es-MX", "ru", "hu-HU"] {
            let locale = Locale::from_tag(tag).expect("a language");
            assert_eq!(Locale::from_tag(locale.tag()), Some(locale), "{tag}");
        }
    }

    #[test]
    fn a_browsers_wish_is_taken_by_its_weight() {
        let chosen = |header| Locale::accepted(header).map(|l| l.language);
        assert_eq!(chosen("fr-CH, fr;q=0.9, es;q=0.8, en;q=0.7"), Some(Language::Es));
        assert_eq!(chosen("en;q=0.2,hu;q=0.9"), Some(Language::Hu));
        assert_eq!(chosen("hu;q=0, ru;q=x, en"), Some(Language::En));
        assert_eq!(chosen("*"), None);
        assert_eq!(chosen(""), None);
    }
}
