//! The set-up of a shop as big as one can be: as many people and services as the engine takes, all of
//! it written out by name.

use std::fmt::Write;

/// As many as a shop may have of each.
const MANY: usize = 64;

/// The file. Everybody does half of the services, has shifts and breaks of their own, and twenty days
/// on which they are away or come at other hours.
#[must_use]
pub fn big_shop() -> String {
    let mut file = String::from(HEAD);
    for day in 0..30 {
        let _ = writeln!(file, "2026-{:02}-{:02} = [\"09:00-13:00\"]", 1 + day % 12, 1 + day % 28);
    }
    for service in 1..=MANY {
        let _ = write!(
            file,
            "\n[[service]]\nid = {service}\nname = \"Cut, colour and finish {service}\"\n\
             promise = \"ready\"\ndone_by = true\n"
        );
        let steps = if service % 4 == 0 { 6 } else { 2 };
        for step in 1..=steps {
            let by = list((0..4).map(|n| 2 * ((service + n) % 32) + 1).map(person));
            let _ = write!(
                file,
                "\n[[service.step]]\nname = \"Step {step} of it\"\nkind = \"chair\"\n\
                 minutes = {}\nby = {by}\n",
                5 * step
            );
        }
    }
    for n in 1..=MANY {
        // Those with an odd number do all of them, for the steps.
        let does = (1..=MANY).filter(|service| n % 2 == 1 || service % 8 == 0);
        let does = list(does.map(|service| format!("Cut, colour and finish {service}")));
        let _ = write!(
            file,
            "\n[[staff]]\nid = {n}\nname = \"{}\"\nplace = \"chair {n}, first floor\"\n\
             does = {does}\n\n[staff.shifts]\n",
            person(n)
        );
        for day in DAYS {
            let _ = writeln!(file, "{day} = [\"09:00-13:00\", \"14:00-18:00\"]");
        }
        let _ = writeln!(file, "\n[staff.shifts.exceptions]");
        for day in 0..20 {
            let _ = writeln!(file, "2026-{:02}-{:02} = []", 1 + day % 12, 1 + (day + n) % 28);
        }
        let _ = writeln!(file, "\n[staff.breaks]");
        for day in DAYS {
            let _ = writeln!(file, "{day} = [\"11:00-11:15\"]");
        }
    }
    file
}

const DAYS: [&str; 5] = ["mon", "tue", "wed", "thu", "fri"];

const HEAD: &str = r#"shop = "big"
name = "The Big Shop"
zone = "Europe/Budapest"
remote = "with_doors"
names = "initial"
languages = ["en", "es", "ru", "hu"]
make_goods = ["A coffee is on us", "Ten per cent off", "The next one first"]

[rules]
keep_percent = 95
round_to_minutes = 5
hold_minutes = 5
turnaround_minutes = 1
overrun_minutes = 30
unseen_minutes = 10

[hours]
mon = ["08:00-20:00"]
tue = ["08:00-20:00"]
wed = ["08:00-20:00"]
thu = ["08:00-20:00"]
fri = ["08:00-20:00"]
sat = ["09:00-14:00"]

[quiet_hours]
from = "21:00"
to = "08:00"

[hours.exceptions]
"#;

fn person(n: usize) -> String {
    format!("Alexandra Maria {n}")
}

fn list(names: impl Iterator<Item = String>) -> String {
    let names: Vec<_> = names.map(|name| format!("{name:?}")).collect();
    format!("[{}]", names.join(", "))
}
