//! Who comes next, with their times and why.

use std::time::Duration;

use leptos::prelude::*;
use sooner_shared::screen::lobby::{EARLIER_FOR_MS, Rows, fit, is_earlier};
use sooner_shared::screen::tags::{self, Tag};
use sooner_shared::words::Text;
use sooner_shared::{Timestamp, VisitId};

use super::{LobbyBoard, card_of, person};
use crate::components::clock_time::ClockTime;
use crate::i18n::I18n;

#[component]
pub(super) fn Next(board: LobbyBoard) -> impl IntoView {
    let i18n = I18n::get();
    let rows = Memo::new(move |_| board.with(|b| b.as_ref().map(Rows::of).unwrap_or_default()));
    let more = move || rows.with(|r| (r.more > 0).then_some(r.more as u32));
    view! {
        <section class="next" data-testid="next">
            <div class="heading">
                <h2>{move || i18n.say(Text::LobbyNext)}</h2>
                <p class="more" data-testid="more">
                {move || more().map(|n| i18n.count(Text::LobbyMore, n))}
            </p>
            </div>
            <div class="rows">
                <For
                    each=move || rows.with(|r| r.next.clone())
                    key=|visit| *visit
                    children=move |visit| view! { <NextRow board visit /> }
                />
            </div>
        </section>
    }
}

#[component]
fn NextRow(board: LobbyBoard, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let card = card_of(board, visit);
    let label = move || card.with(|c| c.as_ref().map(|c| c.label.clone()));
    let by = Memo::new(move |_| card.with(|c| c.as_ref()?.by));
    let why = move || {
        let tags = card.with(|c| c.as_ref().map(tags::of_lobby))?;
        let words = tags.into_iter().filter_map(|tag| match tag {
            Tag::Booked { at, .. } => Some(i18n.say_bare(Text::TagBooked, at)),
            Tag::GoesFirst => Some(i18n.say(Text::TagGoesFirst)),
            Tag::With(staff) => {
                let wanted = person(board, Some(staff))?;
                Some(i18n.say_with(Text::With, &[("person", &wanted.name)]))
            }
            _ => None,
        });
        Some(words.collect::<Vec<_>>().join(" · "))
    };
    let before = time_before(by);
    let is_new = move || before.get().is_some();
    view! {
        <div
            class="row"
            class:earlier=is_new
            data-testid=format!("next-{visit}")
            data-timeless=move || by.get().is_none().then_some("")
        >
            <span class="name" data-fit=move || label().as_deref().map(fit)><bdi>{label}</bdi></span>
            <span class="by" data-testid="promise">
                <ClockTime at=by />
                <Show when=is_new>
                    <span class="before" aria-hidden="true">
                        <ClockTime at=before />
                    </span>
                </Show>
            </span>
            <span class="tag">{why}</span>
            <Show when=is_new>
                <span class="word" data-testid=format!("earlier-{visit}")>
                    {move || i18n.say(Text::WallEarlier)}
                </span>
            </Show>
        </div>
    }
}

/// The time that stood there, for as long as the new one is said to be earlier.
fn time_before(by: Memo<Option<Timestamp>>) -> RwSignal<Option<Timestamp>> {
    let before = RwSignal::new(None);
    // Counts changes, so that only the last one takes the word away.
    let changes = StoredValue::new(0_u32);
    Effect::new(move |last: Option<Option<Timestamp>>| {
        let now = by.get();
        let last = last.flatten();
        if is_earlier(last, now) {
            changes.update_value(|n| *n += 1);
            let change = changes.get_value();
            before.set(last);
            let end = move || {
                if changes.try_get_value() == Some(change) {
                    before.set(None);
                }
            };
            set_timeout(end, Duration::from_millis(u64::from(EARLIER_FOR_MS)));
        } else if last != now {
            before.set(None);
        }
        now
    });
    before
}
