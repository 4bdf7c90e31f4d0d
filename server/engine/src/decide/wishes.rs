//! What people in line wish for, and taking back.

use sooner_shared::command::Felt;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, PromiseKind, Stage};
use sooner_shared::{ServiceId, Timestamp, VisitId};

use super::Draft;
use super::coming::{check_services, find_owner, free_for, is_taken};
use super::told::tell;
use crate::undo::Tap;
use crate::visit::Appointment;
use crate::{Event, Rejection, Shop, Visit};

/// The longest somebody may be late, in milliseconds.
const LATE_MAX_MS: i64 = 240 * MINUTE_MS;

/// Nobody is told earlier that it is time, in milliseconds.
const NOTICE_MAX_MS: i64 = 60 * MINUTE_MS;

/// For so long who has left may stay after all, in milliseconds.
pub const STAYS_MS: i64 = 30_000;

/// Most promises of one visit.
const PROMISES_MAX: usize = 50;

pub(super) fn leave(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    draft.not_serving(visit)?;
    draft.record(Event::Left { visit });
    Ok(())
}

pub(super) fn let_pass(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    let v = draft.in_line(visit)?;
    let stage = v.stage;
    if stage == Stage::Booked {
        return Err(Rejection::NotWaiting);
    }
    if v.lets_pass {
        return Err(Rejection::NotNow);
    }
    may_wish(v)?;
    draft.record(Event::Passed { visit });
    back_to_line(draft, visit, stage);
    tell(draft, &[visit]);
    Ok(())
}

pub(super) fn run_late(draft: &mut Draft<'_>, visit: VisitId, ms: i64) -> Result<(), Rejection> {
    let v = draft.in_line(visit)?;
    if !(MINUTE_MS..=LATE_MAX_MS).contains(&ms) {
        return Err(Rejection::BadTime);
    }
    may_wish(v)?;
    let from = v.appointment.map_or(draft.now, |a| a.from.max(draft.now));
    let until = from + ms;
    let stage = v.stage;
    draft.record(Event::SaidLate { visit, until });
    back_to_line(draft, visit, stage);
    tell(draft, &[visit]);
    Ok(())
}

/// Each wish brings a new promise, and there is a bound on everything.
pub(super) fn may_wish(visit: &Visit) -> Result<(), Rejection> {
    if visit.promises.len() < PROMISES_MAX { Ok(()) } else { Err(Rejection::TooMany) }
}

/// After the wish is recorded: the call that stood until then may have saved the promise.
fn back_to_line(draft: &mut Draft<'_>, visit: VisitId, stage: Stage) {
    if stage == Stage::Called {
        draft.record(Event::ReturnedToLine { visit, missing: false });
    }
}

pub(super) fn hold(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    let stage = draft.in_line(visit)?.stage;
    if stage == Stage::Booked {
        return Err(Rejection::NotWaiting);
    }
    back_to_line(draft, visit, stage);
    draft.record(Event::Held { visit });
    Ok(())
}

pub(super) fn resume(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    if draft.under_way(visit)?.stage != Stage::OnHold {
        return Err(Rejection::NotOnHold);
    }
    draft.record(Event::Resumed { visit });
    Ok(())
}

pub(super) fn change_services(
    draft: &mut Draft<'_>,
    visit: VisitId,
    services: &[ServiceId],
) -> Result<(), Rejection> {
    let shop = draft.before;
    check_services(shop, services)?;
    let v = draft.not_serving(visit)?;
    if v.done > 0 || v.started_at.is_some() {
        return Err(Rejection::AlreadyStarted);
    }
    may_wish(v)?;
    if !matches!(v.stage, Stage::Waiting | Stage::Booked | Stage::OnHold) {
        return Err(Rejection::NotNow);
    }
    let wanted = Visit::new(v.id, services, v.requested, draft.now, &shop.config);
    if let Some(person) = v.requested.and_then(|id| shop.config.person(id))
        && wanted.step().is_some_and(|step| !shop.config.does(person, step))
    {
        return Err(Rejection::CannotServe);
    }
    if let Some(appointment) = v.appointment {
        still_fits(shop, &wanted, appointment, draft.now)?;
    }
    draft.record(Event::ServicesChanged { visit, services: services.to_vec() });
    find_owner(draft, visit);
    tell(draft, &[visit]);
    Ok(())
}

/// An appointment may be for something else when the person whose time is kept for it does that, and
/// has the time.
fn still_fits(
    shop: &Shop,
    wanted: &Visit,
    appointment: Appointment,
    now: Timestamp,
) -> Result<(), Rejection> {
    if wanted.kind != PromiseKind::Start {
        return Err(Rejection::NotNow);
    }
    let with_them = Visit { requested: Some(appointment.held), ..wanted.clone() };
    let is_free = free_for(shop, &with_them, appointment.from, now) == Some(appointment.held);
    if is_free { Ok(()) } else { Err(Rejection::NotFree) }
}

pub(super) fn ask(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    draft.under_way(visit)?;
    draft.record(Event::Asked { visit });
    Ok(())
}

pub(super) fn answer(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    if !draft.under_way(visit)?.asks {
        return Err(Rejection::NothingAsked);
    }
    draft.record(Event::Answered { visit });
    Ok(())
}

pub(super) fn tell_before(draft: &mut Draft<'_>, visit: VisitId, ms: i64) -> Result<(), Rejection> {
    let v = draft.in_line(visit)?;
    if v.stage != Stage::Waiting || v.kind != PromiseKind::Start {
        return Err(Rejection::NotNow);
    }
    if !(MINUTE_MS..=NOTICE_MAX_MS).contains(&ms) {
        return Err(Rejection::BadTime);
    }
    if v.tell_before_ms != Some(ms) {
        draft.record(Event::NoticeWished { visit, ms });
    }
    Ok(())
}

pub(super) fn confirm_start(
    draft: &mut Draft<'_>,
    visit: VisitId,
    right: bool,
) -> Result<(), Rejection> {
    let v = draft.shop().visits.get(&visit).ok_or(Rejection::UnknownVisit)?;
    if !v.asks_about_start() {
        return Err(Rejection::NotNow);
    }
    draft.record(Event::StartConfirmed { visit, right });
    Ok(())
}

pub(super) fn rate_wait(
    draft: &mut Draft<'_>,
    visit: VisitId,
    felt: Felt,
) -> Result<(), Rejection> {
    let v = draft.shop().visits.get(&visit).ok_or(Rejection::UnknownVisit)?;
    if v.stage != Stage::Done {
        return Err(Rejection::NotNow);
    }
    if v.felt != Some(felt) {
        draft.record(Event::WaitRated { visit, felt });
    }
    Ok(())
}

pub(super) fn undo(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    let shop = draft.before;
    shop.visits.get(&visit).ok_or(Rejection::UnknownVisit)?;
    let (number, tap) = shop.taps.last_on(visit, draft.now).ok_or(Rejection::NothingToUndo)?;
    let void = void_without(shop, tap);
    take_back(draft, number, void);
    Ok(())
}

fn take_back(draft: &mut Draft<'_>, number: u64, void: Vec<(VisitId, u16)>) {
    for (visit, no) in void {
        draft.record(Event::Scored { visit, no, outcome: Outcome::Void });
    }
    draft.record(Event::Undone { tap: number });
}

pub(super) fn come_back(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    let shop = draft.before;
    shop.visits.get(&visit).ok_or(Rejection::UnknownVisit)?;
    stays_until(shop, visit, draft.now).ok_or(Rejection::NothingToUndo)?;
    let (number, tap) = shop.taps.last_on(visit, draft.now).ok_or(Rejection::NothingToUndo)?;
    let void = void_without(shop, tap);
    take_back(draft, number, void);
    Ok(())
}

/// Takes back everything about a visit, tap after tap, as could be done at that moment.
pub(super) fn undo_all(draft: &mut Draft<'_>, visit: VisitId, at: Timestamp) {
    while draft.shop().visits.get(&visit).is_some_and(|v| !v.stage.is_over()) {
        let shop = draft.shop();
        let Some((number, tap)) = shop.taps.last_on(visit, at) else { return };
        let void = void_without(shop, tap);
        take_back(draft, number, void);
    }
}

/// Until when who has left by their own tap may still stay after all: `None` where it was somebody
/// else's tap, where something was touched since, or where the time of their appointment is
/// another's by now.
#[must_use]
pub fn stays_until(shop: &Shop, visit: VisitId, now: Timestamp) -> Option<Timestamp> {
    let (_, tap) = shop.taps.last_on(visit, now)?;
    let until = tap.at + STAYS_MS;
    if tap.left_by_self != Some(visit) || now >= until {
        return None;
    }
    let before = tap.visits.get(&visit)?.as_ref()?;
    let appointment = before.appointment.filter(|_| before.stage == Stage::Booked);
    let is_kept = appointment.is_none_or(|a| !is_taken(shop, before, a));
    is_kept.then_some(until)
}

/// The open promises that mean nothing once a tap is taken back: what it told, what was told to who
/// came by it, and what was told meanwhile in the place of a promise that it had ended.
fn void_without(shop: &Shop, tap: &Tap) -> Vec<(VisitId, u16)> {
    let mut void = Vec::new();
    for (&visit, before) in &tap.visits {
        let known: &[_] = before.as_ref().map_or(&[], |v| &v.promises);
        let open = shop.visits.get(&visit).map_or(&[][..], |v| &v.promises);
        let is_scored = |no| open.iter().any(|p| p.no == no && p.outcome.is_some());
        let is_back =
            |kind| known.iter().any(|p| p.kind == kind && p.is_live() && !is_scored(p.no));
        void.extend(
            open.iter()
                .filter(|p| p.outcome.is_none() && known.iter().all(|k| k.no != p.no))
                .filter(|p| {
                    before.is_none() || tap.promised.contains(&(visit, p.no)) || is_back(p.kind)
                })
                .map(|p| (visit, p.no)),
        );
    }
    void
}
