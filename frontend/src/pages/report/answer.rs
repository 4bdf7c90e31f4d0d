//! The answer: how many were kept of how many, and whether that is what was asked for.

use leptos::prelude::*;
use sooner_shared::report::{CELL_FROM, Outcomes, Report};
use sooner_shared::words::Text;

use crate::i18n::I18n;

/// The answer, and how the others ended.
pub(super) fn answer(i18n: I18n, report: &Report) -> AnyView {
    let words = i18n.words();
    let headline = &report.headline;
    let share = headline.share;
    let Some(kept) = share.share else {
        return view! {
            <section class="answer" data-testid="answer">
                <p class="figure">{i18n.say(Text::ReportNoneEnded)}</p>
                {ends(i18n, headline.outcomes)}
            </section>
        }
        .into_any();
    };
    let (kept_count, count) = (share.kept.to_string(), share.count.to_string());
    let of = i18n.say_with(Text::ReportAnswer, &[("kept", &kept_count), ("of", &count)]);
    let goal = words.percent(report.goal);
    let (verdict, text) = if kept >= report.goal {
        ("met", Text::ReportGoalMet)
    } else {
        ("missed", Text::ReportGoalMissed)
    };
    let chance = share.interval.filter(|_| share.count >= CELL_FROM).map(|(low, high)| {
        let (low, high) = (words.percent(low), words.percent(high));
        i18n.say_with(Text::ReportInterval, &[("low", &low), ("high", &high)])
    });
    let few = (share.count < CELL_FROM).then(|| i18n.say(Text::ReportFew));
    view! {
        <section class="answer" data-testid="answer" data-verdict=verdict>
            <p class="figure">{words.percent(kept)}</p>
            <p class="of">{of}</p>
            <p class="verdict">{i18n.say_with(text, &[("goal", &goal)])}</p>
            <p class="hint">{few.or(chance)}</p>
            {ends(i18n, headline.outcomes)}
        </section>
    }
    .into_any()
}

/// How many ended how; what did not happen is left out.
fn ends(i18n: I18n, outcomes: Outcomes) -> AnyView {
    let Outcomes { kept, broken, left_before, void, released, open, .. } = outcomes;
    let all = [
        (Text::OutcomeKept, kept),
        (Text::OutcomeBroken, broken),
        (Text::OutcomeLeftBefore, left_before),
        (Text::OutcomeReleased, released),
        (Text::OutcomeVoid, void),
        (Text::OutcomeOpen, open),
    ];
    counted(i18n, "ends", all.into_iter().filter(|(_, count)| *count > 0))
}

/// Words, each with how many there were.
pub(super) fn counted(
    i18n: I18n,
    testid: &'static str,
    all: impl IntoIterator<Item = (Text, u32)>,
) -> AnyView {
    let one = |(text, count): (Text, u32)| {
        view! {
            <div>
                <dt>{i18n.say(text)}</dt>
                <dd>{count}</dd>
            </div>
        }
    };
    let shown = all.into_iter().map(one).collect_view();
    view! { <dl class="ends" data-testid=testid>{shown}</dl> }.into_any()
}
