//! How many promises were early or late by how many minutes.

use leptos::prelude::*;
use sooner_shared::chart::{Scale, columns, ticks};
use sooner_shared::report::{Bar, Report};
use sooner_shared::words::Text;

use super::{Chart, Table, WIDTH, label, line};
use crate::i18n::I18n;

const HEIGHT: f64 = 240.0;
const LEFT: f64 = 40.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 50.0;
/// Every so many minutes stand under the axis.
const LABEL_MIN: i32 = 15;

/// The chart; nothing without a promise.
pub(crate) fn chart(i18n: I18n, report: &Report) -> Option<AnyView> {
    let bars = &report.pictures.early_late;
    let all: u32 = bars.iter().map(|bar| bar.count).sum();
    if all == 0 {
        return None;
    }
    let words = i18n.words();
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(1);
    let marks = ticks(0.0, f64::from(most.max(4)), 5);
    let y = Scale::new((0.0, HEIGHT - BOTTOM), (marks.last().copied().unwrap_or(1.0), TOP));
    let (begins, width) = columns(LEFT, WIDTH - RIGHT, bars.len(), 3.0);
    let step = (WIDTH - RIGHT - LEFT) / bars.len() as f64;
    let grid = marks.iter().map(|&mark| {
        let at = y.at(mark);
        (
            line((LEFT, at), (WIDTH - RIGHT, at), "grid"),
            label(LEFT - 6.0, at + 4.0, "tick end", words.decimal(mark, 0)),
        )
    });
    let columns = bars.iter().zip(&begins).filter(|(bar, _)| bar.count > 0).map(|(bar, &x)| {
        let top = y.at(f64::from(bar.count));
        let height = HEIGHT - BOTTOM - top;
        let class = if is_early(bar) { "bar" } else { "bar late" };
        view! { <rect x=x y=top width=width height=height class=class /> }
    });
    let edge = |no: usize| LEFT + step * no as f64;
    let minutes = bars.iter().enumerate().filter_map(|(no, bar)| {
        let from = bar.from_min.filter(|from| from % LABEL_MIN == 0)?;
        let text = words.decimal(f64::from(from.abs()), 0);
        Some(label(edge(no), HEIGHT - BOTTOM + 16.0, "tick middle", text))
    });
    let middle = edge(bars.iter().position(is_early).unwrap_or(0));
    let drawing = view! {
        {grid.collect_view()}
        {columns.collect_view()}
        {line((middle, TOP), (middle, HEIGHT - BOTTOM), "goal")}
        {minutes.collect_view()}
        {label(middle - 8.0, HEIGHT - 12.0, "axis end", format!("← {}", i18n.say(Text::LateSide)))}
        {label(middle + 8.0, HEIGHT - 12.0, "axis", format!("{} →", i18n.say(Text::EarlySide)))}
    };
    let early: u32 = bars.iter().filter(|bar| is_early(bar)).map(|bar| bar.count).sum();
    let kind = report.kinds.iter().find(|kind| kind.kind == report.pictures.kind);
    let first = kind.map(|kind| &kind.first);
    let typical = first.and_then(|first| first.early_median_min).unwrap_or_default();
    let (n, of, typical) = (early.to_string(), all.to_string(), words.decimal(typical, 0));
    let padding = first.and_then(|first| first.padding_min);
    let padding =
        padding.map(|min| i18n.say_with(Text::PaddingSay, &[("n", &words.decimal(min, 1))]));
    let chart = Chart {
        testid: "chart-early",
        title: i18n.say(Text::EarlyTitle),
        alt: i18n.say_with(Text::EarlyAlt, &[("n", &n), ("of", &of), ("typical", &typical)]),
        height: HEIGHT,
        drawing: drawing.into_any(),
        notes: padding.into_iter().collect(),
        table: Table {
            titles: [Text::EarlyTitle, Text::ChartCount].map(|text| i18n.say(text)).to_vec(),
            rows: bars
                .iter()
                .filter(|bar| bar.count > 0)
                .map(|bar| vec![name(i18n, *bar), bar.count.to_string()])
                .collect(),
        },
    };
    Some(chart.view(i18n))
}

/// On the minute is kept, and no longer late.
fn is_early(bar: &Bar) -> bool {
    bar.from_min.is_some_and(|from| from >= 0)
}

/// A class in words.
fn name(i18n: I18n, bar: Bar) -> String {
    let say = |text, from: i32, to: i32| {
        i18n.say_with(text, &[("from", &from.to_string()), ("to", &to.to_string())])
    };
    match (bar.from_min, bar.to_min) {
        (Some(from), Some(to)) if from >= 0 => say(Text::EarlyRange, from, to),
        (Some(from), Some(to)) => say(Text::LateRange, -to, -from),
        (Some(from), None) => say(Text::EarlyMore, from, from),
        (None, to) => {
            let from = -to.unwrap_or_default();
            say(Text::LateMore, from, from)
        }
    }
}
