//! What people do about promises in danger: staff take a remedy that the desk shows, say a later
//! time, make good; guests read their phones and say whether they come earlier.

use sooner_engine::calendar::Window;
use sooner_shared::Command;
use sooner_shared::price::{Asks, Remedy, Task, TaskKind};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::CareView;
use sooner_shared::{StaffId, Timestamp, VisitId};

use super::desk::Chore;
use super::guest::tasks;
use super::staff::{Doing, Stint};
use super::{Desk, World};
use crate::chance::Chance;

/// A remedy to which somebody has said no is not asked for again so soon, in milliseconds.
const ASKED_AGAIN_MS: i64 = 20 * MINUTE_MS;

/// So many tasks and remedies are remembered.
const REMEMBERED: usize = 200;

/// What does a task, where the simulated staff do it.
fn command_for(task: &Task, care: &CareView) -> Option<Command> {
    let visit = task.visit;
    match task.what {
        TaskKind::Tell { .. } => Some(Command::Tell { visit }),
        TaskKind::Recover { .. } | TaskKind::Thank => {
            let with = (!care.make_goods.is_empty()).then_some(0);
            Some(Command::MakeGood { visit, with })
        }
        _ => None,
    }
}

impl World {
    /// Staff see what the desk says of promises in danger.
    pub(super) fn sees_care(&mut self, now: Timestamp, desk: &Desk) {
        let Some(care) = desk.head.care.as_deref().filter(|_| self.habits.helps) else { return };
        self.asked_for.retain(|(_, at)| now - *at < ASKED_AGAIN_MS);
        let best = care.remedies.iter().find(|r| self.is_new(&r.command));
        if let Some(remedy) = best {
            self.asked_for.push((remedy.command.clone(), now));
            let mut chance = Chance::new(self.seed, "remedy", &[now.0.cast_unsigned()]);
            if chance.happens(Self::agrees(remedy)) {
                let at = now + chance.ms(15_000, 60_000);
                self.chore(at, Chore::Remedy(remedy.command.clone(), remedy.keeps.clone()));
            }
        }
        for task in &care.tasks {
            let Some(command) = command_for(task, care) else { continue };
            if self.is_new(&command) && self.asked_for.len() < REMEMBERED {
                self.asked_for.push((command.clone(), now));
                let seed = [u64::from(task.visit.0), now.0.cast_unsigned()];
                let mut chance = Chance::new(self.seed, "task", &seed);
                let at = now + chance.ms(20_000, 3 * MINUTE_MS);
                self.chore(at, Chore::Task(command));
            }
        }
    }

    fn is_new(&self, command: &Command) -> bool {
        !self.asked_for.iter().any(|(asked, _)| asked == command)
    }

    /// How likely who has to say yes to a remedy does.
    const fn agrees(remedy: &Remedy) -> f64 {
        match remedy.asks {
            None => 0.95,
            Some(Asks::Staff(_)) => 0.7,
            Some(Asks::Visit(_)) => 0.6,
        }
    }

    /// What a remedy makes of the people themselves.
    pub(super) fn took_remedy(&mut self, command: &Command, now: Timestamp) {
        match *command {
            Command::MoveBreak { staff, at } => {
                if let Some(next) = self
                    .staff
                    .get_mut(&staff)
                    .and_then(|me| me.stints.front_mut()?.breaks.front_mut())
                {
                    *next = Window { from: at, to: at + (next.to - next.from) };
                }
            }
            Command::ChangeServices { visit, ref services } => {
                let all = services.iter().flat_map(|&id| tasks(&self.config, id)).collect();
                if let Some(guest) = self.guest_of(visit) {
                    guest.errand.services.clone_from(services);
                    guest.tasks = all;
                }
            }
            Command::ExpectStaff { staff, at } => self.comes_in(staff, at, now),
            _ => {}
        }
    }

    /// Somebody who is off comes in until the shop closes.
    fn comes_in(&mut self, staff: StaffId, at: Timestamp, now: Timestamp) {
        let Some(open) = self.plan.open_at(at) else { return };
        let Some(mut me) = self.staff.remove(&staff) else { return };
        if me.doing == Doing::Away && me.stints.front().is_none_or(|s| s.window.from > open.to) {
            let late_ms = me.chance.ms(0, 8 * MINUTE_MS);
            me.stints.push_front(Stint {
                window: Window { from: at, to: open.to },
                comes_at: Some(at + late_ms),
                breaks: std::collections::VecDeque::new(),
            });
            self.rouse(&mut me, now);
        }
        self.staff.insert(staff, me);
    }

    /// Whether the desk still asks for something.
    pub(super) fn is_asked_for(command: &Command, desk: &Desk) -> bool {
        let care = desk.head.care.as_deref();
        care.is_some_and(|care| {
            care.tasks.iter().any(|task| command_for(task, care).as_ref() == Some(command))
        })
    }

    pub(super) fn may_take_remedy(command: &Command, saves: &[VisitId], desk: &Desk) -> bool {
        // It is still on the desk: nothing has overtaken it.
        let care = desk.head.care.as_deref();
        care.is_some_and(|care| {
            care.remedies.iter().any(|r| r.command == *command && r.keeps == saves)
        })
    }
}
