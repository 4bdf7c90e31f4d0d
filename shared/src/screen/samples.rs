//! Views to begin tests from: of everything the plainest.

use crate::view::{
    Board, DeskCard, Doors, Duty, LobbyCard, PromiseKind, Quote, ShopHead, StaffInfo, Stage,
    VisitView,
};
use crate::{ServiceId, StaffId, Timestamp, VisitId};

/// A shop that is open and offers nothing.
pub(crate) fn head() -> ShopHead {
    ShopHead {
        name: "Salon".into(),
        zone: "UTC".into(),
        services: vec![],
        staff: vec![],
        quotes: vec![],
        quoted_at: Timestamp(0),
        doors: Doors::Open { until: None },
        staffed_at: None,
        silent_since: None,
        kept_days: Some(30),
        informal: false,
        languages: Vec::new(),
        by_code: false,
        accent: crate::look::Accent::default(),
        joins_before: false,
        delays: vec![],
        kept_week: None,
        care: None,
    }
}

/// What a newcomer gets from whoever is free first.
pub(crate) fn quote(service: u16, by: Option<i64>) -> Quote {
    let (service, by) = (ServiceId(service), by.map(Timestamp));
    Quote { service, staff: None, by, from: None, more: None }
}

/// Somebody who serves.
pub(crate) fn person(id: u16, on_duty: bool, services: &[u16]) -> StaffInfo {
    StaffInfo {
        id: StaffId(id),
        name: format!("P{id}"),
        place: format!("chair {id}"),
        on_duty,
        duty: if on_duty { Duty::On } else { Duty::Off { expected_at: None } },
        unseen: false,
        services: services.iter().copied().map(ServiceId).collect(),
    }
}

/// Somebody on the wall.
pub(crate) fn lobby_card(stage: Stage) -> LobbyCard {
    LobbyCard {
        label: "Anna K.".into(),
        stage,
        by: None,
        staff: None,
        requested: None,
        kind: PromiseKind::Start,
        booked_at: None,
        goes_first: false,
        checked_in: true,
        call_no: 0,
    }
}

/// Somebody at the desk, without a promise.
pub(crate) fn desk_card(stage: Stage) -> DeskCard {
    DeskCard {
        name: "Anna".into(),
        label: "Anna".into(),
        service: ServiceId(1),
        more: vec![],
        step: None,
        requested: None,
        stage,
        staff: None,
        waits_for: None,
        expected_at: None,
        group: None,
        booked_at: None,
        confirmed: false,
        goes_first: false,
        late_until: None,
        handed_to: None,
        owner: None,
        overdue: false,
        question: None,
        contact: None,
        undo_until: None,
        kind: PromiseKind::Start,
        by: None,
        promise_no: None,
        invited: None,
        news_by: None,
        done_by: None,
        likely_at: None,
        risk_pct: None,
        outcome: None,
        checked_in: false,
        missing: false,
        joined_at: Timestamp(0),
        called_at: None,
        started_at: None,
        why: None,
        link: String::new(),
    }
}

/// Cards, numbered from 1, in that order.
pub(crate) fn board(head: ShopHead, cards: Vec<DeskCard>) -> Board<DeskCard> {
    let cards: std::collections::BTreeMap<_, _> = (1..).map(VisitId).zip(cards).collect();
    Board { head, order: cards.keys().copied().collect(), cards }
}

/// Somebody in line, on their phone, without a promise.
pub(crate) fn visit() -> VisitView {
    VisitView {
        visit: VisitId(1),
        shop: "salon".into(),
        shop_name: "Salon".into(),
        zone: "UTC".into(),
        informal: false,
        languages: Vec::new(),
        name: "Anna".into(),
        on_wall: None,
        contact: None,
        kept_until: None,
        service: "Haircut".into(),
        requested: None,
        stage: Stage::Waiting,
        step: None,
        waits_for: None,
        expected_at: None,
        booked_at: None,
        confirmed: false,
        question: None,
        answer: None,
        kind: PromiseKind::Start,
        safe_until: None,
        instead_of: None,
        by: None,
        news_by: None,
        done_by: None,
        time_from: None,
        ahead: None,
        staff: None,
        place: None,
        staffed: true,
        doors: Doors::Open { until: None },
        checked_in: false,
        joined_at: Timestamp(0),
        called_at: None,
        started_at: None,
        ended_at: None,
        stays_until: None,
        tell_before_min: None,
        tell_at: None,
        asks_start: false,
        start_right: None,
        felt: None,
        outcome: None,
        promise_no: None,
        missed: None,
        invited: None,
        choices: None,
    }
}
