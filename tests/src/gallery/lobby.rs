//! The wall.

use sooner_server::sample::Kind;
use sooner_shared::command::Join;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Command, StaffId};

use super::shops::{
    BATTERY, BEARD, HAIRCUT, MARIA, TUESDAY, busy, does, open_salon, repair, salon, sample_shop,
    serve, staffed,
};
use super::{Gallery, Look, UPRIGHT, WALL};
use crate::app::TestApp;
use crate::browser::Browser;
use crate::salon::named;

const PAGE: &str = "lobby";

pub(super) async fn walk<L: Look>(gallery: &mut Gallery<'_, L>) {
    if !gallery.wants(PAGE) {
        return;
    }
    let wall = gallery.browser(WALL).await;
    in_the_morning(gallery, &wall).await;
    in_the_way(gallery, &wall).await;
    few_and_many(gallery, &wall).await;
    repairs(gallery, &wall).await;
}

async fn open(wall: &Browser<'_>, app: &TestApp) {
    wall.load(&format!("http://{}/salon", app.address), "live").await;
    wall.sees("newcomer").await;
}

async fn in_the_morning<L: Look>(gallery: &mut Gallery<'_, L>, wall: &Browser<'_>) {
    let (app, _) = busy().await;
    open(wall, &app).await;
    gallery.show(wall, PAGE, "busy", WALL).await;
    gallery.show(wall, PAGE, "busy, upright", UPRIGHT).await;
    app.close().await;
    wall.is("stale").await;
    gallery.show(wall, PAGE, "no connection", WALL).await;
}

/// What stands in the way of a time for somebody new.
async fn in_the_way<L: Look>(gallery: &mut Gallery<'_, L>, wall: &Browser<'_>) {
    let app = staffed(open_salon(), &[]).await;
    app.join_without_time(named(HAIRCUT, "Kata Kovács")).await;
    open(wall, &app).await;
    gallery.show(wall, PAGE, "nobody on duty", WALL).await;
    let app = salon().await;
    app.join(named(HAIRCUT, "Kata Kovács")).await;
    does(&app, Command::CloseLine).await;
    open(wall, &app).await;
    gallery.show(wall, PAGE, "full", WALL).await;
    let app = salon().await;
    app.join(named(HAIRCUT, "Kata Kovács")).await;
    app.advance_minutes(150).await;
    open(wall, &app).await;
    wall.sees("standing").await;
    gallery.show(wall, PAGE, "silent", WALL).await;
    let app = staffed(sample_shop(Kind::Salon), &[MARIA]).await;
    app.advance_to(TUESDAY + 11 * 60 * MINUTE_MS).await;
    open(wall, &app).await;
    wall.sees("standing").await;
    gallery.show(wall, PAGE, "closed", WALL).await;
    wall.load(&format!("http://{}/nobody-here", app.address), "gone").await;
    gallery.show(wall, PAGE, "no such shop", WALL).await;
}

async fn few_and_many<L: Look>(gallery: &mut Gallery<'_, L>, wall: &Browser<'_>) {
    let app = salon().await;
    open(wall, &app).await;
    gallery.show(wall, PAGE, "nobody waits", WALL).await;
    serve(&app, 30).await;
    wall.until("the share", "document.querySelector('[data-testid=kept]').innerText").await;
    gallery.show(wall, PAGE, "promises kept", WALL).await;
    for n in 0..40 {
        let service = if n % 3 == 0 { BEARD } else { HAIRCUT };
        app.join(Join::new(service)).await;
        app.advance_minutes(1).await;
    }
    wall.until("many", "document.querySelector('[data-testid=more]').innerText").await;
    gallery.show(wall, PAGE, "forty wait", WALL).await;
    gallery.show(wall, PAGE, "forty wait, upright", UPRIGHT).await;
}

async fn repairs<L: Look>(gallery: &mut Gallery<'_, L>, wall: &Browser<'_>) {
    let app = repair().await;
    let first = app.join(Join::new(BATTERY)).await;
    does(&app, Command::Start { visit: first.visit(), staff: StaffId(2) }).await;
    app.join(named(BATTERY, "Kata Kovács")).await;
    open(wall, &app).await;
    gallery.show(wall, PAGE, "repairs", WALL).await;
}
