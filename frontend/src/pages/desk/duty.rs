//! What a person who serves says of their own time: breaks, a delay, coming and going.

use leptos::prelude::*;
use sooner_shared::command::{DelayReason, Scope};
use sooner_shared::screen::desk::is_serving;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::StaffInfo;
use sooner_shared::words::Text;
use sooner_shared::{Command, StaffId, Timestamp};

use super::DeskState;
use crate::components::button::TapButton;
use crate::components::moment::{MINUTES, MomentField};
use crate::i18n::I18n;

/// Lengths of a break in minutes.
const BREAKS_MIN: [i64; 3] = [10, 15, 30];

/// What one tap adds to the work in progress, in minutes.
const PLUS_MIN: i64 = 5;

/// Opens and closes the panel of a person.
#[component]
pub(super) fn DutyMore(staff: StaffId, is_open: RwSignal<bool>) -> impl IntoView {
    let i18n = I18n::get();
    let called = Signal::derive(move || i18n.say(Text::DeskMore));
    view! {
        <TapButton
            testid=format!("duty-more-{staff}")
            look="quiet"
            label="⋯"
            called
            chosen=is_open
            on_tap=move || is_open.update(|open| *open = !*open)
        />
    }
}

/// The panel, while it is open.
#[component]
pub(super) fn DutyPanel(
    desk: DeskState,
    staff: StaffId,
    person: Memo<Option<StaffInfo>>,
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let on_duty = Memo::new(move |_| person.with(|p| p.as_ref().is_some_and(|p| p.on_duty)));
    let may_rest = Memo::new(move |_| person.with(|p| p.as_ref().is_some_and(is_serving)));
    view! {
        <Show when=move || is_open.get()>
            <div class="more-panel" data-testid=format!("duty-panel-{staff}")>
                <Show when=move || may_rest.get()>
                    <Breaks desk staff on_tap=move || is_open.set(false) />
                    <GoOff desk staff is_open />
                </Show>
                {move || {
                    if on_duty.get() {
                        let command = move |at| Command::LeaveEarly { staff, at };
                        view! { <AtTime desk testid="leaves" title=Text::LeavesAt command is_open /> }
                            .into_any()
                    } else {
                        let command = move |at| Command::ExpectStaff { staff, at };
                        view! { <AtTime desk testid="comes" title=Text::ComesAt command is_open /> }
                            .into_any()
                    }
                }}
            </div>
        </Show>
    }
}

/// Ends work.
#[component]
fn GoOff(desk: DeskState, staff: StaffId, is_open: RwSignal<bool>) -> impl IntoView {
    let i18n = I18n::get();
    let command = Command::GoOffDuty { staff };
    view! {
        <div class="chips">
            <TapButton
                testid=format!("duty-{staff}")
                label=Signal::derive(move || i18n.say(Text::DeskGoOffDuty))
                waits=desk.waits(command.clone())
                on_tap=move || {
                    is_open.set(false);
                    desk.tap(command.clone());
                }
            />
        </div>
    }
}

/// Breaks, one tap each.
#[component]
pub(super) fn Breaks(
    desk: DeskState,
    staff: StaffId,
    on_tap: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let i18n = I18n::get();
    let breaks = BREAKS_MIN.map(|minutes| {
        let command = Command::TakeBreak { staff, ms: minutes * MINUTE_MS };
        let waits = desk.waits(command.clone());
        let tap = move || {
            on_tap();
            desk.tap(command.clone());
        };
        let label =
            Signal::derive(move || i18n.say_with(Text::BreakMin, &[("n", &minutes.to_string())]));
        view! { <TapButton testid=format!("break-{minutes}-{staff}") label waits on_tap=tap /> }
    });
    view! { <div class="chips">{breaks.into_iter().collect_view()}</div> }
}

/// The work in progress takes a little longer.
#[component]
pub(super) fn Longer(desk: DeskState, staff: StaffId) -> impl IntoView {
    let i18n = I18n::get();
    let (scope, ms) = (Scope::Staff(staff), PLUS_MIN * MINUTE_MS);
    let command = Command::ReportDelay { scope, ms, reason: DelayReason::Work };
    let label =
        Signal::derive(move || i18n.say_with(Text::PlusMin, &[("n", &PLUS_MIN.to_string())]));
    let waits = desk.waits(command.clone());
    let tap = move || desk.tap(command.clone());
    view! { <TapButton testid=format!("plus5-{staff}") label waits on_tap=tap /> }
}

/// Coming or going at a time.
#[component]
fn AtTime(
    desk: DeskState,
    testid: &'static str,
    title: Text,
    command: impl Fn(Timestamp) -> Command + 'static,
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = I18n::get();
    let at = RwSignal::new(None);
    view! {
        <MomentField
            testid
            label=Signal::derive(move || i18n.say(title))
            now=desk.now()
            quick=MINUTES
            value=at
        />
        <div class="chips">
            <TapButton
                testid=format!("{testid}-set")
                look="main"
                label=Signal::derive(move || i18n.say(Text::Set))
                disabled=Signal::derive(move || at.get().is_none())
                on_tap=move || {
                    if let Some(at) = at.get_untracked() {
                        is_open.set(false);
                        desk.tap(command(at));
                    }
                }
            />
        </div>
    }
}
