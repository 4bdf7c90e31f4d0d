//! How soon a slow phone shows its promise, is alive, and answers a tap: `cargo xtask phone-speed`.

use serde_json::{Value, json};
use sooner_server::http;
use sooner_tests::app::TestApp;
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::salon::{CUT, named};

/// How often it is measured; the middle one counts.
const RUNS: usize = 5;

/// Notes from before the first line of the page when what happens.
const WATCH: &str = "window.seen = { moved: 0, tap: 0 };
new PerformanceObserver(list => {
    for (const entry of list.getEntries())
        if (entry.element?.closest('.promise')) window.seen.promise ??= entry.startTime;
}).observe({ type: 'largest-contentful-paint', buffered: true });
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) window.seen.moved += entry.value;
}).observe({ type: 'layout-shift', buffered: true });
new PerformanceObserver(list => {
    for (const entry of list.getEntries())
        if (entry.interactionId) window.seen.tap = Math.max(window.seen.tap, entry.duration);
}).observe({ type: 'event', durationThreshold: 16, buffered: true });
new MutationObserver(() => {
    if (!window.seen.live && document.querySelector('[data-testid=page][data-state=live]'))
        window.seen.live = performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true });";

/// What was loaded: all bytes as they were sent, those of the document, and what was asked for before
/// it was there.
const WEIGHT: &str = "(() => {
    const page = performance.getEntriesByType('navigation')[0];
    const parts = performance.getEntriesByType('resource')
        .filter(part => !/sw\\.js|webmanifest|icon/.test(part.name));
    const all = parts.reduce((sum, part) => sum + part.transferSize, page.transferSize);
    return { all, document: page.transferSize,
        coding: page.contentEncoding || '', parts: parts.length };
})()";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    must_have_pages();
    http::compress_ahead().join().expect("files are compressed");
    let app = TestApp::open().await;
    app.join(named(CUT, "Anna")).await;
    let driver = Driver::start().await;
    let mut all = Vec::new();
    for _ in 0..RUNS {
        all.push(measure(&driver, &app).await);
    }
    let middle = |name: &str| {
        let mut found: Vec<_> = all.iter().filter_map(|run| run[name].as_f64()).collect();
        found.sort_by(f64::total_cmp);
        found.get(found.len() / 2).copied().unwrap_or(f64::NAN)
    };
    let last = &all[RUNS - 1];
    println!("median of {RUNS}, 562.5 ms, 1.47 Mbit/s down, 675 kbit/s up, CPU 4 times slower");
    println!("P18 promise on screen        {:>8.0} ms", middle("promise"));
    println!("P19 live                     {:>8.0} ms", middle("live"));
    println!(
        "P20 all / before the promise {:>8.1} / {:.1} KB, requests before it: 1 ({})",
        middle("all") / 1_000.0,
        middle("document") / 1_000.0,
        last["coding"]
    );
    println!("P21 layout shift             {:>8}", middle("moved"));
    println!("P21 answer to a tap          {:>8.0} ms", middle("tap"));
}

async fn measure(driver: &Driver, app: &TestApp) -> Value {
    let kata = app.join(named(CUT, "Kata Kovács")).await;
    app.settled().await;
    let address = format!("http://{}/v/{}", app.address, kata.link());
    let phone = driver.open(412, 823).await;
    slow(&phone).await;
    phone.before_each_page(WATCH).await;
    phone.load(&address, "live").await;
    phone.click("here").await;
    phone.sees("seen").await;
    phone.until_true("the tap is measured", "return window.seen.promise > 0;").await;
    let mut seen = phone.ask("window.seen").await;
    let weight = phone.ask(WEIGHT).await;
    for (name, value) in weight.as_object().into_iter().flatten() {
        seen[name] = value.clone();
    }
    seen
}

async fn slow(phone: &Browser<'_>) {
    phone.cdp("Network.enable", json!({})).await;
    phone.cdp("Network.setCacheDisabled", json!({ "cacheDisabled": true })).await;
    let network = json!({
        "offline": false, "latency": 562.5,
        "downloadThroughput": 1_470_000 / 8, "uploadThroughput": 675_000 / 8,
    });
    phone.cdp("Network.emulateNetworkConditions", network).await;
    phone.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": 4 })).await;
}
