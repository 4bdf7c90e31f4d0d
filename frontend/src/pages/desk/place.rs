//! Another place in line: a card is drawn by its handle, or moved by buttons. What it costs others is
//! seen before it is done.

use leptos::ev;
use leptos::prelude::*;
use sooner_shared::screen::reorder::{dropped, earlier, later};
use sooner_shared::view::{Board, DeskCard};
use sooner_shared::words::Text;
use sooner_shared::{Command, VisitId};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::DeskState;
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// One place on, in a direction.
type Step = fn(&Board<DeskCard>, VisitId) -> Option<Command>;

/// Where a card would be let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    /// It has not moved to another card yet, or is beside the line.
    Nothing,
    /// Right before somebody.
    Before(VisitId),
    /// At the end of the line.
    End,
}

/// A card that is being drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Drawn {
    visit: VisitId,
    over: Over,
}

/// Where a card would be let go, as a line beside it.
pub(super) fn mark(drawn: RwSignal<Option<Drawn>>, visit: VisitId) -> Signal<bool> {
    Signal::derive(move || drawn.get().is_some_and(|d| d.over == Over::Before(visit)))
}

/// Whether a card is the one that is drawn.
pub(super) fn is_drawn(drawn: RwSignal<Option<Drawn>>, visit: VisitId) -> Signal<bool> {
    Signal::derive(move || drawn.get().is_some_and(|d| d.visit == visit))
}

/// Whether a card would be let go behind everybody.
pub(super) fn at_end(drawn: RwSignal<Option<Drawn>>) -> Signal<bool> {
    Signal::derive(move || drawn.get().is_some_and(|d| d.over == Over::End))
}

/// The handle of a card. A key moves it too.
#[component]
pub(super) fn Handle(
    desk: DeskState,
    visit: VisitId,
    drawn: RwSignal<Option<Drawn>>,
) -> impl IntoView {
    let i18n = I18n::get();
    let card = desk.card(visit);
    let called = move || {
        let name = card.with(|c| c.as_ref().map(|c| c.name.clone())).unwrap_or_default();
        i18n.say_with(Text::MoveWhom, &[("name", &name)])
    };
    let down = move |event: ev::PointerEvent| {
        if let Some(handle) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) {
            // Without it the handle hears the finger only while it is above it.
            let _ = handle.set_pointer_capture(event.pointer_id());
            drawn.set(Some(Drawn { visit, over: Over::Nothing }));
        }
    };
    let moved = move |event: ev::PointerEvent| {
        if drawn.with_untracked(Option::is_some) {
            let over = under(event.client_x(), event.client_y());
            let next = Some(Drawn { visit, over });
            if drawn.get_untracked() != next {
                drawn.set(next);
            }
        }
    };
    let up = move |_| {
        let over = drawn.try_update(Option::take).flatten().map(|d| d.over);
        let before = match over {
            None | Some(Over::Nothing) => return,
            Some(Over::Before(other)) => Some(other),
            Some(Over::End) => None,
        };
        let command =
            desk.board.with_untracked(|b| b.as_ref().and_then(|b| dropped(b, visit, before)));
        if let Some(command) = command {
            desk.tap(command);
        }
    };
    let key = move |event: ev::KeyboardEvent| {
        let step: Step = match event.key().as_str() {
            "ArrowUp" => earlier,
            "ArrowDown" => later,
            "Escape" => {
                drawn.set(None);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        let command = desk.board.with_untracked(|b| b.as_ref().and_then(|b| step(b, visit)));
        if let Some(command) = command {
            desk.tap(command);
        }
    };
    view! {
        <button
            type="button"
            class="handle"
            data-testid=format!("handle-{visit}")
            aria-label=called
            aria-keyshortcuts="ArrowUp ArrowDown"
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=move |_| drawn.set(None)
            on:keydown=key
        >
            <span aria-hidden="true">"⠿"</span>
        </button>
    }
}

/// Before which card of the line a point is: the upper half of one is before it, the lower half behind.
fn under(x: i32, y: i32) -> Over {
    let found = document().element_from_point(x as f32, y as f32);
    let card = found.and_then(|found| found.closest("[data-in-line]").ok().flatten());
    let Some(card) = card else { return Over::Nothing };
    let shape = card.get_bounding_client_rect();
    let card = if f64::from(y) < shape.top() + shape.height() / 2.0 {
        Some(card)
    } else {
        card.next_element_sibling()
    };
    let visit = card.and_then(|card| card.get_attribute("data-in-line")?.parse().ok());
    visit.map_or(Over::End, |visit| Over::Before(VisitId(visit)))
}

/// One place earlier or later, as buttons in the panel of a card.
#[component]
pub(super) fn Steps(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let step = move |testid: &str, text: Text, of: Step| {
        let command =
            Memo::new(move |_| desk.board.with(|b| b.as_ref().and_then(|b| of(b, visit))));
        let testid = format!("{testid}-{visit}");
        move || {
            command.get().map(|command| {
                let waits = desk.waits(command.clone());
                let label = Signal::derive(move || i18n.say(text));
                let testid = testid.clone();
                view! {
                    <TapButton testid label waits on_tap=move || desk.tap(command.clone()) />
                }
            })
        }
    };
    view! {
        {step("earlier", Text::MoveEarlier, earlier)}
        {step("later", Text::MoveLater, later)}
    }
}
