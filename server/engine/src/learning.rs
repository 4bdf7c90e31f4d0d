//! What events teach the shop about waits: the pulse, and what came of what it told people.
//!
//! A wait is learned a minute after it has ended, when the tap that ended it can no longer be taken
//! back; that a minute was missed, as soon as it has passed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, PromiseKind, Stage};
use sooner_shared::{ServiceId, Timestamp, VisitId};

use crate::calendar::local_day;
use crate::forecast::clock;
use crate::forecast::learner::Learner;
use crate::forecast::seen::Seen;
use crate::promise::{Moment, UNDO_MS};
use crate::{Event, Shop, ShopConfig, roster};

/// Somebody was told a time, and what will come of it will teach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Expecting {
    kind: PromiseKind,
    told_at: Timestamp,
    seen: Seen,
}

/// What was told came about, unless the tap is taken back within the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct CameAbout {
    pub(crate) tap: u64,
    at: Timestamp,
    told: (VisitId, u16),
    wait_ms: i64,
}

/// What has become of what was told.
enum End {
    /// It has come about.
    Met(Timestamp),
    /// It has not yet.
    Open,
    /// It will never teach anything.
    Never,
}

/// Who begins within so many milliseconds has not waited: a chair was free. Their waits would hide
/// how long it takes when none is.
fn at_once_ms(config: &ShopConfig) -> i64 {
    config.turnaround_ms + config.step_ms.min(MINUTE_MS)
}

impl Shop {
    /// The share of promises to keep.
    #[must_use]
    pub fn share(&self) -> f64 {
        f64::from(self.config.keep_permille) / 1_000.0
    }

    /// What is learned of the waits for one kind of promise.
    #[must_use]
    pub fn learner(&self, kind: PromiseKind) -> Option<&Learner> {
        self.learning.get(&kind).map(Arc::as_ref)
    }

    fn learner_mut(&mut self, kind: PromiseKind) -> &mut Learner {
        Arc::make_mut(self.learning.entry(kind).or_default())
    }

    /// The kinds of promise whose regression should be fitted anew.
    #[must_use]
    pub fn fits_due(&self) -> Vec<PromiseKind> {
        let due = self.learning.iter().filter(|(_, learner)| learner.is_fit_due());
        due.map(|(&kind, _)| kind).collect()
    }

    /// Fits the regression of a kind of promise: the event that brings it in. Slow: not for the
    /// writer.
    #[must_use]
    pub fn fit(&self, kind: PromiseKind) -> Option<Event> {
        let (fitted, known) = self.learner(kind)?.fit(self.share())?;
        Some(Event::ModelLearned { kind, known, fitted: Box::new(fitted) })
    }

    /// What the event says of the pulse, before it changes the shop.
    pub(crate) fn feel(&mut self, event: &Event, at: Timestamp) {
        match *event {
            Event::Joined { .. } => Arc::make_mut(&mut self.pulse).arrived(at),
            Event::LetFirst { visit } => {
                let service = self.visits.get(&visit).and_then(|v| v.services.first().copied());
                if let Some(service) = service {
                    Arc::make_mut(&mut self.pulse).let_first(service);
                }
            }
            Event::Started { visit, staff, .. } => {
                let at_once_ms = at_once_ms(&self.config);
                let fresh = self.visits.get(&visit).filter(|v| v.started_at.is_none());
                let waited = fresh.is_some_and(|v| at - v.joined_at > at_once_ms);
                Arc::make_mut(&mut self.pulse).began(at, staff, waited);
                let Some(v) = fresh else { return };
                if v.appointment.is_none() && v.kind == PromiseKind::Start {
                    let wait_ms = at - v.joined_at;
                    let service = v.services.first().copied().unwrap_or(ServiceId(0));
                    Arc::make_mut(&mut self.pulse).started(at, service, wait_ms, waited);
                }
            }
            Event::Finished { visit, .. } => {
                let v = self.visits.get(&visit).filter(|v| v.stage == Stage::Serving);
                if let Some((v, since)) = v.and_then(|v| Some((v, v.since?))) {
                    Arc::make_mut(&mut self.pulse).ended(at, v.staff, at - since);
                }
            }
            Event::WentOnDuty { staff } => {
                let (late_ms, missed) = roster::comes(self, staff, at);
                let shifts = &mut Arc::make_mut(&mut self.pulse).shifts;
                for ms in missed {
                    shifts.stayed_away(ms);
                }
                if let Some(late_ms) = late_ms {
                    shifts.came(late_ms);
                }
            }
            Event::BreakEnded { staff } => {
                let until = self.chairs.get(&staff).and_then(|chair| chair.break_until);
                if let Some(until) = until {
                    Arc::make_mut(&mut self.pulse).breaks.learn(at - until);
                }
            }
            Event::Left { visit } | Event::MarkedNoShow { visit } => {
                let Some(v) = self.visits.get(&visit) else { return };
                let waits = matches!(v.stage, Stage::Waiting | Stage::Called | Stage::OnHold);
                if waits && v.appointment.is_none() && v.started_at.is_none() {
                    let wait_ms = at - v.joined_at;
                    Arc::make_mut(&mut self.pulse).lost(at, wait_ms);
                }
            }
            _ => {}
        }
    }

    /// What the event says of what was told, when it has changed the shop.
    pub(crate) fn compare(&mut self, event: &Event, tap: u64, when: Moment) {
        let at = when.known_at;
        match *event {
            Event::Promised { visit, kind, no, seen: Some(ref seen), .. } => {
                let expecting = Expecting { kind, told_at: at, seen: (**seen).clone() };
                self.expecting.insert((visit, no), Arc::new(expecting));
                return;
            }
            Event::ModelLearned { kind, known, ref fitted } => {
                self.learner_mut(kind).take((**fitted).clone(), known);
                return;
            }
            Event::Scored { visit, no, outcome } => self.score_told((visit, no), outcome),
            _ => {}
        }
        let Some(visit) = event.visit() else { return };
        let told: Vec<_> =
            self.expecting.range((visit, 0)..=(visit, u16::MAX)).map(|(&told, _)| told).collect();
        for told in told {
            if self.came_about.iter().any(|known| known.told == told) {
                continue;
            }
            match self.end_of(event, told, when.at) {
                End::Met(met_at) => {
                    let expecting = &self.expecting[&told];
                    let wait_ms =
                        clock::waited_ms(&self.config, expecting.kind, expecting.told_at, met_at);
                    self.came_about.push(CameAbout { tap, at, told, wait_ms });
                }
                End::Open => {}
                End::Never => {
                    self.expecting.remove(&told);
                }
            }
        }
    }

    /// What has become of what was told.
    fn end_of(&self, event: &Event, told: (VisitId, u16), at: Timestamp) -> End {
        let Some(visit) = self.visits.get(&told.0) else { return End::Never };
        let promise = visit.promises.iter().find(|p| p.no == told.1);
        let Some((promise, expecting)) = promise.zip(self.expecting.get(&told)) else {
            return End::Never;
        };
        let kind = expecting.kind;
        if matches!(promise.shown_outcome(), Some(Outcome::Released | Outcome::Void)) {
            return End::Never;
        }
        // Nobody knows when that ended whose end was forgotten.
        let is_known = !matches!(event, Event::Lapsed { .. });
        let met_at = match kind {
            PromiseKind::Start | PromiseKind::CallBack => visit.started_at.map(|started_at| {
                // Who was called in time and came later had waited until the call.
                let called = visit.called_at.filter(|&called| called <= promise.by);
                called.filter(|_| started_at > promise.by).unwrap_or(started_at)
            }),
            PromiseKind::Ready | PromiseKind::Done => {
                matches!(visit.stage, Stage::Ready | Stage::Done).then_some(at)
            }
            PromiseKind::News => {
                let is_told = matches!(event, Event::NewsGiven { .. });
                (is_told || matches!(visit.stage, Stage::Ready | Stage::Done)).then_some(at)
            }
        };
        match met_at {
            Some(met_at) if is_known => End::Met(met_at),
            None if !visit.stage.is_over() => End::Open,
            _ => End::Never,
        }
    }

    fn score_told(&mut self, told: (VisitId, u16), outcome: Outcome) {
        let Some(expecting) = self.expecting.get(&told).cloned() else { return };
        let kept = match outcome {
            Outcome::Kept => true,
            Outcome::Broken => false,
            _ => {
                self.expecting.remove(&told);
                return;
            }
        };
        // Who was served at once says nothing of how long the others wait.
        let at_once = self
            .came_about
            .iter()
            .any(|known| known.told == told && !self.has_waited(expecting.kind, known.wait_ms));
        if !at_once {
            let share = self.share();
            self.learner_mut(expecting.kind).score(kept, share);
        }
    }

    fn has_waited(&self, kind: PromiseKind, wait_ms: i64) -> bool {
        !matches!(kind, PromiseKind::Start | PromiseKind::CallBack)
            || wait_ms > at_once_ms(&self.config)
    }

    /// Learns from what can no longer be taken back.
    pub(crate) fn learn_waits(&mut self, now: Timestamp) {
        let stands = |known: &CameAbout| now - known.at > UNDO_MS;
        if !self.came_about.iter().any(stands) {
            return;
        }
        let (ripe, rest): (Vec<_>, Vec<_>) = self.came_about.drain(..).partition(|k| stands(k));
        self.came_about = rest;
        let share = self.share();
        for known in ripe {
            let Some(expecting) = self.expecting.remove(&known.told) else { continue };
            if self.has_waited(expecting.kind, known.wait_ms) {
                let Expecting { kind, told_at, ref seen } = *expecting;
                let config = Arc::clone(&self.config);
                let learner = self.learner_mut(kind);
                let untracked_ms = learner.untracked_ms(seen) as i64;
                let by = clock::after(&config, kind, told_at, untracked_ms);
                let by = by.round_up(config.step_ms);
                let kept = known.wait_ms <= clock::waited_ms(&config, kind, told_at, by);
                let day = local_day(config.tz(), told_at);
                learner.learn(seen, known.wait_ms as f64, share, kept, day);
            }
        }
    }
}
