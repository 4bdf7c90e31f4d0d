//! The report: of six weeks, of a day, of nothing, and to who is not signed in.

use super::{Gallery, LAPTOP, Look, PHONE};
use crate::app::TestApp;
use crate::past::past;
use crate::visitor::{PASSWORD, Visitor};

pub(super) async fn walk<L: Look>(gallery: &mut Gallery<'_, L>) {
    if !gallery.wants("report") {
        return;
    }
    let app = TestApp::open_folder(past(6, 6).await).await;
    Visitor::owner(&app).await;
    let base = format!("http://{}/salon", app.address);
    let laptop = gallery.browser(LAPTOP).await;
    laptop.load(&format!("{base}/report"), "sign-in").await;
    gallery.show(&laptop, "report", "not signed in", LAPTOP).await;
    laptop.click("to-owner").await;
    laptop.is("sign-in").await;
    laptop.write("password", PASSWORD).await;
    laptop.click("sign-in").await;
    laptop.is("home").await;
    laptop.sees("letter").await;
    gallery.show(&laptop, "owner", "home, with a letter", LAPTOP).await;
    laptop.load(&format!("{base}/report?from=2026-03-02&to=2026-04-12"), "shown").await;
    laptop.sees("would").await;
    gallery.show(&laptop, "report", "six weeks", LAPTOP).await;
    laptop.ask("document.querySelectorAll('details').forEach(part => { part.open = true; })").await;
    gallery.show(&laptop, "report", "six weeks, all figures", PHONE).await;
    laptop.load(&format!("{base}/report?from=2026-03-07&to=2026-03-07"), "shown").await;
    laptop.sees("would").await;
    gallery.show(&laptop, "report", "a hard day", PHONE).await;
    laptop.load(&format!("{base}/report?from=2027-01-04&to=2027-01-10"), "empty").await;
    gallery.show(&laptop, "report", "nothing", PHONE).await;
}
