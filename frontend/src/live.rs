//! A view that is followed over a socket, as signals: what reads it is drawn anew when it changes.

use leptos::prelude::*;
use sooner_link::{Happening, Link, News, device};
use sooner_shared::screen::{Follower, Outbox, Pending, State};
use sooner_shared::view::View;
use sooner_shared::wire::Audience;
use sooner_shared::{Command, CommandId, ShopId, StaffId, Timestamp};

/// Under which name a device remembers its taps: those of a desk, which staff go on from.
fn memory_of(audience: &Audience) -> Option<String> {
    match audience {
        Audience::Desk { shop, .. } => Some(format!("sooner.taps.{shop}")),
        Audience::Lobby { .. } | Audience::Visit { .. } => None,
    }
}

/// One view, live. A copy is a handle to the same.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    link: StoredValue<Link<View>, LocalStorage>,
    /// Notified when what is known of the view is another.
    changed: Trigger,
    /// The device's clock, once a second.
    local_ms: RwSignal<i64>,
    /// What the screen may claim.
    pub(crate) state: Memo<State>,
}

impl Live {
    /// Begins to follow. `on_news` is told what is not part of the view. Taps of a desk that were
    /// not answered when the page was loaded again are gone on with.
    pub(crate) fn start(audience: Audience, on_news: impl Fn(News) + 'static) -> Self {
        let memory = memory_of(&audience);
        let outbox = memory.as_deref().and_then(device::recall);
        let outbox = outbox.map(|text| Outbox::from_text(&text)).unwrap_or_default();
        let link = Link::new(audience, Follower::with_taps(outbox));
        let link = StoredValue::new_local(link);
        let (changed, local_ms) = (Trigger::new(), RwSignal::new(device::local_ms()));
        let state = Memo::new(move |_| {
            changed.track();
            let local_ms = local_ms.get();
            link.with_value(|link| link.with(|f| f.state(local_ms)))
        });
        link.get_value().begin(move |happening| match happening {
            Happening::Changed => changed.notify(),
            Happening::Ticked(now) => local_ms.set(now),
            Happening::Told(news) => on_news(*news),
        });
        let live = Self { link, changed, local_ms, state };
        if let Some(name) = memory {
            live.remember(name);
        }
        live
    }

    /// Keeps what waits for an answer where a page that is loaded again finds it.
    fn remember(self, name: String) {
        let text = Memo::new(move |_| self.with(|f| f.outbox.to_text()));
        Effect::new(move |before: Option<()>| {
            let text = text.get();
            // What was there when the page was loaded need not be written again.
            if before.is_some() {
                // A device without a memory keeps its taps while the page is open.
                let _ = device::remember(&name, &text);
            }
        });
    }

    /// What is known; follows it.
    fn with<T>(self, read: impl FnOnce(&Follower<View>) -> T) -> T {
        self.changed.track();
        self.link.with_value(|link| link.with(read))
    }

    /// The taps that wait for their answers, in the order they were made; follows them.
    pub(crate) fn with_taps<T>(self, read: impl FnOnce(&[Pending]) -> T) -> T {
        self.with(|f| read(f.outbox.taps()))
    }

    /// The shop, on the page of a desk.
    pub(crate) fn desk_shop(self) -> Option<ShopId> {
        self.link.with_value(|link| match link.audience() {
            Audience::Desk { shop, .. } => Some(shop.clone()),
            _ => None,
        })
    }

    /// Who taps here from now on.
    pub(crate) fn tap_by(self, staff: Option<StaffId>) {
        self.link.get_value().update(|f| f.by = staff);
    }

    /// Says hello anew: as who this browser is now.
    pub(crate) fn renew(self) {
        self.link.get_value().renew();
    }

    /// Something of the view; follows it.
    pub(crate) fn with_view<T>(self, read: impl FnOnce(&View) -> Option<T>) -> Option<T> {
        self.with(|f| f.view().and_then(read))
    }

    /// The shop's time when the view was last confirmed.
    pub(crate) fn confirmed_at(self) -> Option<Timestamp> {
        self.with(Follower::confirmed_at)
    }

    /// The shop's time, followed second by second.
    pub(crate) fn shop_now(self) -> Option<Timestamp> {
        let local_ms = self.local_ms.get();
        self.with(|f| f.shop_now(local_ms))
    }

    /// The shop's last event that is in the view.
    pub(crate) fn seq(self) -> Option<u64> {
        self.with(Follower::seq)
    }

    /// Whether the screen may call what it shows the present.
    pub(crate) fn is_live(self) -> bool {
        self.state.get() == State::Live
    }

    /// Whether a tap like this waits for its answer.
    pub(crate) fn waits(self, matches: impl Fn(&Command) -> bool) -> bool {
        self.with(|f| f.outbox.commands().any(matches))
    }

    /// Whether the server was renewed since the page was loaded and nothing would be lost by
    /// loading it again.
    pub(crate) fn may_reload(self) -> bool {
        self.with(|f| f.is_outdated() && f.outbox.is_empty())
    }

    /// Sends a tap, or keeps it until there is a socket. `None` when the same tap still waits for
    /// its answer: that is the impatient second tap.
    pub(crate) fn tap(self, command: Command) -> Option<CommandId> {
        self.link.get_value().tap(command)
    }

    /// The same for what was done so many milliseconds ago.
    pub(crate) fn tap_earlier(self, command: Command, ago_ms: i64) -> Option<CommandId> {
        self.link.get_value().tap_earlier(command, ago_ms)
    }
}
