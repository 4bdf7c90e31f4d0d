//! What is kept of the person, until when, and how they get it and get rid of it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_shared::words::Text;

use super::{Visit, of};
use crate::api::{self, Failure};
use crate::components::button::SureButton;
use crate::i18n::I18n;

/// How far erasing has come.
#[derive(Debug, Clone, PartialEq)]
enum Erasing {
    /// Nobody asked for it.
    No,
    /// The request is on its way.
    Sent,
    /// It is done.
    Done,
    /// It is not.
    Failed(Failure),
}

/// Folded away at the foot of the page.
#[component]
pub(super) fn KeptPart(visit: Visit, link: String) -> impl IntoView {
    let i18n = I18n::get();
    let until = Memo::new(move |_| of(visit, |v| v.kept_until).flatten());
    let erasing = RwSignal::new(Erasing::No);
    let file = api::visit_data(&link);
    let link = StoredValue::new(link);
    let erase = move || {
        erasing.set(Erasing::Sent);
        spawn_local(async move {
            let answer = api::erase(&link.get_value()).await;
            erasing.set(answer.map_or_else(Erasing::Failed, |()| Erasing::Done));
        });
    };
    let said = move || match erasing.get() {
        Erasing::No | Erasing::Sent => None,
        Erasing::Done => {
            let code = of(visit, |v| v.visit.code())?;
            Some(i18n.say_with(Text::KeptErased, &[("label", &code)]))
        }
        Erasing::Failed(Failure::Refused(problem)) => Some(i18n.problem(&problem)),
        Erasing::Failed(Failure::Unanswered) => Some(i18n.say(Text::CouldNotReach)),
    };
    view! {
        <details class="kept" data-testid="kept">
            <summary>{move || i18n.say(Text::KeptTitle)}</summary>
            <Words visit />
            <p>
                {move || match until.get() {
                    Some(at) => i18n.say_bare(Text::KeptUntil, at),
                    None => i18n.say(Text::KeptNothing),
                }}
            </p>
            <p>{move || i18n.say(Text::KeptLog)}</p>
            <div class="chips">
                <a class="button quiet" data-testid="kept-download" href=file download="">
                    {move || i18n.say(Text::KeptDownload)}
                </a>
                <Show when=move || until.get().is_some()>
                    <SureButton
                        testid="kept-erase"
                        label=Signal::derive(move || i18n.say(Text::KeptErase))
                        sure=Signal::derive(move || i18n.say(Text::KeptEraseSure))
                        waits=Signal::derive(move || erasing.with(|e| *e == Erasing::Sent))
                        on_tap=erase
                    />
                </Show>
            </div>
            <p class="note" role="status" data-testid="kept-note">{said}</p>
        </details>
    }
}

/// Name, contact, question and answer, of which each may be there.
#[component]
fn Words(visit: Visit) -> impl IntoView {
    let i18n = I18n::get();
    let words = Memo::new(move |_| {
        of(visit, |v| {
            let name = Some(v.name.clone()).filter(|name| *name != v.visit.code());
            let (contact, question, answer) =
                (v.contact.clone(), v.question.clone(), v.answer.clone());
            [
                (Text::KeptName, name),
                (Text::KeptContact, contact),
                (Text::KeptQuestion, question),
                (Text::KeptAnswer, answer),
            ]
        })
    });
    let lines = move || {
        let words = words.get()?.into_iter();
        let line = |(text, words): (Text, Option<String>)| {
            let said = i18n.say_with(text, &[("text", &words?)]);
            Some(view! { <li>{said}</li> })
        };
        Some(words.filter_map(line).collect_view())
    };
    view! { <ul data-testid="kept-words">{lines}</ul> }
}
