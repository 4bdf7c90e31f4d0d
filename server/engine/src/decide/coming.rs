//! Coming: joining, appointments, being there.

use sooner_shared::command::{Booking, Join, TOGETHER_MAX};
use sooner_shared::view::{PromiseKind, Stage};
use sooner_shared::{ServiceId, StaffId, Timestamp, VisitId};

use super::told::{agreed, booked_by, honour, tell, tell_estimated, told_by};
use super::{Draft, owner_for};
use crate::calendar::{HORIZON_DAYS, Window};
use crate::config::{LINE_MAX, Remote};
use crate::event::Seat;
use crate::forecast::{self, Estimate, fits_today};
use crate::visit::Appointment;
use crate::{Event, Rejection, Shop, Visit, roster};

const DAY_MS: i64 = 24 * 3_600_000;

/// Appointments are made so far ahead at most, in milliseconds.
pub(super) const BOOKED_MOST_MS: i64 = HORIZON_DAYS as i64 * DAY_MS;

/// Nobody is here for their appointment so long before it, in milliseconds.
const EARLY_MS: i64 = 6 * 3_600_000;

pub(super) fn join(draft: &mut Draft<'_>, join: &Join, by_staff: bool) -> Result<(), Rejection> {
    let (ids, estimate) = come(draft, join, by_staff)?;
    let honoured = honour(draft.shop(), join.shown, estimate.as_ref(), draft.now)?;
    if let Some(estimate) = estimate {
        tell_estimated(draft, told_at_once(join, &ids), &estimate, honoured);
    }
    // Whoever comes one after another has a time of their own.
    for id in &ids[1..] {
        tell(draft, &[*id]);
    }
    Ok(())
}

/// What somebody who joined so would be shown first; nothing is recorded.
pub fn quote(
    shop: &Shop,
    join: &Join,
    by_staff: bool,
    now: Timestamp,
) -> Result<Option<Timestamp>, Rejection> {
    let (_, estimate) = come(&mut Draft::of_tap(shop, now), join, by_staff)?;
    Ok(estimate.map(|e| e.quote_by(shop, now)))
}

/// Whom one time is told: the group that wants to be served together, or the first.
fn told_at_once<'a>(join: &Join, ids: &'a [VisitId]) -> &'a [VisitId] {
    if join.together { ids } else { &ids[..1] }
}

/// Somebody is in line, if the shop takes them: who, and when what they come for should come about.
fn come(
    draft: &mut Draft<'_>,
    join: &Join,
    by_staff: bool,
) -> Result<(Vec<VisitId>, Option<Estimate>), Rejection> {
    let (shop, now) = (draft.before, draft.now);
    let services: Vec<_> = join.services().collect();
    check_services(shop, &services)?;
    for companion in &join.companions {
        shop.config.service(companion.service).ok_or(Rejection::UnknownService)?;
    }
    if join.companions.len() >= TOGETHER_MAX {
        return Err(Rejection::TooMany);
    }
    check_requested(shop, &services, join.requested, now)?;
    if !by_staff {
        admit(shop, join, now)?;
    }
    if shop.under_way() + join.companions.len() >= LINE_MAX {
        return Err(Rejection::ShopFull);
    }
    let ids = record_group(draft, join, by_staff);
    let shop = draft.shop();
    let lead = &shop.visits[&ids[0]];
    let can = forecast::can_promise(shop, lead);
    let estimate = can.then(|| forecast::estimate(shop, told_at_once(join, &ids), now)).flatten();
    let estimate = estimate.filter(|e| forecast::is_in_time(shop, lead.kind, e, now));
    if !by_staff && !roster::is_open(&shop.config, now) {
        // Who is still there after closing serves whom they like, and nobody who sees it from afar.
        let until = roster::opens_at(&shop.config, now);
        let is_before = |e: &Estimate| until.is_none_or(|until| e.promise_by(shop, now) < until);
        if estimate.as_ref().is_some_and(is_before) {
            return Err(Rejection::NotOpenYet { until });
        }
    }
    let is_full = |e: &Estimate| lead.kind == PromiseKind::Start && !fits_today(shop, lead, e, now);
    if !by_staff && can && estimate.as_ref().is_none_or(is_full) && closes_today(shop, lead, now) {
        return Err(Rejection::FullToday { until: roster::opens_at(&shop.config, now) });
    }
    Ok((ids, estimate))
}

fn closes_today(shop: &Shop, visit: &Visit, now: Timestamp) -> bool {
    visit.kind == PromiseKind::Start && roster::closes_at(&shop.config, now).is_some()
}

fn record_group(draft: &mut Draft<'_>, join: &Join, by_staff: bool) -> Vec<VisitId> {
    let first = draft.before.next_visit;
    let is_group = !join.companions.is_empty();
    let seat = |after| is_group.then_some(Seat { first, after });
    let mut ids = vec![first];
    draft.record(Event::Joined {
        visit: first,
        service: join.service,
        more: join.more.clone(),
        requested: join.requested,
        by_staff,
        group: seat(None),
    });
    for companion in &join.companions {
        let visit = draft.shop().next_visit;
        let after = ids.last().copied().filter(|_| !join.together);
        let service = companion.service;
        // One after another means in the same chair, where it can be.
        let requested = join.requested.filter(|&staff| {
            let person = draft.shop().config.person(staff);
            after.is_some() && person.is_some_and(|p| p.services.contains(&service))
        });
        draft.record(Event::Joined {
            visit,
            service,
            more: Vec::new(),
            requested,
            by_staff,
            group: seat(after),
        });
        ids.push(visit);
    }
    for &visit in &ids {
        if join.trial && !by_staff {
            draft.record(Event::Tried { visit });
        }
        find_owner(draft, visit);
    }
    ids
}

/// A call-back is somebody's task from the beginning, and nothing else is.
pub(super) fn find_owner(draft: &mut Draft<'_>, visit: VisitId) {
    let shop = draft.shop();
    let Some(v) = shop.visits.get(&visit) else { return };
    let requested = v.requested.filter(|&staff| shop.is_on_duty(staff));
    let rings = v.is_call_back();
    let owner = v.owner.or(requested).or_else(|| owner_for(shop, v)).filter(|_| rings);
    if owner != v.owner {
        draft.record(Event::OwnerChanged { visit, owner });
    }
}

pub(super) fn check_services(shop: &Shop, services: &[ServiceId]) -> Result<(), Rejection> {
    if services.is_empty() || services.len() > TOGETHER_MAX {
        return Err(Rejection::TooMany);
    }
    for &service in services {
        shop.config.service(service).ok_or(Rejection::UnknownService)?;
    }
    Ok(())
}

fn check_requested(
    shop: &Shop,
    services: &[ServiceId],
    requested: Option<StaffId>,
    now: Timestamp,
) -> Result<(), Rejection> {
    let Some(staff) = requested else { return Ok(()) };
    let person = shop.config.person(staff).ok_or(Rejection::UnknownStaff)?;
    let visit = Visit::new(shop.next_visit, services, requested, now, &shop.config);
    let does = visit.step().is_some_and(|step| shop.config.does(person, step));
    if does { Ok(()) } else { Err(Rejection::CannotServe) }
}

/// Whether somebody may join by themselves now. Staff take whom they like.
fn admit(shop: &Shop, join: &Join, now: Timestamp) -> Result<(), Rejection> {
    let config = &shop.config;
    if join.remote && config.remote == Remote::Never {
        return Err(Rejection::RemoteOff);
    }
    if shop.line_closed.is_some() {
        return Err(Rejection::LineClosed);
    }
    if roster::is_open(config, now) || (join.remote && config.remote == Remote::Always) {
        return Ok(());
    }
    let until = roster::opens_at(config, now);
    if join.remote {
        Err(Rejection::NotOpenYet { until })
    } else {
        Err(Rejection::Closed { until })
    }
}

pub(super) fn book(draft: &mut Draft<'_>, booking: &Booking) -> Result<(), Rejection> {
    let (shop, now) = (draft.before, draft.now);
    let services: Vec<_> =
        std::iter::once(booking.service).chain(booking.more.iter().copied()).collect();
    check_services(shop, &services)?;
    check_requested(shop, &services, booking.requested, now)?;
    if booking.at < now || booking.at > now + BOOKED_MOST_MS {
        return Err(Rejection::BadTime);
    }
    if shop.under_way() >= LINE_MAX {
        return Err(Rejection::ShopFull);
    }
    let visit = shop.next_visit;
    let v = Visit::new(visit, &services, booking.requested, now, &shop.config);
    if v.kind != PromiseKind::Start {
        return Err(Rejection::NotNow);
    }
    let held = free_for(shop, &v, booking.at, now).ok_or(Rejection::NotFree)?;
    draft.record(Event::Booked {
        visit,
        service: booking.service,
        more: booking.more.clone(),
        requested: booking.requested,
        held,
        from: booking.at,
    });
    let shop = draft.shop();
    let by = booked_by(shop, booking.at);
    // Today's line must leave room for it.
    if booking.at < forecast::looks_until(shop, now) && shop.is_staffed() {
        let exceeds = forecast::estimate(shop, &[visit], now)
            .is_none_or(|e| e.exceeds_permille(by - now) > 1_000 - shop.config.keep_permille);
        if exceeds && booking.requested.is_none_or(|staff| shop.is_on_duty(staff)) {
            return Err(Rejection::NotFree);
        }
    }
    draft.record(told_by(&shop.visits[&visit], by, agreed(shop, by)));
    Ok(())
}

/// Who has time for an appointment: of those who are there then and have no other at that time, the
/// one with the fewest.
pub(super) fn free_for(
    shop: &Shop,
    visit: &Visit,
    from: Timestamp,
    now: Timestamp,
) -> Option<StaffId> {
    let config = &shop.config;
    let step = visit.step()?;
    let able = shop.able(visit, step);
    let takes_ms = shop.planned_ms(visit, 0);
    let wanted = lasts(shop, visit, from);
    roster::presences(shop, now, HORIZON_DAYS)
        .into_iter()
        .filter(|p| able >> p.position & 1 == 1)
        .filter(|p| p.windows.iter().any(|w| w.contains(from) && from + takes_ms <= w.to))
        .filter(|p| p.breaks.iter().all(|&(at, ms)| at + ms <= from || from + takes_ms <= at))
        .map(|p| config.staff[p.position].id)
        .filter(|&staff| booked(shop, visit, staff).all(|w| apart(w, wanted)))
        .min_by_key(|&staff| booked(shop, visit, staff).count())
}

/// Whether another appointment lies in the time that was kept for this one.
pub(super) fn is_taken(shop: &Shop, visit: &Visit, appointment: Appointment) -> bool {
    let wanted = lasts(shop, visit, appointment.from);
    !booked(shop, visit, appointment.held).all(|w| apart(w, wanted))
}

fn lasts(shop: &Shop, visit: &Visit, from: Timestamp) -> Window {
    Window { from, to: from + shop.planned_ms(visit, 0) + shop.config.turnaround_ms }
}

const fn apart(one: Window, other: Window) -> bool {
    one.to.0 <= other.from.0 || other.to.0 <= one.from.0
}

/// The time that one person keeps for the appointments of others.
fn booked<'a>(
    shop: &'a Shop,
    visit: &'a Visit,
    staff: StaffId,
) -> impl Iterator<Item = Window> + 'a {
    shop.visits.values().filter_map(move |v| {
        let appointment = v.appointment.filter(|a| a.held == staff)?;
        if v.stage.is_over() || v.id == visit.id {
            return None;
        }
        Some(lasts(shop, v, appointment.from))
    })
}

/// The same, and where whom they asked for has no time then, anybody who has.
pub(super) fn free_of_any(
    shop: &Shop,
    visit: &Visit,
    from: Timestamp,
    now: Timestamp,
) -> Option<StaffId> {
    free_for(shop, visit, from, now).or_else(|| {
        visit.requested?;
        free_for(shop, &Visit { requested: None, ..visit.clone() }, from, now)
    })
}

/// So many days are offered for an appointment.
const DAYS_OFFERED: usize = 3;

/// Appointments are offered to the half hour, in milliseconds.
const OFFERED_EVERY_MS: i64 = 1_800_000;

/// The first time on each of the next days at which somebody could come for the same.
#[must_use]
pub(crate) fn bookable(shop: &Shop, visit: &Visit, now: Timestamp) -> Vec<Timestamp> {
    let config = &shop.config;
    let Some(today) = roster::day_ends_at(config, now) else { return Vec::new() };
    let days = config.hours.windows_for(config.tz(), now, HORIZON_DAYS);
    let mut offered: Vec<Timestamp> = Vec::new();
    for open in days.iter().filter(|open| open.from >= today) {
        let is_new_day = offered.last().is_none_or(|&last| {
            roster::day_ends_at(config, last).is_some_and(|end| open.from >= end)
        });
        if !is_new_day {
            continue;
        }
        let mut times =
            (0..).map(|n| open.from + n * OFFERED_EVERY_MS).take_while(|&at| at < open.to);
        let is_free = |&at: &Timestamp| free_of_any(shop, visit, at, now).is_some();
        offered.extend(times.find(is_free));
        if offered.len() == DAYS_OFFERED {
            break;
        }
    }
    offered
}

pub(super) fn confirm(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    let v = draft.not_serving(visit)?;
    let appointment = v.appointment.ok_or(Rejection::NoAppointment)?;
    if !appointment.confirmed {
        draft.record(Event::Confirmed { visit });
    }
    Ok(())
}

pub(super) fn check_in(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    let v = draft.not_serving(visit)?;
    if v.checked_in {
        return Err(Rejection::AlreadyCheckedIn);
    }
    if v.appointment.is_some_and(|a| a.from > draft.now + EARLY_MS) {
        return Err(Rejection::NotNow);
    }
    draft.record(Event::CheckedIn { visit });
    if draft.shop().visits[&visit].appointment.is_some() {
        tell_late_comer(draft, visit);
    }
    Ok(())
}

/// The late are expected, not punished: who comes after the time of their appointment gets a new
/// one.
fn tell_late_comer(draft: &mut Draft<'_>, visit: VisitId) {
    let shop = draft.shop();
    let v = &shop.visits[&visit];
    let is_late = v.promise().is_some_and(|p| draft.now > p.by && !p.is_live());
    if is_late && v.is_owed() && forecast::can_promise(shop, v) {
        let estimate = forecast::estimate(shop, &[visit], draft.now);
        if let Some(estimate) = estimate {
            tell_estimated(draft, &[visit], &estimate, None);
        }
    }
}

pub(super) fn let_first(draft: &mut Draft<'_>, visit: VisitId) -> Result<(), Rejection> {
    let v = draft.in_line(visit)?;
    if v.stage == Stage::Called {
        return Err(Rejection::NotWaiting);
    }
    if v.right_at.is_some() || v.appointment.is_some() {
        return Err(Rejection::AlreadyFirst);
    }
    draft.record(Event::LetFirst { visit });
    Ok(())
}
