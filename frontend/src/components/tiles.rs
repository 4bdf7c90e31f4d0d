//! Tiles to choose a service and a person from, each with the time it gives.

use leptos::prelude::*;
use sooner_shared::view::{PromiseKind, ShopHead};
use sooner_shared::words::Text;
use sooner_shared::{ServiceId, StaffId, Timestamp};

use crate::i18n::I18n;
use sooner_shared::words::promise;

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice<T> {
    /// What is chosen.
    pub(crate) value: T,
    /// For tests.
    pub(crate) testid: String,
    /// Its name; `None` is "whoever is free first".
    pub(crate) name: Option<String>,
    /// What it gives.
    pub(crate) offer: Offer,
}

/// What somebody who chooses it now gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Offer {
    /// The time.
    pub(crate) by: Option<Timestamp>,
    /// What the time is for.
    pub(crate) kind: PromiseKind,
    /// Without a time: when somebody should be there.
    from: Option<Timestamp>,
    /// How many more will likely be taken today, when it is few.
    more: Option<u8>,
}

impl Offer {
    fn of(head: &ShopHead, service: ServiceId, staff: Option<StaffId>) -> Self {
        let kind = head.promises(service);
        match head.quoted(service, staff) {
            Some(q) => Self { by: q.by, kind, from: q.from, more: q.more },
            None => Self { kind, ..Self::default() },
        }
    }

    /// Its time in words.
    fn time(self, i18n: I18n) -> String {
        match (self.by, self.from) {
            (Some(at), _) => i18n.say_at(promise::by(self.kind), at),
            (None, Some(at)) => i18n.say_at(Text::FromTime, at),
            (None, None) => i18n.say(Text::NoTimeYet),
        }
    }

    /// How few are left.
    fn left(self, i18n: I18n) -> Option<String> {
        let n = self.more.filter(|n| *n > 0)?;
        Some(i18n.count(Text::MoreToday, u32::from(n)))
    }
}

impl Choice<ServiceId> {
    /// A service as a choice.
    pub(crate) fn service(head: &ShopHead) -> Vec<Self> {
        head.services
            .iter()
            .map(|service| Self {
                value: service.id,
                testid: format!("service-{}", service.id),
                name: Some(service.name.clone()),
                offer: Offer::of(head, service.id, None),
            })
            .collect()
    }
}

impl Choice<Option<StaffId>> {
    /// Whoever is free first, and each person who offers the service: those on duty, and those away
    /// of whom it is known when they come.
    pub(crate) fn person(head: &ShopHead, service: ServiceId) -> Vec<Self> {
        let anyone = Self {
            value: None,
            testid: "person-any".to_owned(),
            name: None,
            offer: Offer::of(head, service, None),
        };
        let people = head.staff.iter().filter(|p| p.services.contains(&service)).map(|person| {
            let offer = Offer::of(head, service, Some(person.id));
            let choice = Self {
                value: Some(person.id),
                testid: format!("person-{}", person.id),
                name: Some(person.name.clone()),
                offer,
            };
            let has_time = offer.by.is_some() || offer.from.is_some();
            // A thing that is left has no time of one person's.
            (has_time || person.on_duty && offer.kind == PromiseKind::Start, choice)
        });
        let there = people.filter(|(is_there, _)| *is_there).map(|(_, choice)| choice);
        std::iter::once(anyone).chain(there).collect()
    }

    /// Whoever is free first, and everybody who offers the service, wherever they are now.
    pub(crate) fn anybody(head: &ShopHead, service: ServiceId) -> Vec<Self> {
        let choice = |value: Option<StaffId>, testid, name| Self {
            value,
            testid,
            name,
            offer: Offer::default(),
        };
        let people = head.staff.iter().filter(|p| p.services.contains(&service));
        std::iter::once(choice(None, "person-any".to_owned(), None))
            .chain(
                people
                    .map(|p| choice(Some(p.id), format!("person-{}", p.id), Some(p.name.clone()))),
            )
            .collect()
    }
}

/// A group of tiles to choose from. Each says its time, unless `show_times` is false
/// because no time is known to be true.
#[component]
pub(crate) fn Tiles<T>(
    /// What there is to choose.
    #[prop(into)]
    choices: Signal<Vec<Choice<T>>>,
    /// What is chosen.
    #[prop(into)]
    chosen: Signal<Vec<T>>,
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
        let offer = Memo::new(move |_| {
            let found = choices.with(|all| all.iter().find(|c| c.value == value).map(|c| c.offer));
            found.unwrap_or_default()
        });
        let chosen = Signal::derive(move || chosen.with(|all| all.contains(&value)));
        view! { <Tile testid name offer chosen show_times on_tap=move || on_choose(value) /> }
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
    offer: Memo<Offer>,
    chosen: Signal<bool>,
    show_times: Signal<bool>,
    on_tap: impl Fn() + 'static,
) -> impl IntoView {
    let i18n = I18n::get();
    let name = move || name.clone().unwrap_or_else(|| i18n.say(Text::Anyone));
    let time = move || show_times.get().then(|| offer.get().time(i18n));
    let left = move || offer.get().left(i18n).filter(|_| show_times.get());
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
            <span class="tile-time" data-ms=move || offer.get().by.map(|at| at.0)>
                {time} <span class="left">{left}</span>
            </span>
        </button>
    }
}
