//! When the shop is open and its people are there, as its set-up plans it.

use chrono_tz::Tz;
use sooner_engine::ShopConfig;
use sooner_engine::calendar::{self, Hours, Span, Week, Window};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{StaffId, Timestamp};

/// A shop without hours is lived in from nine to six.
const USUAL: Span = Span { from: 9 * 60, to: 18 * 60 };

/// When somebody works on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// From when to when.
    pub window: Window,
    /// The breaks in it.
    pub breaks: Vec<Window>,
}

/// The planned hours of a shop.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    zone: Tz,
    open: Hours,
    staff: Vec<(StaffId, Hours, Hours)>,
}

impl Plan {
    /// The hours of a set-up.
    #[must_use]
    pub fn new(config: &ShopConfig) -> Self {
        use chrono::Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
        let open = if config.hours.is_empty() {
            let weekly = Week::on(&[Mon, Tue, Wed, Thu, Fri, Sat, Sun], &[USUAL]);
            Hours { weekly, ..Hours::default() }
        } else {
            config.hours.clone()
        };
        let staff = config
            .staff
            .iter()
            .map(|person| {
                let breaks = Hours { weekly: person.breaks.clone(), ..Hours::default() };
                (person.id, person.shifts.clone(), breaks)
            })
            .collect();
        Self { zone: config.tz(), open, staff }
    }

    /// The number of the local day of an instant.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> i32 {
        calendar::local_day(self.zone, at)
    }

    /// Minutes after local midnight.
    #[must_use]
    pub fn minute(&self, at: Timestamp) -> f64 {
        use chrono::Timelike;
        chrono::DateTime::from_timestamp_millis(at.0).map_or(0.0, |at| {
            let local = at.with_timezone(&self.zone);
            f64::from(local.num_seconds_from_midnight()) / 60.0
        })
    }

    /// When the shop is open, from `from` on, for three weeks.
    #[must_use]
    pub fn open(&self, from: Timestamp) -> Vec<Window> {
        self.open.windows(self.zone, from)
    }

    /// The window it is open in at `at`, if it is.
    #[must_use]
    pub fn open_at(&self, at: Timestamp) -> Option<Window> {
        self.open(at).into_iter().find(|window| window.contains(at))
    }

    /// `at`, or the next opening when it is closed then.
    #[must_use]
    pub fn when_open(&self, at: Timestamp) -> Timestamp {
        self.open(at).first().map_or(at, |window| window.from.max(at))
    }

    /// When everybody works in a window of open hours.
    #[must_use]
    pub fn shifts(&self, open: Window) -> Vec<(StaffId, Vec<Shift>)> {
        let shift = |shifts: &Hours, breaks: &Hours| {
            let planned = if shifts.is_empty() {
                vec![open]
            } else {
                calendar::both(&[open], &shifts.windows(self.zone, open.from))
            };
            let breaks =
                if breaks.is_empty() { Vec::new() } else { breaks.windows(self.zone, open.from) };
            planned
                .into_iter()
                .map(|window| Shift { window, breaks: calendar::both(&[window], &breaks) })
                .collect()
        };
        self.staff.iter().map(|(id, shifts, breaks)| (*id, shift(shifts, breaks))).collect()
    }
}

/// How many of these shifts are at work at `at`.
#[must_use]
pub fn at_work(shifts: &[(StaffId, Vec<Shift>)], at: Timestamp) -> usize {
    let works = |shift: &Shift| {
        shift.window.contains(at) && !shift.breaks.iter().any(|pause| pause.contains(at))
    };
    shifts.iter().filter(|(_, all)| all.iter().any(works)).count()
}

/// A quarter of an hour: appointments begin on one.
pub(crate) const QUARTER_MS: i64 = 15 * MINUTE_MS;
