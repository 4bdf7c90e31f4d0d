//! Everything that is held on one visit, for the person whose it is.
//!
//! Of others there is nothing in it: who serves stands in events by their number, as there, and the
//! numbers of other visits are left out.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;
use sooner_engine::{Event, Recorded, Shop};
use sooner_shared::view::{Outcome, PromiseKind};
use sooner_shared::{Maker, ServiceId, ShopId, Timestamp, VisitId};

use crate::report::story;
use crate::store::{Kept, PersonKey, Store, StoreError};

/// Everything that is held on one visit: the answer to `GET /api/visits/{link}/data`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PersonalData {
    /// The shop's short name.
    pub shop: ShopId,
    /// The name over its door.
    pub shop_name: String,
    /// Which visit.
    pub visit: VisitId,
    /// What it is called where no name is shown.
    pub code: String,
    /// When this was put together.
    pub at: Timestamp,
    /// In English, what has become of the words.
    pub note: &'static str,
    /// How they want to be called.
    pub name: Option<WordsHeld>,
    /// How the shop reaches them.
    pub contact: Option<WordsHeld>,
    /// What they asked.
    pub question: Option<WordsHeld>,
    /// What they were answered.
    pub answer: Option<WordsHeld>,
    /// The names of the services they came for, in order.
    pub services: Vec<String>,
    /// What they were told, in order.
    pub promises: Vec<PromiseHeld>,
    /// Everything in the shop's log that concerns them, in order.
    pub events: Vec<EventHeld>,
}

/// Words that are kept for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WordsHeld {
    /// The words.
    pub text: String,
    /// When they are erased.
    pub erase_at: Option<Timestamp>,
}

/// A time that was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PromiseHeld {
    /// Its number among those of the visit, from 0.
    pub no: u16,
    /// What it was for.
    pub kind: PromiseKind,
    /// The time.
    pub by: Timestamp,
    /// When it was told.
    pub told_at: Timestamp,
    /// How it ended; `None` while it has not.
    pub outcome: Option<Outcome>,
}

/// An event of the log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventHeld {
    /// Its number in the log.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who made it happen: staff and screens by their number.
    pub by: Maker,
    /// What happened, as it is written there, without what is about others.
    pub event: Value,
}

const WORDS_KEPT: &str = "Name, contact, question and answer are erased at the times given.";
const NO_WORDS: &str = "No name, contact, question or answer of this visit is kept: they are erased, \
                        or there were none. The events of the log hold no words of anybody.";

/// Puts together what is held on a visit; `None` when there never was one of that number.
pub(super) async fn gather(
    store: &Store,
    id: &ShopId,
    shop: &Shop,
    visit: VisitId,
    now: Timestamp,
) -> Result<Option<PersonalData>, StoreError> {
    let mut words = store.words_of(id, visit).await?;
    // What is due is erased within the hour, and is not told any more.
    words.retain(|_, kept| !kept.is_due(now));
    let events = concerning(&store.events_of(id, visit).await?, visit);
    if events.is_empty() {
        return Ok(None);
    }
    let mut held =
        |key| words.remove(&key).map(|Kept { text, erase_at, .. }| WordsHeld { text, erase_at });
    let mut data = PersonalData {
        shop: id.clone(),
        shop_name: shop.config.name.clone(),
        visit,
        code: visit.code(),
        at: now,
        note: NO_WORDS,
        name: held(PersonKey::Visit(visit)),
        contact: held(PersonKey::Contact(visit)),
        question: held(PersonKey::Question(visit)),
        answer: held(PersonKey::Answer(visit)),
        services: services(shop, &events),
        promises: promises(&events, visit),
        events: events.iter().map(|recorded| without_others(recorded, visit)).collect(),
    };
    let words = [&data.name, &data.contact, &data.question, &data.answer];
    if words.iter().any(|words| words.is_some()) {
        data.note = WORDS_KEPT;
    }
    Ok(Some(data))
}

/// The events that are about a visit, name it, or take back what did.
fn concerning(events: &[Recorded], visit: VisitId) -> Vec<Recorded> {
    let mut taps = BTreeSet::new();
    let mut own = Vec::new();
    for recorded in events {
        let concerns = match &recorded.event {
            Event::Undone { tap } => taps.contains(tap),
            Event::PriceAccepted { visit: about, moves, .. } => {
                *about == Some(visit) || moves.contains(&visit)
            }
            Event::RemedyTaken { visit: about, saves } => {
                *about == Some(visit) || saves.iter().any(|(saved, _)| *saved == visit)
            }
            event => event.visit() == Some(visit),
        };
        if concerns {
            // What time alone did is not taken back.
            taps.extend(Some(recorded.tap).filter(|tap| *tap != 0));
            own.push(recorded.clone());
        }
    }
    own
}

/// The event as it stands in the log, without what it says of other visits.
fn without_others(recorded: &Recorded, visit: VisitId) -> EventHeld {
    let mut event = recorded.event.clone();
    match &mut event {
        Event::PriceAccepted { visit: about, moves, .. } => {
            *about = about.filter(|about| *about == visit);
            moves.retain(|moved| *moved == visit);
        }
        Event::RemedyTaken { visit: about, saves } => {
            *about = about.filter(|about| *about == visit);
            saves.retain(|(saved, _)| *saved == visit);
        }
        _ => {}
    }
    let mut event = serde_json::to_value(event).expect("events have string keys");
    // `{"joined": {…}}`: with whom somebody came, and before whom they were put.
    let fields = event.as_object_mut().and_then(|kinds| kinds.values_mut().next());
    if let Some(fields) = fields.and_then(Value::as_object_mut) {
        fields.remove("before");
        if fields.contains_key("group") {
            fields.insert("group".to_owned(), Value::Bool(true));
        }
    }
    EventHeld { seq: recorded.seq, at: recorded.at, by: recorded.by, event }
}

/// What they came for, as the shop calls it now; a service that it has no more by its number.
fn services(shop: &Shop, events: &[Recorded]) -> Vec<String> {
    let undone: BTreeSet<_> = events
        .iter()
        .filter_map(|recorded| match recorded.event {
            Event::Undone { tap } => Some(tap),
            _ => None,
        })
        .collect();
    let mut wanted: Vec<ServiceId> = Vec::new();
    for recorded in events {
        let stands = recorded.tap == 0 || !undone.contains(&recorded.tap);
        match &recorded.event {
            // Also who joined by mistake came for something.
            Event::Joined { service, more, .. } | Event::Booked { service, more, .. } => {
                wanted = std::iter::once(*service).chain(more.iter().copied()).collect();
            }
            Event::ServicesChanged { services, .. } if stands => wanted.clone_from(services),
            Event::AddedOn { service, .. } if stands => wanted.push(*service),
            _ => {}
        }
    }
    let named = |id: ServiceId| {
        shop.config.service(id).map_or_else(|| format!("service {id}"), |s| s.name.clone())
    };
    wanted.into_iter().map(named).collect()
}

fn promises(events: &[Recorded], visit: VisitId) -> Vec<PromiseHeld> {
    let stories: BTreeMap<_, _> = story::tell(events);
    let told = stories.get(&visit).map(|story| &story.told[..]).unwrap_or_default();
    let held = |told: &story::Told| PromiseHeld {
        no: told.no,
        kind: told.kind,
        by: told.by,
        told_at: told.at,
        outcome: told.outcome,
    };
    told.iter().map(held).collect()
}
