//! A screen: a socket that says hello, keeps its view by the rules of the protocol, and taps.

use std::fmt::Debug;
use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use hyper::header::{HeaderName, HeaderValue};
use sooner_shared::view::{Board, DeskCard, LobbyCard, View, VisitView};
use sooner_shared::wire::{
    Audience, Beat, ClientMessage, Delta, Position, ServerMessage, Snapshot, Stamp,
};
use sooner_shared::{Command, CommandId, Problem, Receipt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};

use crate::patience::in_time;
use crate::salon::fresh_id;

/// What a socket may run over: plain text, or TLS.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send + Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + Debug> Wire for T {}

/// A socket on which anything may be said.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<Box<dyn Wire>>,
    /// Every text that came, as it came.
    pub heard: Vec<String>,
}

/// What may come on a socket.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// A message of the protocol.
    Message(Box<ServerMessage>),
    /// A close frame with this number.
    Closed(u16),
    /// The connection ended without one.
    Broken,
}

impl Socket {
    /// Opens a socket and says nothing yet.
    pub async fn connect(server: SocketAddr) -> Self {
        Self::try_connect(server).await.expect("the server takes the socket")
    }

    /// The same, with a server that may be gone.
    pub async fn try_connect(server: SocketAddr) -> Option<Self> {
        let stream = TcpStream::connect(server).await.ok()?;
        Self::try_over(stream, &format!("ws://{server}/api/live")).await
    }

    /// The same over a connection that is there.
    pub async fn try_over(stream: impl Wire + 'static, address: &str) -> Option<Self> {
        let stream: Box<dyn Wire> = Box::new(stream);
        let upgraded = tokio_tungstenite::client_async(address, stream).await;
        Some(Self { stream: upgraded.ok()?.0, heard: Vec::new() })
    }

    /// Opens a socket with certain headers; the status, when the server refuses.
    pub async fn connect_with(
        server: SocketAddr,
        headers: &[(HeaderName, &str)],
    ) -> Result<Self, u16> {
        let stream = TcpStream::connect(server).await.expect("the server is there");
        let stream: Box<dyn Wire> = Box::new(stream);
        let mut request = format!("ws://{server}/api/live")
            .into_client_request()
            .expect("the address can be written");
        for (name, value) in headers {
            let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header");
            request.headers_mut().append(name, value);
        }
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((stream, _)) => Ok(Self { stream, heard: Vec::new() }),
            Err(tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Sends a message of the protocol.
    pub async fn say(&mut self, message: &ClientMessage) {
        let text = serde_json::to_string(message).expect("messages can be written as JSON");
        self.say_text(text).await;
    }

    /// Sends any text.
    pub async fn say_text(&mut self, text: impl Into<String>) {
        self.send(Message::text(text.into())).await;
    }

    /// Sends anything. A peer that is gone is noticed on hearing.
    pub async fn send(&mut self, message: Message) {
        let _ = self.stream.send(message).await;
    }

    /// The next thing that comes; pings are passed over.
    pub async fn hear(&mut self) -> Heard {
        loop {
            let next = in_time("a message on a socket", self.stream.next()).await;
            return match next {
                Some(Ok(Message::Text(text))) => {
                    self.heard.push(text.to_string());
                    let message = serde_json::from_str(&text);
                    Heard::Message(Box::new(message.expect("a message of the protocol")))
                }
                Some(Ok(Message::Close(Some(frame)))) => Heard::Closed(frame.code.into()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                Some(Ok(other)) => panic!("the server sent {other:?}"),
                Some(Err(_)) | None => Heard::Broken,
            };
        }
    }

    /// Closes, and returns once the server has let go of it.
    pub async fn leave(mut self) {
        self.send(Message::Close(None)).await;
        in_time("the server ends the connection", async {
            while let Some(Ok(_)) = self.stream.next().await {}
        })
        .await;
    }

    /// The number the server closes with, whatever it says before.
    pub async fn closed_with(&mut self) -> u16 {
        loop {
            match self.hear().await {
                Heard::Message(_) => {}
                Heard::Closed(number) => return number,
                Heard::Broken => panic!("the connection ended without a close frame"),
            }
        }
    }
}

/// A socket that follows a view.
#[derive(Debug)]
pub struct Screen {
    /// What it speaks over.
    pub socket: Socket,
    /// What it shows.
    pub view: View,
    /// Position and time of what it shows.
    pub stamp: Stamp,
    /// Whole views that came.
    pub snapshots: usize,
    /// Changes that came.
    pub deltas: usize,
    /// Signs of life that came.
    pub beats: usize,
}

/// What a returning screen was first answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstAnswer {
    /// Nothing was missed.
    Beat,
    /// One change was.
    Delta,
    /// More, or it cannot be known.
    Snapshot,
}

impl Screen {
    /// Opens a screen that was not there before: it must get a whole view.
    pub async fn open(server: SocketAddr, audience: Audience) -> Self {
        Self::open_on(Socket::connect(server).await, audience).await
    }

    /// The same on a socket that nothing was said on yet.
    pub async fn open_on(mut socket: Socket, audience: Audience) -> Self {
        socket.say(&ClientMessage::Hello { audience, resume: None }).await;
        let mut screen = match socket.hear().await {
            Heard::Message(message) => match *message {
                ServerMessage::Snapshot(Snapshot { stamp, view }) => {
                    Self { socket, view, stamp, snapshots: 1, deltas: 0, beats: 0 }
                }
                other => panic!("hello was answered {other:?}"),
            },
            other => panic!("hello was answered {other:?}"),
        };
        screen.until_beat().await;
        screen
    }

    /// The first answer ends in a beat: what came before it, if anything, still holds.
    async fn until_beat(&mut self) {
        let before = self.beats;
        while self.beats == before {
            assert_eq!(self.follow().await, None, "nothing was asked for");
        }
    }

    /// Comes back with the view it had, and hears the first answer.
    pub async fn resume(self, server: SocketAddr, audience: Audience) -> (Self, FirstAnswer) {
        let resume = self.position();
        self.resume_at(server, audience, resume).await
    }

    /// Comes back with the view it had but says it were at `position`.
    pub async fn resume_at(
        mut self,
        server: SocketAddr,
        audience: Audience,
        position: Position,
    ) -> (Self, FirstAnswer) {
        self.socket = Socket::connect(server).await;
        self.socket.say(&ClientMessage::Hello { audience, resume: Some(position) }).await;
        let before = (self.snapshots, self.deltas);
        self.until_beat().await;
        let first = match (self.snapshots - before.0, self.deltas - before.1) {
            (0, 0) => FirstAnswer::Beat,
            (0, _) => FirstAnswer::Delta,
            _ => FirstAnswer::Snapshot,
        };
        (self, first)
    }

    /// Where it stands.
    #[must_use]
    pub const fn position(&self) -> Position {
        Position { epoch: self.stamp.epoch, rev: self.stamp.rev }
    }

    /// Taps, and waits for the answer; follows the view meanwhile.
    pub async fn tap(&mut self, command: Command) -> Result<Receipt, Problem> {
        self.tap_as(fresh_id(), command).await
    }

    /// The same under a given id, as a retry does.
    pub async fn tap_as(&mut self, id: CommandId, command: Command) -> Result<Receipt, Problem> {
        self.socket
            .say(&ClientMessage::Command { id: id.clone(), command, by: None, tapped_at: None })
            .await;
        loop {
            match self.follow().await {
                Some(ServerMessage::Accepted { id: of, receipt }) if of == id => {
                    return Ok(receipt);
                }
                Some(ServerMessage::Refused { id: Some(of), problem }) if of == id => {
                    return Err(problem);
                }
                Some(other) => panic!("nobody asked for {other:?}"),
                None => {}
            }
        }
    }

    /// Follows until the view is such; says what was waited for when it never is.
    pub async fn until(&mut self, what: &str, is_such: impl Fn(&View) -> bool) {
        in_time(what, async {
            while !is_such(&self.view) {
                assert_eq!(self.follow().await, None, "nothing was asked for");
            }
        })
        .await;
    }

    /// Follows until the view is as new as `position`.
    pub async fn until_at(&mut self, position: Position) {
        in_time("the screen is as new as another one", async {
            while self.position() != position {
                assert_eq!(self.stamp.epoch, position.epoch, "the server counts on");
                assert!(self.stamp.rev < position.rev, "the screen is newer than the newest");
                assert_eq!(self.follow().await, None, "nothing was asked for");
            }
        })
        .await;
    }

    /// Takes in one message by the rules of the protocol; hands on what is no view.
    pub async fn follow(&mut self) -> Option<ServerMessage> {
        let message = match self.socket.hear().await {
            Heard::Message(message) => *message,
            other => panic!("the screen was cut off: {other:?}"),
        };
        match message {
            ServerMessage::Snapshot(Snapshot { stamp, view }) => {
                let newer = stamp.epoch != self.stamp.epoch || stamp.rev > self.stamp.rev;
                assert!(newer, "a whole view is sent only to who lacks it");
                self.show(stamp);
                self.view = view;
                self.snapshots += 1;
            }
            ServerMessage::Delta(Delta { stamp, diff }) => {
                assert_eq!(stamp.epoch, self.stamp.epoch, "a delta is of the same count");
                assert_eq!(stamp.rev, self.stamp.rev + 1, "a delta fits on the one before");
                self.show(stamp);
                let before = self.view.clone();
                self.view.apply(diff).expect("a delta is for this audience");
                assert_ne!(self.view, before, "a delta changes something");
                self.deltas += 1;
            }
            ServerMessage::Beat(Beat { epoch, rev, .. }) => {
                assert_eq!(epoch, self.stamp.epoch, "whoever counts anew says so by a snapshot");
                assert!(rev >= self.stamp.rev, "revisions do not run backwards");
                self.beats += 1;
            }
            other => return Some(other),
        }
        None
    }

    fn show(&mut self, stamp: Stamp) {
        let same_server = stamp.epoch == self.stamp.epoch;
        assert!(!same_server || stamp.seq >= self.stamp.seq, "the log does not run backwards");
        self.stamp = stamp;
    }

    /// What a lobby shows.
    #[must_use]
    pub fn lobby(&self) -> &Board<LobbyCard> {
        as_lobby(&self.view).expect("the screen is a lobby")
    }

    /// What a desk shows.
    #[must_use]
    pub fn desk(&self) -> &Board<DeskCard> {
        as_desk(&self.view).expect("the screen is a desk")
    }

    /// What a phone shows.
    #[must_use]
    pub fn phone(&self) -> &VisitView {
        as_phone(&self.view).expect("the screen is a phone")
    }
}

/// A view as a lobby's.
#[must_use]
pub const fn as_lobby(view: &View) -> Option<&Board<LobbyCard>> {
    match view {
        View::Lobby(board) => Some(board),
        _ => None,
    }
}

/// A view as a desk's.
#[must_use]
pub const fn as_desk(view: &View) -> Option<&Board<DeskCard>> {
    match view {
        View::Desk(board) => Some(board),
        _ => None,
    }
}

/// A view as a phone's.
#[must_use]
pub fn as_phone(view: &View) -> Option<&VisitView> {
    match view {
        View::Visit(view) => Some(view),
        _ => None,
    }
}
