//! One person's own page, taken over. The server has filled it in; from the first word of the socket
//! on, each part is written anew when it changes, by the same code that wrote it first.

use leptos::prelude::*;
use sooner_shared::own_page::{self, OwnPage, Part};
use sooner_shared::view::{OwnView, VisitView};
use sooner_shared::wire::Audience;
use sooner_shared::words::{Language, Locale, Voice, Words};
use sooner_shared::{Command, Problem, Timestamp, VisitId};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FormData, HtmlFormElement, HtmlInputElement, HtmlSelectElement};

use crate::live::{Live, News};
use crate::{clock, device};

/// The promises of one visit that this page has shown.
type Told = (VisitId, u16);

/// A page that is alive. A copy is a handle to the same.
#[derive(Clone, Copy)]
struct Phone {
    live: Live<OwnView>,
    link: StoredValue<String>,
    words: &'static Words,
    locale: Locale,
    problem: RwSignal<Option<Problem>>,
}

/// Takes over the page that the server has filled in; does nothing on one that has no visit.
pub fn start() {
    device::report_panics();
    leptos::mount::mount_to_body(take_over);
    device::keep_offline_page();
}

fn take_over() {
    let Some(link) = device::path().strip_prefix("/v/").map(str::to_owned) else { return };
    let Some(first) = served("view").and_then(|text| serde_json::from_str(&text).ok()) else {
        return;
    };
    let Some(words) = served("words").and_then(|text| Words::from_excerpt(&text)) else { return };
    let problem = RwSignal::new(None::<Problem>);
    let audience = Audience::Visit { link: link.clone() };
    let live = Live::start_at(audience, first, move |news| match news {
        // That the page was read is said without anybody's tap.
        News::Answer { command: Some(Command::Acknowledge { .. }), .. } | News::Expired(_) => {}
        News::Answer { result, .. } => problem.set(result.err()),
        News::Complaint(complaint) => problem.set(Some(complaint)),
    });
    let phone = Phone {
        live,
        link: StoredValue::new(link),
        // For as long as the page lives.
        words: Box::leak(Box::new(words)),
        locale: served_locale(),
        problem,
    };
    phone.acknowledge();
    phone.show();
    phone.listen();
    Effect::new(move |_| {
        if live.may_reload() {
            device::reload();
        }
    });
}

/// Something that the page came with.
fn served(id: &str) -> Option<String> {
    document().get_element_by_id(id)?.text_content()
}

/// The language of the page, and how it is written: the server has chosen.
fn served_locale() -> Locale {
    let html = document().document_element();
    let tag = html.and_then(|html| html.get_attribute("data-locale")).unwrap_or_default();
    Locale::from_tag(&tag).unwrap_or(Locale::of(Language::En))
}

impl Phone {
    fn visit<T>(self, read: impl FnOnce(&VisitView) -> Option<T>) -> Option<T> {
        self.live.with_view(|OwnView::Visit(visit)| read(visit))
    }

    /// A promise has reached somebody when their page has shown it.
    fn acknowledge(self) {
        let told: Memo<Option<Told>> =
            Memo::new(move |_| self.visit(|v| v.promise_no.map(|no| (v.visit, no))));
        Effect::new(move |_| {
            if let Some((visit, no)) = told.get()
                && self.live.is_live()
                && device::is_visible()
            {
                self.live.tap(Command::Acknowledge { visit, no });
            }
        });
    }

    /// Writes what changes.
    fn show(self) {
        let minute = Memo::new(move |_| self.live.shop_now().map(Timestamp::whole_minute));
        let parts: Memo<Vec<Part>> = Memo::new(move |_| self.parts(minute.get()));
        Effect::new(move |before: Option<Vec<Part>>| {
            let now = parts.get();
            for (name, html) in &now {
                let is_new =
                    before.as_ref().is_none_or(|b| !b.iter().any(|(n, h)| n == name && h == html));
                if let Some(part) = by_name(name).filter(|_| is_new) {
                    write(&part, html);
                }
            }
            now
        });
        Effect::new(move |_| {
            let Some(page) = document().query_selector("[data-page]").ok().flatten() else {
                return;
            };
            set(&page, "data-state", self.live.state.get().as_str());
            let scene = self.visit(|v| Some(sooner_shared::screen::phone::Scene::of(v)));
            set(&page, "data-scene", scene.map_or("", |scene| scene.as_str()));
            set(&page, "data-seq", &self.live.seq().unwrap_or_default().to_string());
        });
        Effect::new(move |_| {
            let said = self.with_voice(|voice| {
                self.problem.with(|problem| problem.as_ref().map(|problem| voice.problem(problem)))
            });
            let notice = document().query_selector("[data-testid=notice]").ok().flatten();
            // What the server said of a form stays until something else is to be said.
            if let Some((notice, said)) = notice.zip(said.flatten()) {
                notice.set_text_content(Some(&said));
            }
        });
    }

    fn with_voice<T>(self, speak: impl FnOnce(&Voice) -> T) -> Option<T> {
        let zone = self.visit(|v| Some(v.zone.clone()))?;
        let read = |at| clock::read(&zone, at);
        let today = self.live.shop_now().map(|now| read(now).day());
        Some(speak(&Voice { words: self.words, locale: self.locale, zone: &read, today }))
    }

    fn parts(self, now: Option<Timestamp>) -> Vec<Part> {
        let link = self.link.get_value();
        let asked = device::query("lang");
        let once = document().body().and_then(|body| body.get_attribute("data-once"));
        let state = self.live.state.get();
        let said = self.with_voice(|voice| {
            self.visit(|visit| {
                let page = OwnPage {
                    visit,
                    link: &link,
                    voice,
                    state,
                    confirmed_at: self.live.confirmed_at(),
                    now,
                    waits: &|command| self.live.waits(|waiting| waiting == command),
                    has_unsent: self.live.waits(|c| !matches!(c, Command::Acknowledge { .. })),
                    notice: None,
                    asked_language: asked.as_deref(),
                    once: once.as_deref(),
                };
                Some(page.parts())
            })
        });
        said.flatten().unwrap_or_default()
    }

    /// Taps, and the choice of a language: whatever the parts are written from.
    fn listen(self) {
        let root = document();
        on(&root, "submit", move |event| self.submitted(event));
        on(&root, "change", chosen);
    }

    fn submitted(self, event: &Event) {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some((form, visit)) = form.zip(untrack(|| self.visit(|v| Some(v.visit)))) else {
            return;
        };
        // What is no tap goes its own way, as without a script.
        let Some(wish) = form.get_attribute("data-wish") else { return };
        let Ok(fields) = FormData::new_with_form(&form) else { return };
        let field = |name: &str| fields.get(name).as_string();
        let Ok(command) = own_page::read_wish(&wish, field, visit) else { return };
        event.prevent_default();
        self.problem.set(None);
        if let Some(folded) = form.closest("details.folded").ok().flatten() {
            // What was folded out for this tap folds itself away.
            let _ = folded.remove_attribute("open");
        }
        form.reset();
        self.live.tap(command);
    }
}

/// Another language: the page comes anew from the server, with its texts.
fn chosen(event: &Event) {
    let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
    let language = select.and_then(|select| Language::from_tag(&select.value()));
    if let Some(language) = language {
        device::remember_language(language);
        device::go_to(&format!("{}?lang={language}", device::path()));
    }
}

fn by_name(part: &str) -> Option<Element> {
    document().query_selector(&format!("[data-part={part}]")).ok().flatten()
}

fn set(element: &Element, name: &str, value: &str) {
    // An element of a document takes any attribute.
    let _ = element.set_attribute(name, value);
}

/// Listens for as long as the page lives.
fn on(root: &web_sys::Document, name: &str, hear: impl Fn(&Event) + 'static) {
    let hear =
        wasm_bindgen::closure::Closure::<dyn Fn(Event)>::new(move |event: Event| hear(&event));
    // A document takes any listener.
    let _ = root.add_event_listener_with_callback(name, hear.as_ref().unchecked_ref());
    hear.forget();
}

/// Writes a part anew, unless it says so already. What somebody is at in it (the focus, words that
/// were begun, what they have folded out) stays.
fn write(part: &Element, html: &str) {
    let Ok(next) = document().create_element("div") else { return };
    next.set_inner_html(html);
    if next.inner_html() == part.inner_html() {
        return;
    }
    let focused = document().active_element().filter(|active| part.contains(Some(active)));
    let focused = focused.and_then(|active| {
        let written = active.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
        Some((active.get_attribute("data-testid")?, written))
    });
    let open: Vec<String> = all(part, "details[open] > summary")
        .filter_map(|summary| summary.get_attribute("data-testid"))
        .collect();
    part.set_inner_html(html);
    let find =
        |testid: &str| part.query_selector(&format!("[data-testid=\"{testid}\"]")).ok().flatten();
    for summary in open.iter().filter_map(|testid| find(testid)) {
        if let Some(details) = summary.parent_element() {
            set(&details, "open", "");
        }
    }
    if let Some((testid, written)) = focused
        && let Some(element) = find(&testid)
    {
        if let Some((input, written)) = element.dyn_ref::<HtmlInputElement>().zip(written) {
            input.set_value(&written);
        }
        if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
            // What cannot have the focus any more does without.
            let _ = element.focus();
        }
    }
}

fn all(part: &Element, selector: &str) -> impl Iterator<Item = Element> {
    let found = part.query_selector_all(selector).ok();
    let count = found.as_ref().map_or(0, web_sys::NodeList::length);
    (0..count).filter_map(move |at| found.as_ref()?.get(at)?.dyn_into().ok())
}
