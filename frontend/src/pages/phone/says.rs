//! What a person can say on their own page: in the thumb's reach, nothing that needs typing first.

use leptos::prelude::*;
use sooner_shared::command::TEXT_MAX_CHARS;
use sooner_shared::screen::phone::{Offer, offers};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{PromiseKind, Stage};
use sooner_shared::words::Text;
use sooner_shared::{Command, VisitId};

use super::{Visit, of};
use crate::components::button::{SureButton, TapButton};
use crate::components::status::whole_minute;
use crate::i18n::I18n;
use crate::live::Live;

/// How much longer somebody can say they need, in minutes.
const LATE_MIN: [i64; 2] = [10, 20];

/// All of it.
#[component]
pub(super) fn Says(live: Live, visit: Visit) -> impl IntoView {
    let i18n = I18n::get();
    let now = Memo::new(move |_| live.shop_now().map(whole_minute));
    let offered = Memo::new(move |_| of(visit, |v| offers(v, now.get())).unwrap_or_default());
    let has = move |offer: Offer| Memo::new(move |_| offered.with(|all| all.contains(&offer)));
    let is_here = Memo::new(move |_| of(visit, |v| v.checked_in).unwrap_or(false));
    let is_confirmed =
        Memo::new(move |_| of(visit, |v| v.confirmed && v.stage == Stage::Booked).unwrap_or(false));
    let unsent = move || {
        (!live.is_live() && live.waits(|c| !matches!(c, Command::Acknowledge { .. })))
            .then(|| i18n.say(Text::WillBeSent))
    };
    let (approve, confirm, here) = (has(Offer::Approve), has(Offer::Confirm), has(Offer::Here));
    let seen = move || {
        (is_here.get() && !here.get()).then(|| {
            view! { <p class="seen" data-testid="seen">{move || i18n.say(Text::HereSeen)}</p> }
        })
    };
    let confirmed = move || {
        is_confirmed.get().then(|| {
            view! {
                <p class="seen" data-testid="confirmed-seen">{move || i18n.say(Text::ConfirmedSeen)}</p>
            }
        })
    };
    let here_button = move || {
        let look = if confirm.get() { "plain" } else { "main" };
        here.get().then(|| {
            view! {
                <Say live visit testid="here" look text=Text::Here
                    command=|visit| Command::CheckIn { visit } />
            }
        })
    };
    view! {
        <section class="thumb">
            <p class="note" role="status">{unsent}</p>
            <Show when=move || approve.get()>
                <Say live visit testid="approve" look="main" text=Text::ApproveButton
                    command=|visit| Command::Approve { visit } />
            </Show>
            <Show when=move || confirm.get()>
                <Say live visit testid="confirm" look="main" text=Text::ConfirmButton
                    command=|visit| Command::Confirm { visit } />
            </Show>
            {confirmed}
            {here_button}
            {seen}
            <Coming live visit late=has(Offer::RunLate) pass=has(Offer::LetPass) />
            <AskUs live visit may_ask=has(Offer::Ask) />
            <Leave live visit may_leave=has(Offer::Leave) />
        </section>
    }
}

/// A button that says one thing.
#[component]
fn Say(
    live: Live,
    visit: Visit,
    testid: &'static str,
    look: &'static str,
    text: Text,
    command: fn(VisitId) -> Command,
) -> impl IntoView {
    let i18n = I18n::get();
    let id = move || of(visit, |v| v.visit);
    let waits = Signal::derive(move || id().is_some_and(|id| live.waits(|c| *c == command(id))));
    let tap = move || {
        if let Some(id) = untrack(id) {
            live.tap(command(id));
        }
    };
    view! { <TapButton testid look label=Signal::derive(move || i18n.say(text)) waits on_tap=tap /> }
}

/// "Running late", which asks by how much, and "let one pass".
#[component]
fn Coming(live: Live, visit: Visit, late: Memo<bool>, pass: Memo<bool>) -> impl IntoView {
    let i18n = I18n::get();
    let asks = RwSignal::new(false);
    let waits = Signal::derive(move || live.waits(|c| matches!(c, Command::RunLate { .. })));
    let minutes = move || {
        LATE_MIN.map(|n| {
            let tap = move || {
                asks.set(false);
                if let Some(visit) = visit.with_untracked(|v| v.as_ref().map(|v| v.visit)) {
                    live.tap(Command::RunLate { visit, ms: n * MINUTE_MS });
                }
            };
            let label =
                Signal::derive(move || i18n.say_with(Text::PlusMin, &[("n", &n.to_string())]));
            view! { <TapButton testid=format!("late-{n}") label on_tap=tap /> }
        })
    };
    view! {
        <div class="pair">
            <Show when=move || late.get() && !asks.get()>
                <TapButton
                    testid="late"
                    label=Signal::derive(move || i18n.say(Text::RunLate))
                    waits
                    on_tap=move || asks.set(true)
                />
            </Show>
            <Show when=move || late.get() && asks.get()>{minutes().into_iter().collect_view()}</Show>
            <Show when=move || pass.get()>
                <Say live visit testid="pass" look="plain" text=Text::LetPass
                    command=|visit| Command::LetPass { visit } />
            </Show>
        </div>
    }
}

/// A question, what was asked, and what was answered.
#[component]
fn AskUs(live: Live, visit: Visit, may_ask: Memo<bool>) -> impl IntoView {
    let i18n = I18n::get();
    let is_open = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let waits = Signal::derive(move || live.waits(|c| matches!(c, Command::Ask { .. })));
    let question = Memo::new(move |_| of(visit, |v| v.question.clone()).flatten());
    let answer = Memo::new(move |_| of(visit, |v| v.answer.clone()).flatten());
    let filled = move |name: Text, text: &str| i18n.say_with(name, &[("text", text)]);
    let talk = move || {
        let asked = question.get()?;
        Some(view! {
            <p class="asked" data-testid="asked">{filled(Text::YouAsked, &asked)}</p>
            <p class="asked" data-testid="answer">
                {match answer.get() {
                    Some(answer) => filled(Text::OurAnswer, &answer),
                    None => i18n.say(Text::AnswerComes),
                }}
            </p>
        })
    };
    let send = move || {
        let asked = text.get_untracked().trim().to_owned();
        let id = visit.with_untracked(|v| v.as_ref().map(|v| v.visit));
        if let Some(visit) = id.filter(|_| !asked.is_empty()) {
            live.tap(Command::Ask { visit, text: asked });
            text.set(String::new());
            is_open.set(false);
        }
    };
    view! {
        {talk}
        <Show when=move || may_ask.get() && is_open.get()>
            <label class="field">
                <span>{move || i18n.say(Text::AskField)}</span>
                <input
                    type="text"
                    data-testid="ask-text"
                    autocomplete="off"
                    enterkeyhint="send"
                    maxlength=TEXT_MAX_CHARS
                    bind:value=text
                />
            </label>
            <TapButton
                testid="ask-send"
                label=Signal::derive(move || i18n.say(Text::Send))
                disabled=Signal::derive(move || text.with(|t| t.trim().is_empty()))
                on_tap=send
            />
        </Show>
        <Show when=move || may_ask.get() && !is_open.get()>
            <TapButton
                testid="ask"
                look="quiet"
                label=Signal::derive(move || i18n.say(Text::AskUs))
                waits
                on_tap=move || is_open.set(true)
            />
        </Show>
    }
}

/// Leaving, or calling an appointment off.
#[component]
fn Leave(live: Live, visit: Visit, may_leave: Memo<bool>) -> impl IntoView {
    let i18n = I18n::get();
    let say = move |line: Text, booked: Text, other: Text| {
        Signal::derive(move || {
            i18n.say(
                match of(visit, |v| (v.stage, v.kind))
                    .unwrap_or((Stage::Waiting, PromiseKind::Start))
                {
                    (Stage::Booked, _) => booked,
                    (_, PromiseKind::Start) => line,
                    _ => other,
                },
            )
        })
    };
    let tap = move || {
        if let Some(visit) = visit.with_untracked(|v| v.as_ref().map(|v| v.visit)) {
            live.tap(Command::Leave { visit });
        }
    };
    view! {
        <Show when=move || may_leave.get()>
            <SureButton
                testid="leave"
                label=say(Text::Leave, Text::CancelVisit, Text::CallOff)
                sure=say(Text::LeaveSure, Text::CancelVisitSure, Text::CallOffSure)
                waits=Signal::derive(move || live.waits(|c| matches!(c, Command::Leave { .. })))
                on_tap=tap
            />
        </Show>
    }
}
