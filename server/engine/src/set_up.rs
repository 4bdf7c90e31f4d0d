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

fn kinds(service: &Service) -> Vec<StepKind> {
    service.plan().iter().map(|step| step.kind).collect()
}

fn anybody(config: &ShopConfig, step: &VisitStep) -> bool {
    config.staff.iter().any(|person| config.does(person, step))
}

fn one(config: &ShopConfig, staff: StaffId, step: &VisitStep) -> bool {
    config.person(staff).is_some_and(|person| config.does(person, step))
}
