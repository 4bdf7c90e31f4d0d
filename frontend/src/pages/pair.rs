//! A screen that waits for the owner to confirm it. Who set it up stands in front of it, with the
//! owner's phone or the owner at hand.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_link::device;
use sooner_shared::access::{Claim, Claimed, DeviceKind, Pairing, PairingRequest};
use sooner_shared::words::Text;
use sooner_shared::{ProblemCode, ShopId};

use crate::api::{self, Failure};
use crate::components::bare::{BarePage, Trouble};
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// How often the screen asks whether it was confirmed.
const ASK_EVERY: Duration = Duration::from_secs(2);

/// The whole page: what the screen is for, then its code.
#[component]
pub(crate) fn PairPage(
    /// Whose.
    shop: ShopId,
) -> impl IntoView {
    let i18n = I18n::get();
    let chosen = RwSignal::new(None::<DeviceKind>);
    let shop = StoredValue::new(shop);
    let go = move |kind: DeviceKind| device::go_to(&page_of(&shop.get_value(), kind));
    let kinds = [DeviceKind::Tablet, DeviceKind::Display, DeviceKind::Kiosk];
    let choices = move || {
        kinds.map(|kind| {
            let label = Signal::derive(move || i18n.say(kind_text(kind)));
            let testid = format!("pair-as-{}", kind_name(kind));
            view! { <TapButton testid label look="plain" on_tap=move || chosen.set(Some(kind)) /> }
        })
    };
    view! {
        <BarePage page="pair" state="ready" name=Signal::derive(move || i18n.say(Text::PairTitle))>
            {move || match chosen.get() {
                Some(kind) => {
                    view! { <PairPanel shop=shop.get_value() kind on_paired=move || go(kind) /> }
                        .into_any()
                }
                None => {
                    view! {
                        <h2>{move || i18n.say(Text::PairAs)}</h2>
                        <div class="stack">{choices()}</div>
                    }
                        .into_any()
                }
            }}
        </BarePage>
    }
}

/// The code, large, and where the owner types it in.
#[component]
pub(crate) fn PairPanel(
    /// Whose.
    shop: ShopId,
    /// As what.
    kind: DeviceKind,
    /// Called when it is.
    on_paired: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = I18n::get();
    let pairing = RwSignal::new(None::<Pairing>);
    let failure = RwSignal::new(None::<Failure>);
    let shop = StoredValue::new(shop);
    let begin = move || {
        spawn_local(async move {
            let asked = api::send(&shop.get_value(), "pairings", &PairingRequest { kind }).await;
            match asked {
                Ok(new) => {
                    failure.set(None);
                    pairing.set(Some(new));
                }
                Err(why) => failure.set(Some(why)),
            }
        });
    };
    begin();
    let ask = move || {
        let Some(Pairing { secret, .. }) = pairing.get_untracked() else {
            // The first request failed: try again.
            return begin();
        };
        spawn_local(async move {
            match claim(&shop.get_value(), secret).await {
                Ok(Claimed { kind: Some(_) }) => on_paired(),
                Ok(Claimed { kind: None }) | Err(Failure::Unanswered) => {}
                // The code is too old, or the server was started anew: another one.
                Err(Failure::Refused(_)) => begin(),
            }
        });
    };
    if let Ok(timer) = set_interval_with_handle(ask, ASK_EVERY) {
        on_cleanup(move || timer.clear());
    }
    let address = device::origin() + "/" + shop.get_value().as_str() + "/owner";
    let code = move || pairing.with(|p| p.as_ref().map(|p| p.code.clone()));
    view! {
        <section class="pairing">
            <h2>{move || i18n.say(kind_text(kind))}</h2>
            <p class="screen-code" data-testid="screen-code">{code}</p>
            <p>{move || i18n.say_with(Text::PairTell, &[("address", &address)])}</p>
            <p class="quiet" role="status">{move || i18n.say(Text::PairWaits)}</p>
            <Trouble failure />
        </section>
    }
}

/// Asks once whether a screen was confirmed; if so, the browser has it from then on.
pub(crate) async fn claim(shop: &ShopId, secret: String) -> Result<Claimed, Failure> {
    api::send(shop, "pairings/claim", &Claim { secret }).await
}

/// Whether a claim failed because nobody waits with that secret.
pub(crate) fn is_used(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(problem) if problem.code == ProblemCode::UnknownCode)
}

/// What a screen is for, in words.
pub(crate) const fn kind_text(kind: DeviceKind) -> Text {
    match kind {
        DeviceKind::Tablet => Text::KindTablet,
        DeviceKind::Display => Text::KindDisplay,
        DeviceKind::Kiosk => Text::KindKiosk,
        DeviceKind::Owner => Text::KindOwner,
    }
}

/// The same for tests.
pub(crate) const fn kind_name(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Tablet => "tablet",
        DeviceKind::Display => "display",
        DeviceKind::Kiosk => "kiosk",
        DeviceKind::Owner => "owner",
    }
}

fn page_of(shop: &ShopId, kind: DeviceKind) -> String {
    match kind {
        DeviceKind::Tablet => format!("/{shop}/desk"),
        DeviceKind::Kiosk => format!("/{shop}/join?here&kiosk"),
        DeviceKind::Display => format!("/{shop}"),
        DeviceKind::Owner => format!("/{shop}/owner"),
    }
}
