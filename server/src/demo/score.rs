//! How promises ended, read from a log.
//!
//! The share counts each visit's first promise of a kind. Padding is the promised time less the one
//! it came about at: the start, the call where the person came later, the moment it was ready, the
//! news. A promise that broke and was never made good has none.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use sooner_engine::{Event, Recorded, Shop};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, PromiseKind, Stage};
use sooner_shared::{Timestamp, VisitId};

use super::Options;

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
        }
    }
}

/// What a log says of one visit.
#[derive(Debug, Default)]
struct Story {
    stage: Option<Stage>,
    told: Vec<Told>,
    is_booked: bool,
    checked_in_at: Option<Timestamp>,
    called_at: Option<Timestamp>,
    started_at: Option<Timestamp>,
    /// When the last call before the start was made.
    start_called_at: Option<Timestamp>,
    ready_at: Option<Timestamp>,
    news_at: Vec<Timestamp>,
}

/// A promise of a log.
#[derive(Debug)]
struct Told {
    kind: PromiseKind,
    no: u16,
    by: Timestamp,
    at: Timestamp,
    outcome: Option<Outcome>,
}

/// Goes through a log once, with the shop as it was at each event: only the shop knows when
/// something was ready.
fn tell(log: &[Recorded]) -> BTreeMap<VisitId, Story> {
    let mut stories: BTreeMap<VisitId, Story> = BTreeMap::new();
    let mut shop: Option<Shop> = None;
    for recorded in log {
        match &mut shop {
            Some(shop) => shop.apply(recorded),
            None => shop = Shop::replay([recorded]),
        }
        let Some(visit) = recorded.event.visit() else { continue };
        let story = stories.entry(visit).or_default();
        story.goes_on(recorded);
        if let Some(seen) = shop.as_ref().and_then(|shop| shop.visits.get(&visit)) {
            story.stage = Some(seen.stage);
            if matches!(seen.stage, Stage::Ready | Stage::Done) {
                story.ready_at.get_or_insert(recorded.at);
            }
        }
    }
    stories
}

impl Story {
    fn goes_on(&mut self, recorded: &Recorded) {
        let at = recorded.at;
        match recorded.event {
            Event::Booked { .. } => self.is_booked = true,
            Event::CheckedIn { .. } => self.checked_in_at = Some(at),
            Event::Called { .. } => self.called_at = Some(at),
            Event::Started { .. } if self.started_at.is_none() => {
                self.started_at = Some(at);
                self.start_called_at = self.called_at;
            }
            Event::NewsGiven { .. } => self.news_at.push(at),
            Event::Promised { kind, no, by, .. } => {
                self.told.push(Told { kind, no, by, at, outcome: None });
            }
            Event::Scored { no, outcome, .. } => {
                if let Some(told) = self.told.iter_mut().find(|told| told.no == no) {
                    told.outcome = Some(outcome);
                }
            }
            _ => {}
        }
    }

    /// When what was promised came about.
    fn met_at(&self, told: &Told) -> Option<Timestamp> {
        match told.kind {
            PromiseKind::Start | PromiseKind::CallBack => {
                let started_at = self.started_at?;
                let called_at = self.start_called_at.unwrap_or(started_at);
                let is_kept = told.outcome == Some(Outcome::Kept);
                Some(if is_kept && started_at > told.by { called_at } else { started_at })
            }
            PromiseKind::Ready | PromiseKind::Done => self.ready_at,
            PromiseKind::News => {
                let first = self.news_at.iter().copied().find(|&at| at >= told.at);
                first.into_iter().chain(self.ready_at).min()
            }
        }
    }

    /// How often a time of this kind was moved later by the shop.
    fn moved_later(&self, kind: PromiseKind, from: Timestamp) -> u32 {
        let of_kind: Vec<_> = self.told.iter().filter(|told| told.kind == kind).collect();
        let is_shops = |before: &Told| {
            let is_own_wish = before.outcome == Some(Outcome::Released);
            // News given are followed by the next; that is no delay.
            let is_next = before.outcome == Some(Outcome::Kept);
            // Who comes after the time of their appointment gets another one.
            let came_late = self.is_booked && self.checked_in_at.is_none_or(|at| at > before.by);
            !is_own_wish && !is_next && !came_late
        };
        let moved =
            |pair: &&[&Told]| pair[1].at >= from && pair[1].by > pair[0].by && is_shops(pair[0]);
        of_kind.windows(2).filter(moved).count() as u32
    }
}

impl Kept {
    fn of(kind: PromiseKind, stories: &BTreeMap<VisitId, Story>, from: Timestamp) -> Self {
        let mut counted: BTreeMap<Option<Outcome>, u32> = BTreeMap::new();
        let (mut made, mut first, mut moved_later) = (0, 0, 0);
        let mut paddings_ms = Vec::new();
        for story in stories.values() {
            let mut of_kind = story.told.iter().filter(|told| told.kind == kind);
            made += of_kind.clone().filter(|told| told.at >= from).count() as u32;
            moved_later += story.moved_later(kind, from);
            let Some(told) = of_kind.next().filter(|told| told.at >= from) else { continue };
            first += 1;
            *counted.entry(told.outcome).or_default() += 1;
            if matches!(told.outcome, Some(Outcome::Kept | Outcome::Broken)) {
                paddings_ms.extend(story.met_at(told).map(|met_at| told.by - met_at));
            }
        }
        let count = |outcome| counted.get(&outcome).copied().unwrap_or_default();
        let (kept, broken) = (count(Some(Outcome::Kept)), count(Some(Outcome::Broken)));
        let mean_ms = (!paddings_ms.is_empty())
            .then(|| paddings_ms.iter().sum::<i64>() as f64 / paddings_ms.len() as f64);
        Self {
            kind,
            made,
            first,
            kept: (kept + broken > 0)
                .then(|| rounded(f64::from(kept) / f64::from(kept + broken), 1e4)),
            padding_min: mean_ms.map(|ms| rounded(ms / MINUTE_MS as f64, 100.0)),
            moved_later,
            kept_count: kept,
            broken,
            left_before: count(Some(Outcome::LeftBefore)),
            void: count(Some(Outcome::Void)),
            released: count(Some(Outcome::Released)),
            open: count(None),
        }
    }
}

/// Steady digits: the same figure prints the same.
fn rounded(value: f64, per_unit: f64) -> f64 {
    (value * per_unit).round() / per_unit
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { shop, seed, days, warmup_days, keep, visits, ends, promises } = self;
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
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use sooner_engine::event::Grounds;
    use sooner_shared::{ServiceId, StaffId};

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
        Event::Started { visit: VisitId(id), staff: StaffId(1) }
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
            (29, Event::Finished { visit: VisitId(1) }),
            (30, called(2)),
            (36, started(2)),
            (37, scored(2, 0, Outcome::Kept)),
            // Broken by 6, after a later time that the shop announced.
            (40, joined(3)),
            (40, promised(3, 0, 60)),
            (50, promised(3, 1, 75)),
            (60, scored(3, 0, Outcome::Broken)),
            (64, Event::Finished { visit: VisitId(2) }),
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
