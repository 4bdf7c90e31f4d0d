//! The desk, each of its panels, and what comes before it opens.

use hyper::Method;
use sooner_shared::Command;
use sooner_shared::access::NewPin;
use sooner_shared::command::{Booking, DelayReason, Scope};
use sooner_shared::time::MINUTE_MS;

use super::shops::{
    BEN, HAIRCUT, MARIA, TUESDAY, busy, does, minutes_until, open_salon, salon, seated, staffed,
    with,
};
use super::{Gallery, Look, TABLET};
use crate::app::TestApp;
use crate::browser::Browser;
use crate::salon::named;
use crate::visitor::Visitor;

const PAGE: &str = "desk";

pub(super) async fn walk<L: Look>(gallery: &mut Gallery<'_, L>) {
    if !gallery.wants(PAGE) {
        return;
    }
    let tablet = gallery.browser(TABLET).await;
    at_work(gallery, &tablet).await;
    in_danger(gallery, &tablet).await;
    in_the_way(gallery, &tablet).await;
    before_it_opens(gallery).await;
}

async fn open(tablet: &Browser<'_>, app: &TestApp) {
    tablet.load(&app.desk_link(), "live").await;
    tablet.sees("walkin").await;
}

/// A busy morning, every panel of it, and the moment the server is gone.
async fn at_work<L: Look>(gallery: &mut Gallery<'_, L>, tablet: &Browser<'_>) {
    let (app, waiting) = busy().await;
    let visit = waiting[1].visit();
    let at = TUESDAY + 180 * MINUTE_MS;
    let name = Some("Zoé Tóth".to_owned());
    let booking =
        Booking { service: HAIRCUT, more: vec![], requested: Some(BEN), at, name, contact: None };
    does(&app, Command::Book(booking)).await;
    does(&app, Command::Hold { visit: waiting[3].visit() }).await;
    let text = "Is there parking?".to_owned();
    does(&app, Command::Ask { visit: waiting[4].visit(), text }).await;
    open(tablet, &app).await;
    gallery.show(tablet, PAGE, "busy", TABLET).await;
    tablet.click(&format!("more-{visit}")).await;
    tablet.sees(&format!("panel-{visit}")).await;
    gallery.show(tablet, PAGE, "one who waits, opened", TABLET).await;
    tablet.click(&format!("more-{visit}")).await;
    tablet.click(&format!("duty-more-{MARIA}")).await;
    tablet.sees(&format!("duty-panel-{MARIA}")).await;
    gallery.show(tablet, PAGE, "a chair, opened", TABLET).await;
    tablet.click(&format!("duty-more-{MARIA}")).await;
    for (opener, panel, state) in [
        ("quote", "quote-panel", "quote"),
        ("rest", "rest-panel", "breaks"),
        ("bar-more", "more-panel", "more"),
    ] {
        tablet.click(opener).await;
        tablet.sees(panel).await;
        gallery.show(tablet, PAGE, state, TABLET).await;
        tablet.click(opener).await;
        tablet.sees_no(panel).await;
    }
    for (opener, panel, state) in
        [("book", "book-panel", "appointment"), ("delay", "delay-panel", "delay")]
    {
        tablet.click("bar-more").await;
        tablet.click(opener).await;
        tablet.sees(panel).await;
        gallery.show(tablet, PAGE, state, TABLET).await;
        tablet.click(&format!("{opener}-close")).await;
        tablet.sees_no(panel).await;
    }
    tablet.click("walkin").await;
    tablet.sees("service-1").await;
    gallery.show(tablet, PAGE, "walk-in, service", TABLET).await;
    tablet.click("service-1").await;
    tablet.sees("person-any").await;
    gallery.show(tablet, PAGE, "walk-in, person", TABLET).await;
    tablet.click("person-any").await;
    tablet.sees("saycard").await;
    gallery.show(tablet, PAGE, "walk-in, to say", TABLET).await;
    tablet.click("walkin-close").await;
    app.close().await;
    tablet.is("stale").await;
    tablet.click("start-2").await;
    tablet.until("it is kept", "document.querySelector('.waits, .unsent')").await;
    gallery.show(tablet, PAGE, "no connection, a tap kept", TABLET).await;
}

/// Promises at risk, with remedies; then one that was broken, with what makes it good.
async fn in_danger<L: Look>(gallery: &mut Gallery<'_, L>, tablet: &Browser<'_>) {
    let app = salon().await;
    seated(&app, MARIA, HAIRCUT, "Olga Nowak").await;
    seated(&app, BEN, HAIRCUT, "Li").await;
    let kata = app.join(with(HAIRCUT, BEN, "Kata Kovács")).await;
    app.join(with(HAIRCUT, BEN, "Peter Nagy")).await;
    app.advance_minutes(8).await;
    open(tablet, &app).await;
    tablet.click(&format!("duty-more-{BEN}")).await;
    tablet.click(&format!("duty-{BEN}")).await;
    tablet.sees("price-panel").await;
    tablet.click("price-names").await;
    gallery.show(tablet, PAGE, "price", TABLET).await;
    tablet.click("price-cancel").await;
    let ms = 45 * MINUTE_MS;
    let delay = Command::ReportDelay { scope: Scope::Staff(BEN), ms, reason: DelayReason::Work };
    does(&app, delay).await;
    tablet.sees("help-strip").await;
    gallery.show(tablet, PAGE, "at risk", TABLET).await;
    tablet.click("help").await;
    tablet.sees("help-panel").await;
    gallery.show(tablet, PAGE, "remedies", TABLET).await;
    let is_missed = |view: &sooner_shared::view::VisitView| view.missed.is_some();
    minutes_until(&app, "an apology", kata.visit(), kata.link(), is_missed).await;
    tablet.sees(&format!("task-recover-{}", kata.visit())).await;
    gallery.show(tablet, PAGE, "to make good", TABLET).await;
}

async fn in_the_way<L: Look>(gallery: &mut Gallery<'_, L>, tablet: &Browser<'_>) {
    let app = staffed(open_salon(), &[]).await;
    open(tablet, &app).await;
    gallery.show(tablet, PAGE, "nobody on duty", TABLET).await;
    let app = salon().await;
    does(&app, Command::CloseLine).await;
    open(tablet, &app).await;
    gallery.show(tablet, PAGE, "full", TABLET).await;
    let app = salon().await;
    app.join(named(HAIRCUT, "Kata Kovács")).await;
    app.advance_minutes(150).await;
    open(tablet, &app).await;
    tablet.sees("standing").await;
    gallery.show(tablet, PAGE, "silent", TABLET).await;
}

/// A code to pair it by, a link that was used, and who is at it.
async fn before_it_opens<L: Look>(gallery: &mut Gallery<'_, L>) {
    let app = salon().await;
    let base = format!("http://{}", app.address);
    let stranger = gallery.browser(TABLET).await;
    stranger.load(&format!("{base}/salon/desk"), "unpaired").await;
    stranger.sees("screen-code").await;
    gallery.show(&stranger, PAGE, "not paired", TABLET).await;
    stranger.load(&format!("{base}/salon/desk#pair=guessed"), "unpaired").await;
    stranger.sees("link-used").await;
    gallery.show(&stranger, PAGE, "a used link", TABLET).await;
    let (mut owner, _) = Visitor::owner(&app).await;
    let path = format!("/api/shops/salon/pins/{MARIA}");
    let set = owner.send(Method::PUT, &path, &NewPin { pin: Some("2580".to_owned()) }).await;
    assert!(set.status < 300, "{}", set.text());
    stranger.load(&app.desk_link(), "pin").await;
    stranger.sees("who-1").await;
    gallery.show(&stranger, PAGE, "who are you", TABLET).await;
    stranger.click("who-1").await;
    for digit in [2, 5, 8, 1] {
        stranger.click(&format!("digit-{digit}")).await;
    }
    stranger.click("pin-in").await;
    stranger.until("wrong", "document.querySelector('[data-testid=trouble]').innerText").await;
    gallery.show(&stranger, PAGE, "a wrong PIN", TABLET).await;
}
