//! What each person was told and how it ended, from both sides: as their phone saw it, and as the
//! log has it. The two must be the same.

use std::collections::BTreeMap;

use sooner_engine::{Event, Recorded};
use sooner_shared::view::{Outcome, Stage, VisitView};
use sooner_shared::{Timestamp, VisitId};

/// One visit, over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) visit: VisitId,
    pub(super) stage: Stage,
    pub(super) joined_at: Timestamp,
    pub(super) started_at: Option<Timestamp>,
    pub(super) ended_at: Option<Timestamp>,
    /// The first promise.
    pub(super) by: Option<Timestamp>,
    /// Whether it came after joining.
    pub(super) is_late: bool,
    pub(super) outcome: Option<Outcome>,
}

impl Told {
    /// As the phone shows it in the end; `by_at_joining` is what the answer to joining said.
    pub(super) fn from_phone(view: &VisitView, by_at_joining: Option<Timestamp>) -> Self {
        Self {
            visit: view.visit,
            stage: view.stage,
            joined_at: view.joined_at,
            started_at: view.started_at,
            ended_at: view.ended_at,
            by: by_at_joining.or(view.by),
            is_late: by_at_joining.is_none() && view.by.is_some(),
            outcome: view.outcome,
        }
    }

    /// Everybody of a log, in the order of joining.
    pub(super) fn from_log(log: &[Recorded]) -> Vec<Self> {
        let mut visits: BTreeMap<VisitId, (u64, Self)> = BTreeMap::new();
        for recorded in log {
            let &Recorded { seq, ref event, .. } = recorded;
            let at = recorded.happened_at();
            let mut change = |visit: VisitId, change: &dyn Fn(&mut Self)| {
                if let Some((_, told)) = visits.get_mut(&visit) {
                    change(told);
                }
            };
            let mut end = |visit, stage| {
                change(visit, &|told| {
                    told.stage = stage;
                    told.ended_at = Some(at);
                });
            };
            match *event {
                Event::Joined { visit, .. } => {
                    let told = Self {
                        visit,
                        stage: Stage::Waiting,
                        joined_at: at,
                        started_at: None,
                        ended_at: None,
                        by: None,
                        is_late: false,
                        outcome: None,
                    };
                    visits.insert(visit, (seq, told));
                }
                Event::Promised { visit, no: 0, by, .. } => {
                    if let Some((joined_seq, told)) = visits.get_mut(&visit)
                        && told.by.is_none()
                    {
                        told.by = Some(by);
                        // A promise made in answer to joining stands right behind it.
                        told.is_late = seq != *joined_seq + 1;
                    }
                }
                Event::Started { visit, .. } => change(visit, &|told| {
                    told.stage = Stage::Serving;
                    told.started_at = Some(at);
                }),
                Event::Finished { visit, .. } => end(visit, Stage::Done),
                Event::Left { visit } => end(visit, Stage::Left),
                Event::MarkedNoShow { visit } => end(visit, Stage::NoShow),
                Event::Scored { visit, no: 0, outcome } => {
                    change(visit, &|told| told.outcome = Some(outcome));
                }
                _ => {}
            }
        }
        visits.into_values().map(|(_, told)| told).collect()
    }
}
