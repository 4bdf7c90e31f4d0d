//! Series and points that can be drawn.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use sooner_shared::report::{Bar, Date, Dot, KindReport, LastMinute, Per, Pictures, Slice};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, PromiseKind};

use super::interval::{ByDay, of_one_day};
use super::kind::{count_in, is_scored};
use super::story::{Story, Told};
use super::{day_of, rounded};

/// More days than these are drawn as weeks.
const DAYS_MAX: i64 = 35;
/// More dots than these are a sample.
const DOTS_MAX: usize = 2_000;
/// Bars are so wide.
const BAR_MIN: i32 = 5;
/// From so many minutes late on, and so many early, all are one bar.
const BARS: std::ops::Range<i32> = -30..60;
/// So many starts in the last minute before anything is said of them.
const BUNCHED_FROM: u32 = 5;

/// What can be drawn of the first promises of all visits, and of each kind.
pub(super) fn pictures<'a>(
    headline: &[(&Story, &Told)],
    kinds: &[KindReport],
    of_kind: impl Fn(PromiseKind) -> Vec<&'a Story>,
    zone: Tz,
) -> Pictures {
    // Of equals `max_by_key` takes the last one.
    let most = kinds.iter().rev().max_by_key(|one| one.first.outcomes.made);
    let kind = most.map_or(PromiseKind::Start, |one| one.kind);
    let stories = of_kind(kind);
    let met: Vec<_> = stories
        .iter()
        .filter_map(|story| Some((*story, story.first(kind).filter(|told| is_scored(told))?)))
        .filter_map(|(story, told)| Some((told, story.met_at(told)?)))
        .collect();
    let (per, over_time) = over_time(headline, zone);
    Pictures {
        per,
        over_time,
        kind,
        dots: dots(&met),
        dots_of: met.len() as u32,
        early_late: early_late(&met),
        last_minute: last_minute(&of_kind(PromiseKind::Start)),
    }
}

fn over_time(headline: &[(&Story, &Told)], zone: Tz) -> (Per, Vec<Slice>) {
    let scored = || headline.iter().filter(|(_, told)| is_scored(told)).map(|(_, told)| *told);
    let day = |told: &Told| day_of(zone, told.by);
    let (first, last) = (scored().map(day).min(), scored().map(day).max());
    let span = first.zip(last).map_or(0, |(first, last)| last.0 - first.0);
    let per = if span < DAYS_MAX { Per::Day } else { Per::Week };
    let mut slices: BTreeMap<Date, ByDay> = BTreeMap::new();
    for told in scored() {
        let from = if per == Per::Day { day(told) } else { day(told).monday() };
        count_in(slices.entry(from).or_default(), told, zone);
    }
    let slice = |(from, by_day): (Date, ByDay)| {
        let share = by_day.share();
        let interval = share.interval.unwrap_or_else(|| of_one_day(share.kept, share.count));
        Slice { from, count: share.count, kept: share.kept, interval }
    };
    (per, slices.into_iter().map(slice).collect())
}

fn minutes(ms: i64) -> f64 {
    rounded(ms as f64 / MINUTE_MS as f64, 10.0)
}

/// All of them, or as many as are drawn: drawn by lot, the same lot each time. Every so-many-th would
/// fall into step with the days.
fn dots(met: &[(&Told, sooner_shared::Timestamp)]) -> Vec<Dot> {
    let mut all: Vec<_> = met.to_vec();
    all.sort_by_key(|(told, _)| told.at);
    let mut lots: Vec<usize> = (0..all.len()).collect();
    lots.sort_by_key(|&no| lot(no as u64));
    lots.truncate(DOTS_MAX);
    lots.sort_unstable();
    lots.into_iter()
        .filter_map(|no| {
            let (told, met_at) = all[no];
            let (promised_min, actual_min) =
                (minutes(told.by - told.at), minutes(met_at - told.at));
            Some(Dot { promised_min, actual_min, outcome: told.outcome? })
        })
        .collect()
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
const fn lot(no: u64) -> u64 {
    let no = no.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let no = (no ^ (no >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let no = (no ^ (no >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    no ^ (no >> 31)
}

fn early_late(met: &[(&Told, sooner_shared::Timestamp)]) -> Vec<Bar> {
    let mut bars = vec![Bar { from_min: None, to_min: Some(BARS.start), count: 0 }];
    bars.extend(BARS.step_by(BAR_MIN as usize).map(|from| Bar {
        from_min: Some(from),
        to_min: Some(from + BAR_MIN),
        count: 0,
    }));
    bars.push(Bar { from_min: Some(BARS.end), to_min: None, count: 0 });
    for (told, met_at) in met {
        let early_ms = told.by - *met_at;
        let fits =
            |bar: &&mut Bar| bar.to_min.is_none_or(|to| early_ms < i64::from(to) * MINUTE_MS);
        if let Some(bar) = bars.iter_mut().find(fits) {
            bar.count += 1;
        }
    }
    bars
}

fn last_minute(starts: &[&Story]) -> LastMinute {
    let mut found = LastMinute::default();
    for story in starts {
        let kept = |told: &&Told| told.outcome == Some(Outcome::Kept);
        let told = story.first(PromiseKind::Start).filter(kept);
        let Some((told, started_at)) = told.zip(story.started_at()) else { continue };
        match (told.by - started_at).div_euclid(MINUTE_MS) {
            0 => found.count += 1,
            1..=5 => found.before += 1,
            _ => {}
        }
    }
    // As many as in a minute before, and three times what chance adds to that.
    let expected = f64::from(found.before) / 5.0;
    let is_more = f64::from(found.count) > expected + 3.0 * expected.sqrt();
    LastMinute { is_bunched: found.count >= BUNCHED_FROM && is_more, ..found }
}
