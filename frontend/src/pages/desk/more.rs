//! What else can be done with a visit: a panel inside its card, one at a time, in nobody's way.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_shared::command::{TEXT_MAX_CHARS, TOGETHER_MAX};
use sooner_shared::screen::desk::{Sections, free_chairs, hand_over_to};
use sooner_shared::screen::desk_actions::{Action, actions};
use sooner_shared::screen::why::{self, Fact};
use sooner_shared::view::{DeskCard, StaffInfo, Stage, WaitsFor};
use sooner_shared::words::Text;
use sooner_shared::{Command, ServiceId, StaffId, Timestamp, VisitId};

use super::DeskState;
use super::erase::EraseWords;
use super::help::name_of;
use super::place::Steps;
use super::reach::ReachLink;
use super::waiting::what_for;
use crate::api;
use crate::components::button::{SureButton, TapButton};
use crate::components::moment::{DAYS, MomentField};
use crate::i18n::I18n;

/// What the panel asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// What is to be done.
    Menu,
    /// What an action needs to know.
    Of(Action),
}

/// Opens and closes the panel of a card.
#[component]
pub(super) fn MoreButton(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let is_open = Signal::derive(move || desk.open.get().is_some_and(|(v, _)| v == visit));
    let tap = move || {
        let next = (!is_open.get_untracked()).then_some((visit, Ask::Menu));
        desk.open.set(next);
    };
    let called = Signal::derive(move || i18n.say(Text::DeskMore));
    view! {
        <TapButton testid=format!("more-{visit}") label="⋯" called chosen=is_open on_tap=tap />
    }
}

/// The panel, while it is open for this visit.
#[component]
pub(super) fn MorePanel(desk: DeskState, visit: VisitId) -> impl IntoView {
    let card = desk.card(visit);
    let ask =
        Memo::new(move |_| desk.open.get().filter(|(open, _)| *open == visit).map(|(_, ask)| ask));
    move || {
        let body = match ask.get()? {
            Ask::Menu => view! { <Menu desk visit card /> }.into_any(),
            Ask::Of(action) => view! { <Question desk visit card action /> }.into_any(),
        };
        Some(view! { <div class="more-panel" data-testid=format!("panel-{visit}")>{body}</div> })
    }
}

/// What an action is called.
pub(super) fn label(i18n: I18n, action: Action, card: &DeskCard) -> String {
    let is_booked = card.stage == Stage::Booked;
    i18n.say(match action {
        Action::Undo => Text::Undo,
        Action::Answer => Text::ActAnswer,
        Action::Here => Text::ActHere,
        Action::Confirm => Text::ActConfirm,
        Action::Continue if card.waits_for == Some(WaitsFor::Time) => Text::ActTimeOver,
        Action::Continue => Text::ActPartHere,
        Action::Approve => Text::ActApprove,
        Action::ExpectPart => Text::ActExpectPart,
        Action::AskApproval => Text::ActAskApproval,
        Action::Collected => Text::ActCollected,
        Action::StillServing => Text::ActStill,
        Action::CallAgain => Text::ActCallAgain,
        Action::Hold => Text::ActHold,
        Action::Resume => Text::ActResume,
        Action::LetPass => Text::ActLetPass,
        Action::RunLate(min) => {
            return i18n.say_with(Text::ActLateMin, &[("n", &min.to_string())]);
        }
        Action::LetGoFirst => Text::ActGoFirst,
        Action::MoveBefore => Text::ActMoveBefore,
        Action::AskFor => Text::ActAskFor,
        Action::HandOver => Text::ActHandOver,
        Action::ChangeServices => Text::ActServices,
        Action::AddOn => Text::ActAddOn,
        Action::PromiseNews => Text::ActPromiseNews,
        Action::GiveNews => Text::ActGiveNews,
        Action::NoShow => Text::DeskNoShow,
        Action::Leave if is_booked => Text::ActCancel,
        Action::Leave => Text::DeskLeft,
    })
}

#[component]
fn Menu(desk: DeskState, visit: VisitId, card: Memo<Option<DeskCard>>) -> impl IntoView {
    let now = Memo::new(move |_| desk.live.shop_now().map(Timestamp::whole_minute));
    let all = Memo::new(move |_| {
        card.with(|c| c.as_ref().map(|c| actions(c, now.get())).unwrap_or_default())
    });
    view! {
        <ReachLink desk visit />
        <Why desk visit />
        <div class="chips">
            <Calls desk visit />
            <Steps desk visit />
            <For
                each=move || all.get()
                key=|action| *action
                children=move |action| view! { <ActionButton desk visit card action /> }
            />
            <NewLink desk visit />
            <EraseWords desk visit />
        </div>
    }
}

/// A call out of turn, to each chair that is free.
#[component]
fn Calls(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let card = desk.card(visit);
    let waits =
        Memo::new(move |_| card.with(|c| c.as_ref().is_some_and(|c| c.stage == Stage::Waiting)));
    let free = Memo::new(move |_| {
        let free = desk.board.with(|b| b.as_ref().map(|b| free_chairs(b, visit)));
        free.filter(|_| waits.get()).unwrap_or_default()
    });
    let call = move |staff: StaffId| {
        let command = Command::Call { visit, staff };
        let label = Signal::derive(move || {
            let person = desk.person(staff).unwrap_or_default();
            format!("{} → {person}", i18n.say(Text::DeskCall))
        });
        let waits = desk.waits(command.clone());
        let disabled = Signal::derive(move || !desk.live.is_live());
        let testid = format!("call-{visit}-{staff}");
        view! {
            <TapButton testid label waits disabled on_tap=move || send(desk, command.clone()) />
        }
    };
    view! { <For each=move || free.get() key=|staff| *staff children=call /> }
}

/// Another private link, for who has lost theirs or had somebody look over their shoulder: the code
/// to scan, which only the new one opens.
#[component]
fn NewLink(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let link = RwSignal::new(None::<String>);
    let replace = move || {
        let Some(shop) = desk.live.desk_shop() else { return };
        spawn_local(async move {
            match api::replace_link(&shop, visit).await {
                Ok(new) => link.set(Some(new.link)),
                Err(failure) => desk.notice.show(failure.into()),
            }
        });
    };
    view! {
        <SureButton
            testid=format!("new-link-{visit}")
            label=Signal::derive(move || i18n.say(Text::ActNewLink))
            sure=Signal::derive(move || i18n.say(Text::ActNewLinkSure))
            on_tap=replace
        />
        {move || {
            link.get().map(|link| {
                view! {
                    <img
                        class="qr"
                        width="200"
                        height="200"
                        data-testid=format!("new-link-code-{visit}")
                        alt=i18n.say(Text::SayScan)
                        src=api::visit_qr(&link)
                    />
                }
            })
        }}
    }
}

/// Why their time is what it is, in one quiet line; nothing of who is not in line.
#[component]
fn Why(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let facts = Memo::new(move |_| {
        desk.board.with(|b| b.as_ref().map(|b| why::of_desk(b, visit)).unwrap_or_default())
    });
    let service = move || {
        let card = desk.board.with(|b| b.as_ref()?.cards.get(&visit).cloned());
        card.map(|card| what_for(desk, &card)).unwrap_or_default()
    };
    let word = move |fact: Fact| match fact {
        Fact::Ahead(0) => i18n.say(Text::WhyNobodyAhead),
        Fact::Ahead(n) => i18n.count(Text::WhyAhead, n),
        Fact::Nobody => i18n.say(Text::WhyNobody),
        Fact::OnDuty(n) => i18n.say_with(Text::WhyOnDuty, &[("n", &n.to_string())]),
        Fact::Chair(staff) => {
            let person = desk.person(staff).unwrap_or_default();
            i18n.say_with(Text::WhyChair, &[("person", &person)])
        }
        Fact::Takes(range) => {
            let (from, to) = (range.low_min.to_string(), range.high_min.to_string());
            let with = [("service", &*service()), ("from", &from), ("to", &to)];
            i18n.say_with(Text::WhyTakes, &with)
        }
        Fact::BreakAt(at) => i18n.say_bare(Text::WhyBreakAt, at),
        Fact::BreakUntil(at) => i18n.say_at(Text::DutyBreakUntil, at),
        Fact::Slower => i18n.say(Text::WhySlower),
    };
    move || {
        let said: Vec<_> = facts.get().into_iter().map(word).collect();
        (!said.is_empty()).then(|| {
            view! {
                <p class="why quiet" data-testid=format!("why-{visit}")>
                    {said.join(" · ")}
                </p>
            }
        })
    }
}

/// A button for an action: does it, or asks what it needs to know.
#[component]
pub(super) fn ActionButton(
    desk: DeskState,
    visit: VisitId,
    card: Memo<Option<DeskCard>>,
    action: Action,
    /// Its look.
    #[prop(default = "plain")]
    look: &'static str,
    /// For tests: in place of the usual `data-testid`.
    #[prop(optional, into)]
    testid: Option<String>,
) -> impl IntoView {
    let i18n = I18n::get();
    let says = Signal::derive(move || {
        card.with(|c| c.as_ref().map(|c| label(i18n, action, c)).unwrap_or_default())
    });
    let command =
        move || card.with_untracked(|c| c.as_ref().and_then(|c| action.command(visit, c)));
    let waits = Signal::derive(move || {
        let command = card.with(|c| c.as_ref().and_then(|c| action.command(visit, c)));
        command.is_some_and(|command| desk.live.waits(|c| *c == command))
    });
    let tap = move || match command() {
        Some(command) => {
            desk.open.set(None);
            desk.tap(command);
        }
        None => desk.open.set(Some((visit, Ask::Of(action)))),
    };
    let testid = testid.unwrap_or_else(|| match action {
        Action::Leave => format!("left-{visit}"),
        other => format!("act-{}-{visit}", other.as_str()),
    });
    let is_booked = card.with_untracked(|c| c.as_ref().is_some_and(|c| c.stage == Stage::Booked));
    let sure = match action {
        Action::Leave if is_booked => Some(Text::ActCancelSure),
        Action::Leave => Some(Text::DeskLeftSure),
        Action::NoShow => Some(Text::DeskNoShowSure),
        _ => None,
    };
    match sure {
        Some(text) => {
            let sure = Signal::derive(move || i18n.say(text));
            view! { <SureButton testid label=says sure waits on_tap=tap /> }.into_any()
        }
        None => view! { <TapButton testid look label=says waits on_tap=tap /> }.into_any(),
    }
}

/// What an action needs to know, with a way back.
#[component]
fn Question(
    desk: DeskState,
    visit: VisitId,
    card: Memo<Option<DeskCard>>,
    action: Action,
) -> impl IntoView {
    let i18n = I18n::get();
    let title =
        move || card.with(|c| c.as_ref().map(|c| label(i18n, action, c)).unwrap_or_default());
    let body = match action {
        Action::HandOver => view! { <ToWhom desk visit /> }.into_any(),
        Action::MoveBefore => view! { <BeforeWhom desk visit /> }.into_any(),
        Action::AskFor => view! { <WithWhom desk visit card /> }.into_any(),
        Action::ChangeServices => view! { <Services desk visit card /> }.into_any(),
        Action::AddOn => view! { <OneMore desk visit /> }.into_any(),
        Action::Answer => view! { <Reply desk visit card /> }.into_any(),
        Action::ExpectPart => view! { <PartTimes desk visit /> }.into_any(),
        Action::AskApproval => {
            view! { <ByWhen desk testid="approval" command=move |by| Command::AskApproval { visit, by } /> }
                .into_any()
        }
        _ => view! { <ByWhen desk testid="news" command=move |by| Command::PromiseNews { visit, by } /> }
            .into_any(),
    };
    view! {
        <p class="title">{title}</p>
        {body}
        <div class="chips">
            <TapButton
                testid="more-back"
                look="quiet"
                label=Signal::derive(move || i18n.say(Text::Back))
                on_tap=move || desk.open.set(Some((visit, Ask::Menu)))
            />
        </div>
    }
}

/// Sends what was asked for, and closes the panel.
fn send(desk: DeskState, command: Command) {
    desk.open.set(None);
    desk.tap(command);
}

#[component]
fn ToWhom(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let people = Memo::new(move |_| {
        desk.board.with(|b| b.as_ref().map(|b| hand_over_to(b, visit)).unwrap_or_default())
    });
    let person = move |to: StaffId| {
        let name = Signal::derive(move || desk.person(to).unwrap_or_default());
        view! {
            <TapButton
                testid=format!("hand-to-{to}")
                label=name
                on_tap=move || send(desk, Command::HandOver { visit, to })
            />
        }
    };
    view! {
        <div class="chips">
            <For each=move || people.get() key=|staff| *staff children=person />
        </div>
        <Show when=move || people.with(Vec::is_empty)>
            <p class="nobody">{move || i18n.say(Text::NobodyElse)}</p>
        </Show>
    }
}

/// Those in line before somebody.
#[component]
fn BeforeWhom(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let others = Memo::new(move |_| {
        let line = desk.board.with(|b| b.as_ref().map(Sections::of).unwrap_or_default()).line;
        line.into_iter().take_while(|id| *id != visit).collect::<Vec<_>>()
    });
    let other = move |before: VisitId| {
        let label = Signal::derive(move || name_of(desk, before));
        view! {
            <TapButton
                testid=format!("before-{before}")
                label
                on_tap=move || send(desk, Command::MoveBefore { visit, before: Some(before) })
            />
        }
    };
    view! {
        <div class="chips">
            <For each=move || others.get() key=|id| *id children=other />
        </div>
        <Show when=move || others.with(Vec::is_empty)>
            <p class="nobody">{move || i18n.say(Text::WhyNobodyAhead)}</p>
        </Show>
    }
}

/// Whoever is free first, and everybody on duty who does what they come for.
#[component]
fn WithWhom(desk: DeskState, visit: VisitId, card: Memo<Option<DeskCard>>) -> impl IntoView {
    let i18n = I18n::get();
    let people = Memo::new(move |_| {
        let card = card.get()?;
        desk.head(|h| {
            let does = |s: &&StaffInfo| s.on_duty && s.services.contains(&card.service);
            let others = h.staff.iter().filter(does).map(|s| s.id);
            Some(others.filter(|id| card.requested != Some(*id)).collect::<Vec<_>>())
        })
    });
    let with = move |staff: Option<StaffId>| {
        let label = Signal::derive(move || match staff {
            Some(staff) => desk.person(staff).unwrap_or_default(),
            None => i18n.say(Text::Anyone),
        });
        let testid = staff.map_or_else(|| "with-any".to_owned(), |staff| format!("with-{staff}"));
        view! {
            <TapButton testid label on_tap=move || send(desk, Command::AskFor { visit, staff }) />
        }
    };
    view! {
        <div class="chips">
            {with(None)}
            <For
                each=move || people.get().unwrap_or_default()
                key=|staff| *staff
                children=move |staff| with(Some(staff))
            />
        </div>
    }
}

fn all_services(desk: DeskState) -> Vec<(ServiceId, String)> {
    desk.head(|h| Some(h.services.iter().map(|s| (s.id, s.name.clone())).collect()))
        .unwrap_or_default()
}

#[component]
fn Services(desk: DeskState, visit: VisitId, card: Memo<Option<DeskCard>>) -> impl IntoView {
    let i18n = I18n::get();
    let before: Vec<ServiceId> = card.with_untracked(|c| {
        c.iter().flat_map(|c| std::iter::once(c.service).chain(c.more.iter().copied())).collect()
    });
    let chosen = RwSignal::new(before);
    let toggle = move |id: ServiceId| {
        chosen.update(|all| match all.iter().position(|s| *s == id) {
            Some(at) => drop(all.remove(at)),
            None if all.len() < TOGETHER_MAX => all.push(id),
            None => {}
        });
    };
    let service = move |(id, name): (ServiceId, String)| {
        view! {
            <TapButton
                testid=format!("wants-{id}")
                label=name
                chosen=Signal::derive(move || chosen.with(|all| all.contains(&id)))
                on_tap=move || toggle(id)
            />
        }
    };
    view! {
        <div class="chips">
            <For each=move || all_services(desk) key=|(id, name)| (*id, name.clone()) children=service />
        </div>
        <div class="chips">
            <TapButton
                testid="services-set"
                look="main"
                label=Signal::derive(move || i18n.say(Text::Set))
                disabled=Signal::derive(move || chosen.with(Vec::is_empty))
                on_tap=move || {
                    send(desk, Command::ChangeServices { visit, services: chosen.get_untracked() });
                }
            />
        </div>
    }
}

#[component]
fn OneMore(desk: DeskState, visit: VisitId) -> impl IntoView {
    let service = move |(service, name): (ServiceId, String)| {
        view! {
            <TapButton
                testid=format!("add-{service}")
                label=name
                on_tap=move || send(desk, Command::AddOn { visit, service })
            />
        }
    };
    view! {
        <div class="chips">
            <For each=move || all_services(desk) key=|(id, name)| (*id, name.clone()) children=service />
        </div>
    }
}

#[component]
fn Reply(desk: DeskState, visit: VisitId, card: Memo<Option<DeskCard>>) -> impl IntoView {
    let i18n = I18n::get();
    let text = RwSignal::new(String::new());
    let question = move || card.with(|c| c.as_ref()?.question.clone());
    view! {
        <p class="question">{question}</p>
        <label class="field">
            <input
                type="text"
                data-testid="answer-text"
                enterkeyhint="send"
                autocomplete="off"
                maxlength=TEXT_MAX_CHARS
                aria-label=move || i18n.say(Text::ActAnswer)
                bind:value=text
            />
        </label>
        <div class="chips">
            <TapButton
                testid="answer-send"
                look="main"
                label=Signal::derive(move || i18n.say(Text::Send))
                disabled=Signal::derive(move || text.with(|t| t.trim().is_empty()))
                on_tap=move || {
                    let text = text.get_untracked().trim().to_owned();
                    send(desk, Command::Answer { visit, text });
                }
            />
        </div>
    }
}

#[component]
fn PartTimes(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let (likely, latest) = (RwSignal::new(None), RwSignal::new(None));
    let both = move || likely.get().zip(latest.get());
    view! {
        <MomentField
            testid="part-likely"
            label=Signal::derive(move || i18n.say(Text::PartLikely))
            now=desk.now()
            quick=DAYS
            value=likely
        />
        <MomentField
            testid="part-latest"
            label=Signal::derive(move || i18n.say(Text::PartLatest))
            now=desk.now()
            quick=DAYS
            value=latest
        />
        <div class="chips">
            <TapButton
                testid="part-set"
                look="main"
                label=Signal::derive(move || i18n.say(Text::Set))
                disabled=Signal::derive(move || both().is_none())
                on_tap=move || {
                    if let Some((likely_at, latest_at)) = untrack(both) {
                        send(desk, Command::ExpectPart { visit, likely_at, latest_at });
                    }
                }
            />
        </div>
    }
}

/// One time, and the button that sends it.
#[component]
fn ByWhen(
    desk: DeskState,
    testid: &'static str,
    command: impl Fn(Timestamp) -> Command + 'static,
) -> impl IntoView {
    let i18n = I18n::get();
    let at = RwSignal::new(None);
    view! {
        <MomentField testid now=desk.now() quick=DAYS value=at />
        <div class="chips">
            <TapButton
                testid=format!("{testid}-set")
                look="main"
                label=Signal::derive(move || i18n.say(Text::Set))
                disabled=Signal::derive(move || at.get().is_none())
                on_tap=move || {
                    if let Some(at) = at.get_untracked() {
                        send(desk, command(at));
                    }
                }
            />
        </div>
    }
}
