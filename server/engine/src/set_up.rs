//! Whether a shop may become another while people are in it: what those who are under way need
//! must still be there. Whether a set-up makes sense by itself is [`ShopConfig::check`]'s to say.
//!
//! Minutes, names, hours and rules may change at any time: the next forecast takes them in, and
//! no promise moves by that.

use sooner_shared::{ServiceId, StaffId, VisitId};
use thiserror::Error;

use crate::config::StepKind;
use crate::visit::VisitStep;
use crate::{Service, Shop, ShopConfig, Visit};

/// Why a set-up has to wait. Ids, not names: whoever tells it has the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SetUpRefusal {
    /// Somebody comes for a service that would be gone.
    #[error("service {service} cannot go before visit {visit}, which is for it, is over")]
    ServiceNeeded {
        /// Which.
        service: ServiceId,
        /// Whose visit.
        visit: VisitId,
    },
    /// Somebody is on their way through steps that would be others.
    #[error("the steps of service {service} cannot change before visit {visit} is over")]
    StepsNeeded {
        /// Whose.
        service: ServiceId,
        /// Whose visit.
        visit: VisitId,
    },
    /// Somebody waits for a step that nobody would do any more.
    #[error("nobody would do service {service} for visit {visit} any more")]
    NobodyLeft {
        /// Which.
        service: ServiceId,
        /// Whose visit.
        visit: VisitId,
    },
    /// A person on duty would be gone.
    #[error("staff {staff} is on duty, and cannot go before going off duty")]
    OnDuty {
        /// Who.
        staff: StaffId,
    },
    /// A person would be gone whom somebody asked for, is with, or was promised.
    #[error("staff {staff} cannot go before visit {visit}, which is theirs, is over")]
    StaffNeeded {
        /// Who.
        staff: StaffId,
        /// Whose visit.
        visit: VisitId,
    },
    /// A person would no longer do what somebody asked for them for.
    #[error("staff {staff} was asked for by visit {visit} for service {service}")]
    SkillNeeded {
        /// Who.
        staff: StaffId,
        /// What.
        service: ServiceId,
        /// Whose visit.
        visit: VisitId,
    },
}

/// Says whether `shop` may become `next` now.
pub fn may_become(shop: &Shop, next: &ShopConfig) -> Result<(), SetUpRefusal> {
    for (&staff, chair) in &shop.chairs {
        if chair.on_duty && next.person(staff).is_none() {
            return Err(SetUpRefusal::OnDuty { staff });
        }
    }
    shop.visits
        .values()
        .filter(|visit| !visit.stage.is_over())
        .try_for_each(|visit| leaves_room_for(&shop.config, visit, next))
}

fn leaves_room_for(
    present: &ShopConfig,
    visit: &Visit,
    next: &ShopConfig,
) -> Result<(), SetUpRefusal> {
    let id = visit.id;
    for &service in &visit.services {
        let Some(becomes) = next.service(service) else {
            return Err(SetUpRefusal::ServiceNeeded { service, visit: id });
        };
        // Steps are known by their numbers.
        let is = present.service(service);
        if is.is_some_and(|is| kinds(is) != kinds(becomes)) {
            return Err(SetUpRefusal::StepsNeeded { service, visit: id });
        }
    }
    let held = visit.appointment.map(|appointment| appointment.held);
    let theirs = [visit.requested, visit.staff, visit.owner, visit.handed_to, held];
    for staff in theirs.into_iter().flatten() {
        if present.person(staff).is_some() && next.person(staff).is_none() {
            return Err(SetUpRefusal::StaffNeeded { staff, visit: id });
        }
    }
    for step in visit.steps.iter().skip(visit.done) {
        let service = step.service;
        // What nobody does today is no worse off.
        if step.kind.waits_for().is_none() && anybody(present, step) && !anybody(next, step) {
            return Err(SetUpRefusal::NobodyLeft { service, visit: id });
        }
        if let Some(staff) = visit.requested
            && one(present, staff, step)
            && !one(next, staff, step)
        {
            return Err(SetUpRefusal::SkillNeeded { staff, service, visit: id });
        }
    }
    Ok(())
}

/// What the steps of a service take: as long as that stays, they are the same steps.
pub(crate) fn kinds(service: &Service) -> Vec<StepKind> {
    service.plan().iter().map(|step| step.kind).collect()
}

fn anybody(config: &ShopConfig, step: &VisitStep) -> bool {
    config.staff.iter().any(|person| config.does(person, step))
}

fn one(config: &ShopConfig, staff: StaffId, step: &VisitStep) -> bool {
    config.person(staff).is_some_and(|person| config.does(person, step))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sooner_shared::time::MINUTE_MS;
    use sooner_shared::view::PromiseKind;
    use sooner_shared::{Maker, Timestamp};

    use super::*;
    use crate::calendar::{Hours, Week};
    use crate::config::{NamesOnWall, Remote, Step};
    use crate::{Event, Recorded, Staff};

    const CUT: ServiceId = ServiceId(1);
    const REPAIR: ServiceId = ServiceId(2);
    const ANNA: StaffId = StaffId(1);
    const BEN: StaffId = StaffId(2);
    const VISIT: VisitId = VisitId(1);

    fn config() -> ShopConfig {
        let service = |id, promise, steps| Service {
            id,
            name: format!("service {id}"),
            nominal_ms: 30 * MINUTE_MS,
            promise,
            steps,
            done_by: false,
            taught: None,
        };
        let step = |kind, by| Step { name: "step".into(), kind, nominal_ms: MINUTE_MS, by };
        let person = |id| Staff {
            id,
            place: format!("chair {id}"),
            services: BTreeSet::from([CUT, REPAIR]),
            shifts: Hours::default(),
            breaks: Week::default(),
        };
        let steps = vec![step(StepKind::Chair, vec![]), step(StepKind::Bench, vec![BEN])];
        ShopConfig {
            name: "Shop".into(),
            zone: "UTC".into(),
            seed: 1,
            step_ms: MINUTE_MS,
            keep_permille: 950,
            hold_ms: 0,
            turnaround_ms: 0,
            paths: 32,
            hours: Hours::default(),
            remote: Remote::default(),
            overrun_ms: 0,
            unseen_ms: 0,
            make_goods: Vec::new(),
            names_on_wall: NamesOnWall::default(),
            erase_after_ms: 24 * 60 * MINUTE_MS,
            quiet_hours: Week::default(),
            informal: false,
            languages: Vec::new(),
            accent: sooner_shared::look::Accent::default(),
            fresh: false,
            services: vec![
                service(CUT, PromiseKind::Start, vec![]),
                service(REPAIR, PromiseKind::Ready, steps),
            ],
            staff: vec![person(ANNA), person(BEN)],
        }
    }

    fn record(shop: &mut Shop, event: Event) {
        let seq = shop.seq + 1;
        shop.apply(&Recorded { seq, at: Timestamp(0), tap: seq, by: Maker::Owner, event });
    }

    /// The shop after somebody joined, for one service and perhaps with one person.
    fn with_visit(service: ServiceId, requested: Option<StaffId>) -> Shop {
        let mut shop = Shop::new(config());
        record(&mut shop, Event::Configured(Box::new(config())));
        let joined = Event::Joined {
            visit: VISIT,
            service,
            more: vec![],
            requested,
            by_staff: true,
            group: None,
        };
        record(&mut shop, joined);
        shop
    }

    fn after(shop: &Shop, change: impl FnOnce(&mut ShopConfig)) -> Result<(), SetUpRefusal> {
        let mut next = (*shop.config).clone();
        change(&mut next);
        may_become(shop, &next)
    }

    fn fire(staff: StaffId) -> impl Fn(&mut ShopConfig) {
        move |next| next.staff.retain(|person| person.id != staff)
    }

    #[test]
    fn a_service_stays_as_long_as_somebody_comes_for_it() {
        let mut shop = with_visit(REPAIR, None);
        let end = |id| move |next: &mut ShopConfig| next.services.retain(|s| s.id != id);
        let needed = SetUpRefusal::ServiceNeeded { service: REPAIR, visit: VISIT };
        assert_eq!(after(&shop, end(REPAIR)), Err(needed));
        assert_eq!(after(&shop, end(CUT)), Ok(()));
        record(&mut shop, Event::Left { visit: VISIT });
        assert_eq!(after(&shop, end(REPAIR)), Ok(()));
    }

    #[test]
    fn steps_may_take_longer_but_not_become_others_under_somebody() {
        let shop = with_visit(REPAIR, None);
        let needed = SetUpRefusal::StepsNeeded { service: REPAIR, visit: VISIT };
        let shorter = after(&shop, |next| drop(next.services[1].steps.pop()));
        assert_eq!(shorter, Err(needed));
        let other = after(&shop, |next| next.services[1].steps[1].kind = StepKind::Part);
        assert_eq!(other, Err(needed));
        assert_eq!(after(&shop, |next| next.services[1].steps[1].nominal_ms *= 9), Ok(()));
        assert_eq!(after(&shop, |next| next.services[1].name = "Mending".into()), Ok(()));
    }

    #[test]
    fn somebody_must_be_left_to_do_what_is_still_to_be_done() {
        let shop = with_visit(REPAIR, None);
        let nobody = SetUpRefusal::NobodyLeft { service: REPAIR, visit: VISIT };
        assert_eq!(after(&shop, fire(BEN)), Err(nobody), "only Ben does the second step");
        assert_eq!(after(&shop, fire(ANNA)), Ok(()), "Ben does both");
        let anna_too = after(&shop, |next| {
            next.services[1].steps[1].by.push(ANNA);
            fire(BEN)(next);
        });
        assert_eq!(anna_too, Ok(()));
    }

    #[test]
    fn who_was_asked_for_stays_and_goes_on_doing_it() {
        let shop = with_visit(CUT, Some(ANNA));
        let needed = SetUpRefusal::StaffNeeded { staff: ANNA, visit: VISIT };
        assert_eq!(after(&shop, fire(ANNA)), Err(needed));
        let forgets = |staff: usize| {
            move |next: &mut ShopConfig| {
                next.staff[staff].services.remove(&CUT);
            }
        };
        let skill = SetUpRefusal::SkillNeeded { staff: ANNA, service: CUT, visit: VISIT };
        assert_eq!(after(&shop, forgets(0)), Err(skill));
        assert_eq!(after(&shop, forgets(1)), Ok(()));
    }

    #[test]
    fn who_is_on_duty_or_serves_stays() {
        let mut shop = with_visit(CUT, None);
        record(&mut shop, Event::WentOnDuty { staff: BEN });
        assert_eq!(after(&shop, fire(BEN)), Err(SetUpRefusal::OnDuty { staff: BEN }));
        record(&mut shop, Event::Started { visit: VISIT, staff: BEN, tapped_at: None });
        record(&mut shop, Event::WentOffDuty { staff: BEN });
        let needed = SetUpRefusal::StaffNeeded { staff: BEN, visit: VISIT };
        assert_eq!(after(&shop, fire(BEN)), Err(needed));
        record(&mut shop, Event::Finished { visit: VISIT, tapped_at: None });
        assert_eq!(after(&shop, fire(BEN)), Ok(()));
    }

    #[test]
    fn a_change_ends_what_could_be_taken_back_and_what_was_learned_of_other_steps() {
        let mut shop = with_visit(CUT, None);
        for steps in shop.learned.values_mut() {
            steps[0].learn(MINUTE_MS, MINUTE_MS, 0.0, 0.0);
        }
        assert!(shop.taps.last_on(VISIT, Timestamp(0)).is_some());
        let mut next = config();
        next.services[0].nominal_ms *= 2;
        next.services[1].steps.pop();
        record(&mut shop, Event::Configured(Box::new(next)));
        assert!(shop.taps.last_on(VISIT, Timestamp(0)).is_none());
        assert_eq!((shop.learned(CUT, 0).count, shop.learned(REPAIR, 0).count), (1, 0));
    }
}
