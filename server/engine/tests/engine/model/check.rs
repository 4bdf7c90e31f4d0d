//! The shop and the model side by side.

use sooner_engine::shop::{OVER_KEPT_MS, OVER_MAX};
use sooner_engine::{Shop, Visit};
use sooner_shared::view::Stage;

use super::{Model, Person, Place};

impl Model {
    /// Checks that the shop has everybody where the model has them: nobody lost, nobody served by
    /// two, nobody served twice.
    pub(crate) fn check(&self, shop: &Shop) {
        for (id, person) in &self.people {
            match shop.visits.get(id) {
                Some(visit) => person.check(visit),
                None => assert!(matches!(person.place, Place::Over(_)), "{id} was lost"),
            }
        }
        for visit in shop.visits.values() {
            assert!(self.people.contains_key(&visit.id));
            // One that ended long ago by a tap that arrived just now is there until that is certain.
            let is_settling = visit.promises.iter().any(|p| p.due.is_some());
            let is_recent = |at| shop.last_at - at <= OVER_KEPT_MS;
            assert!(is_settling || visit.ended_at.is_none_or(is_recent));
        }
        assert!(shop.visits.values().filter(|v| v.stage.is_over()).count() <= OVER_MAX);
        for (staff, chair) in &shop.chairs {
            assert_eq!(chair.visit, self.occupant(*staff), "chair {staff}");
            assert_eq!(chair.on_duty, self.on_duty.contains(staff), "chair {staff}");
            assert_eq!(chair.break_until.is_some(), self.on_break.contains(staff));
        }
        assert_eq!(shop.line_closed.is_some(), self.line_closed);
    }
}

impl Person {
    fn check(&self, visit: &Visit) {
        let id = visit.id;
        let (stage, staff) = match self.place {
            Place::Booked => (Stage::Booked, None),
            Place::Line => (Stage::Waiting, None),
            Place::CalledTo(staff) => (Stage::Called, Some(staff)),
            Place::With(staff) => (Stage::Serving, Some(staff)),
            // Who served them last is still known.
            Place::Pending => (Stage::Pending, visit.staff),
            Place::OnHold => (Stage::OnHold, None),
            Place::Ready => (Stage::Ready, visit.staff),
            Place::Over(stage) => (stage, visit.staff),
        };
        assert_eq!((visit.stage, visit.staff), (stage, staff), "visit {id}");
        assert_eq!(visit.ended_at.is_some(), visit.stage.is_over(), "visit {id}");
        self.plan.check(visit);
        assert_eq!(visit.place(), self.stands(id));
        let flags = (visit.checked_in, visit.missing, visit.lets_pass, visit.asks);
        assert_eq!(
            flags,
            (self.checked_in, self.missing, self.lets_pass, self.asks),
            "checked in, missing, lets pass, asks: visit {id}"
        );
        assert!(!(visit.missing && visit.checked_in), "{id} is here and is not");
        let who = (visit.requested, visit.keeper, visit.owner, visit.handed_to);
        assert_eq!(
            who,
            (self.requested, self.keeper, self.owner, self.handed_to),
            "requested, keeper, owner, handed to: visit {id}"
        );
        assert_eq!(visit.appointment.map(|a| (a.held, a.given_at)), self.held, "visit {id}");
        assert_eq!(visit.not_before, self.not_before, "visit {id}");
        assert_eq!(visit.right_at, self.right_at, "visit {id}");
        assert_eq!(visit.started_at.is_some(), self.started, "visit {id}");
    }
}
