//! The report: how promises were kept, for the owner, on a laptop or phone with five minutes. The
//! answer comes first, then the pictures, then what broke, then what could have been.

mod answer;
mod broken;
pub(crate) mod letter;
mod news;
mod places;
mod range;
mod voices;
mod what_if;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_link::device;
use sooner_shared::access::Me;
use sooner_shared::report::{Date, Report};
use sooner_shared::words::Text;
use sooner_shared::{ShopId, Timestamp};

use crate::api::{self, Failure};
use crate::components::bare::Trouble;
use crate::components::chart::{bars, heat, over_time, scatter};
use crate::components::language::LanguageChoice;
use crate::i18n::{I18n, same_language};
use range::{Range, RangeProps, Take, TakeProps};
use what_if::{WhatIfPart, WhatIfPartProps};

/// How far the page has come.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// Asking the server.
    Asking,
    /// The owner is not signed in here.
    SignIn,
    /// There it is.
    Shown(Box<Report>),
    /// Not to be had.
    Failed(Failure),
}

/// What the parts of the page share. A copy is a handle to the same.
#[derive(Clone, Copy)]
struct Page {
    shop: StoredValue<ShopId>,
    name: RwSignal<Option<String>>,
    step: RwSignal<Step>,
    /// The days that are shown, both included.
    days: RwSignal<Option<(Date, Date)>>,
    /// The other share that is asked about, in percent.
    keep_percent: RwSignal<u32>,
    /// The present day of the shop.
    today: RwSignal<Option<Date>>,
}

impl Page {
    fn shop(self) -> ShopId {
        self.shop.get_value()
    }

    /// Asks whether this is the owner, and for the days of the address.
    fn begin(self) {
        let i18n = I18n::get();
        spawn_local(async move {
            match api::get::<Me>(&self.shop(), "me").await {
                Ok(me) => {
                    i18n.use_zone(&me.zone);
                    let now = Timestamp(device::local_ms());
                    i18n.follow_now(now);
                    self.name.set(Some(me.shop_name));
                    let today = Date(i18n.reading(now).day());
                    self.today.set(Some(today));
                    if !me.is_owner {
                        self.step.set(Step::SignIn);
                        return;
                    }
                    let day = |name| device::query(name).and_then(|text| text.parse().ok());
                    let asked = day("from").zip(day("to"));
                    self.show(asked.unwrap_or_else(|| range::thirty_days(today)));
                }
                Err(failure) => self.step.set(Step::Failed(failure)),
            }
        });
    }

    /// Shows other days.
    fn show(self, days: (Date, Date)) {
        self.days.set(Some(days));
        spawn_local(async move {
            let answer = api::get::<Report>(&self.shop(), &asks("report", days)).await;
            // Somebody may have asked for others meanwhile.
            if self.days.get_untracked() == Some(days) {
                self.step.set(match answer {
                    Ok(report) => Step::Shown(Box::new(report)),
                    Err(failure) => Step::Failed(failure),
                });
            }
        });
    }

    fn state(self) -> &'static str {
        self.step.with(|step| match step {
            Step::Asking => "asking",
            Step::SignIn => "sign-in",
            Step::Shown(report) if report.kinds.is_empty() => "empty",
            Step::Shown(_) => "shown",
            Step::Failed(_) => "failed",
        })
    }
}

/// The address of something of a shop, of certain days.
fn asks(what: &str, (from, to): (Date, Date)) -> String {
    format!("{what}?from={from}&to={to}")
}

/// The whole page.
#[component]
pub(crate) fn ReportPage(
    /// Whose.
    shop: ShopId,
) -> impl IntoView {
    let i18n = I18n::get();
    let page = Page {
        shop: StoredValue::new(shop),
        name: RwSignal::new(None),
        step: RwSignal::new(Step::Asking),
        days: RwSignal::new(None),
        keep_percent: RwSignal::new(what_if::FIRST),
        today: RwSignal::new(None),
    };
    page.begin();
    let name = move || page.name.get().unwrap_or_else(|| i18n.say(Text::ReportTitle));
    Effect::new(move |_| document().set_title(&name()));
    let owner = move || same_language(&format!("/{}/owner", page.shop()));
    let is_owner = move || matches!(page.step.get(), Step::Shown(_) | Step::Failed(_));
    view! {
        <div class="page report" data-page="report" data-testid="page" data-state=move || page.state()>
            <header class="top">
                <h1 class="shop">{name}</h1>
                <LanguageChoice />
            </header>
            <main>
                <Show when=is_owner>{Range(RangeProps { page })}</Show>
                {move || match page.step.get() {
                    Step::Asking => {
                        view! { <p class="hint" role="status">{i18n.say(Text::ReportWait)}</p> }
                            .into_any()
                    }
                    Step::SignIn => {
                        view! {
                            <p class="sign-in">
                                <a class="button main" href=owner() data-testid="to-owner">
                                    {i18n.say(Text::ReportToOwner)}
                                </a>
                            </p>
                        }
                            .into_any()
                    }
                    Step::Failed(failure) => {
                        view! { <Trouble failure=Signal::stored(Some(failure)) /> }.into_any()
                    }
                    Step::Shown(report) if report.kinds.is_empty() => empty(i18n),
                    Step::Shown(report) => body(page, i18n, &report),
                }}
                <Show when=is_owner>
                    <p class="back">
                        <a class="button quiet" href=owner()>
                            {move || i18n.say(Text::ReportBack)}
                        </a>
                    </p>
                </Show>
            </main>
        </div>
    }
}

fn empty(i18n: I18n) -> AnyView {
    view! {
        <section class="answer" data-testid="empty">
            <p class="figure">{i18n.say(Text::ReportEmpty)}</p>
            <p class="hint">{i18n.say(Text::ReportEmptyHow)}</p>
        </section>
    }
    .into_any()
}

/// Everything but the choice of days. Another language draws it anew.
fn body(page: Page, i18n: I18n, report: &Report) -> AnyView {
    let goal = report.goal;
    let starts = report.starts.as_ref();
    view! {
        {answer::answer(i18n, report)}
        <div class="charts">
            {over_time::chart(i18n, &report.pictures, goal)}
            {bars::chart(i18n, report)}
            {scatter::chart(i18n, &report.pictures)}
            {starts.and_then(|starts| heat::chart(i18n, starts, goal))}
        </div>
        {news::news(i18n, report)}
        {broken::broken(i18n, report)}
        {voices::voices(i18n, report)}
        {broken::paid(i18n, &report.amends)}
        {starts.map(|starts| places::places(i18n, starts))}
        {places::kinds(i18n, report)}
        {WhatIfPart(WhatIfPartProps { page })}
        {Take(TakeProps { page })}
    }
    .into_any()
}
