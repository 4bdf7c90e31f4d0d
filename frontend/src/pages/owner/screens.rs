//! Paired screens: one more, and which there are.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_shared::access::{Confirm, DeviceInfo, DeviceKind, LABEL_MAX_CHARS};
use sooner_shared::words::Text;

use super::home::Keys;
use crate::api;
use crate::components::bare::TextField;
use crate::components::button::{SureButton, TapButton};
use crate::i18n::I18n;
use crate::pages::pair::{kind_name, kind_text};

#[component]
pub(super) fn Screens(keys: Keys) -> impl IntoView {
    let i18n = I18n::get();
    let address = move || {
        let origin = keys.access.with(|a| a.as_ref().map(|a| a.address.clone()));
        format!("{}/{}/pair", origin.unwrap_or_default(), keys.owner.shop())
    };
    let devices =
        move || keys.access.with(|a| a.as_ref().map(|a| a.devices.clone()).unwrap_or_default());
    let row = move |device: DeviceInfo| view! { <Row keys device /> };
    view! {
        <section>
            <h2>{move || i18n.say(Text::Screens)}</h2>
            <p class="hint">
                {move || i18n.say_with(Text::ScreensHow, &[("address", &address())])}
            </p>
            <PairOne keys />
            <ul class="known" data-testid="devices">
                <For each=devices key=|d| (d.id, d.seen_at, d.is_this) children=row />
            </ul>
        </section>
    }
}

/// Confirms the code that a screen shows.
#[component]
fn PairOne(keys: Keys) -> impl IntoView {
    let i18n = I18n::get();
    let (code, label) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let kind = RwSignal::new(DeviceKind::Tablet);
    let choice = move |one: DeviceKind| {
        view! {
            <TapButton
                testid=format!("kind-{}", kind_name(one))
                label=Signal::derive(move || i18n.say(kind_text(one)))
                chosen=Signal::derive(move || kind.get() == one)
                on_tap=move || kind.set(one)
            />
        }
    };
    let submit = move || {
        let given = label.get_untracked().trim().to_owned();
        let (code_given, kind) = (code.get_untracked(), kind.get_untracked());
        let label_given = if given.is_empty() { i18n.say(kind_text(kind)) } else { given };
        let asked = Confirm { code: code_given, kind, label: label_given };
        spawn_local(async move {
            let answer = api::send::<()>(&keys.owner.shop(), "pairings/confirm", &asked).await;
            if answer.is_ok() {
                code.set(String::new());
                label.set(String::new());
                // The screen asks every two seconds; then it is in the list.
                set_timeout(move || keys.look(), std::time::Duration::from_millis(2_500));
            }
            keys.changed(answer);
        });
    };
    let is_short = move || code.with(|c| c.trim().is_empty());
    view! {
        <div class="stack">
            <TextField testid="pair-code" label=Text::ScreenCode value=code max=12 />
            <div class="buttons">
                {[DeviceKind::Tablet, DeviceKind::Display, DeviceKind::Kiosk].map(choice)}
            </div>
            <TextField
                testid="pair-label"
                label=Text::ScreenLabel
                value=label
                max=LABEL_MAX_CHARS
            />
            <TapButton
                testid="pair-confirm"
                label=Signal::derive(move || i18n.say(Text::Pair))
                look="main"
                disabled=Signal::derive(is_short)
                on_tap=submit
            />
        </div>
    }
}

#[component]
fn Row(keys: Keys, device: DeviceInfo) -> impl IntoView {
    let i18n = I18n::get();
    let DeviceInfo { id, kind, label, seen_at, is_this, .. } = device;
    // The owner's own browsers have no name but what they are.
    let has_label = !label.is_empty();
    let name = move || if has_label { label.clone() } else { i18n.say(kind_text(kind)) };
    let what = move || has_label.then(|| format!("{} \u{b7} ", i18n.say(kind_text(kind))));
    view! {
        <li data-testid=format!("device-{id}") data-kind=kind_name(kind)>
            <span class="name">{name}</span>
            <span class="quiet">
                {what}
                {move || {
                    if is_this {
                        i18n.say(Text::ThisOne)
                    } else {
                        i18n.say_bare(Text::LastSeen, seen_at)
                    }
                }}
            </span>
            <SureButton
                testid=format!("unpair-{id}")
                label=Signal::derive(move || i18n.say(Text::Unpair))
                sure=Signal::derive(move || i18n.say(Text::UnpairSure))
                on_tap=move || keys.delete(format!("devices/{id}"))
            />
        </li>
    }
}
