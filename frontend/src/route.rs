//! Which page an address means.

use sooner_shared::ShopId;

/// What is printed to hang up or to stand on a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// One to a page, to be read from afar.
    Poster,
    /// Two to a page.
    Door,
    /// Four to a page.
    Table,
}

impl Sheet {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Poster, Self::Door, Self::Table];

    /// As its address says it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Poster => "poster",
            Self::Door => "door",
            Self::Table => "table",
        }
    }

    /// How many are on a page.
    pub(crate) const fn on_a_page(self) -> usize {
        match self {
            Self::Poster => 1,
            Self::Door => 2,
            Self::Table => 4,
        }
    }
}

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
    /// `/{shop}/set-up`
    SetUp(ShopId),
    /// `/{shop}/print/…`
    Print(ShopId, Sheet),
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
            [name, "set-up"] => shop(name, Self::SetUp),
            [name, "print", what] => Sheet::ALL
                .into_iter()
                .find(|sheet| sheet.name() == *what)
                .and_then(|sheet| Some(Self::Print(name.parse().ok()?, sheet)))
                .unwrap_or(Self::Nowhere),
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
        assert_eq!(Route::of("/salon/set-up"), Route::SetUp(salon()));
        for sheet in Sheet::ALL {
            let path = format!("/salon/print/{}", sheet.name());
            assert_eq!(Route::of(&path), Route::Print(salon(), sheet));
        }
        assert_eq!(Route::of("/v/AbC-_1"), Route::Phone("AbC-_1".into()));
        for other in [
            "/",
            "/v",
            "/Salon",
            "/salon/other",
            "/salon/print",
            "/salon/print/x",
            "/v/a/b",
            "/v/a%2f",
            "/api",
        ] {
            assert_eq!(Route::of(other), Route::Nowhere, "{other}");
        }
    }
}
