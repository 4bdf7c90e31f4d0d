//! What somebody new gets.

use leptos::prelude::*;
use sooner_shared::screen::doors::Standing;
use sooner_shared::screen::lobby::fit;
use sooner_shared::view::{ServiceInfo, ShopHead};
use sooner_shared::words::{Text, promise};

use crate::components::clock_time::ClockTime;
use crate::components::standing::StandingLines;
use crate::components::status::StaleBand;
use crate::i18n::I18n;
use crate::live::Live;

/// Most services a newcomer's time is shown for; the rest is on the join page.
const MOST_QUOTES: usize = 6;

/// What somebody new gets; or what is in the way, and what works instead.
#[component]
pub(super) fn Newcomer(
    live: Live,
    head: Memo<Option<ShopHead>>,
    /// How the shop stands is said elsewhere.
    is_idle: Memo<bool>,
) -> impl IntoView {
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
                        <Show when=move || is_live.get() && !is_idle.get()>
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
            <span class="name" data-width=fit(&service.name)>{service.name.clone()}</span>
            <span class="by">
                {word} " " <ClockTime at=by /> " " <span class="left">{left}</span>
            </span>
        </li>
    }
}
