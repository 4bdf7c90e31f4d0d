//! The letter of the last finished week, where the owner comes by anyhow.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_shared::ShopId;
use sooner_shared::report::Letter;
use sooner_shared::words::Text;

use crate::api;
use crate::i18n::{I18n, same_language};

/// Its five lines, and the way to the report; before there is a letter, the way alone.
#[component]
pub(crate) fn LetterPart(
    /// Whose.
    shop: ShopId,
) -> impl IntoView {
    let i18n = I18n::get();
    let letter = RwSignal::new(None::<Letter>);
    let report = format!("/{shop}/report");
    spawn_local(async move {
        // Without an answer there is no letter, which is no trouble.
        letter.set(api::get(&shop, "letter?as=json").await.ok());
    });
    let lines = move || {
        let letter = letter.get().filter(|letter| letter.of > 0)?;
        let (from, to) = (letter.week.monday(), letter.week.sunday());
        let span =
            i18n.say_with(Text::ReportSpan, &[("from", &i18n.date(from)), ("to", &i18n.date(to))]);
        let lines = letter.lines(i18n.words()).map(|line| view! { <li>{line}</li> });
        Some(view! {
            <p class="quiet">{span}</p>
            <ol class="letter" data-testid="letter">{lines.into_iter().collect_view()}</ol>
        })
    };
    view! {
        <section class="letter-part">
            <h2>{move || i18n.say(Text::LetterTitle)}</h2>
            {lines}
            <div class="buttons">
                <a class="button" href=move || same_language(&report) data-testid="to-report">
                    {move || i18n.say(Text::ReportTitle)}
                </a>
            </div>
        </section>
    }
}
