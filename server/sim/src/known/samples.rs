//! Ready-made scenarios.
//!
//! The loads below are shares of what the whole staff can do without gaps. Paces are drawn from the
//! seed and evened out for each service, so that the load is the same with every seed.

use super::scenario::{Loss, Open, Person, PlannedBreak, Scenario, Service, Slowdown};
use crate::chance::Chance;
use crate::truth::Form;

/// Nine to six, closed on Sundays.
const NINE_TO_SIX: [Option<Open>; 7] = {
    let open = Some(Open { from_min: 9 * 60, to_min: 18 * 60 });
    [open, open, open, open, open, open, None]
};

/// How busy an hour is, from nine on.
const HOURS: [f64; 10] = [0.70, 0.95, 1.0, 0.95, 0.85, 0.97, 1.0, 1.0, 0.90, 0.75];

/// How busy a weekday is, from Monday on.
const WEEKDAYS: [f64; 7] = [0.98, 0.94, 0.96, 1.0, 1.04, 1.06, 0.0];

impl Scenario {
    /// Three who all do all three services, first come, first served. At busy hours they are at work
    /// for 85 to 90 % of the time.
    #[must_use]
    pub fn first_come(days: u32, seed: u64) -> Self {
        let services = three_services();
        let staff = people(seed, 3, services.len());
        let demand = demand(&services, 3, 0.87);
        Self {
            name: "first come".into(),
            seed,
            days,
            services,
            staff,
            hours: NINE_TO_SIX,
            demand,
            requested: 0.0,
            rights: 0.0,
            absent: 0.0,
            slowdown: None,
            losses: Vec::new(),
        }
    }

    /// Everything at once: five people with four services of which each does some, one customer in
    /// four who asks for somebody, 8 % with a right to go first, breaks, 5 % no-shows, a long and a
    /// short day.
    #[must_use]
    pub fn everything(days: u32, seed: u64) -> Self {
        let services = vec![
            service("Pick-up", 10.0, Form::Weibull { shape: 1.5 }, 0.30),
            service("Check", 20.0, Form::Gamma { shape: 5.0 }, 0.30),
            service("Repair", 35.0, Form::EasyOrHard { easy: 0.7, quick: 0.6 }, 0.25),
            service("Fitting", 60.0, Form::Gamma { shape: 8.0 }, 0.15),
        ];
        let mut staff = people(seed, 5, services.len());
        let skills: [&[u16]; 5] = [&[0, 1, 2, 3], &[0, 1, 2], &[0, 1], &[1, 2, 3], &[0, 2, 3]];
        let breaks = [12 * 60, 12 * 60 + 30, 13 * 60, 13 * 60 + 30, 11 * 60 + 30];
        for ((person, skills), at_min) in staff.iter_mut().zip(skills).zip(breaks) {
            person.skills = skills.to_vec();
            person.breaks = vec![PlannedBreak { at_min, length_min: 30 }];
        }
        even_out(&mut staff, services.len());
        let demand = demand(&services, 5, 0.68);
        let mut hours = NINE_TO_SIX;
        hours[3] = Some(Open { from_min: 9 * 60, to_min: 19 * 60 });
        hours[5] = Some(Open { from_min: 9 * 60, to_min: 15 * 60 });
        Self {
            name: "everything".into(),
            staff,
            services,
            demand,
            hours,
            requested: 0.25,
            rights: 0.08,
            absent: 0.05,
            ..Self::first_come(days, seed)
        }
    }

    /// [`Scenario::first_come`] with fewer customers, where everything takes 1.35 times as long from
    /// the morning of one day on.
    #[must_use]
    pub fn slowdown(days: u32, seed: u64, from_day: u32) -> Self {
        let base = Self::first_come(days, seed);
        Self {
            name: "slowdown".into(),
            demand: demand(&base.services, 3, 0.67),
            slowdown: Some(Slowdown { from_day, factor: 1.35 }),
            ..base
        }
    }

    /// The first day of a new shop, a busy one: [`Scenario::first_come`] by an owner who misjudges
    /// each service by up to 15 %. Every seed is another shop.
    #[must_use]
    pub fn first_day(seed: u64) -> Self {
        let mut base = Self::first_come(1, seed);
        for (number, service) in base.services.iter_mut().enumerate() {
            let mut chance = Chance::new(seed, "owner", &[number as u64]);
            service.nominal_min = service.mean_min * chance.between(0.85, 1.15);
        }
        let demand = demand(&base.services, 3, 0.90);
        Self { name: "first day".into(), demand, ..base }
    }

    /// Six who all do all, with more to do in the morning than they can, so that who comes before
    /// noon waits for half an hour on average; at noon of every fourth day three of them leave. The
    /// afternoon is quiet.
    #[must_use]
    pub fn half_gone(days: u32, seed: u64) -> Self {
        let services = three_services();
        let loss = |day: u32| {
            let first = Chance::new(seed, "loss", &[u64::from(day)]).below(6) as u16;
            let staff = (0..3).map(|next| (first + next) % 6).collect();
            Loss { day, at_min: 12 * 60, staff }
        };
        let mut demand = demand(&services, 6, 1.25);
        for hour in demand.iter_mut().flat_map(|day| &mut day[12..]) {
            *hour *= 0.4;
        }
        Self {
            name: "half gone".into(),
            staff: people(seed, 6, services.len()),
            demand,
            services,
            losses: (0..days).filter(|day| day % 4 == 3).map(loss).collect(),
            ..Self::first_come(days, seed)
        }
    }

    /// How many come on average on a day of the week, Monday being 0.
    #[must_use]
    pub fn expected_on(&self, weekday: usize) -> f64 {
        let today = super::rules::Today::new(self, weekday as u32);
        today.map_or(0.0, |today| today.expected())
    }
}

fn service(name: &str, mean_min: f64, form: Form, share: f64) -> Service {
    Service { name: name.into(), nominal_min: mean_min, mean_min, form, share }
}

fn three_services() -> Vec<Service> {
    vec![
        service("Short", 12.0, Form::Weibull { shape: 1.6 }, 0.40),
        service("Usual", 28.0, Form::Gamma { shape: 6.0 }, 0.45),
        service("Long", 70.0, Form::Gamma { shape: 9.0 }, 0.15),
    ]
}

/// People who do everything without breaks, each at their own pace.
fn people(seed: u64, count: usize, services: usize) -> Vec<Person> {
    let person = |number: usize| {
        let mut chance = Chance::new(seed, "person", &[number as u64]);
        let usual = (1.0 + 0.12 * chance.normal()).clamp(0.75, 1.3);
        let paces = (0..services)
            .map(|_| usual * (1.0 + 0.06 * chance.normal()).clamp(0.85, 1.15))
            .collect();
        Person {
            name: format!("Person {}", number + 1),
            skills: (0..services as u16).collect(),
            paces,
            breaks: Vec::new(),
        }
    };
    let mut staff: Vec<Person> = (0..count).map(person).collect();
    even_out(&mut staff, services);
    staff
}

/// Those who do a service have the pace 1 on average.
fn even_out(staff: &mut [Person], services: usize) {
    for service in 0..services {
        let does = |person: &&mut Person| person.skills.contains(&(service as u16));
        let paces: Vec<f64> =
            staff.iter_mut().filter(does).map(|person| person.paces[service]).collect();
        let mean = paces.iter().sum::<f64>() / paces.len().max(1) as f64;
        for person in staff.iter_mut().filter(does) {
            person.paces[service] /= mean;
        }
    }
}

/// As many as keep so many people at work for this share of their time in a usual busy hour.
fn demand(services: &[Service], staff: usize, load: f64) -> [[f64; 24]; 7] {
    let mean_min: f64 = services.iter().map(|service| service.share * service.mean_min).sum();
    let most = load * staff as f64 * 60.0 / mean_min;
    let mut demand = [[0.0; 24]; 7];
    for (day, busy) in demand.iter_mut().zip(WEEKDAYS) {
        for (hour, share) in day[9..].iter_mut().zip(HOURS) {
            *hour = most * busy * share;
        }
    }
    demand
}
