use std::io::Write;

use sooner_sim::known::Scenario;
use sooner_sim::moment::{Arrival, Happened, Moment};

use super::baselines::Baselines;
use super::known::{MadeUp, losses, set_up};
use super::method::Method;
use super::sooner::Sooner;
use super::stream::Stream;
use super::{Options, Outcome, run};
use crate::replay::record::{ReadError, Rows};

const HEADER: &str = "queue,arrival,start,end,leave,server,type,priority,outcome,queued\n";

fn rows(lines: &[String]) -> Rows<'static> {
    let text = format!("{HEADER}{}\n", lines.join("\n"));
    Rows::from_reader(Box::new(std::io::Cursor::new(text)), "queue.csv").expect("a header")
}

fn options() -> Options {
    Options { keep: 0.95, warmup_days: 0, round_min: 0, columns: Vec::new(), bootstrap: 0 }
}

fn backtest(lines: &[String], methods: &mut [Box<dyn Method>]) -> Result<Outcome, ReadError> {
    run(&mut Stream::new(rows(lines)), methods, &options(), |_, _| {})
}

fn served(arrival: f64, start: f64, end: f64, server: &str, kind: &str) -> String {
    format!("q,{arrival},{start},{end},,{server},{kind},0,served,1")
}

/// Says the same of everybody, and writes down what it is asked and told.
struct Scribe {
    minutes: f64,
    notes: std::rc::Rc<std::cell::RefCell<Vec<String>>>,
}

impl Method for Scribe {
    fn columns(&self) -> Vec<String> {
        vec!["scribe".into()]
    }

    fn quote(&mut self, at_ms: i64, arrival: &Arrival, quotes_min: &mut [Option<f64>]) {
        self.notes.borrow_mut().push(format!("{} asks {}", at_ms / 1_000, arrival.visit));
        quotes_min[0] = Some(self.minutes);
    }

    fn happen(&mut self, happened: &Happened) {
        let what = match happened.what {
            Moment::Arrived(arrival) => format!("comes {}", arrival.visit),
            Moment::Started { visit, .. } => format!("starts {visit}"),
            Moment::Ended { visit } => format!("ends {visit}"),
            Moment::Left { visit } => format!("leaves {visit}"),
            other => format!("{other:?}"),
        };
        self.notes.borrow_mut().push(format!("{} {what}", happened.at_ms / 1_000));
    }
}

fn notes_of(lines: &[String]) -> (Vec<String>, Outcome) {
    let notes = std::rc::Rc::default();
    let scribe = Scribe { minutes: 2.0, notes: std::rc::Rc::clone(&notes) };
    let outcome = backtest(lines, &mut [Box::new(scribe)]).expect("reads");
    (notes.take(), outcome)
}

#[test]
fn at_equal_times_ends_come_first_then_who_leaves_then_earlier_starts_then_who_comes() {
    let (notes, _) = notes_of(&[
        served(0.0, 0.0, 100.0, "a", "x"),
        served(10.0, 100.0, 160.0, "a", "x"),
        "q,20,,,100,,x,0,abandoned,1".into(),
        served(100.0, 100.0, 100.0, "b", "x"),
        served(100.0, 160.0, 170.0, "a", "x"),
    ]);
    let expected = [
        "0 asks 0",
        "0 comes 0",
        "0 starts 0",
        "10 asks 1",
        "10 comes 1",
        "20 asks 2",
        "20 comes 2",
        "100 ends 0",
        "100 leaves 2",
        "100 starts 1",
        "100 asks 3",
        "100 comes 3",
        "100 starts 3",
        "100 ends 3",
        "100 asks 4",
        "100 comes 4",
        "160 ends 1",
        "160 starts 4",
        "170 ends 4",
    ];
    assert_eq!(notes, expected);
}

#[test]
fn only_who_was_served_and_waited_is_scored() {
    let (_, outcome) = notes_of(&[
        served(0.0, 0.0, 300.0, "a", "x"),
        served(10.0, 70.0, 400.0, "b", "x"),
        served(20.0, 300.0, 500.0, "a", "x"),
        "q,30,,,100,,x,0,abandoned,1".into(),
    ]);
    assert_eq!(outcome.report.scored, 2);
    let figures = &outcome.report.methods[0];
    let kept = figures.kept;
    assert!((kept - 0.5).abs() < 1e-9, "{kept}: one minute, and four and two thirds, of two");
    let json = serde_json::to_value(&outcome.report).expect("JSON");
    assert_eq!(json["scored"], 2);
    for key in
        ["name", "kept", "padding_min", "pinball_min", "worst_slot", "worst_ahead", "worst_week"]
    {
        assert!(json["methods"][0].get(key).is_some(), "{key}");
    }
}

#[test]
fn rows_out_of_order_are_refused_with_their_line() {
    let lines = [served(50.0, 60.0, 70.0, "a", "x"), served(40.0, 60.0, 70.0, "a", "x")];
    let error = backtest(&lines, &mut []).err().expect("a fault");
    assert_eq!(
        error.to_string(),
        "queue.csv, line 3: arrival before that of line 2: rows must be in the order of arrival"
    );
}

#[test]
fn a_packed_file_is_read_as_a_plain_one() {
    let lines = [served(0.0, 5.0, 9.0, "a", "x"), served(1.0, 9.0, 12.0, "a", "y")];
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("queue.csv.gz");
    let file = std::fs::File::create(&path).expect("a file");
    let mut gzip = flate2::write::GzEncoder::new(file, flate2::Compression::default());
    gzip.write_all(format!("{HEADER}{}\n", lines.join("\n")).as_bytes()).expect("writes");
    gzip.finish().expect("ends");
    let read = |rows: Rows<'_>| Stream::new(rows).map(|h| h.expect("reads")).collect::<Vec<_>>();
    assert_eq!(read(Rows::open(&path).expect("opens")), read(rows(&lines)));
}

fn all() -> [Box<dyn Method>; 2] {
    [Box::new(Sooner::new(950, 32)), Box::new(Baselines::new(0.95))]
}

#[test]
fn odd_records_give_numbers_and_no_promise_in_the_past() {
    let many = |n: i32, row: &dyn Fn(f64) -> String| (0..n).map(|i| row(f64::from(i))).collect();
    let odd: [(&str, Vec<String>); 7] = [
        ("one row", vec![served(0.0, 60.0, 90.0, "a", "x")]),
        ("identical times", many(40, &|_| served(5.0, 5.0, 5.0, "a", "x"))),
        ("nothing takes time", many(40, &|i| served(i, i + 30.0, i + 30.0, "a", "x"))),
        (
            "ten hours each",
            many(20, &|i| served(i * 60.0, 36_000.0 * i, 36_000.0 * (i + 1.0), "a", "x")),
        ),
        ("no names", many(60, &|i| served(i * 30.0, i * 40.0, i * 40.0 + 35.0, "", ""))),
        (
            "300 who serve, 100 things",
            many(300, &|i| {
                served(i, i + 20.0, i + 900.0, &format!("s{i}"), &format!("t{}", i % 100.0))
            }),
        ),
        ("nobody is served", many(30, &|i| format!("q,{i},,,{},,x,2,abandoned,1", i + 9.0))),
    ];
    for (what, lines) in odd {
        let outcome = backtest(&lines, &mut all()).unwrap_or_else(|e| panic!("{what}: {e}"));
        for m in &outcome.report.methods {
            let figures = [m.kept, m.padding_min, m.pinball_min];
            assert!(figures.iter().all(|f| f.is_finite()), "{what}, {}: {figures:?}", m.name);
        }
        assert_eq!(outcome.rows, lines.len() as u64, "{what}");
    }
}

#[test]
fn a_quote_is_a_number_also_with_thousands_in_line() {
    const IN_LINE: u64 = 5_000;
    let mut own = Sooner::new(950, 16);
    for visit in 0..IN_LINE + 20 {
        let at_ms = i64::try_from(visit).expect("small") * 100;
        let arrival = Arrival { visit, service: 0, requested: None, priority: 0 };
        // What is asked of everybody is asked of the last only: the others are just in line.
        if visit < IN_LINE {
            own.join(at_ms, &arrival);
        } else {
            let quote = own.quote_ms(at_ms, &arrival);
            assert!(quote.is_none_or(|ms| ms.is_finite() && ms >= 0.0), "{quote:?}");
            own.tell(sooner_shared::Timestamp(at_ms + quote.unwrap_or(0.0) as i64));
        }
        if visit == 0 {
            let what = Moment::Started { visit, server: Some(0) };
            own.happen(&Happened { at_ms, what });
        }
    }
    assert!(own.asked().is_none() && own.shop().waiting().len() as u64 == IN_LINE + 19);
}

#[test]
fn on_a_made_up_queue_the_product_is_near_the_best_possible() {
    let scenario = Scenario::first_come(90, 5);
    let own = Sooner::with(set_up(&scenario, 950, 128));
    let mut methods: [Box<dyn Method>; 2] = [Box::new(own), Box::new(Baselines::new(0.95))];
    let options = Options { warmup_days: 30, ..options() };
    let mut queue = MadeUp::new(&scenario, 0.95);
    let outcome = run(&mut queue, &mut methods, &options, |_, _| {}).expect("runs");
    let of = |name: &str| {
        let found = outcome.report.methods.iter().find(|m| m.name == name).expect("is there");
        (found.of_oracle.expect("known"), found.kept)
    };
    let (loss, kept) = of("sooner");
    assert!(loss < 1.12 && (0.92..0.98).contains(&kept), "{loss}, {kept}");
    let (naive, _) = of("average service × (ahead+1) / servers");
    assert!(naive > 2.0, "{naive}");
}

#[test]
fn few_see_a_later_time_and_the_last_time_told_is_kept() {
    let scenario = Scenario::first_come(60, 5);
    let mut own = Sooner::with(set_up(&scenario, 950, 64));
    let moved = own.follow();
    let mut methods: [Box<dyn Method>; 1] = [Box::new(own)];
    run(&mut MadeUp::new(&scenario, 0.95), &mut methods, &options(), |_, _| {}).expect("runs");
    let moved = moved.borrow().clone();
    let share = |part: u64| part as f64 / moved.waited as f64;
    assert!(moved.waited > 500 && share(moved.later.0) < 0.14, "{moved:?}");
    assert!(share(moved.kept.1) > 0.98 && moved.padding_ms.1 < moved.padding_ms.0 / 2, "{moved:?}");
    assert!(moved.broken.told * 10 >= moved.broken.count * 9, "bad news first: {moved:?}");
}

#[test]
fn whose_time_breaks_because_half_of_the_staff_leaves_is_told_before_and_most_in_good_time() {
    let scenario = Scenario::half_gone(24, 1);
    let mut own = Sooner::with(set_up(&scenario, 950, 64));
    let moved = own.follow();
    moved.borrow_mut().losses = losses(&scenario);
    let mut methods: [Box<dyn Method>; 1] = [Box::new(own)];
    run(&mut MadeUp::new(&scenario, 0.95), &mut methods, &options(), |_, _| {}).expect("runs");
    let broken = moved.borrow().broken_by_loss;
    assert!(broken.count >= 10, "{broken:?}");
    assert!(broken.told * 10 >= broken.count * 9, "{broken:?}");
    assert!(broken.in_time * 10 >= broken.told * 7, "{broken:?}");
}

#[test]
fn the_same_queue_gives_the_same_figures() {
    let scenario = Scenario::everything(20, 3);
    let figures = || {
        let own = Sooner::with(set_up(&scenario, 950, 64));
        let mut methods: [Box<dyn Method>; 1] = [Box::new(own)];
        let mut queue = MadeUp::new(&scenario, 0.95);
        run(&mut queue, &mut methods, &options(), |_, _| {}).expect("runs").report
    };
    assert_eq!(figures(), figures());
}
