//! What a visit is for, step by step.

use sooner_engine::{ShopConfig, StepKind, Visit};
use sooner_shared::view::PromiseKind;
use sooner_shared::{ServiceId, StaffId};

/// What there is to do for somebody, and how much of it is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) services: Vec<ServiceId>,
    steps: Vec<(ServiceId, usize, StepKind)>,
    done: usize,
    /// How many steps are being done in one go.
    sitting: usize,
}

impl Plan {
    pub(crate) fn of(services: impl IntoIterator<Item = ServiceId>, config: &ShopConfig) -> Self {
        let mut plan = Self::default();
        for service in services {
            plan.add(service, config);
        }
        plan
    }

    pub(crate) fn add(&mut self, service: ServiceId, config: &ShopConfig) {
        self.services.push(service);
        let steps = config.service(service).expect("is offered").plan();
        self.steps.extend(steps.iter().enumerate().map(|(i, step)| (service, i, step.kind)));
    }

    /// What is promised first: that all is ready or known, or else as the first service has it.
    pub(crate) fn promises(&self, config: &ShopConfig) -> PromiseKind {
        let kinds = self.services.iter().map(|&s| config.service(s).expect("is offered").promise);
        let kinds: Vec<_> = kinds.collect();
        let long = [PromiseKind::Ready, PromiseKind::News].into_iter().find(|k| kinds.contains(k));
        long.unwrap_or(kinds[0])
    }

    pub(crate) fn next(&self) -> Option<StepKind> {
        self.steps.get(self.done).map(|&(_, _, kind)| kind)
    }

    fn can(&self, step: usize, staff: StaffId, config: &ShopConfig) -> bool {
        let (service, index, _) = self.steps[step];
        let by = config.service(service).and_then(|s| s.steps.get(index)).map(|s| &s.by);
        config.person(staff).is_some_and(|p| p.services.contains(&service))
            && by.is_none_or(|by| by.is_empty() || by.contains(&staff))
    }

    /// Whether a person can do what is next.
    pub(crate) fn is_for(&self, staff: StaffId, config: &ShopConfig) -> bool {
        self.done < self.steps.len() && self.can(self.done, staff, config)
    }

    /// One sits down with a person: for all that follows in the chair and that they can do.
    pub(crate) fn sit_down(&mut self, staff: StaffId, config: &ShopConfig) {
        let in_chair =
            |&step: &usize| self.steps[step].2 == StepKind::Chair && self.can(step, staff, config);
        self.sitting = (self.done..self.steps.len()).take_while(in_chair).count().max(1);
    }

    /// The work that was done is over.
    pub(crate) fn stand_up(&mut self) {
        self.done += self.sitting.max(1);
        self.sitting = 0;
    }

    /// The work that was being done is done another time.
    pub(crate) fn leave_off(&mut self) {
        self.sitting = 0;
    }

    /// Whether there is nothing left but to collect something.
    pub(crate) fn leaves_something(&self, config: &ShopConfig) -> bool {
        self.steps.last().is_some_and(|&(_, _, kind)| kind != StepKind::Chair)
            && matches!(self.promises(config), PromiseKind::Ready | PromiseKind::News)
    }

    /// One service more, in the same sitting where the person who serves them can.
    pub(crate) fn add_on(&mut self, service: ServiceId, staff: StaffId, config: &ShopConfig) {
        let is_last = self.done + self.sitting == self.steps.len();
        self.add(service, config);
        if is_last && self.steps[self.done].2 == StepKind::Chair {
            self.sit_down(staff, config);
        }
    }

    /// Checks that a visit is for this and has come as far.
    pub(crate) fn check(&self, visit: &Visit) {
        let id = visit.id;
        assert_eq!(visit.services, self.services, "visit {id}");
        assert_eq!(visit.steps.len(), self.steps.len(), "visit {id}");
        assert_eq!((visit.done, visit.sitting), (self.done, self.sitting), "visit {id}");
    }
}
