//! Whether what is shown is the present, and when it was last confirmed.

use leptos::prelude::*;
use sooner_shared::Timestamp;
use sooner_shared::screen::State;
use sooner_shared::words::Text;

use crate::i18n::I18n;
use crate::live::Live;

/// A dot with a word, and the time of the last confirmation. Stands on every page, always.
#[component]
pub(crate) fn Status(
    /// What is followed.
    live: Live,
) -> impl IntoView {
    let i18n = I18n::get();
    let word = move || {
        i18n.say(match live.state.get() {
            State::Connecting => Text::Connecting,
            State::Live => Text::Live,
            State::Stale => Text::NoConnection,
            State::Gone(_) => Text::NotAvailable,
        })
    };
    let confirmed = Memo::new(move |_| live.confirmed_at().map(Timestamp::whole_minute));
    view! {
        <p class="status" data-testid="status" data-state=move || live.state.get().as_str()>
            <span class="dot" aria-hidden="true"></span>
            <span class="word">{word}</span>
            <span class="confirmed" data-testid="confirmed">
                {move || confirmed.get().map(|at| i18n.say_at(Text::LastConfirmed, at))}
            </span>
        </p>
    }
}

/// The grey band over data that may be no longer true.
#[component]
pub(crate) fn StaleBand(
    /// What is followed.
    live: Live,
    /// What to do until the connection is back.
    advice: Text,
) -> impl IntoView {
    let i18n = I18n::get();
    let is_stale = Memo::new(move |_| live.state.get() == State::Stale);
    let since = move || live.confirmed_at().map(|at| i18n.say_at(Text::TimesAsOf, at));
    view! {
        <Show when=move || is_stale.get()>
            <p class="stale-band" role="status" data-testid="stale">
                <span>{since} " " {move || i18n.say(advice)}</span>
            </p>
        </Show>
    }
}
