//! One person's own page, taken over. The server has filled it in; from the first word of the socket
//! on, each part is written anew when it changes, by the same code that wrote it first.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use sooner_link::device::{self, document};
use sooner_link::{Happening, Link, News, clock};
use sooner_shared::own_page::{self, OwnPage, Part, Said};
use sooner_shared::screen::phone::Scene;
use sooner_shared::screen::{Follower, State};
use sooner_shared::view::{OwnView, VisitView};
use sooner_shared::wire::Audience;
use sooner_shared::words::{Language, Locale, Voice, Words};
use sooner_shared::{Command, Problem, Timestamp, VisitId};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, FormData, HtmlFormElement, HtmlInputElement, HtmlSelectElement};

/// A phone is shaken for so long, in milliseconds.
const SHAKE_MS: u32 = 400;

/// A page that is alive.
struct Phone {
    link: Link<OwnView>,
    /// The private link.
    address: String,
    words: &'static Words,
    locale: Locale,
    /// The `?lang=` of the address.
    asked_language: Option<String>,
    /// What names the taps of a page without a script: forms stay as they were served.
    once: Option<String>,
    /// The last promise of the visit that the server was told this page has shown.
    told: Cell<Option<(VisitId, u16)>>,
    /// What is on the page, and what of the time it was written with.
    written: RefCell<Vec<Part>>,
    written_for: Cell<Option<(State, Option<Timestamp>)>>,
    /// Whether the time has come at which they want to be told.
    is_time: Cell<Option<bool>>,
}

/// Takes over the page that the server has filled in; does nothing on one that has no visit.
fn main() {
    device::report_panics();
    if let Some(phone) = Phone::of_page() {
        Rc::new(phone).begin();
    }
    device::keep_offline_page();
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
    fn of_page() -> Option<Self> {
        let address = device::path().strip_prefix("/v/")?.to_owned();
        let first = serde_json::from_str(&served("view")?).ok()?;
        let words = Words::from_excerpt(&served("words")?)?;
        let mut follower = Follower::default();
        follower.begin_with(first, device::local_ms());
        Some(Self {
            link: Link::new(Audience::Visit { link: address.clone() }, follower),
            address,
            // For as long as the page lives.
            words: Box::leak(Box::new(words)),
            locale: served_locale(),
            asked_language: device::query("lang"),
            once: document().body().and_then(|body| body.get_attribute("data-once")),
            told: Cell::default(),
            written: RefCell::default(),
            written_for: Cell::default(),
            is_time: Cell::default(),
        })
    }

    fn begin(self: Rc<Self>) {
        let phone = Rc::clone(&self);
        on("submit", move |event| phone.submitted(event));
        on("change", chosen);
        let phone = Rc::clone(&self);
        self.link.begin(move |happening| match happening {
            Happening::Changed => phone.show(true),
            Happening::Ticked(_) => phone.show(false),
            Happening::Told(news) => phone.hear(*news),
        });
    }

    fn hear(&self, news: News) {
        match news {
            // That the page was read is said without anybody's tap.
            News::Answer { command: Some(Command::Acknowledge { .. }), .. } | News::Expired(_) => {}
            News::Answer { result, .. } => {
                if let Err(problem) = result {
                    self.notice(&problem);
                }
            }
            News::Complaint(complaint) => self.notice(&complaint),
        }
    }

    /// Says what has become of a tap. What the server said of a form stays until then.
    fn notice(&self, problem: &Problem) {
        let said = self.with_voice(|voice| voice.problem(problem));
        if let Some((notice, said)) = find("[data-testid=notice]").zip(said) {
            notice.set_text_content(Some(&said));
        }
    }

    fn visit<T>(&self, read: impl FnOnce(&VisitView) -> Option<T>) -> Option<T> {
        self.link.with(|follower| {
            let OwnView::Visit(visit) = follower.view()?;
            read(visit)
        })
    }

    /// A promise has reached somebody when their page has shown it.
    fn acknowledge(&self, state: State) {
        let told = self.visit(|v| v.promise_no.map(|no| (v.visit, no)));
        if let Some((visit, no)) = told
            && told != self.told.get()
            && state == State::Live
            && device::is_visible()
        {
            self.told.set(told);
            self.link.tap(Command::Acknowledge { visit, no });
        }
    }

    /// Writes what is another by now.
    fn show(&self, has_changed: bool) {
        let local_ms = device::local_ms();
        let (state, now) = self.link.with(|f| (f.state(local_ms), f.shop_now(local_ms)));
        let now = now.map(|now| self.moment(now));
        if self.written_for.replace(Some((state, now))) != Some((state, now)) || has_changed {
            let parts = self.parts(state, now);
            let before = self.written.replace(parts.clone());
            for part in parts.iter().filter(|part| !before.contains(part)) {
                if let Some(element) = find(&format!("[data-part={}]", part.0)) {
                    write(&element, &part.1);
                }
            }
            self.mark(state);
        }
        self.remind(now);
        self.acknowledge(state);
        if self.link.with(|f| f.is_outdated() && f.outbox.is_empty()) {
            device::reload();
        }
    }

    /// The present minute, or within it the instant at which what is offered for a moment is over.
    fn moment(&self, now: Timestamp) -> Timestamp {
        let over = self.visit(|v| v.stays_until).filter(|until| *until <= now);
        over.map_or(now.whole_minute(), |over| over.max(now.whole_minute()))
    }

    /// Shakes the phone, where that can be, when the time comes at which somebody wants to be told.
    fn remind(&self, now: Option<Timestamp>) {
        let is_time = now.and_then(|now| self.visit(|v| v.tell_at.map(|at| at <= now)));
        if self.is_time.replace(is_time) == Some(false) && is_time == Some(true) {
            device::vibrate(SHAKE_MS);
        }
    }

    /// What tests and styles read.
    fn mark(&self, state: State) {
        let Some(page) = find("[data-page]") else { return };
        set(&page, "data-state", state.as_str());
        let scene = self.visit(|v| Some(Scene::of(v)));
        set(&page, "data-scene", scene.map_or("", |scene| scene.as_str()));
        let seq = self.link.with(Follower::seq);
        set(&page, "data-seq", &seq.unwrap_or_default().to_string());
    }

    fn with_voice<T>(&self, speak: impl FnOnce(&Voice) -> T) -> Option<T> {
        let zone = self.visit(|v| Some(v.zone.clone()))?;
        let read = |at| clock::read(&zone, at);
        let now = self.link.with(|f| f.shop_now(device::local_ms()));
        let today = now.map(|now| read(now).day());
        Some(speak(&Voice { words: self.words, locale: self.locale, zone: &read, today }))
    }

    fn parts(&self, state: State, now: Option<Timestamp>) -> Vec<Part> {
        let said = self.with_voice(|voice| {
            self.link.with(|follower| {
                let OwnView::Visit(visit) = follower.view()?;
                let page = OwnPage {
                    visit,
                    link: &self.address,
                    voice,
                    state,
                    confirmed_at: follower.confirmed_at(),
                    now,
                    waits: &|command| follower.outbox.commands().any(|waiting| waiting == command),
                    has_unsent: follower
                        .outbox
                        .commands()
                        .any(|c| !matches!(c, Command::Acknowledge { .. })),
                    notice: None,
                    asked_language: self.asked_language.as_deref(),
                    once: self.once.as_deref(),
                };
                Some(page.parts())
            })
        });
        said.flatten().unwrap_or_default()
    }

    fn submitted(&self, event: &Event) {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some((form, visit)) = form.zip(self.visit(|v| Some(v.visit))) else {
            return;
        };
        // What is no tap goes its own way, as without a script.
        let Some(wish) = form.get_attribute("data-wish") else { return };
        let Ok(fields) = FormData::new_with_form(&form) else { return };
        let field = |name: &str| fields.get(name).as_string();
        let Ok(command) = own_page::wish(&wish, Said::of_form(field), visit) else { return };
        event.prevent_default();
        if let Some(folded) = form.closest("details.folded").ok().flatten() {
            // What was folded out for this tap folds itself away.
            let _ = folded.remove_attribute("open");
        }
        form.reset();
        self.link.tap(command);
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

fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

fn set(element: &Element, name: &str, value: &str) {
    // An element of a document takes any attribute.
    let _ = element.set_attribute(name, value);
}

/// Listens for as long as the page lives.
fn on(name: &str, hear: impl Fn(&Event) + 'static) {
    let hear = Closure::<dyn Fn(Event)>::new(move |event: Event| hear(&event)).into_js_value();
    // A document takes any listener.
    let _ = document().add_event_listener_with_callback(name, hear.unchecked_ref());
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
