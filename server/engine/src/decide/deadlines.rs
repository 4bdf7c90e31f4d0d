//! What time alone brings about: promises broken by their minute, scores that have become certain,
//! appointments that come due, treatments whose time is over, taps that were forgotten, the end of
//! the day. Each happens once, whatever the clock does.

use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, PromiseKind, Stage, WaitsFor};
use sooner_shared::{StaffId, Timestamp, VisitId};

use super::{Draft, staff, wishes};
use crate::config::StepKind;
use crate::promise::{Promise, UNDO_MS};
use crate::roster::{day_ended_at, day_ends_at};
use crate::{Event, Shop, Visit};

/// An appointment is in line so long before its time, in milliseconds.
const BOOKED_AHEAD_MS: i64 = 60 * MINUTE_MS;

/// How long somebody can look at what they try, in milliseconds: within the minute in which it can be
/// taken back.
const TRIAL_MS: i64 = UNDO_MS - 10_000;

/// Nobody asks about a service that has taken less, in milliseconds.
const OVERRUN_FROM_MS: i64 = 30 * MINUTE_MS;

/// A desk at which there is something to tap is not silent before, in milliseconds.
const SILENT_FROM_MS: i64 = 45 * MINUTE_MS;

/// Something that happens by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    TrialOver(VisitId),
    Scored { visit: VisitId, no: u16, outcome: OutcomeOf },
    Continued(VisitId),
    Appointment(VisitId),
    Overran(VisitId),
    FellSilent,
    DayOver,
}

/// Why a promise is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum OutcomeOf {
    /// Its minute has passed.
    Time,
    /// What happened a minute ago can no longer be taken back.
    Tap(Outcome),
}

/// When something must happen by itself next. At or after it, [`on_deadline`] has something to say.
#[must_use]
pub fn next_deadline(shop: &Shop) -> Option<Timestamp> {
    let mut next = day_over_at(shop);
    each(shop, |at, _| next = Some(next.map_or(at, |next| next.min(at))));
    next
}

/// What time alone has brought about by `now`. Idempotent: once its events are applied, it returns
/// none for the same `now`.
#[must_use]
pub fn on_deadline(shop: &Shop, now: Timestamp) -> Vec<Event> {
    let mut draft = Draft::of_time(shop, now);
    loop {
        // What happens may bring about more at once: a treatment is over, and with it the visit.
        let due = due(draft.shop(), now);
        if due.is_empty() {
            return draft.events;
        }
        let before = draft.events.len();
        for (_, what) in due {
            if is_still_due(draft.shop(), what) {
                happen(&mut draft, what, now);
            }
        }
        if draft.events.len() == before {
            return draft.events;
        }
    }
}

fn due(shop: &Shop, now: Timestamp) -> Vec<(Timestamp, Due)> {
    let mut due = Vec::new();
    each(shop, |at, what| {
        if at <= now {
            due.push((at, what));
        }
    });
    if let Some(at) = day_over_at(shop).filter(|&at| at <= now) {
        due.push((at, Due::DayOver));
    }
    due.sort_unstable();
    due
}

/// Whether what happened before it, at the same wake, has left it to happen.
fn is_still_due(shop: &Shop, what: Due) -> bool {
    let is = |visit, still: &dyn Fn(&Visit) -> bool| shop.visits.get(&visit).is_some_and(still);
    match what {
        Due::Scored { visit, no, .. } => {
            let is_open = |p: &Promise| p.outcome.is_none() || p.due.is_some();
            is(visit, &|v| v.promises.iter().any(|p| p.no == no && is_open(p)))
        }
        Due::TrialOver(visit) => trial_over_at(shop, visit).is_some(),
        Due::Continued(visit) => is(visit, &|v| v.waits_for() == Some(WaitsFor::Time)),
        Due::Appointment(visit) => is(visit, &|v| v.stage == Stage::Booked),
        Due::Overran(visit) => is(visit, &|v| v.stage == Stage::Serving && !v.overran),
        Due::FellSilent => shop.silent_since.is_none(),
        Due::DayOver => true,
    }
}

fn happen(draft: &mut Draft<'_>, what: Due, now: Timestamp) {
    match what {
        Due::Scored { visit, no, outcome } => {
            let outcome = match outcome {
                OutcomeOf::Time => Outcome::Broken,
                OutcomeOf::Tap(outcome) => outcome,
            };
            draft.record(Event::Scored { visit, no, outcome });
        }
        Due::TrialOver(visit) => {
            if let Some(at) = trial_over_at(draft.shop(), visit) {
                wishes::undo_all(draft, visit, at);
            }
        }
        Due::Continued(visit) => draft.record(Event::Continued { visit }),
        Due::Appointment(visit) => draft.record(Event::CameDue { visit }),
        Due::Overran(visit) => draft.record(Event::Overran { visit }),
        Due::FellSilent => draft.record(Event::FellSilent),
        Due::DayOver => end_day(draft, now),
    }
}

fn each(shop: &Shop, mut found: impl FnMut(Timestamp, Due)) {
    for visit in shop.visits.values() {
        if let Some(at) = trial_over_at(shop, visit.id) {
            found(at, Due::TrialOver(visit.id));
        }
        for promise in &visit.promises {
            let no = promise.no;
            if let Some((outcome, at)) = promise.due {
                found(at, Due::Scored { visit: visit.id, no, outcome: OutcomeOf::Tap(outcome) });
            } else if promise.is_live()
                && !visit.stage.is_over()
                && !promise.is_safe(visit.called_at)
            {
                let outcome = OutcomeOf::Time;
                found(promise.by + 1, Due::Scored { visit: visit.id, no, outcome });
            }
        }
        match visit.stage {
            Stage::Booked => {
                if let Some(appointment) = visit.appointment {
                    found(appointment.from - BOOKED_AHEAD_MS, Due::Appointment(visit.id));
                }
            }
            Stage::Pending if visit.waits_for() == Some(WaitsFor::Time) => {
                if let (Some(since), Some(step)) = (visit.since, visit.step()) {
                    let takes_ms = shop.posterior(step).mean_ms().min(step.nominal_ms);
                    found(since + takes_ms, Due::Continued(visit.id));
                }
            }
            Stage::Serving if !visit.overran && visit.needs_customer() => {
                if let Some(since) = visit.confirmed_at.or(visit.since) {
                    found(since + patience_ms(shop, visit), Due::Overran(visit.id));
                }
            }
            _ => {}
        }
    }
    if let Some(at) = silent_at(shop) {
        found(at, Due::FellSilent);
    }
}

/// When a trial is taken back; `None` for what is none, and for one that others have come to depend
/// on, which is a visit like any other then.
fn trial_over_at(shop: &Shop, visit: VisitId) -> Option<Timestamp> {
    let at = shop.visits.get(&visit).filter(|v| v.is_tried())?.joined_at + TRIAL_MS;
    shop.taps.last_on(visit, at).map(|_| at)
}

/// How long a service in the chair may take before somebody is asked about it.
fn patience_ms(shop: &Shop, visit: &Visit) -> i64 {
    let steps = visit.steps.get(visit.done..visit.done + visit.sitting).unwrap_or_default();
    let nominal: i64 = steps.iter().map(|step| step.nominal_ms).sum();
    let limit: i64 = steps.iter().map(|step| shop.posterior(step).limit_ms()).sum();
    let told: i64 = shop
        .delays
        .iter()
        .filter(|d| Some(d.scope) == visit.staff.map(sooner_shared::command::Scope::Staff))
        .map(|d| d.ms)
        .sum();
    (2 * nominal).max(limit).max(OVERRUN_FROM_MS) + told
}

/// When the desk falls silent unless somebody taps.
fn silent_at(shop: &Shop) -> Option<Timestamp> {
    let heard = shop.heard_at.filter(|_| shop.silent_since.is_none())?;
    let has_something = |v: &&Visit| {
        let in_chair = matches!(v.stage, Stage::Called | Stage::Serving | Stage::Waiting);
        in_chair && v.step().is_some_and(|s| s.kind == StepKind::Chair)
    };
    let longest =
        shop.visits.values().filter(has_something).map(|v| shop.planned_ms(v, v.done)).max()?;
    // While all of them are on a break there is nothing to tap.
    let on_duty = || shop.chairs.values().filter(|c| c.on_duty);
    let all_away = on_duty().all(|c| c.break_until.is_some());
    let back_at = on_duty().filter_map(|c| c.break_until).min();
    let from = if all_away { back_at?.max(heard) } else { heard };
    Some(from + SILENT_FROM_MS.max(2 * longest))
}

/// When the day of somebody who is on duty or in line is over.
fn day_over_at(shop: &Shop) -> Option<Timestamp> {
    day_ends_at(&shop.config, day_began_at(shop)?)
}

/// The earliest thing that belongs to a day.
fn day_began_at(shop: &Shop) -> Option<Timestamp> {
    let duties = shop.chairs.values().filter(|c| c.on_duty).filter_map(|c| c.since);
    let visits = shop.visits.values().filter_map(belongs_to);
    duties.chain(visits).chain(shop.line_closed).min()
}

/// The moment whose day a visit cannot outlast; `None` for what may lie there overnight.
fn belongs_to(visit: &Visit) -> Option<Timestamp> {
    match visit.stage {
        Stage::Serving | Stage::Called => visit.called_at.or(visit.since),
        Stage::Waiting | Stage::OnHold | Stage::Pending if visit.kind == PromiseKind::Start => {
            Some(visit.place().0.max(visit.joined_at))
        }
        _ => None,
    }
}

/// On duty is who tapped in today, and who is still in line at the end of the day has gone.
fn end_day(draft: &mut Draft<'_>, now: Timestamp) {
    let shop = draft.shop();
    let began = day_began_at(shop);
    let Some(ended) = began.and_then(|at| day_ended_at(&shop.config, at, now)) else { return };
    let visits: Vec<VisitId> = draft
        .shop()
        .visits
        .values()
        .filter(|v| belongs_to(v).is_some_and(|at| at < ended))
        .map(|v| v.id)
        .collect();
    for visit in visits {
        draft.record(Event::Lapsed { visit });
    }
    // What nobody has made good today is the owner's.
    let open =
        draft.shop().visits.values().filter(|v| v.recovery().is_some_and(|r| r.missed < ended));
    for visit in open.map(|v| v.id).collect::<Vec<_>>() {
        draft.record(Event::LeftToOwner { visit });
    }
    let on_duty: Vec<StaffId> = draft
        .shop()
        .chairs
        .iter()
        .filter(|(_, c)| c.on_duty && c.since.is_some_and(|since| since < ended))
        .map(|(&staff, _)| staff)
        .collect();
    for staff in on_duty {
        staff::go_home(draft, staff);
    }
    if draft.shop().line_closed.is_some_and(|at| at < ended) {
        draft.record(Event::LineOpened);
    }
}
