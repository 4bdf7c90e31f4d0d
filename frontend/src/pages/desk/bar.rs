//! The bar below: what concerns nobody who waits yet, and the line for what went differently.

use leptos::prelude::*;
use sooner_shared::view::Doors;
use sooner_shared::words::Text;
use sooner_shared::{Command, VisitId};

use super::book::Book;
use super::walk_in::WalkIn;
use super::{DeskState, Notice, Panel};
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// The whole bar.
#[component]
pub(super) fn Bar(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let opener = move |testid: &'static str, text: Text, panel: Panel| {
        let name = panel.as_str();
        let is_open = Signal::derive(move || {
            desk.panel.with(|p| p.as_ref().is_some_and(|p| p.as_str() == name))
        });
        let tap = move || {
            let next = (!is_open.get_untracked()).then(|| panel.clone());
            desk.panel.set(next);
        };
        let label = Signal::derive(move || i18n.say(text));
        view! { <TapButton testid=testid label chosen=is_open on_tap=tap /> }
    };
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
            {opener("quote", Text::DeskQuote, Panel::Quote)}
            {opener("book", Text::DeskBook, Panel::Book(Book::Choosing))}
            {opener("delay", Text::DeskDelay, Panel::Delay)}
            <LineButton desk />
        </footer>
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

/// For a few seconds after a tap: taking it back.
#[component]
fn UndoLine(desk: DeskState) -> impl IntoView {
    let may = move |visit: VisitId| {
        // Who is over may be on no card any more; the shop knows best then.
        desk.board.with(|b| {
            b.as_ref()?.cards.get(&visit).is_none_or(|c| c.undo_until.is_some()).then_some(visit)
        })
    };
    let visit = Memo::new(move |_| desk.recent.shown.get().and_then(may));
    let i18n = I18n::get();
    move || {
        let visit = visit.get()?;
        let name = desk.board.with_untracked(|b| {
            b.as_ref().and_then(|b| b.cards.get(&visit).map(|c| c.name.clone()))
        });
        let label = Signal::derive(move || match &name {
            Some(name) => format!("↶ {}: {name}", i18n.say(Text::Undo)),
            None => format!("↶ {}", i18n.say(Text::Undo)),
        });
        let command = Command::Undo { visit };
        Some(view! {
            <TapButton
                testid="undo"
                label
                waits=desk.waits(command.clone())
                on_tap=move || {
                    desk.recent.shown.set(None);
                    desk.tap(command.clone());
                }
            />
        })
    }
}

#[component]
fn NoticeLine(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let notice = desk.notice.shown;
    let text = move || {
        notice.with(|n| match n.as_ref()? {
            Notice::Problem(problem) => Some(i18n.problem(problem)),
            Notice::Say(text) => Some(i18n.say(*text)),
        })
    };
    let unsent = move || {
        (!desk.live.is_live() && desk.live.waits(|_| true)).then(|| i18n.say(Text::WillBeSent))
    };
    let code = move || {
        notice.with(|n| match n.as_ref()? {
            Notice::Problem(problem) => Some(problem.code.as_str()),
            Notice::Say(_) => None,
        })
    };
    view! {
        <p class="notice" role="status" data-testid="notice" data-code=code>
            {move || text().or_else(unsent)}
        </p>
    }
}
