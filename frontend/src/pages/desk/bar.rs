//! The bar below: what concerns nobody who waits yet, and the line for what went differently.

use leptos::prelude::*;
use sooner_shared::Command;
use sooner_shared::view::Doors;
use sooner_shared::words::Text;

use super::book::Book;
use super::notice::{NoticeLine, UndoLine};
use super::walk_in::WalkIn;
use super::{DeskState, Panel};
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// The whole bar.
#[component]
pub(super) fn Bar(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let is_more_open = shows(desk, Panel::More.as_str());
    view! {
        <footer class="bar">
            <div class="toasts">
                <UndoLine desk />
                <NoticeLine desk />
            </div>
            <TapButton
                testid="walkin"
                look="main"
                label=Signal::derive(move || format!("+ {}", i18n.say(Text::DeskWalkIn)))
                on_tap=move || desk.panel.set(Some(Panel::WalkIn(WalkIn::Service)))
            />
            <Opener desk testid="quote" text=Text::DeskQuote panel=Panel::Quote />
            <Opener desk testid="rest" text=Text::BarBreak panel=Panel::Rest />
            <LineButton desk />
            <TapButton
                testid="bar-more"
                label="⋯"
                called=Signal::derive(move || i18n.say(Text::DeskMore))
                chosen=is_more_open
                on_tap=move || {
                    let next = (!is_more_open.get_untracked()).then_some(Panel::More);
                    desk.panel.set(next);
                }
            />
        </footer>
    }
}

/// Whether a panel is open.
fn shows(desk: DeskState, name: &'static str) -> Signal<bool> {
    Signal::derive(move || desk.panel.with(|p| p.as_ref().is_some_and(|p| p.as_str() == name)))
}

/// Opens a panel, and closes it.
#[component]
fn Opener(desk: DeskState, testid: &'static str, text: Text, panel: Panel) -> impl IntoView {
    let i18n = I18n::get();
    let is_open = shows(desk, panel.as_str());
    let tap = move || {
        let next = (!is_open.get_untracked()).then(|| panel.clone());
        desk.panel.set(next);
    };
    let label = Signal::derive(move || i18n.say(text));
    view! { <TapButton testid=testid label chosen=is_open on_tap=tap /> }
}

/// What is needed less often, in place of the waiting.
#[component]
pub(super) fn MoreOfBar(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    view! {
        <section class="panel" data-testid="more-panel">
            <h2>{move || i18n.say(Text::DeskMore)}</h2>
            <div class="stack">
                <Opener desk testid="book" text=Text::DeskBook panel=Panel::Book(Book::Choosing) />
                <Opener desk testid="delay" text=Text::DeskDelay panel=Panel::Delay />
            </div>
            <div class="acts end">
                <TapButton
                    testid="more-close"
                    look="quiet"
                    label=Signal::derive(move || i18n.say(Text::Cancel))
                    on_tap=move || desk.panel.set(None)
                />
            </div>
        </section>
    }
}

/// Takes nobody new, or somebody again.
#[component]
fn LineButton(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let is_full = Memo::new(move |_| {
        desk.head(|h| Some(matches!(h.doors, Doors::Full { .. }))) == Some(true)
    });
    let command =
        move || if is_full.get_untracked() { Command::OpenLine } else { Command::CloseLine };
    let label = Signal::derive(move || {
        i18n.say(if is_full.get() { Text::OpenLine } else { Text::CloseLine })
    });
    let waits = Signal::derive(move || {
        desk.live.waits(|c| matches!(c, Command::OpenLine | Command::CloseLine))
    });
    view! { <TapButton testid="line" label waits on_tap=move || desk.tap(command()) /> }
}
