//! Buttons that say when they wait for an answer.

use std::time::Duration;

use leptos::prelude::*;

/// How long a button that asks "sure?" waits for the second tap.
const SURE_FOR: Duration = Duration::from_secs(4);

/// A button. While its tap waits for the answer it has a dotted outline and takes no second one.
#[component]
pub(crate) fn TapButton(
    /// For tests: the `data-testid`.
    #[prop(into)]
    testid: String,
    /// What it says.
    #[prop(into)]
    label: Signal<String>,
    /// Its look: "main", "plain" or "quiet".
    #[prop(default = "plain")]
    look: &'static str,
    /// Whether a tap waits for its answer.
    #[prop(into, default = Signal::stored(false))]
    waits: Signal<bool>,
    /// Whether it can not be used now.
    #[prop(into, default = Signal::stored(false))]
    disabled: Signal<bool>,
    /// Where it is one of several choices: whether it is the chosen one.
    #[prop(optional, into)]
    chosen: Option<Signal<bool>>,
    /// What it is called where its label is a sign only.
    #[prop(optional, into)]
    called: Option<Signal<String>>,
    /// The language of what it says, where that is not the page's.
    #[prop(optional)]
    lang: Option<&'static str>,
    /// What a tap does.
    on_tap: impl Fn() + 'static,
) -> impl IntoView {
    let is_chosen = move || chosen.is_some_and(|c| c.get());
    view! {
        <button
            type="button"
            class=format!("button {look}")
            data-testid=testid
            lang=lang
            class:waits=waits
            class:chosen=is_chosen
            aria-label=called.map(|c| move || c.get())
            aria-pressed=chosen.map(|c| move || if c.get() { "true" } else { "false" })
            aria-busy=move || waits.get().then_some("true")
            disabled=disabled
            on:click=move |_| {
                if !waits.get_untracked() {
                    on_tap();
                }
            }
        >
            {label}
        </button>
    }
}

/// A button for what cannot be taken back: the first tap asks, the second one does it.
#[component]
pub(crate) fn SureButton(
    /// For tests: the `data-testid`.
    #[prop(into)]
    testid: String,
    /// What it says.
    #[prop(into)]
    label: Signal<String>,
    /// What it says after the first tap.
    #[prop(into)]
    sure: Signal<String>,
    /// Whether a tap waits for its answer.
    #[prop(into, default = Signal::stored(false))]
    waits: Signal<bool>,
    /// What the second tap does.
    on_tap: impl Fn() + 'static,
) -> impl IntoView {
    let armed = RwSignal::new(false);
    let tap = move || {
        if armed.get_untracked() {
            armed.set(false);
            on_tap();
        } else {
            armed.set(true);
            set_timeout(move || armed.set(false), SURE_FOR);
        }
    };
    let says = Signal::derive(move || if armed.get() { sure.get() } else { label.get() });
    view! {
        <span class="sure" class:armed=armed>
            <TapButton testid=testid label=says look="quiet" waits=waits on_tap=tap />
        </span>
    }
}
