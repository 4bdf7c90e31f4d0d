//! Clock and calendar of the shop's zone, written and read by the browser's `Intl`.

use std::cell::RefCell;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use sooner_shared::Timestamp;
use sooner_shared::screen::zone_time::Reading;
use sooner_shared::time::MINUTE_MS;
use wasm_bindgen::{JsCast, JsValue};

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

impl ClockParts {
    /// In one piece.
    pub(crate) fn whole(self) -> String {
        self.before + &self.figure + &self.after
    }
}

/// What is written of an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// "14:35"
    Clock,
    /// "Tue"
    ShortWeekday,
    /// "martes"
    LongWeekday,
    /// "24 Nov"
    Date,
    /// All numbers, to count with.
    Numbers,
}

struct Made {
    locale: String,
    zone: String,
    form: Form,
    format: Intl::DateTimeFormat,
}

thread_local! {
    /// Making one takes a millisecond on a slow phone, so the last few are kept.
    static MADE: RefCell<Vec<Made>> = const { RefCell::new(Vec::new()) };
}

/// More than a page uses at a time.
const MOST_MADE: usize = 8;

/// The clock time of an instant.
pub(crate) fn write(locale: &str, zone: &str, at: Timestamp) -> ClockParts {
    with_format(locale, zone, Form::Clock, |format| parts_of(format, at)).unwrap_or_default()
}

/// The day of the week.
pub(crate) fn weekday(locale: &str, zone: &str, is_long: bool, at: Timestamp) -> String {
    let form = if is_long { Form::LongWeekday } else { Form::ShortWeekday };
    with_format(locale, zone, form, |format| text_of(format, at)).unwrap_or_default()
}

/// The day of the month, with the month.
pub(crate) fn date(locale: &str, zone: &str, at: Timestamp) -> String {
    with_format(locale, zone, Form::Date, |format| text_of(format, at)).unwrap_or_default()
}

/// How clock and calendar read in a zone; as in UTC where the browser cannot say.
pub(crate) fn read(zone: &str, at: Timestamp) -> Reading {
    let numbers = with_format("en-GB", zone, Form::Numbers, |format| {
        let mut found = [None; 5];
        for (kind, value) in fields_of(format, at) {
            let place = ["year", "month", "day", "hour", "minute"].iter().position(|k| *k == kind);
            if let Some(place) = place {
                found[place] = value.parse::<i64>().ok();
            }
        }
        let [year, month, day, hour, minute] = found;
        Some(Reading::new(year?, month?, day?, hour?, minute?))
    });
    numbers.flatten().unwrap_or(Reading(at.0 - at.0.rem_euclid(MINUTE_MS)))
}

fn with_format<T>(
    locale: &str,
    zone: &str,
    form: Form,
    read: impl FnOnce(&Intl::DateTimeFormat) -> T,
) -> Option<T> {
    MADE.with_borrow_mut(|made| {
        let fits = |m: &Made| m.form == form && m.locale == locale && m.zone == zone;
        if !made.iter().any(fits) {
            // A browser that does not know the zone most likely hangs in the shop itself.
            let format = format(locale, Some(zone).filter(|z| !z.is_empty()), form)
                .or_else(|| format(locale, None, form))
                .or_else(|| format("en-GB", None, form))?;
            if made.len() >= MOST_MADE {
                made.remove(0);
            }
            made.push(Made { locale: locale.to_owned(), zone: zone.to_owned(), form, format });
        }
        made.iter().find(|m| fits(m)).map(|m| read(&m.format))
    })
}

fn format(locale: &str, zone: Option<&str>, form: Form) -> Option<Intl::DateTimeFormat> {
    let options = Object::new();
    let set = |name: &str, value: &str| Reflect::set(&options, &name.into(), &value.into()).ok();
    match form {
        Form::Clock => {
            set("hour", "2-digit")?;
            set("minute", "2-digit")?;
            if !locale.starts_with("en") {
                // With twelve hours Spanish would have to say "la 1:35" but "las 2:35".
                set("hourCycle", "h23")?;
            }
        }
        Form::ShortWeekday => _ = set("weekday", "short")?,
        Form::LongWeekday => _ = set("weekday", "long")?,
        Form::Date => {
            set("day", "numeric")?;
            set("month", "short")?;
        }
        Form::Numbers => {
            for field in ["year", "month", "day", "hour", "minute"] {
                set(field, "numeric")?;
            }
            set("hourCycle", "h23")?;
        }
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

/// The parts of an instant: what each one is, and its text.
fn fields_of(format: &Intl::DateTimeFormat, at: Timestamp) -> Vec<(String, String)> {
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    let parts = format.format_to_parts(&date);
    let field = |part: &JsValue, name: &str| {
        Reflect::get(part, &name.into()).ok().and_then(|v| v.as_string()).unwrap_or_default()
    };
    parts.iter().map(|part| (field(&part, "type"), field(&part, "value"))).collect()
}

fn text_of(format: &Intl::DateTimeFormat, at: Timestamp) -> String {
    fields_of(format, at).into_iter().map(|(_, value)| value).collect()
}

fn parts_of(format: &Intl::DateTimeFormat, at: Timestamp) -> ClockParts {
    let mut parts = ClockParts::default();
    let mut between = String::new();
    for (kind, value) in fields_of(format, at) {
        if matches!(kind.as_str(), "hour" | "minute") {
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
