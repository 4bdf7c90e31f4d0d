//! What was done for promises of a start in danger, and what came of it, read from a log.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use sooner_engine::{Event, Recorded};
use sooner_shared::view::{Outcome, PromiseKind};
use sooner_shared::{Timestamp, VisitId};

use crate::report::kind::LEAD_GOAL_MS;
use crate::report::story::{Story, Told};

/// The figures; of each visit the first promise of a start counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Care {
    /// First promises kept or broken.
    pub scored: u32,
    /// Of these, broken.
    pub broken: u32,
    /// Of the broken ones, those that were found to be at risk before.
    pub foreseen: u32,
    /// First promises found to be at risk.
    pub at_risk: u32,
    /// Of these, kept.
    pub at_risk_kept: u32,
    /// Told before the first one had passed that it cannot be kept: a later time, or that whom they
    /// asked for has gone.
    pub renegotiated: u32,
    /// Of these, told at least 15 minutes before it.
    pub in_time: u32,
    /// Of those renegotiated, kept all the same.
    pub false_alarms: u32,
    /// Of the broken ones, those that were told nothing before.
    pub unannounced: u32,
    /// Later times that were proposed, and those of them that went out.
    pub proposed: u32,
    /// Proposals that were dropped.
    pub dropped: u32,
    /// Remedies taken.
    pub remedies: u32,
    /// Promises that they should keep, and that have ended.
    pub saved_of: u32,
    /// Of these, kept.
    pub saved: u32,
    /// Told by a person.
    pub in_person: u32,
    /// Made good.
    pub made_good: u32,
    /// Asked to come earlier.
    pub invited: u32,
}

impl Care {
    /// Reads a log. Promises made before `from` are left out.
    pub(super) fn of(
        log: &[Recorded],
        stories: &BTreeMap<VisitId, Story>,
        from: Timestamp,
    ) -> Self {
        let mut care = Self::default();
        for story in stories.values() {
            let first = story.first(PromiseKind::Start);
            if let Some(first) = first.filter(|told| told.at >= from) {
                care.add(story, first);
            }
        }
        for recorded in log.iter().filter(|recorded| recorded.at >= from) {
            care.note(&recorded.event, stories);
        }
        care
    }

    fn add(&mut self, story: &Story, first: &Told) {
        let was_kept = match first.outcome {
            Some(Outcome::Kept) => true,
            Some(Outcome::Broken) => false,
            _ => return,
        };
        let was_at_risk = story.at_risk.iter().any(|&(no, at)| no == first.no && at <= first.by);
        let later = story
            .moves(PromiseKind::Start)
            .into_iter()
            .find(|step| step.ms() > 0 && step.to.by > first.by);
        self.scored += 1;
        self.broken += u32::from(!was_kept);
        self.foreseen += u32::from(!was_kept && was_at_risk);
        self.at_risk += u32::from(was_at_risk);
        self.at_risk_kept += u32::from(was_kept && was_at_risk);
        // That whom they asked for has gone is bad news too.
        let without_at = story.without_at.filter(|&at| at <= first.by);
        let told_at = later.map(|later| later.to.at).into_iter().chain(without_at).min();
        self.unannounced += u32::from(!was_kept && told_at.is_none());
        if let Some(told_at) = told_at {
            self.renegotiated += 1;
            self.in_time += u32::from(first.by - told_at >= LEAD_GOAL_MS);
            self.false_alarms += u32::from(was_kept);
        }
    }

    fn note(&mut self, event: &Event, stories: &BTreeMap<VisitId, Story>) {
        match event {
            Event::LaterProposed { .. } => self.proposed += 1,
            Event::ProposalDropped { .. } => self.dropped += 1,
            Event::ToldInPerson { .. } => self.in_person += 1,
            Event::MadeGood { .. } => self.made_good += 1,
            Event::Invited { .. } => self.invited += 1,
            Event::RemedyTaken { saves, .. } => {
                self.remedies += 1;
                for (visit, no) in saves {
                    let told = stories.get(visit).and_then(|s| s.told.iter().find(|t| t.no == *no));
                    match told.and_then(|told| told.outcome) {
                        Some(Outcome::Kept) => {
                            self.saved_of += 1;
                            self.saved += 1;
                        }
                        Some(Outcome::Broken) => self.saved_of += 1,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

impl fmt::Display for Care {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |part: u32, of: u32| {
            if of == 0 {
                "–".to_owned()
            } else {
                format!("{:.1} %", 100.0 * f64::from(part) / f64::from(of))
            }
        };
        let Self { scored, broken, foreseen, at_risk, at_risk_kept, .. } = *self;
        writeln!(f, "Starts in danger, of {scored} first promises kept or broken:")?;
        writeln!(
            f,
            "  at risk       {at_risk}, of which {} kept; {} of {broken} broken ones were foreseen",
            share(at_risk_kept, at_risk),
            share(foreseen, broken)
        )?;
        writeln!(
            f,
            "  renegotiated  {} ({}), {} at least 15 min ahead, false alarms {}; {} broke unannounced",
            self.renegotiated,
            share(self.renegotiated, scored),
            share(self.in_time, self.renegotiated),
            share(self.false_alarms, self.renegotiated),
            self.unannounced
        )?;
        writeln!(
            f,
            "  proposed      {}, of which {} dropped",
            self.proposed,
            share(self.dropped, self.proposed)
        )?;
        writeln!(
            f,
            "  remedies      {} taken; {} of the {} promises they were for kept",
            self.remedies,
            share(self.saved, self.saved_of),
            self.saved_of
        )?;
        writeln!(
            f,
            "  people        {} told in person, {} invited, {} made good",
            self.in_person, self.invited, self.made_good
        )
    }
}
