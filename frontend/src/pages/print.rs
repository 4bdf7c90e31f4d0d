//! What is hung up and stood on tables: the code that leads to the line, the shop's name, and one
//! sentence in each of its languages. Made for paper: black on white, whatever the screen's colours.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_link::device;
use sooner_shared::ShopId;
use sooner_shared::access::AccessView;
use sooner_shared::view::View;
use sooner_shared::wire::Audience;
use sooner_shared::words::{Formality, Language, Text, Words};

use super::title;
use crate::api;
use crate::components::button::TapButton;
use crate::i18n::I18n;
use crate::live::Live;
use crate::route::Sheet;

/// The whole page.
#[component]
pub(crate) fn PrintPage(
    /// Whose.
    shop: ShopId,
    /// What.
    sheet: Sheet,
) -> impl IntoView {
    let i18n = I18n::get();
    let live: Live = Live::start(Audience::Lobby { shop: shop.clone() }, |_| {});
    let head = Memo::new(move |_| {
        live.with_view(|view| match view {
            View::Lobby(board) => {
                let head = &board.head;
                let formality = Formality::of(head.informal);
                Some((head.name.clone(), head.languages.clone(), formality))
            }
            _ => None,
        })
    });
    title(move || head.with(|head| head.as_ref().map(|(name, ..)| name.clone())));
    // The owner's address where the owner prints; else the one this page came from.
    let origin = RwSignal::new(device::origin());
    let of = shop.clone();
    spawn_local(async move {
        if let Ok(access) = api::get::<AccessView>(&of, "access").await {
            origin.set(access.address);
        }
    });
    let code = api::join_qr(&shop);
    let address = move || {
        let origin = origin.get();
        let short = origin.split_once("://").map_or(origin.as_str(), |(_, host)| host);
        format!("{short}/{shop}/join")
    };
    let address = Memo::new(move |_| address());
    let cards = move || {
        let (name, languages, formality) = head.get()?;
        let card = |_| {
            let (name, code, languages) = (name.clone(), code.clone(), languages.clone());
            view! { <Card name code languages formality address /> }
        };
        Some((0..sheet.on_a_page()).map(card).collect_view())
    };
    view! {
        <div
            class=format!("page print {}", sheet.name())
            data-page="print"
            data-testid="page"
            data-state=move || live.state.get().as_str()
        >
            <div class="print-bar">
                <TapButton
                    testid="print-now"
                    look="main"
                    label=Signal::derive(move || i18n.say(Text::Print))
                    on_tap=device::print
                />
            </div>
            <main class="sheet">{cards}</main>
        </div>
    }
}

#[component]
fn Card(
    name: String,
    code: String,
    languages: Vec<Language>,
    formality: Formality,
    address: Memo<String>,
) -> impl IntoView {
    let i18n = I18n::get();
    let spoken = move || {
        if languages.is_empty() { vec![i18n.language()] } else { languages.clone() }
    };
    let line = move |language: Language| {
        let words = Words::addressing(language, formality);
        view! {
            <p lang=language.tag() dir=words.direction().as_str()>
                <strong>{words.say(Text::PosterScan, &[])}</strong>
                " "
                {words.say(Text::PosterTell, &[])}
            </p>
        }
    };
    view! {
        <section class="card" data-testid="card">
            <h1>{name}</h1>
            <img class="card-code" data-testid="card-code" alt=address src=code />
            <div class="card-words">{move || spoken().into_iter().map(line).collect_view()}</div>
            <p class="card-address" data-testid="card-address">{address}</p>
        </section>
    }
}
