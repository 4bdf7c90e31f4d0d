//! From sound inputs to others.

use super::chance::Chance;

/// Most mutations of one input.
const MOST: usize = 6;

/// Numbers at which types end.
const NUMBERS: [&str; 20] = [
    "0",
    "-1",
    "1",
    "127",
    "255",
    "256",
    "65535",
    "65536",
    "-0",
    "0.1",
    "1e308",
    "1e999",
    "-1e-999",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "99999999999999999999999999999999999999",
];

/// Of our JSON, and of what parsers of JSON stumble over.
pub(super) const JSON_WORDS: [&str; 44] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "null",
    "true",
    "false",
    "[[[[[[[[",
    "{\"a\":",
    "\\u0000",
    "\\ud800",
    "\\udfff\\ud800",
    "\\u202e",
    "\u{202e}",
    "\u{feff}",
    "\0",
    "\u{1f469}\u{200d}\u{1f9b0}",
    "\"command\":",
    "\"id\":",
    "\"visit\":",
    "\"staff\":",
    "\"service\":",
    "\"more\":",
    "\"ms\":",
    "\"accept_price\":{\"command\":",
    "\"join\":",
    "\"hello\":",
    "\"resume\":",
    "\"shown\":",
    "\"epoch\":",
    "\"rev\":",
    "\"at\":",
    "\"by\":",
    "\"order\":",
    "\"set\":",
    "\"gone\":",
    "\"cards\":",
    "\"rate\":",
    "\n",
    "\r\n",
];

/// Of links, names and makers.
pub(super) const LINK_WORDS: [&str; 16] = [
    "salon",
    ".",
    "..",
    "-",
    "--",
    "=",
    "AAAAAAAAAAAAAAAAAAAAAA",
    "api",
    "staff ",
    " at ",
    "device ",
    "program ",
    "owner",
    "+7",
    "\u{e9}",
    "%2e",
];

/// Of records, and of what is kept in the store.
pub(super) const RECORD_WORDS: [&str; 24] = [
    ",",
    "\n",
    "\r",
    "\r\n",
    "\"",
    "\"\"",
    " ",
    "served",
    "abandoned",
    "queue,arrival,start,end,leave,server,type,priority,outcome,queued\n",
    "nan",
    "inf",
    "-0.0005",
    "1e11",
    "100000000000",
    "2026-01-01T10:00:00Z",
    "2026-06-30T23:59:60+14:00",
    "-9999-12-31T00:00:00Z",
    "\u{feff}",
    "\0",
    "{",
    "}",
    "\"visit\":",
    "\"at\":",
];

/// Of the set-up.
pub(super) const TOML_WORDS: [&str; 30] = [
    "[",
    "]",
    "[[",
    "]]",
    "[[service]]\n",
    "[[staff]]\n",
    "[[service.step]]\n",
    "[hours]\n",
    "[hours.exceptions]\n",
    "[staff.shifts]\n",
    "[staff.breaks]\n",
    "[rules]\n",
    "id = ",
    "minutes = ",
    "hours = ",
    "days = ",
    "\"\"\"",
    "'''",
    "\\u0000",
    "\\U0010ffff",
    "\u{202e}",
    "\u{feff}",
    "\0",
    "#",
    "nan",
    "-inf",
    "1979-05-27T07:32:00Z",
    "\"00:00-24:00\"",
    "\"23:59-48:00\"",
    "2026-02-29 = []\n",
];

/// What there is to be mutated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stock<'s> {
    pub(super) seeds: &'s [Vec<u8>],
    /// What went new ways.
    pub(super) kept: &'s [Vec<u8>],
}

impl<'s> Stock<'s> {
    /// A seed or, as often, something that was kept.
    fn one(self, chance: &mut Chance) -> &'s [u8] {
        let is_kept = !self.kept.is_empty() && chance.below(2) == 0;
        let from = if is_kept { self.kept } else { self.seeds };
        &from[chance.below(from.len())]
    }
}

/// Something of the stock, changed a few times.
pub(super) fn mutated(
    chance: &mut Chance,
    stock: Stock<'_>,
    words: &[&'static str],
    max_bytes: usize,
) -> Vec<u8> {
    let first = stock.one(chance);
    let mut bytes = first[..first.len().min(max_bytes)].to_vec();
    for _ in 0..=chance.below(MOST) {
        change(chance, &mut bytes, stock, words);
    }
    bytes.truncate(max_bytes);
    bytes
}

fn change(chance: &mut Chance, bytes: &mut Vec<u8>, stock: Stock<'_>, words: &[&'static str]) {
    let at = chance.below(bytes.len() + 1);
    match chance.below(10) {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << chance.below(8);
            }
        }
        1 => {
            let byte = chance.next() as u8;
            bytes.insert(at, byte);
        }
        2 => {
            let to = end(chance, at, bytes.len());
            bytes.drain(at..to);
        }
        3 => {
            let to = end(chance, at, bytes.len());
            let piece = bytes[at..to].to_vec();
            let goal = chance.below(bytes.len() + 1);
            insert(bytes, goal, &piece);
        }
        4 => {
            // What begins as one thing ends as another.
            let other = stock.one(chance);
            let from = chance.below(other.len() + 1);
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
        5 => {
            let other = stock.one(chance);
            let from = chance.below(other.len() + 1);
            let to = end(chance, from, other.len());
            insert(bytes, at, &other[from..to]);
        }
        6 => insert(bytes, at, chance.of(words).as_bytes()),
        7 | 8 => replace_number(chance, bytes, at),
        _ => bytes.truncate(at),
    }
}

/// A place behind `at`, mostly a near one.
fn end(chance: &mut Chance, at: usize, len: usize) -> usize {
    let longest = if chance.below(4) == 0 { len } else { 24 };
    at + chance.below(longest.min(len - at) + 1)
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    bytes.splice(at..at, piece.iter().copied());
}

/// The first number behind `at` becomes one at which a type ends.
fn replace_number(chance: &mut Chance, bytes: &mut Vec<u8>, at: usize) {
    let Some(from) = bytes[at..].iter().position(u8::is_ascii_digit).map(|n| at + n) else {
        return;
    };
    let digits = bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = chance.of(&NUMBERS);
    bytes.splice(from..from + digits, number.bytes());
}
