//! The owner, a tablet, a lobby screen, a kiosk and a stranger, each in a browser of their own.

use sooner_shared::{Command, Maker};
use sooner_tests::app::TestApp;
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::salon::{ANNA, BEN, CUT, named};
use sooner_tests::visitor::PASSWORD;

use crate::browser::pictures;

const WALL: (u32, u32) = (1920, 1080);
const TABLET: (u32, u32) = (1024, 768);
const PHONE: (u32, u32) = (390, 844);

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_begins_pairs_screens_gives_pins_and_revokes() {
    must_have_pages();
    let app = TestApp::open().await;
    let base = format!("http://{}", app.address);
    let folder = pictures();
    let picture = |name: &str| folder.join(format!("access-{name}.png"));
    let driver = Driver::start().await;
    let owner = driver.open(PHONE.0, PHONE.1).await;

    // First run: the code comes with the link, the password is the owner's.
    let code = app.access().first_run_code();
    owner.load(&format!("{base}/salon/owner#code={code}"), "first").await;
    owner.picture(&picture("first-run")).await;
    owner.write("password", "1234567890").await;
    owner.click("begin").await;
    owner.until("too weak", "document.querySelector('[data-testid=trouble]').innerText").await;
    owner.picture(&picture("weak-password")).await;
    owner.write("password", PASSWORD).await;
    let whole = format!(
        "document.querySelector('[data-testid=password]').value === '1234567890{PASSWORD}'"
    );
    owner.until("both are written", &whole).await;
    owner.ask("document.querySelector('[data-testid=password]').select()").await;
    owner.write("password", PASSWORD).await;
    owner.click("begin").await;
    owner.sees("recovery-code").await;
    let recovery = owner.text("recovery-code").await;
    assert_eq!(recovery.replace('-', "").len(), 26, "{recovery}");
    owner.picture(&picture("recovery-code")).await;
    owner.click("kept").await;
    owner.is("home").await;
    owner.picture(&picture("owner")).await;
    assert!(!owner.text("address").await.is_empty());

    // A stranger at the desk's address gets a code and no more.
    let stranger = driver.open(PHONE.0, PHONE.1).await;
    stranger.load(&format!("{base}/salon/desk"), "unpaired").await;
    stranger.sees("screen-code").await;
    stranger.load(&format!("{base}/salon/desk#pair=guessed"), "unpaired").await;
    stranger.sees("link-used").await;
    stranger.load(&format!("{base}/salon/owner"), "sign-in").await;
    for guess in ["password one", "password two", "password three", "password four"] {
        stranger.ask("document.querySelector('[data-testid=password]').select()").await;
        stranger.write("password", guess).await;
        stranger.click("sign-in").await;
        stranger
            .until("an answer", "document.querySelector('[data-testid=trouble]').innerText")
            .await;
    }
    stranger.click("sign-in").await;
    let held = "/wait until/.test(document.querySelector('[data-testid=trouble]').innerText)";
    stranger.until("too many tries", held).await;
    stranger.picture(&picture("too-many-tries")).await;

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

    // PINs: the desk closes until somebody has signed in, and taps are theirs.
    for (staff, pin) in [(1, "2580"), (2, "1379")] {
        owner.write(&format!("pin-{staff}"), pin).await;
        owner.click(&format!("pin-set-{staff}")).await;
        let has = format!("document.querySelector('[data-testid=pin-of-{staff}]').dataset.has");
        owner.until("a PIN", &format!("{has} === 'true'")).await;
    }
    owner.picture(&picture("owner-with-screens")).await;
    tablet.is("pin").await;
    tablet.picture(&picture("who-are-you")).await;
    sign_in(&tablet, 1, "2581").await;
    tablet.until("wrong", "document.querySelector('[data-testid=trouble]').innerText").await;
    tablet.picture(&picture("wrong-pin")).await;
    tablet.click("who-else").await;
    sign_in(&tablet, 1, "2580").await;
    tablet.is("live").await;
    tablet.click("shift-add").await;
    sign_in(&tablet, 2, "1379").await;
    tablet.sees("taps-2").await;
    tablet.is("live").await;
    tablet.click("taps-1").await;
    let kata = app.join(named(CUT, "Kata Kovács")).await.visit();
    tablet.sees(&format!("waiting-{kata}")).await;
    tablet.picture(&picture("desk-signed-in")).await;
    tablet.click("next-1").await;
    tablet.sees("start-1").await;
    let log = app.log().await;
    let called = log.iter().rev().find(|r| matches!(r.event, sooner_engine::Event::Called { .. }));
    let by = called.expect("Kata was called").by;
    assert!(matches!(by, Maker::Staff { staff, .. } if staff == ANNA), "{by:?}");

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
    owner.write("password", PASSWORD).await;
    owner.click("sign-in").await;
    owner.is("home").await;
    owner.load(&format!("{base}/salon/desk"), "live").await;
    app.shop(Command::GoOffDuty { staff: BEN }).await.expect("goes home");
}
