//! A clock time as a figure.

use leptos::prelude::*;
use sooner_shared::Timestamp;

use crate::i18n::I18n;

/// A clock time in the shop's zone, its figure apart from any "AM". `data-ms` has the instant.
#[component]
pub(crate) fn ClockTime(
    /// The instant; without one there is nothing to see.
    #[prop(into)]
    at: Signal<Option<Timestamp>>,
) -> impl IntoView {
    let i18n = I18n::get();
    move || {
        at.get().map(|at| {
            let parts = i18n.clock_parts(at);
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
