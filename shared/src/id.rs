//! Names of things, as newtypes, so that a visit cannot be taken for a person.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident($number:ty)) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $number);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
    };
}
pub(crate) use number_id;

number_id!(
    /// One person's (or one group's) stay in the line, counted from 1 in each shop.
    VisitId(u32)
);
number_id!(
    /// A service the shop offers.
    ServiceId(u16)
);
number_id!(
    /// A person who serves, with a chair, bench or room of their own.
    StaffId(u16)
);

impl VisitId {
    /// The short code for wall and slip when no name was given: a letter and two digits. Letters
    /// that look like digits are left out; it repeats after 2,376 visits.
    #[must_use]
    pub fn code(self) -> String {
        const LETTERS: &[u8; 24] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
        let n = self.0.saturating_sub(1);
        let letter = LETTERS[(n / 99) as usize % LETTERS.len()] as char;
        format!("{letter}{:02}", n % 99 + 1)
    }
}

/// A shop's short name: how it stands in addresses. Lower-case letters, digits and single hyphens,
/// 1 to 40 characters, no reserved word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ShopId(String);

/// Words that addresses of the server itself begin with.
pub const RESERVED_WORDS: [&str; 12] = [
    "api", "assets", "favicon", "healthz", "index", "livez", "metrics", "pages", "readyz",
    "robots", "static", "v",
];

/// Why a text is no shop name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadShopId {
    /// Not 1 to 40 characters of `a-z`, `0-9` and inner single hyphens.
    Malformed,
    /// One of [`RESERVED_WORDS`].
    Reserved,
}

impl fmt::Display for BadShopId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => {
                "a shop's short name has 1 to 40 lower-case letters, digits or single hyphens"
            }
            Self::Reserved => "this word is reserved for the server's own addresses",
        })
    }
}

impl std::error::Error for BadShopId {}

impl ShopId {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ShopId {
    type Err = BadShopId;

    fn from_str(text: &str) -> Result<Self, BadShopId> {
        let fits = (1..=40).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        if !fits {
            return Err(BadShopId::Malformed);
        }
        if RESERVED_WORDS.contains(&text) {
            return Err(BadShopId::Reserved);
        }
        Ok(Self(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for ShopId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for ShopId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_name_is_a_plain_word_that_is_not_reserved() {
        for good in ["salon", "a", "shop-2", "7"] {
            assert!(good.parse::<ShopId>().is_ok(), "{good}");
        }
        for bad in ["", "Salon", "a--b", "-a", "a-", "a/b", "é", "a b", &"x".repeat(41)] {
            assert_eq!(bad.parse::<ShopId>(), Err(BadShopId::Malformed), "{bad}");
        }
        assert_eq!("api".parse::<ShopId>(), Err(BadShopId::Reserved));
    }

    #[test]
    fn codes_of_neighbouring_visits_differ() {
        assert_eq!(VisitId(1).code(), "A01");
        assert_eq!(VisitId(99).code(), "A99");
        assert_eq!(VisitId(100).code(), "B01");
        assert_eq!(VisitId(2377).code(), "A01");
    }
}
