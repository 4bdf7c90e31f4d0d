//! An address that means no page.

use leptos::prelude::*;
use sooner_shared::words::Text;

use crate::components::language::LanguageChoice;
use crate::i18n::I18n;

/// Says that there is nothing here, and what to do.
#[component]
pub(crate) fn Nowhere() -> impl IntoView {
    let i18n = I18n::get();
    view! {
        <div class="page narrow" data-page="nowhere" data-testid="page" data-state="gone">
            <header class="top">
                <h1 class="shop">"Sooner"</h1>
                <LanguageChoice />
            </header>
            <main>
                <p class="plain-message">{move || i18n.say(Text::NothingHere)}</p>
            </main>
        </div>
    }
}
