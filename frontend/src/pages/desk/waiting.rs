//! The left side: everybody who waits, in the order of the line.

use leptos::prelude::*;
use sooner_shared::screen::desk::{Risk, Sections, free_chairs};
use sooner_shared::screen::desk_actions::main_action;
use sooner_shared::screen::tags::{self, Tag};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{DeskCard, PromiseKind, WaitsFor};
use sooner_shared::words::Text;
use sooner_shared::{Command, StaffId, Timestamp, VisitId};

use super::more::{ActionButton, MoreButton, MorePanel};
use super::place::{self, Drawn, Handle};
use super::reach::ReachLink;
use super::{DeskState, Notice};
use crate::components::button::TapButton;
use crate::components::clock_time::ClockTime;
use crate::i18n::I18n;
use sooner_shared::words::promise;

/// For so long somebody who has just joined is marked, in milliseconds.
const NEW_FOR_MS: i64 = 2 * MINUTE_MS;

/// Everybody who waits, and below the line everybody who waits for something else than a person.
#[component]
pub(super) fn Waiting(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let sections =
        Memo::new(move |_| desk.board.with(|b| b.as_ref().map(Sections::of).unwrap_or_default()));
    let line = Memo::new(move |_| sections.with(|s| s.line.clone()));
    let below = move |testid: &'static str, text: Text, of: fn(&Sections) -> &Vec<VisitId>| {
        let ids = Memo::new(move |_| sections.with(|s| of(s).clone()));
        view! { <Below desk testid text ids /> }
    };
    // Only one card asks for a chair at a time.
    let asking = RwSignal::new(None::<VisitId>);
    let drawn = RwSignal::new(None::<Drawn>);
    view! {
        <section class="waiting" data-testid="waiting" data-count=move || line.with(Vec::len)>
            <h2>
                {move || i18n.say(Text::DeskWaiting)} " "
                <span class="quiet">{move || line.with(|i| (!i.is_empty()).then_some(i.len()))}</span>
            </h2>
            <Show when=move || line.with(Vec::is_empty)>
                <p class="nobody">{move || i18n.say(Text::DeskNobodyWaiting)}</p>
            </Show>
            <div class="cards in-line" class:drop-end=place::at_end(drawn)>
                <For
                    each=move || line.get()
                    key=|visit| *visit
                    children=move |visit| view! { <Card desk visit asking drawn /> }
                />
            </div>
            {below("ready", Text::ReadyToCollect, |s| &s.ready)}
            {below("on-hold", Text::SectionOnHold, |s| &s.on_hold)}
            {below("pending", Text::SectionPending, |s| &s.pending)}
            {below("booked", Text::SectionBooked, |s| &s.booked)}
        </section>
    }
}

/// A section below the line; nothing while it is empty.
#[component]
fn Below(
    desk: DeskState,
    testid: &'static str,
    text: Text,
    ids: Memo<Vec<VisitId>>,
) -> impl IntoView {
    let i18n = I18n::get();
    view! {
        <Show when=move || !ids.with(Vec::is_empty)>
            <h2 data-testid=format!("section-{testid}") data-count=move || ids.with(Vec::len)>
                {move || i18n.say(text)} " " <span class="quiet">{move || ids.with(Vec::len)}</span>
            </h2>
            <div class="cards">
                <For
                    each=move || ids.get()
                    key=|visit| *visit
                    children=move |visit| view! { <OtherCard desk testid visit /> }
                />
            </div>
        </Show>
    }
}

#[component]
fn Card(
    desk: DeskState,
    visit: VisitId,
    asking: RwSignal<Option<VisitId>>,
    drawn: RwSignal<Option<Drawn>>,
) -> impl IntoView {
    let card = desk.card(visit);
    let risk = Memo::new(move |_| card.with(|c| c.as_ref().and_then(Risk::of)));
    // Nobody rings without the number.
    let is_call_back = Memo::new(move |_| {
        card.with(|c| c.as_ref().is_some_and(|c| c.kind == PromiseKind::CallBack))
    });
    let asks = Memo::new(move |_| asking.get() == Some(visit));
    view! {
        <article
            class="card"
            data-testid=format!("waiting-{visit}")
            data-in-line=visit.0
            data-home=format!("waiting-{visit}")
            data-risk=move || risk.get().map(risk_name)
            class:unsent=desk.is_kept(visit)
            class:drawn=place::is_drawn(drawn, visit)
            class:drop-before=place::mark(drawn, visit)
        >
            <Handle desk visit drawn />
            <Who desk card />
            <When card />
            <Standing desk visit card risk />
            <Show when=move || is_call_back.get()>
                <ReachLink desk visit />
            </Show>
            {move || {
                if asks.get() {
                    view! { <ChooseChair desk visit asking /> }.into_any()
                } else {
                    view! { <Acts desk visit asking /> }.into_any()
                }
            }}
            <MorePanel desk visit />
        </article>
    }
}

/// Somebody who is neither in line nor at a chair.
#[component]
fn OtherCard(desk: DeskState, testid: &'static str, visit: VisitId) -> impl IntoView {
    let card = desk.card(visit);
    let risk = Memo::new(move |_| card.with(|c| c.as_ref().and_then(Risk::of)));
    let main = Memo::new(move |_| card.with(|c| c.as_ref().and_then(main_action)));
    view! {
        <article
            class="card"
            data-testid=format!("{testid}-{visit}")
            data-home=format!("{testid}-{visit}")
            class:unsent=desk.is_kept(visit)
            data-risk=move || risk.get().map(risk_name)
        >
            <Who desk card />
            <When card />
            <Standing desk visit card risk />
            <div class="acts">
                {move || {
                    main.get()
                        .map(|action| {
                            let testid = format!("{}-{visit}", action.as_str());
                            view! { <ActionButton desk visit card action testid /> }
                        })
                }}
                <MoreButton desk visit />
            </div>
            <MorePanel desk visit />
        </article>
    }
}

/// Why somebody stands where they stand, in a few words.
#[component]
pub(super) fn Tags(desk: DeskState, visit: VisitId) -> impl IntoView {
    let i18n = I18n::get();
    let tags = Memo::new(move |_| {
        desk.board.with(|b| b.as_ref().map(|b| tags::of_desk(b, visit)).unwrap_or_default())
    });
    let tag = move |tag: Tag| {
        let name = tag.as_str();
        view! { <li class="tag" data-tag=name>{move || words(i18n, desk, &tag)}</li> }
    };
    move || {
        let tags = tags.get();
        (!tags.is_empty()).then(|| {
            view! {
                <ul class="tags" data-testid=format!("tags-{visit}")>
                    {tags.into_iter().map(tag).collect_view()}
                </ul>
            }
        })
    }
}

fn words(i18n: I18n, desk: DeskState, tag: &Tag) -> String {
    let person = |text: Text, staff: StaffId| {
        i18n.say_with(text, &[("person", &desk.person(staff).unwrap_or_default())])
    };
    match tag {
        Tag::Booked { at, confirmed } => {
            let booked = i18n.say_bare(Text::TagBooked, *at);
            if *confirmed {
                format!("{booked} · {}", i18n.say(Text::TagConfirmed))
            } else {
                booked
            }
        }
        Tag::With(staff) => person(Text::With, *staff),
        Tag::GoesFirst => i18n.say(Text::TagGoesFirst),
        Tag::OnHold => i18n.say(Text::TagOnHold),
        Tag::ComesBy(at) => i18n.say_at(Text::TagComesBy, *at),
        Tag::Group(name) => i18n.say_with(Text::TagGroup, &[("name", name)]),
        Tag::WaitsFor { what, expected_at } => {
            let what = i18n.say(match what {
                WaitsFor::Part => Text::TagPart,
                WaitsFor::Approval => Text::TagApproval,
                WaitsFor::Time => Text::TagTime,
            });
            match expected_at {
                Some(at) => format!("{what} · {}", i18n.say_bare(Text::TagExpected, *at)),
                None => what,
            }
        }
        Tag::Invited(at) => i18n.say_at(Text::TagInvited, *at),
        Tag::HandedTo(staff) => person(Text::TagHandedTo, *staff),
        Tag::Owner(staff) => person(Text::TagOwner, *staff),
        Tag::NewsBy(at) => i18n.say_at(Text::NewsBy, *at),
        Tag::DoneBy(at) => i18n.say_at(Text::DoneBy, *at),
        Tag::Asks(text) => i18n.say_with(Text::TagAsks, &[("text", text)]),
    }
}

/// What somebody comes for, everything of it, and the step it is at.
pub(super) fn what_for(desk: DeskState, card: &DeskCard) -> String {
    let services = std::iter::once(card.service).chain(card.more.iter().copied());
    let names: Vec<_> = services.filter_map(|id| desk.service(id)).collect();
    match &card.step {
        Some(step) => format!("{}: {step}", names.join(" + ")),
        None => names.join(" + "),
    }
}

const fn risk_name(risk: Risk) -> &'static str {
    match risk {
        Risk::Safe => "safe",
        Risk::Tight => "tight",
        Risk::High => "high",
        Risk::Passed => "passed",
    }
}

#[component]
fn Who(desk: DeskState, card: Memo<Option<DeskCard>>) -> impl IntoView {
    let name = move || card.with(|c| c.as_ref().map(|c| c.name.clone()));
    let service = move || card.with(|c| c.as_ref().map(|c| what_for(desk, c)));
    view! {
        <div class="who">
            <strong class="name"><bdi>{name}</bdi></strong>
            <span class="what">{service}</span>
        </div>
    }
}

/// How their promise stands, and all that is to be known of them, in one line.
#[component]
fn Standing(
    desk: DeskState,
    visit: VisitId,
    card: Memo<Option<DeskCard>>,
    risk: Memo<Option<Risk>>,
) -> impl IntoView {
    let i18n = I18n::get();
    let presence = move || {
        let (here, missing) = card.with(|c| c.as_ref().map(|c| (c.checked_in, c.missing)))?;
        let text = if missing { Text::DeskMissing } else { Text::DeskHere };
        (here || missing).then(|| i18n.say(text))
    };
    let word = move || {
        risk.get().map(|risk| match risk {
            Risk::Safe => i18n.say(Text::RiskSafe),
            Risk::Tight => format!("△ {}", i18n.say(Text::RiskTight)),
            Risk::High => format!("▲ {}", i18n.say(Text::RiskHigh)),
            Risk::Passed => format!("✕ {}", i18n.say(Text::RiskPassed)),
        })
    };
    let now = Memo::new(move |_| desk.live.shop_now().map(Timestamp::whole_minute));
    let is_new = move || {
        let joined_at = card.with(|c| c.as_ref().map(|c| c.joined_at))?;
        (now.get()? - joined_at.whole_minute() <= NEW_FOR_MS).then(|| i18n.say(Text::CardNew))
    };
    view! {
        <div class="state">
            <span class="risk">{word}</span>
            <span class="new">{is_new}</span>
            <span class="presence">{presence}</span>
            <Tags desk visit />
        </div>
    }
}

#[component]
fn When(card: Memo<Option<DeskCard>>) -> impl IntoView {
    let i18n = I18n::get();
    let by = Memo::new(move |_| card.with(|c| c.as_ref()?.by));
    let kind = Memo::new(move |_| card.with(|c| c.as_ref().map(|c| c.kind)).unwrap_or_default());
    // Between two steps the promise to begin is behind them; by when they are done stands below.
    let has_begun = Memo::new(move |_| {
        kind.get() == PromiseKind::Start
            && card.with(|c| c.as_ref().is_some_and(|c| c.started_at.is_some()))
    });
    let likely =
        move || card.with(|c| c.as_ref()?.likely_at).map(|at| i18n.say_at(Text::DeskLikely, at));
    let promise = move || {
        if has_begun.get() {
            ().into_any()
        } else if by.get().is_some() {
            view! {
                <span class="by-word" class:above=move || kind.get() != PromiseKind::Start>
                    {move || i18n.say(promise::word(kind.get()))}
                </span>
                <ClockTime at=by />
            }
            .into_any()
        } else {
            view! { <span class="none">{i18n.say(Text::NoTimeYet)}</span> }.into_any()
        }
    };
    view! {
        <div class="when">
            <span class="by" data-testid="promise" data-ms=move || by.get().map(|at| at.0)>{promise}</span>
            <span class="likely">{likely}</span>
        </div>
    }
}

#[component]
fn Acts(desk: DeskState, visit: VisitId, asking: RwSignal<Option<VisitId>>) -> impl IntoView {
    let i18n = I18n::get();
    let card = desk.card(visit);
    let is_call_back = Memo::new(move |_| {
        card.with(|c| c.as_ref().is_some_and(|c| c.kind == PromiseKind::CallBack))
    });
    let start = move || if is_call_back.get() { Text::Spoken } else { Text::DeskStart };
    let waits = Signal::derive(move || {
        desk.live.waits(|c| matches!(c, Command::Start { visit: v, .. } if *v == visit))
    });
    let begin = move || {
        let free = desk
            .board
            .with_untracked(|b| b.as_ref().map(|b| free_chairs(b, visit)).unwrap_or_default());
        match free.as_slice() {
            [] => desk.notice.show(Notice::Say(Text::DeskNoFreeChair)),
            [only] => desk.tap(Command::Start { visit, staff: *only }),
            _ => asking.set(Some(visit)),
        }
    };
    view! {
        <div class="acts">
            <TapButton
                testid=format!("begin-{visit}")
                label=Signal::derive(move || i18n.say(start()))
                waits
                on_tap=begin
            />
            <MoreButton desk visit />
        </div>
    }
}

/// In place of the buttons, when more than one chair is free.
#[component]
fn ChooseChair(
    desk: DeskState,
    visit: VisitId,
    asking: RwSignal<Option<VisitId>>,
) -> impl IntoView {
    let i18n = I18n::get();
    let chairs = Memo::new(move |_| {
        desk.board.with(|b| b.as_ref().map(|b| free_chairs(b, visit)).unwrap_or_default())
    });
    let chair = move |staff: StaffId| {
        let name = Signal::derive(move || {
            desk.head(|h| h.person(staff).map(|p| p.name.clone())).unwrap_or_default()
        });
        view! {
            <TapButton
                testid=format!("chair-{staff}")
                look="main"
                label=name
                on_tap=move || {
                    asking.set(None);
                    desk.tap(Command::Start { visit, staff });
                }
            />
        }
    };
    view! {
        <div class="acts choose" role="group" aria-label=move || i18n.say(Text::DeskWhoseChair)>
            <For each=move || chairs.get() key=|staff| *staff children=chair />
            <TapButton
                testid="chair-cancel"
                look="quiet"
                label=Signal::derive(move || i18n.say(Text::Cancel))
                on_tap=move || asking.set(None)
            />
        </div>
    }
}
