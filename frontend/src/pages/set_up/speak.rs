//! How the shop speaks with people: languages and forms, what the wall calls them, how many of the
//! times it tells it wants to keep, and what it offers when one was not kept.

use leptos::prelude::*;
use sooner_shared::set_up::{QuietForm, SetUpForm};
use sooner_shared::words::{Language, Text};

use super::Page;
use super::fields::{Chips, ChipsProps, Fault, FaultProps, Line, LineProps, number};
use super::rows::Folded;
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// Shares of times to keep: kept, of how many, and the same in per cent.
const SHARES: [(u32, u32, f64); 4] =
    [(9, 10, 90.0), (19, 20, 95.0), (49, 50, 98.0), (99, 100, 99.0)];

/// Most ways to make good.
const MAKE_GOODS: usize = 3;

#[component]
pub(super) fn SpeakPart(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let label = move |text| Signal::derive(move || i18n.say(text));
    let forms = Chips(ChipsProps {
        page,
        testid: "forms".into(),
        label: label(Text::SpeakForms),
        is_named_above: false,
        choices: vec![("formal", Text::SpeakFormal), ("informal", Text::SpeakInformal)],
        read: |form: &SetUpForm| form.forms.clone(),
        write: |form: &mut SetUpForm, word: &'static str| word.clone_into(&mut form.forms),
    });
    let names = Chips(ChipsProps {
        page,
        testid: "names".into(),
        label: label(Text::SpeakNames),
        is_named_above: false,
        choices: vec![("initial", Text::SpeakInitial), ("code", Text::SpeakCode)],
        read: |form: &SetUpForm| form.names.clone(),
        write: |form: &mut SetUpForm, word: &'static str| word.clone_into(&mut form.names),
    });
    let remote = Chips(ChipsProps {
        page,
        testid: "remote".into(),
        label: label(Text::SpeakRemote),
        is_named_above: false,
        choices: vec![
            ("with_doors", Text::SpeakRemoteDoors),
            ("always", Text::SpeakRemoteAlways),
            ("never", Text::SpeakRemoteNever),
        ],
        read: |form: &SetUpForm| form.remote.clone(),
        write: |form: &mut SetUpForm, word: &'static str| word.clone_into(&mut form.remote),
    });
    let erase = Line(LineProps {
        page,
        field: "erase_after_days".into(),
        label: label(Text::SpeakErase),
        kind: "number",
        max: 5,
        list: None,
        read: |form: &SetUpForm| form.erase_after_days.to_string(),
        write: |form: &mut SetUpForm, text| {
            form.erase_after_days = number(&text).unwrap_or_default();
        },
    });
    let more = ["quiet_hours", "remote", "erase_after_days"].map(str::to_owned).to_vec();
    view! {
        <Languages page />
        {forms}
        {names}
        <Share page />
        <MakeGoods page />
        <Folded page testid="speak-more" label=label(Text::SpeakMore) fields=more>
            <Quiet page />
            {remote}
            {erase}
        </Folded>
    }
}

/// The tags of the shop's languages: all, where none is said.
fn spoken(form: &SetUpForm) -> Vec<String> {
    if form.languages.is_empty() {
        return Language::ALL.iter().map(|language| language.tag().to_owned()).collect();
    }
    form.languages.clone()
}

/// Taps take languages in and out; the order of taps is the order in which they are offered.
#[component]
fn Languages(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let chip = move |language: Language| {
        let tag = language.tag();
        let place = Memo::new(move |_| {
            page.read(|form| spoken(form).iter().position(|known| known == tag)).flatten()
        });
        let name = language.own_name();
        let label = Signal::derive(move || match place.get() {
            Some(at) => format!("{} {name}", at + 1),
            None => name.to_owned(),
        });
        let toggle = move || {
            page.change(|form| {
                form.languages = spoken(form);
                match form.languages.iter().position(|known| known == tag) {
                    // None said would be all of them.
                    Some(_) if form.languages.len() == 1 => {}
                    Some(at) => drop(form.languages.remove(at)),
                    None => form.languages.push(tag.to_owned()),
                }
            });
        };
        view! {
            <TapButton
                testid=format!("language-{tag}")
                label
                lang=tag
                chosen=Signal::derive(move || place.get().is_some())
                on_tap=toggle
            />
        }
    };
    view! {
        <div class="choice" role="group" aria-label=move || i18n.say(Text::SpeakLanguages)>
            <span class="quiet">{move || i18n.say(Text::SpeakLanguages)}</span>
            <div class="buttons">{Language::ALL.iter().map(|one| chip(*one)).collect_view()}</div>
        </div>
        {Fault(FaultProps { page, field: "languages".into(), is_empty: None })}
    }
}

/// The one setting of the promise, in words.
#[component]
fn Share(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let chip = move |(kept, of, percent): (u32, u32, f64)| {
        let is_chosen = Signal::derive(move || {
            page.read(|form| (form.rules.keep_percent - percent).abs() < 0.05).unwrap_or_default()
        });
        let label = Signal::derive(move || {
            i18n.say_with(Text::SpeakShareOf, &[("n", &kept.to_string()), ("of", &of.to_string())])
        });
        view! {
            <TapButton
                testid=format!("share-{percent}")
                label
                chosen=is_chosen
                on_tap=move || page.change(|form| form.rules.keep_percent = percent)
            />
        }
    };
    view! {
        <div class="choice" role="group" aria-label=move || i18n.say(Text::SpeakShare)>
            <span class="quiet">{move || i18n.say(Text::SpeakShare)}</span>
            <div class="buttons">{SHARES.map(chip)}</div>
            <span class="hint">{move || i18n.say(Text::SpeakShareHow)}</span>
        </div>
        {Fault(FaultProps { page, field: "rules.keep_percent".into(), is_empty: None })}
    }
}

#[component]
fn MakeGoods(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let field = move |at: usize| {
        let value = Memo::new(move |_| {
            page.read(|form| form.make_goods.get(at).cloned()).flatten().unwrap_or_default()
        });
        view! {
            <input
                type="text"
                class="plain wide"
                data-testid=format!("make-good-{at}")
                maxlength="40"
                aria-label=move || i18n.say(Text::SpeakMakeGoods)
                prop:value=value
                on:input=move |event| page.change(|form| {
                    if form.make_goods.len() <= at {
                        form.make_goods.resize(at + 1, String::new());
                    }
                    form.make_goods[at] = event_target_value(&event);
                })
            />
        }
    };
    let count = Memo::new(move |_| {
        let written = page.read(|form| form.make_goods.len()).unwrap_or_default();
        (written + 1).min(MAKE_GOODS)
    });
    view! {
        <div class="choice" role="group" aria-label=move || i18n.say(Text::SpeakMakeGoods)>
            <span class="quiet">{move || i18n.say(Text::SpeakMakeGoods)}</span>
            <For each=move || 0..count.get() key=|at| *at children=field />
        </div>
        {Fault(FaultProps { page, field: "make_goods".into(), is_empty: None })}
    }
}

/// The same quiet hours every day; days that differ are left as they are.
#[component]
fn Quiet(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let read = move |pick: fn(&QuietForm) -> Option<String>| {
        Memo::new(move |_| {
            page.read(|form| form.quiet_hours.as_ref().and_then(pick)).flatten().unwrap_or_default()
        })
    };
    let (from, to) = (read(|quiet| quiet.from.clone()), read(|quiet| quiet.to.clone()));
    let write = move |change: &dyn Fn(&mut QuietForm)| {
        page.change(|form| {
            let mut quiet = form.quiet_hours.clone().unwrap_or_default();
            change(&mut quiet);
            form.quiet_hours = (quiet != QuietForm::default()).then_some(quiet);
        });
    };
    let said = |text: String| (!text.is_empty()).then_some(text);
    view! {
        <div class="buttons">
            <label class="field">
                <span>{move || i18n.say(Text::SpeakQuietFrom)}</span>
                <input
                    type="time"
                    data-testid="quiet-from"
                    prop:value=from
                    on:change=move |e| write(&|q| q.from = said(event_target_value(&e)))
                />
            </label>
            <label class="field">
                <span>{move || i18n.say(Text::SpeakQuietTo)}</span>
                <input
                    type="time"
                    data-testid="quiet-to"
                    prop:value=to
                    on:change=move |e| write(&|q| q.to = said(event_target_value(&e)))
                />
            </label>
        </div>
        {Fault(FaultProps { page, field: "quiet_hours".into(), is_empty: None })}
        {Fault(FaultProps { page, field: "quiet_hours.to".into(), is_empty: None })}
    }
}
