//! A walk-in in three taps: service, person, and the sentence to say. It stands where the waiting
//! are, so that the chairs stay in reach. What few need (more services, company, a name) is folded
//! away above the last tap.

use leptos::prelude::*;
use sooner_shared::command::Join;
use sooner_shared::screen::State;
use sooner_shared::view::{PromiseKind, ServiceInfo, ShopHead};
use sooner_shared::words::Text;
use sooner_shared::{
    Command, CommandId, Problem, ProblemCode, Receipt, ServiceId, Shown, StaffId, Timestamp,
    VisitId,
};

use super::reach::{Person, PersonFields};
use super::slip::Slip;
use super::{DeskState, Panel, price};
use crate::api;
use crate::components::button::TapButton;
use crate::components::clock_time::ClockTime;
use crate::components::party::{Companions, Party};
use crate::components::tiles::{Choice, Tiles};
use crate::i18n::I18n;
use sooner_shared::words::promise;

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
    /// The sentence to say, and what follows it.
    Say(Said),
}

/// Who was added, and what they are to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// For what.
    service: ServiceId,
    /// The time.
    by: Option<Timestamp>,
    /// Who.
    visit: Option<VisitId>,
    /// Their private link.
    link: Option<String>,
}

/// The answer has come: how it goes on, and what is to be said of it on the line for notices.
pub(super) fn answered(
    join: Join,
    result: Result<Receipt, Problem>,
) -> (WalkIn, Result<(), Problem>) {
    match result {
        Ok(receipt) => {
            let Receipt { by, visit, link, .. } = receipt;
            (WalkIn::Say(Said { service: join.service, by, visit, link }), Ok(()))
        }
        Err(problem) if problem.code == ProblemCode::QuoteChanged => {
            (WalkIn::Changed(join, problem.by), Ok(()))
        }
        Err(problem) => (WalkIn::Person(join.service), Err(problem)),
    }
}

/// The panel in place of the waiting.
#[component]
pub(super) fn WalkInPanel(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let person = Person::new();
    let party = Party::new();
    let now_at = Memo::new(move |_| match desk.panel.get() {
        Some(Panel::WalkIn(step)) => Some(step),
        _ => None,
    });
    let step = move || match now_at.get() {
        None => ().into_any(),
        Some(WalkIn::Service) => view! { <ServiceStep desk /> }.into_any(),
        Some(WalkIn::Person(service)) => {
            view! { <PersonStep desk service person party /> }.into_any()
        }
        Some(WalkIn::Sent(..)) => view! { <p class="sending waits">"…"</p> }.into_any(),
        Some(WalkIn::Changed(join, by)) => view! { <ChangedStep desk join by /> }.into_any(),
        Some(WalkIn::Say(Said { service, by, visit, link })) => {
            let kind = desk.head(|h| Some(h.promises(service))).unwrap_or_default();
            let slip = visit.zip(link.clone()).map(
                |(visit, link)| view! { <Slip desk visit kind by code=api::visit_qr(&link) /> },
            );
            view! {
                <SayCard kind by link />
                {slip}
            }
            .into_any()
        }
    };
    let is_said = move || now_at.with(|w| matches!(w, Some(WalkIn::Say(..))));
    let close = move || if is_said() { Text::Done } else { Text::Cancel };
    view! {
        <section class="walk-in" data-testid="walkin-panel">
            {step}
            <div class="acts end">
                <TapButton
                    testid="walkin-close"
                    look="quiet"
                    label=Signal::derive(move || i18n.say(close()))
                    on_tap=move || desk.panel.set(None)
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
            chosen=Signal::stored(Vec::<ServiceId>::new())
            show_times=Signal::derive(move || desk.live.is_live())
            on_choose=move |service| go_to(desk, WalkIn::Person(service))
        />
    }
}

fn go_to(desk: DeskState, step: WalkIn) {
    desk.panel.set(Some(Panel::WalkIn(step)));
}

#[component]
fn PersonStep(desk: DeskState, service: ServiceId, person: Person, party: Party) -> impl IntoView {
    let i18n = I18n::get();
    let choices =
        Memo::new(move |_| desk.head(|h| Some(Choice::person(h, service))).unwrap_or_default());
    let services = Memo::new(move |_| desk.head(|h| Some(h.services.clone())).unwrap_or_default());
    let choose = move |staff: Option<StaffId>| {
        let shown = desk.board.with_untracked(|b| shown(&b.as_ref()?.head, service, staff));
        let (name, contact) = (person.name(), person.contact());
        let requested = staff;
        add(desk, party.joins(Join { requested, name, contact, shown, ..Join::new(service) }));
    };
    view! {
        // What most need comes first: the tap that ends it.
        <h2>{move || i18n.say(Text::ChoosePerson)}</h2>
        <Tiles
            choices
            chosen=Signal::stored(Vec::<Option<StaffId>>::new())
            show_times=Signal::derive(move || desk.live.is_live())
            on_choose=choose
        />
        <AlsoServices party service services />
        <Companions party services usual=Signal::stored(Some(service)) />
        <PersonFields person testid="walkin" />
    }
}

/// What else they come for, folded away; nothing where there is one service only.
#[component]
fn AlsoServices(
    party: Party,
    service: ServiceId,
    services: Memo<Vec<ServiceInfo>>,
) -> impl IntoView {
    let i18n = I18n::get();
    let is_open = RwSignal::new(party.more.with_untracked(|more| !more.is_empty()));
    let others = Memo::new(move |_| {
        services.with(|all| all.iter().filter(|s| s.id != service).cloned().collect::<Vec<_>>())
    });
    let other = move |other: ServiceInfo| {
        let id = other.id;
        view! {
            <TapButton
                testid=format!("also-{id}")
                label=other.name
                chosen=Signal::derive(move || party.more.with(|more| more.contains(&id)))
                on_tap=move || party.toggle(id)
            />
        }
    };
    view! {
        <Show when=move || !others.with(Vec::is_empty)>
            <div class="chips">
                <TapButton
                    testid="also"
                    look="quiet"
                    label=Signal::derive(move || format!("+ {}", i18n.say(Text::PartyAlso)))
                    chosen=is_open
                    on_tap=move || is_open.update(|open| *open = !*open)
                />
                <Show when=move || is_open.get()>
                    <For
                        each=move || others.get()
                        key=|s| (s.id, s.name.clone())
                        children=other
                    />
                </Show>
            </div>
        </Show>
    }
}

/// The time on a tile, to say yes to.
pub(super) fn shown(head: &ShopHead, service: ServiceId, staff: Option<StaffId>) -> Option<Shown> {
    head.quote(service, staff).map(|by| Shown { by, at: head.quoted_at })
}

/// Adds somebody; the panel waits for the answer.
pub(super) fn add(desk: DeskState, join: Join) {
    if desk.live.state.get_untracked() == State::Live {
        price::ask(desk, Command::AddWalkIn(join));
    } else if let Some(id) = desk.live.tap(Command::AddWalkIn(join.clone())) {
        go_to(desk, WalkIn::Sent(id, join));
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

/// The sentence to say, with the time large, and the private link as a code to scan.
#[component]
pub(super) fn SayCard(
    kind: PromiseKind,
    by: Option<Timestamp>,
    link: Option<String>,
) -> impl IntoView {
    let i18n = I18n::get();
    let sentence = match by {
        Some(at) => view! {
            <p class="word">{move || i18n.say(promise::word(kind))}</p>
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
