//! Trying it as a customer: a visit that is real on every screen, and taken back within its minute so
//! that it counts nowhere.
//!
//! Only the visit that was begun from here is taken back: its page leaves the number in this
//! browser's memory. Somebody who joins meanwhile is nobody's trial.

use leptos::prelude::*;
use sooner_shared::command::Command;
use sooner_shared::view::{DeskCard, Doors, ShopHead, StaffInfo, View};
use sooner_shared::wire::Audience;
use sooner_shared::words::{Text, promise};
use sooner_shared::{ProblemCode, StaffId, VisitId};

use super::Page;
use crate::components::button::TapButton;
use crate::components::clock_time::ClockTime;
use crate::i18n::{I18n, same_language};
use crate::live::Live;
use crate::pages::join::trial_key;
use sooner_link::News;
use sooner_link::device;

/// So long before the minute is over a trial is taken back by itself.
const BEFORE_MS: i64 = 10_000;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// It counts nowhere.
    TakenBack,
    /// The minute was over.
    Late,
}

#[component]
pub(super) fn Trial(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let shop = page.shop();
    let key = StoredValue::new(trial_key(&shop));
    // One from before is over, or somebody else's by now.
    key.with_value(|key| device::remember(key, ""));
    let ended = RwSignal::new(None::<Ended>);
    let on_news = move |news| {
        if let News::Answer { command: Some(Command::Undo { .. }), result: Err(problem), .. } = news
            && problem.code == ProblemCode::NothingToUndo
        {
            ended.set(Some(Ended::Late));
        }
    };
    let live: Live = Live::start(Audience::Desk { shop: shop.clone(), key: None }, on_news);
    let head = Memo::new(move |_| {
        live.with_view(|view| match view {
            View::Desk(board) => Some(board.head.clone()),
            _ => None,
        })
    });
    super::super::follow_zone(live, move || head.with(|h| h.as_ref().map(|h| h.zone.clone())));
    // The other tab writes it; this one looks whenever the second changes.
    let visit = Memo::new(move |_| {
        live.shop_now();
        let number = key.with_value(|key| device::recall(key))?;
        number.parse().ok().map(VisitId)
    });
    let card = Memo::new(move |_| {
        let visit = visit.get()?;
        live.with_view(|view| match view {
            View::Desk(board) => board.cards.get(&visit).cloned(),
            _ => None,
        })
    });
    let taking = RwSignal::new(false);
    let take_back = move || taking.set(true);
    follow_taking(live, visit, card, taking, ended);
    let is_due = Memo::new(move |_| {
        let until = card.with(|card| card.as_ref().and_then(|card| card.undo_until));
        until.zip(live.shop_now()).is_some_and(|(until, now)| now >= until + -BEFORE_MS)
    });
    Effect::new(move |_| {
        if is_due.get() {
            take_back();
        }
    });
    let is_open = Memo::new(move |_| {
        head.with(|head| head.as_ref().is_none_or(|h| matches!(h.doors, Doors::Open { .. })))
    });
    let join = same_language(&format!("/{shop}/join?here&try"));
    let (lobby, desk) = (format!("/{shop}"), format!("/{shop}/desk"));
    let result = move || {
        Some(i18n.say(match ended.get()? {
            Ended::TakenBack => Text::TryTaken,
            Ended::Late => Text::TryLate,
        }))
    };
    view! {
        <div data-testid="trial" data-state=move || live.state.get().as_str()>
            <There live head />
            <Show
                when=move || is_open.get()
                fallback=move || {
                    view! { <p data-testid="try-closed">{move || i18n.say(Text::TryClosed)}</p> }
                }
            >
                <a class="button main" href=join.clone() target="_blank" data-testid="try-join">
                    {move || i18n.say(Text::TryJoin)}
                </a>
                <p class="hint">{move || i18n.say(Text::TryHow)}</p>
            </Show>
            {move || card.get().filter(|_| ended.get().is_none()).map(|card| view! {
                <Tried card on_back=take_back />
            })}
            <p role="status" data-testid="try-result">{result}</p>
            <div class="buttons">
                <a class="button" href=lobby target="_blank">{move || i18n.say(Text::TryLobby)}</a>
                <a class="button" href=desk target="_blank">{move || i18n.say(Text::KindTablet)}</a>
            </div>
        </div>
    }
}

/// While it is being taken back: tap after tap, and what the customer's page did since comes before
/// the joining itself.
fn follow_taking(
    live: Live,
    visit: Memo<Option<VisitId>>,
    card: Memo<Option<DeskCard>>,
    taking: RwSignal<bool>,
    ended: RwSignal<Option<Ended>>,
) {
    Effect::new(move |_| {
        let Some(visit) = visit.get().filter(|_| taking.get() && ended.get().is_none()) else {
            return;
        };
        // What is not seen at the moment is not gone.
        if !live.is_live() {
            return;
        }
        if card.with(Option::is_none) {
            ended.set(Some(Ended::TakenBack));
        } else if !live.waits(|c| matches!(c, Command::Undo { .. })) {
            live.tap(Command::Undo { visit });
        }
    });
}

/// Who could tap in now: a try needs somebody who serves.
#[component]
fn There(live: Live, head: Memo<Option<ShopHead>>) -> impl IntoView {
    let i18n = I18n::get();
    let away = Memo::new(move |_| head.with(|head| away_of(head.as_ref().map(|h| &h.staff[..]))));
    let button = move |(staff, name): (StaffId, String)| {
        let label = Signal::derive(move || i18n.say_with(Text::TryThereIs, &[("name", &name)]));
        let tap = move || {
            live.tap(Command::GoOnDuty { staff });
        };
        view! { <TapButton testid=format!("there-{staff}") label on_tap=tap /> }
    };
    view! {
        <Show when=move || away.with(|away| !away.is_empty())>
            <div class="choice" role="group" aria-label=move || i18n.say(Text::TryThere)>
                <span class="quiet">{move || i18n.say(Text::TryThere)}</span>
                <div class="buttons">
                    <For each=move || away.get() key=Clone::clone children=button />
                </div>
            </div>
        </Show>
    }
}

/// Who could tap in.
fn away_of(staff: Option<&[StaffInfo]>) -> Vec<(StaffId, String)> {
    let staff = staff.unwrap_or_default();
    staff.iter().filter(|p| !p.on_duty).map(|p| (p.id, p.name.clone())).collect()
}

/// The visit, as the desk has it.
#[component]
fn Tried(card: DeskCard, on_back: impl Fn() + 'static) -> impl IntoView {
    let i18n = I18n::get();
    let DeskCard { name, by, kind, undo_until, .. } = card;
    let back_at = undo_until.map(|until| until + -BEFORE_MS);
    view! {
        <div class="tried" data-testid="tried">
            <p>{move || i18n.say_with(Text::TryJoined, &[("name", &name)])}</p>
            <p class="offer">
                <span class="word">{by.map(|_| move || i18n.say(promise::word(kind)))}</span>
                " "
                <ClockTime at=Signal::stored(by) />
            </p>
            <TapButton
                testid="try-back"
                look="main"
                label=Signal::derive(move || i18n.say(Text::TryBack))
                on_tap=on_back
            />
            <p class="hint">{move || back_at.map(|at| i18n.say_at(Text::TryBackAt, at))}</p>
        </div>
    }
}
