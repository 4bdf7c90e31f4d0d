//! What is done for promises in danger, by staff and by those to whom they were made.

use sooner_shared::command::Choice;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{PromiseKind, Stage};
use sooner_shared::{Command, StaffId, Timestamp, VisitId};

use super::coming::{free_for, free_of_any};
use super::told::{agreed, booked_by, grounds, lacks_promise, tell, told_by};
use super::wishes::may_wish;
use super::{Draft, carry_out};
use crate::forecast;
use crate::{Event, Rejection, Visit};

/// How far a break can be moved, in milliseconds.
const BREAK_MOVES_MS: i64 = 240 * MINUTE_MS;

pub(super) fn ask_for(
    draft: &mut Draft<'_>,
    visit: VisitId,
    staff: Option<StaffId>,
) -> Result<(), Rejection> {
    let v = draft.in_line(visit)?;
    if v.stage == Stage::Called || v.started_at.is_some() {
        return Err(Rejection::NotNow);
    }
    if v.requested == staff && staff.is_some() {
        return Err(Rejection::AlreadyTheirs);
    }
    may_wish(v)?;
    let shop = draft.shop();
    if let Some(staff) = staff {
        let person = shop.config.person(staff).ok_or(Rejection::UnknownStaff)?;
        if !v.step().is_some_and(|step| shop.config.does(person, step)) {
            return Err(Rejection::CannotServe);
        }
    }
    // Of an appointment that is still to come somebody's time is kept for it; one that is due goes to
    // whoever takes it, and what that costs others is seen in its price.
    if let Some(appointment) = v.appointment.filter(|_| v.stage == Stage::Booked) {
        let with = Visit { requested: staff, ..v.clone() };
        let held = free_for(shop, &with, appointment.from, draft.now);
        if staff.is_none() || held != staff {
            return Err(Rejection::NotFree);
        }
    }
    draft.record(Event::RequestChanged { visit, staff });
    tell_earlier(draft, visit);
    Ok(())
}

/// An appointment that is for no person by name is for whoever keeps the time.
pub(super) fn keep_for(
    draft: &mut Draft<'_>,
    visit: VisitId,
    staff: StaffId,
) -> Result<(), Rejection> {
    draft.on_duty(staff)?;
    let v = draft.in_line(visit)?;
    let appointment = v.appointment.ok_or(Rejection::NoAppointment)?;
    if v.requested.is_some() || v.stage == Stage::Called || v.started_at.is_some() {
        return Err(Rejection::NotNow);
    }
    if appointment.held == staff {
        return Err(Rejection::AlreadyTheirs);
    }
    let config = &draft.shop().config;
    let person = config.person(staff).ok_or(Rejection::UnknownStaff)?;
    if !v.step().is_some_and(|step| config.does(person, step)) {
        return Err(Rejection::CannotServe);
    }
    draft.record(Event::KeptFor { visit, staff });
    Ok(())
}

/// Tells a time where there is none, or one that is earlier than the one told.
fn tell_earlier(draft: &mut Draft<'_>, visit: VisitId) {
    let (shop, now) = (draft.shop(), draft.now);
    let Some(v) = shop.visits.get(&visit) else { return };
    if lacks_promise(v) {
        tell(draft, &[visit]);
        return;
    }
    let Some(told) = v.promise().filter(|p| p.is_live()) else { return };
    if !forecast::can_promise(shop, v) {
        return;
    }
    let Some(estimate) = forecast::estimate(shop, &[visit], now) else { return };
    let by = estimate.promise_by(shop, now);
    if by < told.by {
        draft.record(told_by(v, by, grounds(shop, v, &estimate, now)));
    }
}

pub(super) fn move_before(
    draft: &mut Draft<'_>,
    visit: VisitId,
    before: Option<VisitId>,
) -> Result<(), Rejection> {
    let waits = |visit| match draft.under_way(visit)?.stage {
        Stage::Waiting => Ok(()),
        _ => Err(Rejection::NotWaiting),
    };
    waits(visit)?;
    if let Some(other) = before {
        waits(other)?;
    }
    // Who came together stays together, and nobody is put between others who did.
    let moved = in_line_with(draft, visit);
    let before = before.and_then(|other| in_line_with(draft, other).first().copied());
    if before.is_some_and(|other| moved.contains(&other)) {
        return Err(Rejection::NotNow);
    }
    let events = draft.events.len();
    for visit in moved {
        let line: Vec<_> = draft.shop().waiting().iter().map(|v| v.id).collect();
        let next = line.iter().skip_while(|&&id| id != visit).nth(1).copied();
        if next != before {
            draft.record(Event::Reordered { visit, before });
        }
    }
    if draft.events.len() == events { Err(Rejection::NotNow) } else { Ok(()) }
}

/// Those in line who came with somebody, and they themselves, in the order of the line.
fn in_line_with(draft: &Draft<'_>, visit: VisitId) -> Vec<VisitId> {
    let line = draft.shop().waiting();
    let first = |v: &Visit| v.group.map(|g| g.first);
    let group = line.iter().find(|v| v.id == visit).and_then(|v| first(v));
    let is_in = |v: &Visit| v.id == visit || group.is_some() && first(v) == group;
    line.into_iter().filter(|v| is_in(v)).map(|v| v.id).collect()
}

pub(super) fn move_break(
    draft: &mut Draft<'_>,
    staff: StaffId,
    at: Timestamp,
) -> Result<(), Rejection> {
    let chair = draft.on_duty(staff)?;
    if chair.break_until.is_some() {
        return Err(Rejection::OnBreak);
    }
    if at <= draft.now || at > draft.now + BREAK_MOVES_MS {
        return Err(Rejection::BadTime);
    }
    draft.record(Event::BreakMoved { staff, from: at });
    Ok(())
}

pub(super) fn accept_price(
    draft: &mut Draft<'_>,
    command: &Command,
    staff: StaffId,
    moves: &[VisitId],
) -> Result<(), Rejection> {
    draft.chair(staff)?;
    if moves.len() > crate::config::LINE_MAX {
        return Err(Rejection::TooMany);
    }
    carry_out_one(draft, command)?;
    // It was seen a moment ago; meanwhile it may cost somebody else their time.
    if !crate::price::moves_only(draft.before, draft.shop(), moves, draft.now) {
        return Err(Rejection::PriceChanged);
    }
    let joined = draft.events.iter().find_map(Event::visit);
    let visit = command.visit().or(joined);
    draft.record(Event::PriceAccepted { visit, staff, moves: moves.to_vec() });
    Ok(())
}

pub(super) fn take_remedy(
    draft: &mut Draft<'_>,
    command: &Command,
    saves: &[VisitId],
) -> Result<(), Rejection> {
    if saves.len() > crate::config::LINE_MAX {
        return Err(Rejection::TooMany);
    }
    let numbered = |id: &VisitId| {
        let promise = draft.shop().visits.get(id)?.promise().filter(|p| p.is_live())?;
        Some((*id, promise.no))
    };
    let saves: Vec<_> = saves.iter().filter_map(numbered).collect();
    if saves.is_empty() {
        return Err(Rejection::NotNow);
    }
    carry_out_one(draft, command)?;
    draft.record(Event::RemedyTaken { visit: command.visit(), saves });
    Ok(())
}

/// What is wrapped is one thing that staff do.
fn carry_out_one(draft: &mut Draft<'_>, command: &Command) -> Result<(), Rejection> {
    let is_wrapper = matches!(command, Command::AcceptPrice { .. } | Command::TakeRemedy { .. });
    if is_wrapper || matches!(command, Command::Undo { .. }) {
        return Err(Rejection::NotNow);
    }
    carry_out(draft, command)
}

/// A later time that was proposed is told now; one that was told without anybody reading it is heard.
pub(super) fn tell_later(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    let (now, shop) = (draft.now, draft.shop());
    let v = draft.in_line(visit)?;
    may_wish(v)?;
    let no = if let Some(proposed) = v.care.proposed {
        if proposed.by <= now {
            return Err(Rejection::BadTime);
        }
        let no = v.promises.len() as u16;
        draft.record(told_by(v, proposed.by, agreed(shop, proposed.by)));
        no
    } else {
        v.later_promise().ok_or(Rejection::NotNow)?.no
    };
    draft.record(Event::ToldInPerson { visit, no });
    Ok(())
}

pub(super) fn acknowledge(draft: &mut Draft<'_>, visit: VisitId, no: u16) -> Result<(), Rejection> {
    let v = draft.under_way(visit)?;
    if !v.promises.iter().any(|p| p.no == no) {
        return Err(Rejection::NotNow);
    }
    // Every open page of a visit says so; once is enough.
    if v.care.read < Some(no) {
        draft.record(Event::ReadOnPhone { visit, no });
    }
    Ok(())
}

pub(super) fn choose(
    draft: &mut Draft<'_>,
    visit: VisitId,
    choice: Choice,
) -> Result<(), Rejection> {
    let v = draft.in_line(visit)?;
    if !v.may_choose() {
        return Err(Rejection::NotNow);
    }
    may_wish(v)?;
    match choice {
        Choice::Stay => {}
        Choice::With(staff) => {
            draft.on_duty(staff)?;
            ask_for(draft, visit, Some(staff))?;
        }
        Choice::At(at) => rebook(draft, visit, at)?,
    }
    draft.record(Event::Chose { visit, choice });
    Ok(())
}

fn rebook(draft: &mut Draft<'_>, visit: VisitId, at: Timestamp) -> Result<(), Rejection> {
    let (shop, now) = (draft.shop(), draft.now);
    let v = &shop.visits[&visit];
    if v.kind != PromiseKind::Start {
        return Err(Rejection::NotNow);
    }
    if at <= now || at > now + super::coming::BOOKED_MOST_MS {
        return Err(Rejection::BadTime);
    }
    let held = free_of_any(shop, v, at, now).ok_or(Rejection::NotFree)?;
    if v.requested.is_some_and(|staff| staff != held) {
        draft.record(Event::RequestChanged { visit, staff: None });
    }
    draft.record(Event::Rebooked { visit, held, from: at });
    let shop = draft.shop();
    let by = booked_by(shop, at);
    draft.record(told_by(&shop.visits[&visit], by, agreed(shop, by)));
    Ok(())
}

pub(super) fn answer_invitation(
    draft: &mut Draft<'_>,
    visit: VisitId,
    comes: bool,
) -> Result<(), Rejection> {
    let (shop, now) = (draft.shop(), draft.now);
    let v = draft.in_line(visit)?;
    let invited = v.invitation(now).ok_or(Rejection::NotNow)?;
    if !comes {
        draft.record(Event::InvitationDeclined { visit });
        return Ok(());
    }
    may_wish(v)?;
    // Somebody else may have come meanwhile: what was offered is told while it still holds.
    let estimate = forecast::estimate(shop, &[visit], now).ok_or(Rejection::NotNow)?;
    if now + estimate.wait_ms(shop.config.keep_permille) > invited.by {
        let by = v.promise().map(|p| p.by);
        return Err(Rejection::QuoteChanged { by });
    }
    draft.record(told_by(v, invited.by, grounds(shop, v, &estimate, now)));
    Ok(())
}

pub(super) fn make_good(
    draft: &mut Draft<'_>,
    visit: VisitId,
    with: Option<u8>,
) -> Result<(), Rejection> {
    let shop = draft.shop();
    let v = shop.visits.get(&visit).ok_or(Rejection::UnknownVisit)?;
    v.recovery().ok_or(Rejection::NotNow)?;
    if with.is_some_and(|with| usize::from(with) >= shop.config.make_goods.len()) {
        return Err(Rejection::NotNow);
    }
    draft.record(Event::MadeGood { visit, with });
    Ok(())
}
