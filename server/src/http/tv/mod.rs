//! The wall for old TVs: a page without the program of the other pages, made here and read by what
//! browsers could do in 2014 (Chromium 38, which webOS 3 has).
//!
//! The page is a frame around one block, the board; its script asks for the block every five
//! seconds and keeps the last one while nobody answers. What stands on it is chosen by the same
//! code as on the wall. Deliberately absent: sound, motion, the choice of a language (`?lang=`, or
//! what the TV wants).

mod board;
mod html;
#[cfg(test)]
mod lint;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Router, middleware};
use sha2::{Digest, Sha256};
use sooner_shared::screen::zone_time::DAY_MS;
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Board, LobbyCard, View};
use sooner_shared::wire::Snapshot;
use sooner_shared::words::{Formality, Locale, Voice, Words};
use sooner_shared::{ProblemCode, ShopId, Timestamp};

use super::asker::AtShop;
use super::language::{self, Asked};
use super::part::Part;
use super::phone::reading;
use super::problem::Refusal;
use super::{guard, problem, qr};
use crate::app::App;
use crate::shops::{Audience, ShopHandle};
use html::Html;

const SCRIPT: &str = include_str!("screen.js");
const STYLE: &str = include_str!("screen.css");

/// The hour of the night at which the page is loaded anew, after midnight in the shop's zone.
const NIGHT_MS: i64 = 4 * 60 * MINUTE_MS;

/// Files change with the build, which is part of their address.
const FOR_A_YEAR: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// What the block shows changes; what the code leads to does not, for hours.
const FOR_AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// What these pages may load and run: files and pictures of ours, nothing that stands in them.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
);

/// The addresses of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{shop}/tv", get(page))
        .route("/{shop}/tv/board", get(block))
        .route("/{shop}/tv/qr.svg", get(code))
        .route("/{shop}/tv/screen.js", get(script))
        .route("/{shop}/tv/screen.css", get(style))
}

/// Only these pages, for a port of its own in plain text: old TVs do not know the authorities that
/// sign certificates today. A person's words are never asked for there, and nothing is changed.
pub fn alone(app: App) -> Router {
    routes()
        .route("/", get(front_door))
        .route("/{shop}", get(to_the_page))
        .method_not_allowed_fallback(problem::method_not_allowed)
        .fallback(nothing_else)
        .layer(middleware::from_fn_with_state(app.clone(), guard::guard))
        .with_state(app)
}

async fn nothing_else() -> Refusal {
    ProblemCode::NotFound.into()
}

/// `/`: the one shop there is, so that little has to be typed with the keys of a TV.
async fn front_door(State(app): State<App>) -> Response {
    match &app.shops.ids()[..] {
        [shop] => Redirect::temporary(&format!("/{shop}/tv")).into_response(),
        _ => Refusal::from(ProblemCode::NotFound).into_response(),
    }
}

async fn to_the_page(State(app): State<App>, Part(shop): Part) -> Result<Redirect, Refusal> {
    let shop = app.shop(&shop)?;
    Ok(Redirect::temporary(&format!("/{}/tv", shop.id())))
}

/// `GET /{shop}/tv`.
async fn page(
    State(app): State<App>,
    at: AtShop,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let wall = Wall::of(&app, &at.shop).await?;
    let locale = language::locale(&asked, &headers);
    let words = wall.words(locale);
    let join = join_address(&app, &at, &headers);
    let block = wall.block(locale, &join, &app.build);
    // A tag that no file belongs to is not handed on.
    let lang = asked.lang.as_deref().filter(|_| asked.language().is_some());
    let mut html = Html::default();
    html.raw("<!doctype html>\n<html lang=\"")
        .text(locale.language.tag())
        .raw("\" dir=\"")
        .raw(words.direction().as_str())
        .raw("\" data-accent=\"")
        .raw(wall.board.head.accent.name())
        .raw("\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
        .text(&wall.board.head.name)
        .raw("</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n")
        .raw("<meta name=\"robots\" content=\"noindex\">\n")
        .raw("<link rel=\"icon\" href=\"data:,\">\n")
        .raw("<link rel=\"stylesheet\" href=\"")
        .text(&file(at.shop.id(), "screen.css", STYLE))
        .raw("\">\n<noscript><meta http-equiv=\"refresh\" content=\"15\"></noscript>\n")
        .raw("</head>\n<body>\n<main id=\"page\" class=\"page\" data-testid=\"page\" ")
        .raw("data-page=\"tv\" data-state=\"live\" data-board=\"/")
        .text(at.shop.id().as_str())
        .raw("/tv/board?lang=")
        .text(lang.unwrap_or_default())
        .raw("\">\n<div id=\"board\">")
        .piece(&block)
        .raw("</div>\n<p id=\"band\" class=\"band\" data-testid=\"stale\"></p>\n</main>\n")
        .raw("<script src=\"")
        .text(&file(at.shop.id(), "screen.js", SCRIPT))
        .raw("\"></script>\n</body>\n</html>\n");
    Ok(document(html.into_text()))
}

/// `GET /{shop}/tv/board`: the block that the page replaces.
async fn block(
    State(app): State<App>,
    at: AtShop,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let wall = Wall::of(&app, &at.shop).await?;
    let join = join_address(&app, &at, &headers);
    Ok(document(wall.block(language::locale(&asked, &headers), &join, &app.build).into_text()))
}

/// `GET /{shop}/tv/qr.svg`: the code that opens the join page.
async fn code(State(app): State<App>, at: AtShop, headers: HeaderMap) -> Response {
    let mut response = qr::svg(&format!("{}?here", join_address(&app, &at, &headers)));
    response.headers_mut().insert(header::CACHE_CONTROL, FOR_AN_HOUR);
    response
}

async fn script() -> Response {
    as_file("text/javascript; charset=utf-8", SCRIPT)
}

async fn style() -> Response {
    as_file("text/css; charset=utf-8", STYLE)
}

fn as_file(kind: &'static str, text: &'static str) -> Response {
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            (header::CACHE_CONTROL, FOR_A_YEAR),
        ],
        text,
    )
        .into_response()
}

/// The address of a file, which is another one when the file is.
fn file(shop: &ShopId, name: &str, content: &str) -> String {
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(content)[..8]);
    format!("/{shop}/tv/{name}?{hash}")
}

fn document(text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    ];
    (headers, text).into_response()
}

fn join_address(app: &App, at: &AtShop, headers: &HeaderMap) -> String {
    let origin = qr::origin(app, headers, at.client.is_https);
    format!("{origin}/{}/join", at.shop.id())
}

/// What the wall shows at this moment.
struct Wall {
    board: Board<LobbyCard>,
    now: Timestamp,
    shop: ShopId,
}

impl Wall {
    async fn of(app: &App, shop: &ShopHandle) -> Result<Self, Refusal> {
        // Nobody vouches for a shop that cannot write: the TV says since when it has heard nothing.
        if !shop.can_write() {
            return Err(ProblemCode::StoreUnavailable.into());
        }
        let frames = shop.watch(Audience::Lobby).await?;
        let body = frames.borrow().body();
        match serde_json::from_slice::<Snapshot>(&body) {
            Ok(Snapshot { view: View::Lobby(board), .. }) => {
                Ok(Self { board, now: app.clock.now(), shop: shop.id().clone() })
            }
            _ => Err(ProblemCode::ShopUnavailable.into()),
        }
    }

    fn words(&self, locale: Locale) -> &'static Words {
        Words::addressing(locale.language, Formality::of(self.board.head.informal))
    }

    fn block(&self, locale: Locale, join: &str, build: &str) -> Html {
        let zone = self.board.head.zone.parse().unwrap_or(chrono_tz::UTC);
        let read = |at| reading(zone, at);
        let now = read(self.now);
        let voice =
            Voice { words: self.words(locale), locale, zone: &read, today: Some(now.day()) };
        // Once a night the page is loaded anew, and when there is another one or the shop another colour.
        let night = (now.0 - NIGHT_MS).div_euclid(DAY_MS);
        let accent = self.board.head.accent.name();
        let version = format!("{build}-{}-{night}-{accent}", env!("CARGO_PKG_VERSION"));
        let frame = board::Frame { shop: &self.shop, join, version: &version };
        board::write(&self.board, &voice, self.now, &frame)
    }
}
