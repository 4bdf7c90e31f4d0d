//! Who asks: the shop or visit in the address, the tokens in cookies and headers, the connection.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use sooner_shared::access::DeviceKind;
use sooner_shared::{Maker, Problem, ProblemCode, ShopId};

use super::problem::Refusal;
use crate::access::{Credentials, Who};
use crate::app::App;
use crate::limits::{Asker, What};
use crate::links::VisitLink;
use crate::reach::Client;
use crate::shops::ShopHandle;

/// How long a browser is to keep what names it, in seconds: browsers keep nothing longer.
const DEVICE_KEPT_S: u32 = 400 * 86_400;
/// How long it is to keep who is signed in; the server says anyhow when that is over.
const LOGIN_KEPT_S: u32 = 14 * 3_600;

/// What a cookie names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The browser.
    Device,
    /// The owner, signed in.
    Login,
    /// The people signed in at a tablet.
    Shift,
}

impl Cookie {
    /// Its name. Under TLS one that no page of a neighbouring name, and no plain page, can set.
    fn name(self, shop: &ShopId, is_https: bool) -> String {
        let host = if is_https { "__Host-" } else { "" };
        let what = match self {
            Self::Device => "device",
            Self::Login => "login",
            Self::Shift => "shift",
        };
        format!("{host}sooner-{what}-{shop}")
    }

    /// A header that sets it, or takes it away.
    pub(super) fn set(self, shop: &ShopId, is_https: bool, token: Option<&str>) -> HeaderValue {
        let name = self.name(shop, is_https);
        let secure = if is_https { "; Secure" } else { "" };
        let kept = match (token, self) {
            (None, _) => 0,
            (_, Self::Device) => DEVICE_KEPT_S,
            _ => LOGIN_KEPT_S,
        };
        let token = token.unwrap_or_default();
        let text =
            format!("{name}={token}; Path=/; Max-Age={kept}; HttpOnly; SameSite=Strict{secure}");
        HeaderValue::try_from(text).expect("names of shops and tokens are plain characters")
    }
}

/// What a request brings to be let in to a shop.
#[must_use]
pub fn credentials(headers: &HeaderMap, shop: &ShopId, is_https: bool) -> Credentials {
    let cookies: BTreeMap<&str, &str> = headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .collect();
    let cookie = |which: Cookie| {
        let token = cookies.get(which.name(shop, is_https).as_str())?;
        Some((*token).to_owned())
    };
    Credentials {
        device: cookie(Cookie::Device),
        login: cookie(Cookie::Login),
        shift: cookie(Cookie::Shift),
        key: bearer(headers),
    }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim().to_owned())
}

/// A shop, and who asks it.
#[derive(Debug)]
pub(crate) struct AtShop {
    pub(crate) shop: ShopHandle,
    pub(crate) who: Who,
    pub(crate) client: Client,
}

impl AtShop {
    /// Lets the desk in.
    pub(super) fn desk(&self) -> Result<(), Problem> {
        self.who.may_desk()
    }

    /// Lets the owner in, and says as whom they are recorded.
    pub(super) fn owner(&self) -> Result<Maker, Problem> {
        self.who.must_be_owner()?;
        self.who.maker(None)
    }

    /// Counts something against whoever asks for it.
    pub(super) fn count(&self, app: &App, what: What) -> Result<(), Problem> {
        let asker = match (&self.who.program, self.who.device) {
            (Some((key, _)), _) => Asker::Program(self.shop.id().clone(), *key),
            (None, Some((device, DeviceKind::Kiosk | DeviceKind::Tablet))) => {
                Asker::Kiosk(self.shop.id().clone(), device)
            }
            _ => self.shop.access().asker(self.client.address),
        };
        app.tally.count(&app.limits, what, asker)
    }
}

impl FromRequestParts<App> for AtShop {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let shop = app.shop(&name_in(parts, app, "shop").await?)?;
        let client = asking(parts);
        let credentials = credentials(&parts.headers, shop.id(), client.is_https);
        let who = shop.access().who(&credentials, client.address).await;
        Ok(Self { shop, who, client })
    }
}

/// A visit, by its private link.
#[derive(Debug)]
pub(crate) struct AtVisit {
    pub(crate) shop: ShopHandle,
    pub(crate) link: VisitLink,
    /// As it was written.
    pub(crate) text: String,
    pub(crate) client: Client,
}

impl AtVisit {
    /// Counts something that is asked for the visit: some wishes forecast, and what is held is
    /// looked for in the whole log. Nobody needs that often.
    pub(super) fn count(&self, app: &App) -> Result<(), Problem> {
        let asker = Asker::Visit(self.shop.id().clone(), self.link.visit);
        app.tally.count(&app.limits, What::Wish, asker)
    }
}

impl FromRequestParts<App> for AtVisit {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let text = name_in(parts, app, "link").await?;
        let client = asking(parts);
        let (shop, link) = app.visit(&text, &client)?;
        Ok(Self { shop, link, text, client })
    }
}

/// Who asks, as the guard found out before any route.
fn asking(parts: &Parts) -> Client {
    *parts.extensions.get().expect("the guard stands before every route")
}

async fn name_in(parts: &mut Parts, app: &App, name: &str) -> Result<String, Refusal> {
    let names: Path<BTreeMap<String, String>> =
        Path::from_request_parts(parts, app).await.map_err(|_| ProblemCode::NotFound)?;
    let Path(mut names) = names;
    names.remove(name).ok_or_else(|| ProblemCode::NotFound.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop() -> ShopId {
        "salon".parse().expect("a name")
    }

    #[test]
    fn cookies_are_out_of_reach_of_pages_and_of_other_sites() {
        let text = |is_https, token| {
            let header = Cookie::Device.set(&shop(), is_https, token);
            header.to_str().expect("text").to_owned()
        };
        assert_eq!(
            text(true, Some("abc")),
            "__Host-sooner-device-salon=abc; Path=/; Max-Age=34560000; HttpOnly; SameSite=Strict; \
             Secure"
        );
        assert_eq!(
            text(false, Some("abc")),
            "sooner-device-salon=abc; Path=/; Max-Age=34560000; HttpOnly; SameSite=Strict"
        );
        assert!(text(true, None).starts_with("__Host-sooner-device-salon=; Path=/; Max-Age=0;"));
    }

    #[test]
    fn tokens_are_read_for_the_shop_that_is_asked_and_under_tls_only_from_safe_names() {
        let mut headers = HeaderMap::new();
        let cookies = "a=b; sooner-device-salon=d; sooner-device-other=x; sooner-login-salon=l";
        headers.insert(header::COOKIE, HeaderValue::from_static(cookies));
        headers.append(header::COOKIE, HeaderValue::from_static("sooner-shift-salon=s"));
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("bearer  k "));
        let found = credentials(&headers, &shop(), false);
        let some = |text: &str| Some(text.to_owned());
        let all =
            Credentials { device: some("d"), login: some("l"), shift: some("s"), key: some("k") };
        assert_eq!(found, all);
        let under_tls = credentials(&headers, &shop(), true);
        assert_eq!(under_tls, Credentials { key: some("k"), ..Credentials::default() });
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Basic a"));
        assert_eq!(credentials(&headers, &shop(), true), Credentials::default());
    }
}
