//! What else somebody comes for, and who comes with them.

use leptos::prelude::*;
use sooner_shared::ServiceId;
use sooner_shared::command::{Companion, Join, NAME_MAX_CHARS, TOGETHER_MAX};
use sooner_shared::view::ServiceInfo;
use sooner_shared::words::Text;

use crate::components::button::TapButton;
use crate::i18n::I18n;

/// It, while it is being chosen. A copy is a handle to the same.
#[derive(Clone, Copy)]
pub(crate) struct Party {
    /// What else, in order.
    pub(crate) more: RwSignal<Vec<ServiceId>>,
    companions: RwSignal<Vec<Companion>>,
    together: RwSignal<bool>,
}

impl Party {
    /// One person for one thing.
    pub(crate) fn new() -> Self {
        Self {
            more: RwSignal::new(Vec::new()),
            companions: RwSignal::new(Vec::new()),
            together: RwSignal::new(false),
        }
    }

    /// Chooses one more service, or takes it out again.
    pub(crate) fn toggle(self, service: ServiceId) {
        self.more.update(|more| match more.iter().position(|s| *s == service) {
            Some(at) => drop(more.remove(at)),
            None if more.len() + 1 < TOGETHER_MAX => more.push(service),
            None => {}
        });
    }

    /// A wish with everything that was chosen here.
    pub(crate) fn joins(self, join: Join) -> Join {
        let trim = |companion: Companion| Companion {
            name: companion.name.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()),
            ..companion
        };
        let companions: Vec<_> = self.companions.get_untracked().into_iter().map(trim).collect();
        let together = !companions.is_empty() && self.together.get_untracked();
        Join { more: self.more.get_untracked(), companions, together, ..join }
    }
}

/// Who comes with the person, folded away until somebody does.
#[component]
pub(crate) fn Companions(
    /// What is chosen.
    party: Party,
    /// What there is to choose.
    #[prop(into)]
    services: Signal<Vec<ServiceInfo>>,
    /// What companions come for, unless they choose something else.
    #[prop(into)]
    usual: Signal<Option<ServiceId>>,
) -> impl IntoView {
    let i18n = I18n::get();
    let count = Memo::new(move |_| party.companions.with(Vec::len));
    let add = move || {
        if let Some(service) = usual.get_untracked() {
            party.companions.update(|all| all.push(Companion { service, name: None }));
        }
    };
    let label = Signal::derive(move || {
        i18n.say(if count.get() == 0 { Text::PartyMore } else { Text::PartyAdd })
    });
    let way = move |testid: &'static str, text: Text, together: bool| {
        view! {
            <TapButton
                testid=testid
                label=Signal::derive(move || i18n.say(text))
                chosen=Signal::derive(move || party.together.get() == together)
                on_tap=move || party.together.set(together)
            />
        }
    };
    view! {
        <div class="party" data-testid="party" data-count=count>
            <For
                each=move || 0..count.get()
                key=|at| *at
                children=move |at| view! { <CompanionRow party at services /> }
            />
            <div class="chips">
                <TapButton
                    testid="party-add"
                    look="quiet"
                    label
                    disabled=Signal::derive(move || count.get() + 1 >= TOGETHER_MAX)
                    on_tap=add
                />
                <Show when=move || { count.get() > 0 }>
                    {way("party-in-turn", Text::PartyInTurn, false)}
                    {way("party-together", Text::PartyTogether, true)}
                </Show>
            </div>
        </div>
    }
}

#[component]
fn CompanionRow(party: Party, at: usize, services: Signal<Vec<ServiceInfo>>) -> impl IntoView {
    let i18n = I18n::get();
    let change = move |change: &dyn Fn(&mut Companion)| {
        party.companions.update(|all| {
            if let Some(companion) = all.get_mut(at) {
                change(companion);
            }
        });
    };
    let chosen = Memo::new(move |_| party.companions.with(|all| all.get(at).map(|c| c.service)));
    let name = move || {
        party.companions.with(|all| all.get(at).and_then(|c| c.name.clone())).unwrap_or_default()
    };
    let choose = move |event| {
        if let Ok(number) = event_target_value(&event).parse() {
            change(&|companion| companion.service = ServiceId(number));
        }
    };
    let option = move |service: ServiceInfo| {
        let id = service.id;
        view! {
            <option value=id.to_string() selected=move || chosen.get() == Some(id)>
                {service.name}
            </option>
        }
    };
    view! {
        <div class="companion">
            <select
                class="language"
                data-testid=format!("companion-service-{at}")
                aria-label=move || i18n.say(Text::ChooseService)
                on:change=choose
            >
                <For each=move || services.get() key=|s| (s.id, s.name.clone()) children=option />
            </select>
            <input
                type="text"
                class="plain"
                data-testid=format!("companion-name-{at}")
                autocomplete="off"
                maxlength=NAME_MAX_CHARS
                placeholder=move || i18n.say(Text::WalkInName)
                prop:value=name
                on:input=move |event| {
                    let given = event_target_value(&event);
                    change(&|companion| companion.name = Some(given.clone()));
                }
            />
            <TapButton
                testid=format!("companion-remove-{at}")
                look="quiet"
                label="✕"
                called=Signal::derive(move || i18n.say(Text::PartyRemove))
                on_tap=move || {
                    party.companions.update(|all| {
                        if at < all.len() {
                            all.remove(at);
                        }
                    });
                }
            />
        </div>
    }
}
