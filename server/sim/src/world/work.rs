//! Calling, beginning, ending: what staff do about one customer, and what they make of answers.

use sooner_engine::Service;
use sooner_engine::config::StepKind;
use sooner_shared::command::Command;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{PromiseKind, Stage};
use sooner_shared::{Problem, ProblemCode, Receipt, ServiceId, StaffId, Timestamp, VisitId};

use super::desk::Chore;
use super::staff::{Colleague, Doing};
use super::{Desk, World};

/// Who was called and is not there is waited for so long, while somebody else waits.
const PATIENCE_MS: i64 = 4 * MINUTE_MS;

impl World {
    /// Somebody was called: they come, or they do not.
    pub(super) fn awaits(
        &mut self,
        me: &mut Colleague,
        visit: VisitId,
        since: Timestamp,
        returns: bool,
        now: Timestamp,
        desk: &Desk,
    ) -> Option<Command> {
        let card = desk.cards.get(&visit).filter(|card| card.stage == Stage::Called);
        let Some(card) = card else {
            self.is_free(me, now, 2_000);
            return None;
        };
        let at_chair_at = self.guest_of(visit).and_then(|guest| guest.at_chair_at);
        if at_chair_at.is_some_and(|at| at <= now) {
            return Some(Command::Start { visit, staff: me.id });
        }
        if returns {
            return Some(Command::ReturnToLine { visit });
        }
        let patience_at = since + PATIENCE_MS;
        let held_until = card.by.map_or(patience_at, |by| by + self.config.hold_ms);
        if now >= patience_at {
            if now > held_until {
                return Some(Command::MarkNoShow { visit });
            }
            if self.sees_somebody(me, desk) {
                return Some(Command::ReturnToLine { visit });
            }
        }
        let mut at = now + MINUTE_MS;
        if now < patience_at {
            at = patience_at;
        }
        if let Some(comes_at) = at_chair_at {
            // A cloth around the shoulders, and then the tap.
            at = at.min(comes_at + me.chance.ms(3_000, 25_000));
        }
        self.rouse(me, at);
        None
    }

    /// The work is over: the tap, unless it is forgotten.
    pub(super) fn ends_work(
        &mut self,
        me: &mut Colleague,
        visit: VisitId,
        looked: bool,
        now: Timestamp,
        desk: &Desk,
    ) -> Option<Command> {
        let waits = now >= me.looks_at && self.sees_somebody(me, desk);
        if !looked {
            let share = if waits { self.habits.forgets_busy } else { self.habits.forgets_quiet };
            if me.chance.happens(share) {
                let ms = if waits {
                    me.chance.ms(3 * MINUTE_MS, 12 * MINUTE_MS)
                } else if me.chance.happens(0.7) {
                    me.chance.ms(5 * MINUTE_MS, 60 * MINUTE_MS)
                } else {
                    me.chance.ms(60 * MINUTE_MS, 300 * MINUTE_MS)
                };
                self.counts.forgotten += 1;
                me.doing = Doing::Forgot { visit, until: now + ms };
                let ends_at = me.stints.front().map_or(now, |stint| stint.window.to);
                self.rouse(me, (now + ms).min(ends_at.max(now + MINUTE_MS)));
                return None;
            }
            me.doing = Doing::With { visit, ends_at: now, looked: true };
            if me.reported {
                me.reported = false;
                self.chore(now, Chore::EndDelay(me.id));
            }
        }
        let goes = me.may_go(now) && !self.stays_on(me, now, desk);
        if waits && !goes && me.break_due(now).is_none() {
            return Some(Command::CallNext { staff: me.id, after: Some(visit) });
        }
        Some(Command::Finish { visit })
    }

    fn is_free(&mut self, me: &mut Colleague, now: Timestamp, after_ms: i64) {
        me.doing = Doing::Free;
        self.rouse(me, now + after_ms);
    }

    pub(super) fn staff_answered(
        &mut self,
        id: StaffId,
        command: &Command,
        answer: Result<&Receipt, &Problem>,
        now: Timestamp,
        desk: &Desk,
    ) {
        let Some(mut me) = self.staff.remove(&id) else { return };
        match answer {
            Ok(receipt) => self.was_done(&mut me, command, receipt, now, desk),
            Err(problem) => self.was_refused(&mut me, command, problem, now),
        }
        self.staff.insert(id, me);
    }

    fn was_done(
        &mut self,
        me: &mut Colleague,
        command: &Command,
        receipt: &Receipt,
        now: Timestamp,
        desk: &Desk,
    ) {
        match *command {
            Command::GoOnDuty { .. } => self.is_on_duty(me, now),
            Command::CallNext { .. } => {
                let called = receipt.visit.and_then(|v| desk.cards.get(&v).map(|card| (v, card)));
                match called {
                    Some((visit, card)) if card.stage == Stage::Serving => {
                        self.begins_work(me, visit, now, desk);
                    }
                    Some((visit, _)) => {
                        me.doing = Doing::Awaiting { visit, since: now, returns: false };
                        self.rouse(me, now);
                    }
                    None => self.is_free(me, now, 5_000),
                }
            }
            Command::Start { visit, .. } => self.begins_work(me, visit, now, desk),
            Command::TakeBreak { ms, .. } => {
                self.counts.breaks += 1;
                if let Some(stint) = me.stints.front_mut() {
                    stint.breaks.pop_front();
                }
                let late_ms = me.chance.exponential(3.0 * MINUTE_MS as f64) as i64;
                me.doing = Doing::Break { until: now + ms + late_ms };
                self.rouse(me, now + ms + late_ms);
            }
            Command::GoOffDuty { .. } => self.goes_home(me, now),
            Command::MarkNoShow { .. } | Command::ReturnToLine { .. } => {
                me.looks_at = now;
                self.is_free(me, now, 4_000);
            }
            _ => {
                let ms = me.chance.ms(2_000, 20_000);
                self.is_free(me, now, ms);
            }
        }
    }

    fn was_refused(
        &mut self,
        me: &mut Colleague,
        command: &Command,
        problem: &Problem,
        now: Timestamp,
    ) {
        match (command, problem.code) {
            (Command::GoOnDuty { .. }, ProblemCode::AlreadyOnDuty) => self.is_on_duty(me, now),
            (Command::GoOffDuty { .. }, ProblemCode::NotOnDuty) => self.goes_home(me, now),
            (_, ProblemCode::NotOnDuty) => {
                me.doing = Doing::Away;
                if let Some(stint) = me.stints.front_mut() {
                    stint.comes_at = Some(now + MINUTE_MS);
                }
                self.rouse(me, now + MINUTE_MS);
            }
            (_, ProblemCode::OnBreak) => {
                me.doing = Doing::Break { until: now };
                self.rouse(me, now + 2_000);
            }
            (Command::CallNext { after, .. }, ProblemCode::NobodyWaiting) => {
                me.sees_nobody(now);
                match after {
                    // The one in the chair is sent on their way by another tap.
                    Some(_) => self.rouse(me, now + 2_000),
                    None => self.is_free(me, now, 2_000),
                }
            }
            (&Command::MarkNoShow { visit }, ProblemCode::PlaceIsSafe) => {
                me.doing = Doing::Awaiting { visit, since: now, returns: true };
                self.rouse(me, now + 2_000);
            }
            (Command::TakeBreak { .. }, _) => {
                if let Some(stint) = me.stints.front_mut() {
                    stint.breaks.pop_front();
                }
                self.is_free(me, now, 10_000);
            }
            (Command::GoOnDuty { .. }, _) => self.rouse(me, now + 3 * MINUTE_MS),
            _ => {
                me.sees_nobody(now);
                self.is_free(me, now, 20_000);
            }
        }
    }

    fn is_on_duty(&mut self, me: &mut Colleague, now: Timestamp) {
        me.since = now;
        me.looks_at = now;
        let ms = me.chance.ms(5_000, 60_000);
        self.is_free(me, now, ms);
    }

    fn goes_home(&mut self, me: &mut Colleague, now: Timestamp) {
        me.doing = Doing::Away;
        me.stints.pop_front();
        self.rouse(me, now);
    }

    /// Work has begun: how long it will take is settled here, unknown to all.
    fn begins_work(&mut self, me: &mut Colleague, visit: VisitId, now: Timestamp, desk: &Desk) {
        let day = self.plan.day(now);
        let waits = self.sees_somebody(me, desk);
        let Some(id) = self.visits.get(&visit).copied() else {
            return self.is_free(me, now, MINUTE_MS);
        };
        let Some(guest) = self.guests.get_mut(&id) else { return };
        let Some((task, kind)) = guest.task() else { return };
        let took = self.truth.work(&mut guest.chance, task, me.id, day, now - me.since);
        let wants_more = kind == StepKind::Chair && guest.chance.happens(self.habits.add_ons);
        if wants_more && let Some(service) = self.extra(me) {
            self.chore(now + took.ms / 2, Chore::AddOn(visit, service));
        }
        self.counts.works += 1;
        if took.overran {
            self.counts.overran += 1;
            if waits && me.chance.happens(self.habits.reports_delay) {
                me.reported = true;
                self.chore(now + took.ms * 2 / 3, Chore::Delay(me.id, 10 * MINUTE_MS));
            }
        }
        me.doing = Doing::With { visit, ends_at: now + took.ms, looked: false };
        self.rouse(me, now + took.ms);
    }

    /// Something small that they could do as well.
    fn extra(&self, me: &mut Colleague) -> Option<ServiceId> {
        let person = self.config.person(me.id)?;
        let is_small = |service: &&Service| {
            service.steps.is_empty()
                && service.promise == PromiseKind::Start
                && person.services.contains(&service.id)
        };
        let extras: Vec<_> = self.config.services.iter().filter(is_small).collect();
        Some(extras.get(me.chance.below(extras.len()))?.id)
    }
}
