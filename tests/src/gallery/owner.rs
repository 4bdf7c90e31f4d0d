//! The owner's pages, screens to be paired, and addresses that lead nowhere.

use sooner_shared::access::{DeviceKind, SignIn};

use super::shops::{MARIA, salon};
use super::{Gallery, LAPTOP, Look, PHONE, WALL};
use crate::app::TestApp;
use crate::browser::Browser;
use crate::visitor::{PASSWORD, Visitor};

pub(super) async fn walk<L: Look>(gallery: &mut Gallery<'_, L>) {
    let app = salon().await;
    let base = format!("http://{}/salon", app.address);
    if gallery.wants("owner") {
        let laptop = gallery.browser(LAPTOP).await;
        first_run(gallery, &laptop, &app, &base).await;
        signed_in(gallery, &laptop, &app, &base).await;
        let stranger = gallery.browser(LAPTOP).await;
        sign_in(gallery, &stranger, &base).await;
    }
    if gallery.wants("pair") {
        let screen = gallery.browser(WALL).await;
        screen.load(&format!("{base}/pair"), "ready").await;
        gallery.show(&screen, "pair", "what for", WALL).await;
        screen.click("pair-as-display").await;
        screen
            .until("a code", "document.querySelector('[data-testid=screen-code]').innerText")
            .await;
        gallery.show(&screen, "pair", "code", WALL).await;
    }
    if gallery.wants("reach") {
        let phone = gallery.browser(PHONE).await;
        phone.load(&format!("{base}/reach#try=guessed"), "ready").await;
        gallery.show(&phone, "reach", "too old", PHONE).await;
    }
    if gallery.wants("nowhere") {
        let phone = gallery.browser(PHONE).await;
        phone.load(&format!("http://{}/No-such-page", app.address), "gone").await;
        gallery.show(&phone, "nowhere", "no such page", PHONE).await;
    }
}

const TROUBLE: &str = "document.querySelector('[data-testid=trouble]').innerText";

async fn write_password(browser: &Browser<'_>, password: &str) {
    browser.sees("password").await;
    browser.ask("document.querySelector('[data-testid=password]').select()").await;
    browser.write("password", password).await;
}

async fn first_run<L: Look>(
    gallery: &mut Gallery<'_, L>,
    laptop: &Browser<'_>,
    app: &TestApp,
    base: &str,
) {
    let code = app.access().first_run_code();
    laptop.load(&format!("{base}/owner#code={code}"), "first").await;
    gallery.show(laptop, "owner", "first run", LAPTOP).await;
    write_password(laptop, "1234567890").await;
    laptop.click("begin").await;
    laptop.until("too weak", TROUBLE).await;
    gallery.show(laptop, "owner", "a weak password", LAPTOP).await;
    write_password(laptop, PASSWORD).await;
    laptop.click("begin").await;
    laptop.sees("recovery-code").await;
    gallery.show(laptop, "owner", "recovery code", LAPTOP).await;
    laptop.click("kept").await;
    laptop.is("home").await;
    laptop.sees("address").await;
    gallery.show(laptop, "owner", "home, new", LAPTOP).await;
}

/// With a tablet, a PIN, a program's key, and a phone that is tried.
async fn signed_in<L: Look>(
    gallery: &mut Gallery<'_, L>,
    laptop: &Browser<'_>,
    app: &TestApp,
    base: &str,
) {
    let mut owner = Visitor::new(app.address);
    let signed_in = owner.post("login", &SignIn { password: PASSWORD.to_owned() }).await;
    assert!(signed_in.status < 300, "{}", signed_in.text());
    drop(Visitor::paired(app, &mut owner, DeviceKind::Tablet).await);
    laptop.load(&format!("{base}/owner"), "home").await;
    laptop.write(&format!("pin-{MARIA}"), "2580").await;
    laptop.click(&format!("pin-set-{MARIA}")).await;
    let has =
        format!("document.querySelector('[data-testid=pin-of-{MARIA}]').dataset.has === 'true'");
    laptop.until("a PIN", &has).await;
    laptop.ask("document.querySelectorAll('details').forEach(part => { part.open = true; })").await;
    laptop.write("key-label", "Booking system").await;
    laptop.click("scope-join").await;
    laptop.click("key-make").await;
    laptop.sees("made-key").await;
    laptop.click("reach-begin").await;
    laptop.sees("reach-state").await;
    gallery.show(laptop, "owner", "home, with screens and programs", LAPTOP).await;
}

async fn sign_in<L: Look>(gallery: &mut Gallery<'_, L>, stranger: &Browser<'_>, base: &str) {
    stranger.load(&format!("{base}/owner"), "sign-in").await;
    gallery.show(stranger, "owner", "sign in", LAPTOP).await;
    write_password(stranger, "password one").await;
    stranger.click("sign-in").await;
    stranger.until("an answer", TROUBLE).await;
    gallery.show(stranger, "owner", "a wrong password", LAPTOP).await;
    stranger.click("forgot").await;
    stranger.sees("recovery").await;
    gallery.show(stranger, "owner", "recovery", LAPTOP).await;
}
