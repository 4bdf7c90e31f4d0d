//! PINs of the people who work here.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_shared::access::{NewPin, PIN_DIGITS, Person};
use sooner_shared::words::Text;

use super::home::Keys;
use crate::api;
use crate::components::bare::TextField;
use crate::components::button::TapButton;
use crate::i18n::I18n;

#[component]
pub(super) fn Pins(keys: Keys) -> impl IntoView {
    let i18n = I18n::get();
    let people = move || keys.me.with(|me| me.people.clone());
    view! {
        <section>
            <h2>{move || i18n.say(Text::Pins)}</h2>
            <p class="hint">{move || i18n.say(Text::PinsHow)}</p>
            <ul class="known">
                <For
                    each=people
                    key=|p| (p.staff, p.has_pin)
                    children=move |person| view! { <Row keys person /> }
                />
            </ul>
        </section>
    }
}

#[component]
fn Row(keys: Keys, person: Person) -> impl IntoView {
    let i18n = I18n::get();
    let Person { staff, name, has_pin, .. } = person;
    let pin = RwSignal::new(String::new());
    let put = move |pin_given: Option<String>| {
        spawn_local(async move {
            let asked = NewPin { pin: pin_given };
            let answer = api::put(&keys.owner.shop(), &format!("pins/{staff}"), &asked).await;
            if answer.is_ok() {
                pin.set(String::new());
            }
            keys.changed(answer);
        });
    };
    let state = if has_pin { Text::PinHas } else { Text::PinNone };
    view! {
        <li data-testid=format!("pin-of-{staff}") data-has=has_pin.to_string()>
            <span class="name">{name}</span>
            <span class="quiet">{move || i18n.say(state)}</span>
            <TextField
                testid=format!("pin-{staff}")
                label=Text::PinNew
                value=pin
                max=*PIN_DIGITS.end()
                keys="numeric"
            />
            <div class="buttons">
                <TapButton
                    testid=format!("pin-set-{staff}")
                    label=Signal::derive(move || i18n.say(Text::Set))
                    disabled=Signal::derive(move || pin.with(String::is_empty))
                    on_tap=move || put(Some(pin.get_untracked()))
                />
                <Show when=move || has_pin>
                    <TapButton
                        testid=format!("pin-clear-{staff}")
                        label=Signal::derive(move || i18n.say(Text::PinClear))
                        look="quiet"
                        on_tap=move || put(None)
                    />
                </Show>
            </div>
        </li>
    }
}
