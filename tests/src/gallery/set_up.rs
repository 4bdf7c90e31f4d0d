//! The set-up: each step of the first run, then the same parts as a list, with faults and without.

use sooner_server::sample;
use sooner_shared::Command;

use super::{Gallery, LAPTOP, Look};
use crate::app::TestApp;
use crate::browser::Browser;
use crate::salon::SALON;
use crate::visitor::PASSWORD;

const PAGE: &str = "set-up";

pub(super) async fn walk<L: Look>(gallery: &mut Gallery<'_, L>) {
    if !gallery.wants(PAGE) {
        return;
    }
    let mut new = sample::fresh("Europe/Budapest");
    new.id = SALON.parse().expect("a plain word");
    new.config.paths = 64;
    new.config.seed = 42;
    let app = TestApp::open_with(new).await;
    let laptop = gallery.browser(LAPTOP).await;
    laptop.is_in_zone("Europe/Budapest").await;
    let base = format!("http://{}/salon", app.address);
    steps(gallery, &laptop, &app, &base).await;
    tried(gallery, &laptop).await;
    list(gallery, &laptop, &app, &base).await;
}

/// What is folded away is shown too.
async fn unfold(laptop: &Browser<'_>) {
    laptop.ask("document.querySelectorAll('details').forEach(part => { part.open = true; })").await;
}

async fn goes_on_to(laptop: &Browser<'_>, part: &str) {
    laptop.click("step-next").await;
    let there = format!("document.querySelector('[data-part={part}]') !== null");
    laptop.until(&format!("the step {part}"), &there).await;
}

async fn steps<L: Look>(
    gallery: &mut Gallery<'_, L>,
    laptop: &Browser<'_>,
    app: &TestApp,
    base: &str,
) {
    let code = app.access().first_run_code();
    laptop.load(&format!("{base}/owner#code={code}"), "first").await;
    laptop.write("password", PASSWORD).await;
    laptop.click("begin").await;
    laptop.click("kept").await;
    laptop.is("steps").await;
    gallery.show(laptop, PAGE, "step 1, the shop", LAPTOP).await;
    laptop.click("step-next").await;
    laptop.until("a fault", "document.querySelector('[data-testid=fault-name]').innerText").await;
    gallery.show(laptop, PAGE, "step 1, without a name", LAPTOP).await;
    laptop.write("name", "Corner Salon").await;
    goes_on_to(laptop, "hours").await;
    gallery.show(laptop, PAGE, "step 2, always open", LAPTOP).await;
    laptop.click("week-0-4").await;
    laptop.sees("day-sun").await;
    gallery.show(laptop, PAGE, "step 2, the hours", LAPTOP).await;
    // The tests' shop is to stay open whatever the day.
    laptop.click("week-always").await;
    goes_on_to(laptop, "people").await;
    laptop.write("staff.0.name", "Maria").await;
    laptop.click("person-add").await;
    laptop.write("staff.1.name", "Ben").await;
    gallery.show(laptop, PAGE, "step 3, the people", LAPTOP).await;
    goes_on_to(laptop, "services").await;
    gallery.show(laptop, PAGE, "step 4, the services", LAPTOP).await;
    goes_on_to(laptop, "speak").await;
    gallery.show(laptop, PAGE, "step 5, how to speak", LAPTOP).await;
    goes_on_to(laptop, "print").await;
    gallery.show(laptop, PAGE, "step 6, to print", LAPTOP).await;
    goes_on_to(laptop, "try").await;
    laptop.sees("there-1").await;
    gallery.show(laptop, PAGE, "step 7, to try", LAPTOP).await;
}

/// Somebody tries it as a customer, in a tab of its own.
async fn tried<L: Look>(gallery: &mut Gallery<'_, L>, laptop: &Browser<'_>) {
    laptop.click("there-1").await;
    laptop.sees_no("there-1").await;
    laptop.click("try-join").await;
    laptop.to_tab(1).await;
    laptop.is("live").await;
    laptop.click("service-1").await;
    laptop.write("name", "Kata Kovács").await;
    laptop.click("join").await;
    laptop.until("the visit", "location.pathname.startsWith('/v/')").await;
    laptop.is("live").await;
    laptop.to_tab(0).await;
    laptop.sees("try-back").await;
    gallery.show(laptop, PAGE, "step 7, tried", LAPTOP).await;
    laptop.click("try-back").await;
    laptop
        .until("it is taken back", "document.querySelector('[data-testid=try-result]').innerText")
        .await;
    gallery.show(laptop, PAGE, "step 7, taken back", LAPTOP).await;
}

async fn list<L: Look>(
    gallery: &mut Gallery<'_, L>,
    laptop: &Browser<'_>,
    app: &TestApp,
    base: &str,
) {
    laptop.load(&format!("{base}/set-up"), "list").await;
    for (part, state) in [
        ("shop", "list, the shop"),
        ("hours", "list, the hours"),
        ("people", "list, the people"),
        ("services", "list, the services"),
        ("speak", "list, how to speak"),
        ("print", "list, to print"),
        ("try", "list, to try"),
    ] {
        // The first is open already.
        if part != "shop" {
            laptop.click(&format!("open-{part}")).await;
        }
        let open =
            format!("document.querySelector('[data-testid=open-{part}]').ariaExpanded === 'true'");
        laptop.until("it is open", &open).await;
        if part == "hours" {
            laptop.click("week-1-5").await;
            laptop.sees("day-sun").await;
            laptop.click("add-tue").await;
            laptop.sees("from-tue-1").await;
        }
        if part == "try" {
            laptop.sees("try-join").await;
        }
        unfold(laptop).await;
        gallery.show(laptop, PAGE, state, LAPTOP).await;
    }
    app.shop(Command::CloseLine).await.expect("is closed");
    laptop.sees("try-closed").await;
    gallery.show(laptop, PAGE, "list, nobody new can try", LAPTOP).await;
    faults(gallery, laptop, base).await;
}

/// What is wrong is said at its field; then it is put right.
async fn faults<L: Look>(gallery: &mut Gallery<'_, L>, laptop: &Browser<'_>, base: &str) {
    laptop.load(&format!("{base}/set-up"), "list").await;
    laptop.click("open-people").await;
    laptop.sees("staff.1.name").await;
    laptop.ask("document.querySelector('[data-testid=\"staff.0.name\"]').select()").await;
    laptop.write("staff.0.name", "\u{e003}").await;
    laptop.ask("document.querySelector('[data-testid=\"staff.1.place\"]').select()").await;
    laptop.write("staff.1.place", "\u{e003}").await;
    laptop.click("save").await;
    let fault = "document.querySelector('[data-testid=\"fault-staff.1.place\"]').innerText";
    laptop.until("the faults", fault).await;
    gallery.show(laptop, PAGE, "list, with faults", LAPTOP).await;
    laptop.write("staff.0.name", "Maria").await;
    laptop.write("staff.1.place", "chair 2").await;
    laptop.click("save").await;
    laptop.until("it is saved", "document.querySelector('[data-testid=saved]').innerText").await;
    gallery.show(laptop, PAGE, "list, saved", LAPTOP).await;
}
