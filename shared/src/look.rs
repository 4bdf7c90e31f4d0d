//! How a shop looks: the one colour that means "now", "you" or "the main button". Which colours they
//! are is said in the styles, for the light and the dark; here are their names.

use serde::{Deserialize, Serialize};

/// A colour of a shop. None of them is amber or red: those mean something at the desk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accent {
    /// A deep green with some blue in it.
    #[default]
    Green,
    /// The green of leaves.
    Leaf,
    /// Blue.
    Blue,
    /// Blue with some violet in it.
    Indigo,
    /// Violet.
    Violet,
    /// A dark pink.
    Plum,
    /// Brown.
    Brown,
    /// Grey.
    Graphite,
}

impl Accent {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::Green,
        Self::Leaf,
        Self::Blue,
        Self::Indigo,
        Self::Violet,
        Self::Plum,
        Self::Brown,
        Self::Graphite,
    ];

    /// Its name in files, forms and styles.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Leaf => "leaf",
            Self::Blue => "blue",
            Self::Indigo => "indigo",
            Self::Violet => "violet",
            Self::Plum => "plum",
            Self::Brown => "brown",
            Self::Graphite => "graphite",
        }
    }

    /// Whether it is the one of a shop that says nothing.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accent_is_called_alike_in_files_and_in_messages() {
        for accent in Accent::ALL {
            assert_eq!(serde_json::to_value(accent).expect("JSON"), accent.name());
        }
        assert!(Accent::ALL[0].is_usual());
    }
}
