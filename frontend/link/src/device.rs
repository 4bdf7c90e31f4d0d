//! What the device gives: its clock, chance, memory and address bar. Each of them may be missing
//! (private windows have no memory), so nothing here fails.

use js_sys::{Function, Promise, Reflect};
use sooner_shared::CommandId;
use sooner_shared::words::{Language, Locale};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Storage, Window};

/// The window that the page is in.
#[must_use]
pub fn window() -> Window {
    web_sys::window().expect("a page is in a window")
}

/// The page.
#[must_use]
pub fn document() -> Document {
    window().document().expect("a window has a page")
}

/// Does something every so many milliseconds, for as long as the page lives.
pub fn every(ms: i32, act: impl FnMut() + 'static) {
    let act = Closure::<dyn FnMut()>::new(act).into_js_value();
    // A window that has no clock shows what it was given.
    let _ =
        window().set_interval_with_callback_and_timeout_and_arguments_0(act.unchecked_ref(), ms);
}

/// Does something when the window says so, for as long as the page lives.
pub fn on_window(event: &str, act: impl FnMut() + 'static) {
    let act = Closure::<dyn FnMut()>::new(act).into_js_value();
    // A window takes any listener.
    let _ = window().add_event_listener_with_callback(event, act.unchecked_ref());
}

/// Something that is done once, later.
pub struct Timer(i32);

impl Timer {
    /// Does something after so many milliseconds.
    #[must_use]
    pub fn after(ms: u32, act: impl FnOnce() + 'static) -> Self {
        let act = Closure::once_into_js(act);
        let set = window().set_timeout_with_callback_and_timeout_and_arguments_0(
            act.unchecked_ref(),
            i32::try_from(ms).unwrap_or(i32::MAX),
        );
        Self(set.unwrap_or_default())
    }

    /// It is not done any more.
    pub fn stop(self) {
        window().clear_timeout_with_handle(self.0);
    }
}

/// Milliseconds since the epoch by the device's clock.
#[must_use]
pub fn local_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// A random number from 0 up to 1, for jitter.
#[must_use]
pub fn chance() -> f64 {
    js_sys::Math::random()
}

/// A fresh name for an attempt to do something.
#[must_use]
pub fn command_id() -> CommandId {
    let mut bytes = [0_u8; 16];
    let drawn = window().crypto().and_then(|c| c.get_random_values_with_u8_array(&mut bytes));
    if drawn.is_err() {
        bytes.fill_with(|| (chance() * 256.0) as u8);
    }
    let number = u128::from_ne_bytes(bytes);
    CommandId::new(&format!("{number:032x}")).expect("32 hexadecimal digits are an id")
}

/// The path of the address.
#[must_use]
pub fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// A parameter of the address.
#[must_use]
pub fn query(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// A value of the fragment, which browsers do not send to servers: `#key=…`.
#[must_use]
pub fn fragment(name: &str) -> Option<String> {
    let hash = window().location().hash().ok()?;
    let fields = hash.strip_prefix('#')?;
    web_sys::UrlSearchParams::new_with_str(fields).ok()?.get(name)
}

/// Takes the fragment out of the address bar, where anybody looking over a shoulder reads it.
pub fn hide_fragment() {
    let Ok(history) = window().history() else {
        return;
    };
    let address = path() + &window().location().search().unwrap_or_default();
    // Without it the address stays as it is, which is no fault.
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
}

/// Says in the address bar what is shown, without loading anything.
pub fn show_query(query: &str) {
    let Ok(history) = window().history() else {
        return;
    };
    let address = format!("{}?{query}", path());
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
}

/// Goes to another page.
pub fn go_to(address: &str) {
    let _ = window().location().assign(address);
}

/// Loads this page again.
pub fn reload() {
    let _ = window().location().reload();
}

/// Whether somebody can see the page.
#[must_use]
pub fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Shakes the device for so many milliseconds; one that cannot stays still.
pub fn vibrate(ms: u32) {
    let navigator = window().navigator();
    let vibrate = Reflect::get(&navigator, &"vibrate".into()).ok();
    if let Some(vibrate) = vibrate.and_then(|it| it.dyn_into::<Function>().ok()) {
        // A browser may refuse while nobody has touched the page.
        let _ = vibrate.call1(&navigator, &ms.into());
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What was remembered under a name.
#[must_use]
pub fn recall(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Remembers something, and says whether that worked.
#[expect(clippy::must_use_candidate, reason = "most of it may be forgotten")]
pub fn remember(name: &str, value: &str) -> bool {
    storage().is_some_and(|s| s.set_item(name, value).is_ok())
}

/// What the browser's owner reads, most wanted first.
#[must_use]
pub fn languages() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

const LANGUAGE: &str = "sooner-language";

/// Remembers the language that was chosen here, also for pages that the server fills in.
pub fn remember_language(language: Language) {
    remember(LANGUAGE, language.tag());
    if let Some(document) = document().dyn_ref::<web_sys::HtmlDocument>() {
        let cookie =
            format!("{LANGUAGE}={}; Path=/; Max-Age=31536000; SameSite=Lax", language.tag());
        // Where cookies are refused, the address and the browser's own language decide.
        let _ = document.set_cookie(&cookie);
    }
}

/// The language that was chosen here.
#[must_use]
pub fn recall_language() -> Option<String> {
    recall(LANGUAGE)
}

/// A language as this device's region writes it, if the browser wants it from one: who chose
/// "English" by its name alone goes on with their own clock.
#[must_use]
pub fn in_own_region(language: Language, tag: &str) -> Locale {
    if tag.contains(['-', '_'])
        && let Some(locale) = Locale::from_tag(tag)
    {
        return locale;
    }
    let tags = languages();
    let own = tags.iter().find_map(|tag| Locale::from_tag(tag).filter(|l| l.language == language));
    own.unwrap_or(Locale::of(language))
}

/// Has the browser keep this page for when it is offline, where it may.
pub fn keep_offline_page() {
    let navigator = JsValue::from(window().navigator());
    // Absent on pages that came without encryption.
    let Ok(container) = Reflect::get(&navigator, &"serviceWorker".into()) else { return };
    let Ok(register) = Reflect::get(&container, &"register".into()) else { return };
    let (Ok(register), Ok(options)) =
        (register.dyn_into::<Function>(), js_sys::JSON::parse(r#"{"scope":"/v/"}"#))
    else {
        return;
    };
    // Private windows refuse; the page then simply is not kept.
    if let Ok(promise) = register.call2(&container, &"/sw.js".into(), &options)
        && let Ok(promise) = promise.dyn_into::<Promise>()
    {
        let refused = Closure::<dyn FnMut(JsValue)>::new(|_| {});
        let _ = promise.catch(&refused);
        refused.forget();
    }
}

/// The time zone of this device (IANA name).
#[must_use]
pub fn zone() -> Option<String> {
    let formats = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    js_sys::Reflect::get(&formats.resolved_options(), &"timeZone".into()).ok()?.as_string()
}

/// Puts the page into a shop's colour, which the styles know by its name.
pub fn show_accent(name: &str) {
    if let Some(html) = document().document_element()
        && html.get_attribute("data-accent").as_deref() != Some(name)
    {
        // An element of a document takes any attribute.
        let _ = html.set_attribute("data-accent", name);
    }
}

/// Where this page came from: `http(s)://host`.
#[must_use]
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Whether browsers let this page do what they keep from pages that came without encryption.
#[must_use]
pub fn is_secure() -> bool {
    window().is_secure_context()
}

/// Prints this page.
pub fn print() {
    // Where printing is not possible nothing happens.
    let _ = window().print();
}

/// Where a socket or a request goes: `ws(s)://host`.
#[must_use]
pub fn socket_origin() -> String {
    let location = window().location();
    let scheme = if location.protocol().is_ok_and(|p| p == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}", location.host().unwrap_or_default())
}

/// Writes to the browser's log.
pub fn log(text: &str) {
    web_sys::console::error_1(&JsValue::from_str(text));
}

/// A panic says where it happened, not only "unreachable".
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| log(&panic.to_string())));
}
