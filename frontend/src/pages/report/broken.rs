//! What broke and why, what was made good, and who paid for somebody else's place.

use leptos::prelude::*;
use sooner_shared::report::{Amends, BrokenOne, Good, Paid, Reason, Report};
use sooner_shared::words::Text;

use crate::components::chart::Table;
use crate::i18n::I18n;

const fn reason_text(reason: Reason) -> Text {
    match reason {
        Reason::WentFirst => Text::ReasonWentFirst,
        Reason::PersonGone => Text::ReasonPersonGone,
        Reason::Work => Text::ReasonWork,
        Reason::LateStart => Text::ReasonStart,
        Reason::Equipment => Text::ReasonEquipment,
        Reason::Supply => Text::ReasonSupply,
        Reason::Other => Text::ReasonOther,
        Reason::FewerOnDuty => Text::ReasonFewer,
        Reason::RanLong => Text::ReasonRanLong,
        Reason::Unknown => Text::ReasonUnknown,
    }
}

/// First promises that broke.
pub(super) fn broken(i18n: I18n, report: &Report) -> AnyView {
    let broken = &report.broken;
    if broken.count == 0 {
        return view! {
            <section class="wide" data-testid="broken">
                <h2>{i18n.say(Text::BrokenTitle)}</h2>
                <p>{i18n.say(Text::BrokenNone)}</p>
            </section>
        }
        .into_any();
    }
    let owed = (broken.count - broken.made_good).to_string();
    let (count, good) = (broken.count.to_string(), broken.made_good.to_string());
    let sum = i18n.say_with(Text::LetterBroke, &[("n", &count), ("good", &good), ("owed", &owed)]);
    let reasons = broken.reasons.iter().map(|one| {
        view! {
            <div>
                <dt>{i18n.say(reason_text(one.reason))}</dt>
                <dd>{one.count}</dd>
            </div>
        }
    });
    let titles = [
        Text::BrokenPromised,
        Text::BrokenService,
        Text::BrokenWhy,
        Text::BrokenAfter,
        Text::BrokenAhead,
        Text::BrokenGood,
    ];
    let table = Table {
        titles: titles.map(|text| i18n.say(text)).to_vec(),
        rows: broken.newest.iter().map(|one| row(i18n, one)).collect(),
    };
    let shown = broken.newest.len().to_string();
    let is_part = broken.newest.len() < broken.count as usize;
    let newest = is_part.then(|| i18n.say_with(Text::BrokenNewest, &[("n", &shown)]));
    view! {
        <section class="wide" data-testid="broken">
            <h2>{i18n.say(Text::BrokenTitle)}</h2>
            <p>{sum}</p>
            <dl class="ends">{reasons.collect_view()}</dl>
            <details>
                <summary>{i18n.say(Text::ChartFigures)}</summary>
                <p class="hint">{newest}</p>
                {table.view()}
            </details>
            {remedies(i18n, &report.amends)}
        </section>
    }
    .into_any()
}

fn row(i18n: I18n, one: &BrokenOne) -> Vec<String> {
    let words = i18n.words();
    let minutes =
        |min: Option<f64>| min.map_or_else(|| "–".to_owned(), |min| words.decimal(min, 0));
    let good = match &one.good {
        Good::Made(Some(with)) => with.clone(),
        Good::Made(None) => i18n.say(Text::GoodMade),
        Good::LeftToOwner => i18n.say(Text::GoodOwner),
        Good::NotYet => i18n.say(Text::GoodNotYet),
    };
    vec![
        format!("{} · {}", one.code, i18n.clock(one.by)),
        one.service.clone().unwrap_or_default(),
        i18n.say(reason_text(one.reason)),
        minutes(one.late_min),
        minutes(one.told_ahead_min),
        good,
    ]
}

/// What was done before it broke.
fn remedies(i18n: I18n, amends: &Amends) -> Option<AnyView> {
    let [n, saved, of] = [amends.remedies, amends.saved, amends.saved_of].map(|n| n.to_string());
    let with = [("n", &*n), ("saved", &saved), ("of", &of)];
    (amends.remedies > 0)
        .then(|| view! { <p>{i18n.say_with(Text::RemediesSay, &with)}</p> }.into_any())
}

/// Who went first, and whose times were moved for it.
pub(super) fn paid(i18n: I18n, amends: &Amends) -> AnyView {
    let counts = [amends.prices_accepted, amends.moved_visits, amends.moved_broken];
    let [n, moved, broken] = counts.map(|n| n.to_string());
    let with = [("n", &*n), ("moved", &moved), ("broken", &broken)];
    let sum = if amends.prices_accepted == 0 {
        i18n.say(Text::PaidNone)
    } else {
        i18n.say_with(Text::PaidSum, &with)
    };
    let one = |paid: &Paid| {
        let who = match &paid.code {
            Some(code) if paid.is_right => i18n.say_with(Text::PaidRight, &[("code", code)]),
            Some(code) => code.clone(),
            None => i18n.say(Text::PaidAnybody),
        };
        let (at, moved) = (i18n.clock(paid.at), paid.moved.join(", "));
        let with = [("at", &*at), ("who", &who), ("moved", &moved)];
        view! { <li>{i18n.say_with(Text::PaidRow, &with)}</li> }
    };
    view! {
        <section class="wide" data-testid="paid">
            <h2>{i18n.say(Text::PaidTitle)}</h2>
            <p>{sum}</p>
            <ul class="paid">{amends.paid.iter().map(one).collect_view()}</ul>
        </section>
    }
    .into_any()
}
