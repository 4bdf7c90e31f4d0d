//! The page of a visit that is neither in line nor called: an appointment, work on a thing that was
//! left, a wait for something, what is ready to collect.

use leptos::prelude::*;
use sooner_shared::screen::phone::Scene;
use sooner_shared::view::{Doors, PromiseKind, VisitView, WaitsFor};
use sooner_shared::words::Text;

use super::says::{Says, SaysProps};
use super::{Visit, addressed, apology, of, owes, what};
use crate::components::clock_time::ClockTime;
use crate::components::status::StaleBand;
use crate::i18n::I18n;
use crate::live::Live;
use sooner_shared::words::promise;

/// The whole page below the heading.
#[component]
pub(super) fn Later(live: Live, visit: Visit, scene: Scene) -> impl IntoView {
    let i18n = I18n::get();
    let owes = owes(visit);
    let figure = Memo::new(move |_| {
        of(visit, |v| figure(scene, v)).flatten().filter(|_| scene == Scene::Booked || !owes.get())
    });
    let said = Memo::new(move |_| of(visit, |v| lines(scene, v)).unwrap_or_default());
    let above = move || of(visit, |v| above(scene, v)).map(|text| addressed(i18n, visit, text));
    let row = move |(text, at): (Text, Option<_>)| {
        let words = move || match at {
            Some(at) => i18n.say_at(text, at),
            None => i18n.say(text),
        };
        view! { <p class="below" data-line=text.key()>{words}</p> }
    };
    view! {
        <main class="upper">
            <p class="apology" data-testid="apology">{move || owes.get().then(|| apology(i18n, visit))}</p>
            <p class="above" class:then={scene == Scene::Ready}>{above}</p>
            {move || {
                figure
                    .get()
                    .map(|at| {
                        let word = of(visit, |v| promise::word(v.kind)).unwrap_or(Text::ByWord);
                        view! {
                            <p class="word">
                                {move || (scene != Scene::Booked).then(|| i18n.say(word))}
                            </p>
                            <p class="promise" data-testid="promise">
                                <ClockTime at=Signal::stored(Some(at)) bare={scene == Scene::Booked} />
                            </p>
                        }
                    })
            }}
            <StaleBand live advice=Text::AskToBeSure />
            {move || said.get().into_iter().map(row).collect_view()}
        </main>
        <section class="middle">
            <p class="stages single" data-testid="stage" data-stage=scene.as_str()></p>
            <p class="what" data-testid="what">{move || what(i18n, visit)}</p>
        </section>
        {Says(SaysProps { live, visit })}
    }
}

/// What stands first.
const fn above(scene: Scene, visit: &VisitView) -> Text {
    match (scene, visit.waits_for) {
        (Scene::Booked, _) => Text::BookedAbove,
        (Scene::OnHold, _) => Text::OnHoldText,
        (Scene::Ready, _) => Text::ReadyNow,
        (Scene::Pending, Some(WaitsFor::Part)) => Text::PendingPart,
        (Scene::Pending, Some(WaitsFor::Approval)) => Text::PendingApproval,
        (Scene::Pending, _) => Text::PendingTime,
        _ => Text::WorkingOnIt,
    }
}

/// The one large time.
fn figure(scene: Scene, visit: &VisitView) -> Option<sooner_shared::Timestamp> {
    match scene {
        Scene::Booked => visit.booked_at,
        Scene::Ready => None,
        // Who sits in a treatment's time was promised its start, and that has been.
        _ if visit.kind == PromiseKind::Start && visit.started_at.is_some() => None,
        _ => visit.by,
    }
}

/// What stands below it, each with its time.
fn lines(scene: Scene, visit: &VisitView) -> Vec<(Text, Option<sooner_shared::Timestamp>)> {
    let mut lines = Vec::new();
    let mut add = |text: Text, at: Option<_>| {
        if at.is_some() {
            lines.push((text, at));
        }
    };
    match scene {
        Scene::Booked => add(promise::line(visit.kind), visit.by),
        Scene::Ready => {
            if let Doors::Open { until } | Doors::Full { until, .. } = visit.doors {
                add(Text::HereTill, until);
            } else if let Doors::Closed { opens_at } = visit.doors {
                add(Text::OpensAt, opens_at);
            }
        }
        _ => {
            if visit.waits_for == Some(WaitsFor::Approval) {
                add(Text::ApproveBy, visit.expected_at);
            }
            add(Text::DoneLine, visit.done_by);
        }
    }
    if visit.kind != PromiseKind::News {
        add(Text::NewsLine, visit.news_by);
    }
    if scene == Scene::OnHold {
        lines.push((Text::OnHoldBelow, None));
    }
    lines
}
