//! The language of this device, and clock times in the shop's zone.

use leptos::prelude::*;
use sooner_shared::screen::zone_time::Reading;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::words::{Language, Text, Words};
use sooner_shared::{Problem, ProblemCode, Timestamp};

use crate::clock::{self, ClockParts};
use crate::device;

const REMEMBERED: &str = "sooner.language";

/// Language, zone and everything written with them. Each method follows the language and the zone
/// when it is called inside a view.
#[derive(Clone, Copy)]
pub(crate) struct I18n {
    language: RwSignal<Language>,
    /// What `Intl` writes clock times by: the language, with a region where the browser has one.
    locale: RwSignal<String>,
    zone: RwSignal<String>,
    /// The present day in that zone, counted from the epoch: times of other days say which one.
    today: RwSignal<Option<i64>>,
}

impl I18n {
    /// Chooses the language (`?lang=`, what was chosen before, what the browser wants, English)
    /// and makes it known to all below.
    pub(crate) fn provide() {
        let wanted = device::query("lang").or_else(|| device::recall(REMEMBERED));
        let (language, locale) = wanted
            .as_deref()
            .and_then(|tag| Some((Language::from_tag(tag)?, tag.to_owned())))
            .or_else(|| {
                let tags = device::languages();
                Language::choose(tags.iter().map(String::as_str)).map(|(l, t)| (l, t.to_owned()))
            })
            .unwrap_or((Language::En, "en".to_owned()));
        let i18n = Self {
            language: RwSignal::new(language),
            locale: RwSignal::new(clock_locale(language, &locale)),
            zone: RwSignal::new(String::new()),
            today: RwSignal::new(None),
        };
        Effect::new(move |_| i18n.tell_document());
        provide_context(i18n);
    }

    /// What [`I18n::provide`] made known.
    pub(crate) fn get() -> Self {
        expect_context()
    }

    fn tell_document(self) {
        let language = self.language.get();
        if let Some(html) = document().document_element() {
            let direction = Words::of(language).direction().as_str();
            // An element of a document takes any attribute.
            let _ = html.set_attribute("lang", language.tag());
            let _ = html.set_attribute("dir", direction);
        }
    }

    /// The language of now.
    pub(crate) fn language(self) -> Language {
        self.language.get()
    }

    /// Another language, from now on and when the page is opened again.
    pub(crate) fn choose(self, language: Language) {
        let tags = device::languages();
        let tag = tags.iter().find(|tag| Language::from_tag(tag) == Some(language));
        self.locale.set(clock_locale(language, tag.map_or(language.tag(), String::as_str)));
        self.language.set(language);
        device::remember(REMEMBERED, language.tag());
    }

    /// The zone in which all clock times are written.
    pub(crate) fn use_zone(self, zone: &str) {
        if self.zone.with_untracked(|z| z != zone) {
            self.zone.set(zone.to_owned());
        }
    }

    fn words(self) -> &'static Words {
        Words::of(self.language.get())
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
        self.words().say(text, &[("at", &self.clock(at))])
    }

    /// The same for a time that stands by itself, after a colon.
    pub(crate) fn say_bare(self, text: Text, at: Timestamp) -> String {
        self.words().say(text, &[("at", &self.clock_parts(at, Text::DayTimeBare).whole())])
    }

    /// A text with a number in it.
    pub(crate) fn count(self, text: Text, n: u32) -> String {
        self.words().count(text, n, &[])
    }

    /// The same with something more filled in.
    pub(crate) fn count_with(self, text: Text, n: u32, with: &[(&str, &str)]) -> String {
        self.words().count(text, n, with)
    }

    /// What to tell people of a refusal.
    pub(crate) fn problem(self, problem: &Problem) -> String {
        // Whoever comes back at that minute must not be too early.
        let shown = problem.until.map(|at| match problem.code {
            ProblemCode::TooManyTries => at + MINUTE_MS,
            _ => at,
        });
        let until = shown.map(|at| self.clock(at)).unwrap_or_default();
        let text = self.words().problem(problem.code, &until);
        let opens_at = problem.until.filter(|_| {
            use ProblemCode::{Closed, FullToday, NotOpenYet};
            matches!(problem.code, Closed | NotOpenYet | FullToday)
        });
        match opens_at {
            Some(at) => format!("{text} {}", self.say_bare(Text::OpensAt, at)),
            None => text,
        }
    }

    /// A clock time, whole, with its day when that is not today.
    pub(crate) fn clock(self, at: Timestamp) -> String {
        self.clock_parts(at, Text::DayTime).whole()
    }

    /// A clock time without its day.
    pub(crate) fn time_only(self, at: Timestamp) -> String {
        self.locale.with(|locale| self.zone.with(|zone| clock::write(locale, zone, at))).whole()
    }

    /// A clock time, in parts. Another day than today stands before or after the figure, as
    /// `pattern` says: [`Text::DayTime`] in a sentence, [`Text::DayTimeBare`] after a colon.
    pub(crate) fn clock_parts(self, at: Timestamp, pattern: Text) -> ClockParts {
        let parts = self.locale.with(|l| self.zone.with(|zone| clock::write(l, zone, at)));
        let Some(day) = self.other_day(at) else {
            return parts;
        };
        let with_day = self.words().say(pattern, &[("day", &day), ("time", "\n")]);
        let (before, after) = with_day.split_once('\n').unwrap_or((&with_day, ""));
        let ClockParts { before: am_before, figure, after: am_after } = parts;
        ClockParts { before: format!("{before}{am_before}"), figure, after: am_after + after }
    }

    /// The day of an instant that is not today: by its weekday while that is clear, else its date.
    fn other_day(self, at: Timestamp) -> Option<String> {
        let away = self.reading(at).day() - self.today.get()?;
        (away != 0).then(|| self.day_name(at, away))
    }

    /// The weekday of a day so many days from today, or its date where a week has passed.
    fn day_name(self, at: Timestamp, away: i64) -> String {
        let is_long = matches!(self.language.get(), Language::Es | Language::Hu);
        self.locale.with(|locale| {
            self.zone.with(|zone| {
                if (-6..=6).contains(&away) {
                    clock::weekday(locale, zone, is_long, at)
                } else {
                    clock::date(locale, zone, at)
                }
            })
        })
    }

    /// How to name the day of an instant on a button: "Today", "Tomorrow", "Tue", "24 Nov".
    pub(crate) fn day(self, at: Timestamp) -> String {
        let today = self.today.get().unwrap_or_else(|| self.reading(at).day());
        match self.reading(at).day() - today {
            0 => self.say(Text::Today),
            1 => self.say(Text::Tomorrow),
            away => self.day_name(at, away),
        }
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

/// A bare "en" is the English of everybody, which has 24 hours; "en-US" is not.
fn clock_locale(language: Language, tag: &str) -> String {
    if language == Language::En && tag.eq_ignore_ascii_case("en") {
        "en-GB".to_owned()
    } else {
        tag.to_owned()
    }
}

/// The address of another page of ours, with the `?lang=` of this one.
pub(crate) fn same_language(path: &str) -> String {
    match device::query("lang").filter(|tag| Language::from_tag(tag).is_some()) {
        Some(tag) => format!("{path}?lang={}", js_sys::encode_uri_component(&tag)),
        None => path.to_owned(),
    }
}
