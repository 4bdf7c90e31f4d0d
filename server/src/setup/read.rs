//! From the text of a file to a shop, or to every fault of it.

use std::collections::BTreeMap;

use chrono_tz::{TZ_VARIANTS, Tz};
use sooner_engine::ShopConfig;
use sooner_engine::config::{
    ConfigFault, MAKE_GOOD_MAX_CHARS, MAKE_GOODS_MAX, NamesOnWall, Remote,
};
use sooner_shared::id::BadShopId;
use sooner_shared::look::Accent;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::words::Language;
use sooner_shared::{ServiceId, ShopId, StaffId};

use super::document::{Document, Table};
use super::fault::{Fault, FaultCode, Faults, Finder, position, repeated};
use super::people::People;
use super::services::Services;
use super::table::{Bounds, Fields, wrong_type};
use super::{FILE_MAX_BYTES, PATHS, SetUp, TEXT_MAX_CHARS, hours, size};

/// When one may join from elsewhere, as a file says it.
pub(super) const REMOTE: [(&str, Remote); 3] =
    [("with_doors", Remote::WithDoors), ("always", Remote::Always), ("never", Remote::Never)];

/// How people are called on the wall, as a file says it.
pub(super) const NAMES: [(&str, NamesOnWall); 2] =
    [("initial", NamesOnWall::Initial), ("code", NamesOnWall::Code)];

/// How people are addressed, as a file says it; whether informally.
pub(super) const FORMS: [(&str, bool); 2] = [("formal", false), ("informal", true)];

/// The shop's colour, as a file says it.
pub(super) const ACCENTS: [(&str, Accent); Accent::ALL.len()] = {
    let mut all = [("", Accent::Green); Accent::ALL.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = (Accent::ALL[at].name(), Accent::ALL[at]);
        at += 1;
    }
    all
};

const HOUR_MS: i64 = 60 * MINUTE_MS;
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;
/// Of a per cent there are ten thousandths.
const PERCENT: i64 = 10;

/// A number under `[rules]`.
pub(super) struct Rule {
    /// Its key in the file.
    pub(super) key: &'static str,
    /// The engine's name of it.
    field: &'static str,
    /// What one of it is, in the engine's unit.
    pub(super) unit: i64,
    /// Where nothing is said.
    default: i64,
    bounds: Bounds,
}

const fn rule(
    (key, field): (&'static str, &'static str),
    unit: i64,
    default: i64,
    bounds: (i64, i64, &'static str),
) -> Rule {
    let (min, max, said) = bounds;
    Rule { key, field, unit, default: default * unit, bounds: Bounds { min, max, said } }
}

/// How long the words of people are kept, in days.
pub(super) const KEPT: Rule =
    rule(("erase_after_days", "erase_after_ms"), DAY_MS, 30, (DAY_MS, 365 * DAY_MS, "1 to 365"));

/// The bounds are the engine's, in the units of a file.
pub(super) const RULES: [Rule; 6] = [
    rule(("keep_percent", "keep_permille"), PERCENT, 95, (500, 999, "50 to 99.9")),
    rule(("round_to_minutes", "step_ms"), MINUTE_MS, 5, (1, HOUR_MS, "more than 0, up to 60")),
    rule(("hold_minutes", "hold_ms"), MINUTE_MS, 5, (0, 24 * HOUR_MS, "0 to 1440")),
    rule(("turnaround_minutes", "turnaround_ms"), MINUTE_MS, 1, (0, HOUR_MS, "0 to 60")),
    rule(("overrun_minutes", "overrun_ms"), MINUTE_MS, 0, (0, 12 * HOUR_MS, "0 to 720")),
    rule(("unseen_minutes", "unseen_ms"), MINUTE_MS, 10, (0, 12 * HOUR_MS, "0 to 720")),
];

/// Reads a file, of one certain shop if it must be.
pub(super) fn read(file: &[u8], expected: Option<&ShopId>) -> Result<SetUp, Faults> {
    let text = match std::str::from_utf8(file) {
        _ if file.len() > FILE_MAX_BYTES => {
            let message = format!("the file is larger than {} KiB", FILE_MAX_BYTES / 1024);
            let code = FaultCode::TooLarge;
            return Err(Faults::one(Fault { line: 1, column: 1, code, message }));
        }
        Ok(text) => text,
        Err(error) => {
            let sound = String::from_utf8_lossy(&file[..error.valid_up_to()]);
            let (line, column) = position(&sound, sound.len());
            let message = "this is no UTF-8; save the file as UTF-8".to_owned();
            let code = FaultCode::Syntax;
            return Err(Faults::one(Fault { line, column, code, message }));
        }
    };
    // What cannot be read is not guessed at: more faults would follow from the first alone.
    let document = Document::parse(text).map_err(|(at, code, message)| {
        let (line, column) = position(text, at);
        Faults::one(Fault { line, column, code, message })
    })?;
    let mut finder = Finder::new(text);
    let set_up = shop(&mut finder, document.root(), expected);
    finder.finish()?;
    let set_up = set_up.expect("a shop without a short name is a fault");
    if let Some(message) = size::too_large(&set_up) {
        let code = FaultCode::TooLarge;
        return Err(Faults::one(Fault { line: 1, column: 1, code, message }));
    }
    Ok(set_up)
}

/// Reads everything; what cannot be read is left empty and told.
fn shop(finder: &mut Finder<'_>, document: Table<'_>, expected: Option<&ShopId>) -> Option<SetUp> {
    let mut fields = Fields::new(document, 0, "the shop");
    let shop = short_name(finder, &mut fields, expected);
    let name = fields.text(finder, "name", "\"Corner Salon\"", TEXT_MAX_CHARS);
    let zone = zone(finder, &mut fields);
    let remote = fields.choice(finder, "remote", &REMOTE).unwrap_or_default();
    let names_on_wall = fields.choice(finder, "names", &NAMES).unwrap_or_default();
    let informal = fields.choice(finder, "forms", &FORMS).unwrap_or_default();
    let languages = languages(finder, &mut fields);
    let accent = fields.choice(finder, "accent", &ACCENTS).unwrap_or_default();
    let mut places = Places::default();
    let kept = fields.amount(finder, KEPT.key, KEPT.unit, &KEPT.bounds);
    places.rules.extend(kept.map(|kept| (KEPT.field, kept.at)));
    let make_goods = fields.texts(finder, "make_goods", MAKE_GOOD_MAX_CHARS);
    if let Some(over) = make_goods.get(MAKE_GOODS_MAX) {
        let message = format!("make_goods may have {MAKE_GOODS_MAX} texts at most");
        finder.fault(over.at, FaultCode::TooMany, message);
    }
    let [keep, step, hold, turnaround, overrun, unseen] = rules(finder, &mut fields, &mut places);
    let without = "leave [hours] out for a shop that is always open";
    let opening = hours::hours(finder, &mut fields, "hours", without);
    let quiet_hours = hours::quiet(finder, &mut fields);
    let mut services = Services::read(finder, &mut fields);
    let people = People::read(finder, &mut fields, &services);
    services.assign(finder, &people);
    fields.finish(finder);
    let config = ShopConfig {
        name: name.map(|name| name.value).unwrap_or_default(),
        zone: zone.unwrap_or_default(),
        seed: 0,
        step_ms: step,
        keep_permille: keep as u16,
        hold_ms: hold,
        turnaround_ms: turnaround,
        paths: PATHS,
        hours: opening,
        remote,
        overrun_ms: overrun,
        unseen_ms: unseen,
        make_goods: make_goods.into_iter().map(|text| text.value).collect(),
        names_on_wall,
        erase_after_ms: kept.map_or(KEPT.default, |kept| kept.value),
        quiet_hours,
        informal,
        languages,
        accent,
        fresh: false,
        services: services.list,
        staff: people.list,
    };
    (places.services, places.people) = (services.at, people.at);
    if finder.count() == 0
        && let Err(fault) = config.check()
    {
        let (at, code, message) = places.of(&config, &fault);
        finder.fault(at, code, message);
    }
    Some(SetUp { shop: shop?, config, staff_names: people.names, instead_of: None })
}

fn short_name(
    finder: &mut Finder<'_>,
    fields: &mut Fields<'_>,
    expected: Option<&ShopId>,
) -> Option<ShopId> {
    let word = fields.word(finder, "shop", Some("\"salon\""))?;
    let bad: BadShopId = match word.value.parse::<ShopId>() {
        Ok(shop) => {
            if let Some(expected) = expected.filter(|expected| **expected != shop) {
                let message = format!("this is the file of {shop}, not of {expected}");
                finder.fault(word.at, FaultCode::OtherShop, message);
            }
            return Some(shop);
        }
        Err(bad) => bad,
    };
    let code = match bad {
        BadShopId::Malformed => FaultCode::BadShopName,
        BadShopId::Reserved => FaultCode::ReservedName,
    };
    finder.fault(word.at, code, format!("{}: {bad}", repeated(word.value)));
    None
}

fn zone(finder: &mut Finder<'_>, fields: &mut Fields<'_>) -> Option<String> {
    let word = fields.word(finder, "zone", Some("\"Europe/Budapest\""))?;
    if word.value.parse::<Tz>().is_ok() {
        return Some(word.value.to_owned());
    }
    let near = finder.nearest(word.value, TZ_VARIANTS.iter().map(|zone| zone.name()));
    let meant = near.map(|zone| format!("; did you mean {zone:?}?")).unwrap_or_default();
    let message =
        format!("{} is no time zone like \"Europe/Budapest\"{meant}", repeated(word.value));
    finder.fault(word.at, FaultCode::UnknownZone, message);
    None
}

/// The languages, each once, in the order they are offered; none where nothing is said.
fn languages(finder: &mut Finder<'_>, fields: &mut Fields<'_>) -> Vec<Language> {
    let mut languages = Vec::new();
    for item in fields.list(finder, "languages") {
        let at = item.at();
        let Some(tag) = item.as_str() else {
            wrong_type(finder, "languages", item, "a list of texts like \"en\"");
            continue;
        };
        match Language::ALL.iter().find(|language| language.tag() == tag) {
            Some(language) if languages.contains(language) => {
                finder.fault(at, FaultCode::Twice, "languages names this one twice");
            }
            Some(language) => languages.push(*language),
            None => {
                let tags: Vec<_> = Language::ALL.iter().map(|language| language.tag()).collect();
                let message =
                    format!("{} is none of the languages {}", repeated(tag), tags.join(", "));
                finder.fault(at, FaultCode::UnknownChoice, message);
            }
        }
    }
    languages
}

/// The numbers of [`RULES`], in their order.
fn rules(
    finder: &mut Finder<'_>,
    fields: &mut Fields<'_>,
    places: &mut Places,
) -> [i64; RULES.len()] {
    let mut values = RULES.map(|rule| rule.default);
    let Some(mut section) = fields.table(finder, "rules", "rules") else {
        return values;
    };
    for (rule, value) in RULES.iter().zip(&mut values) {
        if let Some(amount) = section.amount(finder, rule.key, rule.unit, &rule.bounds) {
            *value = amount.value;
            places.rules.insert(rule.field, amount.at);
        }
    }
    section.finish(finder);
    values
}

/// Where the things stand that the engine may find fault with.
#[derive(Default)]
struct Places {
    rules: BTreeMap<&'static str, usize>,
    services: BTreeMap<ServiceId, usize>,
    people: BTreeMap<StaffId, usize>,
}

impl Places {
    /// The place of a fault that is none of form, and how it is told.
    fn of(&self, config: &ShopConfig, fault: &ConfigFault) -> (usize, FaultCode, String) {
        let service_at = |id| self.services.get(id).copied().unwrap_or_default();
        let (at, code) = match fault {
            ConfigFault::UnknownZone(_) => (0, FaultCode::UnknownZone),
            ConfigFault::OutOfRange { field, .. } => {
                (self.rules.get(field).copied().unwrap_or_default(), FaultCode::OutOfRange)
            }
            ConfigFault::Twice(_) => (0, FaultCode::Twice),
            ConfigFault::BadService { service, what } => {
                let name = config.service(*service).map_or("", |s| &s.name);
                let message = format!("{name:?} {what}");
                return (service_at(service), FaultCode::BadService, message);
            }
            ConfigFault::UnknownStaff { service, .. } => {
                (service_at(service), FaultCode::UnknownStaff)
            }
            ConfigFault::UnknownService { staff, .. } => {
                let at = self.people.get(staff).copied().unwrap_or_default();
                (at, FaultCode::UnknownService)
            }
        };
        (at, code, fault.to_string())
    }
}
