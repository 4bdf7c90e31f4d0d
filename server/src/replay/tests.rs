//! A small made-up day, played twice. Everybody comes while somebody is free, so that each promise
//! is known without a forecast: a minute from now, rounded up to five.

use std::fmt::Write;

use super::*;
use crate::store::{LoggedEvent, read_events};

/// Seconds since 1970 on the second day there was.
fn at(hour: u32, minute: u32) -> String {
    (86_400 + hour * 3_600 + minute * 60).to_string()
}

type Clock = (u32, u32);

fn served(text: &mut String, kind: &str, server: &str, [arrival, start, end]: [Clock; 3]) {
    let [arrival, start, end] = [arrival, start, end].map(|(h, m)| at(h, m));
    writeln!(text, "q,{arrival},{start},{end},,{server},{kind},0,served,1").expect("writes");
}

fn left(text: &mut String, [arrival, leave]: [Clock; 2]) {
    let [arrival, leave] = [arrival, leave].map(|(h, m)| at(h, m));
    writeln!(text, "q,{arrival},,,{leave},,cut,0,abandoned,1").expect("writes");
}

fn made_up_day() -> Vec<Row> {
    let mut text = "queue,arrival,start,end,leave,server,type,priority,outcome,queued\n".to_owned();
    // The day before teaches: a cut takes 15 minutes on average.
    text += "q,30000,30000,30600,,A,cut,0,served,0\nq,30000,30000,31200,,B,cut,0,served,0\n";
    left(&mut text, [(8, 40), (8, 45)]); // nobody on duty: no promise
    // Told 9:05 when A comes on duty at 9:00.
    served(&mut text, "cut", "A", [(8, 50), (9, 0), (9, 10)]);
    served(&mut text, "cut", "B", [(9, 2), (9, 2), (9, 12)]); // told 9:05
    served(&mut text, "cut", "A", [(9, 15), (9, 15), (9, 30)]); // told 9:20
    served(&mut text, "cut", "B", [(9, 16), (9, 25), (9, 40)]); // told 9:20: broken by 5
    left(&mut text, [(9, 45), (9, 48)]); // told 9:50
    left(&mut text, [(9, 50), (10, 0)]); // told 9:55: broken, and never served
    served(&mut text, "cut", "A", [(10, 5), (10, 5), (10, 30)]); // told 10:10
    served(&mut text, "cut", "A", [(10, 6), (10, 7), (10, 12)]); // A is busy; told 10:10
    served(&mut text, "cut", "", [(10, 15), (10, 15), (10, 20)]); // told 10:20
    served(&mut text, "cut", "A", [(10, 35), (10, 35), (10, 35)]); // told 10:40
    left(&mut text, [(10, 40), (10, 40)]); // told 10:45
    for i in 0..11 {
        let (h, m) = (11 + i / 6, i % 6 * 10);
        let server = if i % 2 == 0 { "A" } else { "B" };
        served(&mut text, "trim", server, [(h, m), (h, m), (h, m + 5)]); // told in 5 minutes
    }
    served(&mut text, "cut", "B", [(13, 0), (13, 5), (13, 20)]); // told 13:05: on the minute
    served(&mut text, "cut", "C", [(23, 59), (23, 59), (24, 10)]); // told 0:00
    served(&mut text, "perm", "A", [(24, 0), (24, 0), (24, 30)]); // the day after
    record::read_from(text.as_bytes(), "made-up.csv").expect("reads")
}

fn options(data: &Path) -> Options {
    Options {
        day: 1,
        zone: Tz::UTC,
        speed: Speed::Max,
        data: Some(data.to_owned()),
        keep_permille: 950,
        round_min: 5,
        nominal: BTreeMap::from([("trim".to_owned(), 7.5)]),
    }
}

async fn events(data: &Path) -> Vec<String> {
    let events: Vec<LoggedEvent> = read_events(data, None).await.expect("reads");
    events.iter().map(|event| serde_json::to_string(event).expect("serialises")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replayed_day_gives_its_figures_and_gives_them_again() {
    let rows = made_up_day();
    let [first, second] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let report = run(&rows, &options(first.path())).await.expect("plays");
    let expected = Scorecard {
        day: 1,
        date: "1970-01-02".to_owned(),
        zone: "UTC".to_owned(),
        keep: 0.95,
        round_min: 5,
        staff: 3,
        services: vec![
            ServiceKnown {
                name: "cut".to_owned(),
                nominal_min: 15.0,
                nominal_from: Source::SameService,
                taught: 2,
            },
            ServiceKnown {
                name: "trim".to_owned(),
                nominal_min: 7.5,
                nominal_from: Source::Given,
                taught: 0,
            },
        ],
        visits: 25,
        served: 21,
        left: 4,
        promises: Promises {
            made: 24,
            late: 1,
            none: 1,
            kept: 20,
            broken: 2,
            left_before: 2,
            void: 0,
        },
        all: Share {
            kept: 20,
            broken: 2,
            share: Some(0.9091),
            early_min: Some(4.35), // (16 × 5 + 2 × 3 + 1 + 0) / 20
            late_min: Some(5.0),
            padding_min: Some(3.9), // (87 - 5) / 21
        },
        waited: Share {
            kept: 3,
            broken: 1,
            share: Some(0.75),
            early_min: Some(2.67), // (5 + 3 + 0) / 3
            late_min: Some(5.0),
            padding_min: Some(0.75), // (8 - 5) / 4
        },
        spare_rows: 2,
        quotes_changed: 0,
        // Set-up, 3 people and 2 spare chairs on and off duty; 25 joined, 24 promised and scored,
        // 21 started and finished, 4 left; two broken ones were told their next time, and scored.
        events: 1 + 2 * 5 + 25 + 2 * 24 + 2 * 21 + 4 + 2 * 2,
    };
    assert_eq!(report.scorecard, expected);
    let log = events(first.path()).await;
    assert_eq!(log.len(), expected.events);

    let again = run(&rows, &options(second.path())).await.expect("plays");
    assert_eq!(again.scorecard.to_string(), report.scorecard.to_string());
    assert_eq!(events(second.path()).await, log);

    let error = run(&rows, &options(second.path())).await.expect_err("the folder is used");
    assert!(matches!(error, ReplayError::HasShop(_)), "{error}");
    assert_eq!(events(second.path()).await, log);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_can_be_watched_at_a_speed() {
    let text = "queue,arrival,start,end,leave,server,type,priority,outcome,queued\n\
                q,0,0,60,,A,cut,0,served,0\n";
    let rows = record::read_from(text.as_bytes(), "minute.csv").expect("reads");
    let folder = tempfile::tempdir().expect("a folder");
    let speed = Speed::Times(120.0);
    let options = Options { day: 0, speed, nominal: BTreeMap::new(), ..options(folder.path()) };
    let report = run(&rows, &options).await.expect("plays");
    assert!(report.run.took >= Duration::from_millis(500), "{:?}", report.run.took);
    assert_eq!(report.scorecard.promises.kept, 1);
}

#[test]
fn screens_that_disagree_with_the_log_are_an_error() {
    let told = Told {
        visit: sooner_shared::VisitId(1),
        stage: sooner_shared::view::Stage::Done,
        joined_at: sooner_shared::Timestamp(0),
        started_at: None,
        ended_at: None,
        by: None,
        is_late: false,
        outcome: None,
    };
    assert!(compare(&[told], &[told]).is_ok());
    let other = Told { is_late: true, ..told };
    for (screens, log) in [(&[told][..], &[other][..]), (&[told], &[]), (&[], &[told])] {
        assert!(matches!(compare(screens, log), Err(ReplayError::Disagree { visit: 1, .. })));
    }
}
