//! Tiles to choose a service and a person from, each with the time it gives.

use leptos::prelude::*;
use sooner_shared::words::Text;
use sooner_shared::{ServiceId, StaffId, Timestamp};

use crate::i18n::I18n;

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice<T> {
    /// What is chosen.
    pub(crate) value: T,
    /// For tests.
    pub(crate) testid: String,
    /// Its name; `None` is "whoever is free first".
    pub(crate) name: Option<String>,
    /// The time it gives.
    pub(crate) by: Option<Timestamp>,
}

impl Choice<ServiceId> {
    /// A service as a choice.
    pub(crate) fn service(head: &sooner_shared::view::ShopHead) -> Vec<Self> {
        head.services
            .iter()
            .map(|service| Self {
                value: service.id,
                testid: format!("service-{}", service.id),
                name: Some(service.name.clone()),
                by: head.quote(service.id, None),
            })
            .collect()
    }
}

impl Choice<Option<StaffId>> {
    /// Whoever is free first, and each person on duty who offers the service.
    pub(crate) fn person(head: &sooner_shared::view::ShopHead, service: ServiceId) -> Vec<Self> {
        let anyone = Self {
            value: None,
            testid: "person-any".to_owned(),
            name: None,
            by: head.quote(service, None),
        };
        let people = head
            .staff
            .iter()
            .filter(|person| person.on_duty && person.services.contains(&service))
            .map(|person| Self {
                value: Some(person.id),
                testid: format!("person-{}", person.id),
                name: Some(person.name.clone()),
                by: head.quote(service, Some(person.id)),
            });
        std::iter::once(anyone).chain(people).collect()
    }
}

/// A group of tiles of which one can be chosen. Each says its time, unless `show_times` is false
/// because no time is known to be true.
#[component]
pub(crate) fn Tiles<T>(
    /// What there is to choose.
    #[prop(into)]
    choices: Signal<Vec<Choice<T>>>,
    /// What is chosen.
    #[prop(into)]
    chosen: Signal<Option<T>>,
    /// Whether the times are true now.
    #[prop(into)]
    show_times: Signal<bool>,
    /// What a tap does.
    on_choose: impl Fn(T) + Copy + Send + Sync + 'static,
) -> impl IntoView
where
    T: Copy + PartialEq + Eq + Send + Sync + 'static,
{
    let tile = move |choice: Choice<T>| {
        let Choice { value, testid, name, .. } = choice;
        let by = Memo::new(move |_| {
            choices.with(|all| all.iter().find(|c| c.value == value).and_then(|c| c.by))
        });
        view! { <Tile testid name by chosen=Signal::derive(move || chosen.get() == Some(value))
        show_times on_tap=move || on_choose(value) /> }
    };
    view! {
        <div class="tiles">
            <For each=move || choices.get() key=|choice| (choice.testid.clone(), choice.name.clone()) children=tile />
        </div>
    }
}

#[component]
fn Tile(
    testid: String,
    name: Option<String>,
    by: Memo<Option<Timestamp>>,
    chosen: Signal<bool>,
    show_times: Signal<bool>,
    on_tap: impl Fn() + 'static,
) -> impl IntoView {
    let i18n = I18n::get();
    let name = move || name.clone().unwrap_or_else(|| i18n.say(Text::Anyone));
    let time = move || {
        show_times.get().then(|| match by.get() {
            Some(at) => i18n.say_at(Text::By, at),
            None => i18n.say(Text::NoTimeYet),
        })
    };
    view! {
        <button
            type="button"
            class="tile"
            class:chosen=chosen
            data-testid=testid
            aria-pressed=move || if chosen.get() { "true" } else { "false" }
            on:click=move |_| on_tap()
        >
            <span class="tile-name">{name}</span>
            <span class="tile-time" data-ms=move || by.get().map(|at| at.0)>{time}</span>
        </button>
    }
}
