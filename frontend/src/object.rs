//! What some devices have and others have not, asked for by name: nothing here fails, so that what is
//! missing is simply not there.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A property, unless it is missing.
pub(crate) fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(of, &name.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// Sets a property where that is possible.
pub(crate) fn set(of: &JsValue, name: &str, value: impl Into<JsValue>) {
    // What cannot be set is not there.
    let _ = Reflect::set(of, &name.into(), &value.into());
}

/// Calls a method; `None` when there is none, or when it refuses.
pub(crate) fn call(of: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let method: Function = get(of, name)?.dyn_into().ok()?;
    Reflect::apply(&method, of, &arguments.iter().collect::<Array>()).ok()
}

/// The same for a method whose answer comes later, and does not matter.
pub(crate) fn begin(of: &JsValue, name: &str, arguments: &[JsValue]) {
    if let Some(promise) = call(of, name, arguments).and_then(|v| v.dyn_into::<Promise>().ok()) {
        wasm_bindgen_futures::spawn_local(async move {
            // A refusal is an answer too, and would be written into the browser's log.
            let _ = JsFuture::from(promise).await;
        });
    }
}

/// A new object of a class of the browser, where it has that.
pub(crate) fn make(class: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let class: Function = get(&js_sys::global(), class)?.dyn_into().ok()?;
    Reflect::construct(&class, &arguments.iter().collect::<Array>()).ok()
}
