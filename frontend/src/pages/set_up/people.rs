//! Who serves, where, and what they do.

use leptos::prelude::*;
use sooner_shared::command::NAME_MAX_CHARS;
use sooner_shared::set_up::{SetUpForm, StaffForm};
use sooner_shared::words::Text;

use super::Page;
use super::fields::{Fault, FaultProps, Line, LineProps};
use super::rows::{Folded, Row, Rows, RowsProps};
use super::shifts::{Shifts, ShiftsProps, without_empty_breaks};
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// The form without what nobody wrote anything into: rows in which nobody was named (only the first
/// must be somebody), breaks of which there is none.
pub(super) fn without_empty_rows(mut form: SetUpForm) -> SetUpForm {
    let mut is_first = true;
    form.staff.retain(|person| std::mem::take(&mut is_first) || !person.name.trim().is_empty());
    form.make_goods.retain(|text| !text.trim().is_empty());
    without_empty_breaks(form)
}

/// The form with names for those who have none yet, because that step is still to come: where they serve.
pub(super) fn with_stand_ins(mut form: SetUpForm) -> SetUpForm {
    for person in form.staff.iter_mut().filter(|person| person.name.trim().is_empty()) {
        person.name.clone_from(&person.place);
    }
    form
}

/// The form without such names.
pub(super) fn without_stand_ins(mut form: SetUpForm) -> SetUpForm {
    form.staff.iter_mut().filter(|person| person.name == person.place).for_each(|person| {
        person.name.clear();
    });
    form
}

/// A number nobody had so far.
fn free_number(form: &SetUpForm) -> u16 {
    form.staff.iter().map(|person| person.id).max().unwrap_or_default() + 1
}

/// Where the next one serves: "chair 1" is followed by "chair 2".
fn next_place(form: &SetUpForm) -> String {
    let last = form.staff.last().map(|person| person.place.clone()).unwrap_or_default();
    let digits: String = last.chars().filter(char::is_ascii_digit).collect();
    match digits.parse::<u32>() {
        Ok(number) if last.contains(&digits) => {
            last.replacen(&digits, &(number + 1).to_string(), 1)
        }
        _ => last,
    }
}

#[component]
pub(super) fn PeoplePart(page: Page) -> impl IntoView {
    let count = Memo::new(move |_| page.read(|form| form.staff.len()).unwrap_or_default());
    let add = move || {
        page.change(|form| {
            let person = StaffForm {
                id: free_number(form),
                name: String::new(),
                place: next_place(form),
                does: form.services.iter().map(|service| service.id).collect(),
                shifts: None,
                breaks: None,
            };
            form.staff.push(person);
        });
    };
    Rows(RowsProps {
        page,
        field: "staff",
        kind: "person",
        count,
        add: Text::PersonAdd,
        on_add: add,
        row: |page, at| view! { <Person page at /> }.into_any(),
    })
}

#[component]
fn Person(page: Page, at: usize) -> impl IntoView {
    let i18n = I18n::get();
    let name = Memo::new(move |_| {
        page.read(|form| {
            let person = form.staff.get(at)?;
            // Who has no name yet is whoever serves there.
            let has_name = !person.name.trim().is_empty();
            Some(if has_name { &person.name } else { &person.place }.clone())
        })
        .flatten()
        .unwrap_or_default()
    });
    let label = move |text| Signal::derive(move || i18n.say(text));
    let named = move |text| {
        Signal::derive(move || name.with(|name| i18n.say_with(text, &[("name", name)])))
    };
    let name_line = Line(LineProps {
        page,
        field: format!("staff.{at}.name"),
        label: label(Text::PersonName),
        kind: "text",
        max: NAME_MAX_CHARS,
        list: None,
        read: move |form: &SetUpForm| {
            form.staff.get(at).map(|p| p.name.clone()).unwrap_or_default()
        },
        write: move |form: &mut SetUpForm, text| {
            if let Some(person) = form.staff.get_mut(at) {
                person.name = text;
            }
        },
    });
    let place_line = Line(LineProps {
        page,
        field: format!("staff.{at}.place"),
        label: label(Text::PersonPlace),
        kind: "text",
        max: 60,
        list: None,
        read: move |form: &SetUpForm| {
            form.staff.get(at).map(|p| p.place.clone()).unwrap_or_default()
        },
        write: move |form: &mut SetUpForm, text| {
            if let Some(person) = form.staff.get_mut(at) {
                person.place = text;
            }
        },
    });
    let remove = move || {
        page.change(|form| {
            if at >= form.staff.len() {
                return;
            }
            let gone = form.staff.remove(at).id;
            let steps = form.services.iter_mut().flat_map(|service| &mut service.steps);
            steps.for_each(|step| step.by.retain(|id| *id != gone));
        });
    };
    let count = Memo::new(move |_| page.read(|form| form.staff.len()).unwrap_or_default());
    let times = vec![format!("staff.{at}.shifts"), format!("staff.{at}.breaks")];
    view! {
        <Row
            kind="person"
            at
            name
            count
            first=name_line.into_any()
            second=place_line.into_any()
            on_remove=remove
        >
            <Folded
                page
                testid=format!("person-does-{at}")
                label=named(Text::PersonDoes)
                fields=vec![format!("staff.{at}.does")]
            >
                <Does page at />
                {Fault(FaultProps { page, field: format!("staff.{at}.does"), is_empty: None })}
            </Folded>
            <Folded
                page
                testid=format!("person-shifts-{at}")
                label=named(Text::ShiftWhen)
                fields=times
            >
                {Shifts(ShiftsProps { page, at })}
            </Folded>
        </Row>
    }
}

/// What somebody does: every service is on or off.
#[component]
fn Does(page: Page, at: usize) -> impl IntoView {
    let services = Memo::new(move |_| {
        page.read(|form| form.services.iter().map(|s| (s.id, s.name.clone())).collect::<Vec<_>>())
            .unwrap_or_default()
    });
    let chip = move |(id, name): (u16, String)| {
        let does = move || {
            page.read(|form| form.staff.get(at).is_some_and(|person| person.does.contains(&id)))
                .unwrap_or_default()
        };
        let toggle = move || {
            page.change(|form| {
                let Some(person) = form.staff.get_mut(at) else { return };
                match person.does.iter().position(|known| *known == id) {
                    Some(found) => drop(person.does.remove(found)),
                    None => person.does.push(id),
                }
            });
        };
        view! {
            <TapButton
                testid=format!("does-{at}-{id}")
                label=name
                chosen=Signal::derive(does)
                on_tap=toggle
            />
        }
    };
    view! {
        <div class="buttons">
            <For each=move || services.get() key=Clone::clone children=chip />
        </div>
    }
}
