//! The desk on a tablet, as the one hand that holds a comb uses it.

use std::path::Path;

use sooner_engine::Event;
use sooner_shared::command::{Companion, Join, VisitRequest};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Command, VisitId};
use sooner_tests::app::TestApp;
use sooner_tests::browser::hands::{ENTER, ESCAPE, UP};
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::http;
use sooner_tests::program::Program;
use sooner_tests::salon::{ANNA, BEN, CLEO, COLOUR, CUT, NAILS, NINE, fresh_id, named, wish};

use crate::browser::pictures;

const TABLET: (u32, u32) = (1024, 768);
const PHONE: (u32, u32) = (390, 844);
const DESK: (u32, u32) = (1920, 1080);

/// Counts what a person taps, and what they would have to type.
const COUNTER: &str = "window.taps = 0;
    addEventListener('click', (e) => { if (e.isTrusted) window.taps += 1; }, true);
    addEventListener('input', () => { window.typed = true; }, true);";

/// Everything that can be tapped and is smaller than a fingertip.
const TOO_SMALL: &str = "[...document.querySelectorAll(
        '.desk button, .desk a[href], .desk summary, .desk select, .desk input')]
    .filter((e) => e.getClientRects().length > 0)
    .filter((e) => {
        const box = e.getBoundingClientRect();
        return box.height < 48 || box.width < 48;
    })
    .map((e) => `${e.dataset.testid || e.className}: ${e.offsetWidth} x ${e.offsetHeight}`)
    .join(', ')";

async fn open<'a>(app: &TestApp, driver: &'a Driver) -> Browser<'a> {
    let desk = driver.open(TABLET.0, TABLET.1).await;
    desk.before_each_page(COUNTER).await;
    desk.open(&app.desk_link()).await;
    desk.is("live").await;
    desk
}

/// What was tapped since the last time somebody asked.
async fn taps(desk: &Browser<'_>) -> u64 {
    desk.ask("((n) => { window.taps = 0; return n; })(window.taps)").await.as_u64().expect("taps")
}

async fn serving(desk: &Browser<'_>, visit: VisitId) {
    desk.sees(&format!("serving-{visit}")).await;
}

/// A salon in the middle of a morning: three are served, so many wait.
async fn busy(waiting: usize) -> TestApp {
    let app = TestApp::open_unlimited().await;
    app.on_duty(CLEO).await;
    for (staff, service, name) in
        [(ANNA, COLOUR, "Eszter Szabó"), (BEN, CUT, "Li"), (CLEO, NAILS, "Olga Nowak")]
    {
        let visit = app.join(named(service, name)).await.visit();
        app.shop(Command::Start { visit, staff }).await.expect("starts");
    }
    app.advance_minutes(12).await;
    let names = ["Maximilian-Alexander Hohenberg", "Kata Kovács", "Peter Nagy", "Zoe Quintus"];
    for n in 0..waiting {
        let name = format!("{}{}", names[n % names.len()], "I".repeat(n / names.len()));
        let requested = (n % 4 == 2).then_some(ANNA);
        let service = if n % 5 == 3 { COLOUR } else { CUT };
        app.join(Join { requested, name: Some(name), ..wish(service) }).await;
    }
    app.settled().await;
    app
}

async fn picture(desk: &Browser<'_>, name: &str) {
    let still = "return document.getAnimations().every((a) => a.playState === 'finished');";
    desk.until_true("what moves has come to rest", still).await;
    desk.picture(&pictures().join(format!("desk-{name}.png"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_fits_a_tablet_with_nobody_a_few_and_forty_waiting() {
    must_have_pages();
    let driver = Driver::start().await;
    for (waiting, name) in [(0, "empty"), (3, "three"), (40, "forty")] {
        let app = if waiting == 0 { TestApp::open().await } else { busy(waiting).await };
        let desk = open(&app, &driver).await;
        desk.until(
            "all are there",
            &format!("document.querySelector('[data-testid=waiting]').dataset.count == {waiting}"),
        )
        .await;
        for (width, height) in [PHONE, DESK, TABLET] {
            desk.resize(width, height).await;
            desk.until("it has its size", &format!("innerWidth === {width}")).await;
            picture(&desk, &format!("{name}-{width}")).await;
            let over = desk.ask("document.documentElement.scrollWidth - innerWidth").await;
            assert_eq!(over, 0, "{name} is too wide for {width} pixels");
            assert_eq!(desk.ask(TOO_SMALL).await, "", "{name} at {width} pixels");
        }
        if waiting == 40 {
            let whole = "[...document.querySelectorAll('[data-in-line]')].filter((c) =>
                c.getBoundingClientRect().bottom <=
                document.querySelector('.bar').getBoundingClientRect().top).length";
            let whole = desk.ask(whole).await.as_u64().expect("a number");
            assert!(whole >= 5, "{whole} waiting cards are whole on a tablet");
            let heights = "Math.max(...[...document.querySelectorAll('[data-in-line]')]
                .map((c) => c.offsetHeight))";
            assert!(desk.ask(heights).await.as_f64().expect("pixels") <= 96.0);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_job_of_the_day_takes_as_few_taps_as_it_should() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let desk = open(&app, &driver).await;

    desk.click("rest").await;
    picture(&desk, "break").await;
    desk.click("break-10-2").await;
    let rests = "document.querySelector('[data-testid=chair-card-2][data-duty=break]')";
    desk.until("Ben rests", rests).await;
    assert_eq!(app.count(|e| matches!(e, Event::TookBreak { .. })).await, 1);
    assert_eq!(taps(&desk).await, 2, "a break");
    desk.click("rest").await;
    desk.click("rest-over-2").await;
    desk.until("back", "document.querySelector('[data-testid=chair-card-2][data-duty=on]')").await;
    assert_eq!(taps(&desk).await, 2, "back from it");

    let kata = app.join(named(CUT, "Kata Kovács")).await.visit();
    let tom = app.join(named(CUT, "Tom Fischer")).await.visit();
    desk.sees(&format!("waiting-{tom}")).await;

    // Who joined by themselves costs two taps in all: called, started; the next call ends it.
    desk.click("next-1").await;
    desk.sees(&format!("called-{kata}")).await;
    assert_eq!(taps(&desk).await, 1, "next");
    desk.click("start-1").await;
    serving(&desk, kata).await;
    assert_eq!(taps(&desk).await, 1, "start");
    desk.click("plus5-1").await;
    let delayed = |e: &Event| matches!(e, Event::Delayed { ms, .. } if *ms == 5 * MINUTE_MS);
    let answered = "!document.querySelector('[data-testid=plus5-1]').matches('.waits')";
    desk.until("it was said", answered).await;
    desk.sees("undo").await;
    picture(&desk, "undo").await;
    assert_eq!(app.count(delayed).await, 1);
    assert_eq!(taps(&desk).await, 1, "five minutes more");
    desk.click("next-1").await;
    desk.sees(&format!("called-{tom}")).await;
    assert_eq!(app.count(|e| matches!(e, Event::Finished { .. })).await, 1);
    assert_eq!(taps(&desk).await, 1, "next finishes and calls");
    desk.click("undo").await;
    serving(&desk, kata).await;
    assert_eq!(taps(&desk).await, 1, "undo");

    let joined = |e: &Event| matches!(e, Event::Joined { .. });
    let before = app.count(joined).await;
    desk.click("quote").await;
    desk.click("service-1").await;
    desk.sees("saycard").await;
    picture(&desk, "quote").await;
    assert_eq!(taps(&desk).await, 2, "a quote");
    assert_eq!(app.count(joined).await, before, "nobody was added");
    desk.click("quote-close").await;
    taps(&desk).await;

    desk.click("walkin").await;
    desk.sees("service-1").await;
    picture(&desk, "walkin-1").await;
    desk.click("service-1").await;
    desk.sees("person-any").await;
    picture(&desk, "walkin-2").await;
    desk.ask("(document.querySelector('.walk-in').scrollTop = 999)").await;
    desk.click("person-any").await;
    desk.sees("saycard").await;
    desk.until("the code is drawn", "document.querySelector('.say-card .qr').naturalWidth > 0")
        .await;
    // Whatever was scrolled to on the way here: what is to be said is seen.
    let is_seen = "document.querySelector('.say-card .lead').getBoundingClientRect().top >=
        document.querySelector('.walk-in').getBoundingClientRect().top";
    desk.until("the sentence from its beginning", is_seen).await;
    picture(&desk, "saycard").await;
    assert_eq!(taps(&desk).await, 3, "a walk-in");
    assert_eq!(app.count(joined).await, before + 1);
    let size = "getComputedStyle(document.querySelector('.say-card .promise')).fontSize";
    assert_eq!(desk.ask(size).await, "120px");
    assert_eq!(desk.ask("document.querySelector('.say-card .qr').offsetWidth").await, 200);
    assert_eq!(desk.ask(TOO_SMALL).await, "");

    assert_eq!(desk.ask("window.typed === undefined").await, true, "nothing was typed");
    let modal = "document.querySelector('dialog, [role=dialog], [aria-modal]') === null";
    assert_eq!(desk.ask(modal).await, true, "nothing stood in the way");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_of_paper_has_the_time_the_name_and_the_code_and_nothing_else_of_the_desk() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let desk = driver.open(TABLET.0, TABLET.1).await;
    desk.before_each_page("window.print = () => { window.printed = (window.printed || 0) + 1; };")
        .await;
    desk.open(&app.desk_link()).await;
    for tap in ["walkin", "service-1", "person-any", "slip-print"] {
        desk.click(tap).await;
    }
    assert_eq!(desk.ask("window.printed").await, 1);
    let said = desk.text("saycard").await;
    assert!(!said.contains("Corner Salon"), "the slip is not on the screen: {said}");
    desk.as_if("print", &[]).await;
    let on_paper = desk.ask("document.body.innerText").await;
    let on_paper = on_paper.as_str().expect("a text");
    for part in ["Corner Salon", "A01", "by", "9:", "Your place is safe until then.", "Scan"] {
        assert!(on_paper.contains(part), "{part} is not in: {on_paper}");
    }
    assert_eq!(on_paper.split_whitespace().filter(|word| *word == "by").count(), 1);
    for part in ["Waiting", "Chairs", "Walk-in", "Next", "Anna", "Print", "Live"] {
        assert!(!on_paper.contains(part), "{part} is on the slip: {on_paper}");
    }
    assert_eq!(desk.ask("document.querySelector('.slip .qr').naturalWidth > 0").await, true);
    desk.picture(&pictures().join("desk-slip.png")).await;
    desk.as_if("screen", &[]).await;
    desk.click("walkin-close").await;
    desk.sees_no("slip").await;
}

/// What the log says of starts and finishes: whose, when it was tapped, and when it was recorded.
async fn work(folder: &Path) -> Vec<(bool, VisitId, Option<i64>, i64)> {
    let log = sooner_server::store::read_events(folder, None).await.expect("the log is sound");
    let work = log.into_iter().filter_map(|line| {
        let recorded = line.recorded;
        let at = recorded.event.tapped_at().map(|at| at.0);
        match recorded.event {
            Event::Started { visit, .. } => Some((true, visit, at, recorded.at.0)),
            Event::Finished { visit, .. } => Some((false, visit, at, recorded.at.0)),
            _ => None,
        }
    });
    work.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taps_without_a_link_are_shown_kept_over_a_reload_and_sent_in_order_with_their_times() {
    must_have_pages();
    let folder = tempfile::tempdir().expect("there is room for a temporary folder");
    let program = Program::serve(folder.path(), 0).await;
    let driver = Driver::start().await;
    let desk = driver.open(TABLET.0, TABLET.1).await;
    desk.open(&program.desk_link).await;
    let mut links = Vec::new();
    for _ in 0..3 {
        for tap in ["walkin", "service-1", "person-any"] {
            desk.click(tap).await;
        }
        desk.sees("visit-link").await;
        let link = desk
            .ask("document.querySelector('[data-testid=visit-link]').getAttribute('href')")
            .await;
        links.push(link.as_str().expect("a link").trim_start_matches("/v/").to_owned());
        desk.click("walkin-close").await;
    }
    let [first, second, third] = [1, 2, 3].map(VisitId);
    desk.click("next-1").await;
    desk.sees("start-1").await;
    let port = program.address.port();
    program.kill();
    desk.is("stale").await;

    // One after the other in the same chair, each from where the last tap left it.
    desk.click("start-1").await;
    serving(&desk, first).await;
    desk.click("finish-1").await;
    desk.sees_no(&format!("serving-{first}")).await;
    desk.click(&format!("begin-{second}")).await;
    desk.click("chair-1").await;
    serving(&desk, second).await;
    let waits = "document.querySelector('[data-testid=notice]').dataset.kept === '3'";
    desk.until("three taps wait", waits).await;
    assert_eq!(desk.text("notice").await, "3 taps wait to be sent.");
    let outline = format!(
        "getComputedStyle(document.querySelector('[data-testid=serving-{second}]')).outlineStyle"
    );
    assert_eq!(desk.ask(&outline).await, "dotted");
    assert_eq!(desk.ask("document.querySelector('[data-testid=next-2]').disabled").await, true);
    picture(&desk, "offline").await;

    // The tablet is switched off and on, and only then the link is back.
    desk.leave().await;
    let program = Program::serve(folder.path(), port).await;
    let address = format!("http://{}/salon/desk", program.address);
    desk.open(&address).await;
    serving(&desk, second).await;
    desk.until("all were sent", "localStorage.getItem('sooner.taps.salon') === '[]'").await;

    // A tap that is not true any more is explained.
    program.kill();
    desk.is("stale").await;
    desk.click("finish-1").await;
    desk.click(&format!("begin-{third}")).await;
    desk.click("chair-1").await;
    serving(&desk, third).await;
    desk.leave().await;
    let program = Program::serve(folder.path(), port).await;
    let leave = VisitRequest::new(fresh_id());
    let path = format!("/api/visits/{}/leave", links[2]);
    let left = http::post(program.address, &path, &leave).await.expect("the server is there");
    assert_eq!(left.status, 200, "{}", left.text());
    desk.open(&address).await;
    desk.sees("refused").await;
    let refused = desk.text("refused").await;
    assert!(refused.contains("Start · A03"), "{refused}");
    desk.sees_no(&format!("serving-{second}")).await;
    picture(&desk, "refused").await;
    desk.click("refused-close").await;
    desk.sees_no("refused").await;
    program.kill();

    let work = work(folder.path()).await;
    let order: Vec<_> = work.iter().map(|&(starts, visit, ..)| (starts, visit)).collect();
    assert_eq!(order, [(true, first), (false, first), (true, second), (false, second)]);
    let tapped: Vec<_> = work.iter().map(|&(_, _, at, _)| at.expect("tapped before")).collect();
    assert!(tapped.is_sorted(), "{work:?}");
    assert!(work.iter().all(|&(_, _, tapped, at)| tapped < Some(at)), "{work:?}");
}

/// The line, as it is on the screen.
async fn line(desk: &Browser<'_>) -> String {
    let line =
        "[...document.querySelectorAll('[data-in-line]')].map((c) => c.dataset.inLine).join()";
    desk.ask(line).await.as_str().expect("a text").to_owned()
}

async fn line_is(desk: &Browser<'_>, expected: &str) {
    let line =
        "[...document.querySelectorAll('[data-in-line]')].map((c) => c.dataset.inLine).join()";
    desk.until(&format!("the line is {expected}"), &format!("{line} === '{expected}'")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_is_drawn_to_another_place_when_its_price_was_seen() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    for (staff, name) in [(ANNA, "Eszter Szabó"), (BEN, "Li")] {
        let visit = app.join(named(CUT, name)).await.visit();
        app.shop(Command::Start { visit, staff }).await.expect("starts");
    }
    app.join(Join { requested: Some(ANNA), ..named(CUT, "Kata Kovács") }).await;
    for name in ["Peter Nagy", "Zoe Quintus"] {
        app.join(named(CUT, name)).await;
    }
    app.join(Join { more: vec![CUT], ..named(COLOUR, "Tom Fischer") }).await;
    app.settled().await;
    let desk = open(&app, &driver).await;
    line_is(&desk, "3,4,5,6").await;

    // Kata would wait for Anna an hour longer: that has a price.
    desk.draw("handle-6", "waiting-3").await;
    desk.sees("price-panel").await;
    picture(&desk, "reorder-price").await;
    let names = desk.text("price-panel").await;
    for name in ["Kata", "Peter", "Zoe", "Tom"] {
        assert!(!names.contains(name), "names show on a tap: {names}");
    }
    assert_eq!(app.count(|e| matches!(e, Event::Reordered { .. })).await, 0);
    desk.click("price-names").await;
    desk.click("price-who-1").await;
    line_is(&desk, "6,3,4,5").await;
    assert_eq!(app.count(|e| matches!(e, Event::PriceAccepted { .. })).await, 1);

    // Who is last goes one place up for nobody's harm, or for a price; by a button and by a key.
    desk.click("more-5").await;
    desk.sees("earlier-5").await;
    desk.sees_no("later-5").await;
    picture(&desk, "more").await;
    assert_eq!(desk.ask(TOO_SMALL).await, "");
    desk.click("earlier-5").await;
    or_at_a_price(&desk, "6,3,5,4").await;
    desk.press(ESCAPE).await;
    desk.tab_to("handle-4").await;
    desk.press(UP).await;
    or_at_a_price(&desk, "6,3,4,5").await;
}

/// Waits until the line is such, and takes on what that costs, if anything.
async fn or_at_a_price(desk: &Browser<'_>, expected: &str) {
    let done = format!(
        "document.querySelector('[data-testid=price-panel]') !== null ||
         [...document.querySelectorAll('[data-in-line]')].map((c) => c.dataset.inLine).join()
            === '{expected}'"
    );
    desk.until("moved, or asked", &done).await;
    if line(desk).await != expected {
        desk.click("price-who-1").await;
    }
    line_is(desk, expected).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_came_together_is_moved_together() {
    must_have_pages();
    let app = TestApp::unstaffed().await;
    let driver = Driver::start().await;
    app.join_without_time(named(CUT, "Kata Kovács")).await;
    let companion = Companion { service: CUT, name: Some("Lili".to_owned()) };
    let two = Join { companions: vec![companion], ..named(CUT, "Maria Bach") };
    app.join_without_time(two).await;
    app.join_without_time(named(CUT, "Peter Nagy")).await;
    app.settled().await;
    let desk = open(&app, &driver).await;
    line_is(&desk, "1,2,3,4").await;
    desk.draw("handle-3", "waiting-1").await;
    line_is(&desk, "2,3,1,4").await;
    desk.click("more-4").await;
    desk.click("earlier-4").await;
    line_is(&desk, "2,3,4,1").await;
    desk.click("earlier-4").await;
    line_is(&desk, "4,2,3,1").await;
    desk.click("undo").await;
    line_is(&desk, "2,3,4,1").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_is_worked_by_the_keyboard_alone() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let desk = driver.open(TABLET.0, TABLET.1).await;
    desk.before_each_page("addEventListener('pointerdown', () => { window.pointed = true; });")
        .await;
    desk.open(&app.desk_link()).await;

    // A panel takes the focus, and gives it back.
    desk.tab_to("walkin").await;
    desk.press(ENTER).await;
    desk.has_focus("service-1").await;
    picture(&desk, "focus").await;
    desk.press(ESCAPE).await;
    desk.has_focus("walkin").await;
    desk.press(ENTER).await;
    desk.has_focus("service-1").await;
    desk.press(ENTER).await;
    desk.tab_to("person-any").await;
    desk.press(ENTER).await;
    desk.sees("saycard").await;
    desk.press(ESCAPE).await;
    desk.has_focus("walkin").await;

    desk.tab_to("next-1").await;
    desk.press(ENTER).await;
    desk.sees("called-1").await;
    desk.tab_to("start-1").await;
    desk.press(ENTER).await;
    serving(&desk, VisitId(1)).await;
    // What was pressed is gone: the focus is where one goes on.
    desk.has_focus("next-1").await;
    desk.tab_to("undo").await;
    desk.press(ENTER).await;
    desk.sees("called-1").await;
    desk.tab_to("more-1").await;
    desk.press(ENTER).await;
    desk.sees("panel-1").await;
    desk.press(ESCAPE).await;
    desk.sees_no("panel-1").await;
    assert_eq!(desk.ask("window.pointed === undefined").await, true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_tap_is_asked_for_once_and_may_say_when_it_was_done() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let kata = app.join(named(CUT, "Kata Kovács")).await.visit();
    app.shop(Command::Start { visit: kata, staff: ANNA }).await.expect("starts");
    app.advance_minutes(125).await;
    assert_eq!(app.count(|e| matches!(e, Event::Overran { .. })).await, 1);
    let desk = open(&app, &driver).await;
    desk.sees(&format!("nudge-{kata}")).await;
    picture(&desk, "nudge").await;
    assert_eq!(desk.ask(TOO_SMALL).await, "");
    desk.click(&format!("finished-{kata}")).await;
    desk.sees_no(&format!("serving-{kata}")).await;
    let ago = |e: &Event| match e {
        Event::Finished { tapped_at, .. } => *tapped_at == Some(NINE + 120 * MINUTE_MS),
        _ => false,
    };
    assert_eq!(app.count(ago).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_at_risk_in_the_dark_and_from_right_to_left() {
    must_have_pages();
    let app = busy(5).await;
    let driver = Driver::start().await;
    let desk = open(&app, &driver).await;
    let scope = sooner_shared::command::Scope::Shop;
    let reason = sooner_shared::command::DelayReason::Work;
    app.shop(Command::ReportDelay { scope, ms: 60 * MINUTE_MS, reason }).await.expect("a delay");
    app.settled().await;
    desk.sees("help-strip").await;
    picture(&desk, "at-risk").await;
    let inside =
        "(() => { const top = document.querySelector('.desk .top').getBoundingClientRect();
        const help = document.querySelector('.help-strip').getBoundingClientRect();
        return top.height <= 60 && help.right <= innerWidth; })()";
    assert_eq!(desk.ask(inside).await, true, "the strip is one line");
    assert_eq!(desk.ask(TOO_SMALL).await, "");
    desk.click("help").await;
    desk.sees("help-panel").await;
    picture(&desk, "help").await;
    assert_eq!(desk.ask(TOO_SMALL).await, "");
    desk.press(ESCAPE).await;
    desk.as_if("screen", &[("prefers-color-scheme", "dark")]).await;
    picture(&desk, "dark").await;
    desk.as_if("screen", &[]).await;
    desk.ask("document.documentElement.dir = 'rtl'").await;
    picture(&desk, "rtl").await;
    let over = desk.ask("document.documentElement.scrollWidth - innerWidth").await;
    assert_eq!(over, 0);
    desk.ask("document.documentElement.dir = 'ltr'").await;
    for panel in ["walkin", "quote", "rest", "bar-more", "delay"] {
        desk.click(panel).await;
        let small = desk.ask(TOO_SMALL).await;
        assert_eq!(small, "", "{panel}");
    }
    desk.press(ESCAPE).await;
    for panel in ["bar-more", "book"] {
        desk.click(panel).await;
        assert_eq!(desk.ask(TOO_SMALL).await, "", "{panel}");
    }
}
