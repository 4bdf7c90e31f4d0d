//! What is said about taps: why one was refused, that some wait for the link, and, for a while, how the
//! last one is taken back.

use std::time::Duration;

use leptos::prelude::*;
use sooner_link::News;
use sooner_shared::screen::desk_actions::undoes;
use sooner_shared::words::Text;
use sooner_shared::{Command, CommandId, Problem, ProblemCode, Receipt, ShopId, VisitId};

use super::book::{self, Book};
use super::help::name_of;
use super::walk_in::{self, WalkIn};
use super::{DeskState, Panel, price};
use crate::api::Failure;
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// Most refusals of kept taps that are listed; older ones are left out.
const REFUSED_MOST: usize = 6;

/// Something to read that stops nobody.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Notice {
    /// A tap was refused.
    Problem(Problem),
    /// Anything else.
    Say(Text),
    /// Taps were refused that were made while the link was down: what, and why.
    Refused(Vec<(Option<Command>, Problem)>),
}

impl From<Failure> for Notice {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(problem) => Self::Problem(*problem),
            Failure::Unanswered => Self::Say(Text::DeskOffline),
        }
    }
}

/// Something that is shown for a while.
pub(super) struct Fading<T: Send + Sync + 'static> {
    pub(super) shown: RwSignal<Option<T>>,
    count: StoredValue<u32>,
    shown_for: Duration,
}

impl<T: Send + Sync + 'static> Copy for Fading<T> {}

impl<T: Send + Sync + 'static> Clone for Fading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Fading<T> {
    pub(super) fn new(shown_for: Duration) -> Self {
        Self { shown: RwSignal::new(None), count: StoredValue::new(0), shown_for }
    }

    pub(super) fn show(self, what: T) {
        let number = self.count.get_value() + 1;
        self.count.set_value(number);
        self.shown.set(Some(what));
        set_timeout(
            move || {
                if self.count.get_value() == number {
                    self.shown.set(None);
                }
            },
            self.shown_for,
        );
    }
}

impl Fading<Notice> {
    /// One more tap that was kept was refused. These stay until somebody has read them.
    fn add_refused(self, command: Option<Command>, problem: Problem) {
        self.count.update_value(|count| *count += 1);
        self.shown.update(|shown| {
            let mut all = match shown.take() {
                Some(Notice::Refused(all)) => all,
                _ => Vec::new(),
            };
            all.push((command, problem));
            let over = all.len().saturating_sub(REFUSED_MOST);
            all.drain(..over);
            *shown = Some(Notice::Refused(all));
        });
    }

    /// A tap was carried out: what was said of one before is over.
    fn is_well(self) {
        if !self.shown.with_untracked(|s| matches!(s, Some(Notice::Refused(_)))) {
            self.shown.set(None);
        }
    }
}

/// What is not part of the view: answers to taps.
pub(super) fn hear(
    news: News,
    shop: &ShopId,
    panel: RwSignal<Option<Panel>>,
    notice: Fading<Notice>,
    recent: Fading<VisitId>,
) {
    match news {
        News::Answer { id, command, kept, result } => {
            if let (Some(command), Ok(receipt)) = (&command, &result)
                && let Some(visit) = undoes(command, receipt)
            {
                recent.show(visit);
            }
            match answered(panel, &id, result) {
                Ok(()) => notice.is_well(),
                // Whoever tapped it has gone on meanwhile: it stays until it was read.
                Err(problem) if kept => notice.add_refused(command, problem),
                Err(problem) => {
                    if let Some(Command::AcceptPrice { command, .. }) = command
                        && problem.code == ProblemCode::PriceChanged
                    {
                        price::ask_again(shop.clone(), panel, *command);
                    } else {
                        notice.show(Notice::Problem(problem));
                    }
                }
            }
        }
        News::Expired(_) => notice.show(Notice::Say(Text::DeskCallNotSent)),
        News::Complaint(problem) => notice.show(Notice::Problem(problem)),
    }
}

/// An answer may be the one a panel waits for. Gives back what is to be said of it elsewhere.
fn answered(
    panel: RwSignal<Option<Panel>>,
    id: &CommandId,
    result: Result<Receipt, Problem>,
) -> Result<(), Problem> {
    match panel.get_untracked() {
        Some(Panel::WalkIn(WalkIn::Sent(sent, join))) if sent == *id => {
            let (next, said) = walk_in::answered(join, result);
            panel.set(Some(Panel::WalkIn(next)));
            said
        }
        Some(Panel::Book(Book::Sent(sent, booking))) if sent == *id => {
            let (next, said) = book::answered(&booking, result);
            panel.set(Some(Panel::Book(next)));
            said
        }
        _ => result.map(|_| ()),
    }
}

/// What a tap was, in words.
fn deed(i18n: I18n, desk: DeskState, command: &Command) -> String {
    let what = match command {
        Command::Start { .. } => Some(Text::DeskStart),
        Command::Finish { .. } => Some(Text::DeskFinish),
        Command::GoOnDuty { .. } => Some(Text::DeskGoOnDuty),
        Command::GoOffDuty { .. } => Some(Text::DeskGoOffDuty),
        Command::TakeBreak { .. } => Some(Text::BarBreak),
        Command::EndBreak { .. } => Some(Text::BreakOver),
        Command::ReturnToLine { .. } => Some(Text::DeskAbsent),
        Command::MarkNoShow { .. } => Some(Text::DeskNoShow),
        Command::Leave { .. } => Some(Text::DeskLeft),
        Command::CheckIn { .. } => Some(Text::ActHere),
        Command::AddWalkIn(_) => Some(Text::DeskWalkIn),
        Command::Undo { .. } => Some(Text::Undo),
        _ => None,
    };
    let whom = match *command {
        Command::GoOnDuty { staff }
        | Command::GoOffDuty { staff }
        | Command::TakeBreak { staff, .. }
        | Command::EndBreak { staff } => desk.person(staff),
        _ => command.visit().map(|visit| name_of(desk, visit)),
    };
    [what.map(|text| i18n.say(text)), whom].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// For a few seconds after a tap: taking it back.
#[component]
pub(super) fn UndoLine(desk: DeskState) -> impl IntoView {
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

/// What is to be read of taps.
#[component]
pub(super) fn NoticeLine(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let notice = desk.notice.shown;
    let text = move || {
        notice.with(|n| match n.as_ref()? {
            Notice::Problem(problem) => Some(i18n.problem(problem)),
            Notice::Say(text) => Some(i18n.say(*text)),
            Notice::Refused(_) => None,
        })
    };
    let kept = Memo::new(move |_| {
        let kept = desk.live.with_taps(<[_]>::len);
        if desk.live.is_live() { 0 } else { kept as u32 }
    });
    let unsent = move || (kept.get() > 0).then(|| i18n.count(Text::TapsWait, kept.get()));
    let code = move || {
        notice.with(|n| match n.as_ref()? {
            Notice::Problem(problem) => Some(problem.code.as_str()),
            Notice::Say(_) | Notice::Refused(_) => None,
        })
    };
    view! {
        <p class="notice" role="status" data-testid="notice" data-code=code data-kept=kept>
            {move || text().or_else(unsent)}
        </p>
        <RefusedList desk />
    }
}

/// The taps that were kept and could not be done, each with whom and why.
#[component]
fn RefusedList(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    move || {
        let all = desk.notice.shown.with(|n| match n {
            Some(Notice::Refused(all)) => Some(all.clone()),
            _ => None,
        })?;
        let lines = all.into_iter().map(|(command, problem)| {
            let deed = command.map(|command| deed(i18n, desk, &command)).unwrap_or_default();
            view! { <li><strong>{deed}</strong> " " {i18n.problem(&problem)}</li> }
        });
        let lines = lines.collect_view();
        Some(view! {
            <div class="notice refused" role="alert" data-testid="refused">
                <p>{move || i18n.say(Text::TapsRefused)}</p>
                <ul>{lines}</ul>
                <TapButton
                    testid="refused-close"
                    label=Signal::derive(move || i18n.say(Text::Done))
                    on_tap=move || desk.notice.shown.set(None)
                />
            </div>
        })
    }
}
