//! A screen as the server sees one: a socket, a view kept by deltas, and taps.
//!
//! Unlike a real screen it never starts over: a revision that does not follow ends the run.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use sooner_shared::view::{Board, DeskCard, LobbyCard, View};
use sooner_shared::wire::{Audience, ClientMessage, ServerMessage, Stamp};
use sooner_shared::{Command, CommandId};
use thiserror::Error;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{self, Message};

use crate::shops::Answer;

/// Messages that may wait to be taken; beyond it the socket is not read on.
const WAITING: usize = 256;

/// What the server owes must be there by then, on the real clock.
const WITHIN: Duration = Duration::from_mins(1);

type Socket = WebSocketStream<TcpStream>;

/// Why a screen cannot go on.
#[derive(Debug, Error)]
pub enum ScreenError {
    /// No connection could be made.
    #[error("cannot connect to the server")]
    Connect(#[from] std::io::Error),
    /// The socket failed.
    #[error("the socket failed")]
    Socket(#[from] tungstenite::Error),
    /// The server closed the socket.
    #[error("the server closed the socket: {0}")]
    Closed(String),
    /// A message that is none of the protocol.
    #[error("the server's message cannot be read")]
    Unreadable(#[from] serde_json::Error),
    /// The server could not read ours.
    #[error("the server could not read a message: {0}")]
    Complaint(String),
    /// A frame that does not follow the one before it.
    #[error("revision {got} came after {had}")]
    OutOfStep {
        /// What the screen shows.
        had: u64,
        /// What came.
        got: u64,
    },
    /// A delta for another kind of screen.
    #[error("a delta for another audience")]
    OtherAudience,
    /// Nothing came.
    #[error("nothing came within {} seconds", WITHIN.as_secs())]
    Silent,
}

/// One message and when it arrived.
type Arrived = Result<(Instant, ServerMessage), ScreenError>;

/// The answer to a tap.
type Answered = (CommandId, Answer);

/// A connected screen.
pub(crate) struct Screen {
    sender: SplitSink<Socket, Message>,
    received: mpsc::Receiver<Arrived>,
    view: Option<View>,
    stamp: Option<Stamp>,
    /// Numbers of last events and when views with them arrived, while somebody wants to know.
    arrivals: Option<Vec<(u64, Instant)>>,
}

impl Screen {
    /// Connects, says hello and waits for the first view.
    pub(crate) async fn connect(
        address: SocketAddr,
        audience: Audience,
    ) -> Result<Self, ScreenError> {
        let connection = TcpStream::connect(address).await?;
        connection.set_nodelay(true)?;
        let url = format!("ws://{address}/api/live");
        let (socket, _) = tokio_tungstenite::client_async(url, connection).await?;
        let (sender, stream) = socket.split();
        let (forward, received) = mpsc::channel(WAITING);
        tokio::spawn(read(stream, forward));
        let mut screen = Self { sender, received, view: None, stamp: None, arrivals: None };
        screen.say(&ClientMessage::Hello { audience, resume: None }).await?;
        while screen.view.is_none() {
            screen.take_next().await?;
        }
        Ok(screen)
    }

    /// Taps, and waits for the answer.
    pub(crate) async fn tap(
        &mut self,
        id: &CommandId,
        command: Command,
    ) -> Result<Answer, ScreenError> {
        self.say(&ClientMessage::Command { id: id.clone(), command, by: None, tapped_at: None })
            .await?;
        loop {
            if let Some((answered, answer)) = self.take_next().await?
                && answered == *id
            {
                return Ok(answer);
            }
        }
    }

    /// Takes what has arrived, without waiting.
    pub(crate) fn take_arrived(&mut self) -> Result<(), ScreenError> {
        while let Ok(arrived) = self.received.try_recv() {
            self.take(arrived?)?;
        }
        Ok(())
    }

    /// Waits until the screen shows the frame stamped so.
    pub(crate) async fn catch_up(&mut self, to: Stamp) -> Result<(), ScreenError> {
        let is_there = |stamp: &Option<Stamp>| {
            stamp.is_some_and(|stamp| stamp.epoch == to.epoch && stamp.rev >= to.rev)
        };
        self.take_arrived()?;
        while !is_there(&self.stamp) {
            self.take_next().await?;
        }
        Ok(())
    }

    /// From here on notes when views arrive.
    pub(crate) fn note_arrivals(&mut self) {
        self.arrivals = Some(Vec::new());
    }

    /// When the first view with the event numbered `seq` arrived since then.
    pub(crate) fn first_with(&mut self, seq: u64) -> Option<Instant> {
        let arrivals = self.arrivals.take()?;
        arrivals.into_iter().find(|&(last, _)| last >= seq).map(|(_, at)| at)
    }

    /// What a screen on the wall shows.
    pub(crate) fn lobby(&self) -> Option<&Board<LobbyCard>> {
        match &self.view {
            Some(View::Lobby(board)) => Some(board),
            _ => None,
        }
    }

    /// What a screen at the desk shows.
    pub(crate) fn desk(&self) -> Option<&Board<DeskCard>> {
        match &self.view {
            Some(View::Desk(board)) => Some(board),
            _ => None,
        }
    }

    /// What the screen shows.
    pub(crate) const fn view(&self) -> Option<&View> {
        self.view.as_ref()
    }

    async fn say(&mut self, message: &ClientMessage) -> Result<(), ScreenError> {
        Ok(self.sender.send(Message::Text(serde_json::to_string(message)?.into())).await?)
    }

    async fn take_next(&mut self) -> Result<Option<Answered>, ScreenError> {
        let arrived = timeout(WITHIN, self.received.recv()).await;
        let arrived = arrived.map_err(|_| ScreenError::Silent)?;
        self.take(arrived.ok_or_else(|| ScreenError::Closed("the connection ended".into()))??)
    }

    fn take(
        &mut self,
        (at, message): (Instant, ServerMessage),
    ) -> Result<Option<Answered>, ScreenError> {
        match message {
            ServerMessage::Snapshot(snapshot) => {
                // Instead of deltas the screen was too slow for.
                if let Some(last) = self.stamp
                    && (last.epoch != snapshot.stamp.epoch || last.rev >= snapshot.stamp.rev)
                {
                    return Err(out_of_step(last, snapshot.stamp));
                }
                self.view = Some(snapshot.view);
                self.show(snapshot.stamp, at);
            }
            ServerMessage::Delta(delta) => {
                let (Some(view), Some(last)) = (&mut self.view, self.stamp) else {
                    return Err(ScreenError::OutOfStep { had: 0, got: delta.stamp.rev });
                };
                if last.epoch != delta.stamp.epoch || last.rev + 1 != delta.stamp.rev {
                    return Err(out_of_step(last, delta.stamp));
                }
                view.apply(delta.diff).map_err(|_| ScreenError::OtherAudience)?;
                self.show(delta.stamp, at);
            }
            ServerMessage::Beat(_) => {}
            ServerMessage::Accepted { id, receipt } => return Ok(Some((id, Ok(receipt)))),
            ServerMessage::Refused { id: Some(id), problem } => {
                return Ok(Some((id, Err(problem))));
            }
            ServerMessage::Refused { id: None, problem } => {
                return Err(ScreenError::Complaint(problem.detail.unwrap_or(problem.title)));
            }
        }
        Ok(None)
    }

    fn show(&mut self, stamp: Stamp, at: Instant) {
        self.stamp = Some(stamp);
        if let Some(arrivals) = &mut self.arrivals {
            arrivals.push((stamp.seq, at));
        }
    }
}

const fn out_of_step(had: Stamp, got: Stamp) -> ScreenError {
    ScreenError::OutOfStep { had: had.rev, got: got.rev }
}

/// Reads a socket to its end, so that pings and the closing are answered, and notes when each
/// message came.
async fn read(mut socket: SplitStream<Socket>, forward: mpsc::Sender<Arrived>) {
    while let Some(message) = socket.next().await {
        let at = Instant::now();
        let arrived = match message {
            Ok(Message::Text(text)) => {
                serde_json::from_str(&text).map(|message| (at, message)).map_err(Into::into)
            }
            Ok(Message::Close(frame)) => {
                let reason = frame.map_or_else(String::new, |frame| frame.reason.to_string());
                Err(ScreenError::Closed(reason))
            }
            Ok(_) => continue,
            Err(error) => Err(error.into()),
        };
        // Nobody may listen any more; the closing is still to be answered.
        let _ = forward.send(arrived).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    const HEAD: &str = r#"{"name":"S","zone":"UTC","services":[],"staff":[],"quotes":[],"quoted_at":0,"doors":{"open":{"until":null}},"kept_week":null}"#;

    #[tokio::test]
    async fn a_revision_that_does_not_follow_is_an_error() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("a connection");
            let mut socket = tokio_tungstenite::accept_async(stream).await.expect("a socket");
            let view = format!(r#"{{"lobby":{{"head":{HEAD},"cards":{{}},"order":[]}}}}"#);
            for text in [
                format!(r#"{{"snapshot":{{"epoch":1,"rev":1,"seq":1,"at":0,"view":{view}}}}}"#),
                r#"{"delta":{"epoch":1,"rev":2,"seq":5,"at":0,"diff":{"lobby":{}}}}"#.to_owned(),
                r#"{"delta":{"epoch":1,"rev":4,"seq":6,"at":0,"diff":{"lobby":{}}}}"#.to_owned(),
            ] {
                socket.send(Message::Text(text.into())).await.expect("sends");
            }
            while socket.next().await.is_some() {}
        });
        let lobby = Audience::Lobby { shop: "salon".parse().expect("a shop name") };
        let mut screen = Screen::connect(address, lobby).await.expect("connects");
        screen.note_arrivals();
        let missing = Stamp { epoch: 1, rev: 4, seq: 6, at: sooner_shared::Timestamp(0) };
        let error = screen.catch_up(missing).await.expect_err("does not follow");
        assert_eq!(error.to_string(), "revision 4 came after 2");
        assert!(screen.first_with(5).is_some(), "the delta before it arrived");
    }
}
