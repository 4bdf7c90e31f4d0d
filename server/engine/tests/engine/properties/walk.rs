//! A shop under random hands, with everything that watches it.

use std::collections::BTreeMap;

use chrono::Weekday;
use sooner_engine::calendar::{Hours, Span, Week};
use sooner_engine::config::Remote;
use sooner_engine::decide::TAPPED_AGO_MAX_MS;
use sooner_engine::forecast::moves::LIKELY_BROKEN_PERMILLE;
use sooner_engine::forecast::{Estimate, is_in_time};
use sooner_engine::price::preview;
use sooner_engine::promise::{Promise, UNDO_MS};
use sooner_engine::{Event, Forecast, Recorded, Rejection, Shop, ShopConfig, Visit};
use sooner_shared::command::Join;
use sooner_shared::price::Moved;
use sooner_shared::view::{Outcome, PromiseKind, Stage, View, ViewDiff};
use sooner_shared::{Command, Timestamp, VisitId};

use super::act::{Act, What, Wish};
use crate::ledger;
use crate::model::{Carried, Model};
use crate::support::{
    ANNA, BEN, CALL, CLEO, COLOUR, CUT, DIAGNOSIS, Driver, NINE, REPAIR, whole_shop,
};

/// The price of each such change is asked before it is made.
const PRICED_EVERY: u64 = 2;

/// How often each command was carried out, and how often each refusal was met.
#[derive(Debug, Default)]
pub(crate) struct Met {
    pub(crate) carried_out: BTreeMap<What, u32>,
    pub(crate) refused: BTreeMap<&'static str, u32>,
    pub(crate) sent: u32,
    /// Changes whose price was asked before, and those of them that cost somebody something.
    pub(crate) priced: (u32, u32),
    /// Taps that were under way for a while, and count as made earlier.
    pub(crate) tapped_before: u32,
}

impl Met {
    pub(crate) fn add(&mut self, other: Self) {
        for (what, times) in other.carried_out {
            *self.carried_out.entry(what).or_default() += times;
        }
        for (code, times) in other.refused {
            *self.refused.entry(code).or_default() += times;
        }
        self.sent += other.sent;
        self.priced.0 += other.priced.0;
        self.priced.1 += other.priced.1;
        self.tapped_before += other.tapped_before;
    }
}

/// A day of the whole shop.
pub(crate) struct Walk {
    salon: Driver,
    model: Model,
    forecast: Forecast,
    screens: Vec<View>,
    /// The shop before each tap of the last minute.
    before: BTreeMap<u64, (Timestamp, Shop)>,
    pub(crate) met: Met,
}

impl Walk {
    /// A shop that is always open, one with hours and shifts, or one with a break at noon, far away.
    pub(crate) fn begin(set_up: u8) -> Self {
        let salon = Driver::open_with(|config| {
            config.paths = 32;
            whole_shop(config);
            match set_up {
                0 => {}
                1 => with_shifts(config),
                _ => far_away(config),
            }
        });
        let model = Model::of(&salon.shop.config);
        let forecast = salon.forecast();
        let mut walk = Self {
            screens: salon.views(&forecast),
            salon,
            model,
            forecast,
            before: BTreeMap::new(),
            met: Met::default(),
        };
        for staff in [ANNA, BEN, CLEO] {
            walk.send(&Command::GoOnDuty { staff }).expect("somebody opens");
        }
        for service in [REPAIR, CUT, COLOUR, DIAGNOSIS, CALL] {
            walk.send(&Command::AddWalkIn(Join::new(service))).expect("somebody comes");
        }
        walk
    }

    pub(crate) fn take(&mut self, act: Act) {
        match act {
            Act::Pass { ms } => self.salon.clock = self.salon.clock + ms,
            Act::Ring => self.ring(),
            Act::Restart => self.salon.shop = self.replayed(),
            Act::LookAhead => self.look_ahead(),
            Act::Send(wish) => self.wish(wish),
        }
        self.model.check(&self.salon.shop);
        check_promises(&self.salon.shop);
    }

    fn wish(&mut self, wish: Wish) {
        self.ring();
        let command = wish.command(&self.salon.shop, &self.forecast, self.salon.now());
        assert_eq!(What::of(&command), wish.what);
        self.met.sent += 1;
        let tapped_at = wish.tapped_at(self.salon.now());
        match self.send_tapped(&command, tapped_at) {
            Ok(()) => *self.met.carried_out.entry(wish.what).or_default() += 1,
            Err(rejection) => {
                *self.met.refused.entry(rejection.code().as_str()).or_default() += 1;
            }
        }
    }

    fn ring(&mut self) {
        let events = self.salon.timer();
        let now = self.salon.now();
        for event in &events {
            self.model.hear(event, now);
        }
        self.model.check(&self.salon.shop);
    }

    fn send(&mut self, command: &Command) -> Result<(), Rejection> {
        self.send_tapped(command, None)
    }

    fn send_tapped(
        &mut self,
        command: &Command,
        tapped_at: Option<Timestamp>,
    ) -> Result<(), Rejection> {
        let before = self.salon.shop.clone();
        // A price is asked of what is done now.
        let asks = before.seq.is_multiple_of(PRICED_EVERY) && tapped_at.is_none();
        let price = asks.then(|| preview(&before, command, self.salon.now()));
        let events = match self.salon.send_tapped(command, tapped_at) {
            Ok(events) => events,
            Err(rejection) => {
                assert_eq!(before, self.salon.shop, "{command:?} was refused");
                assert!(price.is_none_or(|price| price == Err(rejection)), "{command:?}");
                return Err(rejection);
            }
        };
        if let Some(price) = price {
            let price = price.expect("what is carried out has a price");
            assert_eq!(price.moves, moved(&before, &self.salon.shop, self.salon.now()));
            self.met.priced.0 += 1;
            self.met.priced.1 += u32::from(!price.moves.is_empty());
        }
        self.met.tapped_before += check_tapped(&before, &events, tapped_at, self.salon.now());
        let (now, after) = (self.salon.now(), &self.salon.shop);
        let carried = Carried { command, events: &events, before: &before, after, now };
        self.model.carry_out(&carried);
        if let Command::Undo { visit } | Command::ComeBack { visit } = *command {
            self.check_undo(&before, visit);
        }
        self.before.retain(|_, (at, _)| now - *at < UNDO_MS);
        self.before.insert(before.seq + 1, (now, before));
        Ok(())
    }

    /// What was taken back is as it was before it, and nothing was learned from it.
    fn check_undo(&self, present: &Shop, visit: VisitId) {
        let Driver { shop, log, .. } = &self.salon;
        let Some(Event::Undone { tap }) = log.last().map(|r| &r.event) else {
            panic!("taking back ends with what was taken back");
        };
        let touches = |r: &&Recorded| r.tap == *tap;
        let events: Vec<_> = log.iter().filter(touches).map(|r| (r.at, &r.event)).collect();
        assert!(events.iter().any(|(_, e)| e.visit() == Some(visit)), "it was about {visit}");
        assert!(self.salon.now() - events[0].0 < UNDO_MS, "within a minute");
        let (_, before) = &self.before[tap];
        for (id, now) in &shop.visits {
            let then = before.visits.get(id);
            if now == &present.visits[id] {
                continue;
            }
            let Some(then) = then else {
                assert_eq!(now.stage, Stage::Left, "{id} joined by mistake");
                assert!(now.promises.iter().all(|p| p.outcome == Some(Outcome::Void)));
                continue;
            };
            assert_eq!(without_promises(now), without_promises(then), "visit {id}");
            for promise in live(then, self.salon.now()) {
                let scored = present.visits[id].promises.iter().find(|p| p.no == promise.no);
                let is_scored = scored.is_some_and(|p| p.outcome.is_some());
                assert!(is_scored || now.live().any(|p| p == promise), "visit {id}");
            }
        }
        for (staff, chair) in &shop.chairs {
            if chair != &present.chairs[staff] {
                assert_eq!(chair, &before.chairs[staff], "chair {staff}");
            }
        }
        let state = serde_json::to_value(shop).expect("a shop can be written");
        let lessons = state["lessons"].as_array().expect("lessons to be learned");
        assert!(lessons.iter().all(|lesson| lesson["tap"] != *tap), "nothing was learned");
    }

    /// Facts never wait for the forecast: between two looks ahead, screens show an older one.
    fn look_ahead(&mut self) {
        self.ring();
        self.forecast = self.salon.forecast();
        self.salon.promise_late();
        self.salon.move_times();
        let (shop, now) = (&self.salon.shop, self.salon.now());
        for (id, estimate) in &self.forecast.visits {
            let visit = &shop.visits[id];
            let can_tell =
                shop.silent_since.is_none() && is_in_time(shop, visit.kind, estimate, now);
            if visit.is_owed()
                && visit.stage != Stage::Booked
                && self.model.can_be_kept(*id)
                && can_tell
            {
                let told = visit.promises.iter().filter(|p| p.kind == visit.kind);
                let counts = |p: &&Promise| {
                    !matches!(p.shown_outcome(), Some(Outcome::Released | Outcome::Void))
                };
                let times = told.filter(counts).count();
                // News may be told more than once, and who comes late to an appointment gets a new
                // time.
                let most = match (visit.kind, visit.appointment) {
                    (PromiseKind::News, _) => usize::MAX,
                    (_, Some(_)) => 2,
                    _ => 1,
                };
                // After an apology comes another time, and who goes to a colleague may have an
                // earlier one.
                let amends = told_again(visit);
                let most = most.saturating_add(amends);
                assert!((1..=most).contains(&times), "{id} has {times} times: {visit:?}");
            }
        }
        self.show();
    }

    /// Carries each screen from what it showed to what it shows now.
    fn show(&mut self) {
        let mut next = self.salon.views(&self.forecast);
        for after in &next {
            match after {
                View::Lobby(board) => {
                    let mut order = board.order.clone();
                    order.sort_unstable();
                    assert!(order.iter().eq(board.cards.keys()));
                }
                View::Desk(board) => {
                    let mut order = board.order.clone();
                    order.sort_unstable();
                    assert!(order.iter().eq(board.cards.keys()));
                }
                View::Visit(_) => {}
            }
            if let Some(before) = self.screens.iter_mut().find(|view| same(view, after)) {
                carry(before, after);
            }
        }
        std::mem::swap(&mut self.screens, &mut next);
    }

    /// The shop again, from its log as it is written: byte for byte the same.
    fn replayed(&self) -> Shop {
        let Driver { shop, log, .. } = &self.salon;
        let text = serde_json::to_string(log).expect("events can be written");
        let read: Vec<Recorded> = serde_json::from_str(&text).expect("events can be read");
        assert_eq!(&read, log);
        let replayed = Shop::replay(&read).expect("the log begins with the set-up");
        assert_eq!(&replayed, shop);
        let bytes = |shop: &Shop| serde_json::to_vec(shop).expect("a shop can be written");
        assert_eq!(bytes(&replayed), bytes(shop));
        replayed
    }

    pub(crate) fn end(mut self) -> Met {
        self.ring();
        ledger::check(&self.salon.log, self.salon.now());
        let replayed = self.replayed();
        assert_eq!(Forecast::run(&replayed, self.salon.now()), self.salon.forecast());
        std::mem::take(&mut self.met)
    }
}

const DAYS: [Weekday; 6] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat];

fn week(spans: &[&str]) -> Week {
    let spans: Vec<Span> = spans.iter().map(|text| text.parse().expect("a span")).collect();
    Week::on(&DAYS, &spans)
}

fn hours(spans: &[&str]) -> Hours {
    Hours { weekly: week(spans), ..Hours::default() }
}

fn with_shifts(config: &mut ShopConfig) {
    config.hours = hours(&["08:00-20:00"]);
    config.overrun_ms = 1_800_000;
    config.staff[1].shifts = hours(&["09:00-17:00"]);
    config.staff[2].breaks = week(&["12:00-12:30"]);
}

/// Where it is half past one when the salon opens: nine in the morning in Budapest.
fn far_away(config: &mut ShopConfig) {
    config.zone = "Asia/Kolkata".into();
    config.hours = hours(&["09:00-12:00", "13:00-16:00"]);
    config.remote = Remote::Never;
}

/// A tap that was under way counts as made when it was, not in the future, not before the visit's last
/// change, and not long ago; everything else happens when it is recorded. How many were such.
fn check_tapped(
    before: &Shop,
    events: &[Event],
    tapped_at: Option<Timestamp>,
    now: Timestamp,
) -> u32 {
    let mut earlier = 0;
    for event in events {
        let Some(at) = event.tapped_at() else { continue };
        let said = tapped_at.expect("only what was said to be tapped earlier was");
        assert!(at < now && at >= said && at >= now - TAPPED_AGO_MAX_MS, "{event:?} at {now:?}");
        let visit = &before.visits[&event.visit().expect("is about a visit")];
        let last = [Some(visit.joined_at), visit.called_at, visit.since].into_iter().flatten();
        assert!(last.max().is_some_and(|last| at >= last), "{event:?} after {visit:?}");
        earlier += 1;
    }
    earlier
}

fn check_promises(shop: &Shop) {
    for visit in shop.visits.values() {
        for kind in PromiseKind::ALL {
            let live: Vec<_> = visit.live().filter(|p| p.kind == kind).collect();
            // An earlier or later time stands beside the one it was told instead of; who was told an
            // earlier one that was missed may be told the one before it again.
            let is_moved = |a: &&Promise, b: &&Promise| b.by <= a.by || a.postponed;
            assert!(live.is_sorted_by(is_moved), "{}: {visit:?}", visit.id);
        }
        assert!(visit.promises.iter().enumerate().all(|(i, p)| usize::from(p.no) == i));
        assert!(!visit.stage.is_over() || visit.live().next().is_none(), "{visit:?}");
    }
}

fn without_promises(visit: &Visit) -> Visit {
    // Nor with what is said on the page, which no tap takes back.
    Visit {
        promises: Vec::new(),
        tell_before_ms: None,
        start_right: None,
        felt: None,
        ..visit.clone()
    }
}

/// The promises that were live and whose minute has not passed.
fn live(visit: &Visit, now: Timestamp) -> impl Iterator<Item = &Promise> {
    visit.live().filter(move |p| now <= p.by)
}

/// Whether two views are for the same screen.
fn same(a: &View, b: &View) -> bool {
    match (a, b) {
        (View::Lobby(_), View::Lobby(_)) | (View::Desk(_), View::Desk(_)) => true,
        (View::Visit(a), View::Visit(b)) => a.visit == b.visit,
        _ => false,
    }
}

fn carry(before: &mut View, after: &View) {
    if let Some(diff) = before.diff(after) {
        let text = serde_json::to_string(&diff).expect("a difference can be written");
        let diff: ViewDiff = serde_json::from_str(&text).expect("a difference can be read");
        assert_eq!(before.apply(diff), Ok(()));
    }
    assert_eq!(before, after);
}

/// A walk that fails shows what was recorded on it.
impl Drop for Walk {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Driver { log, .. } = &self.salon;
            for Recorded { seq, at, tap, event, .. } in log.iter().skip(1).rev().take(50).rev() {
                println!("{:>9.3} min, {seq} by {tap}: {event:?}", (*at - NINE) as f64 / 60_000.0);
            }
        }
    }
}

/// Whose promise will more likely be missed than not after a change, and not before, and what they
/// would be told: as the shop looks ahead for itself, at both times.
fn moved(before: &Shop, after: &Shop, now: Timestamp) -> Vec<Moved> {
    let (was, is) = (Forecast::run(before, now).visits, Forecast::run(after, now).visits);
    let waits = |v: &Visit| v.stage == Stage::Waiting && v.is_owed() && v.started_at.is_none();
    let told = |v: &Visit| {
        let newest = v.promise().filter(|p| p.is_live() && p.by > now);
        let other = || v.live().find(|p| p.kind == v.kind && p.by > now);
        newest.or_else(other).copied()
    };
    let mut moves = Vec::new();
    for visit in before.visits.values().filter(|v| waits(v)) {
        let Some(then) = after.visits.get(&visit.id).filter(|v| waits(v)) else { continue };
        let Some(promise) = told(visit).filter(|p| told(then).is_some_and(|q| q.no == p.no)) else {
            continue;
        };
        let breaks = |estimate: &Estimate| {
            estimate.missed_permille(before, &promise, now) >= LIKELY_BROKEN_PERMILLE
        };
        let estimate = is.get(&visit.id);
        if estimate.is_none_or(breaks) && !was.get(&visit.id).is_some_and(breaks) {
            let then = estimate.map(|e| e.promise_by(after, now));
            moves.push(Moved { visit: visit.id, by: promise.by, then });
        }
    }
    moves.sort_unstable_by_key(|moved| (moved.by, moved.visit));
    moves
}

/// How many times were told after or instead of another that still counted.
fn told_again(visit: &Visit) -> usize {
    let earlier = visit.promises.windows(2).filter(|pair| pair[1].by != pair[0].by).count();
    let broken = visit.promises.iter().filter(|p| p.outcome == Some(Outcome::Broken)).count();
    earlier + broken
}
