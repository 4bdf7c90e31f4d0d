//! Erasing what a person has said of themselves, because they asked for it at the desk.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_shared::VisitId;
use sooner_shared::words::Text;

use super::help::name_of;
use super::{DeskState, Notice};
use crate::api;
use crate::components::button::SureButton;
use crate::i18n::I18n;

/// Asks once more, and then erases name, contact, question and answer; the visit goes on. Not there
/// where the desk sees nothing to erase.
#[component]
pub(super) fn EraseWords(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let card = desk.card(visit);
    let has_words = Memo::new(move |_| {
        card.with(|card| {
            card.as_ref().is_some_and(|card| {
                card.name != visit.code() || card.question.is_some() || card.contact.is_some()
            })
        })
    });
    let erase = move || {
        let Some(shop) = desk.live.desk_shop() else { return };
        spawn_local(async move {
            let erased = api::erase_words(&shop, visit).await;
            let said = erased.map_or_else(Notice::from, |()| Notice::Say(Text::ActErased));
            desk.notice.show(said);
        });
    };
    let sure = Signal::derive(move || {
        i18n.say_with(Text::ActEraseSure, &[("name", &name_of(desk, visit))])
    });
    view! {
        <Show when=move || has_words.get()>
            <SureButton
                testid=format!("erase-{visit}")
                label=Signal::derive(move || i18n.say(Text::ActErase))
                sure
                on_tap=erase
            />
        </Show>
    }
}
