//! The promises of a log, scored a second time from PRODUCT.md's table alone: by what had happened
//! when the minute came, without the engine's state.

use std::collections::BTreeMap;

use sooner_engine::{Event, Recorded};
use sooner_shared::view::Outcome;
use sooner_shared::{Timestamp, VisitId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Started,
    Left,
    NoShow,
}

/// What a log says of one visit.
#[derive(Debug, Default)]
struct Account {
    by: Option<Timestamp>,
    /// From each call that stood: when it was made, and when it was taken back.
    calls: Vec<(Timestamp, Option<Timestamp>)>,
    end: Option<(Timestamp, End)>,
    scored: Option<Outcome>,
}

impl Account {
    fn read(&mut self, at: Timestamp, event: &Event) {
        match event {
            Event::Promised { by, .. } => {
                assert_eq!(self.by, None, "a promise was edited");
                self.by = Some(*by);
            }
            Event::Called { .. } => {
                self.end_call(at);
                self.calls.push((at, None));
            }
            Event::ReturnedToLine { missing: true, .. } => self.end_call(at),
            // The shop took its call back: as if it had not been made.
            Event::ReturnedToLine { missing: false, .. } => {
                self.calls.pop();
            }
            Event::Started { .. } => self.end = Some((at, End::Started)),
            Event::Left { .. } => self.end = Some((at, End::Left)),
            Event::MarkedNoShow { .. } => self.end = Some((at, End::NoShow)),
            Event::Scored { outcome, .. } => {
                assert_eq!(self.scored, None, "a promise was scored twice");
                self.scored = Some(*outcome);
            }
            _ => {}
        }
    }

    fn end_call(&mut self, at: Timestamp) {
        if let Some((_, until @ None)) = self.calls.last_mut() {
            *until = Some(at);
        }
    }

    /// The score at `now` by the table.
    fn due(&self, now: Timestamp) -> Option<Outcome> {
        let by = self.by?;
        let ended = |how| self.end.is_some_and(|(at, end)| at <= by && end == how);
        if ended(End::Started) {
            return Some(Outcome::Kept);
        }
        if ended(End::Left) {
            return Some(Outcome::LeftBefore);
        }
        if now <= by {
            return None;
        }
        let called_in_time = self
            .calls
            .iter()
            .any(|&(from, until)| from <= by && until.is_none_or(|until| until > by));
        if !called_in_time {
            return Some(Outcome::Broken);
        }
        self.end.map(|(_, end)| match end {
            End::Started => Outcome::Kept,
            End::Left | End::NoShow => Outcome::Void,
        })
    }
}

/// Checks that at `now` every promise of the log has the score it should have, that it was
/// scored once, and before anything else happened after its minute.
pub(crate) fn check(log: &[Recorded], now: Timestamp) {
    let mut accounts: BTreeMap<VisitId, Account> = BTreeMap::new();
    for (index, recorded) in log.iter().enumerate() {
        assert_eq!(recorded.seq, index as u64 + 1);
        let Some(visit) = visit_of(&recorded.event) else {
            continue;
        };
        let account = accounts.entry(visit).or_default();
        account.read(recorded.at, &recorded.event);
        if let (Event::Scored { outcome, .. }, Some(by)) = (&recorded.event, account.by)
            && account.end.is_none()
        {
            assert_eq!(*outcome, Outcome::Broken, "only time passed");
            let taken_back = Event::ReturnedToLine { visit, missing: false };
            if log[index - 1].event == taken_back {
                continue;
            }
            let between = log[..index].iter().rev().take_while(|r| r.at > by);
            assert!(
                between.into_iter().all(|r| matches!(r.event, Event::Scored { .. })),
                "{visit} was broken before, and not scored"
            );
        }
    }
    for (visit, account) in accounts {
        assert_eq!(account.scored, account.due(now), "{visit}: {account:?}");
    }
}

const fn visit_of(event: &Event) -> Option<VisitId> {
    match event {
        Event::Joined { visit, .. }
        | Event::Promised { visit, .. }
        | Event::Called { visit, .. }
        | Event::ReturnedToLine { visit, .. }
        | Event::Started { visit, .. }
        | Event::Finished { visit }
        | Event::MarkedNoShow { visit }
        | Event::Left { visit }
        | Event::CheckedIn { visit }
        | Event::Scored { visit, .. } => Some(*visit),
        Event::Configured(_) | Event::WentOnDuty { .. } | Event::WentOffDuty { .. } => None,
    }
}
