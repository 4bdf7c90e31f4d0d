//! What a phone sees that tries whether it reaches the shop.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_link::device;
use sooner_shared::ShopId;
use sooner_shared::words::Text;

use crate::api::{self, Failure};
use crate::components::bare::{BarePage, Trouble};
use crate::i18n::I18n;

/// Tells the server that this phone was here, and the phone that it was.
#[component]
pub(crate) fn ReachPage(
    /// Whose.
    shop: ShopId,
) -> impl IntoView {
    let i18n = I18n::get();
    let came = RwSignal::new(None::<Result<(), Failure>>);
    let secret = device::fragment("try").unwrap_or_default();
    spawn_local(async move {
        came.set(Some(api::send(&shop, &format!("reach/{secret}"), &()).await));
    });
    let state = Signal::derive(move || if came.with(Option::is_some) { "ready" } else { "asking" });
    let text = move || match came.get() {
        Some(Ok(())) => i18n.say(Text::ReachYou),
        Some(Err(Failure::Refused(_))) => i18n.say(Text::ReachOld),
        _ => String::new(),
    };
    let failure = Signal::derive(move || match came.get() {
        Some(Err(Failure::Unanswered)) => Some(Failure::Unanswered),
        _ => None,
    });
    view! {
        <BarePage page="reach" state name=Signal::derive(move || i18n.say(Text::ReachTitle))>
            <p class="plain-message" role="status" data-testid="reached">{text}</p>
            <Trouble failure />
        </BarePage>
    }
}
