//! One page, one file; the desk has its parts beside it.

pub(crate) mod desk;
pub(crate) mod join;
pub(crate) mod lobby;
pub(crate) mod nowhere;
pub(crate) mod owner;
pub(crate) mod pair;
pub(crate) mod print;
pub(crate) mod reach;
pub(crate) mod report;
pub(crate) mod set_up;

use leptos::prelude::*;
use sooner_shared::Timestamp;
use sooner_shared::screen::State;
use sooner_shared::view::View;
use sooner_shared::wire::problem_of;
use sooner_shared::words::{Formality, Language};

use crate::device;
use crate::i18n::I18n;
use crate::live::Live;

/// What a page says in place of everything else, when its socket was closed for good.
#[component]
fn Gone(
    /// What was followed.
    live: Live,
) -> impl IntoView {
    let i18n = I18n::get();
    let text = move || match live.state.get() {
        State::Gone(number) => Some(i18n.problem(&problem_of(number).into())),
        _ => None,
    };
    view! {
        <Show when=move || matches!(live.state.get(), State::Gone(_))>
            <p class="plain-message" role="alert" data-testid="gone">{text}</p>
        </Show>
    }
}

/// The same on a page that then has no other main part.
#[component]
fn GoneAlone(
    /// What was followed.
    live: Live,
) -> impl IntoView {
    view! {
        <Show when=move || matches!(live.state.get(), State::Gone(_))>
            <main>{Gone(GoneProps { live })}</main>
        </Show>
    }
}

/// What stands over a page: the shop's name, or the program's where there is no such shop.
fn heading(
    live: Live,
    name: impl Fn() -> Option<String> + Send + 'static,
) -> impl Fn() -> Option<String> + Send + 'static {
    move || {
        let is_gone = matches!(live.state.get(), State::Gone(_));
        name().or_else(|| is_gone.then(|| "Sooner".to_owned()))
    }
}

/// The page's title in the browser's bar.
fn title(name: impl Fn() -> Option<String> + 'static) {
    Effect::new(move |_| {
        if let Some(name) = name() {
            document().set_title(&name);
        }
    });
}

/// Clock times are written in the zone of the shop that is shown, those of other days than the
/// shop's present one with their day; people are addressed as it wants them to be, and the page is in its
/// colour.
fn follow_zone(live: Live, zone: impl Fn() -> Option<String> + 'static) {
    let i18n = I18n::get();
    let now = Memo::new(move |_| live.shop_now().map(Timestamp::whole_minute));
    Effect::new(move |_| {
        if let Some(now) = now.get() {
            i18n.follow_now(now);
        }
    });
    Effect::new(move |_| {
        if let Some(zone) = zone() {
            i18n.use_zone(&zone);
        }
    });
    let accent = Memo::new(move |_| {
        live.with_view(|view| match view {
            View::Lobby(board) => Some(board.head.accent),
            View::Desk(board) => Some(board.head.accent),
            View::Visit(_) => None,
        })
    });
    Effect::new(move |_| {
        if let Some(accent) = accent.get() {
            device::show_accent(accent.name());
        }
    });
    let is_informal = Memo::new(move |_| {
        live.with_view(|view| {
            Some(match view {
                View::Lobby(board) => board.head.informal,
                View::Desk(board) => board.head.informal,
                View::Visit(visit) => visit.informal,
            })
        })
    });
    Effect::new(move |_| {
        if let Some(is_informal) = is_informal.get() {
            i18n.use_formality(Formality::of(is_informal));
        }
    });
}

/// The languages that can be chosen are the shop's; its own screens begin in its own.
fn follow_languages(
    languages: impl Fn() -> Option<Vec<Language>> + Send + Sync + 'static,
    is_shops_screen: bool,
) {
    let i18n = I18n::get();
    let languages = Memo::new(move |_| languages());
    Effect::new(move |_| {
        if let Some(languages) = languages.get() {
            i18n.offer(languages, is_shops_screen);
        }
    });
}
