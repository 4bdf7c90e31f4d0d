//! The desk without a finger: the focus goes to what opens and back to what opened it, stays near what
//! is tapped when that goes away, and Escape closes what is open.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::DeskState;

/// What the focus was on last.
#[derive(Clone)]
struct Last {
    element: HtmlElement,
    /// Its name, under which it may come back.
    name: Option<String>,
    /// Where it stands.
    home: Option<String>,
}

/// What opened the panel, and what the focus was on last. A copy is a handle to the same.
#[derive(Clone, Copy)]
struct Focus {
    opener: StoredValue<Option<String>, LocalStorage>,
    last: StoredValue<Option<Last>, LocalStorage>,
}

/// Follows the desk, until it is gone.
pub(super) fn keep(desk: DeskState) {
    let focus = Focus { opener: StoredValue::new_local(None), last: StoredValue::new_local(None) };
    let _ = window_event_listener(ev::focusin, move |event| {
        if let Some(element) = event.target().and_then(|t| t.dyn_into::<HtmlElement>().ok()) {
            let name = element.get_attribute("data-testid");
            let home = closest(&element, "[data-home]", "data-home");
            focus.last.set_value(Some(Last { element, name, home }));
        }
    });
    let _ = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            escape(desk);
        }
    });
    let which = Memo::new(move |_| {
        let panel = desk.panel.with(|p| p.as_ref().map(super::Panel::as_str));
        panel.map(str::to_owned).or(desk.open.get().map(|(visit, _)| format!("panel-{visit}")))
    });
    Effect::new(move |before: Option<Option<String>>| {
        let which = which.get();
        let before = before.flatten();
        if which != before {
            let had_panel = before.is_some();
            let opened = which.is_some();
            if opened && !had_panel {
                let source = active().and_then(|e| e.get_attribute("data-testid"));
                focus.opener.set_value(source);
            }
            let inside = which.clone().filter(|name| name.starts_with("panel-"));
            request_animation_frame(move || focus.moved(opened, inside.as_deref()));
        }
        which
    });
    // A next step is read from its beginning.
    Effect::new(move |_| {
        desk.panel.track();
        request_animation_frame(|| {
            if let Ok(Some(panel)) = document().query_selector(".columns > .walk-in") {
                panel.set_scroll_top(0);
            }
        });
    });
    // Whatever a new board takes away from under the focus.
    Effect::new(move |_| {
        desk.board.track();
        desk.panel.track();
        request_animation_frame(move || focus.found());
    });
}

fn escape(desk: DeskState) {
    if desk.panel.with_untracked(Option::is_some) {
        desk.panel.set(None);
    } else if desk.open.with_untracked(Option::is_some) {
        desk.open.set(None);
    }
}

impl Focus {
    /// A panel was opened or closed.
    fn moved(self, opened: bool, inside: Option<&str>) {
        if opened {
            let panel = match inside {
                Some(name) => named(name),
                None => document().query_selector(".columns > :first-child").ok().flatten(),
            };
            if let Some(panel) = panel {
                let first = panel.query_selector("button:not(:disabled), a, input").ok().flatten();
                to(first.as_ref());
            }
        } else if is_lost() || active().is_none() {
            let source = self.opener.get_value();
            to(source.and_then(|name| named(&name)).as_ref());
        }
    }

    /// What the focus was on is gone: it is put on what took its place.
    fn found(self) {
        let Some(last) = self.last.get_value() else { return };
        if last.element.is_connected() || !is_lost() {
            return;
        }
        let again =
            last.name.and_then(|name| named(&name)).filter(|e| !e.has_attribute("disabled"));
        let near = || {
            let home = format!("[data-home=\"{}\"] button:not(:disabled)", last.home?);
            document().query_selector(&home).ok().flatten()
        };
        let inside = || {
            let inside = ".columns > :first-child button:not(:disabled)";
            document().query_selector(inside).ok().flatten()
        };
        to(again.or_else(near).or_else(inside).as_ref());
    }
}

fn closest(element: &Element, selector: &str, attribute: &str) -> Option<String> {
    element.closest(selector).ok().flatten()?.get_attribute(attribute)
}

fn named(name: &str) -> Option<Element> {
    document().query_selector(&format!("[data-testid=\"{name}\"]")).ok().flatten()
}

fn active() -> Option<Element> {
    document().active_element()
}

/// Whether nothing has the focus.
fn is_lost() -> bool {
    active().is_none_or(|element| element.tag_name() == "BODY")
}

fn to(element: Option<&Element>) {
    if let Some(element) = element.and_then(|e| e.dyn_ref::<HtmlElement>()) {
        // What cannot be focused is left.
        let _ = element.focus();
    }
}
