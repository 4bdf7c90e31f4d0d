//! The socket: opens it, says hello, comes back after a loss, and carries taps and answers. What
//! any of it means is decided in `sooner_shared::screen`.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use serde::de::DeserializeOwned;
use sooner_shared::screen::outbox::NotTaken;
use sooner_shared::screen::{Follower, Heard, Pending, backoff};
use sooner_shared::view::Followed;
use sooner_shared::wire::{Audience, ClientMessage, ServerMessage};
use sooner_shared::{Command, CommandId, Problem, Receipt};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use crate::device::{self, Timer};

/// The close number of a connection that was lost on the way.
const LOST: u16 = 1006;

/// How often the device's clock is read, in milliseconds.
const TICK_MS: i32 = 1_000;

/// What a page is told beside its view.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
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

/// Why a page may have to be drawn anew.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// The view, the taps that wait, or what may be claimed of them is another.
    Changed,
    /// A second has passed: the device's clock, in milliseconds.
    Ticked(i64),
    /// Something to be told.
    Told(Box<News>),
}

/// What can be followed over a socket.
pub trait Shown:
    Followed<Diff: DeserializeOwned> + DeserializeOwned + Send + Sync + 'static
{
}

impl<V: Followed<Diff: DeserializeOwned> + DeserializeOwned + Send + Sync + 'static> Shown for V {}

/// One view, followed for as long as the page lives. A copy is a handle to the same.
pub struct Link<V: Shown>(Rc<Inner<V>>);

struct Inner<V: Shown> {
    follower: RefCell<Follower<V>>,
    /// The device's clock at the last tick.
    local_ms: Cell<i64>,
    audience: Audience,
    socket: RefCell<Option<Socket>>,
    retry: Cell<Option<Timer>>,
    hear: OnceCell<Box<dyn Fn(Happening)>>,
}

impl<V: Shown> Clone for Link<V> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
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

impl<V: Shown> Link<V> {
    /// Knows what the page knows; nothing is opened before [`Link::begin`].
    #[must_use]
    pub fn new(audience: Audience, follower: Follower<V>) -> Self {
        Self(Rc::new(Inner {
            follower: RefCell::new(follower),
            local_ms: Cell::new(device::local_ms()),
            audience,
            socket: RefCell::new(None),
            retry: Cell::new(None),
            hear: OnceCell::new(),
        }))
    }

    /// Begins to follow, and tells what happens from now on. What hears may ask and tap. The second
    /// call does nothing.
    pub fn begin(&self, hear: impl Fn(Happening) + 'static) {
        if self.0.hear.set(Box::new(hear)).is_err() {
            return;
        }
        self.connect();
        let link = self.clone();
        device::every(TICK_MS, move || link.tick());
        for event in ["online", "focus"] {
            let link = self.clone();
            device::on_window(event, move || link.hurry());
        }
        let link = self.clone();
        device::on_window("visibilitychange", move || {
            if device::is_visible() {
                link.tick();
                link.hurry();
            }
        });
    }

    /// What is known now.
    pub fn with<T>(&self, read: impl FnOnce(&Follower<V>) -> T) -> T {
        read(&self.0.follower.borrow())
    }

    /// Changes what is known, and says so.
    pub fn update<T>(&self, change: impl FnOnce(&mut Follower<V>) -> T) -> T {
        let changed = change(&mut self.0.follower.borrow_mut());
        self.tell(Happening::Changed);
        changed
    }

    /// Who follows.
    #[must_use]
    pub fn audience(&self) -> &Audience {
        &self.0.audience
    }

    /// Says hello anew: as who this browser is now.
    pub fn renew(&self) {
        self.stop_waiting();
        self.connect();
    }

    /// Sends a tap, or keeps it until there is a socket. `None` when the same tap still waits for
    /// its answer: that is the impatient second tap.
    #[expect(clippy::must_use_candidate, reason = "most taps are made without a look back")]
    pub fn tap(&self, command: Command) -> Option<CommandId> {
        self.tap_as(|f, id| f.tap(id, command, device::local_ms()))
    }

    /// The same for what was done so many milliseconds ago.
    #[expect(clippy::must_use_candidate, reason = "most taps are made without a look back")]
    pub fn tap_earlier(&self, command: Command, ago_ms: i64) -> Option<CommandId> {
        self.tap_as(|f, id| f.tap_earlier(id, command, device::local_ms(), ago_ms))
    }

    fn tap_as(
        &self,
        take: impl FnOnce(&mut Follower<V>, CommandId) -> Result<Option<ClientMessage>, NotTaken>,
    ) -> Option<CommandId> {
        let id = device::command_id();
        if let Some(message) = self.update(|f| take(f, id.clone())).ok()? {
            self.send(&message);
        }
        Some(id)
    }

    fn send(&self, message: &ClientMessage) {
        let Ok(text) = serde_json::to_string(message) else {
            return;
        };
        if let Some(socket) = &*self.0.socket.borrow() {
            // A socket that is going down refuses; the tap is sent again after the next hello.
            let _ = socket.inner.send_with_str(&text);
        }
    }

    fn connect(&self) {
        self.stop_waiting();
        self.let_go();
        self.update(|f| f.connecting(device::local_ms()));
        let address = device::socket_origin() + "/api/live";
        let Ok(socket) = WebSocket::new(&address) else {
            self.closed(LOST);
            return;
        };
        let link = self.clone();
        let on_open = Closure::<dyn FnMut()>::new(move || link.opened());
        let link = self.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event| link.heard(&event));
        let link = self.clone();
        let on_close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            link.closed(event.code());
        });
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        self.0.socket.replace(Some(Socket {
            inner: socket,
            _on_open: on_open,
            _on_message: on_message,
            _on_close: on_close,
        }));
    }

    /// Drops the socket of before. Only called outside of its own listeners.
    fn let_go(&self) {
        if let Some(old) = self.0.socket.take() {
            old.silence();
            let _ = old.inner.close();
        }
    }

    fn opened(&self) {
        let audience = self.0.audience.clone();
        for message in &self.update(|f| f.opened(audience, device::local_ms())) {
            self.send(message);
        }
    }

    fn heard(&self, event: &MessageEvent) {
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
        match self.update(|f| f.take(message, device::local_ms())) {
            Heard::Nothing => {}
            Heard::Resync => self.give_up(),
            Heard::Answer { id, command, kept, result } => {
                self.news(News::Answer { id, command, kept, result });
            }
            Heard::Complaint(problem) => self.news(News::Complaint(problem)),
        }
    }

    fn tell(&self, happening: Happening) {
        if let Some(hear) = self.0.hear.get() {
            hear(happening);
        }
    }

    fn news(&self, news: News) {
        self.tell(Happening::Told(Box::new(news)));
    }

    /// The socket is of no use any more. Its own close may take a minute to be noticed, so that
    /// is not waited for.
    fn give_up(&self) {
        if let Some(socket) = &*self.0.socket.borrow() {
            socket.silence();
            let _ = socket.inner.close();
        }
        self.closed(LOST);
    }

    fn closed(&self, number: u16) {
        if let Some(attempt) = self.update(|f| f.closed(number)) {
            let wait = backoff::wait_ms(attempt, device::chance());
            let link = self.clone();
            self.0.retry.set(Some(Timer::after(wait, move || link.connect())));
        }
    }

    /// Something says that the way may be free again: do not wait any longer.
    fn hurry(&self) {
        if self.stop_waiting() {
            self.connect();
        }
    }

    /// Whether a new attempt was waited for.
    fn stop_waiting(&self) -> bool {
        self.0.retry.take().is_some_and(|timer| {
            timer.stop();
            true
        })
    }

    fn tick(&self) {
        let now = device::local_ms();
        if self.0.local_ms.replace(now) > now {
            self.update(|f| f.clock_set_back(now));
        }
        self.tell(Happening::Ticked(now));
        if self.with(|f| f.is_to_be_given_up(now)) {
            self.give_up();
        }
        if self.with(|f| !f.outbox.is_empty()) {
            let expired = self.update(|f| f.outbox.expire(now));
            for tap in expired {
                self.news(News::Expired(tap));
            }
        }
    }
}
