//! How long a full forecast takes, and how that grows with who waits and who serves.
//!
//! `cargo bench -p sooner-engine`; what is printed as `thrpt` is simulated services a second.

#![expect(missing_docs, reason = "the macro below makes a function that has none")]

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sooner_engine::config::Taught;
use sooner_engine::decide::late_promises;
use sooner_engine::price::preview;
use sooner_engine::{Event, Forecast, Recorded, Service, Shop, ShopConfig, Staff};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Command, Maker, ServiceId, StaffId, Timestamp, VisitId};

/// Monday, 2 March 2026, 9:00 in Budapest.
const NINE: Timestamp = Timestamp(1_772_438_400_000);

/// A shop in which everybody does four services, everybody serves, and so many wait.
fn full_house(waiting: u32, staff: u16, paths: u16) -> Shop {
    let taught = Some(Taught { count: 300, mean_ln: 14.2, ss_ln: 60.0 });
    let services: Vec<_> = (1..=4).map(ServiceId).collect();
    let config = ShopConfig {
        paths,
        services: services
            .iter()
            .map(|&id| Service { taught, ..Service::new(id, "work", 25 * MINUTE_MS) })
            .collect(),
        staff: (1..=staff).map(|n| Staff::new(StaffId(n), "chair", &services)).collect(),
        ..ShopConfig::new("Full", "Europe/Budapest", 7)
    };
    let mut house = House { shop: Shop::new(config.clone()), at: NINE };
    house.record(Event::Configured(Box::new(config)));
    for n in 1..=staff {
        house.record(Event::WentOnDuty { staff: StaffId(n) });
    }
    // So many were served before that durations are known by what was seen.
    for visit in 1..=400 {
        house.join(visit);
        house.record(Event::Started { visit: VisitId(visit), staff: StaffId(1), tapped_at: None });
        house.at = house.at + (20 + i64::from(visit * 7 % 13)) * MINUTE_MS;
        house.record(Event::Finished { visit: VisitId(visit), tapped_at: None });
    }
    for n in 1..=staff {
        let visit = 400 + u32::from(n);
        house.join(visit);
        house.record(Event::Started { visit: VisitId(visit), staff: StaffId(n), tapped_at: None });
    }
    for n in 1..=waiting {
        house.join(500 + n);
    }
    house.shop
}

struct House {
    shop: Shop,
    at: Timestamp,
}

impl House {
    fn record(&mut self, event: Event) {
        let seq = self.shop.seq + 1;
        self.shop.apply(&Recorded { seq, at: self.at, tap: 0, by: Maker::Time, event });
        self.at = self.at + 1_000;
    }

    fn join(&mut self, visit: u32) {
        self.record(Event::Joined {
            visit: VisitId(visit),
            service: ServiceId((visit % 4 + 1) as u16),
            more: Vec::new(),
            requested: None,
            by_staff: true,
            group: None,
        });
    }
}

/// The price of putting the last one first, in the same shop, where everybody has been told a time.
fn previews(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("preview, 200 waiting, 20 staff, 1,000 paths");
    group.sample_size(20).measurement_time(Duration::from_secs(3));
    let mut shop = full_house(200, 20, 1_000);
    let now = shop.last_at;
    for event in late_promises(&shop, &Forecast::run(&shop, now), now) {
        let recorded = Recorded { seq: shop.seq + 1, at: now, tap: 0, by: Maker::Time, event };
        shop.apply(&recorded);
    }
    let (first, last) = (VisitId(501), VisitId(700));
    for (name, command) in [
        ("a right to go first", Command::LetGoFirst { visit: last }),
        ("the last before the first", Command::MoveBefore { visit: last, before: Some(first) }),
        ("somebody goes home", Command::GoOffDuty { staff: StaffId(1) }),
    ] {
        group.bench_function(name, |bencher| bencher.iter(|| preview(&shop, &command, now)));
    }
    group.finish();
}

fn forecasts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("forecast of 1,000 paths");
    group.sample_size(20).measurement_time(Duration::from_secs(3));
    for (waiting, staff) in
        [(50, 20), (100, 20), (200, 20), (400, 20), (200, 5), (200, 10), (200, 40), (200, 60)]
    {
        let shop = full_house(waiting, staff, 1_000);
        let services = u64::from(waiting + u32::from(staff)) * 1_000;
        group.throughput(Throughput::Elements(services));
        let id = BenchmarkId::from_parameter(format!("{waiting} waiting, {staff} staff"));
        group.bench_with_input(id, &shop, |bench, shop| {
            bench.iter(|| Forecast::run(shop, shop.last_at));
        });
    }
    group.finish();
}

fn joins(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("what one who joins is told, 500 paths");
    group.sample_size(20).measurement_time(Duration::from_secs(2));
    for waiting in [0, 10, 50, 200] {
        let shop = full_house(waiting + 1, 5, 500);
        let last = shop.visits.keys().next_back().copied().unwrap_or(VisitId(1));
        let id = BenchmarkId::from_parameter(format!("{waiting} before them"));
        group.bench_with_input(id, &shop, |bench, shop| {
            bench.iter(|| sooner_engine::forecast::estimate(shop, &[last], shop.last_at));
        });
    }
    group.finish();
}

criterion_group!(benches, forecasts, joins, previews);
criterion_main!(benches);
