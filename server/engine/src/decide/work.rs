//! Work: calling, starting, finishing, handing over, waiting for things.

use sooner_shared::command::TOGETHER_MAX;
use sooner_shared::view::{PromiseKind, Stage, WaitsFor};
use sooner_shared::{ServiceId, StaffId, Timestamp, VisitId};

use super::told::{tell, tell_done};
use super::{AHEAD_MAX_MS, Draft, TAPPED_AGO_MAX_MS};
use crate::config::StepKind;
use crate::{Event, Rejection, Shop, Visit};

pub(super) fn call_next(
    draft: &mut Draft<'_>,
    staff: StaffId,
    after: Option<VisitId>,
) -> Result<(), Rejection> {
    let chair = draft.on_duty(staff)?;
    if chair.visit != after {
        return Err(Rejection::ChairChanged);
    }
    if chair.break_until.is_some() {
        draft.record(Event::BreakEnded { staff });
    }
    if let Some(present) = chair.visit {
        let is_serving = draft.shop().visits.get(&present).map(|v| v.stage) == Some(Stage::Serving);
        draft.record(if is_serving {
            Event::Finished { visit: present, tapped_at: None }
        } else {
            Event::ReturnedToLine { visit: present, missing: true }
        });
    }
    match draft.shop().next_for(staff, draft.now) {
        Some(visit) => take(draft, visit, staff),
        None if chair.visit.is_none() => return Err(Rejection::NobodyWaiting),
        None => {}
    }
    Ok(())
}

/// Whoever has to come is called; what lies on the bench is begun.
fn take(draft: &mut Draft<'_>, visit: VisitId, staff: StaffId) {
    let v = &draft.shop().visits[&visit];
    let on_bench = v.step().is_some_and(|s| s.kind == StepKind::Bench) && !v.is_call_back();
    draft.record(if on_bench {
        Event::Started { visit, staff, tapped_at: None }
    } else {
        Event::Called { visit, staff }
    });
}

pub(super) fn call(draft: &mut Draft<'_>, visit: VisitId, staff: StaffId) -> Result<(), Rejection> {
    draft.in_line(visit)?;
    take_chair(draft, visit, staff)?;
    take(draft, visit, staff);
    Ok(())
}

pub(super) fn start(
    draft: &mut Draft<'_>,
    visit: VisitId,
    staff: StaffId,
) -> Result<(), Rejection> {
    draft.in_line(visit)?;
    take_chair(draft, visit, staff)?;
    let is_first = draft.shop().visits[&visit].started_at.is_none();
    let tapped_at = tapped_at(draft, visit, Some(staff));
    draft.record(Event::Started { visit, staff, tapped_at });
    if is_first {
        tell_done(draft, visit);
    }
    Ok(())
}

/// When a tap counts as made that was under way for a while: when it was made, but not more than
/// [`TAPPED_AGO_MAX_MS`] ago, and not before the visit last changed or the chair was free; `None` for
/// now.
fn tapped_at(draft: &Draft<'_>, visit: VisitId, staff: Option<StaffId>) -> Option<Timestamp> {
    let shop = draft.shop();
    let v = shop.visits.get(&visit)?;
    let of_visit = [Some(v.joined_at), v.called_at, v.since, v.confirmed_at];
    let chair = staff.and_then(|id| shop.chairs.get(&id)?.since);
    let sat_there = shop.visits.values().filter(|other| staff.is_some() && other.staff == staff);
    let left = sat_there.filter_map(|other| other.ended_at);
    let from = of_visit.into_iter().chain([chair]).flatten().chain(left).max()?;
    let earliest = from.max(draft.now - TAPPED_AGO_MAX_MS);
    draft.tapped_at.map(|at| at.max(earliest)).filter(|&at| at < draft.now)
}

/// Makes a chair free for `visit`: whoever else was called to it goes back in line.
fn take_chair(draft: &mut Draft<'_>, visit: VisitId, staff: StaffId) -> Result<(), Rejection> {
    let chair = draft.on_duty(staff)?;
    let shop = draft.shop();
    let occupant = chair.visit.and_then(|id| shop.visits.get(&id));
    if occupant.is_some_and(|v| v.stage == Stage::Serving) {
        return Err(Rejection::AlreadyServing);
    }
    // Asking for one person and going to another is the customer's to change; skills are not.
    let person = shop.config.person(staff).ok_or(Rejection::UnknownStaff)?;
    let does = shop.visits[&visit].step().is_some_and(|step| shop.config.does(person, step));
    if !does {
        return Err(Rejection::CannotServe);
    }
    let other = occupant.map(|v| v.id).filter(|&id| id != visit);
    if chair.break_until.is_some() {
        draft.record(Event::BreakEnded { staff });
    }
    if let Some(visit) = other {
        draft.record(Event::ReturnedToLine { visit, missing: true });
    }
    Ok(())
}

pub(super) fn finish(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    match draft.under_way(visit)?.stage {
        Stage::Serving | Stage::Ready => {
            let tapped_at = tapped_at(draft, visit, None);
            draft.record(Event::Finished { visit, tapped_at });
            Ok(())
        }
        _ => Err(Rejection::NotStarted),
    }
}

pub(super) fn still_serving(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    match draft.under_way(visit)?.stage {
        Stage::Serving => {
            draft.record(Event::StillServed { visit });
            Ok(())
        }
        _ => Err(Rejection::NotStarted),
    }
}

pub(super) fn return_to_line(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    match draft.under_way(visit)?.stage {
        Stage::Called => {
            draft.record(Event::ReturnedToLine { visit, missing: true });
            Ok(())
        }
        Stage::Serving => Err(Rejection::AlreadyStarted),
        _ => Err(Rejection::NotCalled),
    }
}

pub(super) fn no_show(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    let v = draft.under_way(visit)?;
    match v.stage {
        Stage::Serving => return Err(Rejection::AlreadyStarted),
        Stage::Called => {}
        _ => return Err(Rejection::NotCalled),
    }
    // Who has been served in part was there; they may leave.
    if v.started_at.is_some() {
        return Err(Rejection::NotNow);
    }
    // A call never costs the place before the promised minute; holding starts there.
    let called_at = v.called_at.unwrap_or(draft.now);
    let hold_ms = draft.shop().config.hold_ms;
    let is_for_a_call = matches!(v.kind, PromiseKind::Start | PromiseKind::CallBack);
    let kept_until = v.kept_until().filter(|_| is_for_a_call);
    let until = kept_until.map_or(called_at, |by| by.max(called_at)) + hold_ms;
    if draft.now < until {
        return Err(Rejection::PlaceIsSafe { until });
    }
    draft.record(Event::MarkedNoShow { visit });
    Ok(())
}

pub(super) fn add_on(
    draft: &mut Draft<'_>,
    visit: VisitId,
    service: ServiceId,
) -> Result<(), Rejection> {
    let shop = draft.shop();
    let known = shop.config.service(service).ok_or(Rejection::UnknownService)?;
    let v = draft.under_way(visit)?;
    if v.stage != Stage::Serving {
        return Err(Rejection::NotStarted);
    }
    if v.services.len() >= TOGETHER_MAX {
        return Err(Rejection::TooMany);
    }
    if known.plan().iter().any(|step| !matches!(step.kind, StepKind::Chair | StepKind::Time)) {
        return Err(Rejection::NotNow);
    }
    draft.record(Event::AddedOn { visit, service });
    Ok(())
}

/// Whose a visit is at the moment.
fn holder(visit: &Visit) -> Option<StaffId> {
    match visit.stage {
        Stage::Called | Stage::Serving => visit.staff,
        _ => visit.owner.or(visit.requested),
    }
}

pub(super) fn hand_over(
    draft: &mut Draft<'_>,
    visit: VisitId,
    to: StaffId,
) -> Result<(), Rejection> {
    let v = draft.under_way(visit)?;
    let shop = draft.shop();
    let person = shop.config.person(to).ok_or(Rejection::UnknownStaff)?;
    if holder(v) == Some(to) {
        return Err(Rejection::AlreadyTheirs);
    }
    match v.step() {
        Some(step) if !shop.config.does(person, step) => return Err(Rejection::CannotServe),
        Some(_) => {}
        None => return Err(Rejection::NotNow),
    }
    draft.record(Event::HandedOver { visit, to });
    Ok(())
}

pub(super) fn accept(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    let v = draft.under_way(visit)?;
    let to = v.handed_to.ok_or(Rejection::NotHandedOver)?;
    let is_serving = v.stage == Stage::Serving;
    // Nobody is handed off into nothing: who is not there cannot have said yes.
    let chair = draft.on_duty(to)?;
    if is_serving && chair.visit.is_some() {
        return Err(Rejection::AlreadyServing);
    }
    if is_serving && chair.break_until.is_some() {
        return Err(Rejection::OnBreak);
    }
    draft.record(Event::HandOverAccepted { visit });
    tell(draft, &[visit]);
    Ok(())
}

pub(super) fn decline(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    draft.under_way(visit)?.handed_to.ok_or(Rejection::NotHandedOver)?;
    draft.record(Event::HandOverDeclined { visit });
    Ok(())
}

fn waits_for(draft: &Draft<'_>, visit: VisitId) -> Result<WaitsFor, Rejection> {
    draft.under_way(visit)?.waits_for().ok_or(Rejection::NotPending)
}

pub(super) fn go_on(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    match waits_for(draft, visit)? {
        WaitsFor::Time | WaitsFor::Part => draft.record(Event::Continued { visit }),
        WaitsFor::Approval => return Err(Rejection::WaitsForOther),
    }
    Ok(())
}

pub(super) fn approve(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    match waits_for(draft, visit)? {
        WaitsFor::Approval => draft.record(Event::Continued { visit }),
        WaitsFor::Time | WaitsFor::Part => return Err(Rejection::WaitsForOther),
    }
    Ok(())
}

pub(super) fn expect_part(
    draft: &mut Draft<'_>,
    visit: VisitId,
    likely_at: Timestamp,
    latest_at: Timestamp,
) -> Result<(), Rejection> {
    if waits_for(draft, visit)? != WaitsFor::Part {
        return Err(Rejection::WaitsForOther);
    }
    if likely_at < draft.now || latest_at < likely_at || latest_at > draft.now + AHEAD_MAX_MS {
        return Err(Rejection::BadTime);
    }
    draft.record(Event::PartExpected { visit, likely_at, latest_at });
    Ok(())
}

pub(super) fn ask_approval(
    draft: &mut Draft<'_>,
    visit: VisitId,
    by: Timestamp,
) -> Result<(), Rejection> {
    if waits_for(draft, visit)? != WaitsFor::Approval {
        return Err(Rejection::WaitsForOther);
    }
    if by <= draft.now || by > draft.now + AHEAD_MAX_MS {
        return Err(Rejection::BadTime);
    }
    draft.record(Event::ApprovalAsked { visit, by });
    Ok(())
}

/// Who should see to a call-back: of those on duty who can, the one with the fewest.
pub(crate) fn owner_for(shop: &Shop, visit: &Visit) -> Option<StaffId> {
    let step = visit.step().filter(|_| visit.is_call_back())?;
    let owned = |staff| {
        let open = |v: &&Visit| v.owner == Some(staff) && !v.stage.is_over() && v.id != visit.id;
        shop.visits.values().filter(open).count()
    };
    shop.config
        .staff
        .iter()
        .filter(|p| shop.is_on_duty(p.id))
        .filter(|p| shop.config.does(p, step))
        .map(|p| p.id)
        .min_by_key(|&staff| owned(staff))
}
