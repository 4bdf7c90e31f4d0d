//! One person's own page on a phone: there before any script, of use without one, alive with it, and
//! honest when there is no connection.

use sooner_engine::Event;
use sooner_engine::decide::STAYS_MS;
use sooner_shared::command::Felt;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::Outcome;
use sooner_shared::words::Language;
use sooner_shared::{Command, ProblemCode};
use sooner_tests::app::{Joined, TestApp};
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::program::Program;
use sooner_tests::salon::{BEN, CUT, named, salon};

use crate::browser::pictures;

const PHONE: (u32, u32) = (390, 844);

/// Watches from before the first line how the page moves.
const WATCH: &str = "window.moved = 0;
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) window.moved += entry.value;
}).observe({ type: 'layout-shift', buffered: true });";

fn scene(name: &str) -> String {
    format!("document.querySelector('[data-testid=page][data-scene={name}]') !== null")
}

fn says(words: &str) -> String {
    format!("document.body.innerText.includes('{words}')")
}

/// Everything that is on the page below its head, with where it stands. In the head, who has no script
/// has a button more, and reads no "live".
const LOOK: &str = "JSON.stringify([...document.querySelectorAll(\
    '[data-page] p, [data-page] h1, [data-page] button, [data-page] summary, [data-page] time')]\
    .filter(e => e.getClientRects().length > 0 && !e.closest('.status') && !e.closest('.top'))\
    .map(e => { const r = e.getBoundingClientRect(); \
        return [e.innerText, Math.round(r.x), Math.round(r.y), Math.round(r.width), Math.round(r.height)]; }))";

async fn script(browser: &Browser<'_>, runs: bool) {
    browser
        .cdp("Emulation.setScriptExecutionDisabled", serde_json::json!({ "value": !runs }))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_wrote_is_what_the_script_shows_and_nothing_moves() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    app.join(named(CUT, "Anna")).await;
    app.join(named(CUT, "Ben")).await;
    let kata = app.join(named(CUT, "Kata Kovács")).await;
    app.settled().await;
    let address = format!("http://{}/v/{}", app.address, kata.link());

    for language in ["en", "es", "ru", "hu"] {
        let address = format!("{address}?lang={language}");
        let plain = driver.open(PHONE.0, PHONE.1).await;
        script(&plain, false).await;
        plain.load(&address, "served").await;
        let served = plain.ask(LOOK).await;
        plain.picture(&pictures().join(format!("phone-served-{language}.png"))).await;

        let alive = driver.open(PHONE.0, PHONE.1).await;
        alive.before_each_page(WATCH).await;
        // On a slow phone the page comes bit by bit.
        alive.cdp("Emulation.setCPUThrottlingRate", serde_json::json!({ "rate": 6 })).await;
        alive.load(&address, "live").await;
        assert_eq!(alive.ask(LOOK).await, served, "{language}");
        assert_eq!(alive.ask("document.documentElement.lang").await, language);
        alive.picture(&pictures().join(format!("phone-live-{language}.png"))).await;
        assert_eq!(alive.ask("window.moved").await, 0, "{language}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_without_scripts_says_all_that_one_with_them_says() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    app.join(named(CUT, "Anna")).await;
    app.join(named(CUT, "Ben")).await;
    let kata = app.join(named(CUT, "Kata Kovács")).await;
    let phone = driver.open(PHONE.0, PHONE.1).await;
    script(&phone, false).await;
    phone.load(&format!("http://{}/v/{}?lang=es", app.address, kata.link()), "served").await;
    assert_eq!(
        phone.ask("document.querySelector('noscript meta[http-equiv=refresh]') !== null").await,
        true,
        "it looks again by itself"
    );
    phone.click("here").await;
    phone.sees("seen").await;
    assert!(app.phone(kata.link()).await.checked_in);
    phone.click("late").await;
    phone.mark().await;
    phone.click("late-20").await;
    phone.until("the page comes anew", "window.soonerMark === undefined").await;
    assert_eq!(app.count(|event| matches!(event, Event::SaidLate { .. })).await, 1);
    phone.click("ask").await;
    phone.write("ask-text", "¿Hay <b>wifi</b> & café?").await;
    phone.click("ask-send").await;
    phone.until("the question is there", &says("¿Hay <b>wifi</b> & café?")).await;
    assert_eq!(phone.ask("document.documentElement.lang").await, "es", "the language stays");
    phone.picture(&pictures().join("phone-without-script.png")).await;

    app.shop(Command::CallNext { staff: BEN, after: None }).await.expect("somebody is called");
    phone.click("leave").await;
    phone.until("they have left", &scene("left")).await;
    phone.click("stay").await;
    phone.sees("seen").await;
    assert_eq!(app.count(|event| matches!(event, Event::Undone { .. })).await, 1);
    phone.click("leave").await;
    phone.sees("stay").await;
    app.jump_to(app.now() + STAYS_MS).await;
    // The page as it was half a minute ago: what it offers is over, and it says so.
    phone.click("stay").await;
    phone.until("it says why", "document.querySelector('[data-testid=notice]').innerText").await;
    phone.sees("again").await;
    // The same form once more, from a page of before.
    let again = app.phone_asks(kata.link(), "leave").await;
    assert_eq!(again.status, 409);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_tap_leaves_and_for_half_a_minute_one_tap_brings_everything_back() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    app.join(named(CUT, "Anna")).await;
    let kata = app.join(named(CUT, "Kata Kovács")).await;
    app.settled().await;
    let phone = driver.open(PHONE.0, PHONE.1).await;
    phone.open(&format!("http://{}/v/{}", app.address, kata.link())).await;
    let promised = phone.time("promise").await;
    phone.mark().await;
    phone.click("leave").await;
    phone.until("they have left", &scene("left")).await;
    phone.sees_no("again").await;
    phone.picture(&pictures().join("phone-left-can-stay.png")).await;
    phone.click("stay").await;
    phone.until("they are in line again", &scene("in_line")).await;
    assert_eq!(phone.time("promise").await, promised, "as promised before");
    assert_eq!(app.phone(kata.link()).await.outcome, None);

    phone.click("leave").await;
    phone.sees("stay").await;
    app.jump_to(app.now() + STAYS_MS).await;
    // Nothing has been said by the shop: the page knows by itself when it is over.
    phone.sees("again").await;
    phone.sees_no("stay").await;
    assert!(phone.is_the_same_page().await);
    let late = app.phone_asks(kata.link(), "come-back").await;
    assert_eq!(late.code(), ProblemCode::NothingToUndo);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_form_is_explained_on_the_page() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let kata = app.join(named(CUT, "Kata Kovács")).await;
    let phone = driver.open(PHONE.0, PHONE.1).await;
    script(&phone, false).await;
    phone.load(&format!("http://{}/v/{}", app.address, kata.link()), "served").await;
    phone.sees("leave").await;
    app.phone_asks(kata.link(), "leave").await;
    phone.click("leave").await;
    phone.until("it says why", "document.querySelector('[data-testid=notice]').innerText").await;
    phone.until("and how it stands", &scene("left")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_can_be_installed_and_opened_offline_and_says_how_old_it_is() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let kata = app.join(named(CUT, "Kata Kovács")).await;
    app.settled().await;
    let phone = driver.open(PHONE.0, PHONE.1).await;
    let address = format!("http://{}/v/{}", app.address, kata.link());
    phone.open(&address).await;
    let promised = phone.time("promise").await;
    phone
        .until_true(
            "the page is kept",
            "const kept = await caches.open('sooner');
             const paths = (await kept.keys()).map(r => new URL(r.url).pathname);
             return paths.includes(location.pathname) && paths.filter(p => p.includes('sooner-phone')).length === 2;",
        )
        .await;
    let faults = phone.cdp("Page.getInstallabilityErrors", serde_json::json!({})).await;
    let faults = faults["installabilityErrors"].as_array().cloned().unwrap_or_default();
    // Only that this window keeps nothing for good is in the way.
    let faults: Vec<_> = faults.iter().filter(|f| f["errorId"] != "in-incognito").collect();
    assert!(faults.is_empty(), "{faults:?}");

    let lost = serde_json::json!({
        "offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
    });
    phone.cdp("Network.enable", serde_json::json!({})).await;
    phone.cdp("Network.emulateNetworkConditions", lost).await;
    let port = app.address.port();
    let folder = app.close().await;
    phone.load(&address, "stale").await;
    assert_eq!(phone.time("promise").await, promised, "a promise stays");
    let below = phone.text("below").await;
    assert!(below.contains("Last confirmed: "), "{below}");
    phone.picture(&pictures().join("phone-offline.png")).await;

    let found = serde_json::json!({
        "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
    });
    phone.cdp("Network.emulateNetworkConditions", found).await;
    let program = Program::serve(folder.path(), port).await;
    phone.is("live").await;
    drop(program);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_has_begun_to_write_survives_an_update() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let anna = app.join(named(CUT, "Anna")).await;
    let kata = app.join(named(CUT, "Kata Kovács")).await;
    let phone = driver.open(PHONE.0, PHONE.1).await;
    phone.open(&format!("http://{}/v/{}", app.address, kata.link())).await;
    phone.click("why").await;
    phone.click("ask").await;
    phone.write("ask-text", "Is there ").await;
    phone.mark().await;
    app.phone_asks(anna.link(), "leave").await;
    phone.until("they are next", &scene("next")).await;
    phone.write("ask-text", "parking?").await;
    let text = "document.querySelector('[data-testid=ask-text]').value";
    assert_eq!(phone.ask(text).await, "Is there parking?");
    phone.click("ask-send").await;
    phone.until("it was asked", &says("Is there parking?")).await;
    assert!(phone.is_the_same_page().await);
}

/// Kata is served in time, next to nobody, and her visit is over.
async fn served(app: &TestApp) -> Joined {
    let kata = app.join(named(CUT, "Kata Kovács")).await;
    let visit = kata.visit();
    app.advance_to(kata.by()).await;
    app.shop(Command::Start { visit, staff: BEN }).await.expect("Ben is free");
    app.advance_minutes(20).await;
    app.shop(Command::Finish { visit }).await.expect("she sits there");
    kata
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_the_end_one_tap_says_when_it_began_and_one_how_the_wait_was() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let kata = served(&app).await;
    let address = format!("http://{}/v/{}", app.address, kata.link());
    let phone = driver.open(PHONE.0, PHONE.1).await;
    phone.open(&address).await;
    phone.until("it asks about the start", &says("right?")).await;
    let low = "[...document.querySelectorAll('.question button')]\
        .filter(e => e.getBoundingClientRect().height < 47.5).length";
    assert_eq!(phone.ask(low).await, 0, "a thumb hits them");
    phone.picture(&pictures().join("phone-asked-at-the-end.png")).await;
    phone.click("start-later").await;
    phone.sees_no("start-later").await;
    phone.until("nothing contests it", &format!("!({})", says("Started"))).await;
    phone.click("wait-not-good").await;
    phone.sees_pressed("wait-not-good").await;
    phone.click("wait-good").await;
    phone.sees_pressed("wait-good").await;
    let pressed = "document.querySelectorAll('[aria-pressed=true]').length";
    assert_eq!(phone.ask(pressed).await, 1, "one answer at a time");
    let view = app.phone(kata.link()).await;
    assert_eq!((view.start_right, view.felt), (Some(false), Some(Felt::Good)));
    // A promise is never edited.
    assert_eq!(view.outcome, Some(Outcome::Kept));
    assert_eq!(app.phone_asks(kata.link(), "start-right").await.code(), ProblemCode::NotNow);

    // The same without a script, by forms, by somebody else.
    let plain = driver.open(PHONE.0, PHONE.1).await;
    script(&plain, false).await;
    let next = served(&app).await;
    plain.load(&format!("http://{}/v/{}", app.address, next.link()), "served").await;
    plain.click("start-right").await;
    plain.sees_no("start-right").await;
    plain.until("the time it began stays", &says("Started")).await;
    plain.click("wait-fair").await;
    plain.sees_pressed("wait-fair").await;
    let view = app.phone(next.link()).await;
    assert_eq!((view.start_right, view.felt), (Some(true), Some(Felt::Fair)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_offers_the_languages_of_the_shop_and_its_own() {
    must_have_pages();
    let mut shop = salon();
    shop.config.languages = vec![Language::Hu, Language::En];
    let app = TestApp::open_with(shop).await;
    let driver = Driver::start().await;
    let kata = app.join_without_time(named(CUT, "Kata Kovács")).await;
    let phone = driver.open(PHONE.0, PHONE.1).await;
    let offered = "[...document.querySelectorAll('[data-testid=language] option')]\
        .map(e => e.value).join()";
    let address = format!("http://{}/v/{}", app.address, kata.link());
    phone.open(&format!("{address}?lang=en")).await;
    assert_eq!(phone.ask(offered).await, "hu,en");
    // Who reads another one that is known reads on in it.
    phone.open(&format!("{address}?lang=ru")).await;
    assert_eq!(phone.ask(offered).await, "hu,en,ru");
    assert_eq!(phone.ask("document.documentElement.lang").await, "ru");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_says_that_it_is_time_as_early_as_somebody_chose() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    for name in ["Anna", "Ben", "Cleo", "Dora"] {
        app.join(named(CUT, name)).await;
    }
    let kata = app.join(named(CUT, "Kata Kovács")).await;
    app.settled().await;
    assert!(kata.by() > app.now() + 21 * MINUTE_MS, "{:?}", kata.by());
    let address = format!("http://{}/v/{}", app.address, kata.link());
    // Without a script by a form.
    let plain = driver.open(PHONE.0, PHONE.1).await;
    script(&plain, false).await;
    plain.load(&address, "served").await;
    plain.click("notice-wish").await;
    plain.click("notice-20").await;
    plain.until("it says so", &says("reminds you 20 min before")).await;

    let phone = driver.open(PHONE.0, PHONE.1).await;
    phone.before_each_page("navigator.vibrate = ms => { window.shaken = ms; return true; };").await;
    phone.open(&address).await;
    phone.click("notice-wish").await;
    phone.picture(&pictures().join("phone-how-early.png")).await;
    phone.click("notice-10").await;
    phone.until("it says so", &says("reminds you 10 min before")).await;
    assert_eq!(app.phone(kata.link()).await.tell_at, Some(kata.by() - 10 * MINUTE_MS));
    phone.sees_no("is-time").await;
    assert_eq!(phone.ask("window.shaken === undefined").await, true);
    app.jump_to(kata.by() - 10 * MINUTE_MS).await;
    phone.sees("is-time").await;
    phone.until("the phone shakes", "window.shaken === 400").await;
    let aloud = "document.querySelector('[data-testid=is-time]').closest('[aria-live]') !== null";
    assert_eq!(phone.ask(aloud).await, true, "it is read aloud");
    phone.picture(&pictures().join("phone-it-is-time.png")).await;
}
