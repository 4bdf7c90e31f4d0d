//! The socket at `/api/live`.

mod session;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use sooner_shared::wire::CLIENT_MESSAGE_MAX_BYTES;
use sooner_shared::{Problem, ProblemCode};

use crate::app::App;
use crate::http::Refusal;
use crate::reach::Client;

/// Bytes read from a socket at once. The library's own 128 KiB for each would be most of the
/// memory of a server with many screens.
const READ_BUFFER_BYTES: usize = 4 * 1024;

/// Bytes that may wait to be written; a snapshot of a full shop fits several times.
const WRITE_BUFFER_MAX_BYTES: usize = 1024 * 1024;

/// Who opened a socket.
#[derive(Debug)]
struct Visitor {
    client: Client,
    /// Those that may let somebody in; which of them counts is known with the shop.
    headers: HeaderMap,
}

fn tokens(headers: &HeaderMap) -> HeaderMap {
    let mut kept = HeaderMap::new();
    for name in [header::COOKIE, header::AUTHORIZATION] {
        for value in headers.get_all(&name) {
            kept.append(name.clone(), value.clone());
        }
    }
    kept
}

/// `GET /api/live`: becomes a socket.
pub async fn upgrade(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => {
            let problem = Problem::new(ProblemCode::MalformedMessage);
            return Refusal(problem.with_detail(rejection.body_text())).into_response();
        }
    };
    let visitor = Visitor { client, headers: tokens(&headers) };
    upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER_MAX_BYTES)
        .max_message_size(CLIENT_MESSAGE_MAX_BYTES)
        .max_frame_size(CLIENT_MESSAGE_MAX_BYTES)
        .on_upgrade(|socket| {
            let tracker = app.tracker.clone();
            tracker.track_future(session::run(socket, app, visitor))
        })
}
