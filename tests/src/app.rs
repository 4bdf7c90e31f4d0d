//! The server in this process, on a free port and a folder of its own, with a clock that stands
//! still until the story moves it.

use std::net::SocketAddr;
use std::path::Path;

use hyper::Method;
use hyper::body::Bytes;
use serde::Serialize;
use sooner_engine::{Event, Recorded};
use sooner_server::access::Keeper;
use sooner_server::app::App;
use sooner_server::clock::{Clock, Stepped};
use sooner_server::lifecycle;
use sooner_server::limits::Limits;
use sooner_server::reach::Reach;
use sooner_server::shops::{NewShop, Registry, Settled, ShopHandle};
use sooner_server::store::{self, Store, StoreError};
use sooner_server::tls::Tls;
use sooner_shared::access::Scope;
use sooner_shared::command::{Join, JoinRequest, VisitRequest};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Board, LobbyCard, View, VisitView};
use sooner_shared::wire::{Audience, ClientMessage, CloseCode, Snapshot};
use sooner_shared::{Command, Maker, Problem, Receipt, StaffId, Timestamp};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::http::{self, Answer};
use crate::patience::in_time;
use crate::salon::{ANNA, BEN, NINE, fresh_id, request, salon};
use crate::screen::{Heard, Screen, Socket};

/// Stories are told faster than people live; those about limits ask for the real ones.
const PATIENT: Limits = Limits { burst: 40.0, per_second: 20.0, ..Limits::NONE };

/// A running server with one shop, the salon.
#[derive(Debug)]
pub struct TestApp {
    /// Where it listens.
    pub address: SocketAddr,
    /// A program's key with every scope.
    pub desk_key: String,
    limits: Limits,
    clock: Stepped,
    shop: ShopHandle,
    going_down: CancellationToken,
    serving: JoinHandle<()>,
    folder: TempDir,
}

impl TestApp {
    /// The salon at nine, with Anna and Ben on duty.
    pub async fn open() -> Self {
        Self::open_so(None, |_| {}).await
    }

    /// The same over TLS, if any, and with what is to be otherwise.
    pub async fn open_so(tls: Option<Tls>, change: impl FnOnce(&mut App)) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a temporary folder");
        let app = Self::start_so(folder, NINE, salon(), tls, change).await;
        for staff in [ANNA, BEN] {
            app.shop(Command::GoOnDuty { staff }).await.expect("they were not on duty");
        }
        app.settled().await;
        app
    }

    /// The salon at nine, with nobody on duty.
    pub async fn unstaffed() -> Self {
        let folder = tempfile::tempdir().expect("there is room for a temporary folder");
        Self::start(folder, NINE).await
    }

    /// Another shop in the salon's place, at nine, with nobody on duty.
    pub async fn open_with(new: NewShop) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a temporary folder");
        Self::start_with(folder, NINE, new, PATIENT).await
    }

    /// What is kept in a folder, at nine.
    pub async fn open_folder(folder: TempDir) -> Self {
        Self::start(folder, NINE).await
    }

    async fn start(folder: TempDir, now: Timestamp) -> Self {
        Self::start_with(folder, now, salon(), PATIENT).await
    }

    /// The salon at nine, with nobody on duty and the limits that people meet.
    pub async fn open_limited() -> Self {
        let folder = tempfile::tempdir().expect("there is room for a temporary folder");
        Self::start_with(folder, NINE, salon(), Limits::default()).await
    }

    /// The salon at nine with Anna and Ben on duty, and no limits at all.
    pub async fn open_unlimited() -> Self {
        let folder = tempfile::tempdir().expect("there is room for a temporary folder");
        let app = Self::start_with(folder, NINE, salon(), Limits::NONE).await;
        for staff in [ANNA, BEN] {
            app.on_duty(staff).await;
        }
        app.settled().await;
        app
    }

    async fn start_with(folder: TempDir, now: Timestamp, new: NewShop, limits: Limits) -> Self {
        Self::start_so(folder, now, new, None, |app| app.limits = limits).await
    }

    async fn start_so(
        folder: TempDir,
        now: Timestamp,
        new: NewShop,
        tls: Option<Tls>,
        change: impl FnOnce(&mut App),
    ) -> Self {
        let clock = Stepped::new(now);
        let store = in_time("the folder is free", open_when_free(folder.path())).await;
        let shops = Registry::open(store, Clock::Stepped(clock.clone())).await.expect("opens");
        let shop = match shops.get(&new.id) {
            Some(shop) => shop,
            None => shops.create(new).await.expect("the salon can be made"),
        };
        let made = shop.access().make_key("Tests", Scope::ALL.to_vec(), Maker::Operator).await;
        let desk_key = made.expect("a key can be made").key;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = listener.local_addr().expect("it listens");
        let mut app = App::new(shops, Clock::Stepped(clock.clone()));
        app.limits = PATIENT;
        if tls.is_some() {
            // Whoever has a certificate is known by the names in it.
            let names = ["wait.example", "salon.example"].map(str::to_owned);
            app.reach = Reach::default().named(&names).with_tls();
        }
        change(&mut app);
        let limits = app.limits;
        let going_down = app.stop.clone();
        let serving = match tls {
            None => tokio::spawn(lifecycle::serve(listener, app)),
            Some(tls) => tokio::spawn(lifecycle::serve_tls(listener, tls, app)),
        };
        Self { address, desk_key, limits, clock, shop, going_down, serving, folder }
    }

    /// Takes the server down in order and starts another one on the same folder, at the same time
    /// of the clock.
    pub async fn restart(self) -> Self {
        let now = self.now();
        self.restart_at(now).await
    }

    /// The same with a clock that has moved on meanwhile.
    pub async fn restart_at(self, now: Timestamp) -> Self {
        let limits = self.limits;
        let folder = self.close().await;
        Self::start_with(folder, now, salon(), limits).await
    }

    /// Takes the server down in order and waits until it is.
    pub async fn close(self) -> TempDir {
        self.going_down.cancel();
        in_time("the server goes down", self.serving).await.expect("it does not panic");
        self.folder
    }

    /// Asks the server to go down, and does not wait.
    pub fn begin_to_stop(&self) {
        self.going_down.cancel();
    }

    /// Where the log lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Clock::Stepped(self.clock.clone()).now()
    }

    /// Moves the clock to `to`, stopping wherever the shop acts by itself.
    pub async fn advance_to(&self, to: Timestamp) {
        loop {
            let next = self.settled().await.wakes_at.map_or(to, |at| at.min(to));
            self.clock.set(next);
            if next == to {
                self.settled().await;
                return;
            }
        }
    }

    /// Moves the clock on by so many minutes.
    pub async fn advance_minutes(&self, minutes: i64) {
        self.advance_to(self.now() + minutes * MINUTE_MS).await;
    }

    /// Moves the clock at once, as when the machine slept.
    pub async fn jump_to(&self, to: Timestamp) {
        self.clock.set(to);
        self.settled().await;
    }

    /// Waits until the shop has nothing left to do at the present time.
    pub async fn settled(&self) -> Settled {
        in_time("the shop settles", self.shop.settled()).await.expect("the shop's task lives")
    }

    /// The number of the shop's last event.
    pub async fn seq(&self) -> u64 {
        self.settled().await.seq
    }

    /// Has the shop carry out a command, past all interfaces.
    pub async fn shop(&self, command: Command) -> Result<Receipt, Problem> {
        self.shop.command(fresh_id(), command, Maker::Operator).await
    }

    /// The salon's log, read from the file and checked.
    pub async fn log(&self) -> Vec<Recorded> {
        let logged = store::read_events(self.folder(), None).await.expect("the log is sound");
        logged.into_iter().map(|line| line.recorded).collect()
    }

    /// How many events of the log are such ones.
    pub async fn count(&self, is_such: impl Fn(&Event) -> bool) -> usize {
        self.log().await.iter().filter(|recorded| is_such(&recorded.event)).count()
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "").await
    }

    /// `POST` of a value as JSON.
    pub async fn post(&self, path: &str, value: &impl Serialize) -> Answer {
        let answer = in_time("an answer", http::post(self.address, path, value)).await;
        answer.expect("the server is there")
    }

    /// Any request.
    pub async fn send(&self, method: Method, path: &str, body: impl Into<Bytes>) -> Answer {
        let answer = in_time("an answer", http::send(self.address, method, path, body)).await;
        answer.expect("the server is there")
    }

    /// `POST` of a request to join the salon.
    pub async fn post_join(&self, request: &JoinRequest) -> Answer {
        self.post("/api/shops/salon/visits", request).await
    }

    /// Somebody joins the salon, and is let in.
    pub async fn join(&self, join: Join) -> Joined {
        let answer = self.post_join(&request(join)).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        Joined(answer.accepted())
    }

    /// Somebody joins whom nobody on duty can serve, and so without a time.
    pub async fn join_without_time(&self, join: Join) -> Joined {
        let joined = self.join(join).await;
        assert_eq!(joined.0.by, None, "nobody on duty can keep a time");
        joined
    }

    /// `POST` of what a phone may ask for: `leave` or `check-in`.
    pub async fn phone_asks(&self, link: &str, what: &str) -> Answer {
        self.post(&format!("/api/visits/{link}/{what}"), &VisitRequest::new(fresh_id())).await
    }

    /// What the wall shows, over HTTP.
    pub async fn wall(&self) -> Board<LobbyCard> {
        let fresh: Snapshot = self.get("/api/shops/salon/snapshot").await.accepted();
        match fresh.view {
            View::Lobby(board) => board,
            other => panic!("the wall shows {other:?}"),
        }
    }

    /// What a phone shows, over HTTP.
    pub async fn phone(&self, link: &str) -> VisitView {
        let fresh: Snapshot = self.get(&format!("/api/visits/{link}")).await.accepted();
        match fresh.view {
            View::Visit(view) => *view,
            other => panic!("the phone shows {other:?}"),
        }
    }

    /// The salon's lobby, as an audience.
    #[must_use]
    pub fn lobby(&self) -> Audience {
        Audience::Lobby { shop: self.shop.id().clone() }
    }

    /// The salon's desk, as an audience.
    #[must_use]
    pub fn desk(&self) -> Audience {
        Audience::Desk { shop: self.shop.id().clone(), key: Some(self.desk_key.clone()) }
    }

    /// A link that makes one browser the salon's desk.
    #[must_use]
    pub fn desk_link(&self) -> String {
        format!("http://{}/salon/desk#pair={}", self.address, self.access().desk_pairing())
    }

    /// Who may do what in the salon.
    #[must_use]
    pub fn access(&self) -> &Keeper {
        self.shop.access()
    }

    /// Opens a screen.
    pub async fn open_screen(&self, audience: Audience) -> Screen {
        Screen::open(self.address, audience).await
    }

    /// Whether a key opens the salon's desk.
    pub async fn opens_desk(&self, key: &str) -> bool {
        let key = Some(key.to_owned());
        let audience = Audience::Desk { shop: self.shop.id().clone(), key };
        let mut socket = Socket::connect(self.address).await;
        socket.say(&ClientMessage::Hello { audience, resume: None }).await;
        match socket.hear().await {
            Heard::Message(_) => true,
            Heard::Closed(number) if number == CloseCode::NotAllowed.number() => false,
            other => panic!("hello was answered {other:?}"),
        }
    }

    /// A person goes on duty.
    pub async fn on_duty(&self, staff: StaffId) {
        self.shop(Command::GoOnDuty { staff }).await.expect("they were not on duty");
    }
}

/// The last server's tasks let go of the folder one after the other.
pub(crate) async fn open_when_free(folder: &Path) -> Store {
    loop {
        match Store::open(folder).await {
            Ok(store) => return store,
            Err(StoreError::InUse(_)) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    }
}

/// The receipt of somebody who joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined(pub Receipt);

impl Joined {
    /// Their visit.
    #[must_use]
    pub fn visit(&self) -> sooner_shared::VisitId {
        self.0.visit.expect("who joined has a visit")
    }

    /// Their private link.
    #[must_use]
    pub fn link(&self) -> &str {
        self.0.link.as_deref().expect("who joined has a link")
    }

    /// The time they were promised.
    #[must_use]
    pub fn by(&self) -> Timestamp {
        self.0.by.expect("somebody on duty can keep a time")
    }

    /// Their phone, as an audience.
    #[must_use]
    pub fn phone(&self) -> Audience {
        Audience::Visit { link: self.link().to_owned() }
    }
}
