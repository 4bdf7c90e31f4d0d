//! How people in line stand on the wall: by first name and initial, or by code, and never two alike.
//!
//! Whoever joined first has the shortest label, and keeps it; who joins later has one that differs
//! from all before it. So a label depends only on those who joined before and are still known,
//! for some hours after their visit too: it changes neither when somebody new comes nor when
//! somebody leaves. It changes when a name it had to differ from is erased, or is so long over that
//! the shop has forgotten the visit.

use std::collections::{BTreeMap, BTreeSet};

use sooner_shared::VisitId;

use crate::Shop;
use crate::config::NamesOnWall;

/// Most letters of a last name on the wall: who needs more of them is told apart by the code.
const LETTERS_MAX: usize = 3;

/// The label of each visit of a shop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels(BTreeMap<VisitId, String>);

impl Labels {
    /// The labels of everybody the shop knows, whose names are asked for one by one; where it calls
    /// people by their codes, none is.
    #[must_use]
    pub fn of<'n>(shop: &Shop, name: impl Fn(VisitId) -> Option<&'n str>) -> Self {
        let mut taken = BTreeSet::new();
        // Visits are numbered in the order of joining.
        let labels = shop.visits.keys().map(|&visit| {
            let name = match shop.config.names_on_wall {
                NamesOnWall::Initial => name(visit),
                NamesOnWall::Code => None,
            };
            // Letters that differ in their case alone are the same across a room.
            let label = forms(visit, name).find(|form| taken.insert(form.to_lowercase()));
            (visit, label.unwrap_or_else(|| visit.code()))
        });
        Self(labels.collect())
    }

    /// The label of a visit; `None` when the shop did not know it.
    #[must_use]
    pub fn get(&self, visit: VisitId) -> Option<&str> {
        self.0.get(&visit).map(String::as_str)
    }
}

/// A name as it stands on the wall when there is no other like it: the first word, and the initial of
/// the last.
#[must_use]
pub fn plain(name: &str) -> String {
    let (first, last) = first_and_last(name);
    match last {
        Some(last) => format!("{first} {}.", beginning(last, 1).unwrap_or(last)),
        None => first.to_owned(),
    }
}

/// What somebody may be called, shortest first; the last one is nobody else's.
fn forms(visit: VisitId, name: Option<&str>) -> impl Iterator<Item = String> {
    let code = visit.code();
    let named = name.into_iter().flat_map(move |name| {
        let (first, last) = first_and_last(name);
        let longer = last.into_iter().flat_map(move |last| {
            (2..=LETTERS_MAX).map_while(move |n| Some(format!("{first} {}.", beginning(last, n)?)))
        });
        let with_code = format!("{} · {}", plain(name), visit.code());
        std::iter::once(plain(name)).chain(longer).chain([with_code])
    });
    // Codes repeat after some thousand visits, and somebody may say that they are called "A12".
    let numbered = format!("{code} · {visit}");
    named.chain([code]).chain([numbered])
}

fn first_and_last(name: &str) -> (&str, Option<&str>) {
    let mut words = name.split_whitespace();
    (words.next().unwrap_or_default(), words.next_back())
}

/// The first letters of a word, with the marks that belong to them; `None` when it has no more than
/// those.
fn beginning(word: &str, letters: usize) -> Option<&str> {
    let mut starts = word.char_indices().filter(|(_, c)| !is_mark(*c));
    starts.nth(letters).map(|(end, _)| &word[..end])
}

/// Belongs to the letter before it: accents, joiners, variations.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_shows_a_first_name_and_an_initial() {
        for (name, expected) in [
            ("Anna", "Anna"),
            ("Anna Kovács", "Anna K."),
            ("Ana María Ñúñez", "Ana Ñ."),
            ("  Tom   Ó ", "Tom Ó."),
            ("Jose\u{301} A\u{301}lvarez", "Jose\u{301} A\u{301}."),
            ("", ""),
        ] {
            assert_eq!(plain(name), expected);
        }
    }

    #[test]
    fn longer_labels_show_a_little_more_and_never_the_whole_last_name() {
        let of = |name| forms(VisitId(12), Some(name)).collect::<Vec<_>>();
        assert_eq!(
            of("Anna Kovács"),
            ["Anna K.", "Anna Ko.", "Anna Kov.", "Anna K. · A12", "A12", "A12 · 12"]
        );
        assert_eq!(of("Anna Kis"), ["Anna K.", "Anna Ki.", "Anna K. · A12", "A12", "A12 · 12"]);
        assert_eq!(of("Anna"), ["Anna", "Anna · A12", "A12", "A12 · 12"]);
        assert_eq!(forms(VisitId(12), None).collect::<Vec<_>>(), ["A12", "A12 · 12"]);
    }
}
