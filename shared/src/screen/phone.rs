//! What one person's page says.

use crate::Timestamp;
use crate::time::MINUTE_MS;
use crate::view::{PromiseKind, Stage, VisitView, WaitsFor};

/// What the page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// Has an appointment later.
    Booked,
    /// In line.
    InLine,
    /// In line, nobody before them.
    Next,
    /// Asked to come in.
    ComeIn,
    /// In the chair, on the bench, on the phone.
    Started,
    /// Nobody can go on before something has come.
    Pending,
    /// Set aside.
    OnHold,
    /// To be collected.
    Ready,
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
            Stage::Booked => Self::Booked,
            Stage::Waiting if matches!(visit.ahead, Some(0)) && visit.staffed => Self::Next,
            Stage::Waiting => Self::InLine,
            Stage::Called => Self::ComeIn,
            Stage::Serving => Self::Started,
            Stage::Pending => Self::Pending,
            Stage::OnHold => Self::OnHold,
            Stage::Ready => Self::Ready,
            Stage::Done => Self::Done,
            Stage::Left => Self::Left,
            Stage::NoShow => Self::NoShow,
        }
    }

    /// For tests and styles.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::InLine => "in_line",
            Self::Next => "next",
            Self::ComeIn => "come_in",
            Self::Started => "started",
            Self::Pending => "pending",
            Self::OnHold => "on_hold",
            Self::Ready => "ready",
            Self::Done => "done",
            Self::Left => "left",
            Self::NoShow => "no_show",
        }
    }
}

/// Something a person can say on their own page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// "I'm here."
    Here,
    /// "Yes, go ahead."
    Approve,
    /// "I'm coming", about an appointment.
    Confirm,
    /// "I need ten minutes more."
    RunLate,
    /// "Let one pass."
    LetPass,
    /// A question.
    Ask,
    /// "I'm leaving."
    Leave,
}

/// So long before an appointment its page asks about the way there, in milliseconds.
const NEAR_MS: i64 = 60 * MINUTE_MS;

/// What the person can say at this instant of the shop's time, the most likely first.
#[must_use]
pub fn offers(visit: &VisitView, now: Option<Timestamp>) -> Vec<Offer> {
    use Offer::{Approve, Ask, Confirm, Here, Leave, LetPass, RunLate};
    let comes = visit.kind == PromiseKind::Start && !has_begun(visit);
    let is_near = match (visit.booked_at, now) {
        (Some(booked_at), Some(now)) => booked_at - now <= NEAR_MS,
        _ => true,
    };
    let all: &[(Offer, bool)] = match visit.stage {
        Stage::Booked => &[
            (Confirm, !visit.confirmed),
            (Here, !visit.checked_in && is_near),
            (RunLate, comes && is_near),
            (Ask, true),
            (Leave, true),
        ],
        Stage::Waiting => &[
            (Here, !visit.checked_in && visit.kind != PromiseKind::CallBack),
            (RunLate, comes),
            (LetPass, comes),
            (Ask, true),
            (Leave, comes || visit.kind == PromiseKind::CallBack),
        ],
        Stage::Called => &[
            (Here, !visit.checked_in && visit.kind != PromiseKind::CallBack),
            (RunLate, comes),
            (Leave, true),
        ],
        Stage::Pending => {
            // Whoever left something here asks for it; it does not go by a tap.
            let is_there = visit.kind == PromiseKind::Start;
            let asked = visit.waits_for == Some(WaitsFor::Approval);
            &[(Approve, asked), (Ask, true), (Leave, is_there)]
        }
        Stage::OnHold => &[(Here, !visit.checked_in && comes), (Ask, true), (Leave, true)],
        Stage::Serving => &[(Ask, visit.kind != PromiseKind::Start)],
        Stage::Ready => &[(Ask, true)],
        Stage::Done | Stage::Left | Stage::NoShow => &[],
    };
    all.iter().filter(|(_, offered)| *offered).map(|(offer, _)| *offer).collect()
}

/// Whether what somebody came for has begun, with more of it to come.
#[must_use]
pub fn has_begun(visit: &VisitView) -> bool {
    visit.kind == PromiseKind::Start && visit.started_at.is_some()
}

/// Whether the promised minute has passed and an apology is due.
#[must_use]
pub const fn owes_apology(visit: &VisitView) -> bool {
    visit.missed.is_some()
}

/// By how many whole minutes somebody is called earlier than promised; `None` below one, and where
/// the promise is for something else than coming in.
#[must_use]
pub fn called_earlier_min(visit: &VisitView) -> Option<u32> {
    if visit.kind != PromiseKind::Start {
        return None;
    }
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
    /// The wait of a visit that has started. Who left something to be made ready has not waited.
    #[must_use]
    pub fn of(visit: &VisitView) -> Option<Self> {
        if !matches!(visit.kind, PromiseKind::Start | PromiseKind::CallBack) {
            return None;
        }
        let started = visit.started_at?;
        // Who has an appointment waits from then on.
        let from = visit.booked_at.map_or(visit.joined_at, |at| at.max(visit.joined_at));
        let waited = u32::try_from((started - from) / MINUTE_MS).unwrap_or(0);
        // What was promised first is what counts.
        let against = visit.missed.or(visit.by).and_then(|by| {
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
    use crate::screen::samples;

    fn visit() -> VisitView {
        VisitView { by: Some(at(25)), ahead: Some(2), ..samples::visit() }
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
        one.missed = one.by;
        one.by = Some(at(40));
        assert_eq!(Wait::of(&one).and_then(|w| w.against), Some(Against::Longer(5)));
        (one.by, one.missed) = (one.missed, None);
        assert_eq!(Wait::of(&one).and_then(|w| w.against), None);
    }

    #[test]
    fn who_has_begun_is_offered_no_way_to_come_later() {
        let mut one = VisitView { stage: Stage::Waiting, ..visit() };
        assert!(offers(&one, None).contains(&Offer::LetPass));
        (one.started_at, one.checked_in) = (Some(at(1)), true);
        assert_eq!(offers(&one, None), [Offer::Ask]);
    }

    #[test]
    fn who_has_an_appointment_has_waited_from_then_on() {
        let mut one = VisitView { booked_at: Some(at(120)), by: Some(at(125)), ..visit() };
        one.started_at = Some(at(124));
        let expected = Wait { waited_min: Some(4), against: Some(Against::Less(1)) };
        assert_eq!(Wait::of(&one), Some(expected));
        one.started_at = Some(at(119));
        assert_eq!(Wait::of(&one).and_then(|w| w.waited_min), None);
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

    #[test]
    fn who_left_a_thing_to_be_made_ready_is_told_of_no_wait() {
        let one = VisitView {
            kind: PromiseKind::Ready,
            started_at: Some(at(30)),
            called_at: Some(at(10)),
            ..visit()
        };
        assert_eq!(Wait::of(&one), None);
        assert_eq!(called_earlier_min(&one), None);
    }

    #[test]
    fn a_yes_is_asked_for_only_while_it_is_waited_for() {
        let mut one = VisitView { stage: Stage::Pending, kind: PromiseKind::Ready, ..visit() };
        one.waits_for = Some(WaitsFor::Part);
        assert!(!offers(&one, None).contains(&Offer::Approve));
        one.waits_for = Some(WaitsFor::Approval);
        assert_eq!(offers(&one, None)[0], Offer::Approve);
    }

    #[test]
    fn nobody_is_asked_for_what_they_have_said() {
        let mut one = VisitView { stage: Stage::Booked, ..visit() };
        assert_eq!(offers(&one, None)[..2], [Offer::Confirm, Offer::Here]);
        (one.confirmed, one.checked_in) = (true, true);
        assert_eq!(offers(&one, None)[0], Offer::RunLate);
    }

    #[test]
    fn nobody_is_on_the_way_to_an_appointment_of_another_day() {
        let one = VisitView { stage: Stage::Booked, booked_at: Some(at(600)), ..visit() };
        assert_eq!(offers(&one, Some(at(0))), [Offer::Confirm, Offer::Ask, Offer::Leave]);
        assert!(offers(&one, Some(at(545))).contains(&Offer::RunLate));
    }

    #[test]
    fn who_is_called_back_has_nowhere_to_be() {
        let one = VisitView { kind: PromiseKind::CallBack, ..visit() };
        assert_eq!(offers(&one, None), [Offer::Ask, Offer::Leave]);
    }

    #[test]
    fn a_visit_that_is_over_offers_nothing() {
        for stage in [Stage::Done, Stage::Left, Stage::NoShow] {
            assert_eq!(offers(&VisitView { stage, ..visit() }, None), []);
        }
    }
}
