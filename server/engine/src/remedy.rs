//! What would keep promises in danger: changes that staff can make, each tried in the same
//! simulation with the same random numbers, best first.
//!
//! Tried are, for those most in danger: another person keeps the time of an appointment or takes them, or the next free chair; they
//! change places with somebody who has time; somebody before them goes to another person; a break
//! that lies before them begins later or at once; somebody who comes for several things comes for the first
//! of them today; somebody who is off comes in. A break is never given up, and nothing is proposed
//! that puts as many promises in danger as it keeps.

use std::collections::{BTreeMap, BTreeSet};

use sooner_shared::price::{Asks, Remedy};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Command, Timestamp, VisitId};

use crate::decide::shop_after;
use crate::forecast::moves::{AT_RISK_PERMILLE, awaits, to_keep};
use crate::forecast::{self, Estimate};
use crate::{Shop, Visit, roster};

/// For so many promises remedies are looked for.
const PROMISES: usize = 3;

/// So many of those before them are looked at.
const BEFORE: usize = 4;

/// So many changes are tried at most.
const TRIED: usize = 32;

/// In so many futures.
const PATHS: u16 = 200;

/// So many remedies are shown.
const SHOWN: usize = 4;

/// Who is rung comes in so long, in milliseconds.
const COMES_IN_MS: i64 = 30 * MINUTE_MS;

/// Below this chance of a break, in thousandths, a promise in danger counts as kept.
const KEPT_PERMILLE: u16 = 200;

/// What keeps less than this is not worth the trouble, in thousandths of a promise.
const WORTH_PERMILLE: i64 = 150;

/// Times that people are asked to agree on are told in steps of this, in milliseconds.
const STEP_MS: i64 = 5 * MINUTE_MS;

/// The promises that are at risk at `now`, those most in danger first.
#[must_use]
pub fn at_risk(
    shop: &Shop,
    estimates: &BTreeMap<VisitId, Estimate>,
    now: Timestamp,
) -> Vec<VisitId> {
    let mut risks: Vec<_> = chances(shop, estimates, now)
        .into_iter()
        .filter(|&(_, permille)| permille >= AT_RISK_PERMILLE)
        .collect();
    risks.sort_unstable_by_key(|&(id, permille)| (std::cmp::Reverse(permille), id));
    risks.into_iter().map(|(id, _)| id).collect()
}

/// The chance of a break of each promise that can still be kept, in thousandths.
pub(crate) fn chances(
    shop: &Shop,
    estimates: &BTreeMap<VisitId, Estimate>,
    now: Timestamp,
) -> BTreeMap<VisitId, u16> {
    let waiting = shop.visits.values().filter(|v| awaits(v));
    let chance = |v: &Visit| {
        let told = to_keep(v, now)?;
        match estimates.get(&v.id) {
            Some(estimate) => Some((v.id, estimate.missed_permille(shop, told, now))),
            // Nobody will call them; who is merely not looked at yet is no matter.
            None => v.care.without.map(|_| (v.id, 1_000)),
        }
    };
    waiting.filter_map(chance).collect()
}

/// What would keep promises that are at risk, best first.
#[must_use]
pub fn remedies(
    shop: &Shop,
    estimates: &BTreeMap<VisitId, Estimate>,
    now: Timestamp,
) -> Vec<Remedy> {
    let at_risk = at_risk(shop, estimates, now);
    if at_risk.is_empty() || shop.silent_since.is_some() {
        return Vec::new();
    }
    let trial = shop.in_futures(PATHS);
    let before = chances(&trial, &forecast::visits(&trial, now), now);
    let mut found: Vec<_> = candidates(&trial, &at_risk, now)
        .into_iter()
        .take(TRIED)
        .filter_map(|(command, asks)| tried(&trial, &before, command, asks, now))
        .filter(|(gain, r)| *gain >= WORTH_PERMILLE && r.keeps.len() > 2 * r.moves.len())
        .collect();
    // A stable sort: of two that are worth the same, what was thought of first is easier.
    found.sort_by_key(|(gain, r)| (std::cmp::Reverse(gain / 100), r.asks.is_some()));
    let mut shown: Vec<Remedy> = Vec::new();
    for (_, remedy) in found {
        let same =
            |r: &&Remedy| r.command.visit() == remedy.command.visit() && r.keeps == remedy.keeps;
        if shown.iter().filter(same).count() == 0 {
            shown.push(remedy);
        }
    }
    shown.truncate(SHOWN);
    shown
}

/// What a change would keep and put in danger, and by how much less is expected to break then, in
/// thousandths of a promise.
fn tried(
    shop: &Shop,
    before: &BTreeMap<VisitId, u16>,
    command: Command,
    asks: Option<Asks>,
    now: Timestamp,
) -> Option<(i64, Remedy)> {
    let after = shop_after(shop, &command, now).ok()?;
    let then = forecast::visits(&after, now);
    let (mut keeps, mut moves, mut gain) = (Vec::new(), Vec::new(), 0);
    for (&id, &was) in before {
        let told = to_keep(shop.visits.get(&id)?, now)?;
        let chance = then.get(&id).map_or(1_000, |e| e.missed_permille(shop, told, now));
        gain += i64::from(was) - i64::from(chance);
        if was >= AT_RISK_PERMILLE && chance < KEPT_PERMILLE {
            keeps.push(id);
        } else if was < AT_RISK_PERMILLE && chance >= AT_RISK_PERMILLE {
            moves.push(id);
        }
    }
    (!keeps.is_empty()).then_some((gain, Remedy { command, keeps, moves, asks }))
}

/// What can be tried, what is easiest first.
fn candidates(shop: &Shop, at_risk: &[VisitId], now: Timestamp) -> Vec<(Command, Option<Asks>)> {
    let mut all = Vec::new();
    let line = shop.waiting();
    let mut looked_at = BTreeSet::new();
    for &visit in at_risk.iter().take(PROMISES) {
        let Some(v) = shop.visits.get(&visit) else { continue };
        all.extend(kept_by_others(shop, v));
        all.extend(to_others(shop, v));
        let able = shop.able_now(v);
        let before: Vec<_> = line
            .iter()
            .copied()
            .take_while(|other| other.id != visit)
            .filter(|other| shop.able_now(other) & able != 0)
            .collect();
        // Whom it costs least: those right before them.
        for other in before.iter().rev().take(BEFORE) {
            all.push((Command::MoveBefore { visit, before: Some(other.id) }, None));
            if looked_at.insert(other.id) {
                all.extend(kept_by_others(shop, other));
                all.extend(to_others(shop, other));
                all.extend(shorter(other));
            }
        }
        if let Some(first) = before.first().filter(|_| before.len() > BEFORE) {
            all.push((Command::MoveBefore { visit, before: Some(first.id) }, None));
        }
        all.extend(shorter(v));
        all.extend(breaks_moved(shop, v, now));
        all.extend(calls_in(shop, v, now));
    }
    let mut seen = Vec::new();
    all.retain(|(command, _)| {
        let is_new = !seen.contains(command);
        if is_new {
            seen.push(command.clone());
        }
        is_new
    });
    all
}

/// Who asked for a person goes to another, or to whoever is free first.
fn to_others(shop: &Shop, v: &Visit) -> Vec<(Command, Option<Asks>)> {
    let Some(wanted) = v.requested.filter(|_| v.needs_customer()) else {
        return Vec::new();
    };
    let Some(step) = v.step() else { return Vec::new() };
    let visit = v.id;
    let asks = Some(Asks::Visit(visit));
    let able = shop.config.staff.iter().filter(|p| shop.is_on_duty(p.id) && p.id != wanted);
    let able = able.filter(|p| shop.config.does(p, step));
    let colleagues = able.map(|p| (Command::AskFor { visit, staff: Some(p.id) }, asks));
    let anybody = std::iter::once((Command::AskFor { visit, staff: None }, asks));
    colleagues.chain(anybody).collect()
}

/// Another person keeps their time for an appointment that is for nobody by name.
fn kept_by_others(shop: &Shop, v: &Visit) -> Vec<(Command, Option<Asks>)> {
    let held = v.appointment.filter(|_| v.requested.is_none()).map(|a| a.held);
    let (Some(held), Some(step)) = (held, v.step()) else { return Vec::new() };
    let staff = shop.config.staff.iter().filter(|p| shop.is_on_duty(p.id) && p.id != held);
    let able = staff.filter(|p| shop.config.does(p, step));
    able.map(|p| (Command::KeepFor { visit: v.id, staff: p.id }, None)).collect()
}

/// Who comes for several things comes for the first of them today.
fn shorter(v: &Visit) -> Option<(Command, Option<Asks>)> {
    let may = v.services.len() > 1 && v.appointment.is_none() && v.started_at.is_none();
    may.then(|| {
        let services = vec![v.services[0]];
        (Command::ChangeServices { visit: v.id, services }, Some(Asks::Visit(v.id)))
    })
}

/// A break that would begin before the promised minute begins after it, or now.
fn breaks_moved(shop: &Shop, v: &Visit, now: Timestamp) -> Vec<(Command, Option<Asks>)> {
    let Some(told) = to_keep(v, now) else { return Vec::new() };
    let able = shop.able_now(v);
    roster::presences(shop, now, 1)
        .into_iter()
        .filter(|p| able >> p.position & 1 == 1)
        .flat_map(|p| {
            let staff = shop.config.staff[p.position].id;
            let chair = shop.chairs.get(&staff).filter(|c| c.on_duty && c.break_until.is_none());
            // Moved once, a break stays.
            let may = chair.is_some_and(|c| c.break_at.is_none());
            let planned = p.breaks.iter().map(|b| b.0).find(|&at| may && at <= told.by + STEP_MS);
            let later = planned.map(|planned| (told.by + STEP_MS).max(planned));
            let sooner = planned.filter(|&at| at > now + 2 * STEP_MS).map(|_| now + STEP_MS / 2);
            let asks = Some(Asks::Staff(staff));
            [later, sooner]
                .into_iter()
                .flatten()
                .map(move |at| (Command::MoveBreak { staff, at: at.round_up(STEP_MS) }, asks))
        })
        .collect()
}

/// Somebody who is off comes in.
fn calls_in(shop: &Shop, v: &Visit, now: Timestamp) -> Vec<(Command, Option<Asks>)> {
    let Some(step) = v.step() else { return Vec::new() };
    let there: Vec<_> = roster::presences(shop, now, 1)
        .into_iter()
        .filter(|p| p.windows.iter().any(|w| w.from < now + 2 * COMES_IN_MS))
        .map(|p| p.position)
        .collect();
    let staff = shop.config.staff.iter().enumerate();
    staff
        .filter(|(position, p)| !there.contains(position) && shop.config.does(p, step))
        .filter(|(_, p)| !shop.is_on_duty(p.id))
        // Who has gone home or was not seen today is not rung.
        .filter(|(_, p)| shop.chairs.get(&p.id).is_some_and(|c| c.left_at.is_none()))
        .filter(|(_, p)| !roster::is_unseen(shop, p.id, now))
        .map(|(_, p)| {
            let at = (now + COMES_IN_MS).round_up(STEP_MS);
            (Command::ExpectStaff { staff: p.id, at }, Some(Asks::Staff(p.id)))
        })
        .collect()
}
