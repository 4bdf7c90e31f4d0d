//! A small salon, and a driver that treats the engine as the server does: deadlines first, time
//! that never runs backwards in the log, numbered events kept.

use sooner_engine::decide::{decide_tapped, late_promises};
use sooner_engine::event::Grounds;
use sooner_engine::forecast::moves::moves;
use sooner_engine::promise::{Promise, UNDO_MS};
use sooner_engine::view::{self, People};
use sooner_engine::{
    Event, Forecast, Recorded, Rejection, Service, Shop, ShopConfig, Staff, Step, StepKind, decide,
    next_deadline, on_deadline,
};
use sooner_shared::command::{Join, Shown};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, PromiseKind, Stage, View};
use sooner_shared::{Command, Maker, ServiceId, StaffId, Timestamp, VisitId};

/// 30 minutes.
pub(crate) const CUT: ServiceId = ServiceId(1);
/// 60 minutes.
pub(crate) const COLOUR: ServiceId = ServiceId(2);
/// 20 minutes.
pub(crate) const NAILS: ServiceId = ServiceId(3);

/// Cuts and colours.
pub(crate) const ANNA: StaffId = StaffId(1);
/// Cuts.
pub(crate) const BEN: StaffId = StaffId(2);
/// Colours and does nails.
pub(crate) const CLEO: StaffId = StaffId(3);

/// Monday, 2 March 2026, 9:00 in Budapest.
pub(crate) const NINE: Timestamp = Timestamp(1_772_438_400_000);

/// So many minutes after nine.
pub(crate) const fn nine(minutes: i64) -> Timestamp {
    Timestamp(NINE.0 + minutes * MINUTE_MS)
}

/// What people of the salon are called; nobody in line has given a name.
pub(crate) struct Names;

impl People for Names {
    fn visit_name(&self, visit: VisitId) -> Option<&str> {
        visit.0.is_multiple_of(3).then_some("Anna Kovács")
    }

    fn label(&self, visit: VisitId) -> Option<&str> {
        self.visit_name(visit).map(|_| "Anna K.")
    }

    fn contact(&self, visit: VisitId) -> Option<&str> {
        visit.0.is_multiple_of(3).then_some("+36 1 234 5678")
    }

    fn kept_until(&self, _: VisitId) -> Option<Timestamp> {
        Some(nine(30 * 24 * 60))
    }

    fn staff_name(&self, staff: StaffId) -> Option<&str> {
        (staff == ANNA).then_some("Anna")
    }

    fn question(&self, _: VisitId) -> Option<&str> {
        Some("How long?")
    }

    fn answer(&self, _: VisitId) -> Option<&str> {
        Some("A while.")
    }

    fn link(&self, visit: VisitId) -> String {
        format!("link-{visit}")
    }
}

/// The salon's set-up.
pub(crate) fn config() -> ShopConfig {
    let service = |id, name: &str, minutes| Service::new(id, name, minutes * MINUTE_MS);
    let person = |id, services: &[ServiceId]| Staff::new(id, &format!("chair {id}"), services);
    ShopConfig {
        paths: 64,
        services: vec![
            service(CUT, "Cut", 30),
            service(COLOUR, "Colour", 60),
            service(NAILS, "Nails", 20),
        ],
        staff: vec![
            person(ANNA, &[CUT, COLOUR]),
            person(BEN, &[CUT]),
            person(CLEO, &[COLOUR, NAILS]),
        ],
        ..ShopConfig::new("Salon", "Europe/Budapest", 42)
    }
}

/// Somebody who joins by themselves.
pub(crate) fn join(service: ServiceId, requested: Option<StaffId>) -> Join {
    Join { requested, ..Join::new(service) }
}

/// A shop, its log and its clock.
pub(crate) struct Driver {
    pub(crate) shop: Shop,
    pub(crate) log: Vec<Recorded>,
    /// What the wall clock shows. It may run backwards; the log does not.
    pub(crate) clock: Timestamp,
}

impl Driver {
    /// The salon at nine, with nobody on duty.
    pub(crate) fn open() -> Self {
        Self::open_with(|_| {})
    }

    /// The salon at nine, set up a little differently.
    pub(crate) fn open_with(change: impl FnOnce(&mut ShopConfig)) -> Self {
        let mut config = config();
        change(&mut config);
        config.check().expect("the set-up is sound");
        let mut driver = Self { shop: Shop::new(config.clone()), log: Vec::new(), clock: NINE };
        driver.record(vec![Event::Configured(Box::new(config))], 0);
        driver
    }

    /// The salon at nine, with these people on duty.
    pub(crate) fn staffed(people: &[StaffId]) -> Self {
        let mut driver = Self::open();
        driver.on_duty(people);
        driver
    }

    /// The time the engine is given.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.max(self.shop.last_at)
    }

    /// The clock shows so many minutes after nine; nobody tells the engine.
    pub(crate) fn set(&mut self, minutes: i64) {
        self.clock = nine(minutes);
    }

    /// The clock shows so many minutes after nine, and the timer goes off.
    pub(crate) fn at(&mut self, minutes: i64) -> &mut Self {
        self.set(minutes);
        self.timer();
        self
    }

    /// A minute passes, after which nothing that was tapped can be taken back.
    pub(crate) fn let_it_stand(&mut self) {
        self.clock = self.clock + UNDO_MS;
        self.timer();
    }

    /// Records what time alone has brought about.
    pub(crate) fn timer(&mut self) -> Vec<Event> {
        let now = self.now();
        let events = on_deadline(&self.shop, now);
        self.record(events.clone(), 0);
        assert_eq!(on_deadline(&self.shop, now), [], "deadlines are due but once");
        assert!(next_deadline(&self.shop).is_none_or(|at| at > now));
        events
    }

    /// Sends a command, as the server does.
    pub(crate) fn send(&mut self, command: &Command) -> Result<Vec<Event>, Rejection> {
        self.send_tapped(command, None)
    }

    /// The same for a tap that was made at another time.
    pub(crate) fn send_tapped(
        &mut self,
        command: &Command,
        tapped_at: Option<Timestamp>,
    ) -> Result<Vec<Event>, Rejection> {
        self.timer();
        let events = decide_tapped(&self.shop, command, tapped_at, self.now())?;
        // What is the customer's to do, the customer does.
        let by = if command.is_customers() { Maker::Customer } else { Maker::Unknown };
        self.record_by(by, events.clone(), self.shop.seq + 1);
        Ok(events)
    }

    /// Sends a command that is carried out.
    #[track_caller]
    pub(crate) fn does(&mut self, command: &Command) -> Vec<Event> {
        match self.send(command) {
            Ok(events) => events,
            Err(rejection) => panic!("{command:?} was refused: {rejection}"),
        }
    }

    /// Sends a command that is refused, and checks that it left no trace.
    #[track_caller]
    pub(crate) fn refuses(&mut self, command: &Command) -> Rejection {
        self.timer();
        let (shop, length) = (self.shop.clone(), self.log.len());
        let Err(rejection) = self.send(command) else {
            panic!("{command:?} was carried out");
        };
        assert_eq!((&self.shop, self.log.len()), (&shop, length), "{command:?}");
        rejection
    }

    pub(crate) fn record(&mut self, events: Vec<Event>, tap: u64) {
        self.record_by(Maker::Unknown, events, tap);
    }

    pub(crate) fn record_by(&mut self, by: Maker, events: Vec<Event>, tap: u64) {
        let at = self.now();
        for event in events {
            let recorded = Recorded { seq: self.shop.seq + 1, at, tap, by, event };
            self.shop.apply(&recorded);
            self.log.push(recorded);
        }
    }

    pub(crate) fn forecast(&self) -> Forecast {
        Forecast::run(&self.shop, self.now())
    }

    /// Records the promises that a forecast can now make.
    pub(crate) fn promise_late(&mut self) -> Vec<Event> {
        let events = late_promises(&self.shop, &self.forecast(), self.now());
        self.record(events.clone(), 0);
        events
    }

    /// Records what follows from how things look.
    pub(crate) fn move_times(&mut self) -> Vec<Event> {
        let events = moves(&self.shop, &self.forecast().visits, self.now());
        self.record(events.clone(), 0);
        events
    }

    // What people do.

    #[track_caller]
    pub(crate) fn on_duty(&mut self, people: &[StaffId]) {
        for &staff in people {
            self.does(&Command::GoOnDuty { staff });
        }
    }

    #[track_caller]
    pub(crate) fn off_duty(&mut self, staff: StaffId) {
        self.does(&Command::GoOffDuty { staff });
    }

    /// Somebody joins and takes whoever is free first.
    #[track_caller]
    pub(crate) fn joins(&mut self, service: ServiceId) -> VisitId {
        self.joins_with(join(service, None))
    }

    #[track_caller]
    pub(crate) fn joins_with(&mut self, join: Join) -> VisitId {
        let visit = self.shop.next_visit;
        self.does(&Command::Join(join));
        visit
    }

    /// One tap on "next" by somebody who sees what is on the chair; who was called, if anybody.
    #[track_caller]
    pub(crate) fn next(&mut self, staff: StaffId) -> Option<VisitId> {
        let after = self.shop.chairs[&staff].visit;
        self.does(&Command::CallNext { staff, after }).iter().find_map(|event| match event {
            Event::Called { visit, .. } => Some(*visit),
            _ => None,
        })
    }

    #[track_caller]
    pub(crate) fn call(&mut self, visit: VisitId, staff: StaffId) {
        self.does(&Command::Call { visit, staff });
    }

    #[track_caller]
    pub(crate) fn start(&mut self, visit: VisitId, staff: StaffId) {
        self.does(&Command::Start { visit, staff });
    }

    #[track_caller]
    pub(crate) fn finish(&mut self, visit: VisitId) {
        self.does(&Command::Finish { visit });
    }

    #[track_caller]
    pub(crate) fn back_to_line(&mut self, visit: VisitId) {
        self.does(&Command::ReturnToLine { visit });
    }

    /// So many come, one after the other, and leave again; every so manieth is let go first.
    #[track_caller]
    pub(crate) fn some_go_first(&mut self, count: u32, every: u32, gap_ms: i64) {
        for index in 0..count {
            self.clock = self.clock + gap_ms;
            let visit = self.joins(CUT);
            if index % every == 0 {
                self.does(&Command::LetGoFirst { visit });
            }
            self.leaves(visit);
        }
    }

    #[track_caller]
    pub(crate) fn leaves(&mut self, visit: VisitId) {
        self.does(&Command::Leave { visit });
    }

    #[track_caller]
    pub(crate) fn no_show(&mut self, visit: VisitId) {
        self.does(&Command::MarkNoShow { visit });
    }

    // What can be seen of it.

    pub(crate) fn stage(&self, visit: VisitId) -> Stage {
        self.shop.visits[&visit].stage
    }

    pub(crate) fn promise(&self, visit: VisitId) -> Option<Promise> {
        self.shop.visits[&visit].promise().copied()
    }

    /// The time somebody was told.
    #[track_caller]
    pub(crate) fn by(&self, visit: VisitId) -> Timestamp {
        self.promise(visit).expect("was promised a time").by
    }

    pub(crate) fn outcome(&self, visit: VisitId) -> Option<Outcome> {
        self.promise(visit).and_then(|promise| promise.shown_outcome())
    }

    /// What a newcomer is shown, as the join page would send it back.
    pub(crate) fn shown(&self, service: ServiceId, staff: Option<StaffId>) -> Option<Shown> {
        let forecast = self.forecast();
        let quote = forecast.quotes.iter().find(|q| q.service == service && q.staff == staff)?;
        Some(Shown { by: quote.by?, at: forecast.at })
    }

    /// What somebody would be promised who joins now; nothing is recorded.
    pub(crate) fn told(&self, join: Join) -> Result<Option<Timestamp>, Rejection> {
        let events = decide(&self.shop, &Command::Join(join), self.now())?;
        Ok(events.iter().find_map(|event| match event {
            Event::Promised { by, .. } => Some(*by),
            _ => None,
        }))
    }

    /// What every audience sees: the lobby, the desk, and each phone.
    pub(crate) fn views(&self, forecast: &Forecast) -> Vec<View> {
        let now = self.now();
        let phones = self
            .shop
            .visits
            .keys()
            .filter_map(|&visit| view::visit(&self.shop, "salon", forecast, &Names, visit, now))
            .map(|phone| View::Visit(Box::new(phone)));
        [
            View::Lobby(view::lobby(&self.shop, forecast, &Names, now)),
            View::Desk(view::desk(&self.shop, forecast, &Names, now)),
        ]
        .into_iter()
        .chain(phones)
        .collect()
    }
}

/// Every promise of a log, in the order in which they were made.
pub(crate) fn promises(log: &[Recorded]) -> Vec<(VisitId, Timestamp, Grounds)> {
    log.iter()
        .filter_map(|recorded| match recorded.event {
            Event::Promised { visit, by, grounds, .. } => Some((visit, by, grounds)),
            _ => None,
        })
        .collect()
}

// The whole shop: everything a service can be, in one place.

/// Checked in at the desk, looked at on the bench, approved, a part waited for, repaired.
pub(crate) const REPAIR: ServiceId = ServiceId(4);
/// Somebody rings them.
pub(crate) const CALL: ServiceId = ServiceId(5);
/// Looked at on the bench; they are told what was found.
pub(crate) const DIAGNOSIS: ServiceId = ServiceId(6);

/// Makes the salon a shop that does everything: colour in three steps with a "done by", repairs,
/// call-backs, diagnoses. Anna cuts, colours and rings; Ben cuts, rings and repairs; Cleo colours,
/// does nails, looks into things and repairs, but does not check repairs in.
pub(crate) fn whole_shop(config: &mut ShopConfig) {
    let step = |name: &str, kind, minutes: i64, by: &[StaffId]| Step {
        name: name.to_owned(),
        kind,
        nominal_ms: minutes * MINUTE_MS,
        by: by.to_vec(),
    };
    let service = |id, name: &str, minutes: i64| Service::new(id, name, minutes * MINUTE_MS);
    config.services = vec![
        service(CUT, "Cut", 30),
        Service {
            steps: vec![
                step("Apply", StepKind::Chair, 25, &[]),
                step("Develop", StepKind::Time, 30, &[]),
                step("Rinse", StepKind::Chair, 20, &[]),
            ],
            done_by: true,
            ..service(COLOUR, "Colour", 75)
        },
        service(NAILS, "Nails", 20),
        Service {
            promise: PromiseKind::Ready,
            steps: vec![
                step("Check in", StepKind::Chair, 5, &[BEN]),
                step("Look", StepKind::Bench, 20, &[]),
                step("Approval", StepKind::Approval, 60, &[]),
                step("Part", StepKind::Part, 120, &[]),
                step("Repair", StepKind::Bench, 40, &[]),
            ],
            ..service(REPAIR, "Repair", 240)
        },
        Service { promise: PromiseKind::CallBack, ..service(CALL, "Call-back", 10) },
        Service { promise: PromiseKind::News, ..service(DIAGNOSIS, "Diagnosis", 30) },
    ];
    let person = |id, services: &[ServiceId]| Staff::new(id, &format!("chair {id}"), services);
    config.staff = vec![
        person(ANNA, &[CUT, COLOUR, CALL]),
        person(BEN, &[CUT, REPAIR, CALL]),
        person(CLEO, &[COLOUR, NAILS, REPAIR, DIAGNOSIS]),
    ];
}
