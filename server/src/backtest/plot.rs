//! Two pictures of one method's promises, as an SVG: the share kept in each slice beside the share
//! promised, and promised against real waits.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::score::{SLICE_FROM, Slice, Sums};

/// Waits are counted in so many steps from [`SHORTEST_MIN`] to [`LONGEST_MIN`], even on a log scale.
const STEPS: usize = 60;
const SHORTEST_MIN: f64 = 0.1;
const LONGEST_MIN: f64 = 600.0;
/// Slices with fewer are not drawn.
const DRAWN_FROM: u64 = 30;

/// Whether a slice is of a group.
type IsOf = fn(&Slice) -> bool;

const SIZE: f64 = 520.0;
const LEFT: f64 = 70.0;
const TOP: f64 = 60.0;
const GAP: f64 = 110.0;

/// What is drawn.
pub struct Plot {
    keep: f64,
    counts: BTreeMap<(usize, usize), u64>,
    /// The slices of the method's promises.
    pub slices: BTreeMap<Slice, Sums>,
}

fn step(minutes: f64) -> usize {
    let share = (minutes.max(SHORTEST_MIN) / SHORTEST_MIN).ln() / (LONGEST_MIN / SHORTEST_MIN).ln();
    ((share * STEPS as f64) as usize).min(STEPS - 1)
}

impl Plot {
    /// Nothing yet, for this share to keep.
    #[must_use]
    pub const fn new(keep: f64) -> Self {
        Self { keep, counts: BTreeMap::new(), slices: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, promised_min: f64, wait_min: f64) {
        *self.counts.entry((step(wait_min), step(promised_min))).or_default() += 1;
    }

    /// The picture.
    #[must_use]
    pub fn svg(&self, title: &str) -> String {
        let (width, height) = (LEFT + 2.0 * SIZE + GAP + 30.0, TOP + SIZE + 70.0);
        let mut svg = format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="14" fill="#222">
<title>{title}</title>
<desc>Left: the share of promises kept in each slice, with 95 % intervals, and a line at the share to keep. Right: promised against real waits in minutes on logarithmic scales; above the diagonal a promise was kept.</desc>
<rect width="{width}" height="{height}" fill="#fff"/>
<text x="{LEFT}" y="28" font-size="18">{title}</text>
"##
        );
        self.calibration(&mut svg);
        self.scatter(&mut svg);
        svg.push_str("</svg>\n");
        svg
    }

    fn calibration(&self, svg: &mut String) {
        let lowest = 0.8;
        let y = |share: f64| TOP + SIZE * (1.0 - (share.max(lowest) - lowest) / (1.0 - lowest));
        let right = LEFT + SIZE;
        let bottom = TOP + SIZE;
        for tick in [0.8, 0.85, 0.9, 0.95, 1.0] {
            line(svg, (LEFT, y(tick)), (right, y(tick)), "#ddd", 1.0);
            text(svg, (LEFT - 10.0, y(tick) + 5.0), "end", &format!("{:.0} %", tick * 100.0));
        }
        line(svg, (LEFT, y(self.keep)), (right, y(self.keep)), "#0a6", 2.0);
        text(svg, (right + 8.0, y(self.keep) + 5.0), "start", "asked");
        text(svg, (LEFT, TOP - 12.0), "start", "Kept, by slice (dot size: how many)");
        let groups: [(&str, IsOf); 4] = [
            ("two hours of the day", |s| matches!(s, Slice::Slot(_))),
            ("in line before", |s| matches!(s, Slice::Ahead(_))),
            ("type", |s| matches!(s, Slice::Type(_))),
            ("week", |s| matches!(s, Slice::Week(_))),
        ];
        let drawn = |is_of: IsOf| {
            self.slices.iter().filter(move |(s, sums)| is_of(s) && sums.count >= DRAWN_FROM)
        };
        let wide = SIZE / groups.len() as f64;
        for (group, (name, is_of)) in groups.into_iter().enumerate() {
            let from = LEFT + group as f64 * wide;
            let each = wide / (drawn(is_of).count() + 1) as f64;
            let mut x = from;
            for (_, sums) in drawn(is_of) {
                x += each;
                let (share, n) = (sums.share(), sums.count as f64);
                // Wilson 1927.
                let z2 = 3.841_459;
                let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
                let half =
                    (z2 * (share * (1.0 - share) / n + z2 / (4.0 * n * n))).sqrt() / (1.0 + z2 / n);
                line(svg, (x, y(middle - half)), (x, y(middle + half)), "#888", 1.0);
                let radius = (n.sqrt() / 6.0).clamp(2.0, 9.0);
                let colour = if sums.count >= SLICE_FROM { "#25c" } else { "#9bf" };
                circle(svg, (x, y(share)), radius, colour);
            }
            text(svg, (from + wide / 2.0, bottom + 24.0), "middle", name);
            line(svg, (from, bottom), (from, bottom + 8.0), "#222", 1.0);
        }
        line(svg, (LEFT, bottom), (right, bottom), "#222", 1.0);
    }

    fn scatter(&self, svg: &mut String) {
        let left = LEFT + SIZE + GAP;
        let bottom = TOP + SIZE;
        let each = SIZE / STEPS as f64;
        let most = self.counts.values().copied().max().unwrap_or(1) as f64;
        let place =
            |minutes: f64| SIZE * (minutes / SHORTEST_MIN).ln() / (LONGEST_MIN / SHORTEST_MIN).ln();
        for (minutes, name) in
            [(0.1, "0.1"), (1.0, "1"), (5.0, "5"), (15.0, "15"), (60.0, "60"), (240.0, "240")]
        {
            let at = place(minutes);
            line(svg, (left + at, TOP), (left + at, bottom), "#eee", 1.0);
            line(svg, (left, bottom - at), (left + SIZE, bottom - at), "#eee", 1.0);
            text(svg, (left + at, bottom + 20.0), "middle", name);
            text(svg, (left - 8.0, bottom - at + 5.0), "end", name);
        }
        for (&(wait, promised), &count) in &self.counts {
            let dark = 0.12 + 0.88 * ((count as f64).ln_1p() / most.ln_1p());
            let (x, y) = (left + wait as f64 * each, bottom - (promised as f64 + 1.0) * each);
            let colour = if promised >= wait { "#25c" } else { "#c33" };
            let _ = writeln!(
                svg,
                r#"<rect x="{x:.1}" y="{y:.1}" width="{each:.1}" height="{each:.1}" fill="{colour}" fill-opacity="{dark:.2}"/>"#
            );
        }
        line(svg, (left, bottom), (left + SIZE, TOP), "#222", 1.5);
        text(svg, (left, TOP - 12.0), "start", "Promised (up) against waited (right), minutes");
        text(svg, (left + SIZE / 2.0, bottom + 44.0), "middle", "blue: kept; red: broken");
    }
}

fn line(svg: &mut String, from: (f64, f64), to: (f64, f64), colour: &str, width: f64) {
    let ((x1, y1), (x2, y2)) = (from, to);
    let _ = writeln!(
        svg,
        r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" stroke="{colour}" stroke-width="{width}"/>"#
    );
}

fn circle(svg: &mut String, (x, y): (f64, f64), radius: f64, colour: &str) {
    let _ = writeln!(
        svg,
        r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius:.1}" fill="{colour}" fill-opacity="0.8"/>"#
    );
}

fn text(svg: &mut String, (x, y): (f64, f64), anchor: &str, what: &str) {
    let _ = writeln!(svg, r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{what}</text>"#);
}
