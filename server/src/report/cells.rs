//! Where starts were kept more and less often.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::Serialize;
use sooner_engine::ShopConfig;
use sooner_engine::calendar::local_minute;
use sooner_shared::StaffId;
use sooner_shared::view::PromiseKind;

use super::interval::{ByDay, Share};
use super::kind::{count_in, is_scored};
use super::story::{Story, Told};

/// Below so many promises a share says little of what it is about, and much of single people.
pub(super) const CELL_FROM: u32 = 30;

/// From so many ahead on they are taken together.
const AHEAD_MAX: u32 = 6;

/// First promises of a start that were kept or broken, by four things.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Starts {
    /// By the service; of several, the first.
    pub by_service: Cells,
    /// By who started it; for the owner alone. Who was never started is nobody's.
    pub by_person: Cells,
    /// By the local hour of joining; of an appointment, the hour it was for.
    pub by_hour: Cells,
    /// By the number ahead in line when it was promised. An appointment had no line.
    pub by_ahead: Cells,
}

/// Promises by one thing.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Cells {
    /// Those with 30 promises or more, in order.
    pub cells: Vec<Cell>,
    /// How many had fewer and were left out.
    pub left_out: u32,
    /// How many promises these had.
    pub left_out_promises: u32,
    /// Promises that belong nowhere.
    pub nowhere: u32,
}

/// The promises of one service, person, hour or place in line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    /// The number of the service or the person, the hour (0 to 23), the number ahead (6: or more).
    pub key: u32,
    /// As people read it.
    pub label: String,
    /// How many, and the share kept.
    #[serde(flatten)]
    pub share: Share,
}

impl Starts {
    /// `stories` are those whose first promise of a start counts.
    pub(super) fn new(
        stories: &[&Story],
        config: &ShopConfig,
        names: &BTreeMap<StaffId, String>,
        zone: Tz,
    ) -> Self {
        let cells = |key: &dyn Fn(&Story, &Told) -> Option<u32>,
                     label: &dyn Fn(u32) -> Option<String>| {
            Cells::new(stories, zone, key, label)
        };
        let person = |key: u32| {
            let of_key = |one: &&sooner_engine::Staff| u32::from(one.id.0) == key;
            let known = config.staff.iter().find(of_key);
            let place = || known.map(|one| one.place.clone());
            names.get(&StaffId(key as u16)).cloned().or_else(place)
        };
        let service = |key: u32| {
            let known = config.services.iter().find(|one| u32::from(one.id.0) == key);
            known.map(|one| one.name.clone())
        };
        Self {
            by_service: cells(&|_, told| told.service.map(|id| u32::from(id.0)), &service),
            by_person: cells(&|story, _| story.started_by().map(|id| u32::from(id.0)), &person),
            by_hour: cells(
                &|story, _| Some(u32::from(local_minute(zone, story.joined_at?) / 60)),
                &|hour| Some(format!("{hour:02}:00")),
            ),
            by_ahead: cells(
                &|story, told| (!story.is_booked).then(|| told.grounds.ahead.min(AHEAD_MAX)),
                &|ahead| Some(format!("{ahead}{}", if ahead == AHEAD_MAX { "+" } else { "" })),
            ),
        }
    }
}

impl Cells {
    fn new(
        stories: &[&Story],
        zone: Tz,
        key: &dyn Fn(&Story, &Told) -> Option<u32>,
        label: &dyn Fn(u32) -> Option<String>,
    ) -> Self {
        let mut by_key: BTreeMap<u32, ByDay> = BTreeMap::new();
        let mut cells = Self::default();
        for story in stories {
            let told = story.first(PromiseKind::Start).filter(|told| is_scored(told));
            let Some(told) = told else { continue };
            match key(story, told) {
                Some(key) => count_in(by_key.entry(key).or_default(), told, zone),
                None => cells.nowhere += 1,
            }
        }
        for (key, by_day) in by_key {
            let share = by_day.share();
            if share.count < CELL_FROM {
                cells.left_out += 1;
                cells.left_out_promises += share.count;
            } else {
                // What is in the log and no longer in the set-up still has its number.
                let label = label(key).unwrap_or_else(|| format!("no. {key}"));
                cells.cells.push(Cell { key, label, share });
            }
        }
        cells
    }
}
