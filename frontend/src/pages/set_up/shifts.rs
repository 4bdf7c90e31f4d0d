//! When somebody works: whenever the shop is open, or in hours of their own; and their breaks.

use leptos::prelude::*;
use sooner_shared::set_up::{HoursForm, SetUpForm, WeekForm};
use sooner_shared::words::Text;

use super::Page;
use super::fields::{Fault, FaultProps};
use super::week::{Of, Week, WeekProps};
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// So many days from Monday on, and their hours: what is begun with in a shop that never closes.
const USUAL: (usize, &str) = (5, "09:00-18:00");

/// What somebody begins with whose hours are to be their own: the shop's.
fn first_week(form: &SetUpForm) -> WeekForm {
    let (days, span) = USUAL;
    let usual = || {
        WeekForm::of(std::array::from_fn(|day| {
            if day < days { vec![span.to_owned()] } else { Vec::new() }
        }))
    };
    form.hours.as_ref().map_or_else(usual, |hours| hours.week.clone())
}

/// The form without breaks of which none is left.
pub(super) fn without_empty_breaks(mut form: SetUpForm) -> SetUpForm {
    for person in &mut form.staff {
        person.breaks = person.breaks.take().filter(|week| !week.is_empty());
    }
    form
}

#[component]
pub(super) fn Shifts(
    page: Page,
    /// Whose, by their place in the form.
    at: usize,
) -> impl IntoView {
    let i18n = I18n::get();
    let has_own = Memo::new(move |_| {
        page.read(|form| form.staff.get(at).is_some_and(|person| person.shifts.is_some()))
            .unwrap_or_default()
    });
    let set_own = move |is_own: bool| {
        page.change(|form| {
            let week = first_week(form);
            let Some(person) = form.staff.get_mut(at) else { return };
            let own = || HoursForm { week, ..HoursForm::default() };
            person.shifts = is_own.then(|| person.shifts.take().unwrap_or_else(own));
        });
    };
    let field = Of::Shifts(at).field();
    view! {
        <div class="buttons">
            <TapButton
                testid=format!("shift-{at}-always")
                label=Signal::derive(move || i18n.say(Text::ShiftAlways))
                chosen=Signal::derive(move || !has_own.get())
                on_tap=move || set_own(false)
            />
            <TapButton
                testid=format!("shift-{at}-own")
                label=Signal::derive(move || i18n.say(Text::ShiftOwn))
                chosen=Signal::derive(move || has_own.get())
                on_tap=move || set_own(true)
            />
        </div>
        <Show when=move || has_own.get()>{Week(WeekProps { page, of: Of::Shifts(at) })}</Show>
        {Fault(FaultProps { page, field, is_empty: None })}
        <div class="choice" role="group" aria-label=move || i18n.say(Text::ShiftBreaks)>
            <span class="quiet">{move || i18n.say(Text::ShiftBreaks)}</span>
            {Week(WeekProps { page, of: Of::Breaks(at) })}
        </div>
    }
}
