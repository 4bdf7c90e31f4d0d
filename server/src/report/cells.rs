//! Where starts were kept more and less often.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use sooner_engine::ShopConfig;
use sooner_engine::calendar::local_minute;
use sooner_shared::report::{CELL_FROM, Cell, Cells, Starts};
use sooner_shared::view::PromiseKind;
use sooner_shared::{ServiceId, StaffId};

use super::interval::ByDay;
use super::kind::{count_in, is_scored};
use super::story::{Story, Told};
use super::{Names, day_of};

/// From so many ahead on they are taken together.
const AHEAD_MAX: u32 = 6;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Where starts were kept. `stories` are those whose first promise of a start counts; without
/// `names`, persons are left out.
pub(super) fn starts(
    stories: &[&Story],
    config: &ShopConfig,
    names: Option<&Names>,
    zone: Tz,
) -> Starts {
    let cells = |key: &dyn Fn(&Story, &Told) -> Option<u32>,
                 label: &dyn Fn(u32) -> Option<String>| {
        cells_by(stories, zone, key, label)
    };
    let by_person = names.map(|names| {
        let person = |key: u32| name_of(StaffId(key as u16), config, names);
        cells(&|story, _| story.started_by().map(|id| u32::from(id.0)), &person)
    });
    let hour = |at| u32::from(local_minute(zone, at) / 60);
    let service = |key: u32| config.service(ServiceId(key as u16)).map(|one| one.name.clone());
    Starts {
        by_service: cells(&|_, told| told.service.map(|id| u32::from(id.0)), &service),
        by_person,
        by_hour: cells(&|story, _| Some(hour(story.joined_at?)), &|hour| {
            Some(format!("{hour:02}:00"))
        }),
        by_weekday_hour: cells(
            &|story, _| {
                let at = story.joined_at?;
                Some(24 * u32::from(day_of(zone, at).weekday()) + hour(at))
            },
            &|key| Some(format!("{} {:02}:00", WEEKDAYS[(key / 24) as usize % 7], key % 24)),
        ),
        by_ahead: cells(
            &|story, told| (!story.is_booked).then(|| told.grounds.ahead.min(AHEAD_MAX)),
            &|ahead| Some(format!("{ahead}{}", if ahead == AHEAD_MAX { "+" } else { "" })),
        ),
    }
}

/// What somebody who serves is called: by name, or by their place.
pub(super) fn name_of(staff: StaffId, config: &ShopConfig, names: &Names) -> Option<String> {
    let place = || config.person(staff).map(|one| one.place.clone());
    names.get(&staff).cloned().or_else(place)
}

fn cells_by(
    stories: &[&Story],
    zone: Tz,
    key: &dyn Fn(&Story, &Told) -> Option<u32>,
    label: &dyn Fn(u32) -> Option<String>,
) -> Cells {
    let mut by_key: BTreeMap<u32, ByDay> = BTreeMap::new();
    let mut cells = Cells::default();
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
