//! Joining by oneself: what for, with whom, the time that gives, a name if one likes.

mod confirm;
mod kiosk;
mod request;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_link::device;
use sooner_shared::command::{Join, JoinRequest, NAME_MAX_CHARS};
use sooner_shared::contact::CONTACT_MAX_CHARS;
use sooner_shared::screen::State;
use sooner_shared::screen::doors::{Standing, takes_people};
use sooner_shared::screen::quote::Held;
use sooner_shared::view::{Doors, PromiseKind, ShopHead, View};
use sooner_shared::wire::Audience;
use sooner_shared::words::Text;
use sooner_shared::{Problem, ProblemCode, ServiceId, ShopId, Shown, StaffId};

use super::{Gone, GoneProps, follow_languages, follow_zone, heading, title};
use crate::api::{self, Failure};
use crate::components::language::LanguageChoice;
use crate::components::party::{Companions, Party};
use crate::components::standing::StandingLines;
use crate::components::status::Status;
use crate::components::tiles::{Choice, Tiles};
use crate::i18n::{self, I18n};
use crate::live::Live;
use confirm::{Confirm, ConfirmProps};
use kiosk::{AtKiosk, AtKioskProps, Kiosk};
use request::{Joined, id_for, send};

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
    let is_kiosk = device::query("kiosk").is_some();
    follow_languages(move || head.with(|h| Some(h.as_ref()?.languages.clone())), is_kiosk);
    title(name);
    let is_here = Memo::new(move |_| head.with(Option::is_some));
    let shop = StoredValue::new(shop);
    let step = RwSignal::new(Step::Choosing);
    let kiosk = is_kiosk.then(|| Kiosk::begin(step));
    let is_gone = move || matches!(live.state.get(), State::Gone(_));
    let on_joined = move |joined: Joined, kind| {
        if let Some(kiosk) = kiosk {
            return kiosk.show(joined, kind);
        }
        if device::query("try").is_some() {
            device::remember(&shop.with_value(trial_key), &joined.visit.to_string());
        }
        device::go_to(&i18n::same_language(&format!("/v/{}", joined.link)));
    };
    // Each person at a kiosk has a form that nobody has written in.
    let form = move || {
        kiosk.map(|kiosk| kiosk.round.get());
        view! { <Form live head step kiosk=kiosk.is_some() shop=shop.get_value() on_joined /> }
    };
    let is_shown = move || kiosk.is_some_and(|kiosk| kiosk.joined.with(Option::is_some));
    view! {
        <main
            class="page narrow join"
            class:kiosk=kiosk.is_some()
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
            <Show when=move || is_here.get() && !is_gone() && !is_shown()>{form}</Show>
            {kiosk.map(|kiosk| AtKiosk(AtKioskProps { live, kiosk }))}
        </main>
    }
}

/// Under which name this browser remembers the visit with which its owner tries the shop.
pub(crate) fn trial_key(shop: &ShopId) -> String {
    format!("sooner.trial.{shop}")
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

    fn join(self, shown: Option<Shown>, is_open: bool) -> Option<Join> {
        let given = |field: RwSignal<String>| {
            let text = field.get_untracked().trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        Some(self.party.joins(Join {
            requested: self.staff.get_untracked(),
            name: given(self.name),
            contact: given(self.contact),
            // The code on the wall says "here"; a link from anywhere else does not, and before a
            // closed door nobody is in.
            remote: device::query("here").is_none() || !is_open,
            shown,
            trial: device::query("try").is_some(),
            ..Join::new(self.service.get_untracked()?)
        }))
    }
}

#[component]
fn Form(
    live: Live,
    head: Memo<Option<ShopHead>>,
    step: RwSignal<Step>,
    kiosk: bool,
    shop: ShopId,
    on_joined: impl Fn(Joined, PromiseKind) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = I18n::get();
    let wish = head.with_untracked(|h| Wish::new(h.as_ref()));
    let held = held_quote(live, head, wish.service, wish.staff);
    let standing = Memo::new(move |_| head.with(|h| h.as_ref().map(Standing::of)));
    let may_join = Memo::new(move |_| head.with(|h| h.as_ref().is_some_and(takes_people)));
    let is_silent = move || matches!(standing.get(), Some(Standing::Silent { .. }));
    let times = Signal::derive(move || live.is_live() && !is_silent());
    let attempt = StoredValue::new(None::<JoinRequest>);
    let submit = move |shown: Option<Shown>| {
        let is_open = |h: &ShopHead| matches!(h.doors, Doors::Open { .. });
        let is_open = head.with_untracked(|h| h.as_ref().is_some_and(is_open));
        let Some(join) = wish.join(shown, is_open) else {
            return;
        };
        if step.with_untracked(|s| *s == Step::Sending) {
            return;
        }
        let request = JoinRequest { id: id_for(attempt, &join), join };
        attempt.set_value(Some(request.clone()));
        step.set(Step::Sending);
        let kind = head.with_untracked(|h| {
            h.as_ref().map(|h| h.promises(request.join.service)).unwrap_or_default()
        });
        let shop = shop.clone();
        spawn_local(async move {
            let result = send(&shop, &request).await;
            if !matches!(result, Err(Failure::Unanswered)) {
                // Sent again under the same id, a refusal would only be repeated.
                attempt.set_value(None);
            }
            match result {
                Ok(joined) => {
                    if !request.join.remote {
                        // Who scanned the code in the shop is here, and may be called aloud. Where
                        // it fails, they or the desk can still say so.
                        let _ = api::check_in(&joined.link, device::command_id()).await;
                    }
                    on_joined(joined, kind);
                }
                Err(failure) => step.set(step_after(failure, live)),
            }
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
                            autocomplete=if kiosk { "off" } else { "given-name" }
                            enterkeyhint="done"
                            maxlength=NAME_MAX_CHARS
                            bind:value=wish.name
                        />
                    </label>
                    <Contact head kind value=wish.contact />
                </Show>
            </Show>
        </div>
        <Show when=move || may_join.get()>
            <section class="thumb">
                {move || Confirm(ConfirmProps {
                    step,
                    held,
                    times,
                    kind,
                    service: wish.service,
                    on_yes: move |shown| submit.with_value(|submit| submit(shown)),
                })}
            </section>
        </Show>
    }
}

/// How the shop reaches them; what for is for the shop to say.
#[component]
fn Contact(
    head: Memo<Option<ShopHead>>,
    kind: Memo<PromiseKind>,
    value: RwSignal<String>,
) -> impl IntoView {
    let i18n = I18n::get();
    let days = Memo::new(move |_| head.with(|h| h.as_ref()?.kept_days));
    let hint = move || days.get().map(|n| i18n.count(Text::JoinContactHint, u32::from(n)));
    // What is left here to be made ready may be the phone itself.
    let stays = move || matches!(kind.get(), PromiseKind::Ready | PromiseKind::News);
    let label = move || i18n.say(if stays() { Text::JoinContactOther } else { Text::JoinContact });
    let other = move || stays().then(|| i18n.say(Text::JoinContactOtherHint));
    view! {
        <label class="field">
            <span>{label}</span>
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
        <p class="hint" id="contact-hint">
            <span data-testid="contact-other">{other}</span>
            " "
            {hint}
        </p>
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
        <Show when=move || people.with(|all| all.len() > 1)>
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

/// What is to be done where nobody joined.
fn step_after(failure: Failure, live: Live) -> Step {
    match failure {
        Failure::Unanswered => Step::Unanswered,
        Failure::Refused(problem) if problem.code == ProblemCode::QuoteChanged => {
            // The problem does not say when its time was computed: not after what was last heard.
            let at = untrack(|| live.confirmed_at());
            Step::Changed(problem.by.zip(at).map(|(by, at)| Shown { by, at }))
        }
        Failure::Refused(problem) => Step::Refused(*problem),
    }
}
