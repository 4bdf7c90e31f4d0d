//! A time for who only asks: the tiles of a walk-in, and nobody is added.

use leptos::prelude::*;
use sooner_shared::command::Join;
use sooner_shared::words::Text;
use sooner_shared::{ServiceId, StaffId};

use super::DeskState;
use super::walk_in::{SayCard, add, shown};
use crate::components::button::TapButton;
use crate::components::tiles::{Choice, Tiles};
use crate::i18n::I18n;

/// The panel in place of the waiting.
#[component]
pub(super) fn QuotePanel(desk: DeskState) -> impl IntoView {
    let i18n = I18n::get();
    let service = RwSignal::new(None::<ServiceId>);
    let staff = RwSignal::new(None::<StaffId>);
    let services = Memo::new(move |_| desk.head(|h| Some(Choice::service(h))).unwrap_or_default());
    let people = Memo::new(move |_| {
        let chosen = service.get()?;
        desk.head(|h| Some(Choice::person(h, chosen)))
    });
    let is_live = Signal::derive(move || desk.live.is_live());
    let said = move || {
        let service = service.get()?;
        let (kind, by) =
            desk.head(|h| Some((h.promises(service), h.quote(service, staff.get())?)))?;
        is_live.get().then(|| view! { <SayCard kind by=Some(by) link=None /> })
    };
    let join = move || {
        let (service, requested) = (service.get_untracked()?, staff.get_untracked());
        let shown = desk.board.with_untracked(|b| shown(&b.as_ref()?.head, service, requested));
        Some(Join { requested, shown, ..Join::new(service) })
    };
    view! {
        <section class="walk-in" data-testid="quote-panel">
            {said}
            <h2>{move || i18n.say(Text::ChooseService)}</h2>
            <Tiles
                choices=services
                chosen=Signal::derive(move || service.get().into_iter().collect())
                show_times=is_live
                on_choose=move |id| {
                    staff.set(None);
                    service.set(Some(id));
                }
            />
            <Show when=move || service.get().is_some()>
                <h2>{move || i18n.say(Text::ChoosePerson)}</h2>
                <Tiles
                    choices=Signal::derive(move || people.get().unwrap_or_default())
                    chosen=Signal::derive(move || vec![staff.get()])
                    show_times=is_live
                    on_choose=move |id| staff.set(id)
                />
            </Show>
            <div class="acts end">
                <Show when=move || service.get().is_some()>
                    <TapButton
                        testid="quote-add"
                        label=Signal::derive(move || i18n.say(Text::QuoteAdd))
                        on_tap=move || {
                            if let Some(join) = join() {
                                add(desk, join);
                            }
                        }
                    />
                </Show>
                <TapButton
                    testid="quote-close"
                    look="quiet"
                    label=Signal::derive(move || i18n.say(Text::Done))
                    on_tap=move || desk.panel.set(None)
                />
            </div>
        </section>
    }
}
