//! Passwords and PINs: which are taken, and their hashes (argon2id), made off the threads that
//! serve.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use sooner_shared::access::{PASSWORD_CHARS, PIN_DIGITS};
use sooner_shared::{Problem, ProblemCode};
use tokio::sync::Semaphore;

/// Hashes made at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

/// Those of the most used passwords that are long enough, from the frequency lists of zxcvbn (MIT).
static GUESSED_FIRST: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| include_str!("guessed_first.txt").lines().collect());

static ROOM: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(AT_ONCE)));

/// Refuses what is too short, too long, or among the first that anybody tries.
pub(super) fn check_password(password: &str, shop_name: &str) -> Result<(), Problem> {
    let lower = password.to_lowercase();
    let letters: BTreeSet<_> = lower.chars().collect();
    let plain = |text: &str| -> String {
        text.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()
    };
    let is_shop = plain(shop_name).len() >= 4 && plain(&lower).starts_with(&plain(shop_name));
    let taken = PASSWORD_CHARS.contains(&password.chars().count())
        && letters.len() >= 4
        && !GUESSED_FIRST.contains(lower.as_str())
        && !is_shop;
    if taken { Ok(()) } else { Err(ProblemCode::WeakPassword.into()) }
}

/// Refuses what is no PIN, or the first that anybody tries: one digit only, or digits in a row.
pub(super) fn check_pin(pin: &str) -> Result<(), Problem> {
    let is_number = PIN_DIGITS.contains(&pin.len()) && pin.bytes().all(|b| b.is_ascii_digit());
    let steps: BTreeSet<_> =
        pin.as_bytes().windows(2).map(|w| i16::from(w[1]) - i16::from(w[0])).collect();
    let is_row = steps.len() == 1 && steps.iter().all(|step| step.abs() <= 1);
    if is_number && !is_row { Ok(()) } else { Err(ProblemCode::BadPin.into()) }
}

/// The hash of a password or a PIN, with its salt.
pub(super) async fn hash(secret: &str) -> String {
    let secret = secret.to_owned();
    beside(move || {
        let hash = Argon2::default().hash_password(secret.as_bytes());
        hash.expect("the parameters are sound and the system gives a salt").to_string()
    })
    .await
}

/// Whether a hash was made of this password or PIN.
pub(super) async fn fits(secret: &str, hash: &str) -> bool {
    let (secret, hash) = (secret.to_owned(), hash.to_owned());
    beside(move || {
        PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
    })
    .await
}

async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let _permit = ROOM.acquire().await.expect("the semaphore is never closed");
    tokio::task::spawn_blocking(work).await.expect("hashing does not panic")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_not_what_anybody_tries_first() {
        for good in
            ["correct horse battery", "Zwiebel-7-Fisch", "ножницы и фен", "日本語のパスワード長い"]
        {
            assert!(check_password(good, "Corner Salon").is_ok(), "{good}");
        }
        let long = "ab1!".repeat(40);
        for bad in
            ["", "short", "aaaaaaaaaaaa", "1234567890", "Password123", "cornersalon2026", &long]
        {
            let problem = check_password(bad, "Corner Salon").expect_err(bad);
            assert_eq!(problem.code, ProblemCode::WeakPassword);
        }
        assert!(GUESSED_FIRST.len() > 100, "{}", GUESSED_FIRST.len());
        assert!(GUESSED_FIRST.iter().all(|p| p.chars().count() >= *PASSWORD_CHARS.start()));
    }

    #[test]
    fn a_pin_is_four_to_eight_digits_and_no_row() {
        for good in ["2580", "1357", "90210", "31415926"] {
            assert!(check_pin(good).is_ok(), "{good}");
        }
        for bad in
            ["", "123", "1234", "4321", "0000", "12345678", "258", "25a0", "٢٥٨٠", "314159265"]
        {
            assert_eq!(check_pin(bad).expect_err(bad).code, ProblemCode::BadPin);
        }
    }

    #[tokio::test]
    async fn hashes_are_argon2id_each_with_its_own_salt() {
        let (first, second) = (hash("2580").await, hash("2580").await);
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
        assert_ne!(first, second);
        assert!(fits("2580", &first).await && fits("2580", &second).await);
        assert!(!fits("2581", &first).await);
        assert!(!fits("2580", "no hash").await);
    }
}
