//! How promises ended, read from a log.
//!
//! The share counts each visit's first promise of a kind. Padding is the promised time less the one
//! it came about at: the start, the call where the person came later, the moment it was ready, the
//! news. A promise that broke and was never made good has none.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use sooner_engine::{Event, Recorded};
use sooner_shared::view::{PromiseKind, Stage};
use sooner_shared::{Timestamp, VisitId};

use super::Options;
use super::care::Care;
use crate::report::rounded;
use crate::report::story::{Story, Told, tell};
use crate::report::tally::{Outcomes, Tally};

/// The figures of some days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Which shop.
    pub shop: &'static str,
    /// The seed of its people and its forecast.
    pub seed: u64,
    /// Calendar days lived.
    pub days: u32,
    /// Days at the beginning whose promises are not counted.
    pub warmup_days: u32,
    /// The share of promises it wanted to keep.
    pub keep: f64,
    /// Visits, appointments among them.
    pub visits: u32,
    /// How they ended.
    pub ends: Ends,
    /// The promises of each kind.
    pub promises: Vec<Kept>,
    /// What was done for promises of a start in danger.
    pub care: Care,
}

/// How visits ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Ends {
    /// Served.
    pub done: u32,
    /// Went away.
    pub left: u32,
    /// Were called and did not come.
    pub no_show: u32,
    /// Not over yet.
    pub still_there: u32,
}

/// The promises of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kept {
    /// For what.
    pub kind: PromiseKind,
    /// Promises made, later ones of a visit included.
    pub made: u32,
    /// First ones of a visit.
    pub first: u32,
    /// Of the first ones, the share kept of those kept or broken.
    pub kept: Option<f64>,
    /// Mean minutes by which first ones were beaten; late ones count as less than nothing.
    pub padding_min: Option<f64>,
    /// Times moved later by the shop, not by the person's own wish.
    pub moved_later: u32,
    /// First ones kept.
    pub kept_count: u32,
    /// First ones broken.
    pub broken: u32,
    /// First ones left before their minute.
    pub left_before: u32,
    /// First ones without a score, after a call made in time.
    pub void: u32,
    /// First ones given up for the person's own wish.
    pub released: u32,
    /// First ones not ended yet.
    pub open: u32,
}

impl Report {
    /// Reads a log. Promises made before `counted_from` are left out.
    pub(super) fn new(
        log: &[Recorded],
        options: &Options,
        days: u32,
        warmup_days: u32,
        counted_from: Timestamp,
    ) -> Self {
        let stories = tell(log);
        let mut ends = Ends::default();
        for story in stories.values() {
            *match story.stage {
                Some(Stage::Done) => &mut ends.done,
                Some(Stage::Left) => &mut ends.left,
                Some(Stage::NoShow) => &mut ends.no_show,
                _ => &mut ends.still_there,
            } += 1;
        }
        let keep = log.iter().find_map(|recorded| match &recorded.event {
            Event::Configured(config) => Some(f64::from(config.keep_permille) / 1_000.0),
            _ => None,
        });
        Self {
            shop: options.kind.name(),
            seed: options.seed,
            days,
            warmup_days,
            keep: keep.unwrap_or_default(),
            visits: stories.len() as u32,
            ends,
            promises: PromiseKind::ALL
                .into_iter()
                .map(|kind| Kept::of(kind, &stories, counted_from))
                .filter(|kept| kept.made > 0)
                .collect(),
            care: Care::of(log, &stories, counted_from),
        }
    }
}

impl Kept {
    fn of(kind: PromiseKind, stories: &BTreeMap<VisitId, Story>, from: Timestamp) -> Self {
        let mut firsts = Tally::default();
        let (mut made, mut moved_later) = (0, 0);
        for story in stories.values() {
            let counts = |told: &&Told| told.kind == kind && told.at >= from;
            made += story.told.iter().filter(counts).count() as u32;
            let moves = story.moves(kind).into_iter();
            moved_later += moves.filter(|step| step.ms() > 0 && step.to.at >= from).count() as u32;
            if let Some(told) = story.first(kind).filter(counts) {
                firsts.add(story, told);
            }
        }
        let Outcomes { made: first, kept, broken, left_before, void, released, open } =
            firsts.outcomes;
        Self {
            kind,
            made,
            first,
            kept: (kept + broken > 0)
                .then(|| rounded(f64::from(kept) / f64::from(kept + broken), 1e4)),
            padding_min: firsts.padding_min(),
            moved_later,
            kept_count: kept,
            broken,
            left_before,
            void,
            released,
            open,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { shop, seed, days, warmup_days, keep, visits, ends, promises, care } = self;
        writeln!(f, "{shop}, seed {seed}, {days} days, {keep:.3} to keep")?;
        if *warmup_days > 0 {
            writeln!(f, "promises of the first {warmup_days} days are not counted")?;
        }
        let Ends { done, left, no_show, still_there } = ends;
        writeln!(
            f,
            "{visits} visits: {done} served, {left} left, {no_show} did not come, {still_there} still there\n"
        )?;
        writeln!(
            f,
            "{:<10}{:>7}{:>7}{:>8}{:>9}{:>7}{:>8}{:>8}{:>6}{:>10}{:>6}{:>7}",
            "promise",
            "made",
            "first",
            "kept",
            "padding",
            "kept",
            "broken",
            "left b.",
            "void",
            "released",
            "open",
            "later"
        )?;
        for one in promises {
            let share =
                one.kept.map_or_else(|| "–".to_owned(), |kept| format!("{:.1} %", kept * 100.0));
            let padding = one.padding_min.map_or_else(|| "–".to_owned(), |min| format!("{min:.1}"));
            writeln!(
                f,
                "{:<10}{:>7}{:>7}{:>8}{:>9}{:>7}{:>8}{:>8}{:>6}{:>10}{:>6}{:>7}",
                one.kind.as_str(),
                one.made,
                one.first,
                share,
                padding,
                one.kept_count,
                one.broken,
                one.left_before,
                one.void,
                one.released,
                one.open,
                one.moved_later
            )?;
        }
        write!(f, "\n{care}")
    }
}

#[cfg(test)]
mod tests {
    use sooner_engine::event::Grounds;
    use sooner_shared::time::MINUTE_MS;
    use sooner_shared::view::Outcome;
    use sooner_shared::{Maker, ServiceId, StaffId};

    use super::*;
    use crate::sample::Kind;

    const AT: i64 = 1_780_400_000_000;

    /// A log of the salon: minutes after its beginning, and what happened then.
    fn report(events: Vec<(i64, Event)>, counted_from_min: i64) -> Report {
        let options = Options::new(Kind::Salon, 1);
        let set_up = (0, Event::Configured(Box::new(options.set_up().config)));
        let log: Vec<_> = std::iter::once(set_up)
            .chain(events)
            .zip(1..)
            .map(|((min, event), seq)| Recorded {
                seq,
                at: Timestamp(AT + min * MINUTE_MS),
                tap: seq,
                by: Maker::Unknown,
                event,
            })
            .collect();
        Report::new(&log, &options, 1, 0, Timestamp(AT + counted_from_min * MINUTE_MS))
    }

    fn joined(id: u32) -> Event {
        Event::Joined {
            visit: VisitId(id),
            service: ServiceId(1),
            more: Vec::new(),
            requested: None,
            by_staff: false,
            group: None,
        }
    }

    fn promised(id: u32, no: u16, by_min: i64) -> Event {
        let by = Timestamp(AT + by_min * MINUTE_MS);
        let grounds =
            Grounds { keep_permille: 950, ahead: 0, on_duty: 1, likely_at: by, quantile_at: by };
        Event::Promised {
            visit: VisitId(id),
            kind: PromiseKind::Start,
            no,
            by,
            grounds,
            seen: None,
        }
    }

    fn called(id: u32) -> Event {
        Event::Called { visit: VisitId(id), staff: StaffId(1) }
    }

    fn started(id: u32) -> Event {
        Event::Started { visit: VisitId(id), staff: StaffId(1), tapped_at: None }
    }

    fn scored(id: u32, no: u16, outcome: Outcome) -> Event {
        Event::Scored { visit: VisitId(id), no, outcome }
    }

    #[test]
    fn first_promises_are_scored_and_later_ones_counted_when_the_shop_made_them() {
        let on_duty = Event::WentOnDuty { staff: StaffId(1) };
        let events = vec![
            (0, on_duty),
            // Kept with 10 minutes to spare.
            (1, joined(1)),
            (1, promised(1, 0, 20)),
            (10, started(1)),
            (11, scored(1, 0, Outcome::Kept)),
            // Called with 5 to spare, and came later than promised.
            (12, joined(2)),
            (12, promised(2, 0, 35)),
            (29, Event::Finished { visit: VisitId(1), tapped_at: None }),
            (30, called(2)),
            (36, started(2)),
            (37, scored(2, 0, Outcome::Kept)),
            // Broken by 6, after a later time that the shop announced.
            (40, joined(3)),
            (40, promised(3, 0, 60)),
            (50, promised(3, 1, 75)),
            (60, scored(3, 0, Outcome::Broken)),
            (64, Event::Finished { visit: VisitId(2), tapped_at: None }),
            (66, started(3)),
            (67, scored(3, 1, Outcome::Kept)),
            // Another time by their own wish.
            (70, joined(4)),
            (70, promised(4, 0, 90)),
            (75, Event::Passed { visit: VisitId(4) }),
            (76, scored(4, 0, Outcome::Released)),
            (76, promised(4, 1, 110)),
        ];
        let all = report(events.clone(), 0);
        assert_eq!(all.visits, 4);
        assert_eq!(all.ends, Ends { done: 2, left: 0, no_show: 0, still_there: 2 });
        let expected = Kept {
            kind: PromiseKind::Start,
            made: 6,
            first: 4,
            kept: Some(0.6667),
            padding_min: Some(3.0), // (10 + 5 - 6) / 3
            moved_later: 1,
            kept_count: 2,
            broken: 1,
            left_before: 0,
            void: 0,
            released: 1,
            open: 0,
        };
        assert_eq!(all.promises, [expected]);

        let later = report(events, 45);
        assert_eq!(later.visits, 4);
        let starts = &later.promises[0];
        assert_eq!((starts.made, starts.first, starts.kept), (3, 1, None));
    }
}
