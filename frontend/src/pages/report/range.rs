//! Which days are shown: a week, thirty days, or from one to another. The address says which, so
//! that it can be kept and sent.

use leptos::ev;
use leptos::prelude::*;
use sooner_link::device;
use sooner_shared::report::Date;
use sooner_shared::words::Text;

use super::{Page, asks};
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// The last thirty days, with today.
pub(super) const fn thirty_days(today: Date) -> (Date, Date) {
    (today.plus(-29), today)
}

const fn week_of(day: Date) -> (Date, Date) {
    (day.monday(), day.monday().plus(6))
}

/// The choice.
#[component]
pub(super) fn Range(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    Effect::new(move |_| {
        if let Some(days) = page.days.get() {
            from.set(days.0.to_string());
            to.set(days.1.to_string());
        }
    });
    let choose = move |days: (Date, Date)| {
        let lang = device::query("lang").map(|tag| format!("&lang={tag}")).unwrap_or_default();
        device::show_query(&format!("from={}&to={}{lang}", days.0, days.1));
        page.show(days);
    };
    let usual = move |testid: &'static str, text, days: fn(Date) -> (Date, Date)| {
        let is_chosen = Signal::derive(move || {
            page.days.get().is_some_and(|d| Some(d) == page.today.get().map(days))
        });
        let tap = move || {
            if let Some(today) = page.today.get_untracked() {
                choose(days(today));
            }
        };
        let label = Signal::derive(move || i18n.say(text));
        view! { <TapButton testid label chosen=is_chosen on_tap=tap /> }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let day = |text: RwSignal<String>| text.get_untracked().parse().ok();
        if let Some((first, last)) = day(from).zip(day(to)) {
            choose(if first <= last { (first, last) } else { (last, first) });
        }
    };
    let span =
        move || {
            let (first, last) = page.days.get()?;
            Some(i18n.say_with(
                Text::ReportSpan,
                &[("from", &i18n.date(first)), ("to", &i18n.date(last))],
            ))
        };
    view! {
        <section class="range">
            <h2><span>{move || i18n.say(Text::ReportTitle)}</span> " " <span class="quiet" data-testid="span">{span}</span></h2>
            <div class="buttons">
                {usual("this-week", Text::ReportThisWeek, week_of)}
                {usual("last-week", Text::ReportLastWeek, |today| week_of(today.plus(-7)))}
                {usual("thirty-days", Text::ReportThirtyDays, thirty_days)}
            </div>
            <details data-testid="other-days">
                <summary>{move || i18n.say(Text::ReportOtherDays)}</summary>
                <form class="dates" on:submit=submit>
                    <label class="field">
                        <span>{move || i18n.say(Text::ReportFrom)}</span>
                        <input type="date" data-testid="from" required bind:value=from />
                    </label>
                    <label class="field">
                        <span>{move || i18n.say(Text::ReportTo)}</span>
                        <input type="date" data-testid="to" required bind:value=to />
                    </label>
                    <button type="submit" class="button" data-testid="show">
                        {move || i18n.say(Text::ReportShow)}
                    </button>
                </form>
            </details>
        </section>
    }
}

/// What can be taken away: the table, and paper.
#[component]
pub(super) fn Take(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let table = move || {
        let days = page.days.get()?;
        Some(format!("/api/shops/{}/{}", page.shop(), asks("report.csv", days)))
    };
    view! {
        <div class="buttons">
            <a class="button" data-testid="csv" href=table download="">
                {move || i18n.say(Text::ReportCsv)}
            </a>
            <TapButton
                testid="print"
                label=Signal::derive(move || i18n.say(Text::Print))
                on_tap=device::print
            />
        </div>
    }
}
