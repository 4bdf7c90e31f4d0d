//! What follows from a command, or from time alone. Pure: the answer is events, or a rejection;
//! nothing is changed here.

use sooner_shared::command::{Join, QUOTE_HOLDS_MS};
use sooner_shared::view::Stage;
use sooner_shared::{Command, StaffId, Timestamp, VisitId};

use crate::config::LINE_MAX;
use crate::event::Grounds;
use crate::forecast::{self, Estimate, LEAD_MIN_MS};
use crate::promise::Ending;
use crate::{Event, Rejection, Shop, Visit};

/// A shown time is honoured within [`QUOTE_HOLDS_MS`] while it would still be kept with the shop's
/// share less this much, in thousandths: time passing must not snatch it away between two looks at
/// a screen, another person's joining may.
const QUOTE_SLACK_PERMILLE: u16 = 20;

/// Decides on a command at `now`. Times of deadlines must have been taken in first
/// ([`on_deadline`]).
pub fn decide(shop: &Shop, command: &Command, now: Timestamp) -> Result<Vec<Event>, Rejection> {
    match command {
        Command::Join(join) => join_line(shop, join, false, now),
        Command::AddWalkIn(join) => join_line(shop, join, true, now),
        &Command::CallNext { staff, after } => call_next(shop, staff, after),
        &Command::Call { visit, staff } => call(shop, visit, staff),
        &Command::Start { visit, staff } => start(shop, visit, staff, now),
        &Command::Finish { visit } => match under_way(shop, visit)?.stage {
            Stage::Serving => Ok(vec![Event::Finished { visit }]),
            _ => Err(Rejection::NotStarted),
        },
        &Command::ReturnToLine { visit } => match under_way(shop, visit)?.stage {
            Stage::Called => Ok(vec![Event::ReturnedToLine { visit, missing: true }]),
            Stage::Serving => Err(Rejection::AlreadyStarted),
            _ => Err(Rejection::NotCalled),
        },
        &Command::MarkNoShow { visit } => no_show(shop, visit, now),
        &Command::Leave { visit } => {
            let v = not_started(shop, visit)?;
            Ok(ending(v, Ending::Left, Event::Left { visit }, now))
        }
        &Command::CheckIn { visit } => {
            if not_started(shop, visit)?.checked_in {
                return Err(Rejection::AlreadyCheckedIn);
            }
            Ok(vec![Event::CheckedIn { visit }])
        }
        &Command::GoOnDuty { staff } => {
            if chair(shop, staff)?.on_duty {
                return Err(Rejection::AlreadyOnDuty);
            }
            Ok(vec![Event::WentOnDuty { staff }])
        }
        &Command::GoOffDuty { staff } => {
            let chair = chair(shop, staff)?;
            if !chair.on_duty {
                return Err(Rejection::NotOnDuty);
            }
            let mut events = back_in_line(shop, staff, None, false);
            // Without the call, a minute that has passed is a promise broken.
            let called = chair.visit.filter(|_| !events.is_empty());
            if let Some(visit) = called
                && let Some(promise) = shop.visits.get(&visit).and_then(|v| v.promise)
                && let Some(outcome) = promise.score(Ending::TimePassed, None, now)
            {
                events.push(Event::Scored { visit, outcome });
            }
            events.push(Event::WentOffDuty { staff });
            Ok(events)
        }
    }
}

/// When something must happen by itself next: the first instant at which an open promise is
/// broken unless somebody acts. At or after it, [`on_deadline`] has something to say.
#[must_use]
pub fn next_deadline(shop: &Shop) -> Option<Timestamp> {
    open_promises(shop).map(|(_, by)| by + 1).min()
}

/// What time alone has brought about by `now`. Idempotent: once its events are applied, it returns
/// none for the same `now`.
#[must_use]
pub fn on_deadline(shop: &Shop, now: Timestamp) -> Vec<Event> {
    let mut due: Vec<_> = open_promises(shop).filter(|&(_, by)| by < now).collect();
    due.sort_unstable_by_key(|&(visit, by)| (by, visit.id));
    due.into_iter().filter_map(|(visit, _)| scored(visit, Ending::TimePassed, now)).collect()
}

/// Promises that the passing of their minute would break.
fn open_promises(shop: &Shop) -> impl Iterator<Item = (&Visit, Timestamp)> {
    shop.visits.values().filter_map(|visit| {
        let promise = visit.promise?;
        let open = !visit.stage.is_over()
            && promise.outcome.is_none()
            && !promise.is_safe(visit.called_at);
        open.then_some((visit, promise.by))
    })
}

fn join_line(
    shop: &Shop,
    join: &Join,
    by_staff: bool,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let service = join.service;
    shop.config.service(service).ok_or(Rejection::UnknownService)?;
    if let Some(staff) = join.requested {
        let person = shop.config.person(staff).ok_or(Rejection::UnknownStaff)?;
        if !person.services.contains(&service) {
            return Err(Rejection::CannotServe);
        }
    }
    if shop.under_way() >= LINE_MAX {
        return Err(Rejection::ShopFull);
    }
    let estimate = forecast::newcomer(shop, service, join.requested, now);
    let fresh = estimate.as_ref().map(|e| e.promise_by(shop, now));
    let by = match join.shown {
        None => fresh,
        Some(shown) => {
            // What was shown comes back from outside: only what a screen may have shown is
            // honoured, and no sum is made with it that could overflow.
            let held = (now - QUOTE_HOLDS_MS..=now).contains(&shown.at)
                && shown.by.0.rem_euclid(shop.config.step_ms) == 0
                && shown.by >= now + LEAD_MIN_MS
                && estimate
                    .as_ref()
                    .is_some_and(|e| now + e.wait_ms(held_permille(shop)) <= shown.by);
            match fresh {
                Some(fresh) if fresh <= shown.by => Some(fresh),
                Some(_) if held => Some(shown.by),
                // The new time is shown first, so it holds for three minutes like any other.
                _ => {
                    let by = estimate.as_ref().map(|e| e.quote_by(shop, now));
                    return Err(Rejection::QuoteChanged { by });
                }
            }
        }
    };
    let visit = shop.next_visit;
    let mut events = vec![Event::Joined { visit, service, requested: join.requested, by_staff }];
    if let (Some(by), Some(estimate)) = (by, estimate) {
        events.push(Event::Promised { visit, by, grounds: grounds(shop, &estimate, None, now) });
    }
    Ok(events)
}

/// Promises for those who joined while nobody on duty could keep a time, now that somebody can.
/// Belongs to the forecast's own append, after the facts.
#[must_use]
pub fn late_promises(shop: &Shop, forecast: &crate::Forecast, now: Timestamp) -> Vec<Event> {
    shop.waiting()
        .filter(|v| v.promise.is_none())
        .filter_map(|v| {
            let estimate = forecast.visits.get(&v.id)?;
            Some(Event::Promised {
                visit: v.id,
                by: estimate.promise_by(shop, now),
                grounds: grounds(shop, estimate, Some(v.id), now),
            })
        })
        .collect()
}

fn grounds(shop: &Shop, estimate: &Estimate, visit: Option<VisitId>, now: Timestamp) -> Grounds {
    Grounds {
        keep_permille: shop.config.keep_permille,
        ahead: shop.waiting().filter(|v| visit.is_none_or(|id| v.id < id)).count() as u32,
        on_duty: shop.chairs.values().filter(|c| c.on_duty).count() as u32,
        likely_at: now + estimate.wait_ms(500),
        quantile_at: now + estimate.wait_ms(shop.config.keep_permille),
    }
}

fn call_next(shop: &Shop, staff: StaffId, after: Option<VisitId>) -> Result<Vec<Event>, Rejection> {
    let chair = chair(shop, staff)?;
    if !chair.on_duty {
        return Err(Rejection::NotOnDuty);
    }
    if chair.visit != after {
        return Err(Rejection::ChairChanged);
    }
    let mut events = Vec::new();
    let mut returning = None;
    if let Some(present) = chair.visit.and_then(|id| shop.visits.get(&id)) {
        if present.stage == Stage::Serving {
            events.push(Event::Finished { visit: present.id });
        } else {
            events.push(Event::ReturnedToLine { visit: present.id, missing: true });
            returning = Some(present.id);
        }
    }
    match shop.next_after_return(staff, returning) {
        Some(visit) => events.push(Event::Called { visit, staff }),
        None if events.is_empty() => return Err(Rejection::NobodyWaiting),
        None => {}
    }
    Ok(events)
}

fn call(shop: &Shop, visit: VisitId, staff: StaffId) -> Result<Vec<Event>, Rejection> {
    let v = not_started(shop, visit)?;
    let mut events = take_chair(shop, v, staff)?;
    events.push(Event::Called { visit, staff });
    Ok(events)
}

fn start(
    shop: &Shop,
    visit: VisitId,
    staff: StaffId,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let v = not_started(shop, visit)?;
    let mut events = take_chair(shop, v, staff)?;
    events.extend(ending(v, Ending::Started, Event::Started { visit, staff }, now));
    Ok(events)
}

/// What makes a chair free for `visit`: whoever else was called to it goes back in line.
fn take_chair(shop: &Shop, visit: &Visit, staff: StaffId) -> Result<Vec<Event>, Rejection> {
    let chair = chair(shop, staff)?;
    if !chair.on_duty {
        return Err(Rejection::NotOnDuty);
    }
    let occupant = chair.visit.and_then(|id| shop.visits.get(&id));
    if occupant.is_some_and(|v| v.stage == Stage::Serving) {
        return Err(Rejection::AlreadyServing);
    }
    let person = shop.config.person(staff).ok_or(Rejection::UnknownStaff)?;
    // Asking for one person and going to another is the customer's to change; skills are not.
    if !person.services.contains(&visit.service) {
        return Err(Rejection::CannotServe);
    }
    Ok(back_in_line(shop, staff, Some(visit.id), true))
}

fn back_in_line(shop: &Shop, staff: StaffId, except: Option<VisitId>, missing: bool) -> Vec<Event> {
    shop.chairs
        .get(&staff)
        .and_then(|chair| shop.visits.get(&chair.visit?))
        .filter(|v| v.stage == Stage::Called && Some(v.id) != except)
        .map(|v| Event::ReturnedToLine { visit: v.id, missing })
        .into_iter()
        .collect()
}

fn no_show(shop: &Shop, visit: VisitId, now: Timestamp) -> Result<Vec<Event>, Rejection> {
    let v = under_way(shop, visit)?;
    match v.stage {
        Stage::Serving => return Err(Rejection::AlreadyStarted),
        Stage::Waiting => return Err(Rejection::NotCalled),
        _ => {}
    }
    // A call never costs the place before the promised minute; holding starts there.
    let called_at = v.called_at.unwrap_or(now);
    let until = v.promise.map_or(called_at, |p| p.by.max(called_at)) + shop.config.hold_ms;
    if now < until {
        return Err(Rejection::PlaceIsSafe { until });
    }
    Ok(ending(v, Ending::NoShow, Event::MarkedNoShow { visit }, now))
}

/// The event that ends a promise's waiting, then its score.
fn ending(visit: &Visit, how: Ending, event: Event, now: Timestamp) -> Vec<Event> {
    [Some(event), scored(visit, how, now)].into_iter().flatten().collect()
}

fn scored(visit: &Visit, how: Ending, now: Timestamp) -> Option<Event> {
    let outcome = visit.promise?.score(how, visit.called_at, now)?;
    Some(Event::Scored { visit: visit.id, outcome })
}

fn chair(shop: &Shop, staff: StaffId) -> Result<crate::shop::Chair, Rejection> {
    shop.chairs.get(&staff).copied().ok_or(Rejection::UnknownStaff)
}

fn under_way(shop: &Shop, visit: VisitId) -> Result<&Visit, Rejection> {
    let v = shop.visits.get(&visit).ok_or(Rejection::UnknownVisit)?;
    if v.stage.is_over() { Err(Rejection::VisitOver) } else { Ok(v) }
}

fn not_started(shop: &Shop, visit: VisitId) -> Result<&Visit, Rejection> {
    let v = under_way(shop, visit)?;
    if v.stage == Stage::Serving { Err(Rejection::AlreadyStarted) } else { Ok(v) }
}

/// The share with which a time must still be kept for it to be held.
pub(crate) fn held_permille(shop: &Shop) -> u16 {
    shop.config.keep_permille - QUOTE_SLACK_PERMILLE
}
