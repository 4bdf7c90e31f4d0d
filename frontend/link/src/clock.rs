//! Clock and calendar of the shop's zone, by the browser's `Intl`, which knows all zones.

use std::cell::RefCell;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use sooner_shared::Timestamp;
use sooner_shared::screen::zone_time::Reading;
use sooner_shared::time::MINUTE_MS;
use wasm_bindgen::{JsCast, JsValue};

thread_local! {
    /// The zone read last: making a format takes a millisecond on a slow phone.
    static MADE: RefCell<Option<(String, Intl::DateTimeFormat)>> = const { RefCell::new(None) };
}

const FIELDS: [&str; 5] = ["year", "month", "day", "hour", "minute"];

/// How clock and calendar read in a zone; as in UTC where the browser cannot say.
#[must_use]
pub fn read(zone: &str, at: Timestamp) -> Reading {
    let numbers = MADE.with_borrow_mut(|made| {
        if made.as_ref().is_none_or(|(made, _)| made != zone) {
            // A browser that does not know the zone most likely hangs in the shop itself.
            let format = format(Some(zone).filter(|z| !z.is_empty())).or_else(|| format(None))?;
            *made = Some((zone.to_owned(), format));
        }
        let (_, format) = made.as_ref()?;
        numbers(format, at)
    });
    numbers.unwrap_or(Reading(at.0 - at.0.rem_euclid(MINUTE_MS)))
}

fn numbers(format: &Intl::DateTimeFormat, at: Timestamp) -> Option<Reading> {
    let parts = format.format_to_parts(&Date::new(&JsValue::from_f64(at.0 as f64)));
    let text = |part: &JsValue, name: &str| {
        Reflect::get(part, &name.into()).ok().and_then(|v| v.as_string()).unwrap_or_default()
    };
    let mut found = [None; 5];
    for part in parts.iter() {
        let kind = text(&part, "type");
        if let Some(place) = FIELDS.iter().position(|field| *field == kind) {
            found[place] = text(&part, "value").parse::<i64>().ok();
        }
    }
    let [year, month, day, hour, minute] = found;
    Some(Reading::new(year?, month?, day?, hour?, minute?))
}

fn format(zone: Option<&str>) -> Option<Intl::DateTimeFormat> {
    let options = Object::new();
    let set = |name: &str, value: &str| Reflect::set(&options, &name.into(), &value.into()).ok();
    for field in FIELDS {
        set(field, "numeric")?;
    }
    set("hourCycle", "h23")?;
    if let Some(zone) = zone {
        set("timeZone", zone)?;
    }
    // Through `Reflect`, since an unknown zone is an exception and must not be one of ours.
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let constructor: Function =
        Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.dyn_into().ok()?;
    let arguments = Array::of2(&"en-GB".into(), &options);
    Some(Reflect::construct(&constructor, &arguments).ok()?.unchecked_into())
}
