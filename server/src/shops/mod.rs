//! Shops at work: one task each, the only writer of its shop; everybody else has a handle.

mod answers;
mod book;
#[cfg(test)]
pub(crate) mod fake;
mod frame;
mod personal;
mod registry;
mod staff;
mod task;
mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};
use sooner_shared::command::{Join, Quoted};
use sooner_shared::look::Accent;
use sooner_shared::price::Price;
use sooner_shared::{
    Command, CommandId, Maker, Problem, ProblemCode, Receipt, ShopId, Timestamp, VisitId,
};
use tokio::sync::{mpsc, oneshot, watch};

pub use frame::Frame;
pub use personal::{EventHeld, PersonalData, PromiseHeld, WordsHeld};
pub use registry::{NewShop, Registry, RegistryError};
pub(crate) use staff::staff_rows;

use crate::access::Keeper;
use crate::links::Secrets;
use crate::setup::SetUp;

/// Messages that may wait for a shop's task; more get `busy`.
const MAILBOX: usize = 1_024;

/// Who looks at a shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// The wall, and who thinks of joining.
    Lobby,
    /// The people who work there.
    Desk,
    /// One person's phone.
    Visit(VisitId),
}

/// The answer to a command: what came of it, or why not.
pub type Answer = Result<Receipt, Problem>;

/// What came of a new set-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configured {
    /// The shop's last event.
    pub seq: u64,
    /// Whether the shop is another now.
    pub changed: bool,
}

/// The follower's end of an audience's frames.
pub type Frames = watch::Receiver<Arc<Frame>>;

/// A shop that has nothing left to do until its clock moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// Its last event.
    pub seq: u64,
    /// When it will act by itself.
    pub wakes_at: Option<Timestamp>,
}

/// What a shop's task is asked.
#[derive(Debug)]
enum Message {
    Command {
        id: CommandId,
        command: Command,
        tapped_at: Option<Timestamp>,
        by: Maker,
        reply: oneshot::Sender<Answer>,
    },
    Quote {
        join: Box<Join>,
        reply: oneshot::Sender<Result<Quoted, Problem>>,
    },
    Preview {
        command: Box<Command>,
        reply: oneshot::Sender<Result<Price, Problem>>,
    },
    Watch {
        audience: Audience,
        reply: oneshot::Sender<Result<Frames, Problem>>,
    },
    Settle {
        reply: oneshot::Sender<Settled>,
    },
    SetUp {
        reply: oneshot::Sender<SetUp>,
    },
    Configure {
        set_up: Box<SetUp>,
        by: Maker,
        reply: oneshot::Sender<Result<Configured, Problem>>,
    },
    Personal {
        visit: VisitId,
        reply: oneshot::Sender<Result<PersonalData, Problem>>,
    },
    Erase {
        visit: VisitId,
        reply: oneshot::Sender<Result<bool, Problem>>,
    },
    #[cfg(test)]
    Panic,
}

/// How everybody but its task knows a shop; cheap to clone.
#[derive(Debug, Clone)]
pub struct ShopHandle {
    id: ShopId,
    mailbox: mpsc::Sender<Message>,
    secrets: Arc<Secrets>,
    access: Arc<Keeper>,
    known: Arc<Known>,
}

/// What is known of a shop without asking its task.
#[derive(Debug)]
struct Known {
    can_write: AtomicBool,
    /// The place of its colour among all.
    accent: AtomicUsize,
}

impl Default for Known {
    fn default() -> Self {
        Self { can_write: AtomicBool::new(true), accent: AtomicUsize::new(0) }
    }
}

impl Known {
    fn can_write(&self) -> bool {
        self.can_write.load(Ordering::Relaxed)
    }

    fn set_can_write(&self, can_write: bool) {
        self.can_write.store(can_write, Ordering::Relaxed);
    }

    fn set_accent(&self, accent: Accent) {
        let place = Accent::ALL.iter().position(|one| *one == accent);
        self.accent.store(place.unwrap_or_default(), Ordering::Relaxed);
    }
}

impl ShopHandle {
    /// The shop's short name.
    #[must_use]
    pub const fn id(&self) -> &ShopId {
        &self.id
    }

    /// What its links are checked with.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Who may do what in it.
    #[must_use]
    pub fn access(&self) -> &Keeper {
        &self.access
    }

    /// Whether the shop's last write succeeded. One that cannot write knows nothing of what happens
    /// in it, so nobody vouches for its views: its screens get no beats, and say so.
    #[must_use]
    pub fn can_write(&self) -> bool {
        self.known.can_write()
    }

    /// The colour of its pages.
    #[must_use]
    pub fn accent(&self) -> Accent {
        let place = self.known.accent.load(Ordering::Relaxed);
        Accent::ALL.get(place).copied().unwrap_or_default()
    }

    /// Has a command carried out; answers once it is durable. The same id gets the same answer
    /// for 24 hours.
    pub async fn command(&self, id: CommandId, command: Command, by: Maker) -> Answer {
        self.command_tapped(id, command, None, by).await
    }

    /// The same for a tap that was under way for a while: starting and finishing happened when it
    /// was made, within bounds.
    pub async fn command_tapped(
        &self,
        id: CommandId,
        command: Command,
        tapped_at: Option<Timestamp>,
        by: Maker,
    ) -> Answer {
        self.ask(|reply| Message::Command { id, command, tapped_at, by, reply }).await?
    }

    /// Replaces the private link of a visit; the one before opens nothing any more.
    pub async fn replace_link(&self, visit: VisitId, by: Maker) -> Result<String, Problem> {
        // Nobody's link is not replaced.
        self.watch(Audience::Visit(visit)).await?;
        self.access.replace_link(visit, by).await?;
        // Looking shows the desk's cards anew, with the new link in them.
        self.watch(Audience::Desk).await?;
        Ok(self.secrets.link(visit))
    }

    /// What somebody who joined so would be told; nobody is added.
    pub async fn quote(&self, join: Join) -> Result<Quoted, Problem> {
        self.ask(|reply| Message::Quote { join: Box::new(join), reply }).await?
    }

    /// Whose promises a command would move; nothing is changed.
    pub async fn preview(&self, command: Command) -> Result<Price, Problem> {
        self.ask(|reply| Message::Preview { command: Box::new(command), reply }).await?
    }

    /// Follows what an audience is shown.
    pub async fn watch(&self, audience: Audience) -> Result<Frames, Problem> {
        self.ask(|reply| Message::Watch { audience, reply }).await?
    }

    /// The set-up as it stands.
    pub async fn set_up(&self) -> Result<SetUp, Problem> {
        self.ask(|reply| Message::SetUp { reply }).await
    }

    /// Changes the set-up; answers once it is durable. The same set-up again changes nothing.
    pub async fn configure(&self, set_up: SetUp, by: Maker) -> Result<Configured, Problem> {
        let set_up = Box::new(set_up);
        self.ask(|reply| Message::Configure { set_up, by, reply }).await?
    }

    /// Everything that is held on one visit.
    pub async fn personal(&self, visit: VisitId) -> Result<PersonalData, Problem> {
        self.ask(|reply| Message::Personal { visit, reply }).await?
    }

    /// Erases name, contact, question and answer of a visit; answers once they are gone for good. The
    /// visit goes on under its code. Says whether anything was kept.
    pub async fn erase(&self, visit: VisitId) -> Result<bool, Problem> {
        self.ask(|reply| Message::Erase { visit, reply }).await?
    }

    /// Waits until the shop has nothing left to do at its clock's present time. For drivers of a
    /// stepped clock.
    pub async fn settled(&self) -> Result<Settled, Problem> {
        self.ask(|reply| Message::Settle { reply }).await
    }

    async fn ask<T>(
        &self,
        message: impl FnOnce(oneshot::Sender<T>) -> Message,
    ) -> Result<T, Problem> {
        let (reply, answer) = oneshot::channel();
        self.mailbox.try_send(message(reply)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => ProblemCode::Busy,
            mpsc::error::TrySendError::Closed(_) => ProblemCode::ShopUnavailable,
        })?;
        // The task drops a question when it fails in the middle of it, or when the server stops.
        answer.await.map_err(|_| ProblemCode::ShopUnavailable.into())
    }
}
