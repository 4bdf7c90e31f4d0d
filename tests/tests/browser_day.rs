//! The desk and the phones of the whole shop in a real browser: what a day asks of them beyond the
//! main job.

use sooner_shared::Command;
use sooner_shared::command::Booking;
use sooner_shared::time::MINUTE_MS;
use sooner_tests::app::TestApp;
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::salon::{ANNA, BEN, CUT, NINE, named};

use crate::browser::pictures;

const TABLET: (u32, u32) = (1024, 768);
const PHONE: (u32, u32) = (390, 844);

/// A shop at nine with Anna and Ben, its desk on a tablet.
async fn open<'a>(app: &TestApp, driver: &'a Driver) -> Browser<'a> {
    let desk = driver.open(TABLET.0, TABLET.1).await;
    let address = app.desk_link();
    desk.open(&address).await;
    desk.is("live").await;
    desk
}

/// The phone of somebody, at their private link.
async fn phone<'a>(app: &TestApp, driver: &'a Driver, link: &str) -> Browser<'a> {
    let phone = driver.open(PHONE.0, PHONE.1).await;
    phone.open(&format!("http://{}/v/{link}", app.address)).await;
    phone.is("live").await;
    phone
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_answered_and_a_hold_is_taken_back() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let desk = open(&app, &driver).await;
    let kata = app.join(named(CUT, "Kata Kovács")).await;
    let card = kata.visit();
    let on_phone = phone(&app, &driver, kata.link()).await;

    on_phone.click("ask").await;
    on_phone.write("ask-text", "Is there parking?").await;
    on_phone.click("ask-send").await;
    desk.until(
        "the question is on the card",
        &format!(
            "document.querySelector('[data-testid=\"waiting-{card}\"]')?.innerText\
             .includes('Is there parking?')"
        ),
    )
    .await;
    desk.click(&format!("more-{card}")).await;
    desk.click(&format!("act-answer-{card}")).await;
    desk.write("answer-text", "Behind the house.").await;
    desk.click("answer-send").await;
    on_phone
        .until(
            "the answer is on the phone",
            "document.querySelector('[data-testid=answer]')?.innerText\
             .includes('Behind the house.')",
        )
        .await;

    desk.click(&format!("more-{card}")).await;
    desk.click(&format!("act-hold-{card}")).await;
    on_phone.until("the phone says on hold", &scene("on_hold")).await;
    desk.click("undo").await;
    on_phone.until("the hold is taken back", &scene("next")).await;
}

fn scene(name: &str) -> String {
    format!("document.querySelector('[data-testid=page][data-scene={name}]') !== null")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_walk_in_is_three_taps_and_an_appointment_is_confirmed_by_one() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let desk = open(&app, &driver).await;
    for tap in ["walkin", "service-1", "person-any"] {
        desk.click(tap).await;
    }
    desk.sees("saycard").await;

    let at = NINE + 180 * MINUTE_MS;
    let name = Some("Zoé Tóth".to_owned());
    let booking =
        Booking { service: CUT, more: vec![], requested: Some(BEN), at, name, contact: None };
    let booked = app.shop(Command::Book(booking)).await.expect("Ben is free");
    let visit = booked.visit.expect("a visit");
    let on_phone = phone(&app, &driver, &booked.link.expect("a link")).await;
    on_phone.until("the phone shows an appointment", &scene("booked")).await;
    on_phone.click("confirm").await;
    on_phone.sees("confirmed-seen").await;
    desk.click("walkin-close").await;
    desk.sees(&format!("booked-{visit}")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_break_and_a_closed_line_are_said_where_people_look() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let desk = open(&app, &driver).await;
    desk.click(&format!("duty-more-{ANNA}")).await;
    desk.click(&format!("break-10-{ANNA}")).await;
    let rests = format!(
        "document.querySelector('[data-testid=chair-card-{ANNA}]')?.dataset.duty === 'break'"
    );
    desk.until("Anna is on a break", &rests).await;
    assert!(app.count(|e| matches!(e, sooner_engine::Event::TookBreak { .. })).await == 1);

    let guest = driver.open(PHONE.0, PHONE.1).await;
    guest.open(&format!("http://{}/salon/join?here", app.address)).await;
    guest.sees("service-1").await;
    desk.click("line").await;
    guest
        .until(
            "the join page says that nobody new is taken",
            "document.querySelector('[data-testid=standing]')?.dataset.standing === 'full'",
        )
        .await;
    desk.click("line").await;
    guest.sees("service-1").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_leaves_a_contact_sees_what_is_kept_and_erases_it() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let desk = open(&app, &driver).await;
    let on_phone = driver.open(PHONE.0, PHONE.1).await;
    on_phone.open(&format!("http://{}/salon/join", app.address)).await;
    on_phone.is("live").await;
    on_phone.click(&format!("service-{CUT}")).await;
    // Written from right to left, beside times that are not.
    on_phone.write("name", "שרה לוי").await;
    on_phone.write("contact", "nobody").await;
    let hint = on_phone.ask("document.getElementById('contact-hint').innerText").await;
    assert_eq!(hint, "Only the shop sees it. It is erased after 30 days.");
    on_phone.click("join").await;
    let refused = "document.querySelector('[data-testid=notice]').innerText.includes('phone')";
    on_phone.until("it is told what a contact is", refused).await;
    on_phone.ask("document.querySelector('[data-testid=contact]').value = ''").await;
    on_phone.write("contact", "+36 1 555 0199").await;
    on_phone.picture(&pictures().join("join-contact.png")).await;
    on_phone.click("join").await;
    on_phone.until("the phone says next", &scene("next")).await;
    on_phone.is("live").await;

    desk.click("more-1").await;
    desk.sees("reach-1").await;
    let href = desk.ask("document.querySelector('[data-testid=reach-1]').href").await;
    assert_eq!(href, "tel:+3615550199");
    desk.picture(&pictures().join("desk-contact.png")).await;

    on_phone.click("kept").await;
    on_phone.sees("kept-download").await;
    let words = on_phone.text("kept-words").await;
    assert!(words.contains("שרה לוי") && words.contains("+36 1 555 0199"), "{words}");
    on_phone.ask("document.querySelector('[data-testid=kept]').scrollIntoView()").await;
    on_phone.picture(&pictures().join("phone-kept.png")).await;
    on_phone.click("kept-erase").await;
    on_phone.click("erase-sure").await;
    let erased = "document.querySelector('[data-testid=notice]').innerText.includes('A01')";
    on_phone.until("it is erased", erased).await;
    on_phone.sees_no("kept-erase").await;
    assert_eq!(on_phone.text("kept-words").await, "");
    desk.sees_no("reach-1").await;
    let on_card = "document.querySelector('[data-testid=waiting-1] .name').innerText === 'A01'";
    desk.until("the desk has a code", on_card).await;
}
