//! The desk on a tablet, as the one hand that holds a comb uses it.

use std::path::Path;

use sooner_engine::Event;
use sooner_shared::command::Join;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Command, VisitId};
use sooner_tests::app::TestApp;
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::program::Program;
use sooner_tests::salon::{ANNA, BEN, CLEO, COLOUR, CUT, NAILS, NINE, named, wish};

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
    desk.until(
        "what moves has come to rest",
        "document.getAnimations().every((a) => a.playState === 'finished')",
    )
    .await;
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
