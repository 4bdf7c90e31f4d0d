//! Breaks in two taps, for whoever is on duty: whose, and for how long.

use leptos::prelude::*;
use sooner_shared::screen::desk::is_serving;
use sooner_shared::view::Duty;
use sooner_shared::words::Text;
use sooner_shared::{Command, StaffId};

use super::DeskState;
use super::duty::Breaks;
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// The panel in place of the waiting.
#[component]
pub(super) fn RestPanel(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let people = Memo::new(move |_| {
        desk.head(|h| Some(h.staff.iter().filter(|s| s.on_duty).map(|s| s.id).collect::<Vec<_>>()))
            .unwrap_or_default()
    });
    view! {
        <section class="panel" data-testid="rest-panel">
            <h2>{move || i18n.say(Text::BreakWhose)}</h2>
            <Show when=move || people.with(Vec::is_empty)>
                <p class="nobody">{move || i18n.say(Text::DeskNobodyOnDuty)}</p>
            </Show>
            <div class="cards">
                <For
                    each=move || people.get()
                    key=|staff| *staff
                    children=move |staff| view! { <RestCard desk staff /> }
                />
            </div>
            <div class="acts end">
                <TapButton
                    testid="rest-close"
                    look="quiet"
                    label=Signal::derive(move || i18n.say(Text::Cancel))
                    on_tap=move || desk.panel.set(None)
                />
            </div>
        </section>
    }
}

#[component]
fn RestCard(desk: DeskState, staff: StaffId) -> impl IntoView {
    let i18n = I18n::get();
    let name = move || desk.person(staff);
    let serves = Memo::new(move |_| desk.head(|h| h.person(staff).map(is_serving)) == Some(true));
    let until = move || {
        let duty = desk.head(|h| h.person(staff).map(|p| p.duty))?;
        match duty {
            Duty::Break { until } => Some(i18n.say_at(Text::DutyBreakUntil, until)),
            Duty::On | Duty::Off { .. } => None,
        }
    };
    let back = Command::EndBreak { staff };
    let back = StoredValue::new(back);
    let over = move || {
        view! {
            <TapButton
                testid=format!("rest-over-{staff}")
                look="main"
                label=Signal::derive(move || i18n.say(Text::BreakOver))
                waits=desk.waits(back.get_value())
                on_tap=move || {
                    desk.panel.set(None);
                    desk.tap(back.get_value());
                }
            />
        }
    };
    view! {
        <article class="card rest" data-testid=format!("rest-{staff}")>
            <div class="who">
                <strong class="name">{name}</strong>
                <span class="what">{until}</span>
            </div>
            <Show when=move || serves.get() fallback=over>
                <Breaks desk staff on_tap=move || desk.panel.set(None) />
            </Show>
        </article>
    }
}
