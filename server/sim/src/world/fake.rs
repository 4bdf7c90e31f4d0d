//! A shop as simple as can be, for tests of its people: first come, first served, and a promise of
//! twenty minutes for everybody ahead.

use std::collections::{BTreeMap, VecDeque};

use sooner_engine::ShopConfig;
use sooner_engine::config::{Step, StepKind};
use sooner_shared::command::{Command, Join};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{
    Board, DeskCard, Doors, Duty, PromiseKind, Quote, ShopHead, StaffInfo, Stage,
};
use sooner_shared::{
    Problem, ProblemCode as Code, Receipt, ServiceId, StaffId, Timestamp, VisitId,
};

use super::{Act, Desk, World};
use crate::Habits;

const CARD: &str = r#"{"name":"A","label":"A","service":1,"requested":null,"stage":"waiting",
    "by":null,"likely_at":null,"risk_pct":null,"outcome":null,"checked_in":false,"missing":false,
    "joined_at":0,"called_at":null,"started_at":null,"link":"x","staff":null}"#;

pub(super) struct Fake {
    pub(super) desk: Desk,
    config: ShopConfig,
    steps: BTreeMap<VisitId, VecDeque<Step>>,
    chairs: BTreeMap<StaffId, VisitId>,
    pub(super) ended: BTreeMap<VisitId, Stage>,
    pub(super) last: u32,
    pub(super) log: Vec<(Timestamp, Command, Option<Code>)>,
}

/// Lives so many days in a shop.
pub(super) fn live(config: &ShopConfig, habits: &Habits, seed: u64, days: i64) -> (World, Fake) {
    // Monday, 1 June 2026, four in the morning.
    let begins = Timestamp(1_780_279_200_000 - 120 * MINUTE_MS);
    let ends = begins + days * 24 * 60 * MINUTE_MS;
    let mut world = World::new(config, habits.clone(), seed, begins);
    let mut fake = Fake::new(config);
    while let Some(now) = world.next_at().filter(|&at| at < ends) {
        fake.desk.head.doors = match world.plan().open_at(now) {
            Some(open) => Doors::Open { until: Some(open.to) },
            None => Doors::Closed { opens_at: None },
        };
        fake.quote(now);
        while let Some(Act { command, .. }) = world.act(now, &fake.desk) {
            let answer = fake.command(now, &command);
            fake.log.push((now, command, answer.as_ref().err().map(|problem| problem.code)));
            fake.quote(now);
            world.answered(now, answer.as_ref(), &fake.desk);
        }
    }
    (world, fake)
}

impl Fake {
    fn new(config: &ShopConfig) -> Self {
        let staff = config.staff.iter().map(|person| StaffInfo {
            id: person.id,
            name: String::new(),
            place: person.place.clone(),
            on_duty: false,
            duty: Duty::Off { expected_at: None },
            unseen: false,
            services: person.services.iter().copied().collect(),
        });
        let head = ShopHead {
            care: None,
            name: config.name.clone(),
            zone: config.zone.clone(),
            services: Vec::new(),
            staff: staff.collect(),
            quotes: Vec::new(),
            quoted_at: Timestamp(0),
            doors: Doors::Closed { opens_at: None },
            staffed_at: None,
            silent_since: None,
            kept_days: Some(30),
            informal: false,
            languages: Vec::new(),
            by_code: false,
            accent: sooner_shared::look::Accent::default(),
            joins_before: false,
            delays: Vec::new(),
            kept_week: None,
        };
        Self {
            desk: Board { head, cards: BTreeMap::new(), order: Vec::new() },
            config: config.clone(),
            steps: BTreeMap::new(),
            chairs: BTreeMap::new(),
            ended: BTreeMap::new(),
            last: 0,
            log: Vec::new(),
        }
    }

    fn quote(&mut self, now: Timestamp) {
        let ahead = self.desk.cards.values().filter(|card| card.stage == Stage::Waiting).count();
        let by = (now + (ahead as i64 + 1) * 20 * MINUTE_MS).round_up(5 * MINUTE_MS);
        let quote = |service, staff| Quote { service, staff, by: Some(by), from: None, more: None };
        let ids = || self.config.services.iter().map(|service| service.id);
        let staff = self.config.staff.iter().flat_map(|p| ids().map(|id| quote(id, Some(p.id))));
        self.desk.head.quotes = ids().map(|id| quote(id, None)).chain(staff).collect();
        self.desk.head.quoted_at = now;
    }

    fn command(&mut self, now: Timestamp, command: &Command) -> Result<Receipt, Problem> {
        let mut receipt = Receipt { seq: 0, visit: None, by: None, link: None };
        match command {
            Command::Join(join) | Command::AddWalkIn(join) => {
                for companion in &join.companions {
                    let first = VisitId(self.last + 1);
                    self.add(&Join::new(companion.service), now, Stage::Waiting, Some(first));
                }
                receipt.by = join.shown.map(|shown| shown.by);
                receipt.visit = Some(self.add(join, now, Stage::Waiting, None));
            }
            Command::Book(booking) => {
                let join = Join { more: booking.more.clone(), ..Join::new(booking.service) };
                receipt.visit = Some(self.add(&join, now, Stage::Booked, None));
            }
            Command::CheckIn { visit } => {
                let card = self.card(*visit)?;
                card.checked_in = true;
                if card.stage == Stage::Booked {
                    card.stage = Stage::Waiting;
                }
            }
            &Command::CallNext { staff, after } => {
                receipt.visit = Some(self.next(staff, after, now)?);
            }
            &Command::Start { visit, staff } => {
                if self.chairs.get(&staff).is_some_and(|&other| other != visit) {
                    return Err(Code::AlreadyServing.into());
                }
                self.card(visit)?.stage = Stage::Serving;
                self.chairs.insert(staff, visit);
            }
            &Command::Finish { visit }
            | &Command::Continue { visit }
            | &Command::Approve { visit } => {
                self.card(visit)?;
                self.finish(visit);
            }
            &Command::ReturnToLine { visit } => {
                self.chairs.retain(|_, v| *v != visit);
                self.card(visit)?.stage = Stage::Waiting;
            }
            &Command::Leave { visit } => self.end(visit, Stage::Left)?,
            &Command::MarkNoShow { visit } => self.end(visit, Stage::NoShow)?,
            _ => {}
        }
        Ok(receipt)
    }

    fn card(&mut self, visit: VisitId) -> Result<&mut DeskCard, Problem> {
        self.desk.cards.get_mut(&visit).ok_or_else(|| Code::VisitOver.into())
    }

    fn add(
        &mut self,
        join: &Join,
        now: Timestamp,
        stage: Stage,
        group: Option<VisitId>,
    ) -> VisitId {
        self.last += 1;
        let visit = VisitId(self.last);
        let services: Vec<ServiceId> = join.services().collect();
        let kind = |id| self.config.service(id).map(|s| s.promise).unwrap_or_default();
        let mut card: DeskCard = serde_json::from_str(CARD).expect("a card");
        card.service = join.service;
        card.requested = join.requested;
        card.stage = stage;
        card.kind = kind(join.service);
        card.by = Some(now + 30 * MINUTE_MS);
        // The first of a group is added last here, and the others point to them.
        card.group = group.map(|_| VisitId(self.last + 1));
        let steps = services.iter().filter_map(|&id| self.config.service(id));
        self.steps.insert(visit, steps.flat_map(sooner_engine::Service::plan).collect());
        self.desk.cards.insert(visit, card);
        visit
    }

    fn next(
        &mut self,
        staff: StaffId,
        after: Option<VisitId>,
        now: Timestamp,
    ) -> Result<VisitId, Problem> {
        if self.chairs.get(&staff).copied() != after {
            return Err(Code::ChairChanged.into());
        }
        let person = self.config.person(staff).expect("a person").clone();
        let next = self.desk.cards.iter().find(|(visit, card)| {
            let step = self.steps[visit].front();
            card.stage == Stage::Waiting
                && card.requested.is_none_or(|id| id == staff)
                && person.services.contains(&card.service)
                && step.is_none_or(|step| step.by.is_empty() || step.by.contains(&staff))
        });
        let next = *next.ok_or(Code::NobodyWaiting)?.0;
        if let Some(visit) = after {
            self.finish(visit);
        }
        let is_bench = self.steps[&next].front().is_some_and(|s| s.kind == StepKind::Bench);
        let card = self.card(next)?;
        let is_bench = is_bench && card.kind != PromiseKind::CallBack;
        card.stage = if is_bench { Stage::Serving } else { Stage::Called };
        card.called_at = Some(now);
        self.chairs.insert(staff, next);
        Ok(next)
    }

    fn finish(&mut self, visit: VisitId) {
        self.chairs.retain(|_, v| *v != visit);
        let steps = self.steps.get_mut(&visit).expect("steps");
        // Everything in the chair is one sitting.
        let sits = |step: &Step| step.kind == StepKind::Chair;
        if steps.pop_front().as_ref().is_some_and(sits) {
            while steps.front().is_some_and(sits) {
                steps.pop_front();
            }
        }
        let next = steps.front().map(|step| step.kind.waits_for());
        let card = self.desk.cards.get_mut(&visit).expect("a card");
        let waits_for = next.flatten();
        card.waits_for = waits_for;
        match next {
            Some(None) => card.stage = Stage::Waiting,
            Some(_) => card.stage = Stage::Pending,
            None if card.kind == PromiseKind::Ready && card.stage != Stage::Ready => {
                card.stage = Stage::Ready;
            }
            None => self.end(visit, Stage::Done).expect("is there"),
        }
    }

    fn end(&mut self, visit: VisitId, stage: Stage) -> Result<(), Problem> {
        self.card(visit)?;
        self.chairs.retain(|_, v| *v != visit);
        self.desk.cards.remove(&visit);
        self.ended.insert(visit, stage);
        Ok(())
    }
}
