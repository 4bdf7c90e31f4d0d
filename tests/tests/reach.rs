//! How the server is reached: over TLS, through proxies, and by those who never say a word.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use hyper::{Method, header};
use sooner_server::reach::{Reach, network};
use sooner_server::tls::{Files, Reload, Tls};
use sooner_shared::Command;
use sooner_shared::view::View;
use sooner_shared::wire::{Audience, CloseCode, Snapshot};
use sooner_tests::app::TestApp;
use sooner_tests::http::{self, Answer};
use sooner_tests::patience::in_time;
use sooner_tests::program::{self, Program};
use sooner_tests::salon::{ANNA, CUT, named, request};
use sooner_tests::screen::{Screen, Socket, as_lobby};
use sooner_tests::tls::{Authority, Issued, challenge, shown_by};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
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
    desk.tap(Command::CallNext { staff: ANNA, after: None }).await.expect("somebody waits");
    let path = "/api/shops/salon/snapshot";
    let fresh = kept.send(app.address, Method::GET, path, String::new()).await;
    assert!(matches!(fresh.accepted::<Snapshot>().view, View::Lobby(_)));
    app.begin_to_stop();
    assert_eq!(desk.socket.closed_with().await, CloseCode::ShuttingDown.number());
    drop((lobby, desk));
    app.close().await;
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
    desk.tap(Command::AddWalkIn(named(CUT, "Walk In"))).await.expect("the old connection goes on");

    fs::write(kept.certificate(), "not a certificate").expect("can be written");
    assert!(matches!(files.reload(), Reload::Kept(_)));
    assert_eq!(kept.shown(app.address).await, next.der);
    desk.tap(Command::CallNext { staff: ANNA, after: None }).await.expect("and on");
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

    fs::write(&key, "no key").expect("can be written");
    let data = text(folder.path());
    let arguments = ["serve", "--data", &data, "--listen", "127.0.0.1:0"];
    let refused = program::run(&[&arguments[..], &options[..]].concat()).await;
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("key.pem: no private key inside"), "{said}");
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
