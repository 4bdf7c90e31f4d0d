//! The time a newcomer is shown, held while they make up their mind.

use crate::command::{QUOTE_HOLDS_MS, Shown};
use crate::view::ShopHead;
use crate::{ServiceId, StaffId, Timestamp};

/// A little less than the server honours, for the way the answer takes.
const HELD_MS: i64 = QUOTE_HOLDS_MS - 15_000;

/// A choice and the time shown for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// For what.
    pub service: ServiceId,
    /// With whom; `None` is whoever is free first.
    pub staff: Option<StaffId>,
    /// The time, with the moment it was computed; `None` when none can be promised.
    pub shown: Option<Shown>,
}

impl Held {
    /// What to show now. A time that was shown stays while the server honours it, unless an
    /// earlier one has come: it must not move later under somebody's finger.
    #[must_use]
    pub fn renew(
        before: Option<Self>,
        service: ServiceId,
        staff: Option<StaffId>,
        head: &ShopHead,
        now: Timestamp,
    ) -> Self {
        let fresh = Self {
            service,
            staff,
            shown: head.quote(service, staff).map(|by| Shown { by, at: head.quoted_at }),
        };
        let Some(before) = before.filter(|b| b.service == service && b.staff == staff) else {
            return fresh;
        };
        match (before.shown, fresh.shown) {
            (Some(old), Some(new)) if new.by <= old.by => fresh,
            (Some(old), _) if now - old.at < HELD_MS => before,
            _ => fresh,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples;

    const CUT: ServiceId = ServiceId(1);

    fn head(by: Option<i64>, quoted_at: i64) -> ShopHead {
        ShopHead {
            quotes: vec![samples::quote(1, by)],
            quoted_at: Timestamp(quoted_at),
            ..samples::head()
        }
    }

    fn by(held: Held) -> Option<i64> {
        held.shown.map(|s| s.by.0)
    }

    #[test]
    fn a_shown_time_does_not_move_later_while_it_is_honoured() {
        let first = Held::renew(None, CUT, None, &head(Some(1_000_000), 0), Timestamp(0));
        let later = head(Some(1_300_000), 60_000);
        let kept = Held::renew(Some(first), CUT, None, &later, Timestamp(60_000));
        assert_eq!(kept, first);
        let gone = Held::renew(Some(first), CUT, None, &head(None, 60_000), Timestamp(60_000));
        assert_eq!(gone, first);
        let after = Held::renew(Some(first), CUT, None, &later, Timestamp(HELD_MS));
        assert_eq!(by(after), Some(1_300_000));
    }

    #[test]
    fn an_earlier_time_is_shown_at_once() {
        let first = Held::renew(None, CUT, None, &head(Some(1_000_000), 0), Timestamp(0));
        let earlier = head(Some(700_000), 60_000);
        let next = Held::renew(Some(first), CUT, None, &earlier, Timestamp(60_000));
        assert_eq!(by(next), Some(700_000));
    }

    #[test]
    fn another_choice_shows_its_own_time() {
        let first = Held::renew(None, CUT, None, &head(Some(1_000_000), 0), Timestamp(0));
        let other =
            Held::renew(Some(first), CUT, Some(StaffId(1)), &head(Some(1), 0), Timestamp(0));
        assert_eq!(other.shown, None);
    }
}
