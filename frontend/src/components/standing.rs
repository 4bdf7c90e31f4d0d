//! Closed, full, nobody there, silent: said in words, with what works instead.

use leptos::prelude::*;
use sooner_shared::screen::doors::Standing;
use sooner_shared::view::Doors;
use sooner_shared::words::Text;

use crate::i18n::I18n;

/// What is in the way, and what works instead; `None` while nothing is.
pub(crate) fn words(i18n: I18n, standing: Standing) -> Option<(String, String)> {
    let opens = |at: Option<_>| at.map(|at| i18n.say_bare(Text::OpensAt, at)).unwrap_or_default();
    Some(match standing {
        Standing::Open => return None,
        Standing::Closed { opens_at } => (
            format!("{} {}", i18n.say(Text::ClosedNow), opens(opens_at)),
            i18n.say(Text::ClosedInstead),
        ),
        Standing::Full { opens_at } => (
            format!("{} {}", i18n.say(Text::FullToday), opens(opens_at)),
            i18n.say(Text::FullInstead),
        ),
        Standing::Nobody { until } => (
            match until {
                Some(at) => i18n.say_at(Text::NobodyUntil, at),
                None => i18n.say(Text::NobodyServing),
            },
            i18n.say(Text::LeaveYourName),
        ),
        Standing::Silent { since } => {
            (i18n.say_at(Text::TrueAt, since), i18n.say(Text::LobbyAskUs))
        }
    })
}

/// The same as lines on the page.
#[component]
pub(crate) fn StandingLines(
    /// How the shop stands.
    #[prop(into)]
    standing: Signal<Option<Standing>>,
    /// The look of each line.
    #[prop(default = "nobody")]
    look: &'static str,
) -> impl IntoView {
    let i18n = I18n::get();
    move || {
        let standing = standing.get()?;
        let (what, instead) = words(i18n, standing)?;
        Some(view! {
            <p class=look data-testid="standing" data-standing=standing.as_str()>{what}</p>
            <p class=format!("{look} quiet") data-testid="instead">{instead}</p>
        })
    }
}

/// Until when the doors are open, while they are and that is known.
#[component]
pub(crate) fn OpenUntil(
    /// How the doors stand.
    #[prop(into)]
    doors: Signal<Option<Doors>>,
) -> impl IntoView {
    let i18n = I18n::get();
    move || {
        let (Doors::Open { until } | Doors::Full { until, .. }) = doors.get()? else {
            return None;
        };
        let text = i18n.say_at(Text::OpenUntil, until?);
        Some(view! { <p class="open-until" data-testid="open-until">{text}</p> })
    }
}
