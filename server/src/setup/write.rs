//! From a shop to the text of its file. The same shop gives the same text, and reading it gives
//! the same shop.

use std::fmt::{self, Write};

use data_encoding::HEXUPPER;
use sooner_engine::calendar::{Hours, Span, Week};
use sooner_engine::config::{NamesOnWall, Remote, Step, StepKind};
use sooner_engine::{Service, ShopConfig, Staff};
use sooner_shared::view::PromiseKind;

use super::hours::{DAYS, clock, from_and_to};
use super::read::{FORMS, KEPT, NAMES, REMOTE, RULES};
use super::services::{PROMISES, STEPS, nominal_ms};
use super::table::UNITS;
use super::{FILE_MAX_BYTES, SetUp};

/// Writes the file: with names where services and people are referred to, or, where it would be too
/// large to be read again, with their ids.
pub(super) fn write(set_up: &SetUp) -> String {
    let with = match len(set_up, With::Names) {
        len if len <= FILE_MAX_BYTES => With::Names,
        _ => With::Ids,
    };
    let mut text = String::with_capacity(len(set_up, with));
    write_to(&mut text, set_up, with).expect("a text takes everything that is written to it");
    text
}

/// How long the file is, in bytes.
pub(super) fn len(set_up: &SetUp, with: With) -> usize {
    let mut len = Len(0);
    write_to(&mut len, set_up, with).expect("a number takes everything that is counted");
    len.0
}

/// Counts what is written.
struct Len(usize);

impl Write for Len {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

/// How services and people are referred to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum With {
    /// By name where that says which.
    Names,
    Ids,
}

/// Services or people, with how each is referred to.
struct Refer(Vec<(u16, String)>);

impl Refer {
    fn to(names: &[(u16, &str)], with: With) -> Self {
        let refer = |&(id, name): &(u16, &str)| {
            let is_unique = names.iter().filter(|(_, other)| *other == name).count() == 1;
            let is_named = is_unique && with == With::Names;
            (id, if is_named { quoted(name) } else { id.to_string() })
        };
        Self(names.iter().map(refer).collect())
    }

    fn list(&self, ids: impl Iterator<Item = u16>) -> String {
        let mut list = String::from("[");
        for (n, id) in ids.enumerate() {
            list.push_str(if n == 0 { "" } else { ", " });
            let known = self.0.iter().find(|(known, _)| *known == id);
            list.push_str(known.map_or("0", |(_, reference)| reference));
        }
        list + "]"
    }
}

fn write_to(out: &mut dyn Write, set_up: &SetUp, with: With) -> fmt::Result {
    let config = &set_up.config;
    let people: Vec<_> = set_up.staff_names.iter().map(|(id, n)| (id.0, n.as_str())).collect();
    let people = Refer::to(&people, with);
    let services: Vec<_> = config.services.iter().map(|s| (s.id.0, s.name.as_str())).collect();
    let services = Refer::to(&services, with);
    out.write_str(HEAD)?;
    writeln!(out, "shop = {}", quoted(set_up.shop.as_str()))?;
    writeln!(out, "name = {}", quoted(&config.name))?;
    writeln!(out, "zone = {}", quoted(&config.zone))?;
    out.write_str(REMOTE_SAYS)?;
    writeln!(out, "remote = \"{}\"", word(&REMOTE, config.remote, Remote::default()))?;
    out.write_str(NAMES_SAY)?;
    writeln!(out, "names = \"{}\"", word(&NAMES, config.names_on_wall, NamesOnWall::default()))?;
    writeln!(out, "{} = {}", KEPT.key, amount(config.erase_after_ms, KEPT.unit))?;
    out.write_str(FORMS_SAY)?;
    writeln!(out, "forms = \"{}\"", word(&FORMS, config.informal, false))?;
    let tags: Vec<_> = config.languages.iter().map(|tag| quoted(tag.tag())).collect();
    writeln!(out, "languages = [{}]", tags.join(", "))?;
    out.write_str(ACCENT_SAYS)?;
    writeln!(out, "accent = \"{}\"", config.accent.name())?;
    out.write_str(MAKE_GOODS_SAY)?;
    let texts: Vec<_> = config.make_goods.iter().map(|text| quoted(text)).collect();
    writeln!(out, "make_goods = [{}]", texts.join(", "))?;
    write_rules(out, config)?;
    write_opening(out, &config.hours)?;
    write_quiet(out, &config.quiet_hours)?;
    out.write_str(SERVICES_SAY)?;
    for service in &config.services {
        write_service(out, &people, service)?;
    }
    out.write_str(STAFF_SAYS)?;
    for person in &config.staff {
        write_person(out, set_up, &services, person)?;
    }
    Ok(())
}

const HEAD: &str = "\
# A shop, as it is set up in Sooner.
#
# Change it and bring it back with `sooner shop import`, or send it to the running server:
# PUT /api/shops/SHOP/set-up, with a key for it. A fault is told with its line.

# `shop` is the short name in addresses and cannot be changed; `name` stands over the door.
# `zone` is a time zone of the IANA database.
";

const REMOTE_SAYS: &str = "
# Who is not in the shop may join: \"with_doors\" (once it is open), \"always\", or \"never\".
";

const NAMES_SAY: &str = "
# How people who wait are called where others read it: \"initial\" (\"Anna K.\"), or \"code\": then no
# name of theirs is on the wall or on anybody else's phone, and the wall says nobody's time.
# Names, contacts, questions and answers are erased after so many days, 1 to 365. Fewer than before
# hold for what is there already, too.
";

const FORMS_SAY: &str = "
# How people are addressed where a language has two forms: \"formal\" or \"informal\".
# The languages of the shop in the order they are offered, its own first: [\"hu\", \"en\"]; [] is all.
";

const ACCENT_SAYS: &str = "
# The colour of the shop's pages: \"green\", \"leaf\", \"blue\", \"indigo\", \"violet\", \"plum\", \"brown\"
# or \"graphite\".
";

const MAKE_GOODS_SAY: &str = "
# With what a broken promise is made good: up to three short texts, shown at the desk and read by
# the customer.
";

const RULES_SAY: &str = "
# How promises are made and kept.
#   keep_percent        the share of promises to keep; more of it makes times later
#   round_to_minutes    promises are rounded up to full minutes of this
#   hold_minutes        how long a place is kept after its promised minute
#   turnaround_minutes  from one person out of the chair to the next one in it
#   overrun_minutes     how long after closing the last ones may be finished
#   unseen_minutes      who has not come so long after their shift began is not counted on
[rules]
";

const HOURS_SAY: &str = "
# When the doors are open. An end after midnight is written beyond 24:00: \"18:00-26:00\".
# Days that differ stand in [hours.exceptions]: 2026-12-24 = [\"09:00-12:00\"], closed is [].
";

const ALWAYS_SAYS: &str = "
# The shop is always open. With a section [hours] it has hours:
#   [hours]
#   mon = [\"09:00-12:00\", \"13:00-18:00\"]
#   [hours.exceptions]
#   2026-12-24 = []
";

const QUIET_SAYS: &str = "
# When no message is to reach anybody: from one clock time to another, every day, or days written like
# hours.
";

const NEVER_QUIET_SAYS: &str = "
# Messages may reach people at all hours. With a section [quiet_hours] they wait for its end:
#   [quiet_hours]
#   from = \"21:00\"
#   to = \"08:00\"
# or for days that differ, written like hours.
";

const SERVICES_SAY: &str = "
# What is offered. The id of a service never changes and is never given to another: what was
# learned about it hangs on it.
#   promise   what people are told a time for: \"start\" (in the chair by), \"ready\" (ready by),
#             \"call_back\" (we call you by) or \"news\" (next news by)
#   done_by   whether who starts is also told by when they are done
# It takes `minutes`, `hours` or `days`, or has steps, each [[service.step]], which do.
#   kind      \"chair\" (the customer is served), \"bench\" (somebody works on it), or what is
#             waited for: \"time\", \"approval\", \"part\"
#   by        who does the step, if not everybody who does the service
";

const STAFF_SAYS: &str = "
# Who serves. Names are kept apart from the log. The id of a person never changes.
#   does      services, by name; by id where two have the same name
# Without [staff.shifts] somebody works whenever the shop is open; shifts are written like hours.
# Planned breaks are in [staff.breaks].
";

fn write_rules(out: &mut dyn Write, config: &ShopConfig) -> fmt::Result {
    out.write_str(RULES_SAY)?;
    let values = [
        i64::from(config.keep_permille),
        config.step_ms,
        config.hold_ms,
        config.turnaround_ms,
        config.overrun_ms,
        config.unseen_ms,
    ];
    for (rule, value) in RULES.iter().zip(values) {
        writeln!(out, "{} = {}", rule.key, amount(value, rule.unit))?;
    }
    Ok(())
}

fn write_opening(out: &mut dyn Write, hours: &Hours) -> fmt::Result {
    if hours.is_empty() {
        return out.write_str(ALWAYS_SAYS);
    }
    out.write_str(HOURS_SAY)?;
    writeln!(out, "[hours]")?;
    for (key, day) in DAYS {
        writeln!(out, "{key} = {}", spans(hours.weekly.day(day)))?;
    }
    write_exceptions(out, "hours", hours)
}

fn write_quiet(out: &mut dyn Write, week: &Week) -> fmt::Result {
    if week.is_empty() {
        return out.write_str(NEVER_QUIET_SAYS);
    }
    out.write_str(QUIET_SAYS)?;
    writeln!(out, "[quiet_hours]")?;
    match from_and_to(week) {
        Some((from, to)) => {
            writeln!(out, "from = \"{}\"", clock(from))?;
            writeln!(out, "to = \"{}\"", clock(to))
        }
        None => write_week(out, week),
    }
}

fn write_service(out: &mut dyn Write, people: &Refer, service: &Service) -> fmt::Result {
    writeln!(out, "\n[[service]]")?;
    writeln!(out, "id = {}", service.id)?;
    writeln!(out, "name = {}", quoted(&service.name))?;
    writeln!(out, "promise = \"{}\"", word(&PROMISES, service.promise, PromiseKind::Start))?;
    if service.done_by {
        writeln!(out, "done_by = true")?;
    }
    // What follows from the steps is not said twice.
    if service.steps.is_empty() || service.nominal_ms != nominal_ms(&service.steps) {
        write_duration(out, service.nominal_ms)?;
    }
    for step in &service.steps {
        write_step(out, people, step)?;
    }
    Ok(())
}

fn write_step(out: &mut dyn Write, people: &Refer, step: &Step) -> fmt::Result {
    writeln!(out, "\n[[service.step]]")?;
    writeln!(out, "name = {}", quoted(&step.name))?;
    writeln!(out, "kind = \"{}\"", word(&STEPS, step.kind, StepKind::Chair))?;
    write_duration(out, step.nominal_ms)?;
    if !step.by.is_empty() {
        let by = step.by.iter().map(|id| id.0);
        writeln!(out, "by = {}", people.list(by))?;
    }
    Ok(())
}

fn write_person(
    out: &mut dyn Write,
    set_up: &SetUp,
    services: &Refer,
    person: &Staff,
) -> fmt::Result {
    let name = set_up.staff_names.iter().find(|(id, _)| *id == person.id);
    let does = person.services.iter().map(|id| id.0);
    writeln!(out, "\n[[staff]]")?;
    writeln!(out, "id = {}", person.id)?;
    writeln!(out, "name = {}", quoted(name.map_or(&person.place, |(_, name)| name)))?;
    writeln!(out, "place = {}", quoted(&person.place))?;
    writeln!(out, "does = {}", services.list(does))?;
    if !person.shifts.is_empty() {
        writeln!(out, "\n[staff.shifts]")?;
        write_week(out, &person.shifts.weekly)?;
        write_exceptions(out, "staff.shifts", &person.shifts)?;
    }
    if !person.breaks.is_empty() {
        writeln!(out, "\n[staff.breaks]")?;
        write_week(out, &person.breaks)?;
    }
    Ok(())
}

/// The days that have any.
fn write_week(out: &mut dyn Write, week: &Week) -> fmt::Result {
    for (key, day) in DAYS {
        if !week.day(day).is_empty() {
            writeln!(out, "{key} = {}", spans(week.day(day)))?;
        }
    }
    Ok(())
}

fn write_exceptions(out: &mut dyn Write, section: &str, hours: &Hours) -> fmt::Result {
    if hours.exceptions.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n[{section}.exceptions]")?;
    for (date, day) in &hours.exceptions {
        writeln!(out, "{date} = {}", spans(day))?;
    }
    Ok(())
}

/// In the largest unit that gives a whole number, else in minutes.
fn write_duration(out: &mut dyn Write, ms: i64) -> fmt::Result {
    let whole = UNITS.iter().rev().find(|(_, unit)| ms % unit == 0);
    let (key, unit) = whole.unwrap_or(&UNITS[0]);
    writeln!(out, "{key} = {}", amount(ms, *unit))
}

/// A whole number where it is one: 95, 97.5.
fn amount(value: i64, unit: i64) -> String {
    if value % unit == 0 {
        return (value / unit).to_string();
    }
    // The shortest decimal that reads back as the same float, and so as the same milliseconds.
    (value as f64 / unit as f64).to_string()
}

fn spans(spans: &[Span]) -> String {
    let spans: Vec<_> = spans.iter().map(|span| format!("\"{span}\"")).collect();
    format!("[{}]", spans.join(", "))
}

/// The word for a choice; what has none is no choice of a file.
pub(super) fn word<T: PartialEq + Copy>(
    words: &[(&'static str, T)],
    choice: T,
    usual: T,
) -> &'static str {
    let find = |choice| words.iter().find(|(_, known)| *known == choice);
    find(choice).or_else(|| find(usual)).map_or("", |(word, _)| word)
}

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // Every control character is below U+00A0.
            c if c.is_control() => out.extend(["\\u00", &HEXUPPER.encode(&[c as u8])]),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
