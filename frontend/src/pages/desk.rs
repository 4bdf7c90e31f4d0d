//! The desk: who waits, who is in which chair, and one tap for each thing that happens.

mod bar;
mod book;
mod chairs;
mod delay;
mod duty;
mod entry;
mod erase;
mod focus;
mod help;
mod more;
mod notice;
mod place;
mod price;
mod quote;
mod reach;
mod rest;
mod shift;
mod slip;
mod waiting;
mod walk_in;

use std::time::Duration;

use leptos::prelude::*;
use sooner_link::device;
use sooner_shared::access::Me;
use sooner_shared::screen::State;
use sooner_shared::screen::ahead::take_in;
use sooner_shared::screen::desk_actions::has_price;
use sooner_shared::screen::doors::Standing;
use sooner_shared::screen::nudge::Nudge;
use sooner_shared::screen::outbox::is_call;
use sooner_shared::view::{Board, DeskCard, ShopHead, StaffInfo, View};
use sooner_shared::wire::{Audience, CloseCode};
use sooner_shared::words::Text;
use sooner_shared::{Command, ServiceId, ShopId, StaffId, Timestamp, VisitId};

use super::{GoneAlone, GoneAloneProps, follow_zone, heading, title};
use crate::components::button::TapButton;
use crate::components::clock_time::ClockTime;
use crate::components::language::LanguageChoice;
use crate::components::standing::{self, OpenUntil};
use crate::components::status::{StaleBand, Status};
use crate::i18n::I18n;
use crate::live::Live;
use bar::{Bar, MoreOfBar};
use book::{Book, BookPanel};
use chairs::Chairs;
use delay::DelayPanel;
use entry::PinPanel;
pub(crate) use entry::{Desk, DeskProps};
use help::{HelpPanel, HelpStrip};
use more::Ask;
use notice::{Fading, Notice, hear};
use price::{Dear, PricePanel};
use quote::QuotePanel;
use rest::RestPanel;
use shift::{Shift, ShiftBar};
use waiting::Waiting;
use walk_in::{WalkIn, WalkInPanel};

/// How long a notice stays.
const NOTICE_FOR: Duration = Duration::from_secs(12);

/// How long the last tap is offered to be taken back.
const UNDO_FOR: Duration = Duration::from_secs(8);

/// What stands in place of the waiting.
#[derive(Debug, Clone, PartialEq)]
enum Panel {
    WalkIn(WalkIn),
    Quote,
    Rest,
    More,
    Book(Book),
    Delay,
    Help,
    Price(Dear),
    Pin,
}

impl Panel {
    /// Which one it is, however far it has come.
    const fn as_str(&self) -> &'static str {
        match self {
            Self::WalkIn(_) => "walk-in",
            Self::Quote => "quote",
            Self::Rest => "rest",
            Self::More => "more",
            Self::Book(_) => "book",
            Self::Delay => "delay",
            Self::Help => "help",
            Self::Price(_) => "price",
            Self::Pin => "pin",
        }
    }
}

/// About whom a tap was perhaps forgotten.
#[derive(Clone, Copy)]
struct Nudged(Memo<Option<VisitId>>);

/// What the parts of the desk share. A copy is a handle to the same.
#[derive(Clone, Copy)]
struct DeskState {
    live: Live,
    board: Memo<Option<Board<DeskCard>>>,
    panel: RwSignal<Option<Panel>>,
    /// The one card whose further actions are open.
    open: RwSignal<Option<(VisitId, Ask)>>,
    notice: Fading<Notice>,
    recent: Fading<VisitId>,
}

impl DeskState {
    /// Something of the shop.
    fn head<T>(self, read: impl FnOnce(&ShopHead) -> Option<T>) -> Option<T> {
        self.board.with(|b| b.as_ref().and_then(|b| read(&b.head)))
    }

    /// A card that changes with its visit only.
    fn card(self, visit: VisitId) -> Memo<Option<DeskCard>> {
        Memo::new(move |_| self.board.with(|b| b.as_ref()?.cards.get(&visit).cloned()))
    }

    /// The name of a service.
    fn service(self, id: ServiceId) -> Option<String> {
        self.head(|h| h.service(id).map(|s| s.name.clone()))
    }

    /// The name of a person who serves.
    fn person(self, id: StaffId) -> Option<String> {
        self.head(|h| h.person(id).map(|p: &StaffInfo| p.name.clone()))
    }

    /// The shop's time at this moment; does not follow it.
    fn now(self) -> Option<Timestamp> {
        untrack(|| self.live.shop_now())
    }

    /// Sends a tap. A call is for now or not at all.
    fn tap(self, command: Command) {
        if is_call(&command) && self.live.state.get_untracked() != State::Live {
            self.notice.show(Notice::Say(Text::DeskOffline));
            return;
        }
        if has_price(&command) && self.live.state.get_untracked() == State::Live {
            price::ask(self, command);
            return;
        }
        self.live.tap(command);
    }

    /// Whether a tap on this visit waits for the link.
    fn is_kept(self, visit: VisitId) -> Signal<bool> {
        Signal::derive(move || {
            self.live
                .with_taps(|taps| taps.iter().any(|t| t.kept && t.command.visit() == Some(visit)))
        })
    }

    /// Whether this very tap waits for its answer.
    fn waits(self, command: Command) -> Signal<bool> {
        Signal::derive(move || self.live.waits(|c| *c == command))
    }
}

/// The desk, at work.
#[component]
fn Open(shop: ShopId, me: Me) -> impl IntoView {
    let shift = Shift::new(shop.clone(), me);
    let (notice, recent) = (Fading::new(NOTICE_FOR), Fading::new(UNDO_FOR));
    let panel = RwSignal::new(None::<Panel>);
    let audience = Audience::Desk { shop: shop.clone(), key: None };
    let live = Live::start(audience, move |news| hear(news, &shop, panel, notice, recent));
    let board = Memo::new(move |_| {
        live.with_view(|view| match view {
            View::Desk(board) => Some(board.clone()),
            _ => None,
        })
        .map(|mut board| {
            // What was tapped while the link is down is gone on from.
            if live.state.get() != State::Live {
                live.with_taps(|taps| take_in(&mut board, taps));
            }
            board
        })
    });
    let open = RwSignal::new(None);
    provide_context(Nudged(nudged(live, board)));
    let desk = DeskState { live, board, panel, open, notice, recent };
    focus::keep(desk);
    provide_context(shift);
    shift.tell(desk);
    // Revoked, or nobody signed in any more: what this browser is now is looked at anew.
    Effect::new(move |_| {
        if live.state.get() == State::Gone(CloseCode::NotAllowed.number()) {
            device::reload();
        }
    });
    let name = move || desk.head(|h| Some(h.name.clone()));
    let now = Memo::new(move |_| live.shop_now().map(Timestamp::whole_minute));
    follow_zone(live, move || desk.head(|h| Some(h.zone.clone())));
    Effect::new(move |_| {
        let is_busy = panel.with(Option::is_some) || desk.open.with(Option::is_some);
        if !is_busy && live.may_reload() {
            device::reload();
        }
    });
    // Whose card is gone needs no panel any more.
    Effect::new(move |_| {
        let Some((visit, _)) = desk.open.get() else {
            return;
        };
        if board.with(|b| b.as_ref().is_none_or(|b| !b.cards.contains_key(&visit))) {
            desk.open.set(None);
        }
    });
    title(name);
    let is_here = Memo::new(move |_| board.with(Option::is_some));
    view! {
        <div
            class="page desk"
            data-page="desk"
            data-testid="page"
            data-state=move || live.state.get().as_str()
            data-seq=move || live.seq()
        >
            <header class="top">
                <h1 class="shop">{heading(live, name)}</h1>
                <OpenUntil doors=Signal::derive(move || desk.head(|h| Some(h.doors))) />
                <HelpStrip desk />
                <Status live />
                <ShiftBar desk />
                <LanguageChoice />
                <p class="wall-clock">
                    <ClockTime at=now />
                </p>
            </header>
            <div class="strips">
                <StaleBand live advice=Text::DeskOffline />
                <Strip desk />
            </div>
            {GoneAlone(GoneAloneProps { live })}
            <Show when=move || is_here.get() && !matches!(live.state.get(), State::Gone(_))>
                <main class="columns">
                    <LeftSide desk />
                    <Chairs desk />
                </main>
                <Bar desk />
            </Show>
        </div>
    }
}

/// About whom a tap was perhaps forgotten, looked at once a minute and with each change.
fn nudged(live: Live, board: Memo<Option<Board<DeskCard>>>) -> Memo<Option<VisitId>> {
    let now = Memo::new(move |_| live.shop_now().map(Timestamp::whole_minute));
    let nudge = Memo::new(move |before: Option<&Nudge>| {
        let before = before.copied().unwrap_or_default();
        match now.get() {
            Some(now) => board.with(|b| b.as_ref().map_or(before, |b| before.next(b, now))),
            None => before,
        }
    });
    Memo::new(move |_| board.with(|b| nudge.get().about(b.as_ref()?)))
}

/// The waiting, or what was opened in their place.
#[component]
fn LeftSide(desk: DeskState) -> impl IntoView {
    let which = Memo::new(move |_| desk.panel.with(|p| p.as_ref().map(Panel::as_str)));
    move || match which.get() {
        Some("walk-in") => view! { <WalkInPanel desk /> }.into_any(),
        Some("quote") => view! { <QuotePanel desk /> }.into_any(),
        Some("rest") => view! { <RestPanel desk /> }.into_any(),
        Some("more") => view! { <MoreOfBar desk /> }.into_any(),
        Some("book") => view! { <BookPanel desk /> }.into_any(),
        Some("help") => view! { <HelpPanel desk /> }.into_any(),
        Some("price") => view! { <PricePanel desk /> }.into_any(),
        Some("pin") => view! { <AnotherPin desk /> }.into_any(),
        Some(_) => view! { <DelayPanel desk /> }.into_any(),
        None => view! { <Waiting desk /> }.into_any(),
    }
}

/// One more person signs in, beside who is already.
#[component]
fn AnotherPin(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let shift = expect_context::<Shift>();
    view! {
        <section class="panel">
            <PinPanel shop=shift.shop() people=shift.people() on_in=move || shift.renew(desk) />
            <TapButton
                testid="pin-cancel"
                label=Signal::derive(move || i18n.say(Text::Cancel))
                look="quiet"
                on_tap=move || desk.panel.set(None)
            />
        </section>
    }
}

/// One line on how the shop stands, while something is in the way of new times.
#[component]
fn Strip(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let standing = Memo::new(move |_| desk.head(|h| Some(Standing::of(h))));
    move || {
        let standing = standing.get()?;
        let text = match standing {
            Standing::Nobody { until } => {
                let next = until.map(|at| i18n.say_bare(Text::DeskNextOnDuty, at));
                format!("{} {}", i18n.say(Text::DeskNobodyOnDuty), next.unwrap_or_default())
            }
            Standing::Silent { since } => i18n.say_at(Text::DeskSilent, since),
            other => standing::words(i18n, other)?.0,
        };
        let name = standing.as_str();
        Some(
            view! { <p class="strip" role="status" data-testid="standing" data-standing=name>{text}</p> },
        )
    }
}
