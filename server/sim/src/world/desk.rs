//! What staff do at the desk between two customers: things that take a few seconds.

use sooner_engine::config::StepKind;
use sooner_shared::command::{Command, DelayReason, Scope};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Stage, WaitsFor};
use sooner_shared::{Problem, Receipt, ServiceId, StaffId, Timestamp, VisitId};

use super::staff::{Colleague, Doing};
use super::{Act, Desk, Way, World};
use crate::chance::Chance;

/// After closing, whoever still waits is told so this often at most.
const ROUNDS: u8 = 24;

/// Something to be seen to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Chore {
    /// Somebody came in whom nobody has checked in.
    CheckIn(VisitId),
    /// The treatment's time is over, or the part is there.
    Continue(VisitId),
    /// The supplier says when the part should come.
    ExpectPart(VisitId, Timestamp),
    /// The customer is to be asked.
    AskApproval(VisitId),
    /// News are due by then.
    News(VisitId, Timestamp),
    /// Somebody wants what is theirs.
    Collect(VisitId),
    /// The board asks whether a tap was forgotten.
    Overdue(VisitId),
    /// A colleague phones that they will be late.
    Late(StaffId, Timestamp),
    /// A colleague's work takes longer.
    Delay(StaffId, i64),
    /// It is done.
    EndDelay(StaffId),
    /// Who is being served wants something else too.
    AddOn(VisitId, ServiceId),
    /// Something that keeps promises in danger, and whose.
    Remedy(Command, Vec<VisitId>),
    /// Something the desk reminds of.
    Task(Command),
    /// The shop has closed, and somebody still waits.
    SendHome(u8),
}

impl World {
    /// Whether anybody is on duty and there.
    pub(super) fn somebody_is_there(&self) -> bool {
        self.staff.values().any(|one| !matches!(one.doing, Doing::Away | Doing::Break { .. }))
    }

    pub(super) fn at_desk(&mut self, chore: Chore, now: Timestamp, desk: &Desk) -> Option<Act> {
        let needs_hands = !matches!(chore, Chore::SendHome(_) | Chore::Late(..));
        if needs_hands && !self.somebody_is_there() {
            let open_at = self.plan.when_open(now);
            let later_ms = if open_at > now { 15 * MINUTE_MS } else { 6 * MINUTE_MS };
            self.chore(open_at + later_ms, chore);
            return None;
        }
        let stage = |visit: VisitId| desk.cards.get(&visit).map(|card| card.stage);
        let waits_for = |visit: VisitId| desk.cards.get(&visit).and_then(|card| card.waits_for);
        let command = match chore {
            Chore::CheckIn(visit) => {
                let card = desk.cards.get(&visit)?;
                let waits = matches!(card.stage, Stage::Waiting | Stage::Booked | Stage::Called);
                (waits && !card.checked_in).then_some(Command::CheckIn { visit })
            }
            Chore::Continue(visit) => match waits_for(visit)? {
                WaitsFor::Time | WaitsFor::Part => Some(Command::Continue { visit }),
                WaitsFor::Approval => None,
            },
            Chore::ExpectPart(visit, likely_at) if waits_for(visit)? == WaitsFor::Part => {
                let likely_at = likely_at.max(now + 10 * MINUTE_MS);
                let latest_at = likely_at + (likely_at - now) / 2;
                Some(Command::ExpectPart { visit, likely_at, latest_at })
            }
            Chore::AskApproval(visit) if waits_for(visit)? == WaitsFor::Approval => {
                Some(Command::AskApproval { visit, by: now + 24 * 60 * MINUTE_MS })
            }
            Chore::ExpectPart(..) | Chore::AskApproval(_) => None,
            Chore::News(visit, by) => {
                let card = desk.cards.get(&visit)?;
                let is_due = card.news_by == Some(by) || card.by == Some(by);
                let next_by = self.plan.when_open(now + 24 * 60 * MINUTE_MS) + 60 * MINUTE_MS;
                let next_by = (card.stage == Stage::Pending).then_some(next_by);
                is_due.then_some(Command::GiveNews { visit, next_by })
            }
            Chore::Collect(visit) => {
                (stage(visit)? == Stage::Ready).then_some(Command::Finish { visit })
            }
            Chore::Overdue(visit) => return self.is_overdue(visit, now),
            Chore::Late(staff, at) => Some(Command::ExpectStaff { staff, at }),
            Chore::Delay(staff, ms) => Some(Command::ReportDelay {
                scope: Scope::Staff(staff),
                ms,
                reason: DelayReason::Work,
            }),
            Chore::EndDelay(staff) => Some(Command::EndDelay { scope: Scope::Staff(staff) }),
            Chore::AddOn(visit, service) => {
                (stage(visit)? == Stage::Serving).then_some(Command::AddOn { visit, service })
            }
            Chore::Remedy(command, saves) => Self::may_take_remedy(&command, &saves, desk)
                .then(|| Command::TakeRemedy { command: Box::new(command), saves }),
            Chore::Task(command) => Self::is_asked_for(&command, desk).then_some(command),
            Chore::SendHome(round) => self.send_home(round, now, desk),
        };
        command.map(|command| Act { way: Way::Desk, command })
    }

    pub(super) fn desk_answered(
        &mut self,
        chore: Chore,
        command: &Command,
        answer: Result<&Receipt, &Problem>,
        now: Timestamp,
    ) {
        match (chore, answer) {
            (Chore::Continue(visit), Ok(_)) => {
                if let Some(guest) = self.guest_of(visit)
                    && guest.tasks.get(guest.step.saturating_sub(1)).map(|t| t.1)
                        == Some(StepKind::Part)
                {
                    self.counts.parts += 1;
                }
            }
            (Chore::SendHome(round), answer) => {
                if answer.is_err()
                    && let Some(visit) = command.visit()
                    && let Some(guest) = self.guest_of(visit)
                {
                    // Whoever cannot go has something here, and comes back for it.
                    guest.over = true;
                }
                self.chore(now, Chore::SendHome(round));
            }
            (Chore::AddOn(visit, service), Ok(_)) => {
                self.adds_on(visit, service, now);
            }
            _ => {}
        }
    }

    /// The board shows that work takes very long: somebody looks whether it really does.
    fn is_overdue(&mut self, visit: VisitId, now: Timestamp) -> Option<Act> {
        let mut chance = Chance::new(self.seed, "overdue", &[u64::from(visit.0)]);
        if !chance.happens(0.6) {
            return None;
        }
        let mut forgotten_by = None;
        for one in self.staff.values() {
            match one.doing {
                Doing::With { visit: v, .. } if v == visit => {
                    let command = Command::StillServing { visit };
                    return Some(Act { way: Way::Desk, command });
                }
                Doing::Forgot { visit: v, .. } if v == visit => forgotten_by = Some(one.id),
                _ => {}
            }
        }
        let mut one = self.staff.remove(&forgotten_by?)?;
        one.doing = Doing::Forgot { visit, until: now };
        self.rouse(&mut one, now);
        self.staff.insert(one.id, one);
        None
    }

    /// The next one to be told that it is too late for today; they come another day.
    fn send_home(&mut self, round: u8, now: Timestamp, desk: &Desk) -> Option<Command> {
        let stays = self.staff.values().any(Colleague::is_at_work);
        let waits = desk.cards.iter().find_map(|(&visit, card)| {
            let waits = matches!(card.stage, Stage::Waiting | Stage::Called | Stage::OnHold);
            let guest = self.guests.get(self.visits.get(&visit)?)?;
            let is_early = card.booked_at.is_some_and(|at| at > now);
            let in_chair = guest.task().is_some_and(|(_, kind)| kind == StepKind::Chair);
            (waits && in_chair && !is_early && !guest.over).then_some(visit)
        });
        if stays {
            // Somebody is still taking people.
            if round < ROUNDS && self.plan.open_at(now).is_none() {
                self.chore(now + 10 * MINUTE_MS, Chore::SendHome(round + 1));
            }
            return None;
        }
        waits.map(|visit| Command::Leave { visit })
    }
}
