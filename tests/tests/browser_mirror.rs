//! Every page in every state in a foreign language that runs from right to left, and at the width of
//! a computer's window that is enlarged four times.

use serde_json::{Value, json};
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::gallery::exceptions::{self, Check};
use sooner_tests::gallery::language::{FOREIGN, speak};
use sooner_tests::gallery::{self, Gallery, Look, Shown, WORDS};
use sooner_tests::patience::tell;

/// 1280 pixels at 400 %.
const ENLARGED: u32 = 320;

/// What was found, and of how many states it was not asked.
#[derive(Default)]
struct Found {
    wrong: Vec<String>,
    excepted: usize,
}

/// Walks through all pages with somebody who notes what is wrong; it must be nothing.
async fn walk_with<L: Look + AsRef<Found>>(look: L, what: &str) {
    must_have_pages();
    let driver = Driver::start().await;
    let only = std::env::var("SOONER_GALLERY").ok();
    let mut gallery = Gallery::new(&driver, only.as_deref(), look);
    gallery::walk(&mut gallery).await;
    let (pages, states) = gallery.count();
    let Found { wrong, excepted } = gallery.look.as_ref();
    let count = wrong.len();
    tell(&format!("{what}: {pages} pages, {states} states, {excepted} excepted, {count} wrong"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How far the page reaches beyond its window, to either side.
async fn too_wide(browser: &Browser<'_>) -> i64 {
    let over = browser.ask("document.documentElement.scrollWidth - innerWidth").await;
    over.as_i64().expect("pixels")
}

/// Something on the page that sticks out, for who has to mend it.
const WIDEST: &str = "
    let widest = null;
    let most = 0;
    const clips = element => element && element !== document.body
        && (getComputedStyle(element).overflowX !== 'visible' || clips(element.parentElement));
    for (const element of document.body.querySelectorAll('*')) {
        if (clips(element.parentElement)) continue;
        const box = element.getBoundingClientRect();
        const over = Math.max(box.right - innerWidth, -box.left);
        if (box.width > 0 && over > most) { most = over; widest = element; }
    }
    return widest ? widest.outerHTML.slice(0, 160) : '';";

#[derive(Default)]
struct Enlarged(Found);

impl AsRef<Found> for Enlarged {
    fn as_ref(&self) -> &Found {
        &self.0
    }
}

impl Look for Enlarged {
    async fn look(&mut self, browser: &Browser<'_>, shown: Shown<'_>) {
        if exceptions::reason(Check::Narrow, shown).is_some() {
            self.0.excepted += 1;
            return;
        }
        browser.resize(ENLARGED, 256).await;
        browser.until("is small", &format!("innerWidth === {ENLARGED}")).await;
        let over = too_wide(browser).await;
        if over > 0 {
            let widest = browser.run(WIDEST, json!([])).await;
            self.0.wrong.push(format!("{}: {over} pixels too wide: {widest}", shown.name()));
        }
        browser.resize(shown.device.width, shown.device.height).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_enlarges_a_page_four_times_does_not_scroll_sideways() {
    walk_with(Enlarged::default(), "enlarged four times").await;
}

#[derive(Default)]
struct Mirrored(Found);

impl AsRef<Found> for Mirrored {
    fn as_ref(&self) -> &Found {
        &self.0
    }
}

impl Mirrored {
    async fn note(&mut self, browser: &Browser<'_>, shown: Shown<'_>, width: u32) {
        let over = too_wide(browser).await;
        if over > 0 {
            let widest = browser.run(WIDEST, json!([])).await;
            self.0.wrong.push(format!("{}, {width} wide: {over} too wide: {widest}", shown.name()));
        }
    }
}

impl Look for Mirrored {
    async fn look(&mut self, browser: &Browser<'_>, shown: Shown<'_>) {
        if !speak(browser, FOREIGN).await {
            self.0.excepted += 1;
            if exceptions::reason(Check::Language, shown).is_none() {
                self.0.wrong.push(format!("{} has no choice of languages", shown.name()));
            }
            return;
        }
        for text in texts(&browser.run(TEXTS, json!([])).await) {
            if let Some(rest) = untranslated(&text) {
                self.0.wrong.push(format!("{}: {rest:?} is in no language: {text}", shown.name()));
            }
        }
        let device = shown.device;
        self.note(browser, shown, device.width).await;
        if exceptions::reason(Check::Narrow, shown).is_none() && device.width != 390 {
            browser.resize(390, device.height).await;
            self.note(browser, shown, 390).await;
            browser.resize(device.width, device.height).await;
        }
        speak(browser, "en").await;
    }
}

fn texts(found: &Value) -> Vec<String> {
    let list = found.as_array().expect("a list of texts");
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Every text that is seen or read aloud, but what shops and people wrote into fields and codes, and
/// what says for itself which language it is in.
const TEXTS: &str = "
    const found = new Set();
    const codes = '[data-testid=screen-code], [data-testid=recovery-code], [data-testid=made-key],'
        + '[data-testid=address], [data-testid=card-address], .address, body [lang],'
        + 'script, style, noscript, option';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (node.data.trim() && !parent.closest(codes) && parent.getClientRects().length) {
            found.add(node.data.trim());
        }
    }
    for (const element of document.body.querySelectorAll('*')) {
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
            const value = element.getAttribute(name);
            if (value && element.getClientRects().length) found.add(value);
        }
    }
    found.add(document.title);
    return [...found];";

/// What of a text stands outside of brackets and is no name, number, time, code or address.
fn untranslated(text: &str) -> Option<String> {
    let mut rest = outside_of_brackets(text);
    let mut words = WORDS.to_vec();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words {
        rest = rest.replace(word, " ");
    }
    let is_foreign = |token: &&str| {
        token.chars().filter(|c| c.is_alphabetic()).count() > 1
            && !token.chars().any(|c| c.is_ascii_digit())
            && !token.contains("://")
    };
    let left: Vec<_> = rest
        .split(|c: char| c.is_whitespace() || "·,()→".contains(c))
        .map(|token| token.trim_matches(':'))
        .filter(|token| !["AM", "PM"].contains(token))
        .filter(is_foreign)
        .collect();
    (!left.is_empty()).then(|| left.join(" "))
}

/// A text may be cut where a figure in it is written larger; then it begins or ends within.
fn outside_of_brackets(text: &str) -> String {
    let begins_within = match (text.find('⟦'), text.find('⟧')) {
        (Some(open), Some(close)) => close < open,
        (None, Some(_)) => true,
        _ => false,
    };
    let mut depth = usize::from(begins_within);
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '⟦' => depth += 1,
            '⟧' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(letter),
            _ => {}
        }
    }
    out
}

#[test]
fn a_text_in_no_language_is_told_from_names_times_and_codes() {
    for fine in ["⟦by⟧ 14:35", "Kata K.", "⟦tue ", " ⟧", "A01 · ⟦Live⟧", "14:35", "chair 2", "AM"]
    {
        assert_eq!(untranslated(fine), None, "{fine}");
    }
    assert_eq!(untranslated("Next ⟦up⟧").as_deref(), Some("Next"));
    assert_eq!(untranslated("⟦tue ⟧ ready").as_deref(), Some("ready"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_can_be_translated_and_mirrored_in_every_state() {
    walk_with(Mirrored::default(), "right to left").await;
}
