//! Keys of programs.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_shared::access::{KeyInfo, LABEL_MAX_CHARS, MadeKey, NewKey, Scope};
use sooner_shared::words::Text;

use super::home::Keys;
use crate::api;
use crate::components::bare::TextField;
use crate::components::button::{SureButton, TapButton};
use crate::i18n::I18n;

const fn scope_text(scope: Scope) -> Text {
    match scope {
        Scope::Join => Text::ScopeJoin,
        Scope::Desk => Text::ScopeDesk,
        Scope::SetUp => Text::ScopeSetUp,
        Scope::Report => Text::ScopeReport,
    }
}

#[component]
pub(super) fn Programs(keys: Keys) -> impl IntoView {
    let i18n = I18n::get();
    let all = move || keys.access.with(|a| a.as_ref().map(|a| a.keys.clone()).unwrap_or_default());
    view! {
        <details>
            <summary>{move || i18n.say(Text::Programs)}</summary>
            <p class="hint">{move || i18n.say(Text::ProgramsHow)}</p>
            <MakeKey keys />
            <ul class="known" data-testid="keys">
                <For
                    each=all
                    key=|k| (k.id, k.seen_at)
                    children=move |info| view! { <Row keys info /> }
                />
            </ul>
        </details>
    }
}

#[component]
fn MakeKey(keys: Keys) -> impl IntoView {
    let i18n = I18n::get();
    let label = RwSignal::new(String::new());
    let scopes = RwSignal::new(Vec::<Scope>::new());
    let made = RwSignal::new(None::<String>);
    let choice = move |scope: Scope| {
        let toggle = move || {
            scopes.update(|all| match all.iter().position(|s| *s == scope) {
                Some(at) => drop(all.remove(at)),
                None => all.push(scope),
            });
        };
        view! {
            <TapButton
                testid=format!("scope-{}", scope.as_str())
                label=Signal::derive(move || i18n.say(scope_text(scope)))
                chosen=Signal::derive(move || scopes.with(|all| all.contains(&scope)))
                on_tap=toggle
            />
        }
    };
    let submit = move || {
        let asked = NewKey { label: label.get_untracked(), scopes: scopes.get_untracked() };
        spawn_local(async move {
            let answer = api::send::<MadeKey>(&keys.owner.shop(), "keys", &asked).await;
            if let Ok(key) = &answer {
                made.set(Some(key.key.clone()));
                label.set(String::new());
                scopes.set(Vec::new());
            }
            keys.changed(answer.map(|_| ()));
        });
    };
    let is_empty = move || label.with(|l| l.trim().is_empty()) || scopes.with(Vec::is_empty);
    view! {
        <div class="stack">
            <TextField testid="key-label" label=Text::KeyLabel value=label max=LABEL_MAX_CHARS />
            <div class="buttons">{Scope::ALL.map(choice)}</div>
            <TapButton
                testid="key-make"
                label=Signal::derive(move || i18n.say(Text::KeyMake))
                disabled=Signal::derive(is_empty)
                on_tap=submit
            />
            <Show when=move || made.with(Option::is_some)>
                <p class="printed-code" data-testid="made-key">{move || made.get()}</p>
                <p>{move || i18n.say(Text::KeyOnce)}</p>
            </Show>
        </div>
    }
}

#[component]
fn Row(keys: Keys, info: KeyInfo) -> impl IntoView {
    let i18n = I18n::get();
    let KeyInfo { id, label, scopes, seen_at, .. } = info;
    let what =
        move || scopes.iter().map(|s| i18n.say(scope_text(*s))).collect::<Vec<_>>().join(", ");
    view! {
        <li data-testid=format!("key-{id}")>
            <span class="name">{label}</span>
            <span class="quiet">
                {what} " \u{b7} "
                {move || match seen_at {
                    Some(at) => i18n.say_bare(Text::LastSeen, at),
                    None => i18n.say(Text::NeverUsed),
                }}
            </span>
            <SureButton
                testid=format!("revoke-{id}")
                label=Signal::derive(move || i18n.say(Text::Unpair))
                sure=Signal::derive(move || i18n.say(Text::UnpairSure))
                on_tap=move || keys.delete(format!("keys/{id}"))
            />
        </li>
    }
}
