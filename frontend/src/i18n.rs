//! The language of this device, and clock times in the shop's zone.

use leptos::prelude::*;
use sooner_shared::report::Date;
use sooner_shared::screen::zone_time::Reading;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::words::{ClockParts, Formality, Language, Locale, Text, Voice, Words};
use sooner_shared::{Problem, Timestamp};

use sooner_link::clock;
use sooner_link::device;

/// Language, zone and everything written with them. Each method follows the language and the zone
/// when it is called inside a view.
#[derive(Clone, Copy)]
pub(crate) struct I18n {
    locale: RwSignal<Locale>,
    formality: RwSignal<Formality>,
    zone: RwSignal<String>,
    /// The present day in that zone, counted from the epoch: times of other days say which one.
    today: RwSignal<Option<i64>>,
    /// What the shop offers, its own first; none: all there are.
    offered: RwSignal<Vec<Language>>,
    /// Whether somebody chose the language, rather than the browser or the shop.
    is_chosen: StoredValue<bool>,
}

impl I18n {
    /// Chooses the language (`?lang=`, what was chosen before, what the browser wants, English)
    /// and makes it known to all below.
    pub(crate) fn provide() {
        let wanted = device::query("lang").or_else(device::recall_language);
        let tags = device::languages();
        let locale = wanted
            .as_deref()
            .and_then(|tag| Some(device::in_own_region(Language::from_tag(tag)?, tag)))
            .or_else(|| Locale::choose(tags.iter().map(String::as_str)))
            .unwrap_or(Locale::of(Language::En));
        let i18n = Self {
            locale: RwSignal::new(locale),
            formality: RwSignal::new(Formality::default()),
            zone: RwSignal::new(String::new()),
            today: RwSignal::new(None),
            offered: RwSignal::new(Vec::new()),
            is_chosen: StoredValue::new(wanted.is_some()),
        };
        Effect::new(move |_| i18n.tell_document());
        provide_context(i18n);
    }

    /// What [`I18n::provide`] made known.
    pub(crate) fn get() -> Self {
        expect_context()
    }

    fn tell_document(self) {
        let language = self.language();
        if let Some(html) = document().document_element() {
            let direction = Words::of(language).direction().as_str();
            // An element of a document takes any attribute.
            let _ = html.set_attribute("lang", language.tag());
            let _ = html.set_attribute("dir", direction);
        }
    }

    /// The language of now.
    pub(crate) fn language(self) -> Language {
        self.locale.get().language
    }

    /// Another language, from now on and when the page is opened again.
    pub(crate) fn choose(self, language: Language) {
        self.locale.set(device::in_own_region(language, language.tag()));
        self.is_chosen.set_value(true);
        device::remember_language(language);
    }

    /// What can be chosen from: what the shop offers, and what was chosen all the same.
    pub(crate) fn offered(self) -> Vec<Language> {
        self.offered.with(|shops| Language::offered(shops, self.language()))
    }

    /// Offers a shop's languages. Who has not chosen reads its own: on a screen of the shop always,
    /// elsewhere where theirs is none of them.
    pub(crate) fn offer(self, languages: Vec<Language>, is_shops_screen: bool) {
        if let Some(own) = languages.first().copied()
            && !self.is_chosen.get_value()
            && (is_shops_screen || !languages.contains(&self.locale.get_untracked().language))
            && own != self.locale.get_untracked().language
        {
            self.locale.set(device::in_own_region(own, own.tag()));
        }
        if self.offered.with_untracked(|known| *known != languages) {
            self.offered.set(languages);
        }
    }

    /// The zone in which all clock times are written.
    pub(crate) fn use_zone(self, zone: &str) {
        if self.zone.with_untracked(|z| z != zone) {
            self.zone.set(zone.to_owned());
        }
    }

    /// How the shop addresses people.
    pub(crate) fn use_formality(self, formality: Formality) {
        if self.formality.get_untracked() != formality {
            self.formality.set(formality);
        }
    }

    /// The texts, for what writes more than one.
    pub(crate) fn words(self) -> &'static Words {
        Words::addressing(self.language(), self.formality.get())
    }

    fn voice<T>(self, speak: impl FnOnce(&Voice) -> T) -> T {
        let locale = self.locale.get();
        let today = self.today.get();
        let words = self.words();
        self.zone
            .with(|zone| speak(&Voice { words, locale, zone: &|at| clock::read(zone, at), today }))
    }

    /// A day of the calendar: "24 Nov".
    pub(crate) fn date(self, date: Date) -> String {
        self.voice(|voice| voice.date(date.reading()))
    }

    /// A text.
    pub(crate) fn say(self, text: Text) -> String {
        self.words().say(text, &[])
    }

    /// A text with something filled in.
    pub(crate) fn say_with(self, text: Text, with: &[(&str, &str)]) -> String {
        self.words().say(text, with)
    }

    /// A text with a clock time in it, as `{at}`.
    pub(crate) fn say_at(self, text: Text, at: Timestamp) -> String {
        self.voice(|voice| voice.say_at(text, at))
    }

    /// The same for a time that stands by itself, after a colon.
    pub(crate) fn say_bare(self, text: Text, at: Timestamp) -> String {
        self.voice(|voice| voice.say_bare(text, at))
    }

    /// A text with a number in it.
    pub(crate) fn count(self, text: Text, n: u32) -> String {
        self.words().count(text, n, &[])
    }

    /// What to tell people of a refusal.
    pub(crate) fn problem(self, problem: &Problem) -> String {
        self.voice(|voice| voice.problem(problem))
    }

    /// A clock time, whole, with its day when that is not today.
    pub(crate) fn clock(self, at: Timestamp) -> String {
        self.voice(|voice| voice.clock(at))
    }

    /// A clock time without its day.
    pub(crate) fn time_only(self, at: Timestamp) -> String {
        self.voice(|voice| voice.time_only(at))
    }

    /// A clock time, in parts; see [`Voice::clock_parts`].
    pub(crate) fn clock_parts(self, at: Timestamp, pattern: Text) -> ClockParts {
        self.voice(|voice| voice.clock_parts(at, pattern))
    }

    /// How to name the day of an instant on a button: "Today", "Tomorrow", "Tue", "24 Nov".
    pub(crate) fn day(self, at: Timestamp) -> String {
        self.voice(|voice| voice.day(at))
    }

    /// The short name of a day of the week, counted from Monday.
    pub(crate) fn weekday(self, from_monday: usize) -> String {
        // The epoch began on a Thursday.
        self.voice(|voice| voice.weekday(from_monday as i64 + 4))
    }

    /// How clock and calendar read in the shop's zone.
    pub(crate) fn reading(self, at: Timestamp) -> Reading {
        self.zone.with(|zone| clock::read(zone, at))
    }

    /// The instant at which they read so.
    pub(crate) fn instant(self, reading: Reading) -> Timestamp {
        reading.instant(|at| self.reading(at).0 - (at.0 - at.0.rem_euclid(MINUTE_MS)))
    }

    /// Which instant is now, from time to time.
    pub(crate) fn follow_now(self, now: Timestamp) {
        let today = self.reading(now).day();
        if self.today.get_untracked() != Some(today) {
            self.today.set(Some(today));
        }
    }
}

/// The address of another page of ours, with the `?lang=` of this one.
pub(crate) fn same_language(path: &str) -> String {
    match device::query("lang").filter(|tag| Language::from_tag(tag).is_some()) {
        Some(tag) => {
            let sign = if path.contains('?') { '&' } else { '?' };
            format!("{path}{sign}lang={}", js_sys::encode_uri_component(&tag))
        }
        None => path.to_owned(),
    }
}
