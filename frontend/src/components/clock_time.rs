//! A clock time as a figure.

use leptos::prelude::*;
use sooner_shared::Timestamp;
use sooner_shared::words::Text;

use crate::i18n::I18n;

/// A clock time in the shop's zone, its figure apart from any "AM" and from the day, which stands
/// there when it is not today. `data-ms` has the instant.
#[component]
pub(crate) fn ClockTime(
    /// The instant; without one there is nothing to see.
    #[prop(into)]
    at: Signal<Option<Timestamp>>,
    /// Whether it stands by itself, after a colon, rather than in a sentence.
    #[prop(default = false)]
    bare: bool,
) -> impl IntoView {
    let i18n = I18n::get();
    let pattern = if bare { Text::DayTimeBare } else { Text::DayTime };
    move || {
        at.get().map(|at| {
            let parts = i18n.clock_parts(at, pattern);
            view! {
                <time class="clock" data-ms=at.0>
                    <span class="period">{parts.before}</span>
                    <span class="figure">{parts.figure}</span>
                    <span class="period">{parts.after}</span>
                </time>
            }
        })
    }
}
