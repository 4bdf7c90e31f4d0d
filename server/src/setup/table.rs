//! One table of the file: its keys taken one by one, so that those nobody asked for can be told.

use sooner_shared::time::MINUTE_MS;

use super::document::{Items, Table, Value};
use super::fault::{FAULTS_MAX, FaultCode, Finder, repeated};
use crate::text::{self, BadText};

/// A value with the byte of the file it begins at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<T> {
    pub(super) at: usize,
    pub(super) value: T,
}

/// Units a duration may be written in.
pub(super) const UNITS: [(&str, i64); 3] =
    [("minutes", MINUTE_MS), ("hours", 60 * MINUTE_MS), ("days", 24 * 60 * MINUTE_MS)];

/// A number's bounds, and how they are told.
pub(super) struct Bounds {
    pub(super) min: i64,
    pub(super) max: i64,
    /// "0 to 60".
    pub(super) said: &'static str,
}

/// A table, and the keys it was asked for.
pub(super) struct Fields<'a> {
    table: Table<'a>,
    /// Where it begins.
    pub(super) at: usize,
    /// How it is called when something is missing in it: "a service".
    what: &'static str,
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    pub(super) const fn new(table: Table<'a>, at: usize, what: &'static str) -> Self {
        Self { table, at, what, asked: Vec::new() }
    }

    /// The value of a key, if it is there.
    pub(super) fn get(&mut self, key: &'static str) -> Option<Value<'a>> {
        self.asked.push(key);
        self.table.get(key)
    }

    /// The value of a key that must be there.
    fn required(
        &mut self,
        finder: &mut Finder<'_>,
        key: &'static str,
        example: &str,
    ) -> Option<Value<'a>> {
        let value = self.get(key);
        if value.is_none() {
            let what = self.what;
            let message = format!("{what} needs {key}, for example: {key} = {example}");
            finder.fault(self.at, FaultCode::Missing, message);
        }
        value
    }

    /// A text that people read, its spaces tidied.
    pub(super) fn text(
        &mut self,
        finder: &mut Finder<'_>,
        key: &'static str,
        example: &str,
        max_chars: usize,
    ) -> Option<Placed<String>> {
        let raw = self.word(finder, key, Some(example))?;
        tidy(finder, key, raw, max_chars)
    }

    /// A list of texts that people read; none when there is no such list.
    pub(super) fn texts(
        &mut self,
        finder: &mut Finder<'_>,
        key: &'static str,
        max_chars: usize,
    ) -> Vec<Placed<String>> {
        self.list(finder, key)
            .filter_map(|item| {
                let Some(value) = item.as_str() else {
                    wrong_type(finder, key, item, "a text in quotation marks");
                    return None;
                };
                tidy(finder, key, Placed { at: item.at(), value }, max_chars)
            })
            .collect()
    }

    /// A text as it stands; with an example it must be there.
    pub(super) fn word(
        &mut self,
        finder: &mut Finder<'_>,
        key: &'static str,
        example: Option<&str>,
    ) -> Option<Placed<&'a str>> {
        let value = match example {
            Some(example) => self.required(finder, key, example)?,
            None => self.get(key)?,
        };
        let text = value.as_str();
        if text.is_none() {
            wrong_type(finder, key, value, "a text in quotation marks");
        }
        Some(Placed { at: value.at(), value: text? })
    }

    /// One of a few words; the first where nothing is said.
    pub(super) fn choice<T: Copy>(
        &mut self,
        finder: &mut Finder<'_>,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let Some(word) = self.word(finder, key, None) else {
            return choices.first().map(|(_, choice)| *choice);
        };
        let found = choices.iter().find(|(name, _)| *name == word.value);
        if found.is_none() {
            let names: Vec<_> = choices.iter().map(|(name, _)| format!("{name:?}")).collect();
            let message = format!("{key} is one of {}", names.join(", "));
            finder.fault(word.at, FaultCode::UnknownChoice, message);
        }
        found.map(|(_, choice)| *choice)
    }

    /// Yes or no; no where nothing is said.
    pub(super) fn flag(&mut self, finder: &mut Finder<'_>, key: &'static str) -> bool {
        let Some(value) = self.get(key) else {
            return false;
        };
        let flag = value.as_bool();
        if flag.is_none() {
            wrong_type(finder, key, value, "true or false");
        }
        flag.unwrap_or_default()
    }

    /// A number, in multiples of `unit`, if it is there: 1.5 minutes are 90,000 ms.
    pub(super) fn amount(
        &mut self,
        finder: &mut Finder<'_>,
        key: &'static str,
        unit: i64,
        bounds: &Bounds,
    ) -> Option<Placed<i64>> {
        let value = self.get(key)?;
        let Some(number) = number(value) else {
            wrong_type(finder, key, value, "a number");
            return None;
        };
        let at = value.at();
        let amount = (number * unit as f64).round();
        // No whole number that is asked for is too large for a float; one that is, is refused.
        if !(bounds.min as f64..=bounds.max as f64).contains(&amount) {
            let message = format!("{key} must be {}", bounds.said);
            finder.fault(at, FaultCode::OutOfRange, message);
            return None;
        }
        Some(Placed { at, value: amount as i64 })
    }

    /// A whole number that others refer to.
    pub(super) fn id(&mut self, finder: &mut Finder<'_>) -> Option<Placed<u16>> {
        let value = self.required(finder, "id", "1")?;
        let at = value.at();
        match number_id(value) {
            Some(value) => Some(Placed { at, value }),
            None if value.as_integer().is_some() => {
                finder.fault(at, FaultCode::OutOfRange, "id must be 1 to 65535");
                None
            }
            None => {
                wrong_type(finder, "id", value, "a whole number");
                None
            }
        }
    }

    /// A duration in one of [`UNITS`], if there is one.
    pub(super) fn duration(
        &mut self,
        finder: &mut Finder<'_>,
        bounds: &Bounds,
    ) -> Option<Placed<i64>> {
        let mut found = None;
        for (key, unit) in UNITS {
            let amount = self.amount(finder, key, unit, bounds);
            match (found, amount) {
                (Some(_), Some(again)) => {
                    let message = "say how long it takes once: minutes, hours or days";
                    finder.fault(again.at, FaultCode::Twice, message);
                }
                (None, Some(_)) => found = amount,
                (_, None) => {}
            }
        }
        found
    }

    /// Whether any of the keys is there.
    pub(super) fn has_any(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.table.get(key).is_some())
    }

    /// A table below this one, if it is there.
    pub(super) fn table(
        &mut self,
        finder: &mut Finder<'_>,
        key: &'static str,
        what: &'static str,
    ) -> Option<Fields<'a>> {
        let value = self.get(key)?;
        let Some(table) = value.as_table() else {
            wrong_type(finder, key, value, &format!("a section: [{key}]"));
            return None;
        };
        Some(Fields::new(table, value.at(), what))
    }

    /// The tables of a list of them; none when there is no such list.
    pub(super) fn tables(
        &mut self,
        finder: &mut Finder<'_>,
        key: &'static str,
        what: &'static str,
        most: (usize, &str),
    ) -> Vec<Fields<'a>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let Some(list) = value.as_list() else {
            wrong_type(finder, key, value, &format!("a list of sections: [[{key}]]"));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in list {
            match item.as_table() {
                Some(_) if tables.len() == most.0 => {
                    finder.fault(item.at(), FaultCode::TooMany, most.1);
                    // What else is wrong with more of them is not told.
                    break;
                }
                Some(table) => tables.push(Fields::new(table, item.at(), what)),
                None => wrong_type(finder, key, item, &format!("a section: [[{key}]]")),
            }
        }
        tables
    }

    /// The items of a list; none when there is no such list.
    pub(super) fn list(&mut self, finder: &mut Finder<'_>, key: &'static str) -> Items<'a> {
        self.get(key).map_or(Items::NONE, |value| list(finder, key, value))
    }

    /// Every key and value, for tables whose keys are not known beforehand.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Placed<&'a str>, Value<'a>)> + use<'a> {
        self.table.iter()
    }

    /// Tells the keys nobody asked for.
    pub(super) fn finish(self, finder: &mut Finder<'_>) {
        let unknown =
            self.entries().map(|(key, _)| key).filter(|key| !self.asked.contains(&key.value));
        // Of more of them none is told: each stands behind the one before.
        for key in unknown.take(FAULTS_MAX) {
            let (what, word) = (self.what, repeated(key.value));
            let message = match finder.nearest(key.value, self.asked.iter().copied()) {
                Some(meant) => {
                    format!("{what} has no {word}; did you mean {meant:?}?")
                }
                None => format!("{what} has no {word}, only {}", self.asked.join(", ")),
            };
            finder.fault(key.at, FaultCode::UnknownKey, message);
        }
    }
}

/// A text with its spaces tidied, or its fault told.
fn tidy(
    finder: &mut Finder<'_>,
    key: &'static str,
    raw: Placed<&str>,
    max_chars: usize,
) -> Option<Placed<String>> {
    let message = match text::tidy(raw.value, max_chars) {
        Ok(value) => return Some(Placed { at: raw.at, value }),
        Err(BadText::Empty) => format!("{key} is empty"),
        Err(BadText::TooLong) => format!("{key} may have {max_chars} characters at most"),
        Err(BadText::Unprintable) => {
            format!("{key} has a control character or another that nobody sees")
        }
    };
    finder.fault(raw.at, FaultCode::BadText, message);
    None
}

/// The items of a value that should be a list.
pub(super) fn list<'a>(finder: &mut Finder<'_>, key: &str, value: Value<'a>) -> Items<'a> {
    if let Some(list) = value.as_list() {
        return list;
    }
    wrong_type(finder, key, value, "a list in square brackets");
    Items::NONE
}

/// Says that something else belongs there.
pub(super) fn wrong_type(finder: &mut Finder<'_>, key: &str, value: Value<'_>, expected: &str) {
    let message = format!("{key} must be {expected}, not {}", value.kind());
    finder.fault(value.at(), FaultCode::WrongType, message);
}

/// A number from 1 to 65,535.
pub(super) fn number_id(value: Value<'_>) -> Option<u16> {
    let (digits, radix) = value.as_integer()?;
    u16::from_str_radix(digits, radix).ok().filter(|id| *id > 0)
}

fn number(value: Value<'_>) -> Option<f64> {
    if let Some((digits, radix)) = value.as_integer() {
        // Beyond 64 bits it is out of every range anyway.
        return Some(i64::from_str_radix(digits, radix).unwrap_or(i64::MAX) as f64);
    }
    value.as_float()?.parse().ok()
}
