//! Who is next: the one rule that dispatching (`CallNext`) and forecasting share.
//!
//! 1. Only whom the free person can serve, and nobody before their time: a requested person is
//!    waited for, who runs late is not called, an appointment is not called early.
//! 2. Time that is kept for an appointment is used meanwhile only by who will be done before it.
//! 3. Whoever has a right to go first goes first, unless that would break a promise that was given
//!    before the right.
//! 4. Work that can wait does not keep anybody from whom a start was promised, who would be too late
//!    after it.
//! 5. Then first come, first served; whoever was called and was not there, or lets somebody pass,
//!    lets one other go first.
//!
//! What staff really do may differ: recorded facts win over this rule, suggestions never do.

use std::cell::Cell;

/// Later than anything: not before somebody else is done.
pub const NEVER: i64 = i64::MAX;

/// People who serve, as a set of their positions in the shop's set-up (64 at most).
pub type Able = u64;

/// What a person in line needs. All times on one scale of milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Who may take it; nobody once it is taken.
    pub able: Able,
    /// Not before then; [`NEVER`] while it waits for somebody else to be done.
    pub from: i64,
    /// Called and not there, or letting one pass: the next one goes first.
    pub passes: bool,
    /// A right to go first.
    pub right: Option<Right>,
    /// The time told, while it can still be kept by starting: and when it was told.
    pub told: Option<Told>,
    /// For how long the work should be expected to last.
    pub takes_ms: i64,
    /// Nobody waits in the shop for it.
    pub can_wait: bool,
    /// The position of the person whose time is kept for it from `from` on.
    pub held: Option<u8>,
}

/// A right to go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Right {
    /// From when on it counts: for an appointment, its time.
    pub from: i64,
    /// When it was given; promises given before it are kept first.
    pub given: i64,
}

/// A promise to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The time told.
    pub by: i64,
    /// When it was told.
    pub at: i64,
}

impl Claim {
    /// Whether a person may take it at a time.
    #[must_use]
    pub const fn is_for(&self, person: usize, now: i64) -> bool {
        self.able >> person & 1 == 1 && self.from <= now
    }
}

/// Everybody in line, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    claims: Vec<Claim>,
    /// Who may take each, kept apart because it is what changes most.
    open: Vec<Able>,
    /// Who has a right, who has been told a time, for whom time is kept: few of those who wait.
    index: Index,
    /// The claims that have changed, and not only been taken.
    changed: Vec<usize>,
    /// The index has been made again.
    is_indexed_again: bool,
    /// Everybody before this position is taken.
    begins: usize,
    /// From one person out of the chair to the next one in it, in milliseconds.
    turnaround_ms: i64,
    has_passes: bool,
}

/// Where to look for what only some claims have. What a claim no longer has may still stand here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Index {
    /// The positions of those with a right, in the order of the line.
    rights: Vec<usize>,
    /// The times told and the positions of those to whom, by time; empty where nobody has a right.
    told: Vec<(i64, usize)>,
    /// How many of them were told a time before the one asked for last: time goes on by little.
    close: Cell<usize>,
    /// The positions of those for whom time is kept.
    held: Vec<usize>,
}

impl Index {
    fn of(claims: &[Claim]) -> Self {
        let all = || claims.iter().enumerate();
        let rights: Vec<_> = all().filter(|(_, c)| c.right.is_some()).map(|(at, _)| at).collect();
        let mut told = Vec::new();
        if !rights.is_empty() {
            told.extend(all().filter_map(|(at, c)| Some((c.told?.by, at))));
            told.sort_unstable();
        }
        let held = all().filter(|(_, c)| c.held.is_some()).map(|(at, _)| at).collect();
        Self { rights, told, close: Cell::new(0), held }
    }

    /// Those who were told a time before another.
    fn told_before(&self, until: i64) -> &[(i64, usize)] {
        let mut close = self.close.get().min(self.told.len());
        while self.told.get(close).is_some_and(|&(by, _)| by < until) {
            close += 1;
        }
        while close > 0 && self.told[close - 1].0 >= until {
            close -= 1;
        }
        self.close.set(close);
        &self.told[..close]
    }

    /// Whether a claim can change from one to another and still be found.
    fn holds(&self, position: usize, was: &Claim, is: &Claim) -> bool {
        let by = |c: &Claim| c.told.map(|told| told.by);
        (is.right.is_none() || self.rights.contains(&position))
            && (is.told.is_none() || by(is) == by(was))
            && (is.held.is_none() || self.held.contains(&position))
    }
}

impl Line {
    /// A line from its claims.
    #[must_use]
    pub fn new(claims: Vec<Claim>, turnaround_ms: i64) -> Self {
        Self {
            begins: 0,
            index: Index::of(&claims),
            has_passes: claims.iter().any(|c| c.passes),
            open: claims.iter().map(|c| c.able).collect(),
            changed: Vec::new(),
            is_indexed_again: false,
            claims,
            turnaround_ms,
        }
    }

    /// Becomes again what it was when it was copied from `other`, which has not changed since.
    pub fn reset_to(&mut self, other: &Self) {
        self.open.copy_from_slice(&other.open);
        for position in self.changed.drain(..) {
            self.claims[position] = other.claims[position];
        }
        if self.is_indexed_again {
            self.index.clone_from(&other.index);
            self.is_indexed_again = false;
        }
        self.begins = other.begins;
        self.has_passes = other.has_passes;
    }

    /// The claims that may still be taken, with their positions.
    pub fn open(&self) -> impl Iterator<Item = (usize, &Claim)> {
        let open = self.open.iter().enumerate().skip(self.begins).filter(|&(_, &able)| able != 0);
        open.map(|(position, _)| (position, &self.claims[position]))
    }

    /// One claim.
    #[must_use]
    pub fn claim(&self, position: usize) -> &Claim {
        &self.claims[position]
    }

    /// Takes one out of the line.
    pub fn take(&mut self, position: usize) {
        self.open[position] = 0;
        while self.open.get(self.begins).is_some_and(|&able| able == 0) {
            self.begins += 1;
        }
    }

    /// Puts one back into their place with the claim for another step.
    pub fn put_back(&mut self, position: usize, claim: Claim) {
        let is_found = self.index.holds(position, &self.claims[position], &claim);
        self.claims[position] = claim;
        if !is_found {
            self.index = Index::of(&self.claims);
            self.is_indexed_again = true;
        }
        self.open[position] = claim.able;
        self.changed.push(position);
        self.begins = self.begins.min(position);
    }

    /// Lets somebody be taken from a time on who waited for another to be done.
    pub fn unblock(&mut self, position: usize, from: i64) {
        self.claims[position].from = from;
        self.changed.push(position);
    }

    /// Somebody went first: whoever let one pass is in their old place again.
    pub fn one_went_first(&mut self) {
        if self.has_passes {
            self.has_passes = false;
            for (position, claim) in self.claims.iter_mut().enumerate().filter(|(_, c)| c.passes) {
                claim.passes = false;
                self.changed.push(position);
            }
        }
    }

    /// The position of the one whom `person` calls next at `now`.
    #[must_use]
    pub fn next(&self, person: usize, now: i64) -> Option<usize> {
        self.next_of(person, now, |_| true)
    }

    /// The same, of those at certain positions only.
    pub fn next_of(
        &self,
        person: usize,
        now: i64,
        counts: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let limit = self.kept_from(person, now, None);
        if let Some(first) = self.next_by_right(person, now, limit, &counts) {
            return Some(first);
        }
        let mut first_passing = None;
        for (position, &able) in self.open.iter().enumerate().skip(self.begins) {
            if able >> person & 1 == 0 {
                continue;
            }
            let claim = &self.claims[position];
            if claim.from <= now && counts(position) && self.fits(position, person, now, limit) {
                if !claim.passes {
                    let urgent = self.urgent(position, person, now, limit, &counts);
                    return Some(urgent.unwrap_or(position));
                }
                first_passing = first_passing.or(Some(position));
            }
        }
        first_passing
    }

    /// Whether time is kept for anybody, so that it matters how long others take.
    #[must_use]
    pub const fn keeps_time(&self) -> bool {
        !self.index.held.is_empty()
    }

    /// Whether somebody who would take so long could be taken by `person` at `now` without touching
    /// time that is kept.
    #[must_use]
    pub fn has_room(&self, person: usize, now: i64, takes_ms: i64) -> bool {
        self.is_done_by(takes_ms, now, self.kept_from(person, now, None))
    }

    /// Whether somebody taken by `person` at `now` is done before the `limit` of time that is kept;
    /// nobody is in the way of their own appointment.
    fn fits(&self, position: usize, person: usize, now: i64, limit: i64) -> bool {
        let claim = &self.claims[position];
        let limit = if claim.held == Some(person as u8) {
            self.kept_from(person, now, Some(position))
        } else {
            limit
        };
        self.is_done_by(claim.takes_ms, now, limit)
    }

    /// Who would be too late after the work at `position`, which can wait.
    fn urgent(
        &self,
        position: usize,
        person: usize,
        now: i64,
        limit: i64,
        counts: &impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let work = &self.claims[position];
        if !work.can_wait {
            return None;
        }
        let free_at = now + work.takes_ms + self.turnaround_ms;
        let mut others = self.open().filter(|&(other, claim)| {
            let callable = claim.is_for(person, now) && !claim.passes && counts(other);
            callable && !claim.can_wait && self.fits(other, person, now, limit)
        });
        others.find(|(_, c)| c.told.is_some_and(|told| told.by < free_at)).map(|(other, _)| other)
    }

    /// Until when `person` may be busy: until the next appointment but `except` must be called.
    fn kept_from(&self, person: usize, now: i64, except: Option<usize>) -> i64 {
        let held = self.index.held.iter().filter(|&&position| self.open[position] != 0);
        held.filter(|&&position| Some(position) != except)
            .map(|&position| &self.claims[position])
            .filter(|c| c.held == Some(person as u8) && c.right.is_some_and(|r| r.from > now))
            .filter_map(|c| Some(c.told?.by - self.turnaround_ms))
            .min()
            .unwrap_or(NEVER)
    }

    fn is_done_by(&self, takes_ms: i64, now: i64, limit: i64) -> bool {
        limit == NEVER || now + self.turnaround_ms + takes_ms <= limit
    }

    fn next_by_right(
        &self,
        person: usize,
        now: i64,
        limit: i64,
        counts: &impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let callable = |position: usize| {
            let claim = &self.claims[position];
            self.open[position] >> person & 1 == 1
                && claim.from <= now
                && !claim.passes
                && counts(position)
        };
        self.index.rights.iter().copied().find(|&position| {
            let claim = &self.claims[position];
            claim.right.is_some_and(|right| {
                right.from <= now
                    && callable(position)
                    && self.fits(position, person, now, limit)
                    && !self
                        .broken_by(claim, right.given, now)
                        .any(|other| other != position && callable(other))
            })
        })
    }

    /// To whom a promise would be broken by taking `claim` now that was given before the right and can
    /// still be kept, if they could be taken instead.
    fn broken_by(&self, claim: &Claim, given: i64, now: i64) -> impl Iterator<Item = usize> {
        let start = now + self.turnaround_ms;
        let until = start + claim.takes_ms + self.turnaround_ms;
        // Those told the latest times are the last to be taken.
        let close =
            self.index.told_before(until).iter().rev().take_while(move |&&(by, _)| by >= start);
        close.map(|&(by, position)| (by, position, self.claims[position].told)).filter_map(
            move |(by, position, told)| {
                told.is_some_and(|told| told.by == by && told.at < given).then_some(position)
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::draw::{Purpose, uniform};

    const ANYBODY: Able = 0b11;
    const FREE: Claim = Claim {
        able: ANYBODY,
        from: 0,
        passes: false,
        right: None,
        told: None,
        takes_ms: 30,
        can_wait: false,
        held: None,
    };

    fn next(claims: &[Claim], person: usize, now: i64) -> Option<usize> {
        Line::new(claims.to_vec(), 1).next(person, now)
    }

    #[test]
    fn the_first_whom_the_person_can_serve_is_next() {
        let for_second = Claim { able: 0b10, ..FREE };
        let absent = Claim { passes: true, ..FREE };
        let line = [for_second, absent, FREE];
        assert_eq!(next(&line, 0, 0), Some(2));
        assert_eq!(next(&line, 1, 0), Some(0));
        assert_eq!(next(&line, 2, 0), None, "does nothing of the kind");
    }

    #[test]
    fn who_was_not_there_is_called_again_when_nobody_else_waits() {
        assert_eq!(next(&[Claim { passes: true, ..FREE }], 0, 0), Some(0));
    }

    #[test]
    fn nobody_is_called_before_their_time() {
        let late = Claim { from: 10, ..FREE };
        assert_eq!(next(&[late, FREE], 0, 9), Some(1));
        assert_eq!(next(&[late, FREE], 0, 10), Some(0));
        assert_eq!(next(&[Claim { from: NEVER, ..FREE }], 0, 9), None);
    }

    #[test]
    fn who_has_a_right_goes_first_unless_that_breaks_an_older_promise() {
        let right = Claim { right: Some(Right { from: 5, given: 5 }), ..FREE };
        assert_eq!(next(&[FREE, right], 0, 4), Some(0), "not yet");
        assert_eq!(next(&[FREE, right], 0, 5), Some(1));
        let told = |by, at| Claim { told: Some(Told { by, at }), ..FREE };
        // Taken at 10, the one with the right is out at 41, and the other in the chair at 42.
        assert_eq!(next(&[told(42, 0), right], 0, 10), Some(1), "kept all the same");
        assert_eq!(next(&[told(41, 0), right], 0, 10), Some(0), "would break");
        assert_eq!(next(&[told(41, 6), right], 0, 10), Some(1), "was given after the right");
        assert_eq!(next(&[told(10, 0), right], 0, 10), Some(1), "is broken anyway");
    }

    #[test]
    fn time_kept_for_an_appointment_is_used_by_who_will_be_done_before_it() {
        let booked = Claim {
            from: 50,
            held: Some(0),
            right: Some(Right { from: 50, given: -100 }),
            told: Some(Told { by: 55, at: -100 }),
            ..FREE
        };
        let line = [FREE, booked];
        assert_eq!(next(&line, 0, 23), Some(0), "out at 54, when the appointment is called");
        assert_eq!(next(&line, 0, 24), None, "the chair is kept");
        assert_eq!(next(&line, 1, 24), Some(0), "another chair is not");
        assert_eq!(next(&line, 0, 50), Some(1), "due");
        let short = Claim { takes_ms: 10, ..FREE };
        assert_eq!(next(&[FREE, booked, short], 0, 24), Some(2), "short enough");
        assert!(!Line::new(line.to_vec(), 1).has_room(0, 24, 30));
        assert!(Line::new(line.to_vec(), 1).has_room(0, 23, 30));
    }

    #[test]
    fn work_that_can_wait_lets_those_pass_who_would_be_too_late_after_it() {
        let bench = Claim { can_wait: true, ..FREE };
        let told = |by| Claim { told: Some(Told { by, at: 0 }), ..FREE };
        assert_eq!(next(&[bench, told(30)], 0, 0), Some(1), "free at 30, in the chair at 31");
        assert_eq!(next(&[bench, told(31)], 0, 0), Some(0));
        assert_eq!(next(&[FREE, told(30)], 0, 0), Some(0), "who waits there is not work");
    }

    #[test]
    fn a_line_forgets_who_let_one_pass_when_one_has_gone() {
        let mut line = Line::new(vec![Claim { passes: true, ..FREE }, FREE], 1);
        assert_eq!(line.next(0, 0), Some(1));
        line.one_went_first();
        assert_eq!(line.next(0, 0), Some(0));
    }

    #[test]
    fn what_is_put_back_is_found_by_what_it_has_then() {
        let line = Line::new(vec![FREE, FREE, FREE], 1);
        let mut path = line.clone();
        let right = Claim { right: Some(Right { from: 5, given: 5 }), ..FREE };
        path.put_back(2, right);
        assert_eq!(path.next(0, 5), Some(2));
        path.put_back(1, Claim { told: Some(Told { by: 20, at: 0 }), ..FREE });
        assert_eq!(path.next(0, 5), Some(0), "would break what the second was told");
        assert_eq!(path.next(0, 20), Some(2), "too late for it");
        assert_eq!(path.next(0, 5), Some(0), "and back in time");
        path.take(1);
        assert_eq!(path.next(0, 5), Some(2), "is served");
        let booked = Right { from: 50, given: -100 };
        let told = Some(Told { by: 55, at: -100 });
        path.put_back(2, Claim { from: 50, held: Some(0), right: Some(booked), told, ..FREE });
        assert!(path.keeps_time());
        assert_eq!(path.next(0, 24), None, "time is kept");
        path.reset_to(&line);
        assert_eq!((path.next(0, 24), path.keeps_time()), (Some(0), false));
        assert!(path.claims == line.claims && path.index.rights.is_empty());
    }

    /// Who goes first by a right, by looking at everybody.
    fn first_by_right(claims: &[Claim], taken: usize, person: usize, now: i64) -> Option<usize> {
        let callable =
            |at: usize| at != taken && claims[at].is_for(person, now) && !claims[at].passes;
        (0..claims.len()).filter(|&at| callable(at)).find(|&at| {
            claims[at].right.is_some_and(|right| {
                let breaks = |told: Told| {
                    let (start, end) = (now + 1, now + 1 + claims[at].takes_ms + 1);
                    told.at < right.given && start <= told.by && end > told.by
                };
                let others = (0..claims.len()).filter(|&other| other != at && callable(other));
                right.from <= now && !others.filter_map(|o| claims[o].told).any(breaks)
            })
        })
    }

    #[test]
    fn rights_are_found_as_by_looking_at_everybody() {
        let (mut goes_first, mut waits) = (0, 0);
        for seed in 0..2_000 {
            let mut drawn = 0;
            let mut below = |n: i64| {
                drawn += 1;
                (uniform(seed, drawn, Purpose::Duration, 0) * n as f64) as i64
            };
            let claims: Vec<_> = (0..12)
                .map(|_| Claim {
                    able: [0b01, 0b10, ANYBODY, ANYBODY][below(4) as usize],
                    from: below(30) - 20,
                    passes: below(6) == 0,
                    right: (below(4) == 0).then(|| Right { from: below(40), given: below(40) }),
                    told: (below(3) > 0).then(|| Told { by: below(120), at: below(40) }),
                    takes_ms: 5 + below(30),
                    ..FREE
                })
                .collect();
            let mut line = Line::new(claims.clone(), 1);
            let taken = below(12) as usize;
            line.take(taken);
            for now in [3, 20, 40, 80, 10] {
                for person in [0, 1] {
                    let first = first_by_right(&claims, taken, person, now);
                    let next = line.next(person, now);
                    if first.is_some() {
                        assert_eq!(next, first, "{seed}: {claims:?} at {now}");
                        goes_first += 1;
                    } else {
                        let in_line = |passes| {
                            (0..claims.len()).find(|&at| {
                                let claim = &claims[at];
                                at != taken && claim.is_for(person, now) && claim.passes == passes
                            })
                        };
                        assert_eq!(next, in_line(false).or_else(|| in_line(true)), "{seed}");
                        waits += u32::from(next.is_some_and(|at| claims[at].right.is_some()));
                    }
                }
            }
        }
        assert!(goes_first > 1_000 && waits > 100, "{goes_first}, {waits}");
    }
}
