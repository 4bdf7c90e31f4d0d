//! The desk: who waits, who is in which chair, and one tap for each thing that happens.

mod chairs;
mod waiting;
mod walk_in;

use std::time::Duration;

use leptos::prelude::*;
use sooner_shared::screen::State;
use sooner_shared::screen::outbox::is_call;
use sooner_shared::view::{Board, DeskCard, ShopHead, View};
use sooner_shared::wire::Audience;
use sooner_shared::words::Text;
use sooner_shared::{Command, Problem, ShopId, VisitId};

use super::{Gone, GoneProps, follow_zone, title};
use crate::components::button::TapButton;
use crate::components::clock_time::ClockTime;
use crate::components::language::LanguageChoice;
use crate::components::status::{StaleBand, Status, whole_minute};
use crate::device;
use crate::i18n::I18n;
use crate::live::{Live, News};
use chairs::Chairs;
use waiting::Waiting;
use walk_in::{WalkIn, WalkInPanel};

/// How long a notice stays.
const NOTICE_FOR: Duration = Duration::from_secs(12);

/// Something to read that stops nobody.
#[derive(Debug, Clone, PartialEq)]
enum Notice {
    Problem(Problem),
    Say(Text),
}

/// What the parts of the desk share. A copy is a handle to the same.
#[derive(Clone, Copy)]
struct DeskState {
    live: Live,
    board: Memo<Option<Board<DeskCard>>>,
    walk_in: RwSignal<Option<WalkIn>>,
    notice: Notices,
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

    /// Sends a tap. A call is for now or not at all.
    fn tap(self, command: Command) {
        if is_call(&command) && self.live.state.get_untracked() != State::Live {
            self.notice.show(Notice::Say(Text::DeskOffline));
            return;
        }
        self.live.tap(command);
    }
}

/// The line for what went differently.
#[derive(Clone, Copy)]
struct Notices {
    shown: RwSignal<Option<Notice>>,
    count: StoredValue<u32>,
}

impl Notices {
    fn new() -> Self {
        Self { shown: RwSignal::new(None), count: StoredValue::new(0) }
    }

    fn show(self, notice: Notice) {
        let number = self.count.get_value() + 1;
        self.count.set_value(number);
        self.shown.set(Some(notice));
        set_timeout(
            move || {
                if self.count.get_value() == number {
                    self.shown.set(None);
                }
            },
            NOTICE_FOR,
        );
    }

    fn hear(self, news: News, walk_in: RwSignal<Option<WalkIn>>) {
        match news {
            News::Answer { id, result, .. } => {
                let result = walk_in::answered(walk_in, &id, result);
                match result {
                    Ok(()) => self.shown.set(None),
                    Err(problem) => self.show(Notice::Problem(problem)),
                }
            }
            News::Expired(_) => self.show(Notice::Say(Text::DeskCallNotSent)),
            News::Complaint(problem) => self.show(Notice::Problem(problem)),
        }
    }
}

/// The key of the desk's link: from the fragment, or as remembered from an earlier visit.
fn key_of(shop: &ShopId) -> Option<String> {
    let place = format!("sooner.desk.{shop}");
    let Some(key) = device::fragment("key").filter(|key| !key.is_empty()) else {
        return device::recall(&place);
    };
    if device::remember(&place, &key) {
        device::hide_fragment();
    }
    Some(key)
}

/// The whole page.
#[component]
pub(crate) fn Desk(
    /// Whose.
    shop: ShopId,
) -> impl IntoView {
    match key_of(&shop) {
        Some(key) => view! { <Open shop key /> }.into_any(),
        None => view! { <Locked /> }.into_any(),
    }
}

#[component]
fn Locked() -> impl IntoView {
    let i18n = I18n::get();
    view! {
        <div class="page narrow" data-page="desk" data-testid="page" data-state="gone">
            <header class="top">
                <h1 class="shop">"Sooner"</h1>
                <LanguageChoice />
            </header>
            <p class="plain-message" data-testid="gone">
                {move || i18n.say(Text::DeskNeedsItsLink)}
            </p>
        </div>
    }
}

#[component]
fn Open(shop: ShopId, key: String) -> impl IntoView {
    let notice = Notices::new();
    let walk_in = RwSignal::new(None::<WalkIn>);
    let live = Live::start(Audience::Desk { shop, key }, move |news| {
        notice.hear(news, walk_in);
    });
    let board = Memo::new(move |_| {
        live.with_view(|view| match view {
            View::Desk(board) => Some(board.clone()),
            _ => None,
        })
    });
    let desk = DeskState { live, board, walk_in, notice };
    let name = move || desk.head(|h| Some(h.name.clone()));
    let now = Memo::new(move |_| live.shop_now().map(whole_minute));
    follow_zone(move || desk.head(|h| Some(h.zone.clone())));
    Effect::new(move |_| {
        if walk_in.with(Option::is_none) && live.may_reload() {
            device::reload();
        }
    });
    title(name);
    let is_here = Memo::new(move |_| board.with(Option::is_some));
    let is_adding = Memo::new(move |_| walk_in.with(Option::is_some));
    view! {
        <div
            class="page desk"
            data-page="desk"
            data-testid="page"
            data-state=move || live.state.get().as_str()
            data-seq=move || live.seq()
        >
            <header class="top">
                <h1 class="shop">{name}</h1>
                <Status live />
                <LanguageChoice />
                <p class="wall-clock">
                    <ClockTime at=now />
                </p>
            </header>
            <StaleBand live advice=Text::DeskOffline />
            {Gone(GoneProps { live })}
            <Show when=move || is_here.get() && !matches!(live.state.get(), State::Gone(_))>
                <main class="columns">
                    {move || {
                        if is_adding.get() {
                            view! { <WalkInPanel desk /> }.into_any()
                        } else {
                            view! { <Waiting desk /> }.into_any()
                        }
                    }}
                    <Chairs desk />
                </main>
                <footer class="bar">
                    <WalkInButton desk />
                    <NoticeLine desk />
                </footer>
            </Show>
        </div>
    }
}

#[component]
fn WalkInButton(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    view! {
        <TapButton
            testid="walkin"
            look="main"
            label=Signal::derive(move || format!("+ {}", i18n.say(Text::DeskWalkIn)))
            on_tap=move || desk.walk_in.set(Some(WalkIn::Service))
        />
    }
}

#[component]
fn NoticeLine(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let notice = desk.notice.shown;
    let text = move || {
        notice.with(|n| match n.as_ref()? {
            Notice::Problem(problem) => Some(i18n.problem(problem)),
            Notice::Say(text) => Some(i18n.say(*text)),
        })
    };
    let unsent = move || {
        (!desk.live.is_live() && desk.live.waits(|_| true)).then(|| i18n.say(Text::WillBeSent))
    };
    let code = move || {
        notice.with(|n| match n.as_ref()? {
            Notice::Problem(problem) => Some(problem.code.as_str()),
            Notice::Say(_) => None,
        })
    };
    view! {
        <p class="notice" role="status" data-testid="notice" data-code=code>
            {move || text().or_else(unsent)}
        </p>
    }
}
