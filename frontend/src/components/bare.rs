//! A page of forms: the shop's name, the language, and what is to be done.

use leptos::ev;
use leptos::prelude::*;

use crate::api::Failure;
use crate::components::language::LanguageChoice;
use crate::i18n::I18n;
use sooner_shared::words::Text;

/// The frame of a page without a live view.
#[component]
pub(crate) fn BarePage(
    /// For tests: which page.
    page: &'static str,
    /// For tests: how far it has come.
    #[prop(into)]
    state: Signal<&'static str>,
    /// What stands over it.
    #[prop(into)]
    name: Signal<String>,
    children: Children,
) -> impl IntoView {
    Effect::new(move |_| document().set_title(&name.get()));
    view! {
        <div class="page narrow bare" data-page=page data-testid="page" data-state=state>
            <header class="top">
                <h1 class="shop">{name}</h1>
                <LanguageChoice />
            </header>
            <main class="form">{children()}</main>
        </div>
    }
}

/// What went wrong with the last request, in words.
#[component]
pub(crate) fn Trouble(
    /// It.
    #[prop(into)]
    failure: Signal<Option<Failure>>,
) -> impl IntoView {
    let i18n = I18n::get();
    let text = move || {
        failure.get().map(|failure| match failure {
            Failure::Refused(problem) => i18n.problem(&problem),
            Failure::Unanswered => i18n.say(Text::CouldNotReach),
        })
    };
    view! { <p class="trouble" role="alert" data-testid="trouble">{text}</p> }
}

/// A form with the button that sends it.
#[component]
pub(crate) fn Form(
    /// For tests: the button's.
    testid: &'static str,
    /// What the button says.
    label: Text,
    /// The button's look.
    #[prop(default = "main")]
    look: &'static str,
    /// What went wrong with it, where nothing else on the page says so.
    #[prop(optional)]
    failure: Option<RwSignal<Option<Failure>>>,
    /// Sends it.
    on_submit: impl Fn() + 'static,
    children: Children,
) -> impl IntoView {
    let i18n = I18n::get();
    let submit = move |event: ev::SubmitEvent| {
        // The page goes on; a browser would load another one.
        event.prevent_default();
        on_submit();
    };
    view! {
        <form class="stack" on:submit=submit>
            {children()}
            {failure.map(|failure| view! { <Trouble failure /> })}
            <button type="submit" class=format!("button {look}") data-testid=testid>
                {move || i18n.say(label)}
            </button>
        </form>
    }
}

/// A field for a password that is to be made, with what makes a good one.
#[component]
pub(crate) fn NewPasswordField(
    /// For tests.
    testid: &'static str,
    /// What it asks for.
    label: Text,
    /// What is written.
    value: RwSignal<String>,
) -> impl IntoView {
    let i18n = I18n::get();
    view! {
        <SecretField testid label autocomplete="new-password" value />
        <p class="hint">{move || i18n.say(Text::PasswordHint)}</p>
    }
}

/// A field that hides what is written, until somebody wants to see it.
#[component]
pub(crate) fn SecretField(
    /// For tests.
    testid: &'static str,
    /// What it asks for.
    label: Text,
    /// What browsers fill in: `current-password`, `new-password`.
    autocomplete: &'static str,
    /// What is written.
    value: RwSignal<String>,
) -> impl IntoView {
    let i18n = I18n::get();
    let shown = RwSignal::new(false);
    view! {
        <label class="field">
            <span>{move || i18n.say(label)}</span>
            <input
                type=move || if shown.get() { "text" } else { "password" }
                data-testid=testid
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                bind:value=value
            />
        </label>
        <label class="check">
            <input type="checkbox" bind:checked=shown />
            <span>{move || i18n.say(Text::PasswordShow)}</span>
        </label>
    }
}

/// A field of text.
#[component]
pub(crate) fn TextField(
    /// For tests.
    #[prop(into)]
    testid: String,
    /// What it asks for.
    label: Text,
    /// What is written.
    value: RwSignal<String>,
    /// How much, at most.
    #[prop(default = 64)]
    max: usize,
    /// What keys a phone shows.
    #[prop(default = "text")]
    keys: &'static str,
) -> impl IntoView {
    let i18n = I18n::get();
    view! {
        <label class="field">
            <span>{move || i18n.say(label)}</span>
            <input
                type="text"
                data-testid=testid
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                inputmode=keys
                maxlength=max
                bind:value=value
            />
        </label>
    }
}
