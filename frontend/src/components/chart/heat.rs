//! The share kept by weekday and hour. Every cell says its figure; the shade only helps to find it.

use leptos::prelude::*;
use sooner_shared::report::{Cell, Starts};
use sooner_shared::words::Text;

use super::{Chart, Table, WIDTH, label};
use crate::i18n::I18n;

const LEFT: f64 = 78.0;
const TOP: f64 = 22.0;
const ROW: f64 = 34.0;
const GAP: f64 = 3.0;
/// So far below the goal a cell is still near it.
const NEAR: f64 = 0.05;

/// The chart; nothing where no hour has enough promises.
pub(crate) fn chart(i18n: I18n, starts: &Starts, goal: f64) -> Option<AnyView> {
    let cells = &starts.by_weekday_hour.cells;
    let lowest = cells.iter().min_by(|a, b| share(a).total_cmp(&share(b)))?;
    let words = i18n.words();
    let hours = cells.iter().map(|cell| cell.key % 24);
    let (from, to) = (hours.clone().min()?, hours.max()?);
    let mut days: Vec<_> = cells.iter().map(|cell| cell.key / 24).collect();
    days.dedup();
    let step = (WIDTH - LEFT) / f64::from(to - from + 1);
    let x = |hour: u32| LEFT + step * f64::from(hour - from);
    let y = |day: u32| TOP + ROW * days.iter().position(|d| *d == day).unwrap_or(0) as f64;
    let rows = days.iter().map(|&day| {
        label(LEFT - 8.0, y(day) + ROW / 2.0 + 3.0, "tick end", words.weekday(day as u8).to_owned())
    });
    let columns = (from..=to)
        .map(|hour| label(x(hour) + step / 2.0, TOP - 8.0, "tick middle", format!("{hour:02}")));
    let squares = cells.iter().map(|cell| {
        let (left, top) = (x(cell.key % 24), y(cell.key / 24));
        let class = match share(cell) {
            high if high >= goal => "cell good",
            near if near >= goal - NEAR => "cell near",
            _ => "cell low",
        };
        let text = words.decimal(share(cell) * 100.0, 0);
        view! {
            <g class=class>
                <rect
                    x=left + GAP / 2.0
                    y=top + GAP / 2.0
                    width=(step - GAP).min(60.0)
                    height=ROW - GAP
                    rx="4"
                />
                {label(
                    left + step.min(60.0 + GAP) / 2.0,
                    top + ROW / 2.0 + 4.0,
                    "middle figure",
                    text,
                )}
            </g>
        }
    });
    let drawing = view! {
        {rows.collect_view()}
        {columns.collect_view()}
        {squares.collect_view()}
    };
    let day = |cell: &Cell| words.weekday((cell.key / 24) as u8).to_owned();
    let hour = |cell: &Cell| format!("{:02}:00", cell.key % 24);
    let (n, low) = (cells.len().to_string(), words.percent(share(lowest)));
    let with = [("n", &*n), ("day", &day(lowest)), ("hour", &hour(lowest)), ("share", &low)];
    let left_out = starts.by_weekday_hour.left_out;
    let chart = Chart {
        testid: "chart-heat",
        title: i18n.say(Text::HeatTitle),
        alt: i18n.say_with(Text::HeatAlt, &with),
        height: TOP + ROW * days.len() as f64,
        drawing: drawing.into_any(),
        notes: (left_out > 0).then(|| i18n.count(Text::LeftOut, left_out)).into_iter().collect(),
        table: Table {
            titles: [
                Text::ChartDay,
                Text::HeatHour,
                Text::OutcomeKept,
                Text::ChartCount,
                Text::ChartShare,
            ]
            .map(|text| i18n.say(text))
            .to_vec(),
            rows: cells
                .iter()
                .map(|cell| {
                    let (kept, count) = (cell.share.kept, cell.share.count);
                    let share = words.percent(share(cell));
                    vec![day(cell), hour(cell), kept.to_string(), count.to_string(), share]
                })
                .collect(),
        },
    };
    Some(chart.view(i18n))
}

fn share(cell: &Cell) -> f64 {
    cell.share.share.unwrap_or_default()
}
