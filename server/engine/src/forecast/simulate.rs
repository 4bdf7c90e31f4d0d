//! One future after the other: who starts when, and what is ready when, if everybody follows
//! `policy` and comes and goes as `roster` has it.
//!
//! In each path every step gets a duration; the person who is free first takes the next one by
//! `policy`, until nothing is left to do. A newcomer is a shadow: they start where somebody has
//! nobody else to take and enough time, and take nothing from the others.

use sooner_shared::command::Scope;
use sooner_shared::view::PromiseKind;
use sooner_shared::{Timestamp, VisitId};

use super::draw::{Draws, Purpose, uniform};
use super::jobs::{Begin, Jobs};
use super::normal::upper_quantile;
use super::outline::{BLOCK, Block, Outline, Plain, STARTS};
use super::paces::Change;
use super::people::{Person, Queue};
use crate::Shop;
use crate::calendar::{Window, local_day};
use crate::config::StepKind;
use crate::policy::{Able, Claim, Line, NEVER, Right, Told};
use crate::roster::presences;
use crate::visit::Expected;

/// The standard normal quantile at nineteen in twenty.
const NINETEEN_IN_TWENTY: f64 = 1.644_853_626_951_5;

/// Somebody who might join for one service in the chair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Newcomer {
    /// Who could take them.
    pub(super) able: Able,
    /// For how long to plan, in milliseconds.
    pub(super) planned_ms: i64,
}

/// People of whom as many as possible would be served before closing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guests {
    /// Who could take them.
    pub(super) able: Able,
    /// How long each takes on average, in milliseconds.
    pub(super) mean_ms: i64,
}

/// What comes of all paths, in milliseconds from now; [`NEVER`] where it does not come.
#[derive(Debug)]
pub(super) struct Outcomes {
    /// Of each visit to which something is owed.
    pub(super) visits: Vec<(VisitId, Vec<i64>)>,
    /// The start of each newcomer.
    pub(super) newcomers: Vec<Vec<i64>>,
    /// How many of such guests could be served one after the other before closing.
    pub(super) room: Vec<Vec<u16>>,
}

impl Outcomes {
    /// Takes in when what is owed to each visit came about on some paths.
    fn take(&mut self, rows: &mut Vec<i64>) {
        let of_one_path = self.visits.len().max(1);
        for (column, (_, waits)) in self.visits.iter_mut().enumerate() {
            waits.extend(rows.chunks_exact(of_one_path).map(|row| row[column]));
        }
        rows.clear();
    }
}

/// A simulation, ready to run.
pub(super) struct Simulation<'a> {
    shop: &'a Shop,
    now: i64,
    paths: u16,
    /// Whether people go away who wait too long.
    loses: bool,
    /// To how many jobs something is owed.
    targets: usize,
    /// What each job is on all paths: nearly all are plain, and the less is looked at for them the
    /// better.
    outline: Outline,
    /// When each person looks for work first; [`NEVER`] who is not there and will not be.
    looks_at: Vec<i64>,
    jobs: Jobs,
    line: Line,
    people: Vec<Person>,
    /// Nobody begins anything before.
    begins_at: i64,
    closes_at: Option<i64>,
    /// By how much everything may be slower than is believed, and how that is drawn.
    change: Change,
    change_draws: [Draws; 2],
}

impl<'a> Simulation<'a> {
    /// Of so many futures.
    pub(super) fn new(shop: &'a Shop, now: Timestamp, paths: u16) -> Self {
        let jobs = Jobs::of(shop, now, paths);
        let outline = Outline::of(&jobs);
        let line = Line::new(jobs.claims(), shop.config.turnaround_ms);
        let is_long = |kind| kind != PromiseKind::Start;
        let days = if shop.config.services.iter().any(|s| is_long(s.promise)) {
            crate::calendar::HORIZON_DAYS
        } else {
            1
        };
        let staff = &shop.config.staff;
        let mut people: Vec<_> =
            staff.iter().map(|person| Person::nowhere(shop, &jobs, person.id)).collect();
        for presence in presences(shop, now, days) {
            people[presence.position].follow(presence, now);
        }
        let stopped = shop.delays.iter().find(|d| d.scope == Scope::Shop);
        let begins_at = stopped.map_or(now.0, |d| (d.since + d.ms).0.max(now.0));
        let is_there = |p: &Person| !p.windows.is_empty() || p.stays_until > now.0;
        let looks_at = people.iter().map(|p| if is_there(p) { begins_at } else { NEVER }).collect();
        Self {
            shop,
            now: now.0,
            paths,
            loses: shop.pulse.patience.ends(),
            jobs,
            line,
            people,
            begins_at,
            looks_at,
            targets: 0,
            outline,
            change: shop.paces.change_on(local_day(shop.config.tz(), now)),
            change_draws: [Purpose::Jump, Purpose::Change]
                .map(|purpose| Draws::of(shop.config.seed, 0, purpose, paths)),
            closes_at: crate::roster::closes_at(&shop.config, now)
                .map(|at| (at + shop.config.overrun_ms).0),
        }
    }

    /// Asks for something else of one visit than what is owed to it first.
    pub(super) fn aim(&mut self, visit: VisitId, kind: PromiseKind) {
        if let Some(job) = self.jobs.all.iter_mut().find(|job| job.visit == visit) {
            job.target = Some(kind);
        }
    }

    /// As if a newcomer had been told this time: who comes later and goes first does not break it. False
    /// where that changes nothing.
    pub(super) fn tell(&mut self, newcomer: VisitId, by: Timestamp) -> bool {
        let job = self.jobs.all.iter_mut().find(|job| job.visit == newcomer);
        let job = job.filter(|job| job.claim.right.is_none());
        let Some(job) = job.filter(|_| !self.outline.coming.is_empty()) else { return false };
        job.claim.told = Some(Told { by: by.0, at: self.now });
        self.line = Line::new(self.jobs.claims(), self.shop.config.turnaround_ms);
        true
    }

    /// Whether it matters how long newcomers take.
    pub(super) const fn keeps_time(&self) -> bool {
        self.line.keeps_time()
    }

    /// Asks for nothing but what is owed to these visits, so that a path ends when that has come.
    pub(super) fn watch(&mut self, visits: &[VisitId]) {
        for job in &mut self.jobs.all {
            job.target = job.target.filter(|_| visits.contains(&job.visit));
        }
    }

    /// Runs all paths.
    pub(super) fn run(&mut self, newcomers: &[Newcomer], guests: &[Guests]) -> Outcomes {
        self.run_until(newcomers, guests, |_| false)
    }

    /// Runs paths until what has come of them is enough, which is asked now and then, or all.
    pub(super) fn run_until(
        &mut self,
        newcomers: &[Newcomer],
        guests: &[Guests],
        is_enough: impl Fn(&Outcomes) -> bool,
    ) -> Outcomes {
        let paths = usize::from(self.paths);
        let owed: Vec<usize> =
            (0..self.jobs.all.len()).filter(|&j| self.jobs.all[j].target.is_some()).collect();
        let mut outcomes = Outcomes {
            visits: owed
                .iter()
                .map(|&j| (self.jobs.all[j].visit, Vec::with_capacity(paths)))
                .collect(),
            newcomers: vec![Vec::with_capacity(paths); newcomers.len()],
            room: vec![Vec::with_capacity(paths); guests.len()],
        };
        self.targets = owed.len();
        self.outline.fill(&self.jobs, &self.people);
        let mut path = Path::new(self, newcomers);
        // What came of the paths of a block, one after the other.
        let mut rows = Vec::with_capacity(owed.len() * BLOCK);
        for number in 0..u32::from(self.paths) {
            if number > 0 && number.is_multiple_of(BLOCK as u32) {
                outcomes.take(&mut rows);
                if is_enough(&outcomes) {
                    break;
                }
            }
            path.run(number);
            rows.extend(owed.iter().map(|&job| path.met[job]));
            for (waits, &welcomed) in outcomes.newcomers.iter_mut().zip(&path.welcomed) {
                waits.push(welcomed);
            }
            if let Some(closes_at) = self.closes_at {
                for (room, guests) in outcomes.room.iter_mut().zip(guests) {
                    room.push(path.room_for(guests, closes_at));
                }
            }
        }
        outcomes.take(&mut rows);
        outcomes
    }
}

/// The scratch space of one path, used again for the next.
struct Path<'a> {
    sim: &'a Simulation<'a>,
    newcomers: &'a [Newcomer],
    number: u32,
    /// Which of the block's paths it is.
    column: usize,
    block: Block,
    line: Line,
    /// When each person looks for work next.
    free_at: Queue,
    /// Since when each person has had nothing to do; [`NEVER`] while they have.
    idle_since: Vec<i64>,
    breaks_done: Vec<usize>,
    /// Who goes on with each job that is in line between two sittings.
    keeper: Vec<Option<usize>>,
    /// How many of the remaining steps of each job are done.
    done: Vec<usize>,
    /// When what is owed to each job came about, from now.
    met: Vec<i64>,
    /// To how many it has not.
    unmet: usize,
    welcomed: Vec<i64>,
    /// How many times as long everything takes as is believed.
    slower: f64,
}

impl<'a> Path<'a> {
    fn new(sim: &'a Simulation<'a>, newcomers: &'a [Newcomer]) -> Self {
        let (jobs, people) = (sim.jobs.all.len(), sim.people.len());
        Self {
            sim,
            newcomers,
            number: 0,
            column: 0,
            block: Block::new(&sim.jobs),
            line: sim.line.clone(),
            free_at: Queue::new(people),
            idle_since: vec![NEVER; people],
            breaks_done: vec![0; people],
            keeper: vec![None; jobs],
            done: vec![0; jobs],
            met: vec![NEVER; jobs],
            unmet: 0,
            welcomed: vec![NEVER; newcomers.len()],
            slower: 1.0,
        }
    }

    fn run(&mut self, number: u32) {
        let sim = self.sim;
        self.number = number;
        self.column = number as usize % BLOCK;
        if self.column == 0 {
            self.block.fill(&sim.jobs, number);
        }
        self.line.reset_to(&sim.line);
        self.expect_rights();
        self.free_at.fill(&sim.looks_at);
        self.expect_staff();
        let [which, how_much] = sim.change_draws.map(|draws| draws.on(number));
        self.slower = sim.change.draw(which, how_much);
        self.idle_since.fill(NEVER);
        self.breaks_done.fill(0);
        self.keeper.copy_from_slice(&sim.outline.keepers);
        self.done.fill(0);
        self.met.fill(NEVER);
        self.unmet = sim.targets;
        self.welcomed.fill(NEVER);
        for &job in &sim.outline.under_way {
            self.begin(job);
        }
        let asks_on = !self.newcomers.is_empty();
        while self.unmet > 0 || asks_on {
            let Some((person, at)) = self.free_at.first() else { break };
            self.take_next(person, at);
        }
    }

    /// Whose shift begins comes late, or not at all.
    fn expect_staff(&mut self) {
        let sim = self.sim;
        for &(person, Window { from, to }) in &sim.outline.awaited {
            let u = uniform(sim.shop.config.seed, person as u64, Purpose::Shift, self.number);
            let late_ms = sim.shop.pulse.shifts.draw_ms(sim.now - from.0, u);
            let comes = from.0.saturating_add(late_ms).min(to.0);
            self.free_at.set(person, comes.max(sim.begins_at));
        }
    }

    /// Those who will come and go first come one after the other.
    fn expect_rights(&mut self) {
        let mut at = self.sim.now as f64;
        let coming = &self.sim.outline.coming;
        // Nobody knows what the next one comes for: each path begins with another.
        let first = self.number as usize % coming.len().max(1);
        for &job in coming[first..].iter().chain(&coming[..first]) {
            let known = &self.sim.jobs.all[job];
            if let Some((draws, gap_ms)) = known.comes {
                at -= libm::log(draws.on(self.number)) * gap_ms;
                let from = at as i64;
                let right = Some(Right { from, given: from });
                self.line.put_back(job, Claim { from, right, ..known.claim });
            }
        }
    }

    /// Whether who is called has gone away, on this path.
    fn has_gone(&self, job: usize, at: i64) -> bool {
        let patience = &self.sim.shop.pulse.patience;
        let waits = if self.sim.loses { self.sim.jobs.all[job].waits } else { None };
        waits.is_some_and(|(since, draws)| {
            patience.draw_ms(self.sim.now - since, draws.on(self.number)) < at - since
        })
    }

    /// Sets a job on its way that is not in line.
    fn begin(&mut self, job: usize) {
        let known = &self.sim.jobs.all[job];
        match known.begin {
            Begin::InLine if known.news_after == 0 => {
                self.meet(job, &[PromiseKind::News], self.sim.now);
            }
            Begin::InLine => {}
            Begin::Called(person) => self.start(job, person, self.sim.begins_at),
            Begin::Serving { person, sitting, elapsed_ms } => {
                let remaining_ms = self.remaining_ms(job, person, sitting, elapsed_ms);
                let stopped_ms = self.sim.begins_at - self.sim.now;
                self.work(job, person, self.sim.now, sitting, remaining_ms + stopped_ms);
            }
            Begin::Pending { elapsed_ms, expected, approval_by } => {
                let at = self.there_at(job, elapsed_ms, expected, approval_by);
                self.done[job] = 1;
                self.go_on(job, at, known.keeper);
            }
        }
    }

    /// What the present work still takes.
    fn remaining_ms(&self, job: usize, person: usize, sitting: usize, elapsed_ms: i64) -> i64 {
        let Person { extra_ms, ref paces, .. } = self.sim.people[person];
        let mut elapsed_ms = elapsed_ms - extra_ms;
        let mut total = (-elapsed_ms).max(0);
        elapsed_ms = elapsed_ms.max(0);
        for index in 0..sitting {
            let is_last = index + 1 == sitting;
            let Some(step) = self.sim.jobs.all[job].steps.get(index) else { break };
            let mean_ms = self.sim.jobs.models[step.model].mean_ms() + step.extra_ms;
            let pace = paces[step.model] * self.slower;
            let mean_ms = (mean_ms as f64 * pace) as i64;
            if !is_last && elapsed_ms > mean_ms {
                elapsed_ms -= mean_ms;
                continue;
            }
            total += self.draw_ms(job, index, elapsed_ms, pace);
            elapsed_ms = 0;
        }
        total
    }

    /// How long the first step of a job takes on this path, at the usual pace.
    fn first_ms(&self, job: usize) -> f64 {
        f64::from(self.block.first[job * BLOCK + self.column])
    }

    /// What a step still takes that has taken so long, at a pace.
    fn draw_ms(&self, job: usize, step: usize, elapsed_ms: i64, pace: f64) -> i64 {
        let (first, step) = (step == 0, &self.sim.jobs.all[job].steps[step]);
        if first && elapsed_ms == 0 && step.extra_ms == 0 {
            return (pace * self.first_ms(job)) as i64;
        }
        let u = step.draws.on(self.number);
        // A delay makes everything begin later by as much.
        let elapsed_ms = elapsed_ms - step.extra_ms;
        let model = &self.sim.jobs.models[step.model];
        let on_path = &self.block.models[step.model * BLOCK + self.column];
        let rest = pace * model.remaining_ms(on_path, elapsed_ms as f64 / pace, u);
        rest as i64 + (-elapsed_ms).max(0)
    }

    /// When that is there what a job waits for.
    fn there_at(
        &self,
        job: usize,
        elapsed_ms: i64,
        expected: Option<Expected>,
        approval_by: Option<Timestamp>,
    ) -> i64 {
        let now = self.sim.now;
        let Some(step) = self.sim.jobs.all[job].steps.first() else { return now };
        if step.kind == StepKind::Time {
            let model = &self.sim.jobs.models[step.model];
            return now + (model.mean_ms() - elapsed_ms).max(0);
        }
        match expected {
            // Log-normal, with its median and its 95 % where staff said.
            Some(Expected { likely_at, latest_at }) if latest_at.0 > now => {
                let likely_ms = (likely_at.0 - now).max((latest_at.0 - now) / 4).max(1) as f64;
                let latest_ms = (latest_at.0 - now) as f64;
                let sigma = libm::log(latest_ms / likely_ms).max(0.01) / NINETEEN_IN_TWENTY;
                now + (likely_ms * libm::exp(sigma * upper_quantile(step.draws.on(self.number))))
                    as i64
            }
            _ => {
                let there = now + self.draw_ms(job, 0, elapsed_ms, 1.0);
                let by = approval_by.map(|by| by.0).filter(|&by| by > now);
                by.map_or(there, |by| there.min(by))
            }
        }
    }

    /// Somebody looks for work.
    fn take_next(&mut self, person: usize, at: i64) {
        let sim = self.sim;
        let (from, to) = sim.outline.first[person];
        let is_there = from <= at && at < to;
        let there = if is_there { at } else { sim.people[person].there_from(at) };
        let is_overtime = there > at && at < sim.people[person].stays_until;
        let has_left = there > at && !is_overtime;
        if has_left && !self.keeper.contains(&Some(person)) {
            self.free_at.set(person, there);
            return;
        }
        if let Some(&(begin, ms)) = sim.people[person].breaks.get(self.breaks_done[person])
            && begin <= at
        {
            self.breaks_done[person] += 1;
            // Who had nothing to do took it when it was due.
            let idle_since = self.idle_since[person];
            let began = if idle_since == NEVER { at } else { begin.max(idle_since).min(at) };
            let taken = self.breaks_done[person] as u64;
            let late = uniform(
                sim.shop.config.seed,
                (person as u64) << 8 | taken,
                Purpose::Break,
                self.number,
            );
            let late_ms = sim.shop.pulse.breaks.draw_ms(-upper_quantile(late));
            self.free_at.set(person, (began + (ms + late_ms).max(0)).max(at));
            return;
        }
        // Beyond their hours they see to those who wait there, not to what can wait; and at the end
        // of their shift only to those with whom they began.
        let counts = |job: usize| {
            let step = sim.jobs.all[job].steps.get(self.done[job]);
            let is_chair = step.is_some_and(|s| s.kind == StepKind::Chair);
            there == at
                || (is_overtime && is_chair)
                || (has_left && self.keeper[job] == Some(person))
        };
        if let Some(job) = self.line.next_of(person, at, counts) {
            self.line.take(job);
            if self.has_gone(job, at) {
                // What is owed to them is measured as if they had stayed; nobody works.
                let begin = at + sim.shop.config.turnaround_ms;
                self.meet(job, &[PromiseKind::Start], begin);
                self.free_at.set(person, at);
                return;
            }
            self.line.one_went_first();
            self.start(job, person, at);
            return;
        }
        if !has_left {
            self.welcome_newcomers(person, at);
            self.idle_since[person] = self.idle_since[person].min(at);
        }
        let wakes = self.line.open().filter(|&(job, c)| {
            c.able >> person & 1 == 1 && (!has_left || self.keeper[job] == Some(person))
        });
        let wakes = wakes.flat_map(|(_, c)| [Some(c.from), c.right.map(|r| r.from)]).flatten();
        let wakes = wakes.filter(|&from| from > at).min().unwrap_or(NEVER);
        self.free_at.set(person, if there > at { wakes.min(there) } else { wakes });
    }

    /// A person begins with the next steps of a job.
    #[inline]
    fn start(&mut self, job: usize, person: usize, at: i64) {
        self.idle_since[person] = NEVER;
        if let Some(Plain { model, is_asked }) = self.sim.outline.plain[job] {
            let begin = at + self.sim.shop.config.turnaround_ms;
            let work_ms = self.slower * self.sim.people[person].paces[model] * self.first_ms(job);
            if is_asked {
                self.comes_about(job, begin);
            }
            self.free_at.set(person, begin + work_ms as i64);
            self.done[job] = 1;
            return;
        }
        self.keeper[job] = None;
        let steps = &self.sim.jobs.all[job].steps;
        let first = self.done[job];
        let is_chair = steps[first].kind == StepKind::Chair;
        let begin = if is_chair { at + self.sim.shop.config.turnaround_ms } else { at };
        let sitting = if is_chair {
            let can =
                |s: &&super::jobs::JobStep| s.kind == StepKind::Chair && s.able >> person & 1 == 1;
            steps[first..].iter().take_while(can).count().max(1)
        } else {
            1
        };
        if first == 0 && self.sim.jobs.all[job].is_fresh {
            self.meet(job, &STARTS, begin);
        }
        let paces = &self.sim.people[person].paces;
        let work_ms = (first..first + sitting)
            .map(|index| self.draw_ms(job, index, 0, self.slower * paces[steps[index].model]))
            .sum();
        self.work(job, person, begin, sitting, work_ms);
    }

    /// A person works on the next steps of a job for so long.
    #[inline]
    fn work(&mut self, job: usize, person: usize, begin: i64, sitting: usize, work_ms: i64) {
        let kind = self.sim.jobs.all[job].steps.get(self.done[job]).map(|s| s.kind);
        let end = if kind == Some(StepKind::Bench) {
            self.sim.people[person].done_at(begin, work_ms)
        } else {
            begin + work_ms
        };
        self.free_at.set(person, end);
        self.done[job] += sitting;
        if self.done[job] >= self.sim.jobs.all[job].news_after {
            self.meet(job, &[PromiseKind::News], end);
        }
        self.go_on(job, end, Some(person).filter(|_| kind == Some(StepKind::Chair)));
    }

    /// What follows the steps of a job that are done at `at`.
    fn go_on(&mut self, job: usize, mut at: i64, keeper: Option<usize>) {
        let known = &self.sim.jobs.all[job];
        if at == NEVER {
            return;
        }
        while let Some(step) = known.steps.get(self.done[job]) {
            if step.kind.waits_for().is_none() {
                // Who began goes on, and stays for it.
                let is_chair = step.kind == StepKind::Chair;
                let keeper = keeper.filter(|&person| is_chair && step.able >> person & 1 == 1);
                let able = keeper.map_or(step.able, |person| 1 << person);
                self.keeper[job] = keeper;
                // Rights, appointments and promises of a start were for the first step.
                self.line.put_back(
                    job,
                    Claim {
                        able,
                        from: at,
                        passes: false,
                        right: None,
                        told: None,
                        takes_ms: step.planned_ms,
                        can_wait: !is_chair,
                        held: None,
                    },
                );
                self.wake(able, at);
                return;
            }
            at += if step.kind == StepKind::Time {
                self.sim.jobs.models[step.model].mean_ms()
            } else {
                self.draw_ms(job, self.done[job], 0, 1.0)
            };
            self.done[job] += 1;
        }
        self.meet(job, &[PromiseKind::Ready, PromiseKind::News, PromiseKind::Done], at);
        if let Some(next) = known.before {
            self.line.unblock(next, at);
            self.wake(self.line.claim(next).able, at);
        }
    }

    /// Whoever has nothing to do looks again when there is something.
    fn wake(&mut self, able: Able, at: i64) {
        for (person, &idle_since) in self.idle_since.iter().enumerate() {
            if idle_since != NEVER && able >> person & 1 == 1 {
                self.free_at.set_if_sooner(person, at.max(idle_since));
            }
        }
    }

    #[inline]
    fn meet(&mut self, job: usize, kinds: &[PromiseKind], at: i64) {
        if self.sim.jobs.all[job].target.is_some_and(|kind| kinds.contains(&kind)) {
            self.comes_about(job, at);
        }
    }

    #[inline]
    fn comes_about(&mut self, job: usize, at: i64) {
        if self.met[job] == NEVER && at != NEVER {
            self.met[job] = at - self.sim.now;
            self.unmet -= 1;
        }
    }

    /// Nobody in line is there for a person: every newcomer they can take would start.
    fn welcome_newcomers(&mut self, person: usize, at: i64) {
        let start = at + self.sim.shop.config.turnaround_ms - self.sim.now;
        for (welcomed, newcomer) in self.welcomed.iter_mut().zip(self.newcomers) {
            if newcomer.able >> person & 1 == 1
                && start < *welcomed
                && self.line.has_room(person, at, newcomer.planned_ms)
            {
                *welcomed = start;
            }
        }
    }

    /// How many such guests could be served before closing after everybody else.
    fn room_for(&self, guests: &Guests, closes_at: i64) -> u16 {
        let each_ms = (self.sim.shop.config.turnaround_ms + guests.mean_ms).max(1);
        let rooms = self.idle_since.iter().enumerate().map(|(person, &since)| {
            let able = guests.able >> person & 1 == 1 && since != NEVER;
            if able { (closes_at - since).max(0) / each_ms } else { 0 }
        });
        rooms.sum::<i64>().min(i64::from(u16::MAX)) as u16
    }
}
