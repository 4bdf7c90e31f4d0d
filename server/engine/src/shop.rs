//! The state of a shop, and how events change it. `apply` cannot fail: every refusal happened in
//! `decide`, so that replaying a log is total.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use sooner_shared::command::{DelayReason, Scope};
use sooner_shared::view::{PromiseKind, Stage};
use sooner_shared::{ServiceId, StaffId, Timestamp, VisitId};

use crate::calendar::local_day;
use crate::care::TakenRemedy;
use crate::forecast::durations::Learned;
use crate::forecast::learner::Learner;
use crate::forecast::paces::Paces;
use crate::forecast::pulse::Pulse;
use crate::learning::{CameAbout, Expecting};
use crate::undo::Taps;
use crate::{Event, Recorded, ShopConfig, Visit};

/// How long a visit that is over stays in the state, so that its page can say how it ended.
pub const OVER_KEPT_MS: i64 = 4 * 3_600_000;

/// Visits that are over and still in the state, at most; those over longest go first.
pub const OVER_MAX: usize = 1_000;

/// Promises a shop must have scored before its share is shown; below that it says little.
pub const SHARE_FROM: u32 = 30;

/// Days of scores kept.
pub(crate) const SCORE_DAYS: i32 = 7;

/// A delay of one service is forgotten by then, also in a shop without hours, in milliseconds.
const SERVICE_DELAY_MS: i64 = 12 * 3_600_000;

/// Where a person of the shop serves, and what is known of their day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Chair {
    /// Whether they take people.
    pub on_duty: bool,
    /// Who is called to the chair or sits in it.
    pub visit: Option<VisitId>,
    /// Since when they are on duty.
    pub since: Option<Timestamp>,
    /// When they last went off duty.
    pub left_at: Option<Timestamp>,
    /// On a break, until then.
    pub break_until: Option<Timestamp>,
    /// Breaks taken since they came.
    pub breaks_taken: u8,
    /// They come at another time than planned.
    pub expected_from: Option<Timestamp>,
    /// They go at another time than planned.
    pub leaves_at: Option<Timestamp>,
    /// Their next break begins then, and not as planned.
    pub break_at: Option<Timestamp>,
}

/// Something takes longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Delay {
    /// What it concerns.
    pub scope: Scope,
    /// How much, in milliseconds.
    pub ms: i64,
    /// Why.
    pub reason: DelayReason,
    /// Since when.
    pub since: Timestamp,
}

/// Something was learned, unless the tap is taken back within the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Lesson {
    pub(crate) tap: u64,
    pub(crate) at: Timestamp,
    pub(crate) service: ServiceId,
    pub(crate) index: u8,
    /// Whose work it was; nobody's when something was waited for.
    pub(crate) staff: Option<StaffId>,
    pub(crate) nominal_ms: i64,
    pub(crate) ms: i64,
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
    /// Nobody new is taken, since then and for that day.
    pub line_closed: Option<Timestamp>,
    /// What takes longer.
    pub delays: Vec<Delay>,
    /// When somebody of the shop last tapped.
    pub heard_at: Option<Timestamp>,
    /// Nobody has tapped since then although there was something to tap.
    pub silent_since: Option<Timestamp>,
    /// What the durations of the steps of each service have taught.
    pub learned: BTreeMap<ServiceId, Vec<Learned>>,
    /// Who is quick, and whether everything is slower of late.
    pub paces: Paces,
    /// What will be learned when it can no longer be taken back.
    pub(crate) lessons: Vec<Lesson>,
    /// What happened of late.
    pub pulse: Arc<Pulse>,
    /// What is learned of waits, for each kind of promise.
    pub(crate) learning: BTreeMap<PromiseKind, Arc<Learner>>,
    /// What was told, and has not come about.
    #[serde(serialize_with = "crate::pairs::serialize")]
    pub(crate) expecting: BTreeMap<(VisitId, u16), Arc<Expecting>>,
    /// What has, and will be learned when it can no longer be taken back.
    pub(crate) came_about: Vec<CameAbout>,
    /// What can be taken back.
    pub taps: Taps,
    /// Scores of the last days, by local day; of each visit's first promise.
    pub scores: BTreeMap<i32, DayScore>,
    /// First promises ever kept or broken.
    pub scored: u32,
    /// What was done of late to keep promises.
    pub remedies: Vec<TakenRemedy>,
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
            line_closed: None,
            delays: Vec::new(),
            heard_at: None,
            silent_since: None,
            learned: BTreeMap::new(),
            paces: Paces::default(),
            lessons: Vec::new(),
            pulse: Arc::default(),
            learning: BTreeMap::new(),
            expecting: BTreeMap::new(),
            came_about: Vec::new(),
            taps: Taps::default(),
            scores: BTreeMap::new(),
            scored: 0,
            remedies: Vec::new(),
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

    /// The same shop, of which a forecast draws no more futures than so many.
    pub(crate) fn in_futures(&self, paths: u16) -> Self {
        let mut shop = self.clone();
        let config = Arc::make_mut(&mut shop.config);
        config.paths = config.paths.min(paths);
        shop
    }

    /// Those in line, in its order.
    #[must_use]
    pub fn waiting(&self) -> Vec<&Visit> {
        let mut line: Vec<_> = self.visits.values().filter(|v| v.stage == Stage::Waiting).collect();
        line.sort_unstable_by_key(|v| v.place());
        line
    }

    /// How many visits are not over.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.visits.values().filter(|v| !v.stage.is_over()).count()
    }

    /// Whether anybody serves or waits in the shop. What lies there overnight, and appointments later,
    /// need no fresh forecast.
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        let is_there = |v: &Visit| {
            matches!(v.stage, Stage::Waiting | Stage::Called | Stage::Serving) && v.needs_customer()
        };
        self.is_staffed() || self.visits.values().any(is_there)
    }

    /// Whether a person is on duty.
    #[must_use]
    pub fn is_on_duty(&self, staff: StaffId) -> bool {
        self.chairs.get(&staff).is_some_and(|c| c.on_duty)
    }

    /// Whether anybody is on duty.
    #[must_use]
    pub fn is_staffed(&self) -> bool {
        self.chairs.values().any(|c| c.on_duty)
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

    /// What is known of how long a step takes.
    #[must_use]
    pub fn learned(&self, service: ServiceId, index: u8) -> Learned {
        let steps = self.learned.get(&service);
        steps.and_then(|s| s.get(usize::from(index))).cloned().unwrap_or_default()
    }
}

impl Delay {
    /// Whether it still matters.
    #[must_use]
    pub fn is_on(&self, now: Timestamp) -> bool {
        match self.scope {
            Scope::Shop => now < self.since + self.ms,
            Scope::Service(_) => now < self.since + SERVICE_DELAY_MS,
            // Until the one in the chair is out of it.
            Scope::Staff(_) => now < self.since + self.ms + SERVICE_DELAY_MS,
        }
    }
}
