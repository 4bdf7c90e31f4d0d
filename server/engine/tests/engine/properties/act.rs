//! Everything a test may do to a shop.

use proptest::prelude::*;

use sooner_engine::decide::stays_until;
use sooner_engine::shop::Chair;
use sooner_engine::{Forecast, Shop, Visit};
use sooner_shared::command::{
    Booking, Choice, Companion, DelayReason, Felt, Join, Scope, Shown, TOGETHER_MAX,
};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Stage, WaitsFor};
use sooner_shared::{Command, ServiceId, StaffId, Timestamp, VisitId};

/// One thing that happens.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    /// Time passes; when negative, the clock is set back. Nobody tells the shop.
    Pass { ms: i64 },
    /// The timer goes off.
    Ring,
    /// The server starts again, from its log.
    Restart,
    /// The shop looks ahead, and tells a time to who has none.
    LookAhead,
    /// Somebody asks for something, sensible or not.
    Send(Wish),
}

/// A command before it is known in which shop. Its numbers find their meaning in the state they
/// meet, so that every part of a failing walk is a walk too.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish {
    pub(crate) what: What,
    visit: u8,
    staff: u8,
    service: u8,
    odd: u8,
}

/// Which command: the `match` makes a new one that no test sends an error of the compiler.
macro_rules! what {
    ($($name:ident)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum What { $($name),* }

        impl What {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),*];

            pub(crate) const fn of(command: &Command) -> Self {
                match command { $(Command::$name { .. } => Self::$name),* }
            }
        }
    };
}

what! {
    Join AddWalkIn Book Confirm LetGoFirst CallNext Call Start Finish StillServing ReturnToLine
    MarkNoShow Leave CheckIn LetPass RunLate Hold Resume ChangeServices AddOn HandOver
    AcceptHandOver DeclineHandOver Ask Answer Continue Approve ExpectPart AskApproval PromiseNews
    GiveNews Undo ReportDelay EndDelay GoOnDuty GoOffDuty TakeBreak EndBreak ExpectStaff LeaveEarly
    CloseLine OpenLine AskFor MoveBefore MoveBreak AcceptPrice TakeRemedy Tell Acknowledge Choose
    AnswerInvitation MakeGood KeepFor ComeBack ConfirmStart
    RateWait TellBefore
}

/// What people do most.
const OFTEN: &[What] = &[
    What::Join,
    What::Join,
    What::AddWalkIn,
    What::CallNext,
    What::CallNext,
    What::CallNext,
    What::Start,
    What::Start,
    What::Start,
    What::Finish,
    What::Finish,
    What::Finish,
    What::GoOnDuty,
    What::GoOnDuty,
    What::Continue,
    What::Continue,
    What::Approve,
    What::Approve,
    What::Undo,
    What::Undo,
    What::ExpectPart,
    What::Book,
    What::AddOn,
    What::HandOver,
    What::AcceptHandOver,
    What::MarkNoShow,
    What::CheckIn,
    What::OpenLine,
    What::AskApproval,
    What::AnswerInvitation,
    What::AnswerInvitation,
    What::AnswerInvitation,
    What::Choose,
    What::Tell,
    What::KeepFor,
    What::ExpectPart,
    What::Leave,
    What::ComeBack,
    What::KeepFor,
];

pub(crate) fn act() -> impl Strategy<Value = Act> {
    // A failing walk is made as short as it can be: nothing is simpler than that no time passes.
    prop_oneof![
        5 => pause().prop_map(|ms| Act::Pass { ms }),
        1 => Just(Act::Ring),
        1 => Just(Act::LookAhead),
        14 => wish().prop_map(Act::Send),
    ]
}

/// Seldom, since it is dear.
pub(crate) fn restart() -> impl Strategy<Value = Act> {
    Just(Act::Restart)
}

fn wish() -> impl Strategy<Value = Wish> {
    let what = prop_oneof![proptest::sample::select(OFTEN), proptest::sample::select(What::ALL),];
    let byte = any::<u8>;
    (what, byte(), byte(), byte(), byte()).prop_map(|(what, visit, staff, service, odd)| Wish {
        what,
        visit,
        staff,
        service,
        odd,
    })
}

fn pause() -> impl Strategy<Value = i64> {
    prop_oneof![
        6 => 0..MINUTE_MS,
        6 => 0..15 * MINUTE_MS,
        // To the minute, where promises end.
        3 => (0..7i64).prop_map(|steps| steps * 5 * MINUTE_MS),
        1 => 0..5 * 60 * MINUTE_MS,
        1 => Just(-20 * MINUTE_MS),
        1 => prop_oneof![Just(60), Just(-60), Just(20 * 60), Just(-24 * 60), Just(3 * 24 * 60)]
            .prop_map(|minutes| minutes * MINUTE_MS),
    ]
}

impl Wish {
    /// When the tap was made: every other one was under way for a while, and some devices are wrong.
    pub(crate) fn tapped_at(self, now: Timestamp) -> Option<Timestamp> {
        let ago_min = match self.service {
            0..90 => i64::from(self.service),
            90..120 => i64::from(self.staff) * 10,
            120..128 => -5,
            _ => return None,
        };
        Some(now - ago_min * MINUTE_MS)
    }

    /// What somebody asks for in this shop, having seen this forecast.
    pub(crate) fn command(self, shop: &Shop, forecast: &Forecast, now: Timestamp) -> Command {
        let (visit, staff) = (self.visit(shop, now), self.fitting_staff(shop));
        let later = now + self.minutes();
        let text = String::new();
        match self.what {
            What::Join => Command::Join(self.join(shop, forecast)),
            What::AddWalkIn => Command::AddWalkIn(self.join(shop, forecast)),
            What::Book => Command::Book(self.booking(now)),
            What::Confirm => Command::Confirm { visit },
            What::LetGoFirst => Command::LetGoFirst { visit },
            What::CallNext => Command::CallNext {
                staff,
                after: if self.odd.is_multiple_of(16) {
                    Some(visit)
                } else {
                    shop.chairs.get(&staff).and_then(|chair| chair.visit)
                },
            },
            What::Call => Command::Call { visit, staff: self.chair(shop, visit) },
            What::Start => Command::Start { visit, staff: self.chair(shop, visit) },
            What::Finish => Command::Finish { visit },
            What::StillServing => Command::StillServing { visit },
            What::ReturnToLine => Command::ReturnToLine { visit },
            What::MarkNoShow => Command::MarkNoShow { visit },
            What::Leave => Command::Leave { visit },
            What::ComeBack => Command::ComeBack { visit },
            What::CheckIn => Command::CheckIn { visit },
            What::LetPass => Command::LetPass { visit },
            What::RunLate => Command::RunLate { visit, ms: self.minutes() },
            What::Hold => Command::Hold { visit },
            What::Resume => Command::Resume { visit },
            What::ChangeServices => Command::ChangeServices { visit, services: self.services() },
            What::AddOn => Command::AddOn { visit, service: self.service() },
            What::HandOver => Command::HandOver { visit, to: staff },
            What::AcceptHandOver => Command::AcceptHandOver { visit },
            What::DeclineHandOver => Command::DeclineHandOver { visit },
            What::Ask => Command::Ask { visit, text },
            What::Answer => Command::Answer { visit, text },
            What::Continue => Command::Continue { visit },
            What::Approve => Command::Approve { visit },
            What::ExpectPart => {
                let latest_at = later + i64::from(self.service) * MINUTE_MS;
                Command::ExpectPart { visit, likely_at: later, latest_at }
            }
            What::AskApproval => Command::AskApproval { visit, by: later },
            What::PromiseNews => Command::PromiseNews { visit, by: later },
            What::GiveNews => {
                let next_by = (!self.service.is_multiple_of(3)).then_some(later);
                Command::GiveNews { visit, next_by }
            }
            What::Undo => Command::Undo { visit },
            What::ReportDelay => {
                let reason = DelayReason::Work;
                Command::ReportDelay { scope: self.scope(shop), ms: self.minutes(), reason }
            }
            What::EndDelay => Command::EndDelay { scope: self.scope(shop) },
            What::GoOnDuty => Command::GoOnDuty { staff },
            What::GoOffDuty => Command::GoOffDuty { staff },
            What::TakeBreak => Command::TakeBreak { staff, ms: self.minutes() },
            What::EndBreak => Command::EndBreak { staff },
            What::ExpectStaff => Command::ExpectStaff { staff, at: later },
            What::LeaveEarly => Command::LeaveEarly { staff, at: later },
            What::CloseLine => Command::CloseLine,
            What::OpenLine => Command::OpenLine,
            What::AskFor => {
                Command::AskFor { visit, staff: (!self.odd.is_multiple_of(5)).then_some(staff) }
            }
            What::KeepFor => Command::KeepFor { visit, staff },
            What::MoveBefore => self.move_before(shop, visit),
            What::MoveBreak => Command::MoveBreak { staff, at: later },
            What::AcceptPrice => {
                let command = Box::new(Command::LetGoFirst { visit });
                Command::AcceptPrice { command, staff, moves: vec![visit] }
            }
            What::TakeRemedy => {
                let command = Box::new(self.move_before(shop, visit));
                Command::TakeRemedy { command, saves: vec![visit] }
            }
            What::Tell => Command::Tell { visit },
            What::Acknowledge => Command::Acknowledge { visit, no: u16::from(self.odd % 3) },
            What::Choose => Command::Choose { visit, choice: self.choice(staff, later) },
            What::AnswerInvitation => {
                Command::AnswerInvitation { visit, comes: self.odd.is_multiple_of(2) }
            }
            What::ConfirmStart => {
                Command::ConfirmStart { visit, right: !self.odd.is_multiple_of(3) }
            }
            What::TellBefore => Command::TellBefore { visit, ms: self.minutes() },
            What::RateWait => {
                Command::RateWait { visit, felt: Felt::ALL[usize::from(self.service % 3)] }
            }
            What::MakeGood => {
                let with = (!self.odd.is_multiple_of(2)).then_some(self.odd % 4);
                Command::MakeGood { visit, with }
            }
        }
    }

    fn choice(self, staff: StaffId, later: Timestamp) -> Choice {
        match self.odd % 3 {
            0 => Choice::Stay,
            1 => Choice::With(staff),
            _ => Choice::At((later + 24 * 60 * MINUTE_MS).round_up(5 * MINUTE_MS)),
        }
    }

    /// Somebody before anybody else in line, or at its end.
    fn move_before(self, shop: &Shop, visit: VisitId) -> Command {
        let line = shop.waiting();
        let other = line.get(usize::from(self.service) % (line.len() + 1));
        Command::MoveBefore { visit, before: other.map(|v| v.id) }
    }

    /// A visit with which the command makes sense; sometimes any other, seldom one that the shop
    /// does not know.
    fn visit(self, shop: &Shop, now: Timestamp) -> VisitId {
        let fits = |v: &Visit| match self.what {
            What::Confirm => v.appointment.is_some(),
            What::KeepFor => {
                v.appointment.is_some() && v.requested.is_none() && v.started_at.is_none()
            }
            What::Finish | What::StillServing | What::AddOn => v.stage == Stage::Serving,
            What::ReturnToLine | What::MarkNoShow => v.stage == Stage::Called,
            What::Resume => v.stage == Stage::OnHold,
            What::Answer => v.asks,
            What::Approve | What::AskApproval => v.waits_for() == Some(WaitsFor::Approval),
            What::ExpectPart => v.waits_for() == Some(WaitsFor::Part),
            What::Continue => matches!(v.waits_for(), Some(WaitsFor::Part | WaitsFor::Time)),
            What::AcceptHandOver | What::DeclineHandOver => v.handed_to.is_some(),
            What::Undo => shop.taps.last_on(v.id, now).is_some(),
            What::ComeBack => stays_until(shop, v.id, now).is_some(),
            What::Call | What::Start | What::LetPass | What::RunLate | What::Hold => {
                matches!(v.stage, Stage::Waiting | Stage::Called | Stage::Booked)
            }
            What::MoveBefore | What::TakeRemedy | What::TellBefore => v.stage == Stage::Waiting,
            What::ConfirmStart => v.asks_about_start(),
            What::RateWait => v.stage == Stage::Done,
            What::Choose => v.may_choose(),
            What::MakeGood => v.recovery().is_some(),
            What::Tell => v.care.proposed.is_some() || v.is_to_be_told(now),
            What::AnswerInvitation => v.invitation(now).is_some(),
            What::ChangeServices | What::AskFor => v.started_at.is_none(),
            _ => !v.stage.is_over(),
        };
        let here = |v: &Visit| !v.stage.is_over();
        let filters: [&dyn Fn(&Visit) -> bool; 3] = [&fits, &here, &|_| true];
        let skipped = if self.odd < 24 { 2 } else { 0 };
        for filter in filters.into_iter().skip(skipped).filter(|_| self.odd >= 4) {
            let visits: Vec<_> = shop.visits.values().filter(|v| filter(v)).collect();
            if !visits.is_empty() {
                return visits[usize::from(self.visit) % visits.len()].id;
            }
        }
        VisitId(u32::from(self.visit))
    }

    /// Somebody with whom the command makes sense; sometimes any other.
    fn fitting_staff(self, shop: &Shop) -> StaffId {
        let fits = |c: &Chair| match self.what {
            What::GoOnDuty | What::ExpectStaff => !c.on_duty,
            What::EndBreak => c.break_until.is_some(),
            _ => c.on_duty,
        };
        let staff = shop.chairs.iter().filter(|(_, c)| fits(c)).map(|(&id, _)| id);
        let staff: Vec<_> = staff.filter(|_| self.odd >= 40).collect();
        staff.get(usize::from(self.staff) % staff.len().max(1)).copied().unwrap_or(self.staff())
    }

    /// Somebody of the shop; seldom somebody who is not.
    const fn staff(self) -> StaffId {
        StaffId(match self.staff {
            0..3 => 9,
            n => n as u16 % 3 + 1,
        })
    }

    /// Where it makes sense, the chair that the visit is called to, or of somebody who can.
    fn chair(self, shop: &Shop, visit: VisitId) -> StaffId {
        let Some(visit) = shop.visits.get(&visit).filter(|_| !self.odd.is_multiple_of(8)) else {
            return self.staff();
        };
        let can = visit.step().map_or(0, |step| shop.able(visit, step));
        let position = |id| shop.config.staff.iter().position(|p| p.id == id);
        let able = |id| position(id).is_some_and(|p| can >> p & 1 == 1);
        let here = shop.chairs.iter().filter(|(id, c)| c.on_duty && able(**id));
        let freest = here.min_by_key(|(_, c)| c.visit).map(|(&id, _)| id);
        let called_to = visit.staff.filter(|_| visit.stage == Stage::Called);
        called_to.or(freest).unwrap_or(self.staff())
    }

    const fn service(self) -> ServiceId {
        ServiceId(match self.service {
            0..2 => 9,
            n => n as u16 % 6 + 1,
        })
    }

    /// What somebody comes for: often one thing, sometimes two, seldom too many or none.
    fn services(self) -> Vec<ServiceId> {
        let another = ServiceId(u16::from(self.visit) % 6 + 1);
        match self.odd {
            0..4 => vec![self.service(); TOGETHER_MAX + 1],
            4..8 => Vec::new(),
            8..64 => vec![self.service(), another],
            _ => vec![self.service()],
        }
    }

    fn join(self, shop: &Shop, forecast: &Forecast) -> Join {
        let services = self.services();
        let service = services.first().copied().unwrap_or(self.service());
        let requested = self.odd.is_multiple_of(4).then_some(self.staff());
        let companion = |n: u8| Companion {
            service: ServiceId(u16::from(self.visit.wrapping_add(n)) % 6 + 1),
            name: None,
        };
        let companions = match self.visit {
            0..2 => TOGETHER_MAX as u8,
            2..24 => 2,
            24..48 => 1,
            _ => 0,
        };
        Join {
            more: services.get(1..).unwrap_or_default().to_vec(),
            companions: (0..companions).map(companion).collect(),
            together: self.staff.is_multiple_of(2),
            remote: self.staff.is_multiple_of(3),
            requested,
            shown: self.shown(service, requested, shop, forecast),
            ..Join::new(service)
        }
    }

    /// A time from the last forecast, seldom a step too early.
    fn shown(
        self,
        service: ServiceId,
        staff: Option<StaffId>,
        shop: &Shop,
        forecast: &Forecast,
    ) -> Option<Shown> {
        if !self.service.is_multiple_of(4) {
            return None;
        }
        let quote = forecast.quotes.iter().find(|q| q.service == service && q.staff == staff)?;
        let early_ms = if self.odd >= 160 { shop.config.step_ms } else { 0 };
        Some(Shown { by: quote.by? - early_ms, at: forecast.at })
    }

    /// An appointment in the next hours; seldom in another week, or in the past.
    fn booking(self, now: Timestamp) -> Booking {
        let services = self.services();
        let minutes = match self.visit {
            0..8 => -5,
            8..16 => 30 * 24 * 60,
            16..80 => 24 * 60 * i64::from(self.visit % 7),
            n => i64::from(n),
        };
        Booking {
            service: services.first().copied().unwrap_or(self.service()),
            more: services.get(1..).unwrap_or_default().to_vec(),
            requested: self.odd.is_multiple_of(4).then_some(self.staff()),
            at: (now + minutes * MINUTE_MS).round_up(5 * MINUTE_MS),
            name: None,
            contact: None,
        }
    }

    /// A time that often makes sense.
    const fn minutes(self) -> i64 {
        match self.staff {
            0..8 => -(self.odd as i64) * MINUTE_MS,
            8..16 => 100 * 24 * 60 * MINUTE_MS,
            n => (n as i64 / 4) * MINUTE_MS,
        }
    }

    /// A delay that is known, or any.
    fn scope(self, shop: &Shop) -> Scope {
        let any = match self.visit % 3 {
            0 => Scope::Shop,
            1 => Scope::Service(self.service()),
            _ => Scope::Staff(self.staff()),
        };
        shop.delays.first().filter(|_| !self.odd.is_multiple_of(3)).map_or(any, |d| d.scope)
    }
}
