//! A shop played by a test: shows what it is told, and answers every command the same way.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use sooner_shared::view::{Board, Doors, ShopHead, View};
use sooner_shared::wire::Stamp;
use sooner_shared::{Command, Maker, Receipt, ShopId, Timestamp, VisitId};
use tokio::sync::mpsc;

use super::frame::Channel;
use super::{Known, Message, ShopHandle};
use crate::access::Keeper;
use crate::clock::Clock;
use crate::links::Secrets;

/// The key of every fake shop's desk.
pub(crate) const DESK_KEY: &str = "the desk key";

/// That key, as it is stored.
const ACCESS: &str = r#"{"keys":[{"id":1,"label":"Desk","scopes":["desk"],"made_at":0,
    "hash":"f562352d5ccfca1fc3b1397fab93c9df86b7440cc87e0485a3861e455cf1fbdc"}]}"#;

/// The epoch of every fake shop's frames.
pub(crate) const EPOCH: u64 = 77;

/// The test's end of a fake shop.
pub(crate) struct FakeShop {
    /// As the session gets it.
    pub(crate) handle: ShopHandle,
    /// Commands that reached the shop, and by whom.
    pub(crate) commands: mpsc::UnboundedReceiver<(Command, Maker)>,
    channel: Arc<Mutex<Channel>>,
}

impl FakeShop {
    pub(crate) fn start(id: &str) -> Self {
        let id: ShopId = id.parse().expect("a shop name");
        let (mailbox, mut messages) = mpsc::channel(16);
        let secrets = Secrets::new(id.clone(), [1; 32]);
        let access = Keeper::open(id.clone(), Some(ACCESS), None, Clock::Real).expect("reads");
        let channel = Arc::new(Mutex::new(Channel::new(view(0), stamp())));
        let (reached, commands) = mpsc::unbounded_channel();
        let shown = Arc::clone(&channel);
        tokio::spawn(async move {
            while let Some(message) = messages.recv().await {
                match message {
                    Message::Watch { reply, .. } => {
                        let frames = shown.lock().expect("not poisoned").subscribe();
                        let _ = reply.send(Ok(frames));
                    }
                    Message::Command { command, by, reply, .. } => {
                        let _ = reached.send((command, by));
                        let receipt = Receipt { seq: 9, visit: None, by: None, link: None };
                        let _ = reply.send(Ok(receipt));
                    }
                    Message::Quote { .. }
                    | Message::Preview { .. }
                    | Message::Settle { .. }
                    | Message::SetUp { .. }
                    | Message::Configure { .. }
                    | Message::Personal { .. }
                    | Message::Erase { .. }
                    | Message::Panic => {}
                }
            }
        });
        let known = Arc::new(Known::default());
        let handle =
            ShopHandle { id, mailbox, secrets: Arc::new(secrets), access: Arc::new(access), known };
        Self { handle, commands, channel }
    }

    /// Shows a next revision; `mark` is what tells it from others.
    pub(crate) fn show(&self, mark: i64) {
        self.channel.lock().expect("not poisoned").show(view(mark), stamp());
    }

    /// Sets whether its writes succeed.
    pub(crate) fn set_can_write(&self, can_write: bool) {
        self.handle.known.set_can_write(can_write);
    }

    pub(crate) fn link(&self, visit: u32) -> String {
        self.handle.secrets().link(VisitId(visit))
    }
}

fn stamp() -> Stamp {
    Stamp { epoch: EPOCH, rev: 1, seq: 1, at: Timestamp(0) }
}

fn view(mark: i64) -> View {
    View::Lobby(Board {
        head: ShopHead {
            care: None,
            name: "Salon".into(),
            zone: "UTC".into(),
            services: vec![],
            staff: vec![],
            quotes: vec![],
            quoted_at: Timestamp(mark),
            doors: Doors::Open { until: None },
            staffed_at: None,
            silent_since: None,
            kept_days: Some(30),
            informal: false,
            languages: Vec::new(),
            by_code: false,
            accent: sooner_shared::look::Accent::default(),
            joins_before: false,
            delays: vec![],
            kept_week: None,
        },
        cards: BTreeMap::new(),
        order: vec![],
    })
}
