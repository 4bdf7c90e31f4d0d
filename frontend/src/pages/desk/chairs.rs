//! The right side: a card for each person who serves.

use leptos::prelude::*;
use sooner_shared::screen::desk::Chair;
use sooner_shared::view::{DeskCard, StaffInfo, Stage};
use sooner_shared::words::Text;
use sooner_shared::{Command, StaffId, VisitId};

use super::DeskState;
use crate::components::button::{SureButton, TapButton};
use crate::i18n::I18n;

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
    let on_duty = Memo::new(move |_| person.with(|p| p.as_ref().is_some_and(|p| p.on_duty)));
    let name = move || person.with(|p| p.as_ref().map(|p| p.name.clone()));
    let place = move || person.with(|p| p.as_ref().map(|p| p.place.clone()));
    let empty = move || i18n.say(if on_duty.get() { Text::DeskFree } else { Text::DeskOffDuty });
    let serving = move || chair.get().serving;
    let called = move || chair.get().called;
    view! {
        <article
            class="card chair"
            class:off=move || !on_duty.get()
            data-testid=format!("chair-card-{staff}")
            data-duty=move || if on_duty.get() { "on" } else { "off" }
        >
            <div class="person">
                <strong class="name">{name}</strong>
                <span class="place">{place}</span>
                <DutyButton desk staff on_duty />
            </div>
            <Show when=move || chair.get() == Chair::default()>
                <p class="free">{empty}</p>
            </Show>
            {move || serving().map(|visit| view! { <InChair desk visit /> })}
            {move || called().map(|visit| view! { <OnTheWay desk visit staff /> })}
            <Show when=move || on_duty.get()>
                <NextButton desk staff chair />
            </Show>
        </article>
    }
}

#[component]
fn DutyButton(desk: DeskState, staff: StaffId, on_duty: Memo<bool>) -> impl IntoView {
    let i18n = I18n::get();
    let label = Signal::derive(move || {
        i18n.say(if on_duty.get() { Text::DeskGoOffDuty } else { Text::DeskGoOnDuty })
    });
    let waits = Signal::derive(move || {
        desk.live.waits(|c| *c == Command::GoOnDuty { staff } || *c == Command::GoOffDuty { staff })
    });
    let tap = move || {
        desk.tap(if on_duty.get_untracked() {
            Command::GoOffDuty { staff }
        } else {
            Command::GoOnDuty { staff }
        });
    };
    view! { <TapButton testid=format!("duty-{staff}") look="quiet" label waits on_tap=tap /> }
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
        <div class="acts next">
            <TapButton
                testid=format!("next-{staff}")
                look="main"
                label=Signal::derive(move || i18n.say(Text::DeskNext))
                waits
                disabled=Signal::derive(move || !desk.live.is_live())
                on_tap=tap
            />
        </div>
    }
}

#[component]
fn InChair(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let card = desk.card(visit);
    let since =
        move || card.with(|c| c.as_ref()?.started_at).map(|at| i18n.say_at(Text::DeskSince, at));
    let staff = card.with_untracked(|c| c.as_ref().and_then(|c| c.staff));
    view! {
        <div class="visit serving" data-testid=format!("serving-{visit}")>
            <VisitLine desk card />
            <span class="since">{since}</span>
            <div class="acts">
                <TapButton
                    testid=staff.map(|s| format!("finish-{s}")).unwrap_or_default()
                    label=Signal::derive(move || i18n.say(Text::DeskFinish))
                    waits=Signal::derive(move || desk.live.waits(|c| *c == Command::Finish { visit }))
                    on_tap=move || desk.tap(Command::Finish { visit })
                />
            </div>
        </div>
    }
}

#[component]
fn OnTheWay(desk: DeskState, visit: VisitId, staff: StaffId) -> impl IntoView {
    let i18n = I18n::get();
    let card = desk.card(visit);
    let since =
        move || card.with(|c| c.as_ref()?.called_at).map(|at| i18n.say_at(Text::DeskCalledAt, at));
    let start = Command::Start { visit, staff };
    let absent = Command::ReturnToLine { visit };
    let no_show = Command::MarkNoShow { visit };
    let waits = move |command: &Command| {
        let command = command.clone();
        Signal::derive(move || desk.live.waits(|c| *c == command))
    };
    view! {
        <div class="visit called" data-testid=format!("called-{visit}")>
            <VisitLine desk card />
            <span class="since">{since}</span>
            <div class="acts">
                <TapButton
                    testid=format!("start-{staff}")
                    look="main"
                    label=Signal::derive(move || i18n.say(Text::DeskStart))
                    waits=waits(&start)
                    on_tap=move || desk.tap(start.clone())
                />
                <TapButton
                    testid=format!("absent-{staff}")
                    label=Signal::derive(move || i18n.say(Text::DeskAbsent))
                    waits=waits(&absent)
                    on_tap=move || desk.tap(absent.clone())
                />
                <SureButton
                    testid=format!("noshow-{staff}")
                    label=Signal::derive(move || i18n.say(Text::DeskNoShow))
                    sure=Signal::derive(move || i18n.say(Text::DeskNoShowSure))
                    waits=waits(&no_show)
                    on_tap=move || desk.tap(no_show.clone())
                />
            </div>
        </div>
    }
}

/// Name and service of somebody who is in a chair or on the way, the promise until it is started.
#[component]
fn VisitLine(desk: DeskState, card: Memo<Option<DeskCard>>) -> impl IntoView {
    let i18n = I18n::get();
    let name = move || card.with(|c| c.as_ref().map(|c| c.name.clone()));
    let service = move || {
        let id = card.with(|c| c.as_ref().map(|c| c.service))?;
        desk.head(|h| h.service(id).map(|s| s.name.clone()))
    };
    let by = move || {
        let by = card.with(|c| c.as_ref().filter(|c| c.stage == Stage::Called)?.by)?;
        Some(i18n.say_at(Text::By, by))
    };
    let what = move || [service(), by()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <div class="who">
            <strong class="name">{name}</strong>
            <span class="what">{what}</span>
        </div>
    }
}
