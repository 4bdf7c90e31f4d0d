//! The language of this device, and clock times in the shop's zone.

use std::cell::RefCell;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::prelude::*;
use sooner_shared::words::{Language, Text, Words};
use sooner_shared::{Problem, Timestamp};
use wasm_bindgen::{JsCast, JsValue};

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
}

/// A clock time cut so that the figure can be large and "AM" small.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ClockParts {
    /// What stands before the figure.
    pub(crate) before: String,
    /// "14:35"
    pub(crate) figure: String,
    /// What stands after it.
    pub(crate) after: String,
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

    /// A text with a number in it.
    pub(crate) fn count(self, text: Text, n: u32) -> String {
        self.words().count(text, n, &[])
    }

    /// What to tell people of a refusal.
    pub(crate) fn problem(self, problem: &Problem) -> String {
        let until = problem.until.map(|at| self.clock(at)).unwrap_or_default();
        self.words().problem(problem.code, &until)
    }

    /// A clock time, whole.
    pub(crate) fn clock(self, at: Timestamp) -> String {
        let ClockParts { before, figure, after } = self.clock_parts(at);
        before + &figure + &after
    }

    /// A clock time, in parts.
    pub(crate) fn clock_parts(self, at: Timestamp) -> ClockParts {
        self.locale.with(|locale| self.zone.with(|zone| write_clock(locale, zone, at)))
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

struct Clock {
    locale: String,
    zone: String,
    format: Intl::DateTimeFormat,
}

thread_local! {
    /// Making one takes a millisecond on a slow phone, so it is kept while nothing changes.
    static CLOCK: RefCell<Option<Clock>> = const { RefCell::new(None) };
}

fn write_clock(locale: &str, zone: &str, at: Timestamp) -> ClockParts {
    CLOCK.with_borrow_mut(|kept| {
        if kept.as_ref().is_none_or(|c| c.locale != locale || c.zone != zone) {
            // A browser that does not know the zone most likely hangs in the shop itself.
            *kept = clock_format(locale, Some(zone).filter(|z| !z.is_empty()))
                .or_else(|| clock_format(locale, None))
                .or_else(|| clock_format("en-GB", None))
                .map(|format| Clock { locale: locale.to_owned(), zone: zone.to_owned(), format });
        }
        kept.as_ref().map(|clock| parts_of(&clock.format, at)).unwrap_or_default()
    })
}

fn clock_format(locale: &str, zone: Option<&str>) -> Option<Intl::DateTimeFormat> {
    let options = Object::new();
    let set = |name: &str, value: &str| Reflect::set(&options, &name.into(), &value.into()).ok();
    set("hour", "2-digit")?;
    set("minute", "2-digit")?;
    if !locale.starts_with("en") {
        // With twelve hours Spanish would have to say "la 1:35" but "las 2:35".
        set("hourCycle", "h23")?;
    }
    if let Some(zone) = zone {
        set("timeZone", zone)?;
    }
    // Through `Reflect`, since an unknown zone is an exception and must not be one of ours.
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let constructor: Function =
        Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.dyn_into().ok()?;
    let arguments = Array::of2(&JsValue::from_str(locale), &options);
    Some(Reflect::construct(&constructor, &arguments).ok()?.unchecked_into())
}

fn parts_of(format: &Intl::DateTimeFormat, at: Timestamp) -> ClockParts {
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    let mut parts = ClockParts::default();
    let mut between = String::new();
    for part in format.format_to_parts(&date).iter() {
        let field = |name: &str| {
            Reflect::get(&part, &name.into()).ok().and_then(|v| v.as_string()).unwrap_or_default()
        };
        let value = field("value");
        if matches!(field("type").as_str(), "hour" | "minute") {
            if parts.figure.is_empty() {
                parts.before = std::mem::take(&mut between);
            } else {
                parts.figure += &std::mem::take(&mut between);
            }
            parts.figure += &value;
        } else {
            between += &value;
        }
    }
    parts.after = between;
    let has_twelve_hours = !(parts.before.is_empty() && parts.after.is_empty());
    if has_twelve_hours && parts.figure.starts_with('0') {
        // "09:05", but "9:05 AM".
        parts.figure.remove(0);
    }
    parts
}
