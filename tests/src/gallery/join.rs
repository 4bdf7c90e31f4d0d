//! Joining by oneself.

use sooner_server::sample::Kind;
use sooner_shared::Command;
use sooner_shared::time::MINUTE_MS;

use super::shops::{MARIA, TUESDAY, does, open_salon, salon, sample_shop, staffed};
use super::{Gallery, Look, PHONE};
use crate::app::TestApp;
use crate::browser::Browser;

const PAGE: &str = "join";

pub(super) async fn walk<L: Look>(gallery: &mut Gallery<'_, L>) {
    if !gallery.wants(PAGE) {
        return;
    }
    let phone = gallery.browser(PHONE).await;
    let app = salon().await;
    open(&phone, &app).await;
    phone.sees("service-1").await;
    gallery.show(&phone, PAGE, "service", PHONE).await;
    phone.click("service-1").await;
    phone.sees("person-any").await;
    gallery.show(&phone, PAGE, "person", PHONE).await;
    phone.write("name", "Kata Kovács").await;
    phone.write("contact", "nobody").await;
    phone.click("join").await;
    phone.until("refused", "document.querySelector('[data-testid=notice]').innerText").await;
    gallery.show(&phone, PAGE, "refused", PHONE).await;
    app.close().await;
    phone.is("stale").await;
    gallery.show(&phone, PAGE, "no connection", PHONE).await;

    let app = staffed(open_salon(), &[]).await;
    open(&phone, &app).await;
    phone.sees("standing").await;
    gallery.show(&phone, PAGE, "nobody on duty", PHONE).await;
    let app = salon().await;
    does(&app, Command::CloseLine).await;
    open(&phone, &app).await;
    phone.sees("standing").await;
    gallery.show(&phone, PAGE, "full", PHONE).await;
    let app = staffed(sample_shop(Kind::Salon), &[MARIA]).await;
    app.advance_to(TUESDAY + 11 * 60 * MINUTE_MS).await;
    open(&phone, &app).await;
    phone.sees("standing").await;
    gallery.show(&phone, PAGE, "closed", PHONE).await;
}

async fn open(phone: &Browser<'_>, app: &TestApp) {
    phone.load(&format!("http://{}/salon/join?here", app.address), "live").await;
}
