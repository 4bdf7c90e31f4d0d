//! What is printed: a poster, cards for the door, cards for tables.

use super::shops::salon;
use super::{Gallery, Look, PAPER};

const PAGE: &str = "print";

pub(super) async fn walk<L: Look>(gallery: &mut Gallery<'_, L>) {
    if !gallery.wants(PAGE) {
        return;
    }
    let app = salon().await;
    let printer = gallery.browser(PAPER).await;
    for sheet in ["poster", "door", "table"] {
        printer.load(&format!("http://{}/salon/print/{sheet}", app.address), "live").await;
        let codes = "(codes => codes.length > 0 && codes.every(c => c.naturalWidth > 0))(
            [...document.querySelectorAll('[data-testid=card-code]')])";
        printer.until("the codes", codes).await;
        gallery.show(&printer, PAGE, sheet, PAPER).await;
    }
}
