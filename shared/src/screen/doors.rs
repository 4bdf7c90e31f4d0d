//! Whether somebody new is taken, as a screen has to say it: closed, full, nobody there, or silent.

use crate::Timestamp;
use crate::view::{Doors, ShopHead};

/// What stands in the way of a time for somebody new, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Open,
    /// The shop is closed.
    Closed {
        /// The next opening.
        opens_at: Option<Timestamp>,
    },
    /// Nobody new is taken today.
    Full {
        /// The next opening.
        opens_at: Option<Timestamp>,
    },
    /// Nobody is on duty.
    Nobody {
        /// When somebody should be.
        until: Option<Timestamp>,
    },
    /// Nobody has tapped for long: the times were true then.
    Silent {
        /// When.
        since: Timestamp,
    },
}

impl Standing {
    /// How a shop stands.
    #[must_use]
    pub fn of(head: &ShopHead) -> Self {
        match (head.doors, head.silent_since) {
            (Doors::Closed { opens_at }, _) => Self::Closed { opens_at },
            (Doors::Full { opens_at, .. }, _) => Self::Full { opens_at },
            (Doors::Open { .. }, _) if !head.is_staffed() => {
                Self::Nobody { until: head.staffed_at }
            }
            (Doors::Open { .. }, Some(since)) => Self::Silent { since },
            (Doors::Open { .. }, None) => Self::Open,
        }
    }

    /// For tests of the page and for styles.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed { .. } => "closed",
            Self::Full { .. } => "full",
            Self::Nobody { .. } => "nobody",
            Self::Silent { .. } => "silent",
        }
    }

    /// Whether times for somebody new are to be shown.
    #[must_use]
    pub const fn has_times(self) -> bool {
        matches!(self, Self::Open)
    }
}

/// Whether somebody new can join by themselves: while the doors are open, staffed or not, and also
/// before where the shop takes people then and has a time after that for them.
#[must_use]
pub fn takes_people(head: &ShopHead) -> bool {
    match head.doors {
        Doors::Open { .. } => true,
        Doors::Full { .. } => false,
        Doors::Closed { opens_at } => {
            let is_later =
                |by: Option<Timestamp>| by.zip(opens_at).is_some_and(|(by, at)| by >= at);
            head.joins_before && head.quotes.iter().any(|quote| is_later(quote.by))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples;

    #[test]
    fn the_strongest_reason_is_said() {
        let mut head = samples::head();
        assert_eq!(Standing::of(&head), Standing::Nobody { until: None });
        head.staff = vec![samples::person(1, true, &[1])];
        assert_eq!(Standing::of(&head), Standing::Open);
        head.silent_since = Some(Timestamp(3));
        assert_eq!(Standing::of(&head), Standing::Silent { since: Timestamp(3) });
        head.doors = Doors::Full { until: None, opens_at: Some(Timestamp(9)) };
        assert_eq!(Standing::of(&head), Standing::Full { opens_at: Some(Timestamp(9)) });
    }

    #[test]
    fn before_the_doors_open_only_a_shop_that_gives_times_takes_people() {
        let mut head = samples::head();
        assert!(takes_people(&head), "a name can be left while nobody is on duty");
        head.doors = Doors::Closed { opens_at: Some(Timestamp(9)) };
        assert!(!takes_people(&head));
        // Somebody is still there, and the doors are closed all the same.
        head.quotes = vec![samples::quote(1, Some(8))];
        assert!(!takes_people(&head));
        head.quotes = vec![samples::quote(1, Some(10))];
        assert!(!takes_people(&head), "it has times, and wants nobody before it opens");
        head.joins_before = true;
        assert!(takes_people(&head));
        head.doors = Doors::Full { until: None, opens_at: None };
        assert!(!takes_people(&head));
    }
}
