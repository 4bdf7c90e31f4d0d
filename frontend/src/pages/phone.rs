//! One person's own page: the promise, where they are, and what they can say.

mod choices;
mod kept;
mod later;
mod says;

use leptos::prelude::*;
use sooner_shared::screen::State;
use sooner_shared::screen::phone::{Against, Scene, Wait, called_earlier_min, owes_apology};
use sooner_shared::screen::why::{self, Own};
use sooner_shared::view::{PromiseKind, View, VisitView};
use sooner_shared::wire::Audience;
use sooner_shared::words::Text;
use sooner_shared::{Command, Problem, Timestamp};

use super::{Gone, GoneProps, follow_zone, title};
use crate::components::clock_time::ClockTime;
use crate::components::language::LanguageChoice;
use crate::components::status::{StaleBand, Status};
use crate::device;
use crate::i18n::{I18n, same_language};
use crate::live::{Live, News};
use choices::ChoicesPart;
use kept::KeptPart;
use later::Later;
use says::Says;
use sooner_shared::words::promise;

/// The whole page.
#[component]
pub(crate) fn Phone(
    /// The private link.
    link: String,
) -> impl IntoView {
    let i18n = I18n::get();
    let refused = RwSignal::new(None::<Problem>);
    let own_link = StoredValue::new(link.clone());
    let live = Live::start(Audience::Visit { link }, move |news| match news {
        // That the page was read is said without anybody's tap.
        News::Answer { command: Some(Command::Acknowledge { .. }), .. } | News::Expired(_) => {}
        News::Answer { result, .. } => refused.set(result.err()),
        News::Complaint(problem) => refused.set(Some(problem)),
    });
    let visit: Memo<Option<VisitView>> = Memo::new(move |_| {
        live.with_view(|view| match view {
            View::Visit(visit) => Some(visit.as_ref().clone()),
            _ => None,
        })
    });
    let shop_name = move || visit.with(|v| v.as_ref().map(|v| v.shop_name.clone()));
    follow_zone(live, move || of(visit, |v| v.zone.clone()));
    Effect::new(move |_| {
        if live.may_reload() {
            device::reload();
        }
    });
    title(shop_name);
    // A promise has reached somebody when their page has shown it.
    let told = Memo::new(move |_| of(visit, |v| v.promise_no.map(|no| (v.visit, no))).flatten());
    Effect::new(move |_| {
        if let Some((visit, no)) = told.get()
            && live.is_live()
            && device::is_visible()
        {
            live.tap(Command::Acknowledge { visit, no });
        }
    });
    let scene = Memo::new(move |_| visit.with(|v| v.as_ref().map(Scene::of)));
    let kind = Memo::new(move |_| of(visit, |v| v.kind).unwrap_or_default());
    let body = move || {
        let scene = scene.get()?;
        let body = match scene {
            Scene::InLine | Scene::Next => view! { <Waiting live visit scene /> }.into_any(),
            Scene::ComeIn => view! { <ComeIn live visit /> }.into_any(),
            // Who left a thing to be made ready is told when, not that somebody began.
            Scene::Started if kind.get() == PromiseKind::Ready => {
                view! { <Later live visit scene /> }.into_any()
            }
            Scene::Started => view! { <Started live visit /> }.into_any(),
            Scene::Booked | Scene::Pending | Scene::OnHold | Scene::Ready => {
                view! { <Later live visit scene /> }.into_any()
            }
            Scene::Done => view! { <Ended visit /> }.into_any(),
            Scene::Left | Scene::NoShow => view! { <Away visit scene /> }.into_any(),
        };
        (!matches!(live.state.get(), State::Gone(_))).then_some(body)
    };
    view! {
        <div
            class="page narrow phone"
            data-page="phone"
            data-testid="page"
            data-state=move || live.state.get().as_str()
            data-seq=move || live.seq()
            data-scene=move || scene.get().map(Scene::as_str)
        >
            <header class="top">
                <h1 class="shop">{shop_name}</h1>
                <LanguageChoice />
            </header>
            <Status live />
            {Gone(GoneProps { live })}
            {body}
            <p class="notice" role="status" data-testid="notice">
                {move || refused.with(|r| r.as_ref().map(|p| i18n.problem(p)))}
            </p>
            <Show when=move || visit.with(Option::is_some) && !matches!(live.state.get(), State::Gone(_))>
                <KeptPart visit link=own_link.get_value() />
            </Show>
        </div>
    }
}

type Visit = Memo<Option<VisitView>>;

/// Reads something of the visit.
fn of<T>(visit: Visit, read: impl FnOnce(&VisitView) -> T) -> Option<T> {
    visit.with(|v| v.as_ref().map(read))
}

fn name(visit: Visit) -> String {
    of(visit, |v| v.name.clone()).unwrap_or_default()
}

fn addressed(i18n: I18n, visit: Visit, text: Text) -> String {
    i18n.say_with(text, &[("name", &name(visit))])
}

#[component]
fn Waiting(live: Live, visit: Visit, scene: Scene) -> impl IntoView {
    let i18n = I18n::get();
    let by = Memo::new(move |_| of(visit, |v| v.by).flatten());
    let owes = owes(visit);
    let promise = move || {
        if owes.get() {
            view! { <Apology live visit scene /> }.into_any()
        } else if by.get().is_some() {
            view! { <Promise live visit by scene /> }.into_any()
        } else {
            view! { <NoTime live visit /> }.into_any()
        }
    };
    let ahead = move || {
        let n = of(visit, |v| v.ahead).flatten().filter(|n| *n > 0)?;
        Some(
            view! { <p class="ahead" data-testid="ahead" data-n=n>{i18n.count(Text::Ahead, n)}</p> },
        )
    };
    view! {
        <main class="upper">{promise}</main>
        <ChoicesPart live visit />
        <section class="middle">
            <Stages scene visit />
            <OnTheWall visit />
            {ahead}
            <p class="what" data-testid="what">{move || what(i18n, visit)}</p>
            <Why visit />
        </section>
        <Says live visit />
    }
}

/// What to look for on the wall, where it is not the name that everybody expects.
#[component]
fn OnTheWall(visit: Visit) -> impl IntoView {
    let i18n = I18n::get();
    let label = Memo::new(move |_| of(visit, |v| v.on_wall.clone()).flatten());
    move || {
        let label = label.get()?;
        let said = i18n.say_with(Text::OnTheWall, &[("label", &label)]);
        Some(view! { <p class="on-wall" data-testid="on-wall">{said}</p> })
    }
}

/// "Why this time?", folded. Its element stays while its words change, so that it does not fold
/// itself under somebody's eyes.
#[component]
fn Why(visit: Visit) -> impl IntoView {
    let i18n = I18n::get();
    let said = Memo::new(move |_| {
        of(visit, |v| {
            Some(match why::of_phone(v)? {
                Own::Ahead(n) => i18n.count(Text::Ahead, n),
                Own::AheadWith(n, person) => {
                    i18n.count_with(Text::AheadWith, n, &[("person", person)])
                }
                Own::With(person) => i18n.say_with(Text::With, &[("person", person)]),
            })
        })
        .flatten()
    });
    view! {
        <details class="why" data-testid="why" hidden=move || said.with(Option::is_none)>
            <summary>{move || i18n.say(Text::WhyThisTime)}</summary>
            <p>{move || said.get()}</p>
        </details>
    }
}

/// Whether an apology is due.
fn owes(visit: Visit) -> Memo<bool> {
    Memo::new(move |_| of(visit, owes_apology).unwrap_or(false))
}

/// "Haircut: wash · with Maria"
fn what(i18n: I18n, visit: Visit) -> Option<String> {
    let (service, step) = of(visit, |v| (v.service.clone(), v.step.clone()))?;
    let service = step.map_or(service.clone(), |step| format!("{service}: {step}"));
    let requested = of(visit, |v| v.requested.clone())?;
    let with = requested.map(|person| i18n.say_with(Text::With, &[("person", &person)]));
    Some([Some(service), with].into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

#[component]
fn Promise(live: Live, visit: Visit, by: Memo<Option<Timestamp>>, scene: Scene) -> impl IntoView {
    let i18n = I18n::get();
    let kind = of(visit, |v| v.kind).unwrap_or_default();
    // Only who is to come in is told that they are next.
    let is_next = scene == Scene::Next && kind == PromiseKind::Start;
    let above = if is_next { Text::NextAbove } else { promise::above(kind) };
    let is_stale = Memo::new(move |_| !live.is_live());
    let nobody = Memo::new(move |_| of(visit, |v| !v.staffed).unwrap_or(false));
    let below = move || {
        if is_stale.get() {
            let stays = by.get().map(|at| i18n.say_at(Text::TimeStaysBy, at)).unwrap_or_default();
            let confirmed = live.confirmed_at().map(|at| i18n.say_at(Text::LastConfirmed, at));
            let (confirmed, ask) = (confirmed.unwrap_or_default(), i18n.say(Text::AskToBeSure));
            format!("{stays} {confirmed}. {ask}")
        } else if nobody.get() {
            format!("{} {}", i18n.say(Text::NobodyServing), i18n.say(Text::TimeStays))
        } else if let Some(was) = of(visit, |v| v.instead_of).flatten() {
            i18n.say_at(Text::PromiseLater, was)
        } else if let Some(until) = of(visit, |v| v.safe_until).flatten() {
            i18n.say_at(Text::ComeInNoRush, until)
        } else {
            i18n.say(if is_next { Text::NextBelow } else { promise::below(kind) })
        }
    };
    let news = move || {
        let at = of(visit, |v| v.news_by).flatten().filter(|_| kind != PromiseKind::News)?;
        Some(i18n.say_at(Text::NewsLine, at))
    };
    view! {
        <p class="above">{move || addressed(i18n, visit, above)}</p>
        <p class="promise" data-testid="promise">
            <ClockTime at=by />
        </p>
        <p class="below" class:stale-note=is_stale data-testid="below">{below}</p>
        <p class="below" data-testid="news-by">{news}</p>
    }
}

#[component]
fn NoTime(live: Live, visit: Visit) -> impl IntoView {
    let i18n = I18n::get();
    let nobody = move || {
        let (staffed, from) = of(visit, |v| (v.staffed, v.time_from))?;
        match from {
            Some(at) => Some(i18n.say_at(Text::NobodyUntil, at)),
            None => (!staffed).then(|| i18n.say(Text::NobodyServing)),
        }
    };
    view! {
        <p class="above">{move || addressed(i18n, visit, Text::InLineNoTime)}</p>
        <p class="below">{nobody}</p>
        <StaleBand live advice=Text::AskToBeSure />
        <p class="below" data-testid="no-time">{move || i18n.say(Text::TimeComes)}</p>
    }
}

#[component]
fn Apology(live: Live, visit: Visit, scene: Scene) -> impl IntoView {
    let i18n = I18n::get();
    let next = if scene == Scene::Next { Text::YouAreNext } else { Text::PlaceKept };
    let next_time = move || {
        let (by, missed) = of(visit, |v| v.by.zip(v.missed)).flatten()?;
        (by > missed).then(|| i18n.say_at(Text::ApologyNext, by))
    };
    view! {
        <p class="apology" data-testid="apology">{move || apology(i18n, visit)}</p>
        <p class="then">{move || i18n.say(next)}</p>
        <p class="then" data-testid="next-time">{next_time}</p>
        <StaleBand live advice=Text::AskToBeSure />
    }
}

fn apology(i18n: I18n, visit: Visit) -> Option<String> {
    let at = i18n.clock(of(visit, |v| v.missed)??);
    let text = match of(visit, |v| v.kind)? {
        PromiseKind::Start => Text::Apology,
        _ => Text::ApologyPlain,
    };
    Some(i18n.say_with(text, &[("name", &name(visit)), ("at", &at)]))
}

/// In line → next → come in; nothing for who is not to come in.
#[component]
fn Stages(scene: Scene, visit: Visit) -> impl IntoView {
    let i18n = I18n::get();
    let all = [
        (Scene::InLine, Text::StageInLine),
        (Scene::Next, Text::StageNext),
        (Scene::ComeIn, Text::StageComeIn),
    ];
    let comes = Memo::new(move |_| of(visit, |v| v.kind) == Some(PromiseKind::Start));
    let steps = move || {
        all.map(|(step, text)| {
            let is_now = step == scene;
            view! {
                <li class:is-now=is_now aria-current=is_now.then_some("step")>
                    {move || i18n.say(text)}
                </li>
            }
        })
    };
    view! { <ol class="stages" data-testid="stage" data-stage=scene.as_str()>{move || comes.get().then(|| steps().into_iter().collect_view())}</ol> }
}

#[component]
fn ComeIn(live: Live, visit: Visit) -> impl IntoView {
    let i18n = I18n::get();
    let owes = owes(visit);
    let earlier = move || {
        let n = of(visit, called_earlier_min).flatten()?;
        Some(i18n.count(Text::ComeInEarlier, n))
    };
    let no_rush = move || {
        let (kind, by) = of(visit, |v| (v.kind, v.by))?;
        let by = by.filter(|_| kind == PromiseKind::Start && !owes.get())?;
        Some(i18n.say_at(Text::ComeInNoRush, by))
    };
    let is_call_back = move || of(visit, |v| v.kind == PromiseKind::CallBack).unwrap_or(false);
    let text = move || if is_call_back() { Text::CallingNow } else { Text::ComeIn };
    let place = move || of(visit, |v| v.place.clone()).flatten().filter(|_| !is_call_back());
    view! {
        <main class="upper come-in">
            <p class="apology">{move || owes.get().then(|| apology(i18n, visit))}</p>
            <p class="above">{move || addressed(i18n, visit, text())}</p>
            <p class="place" data-testid="place">{place}</p>
            <p class="person" data-testid="person">{move || of(visit, |v| v.staff.clone()).flatten()}</p>
            <StaleBand live advice=Text::AskToBeSure />
            <p class="earlier">{earlier}</p>
            <p class="below" data-testid="promise" data-ms=move || of(visit, |v| v.by).flatten().map(|at| at.0)>{no_rush}</p>
        </main>
        <section class="middle">
            <Stages scene=Scene::ComeIn visit />
            <OnTheWall visit />
        </section>
        <Says live visit />
    }
}

#[component]
fn Started(live: Live, visit: Visit) -> impl IntoView {
    let i18n = I18n::get();
    let is_call_back = move || of(visit, |v| v.kind == PromiseKind::CallBack).unwrap_or(false);
    let text = move || if is_call_back() { Text::WeSpoke } else { Text::Started };
    let done_by =
        move || of(visit, |v| v.done_by).flatten().map(|at| i18n.say_at(Text::DoneLine, at));
    let place = move || {
        let (place, person) = of(visit, |v| (v.place.clone(), v.staff.clone()))?;
        let (place, person) = (place.filter(|_| !is_call_back())?, person?);
        Some(i18n.say_with(Text::PlaceAndPerson, &[("place", &place), ("person", &person)]))
    };
    let at =
        move || of(visit, |v| v.started_at).flatten().map(|at| i18n.say_at(Text::StartedAt, at));
    view! {
        <main class="upper">
            <p class="above">{move || addressed(i18n, visit, text())}</p>
            <p class="then">{place}</p>
            <StaleBand live advice=Text::AskToBeSure />
            <p class="below">{at}</p>
            <p class="below" data-testid="done-by">{done_by}</p>
        </main>
        <section class="middle">
            <p class="stages single" data-testid="stage" data-stage="started"></p>
            <p class="what">{move || what(i18n, visit)}</p>
        </section>
    }
}

#[component]
fn Ended(visit: Visit) -> impl IntoView {
    let i18n = I18n::get();
    let wait = move || of(visit, Wait::of).flatten();
    let waited = move || {
        wait().map(|w| match w.waited_min {
            Some(n) => i18n.count(Text::Waited, n),
            None => i18n.say(Text::WaitedLittle),
        })
    };
    let against = move || {
        Some(match wait()?.against? {
            Against::Less(n) => i18n.count(Text::WaitedLess, n),
            Against::AsPromised => i18n.say(Text::WaitedAsPromised),
            Against::Longer(n) => i18n.count(Text::WaitedLonger, n),
        })
    };
    let at =
        move || of(visit, |v| v.started_at).flatten().map(|at| i18n.say_at(Text::StartedAt, at));
    view! {
        <main class="upper" data-testid="stage" data-stage="done">
            <p class="above">{move || addressed(i18n, visit, Text::Thanks)}</p>
            <p class="then" data-testid="waited">{waited}</p>
            <p class="then against" data-testid="against">{against}</p>
            <p class="below">{at}</p>
        </main>
    }
}

#[component]
fn Away(visit: Visit, scene: Scene) -> impl IntoView {
    let i18n = I18n::get();
    let owes = owes(visit);
    let text = if scene == Scene::NoShow { Text::NoShowText } else { Text::LeftText };
    let again = move || of(visit, |v| same_language(&format!("/{}/join", v.shop)));
    view! {
        <main class="upper" data-testid="stage" data-stage=scene.as_str()>
            <p class="apology">{move || owes.get().then(|| apology(i18n, visit))}</p>
            <p class="above">{move || addressed(i18n, visit, text)}</p>
            <p class="below">{move || (scene == Scene::NoShow).then(|| i18n.say(Text::Welcome))}</p>
        </main>
        <section class="thumb">
            <a class="button main" data-testid="again" href=again>{move || i18n.say(Text::JoinAgain)}</a>
        </section>
    }
}
