//! Telling a time.

use sooner_shared::command::QUOTE_HOLDS_MS;
use sooner_shared::view::{Outcome, PromiseKind, Stage};
use sooner_shared::{Shown, Timestamp, VisitId};

use super::{AHEAD_MAX_MS, Draft};
use crate::event::Grounds;
use crate::forecast::seen::Scene;
use crate::forecast::{self, Estimate, LEAD_MIN_MS, can_promise, is_in_time};
use crate::promise::Promise;
use crate::{Event, Rejection, Shop, Visit};

/// A shown time is honoured within [`QUOTE_HOLDS_MS`] while it would still be kept with the shop's
/// share less this much, in thousandths: time passing must not snatch it away between two looks at
/// a screen, another person's joining may.
const QUOTE_SLACK_PERMILLE: u16 = 20;

/// The share with which a time must still be kept for it to be held.
pub(crate) fn held_permille(shop: &Shop) -> u16 {
    shop.config.keep_permille - QUOTE_SLACK_PERMILLE
}

/// Promises for those who have none although somebody is there now who can keep one. Belongs to the
/// forecast's own append, after the facts.
#[must_use]
pub fn late_promises(shop: &Shop, forecast: &crate::Forecast, now: Timestamp) -> Vec<Event> {
    // After an apology comes the next step, with a time.
    let needs_time = |v: &Visit| lacks_promise(v) || v.needs_next_time();
    let is_owed = |v: &&Visit| v.is_owed() && v.stage != Stage::Booked && needs_time(v);
    let scene = Scene::new(shop, now);
    shop.visits
        .values()
        .filter(is_owed)
        .filter(|v| can_promise(shop, v))
        .filter_map(|v| {
            let together = together_with(shop, v);
            let is_group = together.len() > 1;
            let joint = is_group.then(|| forecast::estimate(shop, &together, now)).flatten();
            // Where there is no time for all of them today, there may be one for this person.
            let joint = joint.filter(|e| is_in_time(shop, v.kind, e, now));
            let alone = || {
                let waits = forecast.visits.get(&v.id)?.clone();
                Some(waits.for_newcomer(&scene, v, v.kind))
            };
            let estimate = joint.or_else(alone)?;
            is_in_time(shop, v.kind, &estimate, now).then(|| promised(shop, v, &estimate, now))
        })
        .collect()
}

/// Those of a group that wants to be served together to whom a start is still owed: they have one
/// time for all.
fn together_with(shop: &Shop, visit: &Visit) -> Vec<VisitId> {
    let Some(group) = visit.group else { return vec![visit.id] };
    let members: Vec<_> = shop
        .visits
        .values()
        .filter(|v| v.group.is_some_and(|g| g.first == group.first))
        .filter(|v| v.is_owed() && can_promise(shop, v))
        .collect();
    let one_by_one = members.iter().any(|v| v.group.is_some_and(|g| g.after.is_some()));
    if one_by_one { vec![visit.id] } else { members.iter().map(|v| v.id).collect() }
}

/// Whether the main promise was never made, was given up for the person's own wish, or was taken
/// back with the tap that had told it.
pub(super) fn lacks_promise(visit: &Visit) -> bool {
    lacks(visit.promise())
}

fn lacks(promise: Option<&Promise>) -> bool {
    let outcome = promise.map(Promise::shown_outcome);
    outcome.is_none_or(|o| matches!(o, Some(Outcome::Released | Outcome::Void)))
}

fn promised(shop: &Shop, visit: &Visit, estimate: &Estimate, now: Timestamp) -> Event {
    Event::Promised {
        visit: visit.id,
        kind: visit.kind,
        no: visit.promises.len() as u16,
        by: estimate.promise_by(shop, now),
        grounds: grounds(shop, visit, estimate, now),
        seen: estimate.seen().cloned().map(Box::new),
    }
}

/// A new time for an appointment: within a step after its own time, or after the time at which
/// they said they come.
fn tell_booked(draft: &mut Draft<'_>, visit: VisitId) {
    let shop = draft.shop();
    let booked = shop.visits.get(&visit).filter(|v| v.stage == Stage::Booked && lacks_promise(v));
    let Some((v, appointment)) = booked.and_then(|v| Some((v, v.appointment?))) else { return };
    let from = v.not_before.map_or(appointment.from, |at| at.max(appointment.from));
    let by = booked_by(shop, from);
    draft.record(told_by(v, by, agreed(shop, by)));
}

/// Tells these a time, the same to all, if one can be told. Whoever lacks none is not told again.
pub(super) fn tell(draft: &mut Draft<'_>, visits: &[VisitId]) {
    for &visit in visits {
        tell_booked(draft, visit);
    }
    let now = draft.now;
    let shop = draft.shop();
    let lacking: Vec<_> = visits
        .iter()
        .filter_map(|id| shop.visits.get(id))
        .filter(|v| v.is_owed() && lacks_promise(v) && can_promise(shop, v))
        .map(|v| v.id)
        .collect();
    if lacking.is_empty() {
        return;
    }
    if let Some(estimate) = forecast::estimate(shop, &lacking, now) {
        tell_estimated(draft, &lacking, &estimate, None);
    }
}

/// The same, with an estimate at hand, and a time that was shown and is honoured.
pub(super) fn tell_estimated(
    draft: &mut Draft<'_>,
    visits: &[VisitId],
    estimate: &Estimate,
    honoured: Option<Timestamp>,
) {
    let now = draft.now;
    for id in visits {
        let shop = draft.shop();
        let Some(visit) = shop.visits.get(id) else { continue };
        if !is_in_time(shop, visit.kind, estimate, now) || !can_promise(shop, visit) {
            continue;
        }
        let mut event = promised(shop, visit, estimate, now);
        if let (Event::Promised { by, .. }, Some(honoured)) = (&mut event, honoured) {
            *by = honoured;
        }
        draft.record(event);
    }
}

/// What was shown against what holds now: the time to honour, if not the fresh one; a rejection
/// when neither fits.
pub(super) fn honour(
    shop: &Shop,
    shown: Option<Shown>,
    estimate: Option<&Estimate>,
    now: Timestamp,
) -> Result<Option<Timestamp>, Rejection> {
    let Some(shown) = shown else { return Ok(None) };
    // What was shown comes back from outside: only what a screen may have shown is honoured, and no
    // sum is made with it that could overflow.
    let held = (now - QUOTE_HOLDS_MS..=now).contains(&shown.at)
        && shown.by.0.rem_euclid(shop.config.step_ms) == 0
        && shown.by >= now + LEAD_MIN_MS
        && estimate.is_some_and(|e| now + e.wait_ms(held_permille(shop)) <= shown.by);
    match estimate.map(|e| e.promise_by(shop, now)) {
        Some(fresh) if fresh <= shown.by => Ok(None),
        Some(_) if held => Ok(Some(shown.by)),
        // The new time is shown first, so it holds for three minutes like any other.
        _ => Err(Rejection::QuoteChanged { by: estimate.map(|e| e.quote_by(shop, now)) }),
    }
}

pub(crate) fn grounds(shop: &Shop, visit: &Visit, estimate: &Estimate, now: Timestamp) -> Grounds {
    let is_before = |other: &&&Visit| other.place() < visit.place();
    Grounds {
        ahead: shop.waiting().iter().filter(is_before).count() as u32,
        likely_at: now + estimate.wait_ms(500),
        ..agreed(shop, now + estimate.wait_ms(shop.config.keep_permille))
    }
}

/// That somebody is told another time, which teaches nothing: it is not the first.
pub(crate) fn told_by(visit: &Visit, by: Timestamp, grounds: Grounds) -> Event {
    let (kind, no) = (visit.kind, visit.promises.len() as u16);
    Event::Promised { visit: visit.id, kind, no, by, grounds, seen: None }
}

/// Within a step after its time an appointment is begun.
pub(super) fn booked_by(shop: &Shop, from: Timestamp) -> Timestamp {
    (from + shop.config.step_ms).round_up(shop.config.step_ms)
}

/// The grounds of a time that staff named, or that was agreed on.
pub(super) fn agreed(shop: &Shop, by: Timestamp) -> Grounds {
    Grounds {
        keep_permille: shop.config.keep_permille,
        ahead: 0,
        on_duty: shop.chairs.values().filter(|c| c.on_duty).count() as u32,
        likely_at: by,
        quantile_at: by,
    }
}

/// "Done by", told when the chair starts, where the service has it.
pub(super) fn tell_done(draft: &mut Draft<'_>, visit: VisitId) {
    let (shop, now) = (draft.shop(), draft.now);
    let Some(v) = shop.visits.get(&visit) else { return };
    let wants = v.kind == PromiseKind::Start
        && v.services.iter().any(|&s| shop.config.service(s).is_some_and(|s| s.done_by));
    if !wants || !lacks(v.promise_of(PromiseKind::Done)) {
        return;
    }
    let no = v.promises.len() as u16;
    if let Some(estimate) = forecast::estimate_done(shop, visit, now) {
        let by = estimate.promise_by(shop, now);
        let grounds = grounds(shop, v, &estimate, now);
        let seen = estimate.seen().cloned().map(Box::new);
        draft.record(Event::Promised { visit, kind: PromiseKind::Done, no, by, grounds, seen });
    }
}

pub(super) fn promise_news(
    draft: &mut Draft<'_>,
    visit: VisitId,
    by: Timestamp,
) -> Result<(), Rejection> {
    let v = draft.under_way(visit)?;
    if v.live().any(|p| p.kind == PromiseKind::News) {
        return Err(Rejection::NewsPromised);
    }
    if by < draft.now + LEAD_MIN_MS || by > draft.now + AHEAD_MAX_MS {
        return Err(Rejection::BadTime);
    }
    let no = v.promises.len() as u16;
    let grounds = agreed(draft.shop(), by);
    draft.record(Event::Promised { visit, kind: PromiseKind::News, no, by, grounds, seen: None });
    Ok(())
}

pub(super) fn give_news(
    draft: &mut Draft<'_>,
    visit: VisitId,
    next_by: Option<Timestamp>,
) -> Result<(), Rejection> {
    let v = draft.under_way(visit)?;
    let is_told = matches!(v.kind, PromiseKind::News | PromiseKind::Ready)
        || v.promise_of(PromiseKind::News).is_some();
    if !is_told {
        return Err(Rejection::NotNow);
    }
    draft.record(Event::NewsGiven { visit });
    match next_by {
        Some(by) => promise_news(draft, visit, by),
        None => Ok(()),
    }
}
