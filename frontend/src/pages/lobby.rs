//! The wall: who goes where now, who comes next, and what a newcomer gets.

mod aloud;
mod newcomer;
mod next;

use leptos::prelude::*;
use sooner_link::device;
use sooner_shared::screen::State;
use sooner_shared::screen::doors::{Standing, takes_people};
use sooner_shared::screen::lobby::{Rows, fit};
use sooner_shared::view::{Board, LobbyCard, ShopHead, View};
use sooner_shared::wire::Audience;
use sooner_shared::words::Text;
use sooner_shared::{ShopId, StaffId, Timestamp, VisitId};

use super::{GoneAlone, GoneAloneProps, follow_zone, heading, title};
use crate::api;
use crate::components::clock_time::ClockTime;
use crate::components::language::LanguageChoice;
use crate::components::standing::{OpenUntil, StandingLines};
use crate::components::status::Status;
use crate::i18n::I18n;
use crate::live::Live;
use aloud::{Announcements, AnnouncementsProps};
use newcomer::{Newcomer, NewcomerProps};
use next::{Next, NextProps};

/// Most of those in the chairs who are named.
const MOST_SERVING: usize = 4;

/// Most of those who have something to collect; staff know the rest.
const MOST_READY: usize = 6;

type LobbyBoard = Memo<Option<Board<LobbyCard>>>;

/// The whole page.
#[component]
pub(crate) fn Lobby(
    /// Whose.
    shop: ShopId,
) -> impl IntoView {
    let i18n = I18n::get();
    let live = Live::start(Audience::Lobby { shop: shop.clone() }, |_| {});
    let board: LobbyBoard = Memo::new(move |_| {
        live.with_view(|view| match view {
            View::Lobby(board) => Some(board.clone()),
            _ => None,
        })
    });
    let head = Memo::new(move |_| board.with(|b| b.as_ref().map(|b| b.head.clone())));
    let name = move || head.with(|h| h.as_ref().map(|h| h.name.clone()));
    let now = Memo::new(move |_| live.shop_now().map(Timestamp::whole_minute));
    follow_zone(live, move || head.with(|h| h.as_ref().map(|h| h.zone.clone())));
    super::follow_languages(move || head.with(|h| Some(h.as_ref()?.languages.clone())), true);
    // Nobody touches this screen, so it renews itself.
    Effect::new(move |_| {
        if live.may_reload() {
            device::reload();
        }
    });
    title(name);
    // Nobody is invited into a line that takes nobody.
    let may_join = Memo::new(move |_| head.with(|h| h.as_ref().is_some_and(takes_people)));
    let is_shown = Memo::new(move |_| {
        board.with(Option::is_some) && !matches!(live.state.get(), State::Gone(_))
    });
    let seen = Memo::new(move |before: Option<&Option<u32>>| {
        let latest = || {
            board.with(|b| Some(b.as_ref()?.cards.values().map(|c| c.call_no).max().unwrap_or(0)))
        };
        before.copied().flatten().or_else(latest)
    });
    // It is looked at from the first board on, also while nobody is called.
    Effect::new(move |_| seen.track());
    // With nobody on the wall, how the shop stands has all of it.
    let standing = Signal::derive(move || head.with(|h| h.as_ref().map(Standing::of)));
    let is_idle = Memo::new(move |_| {
        let is_empty = board.with(|b| b.as_ref().is_some_and(|b| Rows::of(b).is_empty()));
        is_empty && live.is_live() && standing.get().is_some_and(|s| !s.has_times())
    });
    let shop = StoredValue::new(shop);
    view! {
        <div
            class="page lobby"
            data-page="lobby"
            data-testid="page"
            data-state=move || live.state.get().as_str()
            data-seq=move || live.seq()
        >
            <header class="top">
                <h1 class="shop">{heading(live, name)}</h1>
                <OpenUntil doors=Signal::derive(move || head.with(|h| h.as_ref().map(|h| h.doors))) />
                <p class="wall-clock" data-testid="clock">
                    <ClockTime at=now />
                </p>
            </header>
            {GoneAlone(GoneAloneProps { live })}
            <Show when=move || is_shown.get()>
                <main class="board" class:idle=move || is_idle.get()>
                    <Show
                        when=move || is_idle.get()
                        fallback=move || {
                            view! {
                                <Now board seen />
                                {Next(NextProps { board })}
                            }
                        }
                    >
                        <StandingLines standing look="large" />
                    </Show>
                </main>
            </Show>
            <footer class="below">
                <Show when=move || is_shown.get()>
                    {Newcomer(NewcomerProps { live, head, is_idle })}
                    <Show when=move || may_join.get()>
                        <section class="join-in" data-testid="join-in">
                            <p class="scan">{move || i18n.say(Text::LobbyScan)}</p>
                            <img class="qr" alt="" src=api::join_qr(&shop.get_value()) />
                        </section>
                    </Show>
                </Show>
                <div class="foot">
                    <Kept head />
                    <div class="truth">
                        <Status live />
                        <LanguageChoice />
                    </div>
                </div>
                {Announcements(AnnouncementsProps { live, board })}
            </footer>
        </div>
    }
}

fn card_of(board: LobbyBoard, visit: VisitId) -> Memo<Option<LobbyCard>> {
    Memo::new(move |_| board.with(|b| b.as_ref().and_then(|b| b.cards.get(&visit).cloned())))
}

fn person(board: LobbyBoard, id: Option<StaffId>) -> Option<sooner_shared::view::StaffInfo> {
    board.with(|b| b.as_ref()?.head.person(id?).cloned())
}

#[component]
fn Now(
    board: LobbyBoard,
    /// The last call that was there when this screen was switched on: none up to it slides in.
    seen: Memo<Option<u32>>,
) -> impl IntoView {
    let i18n = I18n::get();
    let rows = Memo::new(move |_| board.with(|b| b.as_ref().map(Rows::of).unwrap_or_default()));
    // How much has to find room beside one another, and so how large it can be.
    let parts = move || rows.with(|r| r.now.len() + usize::from(!r.ready.is_empty()));
    let has_room = move || parts() <= 1;
    let seen = seen.get_untracked().unwrap_or(0);
    let is_empty = move || rows.with(Rows::is_empty);
    view! {
        <section class="now" data-testid="now" data-parts=parts>
            <h2>{move || i18n.say(Text::LobbyNow)}</h2>
            <div class="calls" aria-live="polite">
                <For
                    each=move || rows.with(|r| r.now.clone())
                    key=|row| *row
                    children=move |(visit, call)| view! { <Call board visit is_new={call > seen} /> }
                />
            </div>
            <Show when=is_empty>
                <p class="nobody">{move || i18n.say(Text::LobbyNobodyWaiting)}</p>
            </Show>
            <Show when=move || rows.with(|r| !r.ready.is_empty())>
                <div class="serving ready" data-testid="ready">
                    <h3>{move || i18n.say(Text::ReadyToCollect)}</h3>
                    <ul>
                        <For
                            each=move || rows.with(|r| r.ready.iter().take(MOST_READY).copied().collect::<Vec<_>>())
                            key=|visit| *visit
                            children=move |visit| view! { <Ready board visit /> }
                        />
                    </ul>
                </div>
            </Show>
            <Show when=move || has_room() && rows.with(|r| !r.serving.is_empty())>
                <div class="serving">
                    <h3>{move || i18n.say(Text::LobbyInTheChair)}</h3>
                    <ul>
                        <For
                            each=move || rows.with(|r| r.serving.iter().take(MOST_SERVING).copied().collect::<Vec<_>>())
                            key=|visit| *visit
                            children=move |visit| view! { <Serving board visit /> }
                        />
                    </ul>
                </div>
            </Show>
        </section>
    }
}

#[component]
fn Call(board: LobbyBoard, visit: VisitId, is_new: bool) -> impl IntoView {
    let card = card_of(board, visit);
    let label = move || card.with(|c| c.as_ref().map(|c| c.label.clone()));
    let place = move || person(board, card.with(|c| c.as_ref()?.staff)).map(|p| p.place);
    view! {
        <div class="call" class:arrives=is_new data-testid=format!("now-{visit}")>
            <span class="name" data-fit=move || label().as_deref().map(fit)><bdi>{label}</bdi></span>
            <span class="place">
                <span class="arrow" aria-hidden="true">"→"</span>
                " "
                {place}
            </span>
        </div>
    }
}

#[component]
fn Serving(board: LobbyBoard, visit: VisitId) -> impl IntoView {
    let card = card_of(board, visit);
    let label = move || card.with(|c| c.as_ref().map(|c| c.label.clone()));
    let place = move || person(board, card.with(|c| c.as_ref()?.staff)).map(|p| p.place);
    view! {
        <li data-testid=format!("serving-{visit}")>
            <span class="name"><bdi>{label}</bdi></span>
            <span class="place">{place}</span>
        </li>
    }
}

#[component]
fn Ready(board: LobbyBoard, visit: VisitId) -> impl IntoView {
    let card = card_of(board, visit);
    let label = move || card.with(|c| c.as_ref().map(|c| c.label.clone()));
    view! {
        <li data-testid=format!("ready-{visit}")>
            <span class="name"><bdi>{label}</bdi></span>
        </li>
    }
}

#[component]
fn Kept(head: Memo<Option<ShopHead>>) -> impl IntoView {
    let i18n = I18n::get();
    let text = move || {
        let share = head.with(|h| h.as_ref()?.kept_week)?;
        let (kept, of) = (share.kept.to_string(), share.of.to_string());
        Some(i18n.say_with(Text::LobbyKept, &[("kept", &kept), ("of", &of)]))
    };
    view! { <p class="kept" data-testid="kept">{text}</p> }
}
