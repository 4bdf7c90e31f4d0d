//! A walk-in in three taps: service, person, and the sentence to say. It stands where the waiting
//! are, so that the chairs stay in reach.

use leptos::prelude::*;
use sooner_shared::command::{Join, NAME_MAX_CHARS};
use sooner_shared::view::ShopHead;
use sooner_shared::words::Text;
use sooner_shared::{
    Command, CommandId, Problem, ProblemCode, Receipt, ServiceId, Shown, StaffId, Timestamp,
};

use super::DeskState;
use crate::api;
use crate::components::button::TapButton;
use crate::components::clock_time::ClockTime;
use crate::components::tiles::{Choice, Tiles};
use crate::i18n::I18n;

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WalkIn {
    /// What for?
    Service,
    /// With whom?
    Person(ServiceId),
    /// Waits for the answer.
    Sent(CommandId, Join),
    /// The time no longer held; nothing was recorded.
    Changed(Join, Option<Timestamp>),
    /// The sentence to say, and the private link.
    Say(Option<Timestamp>, Option<String>),
}

/// An answer has come; it may be the one waited for here. Gives back what is to be said of it on
/// the line for notices.
pub(super) fn answered(
    walk_in: RwSignal<Option<WalkIn>>,
    id: &CommandId,
    result: Result<Receipt, Problem>,
) -> Result<(), Problem> {
    let join = walk_in.with_untracked(|w| match w {
        Some(WalkIn::Sent(sent, join)) if sent == id => Some(join.clone()),
        _ => None,
    });
    let Some(join) = join else {
        return result.map(|_| ());
    };
    match result {
        Ok(receipt) => {
            walk_in.set(Some(WalkIn::Say(receipt.by, receipt.link)));
            Ok(())
        }
        Err(problem) if problem.code == ProblemCode::QuoteChanged => {
            walk_in.set(Some(WalkIn::Changed(join, problem.by)));
            Ok(())
        }
        Err(problem) => {
            walk_in.set(Some(WalkIn::Person(join.service)));
            Err(problem)
        }
    }
}

/// The panel in place of the waiting.
#[component]
pub(super) fn WalkInPanel(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let name = RwSignal::new(String::new());
    let step = move || match desk.walk_in.get() {
        None => ().into_any(),
        Some(WalkIn::Service) => view! { <ServiceStep desk /> }.into_any(),
        Some(WalkIn::Person(service)) => view! { <PersonStep desk service name /> }.into_any(),
        Some(WalkIn::Sent(..)) => view! { <p class="sending waits">"…"</p> }.into_any(),
        Some(WalkIn::Changed(join, by)) => view! { <ChangedStep desk join by /> }.into_any(),
        Some(WalkIn::Say(by, link)) => view! { <SayCard by link /> }.into_any(),
    };
    let close = move || {
        if desk.walk_in.with(|w| matches!(w, Some(WalkIn::Say(..)))) {
            Text::Done
        } else {
            Text::Cancel
        }
    };
    view! {
        <section class="walk-in" data-testid="walkin-panel">
            {step}
            <div class="acts end">
                <TapButton
                    testid="walkin-close"
                    look="quiet"
                    label=Signal::derive(move || i18n.say(close()))
                    on_tap=move || desk.walk_in.set(None)
                />
            </div>
        </section>
    }
}

#[component]
fn ServiceStep(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let choices = Memo::new(move |_| desk.head(|h| Some(Choice::service(h))).unwrap_or_default());
    view! {
        <h2>{move || i18n.say(Text::ChooseService)}</h2>
        <Tiles
            choices
            chosen=Signal::stored(None::<ServiceId>)
            show_times=Signal::derive(move || desk.live.is_live())
            on_choose=move |service| desk.walk_in.set(Some(WalkIn::Person(service)))
        />
    }
}

#[component]
fn PersonStep(desk: DeskState, service: ServiceId, name: RwSignal<String>) -> impl IntoView {
    let i18n = I18n::get();
    let choices =
        Memo::new(move |_| desk.head(|h| Some(Choice::person(h, service))).unwrap_or_default());
    let choose = move |staff: Option<StaffId>| {
        let given = name.get_untracked().trim().to_owned();
        let shown = desk.board.with_untracked(|b| shown(&b.as_ref()?.head, service, staff));
        add(
            desk,
            Join { service, requested: staff, name: (!given.is_empty()).then_some(given), shown },
        );
    };
    view! {
        <h2>{move || i18n.say(Text::ChoosePerson)}</h2>
        <label class="field">
            <span>{move || i18n.say(Text::WalkInName)}</span>
            <input
                type="text"
                data-testid="walkin-name"
                autocomplete="off"
                maxlength=NAME_MAX_CHARS
                bind:value=name
            />
        </label>
        <Tiles
            choices
            chosen=Signal::stored(None::<Option<StaffId>>)
            show_times=Signal::derive(move || desk.live.is_live())
            on_choose=choose
        />
    }
}

fn shown(head: &ShopHead, service: ServiceId, staff: Option<StaffId>) -> Option<Shown> {
    head.quote(service, staff).map(|by| Shown { by, at: head.quoted_at })
}

fn add(desk: DeskState, join: Join) {
    if let Some(id) = desk.live.tap(Command::AddWalkIn(join.clone())) {
        desk.walk_in.set(Some(WalkIn::Sent(id, join)));
    }
}

#[component]
fn ChangedStep(desk: DeskState, join: Join, by: Option<Timestamp>) -> impl IntoView {
    let i18n = I18n::get();
    let text = move || match by {
        Some(at) => i18n.say_at(Text::TimeChanged, at),
        None => i18n.say(Text::TimeGone),
    };
    let yes = move || match by {
        Some(at) => i18n.say_at(Text::YesBy, at),
        None => i18n.say(Text::YesWithoutTime),
    };
    let again = move || {
        let at = untrack(|| desk.live.confirmed_at());
        let shown = by.zip(at).map(|(by, at)| Shown { by, at });
        add(desk, Join { shown, ..join.clone() });
    };
    view! {
        <p class="changed" role="status" data-testid="changed">{text}</p>
        <div class="acts">
            <TapButton testid="walkin-yes" look="main" label=Signal::derive(yes) on_tap=again />
        </div>
    }
}

#[component]
fn SayCard(by: Option<Timestamp>, link: Option<String>) -> impl IntoView {
    let i18n = I18n::get();
    let sentence = match by {
        Some(at) => view! {
            <p class="word">{move || i18n.say(Text::ByWord)}</p>
            <p class="promise" data-testid="promise">
                <ClockTime at=Signal::stored(Some(at)) />
            </p>
        }
        .into_any(),
        None => view! { <p class="word">{move || i18n.say(Text::SayNoTime)}</p> }.into_any(),
    };
    let code = link.map(|link| {
        view! {
            <figure class="follow">
                <img class="qr" alt="" src=api::visit_qr(&link) />
                <figcaption>
                    <a data-testid="visit-link" href=format!("/v/{link}") target="_blank" rel="noopener">
                        {move || i18n.say(Text::SayScan)}
                    </a>
                </figcaption>
            </figure>
        }
    });
    view! {
        <div class="say-card" data-testid="saycard" role="status">
            <p class="lead">{move || i18n.say(Text::Say)}</p>
            {sentence}
            {code}
        </div>
    }
}
