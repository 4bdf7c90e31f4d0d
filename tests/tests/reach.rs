//! How the server is reached: over TLS, through proxies, and by those who never say a word.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use hyper::{Method, header};
use sooner_server::reach::{Reach, network};
use sooner_server::tls::{Files, Reload, Tls};
use sooner_shared::Command as Tap;
use sooner_shared::access::SignIn;
use sooner_shared::view::View;
use sooner_shared::wire::{Audience, CloseCode, Snapshot};
use sooner_tests::app::TestApp;
use sooner_tests::http::{self, Answer};
use sooner_tests::patience::in_time;
use sooner_tests::program::{self, Program};
use sooner_tests::salon::{ANNA, CUT, named, request};
use sooner_tests::screen::{Screen, Socket, as_lobby};
use sooner_tests::tls::{Authority, Issued, challenge, offering, shown_by};
use sooner_tests::visitor::{PASSWORD, Visitor};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

const NAME: &str = "wait.example";
const SILENT: usize = 200;

/// An authority, what it issued, and the two files that hold it.
struct Kept {
    authority: Authority,
    issued: Issued,
    folder: TempDir,
}

impl Kept {
    fn new() -> Self {
        let authority = Authority::new();
        let issued = authority.issue(&[NAME, "127.0.0.1"]);
        let folder = tempfile::tempdir().expect("there is room for a temporary folder");
        let kept = Self { authority, issued, folder };
        kept.write(&kept.issued);
        kept
    }

    fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }

    fn write(&self, issued: &Issued) {
        fs::write(self.certificate(), &issued.certificate).expect("can be written");
        fs::write(self.key(), &issued.key).expect("can be written");
    }

    fn files(&self) -> Files {
        Files::open(self.certificate(), self.key()).expect("they are sound")
    }

    async fn send(&self, server: SocketAddr, method: Method, path: &str, body: String) -> Answer {
        let connection = self.authority.call(server, NAME).await.expect("it is believed");
        let headers = [(header::CONTENT_TYPE, "application/json")];
        let asked = http::send_over(connection, NAME, method, path, &headers, body);
        in_time("an answer", asked).await.expect("who shook hands answers")
    }

    async fn screen(&self, server: SocketAddr, audience: Audience) -> Screen {
        let connection = self.authority.call(server, NAME).await.expect("it is believed");
        let address = format!("wss://{NAME}/api/live");
        let socket = in_time("a socket", Socket::try_over(connection, &address)).await;
        Screen::open_on(socket.expect("the server takes the socket"), audience).await
    }

    /// The certificate that a new connection is shown.
    async fn shown(&self, server: SocketAddr) -> Vec<u8> {
        shown_by(&self.authority.call(server, NAME).await.expect("it is believed"))
    }
}

#[tokio::test]
async fn the_interface_and_the_screens_work_over_tls() {
    let kept = Kept::new();
    let app = TestApp::open_so(Some(Tls::new(kept.files().shown())), |_| {}).await;
    let mut lobby = kept.screen(app.address, app.lobby()).await;
    let mut desk = kept.screen(app.address, app.desk()).await;
    let wish = serde_json::to_string(&request(named(CUT, "Kata Kovács"))).expect("JSON");
    let joined = kept.send(app.address, Method::POST, "/api/shops/salon/visits", wish).await;
    assert_eq!(joined.status, 201, "{}", joined.text());
    let visit = joined.accepted::<sooner_shared::Receipt>().visit.expect("a visit");
    let on_wall = |view: &View| as_lobby(view).is_some_and(|b| b.cards.contains_key(&visit));
    lobby.until("the wall shows who joined", on_wall).await;
    desk.tap(Tap::CallNext { staff: ANNA, after: None }).await.expect("somebody waits");
    let path = "/api/shops/salon/snapshot";
    let fresh = kept.send(app.address, Method::GET, path, String::new()).await;
    assert!(matches!(fresh.accepted::<Snapshot>().view, View::Lobby(_)));
    app.begin_to_stop();
    assert_eq!(desk.socket.closed_with().await, CloseCode::ShuttingDown.number());
    drop((lobby, desk));
    app.close().await;
}

#[tokio::test]
async fn only_a_directory_is_shown_the_answer_to_a_challenge() {
    let kept = Kept::new();
    let shown = kept.files().shown();
    let answer = kept.authority.issue(&[NAME]);
    shown.answer(NAME, Arc::new(answer.certified()));
    let app = TestApp::open_so(Some(Tls::new(shown)), |_| {}).await;
    for (protocols, der) in [
        (&["acme-tls/1"][..], &answer.der),
        (&["acme-tls/1", "http/1.1"], &kept.issued.der),
        (&["http/1.1", "acme-tls/1"], &kept.issued.der),
        (&["acme-tls/1", "acme-tls/1"], &kept.issued.der),
        (&["http/1.1"], &kept.issued.der),
        (&[], &kept.issued.der),
    ] {
        let connection = offering(app.address, NAME, protocols).await.expect("hands are shaken");
        assert_eq!(&shown_by(&connection), der, "{protocols:?}");
    }
}

#[tokio::test]
async fn over_tls_cookies_are_secure_and_browsers_are_told_to_stay() {
    let kept = Kept::new();
    let app = TestApp::open_so(Some(Tls::new(kept.files().shown())), |_| {}).await;
    let authority = Arc::new(kept.authority);
    let mut owner = Visitor::over_tls(app.address, NAME, Arc::clone(&authority));
    let mut answers = vec![owner.begin_as_owner(&app).await];
    assert!(owner.me().await.is_owner);
    answers.push(owner.post("logout", &()).await);
    assert!(!owner.me().await.is_owner);
    answers.push(owner.post("login", &SignIn { password: PASSWORD.to_owned() }).await);
    assert!(owner.me().await.is_owner);
    let mut set = 0;
    for answer in &answers {
        assert!((200..300).contains(&answer.status), "{}", answer.text());
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            assert!(cookie.starts_with("__Host-sooner-"), "{cookie}");
            for attribute in ["; Path=/;", "; HttpOnly", "; SameSite=Strict", "; Secure"] {
                assert!(cookie.contains(attribute), "{cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
            set += 1;
        }
    }
    assert!(set >= 4, "the browser, a login, its end, another login: {set}");
    for path in ["/salon", "/api/shops/salon/snapshot", "/api/nothing", "/nowhere"] {
        answers.push(owner.send(Method::GET, path, &()).await);
    }
    for answer in &answers {
        assert_eq!(answer.headers[header::STRICT_TRANSPORT_SECURITY], "max-age=63072000");
    }
    // What a plain page of the same name could have set counts for nothing.
    let mut plain = Visitor::over_tls(app.address, NAME, authority);
    for (name, token) in &owner.cookies {
        let name = name.strip_prefix("__Host-").expect("each has it").to_owned();
        plain.cookies.insert(name, token.clone());
    }
    assert!(!plain.me().await.is_owner);
}

#[tokio::test]
async fn new_connections_get_the_new_certificate_while_an_open_one_goes_on() {
    let kept = Kept::new();
    let mut files = kept.files();
    let app = TestApp::open_so(Some(Tls::new(files.shown())), |_| {}).await;
    let mut desk = kept.screen(app.address, app.desk()).await;
    assert_eq!(kept.shown(app.address).await, kept.issued.der);

    let next = kept.authority.issue(&[NAME]);
    kept.write(&next);
    assert_eq!(files.reload(), Reload::New);
    assert_eq!(kept.shown(app.address).await, next.der);
    desk.tap(Tap::AddWalkIn(named(CUT, "Walk In"))).await.expect("the old connection goes on");

    fs::write(kept.certificate(), "not a certificate").expect("can be written");
    assert!(matches!(files.reload(), Reload::Kept(_)));
    assert_eq!(kept.shown(app.address).await, next.der);
    desk.tap(Tap::CallNext { staff: ANNA, after: None }).await.expect("and on");
}

#[tokio::test]
async fn the_program_reads_its_files_again_when_it_is_told() {
    let kept = Kept::new();
    let (certificate, key) = (kept.certificate(), kept.key());
    let text = |path: &Path| path.to_str().expect("a path in Unicode").to_owned();
    let options = ["--tls-cert", &text(&certificate), "--tls-key", &text(&key)];
    let folder = tempfile::tempdir().expect("there is room for a temporary folder");
    let server = Program::serve_so(folder.path(), 0, &options).await;
    assert!(server.desk_link.starts_with("https://127.0.0.1:"), "{}", server.desk_link);
    assert_eq!(kept.shown(server.address).await, kept.issued.der);
    let next = kept.authority.issue(&[NAME]);
    kept.write(&next);
    server.tell_to_look();
    in_time("the new certificate", async { while kept.shown(server.address).await != next.der {} })
        .await;
    assert!(server.ask_to_end().await.success());

    // A certificate for a name alone, under which nobody would be answered.
    kept.write(&kept.authority.issue(&[NAME, "*.salon.example"]));
    let data = text(folder.path());
    let refusal = async || {
        let arguments = ["serve", "--data", &data, "--listen", "127.0.0.1:0"];
        let refused = program::run(&[&arguments[..], &options[..]].concat()).await;
        assert!(!refused.status.success());
        String::from_utf8_lossy(&refused.stderr).into_owned()
    };
    let said = refusal().await;
    assert!(said.contains("--public-url https://wait.example"), "{said}");

    fs::write(&key, "no key").expect("can be written");
    let said = refusal().await;
    assert!(said.contains("key.pem: no private key inside"), "{said}");
}

#[tokio::test]
async fn whoever_reads_the_first_line_may_say_that_there_is_a_new_certificate() {
    let kept = Kept::new();
    let folder = tempfile::tempdir().expect("there is room for a temporary folder");
    let mut command = Command::new(program::path());
    command
        .args(["serve", "--sample", "--listen", "127.0.0.1:0", "--plain-tv", "127.0.0.1:0"])
        .args(["--public-url", "https://wait.example", "--data"])
        .arg(folder.path())
        .arg("--tls-cert")
        .arg(kept.certificate())
        .arg("--tls-key")
        .arg(kept.key())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let told = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().expect("the program can be run");
        let lines = BufReader::new(child.stdout.take().expect("its output is a pipe")).lines();
        let mut lines = lines.map(|line| line.expect("text"));
        let first = lines.next().expect("it says something");
        let pid = child.id().to_string();
        let kill = |sign: &str| Command::new("kill").args([sign, &pid]).status();
        assert!(kill("-HUP").expect("kill can be run").success());
        let is_up = lines.any(|line| line.starts_with("Press Ctrl-C"));
        assert!(kill("-TERM").expect("kill can be run").success());
        (first, is_up, child.wait().expect("it ends").success())
    });
    let (first, is_up, ended_well) = in_time("the program", told).await.expect("no panic");
    assert!(first.starts_with("TVs "), "{first}");
    assert!(is_up && ended_well, "and it goes on to its end");
}

#[tokio::test]
async fn the_program_has_a_port_for_tvs_that_cannot_read_its_certificate() {
    let kept = Kept::new();
    let text = |path: PathBuf| path.to_str().expect("a path in Unicode").to_owned();
    let (certificate, key) = (text(kept.certificate()), text(kept.key()));
    let folder = tempfile::tempdir().expect("there is room for a temporary folder");
    let options = ["--tls-cert", &certificate, "--tls-key", &key, "--plain-tv", "127.0.0.1:0"];
    let address = ["--public-url", "https://wait.example"];
    let server = Program::serve_so(folder.path(), 0, &[&options[..], &address].concat()).await;
    let for_tvs = server.for_tvs.expect("it says where");
    let page = http::send(for_tvs, Method::GET, "/salon/tv", "").await.expect("an answer");
    assert_eq!(page.status, 200);
    // The address to type in is that of everybody else.
    assert!(page.text().contains("wait.example/salon/join"), "{}", page.text());
    let desk = http::send(for_tvs, Method::GET, "/salon/desk", "").await.expect("an answer");
    assert_eq!(desk.status, 404);
    server.kill();
}

#[tokio::test]
async fn a_request_in_plain_text_on_the_port_of_tls_is_told_where_to_go() {
    let kept = Kept::new();
    let app = TestApp::open_so(Some(Tls::new(kept.files().shown())), |_| {}).await;
    for (method, path) in
        [(Method::GET, "/salon/join?here"), (Method::POST, "/api/shops/salon/visits")]
    {
        let answer = app.send(method, path, "{}").await;
        assert_eq!(answer.status, 308, "{}", answer.text());
        let secure = format!("https://{}{path}", app.address);
        assert_eq!(answer.headers[header::LOCATION], secure);
    }
    // A name that is not ours is answered as on any other port; what is no page is no address.
    for (head, status, kind) in [
        ("GET /salon HTTP/1.1\r\nHost: evil.example", "421", "application/problem+json"),
        (
            "GET http://evil.example/ HTTP/1.1\r\nHost: wait.example",
            "421",
            "application/problem+json",
        ),
        ("OPTIONS * HTTP/1.1\r\nHost: wait.example", "400", ""),
        ("CONNECT wait.example:443 HTTP/1.1\r\nHost: wait.example:443", "400", ""),
        ("GET /salon HTTP/1.1", "400", ""),
    ] {
        let stream = TcpStream::connect(app.address).await.expect("the server is there");
        let answer = http::raw(stream, &format!("{head}\r\nConnection: close\r\n\r\n")).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{head}: {answer}");
        assert!(answer.contains(kind) && !answer.to_lowercase().contains("location:"), "{answer}");
    }
    // What is neither is closed, without a word.
    for neither in [&b"\0\0\0\0"[..], b"\x80\x2e\x01", b"\n", b"\xff"] {
        let mut stream = TcpStream::connect(app.address).await.expect("the server is there");
        stream.write_all(neither).await.expect("is sent");
        assert!(ended(&mut stream).await.is_empty(), "{neither:?}");
    }
    challenge(app.address, NAME).await.expect_err("no directory was asked for anything");
}

#[tokio::test]
async fn who_connects_and_never_speaks_is_let_go_and_holds_nobody_up() {
    let kept = Kept::new();
    let secure = TestApp::open_so(Some(Tls::new(kept.files().shown())), |_| {}).await;
    let plain = TestApp::open().await;
    // Nothing at all; the first byte of a handshake; half a head.
    let mut silent = JoinSet::new();
    for (app, words) in
        [(&secure, &b""[..]), (&secure, b"\x16\x03\x01"), (&secure, b"GET / HT"), (&plain, b"")]
    {
        for _ in 0..SILENT / 4 {
            let mut stream = TcpStream::connect(app.address).await.expect("the server is there");
            stream.write_all(words).await.expect("is sent");
            silent.spawn(async move { ended(&mut stream).await });
        }
    }
    let path = "/api/shops/salon/snapshot";
    let fresh = kept.send(secure.address, Method::GET, path, String::new()).await;
    assert_eq!(fresh.status, 200);
    let answers = silent.join_all().await;
    assert_eq!(answers.len(), SILENT);
    for answer in answers {
        let is_refusal = answer.starts_with(b"HTTP/1.1 408") || answer.is_empty();
        assert!(is_refusal, "{}", String::from_utf8_lossy(&answer));
    }
}

#[tokio::test]
async fn who_asks_and_never_reads_the_answers_is_let_go() {
    let app = TestApp::open_so(None, |app| {
        app.bounds.connections_per_address = 1;
        app.bounds.read_within = Duration::from_millis(200);
    })
    .await;
    let key = format!("Authorization: Bearer {}", app.desk_key);
    let request = format!("GET /api/shops/salon/set-up/zones HTTP/1.1\r\nHost: a\r\n{key}\r\n\r\n");
    let small = TcpSocket::new_v4().expect("a socket");
    small.set_recv_buffer_size(4 * 1024).expect("as small as there are");
    let (reader, mut writer) =
        small.connect(app.address).await.expect("the server is there").into_split();
    // Until the server ends the connection. It takes no more questions than it can answer.
    let asking = tokio::spawn(async move {
        let many = request.repeat(100);
        while writer.write_all(many.as_bytes()).await.is_ok() {}
    });
    // It is the one connection that its address may have: only when it is gone is there another.
    in_time("there is room again", async {
        while Socket::try_connect(app.address).await.is_none() {}
    })
    .await;
    in_time("whoever asks on is told that nobody listens", asking).await.expect("no panic");
    drop(reader);
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_a_proxy_has_all() {
    let app = TestApp::open_so(None, |app| app.bounds.connections_per_address = 3).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(app.open_screen(app.lobby()).await);
    }
    let mut one_more = TcpStream::connect(app.address).await.expect("the system takes it");
    assert!(ended(&mut one_more).await.is_empty(), "and the server lets it go");
    held.pop().expect("is held").socket.leave().await;
    in_time("there is room again", async {
        while Socket::try_connect(app.address).await.is_none() {}
    })
    .await;

    let behind = TestApp::open_so(None, |app| {
        app.bounds.connections_per_address = 3;
        app.reach = Reach::default().behind(vec![network("127.0.0.0/8").expect("a network")]);
    })
    .await;
    for _ in 0..6 {
        held.push(behind.open_screen(behind.lobby()).await);
    }
}

/// What comes until the other side ends the connection.
async fn ended(stream: &mut TcpStream) -> Vec<u8> {
    let mut heard = Vec::new();
    // A connection that is reset has ended too.
    let _ = in_time("the server ends the connection", stream.read_to_end(&mut heard)).await;
    heard
}
