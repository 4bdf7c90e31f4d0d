//! Every page in every state, looked over by axe: in the light and in the dark, as wide as its
//! device, a phone and a computer.

use std::collections::BTreeMap;

use sooner_tests::axe::{self, Violation};
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::gallery::{self, Gallery, Look, Shown};
use sooner_tests::patience::tell;

/// The widths besides the device's own.
const WIDTHS: [u32; 2] = [390, 1280];

/// What was found, with where.
#[derive(Default)]
struct Found {
    looks: usize,
    violations: BTreeMap<Violation, Vec<String>>,
}

impl Found {
    async fn look_once(&mut self, browser: &Browser<'_>, place: String, only: Option<&str>) {
        self.looks += 1;
        for violation in axe::violations(browser, only).await {
            self.violations.entry(violation).or_default().push(place.clone());
        }
    }
}

impl Look for Found {
    async fn look(&mut self, browser: &Browser<'_>, shown: Shown<'_>) {
        let (device, name) = (shown.device, shown.name());
        browser.prefers("light", "reduce").await;
        self.look_once(browser, name.clone(), None).await;
        for width in WIDTHS.into_iter().filter(|width| *width != device.width) {
            browser.resize(width, device.height).await;
            self.look_once(browser, format!("{name}, {width} wide"), None).await;
        }
        browser.resize(device.width, device.height).await;
        // The dark differs in its colours only.
        browser.prefers("dark", "reduce").await;
        self.look_once(browser, format!("{name}, dark"), Some("color-contrast")).await;
        browser.prefers("light", "no-preference").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_finds_nothing_on_any_page_in_any_state() {
    must_have_pages();
    let driver = Driver::start().await;
    let only = std::env::var("SOONER_GALLERY").ok();
    let mut gallery = Gallery::new(&driver, only.as_deref(), Found::default());
    gallery::walk(&mut gallery).await;
    let (pages, states) = gallery.count();
    let found = gallery.look;
    let list: Vec<String> = found
        .violations
        .iter()
        .map(|(violation, places)| format!("{violation}\n      at: {}", places.join("; ")))
        .collect();
    tell(&format!(
        "axe: {pages} pages, {states} states, {} looks, {} violations",
        found.looks,
        list.len()
    ));
    assert!(list.is_empty(), "{}", list.join("\n"));
}
