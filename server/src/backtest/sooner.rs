//! The product's own method: a real [`Shop`] lives through the queue, event by event, and its
//! promises are those that the live shop would make, by the same code.
//!
//! A record says less than a shop knows. What its owner would have said is guessed from what has
//! happened so far:
//!
//! * services are set up when they are first asked for, with the mean of all services so far as their
//!   nominal minutes;
//! * whoever serves is there, until they take nobody although somebody waits;
//! * whoever has served many and never one kind, though it is not rare, does not do it;
//! * a priority is a right to go first where those who have it mostly do.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use sooner_engine::config::{SERVICES_MAX, STAFF_MAX};
use sooner_engine::event::Grounds;
use sooner_engine::forecast::moves::moves;
use sooner_engine::forecast::{self, Estimate};
use sooner_engine::{Event, Recorded, Service, Shop, ShopConfig, Staff};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, PromiseKind, Stage};
use sooner_shared::{Maker, ServiceId, StaffId, Timestamp, VisitId};
use sooner_sim::moment::{Arrival, Happened, Moment};

use super::moved::Moved;

/// What a service is said to take about which nothing is known.
const ASSUMED_MS: i64 = 10 * MINUTE_MS;
/// Who has had nothing to do for so long has gone home.
const IDLE_MAX_MS: i64 = 4 * 60 * MINUTE_MS;
/// The shop looks anew so often while somebody waits, in milliseconds.
const LOOKS_EVERY_MS: i64 = 30_000;
/// A priority is judged from so many starts on.
const URGENT_FROM: f64 = 50.0;
/// Who should have had so many of a kind by chance, and has had none, does not do it: chance would
/// have it so once in 400.
const SURELY_NOT: f64 = 6.0;
/// What one gap counts for the usual one, from the end of a service to the next while some wait.
const GAP_WEIGHT: f64 = 0.02;

/// A shop that lives through a queue.
pub struct Sooner {
    shop: Shop,
    now: Timestamp,
    /// Whether the stream says who is there.
    knows_duty: bool,
    servers: BTreeMap<u16, Server>,
    visits: BTreeMap<u64, Known>,
    /// When promises break, in order.
    due: BTreeSet<(Timestamp, VisitId, u16)>,
    /// What becomes of times that are moved, if they are, as in the shop.
    moved: Option<Rc<RefCell<Moved>>>,
    looked_at: Timestamp,
    gap_ms: f64,
    served: (f64, u64),
    /// How many of each service each person has had, and all together.
    done: BTreeMap<(StaffId, ServiceId), u32>,
    done_by: BTreeMap<StaffId, u32>,
    done_of: BTreeMap<ServiceId, u32>,
    /// Of each priority: starts while others waited, and how many of them went before who had come
    /// first.
    urgency: BTreeMap<i32, (f64, f64)>,
    /// Since when the line has not been empty.
    line_since: Option<Timestamp>,
    /// The estimate of who has just come.
    asked: Option<(VisitId, Option<Estimate>)>,
}

#[derive(Debug, Clone, Copy)]
struct Server {
    staff: StaffId,
    idle_since: Option<Timestamp>,
    serving: u32,
    last_at: Timestamp,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    staff: Option<StaffId>,
    server: Option<u16>,
    started_at: Option<Timestamp>,
    priority: i32,
}

const fn id(visit: u64) -> VisitId {
    VisitId(visit as u32 + 1)
}

impl Sooner {
    /// A shop before its first customer.
    #[must_use]
    pub fn new(keep_permille: u16, paths: u16) -> Self {
        let config = ShopConfig {
            keep_permille,
            paths,
            step_ms: 1,
            turnaround_ms: 0,
            ..ShopConfig::new("Backtest", "UTC", 1)
        };
        Self::with(config)
    }

    /// A shop as it was set up.
    #[must_use]
    pub fn with(config: ShopConfig) -> Self {
        let mut shop = Shop::new(config.clone());
        shop.apply(&Recorded {
            seq: 1,
            at: Timestamp(i64::MIN / 2),
            tap: 0,
            by: Maker::Operator,
            event: Event::Configured(Box::new(config)),
        });
        Self {
            shop,
            now: Timestamp(i64::MIN / 2),
            knows_duty: false,
            servers: BTreeMap::new(),
            visits: BTreeMap::new(),
            due: BTreeSet::new(),
            moved: None,
            looked_at: Timestamp(i64::MIN / 2),
            gap_ms: 5_000.0,
            served: (0.0, 0),
            done: BTreeMap::new(),
            done_by: BTreeMap::new(),
            done_of: BTreeMap::new(),
            urgency: BTreeMap::new(),
            line_since: None,
            asked: None,
        }
    }

    /// The shop as it is.
    #[must_use]
    pub const fn shop(&self) -> &Shop {
        &self.shop
    }

    fn record(&mut self, event: Event) {
        let seq = self.shop.seq + 1;
        self.shop.apply(&Recorded { seq, at: self.now, tap: 0, by: Maker::Time, event });
    }

    fn move_to(&mut self, at: Timestamp) {
        loop {
            let due = self.due.first().copied().filter(|&(by, ..)| by < at);
            let look_at = self.looks_at().filter(|&look| look < at);
            match (due, look_at) {
                (Some((by, visit, no)), look) if look.is_none_or(|look| by < look) => {
                    self.due.remove(&(by, visit, no));
                    self.now = self.now.max(by + 1);
                    self.record(Event::Scored { visit, no, outcome: Outcome::Broken });
                }
                (_, Some(look)) => {
                    self.now = self.now.max(look);
                    self.look();
                }
                _ => break,
            }
        }
        self.now = self.now.max(at);
    }

    /// Somebody comes, and is in line then.
    pub fn join(&mut self, at_ms: i64, arrival: &Arrival) -> VisitId {
        self.move_to(Timestamp(at_ms));
        self.see_who_is_there();
        let visit = id(arrival.visit);
        let service = self.service(arrival.service);
        let requested = arrival.requested.map(|server| self.staff(server));
        self.record(Event::Joined {
            visit,
            service,
            more: Vec::new(),
            requested,
            by_staff: true,
            group: None,
        });
        if self.goes_first(arrival.priority) {
            self.record(Event::LetFirst { visit });
        }
        let known =
            Known { staff: None, server: None, started_at: None, priority: arrival.priority };
        self.visits.insert(arrival.visit, known);
        visit
    }

    /// What somebody who comes now is told, in milliseconds from now; `None` when nothing can be
    /// said. They are in line then.
    pub fn quote_ms(&mut self, at_ms: i64, arrival: &Arrival) -> Option<f64> {
        let visit = self.join(at_ms, arrival);
        for kind in self.shop.fits_due() {
            if let Some(event) = self.shop.fit(kind) {
                self.record(event);
            }
        }
        let estimate = forecast::estimate(&self.shop, &[visit], self.now);
        let quote = estimate.as_ref().map(|e| e.wait_ms(self.shop.config.keep_permille) as f64);
        self.asked = Some((visit, estimate));
        quote
    }

    /// What the experts said of who has just been asked about, with the name of each, in
    /// milliseconds.
    #[must_use]
    pub fn experts(&self) -> Vec<Option<f64>> {
        let seen = self.asked.as_ref().and_then(|(_, estimate)| estimate.as_ref()?.seen());
        let ms = |q: &Option<i32>| q.map(|q| forecast::seen::wait_of_ln(f64::from(q) / 10_000.0));
        seen.map(|seen| seen.experts.iter().map(ms).collect()).unwrap_or_default()
    }

    /// The estimate of who has just been asked about.
    #[must_use]
    pub fn asked(&self) -> Option<&Estimate> {
        self.asked.as_ref()?.1.as_ref()
    }

    /// They were told this time.
    pub fn tell(&mut self, by: Timestamp) {
        let Some((visit, estimate)) = self.asked.take() else { return };
        let seen = estimate.as_ref().and_then(Estimate::seen).cloned().map(Box::new);
        let grounds = Grounds {
            keep_permille: self.shop.config.keep_permille,
            ahead: 0,
            on_duty: 0,
            likely_at: by,
            quantile_at: by,
        };
        let kind = PromiseKind::Start;
        self.record(Event::Promised { visit, kind, no: 0, by, grounds, seen });
        self.due.insert((by, visit, 0));
    }

    /// Moves times from now on, as the shop does; what becomes of them is counted there.
    pub fn follow(&mut self) -> Rc<RefCell<Moved>> {
        Rc::clone(self.moved.get_or_insert_default())
    }

    /// When the shop looks again by itself.
    fn looks_at(&self) -> Option<Timestamp> {
        (self.moved.is_some() && self.line_since.is_some())
            .then_some(self.looked_at + LOOKS_EVERY_MS)
    }

    /// Looks whether times should be moved.
    fn look(&mut self) {
        self.looked_at = self.now;
        let estimates = forecast::visits(&self.shop, self.now);
        for event in moves(&self.shop, &estimates, self.now) {
            if let Event::Promised { visit, no, by, .. } = event {
                self.due.insert((by, visit, no));
            }
            self.record(event);
        }
    }

    /// Takes in what happened; arrivals are taken in by [`Self::quote_ms`] and [`Self::tell`].
    pub fn happen(&mut self, happened: &Happened) {
        self.move_to(Timestamp(happened.at_ms));
        match happened.what {
            Moment::CameOnDuty { server } => {
                self.knows_duty = true;
                let staff = self.staff(server);
                self.record(Event::WentOnDuty { staff });
            }
            Moment::WentOffDuty { server } => {
                let staff = self.staff(server);
                self.record(Event::WentOffDuty { staff });
            }
            Moment::TookBreak { server, until_ms } => {
                let staff = self.staff(server);
                self.record(Event::TookBreak { staff, until: Timestamp(until_ms) });
            }
            Moment::EndedBreak { server } => {
                let staff = self.staff(server);
                self.record(Event::BreakEnded { staff });
            }
            Moment::Arrived(_) => {}
            Moment::Started { visit, server } => self.start(visit, server),
            Moment::Ended { visit } => self.end(visit),
            Moment::Left { visit } => {
                self.record(Event::Left { visit: id(visit) });
                self.settle(id(visit), Outcome::LeftBefore);
                self.visits.remove(&visit);
            }
        }
        let waits = self.shop.visits.values().any(|v| v.stage == Stage::Waiting);
        self.line_since = if waits { self.line_since.or(Some(self.now)) } else { None };
        if self.moved.is_some() && waits {
            self.look();
        }
    }

    fn settle(&mut self, visit: VisitId, outcome: Outcome) {
        let Some(v) = self.shop.visits.get(&visit) else { return };
        let open: Vec<_> = v.promises.iter().filter(|p| p.outcome.is_none()).copied().collect();
        for promise in open {
            self.due.remove(&(promise.by, visit, promise.no));
            self.record(Event::Scored { visit, no: promise.no, outcome });
        }
    }

    fn start(&mut self, visit: u64, server: Option<u16>) {
        let staff = match server {
            Some(server) => {
                let staff = self.staff(server);
                let line_since = self.line_since;
                let now = self.now;
                let known = self.servers.entry(server).or_insert(Server {
                    staff,
                    idle_since: None,
                    serving: 0,
                    last_at: now,
                });
                known.staff = staff;
                if let (Some(idle), Some(line)) = (known.idle_since, line_since)
                    && line <= idle
                    && !self.knows_duty
                    && self.shop.is_on_duty(staff)
                {
                    let gap = (now - idle) as f64;
                    self.gap_ms +=
                        GAP_WEIGHT * (gap.min(10.0 * self.gap_ms + 1_000.0) - self.gap_ms);
                }
                known.idle_since = None;
                known.serving += 1;
                known.last_at = now;
                staff
            }
            None => self.spare(),
        };
        if !self.shop.is_on_duty(staff) && (!self.knows_duty || server.is_none()) {
            self.record(Event::WentOnDuty { staff });
        }
        self.note_who_is_next(visit);
        if let (Some(moved), Some(v)) = (&self.moved, self.shop.visits.get(&id(visit))) {
            moved.borrow_mut().add(v, self.now);
        }
        self.record(Event::Started { visit: id(visit), staff, tapped_at: None });
        self.settle(id(visit), Outcome::Kept);
        let now = self.now;
        if let Some(known) = self.visits.get_mut(&visit) {
            *known = Known { staff: Some(staff), server, started_at: Some(now), ..*known };
        }
    }

    /// Whether a priority is a right: where the shop says who has one, any; otherwise where those
    /// who have it went first more often than not, and far more often than the others.
    fn goes_first(&self, priority: i32) -> bool {
        if self.knows_duty || priority == 0 {
            return priority > 0;
        }
        let share = |(starts, first): (f64, f64)| first / (starts + 1.0);
        let own = self.urgency.get(&priority).copied().unwrap_or_default();
        let others = self.urgency.iter().filter(|&(&p, _)| p != priority);
        let others = others.fold((0.0, 0.0), |sum, (_, &(n, first))| (sum.0 + n, sum.1 + first));
        own.0 >= URGENT_FROM && share(own) > 0.5 && share(own) > 2.0 * share(others)
    }

    /// Whether somebody who is taken goes before others who have waited longer.
    fn note_who_is_next(&mut self, visit: u64) {
        let Some(known) = self.visits.get(&visit) else { return };
        let place = id(visit);
        let others = self.shop.visits.values().filter(|v| v.stage == Stage::Waiting);
        let (waits, passes) =
            others.fold((false, false), |(_, passes), v| (true, passes || v.id < place));
        let alone = !waits || self.line_since.is_none();
        if !alone {
            let (starts, first) = self.urgency.entry(known.priority).or_default();
            *starts += 1.0;
            *first += f64::from(u8::from(passes));
        }
    }

    /// Whoever has had many and never one of a kind that is not rare does not do it.
    fn note_what_they_do(&mut self, staff: StaffId, service: ServiceId) {
        *self.done_of.entry(service).or_default() += 1;
        let own = self.done_by.entry(staff).or_default();
        *own += 1;
        let own = f64::from(*own);
        let first = {
            let done = self.done.entry((staff, service)).or_default();
            *done += 1;
            *done == 1
        };
        if self.knows_duty || !(first || (own as u32).is_multiple_of(16)) {
            return;
        }
        let all: u32 = self.done_of.values().sum();
        let does = |service: &ServiceId| {
            let of = self.done_of.get(service).copied().unwrap_or(0);
            let expected = own * f64::from(of) / f64::from(all.max(1));
            self.done.contains_key(&(staff, *service)) || expected < SURELY_NOT
        };
        let services = self.shop.config.services.iter().map(|s| s.id).filter(does).collect();
        let mut config = (*self.shop.config).clone();
        let Some(person) = config.staff.iter_mut().find(|p| p.id == staff) else { return };
        if person.services != services {
            person.services = services;
            self.record(Event::Configured(Box::new(config)));
        }
    }

    fn end(&mut self, visit: u64) {
        self.record(Event::Finished { visit: id(visit), tapped_at: None });
        let Some(known) = self.visits.remove(&visit) else { return };
        let service = self.shop.visits.get(&id(visit)).and_then(|v| v.services.first().copied());
        if let Some((staff, service)) = known.staff.zip(service) {
            self.note_what_they_do(staff, service);
        }
        if let Some(started_at) = known.started_at {
            self.served.0 += (self.now - started_at) as f64;
            self.served.1 += 1;
        }
        match known.server {
            Some(server) => {
                let now = self.now;
                if let Some(known) = self.servers.get_mut(&server) {
                    known.serving = known.serving.saturating_sub(1);
                    known.last_at = now;
                    if known.serving == 0 {
                        known.idle_since = Some(now);
                    }
                }
            }
            // Nobody knows who that was, nor whether they take another.
            None => {
                if let Some(staff) = known.staff {
                    self.record(Event::WentOffDuty { staff });
                }
            }
        }
    }

    /// Whoever takes nobody although somebody waits, or has had nothing to do for hours, is not
    /// there; but somebody is.
    fn see_who_is_there(&mut self) {
        if self.knows_duty {
            return;
        }
        let now = self.now;
        let grace_ms = (3.0 * self.gap_ms) as i64 + 2_000;
        let line = self.line_since;
        let on_duty = |s: &Server| self.shop.is_on_duty(s.staff);
        let last = self.servers.values().filter(|s| on_duty(s)).max_by_key(|s| s.last_at);
        let last = last.map(|s| s.staff);
        let gone: Vec<_> = self
            .servers
            .values()
            .filter(|s| on_duty(s))
            .filter(|s| {
                s.idle_since.is_some_and(|idle| {
                    let ignored = line.is_some_and(|line| now - idle.max(line) > grace_ms);
                    (ignored && Some(s.staff) != last) || now - idle > IDLE_MAX_MS
                })
            })
            .map(|s| s.staff)
            .collect();
        for staff in gone {
            self.record(Event::WentOffDuty { staff });
        }
    }

    fn service(&mut self, number: u16) -> ServiceId {
        let place = usize::from(number).min(SERVICES_MAX - 1);
        let service = ServiceId(place as u16 + 1);
        if self.shop.config.service(service).is_none() {
            let mean = self.served.0 / self.served.1.max(1) as f64;
            let nominal_ms = if self.served.1 == 0 { ASSUMED_MS } else { (mean as i64).max(1_000) };
            let mut config = (*self.shop.config).clone();
            config.services.push(Service::new(service, &format!("service {service}"), nominal_ms));
            for person in &mut config.staff {
                person.services.insert(service);
            }
            self.record(Event::Configured(Box::new(config)));
        }
        service
    }

    /// Who serves under this number. More than a shop has room for take the place of who was last
    /// seen longest ago.
    fn staff(&mut self, server: u16) -> StaffId {
        if let Some(known) = self.servers.get(&server) {
            return known.staff;
        }
        let staff = StaffId(server + 1);
        if self.shop.config.person(staff).is_some() {
            return self.remember(server, staff);
        }
        if self.shop.config.staff.len() < STAFF_MAX {
            self.hire(staff);
            return self.remember(server, staff);
        }
        let free = self.servers.iter().filter(|(_, s)| s.serving == 0);
        let longest = free.min_by_key(|(_, s)| s.last_at).map(|(&number, s)| (number, s.staff));
        let (number, staff) = longest.unwrap_or((server, self.shop.config.staff[0].id));
        self.servers.remove(&number);
        self.remember(server, staff)
    }

    fn remember(&mut self, server: u16, staff: StaffId) -> StaffId {
        let last_at = self.now;
        self.servers.insert(server, Server { staff, idle_since: None, serving: 0, last_at });
        staff
    }

    fn hire(&mut self, staff: StaffId) {
        let mut config = (*self.shop.config).clone();
        let all: Vec<_> = config.services.iter().map(|s| s.id).collect();
        config.staff.push(Staff::new(staff, &format!("chair {staff}"), &all));
        self.record(Event::Configured(Box::new(config)));
    }

    /// Somebody without a name, who is free.
    fn spare(&mut self) -> StaffId {
        let free = |staff: &&StaffId| {
            self.shop.chairs.get(staff).is_some_and(|chair| chair.visit.is_none())
        };
        let spares: Vec<_> =
            self.shop.config.staff.iter().map(|p| p.id).filter(|id| id.0 >= SPARES).collect();
        if let Some(&staff) = spares.iter().find(free) {
            return staff;
        }
        let staff = StaffId(SPARES + spares.len() as u16);
        if self.shop.config.staff.len() < STAFF_MAX {
            self.hire(staff);
            return staff;
        }
        spares.first().copied().unwrap_or(self.shop.config.staff[0].id)
    }
}

/// The numbers of those without a name begin here.
const SPARES: u16 = 60_000;
