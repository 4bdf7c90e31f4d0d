//! Calling, beginning, ending: what staff do about one customer, and what they make of answers.

use sooner_engine::Service;
use sooner_engine::config::StepKind;
use sooner_shared::command::Command;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{DeskCard, PromiseKind, Stage};
use sooner_shared::{Problem, ProblemCode, Receipt, ServiceId, StaffId, Timestamp, VisitId};

use super::desk::Chore;
use super::guest::tasks;
use super::staff::{Colleague, Doing};
use super::{Desk, World};

/// Who was called and is not there is waited for so long, while somebody else waits.
const PATIENCE_MS: i64 = 4 * MINUTE_MS;

/// Who does not pick up the phone is tried again later.
const RINGS_MS: i64 = 45_000;

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
        let guest = self.guest_of(visit);
        let (at_chair_at, calls) =
            guest.map_or((None, 0), |guest| (guest.at_chair_at, guest.calls));
        if at_chair_at.is_some_and(|at| at <= now) {
            return Some(Command::Start { visit, staff: me.id });
        }
        if returns {
            return Some(Command::ReturnToLine { visit });
        }
        let is_call = card.kind == PromiseKind::CallBack;
        let patience_at = since + if is_call { RINGS_MS } else { PATIENCE_MS };
        if now >= patience_at {
            let called_at = card.called_at.unwrap_or(since);
            let held_from = card.by.map_or(called_at, |by| by.max(called_at));
            if now >= held_from + self.config.hold_ms {
                return Some(Command::MarkNoShow { visit });
            }
            // Nobody is sent back just before their minute, and who was called twice and is late is
            // waited for, until their place is lost.
            let is_last = calls > 1 && card.by.is_none_or(|by| now > by);
            let is_near = card.by.is_some_and(|by| (by - 3 * MINUTE_MS..=by).contains(&now));
            if is_call || !is_last && !is_near && self.sees_somebody(me, now, desk) {
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
        let waits = now >= me.looks_at && self.sees_somebody(me, now, desk);
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
        let is_open = self.plan.open_at(now).is_some();
        let goes = me.may_go(now) && (is_open || !self.stays_on(me, now, desk));
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
            Command::CallNext { .. } | Command::Call { .. } => {
                // Whoever is at their place now, however they came to be there.
                let mine = |(_, card): &(&VisitId, &DeskCard)| {
                    card.staff == Some(me.id)
                        && matches!(card.stage, Stage::Called | Stage::Serving)
                };
                let called = receipt.visit.and_then(|v| desk.cards.get_key_value(&v));
                let called = called.or_else(|| desk.cards.iter().find(mine)).map(|(v, c)| (*v, c));
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
                let late_ms = me.chance.exponential(2.0 * MINUTE_MS as f64) as i64;
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

    /// Work has begun: how long it will take is settled here, unknown to all. Everything that
    /// follows in the same chair is done in one go.
    fn begins_work(&mut self, me: &mut Colleague, visit: VisitId, now: Timestamp, desk: &Desk) {
        let id = self.visits.get(&visit).copied();
        let Some(mut guest) = id.and_then(|id| self.guests.remove(&id)) else {
            return self.is_free(me, now, MINUTE_MS);
        };
        let waits = self.sees_somebody(me, now, desk);
        let sits = matches!(guest.task(), Some((_, StepKind::Chair)));
        let mut ms = 0;
        let mut overran = false;
        guest.sitting = 0;
        for (task, kind) in guest.tasks.iter().skip(guest.step).copied() {
            let goes_on = sits && kind == StepKind::Chair && self.does(me, task);
            if guest.sitting > 0 && !goes_on {
                break;
            }
            let into_ms = now + ms - me.since;
            let took = self.truth.work(&mut guest.chance, task, me.id, self.plan.day(now), into_ms);
            ms += took.ms;
            overran |= took.overran;
            guest.sitting += 1;
        }
        if self.bad_works > 0 && waits {
            let chance = guest.chance.between(0.0, 1.0);
            let longer = self.on_a_bad_day(ms, chance);
            overran |= longer > ms;
            ms = longer;
        }
        if sits {
            guest.keeper = Some(me.id);
            if guest.chance.happens(self.habits.add_ons)
                && let Some(service) = self.extra(me)
            {
                self.chore(now + ms / 2, Chore::AddOn(visit, service));
            }
        }
        if let Some(id) = id {
            self.guests.insert(id, guest);
        }
        self.counts.works += 1;
        self.counts.overran += u32::from(overran);
        if overran && waits && me.chance.happens(self.habits.reports_delay) {
            me.reported = true;
            self.chore(now + ms * 2 / 3, Chore::Delay(me.id, 10 * MINUTE_MS));
        }
        let ends_at = now + ms.max(20_000);
        me.doing = Doing::With { visit, ends_at, looked: false };
        self.rouse(me, ends_at);
    }

    /// Who is being served gets a service more, from the same person.
    pub(super) fn adds_on(&mut self, visit: VisitId, service: ServiceId, now: Timestamp) {
        let more = tasks(&self.config, service);
        let is_with =
            |one: &Colleague| matches!(one.doing, Doing::With { visit: v, .. } if v == visit);
        let Some(id) = self.staff.values().find(|one| is_with(one)).map(|one| one.id) else {
            return;
        };
        let Some(mut me) = self.staff.remove(&id) else { return };
        let day = self.plan.day(now);
        let mut added_ms = 0;
        for &(task, _) in &more {
            added_ms += self.truth.work(&mut me.chance, task, id, day, now - me.since).ms;
        }
        if let Some(guest) = self.guest_of(visit) {
            if guest.step + guest.sitting == guest.tasks.len() {
                guest.sitting += more.len();
            } else {
                added_ms = 0; // something has to be waited for first
            }
            guest.tasks.extend(more);
        }
        if let Doing::With { visit, ends_at, looked } = me.doing {
            let ends_at = ends_at + added_ms;
            me.doing = Doing::With { visit, ends_at, looked };
            self.rouse(&mut me, ends_at.max(now));
        }
        self.staff.insert(id, me);
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
