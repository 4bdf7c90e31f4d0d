//! Joining at a screen that belongs to the shop: what comes after, and that nothing of one person is
//! left for the next.
//!
//! Nothing here loads another page, so there is nothing to go back to.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::{ev, html};
use sooner_shared::view::{PromiseKind, View};
use sooner_shared::words::{Language, Text, promise};

use super::Step;
use super::request::Joined;
use crate::api;
use crate::components::clock_time::ClockTime;
use crate::i18n::I18n;
use crate::live::Live;

/// So long a person's time is shown, unless they tap "done" before.
const SHOWN_FOR: Duration = Duration::from_secs(20);
/// A form that nobody has touched for so long was left.
const LEFT_AFTER: Duration = Duration::from_mins(1);

/// The screen. A copy is a handle to the same.
#[derive(Clone, Copy)]
pub(super) struct Kiosk {
    /// Who has just joined.
    pub(super) joined: RwSignal<Option<(Joined, PromiseKind)>>,
    /// How many people's forms there were.
    pub(super) round: RwSignal<u32>,
    step: RwSignal<Step>,
    timer: StoredValue<Option<TimeoutHandle>>,
    i18n: I18n,
    /// The one for who has not chosen any: what it was when somebody first touched the screen.
    language: StoredValue<Option<Language>>,
}

impl Kiosk {
    /// Watches over the form from now on.
    pub(super) fn begin(step: RwSignal<Step>) -> Self {
        let i18n = I18n::get();
        let kiosk = Self {
            joined: RwSignal::new(None),
            round: RwSignal::new(0),
            step,
            timer: StoredValue::new(None),
            i18n,
            language: StoredValue::new(None),
        };
        let touched = move || {
            if kiosk.language.get_value().is_none() {
                kiosk.language.set_value(Some(untrack(|| i18n.language())));
            }
            if kiosk.joined.with_untracked(Option::is_none) {
                kiosk.start_anew_after(LEFT_AFTER);
            }
        };
        // The page lasts as long as they do.
        window_event_listener(ev::pointerdown, move |_| touched());
        window_event_listener(ev::keydown, move |_| touched());
        window_event_listener(ev::input, move |_| touched());
        kiosk
    }

    /// Shows the time of who joined, for a while.
    pub(super) fn show(self, joined: Joined, kind: PromiseKind) {
        self.step.set(Step::Choosing);
        self.joined.set(Some((joined, kind)));
        self.start_anew_after(SHOWN_FOR);
    }

    fn start_anew_after(self, wait: Duration) {
        self.stop_timer();
        let timer = set_timeout_with_handle(move || self.start_anew(), wait);
        self.timer.set_value(timer.ok());
    }

    fn stop_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// The next person finds what the first one found.
    fn start_anew(self) {
        if self.step.with_untracked(|step| *step == Step::Sending) {
            return self.start_anew_after(LEFT_AFTER);
        }
        self.stop_timer();
        self.joined.set(None);
        self.step.set(Step::Choosing);
        self.round.update(|round| *round += 1);
        if let Some(language) = self.language.get_value()
            && untrack(|| self.i18n.language()) != language
        {
            self.i18n.choose(language);
        }
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// The time of who has just joined, the name it is called by, and a way to take it along.
#[component]
pub(super) fn AtKiosk(live: Live, kiosk: Kiosk) -> impl IntoView {
    move || {
        let (joined, kind) = kiosk.joined.get()?;
        Some(view! { <Shown live kiosk joined kind /> })
    }
}

#[component]
fn Shown(live: Live, kiosk: Kiosk, joined: Joined, kind: PromiseKind) -> impl IntoView {
    let i18n = I18n::get();
    let Joined { visit, by, link } = joined;
    // As the wall has it; work that is not on the wall goes by its code.
    let name = Memo::new(move |_| {
        live.with_view(|view| match view {
            View::Lobby(board) => board.cards.get(&visit).map(|card| card.label.clone()),
            _ => None,
        })
        .unwrap_or_else(|| visit.code())
    });
    let starts = kind == PromiseKind::Start;
    let done = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(done) = done.get() {
            // Where it cannot have the focus, a tap does.
            let _ = done.focus();
        }
    });
    let below = move || match by {
        Some(_) => starts.then(|| i18n.say(Text::PromiseBelow)),
        None => Some(i18n.say(Text::KioskNoTime)),
    };
    view! {
        <div class="form taken" data-testid="joined" role="status">
            <p class="taken-name" data-testid="kiosk-name">
                {move || i18n.say_with(Text::KioskName, &[("name", &name.get())])}
            </p>
            {by.map(|by| view! {
                <p class="offer" data-testid="promise">
                    <span class="word">{move || i18n.say(promise::word(kind))}</span>
                    " "
                    <ClockTime at=Signal::stored(Some(by)) />
                </p>
            })}
            <p>{below}</p>
            <img
                class="qr"
                width="220"
                height="220"
                data-testid="kiosk-qr"
                alt=""
                src=api::visit_qr(&link)
            />
            <p class="quiet">{move || i18n.say(Text::KioskTake)}</p>
        </div>
        <section class="thumb">
            <button
                type="button"
                class="button main"
                data-testid="kiosk-done"
                node_ref=done
                on:click=move |_| kiosk.start_anew()
            >
                {move || i18n.say(Text::Done)}
            </button>
        </section>
    }
}
