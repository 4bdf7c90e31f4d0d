//! A shop's set-up as a page changes it: what its file says, as JSON.
//!
//! The words, units and bounds are the file's, and both are read by one reader: a text that makes no
//! sense is no other type here but a fault with the field it is in. Services and people have numbers
//! that never change. Durations are in minutes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::look::Accent;

/// All of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetUpForm {
    /// Names the set-up as it was read. Sent back with another one: if the shop has become another in
    /// between, nothing is changed (`set_up_changed`).
    pub version: String,
    /// Whether nobody has set the shop up yet. Not read back.
    #[serde(default)]
    pub fresh: bool,
    /// What stands over the door.
    pub name: String,
    /// The time zone (IANA name).
    pub zone: String,
    /// When one may join from elsewhere: `with_doors`, `always`, `never`.
    pub remote: String,
    /// How people are called on the wall: `initial`, `code`.
    pub names: String,
    /// How long the words of people are kept, in days.
    pub erase_after_days: f64,
    /// How people are addressed: `formal`, `informal`.
    pub forms: String,
    /// Tags of languages in the order they are offered, the shop's own first. None: all there are.
    #[serde(default)]
    pub languages: Vec<String>,
    /// The colour of the shop's pages, by its name ([`Accent::name`]).
    #[serde(default = "usual_accent")]
    pub accent: String,
    /// With what a broken promise is made good.
    #[serde(default)]
    pub make_goods: Vec<String>,
    /// How promises are made and kept.
    pub rules: RulesForm,
    /// When the doors are open. None: always.
    #[serde(default)]
    pub hours: Option<HoursForm>,
    /// When no message is to reach anybody. None: they may at all hours.
    #[serde(default)]
    pub quiet_hours: Option<QuietForm>,
    /// What is offered.
    pub services: Vec<ServiceForm>,
    /// Who serves.
    pub staff: Vec<StaffForm>,
}

fn usual_accent() -> String {
    Accent::default().name().to_owned()
}

/// How promises are made and kept.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RulesForm {
    /// The share of promises to keep, in per cent.
    pub keep_percent: f64,
    /// Promises are rounded up to full minutes of this.
    pub round_to_minutes: f64,
    /// How long a place is kept after its promised minute.
    pub hold_minutes: f64,
    /// From one person out of the chair to the next one in it.
    pub turnaround_minutes: f64,
    /// How long after closing the last ones may be finished.
    pub overrun_minutes: f64,
    /// Who has not come so long after their shift began is not counted on.
    pub unseen_minutes: f64,
}

/// Spans such as `09:00-18:00` for each day of a week.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WeekForm {
    /// Monday.
    pub mon: Vec<String>,
    /// Tuesday.
    pub tue: Vec<String>,
    /// Wednesday.
    pub wed: Vec<String>,
    /// Thursday.
    pub thu: Vec<String>,
    /// Friday.
    pub fri: Vec<String>,
    /// Saturday.
    pub sat: Vec<String>,
    /// Sunday.
    pub sun: Vec<String>,
}

impl WeekForm {
    /// The days by their names in a file, from Monday on.
    #[must_use]
    pub fn days(&self) -> [(&'static str, &Vec<String>); 7] {
        let Self { mon, tue, wed, thu, fri, sat, sun } = self;
        [
            ("mon", mon),
            ("tue", tue),
            ("wed", wed),
            ("thu", thu),
            ("fri", fri),
            ("sat", sat),
            ("sun", sun),
        ]
    }

    /// The same to be changed.
    #[must_use]
    pub fn days_mut(&mut self) -> [&mut Vec<String>; 7] {
        let Self { mon, tue, wed, thu, fri, sat, sun } = self;
        [mon, tue, wed, thu, fri, sat, sun]
    }

    /// A week made of its days, from Monday on.
    #[must_use]
    pub fn of(days: [Vec<String>; 7]) -> Self {
        let [mon, tue, wed, thu, fri, sat, sun] = days;
        Self { mon, tue, wed, thu, fri, sat, sun }
    }

    /// Whether there is nothing on any day.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.days().iter().all(|(_, spans)| spans.is_empty())
    }
}

/// Hours, with days that differ.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HoursForm {
    /// Every week.
    #[serde(flatten)]
    pub week: WeekForm,
    /// Days that differ, by their date; closed is none.
    pub exceptions: BTreeMap<String, Vec<String>>,
}

/// Quiet hours: from one clock time to another every day, or days like hours.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct QuietForm {
    /// From when, every day: `21:00`.
    pub from: Option<String>,
    /// Until when: `08:00`.
    pub to: Option<String>,
    /// Days that differ from each other.
    #[serde(flatten)]
    pub week: WeekForm,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceForm {
    /// Its number.
    pub id: u16,
    /// Its name, in the shop's words.
    pub name: String,
    /// What is promised: `start`, `ready`, `call_back`, `news`.
    pub promise: String,
    /// Whether who starts is also told by when they are done.
    #[serde(default)]
    pub done_by: bool,
    /// How long it takes; with steps, not needed.
    #[serde(default)]
    pub minutes: Option<f64>,
    /// Its steps, if it has several.
    #[serde(default)]
    pub steps: Vec<StepForm>,
}

/// A step of a service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepForm {
    /// Its name, in the shop's words.
    pub name: String,
    /// Who or what it takes: `chair`, `bench`, `time`, `approval`, `part`.
    pub kind: String,
    /// How long it takes.
    pub minutes: f64,
    /// Who does it, by number, if not everybody who does the service.
    #[serde(default)]
    pub by: Vec<u16>,
}

/// Somebody who serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffForm {
    /// Their number.
    pub id: u16,
    /// Their name.
    pub name: String,
    /// Where they serve: "chair 2".
    pub place: String,
    /// What they do: numbers of services.
    pub does: Vec<u16>,
    /// When they work. None: whenever the shop is open.
    #[serde(default)]
    pub shifts: Option<HoursForm>,
    /// Their planned breaks.
    #[serde(default)]
    pub breaks: Option<WeekForm>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFault {
    /// Which: `name`, `rules.keep_percent`, `hours.mon`, `services.0.minutes`, `staff.1.name`; empty for
    /// the whole.
    pub field: String,
    /// The stable code, as a file's fault has it.
    pub code: String,
    /// A sentence, English, for programmers.
    pub message: String,
}

/// All that is wrong, in the order of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldFaults(pub Vec<FieldFault>);

impl FieldFaults {
    /// The first fault of a field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&FieldFault> {
        self.0.iter().find(|fault| fault.field == field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_written_as_days_beside_their_exceptions() {
        let mut hours = HoursForm::default();
        hours.week.mon = vec!["09:00-18:00".into()];
        hours.exceptions.insert("2026-12-24".into(), vec![]);
        let json = serde_json::to_value(&hours).expect("JSON");
        assert_eq!(json["mon"][0], "09:00-18:00");
        assert_eq!(json["exceptions"]["2026-12-24"], serde_json::json!([]));
        assert_eq!(serde_json::from_value::<HoursForm>(json).ok(), Some(hours));
    }
}
