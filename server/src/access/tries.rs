//! Wrong passwords and PINs, and how long the next try has to wait.
//!
//! After the third wrong one each further one waits three times as long: 3, 9, 27 seconds, up to a
//! quarter of an hour. So at most nine are tried in any quarter of an hour, and somebody who
//! mistyped waits seconds. A try counts as wrong until it was right, so that a thousand at once
//! are one.

use std::collections::BTreeMap;

use sooner_shared::access::DeviceId;
use sooner_shared::{StaffId, Timestamp};

/// Wrong ones that cost nothing.
const FREE: u32 = 3;
/// The longest wait, in milliseconds.
const LONGEST_MS: i64 = 15 * 60_000;

/// What somebody tries to get into, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Account {
    /// The owner's, from a browser that the shop knows. Its tries are its own: what others do
    /// elsewhere does not lock it out.
    OwnerAt(DeviceId),
    /// The owner's, from anywhere else, all together.
    Owner,
    /// A person's, at a tablet.
    Pin(DeviceId, StaffId),
}

#[derive(Debug, Clone, Copy)]
struct Tried {
    wrong: u32,
    next_at: Timestamp,
}

/// Wrong tries, by account; as many as there are devices and people.
#[derive(Debug, Default)]
pub(super) struct Tries(BTreeMap<Account, Tried>);

impl Tries {
    /// Begins a try, or says when the next one may begin.
    pub(super) fn begin(&mut self, account: Account, now: Timestamp) -> Result<(), Timestamp> {
        let tried = self.0.entry(account).or_insert(Tried { wrong: 0, next_at: now });
        // A clock that was set back must not lock anybody out for longer than the longest wait.
        if now < tried.next_at && tried.next_at - now <= LONGEST_MS {
            return Err(tried.next_at);
        }
        tried.wrong = tried.wrong.saturating_add(1);
        tried.next_at = now + wait_ms(tried.wrong);
        Ok(())
    }

    /// It was right.
    pub(super) fn was_right(&mut self, account: Account) {
        self.0.remove(&account);
    }

    /// Whether so many were wrong that it is worth telling the owner: once, when the waits begin.
    #[must_use]
    pub(super) fn is_worth_telling(&self, account: Account) -> bool {
        self.0.get(&account).is_some_and(|tried| tried.wrong == FREE + 2)
    }
}

fn wait_ms(wrong: u32) -> i64 {
    match wrong.checked_sub(FREE) {
        None => 0,
        Some(over) => 3_i64.saturating_pow(over + 1).saturating_mul(1_000).min(LONGEST_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of a thousand tries, one each 900 ms, get through.
    fn get_through(tries: &mut Tries, account: Account) -> usize {
        let at = |n: i64| Timestamp(n * 900);
        (0..1_000).filter(|&n| tries.begin(account, at(n)).is_ok()).count()
    }

    #[test]
    fn of_a_thousand_guesses_in_a_quarter_of_an_hour_at_most_ten_are_tried() {
        let mut tries = Tries::default();
        assert_eq!(get_through(&mut tries, Account::Owner), 8);
        assert_eq!(get_through(&mut tries, Account::Pin(DeviceId(1), StaffId(1))), 8);
        // And on and on: one each quarter of an hour.
        let hours = (0..24 * 3_600).filter(|&s| {
            let at = Timestamp(900_000 + s * 1_000);
            tries.begin(Account::Owner, at).is_ok()
        });
        assert_eq!(hours.count(), 96);
    }

    #[test]
    fn a_thousand_at_once_are_three() {
        let mut tries = Tries::default();
        let through = (0..1_000).filter(|_| tries.begin(Account::Owner, Timestamp(0)).is_ok());
        assert_eq!(through.count(), 3);
    }

    #[test]
    fn a_known_device_is_not_locked_out_by_others() {
        let mut tries = Tries::default();
        get_through(&mut tries, Account::Owner);
        let known = Account::OwnerAt(DeviceId(1));
        assert_eq!(tries.begin(known, Timestamp(900_000)), Ok(()));
        tries.was_right(known);
        assert!(tries.begin(Account::Owner, Timestamp(900_000)).is_err(), "others still wait");
    }

    #[test]
    fn a_right_one_is_forgiven_all_before_it() {
        let mut tries = Tries::default();
        for _ in 0..20 {
            assert_eq!(tries.begin(Account::Owner, Timestamp(0)), Ok(()));
            tries.was_right(Account::Owner);
        }
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let mut tries = Tries::default();
        get_through(&mut tries, Account::Owner);
        assert_eq!(tries.begin(Account::Owner, Timestamp(-86_400_000)), Ok(()));
    }
}
