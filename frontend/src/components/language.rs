//! The choice of language.

use leptos::prelude::*;
use sooner_shared::words::{Language, Text};

use crate::i18n::I18n;

/// The languages of the shop by their own names.
#[component]
pub(crate) fn LanguageChoice() -> impl IntoView {
    let i18n = I18n::get();
    let choose = move |event| {
        if let Some(language) = Language::from_tag(&event_target_value(&event)) {
            i18n.choose(language);
        }
    };
    let option = move |language: Language| {
        view! {
            <option
                value=language.tag()
                lang=language.tag()
                selected=move || i18n.language() == language
            >
                {language.own_name()}
            </option>
        }
    };
    view! {
        <select
            class="language"
            data-testid="language"
            aria-label=move || i18n.say(Text::LanguageLabel)
            on:change=choose
        >
            <For each=move || i18n.offered() key=|language| *language children=option />
        </select>
    }
}
