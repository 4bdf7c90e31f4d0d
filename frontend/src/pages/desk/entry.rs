//! Before the desk opens: whether this browser may be one, and who is at it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_link::device;
use sooner_shared::access::{DeviceKind, Me, Person, PinIn};
use sooner_shared::words::Text;
use sooner_shared::{Problem, ShopId, StaffId};

use super::{Open, OpenProps};
use crate::api::{self, Failure};
use crate::components::bare::{BarePage, Trouble};
use crate::components::button::TapButton;
use crate::i18n::I18n;
use crate::pages::pair::{PairPanel, claim, is_used};

/// How far this browser has come.
#[derive(Debug, Clone, PartialEq)]
enum Entry {
    /// Asking what it is.
    Asking,
    /// It may be a desk.
    Open(Me),
    /// Somebody has to sign in.
    Pin(Me),
    /// It is not known here. Whether a link was tried that opens nothing any more.
    Unknown { had_link: bool },
    /// It is the owner's, who is not signed in.
    Owners,
    /// There is no such shop, or the like.
    Refused(Box<Problem>),
    /// The server was not reached.
    Unreached,
}

impl Entry {
    fn of(me: Me, had_link: bool) -> Self {
        if me.may_desk {
            return Self::Open(me);
        }
        match me.device.as_ref().map(|d| d.kind) {
            Some(DeviceKind::Tablet) => Self::Pin(me),
            Some(DeviceKind::Owner) => Self::Owners,
            _ => Self::Unknown { had_link },
        }
    }

    const fn as_str(&self) -> &'static str {
        match self {
            Self::Asking => "asking",
            Self::Open(_) => "open",
            Self::Pin(_) => "pin",
            Self::Unknown { .. } => "unpaired",
            Self::Owners => "owners",
            Self::Refused(_) => "gone",
            Self::Unreached => "unreached",
        }
    }
}

/// The whole page.
#[component]
pub(crate) fn Desk(
    /// Whose.
    shop: ShopId,
) -> impl IntoView {
    let entry = RwSignal::new(Entry::Asking);
    let shop = StoredValue::new(shop);
    let look = move |had_link: bool| {
        spawn_local(async move {
            let me = api::get::<Me>(&shop.get_value(), "me").await;
            entry.set(match me {
                Ok(me) => Entry::of(me, had_link),
                Err(Failure::Refused(problem)) => Entry::Refused(problem),
                Err(Failure::Unanswered) => Entry::Unreached,
            });
        });
    };
    enter(shop.get_value(), look);
    move || match entry.get() {
        Entry::Open(me) => Open(OpenProps { shop: shop.get_value(), me }).into_any(),
        other => view! { <Before shop=shop.get_value() entry=other look /> }.into_any(),
    }
}

/// A link that pairs is used up first; then the server says what this browser is.
fn enter(shop: ShopId, look: impl Fn(bool) + 'static) {
    let Some(secret) = device::fragment("pair").filter(|secret| !secret.is_empty()) else {
        return look(false);
    };
    device::hide_fragment();
    spawn_local(async move {
        let claimed = claim(&shop, secret).await;
        look(claimed.is_err_and(|failure| is_used(&failure)));
    });
}

#[component]
fn Before(
    shop: ShopId,
    entry: Entry,
    look: impl Fn(bool) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = I18n::get();
    let name = match &entry {
        Entry::Pin(me) => {
            i18n.use_zone(&me.zone);
            me.shop_name.clone()
        }
        _ => "Sooner".to_owned(),
    };
    let inside = match entry.clone() {
        Entry::Pin(me) => {
            view! { <PinPanel shop people=me.people on_in=move || look(false) /> }.into_any()
        }
        Entry::Unknown { had_link } => view! {
            <Show when=move || had_link>
                <p class="trouble" role="alert" data-testid="link-used">
                    {move || i18n.say(Text::PairUsed)}
                </p>
            </Show>
            <PairPanel shop kind=DeviceKind::Tablet on_paired=move || look(false) />
        }
        .into_any(),
        Entry::Owners => {
            let address = format!("/{shop}/owner");
            view! {
                <p class="plain-message">{move || i18n.say(Text::PairUsual)}</p>
                <a class="button main" data-testid="to-owner" href=address>
                    {move || i18n.say(Text::SignIn)}
                </a>
            }
            .into_any()
        }
        Entry::Refused(problem) => view! {
            <p class="plain-message" role="alert" data-testid="gone">
                {move || i18n.problem(&problem)}
            </p>
        }
        .into_any(),
        Entry::Unreached => {
            let label = Signal::derive(move || i18n.say(Text::TryAgain));
            let failure = Signal::stored(Some(Failure::Unanswered));
            view! {
                <Trouble failure />
                <TapButton testid="again" label look="main" on_tap=move || look(false) />
            }
            .into_any()
        }
        Entry::Asking | Entry::Open(_) => ().into_any(),
    };
    view! {
        <BarePage page="desk" state=Signal::stored(entry.as_str()) name=Signal::stored(name)>
            {inside}
        </BarePage>
    }
}

/// Who it is, then their digits. The digits are large: this is done standing, between two people.
#[component]
pub(super) fn PinPanel(
    /// Whose tablet.
    shop: ShopId,
    /// Who works here.
    people: Vec<Person>,
    /// Called when somebody has signed in.
    on_in: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = I18n::get();
    let who = RwSignal::new(None::<(StaffId, String)>);
    let shop = StoredValue::new(shop);
    let people = StoredValue::new(people);
    let choices = move || {
        let with_pin = |p: &Person| p.has_pin.then(|| (p.staff, p.name.clone()));
        let all = people.with_value(|p| p.iter().filter_map(with_pin).collect::<Vec<_>>());
        let choice = move |(staff, name): (StaffId, String)| {
            let label = name.clone();
            let choose = move || who.set(Some((staff, name.clone())));
            view! {
                <TapButton testid=format!("who-{staff}") label=Signal::stored(label) on_tap=choose />
            }
        };
        all.into_iter().map(choice).collect_view()
    };
    move || match who.get() {
        None => view! {
            <section class="who">
                <h2>{move || i18n.say(Text::ShiftWho)}</h2>
                <div class="stack">{choices()}</div>
            </section>
        }
        .into_any(),
        Some((staff, name)) => {
            let back = move || who.set(None);
            view! { <Pad shop=shop.get_value() staff name back on_in /> }.into_any()
        }
    }
}

#[component]
fn Pad(
    shop: ShopId,
    staff: StaffId,
    name: String,
    back: impl Fn() + Copy + Send + Sync + 'static,
    on_in: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = I18n::get();
    let pin = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let waits = RwSignal::new(false);
    let shop = StoredValue::new(shop);
    let submit = move || {
        waits.set(true);
        spawn_local(async move {
            let asked = PinIn { staff, pin: pin.get_untracked() };
            let answer = api::send::<()>(&shop.get_value(), "shift", &asked).await;
            waits.set(false);
            pin.set(String::new());
            match answer {
                Ok(()) => on_in(),
                Err(why) => failure.set(Some(why)),
            }
        });
    };
    let digit = move |n: u8| {
        let tap = move || {
            failure.set(None);
            pin.update(|p| {
                if p.len() < *sooner_shared::access::PIN_DIGITS.end() {
                    p.push(char::from(b'0' + n));
                }
            });
        };
        view! {
            <TapButton testid=format!("digit-{n}") label=Signal::stored(n.to_string()) on_tap=tap />
        }
    };
    let is_short = move || pin.with(|p| p.len() < *sooner_shared::access::PIN_DIGITS.start());
    view! {
        <section class="pad">
            <h2>{move || i18n.say_with(Text::ShiftPin, &[("name", &name)])}</h2>
            <p class="dots" data-testid="dots" aria-live="polite">
                {move || "\u{2022}".repeat(pin.with(String::len))}
            </p>
            <Trouble failure />
            <div class="digits" dir="ltr">
                {[1, 2, 3, 4, 5, 6, 7, 8, 9].map(digit)}
                <TapButton
                    testid="pin-back"
                    label=Signal::stored("\u{232b}".to_owned())
                    called=Signal::derive(move || i18n.say(Text::Back))
                    look="quiet"
                    on_tap=move || {
                        pin.update(|p| {
                            p.pop();
                        });
                    }
                />
                {digit(0)}
                <TapButton
                    testid="pin-in"
                    label=Signal::derive(move || i18n.say(Text::SignIn))
                    look="main"
                    waits
                    disabled=Signal::derive(is_short)
                    on_tap=submit
                />
            </div>
            <TapButton
                testid="who-else"
                label=Signal::derive(move || i18n.say(Text::ShiftOther))
                look="quiet"
                on_tap=back
            />
        </section>
    }
}
