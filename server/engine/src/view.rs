//! What each audience is shown of a shop, made from its state, its forecast and the names that
//! the shell keeps apart.

use std::collections::BTreeMap;

use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{
    Board, DeskCard, KeptShare, LobbyCard, ServiceInfo, ShopHead, StaffInfo, Stage, VisitView,
};
use sooner_shared::{StaffId, Timestamp, VisitId};

use crate::policy::can_take;
use crate::{Forecast, Shop, Visit};

/// Names and links, which are in no event.
pub trait People {
    /// How a person in line wants to be called, if they said.
    fn visit_name(&self, visit: VisitId) -> Option<&str>;
    /// The name of a person who serves.
    fn staff_name(&self, staff: StaffId) -> Option<&str>;
    /// The private link of a visit.
    fn link(&self, visit: VisitId) -> String;
}

/// A name as it stands on the wall: the first word, and the initial of the last.
#[must_use]
pub fn label(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default();
    match words.next_back().and_then(|last| last.chars().next()) {
        Some(initial) => format!("{first} {initial}."),
        None => first.to_owned(),
    }
}

/// The wall: who is called, who is served, who waits (in the order in which they will likely start),
/// and what a newcomer gets.
#[must_use]
pub fn lobby(
    shop: &Shop,
    forecast: &Forecast,
    people: &impl People,
    now: Timestamp,
) -> Board<LobbyCard> {
    let mut board = board(shop, forecast, people, now, |visit| LobbyCard {
        label: people.visit_name(visit.id).map_or_else(|| visit.id.code(), label),
        stage: visit.stage,
        by: visit.promise.filter(|p| p.outcome.is_none() && p.by >= now).map(|p| p.by),
        staff: visit.staff,
        requested: visit.requested,
        checked_in: visit.checked_in,
        call_no: visit.call_no,
    });
    // Who waits for a certain person may stand before others in line and yet start after them.
    board
        .order
        .sort_by_key(|visit| forecast.visits.get(visit).map_or(i64::MAX, |e| e.wait_ms(500)));
    board
}

/// The desk: everything but private contacts.
#[must_use]
pub fn desk(
    shop: &Shop,
    forecast: &Forecast,
    people: &impl People,
    now: Timestamp,
) -> Board<DeskCard> {
    board(shop, forecast, people, now, |visit| {
        let name = name_or_code(people, visit.id);
        let estimate = forecast.visits.get(&visit.id).filter(|_| visit.stage == Stage::Waiting);
        let open = visit.promise.filter(|p| p.outcome.is_none());
        DeskCard {
            label: people.visit_name(visit.id).map_or_else(|| visit.id.code(), label),
            name,
            service: visit.service,
            requested: visit.requested,
            stage: visit.stage,
            staff: visit.staff,
            by: visit.promise.map(|p| p.by),
            likely_at: estimate.map(|e| (forecast.at + e.wait_ms(500)).round_up(MINUTE_MS)),
            risk_pct: open
                .zip(estimate)
                .map(|(p, e)| (e.exceeds_permille(p.by - forecast.at) / 10) as u8),
            outcome: visit.promise.and_then(|p| p.outcome),
            checked_in: visit.checked_in,
            missing: visit.missing,
            joined_at: visit.joined_at,
            called_at: visit.called_at,
            started_at: visit.started_at,
            link: people.link(visit.id),
        }
    })
}

/// One person's phone; `None` when the visit is gone from the state.
#[must_use]
pub fn visit(
    shop: &Shop,
    shop_id: &str,
    people: &impl People,
    visit: VisitId,
) -> Option<VisitView> {
    let v = shop.visits.get(&visit)?;
    let config = &shop.config;
    let staff_name = |id: StaffId| people.staff_name(id).unwrap_or_default().to_owned();
    Some(VisitView {
        visit,
        shop: shop_id.to_owned(),
        shop_name: config.name.clone(),
        zone: config.zone.clone(),
        name: name_or_code(people, visit),
        service: config.service(v.service).map(|s| s.name.clone()).unwrap_or_default(),
        requested: v.requested.map(staff_name),
        stage: v.stage,
        by: v.promise.map(|p| p.by),
        ahead: (v.stage == Stage::Waiting).then(|| ahead(shop, v)),
        staff: v.staff.map(staff_name),
        place: v.staff.and_then(|id| config.person(id)).map(|p| p.place.clone()),
        staffed: shop.chairs.values().any(|c| c.on_duty),
        checked_in: v.checked_in,
        joined_at: v.joined_at,
        called_at: v.called_at,
        started_at: v.started_at,
        ended_at: v.ended_at,
        outcome: v.promise.and_then(|p| p.outcome),
    })
}

fn name_or_code(people: &impl People, visit: VisitId) -> String {
    people.visit_name(visit).map_or_else(|| visit.code(), str::to_owned)
}

/// Those in line before `visit` whom somebody who can take `visit` can take too.
fn ahead(shop: &Shop, visit: &Visit) -> u32 {
    let able: Vec<_> =
        shop.config.staff.iter().filter(|person| can_take(person, &visit.claim())).collect();
    shop.waiting()
        .take_while(|other| other.id < visit.id)
        .filter(|other| able.iter().any(|person| can_take(person, &other.claim())))
        .count() as u32
}

fn board<C>(
    shop: &Shop,
    forecast: &Forecast,
    people: &impl People,
    now: Timestamp,
    card: impl Fn(&Visit) -> C,
) -> Board<C> {
    let cards: BTreeMap<_, _> =
        shop.visits.values().filter(|v| !v.stage.is_over()).map(|v| (v.id, card(v))).collect();
    Board { head: head(shop, forecast, people, now), order: cards.keys().copied().collect(), cards }
}

fn head(shop: &Shop, forecast: &Forecast, people: &impl People, now: Timestamp) -> ShopHead {
    let config = &shop.config;
    ShopHead {
        name: config.name.clone(),
        zone: config.zone.clone(),
        services: config
            .services
            .iter()
            .map(|s| ServiceInfo { id: s.id, name: s.name.clone() })
            .collect(),
        staff: config
            .staff
            .iter()
            .map(|s| StaffInfo {
                id: s.id,
                name: people.staff_name(s.id).unwrap_or_default().to_owned(),
                place: s.place.clone(),
                on_duty: shop.chairs.get(&s.id).is_some_and(|c| c.on_duty),
                services: s.services.iter().copied().collect(),
            })
            .collect(),
        quotes: forecast.quotes.clone(),
        quoted_at: forecast.at,
        kept_week: shop.kept_week(now).map(|(kept, of)| KeptShare { kept, of }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_shows_a_first_name_and_an_initial() {
        for (name, expected) in [
            ("Anna", "Anna"),
            ("Anna Kovács", "Anna K."),
            ("Ana María Ñúñez", "Ana Ñ."),
            ("  Tom   Ó ", "Tom Ó."),
        ] {
            assert_eq!(label(name), expected);
        }
    }
}
