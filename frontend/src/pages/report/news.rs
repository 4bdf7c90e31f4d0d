//! How early bad news came.

use leptos::prelude::*;
use sooner_shared::report::Report;
use sooner_shared::words::Text;

use super::places::kind_text;
use crate::components::chart::Table;
use crate::i18n::I18n;

/// A column for each kind of promise of which somebody was told a later time.
pub(super) fn news(i18n: I18n, report: &Report) -> AnyView {
    let words = i18n.words();
    let kinds: Vec<_> = report.kinds.iter().filter(|kind| kind.later.visits > 0).collect();
    let dash = || "–".to_owned();
    let with_share = |count: u32, share: Option<f64>| {
        share.map_or_else(
            || count.to_string(),
            |share| format!("{count} ({})", words.percent(share)),
        )
    };
    let row = |text: Text, cell: &dyn Fn(&sooner_shared::report::Later) -> String| {
        let mut row = vec![i18n.say(text)];
        row.extend(kinds.iter().map(|kind| cell(&kind.later)));
        row
    };
    let rows = vec![
        row(Text::NewsLater, &|l| with_share(l.visits, l.share)),
        row(Text::NewsQuarter, &|l| with_share(l.lead_15, l.lead_15_share)),
        row(Text::NewsHour, &|l| with_share(l.lead_60, l.lead_60_share)),
        row(Text::NewsMedian, &|l| {
            l.lead_median_min.map_or_else(dash, |min| words.decimal(min, 0))
        }),
        row(Text::NewsBroken, &|l| with_share(l.broken_told, l.broken_told_share)),
        row(Text::NewsNeedless, &|l| l.false_alarms.to_string()),
    ];
    let mut titles = vec![i18n.say(Text::NewsTitle)];
    titles.extend(kinds.iter().map(|kind| i18n.say(kind_text(kind.kind))));
    let told = if kinds.is_empty() {
        view! { <p>{i18n.say(Text::LetterToldNone)}</p> }.into_any()
    } else {
        Table { titles, rows }.view()
    };
    view! {
        <section class="wide" data-testid="news">
            <h2>{i18n.say(Text::NewsTitle)}</h2>
            {told}
        </section>
    }
    .into_any()
}
