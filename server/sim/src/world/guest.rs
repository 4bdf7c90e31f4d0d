//! Who comes: joins or turns away, waits, walks, loses patience, says yes to a repair.

use sooner_engine::config::StepKind;
use sooner_engine::{Service, ShopConfig};
use sooner_shared::command::{Booking, Command, Companion, Join, Shown};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{DeskCard, Doors, PromiseKind, Stage, WaitsFor};
use sooner_shared::{Problem, ProblemCode, Receipt, ServiceId, StaffId, Timestamp, VisitId};

use super::desk::Chore;
use super::names::name;
use super::{Act, Because, Desk, Way, World};
use crate::Habits;
use crate::chance::Chance;
use crate::demand::{Entry, Errand};
use crate::hours::QUARTER_MS;
use crate::truth::Task;

/// Somebody's number, in the order in which the world thought of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GuestId(pub(super) u32);

/// Attempts at joining, and at finding a time for an appointment.
const TRIES: u8 = 4;

/// What somebody sets out to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// Join, or get an appointment.
    Join,
    /// Say that they will come.
    Confirm,
    /// Go away, because they want to.
    GiveUp,
    /// Say that they will be late.
    SayLate,
    /// Walk through the door.
    Come,
    /// Tap "I'm here".
    CheckIn,
    /// Let one other go first.
    LetPass,
    /// Decide about what was found.
    SayYes,
    /// Look at their phone.
    Read,
    /// Say whether they come earlier.
    ComeEarlier,
}

/// Where somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Elsewhere,
    Here,
    /// Gone for good, without a word.
    Gone,
}

/// What of a card people react to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Seen {
    pub(super) stage: Option<Stage>,
    pub(super) by: Option<Timestamp>,
    pub(super) called_at: Option<Timestamp>,
    pub(super) waits_for: Option<WaitsFor>,
    pub(super) step: usize,
    pub(super) news_by: Option<Timestamp>,
    pub(super) overdue: bool,
    pub(super) checked_in: bool,
    pub(super) promise_no: Option<u16>,
    pub(super) invited: Option<Timestamp>,
}

/// Somebody, and what nobody knows of them.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) errand: Errand,
    pub(super) chance: Chance,
    name: String,
    pub(super) visit: Option<VisitId>,
    pub(super) link: Option<String>,
    pub(super) place: Place,
    /// What is to be done, and who or what it takes.
    pub(super) tasks: Vec<(Task, StepKind)>,
    /// Which of it is next or being done.
    pub(super) step: usize,
    /// How many steps are being done in one go.
    pub(super) sitting: usize,
    /// Who served them before, and goes on with them.
    pub(super) keeper: Option<StaffId>,
    pub(super) promise: PromiseKind,
    /// Whether something is to be collected in the end.
    pub(super) collects: bool,
    /// The longest wait they say yes to.
    pub(super) bears_ms: i64,
    /// When they mean to walk through the door.
    pub(super) comes_at: Option<Timestamp>,
    /// When they will be at the chair they were called to.
    pub(super) at_chair_at: Option<Timestamp>,
    /// How often they were called.
    pub(super) calls: u8,
    pub(super) seen: Seen,
    shown: Option<Shown>,
    tries: u8,
    pub(super) over: bool,
}

impl Guest {
    pub(super) fn new(
        errand: Errand,
        config: &ShopConfig,
        habits: &Habits,
        mut chance: Chance,
    ) -> Self {
        let promise = config.service(errand.services[0]).map(|s| s.promise).unwrap_or_default();
        Self {
            name: name(&mut chance),
            visit: None,
            link: None,
            place: if errand.way == Entry::Remote || matches!(errand.way, Entry::Booked(_)) {
                Place::Elsewhere
            } else {
                Place::Here
            },
            tasks: errand.services.iter().flat_map(|&id| tasks(config, id)).collect(),
            step: 0,
            sitting: 0,
            keeper: None,
            promise,
            collects: matches!(promise, PromiseKind::Ready | PromiseKind::News),
            bears_ms: chance.gamma(4.0, habits.tolerance_ms as f64) as i64,
            comes_at: None,
            at_chair_at: None,
            calls: 0,
            seen: Seen::default(),
            shown: None,
            tries: 0,
            over: false,
            errand,
            chance,
        }
    }

    /// What is being done or next, if anything is known of it.
    pub(super) fn task(&self) -> Option<(Task, StepKind)> {
        self.tasks.get(self.step).or(self.tasks.last()).copied()
    }

    pub(super) fn is_waiting(&self) -> bool {
        // An appointment of another day may not be on the desk yet.
        matches!(self.seen.stage, None | Some(Stage::Waiting | Stage::Booked | Stage::Called))
    }

    /// Steps over what was waited for, and believes the desk if it names the step.
    pub(super) fn follow(&mut self, card: &DeskCard, config: &ShopConfig) {
        let is_wait = |kind: StepKind| kind.waits_for().is_some();
        if card.stage == Stage::Pending {
            let from = self.step.min(self.tasks.len());
            let fits = |(_, kind): &(Task, StepKind)| kind.waits_for() == card.waits_for;
            if let Some(ahead) = self.tasks[from..].iter().position(fits) {
                self.step = from + ahead;
            }
        } else if matches!(card.stage, Stage::Waiting | Stage::Called | Stage::Serving) {
            while self.step + 1 < self.tasks.len() && is_wait(self.tasks[self.step].1) {
                self.step += 1;
            }
        }
        let name_of = |(task, _): &(Task, StepKind)| {
            config.service(task.service).map(|s| s.plan()[task.step].name.clone())
        };
        if let Some(step) = &card.step
            && self.task().as_ref().and_then(name_of).as_ref() != Some(step)
            && let Some(place) = self.tasks.iter().position(|t| name_of(t).as_ref() == Some(step))
        {
            self.step = place;
        }
    }
}

/// The steps of a service.
pub(super) fn tasks(config: &ShopConfig, id: ServiceId) -> Vec<(Task, StepKind)> {
    let plan = config.service(id).map(Service::plan).unwrap_or_default();
    let numbered = plan.iter().enumerate();
    numbered.map(|(step, plan)| (Task { service: id, step }, plan.kind)).collect()
}

impl World {
    pub(super) fn wish(
        &mut self,
        id: GuestId,
        wish: Wish,
        now: Timestamp,
        desk: &Desk,
    ) -> Option<Act> {
        let mut guest = self.guests.remove(&id)?;
        let act = if guest.over { None } else { self.wish_of(id, &mut guest, wish, now, desk) };
        self.guests.insert(id, guest);
        act
    }

    fn wish_of(
        &mut self,
        id: GuestId,
        guest: &mut Guest,
        wish: Wish,
        now: Timestamp,
        desk: &Desk,
    ) -> Option<Act> {
        if wish == Wish::Join {
            let act = match guest.errand.way {
                Entry::Booked(_) => self.book(id, guest, now, desk),
                _ => self.join(id, guest, now, desk),
            };
            return act;
        }
        let visit = guest.visit?;
        let command = match wish {
            Wish::Join => return None,
            Wish::Confirm => Command::Confirm { visit },
            Wish::GiveUp | Wish::Read | Wish::ComeEarlier if !guest.is_waiting() => return None,
            Wish::GiveUp if guest.chance.happens(self.habits.goes_silently) => {
                guest.place = Place::Gone;
                return None;
            }
            Wish::GiveUp => {
                guest.place = Place::Gone;
                Command::Leave { visit }
            }
            Wish::SayLate if guest.place == Place::Here || !guest.is_waiting() => return None,
            Wish::SayLate => {
                // Who has an appointment counts from its time.
                let from = match guest.errand.way {
                    Entry::Booked(_) => guest.errand.at.max(now),
                    _ => now,
                };
                let ms = (guest.comes_at? - from).max(5 * MINUTE_MS);
                Command::RunLate { visit, ms: ms - ms.rem_euclid(MINUTE_MS) + MINUTE_MS }
            }
            Wish::Come => {
                return self.come(id, guest, now);
            }
            Wish::CheckIn if guest.seen.checked_in || !guest.is_waiting() => return None,
            Wish::CheckIn => Command::CheckIn { visit },
            Wish::LetPass if guest.seen.stage != Some(Stage::Waiting) => return None,
            Wish::LetPass => Command::LetPass { visit },
            Wish::SayYes if guest.seen.stage != Some(Stage::Pending) => return None,
            Wish::SayYes if guest.chance.happens(self.habits.says_no) => Command::Leave { visit },
            Wish::SayYes => Command::Approve { visit },
            Wish::Read => Command::Acknowledge { visit, no: guest.seen.promise_no? },
            Wish::ComeEarlier => {
                guest.seen.invited?;
                Command::AnswerInvitation { visit, comes: guest.chance.happens(0.6) }
            }
        };
        Some(Act { way: guest.way_to_say(), command })
    }

    /// Looks at the time on the wall and says yes to it, or goes elsewhere.
    fn join(&mut self, id: GuestId, guest: &mut Guest, now: Timestamp, desk: &Desk) -> Option<Act> {
        guest.tries += 1;
        let by_desk = guest.errand.way == Entry::Desk;
        if by_desk && !self.somebody_is_there() {
            let again = now + guest.chance.ms(2 * MINUTE_MS, 6 * MINUTE_MS);
            return self.later(id, guest, again);
        }
        if !matches!(desk.head.doors, Doors::Open { .. }) {
            return self.turns_away(guest, Because::Closed);
        }
        let service = guest.errand.services[0];
        let quote =
            |staff| desk.head.quotes.iter().find(|q| q.service == service && q.staff == staff);
        let quoted = quote(guest.errand.requested).and_then(|q| q.by);
        let is_too_long =
            |by: Timestamp| guest.promise == PromiseKind::Start && by - now > guest.bears_ms;
        let mut by = guest.shown.map(|shown| shown.by).or(quoted);
        if guest.errand.requested.is_some() && by.is_none_or(is_too_long) {
            guest.errand.requested = None;
            by = quote(None).and_then(|q| q.by);
        }
        match by {
            Some(by) if is_too_long(by) => return self.turns_away(guest, Because::TooLate),
            None if guest.chance.happens(0.4) => return self.turns_away(guest, Because::NoTime),
            _ => {}
        }
        // The wall has times for one person and one service.
        let is_one = guest.errand.services.len() == 1 && guest.errand.companions.is_empty();
        let on_wall = by.map(|by| Shown { by, at: desk.head.quoted_at });
        let shown = guest.shown.or(on_wall.filter(|_| is_one));
        let companion = |&service: &ServiceId| Companion { service, name: None };
        let join = Join {
            service,
            more: guest.errand.services[1..].to_vec(),
            companions: guest.errand.companions.iter().map(companion).collect(),
            together: guest.errand.companions.len() == 1 && guest.chance.happens(0.5),
            remote: guest.errand.way == Entry::Remote,
            trial: false,
            requested: guest.errand.requested,
            name: guest.chance.happens(0.85).then(|| guest.name.clone()),
            contact: None,
            shown,
        };
        Some(if by_desk {
            Act { way: Way::Desk, command: Command::AddWalkIn(join) }
        } else {
            Act { way: Way::JoinPage, command: Command::Join(join) }
        })
    }

    /// Phones for an appointment.
    fn book(&mut self, id: GuestId, guest: &mut Guest, now: Timestamp, _: &Desk) -> Option<Act> {
        guest.tries += 1;
        if !self.somebody_is_there() {
            let again = now + guest.chance.ms(10 * MINUTE_MS, 40 * MINUTE_MS);
            return self.later(id, guest, self.plan.when_open(again));
        }
        if guest.errand.at < now + 30 * MINUTE_MS {
            return self.turns_away(guest, Because::NoAppointment);
        }
        let booking = Booking {
            service: guest.errand.services[0],
            more: guest.errand.services[1..].to_vec(),
            requested: guest.errand.requested,
            at: guest.errand.at,
            name: Some(guest.name.clone()),
            contact: None,
        };
        Some(Act { way: Way::Desk, command: Command::Book(booking) })
    }

    fn later(&mut self, id: GuestId, guest: &mut Guest, at: Timestamp) -> Option<Act> {
        if guest.tries >= TRIES {
            let because = match guest.errand.way {
                Entry::Booked(_) => Because::NoAppointment,
                _ => Because::NobodyThere,
            };
            return self.turns_away(guest, because);
        }
        self.wants(id, at, Wish::Join);
        None
    }

    fn turns_away(&mut self, guest: &mut Guest, because: Because) -> Option<Act> {
        guest.over = true;
        *self.counts.turned_away.entry(because).or_default() += 1;
        None
    }

    fn come(&mut self, id: GuestId, guest: &mut Guest, now: Timestamp) -> Option<Act> {
        let comes_at = guest.comes_at?;
        if now < comes_at {
            self.wants(id, comes_at, Wish::Come);
            return None;
        }
        if guest.place != Place::Elsewhere {
            return None;
        }
        guest.place = Place::Here;
        let soon = now + guest.chance.ms(5_000, MINUTE_MS);
        if let Some(visit) = guest.visit.filter(|_| !guest.chance.happens(0.6)) {
            // Somebody sees them come in.
            self.chore(soon + MINUTE_MS, Chore::CheckIn(visit));
        } else {
            self.wants(id, soon, Wish::CheckIn);
        }
        if guest.seen.stage == Some(Stage::Called) {
            guest.at_chair_at = Some(soon + MINUTE_MS / 2);
        }
        None
    }

    pub(super) fn guest_answered(
        &mut self,
        id: GuestId,
        command: &Command,
        answer: Result<&Receipt, &Problem>,
        now: Timestamp,
    ) {
        let Some(mut guest) = self.guests.remove(&id) else { return };
        match (command, answer) {
            (Command::Join(_) | Command::AddWalkIn(_), Ok(receipt)) => {
                self.counts.joined += 1;
                guest.is_in(receipt);
                self.settle_in(id, &mut guest, receipt.by, now);
            }
            (Command::Book(_), Ok(receipt)) => {
                self.counts.booked += 1;
                guest.is_in(receipt);
                self.await_day(id, &mut guest, now);
            }
            (Command::Join(_) | Command::AddWalkIn(_), Err(problem)) => {
                let by = problem.by.filter(|_| problem.code == ProblemCode::QuoteChanged);
                if guest.tries < TRIES && problem.code == ProblemCode::QuoteChanged {
                    guest.shown = by.map(|by| Shown { by, at: now });
                    self.wants(id, now + guest.chance.ms(1_000, 8_000), Wish::Join);
                } else {
                    let because = match problem.code {
                        ProblemCode::QuoteChanged => Because::TooLate,
                        _ => Because::Closed,
                    };
                    self.turns_away(&mut guest, because);
                }
            }
            (Command::Book(_), Err(_)) => {
                let quarters = [-2, 2, 4, -4][usize::from(guest.tries) % 4];
                guest.errand.at = guest.errand.at + quarters * QUARTER_MS;
                let again = now + guest.chance.ms(5_000, 30_000);
                self.later(id, &mut guest, again);
            }
            (_, Err(problem)) if problem.code == ProblemCode::VisitOver => guest.over = true,
            // Who may not go has to wait for their device.
            (Command::Leave { .. }, Err(_)) if guest.seen.stage == Some(Stage::Pending) => {
                self.decides(id, &mut guest, now);
            }
            _ => {}
        }
        if let Some(visit) = guest.visit {
            self.visits.insert(visit, id);
        }
        self.guests.insert(id, guest);
    }
}

impl Guest {
    fn is_in(&mut self, receipt: &Receipt) {
        self.visit = receipt.visit;
        self.link.clone_from(&receipt.link);
    }

    /// Whether they have the board on a phone of their own.
    pub(super) const fn has_phone(&self) -> bool {
        matches!(self.errand.way, Entry::Wall | Entry::Remote) && self.link.is_some()
    }

    /// By their own phone, or by telling staff.
    fn way_to_say(&self) -> Way {
        self.link.clone().map_or(Way::Desk, Way::Phone)
    }
}
