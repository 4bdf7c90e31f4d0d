//! In which language a page that the server writes is read.

use axum::http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;
use sooner_shared::words::{Language, Locale};

/// Where a browser remembers what was chosen; its scripts write it too.
const COOKIE: &str = "sooner-language";

/// The `?lang=` of an address.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// A tag of BCP 47.
    pub(super) lang: Option<String>,
}

impl Asked {
    /// The language that is asked for, if there is a file of it.
    pub(super) fn language(&self) -> Option<Language> {
        Language::from_tag(self.lang.as_deref()?)
    }
}

/// What the address asks for, what was chosen before, what the browser wants; else English.
pub(super) fn locale(asked: &Asked, headers: &HeaderMap) -> Locale {
    locale_or(asked, headers, Language::En)
}

/// The same for a browser that wants nothing there is: a shop's own language.
pub(super) fn locale_or(asked: &Asked, headers: &HeaderMap, own: Language) -> Locale {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let wanted = Locale::accepted(text(header::ACCEPT_LANGUAGE).unwrap_or_default());
    let tag = asked.lang.as_deref().filter(|tag| Locale::from_tag(tag).is_some());
    let tag = tag.or_else(|| remembered(headers));
    match (tag.and_then(|tag| Some((tag, Locale::from_tag(tag)?))), wanted) {
        // Who chose "English" by its name alone goes on with the clock of their own region.
        (Some((tag, chosen)), Some(wanted))
            if !tag.contains(['-', '_']) && chosen.language == wanted.language =>
        {
            wanted
        }
        (Some((_, chosen)), _) => chosen,
        (None, wanted) => wanted.unwrap_or(Locale::of(own)),
    }
}

fn remembered(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter();
    let cookies = cookies.filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(';'));
    let mut pairs = cookies.filter_map(|cookie| cookie.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, tag)| tag)
}

/// Has the browser remember a language.
pub(super) fn remember(language: Language) -> HeaderValue {
    let text = format!("{COOKIE}={language}; Path=/; Max-Age=31536000; SameSite=Lax");
    HeaderValue::try_from(text).expect("tags are plain characters")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(asked: Option<&str>, cookie: &str, accept: &str) -> (Language, bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::try_from(cookie).expect("plain"));
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::try_from(accept).expect("plain"));
        let asked = Asked { lang: asked.map(str::to_owned) };
        let locale = locale(&asked, &headers);
        (locale.language, locale.twelve_hours)
    }

    #[test]
    fn the_address_decides_before_the_memory_and_that_before_the_browser() {
        use Language::{En, Es, Hu, Ru};
        assert_eq!(chosen(Some("hu"), "a=b; sooner-language=es", "ru"), (Hu, false));
        assert_eq!(chosen(None, "a=b; sooner-language=es", "ru"), (Es, false));
        assert_eq!(chosen(None, "sooner-language=xx", "ru"), (Ru, false));
        assert_eq!(chosen(Some("xx"), "", "xx"), (En, false));
        assert_eq!(chosen(None, "sooner-language=en", "en-US,en"), (En, true));
        assert_eq!(chosen(Some("en-GB"), "", "en-US"), (En, false));
        let headers = |accept| {
            HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept))])
        };
        let own = |accept| locale_or(&Asked::default(), &headers(accept), Hu).language;
        assert_eq!([own("de"), own("de, ru")], [Hu, Ru], "the shop's where nothing is wanted");
    }
}
