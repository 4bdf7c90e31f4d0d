//! Saturday, one barber late: what the desk, the wall and two phones say, in a real browser.

use sooner_engine::Event;
use sooner_shared::command::{DelayReason, Join, Scope};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Command, Timestamp, VisitId};
use sooner_tests::app::TestApp;
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::patience::tell;
use sooner_tests::salon::{ANNA, BEN, CUT, NINE, named, salon};

use crate::browser::pictures;

/// Saturday of the same week, at nine.
const SATURDAY: Timestamp = Timestamp(NINE.0 + 5 * 24 * 60 * MINUTE_MS);

/// A minute at a time, until something has happened to somebody.
async fn wait_for(app: &TestApp, what: &str, is_such: impl Fn(&Event) -> bool) {
    for _ in 0..120 {
        if app.count(&is_such).await > 0 {
            return;
        }
        app.advance_minutes(1).await;
    }
    panic!("{what} did not come");
}

async fn picture(browser: &Browser<'_>, name: &str) {
    browser.picture(&pictures().join(format!("bad-day-{name}.png"))).await;
}

/// Ben's work takes longer.
async fn ben_needs(app: &TestApp, minutes: i64) {
    let delay = Command::ReportDelay {
        scope: Scope::Staff(BEN),
        ms: minutes * MINUTE_MS,
        reason: DelayReason::Work,
    };
    app.shop(delay).await.expect("is noted");
    app.settled().await;
}

fn with_ben(name: &str) -> Join {
    Join { requested: Some(BEN), ..named(CUT, name) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saturday_one_barber_late() {
    must_have_pages();
    let mut new = salon();
    new.config.make_goods = vec!["A coffee on us".into(), "10 % off today".into()];
    let app = TestApp::open_with(new).await;
    app.jump_to(SATURDAY).await;
    for staff in [ANNA, BEN] {
        app.on_duty(staff).await;
    }
    let base = format!("http://{}", app.address);
    for (staff, name) in [(ANNA, "Olga"), (BEN, "Li")] {
        let join = Join { requested: Some(staff), ..named(CUT, name) };
        let visit = app.join(join).await.visit();
        app.shop(Command::Start { visit, staff }).await.expect("starts");
    }
    let tom = app.join(with_ben("Tom Fischer")).await;
    let eva = app.join(with_ben("Eva Horn")).await;
    let driver = Driver::start().await;
    let wall = driver.open(1920, 1080).await;
    let desk = driver.open(1024, 768).await;
    let toms = driver.open(390, 844).await;
    let evas = driver.open(390, 844).await;
    wall.open(&format!("{base}/salon")).await;
    desk.open(&app.desk_link()).await;
    toms.open(&format!("{base}/v/{}", tom.link())).await;
    evas.open(&format!("{base}/v/{}", eva.link())).await;
    assert_eq!(evas.time("promise").await, eva.by().0);
    desk.sees_no("help-strip").await;

    // Ben would go home: that has a price, names on a tap, and nobody takes it on.
    desk.click("duty-more-2").await;
    desk.click("duty-2").await;
    desk.sees("price-panel").await;
    picture(&desk, "desk-price").await;
    desk.click("price-names").await;
    for waiting in [&tom, &eva] {
        desk.sees(&format!("price-{}", waiting.visit())).await;
    }
    desk.click("price-cancel").await;
    desk.sees("waiting").await;
    assert_eq!(app.count(|e| matches!(e, Event::WentOffDuty { .. })).await, 0);

    // Ben's work takes three quarters of an hour longer: two promises are in danger.
    app.advance_minutes(8).await;
    ben_needs(&app, 45).await;
    desk.sees("help-strip").await;
    desk.click("help").await;
    desk.sees("remedy-0").await;
    picture(&desk, "desk-remedies").await;
    picture(&toms, "phone-before").await;

    // One tap: Anna takes one of them, who was asked.
    desk.click("remedy-0-do").await;
    wait_for(&app, "the remedy", |e| matches!(e, Event::RemedyTaken { .. })).await;
    app.settled().await;

    // Anna is done in time, and it was kept. For the other it gets worse: they hear the truth: first the desk, then the phone, then the wall.
    let told = |visit: VisitId| move |e: &Event| matches!(*e, Event::Promised { visit: v, no, .. } if v == visit && no > 0);
    let is_moved = |e: &Event| matches!(e, Event::RequestChanged { .. });
    assert_eq!(app.count(is_moved).await, 1, "one went to Anna");
    let moved = app.log().await.iter().find_map(|recorded| match recorded.event {
        Event::RequestChanged { visit, .. } => Some(visit),
        _ => None,
    });
    let (stays, page) = if moved == Some(tom.visit()) { (&eva, &evas) } else { (&tom, &toms) };
    let visit = stays.visit();
    let olga = VisitId(1);
    app.advance_to(SATURDAY + 28 * MINUTE_MS).await;
    let next = Command::CallNext { staff: ANNA, after: Some(olga) };
    let called = app.shop(next).await.expect("somebody waits for Anna").visit;
    assert_eq!(called, moved);
    let visit_of_anna = called.expect("was called");
    app.shop(Command::Start { visit: visit_of_anna, staff: ANNA }).await.expect("starts");
    app.advance_minutes(2).await;
    desk.sees("saved").await;
    ben_needs(&app, 60).await;
    wait_for(&app, "a later time", told(visit)).await;
    page.sees("choices").await;
    assert!(page.time("promise").await > stays.by().0);
    assert_eq!(wall.time(&format!("next-{visit}")).await, stays.by().0, "the person first");
    picture(page, "phone-later").await;
    app.advance_minutes(1).await;
    wall.until(
        "the wall follows a minute later",
        &format!(
            "Number(document.querySelector('[data-testid=\"next-{visit}\"] [data-ms]').dataset.ms) > {}",
            stays.by().0
        ),
    )
    .await;
    // Without a word and without motion: who it is about has heard it.
    wall.sees_no(&format!("earlier-{visit}")).await;
    let animations = format!(
        "document.querySelector('[data-testid=\"next-{visit}\"]').getAnimations({{subtree: true}}).length"
    );
    assert_eq!(wall.ask(&animations).await, 0);
    page.click("choose-stay").await;
    page.sees_no("choices").await;
    assert_eq!(app.count(|e| matches!(e, Event::Chose { .. })).await, 1);

    // The minute passes: an apology with the next step, and amends on the desk.
    app.advance_to(stays.by() + MINUTE_MS).await;
    page.sees("apology").await;
    picture(page, "phone-apology").await;
    picture(&wall, "wall").await;
    desk.sees(&format!("task-recover-{visit}")).await;
    picture(&desk, "desk-amends").await;
    desk.click(&format!("good-0-{visit}")).await;
    desk.sees_no(&format!("task-recover-{visit}")).await;
    desk.sees("no-help").await;
    assert_eq!(app.count(|e| matches!(e, Event::MadeGood { with: Some(0), .. })).await, 1);
    tell(&format!("pictures of the bad day are in {}", pictures().display()));
}

/// The next price that the page asks for is the one it saw last.
const STALE: &str = "
    const send = window.fetch.bind(window);
    let last = null;
    window.isStale = false;
    window.fetch = async (request, options) => {
        if (!String(request.url || request).includes('/previews')) return send(request, options);
        if (window.isStale && last !== null) {
            window.isStale = false;
            const headers = { 'content-type': 'application/json' };
            return new Response(last, { status: 200, headers });
        }
        const answer = await send(request, options);
        last = await answer.clone().text();
        return answer;
    };";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_price_that_rises_while_it_is_read_is_shown_again() {
    must_have_pages();
    let app = TestApp::open_with(salon()).await;
    for staff in [ANNA, BEN] {
        app.on_duty(staff).await;
    }
    let li = app.join(with_ben("Li")).await.visit();
    app.shop(Command::Start { visit: li, staff: BEN }).await.expect("starts");
    app.join(with_ben("Tom Fischer")).await;
    let driver = Driver::start().await;
    let desk = driver.open(1024, 768).await;
    desk.before_each_page(STALE).await;
    desk.open(&app.desk_link()).await;
    let costs = |moves: u32| {
        format!(
            "document.querySelector('[data-testid=\"price-panel\"]').dataset.moves == '{moves}'"
        )
    };
    let is_accepted = |e: &Event| matches!(e, Event::PriceAccepted { .. });
    desk.click("duty-more-2").await;
    desk.click("duty-2").await;
    desk.until("the price of one", &costs(1)).await;
    desk.sees_no("price-changed").await;

    // Somebody comes while the price is read: the desk looks again before it is accepted.
    app.join(with_ben("Eva Horn")).await;
    desk.click("price-who-1").await;
    desk.sees("price-changed").await;
    desk.until("the price of two", &costs(2)).await;
    assert_eq!(app.count(is_accepted).await, 0);

    // Somebody comes between that look and the tap: the shop refuses, and the desk shows it.
    app.join(with_ben("Pia Moser")).await;
    desk.run("window.isStale = true;", serde_json::json!([])).await;
    desk.click("price-who-1").await;
    desk.until("the price of three", &costs(3)).await;
    desk.sees("price-changed").await;
    picture(&desk, "desk-price-changed").await;
    assert_eq!(app.count(is_accepted).await, 0);

    desk.click("price-who-1").await;
    desk.sees_no("price-panel").await;
    wait_for(&app, "the price", is_accepted).await;
    assert_eq!(app.count(|e| matches!(e, Event::WentOffDuty { staff: BEN })).await, 1);
}
