//! Figures of logs made by hand, and of some days of the demo.

mod pictures;

use sooner_engine::event::Grounds;
use sooner_shared::report::{Cell, Cells, Earlier, KindReport, Outcomes, Padding};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::Outcome;
use sooner_shared::{Maker, ServiceId, Timestamp, VisitId};

use super::*;
use crate::demo::{self, Options};
use crate::sample::{self, Kind};

/// The first midnight, in Budapest.
const JUNE_1: Timestamp = Timestamp(1_780_264_800_000);
const DAY_MIN: i64 = 24 * 60;

/// A log in the making: minutes after the first midnight, and what happened then.
#[derive(Default)]
struct Log(Vec<(i64, Event)>);

impl Log {
    fn add(&mut self, min: i64, event: Event) {
        self.0.push((min, event));
    }

    fn joins(&mut self, min: i64, id: u32) {
        let (visit, service) = (VisitId(id), ServiceId(1));
        let more = Vec::new();
        let (requested, by_staff, group) = (None, false, None);
        self.add(min, Event::Joined { visit, service, more, requested, by_staff, group });
    }

    fn told(&mut self, min: i64, id: u32, no: u16, by_min: i64) {
        self.promised(min, id, (PromiseKind::Start, no, by_min), 0);
    }

    fn promised(&mut self, min: i64, id: u32, what: (PromiseKind, u16, i64), ahead: u32) {
        let (kind, no, by_min) = what;
        let by = JUNE_1 + by_min * MINUTE_MS;
        let grounds =
            Grounds { keep_permille: 950, ahead, on_duty: 1, likely_at: by, quantile_at: by };
        self.add(min, Event::Promised { visit: VisitId(id), kind, no, by, grounds, seen: None });
    }

    fn starts(&mut self, min: i64, id: u32, staff: u16) {
        self.add(
            min,
            Event::Started { visit: VisitId(id), staff: StaffId(staff), tapped_at: None },
        );
    }

    fn ends(&mut self, min: i64, id: u32, no: u16, outcome: Outcome) {
        self.add(min, Event::Scored { visit: VisitId(id), no, outcome });
    }

    /// Somebody who was told a time half an hour later and was started a little before or after it.
    fn walk_in(&mut self, min: i64, id: u32, is_kept: bool) {
        self.joins(min, id);
        self.told(min, id, 0, min + 30);
        self.starts(min + if is_kept { 20 } else { 36 }, id, 1);
        let outcome = if is_kept { Outcome::Kept } else { Outcome::Broken };
        self.ends(min + 37, id, 0, outcome);
    }

    fn recorded(&self) -> Vec<Recorded> {
        let config = sample::new_shop(Kind::Salon, "Europe/Budapest").config;
        let mut events = self.0.clone();
        events.sort_by_key(|&(min, _)| min);
        std::iter::once((0, Event::Configured(Box::new(config))))
            .chain(events)
            .zip(1..)
            .map(|((min, event), seq)| Recorded {
                seq,
                at: JUNE_1 + min * MINUTE_MS,
                tap: seq,
                by: Maker::Unknown,
                event,
            })
            .collect()
    }

    fn report_of(&self, days: Days) -> Result<Report, ReportError> {
        let names = BTreeMap::from([(StaffId(1), "Anna".to_owned())]);
        figures(&shop(), &self.recorded(), &names, days)
    }

    fn report(&self) -> Report {
        self.report_of(Days::default()).expect("promises")
    }

    fn starts_kind(&self) -> KindReport {
        self.report().kinds.remove(0)
    }
}

#[test]
fn what_was_done_about_broken_promises_is_told_with_what_is_left_to_the_owner() {
    let mut log = Log::default();
    log.joins(600, 1);
    log.told(600, 1, 0, 630);
    let visit = VisitId(1);
    log.add(605, Event::RemedyTaken { visit: Some(visit), saves: vec![(visit, 0)] });
    log.ends(631, 1, 0, Outcome::Broken);
    log.add(640, Event::LeftToOwner { visit });
    let amends = log.report().amends;
    assert_eq!((amends.remedies, amends.saved, amends.saved_of), (1, 0, 1));
    assert_eq!(amends.left_to_owner, [visit.code()]);
    assert!(
        Table(&log.report()).to_string().contains(&format!("left to the owner: {}", visit.code()))
    );
}

fn shop() -> ShopId {
    "salon".parse().expect("a name")
}

fn june(day: i64) -> Date {
    Date::new(2026, 6, day).expect("a day")
}

/// So many visits a day for so many days, of which the first `broken` of each day are broken.
fn days_of(days: i64, visits: u32, broken: u32) -> Log {
    let mut log = Log::default();
    for day in 0..days {
        for no in 0..visits {
            let min = day * DAY_MIN + 600 + i64::from(no);
            log.walk_in(min, day as u32 * visits + no + 1, no >= broken);
        }
    }
    log
}

#[test]
fn first_promises_are_counted_by_how_they_ended_and_beaten_or_missed_by_minutes() {
    let mut log = Log::default();
    for (id, outcome) in [
        (3, Some(Outcome::LeftBefore)),
        (4, Some(Outcome::Void)),
        (5, Some(Outcome::Released)),
        (6, None),
    ] {
        log.joins(600, id);
        log.told(600, id, 0, 640);
        if let Some(outcome) = outcome {
            log.ends(610, id, 0, outcome);
        }
    }
    log.walk_in(600, 1, true);
    log.walk_in(600, 2, false);
    // Called in time, and came later: it was kept by two minutes.
    log.joins(600, 7);
    log.told(600, 7, 0, 630);
    log.add(628, Event::Called { visit: VisitId(7), staff: StaffId(2) });
    log.starts(635, 7, 2);
    log.ends(636, 7, 0, Outcome::Kept);
    // Broken, and never made good.
    log.joins(600, 8);
    log.told(600, 8, 0, 620);
    log.ends(620, 8, 0, Outcome::Broken);
    let first = log.starts_kind().first;
    let expected =
        Outcomes { made: 8, kept: 2, broken: 2, left_before: 1, void: 1, released: 1, open: 1 };
    assert_eq!(first.outcomes, expected);
    assert_eq!((first.share.count, first.share.share), (4, Some(0.5)));
    assert_eq!(first.share.interval, None, "one day says nothing of how days differ");
    assert_eq!(first.padding_min, Some(2.0)); // (10 + 2 - 6) / 3
    assert_eq!((first.early_min, first.late_min), (Some(6.0), Some(6.0)));
    assert_eq!(log.report().visits, 8);
}

#[test]
fn every_kind_has_its_own_figures() {
    let mut log = Log::default();
    log.joins(600, 1);
    log.promised(600, 1, (PromiseKind::News, 0, 700), 0);
    log.add(690, Event::NewsGiven { visit: VisitId(1) });
    // News given are followed by the next ones: nothing was told later.
    log.promised(690, 1, (PromiseKind::News, 1, 900), 0);
    log.ends(691, 1, 0, Outcome::Kept);
    log.promised(600, 1, (PromiseKind::CallBack, 2, 650), 0);
    log.ends(650, 1, 2, Outcome::Broken);
    let kinds = log.report().kinds;
    let shares: Vec<_> = kinds.iter().map(|one| (one.kind, one.first.share.share)).collect();
    assert_eq!(shares, [(PromiseKind::CallBack, Some(0.0)), (PromiseKind::News, Some(1.0))]);
    assert_eq!(kinds[1].first.padding_min, Some(10.0));
    assert_eq!(kinds[1].later.visits, 0);
    assert_eq!(kinds[1].last.outcomes.open, 1);
    assert!(log.report().starts.is_none());
}

#[test]
fn the_next_news_are_not_given_at_the_instant_at_which_they_are_promised() {
    let mut log = Log::default();
    log.joins(600, 1);
    log.add(600, Event::NewsGiven { visit: VisitId(1) });
    log.promised(600, 1, (PromiseKind::News, 0, 700), 0);
    log.ends(700, 1, 0, Outcome::Broken);
    assert_eq!(log.report().kinds[0].first.late_min, None, "none were given");
    log.add(705, Event::NewsGiven { visit: VisitId(1) });
    assert_eq!(log.report().kinds[0].first.late_min, Some(5.0));
}

#[test]
fn last_promises_stand_beside_the_first() {
    let mut log = Log::default();
    log.joins(600, 1);
    log.told(600, 1, 0, 630);
    log.told(610, 1, 1, 650);
    log.ends(630, 1, 0, Outcome::Broken);
    log.starts(640, 1, 1);
    log.ends(641, 1, 1, Outcome::Kept);
    log.walk_in(600, 2, true);
    let starts = log.starts_kind();
    assert_eq!((starts.first.share.kept, starts.last.share.kept), (1, 2));
    assert_eq!((starts.first.padding_min, starts.last.padding_min), (Some(0.0), Some(10.0)));
    assert_eq!(starts.first.outcomes.made, starts.last.outcomes.made);
}

#[test]
fn later_times_are_counted_with_their_lead_and_false_alarms() {
    let mut log = Log::default();
    // Told 20 minutes ahead, and broken.
    log.joins(600, 1);
    log.told(600, 1, 0, 630);
    log.told(610, 1, 1, 650);
    log.ends(630, 1, 0, Outcome::Broken);
    log.starts(640, 1, 1);
    // Told 5 minutes ahead, and started by the first minute all the same.
    log.joins(600, 2);
    log.told(600, 2, 0, 630);
    log.told(625, 2, 1, 650);
    log.starts(629, 2, 2);
    log.ends(630, 2, 0, Outcome::Kept);
    // Told 2 minutes after it broke: that makes amends, and is no bad news in time.
    log.joins(600, 3);
    log.told(600, 3, 0, 630);
    log.ends(630, 3, 0, Outcome::Broken);
    log.told(632, 3, 1, 650);
    // Never told.
    log.walk_in(600, 4, true);
    log.walk_in(600, 5, false);
    let later = log.starts_kind().later;
    assert_eq!((later.visits, later.share), (2, Some(0.4)));
    assert_eq!((later.broken_told, later.broken_told_share), (1, Some(0.3333)));
    assert_eq!((later.lead_median_min, later.lead_15_share), (Some(12.5), Some(0.5)));
    assert_eq!(later.false_alarms, 1);
}

#[test]
fn a_later_time_that_the_shop_did_not_choose_is_no_renegotiation() {
    let mut log = Log::default();
    // Their own wish.
    log.joins(600, 1);
    log.told(600, 1, 0, 630);
    log.add(610, Event::Passed { visit: VisitId(1) });
    log.told(610, 1, 1, 650);
    log.ends(611, 1, 0, Outcome::Released);
    // Taken back: the time before it stands.
    log.joins(600, 2);
    log.told(600, 2, 0, 630);
    log.told(610, 2, 1, 650);
    let tap = log
        .recorded()
        .into_iter()
        .find(|one| matches!(one.event, Event::Promised { visit: VisitId(2), no: 1, .. }));
    let tap = tap.expect("was told").tap;
    log.add(611, Event::Undone { tap });
    // Somebody who came late to their appointment.
    let booked = Event::Booked {
        visit: VisitId(3),
        service: ServiceId(1),
        more: Vec::new(),
        requested: None,
        held: StaffId(1),
        from: JUNE_1 + 700 * MINUTE_MS,
    };
    log.add(620, booked);
    log.told(620, 3, 0, 705);
    log.add(715, Event::CheckedIn { visit: VisitId(3) });
    log.told(715, 3, 1, 730);
    let starts = log.starts_kind();
    assert_eq!(starts.later.visits, 0);
    assert_eq!(starts.later.lead_median_min, None);
    // An appointment that the shop moves before its time is one.
    log.told(650, 3, 2, 720);
    assert_eq!(log.starts_kind().later.visits, 1);
}

#[test]
fn earlier_times_are_counted_with_how_much_earlier_they_are() {
    let mut log = Log::default();
    log.joins(600, 1);
    log.told(600, 1, 0, 660);
    log.told(610, 1, 1, 650);
    log.told(620, 1, 2, 630);
    log.walk_in(600, 2, true);
    let starts = log.starts_kind();
    let expected = Earlier { visits: 1, times: 2, mean_min: Some(15.0), median_min: Some(15.0) };
    assert_eq!(starts.earlier, expected);
    assert_eq!(starts.later.visits, 0);
}

#[test]
fn a_start_that_was_taken_back_is_none() {
    let mut log = Log::default();
    log.joins(600, 1);
    log.told(600, 1, 0, 630);
    log.starts(610, 1, 1);
    let tap = log.recorded().last().expect("the start").tap;
    log.add(610, Event::Undone { tap });
    log.starts(626, 1, 2);
    log.ends(627, 1, 0, Outcome::Kept);
    assert_eq!(log.starts_kind().first.padding_min, Some(4.0));
}

#[test]
fn starts_are_told_apart_by_service_person_hour_and_place_and_small_cells_left_out() {
    let mut log = Log::default();
    for no in 0..70_u32 {
        let min = i64::from(no % 2) * DAY_MIN + if no < 40 { 600 } else { 660 };
        let id = no + 1;
        log.joins(min, id);
        let ahead = if no < 41 { no % 2 } else { 9 };
        log.promised(min, id, (PromiseKind::Start, 0, min + 30), ahead);
        let is_kept = no >= 10;
        log.starts(min + if is_kept { 20 } else { 40 }, id, if no < 30 { 1 } else { 2 });
        log.ends(min + 41, id, 0, if is_kept { Outcome::Kept } else { Outcome::Broken });
    }
    let starts = log.report().starts.expect("starts");
    let rows = |cells: &Cells| -> Vec<_> {
        let row = |cell: &Cell| (cell.label.clone(), cell.share.count, cell.share.kept);
        cells.cells.iter().map(row).collect()
    };
    let row = |label: &str, count, kept| (label.to_owned(), count, kept);
    let config = sample::new_shop(Kind::Salon, "Europe/Budapest").config;
    assert_eq!(rows(&starts.by_service), [row(&config.services[0].name, 70, 60)]);
    let place = &config.staff[1].place;
    let by_person = starts.by_person.as_ref().expect("the owner asks");
    assert_eq!(rows(by_person), [row("Anna", 30, 20), row(place, 40, 40)]);
    assert_eq!(rows(&starts.by_hour), [row("10:00", 40, 30), row("11:00", 30, 30)]);
    // 21 and 20 with nobody and with one ahead.
    assert_eq!(rows(&starts.by_ahead), []);
    assert_eq!((starts.by_ahead.left_out, starts.by_ahead.left_out_promises), (3, 70));
    for cell in &by_person.cells {
        let (low, high) = cell.share.interval.expect("two days");
        let share = cell.share.share.expect("promises");
        assert!(low <= share && share <= high, "{cell:?}");
    }
}

#[test]
fn who_was_never_started_is_nobodys_and_an_appointment_had_no_line() {
    let mut log = days_of(2, 20, 0);
    log.joins(600, 100);
    log.told(600, 100, 0, 610);
    log.ends(610, 100, 0, Outcome::Broken);
    let starts = log.report().starts.expect("starts");
    let by_person = starts.by_person.as_ref().expect("the owner asks");
    assert_eq!((by_person.nowhere, by_person.cells[0].share.count), (1, 40));
    assert_eq!((starts.by_service.nowhere, starts.by_ahead.nowhere), (0, 0));
}

#[test]
fn padding_is_called_too_large_or_too_small_when_the_interval_says_so() {
    let warning = |days, visits, broken| days_of(days, visits, broken).starts_kind().warning;
    let large = warning(20, 20, 0).expect("400 of 400");
    assert_eq!((large.padding, large.kept, large.asked), (Padding::TooLarge, 1.0, 0.95));
    let text = table::of_padding(&large);
    assert!(text.starts_with("padding could be smaller: 100.0 % kept"), "{text}");
    assert!(text.ends_with("where 95.0 % was asked"), "{text}");
    let small = warning(10, 20, 4).expect("160 of 200");
    assert_eq!((small.padding, small.kept), (Padding::TooSmall, 0.8));
    assert!(table::of_padding(&small).starts_with("padding is too small: 80.0 % kept"));
    assert_eq!(warning(10, 20, 1), None, "what was asked");
    assert_eq!(warning(9, 11, 5), None, "fewer than 100 promises");
    assert!(warning(10, 10, 5).is_some(), "100 promises");
    assert_eq!(warning(1, 100, 50), None, "one day");
}

#[test]
fn only_promises_made_on_the_days_asked_about_count() {
    let log = days_of(3, 2, 1);
    let days = |from, to| Days { from, to };
    let report = log.report_of(days(Some(june(2)), Some(june(2)))).expect("promises");
    assert_eq!((report.visits, report.from, report.to), (2, june(2), june(2)));
    let report = log.report_of(days(Some(june(2)), None)).expect("promises");
    assert_eq!((report.visits, report.to), (4, june(3)));
    let error = log.report_of(days(Some(june(3)), Some(june(2)))).expect_err("no days");
    let text = "no day lies from 2026-06-03 to 2026-06-02: the first is after the last";
    assert_eq!(error.to_string(), text);
    let error = log.report_of(days(Some(june(10)), None)).expect_err("nothing");
    let text =
        "nothing was promised on these days; the log has promises from 2026-06-01 to 2026-06-03";
    assert_eq!(error.to_string(), text);
    let error = Log::default().report_of(Days::default()).expect_err("nothing");
    assert_eq!(error.to_string(), "the shop salon has promised nothing yet");
    let no_set_up = figures(&shop(), &[], &BTreeMap::new(), Days::default());
    assert!(matches!(no_set_up, Err(ReportError::NoSetUp(_))));
}

#[test]
fn the_table_says_it_all_and_the_same_each_time() {
    let text = Table(&days_of(20, 20, 0).report()).to_string();
    assert_eq!(text, Table(&days_of(20, 20, 0).report()).to_string());
    for part in [
        "promises made from 2026-06-01 to 2026-06-20, Europe/Budapest",
        "start               400    400       0",
        "starts by person              count     kept          interval",
        "Anna                            400  100.0 %",
        "start: padding could be smaller: 100.0 % kept",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_report_of_a_demo_is_read_from_its_folder_and_agrees_with_the_demo() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = read(folder.path(), &shop(), Days::default()).await.expect_err("no log");
    assert!(matches!(empty, ReportError::Store(StoreError::NoLog(_))), "{empty:?}");

    let data = Some(folder.path().to_owned());
    let options = Options { paths: Some(32), data, ..Options::new(Kind::Salon, 2) };
    let lived = demo::live_through(&options, 3, 0).await.expect("lives").report;
    let report = read(folder.path(), &shop(), Days::default()).await.expect("reads");
    assert_eq!(report.kinds.len(), lived.promises.len());
    for (one, kept) in report.kinds.iter().zip(&lived.promises) {
        assert_eq!((one.kind, one.first.outcomes.made), (kept.kind, kept.first));
        assert_eq!(one.first.outcomes.broken, kept.broken);
        assert_eq!((one.first.share.share, one.first.padding_min), (kept.kept, kept.padding_min));
    }
    let again = read(folder.path(), &shop(), Days::default()).await.expect("reads");
    assert_eq!(again, report);
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!(json["kinds"][0]["first"]["made"], report.kinds[0].first.outcomes.made);
    assert_eq!(json["from"], report.from.to_string());
    let back: Report = serde_json::from_value(json).expect("reads back");
    assert_eq!(back, report);
    demo_with_another_share(folder.path()).await;

    let unknown = "bakery".parse().expect("a name");
    let error = read(folder.path(), &unknown, Days::default()).await.expect_err("unknown");
    let text = error.to_string();
    assert!(text.starts_with("there is no shop bakery in "), "{text}");
    assert!(text.ends_with("; there is salon"), "{text}");
}

/// What the demo promised, with other shares: its forecasts are real ones.
async fn demo_with_another_share(folder: &Path) {
    let shop = shop();
    let log = read_log(folder, &shop).await.expect("reads");
    let past = Past::new(&shop, &log, Days::default()).expect("a log");
    let own = past.what_if(950);
    assert!(own.promises > 10 && own.would == own.happened, "{own:?}");
    let week = june(1).week();
    let text = read_letter(folder, &shop, Some(week), Some(Language::Hu)).await.expect("reads");
    let letter = past.letter(week);
    assert_eq!(text, letter.text(Words::of(Language::Hu)));
    assert!(letter.of > 10, "{letter:?}");
    let less = past.what_if(700).would;
    assert!(less.earlier_min > Some(0.0) && less.kept <= own.would.kept, "{less:?}");
}
