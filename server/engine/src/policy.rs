//! Who is next: the one rule that dispatching (`CallNext`) and forecasting share.
//!
//! First come, first served, among those whom the free person can serve; a requested person is
//! waited for; whoever was called and was not there lets one other go first. What staff really do
//! may differ: recorded facts win over this rule, suggestions never do.

use sooner_shared::{ServiceId, StaffId};

use crate::Staff;

/// What a person in line needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The service they wait for.
    pub service: ServiceId,
    /// Whom they wait for, if not for whoever is free first.
    pub requested: Option<StaffId>,
    /// Called and not there: the next one goes first.
    pub missing: bool,
}

/// Whether `person` may take this claim.
#[must_use]
pub fn can_take(person: &Staff, claim: &Claim) -> bool {
    claim.requested.is_none_or(|id| id == person.id) && person.services.contains(&claim.service)
}

/// The position, in a line given in its order, of the one whom `person` calls next.
pub fn next<'a>(person: &Staff, line: impl IntoIterator<Item = &'a Claim>) -> Option<usize> {
    let mut first_missing = None;
    for (position, claim) in line.into_iter().enumerate() {
        if can_take(person, claim) {
            if !claim.missing {
                return Some(position);
            }
            first_missing = first_missing.or(Some(position));
        }
    }
    first_missing
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUT: ServiceId = ServiceId(1);
    const COLOUR: ServiceId = ServiceId(2);

    fn person(id: u16, services: &[ServiceId]) -> Staff {
        Staff {
            id: StaffId(id),
            place: String::new(),
            services: services.iter().copied().collect(),
        }
    }

    fn claim(service: ServiceId, requested: Option<u16>, missing: bool) -> Claim {
        Claim { service, requested: requested.map(StaffId), missing }
    }

    #[test]
    fn the_first_whom_the_person_can_serve_is_next() {
        let line = [
            claim(COLOUR, None, false),
            claim(CUT, Some(2), false),
            claim(CUT, None, true),
            claim(CUT, None, false),
        ];
        for (who, expected) in [
            (person(1, &[CUT]), Some(3)),
            (person(2, &[CUT]), Some(1)),
            (person(3, &[COLOUR]), Some(0)),
            (person(4, &[]), None),
        ] {
            assert_eq!(next(&who, &line), expected, "person {}", who.id);
        }
    }

    #[test]
    fn who_was_not_there_is_called_again_when_nobody_else_waits() {
        assert_eq!(next(&person(1, &[CUT]), &[claim(CUT, None, true)]), Some(0));
    }
}
