//! The socket: opens it, says hello, comes back after a loss, and carries taps and answers. What
//! any of it means is decided in `sooner_shared::screen`.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use sooner_shared::screen::outbox::NotTaken;
use sooner_shared::screen::{Follower, Heard, Outbox, Pending, State, backoff};
use sooner_shared::view::{Followed, View};
use sooner_shared::wire::{Audience, ClientMessage, ServerMessage, Snapshot};
use sooner_shared::{Command, CommandId, Problem, Receipt, ShopId, StaffId, Timestamp};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use crate::device;

/// The close number of a connection that was lost on the way.
const LOST: u16 = 1006;

/// What a page is told beside its view.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum News {
    /// A tap was answered.
    Answer {
        /// Which tap.
        id: CommandId,
        /// What was tapped.
        command: Option<Command>,
        /// Whether it was kept for a while, because the link was down.
        kept: bool,
        /// What came of it.
        result: Result<Receipt, Problem>,
    },
    /// A tap became too old to be sent.
    Expired(Pending),
    /// The server could not read something.
    Complaint(Problem),
}

/// What can be followed over a socket.
pub(crate) trait Shown:
    Followed<Diff: DeserializeOwned> + DeserializeOwned + Send + Sync + 'static
{
}

impl<V: Followed<Diff: DeserializeOwned> + DeserializeOwned + Send + Sync + 'static> Shown for V {}

/// Under which name a device remembers its taps: those of a desk, which staff go on from.
fn memory_of(audience: &Audience) -> Option<String> {
    match audience {
        Audience::Desk { shop, .. } => Some(format!("sooner.taps.{shop}")),
        Audience::Lobby { .. } | Audience::Visit { .. } => None,
    }
}

/// One view, live. A copy is a handle to the same.
pub(crate) struct Live<V: Shown = View> {
    follower: RwSignal<Follower<V>>,
    /// The device's clock, once a second.
    local_ms: RwSignal<i64>,
    /// What the screen may claim.
    pub(crate) state: Memo<State>,
    audience: StoredValue<Audience>,
    socket: StoredValue<Option<Socket>, LocalStorage>,
    retry: StoredValue<Option<TimeoutHandle>>,
    on_news: StoredValue<Box<dyn Fn(News)>, LocalStorage>,
}

impl<V: Shown> Copy for Live<V> {}

impl<V: Shown> Clone for Live<V> {
    fn clone(&self) -> Self {
        *self
    }
}

/// A socket with what listens to it; the listeners must live as long as it can speak.
struct Socket {
    inner: WebSocket,
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Nothing more is heard from it.
    fn silence(&self) {
        self.inner.set_onopen(None);
        self.inner.set_onmessage(None);
        self.inner.set_onclose(None);
    }
}

impl Live {
    /// Begins to follow. `on_news` is told what is not part of the view. Taps of a desk that were
    /// not answered when the page was loaded again are gone on with.
    pub(crate) fn start(audience: Audience, on_news: impl Fn(News) + 'static) -> Self {
        let memory = memory_of(&audience);
        let outbox = memory.as_deref().and_then(device::recall);
        let outbox = outbox.map(|text| Outbox::from_text(&text)).unwrap_or_default();
        let live = Self::begin(audience, Follower::with_taps(outbox), on_news);
        if let Some(name) = memory {
            live.remember(name);
        }
        live
    }

    /// Keeps what waits for an answer where a page that is loaded again finds it.
    fn remember(self, name: String) {
        let text = Memo::new(move |_| self.follower.with(|f| f.outbox.to_text()));
        Effect::new(move |before: Option<()>| {
            let text = text.get();
            // What was there when the page was loaded need not be written again.
            if before.is_some() {
                // A device without a memory keeps its taps while the page is open.
                let _ = device::remember(&name, &text);
            }
        });
    }
}

impl<V: Shown> Live<V> {
    /// Begins to follow what the page came with, and remembers nothing: reading taps back is as
    /// large as all the rest that a phone needs.
    pub(crate) fn start_at(
        audience: Audience,
        first: Snapshot<V>,
        on_news: impl Fn(News) + 'static,
    ) -> Self {
        let mut follower = Follower::default();
        follower.begin_with(first, device::local_ms());
        Self::begin(audience, follower, on_news)
    }

    fn begin(audience: Audience, follower: Follower<V>, on_news: impl Fn(News) + 'static) -> Self {
        let (follower, local_ms) = (RwSignal::new(follower), RwSignal::new(device::local_ms()));
        let live = Self {
            follower,
            local_ms,
            state: Memo::new(move |_| follower.with(|f| f.state(local_ms.get()))),
            audience: StoredValue::new(audience),
            socket: StoredValue::new_local(None),
            retry: StoredValue::new(None),
            on_news: StoredValue::new_local(Box::new(on_news)),
        };
        live.connect();
        set_interval(move || live.tick(), Duration::from_secs(1));
        let _ = window_event_listener(ev::online, move |_| live.hurry());
        let _ = window_event_listener(ev::focus, move |_| live.hurry());
        let _ = window_event_listener_untyped("visibilitychange", move |_| {
            if device::is_visible() {
                live.tick();
                live.hurry();
            }
        });
        live
    }

    /// The taps that wait for their answers, in the order they were made; follows them.
    pub(crate) fn with_taps<T>(self, read: impl FnOnce(&[Pending]) -> T) -> T {
        self.follower.with(|f| read(f.outbox.taps()))
    }

    /// The shop, on the page of a desk.
    pub(crate) fn desk_shop(self) -> Option<ShopId> {
        match self.audience.get_value() {
            Audience::Desk { shop, .. } => Some(shop),
            _ => None,
        }
    }

    /// Who taps here from now on.
    pub(crate) fn tap_by(self, staff: Option<StaffId>) {
        self.follower.update(|f| f.by = staff);
    }

    /// Says hello anew: as who this browser is now.
    pub(crate) fn renew(self) {
        if let Some(timer) = self.retry.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        self.connect();
    }

    /// Something of the view; follows it.
    pub(crate) fn with_view<T>(self, read: impl FnOnce(&V) -> Option<T>) -> Option<T> {
        self.follower.with(|f| f.view().and_then(read))
    }

    /// The shop's time when the view was last confirmed.
    pub(crate) fn confirmed_at(self) -> Option<Timestamp> {
        self.follower.with(Follower::confirmed_at)
    }

    /// The shop's time, followed second by second.
    pub(crate) fn shop_now(self) -> Option<Timestamp> {
        let local_ms = self.local_ms.get();
        self.follower.with(|f| f.shop_now(local_ms))
    }

    /// The shop's last event that is in the view.
    pub(crate) fn seq(self) -> Option<u64> {
        self.follower.with(Follower::seq)
    }

    /// Whether the screen may call what it shows the present.
    pub(crate) fn is_live(self) -> bool {
        self.state.get() == State::Live
    }

    /// Whether a tap like this waits for its answer.
    pub(crate) fn waits(self, matches: impl Fn(&Command) -> bool) -> bool {
        self.follower.with(|f| f.outbox.commands().any(matches))
    }

    /// Whether the server was renewed since the page was loaded and nothing would be lost by
    /// loading it again.
    pub(crate) fn may_reload(self) -> bool {
        self.follower.with(|f| f.is_outdated() && f.outbox.is_empty())
    }

    /// Sends a tap, or keeps it until there is a socket. `None` when the same tap still waits for
    /// its answer: that is the impatient second tap.
    pub(crate) fn tap(self, command: Command) -> Option<CommandId> {
        let id = device::command_id();
        let tapped = self
            .follower
            .try_update(|f| f.tap(id.clone(), command, device::local_ms()))
            .unwrap_or(Err(NotTaken::Full));
        if let Some(message) = tapped.ok()? {
            self.send(&message);
        }
        Some(id)
    }

    /// The same for what was done so many milliseconds ago.
    pub(crate) fn tap_earlier(self, command: Command, ago_ms: i64) -> Option<CommandId> {
        let id = device::command_id();
        let tapped = self
            .follower
            .try_update(|f| f.tap_earlier(id.clone(), command, device::local_ms(), ago_ms))
            .unwrap_or(Err(NotTaken::Full));
        if let Some(message) = tapped.ok()? {
            self.send(&message);
        }
        Some(id)
    }

    fn send(self, message: &ClientMessage) {
        let Ok(text) = serde_json::to_string(message) else {
            return;
        };
        self.socket.with_value(|socket| {
            if let Some(socket) = socket {
                // A socket that is going down refuses; the tap is sent again after the next hello.
                let _ = socket.inner.send_with_str(&text);
            }
        });
    }

    fn connect(self) {
        self.retry.set_value(None);
        self.let_go();
        self.follower.update(|f| f.connecting(device::local_ms()));
        let address = device::socket_origin() + "/api/live";
        let Ok(socket) = WebSocket::new(&address) else {
            self.closed(LOST);
            return;
        };
        let on_open = Closure::<dyn FnMut()>::new(move || self.opened());
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event| self.heard(&event));
        let on_close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            self.closed(event.code());
        });
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        self.socket.set_value(Some(Socket {
            inner: socket,
            _on_open: on_open,
            _on_message: on_message,
            _on_close: on_close,
        }));
    }

    /// Drops the socket of before. Only called outside of its own listeners.
    fn let_go(self) {
        if let Some(old) = self.socket.try_update_value(Option::take).flatten() {
            old.silence();
            let _ = old.inner.close();
        }
    }

    fn opened(self) {
        let audience = self.audience.get_value();
        let messages = self
            .follower
            .try_update(|f| f.opened(audience, device::local_ms()))
            .unwrap_or_default();
        for message in &messages {
            self.send(message);
        }
    }

    fn heard(self, event: &MessageEvent) {
        let Some(text) = event.data().as_string() else {
            return;
        };
        let message: ServerMessage<V> = match serde_json::from_str(&text) {
            Ok(message) => message,
            Err(error) => {
                device::log(&format!("a message of the server could not be read: {error}"));
                return;
            }
        };
        let heard = self
            .follower
            .try_update(|f| f.take(message, device::local_ms()))
            .unwrap_or(Heard::Nothing);
        match heard {
            Heard::Nothing => {}
            Heard::Resync => self.give_up(),
            Heard::Answer { id, command, kept, result } => {
                self.tell(News::Answer { id, command, kept, result });
            }
            Heard::Complaint(problem) => self.tell(News::Complaint(problem)),
        }
    }

    fn tell(self, news: News) {
        self.on_news.with_value(|on_news| on_news(news));
    }

    /// The socket is of no use any more. Its own close may take a minute to be noticed, so that
    /// is not waited for.
    fn give_up(self) {
        self.socket.with_value(|socket| {
            if let Some(socket) = socket {
                socket.silence();
                let _ = socket.inner.close();
            }
        });
        self.closed(LOST);
    }

    fn closed(self, number: u16) {
        let attempt = self.follower.try_update(|f| f.closed(number)).flatten();
        if let Some(attempt) = attempt {
            let wait = backoff::wait_ms(attempt, device::chance());
            let wait = Duration::from_millis(u64::from(wait));
            let timer = set_timeout_with_handle(move || self.connect(), wait);
            self.retry.set_value(timer.ok());
        }
    }

    /// Something says that the way may be free again: do not wait any longer.
    fn hurry(self) {
        if let Some(timer) = self.retry.try_update_value(Option::take).flatten() {
            timer.clear();
            self.connect();
        }
    }

    fn tick(self) {
        let now = device::local_ms();
        if self.local_ms.get_untracked() > now {
            self.follower.update(|f| f.clock_set_back(now));
        }
        self.local_ms.set(now);
        if self.follower.with_untracked(|f| f.is_to_be_given_up(now)) {
            self.give_up();
        }
        if self.follower.with_untracked(|f| !f.outbox.is_empty()) {
            let expired = self.follower.try_update(|f| f.outbox.expire(now)).unwrap_or_default();
            for tap in expired {
                self.tell(News::Expired(tap));
            }
        }
    }
}
