//! Whether a phone off the Wi-Fi reaches the shop: tried, not guessed.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_shared::access::{ReachTried, ReachTry as Begun};
use sooner_shared::words::Text;

use super::Owner;
use crate::api;
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// How often it is asked whether a phone came.
const ASK_EVERY: Duration = Duration::from_secs(2);

#[component]
pub(super) fn ReachTry(owner: Owner) -> impl IntoView {
    let i18n = I18n::get();
    let begun = RwSignal::new(None::<Begun>);
    let tried = RwSignal::new(ReachTried::Nobody);
    let start = move || {
        spawn_local(async move {
            match api::send::<Begun>(&owner.shop(), "reach", &()).await {
                Ok(new) => {
                    tried.set(ReachTried::Nobody);
                    begun.set(Some(new));
                }
                Err(why) => owner.failure.set(Some(why)),
            }
        });
    };
    let ask = move || {
        if begun.with_untracked(Option::is_none) || tried.get_untracked() == ReachTried::Outside {
            return;
        }
        spawn_local(async move {
            if let Ok(answer) = api::get::<ReachTried>(&owner.shop(), "reach").await {
                tried.set(answer);
            }
        });
    };
    if let Ok(timer) = set_interval_with_handle(ask, ASK_EVERY) {
        on_cleanup(move || timer.clear());
    }
    let picture = move || {
        let secret = begun.with(|b| b.as_ref().map(|b| b.secret.clone()))?;
        Some(format!("/api/shops/{}/reach/{secret}/qr.svg", owner.shop()))
    };
    let (state, text) = (
        move || match tried.get() {
            ReachTried::Nobody => "nobody",
            ReachTried::Inside => "inside",
            ReachTried::Outside => "outside",
        },
        move || {
            i18n.say(match tried.get() {
                ReachTried::Nobody => Text::ReachNobody,
                ReachTried::Inside => Text::ReachInside,
                ReachTried::Outside => Text::ReachOutside,
            })
        },
    );
    view! {
        <h3>{move || i18n.say(Text::ReachTitle)}</h3>
        <Show
            when=move || begun.with(Option::is_some)
            fallback=move || {
                view! {
                    <TapButton
                        testid="reach-begin"
                        label=Signal::derive(move || i18n.say(Text::ReachBegin))
                        on_tap=start
                    />
                }
            }
        >
            <p>{move || i18n.say(Text::ReachHow)}</p>
            <img
                class="qr"
                width="200"
                height="200"
                data-testid="reach-qr"
                data-address=move || begun.with(|b| b.as_ref().map(|b| b.address.clone()))
                alt=move || begun.with(|b| b.as_ref().map(|b| b.address.clone()))
                src=picture
            />
            <p role="status" data-testid="reach-state" data-tried=state>{text}</p>
        </Show>
    }
}
