//! The owner, a tablet, a lobby screen and a stranger, each in a browser of their own.

use std::path::PathBuf;

use sooner_engine::Event;
use sooner_shared::Maker;
use sooner_shared::command::Join;
use sooner_tests::app::TestApp;
use sooner_tests::browser::{Browser, Driver, OTHER_NAME, must_have_pages};
use sooner_tests::patience::tell;
use sooner_tests::salon::{ANNA, CUT, named};
use sooner_tests::visitor::PASSWORD;

use crate::browser::pictures;

const WALL: (u32, u32) = (1920, 1080);
const TABLET: (u32, u32) = (1024, 768);
const PHONE: (u32, u32) = (390, 844);

const TROUBLE: &str = "document.querySelector('[data-testid=trouble]').innerText";

fn picture(name: &str) -> PathBuf {
    pictures().join(format!("access-{name}.png"))
}

/// Writes a password in the place of what is there.
async fn write_password(browser: &Browser<'_>, password: &str) {
    browser.sees("password").await;
    browser.ask("document.querySelector('[data-testid=password]').select()").await;
    browser.write("password", password).await;
}

/// The owner confirms what a screen shows.
async fn pair(owner: &Browser<'_>, screen: &Browser<'_>, kind: &str, label: &str) {
    screen.until("a code", "document.querySelector('[data-testid=screen-code]').innerText").await;
    let code = screen.text("screen-code").await;
    owner.write("pair-code", &code.to_lowercase()).await;
    owner.click(&format!("kind-{kind}")).await;
    owner.write("pair-label", label).await;
    owner.click("pair-confirm").await;
    let listed = format!(
        "[...document.querySelectorAll('[data-testid=devices] .name')]\
         .some(name => name.innerText === '{label}')"
    );
    owner.until(&format!("{label} is listed"), &listed).await;
}

async fn sign_in(tablet: &Browser<'_>, staff: u16, pin: &str) {
    tablet.click(&format!("who-{staff}")).await;
    for digit in pin.chars() {
        tablet.click(&format!("digit-{digit}")).await;
    }
    tablet.click("pin-in").await;
}

/// First run: the code comes with the link, the password is the owner's.
async fn first_run(app: &TestApp, owner: &Browser<'_>, base: &str) {
    let code = app.access().first_run_code();
    owner.load(&format!("{base}/salon/owner#code={code}"), "first").await;
    owner.picture(&picture("first-run")).await;
    write_password(owner, "1234567890").await;
    owner.click("begin").await;
    owner.until("too weak", TROUBLE).await;
    owner.picture(&picture("weak-password")).await;
    write_password(owner, PASSWORD).await;
    owner.click("begin").await;
    owner.sees("recovery-code").await;
    let recovery = owner.text("recovery-code").await;
    assert_eq!(recovery.replace('-', "").len(), 26, "{recovery}");
    owner.picture(&picture("recovery-code")).await;
    owner.click("kept").await;
    owner.is("home").await;
    owner.picture(&picture("owner")).await;
    assert!(!owner.text("address").await.is_empty());
}

/// A stranger at the desk's and the owner's address gets nowhere, and is slowed down.
async fn stranger_gets_nowhere(stranger: &Browser<'_>, base: &str) {
    stranger.load(&format!("{base}/salon/desk"), "unpaired").await;
    stranger.sees("screen-code").await;
    stranger.load(&format!("{base}/salon/desk#pair=guessed"), "unpaired").await;
    stranger.sees("link-used").await;
    stranger.load(&format!("{base}/salon/owner"), "sign-in").await;
    for guess in ["password one", "password two", "password three", "password four"] {
        write_password(stranger, guess).await;
        stranger.click("sign-in").await;
        stranger.until("an answer", TROUBLE).await;
    }
    stranger.click("sign-in").await;
    stranger.until("too many tries", &format!("/wait until/.test({TROUBLE})")).await;
    stranger.picture(&picture("too-many-tries")).await;
}

/// PINs: the desk closes until somebody has signed in, and taps are theirs.
async fn pins(app: &TestApp, owner: &Browser<'_>, tablet: &Browser<'_>) {
    for (staff, pin) in [(1, "2580"), (2, "1379")] {
        owner.write(&format!("pin-{staff}"), pin).await;
        owner.click(&format!("pin-set-{staff}")).await;
        let has = format!("document.querySelector('[data-testid=pin-of-{staff}]').dataset.has");
        owner.until("a PIN", &format!("{has} === 'true'")).await;
    }
    owner.picture(&picture("owner-with-screens")).await;
    tablet.is("pin").await;
    tablet.picture(&picture("who-are-you")).await;
    sign_in(tablet, 1, "2581").await;
    tablet.until("wrong", TROUBLE).await;
    tablet.picture(&picture("wrong-pin")).await;
    tablet.click("who-else").await;
    sign_in(tablet, 1, "2580").await;
    tablet.is("live").await;
    tablet.click("shift-add").await;
    sign_in(tablet, 2, "1379").await;
    tablet.sees("taps-2").await;
    tablet.is("live").await;
    tablet.click("taps-1").await;
    let kata = app.join(named(CUT, "Kata Kovács")).await.visit();
    tablet.sees(&format!("waiting-{kata}")).await;
    tablet.picture(&picture("desk-signed-in")).await;
    tablet.click("next-1").await;
    tablet.sees("start-1").await;
    let log = app.log().await;
    let called = log.iter().rev().find(|r| matches!(r.event, Event::Called { .. }));
    let by = called.expect("Kata was called").by;
    assert!(matches!(by, Maker::Staff { staff, .. } if staff == ANNA), "{by:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_begins_pairs_screens_gives_pins_and_revokes() {
    must_have_pages();
    let app = TestApp::open().await;
    let base = format!("http://{}", app.address);
    let driver = Driver::start().await;
    let owner = driver.open(PHONE.0, PHONE.1).await;
    first_run(&app, &owner, &base).await;
    let stranger = driver.open(PHONE.0, PHONE.1).await;
    stranger_gets_nowhere(&stranger, &base).await;

    // A tablet and a lobby screen are paired by the codes they show.
    let tablet = driver.open(TABLET.0, TABLET.1).await;
    tablet.load(&format!("{base}/salon/desk"), "unpaired").await;
    tablet.sees("screen-code").await;
    tablet.picture(&picture("tablet-code")).await;
    pair(&owner, &tablet, "tablet", "Front desk").await;
    tablet.is("live").await;
    let wall = driver.open(WALL.0, WALL.1).await;
    wall.load(&format!("{base}/salon/pair"), "ready").await;
    wall.picture(&picture("pair-as")).await;
    wall.click("pair-as-display").await;
    pair(&owner, &wall, "display", "TV").await;
    wall.is("live").await;
    wall.until("the lobby", "location.pathname === '/salon'").await;

    pins(&app, &owner, &tablet).await;

    // Revoked: the tablet forgets the line at once and shows a code again.
    let id = owner
        .ask("document.querySelector('[data-kind=tablet]').dataset.testid.split('-')[1]")
        .await;
    let unpair = format!("unpair-{}", id.as_str().expect("a number"));
    owner.click(&unpair).await;
    owner.click(&unpair).await;
    tablet.is("unpaired").await;
    let body = tablet.ask("document.body.innerText").await.to_string();
    assert!(!body.contains("Kata"), "nothing of the line is left: {body}");

    // Signed out, the owner's phone is no desk; signed in again it is.
    owner.click("sign-out").await;
    owner.is("sign-in").await;
    owner.load(&format!("{base}/salon/desk"), "owners").await;
    owner.picture(&picture("owners-browser")).await;
    owner.click("to-owner").await;
    owner.is("sign-in").await;
    write_password(&owner, PASSWORD).await;
    owner.click("sign-in").await;
    owner.is("home").await;
    owner.load(&format!("{base}/salon/desk"), "live").await;
}

/// What the list on the owner's page says is missing without encryption, and how a page sees it.
const LESS: [(&str, &str); 5] = [
    ("an encrypted way", "window.isSecureContext"),
    ("a page without a connection", "'serviceWorker' in navigator"),
    // Chromium shows `PushManager` everywhere, but only a service worker can get messages by it.
    (
        "messages to closed pages",
        "'PushManager' in window && !!navigator.serviceWorker?.getRegistration",
    ),
    ("a screen that stays on", "'wakeLock' in navigator"),
    ("copying by a tap", "'clipboard' in navigator"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_works_less_without_encryption_is_what_the_owner_is_told() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let browser = driver.open(PHONE.0, PHONE.1).await;
    let code = app.access().first_run_code();
    // A name in the local network, as a phone there would use it.
    let plain = format!("http://{OTHER_NAME}:{}", app.address.port());
    browser.load(&format!("{plain}/salon/owner#code={code}"), "first").await;
    browser.sees("plain-note").await;
    browser.picture(&picture("plain-note")).await;
    let told = browser.ask("document.querySelectorAll('[data-testid=plain-note] li').length").await;
    assert_eq!(told, LESS.len(), "each line is tried here");
    for (what, expression) in LESS {
        assert_eq!(browser.ask(expression).await, false, "{what} works after all");
    }
    // Everything else does: joining, and the time as it changes.
    browser.open(&format!("{plain}/salon")).await;
    // What came from this very machine, or encrypted, has all of it.
    browser.load(&format!("http://{}/salon/owner#code={code}", app.address), "first").await;
    browser.sees_no("plain-note").await;
    for (what, expression) in LESS {
        assert_eq!(browser.ask(expression).await, true, "{what}");
    }
    tell(&format!("plain HTTP: {} things that work less, each tried in the browser", LESS.len()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_erases_what_is_held_on_somebody_who_asks_for_it() {
    must_have_pages();
    let app = TestApp::open().await;
    let contact = Some("+36 30 123 4567".to_owned());
    let joined = app.join(Join { contact, ..named(CUT, "Ana Kovács") }).await;
    let (visit, code) = (joined.visit(), joined.visit().code());
    app.settled().await;
    let driver = Driver::start().await;
    let desk = driver.open(TABLET.0, TABLET.1).await;
    desk.open(&app.desk_link()).await;
    desk.click(&format!("more-{visit}")).await;
    let erase = format!("erase-{visit}");
    assert_eq!(desk.text(&erase).await, "Erase what we hold");
    desk.click(&erase).await;
    // Asked once more, and nothing has happened yet.
    let asks = format!(
        "document.querySelector('[data-testid={erase}]').innerText === \
         'Erase what we hold on Ana Kovács?'"
    );
    desk.until("it asks", &asks).await;
    assert_eq!(app.phone(joined.link()).await.name, "Ana Kovács");
    desk.picture(&picture("desk-erase")).await;
    desk.click(&erase).await;
    let is_gone = format!(
        "document.querySelector('[data-testid={erase}]') === null \
         && !document.body.innerText.includes('Ana') \
         && document.body.innerText.includes('{code}') \
         && document.body.innerText.includes('Erased:')"
    );
    desk.until("who it was is gone, and the visit is there", &is_gone).await;
    desk.picture(&picture("desk-erased")).await;
    let phone = app.phone(joined.link()).await;
    assert_eq!((phone.name.as_str(), phone.contact), (code.as_str(), None));
    let kept = app.get(&format!("/api/visits/{}/data", joined.link())).await.text();
    assert!(!kept.contains("Ana") && !kept.contains("123 4567"), "{kept}");
}
