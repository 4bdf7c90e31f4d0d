//! What the device gives: its clock, chance, memory and address bar. Each of them may be missing
//! (private windows have no memory), so nothing here fails.

use leptos::prelude::{document, window};
use sooner_shared::CommandId;
use wasm_bindgen::JsValue;
use web_sys::Storage;

/// Milliseconds since the epoch by the device's clock.
pub(crate) fn local_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// A random number from 0 up to 1, for jitter.
pub(crate) fn chance() -> f64 {
    js_sys::Math::random()
}

/// A fresh name for an attempt to do something.
pub(crate) fn command_id() -> CommandId {
    let mut bytes = [0_u8; 16];
    let drawn = window().crypto().and_then(|c| c.get_random_values_with_u8_array(&mut bytes));
    if drawn.is_err() {
        bytes.fill_with(|| (chance() * 256.0) as u8);
    }
    let number = u128::from_ne_bytes(bytes);
    CommandId::new(&format!("{number:032x}")).expect("32 hexadecimal digits are an id")
}

/// The path of the address.
pub(crate) fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// A parameter of the address.
pub(crate) fn query(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// A value of the fragment, which browsers do not send to servers: `#key=…`.
pub(crate) fn fragment(name: &str) -> Option<String> {
    let hash = window().location().hash().ok()?;
    let fields = hash.strip_prefix('#')?;
    web_sys::UrlSearchParams::new_with_str(fields).ok()?.get(name)
}

/// Takes the fragment out of the address bar, where anybody looking over a shoulder reads it.
pub(crate) fn hide_fragment() {
    let Ok(history) = window().history() else {
        return;
    };
    let address = path() + &window().location().search().unwrap_or_default();
    // Without it the address stays as it is, which is no fault.
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
}

/// Says in the address bar what is shown, without loading anything.
pub(crate) fn show_query(query: &str) {
    let Ok(history) = window().history() else {
        return;
    };
    let address = format!("{}?{query}", path());
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
}

/// Goes to another page.
pub(crate) fn go_to(address: &str) {
    let _ = window().location().assign(address);
}

/// Loads this page again.
pub(crate) fn reload() {
    let _ = window().location().reload();
}

/// Whether somebody can see the page.
pub(crate) fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What was remembered under a name.
pub(crate) fn recall(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Remembers something, and says whether that worked.
pub(crate) fn remember(name: &str, value: &str) -> bool {
    storage().is_some_and(|s| s.set_item(name, value).is_ok())
}

/// What the browser's owner reads, most wanted first.
pub(crate) fn languages() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// Where this page came from: `http(s)://host`.
pub(crate) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Whether browsers let this page do what they keep from pages that came without encryption.
pub(crate) fn is_secure() -> bool {
    window().is_secure_context()
}

/// Prints this page.
pub(crate) fn print() {
    // Where printing is not possible nothing happens.
    let _ = window().print();
}

/// Where a socket or a request goes: `ws(s)://host`.
pub(crate) fn socket_origin() -> String {
    let location = window().location();
    let scheme = if location.protocol().is_ok_and(|p| p == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}", location.host().unwrap_or_default())
}

/// Writes to the browser's log.
pub(crate) fn log(text: &str) {
    web_sys::console::error_1(&JsValue::from_str(text));
}

/// A panic says where it happened, not only "unreachable".
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| log(&panic.to_string())));
}
