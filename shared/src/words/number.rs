//! Numbers as a language writes them.

use super::Words;

/// A space at which no line ends.
const NO_BREAK: char = '\u{a0}';

impl Words {
    /// A number with so many digits after the sign for them, without those that are nothing.
    #[must_use]
    pub fn decimal(&self, value: f64, digits: usize) -> String {
        let text = format!("{value:.digits$}");
        let text = match text.split_once('.') {
            Some((whole, part)) if part.bytes().all(|b| b == b'0') => whole.to_owned(),
            Some((whole, part)) => format!("{whole}{}{part}", self.decimal),
            None => text,
        };
        // Nothing is not less than nothing.
        if text == "-0" { "0".to_owned() } else { text }
    }

    /// A share from 0 to 1, in percent: "96.4 %".
    #[must_use]
    pub fn percent(&self, share: f64) -> String {
        format!("{}{NO_BREAK}%", self.decimal(share * 100.0, 1))
    }

    /// The name of a day of the week, from Monday, 0.
    #[must_use]
    pub fn weekday(&self, from_monday: u8) -> &str {
        self.calendar.weekdays.get(usize::from(from_monday)).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn numbers_are_written_with_the_sign_of_the_language() {
        let (en, hu) = (Words::of(Language::En), Words::of(Language::Hu));
        assert_eq!(en.percent(0.9636), "96.4\u{a0}%");
        assert_eq!(hu.percent(0.9636), "96,4\u{a0}%");
        assert_eq!(en.percent(0.95), "95\u{a0}%");
        assert_eq!(en.percent(1.0), "100\u{a0}%");
        assert_eq!(en.decimal(-0.01, 1), "0");
        assert_eq!(en.decimal(-2.55, 1), "-2.5");
        assert_eq!(hu.decimal(1234.5, 1), "1234,5");
    }
}
