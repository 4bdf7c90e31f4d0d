//! Joining at a screen that belongs to the shop, from its pairing on.

use sooner_server::sample::Kind;
use sooner_shared::access::{Confirm, DeviceKind};
use sooner_shared::time::MINUTE_MS;

use super::shops::{MARIA, TUESDAY, open_salon, salon, sample_shop, staffed};
use super::{Gallery, Look, TABLET};
use crate::app::TestApp;
use crate::browser::{Browser, timers};
use crate::visitor::Visitor;

const PAGE: &str = "kiosk";

pub(super) async fn walk<L: Look>(gallery: &mut Gallery<'_, L>) {
    if !gallery.wants(PAGE) {
        return;
    }
    let kiosk = gallery.browser(TABLET).await;
    // What is shown for 20 seconds is looked at for longer.
    kiosk.before_each_page(timers::HELD).await;
    let app = salon().await;
    pairing(gallery, &kiosk, &app).await;
    joining(gallery, &kiosk).await;
    app.close().await;
    kiosk.is("stale").await;
    gallery.show(&kiosk, PAGE, "no connection", TABLET).await;
    in_the_way(gallery, &kiosk).await;
}

async fn open(kiosk: &Browser<'_>, app: &TestApp) {
    kiosk.load(&format!("http://{}/salon/join?here&kiosk", app.address), "live").await;
}

/// The owner confirms it from elsewhere; it goes on by itself.
async fn pairing<L: Look>(gallery: &mut Gallery<'_, L>, kiosk: &Browser<'_>, app: &TestApp) {
    kiosk.load(&format!("http://{}/salon/pair", app.address), "ready").await;
    kiosk.click("pair-as-kiosk").await;
    kiosk.until("a code", "document.querySelector('[data-testid=screen-code]').innerText").await;
    gallery.show(kiosk, PAGE, "not paired", TABLET).await;
    let (mut owner, _) = Visitor::owner(app).await;
    let code = kiosk.text("screen-code").await;
    let kind = DeviceKind::Kiosk;
    let confirm = Confirm { code, kind, label: "Front desk".to_owned() };
    let confirmed = owner.post("pairings/confirm", &confirm).await;
    assert_eq!(confirmed.status, 204, "{}", confirmed.text());
    kiosk.until("it is paired", "location.search.includes('kiosk')").await;
    kiosk.is("live").await;
}

async fn joining<L: Look>(gallery: &mut Gallery<'_, L>, kiosk: &Browser<'_>) {
    kiosk.sees("service-1").await;
    gallery.show(kiosk, PAGE, "start", TABLET).await;
    kiosk.click("service-1").await;
    kiosk.sees("person-any").await;
    kiosk.write("name", "Kata Kovács").await;
    gallery.show(kiosk, PAGE, "a service, a name", TABLET).await;
    kiosk.click("join").await;
    kiosk.sees("joined").await;
    let loaded = "document.querySelector('[data-testid=kiosk-qr]').naturalWidth > 0";
    kiosk.until("the code to take along", loaded).await;
    kiosk
        .until(
            "the name as on the wall",
            "document.querySelector('[data-testid=kiosk-name]').innerText.includes('Kata K.')",
        )
        .await;
    gallery.show(kiosk, PAGE, "the time", TABLET).await;
    kiosk.click("kiosk-done").await;
    kiosk.sees("service-1").await;
}

async fn in_the_way<L: Look>(gallery: &mut Gallery<'_, L>, kiosk: &Browser<'_>) {
    let app = staffed(open_salon(), &[]).await;
    open(kiosk, &app).await;
    kiosk.sees("standing").await;
    gallery.show(kiosk, PAGE, "nobody on duty", TABLET).await;
    kiosk.click("service-1").await;
    kiosk.click("join").await;
    kiosk.sees("joined").await;
    kiosk.sees_no("promise").await;
    gallery.show(kiosk, PAGE, "no time yet", TABLET).await;
    let app = staffed(sample_shop(Kind::Salon), &[MARIA]).await;
    app.advance_to(TUESDAY + 11 * 60 * MINUTE_MS).await;
    open(kiosk, &app).await;
    kiosk.sees("standing").await;
    kiosk.sees_no("join").await;
    gallery.show(kiosk, PAGE, "closed", TABLET).await;
}
