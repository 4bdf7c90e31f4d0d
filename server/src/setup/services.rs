//! Services and their steps, out of a file.

use std::collections::BTreeMap;

use sooner_engine::Service;
use sooner_engine::config::{SERVICES_MAX, STEPS_MAX, Step, StepKind};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::PromiseKind;
use sooner_shared::{ServiceId, StaffId};

use super::TEXT_MAX_CHARS;
use super::document::{Items, Value};
use super::fault::{FaultCode, Finder, repeated};
use super::people::People;
use super::table::{Bounds, Fields, Placed, UNITS, number_id, wrong_type};

/// What may be promised to who comes for a service, as a file says it.
pub(super) const PROMISES: [(&str, PromiseKind); 4] = [
    ("start", PromiseKind::Start),
    ("ready", PromiseKind::Ready),
    ("call_back", PromiseKind::CallBack),
    ("news", PromiseKind::News),
];

/// What a step may take, as a file says it.
pub(super) const STEPS: [(&str, StepKind); 5] = [
    ("chair", StepKind::Chair),
    ("bench", StepKind::Bench),
    ("time", StepKind::Time),
    ("approval", StepKind::Approval),
    ("part", StepKind::Part),
];

const SERVICES_SAID: (usize, &str) = (SERVICES_MAX, "a shop has 64 services at most");
const STEPS_SAID: (usize, &str) = (STEPS_MAX, "a service has 12 steps at most");
const SECOND_MS: i64 = 1_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
const SERVICE_TAKES: Bounds = Bounds { min: SECOND_MS, max: DAY_MS, said: "a second to a day" };
const STEP_TAKES: Bounds = Bounds { min: SECOND_MS, max: 60 * DAY_MS, said: "a second to 60 days" };

/// The services of a shop, and where each begins in the file.
#[derive(Default)]
pub(super) struct Services<'a> {
    pub(super) list: Vec<Service>,
    pub(super) at: BTreeMap<ServiceId, usize>,
    /// Who does which step, still to be looked up: people come after services in a file.
    by: Vec<By<'a>>,
}

struct By<'a> {
    service: ServiceId,
    step: usize,
    staff: Items<'a>,
}

impl<'a> Services<'a> {
    /// Reads `[[service]]`.
    pub(super) fn read(finder: &mut Finder<'_>, shop: &mut Fields<'a>) -> Self {
        let mut services = Self::default();
        let tables = shop.tables(finder, "service", "a service", SERVICES_SAID);
        if tables.is_empty() && !shop.has_any(&["service"]) {
            let message = "the shop needs a service: [[service]] with id, name and minutes";
            finder.fault(shop.at, FaultCode::Missing, message);
        }
        for mut fields in tables {
            services.read_one(finder, &mut fields);
            fields.finish(finder);
        }
        services
    }

    fn read_one(&mut self, finder: &mut Finder<'_>, fields: &mut Fields<'a>) {
        let id = fields.id(finder);
        let name = fields.text(finder, "name", "\"Haircut\"", TEXT_MAX_CHARS);
        let promise = fields.choice(finder, "promise", &PROMISES);
        let done_by = fields.flag(finder, "done_by");
        let takes = fields.duration(finder, &SERVICE_TAKES);
        let service = ServiceId(id.map_or(0, |id| id.value));
        let steps = self.read_steps(finder, fields, service);
        if takes.is_none() && steps.is_empty() && !fields.has_any(&UNITS.map(|(key, _)| key)) {
            let message = "say how long it takes, for example: minutes = 30";
            finder.fault(fields.at, FaultCode::Missing, message);
        }
        if let Some(id) = id
            && self.at.insert(service, fields.at).is_some()
        {
            let message = format!("another service has the id {} already", id.value);
            finder.fault(id.at, FaultCode::Twice, message);
        }
        self.list.push(Service {
            id: service,
            name: name.map(|name| name.value).unwrap_or_default(),
            nominal_ms: takes.map_or_else(|| nominal_ms(&steps), |takes| takes.value),
            promise: promise.unwrap_or_default(),
            steps,
            done_by,
            taught: None,
        });
    }

    fn read_steps(
        &mut self,
        finder: &mut Finder<'_>,
        fields: &mut Fields<'a>,
        service: ServiceId,
    ) -> Vec<Step> {
        let mut steps = Vec::new();
        let tables = fields.tables(finder, "step", "a step", STEPS_SAID);
        for (number, mut step) in tables.into_iter().enumerate() {
            let name = step.text(finder, "name", "\"Repair\"", TEXT_MAX_CHARS);
            let kind = step.choice(finder, "kind", &STEPS);
            let takes = step.duration(finder, &STEP_TAKES);
            if takes.is_none() && !step.has_any(&UNITS.map(|(key, _)| key)) {
                let message = "say how long the step takes, for example: minutes = 15";
                finder.fault(step.at, FaultCode::Missing, message);
            }
            let staff = step.list(finder, "by");
            if !staff.is_empty() {
                self.by.push(By { service, step: number, staff });
            }
            step.finish(finder);
            steps.push(Step {
                name: name.map(|name| name.value).unwrap_or_default(),
                kind: kind.unwrap_or(StepKind::Chair),
                nominal_ms: takes.map_or(MINUTE_MS, |takes| takes.value),
                by: Vec::new(),
            });
        }
        steps
    }

    /// Looks up who does which step, now that the people are known.
    pub(super) fn assign(&mut self, finder: &mut Finder<'_>, people: &People) {
        let names = Names {
            what: "person",
            code: FaultCode::UnknownStaff,
            list: people.names.iter().map(|(id, name)| (id.0, name.as_str())).collect(),
        };
        for By { service, step, staff } in std::mem::take(&mut self.by) {
            let found = names.find_all(finder, "by", staff);
            for Placed { at, value } in &found {
                let person = people.list.iter().find(|person| person.id.0 == *value);
                if person.is_some_and(|person| !person.services.contains(&service)) {
                    let message = "this person does not do the service: see `does`";
                    finder.fault(*at, FaultCode::UnknownStaff, message);
                }
            }
            let service = self.list.iter_mut().find(|s| s.id == service);
            if let Some(step) = service.and_then(|service| service.steps.get_mut(step)) {
                step.by = found.iter().map(|id| StaffId(id.value)).collect();
            }
        }
    }
}

/// How long a service with steps takes somebody's work, where its owner does not say it.
pub(super) fn nominal_ms(steps: &[Step]) -> i64 {
    let work = steps.iter().filter(|step| step.kind.waits_for().is_none());
    work.map(|step| step.nominal_ms).sum::<i64>().clamp(SECOND_MS, DAY_MS)
}

/// What may be referred to by name or number.
pub(super) struct Names<'n> {
    /// "service", "person".
    pub(super) what: &'static str,
    pub(super) code: FaultCode,
    pub(super) list: Vec<(u16, &'n str)>,
}

impl Names<'_> {
    /// The numbers of what a list names, each once.
    pub(super) fn find_all(
        &self,
        finder: &mut Finder<'_>,
        key: &str,
        items: Items<'_>,
    ) -> Vec<Placed<u16>> {
        let mut found: Vec<Placed<u16>> = Vec::new();
        for item in items {
            let Some(value) = self.find(finder, key, item) else {
                continue;
            };
            let at = item.at();
            if found.iter().any(|known| known.value == value) {
                let message = format!("{key} names this {} twice", self.what);
                finder.fault(at, FaultCode::Twice, message);
            } else {
                found.push(Placed { at, value });
            }
        }
        found
    }

    fn find(&self, finder: &mut Finder<'_>, key: &str, item: Value<'_>) -> Option<u16> {
        let (at, what) = (item.at(), self.what);
        if let Some(id) = number_id(item) {
            let known = self.list.iter().any(|(known, _)| *known == id);
            if !known {
                finder.fault(at, self.code, format!("there is no {what} with the id {id}"));
            }
            return known.then_some(id);
        }
        let Some(name) = item.as_str() else {
            wrong_type(finder, key, item, &format!("a list of names or ids of a {what}"));
            return None;
        };
        let said = repeated(name);
        let mut named = self.list.iter().filter(|(_, known)| *known == name);
        let message = match (named.next(), named.next()) {
            (Some((id, _)), None) => return Some(*id),
            (Some(_), Some(_)) => format!("more than one {what} is called {said}; use the id"),
            (None, _) => match finder.nearest(name, self.list.iter().map(|(_, known)| *known)) {
                Some(meant) => {
                    format!("there is no {what} called {said}; did you mean {meant:?}?")
                }
                None => format!("there is no {what} called {said}"),
            },
        };
        finder.fault(at, self.code, message);
        None
    }
}
