//! Where promises were kept: by service, by person, by kind.

use leptos::prelude::*;
use sooner_shared::report::{Cells, Report, Share, Starts};
use sooner_shared::view::PromiseKind;
use sooner_shared::words::Text;

use crate::components::chart::Table;
use crate::i18n::I18n;

/// What a kind of promise is called.
pub(super) const fn kind_text(kind: PromiseKind) -> Text {
    match kind {
        PromiseKind::Start => Text::KindStart,
        PromiseKind::Ready => Text::KindReady,
        PromiseKind::CallBack => Text::KindCallBack,
        PromiseKind::News => Text::KindNews,
        PromiseKind::Done => Text::KindDone,
    }
}

/// By service, and for the owner by person.
pub(super) fn places(i18n: I18n, starts: &Starts) -> AnyView {
    let by_person = starts.by_person.as_ref().map(|by_person| {
        let note = Some(i18n.say(Text::ByPersonOnly));
        part(i18n, "by-person", Text::ByPerson, by_person, note)
    });
    view! {
        <div class="pairs">
            {part(i18n, "by-service", Text::ByService, &starts.by_service, None)}
            {by_person}
        </div>
    }
    .into_any()
}

fn titles(i18n: I18n, what: Text) -> Vec<String> {
    let all = [what, Text::OutcomeKept, Text::ChartCount, Text::ChartShare];
    all.map(|text| i18n.say(text)).to_vec()
}

fn row(i18n: I18n, label: &str, share: &Share) -> Vec<String> {
    let words = i18n.words();
    let kept = share.share.map_or_else(|| "–".to_owned(), |share| words.percent(share));
    vec![label.to_owned(), share.kept.to_string(), share.count.to_string(), kept]
}

fn part(
    i18n: I18n,
    testid: &'static str,
    title: Text,
    cells: &Cells,
    note: Option<String>,
) -> AnyView {
    let rows: Vec<_> = cells.cells.iter().map(|cell| row(i18n, &cell.label, &cell.share)).collect();
    let table = (!rows.is_empty()).then(|| Table { titles: titles(i18n, title), rows }.view());
    let left_out = (cells.left_out > 0).then(|| i18n.count(Text::LeftOut, cells.left_out));
    view! {
        <section class="wide" data-testid=testid>
            <h2>{i18n.say(title)}</h2>
            {note.map(|note| view! { <p class="hint">{note}</p> })}
            {table}
            {left_out.map(|text| view! { <p class="hint">{text}</p> })}
        </section>
    }
    .into_any()
}

/// By kind, where there are several.
pub(super) fn kinds(i18n: I18n, report: &Report) -> Option<AnyView> {
    let row = |kind: &sooner_shared::report::KindReport| {
        row(i18n, &i18n.say(kind_text(kind.kind)), &kind.first.share)
    };
    let rows: Vec<_> = report.kinds.iter().map(row).collect();
    (rows.len() > 1).then(|| {
        view! {
            <section class="wide" data-testid="by-kind">
                <h2>{i18n.say(Text::ByKind)}</h2>
                {Table { titles: titles(i18n, Text::ByKind), rows }.view()}
            </section>
        }
        .into_any()
    })
}
