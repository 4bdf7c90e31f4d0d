//! What a person is called and how the shop reaches them: asked for in one place, and a link where it
//! is needed.

use leptos::prelude::*;
use sooner_shared::VisitId;
use sooner_shared::command::NAME_MAX_CHARS;
use sooner_shared::contact::{CONTACT_MAX_CHARS, Reach};
use sooner_shared::words::Text;

use super::DeskState;
use crate::i18n::I18n;

/// What was typed of a person. A copy is a handle to the same.
#[derive(Clone, Copy)]
pub(super) struct Person {
    name: RwSignal<String>,
    contact: RwSignal<String>,
}

impl Person {
    pub(super) fn new() -> Self {
        Self { name: RwSignal::new(String::new()), contact: RwSignal::new(String::new()) }
    }

    /// Their name, if they gave one.
    pub(super) fn name(self) -> Option<String> {
        given(self.name)
    }

    /// How they are reached, if they said.
    pub(super) fn contact(self) -> Option<String> {
        given(self.contact)
    }
}

fn given(field: RwSignal<String>) -> Option<String> {
    let text = field.get_untracked().trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// The two fields; neither must be filled.
#[component]
pub(super) fn PersonFields(
    person: Person,
    /// What their `data-testid`s begin with.
    testid: &'static str,
) -> impl IntoView {
    let i18n = I18n::get();
    view! {
        <div class="fields">
            <label class="field">
                <span>{move || i18n.say(Text::WalkInName)}</span>
                <input
                    type="text"
                    data-testid=format!("{testid}-name")
                    autocomplete="off"
                    maxlength=NAME_MAX_CHARS
                    bind:value=person.name
                />
            </label>
            <label class="field">
                <span>{move || i18n.say(Text::WalkInContact)}</span>
                <input
                    type="text"
                    data-testid=format!("{testid}-contact")
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength=CONTACT_MAX_CHARS
                    bind:value=person.contact
                />
            </label>
        </div>
    }
}

/// Rings or writes to somebody; nothing where they did not say how.
#[component]
pub(super) fn ReachLink(desk: DeskState, visit: VisitId) -> impl IntoView {
    let card = desk.card(visit);
    let contact = Memo::new(move |_| card.with(|c| c.as_ref()?.contact.clone()));
    move || {
        let contact = contact.get()?;
        let href = Reach::of(&contact).map(|reach| reach.href());
        Some(view! {
            <p class="reach">
                <a data-testid=format!("reach-{visit}") href=href>
                    <bdi>{contact}</bdi>
                </a>
            </p>
        })
    }
}
