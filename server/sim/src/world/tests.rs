//! What people do over some weeks in the simplest of shops.

use sooner_shared::Command;
use sooner_shared::view::Stage;

use super::fake::{Fake, live};
use crate::{Habits, shop};

fn ended(fake: &Fake, stage: Stage) -> usize {
    fake.ended.values().filter(|end| **end == stage).count()
}

fn count(fake: &Fake, what: impl Fn(&Command) -> bool) -> usize {
    fake.log.iter().filter(|(_, command, code)| code.is_none() && what(command)).count()
}

#[test]
fn the_same_seed_lives_the_same_days_and_another_one_does_not() {
    for config in [shop::salon(), shop::repair()] {
        let days = |seed| live(&config, &Habits::default(), seed, 3).1.log;
        assert_eq!(days(4), days(4));
        assert_ne!(days(4), days(5));
    }
}

#[test]
fn nobody_is_lost_and_nothing_unforeseen_is_refused() {
    for config in [shop::salon(), shop::repair()] {
        let (world, fake) = live(&config, &Habits::default(), 1, 12);
        assert_eq!(world.counts().unexpected, []);
        let inside = fake.desk.cards.len();
        assert_eq!(fake.ended.len() + inside, fake.last as usize);
        let done = ended(&fake, Stage::Done);
        assert!(done * 10 > fake.last as usize * 7, "{done} of {}", fake.last);
        let waits = |stage| fake.desk.cards.values().filter(|card| card.stage == stage).count();
        assert_eq!(waits(Stage::Called), 0);
        // It is Saturday night, and whoever waited in a chair was sent home.
        assert!(waits(Stage::Waiting) < 12, "{}: {}", config.name, waits(Stage::Waiting));
    }
}

#[test]
fn who_has_no_habits_is_punctual_and_tidy() {
    let (world, fake) = live(&shop::salon(), &Habits::none(), 2, 5);
    let counts = world.counts();
    assert_eq!((counts.late_starts, counts.forgotten, counts.overran), (0, 0, 0));
    assert_eq!(ended(&fake, Stage::NoShow), 0);
    assert_eq!(counts.breaks, 15);
    let days = count(&fake, |command| matches!(command, Command::GoOnDuty { .. }));
    assert_eq!(days, 15);
    assert_eq!(count(&fake, |command| matches!(command, Command::GoOffDuty { .. })), 15);
}

#[test]
fn habits_occur_as_often_as_they_should() {
    let habits = Habits {
        late_starts: 0.3,
        says_late_start: 0.5,
        overruns: 0.2,
        no_shows: 0.2,
        forgets_quiet: 0.5,
        forgets_busy: 0.0,
        booked: 0.5,
        ..Habits::default()
    };
    let (world, fake) = live(&shop::salon(), &habits, 3, 40);
    let counts = world.counts();
    let share = |part: u32, of: u32| f64::from(part) / f64::from(of.max(1));
    let shifts = 35 * 3; // Sundays are off
    assert!((share(counts.late_starts, shifts) - 0.3).abs() < 0.12, "{counts:?}");
    assert!((share(counts.overran, counts.works) - 0.2).abs() < 0.04, "{counts:?}");
    assert!((share(counts.no_shows, counts.booked) - 0.2).abs() < 0.07, "{counts:?}");
    assert!(counts.forgotten > counts.works / 20, "{counts:?}");
    assert!(counts.announced > 0 && counts.announced < counts.late_starts, "{counts:?}");
    let came_late = count(&fake, |command| matches!(command, Command::ExpectStaff { .. }));
    assert_eq!(came_late, counts.announced as usize);
    assert!(count(&fake, |command| matches!(command, Command::RunLate { .. })) > 0);
    assert!(count(&fake, |command| matches!(command, Command::Confirm { .. })) > 0);
    assert!(count(&fake, |command| matches!(command, Command::LetPass { .. })) > 0);
}

#[test]
fn parts_come_and_customers_say_yes() {
    let (world, fake) = live(&shop::repair(), &Habits::default(), 5, 12);
    assert!(world.counts().parts > 5, "{:?}", world.counts());
    assert!(count(&fake, |command| matches!(command, Command::Approve { .. })) > 5);
    assert!(count(&fake, |command| matches!(command, Command::ExpectPart { .. })) > 5);
}
