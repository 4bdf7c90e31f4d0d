//! What one person's page says.

use crate::time::MINUTE_MS;
use crate::view::{Outcome, Stage, VisitView};

/// What the page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// In line.
    InLine,
    /// In line, nobody before them.
    Next,
    /// Asked to come in.
    ComeIn,
    /// In the chair.
    Started,
    /// Served.
    Done,
    /// Left the line.
    Left,
    /// Was called and did not come.
    NoShow,
}

impl Scene {
    /// What the page of this visit is about.
    #[must_use]
    pub const fn of(visit: &VisitView) -> Self {
        match visit.stage {
            Stage::Waiting if matches!(visit.ahead, Some(0)) && visit.staffed => Self::Next,
            Stage::Waiting => Self::InLine,
            Stage::Called => Self::ComeIn,
            Stage::Serving => Self::Started,
            Stage::Done => Self::Done,
            Stage::Left => Self::Left,
            Stage::NoShow => Self::NoShow,
        }
    }

    /// For tests and styles.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InLine => "in_line",
            Self::Next => "next",
            Self::ComeIn => "come_in",
            Self::Started => "started",
            Self::Done => "done",
            Self::Left => "left",
            Self::NoShow => "no_show",
        }
    }
}

/// Whether the promised minute has passed and an apology is due.
#[must_use]
pub fn owes_apology(visit: &VisitView) -> bool {
    visit.outcome == Some(Outcome::Broken)
}

/// By how many whole minutes somebody is called earlier than promised; `None` below one.
#[must_use]
pub fn called_earlier_min(visit: &VisitView) -> Option<u32> {
    let minutes = (visit.by? - visit.called_at?) / MINUTE_MS;
    u32::try_from(minutes).ok().filter(|m| *m >= 1)
}

/// The wait against what was promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Whole minutes waited; `None` below one.
    pub waited_min: Option<u32>,
    /// How it compares; `None` without a promise, or when the person came later than called.
    pub against: Option<Against>,
}

/// How a wait compares with its promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// Shorter by so many minutes.
    Less(u32),
    /// Within the minute.
    AsPromised,
    /// Longer by so many minutes.
    Longer(u32),
}

impl Wait {
    /// The wait of a visit that has started.
    #[must_use]
    pub fn of(visit: &VisitView) -> Option<Self> {
        let started = visit.started_at?;
        let waited = u32::try_from((started - visit.joined_at) / MINUTE_MS).unwrap_or(0);
        let against = visit.by.and_then(|by| {
            let early_min = (by - started).div_euclid(MINUTE_MS);
            match u32::try_from(early_min) {
                Ok(0) => Some(Against::AsPromised),
                Ok(minutes) => Some(Against::Less(minutes)),
                Err(_) if owes_apology(visit) => {
                    Some(Against::Longer(early_min.unsigned_abs() as u32))
                }
                // Called in time, started when they came: neither praise nor blame.
                Err(_) => None,
            }
        });
        Some(Self { waited_min: (waited >= 1).then_some(waited), against })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Timestamp, VisitId};

    fn visit() -> VisitView {
        VisitView {
            visit: VisitId(1),
            shop: "salon".into(),
            shop_name: "Salon".into(),
            zone: "UTC".into(),
            name: "Anna".into(),
            service: "Haircut".into(),
            requested: None,
            stage: Stage::Waiting,
            by: Some(at(25)),
            ahead: Some(2),
            staff: None,
            place: None,
            staffed: true,
            checked_in: false,
            joined_at: at(0),
            called_at: None,
            started_at: None,
            ended_at: None,
            outcome: None,
        }
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp(minute * MINUTE_MS)
    }

    #[test]
    fn nobody_is_next_while_nobody_serves() {
        let mut one = visit();
        assert_eq!(Scene::of(&one), Scene::InLine);
        one.ahead = Some(0);
        assert_eq!(Scene::of(&one), Scene::Next);
        one.staffed = false;
        assert_eq!(Scene::of(&one), Scene::InLine);
    }

    #[test]
    fn a_wait_is_compared_with_its_promise() {
        let mut one = visit();
        assert_eq!(Wait::of(&one), None);
        one.started_at = Some(at(18));
        let expected = Wait { waited_min: Some(18), against: Some(Against::Less(7)) };
        assert_eq!(Wait::of(&one), Some(expected));
        one.started_at = Some(at(25));
        assert_eq!(Wait::of(&one).and_then(|w| w.against), Some(Against::AsPromised));
        one.started_at = Some(at(30));
        one.outcome = Some(Outcome::Broken);
        assert_eq!(Wait::of(&one).and_then(|w| w.against), Some(Against::Longer(5)));
        one.outcome = Some(Outcome::Kept);
        assert_eq!(Wait::of(&one).and_then(|w| w.against), None);
    }

    #[test]
    fn less_than_a_minute_is_never_zero_minutes() {
        let mut one = visit();
        one.started_at = Some(Timestamp(30_000));
        assert_eq!(Wait::of(&one).and_then(|w| w.waited_min), None);
        one.called_at = Some(at(25) - 1);
        assert_eq!(called_earlier_min(&one), None);
        one.called_at = Some(at(18));
        assert_eq!(called_earlier_min(&one), Some(7));
    }
}
