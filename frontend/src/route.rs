//! Which page an address means.

use sooner_shared::ShopId;

/// A page, with what its address says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// `/{shop}`
    Lobby(ShopId),
    /// `/{shop}/desk`
    Desk(ShopId),
    /// `/{shop}/join`
    Join(ShopId),
    /// `/{shop}/owner`
    Owner(ShopId),
    /// `/{shop}/pair`
    Pair(ShopId),
    /// `/{shop}/reach`
    Reach(ShopId),
    /// `/{shop}/report`
    Report(ShopId),
    /// `/v/{link}`
    Phone(String),
    /// Anything else.
    Nowhere,
}

impl Route {
    /// The page of a path.
    pub(crate) fn of(path: &str) -> Self {
        let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
        let shop = |name: &str, page: fn(ShopId) -> Self| name.parse().map_or(Self::Nowhere, page);
        match parts.as_slice() {
            ["v", link] if is_link(link) => Self::Phone((*link).to_owned()),
            [name] => shop(name, Self::Lobby),
            [name, "desk"] => shop(name, Self::Desk),
            [name, "join"] => shop(name, Self::Join),
            [name, "owner"] => shop(name, Self::Owner),
            [name, "pair"] => shop(name, Self::Pair),
            [name, "reach"] => shop(name, Self::Reach),
            [name, "report"] => shop(name, Self::Report),
            _ => Self::Nowhere,
        }
    }
}

/// Links are put into other addresses as they are, so nothing that would need escaping passes.
fn is_link(text: &str) -> bool {
    text.len() <= 128 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_means_one_page() {
        let salon = || "salon".parse::<ShopId>().expect("a shop");
        assert_eq!(Route::of("/salon"), Route::Lobby(salon()));
        assert_eq!(Route::of("/salon/"), Route::Lobby(salon()));
        assert_eq!(Route::of("/salon/desk"), Route::Desk(salon()));
        assert_eq!(Route::of("/salon/join"), Route::Join(salon()));
        assert_eq!(Route::of("/salon/owner"), Route::Owner(salon()));
        assert_eq!(Route::of("/salon/pair"), Route::Pair(salon()));
        assert_eq!(Route::of("/salon/reach"), Route::Reach(salon()));
        assert_eq!(Route::of("/salon/report"), Route::Report(salon()));
        assert_eq!(Route::of("/v/AbC-_1"), Route::Phone("AbC-_1".into()));
        for other in ["/", "/v", "/Salon", "/salon/other", "/v/a/b", "/v/a%2f", "/api"] {
            assert_eq!(Route::of(other), Route::Nowhere, "{other}");
        }
    }
}
