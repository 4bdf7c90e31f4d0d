//! The figures of some days alone: those after something changed that nobody had been told of, which
//! the figures of the whole would hide.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

use super::ORACLE;
use super::score::{Column, Sums, rounded};

/// How long after a change a method should have learned of it, in days.
pub const AFTER_DAYS: i64 = 14;

/// Some days of a queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stretch {
    /// The first of them, counted from the first day of the queue.
    pub from_day: i64,
    /// How many.
    pub days: i64,
    /// How many promises were scored on them.
    pub scored: u64,
    /// The methods, in the order of the whole.
    pub methods: Vec<Part>,
}

/// One column on these days; times are in minutes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// The method.
    pub name: String,
    /// The share of promises kept.
    pub kept: f64,
    /// The mean of promised less waited.
    pub padding_min: f64,
    /// The mean pinball loss at the share to keep.
    pub pinball_min: f64,
    /// The pinball loss in units of the best possible one, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_oracle: Option<f64>,
}

impl Stretch {
    /// Those days of the columns that have these names.
    #[must_use]
    pub fn new<'a>(
        columns: impl Iterator<Item = (&'a str, &'a Column)> + Clone,
        days: Range<i64>,
    ) -> Self {
        let total = |column: &Column| {
            let mut total = Sums::default();
            column.days.range(days.clone()).for_each(|(_, sums)| total.merge(sums));
            total
        };
        let loss = |column: &Column| total(column).figures()[2];
        let oracle = columns.clone().find(|&(name, _)| name == ORACLE).map(|(_, c)| loss(c));
        let oracle = oracle.filter(|&oracle| oracle > 0.0);
        let scored = columns.clone().next().map_or(0, |(_, column)| total(column).count);
        let methods = columns.map(|(name, column)| {
            let [kept, padding_min, pinball_min] = total(column).figures();
            Part {
                name: name.to_owned(),
                kept: rounded(kept),
                padding_min: rounded(padding_min),
                pinball_min: rounded(pinball_min),
                of_oracle: oracle.map(|oracle| rounded(pinball_min / oracle)),
            }
        });
        Self {
            from_day: days.start,
            days: days.end - days.start,
            scored,
            methods: methods.collect(),
        }
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from_day, days, scored, .. } = self;
        writeln!(
            f,
            "\nThe {days} days from day {from_day} on, when everything takes longer: {scored} promises.\n"
        )?;
        writeln!(f, "{:<50}{:>7}{:>10}{:>10}  ÷ oracle", "method", "kept", "padding", "pinball")?;
        for m in &self.methods {
            write!(f, "{:<50}{:>7.4}{:>10.3}", m.name, m.kept, m.padding_min)?;
            write!(f, "{:>10.4}", m.pinball_min)?;
            if let Some(ratio) = m.of_oracle {
                write!(f, "{ratio:>10.4}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::score::Waited;
    use super::*;

    #[test]
    fn only_its_days_count() {
        let mut own = Column::default();
        let mut oracle = Column::default();
        for day in 0..30 {
            let waited =
                Waited { came_ms: day * 86_400_000, day, ahead: 1, service: 0, wait_min: 10.0 };
            // From day 10 on late by ten minutes, and from day 24 on right again.
            let promised = if (10..24).contains(&day) { 0.0 } else { 10.0 };
            own.add(&waited, promised, 0.95);
            oracle.add(&waited, 20.0, 0.95);
        }
        let columns = [("sooner", &own), (ORACLE, &oracle)];
        let stretch = Stretch::new(columns.into_iter(), 10..10 + AFTER_DAYS);
        assert_eq!((stretch.scored, stretch.from_day, stretch.days), (14, 10, 14));
        let (own, oracle) = (&stretch.methods[0], &stretch.methods[1]);
        assert!(own.kept < 1e-9 && (oracle.kept - 1.0).abs() < 1e-9);
        assert!((own.pinball_min - 9.5).abs() < 1e-9);
        assert_eq!(own.of_oracle, Some(19.0));
    }
}
