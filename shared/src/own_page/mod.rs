//! One person's own page, as HTML. The server writes it before any script runs and where none
//! does; the script in the browser writes the same parts anew when something changes, so that what
//! was served is what is shown and nothing moves when the page comes to life.
//!
//! A page is a skeleton with named parts. Whatever a person can do is a form that works without a
//! script; what is folded is a `details`. Deliberately absent: sockets, clocks and zones.

mod choices;
mod ending;
mod html;
mod kept;
mod says;
mod texts;
mod upper;
mod wish;

use crate::screen::State;
use crate::screen::phone::Scene;
use crate::view::{PromiseKind, VisitView};
use crate::wire::problem_of;
use crate::words::{Language, Text, Voice};
use crate::{Command, Problem, Timestamp};
use html::Html;

pub use texts::TEXTS;
pub use wish::{Said, command as wish};

/// What the page is written from.
#[derive(Clone, Copy)]
pub struct OwnPage<'a> {
    /// The visit.
    pub visit: &'a VisitView,
    /// The private link.
    pub link: &'a str,
    /// Who speaks.
    pub voice: &'a Voice<'a>,
    /// What may be claimed of what is shown: [`State::Connecting`] while it is what the server has
    /// just written.
    pub state: State,
    /// The shop's time when it was last confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// The shop's time now.
    pub now: Option<Timestamp>,
    /// Whether a tap waits for its answer.
    pub waits: &'a dyn Fn(&Command) -> bool,
    /// Whether any tap waits for its answer.
    pub has_unsent: bool,
    /// What is to be told of the last tap.
    pub notice: Option<&'a str>,
    /// The `?lang=` of the address, to be kept in others.
    pub asked_language: Option<&'a str>,
    /// What names the taps of a page without a script, so that a form sent twice counts once.
    pub once: Option<&'a str>,
}

/// So much of a clock time stands on one line in full size: "12:45", "9:45" and "AM".
const LINE_CHARS: usize = 6;

/// A part of the page: its name, and what is in it.
pub type Part = (&'static str, String);

/// The parts, in the order they stand on the page.
const PARTS: [&str; 10] =
    ["top", "status", "gone", "upper", "choices", "middle", "says", "ask", "leave", "kept"];

impl OwnPage<'_> {
    /// Every part as it is now.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        let scene = self.scene();
        let is_gone = matches!(self.state, State::Gone(_));
        PARTS
            .into_iter()
            .map(|part| {
                let html = Html::of(|html| match part {
                    "gone" => self.gone(html),
                    "upper" | "choices" | "middle" | "says" | "ask" | "leave" | "kept"
                        if is_gone => {}
                    "top" => self.top(html),
                    "status" => self.status(html),
                    "upper" => self.upper(html, scene),
                    "choices" => self.choices(html, scene),
                    "middle" => self.middle(html, scene),
                    "says" => {
                        self.says(html);
                        self.ending(html);
                    }
                    "ask" => self.ask(html),
                    "leave" => self.leave(html, scene),
                    "kept" => self.kept(html),
                    _ => {}
                });
                (part, html)
            })
            .collect()
    }

    /// The whole page below `body`, as the server gives it. `data-state` is "served" until a script
    /// has taken over.
    #[must_use]
    pub fn body(&self) -> String {
        let parts = self.parts();
        let part = |html: &mut Html, name: &'static str| {
            let inner = parts.iter().find(|(n, _)| *n == name).map_or("", |(_, inner)| inner);
            html.part(name, inner);
        };
        Html::of(|html| {
            let root = [
                ("class", "page narrow phone".into()),
                ("data-page", "phone".into()),
                ("data-testid", "page".into()),
                ("data-state", "served".into()),
                ("data-scene", self.scene().as_str().into()),
            ];
            html.element("main", &root, |html| {
                html.element("header", &[("class", "top".into())], |html| part(html, "top"));
                for name in ["status", "gone"] {
                    part(html, name);
                }
                // A call or another time is read aloud; nothing in it changes by the minute.
                let upper = [("class", "upper".into()), ("aria-live", "polite".into())];
                html.element("section", &upper, |html| part(html, "upper"));
                for name in ["choices", "middle"] {
                    part(html, name);
                }
                html.element("section", &[("class", "thumb".into())], |html| {
                    let notice = [
                        ("class", "notice".into()),
                        ("role", "status".into()),
                        ("data-testid", "notice".into()),
                    ];
                    html.line("p", &notice, self.notice.unwrap_or_default());
                    for name in ["says", "ask", "leave"] {
                        part(html, name);
                    }
                });
                part(html, "kept");
            });
        })
    }

    /// What the page is about.
    #[must_use]
    pub const fn scene(&self) -> Scene {
        Scene::of(self.visit)
    }

    fn top(&self, html: &mut Html) {
        html.line("h1", &[("class", "shop".into())], &self.visit.shop_name);
        let action = format!("/v/{}", self.link);
        html.element("form", &[("action", (&action).into()), ("class", "wish".into())], |html| {
            let label = self.voice.say(Text::LanguageLabel);
            let select = [
                ("class", "language".into()),
                ("name", "lang".into()),
                ("data-testid", "language".into()),
                ("aria-label", (&label).into()),
            ];
            html.element("select", &select, |html| {
                let mine = self.voice.language();
                for language in Language::offered(&self.visit.languages, mine) {
                    let chosen = language == mine;
                    let option = [
                        ("value", language.tag().into()),
                        ("lang", language.tag().into()),
                        ("selected", chosen.into()),
                    ];
                    html.line("option", &option, language.own_name());
                }
            });
            html.line("button", &[("class", "button plain no-script".into())], "→");
        });
    }

    fn status(&self, html: &mut Html) {
        let word = self.voice.say(match self.state {
            State::Connecting => Text::Connecting,
            State::Live => Text::Live,
            State::Stale => Text::NoConnection,
            State::Gone(_) => Text::NotAvailable,
        });
        let confirmed =
            self.confirmed_at.map(|at| self.voice.say_at(Text::LastConfirmed, at.whole_minute()));
        let status = [
            ("class", "status".into()),
            ("data-testid", "status".into()),
            ("data-state", self.state.as_str().into()),
        ];
        html.element("p", &status, |html| {
            html.line("span", &[("class", "dot".into()), ("aria-hidden", "true".into())], "");
            let class = [("class", "confirmed".into()), ("data-testid", "confirmed".into())];
            html.line("span", &class, &confirmed.unwrap_or_default());
            // Last, so that nothing moves when it changes.
            html.line("span", &[("class", "word".into())], &word);
        });
    }

    fn gone(&self, html: &mut Html) {
        if let State::Gone(number) = self.state {
            gone_line(html, &self.voice.problem(&problem_of(number).into()));
        }
    }

    /// What came with the page is as true as what the socket brings a moment later.
    fn is_fresh(&self) -> bool {
        matches!(self.state, State::Live | State::Connecting)
    }

    /// The person's name, filled in.
    fn addressed(&self, text: Text) -> String {
        self.voice.say_with(text, &[("name", &self.visit.name)])
    }

    /// "Haircut: wash · with Maria"
    fn what(&self) -> String {
        let visit = self.visit;
        let mut what = visit.service.clone();
        if let Some(step) = &visit.step {
            what = format!("{what}: {step}");
        }
        if let Some(person) = &visit.requested {
            let with = self.voice.say_with(Text::With, &[("person", person)]);
            what = format!("{what} · {with}");
        }
        what
    }

    /// The grey band over data that may be no longer true.
    fn stale_band(&self, html: &mut Html) {
        if self.state != State::Stale {
            return;
        }
        let since = self.confirmed_at.map(|at| self.voice.say_at(Text::TimesAsOf, at));
        let band = [
            ("class", "stale-band".into()),
            ("role", "status".into()),
            ("data-testid", "stale".into()),
        ];
        html.element("p", &band, |html| {
            let said =
                format!("{} {}", since.unwrap_or_default(), self.voice.say(Text::AskToBeSure));
            html.line("span", &[], &said);
        });
    }

    /// A clock time as a figure, its "AM" and its day apart.
    fn clock_time(&self, html: &mut Html, at: Timestamp, pattern: Text) {
        let parts = self.voice.clock_parts(at, pattern);
        // What stands beside it leaves the figure less room.
        let all = [&parts.before, &parts.figure, &parts.after];
        let is_long = all.iter().map(|part| part.chars().count()).sum::<usize>() > LINE_CHARS;
        let class = if is_long { "clock long" } else { "clock" };
        html.element("time", &[("class", class.into()), ("data-ms", at.0.into())], |html| {
            html.line("span", &[("class", "period".into())], &parts.before);
            html.line("span", &[("class", "figure".into())], &parts.figure);
            html.line("span", &[("class", "period".into())], &parts.after);
        });
    }

    /// The large figure.
    fn promise_figure(&self, html: &mut Html, at: Timestamp, pattern: Text) {
        let promise = [("class", "promise".into()), ("data-testid", "promise".into())];
        html.element("p", &promise, |html| self.clock_time(html, at, pattern));
    }

    /// A button that does one thing, in a form of its own.
    fn button(&self, html: &mut Html, testid: &str, look: &str, label: &str, command: &Command) {
        self.tap(html, testid, look, label, command, None);
    }

    /// The same, of several of which one may have been `pressed`.
    fn tap(
        &self,
        html: &mut Html,
        testid: &str,
        look: &str,
        label: &str,
        command: &Command,
        pressed: Option<bool>,
    ) {
        let Some((wish, field)) = wish::address(command) else { return };
        let waits = (self.waits)(command);
        self.form(html, wish, |html| {
            if let Some((name, value)) = field {
                let hidden =
                    [("type", "hidden".into()), ("name", name.into()), ("value", (&value).into())];
                html.void("input", &hidden);
            }
            let chosen = if pressed == Some(true) { " chosen" } else { "" };
            let class = format!("button {look}{chosen}{}", if waits { " waits" } else { "" });
            let button = [
                ("class", (&class).into()),
                ("data-testid", testid.into()),
                ("aria-busy", waits.then_some("true").into()),
                ("aria-pressed", pressed.map(|is| if is { "true" } else { "false" }).into()),
            ];
            html.line("button", &button, label);
        });
    }

    /// A form that goes to an address of this page.
    fn form(&self, html: &mut Html, wish: &str, within: impl FnOnce(&mut Html)) {
        let lang = self.asked_language.map(|tag| format!("?lang={tag}")).unwrap_or_default();
        let action = format!("/v/{}/{wish}{lang}", self.link);
        let form = [
            ("class", "wish".into()),
            ("method", "post".into()),
            ("action", (&action).into()),
            ("data-wish", wish.into()),
        ];
        html.element("form", &form, |html| {
            if let Some(once) = self.once {
                let id = format!("{once}-{wish}");
                let hidden =
                    [("type", "hidden".into()), ("name", "id".into()), ("value", (&id).into())];
                html.void("input", &hidden);
            }
            within(html);
        });
    }

    /// Something folded behind a button.
    fn folded(
        html: &mut Html,
        testid: &str,
        look: &str,
        label: &str,
        within: impl FnOnce(&mut Html),
    ) {
        html.element("details", &[("class", "folded".into())], |html| {
            let class = format!("button {look}");
            let summary = [("class", (&class).into()), ("data-testid", testid.into())];
            html.line("summary", &summary, label);
            within(html);
        });
    }

    const fn comes(&self) -> bool {
        matches!(self.visit.kind, PromiseKind::Start)
    }
}

/// The page of a link that opens nothing, below `body`.
#[must_use]
pub fn nothing_body(voice: &Voice, problem: &Problem) -> String {
    Html::of(|html| {
        let root = [
            ("class", "page narrow phone".into()),
            ("data-page", "phone".into()),
            ("data-testid", "page".into()),
            ("data-state", "gone".into()),
        ];
        html.element("main", &root, |html| {
            html.element("header", &[("class", "top".into())], |html| {
                html.line("h1", &[("class", "shop".into())], "Sooner");
            });
            gone_line(html, &voice.problem(problem));
        });
    })
}

/// A text as it may stand in a document.
#[must_use]
pub fn escaped(text: &str) -> String {
    Html::of(|html| html.text(text))
}

fn gone_line(html: &mut Html, said: &str) {
    let line = [
        ("class", "plain-message".into()),
        ("role", "alert".into()),
        ("data-testid", "gone".into()),
    ];
    html.line("p", &line, said);
}
