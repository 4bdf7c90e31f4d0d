//! A day and a clock time, chosen with one finger.

use leptos::prelude::*;
use sooner_shared::Timestamp;
use sooner_shared::screen::zone_time::Reading;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::words::Text;

use crate::components::button::TapButton;
use crate::i18n::I18n;

/// A choice that needs no field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quick {
    /// So many minutes from now.
    Minutes(i64),
    /// So many days from now, at noon.
    Days(i64, Text),
}

/// For what comes with days: a part, an answer, news.
pub(crate) const DAYS: &[Quick] = &[
    Quick::Days(1, Text::Tomorrow),
    Quick::Days(2, Text::InTwoDays),
    Quick::Days(7, Text::InAWeek),
];

/// For what comes with minutes: a person.
pub(crate) const MINUTES: &[Quick] =
    &[Quick::Minutes(15), Quick::Minutes(30), Quick::Minutes(60), Quick::Minutes(120)];

/// A time, by one of a few buttons or a field for any other.
#[component]
pub(crate) fn MomentField(
    /// For tests: what the `data-testid`s begin with.
    testid: &'static str,
    /// What it is for; nothing where a heading says so.
    #[prop(into, default = Signal::stored(String::new()))]
    label: Signal<String>,
    /// The shop's time, from which the buttons count.
    now: Option<Timestamp>,
    /// The buttons.
    quick: &'static [Quick],
    /// What is chosen.
    value: RwSignal<Option<Timestamp>>,
) -> impl IntoView {
    let i18n = I18n::get();
    let instant = move |quick: Quick| {
        let now = now?;
        Some(match quick {
            Quick::Minutes(minutes) => (now + minutes * MINUTE_MS).round_up(5 * MINUTE_MS),
            Quick::Days(days, _) => {
                i18n.instant(i18n.reading(now).plus_days(days).at_minute(12 * 60))
            }
        })
    };
    let buttons = quick.iter().enumerate().map(|(n, quick)| {
        let quick = *quick;
        let at = untrack(|| instant(quick));
        let says = Signal::derive(move || match quick {
            Quick::Minutes(_) => at.map(|at| i18n.time_only(at)).unwrap_or_default(),
            Quick::Days(_, text) => {
                format!("{}, {}", i18n.say(text), at.map(|a| i18n.time_only(a)).unwrap_or_default())
            }
        });
        view! {
            <TapButton
                testid=format!("{testid}-{n}")
                label=says
                chosen=Signal::derive(move || at.is_some() && value.get() == at)
                on_tap=move || value.set(at)
            />
        }
    });
    let buttons = buttons.collect_view();
    let read = move |event| {
        if let Some(reading) = Reading::read(&event_target_value(&event)) {
            value.set(Some(untrack(|| i18n.instant(reading))));
        }
    };
    view! {
        <div class="moment">
            <p class="label">
                {label} " "
                <strong>{move || value.get().map(|at| i18n.clock(at))}</strong>
            </p>
            <div class="chips">{buttons}</div>
            <label class="field">
                <span>{move || i18n.say(Text::OtherTime)}</span>
                <input type="datetime-local" data-testid=format!("{testid}-other") on:input=read />
            </label>
        </div>
    }
}
