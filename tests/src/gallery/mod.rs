//! Every page in every state there is, brought about in a real shop and shown in a real browser: for
//! whoever has to look at all of them, be it axe, somebody with a ruler, or a camera.
//!
//! A state more is one line more in the file of its page: `Gallery::show`. A page more is a file more
//! and a line in [`walk`].

mod desk;
pub mod exceptions;
mod join;
mod kiosk;
pub mod language;
mod lobby;
mod owner;
mod phone;
pub mod pictures;
mod print;
mod report;
mod set_up;
mod shops;
mod tv;

use std::collections::BTreeSet;

use crate::browser::{Browser, Driver};

pub use shops::WORDS;

/// A device that people look at, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// Its name.
    pub name: &'static str,
    /// From side to side.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// The lobby's screen.
pub const WALL: Device = Device { name: "wall", width: 1920, height: 1080 };
/// The same, hung upright.
pub const UPRIGHT: Device = Device { name: "upright", width: 1080, height: 1920 };
/// The desk's tablet.
pub const TABLET: Device = Device { name: "tablet", width: 1024, height: 768 };
/// A customer's phone.
pub const PHONE: Device = Device { name: "phone", width: 390, height: 844 };
/// The owner's computer.
pub const LAPTOP: Device = Device { name: "laptop", width: 1280, height: 900 };

/// A sheet of A4 paper, as a browser shows it.
pub const PAPER: Device = Device { name: "paper", width: 794, height: 1123 };

/// One page in one state, as it is in the browser now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown<'a> {
    /// The page: "lobby".
    pub page: &'a str,
    /// The state: "closed".
    pub state: &'a str,
    /// On what people look at it.
    pub device: Device,
}

impl Shown<'_> {
    /// "desk · walk-in, person"
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} · {}", self.page, self.state)
    }
}

/// Who looks at each state while it is shown. What they change on the page (size, colours, language)
/// they change back.
pub trait Look {
    /// Looks.
    fn look(&mut self, browser: &Browser<'_>, shown: Shown<'_>) -> impl Future<Output = ()>;
}

/// A walk through all pages.
#[derive(Debug)]
pub struct Gallery<'a, L> {
    driver: &'a Driver,
    only: Option<&'a str>,
    seen: Vec<(String, String)>,
    /// Who looks.
    pub look: L,
}

impl<'a, L: Look> Gallery<'a, L> {
    /// One that has shown nothing yet; of one page only, if that is named.
    pub const fn new(driver: &'a Driver, only: Option<&'a str>, look: L) -> Self {
        Self { driver, only, seen: Vec::new(), look }
    }

    fn wants(&self, page: &str) -> bool {
        self.only.is_none_or(|only| only == page)
    }

    async fn browser(&self, device: Device) -> Browser<'a> {
        self.driver.open(device.width, device.height).await
    }

    /// Shows what is in the browser to who looks.
    async fn show(&mut self, browser: &Browser<'_>, page: &str, state: &str, device: Device) {
        browser.resize(device.width, device.height).await;
        let fits = format!("innerWidth === {} && document.fonts.status === 'loaded'", device.width);
        browser.until("the page has its size", &fits).await;
        let shown = Shown { page, state, device };
        let new = (page.to_owned(), state.to_owned());
        assert!(!self.seen.contains(&new), "{} is shown twice", shown.name());
        self.look.look(browser, shown).await;
        self.seen.push(new);
    }

    /// How many pages were shown, and how many states of them.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        let pages: BTreeSet<_> = self.seen.iter().map(|(page, _)| page).collect();
        (pages.len(), self.seen.len())
    }
}

/// Shows everything there is.
pub async fn walk<L: Look>(gallery: &mut Gallery<'_, L>) {
    lobby::walk(gallery).await;
    desk::walk(gallery).await;
    join::walk(gallery).await;
    phone::walk(gallery).await;
    owner::walk(gallery).await;
    report::walk(gallery).await;
    set_up::walk(gallery).await;
    print::walk(gallery).await;
    kiosk::walk(gallery).await;
    tv::walk(gallery).await;
}
