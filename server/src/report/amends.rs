//! What was done about promises in danger, and about broken ones.

use std::fmt;

use serde::Serialize;
use sooner_engine::{Event, Recorded};
use sooner_shared::VisitId;
use sooner_shared::view::Outcome;

use super::story::Story;

/// The figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Amends {
    /// Changes that were made to keep promises.
    pub remedies: u32,
    /// Promises they were for that were kept or broken since.
    pub saved_of: u32,
    /// Of these, kept.
    pub saved: u32,
    /// Changes that were made although they moved promised times of others.
    pub prices_accepted: u32,
    /// Later times that somebody said in person.
    pub told_in_person: u32,
    /// Broken promises that were made good.
    pub made_good: u32,
    /// Those that nobody had made good by the end of the day: whose, by their codes.
    pub left_to_owner: Vec<String>,
}

impl Amends {
    /// Reads the events that count.
    pub(super) fn of<'a>(
        events: impl Iterator<Item = &'a Recorded>,
        story: impl Fn(VisitId) -> Option<&'a Story>,
    ) -> Self {
        let mut amends = Self::default();
        for recorded in events {
            match &recorded.event {
                Event::RemedyTaken { saves, .. } => {
                    amends.remedies += 1;
                    for &(visit, no) in saves {
                        let told = story(visit).and_then(|s| s.told.iter().find(|t| t.no == no));
                        let outcome = told.and_then(|told| told.outcome);
                        let counts = matches!(outcome, Some(Outcome::Kept | Outcome::Broken));
                        amends.saved_of += u32::from(counts);
                        amends.saved += u32::from(outcome == Some(Outcome::Kept));
                    }
                }
                Event::PriceAccepted { .. } => amends.prices_accepted += 1,
                Event::ToldInPerson { .. } => amends.told_in_person += 1,
                Event::MadeGood { .. } => amends.made_good += 1,
                Event::LeftToOwner { visit } => amends.left_to_owner.push(visit.code()),
                _ => {}
            }
        }
        amends
    }
}

impl fmt::Display for Amends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::default() {
            return Ok(());
        }
        let Self { remedies, saved_of, saved, prices_accepted, told_in_person, made_good, .. } =
            self;
        writeln!(f, "\nremedies taken {remedies}: {saved} of {saved_of} promises kept")?;
        writeln!(f, "times moved for others, decided by somebody: {prices_accepted}")?;
        writeln!(f, "later times said in person: {told_in_person}; made good: {made_good}")?;
        if !self.left_to_owner.is_empty() {
            writeln!(f, "left to the owner: {}", self.left_to_owner.join(", "))?;
        }
        Ok(())
    }
}
