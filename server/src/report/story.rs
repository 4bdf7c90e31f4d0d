//! What a log says of each visit: the times that were told, what came about, and how it ended.
//!
//! The only reader of a log's promises; who measures something new asks it here. What was taken
//! back never happened, but a promise that was made stays.

use std::collections::BTreeMap;

use sooner_engine::event::Grounds;
use sooner_engine::promise::UNDO_MS;
use sooner_engine::{Event, Recorded, Shop};
use sooner_shared::command::Felt;
use sooner_shared::view::{Outcome, PromiseKind, Stage};
use sooner_shared::{ServiceId, StaffId, Timestamp, VisitId};

use super::what_if::quantiles;

/// What a log says of one visit.
#[derive(Debug, Default)]
pub(crate) struct Story {
    /// Where they are at the end of the log.
    pub(crate) stage: Option<Stage>,
    /// What they were told, in order.
    pub(crate) told: Vec<Told>,
    /// When they joined; of an appointment, when it is.
    pub(crate) joined_at: Option<Timestamp>,
    pub(crate) is_booked: bool,
    /// What they come for now; of several, the first.
    service: Option<ServiceId>,
    checked_in: Vec<Fact<()>>,
    called: Vec<Fact<()>>,
    started: Vec<Fact<StaffId>>,
    ready: Vec<Fact<()>>,
    /// It was over, and nothing is left to be told.
    done: Vec<Fact<()>>,
    news: Vec<Fact<()>>,
    /// Wishes that put an end to a promise: another service, let one pass, running late.
    wished: Vec<Fact<()>>,
    /// Whether they said that their start was when it was tapped.
    pub(crate) start_right: Option<bool>,
    /// How they found the wait.
    pub(crate) felt: Option<Felt>,
    /// When they were told that whom they asked for has gone.
    pub(crate) without_at: Option<Timestamp>,
    /// Promises that were found to be in danger, by their numbers, and when.
    pub(crate) at_risk: Vec<(u16, Timestamp)>,
}

/// Something that came about.
#[derive(Debug, Clone, Copy)]
struct Fact<T> {
    seq: u64,
    at: Timestamp,
    /// The tap it came from, with which it is taken back; 0 when time alone brought it about.
    tap: u64,
    what: T,
}

/// A promise of a log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    pub(crate) kind: PromiseKind,
    pub(crate) no: u16,
    /// The time told.
    pub(crate) by: Timestamp,
    /// When it was told.
    pub(crate) at: Timestamp,
    /// On what grounds.
    pub(crate) grounds: Grounds,
    /// What the simulation said then at some shares, where the log keeps it.
    pub(crate) quantiles: Option<[f64; 5]>,
    /// For which service; of several, the first.
    pub(crate) service: Option<ServiceId>,
    /// How it ended.
    pub(crate) outcome: Option<Outcome>,
    /// When that was written down.
    scored_at: Option<Timestamp>,
    seq: u64,
    tap: u64,
    /// The tap that made it was.
    taken_back: bool,
}

/// A time, and the one of the same kind that took its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Move<'a> {
    pub(crate) from: &'a Told,
    pub(crate) to: &'a Told,
}

/// Goes through a log once, with the shop as it was at each event: only the shop knows when
/// something was ready.
pub(crate) fn tell(log: &[Recorded]) -> BTreeMap<VisitId, Story> {
    let mut stories: BTreeMap<VisitId, Story> = BTreeMap::new();
    let mut shop: Option<Shop> = None;
    for recorded in log {
        match &mut shop {
            Some(shop) => shop.apply(recorded),
            None => shop = Shop::replay([recorded]),
        }
        let seen = |visit: VisitId| shop.as_ref().and_then(|shop| shop.visits.get(&visit));
        if let Event::Undone { tap } = recorded.event {
            for (&visit, story) in &mut stories {
                if story.take_back(tap) {
                    story.stage = seen(visit).map_or(story.stage, |seen| Some(seen.stage));
                }
            }
        }
        let Some(visit) = recorded.event.visit() else { continue };
        let story = stories.entry(visit).or_default();
        story.goes_on(recorded);
        if let Some(seen) = seen(visit) {
            story.stage = Some(seen.stage);
            if matches!(seen.stage, Stage::Ready | Stage::Done) && story.ready.is_empty() {
                story.ready.push(Fact::of(recorded, ()));
            }
            if seen.stage == Stage::Done && story.done.is_empty() {
                story.done.push(Fact::of(recorded, ()));
            }
        }
    }
    stories
}

impl<T> Fact<T> {
    const fn of(recorded: &Recorded, what: T) -> Self {
        Self { seq: recorded.seq, at: recorded.happened_at(), tap: recorded.tap, what }
    }
}

impl Story {
    fn goes_on(&mut self, recorded: &Recorded) {
        let at = recorded.at;
        let fact = Fact::of(recorded, ());
        match recorded.event {
            Event::Joined { service, .. } => {
                self.joined_at = Some(at);
                self.service = Some(service);
            }
            Event::Booked { service, from, .. } => {
                self.is_booked = true;
                self.joined_at = Some(from);
                self.service = Some(service);
            }
            Event::ServicesChanged { ref services, .. } => {
                self.service = services.first().copied().or(self.service);
                self.wished.push(fact);
            }
            Event::Passed { .. } | Event::SaidLate { .. } | Event::Rebooked { .. } => {
                self.wished.push(fact);
            }
            Event::LeftWithout { .. } => self.without_at = self.without_at.or(Some(at)),
            Event::AtRisk { no, .. } => self.at_risk.push((no, at)),
            Event::CheckedIn { .. } => self.checked_in.push(fact),
            Event::Called { .. } => self.called.push(fact),
            Event::Started { staff, .. } => self.started.push(Fact::of(recorded, staff)),
            Event::StartConfirmed { right, .. } => self.start_right = Some(right),
            Event::WaitRated { felt, .. } => self.felt = Some(felt),
            Event::NewsGiven { .. } => self.news.push(fact),
            Event::Promised { kind, no, by, grounds, ref seen, .. } => self.told.push(Told {
                kind,
                no,
                by,
                at,
                grounds,
                quantiles: seen.as_ref().and_then(|seen| quantiles(&seen.features)),
                service: self.service,
                outcome: None,
                scored_at: None,
                seq: recorded.seq,
                tap: recorded.tap,
                taken_back: false,
            }),
            Event::Scored { no, outcome, .. } => {
                if let Some(told) = self.told.iter_mut().find(|told| told.no == no) {
                    told.outcome = Some(outcome);
                    told.scored_at = Some(at);
                }
            }
            _ => {}
        }
    }

    /// Whether there was something to take back.
    fn take_back(&mut self, tap: u64) -> bool {
        let mut changed = false;
        for facts in [
            &mut self.checked_in,
            &mut self.called,
            &mut self.ready,
            &mut self.news,
            &mut self.wished,
        ] {
            changed |= drop_tap(facts, tap);
        }
        if drop_tap(&mut self.done, tap) {
            // What was said of an end that was none.
            (self.start_right, self.felt) = (None, None);
            changed = true;
        }
        changed |= drop_tap(&mut self.started, tap);
        for told in self.told.iter_mut().filter(|told| told.tap == tap) {
            told.taken_back = true;
            changed = true;
        }
        changed
    }

    /// The first promise of a kind, which is the one that counts.
    pub(crate) fn first(&self, kind: PromiseKind) -> Option<&Told> {
        self.told.iter().find(|told| told.kind == kind)
    }

    /// The newest promise of a kind; one that was taken back only where there is no other.
    pub(crate) fn last(&self, kind: PromiseKind) -> Option<&Told> {
        let newest = |taken_back| {
            let mut told = self.told.iter().rev();
            told.find(|told| told.kind == kind && told.taken_back == taken_back)
        };
        newest(false).or_else(|| newest(true))
    }

    /// Who began to serve them.
    pub(crate) fn started_by(&self) -> Option<StaffId> {
        self.started.first().map(|started| started.what)
    }

    /// When that was.
    pub(crate) fn started_at(&self) -> Option<Timestamp> {
        self.started.first().map(|started| started.at)
    }

    /// Whether they were asked if their start was when it was tapped: as the shop decides it
    /// ([`Visit::asks_about_start`](sooner_engine::Visit::asks_about_start)), answered or not.
    pub(crate) fn is_asked_about_start(&self) -> bool {
        let by_tap = |told: &Told| {
            told.outcome == Some(Outcome::Kept) && self.started_at().is_some_and(|at| at <= told.by)
        };
        self.stage == Some(Stage::Done) && self.first(PromiseKind::Start).is_some_and(by_tap)
    }

    /// When what was promised came about.
    pub(crate) fn met_at(&self, told: &Told) -> Option<Timestamp> {
        match told.kind {
            PromiseKind::Start | PromiseKind::CallBack => {
                let started_at = self.started.first()?.at;
                let mut calls = self.called.iter().rev().map(|called| called.at);
                let called_at = calls.find(|&at| at <= started_at).unwrap_or(started_at);
                let is_kept = told.outcome == Some(Outcome::Kept);
                Some(if is_kept && started_at > told.by { called_at } else { started_at })
            }
            PromiseKind::Ready | PromiseKind::Done => self.ready.first().map(|ready| ready.at),
            PromiseKind::News => {
                // The next news are promised at the instant at which the last ones were given. That
                // something lies there ready is no news before somebody says so.
                let given = self.news.iter().find(|news| news.seq > told.seq);
                given.into_iter().chain(self.done.first()).map(|fact| fact.at).min()
            }
        }
    }

    /// Times of this kind that the shop put in the place of others, in order: neither was taken
    /// back, what was promised had not come about, and it was not the person's own wish.
    pub(crate) fn moves(&self, kind: PromiseKind) -> Vec<Move<'_>> {
        let of_kind: Vec<_> =
            self.told.iter().filter(|told| told.kind == kind && !told.taken_back).collect();
        of_kind
            .windows(2)
            .map(|pair| Move { from: pair[0], to: pair[1] })
            .filter(|step| self.is_the_shops(step))
            .collect()
    }

    fn is_the_shops(&self, Move { from, to }: &Move<'_>) -> bool {
        // A score is written down when the tap can no longer be taken back; the next promise may be
        // made at once.
        let ended_as = |outcome| {
            from.outcome == Some(outcome) && from.scored_at.is_some_and(|at| at - UNDO_MS <= to.at)
        };
        let wished = self.wished.iter().any(|wish| from.at < wish.at && wish.at <= to.at);
        // News given are followed by the next; that is no delay.
        let came_about = self.met_at(from).is_some_and(|at| at <= to.at);
        // Who comes after the time of their appointment gets another one.
        let came_late = self.is_booked
            && to.at > from.by
            && self.checked_in.first().is_none_or(|came| came.at > from.by);
        // A time told after the minute has passed makes amends; it moves nothing.
        let makes_amends = from.kind != PromiseKind::News && to.at > from.by;
        let ended = makes_amends
            || ended_as(Outcome::Kept)
            || ended_as(Outcome::Void)
            || ended_as(Outcome::Released)
            || ended_as(Outcome::LeftBefore);
        !wished && !came_about && !came_late && !ended
    }
}

impl Move<'_> {
    /// How much later the new time is, in milliseconds; earlier is less than nothing.
    pub(crate) fn ms(&self) -> i64 {
        self.to.by - self.from.by
    }
}

fn drop_tap<T>(facts: &mut Vec<Fact<T>>, tap: u64) -> bool {
    let before = facts.len();
    facts.retain(|fact| fact.tap != tap);
    facts.len() < before
}
