//! What was done about promises in danger, and about broken ones.

use std::collections::BTreeSet;

use sooner_engine::{Event, Recorded};
use sooner_shared::VisitId;
use sooner_shared::report::{Amends, Paid};
use sooner_shared::view::Outcome;

use super::story::{Story, Told};

/// So many of the changes that others paid for are listed.
const PAID_MAX: usize = 50;

/// Reads the events that count.
pub(super) fn amends<'a>(
    events: &[&'a Recorded],
    story: impl Fn(VisitId) -> Option<&'a Story>,
) -> Amends {
    let mut amends = Amends::default();
    let mut moved_by_others = BTreeSet::new();
    let rights: BTreeSet<_> = events.iter().filter_map(|one| right(one)).collect();
    let is_broken =
        |told: Option<&Told>| told.is_some_and(|told| told.outcome == Some(Outcome::Broken));
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
            Event::PriceAccepted { visit, moves, .. } => {
                amends.prices_accepted += 1;
                let first = |visit: &VisitId| story(*visit).and_then(|s| s.told.first());
                amends.paid.push(Paid {
                    at: recorded.at,
                    code: visit.map(VisitId::code),
                    is_right: visit.is_some_and(|visit| rights.contains(&(recorded.tap, visit))),
                    moved: moves.iter().map(|visit| visit.code()).collect(),
                    broken: moves.iter().filter(|visit| is_broken(first(visit))).count() as u32,
                });
                moved_by_others.extend(moves.iter().copied());
            }
            Event::ToldInPerson { .. } => amends.told_in_person += 1,
            Event::MadeGood { .. } => amends.made_good += 1,
            Event::LeftToOwner { visit } => amends.left_to_owner.push(visit.code()),
            _ => {}
        }
    }
    let first = |visit: &VisitId| story(*visit).and_then(|s| s.told.first());
    amends.moved_visits = moved_by_others.len() as u32;
    amends.moved_broken =
        moved_by_others.iter().filter(|visit| is_broken(first(visit))).count() as u32;
    amends.paid.reverse();
    amends.paid.truncate(PAID_MAX);
    amends
}

/// Who was given the right to go first, by which tap.
const fn right(recorded: &Recorded) -> Option<(u64, VisitId)> {
    match recorded.event {
        Event::LetFirst { visit } => Some((recorded.tap, visit)),
        _ => None,
    }
}
