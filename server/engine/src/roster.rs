//! Who is there when: the shop's hours and each person's shift, and what is known of today. On duty
//! is who tapped in; the plan counts only for those who still have time to come.

use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::Doors;
use sooner_shared::{StaffId, Timestamp};

use crate::calendar::{HORIZON_DAYS, Window, both, local_day};
use crate::shop::Chair;
use crate::{Shop, ShopConfig, Staff};

/// After closing, and after the time it takes to finish the last ones, somebody may still tap what
/// happened for so long, in milliseconds; then the day is over.
pub const DAY_ENDS_AFTER_MS: i64 = 120 * MINUTE_MS;

const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Who comes so long before their shift is there early, not out of hours, in milliseconds.
const EARLY_MS: i64 = 180 * MINUTE_MS;

/// So many days back shifts to which somebody did not come are counted.
const MISSED_DAYS: i64 = 7;

/// A planned break that has not been taken so long after its time is not taken, in milliseconds.
const BREAK_LAPSES_MS: i64 = 90 * MINUTE_MS;

/// When one person can take people, from the time of asking on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// Their position in the set-up.
    pub position: usize,
    /// When they are there, in order.
    pub windows: Vec<Window>,
    /// The window to which they have not come yet, as it was to be, if it has begun or is the next; it
    /// is not among `windows` once nobody counts on them any more.
    pub awaited: Option<Window>,
    /// Until when they stay after the first window, for those who wait in the shop.
    pub stays_until: Timestamp,
    /// Breaks to come: when, and how long in milliseconds. Each is taken when the work at that time
    /// is done.
    pub breaks: Vec<(Timestamp, i64)>,
}

/// Everybody who is there or should still come, for the days asked for.
#[must_use]
pub fn presences(shop: &Shop, now: Timestamp, days: u64) -> Vec<Presence> {
    let doors = shop_windows(&shop.config, now, days);
    shop.config
        .staff
        .iter()
        .enumerate()
        .filter_map(|(position, person)| {
            let chair = shop.chairs.get(&person.id).copied().unwrap_or_default();
            let planned = planned(&shop.config, person, doors.as_deref(), now, days);
            let awaited = planned.as_deref().and_then(|planned| awaited(&chair, planned));
            let (windows, stays_until) = match planned {
                None if chair.on_duty => (vec![Window { from: now, to: Timestamp(i64::MAX) }], now),
                None => return None,
                Some(planned) => {
                    real_windows(shop, &chair, planned, awaited, doors.as_deref(), now)
                }
            };
            let breaks = breaks(&shop.config, person, &chair, now, days);
            let is_there = !windows.is_empty() || stays_until > now || awaited.is_some();
            is_there.then_some(Presence { position, windows, awaited, stays_until, breaks })
        })
        .collect()
}

/// The doors' windows; `None` without hours.
fn shop_windows(config: &ShopConfig, now: Timestamp, days: u64) -> Option<Vec<Window>> {
    (!config.hours.is_empty()).then(|| config.hours.windows_for(config.tz(), now, days))
}

/// A person's planned windows; `None` when nothing is planned.
fn planned(
    config: &ShopConfig,
    person: &Staff,
    doors: Option<&[Window]>,
    now: Timestamp,
    days: u64,
) -> Option<Vec<Window>> {
    let shifts =
        (!person.shifts.is_empty()).then(|| person.shifts.windows_for(config.tz(), now, days));
    match (doors, shifts) {
        (None, None) => None,
        (Some(doors), None) => Some(doors.to_vec()),
        (None, Some(shifts)) => Some(shifts),
        (Some(doors), Some(shifts)) => Some(both(doors, &shifts)),
    }
}

/// The plan, corrected by what is known: who is there stays, who has gone has gone, who has not
/// been seen is not counted on.
fn real_windows(
    shop: &Shop,
    chair: &Chair,
    planned: Vec<Window>,
    awaited: Option<Window>,
    doors: Option<&[Window]>,
    now: Timestamp,
) -> (Vec<Window>, Timestamp) {
    if chair.on_duty {
        let (end, stays_until) = on_duty_until(&shop.config, chair, &planned, doors, now);
        let present = Window { from: now, to: end };
        let later = planned.into_iter().filter(|w| w.from >= end);
        let windows = std::iter::once(present).filter(|w| w.from < w.to).chain(later).collect();
        return (windows, stays_until);
    }
    let called_in = called_in(shop, chair, &planned, doors, now);
    let next = awaited.filter(|w| w.from + shop.config.unseen_ms >= now);
    let next = next.map(|w| Window { from: w.from.max(now), to: w.to });
    // Nobody has missed or left a window that has not begun.
    let mut windows: Vec<_> = next.into_iter().chain(planned.into_iter().skip(1)).collect();
    windows.extend(called_in);
    windows.sort_unstable_by_key(|w| w.from);
    (windows, now)
}

/// Somebody comes on duty: how late they are for the shift they come to, if it is one, and how long the
/// shifts were, of the last week, to which they did not come; in milliseconds.
pub(crate) fn comes(shop: &Shop, staff: StaffId, at: Timestamp) -> (Option<i64>, Vec<i64>) {
    let chair = shop.chairs.get(&staff).copied().unwrap_or_default();
    let Some(person) = shop.config.person(staff).filter(|_| !chair.on_duty) else {
        return (None, Vec::new());
    };
    let planned = |from: Timestamp, days| {
        let doors = shop_windows(&shop.config, from, days);
        planned(&shop.config, person, doors.as_deref(), from, days).unwrap_or_default()
    };
    let is_now = |w: &Window| w.from <= at + EARLY_MS;
    let late_ms = awaited(&chair, &planned(at, 1)).filter(is_now).map(|w| at - w.from);
    let missed = |left_at: Timestamp| {
        let week = planned(left_at.max(at - MISSED_DAYS * DAY_MS), MISSED_DAYS.cast_unsigned());
        let missed = week.into_iter().filter(|w| w.from > left_at && w.to <= at);
        missed.map(|w| w.to - w.from).collect()
    };
    (late_ms, chair.left_at.map_or_else(Vec::new, missed))
}

/// Somebody who is off today and said that they come in stays until the doors close.
fn called_in(
    shop: &Shop,
    chair: &Chair,
    planned: &[Window],
    doors: Option<&[Window]>,
    now: Timestamp,
) -> Option<Window> {
    let at = chair.expected_from.filter(|&at| at + shop.config.unseen_ms >= now)?;
    let is_planned = planned.iter().any(|w| at + EARLY_MS >= w.from && at < w.to);
    let open = doors?.iter().find(|w| w.contains(at))?;
    (!is_planned).then_some(Window { from: at.max(now), to: open.to })
}

/// The next window of somebody who is not on duty, unless they have been there and gone.
fn awaited(chair: &Chair, planned: &[Window]) -> Option<Window> {
    let next = planned.first().filter(|_| !chair.on_duty)?;
    let has_gone = chair.left_at.is_some_and(|left| next.contains(left));
    let from = awaited_from(chair, *next);
    (!has_gone && from < next.to).then_some(Window { from, to: next.to })
}

/// From when on somebody is awaited in a planned window: as they said, if they said it of that day.
fn awaited_from(chair: &Chair, window: Window) -> Timestamp {
    let is_of_that_day = |at: &Timestamp| *at + EARLY_MS >= window.from && *at < window.to;
    chair.expected_from.filter(is_of_that_day).unwrap_or(window.from)
}

/// Until when somebody who is on duty works, and until when they stay: at closing time, until the
/// last ones are served.
fn on_duty_until(
    config: &ShopConfig,
    chair: &Chair,
    planned: &[Window],
    doors: Option<&[Window]>,
    now: Timestamp,
) -> (Timestamp, Timestamp) {
    if let Some(leaves) = chair.leaves_at {
        // Who said that they would be gone by now takes nobody new.
        return (leaves.max(now), leaves.max(now));
    }
    let overtime = config.overrun_ms + DAY_ENDS_AFTER_MS;
    let current = planned.first().filter(|w| w.from <= now + EARLY_MS);
    let closes = doors.and_then(<[_]>::first).filter(|w| w.from <= now + EARLY_MS).map(|w| w.to);
    match current {
        Some(shift) if closes.is_none_or(|closes| closes > shift.to) => (shift.to, shift.to),
        Some(shift) => (shift.to, shift.to + overtime),
        // Beyond their hours, and still there.
        None => (now, closes.unwrap_or(now) + overtime),
    }
}

fn breaks(
    config: &ShopConfig,
    person: &Staff,
    chair: &Chair,
    now: Timestamp,
    days: u64,
) -> Vec<(Timestamp, i64)> {
    let mut breaks = Vec::new();
    if let Some(until) = chair.break_until {
        breaks.push((now, (until - now).max(0)));
    }
    if person.breaks.is_empty() {
        return breaks;
    }
    let zone = config.tz();
    let today = local_day(zone, now);
    let plan = crate::calendar::Hours {
        weekly: person.breaks.clone(),
        exceptions: std::collections::BTreeMap::new(),
    };
    // From midnight on, since those of today that were taken are the first ones.
    let mut taken = usize::from(chair.breaks_taken);
    let mut moved = false;
    for window in plan.windows_for(zone, now - 24 * 60 * MINUTE_MS, days + 1) {
        let day = local_day(zone, window.from);
        if day < today || (day == today && chair.since.is_some_and(|since| window.to <= since)) {
            continue;
        }
        if day == today && taken > 0 {
            taken -= 1;
            continue;
        }
        // The next one may have been moved.
        let is_next = day == today && !moved;
        let from = chair.break_at.filter(|_| is_next).unwrap_or(window.from);
        moved |= day == today;
        if from + BREAK_LAPSES_MS > now {
            breaks.push((from, window.to - window.from));
        }
    }
    breaks
}

/// Whether somebody's shift began so long ago that they are no longer counted on.
#[must_use]
pub fn is_unseen(shop: &Shop, staff: StaffId, now: Timestamp) -> bool {
    let Some((person, chair)) = shop.config.person(staff).zip(shop.chairs.get(&staff)) else {
        return false;
    };
    let doors = shop_windows(&shop.config, now, 1);
    let planned = planned(&shop.config, person, doors.as_deref(), now, 1).unwrap_or_default();
    planned.first().is_some_and(|w| w.contains(now))
        && awaited(chair, &planned).is_some_and(|w| w.from + shop.config.unseen_ms < now)
}

/// Closing time of the present opening; `None` without hours and while closed.
#[must_use]
pub fn closes_at(config: &ShopConfig, now: Timestamp) -> Option<Timestamp> {
    let windows = shop_windows(config, now, 1)?;
    windows.first().filter(|w| w.contains(now)).map(|w| w.to)
}

/// Whether the doors are open.
#[must_use]
pub fn is_open(config: &ShopConfig, now: Timestamp) -> bool {
    config.hours.is_empty() || closes_at(config, now).is_some()
}

/// The next opening after the present one, or after now.
#[must_use]
pub fn opens_at(config: &ShopConfig, now: Timestamp) -> Option<Timestamp> {
    // Nearly always it is tomorrow at the latest; only a long holiday needs the whole horizon.
    [1, HORIZON_DAYS].into_iter().find_map(|days| {
        shop_windows(config, now, days)?.iter().map(|w| w.from).find(|&from| from > now)
    })
}

/// When the doors open or close next after an instant.
#[must_use]
pub fn turns_at(config: &ShopConfig, after: Timestamp) -> Option<Timestamp> {
    let windows = shop_windows(config, after, HORIZON_DAYS)?;
    windows.iter().flat_map(|w| [w.from, w.to]).find(|&at| at > after)
}

/// Whether the doors open once more on the same local day.
#[must_use]
pub fn opens_again_today(config: &ShopConfig, now: Timestamp) -> bool {
    let zone = config.tz();
    opens_at(config, now).is_some_and(|at| local_day(zone, at) == local_day(zone, now))
}

/// Whether the shop takes people.
#[must_use]
pub fn doors(shop: &Shop, now: Timestamp) -> Doors {
    let config = &shop.config;
    if !is_open(config, now) {
        return Doors::Closed { opens_at: opens_at(config, now) };
    }
    let until = closes_at(config, now);
    if shop.line_closed.is_some() {
        return Doors::Full { until, opens_at: opens_at(config, now) };
    }
    Doors::Open { until }
}

/// When the day to which an instant belongs is over: nobody is on duty any more who has not tapped
/// in anew, and who is still in line has gone home. `None` without hours.
#[must_use]
pub fn day_ends_at(config: &ShopConfig, at: Timestamp) -> Option<Timestamp> {
    day_ends(config, at, 9)?.into_iter().find(|&end| end > at)
}

/// The last end of a day between two instants; who was there before it and has not tapped since is
/// not there.
#[must_use]
pub fn day_ended_at(config: &ShopConfig, since: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let days = ((now - since) / DAY_MS + 4).clamp(4, 4_000) as u64;
    day_ends(config, since, days)?.into_iter().filter(|&end| end <= now).max()
}

/// The ends of days from an instant on. A shop that closes over noon has not ended its day, and one
/// that never closes for long has none.
fn day_ends(config: &ShopConfig, from: Timestamp, days: u64) -> Option<Vec<Timestamp>> {
    let closed = config.overrun_ms + DAY_ENDS_AFTER_MS;
    let windows = shop_windows(config, from - closed, days)?;
    // As far as all openings are known.
    let known_until = from - closed + (days as i64 - 1) * DAY_MS;
    let ends = windows.iter().enumerate().filter_map(|(index, window)| {
        let end = window.to + closed;
        let is_last = windows.get(index + 1).is_none_or(|next| next.from >= end);
        (is_last && end <= known_until).then_some(end)
    });
    Some(ends.collect())
}

/// How much of the time from one instant to another the doors were open, in milliseconds; all of it
/// without hours, and where none of it was.
#[must_use]
pub fn overlap_ms(config: &ShopConfig, from: Timestamp, to: Timestamp) -> i64 {
    let whole = to - from;
    let days = (whole / (24 * 60 * MINUTE_MS) + 1).clamp(1, 60) as u64;
    let Some(windows) = shop_windows(config, from, days) else {
        return whole;
    };
    let open: i64 = windows.iter().map(|w| (w.to.min(to) - w.from.max(from)).max(0)).sum();
    if open == 0 { whole } else { open }
}
