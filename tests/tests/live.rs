//! Sockets: what is pushed, how a screen comes back, who may tap what, and bad input.

use std::collections::BTreeSet;

use sooner_engine::Event;
use sooner_shared::command::Join;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Stage, View};
use sooner_shared::wire::{
    Audience, CLIENT_MESSAGE_MAX_BYTES, ClientMessage, CloseCode, Position, ServerMessage,
};
use sooner_shared::{Command, Problem, ProblemCode, StaffId, VisitId};
use sooner_tests::app::TestApp;
use sooner_tests::salon::{
    ANNA, BEN, CLEO, COLOUR, CUT, NAILS, fresh_id, id, named, request, wish,
};
use sooner_tests::screen::{FirstAnswer, Heard, Screen, Socket, as_desk, as_lobby, as_phone};
use tokio_tungstenite::tungstenite::Message;

/// Waits until the shop has nothing left to say, then until the screen shows it, and compares with
/// a screen that is opened only now.
async fn shows_the_present(app: &TestApp, screen: &mut Screen, audience: Audience) {
    app.settled().await;
    let fresh = app.open_screen(audience).await;
    screen.until_at(fresh.position()).await;
    assert_eq!(screen.view, fresh.view);
}

async fn next(desk: &mut Screen, staff: StaffId) -> VisitId {
    let receipt = desk.tap(Command::CallNext { staff, after: None }).await.expect("is called");
    receipt.visit.expect("somebody waits")
}

#[tokio::test]
async fn every_tap_reaches_lobby_desk_and_phone_as_the_change_that_leads_to_the_present() {
    let app = TestApp::open().await;
    let kata = app.join(named(CUT, "Kata Kovács")).await;
    let (at_desk, at_wall) = (app.desk(), app.lobby());
    let mut desk = app.open_screen(app.desk()).await;
    let mut lobby = app.open_screen(app.lobby()).await;
    let mut phone = app.open_screen(kata.phone()).await;
    let visit = kata.visit();
    let second = app.join(wish(CUT)).await.visit();
    let taps = [
        Command::AddWalkIn(named(COLOUR, "Walk In")),
        Command::CheckIn { visit },
        Command::CallNext { staff: ANNA, after: None },
        Command::ReturnToLine { visit },
        Command::Call { visit, staff: BEN },
        Command::Start { visit, staff: BEN },
        Command::GoOnDuty { staff: CLEO },
        Command::CallNext { staff: BEN, after: Some(visit) },
        Command::Leave { visit: second },
        Command::GoOffDuty { staff: CLEO },
    ];
    for tap in taps {
        let told = format!("{tap:?}");
        let receipt = desk.tap(tap).await.unwrap_or_else(|p| panic!("{told}: {p:?}"));
        app.advance_minutes(3).await;
        shows_the_present(&app, &mut desk, at_desk.clone()).await;
        shows_the_present(&app, &mut lobby, at_wall.clone()).await;
        shows_the_present(&app, &mut phone, kata.phone()).await;
        assert!(desk.stamp.seq >= receipt.seq, "{told}");
    }
    assert_eq!(phone.phone().stage, Stage::Done);
    assert!(lobby.lobby().cards.values().all(|card| card.stage == Stage::Waiting));
    for screen in [desk, lobby, phone] {
        assert!(screen.deltas > 0, "what changed was sent, not only wholes");
    }
}

#[tokio::test]
async fn a_tap_that_moves_no_time_is_one_delta_for_everyone() {
    let app = TestApp::open().await;
    let joined = app.join(wish(CUT)).await;
    app.settled().await;
    let mut screens = [
        app.open_screen(app.desk()).await,
        app.open_screen(app.lobby()).await,
        app.open_screen(joined.phone()).await,
    ];
    let receipt = app.shop(Command::CheckIn { visit: joined.visit() }).await.expect("is here");
    for screen in &mut screens {
        let before = screen.position();
        assert_eq!(screen.follow().await, None);
        assert_eq!((screen.deltas, screen.snapshots), (1, 1));
        assert_eq!(screen.position(), Position { rev: before.rev + 1, ..before });
        assert_eq!(screen.stamp.seq, receipt.seq);
        assert_eq!(screen.stamp.at, app.now());
    }
}

#[tokio::test]
async fn a_screen_that_missed_nothing_gets_a_beat() {
    let app = TestApp::open().await;
    let joined = app.join(wish(CUT)).await;
    app.settled().await;
    for audience in [app.lobby(), app.desk(), joined.phone()] {
        let screen = app.open_screen(audience.clone()).await;
        let (_, first) = screen.resume(app.address, audience).await;
        assert_eq!(first, FirstAnswer::Beat);
    }
}

#[tokio::test]
async fn a_screen_that_is_one_behind_gets_the_one_delta() {
    let app = TestApp::open().await;
    for audience in [app.lobby(), app.desk()] {
        let joined = app.join(wish(CUT)).await;
        app.settled().await;
        let screen = app.open_screen(audience.clone()).await;
        // Whoever is here changes no time, so this is one revision, seen by somebody or not.
        app.shop(Command::CheckIn { visit: joined.visit() }).await.expect("is here");
        app.settled().await;
        let (screen, first) = screen.resume(app.address, audience.clone()).await;
        assert_eq!(first, FirstAnswer::Delta);
        let fresh = app.open_screen(audience).await;
        assert_eq!((screen.position(), &screen.view), (fresh.position(), &fresh.view));
    }
}

#[tokio::test]
async fn a_screen_that_is_further_behind_or_of_another_server_gets_the_whole() {
    let app = TestApp::open().await;
    let one = app.join(wish(CUT)).await.visit();
    let two = app.join(wish(CUT)).await.visit();
    app.settled().await;
    let away = app.open_screen(app.lobby()).await;
    let mut stays = app.open_screen(app.lobby()).await;
    for visit in [one, two] {
        app.shop(Command::CheckIn { visit }).await.expect("is here");
        stays.follow().await;
    }
    let (screen, first) = away.resume(app.address, app.lobby()).await;
    assert_eq!(first, FirstAnswer::Snapshot);
    assert_eq!(screen.view, stays.view);

    let ahead = Position { rev: screen.stamp.rev + 5, ..screen.position() };
    let (screen, first) = resume_claiming(&app, screen, app.lobby(), ahead).await;
    assert_eq!(first, FirstAnswer::Snapshot, "a revision that never was");
    let elsewhere = Position { epoch: screen.stamp.epoch ^ 1, rev: screen.stamp.rev };
    let (screen, first) = resume_claiming(&app, screen, app.lobby(), elsewhere).await;
    assert_eq!(first, FirstAnswer::Snapshot, "another server's count");

    let (before, shown) = (screen.position(), screen.view.clone());
    for screen in [screen, stays] {
        screen.socket.leave().await;
    }
    let app = app.restart().await;
    app.settled().await;
    let fresh = app.open_screen(app.lobby()).await;
    let (screen, first) = resume_claiming(&app, fresh, app.lobby(), before).await;
    assert_eq!(first, FirstAnswer::Snapshot, "a restarted server counts anew");
    assert_eq!(screen.view, shown, "and shows the same");
}

/// Comes back with a position that is not the screen's own; the view it had counts for nothing.
async fn resume_claiming(
    app: &TestApp,
    mut screen: Screen,
    audience: Audience,
    claimed: Position,
) -> (Screen, FirstAnswer) {
    screen.stamp.epoch = 0;
    screen.resume_at(app.address, audience, claimed).await
}

#[tokio::test]
async fn a_phone_that_was_away_is_told_what_it_missed() {
    let app = TestApp::open().await;
    let joined = app.join(wish(CUT)).await;
    app.settled().await;
    for round in 0..3 {
        let phone = app.open_screen(joined.phone()).await;
        let away = phone.position();
        phone.socket.leave().await;
        let (command, stage) = match round {
            0 => (Command::Call { visit: joined.visit(), staff: ANNA }, Stage::Called),
            1 => (Command::Start { visit: joined.visit(), staff: ANNA }, Stage::Serving),
            _ => (Command::Finish { visit: joined.visit() }, Stage::Done),
        };
        app.shop(command).await.expect("it can be done");
        app.settled().await;
        let (phone, first) =
            resume_claiming(&app, app.open_screen(app.lobby()).await, joined.phone(), away).await;
        assert_eq!(first, FirstAnswer::Snapshot, "round {round}");
        assert_eq!(phone.phone().stage, stage, "round {round}");
        phone.socket.leave().await;
    }
}

#[tokio::test]
async fn wrong_keys_and_unknown_names_are_closed_for_good() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    let nowhere = "nowhere".parse::<sooner_shared::ShopId>().expect("a shop name");
    let here = "salon".parse::<sooner_shared::ShopId>().expect("a shop name");
    let key = app.desk_key.clone();
    let desk = |shop: &sooner_shared::ShopId, key: Option<String>| Audience::Desk {
        shop: shop.clone(),
        key,
    };
    for (audience, code) in [
        (Audience::Lobby { shop: nowhere.clone() }, CloseCode::UnknownShop),
        (desk(&nowhere, Some(key.clone())), CloseCode::UnknownShop),
        (desk(&here, None), CloseCode::NotAllowed),
        (desk(&here, Some(String::new())), CloseCode::NotAllowed),
        (desk(&here, Some(key.to_lowercase() + "x")), CloseCode::NotAllowed),
        (desk(&here, Some(key[1..].to_owned())), CloseCode::NotAllowed),
        (Audience::Visit { link: "salon.1.AAAA".to_owned() }, CloseCode::UnknownVisit),
        (Audience::Visit { link: String::new() }, CloseCode::UnknownVisit),
    ] {
        let mut socket = Socket::connect(app.address).await;
        socket.say(&ClientMessage::Hello { audience: audience.clone(), resume: None }).await;
        assert_eq!(socket.hear().await, Heard::Closed(code.number()), "{audience:?}");
    }
    assert_eq!(app.seq().await, seq);
}

#[tokio::test]
async fn malformed_messages_are_refused_and_the_socket_closed() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    let hello = r#"{"hello":{"audience":{"lobby":{"shop":"salon"}}}}"#;
    let nested = "[".repeat(8_000);
    for bad in [
        "",
        "{",
        "null",
        "hello",
        r#"{"hello":{}}"#,
        r#"{"hello":{"audience":{"lobby":{"shop":"Not A Shop"}}}}"#,
        r#"{"hello":{"audience":{"lobby":{"shop":"salon"}},"more":1}}"#,
        r#"{"hello":{"audience":{"lobby":{"shop":"salon","key":"x"}}}}"#,
        r#"{"command":{"id":"abcdefgh","command":{"finish":{"visit":1}}}}"#,
        nested.as_str(),
    ] {
        let mut socket = Socket::connect(app.address).await;
        socket.say_text(bad).await;
        refused_and_closed(&mut socket, bad).await;
    }
    for bad in [
        "",
        hello,
        r#"{"command":{"id":"short","command":{"finish":{"visit":1}}}}"#,
        r#"{"command":{"id":"abcdefgh","command":{"explode":{"visit":1}}}}"#,
        r#"{"command":{"id":"abcdefgh","command":{"finish":{"visit":-1}}}}"#,
        r#"{"command":{"id":"abcdefgh","command":{"finish":{}}}}"#,
        r#"{"command":{"id":"abcdefgh","command":{"finish":{"visit":1}},"more":1}}"#,
        nested.as_str(),
    ] {
        let mut screen = app.open_screen(app.desk()).await;
        screen.socket.say_text(bad).await;
        refused_and_closed(&mut screen.socket, bad).await;
    }
    assert_eq!(app.seq().await, seq);
}

async fn refused_and_closed(socket: &mut Socket, what: &str) {
    match socket.hear().await {
        Heard::Message(message) => match *message {
            ServerMessage::Refused { id: None, problem } => {
                assert_eq!(problem.code, ProblemCode::MalformedMessage, "{what:.80}");
                assert!(problem.detail.is_some(), "{what:.80}");
            }
            other => panic!("{what:.80} was answered {other:?}"),
        },
        other => panic!("{what:.80} was answered {other:?}"),
    }
    let closed = socket.hear().await;
    assert_eq!(closed, Heard::Closed(CloseCode::MalformedMessage.number()), "{what:.80}");
}

#[tokio::test]
async fn messages_that_are_no_text_are_malformed() {
    let app = TestApp::open().await;
    for first in [true, false] {
        let mut socket = if first {
            Socket::connect(app.address).await
        } else {
            app.open_screen(app.lobby()).await.socket
        };
        socket.send(Message::binary(&b"\x00\x01"[..])).await;
        assert_eq!(socket.closed_with().await, CloseCode::MalformedMessage.number());
    }
}

#[tokio::test]
async fn oversized_messages_close_the_socket_and_change_nothing() {
    let app = TestApp::open().await;
    let seq = app.seq().await;
    for bytes in [CLIENT_MESSAGE_MAX_BYTES + 1, 10 * CLIENT_MESSAGE_MAX_BYTES] {
        for first in [true, false] {
            let mut socket = if first {
                Socket::connect(app.address).await
            } else {
                app.open_screen(app.desk()).await.socket
            };
            socket.say_text(" ".repeat(bytes)).await;
            let code = socket.closed_with().await;
            assert_eq!(code, CloseCode::MessageTooLarge.number(), "{bytes} bytes");
        }
    }
    assert_eq!(app.seq().await, seq);
    let mut screen = app.open_screen(app.desk()).await;
    let tap = ClientMessage::Command {
        id: id("padded-tap"),
        command: Command::GoOnDuty { staff: CLEO },
        by: None,
        tapped_at: None,
    };
    let mut text = serde_json::to_string(&tap).expect("JSON");
    text += &" ".repeat(CLIENT_MESSAGE_MAX_BYTES - text.len());
    screen.socket.say_text(text).await;
    let answer = loop {
        if let Some(answer) = screen.follow().await {
            break answer;
        }
    };
    assert!(matches!(answer, ServerMessage::Accepted { .. }), "the largest message is taken");
}

#[tokio::test]
async fn nobody_taps_at_a_lobby_and_a_phone_taps_only_for_itself() {
    let app = TestApp::open().await;
    let own = app.join(wish(CUT)).await;
    let other = app.join(wish(CUT)).await.visit();
    let mut lobby = app.open_screen(app.lobby()).await;
    let mut phone = app.open_screen(own.phone()).await;
    let seq = app.seq().await;
    let visit = own.visit();
    let all = |visit| {
        [
            Command::Join(wish(CUT)),
            Command::AddWalkIn(wish(CUT)),
            Command::CallNext { staff: ANNA, after: None },
            Command::Call { visit, staff: ANNA },
            Command::Start { visit, staff: ANNA },
            Command::Finish { visit },
            Command::ReturnToLine { visit },
            Command::MarkNoShow { visit },
            Command::Leave { visit },
            Command::CheckIn { visit },
            Command::GoOnDuty { staff: CLEO },
            Command::GoOffDuty { staff: ANNA },
        ]
    };
    for command in all(visit) {
        let problem = lobby.tap(command.clone()).await.expect_err("a lobby only shows");
        assert_eq!(problem.code, ProblemCode::NotAllowed, "{command:?}");
    }
    for command in all(other) {
        let problem = phone.tap(command.clone()).await.expect_err("not theirs");
        assert_eq!(problem.code, ProblemCode::NotAllowed, "{command:?}");
    }
    for command in all(visit) {
        if !matches!(command, Command::CheckIn { .. } | Command::Leave { .. }) {
            let problem = phone.tap(command.clone()).await.expect_err("not for a phone");
            assert_eq!(problem.code, ProblemCode::NotAllowed, "{command:?}");
        }
    }
    let mut desk = app.open_screen(app.desk()).await;
    let problem = desk.tap(Command::Join(wish(CUT))).await.expect_err("joining goes over HTTP");
    assert_eq!(problem.code, ProblemCode::NotAllowed);
    assert_eq!(app.seq().await, seq);

    phone.tap(Command::CheckIn { visit }).await.expect("their own");
    phone.tap(Command::Leave { visit }).await.expect("their own");
    phone.until("the phone shows that they left", is_left).await;
}

fn is_left(view: &View) -> bool {
    as_phone(view).is_some_and(|v| v.stage == Stage::Left)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_who_tap_next_at_once_get_two_people_and_nobody_is_skipped() {
    let app = TestApp::open().await;
    let mut anna = app.open_screen(app.desk()).await;
    let mut ben = app.open_screen(app.desk()).await;
    let mut line = Vec::new();
    for _ in 0..20 {
        line.push(app.join(wish(CUT)).await.visit());
    }
    let (mut a, mut b) = (None, None);
    let mut called = Vec::new();
    for _ in 0..10 {
        let taps = tokio::join!(serve_next(&mut anna, ANNA, a), serve_next(&mut ben, BEN, b),);
        (a, b) = (Some(taps.0), Some(taps.1));
        assert_ne!(a, b);
        called.extend([taps.0, taps.1]);
    }
    called.sort_unstable();
    assert_eq!(called, line, "all in line, each once");
    assert_eq!(app.count(|e| matches!(e, Event::Called { .. })).await, 20);
}

/// Taps "next", which finishes who sits in the chair, and has the next one sit down.
async fn serve_next(desk: &mut Screen, staff: StaffId, after: Option<VisitId>) -> VisitId {
    let receipt = desk.tap(Command::CallNext { staff, after }).await.expect("somebody waits");
    let visit = receipt.visit.expect("somebody is called");
    desk.tap(Command::Start { visit, staff }).await.expect("starts");
    visit
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_taps_of_next_on_one_chair_call_one_person() {
    let app = TestApp::open().await;
    let mut one = app.open_screen(app.desk()).await;
    let mut two = app.open_screen(app.desk()).await;
    let mut after = None;
    for _ in 0..10 {
        app.join(wish(CUT)).await;
        app.join(wish(CUT)).await;
        let tap = Command::CallNext { staff: ANNA, after };
        let answers = tokio::join!(one.tap(tap.clone()), two.tap(tap));
        let (accepted, refused) = match answers {
            (Ok(receipt), Err(problem)) | (Err(problem), Ok(receipt)) => (receipt, problem),
            both => panic!("{both:?}"),
        };
        assert_eq!(refused.code, ProblemCode::ChairChanged);
        let visit = accepted.visit.expect("somebody is called");
        one.tap(Command::Start { visit, staff: ANNA }).await.expect("starts");
        after = Some(visit);
    }
    assert_eq!(app.count(|e| matches!(e, Event::Called { .. })).await, 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_tap_over_two_sockets_is_carried_out_once() {
    let app = TestApp::open().await;
    let mut one = app.open_screen(app.desk()).await;
    let mut two = app.open_screen(app.desk()).await;
    for round in 0..10 {
        app.join(wish(CUT)).await;
        let add = Command::AddWalkIn(named(CUT, "Walk In"));
        let tap = id(&format!("same-tap-{round}"));
        let answers =
            tokio::join!(one.tap_as(tap.clone(), add.clone()), two.tap_as(tap.clone(), add));
        assert_eq!(answers.0, answers.1);
        let refused = id(&format!("refused-{round}"));
        let finish = Command::Finish { visit: answers.0.expect("accepted").visit.expect("who") };
        let answers = tokio::join!(
            one.tap_as(refused.clone(), finish.clone()),
            two.tap_as(refused.clone(), finish)
        );
        assert_eq!(answers.0, answers.1);
        assert_eq!(answers.0.expect_err("not started").code, ProblemCode::NotStarted);
    }
    assert_eq!(app.count(|e| matches!(e, Event::Joined { by_staff: true, .. })).await, 10);
}

#[tokio::test]
async fn a_phone_never_hears_of_anybody_else() {
    let app = TestApp::open().await;
    let own = app.join(named(CUT, "Kata Kovács")).await;
    let mut phone = app.open_screen(own.phone()).await;
    let mut lobby = app.open_screen(app.lobby()).await;
    let mut desk = app.open_screen(app.desk()).await;
    let mut links = vec![own.link().to_owned()];
    for name in ["Xaver Quintus", "Zsófia Ábrahám"] {
        links.push(app.join(named(CUT, name)).await.link().to_owned());
    }
    desk.tap(Command::AddWalkIn(named(COLOUR, "Wolfgang Wladimir"))).await.expect("is added");
    let first = next(&mut desk, ANNA).await;
    next(&mut desk, BEN).await;
    desk.tap(Command::Start { visit: first, staff: ANNA }).await.expect("starts");
    app.advance_minutes(20).await;
    desk.tap(Command::Finish { visit: first }).await.expect("finishes");
    shows_the_present(&app, &mut phone, own.phone()).await;
    shows_the_present(&app, &mut lobby, app.lobby()).await;
    shows_the_present(&app, &mut desk, app.desk()).await;

    let heard = phone.socket.heard.join("\n");
    assert!(heard.contains("Kata Kovács"));
    let others = ["Xaver", "Quintus", "Zsófia", "Ábrahám", "Wolfgang", "Wladimir"];
    for name in others {
        assert!(!heard.contains(name), "the phone heard {name}");
    }
    for link in &links[1..] {
        assert!(!heard.contains(link.as_str()), "the phone heard another's link");
    }
    let heard = lobby.socket.heard.join("\n");
    assert!(heard.contains("Xaver Q.") && heard.contains("Zsófia Á."));
    for name in ["Kovács", "Quintus", "Ábrahám", "Wladimir"] {
        assert!(!heard.contains(name), "the wall heard {name}");
    }
    for link in &links {
        assert!(!heard.contains(link.as_str()), "the wall heard a link");
    }
    let heard = desk.socket.heard.join("\n");
    assert!(others.iter().all(|name| heard.contains(name)), "the desk knows them all");
}

#[tokio::test]
async fn a_server_that_goes_down_says_so_to_everyone() {
    let app = TestApp::open().await;
    let joined = app.join(wish(CUT)).await;
    let mut sockets = Vec::new();
    for audience in [app.lobby(), app.desk(), joined.phone()] {
        sockets.push(app.open_screen(audience).await.socket);
    }
    sockets.push(Socket::connect(app.address).await);
    // Who was let in but has not been heard yet gets the same answer as who was.
    app.begin_to_stop();
    for socket in &mut sockets {
        assert_eq!(socket.closed_with().await, CloseCode::ShuttingDown.number());
    }
    drop(sockets);
    app.close().await;
}

#[tokio::test]
async fn taps_in_a_wrong_order_are_refused_by_name_and_change_nothing() {
    let app = TestApp::open().await;
    let mut desk = app.open_screen(app.desk()).await;
    let mut people = Vec::new();
    for _ in 0..4 {
        people.push(app.join(wish(CUT)).await);
    }
    let left = app.join(wish(CUT)).await;
    app.phone_asks(left.link(), "leave").await.accepted::<sooner_shared::Receipt>();
    let [served, called, waiting, here] = [0, 1, 2, 3].map(|n: usize| people[n].visit());
    desk.tap(Command::Start { visit: served, staff: ANNA }).await.expect("starts");
    desk.tap(Command::Call { visit: called, staff: BEN }).await.expect("is called");
    desk.tap(Command::CheckIn { visit: here }).await.expect("is here");
    let nails = app.join_without_time(wish(NAILS)).await.visit();
    shows_the_present(&app, &mut desk, app.desk()).await;
    let (seq, view, position) = (app.seq().await, desk.view.clone(), desk.position());
    let (nobody, nowhere) = (VisitId(99), StaffId(99));
    let ask = |requested| Join { requested: Some(requested), ..wish(COLOUR) };
    for (command, code) in [
        (Command::Start { visit: waiting, staff: ANNA }, ProblemCode::AlreadyServing),
        (Command::Start { visit: served, staff: ANNA }, ProblemCode::AlreadyStarted),
        (Command::Start { visit: served, staff: BEN }, ProblemCode::AlreadyStarted),
        (Command::Start { visit: waiting, staff: CLEO }, ProblemCode::NotOnDuty),
        (Command::Start { visit: waiting, staff: nowhere }, ProblemCode::UnknownStaff),
        (Command::Start { visit: nobody, staff: BEN }, ProblemCode::UnknownVisit),
        (Command::Start { visit: left.visit(), staff: BEN }, ProblemCode::VisitOver),
        (Command::Start { visit: nails, staff: BEN }, ProblemCode::CannotServe),
        (Command::Finish { visit: waiting }, ProblemCode::NotStarted),
        (Command::Finish { visit: called }, ProblemCode::NotStarted),
        (Command::Finish { visit: left.visit() }, ProblemCode::VisitOver),
        (Command::Finish { visit: nobody }, ProblemCode::UnknownVisit),
        (Command::Call { visit: waiting, staff: ANNA }, ProblemCode::AlreadyServing),
        (Command::Call { visit: served, staff: BEN }, ProblemCode::AlreadyStarted),
        (Command::Call { visit: waiting, staff: CLEO }, ProblemCode::NotOnDuty),
        (Command::Call { visit: nails, staff: BEN }, ProblemCode::CannotServe),
        (Command::CallNext { staff: ANNA, after: None }, ProblemCode::ChairChanged),
        (Command::CallNext { staff: BEN, after: Some(waiting) }, ProblemCode::ChairChanged),
        (Command::CallNext { staff: CLEO, after: None }, ProblemCode::NotOnDuty),
        (Command::CallNext { staff: nowhere, after: None }, ProblemCode::UnknownStaff),
        (Command::ReturnToLine { visit: waiting }, ProblemCode::NotCalled),
        (Command::ReturnToLine { visit: served }, ProblemCode::AlreadyStarted),
        (Command::MarkNoShow { visit: waiting }, ProblemCode::NotCalled),
        (Command::MarkNoShow { visit: served }, ProblemCode::AlreadyStarted),
        (Command::MarkNoShow { visit: called }, ProblemCode::PlaceIsSafe),
        (Command::Leave { visit: served }, ProblemCode::AlreadyStarted),
        (Command::Leave { visit: left.visit() }, ProblemCode::VisitOver),
        (Command::CheckIn { visit: here }, ProblemCode::AlreadyCheckedIn),
        (Command::CheckIn { visit: served }, ProblemCode::AlreadyStarted),
        (Command::GoOnDuty { staff: ANNA }, ProblemCode::AlreadyOnDuty),
        (Command::GoOffDuty { staff: CLEO }, ProblemCode::NotOnDuty),
        (Command::GoOnDuty { staff: nowhere }, ProblemCode::UnknownStaff),
        (Command::AddWalkIn(ask(BEN)), ProblemCode::CannotServe),
        (Command::AddWalkIn(ask(nowhere)), ProblemCode::UnknownStaff),
        (Command::AddWalkIn(named(CUT, &"x".repeat(41))), ProblemCode::BadName),
    ] {
        let problem = app.shop(command.clone()).await.expect_err("it makes no sense");
        assert_eq!(problem.code, code, "{command:?}");
        let until_known = problem.code == ProblemCode::PlaceIsSafe;
        assert_eq!(problem.until.is_some(), until_known, "{command:?}");
    }
    assert_eq!(app.seq().await, seq);
    let fresh = app.open_screen(app.desk()).await;
    assert_eq!((fresh.position(), &fresh.view), (position, &view));
}

#[tokio::test]
async fn who_is_called_keeps_the_place_until_the_minute_and_a_little_longer() {
    let app = TestApp::open().await;
    let joined = app.join(wish(CUT)).await;
    let mut desk = app.open_screen(app.desk()).await;
    let visit = next(&mut desk, ANNA).await;
    let refused: Problem =
        desk.tap(Command::MarkNoShow { visit }).await.expect_err("the place is safe");
    let until = refused.until.expect("until when");
    assert_eq!(until, joined.by() + 5 * MINUTE_MS);
    app.advance_to(until - 1).await;
    let refused = desk.tap(Command::MarkNoShow { visit }).await.expect_err("still safe");
    assert_eq!(refused.until, Some(until));
    app.advance_to(until).await;
    desk.tap(Command::MarkNoShow { visit }).await.expect("now they may");
    assert_eq!(app.phone(joined.link()).await.stage, Stage::NoShow);
}

#[tokio::test]
async fn every_call_has_a_number_of_its_own_so_that_no_chime_is_lost() {
    let app = TestApp::open().await;
    let joined = app.join(wish(CUT)).await;
    let mut desk = app.open_screen(app.desk()).await;
    let mut numbers = BTreeSet::new();
    for _ in 0..3 {
        next(&mut desk, ANNA).await;
        numbers.insert(app.wall().await.cards[&joined.visit()].call_no);
        desk.tap(Command::ReturnToLine { visit: joined.visit() }).await.expect("goes back");
    }
    assert_eq!(numbers.len(), 3);
}

#[tokio::test]
async fn a_minute_that_passes_changes_the_wall_without_any_tap() {
    let app = TestApp::open().await;
    let joined = app.join(wish(CUT)).await;
    let mut lobby = app.open_screen(app.lobby()).await;
    let mut phone = app.open_screen(joined.phone()).await;
    app.advance_to(joined.by() + 1).await;
    let visit = joined.visit();
    let gone = |view: &View| as_lobby(view).is_some_and(|b| b.cards[&visit].by.is_none());
    lobby.until("the wall takes the past time away", gone).await;
    let told = |view: &View| as_phone(view).is_some_and(|v| v.outcome.is_some());
    phone.until("the phone is told", told).await;
}

#[tokio::test]
async fn a_join_over_http_reaches_the_screens_that_are_open() {
    let app = TestApp::open().await;
    let mut lobby = app.open_screen(app.lobby()).await;
    let mut desk = app.open_screen(app.desk()).await;
    let receipt: sooner_shared::Receipt =
        app.post_join(&request(named(CUT, "Kata Kovács"))).await.accepted();
    let visit = receipt.visit.expect("a visit");
    let on_wall = |view: &View| as_lobby(view).is_some_and(|b| b.cards.contains_key(&visit));
    lobby.until("the wall shows who joined", on_wall).await;
    let at_desk = |view: &View| as_desk(view).is_some_and(|b| b.cards.contains_key(&visit));
    desk.until("the desk shows who joined", at_desk).await;
    assert_eq!(desk.desk().cards[&visit].name, "Kata Kovács");
    assert_eq!(Some(&desk.desk().cards[&visit].link), receipt.link.as_ref());
    // A second later tap of the same socket is a new command.
    assert!(desk.tap_as(fresh_id(), Command::CheckIn { visit }).await.is_ok());
}
