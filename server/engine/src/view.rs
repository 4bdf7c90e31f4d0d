//! What each audience is shown of a shop, made from its state, its forecast and the names that
//! the shell keeps apart.

use std::collections::BTreeMap;

use sooner_shared::price::Task;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{
    Board, CareView, Choices, Colleague, DelayView, DeskCard, Doors, Duty, KeptShare, LobbyCard,
    Outcome, PromiseKind, ServiceInfo, ShopHead, StaffInfo, Stage, VisitView, WaitsFor,
};
use sooner_shared::{StaffId, Timestamp, VisitId};

use crate::calendar::HORIZON_DAYS;
use crate::config::{NamesOnWall, Remote};
use crate::decide::{bookable, stays_until};
use crate::forecast::explain::{Explanation, ahead, may_rise};
use crate::labels;
use crate::promise::{Promise, UNDO_MS};
use crate::remedy::at_risk;
use crate::roster::{self, is_unseen};
use crate::tasks::{saved, tasks};
use crate::{Forecast, Shop, Visit};

/// Names, contacts and links, which are in no event.
pub trait People {
    /// How a person in line wants to be called, if they said.
    fn visit_name(&self, visit: VisitId) -> Option<&str>;
    /// How they stand on the wall: [`Labels::get`](crate::labels::Labels::get).
    fn label(&self, visit: VisitId) -> Option<&str>;
    /// How the shop reaches them, if they said.
    fn contact(&self, visit: VisitId) -> Option<&str>;
    /// When the last of their name, contact, question and answer is erased; `None` when nothing of
    /// it is kept.
    fn kept_until(&self, visit: VisitId) -> Option<Timestamp>;
    /// The name of a person who serves.
    fn staff_name(&self, staff: StaffId) -> Option<&str>;
    /// What a person in line asked, if they did.
    fn question(&self, visit: VisitId) -> Option<&str>;
    /// What they were answered, if they were.
    fn answer(&self, visit: VisitId) -> Option<&str>;
    /// The private link of a visit.
    fn link(&self, visit: VisitId) -> String;
}

/// What a person in line is called where others read it.
fn label(people: &impl People, visit: VisitId) -> String {
    people.label(visit).map_or_else(|| visit.code(), str::to_owned)
}

/// The wall: who is called, who is served, who waits (in the order in which they will likely start),
/// what is ready, and what a newcomer gets. Work on the bench, appointments later and call-backs are
/// nobody else's business.
#[must_use]
pub fn lobby(
    shop: &Shop,
    forecast: &Forecast,
    people: &impl People,
    now: Timestamp,
) -> Board<LobbyCard> {
    let is_shown = |visit: &Visit| match visit.stage {
        Stage::Ready => true,
        Stage::Waiting | Stage::Called | Stage::Serving => {
            visit.needs_customer() && !visit.is_call_back()
        }
        _ => false,
    };
    // Where people are called by code, nobody reads when or to whom somebody else goes.
    let by_code = shop.config.names_on_wall == NamesOnWall::Code;
    let card = |visit: &Visit| LobbyCard {
        label: if visit.stage == Stage::Ready { visit.id.code() } else { label(people, visit.id) },
        stage: visit.stage,
        by: on_the_wall(visit, now).filter(|_| !by_code),
        staff: visit.staff,
        requested: visit.requested.filter(|_| !by_code),
        kind: visit.kind,
        booked_at: visit.appointment.map(|a| a.from).filter(|_| !by_code),
        goes_first: visit.right_at.is_some(),
        checked_in: visit.checked_in,
        call_no: visit.call_no,
    };
    let mut board = board(shop, forecast, people, now, is_shown, card);
    // Who waits for a certain person may stand before others in line and yet start after them.
    board
        .order
        .sort_by_key(|visit| forecast.visits.get(visit).map_or(i64::MAX, |e| e.wait_ms(500)));
    for person in &mut board.head.staff {
        person.unseen = false;
    }
    board.head.delays.clear();
    board
}

/// How somebody stands on the wall, where that is not their first name and initial. What is ready to
/// be collected stands there by its code: it may hang there for days, and who left it is not there.
fn label_to_look_for(people: &impl People, visit: &Visit) -> Option<String> {
    if visit.kind == PromiseKind::Ready || visit.stage == Stage::Ready {
        return Some(visit.id.code());
    }
    let name = people.visit_name(visit.id)?;
    people.label(visit.id).filter(|label| *label != labels::plain(name)).map(str::to_owned)
}

/// A later time stands on the wall when the person has had a minute to read it.
fn on_the_wall(visit: &Visit, now: Timestamp) -> Option<Timestamp> {
    // Whose minute has passed is next, and the wall says no second time.
    if visit.recovery().is_some_and(|r| now > r.missed) {
        return None;
    }
    let told = visit.promise()?;
    let before = visit.live().find(|p| p.kind == told.kind && p.postponed && p.by >= now);
    let shown = before.filter(|_| now - told.made_at < UNDO_MS).unwrap_or(told);
    (shown.is_live() && shown.by >= now).then_some(shown.by)
}

/// The desk: everything.
#[must_use]
pub fn desk(
    shop: &Shop,
    forecast: &Forecast,
    people: &impl People,
    now: Timestamp,
) -> Board<DeskCard> {
    let explanation = Explanation::new(shop, now);
    let card = |visit: &Visit| DeskCard {
        why: explanation.why(visit),
        ..desk_card(shop, forecast, people, now, visit)
    };
    let mut board = board(shop, forecast, people, now, |_| true, card);
    board.head.care = care(shop, forecast, people, now).map(Box::new);
    board
}

fn desk_card(
    shop: &Shop,
    forecast: &Forecast,
    people: &impl People,
    now: Timestamp,
    visit: &Visit,
) -> DeskCard {
    let estimate = forecast.visits.get(&visit.id).filter(|_| visit.stage != Stage::Called);
    let promise = visit.promise();
    let live_by = |kind| visit.live().find(|p| p.kind == kind).map(|p| p.by);
    DeskCard {
        label: label(people, visit.id),
        name: name_or_code(people, visit.id),
        service: visit.services.first().copied().unwrap_or(sooner_shared::ServiceId(0)),
        more: visit.services.get(1..).unwrap_or_default().to_vec(),
        step: step_name(shop, visit),
        requested: visit.requested,
        stage: visit.stage,
        waits_for: visit.waits_for(),
        expected_at: expected(visit),
        group: visit.group.map(|g| g.first),
        booked_at: visit.appointment.map(|a| a.from),
        confirmed: visit.appointment.is_some_and(|a| a.confirmed),
        goes_first: visit.right_at.is_some(),
        late_until: visit.not_before.filter(|&at| at > now),
        handed_to: visit.handed_to,
        owner: visit.owner,
        overdue: visit.overran,
        question: people.question(visit.id).filter(|_| visit.asks).map(str::to_owned),
        contact: people.contact(visit.id).map(str::to_owned),
        undo_until: shop.taps.last_on(visit.id, now).map(|(_, tap)| tap.at + UNDO_MS),
        staff: visit.staff,
        kind: visit.kind,
        by: promise.map(|p| p.by),
        promise_no: promise.map(|p| p.no),
        invited: visit.invitation(now).map(|i| i.by),
        news_by: live_by(PromiseKind::News).filter(|_| visit.kind != PromiseKind::News),
        done_by: live_by(PromiseKind::Done),
        likely_at: estimate.map(|e| (forecast.at + e.wait_ms(500)).round_up(MINUTE_MS)),
        risk_pct: promise
            .filter(|p| p.is_live())
            .zip(estimate)
            .map(|(p, e)| (e.missed_permille(shop, p, forecast.at) / 10) as u8),
        outcome: promise.and_then(Promise::shown_outcome),
        checked_in: visit.checked_in,
        missing: visit.missing,
        joined_at: visit.joined_at,
        called_at: visit.called_at,
        started_at: visit.started_at,
        why: None,
        link: people.link(visit.id),
    }
}

/// The name of what is next or being done, where there is more than one.
fn step_name(shop: &Shop, visit: &Visit) -> Option<String> {
    let step = visit.step().filter(|_| visit.steps.len() > 1)?;
    let service = shop.config.service(step.service)?;
    let step = service.steps.get(usize::from(step.index));
    Some(step.map_or_else(|| service.name.clone(), |s| s.name.clone()))
}

/// When what a visit waits for should be there.
fn expected(visit: &Visit) -> Option<Timestamp> {
    match visit.waits_for()? {
        WaitsFor::Part => visit.expected.map(|e| e.likely_at),
        WaitsFor::Approval => visit.approval_by,
        WaitsFor::Time => Some(visit.since? + visit.step()?.nominal_ms),
    }
}

/// One person's phone; `None` when the visit is gone from the state.
#[must_use]
pub fn visit(
    shop: &Shop,
    shop_id: &str,
    forecast: &Forecast,
    people: &impl People,
    visit: VisitId,
    now: Timestamp,
) -> Option<VisitView> {
    let v = shop.visits.get(&visit)?;
    let config = &shop.config;
    let staff_name = |id: StaffId| people.staff_name(id).unwrap_or_default().to_owned();
    let live_by = |kind| v.live().find(|p| p.kind == kind).map(|p| p.by);
    let lacks_time = v.is_owed() && v.promise().is_none();
    Some(VisitView {
        visit,
        shop: shop_id.to_owned(),
        shop_name: config.name.clone(),
        zone: config.zone.clone(),
        informal: config.informal,
        languages: config.languages.clone(),
        name: name_or_code(people, visit),
        on_wall: label_to_look_for(people, v),
        contact: people.contact(visit).map(str::to_owned),
        kept_until: people.kept_until(visit),
        service: service_names(shop, v),
        requested: v.requested.map(staff_name),
        stage: v.stage,
        step: step_name(shop, v),
        waits_for: v.waits_for(),
        expected_at: expected(v).filter(|_| v.waits_for() == Some(WaitsFor::Approval)),
        booked_at: v.appointment.map(|a| a.from),
        confirmed: v.appointment.is_some_and(|a| a.confirmed),
        question: people.question(visit).map(str::to_owned),
        answer: people.answer(visit).filter(|_| !v.asks).map(str::to_owned),
        kind: v.kind,
        by: shown_by(v),
        safe_until: v.kept_until().filter(|&until| v.promise().is_some_and(|p| p.by < until)),
        instead_of: v.instead_of(),
        news_by: live_by(PromiseKind::News).filter(|_| v.kind != PromiseKind::News),
        done_by: live_by(PromiseKind::Done),
        time_from: if lacks_time { crate::forecast::there_from(shop, v, now) } else { None },
        ahead: (v.stage == Stage::Waiting && v.needs_customer() && !may_rise(shop, v, now))
            .then(|| ahead(shop, v, now)),
        staff: v.staff.map(staff_name),
        place: v.staff.and_then(|id| config.person(id)).map(|p| p.place.clone()),
        staffed: shop.is_staffed(),
        doors: roster::doors(shop, now),
        checked_in: v.checked_in,
        joined_at: v.joined_at,
        called_at: v.called_at,
        started_at: v.started_at,
        ended_at: v.ended_at,
        stays_until: stays_until(shop, visit, now),
        tell_before_min: v.tell_before_ms.map(|ms| (ms / MINUTE_MS) as u8),
        tell_at: v.tell_at(),
        asks_start: v.asks_about_start(),
        start_right: v.start_right,
        felt: v.felt,
        outcome: first_promise(v).and_then(Promise::shown_outcome),
        promise_no: v.promise().map(|p| p.no),
        missed: v.apology_for(),
        invited: v.invitation(now).map(|i| i.by),
        choices: v.may_choose().then(|| choices(shop, forecast, people, v, now)),
    })
}

/// The newest time; when that was missed too after another, the first that was.
fn shown_by(visit: &Visit) -> Option<Timestamp> {
    let newest = visit.promise()?;
    Some(visit.apology_for().filter(|_| !newest.is_live()).unwrap_or(newest.by))
}

/// The promise that counts.
fn first_promise(visit: &Visit) -> Option<&Promise> {
    let mut told = visit.promises.iter().filter(|p| p.kind == visit.kind);
    told.find(|p| p.outcome != Some(Outcome::Void)).or_else(|| visit.promise())
}

/// What somebody may want instead of a time that could not be kept: a colleague who takes them
/// earlier, or one of the next days.
fn choices(
    shop: &Shop,
    forecast: &Forecast,
    people: &impl People,
    visit: &Visit,
    now: Timestamp,
) -> Choices {
    let told = visit.promise().filter(|p| p.is_live()).map(|p| p.by);
    let name = |id| people.staff_name(id).unwrap_or_default().to_owned();
    let without = visit.care.without;
    // Who comes new starts no earlier than who has a place in line.
    let colleagues = forecast.quotes.iter().filter_map(|quote| {
        let (staff, by) = quote.staff.zip(quote.by)?;
        let is_other = visit.requested != Some(staff) && shop.is_on_duty(staff);
        let is_for_all = visit.services == [quote.service];
        let is_earlier = told.is_none_or(|told| by < told) || without.is_some();
        (is_other && is_for_all && is_earlier).then(|| Colleague { staff, name: name(staff), by })
    });
    Choices {
        not_today: without.is_some(),
        without: without.flatten().map(name),
        colleagues: colleagues.collect(),
        days: if visit.kind == PromiseKind::Start {
            bookable(shop, visit, now)
        } else {
            Vec::new()
        },
    }
}

fn service_names(shop: &Shop, visit: &Visit) -> String {
    let names = visit.services.iter().filter_map(|&s| shop.config.service(s));
    names.map(|s| s.name.as_str()).collect::<Vec<_>>().join(" + ")
}

fn name_or_code(people: &impl People, visit: VisitId) -> String {
    people.visit_name(visit).map_or_else(|| visit.code(), str::to_owned)
}

fn board<C>(
    shop: &Shop,
    forecast: &Forecast,
    people: &impl People,
    now: Timestamp,
    is_shown: impl Fn(&Visit) -> bool,
    card: impl Fn(&Visit) -> C,
) -> Board<C> {
    let mut visits: Vec<_> =
        shop.visits.values().filter(|v| !v.stage.is_over() && is_shown(v)).collect();
    visits.sort_unstable_by_key(|v| v.place());
    let cards: BTreeMap<_, _> = visits.iter().map(|v| (v.id, card(v))).collect();
    let order = visits.iter().map(|v| v.id).collect();
    Board { head: head(shop, forecast, people, now), order, cards }
}

fn head(shop: &Shop, forecast: &Forecast, people: &impl People, now: Timestamp) -> ShopHead {
    let config = &shop.config;
    let services = config.services.iter().map(|s| ServiceInfo {
        id: s.id,
        name: s.name.clone(),
        promise: s.promise,
        minutes: (s.nominal_ms / MINUTE_MS) as u16,
    });
    let presences = roster::presences(shop, now, HORIZON_DAYS);
    let expected_at = |position: usize| {
        let presence = presences.iter().find(|p| p.position == position)?;
        presence.windows.first().map(|w| w.from)
    };
    let staff = config.staff.iter().enumerate();
    let staff: Vec<_> = staff
        .map(|(position, s)| staff_info(shop, people, s, expected_at(position), now))
        .collect();
    let staffed_at = staff.iter().filter_map(|s| match s.duty {
        Duty::Off { expected_at } => expected_at,
        _ => None,
    });
    ShopHead {
        name: config.name.clone(),
        zone: config.zone.clone(),
        services: services.collect(),
        staffed_at: if shop.is_staffed() { None } else { staffed_at.min() },
        staff,
        quotes: forecast.quotes.clone(),
        quoted_at: forecast.at,
        doors: doors(shop, forecast, now),
        silent_since: shop.silent_since,
        kept_days: Some(config.kept_days()),
        informal: config.informal,
        languages: config.languages.clone(),
        by_code: config.names_on_wall == NamesOnWall::Code,
        accent: config.accent,
        joins_before: config.remote == Remote::Always,
        delays: shop
            .delays
            .iter()
            .filter(|d| d.is_on(now))
            .map(|d| DelayView { scope: d.scope, reason: d.reason, ms: d.ms, since: d.since })
            .collect(),
        kept_week: shop.kept_week(now).map(|(kept, of)| KeptShare { kept, of }),
        care: None,
    }
}

fn care(
    shop: &Shop,
    forecast: &Forecast,
    people: &impl People,
    now: Timestamp,
) -> Option<CareView> {
    let task = |(visit, what)| Task { visit, name: name_or_code(people, visit), what };
    let care = CareView {
        at_risk: at_risk(shop, &forecast.visits, forecast.at),
        remedies: forecast.remedies.clone(),
        tasks: tasks(shop, now).into_iter().map(task).collect(),
        saved: saved(shop, now),
        make_goods: shop.config.make_goods.clone(),
    };
    (care != CareView::default()).then_some(care)
}

/// Open doors behind which nobody new can be taken any more are full.
fn doors(shop: &Shop, forecast: &Forecast, now: Timestamp) -> Doors {
    let doors = roster::doors(shop, now);
    let has_times = forecast.quotes.iter().any(|q| q.by.is_some());
    match doors {
        Doors::Open { until: Some(until) }
            if shop.is_staffed()
                && shop.silent_since.is_none()
                && forecast.seq > 0
                && !has_times =>
        {
            let opens_at = roster::opens_at(&shop.config, now);
            Doors::Full { until: Some(until), opens_at }
        }
        _ => doors,
    }
}

fn staff_info(
    shop: &Shop,
    people: &impl People,
    person: &crate::Staff,
    expected_at: Option<Timestamp>,
    now: Timestamp,
) -> StaffInfo {
    let chair = shop.chairs.get(&person.id).copied().unwrap_or_default();
    let duty = match chair.break_until {
        Some(until) if chair.on_duty => Duty::Break { until },
        _ if chair.on_duty => Duty::On,
        _ => Duty::Off { expected_at },
    };
    StaffInfo {
        id: person.id,
        name: people.staff_name(person.id).unwrap_or_default().to_owned(),
        place: person.place.clone(),
        on_duty: chair.on_duty,
        duty,
        unseen: is_unseen(shop, person.id, now),
        services: person.services.iter().copied().collect(),
    }
}
