//! What there is to do, laid out for the simulation: every visit that somebody or something still
//! has to see to, with its remaining steps.

use std::collections::BTreeMap;

use sooner_shared::command::Scope;
use sooner_shared::view::{PromiseKind, Stage};
use sooner_shared::{ServiceId, StaffId, Timestamp, VisitId};

use super::draw::{Draws, Purpose};
use super::durations::Model;
use crate::config::StepKind;
use crate::policy::{Able, Claim, NEVER};
use crate::visit::{Expected, VisitStep};
use crate::{Shop, Visit};

/// Somebody on hold is expected to be taken up again so much later, in milliseconds.
const HOLD_LASTS_MS: i64 = 10 * 60_000;

/// Of those who will come later and go first, so many are looked at.
const LATER_MOST: usize = 8;

const DAY_MS: i64 = 24 * 3_600_000;

/// A step as the simulation sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct JobStep {
    pub(super) kind: StepKind,
    pub(super) able: Able,
    /// Which durations.
    pub(super) model: usize,
    /// How long it takes, on all paths.
    pub(super) draws: Draws,
    /// What a delay adds, in milliseconds.
    pub(super) extra_ms: i64,
    pub(super) planned_ms: i64,
}

/// Where a visit stands when the simulation begins.
#[derive(Debug, Clone, Copy)]
pub(super) enum Begin {
    /// In line.
    InLine,
    /// On the way to the chair of the person at a position.
    Called(usize),
    /// With the person at a position: so many steps at once, for so long already.
    Serving { person: usize, sitting: usize, elapsed_ms: i64 },
    /// Waiting for something, for so long already.
    Pending { elapsed_ms: i64, expected: Option<Expected>, approval_by: Option<Timestamp> },
}

/// A visit as the simulation sees it.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) visit: VisitId,
    pub(super) begin: Begin,
    pub(super) steps: Vec<JobStep>,
    pub(super) claim: Claim,
    /// The job that must be over before.
    pub(super) after: Option<usize>,
    /// The job that can begin when this one is over.
    pub(super) before: Option<usize>,
    /// The position of who began with it in the chair and is there to go on.
    pub(super) keeper: Option<usize>,
    /// What is promised first; `None` when that has come about.
    pub(super) target: Option<PromiseKind>,
    /// The first step is the first of the visit.
    pub(super) is_fresh: bool,
    /// After how many of the steps there is something to tell: somebody has looked at it.
    pub(super) news_after: usize,
    /// Since when they wait for a person, and how long they will, on all paths.
    pub(super) waits: Option<(i64, Draws)>,
    /// When they will come, on all paths, if they are not there yet: after whom, so many
    /// milliseconds later on average.
    pub(super) comes: Option<(Draws, f64)>,
}

impl Job {
    /// Whether it is over, and everything about it has come about or not, when one thing has been
    /// done in the chair.
    pub(super) fn is_plain(&self) -> bool {
        let [step] = self.steps.as_slice() else { return false };
        let asks = !matches!(self.target, Some(kind) if kind != PromiseKind::Start);
        let is_alone = self.before.is_none() && self.keeper.is_none();
        step.kind == StepKind::Chair && step.extra_ms == 0 && self.is_fresh && asks && is_alone
    }
}

/// Everything there is to do.
#[derive(Debug)]
pub(super) struct Jobs {
    /// In the order of the line.
    pub(super) all: Vec<Job>,
    /// Believed durations, by number.
    pub(super) models: Vec<Model>,
    /// Spread and centre of each, on all paths.
    pub(super) model_draws: Vec<[Draws; 2]>,
    paths: u16,
    known: BTreeMap<(ServiceId, u8), usize>,
}

/// What the draws of a step are tied to; the first step as the visit itself.
const fn subject(id: u64, index: usize) -> u64 {
    id | (index as u64) << 32
}

/// Appointments after the end of the day are in nobody's way today.
pub(crate) fn looks_until(shop: &Shop, now: Timestamp) -> Timestamp {
    crate::roster::day_ends_at(&shop.config, now).unwrap_or(now + DAY_MS)
}

impl Jobs {
    pub(super) fn of(shop: &Shop, now: Timestamp, paths: u16) -> Self {
        let mut jobs = Self {
            all: Vec::new(),
            models: Vec::new(),
            model_draws: Vec::new(),
            paths,
            known: BTreeMap::new(),
        };
        let until = looks_until(shop, now);
        let is_to_do = |v: &&Visit| match v.stage {
            Stage::Booked => v.appointment.is_some_and(|a| a.from < until),
            Stage::Ready => false,
            stage => !stage.is_over(),
        };
        let mut visits: Vec<_> = shop.visits.values().filter(is_to_do).collect();
        visits.sort_unstable_by_key(|v| v.place());
        for visit in &visits {
            let job = jobs.job(shop, visit, now);
            jobs.all.push(job);
        }
        jobs.expect_rights(shop, now);
        for (index, visit) in visits.iter().enumerate() {
            let first = visit.group.and_then(|g| g.after);
            if let Some(first) = first.and_then(|id| visits.iter().position(|v| v.id == id)) {
                jobs.all[index].after = Some(first);
                jobs.all[first].before = Some(index);
            }
        }
        jobs
    }

    fn job(&mut self, shop: &Shop, visit: &Visit, now: Timestamp) -> Job {
        let person = |staff: Option<StaffId>| shop.config.position(staff?);
        let elapsed_ms = now - visit.since.unwrap_or(now);
        let begin = match (visit.stage, person(visit.staff)) {
            (Stage::Called, Some(person)) => Begin::Called(person),
            (Stage::Serving, Some(person)) => {
                let is_bench = visit.step().is_some_and(|s| s.kind == StepKind::Bench);
                let elapsed_ms = if is_bench {
                    crate::roster::overlap_ms(&shop.config, now - elapsed_ms, now)
                } else {
                    elapsed_ms
                };
                Begin::Serving { person, sitting: visit.sitting.max(1), elapsed_ms }
            }
            (Stage::Pending, _) => Begin::Pending {
                elapsed_ms,
                expected: visit.expected,
                approval_by: visit.approval_by,
            },
            _ => Begin::InLine,
        };
        let mut claim = shop.claim(visit);
        match visit.stage {
            Stage::OnHold => claim.from = claim.from.max(now.0 + HOLD_LASTS_MS),
            Stage::Waiting | Stage::Booked => {}
            _ => claim = Claim { able: 0, right: None, held: None, told: None, ..claim },
        }
        let steps =
            (visit.done..visit.steps.len()).map(|index| self.step(shop, visit, index)).collect();
        Job {
            visit: visit.id,
            begin,
            steps,
            claim,
            after: None,
            before: None,
            keeper: person(visit.keeper).filter(|&position| {
                visit.done > 0 && shop.is_on_duty(shop.config.staff[position].id)
            }),
            target: visit.is_owed().then_some(visit.kind),
            is_fresh: visit.done == 0,
            news_after: visit
                .steps
                .iter()
                .position(|s| s.kind == StepKind::Bench)
                .map_or(visit.steps.len(), |bench| bench + 1)
                .saturating_sub(visit.done),
            waits: (visit.stage == Stage::Waiting
                && visit.needs_customer()
                && visit.started_at.is_none()
                && visit.appointment.is_none())
            .then(|| {
                let id = u64::from(visit.id.0);
                (visit.joined_at.0, Draws::of(shop.config.seed, id, Purpose::Patience, self.paths))
            }),
            comes: None,
        }
    }

    /// Those who will come later and go first, as often as they came of late.
    fn expect_rights(&mut self, shop: &Shop, now: Timestamp) {
        let Some((services, gap_ms)) = shop.pulse.later_rights(now) else { return };
        let services = services.collect::<Vec<_>>();
        for (number, &service) in services.iter().rev().take(LATER_MOST).enumerate() {
            let id = VisitId(u32::MAX - number as u32);
            let mut visit = Visit::new(id, &[service], None, now, &shop.config);
            visit.steps.truncate(1);
            if !visit.needs_customer() {
                continue;
            }
            visit.right_at = Some(now);
            let mut job = self.job(shop, &visit, now);
            job.target = None;
            job.waits = None;
            let draws = Draws::of(shop.config.seed, u64::from(id.0), Purpose::Later, self.paths);
            job.comes = Some((draws, gap_ms));
            job.claim.from = NEVER;
            self.all.push(job);
        }
    }

    fn step(&mut self, shop: &Shop, visit: &Visit, index: usize) -> JobStep {
        let step = &visit.steps[index];
        let is_first = index == 0 || visit.steps[index - 1].service != step.service;
        let delay = shop.delays.iter().find(|d| d.scope == Scope::Service(step.service));
        let works = step.kind.waits_for().is_none();
        JobStep {
            kind: step.kind,
            able: if works { shop.able(visit, step) } else { 0 },
            model: self.model(shop, step),
            draws: Draws::of(
                shop.config.seed,
                subject(u64::from(visit.id.0), index),
                Purpose::Duration,
                self.paths,
            ),
            extra_ms: delay.filter(|_| is_first).map_or(0, |d| d.ms),
            planned_ms: shop.planned_ms(visit, index),
        }
    }

    fn model(&mut self, shop: &Shop, step: &VisitStep) -> usize {
        let next = self.models.len();
        let number = *self.known.entry((step.service, step.index)).or_insert(next);
        if number == next {
            self.models.push(shop.model(step));
            let subject = subject(u64::from(step.service.0), usize::from(step.index));
            let draws = |purpose| Draws::of(shop.config.seed, subject, purpose, self.paths);
            self.model_draws.push([draws(Purpose::Spread), draws(Purpose::Centre)]);
        }
        number
    }

    /// How much longer than usual somebody takes for what each model is of, as factors.
    pub(super) fn paces(&self, shop: &Shop, staff: StaffId) -> Vec<f64> {
        let mut paces = vec![1.0; self.models.len()];
        for (&(service, _), &model) in &self.known {
            paces[model] = libm::exp(shop.paces.at(staff, service));
        }
        paces
    }

    /// The claims of all jobs: those who are not in line have one that nobody can take.
    pub(super) fn claims(&self) -> Vec<Claim> {
        let mut claims: Vec<_> = self.all.iter().map(|job| job.claim).collect();
        for (claim, job) in claims.iter_mut().zip(&self.all) {
            if job.after.is_some() {
                claim.from = NEVER;
            }
        }
        claims
    }
}
