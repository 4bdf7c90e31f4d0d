//! One socket: hello, then frames out and commands in.
//!
//! A session holds no state of the shop but epoch, last revision, audience and visit. It is
//! generic over its transport, so that its tests need no socket and no waiting.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes};
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use sooner_shared::wire::{
    self, BEAT_EVERY_MS, Beat, ClientMessage, CloseCode, Position, ServerMessage, Stamp,
};
use sooner_shared::{Command, Maker, Problem, ProblemCode, StaffId};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_tungstenite::tungstenite;

use super::Visitor;
use crate::access::{Access, Credentials};
use crate::app::App;
use crate::http;
use crate::limits::Limits;
use crate::links::VisitLink;
use crate::shops::{Audience, Frame, Frames, ShopHandle};

/// The first message must be there by then.
const HELLO_WITHIN: Duration = Duration::from_secs(5);
/// A peer that reads nothing for so long is closed.
const WRITE_WITHIN: Duration = Duration::from_secs(20);
/// A peer that says nothing, not even a pong, for so long is closed.
const HEARD_WITHIN: Duration = Duration::from_secs(45);

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// We closed it.
    Closed(CloseCode),
    /// The peer closed it, or the connection broke.
    PeerGone,
}

impl From<CloseCode> for End {
    fn from(code: CloseCode) -> Self {
        Self::Closed(code)
    }
}

/// What a socket can be: messages in, messages out.
pub(super) trait Transport:
    Stream<Item = Result<Message, axum::Error>> + Sink<Message, Error = axum::Error> + Unpin
{
}
impl<T> Transport for T where
    T: Stream<Item = Result<Message, axum::Error>> + Sink<Message, Error = axum::Error> + Unpin
{
}

/// Serves a socket to its end.
pub(super) async fn run<T: Transport>(mut socket: T, app: App, visitor: Visitor) {
    let end = match greet(&mut socket, &app, visitor).await {
        Ok(mut session) => session.follow(&mut socket).await,
        Err(end) => end,
    };
    if let End::Closed(code) = end {
        tracing::debug!(reason = code.reason(), "closing a socket");
        let frame = CloseFrame { code: code.number(), reason: code.reason().into() };
        // Whoever does not take even this is dropped with the socket.
        let _ = timeout(HELLO_WITHIN, async {
            socket.send(Message::Close(Some(frame))).await?;
            // Waiting for the peer's own close lets the reason arrive before the connection goes.
            while let Some(Ok(_)) = socket.next().await {}
            Ok::<_, axum::Error>(())
        })
        .await;
    }
}

struct Session {
    app: App,
    shop: ShopHandle,
    audience: Audience,
    credentials: Credentials,
    /// What opened a phone's page.
    link: Option<VisitLink>,
    /// Who may do what, as it changes.
    access: watch::Receiver<Arc<Access>>,
    frames: Frames,
    position: Option<Position>,
    budget: Budget,
}

async fn greet<T: Transport>(socket: &mut T, app: &App, visitor: Visitor) -> Result<Session, End> {
    let first = tokio::select! {
        first = timeout(HELLO_WITHIN, next_text(socket)) => first.map_err(|_| CloseCode::HelloTimeout)??,
        () = app.stop.cancelled() => return Err(CloseCode::ShuttingDown.into()),
    };
    let hello = serde_json::from_str(&first);
    let Ok(ClientMessage::Hello { audience, resume }) = hello else {
        let detail = hello.err().map_or("hello comes first".to_owned(), |e| e.to_string());
        refuse_message(socket, &detail).await;
        return Err(CloseCode::MalformedMessage.into());
    };
    let Admitted { shop, audience, credentials, link } = admit(app, audience, &visitor).await?;
    drop(visitor);
    let access = shop.access().changes();
    let frames = shop.watch(audience).await.map_err(|problem| close_code(&problem))?;
    Ok(Session {
        app: app.clone(),
        shop,
        audience,
        credentials,
        link,
        access,
        frames,
        position: resume,
        budget: Budget::full(app.limits),
    })
}

/// Somebody who was let in.
struct Admitted {
    shop: ShopHandle,
    audience: Audience,
    credentials: Credentials,
    link: Option<VisitLink>,
}

async fn admit(app: &App, audience: wire::Audience, visitor: &Visitor) -> Result<Admitted, End> {
    let (shop, audience, key) = match audience {
        wire::Audience::Lobby { shop } => (shop, Audience::Lobby, None),
        wire::Audience::Desk { shop, key } => (shop, Audience::Desk, key),
        wire::Audience::Visit { link } => {
            let opened = app.visit(&link, &visitor.client);
            let (shop, link) = opened.map_err(|problem| close_code(&problem))?;
            let audience = Audience::Visit(link.visit);
            let credentials = Credentials::default();
            return Ok(Admitted { shop, audience, credentials, link: Some(link) });
        }
    };
    let shop = app.shops.get(&shop).ok_or(CloseCode::UnknownShop)?;
    let mut credentials = http::credentials(&visitor.headers, shop.id(), visitor.client.is_https);
    credentials.key = key.or(credentials.key);
    let who = shop.access().who(&credentials, visitor.client.address).await;
    if audience == Audience::Desk {
        who.may_desk().map_err(|_| CloseCode::NotAllowed)?;
    }
    Ok(Admitted { shop, audience, credentials, link: None })
}

const fn close_code(problem: &Problem) -> CloseCode {
    match problem.code {
        ProblemCode::UnknownVisit => CloseCode::UnknownVisit,
        ProblemCode::TooFast => CloseCode::TooFast,
        _ => CloseCode::ShopUnavailable,
    }
}

impl Session {
    async fn follow<T: Transport>(&mut self, socket: &mut T) -> End {
        match self.talk(socket).await {
            Ok(never) => match never {},
            Err(end) => end,
        }
    }

    async fn talk<T: Transport>(
        &mut self,
        socket: &mut T,
    ) -> Result<std::convert::Infallible, End> {
        let first = self.frames.borrow_and_update().clone();
        self.send_frame(socket, &first).await?;
        // The first frame may have been made a while ago; the beat says that it still holds.
        self.vouch(socket).await?;
        let every = Duration::from_millis(BEAT_EVERY_MS);
        let mut beats = interval_at(Instant::now() + every, every);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard_at = Instant::now();
        let stop = self.app.stop.clone();
        loop {
            tokio::select! {
                changed = self.frames.changed() => {
                    if changed.is_err() {
                        // The shop's task was rebuilt, or set aside.
                        let again = self.shop.watch(self.audience).await;
                        self.frames = again.map_err(|problem| close_code(&problem))?;
                    }
                    let frame = self.frames.borrow_and_update().clone();
                    self.send_frame(socket, &frame).await?;
                }
                message = socket.next() => {
                    heard_at = Instant::now();
                    if let Some(text) = text_of(message)? {
                        self.take(socket, &text).await?;
                    }
                }
                _ = self.access.changed() => self.must_still_be_let_in()?,
                _ = beats.tick() => {
                    self.must_still_be_let_in()?;
                    if heard_at.elapsed() >= HEARD_WITHIN {
                        return Err(CloseCode::Silent.into());
                    }
                    self.vouch(socket).await?;
                    // A browser answers by itself: it shows that somebody is there.
                    send(socket, Message::Ping(axum::body::Bytes::new())).await?;
                }
                () = stop.cancelled() => return Err(CloseCode::ShuttingDown.into()),
            }
        }
    }

    /// A screen that was revoked, or at which nobody is signed in any more, sees nothing more. It
    /// may come back: as what, is looked at anew.
    fn must_still_be_let_in(&self) -> Result<(), End> {
        let is_desk = self.audience == Audience::Desk;
        if is_desk && self.shop.access().look(&self.credentials).may_desk().is_err() {
            return Err(CloseCode::AccessChanged.into());
        }
        if self.link.as_ref().is_some_and(|link| !self.shop.secrets().opens(link)) {
            return Err(CloseCode::UnknownVisit.into());
        }
        Ok(())
    }

    /// As whom a tap is recorded, if it is allowed.
    fn maker(&self, command: &Command, by: Option<StaffId>) -> Result<Maker, Problem> {
        if !may(self.audience, command) {
            return Err(ProblemCode::NotAllowed.into());
        }
        match self.audience {
            Audience::Desk => {
                let who = self.shop.access().look(&self.credentials);
                who.may_desk()?;
                who.maker(by)
            }
            Audience::Lobby | Audience::Visit(_) => Ok(Maker::Customer),
        }
    }

    /// Brings the peer to `frame` by the one rule: the delta that is missing, else the whole, or
    /// nothing when the peer is there already.
    async fn send_frame<T: Transport>(&mut self, socket: &mut T, frame: &Frame) -> Result<(), End> {
        let Stamp { epoch, rev, .. } = frame.stamp;
        let last = self.position.filter(|p| p.epoch == epoch).map(|p| p.rev);
        if last == Some(rev) {
            return Ok(());
        }
        let delta = frame.delta.as_ref().filter(|_| last.is_some_and(|last| last + 1 == rev));
        let bytes = delta.unwrap_or(&frame.snapshot).clone();
        let text = Utf8Bytes::try_from(bytes).expect("frames are made from text");
        send(socket, Message::Text(text)).await?;
        self.position = Some(Position { epoch, rev });
        Ok(())
    }

    /// Says that what the peer has is what the shop says, unless nobody can know.
    async fn vouch<T: Transport>(&self, socket: &mut T) -> Result<(), End> {
        if self.shop.can_write() { self.send_beat(socket).await } else { Ok(()) }
    }

    async fn send_beat<T: Transport>(&self, socket: &mut T) -> Result<(), End> {
        let frame = self.frames.borrow().clone();
        let beat = Beat {
            at: self.app.clock.now(),
            rate: self.app.clock.rate(),
            epoch: frame.stamp.epoch,
            rev: frame.stamp.rev,
            build: self.app.build.clone(),
        };
        send_message(socket, &ServerMessage::Beat(beat)).await
    }

    async fn take<T: Transport>(&mut self, socket: &mut T, text: &str) -> Result<(), End> {
        let (id, command, by, tapped_at) = match serde_json::from_str(text) {
            Ok(ClientMessage::Command { id, command, by, tapped_at }) => {
                (id, command, by, tapped_at)
            }
            Ok(ClientMessage::Hello { .. }) => {
                refuse_message(socket, "hello was said before").await;
                return Err(CloseCode::MalformedMessage.into());
            }
            Err(error) => {
                refuse_message(socket, &error.to_string()).await;
                return Err(CloseCode::MalformedMessage.into());
            }
        };
        let by = if self.budget.spend() {
            self.maker(&command, by)
        } else {
            Err(ProblemCode::TooFast.into())
        };
        let answer = match by {
            Ok(by) => self.shop.command_tapped(id.clone(), command, tapped_at, by).await,
            Err(problem) => Err(problem),
        };
        let message = match answer {
            Ok(receipt) => ServerMessage::Accepted { id, receipt },
            Err(problem) => ServerMessage::Refused { id: Some(id), problem },
        };
        send_message(socket, &message).await
    }
}

/// What each audience may ask for. Joining goes over HTTP, open to everybody.
fn may(audience: Audience, command: &Command) -> bool {
    match audience {
        Audience::Lobby => false,
        Audience::Desk => match command {
            Command::AcceptPrice { command, .. } | Command::TakeRemedy { command, .. } => {
                is_desks(command)
            }
            command => is_desks(command),
        },
        Audience::Visit(own) => command.is_customers() && command.visit() == Some(own),
    }
}

/// Joining is not the desk's, nor is what only the person themselves can say.
const fn is_desks(command: &Command) -> bool {
    !matches!(command, Command::Join(_)) && !command.is_customers_alone()
}

/// A token bucket.
struct Budget {
    limits: Limits,
    tokens: f64,
    at: Instant,
}

impl Budget {
    fn full(limits: Limits) -> Self {
        Self { limits, tokens: limits.burst, at: Instant::now() }
    }

    fn spend(&mut self) -> bool {
        let now = Instant::now();
        let earned = (now - self.at).as_secs_f64() * self.limits.per_second;
        self.tokens = (self.tokens + earned).min(self.limits.burst);
        self.at = now;
        let enough = self.tokens >= 1.0;
        if enough {
            self.tokens -= 1.0;
        }
        enough
    }
}

async fn next_text<T: Transport>(socket: &mut T) -> Result<Utf8Bytes, End> {
    loop {
        if let Some(text) = text_of(socket.next().await)? {
            return Ok(text);
        }
    }
}

fn text_of(message: Option<Result<Message, axum::Error>>) -> Result<Option<Utf8Bytes>, End> {
    match message {
        Some(Ok(Message::Text(text))) => Ok(Some(text)),
        Some(Ok(Message::Binary(_))) => Err(CloseCode::MalformedMessage.into()),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
        None | Some(Ok(Message::Close(_))) => Err(End::PeerGone),
        Some(Err(error)) => {
            let error = error.into_inner();
            match error.downcast_ref::<tungstenite::Error>() {
                Some(tungstenite::Error::Capacity(_)) => Err(CloseCode::MessageTooLarge.into()),
                Some(tungstenite::Error::Utf8(_)) => Err(CloseCode::MalformedMessage.into()),
                _ => Err(End::PeerGone),
            }
        }
    }
}

async fn refuse_message<T: Transport>(socket: &mut T, detail: &str) {
    let problem = Problem::new(ProblemCode::MalformedMessage).with_detail(detail);
    // The close frame that follows says the same to whoever does not read this.
    let _ = send_message(socket, &ServerMessage::Refused { id: None, problem }).await;
}

async fn send_message<T: Transport>(socket: &mut T, message: &ServerMessage) -> Result<(), End> {
    let text = serde_json::to_string(message).expect("messages have string keys, finite numbers");
    send(socket, Message::Text(text.into())).await
}

async fn send<T: Transport>(socket: &mut T, message: Message) -> Result<(), End> {
    match timeout(WRITE_WITHIN, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::PeerGone),
        Err(_) => Err(CloseCode::TooSlow.into()),
    }
}

#[cfg(test)]
mod tests;
