//! What is changed in the set-up later: the shop's colour, people's own hours, its zone; and what is
//! tried vanishes by itself.

use serde_json::json;
use sooner_engine::Event;
use sooner_shared::Command;
use sooner_shared::command::{Join, JoinRequest};
use sooner_shared::view::Outcome;
use sooner_tests::app::TestApp;
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::salon::{ANNA, CUT, fresh_id, named};
use sooner_tests::visitor::PASSWORD;

use crate::browser_set_up::{LAPTOP, PHONE, TABLET, picture};

/// The colour of an element, as a browser paints it.
async fn painted(browser: &Browser<'_>, selector: &str, property: &str) -> String {
    let find = format!("getComputedStyle(document.querySelector('{selector}')).{property}");
    browser.ask(&find).await.as_str().expect("a colour").to_owned()
}

const GREEN: &str = "rgb(11, 101, 87)";
const PLUM: &str = "rgb(140, 47, 114)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_colour_that_is_chosen_is_on_every_screen_from_its_first_paint() {
    must_have_pages();
    let app = TestApp::open().await;
    let base = format!("http://{}", app.address);
    let kata = app.join(named(CUT, "Kata Kovács")).await;
    app.shop(Command::Call { visit: kata.visit(), staff: ANNA }).await.expect("is called");
    let driver = Driver::start().await;
    let wall = driver.open(1920, 1080).await;
    wall.open(&format!("{base}/salon")).await;
    wall.sees(&format!("now-{}", kata.visit())).await;
    let tv = driver.open(1280, 720).await;
    tv.open(&format!("{base}/salon/tv")).await;
    tv.sees(&format!("now-{}", kata.visit())).await;
    assert_eq!(painted(&tv, ".call", "backgroundColor").await, GREEN);

    let laptop = driver.open(LAPTOP.0, LAPTOP.1).await;
    at_set_up(&laptop, &app, &base).await;
    laptop.sees("accent-green").await;
    assert_eq!(
        laptop.ask("document.querySelector('[data-testid=accent-green]').checked").await,
        true
    );
    assert_eq!(painted(&laptop, ".button.main", "backgroundColor").await, GREEN);
    laptop.click("accent-plum").await;
    laptop.click("save").await;
    laptop.until("it is saved", SAVED).await;
    assert_eq!(painted(&laptop, ".button.main", "backgroundColor").await, PLUM);

    // The wall and the old TV follow by themselves.
    let plum = "document.documentElement.dataset.accent === 'plum'";
    wall.until("the wall's colour", plum).await;
    assert_eq!(painted(&wall, ".call", "backgroundColor").await, PLUM);
    tv.until("the TV's colour", plum).await;
    tv.is("live").await;
    assert_eq!(painted(&tv, ".call", "backgroundColor").await, PLUM);

    // Who comes later has it in the document itself, before any program runs.
    let phone = driver.open(PHONE.0, PHONE.1).await;
    phone.open(&format!("{base}/v/{}", kata.link())).await;
    assert_eq!(painted(&phone, ".page", "backgroundColor").await, PLUM, "come in, all in colour");
    let address = format!("/v/{}", kata.link());
    for path in
        ["/salon", "/salon/desk", "/salon/join", "/salon/report", "/salon/print/door", &address]
    {
        // Pages made small have no quotation marks where none are needed.
        let document = app.get(path).await.text().replace('"', "");
        assert!(document.contains("data-accent=plum"), "{path}");
    }
    let app = app.restart().await;
    let document = app.get("/salon/join").await.text().replace('"', "");
    assert!(document.contains("data-accent=plum"), "after a restart too");
}

/// A time as a browser's own picker sets it; `text` may be empty.
async fn picks(browser: &Browser<'_>, test_id: &str, text: &str) {
    browser.sees(test_id).await;
    let pick = format!(
        "(field => {{ field.value = '{text}';
            field.dispatchEvent(new Event('change', {{ bubbles: true }})); return true; }})(
            document.querySelector('[data-testid=\"{test_id}\"]'))"
    );
    browser.ask(&pick).await;
}

/// The owner of a shop that is open, at its set-up.
async fn at_set_up(owner: &Browser<'_>, app: &TestApp, base: &str) {
    let code = app.access().first_run_code();
    owner.load(&format!("{base}/salon/owner#code={code}"), "first").await;
    owner.write("password", PASSWORD).await;
    owner.click("begin").await;
    owner.click("kept").await;
    owner.is("home").await;
    owner.load(&format!("{base}/salon/set-up"), "list").await;
}

const SAVED: &str = "document.querySelector('[data-testid=saved]').innerText";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_gets_hours_and_breaks_of_their_own_and_what_is_wrong_is_told_at_its_day() {
    must_have_pages();
    let app = TestApp::open().await;
    let base = format!("http://{}", app.address);
    let driver = Driver::start().await;
    let tablet = driver.open(TABLET.0, TABLET.1).await;
    at_set_up(&tablet, &app, &base).await;
    tablet.click("open-people").await;
    tablet.click("person-shifts-1").await;
    tablet.click("shift-1-own").await;
    tablet.sees("shift-1-from-mon-0").await;
    picks(&tablet, "shift-1-from-mon-0", "").await;
    tablet.click("break-1-add-mon").await;
    tablet.sees("break-1-from-mon-0").await;
    tablet.click("break-1-copy-mon").await;
    tablet.sees("break-1-from-fri-0").await;
    tablet.sees_no("break-1-from-sun-0").await;
    tablet.picture(&picture("shifts")).await;
    // It is told at its day, and unfolded where it was folded away.
    tablet
        .ask("document.querySelectorAll('details').forEach(part => { part.open = false; })")
        .await;
    tablet.click("save").await;
    tablet.sees("fault-staff.1.shifts.mon").await;
    tablet.sees("shift-1-from-mon-0").await;
    tablet.picture(&picture("shifts-fault")).await;
    picks(&tablet, "shift-1-from-mon-0", "10:00").await;
    picks(&tablet, "break-1-to-tue-0", "13:15").await;
    tablet.click("save").await;
    tablet.until("it is saved", SAVED).await;

    let log = app.log().await;
    let ben = log
        .iter()
        .rev()
        .find_map(|recorded| match &recorded.event {
            Event::Configured(config) => Some(config.staff[1].clone()),
            _ => None,
        })
        .expect("a set-up");
    let spans = |day: &[sooner_engine::calendar::Span]| {
        day.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    let week = &ben.shifts.weekly;
    assert_eq!([spans(&week.mon), spans(&week.tue)], ["10:00-18:00", "09:00-18:00"]);
    assert_eq!([spans(&week.sat), spans(&week.sun)], ["", ""]);
    let breaks = &ben.breaks;
    assert_eq!([spans(&breaks.mon), spans(&breaks.tue)], ["12:30-13:00", "12:30-13:15"]);
    assert_eq!([spans(&breaks.fri), spans(&breaks.sat)], ["12:30-13:00", ""]);

    // Off on every day is no week; back to the shop's hours it is none of their own.
    tablet.load(&format!("{base}/salon/set-up"), "list").await;
    tablet.click("open-people").await;
    tablet.click("person-shifts-1").await;
    for day in ["mon", "tue", "wed", "thu", "fri"] {
        tablet.click(&format!("shift-1-remove-{day}-0")).await;
        tablet.click(&format!("break-1-remove-{day}-0")).await;
    }
    tablet.click("save").await;
    let fault = "document.querySelector('[data-testid=\"fault-staff.1.shifts\"]').innerText";
    let told = tablet.until("the fault", fault).await;
    assert!(told.as_str().is_some_and(|text| text.contains("Off on every day")), "{told}");
    tablet.click("shift-1-always").await;
    tablet.click("save").await;
    tablet.until("it is saved", SAVED).await;
    let is_usual = |event: &Event| match event {
        Event::Configured(config) => {
            config.staff[1].shifts.is_empty() && config.staff[1].breaks.is_empty()
        }
        _ => false,
    };
    assert_eq!(app.count(is_usual).await, 2, "as it was at first");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_time_zone_is_found_in_a_list_and_the_devices_own_is_one_tap_away() {
    must_have_pages();
    let app = TestApp::open().await;
    let base = format!("http://{}", app.address);
    let driver = Driver::start().await;
    let laptop = driver.open(LAPTOP.0, LAPTOP.1).await;
    laptop.is_in_zone("Europe/Madrid").await;
    at_set_up(&laptop, &app, &base).await;
    laptop.sees("zone").await;
    let listed = "document.querySelector('[data-testid=zone]').list.options.length > 400
        && [...document.querySelector('[data-testid=zone]').list.options]
            .some(option => option.value === 'America/Argentina/Ushuaia')";
    laptop.until("all zones", listed).await;
    laptop.ask("document.querySelector('[data-testid=zone]').select()").await;
    laptop.write("zone", "Europe/Madird").await;
    laptop.click("save").await;
    laptop.until("the fault", "document.querySelector('[data-testid=fault-zone]').innerText").await;
    laptop.picture(&picture("zone")).await;
    laptop.click("zone-here").await;
    laptop.sees_no("zone-here").await;
    laptop.click("save").await;
    laptop.until("it is saved", SAVED).await;
    assert_eq!(app.wall().await.head.zone, "Europe/Madrid");
    let stranger = app.get("/api/shops/salon/set-up/zones").await;
    assert_eq!(stranger.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trial_whose_tabs_were_closed_at_once_vanishes_and_counts_nowhere() {
    must_have_pages();
    let app = TestApp::open().await;
    let base = format!("http://{}", app.address);
    let driver = Driver::start().await;
    let laptop = driver.open(LAPTOP.0, LAPTOP.1).await;
    at_set_up(&laptop, &app, &base).await;
    laptop.click("open-try").await;
    laptop.click("try-join").await;
    laptop.to_tab(1).await;
    laptop.is("live").await;
    laptop.click("service-1").await;
    laptop.click("join").await;
    laptop.until("the visit", "location.pathname.startsWith('/v/')").await;
    laptop.is("live").await;
    for tab in [1, 0] {
        laptop.to_tab(tab).await;
        laptop.cdp("Page.navigate", json!({ "url": "about:blank" })).await;
    }
    app.settled().await;
    assert_eq!(app.wall().await.cards.len(), 1);
    app.advance_minutes(1).await;
    app.settled().await;
    assert!(app.wall().await.cards.is_empty());
    let is_scored =
        |event: &Event| matches!(event, Event::Scored { outcome, .. } if *outcome != Outcome::Void);
    assert_eq!(app.count(is_scored).await, 0, "nothing of it counts");
    assert_eq!(app.count(|event| matches!(event, Event::Left { .. })).await, 0);
}

#[tokio::test]
async fn nobody_but_the_owner_can_say_that_they_only_try() {
    let app = TestApp::open().await;
    let trial = Join { trial: true, ..named(CUT, "Kata") };
    let request = JoinRequest { id: fresh_id(), join: trial };
    let refused = app.post_join(&request).await;
    assert_eq!(refused.status, 401, "{}", refused.text());
    assert!(app.wall().await.cards.is_empty());
}
