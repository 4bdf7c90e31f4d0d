//! Promised against actual waits, with the diagonal: what lies above it is late.

use std::fmt::Write as _;

use leptos::prelude::*;
use sooner_shared::chart::{Scale, ticks};
use sooner_shared::report::{Dot, Pictures};
use sooner_shared::view::Outcome;
use sooner_shared::words::Text;

use super::{Chart, Table, WIDTH, label, line};
use crate::i18n::I18n;

const HEIGHT: f64 = 378.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 46.0;
/// Half the side of what stands for a broken promise.
const BROKEN: f64 = 4.0;
/// The few beyond this share lie on the edge, so that one long wait does not press all others into a
/// corner.
const DRAWN: f64 = 0.995;

/// The chart; nothing without a promise.
pub(crate) fn chart(i18n: I18n, pictures: &Pictures) -> Option<AnyView> {
    let dots = &pictures.dots;
    let mut waits: Vec<_> =
        dots.iter().map(|dot| dot.promised_min.max(dot.actual_min).max(0.0)).collect();
    waits.sort_unstable_by(f64::total_cmp);
    let reach = *waits.get((waits.len().checked_sub(1)? as f64 * DRAWN) as usize)?;
    let marks = ticks(0.0, reach.max(10.0), 7);
    let most = marks.last().copied().unwrap_or(10.0);
    let x = Scale::new((0.0, LEFT), (most, WIDTH - RIGHT));
    let y = Scale::new((0.0, HEIGHT - BOTTOM), (most, TOP));
    let grid = marks.iter().map(|&mark| {
        let (across, up) = (x.at(mark), y.at(mark));
        let text = i18n.words().decimal(mark, 0);
        (
            line((LEFT, up), (WIDTH - RIGHT, up), "grid"),
            label(LEFT - 6.0, up + 4.0, "tick end", text.clone()),
            label(across, HEIGHT - BOTTOM + 18.0, "tick middle", text),
        )
    });
    let place = |dot: &Dot| (x.at(dot.promised_min), y.at(dot.actual_min));
    let is_kept = |dot: &&Dot| dot.outcome == Outcome::Kept;
    let mut kept = String::new();
    for (x, y) in dots.iter().filter(is_kept).map(place) {
        // A line of no length has round ends: a dot.
        let _ = write!(kept, "M{x} {y}h0");
    }
    let mut broken = String::new();
    for (x, y) in dots.iter().filter(|dot| !is_kept(dot)).map(place) {
        let _ = write!(broken, "M{x} {}l{BROKEN} {}h-{}z", y - BROKEN, BROKEN * 2.0, BROKEN * 2.0);
    }
    let count = |kept| dots.iter().filter(|dot| is_kept(dot) == kept).count().to_string();
    let (n, of) = (dots.len().to_string(), pictures.dots_of.to_string());
    let (in_time, after) = (count(true), count(false));
    let key = |at: f64, text| {
        label(
            at,
            16.0,
            "key",
            format!(
                "{}: {}",
                i18n.say(text),
                match text {
                    Text::OutcomeKept => &in_time,
                    _ => &after,
                }
            ),
        )
    };
    let drawing = view! {
        {grid.collect_view()}
        {line((x.at(0.0), y.at(0.0)), (x.at(most), y.at(most)), "diagonal")}
        <path class="kept-dots" d=kept />
        <path class="broken-dots" d=broken />
        <path class="kept-dots" d=format!("M{} 11h0", LEFT + 6.0) />
        {key(LEFT + 16.0, Text::OutcomeKept)}
        <path class="broken-dots" d="M226 7l4 8h-8z" />
        {key(236.0, Text::OutcomeBroken)}
        {label(WIDTH - RIGHT, HEIGHT - 8.0, "axis end", i18n.say(Text::AxisPromised))}
        {label(4.0, TOP - 10.0, "axis", i18n.say(Text::AxisActual))}
    };
    let is_sample = pictures.dots_of as usize > dots.len();
    let sample = is_sample.then(|| i18n.say_with(Text::ScatterSample, &[("n", &n), ("of", &of)]));
    let with = [("n", &*n), ("kept", &in_time), ("broken", &after)];
    let chart = Chart {
        testid: "chart-scatter",
        title: i18n.say(Text::ScatterTitle),
        alt: i18n.say_with(Text::ScatterAlt, &with),
        height: HEIGHT,
        drawing: drawing.into_any(),
        notes: sample.into_iter().collect(),
        table: table(i18n, dots, &marks),
    };
    Some(chart.view(i18n))
}

/// By how long was promised, in the classes of the axis.
fn table(i18n: I18n, dots: &[Dot], marks: &[f64]) -> Table {
    let words = i18n.words();
    let row = |pair: &[f64]| {
        let (from, to) = (pair[0], pair[1]);
        let is_last = marks.last() == Some(&to);
        let fits = |dot: &&Dot| dot.promised_min >= from && (dot.promised_min < to || is_last);
        let class: Vec<_> = dots.iter().filter(fits).collect();
        let kept = class.iter().filter(|dot| dot.outcome == Outcome::Kept).count();
        let mean = class.iter().map(|dot| dot.actual_min).sum::<f64>() / class.len().max(1) as f64;
        (!class.is_empty()).then(|| {
            vec![
                format!("{} – {}", words.decimal(from, 0), words.decimal(to, 0)),
                words.decimal(mean, 1),
                kept.to_string(),
                (class.len() - kept).to_string(),
            ]
        })
    };
    Table {
        titles: [Text::AxisPromised, Text::AxisActual, Text::OutcomeKept, Text::OutcomeBroken]
            .map(|text| i18n.say(text))
            .to_vec(),
        rows: marks.windows(2).filter_map(row).collect(),
    }
}
