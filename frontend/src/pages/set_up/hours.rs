//! When the shop is open: a usual week by one tap, each day by itself, and days that differ.

use leptos::prelude::*;
use sooner_shared::set_up::{HoursForm, SetUpForm, WeekForm};
use sooner_shared::words::Text;

use super::Page;
use super::fields::{Fault, FaultProps};
use crate::components::button::TapButton;
use crate::i18n::I18n;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What a day begins with that was closed.
const USUAL: &str = "09:00-18:00";

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
            <ul class="week">{(0..7).map(|day| view! { <Day page day /> }).collect_view()}</ul>
            <Exceptions page />
        </Show>
        {Fault(FaultProps { page, field: "hours".into(), is_empty: None })}
    }
}

/// The spans of a day.
fn spans(form: &SetUpForm, day: usize) -> &[String] {
    form.hours.as_ref().map_or(&[], |hours| hours.week.days()[day].1)
}

fn change_day(page: Page, day: usize, change: impl FnOnce(&mut Vec<String>)) {
    page.change(|form| {
        let hours = form.hours.get_or_insert_with(HoursForm::default);
        change(hours.week.days_mut()[day]);
    });
}

#[component]
fn Day(page: Page, day: usize) -> impl IntoView {
    let i18n = I18n::get();
    let count = Memo::new(move |_| page.read(|form| spans(form, day).len()).unwrap_or_default());
    let says =
        move |text| Signal::derive(move || i18n.say_with(text, &[("day", &i18n.weekday(day))]));
    let key = DAYS[day];
    let copy = move || {
        page.change(|form| {
            let like = spans(form, day).to_vec();
            let Some(hours) = &mut form.hours else { return };
            let open = hours.week.days_mut().into_iter().filter(|spans| !spans.is_empty());
            open.for_each(|spans| spans.clone_from(&like));
        });
    };
    view! {
        <li class="day" data-testid=format!("day-{key}")>
            <span class="day-name">{move || i18n.weekday(day)}</span>
            <div class="day-spans">
                <Show when=move || count.get() == 0>
                    <span class="quiet">{move || i18n.say(Text::HoursClosed)}</span>
                </Show>
                <For
                    each=move || 0..count.get()
                    key=|at| *at
                    children=move |at| view! { <SpanRow page day at /> }
                />
            </div>
            <span class="day-buttons">
                <TapButton
                    testid=format!("add-{key}")
                    look="quiet"
                    label="+"
                    called=says(Text::HoursAdd)
                    on_tap=move || change_day(page, day, |spans| spans.push(next_span(spans)))
                />
                <Show when=move || { count.get() > 0 }>
                    <TapButton
                        testid=format!("copy-{key}")
                        look="quiet"
                        label="\u{21d5}"
                        called=says(Text::HoursCopy)
                        on_tap=copy
                    />
                </Show>
            </span>
            {Fault(FaultProps { page, field: format!("hours.{key}"), is_empty: None })}
        </li>
    }
}

/// What is added to a day: its usual hours, or two hours after those there are.
fn next_span(spans: &[String]) -> String {
    match spans.last().and_then(|last| last.split_once('-')?.1.get(..2)?.parse::<u8>().ok()) {
        Some(hour) if hour < 21 => format!("{:02}:00-{:02}:00", hour + 1, hour + 3),
        Some(_) => "22:00-23:00".to_owned(),
        None => USUAL.to_owned(),
    }
}

/// Both clock times of a span; one that ends after midnight is written beyond 24:00.
pub(super) fn clock_times(span: &str) -> (String, String) {
    let (from, to) = span.split_once('-').unwrap_or((span, ""));
    let wrapped = to.split_once(':').and_then(|(hour, minute)| {
        let hour: u8 = hour.parse().ok()?;
        (hour >= 24).then(|| format!("{:02}:{minute}", hour - 24))
    });
    (from.to_owned(), wrapped.unwrap_or_else(|| to.to_owned()))
}

/// The span of two clock times; until midnight is until 24:00.
pub(super) fn span_of(from: &str, to: &str) -> String {
    let beyond = to.split_once(':').filter(|_| to <= from && !from.is_empty());
    let wrapped = beyond.and_then(|(hour, minute)| {
        Some(format!("{from}-{:02}:{minute}", hour.parse::<u8>().ok()? + 24))
    });
    wrapped.unwrap_or_else(|| format!("{from}-{to}"))
}

#[component]
fn SpanRow(page: Page, day: usize, at: usize) -> impl IntoView {
    let i18n = I18n::get();
    let key = DAYS[day];
    let times = Memo::new(move |_| {
        let span = page.read(|form| spans(form, day).get(at).cloned()).flatten();
        clock_times(&span.unwrap_or_default())
    });
    let write = move |is_from: bool, value: &str| {
        let (from, to) = times.get_untracked();
        let span = if is_from { span_of(value, &to) } else { span_of(&from, value) };
        change_day(page, day, |spans| {
            if let Some(place) = spans.get_mut(at) {
                *place = span;
            }
        });
    };
    let says = move |text| i18n.say_with(text, &[("day", &i18n.weekday(day))]);
    view! {
        <span class="span">
            <input
                type="time"
                class="plain"
                data-testid=format!("from-{key}-{at}")
                aria-label=move || says(Text::HoursFrom)
                prop:value=move || times.get().0
                on:change=move |event| write(true, &event_target_value(&event))
            />
            <span aria-hidden="true">"\u{2013}"</span>
            <input
                type="time"
                class="plain"
                data-testid=format!("to-{key}-{at}")
                aria-label=move || says(Text::HoursTo)
                prop:value=move || times.get().1
                on:change=move |event| write(false, &event_target_value(&event))
            />
            <TapButton
                testid=format!("remove-{key}-{at}")
                look="quiet"
                label="\u{2715}"
                called=Signal::derive(move || says(Text::HoursRemove))
                on_tap=move || change_day(page, day, |spans| {
                    if at < spans.len() {
                        spans.remove(at);
                    }
                })
            />
        </span>
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
