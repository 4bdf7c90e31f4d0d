//! The sentences that were agreed on before the first page was built, word for word: each text below
//! says a part of one, or stands in the list of those that cannot, with why.

use super::{Language, Text, Words};

/// One sentence in the languages, in their order: en, es, ru, hu. What stands in `{…}` is said only
/// where it is so, what stands in `[…]` is a button.
struct Agreed {
    name: &'static str,
    rows: [&'static str; 4],
    /// What says a part of it, filled in so.
    texts: &'static [(Text, &'static [(&'static str, &'static str)])],
}

const LANGUAGES: [Language; 4] = [Language::En, Language::Es, Language::Ru, Language::Hu];

const AGREED: &[Agreed] = &[
    Agreed {
        name: "promise",
        rows: [
            "Anna, we start by 14:35. Your place is safe until then.",
            "Anna, empezamos antes de las 14:35. Su turno queda guardado hasta entonces.",
            "Анна, начнём не позже 14:35. До этого времени место за вами.",
            "Anna, legkésőbb 14:35-kor kezdünk. Addig megtartjuk a helyét.",
        ],
        texts: &[(Text::PromiseAbove, &[("name", "Anna")]), (Text::PromiseBelow, &[])],
    },
    Agreed {
        name: "next",
        rows: [
            "Anna, you're next, by 14:35. Please stay close: chair 2, Maria.",
            "Anna, el siguiente turno es el suyo, antes de las 14:35. Quédese cerca, por favor: sillón 2, \
             María.",
            "Анна, следующая очередь — ваша, не позже 14:35. Пожалуйста, будьте рядом: кресло 2, мастер \
             Мария.",
            "Anna, Ön következik, legkésőbb 14:35-kor. Kérjük, maradjon a közelben: 2. szék, Mária.",
        ],
        texts: &[(Text::NextAbove, &[("name", "Anna")]), (Text::NextBelow, &[])],
    },
    Agreed {
        name: "come in",
        rows: [
            "Anna, please come in: chair 2, Maria – 7 min earlier than promised. No rush: your place is \
             safe until 14:35.",
            "Anna, ya puede pasar: sillón 2, María, 7 min antes de lo prometido. Sin prisa: su turno queda \
             guardado hasta las 14:35.",
            "Анна, проходите, пожалуйста: кресло 2, мастер Мария — на 7 мин раньше обещанного. Не спешите: \
             место за вами до 14:35.",
            "Anna, kérjük, jöjjön: 2. szék, Mária – 7 perccel az ígértnél korábban. Nem kell sietnie: a \
             helyét 14:35-ig tartjuk.",
        ],
        texts: &[
            (Text::ComeIn, &[("name", "Anna")]),
            (Text::ComeInEarlier, &[("n", "7")]),
            (Text::ComeInNoRush, &[("at", "14:35")]),
        ],
    },
    Agreed {
        name: "later time",
        rows: [
            "[Ben, by 14:45] [Keep my place] [Later today] [Another day]",
            "[Ben, antes de las 14:45] [Mantener mi turno] [Hoy más tarde] [Otro día]",
            "[Ben, не позже 14:45] [Оставить за мной] [Сегодня позже] [Другой день]",
            "[Ben, legkésőbb 14:45] [Megtartom a helyem] [Ma később] [Másik nap]",
        ],
        texts: &[
            (Text::ChoiceWith, &[("person", "Ben"), ("at", "14:45")]),
            (Text::ChoiceStay, &[]),
            (Text::ChoiceLater, &[]),
            (Text::ChoiceDay, &[]),
        ],
    },
    Agreed {
        name: "apology",
        rows: [
            "Anna, we promised 14:35 and did not keep it. We're sorry. You're next: chair 2, by 14:45.",
            "Anna, prometimos las 14:35 y no cumplimos. Lo sentimos. El siguiente turno es el suyo: sillón \
             2, antes de las 14:45.",
            "Анна, мы обещали начать к 14:35 и не успели. Извините нас. Следующая очередь — ваша: кресло \
             2, не позже 14:45.",
            "Anna, 14:35-ig kellett volna elkezdenünk, és nem sikerült. Elnézést kérünk. Ön következik: 2. \
             szék, legkésőbb 14:45-kor.",
        ],
        texts: &[
            (Text::Apology, &[("name", "Anna"), ("at", "14:35")]),
            (Text::YouAreNext, &[]),
            (Text::By, &[("at", "14:45")]),
        ],
    },
    Agreed {
        name: "closed",
        rows: [
            "Closed now. Opens: Mon 09:00.",
            "Ahora está cerrado. Apertura: lun 09:00.",
            "Сейчас закрыто. Откроемся: пн 09:00.",
            "Most zárva. Nyitás: hétfő 09:00.",
        ],
        texts: &[(Text::ClosedNow, &[])],
    },
    Agreed {
        name: "nobody serving",
        rows: [
            "Nobody is serving until 14:00. Leave your name: you'll have your time by 14:10.",
            "Hasta las 14:00 no hay nadie atendiendo. Deje su nombre: tendrá su hora antes de las 14:10.",
            "До 14:00 приёма нет. Оставьте имя: не позже 14:10 назовём ваше время.",
            "14:00-ig nincs kiszolgálás. Hagyja itt a nevét: legkésőbb 14:10-kor megkapja az időpontját.",
        ],
        texts: &[(Text::NobodyUntil, &[("at", "14:00")]), (Text::LeaveYourName, &[])],
    },
    Agreed {
        name: "last confirmed",
        rows: [
            "Your time stays: by 14:35. Last confirmed: 12:04. To be sure: [Call us] or ask at the desk.",
            "Su hora sigue en pie: antes de las 14:35. Última confirmación: 12:04. Para confirmarla: \
             [Llamar] o en el mostrador.",
            "Ваше время прежнее: не позже 14:35. Последнее подтверждение: 12:04. Уточнить: [Позвонить] или \
             у стойки.",
            "Az időpontja változatlan: legkésőbb 14:35. Utolsó megerősítés: 12:04. Pontosítás: [Hívás] \
             vagy a pultnál.",
        ],
        texts: &[
            (Text::TimeStaysBy, &[("at", "14:35")]),
            (Text::LastConfirmed, &[("at", "12:04")]),
            (Text::AskToBeSure, &[]),
        ],
    },
];

/// A figure stands alone and large, so that nothing can be hung onto it.
const FIGURE_ALONE: &str = "nothing hangs on a large figure";
/// No time is promised for the time to come.
const NO_TIME_YET: &str = "by when somebody starts is not known, so no time is promised for it";
/// There is no number to call yet.
const NO_NUMBER: &str = "a shop has no number to call yet";

const DIFFERS: &[(Text, Language, &str)] = &[
    (Text::PromiseAbove, Language::Hu, FIGURE_ALONE),
    (Text::LeaveYourName, Language::En, NO_TIME_YET),
    (Text::LeaveYourName, Language::Es, NO_TIME_YET),
    (Text::LeaveYourName, Language::Ru, NO_TIME_YET),
    (Text::LeaveYourName, Language::Hu, NO_TIME_YET),
    (Text::AskToBeSure, Language::En, NO_NUMBER),
    (Text::AskToBeSure, Language::Es, NO_NUMBER),
    (Text::AskToBeSure, Language::Ru, NO_NUMBER),
    (Text::AskToBeSure, Language::Hu, NO_NUMBER),
];

#[test]
fn what_was_agreed_on_is_said_word_for_word_or_with_a_reason() {
    let mut wrong = Vec::new();
    for agreed in AGREED {
        for (language, row) in LANGUAGES.into_iter().zip(agreed.rows) {
            let words = Words::of(language);
            for (text, with) in agreed.texts {
                let said = match with {
                    [("n", n)] => words.count(*text, n.parse().expect("a number"), &[]),
                    _ if language == Language::Ru => words.say(*text, with).replace("Anna", "Анна"),
                    _ => words.say(*text, with),
                };
                let said = said.trim_end_matches(['.', ':', ',']);
                let differs = DIFFERS.iter().find(|(t, l, _)| t == text && *l == language);
                match differs {
                    None if !row.contains(said) => {
                        wrong.push(format!(
                            "{} in {language}: “{said}” is not in “{row}”",
                            agreed.name
                        ));
                    }
                    Some((.., why)) if row.contains(said) => {
                        wrong.push(format!(
                            "{} in {language} is as agreed; not so: {why}",
                            agreed.name
                        ));
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
