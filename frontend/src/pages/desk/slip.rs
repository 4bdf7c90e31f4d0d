//! A slip of paper for who has no phone at hand: the only thing of the desk that is printed while it is
//! there. It says what the say-card says.

use leptos::prelude::*;
use sooner_link::device;
use sooner_shared::view::PromiseKind;
use sooner_shared::words::{Text, promise};
use sooner_shared::{Timestamp, VisitId};

use super::DeskState;
use super::help::name_of;
use crate::components::button::TapButton;
use crate::components::clock_time::ClockTime;
use crate::i18n::I18n;

/// The button, and the slip that it prints.
#[component]
pub(super) fn Slip(
    desk: DeskState,
    visit: VisitId,
    kind: PromiseKind,
    by: Option<Timestamp>,
    /// Where the code leads: the address of its picture.
    code: String,
) -> impl IntoView {
    let i18n = I18n::get();
    let shop = move || desk.head(|h| Some(h.name.clone()));
    let name = move || name_of(desk, visit);
    let time = by.map(|at| {
        view! {
            <p class="slip-word">{move || i18n.say(promise::word(kind))}</p>
            <p class="slip-time">
                <ClockTime at=Signal::stored(Some(at)) />
            </p>
        }
    });
    // Only who comes to a chair has a place to keep.
    let is_kept = by.is_some() && kind == PromiseKind::Start;
    let next = move || {
        let safe = is_kept.then(|| i18n.say(Text::PromiseBelow));
        let none = by.is_none().then(|| i18n.say(Text::SayNoTime));
        let follow = Some(i18n.say(Text::SlipFollow));
        [none, safe, follow].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    view! {
        <div class="acts slip-acts">
            <TapButton
                testid="slip-print"
                label=Signal::derive(move || i18n.say(Text::SlipPrint))
                on_tap=device::print
            />
        </div>
        <div class="slip" data-testid="slip" aria-hidden="true">
            <p class="slip-shop">{shop}</p>
            <p class="slip-name"><bdi>{name}</bdi></p>
            {time}
            <img class="qr" alt="" src=code />
            <p class="slip-next">{next}</p>
        </div>
    }
}
