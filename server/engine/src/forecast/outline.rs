//! What the paths of a simulation ask of jobs and people, laid out beside each other: a path looks only
//! at what it needs, and what it draws is drawn for some paths at once.

use sooner_shared::view::PromiseKind;

use super::durations::OnPath;
use super::jobs::{Begin, Job, Jobs};
use super::people::Person;
use crate::calendar::Window;
use crate::policy::NEVER;

/// What is owed when somebody begins.
pub(super) const STARTS: [PromiseKind; 2] = [PromiseKind::Start, PromiseKind::CallBack];

/// What each path asks of jobs and people, laid out beside each other.
#[derive(Default)]
pub(super) struct Outline {
    /// The jobs that are over when somebody has done one thing in the chair.
    pub(super) plain: Vec<Option<Plain>>,
    /// The jobs that do not just stand in line.
    pub(super) under_way: Vec<usize>,
    /// The jobs of those who will come.
    pub(super) coming: Vec<usize>,
    /// The people who have not come yet, and the windows to which they should.
    pub(super) awaited: Vec<(usize, Window)>,
    /// Who goes on with each job that is in line between two sittings.
    pub(super) keepers: Vec<Option<usize>>,
    /// The first window of each person; one that never comes for whom there is none.
    pub(super) first: Vec<(i64, i64)>,
}

#[derive(Clone, Copy)]
pub(super) struct Plain {
    /// Which durations.
    pub(super) model: usize,
    /// Its start is what is owed.
    pub(super) is_asked: bool,
}

impl Outline {
    /// What does not depend on what is asked for.
    pub(super) fn of(jobs: &Jobs) -> Self {
        let plain = |job: &Job| Plain { model: job.steps[0].model, is_asked: false };
        let plain = |job: &Job| job.is_plain().then(|| plain(job));
        let coming = (0..jobs.all.len()).filter(|&job| jobs.all[job].comes.is_some()).collect();
        Self { plain: jobs.all.iter().map(plain).collect(), coming, ..Self::default() }
    }

    pub(super) fn fill(&mut self, jobs: &Jobs, people: &[Person]) {
        for (plain, job) in self.plain.iter_mut().zip(&jobs.all) {
            if let Some(plain) = plain {
                plain.is_asked = job.target.is_some_and(|kind| STARTS.contains(&kind));
            }
        }
        let all = || jobs.all.iter().enumerate();
        let is_in_line = |job: &Job| matches!(job.begin, Begin::InLine);
        let stands = |job: &Job| is_in_line(job) && job.news_after > 0;
        self.under_way = all().filter(|(_, job)| !stands(job)).map(|(index, _)| index).collect();
        self.keepers = jobs.all.iter().map(|j| j.keeper.filter(|_| is_in_line(j))).collect();
        let awaited = |(person, known): (usize, &Person)| Some((person, known.awaited?));
        self.awaited = people.iter().enumerate().filter_map(awaited).collect();
        let first = |p: &Person| p.windows.first().map_or((NEVER, NEVER), |w| (w.from.0, w.to.0));
        self.first = people.iter().map(first).collect();
    }
}

/// So many paths are drawn at once, since draws that do not wait for each other are quick.
pub(super) const BLOCK: usize = 32;

/// What some paths need to know before they begin.
pub(super) struct Block {
    /// Centre and spread of each model on each path.
    pub(super) models: Vec<OnPath>,
    /// How long the first step of each job takes at the usual pace on each path, in milliseconds.
    pub(super) first: Vec<f32>,
}

impl Block {
    pub(super) fn new(jobs: &Jobs) -> Self {
        Self {
            models: Vec::with_capacity(jobs.models.len() * BLOCK),
            first: vec![0.0; jobs.all.len() * BLOCK],
        }
    }

    pub(super) fn fill(&mut self, jobs: &Jobs, from: u32) {
        let paths = from..from + BLOCK as u32;
        self.models.clear();
        for (model, [spread, centre]) in jobs.models.iter().zip(&jobs.model_draws) {
            self.models
                .extend(paths.clone().map(|path| model.on_path(spread.on(path), centre.on(path))));
        }
        for (job, first) in jobs.all.iter().zip(self.first.chunks_exact_mut(BLOCK)) {
            let Some(step) = job.steps.first() else { continue };
            let model = &jobs.models[step.model];
            let on_paths = &self.models[step.model * BLOCK..];
            for ((slot, on_path), path) in first.iter_mut().zip(on_paths).zip(paths.clone()) {
                *slot = model.draw_ms(on_path, step.draws.on(path)) as f32;
            }
        }
    }
}
