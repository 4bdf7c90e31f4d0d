//! Promises in danger: what would keep them, and what somebody should do now.

use leptos::prelude::*;
use sooner_shared::price::{Asks, Remedy, Task, TaskKind};
use sooner_shared::view::CareView;
use sooner_shared::words::Text;
use sooner_shared::{Command, VisitId};

use super::reach::ReachLink;
use super::{DeskState, Panel};
use crate::components::button::TapButton;
use crate::i18n::I18n;

fn care(desk: DeskState) -> Memo<CareView> {
    Memo::new(move |_| desk.head(|h| h.care.as_deref().cloned()).unwrap_or_default())
}

/// "2 times need help · 3 to do": opens the panel; nothing while there is neither.
#[component]
pub(super) fn HelpStrip(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let care = care(desk);
    let counts = Memo::new(move |_| care.with(|c| (c.at_risk.len(), c.tasks.len())));
    let is_open = Signal::derive(move || desk.panel.with(|p| matches!(p, Some(Panel::Help))));
    let label = Signal::derive(move || {
        let (at_risk, tasks) = counts.get();
        let said = |text: Text, n: usize| (n > 0).then(|| i18n.count(text, n as u32));
        let all = [said(Text::HelpTimes, at_risk), said(Text::HelpTasks, tasks)];
        let words = all.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        if at_risk > 0 { format!("▲ {words}") } else { words }
    });
    let tap = move || {
        let next = (!is_open.get_untracked()).then_some(Panel::Help);
        desk.panel.set(next);
    };
    view! {
        <Show when=move || counts.get() != (0, 0)>
            <div
                class="help-strip"
                data-testid="help-strip"
                data-at-risk=move || counts.get().0
                data-tasks=move || counts.get().1
            >
                <TapButton testid="help" label chosen=is_open on_tap=tap />
            </div>
        </Show>
    }
}

/// The panel in place of the waiting.
#[component]
pub(super) fn HelpPanel(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let care = care(desk);
    let remedies = Memo::new(move |_| care.with(|c| c.remedies.clone()));
    let tasks = Memo::new(move |_| care.with(|c| c.tasks.clone()));
    let at_risk = Memo::new(move |_| care.with(|c| !c.at_risk.is_empty()));
    let is_over = move || !at_risk.get() && tasks.with(Vec::is_empty);
    let saved = move || {
        let saved = care.with(|c| c.saved)?;
        let (kept, of) = (saved.kept.to_string(), saved.of.to_string());
        Some(i18n.say_with(Text::HelpSaved, &[("kept", &kept), ("of", &of)]))
    };
    view! {
        <section class="help" data-testid="help-panel">
            <Show when=move || at_risk.get()>
                <h2>{move || i18n.say(Text::HelpWhat)}</h2>
                <Show when=move || remedies.with(Vec::is_empty)>
                    <p class="nobody" data-testid="no-remedy">{move || i18n.say(Text::HelpNothing)}</p>
                </Show>
            </Show>
            <div class="cards">
                {move || {
                    remedies
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(n, remedy)| view! { <RemedyCard desk n remedy /> })
                        .collect_view()
                }}
            </div>
            <Show when=is_over>
                <p class="nobody" data-testid="no-help">{move || i18n.say(Text::HelpNone)}</p>
            </Show>
            <p class="quiet" data-testid="saved">{saved}</p>
            <div class="cards">
                {move || {
                    tasks.get().into_iter().map(|task| view! { <TaskCard desk task care /> }).collect_view()
                }}
            </div>
            <div class="acts end">
                <TapButton
                    testid="help-close"
                    look="quiet"
                    label=Signal::derive(move || i18n.say(Text::Back))
                    on_tap=move || desk.panel.set(None)
                />
            </div>
        </section>
    }
}

/// How somebody in line is called.
pub(super) fn name_of(desk: DeskState, visit: VisitId) -> String {
    desk.board
        .with(|b| b.as_ref()?.cards.get(&visit).map(|c| c.name.clone()))
        .unwrap_or_else(|| visit.code())
}

/// What a remedy does, in words.
fn says(i18n: I18n, desk: DeskState, command: &Command) -> String {
    let name = |visit| name_of(desk, visit);
    let person = |staff| desk.person(staff).unwrap_or_default();
    match *command {
        Command::AskFor { visit, staff: Some(staff) } => {
            let with = [("person", &*person(staff)), ("name", &*name(visit))];
            i18n.say_with(Text::RemedyTakes, &with)
        }
        Command::KeepFor { visit, staff } => {
            let with = [("person", &*person(staff)), ("name", &*name(visit))];
            i18n.say_with(Text::RemedyKeeps, &with)
        }
        Command::AskFor { visit, staff: None } => {
            i18n.say_with(Text::RemedyAny, &[("name", &name(visit))])
        }
        Command::MoveBefore { visit, before } => {
            let other = before.map(name).unwrap_or_default();
            i18n.say_with(Text::RemedyBefore, &[("name", &name(visit)), ("other", &other)])
        }
        Command::MoveBreak { staff, at } => {
            let with = [("person", &*person(staff)), ("at", &*i18n.clock(at))];
            i18n.say_with(Text::RemedyBreak, &with)
        }
        Command::ChangeServices { visit, ref services } => {
            let service = services.first().and_then(|&id| desk.service(id)).unwrap_or_default();
            i18n.say_with(Text::RemedyShorter, &[("name", &name(visit)), ("service", &service)])
        }
        Command::ExpectStaff { staff, at } => {
            let with = [("person", &*person(staff)), ("at", &*i18n.clock(at))];
            i18n.say_with(Text::RemedyComesIn, &with)
        }
        _ => String::new(),
    }
}

#[component]
fn RemedyCard(desk: DeskState, n: usize, remedy: Remedy) -> impl IntoView {
    let i18n = I18n::get();
    let Remedy { command, keeps, moves, asks } = remedy;
    let (kept, moved) = (keeps.len() as u32, moves.len() as u32);
    let words = {
        let command = command.clone();
        move || says(i18n, desk, &command)
    };
    let worth = move || {
        let (keeps, moves) =
            (i18n.count(Text::HelpKeeps, kept), i18n.count(Text::HelpMoves, moved));
        let asked = asks.map(|asks| {
            let name = match asks {
                Asks::Staff(staff) => desk.person(staff).unwrap_or_default(),
                Asks::Visit(visit) => name_of(desk, visit),
            };
            i18n.say_with(Text::HelpAsk, &[("name", &name)])
        });
        [Some(keeps), Some(moves), asked].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let take = Command::TakeRemedy { command: Box::new(command), saves: keeps };
    let waits = desk.waits(take.clone());
    view! {
        <article class="card remedy" data-testid=format!("remedy-{n}") data-keeps=kept data-moves=moved>
            <div class="who">
                <strong class="name">{words}</strong>
                <span class="what">{worth}</span>
            </div>
            <div class="acts">
                <TapButton
                    testid=format!("remedy-{n}-do")
                    look="main"
                    label=Signal::derive(move || i18n.say(Text::HelpDo))
                    waits
                    on_tap=move || desk.tap(take.clone())
                />
            </div>
        </article>
    }
}

#[component]
fn TaskCard(desk: DeskState, task: Task, care: Memo<CareView>) -> impl IntoView {
    let i18n = I18n::get();
    let Task { visit, name, what } = task;
    let words = move || {
        let at_words = |text, at| i18n.say_with(text, &[("name", &name), ("at", &i18n.clock(at))]);
        let person_words = |text, staff| {
            let person = desk.person(staff).unwrap_or_default();
            i18n.say_with(text, &[("name", &name), ("person", &person)])
        };
        match what {
            TaskKind::Goes { by, .. } => at_words(Text::TaskGoes, by),
            TaskKind::Tell { by } => at_words(Text::TaskTell, by),
            TaskKind::Recover { missed } => at_words(Text::TaskRecover, missed),
            TaskKind::Thank => i18n.say_with(Text::TaskThank, &[("name", &name)]),
            TaskKind::Ring { by, owner: Some(owner) } => {
                let person = desk.person(owner).unwrap_or_default();
                format!("{} · {person}", at_words(Text::TaskRing, by))
            }
            TaskKind::Ring { by, owner: None } => at_words(Text::TaskRing, by),
            TaskKind::News { by } => at_words(Text::TaskNews, by),
            TaskKind::Accept { to } => person_words(Text::TaskAccept, to),
            TaskKind::Away { staff: Some(staff) } => person_words(Text::TaskAway, staff),
            TaskKind::Away { staff: None } => i18n.say_with(Text::TaskNotToday, &[("name", &name)]),
        }
    };
    let button = move |testid: String, text: Text, look: &'static str, command: Command| {
        let waits = desk.waits(command.clone());
        let label = Signal::derive(move || i18n.say(text));
        view! { <TapButton testid look label waits on_tap=move || desk.tap(command.clone()) /> }
    };
    let named = what.as_str();
    let acts = match what {
        TaskKind::Goes { .. } => {
            button(format!("tell-{visit}"), Text::ActTellNow, "plain", Command::Tell { visit })
                .into_any()
        }
        TaskKind::Tell { .. } => {
            button(format!("tell-{visit}"), Text::ActTold, "main", Command::Tell { visit })
                .into_any()
        }
        TaskKind::Thank => {
            let command = Command::MakeGood { visit, with: None };
            button(format!("thank-{visit}"), Text::Done, "plain", command).into_any()
        }
        TaskKind::Recover { .. } => view! { <MakeGoods desk visit care /> }.into_any(),
        TaskKind::News { .. } => {
            let command = Command::GiveNews { visit, next_by: None };
            button(format!("news-{visit}"), Text::ActGiveNews, "plain", command).into_any()
        }
        TaskKind::Ring { .. } | TaskKind::Accept { .. } | TaskKind::Away { .. } => ().into_any(),
    };
    view! {
        <article class="card task" data-testid=format!("task-{named}-{visit}")>
            <div class="who">
                <strong class="name">{words}</strong>
            </div>
            <ReachLink desk visit />
            <div class="acts">{acts}</div>
        </article>
    }
}

/// The shop's make-goods, one tap each, and a word alone.
#[component]
fn MakeGoods(desk: DeskState, visit: VisitId, care: Memo<CareView>) -> impl IntoView {
    let i18n = I18n::get();
    let good = move |(n, text): (usize, String)| {
        let command = Command::MakeGood { visit, with: Some(n as u8) };
        let waits = desk.waits(command.clone());
        view! {
            <TapButton
                testid=format!("good-{n}-{visit}")
                label=text
                waits
                on_tap=move || desk.tap(command.clone())
            />
        }
    };
    let word = Command::MakeGood { visit, with: None };
    let waits = desk.waits(word.clone());
    view! {
        {move || care.with(|c| c.make_goods.clone()).into_iter().enumerate().map(good).collect_view()}
        <TapButton
            testid=format!("word-{visit}")
            look="quiet"
            label=Signal::derive(move || i18n.say(Text::ActWord))
            waits
            on_tap=move || desk.tap(word.clone())
        />
    }
}
