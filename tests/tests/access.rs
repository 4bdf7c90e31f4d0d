//! Who may do what, over the real interface.

use hyper::Method;
use hyper::header::{self, HeaderName, HeaderValue};
use serde_json::json;
use sooner_engine::Event;
use sooner_server::limits::Limits;
use sooner_server::links::VisitLink;
use sooner_server::reach::{Reach, network};
use sooner_shared::access::{
    AccessView, Deed, DeviceKind, MadeKey, NewKey, NewLink, NewPassword, NewPin, PinIn, ReachTried,
    ReachTry, Recovery, Scope, SignIn,
};
use sooner_shared::command::VisitRequest;
use sooner_shared::wire::{Audience, ClientMessage, CloseCode};
use sooner_shared::{Command, Maker, ProblemCode, StaffId};
use sooner_tests::app::TestApp;
use sooner_tests::http::Answer;
use sooner_tests::patience::tell;
use sooner_tests::salon::{ANNA, BEN, CLEO, CUT, fresh_id, named, request, wish};
use sooner_tests::screen::{Heard, Socket};
use sooner_tests::visitor::{PASSWORD, Visitor};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Says hello as a desk; the first thing that is heard.
async fn desk(visitor: &Visitor) -> (Socket, Heard) {
    let mut socket = visitor.socket().await;
    let shop = "salon".parse().expect("a name");
    let audience = Audience::Desk { shop, key: None };
    socket.say(&ClientMessage::Hello { audience, resume: None }).await;
    let heard = socket.hear().await;
    (socket, heard)
}

async fn may_desk(visitor: &Visitor) -> bool {
    match desk(visitor).await.1 {
        Heard::Message(_) => true,
        Heard::Closed(number) if number == CloseCode::NotAllowed.number() => false,
        other => panic!("hello was answered {other:?}"),
    }
}

/// Waits for the close of a socket, whatever comes before.
async fn closed(socket: &mut Socket) -> u16 {
    loop {
        match socket.hear().await {
            Heard::Closed(number) => return number,
            Heard::Message(_) => {}
            Heard::Broken => panic!("the connection broke"),
        }
    }
}

async fn tap(socket: &mut Socket, command: Command, by: Option<StaffId>) {
    socket.say(&ClientMessage::Command { id: fresh_id(), command, by, tapped_at: None }).await;
}

async fn set_pin(owner: &mut Visitor, staff: StaffId, pin: Option<&str>) -> Answer {
    let path = format!("/api/shops/salon/pins/{staff}");
    owner.send(Method::PUT, &path, &NewPin { pin: pin.map(str::to_owned) }).await
}

fn pin_in(staff: StaffId, pin: &str) -> PinIn {
    PinIn { staff, pin: pin.to_owned() }
}

#[tokio::test]
async fn a_paired_tablet_is_a_desk_until_it_is_revoked() {
    let app = TestApp::open().await;
    let (mut owner, _) = Visitor::owner(&app).await;
    assert!(may_desk(&owner).await, "the owner may do what staff do");
    let stranger = Visitor::new(app.address);
    assert!(!may_desk(&stranger).await);
    let tablet = Visitor::paired(&app, &mut owner, DeviceKind::Tablet).await;
    let kiosk = Visitor::paired(&app, &mut owner, DeviceKind::Kiosk).await;
    let display = Visitor::paired(&app, &mut owner, DeviceKind::Display).await;
    assert!(may_desk(&tablet).await && !may_desk(&kiosk).await && !may_desk(&display).await);

    let access: AccessView = owner.get("access").await.accepted();
    let known: Vec<_> = access.devices.iter().map(|d| (d.kind, d.label.as_str())).collect();
    let all = [
        (DeviceKind::Owner, ""),
        (DeviceKind::Tablet, "Tablet"),
        (DeviceKind::Kiosk, "Kiosk"),
        (DeviceKind::Display, "Display"),
    ];
    assert_eq!(known, all);
    assert!(access.devices[0].is_this && access.devices.iter().all(|d| d.seen_at.0 > 0));

    let (mut socket, _) = desk(&tablet).await;
    let id = access.devices[1].id;
    let revoked = owner.send(Method::DELETE, &format!("/api/shops/salon/devices/{id}"), &()).await;
    assert_eq!(revoked.status, 204);
    assert_eq!(closed(&mut socket).await, CloseCode::AccessChanged.number());
    assert!(!may_desk(&tablet).await, "it may come back, and is not let in");
    let again = owner.send(Method::DELETE, &format!("/api/shops/salon/devices/{id}"), &()).await;
    assert_eq!(again.code(), ProblemCode::UnknownDevice);
    let access: AccessView = owner.get("access").await.accepted();
    let newest = access.deeds[0];
    assert_eq!((newest.by, newest.deed), (Maker::Owner, Deed::Unpaired(id)));
}

#[tokio::test]
async fn with_pins_a_tablet_is_a_desk_for_who_signed_in_and_every_tap_says_who() {
    let app = TestApp::open().await;
    let (mut owner, _) = Visitor::owner(&app).await;
    let mut tablet = Visitor::paired(&app, &mut owner, DeviceKind::Tablet).await;
    let device = tablet.me().await.device.expect("it is paired").id;
    let (mut before, _) = desk(&tablet).await;
    for (staff, pin) in [(ANNA, "2580"), (BEN, "1379")] {
        assert_eq!(set_pin(&mut owner, staff, Some(pin)).await.status, 204);
    }
    // Now that there are PINs, nobody works on without one.
    assert_eq!(closed(&mut before).await, CloseCode::AccessChanged.number());
    assert!(!may_desk(&tablet).await);
    let me = tablet.me().await;
    assert!(me.needs_pin());
    let pins: Vec<_> = me.people.iter().map(|p| (p.staff, p.has_pin, p.signed_in)).collect();
    assert_eq!(pins, [(ANNA, true, false), (BEN, true, false), (CLEO, false, false)]);

    let wrong = tablet.post("shift", &pin_in(ANNA, "2581")).await;
    assert_eq!(wrong.code(), ProblemCode::WrongPassword);
    let mut kiosk = Visitor::paired(&app, &mut owner, DeviceKind::Kiosk).await;
    let mut stranger = Visitor::new(app.address);
    for elsewhere in [&mut kiosk, &mut stranger] {
        let answer = elsewhere.post("shift", &pin_in(ANNA, "2580")).await;
        assert_eq!(answer.code(), ProblemCode::NotPaired, "a PIN counts at a tablet only");
    }
    assert_eq!(tablet.post("shift", &pin_in(ANNA, "2580")).await.status, 204);
    let with_anna = tablet.clone();
    assert!(may_desk(&tablet).await);
    assert_eq!(tablet.post("shift", &pin_in(BEN, "1379")).await.status, 204);
    assert!(!may_desk(&with_anna).await, "each sign-in has a token of its own");

    let (mut socket, _) = desk(&tablet).await;
    let seq = app.seq().await;
    for (staff, by) in [(ANNA, Some(ANNA)), (BEN, None)] {
        tap(&mut socket, Command::TakeBreak { staff, ms: 600_000 }, by).await;
    }
    app.settled().await;
    tap(&mut socket, Command::EndBreak { staff: ANNA }, Some(CLEO)).await;
    loop {
        if let Heard::Message(message) = socket.hear().await
            && let sooner_shared::wire::ServerMessage::Refused { problem, .. } = *message
        {
            assert_eq!(problem.code, ProblemCode::SignInNeeded, "Cleo is not signed in");
            break;
        }
    }
    let log = app.log().await;
    let breaks: Vec<_> = log
        .iter()
        .filter(|r| r.seq > seq && matches!(r.event, Event::TookBreak { .. }))
        .map(|r| r.by)
        .collect();
    let staff = |staff| Maker::Staff { staff, device };
    assert_eq!(breaks, [staff(ANNA), staff(BEN)]);

    // Locked: nobody is signed in, and the screen goes dark.
    let locked = tablet.send(Method::DELETE, "/api/shops/salon/shift", &()).await;
    assert_eq!(locked.status, 204);
    assert_eq!(closed(&mut socket).await, CloseCode::AccessChanged.number());
    assert!(!may_desk(&tablet).await);
}

#[tokio::test]
async fn every_change_is_recorded_with_who_made_it() {
    let app = TestApp::open().await;
    let (mut owner, _) = Visitor::owner(&app).await;
    let mut kiosk = Visitor::paired(&app, &mut owner, DeviceKind::Kiosk).await;
    let kiosk_id = kiosk.me().await.device.expect("it is paired").id;
    let made: MadeKey = owner
        .post("keys", &NewKey { label: "Till".into(), scopes: vec![Scope::Join] })
        .await
        .accepted();
    let mut phone = Visitor::new(app.address);
    let key = format!("Bearer {}", made.key);
    let path = "/api/shops/salon/visits";
    assert_eq!(phone.send(Method::POST, path, &request(wish(CUT))).await.status, 201);
    assert_eq!(kiosk.send(Method::POST, path, &request(wish(CUT))).await.status, 201);
    let headers = [(header::AUTHORIZATION, key.as_str())];
    let by_key = phone.send_as(Method::POST, path, &request(wish(CUT)), &headers).await;
    assert_eq!(by_key.status, 201);
    app.settled().await;
    let log = app.log().await;
    let joined: Vec<_> =
        log.iter().filter(|r| matches!(r.event, Event::Joined { .. })).map(|r| r.by).collect();
    assert_eq!(joined, [Maker::Customer, Maker::Device(kiosk_id), Maker::Program(made.id)]);
    assert_eq!(log[0].by, Maker::Operator, "who made the shop");
    let nobody = log.iter().filter(|r| r.by == Maker::Unknown).count();
    assert_eq!(nobody, 0, "nothing is anonymous");
}

#[tokio::test]
async fn a_key_opens_what_its_scopes_say_until_it_is_revoked() {
    let app = TestApp::open().await;
    let (mut owner, _) = Visitor::owner(&app).await;
    let mut program = Visitor::new(app.address);
    for (scopes, may_join, may_desk, may_set_up) in [
        (vec![], 403, 403, 403),
        (vec![Scope::Join], 201, 403, 403),
        (vec![Scope::Desk], 403, 200, 403),
        (vec![Scope::SetUp], 403, 403, 200),
        (Scope::ALL.to_vec(), 201, 200, 200),
    ] {
        let made: MadeKey = owner
            .post("keys", &NewKey { label: "Key".into(), scopes: scopes.clone() })
            .await
            .accepted();
        let key = format!("Bearer {}", made.key);
        let headers = [(header::AUTHORIZATION, key.as_str())];
        let joined = request(wish(CUT));
        let visits = "/api/shops/salon/visits";
        let join = program.send_as(Method::POST, visits, &joined, &headers).await;
        assert_eq!(join.status, may_join, "{scopes:?}");
        let preview = json!({ "command": { "go_off_duty": { "staff": 1 } } });
        let previews = "/api/shops/salon/previews";
        let desk = program.send_as(Method::POST, previews, &preview, &headers).await;
        assert_eq!(desk.status, may_desk, "{scopes:?}");
        let set_up = program.send_as(Method::GET, "/api/shops/salon/set-up", &(), &headers).await;
        assert_eq!(set_up.status, may_set_up, "{scopes:?}");
        let owners = program.send_as(Method::GET, "/api/shops/salon/access", &(), &headers).await;
        assert_eq!(owners.code(), ProblemCode::NotAllowed, "no key is the owner's");
        let path = format!("/api/shops/salon/keys/{}", made.id);
        assert_eq!(owner.send(Method::DELETE, &path, &()).await.status, 204);
        let after = program.send_as(Method::POST, previews, &preview, &headers).await;
        assert_eq!(after.code(), ProblemCode::NotAllowed, "revoked");
    }
}

#[tokio::test]
async fn a_login_is_new_each_time_ends_at_logout_and_is_out_of_reach_of_pages() {
    let app = TestApp::open().await;
    let (mut owner, recovery) = Visitor::owner(&app).await;
    let first = owner.clone();
    let answer = owner.post("login", &SignIn { password: PASSWORD.to_owned() }).await;
    let set: Vec<_> = answer.headers.get_all(header::SET_COOKIE).into_iter().collect();
    assert_eq!(set.len(), 1, "the browser is known already");
    let text = set[0].to_str().expect("text");
    for attribute in ["; Path=/;", "; HttpOnly", "; SameSite=Strict"] {
        assert!(text.contains(attribute), "{text}");
    }
    assert!(!may_desk(&first).await, "the login of before is over");
    let signed_in = owner.clone();
    assert_eq!(owner.post("logout", &()).await.status, 204);
    assert!(!may_desk(&signed_in).await, "also for who kept the cookie");
    // The cookie of the login alone, carried to another browser, is worth nothing.
    owner.post("login", &SignIn { password: PASSWORD.to_owned() }).await;
    let mut thief = owner.clone();
    thief.cookies.retain(|name, _| name.contains("login"));
    assert!(may_desk(&owner).await && !may_desk(&thief).await);
    // A new password by the printed code ends every login.
    let mut elsewhere = Visitor::new(app.address);
    let asked = NewPassword::Recover {
        recovery_code: recovery.recovery_code,
        password: "another one entirely".to_owned(),
    };
    let _: Recovery = elsewhere.post("password", &asked).await.accepted();
    assert!(may_desk(&elsewhere).await && !may_desk(&owner).await);
}

/// All routes, as the server has them, with the methods that change something.
fn changing_routes() -> Vec<(Method, String)> {
    let source = include_str!("../../server/src/http/mod.rs");
    let mut routes = Vec::new();
    for line in source.split(".route(").skip(1) {
        let (path, methods) = line.split_once(',').expect("a path and its methods");
        let path = path.trim().trim_matches('"').to_owned();
        let methods = methods.split(".route(").next().unwrap_or_default();
        let methods = methods.split(".method_not_allowed").next().unwrap_or_default();
        for (name, method) in
            [("post(", Method::POST), ("put(", Method::PUT), ("delete(", Method::DELETE)]
        {
            if methods.contains(name) {
                routes.push((method, path.clone()));
            }
        }
    }
    routes
}

#[tokio::test]
async fn no_page_of_another_site_changes_anything() {
    let app = TestApp::open().await;
    let (owner, _) = Visitor::owner(&app).await;
    let joined = app.join(named(CUT, "Kata")).await;
    app.settled().await;
    let seq = app.seq().await;
    let routes = changing_routes();
    assert!(routes.len() >= 18, "{routes:?}");
    let own = format!("http://{}", app.address);
    let other_port = "http://127.0.0.1:1";
    let shapes: [&[(HeaderName, &str)]; 6] = [
        &[(header::ORIGIN, "https://evil.example")],
        &[(header::ORIGIN, "null")],
        &[(header::ORIGIN, other_port)],
        &[(SEC_FETCH_SITE, "cross-site")],
        &[(SEC_FETCH_SITE, "same-site")],
        &[(header::ORIGIN, &own), (header::ORIGIN, "https://evil.example")],
    ];
    let mut tried = 0;
    for (method, path) in &routes {
        let path = path
            .replace("{shop}", "salon")
            .replace("{link}", joined.link())
            .replace("{wish}", "leave")
            .replace("{secret}", "x")
            .replace("{visit}", "1")
            .replace("{id}", "1")
            .replace("{staff}", "1");
        for shape in shapes {
            // With every cookie the owner has: a browser that ignores SameSite.
            let mut victim = owner.clone();
            let body = json!({ "id": "cross-site-try" });
            let answer = victim.send_as(method.clone(), &path, &body, shape).await;
            assert_eq!(answer.code(), ProblemCode::CrossSite, "{method} {path} {shape:?}");
            tried += 1;
        }
    }
    assert_eq!(app.seq().await, seq);
    tell(&format!("R20: {tried} requests of {} routes from other sites, 0 passed", routes.len()));
}

#[tokio::test]
async fn a_socket_is_opened_by_our_pages_and_by_programs_only() {
    let app = TestApp::open().await;
    let own = format!("http://{}", app.address);
    let port = app.address.port();
    let variants: [(Option<String>, bool); 14] = [
        (None, true),
        (Some(own.clone()), true),
        (Some("null".into()), false),
        (Some(String::new()), false),
        (Some(format!("https://127.0.0.1:{port}")), false),
        (Some("http://127.0.0.1".into()), false),
        (Some(format!("http://127.0.0.1:{}", port.wrapping_add(1))), false),
        (Some(format!("http://localhost:{port}")), false),
        (Some(format!("http://127.0.0.1.evil.example:{port}")), false),
        (Some(format!("http://evil.example/127.0.0.1:{port}")), false),
        (Some(format!("http://127.0.0.1:{port}@evil.example")), false),
        (Some(format!("http://evil.example:{port}")), false),
        (Some("chrome-extension://abcdef".into()), false),
        (Some(format!("{own} https://evil.example")), false),
    ];
    let mut passed = 0;
    for (origin, allowed) in &variants {
        let headers: Vec<_> = origin.iter().map(|o| (header::ORIGIN, o.as_str())).collect();
        let socket = Socket::connect_with(app.address, &headers).await;
        assert_eq!(socket.is_ok(), *allowed, "{origin:?}");
        passed += usize::from(socket.is_ok());
    }
    tell(&format!("R20: {} origins on the socket, {passed} passed: none and ours", variants.len()));
}

#[tokio::test]
async fn a_name_that_is_not_ours_gets_no_answer() {
    let app = TestApp::open().await;
    let mut visitor = Visitor::new(app.address);
    // Rebound to us by its owner's name server, with an origin to match.
    for host in ["evil.example", "evil.example:8080", "127.0.0.1.evil.example"] {
        let stream = tokio::net::TcpStream::connect(app.address).await.expect("the server");
        let text = format!("GET /api/shops/salon/me HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let answer = sooner_tests::http::raw(stream, &text).await;
        assert!(answer.starts_with("HTTP/1.1 421"), "{host}: {answer}");
        assert!(answer.contains("unknown_host") && !answer.contains("Corner Salon"), "{answer}");
    }
    assert_eq!(visitor.get("me").await.status, 200);
}

#[tokio::test]
async fn every_answer_says_what_a_page_may_do() {
    let app = TestApp::open().await;
    let mut visitor = Visitor::new(app.address);
    for path in ["/salon", "/api/shops/salon/snapshot", "/api/nothing", "/livez", "/nowhere"] {
        let answer = visitor.send(Method::GET, path, &()).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(
                answer.headers.get(name).map(HeaderValue::as_bytes),
                Some(value.as_bytes()),
                "{path}"
            );
        }
        assert!(answer.headers.contains_key("permissions-policy"), "{path}");
        assert!(!answer.headers.contains_key("strict-transport-security"), "plain: {path}");
    }
    let api = visitor.get("snapshot").await;
    assert_eq!(api.headers[header::CACHE_CONTROL], "no-store");
    let policy = api.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'; sandbox");
}

#[tokio::test]
async fn of_a_thousand_joins_from_one_address_ten_are_taken() {
    let app = TestApp::open_limited().await;
    for staff in [ANNA, BEN] {
        app.on_duty(staff).await;
    }
    let mut flood = Visitor::new(app.address);
    let path = "/api/shops/salon/visits";
    let mut taken = 0;
    for _ in 0..1_000 {
        let answer = flood.send(Method::POST, path, &request(wish(CUT))).await;
        if answer.status == 201 {
            taken += 1;
        } else {
            assert_eq!(answer.code(), ProblemCode::TooFast);
            assert_eq!(answer.headers[header::RETRY_AFTER], "60");
        }
    }
    assert_eq!(taken, 10);
    // A program has its own measure, from the same address.
    let key = format!("Bearer {}", app.desk_key);
    let headers = [(header::AUTHORIZATION, key.as_str())];
    let program = flood.send_as(Method::POST, path, &request(wish(CUT)), &headers).await;
    assert_eq!(program.status, 201);
    // So has a kiosk; and once one speaks from there, the address is the shop's own network.
    let (mut owner, _) = Visitor::owner(&app).await;
    let mut kiosk = Visitor::paired(&app, &mut owner, DeviceKind::Kiosk).await;
    assert_eq!(kiosk.send(Method::POST, path, &request(wish(CUT))).await.status, 201);
    assert_eq!(flood.send(Method::POST, path, &request(wish(CUT))).await.status, 201);
    tell("R24: of 1000 joins from one address 10 were taken; kiosk, key and own network went on");
}

#[tokio::test]
async fn behind_a_proxy_everybody_has_a_measure_of_their_own_and_strangers_are_nobodys_proxy() {
    let path = "/api/shops/salon/visits";
    let joins = async |app: &TestApp, from: &str| {
        let mut taken = 0;
        for n in 0..12 {
            // What stands left of the proxy's own word was made up by whoever asks.
            let forwarded = format!("198.51.100.{n}, {from}");
            let headers = [(FORWARDED_FOR, forwarded.as_str())];
            let mut visitor = Visitor::new(app.address);
            let joined = visitor.send_as(Method::POST, path, &request(wish(CUT)), &headers).await;
            if joined.status == 201 {
                taken += 1;
            } else {
                assert_eq!(joined.code(), ProblemCode::TooFast);
            }
        }
        taken
    };
    let proxy = network("127.0.0.0/8").expect("a network");
    let behind = TestApp::open_so(None, |app| {
        app.limits = Limits::default();
        app.reach = Reach::default().behind(vec![proxy]);
    })
    .await;
    for address in ["203.0.113.1", "203.0.113.2"] {
        assert_eq!(joins(&behind, address).await, 10, "{address}");
    }
    assert_eq!(joins(&behind, "203.0.113.1").await, 0, "and has had them");

    let open = TestApp::open_limited().await;
    open.on_duty(ANNA).await;
    assert_eq!(joins(&open, "203.0.113.1").await, 10);
    assert_eq!(joins(&open, "203.0.113.2").await, 0, "what a stranger says is not believed");
}

#[tokio::test]
async fn guessed_links_open_nothing_and_after_thirty_nothing_is_answered() {
    let app = TestApp::open_limited().await;
    app.on_duty(ANNA).await;
    let joined = app.join(named(CUT, "Kata")).await;
    let mut guesser = Visitor::new(app.address);
    let mut codes = Vec::new();
    for n in 0..40 {
        let path = format!("/api/visits/salon.1.{n:022}");
        codes.push(guesser.send(Method::GET, &path, &()).await.code());
    }
    let answered = codes.iter().filter(|c| **c == ProblemCode::UnknownVisit).count();
    assert_eq!(answered, 30);
    assert!(codes[30..].iter().all(|c| *c == ProblemCode::TooFast));
    // Even a right one: that it opens would be an answer. Its page says so, too.
    let right = guesser.send(Method::GET, &format!("/api/visits/{}", joined.link()), &()).await;
    assert_eq!(right.code(), ProblemCode::TooFast);
    let page = guesser.send(Method::GET, &format!("/v/{}", joined.link()), &()).await;
    assert_eq!(page.status, 429);
    let mut socket = Socket::connect(app.address).await;
    let link = joined.link().to_owned();
    let audience = Audience::Visit { link };
    socket.say(&ClientMessage::Hello { audience, resume: None }).await;
    assert_eq!(socket.hear().await, Heard::Closed(CloseCode::TooFast.number()));
    tell("R22: limited after 30 wrong links a minute and address");
}

#[tokio::test]
async fn what_is_asked_for_a_visit_has_a_measure() {
    let app = TestApp::open_limited().await;
    app.on_duty(ANNA).await;
    let joined = app.join(named(CUT, "Kata")).await;
    let path = format!("/api/visits/{}/let-pass", joined.link());
    let mut phone = Visitor::new(app.address);
    let mut limited = 0;
    for _ in 0..40 {
        let answer = phone.send(Method::POST, &path, &VisitRequest::new(fresh_id())).await;
        limited += usize::from(answer.status == 429);
    }
    assert_eq!(limited, 10);
}

#[test]
fn a_hundred_thousand_guesses_of_a_link_open_nothing() {
    use data_encoding::BASE64URL_NOPAD;
    let shop: sooner_shared::ShopId = "salon".parse().expect("a name");
    let secrets = sooner_server::links::Secrets::new(shop, sooner_server::links::random());
    let guesses = if std::env::var_os("SOONER_LONG").is_some() { 1_000_000 } else { 100_000 };
    let mut hits = 0;
    for n in 0..guesses {
        let mac = BASE64URL_NOPAD.encode(&sooner_server::links::random::<16>());
        let link: VisitLink = format!("salon.{}.{mac}", n % 50 + 1).parse().expect("its form");
        hits += usize::from(secrets.opens(&link));
    }
    assert_eq!(hits, 0);
    tell(&format!("R22: {guesses} guesses of visit links, {hits} hits"));
}

#[tokio::test]
async fn a_link_that_somebody_else_saw_is_replaced() {
    let app = TestApp::open().await;
    let (mut owner, _) = Visitor::owner(&app).await;
    let mut tablet = Visitor::paired(&app, &mut owner, DeviceKind::Tablet).await;
    let joined = app.join(named(CUT, "Kata")).await;
    let mut thief = app.open_screen(joined.phone()).await;
    let path = format!("visits/{}/link", joined.visit());
    let mut stranger = Visitor::new(app.address);
    assert_eq!(stranger.post(&path, &()).await.code(), ProblemCode::NotPaired);
    let unknown = tablet.post("visits/999/link", &()).await;
    assert_eq!(unknown.code(), ProblemCode::UnknownVisit);
    let new: NewLink = tablet.post(&path, &()).await.accepted();
    assert_ne!(new.link, joined.link());
    assert_eq!(closed(&mut thief.socket).await, CloseCode::UnknownVisit.number());
    let old = stranger.send(Method::GET, &format!("/api/visits/{}", joined.link()), &()).await;
    assert_eq!(old.code(), ProblemCode::UnknownVisit);
    assert_eq!(app.phone(&new.link).await.name, "Kata");
    // Also after the server was away.
    let app = app.restart().await;
    assert_eq!(app.phone(&new.link).await.name, "Kata");
    assert_eq!(app.get(&format!("/api/visits/{}", joined.link())).await.status, 404);
}

#[tokio::test]
async fn a_phone_off_the_wi_fi_is_told_from_one_that_is_in_it() {
    let proxy = network("127.0.0.1").expect("an address");
    let app = TestApp::open_so(None, |app| app.reach = Reach::default().behind(vec![proxy])).await;
    let (mut owner, _) = Visitor::owner(&app).await;
    let mut phone = Visitor::new(app.address);
    assert_eq!(phone.post("reach", &()).await.code(), ProblemCode::SignInNeeded);
    let begun: ReachTry = owner.post("reach", &()).await.accepted();
    assert!(begun.address.ends_with(&format!("/salon/reach#try={}", begun.secret)));
    assert_eq!(phone.post("reach/guessed", &()).await.code(), ProblemCode::UnknownCode);
    let path = format!("/api/shops/salon/reach/{}", begun.secret);
    for (from, expected) in
        [("192.168.1.7", ReachTried::Inside), ("198.51.100.7", ReachTried::Outside)]
    {
        let headers = [(HeaderName::from_static("x-forwarded-for"), from)];
        let came = phone.send_as(Method::POST, &path, &(), &headers).await;
        assert_eq!(came.status, 204, "{from}");
        let tried: ReachTried = owner.get("reach").await.accepted();
        assert_eq!(tried, expected, "{from}");
    }
    let picture = owner.get(&format!("reach/{}/qr.svg", begun.secret)).await;
    assert_eq!(picture.headers[header::CONTENT_TYPE], "image/svg+xml");
}
