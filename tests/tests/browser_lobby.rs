//! The wall in a real browser: what it shows in each state of a shop, and what it says aloud.

use sooner_engine::calendar::{Hours, Span, Week};
use sooner_engine::config::NamesOnWall;
use sooner_engine::{Service, Step, StepKind};
use sooner_server::sample::{self, Kind};
use sooner_server::shops::NewShop;
use sooner_shared::command::Join;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::PromiseKind;
use sooner_shared::words::Language;
use sooner_shared::{Command, VisitId};
use sooner_tests::app::TestApp;
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::salon::{ANNA, BEN, CLEO, COLOUR, CUT, NAILS, NINE, named, salon};

use crate::browser::pictures;

const WALL: (u32, u32) = (1920, 1080);
const UPRIGHT: (u32, u32) = (1080, 1920);

/// Nothing of the wall lies outside of the screen: it is read from across a room, and nobody scrolls.
async fn fits(wall: &Browser<'_>, what: &str) {
    for (width, height) in [WALL, UPRIGHT] {
        wall.resize(width, height).await;
        wall.until("the page has its size", &format!("innerWidth === {width}")).await;
        let size = wall
            .ask(
                "[document.documentElement.scrollWidth, document.documentElement.scrollHeight, \
                 document.querySelector('.lobby').scrollWidth, \
                 document.querySelector('.lobby').scrollHeight].join()",
            )
            .await;
        let shape = if width > height { "wide" } else { "upright" };
        wall.picture(&pictures().join(format!("lobby-{what}-{shape}.png"))).await;
        assert_eq!(size, format!("{width},{height},{width},{height}"), "{what}, {shape}");
        let cut = wall
            .ask(
                "[...document.querySelectorAll('.name[data-fit], .tag, .place, .more, .kept, h2, \
                 .open-until, .instead, .newcomer .name')]\
                 .filter(e => e.scrollWidth > e.clientWidth + 1 || \
                     (e.dataset.fit && e.scrollHeight > e.clientHeight + 8))\
                 .map(e => e.className + ': ' + e.innerText).join('; ')",
            )
            .await;
        assert_eq!(cut, "", "{what}, {shape}: cut off");
        let hidden = wall
            .ask(
                "[...document.querySelectorAll('.call, .row, .ready li, .newcomer li, .newcomer li *, .qr, .scan, .foot, .foot *')]\
                 .filter(e => { const r = e.getBoundingClientRect(); \
                     return r.top < 0 || r.left < 0 || r.bottom > innerHeight || r.right > innerWidth; })\
                 .map(e => e.className).join('; ')",
            )
            .await;
        assert_eq!(hidden, "", "{what}, {shape}: outside");
        let over = wall
            .ask(
                "(() => { const boxes = [...document.querySelectorAll('.call, .row, .ready, .qr, \
                 .newcomer, .foot, .foot > *, .scan, .top')].filter(e => !e.querySelector('.kept')).map(e => [e.className, e.getBoundingClientRect()]); \
                 const found = []; \
                 boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => { \
                     if (p.left < q.right - 2 && q.left < p.right - 2 && p.top < q.bottom - 2 && \
                         q.top < p.bottom - 2) found.push(a + ' over ' + b); })); \
                 return found.join('; '); })()",
            )
            .await;
        assert_eq!(over, "", "{what}, {shape}");
    }
    wall.resize(WALL.0, WALL.1).await;
}

async fn open<'a>(app: &TestApp, driver: &'a Driver) -> Browser<'a> {
    let wall = driver.open(WALL.0, WALL.1).await;
    // Pictures of what stands still.
    wall.prefers("light", "reduce").await;
    wall.open(&format!("http://{}/salon", app.address)).await;
    wall
}

/// So many wait, with names of all lengths; three are called and two sit.
async fn crowd(app: &TestApp, waiting: usize) {
    app.on_duty(CLEO).await;
    let names = ["Maximilian-Alexander Hohenberg", "Kata Kovács", "Peter Nagy", "Zoe Quintus"];
    for (n, staff) in [ANNA, BEN, CLEO].into_iter().enumerate() {
        let service = if staff == CLEO { NAILS } else { CUT };
        let visit = app.join(Join { requested: Some(staff), ..named(service, names[n]) }).await;
        app.shop(Command::Call { visit: visit.visit(), staff }).await.expect("is called");
    }
    for n in 0..waiting {
        let name = match n {
            0 => "Bartholomew Featherstonehaugh".to_owned(),
            1 => "Wolfeschlegelsteinhausenbergerdorff X".to_owned(),
            _ => format!("Guest{n} Zed"),
        };
        let join = Join { requested: (n % 3 == 0).then_some(ANNA), ..named(CUT, &name) };
        app.join(join).await;
    }
    app.settled().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wall_has_room_for_nobody_for_three_and_for_forty() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let wall = open(&app, &driver).await;
    wall.until("nobody waits", "document.querySelector('.lobby .nobody') !== null").await;
    fits(&wall, "0").await;

    for name in ["Li", "Kata Kovács", "Peter Nagy"] {
        app.join(named(CUT, name)).await;
    }
    app.settled().await;
    wall.sees("next-3").await;
    let measures = wall
        .ask(
            "(() => { const style = (s, p) => getComputedStyle(document.querySelector(s))[p]; \
             return [style('.row', 'height'), style('.row .name', 'fontSize'), \
             style('.row .by', 'fontSize'), style('.qr', 'width'), style('.wall-clock', 'fontSize'), \
             style('.lobby .shop', 'fontSize'), style('.lobby', 'paddingTop'), \
             style('.lobby', 'paddingLeft'), style('.row .by .clock', 'fontVariantNumeric')].join(); })()",
        )
        .await;
    assert_eq!(measures, "148px,80px,80px,260px,80px,48px,54px,96px,tabular-nums");
    fits(&wall, "3").await;
    app.shop(Command::CallNext { staff: ANNA, after: None }).await.expect("is called");
    wall.sees("now-1").await;
    let name = "getComputedStyle(document.querySelector('.call .name'))";
    assert_eq!(wall.ask(&format!("{name}.fontSize + ' ' + {name}.fontWeight")).await, "128px 700");
    fits(&wall, "one-call").await;

    let app = TestApp::open().await;
    crowd(&app, 40).await;
    let wall = open(&app, &driver).await;
    wall.sees("next-4").await;
    assert!(wall.text("more").await.contains("36"), "{}", wall.text("more").await);
    assert_eq!(wall.ask("document.querySelectorAll('.row').length").await, 4);
    fits(&wall, "40").await;
    wall.ask("document.documentElement.setAttribute('dir', 'rtl')").await;
    fits(&wall, "40-rtl").await;
    let side = "getComputedStyle(document.querySelector('.row .name > bdi')).textAlign";
    assert_eq!(wall.ask(side).await, "right", "a name stands where lines begin");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wall_says_how_the_shop_stands() {
    must_have_pages();
    let driver = Driver::start().await;

    let app = TestApp::unstaffed().await;
    let wall = open(&app, &driver).await;
    let standing = |name: &str| {
        format!("document.querySelector('[data-testid=standing]')?.dataset.standing === '{name}'")
    };
    wall.until("nobody is on duty", &standing("nobody")).await;
    wall.until("that has all of the wall", "document.querySelector('.idle .large') !== null").await;
    fits(&wall, "nobody").await;
    wall.prefers("dark", "reduce").await;
    fits(&wall, "nobody-dark").await;

    // Open till six, with a line that is full for today, and closed after that.
    let mut new = salon();
    let day = [Span { from: 9 * 60, to: 18 * 60 }];
    let weekly = Week { mon: day.to_vec(), tue: day.to_vec(), ..Week::default() };
    new.config.hours = Hours { weekly, ..Hours::default() };
    let app = TestApp::open_with(new).await;
    for staff in [ANNA, BEN] {
        app.on_duty(staff).await;
    }
    app.settled().await;
    let wall = open(&app, &driver).await;
    wall.until("until when it is open", "document.querySelector('.open-until') !== null").await;
    fits(&wall, "open").await;
    app.shop(Command::CloseLine).await.expect("was open");
    wall.until("it is full", &standing("full")).await;
    wall.sees_no("join-in").await;
    fits(&wall, "full").await;
    app.shop(Command::OpenLine).await.expect("was closed");
    app.advance_to(NINE + 12 * 60 * MINUTE_MS).await;
    wall.until("it is closed", &standing("closed")).await;
    fits(&wall, "closed").await;

    // Five services, some of them with long names, each of another kind.
    let mut new = sample::new_shop(Kind::Repair, "Europe/Budapest");
    new.id = "salon".parse().expect("a plain word");
    let everybody: Vec<_> = new.config.staff.iter().map(|person| person.id).collect();
    let app = TestApp::open_with(new).await;
    for staff in everybody {
        app.on_duty(staff).await;
    }
    app.settled().await;
    let wall = open(&app, &driver).await;
    wall.sees("quote-5").await;
    for language in Language::ALL {
        wall.open(&format!("http://{}/salon?lang={}", app.address, language.tag())).await;
        wall.sees("quote-5").await;
        fits(&wall, &format!("repair-{}", language.tag())).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wall_counts_its_promises_from_the_thirtieth_on() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let wall = open(&app, &driver).await;
    wall.sees("quote-1").await;
    for n in 1..=30 {
        let visit = app.join(named(CUT, "Kata Kovács")).await.visit();
        app.shop(Command::Start { visit, staff: ANNA }).await.expect("starts");
        app.shop(Command::Finish { visit }).await.expect("finishes");
        if n >= 29 {
            // A tap can be taken back for a minute; it counts after that.
            app.advance_minutes(2).await;
        }
        if n == 29 {
            wall.until("all that has happened", &at_seq(app.seq().await)).await;
            assert_eq!(wall.text("kept").await, "");
        }
    }
    let kept = "document.querySelector('[data-testid=kept]').innerText";
    let said = format!("{kept} === '30 of 30 promises kept this week'");
    wall.until("how many were kept", &said).await;
    // Beside when it was last confirmed, in each language.
    for language in Language::ALL {
        wall.open(&format!("http://{}/salon?lang={}", app.address, language.tag())).await;
        wall.until("how many were kept", &format!("{kept}.includes('30')")).await;
        wall.sees("confirmed").await;
        fits(&wall, &format!("kept-{}", language.tag())).await;
    }
}

/// The page shows what has happened in the shop up to an event.
fn at_seq(seq: u64) -> String {
    format!("Number(document.querySelector('[data-testid=page]').dataset.seq) >= {seq}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_without_a_server_says_since_when_and_keeps_promises_alone() {
    must_have_pages();
    let app = TestApp::open().await;
    crowd(&app, 3).await;
    let driver = Driver::start().await;
    let wall = open(&app, &driver).await;
    wall.sees("quote-1").await;
    app.close().await;
    wall.is("stale").await;
    wall.sees("stale").await;
    assert!(wall.text("stale").await.contains("true at 9:00"), "{}", wall.text("stale").await);
    wall.sees_no("quote-1").await;
    wall.sees("next-4").await;
    fits(&wall, "stale").await;
}

/// A clinic: codes, and no names, times or wishes of anybody on the wall.
fn clinic() -> NewShop {
    let mut new = salon();
    new.config.names_on_wall = NamesOnWall::Code;
    new
}

/// Before the page's own first line: what it asks of the device is written down, and speech takes a
/// while of the page's own time.
const LISTEN: &str = "
    const real = Date.now; window.__ahead = 0; Date.now = () => real() + window.__ahead;
    // A mark every second of the page: what is looked for once a second is looked for then.
    let tick = 0;
    setInterval(() => { document.documentElement.dataset.tick = tick += 1; }, 1000);
    window.__said = []; window.__chimes = 0; window.__awake = 0; window.__overlaps = 0;
    window.__speaking = 0;
    class Param { setValueAtTime() {} exponentialRampToValueAtTime() {} }
    window.__state = 'running';
    window.AudioContext = class {
        get state() { return window.__state; }
        get currentTime() { return 0; }
        get destination() { return {}; }
        resume() { return Promise.resolve(); }
        createOscillator() {
            return { frequency: {}, connect() {}, start() { window.__chimes += 0.5; }, stop() {} };
        }
        createGain() { return { gain: new Param(), connect() {} }; }
    };
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    Object.defineProperty(window, 'speechSynthesis', { value: {
        getVoices() { return [{ lang: 'de-DE', localService: true }, { lang: 'en-GB', localService: true }]; },
        cancel() {},
        speak(speech) {
            if (window.__speaking > 0) window.__overlaps += 1;
            window.__speaking += 1;
            window.__said.push(speech.text + '|' + speech.lang + '|' + speech.voice.lang);
            setTimeout(() => { window.__speaking -= 1; speech.onend({}); }, 400);
        },
    } });
    Object.defineProperty(navigator, 'wakeLock', { value: {
        request(kind) { window.__awake += 1; return Promise.resolve({ kind }); },
    } });";

async fn listening<'a>(app: &TestApp, driver: &'a Driver) -> Browser<'a> {
    let wall = driver.open(WALL.0, WALL.1).await;
    wall.before_each_page(LISTEN).await;
    wall.open(&format!("http://{}/salon", app.address)).await;
    wall
}

/// Lets the clock of the device run on, and the page look twice at what that means.
async fn later(wall: &Browser<'_>, ms: i64) {
    wall.ask(&format!("(window.__ahead += {ms})")).await;
    let tick = wall.ask("Number(document.documentElement.dataset.tick || 0)").await;
    let tick = tick.as_i64().expect("a number") + 3;
    let passed = format!("Number(document.documentElement.dataset.tick) >= {tick}");
    wall.until("three seconds of the page have passed", &passed).await;
}

/// Waits until what is said can be read along.
async fn reads(wall: &Browser<'_>, text: &str) {
    let shown = format!("document.querySelector('.caption')?.innerText === '{text}'");
    wall.until(&format!("“{text}” to read along"), &shown).await;
}

async fn said(wall: &Browser<'_>, count: usize) -> String {
    wall.until("it is said", &format!("window.__said.length >= {count}")).await;
    let said = wall.ask("window.__said.join('\\n')").await;
    said.as_str().expect("a text").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_there_is_called_aloud_one_after_the_other_and_twice_at_most() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let wall = listening(&app, &driver).await;
    assert_eq!(wall.ask("window.__awake").await, 1, "the screen is to stay on");

    // Before anybody has allowed it, nothing sounds.
    let early = walk_in(&app, "Early Bird").await;
    app.shop(Command::Call { visit: early, staff: BEN }).await.expect("is called");
    wall.sees(&format!("now-{early}")).await;
    wall.click("sound-on").await;
    assert_eq!(said(&wall, 1).await, "Sound is on.|en|en-GB");
    wall.sees_no("sound-on").await;
    app.shop(Command::Start { visit: early, staff: BEN }).await.expect("starts");
    app.shop(Command::Finish { visit: early }).await.expect("finishes");

    // Kata is there, Peter joined by himself and has not said so: only she is called aloud.
    let kata = walk_in(&app, "Kata Kovács").await;
    let peter = app.join(named(CUT, "Peter Nagy")).await;
    app.shop(Command::Call { visit: peter.visit(), staff: BEN }).await.expect("is called");
    app.shop(Command::Call { visit: kata, staff: ANNA }).await.expect("is called");
    wall.sees(&format!("now-{kata}")).await;
    let slides = format!(
        "getComputedStyle(document.querySelector('[data-testid=now-{kata}]')).animationName"
    );
    assert_eq!(wall.ask(&slides).await, "slide-in, pulse");
    reads(&wall, "Kata K.: chair 1, please.").await;
    assert_eq!(said(&wall, 2).await, "Sound is on.|en|en-GB\nKata K: chair 1, please.|en|en-GB");
    wall.sees_no("caption").await;
    let at_rest = "document.getAnimations().every(a => a.playState === 'finished')";
    wall.until("it stands still", at_rest).await;

    // He arrives.
    app.phone_asks(peter.link(), "check-in").await;
    reads(&wall, "Peter N.: chair 2, please.").await;
    wall.picture(&pictures().join("lobby-call.png")).await;
    assert!(said(&wall, 3).await.ends_with("Peter N: chair 2, please.|en|en-GB"));

    // Nobody comes: both are said once more, in their order, and then no more.
    later(&wall, 21_000).await;
    let all = said(&wall, 5).await;
    assert_eq!(all.matches("Peter N:").count(), 2, "{all}");
    assert_eq!(all.matches("Kata K:").count(), 2, "{all}");
    wall.until("all is said", "document.querySelector('.caption') === null").await;
    for _ in 0..3 {
        later(&wall, 30_000).await;
        wall.is("live").await;
    }
    assert_eq!(wall.ask("window.__said.length").await, 5, "{}", said(&wall, 5).await);
    assert_eq!(wall.ask("window.__overlaps").await, 0);
    assert_eq!(wall.ask("window.__chimes").await, 5, "a chime before each");

    // The choice is remembered, and what the screen was shown before is not said again.
    wall.load(&format!("http://{}/salon", app.address), "live").await;
    wall.sees(&format!("now-{kata}")).await;
    wall.sees_no("sound-on").await;
    later(&wall, 0).await;
    assert_eq!(wall.ask("window.__said.length").await, 0);
    // Where the browser keeps the page silent all the same, the button is there again.
    wall.ask("(window.__state = 'suspended')").await;
    wall.sees("sound-on").await;
    wall.ask("(window.__state = 'running')").await;
    wall.sees_no("sound-on").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_clinic_codes_are_called_and_neither_names_nor_times_are_shown() {
    must_have_pages();
    let app = TestApp::open_with(clinic()).await;
    for staff in [ANNA, BEN] {
        app.on_duty(staff).await;
    }
    let driver = Driver::start().await;
    let wall = listening(&app, &driver).await;
    wall.click("sound-on").await;
    said(&wall, 1).await;
    let kata = walk_in(&app, "Kata Kovács").await;
    app.shop(Command::Call { visit: kata, staff: ANNA }).await.expect("is called");
    for name in ["Peter Nagy", "Olga Nowak", "Zoe Quintus"] {
        app.join(Join { requested: Some(BEN), ..named(CUT, name) }).await;
    }
    app.settled().await;
    assert!(said(&wall, 2).await.ends_with("A 01: chair 1, please.|en|en-GB"));
    wall.sees("next-4").await;
    wall.sees("quote-1").await;
    let shown = wall.ask("document.querySelector('main').innerText").await;
    let shown = shown.as_str().expect("a text");
    let data = app.get("/api/shops/salon/snapshot").await.text();
    let tv = app.get("/salon/tv/board").await.text();
    for secret in ["Kata", "Peter", "Olga", "Zoe"] {
        assert!(!shown.contains(secret) && !data.contains(secret) && !tv.contains(secret));
    }
    assert!(!shown.contains("with Ben") && !shown.contains(':'), "{shown}");
    let cards: serde_json::Value = serde_json::from_str(&data).expect("JSON");
    let cards = cards["view"]["lobby"]["cards"].as_object().expect("cards");
    assert_eq!(cards.len(), 4);
    for card in cards.values() {
        assert!(card["by"].is_null() && card["requested"].is_null(), "{card}");
    }
    fits(&wall, "clinic").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_earlier_time_is_said_to_be_one_for_ten_seconds() {
    must_have_pages();
    let app = TestApp::open().await;
    for (staff, name) in [(ANNA, "Ada"), (BEN, "Bob")] {
        let visit = walk_in(&app, name).await;
        app.shop(Command::Start { visit, staff }).await.expect("starts");
    }
    let mut before = Vec::new();
    for name in ["Li", "Peter Nagy", "Olga Nowak"] {
        before.push(app.join(named(CUT, name)).await);
    }
    // She is in the shop: who is elsewhere would only be invited to come earlier.
    let card = walk_in(&app, "Kata Kovács").await;
    app.settled().await;
    let driver = Driver::start().await;
    let wall = listening(&app, &driver).await;
    let first = wall.time(&format!("next-{card}")).await;
    // Those before her are gone, and after a while the shop is sure of an earlier time.
    for joined in &before[1..] {
        app.phone_asks(joined.link(), "leave").await;
    }
    app.advance_minutes(3).await;
    wall.sees(&format!("earlier-{card}")).await;
    assert!(wall.time(&format!("next-{card}")).await < first);
    wall.picture(&pictures().join("lobby-earlier.png")).await;
    let word = wall.text(&format!("earlier-{card}")).await;
    assert_eq!(word, "earlier");
    let began = wall.ask("performance.now()").await.as_f64().expect("a number");
    wall.sees_no(&format!("earlier-{card}")).await;
    let ended = wall.ask("performance.now()").await.as_f64().expect("a number");
    assert!((5_000.0..20_000.0).contains(&(ended - began)), "{}", ended - began);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_ready_to_be_collected_stands_there_by_its_code() {
    must_have_pages();
    let mut new = salon();
    let bench =
        Step { name: "Mend".into(), kind: StepKind::Bench, nominal_ms: 10 * MINUTE_MS, by: vec![] };
    new.config.staff[1].services.insert(COLOUR);
    let service = &mut new.config.services[0];
    *service = Service { promise: PromiseKind::Ready, steps: vec![bench], ..service.clone() };
    let app = TestApp::open_with(new).await;
    for staff in [ANNA, BEN] {
        app.on_duty(staff).await;
    }
    let driver = Driver::start().await;
    let wall = open(&app, &driver).await;
    let mut link = String::new();
    for name in ["Kata Kovács", "Peter Nagy", "Olga Nowak"] {
        let joined = app.join(named(CUT, name)).await;
        let visit = joined.visit();
        app.shop(Command::Start { visit, staff: ANNA }).await.expect("starts");
        app.advance_minutes(9).await;
        app.shop(Command::Finish { visit }).await.expect("is mended");
        joined.link().clone_into(&mut link);
    }
    wall.sees("ready-3").await;
    assert_eq!(wall.text("ready-3").await, "A03");
    assert!(!wall.text("now").await.contains("Olga"));
    assert_eq!(app.phone(&link).await.on_wall.as_deref(), Some("A03"), "so that they find it");
    fits(&wall, "ready").await;
    app.on_duty(CLEO).await;
    for (staff, service) in [(ANNA, COLOUR), (BEN, COLOUR), (CLEO, NAILS)] {
        let join = Join { requested: Some(staff), ..named(service, "Maximilian-Alexander Ho") };
        let visit = app.join(join).await.visit();
        app.shop(Command::Call { visit, staff }).await.expect("is called");
        app.settled().await;
        wall.sees(&format!("now-{visit}")).await;
        fits(&wall, &format!("ready-and-{visit}")).await;
    }
}

/// Somebody whom staff have let in, and who is there.
async fn walk_in(app: &TestApp, name: &str) -> VisitId {
    let receipt = app.shop(Command::AddWalkIn(named(CUT, name))).await.expect("is let in");
    receipt.visit.expect("a visit")
}
