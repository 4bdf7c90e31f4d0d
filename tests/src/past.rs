//! A salon with a past: six weeks of people who came, were told a time, and were started before or
//! after it, as a log that needed nobody to live it.

use sooner_engine::event::Grounds;
use sooner_engine::forecast::seen::{Cells, FEATURES, Seen, ln_wait};
use sooner_engine::{Event, Recorded};
use sooner_server::store::Batch;
use sooner_shared::command::{DelayReason, Felt, Scope};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, PromiseKind};
use sooner_shared::{Maker, ServiceId, StaffId, Timestamp, VisitId};
use tempfile::TempDir;

use crate::app::{TestApp, open_when_free};
use crate::salon::{ANNA, BEN, CUT, NAILS, NINE, SALON};

const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Hours after nine in which people come; the salon rests at noon.
const HOURS: [i64; 6] = [0, 1, 2, 5, 6, 7];
/// Days of a week on which it is open, from Monday.
const OPEN_DAYS: i64 = 6;

/// A folder with the log of so many weeks from Monday, 2 March 2026, on, in which so many people come
/// in each of 36 hours a week.
pub async fn past(weeks: i64, each_hour: i64) -> TempDir {
    let folder = TestApp::open().await.close().await;
    let store = open_when_free(folder.path()).await;
    let salon = SALON.parse().expect("a plain word");
    let begun = store.log(&salon).await.expect("the log is sound");
    let last = begun.last().expect("the salon was made").seq;
    let mut events = Vec::new();
    for day in (0..weeks * 7).filter(|day| day % 7 < OPEN_DAYS) {
        for (no, hour) in HOURS.into_iter().enumerate() {
            for place in 0..each_hour {
                let number = (day * HOURS.len() as i64 + no as i64) * each_hour + place;
                // The clocks go forward on 29 March.
                let summer_ms = if day >= 27 { HOUR_MS } else { 0 };
                let hour = NINE + day * DAY_MS + hour * HOUR_MS - summer_ms;
                let joined_at = hour + place * HOUR_MS / each_hour;
                visit(&mut events, number as u32 + 1, hour, joined_at);
            }
        }
    }
    events.sort_by_key(|(at, _)| *at);
    let recorded = events.into_iter().zip(last + 1..).map(|((at, event), seq)| Recorded {
        seq,
        at,
        tap: seq,
        by: Maker::Unknown,
        event,
    });
    let events = recorded.collect();
    store.append(Batch { events, ..Batch::new(salon, last) }).await.expect("it can be written");
    folder
}

/// One person, who comes in the hour that begins then.
fn visit(events: &mut Vec<(Timestamp, Event)>, number: u32, hour: Timestamp, joined_at: Timestamp) {
    let visit = VisitId(number);
    let mut add = |at: Timestamp, event: Event| events.push((at, event));
    let service = if number.is_multiple_of(4) { NAILS } else { CUT };
    let (requested, by_staff, group) = (None, false, None);
    let more = Vec::new();
    add(joined_at, Event::Joined { visit, service, more, requested, by_staff, group });
    // Between 10 and 40 minutes, told with some to spare.
    let wait_min = 10 + i64::from(number * 37 % 31);
    let quantile_at = joined_at + (wait_min + 8) * MINUTE_MS;
    let by = quantile_at.round_up(5 * MINUTE_MS);
    let kind = PromiseKind::Start;
    let grounds = Grounds { keep_permille: 950, ahead: 2, on_duty: 2, likely_at: by, quantile_at };
    let seen = Some(Box::new(seen(wait_min, service)));
    add(joined_at, Event::Promised { visit, kind, no: 0, by, grounds, seen });
    let staff = if number.is_multiple_of(2) { ANNA } else { BEN };
    if number.is_multiple_of(41) {
        add(joined_at + 9 * MINUTE_MS, Event::Left { visit });
        add(joined_at + 10 * MINUTE_MS, scored(visit, 0, Outcome::LeftBefore));
        return;
    }
    // Saturday mornings are hard.
    let is_hard = (hour - NINE) / DAY_MS % 7 == 5 && (hour - NINE) % DAY_MS < 3 * HOUR_MS;
    let breaks = number.is_multiple_of(if is_hard { 5 } else { 37 });
    let early_min = if breaks { -(3 + i64::from(number % 9)) } else { i64::from(number * 7 % 17) };
    let started_at = by - early_min * MINUTE_MS;
    if breaks {
        broken(&mut add, (visit, number), staff, (joined_at, by));
    } else {
        add(started_at + MINUTE_MS, scored(visit, 0, Outcome::Kept));
    }
    add(started_at, Event::Started { visit, staff, tapped_at: None });
    add(started_at + 20 * MINUTE_MS, Event::Finished { visit, tapped_at: None });
    // One in three says something at the end.
    if number.is_multiple_of(3) {
        let said_at = started_at + 21 * MINUTE_MS;
        let felt = if breaks { Felt::NotGood } else { Felt::ALL[number as usize % 2] };
        if !breaks {
            add(said_at, Event::StartConfirmed { visit, right: !number.is_multiple_of(60) });
        }
        add(said_at, Event::WaitRated { visit, felt });
    }
}

/// What happens around a promise that breaks.
fn broken(
    add: &mut impl FnMut(Timestamp, Event),
    (visit, number): (VisitId, u32),
    staff: StaffId,
    (joined_at, by): (Timestamp, Timestamp),
) {
    add(by + 1, scored(visit, 0, Outcome::Broken));
    let grounds = Grounds {
        keep_permille: 950,
        ahead: 2,
        on_duty: 2,
        likely_at: by,
        quantile_at: by + 12 * MINUTE_MS,
    };
    let kind = PromiseKind::Start;
    if !number.is_multiple_of(3) {
        let told_at = (by - 17 * MINUTE_MS).max(joined_at + MINUTE_MS);
        let by = by + 15 * MINUTE_MS;
        add(told_at, Event::Promised { visit, kind, no: 1, by, grounds, seen: None });
        add(by + MINUTE_MS, scored(visit, 1, Outcome::Kept));
    }
    let soon = joined_at + 2 * MINUTE_MS;
    match number % 4 {
        0 => {
            add(soon, Event::Delayed { scope: Scope::Shop, ms: 60_000, reason: DelayReason::Work });
        }
        1 => add(soon, Event::PriceAccepted { visit: None, staff, moves: vec![visit] }),
        2 => add(soon, Event::Overran { visit }),
        _ => {}
    }
    if number.is_multiple_of(2) {
        add(by + 20 * MINUTE_MS, Event::MadeGood { visit, with: None });
    } else {
        add(by + 120 * MINUTE_MS, Event::LeftToOwner { visit });
    }
}

const fn scored(visit: VisitId, no: u16, outcome: Outcome) -> Event {
    Event::Scored { visit, no, outcome }
}

/// What the board saw: a wait that is spread around so many minutes.
fn seen(wait_min: i64, service: ServiceId) -> Seen {
    let mut features = vec![0; FEATURES];
    for (slot, factor) in features[1..6].iter_mut().zip([0.8, 1.0, 1.1, 1.2, 1.45]) {
        let wait_ms = wait_min as f64 * factor * MINUTE_MS as f64;
        *slot = (ln_wait(wait_ms) * 1_000.0) as i32;
    }
    Seen { features, cells: Cells { ahead: 2, service, hour: 10 }, experts: Vec::new() }
}
