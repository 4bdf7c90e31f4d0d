//! Joining: on a phone, and at a screen of the shop at which nothing of one person is left for the
//! next.

use std::path::PathBuf;

use sooner_engine::Service;
use sooner_engine::calendar::{Hours, Span, Week};
use sooner_engine::config::Remote;
use sooner_server::shops::NewShop;
use sooner_shared::command::Join;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{PromiseKind, View};
use sooner_shared::words::Language;
use sooner_shared::{Command, ProblemCode, ServiceId};
use sooner_tests::app::TestApp;
use sooner_tests::browser::{Browser, Driver, must_have_pages, timers};
use sooner_tests::salon::{ANNA, BEN, CUT, NINE, request, salon, wish};

use crate::browser::pictures;

const KIOSK: (u32, u32) = (1024, 768);
const PHONE: (u32, u32) = (390, 844);

/// Nobody has chosen or written anything.
const UNTOUCHED: &str = "(document.querySelector('[data-testid=service-1]') !== null
    && document.querySelectorAll('.tile.chosen').length === 0
    && [...document.querySelectorAll('input')].every(field => field.value === ''))";

fn picture(name: &str) -> PathBuf {
    pictures().join(format!("join-{name}.png"))
}

/// The salon, where a phone can also be left to be mended.
fn with_repair() -> NewShop {
    let mut new = salon();
    let repair = Service {
        promise: PromiseKind::Ready,
        ..Service::new(ServiceId(4), "Screen repair", 40 * MINUTE_MS)
    };
    new.config.services.push(repair);
    new.config.staff[0].services.insert(ServiceId(4));
    new
}

async fn shop_with_repair() -> TestApp {
    let app = TestApp::open_with(with_repair()).await;
    for staff in [ANNA, BEN] {
        app.on_duty(staff).await;
    }
    app.settled().await;
    app
}

async fn fits(browser: &Browser<'_>) {
    let over = browser.ask("document.documentElement.scrollWidth - innerWidth").await;
    assert_eq!(over, 0, "the page is too wide");
    let small = "[...document.querySelectorAll('button, input, select')]
        .filter(e => e.type !== 'checkbox' && e.getClientRects().length > 0)
        .filter(e => e.getBoundingClientRect().height < 44)
        .map(e => e.dataset.testid).join()";
    assert_eq!(browser.ask(small).await, "", "these are small to touch");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kiosk_shows_the_time_and_keeps_nothing_of_who_was_there_before() {
    must_have_pages();
    let app = shop_with_repair().await;
    let base = format!("http://{}", app.address);
    let driver = Driver::start().await;
    let kiosk = driver.open(KIOSK.0, KIOSK.1).await;
    kiosk.before_each_page(timers::HELD).await;
    kiosk.open(&format!("{base}/salon/join?here&kiosk")).await;
    kiosk.mark().await;
    kiosk.until("a fresh form", UNTOUCHED).await;
    kiosk.picture(&picture("kiosk-start")).await;
    fits(&kiosk).await;
    let pages = kiosk.ask("history.length").await;

    // Nobody has to write anything: two taps.
    kiosk.click("service-1").await;
    kiosk.click("join").await;
    kiosk.sees("joined").await;
    let promised = kiosk.time("promise").await;
    let log = app.wall().await;
    let (visit, card) = log.cards.first_key_value().expect("somebody is in line");
    assert_eq!(card.by.map(|at| at.0), Some(promised), "it is the time on the wall");
    let visit = *visit;
    let wall = app.open_screen(app.lobby());
    wall.await
        .until(
            "who joins at the kiosk is there",
            |view| matches!(view, View::Lobby(board) if board.cards[&visit].checked_in),
        )
        .await;
    let name = kiosk.text("kiosk-name").await;
    assert!(name.contains(&card.label), "{name} is who {} is on the wall", card.label);
    let loaded = "document.querySelector('[data-testid=kiosk-qr]').naturalWidth > 0";
    kiosk.until("the code to take along", loaded).await;
    kiosk.picture(&picture("kiosk-joined")).await;
    fits(&kiosk).await;
    let focused = "document.activeElement.dataset.testid";
    assert_eq!(kiosk.ask(focused).await, "kiosk-done", "a keyboard goes on from there");
    let code = visit.code();

    // After 20 seconds it is as new, with no way back to who was there.
    assert_eq!(kiosk.ask("ring(20000)").await, 1);
    kiosk.sees_no("joined").await;
    kiosk.until("a fresh form", UNTOUCHED).await;
    let left = kiosk.ask("document.body.innerHTML").await.to_string();
    assert!(!left.contains(&code) && !left.contains("/api/visits/"), "{left}");
    assert!(kiosk.is_the_same_page().await);
    assert_eq!(kiosk.ask("history.length").await, pages, "nothing to go back to");

    // A name, another language, and gone before the end: a minute later nothing of it is there.
    kiosk.click("service-2").await;
    kiosk.write("name", "Kata Kovács").await;
    kiosk.write("contact", "+36 30 123 4567").await;
    let choose = "(() => { const l = document.querySelector('[data-testid=language]');
        l.value = 'hu'; l.dispatchEvent(new Event('change', { bubbles: true })); return 1; })()";
    kiosk.ask(choose).await;
    kiosk.until("Hungarian", "document.documentElement.lang === 'hu'").await;
    let filled_in = "[...document.querySelectorAll('input')].map(f => f.autocomplete).join()";
    assert_eq!(kiosk.ask(filled_in).await, "off,off", "the browser keeps nothing for the next");
    kiosk.picture(&picture("kiosk-left")).await;
    assert_eq!(kiosk.ask("ring(60000)").await, 1, "one timer, however often it was touched");
    kiosk.until("a fresh form", UNTOUCHED).await;
    kiosk.until("English again", "document.documentElement.lang === 'en'").await;
    assert_eq!(app.wall().await.cards.len(), 1, "and nobody joined");

    // With "done" it takes no 20 seconds, and by keyboard as well.
    kiosk.click("service-3").await;
    kiosk.write("name", "Péter Nagy").await;
    kiosk.click("join").await;
    kiosk
        .until(
            "Peter's name as on the wall",
            "document.querySelector('[data-testid=kiosk-name]')?.innerText.includes('Péter N.')",
        )
        .await;
    kiosk.sees_no("promise").await;
    kiosk.picture(&picture("kiosk-joined-without-time")).await;
    kiosk.write("kiosk-done", "\u{e007}").await;
    kiosk.until("a fresh form", UNTOUCHED).await;
    assert_eq!(kiosk.ask("ring(20000)").await, 0, "no timer is left over");

    for (width, height) in [PHONE, (768, 1024)] {
        kiosk.resize(width, height).await;
        kiosk.click("service-1").await;
        kiosk.picture(&picture(&format!("kiosk-{width}"))).await;
        fits(&kiosk).await;
        kiosk.ask("ring(60000)").await;
        kiosk.until("a fresh form", UNTOUCHED).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_a_phone_to_be_mended_is_asked_for_another_way_to_be_reached() {
    must_have_pages();
    let app = shop_with_repair().await;
    let base = format!("http://{}", app.address);
    let driver = Driver::start().await;
    let phone = driver.open(PHONE.0, PHONE.1).await;
    phone.open(&format!("{base}/salon/join")).await;
    phone.click("service-1").await;
    phone.sees("contact").await;
    let label = "document.querySelector('[data-testid=contact]').closest('label').innerText";
    assert_eq!(phone.ask(label).await, "Phone or e-mail, if you like");
    assert_eq!(phone.text("contact-other").await, "");
    phone.picture(&picture("phone")).await;
    fits(&phone).await;
    phone.click("service-1").await;
    phone.click("service-4").await;
    phone
        .until("another way", &format!("{label} === 'Another way to reach you, if you like'"))
        .await;
    assert!(phone.text("contact-other").await.contains("your phone that stays here"));
    phone.picture(&picture("phone-repair")).await;
    phone.write("contact", "kata@example.com").await;
    phone.click("join").await;
    phone.until("the visit", "location.pathname.startsWith('/v/')").await;
    phone.is("live").await;
    phone.time("promise").await;

    // Right to left, and closed for newcomers.
    app.shop(Command::CloseLine).await.expect("is closed");
    phone.open(&format!("{base}/salon/join")).await;
    phone.sees("standing").await;
    phone.sees_no("join").await;
    phone.picture(&picture("phone-full")).await;
    phone.ask("(document.documentElement.dir = 'rtl')").await;
    fits(&phone).await;
    app.shop(Command::OpenLine).await.expect("is open");
    phone.click("service-1").await;
    phone.ask("(document.documentElement.dir = 'rtl')").await;
    phone.picture(&picture("phone-rtl")).await;
    fits(&phone).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_scans_the_code_in_the_shop_need_not_say_that_they_are_here() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let phone = driver.open(PHONE.0, PHONE.1).await;
    for (address, is_here) in [("salon/join?here", true), ("salon/join", false)] {
        phone.open(&format!("http://{}/{address}", app.address)).await;
        phone.click("service-1").await;
        phone.click("join").await;
        phone.until("the visit", "location.pathname.startsWith('/v/')").await;
        phone.sees(if is_here { "seen" } else { "here" }).await;
        let link = phone.ask("location.pathname.slice(3)").await;
        let visit = app.phone(link.as_str().expect("a link")).await;
        assert_eq!(visit.checked_in, is_here, "{address}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_scans_the_code_on_a_closed_door_gets_a_time_and_is_not_taken_for_being_in() {
    must_have_pages();
    // Fixes phones and cuts hair, and takes people from elsewhere also before it opens.
    let mut new = with_repair();
    let day = || vec![Span { from: 9 * 60, to: 18 * 60 }];
    let weekly = Week { mon: day(), tue: day(), ..Week::default() };
    new.config.hours = Hours { weekly, ..Hours::default() };
    new.config.remote = Remote::Always;
    let app = TestApp::open_with(new).await;
    app.on_duty(ANNA).await;
    app.advance_to(NINE + 10 * 60 * MINUTE_MS).await;
    let driver = Driver::start().await;
    let phone = driver.open(PHONE.0, PHONE.1).await;
    phone.open(&format!("http://{}/salon/join?here", app.address)).await;
    phone.sees("standing").await;
    phone.click("service-4").await;
    phone.picture(&picture("closed-door")).await;
    phone.click("join").await;
    phone.until("the visit", "location.pathname.startsWith('/v/')").await;
    phone.is("live").await;
    assert!(phone.time("promise").await > app.now().0 + 12 * 60 * MINUTE_MS, "another day");
    phone.sees("here").await;
    phone.picture(&picture("closed-door-joined")).await;
    // Anna, who has not gone home, is no reason for a stranger to come at night.
    let cut = app.post_join(&request(Join { remote: true, ..wish(CUT) })).await;
    assert_eq!(cut.code(), ProblemCode::NotOpenYet);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_speaks_its_own_language_on_its_screens_and_offers_no_other_than_its_own() {
    must_have_pages();
    let mut new = salon();
    new.config.languages = vec![Language::Hu, Language::Es];
    let app = TestApp::open_with(new).await;
    let base = format!("http://{}", app.address);
    let driver = Driver::start().await;
    let browser = driver.open(KIOSK.0, KIOSK.1).await;
    let is = |tag: &str| format!("document.documentElement.lang === '{tag}'");
    let offered = "[...document.querySelectorAll('[data-testid=language] option')]
        .map(option => option.value).join()";
    // The browser wants English, which this shop does not speak.
    for page in ["salon", "salon/join?here&kiosk", "salon/join"] {
        browser.open(&format!("{base}/{page}")).await;
        browser.until("the shop's own", &is("hu")).await;
        if page != "salon" {
            browser.until("only the shop's", &format!("({offered}) === 'hu,es'")).await;
        }
    }
    // Who asks for another by its address has it all the same.
    browser.open(&format!("{base}/salon/join?lang=ru")).await;
    browser.until("the one asked for beside them", &format!("({offered}) === 'hu,es,ru'")).await;
    browser.until("Russian", &is("ru")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_invited_into_a_shop_that_has_closed_while_somebody_is_still_at_work_there() {
    must_have_pages();
    // What is promised here lies days ahead, but nobody is taken before the doors open.
    let mut new = with_repair();
    let day = || vec![Span { from: 8 * 60, to: 10 * 60 }];
    let weekly = Week { mon: day(), tue: day(), ..Week::default() };
    new.config.hours = Hours { weekly, ..Hours::default() };
    let app = TestApp::open_with(new).await;
    app.on_duty(ANNA).await;
    let base = format!("http://{}", app.address);
    let driver = Driver::start().await;
    let kiosk = driver.open(KIOSK.0, KIOSK.1).await;
    kiosk.open(&format!("{base}/salon/join?here&kiosk")).await;
    kiosk.sees("service-1").await;
    app.advance_minutes(70).await;
    kiosk.sees("standing").await;
    kiosk.sees_no("service-1").await;
    kiosk.sees_no("join").await;
    let wall = driver.open(1920, 1080).await;
    wall.open(&format!("{base}/salon")).await;
    wall.sees("standing").await;
    wall.sees_no("join-in").await;
    wall.open(&format!("{base}/salon/tv")).await;
    wall.sees("standing").await;
    wall.sees_no("join-in").await;
}
