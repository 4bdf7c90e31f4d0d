//! One person's own page, filled in here: whole before any script runs, and of use without one.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Datelike;
use chrono_tz::Tz;
use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde_json::json;
use sooner_engine::calendar::{local_date, local_minute};
use sooner_shared::look::Accent;
use sooner_shared::own_page::{self, OwnPage, Said};
use sooner_shared::screen::State as Shown;
use sooner_shared::screen::zone_time::Reading;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{OwnView, VisitView};
use sooner_shared::wire::{CLIENT_MESSAGE_MAX_BYTES, Snapshot};
use sooner_shared::words::{Formality, Language, Locale, Text, Voice, Words};
use sooner_shared::{CommandId, Maker, Problem, ProblemCode, Timestamp};

use super::asker::AtVisit;
use super::language::{self, Asked};
use super::part::Part;
use super::problem::Refusal;
use super::{body, compress, data, pages};
use crate::app::App;
use crate::links;
use crate::reach::Client;
use crate::shops::{Audience, ShopHandle};

/// What the address of the page may carry.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Address {
    #[serde(flatten)]
    asked: Asked,
    /// What came of the form that was sent before: the code of a problem, or [`ERASED`].
    said: Option<String>,
}

/// Everything that a person said of themselves was erased.
const ERASED: &str = "erased";

/// The name of a page for an app's list, and nothing else.
const ICON: &str = include_str!("phone/icon.svg");
const WORKER: &str = include_str!("phone/worker.js");

/// `GET /v/{link}`: the page.
pub(super) async fn show(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    Part(link): Part,
    Query(address): Query<Address>,
    headers: HeaderMap,
) -> Response {
    let mut accent = Accent::default();
    let found = match app.visit(&link, &client) {
        Ok((shop, read)) => {
            accent = shop.accent();
            snapshot(&app, &shop, read.visit).await
        }
        Err(problem) => Err(problem),
    };
    let own = found.as_ref().ok().and_then(|Snapshot { view: OwnView::Visit(visit), .. }| {
        // The shop's own language comes first.
        visit.languages.first().copied()
    });
    let locale = language::locale_or(&address.asked, &headers, own.unwrap_or(Language::En));
    let fill =
        Fill { app: &app, headers: &headers, link: &link, locale, address: &address, accent };
    match found {
        Ok(snapshot) => fill.page(&snapshot),
        Err(problem) => fill.nothing(&problem),
    }
}

/// What the phone shows, as it is now.
async fn snapshot(
    app: &App,
    shop: &ShopHandle,
    visit: sooner_shared::VisitId,
) -> Result<Snapshot<OwnView>, Problem> {
    let frames = shop.watch(Audience::Visit(visit)).await?;
    let body = frames.borrow().body();
    let read = serde_json::from_slice::<Snapshot<OwnView>>(&body);
    let mut snapshot = read.map_err(|error| {
        tracing::error!(%error, "a view cannot be read back");
        Problem::new(ProblemCode::ShopUnavailable)
    })?;
    // It is true at this moment, not only when it last changed.
    snapshot.stamp.at = app.clock.now();
    Ok(snapshot)
}

/// How clock and calendar read in a zone.
pub(super) fn reading(zone: Tz, at: Timestamp) -> Reading {
    let Some(date) = local_date(zone, at) else { return Reading(at.0) };
    let (month, day) = (i64::from(date.month()), i64::from(date.day()));
    let midnight = Reading::new(i64::from(date.year()), month, day, 0, 0);
    Reading(midnight.0 + i64::from(local_minute(zone, at)) * MINUTE_MS)
}

/// What a document is filled in with.
struct Fill<'a> {
    app: &'a App,
    headers: &'a HeaderMap,
    link: &'a str,
    locale: Locale,
    address: &'a Address,
    accent: Accent,
}

impl Fill<'_> {
    fn page(&self, snapshot: &Snapshot<OwnView>) -> Response {
        let OwnView::Visit(visit) = &snapshot.view;
        let at = snapshot.stamp.at;
        let zone: Tz = visit.zone.parse().unwrap_or(Tz::UTC);
        let read = |at| reading(zone, at);
        let formality = Formality::of(visit.informal);
        let words = Words::addressing(self.locale.language, formality);
        let today = Some(read(at).day());
        let voice = Voice { words, locale: self.locale, zone: &read, today };
        let once = HEXLOWER.encode(&links::random::<8>());
        let notice = self.notice(&voice, visit);
        let page = OwnPage {
            visit,
            link: self.link,
            voice: &voice,
            state: Shown::Connecting,
            confirmed_at: Some(at),
            now: Some(at),
            waits: &|_| false,
            has_unsent: false,
            notice: notice.as_deref(),
            asked_language: self.address.asked.language().map(Language::tag),
            once: Some(&once),
        };
        let mut body = page.body();
        let view = serde_json::to_string(snapshot).expect("views have string keys");
        for (id, data) in [("view", view), ("words", words.excerpt(own_page::TEXTS))] {
            // Within JSON that character stands in texts only.
            let data = data.replace('<', "\\u003c");
            body += &["<script type=\"application/json\" id=\"", id, "\">", &data, "</script>"]
                .concat();
        }
        self.document(StatusCode::OK, &visit.shop_name, &once, &body)
    }

    /// What came of a form.
    fn notice(&self, voice: &Voice, visit: &VisitView) -> Option<String> {
        let said = self.address.said.as_deref()?;
        if said == ERASED {
            let code = visit.visit.code();
            return Some(voice.say_with(Text::KeptErased, &[("label", &code)]));
        }
        let code = ProblemCode::ALL.iter().find(|code| code.as_str() == said)?;
        Some(voice.problem(&(*code).into()))
    }

    fn nothing(&self, problem: &Problem) -> Response {
        let words = Words::of(self.locale.language);
        let voice = Voice { words, locale: self.locale, zone: &|at| Reading(at.0), today: None };
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::NOT_FOUND);
        self.document(status, "Sooner", "", &own_page::nothing_body(&voice, problem))
    }

    fn document(&self, status: StatusCode, title: &str, once: &str, body: &str) -> Response {
        let Some(document) = pages::phone_document() else { return pages::not_built() };
        let policy = pages::policy(document.as_bytes(), &self.app.frame_ancestors, self.headers);
        let direction = Words::of(self.locale.language).direction().as_str();
        let manifest = format!("/v/{}/app.webmanifest", own_page::escaped(self.link));
        let page = fill(&document, |name| match name {
            "lang" => self.locale.language.tag().to_owned(),
            "dir" => direction.to_owned(),
            "accent" => self.accent.name().to_owned(),
            "locale" => self.locale.tag().to_owned(),
            "title" => own_page::escaped(title),
            "manifest" => manifest.clone(),
            "once" => once.to_owned(),
            "page" => body.to_owned(),
            _ => String::new(),
        });
        let mut response = compress::text(self.headers, page.into_bytes());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        pages::document_headers(headers, &self.app.frame_ancestors, &policy);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-language, accept-encoding"));
        // Forms name their page of origin only where it may be known to us; to others it never is.
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        if let Some(language) = self.address.asked.language() {
            headers.append(header::SET_COOKIE, language::remember(language));
        }
        response
    }
}

/// Puts something in the place of each `{{name}}`, in one pass.
fn fill(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut page = String::with_capacity(template.len() + 16 * 1024);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        page += before;
        let Some((name, after)) = after.split_once("}}") else {
            rest = after;
            break;
        };
        page += &value(name);
        rest = after;
    }
    page += rest;
    page
}

/// `POST /v/{link}/{wish}`: what a person does by a form: the wishes of `/api/visits/{link}`, and
/// `erase`. Goes back to the page, which says what came of it.
pub(super) async fn act(
    State(app): State<App>,
    at: AtVisit,
    Part((_, wish)): Part<(String, String)>,
    Query(asked): Query<Asked>,
    request: Request,
) -> Result<Redirect, Refusal> {
    at.count(&app)?;
    let bytes = body::read(request, CLIENT_MESSAGE_MAX_BYTES).await?;
    let fields: BTreeMap<String, String> =
        serde_urlencoded::from_bytes(&bytes).map_err(|_| ProblemCode::MalformedMessage)?;
    let said = if wish == ERASE {
        data::forget(&at.shop, at.link.visit, Maker::Customer).await.map(|_| Some(ERASED))
    } else {
        let said = Said::of_form(|name| fields.get(name).cloned());
        let command = own_page::wish(&wish, said, at.link.visit);
        let id = fields.get("id").and_then(|id| CommandId::new(id)).unwrap_or_else(new_id);
        match command {
            Ok(command) => at.shop.command(id, command, Maker::Customer).await.map(|_| None),
            Err(problem) => return Err(problem.into()),
        }
    };
    let said = said.unwrap_or_else(|problem| Some(problem.code.as_str()));
    let query = [("lang", asked.language().map(Language::tag)), ("said", said)];
    let query: Vec<_> =
        query.iter().filter_map(|(name, value)| Some(format!("{name}={}", (*value)?))).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    Ok(Redirect::to(&format!("/v/{}{query}", at.text)))
}

/// The wish to have erased what one has said of oneself.
const ERASE: &str = "erase";

/// A form that names no tap is one of its own.
fn new_id() -> CommandId {
    let id = HEXLOWER.encode(&links::random::<16>());
    CommandId::new(&id).expect("hexadecimal digits are an id")
}

/// `GET /v/{link}/app.webmanifest`: how the page is put on a phone's home screen.
pub(super) async fn manifest(State(app): State<App>, at: AtVisit) -> Result<Response, Refusal> {
    let snapshot = snapshot(&app, &at.shop, at.link.visit).await?;
    let OwnView::Visit(visit) = snapshot.view;
    let address = format!("/v/{}", at.text);
    let manifest = json!({
        "id": address,
        "name": visit.shop_name,
        "short_name": visit.shop_name,
        "start_url": address,
        "scope": "/v/",
        "display": "standalone",
        "background_color": "#faf8f5",
        "theme_color": "#0b6557",
        "icons": [
            { "src": "/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any" },
            { "src": "/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "maskable" },
        ],
    });
    let headers = [
        (header::CONTENT_TYPE, "application/manifest+json"),
        (header::CACHE_CONTROL, "private, no-cache"),
    ];
    Ok((headers, manifest.to_string()).into_response())
}

/// `GET /sw.js`: what keeps the page for when it is offline.
pub(super) async fn worker() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        // It asks for our own pages and runs nothing else.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; connect-src 'self'"),
    ];
    (headers, WORKER).into_response()
}

/// `GET /icon.svg`.
pub(super) async fn icon() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, ICON).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_not_read_as_a_place_to_fill() {
        let value = |name: &str| if name == "a" { "{{b}}".to_owned() } else { "B".to_owned() };
        assert_eq!(fill("x{{a}}y{{b}}z", value), "x{{b}}yBz");
        assert_eq!(fill("no end {{a", value), "no end a");
    }

    #[test]
    fn clocks_are_read_in_the_shops_zone() {
        let at = Timestamp(Reading::new(2026, 7, 1, 22, 30).0);
        let zone: Tz = "Europe/Budapest".parse().expect("a zone");
        assert_eq!(reading(zone, at), Reading::new(2026, 7, 2, 0, 30));
    }
}
