//! The left side: everybody who waits, in the order of the line.

use leptos::prelude::*;
use sooner_shared::screen::desk::{Risk, free_chairs, waiting};
use sooner_shared::view::DeskCard;
use sooner_shared::words::Text;
use sooner_shared::{Command, StaffId, VisitId};

use super::{DeskState, Notice};
use crate::components::button::{SureButton, TapButton};
use crate::i18n::I18n;

/// What is done with a person once the chair is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Call,
    Start,
}

impl Act {
    const fn command(self, visit: VisitId, staff: StaffId) -> Command {
        match self {
            Self::Call => Command::Call { visit, staff },
            Self::Start => Command::Start { visit, staff },
        }
    }

    const fn is_of(self, visit: VisitId, command: &Command) -> bool {
        match (self, command) {
            (Self::Call, Command::Call { visit: v, .. })
            | (Self::Start, Command::Start { visit: v, .. }) => v.0 == visit.0,
            _ => false,
        }
    }
}

/// Everybody who waits.
#[component]
pub(super) fn Waiting(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let ids = Memo::new(move |_| desk.board.with(|b| b.as_ref().map(waiting).unwrap_or_default()));
    // Only one card asks for a chair at a time.
    let asking = RwSignal::new(None::<(VisitId, Act)>);
    view! {
        <section class="waiting" data-testid="waiting" data-count=move || ids.with(Vec::len)>
            <h2>
                {move || i18n.say(Text::DeskWaiting)} " "
                <span class="quiet">{move || ids.with(|i| (!i.is_empty()).then_some(i.len()))}</span>
            </h2>
            <Show when=move || ids.with(Vec::is_empty)>
                <p class="nobody">{move || i18n.say(Text::DeskNobodyWaiting)}</p>
            </Show>
            <div class="cards">
                <For
                    each=move || ids.get()
                    key=|visit| *visit
                    children=move |visit| view! { <Card desk visit asking /> }
                />
            </div>
        </section>
    }
}

#[component]
fn Card(
    desk: DeskState,
    visit: VisitId,
    asking: RwSignal<Option<(VisitId, Act)>>,
) -> impl IntoView {
    let card = desk.card(visit);
    let risk = Memo::new(move |_| card.with(|c| c.as_ref().and_then(Risk::of)));
    let asks = Memo::new(move |_| asking.get().filter(|(v, _)| *v == visit).map(|(_, act)| act));
    view! {
        <article
            class="card"
            data-testid=format!("waiting-{visit}")
            data-risk=move || risk.get().map(risk_name)
        >
            <Who desk card risk />
            <When card />
            {move || match asks.get() {
                Some(act) => view! { <ChooseChair desk visit act asking /> }.into_any(),
                None => view! { <Acts desk visit asking /> }.into_any(),
            }}
        </article>
    }
}

const fn risk_name(risk: Risk) -> &'static str {
    match risk {
        Risk::Safe => "safe",
        Risk::Tight => "tight",
        Risk::High => "high",
        Risk::Passed => "passed",
    }
}

#[component]
fn Who(desk: DeskState, card: Memo<Option<DeskCard>>, risk: Memo<Option<Risk>>) -> impl IntoView {
    let i18n = I18n::get();
    let name = move || card.with(|c| c.as_ref().map(|c| c.name.clone()));
    let service = move || {
        let id = card.with(|c| c.as_ref().map(|c| c.service))?;
        desk.head(|h| h.service(id).map(|s| s.name.clone()))
    };
    let with = move || {
        let id = card.with(|c| c.as_ref()?.requested)?;
        let person = desk.head(|h| h.person(id).map(|p| p.name.clone()))?;
        Some(i18n.say_with(Text::With, &[("person", &person)]))
    };
    let presence = move || {
        let (here, missing) = card.with(|c| c.as_ref().map(|c| (c.checked_in, c.missing)))?;
        let text = if missing { Text::DeskMissing } else { Text::DeskHere };
        (here || missing).then(|| i18n.say(text))
    };
    let word = move || {
        risk.get().map(|risk| match risk {
            Risk::Safe => i18n.say(Text::RiskSafe),
            Risk::Tight => format!("△ {}", i18n.say(Text::RiskTight)),
            Risk::High => format!("▲ {}", i18n.say(Text::RiskHigh)),
            Risk::Passed => format!("✕ {}", i18n.say(Text::RiskPassed)),
        })
    };
    let what = move || {
        [presence(), service(), with()].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    view! {
        <div class="who">
            <strong class="name">{name}</strong>
            <span class="what">
                <span class="risk">{word}</span>
                {move || risk.get().map(|_| " · ")}
                {what}
            </span>
        </div>
    }
}

#[component]
fn When(card: Memo<Option<DeskCard>>) -> impl IntoView {
    let i18n = I18n::get();
    let by = move || card.with(|c| c.as_ref()?.by);
    let promise = move || match by() {
        Some(at) => i18n.say_at(Text::By, at),
        None => i18n.say(Text::NoTimeYet),
    };
    let likely =
        move || card.with(|c| c.as_ref()?.likely_at).map(|at| i18n.say_at(Text::DeskLikely, at));
    view! {
        <div class="when">
            <span class="by" data-testid="promise" data-ms=move || by().map(|at| at.0)>{promise}</span>
            <span class="likely">{likely}</span>
        </div>
    }
}

#[component]
fn Acts(
    desk: DeskState,
    visit: VisitId,
    asking: RwSignal<Option<(VisitId, Act)>>,
) -> impl IntoView {
    let i18n = I18n::get();
    let waits = move |act: Act| Signal::derive(move || desk.live.waits(|c| act.is_of(visit, c)));
    let act = move |act: Act| {
        let free = desk
            .board
            .with_untracked(|b| b.as_ref().map(|b| free_chairs(b, visit)).unwrap_or_default());
        match free.as_slice() {
            [] => desk.notice.show(Notice::Say(Text::DeskNoFreeChair)),
            [only] => desk.tap(act.command(visit, *only)),
            _ => asking.set(Some((visit, act))),
        }
    };
    view! {
        <div class="acts">
            <TapButton
                testid=format!("call-{visit}")
                label=Signal::derive(move || i18n.say(Text::DeskCall))
                waits=waits(Act::Call)
                on_tap=move || act(Act::Call)
            />
            <TapButton
                testid=format!("begin-{visit}")
                label=Signal::derive(move || i18n.say(Text::DeskStart))
                waits=waits(Act::Start)
                on_tap=move || act(Act::Start)
            />
            <SureButton
                testid=format!("left-{visit}")
                label=Signal::derive(move || i18n.say(Text::DeskLeft))
                sure=Signal::derive(move || i18n.say(Text::DeskLeftSure))
                waits=Signal::derive(move || desk.live.waits(|c| *c == Command::Leave { visit }))
                on_tap=move || desk.tap(Command::Leave { visit })
            />
        </div>
    }
}

/// In place of the buttons, when more than one chair is free.
#[component]
fn ChooseChair(
    desk: DeskState,
    visit: VisitId,
    act: Act,
    asking: RwSignal<Option<(VisitId, Act)>>,
) -> impl IntoView {
    let i18n = I18n::get();
    let chairs = Memo::new(move |_| {
        desk.board.with(|b| b.as_ref().map(|b| free_chairs(b, visit)).unwrap_or_default())
    });
    let chair = move |staff: StaffId| {
        let name = Signal::derive(move || {
            desk.head(|h| h.person(staff).map(|p| p.name.clone())).unwrap_or_default()
        });
        view! {
            <TapButton
                testid=format!("chair-{staff}")
                look="main"
                label=name
                on_tap=move || {
                    asking.set(None);
                    desk.tap(act.command(visit, staff));
                }
            />
        }
    };
    view! {
        <div class="acts choose" role="group" aria-label=move || i18n.say(Text::DeskWhoseChair)>
            <For each=move || chairs.get() key=|staff| *staff children=chair />
            <TapButton
                testid="chair-cancel"
                look="quiet"
                label=Signal::derive(move || i18n.say(Text::Cancel))
                on_tap=move || asking.set(None)
            />
        </div>
    }
}
