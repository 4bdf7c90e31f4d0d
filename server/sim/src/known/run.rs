//! What happens in a scenario, one thing after the other.

use std::collections::VecDeque;
use std::sync::Arc;

use super::floor::{Doing, Draw, Floor, Luck};
use super::foresight::{Foresight, Watch};
use super::oracle;
use super::rules::{MINUTE, Rules, Today, Waiting};
use super::scenario::{FIRST_DAY_MS, Loss, Scenario};
use crate::chance::Chance;
use crate::moment::{Arrival, Happened, Moment};

const DAY_MS: i64 = 24 * 60 * 60_000;

/// So often the oracle asks what follows from what it would tell.
const ROUNDS: u32 = 2;

/// A scenario as it happens.
///
/// At equal times come ends first, then leaves, then starts of earlier customers, then who arrives,
/// then their own start. When [`Run::next`] has returned an arrival, the run stands before it: the
/// one to ask, then, is [`Run::oracle_quantile_min`].
#[derive(Debug, Clone)]
pub struct Run {
    scenario: Arc<Scenario>,
    rules: Arc<Rules>,
    /// The day that is next, or under way.
    day: u32,
    today: Option<Under>,
    floor: Floor,
    hidden: Hidden,
    told: VecDeque<Happened>,
    arrived: Option<Arrival>,
    /// What they were told, as a time of the day.
    told_ms: f64,
    visits: u64,
    watch: Option<Box<Watch>>,
}

/// A day under way.
#[derive(Debug, Clone)]
struct Under {
    today: Today,
    /// Draws when they come.
    coming: Chance,
    next_ms: f64,
    closed: bool,
    home: bool,
}

/// How things really turn out.
#[derive(Debug, Clone)]
struct Hidden {
    seed: u64,
    day: u32,
    midnight_ms: i64,
    /// Who will leave, and when, the next one last.
    losses: Vec<(f64, usize)>,
    told: Vec<Happened>,
}

impl Luck for Hidden {
    fn unit(&mut self, of: Draw) -> f64 {
        let mut chance = match of {
            Draw::Took { visit } => Chance::new(self.seed, "took", &[visit]),
            Draw::Absent { visit } => Chance::new(self.seed, "absent", &[visit]),
            Draw::Break { desk, number } => {
                let numbers = [u64::from(self.day), desk as u64, u64::from(number)];
                Chance::new(self.seed, "break", &numbers)
            }
        };
        chance.unit()
    }

    fn recorded(&self, ms: f64) -> f64 {
        ms.round().max(1.0)
    }

    fn tell(&mut self, at_ms: f64, what: Moment) {
        let midnight = self.midnight_ms;
        let what = match what {
            Moment::TookBreak { server, until_ms } => {
                Moment::TookBreak { server, until_ms: until_ms + midnight }
            }
            other => other,
        };
        self.told.push(Happened { at_ms: midnight + at_ms as i64, what });
    }
}

impl Iterator for Run {
    type Item = Happened;

    /// The next thing that happens; `None` after the last day.
    fn next(&mut self) -> Option<Happened> {
        loop {
            if let Some(happened) = self.told.pop_front() {
                return Some(happened);
            }
            if let Some(arrival) = self.arrived.take() {
                self.take_in(&arrival);
            } else if !self.step() {
                return None;
            }
            self.hidden.told.sort_by_key(|happened| rank(happened.what));
            if let Some(watch) = &mut self.watch {
                for &Happened { at_ms, what } in &self.hidden.told {
                    if let Moment::Started { visit, .. } = what {
                        watch.started(visit, (at_ms - self.hidden.midnight_ms) as f64);
                    }
                }
            }
            self.told.extend(self.hidden.told.drain(..));
        }
    }
}

impl Run {
    /// Before the first day.
    #[must_use]
    pub fn new(scenario: &Scenario) -> Self {
        let desks = scenario.staff.len();
        Self {
            rules: Arc::new(Rules::new(scenario)),
            day: 0,
            today: None,
            floor: Floor::empty(desks),
            hidden: Hidden {
                seed: scenario.seed,
                day: 0,
                midnight_ms: FIRST_DAY_MS,
                losses: Vec::new(),
                told: Vec::new(),
            },
            told: VecDeque::new(),
            arrived: None,
            told_ms: f64::NEG_INFINITY,
            visits: 0,
            watch: None,
            scenario: Arc::new(scenario.clone()),
        }
    }

    /// The one whose arrival was returned last was told this time, in milliseconds since the epoch: who
    /// comes after them with a right to go first does not break it.
    pub fn told(&mut self, by_ms: i64) {
        self.told_ms = (by_ms - self.hidden.midnight_ms) as f64;
    }

    /// Looks from now on at every promise so many milliseconds before its minute, in so many futures.
    pub fn watch(&mut self, ahead_ms: i64, paths: u32) {
        self.watch = Some(Box::new(Watch::new(ahead_ms as f64, paths)));
    }

    /// What could be known of the promises of those who were served, if they are watched.
    #[must_use]
    pub fn foresights(&self) -> &[Foresight] {
        self.watch.as_ref().map_or(&[], |watch| &watch.seen)
    }

    /// What it is a run of.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The waits of one who comes at this instant (in milliseconds since the epoch, not before what
    /// happened last) and is told no time, in minutes, shortest first: one for each of so many futures in
    /// which they are there and are served. Empty when the day is over, and when they would go home unserved in all
    /// of them. Each visit draws futures of its own; the same visit the same again.
    #[must_use]
    pub fn oracle_waits_min(&self, arrival: &Arrival, at_ms: i64, paths: u32) -> Vec<f64> {
        let mut waits = self.waits_min(arrival, at_ms, f64::NEG_INFINITY, paths);
        waits.sort_unstable_by(f64::total_cmp);
        waits
    }

    /// The wait, in minutes, that one who comes at this instant exceeds with probability 1 − `alpha`
    /// at most, given that they are there, are served and are told just that: it protects them from
    /// those who come later with a right to go first. See [`Run::oracle_waits_min`].
    ///
    /// It is the wait of rank ⌈alpha (n + 1)⌉ of n futures: since the one that will happen is one
    /// like the others, it is kept with probability rank / (n + 1), whatever the distribution.
    #[must_use]
    pub fn oracle_quantile_min(
        &self,
        arrival: &Arrival,
        at_ms: i64,
        alpha: f64,
        paths: u32,
    ) -> Option<f64> {
        let quantile = |told_min: f64| {
            let mut waits = self.waits_min(arrival, at_ms, told_min, paths);
            let rank = libm::ceil(alpha * (waits.len() + 1) as f64) as usize;
            let place = rank.clamp(1, waits.len().max(1)) - 1;
            (place < waits.len()).then(|| *waits.select_nth_unstable_by(place, f64::total_cmp).1)
        };
        let unprotected = quantile(f64::NEG_INFINITY)?;
        if self.rules.rights == 0.0 || arrival.priority > 0 {
            return Some(unprotected);
        }
        // What is told decides of what is best to tell: some rounds come near enough.
        (0..ROUNDS).try_fold(unprotected, |told_min, _| quantile(told_min))
    }

    /// The same of who is told a wait of `told_min` minutes, in no order.
    fn waits_min(&self, arrival: &Arrival, at_ms: i64, told_min: f64, paths: u32) -> Vec<f64> {
        let Some(under) = &self.today else { return Vec::new() };
        let mut floor = self.floor.clone();
        floor.now_ms = floor.now_ms.max((at_ms - self.hidden.midnight_ms) as f64);
        let told_ms = floor.now_ms + told_min * MINUTE;
        let newcomer = Waiting { told_ms, ..self.rules.waiting(arrival) };
        let mut chance = Chance::new(self.hidden.seed, "oracle", &[arrival.visit]);
        let mut waits =
            oracle::waits(&floor, newcomer, &self.rules, &under.today, paths, &mut chance);
        for wait in &mut waits {
            *wait /= MINUTE;
        }
        waits
    }

    /// Goes on to the next time at which something happens; false when nothing does any more.
    fn step(&mut self) -> bool {
        let Some(under) = &mut self.today else { return self.open() };
        let (floor, rules, hidden) = (&mut self.floor, &self.rules, &mut self.hidden);
        let today = &under.today;
        if under.closed && floor.desks.iter().all(|desk| desk.doing == Doing::Off) {
            self.watch.iter_mut().for_each(|watch| watch.day_ends());
            self.today = None;
            self.day += 1;
            return true;
        }
        let next_ms = under.next_ms.round();
        let door_ms = match (under.closed, under.home) {
            (false, _) => today.closes_ms,
            (true, false) => today.home_ms,
            (true, true) => f64::INFINITY,
        };
        let loss_ms = hidden.losses.last().map_or(f64::INFINITY, |loss| loss.0);
        let now_ms = floor.soonest().1.min(next_ms).min(door_ms).min(loss_ms);
        if let Some(watch) = &mut self.watch {
            watch.look(floor, now_ms, rules, today, hidden.seed);
        }
        floor.now_ms = now_ms;

        let free: Vec<usize> =
            (0..floor.desks.len()).filter(|desk| floor.desks[*desk].until_ms <= now_ms).collect();
        for desk in &free {
            floor.end(*desk, hidden);
        }
        if !under.home && today.home_ms <= now_ms {
            under.home = true;
            for who in floor.line.drain(..) {
                hidden.tell(now_ms, Moment::Left { visit: who.visit });
            }
        }
        while let Some((_, desk)) = hidden.losses.pop_if(|loss| loss.0 <= now_ms) {
            floor.leave(desk, hidden);
        }
        for desk in &free {
            if floor.desks[*desk].doing != Doing::Off {
                floor.go_on(*desk, rules, today, hidden);
            }
        }
        if !under.closed && today.closes_ms <= now_ms {
            under.closed = true;
            for desk in 0..floor.desks.len() {
                if floor.desks[desk].doing == Doing::Idle {
                    floor.go_off(desk, hidden);
                }
            }
        }
        if next_ms <= now_ms {
            let mut chance = Chance::new(hidden.seed, "customer", &[self.visits]);
            if let Some(arrival) = rules.customer(&mut chance, self.visits, floor.on_duty()) {
                hidden.tell(now_ms, Moment::Arrived(arrival));
                self.arrived = Some(arrival);
                self.visits += 1;
            }
            under.next_ms = today.next_coming(&mut under.coming, under.next_ms);
        }
        true
    }

    /// Opens the next day on which somebody works; false when there is none.
    fn open(&mut self) -> bool {
        let scenario = &self.scenario;
        let open = (self.day..scenario.days)
            .find_map(|day| Today::new(scenario, day).map(|today| (day, today)));
        let Some((day, today)) = open else { return false };
        self.day = day;
        let hidden = &mut self.hidden;
        hidden.day = day;
        hidden.midnight_ms = FIRST_DAY_MS + i64::from(day) * DAY_MS;
        let all = scenario.losses.iter().filter(|loss| loss.day == day);
        let each = |loss: &Loss| {
            let at_ms = f64::from(loss.at_min) * MINUTE;
            loss.staff.iter().map(move |&desk| (at_ms, usize::from(desk))).collect::<Vec<_>>()
        };
        hidden.losses = all.flat_map(each).collect();
        hidden.losses.sort_by(|a, b| b.0.total_cmp(&a.0));
        self.floor = Floor::empty(self.floor.desks.len());
        self.floor.now_ms = today.opens_ms;
        for desk in 0..self.floor.desks.len() {
            hidden.tell(today.opens_ms, Moment::CameOnDuty { server: desk as u16 });
            self.floor.go_on(desk, &self.rules, &today, hidden);
        }
        let mut coming = Chance::new(hidden.seed, "coming", &[u64::from(day)]);
        let next_ms = today.next_coming(&mut coming, today.opens_ms);
        self.today = Some(Under { today, coming, next_ms, closed: false, home: false });
        true
    }

    /// Whoever has just come is served, or stands in line.
    fn take_in(&mut self, arrival: &Arrival) {
        if let Some(under) = &self.today {
            let told_ms = std::mem::replace(&mut self.told_ms, f64::NEG_INFINITY);
            let who = Waiting { told_ms, ..self.rules.waiting(arrival) };
            if let Some(watch) = &mut self.watch {
                watch.told(who.visit, told_ms);
            }
            self.floor.come(who, &self.rules, &under.today, &mut self.hidden);
        }
    }

    /// Changes what nobody can know: when everything under way will be over.
    #[cfg(test)]
    pub(super) fn change_fate(&mut self) {
        for desk in &mut self.floor.desks {
            desk.until_ms += MINUTE;
        }
        let soon_ms = self.floor.now_ms + MINUTE;
        self.hidden.losses = (0..self.floor.desks.len()).map(|desk| (soon_ms, desk)).collect();
    }
}

/// The order at equal times.
fn rank(what: Moment) -> u8 {
    match what {
        Moment::CameOnDuty { .. } => 0,
        Moment::Ended { .. } | Moment::EndedBreak { .. } => 1,
        Moment::Left { .. } => 2,
        Moment::WentOffDuty { .. } | Moment::TookBreak { .. } => 3,
        Moment::Started { .. } => 4,
        Moment::Arrived(_) => 5,
    }
}
