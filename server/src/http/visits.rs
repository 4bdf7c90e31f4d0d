//! One visit, to the person whose it is.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use sooner_shared::command::VisitRequest;
use sooner_shared::{Command, Maker, Problem, ProblemCode, Receipt};

use super::asker::AtVisit;
use super::body::Body;
use super::part::Part;
use super::problem::Refusal;
use super::{qr, shops};
use crate::app::App;
use crate::shops::Audience;

/// `GET /api/visits/{link}`: what the phone shows.
pub(super) async fn show(at: AtVisit) -> Result<Response, Refusal> {
    shops::frame(&at.shop, Audience::Visit(at.link.visit)).await
}

/// `POST /api/visits/{link}/{wish}`: what a person does about their own visit: `leave`, `check-in`,
/// `let-pass`, `running-late` (with `ms`), `confirm`, `approve`, `ask` (with `text`), `acknowledge`
/// (with `no`), `choose` (with `choice`), `come-earlier`, `keep-time`.
pub(super) async fn act(
    State(app): State<App>,
    at: AtVisit,
    Part((_, wish)): Part<(String, String)>,
    Body(request): Body<VisitRequest>,
) -> Result<Json<Receipt>, Refusal> {
    let visit = at.link.visit;
    at.count(&app)?;
    let missing = |what: &str| {
        Problem::new(ProblemCode::MalformedMessage).with_detail(format!("{what} is missing"))
    };
    let command = match wish.as_str() {
        "leave" => Command::Leave { visit },
        "check-in" => Command::CheckIn { visit },
        "let-pass" => Command::LetPass { visit },
        "running-late" => Command::RunLate { visit, ms: request.ms.ok_or(missing("ms"))? },
        "confirm" => Command::Confirm { visit },
        "approve" => Command::Approve { visit },
        "acknowledge" => Command::Acknowledge { visit, no: request.no.ok_or(missing("no"))? },
        "choose" => Command::Choose { visit, choice: request.choice.ok_or(missing("choice"))? },
        "come-earlier" => Command::AnswerInvitation { visit, comes: true },
        "keep-time" => Command::AnswerInvitation { visit, comes: false },
        "ask" => Command::Ask { visit, text: request.text.ok_or(missing("text"))? },
        _ => return Err(ProblemCode::NotFound.into()),
    };
    Ok(Json(at.shop.command(request.id, command, Maker::Customer).await?))
}

/// `GET /api/visits/{link}/qr.svg`: the private link, for somebody else's camera.
pub(super) async fn qr(
    State(app): State<App>,
    at: AtVisit,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let origin = qr::origin(&app, &headers, at.client.is_https);
    Ok(qr::svg(&format!("{origin}/v/{}", at.text)))
}
