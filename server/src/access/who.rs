//! What somebody may do, by what they are.

use sooner_shared::access::{DeviceKind, Scope};
use sooner_shared::{Maker, Problem, ProblemCode, StaffId};

use super::state::Who;

impl Who {
    /// Whether they may see and do what the desk does.
    pub fn may_desk(&self) -> Result<(), Problem> {
        if let Some((_, scopes)) = &self.program {
            return allowed(scopes.contains(&Scope::Desk));
        }
        if self.is_owner {
            return Ok(());
        }
        match self.device {
            _ if self.has_wrong_key => Err(ProblemCode::NotAllowed.into()),
            Some((_, DeviceKind::Tablet)) if self.asks_pins && self.people.is_empty() => {
                Err(ProblemCode::SignInNeeded.into())
            }
            Some((_, DeviceKind::Tablet)) => Ok(()),
            Some((_, DeviceKind::Display | DeviceKind::Kiosk)) => {
                Err(ProblemCode::NotAllowed.into())
            }
            Some((_, DeviceKind::Owner)) => Err(ProblemCode::SignInNeeded.into()),
            None => Err(ProblemCode::NotPaired.into()),
        }
    }

    /// Whether they may see and change the set-up.
    pub fn may_set_up(&self) -> Result<(), Problem> {
        match &self.program {
            Some((_, scopes)) => allowed(scopes.contains(&Scope::SetUp)),
            None => self.must_be_owner(),
        }
    }

    /// Whether they may see how promises were kept.
    pub fn may_read_report(&self) -> Result<(), Problem> {
        match &self.program {
            Some((_, scopes)) => allowed(scopes.contains(&Scope::Report)),
            None => self.must_be_owner(),
        }
    }

    /// Whether they are the owner, in person: no key reaches that far.
    pub fn must_be_owner(&self) -> Result<(), Problem> {
        if self.is_owner {
            Ok(())
        } else if self.program.is_some() || self.has_wrong_key {
            Err(ProblemCode::NotAllowed.into())
        } else {
            Err(ProblemCode::SignInNeeded.into())
        }
    }

    /// Who a tap at the desk is recorded to be by. Where several are signed in the tap says who;
    /// else it was the last who signed in.
    pub fn maker(&self, by: Option<StaffId>) -> Result<Maker, Problem> {
        if let Some((key, _)) = self.program {
            return Ok(Maker::Program(key));
        }
        if let Some(staff) = by
            && !self.people.contains(&staff)
            && self.asks_pins
            && !self.is_owner
        {
            return Err(ProblemCode::SignInNeeded.into());
        }
        let staff = by.filter(|staff| self.people.contains(staff)).or(self.people.last().copied());
        Ok(match (staff, self.device) {
            (Some(staff), Some((device, _))) => Maker::Staff { staff, device },
            _ if self.is_owner => Maker::Owner,
            (None, Some((device, _))) => Maker::Device(device),
            _ => Maker::Unknown,
        })
    }

    /// Who somebody is recorded to be who joins, or looks after their own visit.
    #[must_use]
    pub fn maker_of_joining(&self) -> Maker {
        match (&self.program, self.device) {
            (Some((key, _)), _) => Maker::Program(*key),
            (None, Some((device, DeviceKind::Kiosk))) => Maker::Device(device),
            _ => Maker::Customer,
        }
    }
}

fn allowed(is_allowed: bool) -> Result<(), Problem> {
    if is_allowed { Ok(()) } else { Err(ProblemCode::NotAllowed.into()) }
}

#[cfg(test)]
mod tests {
    use sooner_shared::ProblemCode::{NotAllowed, NotPaired, SignInNeeded};
    use sooner_shared::access::{DeviceId, KeyId};

    use super::*;

    fn at(kind: DeviceKind) -> Who {
        Who { device: Some((DeviceId(1), kind)), ..Who::default() }
    }

    fn program(scopes: &[Scope]) -> Who {
        Who { program: Some((KeyId(1), scopes.to_vec())), ..Who::default() }
    }

    #[test]
    fn each_role_may_do_its_own_and_nothing_else() {
        let pins = |who: Who| Who { asks_pins: true, ..who };
        let signed_in = Who { people: vec![StaffId(1)], ..pins(at(DeviceKind::Tablet)) };
        let owner = Who { is_owner: true, ..pins(at(DeviceKind::Owner)) };
        let code = |answer: Result<(), Problem>| answer.err().map(|p| p.code);
        let table = [
            // who, desk, set-up, owner
            (Who::default(), Some(NotPaired), Some(SignInNeeded), Some(SignInNeeded)),
            (at(DeviceKind::Tablet), None, Some(SignInNeeded), Some(SignInNeeded)),
            (
                pins(at(DeviceKind::Tablet)),
                Some(SignInNeeded),
                Some(SignInNeeded),
                Some(SignInNeeded),
            ),
            (signed_in, None, Some(SignInNeeded), Some(SignInNeeded)),
            (at(DeviceKind::Display), Some(NotAllowed), Some(SignInNeeded), Some(SignInNeeded)),
            (at(DeviceKind::Kiosk), Some(NotAllowed), Some(SignInNeeded), Some(SignInNeeded)),
            (at(DeviceKind::Owner), Some(SignInNeeded), Some(SignInNeeded), Some(SignInNeeded)),
            (owner, None, None, None),
            (
                Who { has_wrong_key: true, ..Who::default() },
                Some(NotAllowed),
                Some(NotAllowed),
                Some(NotAllowed),
            ),
            (program(&[]), Some(NotAllowed), Some(NotAllowed), Some(NotAllowed)),
            (program(&[Scope::Join]), Some(NotAllowed), Some(NotAllowed), Some(NotAllowed)),
            (program(&[Scope::Desk]), None, Some(NotAllowed), Some(NotAllowed)),
            (program(&[Scope::SetUp]), Some(NotAllowed), None, Some(NotAllowed)),
            (program(&[Scope::Report]), Some(NotAllowed), Some(NotAllowed), Some(NotAllowed)),
        ];
        for (who, desk, set_up, own) in table {
            assert_eq!(code(who.may_desk()), desk, "{who:?}");
            assert_eq!(code(who.may_set_up()), set_up, "{who:?}");
            assert_eq!(code(who.must_be_owner()), own, "{who:?}");
            // The report is the owner's, and of keys that were made for it.
            let is_for_it = who.program == program(&[Scope::Report]).program;
            let report = if is_for_it { None } else { own };
            assert_eq!(code(who.may_read_report()), report, "{who:?}");
        }
    }

    #[test]
    fn a_tap_is_recorded_with_who_made_it() {
        let two =
            Who { people: vec![StaffId(1), StaffId(2)], asks_pins: true, ..at(DeviceKind::Tablet) };
        let device = DeviceId(1);
        assert_eq!(two.maker(None), Ok(Maker::Staff { staff: StaffId(2), device }));
        assert_eq!(two.maker(Some(StaffId(1))), Ok(Maker::Staff { staff: StaffId(1), device }));
        let stranger = two.maker(Some(StaffId(3))).expect_err("is not signed in");
        assert_eq!(stranger.code, ProblemCode::SignInNeeded);
        assert_eq!(at(DeviceKind::Tablet).maker(None), Ok(Maker::Device(device)));
        assert_eq!(program(&[]).maker(Some(StaffId(1))), Ok(Maker::Program(KeyId(1))));
        let owner = Who { is_owner: true, ..at(DeviceKind::Owner) };
        assert_eq!(owner.maker(None), Ok(Maker::Owner));
        assert_eq!(Who::default().maker_of_joining(), Maker::Customer);
        assert_eq!(at(DeviceKind::Kiosk).maker_of_joining(), Maker::Device(device));
        assert_eq!(at(DeviceKind::Tablet).maker_of_joining(), Maker::Customer);
    }
}
