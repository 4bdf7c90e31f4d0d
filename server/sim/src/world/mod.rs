//! The people in and around a shop, and what they do next.
//!
//! A driver asks [`World::next_at`], moves its clock there, asks [`World::act`] until nobody has
//! anything to do at that moment, and brings back each answer with [`World::answered`]. Whatever a
//! person knows, they know from the desk's view or from an answer.

mod bad;
mod care;
mod counts;
mod desk;
#[cfg(test)]
mod fake;
mod guest;
mod names;
mod refusal;
mod staff;
mod stranger;
#[cfg(test)]
mod tests;
mod waiting;
mod work;

use std::collections::{BTreeMap, BTreeSet};

use sooner_engine::ShopConfig;
use sooner_engine::calendar::Window;
use sooner_shared::command::Command;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Board, DeskCard, Stage};
use sooner_shared::{Problem, Receipt, StaffId, Timestamp, VisitId};

pub use counts::{Because, Counts, Unexpected};

use crate::Habits;
use crate::chance::Chance;
use crate::demand::{Demand, Entry, Errand};
use crate::hours::Plan;
use crate::truth::Truth;
use desk::Chore;
use guest::{Guest, GuestId, Place, Wish};
use staff::Colleague;

/// The desk's view.
pub type Desk = Board<DeskCard>;

/// Staff begin to arrive so long before opening.
const BEFORE_MS: i64 = 60 * MINUTE_MS;

/// Appointments are made up to so long ahead.
const AHEAD_MS: i64 = 7 * 24 * 60 * MINUTE_MS;

/// The longest time a shop is closed at noon.
const NOON_MS: i64 = 3 * 60 * MINUTE_MS;

/// How a command is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// On the page behind the code on the wall.
    JoinPage,
    /// On the person's own phone, by their private link.
    Phone(String),
    /// On the desk's tablet.
    Desk,
}

/// Something a person does.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// How.
    pub way: Way,
    /// What.
    pub command: Command,
}

/// Whose act it is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Who {
    Guest(GuestId),
    Staff(StaffId),
    Desk(Chore),
}

/// What somebody will think of at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Thought {
    /// A day's people make up their minds.
    Day(Window),
    Guest(GuestId, Wish),
    /// The number tells a thought from one that has been overtaken.
    Staff(StaffId, u32),
    Desk(Chore),
}

/// A shop's people.
#[derive(Debug)]
pub struct World {
    seed: u64,
    habits: Habits,
    config: ShopConfig,
    plan: Plan,
    truth: Truth,
    demand: Demand,
    agenda: BTreeMap<(Timestamp, u64), Thought>,
    thoughts: u64,
    guests: BTreeMap<GuestId, Guest>,
    visits: BTreeMap<VisitId, GuestId>,
    guests_so_far: u32,
    /// Who is real, where real people are welcome.
    strangers: Option<BTreeSet<GuestId>>,
    staff: BTreeMap<StaffId, Colleague>,
    /// Appointments have been thought of for days up to here.
    booked_to: Timestamp,
    asked: Option<(Who, Command)>,
    /// What staff have asked of each other of late, and when.
    asked_for: Vec<(Command, Timestamp)>,
    /// How many more services take far too long today.
    bad_works: u32,
    counts: Counts,
}

impl World {
    /// The people of a shop that begins to be used at `begins`.
    #[must_use]
    pub fn new(config: &ShopConfig, habits: Habits, seed: u64, begins: Timestamp) -> Self {
        let truth = Truth::new(config, &habits, seed);
        let demand = Demand::new(config, &truth, &habits);
        let plan = Plan::new(config);
        let staff = config.staff.iter().map(|p| (p.id, Colleague::new(p, seed))).collect();
        let mut world = Self {
            seed,
            habits,
            config: config.clone(),
            plan,
            truth,
            demand,
            agenda: BTreeMap::new(),
            thoughts: 0,
            guests: BTreeMap::new(),
            visits: BTreeMap::new(),
            guests_so_far: 0,
            strangers: None,
            staff,
            booked_to: begins,
            asked: None,
            asked_for: Vec::new(),
            bad_works: 0,
            counts: Counts::default(),
        };
        if let Some(&first) = world.plan.open(begins).first() {
            world.think(begins.max(first.from - BEFORE_MS), Thought::Day(first));
        }
        world
    }

    /// When somebody will have something to do; `None` when nobody ever will.
    #[must_use]
    pub fn next_at(&self) -> Option<Timestamp> {
        self.agenda.keys().next().map(|&(at, _)| at)
    }

    /// What somebody does at `now`; `None` when nobody has anything left to do. Every act must be
    /// [`World::answered`] before the next one is asked for.
    pub fn act(&mut self, now: Timestamp, desk: &Desk) -> Option<Act> {
        self.greet(desk);
        self.look(now, desk);
        while let Some((&(at, _), _)) = self.agenda.first_key_value() {
            if at > now {
                break;
            }
            let Some((_, thought)) = self.agenda.pop_first() else { break };
            let (who, act) = match thought {
                Thought::Day(open) => {
                    self.begin_day(now, open);
                    continue;
                }
                Thought::Guest(id, wish) => (Who::Guest(id), self.wish(id, wish, now, desk)),
                Thought::Staff(id, stamp) => (Who::Staff(id), self.poll(id, stamp, now, desk)),
                Thought::Desk(chore) => {
                    let act = self.at_desk(chore.clone(), now, desk);
                    (Who::Desk(chore), act)
                }
            };
            if let Some(act) = act {
                self.asked = Some((who, act.command.clone()));
                return Some(act);
            }
        }
        None
    }

    /// Tells what came of the last act, and what the desk shows now.
    pub fn answered(&mut self, now: Timestamp, answer: Result<&Receipt, &Problem>, desk: &Desk) {
        let Some((who, command)) = self.asked.take() else { return };
        match answer {
            Ok(_) => self.done(&command, now),
            Err(problem) => self.counts.refused(now, &command, problem),
        }
        self.look(now, desk);
        match who {
            Who::Guest(id) => self.guest_answered(id, &command, answer, now),
            Who::Staff(id) => self.staff_answered(id, &command, answer, now, desk),
            Who::Desk(chore) => self.desk_answered(chore, &command, answer, now),
        }
        // Who has just joined is looked at under their own name.
        self.look(now, desk);
    }

    /// Lets everybody see the desk, as they do before they act. A driver whose shop acts by itself
    /// calls it then, so that people react at that moment.
    pub fn look(&mut self, now: Timestamp, desk: &Desk) {
        for (&visit, card) in &desk.cards {
            let known = self.visits.get(&visit).copied();
            if let Some(id) = known.or_else(|| self.companion(visit, card)) {
                self.follow_stranger(id, card);
                self.notice(id, visit, card, now);
            }
        }
        self.sees_care(now, desk);
    }

    /// What happened so far.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The hidden truth.
    #[must_use]
    pub const fn truth(&self) -> &Truth {
        &self.truth
    }

    /// The planned hours.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    fn think(&mut self, at: Timestamp, thought: Thought) {
        self.thoughts += 1;
        self.agenda.insert((at, self.thoughts), thought);
    }

    fn wants(&mut self, id: GuestId, at: Timestamp, wish: Wish) {
        // Who is real taps for themselves.
        if !self.is_stranger(id) {
            self.think(at, Thought::Guest(id, wish));
        }
    }

    fn chore(&mut self, at: Timestamp, chore: Chore) {
        self.think(at, Thought::Desk(chore));
    }

    /// Has a colleague look up at `at`, and at no other time they had in mind.
    fn rouse(&mut self, me: &mut Colleague, at: Timestamp) {
        me.stamp += 1;
        let (id, stamp) = (me.id, me.stamp);
        self.think(at, Thought::Staff(id, stamp));
    }

    /// Everybody of a day makes up their mind, and everybody who will phone for an appointment
    /// until a week from then.
    fn begin_day(&mut self, now: Timestamp, open: Window) {
        self.forget_who_is_gone();
        let wave = self.bad_wave(open);
        for errand in self.demand.walk_ins(&self.plan, open, self.seed).into_iter().chain(wave) {
            let at = errand.at;
            if at < now {
                continue; // the world began in the middle of a day
            }
            let id = self.guest(errand);
            self.wants(id, at, Wish::Join);
        }
        let windows = self.plan.open(open.from);
        for day in windows.iter().take_while(|day| day.from <= open.from + AHEAD_MS) {
            if day.from < self.booked_to {
                continue;
            }
            self.booked_to = day.to;
            for errand in self.demand.appointments(&self.plan, *day, now, self.seed) {
                let Entry::Booked(asked_at) = errand.way else { continue };
                let id = self.guest(errand);
                self.wants(id, asked_at, Wish::Join);
            }
        }
        for (id, shifts) in self.plan.shifts(open) {
            self.begin_shifts(id, shifts, now);
        }
        self.goes_wrong(open);
        let next = windows.iter().find(|day| day.from >= open.to).copied();
        // Whoever waits over noon is served after it.
        if next.is_none_or(|next| next.from > open.to + NOON_MS) {
            let at = open.to + self.config.overrun_ms.max(30 * MINUTE_MS);
            self.chore(at, Chore::SendHome(0));
        }
        if let Some(next) = next {
            self.think((next.from - BEFORE_MS).max(now), Thought::Day(next));
        }
    }

    fn guest(&mut self, errand: Errand) -> GuestId {
        self.guests_so_far += 1;
        let id = GuestId(self.guests_so_far);
        let chance = Chance::new(self.seed, "guest", &[u64::from(id.0)]);
        let guest = Guest::new(errand, &self.config, &self.habits, chance);
        self.guests.insert(id, guest);
        id
    }

    /// Takes somebody into account who came with somebody else.
    fn companion(&mut self, visit: VisitId, card: &DeskCard) -> Option<GuestId> {
        let first = *self.visits.get(&card.group?)?;
        let first = self.guests.get(&first)?;
        let (at, place) = (first.errand.at, first.place);
        Some(self.of_card(visit, card, at, place))
    }

    /// Somebody of whom no more is known than the desk shows.
    fn of_card(&mut self, visit: VisitId, card: &DeskCard, at: Timestamp, place: Place) -> GuestId {
        let id = self.guest(Errand {
            at,
            services: std::iter::once(card.service).chain(card.more.iter().copied()).collect(),
            requested: card.requested,
            companions: Vec::new(),
            way: Entry::Desk,
        });
        self.visits.insert(visit, id);
        if let Some(guest) = self.guests.get_mut(&id) {
            guest.visit = Some(visit);
            guest.place = place;
        }
        id
    }

    fn forget_who_is_gone(&mut self) {
        self.guests.retain(|_, guest| !guest.over);
        let guests = &self.guests;
        self.visits.retain(|_, id| guests.contains_key(id));
    }

    /// What a command that was carried out makes of the visit it is about.
    fn done(&mut self, command: &Command, now: Timestamp) {
        let finished = match *command {
            Command::TakeRemedy { ref command, .. } => {
                self.counts.remedies += 1;
                self.took_remedy(command, now);
                None
            }
            Command::CallNext { after, .. } => after,
            Command::Finish { visit }
            | Command::Continue { visit }
            | Command::Approve { visit } => Some(visit),
            Command::Leave { visit } | Command::MarkNoShow { visit } => {
                if let Some(guest) = self.guest_of(visit) {
                    guest.over = true;
                }
                None
            }
            _ => None,
        };
        if let Some(guest) = finished.and_then(|visit| self.guest_of(visit)) {
            if guest.seen.stage == Some(Stage::Ready) {
                guest.over = true;
            } else {
                guest.step += guest.sitting.max(1);
                guest.sitting = 0;
                guest.over |= !guest.collects && guest.step >= guest.tasks.len();
            }
        }
    }

    fn guest_of(&mut self, visit: VisitId) -> Option<&mut Guest> {
        self.guests.get_mut(self.visits.get(&visit)?)
    }
}
