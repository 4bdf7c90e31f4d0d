//! The line said again in few words, as a model that the engine is compared with: it follows the
//! commands that were carried out and knows neither events nor time.

use std::collections::{BTreeMap, BTreeSet};

use sooner_engine::shop::{OVER_KEPT_MS, OVER_MAX};
use sooner_engine::{Shop, ShopConfig};
use sooner_shared::command::Join;
use sooner_shared::view::Stage;
use sooner_shared::{Command, ServiceId, StaffId, VisitId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Line { missing: bool },
    CalledTo(StaffId),
    InChair(StaffId),
    Over(Stage),
}

#[derive(Debug)]
struct Person {
    service: ServiceId,
    requested: Option<StaffId>,
    place: Place,
    checked_in: bool,
}

/// Who ever joined, and where they are.
#[derive(Debug, Default)]
pub(crate) struct Model {
    people: BTreeMap<VisitId, Person>,
    on_duty: BTreeSet<StaffId>,
}

impl Model {
    /// Follows a command that the shop carried out.
    pub(crate) fn carry_out(&mut self, command: &Command, config: &ShopConfig) {
        match command {
            Command::Join(join) => self.join(join, false),
            Command::AddWalkIn(join) => self.join(join, true),
            &Command::CallNext { staff, after } => {
                assert_eq!(self.occupant(staff), after, "two taps, one after the other");
                match after.map(|visit| (visit, self.people[&visit].place)) {
                    Some((visit, Place::InChair(_))) => self.put(visit, Place::Over(Stage::Done)),
                    Some((visit, _)) => self.not_there(visit),
                    None => {}
                }
                if let Some(visit) = self.next_for(staff, config) {
                    self.call(visit, staff);
                }
            }
            &Command::Call { visit, staff } => {
                self.send_back(staff, Some(visit), true);
                self.call(visit, staff);
            }
            &Command::Start { visit, staff } => {
                self.send_back(staff, Some(visit), true);
                if self.people[&visit].place != Place::CalledTo(staff) {
                    self.nobody_is_missing();
                }
                self.put(visit, Place::InChair(staff));
                self.is_here(visit);
            }
            &Command::Finish { visit } => self.put(visit, Place::Over(Stage::Done)),
            &Command::ReturnToLine { visit } => self.not_there(visit),
            &Command::MarkNoShow { visit } => self.put(visit, Place::Over(Stage::NoShow)),
            &Command::Leave { visit } => self.put(visit, Place::Over(Stage::Left)),
            &Command::CheckIn { visit } => self.is_here(visit),
            &Command::GoOnDuty { staff } => assert!(self.on_duty.insert(staff)),
            &Command::GoOffDuty { staff } => {
                self.send_back(staff, None, false);
                assert!(self.on_duty.remove(&staff));
            }
        }
    }

    /// Checks that the shop has everybody where the model has them: nobody lost, nobody in two
    /// chairs, nobody called past who was next.
    pub(crate) fn check(&self, shop: &Shop) {
        for (id, person) in &self.people {
            let Some(visit) = shop.visits.get(id) else {
                assert!(matches!(person.place, Place::Over(_)), "{id} was lost");
                continue;
            };
            let expected = match person.place {
                Place::Line { .. } => (Stage::Waiting, None),
                Place::CalledTo(staff) => (Stage::Called, Some(staff)),
                Place::InChair(staff) => (Stage::Serving, Some(staff)),
                Place::Over(stage) => (stage, visit.staff),
            };
            assert_eq!((visit.stage, visit.staff), expected, "visit {id}");
            if let Place::Line { missing } = person.place {
                assert_eq!(visit.missing, missing, "visit {id}");
            }
            assert_eq!(visit.checked_in, person.checked_in, "visit {id}");
            assert!(!(visit.missing && visit.checked_in), "{id} is here and is not");
            assert_eq!(visit.ended_at.is_some(), visit.stage.is_over());
            assert!(visit.ended_at.is_none_or(|at| shop.last_at - at <= OVER_KEPT_MS));
        }
        assert!(shop.visits.keys().all(|id| self.people.contains_key(id)));
        assert!(shop.visits.values().filter(|v| v.stage.is_over()).count() <= OVER_MAX);
        for (&staff, chair) in &shop.chairs {
            assert_eq!(chair.visit, self.occupant(staff), "chair {staff}");
            assert_eq!(chair.on_duty, self.on_duty.contains(&staff));
        }
    }

    fn join(&mut self, join: &Join, checked_in: bool) {
        let id = VisitId(self.people.len() as u32 + 1);
        let person = Person {
            service: join.service,
            requested: join.requested,
            place: Place::Line { missing: false },
            checked_in,
        };
        self.people.insert(id, person);
    }

    /// First come, first served, among those whom the person can serve and who do not wait for
    /// another; who was called and was not there comes after the others.
    fn next_for(&self, staff: StaffId, config: &ShopConfig) -> Option<VisitId> {
        let person = config.person(staff)?;
        let mut eligible: Vec<_> = self
            .people
            .iter()
            .filter_map(|(&id, p)| match p.place {
                Place::Line { missing }
                    if person.services.contains(&p.service)
                        && [None, Some(staff)].contains(&p.requested) =>
                {
                    Some((missing, id))
                }
                _ => None,
            })
            .collect();
        eligible.sort_unstable();
        eligible.first().map(|&(_, id)| id)
    }

    fn call(&mut self, visit: VisitId, staff: StaffId) {
        self.nobody_is_missing();
        self.put(visit, Place::CalledTo(staff));
    }

    /// Whoever else is called to the chair goes back in line.
    fn send_back(&mut self, staff: StaffId, except: Option<VisitId>, missing: bool) {
        let called = |(&id, p): (&VisitId, &Person)| {
            (p.place == Place::CalledTo(staff) && Some(id) != except).then_some(id)
        };
        for visit in self.people.iter().filter_map(called).collect::<Vec<_>>() {
            if missing {
                self.not_there(visit);
            } else {
                self.put(visit, Place::Line { missing: false });
            }
        }
    }

    /// Whoever was called and was not there is not in the shop, whatever was thought before.
    fn not_there(&mut self, visit: VisitId) {
        self.put(visit, Place::Line { missing: true });
        if let Some(person) = self.people.get_mut(&visit) {
            person.checked_in = false;
        }
    }

    /// Whoever is in the shop is not missing.
    fn is_here(&mut self, visit: VisitId) {
        if let Some(person) = self.people.get_mut(&visit) {
            person.checked_in = true;
            if let Place::Line { missing } = &mut person.place {
                *missing = false;
            }
        }
    }

    fn nobody_is_missing(&mut self) {
        for person in self.people.values_mut() {
            if let Place::Line { missing } = &mut person.place {
                *missing = false;
            }
        }
    }

    fn put(&mut self, visit: VisitId, place: Place) {
        if let Some(person) = self.people.get_mut(&visit) {
            person.place = place;
        }
    }

    /// Who is called to a chair or sits in it; no two are.
    fn occupant(&self, staff: StaffId) -> Option<VisitId> {
        let mut here = self
            .people
            .iter()
            .filter(|(_, p)| [Place::CalledTo(staff), Place::InChair(staff)].contains(&p.place))
            .map(|(&id, _)| id);
        let first = here.next();
        assert_eq!(here.next(), None, "two in the chair of {staff}");
        first
    }
}
