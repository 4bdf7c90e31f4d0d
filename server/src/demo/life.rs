//! Moves the clock, has people do what they do, and waits until the shop is at rest.

use sooner_shared::command::{JoinRequest, VisitRequest};
use sooner_shared::{Command, CommandId, Receipt, Timestamp};
use sooner_sim::{Act, Counts, Way, World};

use super::DemoError;
use crate::clock::Stepped;
use crate::driver::{Http, Screen};
use crate::shops::{Answer, Frames, ShopHandle};

/// A shop makes its forecast anew every half minute. Nobody looks so closely: while nothing
/// happens, the clock makes steps of this length at least, in milliseconds.
const STEP_OPEN_MS: i64 = 60_000;

/// The same while the shop is closed.
const STEP_CLOSED_MS: i64 = 15 * 60_000;

/// Simulated people, with a phone and a desk in their hands.
pub(super) struct Life {
    world: World,
    clock: Stepped,
    /// Only to know when the shop is at rest, and which frame is its newest then.
    shop: ShopHandle,
    frames: Frames,
    http: Http,
    desk: Screen,
    now: Timestamp,
    commands: u64,
}

impl Life {
    pub(super) const fn new(
        world: World,
        clock: Stepped,
        shop: ShopHandle,
        frames: Frames,
        http: Http,
        desk: Screen,
        begins: Timestamp,
    ) -> Self {
        Self { world, clock, shop, frames, http, desk, now: begins, commands: 0 }
    }

    /// When somebody will do something; `None` when nobody ever will.
    pub(super) fn next_at(&self) -> Option<Timestamp> {
        Some(self.world.next_at()?.max(self.now))
    }

    /// Whoever joins from now on by their own phone is served too.
    pub(super) fn welcome_strangers(&mut self) {
        self.world.welcome_strangers();
    }

    pub(super) const fn counts(&self) -> &Counts {
        self.world.counts()
    }

    pub(super) const fn shop(&self) -> &ShopHandle {
        &self.shop
    }

    /// Whether the doors are closed.
    pub(super) fn is_closed(&self, at: Timestamp) -> bool {
        self.world.plan().open_at(at).is_none()
    }

    /// Moves the clock to `target`, or to the moment at which somebody reacts to what the shop did
    /// by itself, and has everybody do what they do then.
    pub(super) async fn go_to(&mut self, target: Timestamp) -> Result<(), DemoError> {
        self.rest_until(target).await?;
        loop {
            let board = self.desk.desk().ok_or(DemoError::NoDesk)?;
            let Some(act) = self.world.act(self.now, board) else { return Ok(()) };
            let answer = self.send(act).await?;
            self.settle().await?;
            let board = self.desk.desk().ok_or(DemoError::NoDesk)?;
            self.world.answered(self.now, answer.as_ref(), board);
        }
    }

    /// Moves the clock to `target`, stopping where the shop has something to do by itself. Comes
    /// back earlier when that makes somebody act earlier.
    pub(super) async fn rest_until(&mut self, target: Timestamp) -> Result<(), DemoError> {
        let step_ms = if self.is_closed(self.now) { STEP_CLOSED_MS } else { STEP_OPEN_MS };
        loop {
            let settled = self.shop.settled().await.map_err(DemoError::shop)?;
            let Some(wakes_at) = settled.wakes_at.filter(|&at| at < target) else { break };
            let at = wakes_at.max(self.now + step_ms);
            if at >= target {
                break;
            }
            self.set(at).await?;
            if self.world.next_at().is_some_and(|at| at <= self.now) {
                return Ok(());
            }
        }
        if target > self.now {
            self.set(target).await?;
        }
        Ok(())
    }

    async fn set(&mut self, at: Timestamp) -> Result<(), DemoError> {
        self.now = at;
        self.clock.set(at);
        self.settle().await?;
        if let Some(board) = self.desk.desk() {
            self.world.look(at, board);
        }
        Ok(())
    }

    /// Waits until everything that follows has happened and is on the desk.
    async fn settle(&mut self) -> Result<(), DemoError> {
        self.shop.settled().await.map_err(DemoError::shop)?;
        let newest = self.frames.borrow().stamp;
        Ok(self.desk.catch_up(newest).await?)
    }

    async fn send(&mut self, Act { way, command }: Act) -> Result<Answer, DemoError> {
        self.commands += 1;
        let id = CommandId::new(&format!("demo-{:08}", self.commands)).expect("short and plain");
        match (way, command) {
            (Way::JoinPage, Command::Join(join)) => {
                let path = format!("/api/shops/{}/visits", self.shop.id());
                Ok(self.http.post::<Receipt>(&path, &JoinRequest { id, join }).await?)
            }
            (Way::Phone(link), command) => match wish(&command) {
                Some((verb, ms, text)) => {
                    let path = format!("/api/visits/{link}/{verb}");
                    let no = match command {
                        Command::Acknowledge { no, .. } => Some(no),
                        _ => None,
                    };
                    let request = VisitRequest { ms, text, no, ..VisitRequest::new(id) };
                    Ok(self.http.post::<Receipt>(&path, &request).await?)
                }
                None => Ok(self.desk.tap(&id, command).await?),
            },
            (_, command) => Ok(self.desk.tap(&id, command).await?),
        }
    }
}

/// What a phone says: its address, and what goes with it.
fn wish(command: &Command) -> Option<(&'static str, Option<i64>, Option<String>)> {
    Some(match command {
        Command::Leave { .. } => ("leave", None, None),
        Command::CheckIn { .. } => ("check-in", None, None),
        Command::LetPass { .. } => ("let-pass", None, None),
        Command::RunLate { ms, .. } => ("running-late", Some(*ms), None),
        Command::Confirm { .. } => ("confirm", None, None),
        Command::Approve { .. } => ("approve", None, None),
        Command::Acknowledge { .. } => ("acknowledge", None, None),
        Command::AnswerInvitation { comes: true, .. } => ("come-earlier", None, None),
        Command::AnswerInvitation { comes: false, .. } => ("keep-time", None, None),
        Command::Ask { text, .. } => ("ask", None, Some(text.clone())),
        _ => return None,
    })
}
