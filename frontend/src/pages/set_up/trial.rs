//! Trying it as a customer: a visit that is real on every screen, and taken back within its minute so
//! that it counts nowhere. The server does that by itself, whether this page is still there or not; who
//! has seen enough does it sooner.
//!
//! Only the visit that was begun from here is shown: its page leaves the number in this browser's
//! memory. Somebody who joins meanwhile is nobody's trial.

use leptos::prelude::*;
use sooner_link::News;
use sooner_link::device;
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

/// So long after it began a trial is taken back by itself.
const LASTS_MS: i64 = 50_000;

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
    let taking = RwSignal::new(false);
    let on_news = move |news| {
        if let News::Answer { command: Some(Command::Undo { .. }), result: Err(problem), .. } = news
            && problem.code == ProblemCode::NothingToUndo
        {
            // It may have been taken back at this very moment; then it is gone with the next frame.
            taking.set(false);
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
    follow_trial(live, visit, card, taking, ended);
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
                <Tried card on_back=move || taking.set(true) />
            })}
            <p role="status" data-testid="try-result">{result}</p>
            <div class="buttons">
                <a class="button" href=lobby target="_blank">{move || i18n.say(Text::TryLobby)}</a>
                <a class="button" href=desk target="_blank">{move || i18n.say(Text::KindTablet)}</a>
            </div>
        </div>
    }
}

/// Until it is gone. While it is being taken back from here: tap after tap, as what the customer's page
/// did since comes before the joining itself.
fn follow_trial(
    live: Live,
    visit: Memo<Option<VisitId>>,
    card: Memo<Option<DeskCard>>,
    taking: RwSignal<bool>,
    ended: RwSignal<Option<Ended>>,
) {
    let was_there = StoredValue::new(None::<VisitId>);
    Effect::new(move |_| {
        let Some(visit) = visit.get() else { return };
        // What is not seen at the moment is not gone.
        if !live.is_live() {
            return;
        }
        let Some(until) = card.with(|card| card.as_ref().map(|card| card.undo_until)) else {
            if was_there.get_value() == Some(visit) {
                ended.set(Some(Ended::TakenBack));
            }
            return;
        };
        was_there.set_value(Some(visit));
        ended.set(until.is_none().then_some(Ended::Late));
        if until.is_some() && taking.get() && !live.waits(|c| matches!(c, Command::Undo { .. })) {
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
    let DeskCard { name, by, kind, joined_at, .. } = card;
    let back_at = joined_at + LASTS_MS;
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
            <p class="hint">{move || i18n.say_at(Text::TryBackAt, back_at)}</p>
        </div>
    }
}
