//! What `policy` needs to know of a shop: who is in line with which claim. Asked by whoever calls
//! the next one and by whoever forecasts.

use sooner_shared::view::{PromiseKind, Stage};
use sooner_shared::{StaffId, Timestamp, VisitId};

use crate::config::StepKind;
use crate::forecast::durations::{Learned, Model, Posterior};
use crate::policy::{Able, Claim, Line, NEVER, Right, Told};
use crate::visit::VisitStep;
use crate::{Shop, Visit};

impl Shop {
    /// Whom this person would call next.
    #[must_use]
    pub fn next_for(&self, staff: StaffId, now: Timestamp) -> Option<VisitId> {
        let person = self.config.position(staff)?;
        let (ids, line) = self.line();
        Some(ids[line.next(person, now.0)?])
    }

    /// Everybody who is in line or has an appointment, in the order of the line.
    #[must_use]
    pub fn line(&self) -> (Vec<VisitId>, Line) {
        let is_in = |v: &&Visit| matches!(v.stage, Stage::Waiting | Stage::Booked);
        let mut visits: Vec<_> = self.visits.values().filter(is_in).collect();
        visits.sort_unstable_by_key(|v| v.place());
        let claims = visits.iter().map(|v| self.claim(v)).collect();
        let ids = visits.iter().map(|v| v.id).collect();
        (ids, Line::new(claims, self.config.turnaround_ms))
    }

    /// What a visit needs next.
    #[must_use]
    pub fn claim(&self, visit: &Visit) -> Claim {
        let is_blocked = visit
            .group
            .and_then(|g| g.after)
            .is_some_and(|before| self.visits.get(&before).is_some_and(|v| !v.stage.is_over()));
        let not_before = visit.not_before.map_or(i64::MIN, |at| at.0);
        let appointment = visit.appointment.filter(|_| visit.started_at.is_none());
        let due = appointment.filter(|_| !visit.checked_in).map_or(i64::MIN, |a| a.from.0);
        // Of several times told the newest counts, but when it was told first: no right that was
        // given between goes before it.
        let first = visit.live().find(|p| p.kind == PromiseKind::Start);
        let told = visit
            .live()
            .filter(|p| p.kind == PromiseKind::Start)
            .last()
            .map(|p| Told { by: p.by.0, at: first.map_or(p, |first| first).made_at.0 });
        let given = visit.right_at.filter(|_| visit.started_at.is_none());
        Claim {
            able: self.able_now(visit),
            from: if is_blocked { NEVER } else { not_before.max(due) },
            passes: visit.missing || visit.lets_pass,
            right: appointment
                .map(|a| Right { from: a.from.0, given: a.given_at.0 })
                .or(given.map(|at| Right { from: at.0, given: at.0 })),
            told,
            takes_ms: self.planned_ms(visit, visit.done),
            can_wait: !visit.needs_customer(),
            held: appointment.and_then(|a| self.config.position(a.held)).map(|p| p as u8),
        }
    }

    /// Who may do a step of a visit.
    #[must_use]
    pub fn able(&self, visit: &Visit, step: &VisitStep) -> Able {
        let staff = self.config.staff.iter().enumerate();
        let able: Able = staff
            .filter(|(_, person)| self.config.does(person, step))
            .fold(0, |able, (position, _)| able | 1 << position);
        if step.kind != StepKind::Chair && !visit.is_call_back() {
            return able;
        }
        let wanted = if visit.is_call_back() { visit.owner } else { visit.requested };
        let keeper = visit.keeper.filter(|&staff| self.is_on_duty(staff));
        // Whom they asked for may not do every step: what that person does not do, any other does.
        [keeper, wanted]
            .into_iter()
            .flatten()
            .filter_map(|staff| self.config.position(staff))
            .map(|position| able & 1 << position)
            .find(|&one| one != 0)
            .unwrap_or(able)
    }

    /// Who may do what is next for a visit; nobody when nothing is.
    #[must_use]
    pub fn able_now(&self, visit: &Visit) -> Able {
        visit.step().map_or(0, |step| self.able(visit, step))
    }

    /// For how long to plan the sitting that begins with a step, in milliseconds.
    #[must_use]
    pub fn planned_ms(&self, visit: &Visit, from_step: usize) -> i64 {
        let steps = visit.steps.get(from_step..).unwrap_or_default();
        let chair = steps.iter().take_while(|s| s.kind == StepKind::Chair).count().max(1);
        steps.iter().take(chair).map(|step| self.posterior(step).planned_ms()).sum()
    }

    /// What is believed of how long a step takes.
    #[must_use]
    pub fn posterior(&self, step: &VisitStep) -> Posterior {
        let posterior = self.taught(step).map_or_else(
            || Learned::default().posterior(step.nominal_ms),
            |learned| learned.posterior(step.nominal_ms),
        );
        posterior.at_speed(self.speed_of(step))
    }

    /// The same, ready to be drawn from.
    #[must_use]
    pub fn model(&self, step: &VisitStep) -> Model {
        let speed = self.speed_of(step);
        self.taught(step).map_or_else(
            || Learned::default().model(step.nominal_ms, speed),
            |learned| learned.model(step.nominal_ms, speed),
        )
    }

    fn taught(&self, step: &VisitStep) -> Option<&Learned> {
        self.learned.get(&step.service)?.get(usize::from(step.index))
    }

    /// Only work is slower when people are.
    fn speed_of(&self, step: &VisitStep) -> f64 {
        if step.kind.waits_for().is_none() { self.paces.speed() } else { 0.0 }
    }
}
