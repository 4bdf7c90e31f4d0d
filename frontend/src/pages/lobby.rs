//! The wall: who goes where now, who comes next, and what a newcomer gets.

use leptos::prelude::*;
use sooner_shared::screen::State;
use sooner_shared::screen::doors::{Standing, takes_people};
use sooner_shared::screen::lobby::Rows;
use sooner_shared::screen::tags::{self, Tag};
use sooner_shared::view::{Board, LobbyCard, ServiceInfo, ShopHead, View};
use sooner_shared::wire::Audience;
use sooner_shared::words::Text;
use sooner_shared::{ShopId, StaffId, VisitId};

use super::{GoneAlone, GoneAloneProps, follow_zone, heading, title};
use crate::components::clock_time::ClockTime;
use crate::components::language::LanguageChoice;
use crate::components::standing::{OpenUntil, StandingLines};
use crate::components::status::{StaleBand, Status, whole_minute};
use crate::i18n::I18n;
use crate::live::Live;
use crate::{api, device};
use sooner_shared::words::promise;

/// Most services a newcomer's time is shown for; the rest is on the join page.
const MOST_QUOTES: usize = 6;

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
    let now = Memo::new(move |_| live.shop_now().map(whole_minute));
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
    let is_here = Memo::new(move |_| board.with(Option::is_some));
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
                <Status live />
                <LanguageChoice />
                <p class="wall-clock" data-testid="clock">
                    <ClockTime at=now />
                </p>
            </header>
            {GoneAlone(GoneAloneProps { live })}
            <Show when=move || is_here.get() && !matches!(live.state.get(), State::Gone(_))>
                <main class="board">
                    <Now board />
                    <Next board />
                </main>
                <footer class="below">
                    <Newcomer live head />
                    <Show when=move || may_join.get()>
                        <section class="join-in" data-testid="join-in">
                            <p class="scan">{move || i18n.say(Text::LobbyScan)}</p>
                            <img class="qr" alt="" src=api::join_qr(&shop.get_value()) />
                        </section>
                    </Show>
                    <Kept head />
                </footer>
            </Show>
        </div>
    }
}

/// How a name is set: a long one smaller rather than cut off.
fn fit(name: &str) -> &'static str {
    match name.chars().count() {
        0..=9 => "short",
        10..=14 => "long",
        _ => "longer",
    }
}

fn card_of(board: LobbyBoard, visit: VisitId) -> Memo<Option<LobbyCard>> {
    Memo::new(move |_| board.with(|b| b.as_ref().and_then(|b| b.cards.get(&visit).cloned())))
}

fn person(board: LobbyBoard, id: Option<StaffId>) -> Option<sooner_shared::view::StaffInfo> {
    board.with(|b| b.as_ref()?.head.person(id?).cloned())
}

#[component]
fn Now(board: LobbyBoard) -> impl IntoView {
    let i18n = I18n::get();
    let rows = Memo::new(move |_| board.with(|b| b.as_ref().map(Rows::of).unwrap_or_default()));
    let count = move || rows.with(|r| r.now.len());
    // What was called before this screen was switched on does not slide in.
    let seen = rows.with_untracked(|r| r.now.iter().map(|(_, call)| *call).max().unwrap_or(0));
    let is_empty = move || {
        rows.with(|r| {
            r.now.is_empty() && r.next.is_empty() && r.serving.is_empty() && r.ready.is_empty()
        })
    };
    view! {
        <section class="now" data-testid="now" data-count=count>
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
            <Show when=move || rows.with(|r| !r.serving.is_empty())>
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
fn Next(board: LobbyBoard) -> impl IntoView {
    let i18n = I18n::get();
    let rows = Memo::new(move |_| board.with(|b| b.as_ref().map(Rows::of).unwrap_or_default()));
    let more = move || rows.with(|r| (r.more > 0).then_some(r.more as u32));
    view! {
        <section class="next" data-testid="next">
            <div class="heading">
                <h2>{move || i18n.say(Text::LobbyNext)}</h2>
                <p class="more" data-testid="more">
                {move || more().map(|n| i18n.count(Text::LobbyMore, n))}
            </p>
            </div>
            <div class="rows">
                <For
                    each=move || rows.with(|r| r.next.clone())
                    key=|visit| *visit
                    children=move |visit| view! { <NextRow board visit /> }
                />
            </div>
        </section>
    }
}

#[component]
fn NextRow(board: LobbyBoard, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let card = card_of(board, visit);
    let label = move || card.with(|c| c.as_ref().map(|c| c.label.clone()));
    let by = Memo::new(move |_| card.with(|c| c.as_ref()?.by));
    let why = move || {
        let tags = card.with(|c| c.as_ref().map(tags::of_lobby))?;
        let words = tags.into_iter().filter_map(|tag| match tag {
            Tag::Booked { at, .. } => Some(i18n.say_bare(Text::TagBooked, at)),
            Tag::GoesFirst => Some(i18n.say(Text::TagGoesFirst)),
            Tag::With(staff) => {
                let wanted = person(board, Some(staff))?;
                Some(i18n.say_with(Text::With, &[("person", &wanted.name)]))
            }
            _ => None,
        });
        Some(words.collect::<Vec<_>>().join(" · "))
    };
    view! {
        <div class="row" data-testid=format!("next-{visit}")>
            <span class="name" data-fit=move || label().as_deref().map(fit)><bdi>{label}</bdi></span>
            <span class="by" data-testid="promise">
                <ClockTime at=by />
            </span>
            <span class="tag">{why}</span>
        </div>
    }
}

/// What somebody new gets; or what is in the way, and what works instead.
#[component]
fn Newcomer(live: Live, head: Memo<Option<ShopHead>>) -> impl IntoView {
    let i18n = I18n::get();
    let standing = Memo::new(move |_| head.with(|h| h.as_ref().map(Standing::of)));
    let has_times = Memo::new(move |_| standing.get().is_some_and(Standing::has_times));
    // A promise stays true when the link is lost; a forecast for somebody new does not.
    let is_live = Memo::new(move |_| live.is_live());
    let services = Memo::new(move |_| {
        head.with(|h| {
            h.iter().flat_map(|h| h.services.clone()).take(MOST_QUOTES).collect::<Vec<_>>()
        })
    });
    let standing = Signal::derive(move || standing.get());
    view! {
        <section class="newcomer" data-testid="newcomer" data-count=move || services.with(Vec::len)>
            <Show
                when=move || is_live.get() && has_times.get()
                fallback=move || {
                    view! {
                        <StaleBand live advice=Text::LobbyAskUs />
                        <Show when=move || is_live.get()>
                            <StandingLines standing look="instead" />
                        </Show>
                    }
                }
            >
                <h2>{move || i18n.say(Text::LobbyNewcomer)}</h2>
                <ul>
                    <For
                        each=move || services.get()
                        key=|s| (s.id, s.name.clone())
                        children=move |service| view! { <NewcomerRow head service /> }
                    />
                </ul>
            </Show>
        </section>
    }
}

/// "Colour ready by Tue 16:00 · 3 more today"
#[component]
fn NewcomerRow(head: Memo<Option<ShopHead>>, service: ServiceInfo) -> impl IntoView {
    let i18n = I18n::get();
    let (id, kind) = (service.id, service.promise);
    let quote =
        Memo::new(move |_| head.with(|h| h.as_ref().and_then(|h| h.quoted(id, None).copied())));
    let by = Memo::new(move |_| quote.get().and_then(|q| q.by));
    let word = move || match (by.get(), quote.get().and_then(|q| q.from)) {
        (Some(_), _) => i18n.say(promise::word(kind)),
        (None, Some(at)) => i18n.say_at(Text::FromTime, at),
        (None, None) => i18n.say(Text::NoTimeYet),
    };
    let left = move || {
        let n = quote.get()?.more.filter(|n| *n > 0)?;
        Some(format!("· {}", i18n.count(Text::MoreToday, u32::from(n))))
    };
    view! {
        <li data-testid=format!("quote-{id}")>
            <span class="name">{service.name}</span>
            <span class="by">
                {word} " " <ClockTime at=by /> " " <span class="left">{left}</span>
            </span>
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
