//! The people who serve, out of a file.

use std::collections::{BTreeMap, BTreeSet};

use sooner_engine::Staff;
use sooner_engine::config::STAFF_MAX;
use sooner_shared::command::NAME_MAX_CHARS;
use sooner_shared::{ServiceId, StaffId};

use super::TEXT_MAX_CHARS;
use super::fault::{FaultCode, Finder};
use super::hours;
use super::services::{Names, Services};
use super::table::Fields;

/// The people of a shop, their names apart, and where each begins in the file.
#[derive(Default)]
pub(super) struct People {
    pub(super) list: Vec<Staff>,
    pub(super) names: Vec<(StaffId, String)>,
    pub(super) at: BTreeMap<StaffId, usize>,
}

impl People {
    /// Reads `[[staff]]`.
    pub(super) fn read(
        finder: &mut Finder<'_>,
        shop: &mut Fields<'_>,
        services: &Services<'_>,
    ) -> Self {
        let mut people = Self::default();
        let tables =
            shop.tables(finder, "staff", "a person", (STAFF_MAX, "a shop has 64 people at most"));
        if tables.is_empty() && !shop.has_any(&["staff"]) {
            let message =
                "the shop needs somebody who serves: [[staff]] with id, name, place, does";
            finder.fault(shop.at, FaultCode::Missing, message);
        }
        for mut fields in tables {
            people.read_one(finder, &mut fields, services);
            fields.finish(finder);
        }
        people
    }

    fn read_one(
        &mut self,
        finder: &mut Finder<'_>,
        fields: &mut Fields<'_>,
        services: &Services<'_>,
    ) {
        let id = fields.id(finder);
        let name = fields.text(finder, "name", "\"Maria\"", NAME_MAX_CHARS);
        let place = fields.text(finder, "place", "\"chair 1\"", TEXT_MAX_CHARS);
        let names = Names {
            what: "service",
            code: FaultCode::UnknownService,
            list: services.list.iter().map(|s| (s.id.0, s.name.as_str())).collect(),
        };
        let does = fields.list(finder, "does");
        if does.is_empty() && !fields.has_any(&["does"]) {
            let message = "say what this person does, for example: does = [\"Haircut\"]";
            finder.fault(fields.at, FaultCode::Missing, message);
        }
        let does = names.find_all(finder, "does", does);
        let does: BTreeSet<_> = does.into_iter().map(|id| ServiceId(id.value)).collect();
        let without = "leave it out for somebody who works whenever the shop is open";
        let shifts = hours::hours(finder, fields, "shifts", without);
        let breaks = hours::breaks(finder, fields, "breaks");
        let staff = StaffId(id.map_or(0, |id| id.value));
        if let Some(id) = id
            && self.at.insert(staff, fields.at).is_some()
        {
            let message = format!("another person has the id {} already", id.value);
            finder.fault(id.at, FaultCode::Twice, message);
        }
        self.names.push((staff, name.map(|name| name.value).unwrap_or_default()));
        self.list.push(Staff {
            id: staff,
            place: place.map(|place| place.value).unwrap_or_default(),
            services: does,
            shifts,
            breaks,
        });
    }
}
