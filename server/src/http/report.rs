//! The owner's figures: how promises were kept, as JSON, as a table, as a letter, and how they
//! would have been.
//!
//! For the owner, and for programs whose key reaches so far; who serves is told apart for the owner
//! in person alone. Days are local ones, `from=2026-06-01&to=2026-06-30`, both included, and open
//! where nothing is said. What cannot be read is `malformed_message`; while another report of the
//! shop is made for long, `busy`.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use sooner_shared::report::{Report, Week, WhatIf};
use sooner_shared::words::{Language, Locale};
use sooner_shared::{Problem, ProblemCode};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use super::asker::AtShop;
use super::problem::Refusal;
use crate::app::App;
use crate::report::{Days, KEEPS, Names, Past, ReportError};

/// Programs for tables take a file for UTF-8 only with this before it.
const UTF_8: &str = "\u{feff}";

/// What stands behind the `?` of an address, undecoded: days, weeks, shares and tags are plain.
pub(super) struct Asked(BTreeMap<String, String>);

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let fields = parts.uri.query().unwrap_or_default().split('&');
        let pair = |field: &str| {
            let (name, value) = field.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        };
        Ok(Self(fields.filter_map(pair).collect()))
    }
}

impl Asked {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A value that is read, or refused.
    fn read<T>(&self, name: &str) -> Result<Option<T>, Problem>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        let read = |value: &str| {
            value.parse().map_err(|error: T::Err| malformed(&format!("{name}: {error}")))
        };
        self.get(name).map(read).transpose()
    }

    fn days(&self) -> Result<Days, Problem> {
        Ok(Days { from: self.read("from")?, to: self.read("to")? })
    }
}

fn malformed(what: &str) -> Problem {
    Problem::new(ProblemCode::MalformedMessage).with_detail(what)
}

/// `GET /api/shops/{shop}/report`: the figures of the days that are asked about.
pub(super) async fn show(
    State(app): State<App>,
    at: AtShop,
    asked: Asked,
) -> Result<(HeaderMap, Json<Report>), Refusal> {
    at.who.may_read_report()?;
    let days = asked.days()?;
    let names = names(&at).await?;
    let report = count(&app, &at, days, move |past| past.report(names.as_ref())).await?;
    Ok((private(), Json(report)))
}

/// `GET /api/shops/{shop}/report.csv`: one line for each promise that was made on these days.
pub(super) async fn table(
    State(app): State<App>,
    at: AtShop,
    asked: Asked,
) -> Result<Response, Refusal> {
    at.who.may_read_report()?;
    let days = asked.days()?;
    let names = names(&at).await?;
    let make = move |past: &Past<'_>| {
        let (from, to) = past.report_days();
        let mut file = UTF_8.as_bytes().to_vec();
        file.extend(past.csv(names.as_ref()));
        (file, format!("attachment; filename=\"{}-{from}-{to}.csv\"", past.shop()))
    };
    let (file, disposition) = count(&app, &at, days, make).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, &disposition),
    ];
    Ok((headers, file).into_response())
}

/// `GET /api/shops/{shop}/letter`: five lines on the last finished week, or on `week=2026-W23`, in
/// `lang=hu`, else the shop's language, else the browser's. With `as=json` its figures.
pub(super) async fn letter(
    State(app): State<App>,
    at: AtShop,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    at.who.may_read_report()?;
    let week: Option<Week> = asked.read("week")?;
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let wished = asked.get("lang").and_then(Language::from_tag);
    let accepted = accepted.and_then(|header| Some(Locale::accepted(header)?.language));
    let now = app.clock.now();
    let make = move |past: &Past<'_>| {
        let language = wished.or_else(|| past.language()).or(accepted).unwrap_or(Language::En);
        (past.letter(week.unwrap_or_else(|| past.week_before(now))), past.words(language))
    };
    let (letter, words) = count(&app, &at, Days::default(), make).await?;
    if asked.get("as") == Some("json") {
        return Ok((private(), Json(letter)).into_response());
    }
    let mut headers = private();
    let plain = header::HeaderValue::from_static("text/plain; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, plain);
    Ok((headers, letter.text(words)).into_response())
}

/// `GET /api/shops/{shop}/what-if`: the same days with `keep=0.90`, from 0.5 to 0.99.
pub(super) async fn what_if(
    State(app): State<App>,
    at: AtShop,
    asked: Asked,
) -> Result<(HeaderMap, Json<WhatIf>), Refusal> {
    at.who.may_read_report()?;
    let days = asked.days()?;
    let keep: f64 = asked.read("keep")?.ok_or_else(|| malformed("keep is missing"))?;
    let permille = (keep * 1e3).round();
    if !(f64::from(*KEEPS.start())..=f64::from(*KEEPS.end())).contains(&permille) {
        return Err(malformed("keep: a share from 0.5 to 0.99").into());
    }
    let what_if = count(&app, &at, days, move |past| past.what_if(permille as u16)).await?;
    Ok((private(), Json(what_if)))
}

/// The names of who serves, for the owner in person.
async fn names(at: &AtShop) -> Result<Option<Names>, Problem> {
    if at.who.must_be_owner().is_err() {
        return Ok(None);
    }
    Ok(Some(at.shop.set_up().await?.staff_names().iter().cloned().collect()))
}

/// Nobody on the way keeps what is for the owner.
fn private() -> HeaderMap {
    let no_store = header::HeaderValue::from_static("no-store");
    HeaderMap::from_iter([(header::CACHE_CONTROL, no_store)])
}

/// Goes through the shop's log, beside the threads that serve: a log of years takes seconds.
async fn count<T: Send + 'static>(
    app: &App,
    at: &AtShop,
    days: Days,
    make: impl FnOnce(&Past<'_>) -> T + Send + 'static,
) -> Result<T, Problem> {
    let id = at.shop.id().clone();
    let turn = app.turns.take(&id).await?;
    let (shops, runtime) = (app.shops.clone(), Handle::current());
    let counted = spawn_blocking(move || {
        // Held here: who asked may have gone, and the work goes on.
        let _turn = turn;
        let log = runtime.block_on(shops.log(&id))?;
        Ok(make(&Past::new(&id, &log, days)?))
    });
    let counted = counted.await.map_err(|_| Problem::from(ProblemCode::ShopUnavailable))?;
    counted.map_err(|error: ReportError| match error {
        ReportError::NoDays { .. } => malformed(&error.to_string()),
        error => {
            tracing::error!(shop = %at.shop.id(), %error, "no report can be made");
            ProblemCode::ShopUnavailable.into()
        }
    })
}
