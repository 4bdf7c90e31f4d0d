//! Tests of what is said to people: nothing vague, and nobody blamed.

use std::collections::BTreeMap;
use std::fs;

use super::phrase::Phrase;
use super::{Language, Words};

/// What the texts are about that customers never see: staff and owner are spoken to formally, or in
/// no form at all.
const OF_STAFF: &[&str] = &[
    "act", "fault", "service", "speak", "try", "end", "kind_of", "by", "deed", "delay", "desk",
    "duty", "help", "hours", "kind", "offer", "place", "shop", "owner", "pair", "part", "plain",
    "price", "reach", "remedy", "report", "letter", "risk", "scope", "set_up", "setup", "shift",
    "tag", "task", "walk_in", "why", "print", "card",
];

/// Problems that only staff, owners and programs meet.
const PROBLEMS_OF_STAFF: &[&str] = &[
    "already_first",
    "already_on_duty",
    "already_serving",
    "already_theirs",
    "bad_pin",
    "bad_set_up",
    "chair_changed",
    "has_owner",
    "line_open",
    "news_promised",
    "no_appointment",
    "no_delay",
    "nobody_waiting",
    "not_called",
    "not_handed_over",
    "not_on_break",
    "not_on_duty",
    "not_on_hold",
    "not_pending",
    "nothing_asked",
    "nothing_to_undo",
    "not_paired",
    "on_break",
    "place_is_safe",
    "set_up_changed",
    "sign_in_needed",
    "unknown_code",
    "unknown_device",
    "waits_for_other",
    "weak_password",
    "wrong_password",
];

pub(super) fn is_of_staff(key: &str) -> bool {
    let group = key.split('.').next().unwrap_or(key);
    OF_STAFF.contains(&group) || PROBLEMS_OF_STAFF.contains(&key)
}

pub(super) fn file(language: Language) -> Words {
    let path = format!("{}/locales/{language}.json", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("the file is there");
    serde_json::from_str(&text).expect("another test reads it")
}

/// The texts of two tables, by their keys, in every form for numbers.
pub(super) fn forms(tables: [&BTreeMap<String, Phrase>; 2]) -> impl Iterator<Item = (&str, &str)> {
    let all = tables.into_iter().flatten();
    all.flat_map(|(key, phrase)| phrase.forms().map(move |form| (key.as_str(), form)))
}

/// Everything a language says, in both forms.
fn all_forms(words: &Words) -> impl Iterator<Item = (&str, &str)> {
    forms([&words.texts, &words.problems])
        .chain(forms([&words.informal.texts, &words.informal.problems]))
}

pub(super) fn tokens(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphabetic()).map(str::to_owned).collect()
}

/// Vague, pretending, or about the house instead of about the person. A word stands for all that
/// begin with it; words of several parts are looked for as they are.
const NEVER: &[(Language, &[&str])] = &[
    (
        Language::En,
        &[
            "about",
            "approx",
            "roughly",
            "around",
            "estimat",
            "expected wait",
            "wait time",
            "waiting time",
            "shortly",
            "asap",
            "soon as possible",
            "as quickly as",
            "be patient",
            "patience",
            "due to",
            "because of",
            "unfortunately",
            "regret",
            "inconvenience",
            "policy",
            "policies",
            "rules",
            "urgent",
            "emergenc",
            "priorit",
            "traffic",
            "busy day",
            "colleague",
            "other customer",
            "understaffed",
            "short-staffed",
            "sick",
            "0 min",
            "zero minutes",
            "countdown",
            "valued",
            "important to us",
        ],
    ),
    (
        Language::Es,
        &[
            "aproximad",
            "alrededor",
            "estimad",
            "tiempo de espera",
            "en breve",
            "lo antes posible",
            "paciencia",
            "debido a",
            "a causa de",
            "por culpa",
            "lamentablemente",
            "desgraciad",
            "molestia",
            "inconvenien",
            "política",
            "normas",
            "normativ",
            "urgen",
            "emergenc",
            "priori",
            "tráfico",
            "compañer",
            "otro cliente",
            "enferm",
            "0 min",
            "más o menos",
            "cuenta atrás",
        ],
    ),
    (
        Language::Ru,
        &[
            "примерно",
            "приблизительно",
            "около",
            "ориентировочн",
            "время ожидания",
            "в ближайшее",
            "как можно скорее",
            "терпени",
            "подождите немного",
            "из-за",
            "по причине",
            "по вине",
            "к сожалению",
            "сожалеем",
            "неудобств",
            "правил",
            "политик",
            "срочн",
            "экстренн",
            "приоритет",
            "пробк",
            "коллег",
            "другой клиент",
            "другого клиента",
            "болен",
            "болеет",
            "0 мин",
            "обратный отсчёт",
            "уважаем",
        ],
    ),
    (
        Language::Hu,
        &[
            "körülbelül",
            "kb",
            "nagyjából",
            "hozzávetőleg",
            "becsült",
            "becsül",
            "várakozási idő",
            "rövidesen",
            "hamarosan sor",
            "türelm",
            "miatt",
            "következtében",
            "kellemetlenség",
            "szabályzat",
            "szabály",
            "sürgős",
            "vészhelyzet",
            "elsőbbség",
            "prioritás",
            "forgalom",
            "kolléga",
            "kollégá",
            "másik ügyfél",
            "másik vendég",
            "beteg",
            "0 perc",
            "visszaszámlálás",
            "tisztelt",
        ],
    ),
];

/// Fine among staff, who have to name things; never to who waits.
const NEVER_TO_CUSTOMERS: &[(Language, &[&str])] = &[
    (Language::En, &["delay", "late ", "overrun", "behind schedule", "break", "expected"]),
    (Language::Es, &["retras", "demora", "pausa", "previst", "probable"]),
    (Language::Ru, &["задерж", "опозд", "опазд", "перерыв", "вероятн", "ожидается"]),
    (Language::Hu, &["késés", "késik", "csúszás", "szünet", "várható"]),
];

/// What somebody says of themselves, or what is not about them: with why it may be said.
const SAID_ALL_THE_SAME: &[(&str, &str)] = &[
    ("late.button", "the person says so of themselves"),
    ("owner.last_seen", "of a screen"),
    ("not_on_hold", "of a visit, at the desk"),
];

/// Whether a text says a word, or one that begins with it.
fn says(text: &str, word: &str) -> bool {
    let lower = text.to_lowercase();
    lower.match_indices(word).any(|(at, _)| {
        let before = lower[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric())
    })
}

#[test]
fn no_text_is_vague_excuses_itself_or_speaks_of_rules() {
    let mut wrong = Vec::new();
    for (language, words) in NEVER {
        let file = file(*language);
        for (key, form) in all_forms(&file) {
            let found = words.iter().find(|word| says(form, word));
            wrong.extend(found.map(|word| format!("{language}: {key} says “{word}”: {form}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn who_waits_hears_nothing_of_delays_and_breaks() {
    let mut wrong = Vec::new();
    for (language, words) in NEVER_TO_CUSTOMERS {
        let file = file(*language);
        for (key, form) in all_forms(&file).filter(|(key, _)| !is_of_staff(key)) {
            if SAID_ALL_THE_SAME.iter().any(|(may, _)| *may == key) {
                continue;
            }
            let found = words.iter().find(|word| says(form, word));
            wrong.extend(found.map(|word| format!("{language}: {key} says “{word}”: {form}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_full_stop_follows_a_name_that_may_end_in_one() {
    for language in Language::ALL {
        let file = file(*language);
        // Who was erased is called by a code.
        for (key, form) in all_forms(&file).filter(|(key, _)| *key != "kept.erased") {
            assert!(!form.contains("{label}."), "{language}: {key}: {form}");
        }
    }
}

#[test]
fn a_word_is_found_at_its_beginning_only() {
    assert!(says("In about 5 min", "about") && says("About 5", "about"));
    assert!(!says("whereabouts", "about") && !says("10 min", "0 min"));
    assert!(says("Опоздание", "опозд"));
}
