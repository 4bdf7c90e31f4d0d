//! The shop's set-up: at first one calm step a screen, with something sensible in every field; later
//! the same parts as a list to change.
//!
//! Each step is saved when it is left, so that whoever is called away finds it as it was.

mod fields;
mod hours;
mod look;
mod people;
mod rows;
mod services;
mod shifts;
mod shop;
mod speak;
mod trial;
mod week;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_link::device;
use sooner_shared::set_up::{FieldFaults, SetUpForm};
use sooner_shared::words::Text;
use sooner_shared::{ProblemCode, ShopId};

use crate::api::{self, Failure};
use crate::components::bare::{BarePage, Trouble};
use crate::components::button::TapButton;
use crate::i18n::{I18n, same_language};
use crate::route::Sheet;

/// A part of the set-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Shop,
    Hours,
    People,
    Services,
    Speak,
    Print,
    Try,
}

impl Part {
    const ALL: [Self; 7] = [
        Self::Shop,
        Self::Hours,
        Self::People,
        Self::Services,
        Self::Speak,
        Self::Print,
        Self::Try,
    ];

    const fn title(self) -> Text {
        match self {
            Self::Shop => Text::SetUpShop,
            Self::Hours => Text::SetUpHours,
            Self::People => Text::SetUpPeople,
            Self::Services => Text::SetUpServices,
            Self::Speak => Text::SetUpSpeak,
            Self::Print => Text::SetUpPrint,
            Self::Try => Text::SetUpTry,
        }
    }

    /// For tests.
    const fn name(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Hours => "hours",
            Self::People => "people",
            Self::Services => "services",
            Self::Speak => "speak",
            Self::Print => "print",
            Self::Try => "try",
        }
    }

    const fn number(self) -> usize {
        self as usize
    }

    /// Whether something is written in it.
    const fn has_fields(self) -> bool {
        !matches!(self, Self::Print | Self::Try)
    }

    /// Where a field is.
    fn of(field: &str) -> Self {
        match field.split('.').next().unwrap_or_default() {
            "hours" => Self::Hours,
            "staff" => Self::People,
            "services" => Self::Services,
            "name" | "zone" | "accent" | "" => Self::Shop,
            _ => Self::Speak,
        }
    }
}

/// How far the page has come.
#[derive(Debug, Clone, PartialEq)]
enum Stage {
    Asking,
    /// One step after the other.
    Steps,
    /// Everything as a list.
    List,
    Failed(Failure),
}

/// What the parts of the page share. A copy is a handle to the same.
#[derive(Clone, Copy)]
struct Page {
    shop: StoredValue<ShopId>,
    stage: RwSignal<Stage>,
    /// As it is being changed.
    form: RwSignal<Option<SetUpForm>>,
    /// As the server has it.
    saved: StoredValue<Option<SetUpForm>>,
    at: RwSignal<Part>,
    faults: RwSignal<FieldFaults>,
    failure: RwSignal<Option<Failure>>,
    waits: RwSignal<bool>,
    is_saved: RwSignal<bool>,
}

impl Page {
    fn shop(self) -> ShopId {
        self.shop.get_value()
    }

    /// Something of the form; follows it.
    fn read<T>(self, read: impl FnOnce(&SetUpForm) -> T) -> Option<T> {
        self.form.with(|form| form.as_ref().map(read))
    }

    /// Changes the form.
    fn change(self, change: impl FnOnce(&mut SetUpForm)) {
        self.is_saved.set(false);
        self.form.update(|form| {
            if let Some(form) = form {
                change(form);
            }
        });
    }

    fn show(self, form: SetUpForm) {
        device::show_accent(&form.accent);
        self.saved.set_value(Some(form.clone()));
        self.form.set(Some(form));
    }

    fn look(self) {
        let i18n = I18n::get();
        spawn_local(async move {
            match api::get::<SetUpForm>(&self.shop(), "set-up").await {
                Ok(mut form) => {
                    let stage = if form.fresh { Stage::Steps } else { Stage::List };
                    if form.fresh {
                        shop::begin(i18n, &mut form);
                    }
                    self.show(form);
                    self.stage.set(stage);
                }
                Err(Failure::Refused(problem))
                    if matches!(
                        problem.code,
                        ProblemCode::SignInNeeded | ProblemCode::NotPaired
                    ) =>
                {
                    device::go_to(&same_language(&format!("/{}/owner", self.shop())));
                }
                Err(failure) => self.stage.set(Stage::Failed(failure)),
            }
        });
    }

    /// Saves what is written, and then goes to another part, if any.
    fn save(self, then: Option<Part>) {
        let Some(form) = self.form.get_untracked() else {
            return;
        };
        if self.waits.get_untracked() {
            return;
        }
        let form = people::without_empty_rows(form);
        let at = self.at.get_untracked();
        let is_early =
            self.stage.get_untracked() == Stage::Steps && at.number() < Part::People.number();
        let form = if is_early { people::with_stand_ins(form) } else { form };
        self.waits.set(true);
        spawn_local(async move {
            let shop = self.shop();
            let answer = api::put::<serde_json::Value>(&shop, "set-up", &form).await;
            let read = match answer {
                Ok(_) => api::get::<SetUpForm>(&shop, "set-up").await,
                Err(failure) => Err(failure),
            };
            self.waits.set(false);
            match read {
                Ok(form) => {
                    self.faults.set(FieldFaults::default());
                    self.failure.set(None);
                    self.show(if is_early { people::without_stand_ins(form) } else { form });
                    self.is_saved.set(true);
                    if let Some(part) = then {
                        self.go(part);
                    }
                }
                Err(failure) => self.refused(failure),
            }
        });
    }

    fn refused(self, failure: Failure) {
        if let Failure::Refused(problem) = &failure
            && let Some(faults) = &problem.faults
        {
            // Shown where it can be mended.
            if let Some(first) = faults.0.first() {
                self.at.set(Part::of(&first.field));
            }
            self.faults.set((**faults).clone());
            self.failure.set(None);
            return;
        }
        self.failure.set(Some(failure));
    }

    fn go(self, part: Part) {
        self.at.set(part);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// The whole page.
#[component]
pub(crate) fn SetUpPage(
    /// Whose.
    shop: ShopId,
) -> impl IntoView {
    let i18n = I18n::get();
    let page = Page {
        shop: StoredValue::new(shop),
        stage: RwSignal::new(Stage::Asking),
        form: RwSignal::new(None),
        saved: StoredValue::new(None),
        at: RwSignal::new(Part::Shop),
        faults: RwSignal::new(FieldFaults::default()),
        failure: RwSignal::new(None),
        waits: RwSignal::new(false),
        is_saved: RwSignal::new(false),
    };
    page.look();
    let state = Signal::derive(move || match page.stage.get() {
        Stage::Asking => "asking",
        Stage::Steps => "steps",
        Stage::List => "list",
        Stage::Failed(_) => "failed",
    });
    let name = Signal::derive(move || i18n.say(Text::SetUpTitle));
    view! {
        <BarePage page="set-up" state name>
            {move || match page.stage.get() {
                Stage::Asking => ().into_any(),
                Stage::Steps => view! { <Steps page /> }.into_any(),
                Stage::List => view! { <List page /> }.into_any(),
                Stage::Failed(failure) => {
                    view! { <Trouble failure=Signal::stored(Some(failure)) /> }.into_any()
                }
            }}
        </BarePage>
    }
}

/// One step a screen.
#[component]
fn Steps(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let number = move || page.at.get().number();
    let step = move || {
        let (at, of) = ((number() + 1).to_string(), Part::ALL.len().to_string());
        i18n.say_with(Text::SetUpStep, &[("at", &at), ("of", &of)])
    };
    let back = move || page.go(Part::ALL[page.at.get_untracked().number().saturating_sub(1)]);
    let next = move || {
        let at = page.at.get_untracked();
        match Part::ALL.get(at.number() + 1) {
            Some(part) if at.has_fields() => page.save(Some(*part)),
            Some(part) => page.go(*part),
            None => device::go_to(&same_language(&format!("/{}/owner", page.shop()))),
        }
    };
    let next_label = Signal::derive(move || {
        let is_last = number() + 1 == Part::ALL.len();
        i18n.say(if is_last { Text::SetUpFinish } else { Text::SetUpNext })
    });
    view! {
        <section class="set-up-step" data-testid="step" data-part=move || page.at.get().name()>
            <p class="quiet">{step}</p>
            <progress max=Part::ALL.len() value=move || number() + 1 aria-hidden="true"></progress>
            <h2>{move || i18n.say(page.at.get().title())}</h2>
            {move || body(page, page.at.get())}
            <Trouble failure=page.failure />
        </section>
        <section class="set-up-go">
            <Show when=move || { number() > 0 }>
                <TapButton
                    testid="step-back"
                    look="quiet"
                    label=Signal::derive(move || i18n.say(Text::Back))
                    on_tap=back
                />
            </Show>
            <TapButton
                testid="step-next"
                look="main"
                label=next_label
                waits=page.waits
                on_tap=next
            />
        </section>
    }
}

/// Everything, each part folded away until it is wanted.
#[component]
fn List(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let owner = format!("/{}/owner", page.shop());
    let part = move |part: Part| {
        let is_open = move || page.at.get() == part;
        let toggle = move || page.at.set(part);
        view! {
            <section class="set-up-part" data-testid=format!("part-{}", part.name())>
                <h2>
                    <button
                        type="button"
                        class="part-head"
                        data-testid=format!("open-{}", part.name())
                        aria-expanded=move || if is_open() { "true" } else { "false" }
                        on:click=move |_| toggle()
                    >
                        {move || i18n.say(part.title())}
                    </button>
                </h2>
                <Show when=is_open>
                    {move || body(page, part)}
                    <Show when=move || part.has_fields()>
                        <Trouble failure=page.failure />
                        <TapButton
                            testid="save"
                            look="main"
                            label=Signal::derive(move || i18n.say(Text::SetUpSave))
                            waits=page.waits
                            on_tap=move || page.save(None)
                        />
                        <p class="quiet" role="status" data-testid="saved">
                            {move || page.is_saved.get().then(|| i18n.say(Text::SetUpSaved))}
                        </p>
                    </Show>
                </Show>
            </section>
        }
    };
    view! {
        <a class="button quiet" href=owner data-testid="to-owner">
            {move || i18n.say(Text::OwnerTitle)}
        </a>
        {Part::ALL.map(part)}
    }
}

fn body(page: Page, part: Part) -> AnyView {
    match part {
        Part::Shop => shop::ShopPart(shop::ShopPartProps { page }).into_any(),
        Part::Hours => hours::HoursPart(hours::HoursPartProps { page }).into_any(),
        Part::People => people::PeoplePart(people::PeoplePartProps { page }).into_any(),
        Part::Services => services::ServicesPart(services::ServicesPartProps { page }).into_any(),
        Part::Speak => speak::SpeakPart(speak::SpeakPartProps { page }).into_any(),
        Part::Print => view! { <Sheets page /> }.into_any(),
        Part::Try => trial::Trial(trial::TrialProps { page }).into_any(),
    }
}

/// What can be printed.
#[component]
fn Sheets(page: Page) -> impl IntoView {
    let i18n = I18n::get();
    let sheet = move |sheet: Sheet| {
        let text = match sheet {
            Sheet::Poster => Text::PrintPoster,
            Sheet::Door => Text::PrintDoor,
            Sheet::Table => Text::PrintTable,
        };
        let address = same_language(&format!("/{}/print/{}", page.shop(), sheet.name()));
        view! {
            <a
                class="button"
                href=address
                target="_blank"
                data-testid=format!("print-{}", sheet.name())
            >
                {move || i18n.say(text)}
            </a>
        }
    };
    view! {
        <p>{move || i18n.say(Text::PrintHow)}</p>
        <div class="stack">{Sheet::ALL.map(sheet)}</div>
    }
}
