//! Joining by oneself: what for, with whom, the time that gives, a name if one likes.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_shared::command::{Join, JoinRequest, NAME_MAX_CHARS};
use sooner_shared::contact::CONTACT_MAX_CHARS;
use sooner_shared::screen::State;
use sooner_shared::screen::doors::{Standing, takes_people};
use sooner_shared::screen::quote::Held;
use sooner_shared::view::{PromiseKind, ShopHead, View};
use sooner_shared::wire::Audience;
use sooner_shared::words::Text;
use sooner_shared::{CommandId, Problem, ProblemCode, ServiceId, ShopId, Shown, StaffId};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::{Gone, GoneProps, follow_zone, heading, title};
use crate::api::{self, Failure};
use crate::components::clock_time::ClockTime;
use crate::components::language::LanguageChoice;
use crate::components::party::{Companions, Party};
use crate::components::standing::StandingLines;
use crate::components::status::Status;
use crate::components::tiles::{Choice, Tiles};
use crate::device;
use crate::i18n::{self, I18n};
use crate::live::Live;
use sooner_shared::words::promise;

/// Waits between the attempts to send one request.
const RETRIES_MS: [u64; 3] = [500, 1_500, 3_000];

/// How far the joining has come.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// Choosing.
    Choosing,
    /// The request is on its way.
    Sending,
    /// The time no longer held; nothing was recorded. The new one, to say yes to.
    Changed(Option<Shown>),
    /// Something else is in the way.
    Refused(Problem),
    /// The server was not reached.
    Unanswered,
}

/// The whole page.
#[component]
pub(crate) fn JoinPage(
    /// Whose line.
    shop: ShopId,
) -> impl IntoView {
    let live = Live::start(Audience::Lobby { shop: shop.clone() }, |_| {});
    let head = Memo::new(move |_| {
        live.with_view(|view| match view {
            View::Lobby(board) => Some(board.head.clone()),
            _ => None,
        })
    });
    let name = move || head.with(|h| h.as_ref().map(|h| h.name.clone()));
    follow_zone(live, move || head.with(|h| h.as_ref().map(|h| h.zone.clone())));
    title(name);
    let is_here = Memo::new(move |_| head.with(Option::is_some));
    let shop = StoredValue::new(shop);
    view! {
        <main
            class="page narrow join"
            data-page="join"
            data-testid="page"
            data-state=move || live.state.get().as_str()
            data-seq=move || live.seq()
        >
            <header class="top">
                <h1 class="shop">{heading(live, name)}</h1>
                <LanguageChoice />
            </header>
            <Status live />
            {Gone(GoneProps { live })}
            <Show when=move || is_here.get() && !matches!(live.state.get(), State::Gone(_))>
                <Form live head shop=shop.get_value() />
            </Show>
        </main>
    }
}

/// What is being chosen. A copy is a handle to the same.
#[derive(Clone, Copy)]
struct Wish {
    service: RwSignal<Option<ServiceId>>,
    staff: RwSignal<Option<StaffId>>,
    party: Party,
    name: RwSignal<String>,
    contact: RwSignal<String>,
}

impl Wish {
    fn new(head: Option<&ShopHead>) -> Self {
        Self {
            service: RwSignal::new(head.and_then(only_service)),
            staff: RwSignal::new(None),
            party: Party::new(),
            name: RwSignal::new(String::new()),
            contact: RwSignal::new(String::new()),
        }
    }

    /// The first is what they come for, each further one what else.
    fn choose(self, id: ServiceId) {
        match self.service.get_untracked() {
            None => self.service.set(Some(id)),
            Some(first) if first == id => {
                let more = self.party.more.get_untracked();
                self.service.set(more.first().copied());
                self.party.more.set(more.into_iter().skip(1).collect());
            }
            Some(_) => return self.party.toggle(id),
        }
        self.staff.set(None);
    }

    fn join(self, shown: Option<Shown>) -> Option<Join> {
        let given = |field: RwSignal<String>| {
            let text = field.get_untracked().trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        Some(self.party.joins(Join {
            requested: self.staff.get_untracked(),
            name: given(self.name),
            contact: given(self.contact),
            // The code on the wall says "here"; a link from anywhere else does not.
            remote: device::query("here").is_none(),
            shown,
            ..Join::new(self.service.get_untracked()?)
        }))
    }
}

#[component]
fn Form(live: Live, head: Memo<Option<ShopHead>>, shop: ShopId) -> impl IntoView {
    let i18n = I18n::get();
    let wish = head.with_untracked(|h| Wish::new(h.as_ref()));
    let step = RwSignal::new(Step::Choosing);
    let held = held_quote(live, head, wish.service, wish.staff);
    let standing = Memo::new(move |_| head.with(|h| h.as_ref().map(Standing::of)));
    let may_join = Memo::new(move |_| head.with(|h| h.as_ref().is_some_and(takes_people)));
    let is_silent = move || matches!(standing.get(), Some(Standing::Silent { .. }));
    let times = Signal::derive(move || live.is_live() && !is_silent());
    let attempt = StoredValue::new(None::<JoinRequest>);
    let submit = move |shown: Option<Shown>| {
        let Some(join) = wish.join(shown) else {
            return;
        };
        if step.with_untracked(|s| *s == Step::Sending) {
            return;
        }
        let request = JoinRequest { id: id_for(attempt, &join), join };
        attempt.set_value(Some(request.clone()));
        step.set(Step::Sending);
        let shop = shop.clone();
        spawn_local(async move {
            let result = send(&shop, &request).await;
            if !matches!(result, Err(Failure::Unanswered)) {
                // Sent again under the same id, a refusal would only be repeated.
                attempt.set_value(None);
            }
            step_after(result, live, step);
        });
    };
    let submit = StoredValue::new_local(submit);
    let kind = Memo::new(move |_| {
        let service = wish.service.get();
        head.with(|h| service.zip(h.as_ref()).map(|(s, h)| h.promises(s))).unwrap_or_default()
    });
    view! {
        <div class="form">
            <StandingLines standing=Signal::derive(move || standing.get()) />
            <Show when=move || may_join.get()>
                <Choices head wish times on_change=move || step.set(Step::Choosing) />
                <Show when=move || wish.service.get().is_some()>
                    <label class="field">
                        <span>{move || i18n.say(Text::JoinName)}</span>
                        <input
                            type="text"
                            data-testid="name"
                            autocomplete="given-name"
                            enterkeyhint="done"
                            maxlength=NAME_MAX_CHARS
                            bind:value=wish.name
                        />
                    </label>
                    <Contact head value=wish.contact />
                </Show>
            </Show>
        </div>
        <Show when=move || may_join.get()>
            <section class="thumb">
                <Confirm
                    step
                    held
                    times
                    kind
                    service=wish.service
                    on_yes=move |shown| submit.with_value(|submit| submit(shown))
                />
            </section>
        </Show>
    }
}

/// How the shop reaches them; what for is for the shop to say.
#[component]
fn Contact(head: Memo<Option<ShopHead>>, value: RwSignal<String>) -> impl IntoView {
    let i18n = I18n::get();
    let days = Memo::new(move |_| head.with(|h| h.as_ref()?.kept_days));
    let hint = move || days.get().map(|n| i18n.count(Text::JoinContactHint, u32::from(n)));
    view! {
        <label class="field">
            <span>{move || i18n.say(Text::JoinContact)}</span>
            <input
                type="text"
                data-testid="contact"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                enterkeyhint="done"
                maxlength=CONTACT_MAX_CHARS
                aria-describedby="contact-hint"
                bind:value=value
            />
        </label>
        <p class="hint" id="contact-hint">{hint}</p>
    }
}

/// What for, with whom, and who else comes.
#[component]
fn Choices(
    head: Memo<Option<ShopHead>>,
    wish: Wish,
    times: Signal<bool>,
    on_change: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = I18n::get();
    let services =
        Memo::new(move |_| head.with(|h| h.as_ref().map(Choice::service).unwrap_or_default()));
    let infos = Memo::new(move |_| {
        head.with(|h| h.as_ref().map(|h| h.services.clone()).unwrap_or_default())
    });
    let people = Memo::new(move |_| {
        let Some(service) = wish.service.get() else {
            return vec![];
        };
        head.with(|h| h.as_ref().map(|h| Choice::person(h, service)).unwrap_or_default())
    });
    let chosen = Signal::derive(move || {
        wish.service.get().into_iter().chain(wish.party.more.get()).collect::<Vec<_>>()
    });
    let choose_service = move |id| {
        wish.choose(id);
        on_change();
    };
    let choose_person = move |id| {
        wish.staff.set(id);
        on_change();
    };
    let has_several = move || services.with(|all| all.len() > 1);
    view! {
        <h2>{move || i18n.say(Text::ChooseService)}</h2>
        <Tiles choices=services chosen show_times=times on_choose=choose_service />
        <p class="hint">
            {move || (has_several() && wish.service.get().is_some()).then(|| i18n.say(Text::JoinSeveral))}
        </p>
        <Show when=move || wish.service.get().is_some()>
            <h2>{move || i18n.say(Text::ChoosePerson)}</h2>
            <Tiles
                choices=people
                chosen=Signal::derive(move || vec![wish.staff.get()])
                show_times=times
                on_choose=choose_person
            />
            <Companions party=wish.party services=infos usual=wish.service />
        </Show>
    }
}

/// The time of the present choice, held while the server honours it.
fn held_quote(
    live: Live,
    head: Memo<Option<ShopHead>>,
    service: RwSignal<Option<ServiceId>>,
    staff: RwSignal<Option<StaffId>>,
) -> Memo<Option<Held>> {
    Memo::new(move |before: Option<&Option<Held>>| {
        let (service, staff) = (service.get()?, staff.get());
        let now = live.shop_now()?;
        let before = before.copied().flatten();
        head.with(|h| h.as_ref().map(|h| Held::renew(before, service, staff, h, now)))
    })
}

fn only_service(head: &ShopHead) -> Option<ServiceId> {
    match head.services.as_slice() {
        [only] => Some(only.id),
        _ => None,
    }
}

/// A retry of the same unanswered wish has the same id; a new wish a new one. The time shown is no
/// part of the wish: a server that has carried it out gives its first answer, one that has not
/// decides by the newest time.
fn id_for(attempt: StoredValue<Option<JoinRequest>>, join: &Join) -> CommandId {
    let wish = |join: &Join| Join { shown: None, ..join.clone() };
    attempt
        .with_value(|before| {
            before.as_ref().filter(|b| wish(&b.join) == wish(join)).map(|b| b.id.clone())
        })
        .unwrap_or_else(device::command_id)
}

async fn send(shop: &ShopId, request: &JoinRequest) -> Result<String, Failure> {
    let mut waits = RETRIES_MS.iter();
    loop {
        let answer = api::join(shop, request).await;
        match (answer, waits.next()) {
            (Ok(receipt), _) => return receipt.link.ok_or(Failure::Unanswered),
            (Err(Failure::Unanswered), Some(wait)) => pause(*wait).await,
            (Err(failure), _) => return Err(failure),
        }
    }
}

async fn pause(ms: u64) {
    let timer = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(
            move || {
                // A timer's promise takes any value.
                let _ = resolve.call1(&JsValue::NULL, &JsValue::NULL);
            },
            Duration::from_millis(ms),
        );
    });
    // It never rejects.
    let _ = JsFuture::from(timer).await;
}

fn step_after(result: Result<String, Failure>, live: Live, step: RwSignal<Step>) {
    match result {
        Ok(link) => device::go_to(&i18n::same_language(&format!("/v/{link}"))),
        Err(Failure::Unanswered) => step.set(Step::Unanswered),
        Err(Failure::Refused(problem)) if problem.code == ProblemCode::QuoteChanged => {
            // The problem does not say when its time was computed: not after what was last heard.
            let at = untrack(|| live.confirmed_at());
            step.set(Step::Changed(problem.by.zip(at).map(|(by, at)| Shown { by, at })));
        }
        Err(Failure::Refused(problem)) => step.set(Step::Refused(*problem)),
    }
}

/// The time, and the button that says yes to it.
#[component]
fn Confirm(
    step: RwSignal<Step>,
    held: Memo<Option<Held>>,
    times: Signal<bool>,
    kind: Memo<PromiseKind>,
    service: RwSignal<Option<ServiceId>>,
    on_yes: impl Fn(Option<Shown>) + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = I18n::get();
    let shown = Memo::new(move |_| match step.get() {
        Step::Changed(shown) => shown,
        _ => held.get().and_then(|h| h.shown),
    });
    // A time for somebody new does not stay true while the link is down; the one that was asked
    // about just now is shown all the same.
    let by = Memo::new(move |_| {
        let may_show = times.get() || step.with(|s| matches!(s, Step::Changed(_)));
        shown.get().filter(|_| may_show).map(|s| s.by)
    });
    let note = move || match step.get() {
        Step::Choosing | Step::Sending => {
            service.get().is_none().then(|| i18n.say(Text::JoinFirstChoose))
        }
        Step::Changed(Some(shown)) => Some(i18n.say_at(Text::TimeChanged, shown.by)),
        Step::Changed(None) => Some(i18n.say(Text::TimeGone)),
        Step::Refused(problem) => Some(i18n.problem(&problem)),
        Step::Unanswered => Some(i18n.say(Text::CouldNotReach)),
    };
    let label = move || match (step.get(), by.get()) {
        (Step::Changed(_), Some(at)) => i18n.say_at(Text::YesBy, at),
        (Step::Changed(_), None) => i18n.say(Text::YesWithoutTime),
        (Step::Unanswered, _) => i18n.say(Text::TryAgain),
        (_, None) if service.get().is_some() => i18n.say(Text::JoinWithoutTime),
        _ => i18n.say(Text::JoinSubmit),
    };
    let is_sending = move || step.with(|s| *s == Step::Sending);
    view! {
        <p class="note" role="status" data-testid="notice">{note}</p>
        <Show when=move || by.get().is_some()>
            <p class="offer" data-testid="promise">
                <span class="word">{move || i18n.say(promise::word(kind.get()))}</span>
                " "
                <ClockTime at=by />
            </p>
        </Show>
        <button
            type="button"
            class="button main"
            data-testid="join"
            class:waits=is_sending
            disabled=move || service.get().is_none()
            on:click=move |_| on_yes(shown.get_untracked())
        >
            {label}
        </button>
    }
}
