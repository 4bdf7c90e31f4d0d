//! Who is signed in at this tablet: one tap changes who taps, another locks it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_link::device;
use sooner_shared::access::{Me, Person};
use sooner_shared::words::Text;
use sooner_shared::{ShopId, StaffId};

use super::{DeskState, Panel};
use crate::api;
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// Who taps here. A copy is a handle to the same.
#[derive(Clone, Copy)]
pub(super) struct Shift {
    shop: StoredValue<ShopId>,
    me: RwSignal<Me>,
    who: RwSignal<Option<StaffId>>,
}

impl Shift {
    pub(super) fn new(shop: ShopId, me: Me) -> Self {
        let who = RwSignal::new(me.signed_in().last().map(|p| p.staff));
        Self { shop: StoredValue::new(shop), me: RwSignal::new(me), who }
    }

    /// Who works here and may sign in.
    pub(super) fn people(self) -> Vec<Person> {
        self.me.with(|me| me.people.clone())
    }

    /// Whose tablet it is.
    pub(super) fn shop(self) -> ShopId {
        self.shop.get_value()
    }

    /// Follows who taps.
    pub(super) fn tell(self, desk: DeskState) {
        Effect::new(move |_| desk.live.tap_by(self.who.get()));
    }

    /// Somebody has signed in: they tap from now on.
    pub(super) fn renew(self, desk: DeskState) {
        spawn_local(async move {
            let before: Vec<_> = self.me.with_untracked(|me| me.signed_in().map(id).collect());
            if let Ok(me) = api::get::<Me>(&self.shop.get_value(), "me").await {
                let new = me.signed_in().map(id).find(|staff| !before.contains(staff));
                self.me.set(me);
                if new.is_some() {
                    self.who.set(new);
                }
            }
            desk.panel.set(None);
            desk.live.renew();
        });
    }
}

fn id(person: &Person) -> StaffId {
    person.staff
}

/// The row of names in the head of the desk; nothing where nobody signs in.
#[component]
pub(super) fn ShiftBar(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let shift = expect_context::<Shift>();
    let signed_in = move || {
        shift.me.with(|me| me.signed_in().map(|p| (p.staff, p.name.clone())).collect::<Vec<_>>())
    };
    let is_used = Memo::new(move |_| shift.me.with(|me| me.signed_in().next().is_some()));
    let person = move |(staff, name): (StaffId, String)| {
        let called = name.clone();
        view! {
            <TapButton
                testid=format!("taps-{staff}")
                label=Signal::stored(name)
                called=Signal::derive(move || {
                    i18n.say_with(Text::ShiftBy, &[("name", &called)])
                })
                chosen=Signal::derive(move || shift.who.get() == Some(staff))
                on_tap=move || shift.who.set(Some(staff))
            />
        }
    };
    let lock = move || {
        spawn_local(async move {
            if api::delete(&shift.shop.get_value(), "shift").await.is_ok() {
                device::reload();
            }
        });
    };
    view! {
        <Show when=move || is_used.get()>
            <div class="shift" data-testid="shift">
                <For each=signed_in key=|p| p.0 children=person />
                <TapButton
                    testid="shift-add"
                    label=Signal::stored("+".to_owned())
                    called=Signal::derive(move || i18n.say(Text::ShiftAdd))
                    look="quiet"
                    on_tap=move || desk.panel.set(Some(Panel::Pin))
                />
                <TapButton
                    testid="shift-lock"
                    label=Signal::derive(move || i18n.say(Text::ShiftLock))
                    look="quiet"
                    on_tap=lock
                />
            </div>
        </Show>
    }
}
