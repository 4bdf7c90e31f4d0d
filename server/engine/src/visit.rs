//! One visit: what somebody comes for, step by step, and what they were told.

use serde::Serialize;
use sooner_shared::command::Felt;
use sooner_shared::view::{Outcome, PromiseKind, Stage, WaitsFor};
use sooner_shared::{ServiceId, StaffId, Timestamp, VisitId};

use crate::care::Care;
use crate::config::StepKind;
use crate::event::Seat;
use crate::promise::{Ending, Moment, Promise};
use crate::{Event, ShopConfig};

/// A step of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct VisitStep {
    /// The service it belongs to.
    pub service: ServiceId,
    /// Its number among the service's steps, from 0.
    pub index: u8,
    /// Who or what it takes.
    pub kind: StepKind,
    /// How long the owner says it takes, in milliseconds.
    pub nominal_ms: i64,
}

/// An appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Appointment {
    /// When.
    pub from: Timestamp,
    /// Whose time is kept for it.
    pub held: StaffId,
    /// When it was given.
    pub given_at: Timestamp,
    /// The person has said that they will come.
    pub confirmed: bool,
}

/// When something that is waited for should be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Expected {
    /// Likely.
    pub likely_at: Timestamp,
    /// Nineteen times in twenty.
    pub latest_at: Timestamp,
}

/// One person's stay.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Visit {
    /// Its id; ids grow in the order of joining.
    pub id: VisitId,
    /// What they come for, in order.
    pub services: Vec<ServiceId>,
    /// Its steps, done and to do.
    pub steps: Vec<VisitStep>,
    /// How many steps are done.
    pub done: usize,
    /// How many steps are being worked on at once, in one sitting; 0 while nobody works.
    pub sitting: usize,
    /// What is promised for them first.
    pub kind: PromiseKind,
    /// Whom they asked for.
    pub requested: Option<StaffId>,
    /// Who served them in the chair before, and goes on with them when there.
    pub keeper: Option<StaffId>,
    /// Whose task a call-back is.
    pub owner: Option<StaffId>,
    /// Where they are.
    pub stage: Stage,
    /// Whose chair they are called to, sit in, or sat in.
    pub staff: Option<StaffId>,
    /// With whom they came.
    pub group: Option<Seat>,
    /// Their appointment.
    pub appointment: Option<Appointment>,
    /// When they were given the right to go first.
    pub right_at: Option<Timestamp>,
    /// They come later: not before then.
    pub not_before: Option<Timestamp>,
    /// Whether they are in the shop.
    pub checked_in: bool,
    /// Called and not there: the next one goes first.
    pub missing: bool,
    /// They let one other go first.
    pub lets_pass: bool,
    /// Only tried by the owner: taken back by itself.
    pub trial: bool,
    /// To whom they are being handed over.
    pub handed_to: Option<StaffId>,
    /// A question of theirs is open.
    pub asks: bool,
    /// The number of their last call; 0 before the first.
    pub call_no: u32,
    /// When they joined.
    pub joined_at: Timestamp,
    /// Since when the present call stands.
    pub called_at: Option<Timestamp>,
    /// When work began for the first time.
    pub started_at: Option<Timestamp>,
    /// When the present work, or waiting for something, began.
    pub since: Option<Timestamp>,
    /// The present work takes so long that the tap at its end was perhaps forgotten.
    pub overran: bool,
    /// When staff last said that it really goes on.
    pub confirmed_at: Option<Timestamp>,
    /// When what is waited for should be there.
    pub expected: Option<Expected>,
    /// By when the customer should say yes.
    pub approval_by: Option<Timestamp>,
    /// When the visit was over.
    pub ended_at: Option<Timestamp>,
    /// What they were told, in order.
    pub promises: Vec<Promise>,
    /// Their place, when it is another than where they came.
    pub placed: Option<(Timestamp, VisitId)>,
    /// What was done for their promises.
    pub care: Care,
    /// How long before their time they want to be told, in milliseconds.
    pub tell_before_ms: Option<i64>,
    /// Whether they said that the start was when it was tapped.
    pub start_right: Option<bool>,
    /// How they found the wait.
    pub felt: Option<Felt>,
}

impl Visit {
    /// Whether the owner tries with it at the moment.
    #[must_use]
    pub const fn is_tried(&self) -> bool {
        self.trial && !self.stage.is_over()
    }

    /// Somebody who has just come.
    pub(crate) fn new(
        id: VisitId,
        services: &[ServiceId],
        requested: Option<StaffId>,
        at: Timestamp,
        config: &ShopConfig,
    ) -> Self {
        let mut visit = Self {
            id,
            services: Vec::new(),
            steps: Vec::new(),
            done: 0,
            sitting: 0,
            kind: PromiseKind::Start,
            requested,
            keeper: None,
            owner: None,
            stage: Stage::Waiting,
            staff: None,
            group: None,
            appointment: None,
            right_at: None,
            not_before: None,
            checked_in: false,
            missing: false,
            lets_pass: false,
            trial: false,
            handed_to: None,
            asks: false,
            call_no: 0,
            joined_at: at,
            called_at: None,
            started_at: None,
            since: None,
            overran: false,
            confirmed_at: None,
            expected: None,
            approval_by: None,
            ended_at: None,
            promises: Vec::new(),
            placed: None,
            care: Care::default(),
            tell_before_ms: None,
            start_right: None,
            felt: None,
        };
        visit.want(services, config);
        visit
    }

    /// They come for this, from the first step on.
    pub(crate) fn want(&mut self, services: &[ServiceId], config: &ShopConfig) {
        self.services.clear();
        self.steps.clear();
        self.done = 0;
        for &service in services {
            self.append(service, config);
        }
        self.kind = kind_of(services, config);
    }

    /// One service more, after the others.
    pub(crate) fn append(&mut self, service: ServiceId, config: &ShopConfig) {
        self.services.push(service);
        let Some(known) = config.service(service) else { return };
        self.steps.extend(known.plan().iter().enumerate().map(|(index, step)| VisitStep {
            service,
            index: index as u8,
            kind: step.kind,
            nominal_ms: step.nominal_ms,
        }));
    }

    /// Where they stand in line: an appointment at its time, everybody else when they joined, unless
    /// somebody has put them elsewhere.
    #[must_use]
    pub fn place(&self) -> (Timestamp, VisitId) {
        let came = (self.appointment.map_or(self.joined_at, |a| a.from), self.id);
        self.placed.unwrap_or(came)
    }

    /// The step that is next or being done.
    #[must_use]
    pub fn step(&self) -> Option<&VisitStep> {
        self.steps.get(self.done)
    }

    /// What they wait for, if not for a person.
    #[must_use]
    pub fn waits_for(&self) -> Option<WaitsFor> {
        self.step().filter(|_| self.stage == Stage::Pending)?.kind.waits_for()
    }

    /// Whether the customer has to be there for what is next.
    #[must_use]
    pub fn needs_customer(&self) -> bool {
        self.step().is_some_and(|step| step.kind == StepKind::Chair)
    }

    /// Whether somebody rings them rather than them coming.
    #[must_use]
    pub const fn is_call_back(&self) -> bool {
        matches!(self.kind, PromiseKind::CallBack)
    }

    /// The newest promise of a kind; one that was taken back only where there is no other.
    #[must_use]
    pub fn promise_of(&self, kind: PromiseKind) -> Option<&Promise> {
        let of_kind = || self.promises.iter().rev().filter(|p| p.kind == kind);
        of_kind().find(|p| p.outcome != Some(Outcome::Void)).or_else(|| of_kind().next())
    }

    /// The newest promise of the kind that is promised for them first.
    #[must_use]
    pub fn promise(&self) -> Option<&Promise> {
        self.promise_of(self.kind)
    }

    /// Until when a place is kept that a time was told for: the latest time told.
    #[must_use]
    pub fn kept_until(&self) -> Option<Timestamp> {
        let told = self.promises.iter().filter(|p| p.kind == self.kind);
        told.filter(|p| p.outcome != Some(Outcome::Void)).map(|p| p.by).max()
    }

    /// Promises that have not ended.
    pub fn live(&self) -> impl Iterator<Item = &Promise> {
        self.promises.iter().filter(|p| p.is_live())
    }

    /// Whether what is promised for them first is still to come.
    #[must_use]
    pub fn is_owed(&self) -> bool {
        !self.stage.is_over()
            && match self.kind {
                PromiseKind::Start | PromiseKind::CallBack => self.started_at.is_none(),
                PromiseKind::Ready | PromiseKind::Done => self.stage != Stage::Ready,
                PromiseKind::News => true,
            }
    }

    /// When they are to be told that it is time, as they wished: while they are in line.
    #[must_use]
    pub fn tell_at(&self) -> Option<Timestamp> {
        let told = self.promise().filter(|p| p.is_live() && self.stage == Stage::Waiting)?;
        Some(told.by - self.tell_before_ms?)
    }

    /// Whether they are asked if the start was when it was tapped: once, when they have been served,
    /// and where it is that tap which kept what they were told first.
    #[must_use]
    pub fn asks_about_start(&self) -> bool {
        let told = self.promises.iter().find(|p| p.kind == PromiseKind::Start);
        let by_tap = |p: &Promise| self.started_at.is_some_and(|at| at <= p.by);
        self.stage == Stage::Done
            && self.kind == PromiseKind::Start
            && self.start_right.is_none()
            && told.is_some_and(|p| p.shown_outcome() == Some(Outcome::Kept) && by_tap(p))
    }

    pub(crate) fn end_promises(
        &mut self,
        kinds: &[PromiseKind],
        how: Ending,
        when: impl Into<Moment>,
    ) {
        let when = when.into();
        let called_at = self.called_at;
        for promise in &mut self.promises {
            if kinds.contains(&promise.kind) {
                promise.end(how, called_at, when);
            }
        }
    }

    /// Notes, before the present call ends at `at`, that it stood when the promised minute passed.
    pub(crate) fn secure(&mut self, at: Timestamp) {
        let called_at = self.called_at;
        for promise in &mut self.promises {
            promise.secured |= at > promise.by && promise.is_safe(called_at);
        }
    }

    /// Gives a promise its score.
    pub(crate) fn score(&mut self, no: u16, outcome: Outcome) {
        if let Some(promise) = self.promises.iter_mut().find(|p| p.no == no) {
            // What nothing has ended was ended by its minute.
            promise.missed = outcome == Outcome::Broken && promise.due.is_none();
            promise.outcome = Some(outcome);
            promise.due = None;
        }
    }

    /// What follows the steps that are done: work to wait for, something else to wait for, or the
    /// end.
    pub(crate) fn go_on(&mut self, when: Moment) {
        self.sitting = 0;
        self.overran = false;
        self.confirmed_at = None;
        self.called_at = None;
        self.since = None;
        match self.step().map(|step| step.kind) {
            Some(kind) if kind.waits_for().is_some() => {
                self.stage = Stage::Pending;
                self.since = Some(when.at);
                self.expected = None;
            }
            Some(_) => {
                self.stage = Stage::Waiting;
                self.staff = None;
            }
            None => {
                // Who came to sit in a chair goes when it is over; a device stays until it is fetched.
                let left_behind = self.kind != PromiseKind::Start
                    && self.steps.last().is_some_and(|s| s.kind != StepKind::Chair);
                self.end_promises(&[PromiseKind::Ready, PromiseKind::Done], Ending::Met, when);
                if left_behind && !self.is_call_back() {
                    self.stage = Stage::Ready;
                } else {
                    self.end(Stage::Done, when);
                }
            }
        }
    }

    pub(crate) fn end(&mut self, stage: Stage, when: Moment) {
        self.stage = stage;
        self.sitting = 0;
        self.ended_at = Some(when.at);
        self.handed_to = None;
        self.overran = false;
        let how = match stage {
            Stage::Left => Ending::Left,
            Stage::NoShow => Ending::NoShow,
            _ => Ending::Met,
        };
        self.end_promises(&PromiseKind::ALL, how, when);
    }
}

impl Visit {
    /// What changes nothing but the visit itself.
    pub(crate) fn note(&mut self, event: &Event, at: Timestamp, config: &ShopConfig) {
        match *event {
            Event::Confirmed { .. } => {
                if let Some(appointment) = &mut self.appointment {
                    appointment.confirmed = true;
                }
            }
            Event::NoticeWished { ms, .. } => self.tell_before_ms = Some(ms),
            Event::StartConfirmed { right, .. } => self.start_right = Some(right),
            Event::WaitRated { felt, .. } => self.felt = Some(felt),
            Event::LetFirst { .. } => self.right_at = Some(at),
            Event::CheckedIn { .. } => {
                // Who comes after the time of their appointment is given a new one.
                if self.appointment.is_some() && self.live().any(|p| at > p.by) {
                    self.end_promises(&[PromiseKind::Start], Ending::OwnWish, at);
                }
                self.checked_in = true;
                self.missing = false;
                self.not_before = None;
                if self.stage == Stage::Booked {
                    self.stage = Stage::Waiting;
                }
            }
            Event::Passed { .. } => {
                self.lets_pass = true;
                self.end_promises(&[PromiseKind::Start], Ending::OwnWish, at);
            }
            Event::SaidLate { until, .. } => {
                self.not_before = Some(until);
                self.end_promises(&[PromiseKind::Start], Ending::OwnWish, at);
            }
            Event::Held { .. } => self.stage = Stage::OnHold,
            Event::CameDue { .. } | Event::Resumed { .. } => self.stage = Stage::Waiting,
            Event::ServicesChanged { ref services, .. } => {
                let before = self.kind;
                self.want(services, config);
                self.end_promises(&[before], Ending::OwnWish, at);
            }
            Event::AddedOn { service, .. } => {
                let steps = self.steps.len();
                self.append(service, config);
                self.lengthen_sitting(steps, config);
            }
            Event::HandedOver { to, .. } => self.handed_to = Some(to),
            Event::HandOverDeclined { .. } => self.handed_to = None,
            Event::OwnerChanged { owner, .. } => self.owner = owner,
            Event::Asked { .. } => self.asks = true,
            Event::Answered { .. } => self.asks = false,
            Event::PartExpected { likely_at, latest_at, .. } => {
                self.expected = Some(Expected { likely_at, latest_at });
            }
            Event::ApprovalAsked { by, .. } => self.approval_by = Some(by),
            Event::NewsGiven { .. } => self.end_promises(&[PromiseKind::News], Ending::Met, at),
            Event::Overran { .. } => self.overran = true,
            Event::StillServed { .. } => {
                self.overran = false;
                self.confirmed_at = Some(at);
            }
            Event::RequestChanged { staff, .. } => {
                self.requested = staff;
                self.care.without = None;
                if let (Some(staff), Some(appointment)) = (staff, &mut self.appointment) {
                    appointment.held = staff;
                }
            }
            Event::KeptFor { staff, .. } => {
                if let Some(appointment) = &mut self.appointment {
                    appointment.held = staff;
                }
            }
            Event::Rebooked { held, from, .. } => {
                self.end_promises(&PromiseKind::ALL, Ending::OwnWish, at);
                self.appointment = Some(Appointment { from, held, given_at: at, confirmed: true });
                self.stage = Stage::Booked;
                self.care.without = None;
                self.placed = None;
                self.checked_in = false;
                self.right_at = None;
            }
            _ => self.take_care(event, at),
        }
    }

    /// What is added to the end of a sitting in the chair is done in it, if the same person can.
    fn lengthen_sitting(&mut self, steps_before: usize, config: &ShopConfig) {
        let Some(person) = self.staff.and_then(|id| config.person(id)) else { return };
        let in_chair = self.stage == Stage::Serving && self.needs_customer();
        if in_chair && self.done + self.sitting == steps_before {
            let added = self.steps.get(steps_before..).unwrap_or_default();
            self.sitting += added
                .iter()
                .take_while(|s| s.kind == StepKind::Chair && config.does(person, s))
                .count();
        }
    }
}

/// What is promised first to who comes for all of this: the end where something is left to be made
/// ready, otherwise as the first service has it.
#[must_use]
pub fn kind_of(services: &[ServiceId], config: &ShopConfig) -> PromiseKind {
    let kinds: Vec<_> =
        services.iter().filter_map(|&s| config.service(s)).map(|s| s.promise).collect();
    [PromiseKind::Ready, PromiseKind::News]
        .into_iter()
        .find(|kind| kinds.contains(kind))
        .or_else(|| kinds.first().copied())
        .unwrap_or_default()
}
