//! Why a set-up has to wait, said with the names the engine does not know.

use sooner_engine::ShopConfig;
use sooner_engine::set_up::SetUpRefusal;
use sooner_shared::set_up::{FieldFault, FieldFaults};
use sooner_shared::{ServiceId, StaffId};

/// A sentence for the owner, in English.
pub(crate) fn sentence<'n>(
    refusal: SetUpRefusal,
    present: &ShopConfig,
    name: impl Fn(StaffId) -> Option<&'n str>,
) -> String {
    let service = |id: ServiceId| present.service(id).map_or("", |service| &service.name);
    let staff = |id| name(id).map_or_else(|| format!("staff {id}"), str::to_owned);
    match refusal {
        SetUpRefusal::ServiceNeeded { service: id, visit } => {
            format!("{:?} cannot go before visit {visit} is over, which is for it", service(id))
        }
        SetUpRefusal::StepsNeeded { service: id, visit } => format!(
            "the kinds of steps of {:?} cannot change before visit {visit} is over, which is for it",
            service(id)
        ),
        SetUpRefusal::NobodyLeft { service: id, visit } => {
            format!("nobody would do {:?} any more, and visit {visit} is for it", service(id))
        }
        SetUpRefusal::OnDuty { staff: id } => {
            format!("{} is on duty, and cannot go before going off duty", staff(id))
        }
        SetUpRefusal::StaffNeeded { staff: id, visit } => {
            format!("{} cannot go before visit {visit} is over, which is with them", staff(id))
        }
        SetUpRefusal::SkillNeeded { staff: id, service: what, visit } => format!(
            "{} does {:?} until visit {visit} is over, which asked for them",
            staff(id),
            service(what)
        ),
    }
}

/// The same as a fault of what a page changes.
pub(crate) fn faults(refusal: SetUpRefusal, message: String) -> FieldFaults {
    let field = match refusal {
        SetUpRefusal::ServiceNeeded { .. } | SetUpRefusal::StepsNeeded { .. } => "services",
        SetUpRefusal::NobodyLeft { .. }
        | SetUpRefusal::OnDuty { .. }
        | SetUpRefusal::StaffNeeded { .. }
        | SetUpRefusal::SkillNeeded { .. } => "staff",
    };
    FieldFaults(vec![FieldFault { field: field.into(), code: "needed".into(), message }])
}
