//! The shop said again in few words, as a model that the engine is compared with: it follows the
//! commands that were carried out and is told what time alone brought about. Who is next it says by
//! itself, from the line, the appointments and the rights; only how long something should take and
//! what somebody was told it takes from the shop.

mod check;
mod duty;
mod next;
mod plan;

use std::collections::{BTreeMap, BTreeSet};

use sooner_engine::{Event, Shop, ShopConfig, StepKind};
use sooner_shared::command::{Booking, Choice, Join};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{PromiseKind, Stage};
use sooner_shared::{Command, ServiceId, StaffId, Timestamp, VisitId};

pub(crate) use plan::Plan;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Booked,
    Line,
    CalledTo(StaffId),
    With(StaffId),
    Pending,
    OnHold,
    Ready,
    Over(Stage),
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Person {
    plan: Plan,
    place: Place,
    /// Where in line: since when, or the time of the appointment.
    stands_at: Timestamp,
    /// Whose place in line they have, when somebody was put before another.
    stands_as: Option<(Timestamp, VisitId)>,
    /// Whose time is kept for the appointment, and when it was given.
    held: Option<(StaffId, Timestamp)>,
    /// Since when they have the right to go first.
    right_at: Option<Timestamp>,
    not_before: Option<Timestamp>,
    /// Who is served before them.
    after: Option<VisitId>,
    requested: Option<StaffId>,
    keeper: Option<StaffId>,
    owner: Option<StaffId>,
    handed_to: Option<StaffId>,
    checked_in: bool,
    missing: bool,
    lets_pass: bool,
    asks: bool,
    started: bool,
}

/// What a tap changed, as it was before.
#[derive(Debug, Default)]
struct Before {
    people: BTreeMap<VisitId, Option<Person>>,
    on_duty: BTreeMap<StaffId, bool>,
    on_break: BTreeMap<StaffId, bool>,
}

/// A command that was carried out: what came of it, and the shop before and after.
pub(crate) struct Carried<'a> {
    pub(crate) command: &'a Command,
    pub(crate) events: &'a [Event],
    pub(crate) before: &'a Shop,
    pub(crate) after: &'a Shop,
    pub(crate) now: Timestamp,
}

/// Who ever joined, and where they are.
#[derive(Debug)]
pub(crate) struct Model {
    config: ShopConfig,
    people: BTreeMap<VisitId, Person>,
    on_duty: BTreeSet<StaffId>,
    on_break: BTreeSet<StaffId>,
    line_closed: bool,
    taps: BTreeMap<u64, Before>,
}

impl Model {
    pub(crate) fn of(config: &ShopConfig) -> Self {
        Self {
            config: config.clone(),
            people: BTreeMap::new(),
            on_duty: BTreeSet::new(),
            on_break: BTreeSet::new(),
            line_closed: false,
            taps: BTreeMap::new(),
        }
    }

    /// Follows a command that the shop carried out.
    pub(crate) fn carry_out(&mut self, carried: &Carried<'_>) {
        let people = self.people.clone();
        let (on_duty, on_break) = (self.on_duty.clone(), self.on_break.clone());
        self.follow(carried);
        let changed = self.people.iter().filter(|(id, p)| people.get(id) != Some(*p));
        let was = |set: &BTreeSet<StaffId>, now: &BTreeSet<StaffId>| {
            set.symmetric_difference(now).map(|&staff| (staff, set.contains(&staff))).collect()
        };
        let before = Before {
            people: changed.map(|(&id, _)| (id, people.get(&id).cloned())).collect(),
            on_duty: was(&on_duty, &self.on_duty),
            on_break: was(&on_break, &self.on_break),
        };
        self.taps.insert(carried.before.seq + 1, before);
    }

    fn follow(&mut self, carried: &Carried<'_>) {
        let now = carried.now;
        match *carried.command {
            Command::AcceptPrice { ref command, .. } | Command::TakeRemedy { ref command, .. } => {
                self.follow(&Carried { command, ..*carried });
            }
            Command::AskFor { visit, staff } => self.ask_for(visit, staff),
            Command::KeepFor { visit, staff } => {
                let person = self.person(visit);
                person.held = person.held.map(|(_, given)| (staff, given));
            }
            Command::MoveBefore { visit, .. } => self.move_together(visit, carried),
            Command::Choose { visit, choice: Choice::With(staff) } => {
                self.ask_for(visit, Some(staff));
            }
            Command::Choose { visit, choice: Choice::At(at) } => self.rebook(visit, at, carried),
            Command::Join(ref join) => self.join(join, false, now),
            Command::AddWalkIn(ref join) => self.join(join, true, now),
            Command::Book(ref booking) => self.book(booking, carried),
            Command::LetGoFirst { visit } => self.person(visit).right_at = Some(now),
            Command::CallNext { staff, after } => self.call_next(staff, after, carried),
            Command::Call { visit, staff } => {
                self.make_free(staff, visit);
                self.take(visit, staff);
            }
            Command::Start { visit, staff } => {
                self.make_free(staff, visit);
                self.start(visit, staff);
            }
            Command::Finish { visit } => self.finish(visit),
            Command::ReturnToLine { visit } => self.not_there(visit),
            Command::MarkNoShow { visit } => self.put(visit, Place::Over(Stage::NoShow)),
            Command::Leave { visit } => self.put(visit, Place::Over(Stage::Left)),
            Command::CheckIn { visit } => self.check_in(visit),
            Command::LetPass { visit } => {
                self.take_back_call(visit);
                self.person(visit).lets_pass = true;
            }
            Command::RunLate { visit, ms } => {
                self.take_back_call(visit);
                let person = self.person(visit);
                let from = if person.held.is_some() { person.stands_at.max(now) } else { now };
                person.not_before = Some(from + ms);
            }
            Command::Hold { visit } => {
                self.take_back_call(visit);
                self.put(visit, Place::OnHold);
            }
            Command::Resume { visit } => self.put(visit, Place::Line),
            Command::ChangeServices { visit, ref services } => self.change(visit, services),
            Command::AddOn { visit, service } => self.add_on(visit, service),
            Command::HandOver { visit, to } => self.person(visit).handed_to = Some(to),
            Command::AcceptHandOver { visit } => self.accept(visit),
            Command::DeclineHandOver { visit } => self.person(visit).handed_to = None,
            Command::Ask { visit, .. } => self.person(visit).asks = true,
            Command::Answer { visit, .. } => self.person(visit).asks = false,
            Command::Continue { visit } | Command::Approve { visit } => self.go_on(visit),
            Command::Undo { .. } | Command::ComeBack { .. } => self.take_back(carried.events),
            Command::GoOnDuty { staff } => self.come(staff),
            Command::GoOffDuty { staff } => self.go_home(staff),
            Command::TakeBreak { staff, .. } => {
                self.release(staff);
                assert!(self.on_break.insert(staff));
            }
            Command::EndBreak { staff } => assert!(self.on_break.remove(&staff)),
            Command::CloseLine => self.line_closed = true,
            Command::OpenLine => self.line_closed = false,
            // What is told and what is expected moves nobody.
            Command::Confirm { .. }
            | Command::StillServing { .. }
            | Command::ExpectPart { .. }
            | Command::AskApproval { .. }
            | Command::PromiseNews { .. }
            | Command::GiveNews { .. }
            | Command::ReportDelay { .. }
            | Command::EndDelay { .. }
            | Command::ExpectStaff { .. }
            | Command::LeaveEarly { .. }
            | Command::MoveBreak { .. }
            | Command::Tell { .. }
            | Command::Acknowledge { .. }
            | Command::Choose { choice: Choice::Stay, .. }
            | Command::AnswerInvitation { .. }
            | Command::TellBefore { .. }
            | Command::ConfirmStart { .. }
            | Command::RateWait { .. }
            | Command::MakeGood { .. } => {}
        }
    }

    /// Who came together is moved together, one after the other.
    fn move_together(&mut self, visit: VisitId, carried: &Carried<'_>) {
        let group = |id: VisitId| carried.before.visits[&id].group.map(|g| g.first);
        for event in carried.events {
            if let Event::Reordered { visit: moved, before } = *event {
                let together = group(visit).is_some() && group(visit) == group(moved);
                assert!(moved == visit || together, "{moved} was not to be moved");
                self.move_before(moved, before);
            }
        }
        let line = carried.after.waiting();
        let own = |v: &&sooner_engine::Visit| {
            v.id == visit || group(visit).is_some() && group(v.id) == group(visit)
        };
        let seats: Vec<_> = line.iter().enumerate().filter(|(_, v)| own(v)).collect();
        let (first, last) = (seats[0].0, seats[seats.len() - 1].0);
        assert_eq!(last - first + 1, seats.len(), "somebody stands between");
    }

    /// Hears what time alone has brought about, and whether it was time for it.
    pub(crate) fn hear(&mut self, event: &Event, now: Timestamp) {
        let has_hours = !self.config.hours.is_empty();
        match *event {
            Event::CameDue { visit } => {
                let person = self.person(visit);
                assert_eq!(person.place, Place::Booked, "{visit} came due once");
                assert!(now >= person.stands_at - 60 * MINUTE_MS, "{visit} came due early");
                person.place = Place::Line;
            }
            Event::Continued { visit } => {
                let person = &self.people[&visit];
                assert_eq!(person.place, Place::Pending, "{visit}");
                assert_eq!(person.plan.next(), Some(StepKind::Time), "{visit} waits for people");
                self.go_on(visit);
            }
            Event::Lapsed { visit } => {
                assert!(has_hours, "a shop without hours has no end of the day");
                self.lapse(visit);
            }
            Event::WentOffDuty { staff } => {
                assert!(has_hours, "a shop without hours has no end of the day");
                self.go_home(staff);
            }
            Event::LineOpened => self.line_closed = false,
            // Parts of going home, and what moves nobody.
            Event::ReturnedToLine { missing: false, .. }
            | Event::OwnerChanged { .. }
            | Event::HandOverDeclined { .. }
            | Event::LeftToOwner { .. }
            | Event::Promised { .. }
            | Event::Scored { .. }
            | Event::Overran { .. }
            | Event::FellSilent => {}
            ref other => panic!("time alone does not bring about {other:?}"),
        }
    }

    /// Whether somebody on duty can see to what is promised to a visit first.
    pub(crate) fn can_be_kept(&self, visit: VisitId) -> bool {
        let person = &self.people[&visit];
        match person.plan.promises(&self.config) {
            PromiseKind::Start | PromiseKind::CallBack => {
                self.takers(person).iter().any(|staff| self.on_duty.contains(staff))
            }
            _ => {
                self.on_duty.iter().filter_map(|&staff| self.config.person(staff)).any(|p| {
                    person.plan.services.iter().any(|service| p.services.contains(service))
                })
            }
        }
    }

    fn person(&mut self, visit: VisitId) -> &mut Person {
        self.people.get_mut(&visit).expect("the shop knows only who came")
    }

    fn put(&mut self, visit: VisitId, place: Place) {
        let person = self.person(visit);
        person.place = place;
        if matches!(place, Place::Over(_)) {
            person.handed_to = None;
            person.plan.leave_off();
        }
    }

    fn arrive(&mut self, services: impl IntoIterator<Item = ServiceId>, now: Timestamp) -> VisitId {
        let visit = VisitId(self.people.len() as u32 + 1);
        let person = Person {
            plan: Plan::of(services, &self.config),
            place: Place::Line,
            stands_at: now,
            stands_as: None,
            held: None,
            right_at: None,
            not_before: None,
            after: None,
            requested: None,
            keeper: None,
            owner: None,
            handed_to: None,
            checked_in: false,
            missing: false,
            lets_pass: false,
            asks: false,
            started: false,
        };
        self.people.insert(visit, person);
        visit
    }

    fn join(&mut self, join: &Join, by_staff: bool, now: Timestamp) {
        let first = self.arrive(join.services(), now);
        self.person(first).requested = join.requested;
        let mut last = first;
        for companion in &join.companions {
            let visit = self.arrive([companion.service], now);
            if !join.together {
                // One after another, in the same chair where that can be.
                let config = &self.config;
                let does = |&staff: &StaffId| {
                    config.person(staff).is_some_and(|p| p.services.contains(&companion.service))
                };
                let requested = join.requested.filter(does);
                let person = self.person(visit);
                (person.after, person.requested) = (Some(last), requested);
            }
            last = visit;
        }
        for id in first.0..=last.0 {
            self.person(VisitId(id)).checked_in = by_staff;
            self.find_owner(VisitId(id));
        }
    }

    fn book(&mut self, booking: &Booking, carried: &Carried<'_>) {
        let services = std::iter::once(booking.service).chain(booking.more.iter().copied());
        let visit = self.arrive(services, carried.now);
        let held = carried.events.iter().find_map(|event| match event {
            Event::Booked { held, .. } => Some(*held),
            _ => None,
        });
        let held = held.expect("somebody's time is kept for an appointment");
        assert!(booking.requested.is_none_or(|staff| staff == held));
        assert!(self.people[&visit].plan.is_for(held, &self.config));
        let person = self.person(visit);
        person.place = Place::Booked;
        person.stands_at = booking.at;
        person.requested = booking.requested;
        person.held = Some((held, carried.now));
    }

    fn ask_for(&mut self, visit: VisitId, staff: Option<StaffId>) {
        let person = self.person(visit);
        person.requested = staff;
        person.held = person.held.map(|(held, given)| (staff.unwrap_or(held), given));
    }

    /// Everybody in line between the two places goes one on, or one back.
    fn move_before(&mut self, visit: VisitId, before: Option<VisitId>) {
        let line = self.people.iter().filter(|(_, p)| p.place == Place::Line);
        let mut line: Vec<_> = line.map(|(&id, p)| (p.stands(id), id)).collect();
        line.sort_unstable();
        let (places, mut ids): (Vec<_>, Vec<_>) = line.into_iter().unzip();
        ids.retain(|&id| id != visit);
        let to = before.and_then(|other| ids.iter().position(|&id| id == other));
        ids.insert(to.unwrap_or(ids.len()), visit);
        for (id, place) in ids.into_iter().zip(places) {
            let person = self.person(id);
            if person.stands(id) != place {
                person.stands_as = Some(place);
            }
        }
    }

    fn rebook(&mut self, visit: VisitId, at: Timestamp, carried: &Carried<'_>) {
        let held = carried.events.iter().find_map(|event| match *event {
            Event::Rebooked { held, .. } => Some(held),
            _ => None,
        });
        let held = held.expect("somebody's time is kept for an appointment");
        let person = self.person(visit);
        if person.requested.is_some_and(|staff| staff != held) {
            person.requested = None;
        }
        person.place = Place::Booked;
        (person.stands_at, person.stands_as) = (at, None);
        person.held = Some((held, carried.now));
        (person.checked_in, person.right_at) = (false, None);
    }

    fn call_next(&mut self, staff: StaffId, after: Option<VisitId>, carried: &Carried<'_>) {
        assert_eq!(self.occupant(staff), after, "two taps, one after the other");
        self.on_break.remove(&staff);
        match after.map(|visit| (visit, self.people[&visit].place)) {
            Some((visit, Place::With(_))) => self.finish(visit),
            Some((visit, _)) => self.not_there(visit),
            None => {}
        }
        let taken = carried.events.iter().find_map(|event| match *event {
            Event::Called { visit, .. } | Event::Started { visit, .. } => Some(visit),
            _ => None,
        });
        // What was learned a minute ago may be taken in with the first event of this very tap.
        let next =
            [carried.after, carried.before].map(|shop| self.next_for(staff, shop, carried.now));
        assert!(next.contains(&taken), "{staff} took {taken:?}, not one of {next:?}");
        if let Some(visit) = taken {
            self.take(visit, staff);
        }
    }

    /// The work that was being done is over, or what was ready is collected.
    fn finish(&mut self, visit: VisitId) {
        let person = self.person(visit);
        match person.place {
            Place::Ready => self.put(visit, Place::Over(Stage::Done)),
            Place::With(staff) => {
                if person.plan.next() == Some(StepKind::Chair) {
                    person.keeper = Some(staff);
                }
                person.handed_to = None;
                person.plan.stand_up();
                self.come_to_next(visit);
            }
            place => panic!("{visit} is {place:?} and cannot be finished"),
        }
    }

    /// What was waited for is there.
    fn go_on(&mut self, visit: VisitId) {
        let person = self.person(visit);
        assert_eq!(person.place, Place::Pending);
        person.plan.stand_up();
        self.come_to_next(visit);
    }

    fn come_to_next(&mut self, visit: VisitId) {
        let person = &self.people[&visit];
        let place = match person.plan.next() {
            Some(StepKind::Chair | StepKind::Bench) => Place::Line,
            Some(_) => Place::Pending,
            None if person.plan.leaves_something(&self.config) => Place::Ready,
            None => Place::Over(Stage::Done),
        };
        self.put(visit, place);
    }

    /// The day is over.
    fn lapse(&mut self, visit: VisitId) {
        let person = self.person(visit);
        match person.place {
            // What lies on the bench lies there tomorrow.
            Place::With(_) if person.plan.next() == Some(StepKind::Bench) => {
                person.plan.leave_off();
                person.place = Place::Line;
            }
            Place::With(_) => {
                person.plan.stand_up();
                self.come_to_next(visit);
            }
            Place::CalledTo(_) => self.put(visit, Place::Over(Stage::NoShow)),
            _ => self.put(visit, Place::Over(Stage::Left)),
        }
    }

    fn take(&mut self, visit: VisitId, staff: StaffId) {
        let plan = &self.people[&visit].plan;
        let rings = plan.promises(&self.config) == PromiseKind::CallBack;
        if plan.next() == Some(StepKind::Bench) && !rings {
            return self.start(visit, staff);
        }
        self.one_goes_first();
        let person = self.person(visit);
        person.place = Place::CalledTo(staff);
        person.not_before = None;
    }

    fn start(&mut self, visit: VisitId, staff: StaffId) {
        if self.people[&visit].place != Place::CalledTo(staff) {
            self.one_goes_first();
        }
        let config = self.config.clone();
        let person = self.person(visit);
        person.place = Place::With(staff);
        person.checked_in |= person.plan.next() == Some(StepKind::Chair);
        person.plan.sit_down(staff, &config);
        (person.missing, person.lets_pass) = (false, false);
        person.not_before = None;
        person.started = true;
    }

    /// Whoever let one go first, or was not there, is where they were.
    fn one_goes_first(&mut self) {
        for person in self.people.values_mut() {
            (person.missing, person.lets_pass) = (false, false);
        }
    }

    /// A chair is made free: whoever else was called to it goes back in line.
    fn make_free(&mut self, staff: StaffId, except: VisitId) {
        self.on_break.remove(&staff);
        if let Some(other) = self.occupant(staff).filter(|&other| other != except) {
            self.not_there(other);
        }
    }

    /// Whoever was called and was not there is not in the shop, whatever was thought before.
    fn not_there(&mut self, visit: VisitId) {
        let person = self.person(visit);
        assert!(matches!(person.place, Place::CalledTo(_)));
        person.place = Place::Line;
        (person.missing, person.checked_in) = (true, false);
    }

    /// Whoever was called is in line again, through no fault of their own.
    fn take_back_call(&mut self, visit: VisitId) {
        let person = self.person(visit);
        if matches!(person.place, Place::CalledTo(_)) {
            (person.place, person.missing) = (Place::Line, false);
        }
    }

    fn check_in(&mut self, visit: VisitId) {
        let person = self.person(visit);
        (person.checked_in, person.missing) = (true, false);
        person.not_before = None;
        if person.place == Place::Booked {
            person.place = Place::Line;
        }
    }

    fn change(&mut self, visit: VisitId, services: &[ServiceId]) {
        let plan = Plan::of(services.iter().copied(), &self.config);
        let rings = plan.promises(&self.config) == PromiseKind::CallBack;
        let person = self.person(visit);
        person.plan = plan;
        if rings && person.owner.is_none() {
            self.find_owner(visit);
        } else if !rings {
            person.owner = None;
        }
    }

    fn add_on(&mut self, visit: VisitId, service: ServiceId) {
        let config = self.config.clone();
        let person = self.person(visit);
        let Place::With(staff) = person.place else { panic!("{visit} is not being served") };
        person.plan.add_on(service, staff, &config);
    }

    /// The colleague takes a visit, as it is.
    fn accept(&mut self, visit: VisitId) {
        let config = self.config.clone();
        let person = self.person(visit);
        let to = person.handed_to.take().expect("was offered");
        let rings = person.plan.promises(&config) == PromiseKind::CallBack;
        person.requested = Some(to);
        person.keeper = None;
        person.held = person.held.map(|(_, given)| (to, given));
        if rings {
            person.owner = Some(to);
        }
        match person.place {
            Place::With(_) => {
                person.plan.sit_down(to, &config);
                person.place = Place::With(to);
            }
            Place::CalledTo(_) => person.place = Place::Line,
            _ => {}
        }
    }

    fn take_back(&mut self, events: &[Event]) {
        let number = events.iter().find_map(|event| match event {
            Event::Undone { tap } => Some(*tap),
            _ => None,
        });
        let number = number.expect("a tap is taken back");
        let before = self.taps.remove(&number).expect("a tap is taken back once");
        for (visit, was) in before.people {
            match was {
                Some(person) => *self.person(visit) = person,
                None => self.put(visit, Place::Over(Stage::Left)),
            }
        }
        for (set, was) in
            [(&mut self.on_duty, before.on_duty), (&mut self.on_break, before.on_break)]
        {
            for (staff, was_in) in was {
                let _ = if was_in { set.insert(staff) } else { set.remove(&staff) };
            }
        }
    }

    /// Who is called to a chair or sits in it; no two are.
    fn occupant(&self, staff: StaffId) -> Option<VisitId> {
        let mut here = self
            .people
            .iter()
            .filter(|(_, p)| [Place::CalledTo(staff), Place::With(staff)].contains(&p.place))
            .map(|(&id, _)| id);
        let first = here.next();
        assert_eq!(here.next(), None, "two in the chair of {staff}");
        first
    }
}
