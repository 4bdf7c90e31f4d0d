//! The clock by which waits are measured: it rests where nobody could have been served.
//!
//! Who waits for a start, or to be done, waits by the clock on the wall, from the opening on. What is
//! made ready, news and call-backs wait by the hours in which the shop is open: over a night or a
//! weekend nothing happens, and a wait that spans one is no longer than another of the same work.

use sooner_shared::Timestamp;
use sooner_shared::view::PromiseKind;

use crate::ShopConfig;
use crate::calendar::Window;

/// Openings are looked at so far ahead, in days.
const AHEAD_DAYS: u64 = 70;

fn rests(config: &ShopConfig, kind: PromiseKind) -> bool {
    let is_long = matches!(kind, PromiseKind::Ready | PromiseKind::News | PromiseKind::CallBack);
    is_long && !config.hours.is_empty()
}

fn openings(config: &ShopConfig, from: Timestamp, days: u64) -> Vec<Window> {
    config.hours.windows_for(config.tz(), from, days)
}

/// The first moment from `from` on at which the shop is open.
fn opens(config: &ShopConfig, from: Timestamp) -> Timestamp {
    if config.hours.is_empty() {
        return from;
    }
    let first = openings(config, from, 2).into_iter().find(|w| w.to > from);
    first.map_or(from, |w| w.from.max(from))
}

/// How long a wait was, in milliseconds on this clock.
#[must_use]
pub fn waited_ms(config: &ShopConfig, kind: PromiseKind, from: Timestamp, to: Timestamp) -> i64 {
    if !rests(config, kind) {
        // Somebody may be served before the doors are open.
        return (to - opens(config, from).min(to)).max(0);
    }
    let days = ((to - from) / 86_400_000 + 2).clamp(2, AHEAD_DAYS as i64) as u64;
    openings(config, from, days).iter().map(|w| (w.to.min(to) - w.from.max(from)).max(0)).sum()
}

/// When a wait is over that lasts so long on this clock.
#[must_use]
pub fn after(config: &ShopConfig, kind: PromiseKind, from: Timestamp, wait_ms: i64) -> Timestamp {
    if !rests(config, kind) {
        return opens(config, from) + wait_ms;
    }
    let mut left_ms = wait_ms;
    for days in [3, AHEAD_DAYS] {
        left_ms = wait_ms;
        for window in openings(config, from, days).iter().filter(|w| w.to > from) {
            let begin = window.from.max(from);
            if left_ms <= window.to - begin {
                return begin + left_ms;
            }
            left_ms -= window.to - begin;
        }
    }
    from + AHEAD_DAYS as i64 * 86_400_000 + left_ms
}
