//! Names for people who do not exist.

use crate::chance::Chance;

const FIRST: [&str; 48] = [
    "Anna", "Ben", "Carla", "David", "Eva", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Katya",
    "Leo", "Mira", "Noah", "Olga", "Paul", "Rosa", "Samir", "Tessa", "Uma", "Viktor", "Wanda",
    "Yusuf", "Zita", "Adam", "Bella", "Carlos", "Dora", "Emil", "Fatima", "Gabor", "Hana", "Ivan",
    "Julia", "Karim", "Lena", "Marco", "Nora", "Oscar", "Petra", "Rafael", "Sofia", "Tom",
    "Valeria", "Will", "Xenia", "Yara", "Zoltan",
];

/// A first name and an initial.
pub(super) fn name(chance: &mut Chance) -> String {
    let first = FIRST[chance.below(FIRST.len())];
    let initial = char::from(b'A' + chance.below(26) as u8);
    format!("{first} {initial}.")
}
