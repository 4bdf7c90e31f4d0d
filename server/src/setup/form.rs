//! The set-up as a page changes it: from a shop, and back through the reader of files, so that there
//! is one judgement of what makes sense.
//!
//! A form is written out as a file with one value a line; what the reader says of a line is said of
//! the field that stands there.

use std::fmt::Write;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use sooner_engine::calendar::{Hours, Week};
use sooner_engine::config::Step;
use sooner_engine::{Service, ShopConfig, Staff};
use sooner_shared::ShopId;
use sooner_shared::set_up::{
    FieldFault, FieldFaults, HoursForm, QuietForm, RulesForm, ServiceForm, SetUpForm, StaffForm,
    StepForm, WeekForm,
};
use sooner_shared::time::MINUTE_MS;

use super::hours::{DAYS, clock, from_and_to};
use super::read::{FORMS, KEPT, NAMES, REMOTE, RULES};
use super::services::{PROMISES, STEPS, nominal_ms};
use super::write::{quoted, word};
use super::{Fault, FaultCode, Faults, SetUp, read};

impl SetUp {
    /// Names it: two that differ have different names.
    #[must_use]
    pub fn version(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.to_toml())[..8])
    }

    /// As a page changes it.
    #[must_use]
    pub fn to_form(&self) -> SetUpForm {
        let config = &self.config;
        let language = |language: &sooner_shared::words::Language| language.tag().to_owned();
        SetUpForm {
            version: self.version(),
            fresh: config.fresh,
            name: config.name.clone(),
            zone: config.zone.clone(),
            remote: word(&REMOTE, config.remote, REMOTE[0].1).to_owned(),
            names: word(&NAMES, config.names_on_wall, NAMES[0].1).to_owned(),
            erase_after_days: in_units(config.erase_after_ms, KEPT.unit),
            forms: word(&FORMS, config.informal, false).to_owned(),
            languages: config.languages.iter().map(language).collect(),
            accent: config.accent.name().to_owned(),
            make_goods: config.make_goods.clone(),
            rules: rules(config),
            hours: hours(&config.hours),
            quiet_hours: quiet(&config.quiet_hours),
            services: config.services.iter().map(service).collect(),
            staff: config.staff.iter().map(|person| self.person(person)).collect(),
        }
    }

    fn person(&self, person: &Staff) -> StaffForm {
        let name = self.staff_names.iter().find(|(id, _)| *id == person.id);
        StaffForm {
            id: person.id.0,
            name: name.map_or(&person.place, |(_, name)| name).clone(),
            place: person.place.clone(),
            does: person.services.iter().map(|service| service.0).collect(),
            shifts: hours(&person.shifts),
            breaks: (!person.breaks.is_empty()).then(|| week(&person.breaks)),
        }
    }

    /// What a page made of this shop.
    pub fn read_form(shop: &ShopId, form: &SetUpForm) -> Result<Self, FieldFaults> {
        let missing = [("services", form.services.is_empty()), ("staff", form.staff.is_empty())];
        let missing =
            missing.into_iter().filter(|(_, is_missing)| *is_missing).map(|(field, _)| {
                let message = "a shop has at least one of them".to_owned();
                FieldFault {
                    field: field.into(),
                    code: FaultCode::Missing.as_str().into(),
                    message,
                }
            });
        let missing: Vec<_> = missing.collect();
        if !missing.is_empty() {
            return Err(FieldFaults(missing));
        }
        let mut file = Lines::default();
        write(&mut file, shop, form);
        match read::read(file.text.as_bytes(), Some(shop)) {
            Ok(set_up) => Ok(Self { instead_of: Some(form.version.clone()), ..set_up }),
            Err(faults) => Err(file.fields(&faults)),
        }
    }
}

fn in_units(value: i64, unit: i64) -> f64 {
    value as f64 / unit as f64
}

fn rules(config: &ShopConfig) -> RulesForm {
    let minutes = |ms| in_units(ms, MINUTE_MS);
    RulesForm {
        keep_percent: in_units(i64::from(config.keep_permille), RULES[0].unit),
        round_to_minutes: minutes(config.step_ms),
        hold_minutes: minutes(config.hold_ms),
        turnaround_minutes: minutes(config.turnaround_ms),
        overrun_minutes: minutes(config.overrun_ms),
        unseen_minutes: minutes(config.unseen_ms),
    }
}

fn week(week: &Week) -> WeekForm {
    WeekForm::of(DAYS.map(|(_, day)| week.day(day).iter().map(ToString::to_string).collect()))
}

fn hours(hours: &Hours) -> Option<HoursForm> {
    let exceptions = hours
        .exceptions
        .iter()
        .map(|(date, spans)| (date.to_string(), spans.iter().map(ToString::to_string).collect()));
    let form = || HoursForm { week: week(&hours.weekly), exceptions: exceptions.collect() };
    (!hours.is_empty()).then(form)
}

fn quiet(quiet: &Week) -> Option<QuietForm> {
    if quiet.is_empty() {
        return None;
    }
    Some(match from_and_to(quiet) {
        Some((from, to)) => {
            QuietForm { from: Some(clock(from)), to: Some(clock(to)), week: WeekForm::default() }
        }
        None => QuietForm { from: None, to: None, week: week(quiet) },
    })
}

fn service(service: &Service) -> ServiceForm {
    let is_said = service.steps.is_empty() || service.nominal_ms != nominal_ms(&service.steps);
    ServiceForm {
        id: service.id.0,
        name: service.name.clone(),
        promise: word(&PROMISES, service.promise, PROMISES[0].1).to_owned(),
        done_by: service.done_by,
        minutes: is_said.then(|| in_units(service.nominal_ms, MINUTE_MS)),
        steps: service.steps.iter().map(step).collect(),
    }
}

fn step(step: &Step) -> StepForm {
    StepForm {
        name: step.name.clone(),
        kind: word(&STEPS, step.kind, STEPS[0].1).to_owned(),
        minutes: in_units(step.nominal_ms, MINUTE_MS),
        by: step.by.iter().map(|staff| staff.0).collect(),
    }
}

/// A file, and which field stands on each of its lines.
#[derive(Default)]
struct Lines {
    text: String,
    fields: Vec<String>,
}

impl Lines {
    fn push(&mut self, field: impl Into<String>, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref());
        self.text.push('\n');
        self.fields.push(field.into());
    }

    /// `key = value`, in a field that is called like the key.
    fn value(&mut self, within: &str, key: &str, value: impl AsRef<str>) {
        self.push(format!("{within}{key}"), format!("{key} = {}", value.as_ref()));
    }

    fn text(&mut self, within: &str, key: &str, text: &str) {
        self.value(within, key, quoted(text));
    }

    fn number(&mut self, within: &str, key: &str, number: f64) {
        self.value(within, key, number.to_string());
    }

    fn week(&mut self, within: &str, week: &WeekForm) {
        for (key, spans) in week.days() {
            if !spans.is_empty() {
                self.value(within, key, texts(spans));
            }
        }
    }

    fn hours(&mut self, field: &str, table: &str, hours: &HoursForm) {
        self.push(field, format!("[{table}]"));
        self.week(&format!("{field}."), &hours.week);
        if hours.exceptions.is_empty() {
            return;
        }
        self.push(format!("{field}.exceptions"), format!("[{table}.exceptions]"));
        for (date, spans) in &hours.exceptions {
            let field = format!("{field}.exceptions.{date}");
            self.push(field, format!("{} = {}", quoted(date), texts(spans)));
        }
    }

    fn fields(&self, faults: &Faults) -> FieldFaults {
        let field = |fault: &Fault| FieldFault {
            // What is missing from the whole is told at its first line.
            field: self.fields.get(fault.line - 1).cloned().unwrap_or_default(),
            code: fault.code.as_str().to_owned(),
            message: fault.message.clone(),
        };
        FieldFaults(faults.as_slice().iter().map(field).collect())
    }
}

fn texts(texts: &[String]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

fn numbers(numbers: &[u16]) -> String {
    let mut out = String::from("[");
    for number in numbers {
        write!(out, "{number}, ").expect("a text takes everything that is written to it");
    }
    out + "]"
}

fn write(file: &mut Lines, shop: &ShopId, form: &SetUpForm) {
    // Where something is missing from the whole.
    file.push("", "");
    file.text("", "shop", shop.as_str());
    file.text("", "name", &form.name);
    file.text("", "zone", &form.zone);
    file.text("", "remote", &form.remote);
    file.text("", "names", &form.names);
    file.number("", "erase_after_days", form.erase_after_days);
    file.text("", "forms", &form.forms);
    file.value("", "languages", texts(&form.languages));
    file.text("", "accent", &form.accent);
    file.value("", "make_goods", texts(&form.make_goods));
    file.push("rules", "[rules]");
    let rules = &form.rules;
    for (rule, value) in RULES.iter().zip([
        rules.keep_percent,
        rules.round_to_minutes,
        rules.hold_minutes,
        rules.turnaround_minutes,
        rules.overrun_minutes,
        rules.unseen_minutes,
    ]) {
        file.number("rules.", rule.key, value);
    }
    if let Some(hours) = &form.hours {
        file.hours("hours", "hours", hours);
    }
    if let Some(quiet) = &form.quiet_hours {
        file.push("quiet_hours", "[quiet_hours]");
        for (key, at) in [("from", &quiet.from), ("to", &quiet.to)] {
            if let Some(at) = at {
                file.text("quiet_hours.", key, at);
            }
        }
        file.week("quiet_hours.", &quiet.week);
    }
    for (number, service) in form.services.iter().enumerate() {
        write_service(file, number, service);
    }
    for (number, person) in form.staff.iter().enumerate() {
        write_person(file, number, person);
    }
}

fn write_service(file: &mut Lines, number: usize, service: &ServiceForm) {
    let within = format!("services.{number}.");
    file.push(format!("services.{number}"), "[[service]]");
    file.value(&within, "id", service.id.to_string());
    file.text(&within, "name", &service.name);
    file.text(&within, "promise", &service.promise);
    file.value(&within, "done_by", service.done_by.to_string());
    if let Some(minutes) = service.minutes {
        file.number(&within, "minutes", minutes);
    }
    for (at, step) in service.steps.iter().enumerate() {
        file.push(format!("{within}steps.{at}"), "[[service.step]]");
        let within = format!("{within}steps.{at}.");
        file.text(&within, "name", &step.name);
        file.text(&within, "kind", &step.kind);
        file.number(&within, "minutes", step.minutes);
        file.value(&within, "by", numbers(&step.by));
    }
}

fn write_person(file: &mut Lines, number: usize, person: &StaffForm) {
    let within = format!("staff.{number}.");
    file.push(format!("staff.{number}"), "[[staff]]");
    file.value(&within, "id", person.id.to_string());
    file.text(&within, "name", &person.name);
    file.text(&within, "place", &person.place);
    file.value(&within, "does", numbers(&person.does));
    if let Some(shifts) = &person.shifts {
        file.hours(&format!("{within}shifts"), "staff.shifts", shifts);
    }
    if let Some(breaks) = &person.breaks {
        file.push(format!("{within}breaks"), "[staff.breaks]");
        file.week(&format!("{within}breaks."), breaks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn form() -> (ShopId, SetUpForm) {
        let set_up = SetUp::read(sample::Kind::Salon.file().as_bytes()).expect("no fault");
        (set_up.shop().clone(), set_up.to_form())
    }

    /// What is told of a form that was spoilt: fields and codes.
    fn told(spoil: impl FnOnce(&mut SetUpForm)) -> Vec<(String, String)> {
        let (shop, mut form) = form();
        spoil(&mut form);
        let faults = SetUp::read_form(&shop, &form).expect_err("it has a fault");
        faults.0.into_iter().map(|fault| (fault.field, fault.code)).collect()
    }

    fn is(faults: &[(String, String)], expected: &[(&str, &str)]) {
        let faults: Vec<_> = faults.iter().map(|(f, c)| (f.as_str(), c.as_str())).collect();
        assert_eq!(faults, expected);
    }

    #[test]
    fn every_sample_comes_back_from_its_form_as_it_went_in() {
        for kind in sample::Kind::ALL {
            let set_up = SetUp::read(kind.file().as_bytes()).expect("no fault");
            let form = set_up.to_form();
            let json = serde_json::to_string(&form).expect("JSON");
            let form: SetUpForm = serde_json::from_str(&json).expect("reads");
            let back = SetUp::read_form(set_up.shop(), &form).unwrap_or_else(|f| panic!("{f:?}"));
            assert_eq!(back.to_toml(), kind.file(), "{kind:?}");
            assert_eq!(back.version(), form.version);
        }
    }

    #[test]
    fn a_fault_is_told_at_its_field() {
        is(&told(|form| form.name = "  ".into()), &[("name", "bad_text")]);
        is(&told(|form| form.zone = "Atlantis".into()), &[("zone", "unknown_zone")]);
        is(&told(|form| form.forms = "warm".into()), &[("forms", "unknown_choice")]);
        is(&told(|form| form.accent = "red".into()), &[("accent", "unknown_choice")]);
        is(
            &told(|form| form.rules.keep_percent = 100.0),
            &[("rules.keep_percent", "out_of_range")],
        );
        let hours = told(|form| {
            let hours = form.hours.as_mut().expect("the salon has hours");
            hours.week.wed = vec!["9 to 5".into()];
            hours.exceptions.insert("Christmas".into(), vec![]);
        });
        is(&hours, &[("hours.wed", "bad_span"), ("hours.exceptions.Christmas", "bad_date")]);
        let people = told(|form| {
            form.services[2].minutes = None;
            form.services[2].name = "x".repeat(61);
            form.staff[1].name = String::new();
            form.staff[1].does = vec![1, 9];
        });
        is(
            &people,
            &[
                ("services.2", "missing"),
                ("services.2.name", "bad_text"),
                ("staff.1.name", "bad_text"),
                ("staff.1.does", "unknown_service"),
            ],
        );
        let steps = told(|form| form.services[1].steps[0].kind = "part".into());
        is(&steps, &[("services.1", "bad_service")]);
        let none = told(|form| (form.services, form.staff) = (vec![], vec![]));
        is(&none, &[("services", "missing"), ("staff", "missing")]);
    }

    #[test]
    fn words_cannot_end_the_line_they_stand_on() {
        let (shop, mut form) = form();
        form.name = "A\"\nzone = \"UTC\" # \\".into();
        let read = SetUp::read_form(&shop, &form).expect("a line break is a space");
        assert_eq!(read.name(), "A\" zone = \"UTC\" # \\");
        assert_eq!(read.config.zone, form.zone);
        form.name = "Fülöp \"& Söhne\" \\ 🪒".into();
        let read = SetUp::read_form(&shop, &form).expect("no fault");
        assert_eq!(read.name(), form.name);
    }

    #[test]
    fn two_set_ups_that_differ_have_different_versions() {
        let (shop, form) = form();
        let mut other = form.clone();
        other.staff[0].name = "Márta".into();
        let read = SetUp::read_form(&shop, &other).expect("no fault");
        assert_ne!(read.version(), form.version);
    }
}
