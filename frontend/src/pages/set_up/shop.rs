//! What the shop is called and what it is; from that follows what is offered at first.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_link::device;
use sooner_shared::command::NAME_MAX_CHARS;
use sooner_shared::set_up::{ServiceForm, SetUpForm, StaffForm};
use sooner_shared::words::Text;

use super::Page;
use super::fields::{Line, LineProps};
use super::look::{Accents, AccentsProps};
use crate::api;
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// A kind of shop, with what it begins with.
struct Kind {
    name: &'static str,
    text: Text,
    place: Text,
    names: &'static str,
    offers: &'static [(Text, f64, &'static str)],
}

const KINDS: [Kind; 4] = [
    Kind {
        name: "hair",
        text: Text::ShopHair,
        place: Text::PlaceChair,
        names: "initial",
        offers: &[
            (Text::OfferHaircut, 30.0, "start"),
            (Text::OfferColour, 90.0, "start"),
            (Text::OfferBeard, 15.0, "start"),
        ],
    },
    Kind {
        name: "repair",
        text: Text::ShopRepair,
        place: Text::PlaceCounter,
        names: "initial",
        offers: &[
            (Text::OfferRepair, 60.0, "ready"),
            (Text::OfferQuickRepair, 20.0, "start"),
            (Text::OfferDiagnosis, 30.0, "news"),
        ],
    },
    Kind {
        name: "clinic",
        text: Text::ShopClinic,
        place: Text::PlaceRoom,
        names: "code",
        offers: &[
            (Text::OfferConsultation, 15.0, "start"),
            (Text::OfferBloodTest, 10.0, "start"),
            (Text::OfferResults, 5.0, "call_back"),
        ],
    },
    Kind {
        name: "counter",
        text: Text::ShopCounter,
        place: Text::PlaceCounter,
        names: "initial",
        offers: &[(Text::OfferQuestion, 10.0, "start"), (Text::OfferCollect, 5.0, "start")],
    },
];

/// What a shop that nobody has set up begins with: this browser's zone and language.
pub(super) fn begin(i18n: I18n, form: &mut SetUpForm) {
    form.name.clear();
    if let Some(zone) = device::zone() {
        form.zone = zone;
    }
    let mine = untrack(|| i18n.language());
    let all = sooner_shared::words::Language::ALL.iter();
    let others = all.filter(|language| **language != mine);
    form.languages =
        std::iter::once(&mine).chain(others).map(|language| language.tag().to_owned()).collect();
    choose(i18n, form, &KINDS[0]);
}

/// Services and a first place, as such a shop has them.
fn choose(i18n: I18n, form: &mut SetUpForm, kind: &Kind) {
    let say = |text| untrack(|| i18n.say(text));
    let offer = |(at, (text, minutes, promise)): (usize, &(Text, f64, &str))| ServiceForm {
        id: at as u16 + 1,
        name: say(*text),
        promise: (*promise).to_owned(),
        done_by: false,
        minutes: Some(*minutes),
        steps: Vec::new(),
    };
    form.services = kind.offers.iter().enumerate().map(offer).collect();
    kind.names.clone_into(&mut form.names);
    let person = StaffForm {
        id: 1,
        name: String::new(),
        place: untrack(|| i18n.say_with(kind.place, &[("n", "1")])),
        does: form.services.iter().map(|service| service.id).collect(),
        shifts: None,
        breaks: None,
    };
    form.staff = vec![person];
}

#[component]
pub(super) fn ShopPart(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    // Later a tap would take the place of services that people know by now.
    let is_fresh = move || page.read(|form| form.fresh).unwrap_or_default();
    let is_fresh = Memo::new(move |_| is_fresh());
    let kind = RwSignal::new(KINDS[0].name);
    let chip = move |one: &'static Kind| {
        view! {
            <TapButton
                testid=format!("kind-{}", one.name)
                label=Signal::derive(move || i18n.say(one.text))
                chosen=Signal::derive(move || kind.get() == one.name)
                on_tap=move || {
                    kind.set(one.name);
                    page.change(|form| choose(i18n, form, one));
                }
            />
        }
    };
    let name = Line(LineProps {
        page,
        field: "name".into(),
        label: Signal::derive(move || i18n.say(Text::ShopName)),
        kind: "text",
        max: 60,
        list: None,
        read: |form: &SetUpForm| form.name.clone(),
        write: |form: &mut SetUpForm, text| form.name = text,
    });
    let zone = Line(LineProps {
        page,
        field: "zone".into(),
        label: Signal::derive(move || i18n.say(Text::ShopZone)),
        kind: "text",
        max: NAME_MAX_CHARS,
        list: Some(ZONES),
        read: |form: &SetUpForm| form.zone.clone(),
        write: |form: &mut SetUpForm, text| form.zone = text,
    });
    view! {
        {name}
        <Show when=move || is_fresh.get()>
            <div class="choice" role="group" aria-label=move || i18n.say(Text::ShopKind)>
                <span class="quiet">{move || i18n.say(Text::ShopKind)}</span>
                <div class="buttons">{KINDS.iter().map(chip).collect_view()}</div>
            </div>
        </Show>
        {zone}
        <Zones page />
        {Accents(AccentsProps { page })}
    }
}

/// The id of the list of zones.
const ZONES: &str = "zones";

/// The zones that there are, to be found by writing a part of their name; and this browser's own,
/// where the shop has another.
#[component]
fn Zones(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let all = RwSignal::new(Vec::<String>::new());
    spawn_local(async move {
        // Without the list a name can be written all the same.
        if let Ok(zones) = api::get(&page.shop(), "set-up/zones").await {
            all.set(zones);
        }
    });
    let here = StoredValue::new(device::zone().unwrap_or_default());
    let is_other = Memo::new(move |_| {
        here.with_value(|here| {
            all.with(|all| all.contains(here))
                && page.read(|form| form.zone != *here).unwrap_or_default()
        })
    });
    let label =
        Signal::derive(move || i18n.say_with(Text::ShopZoneHere, &[("zone", &here.get_value())]));
    view! {
        <datalist id=ZONES>
            {move || {
                let option = |zone| view! { <option value=zone></option> };
                all.get().into_iter().map(option).collect_view()
            }}
        </datalist>
        <Show when=move || is_other.get()>
            <div class="buttons">
                <TapButton
                    testid="zone-here"
                    label
                    on_tap=move || page.change(|form| form.zone = here.get_value())
                />
            </div>
        </Show>
    }
}
