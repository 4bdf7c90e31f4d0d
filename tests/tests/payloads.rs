//! What somebody may write who wants the pages to run it: names, questions, services, labels. All
//! of it is shown as what it is, on every page, on paper, in tables and to a voice, in a real browser
//! whose policy reports are listened to.

use sooner_engine::{Service, Staff};
use sooner_server::shops::NewShop;
use sooner_shared::access::{DeviceKind, NewKey, Scope};
use sooner_shared::command::NAME_MAX_CHARS;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::{Command, Maker, ProblemCode, ServiceId, StaffId};
use sooner_tests::app::{Joined, TestApp};
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::patience::tell;
use sooner_tests::salon::{ANNA, CUT, named, request, salon};
use sooner_tests::visitor::Visitor;

/// What pages have been made to run elsewhere. `__ran()` is there on each page and counts.
const VECTORS: [&str; 52] = [
    "<script>__ran()</script>",
    "<SCRIPT>__ran()</SCRIPT>",
    "</script><script>__ran()</script>",
    "<scr<script>ipt>__ran()</script>",
    "<img src=x onerror=__ran()>",
    "<img src=x:x onerror=__ran()>",
    "<img/src=x/onerror=__ran()>",
    "<img src=//x.example/p>",
    "<svg onload=__ran()>",
    "<svg/onload=__ran()>",
    "<svg><script>__ran()</script>",
    "<svg><a href=javascript:__ran()>",
    "<iframe src=javascript:__ran()>",
    "<iframe srcdoc=<script>__ran()>",
    "<a href=javascript:__ran()>x</a>",
    "javascript:__ran()",
    "data:text/html,<script>__ran()",
    "<b onmouseover=__ran()>x</b>",
    "<body onload=__ran()>",
    "<input autofocus onfocus=__ran()>",
    "<select autofocus onfocus=__ran()>",
    "<details open ontoggle=__ran()>",
    "<video><source onerror=__ran()>",
    "<audio src=x onerror=__ran()>",
    "<object data=javascript:__ran()>",
    "<embed src=javascript:__ran()>",
    "<marquee onstart=__ran()>",
    "<style>@import'//x.example'</style>",
    "<link rel=stylesheet href=//x>",
    "<base href=//x.example/>",
    "<meta http-equiv=refresh content=0>",
    "<form action=//x.example><input>",
    "<template><script>__ran()</script>",
    "<noscript><p title=</noscript>",
    "<!--><svg onload=__ran()>-->",
    "<![CDATA[<svg onload=__ran()>]]>",
    "{{constructor.constructor('__ran()')()}}",
    "${__ran()}",
    "#{__ran()}",
    "';__ran();//",
    "\\\";__ran();//",
    "&lt;script&gt;__ran()&lt;/script&gt;",
    "&#60;svg onload=__ran()&#62;",
    "\\u003csvg onload=__ran()\\u003e",
    "%3Csvg onload=__ran()%3E",
    "=HYPERLINK(\"//x.example\",\"x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd} <svg onload=__ran()>",
    "\u{645}\u{62d}\u{645}\u{62f} \u{639}\u{644}\u{64a}",
    "\u{915}\u{94d}\u{200d}\u{937} <b>",
    "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467} <svg onload=__ran()>",
    "\u{212a}<svg onload=__ran()>\u{ff1c}script\u{ff1e}",
];

/// Two hundred and more, each short enough to be taken as a name.
fn payloads() -> Vec<String> {
    let wrapped = VECTORS.iter().flat_map(|vector| {
        [
            (*vector).to_owned(),
            format!("\">{vector}"),
            format!("'>{vector}"),
            format!("Anna {vector}"),
            format!("{vector} K"),
        ]
    });
    let all: Vec<_> = wrapped.filter(|p| p.chars().count() <= NAME_MAX_CHARS).collect();
    assert!(all.len() >= 200, "{}", all.len());
    all
}

/// A shop in which everything that has a name is named to do harm.
fn shop(payloads: &[String]) -> NewShop {
    let mut new = salon();
    let mut names = payloads.iter().cycle().cloned();
    let mut name = || names.next().expect("there are some");
    new.config.paths = 32;
    new.config.name = name();
    new.config.make_goods = vec![name(), name(), name()];
    new.config.services = (1..=60)
        .map(|id| Service::new(ServiceId(id), &name(), i64::from(id) * MINUTE_MS))
        .collect();
    let all: Vec<_> = new.config.services.iter().map(|s| s.id).collect();
    new.config.staff = (1..=20).map(|id| Staff::new(StaffId(id), &name(), &all)).collect();
    new.staff_names = (1..=20).map(|id| (StaffId(id), name())).collect();
    new
}

/// So many are followed on their phones, and so many called aloud.
const FOLLOWED: usize = 5;
const SPOKEN: usize = 8;

/// Every payload waits, and asks; the first ones have their phones at hand.
async fn crowd(app: &TestApp, payloads: &[String]) -> Vec<Joined> {
    for staff in 1..=20 {
        app.on_duty(StaffId(staff)).await;
    }
    let mut phones = Vec::new();
    for (n, payload) in payloads.iter().enumerate() {
        let joined = app.join(named(CUT, payload)).await;
        let ask = Command::Ask { visit: joined.visit(), text: payload.clone() };
        app.shop(ask).await.expect("may ask");
        if n < FOLLOWED + SPOKEN {
            phones.push(joined);
        }
    }
    app.settled().await;
    phones
}

/// Counts what runs and what the policy refuses, from before the page's own first line.
const LISTEN: &str = "window.__hits = 0; window.__ran = () => { window.__hits += 1; };
    window.__reports = [];
    document.addEventListener('securitypolicyviolation', event =>
        window.__reports.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));";

/// What is handed to a voice, in place of being said.
const VOICE: &str = "window.__said = [];
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    Object.defineProperty(window, 'speechSynthesis', { value: {
        getVoices() { return [{ lang: 'en-GB', localService: true }]; },
        cancel() {},
        speak(speech) { window.__said.push(speech.text); setTimeout(() => speech.onend({}), 10); },
    } });
    class Silence {
        state = 'running'; currentTime = 0; destination = {};
        resume() { return Promise.resolve(); }
        createOscillator() { return { frequency: {}, connect() {}, start() {}, stop() {} }; }
        createGain() {
            const gain = { setValueAtTime() {}, exponentialRampToValueAtTime() {} };
            return { gain, connect() {} };
        }
    }
    window.AudioContext = Silence;";

/// Calls those who are there until their names have been handed to the wall's voice.
async fn is_said_in_plain_words(app: &TestApp, browser: &Browser<'_>, phones: &[Joined]) {
    browser.click("sound-on").await;
    for (phone, staff) in phones.iter().zip(1..) {
        assert_eq!(app.phone_asks(phone.link(), "check-in").await.status, 200);
        let call = Command::Call { visit: phone.visit(), staff: StaffId(staff) };
        app.shop(call).await.expect("is called");
    }
    // The first thing said is that there is sound.
    browser.until("all are said", &format!("window.__said.length > {}", phones.len())).await;
    let signs = browser.ask("window.__said.filter(text => /[<>&]/.test(text)).join()").await;
    assert_eq!(signs, "", "a voice might take that for more than words");
    is_quiet(browser, "wall with its voice").await;
}

async fn is_quiet(browser: &Browser<'_>, page: &str) {
    assert_eq!(browser.ask("window.__hits").await, 0, "something ran on the {page}");
    let reports = browser.ask("JSON.stringify(window.__reports)").await;
    assert_eq!(reports, "[]", "the policy refused something on the {page}");
    let elsewhere = browser
        .ask(
            "performance.getEntriesByType('resource').map(entry => entry.name)\
             .filter(name => !name.startsWith(location.origin)).join()",
        )
        .await;
    assert_eq!(elsewhere, "", "the {page} asked somebody else");
}

async fn says(browser: &Browser<'_>, page: &str, text: &str) {
    let text = serde_json::to_string(text).expect("a text");
    let found = format!("document.body.innerText.includes({text})");
    browser.until(&format!("the {page} says {text}"), &found).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_somebody_writes_runs_on_any_page() {
    must_have_pages();
    let payloads = payloads();
    let app = TestApp::open_with(shop(&payloads)).await;
    let mut phones = crowd(&app, &payloads).await;
    let spoken = phones.split_off(FOLLOWED);
    let base = format!("http://{}", app.address);
    let (mut owner, _) = Visitor::owner(&app).await;
    Visitor::paired(&app, &mut owner, DeviceKind::Kiosk).await;
    for payload in &payloads[..20] {
        let key = NewKey { label: payload.clone(), scopes: vec![Scope::Join] };
        assert_eq!(owner.post("keys", &key).await.status, 201, "{payload}");
    }
    let driver = Driver::start().await;
    let browser = driver.open(1024, 768).await;
    browser.before_each_page(LISTEN).await;
    browser.before_each_page(VOICE).await;
    let mut pages = 0;

    browser.open(&format!("{base}/salon")).await;
    says(&browser, "lobby", "<script>").await;
    is_quiet(&browser, "lobby").await;
    is_said_in_plain_words(&app, &browser, &spoken).await;
    pages += 1;

    // The page for old TVs is written by the server, without anything that escapes by itself.
    browser.open(&format!("{base}/salon/tv")).await;
    says(&browser, "TV", "<script>").await;
    is_quiet(&browser, "TV").await;
    let block = app.get("/salon/tv/board").await.text();
    for payload in payloads.iter().filter(|payload| payload.contains(['<', '"', '\''])) {
        assert!(!block.contains(payload.as_str()), "{payload} stands there as it was written");
    }
    pages += 1;

    browser.open(&app.desk_link()).await;
    says(&browser, "desk", payloads.last().expect("some")).await;
    for visit in phones.iter().map(Joined::visit) {
        browser.click(&format!("more-{visit}")).await;
        browser.sees(&format!("act-answer-{visit}")).await;
        browser.click(&format!("more-{visit}")).await;
    }
    is_quiet(&browser, "desk").await;
    for panel in ["walkin", "quote", "book", "delay"] {
        if matches!(panel, "book" | "delay") {
            browser.click("bar-more").await;
        }
        browser.click(panel).await;
        let opened = "document.querySelector('[data-testid^=waiting-]') === null";
        browser.until("a panel in the place of the line", opened).await;
        is_quiet(&browser, panel).await;
        browser.load(&format!("{base}/salon/desk"), "live").await;
        pages += 1;
    }
    pages += 1;

    browser.open(&format!("{base}/salon/join?here")).await;
    browser.click("service-1").await;
    says(&browser, "join page", &payloads[0]).await;
    is_quiet(&browser, "join page").await;
    pages += 1;

    for phone in &phones {
        browser.open(&format!("{base}/v/{}", phone.link())).await;
        browser.sees("ask").await;
        is_quiet(&browser, "phone").await;
        pages += 1;
    }

    browser.load(&format!("{base}/salon/owner"), "sign-in").await;
    browser.write("password", sooner_tests::visitor::PASSWORD).await;
    browser.click("sign-in").await;
    browser.is("home").await;
    browser.ask("document.querySelectorAll('details').forEach(d => { d.open = true; })").await;
    says(&browser, "owner's page", &payloads[3]).await;
    is_quiet(&browser, "owner's page").await;
    pages += 1;

    for sheet in ["poster", "door", "table"] {
        browser.load(&format!("{base}/salon/print/{sheet}"), "live").await;
        says(&browser, sheet, &payloads[0]).await;
        is_quiet(&browser, sheet).await;
        pages += 1;
    }
    let day = "from=2026-03-02&to=2026-03-02";
    browser.load(&format!("{base}/salon/report?{day}"), "shown").await;
    is_quiet(&browser, "report").await;
    pages += 1;

    // And the test would notice: an element that is not ours is refused, and that is reported.
    browser
        .ask("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=__ran()>')")
        .await;
    browser.until("a report", "window.__reports.length > 0").await;
    assert_eq!(browser.ask("window.__hits").await, 0, "the policy is the second wall");
    tell(&format!(
        "R21: {} payloads as names, questions, services, people, labels on {pages} pages and \
         panels: 0 run, 0 reports",
        payloads.len()
    ));
}

/// What programs for tables take for a formula, or for the end of a cell or a line.
const CELLS: [&str; 16] = [
    "=1+1",
    "+49 30 1",
    "-2+3",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\u{ff1d}1+1",
    "=HYPERLINK(\"//x.example\",\"x\")",
    "\"=1+1",
    "\"\"=1+1",
    "a,=1+1",
    "a\n=1+1",
    "a\",\"=1+1",
    "a\r\n=1+1,\"",
    "';=1+1",
];

#[tokio::test]
async fn nothing_in_a_table_is_a_formula_or_breaks_out_of_its_cell() {
    let mut new = salon();
    new.config.paths = 32;
    let ids = (1..).map(ServiceId);
    new.config.services =
        CELLS.iter().zip(ids).map(|(name, id)| Service::new(id, name, 30 * MINUTE_MS)).collect();
    let all: Vec<_> = new.config.services.iter().map(|service| service.id).collect();
    let people = || (1..=CELLS.len() as u16).map(StaffId);
    new.config.staff = people().map(|id| Staff::new(id, "chair", &all)).collect();
    new.staff_names = people().zip(CELLS).map(|(id, name)| (id, name.to_owned())).collect();
    let app = TestApp::open_with(new).await;
    for (staff, service) in people().zip(all) {
        app.on_duty(staff).await;
        let visit = app.join(named(service, "=cmd|' /C calc'!A0")).await.visit();
        app.shop(Command::Call { visit, staff }).await.expect("is called");
        app.shop(Command::Start { visit, staff }).await.expect("is started");
    }
    app.settled().await;
    let (mut owner, _) = Visitor::owner(&app).await;
    let table = owner.get("report.csv").await.text();
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
    let rows: Vec<_> = rows.records().map(|row| row.expect("lines of one length")).collect();
    assert_eq!(rows.len(), 1 + CELLS.len(), "a title, and a line for each promise: {table}");
    let is_formula = |cell: &str| {
        cell.starts_with([
            '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
        ])
    };
    for cell in rows.iter().flatten() {
        assert!(!is_formula(cell), "{cell:?} in {table}");
    }
    // Each name is in a cell of its own, whole, with at most the sign before it.
    for (cell, column) in CELLS.iter().flat_map(|cell| [(cell, 3), (cell, 4)]) {
        let shown = if is_formula(cell) { format!("'{cell}") } else { (*cell).to_owned() };
        let found = rows.iter().filter(|row| row.get(column) == Some(&shown)).count();
        assert_eq!(found, 1, "{cell:?} in column {column} of {table}");
    }
    assert!(!table.contains("cmd|' /C calc'!A0\r\n=") && !table.contains("=cmd"), "no customer");
    tell(&format!("R21: {} names in a table: no formula, no cell broken", 2 * CELLS.len()));
}

#[tokio::test]
async fn what_nobody_could_read_is_no_name() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    let long = "x".repeat(10_000);
    for name in [
        "Ka\u{202e}ta",
        "\u{2066}Kata\u{2069}",
        "Ka\u{200b}ta",
        "Ka\u{0}ta",
        "Ka\u{1b}[31mta",
        "\u{feff}Kata",
        long.as_str(),
    ] {
        let answer = app.post_join(&request(named(CUT, name))).await;
        assert_eq!(answer.code(), ProblemCode::BadName, "{name:?}");
        let label = app.access().make_key(name, vec![], Maker::Operator).await;
        assert_eq!(label.expect_err("no label").code, ProblemCode::BadName);
    }
    assert_eq!(app.seq().await, seq, "nothing was recorded");
    app.join(named(CUT, "\u{1f469}\u{200d}\u{1f469} Anna")).await;
    assert!(app.shop(Command::GoOffDuty { staff: ANNA }).await.is_ok(), "the shop goes on");
}
