//! How events change a shop. It cannot fail: every refusal happened in `decide`.

use std::collections::BTreeMap;
use std::sync::Arc;

use sooner_shared::command::{DelayReason, Scope};
use sooner_shared::view::{Outcome, PromiseKind, Stage};
use sooner_shared::{Maker, ServiceId, StaffId, Timestamp, VisitId};

use crate::calendar::local_day;
use crate::config::StepKind;
use crate::forecast::durations::Learned;
use crate::promise::{Ending, Moment, Promise, UNDO_MS};
use crate::roster::overlap_ms;
use crate::set_up::kinds;
use crate::shop::{Chair, Delay, Lesson, OVER_KEPT_MS, OVER_MAX, SCORE_DAYS};
use crate::undo::Taps;
use crate::visit::{Appointment, VisitStep};
use crate::{Event, Recorded, Shop, ShopConfig, Visit};

impl Shop {
    /// Takes an event into the state.
    pub fn apply(&mut self, recorded: &Recorded) {
        let &Recorded { seq, at, tap, by, ref event } = recorded;
        let when = Moment { at: recorded.happened_at().min(at), known_at: at };
        self.seq = seq;
        self.last_at = at;
        self.learn_what_stands(at);
        self.learn_waits(at);
        let visits = &self.visits;
        self.taps.forget(at, |visit| visits.get(&visit).is_some_and(Visit::is_tried));
        self.delays.retain(|delay| delay.is_on(at));
        let before = (tap != 0).then(|| (self.chairs.clone(), self.delays.clone()));
        self.note_before(tap, at, event);
        if by == Maker::Customer {
            self.note_own_leaving(tap, at, event);
        } else {
            self.hear(tap, at, event);
        }
        self.feel(event, when.at);
        self.change_by(event, tap, when);
        self.compare(event, tap, when);
        if let Some((chairs, delays)) = before {
            self.note_changed(tap, at, event, chairs, delays);
        }
        self.forget_over(at);
    }

    fn change_by(&mut self, event: &Event, tap: u64, when: Moment) {
        let at = when.known_at;
        match *event {
            Event::Configured(ref config) => self.configure(config),
            Event::Joined { .. } | Event::Booked { .. } => self.come(event, at),
            Event::Promised { visit, kind, no, by, .. } => {
                self.change(visit, |v| {
                    let mut is_later = false;
                    for told in v.promises.iter_mut().filter(|p| p.kind == kind && p.is_live()) {
                        told.postponed |= by > told.by && kind != PromiseKind::News;
                        is_later |= told.postponed;
                    }
                    v.promises.push(Promise::new(no, kind, by, at));
                    if kind == v.kind {
                        v.is_told_anew(is_later);
                    }
                });
                if tap != 0 {
                    self.taps.at(tap, at).promised.push((visit, no));
                }
            }
            Event::Tried { visit } => self.change(visit, |v| v.trial = true),
            Event::Called { visit, staff } => self.call(visit, staff, at),
            Event::ReturnedToLine { visit, missing } => self.return_to_line(visit, missing, at),
            Event::Started { visit, staff, .. } => self.start(visit, staff, when),
            Event::Finished { visit, .. } => self.finish(visit, tap, when),
            Event::MarkedNoShow { visit } => self.end(visit, Stage::NoShow, at),
            Event::Left { visit } => self.end(visit, Stage::Left, at),
            Event::Lapsed { visit } => self.lapse(visit, at),
            Event::HandOverAccepted { visit } => self.hand_over(visit),
            Event::Continued { visit } => self.go_on(visit, tap, at),
            Event::Scored { visit, no, outcome } => self.score(visit, no, outcome, at),
            Event::Undone { tap } => self.undo(tap, at),
            Event::Delayed { scope, ms, reason } => self.delay(scope, ms, reason, at),
            Event::DelayEnded { scope } => self.delays.retain(|d| d.scope != scope),
            Event::Reordered { visit, before } => self.reorder(visit, before),
            Event::RemedyTaken { ref saves, .. } => self.note_remedy(saves, tap, at),
            Event::PriceAccepted { .. } => {}
            Event::FellSilent => self.silent_since = self.heard_at.or(Some(at)),
            Event::LineClosed => self.line_closed = Some(at),
            Event::LineOpened => self.line_closed = None,
            Event::WentOnDuty { staff }
            | Event::WentOffDuty { staff }
            | Event::TookBreak { staff, .. }
            | Event::BreakEnded { staff }
            | Event::StaffExpected { staff, .. }
            | Event::StaffLeaves { staff, .. }
            | Event::BreakMoved { staff, .. } => self.change_chair(staff, event, at),
            _ => {
                if let Some(visit) = event.visit() {
                    let config = Arc::clone(&self.config);
                    self.change(visit, |v| v.note(event, at, &config));
                }
            }
        }
    }

    fn change_chair(&mut self, staff: StaffId, event: &Event, at: Timestamp) {
        let chair = self.chair(staff);
        match *event {
            Event::WentOnDuty { .. } => {
                *chair = Chair {
                    on_duty: true,
                    visit: chair.visit,
                    since: Some(at),
                    leaves_at: chair.leaves_at,
                    ..Chair::default()
                };
            }
            Event::WentOffDuty { .. } => {
                *chair = Chair { visit: chair.visit, left_at: Some(at), ..Chair::default() };
                self.delays.retain(|d| d.scope != Scope::Staff(staff));
            }
            Event::TookBreak { until, .. } => {
                chair.break_until = Some(until);
                chair.breaks_taken = chair.breaks_taken.saturating_add(1);
                chair.break_at = None;
            }
            Event::BreakMoved { from, .. } => chair.break_at = Some(from),
            Event::BreakEnded { .. } => chair.break_until = None,
            Event::StaffExpected { from, .. } => chair.expected_from = Some(from),
            Event::StaffLeaves { until, .. } => chair.leaves_at = Some(until),
            _ => {}
        }
    }

    fn come(&mut self, event: &Event, at: Timestamp) {
        let mut come = |visit: u32, service, more: &[ServiceId], requested| {
            // A log may have any number in it, and is read all the same.
            self.next_visit = VisitId(visit.saturating_add(1));
            let services: Vec<_> = std::iter::once(service).chain(more.iter().copied()).collect();
            Visit::new(VisitId(visit), &services, requested, at, &self.config)
        };
        let visit = match *event {
            Event::Joined { visit, service, ref more, requested, by_staff, group } => {
                let joined = come(visit.0, service, more, requested);
                Visit { checked_in: by_staff, group, ..joined }
            }
            Event::Booked { visit, service, ref more, requested, held, from } => {
                let appointment = Appointment { from, held, given_at: at, confirmed: false };
                let booked = come(visit.0, service, more, requested);
                Visit { appointment: Some(appointment), stage: Stage::Booked, ..booked }
            }
            _ => return,
        };
        self.visits.insert(visit.id, visit);
    }

    fn forget_over(&mut self, now: Timestamp) {
        // Who left a moment ago is kept until it is certain how their promises ended.
        let is_settled = |v: &Visit| v.promises.iter().all(|p| p.due.is_none());
        let is_recent = |ended: Timestamp| now - ended <= OVER_KEPT_MS;
        self.visits.retain(|_, v| !is_settled(v) || v.ended_at.is_none_or(is_recent));
        let over = self.visits.len() - self.under_way();
        if over > OVER_MAX {
            let settled = self.visits.values().filter(|v| is_settled(v));
            let ended = settled.filter_map(|v| Some((v.ended_at?, v.id)));
            let mut oldest: Vec<_> = ended.collect();
            oldest.sort_unstable();
            for (_, id) in oldest.into_iter().take(over - OVER_MAX) {
                self.visits.remove(&id);
            }
        }
    }

    /// The shop is another. What was learned of steps that are others now says nothing about them,
    /// and taps from before can no longer be taken back: what they would bring back may be gone.
    fn configure(&mut self, config: &ShopConfig) {
        let before = std::mem::replace(&mut self.config, Arc::new(config.clone()));
        for service in &config.services {
            if before.service(service.id).is_some_and(|was| kinds(was) != kinds(service)) {
                self.learned.remove(&service.id);
                self.lessons.retain(|lesson| lesson.service != service.id);
            }
        }
        self.taps = Taps::default();
        self.set_up();
    }

    pub(crate) fn set_up(&mut self) {
        let config = Arc::clone(&self.config);
        self.chairs.retain(|id, _| config.person(*id).is_some());
        self.paces.retain(|id| config.person(id).is_some());
        for person in &config.staff {
            self.chairs.entry(person.id).or_default();
        }
        for service in &config.services {
            let steps = service.plan().len();
            let learned = self.learned.entry(service.id).or_default();
            if learned.is_empty() && steps == 1 {
                learned.push(Learned::from_taught(service.taught));
            }
            learned.resize_with(steps.max(learned.len()), Learned::default);
        }
    }

    fn change(&mut self, visit: VisitId, change: impl FnOnce(&mut Visit)) {
        if let Some(visit) = self.visits.get_mut(&visit) {
            change(visit);
        }
    }

    fn chair(&mut self, staff: StaffId) -> &mut Chair {
        self.chairs.entry(staff).or_default()
    }

    fn vacate(&mut self, visit: VisitId) {
        for chair in self.chairs.values_mut() {
            if chair.visit == Some(visit) {
                chair.visit = None;
            }
        }
    }

    /// Keeps what the event will touch as it is.
    fn note_before(&mut self, tap: u64, at: Timestamp, event: &Event) {
        if matches!(
            event,
            Event::Undone { .. }
                | Event::Scored { .. }
                | Event::Configured(_)
                // This stands in the way of nothing at the desk.
                | Event::NoticeWished { .. }
                | Event::StartConfirmed { .. }
                | Event::WaitRated { .. }
        ) {
            return;
        }
        if tap == 0 {
            // What is only noticed, or told, stands in the way of nothing.
            let only_says = matches!(
                event,
                Event::Promised { .. }
                    | Event::AtRisk { .. }
                    | Event::LaterProposed { .. }
                    | Event::ProposalDropped { .. }
                    | Event::LeftWithout { .. }
                    | Event::Invited { .. }
            );
            if !only_says {
                self.taps.overtake(event.visit(), event.staff());
            }
            return;
        }
        self.taps.at(tap, at).about.extend(event.visit());
        let clears_passes = matches!(event, Event::Called { .. } | Event::Started { .. });
        let changes_places = matches!(event, Event::Reordered { .. });
        let touched = self
            .visits
            .values()
            .filter(|v| {
                clears_passes && (v.missing || v.lets_pass)
                    || changes_places && v.stage == Stage::Waiting
            })
            .map(|v| v.id)
            .chain(event.visit());
        for id in touched.collect::<Vec<_>>() {
            let before = self.visits.get(&id).cloned();
            self.taps.at(tap, at).visits.entry(id).or_insert(before);
        }
    }

    /// Who went away by themselves may come back by themselves.
    fn note_own_leaving(&mut self, tap: u64, at: Timestamp, event: &Event) {
        if let Event::Left { visit } = *event
            && tap != 0
        {
            self.taps.at(tap, at).left_by_self = Some(visit);
        }
    }

    /// Keeps the chairs and delays that the event touched as they were.
    fn note_changed(
        &mut self,
        tap: u64,
        at: Timestamp,
        event: &Event,
        chairs: BTreeMap<StaffId, Chair>,
        delays: Vec<Delay>,
    ) {
        if matches!(event, Event::Undone { .. } | Event::Configured(_)) {
            return;
        }
        for (staff, before) in chairs {
            if self.chairs.get(&staff).is_some_and(|chair| *chair != before) {
                self.taps.at(tap, at).chairs.entry(staff).or_insert(before);
            }
        }
        for before in delays {
            if self.delays.iter().all(|delay| delay.scope != before.scope) {
                self.taps.at(tap, at).delays.push(before);
            }
        }
    }

    /// Somebody of the shop is there when they tapped what only they can; what a phone may wish for
    /// says nothing of the desk.
    fn hear(&mut self, tap: u64, at: Timestamp, event: &Event) {
        let by_staff = matches!(
            event,
            Event::Joined { by_staff: true, .. }
                | Event::Booked { .. }
                | Event::LetFirst { .. }
                | Event::Called { .. }
                | Event::ReturnedToLine { missing: true, .. }
                | Event::Started { .. }
                | Event::Finished { .. }
                | Event::StillServed { .. }
                | Event::MarkedNoShow { .. }
                | Event::Held { .. }
                | Event::Resumed { .. }
                | Event::AddedOn { .. }
                | Event::HandedOver { .. }
                | Event::HandOverAccepted { .. }
                | Event::HandOverDeclined { .. }
                | Event::Answered { .. }
                | Event::PartExpected { .. }
                | Event::ApprovalAsked { .. }
                | Event::NewsGiven { .. }
                | Event::Undone { .. }
                | Event::Delayed { .. }
                | Event::DelayEnded { .. }
                | Event::WentOnDuty { .. }
                | Event::WentOffDuty { .. }
                | Event::TookBreak { .. }
                | Event::BreakEnded { .. }
                | Event::StaffExpected { .. }
                | Event::StaffLeaves { .. }
                | Event::LineClosed
                | Event::LineOpened
                | Event::Reordered { .. }
                | Event::KeptFor { .. }
                | Event::BreakMoved { .. }
                | Event::PriceAccepted { .. }
                | Event::RemedyTaken { .. }
                | Event::ToldInPerson { .. }
                | Event::MadeGood { .. }
        );
        if tap != 0 && by_staff {
            self.heard_at = Some(at);
            self.silent_since = None;
        }
    }

    fn undo(&mut self, tap: u64, at: Timestamp) {
        let Some(tap_before) = self.taps.take(tap) else { return };
        self.lessons.retain(|lesson| lesson.tap != tap);
        self.came_about.retain(|known| known.tap != tap);
        self.remedies.retain(|remedy| remedy.tap != tap);
        self.chairs.extend(tap_before.chairs);
        for delay in tap_before.delays {
            if self.delays.iter().all(|other| other.scope != delay.scope) {
                self.delays.push(delay);
            }
        }
        for (id, before) in tap_before.visits {
            let Some(now) = self.visits.get_mut(&id) else { continue };
            let Some(mut before) = before else {
                now.end(Stage::Left, at.into());
                continue;
            };
            before.tell_before_ms = now.tell_before_ms;
            // What was said of an end that stands stays said.
            if before.stage == Stage::Done {
                (before.start_right, before.felt) = (now.start_right, now.felt);
            }
            // What was scored stays scored; what was told meanwhile stays told.
            for told in &now.promises {
                match before.promises.iter_mut().find(|p| p.no == told.no) {
                    // A tap that mended it is the one that is taken back.
                    Some(old) if told.outcome.is_some() && old.outcome.is_none() => *old = *told,
                    Some(_) => {}
                    None => before.promises.push(*told),
                }
            }
            *now = before;
        }
    }

    fn call(&mut self, visit: VisitId, staff: StaffId, at: Timestamp) {
        self.call_no += 1;
        let call_no = self.call_no;
        self.vacate(visit);
        self.chair(staff).visit = Some(visit);
        self.one_went_first();
        self.change(visit, |v| {
            // The call that stood until now may have saved the promise.
            v.secure(at);
            v.stage = Stage::Called;
            v.staff = Some(staff);
            v.called_at = Some(at);
            v.call_no = call_no;
            v.not_before = None;
        });
    }

    /// Who was called and not there, or let one pass, is in their old place again.
    fn one_went_first(&mut self) {
        for visit in self.visits.values_mut() {
            visit.missing = false;
            visit.lets_pass = false;
        }
    }

    fn return_to_line(&mut self, visit: VisitId, missing: bool, at: Timestamp) {
        self.vacate(visit);
        self.change(visit, |v| {
            // Who was there and is sent back to the line waits on through no fault of their own.
            if missing {
                v.secure(at);
            }
            v.stage = Stage::Waiting;
            v.staff = None;
            v.called_at = None;
            v.missing = missing;
            // Who is not there is not called aloud; "I'm here" puts it right.
            v.checked_in &= !missing;
        });
    }

    fn start(&mut self, visit: VisitId, staff: StaffId, when: Moment) {
        let was_called_here = self.chair(staff).visit == Some(visit);
        if !was_called_here {
            self.one_went_first();
        }
        self.vacate(visit);
        self.chair(staff).visit = Some(visit);
        let Some(v) = self.visits.get(&visit) else { return };
        let sitting = self.sitting(v, staff);
        self.change(visit, |v| {
            v.end_promises(&[PromiseKind::Start, PromiseKind::CallBack], Ending::Met, when);
            v.stage = Stage::Serving;
            v.staff = Some(staff);
            v.sitting = sitting;
            v.since = Some(when.at);
            v.started_at = v.started_at.or(Some(when.at));
            v.checked_in |= v.needs_customer();
            v.missing = false;
            v.lets_pass = false;
            v.not_before = None;
        });
    }

    /// How many steps one person does in one go: all that follow each other in the chair, or one on
    /// the bench.
    #[must_use]
    pub fn sitting(&self, visit: &Visit, staff: StaffId) -> usize {
        let Some(person) = self.config.person(staff) else { return 1 };
        let rest = visit.steps.get(visit.done..).unwrap_or_default();
        let can = |s: &&VisitStep| s.kind == StepKind::Chair && self.config.does(person, s);
        rest.iter().take_while(can).count().max(1)
    }

    fn finish(&mut self, visit: VisitId, tap: u64, when: Moment) {
        let Some(v) = self.visits.get(&visit) else { return };
        if v.stage == Stage::Ready {
            self.end(visit, Stage::Done, when);
            return;
        }
        let staff = v.staff;
        self.learn_from(visit, tap, when);
        self.vacate(visit);
        self.change(visit, |v| {
            if v.needs_customer() {
                v.keeper = v.staff;
            }
            v.done += v.sitting.max(1);
            v.handed_to = None;
            v.go_on(when);
        });
        if let Some(staff) = staff {
            self.delays.retain(|d| d.scope != Scope::Staff(staff));
        }
    }

    /// Notes how long the present work took, spread over its steps as they were expected.
    fn learn_from(&mut self, visit: VisitId, tap: u64, when: Moment) {
        let Some(v) = self.visits.get(&visit) else { return };
        let Moment { at, known_at } = when;
        // Nobody knows when a service ended whose end was forgotten, unless the tap knows.
        let is_known = !v.overran || at < known_at;
        let Some(since) = v.since.filter(|_| is_known) else { return };
        let steps = v.steps.get(v.done..v.done + v.sitting.max(1)).unwrap_or_default();
        let is_bench = steps.iter().any(|s| s.kind == StepKind::Bench);
        let took_ms = if is_bench { overlap_ms(&self.config, since, at) } else { at - since };
        let works = steps.iter().any(|s| s.kind.waits_for().is_none());
        let staff = v.staff.filter(|_| works);
        let nominal: i64 = steps.iter().map(|s| s.nominal_ms).sum();
        let lessons: Vec<_> = steps
            .iter()
            .map(|step| Lesson {
                tap,
                at: known_at,
                service: step.service,
                index: step.index,
                staff,
                nominal_ms: step.nominal_ms,
                ms: (took_ms as f64 * step.nominal_ms as f64 / nominal.max(1) as f64) as i64,
            })
            .collect();
        self.lessons.extend(lessons);
    }

    fn learn_what_stands(&mut self, now: Timestamp) {
        let stands = |lesson: &Lesson| now - lesson.at >= UNDO_MS;
        if !self.lessons.iter().any(stands) {
            return;
        }
        for lesson in self.lessons.iter().filter(|l| stands(l)) {
            if let Some(steps) = self.learned.get_mut(&lesson.service)
                && let Some(learned) = steps.get_mut(usize::from(lesson.index))
            {
                let pace = lesson.staff.map_or(0.0, |id| self.paces.at(id, lesson.service));
                let speed = if lesson.staff.is_some() { self.paces.speed() } else { 0.0 };
                let longer = learned.learn(lesson.ms, lesson.nominal_ms, pace, speed);
                if let (Some(staff), Some(longer)) = (lesson.staff, longer) {
                    let day = local_day(self.config.tz(), lesson.at);
                    self.paces.learn(staff, lesson.service, longer, day);
                }
            }
        }
        self.lessons.retain(|lesson| !stands(lesson));
    }

    fn go_on(&mut self, visit: VisitId, tap: u64, at: Timestamp) {
        // A timer that went off knows only what it was set to.
        if tap != 0 {
            self.learn_from(visit, tap, at.into());
        }
        self.change(visit, |v| {
            v.done += 1;
            v.approval_by = None;
            v.go_on(at.into());
        });
    }

    fn end(&mut self, visit: VisitId, stage: Stage, when: impl Into<Moment>) {
        let when = when.into();
        self.vacate(visit);
        self.change(visit, |v| v.end(stage, when));
    }

    /// The day is over: whoever sat in a chair was served, everybody else went home.
    fn lapse(&mut self, visit: VisitId, at: Timestamp) {
        self.vacate(visit);
        self.change(visit, |v| match v.stage {
            // The bench is as they left it; tomorrow somebody goes on.
            Stage::Serving if !v.needs_customer() => v.go_on(at.into()),
            Stage::Serving => {
                v.done += v.sitting.max(1);
                v.go_on(at.into());
            }
            Stage::Called => v.end(Stage::NoShow, at.into()),
            _ => v.end(Stage::Left, at.into()),
        });
    }

    fn hand_over(&mut self, visit: VisitId) {
        let Some(to) = self.visits.get(&visit).and_then(|v| v.handed_to) else { return };
        let sitting = self.visits.get(&visit).map_or(0, |v| self.sitting(v, to));
        let Some(v) = self.visits.get_mut(&visit) else { return };
        v.handed_to = None;
        v.requested = Some(to);
        v.keeper = None;
        if v.is_call_back() {
            v.owner = Some(to);
        }
        // Now it is their time that is kept.
        if let Some(appointment) = &mut v.appointment {
            appointment.held = to;
        }
        match v.stage {
            Stage::Serving => {
                // What the colleague does not do is still to be done afterwards.
                v.sitting = sitting;
                v.staff = Some(to);
                self.vacate(visit);
                self.chair(to).visit = Some(visit);
            }
            Stage::Called => {
                v.stage = Stage::Waiting;
                v.staff = None;
                v.called_at = None;
                self.vacate(visit);
            }
            _ => {}
        }
    }

    /// Somebody takes the place right before another, and everybody between moves by one place: the
    /// places stay the same, only who has which changes.
    fn reorder(&mut self, visit: VisitId, before: Option<VisitId>) {
        let line: Vec<_> = self.waiting().into_iter().map(|v| (v.id, v.place())).collect();
        let position = |id| line.iter().position(|&(other, _)| other == id);
        let Some(from) = position(visit) else { return };
        let to = before.and_then(position).unwrap_or(line.len());
        // The one that is moved out of the way leaves a gap behind it.
        let to = if to > from { to - 1 } else { to };
        let mut ids: Vec<_> = line.iter().map(|&(id, _)| id).collect();
        ids.remove(from);
        ids.insert(to, visit);
        for (id, (was, place)) in ids.into_iter().zip(line) {
            if id != was {
                self.change(id, |v| v.placed = Some(place));
            }
        }
    }

    fn delay(&mut self, scope: Scope, ms: i64, reason: DelayReason, at: Timestamp) {
        if let Some(known) = self.delays.iter_mut().find(|d| d.scope == scope) {
            known.ms += ms;
            known.reason = reason;
        } else {
            self.delays.push(Delay { scope, ms, reason, since: at });
        }
    }

    fn score(&mut self, visit: VisitId, no: u16, outcome: Outcome, at: Timestamp) {
        let before = self.visits.get(&visit).and_then(|v| v.promises.iter().find(|p| p.no == no));
        let due = before.and_then(|promise| promise.due);
        let missed = before.filter(|promise| promise.outcome.is_some()).map(|promise| promise.by);
        self.change(visit, |v| v.score(no, outcome));
        self.check_remedies(visit, no, outcome);
        if no != 0 {
            return;
        }
        if let Some(by) = missed {
            // It was counted as broken when its minute had passed.
            let day = local_day(self.config.tz(), by + 1);
            if let Some(day) = self.scores.get_mut(&day) {
                day.broken = day.broken.saturating_sub(1);
            }
            self.scored = self.scored.saturating_sub(1);
        }
        // It counts on the day it came about, though it was certain a minute later.
        let ended_at = due.map_or(at, |(_, certain_at)| certain_at - UNDO_MS);
        let today = local_day(self.config.tz(), ended_at);
        let day = self.scores.entry(today).or_default();
        match outcome {
            Outcome::Kept => day.kept += 1,
            Outcome::Broken => day.broken += 1,
            Outcome::LeftBefore | Outcome::Void | Outcome::Released => return,
        }
        self.scored += 1;
        self.scores.retain(|&day, _| day > today - SCORE_DAYS);
    }
}
