//! The promises of a log, scored a second time from PRODUCT.md's table alone: by what had happened
//! when the minute came, without the engine's state.

use std::collections::BTreeMap;

use sooner_engine::promise::{Moment, UNDO_MS};
use sooner_engine::{Event, Recorded, ShopConfig, StepKind};
use sooner_shared::view::{Outcome, PromiseKind};
use sooner_shared::{StaffId, Timestamp, VisitId};

use crate::model::Plan;

/// What happened to somebody, as far as a promise is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// What was promised came about.
    Came,
    Left,
    NoShow,
    OwnWish,
}

/// A promise, as it was told.
#[derive(Debug, Clone)]
struct Told {
    kind: PromiseKind,
    by: Timestamp,
    /// The tap that told it; 0 when the forecast did.
    tap: u64,
    /// A call made in time stood when the minute came.
    was_called: bool,
    /// A later time was told while this one was to come.
    postponed: bool,
    /// How it ends unless the tap is taken back, and when that tap was.
    ends: Option<(Outcome, Timestamp)>,
    /// How it ended for good.
    ended: Option<Outcome>,
    /// Only its minute has ended it.
    was_missed: bool,
    scored: Option<Outcome>,
}

impl Told {
    fn is_open(&self) -> bool {
        self.ended.is_none() && self.ends.is_none()
    }

    fn is_ending(&self) -> bool {
        self.ended.is_none() || self.was_missed
    }

    /// Called to a free chair, or rung, by the promised minute.
    fn is_saved_by(&self, call: Option<Timestamp>) -> bool {
        matches!(self.kind, PromiseKind::Start | PromiseKind::CallBack)
            && (self.was_called || call.is_some_and(|at| at <= self.by))
    }

    /// The table.
    fn outcome(&self, end: End, call: Option<Timestamp>, at: Timestamp) -> Outcome {
        let by_the_minute = at <= self.by;
        let called = self.is_saved_by(call);
        match end {
            _ if !by_the_minute && !called => Outcome::Broken,
            End::Left | End::OwnWish if self.postponed => Outcome::Broken,
            End::Came => Outcome::Kept,
            End::Left if by_the_minute => Outcome::LeftBefore,
            End::Left | End::NoShow => Outcome::Void,
            End::OwnWish => Outcome::Released,
        }
    }
}

/// What a log says of one visit.
#[derive(Debug, Clone, Default)]
struct Account {
    plan: Plan,
    /// By which tap they came.
    came: u64,
    is_booked: bool,
    /// Since when a call stands.
    call: Option<Timestamp>,
    with: Option<StaffId>,
    offered_to: Option<StaffId>,
    told: Vec<Told>,
}

impl Account {
    /// The minutes that have passed have passed, and what can no longer be taken back is certain.
    fn time_passes(&mut self, now: Timestamp) {
        let call = self.call;
        for told in &mut self.told {
            match told.ends {
                Some((outcome, at)) if now >= at + UNDO_MS && told.is_ending() => {
                    (told.ended, told.was_missed) = (Some(outcome), false);
                }
                None if now > told.by && !told.is_saved_by(call) && told.ended.is_none() => {
                    (told.ended, told.was_missed) = (Some(Outcome::Broken), true);
                }
                _ => {}
            }
        }
    }

    fn end(&mut self, kinds: &[PromiseKind], end: End, when: impl Into<Moment>) {
        let call = self.call;
        let Moment { at, known_at } = when.into();
        for told in self.told.iter_mut().filter(|t| kinds.contains(&t.kind)) {
            if told.is_open() {
                told.ends = Some((told.outcome(end, call, at), known_at));
            } else if told.was_missed && end == End::Came && at <= told.by && told.ends.is_none() {
                // The tap that kept it was made before the minute and arrived after it.
                told.ends = Some((Outcome::Kept, known_at));
            }
        }
    }

    /// The call does not stand any more, though it was made.
    fn call_ends(&mut self, at: Timestamp) {
        let call = self.call.take();
        for told in &mut self.told {
            told.was_called |= at > told.by && told.is_saved_by(call);
        }
    }

    fn come_to_next(&mut self, config: &ShopConfig, at: impl Into<Moment> + Copy) {
        (self.call, self.with) = (None, None);
        if self.plan.next().is_none() {
            self.end(&[PromiseKind::Ready, PromiseKind::Done], End::Came, at);
            if !self.plan.leaves_something(config) {
                self.end(&PromiseKind::ALL, End::Came, at);
            }
        }
    }

    fn read(&mut self, recorded: &Recorded, config: &ShopConfig) {
        let at = recorded.at;
        let when = Moment { at: recorded.happened_at(), known_at: at };
        match recorded.event {
            Event::Promised { kind, by, no, .. } => {
                assert_eq!(usize::from(no), self.told.len(), "promises are numbered");
                assert!(by > at, "nobody is told a time that is past");
                let tap = recorded.tap;
                let open = self.told.iter_mut().filter(|t| t.is_open() && t.kind == kind);
                for before in open.filter(|_| kind != PromiseKind::News) {
                    before.postponed |= by > before.by;
                }
                self.told.push(Told {
                    kind,
                    by,
                    tap,
                    was_called: false,
                    postponed: false,
                    ends: None,
                    ended: None,
                    was_missed: false,
                    scored: None,
                });
            }
            Event::Called { .. } => {
                self.call_ends(at);
                self.call = Some(at);
            }
            Event::ReturnedToLine { missing: true, .. } => self.call_ends(at),
            // The shop took its call back: as if it had not been made.
            Event::ReturnedToLine { missing: false, .. } | Event::HandOverAccepted { .. }
                if self.with.is_none() =>
            {
                self.call = None;
            }
            Event::Started { staff, .. } => {
                self.end(&[PromiseKind::Start, PromiseKind::CallBack], End::Came, when);
                self.with = Some(staff);
                self.plan.sit_down(staff, config);
            }
            Event::HandedOver { to, .. } => self.offered_to = Some(to),
            Event::HandOverAccepted { .. } => {
                let staff = self.offered_to.expect("was offered");
                self.with = Some(staff);
                self.plan.sit_down(staff, config);
            }
            Event::Finished { .. } if self.plan.next().is_none() => {
                self.end(&PromiseKind::ALL, End::Came, when);
            }
            Event::Finished { .. } | Event::Continued { .. } => {
                self.plan.stand_up();
                self.come_to_next(config, when);
            }
            Event::AddedOn { service, .. } => {
                let staff = self.with.expect("is being served");
                self.plan.add_on(service, staff, config);
            }
            Event::ServicesChanged { ref services, .. } => {
                let before = self.plan.promises(config);
                self.plan = Plan::of(services.iter().copied(), config);
                self.end(&[before], End::OwnWish, at);
            }
            Event::Left { .. } => self.end(&PromiseKind::ALL, End::Left, at),
            Event::MarkedNoShow { .. } => self.end(&PromiseKind::ALL, End::NoShow, at),
            Event::Lapsed { .. } => self.lapse(config, at),
            Event::Passed { .. } | Event::SaidLate { .. } => {
                self.end(&[PromiseKind::Start], End::OwnWish, at);
            }
            // Who comes after the time of their appointment gets a new one.
            Event::CheckedIn { .. }
                if self.is_booked && self.told.iter().any(|t| t.is_open() && at > t.by) =>
            {
                self.end(&[PromiseKind::Start], End::OwnWish, at);
            }
            Event::Rebooked { .. } => {
                self.is_booked = true;
                self.end(&PromiseKind::ALL, End::OwnWish, at);
            }
            Event::NewsGiven { .. } => self.end(&[PromiseKind::News], End::Came, at),
            _ => {}
        }
    }

    /// The day ended, and nobody had said how the visit did.
    fn lapse(&mut self, config: &ShopConfig, at: Timestamp) {
        match (self.with, self.call) {
            (Some(_), _) if self.plan.next() == Some(StepKind::Bench) => {
                self.plan.leave_off();
                (self.call, self.with) = (None, None);
            }
            (Some(_), _) => {
                self.plan.stand_up();
                self.come_to_next(config, at);
            }
            (None, Some(_)) => self.end(&PromiseKind::ALL, End::NoShow, at),
            (None, None) => self.end(&PromiseKind::ALL, End::Left, at),
        }
    }

    /// As before a tap, but for what is certain: what was scored stays scored, what was told stays
    /// told.
    fn go_back(&mut self, before: Self) {
        let told = std::mem::take(&mut self.told);
        *self = before;
        for (no, now) in told.into_iter().enumerate() {
            match self.told.get_mut(no) {
                Some(then) if now.scored.is_some() && then.scored.is_none() => *then = now,
                Some(_) => {}
                None => self.told.push(now),
            }
        }
    }
}

/// A log, read once.
#[derive(Default)]
struct Ledger {
    accounts: BTreeMap<VisitId, Account>,
    /// What each tap touched, as it was before.
    before: BTreeMap<(u64, VisitId), Account>,
}

impl Ledger {
    fn read(&mut self, recorded: &Recorded, config: &ShopConfig) {
        let &Recorded { seq, at, tap, ref event, .. } = recorded;
        for account in self.accounts.values_mut() {
            account.time_passes(at);
        }
        match *event {
            Event::Scored { visit, no, outcome } => return self.score(visit, no, outcome, tap),
            Event::Undone { tap } => return self.undo(tap),
            _ => {}
        }
        if tap == seq {
            self.check_scored();
        }
        let Some(visit) = event.visit() else { return };
        let services = match event {
            Event::Joined { service, more, .. } | Event::Booked { service, more, .. } => {
                Some(std::iter::once(*service).chain(more.iter().copied()))
            }
            _ => None,
        };
        if let Some(services) = services {
            let plan = Plan::of(services, config);
            let is_booked = matches!(event, Event::Booked { .. });
            let account = Account { plan, came: tap, is_booked, ..Account::default() };
            assert!(self.accounts.insert(visit, account).is_none(), "{visit} came twice");
            return;
        }
        let account = self.accounts.get_mut(&visit).expect("only who came is in the log");
        if tap != 0 {
            self.before.entry((tap, visit)).or_insert_with(|| account.clone());
        }
        account.read(recorded, config);
    }

    fn score(&mut self, visit: VisitId, no: u16, outcome: Outcome, tap: u64) {
        let account = self.accounts.get_mut(&visit).expect("only who came is in the log");
        let told = &mut account.told[usize::from(no)];
        let is_mended = told.scored == Some(Outcome::Broken) && outcome == Outcome::Kept;
        assert!(told.scored.is_none() || is_mended, "a promise was scored twice");
        told.scored = Some(outcome);
        // Only what is taken back ends by a tap and at once.
        if tap != 0 && told.ended.is_none() {
            assert_eq!(outcome, Outcome::Void, "{visit} was scored within the minute");
            told.ended = Some(outcome);
        }
        assert_eq!(told.ended, told.scored, "{visit}, promise {no}");
    }

    /// What a tap told is void, and so is what was told meanwhile in the place of what it ended.
    fn undo(&mut self, tap: u64) {
        let is_touched = |&&(number, _): &&(u64, VisitId)| number == tap;
        let touched: Vec<_> = self.before.keys().filter(is_touched).copied().collect();
        for key in touched {
            let before = self.before.remove(&key).expect("was just found");
            self.accounts.entry(key.1).or_default().go_back(before);
        }
        for (visit, account) in &mut self.accounts {
            if account.came == tap {
                (account.call, account.with) = (None, None);
            }
            for told in account.told.iter().filter(|t| t.tap == tap || account.came == tap) {
                assert!(told.ended.is_some(), "{visit} was told what was taken back: {told:?}");
            }
            for kind in PromiseKind::ALL {
                let open = account.told.iter().filter(|t| t.is_open() && t.kind == kind);
                // An earlier time may stand beside the one it was told instead of, and so may a later
                // one.
                let open: Vec<_> = open.collect();
                let is_moved = |pair: &[&Told]| pair[1].by <= pair[0].by || pair[0].postponed;
                assert!(open.windows(2).all(is_moved), "{visit} has two times");
            }
        }
    }

    /// What has ended was scored before anything else happened.
    fn check_scored(&self) {
        for (visit, account) in &self.accounts {
            for told in &account.told {
                assert_eq!(told.scored, told.ended, "{visit}: {told:?}");
            }
        }
    }
}

/// Checks that at `now` every promise of the log has the score it should have, that it was
/// scored once, and before anything else happened after its minute.
pub(crate) fn check(log: &[Recorded], now: Timestamp) {
    let Some(Event::Configured(config)) = log.first().map(|r| &r.event) else {
        panic!("a log begins with the set-up");
    };
    let mut ledger = Ledger::default();
    for (index, recorded) in log.iter().enumerate() {
        assert_eq!(recorded.seq, index as u64 + 1);
        ledger.read(recorded, config);
    }
    for account in ledger.accounts.values_mut() {
        account.time_passes(now);
    }
    ledger.check_scored();
}
