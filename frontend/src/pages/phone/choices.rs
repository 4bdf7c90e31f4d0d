//! What a person may want instead of a time that could not be kept, and an invitation to come
//! earlier. Nobody has to answer: silence keeps the place.

use leptos::prelude::*;
use sooner_shared::command::Choice;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Choices, Colleague};
use sooner_shared::words::Text;
use sooner_shared::{Command, Timestamp, VisitId};

use super::{Visit, name, of};
use crate::components::button::TapButton;
use crate::i18n::I18n;
use crate::live::Live;

/// So much later somebody can come today, in minutes.
const LATER_MIN: [i64; 3] = [30, 60, 120];

/// All of it; nothing while there is nothing to choose.
#[component]
pub(super) fn ChoicesPart(live: Live, visit: Visit) -> impl IntoView {
    let choices = Memo::new(move |_| of(visit, |v| v.choices.clone()).flatten());
    let invited = Memo::new(move |_| of(visit, |v| v.invited.zip(v.by)).flatten());
    view! {
        {move || choices.get().map(|choices| view! { <Chooses live visit choices /> })}
        {move || invited.get().map(|(earlier, told)| view! { <Invited live visit earlier told /> })}
    }
}

/// Sends what a person wants.
fn send(live: Live, visit: Visit, command: impl Fn(VisitId) -> Command) {
    if let Some(visit) = visit.with_untracked(|v| v.as_ref().map(|v| v.visit)) {
        live.tap(command(visit));
    }
}

#[component]
fn Chooses(live: Live, visit: Visit, choices: Choices) -> impl IntoView {
    let i18n = I18n::get();
    let Choices { not_today, without, colleagues, days } = choices;
    let (days_open, later_open) = (RwSignal::new(false), RwSignal::new(false));
    let later = move |n: i64| {
        let label = Signal::derive(move || i18n.say_with(Text::PlusMin, &[("n", &n.to_string())]));
        let tap = move || {
            send(live, visit, move |visit| Command::RunLate { visit, ms: n * MINUTE_MS });
        };
        view! { <TapButton testid=format!("later-{n}") label on_tap=tap /> }
    };
    let has_days = !days.is_empty();
    let waits = Signal::derive(move || live.waits(|c| matches!(c, Command::Choose { .. })));
    let choose =
        move |choice: Choice| send(live, visit, move |visit| Command::Choose { visit, choice });
    let colleague = move |Colleague { staff, name, by }: Colleague| {
        let label = Signal::derive(move || {
            i18n.say_with(Text::ChoiceWith, &[("person", &name), ("at", &i18n.clock(by))])
        });
        view! {
            <TapButton
                testid=format!("choose-{staff}")
                label
                waits
                on_tap=move || choose(Choice::With(staff))
            />
        }
    };
    let day = move |at: Timestamp| {
        let label = Signal::derive(move || i18n.clock(at));
        view! { <TapButton testid=format!("day-{}", at.0) label waits on_tap=move || choose(Choice::At(at)) /> }
    };
    let says = move || {
        let name = name(visit);
        match &without {
            Some(person) => {
                let with = [("name", &*name), ("person", &**person)];
                Some(i18n.say_with(Text::AwayAbove, &with))
            }
            None => not_today.then(|| i18n.say_with(Text::NotToday, &[("name", &name)])),
        }
    };
    view! {
        <section class="choices" data-testid="choices">
            <p class="below">{says}</p>
            <div class="chips">{colleagues.into_iter().map(colleague).collect_view()}</div>
            <div class="chips">
                <Show when=move || !not_today>
                    <TapButton
                        testid="choose-stay"
                        label=Signal::derive(move || i18n.say(Text::ChoiceStay))
                        waits
                        on_tap=move || choose(Choice::Stay)
                    />
                </Show>
                <Show when=move || !later_open.get()>
                    <TapButton
                        testid="choose-later"
                        look="quiet"
                        label=Signal::derive(move || i18n.say(Text::ChoiceLater))
                        on_tap=move || later_open.set(true)
                    />
                </Show>
                <Show when=move || later_open.get()>{move || LATER_MIN.map(later).into_iter().collect_view()}</Show>
                <Show when=move || has_days && !days_open.get()>
                    <TapButton
                        testid="choose-day"
                        look="quiet"
                        label=Signal::derive(move || i18n.say(Text::ChoiceDay))
                        on_tap=move || days_open.set(true)
                    />
                </Show>
            </div>
            <Show when=move || days_open.get()>
                <div class="chips">{days.clone().into_iter().map(day).collect_view()}</div>
            </Show>
        </section>
    }
}

#[component]
fn Invited(live: Live, visit: Visit, earlier: Timestamp, told: Timestamp) -> impl IntoView {
    let i18n = I18n::get();
    let answer = move |comes: bool| {
        send(live, visit, move |visit| Command::AnswerInvitation { visit, comes });
    };
    let waits =
        Signal::derive(move || live.waits(|c| matches!(c, Command::AnswerInvitation { .. })));
    view! {
        <section class="choices" data-testid="invitation" data-ms=earlier.0>
            <p class="below">{move || i18n.say_at(Text::Invited, earlier)}</p>
            <div class="pair">
                <TapButton
                    testid="come-earlier"
                    look="main"
                    label=Signal::derive(move || i18n.say(Text::InvitedCome))
                    waits
                    on_tap=move || answer(true)
                />
                <TapButton
                    testid="keep-time"
                    label=Signal::derive(move || i18n.say_at(Text::InvitedKeep, told))
                    waits
                    on_tap=move || answer(false)
                />
            </div>
        </section>
    }
}
