//! The shop's colour: a few that can be read in the light and in the dark, by their names.

use leptos::prelude::*;
use sooner_shared::look::Accent;
use sooner_shared::words::Text;

use super::Page;
use super::fields::{Fault, FaultProps};
use crate::i18n::I18n;

const fn text(accent: Accent) -> Text {
    match accent {
        Accent::Green => Text::AccentGreen,
        Accent::Leaf => Text::AccentLeaf,
        Accent::Blue => Text::AccentBlue,
        Accent::Indigo => Text::AccentIndigo,
        Accent::Violet => Text::AccentViolet,
        Accent::Plum => Text::AccentPlum,
        Accent::Brown => Text::AccentBrown,
        Accent::Graphite => Text::AccentGraphite,
    }
}

#[component]
pub(super) fn Accents(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let chosen = Memo::new(move |_| page.read(|form| form.accent.clone()).unwrap_or_default());
    let tile = move |accent: Accent| {
        let name = accent.name();
        view! {
            <label class="accent" data-accent=name>
                <input
                    type="radio"
                    name="accent"
                    value=name
                    data-testid=format!("accent-{name}")
                    prop:checked=move || chosen.with(|chosen| chosen == name)
                    on:change=move |_| page.change(|form| name.clone_into(&mut form.accent))
                />
                <span>{move || i18n.say(text(accent))}</span>
            </label>
        }
    };
    view! {
        <div class="choice" role="radiogroup" aria-label=move || i18n.say(Text::LookAccent)>
            <span class="quiet">{move || i18n.say(Text::LookAccent)}</span>
            <div class="accents">{Accent::ALL.map(tile)}</div>
        </div>
        {Fault(FaultProps { page, field: "accent".into(), is_empty: None })}
    }
}
