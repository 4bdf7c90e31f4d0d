//! Being let in: the owner, paired screens, PINs, keys of programs.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sooner_shared::access::{
    AccessView, Claim, Claimed, Confirm, DeviceId, DeviceKind, FirstRun, KeyId, MadeKey, Me,
    MyDevice, NewKey, NewPassword, NewPin, Pairing, PairingRequest, Person, PinIn, ReachTried,
    ReachTry, SignIn,
};
use sooner_shared::{Problem, ProblemCode, StaffId};

use super::asker::{AtShop, Cookie};
use super::body::Body;
use super::part::Part;
use super::problem::Refusal;
use super::qr;
use crate::access::Kept;
use crate::app::App;
use crate::limits::What;

/// `GET /api/shops/{shop}/me`: what this browser is to the shop.
pub(super) async fn me(at: AtShop) -> Result<Json<Me>, Refusal> {
    let access = at.shop.access();
    let set_up = at.shop.set_up().await?;
    let device = at.who.device.map(|(id, kind)| MyDevice { id, kind, label: access.label(id) });
    let is_tablet = at.who.device.is_some_and(|(_, kind)| kind == DeviceKind::Tablet);
    let person = |(staff, name): &(StaffId, String)| Person {
        staff: *staff,
        name: name.clone(),
        has_pin: access.has_pin(*staff),
        signed_in: at.who.people.contains(staff),
    };
    // Who works here is for who works here.
    let people = if is_tablet || at.who.is_owner { set_up.staff_names() } else { &[] };
    Ok(Json(Me {
        shop_name: set_up.name().to_owned(),
        zone: set_up.zone().to_owned(),
        has_owner: access.has_owner(),
        is_owner: at.who.is_owner,
        may_desk: at.desk().is_ok(),
        device,
        people: people.iter().map(person).collect(),
    }))
}

/// `POST /api/shops/{shop}/owner`: the first run makes the owner, signed in.
pub(super) async fn make_owner(
    State(app): State<App>,
    at: AtShop,
    Body(asked): Body<FirstRun>,
) -> Result<Response, Refusal> {
    at.count(&app, What::SignIn)?;
    let name = at.shop.set_up().await?.name().to_owned();
    let access = at.shop.access();
    let made = access.make_owner(&asked.code, &asked.password, &name, device(&at)).await?;
    Ok(signed_in(&at, &made.1, &made.0))
}

/// `POST /api/shops/{shop}/login`: the owner signs in.
pub(super) async fn log_in(
    State(app): State<App>,
    at: AtShop,
    Body(asked): Body<SignIn>,
) -> Result<Response, Refusal> {
    at.count(&app, What::SignIn)?;
    let kept = at.shop.access().log_in(&asked.password, device(&at)).await?;
    Ok(signed_in(&at, &kept, &serde_json::json!({})))
}

/// `POST /api/shops/{shop}/logout`: the owner signs out.
pub(super) async fn log_out(at: AtShop) -> Result<Response, Refusal> {
    at.owner()?;
    if let Some(device) = device(&at) {
        at.shop.access().log_out(device).await?;
    }
    let cookie = Cookie::Login.set(at.shop.id(), at.client.is_https, None);
    Ok(([(header::SET_COOKIE, cookie)], StatusCode::NO_CONTENT).into_response())
}

/// `POST /api/shops/{shop}/password`: another password, for the one before or the printed code.
pub(super) async fn set_password(
    State(app): State<App>,
    at: AtShop,
    Body(asked): Body<NewPassword>,
) -> Result<Response, Refusal> {
    at.count(&app, What::SignIn)?;
    let name = at.shop.set_up().await?.name().to_owned();
    let (recovery, kept) = at.shop.access().set_password(&asked, &name, device(&at)).await?;
    Ok(signed_in(&at, &kept, &recovery))
}

/// `POST /api/shops/{shop}/pairings`: a screen asks to be paired.
pub(super) async fn begin_pairing(
    State(app): State<App>,
    at: AtShop,
    Body(asked): Body<PairingRequest>,
) -> Result<(StatusCode, Json<Pairing>), Refusal> {
    at.count(&app, What::SignIn)?;
    Ok((StatusCode::CREATED, Json(at.shop.access().begin_pairing(asked.kind)?)))
}

/// `POST /api/shops/{shop}/pairings/claim`: the screen asks whether it is.
pub(super) async fn claim_pairing(
    at: AtShop,
    Body(asked): Body<Claim>,
) -> Result<Response, Refusal> {
    let claimed = at.shop.access().claim_pairing(&asked.secret).await?;
    let kind = claimed.as_ref().map(|(kind, _)| *kind);
    let mut response = Json(Claimed { kind }).into_response();
    if let Some((_, token)) = claimed {
        let cookie = Cookie::Device.set(at.shop.id(), at.client.is_https, Some(&token));
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `POST /api/shops/{shop}/pairings/confirm`: the owner confirms a screen's code.
pub(super) async fn confirm_pairing(
    at: AtShop,
    Body(asked): Body<Confirm>,
) -> Result<StatusCode, Refusal> {
    let by = at.owner()?;
    at.shop.access().confirm_pairing(&asked.code, asked.kind, &asked.label, by)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/shops/{shop}/access`: all of it, to the owner.
pub(super) async fn show(
    State(app): State<App>,
    at: AtShop,
    headers: HeaderMap,
) -> Result<Json<AccessView>, Refusal> {
    at.owner()?;
    let address = qr::origin(&app, &headers, at.client.is_https);
    Ok(Json(at.shop.access().view(device(&at), address).await?))
}

/// `DELETE /api/shops/{shop}/devices/{id}`: a screen is no longer known.
pub(super) async fn revoke_device(
    at: AtShop,
    Part((_, id)): Part<(String, u32)>,
) -> Result<StatusCode, Refusal> {
    let by = at.owner()?;
    at.shop.access().revoke_device(DeviceId(id), by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/shops/{shop}/keys`: a key for a program.
pub(super) async fn make_key(
    at: AtShop,
    Body(asked): Body<NewKey>,
) -> Result<(StatusCode, Json<MadeKey>), Refusal> {
    let by = at.owner()?;
    let made = at.shop.access().make_key(&asked.label, asked.scopes, by).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// `DELETE /api/shops/{shop}/keys/{id}`: a key opens nothing any more.
pub(super) async fn revoke_key(
    at: AtShop,
    Part((_, id)): Part<(String, u32)>,
) -> Result<StatusCode, Refusal> {
    let by = at.owner()?;
    at.shop.access().revoke_key(KeyId(id), by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /api/shops/{shop}/pins/{staff}`: a person gets a PIN, or has none.
pub(super) async fn set_pin(
    at: AtShop,
    Part((_, staff)): Part<(String, u16)>,
    Body(asked): Body<NewPin>,
) -> Result<StatusCode, Refusal> {
    let by = at.owner()?;
    let staff = StaffId(staff);
    must_work_here(&at, staff).await?;
    at.shop.access().set_pin(staff, asked.pin.as_deref(), by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/shops/{shop}/shift`: somebody signs in at a paired tablet.
pub(super) async fn begin_shift(
    State(app): State<App>,
    at: AtShop,
    Body(asked): Body<PinIn>,
) -> Result<Response, Refusal> {
    // A PIN is short: it counts where the shop's own tablets are, and nowhere else.
    let device = tablet(&at)?;
    at.count(&app, What::SignIn)?;
    let token = at.shop.access().begin_shift(device, asked.staff, &asked.pin).await?;
    let cookie = Cookie::Shift.set(at.shop.id(), at.client.is_https, Some(&token));
    Ok(([(header::SET_COOKIE, cookie)], StatusCode::NO_CONTENT).into_response())
}

/// `DELETE /api/shops/{shop}/shift`: the tablet is locked.
pub(super) async fn end_shift(at: AtShop) -> Result<Response, Refusal> {
    let device = tablet(&at)?;
    at.desk()?;
    at.shop.access().lock_tablet(device, at.who.maker(None)?).await?;
    let cookie = Cookie::Shift.set(at.shop.id(), at.client.is_https, None);
    Ok(([(header::SET_COOKIE, cookie)], StatusCode::NO_CONTENT).into_response())
}

/// `POST /api/shops/{shop}/reach`: the owner tries whether a phone off the Wi-Fi reaches the shop.
pub(super) async fn begin_reach(
    State(app): State<App>,
    at: AtShop,
    headers: HeaderMap,
) -> Result<(StatusCode, Json<ReachTry>), Refusal> {
    at.owner()?;
    let secret = at.shop.access().begin_reach_try(at.client.address);
    let address = reach_address(&app, &at, &headers, &secret);
    Ok((StatusCode::CREATED, Json(ReachTry { secret, address })))
}

/// `GET /api/shops/{shop}/reach`: whether a phone came.
pub(super) async fn reach(at: AtShop) -> Result<Json<ReachTried>, Refusal> {
    at.owner()?;
    Ok(Json(at.shop.access().reach_tried()))
}

/// `POST /api/shops/{shop}/reach/{secret}`: a phone came.
pub(super) async fn came(
    State(app): State<App>,
    at: AtShop,
    Part((_, secret)): Part<(String, String)>,
) -> Result<StatusCode, Refusal> {
    at.count(&app, What::SignIn)?;
    at.shop.access().phone_came(&secret, at.client.address)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/shops/{shop}/reach/{secret}/qr.svg`: what the phone is to open, for its camera.
pub(super) async fn reach_qr(
    State(app): State<App>,
    at: AtShop,
    Part((_, secret)): Part<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    at.owner()?;
    Ok(qr::svg(&reach_address(&app, &at, &headers, &secret)))
}

fn reach_address(app: &App, at: &AtShop, headers: &HeaderMap, secret: &str) -> String {
    let origin = qr::origin(app, headers, at.client.is_https);
    format!("{origin}/{}/reach#try={secret}", at.shop.id())
}

fn device(at: &AtShop) -> Option<DeviceId> {
    at.who.device.map(|(id, _)| id)
}

fn tablet(at: &AtShop) -> Result<DeviceId, Problem> {
    match at.who.device {
        Some((id, DeviceKind::Tablet)) => Ok(id),
        _ => Err(ProblemCode::NotPaired.into()),
    }
}

async fn must_work_here(at: &AtShop, staff: StaffId) -> Result<(), Problem> {
    let set_up = at.shop.set_up().await?;
    if set_up.staff_names().iter().any(|(id, _)| *id == staff) {
        Ok(())
    } else {
        Err(ProblemCode::UnknownStaff.into())
    }
}

/// An answer, and what the browser is to keep.
fn signed_in(at: &AtShop, kept: &Kept, answer: &impl serde::Serialize) -> Response {
    let (shop, is_https) = (at.shop.id(), at.client.is_https);
    let mut response = Json(answer).into_response();
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, Cookie::Login.set(shop, is_https, Some(&kept.login)));
    if let Some(device) = &kept.device {
        headers.append(header::SET_COOKIE, Cookie::Device.set(shop, is_https, Some(device)));
    }
    response
}
