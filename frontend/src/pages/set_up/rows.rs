//! Rows of which there may be one more or one less: people, services.

use leptos::html;
use leptos::prelude::*;
use sooner_shared::words::Text;

use super::Page;
use super::fields::{Fault, FaultProps};
use crate::components::button::TapButton;
use crate::i18n::I18n;

/// All rows, and a button for one more.
#[component]
pub(super) fn Rows(
    page: Page,
    /// What they are called in the form, for faults of the whole.
    field: &'static str,
    /// For tests: "person".
    kind: &'static str,
    /// How many there are.
    count: Memo<usize>,
    /// What the button says.
    add: Text,
    /// Adds one.
    on_add: impl Fn() + 'static,
    /// One of them, by its place.
    row: fn(Page, usize) -> AnyView,
) -> impl IntoView {
    let i18n = I18n::get();
    view! {
        <ul class="rows">
            <For each=move || 0..count.get() key=|at| *at children=move |at| row(page, at) />
        </ul>
        <TapButton
            testid=format!("{kind}-add")
            label=Signal::derive(move || i18n.say(add))
            on_tap=on_add
        />
        {Fault(FaultProps { page, field: field.into(), is_empty: None })}
    }
}

/// One row: two fields beside each other, what is below them, and a way to remove it.
#[component]
pub(super) fn Row(
    /// For tests: "person".
    kind: &'static str,
    /// Its place.
    at: usize,
    /// What it is called.
    name: Memo<String>,
    /// How many there are: the last one stays.
    count: Memo<usize>,
    /// The wider field.
    first: AnyView,
    /// The other one.
    second: AnyView,
    /// Removes it.
    on_remove: impl Fn() + Copy + Send + Sync + 'static,
    children: Children,
) -> impl IntoView {
    let i18n = I18n::get();
    let called =
        Signal::derive(move || name.with(|name| i18n.say_with(Text::RowRemove, &[("name", name)])));
    view! {
        <li class="set-up-row" data-testid=format!("{kind}-row-{at}")>
            <div class="pair-of-fields">
                <div>{first}</div>
                <div>{second}</div>
            </div>
            {children()}
            <Show when=move || { count.get() > 1 }>
                <TapButton
                    testid=format!("{kind}-remove-{at}")
                    look="quiet"
                    label="\u{2715}"
                    called=called
                    on_tap=on_remove
                />
            </Show>
        </li>
    }
}

/// What is folded away until it is wanted, or until something in it is wrong.
#[component]
pub(super) fn Folded(
    page: Page,
    /// For tests.
    #[prop(into)]
    testid: String,
    /// What stands over it.
    #[prop(into)]
    label: Signal<String>,
    /// Its fields: their names, or what their names begin with.
    fields: Vec<String>,
    children: Children,
) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    let is_wrong = Memo::new(move |_| {
        page.faults.with(|all| {
            let is_here = |field: &str| fields.iter().any(|one| field.starts_with(one));
            all.0.iter().any(|fault| is_here(&fault.field))
        })
    });
    Effect::new(move |_| {
        if let Some(details) = details.get()
            && is_wrong.get()
        {
            details.set_open(true);
        }
    });
    view! {
        <details node_ref=details>
            <summary data-testid=testid>{label}</summary>
            {children()}
        </details>
    }
}
