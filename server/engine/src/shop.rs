//! The state of a shop, and how events change it. `apply` cannot fail: every refusal happened in
//! `decide`, so that replaying a log is total.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use sooner_shared::view::{Outcome, Stage};
use sooner_shared::{ServiceId, StaffId, Timestamp, VisitId};

use crate::calendar::local_day;
use crate::forecast::durations::Learned;
use crate::policy::{self, Claim};
use crate::promise::Promise;
use crate::{Event, Recorded, ShopConfig};

/// How long a visit that is over stays in the state, so that its page can say how it ended.
pub const OVER_KEPT_MS: i64 = 4 * 3_600_000;

/// Visits that are over and still in the state, at most; those over longest go first.
pub const OVER_MAX: usize = 1_000;

/// Promises a shop must have scored before its share is shown; below that it says little.
pub const SHARE_FROM: u32 = 30;

/// Days of scores kept.
const SCORE_DAYS: i32 = 7;

/// One person's stay in the line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Visit {
    /// Its id; ids grow in the order of joining, which is the order of the line.
    pub id: VisitId,
    /// What they come for.
    pub service: ServiceId,
    /// Whom they asked for.
    pub requested: Option<StaffId>,
    /// Where they are.
    pub stage: Stage,
    /// Whose chair they are called to, sit in, or sat in.
    pub staff: Option<StaffId>,
    /// Whether they are in the shop.
    pub checked_in: bool,
    /// Called and not there: the next one goes first.
    pub missing: bool,
    /// The number of their last call; 0 before the first.
    pub call_no: u32,
    /// When they joined.
    pub joined_at: Timestamp,
    /// Since when the present call stands.
    pub called_at: Option<Timestamp>,
    /// When the service began.
    pub started_at: Option<Timestamp>,
    /// When the visit was over.
    pub ended_at: Option<Timestamp>,
    /// What they were told; `None` while nobody on duty could keep a time.
    pub promise: Option<Promise>,
}

impl Visit {
    /// What `policy` needs to know of them.
    #[must_use]
    pub const fn claim(&self) -> Claim {
        Claim { service: self.service, requested: self.requested, missing: self.missing }
    }

    /// Notes, before the present call ends at `at`, that it stood when the promised minute passed.
    fn secure(&mut self, at: Timestamp) {
        if let Some(promise) = &mut self.promise {
            promise.secured |= at > promise.by && promise.is_safe(self.called_at);
        }
    }
}

/// Where a person of the shop serves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Chair {
    /// Whether they take people.
    pub on_duty: bool,
    /// Who is called to the chair or sits in it.
    pub visit: Option<VisitId>,
}

/// Promises scored on one local day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct DayScore {
    /// Kept.
    pub kept: u32,
    /// Broken.
    pub broken: u32,
}

/// A shop at one point of its log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shop {
    /// The set-up.
    pub config: Arc<ShopConfig>,
    /// The number of the last event.
    pub seq: u64,
    /// The time of the last event.
    pub last_at: Timestamp,
    /// Visits under way, and those over for at most [`OVER_KEPT_MS`], [`OVER_MAX`] at most.
    pub visits: BTreeMap<VisitId, Visit>,
    /// One for each person of the set-up.
    pub chairs: BTreeMap<StaffId, Chair>,
    /// The id of the next one who joins.
    pub next_visit: VisitId,
    /// The number of the last call.
    pub call_no: u32,
    /// What the durations of each service have taught.
    pub learned: BTreeMap<ServiceId, Learned>,
    /// Scores of the last days, by local day.
    pub scores: BTreeMap<i32, DayScore>,
    /// Promises ever kept or broken.
    pub scored: u32,
}

impl Shop {
    /// A shop before its first event. The first event sets it up.
    #[must_use]
    pub fn new(config: ShopConfig) -> Self {
        let mut shop = Self {
            config: Arc::new(config),
            seq: 0,
            last_at: Timestamp(i64::MIN),
            visits: BTreeMap::new(),
            chairs: BTreeMap::new(),
            next_visit: VisitId(1),
            call_no: 0,
            learned: BTreeMap::new(),
            scores: BTreeMap::new(),
            scored: 0,
        };
        shop.set_up();
        shop
    }

    /// Rebuilds a shop from its log; `None` when the log does not begin with its set-up.
    pub fn replay<'a>(log: impl IntoIterator<Item = &'a Recorded>) -> Option<Self> {
        let mut log = log.into_iter();
        let first = log.next()?;
        let Event::Configured(config) = &first.event else {
            return None;
        };
        let mut shop = Self::new((**config).clone());
        shop.apply(first);
        for recorded in log {
            shop.apply(recorded);
        }
        Some(shop)
    }

    /// Those in line, in its order.
    pub fn waiting(&self) -> impl Iterator<Item = &Visit> {
        self.visits.values().filter(|v| v.stage == Stage::Waiting)
    }

    /// How many visits are not over.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.visits.values().filter(|v| !v.stage.is_over()).count()
    }

    /// Whom this person would call next.
    #[must_use]
    pub fn next_for(&self, staff: StaffId) -> Option<VisitId> {
        self.next_after_return(staff, None)
    }

    /// The same, once `returning`, who was called and is not there, is back in their place.
    #[must_use]
    pub fn next_after_return(&self, staff: StaffId, returning: Option<VisitId>) -> Option<VisitId> {
        let person = self.config.person(staff)?;
        let line: Vec<_> = self
            .visits
            .values()
            .filter(|v| v.stage == Stage::Waiting || Some(v.id) == returning)
            .map(|v| (v.id, Claim { missing: v.missing || Some(v.id) == returning, ..v.claim() }))
            .collect();
        let position = policy::next(person, line.iter().map(|(_, claim)| claim))?;
        Some(line[position].0)
    }

    /// Kept, and kept or broken, in the last seven local days; `None` before [`SHARE_FROM`].
    #[must_use]
    pub fn kept_week(&self, now: Timestamp) -> Option<(u32, u32)> {
        if self.scored < SHARE_FROM {
            return None;
        }
        let today = local_day(self.config.tz(), now);
        let week = self.scores.range(today - SCORE_DAYS + 1..=today).map(|(_, day)| day);
        let (kept, broken) = week.fold((0, 0), |(k, b), day| (k + day.kept, b + day.broken));
        (kept + broken > 0).then_some((kept, kept + broken))
    }

    /// Takes an event into the state.
    pub fn apply(&mut self, recorded: &Recorded) {
        let at = recorded.at;
        self.seq = recorded.seq;
        self.last_at = at;
        match &recorded.event {
            Event::Configured(config) => {
                self.config = Arc::new((**config).clone());
                self.set_up();
            }
            &Event::Joined { visit, service, requested, by_staff } => {
                self.next_visit = VisitId(visit.0 + 1);
                self.visits.insert(
                    visit,
                    Visit {
                        id: visit,
                        service,
                        requested,
                        stage: Stage::Waiting,
                        staff: None,
                        checked_in: by_staff,
                        missing: false,
                        call_no: 0,
                        joined_at: at,
                        called_at: None,
                        started_at: None,
                        ended_at: None,
                        promise: None,
                    },
                );
            }
            &Event::Promised { visit, by, .. } => {
                self.change(visit, |v| v.promise = Some(Promise::new(by, at)));
            }
            &Event::Called { visit, staff } => self.call(visit, staff, at),
            &Event::ReturnedToLine { visit, missing } => self.return_to_line(visit, missing, at),
            &Event::Started { visit, staff } => self.start(visit, staff, at),
            &Event::Finished { visit } => self.finish(visit, at),
            &Event::MarkedNoShow { visit } => self.end(visit, Stage::NoShow, at),
            &Event::Left { visit } => self.end(visit, Stage::Left, at),
            &Event::CheckedIn { visit } => self.change(visit, |v| {
                v.checked_in = true;
                v.missing = false;
            }),
            &Event::WentOnDuty { staff } => self.chair(staff).on_duty = true,
            &Event::WentOffDuty { staff } => self.chair(staff).on_duty = false,
            &Event::Scored { visit, outcome } => self.score(visit, outcome, at),
        }
        self.forget_over(at);
    }

    fn forget_over(&mut self, now: Timestamp) {
        self.visits.retain(|_, v| v.ended_at.is_none_or(|ended| now - ended <= OVER_KEPT_MS));
        let over = self.visits.len() - self.under_way();
        if over > OVER_MAX {
            let ended = self.visits.values().filter_map(|v| Some((v.ended_at?, v.id)));
            let mut oldest: Vec<_> = ended.collect();
            oldest.sort_unstable();
            for (_, id) in oldest.into_iter().take(over - OVER_MAX) {
                self.visits.remove(&id);
            }
        }
    }

    fn set_up(&mut self) {
        let config = Arc::clone(&self.config);
        self.chairs.retain(|id, _| config.person(*id).is_some());
        for person in &config.staff {
            self.chairs.entry(person.id).or_default();
        }
        for service in &config.services {
            self.learned.entry(service.id).or_insert_with(|| Learned::from_taught(service.taught));
        }
    }

    fn change(&mut self, visit: VisitId, change: impl FnOnce(&mut Visit)) {
        if let Some(visit) = self.visits.get_mut(&visit) {
            change(visit);
        }
    }

    fn chair(&mut self, staff: StaffId) -> &mut Chair {
        self.chairs.entry(staff).or_default()
    }

    fn vacate(&mut self, visit: VisitId) {
        for chair in self.chairs.values_mut() {
            if chair.visit == Some(visit) {
                chair.visit = None;
            }
        }
    }

    fn call(&mut self, visit: VisitId, staff: StaffId, at: Timestamp) {
        self.call_no += 1;
        let call_no = self.call_no;
        self.vacate(visit);
        self.chair(staff).visit = Some(visit);
        self.one_went_first();
        self.change(visit, |v| {
            // The call that stood until now may have saved the promise.
            v.secure(at);
            v.stage = Stage::Called;
            v.staff = Some(staff);
            v.called_at = Some(at);
            v.call_no = call_no;
        });
    }

    /// Who was called and not there is in their old place again.
    fn one_went_first(&mut self) {
        for visit in self.visits.values_mut() {
            visit.missing = false;
        }
    }

    fn return_to_line(&mut self, visit: VisitId, missing: bool, at: Timestamp) {
        self.vacate(visit);
        self.change(visit, |v| {
            // Who was there and is sent back to the line waits on through no fault of their own.
            if missing {
                v.secure(at);
            }
            v.stage = Stage::Waiting;
            v.staff = None;
            v.called_at = None;
            v.missing = missing;
            // Who is not there is not called aloud; "I'm here" puts it right.
            v.checked_in &= !missing;
        });
    }

    fn start(&mut self, visit: VisitId, staff: StaffId, at: Timestamp) {
        let was_called_here = self.chair(staff).visit == Some(visit);
        if !was_called_here {
            self.one_went_first();
        }
        self.vacate(visit);
        self.chair(staff).visit = Some(visit);
        self.change(visit, |v| {
            v.stage = Stage::Serving;
            v.staff = Some(staff);
            v.started_at = Some(at);
            v.checked_in = true;
            v.missing = false;
        });
    }

    fn finish(&mut self, visit: VisitId, at: Timestamp) {
        if let Some(v) = self.visits.get(&visit)
            && let Some(started_at) = v.started_at
        {
            self.learned.entry(v.service).or_default().learn(at - started_at);
        }
        self.end(visit, Stage::Done, at);
    }

    fn end(&mut self, visit: VisitId, stage: Stage, at: Timestamp) {
        self.vacate(visit);
        self.change(visit, |v| {
            v.stage = stage;
            v.ended_at = Some(at);
        });
    }

    fn score(&mut self, visit: VisitId, outcome: Outcome, at: Timestamp) {
        self.change(visit, |v| {
            if let Some(promise) = &mut v.promise {
                promise.outcome = Some(outcome);
            }
        });
        let today = local_day(self.config.tz(), at);
        let day = self.scores.entry(today).or_default();
        match outcome {
            Outcome::Kept => day.kept += 1,
            Outcome::Broken => day.broken += 1,
            Outcome::LeftBefore | Outcome::Void => return,
        }
        self.scored += 1;
        self.scores.retain(|&day, _| day > today - SCORE_DAYS);
    }
}
