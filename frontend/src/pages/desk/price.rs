//! What a tap costs others, before it is done: seen only when it costs something. Names show on a
//! tap, since the customer reads over the shoulder.

use leptos::prelude::*;
use sooner_shared::command::Join;
use sooner_shared::price::{Moved, Price};
use sooner_shared::words::Text;
use sooner_shared::{Command, ShopId, StaffId};

use super::help::name_of;
use super::walk_in::WalkIn;
use super::{DeskState, Panel};
use crate::api;
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// A tap that waits for somebody to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dear {
    command: Command,
    price: Price,
    /// It costs something else than was seen a moment ago.
    is_changed: bool,
}

/// Asks what a command costs; does it at once when that is nothing, or cannot be known now.
pub(super) fn ask(desk: DeskState, command: Command) {
    leptos::task::spawn_local(async move {
        let price = match desk.live.desk_shop() {
            Some(shop) => api::preview(&shop, &command).await,
            None => Err(api::Failure::Unanswered),
        };
        match price {
            Ok(price) if !price.moves.is_empty() => {
                desk.panel.set(Some(Panel::Price(Dear { command, price, is_changed: false })));
            }
            // The shop says itself what it refuses.
            _ => send(desk, command),
        }
    });
}

/// What was accepted costs others more by now, and the shop has not done it: shows the new price.
pub(super) fn ask_again(shop: ShopId, panel: RwSignal<Option<Panel>>, command: Command) {
    leptos::task::spawn_local(async move {
        if let Ok(price) = api::preview(&shop, &command).await {
            panel.set(Some(Panel::Price(Dear { command, price, is_changed: true })));
        }
    });
}

/// Does it all the same. What it costs is looked at once more: it is accepted as it was seen, or shown
/// anew.
fn accept(desk: DeskState, dear: Dear, staff: StaffId) {
    leptos::task::spawn_local(async move {
        let Dear { command, price, .. } = dear;
        let Some(shop) = desk.live.desk_shop() else { return };
        let moves = match api::preview(&shop, &command).await {
            Ok(now) => {
                let seen =
                    |m: &Moved| price.moves.iter().any(|s| (s.visit, s.then) == (m.visit, m.then));
                if !now.moves.iter().all(seen) {
                    desk.panel.set(Some(Panel::Price(Dear {
                        command,
                        price: now,
                        is_changed: true,
                    })));
                    return;
                }
                now.moves
            }
            // Refused by now, or not answered: the shop says so itself.
            Err(_) => price.moves,
        };
        if moves.is_empty() {
            send(desk, command);
        } else {
            let moves = moves.iter().map(|moved| moved.visit).collect();
            send(desk, Command::AcceptPrice { command: Box::new(command), staff, moves });
        }
    });
}

/// Sends it. A walk-in's panel waits for the time to say.
fn send(desk: DeskState, command: Command) {
    let join = joins(&command).cloned();
    let id = desk.live.tap(command);
    match (join, id) {
        (Some(join), Some(id)) => desk.panel.set(Some(Panel::WalkIn(WalkIn::Sent(id, join)))),
        _ => {
            if desk.panel.with_untracked(|p| matches!(p, Some(Panel::Price(_)))) {
                desk.panel.set(None);
            }
        }
    }
}

fn joins(command: &Command) -> Option<&Join> {
    match command {
        Command::AddWalkIn(join) => Some(join),
        Command::AcceptPrice { command, .. } => joins(command),
        _ => None,
    }
}

/// The panel in place of the waiting.
#[component]
pub(super) fn PricePanel(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let names = RwSignal::new(false);
    let dear = Memo::new(move |_| match desk.panel.get() {
        Some(Panel::Price(dear)) => Some(dear),
        _ => None,
    });
    let moves = Memo::new(move |_| dear.with(|d| d.as_ref().map(|d| d.price.moves.clone())));
    let count = move || moves.with(|m| m.as_ref().map_or(0, Vec::len)) as u32;
    let row = move |moved: Moved| {
        let words = move || {
            let (name, from) = (name_of(desk, moved.visit), i18n.clock(moved.by));
            match moved.then {
                Some(then) => {
                    let with = [("name", &*name), ("from", &*from), ("to", &*i18n.clock(then))];
                    i18n.say_with(Text::PriceFromTo, &with)
                }
                None => i18n.say_with(Text::PriceNoTime, &[("name", &name), ("from", &from)]),
            }
        };
        view! { <li data-testid=format!("price-{}", moved.visit)>{words}</li> }
    };
    let who = move |staff: StaffId| {
        let accept = move || {
            if let Some(dear) = dear.get_untracked() {
                accept(desk, dear, staff);
            }
        };
        let name = Signal::derive(move || desk.person(staff).unwrap_or_default());
        view! { <TapButton testid=format!("price-who-{staff}") label=name on_tap=accept /> }
    };
    let on_duty = Memo::new(move |_| {
        desk.head(|h| Some(h.staff.iter().filter(|s| s.on_duty).map(|s| s.id).collect::<Vec<_>>()))
            .unwrap_or_default()
    });
    let free = move || {
        let (visit, before) = dear.with(|d| {
            let d = d.as_ref()?;
            Some((d.command.visit()?, d.price.free_before?))
        })?;
        let label = Signal::derive(move || {
            if names.get() {
                i18n.say_with(Text::PriceFree, &[("name", &name_of(desk, before))])
            } else {
                i18n.say(Text::PriceFreePlace)
            }
        });
        let tap = move || send(desk, Command::MoveBefore { visit, before: Some(before) });
        Some(view! { <TapButton testid="price-free" look="main" label on_tap=tap /> })
    };
    view! {
        <section class="price" data-testid="price-panel" data-moves=count>
            <h2>{move || i18n.count(Text::PriceMoves, count())}</h2>
            <Show when=move || dear.with(|d| d.as_ref().is_some_and(|d| d.is_changed))>
                <p class="changed" role="status" data-testid="price-changed">
                    {move || i18n.say(Text::PriceChanged)}
                </p>
            </Show>
            <Show
                when=move || names.get()
                fallback=move || {
                    view! {
                        <div class="chips">
                            <TapButton
                                testid="price-names"
                                label=Signal::derive(move || i18n.say(Text::PriceWhose))
                                on_tap=move || names.set(true)
                            />
                        </div>
                    }
                }
            >
                <ul class="moves">
                    {move || moves.get().unwrap_or_default().into_iter().map(row).collect_view()}
                </ul>
            </Show>
            <div class="chips">{free}</div>
            <h2>{move || i18n.say(Text::PriceWho)}</h2>
            <div class="chips">
                <For each=move || on_duty.get() key=|staff| *staff children=who />
            </div>
            <div class="acts end">
                <TapButton
                    testid="price-cancel"
                    look="quiet"
                    label=Signal::derive(move || i18n.say(Text::Cancel))
                    on_tap=move || desk.panel.set(None)
                />
            </div>
        </section>
    }
}
