//! The HTTP interface: joining, a visit's page, health, and bad input.

use hyper::Method;
use hyper::header::HeaderValue;
use sooner_engine::Event;
use sooner_server::shops::Settled;
use sooner_shared::command::{Join, QUOTE_HOLDS_MS, VisitRequest};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, Stage};
use sooner_shared::wire::{Audience, CLIENT_MESSAGE_MAX_BYTES, CloseCode};
use sooner_shared::{Command, ProblemCode, Receipt, ServiceId, Shown, StaffId};
use sooner_tests::app::TestApp;
use sooner_tests::patience::in_time;
use sooner_tests::salon::{ANNA, BEN, CLEO, COLOUR, CUT, NAILS, fresh_id, named, request, wish};
use sooner_tests::screen::Socket;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const VISITS: &str = "/api/shops/salon/visits";

/// What stands in an address, and is no text once decoded.
const NO_TEXT: &str = "%ff";

/// The time on the wall for a service of whoever is free first, as a screen shows it.
async fn shown(app: &TestApp, service: ServiceId) -> Shown {
    let head = app.wall().await.head;
    Shown { by: head.quote(service, None).expect("a time is shown"), at: head.quoted_at }
}

#[tokio::test]
async fn a_person_who_joins_is_promised_the_time_on_the_wall_or_an_earlier_one() {
    let app = TestApp::open().await;
    for joined_before in 0..6 {
        let shown = shown(&app, CUT).await;
        let joined = app.join(Join { shown: Some(shown), ..named(CUT, "Kata Kovács") }).await;
        assert!(joined.by() <= shown.by, "with {joined_before} in line");
        app.settled().await;

        let phone = app.phone(joined.link()).await;
        assert_eq!(phone.by, Some(joined.by()));
        assert_eq!((phone.stage, phone.name.as_str()), (Stage::Waiting, "Kata Kovács"));
        assert_eq!(phone.ahead, Some(joined_before));
        let wall = app.wall().await;
        let card = &wall.cards[&joined.visit()];
        // One after another of the same name is told apart.
        assert!(card.label.starts_with("Kata K"), "{}", card.label);
        assert_eq!(card.by, Some(joined.by()));
        assert_eq!(wall.order.last(), Some(&joined.visit()));
    }
}

#[tokio::test]
async fn a_shown_time_is_held_while_only_time_passes() {
    let app = TestApp::open().await;
    for _ in 0..6 {
        let shown = shown(&app, CUT).await;
        app.advance_to(shown.at + QUOTE_HOLDS_MS).await;
        let joined = app.join(Join { shown: Some(shown), ..wish(CUT) }).await;
        assert!(joined.by() <= shown.by);
        app.settled().await;
    }
}

#[tokio::test]
async fn a_shown_time_that_no_longer_holds_is_refused_and_nothing_is_recorded() {
    let app = TestApp::open().await;
    let old = shown(&app, CUT).await;
    for _ in 0..6 {
        app.join(wish(CUT)).await;
    }
    let seq = app.seq().await;
    let problem =
        app.post_join(&request(Join { shown: Some(old), ..named(CUT, "Late") })).await.problem();
    assert_eq!(problem.code, ProblemCode::QuoteChanged);
    let by = problem.by.expect("the new time");
    assert!(by > old.by);
    assert_eq!(app.seq().await, seq);

    let yes = Join { shown: Some(Shown { by, at: app.now() }), ..wish(CUT) };
    assert_eq!(app.join(yes).await.by(), by, "the new time can be said yes to");
}

#[tokio::test]
async fn a_time_that_no_screen_can_have_shown_is_not_honoured() {
    let app = TestApp::open().await;
    for _ in 0..6 {
        app.join(wish(CUT)).await;
    }
    let seq = app.seq().await;
    let good = shown(&app, CUT).await;
    let earlier = good.by - 60 * MINUTE_MS;
    for bad in [
        Shown { by: earlier, at: app.now() },
        Shown { by: earlier, at: app.now() + MINUTE_MS },
        Shown { by: sooner_shared::Timestamp(i64::MIN), at: app.now() },
        Shown { by: earlier, at: sooner_shared::Timestamp(i64::MIN) },
        Shown { by: earlier, at: sooner_shared::Timestamp(i64::MAX) },
    ] {
        let answer = app.post_join(&request(Join { shown: Some(bad), ..wish(CUT) })).await;
        assert_eq!(answer.code(), ProblemCode::QuoteChanged, "{bad:?}");
    }
    assert_eq!(app.seq().await, seq);
    // A time far off is no trouble: the person gets the sooner one.
    let far = Shown { by: sooner_shared::Timestamp(i64::MAX), at: app.now() };
    assert!(app.join(Join { shown: Some(far), ..wish(CUT) }).await.by() <= good.by);
}

#[tokio::test]
async fn a_retry_gets_the_first_answer_and_one_visit_also_from_a_restarted_server() {
    let app = TestApp::open().await;
    let yes = request(named(CUT, "Kata"));
    let first: Receipt = app.post_join(&yes).await.accepted();
    let old = Shown { by: app.now() + MINUTE_MS, at: app.now() };
    let no = request(Join { shown: Some(old), ..wish(CUT) });
    let refused = app.post_join(&no).await.problem();
    // What has happened since changes neither answer.
    app.join(wish(CUT)).await;
    app.advance_minutes(7).await;
    assert_eq!(app.post_join(&yes).await.accepted::<Receipt>(), first);
    assert_eq!(app.post_join(&no).await.problem(), refused);

    let app = app.restart().await;
    assert_eq!(app.post_join(&yes).await.accepted::<Receipt>(), first);
    assert_eq!(app.post_join(&no).await.problem(), refused);
    assert_eq!(app.count(|e| matches!(e, Event::Joined { .. })).await, 2);
    let link = first.link.expect("a link");
    assert_eq!(app.phone(&link).await.name, "Kata", "the link and the name outlive the server");
}

#[tokio::test]
async fn unknown_names_are_told_by_name_and_change_nothing() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    for shop in ["nosuch", "Salon", "api", "v", "salon%20", "%2e%2e", "-", NO_TEXT] {
        let expected =
            if shop == NO_TEXT { ProblemCode::NotFound } else { ProblemCode::UnknownShop };
        let path = format!("/api/shops/{shop}/visits");
        let answer = app.post(&path, &request(wish(CUT))).await;
        assert_eq!(answer.code(), expected, "{shop}");
        let answer = app.get(&format!("/api/shops/{shop}/snapshot")).await;
        assert_eq!(answer.code(), expected, "{shop}");
    }
    let with = |service, staff| Join { requested: Some(staff), ..wish(service) };
    for (join, code) in [
        (wish(ServiceId(9)), ProblemCode::UnknownService),
        (with(CUT, StaffId(9)), ProblemCode::UnknownStaff),
        (with(NAILS, ANNA), ProblemCode::CannotServe),
    ] {
        assert_eq!(app.post_join(&request(join.clone())).await.code(), code, "{join:?}");
    }
    for link in ["x", "salon", "salon.1", "salon.1.AAAAAAAAAAAAAAAAAAAAAA", NO_TEXT, "a.b.c.d"] {
        for (method, path) in [
            (Method::GET, format!("/api/visits/{link}")),
            (Method::GET, format!("/api/visits/{link}/qr.svg")),
            (Method::POST, format!("/api/visits/{link}/leave")),
            (Method::POST, format!("/api/visits/{link}/check-in")),
        ] {
            let body = serde_json::to_vec(&VisitRequest::new(fresh_id())).expect("JSON");
            let code = app.send(method, &path, body).await.code();
            let expected =
                if link == NO_TEXT { ProblemCode::NotFound } else { ProblemCode::UnknownVisit };
            assert_eq!(code, expected, "{path}");
        }
    }
    assert_eq!(app.seq().await, seq);
}

#[tokio::test]
async fn a_link_with_any_character_changed_opens_nothing() {
    let app = TestApp::open().await;
    let first = app.join(wish(CUT)).await;
    app.join(wish(CUT)).await;
    let seq = app.seq().await;
    let link = first.link();
    for (at, was) in link.char_indices() {
        for other in ['A', 'b', '2', '.', '_'].into_iter().filter(|other| *other != was) {
            let mut forged = link.to_owned();
            forged.replace_range(at..=at, &other.to_string());
            let answer = app.get(&format!("/api/visits/{forged}")).await;
            assert_eq!(answer.code(), ProblemCode::UnknownVisit, "{forged}");
        }
    }
    let forged = link.replacen(".1.", ".2.", 1);
    assert_ne!(forged, link);
    assert_eq!(app.phone_asks(&forged, "leave").await.code(), ProblemCode::UnknownVisit);
    let mut socket = Socket::connect(app.address).await;
    let audience = Audience::Visit { link: forged };
    socket.say(&sooner_shared::wire::ClientMessage::Hello { audience, resume: None }).await;
    assert_eq!(socket.closed_with().await, CloseCode::UnknownVisit.number());
    assert_eq!(app.seq().await, seq);
    assert_eq!(app.phone(link).await.stage, Stage::Waiting, "the true link still opens");
}

#[tokio::test]
async fn malformed_requests_are_refused_and_change_nothing() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    let nested = "[".repeat(10_000);
    let bodies: [&[u8]; 19] = [
        b"",
        b" ",
        b"{",
        b"null",
        b"[]",
        b"\"join\"",
        b"\xff\xfe",
        b"{\"id\":\"abcdefgh\"}",
        b"{\"join\":{\"service\":1}}",
        b"{\"id\":\"short\",\"join\":{\"service\":1}}",
        b"{\"id\":\"with space\",\"join\":{\"service\":1}}",
        b"{\"id\":\"abcdefgh\",\"join\":{\"service\":\"1\"}}",
        b"{\"id\":\"abcdefgh\",\"join\":{\"service\":-1}}",
        b"{\"id\":\"abcdefgh\",\"join\":{\"service\":70000}}",
        b"{\"id\":\"abcdefgh\",\"join\":{\"service\":1},\"more\":1}",
        b"{\"id\":\"abcdefgh\",\"join\":{\"service\":1,\"more\":1}}",
        b"{\"id\":\"abcdefgh\",\"join\":{\"service\":1,\"shown\":{\"by\":1}}}",
        b"{\"id\":\"abcdefgh\",\"join\":{\"service\":1}} x",
        nested.as_bytes(),
    ];
    for body in bodies {
        let answer = app.send(Method::POST, VISITS, body.to_vec()).await;
        let told = String::from_utf8_lossy(body);
        assert_eq!(answer.code(), ProblemCode::MalformedMessage, "{told:.80}");
    }
    let visit = app.join(wish(CUT)).await;
    let path = format!("/api/visits/{}/leave", visit.link());
    for body in ["", "{}", "{\"id\":\"short\"}", "{\"id\":\"abcdefgh\",\"more\":1}"] {
        let answer = app.send(Method::POST, &path, body).await;
        assert_eq!(answer.code(), ProblemCode::MalformedMessage, "{body}");
    }
    assert_eq!(app.phone(visit.link()).await.stage, Stage::Waiting);
    assert!(app.seq().await <= seq + 2, "only the join was recorded");
}

#[tokio::test]
async fn a_body_over_the_bound_is_refused_and_one_at_the_bound_is_taken() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    let padded = |bytes: usize| {
        let mut body = serde_json::to_vec(&request(wish(CUT))).expect("JSON");
        body.resize(bytes, b' ');
        body
    };
    for bytes in [CLIENT_MESSAGE_MAX_BYTES + 1, 4 * CLIENT_MESSAGE_MAX_BYTES] {
        let answer = app.send(Method::POST, VISITS, padded(bytes)).await;
        assert_eq!(answer.code(), ProblemCode::MessageTooLarge);
        assert_eq!(app.seq().await, seq);
    }
    let answer = app.send(Method::POST, VISITS, padded(CLIENT_MESSAGE_MAX_BYTES)).await;
    assert_eq!(answer.status, 201);
}

#[tokio::test]
async fn wrong_methods_and_unknown_addresses_are_told_as_problems() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    let link = app.join(wish(CUT)).await.link().to_owned();
    for (method, path) in [
        (Method::GET, VISITS.to_owned()),
        (Method::DELETE, VISITS.to_owned()),
        (Method::PUT, "/api/shops/salon/snapshot".to_owned()),
        (Method::POST, "/readyz".to_owned()),
        (Method::POST, "/api/live".to_owned()),
        (Method::DELETE, format!("/api/visits/{link}")),
        (Method::GET, format!("/api/visits/{link}/leave")),
        (Method::POST, "/salon".to_owned()),
        (Method::DELETE, format!("/v/{link}")),
        (Method::GET, format!("/v/{link}/leave")),
    ] {
        let answer = app.send(method.clone(), &path, "{}").await;
        assert_eq!(answer.code(), ProblemCode::MethodNotAllowed, "{method} {path}");
    }
    for path in [
        "/api/nothing",
        "/api/shops",
        "/api/shops/salon",
        "/api/shops/salon/nothing",
        "/api/visits",
        "/salon/nothing",
        "/v/a/b/c",
        "/..%2f..%2fetc%2fpasswd/x",
    ] {
        assert_eq!(app.get(path).await.code(), ProblemCode::NotFound, "{path}");
    }
    // Where a socket is asked for without becoming one.
    assert_eq!(app.get("/api/live").await.code(), ProblemCode::MalformedMessage);
    assert!(app.seq().await <= seq + 2, "only the join was recorded");
}

#[tokio::test]
async fn a_person_checks_in_and_leaves_by_their_link() {
    let app = TestApp::open().await;
    let joined = app.join(named(CUT, "Kata")).await;
    assert!(!app.phone(joined.link()).await.checked_in);
    let request = VisitRequest::new(fresh_id());
    let path = format!("/api/visits/{}/check-in", joined.link());
    let receipt: Receipt = app.post(&path, &request).await.accepted();
    assert_eq!(app.post(&path, &request).await.accepted::<Receipt>(), receipt, "a retry");
    assert!(app.phone(joined.link()).await.checked_in);
    assert!(app.wall().await.cards[&joined.visit()].checked_in);
    let again = app.phone_asks(joined.link(), "check-in").await;
    assert_eq!(again.code(), ProblemCode::AlreadyCheckedIn);

    let left: Receipt = app.phone_asks(joined.link(), "leave").await.accepted();
    let phone = app.phone(joined.link()).await;
    assert_eq!((phone.stage, phone.outcome), (Stage::Left, Some(Outcome::LeftBefore)));
    assert_eq!(phone.ended_at, Some(app.now()));
    assert!(app.wall().await.cards.is_empty());
    for what in ["leave", "check-in"] {
        assert_eq!(app.phone_asks(joined.link(), what).await.code(), ProblemCode::VisitOver);
    }
    assert_eq!(app.seq().await, left.seq);
}

#[tokio::test]
async fn names_are_tidied_and_bad_ones_refused() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    let long = ["x".repeat(41), "á".repeat(41)];
    // Control characters, and marks that turn or hide the text beside them on the wall.
    let marks = ["Kata\u{7}", "\u{1b}[2J", "\u{202e}ataK", "Ka\u{200b}ta"].map(str::to_owned);
    for bad in long.into_iter().chain(marks) {
        let answer = app.post_join(&request(named(CUT, &bad))).await;
        assert_eq!(answer.code(), ProblemCode::BadName, "{bad:?}");
    }
    assert_eq!(app.seq().await, seq);
    for (given, name, label) in [
        ("á".repeat(40).as_str(), "á".repeat(40).as_str(), "á".repeat(40).as_str()),
        ("  Kata \t Nagy\nKovács ", "Kata Nagy Kovács", "Kata K."),
        ("<b>Kata</b>", "<b>Kata</b>", "<b>Kata</b>"),
        (" \t ", "A04", "A04"),
        ("", "A05", "A05"),
    ] {
        let joined = app.join(named(CUT, given)).await;
        assert_eq!(app.phone(joined.link()).await.name, name, "{given:?}");
        assert_eq!(app.wall().await.cards[&joined.visit()].label, label, "{given:?}");
    }
}

#[tokio::test]
async fn a_promise_breaks_when_its_minute_passes_and_only_once() {
    let app = TestApp::open().await;
    let joined = app.join(wish(CUT)).await;
    let is_broken = |e: &Event| matches!(e, Event::Scored { outcome: Outcome::Broken, .. });

    app.advance_to(joined.by()).await;
    assert_eq!(app.count(|e| matches!(e, Event::Scored { .. })).await, 0, "on the minute");
    assert_eq!(app.phone(joined.link()).await.outcome, None);
    app.advance_to(joined.by() + 1).await;
    assert_eq!(app.count(is_broken).await, 1, "a moment later");
    assert_eq!(app.phone(joined.link()).await.outcome, Some(Outcome::Broken));
    assert_eq!(app.wall().await.cards[&joined.visit()].by, None, "the wall shows no past time");

    app.advance_minutes(60).await;
    let app = app.restart().await;
    app.jump_to(joined.by() + 120 * MINUTE_MS).await;
    app.shop(Command::Start { visit: joined.visit(), staff: ANNA }).await.expect("starts");
    app.shop(Command::Finish { visit: joined.visit() }).await.expect("finishes");
    let is_first = |e: &Event| matches!(e, Event::Scored { no: 0, .. });
    assert_eq!(app.count(is_first).await, 1, "scored once for all");
    let told = app.count(|e| matches!(e, Event::Promised { .. })).await;
    assert_eq!(told, 2, "one time makes amends, and if it is missed, somebody says the next");
    assert_eq!(app.phone(joined.link()).await.outcome, Some(Outcome::Broken));
}

#[tokio::test]
async fn a_promise_breaks_also_while_the_server_is_down() {
    let app = TestApp::open().await;
    let joined = app.join(wish(CUT)).await;
    let by = joined.by();
    let app = app.restart_at(by + MINUTE_MS).await;
    app.settled().await;
    assert_eq!(app.phone(joined.link()).await.outcome, Some(Outcome::Broken));
    assert_eq!(app.count(|e| matches!(e, Event::Scored { .. })).await, 1);
}

#[tokio::test]
async fn who_joins_while_nobody_is_on_duty_gets_a_time_pushed_when_somebody_comes() {
    let app = TestApp::unstaffed().await;
    assert!(app.wall().await.head.quotes.iter().all(|quote| quote.by.is_none()));
    let mut people = Vec::new();
    for name in ["Kata", "Peter", "Zoe"] {
        let joined = app.join(named(CUT, name)).await;
        assert_eq!(joined.0.by, None, "nobody can keep a time");
        let phone = app.open_screen(joined.phone()).await;
        assert_eq!((phone.phone().by, phone.phone().staffed), (None, false));
        people.push((joined, phone));
    }
    let nails = app.join(wish(NAILS)).await;
    app.advance_minutes(10).await;

    app.on_duty(BEN).await;
    let mut last = app.now();
    for (joined, phone) in &mut people {
        let pushed =
            |view: &_| sooner_tests::screen::as_phone(view).is_some_and(|v| v.by.is_some());
        phone.until("a time is pushed to the phone", pushed).await;
        let by = phone.phone().by.expect("it has come");
        assert!(by > last, "later than whoever is first in line");
        assert_eq!(app.phone(joined.link()).await.by, Some(by));
        last = by;
    }
    app.settled().await;
    assert_eq!(app.phone(nails.link()).await.by, None, "Ben does no nails");
    app.on_duty(CLEO).await;
    app.settled().await;
    assert!(app.phone(nails.link()).await.by.is_some());
    assert_eq!(app.count(|e| matches!(e, Event::Promised { .. })).await, 4, "one each");
}

#[tokio::test]
async fn a_person_of_the_shop_who_was_asked_for_is_waited_for() {
    let app = TestApp::open().await;
    let for_cleo = Join { requested: Some(CLEO), ..wish(COLOUR) };
    let joined = app.join_without_time(for_cleo).await;
    let first_free = app.join(wish(COLOUR)).await;
    assert_eq!(app.phone(joined.link()).await.requested.as_deref(), Some("Cleo"));
    let called = app.shop(Command::CallNext { staff: ANNA, after: None }).await.expect("calls");
    assert_eq!(called.visit, Some(first_free.visit()), "Anna is not whom the first asked for");
}

#[tokio::test]
async fn a_visit_that_is_long_over_is_cleared_away() {
    let app = TestApp::open().await;
    let joined = app.join(wish(CUT)).await;
    app.phone_asks(joined.link(), "leave").await.accepted::<Receipt>();
    app.jump_to(app.now() + 5 * 60 * MINUTE_MS).await;
    app.join(wish(CUT)).await;
    let answer = app.get(&format!("/api/visits/{}", joined.link())).await;
    assert_eq!(answer.code(), ProblemCode::UnknownVisit);
}

#[tokio::test]
async fn health_is_told_in_plain_words() {
    let app = TestApp::open().await;
    for path in ["/livez", "/readyz"] {
        let answer = app.get(path).await;
        assert_eq!((answer.status, answer.text().as_str()), (200, "ok"), "{path}");
    }
}

#[tokio::test]
async fn codes_for_cameras_are_pictures() {
    let app = TestApp::open().await;
    let joined = app.join(wish(CUT)).await;
    for path in
        ["/api/shops/salon/qr.svg".to_owned(), format!("/api/visits/{}/qr.svg", joined.link())]
    {
        let answer = app.get(&path).await;
        let kind = answer.headers.get("content-type").map(HeaderValue::as_bytes);
        assert_eq!((answer.status, kind), (200, Some(&b"image/svg+xml"[..])), "{path}");
        assert!(answer.text().contains("<svg"), "{path}");
    }
}

#[tokio::test]
async fn a_shop_with_nothing_to_do_asks_for_no_wake_up() {
    let app = TestApp::unstaffed().await;
    assert_eq!(app.settled().await, Settled { seq: 1, wakes_at: None });
}

#[tokio::test]
async fn who_sends_no_whole_request_is_cut_off_and_others_go_on() {
    let app = TestApp::open().await;
    let mut silent = Vec::new();
    for sent in ["", "GET /livez HTTP/1.1\r\nHost: x\r\n", "GET /livez HTTP/1.1\r\nX: "] {
        let mut socket = TcpStream::connect(app.address).await.expect("the server takes it");
        socket.write_all(sent.as_bytes()).await.expect("it is sent");
        silent.push(socket);
    }
    assert_eq!(app.get("/livez").await.text(), "ok");
    for socket in &mut silent {
        // The server may say why (408) before it closes; what counts is that it does.
        let mut heard = Vec::new();
        let _ = in_time("a silent connection is closed", socket.read_to_end(&mut heard)).await;
    }
    let request = format!("GET /livez HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(64 * 1024));
    let mut large = TcpStream::connect(app.address).await.expect("the server takes it");
    let mut heard = Vec::new();
    // The server closes while it is still being sent to: either side may see that first.
    let _ = large.write_all(request.as_bytes()).await;
    let _ = in_time("a huge head is refused", large.read_to_end(&mut heard)).await;
    assert!(!String::from_utf8_lossy(&heard).contains("200 OK"));
    assert_eq!(app.get("/livez").await.text(), "ok");
}
