//! "What if we had promised 90 %?"

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_shared::report::{Side, WhatIf};
use sooner_shared::words::Text;

use super::{Page, asks};
use crate::api::{self, Failure};
use crate::components::bare::Trouble;
use crate::components::chart::Table;
use crate::i18n::I18n;

/// Shares that can be asked about, in percent.
const SHARES: [u32; 10] = [50, 60, 70, 80, 85, 90, 93, 95, 97, 99];
/// The one that is shown first.
pub(super) const FIRST: u32 = 90;

/// The question and its answer, for the days that are shown.
#[component]
pub(super) fn WhatIfPart(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let asked = page.keep_percent;
    let answer = RwSignal::new(None::<Result<WhatIf, Failure>>);
    Effect::new(move |_| {
        let (percent, Some(days)) = (asked.get(), page.days.get()) else { return };
        spawn_local(async move {
            let what = format!("{}&keep=0.{percent:02}", asks("what-if", days));
            let came = api::get::<WhatIf>(&page.shop(), &what).await;
            // The page may be gone, or another question been asked.
            if asked.try_get_untracked() == Some(percent) {
                answer.set(Some(came));
            }
        });
    });
    let choose = move |event| {
        if let Ok(percent) = event_target_value(&event).parse() {
            asked.set(percent);
        }
    };
    let options = SHARES.map(|percent| {
        view! {
            <option value=percent.to_string() selected=move || asked.get() == percent>
                {move || i18n.words().percent(f64::from(percent) / 100.0)}
            </option>
        }
    });
    let says = move || match answer.get()? {
        Ok(what_if) => Some(says(i18n, &what_if)),
        Err(failure) => {
            Some(view! { <Trouble failure=Signal::stored(Some(failure)) /> }.into_any())
        }
    };
    view! {
        <section class="wide" data-testid="what-if">
            <h2>{move || i18n.say(Text::WhatIfTitle)}</h2>
            <label class="field share">
                <span>{move || i18n.say(Text::WhatIfKeep)}</span>
                <select data-testid="keep" on:change=choose>{options.collect_view()}</select>
            </label>
            <div role="status">{says}</div>
        </section>
    }
}

fn says(i18n: I18n, what_if: &WhatIf) -> AnyView {
    let words = i18n.words();
    let (Some(kept), Some(happened)) = (what_if.would.share, what_if.happened.share) else {
        return view! { <p data-testid="what-if-none">{i18n.say(Text::WhatIfNone)}</p> }.into_any();
    };
    let min = what_if.would.earlier_min.unwrap_or_default();
    let text = if min < 0.0 { Text::WhatIfLater } else { Text::WhatIfEarlier };
    let (share, n, kept) =
        (words.percent(what_if.would.keep), words.decimal(min.abs(), 1), words.percent(kept));
    let would = i18n.say_with(text, &[("share", &share), ("n", &n), ("kept", &kept)]);
    let (asked, happened) = (words.percent(what_if.happened.keep), words.percent(happened));
    let was = i18n.say_with(Text::WhatIfHappened, &[("share", &asked), ("kept", &happened)]);
    let promises = what_if.promises.to_string();
    let row = |side: &Side| {
        vec![
            words.percent(side.keep),
            side.share.map_or_else(|| "–".to_owned(), |share| words.percent(share)),
            side.earlier_min.map_or_else(|| "–".to_owned(), |min| words.decimal(min, 1)),
        ]
    };
    let table = Table {
        titles: [Text::WhatIfKeep, Text::ChartShare, Text::WhatIfEarlierBy]
            .map(|text| i18n.say(text))
            .to_vec(),
        rows: what_if.others.iter().map(row).collect(),
    };
    view! {
        <p class="would" data-testid="would">{would}</p>
        <p>{was}</p>
        <p class="hint">{i18n.say_with(Text::WhatIfAssumes, &[("n", &promises)])}</p>
        <details>
            <summary>{i18n.say(Text::ChartFigures)}</summary>
            {table.view()}
        </details>
    }
    .into_any()
}
