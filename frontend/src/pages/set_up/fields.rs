//! Fields of the set-up: each says what is wrong with it itself.

use leptos::prelude::*;
use sooner_shared::set_up::SetUpForm;
use sooner_shared::words::Text;

use super::Page;
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// What is wrong with a field, in words.
#[component]
pub(super) fn Fault(
    page: Page,
    /// Which.
    #[prop(into)]
    field: String,
    /// Whether nothing is written there.
    #[prop(optional, into)]
    is_empty: Option<Signal<bool>>,
) -> impl IntoView {
    let i18n = I18n::get();
    let id = id_of(&field);
    let testid = format!("fault-{field}");
    let is_shift = field.ends_with(".shifts");
    let code = Memo::new(move |_| page.faults.with(|all| all.of(&field).map(|f| f.code.clone())));
    let text = move || {
        code.get().map(|code| {
            let is_missing = is_empty.is_some_and(|is_empty| is_empty.get());
            i18n.say(match code.as_str() {
                _ if is_missing => Text::FaultMissing,
                "missing" | "wrong_type" => Text::FaultMissing,
                "bad_text" => Text::FaultText,
                "bad_span" | "bad_date" => Text::FaultSpan,
                "out_of_range" | "too_many" => Text::FaultRange,
                "unknown_zone" => Text::FaultZone,
                "no_hours" if is_shift => Text::FaultShift,
                "no_hours" => Text::FaultHours,
                "needed" => Text::FaultNeeded,
                _ => Text::FaultParts,
            })
        })
    };
    view! { <p class="fault" role="alert" id=id data-testid=testid>{text}</p> }
}

fn id_of(field: &str) -> String {
    format!("fault-{}", field.replace('.', "-"))
}

/// A line of text or a number, and what is wrong with it.
#[component]
pub(super) fn Line(
    page: Page,
    /// Which, as faults name it.
    #[prop(into)]
    field: String,
    /// What it asks for.
    #[prop(into)]
    label: Signal<String>,
    /// What kind of field: `text`, `number`, `time`.
    #[prop(default = "text")]
    kind: &'static str,
    /// Most characters.
    #[prop(default = 60)]
    max: usize,
    /// The list of what it may say, by its id.
    #[prop(optional)]
    list: Option<&'static str>,
    /// What it says now.
    read: impl Fn(&SetUpForm) -> String + Send + Sync + 'static,
    /// Takes what was written.
    write: impl Fn(&mut SetUpForm, String) + Copy + 'static,
) -> impl IntoView {
    let value = Memo::new(move |_| page.read(&read).unwrap_or_default());
    let wrong = {
        let field = field.clone();
        move || page.faults.with(|all| all.of(&field).map(|_| "true"))
    };
    view! {
        <label class="field">
            <span>{label}</span>
            <input
                type=kind
                data-testid=field.clone()
                autocomplete="off"
                spellcheck="false"
                maxlength=max
                list=list
                step=(kind == "number").then_some("any")
                inputmode=(kind == "number").then_some("decimal")
                aria-invalid=wrong
                aria-describedby=id_of(&field)
                prop:value=value
                on:input=move |event| page.change(|form| write(form, event_target_value(&event)))
            />
        </label>
        <Fault page field is_empty=Signal::derive(move || value.with(String::is_empty)) />
    }
}

/// A few words of which one holds.
#[component]
pub(super) fn Chips(
    page: Page,
    /// For tests, with the word behind it.
    #[prop(into)]
    testid: String,
    /// What it asks for.
    #[prop(into)]
    label: Signal<String>,
    /// Whether what stands above asks for it already.
    #[prop(default = false)]
    is_named_above: bool,
    /// The words and how they are said.
    choices: Vec<(&'static str, Text)>,
    /// Which holds now.
    read: impl Fn(&SetUpForm) -> String + Send + Sync + 'static,
    /// Takes another.
    write: impl Fn(&mut SetUpForm, &'static str) + Copy + 'static,
) -> impl IntoView {
    let i18n = I18n::get();
    let value = Memo::new(move |_| page.read(&read).unwrap_or_default());
    let chip = move |(word, text): (&'static str, Text)| {
        view! {
            <TapButton
                testid=format!("{testid}-{word}")
                label=Signal::derive(move || i18n.say(text))
                chosen=Signal::derive(move || value.with(|value| value == word))
                on_tap=move || page.change(|form| write(form, word))
            />
        }
    };
    let chips: Vec<_> = choices.into_iter().map(chip).collect();
    view! {
        <div class="choice" role="group" aria-label=label>
            {(!is_named_above).then(|| view! { <span class="quiet">{label}</span> })}
            <div class="buttons">{chips}</div>
        </div>
    }
}

/// A number as somebody writes it; nothing where it is none.
pub(super) fn number(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
}
