//! The time of a choice, and the button that says yes to it.

use leptos::prelude::*;
use sooner_shared::screen::quote::Held;
use sooner_shared::view::PromiseKind;
use sooner_shared::words::{Text, promise};
use sooner_shared::{ServiceId, Shown};

use super::Step;
use crate::components::clock_time::ClockTime;
use crate::i18n::I18n;

/// Both, and what is in the way of it.
#[component]
pub(super) fn Confirm(
    step: RwSignal<Step>,
    held: Memo<Option<Held>>,
    times: Signal<bool>,
    kind: Memo<PromiseKind>,
    service: RwSignal<Option<ServiceId>>,
    on_yes: impl Fn(Option<Shown>) + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = I18n::get();
    let shown = Memo::new(move |_| match step.get() {
        Step::Changed(shown) => shown,
        _ => held.get().and_then(|h| h.shown),
    });
    // A time for somebody new does not stay true while the link is down; the one that was asked
    // about just now is shown all the same.
    let by = Memo::new(move |_| {
        let may_show = times.get() || step.with(|s| matches!(s, Step::Changed(_)));
        shown.get().filter(|_| may_show).map(|s| s.by)
    });
    let note = move || match step.get() {
        Step::Choosing | Step::Sending => {
            service.get().is_none().then(|| i18n.say(Text::JoinFirstChoose))
        }
        Step::Changed(Some(shown)) => Some(i18n.say_at(Text::TimeChanged, shown.by)),
        Step::Changed(None) => Some(i18n.say(Text::TimeGone)),
        Step::Refused(problem) => Some(i18n.problem(&problem)),
        Step::Unanswered => Some(i18n.say(Text::CouldNotReach)),
    };
    let label = move || match (step.get(), by.get()) {
        (Step::Changed(_), Some(at)) => i18n.say_at(Text::YesBy, at),
        (Step::Changed(_), None) => i18n.say(Text::YesWithoutTime),
        (Step::Unanswered, _) => i18n.say(Text::TryAgain),
        (_, None) if service.get().is_some() => i18n.say(Text::JoinWithoutTime),
        _ => i18n.say(Text::JoinSubmit),
    };
    let is_sending = move || step.with(|s| *s == Step::Sending);
    view! {
        <p class="note" role="status" data-testid="notice">{note}</p>
        <Show when=move || by.get().is_some()>
            <p class="offer" data-testid="promise">
                <span class="word">{move || i18n.say(promise::word(kind.get()))}</span>
                " "
                <ClockTime at=by />
            </p>
        </Show>
        <button
            type="button"
            class="button main"
            data-testid="join"
            class:waits=is_sending
            disabled=move || service.get().is_none()
            on:click=move |_| on_yes(shown.get_untracked())
        >
            {label}
        </button>
    }
}
