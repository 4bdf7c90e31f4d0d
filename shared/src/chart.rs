//! Geometry of charts: where things lie, without how they look. All in the pixels of a drawing
//! whose origin is its upper corner at the beginning of a line; a drawing is mirrored by whoever
//! draws it, or not at all.

/// A straight scale from values to pixels. A value outside of it lies on its nearer end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    from: (f64, f64),
    to: (f64, f64),
}

impl Scale {
    /// From `from.0` at the pixel `from.1` to `to.0` at the pixel `to.1`; the pixels may run either
    /// way.
    #[must_use]
    pub const fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from, to }
    }

    /// Where a value lies. Where all values are one, in the middle.
    #[must_use]
    pub fn at(&self, value: f64) -> f64 {
        let span = self.to.0 - self.from.0;
        let part = if span == 0.0 { 0.5 } else { (value - self.from.0) / span };
        let part = if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.5 };
        rounded(self.from.1 + part * (self.to.1 - self.from.1))
    }
}

/// Pixels with a tenth: more is not seen, and makes a document long.
#[must_use]
pub fn rounded(pixel: f64) -> f64 {
    let rounded = (pixel * 10.0).round() / 10.0;
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// Round values from `low` to `high`, both included, at most so many: steps are 1, 2 or 5 times a
/// power of ten. The first lies at or below `low`, the last at or above `high`.
#[must_use]
pub fn ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    if !low.is_finite() || !high.is_finite() || high <= low || most < 2 {
        return vec![low];
    }
    let rough = (high - low) / (most - 1) as f64;
    let power = 10_f64.powi(rough.log10().floor() as i32);
    for times in [1.0, 2.0, 5.0, 10.0, 20.0, 50.0] {
        let step = times * power;
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        let count = (last - first) as usize + 1;
        if count <= most {
            return (0..count).map(|no| (first + no as f64) * step).collect();
        }
    }
    vec![low, high]
}

/// The points of a line, as the `points` of an SVG polyline.
#[must_use]
pub fn points(all: &[(f64, f64)]) -> String {
    let all: Vec<_> = all.iter().map(|(x, y)| format!("{},{}", rounded(*x), rounded(*y))).collect();
    all.join(" ")
}

/// Columns of equal width between two pixels, with a gap between them: where each begins, and its
/// width.
#[must_use]
pub fn columns(from: f64, to: f64, count: usize, gap: f64) -> (Vec<f64>, f64) {
    let step = (to - from) / count.max(1) as f64;
    let width = (step - gap).max(step * 0.5);
    let begins = (0..count).map(|no| rounded(from + step * no as f64 + (step - width) / 2.0));
    (begins.collect(), rounded(width))
}

/// Which of `count` labels are written so that at most so many are: every first, second, fifth …;
/// gives the distance.
#[must_use]
pub fn every(count: usize, most: usize) -> usize {
    let mut step = 1;
    while count.div_ceil(step) > most.max(1) {
        step += 1;
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_runs_either_way_and_ends_at_its_ends() {
        let at = |scale: Scale, value| scale.at(value).to_string();
        let up = Scale::new((0.0, 200.0), (1.0, 20.0));
        assert_eq!([0.0, 0.5, 1.0].map(|share| at(up, share)), ["200", "110", "20"]);
        assert_eq!([-1.0, 2.0, f64::NAN].map(|share| at(up, share)), ["200", "20", "110"]);
        assert_eq!(at(Scale::new((3.0, 0.0), (3.0, 10.0)), 3.0), "5");
        assert_eq!(at(Scale::new((0.0, 0.0), (3.0, 100.0)), 1.0), "33.3");
    }

    #[test]
    fn ticks_are_round_reach_over_both_ends_and_are_no_more_than_asked_for() {
        assert_eq!(ticks(0.0, 47.0, 6), [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]);
        assert_eq!(ticks(-22.0, 41.0, 5), [-50.0, 0.0, 50.0]);
        assert_eq!(ticks(3.0, 3.0, 5), [3.0]);
        assert_eq!(ticks(0.0, f64::INFINITY, 5), [0.0]);
        for (low, high) in [(0.0, 1.0), (0.83, 0.97), (-3.0, 1_000_000.0), (0.0, 0.004)] {
            for most in 2..9 {
                let all = ticks(low, high, most);
                assert!(all.len() <= most, "{low} {high} {most}: {all:?}");
                assert!(all[0] <= low && all[all.len() - 1] >= high - 1e-9, "{all:?}");
                assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{all:?}");
            }
        }
    }

    #[test]
    fn points_are_written_with_a_tenth() {
        assert_eq!(points(&[(0.0, 1.25), (33.333, -0.01)]), "0,1.3 33.3,0");
        assert_eq!(points(&[]), "");
    }

    #[test]
    fn columns_fill_their_room_and_never_overlap() {
        let (begins, width) = columns(10.0, 110.0, 5, 4.0);
        assert_eq!((begins, width), (vec![12.0, 32.0, 52.0, 72.0, 92.0], 16.0));
        let (begins, width) = columns(0.0, 10.0, 10, 4.0);
        assert_eq!(begins.len(), 10);
        assert!((width - 0.5).abs() < 1e-9, "half of a narrow one is gap");
        assert_eq!(columns(0.0, 10.0, 0, 1.0).0, Vec::<f64>::new());
    }

    #[test]
    fn labels_are_left_out_evenly() {
        assert_eq!([every(5, 6), every(7, 6), every(31, 8), every(0, 3)], [1, 2, 4, 1]);
        for count in 1..60_usize {
            assert!(count.div_ceil(every(count, 8)) <= 8);
        }
    }
}
