//! When a time that was told is moved.
//!
//! * **Earlier**, when the 99 % quantile of what is left to wait is at least one step before the
//!   time told: who is in the shop is told that quantile; who is elsewhere is invited, and keeps
//!   their time unless they say yes. Whoever comes at the time they were told first still finds
//!   their place. Telling the running quantile at the share to keep instead would let down those who
//!   were lucky once.
//! * **Later**, a renegotiation, when the time told will be missed with a chance of 0.65.
//!   It is proposed first: staff have a minute and a half to prevent it, and where it is still likely
//!   then, the quantile at the share to keep is told. By Doob's inequality for the martingale
//!   P(break | what is known), which starts at 1 - share, no more than (1 - share)/0.65 of all people
//!   see a later time where first promises are calibrated. Once; a second one is proposed to staff
//!   for a person to say, and never sent.
//!
//! A promise is *at risk* from a lower chance on, when staff are shown what would keep it
//! ([`crate::remedy`]); that is recorded once for each, so that misses and false alarms can be
//! counted.
//!
//! The draws of the simulation are tied to visits, so that looking again is not drawing again. What
//! was told first stays a promise, and is scored.

use std::collections::BTreeMap;

use sooner_shared::view::{PromiseKind, Stage};
use sooner_shared::{Timestamp, VisitId};

use super::{Estimate, is_in_time};
use crate::care::PROPOSED_MS;
use crate::decide::{grounds, told_by};
use crate::promise::Promise;
use crate::{Event, Shop, Visit, roster};

/// The share, in thousandths, at which an earlier time is sure enough.
const SURE_PERMILLE: u16 = 990;

/// From this chance of a break on, in thousandths, a later time is told.
pub const LIKELY_BROKEN_PERMILLE: u16 = 650;

/// Below this chance, in thousandths, what was proposed is dropped.
const UNLIKELY_PERMILLE: u16 = 450;

/// From this chance of a break on, in thousandths, a promise is at risk.
pub const AT_RISK_PERMILLE: u16 = 250;

/// Nobody is told another time for something that is so near, in milliseconds: they come.
const NEAR_MS: i64 = 2 * 60_000;

/// Who is to come within so long is invited to come earlier, in milliseconds.
const INVITED_WITHIN_MS: i64 = 90 * 60_000;

/// Nobody is asked to come sooner than that, in milliseconds.
const COMES_IN_MS: i64 = 10 * 60_000;

/// Until so long before the minute somebody who is late is hoped for, in milliseconds.
const AWAITED_MS: i64 = 20 * 60_000;

/// So often somebody is invited, at most.
const INVITED_MOST: u8 = 3;

/// Nobody is told earlier times more often than this; the rest of what a visit may be told is for
/// bad news and for their own wishes.
const TOLD_MOST: usize = 25;

/// What follows from how things look, from estimates that know the shop's last event.
#[must_use]
pub fn moves(shop: &Shop, estimates: &BTreeMap<VisitId, Estimate>, now: Timestamp) -> Vec<Event> {
    if shop.silent_since.is_some() {
        return Vec::new(); // nobody knows how things stand
    }
    // News come when somebody says something: that they are due is a task, and no look ahead.
    let moves = |v: &&Visit| awaits(v) && v.group.is_none() && v.kind != PromiseKind::News;
    let told = shop.visits.values().filter(moves);
    // Whose minute has passed is told their next time beside.
    told.filter(|v| !v.needs_next_time())
        .flat_map(|visit| match estimates.get(&visit.id) {
            Some(estimate) => Look { shop, estimate, visit, now }.events(),
            None => without(shop, visit, now),
        })
        .collect()
}

/// Nobody will call them today: that is said once, and their promise is at risk.
fn without(shop: &Shop, visit: &Visit, now: Timestamp) -> Vec<Event> {
    let Some(told) = to_keep(visit, now) else { return Vec::new() };
    let news = left_without(shop, visit, told, now);
    danger(visit, told, 1_000).into_iter().chain(news).collect()
}

/// That a promise is in danger is noted once.
fn danger(visit: &Visit, told: &Promise, permille: u16) -> Option<Event> {
    let is_new = visit.care.at_risk < Some(told.no);
    let (visit, no) = (visit.id, told.no);
    (is_new && permille >= AT_RISK_PERMILLE).then_some(Event::AtRisk { visit, no, permille })
}

fn left_without(shop: &Shop, visit: &Visit, told: &Promise, now: Timestamp) -> Option<Event> {
    let staff = visit.is_without_whom(shop);
    // Who has not come yet mostly comes: that is no news while there is time for it.
    let may_come = staff.is_some_and(|staff| roster::is_unseen(shop, staff, now));
    if may_come && told.by > now + AWAITED_MS {
        return None;
    }
    let is_new = visit.care.without != Some(staff) && visit.kind == PromiseKind::Start;
    is_new.then_some(Event::LeftWithout { visit: visit.id, staff })
}

/// Whether somebody stands in line for what was promised to them.
pub(crate) fn awaits(visit: &Visit) -> bool {
    visit.stage == Stage::Waiting && visit.is_owed() && visit.started_at.is_none()
}

/// The promise that is to be kept: the newest, or, where that one was missed, one told before it.
pub(crate) fn to_keep(visit: &Visit, now: Timestamp) -> Option<&Promise> {
    let newest = visit.promise()?;
    if newest.is_live() && newest.by > now {
        return Some(newest);
    }
    visit.live().find(|p| p.kind == visit.kind && p.by > now)
}

/// One person's time, looked at.
struct Look<'a> {
    shop: &'a Shop,
    estimate: &'a Estimate,
    visit: &'a Visit,
    now: Timestamp,
}

impl Look<'_> {
    fn events(&self) -> Vec<Event> {
        let Some(told) = to_keep(self.visit, self.now) else { return Vec::new() };
        let is_newest = self.visit.promise() == Some(told);
        let earlier = if is_newest { self.earlier(told) } else { None };
        let permille = self.estimate.missed_permille(self.shop, told, self.now);
        let later = || self.later(told, permille);
        let danger = danger(self.visit, told, permille);
        danger.into_iter().chain(earlier.or_else(later)).collect()
    }

    fn promised(&self, by: Timestamp) -> Event {
        let Self { shop, estimate, visit, now } = *self;
        told_by(visit, by, grounds(shop, visit, estimate, now))
    }

    fn earlier(&self, told: &Promise) -> Option<Event> {
        let Self { shop, estimate, visit, now } = *self;
        let by = estimate.at_share(SURE_PERMILLE, shop, now)?;
        // What takes days is not brought forward by minutes.
        let worth_ms = shop.config.step_ms.max((told.by - now) / 20);
        let may = visit.promises.len() < TOLD_MOST && told.by > now + NEAR_MS;
        if !may || by + worth_ms > told.by || !is_in_time(shop, visit.kind, estimate, now) {
            return None;
        }
        if visit.checked_in || !visit.needs_customer() || visit.is_call_back() {
            return Some(self.promised(by));
        }
        let care = visit.care;
        let is_asked = visit.invitation(now).is_some() || care.declined;
        let is_near = told.by <= now + INVITED_WITHIN_MS && told.by > now + 2 * NEAR_MS;
        // They need time to come.
        let by = by.max((now + COMES_IN_MS).round_up(shop.config.step_ms));
        let is_worth = by + worth_ms <= told.by;
        let may_ask = !is_asked && is_near && is_worth && care.invitations < INVITED_MOST;
        may_ask.then_some(Event::Invited { visit: visit.id, by })
    }

    /// What follows when it is missed with a chance of `permille`.
    fn later(&self, told: &Promise, permille: u16) -> Option<Event> {
        let Self { shop, estimate, visit, now } = *self;
        let id = visit.id;
        let proposed = visit.care.proposed;
        if permille < UNLIKELY_PERMILLE {
            let is_open = proposed.is_some() || visit.care.without.is_some();
            return is_open.then_some(Event::ProposalDropped { visit: id });
        }
        if !is_in_time(shop, visit.kind, estimate, now) {
            // Nobody is told today that they will be served tomorrow.
            let is_likely = permille >= LIKELY_BROKEN_PERMILLE;
            return left_without(shop, visit, told, now).filter(|_| is_likely);
        }
        // Who could only just be called in time is called, or was let down: there is nothing to plan.
        let is_close = told.by - now <= shop.config.turnaround_ms;
        let by = estimate.promise_by(shop, now);
        if permille < LIKELY_BROKEN_PERMILLE || is_close || by <= told.by {
            return None;
        }
        let is_second = visit.was_told_later(visit.kind);
        match proposed {
            None if is_second => Some(Event::LaterProposed { visit: id, by, in_person: true }),
            // Where no time is left for remedies, the truth comes first.
            None if told.by - now <= PROPOSED_MS + shop.config.turnaround_ms => {
                Some(self.promised(by))
            }
            None => Some(Event::LaterProposed { visit: id, by, in_person: false }),
            Some(proposal) if proposal.in_person => None,
            Some(proposal) => (now >= proposal.at + PROPOSED_MS).then(|| self.promised(by)),
        }
    }
}

impl Visit {
    /// Whether the shop has moved a time of this kind later.
    #[must_use]
    pub fn was_told_later(&self, kind: PromiseKind) -> bool {
        self.promises.iter().any(|p| p.kind == kind && p.postponed)
    }
}
