//! An appointment: what for, with whom, when, and the sentence to say.

use leptos::prelude::*;
use sooner_shared::command::Booking;
use sooner_shared::screen::zone_time::Reading;
use sooner_shared::view::PromiseKind;
use sooner_shared::words::Text;
use sooner_shared::{Command, CommandId, Problem, Receipt, ServiceId, StaffId, Timestamp};

use super::reach::{Person, PersonFields};
use super::walk_in::SayCard;
use super::{DeskState, Panel};
use crate::components::button::TapButton;
use crate::components::party::Party;
use crate::components::tiles::{Choice, Tiles};
use crate::i18n::I18n;

/// Days to choose from without a field, today among them.
const DAYS: i64 = 7;

/// Hours to choose from without a field.
const HOURS: std::ops::RangeInclusive<i64> = 7..=20;

/// Minutes to choose from.
const MINUTES: [i64; 4] = [0, 15, 30, 45];

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Book {
    /// Choosing.
    Choosing,
    /// Waits for the answer.
    Sent(CommandId, Booking),
    /// The sentence to say, and the private link.
    Say(PromiseKind, Option<Timestamp>, Option<String>),
}

/// The answer has come: how it goes on, and what is to be said of it on the line for notices.
pub(super) fn answered(
    booking: &Booking,
    result: Result<Receipt, Problem>,
) -> (Book, Result<(), Problem>) {
    match result {
        Ok(receipt) => {
            let by = receipt.by.or(Some(booking.at));
            (Book::Say(PromiseKind::Start, by, receipt.link), Ok(()))
        }
        Err(problem) => (Book::Choosing, Err(problem)),
    }
}

/// What is being chosen. A copy is a handle to the same.
#[derive(Clone, Copy)]
struct Wish {
    service: RwSignal<Option<ServiceId>>,
    staff: RwSignal<Option<StaffId>>,
    party: Party,
    person: Person,
    at: RwSignal<Option<Timestamp>>,
}

/// The panel in place of the waiting.
#[component]
pub(super) fn BookPanel(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let wish = Wish {
        service: RwSignal::new(None),
        staff: RwSignal::new(None),
        party: Party::new(),
        person: Person::new(),
        at: RwSignal::new(None),
    };
    let now_at = Memo::new(move |_| match desk.panel.get() {
        Some(Panel::Book(step)) => Some(step),
        _ => None,
    });
    let step = move || match now_at.get() {
        None => ().into_any(),
        Some(Book::Choosing) => view! { <Choosing desk wish /> }.into_any(),
        Some(Book::Sent(..)) => view! { <p class="sending waits">"…"</p> }.into_any(),
        Some(Book::Say(kind, by, link)) => view! { <SayCard kind by link /> }.into_any(),
    };
    let is_said = move || now_at.with(|step| matches!(step, Some(Book::Say(..))));
    let close = move || i18n.say(if is_said() { Text::Done } else { Text::Cancel });
    view! {
        <section class="walk-in" data-testid="book-panel">
            {step}
            <div class="acts end">
                <TapButton
                    testid="book-close"
                    look="quiet"
                    label=Signal::derive(close)
                    on_tap=move || desk.panel.set(None)
                />
            </div>
        </section>
    }
}

#[component]
fn Choosing(desk: DeskState, wish: Wish) -> impl IntoView {
    let i18n = I18n::get();
    let services = Memo::new(move |_| desk.head(|h| Some(Choice::service(h))).unwrap_or_default());
    let people = Memo::new(move |_| {
        let service = wish.service.get();
        service.and_then(|s| desk.head(|h| Some(Choice::anybody(h, s)))).unwrap_or_default()
    });
    let choose = move |id: ServiceId| {
        // The first is what they come for, each further one what else.
        match wish.service.get_untracked() {
            None => wish.service.set(Some(id)),
            Some(first) if first == id => {
                wish.service.set(None);
                wish.staff.set(None);
                wish.party.more.set(vec![]);
            }
            Some(_) => wish.party.toggle(id),
        }
    };
    let chosen = Signal::derive(move || {
        wish.service.get().into_iter().chain(wish.party.more.get()).collect::<Vec<_>>()
    });
    let never = Signal::stored(false);
    view! {
        <h2>{move || i18n.say(Text::ChooseService)}</h2>
        <Tiles choices=services chosen show_times=never on_choose=choose />
        <Show when=move || wish.service.get().is_some()>
            <h2>{move || i18n.say(Text::ChoosePerson)}</h2>
            <Tiles
                choices=people
                chosen=Signal::derive(move || vec![wish.staff.get()])
                show_times=never
                on_choose=move |id| wish.staff.set(id)
            />
            <h2>{move || i18n.say(Text::BookWhen)}</h2>
            <When desk at=wish.at />
            <PersonFields person=wish.person testid="book" />
            <Submit desk wish />
        </Show>
    }
}

#[component]
fn Submit(desk: DeskState, wish: Wish) -> impl IntoView {
    let i18n = I18n::get();
    let says = Signal::derive(move || match wish.at.get() {
        Some(at) => i18n.say_bare(Text::BookSubmit, at),
        None => i18n.say(Text::BookWhen),
    });
    let submit = move || {
        let chosen = wish.service.get_untracked().zip(wish.at.get_untracked());
        let Some((service, at)) = chosen else {
            return;
        };
        let booking = Booking {
            service,
            more: wish.party.more.get_untracked(),
            requested: wish.staff.get_untracked(),
            at,
            name: wish.person.name(),
            contact: wish.person.contact(),
        };
        if let Some(id) = desk.live.tap(Command::Book(booking.clone())) {
            desk.panel.set(Some(Panel::Book(Book::Sent(id, booking))));
        }
    };
    view! {
        <div class="acts">
            <TapButton
                testid="book-submit"
                look="main"
                label=says
                disabled=Signal::derive(move || wish.at.get().is_none())
                on_tap=submit
            />
        </div>
    }
}

/// Day, hour and minute, a tap each; or a field for any other day.
#[component]
fn When(desk: DeskState, at: RwSignal<Option<Timestamp>>) -> impl IntoView {
    let i18n = I18n::get();
    let today = untrack(|| i18n.reading(desk.now().unwrap_or_default()));
    let before = at.get_untracked().map(|at| untrack(|| i18n.reading(at)));
    let day = RwSignal::new(before.unwrap_or(today));
    let minute = RwSignal::new(before.map(Reading::minute));
    let set = move || {
        let chosen = minute.get_untracked().map(|m| day.get_untracked().at_minute(m));
        at.set(chosen.map(|reading| untrack(|| i18n.instant(reading))));
    };
    let days = (0..DAYS).map(move |n| {
        let that = today.plus_days(n);
        let label = Signal::derive(move || i18n.day(i18n.instant(that)));
        let chosen = Signal::derive(move || day.get().day() == that.day());
        let tap = move || {
            day.set(that);
            set();
        };
        view! { <TapButton testid=format!("day-{n}") label chosen on_tap=tap /> }
    });
    let hours = HOURS.map(move |hour| {
        let label =
            Signal::derive(move || i18n.time_only(i18n.instant(today.at_minute(hour * 60))));
        let chosen = Signal::derive(move || minute.get().is_some_and(|m| m / 60 == hour));
        let tap = move || {
            minute.update(|m| *m = Some(hour * 60 + m.map_or(0, |m| m % 60)));
            set();
        };
        view! { <TapButton testid=format!("hour-{hour}") label chosen on_tap=tap /> }
    });
    let minutes = MINUTES.map(move |past| {
        let chosen = Signal::derive(move || minute.get().is_some_and(|m| m % 60 == past));
        let tap = move || {
            minute.update(|m| *m = m.map(|m| m - m % 60 + past));
            set();
        };
        let disabled = Signal::derive(move || minute.get().is_none());
        let label = format!(":{past:02}");
        view! { <TapButton testid=format!("minute-{past}") label chosen disabled on_tap=tap /> }
    });
    let other = move |event| {
        if let Some(reading) = Reading::read(&event_target_value(&event)) {
            day.set(reading);
            minute.set(Some(reading.minute()));
            set();
        }
    };
    view! {
        <div class="moment">
            <div class="chips">{days.collect_view()}</div>
            <div class="chips">{hours.collect_view()}</div>
            <div class="chips">{minutes.into_iter().collect_view()}</div>
            <label class="field">
                <span>{move || i18n.say(Text::OtherTime)}</span>
                <input type="datetime-local" data-testid="book-other" on:input=other />
            </label>
        </div>
    }
}
