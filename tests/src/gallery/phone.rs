//! One person's own page, from the appointment to the thanks.

use sooner_shared::command::{Booking, DelayReason, Join, Scope};
use sooner_shared::screen::phone::Scene;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::VisitView;
use sooner_shared::{Command, StaffId};

use super::shops::{
    BATTERY, BEN, BOARD_REPAIR, CALL_BACK, COLOUR, DIAGNOSIS, HAIRCUT, MARIA, TUESDAY, does,
    minutes_until, open_salon, repair, salon, seated, staffed, with,
};
use super::{Gallery, Look, PHONE};
use crate::app::{Joined, TestApp};
use crate::browser::Browser;
use crate::salon::named;

const PAGE: &str = "phone";

pub(super) async fn walk<L: Look>(gallery: &mut Gallery<'_, L>) {
    if !gallery.wants(PAGE) {
        return;
    }
    let phone = gallery.browser(PHONE).await;
    booked(gallery, &phone).await;
    from_line_to_chair(gallery, &phone).await;
    between_steps(gallery, &phone).await;
    other_ends(gallery, &phone).await;
    a_bad_day(gallery, &phone).await;
    repairs(gallery, &phone).await;
}

async fn open(phone: &Browser<'_>, app: &TestApp, link: &str) {
    phone.load(&format!("http://{}/v/{link}", app.address), "live").await;
}

async fn at(phone: &Browser<'_>, scene: Scene) {
    let name = scene.as_str();
    let find = format!("document.querySelector('[data-testid=page][data-scene={name}]') !== null");
    phone.until(&format!("the phone is at {name}"), &find).await;
}

async fn booked<L: Look>(gallery: &mut Gallery<'_, L>, phone: &Browser<'_>) {
    let app = salon().await;
    let name = Some("Zoé Tóth".to_owned());
    let booking = Booking {
        service: HAIRCUT,
        more: vec![],
        requested: Some(BEN),
        at: TUESDAY + 180 * MINUTE_MS,
        name,
        contact: None,
    };
    let receipt = app.shop(Command::Book(booking)).await.expect("Ben is free");
    let link = receipt.link.expect("a link");
    open(phone, &app, &link).await;
    at(phone, Scene::Booked).await;
    gallery.show(phone, PAGE, "booked", PHONE).await;
    phone.click("confirm").await;
    phone.sees("confirmed-seen").await;
    gallery.show(phone, PAGE, "booked, confirmed", PHONE).await;
}

/// Somebody with two before them, to the end.
async fn from_line_to_chair<L: Look>(gallery: &mut Gallery<'_, L>, phone: &Browser<'_>) {
    let app = salon().await;
    let olga = seated(&app, MARIA, HAIRCUT, "Olga Nowak").await;
    let li = seated(&app, BEN, HAIRCUT, "Li").await;
    let peter = app.join(named(HAIRCUT, "Peter Nagy")).await;
    let kata = app.join(named(HAIRCUT, "Kata Kovács")).await;
    open(phone, &app, kata.link()).await;
    at(phone, Scene::InLine).await;
    gallery.show(phone, PAGE, "in line", PHONE).await;
    phone.click("here").await;
    phone.sees("seen").await;
    gallery.show(phone, PAGE, "in line, is here", PHONE).await;
    phone.click("notice-wish").await;
    phone.click("notice-20").await;
    let is_set = "document.querySelector('[data-testid=notice-wish]').innerText.includes('20')";
    phone.until("it will remind them", is_set).await;
    gallery.show(phone, PAGE, "in line, to be reminded", PHONE).await;
    let text = "Is there parking?".to_owned();
    does(&app, Command::Ask { visit: kata.visit(), text }).await;
    let text = "Behind the house.".to_owned();
    does(&app, Command::Answer { visit: kata.visit(), text }).await;
    phone.sees("answer").await;
    phone.click("kept").await;
    phone.sees("kept-erase").await;
    gallery.show(phone, PAGE, "in line, answered, with what is kept", PHONE).await;
    app.advance_minutes(20).await;
    does(&app, Command::CallNext { staff: MARIA, after: Some(olga.visit()) }).await;
    does(&app, Command::Start { visit: peter.visit(), staff: MARIA }).await;
    at(phone, Scene::Next).await;
    gallery.show(phone, PAGE, "next", PHONE).await;
    does(&app, Command::CallNext { staff: BEN, after: Some(li.visit()) }).await;
    at(phone, Scene::ComeIn).await;
    gallery.show(phone, PAGE, "come in", PHONE).await;
    does(&app, Command::Start { visit: kata.visit(), staff: BEN }).await;
    at(phone, Scene::Started).await;
    gallery.show(phone, PAGE, "started", PHONE).await;
    app.advance_minutes(25).await;
    does(&app, Command::Finish { visit: kata.visit() }).await;
    at(phone, Scene::Done).await;
    phone.sees("start-right").await;
    gallery.show(phone, PAGE, "done, asked about the start", PHONE).await;
    phone.click("start-right").await;
    phone.sees_no("start-right").await;
    phone.click("wait-good").await;
    phone.sees_pressed("wait-good").await;
    gallery.show(phone, PAGE, "done, feedback given", PHONE).await;
}

/// A colour takes its time between two steps.
async fn between_steps<L: Look>(gallery: &mut Gallery<'_, L>, phone: &Browser<'_>) {
    let app = salon().await;
    let kata = seated(&app, MARIA, COLOUR, "Kata Kovács").await;
    app.advance_minutes(20).await;
    does(&app, Command::Finish { visit: kata.visit() }).await;
    open(phone, &app, kata.link()).await;
    at(phone, Scene::Pending).await;
    gallery.show(phone, PAGE, "takes its time", PHONE).await;
    does(&app, Command::Continue { visit: kata.visit() }).await;
    phone
        .until_true(
            "it goes on",
            "return document.querySelector('[data-testid=stage][data-stage=pending]') === null",
        )
        .await;
    let promise = phone.ask("document.querySelectorAll('[data-testid=promise]').length").await;
    assert_eq!(promise, 0, "the promise to begin is behind them");
    gallery.show(phone, PAGE, "goes on soon", PHONE).await;
}

async fn other_ends<L: Look>(gallery: &mut Gallery<'_, L>, phone: &Browser<'_>) {
    let app = staffed(open_salon(), &[]).await;
    let kata = app.join_without_time(named(HAIRCUT, "Kata Kovács")).await;
    open(phone, &app, kata.link()).await;
    phone.sees("no-time").await;
    gallery.show(phone, PAGE, "no time yet", PHONE).await;
    does(&app, Command::Hold { visit: kata.visit() }).await;
    at(phone, Scene::OnHold).await;
    gallery.show(phone, PAGE, "on hold", PHONE).await;
    phone.click("leave").await;
    phone.sees("stay").await;
    gallery.show(phone, PAGE, "left, can be undone", PHONE).await;
    app.advance_minutes(1).await;
    phone.sees("again").await;
    gallery.show(phone, PAGE, "left", PHONE).await;

    let app = salon().await;
    let kata = app.join(named(HAIRCUT, "Kata Kovács")).await;
    does(&app, Command::Call { visit: kata.visit(), staff: BEN }).await;
    app.advance_to(kata.by() + 15 * MINUTE_MS).await;
    if app.phone(kata.link()).await.stage != sooner_shared::view::Stage::NoShow {
        does(&app, Command::MarkNoShow { visit: kata.visit() }).await;
    }
    open(phone, &app, kata.link()).await;
    at(phone, Scene::NoShow).await;
    gallery.show(phone, PAGE, "no-show", PHONE).await;

    let kata = app.join(named(HAIRCUT, "Kata Kovács")).await;
    open(phone, &app, kata.link()).await;
    let base = format!("http://{}", app.address);
    app.close().await;
    phone.is("stale").await;
    gallery.show(phone, PAGE, "no connection", PHONE).await;
    let app = salon().await;
    assert_ne!(base, format!("http://{}", app.address));
    phone.load(&format!("http://{}/v/salon.1.guessed", app.address), "gone").await;
    gallery.show(phone, PAGE, "no such visit", PHONE).await;
}

/// A later time with its choices, then an apology.
async fn a_bad_day<L: Look>(gallery: &mut Gallery<'_, L>, phone: &Browser<'_>) {
    let app = salon().await;
    seated(&app, MARIA, HAIRCUT, "Olga Nowak").await;
    seated(&app, BEN, HAIRCUT, "Li").await;
    let kata = app.join(with(HAIRCUT, BEN, "Kata Kovács")).await;
    app.advance_minutes(8).await;
    let ms = 60 * MINUTE_MS;
    let delay = Command::ReportDelay { scope: Scope::Staff(BEN), ms, reason: DelayReason::Work };
    does(&app, delay).await;
    open(phone, &app, kata.link()).await;
    let is_later = |view: &VisitView| view.instead_of.is_some();
    minutes_until(&app, "a later time", kata.visit(), kata.link(), is_later).await;
    phone.sees("choices").await;
    gallery.show(phone, PAGE, "a later time", PHONE).await;
    let is_missed = |view: &VisitView| view.missed.is_some();
    minutes_until(&app, "an apology", kata.visit(), kata.link(), is_missed).await;
    phone.sees("apology").await;
    gallery.show(phone, PAGE, "apology", PHONE).await;
}

/// Times to be ready, steps that wait, a call-back, news.
async fn repairs<L: Look>(gallery: &mut Gallery<'_, L>, phone: &Browser<'_>) {
    let app = repair().await;
    let board =
        app.join(Join { name: Some("Kata Kovács".into()), ..Join::new(BOARD_REPAIR) }).await;
    open(phone, &app, board.link()).await;
    at(phone, Scene::Next).await;
    gallery.show(phone, PAGE, "to be ready", PHONE).await;
    let (nora, vera) = (StaffId(1), StaffId(3));
    work(&app, &board, nora).await;
    work(&app, &board, vera).await;
    at(phone, Scene::Pending).await;
    gallery.show(phone, PAGE, "waits for a yes", PHONE).await;
    does(&app, Command::Approve { visit: board.visit() }).await;
    at(phone, Scene::Pending).await;
    phone.sees_no("approve").await;
    gallery.show(phone, PAGE, "waits for a part", PHONE).await;
    does(&app, Command::Continue { visit: board.visit() }).await;
    does(&app, Command::Start { visit: board.visit(), staff: vera }).await;
    at(phone, Scene::Started).await;
    gallery.show(phone, PAGE, "being worked on", PHONE).await;
    does(&app, Command::Finish { visit: board.visit() }).await;
    work(&app, &board, vera).await;
    at(phone, Scene::Ready).await;
    gallery.show(phone, PAGE, "ready", PHONE).await;

    for (service, state) in
        [(CALL_BACK, "a call-back"), (DIAGNOSIS, "news"), (BATTERY, "next of two")]
    {
        let joined =
            app.join(Join { name: Some("Kata Kovács".into()), ..Join::new(service) }).await;
        open(phone, &app, joined.link()).await;
        phone.sees("promise").await;
        gallery.show(phone, PAGE, state, PHONE).await;
    }
}

/// One step of a repair, begun and ended.
async fn work(app: &TestApp, joined: &Joined, staff: StaffId) {
    does(app, Command::Start { visit: joined.visit(), staff }).await;
    app.advance_minutes(5).await;
    does(app, Command::Finish { visit: joined.visit() }).await;
}
