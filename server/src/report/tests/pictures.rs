//! What is drawn, why promises broke, the table, the letter, and other shares.

use sooner_engine::forecast::seen::{Cells as Place, FEATURES, Seen, ln_wait};
use sooner_shared::command::{DelayReason, Felt, Scope};
use sooner_shared::report::{Advice, Good, Per, Reason, Slice, Voices};

use super::*;

#[test]
fn time_is_drawn_by_days_and_from_five_weeks_on_by_weeks() {
    let pictures = days_of(3, 10, 1).report().pictures;
    assert_eq!(pictures.per, Per::Day);
    let slice = |slice: &Slice| (slice.from, slice.count, slice.kept);
    let all: Vec<_> = pictures.over_time.iter().map(slice).collect();
    assert_eq!(all, [(june(1), 10, 9), (june(2), 10, 9), (june(3), 10, 9)]);
    assert_eq!(pictures.over_time[0].interval, (0.5958, 0.9821));
    let pictures = days_of(40, 2, 0).report().pictures;
    assert_eq!(pictures.per, Per::Week);
    let weeks: Vec<_> = pictures.over_time.iter().map(slice).collect();
    assert_eq!(weeks[0], (june(1), 14, 14), "1 June 2026 is a Monday");
    assert_eq!(weeks.iter().map(|week| week.1).sum::<u32>(), 80);
    for Slice { count, kept, interval: (low, high), .. } in pictures.over_time {
        let share = f64::from(kept) / f64::from(count);
        assert!(low <= share && share <= high);
    }
}

#[test]
fn dots_are_bounded_evenly_taken_and_the_same_each_time() {
    let log = days_of(25, 100, 4);
    let pictures = log.report().pictures;
    assert_eq!((pictures.dots.len(), pictures.dots_of), (2_000, 2_500));
    assert_eq!(pictures, log.report().pictures);
    let broken = pictures.dots.iter().filter(|dot| dot.outcome == Outcome::Broken);
    let share = broken.clone().count() as f64 / 2_000.0;
    assert!((share - 0.04).abs() < 0.01, "{share}");
    for dot in broken {
        assert_eq!((dot.promised_min, dot.actual_min), (30.0, 36.0));
    }
    let few = days_of(1, 5, 1).report().pictures;
    assert_eq!((few.dots.len(), few.dots_of), (5, 5));
}

#[test]
fn minutes_fall_into_classes_of_five_and_the_ends_are_open() {
    let mut log = days_of(1, 10, 2);
    log.joins(600, 90);
    log.told(600, 90, 0, 700);
    log.starts(601, 90, 1);
    log.ends(602, 90, 0, Outcome::Kept);
    // On the minute is kept, and early by nothing.
    log.joins(600, 91);
    log.told(600, 91, 0, 610);
    log.starts(610, 91, 1);
    log.ends(611, 91, 0, Outcome::Kept);
    let bars = log.report().pictures.early_late;
    let filled: Vec<_> = bars.iter().filter(|bar| bar.count > 0).collect();
    let seen: Vec<_> = filled.iter().map(|bar| (bar.from_min, bar.to_min, bar.count)).collect();
    let expected = [
        (Some(-10), Some(-5), 2),
        (Some(0), Some(5), 1),
        (Some(10), Some(15), 8),
        (Some(60), None, 1),
    ];
    assert_eq!(seen, expected);
    assert_eq!((bars[0].from_min, bars[0].to_min), (None, Some(-30)));
}

#[test]
fn start_taps_for_the_clocks_sake_stand_out() {
    let of = |last: i64, before: i64| {
        let mut log = Log::default();
        for id in 0..last + before {
            log.joins(600, id as u32 + 1);
            log.told(600, id as u32 + 1, 0, 630);
            // Half a minute before is in the last one.
            log.starts(if id < last { 630 } else { 627 }, id as u32 + 1, 1);
            log.ends(632, id as u32 + 1, 0, Outcome::Kept);
        }
        log.report().pictures.last_minute
    };
    let honest = of(4, 20);
    assert_eq!((honest.count, honest.before, honest.is_bunched), (4, 20, false));
    assert!(of(12, 5).is_bunched);
    assert!(!of(4, 0).is_bunched, "four are nothing");
}

/// Somebody told at 10:00 for 10:30 who starts at 10:40.
fn broke(log: &mut Log, id: u32) -> VisitId {
    log.joins(600, id);
    log.told(600, id, 0, 630);
    log.starts(640, id, 1);
    log.ends(630, id, 0, Outcome::Broken);
    VisitId(id)
}

fn why(change: impl FnOnce(&mut Log, VisitId)) -> Reason {
    let mut log = Log::default();
    let visit = broke(&mut log, 1);
    change(&mut log, visit);
    log.report().broken.newest[0].reason
}

#[test]
fn why_a_promise_broke_is_what_the_log_says_between_the_promise_and_the_start() {
    let delayed = |scope| Event::Delayed { scope, ms: MINUTE_MS, reason: DelayReason::Equipment };
    let gone = |staff| Event::WentOffDuty { staff: StaffId(staff) };
    assert_eq!(why(|_, _| ()), Reason::Unknown);
    assert_eq!(why(|log, _| log.add(610, delayed(Scope::Shop))), Reason::Equipment);
    assert_eq!(why(|log, _| log.add(610, delayed(Scope::Staff(StaffId(1))))), Reason::Equipment);
    let other = |log: &mut Log, _| {
        log.add(610, delayed(Scope::Staff(StaffId(2))));
        log.add(610, delayed(Scope::Service(ServiceId(9))));
    };
    assert_eq!(why(other), Reason::Unknown, "it concerned others");
    assert_eq!(why(|log, _| log.add(590, delayed(Scope::Shop))), Reason::Unknown, "it was known");
    assert_eq!(why(|log, _| log.add(650, delayed(Scope::Shop))), Reason::Unknown, "it came after");
    assert_eq!(why(|log, _| log.add(620, gone(2))), Reason::FewerOnDuty);
    assert_eq!(why(|log, _| log.add(620, Event::Overran { visit: VisitId(9) })), Reason::RanLong);
    let expected = Event::StaffExpected { staff: StaffId(1), from: JUNE_1 + 640 * MINUTE_MS };
    assert_eq!(why(|log, _| log.add(605, expected)), Reason::LateStart);
    let left = |log: &mut Log, visit| {
        log.add(620, gone(2));
        log.add(620, Event::LeftWithout { visit, staff: Some(StaffId(2)) });
    };
    assert_eq!(why(left), Reason::PersonGone);
    let paid = |log: &mut Log, visit| {
        log.add(610, delayed(Scope::Shop));
        let (other, staff) = (Some(VisitId(2)), StaffId(1));
        log.add(611, Event::PriceAccepted { visit: other, staff, moves: vec![visit] });
    };
    assert_eq!(why(paid), Reason::WentFirst);
}

#[test]
fn broken_promises_are_counted_by_reason_and_hour_with_what_was_made_good() {
    let mut log = days_of(1, 10, 0);
    for id in 100..104 {
        broke(&mut log, id);
    }
    log.add(645, Event::MadeGood { visit: VisitId(100), with: Some(0) });
    log.add(646, Event::LeftToOwner { visit: VisitId(101) });
    log.add(700, Event::LeftToOwner { visit: VisitId(102) });
    log.add(710, Event::MadeGood { visit: VisitId(102), with: None });
    let broken = log.report().broken;
    let counts = (broken.count, broken.made_good, broken.left_to_owner, broken.waiting);
    assert_eq!(counts, (4, 2, 1, 1));
    let worst = broken.worst.expect("four broke");
    assert_eq!((worst.weekday, worst.from_hour, worst.count), (0, 10, 4));
    assert_eq!(broken.reasons[0].count, 4);
    let ways = sample::new_shop(Kind::Salon, "Europe/Budapest").config.make_goods;
    let good: Vec<_> = broken.newest.iter().rev().map(|one| one.good.clone()).collect();
    let first = Good::Made(ways.first().cloned());
    assert_eq!(good, [first, Good::LeftToOwner, Good::Made(None), Good::NotYet]);
    assert_eq!(broken.newest[0].late_min, Some(10.0));
    // Made good, and taken back.
    let tap = log.recorded().iter().find_map(|one| {
        matches!(one.event, Event::MadeGood { with: Some(_), .. }).then_some(one.tap)
    });
    log.add(646, Event::Undone { tap: tap.expect("was made good") });
    assert_eq!(log.report().broken.made_good, 1);
}

#[test]
fn who_paid_for_a_right_to_go_first_is_told_by_code() {
    let mut log = Log::default();
    let (one, two) = (broke(&mut log, 1), VisitId(2));
    log.walk_in(600, 2, true);
    let staff = StaffId(1);
    log.add(610, Event::PriceAccepted { visit: Some(VisitId(3)), staff, moves: vec![one, two] });
    log.add(611, Event::PriceAccepted { visit: None, staff, moves: vec![two] });
    let amends = log.report().amends;
    assert_eq!((amends.prices_accepted, amends.moved_visits, amends.moved_broken), (2, 2, 1));
    assert_eq!(amends.paid[1].moved, [one.code(), two.code()]);
    assert_eq!((amends.paid[0].code.clone(), amends.paid[1].broken), (None, 1));
}

#[test]
fn persons_are_left_out_where_the_owner_does_not_ask() {
    let log = days_of(2, 20, 1).recorded();
    let shop = shop();
    let past = Past::new(&shop, &log, Days::default()).expect("a log");
    let names = BTreeMap::from([(StaffId(1), "Anna".to_owned())]);
    let (own, others) = (past.report(Some(&names)), past.report(None));
    assert!(own.starts.is_some_and(|starts| starts.by_person.is_some()));
    assert!(others.starts.is_some_and(|starts| starts.by_person.is_none()));
    let text = |names| String::from_utf8(past.csv(names)).expect("text");
    assert!(text(Some(&names)).lines().next().is_some_and(|line| line.contains(",person,")));
    assert!(text(Some(&names)).contains(",Anna,"));
    assert!(!text(None).contains("person") && !text(None).contains("Anna"));
}

#[test]
fn the_table_has_a_line_for_each_promise_and_no_formula() {
    let mut log = Log::default();
    log.walk_in(600, 1, true);
    let visit = broke(&mut log, 2);
    log.told(620, 2, 1, 650);
    let mut log = log.recorded();
    if let Event::Configured(config) = &mut log[0].event {
        config.services[0].name = "=HYPERLINK(\"http://x\"), cut".to_owned();
    }
    let shop = shop();
    let past = Past::new(&shop, &log, Days::default()).expect("a log");
    let names = BTreeMap::from([(StaffId(1), "@Anna".to_owned())]);
    let table = past.csv(Some(&names));
    let mut read = ::csv::Reader::from_reader(table.as_slice());
    let titles = read.headers().expect("titles").clone();
    let rows: Vec<_> = read.records().map(|row| row.expect("a line")).collect();
    let cell = |row: usize, title: &str| {
        let place = titles.iter().position(|one| one == title).expect("a title");
        rows[row][place].to_owned()
    };
    assert_eq!(rows.len(), 3);
    assert_eq!(cell(0, "day"), "2026-06-01");
    assert_eq!(cell(0, "told"), "2026-06-01 10:00:00");
    assert_eq!(cell(0, "promised"), "2026-06-01 10:30:00");
    assert_eq!(cell(0, "actual"), "2026-06-01 10:20:00");
    assert_eq!((cell(0, "outcome"), cell(0, "minutes_early")), ("kept".into(), "10.0".into()));
    assert_eq!(cell(0, "service"), "'=HYPERLINK(\"http://x\"), cut");
    assert_eq!(cell(0, "person"), "'@Anna");
    assert_eq!((cell(1, "visit"), cell(1, "number")), (visit.code(), "0".into()));
    assert_eq!(
        (cell(1, "minutes_early"), cell(1, "minutes_after")),
        (String::new(), "10.0".into())
    );
    assert_eq!(cell(1, "reason"), "unknown");
    assert_eq!((cell(2, "number"), cell(2, "outcome")), ("1".into(), "open".into()));
}

#[test]
fn the_letter_is_of_its_week_alone() {
    let mut log = days_of(14, 10, 1);
    log.joins(600, 900);
    let log = log.recorded();
    let shop = shop();
    let past = Past::new(&shop, &log, Days::default()).expect("a log");
    let week = june(8).week();
    let letter = past.letter(week);
    assert_eq!((letter.kept, letter.of, letter.broken), (63, 70, 7));
    assert_eq!((letter.week, letter.goal, letter.early_min), (week, 0.95, Some(10.0)));
    assert_eq!(letter.advice, Advice::MakeGood(7));
    assert_eq!(past.week_before(JUNE_1 + 14 * DAY_MIN * MINUTE_MS), week);
    // Sunday evening: the week is not over.
    assert_eq!(past.week_before(JUNE_1 + (14 * DAY_MIN - 60) * MINUTE_MS), june(1).week());
    let nothing = past.letter(june(29).week());
    assert_eq!((nothing.of, nothing.advice), (0, Advice::TooFew));
}

#[test]
fn before_anything_was_promised_there_is_a_report_of_nothing() {
    let log = Log::default().recorded();
    let shop = shop();
    let past = Past::new(&shop, &log, Days::default()).expect("a set-up");
    let report = past.report(None);
    assert_eq!((report.visits, report.kinds.len(), report.pictures.dots.len()), (0, 0, 0));
    assert_eq!(past.what_if(900).would.share, None);
    let table = String::from_utf8(past.csv(None)).expect("text");
    assert_eq!(table.lines().count(), 1, "the titles");
}

/// A log of people whose waits are what the forecast said they are: at a share it saw the quantiles
/// of waits that are spread evenly from 10 to 30 minutes.
fn forecast(count: u32) -> Log {
    let mut log = Log::default();
    for no in 0..count {
        let min = i64::from(no / 50) * DAY_MIN + 600 + i64::from(no % 50);
        log.joins(min, no + 1);
        let mut features = vec![0; FEATURES];
        let wait = |share: f64| 10.0 + 20.0 * share;
        for (slot, share) in features[1..6].iter_mut().zip([0.5, 0.8, 0.9, 0.95, 0.99]) {
            *slot = (ln_wait(wait(share) * MINUTE_MS as f64) * 1_000.0) as i32;
        }
        let quantile_at = JUNE_1 + (min + 29) * MINUTE_MS;
        let by = quantile_at.round_up(5 * MINUTE_MS);
        let grounds =
            Grounds { keep_permille: 950, ahead: 0, on_duty: 1, likely_at: by, quantile_at };
        let cells = Place { ahead: 0, service: ServiceId(1), hour: 10 };
        let seen = Some(Box::new(Seen { features, cells, experts: Vec::new() }));
        let (visit, kind) = (VisitId(no + 1), PromiseKind::Start);
        log.add(min, Event::Promised { visit, kind, no: 0, by, grounds, seen });
        let waited = 10 + i64::from(no * 8 % 21);
        let is_kept = JUNE_1 + (min + waited) * MINUTE_MS <= by;
        let outcome = if is_kept { Outcome::Kept } else { Outcome::Broken };
        log.starts(min + waited, no + 1, 1);
        log.ends(min + 41, no + 1, 0, outcome);
    }
    log
}

#[test]
fn another_share_would_have_been_earlier_and_kept_less_and_the_own_one_changes_nothing() {
    let mut log = forecast(210);
    // A time that staff named takes no part.
    log.walk_in(600, 999, true);
    let log = log.recorded();
    let shop = shop();
    let past = Past::new(&shop, &log, Days::default()).expect("a log");
    let own = past.what_if(950);
    assert_eq!((own.promises, own.left_out, own.asked), (210, 1, Some(0.95)));
    assert_eq!(own.would, own.happened);
    assert_eq!(own.would.earlier_min, Some(0.0));
    let sides: Vec<_> =
        [500, 600, 700, 800, 850, 900, 950, 970, 990].map(|keep| past.what_if(keep).would).to_vec();
    for pair in sides.windows(2) {
        assert!(pair[0].kept <= pair[1].kept, "{pair:?}");
        assert!(pair[0].earlier_min >= pair[1].earlier_min, "{pair:?}");
        assert!(pair[0].wait_min <= pair[1].wait_min, "{pair:?}");
    }
    let half = sides[0];
    let earlier = half.earlier_min.expect("starts");
    assert!((5.0..=15.0).contains(&earlier), "half of the waits lie below 20 minutes: {earlier}");
    let share = half.share.expect("starts");
    assert!((0.45..0.75).contains(&share), "rounded up to five minutes: {share}");
    assert_eq!(own.others.len(), 7);
}

#[test]
fn what_customers_say_at_the_end_is_counted_and_scores_nothing_anew() {
    let mut log = Log::default();
    for id in 1..=6 {
        let visit = VisitId(id);
        log.joins(600, id);
        log.told(600, id, 0, 630);
        // The fifth one broke; the sixth is still in the chair.
        log.starts(if id == 5 { 640 } else { 620 }, id, 1);
        let outcome = if id == 5 { Outcome::Broken } else { Outcome::Kept };
        log.ends(641, id, 0, outcome);
        if id < 6 {
            log.add(650, Event::Finished { visit, tapped_at: None });
        }
    }
    log.add(650, Event::StartConfirmed { visit: VisitId(1), right: true });
    log.add(650, Event::StartConfirmed { visit: VisitId(2), right: false });
    for (id, felt) in [(1, Felt::NotGood), (1, Felt::Good), (2, Felt::Fair), (5, Felt::NotGood)] {
        log.add(650, Event::WaitRated { visit: VisitId(id), felt });
    }
    // Of the third one the end is taken back, and with it what was said of it.
    log.add(650, Event::StartConfirmed { visit: VisitId(3), right: false });
    log.add(650, Event::WaitRated { visit: VisitId(3), felt: Felt::NotGood });
    let is_end = |one: &Recorded| matches!(one.event, Event::Finished { visit: VisitId(3), .. });
    let tap = log.recorded().into_iter().find(is_end).expect("it ended").tap;
    log.add(650, Event::Undone { tap });
    let report = log.report();
    let expected =
        Voices { starts_asked: 3, starts_right: 1, starts_later: 1, good: 1, fair: 1, not_good: 1 };
    assert_eq!(report.voices, expected);
    assert_eq!((report.headline.share.kept, report.headline.share.count), (5, 6));

    let (log, shop) = (log.recorded(), shop());
    let past = Past::new(&shop, &log, Days::default()).expect("a log");
    let text = String::from_utf8(past.csv(None)).expect("text");
    let last: Vec<_> = text.lines().filter_map(|line| line.rsplit(',').next()).collect();
    assert_eq!(last, ["start_confirmed", "yes", "later", "", "", "", ""]);
}
