//! The people of the shop: on duty, on a break, late; what takes longer; closing the line.

use sooner_shared::command::{DelayReason, Scope};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::Stage;
use sooner_shared::{StaffId, Timestamp, VisitId};

use super::{Draft, owner_for};
use crate::{Event, Rejection, Visit};

/// The longest break, in milliseconds.
const BREAK_MAX_MS: i64 = 240 * MINUTE_MS;

/// The longest delay, in milliseconds.
const DELAY_MAX_MS: i64 = 480 * MINUTE_MS;

/// How far ahead somebody's day can be changed, in milliseconds.
const TODAY_MS: i64 = 24 * 60 * MINUTE_MS;

pub(super) fn go_on_duty(draft: &mut Draft<'_>, staff: StaffId) -> Result<(), Rejection> {
    if draft.chair(staff)?.on_duty {
        return Err(Rejection::AlreadyOnDuty);
    }
    draft.record(Event::WentOnDuty { staff });
    // Call-backs that were nobody's are somebody's again.
    let is_nobodys = |v: &&Visit| v.is_call_back() && v.owner.is_none() && !v.stage.is_over();
    let open: Vec<_> = draft.before.visits.values().filter(is_nobodys).map(|v| v.id).collect();
    pass_on(draft, &open);
    Ok(())
}

pub(super) fn go_off_duty(draft: &mut Draft<'_>, staff: StaffId) -> Result<(), Rejection> {
    draft.on_duty(staff)?;
    go_home(draft, staff);
    Ok(())
}

/// Somebody goes: whom they called waits on, and their call-backs are handed on.
pub(super) fn go_home(draft: &mut Draft<'_>, staff: StaffId) {
    release(draft, staff);
    draft.record(Event::WentOffDuty { staff });
    // What was offered to them, and they have not taken, stays where it was.
    let is_offered = |v: &&Visit| v.handed_to == Some(staff) && !v.stage.is_over();
    let offered: Vec<_> = draft.shop().visits.values().filter(is_offered).map(|v| v.id).collect();
    for visit in offered {
        draft.record(Event::HandOverDeclined { visit });
    }
    let is_theirs = |v: &&Visit| {
        v.is_call_back() && v.owner == Some(staff) && v.started_at.is_none() && !v.stage.is_over()
    };
    let theirs: Vec<_> = draft.shop().visits.values().filter(is_theirs).map(|v| v.id).collect();
    pass_on(draft, &theirs);
}

/// Gives call-backs to somebody who is on duty, or to nobody.
fn pass_on(draft: &mut Draft<'_>, visits: &[VisitId]) {
    for &visit in visits {
        let shop = draft.shop();
        let Some(v) = shop.visits.get(&visit) else { continue };
        let owner = owner_for(shop, v);
        if owner != v.owner {
            draft.record(Event::OwnerChanged { visit, owner });
        }
    }
}

/// Whoever was called to this chair waits on, through no fault of their own.
fn release(draft: &mut Draft<'_>, staff: StaffId) {
    let shop = draft.shop();
    let called = shop.chairs.get(&staff).and_then(|c| shop.visits.get(&c.visit?));
    if let Some(visit) = called.filter(|v| v.stage == Stage::Called).map(|v| v.id) {
        draft.record(Event::ReturnedToLine { visit, missing: false });
    }
}

pub(super) fn take_break(draft: &mut Draft<'_>, staff: StaffId, ms: i64) -> Result<(), Rejection> {
    let chair = draft.on_duty(staff)?;
    if chair.break_until.is_some() {
        return Err(Rejection::OnBreak);
    }
    if !(MINUTE_MS..=BREAK_MAX_MS).contains(&ms) {
        return Err(Rejection::BadTime);
    }
    let shop = draft.shop();
    let present = chair.visit.and_then(|id| shop.visits.get(&id));
    if present.is_some_and(|v| v.stage == Stage::Serving) {
        return Err(Rejection::AlreadyServing);
    }
    release(draft, staff);
    draft.record(Event::TookBreak { staff, until: draft.now + ms });
    Ok(())
}

pub(super) fn end_break(draft: &mut Draft<'_>, staff: StaffId) -> Result<(), Rejection> {
    if draft.chair(staff)?.break_until.is_none() {
        return Err(Rejection::NotOnBreak);
    }
    draft.record(Event::BreakEnded { staff });
    Ok(())
}

fn is_today(draft: &Draft<'_>, at: Timestamp) -> Result<(), Rejection> {
    let fits = at > draft.now && at <= draft.now + TODAY_MS;
    if fits { Ok(()) } else { Err(Rejection::BadTime) }
}

pub(super) fn expect(
    draft: &mut Draft<'_>,
    staff: StaffId,
    at: Timestamp,
) -> Result<(), Rejection> {
    if draft.chair(staff)?.on_duty {
        return Err(Rejection::AlreadyOnDuty);
    }
    is_today(draft, at)?;
    draft.record(Event::StaffExpected { staff, from: at });
    Ok(())
}

pub(super) fn leave_early(
    draft: &mut Draft<'_>,
    staff: StaffId,
    at: Timestamp,
) -> Result<(), Rejection> {
    draft.on_duty(staff)?;
    is_today(draft, at)?;
    draft.record(Event::StaffLeaves { staff, until: at });
    Ok(())
}

pub(super) fn report_delay(
    draft: &mut Draft<'_>,
    scope: Scope,
    ms: i64,
    reason: DelayReason,
) -> Result<(), Rejection> {
    let config = &draft.before.config;
    match scope {
        Scope::Shop => {}
        Scope::Service(service) => {
            config.service(service).ok_or(Rejection::UnknownService)?;
        }
        Scope::Staff(staff) => {
            draft.on_duty(staff)?;
        }
    }
    let known = draft.before.delays.iter().find(|d| d.scope == scope).map_or(0, |d| d.ms);
    if !(MINUTE_MS..=DELAY_MAX_MS - known).contains(&ms) {
        return Err(Rejection::BadTime);
    }
    draft.record(Event::Delayed { scope, ms, reason });
    Ok(())
}

pub(super) fn end_delay(draft: &mut Draft<'_>, scope: Scope) -> Result<(), Rejection> {
    if !draft.before.delays.iter().any(|d| d.scope == scope && d.is_on(draft.now)) {
        return Err(Rejection::NoDelay);
    }
    draft.record(Event::DelayEnded { scope });
    Ok(())
}

pub(super) fn close_line(draft: &mut Draft<'_>) -> Result<(), Rejection> {
    if draft.before.line_closed.is_some() {
        return Err(Rejection::LineClosed);
    }
    draft.record(Event::LineClosed);
    Ok(())
}

pub(super) fn open_line(draft: &mut Draft<'_>) -> Result<(), Rejection> {
    if draft.before.line_closed.is_none() {
        return Err(Rejection::LineOpen);
    }
    draft.record(Event::LineOpened);
    Ok(())
}
