//! The pages in a real browser, each in a window with a memory of its own, as on its own device.

use std::env;
use std::fs;
use std::path::PathBuf;

use sooner_shared::Command;
use sooner_shared::command::Join;
use sooner_tests::app::TestApp;
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::patience::tell;
use sooner_tests::program::Program;
use sooner_tests::salon::{ANNA, BEN, CLEO, COLOUR, CUT, NAILS, named, wish};

const WALL: (u32, u32) = (1920, 1080);
const TABLET: (u32, u32) = (1024, 768);
const PHONE: (u32, u32) = (390, 844);

/// A person joins on the join page of their phone, which then shows their visit; gives its number.
async fn join(phone: &Browser<'_>, base: &str, name: &str) -> u32 {
    phone.open(&format!("{base}/salon/join")).await;
    phone.click("service-1").await;
    phone.click("person-any").await;
    phone.write("name", name).await;
    phone.click("join").await;
    let link = phone
        .until("the phone goes on to the visit", "location.pathname.match(/^\\/v\\/(.+)$/)?.[1]")
        .await;
    phone.is("live").await;
    let link = link.as_str().expect("a link").to_owned();
    link.split('.').nth(1).and_then(|number| number.parse().ok()).expect("shop.visit.mac")
}

/// Waits until the phone's page is about this.
async fn phone_is_at(phone: &Browser<'_>, scene: &str) {
    let find = format!("document.querySelector('[data-testid=page][data-scene={scene}]') !== null");
    phone.until(&format!("the phone is at {scene}"), &find).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_served_and_all_pages_follow_and_come_back_after_a_kill() {
    must_have_pages();
    let folder = tempfile::tempdir().expect("there is room for a temporary folder");
    let program = Program::serve(folder.path(), 0).await;
    let base = format!("http://{}", program.address);
    let driver = Driver::start().await;
    let lobby = driver.open(WALL.0, WALL.1).await;
    let desk = driver.open(TABLET.0, TABLET.1).await;
    let phone = driver.open(PHONE.0, PHONE.1).await;
    lobby.open(&format!("{base}/salon")).await;
    desk.open(&program.desk_link).await;
    for page in [&lobby, &desk] {
        page.mark().await;
    }

    // Somebody joins, and everybody sees the same time.
    let kata = join(&phone, &base, "Kata Kovács").await;
    phone.mark().await;
    let promised = phone.time("promise").await;
    phone_is_at(&phone, "next").await;
    assert_eq!(lobby.time(&format!("next-{kata}")).await, promised);
    assert!(lobby.text(&format!("next-{kata}")).await.contains("Kata K."));
    assert_eq!(desk.time(&format!("waiting-{kata}")).await, promised);
    assert!(desk.text(&format!("waiting-{kata}")).await.contains("Kata Kovács"));

    // Staff tap next, start, finish.
    desk.click("next-1").await;
    phone_is_at(&phone, "come_in").await;
    lobby.sees(&format!("now-{kata}")).await;
    lobby.sees_no(&format!("next-{kata}")).await;
    desk.click("start-1").await;
    phone_is_at(&phone, "started").await;
    lobby.sees_no(&format!("now-{kata}")).await;
    desk.click("finish-1").await;
    phone_is_at(&phone, "done").await;
    desk.sees_no(&format!("serving-{kata}")).await;
    for page in [&lobby, &desk, &phone] {
        assert!(page.is_the_same_page().await, "nothing was loaded again");
    }

    // Two more, one of them called; then the server is killed.
    let peter = join(&phone, &base, "Peter Nagy").await;
    phone.mark().await;
    desk.click("next-1").await;
    phone_is_at(&phone, "come_in").await;
    let other = driver.open(PHONE.0, PHONE.1).await;
    let zoe = join(&other, &base, "Zoe").await;
    other.mark().await;
    let promised = other.time("promise").await;
    lobby.sees(&format!("next-{zoe}")).await;
    let port = program.address.port();
    program.kill();
    for page in [&lobby, &desk, &phone, &other] {
        page.is("stale").await;
    }
    // A promise stays true; a time for somebody new is no longer shown.
    assert_eq!(other.time("promise").await, promised);
    assert_eq!(lobby.time(&format!("next-{zoe}")).await, promised);
    lobby.sees_no("quote-1").await;
    // Staff go on: what they tap is kept.
    desk.click("start-1").await;

    let program = Program::serve(folder.path(), port).await;
    for page in [&lobby, &desk, &phone, &other] {
        page.is("live").await;
    }
    phone_is_at(&phone, "started").await;
    desk.sees(&format!("serving-{peter}")).await;
    assert_eq!(other.time("promise").await, promised);
    assert_eq!(lobby.time(&format!("next-{zoe}")).await, promised);
    for page in [&lobby, &desk, &phone, &other] {
        assert!(page.is_the_same_page().await, "they came back by themselves");
    }

    // And the line goes on.
    desk.click("finish-1").await;
    phone_is_at(&phone, "done").await;
    let anna = join(&phone, &base, "Anna").await;
    lobby.sees(&format!("next-{anna}")).await;
    desk.sees(&format!("waiting-{anna}")).await;
    desk.click("next-2").await;
    phone_is_at(&other, "come_in").await;
    assert_eq!(anna, zoe + 1, "visits are numbered without a gap");
    drop(program);
}

/// The salon in the middle of a morning, and the link of somebody who waits.
async fn busy_salon() -> (TestApp, String) {
    let app = TestApp::open().await;
    app.on_duty(CLEO).await;
    let mut chairs = Vec::new();
    for (staff, service, name) in
        [(ANNA, COLOUR, "Eszter Szabó"), (BEN, CUT, "Li"), (CLEO, NAILS, "Olga Nowak")]
    {
        let visit = app.join(named(service, name)).await.visit();
        app.shop(Command::Start { visit, staff }).await.expect("starts");
        chairs.push(visit);
    }
    app.advance_minutes(12).await;
    let mut link = String::new();
    for (name, join) in [
        ("Maximilian-Alexander Hohenberg", wish(CUT)),
        ("Kata Kovács", wish(CUT)),
        ("Peter Nagy", Join { requested: Some(ANNA), ..wish(CUT) }),
        ("", wish(COLOUR)),
        ("Zoe Quintus", wish(CUT)),
        ("Bartholomew Featherstonehaugh", wish(NAILS)),
    ] {
        let name = (!name.is_empty()).then(|| name.to_owned());
        let joined = app.join(Join { name, ..join }).await;
        if joined.visit().0 == 8 {
            joined.link().clone_into(&mut link);
        }
        app.advance_minutes(2).await;
    }
    let next = Command::CallNext { staff: BEN, after: Some(chairs[1]) };
    app.shop(next).await.expect("is called");
    app.settled().await;
    (app, link)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_four_pages_fit_three_sizes_of_screen() {
    must_have_pages();
    let (app, link) = busy_salon().await;
    let base = format!("http://{}", app.address);
    let folder = pictures();
    let driver = Driver::start().await;
    let browser = driver.open(WALL.0, WALL.1).await;
    for (page, address) in [
        ("lobby", format!("{base}/salon")),
        ("desk", app.desk_link()),
        ("join", format!("{base}/salon/join")),
        ("phone", format!("{base}/v/{link}")),
    ] {
        browser.open(&address).await;
        if page == "join" {
            browser.click("service-1").await;
            browser.sees("name").await;
        }
        for (width, height) in [WALL, TABLET, PHONE] {
            browser.resize(width, height).await;
            let fits = format!("innerWidth === {width} && document.fonts.status === 'loaded'");
            browser.until("the page has its size", &fits).await;
            let file = folder.join(format!("{page}-{width}x{height}.png"));
            browser.picture(&file).await;
            let over = browser.ask("document.documentElement.scrollWidth - innerWidth").await;
            assert_eq!(over, 0, "{page} is too wide for {width} pixels");
        }
    }
    tell(&format!("pictures of four pages at three sizes are in {}", folder.display()));
}

pub(crate) fn pictures() -> PathBuf {
    let this = env::current_exe().expect("the test knows where it lies");
    let target = this.ancestors().nth(3).expect("tests lie in target/<profile>/deps");
    let folder = target.join("screenshots");
    fs::create_dir_all(&folder).expect("a folder for pictures");
    folder
}
