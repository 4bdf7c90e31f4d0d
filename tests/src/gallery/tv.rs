//! The wall for old TVs.

use sooner_server::sample::Kind;
use sooner_shared::command::Join;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Command, StaffId};

use super::shops::{
    BATTERY, BEARD, HAIRCUT, MARIA, SCREEN_REPAIR, TUESDAY, busy, does, open_salon, repair, salon,
    sample_shop, seated, serve, staffed,
};
use super::{Gallery, Look, UPRIGHT, WALL};
use crate::app::TestApp;
use crate::browser::Browser;
use crate::salon::named;

const PAGE: &str = "tv";

pub(super) async fn walk<L: Look>(gallery: &mut Gallery<'_, L>) {
    if !gallery.wants(PAGE) {
        return;
    }
    let tv = gallery.browser(WALL).await;
    at_work(gallery, &tv).await;
    in_the_way(gallery, &tv).await;
    few_and_many(gallery, &tv).await;
    repairs(gallery, &tv).await;
}

async fn open(tv: &Browser<'_>, app: &TestApp) {
    tv.load(&format!("http://{}/salon/tv?lang=en-GB", app.address), "live").await;
    tv.sees("newcomer").await;
}

async fn at_work<L: Look>(gallery: &mut Gallery<'_, L>, tv: &Browser<'_>) {
    let (app, _) = busy().await;
    open(tv, &app).await;
    gallery.show(tv, PAGE, "busy", WALL).await;
    gallery.show(tv, PAGE, "busy, upright", UPRIGHT).await;
    app.close().await;
    tv.is("stale").await;
    gallery.show(tv, PAGE, "no connection", WALL).await;
}

/// What stands in the way of a time for somebody new.
async fn in_the_way<L: Look>(gallery: &mut Gallery<'_, L>, tv: &Browser<'_>) {
    let app = staffed(open_salon(), &[]).await;
    app.join_without_time(named(HAIRCUT, "Kata Kovács")).await;
    open(tv, &app).await;
    tv.sees("standing").await;
    gallery.show(tv, PAGE, "nobody on duty", WALL).await;
    let app = salon().await;
    app.join(named(HAIRCUT, "Kata Kovács")).await;
    does(&app, Command::CloseLine).await;
    open(tv, &app).await;
    tv.sees("standing").await;
    gallery.show(tv, PAGE, "full", WALL).await;
    let app = salon().await;
    app.join(named(HAIRCUT, "Kata Kovács")).await;
    app.advance_minutes(150).await;
    open(tv, &app).await;
    tv.sees("standing").await;
    gallery.show(tv, PAGE, "silent", WALL).await;
    let app = staffed(sample_shop(Kind::Salon), &[MARIA]).await;
    app.advance_to(TUESDAY + 11 * 60 * MINUTE_MS).await;
    open(tv, &app).await;
    tv.sees("standing").await;
    gallery.show(tv, PAGE, "closed", WALL).await;
}

async fn few_and_many<L: Look>(gallery: &mut Gallery<'_, L>, tv: &Browser<'_>) {
    let app = salon().await;
    open(tv, &app).await;
    gallery.show(tv, PAGE, "nobody waits", WALL).await;
    serve(&app, 30).await;
    for n in 0..40 {
        let service = if n % 3 == 0 { BEARD } else { HAIRCUT };
        app.join(Join::new(service)).await;
        app.advance_minutes(1).await;
    }
    open(tv, &app).await;
    tv.until("the share", "document.querySelector('[data-testid=kept]').innerText").await;
    gallery.show(tv, PAGE, "forty wait", WALL).await;
    gallery.show(tv, PAGE, "forty wait, upright", UPRIGHT).await;
}

/// One to be fetched, one being worked on, one who is checked in.
async fn repairs<L: Look>(gallery: &mut Gallery<'_, L>, tv: &Browser<'_>) {
    let app = repair().await;
    let (nora, tom) = (StaffId(1), StaffId(2));
    let ready = app.join(named(SCREEN_REPAIR, "Kata Kovács")).await.visit();
    for staff in [nora, tom, tom, tom] {
        does(&app, Command::Start { visit: ready, staff }).await;
        app.advance_minutes(5).await;
        does(&app, Command::Finish { visit: ready }).await;
    }
    seated(&app, tom, BATTERY, "Olga Nowak").await;
    seated(&app, nora, SCREEN_REPAIR, "Peter Nagy").await;
    app.join(named(BATTERY, "Zoe Quintus")).await;
    open(tv, &app).await;
    tv.sees(&format!("ready-{ready}")).await;
    gallery.show(tv, PAGE, "ready to collect", WALL).await;
}
