//! The names of a shop's people, from one set-up to the next.

use std::collections::BTreeMap;

use sooner_shared::{StaffId, Timestamp};

use crate::store::{Kept, PersonKey, PersonRow};

/// What is to be written so that the people have these names: the new ones and those that changed,
/// and, due at once, those of people who are gone.
pub(crate) fn staff_rows(
    known: &BTreeMap<PersonKey, Kept>,
    names: &[(StaffId, String)],
    now: Timestamp,
) -> Vec<PersonRow> {
    let written = names.iter().filter_map(|(id, name)| {
        let key = PersonKey::Staff(*id);
        let is_new = known.get(&key).is_none_or(|kept| kept.text != *name);
        is_new.then(|| PersonRow { key, kept: Kept::for_good(name.clone()) })
    });
    let gone = known.keys().filter_map(|&key| match key {
        PersonKey::Staff(id) if names.iter().all(|(known, _)| *known != id) => {
            Some(PersonRow { key, kept: Kept::erased(now) })
        }
        _ => None,
    });
    written.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_differ_are_written_and_who_is_gone_is_due_at_once() {
        let staff = |id| PersonKey::Staff(StaffId(id));
        let known = [(staff(1), "Maria"), (staff(2), "Ben"), (staff(3), "Dave")];
        let known = known.map(|(key, name)| (key, Kept::for_good(name.to_owned()))).into();
        let names = [(1, "Maria"), (2, "Benny"), (4, "Zoe")];
        let names = names.map(|(id, name)| (StaffId(id), name.to_owned()));
        let now = Timestamp(7);
        let row = |id, kept| PersonRow { key: staff(id), kept };
        let stays = |name: &str| Kept::for_good(name.to_owned());
        assert_eq!(
            staff_rows(&known, &names, now),
            [row(2, stays("Benny")), row(4, stays("Zoe")), row(3, Kept::erased(now))]
        );
    }
}
