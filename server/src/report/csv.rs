//! The report as a table that other programs read: one line for each promise.

use chrono::DateTime;
use chrono_tz::Tz;
use sooner_shared::Timestamp;
use sooner_shared::report::Reason;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, PromiseKind};

use super::broken::Causes;
use super::cells::name_of;
use super::story::{Story, Told};
use super::{Names, Past, day_of};

/// The table, with a line of titles. Times are local, durations minutes. Who serves is in it only
/// with `names`; who waited is their code.
pub(super) fn csv(past: &Past<'_>, names: Option<&Names>) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: Vec<String>| {
        table.write_record(cells).expect("lines of one length go into memory");
    };
    let mut titles = vec!["day", "told", "visit", "service"];
    titles.extend(names.map(|_| "person"));
    titles.extend([
        "kind",
        "number",
        "promised",
        "actual",
        "outcome",
        "minutes_early",
        "minutes_after",
        "reason",
        "start_confirmed",
    ]);
    write(titles.into_iter().map(str::to_owned).collect());
    let causes = Causes::of(past);
    for (visit, story, told) in past.all_told() {
        let met_at = story.met_at(told).filter(|met_at| *met_at >= told.at);
        let early_ms = met_at.map(|met_at| told.by - met_at);
        let minutes = |ms: i64| format!("{:.1}", ms as f64 / MINUTE_MS as f64);
        let service = told.service.map(|service| {
            let known = past.config.service(service).map(|one| one.name.clone());
            known.unwrap_or_else(|| format!("no. {service}"))
        });
        let mut cells = vec![
            day_of(past.zone, told.at).to_string(),
            local(past.zone, told.at),
            visit.code(),
            harmless(service.unwrap_or_default()),
        ];
        if let Some(names) = names {
            let person = story.started_by();
            let name = person.map(|staff| {
                name_of(staff, past.config, names).unwrap_or_else(|| format!("no. {staff}"))
            });
            cells.push(harmless(name.unwrap_or_default()));
        }
        let is_broken = told.outcome == Some(Outcome::Broken);
        let reason = is_broken.then(|| causes.reason(visit, story, told));
        cells.extend([
            told.kind.as_str().to_owned(),
            told.no.to_string(),
            local(past.zone, told.by),
            met_at.map(|at| local(past.zone, at)).unwrap_or_default(),
            told.outcome.map_or("open", outcome).to_owned(),
            early_ms.filter(|ms| *ms >= 0).map(minutes).unwrap_or_default(),
            early_ms.filter(|ms| *ms < 0).map(|ms| minutes(-ms)).unwrap_or_default(),
            reason.map_or("", reason_text).to_owned(),
            start_confirmed(story, told).to_owned(),
        ]);
        write(cells);
    }
    table.into_inner().expect("nothing is left to be written")
}

/// A text that programs for tables do not take for a formula.
fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text
    }
}

fn local(zone: Tz, at: Timestamp) -> String {
    let utc = DateTime::from_timestamp_millis(at.0).unwrap_or_default();
    utc.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string()
}

const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Kept => "kept",
        Outcome::Broken => "broken",
        Outcome::LeftBefore => "left_before",
        Outcome::Void => "void",
        Outcome::Released => "released",
    }
}

/// What the customer said of the start that kept this promise: nothing where they were not asked.
fn start_confirmed(story: &Story, told: &Told) -> &'static str {
    let is_first = story.first(PromiseKind::Start).is_some_and(|first| first.no == told.no);
    match story.start_right.filter(|_| is_first && story.is_asked_about_start()) {
        Some(true) => "yes",
        Some(false) => "later",
        None => "",
    }
}

const fn reason_text(reason: Reason) -> &'static str {
    match reason {
        Reason::WentFirst => "went_first",
        Reason::PersonGone => "person_gone",
        Reason::Work => "work",
        Reason::LateStart => "late_start",
        Reason::Equipment => "equipment",
        Reason::Supply => "supply",
        Reason::Other => "other",
        Reason::FewerOnDuty => "fewer_on_duty",
        Reason::RanLong => "ran_long",
        Reason::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_like_a_formula() {
        for bad in ["=1+1", "+49", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            let cell = harmless(bad.to_owned());
            assert_eq!(cell, format!("'{bad}"));
        }
        assert_eq!(harmless("Cut = 30 min".to_owned()), "Cut = 30 min");
        assert_eq!(harmless(String::new()), "");
    }
}
