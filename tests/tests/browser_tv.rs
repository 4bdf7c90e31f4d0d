//! The page for old TVs in a real browser: it follows the shop by its own small script, keeps the
//! last board when nobody answers, and does without scripts at all.

use hyper::{Method, header};
use serde_json::json;
use sooner_server::lifecycle;
use sooner_server::reach::Reach;
use sooner_shared::Command;
use sooner_shared::command::Join;
use sooner_shared::view::PromiseKind;
use sooner_tests::app::TestApp;
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::http;
use sooner_tests::patience::in_time;
use sooner_tests::program::Program;
use sooner_tests::salon::{ANNA, BEN, CLEO, CUT, NAILS, named, salon};
use tokio::net::TcpListener;

use crate::browser::pictures;

/// Old TVs have as many pixels as one of these.
const SCREENS: [(u32, u32); 3] = [(1920, 1080), (1280, 720), (1080, 1920)];

async fn fits(tv: &Browser<'_>, what: &str) {
    for (width, height) in SCREENS {
        tv.resize(width, height).await;
        tv.until("the page has its size", &format!("innerWidth === {width}")).await;
        tv.picture(&pictures().join(format!("tv-{what}-{width}x{height}.png"))).await;
        let size = tv
            .ask("[document.documentElement.scrollWidth, document.documentElement.scrollHeight].join()")
            .await;
        assert_eq!(size, format!("{width},{height}"), "{what}");
        // 5 % on each side may be cut off.
        let outside = tv
            .ask(
                "(() => { const x = innerWidth * 0.05 - 1, y = innerHeight * 0.05 - 1; \
                 return [...document.querySelectorAll('.call, .rows tr, .qr, .quotes tr, .kept, \
                 .confirmed, .clock, .shop, .standing, .ready')].filter(e => { \
                 const r = e.getBoundingClientRect(); return r.width > 0 && getComputedStyle(e).visibility !== 'hidden' && (r.left < x || r.top < y || \
                 r.right > innerWidth - x || r.bottom > innerHeight - y); })\
                 .map(e => e.className + ' ' + e.innerText).join('; '); })()",
            )
            .await;
        assert_eq!(outside, "", "{what} {width}x{height}");
    }
    tv.resize(SCREENS[0].0, SCREENS[0].1).await;
}

async fn crowd(app: &TestApp, waiting: usize) {
    app.on_duty(CLEO).await;
    let names = ["Maximilian-Alexander Hohenberg", "Kata Kovács", "Peter Nagy"];
    for (n, staff) in [ANNA, BEN, CLEO].into_iter().enumerate() {
        let service = if staff == CLEO { NAILS } else { CUT };
        let visit = app.join(Join { requested: Some(staff), ..named(service, names[n]) }).await;
        app.shop(Command::Call { visit: visit.visit(), staff }).await.expect("is called");
    }
    for n in 0..waiting {
        let name =
            if n == 0 { "Bartholomew Featherstonehaugh".into() } else { format!("Guest{n} Zed") };
        let join = Join { requested: (n % 3 == 0).then_some(ANNA), ..named(CUT, &name) };
        app.join(join).await;
    }
    app.settled().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_tv_follows_the_shop_and_shows_what_the_wall_shows() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let tv = driver.open(1920, 1080).await;
    let address = format!("http://{}/salon/tv?lang=en-GB", app.address);
    tv.open(&address).await;
    assert!(tv.text("now").await.contains("Nobody is waiting."));
    fits(&tv, "0").await;
    tv.mark().await;

    let kata = app.join(named(CUT, "Kata Kovács")).await;
    tv.sees(&format!("next-{}", kata.visit())).await;
    assert_eq!(tv.time(&format!("next-{}", kata.visit())).await, kata.by().0);
    app.join(Join { requested: Some(ANNA), ..named(CUT, "Peter Nagy") }).await;
    app.shop(Command::Call { visit: kata.visit(), staff: BEN }).await.expect("is called");
    tv.sees(&format!("now-{}", kata.visit())).await;
    let called = tv.text(&format!("now-{}", kata.visit())).await;
    assert!(called.contains("Kata K.") && called.contains("chair 2"), "{called}");
    tv.sees("next-2").await;
    assert!(tv.text("next-2").await.contains("with Anna"));
    app.advance_minutes(1).await;
    tv.until("the server's clock", "/^0?9:01/.test(document.querySelector('.clock').innerText)")
        .await;
    assert!(tv.is_the_same_page().await, "one block was replaced");
    let quote = app.wall().await.head.quote(CUT, None).expect("a time");
    assert_eq!(tv.time("quote-1").await, quote.0);
    assert!(tv.text("join-in").await.contains(&format!("{}/salon/join", app.address)));
    tv.until("the code is a picture", "document.querySelector('.qr').naturalWidth > 0").await;
    fits(&tv, "2").await;

    let app = TestApp::open().await;
    crowd(&app, 40).await;
    tv.open(&format!("http://{}/salon/tv?lang=en-GB", app.address)).await;
    tv.sees("next-4").await;
    assert!(tv.text("next").await.contains("36"), "{}", tv.text("next").await);
    fits(&tv, "40").await;
    tv.ask("document.documentElement.setAttribute('dir', 'rtl')").await;
    fits(&tv, "40-rtl").await;
    for (language, says) in [("es", "Ahora"), ("ru", "Сейчас"), ("hu", "Most")] {
        tv.open(&format!("http://{}/salon/tv?lang={language}", app.address)).await;
        assert!(tv.text("now").await.contains(says), "{language}: {}", tv.text("now").await);
        fits(&tv, &format!("40-{language}")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_long_the_names_of_services_are_the_code_can_be_scanned() {
    must_have_pages();
    let mut new = salon();
    for (service, name) in new.config.services.iter_mut().zip([
        "Battery swap while you wait",
        "A complete restoration of furniture, by appointment",
        "Nails",
    ]) {
        name.clone_into(&mut service.name);
        service.promise = PromiseKind::CallBack;
    }
    let app = TestApp::open_with(new).await;
    for staff in [ANNA, CLEO] {
        app.on_duty(staff).await;
    }
    let driver = Driver::start().await;
    let tv = driver.open(1920, 1080).await;
    for language in ["en", "es", "ru", "hu"] {
        tv.open(&format!("http://{}/salon/tv?lang={language}", app.address)).await;
        tv.until("the code", "document.querySelector('.qr').naturalWidth > 0").await;
        fits(&tv, &format!("long-names-{language}")).await;
        for (width, height) in SCREENS {
            tv.resize(width, height).await;
            tv.until("the page has its size", &format!("innerWidth === {width}")).await;
            let square = "(box => Math.abs(box.width - box.height) < 1.5
                && box.width > Math.min(innerWidth, innerHeight) * 0.19)(
                document.querySelector('.qr').getBoundingClientRect())";
            assert_eq!(tv.ask(square).await, true, "{language}, {width}x{height}");
            let inside = "(() => { const page = document.querySelector('.page').getBoundingClientRect();
                return [...document.querySelectorAll('.scan, .code, .newcomer')].filter(part => {
                    const box = part.getBoundingClientRect();
                    return box.left < page.left - 1 || box.right > page.right + 1
                        || (part.className !== 'newcomer' && part.scrollWidth > part.clientWidth + 1);
                }).concat([...document.querySelectorAll('.quotes .time')].filter(time => {
                    const box = time.getBoundingClientRect();
                    const room = time.closest('.newcomer').getBoundingClientRect();
                    return box.left < room.left || box.right > room.right + 1;
                })).map(part => part.className).join(); })()";
            assert_eq!(tv.ask(inside).await, "", "{language}, {width}x{height}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_tv_keeps_its_last_board_when_the_server_is_gone_and_comes_back() {
    must_have_pages();
    let folder = tempfile::tempdir().expect("there is room for a temporary folder");
    let program = Program::serve(folder.path(), 0).await;
    let port = program.address.port();
    let driver = Driver::start().await;
    let tv = driver.open(1920, 1080).await;
    tv.open(&format!("http://{}/salon/tv?lang=en-GB", program.address)).await;
    fits(&tv, "sample").await;
    tv.mark().await;
    let shop = tv.ask("document.querySelector('.shop').innerText").await;
    let clock = tv.text("clock").await;
    program.kill();
    tv.is("stale").await;
    let band = tv.text("stale").await;
    assert!(band.starts_with("No connection. This was true at "), "{band}");
    assert!(!clock.is_empty() && !band.contains("undefined"), "{band}");
    assert_eq!(tv.ask("document.querySelector('.shop').innerText").await, shop, "it is kept");
    let shown = "getComputedStyle(document.querySelector('.newcomer')).visibility + ' ' + \
                 getComputedStyle(document.querySelector('.band')).display";
    assert_eq!(tv.ask(shown).await, "hidden block", "what was true for somebody new is not");
    fits(&tv, "stale").await;
    let program = Program::serve(folder.path(), port).await;
    tv.is("live").await;
    assert!(tv.is_the_same_page().await);
    drop(program);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_tv_without_scripts_loads_the_page_again_and_one_with_another_build_too() {
    must_have_pages();
    let app = TestApp::open().await;
    let driver = Driver::start().await;
    let tv = driver.open(1920, 1080).await;
    let address = format!("http://{}/salon/tv?lang=en-GB", app.address);
    let page = app.get("/salon/tv").await.text();
    let refresh = "<noscript><meta http-equiv=\"refresh\" content=\"15\"></noscript>";
    assert!(page.contains(refresh), "{page}");
    assert!(!page.replacen(refresh, "", 1).contains("refresh"), "with scripts it does not flicker");
    let scripts = "Emulation.setScriptExecutionDisabled";
    tv.cdp(scripts, json!({ "value": true })).await;
    tv.open(&address).await;
    let seen = "document.querySelector('noscript meta[http-equiv=refresh]') !== null && \
                document.querySelector('.newcomer').innerText.includes('by')";
    tv.until("the board is in the document itself", seen).await;

    // At night the page is loaded anew.
    tv.cdp(scripts, json!({ "value": false })).await;
    tv.open(&address).await;
    tv.mark().await;
    app.jump_to(app.now() + 20 * 60 * sooner_shared::time::MINUTE_MS).await;
    tv.until("it was loaded anew", "window.soonerMark === undefined").await;
    tv.is("live").await;
}

#[tokio::test]
async fn the_pages_of_old_tvs_are_files_of_ours_in_the_readers_language() {
    let app = TestApp::open().await;
    let answer = app.get("/salon/tv").await;
    assert_eq!(answer.status, 200);
    let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
    assert!(!policy.contains("unsafe") && !policy.contains("sha256"), "{policy}");
    let page = answer.text();
    assert!(!page.contains("style=\"") && !page.contains("<style") && !page.contains("onload"));
    for name in ["screen.js", "screen.css"] {
        let start = page.find(&format!("/salon/tv/{name}?")).expect("is named");
        let path = page[start..].split('"').next().expect("an end");
        let file = app.get(path).await;
        assert_eq!(file.status, 200, "{path}");
        let cached = file.headers[header::CACHE_CONTROL].to_str().expect("text");
        assert!(cached.contains("immutable"), "{cached}");
    }
    let spanish = [(header::ACCEPT_LANGUAGE, "fr, es-MX;q=0.8, en;q=0.5")];
    let page = http::send_with(app.address, Method::GET, "/salon/tv", &spanish, "").await;
    let page = page.expect("an answer").text();
    assert!(page.contains("<html lang=\"es\"") && page.contains("Ahora"), "{page}");
    let odd = app.get("/salon/tv?lang=%22%3E%3Cscript%3E").await.text();
    assert!(odd.contains("board?lang=\"") && !odd.contains("\"><script>"), "{odd}");
    assert_eq!(app.get("/nowhere/tv").await.status, 404);
    assert_eq!(app.get("/nowhere/tv/board").await.status, 404);
    assert_eq!(app.send(Method::POST, "/salon/tv", "").await.status, 405);
}

#[tokio::test]
async fn the_port_for_tvs_has_nothing_but_their_page() {
    let mut other = None;
    let app = TestApp::open_so(None, |app| {
        app.reach = Reach::new(Some("https://wait.example")).expect("an address");
        other = Some(app.clone());
    })
    .await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it listens");
    let serving = tokio::spawn(lifecycle::serve_tv(listener, other.expect("was copied")));
    let get = async |path: &str| {
        let answer = http::send(address, Method::GET, path, "").await;
        answer.expect("an answer")
    };
    for (path, leads_to) in [("/", "/salon/tv"), ("/salon", "/salon/tv")] {
        let answer = get(path).await;
        assert_eq!(answer.status, 307, "{path}");
        assert_eq!(answer.headers[header::LOCATION], leads_to);
    }
    let page = get("/salon/tv").await;
    assert_eq!(page.status, 200);
    assert!(!page.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    assert!(page.text().contains("wait.example/salon/join"), "phones go to the other pages");
    for path in
        ["/salon/tv/board", "/salon/tv/qr.svg", "/salon/tv/screen.js", "/salon/tv/screen.css"]
    {
        assert_eq!(get(path).await.status, 200, "{path}");
    }
    for path in [
        "/salon/desk",
        "/salon/join",
        "/salon/owner",
        "/api/live",
        "/api/shops/salon/snapshot",
        "/api/shops/salon/me",
        "/v/salon.1.x",
        "/livez",
        "/index.html",
    ] {
        assert_eq!(get(path).await.status, 404, "{path}");
    }
    for path in ["/salon/tv", "/salon/tv/board", "/api/shops/salon/visits", "/salon"] {
        let answer = http::send(address, Method::POST, path, "{}").await.expect("an answer");
        assert!(matches!(answer.status, 403..=405), "{path}: {}", answer.status);
    }
    app.begin_to_stop();
    in_time("the port is closed", serving).await.expect("no panic");
}
