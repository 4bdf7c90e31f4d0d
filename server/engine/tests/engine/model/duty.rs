//! Who comes and goes of the people of the shop, and whose task a call-back is.

use sooner_shared::view::PromiseKind;
use sooner_shared::{StaffId, VisitId};

use super::{Model, Place};

impl Model {
    pub(super) fn come(&mut self, staff: StaffId) {
        assert!(self.on_duty.insert(staff));
        let open: Vec<_> =
            self.open_calls().filter(|&id| self.people[&id].owner.is_none()).collect();
        for visit in open {
            self.find_owner(visit);
        }
    }

    pub(super) fn go_home(&mut self, staff: StaffId) {
        self.release(staff);
        assert!(self.on_duty.remove(&staff));
        self.on_break.remove(&staff);
        // What they were offered stays where it is.
        for person in self.people.values_mut().filter(|p| p.handed_to == Some(staff)) {
            person.handed_to = None;
        }
        let theirs = |id: &VisitId| {
            let person = &self.people[id];
            person.owner == Some(staff) && !person.started
        };
        for visit in self.open_calls().filter(theirs).collect::<Vec<_>>() {
            self.find_owner(visit);
        }
    }

    pub(super) fn release(&mut self, staff: StaffId) {
        if let Some(visit) = self.occupant(staff) {
            self.take_back_call(visit);
        }
    }

    fn open_calls(&self) -> impl Iterator<Item = VisitId> {
        self.people
            .iter()
            .filter(|(_, p)| p.plan.promises(&self.config) == PromiseKind::CallBack)
            .filter(|(_, p)| !matches!(p.place, Place::Over(_)))
            .map(|(&id, _)| id)
    }

    /// A call-back is the task of somebody on duty who can: of whom they asked for, or else of the
    /// one with the fewest.
    pub(super) fn find_owner(&mut self, visit: VisitId) {
        if !self.open_calls().any(|id| id == visit) {
            return;
        }
        let person = &self.people[&visit];
        let is_new = person.owner.is_none();
        let here = self.config.staff.iter().map(|p| p.id).filter(|id| self.on_duty.contains(id));
        let able: Vec<_> = here.filter(|&id| person.plan.is_for(id, &self.config)).collect();
        let theirs = |staff| {
            let others = self.open_calls().filter(|&id| id != visit);
            others.filter(|id| self.people[id].owner == Some(staff)).count()
        };
        let asked = person.requested.filter(|staff| is_new && able.contains(staff));
        let owner = asked.or_else(|| able.into_iter().min_by_key(|&staff| theirs(staff)));
        self.person(visit).owner = owner;
    }
}
