//! Random tokens, of which only hashes are kept, and the codes that people read.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sooner_shared::access::CODE_CHARS;

use crate::links::random;

/// Letters and digits that nobody takes for another one.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// SHA-256 of a token. A token has 128 random bits, so that it needs no slow hash, and comparing
/// hashes tells nothing about it, however long that takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Hash([u8; 32]);

impl Hash {
    /// Of a token.
    #[must_use]
    pub(super) fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        HEXLOWER.encode(&hash.0)
    }
}

impl TryFrom<String> for Hash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| "not hexadecimal")?;
        bytes.try_into().map(Self).map_err(|_| "not 32 bytes")
    }
}

/// A fresh token, 128 bits from the system, and what is kept of it.
#[must_use]
pub(super) fn token() -> (String, Hash) {
    let token = BASE64URL_NOPAD.encode(&random::<16>());
    let hash = Hash::of(&token);
    (token, hash)
}

/// A code to be printed: 130 bits in groups of letters that are told apart.
#[must_use]
pub(super) fn printed_code() -> String {
    let letters = letters::<26>();
    let groups: Vec<_> = letters.chunks(5).map(|g| String::from_utf8_lossy(g)).collect();
    groups.join("-")
}

/// A short code for a screen, which opens nothing until the owner confirms it.
#[must_use]
pub(super) fn screen_code() -> String {
    String::from_utf8_lossy(&letters::<CODE_CHARS>()).into_owned()
}

/// A code as it was meant: people write small letters, spaces and hyphens.
#[must_use]
pub(super) fn as_meant(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

fn letters<const N: usize>() -> [u8; N] {
    // 256 is a multiple of 32, so that every letter is as likely as the others.
    random::<N>().map(|byte| LETTERS[usize::from(byte) % LETTERS.len()])
}

/// What is kept of a printed code.
#[must_use]
pub(super) fn hash_of_code(code: &str) -> Hash {
    Hash::of(&as_meant(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_written() {
        let code = printed_code();
        assert_eq!(code.len(), 26 + 5);
        let untidy = format!(" {} ", code.to_lowercase().replace('-', " "));
        assert_eq!(hash_of_code(&untidy), hash_of_code(&code));
        assert_ne!(hash_of_code(&printed_code()), hash_of_code(&code));
        assert_eq!(as_meant(&code), code.replace('-', ""), "no letter is changed");
    }

    #[test]
    fn tokens_have_128_bits_and_a_hash_survives_the_store() {
        let (token, hash) = super::token();
        assert_eq!(BASE64URL_NOPAD.decode(token.as_bytes()).expect("base64").len(), 16);
        let stored = serde_json::to_string(&hash).expect("json");
        assert_eq!(serde_json::from_str::<Hash>(&stored).expect("reads"), Hash::of(&token));
        assert!(!stored.contains(&token));
        for bad in [r#""""#, r#""zz""#, r#""aabb""#] {
            assert!(serde_json::from_str::<Hash>(bad).is_err(), "{bad}");
        }
    }
}
