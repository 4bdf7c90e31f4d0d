//! Why somebody is told their time, as facts: who goes before them, whose chair is likely free
//! first, how long what they come for takes, what else stands in the way.
//!
//! Looked up in the state, nothing drawn: facts that staff can check with their own eyes.
//! Deliberately absent: words, and how much of the wait each fact is good for.

use std::collections::BTreeMap;

use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{NextBreak, Range, Stage, Why};
use sooner_shared::{ServiceId, StaffId, Timestamp, VisitId};

use crate::config::StepKind;
use crate::policy::Able;
use crate::visit::VisitStep;
use crate::{Shop, Visit, roster};

/// From this on things are slower than usual, as ln of a factor: 10 %.
const SLOWER: f64 = 0.095_310_179_804_324_9;

/// Ranges are told in steps of so many minutes, and those that end before [`SHORT_MIN`] to the
/// minute.
const STEP_MIN: i64 = 5;
const SHORT_MIN: i64 = 15;

/// What explains the times of everybody in line at one instant.
#[derive(Debug)]
pub struct Explanation<'a> {
    shop: &'a Shop,
    now: Timestamp,
    line: Vec<Other>,
    on_duty: Able,
    /// On duty with nobody in the chair, and not on a break.
    free: Able,
    /// Who is being served, by whom, and how many milliseconds that likely goes on, soonest first.
    served: Vec<(i64, usize, VisitId)>,
    /// Of those on duty, the soonest first.
    breaks: Vec<(Timestamp, usize, NextBreak)>,
    /// The 10 % quantile, median and 90 % quantile of a step, in milliseconds.
    quantiles: BTreeMap<(ServiceId, u8), [f64; 3]>,
}

/// Somebody in line.
#[derive(Debug, Clone, Copy)]
struct Other {
    place: (Timestamp, VisitId),
    able: Able,
    right_from: Option<i64>,
    passes: bool,
}

impl Other {
    fn of(shop: &Shop, visit: &Visit) -> Self {
        let claim = shop.claim(visit);
        let right_from = claim.right.map(|right| right.from);
        Self { place: visit.place(), able: claim.able, right_from, passes: claim.passes }
    }
}

impl<'a> Explanation<'a> {
    /// Looks at a shop.
    #[must_use]
    pub fn new(shop: &'a Shop, now: Timestamp) -> Self {
        let mut this = Self {
            shop,
            now,
            line: line(shop),
            on_duty: 0,
            free: 0,
            served: Vec::new(),
            breaks: Vec::new(),
            quantiles: BTreeMap::new(),
        };
        for (position, person) in shop.config.staff.iter().enumerate() {
            let Some(chair) = shop.chairs.get(&person.id).filter(|c| c.on_duty) else { continue };
            this.on_duty |= 1 << position;
            if let Some(at) = chair.break_until {
                let rest = NextBreak { staff: person.id, at, is_on: true };
                this.breaks.push((now.min(at), position, rest));
            } else if chair.visit.is_none() {
                this.free |= 1 << position;
            }
            let visit = chair.visit.and_then(|id| shop.visits.get(&id));
            if let Some(visit) = visit.filter(|v| v.stage == Stage::Serving) {
                this.served.push((remaining_ms(shop, visit, person.id, now), position, visit.id));
            }
        }
        this.served.sort_unstable();
        this.plan_breaks();
        for visit in shop.visits.values().filter(|v| v.stage == Stage::Waiting) {
            for step in sitting(visit) {
                let key = (step.service, step.index);
                this.quantiles.entry(key).or_insert_with(|| {
                    let model = shop.model(step);
                    [0.1, 0.5, 0.9].map(|u| model.quantile_ms(u))
                });
            }
        }
        this
    }

    fn plan_breaks(&mut self) {
        for presence in roster::presences(self.shop, self.now, 1) {
            let position = presence.position;
            let staff = self.shop.config.staff[position].id;
            let is_on = self.breaks.iter().any(|(_, _, b)| b.staff == staff);
            if self.on_duty >> position & 1 == 0 || is_on {
                continue;
            }
            if let Some(at) = presence.breaks.iter().map(|&(at, _)| at).min() {
                self.breaks.push((at, position, NextBreak { staff, at, is_on: false }));
            }
        }
        self.breaks.sort_unstable_by_key(|&(at, position, _)| (at, position));
    }

    /// What staff are told; `None` of who is not in line.
    #[must_use]
    pub fn why(&self, visit: &Visit) -> Option<Why> {
        if visit.stage != Stage::Waiting {
            return None;
        }
        let me = Other::of(self.shop, visit);
        let can = |position: usize| me.able >> position & 1 == 1;
        // Who is free need not be waited for.
        let first = self.served.iter().find(|&&(_, position, _)| can(position));
        let by = visit.promise().filter(|p| p.is_live()).map(|p| p.by);
        // A break after the time that was told is not why it was.
        let is_before = |at: Timestamp| by.is_none_or(|by| at < by.max(self.now));
        let rest = self.breaks.iter().find(|&&(_, position, _)| can(position));
        Some(Why {
            ahead: count(&self.line, me, self.latest(visit)),
            first_done: first.filter(|_| self.free & me.able == 0).map(|&(_, _, visit)| visit),
            takes: self.takes(visit),
            next_break: rest.map(|&(_, _, b)| b).filter(|b| b.is_on || is_before(b.at)),
            on_duty: (self.on_duty & me.able).count_ones() as u8,
            slower: self.shop.paces.speed() > SLOWER,
        })
    }

    fn latest(&self, visit: &Visit) -> Timestamp {
        latest(self.shop, visit, self.now)
    }

    /// How long the sitting likely takes that a visit waits for: spreads of steps that have nothing
    /// to do with each other add up as squares do.
    fn takes(&self, visit: &Visit) -> Option<Range> {
        let (mut middle, mut below, mut above) = (0.0, 0.0, 0.0);
        for step in sitting(visit) {
            let [low, median, high] = *self.quantiles.get(&(step.service, step.index))?;
            middle += median;
            below += (median - low) * (median - low);
            above += (high - median) * (high - median);
        }
        let pace = self.pace(visit);
        let (low, high) = (middle - libm::sqrt(below), middle + libm::sqrt(above));
        (middle > 0.0).then(|| range(pace * low, pace * high))
    }

    /// How much longer those take on average who can take a visit, as a factor; of those on duty,
    /// while there are any.
    fn pace(&self, visit: &Visit) -> f64 {
        let able = self.shop.able_now(visit);
        let there = if able & self.on_duty == 0 { able } else { able & self.on_duty };
        let service = visit.services.first().copied();
        let staff = self.shop.config.staff.iter().enumerate();
        let paces = staff
            .filter(|&(position, _)| there >> position & 1 == 1)
            .map(|(_, person)| person.id)
            .map(|id| service.map_or(0.0, |service| self.shop.paces.at(id, service)));
        libm::exp(paces.sum::<f64>() / f64::from(there.count_ones().max(1)))
    }
}

/// A range from milliseconds, rounded outwards.
fn range(low_ms: f64, high_ms: f64) -> Range {
    let minute = MINUTE_MS as f64;
    let is_short = high_ms < SHORT_MIN as f64 * minute;
    let step = if is_short { 1 } else { STEP_MIN };
    let steps = |minutes: f64| (minutes as i64 * step).clamp(step, i64::from(u16::MAX)) as u16;
    let low = steps(libm::floor(low_ms / minute / step as f64));
    let high = steps(libm::ceil(high_ms / minute / step as f64));
    Range { low_min: low, high_min: high.max(low.saturating_add(step as u16)) }
}

/// The steps that are done in one go when somebody takes a visit next.
fn sitting(visit: &Visit) -> &[VisitStep] {
    let steps = visit.steps.get(visit.done..).unwrap_or_default();
    let chair = steps.iter().take_while(|s| s.kind == StepKind::Chair).count().max(1);
    &steps[..chair.min(steps.len())]
}

/// How long the work with somebody likely goes on: half of such work is shorter.
fn remaining_ms(shop: &Shop, visit: &Visit, staff: StaffId, now: Timestamp) -> i64 {
    let steps = visit.steps.get(visit.done..).unwrap_or_default();
    let steps = &steps[..visit.sitting.clamp(1, steps.len().max(1)).min(steps.len())];
    // As long at everybody's pace.
    let pace = steps.first().map_or(1.0, |s| libm::exp(shop.paces.at(staff, s.service)));
    let mut elapsed = (now - visit.since.unwrap_or(now)).max(0) as f64 / pace;
    let mut rest = 0.0;
    for (index, step) in steps.iter().enumerate() {
        let model = shop.model(step);
        let mean = model.mean_ms() as f64;
        if index + 1 < steps.len() && elapsed >= mean {
            elapsed -= mean;
            continue;
        }
        rest += model.remaining_ms(&model.on_path(0.5, 0.5), elapsed, 0.5);
        elapsed = 0.0;
    }
    (rest * pace) as i64
}

fn line(shop: &Shop) -> Vec<Other> {
    let waiting = shop.visits.values().filter(|v| v.stage == Stage::Waiting);
    waiting.map(|visit| Other::of(shop, visit)).collect()
}

/// Until when somebody will at the latest be called: while there is no time, nobody knows.
fn latest(shop: &Shop, visit: &Visit, now: Timestamp) -> Timestamp {
    let by = visit.promise().filter(|p| p.is_live()).map(|p| p.by.max(now));
    by.unwrap_or_else(|| super::looks_until(shop, now))
}

fn count(line: &[Other], me: Other, latest: Timestamp) -> u32 {
    let has_right = me.right_from.is_some();
    let before = |other: &&Other| {
        let right = other.right_from.filter(|_| !has_right);
        other.able & me.able != 0
            && other.place != me.place
            && (other.place < me.place || right.is_some_and(|from| from <= latest.0))
    };
    let (passing, others) = line.iter().filter(before).fold((0, 0), |(passing, others), other| {
        if other.passes { (passing + 1, others) } else { (passing, others + 1) }
    });
    // Whoever lets one pass lets this one pass, if there is no other.
    if others == 0 && !me.passes { 0 } else { passing + others }
}

/// How many in line go before somebody, of those whom somebody who can take them can take too.
#[must_use]
pub fn ahead(shop: &Shop, visit: &Visit, now: Timestamp) -> u32 {
    count(&line(shop), Other::of(shop, visit), latest(shop, visit, now))
}

/// Whether somebody may still come before a person in line who is not counted by [`ahead`]: then
/// that number is none to tell them, since it would be a promise.
///
/// Not looked at: who was called and is not there, which nobody knows before, and rights that
/// nobody expects.
#[must_use]
pub fn may_rise(shop: &Shop, visit: &Visit, now: Timestamp) -> bool {
    let claim = shop.claim(visit);
    // They let others go first, or cannot be called yet.
    if claim.passes || claim.from > now.0 || claim.right.is_some_and(|r| r.from > now.0) {
        return true;
    }
    let has_right = claim.right.is_some();
    if !has_right && expects_right(shop, claim.able, now) {
        return true;
    }
    let latest = latest(shop, visit, now);
    shop.visits.values().any(|other| {
        let is_earlier = other.place() < visit.place();
        let goes_first = |from: Timestamp| is_earlier || !has_right && from <= latest;
        match other.stage {
            // Who has one and is not there yet is in no line that anybody could see.
            Stage::Booked | Stage::Waiting if !other.checked_in && other.id != visit.id => {
                other.appointment.is_some_and(|a| goes_first(a.from))
                    && shop.able_now(other) & claim.able != 0
            }
            Stage::Serving | Stage::OnHold | Stage::Pending => {
                (is_earlier || other.right_at.is_some_and(goes_first))
                    && comes_back_to(shop, other, claim.able)
            }
            _ => false,
        }
    })
}

/// Whether those will come to the same people who will have a right to go first.
fn expects_right(shop: &Shop, able: Able, now: Timestamp) -> bool {
    let Some((services, _)) = shop.pulse.later_rights(now) else { return false };
    services.into_iter().any(|service| {
        let other = Visit::new(VisitId(u32::MAX), &[service], None, now, &shop.config);
        shop.able_now(&other) & able != 0
    })
}

/// Whether somebody who is not in line will be in that of these people again.
fn comes_back_to(shop: &Shop, other: &Visit, able: Able) -> bool {
    // What is done in the present sitting is over then.
    let served = if other.stage == Stage::Serving { other.sitting.max(1) } else { 0 };
    let steps = other.steps.get(other.done + served..).unwrap_or_default();
    let works = |step: &&VisitStep| step.kind.waits_for().is_none();
    steps.iter().filter(works).any(|step| shop.able(other, step) & able != 0)
}
