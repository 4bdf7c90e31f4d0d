//! How a shop reaches somebody: a phone number or a mail address, in one field, as people write it.

/// Longest contact, in characters.
pub const CONTACT_MAX_CHARS: usize = 80;

/// Fewest digits of a phone number.
const DIGITS_MIN: usize = 5;

/// By what somebody is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// A phone: its digits, and the plus sign before them if there is one.
    Phone(String),
    /// A mailbox: its address.
    Mail(String),
}

impl Reach {
    /// Reads a contact as it was typed; `None` when it is neither. A phone number is made of digits,
    /// at least five, with `+ - ( ) /` and spaces; a mail address has something on both sides of its
    /// one `@`, and a dot with something on both sides after it.
    #[must_use]
    pub fn of(contact: &str) -> Option<Self> {
        let contact = contact.trim();
        if !(3..=CONTACT_MAX_CHARS).contains(&contact.chars().count()) {
            return None;
        }
        let is_digit = |c: &char| c.is_ascii_digit();
        if contact.chars().all(|c| c.is_ascii_digit() || "+-()/ ".contains(c)) {
            let digits: String = contact.chars().filter(is_digit).collect();
            let plus = if contact.starts_with('+') { "+" } else { "" };
            return (digits.len() >= DIGITS_MIN).then(|| Self::Phone(format!("{plus}{digits}")));
        }
        let (mailbox, host) = contact.split_once('@')?;
        let (before, after) = host.rsplit_once('.')?;
        let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '@';
        let is_word = |text: &str| !text.is_empty() && text.chars().all(is_plain);
        let is_host = before.split('.').all(is_word) && is_word(after);
        (is_word(mailbox) && is_host).then(|| Self::Mail(contact.to_owned()))
    }

    /// The address of a link that rings or writes: `tel:` or `mailto:`.
    #[must_use]
    pub fn href(&self) -> String {
        match self {
            Self::Phone(number) => format!("tel:{number}"),
            Self::Mail(address) => format!("mailto:{}", encoded(address)),
        }
    }
}

/// Percent-encoded, so that an address cannot add a subject or other readers to the mail.
fn encoded(address: &str) -> String {
    use std::fmt::Write;

    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@+".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a text takes everything that is written to it");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_a_phone_number_or_a_mail_address() {
        for (typed, href) in [
            ("+36 (1) 234-5678", "tel:+3612345678"),
            ("06/20 123 4567", "tel:06201234567"),
            ("12345", "tel:12345"),
            (" kata@example.com ", "mailto:kata@example.com"),
            ("a@b.c", "mailto:a@b.c"),
            ("kata.nagy+wait@posta.example.hu", "mailto:kata.nagy+wait@posta.example.hu"),
            ("őszi@példa.hu", "mailto:%C5%91szi@p%C3%A9lda.hu"),
            ("a?bcc=x&y@b.c", "mailto:a%3Fbcc%3Dx%26y@b.c"),
        ] {
            assert_eq!(
                Reach::of(typed).map(|reach| reach.href()).as_deref(),
                Some(href),
                "{typed}"
            );
        }
    }

    #[test]
    fn what_reaches_nobody_is_no_contact() {
        let long = format!("{}@example.com", "a".repeat(CONTACT_MAX_CHARS));
        for typed in [
            "",
            "  ",
            "1234",
            "+-()/ ",
            "12345x",
            "ask at the desk",
            "@b.c",
            "a@",
            "a@b",
            "a@.c",
            "a@b.",
            "a@b..c",
            "a b@c.d",
            "a@b@c.d",
            "javascript:alert(1)",
            &"1".repeat(CONTACT_MAX_CHARS + 1),
            &long,
        ] {
            assert_eq!(Reach::of(typed), None, "{typed}");
        }
    }
}
