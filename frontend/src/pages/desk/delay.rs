//! Something takes longer: what, how much, why; and what takes longer already.

use leptos::prelude::*;
use sooner_shared::Command;
use sooner_shared::command::{DelayReason, Scope};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::DelayView;
use sooner_shared::words::Text;

use super::DeskState;
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// How much longer, in minutes.
const LONGER_MIN: [i64; 7] = [5, 10, 15, 20, 30, 45, 60];

/// Why, in neutral words.
const REASONS: [(DelayReason, &str, Text); 5] = [
    (DelayReason::Work, "work", Text::ReasonWork),
    (DelayReason::LateStart, "start", Text::ReasonStart),
    (DelayReason::Equipment, "equipment", Text::ReasonEquipment),
    (DelayReason::Supply, "supply", Text::ReasonSupply),
    (DelayReason::Other, "other", Text::ReasonOther),
];

/// The panel in place of the waiting.
#[component]
pub(super) fn DelayPanel(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let running = Memo::new(move |_| desk.head(|h| Some(h.delays.clone())).unwrap_or_default());
    view! {
        <section class="walk-in" data-testid="delay-panel">
            <For
                each=move || running.get()
                key=|delay| (delay.scope, delay.ms, delay.since)
                children=move |delay| view! { <Running desk delay /> }
            />
            <Report desk />
            <div class="acts end">
                <TapButton
                    testid="delay-close"
                    look="quiet"
                    label=Signal::derive(move || i18n.say(Text::Done))
                    on_tap=move || desk.panel.set(None)
                />
            </div>
        </section>
    }
}

fn scope_name(scope: Scope) -> String {
    match scope {
        Scope::Shop => "shop".to_owned(),
        Scope::Service(id) => format!("service-{id}"),
        Scope::Staff(id) => format!("staff-{id}"),
    }
}

fn scope_words(i18n: I18n, desk: DeskState, scope: Scope) -> String {
    match scope {
        Scope::Shop => i18n.say(Text::DelayShop),
        Scope::Service(id) => desk.service(id).unwrap_or_default(),
        Scope::Staff(id) => desk.person(id).unwrap_or_default(),
    }
}

#[component]
fn Running(desk: DeskState, delay: DelayView) -> impl IntoView {
    let i18n = I18n::get();
    let DelayView { scope, reason, ms, since } = delay;
    let text = move || {
        let minutes = (ms / MINUTE_MS).to_string();
        let why = REASONS.iter().find(|(r, _, _)| *r == reason).map(|(_, _, text)| i18n.say(*text));
        [
            scope_words(i18n, desk, scope),
            i18n.say_with(Text::PlusMin, &[("n", &minutes)]),
            why.unwrap_or_default(),
            i18n.say_at(Text::DeskSince, since),
        ]
        .join(" · ")
    };
    let end = Command::EndDelay { scope };
    view! {
        <div class="card running" data-testid=format!("delay-{}", scope_name(scope))>
            <span>{text}</span>
            <TapButton
                testid=format!("delay-end-{}", scope_name(scope))
                label=Signal::derive(move || i18n.say(Text::DelayEnd))
                waits=desk.waits(end.clone())
                on_tap=move || desk.tap(end.clone())
            />
        </div>
    }
}

#[component]
fn Report(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let scope = RwSignal::new(None::<Scope>);
    let minutes = RwSignal::new(None::<i64>);
    let reason = RwSignal::new(DelayReason::Work);
    let scopes = Memo::new(move |_| {
        let parts = desk.head(|h| {
            let services = h.services.iter().map(|s| Scope::Service(s.id));
            Some(h.staff.iter().map(|s| Scope::Staff(s.id)).chain(services).collect::<Vec<_>>())
        });
        std::iter::once(Scope::Shop).chain(parts.unwrap_or_default()).collect::<Vec<_>>()
    });
    let one_scope = move |one: Scope| {
        view! {
            <TapButton
                testid=format!("scope-{}", scope_name(one))
                label=Signal::derive(move || scope_words(i18n, desk, one))
                chosen=Signal::derive(move || scope.get() == Some(one))
                on_tap=move || scope.set(Some(one))
            />
        }
    };
    let lengths = LONGER_MIN.map(|n| {
        view! {
            <TapButton
                testid=format!("longer-{n}")
                label=Signal::derive(move || i18n.say_with(Text::PlusMin, &[("n", &n.to_string())]))
                chosen=Signal::derive(move || minutes.get() == Some(n))
                on_tap=move || minutes.set(Some(n))
            />
        }
    });
    let reasons = REASONS.map(|(one, name, text)| {
        view! {
            <TapButton
                testid=format!("reason-{name}")
                label=Signal::derive(move || i18n.say(text))
                chosen=Signal::derive(move || reason.get() == one)
                on_tap=move || reason.set(one)
            />
        }
    });
    let both = move || scope.get().zip(minutes.get());
    let report = move || {
        if let Some((scope, minutes)) = untrack(both) {
            let reason = reason.get_untracked();
            desk.panel.set(None);
            desk.tap(Command::ReportDelay { scope, ms: minutes * MINUTE_MS, reason });
        }
    };
    view! {
        <h2>{move || i18n.say(Text::DelayWhat)}</h2>
        <div class="chips">
            <For each=move || scopes.get() key=|scope| *scope children=one_scope />
        </div>
        <p class="label">{move || i18n.say(Text::DelayHowLong)}</p>
        <div class="chips">{lengths.into_iter().collect_view()}</div>
        <p class="label">{move || i18n.say(Text::DelayWhy)}</p>
        <div class="chips">{reasons.into_iter().collect_view()}</div>
        <div class="chips">
            <TapButton
                testid="delay-report"
                look="main"
                label=Signal::derive(move || i18n.say(Text::DelayReport))
                disabled=Signal::derive(move || both().is_none())
                on_tap=report
            />
        </div>
    }
}
