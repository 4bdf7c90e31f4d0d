//! A week, day by day, each with its spans: when the doors are open, when somebody works, when they
//! have a break.

use leptos::prelude::*;
use sooner_shared::set_up::{HoursForm, SetUpForm, WeekForm};
use sooner_shared::words::Text;

use super::Page;
use super::fields::{Fault, FaultProps};
use crate::components::button::TapButton;
use crate::i18n::I18n;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What a day begins with that had none: of hours, of breaks.
const USUAL: &str = "09:00-18:00";
const USUAL_BREAK: &str = "12:30-13:00";

/// Whose week it is; people by their place in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// When the doors are open.
    Doors,
    /// When somebody works.
    Shifts(usize),
    /// When somebody has a break.
    Breaks(usize),
}

impl Of {
    /// What its fields are called, in faults too.
    pub(super) fn field(self) -> String {
        match self {
            Self::Doors => "hours".to_owned(),
            Self::Shifts(at) => format!("staff.{at}.shifts"),
            Self::Breaks(at) => format!("staff.{at}.breaks"),
        }
    }

    /// What stands before the names of its fields, for tests.
    fn prefix(self) -> String {
        match self {
            Self::Doors => String::new(),
            Self::Shifts(at) => format!("shift-{at}-"),
            Self::Breaks(at) => format!("break-{at}-"),
        }
    }

    /// What is said of a day without any.
    const fn nothing(self) -> Text {
        match self {
            Self::Doors => Text::HoursClosed,
            Self::Shifts(_) => Text::ShiftFree,
            Self::Breaks(_) => Text::BreakNone,
        }
    }

    fn week(self, form: &SetUpForm) -> Option<&WeekForm> {
        match self {
            Self::Doors => form.hours.as_ref().map(|hours| &hours.week),
            Self::Shifts(at) => form.staff.get(at)?.shifts.as_ref().map(|hours| &hours.week),
            Self::Breaks(at) => form.staff.get(at)?.breaks.as_ref(),
        }
    }

    fn week_mut(self, form: &mut SetUpForm) -> Option<&mut WeekForm> {
        match self {
            Self::Doors => Some(&mut form.hours.get_or_insert_with(HoursForm::default).week),
            Self::Shifts(at) => {
                let shifts = &mut form.staff.get_mut(at)?.shifts;
                Some(&mut shifts.get_or_insert_with(HoursForm::default).week)
            }
            Self::Breaks(at) => Some(form.staff.get_mut(at)?.breaks.get_or_insert_default()),
        }
    }

    /// The days that one day can be copied to: those that have spans; breaks are had on working days.
    fn copied_to(self, form: &SetUpForm) -> [bool; 7] {
        let working = match self {
            Self::Doors | Self::Shifts(_) => self.week(form),
            Self::Breaks(at) => Self::Shifts(at).week(form).or_else(|| Self::Doors.week(form)),
        };
        working.map_or([true; 7], |week| week.days().map(|(_, spans)| !spans.is_empty()))
    }

    fn spans(self, form: &SetUpForm, day: usize) -> &[String] {
        self.week(form).map_or(&[], |week| week.days()[day].1)
    }

    fn change_day(self, page: Page, day: usize, change: impl FnOnce(&mut Vec<String>)) {
        page.change(|form| {
            if let Some(week) = self.week_mut(form) {
                change(week.days_mut()[day]);
            }
        });
    }

    /// What is added to a day.
    fn next_span(self, spans: &[String]) -> String {
        match (self, spans) {
            (Self::Breaks(_), []) => USUAL_BREAK.to_owned(),
            _ => next_span(spans),
        }
    }
}

/// All seven days, each with what is wrong with it.
#[component]
pub(super) fn Week(page: Page, of: Of) -> impl IntoView {
    view! { <ul class="week">{(0..7).map(|day| view! { <Day page of day /> }).collect_view()}</ul> }
}

#[component]
fn Day(page: Page, of: Of, day: usize) -> impl IntoView {
    let i18n = I18n::get();
    let count = Memo::new(move |_| page.read(|form| of.spans(form, day).len()).unwrap_or_default());
    let says =
        move |text| Signal::derive(move || i18n.say_with(text, &[("day", &i18n.weekday(day))]));
    let (key, prefix) = (DAYS[day], of.prefix());
    let copy_id = format!("{prefix}copy-{key}");
    let copy = move || {
        page.change(|form| {
            let like = of.spans(form, day).to_vec();
            let to = of.copied_to(form);
            let Some(week) = of.week_mut(form) else { return };
            let days = week.days_mut().into_iter().zip(to);
            days.filter(|(_, is_meant)| *is_meant).for_each(|(spans, _)| spans.clone_from(&like));
        });
    };
    view! {
        <li class="day" data-testid=format!("{prefix}day-{key}")>
            <span class="day-name">{move || i18n.weekday(day)}</span>
            <div class="day-spans">
                <Show when=move || count.get() == 0>
                    <span class="quiet">{move || i18n.say(of.nothing())}</span>
                </Show>
                <For
                    each=move || 0..count.get()
                    key=|at| *at
                    children=move |at| view! { <SpanRow page of day at /> }
                />
            </div>
            <span class="day-buttons">
                <TapButton
                    testid=format!("{prefix}add-{key}")
                    look="quiet"
                    label="+"
                    called=says(Text::HoursAdd)
                    on_tap=move || of.change_day(page, day, |spans| spans.push(of.next_span(spans)))
                />
                <Show when=move || { count.get() > 0 }>
                    <TapButton
                        testid=copy_id.clone()
                        look="quiet"
                        label="\u{21d5}"
                        called=says(Text::HoursCopy)
                        on_tap=copy
                    />
                </Show>
            </span>
            {Fault(FaultProps { page, field: format!("{}.{key}", of.field()), is_empty: None })}
        </li>
    }
}

/// Two hours after the spans there are; where there is none, the usual hours.
fn next_span(spans: &[String]) -> String {
    match spans.last().and_then(|last| last.split_once('-')?.1.get(..2)?.parse::<u8>().ok()) {
        Some(hour) if hour < 21 => format!("{:02}:00-{:02}:00", hour + 1, hour + 3),
        Some(_) => "22:00-23:00".to_owned(),
        None => USUAL.to_owned(),
    }
}

/// Both clock times of a span; one that ends after midnight is written beyond 24:00.
fn clock_times(span: &str) -> (String, String) {
    let (from, to) = span.split_once('-').unwrap_or((span, ""));
    let wrapped = to.split_once(':').and_then(|(hour, minute)| {
        let hour: u8 = hour.parse().ok()?;
        (hour >= 24).then(|| format!("{:02}:{minute}", hour - 24))
    });
    (from.to_owned(), wrapped.unwrap_or_else(|| to.to_owned()))
}

/// The span of two clock times; until midnight is until 24:00.
fn span_of(from: &str, to: &str) -> String {
    let beyond = to.split_once(':').filter(|_| to <= from && !from.is_empty());
    let wrapped = beyond.and_then(|(hour, minute)| {
        Some(format!("{from}-{:02}:{minute}", hour.parse::<u8>().ok()? + 24))
    });
    wrapped.unwrap_or_else(|| format!("{from}-{to}"))
}

#[component]
fn SpanRow(page: Page, of: Of, day: usize, at: usize) -> impl IntoView {
    let i18n = I18n::get();
    let (key, prefix) = (DAYS[day], of.prefix());
    let times = Memo::new(move |_| {
        let span = page.read(|form| of.spans(form, day).get(at).cloned()).flatten();
        clock_times(&span.unwrap_or_default())
    });
    let write = move |is_from: bool, value: &str| {
        let (from, to) = times.get_untracked();
        let span = if is_from { span_of(value, &to) } else { span_of(&from, value) };
        of.change_day(page, day, |spans| {
            if let Some(place) = spans.get_mut(at) {
                *place = span;
            }
        });
    };
    let says = move |text| i18n.say_with(text, &[("day", &i18n.weekday(day))]);
    let field = move |testid: String, text, is_from: bool| {
        view! {
            <input
                type="time"
                class="plain"
                data-testid=testid
                aria-label=move || says(text)
                prop:value=move || times.with(|(from, to)| if is_from { from } else { to }.clone())
                on:change=move |event| write(is_from, &event_target_value(&event))
            />
        }
    };
    view! {
        <span class="span">
            {field(format!("{prefix}from-{key}-{at}"), Text::HoursFrom, true)}
            <span aria-hidden="true">"\u{2013}"</span>
            {field(format!("{prefix}to-{key}-{at}"), Text::HoursTo, false)}
            <TapButton
                testid=format!("{prefix}remove-{key}-{at}")
                look="quiet"
                label="\u{2715}"
                called=Signal::derive(move || says(Text::HoursRemove))
                on_tap=move || of.change_day(page, day, |spans| {
                    if at < spans.len() {
                        spans.remove(at);
                    }
                })
            />
        </span>
    }
}
