//! Whether a shop can be written to a file that can be read again.

use sooner_engine::ShopConfig;
use sooner_engine::calendar::{Hours, Span, Week};

use super::document::VALUES_MAX;
use super::hours::DAYS;
use super::write::{With, len};
use super::{FILE_MAX_BYTES, SetUp};

/// What a page's form writes may be longer by so much: it says more of what follows by itself.
const FORM_BYTES: usize = 16 * 1024;

/// The same in values, with what is not in services or people.
const OTHER_VALUES: usize = 64;

/// What is to be told of a shop that is too large, if it is.
pub(super) fn too_large(set_up: &SetUp) -> Option<String> {
    let (bytes, max) = (len(set_up, With::Ids), FILE_MAX_BYTES - FORM_BYTES);
    if bytes > max {
        return Some(format!(
            "written out, this shop takes {} KiB; {} KiB are the most",
            bytes.div_ceil(1024),
            max / 1024,
        ));
    }
    let (values, max) = (values(&set_up.config), VALUES_MAX - OTHER_VALUES);
    (values > max).then(|| format!("this shop says {values} values; {max} are the most"))
}

/// How many values its file has, at most.
fn values(config: &ShopConfig) -> usize {
    let services = config.services.iter().map(|service| {
        let steps = service.steps.iter().map(|step| 5 + step.by.len());
        7 + steps.sum::<usize>()
    });
    let people = config
        .staff
        .iter()
        .map(|person| 5 + person.services.len() + hours(&person.shifts) + week(&person.breaks));
    let people = people.sum::<usize>() + services.sum::<usize>();
    people + hours(&config.hours) + week(&config.quiet_hours)
}

fn hours(hours: &Hours) -> usize {
    let exceptions = hours.exceptions.values().map(|spans| 1 + spans.len());
    1 + week(&hours.weekly) + exceptions.sum::<usize>()
}

fn week(week: &Week) -> usize {
    let spans = DAYS.iter().map(|(_, day)| -> &[Span] { week.day(*day) });
    1 + spans.map(|spans| 1 + spans.len()).sum::<usize>()
}
