//! What axe does not see: a keyboard's way through every page, motion for who wants none, and regions
//! that are read aloud only when there is something to say.

use serde_json::{Value, json};
use sooner_shared::Command;
use sooner_tests::app::TestApp;
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::gallery::{self, Gallery, Look, Shown};
use sooner_tests::patience::tell;
use sooner_tests::salon::{ANNA, BEN, CUT, named};

/// The key's number, as browsers know it.
const TAB: u32 = 9;

/// More than any page has.
const MOST_STOPS: usize = 120;

/// Who goes through every page by keyboard, and wants nothing to move.
#[derive(Default)]
struct Keyboard {
    stops: usize,
    wrong: Vec<String>,
}

impl Keyboard {
    async fn tab_through(&mut self, browser: &Browser<'_>, shown: Shown<'_>) {
        let wanted = browser.run(BEGIN, json!([])).await;
        for _ in 0..MOST_STOPS {
            browser.strike("Tab", TAB).await;
            let stop = browser.run(STOP, json!([])).await;
            match stop["fault"].as_str() {
                Some(fault) => self.wrong.push(format!("{}: {fault}", shown.name())),
                None if stop["ended"] == true => break,
                None => self.stops += 1,
            }
        }
        let missed = browser.run(MISSED, json!([])).await;
        for control in missed.as_array().into_iter().flatten() {
            self.wrong.push(format!("{}: Tab does not come to {control}", shown.name()));
        }
        assert!(wanted.as_u64().is_some(), "{} was looked through", shown.name());
        browser.run(LEAVE, json!([])).await;
    }
}

/// Marks what Tab must come to.
const BEGIN: &str = "
    // Tab goes on from where the focus was last: from the top, then.
    const top = document.createElement('p');
    top.tabIndex = -1;
    document.body.prepend(top);
    top.focus();
    top.remove();
    const can = 'a[href], button, input, select, textarea, summary, [tabindex]';
    const all = [...document.body.querySelectorAll(can)].filter(e =>
        !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ checkVisibilityCSS: true })
        && e.getClientRects().length);
    window.soonerStops = new Set(all);
    window.soonerBeen = new Set();
    window.soonerLast = null;
    return all.length;";

/// Where the focus is now, and whether that is seen.
const STOP: &str = "
    const at = document.activeElement;
    // A field for a date has several stops.
    if (at === window.soonerLast) return {};
    if (!at || at === document.body || soonerBeen.has(at)) return { ended: true };
    window.soonerLast = at;
    soonerBeen.add(at);
    soonerStops.delete(at);
    const shown = at.outerHTML.slice(0, 140);
    const style = getComputedStyle(at);
    if (!at.matches(':focus-visible') || style.outlineStyle === 'none'
        || parseFloat(style.outlineWidth) < 2) return { fault: 'no sign of the focus: ' + shown };
    const box = at.getBoundingClientRect();
    const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
    const seen = points.some(([x, y]) => {
        const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
        return top && (at.contains(top) || top.contains(at));
    });
    return seen ? {} : { fault: 'the focus is hidden: ' + shown };";

/// As it was before.
const LEAVE: &str = "
    document.activeElement?.blur();
    for (const element of document.querySelectorAll('*')) {
        if (element.scrollTop) element.scrollTop = 0;
    }";

/// A radio button stands for its whole group.
const MISSED: &str = "
    return [...soonerStops].filter(e => e.type !== 'radio' && e.isConnected)
        .map(e => e.outerHTML.slice(0, 140));";

/// What moves, or would as soon as it changes, although nothing should.
const MOVES: &str = "
    const found = [];
    for (const element of document.querySelectorAll('*')) {
        for (const part of [null, '::before', '::after']) {
            const style = getComputedStyle(element, part);
            const moves = style.animationName !== 'none'
                || style.transitionDuration.split(',').some(time => parseFloat(time) > 0);
            if (moves) found.push(element.outerHTML.slice(0, 100));
        }
    }
    return found.slice(0, 3);";

impl Look for Keyboard {
    async fn look(&mut self, browser: &Browser<'_>, shown: Shown<'_>) {
        browser.prefers("light", "reduce").await;
        let moves = browser.run(MOVES, json!([])).await;
        for element in moves.as_array().into_iter().flatten() {
            self.wrong.push(format!("{}: it moves: {element}", shown.name()));
        }
        browser.prefers("light", "no-preference").await;
        self.tab_through(browser, shown).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keyboard_comes_to_everything_and_is_seen_there_and_nothing_moves_unasked() {
    must_have_pages();
    let driver = Driver::start().await;
    let only = std::env::var("SOONER_GALLERY").ok();
    let mut gallery = Gallery::new(&driver, only.as_deref(), Keyboard::default());
    gallery::walk(&mut gallery).await;
    let (pages, states) = gallery.count();
    let Keyboard { stops, wrong } = gallery.look;
    tell(&format!(
        "keyboard: {pages} pages, {states} states, {stops} stops, {} wrong",
        wrong.len()
    ));
    // One page alone may have nothing to be done on it: a TV, paper.
    assert!(stops > states || only.is_some(), "a keyboard went through them");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Notes each change of what stands in a region that is read aloud.
const LISTEN: &str = "
    window.soonerHeard = [];
    const live = '[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]';
    const said = new Map();
    const listen = () => {
        for (const region of document.querySelectorAll(live)) {
            const text = region.textContent.trim();
            const before = said.get(region);
            if (before !== undefined && before !== text && text) soonerHeard.push(text);
            said.set(region, text);
        }
    };
    listen();
    const all = { subtree: true, childList: true, characterData: true };
    new MutationObserver(listen).observe(document.body, all);
    return said.size;";

async fn heard(browser: &Browser<'_>) -> Vec<String> {
    let heard = browser.ask("window.soonerHeard").await;
    let list = heard.as_array().expect("a list");
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What a page says of when it was last confirmed.
const CONFIRMED: &str = "document.querySelector('[data-testid=confirmed]').innerText";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passing_minutes_are_not_read_aloud_and_a_call_is_once() {
    must_have_pages();
    let app = TestApp::open().await;
    let base = format!("http://{}", app.address);
    let olga = app.join(named(CUT, "Olga")).await.visit();
    app.shop(Command::Start { visit: olga, staff: ANNA }).await.expect("starts");
    let li = app.join(named(CUT, "Li")).await.visit();
    app.shop(Command::Start { visit: li, staff: BEN }).await.expect("starts");
    let kata = app.join(named(CUT, "Kata Kovács")).await;
    app.join(named(CUT, "Zoe")).await;
    let driver = Driver::start().await;
    let wall = driver.open(1920, 1080).await;
    let phone = driver.open(390, 844).await;
    wall.open(&format!("{base}/salon")).await;
    phone.open(&format!("{base}/v/{}", kata.link())).await;
    for page in [&wall, &phone] {
        let regions = page.run(LISTEN, json!([])).await;
        assert!(regions.as_u64() > Some(0), "something on the page can be read aloud");
    }
    for _ in 0..2 {
        let before = [wall.ask(CONFIRMED).await, phone.ask(CONFIRMED).await];
        app.advance_minutes(1).await;
        for (page, before) in [&wall, &phone].into_iter().zip(before) {
            page.until("a minute has passed", &format!("{CONFIRMED} !== {before}")).await;
        }
    }
    assert_eq!(heard(&wall).await, Vec::<String>::new(), "the wall chatters");
    assert_eq!(heard(&phone).await, Vec::<String>::new(), "the phone chatters");

    app.shop(Command::CallNext { staff: BEN, after: Some(li) }).await.expect("is called");
    let called = format!("document.querySelector('[data-testid=\"now-{}\"]')", kata.visit());
    wall.until("the call is on the wall", &called).await;
    let scene = "document.querySelector('[data-testid=page][data-scene=come_in]')";
    phone.until("the phone calls them in", scene).await;
    let (on_wall, on_phone) = (heard(&wall).await, heard(&phone).await);
    assert!(on_wall.len() == 1 && on_wall[0].contains("Kata K."), "{on_wall:?}");
    assert!(on_phone.len() == 1 && on_phone[0].contains("come in"), "{on_phone:?}");
}
