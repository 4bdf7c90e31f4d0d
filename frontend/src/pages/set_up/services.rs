//! What is offered, how long it takes, and what is promised for it.

use leptos::prelude::*;
use sooner_shared::set_up::{ServiceForm, SetUpForm};
use sooner_shared::words::Text;

use super::Page;
use super::fields::{Chips, ChipsProps, Fault, FaultProps, Line, LineProps, number};
use super::rows::{Folded, Row, Rows, RowsProps};
use crate::i18n::I18n;

const PROMISES: [(&str, Text); 4] = [
    ("start", Text::ServiceStart),
    ("ready", Text::ServiceReady),
    ("call_back", Text::ServiceCall),
    ("news", Text::ServiceNews),
];

/// Minutes of a service that is new.
const USUAL_MINUTES: f64 = 30.0;

#[component]
pub(super) fn ServicesPart(page: Page) -> impl IntoView {
    let count = Memo::new(move |_| page.read(|form| form.services.len()).unwrap_or_default());
    let add = move || {
        page.change(|form| {
            let id = form.services.iter().map(|s| s.id).max().unwrap_or_default() + 1;
            // Who does everything there is does this too.
            for person in &mut form.staff {
                if form.services.iter().all(|service| person.does.contains(&service.id)) {
                    person.does.push(id);
                }
            }
            form.services.push(ServiceForm {
                id,
                name: String::new(),
                promise: "start".to_owned(),
                done_by: false,
                minutes: Some(USUAL_MINUTES),
                steps: Vec::new(),
            });
        });
    };
    Rows(RowsProps {
        page,
        field: "services",
        kind: "service",
        count,
        add: Text::ServiceAdd,
        on_add: add,
        row: |page, at| view! { <Service page at /> }.into_any(),
    })
}

fn change(form: &mut SetUpForm, at: usize, change: impl FnOnce(&mut ServiceForm)) {
    if let Some(service) = form.services.get_mut(at) {
        change(service);
    }
}

#[component]
fn Service(page: Page, at: usize) -> impl IntoView {
    let i18n = I18n::get();
    let of = move |form: &SetUpForm| form.services.get(at).cloned();
    let name = Memo::new(move |_| {
        page.read(|form| of(form).map(|service| service.name)).flatten().unwrap_or_default()
    });
    let steps = Memo::new(move |_| {
        let names = page.read(|form| of(form).map(|service| service.steps)).flatten();
        let names = names.unwrap_or_default().into_iter().map(|step| step.name);
        names.collect::<Vec<_>>().join(", ")
    });
    let named = move |text| {
        Signal::derive(move || name.with(|name| i18n.say_with(text, &[("name", name)])))
    };
    let name_line = Line(LineProps {
        page,
        field: format!("services.{at}.name"),
        label: Signal::derive(move || i18n.say(Text::ServiceName)),
        kind: "text",
        max: 60,
        list: None,
        read: move |form: &SetUpForm| of(form).map(|s| s.name).unwrap_or_default(),
        write: move |form: &mut SetUpForm, text| change(form, at, |s| s.name = text),
    });
    let minutes_line = move || {
        Line(LineProps {
            page,
            field: format!("services.{at}.minutes"),
            label: Signal::derive(move || i18n.say(Text::ServiceMinutes)),
            kind: "number",
            max: 6,
            list: None,
            read: move |form: &SetUpForm| {
                let minutes = of(form).and_then(|s| s.minutes);
                minutes.map(|minutes| minutes.to_string()).unwrap_or_default()
            },
            write: move |form: &mut SetUpForm, text| {
                change(form, at, |s| s.minutes = number(&text));
            },
        })
    };
    let promise = Chips(ChipsProps {
        page,
        testid: format!("promise-{at}"),
        label: named(Text::ServicePromise),
        is_named_above: true,
        choices: PROMISES.to_vec(),
        read: move |form: &SetUpForm| of(form).map(|s| s.promise).unwrap_or_default(),
        write: move |form: &mut SetUpForm, word: &'static str| {
            change(form, at, |s| word.clone_into(&mut s.promise));
        },
    });
    let done_by =
        Memo::new(move |_| page.read(|f| of(f).map(|s| s.done_by)).flatten() == Some(true));
    let remove = move || {
        page.change(|form| {
            if at >= form.services.len() {
                return;
            }
            let gone = form.services.remove(at).id;
            form.staff.iter_mut().for_each(|person| person.does.retain(|id| *id != gone));
        });
    };
    let count = Memo::new(move |_| page.read(|form| form.services.len()).unwrap_or_default());
    let has_steps = Memo::new(move |_| steps.with(|steps| !steps.is_empty()));
    let minutes = view! { <Show when=move || !has_steps.get()>{minutes_line()}</Show> };
    view! {
        <Row
            kind="service"
            at
            name
            count
            first=name_line.into_any()
            second=minutes.into_any()
            on_remove=remove
        >
            <Show when=move || has_steps.get()>
                <p class="quiet">
                    {move || steps.with(|names| i18n.say_with(Text::ServiceSteps, &[("names", names)]))}
                </p>
            </Show>
            <Folded
                page
                testid=format!("service-promise-{at}")
                label=named(Text::ServicePromise)
                fields=vec![format!("services.{at}.promise")]
            >
                {promise}
                {Fault(FaultProps { page, field: format!("services.{at}.promise"), is_empty: None })}
                <label class="check">
                    <input
                        type="checkbox"
                        data-testid=format!("done-by-{at}")
                        prop:checked=move || done_by.get()
                        on:change=move |event| {
                            let is_on = event_target_checked(&event);
                            page.change(|form| change(form, at, |s| s.done_by = is_on));
                        }
                    />
                    <span>{named(Text::ServiceDoneBy)}</span>
                </label>
            </Folded>
            {Fault(FaultProps { page, field: format!("services.{at}"), is_empty: None })}
        </Row>
    }
}
