//! The right side: a card for each person who serves.

use leptos::prelude::*;
use sooner_shared::screen::desk::{Chair, is_serving, offered_to};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{DeskCard, Duty, PromiseKind, StaffInfo, Stage};
use sooner_shared::words::Text;
use sooner_shared::{Command, StaffId, VisitId};

use super::duty::{DutyMore, DutyPanel, Longer};
use super::more::{MoreButton, MorePanel};
use super::waiting::{Tags, what_for};
use super::{DeskState, Nudged};
use crate::components::button::TapButton;
use crate::i18n::I18n;
use sooner_shared::words::promise;

/// How long ago somebody has finished who forgot to tap, in minutes.
const FINISHED_AGO_MIN: i64 = 5;

/// Everybody who serves.
#[component]
pub(super) fn Chairs(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let ids = Memo::new(move |_| {
        desk.head(|h| Some(h.staff.iter().map(|s| s.id).collect::<Vec<_>>())).unwrap_or_default()
    });
    view! {
        <section class="chairs" data-testid="chairs">
            <h2>{move || i18n.say(Text::DeskChairs)}</h2>
            <div class="cards">
                <For
                    each=move || ids.get()
                    key=|staff| *staff
                    children=move |staff| view! { <ChairCard desk staff /> }
                />
            </div>
        </section>
    }
}

#[component]
fn ChairCard(desk: DeskState, staff: StaffId) -> impl IntoView {
    let i18n = I18n::get();
    let person: Memo<Option<StaffInfo>> =
        Memo::new(move |_| desk.head(|h| h.person(staff).cloned()));
    let chair = Memo::new(move |_| {
        desk.board.with(|b| b.as_ref().map(|b| Chair::of(b, staff)).unwrap_or_default())
    });
    let offered = Memo::new(move |_| {
        desk.board.with(|b| b.as_ref().map(|b| offered_to(b, staff)).unwrap_or_default())
    });
    let on_duty = Memo::new(move |_| person.with(|p| p.as_ref().is_some_and(|p| p.on_duty)));
    let may_call = Memo::new(move |_| person.with(|p| p.as_ref().is_some_and(is_serving)));
    let name = move || person.with(|p| p.as_ref().map(|p| p.name.clone()));
    let place = move || person.with(|p| p.as_ref().map(|p| p.place.clone()));
    let state = move || person.with(|p| p.as_ref().map(|p| state(i18n, p)));
    let is_empty = move || chair.get() == Chair::default() || !may_call.get();
    let is_open = RwSignal::new(false);
    let serving = Memo::new(move |_| chair.get().serving);
    let called = Memo::new(move |_| chair.get().called);
    view! {
        <article
            class="card chair"
            class:off=move || !on_duty.get()
            data-testid=format!("chair-card-{staff}")
            data-duty=move || person.with(|p| p.as_ref().map(|p| duty_name(p.duty)))
        >
            <div class="person">
                <strong class="name">{name}</strong>
                <span class="place">{place}</span>
                <Show when=is_empty>
                    <span class="free" data-testid=format!("duty-state-{staff}")>{state}</span>
                </Show>
                // Who works ends that under "more": it is tapped once a day.
                <Show when=move || !may_call.get()>
                    <DutyButton desk staff person />
                </Show>
                <DutyMore staff is_open />
            </div>
            <DutyPanel desk staff person is_open />
            <For
                each=move || offered.get()
                key=|visit| *visit
                children=move |visit| view! { <Offered desk visit /> }
            />
            {move || serving.get().map(|visit| view! { <InChair desk visit /> })}
            {move || called.get().map(|visit| view! { <OnTheWay desk visit /> })}
            <ChairActs desk staff chair may_call />
            {move || {
                let chair = chair.get();
                [chair.serving, chair.called]
                    .into_iter()
                    .flatten()
                    .map(|visit| view! { <MorePanel desk visit /> })
                    .collect_view()
            }}
        </article>
    }
}

/// One row for everything that is done at a chair. "Next" stays where it is, so that a finger, or the
/// focus of a keyboard, stays on it.
#[component]
fn ChairActs(
    desk: DeskState,
    staff: StaffId,
    chair: Memo<Chair>,
    may_call: Memo<bool>,
) -> impl IntoView {
    let serving = Memo::new(move |_| chair.get().serving);
    let called = Memo::new(move |_| chair.get().called);
    view! {
        <div
            class="acts chair-acts"
            class:start-first=move || called.get().is_some()
            data-home=format!("chair-{staff}")
        >
            {move || called.get().map(|visit| view! { <StartButton desk visit staff /> })}
            <Show when=move || may_call.get()>
                <NextButton desk staff chair />
            </Show>
            {move || serving.get().map(|visit| view! { <FinishButton desk visit staff /> })}
            {move || called.get().map(|visit| view! { <AbsentButton desk visit staff /> })}
            <Show when=move || serving.get().is_some() && may_call.get()>
                <Longer desk staff />
            </Show>
            {move || {
                let chair = chair.get();
                chair.serving.or(chair.called).map(|visit| view! { <MoreButton desk visit /> })
            }}
        </div>
    }
}

const fn duty_name(duty: Duty) -> &'static str {
    match duty {
        Duty::On => "on",
        Duty::Break { .. } => "break",
        Duty::Off { .. } => "off",
    }
}

/// "Free", "break until 14:20", "Off duty · expected: 10:00".
fn state(i18n: I18n, person: &StaffInfo) -> String {
    match person.duty {
        Duty::On => i18n.say(Text::DeskFree),
        Duty::Break { until } => i18n.say_at(Text::DutyBreakUntil, until),
        Duty::Off { .. } if person.unseen => i18n.say(Text::DutyUnseen),
        Duty::Off { expected_at: Some(at) } => {
            format!("{} · {}", i18n.say(Text::DeskOffDuty), i18n.say_bare(Text::TagExpected, at))
        }
        Duty::Off { expected_at: None } => i18n.say(Text::DeskOffDuty),
    }
}

/// Begins and ends work, and ends a break.
#[component]
fn DutyButton(desk: DeskState, staff: StaffId, person: Memo<Option<StaffInfo>>) -> impl IntoView {
    let i18n = I18n::get();
    let command = move |p: &StaffInfo| match p.duty {
        Duty::Break { .. } => (Command::EndBreak { staff }, Text::BreakOver),
        _ if p.on_duty => (Command::GoOffDuty { staff }, Text::DeskGoOffDuty),
        _ => (Command::GoOnDuty { staff }, Text::DeskGoOnDuty),
    };
    let label = Signal::derive(move || {
        person.with(|p| p.as_ref().map(|p| i18n.say(command(p).1)).unwrap_or_default())
    });
    let waits = Signal::derive(move || {
        let asked = [
            Command::GoOnDuty { staff },
            Command::GoOffDuty { staff },
            Command::EndBreak { staff },
        ];
        desk.live.waits(|c| asked.contains(c))
    });
    let tap = move || {
        if let Some(command) = person.with_untracked(|p| p.as_ref().map(|p| command(p).0)) {
            desk.tap(command);
        }
    };
    view! { <TapButton testid=format!("duty-{staff}") look="quiet" label waits on_tap=tap /> }
}

/// What a colleague offers: it stays with them until it is accepted.
#[component]
fn Offered(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let card = desk.card(visit);
    let text = move || {
        let name = card.with(|c| c.as_ref().map(|c| c.name.clone()))?;
        Some(i18n.say_with(Text::HandOffer, &[("name", &name)]))
    };
    let what = move || card.with(|c| c.as_ref().map(|c| what_for(desk, c)));
    let (yes, no) = (Command::AcceptHandOver { visit }, Command::DeclineHandOver { visit });
    view! {
        <div class="visit called" data-testid=format!("offered-{visit}")>
            <div class="who">
                <strong class="name">{text}</strong>
                <span class="what">{what}</span>
            </div>
            <div class="acts">
                <TapButton
                    testid=format!("accept-{visit}")
                    look="main"
                    label=Signal::derive(move || i18n.say(Text::Accept))
                    waits=desk.waits(yes.clone())
                    on_tap=move || desk.tap(yes.clone())
                />
                <TapButton
                    testid=format!("decline-{visit}")
                    label=Signal::derive(move || i18n.say(Text::Decline))
                    waits=desk.waits(no.clone())
                    on_tap=move || desk.tap(no.clone())
                />
            </div>
        </div>
    }
}

#[component]
fn NextButton(desk: DeskState, staff: StaffId, chair: Memo<Chair>) -> impl IntoView {
    let i18n = I18n::get();
    let waits = Signal::derive(move || {
        desk.live.waits(|c| matches!(c, Command::CallNext { staff: s, .. } if *s == staff))
    });
    let tap = move || {
        desk.tap(Command::CallNext { staff, after: chair.get_untracked().seen() });
    };
    view! {
        <TapButton
            testid=format!("next-{staff}")
            look="main"
            label=Signal::derive(move || i18n.say(Text::DeskNext))
            waits
            disabled=Signal::derive(move || !desk.live.is_live())
            on_tap=tap
        />
    }
}

/// Whether somebody is only on the phone with those who serve.
fn is_call_back(desk: DeskState, visit: VisitId) -> Memo<bool> {
    let card = desk.card(visit);
    Memo::new(move |_| card.with(|c| c.as_ref().is_some_and(|c| c.kind == PromiseKind::CallBack)))
}

#[component]
fn StartButton(desk: DeskState, visit: VisitId, staff: StaffId) -> impl IntoView {
    let i18n = I18n::get();
    let rings = is_call_back(desk, visit);
    let start = Command::Start { visit, staff };
    let label =
        Signal::derive(move || i18n.say(if rings.get() { Text::Spoken } else { Text::DeskStart }));
    view! {
        <TapButton
            testid=format!("start-{staff}")
            look="main"
            label
            waits=desk.waits(start.clone())
            on_tap=move || desk.tap(start.clone())
        />
    }
}

#[component]
fn AbsentButton(desk: DeskState, visit: VisitId, staff: StaffId) -> impl IntoView {
    let i18n = I18n::get();
    let rings = is_call_back(desk, visit);
    let absent = Command::ReturnToLine { visit };
    let label = Signal::derive(move || {
        i18n.say(if rings.get() { Text::NotReached } else { Text::DeskAbsent })
    });
    view! {
        <TapButton
            testid=format!("absent-{staff}")
            label
            waits=desk.waits(absent.clone())
            on_tap=move || desk.tap(absent.clone())
        />
    }
}

#[component]
fn FinishButton(desk: DeskState, visit: VisitId, staff: StaffId) -> impl IntoView {
    let i18n = I18n::get();
    let finish = Command::Finish { visit };
    view! {
        <TapButton
            testid=format!("finish-{staff}")
            label=Signal::derive(move || i18n.say(Text::DeskFinish))
            waits=desk.waits(finish.clone())
            on_tap=move || desk.tap(finish.clone())
        />
    }
}

#[component]
fn InChair(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let card = desk.card(visit);
    let since =
        move || card.with(|c| c.as_ref()?.started_at).map(|at| i18n.say_at(Text::DeskSince, at));
    view! {
        <div class="visit serving" class:unsent=desk.is_kept(visit) data-testid=format!("serving-{visit}")>
            <VisitLine desk card />
            <span class="since">{since}</span>
            <Tags desk visit />
            <Nudge desk visit />
        </div>
    }
}

/// One line that asks whether a tap was forgotten; nobody has to answer it.
#[component]
fn Nudge(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let card = desk.card(visit);
    let Nudged(nudged) = expect_context();
    let asked = Memo::new(move |_| nudged.get() == Some(visit));
    let words = move || {
        let name = card.with(|c| c.as_ref().map(|c| c.name.clone())).unwrap_or_default();
        i18n.say_with(Text::StillWith, &[("name", &name)])
    };
    let still = StoredValue::new(Command::StillServing { visit });
    let finished = Signal::derive(move || {
        i18n.say_with(Text::FinishedAgo, &[("n", &FINISHED_AGO_MIN.to_string())])
    });
    view! {
        <Show when=move || asked.get()>
            <div class="nudge" data-testid=format!("nudge-{visit}")>
                <span>{words}</span>
                <TapButton
                    testid=format!("still-{visit}")
                    label=Signal::derive(move || i18n.say(Text::ActStill))
                    waits=desk.waits(still.get_value())
                    on_tap=move || desk.tap(still.get_value())
                />
                <TapButton
                    testid=format!("finished-{visit}")
                    label=finished
                    on_tap=move || {
                        desk.live.tap_earlier(
                            Command::Finish { visit },
                            FINISHED_AGO_MIN * MINUTE_MS,
                        );
                    }
                />
            </div>
        </Show>
    }
}

#[component]
fn OnTheWay(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let card = desk.card(visit);
    let since =
        move || card.with(|c| c.as_ref()?.called_at).map(|at| i18n.say_at(Text::DeskCalledAt, at));
    view! {
        <div class="visit called" data-testid=format!("called-{visit}")>
            <VisitLine desk card />
            <span class="since">{since}</span>
            <Tags desk visit />
        </div>
    }
}

/// Name and service of somebody who is in a chair or on the way, the promise until it is started.
#[component]
fn VisitLine(desk: DeskState, card: Memo<Option<DeskCard>>) -> impl IntoView {
    let i18n = I18n::get();
    let name = move || card.with(|c| c.as_ref().map(|c| c.name.clone()));
    let service = move || card.with(|c| c.as_ref().map(|c| what_for(desk, c)));
    let by = move || {
        // Once it is started only what is to be ready is still owed.
        let is_owed = |c: &&DeskCard| c.stage == Stage::Called || c.kind == PromiseKind::Ready;
        let (kind, by) = card.with(|c| c.as_ref().filter(is_owed).map(|c| (c.kind, c.by)))?;
        Some(i18n.say_at(promise::by(kind), by?))
    };
    let what = move || [service(), by()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <div class="who">
            <strong class="name"><bdi>{name}</bdi></strong>
            <span class="what">{what}</span>
        </div>
    }
}
