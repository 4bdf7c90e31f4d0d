//! A screen that stays on, and full. Where a browser has neither, or the page came without
//! encryption, nothing happens.

use leptos::prelude::*;
use sooner_link::device;

use crate::object;

/// Keeps the screen from going to sleep, from now on. The browser lets go whenever the page is hidden.
pub(crate) fn keep() {
    hold();
    let _ = window_event_listener_untyped("visibilitychange", move |_| {
        if device::is_visible() {
            hold();
        }
    });
}

fn hold() {
    if let Some(lock) = object::get(&window().navigator(), "wakeLock") {
        object::begin(&lock, "request", &["screen".into()]);
    }
}

/// Whether the page could fill the screen and does not: by itself, or in a browser that shows nothing
/// else anyhow.
pub(crate) fn may_fill() -> bool {
    let can = object::get(&document(), "fullscreenEnabled").and_then(|v| v.as_bool());
    let is_full = object::get(&document(), "fullscreenElement").is_some();
    let is_kiosk = object::call(&window(), "matchMedia", &["(display-mode: fullscreen)".into()])
        .and_then(|media| object::get(&media, "matches")?.as_bool());
    can == Some(true) && !is_full && is_kiosk != Some(true)
}

/// Fills the screen.
pub(crate) fn fill() {
    if let Some(html) = document().document_element() {
        object::begin(&html, "requestFullscreen", &[]);
    }
}
