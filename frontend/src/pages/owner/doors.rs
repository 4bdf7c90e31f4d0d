//! What works less without encryption, said where it matters: before a password is typed.

use leptos::prelude::*;
use sooner_link::device;
use sooner_shared::words::Text;

use crate::i18n::I18n;

/// What browsers keep from pages that came by plain HTTP, and what others can do. Each of these is
/// tried in a browser by a test.
const LESS: [Text; 5] =
    [Text::PlainRead, Text::PlainOffline, Text::PlainPush, Text::PlainWake, Text::PlainCopy];

/// The list; nothing where the page came encrypted, or from this very machine.
#[component]
pub(super) fn PlainNote() -> impl IntoView {
    let i18n = I18n::get();
    let less = move || LESS.map(|text| view! { <li>{i18n.say(text)}</li> });
    view! {
        <Show when=|| !device::is_secure()>
            <section class="plain-note" data-testid="plain-note">
                <p>{move || i18n.say(Text::PlainTitle)}</p>
                <ul>{less}</ul>
                <p class="hint">{move || i18n.say(Text::PlainInstead)}</p>
            </section>
        </Show>
    }
}
