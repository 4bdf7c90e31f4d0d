//! Who is next, said a second time: from who stands where, and not from the shop's rule.

use sooner_engine::promise::Promise;
use sooner_engine::{Shop, StepKind};
use sooner_shared::view::PromiseKind;
use sooner_shared::{StaffId, Timestamp, VisitId};

use super::{Model, Person, Place};

impl Model {
    /// Who may take what is next for somebody: in the chair and on the phone, whoever served them
    /// before and is there; else whom they asked for, if they can; else whoever can.
    pub(super) fn takers(&self, person: &Person) -> Vec<StaffId> {
        let staff = self.config.staff.iter().map(|p| p.id);
        let able: Vec<_> = staff.filter(|&id| person.plan.is_for(id, &self.config)).collect();
        let rings = person.plan.promises(&self.config) == PromiseKind::CallBack;
        if person.plan.next() != Some(StepKind::Chair) && !rings {
            return able;
        }
        let keeper = person.keeper.filter(|staff| self.on_duty.contains(staff));
        let asked = if rings { person.owner } else { person.requested };
        let one = [keeper, asked].into_iter().flatten().find(|staff| able.contains(staff));
        one.map_or(able, |one| vec![one])
    }

    /// Whom a person should call: who has a right to go first, unless that breaks an older promise
    /// to somebody who could be called instead; else who came first, but no work that can wait before who would be too
    /// late after it. Whoever lets others pass comes after them, and the time that is kept for an
    /// appointment is left to it.
    pub(super) fn next_for(&self, staff: StaffId, shop: &Shop, now: Timestamp) -> Option<VisitId> {
        let mut line: Vec<_> =
            self.people.iter().filter(|(_, p)| self.is_callable(p, staff, now)).collect();
        line.sort_by_key(|&(&id, p)| p.stands(id));
        let (here, passing): (Vec<_>, Vec<_>) = line.into_iter().partition(|(_, p)| !p.passes());
        let fits = |id: VisitId| self.leaves_kept_time(id, staff, shop, now);
        let goes_first = |&&(&id, person): &&(&VisitId, &Person)| {
            person.right(now).is_some_and(|given| {
                let spares = |other| id == other || !self.hurts(other, id, given, shop, now);
                fits(id) && here.iter().all(|&(&other, _)| spares(other))
            })
        };
        let by_right = here.iter().find(goes_first);
        let in_turn = || here.iter().chain(&passing).find(|&&(&id, _)| fits(id));
        let &(&id, person) = by_right.or_else(in_turn)?;
        if by_right.is_some() || !person.can_wait() || person.passes() {
            return Some(id);
        }
        // Nobody waits in the shop for it: who was told a time before it would be done is first.
        let done_at = now + takes_ms(id, shop) + self.config.turnaround_ms;
        let is_pressing = |&&(&other, p): &&(&VisitId, &Person)| {
            !p.can_wait() && fits(other) && told(other, shop).is_some_and(|t| t.by < done_at)
        };
        let pressing = here.iter().find(is_pressing);
        pressing.map(|&(&other, _)| other).or(Some(id))
    }

    fn is_callable(&self, person: &Person, staff: StaffId, now: Timestamp) -> bool {
        let is_over = |id| matches!(self.people[&id].place, Place::Over(_));
        let is_early = person.held.is_some()
            && !person.started
            && !person.checked_in
            && person.stands_at > now;
        matches!(person.place, Place::Line | Place::Booked)
            && person.after.is_none_or(is_over)
            && person.not_before.is_none_or(|at| at <= now)
            && !is_early
            && self.takers(person).contains(&staff)
    }

    /// Whether somebody would be out again before the time that a person keeps for appointments.
    fn leaves_kept_time(&self, id: VisitId, staff: StaffId, shop: &Shop, now: Timestamp) -> bool {
        let turnaround_ms = self.config.turnaround_ms;
        let out_at = now + turnaround_ms + takes_ms(id, shop);
        self.people
            .iter()
            .filter(|&(&other, p)| other != id && p.keeps_time_of(staff, now))
            .filter_map(|(&other, _)| told(other, shop))
            .all(|promise| out_at + turnaround_ms <= promise.by)
    }

    /// Whether somebody who was told a time before the right was given would be late for the sake
    /// of it.
    fn hurts(
        &self,
        other: VisitId,
        id: VisitId,
        given: Timestamp,
        shop: &Shop,
        now: Timestamp,
    ) -> bool {
        let start = now + self.config.turnaround_ms;
        let after = start + takes_ms(id, shop) + self.config.turnaround_ms;
        told(other, shop).is_some_and(|p| p.made_at < given && start <= p.by && p.by < after)
    }
}

impl Person {
    /// Where in line.
    pub(super) fn stands(&self, id: VisitId) -> (Timestamp, VisitId) {
        self.stands_as.unwrap_or((self.stands_at, id))
    }

    fn passes(&self) -> bool {
        self.missing || self.lets_pass
    }

    /// Whether nobody waits in the shop for what is next.
    fn can_wait(&self) -> bool {
        self.plan.next() != Some(StepKind::Chair)
    }

    /// When the right was given that counts by now.
    fn right(&self, now: Timestamp) -> Option<Timestamp> {
        let (from, given) = match self.held {
            Some((_, given)) => (self.stands_at, given),
            None => (self.right_at?, self.right_at?),
        };
        (!self.started && from <= now).then_some(given)
    }

    fn keeps_time_of(&self, staff: StaffId, now: Timestamp) -> bool {
        matches!(self.place, Place::Line | Place::Booked)
            && self.held.is_some_and(|(held, _)| held == staff)
            && !self.started
            && self.stands_at > now
    }
}

fn takes_ms(id: VisitId, shop: &Shop) -> i64 {
    let visit = &shop.visits[&id];
    shop.planned_ms(visit, visit.done)
}

/// The newest time told, as if it had been told when the first was.
fn told(id: VisitId, shop: &Shop) -> Option<Promise> {
    let mut live = shop.visits[&id].live().filter(|p| p.kind == PromiseKind::Start);
    let first = *live.next()?;
    let newest = live.last().copied().unwrap_or(first);
    Some(Promise { made_at: first.made_at, ..newest })
}
