//! Screens, PINs, programs, the address, and what was done.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_shared::access::{AccessView, Deed, DeedInfo, Me, NewPassword};
use sooner_shared::words::Text;
use sooner_shared::{Maker, StaffId};

use super::pins::{Pins, PinsProps};
use super::programs::{Programs, ProgramsProps};
use super::reach::{ReachTry, ReachTryProps};
use super::screens::{Screens, ScreensProps};
use super::{Owner, doors};
use crate::api::{self, Failure};
use crate::components::bare::{Form, NewPasswordField, SecretField, Trouble};
use crate::components::button::TapButton;
use crate::i18n::I18n;
use crate::pages::pair::kind_text;
use crate::pages::report::letter::{LetterPart, LetterPartProps};

/// What the sections share. A copy is a handle to the same.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    pub(super) owner: Owner,
    pub(super) me: RwSignal<Me>,
    pub(super) access: RwSignal<Option<AccessView>>,
}

impl Keys {
    /// Asks the server how it stands.
    pub(super) fn look(self) {
        spawn_local(async move {
            let (shop, failure) = (self.owner.shop(), self.owner.failure);
            match api::get::<AccessView>(&shop, "access").await {
                Ok(access) => self.access.set(Some(access)),
                Err(why) => failure.set(Some(why)),
            }
            if let Ok(me) = api::get::<Me>(&shop, "me").await {
                self.me.set(me);
            }
        });
    }

    /// Takes the answer to a change, and looks again.
    pub(super) fn changed(self, answer: Result<(), Failure>) {
        self.owner.failure.set(answer.err());
        self.look();
    }

    /// Takes something away.
    pub(super) fn delete(self, what: String) {
        spawn_local(async move {
            self.changed(api::delete(&self.owner.shop(), &what).await);
        });
    }

    /// The name of somebody who works here.
    fn person(self, staff: StaffId) -> String {
        self.me.with(|me| {
            let person = me.people.iter().find(|p| p.staff == staff);
            person.map_or_else(|| staff.to_string(), |p| p.name.clone())
        })
    }
}

/// The page of an owner who is signed in.
#[component]
pub(super) fn Home(owner: Owner, me: Me) -> impl IntoView {
    let i18n = I18n::get();
    let keys = Keys { owner, me: RwSignal::new(me), access: RwSignal::new(None) };
    keys.look();
    let sign_out = move || {
        spawn_local(async move {
            let answer = api::send::<()>(&owner.shop(), "logout", &()).await;
            owner.take(answer.map(|()| None));
        });
    };
    let desk = format!("/{}/desk", owner.shop());
    let set_up = format!("/{}/set-up", owner.shop());
    view! {
        <Trouble failure=owner.failure />
        <div class="buttons">
            <a class="button main" href=desk>{move || i18n.say(Text::KindTablet)}</a>
            <a class="button" href=set_up data-testid="set-up">
                {move || i18n.say(Text::SetUpTitle)}
            </a>
            <TapButton
                testid="sign-out"
                label=Signal::derive(move || i18n.say(Text::SignOut))
                look="quiet"
                on_tap=sign_out
            />
        </div>
        {LetterPart(LetterPartProps { shop: owner.shop() })}
        {Screens(ScreensProps { keys })}
        {Pins(PinsProps { keys })}
        {Programs(ProgramsProps { keys })}
        <section>
            <h2>{move || i18n.say(Text::Address)}</h2>
            <p data-testid="address">
                {move || keys.access.with(|a| a.as_ref().map(|a| a.address.clone()))}
            </p>
            <doors::PlainNote />
            {ReachTry(ReachTryProps { owner })}
        </section>
        <ChangePassword owner />
        <Deeds keys />
    }
}

#[component]
fn ChangePassword(owner: Owner) -> impl IntoView {
    let i18n = I18n::get();
    let (before, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move || {
        let asked = NewPassword::Change {
            before: before.get_untracked(),
            password: password.get_untracked(),
        };
        spawn_local(async move {
            owner.take(api::send(&owner.shop(), "password", &asked).await.map(Some));
        });
    };
    view! {
        <details>
            <summary>{move || i18n.say(Text::PasswordChange)}</summary>
            <Form
                testid="change-password"
                label=Text::PasswordChange
                look="plain"
                on_submit=submit
            >
                <SecretField
                    testid="before"
                    label=Text::PasswordBefore
                    autocomplete="current-password"
                    value=before
                />
                <NewPasswordField testid="new-password" label=Text::PasswordNew value=password />
            </Form>
        </details>
    }
}

#[component]
fn Deeds(keys: Keys) -> impl IntoView {
    let i18n = I18n::get();
    let rows = move || {
        let deeds = keys.access.with(|a| a.as_ref().map(|a| a.deeds.clone()).unwrap_or_default());
        let row = |info: DeedInfo| {
            view! {
                <li>
                    <span class="clock">{i18n.clock(info.at)}</span>
                    " "
                    {deed_text(i18n, keys, info.deed)}
                    " "
                    <span class="quiet">{maker_text(i18n, keys, info.by)}</span>
                </li>
            }
        };
        deeds.into_iter().map(row).collect_view()
    };
    view! {
        <details>
            <summary>{move || i18n.say(Text::Deeds)}</summary>
            <ul class="deeds" data-testid="deeds">{rows}</ul>
        </details>
    }
}

fn deed_text(i18n: I18n, keys: Keys, deed: Deed) -> String {
    let device = |id| {
        let found = keys.access.with(|a| {
            let device = a.as_ref()?.devices.iter().find(|d| d.id == id)?;
            Some((device.kind, device.label.clone()))
        });
        match found {
            Some((_, label)) if !label.is_empty() => label,
            Some((kind, _)) => i18n.say(kind_text(kind)),
            None => id.to_string(),
        }
    };
    let key = |id| {
        let label =
            keys.access.with(|a| Some(a.as_ref()?.keys.iter().find(|k| k.id == id)?.label.clone()));
        label.unwrap_or_else(|| id.to_string())
    };
    let what = |text, what: String| i18n.say_with(text, &[("what", &what)]);
    let who = |text, staff| i18n.say_with(text, &[("name", &keys.person(staff))]);
    match deed {
        Deed::OwnerMade => i18n.say(Text::DeedOwnerMade),
        Deed::PasswordChanged => i18n.say(Text::DeedPasswordChanged),
        Deed::Recovered => i18n.say(Text::DeedRecovered),
        Deed::OwnerReset => i18n.say(Text::DeedOwnerReset),
        Deed::SignedIn => i18n.say(Text::DeedSignedIn),
        Deed::SignedOut => i18n.say(Text::DeedSignedOut),
        Deed::LockedOut => i18n.say(Text::DeedLockedOut),
        Deed::Paired(id) => what(Text::DeedPaired, device(id)),
        Deed::Unpaired(id) => what(Text::DeedUnpaired, device(id)),
        Deed::KeyMade(id) => what(Text::DeedKeyMade, key(id)),
        Deed::KeyRevoked(id) => what(Text::DeedKeyRevoked, key(id)),
        Deed::PinSet(staff) => who(Text::DeedPinSet, staff),
        Deed::PinCleared(staff) => who(Text::DeedPinCleared, staff),
        Deed::ShiftBegun(staff) => who(Text::DeedShift, staff),
        Deed::Locked(id) => what(Text::DeedLocked, device(id)),
        Deed::LinkReplaced(visit) => what(Text::DeedLink, visit.code()),
        Deed::Exported(visit) => what(Text::DeedExported, visit.code()),
        Deed::Erased(visit) => what(Text::DeedErased, visit.code()),
    }
}

fn maker_text(i18n: I18n, keys: Keys, by: Maker) -> String {
    match by {
        Maker::Owner => i18n.say(Text::ByOwner),
        Maker::Operator => i18n.say(Text::ByOperator),
        Maker::Customer => i18n.say(Text::ByCustomer),
        Maker::Staff { staff, .. } => keys.person(staff),
        Maker::Device(_) => i18n.say(Text::KindTablet),
        Maker::Program(_) => i18n.say(Text::Programs),
        Maker::Unknown | Maker::Time => i18n.say(Text::ByNobody),
    }
}
