//! What customers said at the end, and whether start taps look as if they can be relied on.

use leptos::prelude::*;
use sooner_shared::report::{Report, Voices};
use sooner_shared::words::Text;

use super::answer::counted;
use crate::i18n::I18n;

/// Nothing while nobody was asked and nothing stands out.
pub(super) fn voices(i18n: I18n, report: &Report) -> Option<AnyView> {
    let Voices { starts_asked, starts_right, starts_later, good, fair, not_good } = report.voices;
    let counts = [starts_asked, starts_right, starts_later].map(|count| count.to_string());
    let [n, yes, later] = &counts;
    let with = [("n", &**n), ("yes", &**yes), ("later", &**later)];
    let starts = (starts_asked > 0).then(|| i18n.say_with(Text::VoicesStarts, &with));
    let waits = (good + fair + not_good > 0).then(|| {
        let all = [(Text::WaitGood, good), (Text::WaitFair, fair), (Text::WaitNotGood, not_good)];
        view! {
            <p>{i18n.say(Text::WaitAsk)}</p>
            {counted(i18n, "waits", all)}
        }
        .into_any()
    });
    let taps = taps(i18n, report);
    (starts.is_some() || waits.is_some() || taps.is_some()).then(|| {
        view! {
            <section class="wide" data-testid="voices">
                <h2>{i18n.say(Text::VoicesTitle)}</h2>
                {starts.map(|text| view! { <p data-testid="starts-checked">{text}</p> })}
                {taps}
                {waits}
            </section>
        }
        .into_any()
    })
}

/// Start taps that look as if they were made for the clock's sake.
fn taps(i18n: I18n, report: &Report) -> Option<AnyView> {
    let taps = report.pictures.last_minute;
    let (n, before) = (taps.count.to_string(), taps.before.to_string());
    taps.is_bunched.then(|| {
        let text = i18n.say_with(Text::LastMinuteSay, &[("n", &n), ("before", &before)]);
        view! { <p class="notice" data-testid="last-minute">{text}</p> }.into_any()
    })
}
