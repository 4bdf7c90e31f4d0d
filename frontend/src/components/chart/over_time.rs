//! The share kept, day by day or week by week, with the goal.

use leptos::prelude::*;
use sooner_shared::chart::{Scale, every, points, ticks};
use sooner_shared::report::{Per, Pictures, Slice};
use sooner_shared::words::Text;

use super::{Chart, Table, WIDTH, label, line};
use crate::i18n::I18n;

const HEIGHT: f64 = 240.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 34.0;
/// Dates side by side that can be told apart.
const DATES: usize = 5;
/// Shares below this are not drawn in full height, in percent: one bad day would press all others
/// against the upper edge.
const FLOOR: f64 = 50.0;

fn share(slice: &Slice) -> f64 {
    f64::from(slice.kept) / f64::from(slice.count.max(1))
}

/// The chart; nothing with a single point, of which the answer says all.
pub(crate) fn chart(i18n: I18n, pictures: &Pictures, goal: f64) -> Option<AnyView> {
    let slices = &pictures.over_time;
    let (first, last) = (slices.first()?.from, slices.last()?.from);
    if slices.len() < 2 {
        return None;
    }
    let words = i18n.words();
    let lowest = slices.iter().map(share).fold(goal, f64::min) * 100.0;
    let highest = slices.iter().map(share).fold(0.0, f64::max);
    let marks = ticks((lowest - 2.0).max(FLOOR), 100.0, 6);
    let low = marks.first().copied().unwrap_or(0.0);
    let y = Scale::new((low, HEIGHT - BOTTOM), (100.0, TOP));
    let x = Scale::new((first.0 as f64, LEFT + 10.0), (last.0 as f64, WIDTH - RIGHT - 10.0));
    let place = |slice: &Slice| (x.at(slice.from.0 as f64), y.at(share(slice) * 100.0));
    let grid = marks.iter().map(|&mark| {
        let at = y.at(mark);
        (
            line((LEFT, at), (WIDTH - RIGHT, at), "grid"),
            label(LEFT - 6.0, at + 4.0, "tick end", words.percent(mark / 100.0)),
        )
    });
    let step = every(slices.len(), DATES);
    let dates = slices.iter().step_by(step).map(|slice| {
        let at = x.at(slice.from.0 as f64);
        label(at, HEIGHT - BOTTOM + 18.0, "tick middle", i18n.date(slice.from))
    });
    let whiskers = slices.iter().map(|slice| {
        let at = x.at(slice.from.0 as f64);
        let (low, high) = slice.interval;
        line((at, y.at(low * 100.0)), (at, y.at(high * 100.0)), "whisker")
    });
    let dots = slices.iter().map(|slice| {
        let (cx, cy) = place(slice);
        let class = if share(slice) < goal { "dot below" } else { "dot" };
        view! { <circle cx=cx cy=cy r="4" class=class /> }
    });
    let goal_at = y.at(goal * 100.0);
    let goal_says = format!("{} {}", i18n.say(Text::ChartGoal), words.percent(goal));
    let drawing = view! {
        {grid.collect_view()}
        {dates.collect_view()}
        {whiskers.collect_view()}
        {line((LEFT, goal_at), (WIDTH - RIGHT, goal_at), "goal")}
        {label(WIDTH - RIGHT, goal_at + 16.0, "goal-label end", goal_says)}
        <polyline class="path" points=points(&slices.iter().map(place).collect::<Vec<_>>()) />
        {dots.collect_view()}
    };
    let low = words.percent(slices.iter().map(share).fold(1.0, f64::min));
    let (n, high, goal) = (slices.len().to_string(), words.percent(highest), words.percent(goal));
    let with = [("n", &*n), ("low", &low), ("high", &high), ("goal", &goal)];
    let per = if pictures.per == Per::Day { Text::ChartDay } else { Text::ChartWeek };
    let chart = Chart {
        testid: "chart-over-time",
        title: i18n.say(Text::OverTimeTitle),
        alt: i18n.say_with(Text::OverTimeAlt, &with),
        height: HEIGHT,
        drawing: drawing.into_any(),
        notes: Vec::new(),
        table: Table {
            titles: [per, Text::OutcomeKept, Text::ChartCount, Text::ChartShare]
                .map(|text| i18n.say(text))
                .to_vec(),
            rows: slices
                .iter()
                .map(|slice| {
                    let share = words.percent(share(slice));
                    let (kept, count) = (slice.kept.to_string(), slice.count.to_string());
                    vec![i18n.date(slice.from), kept, count, share]
                })
                .collect(),
        },
    };
    Some(chart.view(i18n))
}
