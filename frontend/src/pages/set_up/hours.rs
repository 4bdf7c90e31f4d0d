//! When the shop is open: a usual week by one tap, each day by itself, and days that differ.

use leptos::prelude::*;
use sooner_shared::set_up::{HoursForm, WeekForm};
use sooner_shared::words::Text;

use super::Page;
use super::fields::{Fault, FaultProps};
use super::week::{Of, Week, WeekProps};
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// A usual week: from which day to which, counted from Monday, and the hours of each.
const WEEKS: [(usize, usize, &str); 3] =
    [(0, 4, "09:00-18:00"), (1, 5, "09:00-19:00"), (0, 6, "09:00-20:00")];

#[component]
pub(super) fn HoursPart(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let has_hours = Memo::new(move |_| page.read(|form| form.hours.is_some()).unwrap_or_default());
    let usual = move |(from, to, span): (usize, usize, &'static str)| {
        let week = move || {
            WeekForm::of(std::array::from_fn(|day| {
                if (from..=to).contains(&day) { vec![span.to_owned()] } else { Vec::new() }
            }))
        };
        let label = Signal::derive(move || {
            let (first, last) = (i18n.weekday(from), i18n.weekday(to));
            format!("{first}\u{2013}{last} {}", span.replace('-', "\u{2013}"))
        });
        let is_chosen = Signal::derive(move || {
            page.read(|form| form.hours.as_ref().is_some_and(|hours| hours.week == week()))
                .unwrap_or_default()
        });
        let take = move || {
            page.change(|form| form.hours.get_or_insert_default().week = week());
        };
        view! {
            <TapButton testid=format!("week-{from}-{to}") label chosen=is_chosen on_tap=take />
        }
    };
    view! {
        <div class="buttons">
            {WEEKS.map(usual)}
            <TapButton
                testid="week-always"
                label=Signal::derive(move || i18n.say(Text::HoursAlways))
                chosen=Signal::derive(move || !has_hours.get())
                on_tap=move || page.change(|form| form.hours = None)
            />
        </div>
        <Show when=move || has_hours.get()>
            {Week(WeekProps { page, of: Of::Doors })}
            <Exceptions page />
        </Show>
        {Fault(FaultProps { page, field: "hours".into(), is_empty: None })}
    }
}

/// Days on which it is otherwise.
#[component]
fn Exceptions(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let date = RwSignal::new(String::new());
    let all = Memo::new(move |_| {
        page.read(|form| form.hours.as_ref().map(|hours| hours.exceptions.clone()))
            .flatten()
            .unwrap_or_default()
    });
    let change = move |change: &dyn Fn(&mut HoursForm)| {
        page.change(|form| {
            if let Some(hours) = &mut form.hours {
                change(hours);
            }
        });
    };
    let row = move |(day, spans): (String, Vec<String>)| {
        let says = move || {
            if spans.is_empty() { i18n.say(Text::HoursClosed) } else { spans.join(", ") }
        };
        let (removed, name) = (day.clone(), day.clone());
        view! {
            <li class="day">
                <span class="day-name">{day.clone()}</span>
                <span class="quiet">{says}</span>
                <TapButton
                    testid=format!("remove-{day}")
                    look="quiet"
                    label="\u{2715}"
                    called=Signal::derive(move || i18n.say_with(Text::RowRemove, &[("name", &name)]))
                    on_tap=move || change(&|hours| {
                        hours.exceptions.remove(&removed);
                    })
                />
            </li>
        }
    };
    view! {
        <details>
            <summary>{move || i18n.say(Text::HoursExceptions)}</summary>
            <ul class="week">
                <For each=move || all.get() key=Clone::clone children=row />
            </ul>
            <div class="buttons">
                <input
                    type="date"
                    class="plain"
                    data-testid="exception-date"
                    aria-label=move || i18n.say(Text::HoursExceptions)
                    bind:value=date
                />
                <TapButton
                    testid="exception-add"
                    label=Signal::derive(move || i18n.say(Text::HoursExceptionAdd))
                    disabled=Signal::derive(move || date.with(String::is_empty))
                    on_tap=move || change(&|hours| {
                        hours.exceptions.insert(date.get_untracked(), Vec::new());
                    })
                />
            </div>
        </details>
    }
}
