//! What holds after whatever people do: random commands of every kind, sensible or not, while the
//! clock steps, leaps and goes back.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use sooner_engine::{Forecast, Recorded, Shop};
use sooner_shared::command::{Join, Shown};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Stage, View, ViewDiff};
use sooner_shared::{Command, ServiceId, StaffId, VisitId};

use crate::ledger;
use crate::model::Model;
use crate::support::{ANNA, Driver};

/// The kinds of commands, the frequent ones more often.
const KINDS: [Kind; 19] = [
    Kind::Join,
    Kind::Join,
    Kind::Join,
    Kind::JoinSeeing,
    Kind::JoinSeeing,
    Kind::AddWalkIn,
    Kind::CallNext,
    Kind::CallNext,
    Kind::CallNext,
    Kind::Call,
    Kind::Start,
    Kind::Start,
    Kind::Finish,
    Kind::ReturnToLine,
    Kind::MarkNoShow,
    Kind::Leave,
    Kind::CheckIn,
    Kind::GoOnDuty,
    Kind::GoOffDuty,
];

#[derive(Debug, Clone, Copy)]
enum Kind {
    Join,
    JoinSeeing,
    AddWalkIn,
    CallNext,
    Call,
    Start,
    Finish,
    ReturnToLine,
    MarkNoShow,
    Leave,
    CheckIn,
    GoOnDuty,
    GoOffDuty,
}

/// One thing that happens; its numbers find their meaning in the state they meet, so that every
/// part of a failing walk is a walk too.
#[derive(Debug, Clone, Copy)]
struct Step {
    wait_ms: i64,
    kind: Kind,
    visit: u8,
    staff: u8,
    service: u8,
    odd: u8,
}

fn step() -> impl Strategy<Value = Step> {
    let wait_ms = prop_oneof![
        6 => Just(0),
        6 => 0..MINUTE_MS,
        6 => 0..15 * MINUTE_MS,
        // To the minute, where promises end.
        3 => (0..4i64).prop_map(|steps| steps * 5 * MINUTE_MS),
        1 => 0..5 * 60 * MINUTE_MS,
        1 => Just(-20 * MINUTE_MS),
    ];
    (
        wait_ms,
        proptest::sample::select(&KINDS[..]),
        any::<u8>(),
        any::<u8>(),
        any::<u8>(),
        any::<u8>(),
    )
        .prop_map(|(wait_ms, kind, visit, staff, service, odd)| Step {
            wait_ms,
            kind,
            visit,
            staff,
            service,
            odd,
        })
}

impl Step {
    /// One visit with which the command makes sense; sometimes any other, seldom one that the
    /// shop does not know.
    fn visit(self, shop: &Shop) -> VisitId {
        let fits = |stage: Stage| match self.kind {
            Kind::Finish => stage == Stage::Serving,
            Kind::ReturnToLine | Kind::MarkNoShow => stage == Stage::Called,
            _ => !stage.is_over(),
        };
        let any = self.odd < 64;
        let visits: Vec<_> = shop.visits.values().filter(|v| any || fits(v.stage)).collect();
        let nth = usize::from(self.visit);
        if self.odd < 8 || visits.is_empty() {
            return VisitId(u32::from(self.visit));
        }
        visits[nth % visits.len()].id
    }

    /// Somebody of the salon; seldom somebody who is not.
    const fn staff(self) -> StaffId {
        StaffId(match self.staff {
            0..4 => 9,
            n => n as u16 % 3 + 1,
        })
    }

    /// Where it makes sense, the chair that the visit is called to.
    fn chair(self, shop: &Shop) -> StaffId {
        let called_to = shop.visits.get(&self.visit(shop)).and_then(|v| v.staff);
        called_to.filter(|_| !self.odd.is_multiple_of(4)).unwrap_or(self.staff())
    }

    fn join(self, shown: Option<Shown>) -> Join {
        Join {
            service: ServiceId(match self.service {
                0..4 => 9,
                n => u16::from(n) % 3 + 1,
            }),
            requested: (self.odd.is_multiple_of(4)).then_some(self.staff()),
            name: None,
            shown,
        }
    }

    /// A time from the last forecast, seldom a minute too early.
    fn shown(self, forecast: &Forecast) -> Option<Shown> {
        let Join { service, requested, .. } = self.join(None);
        let quote =
            forecast.quotes.iter().find(|q| q.service == service && q.staff == requested)?;
        let early_ms = if self.odd < 32 { MINUTE_MS } else { 0 };
        Some(Shown { by: quote.by? - early_ms, at: forecast.at })
    }

    fn command(self, shop: &Shop, forecast: &Forecast) -> Command {
        let (visit, staff) = (self.visit(shop), self.staff());
        match self.kind {
            Kind::Join => Command::Join(self.join(None)),
            Kind::JoinSeeing => Command::Join(self.join(self.shown(forecast))),
            Kind::AddWalkIn => Command::AddWalkIn(self.join(None)),
            Kind::CallNext => Command::CallNext {
                staff,
                after: if self.odd.is_multiple_of(8) {
                    Some(visit)
                } else {
                    shop.chairs.get(&staff).and_then(|chair| chair.visit)
                },
            },
            Kind::Call => Command::Call { visit, staff },
            Kind::Start => Command::Start { visit, staff: self.chair(shop) },
            Kind::Finish => Command::Finish { visit },
            Kind::ReturnToLine => Command::ReturnToLine { visit },
            Kind::MarkNoShow => Command::MarkNoShow { visit },
            Kind::Leave => Command::Leave { visit },
            Kind::CheckIn => Command::CheckIn { visit },
            Kind::GoOnDuty => Command::GoOnDuty { staff },
            Kind::GoOffDuty => Command::GoOffDuty { staff },
        }
    }
}

/// A shop under random hands, with everything that watches it.
struct Walk {
    salon: Driver,
    model: Model,
    forecast: Forecast,
    screens: Vec<View>,
    /// How often each kind was carried out, and how often each refusal was met.
    met: BTreeMap<String, u32>,
}

impl Walk {
    fn begin() -> Self {
        let mut salon = Driver::open_with(|config| config.paths = 32);
        let mut model = Model::default();
        let command = Command::GoOnDuty { staff: ANNA };
        salon.does(&command);
        model.carry_out(&command, &salon.shop.config);
        let forecast = salon.forecast();
        Self { screens: salon.views(&forecast), salon, model, forecast, met: BTreeMap::new() }
    }

    fn take(&mut self, step: Step) {
        self.salon.clock = self.salon.clock + step.wait_ms;
        self.salon.timer();
        let command = step.command(&self.salon.shop, &self.forecast);
        let before = self.salon.shop.clone();
        let met = match self.salon.send(&command) {
            Ok(_) => {
                self.model.carry_out(&command, &self.salon.shop.config);
                format!("{:?}", step.kind)
            }
            Err(rejection) => {
                assert_eq!(before, self.salon.shop, "{command:?} was refused");
                rejection.code().as_str().to_owned()
            }
        };
        *self.met.entry(met).or_default() += 1;
        self.model.check(&self.salon.shop);
        // Facts never wait for the forecast: often the screens show an older one.
        if step.odd % 4 == 1 {
            self.forecast = self.salon.forecast();
            self.salon.promise_late();
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
                View::Desk(board) => assert!(board.order.iter().eq(board.cards.keys())),
                View::Visit(_) => {}
            }
            if let Some(before) = self.screens.iter_mut().find(|view| same(view, after)) {
                carry(before, after);
            }
        }
        std::mem::swap(&mut self.screens, &mut next);
    }

    fn check_log(&self) {
        let Driver { shop, log, .. } = &self.salon;
        ledger::check(log, self.salon.now());
        let text = serde_json::to_string(log).expect("events can be written");
        let read: Vec<Recorded> = serde_json::from_str(&text).expect("events can be read");
        assert_eq!(&read, log);
        let replayed = Shop::replay(&read).expect("the log begins with the set-up");
        assert_eq!(&replayed, shop);
        let bytes = |shop: &Shop| serde_json::to_vec(shop).expect("a shop can be written");
        assert_eq!(bytes(&replayed), bytes(shop));
        assert_eq!(Forecast::run(&replayed, self.salon.now()), self.salon.forecast());
    }
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

#[test]
fn whatever_people_do_the_shop_stays_true_to_them() {
    let met = RefCell::new(BTreeMap::<String, u32>::new());
    let config = ProptestConfig {
        cases: 300,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(steps in vec(step(), 100))| {
        let mut walk = Walk::begin();
        for step in steps {
            walk.take(step);
        }
        walk.check_log();
        for (what, times) in walk.met {
            *met.borrow_mut().entry(what).or_default() += times;
        }
    });
    // The walk is worth taking only when it goes everywhere: all kinds of commands are carried
    // out, and all refusals met but that of a full line, for which it is too short.
    let met = met.into_inner();
    println!("{met:?}");
    assert_eq!(met.len(), 13 + 16);
    assert!(met.values().all(|&times| times >= 20));
}
